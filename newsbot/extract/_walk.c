/* The walk over a page in C: a quarter of the time of the same in Python.

   Optional: tree.py holds the same in Python and uses it where this was not built; tests compare the two. */

#include "_walk.h"

/* An open element, and what holds in the one around it. */
typedef struct {
    PyObject *node, *role;
    Py_ssize_t index, owner;
    int style;
} Open;

static PyObject *names[PROPERTIES];

/* Look up the functions behind the properties of the parser's nodes: asking for an attribute takes longer than what it does. */
static void find_properties(Walk *walk, PyObject *root)
{
    walk->type = Py_TYPE(root);
    for (int which = 0; which < PROPERTIES; which++) {
        PyObject *found = PyObject_GetAttr((PyObject *)walk->type, names[which]);
        if (found == NULL)
            PyErr_Clear();
        else if (Py_IS_TYPE(found, &PyGetSetDescr_Type) && PyDescr_TYPE(found) == walk->type) {
            const PyGetSetDef *property = ((PyGetSetDescrObject *)found)->d_getset;
            walk->properties[which] = (Property){property->get, property->closure};
        }
        Py_XDECREF(found);
    }
}

/* Return what a property of a node is, a new reference. */
static inline PyObject *ask(const Walk *walk, PyObject *node, int which)
{
    const Property *property = &walk->properties[which];
    if (property->get != NULL && Py_TYPE(node) == walk->type)
        return property->get(node, property->closure);
    return PyObject_GetAttr(node, names[which]);
}

static int append_number(PyObject *list, Py_ssize_t number)
{
    PyObject *item = PyLong_FromSsize_t(number);
    int failed = item == NULL || PyList_Append(list, item) < 0;
    Py_XDECREF(item);
    return failed ? -1 : 0;
}

/* Append what a property of a node is to a list. */
static int append_read(Walk *walk, PyObject *list, PyObject *node, int which)
{
    PyObject *item = ask(walk, node, which);
    int failed = item == NULL || PyList_Append(list, item) < 0;
    Py_XDECREF(item);
    return failed ? -1 : 0;
}

/* Enter an element that holds something: append it to the lists. */
static int enter(Walk *walk, PyObject *node, PyObject *tag, Py_ssize_t parent, Py_ssize_t depth)
{
    Py_ssize_t place = PyList_GET_SIZE(walk->tags);
    if (make_room((void **)&walk->above, &walk->above_room, place + 1, sizeof(Py_ssize_t)) < 0)
        return -1;
    walk->above[place] = parent;
    return PyList_Append(walk->tags, tag) < 0 || append_number(walk->parents, parent) < 0 ||
                   append_number(walk->depths, depth) < 0 || append_read(walk, walk->attributes, node, ATTRIBUTES) < 0 ||
                   append_read(walk, walk->ids, node, IDENTITY) < 0 ||
                   append_number(walk->starts, PyList_GET_SIZE(walk->runs)) < 0 || append_number(walk->ends, -1) < 0
               ? -1
               : 0;
}

/* Return what is done with an element, a new reference to a tuple (tag, is_skipped, is_block, style, role). */
static PyObject *kind_of(Walk *walk, PyObject *node, PyObject *number, long which)
{
    int is_known = which >= 0 && which < KNOWN;
    if (is_known && walk->known[which] != NULL)
        return Py_NewRef(walk->known[which]);
    PyObject *kind = PyDict_GetItemWithError(walk->kinds, number);
    if (kind != NULL) {
        if (is_known)
            walk->known[which] = kind;
        return Py_NewRef(kind);
    }
    if (PyErr_Occurred())
        return NULL;
    PyObject *tag = ask(walk, node, TAG);
    if (tag == Py_None)
        Py_SETREF(tag, PyUnicode_FromString(""));
    if (tag == NULL)
        return NULL;
    kind = PyObject_CallOneArg(walk->kind_of, tag);
    Py_DECREF(tag);
    return kind;
}

/* Gather a piece of text. */
static int take_text(Walk *walk, PyObject *node, Py_ssize_t index, int style)
{
    if (!walk->got.is_begun) {
        /* White space between blocks is most of the text nodes. */
        PyObject *empty = ask(walk, node, IS_EMPTY);
        if (empty == NULL)
            return -1;
        Py_DECREF(empty);
        if (empty == Py_True)
            return 0;
    }
    PyObject *text = ask(walk, node, CONTENT);
    if (text == NULL)
        return -1;
    int failed = PyUnicode_Check(text) ? add_text(walk, text, index, style) : 0;
    Py_DECREF(text);
    return failed;
}

