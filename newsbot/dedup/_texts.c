/* What is done with each character of a text, in C: a fifth of the time of the same on arrays.

   Optional: what uses it holds the same in Python, for where this was not built; tests compare the two. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

enum { UNITS = 0x10000, HARD = 0xFFFF, SHARP_S = 0xDF };
enum { LETTER = 1, JOINT = 2, MARK = 3 };

/* Get a table of so many bytes; -1 with an exception set where it is another. */
static int get_table(PyObject *given, Py_buffer *table, Py_ssize_t bytes)
{
    if (PyObject_GetBuffer(given, table, PyBUF_SIMPLE) < 0)
        return -1;
    if (table->len == bytes)
        return 0;
    PyBuffer_Release(table);
    PyErr_SetString(PyExc_ValueError, "the table has another size");
    return -1;
}

/* Return a text folded by the table, a new reference; None where a character of it is hard, NULL with an exception set. */
static PyObject *fold_one(PyObject *text, const Py_UCS2 *table)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), size = 0;
    int kind = PyUnicode_KIND(text), is_due = 0;
    const void *data = PyUnicode_DATA(text);
    /* At most two for one: a sharp s, or a letter with the space before it, which another character became. */
    Py_UCS2 *folded = PyMem_Malloc(((size_t)length * 2 + 1) * sizeof(Py_UCS2));
    if (folded == NULL)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        Py_UCS2 shown = c < UNITS ? table[c] : HARD;
        if (shown == ' ' || c == 0) {
            is_due = size > 0;
            continue;
        }
        if (shown == HARD && c != SHARP_S) {
            PyMem_Free(folded);
            Py_RETURN_NONE;
        }
        if (is_due)
            folded[size++] = ' ';
        is_due = 0;
        if (c == SHARP_S)
            folded[size++] = 's';
        folded[size++] = c == SHARP_S ? 's' : shown;
    }
    PyObject *result = PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, folded, size);
    PyMem_Free(folded);
    return result;
}

/* fold(texts, table) -> each text folded, None where the table does not say how; `table` has two bytes for each unit of UTF-16. */
static PyObject *fold(PyObject *self, PyObject *args)
{
    PyObject *texts, *given, *result = NULL;
    Py_buffer table;
    if (!PyArg_ParseTuple(args, "O!O", &PyList_Type, &texts, &given) ||
        get_table(given, &table, UNITS * (Py_ssize_t)sizeof(Py_UCS2)) < 0)
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(texts);
    result = PyList_New(count);
    for (Py_ssize_t i = 0; result != NULL && i < count; i++) {
        PyObject *text = PyList_GET_ITEM(texts, i), *folded = NULL;
        if (PyUnicode_Check(text))
            folded = fold_one(text, table.buf);
        else
            PyErr_SetString(PyExc_TypeError, "a text is a str");
        if (folded == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, folded);
    }
    PyBuffer_Release(&table);
    return result;
}

/* runs(text, words, beyond) -> the runs of so many words of a text in which single spaces part them; None where it has no more
   than one, or a character from `beyond` on. */
static PyObject *runs(PyObject *self, PyObject *args)
{
    PyObject *text, *result = NULL;
    Py_ssize_t words, count = 0;
    unsigned int beyond;
    if (!PyArg_ParseTuple(args, "UnI", &text, &words, &beyond))
        return NULL;
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c >= beyond)
            Py_RETURN_NONE;
        count += c == ' ';
    }
    if (words < 1 || count < words)
        Py_RETURN_NONE;
    /* Where each word begins, and, one before, where the one before it ends. */
    Py_ssize_t *begins = PyMem_Malloc(((size_t)count + 2) * sizeof(Py_ssize_t)), at = 0;
    if (begins == NULL)
        return PyErr_NoMemory();
    begins[at++] = 0;
    for (Py_ssize_t i = 0; i < length; i++)
        if (PyUnicode_READ(kind, data, i) == ' ')
            begins[at++] = i + 1;
    begins[at] = length + 1;
    result = PyList_New(count + 2 - words);
    for (Py_ssize_t i = 0; result != NULL && i < count + 2 - words; i++) {
        PyObject *run = PyUnicode_Substring(text, begins[i], begins[i + words] - 1);
        if (run == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, run);
    }
    PyMem_Free(begins);
    return result;
}

/* words(text, kinds) -> the number of words; None where a character is a mark or beyond the table, which has a byte for each. */
static PyObject *words(PyObject *self, PyObject *args)
{
    PyObject *text;
    Py_buffer kinds;
    if (!PyArg_ParseTuple(args, "Uy*", &text, &kinds))
        return NULL;
    const unsigned char *of = kinds.buf;
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), count = 0;
    int kind = PyUnicode_KIND(text), last = 0, before = 0;
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t i = 0; i < length && count >= 0; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        int is = (Py_ssize_t)c < kinds.len ? of[c] : MARK;
        if (is == MARK)
            count = -1;
        else if (is == LETTER && last != LETTER && !(last == JOINT && before == LETTER))
            count++;
        before = last;
        last = is;
    }
    PyBuffer_Release(&kinds);
    if (count < 0)
        Py_RETURN_NONE;
    return PyLong_FromSsize_t(count);
}

