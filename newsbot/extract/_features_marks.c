/* What elements say of the text in them: by their names, and by the words of their classes and ids; as places.py has it. */

#include "_features.h"

/* Characters of a name whose words are read, and of a style that are looked through. */
enum { NAMED = 300, STYLED = 500 };

/* What marks are made of: a lexicon of the words of names, bits by element name, attributes that name something, and two bits. */
typedef struct {
    const Lexicon *words;
    PyObject *tags, *naming; /* dict, frozenset */
    long long hidden, article_body;
} Marks;

static int is_small(Py_UCS4 c)
{
    return c >= 'a' && c <= 'z';
}

static int is_capital(Py_UCS4 c)
{
    return c >= 'A' && c <= 'Z';
}

/* Return the bits of the words of a name, from letter to letter. Of several capitals the last begins the word behind it. */
static int64_t read_words(const Lexicon *words, int width, const void *data, Py_ssize_t length)
{
    Py_UCS4 word[NAMED];
    int64_t bits = 0;
    for (Py_ssize_t at = 0; at < length;) {
        Py_ssize_t start = at, end, size = 0;
        while (at < length && is_capital(PyUnicode_READ(width, data, at)))
            at++;
        end = at;
        if (at < length && is_small(PyUnicode_READ(width, data, at))) {
            if (at - start > 1)
                at = end = end - 1;
            else
                for (end = at; end < length && is_small(PyUnicode_READ(width, data, end)); at = ++end)
                    ;
        }
        uint32_t hash = 0;
        for (; start < end; start++) {
            word[size] = PyUnicode_READ(width, data, start) | ('a' - 'A');
            hash = hash_on(hash, word[size++]);
        }
        if (size)
            bits |= bits_of(words, word, size, hash);
        else
            at++;
    }
    return bits;
}

/* Return whether a name has `articlebody` in it, in letters of any size, hyphens and underscores aside. */
static int names_body(int width, const void *data, Py_ssize_t length)
{
    static const char body[] = "articlebody";
    int found = 0;
    for (Py_ssize_t at = 0; at < length && body[found]; at++) {
        Py_UCS4 c = PyUnicode_READ(width, data, at);
        if (c == '-' || c == '_')
            continue;
        c = is_capital(c) ? c + ('a' - 'A') : c;
        /* Its first letter is in it but once. */
        found = c == (Py_UCS4)body[found] ? found + 1 : c == (Py_UCS4)body[0];
    }
    return !body[found];
}

/* Return the mark of a class, id or role; of what is no string none. */
static int64_t read_name(const Marks *marks, PyObject *name)
{
    if (!PyUnicode_Check(name))
        return 0;
    Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    int width = PyUnicode_KIND(name);
    const void *data = PyUnicode_DATA(name);
    int64_t bits = read_words(marks->words, width, data, length < NAMED ? length : NAMED);
    return names_body(width, data, length) ? bits | marks->article_body : bits;
}

/* Return whether a word stands at a place of a text, and move the place behind it and white space. */
static int skip(PyObject *text, Py_ssize_t end, Py_ssize_t *at, const char *word)
{
    Py_ssize_t place = *at;
    for (; *word; word++, place++)
        if (place >= end || PyUnicode_READ_CHAR(text, place) != (Py_UCS4)*word)
            return 0;
    while (place < end && Py_UNICODE_ISSPACE(PyUnicode_READ_CHAR(text, place)))
        place++;
    *at = place;
    return 1;
}

/* Return whether a style hides its element: `display: none` or `visibility: hidden`. */
static int hides(PyObject *style)
{
    if (!PyUnicode_Check(style))
        return 0;
    Py_ssize_t end = PyUnicode_GET_LENGTH(style) < STYLED ? PyUnicode_GET_LENGTH(style) : STYLED;
    for (Py_ssize_t start = 0; start < end; start++) {
        Py_ssize_t at = start;
        if (skip(style, end, &at, "display") && skip(style, end, &at, ":") && skip(style, end, &at, "none"))
            return 1;
        at = start;
        if (skip(style, end, &at, "visibility") && skip(style, end, &at, ":") && skip(style, end, &at, "hidden"))
            return 1;
    }
    return 0;
}

