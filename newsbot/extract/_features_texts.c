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
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), kinds[KIND_BITS + 1] = {0}, words = 0, capitals = 0;
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

/* Look up the words of a short text. */
static int look_up_words(PyObject *text, const Tables *tables, Texts *texts, Py_ssize_t i)
{
    if (PyUnicode_GET_LENGTH(text) > WORDED)
        return 0;
    int is_ascii = PyUnicode_IS_ASCII(text);
    PyObject *lower = is_ascii ? Py_NewRef(text) : PyObject_CallMethod(text, "lower", NULL);
    if (lower == NULL)
        return -1;
    /* A capital may have up to three small letters. */
    Py_UCS4 word[3 * WORDED + 1];
    Py_ssize_t length = PyUnicode_GET_LENGTH(lower), size = 0, place = 0;
    int width = PyUnicode_KIND(lower);
    const void *data = PyUnicode_DATA(lower);
    uint32_t hash = 0;
    for (Py_ssize_t at = 0; at <= length && size < 3 * WORDED; at++) {
        Py_UCS4 c = at < length ? PyUnicode_READ(width, data, at) : ' ';
        if (is_ascii && c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        if (sign_of(tables, c) & IN_WORD) {
            word[size++] = c;
            hash = hash_on(hash, c);
            continue;
        }
        int64_t bits = size ? bits_of(tables->words, word, size, hash) : 0;
        texts->says[i] |= bits;
        texts->count[i] += bits != 0;
        texts->starts[i] |= place < FIRST_WORDS ? bits : 0;
        place += size > 0;
        size = 0;
        hash = 0;
    }
    Py_DECREF(lower);
    return 0;
}

/* Return the letters and digits of a text in lower case, a new reference; of a long one those among its first characters. */
PyObject *fold(PyObject *text, const Tables *tables, Py_ssize_t longest)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text) < longest ? PyUnicode_GET_LENGTH(text) : longest;
    if (PyUnicode_IS_ASCII(text) && length <= COMPARED) {
        char kept[COMPARED];
        const char *data = PyUnicode_DATA(text);
        Py_ssize_t count = 0;
        for (Py_ssize_t at = 0; at < length; at++) {
            char c = data[at];
            kept[count] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
            count += (tables->signs[(unsigned char)c] & IS_KEPT) != 0;
        }
        return PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, kept, count);
    }
    PyObject *start = PyUnicode_Substring(text, 0, length), *result = NULL;
    PyObject *folded = start == NULL ? NULL : PyObject_CallMethod(start, "casefold", NULL);
    Py_ssize_t size = folded == NULL ? 0 : PyUnicode_GET_LENGTH(folded), count = 0;
    Py_UCS4 *kept = PyMem_Malloc((size_t)(size + 1) * sizeof *kept);
    if (folded != NULL && kept != NULL) {
        int width = PyUnicode_KIND(folded);
        for (Py_ssize_t at = 0; at < size; at++) {
            Py_UCS4 c = PyUnicode_READ(width, PyUnicode_DATA(folded), at);
            kept[count] = c;
            count += (sign_of(tables, c) & IS_KEPT) != 0;
        }
        result = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, kept, count);
    }
    else if (!PyErr_Occurred())
        PyErr_NoMemory();
    PyMem_Free(kept);
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