/* holds(text, table) -> whether a text holds a character that the table says 1 of; it has a byte for each unit of UTF-16. */
static PyObject *holds(PyObject *self, PyObject *args)
{
    PyObject *text, *given;
    Py_buffer table;
    if (!PyArg_ParseTuple(args, "UO", &text, &given) || get_table(given, &table, UNITS) < 0)
        return NULL;
    const unsigned char *of = table.buf;
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), i = 0;
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c >= UNITS || of[c])
            break;
    }
    PyBuffer_Release(&table);
    return PyBool_FromLong(i < length);
}

/* Words that are looked for, and the pairs of characters that they begin with. */
typedef struct {
    const unsigned char *word[64];
    Py_ssize_t size[64], count;
    unsigned char begins[128][128];
} Words;

static int get_words(PyObject *given, Words *words)
{
    memset(words->begins, 0, sizeof(words->begins));
    words->count = PyTuple_GET_SIZE(given);
    for (Py_ssize_t i = 0; i < words->count; i++) {
        PyObject *word = PyTuple_GET_ITEM(given, i);
        if (words->count > 64 || !PyUnicode_Check(word) || !PyUnicode_IS_ASCII(word) || PyUnicode_GET_LENGTH(word) < 2) {
            PyErr_SetString(PyExc_ValueError, "a word is of two ASCII characters and more, and there are up to 64");
            return -1;
        }
        words->word[i] = PyUnicode_1BYTE_DATA(word);
        words->size[i] = PyUnicode_GET_LENGTH(word);
        words->begins[words->word[i][0]][words->word[i][1]] = 1;
    }
    return 0;
}

static inline Py_UCS4 lower(Py_UCS4 c) { return c - 'A' < 26 ? c | 0x20 : c; }

/* Whether one of the words stands in a text at a place. */
static int stands_at(int kind, const void *data, Py_ssize_t place, Py_ssize_t length, const Words *words)
{
    for (Py_ssize_t which = 0; which < words->count; which++) {
        Py_ssize_t size = words->size[which], at = 0;
        if (size <= length - place)
            while (at < size && lower(PyUnicode_READ(kind, data, place + at)) == words->word[which][at])
                at++;
        if (at == size)
            return 1;
    }
    return 0;
}

static inline int holds_word_of(int kind, const void *data, Py_ssize_t length, const Words *words)
{
    Py_UCS4 last = 128;
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = lower(PyUnicode_READ(kind, data, i));
        if (c < 128 && last < 128 && words->begins[last][c] && stands_at(kind, data, i - 1, length, words))
            return 1;
        last = c;
    }
    return 0;
}

static int holds_word(PyObject *text, const Words *words)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    const void *data = PyUnicode_DATA(text);
    /* A constant lets the compiler leave out the other widths of characters, which takes a third of the time. */
    if (PyUnicode_KIND(text) == PyUnicode_1BYTE_KIND)
        return holds_word_of(PyUnicode_1BYTE_KIND, data, length, words);
    return holds_word_of(PyUnicode_KIND(text), data, length, words);
}

/* Whether a text holds two numbers with something between them. */
static int holds_numbers(PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    int kind = PyUnicode_KIND(text), is_begun = 0, is_parted = 0;
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        int is_digit = c < 128 ? c >= '0' && c <= '9' : Py_UNICODE_ISDECIMAL(c);
        if (is_digit && is_parted)
            return 1;
        is_begun |= is_digit;
        is_parted = is_begun && !is_digit;
    }
    return 0;
}

/* Return the places of the texts of a list that hold one of the words, or numbers where none are given. */
static PyObject *places_of(PyObject *texts, const Words *words)
{
    PyObject *places = PyList_New(0);
    for (Py_ssize_t i = 0; places != NULL && i < PyList_GET_SIZE(texts); i++) {
        PyObject *text = PyList_GET_ITEM(texts, i), *place = NULL;
        if (!PyUnicode_Check(text)) {
            PyErr_SetString(PyExc_TypeError, "a text is a str");
            Py_CLEAR(places);
        } else if ((words != NULL ? holds_word(text, words) : holds_numbers(text)) &&
                   ((place = PyLong_FromSsize_t(i)) == NULL || PyList_Append(places, place) < 0))
            Py_CLEAR(places);
        Py_XDECREF(place);
    }
    return places;
}

/* holding(texts, words) -> the places of the texts that hold one of some words in lower case, in any case of ASCII letters. */
static PyObject *holding(PyObject *self, PyObject *args)
{
    PyObject *texts, *given;
    Words words;
    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &texts, &PyTuple_Type, &given) || get_words(given, &words) < 0)
        return NULL;
    return places_of(texts, &words);
}

/* numbered(texts) -> the places of the texts that hold two numbers. */
static PyObject *numbered(PyObject *self, PyObject *args)
{
    PyObject *texts;
    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &texts))
        return NULL;
    return places_of(texts, NULL);
}

static PyMethodDef methods[] = {
    {"fold", fold, METH_VARARGS, "Fold texts by a table."},
    {"runs", runs, METH_VARARGS, "Cut a text into its runs of words."},
    {"words", words, METH_VARARGS, "Count the words of a text."},
    {"holds", holds, METH_VARARGS, "Tell whether a text holds a character that a table marks."},
    {"holding", holding, METH_VARARGS, "Find the texts that hold one of some words."},
    {"numbered", numbered, METH_VARARGS, "Find the texts that hold two numbers."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_texts", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__texts(void) { return PyModule_Create(&module); }