/* Add to a mark what an attribute says; returns -1 on an error. Most are told by their first letter: class, title, width. */
static int add_attribute(const Marks *marks, PyObject *name, PyObject *value, int64_t *mark)
{
    static const uint32_t looked_at = 1u << ('i' & 31) | 1u << ('d' & 31) | 1u << ('r' & 31) | 1u << ('h' & 31) |
                                      1u << ('a' & 31) | 1u << ('s' & 31);
    if (!PyUnicode_Check(name) || !PyUnicode_GET_LENGTH(name) || !(looked_at >> (PyUnicode_READ_CHAR(name, 0) & 31) & 1))
        return 0;
    if (PyUnicode_CompareWithASCIIString(name, "hidden") == 0 ||
        (PyUnicode_CompareWithASCIIString(name, "aria-hidden") == 0 && PyUnicode_Check(value) &&
         PyUnicode_CompareWithASCIIString(value, "true") == 0) ||
        (PyUnicode_CompareWithASCIIString(name, "style") == 0 && hides(value)))
        *mark |= marks->hidden;
    int is_naming = PySet_Contains(marks->naming, name);
    if (is_naming > 0)
        *mark |= read_name(marks, value);
    return is_naming < 0 ? -1 : 0;
}

/* Write the marks that the distinct names and classes give. */
static int read_signs(const Marks *marks, PyObject *signs, int64_t *own)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(signs); i++) {
        PyObject *sign = PyList_GET_ITEM(signs, i);
        if (!PyTuple_Check(sign) || PyTuple_GET_SIZE(sign) != 2) {
            PyErr_SetString(PyExc_TypeError, "a sign is a tuple of two");
            return -1;
        }
        PyObject *bits = PyDict_GetItemWithError(marks->tags, PyTuple_GET_ITEM(sign, 0));
        own[i] = bits == NULL ? 0 : PyLong_AsLongLong(bits);
        if (PyErr_Occurred())
            return -1;
        own[i] |= read_name(marks, PyTuple_GET_ITEM(sign, 1));
    }
    return 0;
}

/* Return the marks of all elements; `own` by sign. */
static PyObject *list_marks(const Marks *marks, PyObject *attributes, PyObject *codes, const int64_t *own, Py_ssize_t signs)
{
    Py_ssize_t count = PyList_GET_SIZE(attributes);
    PyObject *list = PyList_New(count), *name, *value;
    for (Py_ssize_t i = 0; list != NULL && i < count; i++) {
        PyObject *of_one = PyList_GET_ITEM(attributes, i);
        long code = number_in(PyList_GET_ITEM(codes, i), 0, (long)signs - 1);
        int64_t mark = code < 0 ? 0 : own[code];
        if (code >= 0 && !PyDict_Check(of_one))
            PyErr_SetString(PyExc_TypeError, "attributes are a dict");
        Py_ssize_t at = 0;
        while (!PyErr_Occurred() && PyDict_Next(of_one, &at, &name, &value))
            if (add_attribute(marks, name, value, &mark) < 0)
                break;
        PyObject *item = PyErr_Occurred() ? NULL : PyLong_FromLongLong(mark);
        if (item == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, item);
    }
    return list;
}

/* marks(lexicon, attributes, signs, (tags, naming, hidden, article_body)) -> the mark of each element. `signs` are those of tree.py,
   distinct and by element; `tags` bits by element name, `naming` the attributes that name something; the others are bits. */
PyObject *make_marks(PyObject *self, PyObject *args)
{
    PyObject *lexicon, *attributes, *signs, *codes, *list = NULL;
    Marks marks = {0};
    if (!PyArg_ParseTuple(args, "OO!(O!O!)(O!O!LL)", &lexicon, &PyList_Type, &attributes, &PyList_Type, &signs, &PyList_Type,
                          &codes, &PyDict_Type, &marks.tags, &PyFrozenSet_Type, &marks.naming, &marks.hidden,
                          &marks.article_body) ||
        (marks.words = lexicon_in(lexicon)) == NULL)
        return NULL;
    if (PyList_GET_SIZE(codes) != PyList_GET_SIZE(attributes)) {
        PyErr_SetString(PyExc_ValueError, "as many codes as elements are needed");
        return NULL;
    }
    int64_t *own = PyMem_Calloc((size_t)PyList_GET_SIZE(signs) + 1, sizeof *own);
    if (own == NULL)
        return PyErr_NoMemory();
    if (read_signs(&marks, signs, own) == 0)
        list = list_marks(&marks, attributes, codes, own, PyList_GET_SIZE(signs));
    PyMem_Free(own);
    return list;
}
