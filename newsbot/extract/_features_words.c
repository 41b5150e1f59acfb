/* Words that tell something, with the bits of what each tells; and the count of tags by their first letter. */

#include "_features.h"

#define LEXICON "newsbot.extract._features.lexicon"

static void destroy(PyObject *capsule)
{
    Lexicon *lexicon = PyCapsule_GetPointer(capsule, LEXICON);
    if (lexicon != NULL) {
        PyMem_Free(lexicon->hashes);
        PyMem_Free(lexicon->words);
        PyMem_Free(lexicon->letters);
        PyMem_Free(lexicon);
    }
}

/* Return the lexicon in a capsule, or NULL with an exception where it holds something else. */
const Lexicon *lexicon_in(PyObject *capsule)
{
    return PyCapsule_GetPointer(capsule, LEXICON);
}

/* Put a word into the lexicon; its letters go to `start` of those of all words. */
static int add_word(Lexicon *lexicon, PyObject *word, PyObject *bits, Py_ssize_t start)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(word);
    Py_UCS4 *letters = lexicon->letters + start;
    uint32_t hash = 0;
    if (size && PyUnicode_AsUCS4(word, letters, size, 0) == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < size; i++)
        hash = hash_on(hash, letters[i]);
    hash = hash ? hash : 1;
    size_t at = (hash ^ hash >> 15) & lexicon->mask;
    while (lexicon->hashes[at])
        at = (at + 1) & lexicon->mask;
    lexicon->hashes[at] = hash;
    lexicon->words[at] = (Word){(int32_t)start, (int32_t)size, PyLong_AsLongLong(bits)};
    if (size > lexicon->longest)
        lexicon->longest = size;
    return PyErr_Occurred() ? -1 : 0;
}

static int add_words(Lexicon *lexicon, PyObject *words)
{
    PyObject *word, *bits;
    Py_ssize_t at = 0, letters = 0, start = 0;
    while (PyDict_Next(words, &at, &word, &bits)) {
        if (!PyUnicode_Check(word) || !PyLong_Check(bits)) {
            PyErr_SetString(PyExc_TypeError, "words are strings with numbers");
            return -1;
        }
        letters += PyUnicode_GET_LENGTH(word);
    }
    size_t room = 16;
    while (room < 3 * (size_t)PyDict_GET_SIZE(words))
        room *= 2;
    lexicon->mask = room - 1;
    lexicon->hashes = PyMem_Calloc(room, sizeof *lexicon->hashes);
    lexicon->words = PyMem_Calloc(room, sizeof *lexicon->words);
    lexicon->letters = PyMem_Calloc((size_t)letters + 1, sizeof *lexicon->letters);
    if (lexicon->hashes == NULL || lexicon->words == NULL || lexicon->letters == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    at = 0;
    while (PyDict_Next(words, &at, &word, &bits)) {
        if (add_word(lexicon, word, bits, start) < 0)
            return -1;
        start += PyUnicode_GET_LENGTH(word);
    }
    return 0;
}

/* lexicon(words) -> a dict of words and their bits, laid out to be looked up. */
PyObject *make_lexicon(PyObject *self, PyObject *words)
{
    if (!PyDict_Check(words)) {
        PyErr_SetString(PyExc_TypeError, "words are a dict");
        return NULL;
    }
    Lexicon *lexicon = PyMem_Calloc(1, sizeof *lexicon);
    PyObject *capsule = lexicon == NULL ? PyErr_NoMemory() : PyCapsule_New(lexicon, LEXICON, destroy);
    if (capsule == NULL)
        PyMem_Free(lexicon);
    else if (add_words(lexicon, words) < 0)
        Py_CLEAR(capsule);
    return capsule;
}

/* Return the bits of a word, 0 for one that tells nothing. */
int64_t bits_of(const Lexicon *lexicon, const Py_UCS4 *word, Py_ssize_t size, uint32_t hash)
{
    if (size > lexicon->longest)
        return 0;
    hash = hash ? hash : 1;
    for (size_t at = (hash ^ hash >> 15) & lexicon->mask; lexicon->hashes[at]; at = (at + 1) & lexicon->mask) {
        const Word *known = &lexicon->words[at];
        if (lexicon->hashes[at] == hash && known->size == size &&
            !memcmp(lexicon->letters + known->start, word, (size_t)size * sizeof *word))
            return known->bits;
    }
    return 0;
}

/* tags_with(page, letter) -> how many tags of a page, bytes, have names that begin with a letter from a to z, in either case. */
PyObject *tags_with(PyObject *self, PyObject *args)
{
    const char *page, *at, *end;
    Py_ssize_t size, count = 0;
    char letter;
    if (!PyArg_ParseTuple(args, "y#c", &page, &size, &letter))
        return NULL;
    end = page + size;
    for (at = page; at < end && (at = memchr(at, '<', (size_t)(end - at))) != NULL && ++at < end;)
        count += (*at | 0x20) == letter;
    return PyLong_FromSsize_t(count);
}
