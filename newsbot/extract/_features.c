/* The features of a page's blocks in C: a fifth of the time of the same with numpy.

   Optional: features.py, second.py and the modules that they name hold the same in Python and are used where this was not built;
   tests compare the two. Nothing of numpy is needed here: arrays come as buffers.

   Here: the functions that Python sees. A page goes from first() to second() in a capsule that owns its arrays. */

#include "_features.h"

#define TABLES "newsbot.extract._features.tables"
#define PAGE "newsbot.extract._features.page"

static void forget_tables(Tables *tables)
{
    if (tables != NULL) {
        Py_XDECREF(tables->lexicon);
        Py_XDECREF(tables->tags);
        PyMem_Free(tables);
    }
}

static void destroy_tables(PyObject *capsule)
{
    forget_tables(PyCapsule_GetPointer(capsule, TABLES));
}

static void destroy_page(PyObject *capsule)
{
    forget_page(PyCapsule_GetPointer(capsule, PAGE));
}

/* tables((signs, small, folded), lexicon, tags, marks, wordings) -> what first() looks up: of characters 65,536 bytes, and twice as many
   uint16; words; codes by element name; and how many bits marks and words have. */
static PyObject *make_tables(PyObject *self, PyObject *args)
{
    Py_buffer signs = {0}, small = {0}, folded = {0};
    PyObject *lexicon, *tags, *capsule = NULL;
    Tables *tables = PyMem_Calloc(1, sizeof *tables);
    if (tables == NULL)
        return PyErr_NoMemory();
    if (!PyArg_ParseTuple(args, "(y*y*y*)OO!ii", &signs, &small, &folded, &lexicon, &PyDict_Type, &tags, &tables->marks, &tables->wordings))
        goto done;
    if (signs.len != (Py_ssize_t)sizeof tables->signs || small.len != (Py_ssize_t)sizeof tables->small ||
        folded.len != (Py_ssize_t)sizeof tables->folded || tables->marks < 0 || tables->marks > 63 || tables->wordings < 0 ||
        tables->wordings > 63) {
        PyErr_SetString(PyExc_ValueError, "the tables are not of the size that they must have");
        goto done;
    }
    memcpy(tables->signs, signs.buf, sizeof tables->signs);
    memcpy(tables->small, small.buf, sizeof tables->small);
    memcpy(tables->folded, folded.buf, sizeof tables->folded);
    tables->words = lexicon_in(lexicon);
    tables->lexicon = Py_NewRef(lexicon);
    tables->tags = Py_NewRef(tags);
    if (tables->words != NULL)
        capsule = PyCapsule_New(tables, TABLES, destroy_tables);
done:
    PyBuffer_Release(&signs);
    PyBuffer_Release(&small);
    PyBuffer_Release(&folded);
    if (capsule == NULL)
        forget_tables(tables);
    return capsule;
}

/* Let the page fill a buffer of float32, rows of n, behind the rows that are filled. */
static void lend_rows(Page *page, const Py_buffer *rows, Py_ssize_t filled)
{
    page->rows = rows->buf;
    page->room = rows->len / (page->n * (Py_ssize_t)sizeof(float));
    page->filled = filled;
}

/* Return how many rows are filled, or NULL where there was no room for them. */
static PyObject *count_rows(Page *page)
{
    page->rows = NULL;
    if (page->filled > page->room) {
        PyErr_Format(PyExc_ValueError, "no room for %zd features", page->filled);
        return NULL;
    }
    return PyLong_FromSsize_t(page->filled);
}

