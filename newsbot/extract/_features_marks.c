/* What elements say of the text in them, by their attributes; the loop of places.py. */

#include "_features.h"

/* Of each first letter the lengths of the names that begin with it, as bits: most names of attributes are told by these alone. */
typedef struct {
    uint64_t lengths[128];
} Names;

static int read_names(PyObject *looked_at, Names *names)
{
    PyObject *iterator = PyObject_GetIter(looked_at), *name;
    while (iterator != NULL && (name = PyIter_Next(iterator)) != NULL) {
        Py_ssize_t length = PyUnicode_Check(name) && PyUnicode_IS_ASCII(name) ? PyUnicode_GET_LENGTH(name) : 0;
        if (length > 0 && length < 64)
            names->lengths[PyUnicode_1BYTE_DATA(name)[0]] |= (uint64_t)1 << length;
        else
            PyErr_SetString(PyExc_ValueError, "a name that is looked at is short and plain");
        Py_DECREF(name);
        if (PyErr_Occurred())
            break;
    }
    Py_XDECREF(iterator);
    return PyErr_Occurred() ? -1 : 0;
}

static int may_be_one(const Names *names, PyObject *name)
{
    if (!PyUnicode_Check(name) || !PyUnicode_IS_ASCII(name))
        return 0;
    Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    return length > 0 && length < 64 && names->lengths[PyUnicode_1BYTE_DATA(name)[0]] >> length & 1;
}

/* Add to a mark what an element's attributes say: said(name, value) of those looked at, of values the first characters. */
static int add_said(PyObject *attributes, const Names *names, PyObject *looked_at, PyObject *said, Py_ssize_t longest,
                    long long *mark)
{
    PyObject *name, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(attributes, &at, &name, &value)) {
        if (!may_be_one(names, name))
            continue;
        int is_one = PySet_Contains(looked_at, name), is_long = PyUnicode_Check(value) && PyUnicode_GET_LENGTH(value) > longest;
        value = is_one > 0 ? is_long ? PyUnicode_Substring(value, 0, longest) : Py_NewRef(value) : NULL;
        PyObject *bits = value == NULL ? NULL : PyObject_CallFunctionObjArgs(said, name, value, NULL);
        if (bits != NULL)
            *mark |= PyLong_AsLongLong(bits);
        Py_XDECREF(bits);
        Py_XDECREF(value);
        if (PyErr_Occurred())
            return -1;
    }
    return 0;
}

/* marks(attributes, codes, own, looked_at, said, longest) -> of each element the bits that its sign and its attributes say. `own`
   are bits by sign, `codes` the sign of each element; said() gets so many characters of a value; see places.py. */
PyObject *make_marks(PyObject *self, PyObject *args)
{
    PyObject *attributes, *codes, *own, *looked_at, *said;
    Py_ssize_t longest;
    Names names = {{0}};
    if (!PyArg_ParseTuple(args, "O!O!O!O!On", &PyList_Type, &attributes, &PyList_Type, &codes, &PyList_Type, &own,
                          &PyFrozenSet_Type, &looked_at, &said, &longest) ||
        read_names(looked_at, &names) < 0)
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(attributes);
    if (PyList_GET_SIZE(codes) != count) {
        PyErr_SetString(PyExc_ValueError, "as many codes as elements are needed");
        return NULL;
    }
    PyObject *marks = PyList_New(count);
    for (Py_ssize_t i = 0; marks != NULL && i < count; i++) {
        PyObject *of_one = PyList_GET_ITEM(attributes, i);
        long code = number_in(PyList_GET_ITEM(codes, i), 0, (long)PyList_GET_SIZE(own) - 1);
        long long mark = code < 0 ? -1 : PyLong_AsLongLong(PyList_GET_ITEM(own, code));
        if (!PyErr_Occurred() && !PyDict_Check(of_one))
            PyErr_SetString(PyExc_TypeError, "attributes are a dict");
        int failed = PyErr_Occurred() || add_said(of_one, &names, looked_at, said, longest, &mark) < 0;
        PyObject *item = failed ? NULL : PyLong_FromLongLong(mark);
        if (item == NULL)
            Py_CLEAR(marks);
        else
            PyList_SET_ITEM(marks, i, item);
    }
    return marks;
}
