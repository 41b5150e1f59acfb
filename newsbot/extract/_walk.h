/* What the files of the module _walk share. */

#ifndef NEWSBOT_WALK_H
#define NEWSBOT_WALK_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Nothing but the module itself is seen from outside. */
#ifdef __GNUC__
#pragma GCC visibility push(hidden)
#endif

enum { LINK = 1, STRONG = 2, EMPHASIS = 4, PRE = 8 };
/* What is read of the parser's nodes. */
enum { CHILD, NEXT, TAG, NUMBER, IS_EMPTY, CONTENT, ATTRIBUTES, IDENTITY, PROPERTIES };

/* A property of the parser's nodes: the function that reads it, where it is one of C; NULL else. */
typedef struct {
    getter get;
    void *closure;
} Property;

/* The run of text being gathered: its characters as they will stand, folded as they come. */
typedef struct {
    Py_UCS4 *text;
    Py_ssize_t size, room;
    Py_ssize_t *places, count, places_room;
    /* Anything gathered at all; a space or a break is due before the next character; a break was the last but white space. */
    int is_begun, space, line, is_broken;
    Py_ssize_t linked, strong, emphasis, links, breaks;
} Gathered;

/* Kinds of elements are looked up once a page where the parser's number of the name is below this. */
enum { KNOWN = 512 };

typedef struct {
    PyObject *tags, *parents, *depths, *attributes, *ids, *starts, *ends, *runs, *kinds, *kind_of;
    PyTypeObject *run;
    long text_number, break_number;
    Py_ssize_t elements, blocks, depth;
    Py_ssize_t *above; /* Of each element its parent. */
    Py_ssize_t above_room;
    PyTypeObject *type; /* of the parser's nodes */
    Property properties[PROPERTIES];
    PyObject *known[KNOWN]; /* kinds, borrowed from the dict */
    Gathered got;
} Walk;

/* _walk_block.c. Functions return -1 with an exception set; those that may end a block 1 where the page has too many. */
int make_room(void **items, Py_ssize_t *room, Py_ssize_t wanted, size_t size);
int add_text(Walk *walk, PyObject *text, Py_ssize_t place, int style);
int end_block(Walk *walk, Py_ssize_t owner, PyObject *role);
int break_line(Walk *walk, Py_ssize_t owner, PyObject *role);

/* _walk_signs.c, _walk_paths.c */
PyObject *find_signs(PyObject *self, PyObject *args);
PyObject *find_paths(PyObject *self, PyObject *args);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#endif
