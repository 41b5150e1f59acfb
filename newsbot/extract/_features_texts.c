/* Reads the texts of a page's blocks, one character after the other: kinds, words that tell something, letters to compare; as
   letters.py, wordings.py and hinted.py do. */

#include "_features.h"

/* Characters of a block of which the kinds are counted, whose words are looked up (or none), and that are compared. */
enum { COUNTED = 20000, WORDED = 300, COMPARED = 400, FIRST_WORDS = 3 };

static inline uint8_t sign_of(const Tables *tables, Py_UCS4 c)
{
    if (c < 0x10000)
        return tables->signs[c];
    uint8_t kind = tables->signs[0xFFFF] & KIND_BITS;
    return Py_UNICODE_ISALNUM(c) ? kind | IN_WORD | IS_KEPT : kind;
}

static inline uint8_t kind_at(const Tables *tables, int width, const void *data, Py_ssize_t at)
{
    Py_UCS4 c = PyUnicode_READ(width, data, at);
    /* A surrogate cannot be encoded: letters.py has a question mark for it. */
    if (c >= 0xD800 && c <= 0xDFFF)
        c = '?';
    return tables->signs[c < 0x10000 ? c : 0xFFFF] & KIND_BITS;
}

/* Count the kinds of a text's characters, its words and those with a capital; add no row. */
static void count_kinds(Page *page, PyObject *text, const Tables *tables, Texts *texts, Py_ssize_t i)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    int32_t kinds[KIND_BITS + 1] = {0}, words = 0, capitals = 0;
    int width = PyUnicode_KIND(text), in_word = 0;
    const void *data = PyUnicode_DATA(text);
    if (size > COUNTED)
        size = COUNTED;
    for (Py_ssize_t at = 0; at < size; at++) {
        uint8_t kind = kind_at(tables, width, data, at);
        int is_word = kind >= LOWER && kind <= DIGIT, begins = (is_word && !in_word) || kind == WIDE;
        kinds[kind]++;
        words += begins;
        capitals += begins && kind == UPPER;
        in_word = is_word;
    }
    for (int kind = 0; kind < KINDS; kind++)
        texts->kinds[i][kind] = (double)kinds[kind];
    texts->first[i] = kind_at(tables, width, data, 0);
    texts->last[i] = kind_at(tables, width, data, size - 1);
    texts->capitals[i] = (double)capitals;
    page->chars[i] = (double)size;
    page->words[i] = (double)words;
}

/* Write a text's first characters as a table has them; return 0 where one is not in it. Beyond the plane only letters change. */
static int map_letters(PyObject *text, Py_ssize_t length, const uint16_t *table, Py_UCS4 *out)
{
    int width = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t at = 0; at < length; at++) {
        Py_UCS4 c = PyUnicode_READ(width, data, at);
        out[at] = c < 0x10000 ? table[c] : Py_UNICODE_ISALPHA(c) ? 0 : c;
        if (!out[at])
            return 0;
    }
    return 1;
}

/* Look up the words of a text in small letters. */
static void look_up(const Py_UCS4 *text, Py_ssize_t length, const Tables *tables, Texts *texts, Py_ssize_t i)
{
    Py_ssize_t start = 0, place = 0;
    uint32_t hash = 0;
    for (Py_ssize_t at = 0; at <= length; at++) {
        if (at < length && sign_of(tables, text[at]) & IN_WORD) {
            hash = hash_on(hash, text[at]);
            continue;
        }
        if (at > start) {
            int64_t bits = bits_of(tables->words, text + start, at - start, hash);
            texts->says[i] |= bits;
            texts->count[i] += bits != 0;
            texts->starts[i] |= place++ < FIRST_WORDS ? bits : 0;
        }
        start = at + 1;
        hash = 0;
    }
}

