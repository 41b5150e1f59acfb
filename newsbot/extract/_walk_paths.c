/* The paths to a page's elements; as tree.py has them. */

#include "_walk.h"

/* What the paths to elements are made of; m elements. */
typedef struct {
    PyObject *parents, *depths, *codes, *signs; /* lists */
    Py_ssize_t m, deepest;
    PyObject **steps; /* by sign: `>` and what the element is called; of those that were needed */
    Py_UCS4 *letters; /* room for a step */
    Py_ssize_t room;
    PyObject **paths; /* (m) of those that are wanted, and those around them */
    char *is_wanted;
} Paths;

/* Return a number of a list that must lie in a range, or -1 with an exception. */
static Py_ssize_t number_at(PyObject *list, Py_ssize_t at, Py_ssize_t end)
{
    Py_ssize_t number = PyLong_AsSsize_t(PyList_GET_ITEM(list, at));
    if (!PyErr_Occurred() && (number < 0 || number >= end))
        PyErr_SetString(PyExc_ValueError, "a number is beyond the list that it tells a place of");
    return PyErr_Occurred() ? -1 : number;
}

/* Return `>tag.class.class`, a new reference. */
static PyObject *make_step(Paths *paths, PyObject *sign)
{
    if (!PyTuple_Check(sign) || PyTuple_GET_SIZE(sign) != 2 || !PyUnicode_Check(PyTuple_GET_ITEM(sign, 0))) {
        PyErr_SetString(PyExc_TypeError, "a sign is a name and a class");
        return NULL;
    }
    PyObject *tag = PyTuple_GET_ITEM(sign, 0), *name = PyTuple_GET_ITEM(sign, 1);
    Py_ssize_t size = PyUnicode_GET_LENGTH(tag), length = PyUnicode_Check(name) ? PyUnicode_GET_LENGTH(name) : 0;
    if (make_room((void **)&paths->letters, &paths->room, size + length + 3, sizeof(Py_UCS4)) < 0 ||
        PyUnicode_AsUCS4(tag, paths->letters + 1, size + 1, 1) == NULL)
        return NULL;
    paths->letters[0] = '>';
    Py_UCS4 *end = paths->letters + 1 + size;
    int is_due = 1;
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(name, i);
        if (Py_UNICODE_ISSPACE(c)) {
            is_due = 1;
            continue;
        }
        if (is_due)
            *end++ = '.';
        is_due = 0;
        *end++ = c;
    }
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, paths->letters, end - paths->letters);
}

/* Return the path to an element, a new reference, given that to its parent. */
static PyObject *make_path(Paths *paths, Py_ssize_t i, PyObject *above)
{
    Py_ssize_t depth = number_at(paths->depths, i, PY_SSIZE_T_MAX);
    Py_ssize_t code = depth < 0 ? -1 : number_at(paths->codes, i, PyList_GET_SIZE(paths->signs));
    if (code < 0)
        return NULL;
    if (depth - 1 > paths->deepest)
        return Py_NewRef(above);
    if (paths->steps[code] == NULL)
        paths->steps[code] = make_step(paths, PyList_GET_ITEM(paths->signs, code));
    PyObject *step = paths->steps[code];
    if (step == NULL)
        return NULL;
    return PyUnicode_GET_LENGTH(above) ? PyUnicode_Concat(above, step)
                                       : PyUnicode_Substring(step, 1, PyUnicode_GET_LENGTH(step));
}

/* Make the paths that are wanted, which those around them are with them: parents stand before their children. */
static int make_paths(Paths *paths)
{
    for (Py_ssize_t i = paths->m - 1; i > 0; i--) {
        if (!paths->is_wanted[i])
            continue;
        Py_ssize_t parent = number_at(paths->parents, i, i);
        if (parent < 0)
            return -1;
        paths->is_wanted[parent] = 1;
    }
    for (Py_ssize_t i = 0; i < paths->m; i++) {
        if (i && !paths->is_wanted[i])
            continue;
        PyObject *above = i ? paths->paths[number_at(paths->parents, i, i)] : NULL;
        paths->paths[i] = i ? make_path(paths, i, above) : PyUnicode_FromString("");
        if (paths->paths[i] == NULL)
            return -1;
    }
    return 0;
}

/* Return the paths to some elements. */
static PyObject *list_paths(Paths *paths, PyObject *elements)
{
    Py_ssize_t count = PyList_GET_SIZE(elements);
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_ssize_t element = number_at(elements, i, paths->m);
        if (element < 0)
            return NULL;
        paths->is_wanted[element] = 1;
    }
    PyObject *list = make_paths(paths) < 0 ? NULL : PyList_New(count);
    for (Py_ssize_t i = 0; list != NULL && i < count; i++)
        PyList_SET_ITEM(list, i, Py_NewRef(paths->paths[number_at(elements, i, paths->m)]));
    return list;
}

/* paths(parents, depths, (signs, codes), elements, deepest) -> the paths to some elements; `signs` are those of tree.py, distinct and by
   element; a path has `deepest` steps and one more at most: elements further down have that of the one around them. */
PyObject *find_paths(PyObject *self, PyObject *args)
{
    PyObject *elements, *result = NULL;
    Paths paths = {0};
    if (!PyArg_ParseTuple(args, "O!O!(O!O!)O!n", &PyList_Type, &paths.parents, &PyList_Type, &paths.depths, &PyList_Type,
                          &paths.signs, &PyList_Type, &paths.codes, &PyList_Type, &elements, &paths.deepest))
        return NULL;
    paths.m = PyList_GET_SIZE(paths.parents);
    if (paths.m < 1 || PyList_GET_SIZE(paths.depths) != paths.m || PyList_GET_SIZE(paths.codes) != paths.m) {
        PyErr_SetString(PyExc_ValueError, "the lists of a tree are not of one length");
        return NULL;
    }
    Py_ssize_t signs = PyList_GET_SIZE(paths.signs);
    paths.paths = PyMem_Calloc((size_t)paths.m, sizeof(PyObject *));
    paths.steps = PyMem_Calloc((size_t)signs + 1, sizeof(PyObject *));
    paths.is_wanted = PyMem_Calloc((size_t)paths.m, 1);
    if (paths.paths == NULL || paths.steps == NULL || paths.is_wanted == NULL)
        PyErr_NoMemory();
    else
        result = list_paths(&paths, elements);
    for (Py_ssize_t i = 0; paths.paths != NULL && i < paths.m; i++)
        Py_XDECREF(paths.paths[i]);
    for (Py_ssize_t i = 0; paths.steps != NULL && i < signs; i++)
        Py_XDECREF(paths.steps[i]);
    PyMem_Free(paths.paths);
    PyMem_Free(paths.steps);
    PyMem_Free(paths.is_wanted);
    PyMem_Free(paths.letters);
    return result;
}
