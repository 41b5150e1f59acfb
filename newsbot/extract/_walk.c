/* The walk over a page in C: a third of the time of the same in Python.

   Optional: tree.py holds the same in Python and uses it where this was not built; tests compare the two. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

enum { LINK = 1, STRONG = 2, EMPHASIS = 4, PRE = 8 };

/* An open element, and what holds in the one around it. */
typedef struct {
    PyObject *node, *role;
    Py_ssize_t index, owner;
    int style;
} Open;

/* The run of text being gathered: its characters as they will stand, folded as they come. */
typedef struct {
    Py_UCS4 *text;
    Py_ssize_t size, room;
    Py_ssize_t *places, count, places_room;
    /* Anything gathered at all; a space or a break is due before the next character; a break was the last but white space. */
    int is_begun, space, line, is_broken;
    Py_ssize_t linked, strong, emphasis, links, breaks;
} Gathered;

typedef struct {
    PyObject *nodes, *tags, *parents, *depths, *starts, *ends, *runs, *kinds, *kind_of, *run;
    long text_number, break_number;
    Py_ssize_t elements, blocks, depth;
    Py_ssize_t *above;  /* Of each element its parent. */
    Py_ssize_t above_room;
    Gathered got;
} Walk;

static PyObject *name_child, *name_next, *name_tag, *name_number, *name_is_empty, *name_content;

static void forget(Gathered *got)
{
    got->size = got->count = 0;
    got->is_begun = got->space = got->line = got->is_broken = 0;
    got->linked = got->strong = got->emphasis = got->links = got->breaks = 0;
}

static int make_room(void **items, Py_ssize_t *room, Py_ssize_t wanted, size_t size)
{
    if (wanted <= *room)
        return 0;
    Py_ssize_t more = wanted + wanted / 2 + 64;
    void *moved = PyMem_Realloc(*items, (size_t)more * size);
    if (moved == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    *items = moved;
    *room = more;
    return 0;
}

static int append_number(PyObject *list, Py_ssize_t number)
{
    PyObject *item = PyLong_FromSsize_t(number);
    int failed = item == NULL || PyList_Append(list, item) < 0;
    Py_XDECREF(item);
    return failed ? -1 : 0;
}

/* Add a piece of text. Its white space folds to one space, or to one line feed where there is a break in it. */
static int add_text(Walk *walk, PyObject *text, Py_ssize_t place, int style)
{
    Gathered *got = &walk->got;
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    int is_pre = style & PRE, shows = 0;
    if (make_room((void **)&got->text, &got->room, got->size + length + 1, sizeof(Py_UCS4)) < 0)
        return -1;
    Py_UCS4 *end = got->text + got->size;
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (Py_UNICODE_ISSPACE(c)) {
            if (c == '\v' || (is_pre && c == '\n'))
                got->line = 1;
            else
                got->space = 1;
            continue;
        }
        if (end != got->text && got->line)
            *end++ = '\n';
        else if (end != got->text && got->space)
            *end++ = ' ';
        got->line = got->space = 0;
        shows = 1;
        *end++ = c;
    }
    got->size = end - got->text;
    if (!shows) {
        /* A piece that is a break and nothing else counts as one. */
        if (length == 1 && got->is_begun && got->line) {
            Py_UCS4 c = PyUnicode_READ(kind, data, 0);
            got->is_broken |= c == '\v' || (is_pre && c == '\n');
        }
        return 0;
    }
    got->is_begun = 1;
    got->is_broken = 0;
    if (make_room((void **)&got->places, &got->places_room, got->count + 1, sizeof(Py_ssize_t)) < 0)
        return -1;
    if (!got->count || got->places[got->count - 1] != place)
        got->places[got->count++] = place;
    if (style & LINK) {
        got->linked += length;
        got->links++;
    }
    if (style & STRONG)
        got->strong += length;
    if (style & EMPHASIS)
        got->emphasis += length;
    return 0;
}

/* Return the deepest element that holds all pieces; parents have smaller indices than their children. */
static Py_ssize_t common_place(const Walk *walk)
{
    const Gathered *got = &walk->got;
    Py_ssize_t place = got->places[0];
    for (Py_ssize_t i = 1; i < got->count; i++) {
        Py_ssize_t other = got->places[i];
        while (place != other) {
            if (place > other)
                place = walk->above[place];
            else
                other = walk->above[other];
        }
    }
    return place;
}

/* End the block, if there is any text. Returns 1 where the page has too many, -1 on an error. */
static int end_block(Walk *walk, Py_ssize_t owner, PyObject *role)
{
    Gathered *got = &walk->got;
    if (got->count) {
        if (PyList_GET_SIZE(walk->runs) >= walk->blocks)
            return 1;
        PyObject *text = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, got->text, got->size);
        if (text == NULL)
            return -1;
        PyObject *run = PyObject_CallFunction(walk->run, "NnnnnnnnO", text, owner, common_place(walk), got->linked,
                                              got->strong, got->emphasis, got->links, got->breaks, role);
        int failed = run == NULL || PyList_Append(walk->runs, run) < 0;
        Py_XDECREF(run);
        if (failed)
            return -1;
    }
    forget(got);
    return 0;
}