/* Walk what is in the root. Returns 0, 1 where the page has too many blocks, -1 on an error. */
static int walk_all(Walk *walk, PyObject *root)
{
    Open *stack = PyMem_Malloc((size_t)walk->depth * sizeof(Open));
    PyObject *role = PyUnicode_FromString("body"), *node = NULL, *number = NULL, *kind = NULL, *child = NULL;
    Py_ssize_t index = 0, owner = 0, open = 0;
    int style = 0, state = -1;
    if (stack == NULL || role == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    node = ask(walk, root, CHILD);
    while (node != NULL) {
        while (node == Py_None) {
            if (walk->got.is_begun && owner == index && (state = end_block(walk, owner, role)) != 0)
                goto done;
            state = -1;
            PyObject *count = PyLong_FromSsize_t(PyList_GET_SIZE(walk->runs));
            if (count == NULL || PyList_SetItem(walk->ends, index, count) < 0)
                goto done;
            if (!open) {
                state = 0;
                goto done;
            }
            Open *closed = &stack[--open];
            Py_SETREF(role, closed->role);
            index = closed->index;
            owner = closed->owner;
            style = closed->style;
            Py_DECREF(node);
            node = ask(walk, closed->node, NEXT);
            Py_DECREF(closed->node);
            if (node == NULL)
                goto done;
        }
        Py_XSETREF(number, ask(walk, node, NUMBER));
        if (number == NULL)
            goto done;
        long which = PyLong_AsLong(number);
        if (which == -1 && PyErr_Occurred())
            goto done;
        if (which == walk->text_number) {
            if (take_text(walk, node, index, style) < 0)
                goto done;
        }
        else if (which == walk->break_number) {
            if ((state = break_line(walk, owner, role)) != 0)
                goto done;
            state = -1;
        }
        else {
            Py_XSETREF(kind, kind_of(walk, node, number, which));
            if (kind == NULL)
                goto done;
            if (!PyTuple_Check(kind) || PyTuple_GET_SIZE(kind) != 5) {
                PyErr_SetString(PyExc_TypeError, "a kind is a tuple of five");
                goto done;
            }
            if (PyTuple_GET_ITEM(kind, 1) != Py_True) {
                int is_block = PyTuple_GET_ITEM(kind, 2) == Py_True;
                if (is_block && walk->got.is_begun && (state = end_block(walk, owner, role)) != 0)
                    goto done;
                state = -1;
                Py_XSETREF(child, ask(walk, node, CHILD));
                if (child == NULL)
                    goto done;
                Py_ssize_t place = PyList_GET_SIZE(walk->tags);
                if (child != Py_None && open < walk->depth - 1 && place < walk->elements) {
                    if (enter(walk, node, PyTuple_GET_ITEM(kind, 0), index, open + 1) < 0)
                        goto done;
                    stack[open++] = (Open){node, Py_NewRef(role), index, owner, style};
                    node = child;
                    child = NULL;
                    index = place;
                    if (is_block)
                        owner = place;
                    style |= (int)PyLong_AsLong(PyTuple_GET_ITEM(kind, 3));
                    if (PyTuple_GET_ITEM(kind, 4) != Py_None)
                        Py_SETREF(role, Py_NewRef(PyTuple_GET_ITEM(kind, 4)));
                    continue;
                }
            }
        }
        Py_SETREF(node, ask(walk, node, NEXT));
    }
done:
    while (open) {
        open--;
        Py_DECREF(stack[open].node);
        Py_DECREF(stack[open].role);
    }
    PyMem_Free(stack);
    Py_XDECREF(role);
    Py_XDECREF(node);
    Py_XDECREF(number);
    Py_XDECREF(kind);
    Py_XDECREF(child);
    return state;
}

/* walk(root, lists, kinds, kind_of, run, numbers, limits) -> whether the page has too many blocks. `lists` are tags, parents, depths,
   attributes, ids, starts, ends, runs of tree.py, with the root in them; `run` its type of runs; `numbers` the parser's of text and
   line breaks; `limits` the most elements, blocks and levels. */
static PyObject *walk(PyObject *self, PyObject *args)
{
    Walk state = {0};
    PyObject *root;
    if (!PyArg_ParseTuple(args, "O(O!O!O!O!O!O!O!O!)O!OO!(ll)(nnn)", &root, &PyList_Type, &state.tags, &PyList_Type,
                          &state.parents, &PyList_Type, &state.depths, &PyList_Type, &state.attributes, &PyList_Type,
                          &state.ids, &PyList_Type, &state.starts, &PyList_Type, &state.ends, &PyList_Type, &state.runs,
                          &PyDict_Type, &state.kinds, &state.kind_of, &PyType_Type, &state.run, &state.text_number,
                          &state.break_number, &state.elements, &state.blocks, &state.depth))
        return NULL;
    if (PyList_GET_SIZE(state.tags) != 1 || PyList_GET_SIZE(state.ends) != 1 || state.depth < 1) {
        PyErr_SetString(PyExc_ValueError, "the lists must hold the root alone");
        return NULL;
    }
    if (!PyType_IsSubtype(state.run, &PyTuple_Type)) {
        PyErr_SetString(PyExc_TypeError, "a run is a tuple");
        return NULL;
    }
    int result = -1;
    find_properties(&state, root);
    if (make_room((void **)&state.above, &state.above_room, 1, sizeof(Py_ssize_t)) == 0) {
        state.above[0] = 0;
        result = walk_all(&state, root);
    }
    PyMem_Free(state.above);
    PyMem_Free(state.got.text);
    PyMem_Free(state.got.places);
    return result < 0 ? NULL : PyBool_FromLong(result);
}

static PyMethodDef methods[] = {
    {"walk", walk, METH_VARARGS, "Walk what is in a page's body into lists."},
    {"signs", find_signs, METH_VARARGS, "Find the distinct names and classes of elements."},
    {"paths", find_paths, METH_VARARGS, "Make the paths to some elements."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_walk", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__walk(void)
{
    static const char *const known[PROPERTIES] = {"first_child", "next", "tag", "tag_id", "is_empty_text_node",
                                                  "text_content", "attributes", "mem_id"};
    for (int which = 0; which < PROPERTIES; which++)
        if ((names[which] = PyUnicode_InternFromString(known[which])) == NULL)
            return NULL;
    return PyModule_Create(&module);
}
