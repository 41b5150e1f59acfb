/* The distinct names and classes of a page's elements; as tree.py has them. */

#include "_walk.h"

/* Of distinct signs: name, class (NULL where there is none), and the tuple of both; borrowed from the lists. */
typedef struct {
    PyObject *tag, *name;
    size_t hash;
} Sign;

typedef struct {
    Sign *signs;
    Py_ssize_t count, room;
    int *slots; /* open addressing: one more than the place of a sign, 0 where there is none; a power of two */
    size_t mask;
} Signs;

static int is_same(PyObject *one, PyObject *other)
{
    if (one == other)
        return 1;
    if (one == NULL || other == NULL || !PyUnicode_Check(one) || !PyUnicode_Check(other))
        return 0;
    return PyUnicode_GET_LENGTH(one) == PyUnicode_GET_LENGTH(other) && PyUnicode_Compare(one, other) == 0;
}

/* Return the place of a sign among the distinct ones, a new one behind them; -1 on an error. */
static Py_ssize_t place_of(Signs *signs, PyObject *tag, PyObject *name)
{
    Py_hash_t of_tag = PyObject_Hash(tag), of_name = name == NULL ? 0 : PyObject_Hash(name);
    if (of_tag == -1 || of_name == -1)
        return -1;
    size_t hash = (size_t)of_tag ^ (size_t)of_name * 31;
    size_t at = (hash ^ hash >> 17) & signs->mask;
    while (signs->slots[at]) {
        const Sign *known = &signs->signs[signs->slots[at] - 1];
        if (known->hash == hash && is_same(known->tag, tag) && is_same(known->name, name))
            return signs->slots[at] - 1;
        at = (at + 1) & signs->mask;
    }
    if (make_room((void **)&signs->signs, &signs->room, signs->count + 1, sizeof(Sign)) < 0)
        return -1;
    signs->signs[signs->count] = (Sign){tag, name, hash};
    signs->slots[at] = (int)++signs->count;
    return signs->count - 1;
}

static int find_all(Signs *signs, PyObject *tags, PyObject *attributes, PyObject *codes)
{
    PyObject *key = PyUnicode_InternFromString("class");
    if (key == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(tags); i++) {
        PyObject *of_one = PyList_GET_ITEM(attributes, i), *name = NULL;
        if (!PyDict_Check(of_one))
            PyErr_SetString(PyExc_TypeError, "attributes are a dict");
        else
            name = PyDict_GetItemWithError(of_one, key);
        Py_ssize_t place = PyErr_Occurred() ? -1 : place_of(signs, PyList_GET_ITEM(tags, i), name == Py_None ? NULL : name);
        PyObject *code = place < 0 ? NULL : PyLong_FromSsize_t(place);
        if (code == NULL) {
            Py_DECREF(key);
            return -1;
        }
        PyList_SET_ITEM(codes, i, code);
    }
    Py_DECREF(key);
    return 0;
}

/* Return the distinct signs as a list of tuples. */
static PyObject *list_signs(const Signs *signs)
{
    PyObject *list = PyList_New(signs->count);
    for (Py_ssize_t i = 0; list != NULL && i < signs->count; i++) {
        PyObject *name = signs->signs[i].name == NULL ? Py_None : signs->signs[i].name;
        PyObject *sign = PyTuple_Pack(2, signs->signs[i].tag, name);
        if (sign == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, sign);
    }
    return list;
}

/* signs(tags, attributes) -> the distinct pairs of name and class, and of each element the place of its own among them. */
PyObject *find_signs(PyObject *self, PyObject *args)
{
    PyObject *tags, *attributes, *codes = NULL, *list = NULL, *result = NULL;
    Signs signs = {0};
    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &tags, &PyList_Type, &attributes))
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(tags);
    if (PyList_GET_SIZE(attributes) != count || count > 1 << 24) {
        PyErr_SetString(PyExc_ValueError, "as many attributes as elements are needed");
        return NULL;
    }
    size_t room = 16;
    while (room < 2 * (size_t)count)
        room *= 2;
    signs.mask = room - 1;
    signs.slots = PyMem_Calloc(room, sizeof *signs.slots);
    codes = PyList_New(count);
    if (signs.slots == NULL)
        PyErr_NoMemory();
    if (signs.slots != NULL && codes != NULL && find_all(&signs, tags, attributes, codes) == 0)
        list = list_signs(&signs);
    if (list != NULL)
        result = PyTuple_Pack(2, list, codes);
    Py_XDECREF(list);
    Py_XDECREF(codes);
    PyMem_Free(signs.slots);
    PyMem_Free(signs.signs);
    return result;
}