/* Add the features, given the hints as they are. */
static PyObject *describe(Page *page, const Tables *tables, PyObject *lists, PyObject *runs, const Hints *given)
{
    double *others[5];
    Texts texts = {0};
    Hints hints = {.is_live = given->is_live};
    PyObject *result = NULL;
    page->spare = take(page, page->n, sizeof(float));
    for (int k = 0; k < 5; k++)
        if ((others[k] = take(page, page->n, sizeof(double))) == NULL)
            return NULL;
    if (page->spare == NULL || read_elements(page, lists, tables->tags) < 0 || read_blocks(page, runs, others) < 0 ||
        group_blocks(page) < 0)
        return NULL;
    hints.headline = fold(given->headline, tables, PY_SSIZE_T_MAX);
    hints.description = fold(given->description, tables, PY_SSIZE_T_MAX);
    hints.body = fold(given->body, tables, PY_SSIZE_T_MAX);
    if (hints.headline && hints.description && hints.body && read_texts(page, runs, tables, &texts) == 0 &&
        add_first(page, tables, &texts, others, &hints) == 0)
        result = count_rows(page);
    Py_XDECREF(hints.headline);
    Py_XDECREF(hints.description);
    Py_XDECREF(hints.body);
    for (Py_ssize_t i = 0; texts.folded != NULL && i < page->n; i++)
        Py_XDECREF(texts.folded[i]);
    return result;
}

/* first(tables, lists, runs, hints, rows) -> (page, number of features). `lists` as read_elements wants them; `runs` of tree.py;
   `hints` are headline, description and body, and whether it is live; `rows` float32 of shape (room, n). */
static PyObject *first(PyObject *self, PyObject *args)
{
    PyObject *capsule, *lists, *runs, *made = NULL, *count = NULL, *result = NULL;
    Hints hints = {0};
    Py_buffer rows = {0};
    if (!PyArg_ParseTuple(args, "OO!O!(UUUp)w*", &capsule, &PyTuple_Type, &lists, &PyList_Type, &runs, &hints.headline,
                          &hints.description, &hints.body, &hints.is_live, &rows))
        return NULL;
    const Tables *tables = PyCapsule_GetPointer(capsule, TABLES);
    Page *page = tables == NULL ? NULL : PyMem_Calloc(1, sizeof *page);
    if (page == NULL) {
        if (!PyErr_Occurred())
            PyErr_NoMemory();
        goto done;
    }
    made = PyCapsule_New(page, PAGE, destroy_page);
    if (made == NULL) {
        forget_page(page);
        goto done;
    }
    page->n = PyList_GET_SIZE(runs);
    if (page->n < 1 || page->n > 1 << 20) {
        PyErr_SetString(PyExc_ValueError, "a page without blocks has no features, and one with a million too many");
        goto done;
    }
    lend_rows(page, &rows, 0);
    count = describe(page, tables, lists, runs, &hints);
    if (count != NULL)
        result = PyTuple_Pack(2, made, count);
done:
    Py_XDECREF(count);
    Py_XDECREF(made);
    PyBuffer_Release(&rows);
    return result;
}

/* second(page, probabilities, rows, filled) -> number of features; float64 of shape (n), and the rows with so many filled. */
static PyObject *second(PyObject *self, PyObject *args)
{
    PyObject *capsule, *result = NULL;
    Py_buffer probabilities = {0}, rows = {0};
    Py_ssize_t filled;
    if (!PyArg_ParseTuple(args, "Oy*w*n", &capsule, &probabilities, &rows, &filled))
        return NULL;
    Page *page = PyCapsule_GetPointer(capsule, PAGE);
    if (page == NULL)
        goto done;
    if (probabilities.len != page->n * (Py_ssize_t)sizeof(double) || filled < 0) {
        PyErr_SetString(PyExc_ValueError, "not as many probabilities as blocks");
        goto done;
    }
    const Chunk *kept = page->chunks;
    lend_rows(page, &rows, filled);
    if (add_second(page, probabilities.buf) == 0)
        result = count_rows(page);
    forget_since(page, kept);
done:
    PyBuffer_Release(&probabilities);
    PyBuffer_Release(&rows);
    return result;
}

static PyMethodDef methods[] = {
    {"lexicon", make_lexicon, METH_O, "Lay out words to be looked up."},
    {"tables", make_tables, METH_VARARGS, "Lay out what is looked up on every page."},
    {"is_utf8", is_utf8, METH_VARARGS, "Tell whether bytes are UTF-8."},
    {"tags_with", tags_with, METH_VARARGS, "Count tags by the first letter of their names."},
    {"marks", make_marks, METH_VARARGS, "Tell what elements say of the text in them."},
    {"first", first, METH_VARARGS, "Fill in the features of the first model."},
    {"second", second, METH_VARARGS, "Fill in the features of the second model."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_features", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__features(void)
{
    return PyModule_Create(&module);
}
