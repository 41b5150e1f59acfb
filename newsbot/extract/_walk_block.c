/* The run of text that the walk gathers: its characters, where they stand, and when it ends. */

#include "_walk.h"

static void forget(Gathered *got)
{
    got->size = got->count = 0;
    got->is_begun = got->space = got->line = got->is_broken = 0;
    got->linked = got->strong = got->emphasis = got->links = got->breaks = 0;
}

int make_room(void **items, Py_ssize_t *room, Py_ssize_t wanted, size_t size)
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

/* Add a piece of text. Its white space folds to one space, or to one line feed where there is a break in it. */
int add_text(Walk *walk, PyObject *text, Py_ssize_t place, int style)
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

/* Return a run, a new tuple of tree.py's type. */
static PyObject *make_run(Walk *walk, PyObject *text, Py_ssize_t owner, PyObject *role)
{
    const Gathered *got = &walk->got;
    const Py_ssize_t numbers[] = {owner, common_place(walk), got->linked, got->strong, got->emphasis, got->links, got->breaks};
    enum { NUMBERS = 7 };
    PyObject *run = walk->run->tp_alloc(walk->run, NUMBERS + 2);
    if (run == NULL)
        return NULL;
    PyTuple_SET_ITEM(run, 0, Py_NewRef(text));
    PyTuple_SET_ITEM(run, NUMBERS + 1, Py_NewRef(role));
    for (int i = 0; i < NUMBERS; i++) {
        PyObject *number = PyLong_FromSsize_t(numbers[i]);
        if (number == NULL) {
            Py_DECREF(run);
            return NULL;
        }
        PyTuple_SET_ITEM(run, i + 1, number);
    }
    return run;
}

/* End the block, if there is any text. */
int end_block(Walk *walk, Py_ssize_t owner, PyObject *role)
{
    Gathered *got = &walk->got;
    if (got->count) {
        if (PyList_GET_SIZE(walk->runs) >= walk->blocks)
            return 1;
        PyObject *text = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, got->text, got->size);
        PyObject *run = text == NULL ? NULL : make_run(walk, text, owner, role);
        int failed = run == NULL || PyList_Append(walk->runs, run) < 0;
        Py_XDECREF(text);
        Py_XDECREF(run);
        if (failed)
            return -1;
    }
    forget(got);
    return 0;
}

/* Add a line break; a second one in a row ends the block. */
int break_line(Walk *walk, Py_ssize_t owner, PyObject *role)
{
    Gathered *got = &walk->got;
    if (got->is_broken)
        return end_block(walk, owner, role);
    got->breaks++;
    got->is_begun = got->line = got->is_broken = 1;
    return 0;
}
