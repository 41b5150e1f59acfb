/* Words that tell something, with the bits of what each tells; and the search for a word in a long text. */

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

/* Of so many letters at a time it is looked whether one of them is the rare one: the compiler makes a few comparisons of it. */
enum { STRETCH = 64 };

/* Define a function that returns where a word stands in a text of letters of some type; -1 where it does not. HTML has few capitals:
   only where the word's first one stands (`rare`, or else its first letter) is the word compared. */
#define DEFINE_FIND(NAME, LETTER_TYPE)                                                                                          \
    static Py_ssize_t NAME(const LETTER_TYPE *text, Py_ssize_t length, const Py_UCS4 *word, Py_ssize_t size,                    \
                           Py_ssize_t rare, Py_ssize_t start)                                                                   \
    {                                                                                                                           \
        const LETTER_TYPE *at = text + start + rare, *end = text + length - size + rare + 1;                                    \
        const LETTER_TYPE sought = (LETTER_TYPE)word[rare];                                                                     \
        while (at < end) {                                                                                                      \
            if (end - at >= STRETCH) {                                                                                          \
                LETTER_TYPE found = 0;                                                                                          \
                for (int i = 0; i < STRETCH; i++)                                                                               \
                    found |= at[i] == sought;                                                                                   \
                if (!found) {                                                                                                   \
                    at += STRETCH;                                                                                              \
                    continue;                                                                                                   \
                }                                                                                                               \
            }                                                                                                                   \
            const LETTER_TYPE *stop = end - at < STRETCH ? end : at + STRETCH;                                                  \
            for (; at < stop; at++) {                                                                                           \
                Py_ssize_t same = 0;                                                                                            \
                while (same < size && at[same - rare] == word[same])                                                            \
                    same++;                                                                                                     \
                if (same == size)                                                                                               \
                    return at - rare - text;                                                                                    \
            }                                                                                                                   \
        }                                                                                                                       \
        return -1;                                                                                                              \
    }

DEFINE_FIND(find_narrow, Py_UCS1)
DEFINE_FIND(find_wide, Py_UCS2)
DEFINE_FIND(find_widest, Py_UCS4)

/* find(text, word, start) -> the place of a word in a text from some place on, -1 where it is not; as str.find. */
PyObject *find(PyObject *self, PyObject *args)
{
    PyObject *text, *word;
    Py_ssize_t start, rare = 0, place = -1;
    Py_UCS4 letters[64];
    if (!PyArg_ParseTuple(args, "UUn", &text, &word, &start))
        return NULL;
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), size = PyUnicode_GET_LENGTH(word);
    if (size < 1 || size > 64 || start < 0) {
        PyErr_SetString(PyExc_ValueError, "words of 1 to 64 letters are looked for, from the start or behind it");
        return NULL;
    }
    if (PyUnicode_AsUCS4(word, letters, size, 0) == NULL)
        return NULL;
    while (rare < size && !(letters[rare] >= 'A' && letters[rare] <= 'Z'))
        rare++;
    rare = rare < size ? rare : 0;
    if (start > length - size || PyUnicode_KIND(word) > PyUnicode_KIND(text))
        place = -1;
    else if (PyUnicode_KIND(text) == PyUnicode_1BYTE_KIND)
        place = find_narrow(PyUnicode_1BYTE_DATA(text), length, letters, size, rare, start);
    else if (PyUnicode_KIND(text) == PyUnicode_2BYTE_KIND)
        place = find_wide(PyUnicode_2BYTE_DATA(text), length, letters, size, rare, start);
    else
        place = find_widest(PyUnicode_4BYTE_DATA(text), length, letters, size, rare, start);
    return PyLong_FromSsize_t(place);
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
