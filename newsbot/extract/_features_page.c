/* Reads a page's lists into arrays, and groups blocks that a page's maker treats alike; as sheet.py does. */

#include "_features.h"

struct Chunk {
    Chunk *next;
    double start[]; /* aligned for all that is kept */
};

/* Return room for an array that goes with the page, all zero. */
void *take(Page *page, Py_ssize_t count, size_t size)
{
    Chunk *chunk = PyMem_Calloc(1, sizeof(Chunk) + ((size_t)count + 1) * size);
    if (chunk == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    chunk->next = page->chunks;
    page->chunks = chunk;
    return chunk->start;
}

/* Let the arrays go that were taken since some chunk was the last. */
void forget_since(Page *page, const Chunk *kept)
{
    while (page->chunks != kept) {
        Chunk *next = page->chunks->next;
        PyMem_Free(page->chunks);
        page->chunks = next;
    }
}

void forget_page(Page *page)
{
    if (page != NULL)
        forget_since(page, NULL);
    PyMem_Free(page);
}

/* Return a number of Python's that must lie in a range; -1 with an exception where it does not (no range has it). */
long number_in(PyObject *item, long least, long most)
{
    long number = PyLong_AsLong(item);
    if (number == -1 && PyErr_Occurred())
        return -1;
    if (number < least || number > most) {
        PyErr_Format(PyExc_ValueError, "%ld is beyond %ld to %ld", number, least, most);
        return -1;
    }
    return number;
}

/* Return a list's numbers as an array of `count`. */
static int32_t *read_numbers(Page *page, PyObject *list, Py_ssize_t count, long least, long most)
{
    if (!PyList_Check(list) || PyList_GET_SIZE(list) != count) {
        PyErr_SetString(PyExc_ValueError, "the lists of a tree are not of one length");
        return NULL;
    }
    int32_t *numbers = take(page, count, sizeof *numbers);
    for (Py_ssize_t i = 0; numbers != NULL && i < count; i++) {
        long number = number_in(PyList_GET_ITEM(list, i), least, most);
        if (number == -1)
            return NULL;
        numbers[i] = (int32_t)number;
    }
    return numbers;
}

/* Read each element's parent: before it, and its own for the root. */
static int read_parents(Page *page, PyObject *list)
{
    page->parent = take(page, page->m, sizeof *page->parent);
    if (page->parent == NULL)
        return -1;
    for (Py_ssize_t i = 1; i < page->m; i++) {
        long parent = number_in(PyList_GET_ITEM(list, i), 0, (long)i - 1);
        if (parent == -1)
            return -1;
        page->parent[i] = (int32_t)parent;
    }
    return 0;
}

/* Read the code of each element's name, by its sign; `codes` are by name. */
static int read_tags(Page *page, PyObject *signs, PyObject *codes)
{
    int32_t *of_sign = take(page, page->signs, sizeof *of_sign);
    page->tag = take(page, page->m, sizeof *page->tag);
    if (of_sign == NULL || page->tag == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < page->signs; i++) {
        PyObject *sign = PyList_GET_ITEM(signs, i), *code = NULL;
        if (!PyTuple_Check(sign) || PyTuple_GET_SIZE(sign) != 2)
            PyErr_SetString(PyExc_TypeError, "a sign is a tuple of two");
        else
            code = PyDict_GetItemWithError(codes, PyTuple_GET_ITEM(sign, 0));
        if (code != NULL)
            of_sign[i] = (int32_t)PyLong_AsLong(code);
        if (PyErr_Occurred())
            return -1;
    }
    for (Py_ssize_t i = 0; i < page->m; i++)
        page->tag[i] = of_sign[page->sign[i]];
    return 0;
}

/* Read the elements: `lists` are parents, depths, starts, ends, the distinct signs and the place of each element's, and marks; `tags`
   codes by element name. */
int read_elements(Page *page, PyObject *lists, PyObject *tags)
{
    PyObject *parents, *depths, *starts, *ends, *signs, *codes, *marks;
    if (!PyArg_ParseTuple(lists, "O!O!O!O!(O!O!)O!", &PyList_Type, &parents, &PyList_Type, &depths, &PyList_Type, &starts,
                          &PyList_Type, &ends, &PyList_Type, &signs, &PyList_Type, &codes, &PyList_Type, &marks))
        return -1;
    page->m = PyList_GET_SIZE(parents);
    page->signs = PyList_GET_SIZE(signs);
    if (page->m < 1 || page->m > 1 << 20 || PyList_GET_SIZE(marks) != page->m) {
        PyErr_SetString(PyExc_ValueError, "the lists of a tree are not of one length, or too long");
        return -1;
    }
    page->depth = read_numbers(page, depths, page->m, 0, 1 << 20);
    page->starts = read_numbers(page, starts, page->m, 0, (long)page->n);
    page->ends = read_numbers(page, ends, page->m, 0, (long)page->n);
    page->sign = read_numbers(page, codes, page->m, 0, (long)page->signs - 1);
    page->mark = take(page, page->m, sizeof *page->mark);
    if (!page->depth || !page->starts || !page->ends || !page->sign || !page->mark || read_tags(page, signs, tags) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < page->m; i++)
        page->mark[i] = PyLong_AsLongLong(PyList_GET_ITEM(marks, i));
    return PyErr_Occurred() ? -1 : read_parents(page, parents);
}

/* Read the blocks' numbers: owner and place, and five others into the arrays given: linked, strong, emphasis, links, breaks. */
int read_blocks(Page *page, PyObject *runs, double *others[5])
{
    for (int level = 0; level < LEVELS; level++)
        if ((page->levels[level] = take(page, page->n, sizeof(int32_t))) == NULL)
            return -1;
    page->owner = page->levels[0];
    if ((page->place = take(page, page->n, sizeof(int32_t))) == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        PyObject *run = PyList_GET_ITEM(runs, i);
        if (!PyTuple_Check(run) || PyTuple_GET_SIZE(run) != 9 || !PyUnicode_Check(PyTuple_GET_ITEM(run, 0)) ||
            !PyUnicode_GET_LENGTH(PyTuple_GET_ITEM(run, 0))) {
            PyErr_SetString(PyExc_ValueError, "a block is no run of some text");
            return -1;
        }
        long owner = number_in(PyTuple_GET_ITEM(run, 1), 0, (long)page->m - 1);
        long place = owner == -1 ? -1 : number_in(PyTuple_GET_ITEM(run, 2), 0, (long)page->m - 1);
        if (place == -1)
            return -1;
        page->owner[i] = (int32_t)owner;
        page->place[i] = (int32_t)place;
        for (int level = 1; level < LEVELS; level++)
            page->levels[level][i] = page->parent[page->levels[level - 1][i]];
        for (int k = 0; k < 5; k++)
            others[k][i] = (double)PyLong_AsLong(PyTuple_GET_ITEM(run, 3 + k));
        if (PyErr_Occurred())
            return -1;
    }
    return 0;
}

int start_codes(Page *page, Codes *codes, Py_ssize_t most)
{
    size_t room = 16;
    while (room < 2 * (size_t)most)
        room *= 2;
    codes->keys = take(page, (Py_ssize_t)room, sizeof *codes->keys);
    codes->codes = take(page, (Py_ssize_t)room, sizeof *codes->codes);
    codes->mask = room - 1;
    codes->count = 0;
    return codes->keys == NULL || codes->codes == NULL ? -1 : 0;
}

int32_t code_of(Codes *codes, uint64_t key)
{
    uint64_t mixed = (key ^ key >> 31) * 0x9E3779B97F4A7C15u;
    size_t at = (mixed ^ mixed >> 32) & codes->mask;
    /* A code is kept one higher, so that 0 is free. */
    while (codes->codes[at] && codes->keys[at] != key)
        at = (at + 1) & codes->mask;
    if (!codes->codes[at]) {
        codes->keys[at] = key;
        codes->codes[at] = ++codes->count;
    }
    return codes->codes[at] - 1;
}

/* Group the blocks by owners of the same sign, parents of the same, both, and both with the grandparents of the same. */
int group_blocks(Page *page)
{
    Codes pairs, families;
    if (start_codes(page, &pairs, page->n) < 0 || start_codes(page, &families, page->n) < 0)
        return -1;
    for (int way = 0; way < WAYS; way++)
        if ((page->codes[way] = take(page, page->n, sizeof(int32_t))) == NULL)
            return -1;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        uint64_t own = (uint64_t)page->sign[page->levels[0][i]], above = (uint64_t)page->sign[page->levels[1][i]];
        uint64_t highest = (uint64_t)page->sign[page->levels[2][i]], size = (uint64_t)page->signs;
        page->codes[0][i] = (int32_t)own;
        page->codes[1][i] = (int32_t)above;
        page->codes[2][i] = code_of(&pairs, own * size + above);
        page->codes[3][i] = code_of(&families, (uint64_t)page->codes[2][i] * size + highest);
    }
    page->groups = (int32_t)(page->n > page->signs ? page->n : page->signs);
    return 0;
}