/* Add a line break; a second one in a row ends the block. Returns as end_block does. */
static int break_line(Walk *walk, Py_ssize_t owner, PyObject *role)
{
    Gathered *got = &walk->got;
    if (got->is_broken)
        return end_block(walk, owner, role);
    got->breaks++;
    got->is_begun = got->line = got->is_broken = 1;
    return 0;
}

/* Enter an element that holds something: append it to the lists. */
static int enter(Walk *walk, PyObject *node, PyObject *tag, Py_ssize_t parent, Py_ssize_t depth)
{
    Py_ssize_t place = PyList_GET_SIZE(walk->nodes);
    if (make_room((void **)&walk->above, &walk->above_room, place + 1, sizeof(Py_ssize_t)) < 0)
        return -1;
    walk->above[place] = parent;
    return PyList_Append(walk->nodes, node) < 0 || PyList_Append(walk->tags, tag) < 0 ||
                   append_number(walk->parents, parent) < 0 || append_number(walk->depths, depth) < 0 ||
                   append_number(walk->starts, PyList_GET_SIZE(walk->runs)) < 0 || append_number(walk->ends, -1) < 0
               ? -1
               : 0;
}

/* Return what is done with an element, a new reference to a tuple (tag, is_skipped, is_block, style, role). */
static PyObject *kind_of(Walk *walk, PyObject *node, PyObject *number)
{
    PyObject *kind = PyDict_GetItemWithError(walk->kinds, number);
    if (kind != NULL)
        return Py_NewRef(kind);
    if (PyErr_Occurred())
        return NULL;
    PyObject *tag = PyObject_GetAttr(node, name_tag);
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
        PyObject *empty = PyObject_GetAttr(node, name_is_empty);
        if (empty == NULL)
            return -1;
        Py_DECREF(empty);
        if (empty == Py_True)
            return 0;
    }
    PyObject *text = PyObject_GetAttr(node, name_content);
    if (text == NULL)
        return -1;
    int failed = PyUnicode_Check(text) ? add_text(walk, text, index, style) : 0;
    Py_DECREF(text);
    return failed;
}

/* Walk what is in the root. Returns 0, 1 where the page has too many blocks, -1 on an error. */
static int walk_all(Walk *walk)
{
    Open *stack = PyMem_Malloc((size_t)walk->depth * sizeof(Open));
    PyObject *role = PyUnicode_FromString("body"), *node = NULL, *number = NULL, *kind = NULL, *child = NULL;
    Py_ssize_t index = 0, owner = 0, open = 0;
    int style = 0, state = -1;
    if (stack == NULL || role == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    node = PyObject_GetAttr(PyList_GET_ITEM(walk->nodes, 0), name_child);
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
            node = PyObject_GetAttr(closed->node, name_next);
            Py_DECREF(closed->node);
            if (node == NULL)
                goto done;
        }
        Py_XSETREF(number, PyObject_GetAttr(node, name_number));
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
            Py_XSETREF(kind, kind_of(walk, node, number));
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
                Py_XSETREF(child, PyObject_GetAttr(node, name_child));
                if (child == NULL)
                    goto done;
                Py_ssize_t place = PyList_GET_SIZE(walk->nodes);
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
        Py_SETREF(node, PyObject_GetAttr(node, name_next));
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

/* walk(lists, kinds, kind_of, run, numbers, limits) -> whether the page has too many blocks. `lists` are nodes, tags, parents,
   depths, starts, ends, runs of tree.py, with the root in them; `numbers` the parser's of text and line breaks; `limits` the
   most elements, blocks and levels. */
static PyObject *walk(PyObject *self, PyObject *args)
{
    Walk state = {0};
    if (!PyArg_ParseTuple(args, "(O!O!O!O!O!O!O!)O!OO(ll)(nnn)", &PyList_Type, &state.nodes, &PyList_Type, &state.tags,
                          &PyList_Type, &state.parents, &PyList_Type, &state.depths, &PyList_Type, &state.starts,
                          &PyList_Type, &state.ends, &PyList_Type, &state.runs, &PyDict_Type, &state.kinds,
                          &state.kind_of, &state.run, &state.text_number, &state.break_number, &state.elements,
                          &state.blocks, &state.depth))
        return NULL;
    if (PyList_GET_SIZE(state.nodes) != 1 || PyList_GET_SIZE(state.ends) != 1 || state.depth < 1) {
        PyErr_SetString(PyExc_ValueError, "the lists must hold the root alone");
        return NULL;
    }
    int result = -1;
    if (make_room((void **)&state.above, &state.above_room, 1, sizeof(Py_ssize_t)) == 0) {
        state.above[0] = 0;
        result = walk_all(&state);
    }
    PyMem_Free(state.above);
    PyMem_Free(state.got.text);
    PyMem_Free(state.got.places);
    return result < 0 ? NULL : PyBool_FromLong(result);
}

static PyMethodDef methods[] = {
    {"walk", walk, METH_VARARGS, "Walk what is in a page's body into lists."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_walk", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__walk(void)
{
    name_child = PyUnicode_InternFromString("first_child");
    name_next = PyUnicode_InternFromString("next");
    name_tag = PyUnicode_InternFromString("tag");
    name_number = PyUnicode_InternFromString("tag_id");
    name_is_empty = PyUnicode_InternFromString("is_empty_text_node");
    name_content = PyUnicode_InternFromString("text_content");
    return PyErr_Occurred() ? NULL : PyModule_Create(&module);
}