/* Look up the words of a short text. */
static int look_up_words(PyObject *text, const Tables *tables, Texts *texts, Py_ssize_t i)
{
    /* A capital may have up to three small letters. */
    Py_UCS4 letters[3 * WORDED];
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length > WORDED)
        return 0;
    if (!map_letters(text, length, tables->small, letters)) {
        PyObject *small = PyObject_CallMethod(text, "lower", NULL);
        length = small == NULL || PyUnicode_GET_LENGTH(small) > 3 * WORDED ? 0 : PyUnicode_GET_LENGTH(small);
        int failed = small == NULL || (length && PyUnicode_AsUCS4(small, letters, 3 * WORDED, 0) == NULL);
        Py_XDECREF(small);
        if (failed)
            return -1;
    }
    look_up(letters, length, tables, texts, i);
    return 0;
}

/* Return those of some characters that are letters or digits, a new string; what is not kept is overwritten. */
static PyObject *keep(Py_UCS4 *letters, Py_ssize_t length, const Tables *tables)
{
    Py_ssize_t count = 0;
    Py_UCS4 all = 0;
    for (Py_ssize_t at = 0; at < length; at++) {
        Py_UCS4 c = letters[at];
        int is_kept = (sign_of(tables, c) & IS_KEPT) != 0;
        letters[count] = c;
        count += is_kept;
        all |= is_kept ? c : 0;
    }
    if (all >= 128)
        return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, letters, count);
    PyObject *plain = PyUnicode_New(count, 127);
    for (Py_ssize_t at = 0; plain != NULL && at < count; at++)
        PyUnicode_1BYTE_DATA(plain)[at] = (Py_UCS1)letters[at];
    return plain;
}

/* Return the letters and digits of a text in lower case, a new reference; of a long one those among its first characters. */
PyObject *fold(PyObject *text, const Tables *tables, Py_ssize_t longest)
{
    Py_UCS4 few[COMPARED], *many = NULL;
    Py_ssize_t length = PyUnicode_GET_LENGTH(text) < longest ? PyUnicode_GET_LENGTH(text) : longest;
    Py_UCS4 *letters = length <= COMPARED ? few : (many = PyMem_Malloc((size_t)length * sizeof *many));
    PyObject *result = NULL, *start = NULL, *folded = NULL;
    if (letters == NULL)
        PyErr_NoMemory();
    else if (map_letters(text, length, tables->folded, letters))
        result = keep(letters, length, tables);
    else {
        start = PyUnicode_Substring(text, 0, length);
        folded = start == NULL ? NULL : PyObject_CallMethod(start, "casefold", NULL);
        PyMem_Free(many);
        many = folded == NULL ? NULL : PyUnicode_AsUCS4Copy(folded);
        if (many != NULL)
            result = keep(many, PyUnicode_GET_LENGTH(folded), tables);
    }
    PyMem_Free(many);
    Py_XDECREF(folded);
    Py_XDECREF(start);
    return result;
}

/* Read all texts; of what is written, the caller lets the folded ones go, also after an error. */
int read_texts(Page *page, PyObject *runs, const Tables *tables, Texts *texts)
{
    Py_ssize_t n = page->n;
    texts->kinds = take(page, n, sizeof *texts->kinds);
    texts->capitals = take(page, n, sizeof(double));
    texts->first = take(page, n, 1);
    texts->last = take(page, n, 1);
    texts->starts = take(page, n, sizeof(int64_t));
    texts->says = take(page, n, sizeof(int64_t));
    texts->count = take(page, n, sizeof(double));
    texts->folded = take(page, n, sizeof(PyObject *));
    page->chars = take(page, n, sizeof(double));
    page->words = take(page, n, sizeof(double));
    if (!texts->kinds || !texts->capitals || !texts->first || !texts->last || !texts->starts || !texts->says ||
        !texts->count || !texts->folded || !page->chars || !page->words)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *text = PyTuple_GET_ITEM(PyList_GET_ITEM(runs, i), 0);
        count_kinds(page, text, tables, texts, i);
        if (look_up_words(text, tables, texts, i) < 0 || (texts->folded[i] = fold(text, tables, COMPARED)) == NULL)
            return -1;
    }
    return 0;
}
