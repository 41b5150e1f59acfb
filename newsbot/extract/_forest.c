/* The descent of the trees in C: a sixth of the time of the same in numpy.

   Optional: forest.py holds the same in numpy and uses it where this was not built; tests compare the two. Nothing of numpy is
   needed here: arrays come as buffers.

   Blocks go through a tree 64 at a time: a set of them is a word of 64 bits. At each node the set splits in two, and what is empty
   is not entered: the blocks of a page are so alike that a third of a tree's nodes is seen. A tree of 62 nodes takes 1,000 bytes. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define STRIP 64
/* Levels of a tree: the left half of one as deep has fewer nodes than `right` can tell. */
#define DEEPEST 15
#define NAME "newsbot.extract._forest.packed"

/* Nodes stand in the order of a descent that goes left first: a node's left child stands behind it. */
typedef struct {
    float value;    /* threshold; of a leaf its value */
    int16_t column; /* -1 for a leaf */
    uint16_t right; /* how many nodes on the right child stands */
} Node;

typedef struct {
    Py_ssize_t trees, columns; /* columns: one more than the last that a node looks at */
    Py_ssize_t *starts;        /* of each tree its first node */
    Node *nodes;
} Packed;

/* A forest as forest.py has it: full binary trees in three arrays. */
typedef struct {
    const int32_t *feature;
    const float *threshold, *leaf;
    Py_ssize_t trees, inner;
} Full;

static void forget(Packed *packed)
{
    if (packed != NULL) {
        PyMem_Free(packed->starts);
        PyMem_Free(packed->nodes);
        PyMem_Free(packed);
    }
}

static void destroy(PyObject *capsule)
{
    forget(PyCapsule_GetPointer(capsule, NAME));
}

/* Write what is below a place of a full tree to `out`; return the number of nodes. Nothing is above an infinite threshold. */
static Py_ssize_t pack_below(const Full *full, Py_ssize_t tree, Py_ssize_t place, Node *out)
{
    Py_ssize_t first = tree * full->inner;
    while (place < full->inner && full->threshold[first + place] == INFINITY)
        place = 2 * place + 1;
    if (place >= full->inner) {
        *out = (Node){full->leaf[tree * (full->inner + 1) + place - full->inner], -1, 0};
        return 1;
    }
    Py_ssize_t left = pack_below(full, tree, 2 * place + 1, out + 1);
    *out = (Node){full->threshold[first + place], (int16_t)full->feature[first + place], (uint16_t)(1 + left)};
    return 1 + left + pack_below(full, tree, 2 * place + 2, out + 1 + left);
}

static PyObject *pack_all(const Full *full)
{
    Packed *packed = PyMem_Calloc(1, sizeof *packed);
    Node *nodes = PyMem_Malloc((size_t)(full->trees * (2 * full->inner + 1) + 1) * sizeof(Node)), *fitting;
    PyObject *capsule = NULL;
    if (packed != NULL)
        packed->starts = PyMem_Calloc((size_t)full->trees + 1, sizeof(Py_ssize_t));
    if (packed == NULL || nodes == NULL || packed->starts == NULL) {
        PyErr_NoMemory();
        goto failed;
    }
    Py_ssize_t count = 0;
    for (Py_ssize_t tree = 0; tree < full->trees; tree++) {
        packed->starts[tree] = count;
        count += pack_below(full, tree, 0, nodes + count);
    }
    packed->trees = full->trees;
    for (Py_ssize_t at = 0; at < full->trees * full->inner; at++)
        if (full->feature[at] >= packed->columns)
            packed->columns = full->feature[at] + 1;
    fitting = PyMem_Realloc(nodes, (size_t)(count + 1) * sizeof(Node));
    packed->nodes = fitting == NULL ? nodes : fitting;
    nodes = NULL;
    capsule = PyCapsule_New(packed, NAME, destroy);
    if (capsule != NULL)
        return capsule;
failed:
    PyMem_Free(nodes);
    forget(packed);
    return NULL;
}

/* pack(feature, threshold, leaf, depth) -> a forest as score wants it. Features are int32, thresholds and leaves float32. */
static PyObject *pack(PyObject *self, PyObject *args)
{
    Py_buffer feature = {0}, threshold = {0}, leaf = {0};
    PyObject *result = NULL;
    int depth;
    if (!PyArg_ParseTuple(args, "y*y*y*i", &feature, &threshold, &leaf, &depth))
        return NULL;
    if (depth < 1 || depth > DEEPEST) {
        PyErr_SetString(PyExc_ValueError, "depth is beyond 1 to 15");
        goto done;
    }
    Full full = {feature.buf, threshold.buf, leaf.buf, 0, ((Py_ssize_t)1 << depth) - 1};
    Py_ssize_t nodes = feature.len / (Py_ssize_t)sizeof(int32_t), wrong = 0;
    full.trees = nodes / full.inner;
    if (full.trees * full.inner != nodes || threshold.len != nodes * (Py_ssize_t)sizeof(float) ||
        leaf.len != full.trees * (full.inner + 1) * (Py_ssize_t)sizeof(float)) {
        PyErr_SetString(PyExc_ValueError, "feature, threshold and leaf do not fit together");
        goto done;
    }
    for (Py_ssize_t node = 0; node < nodes; node++)
        wrong += full.feature[node] < 0 || full.feature[node] > INT16_MAX;
    if (wrong)
        PyErr_SetString(PyExc_ValueError, "the forest looks at a feature that there is not");
    else
        result = pack_all(&full);
done:
    PyBuffer_Release(&feature);
    PyBuffer_Release(&threshold);
    PyBuffer_Release(&leaf);
    return result;
}

/* Return the set of those of 64 values that are above a threshold. */
static inline uint64_t above(const float *values, float threshold)
{
    uint64_t set = 0;
#ifdef __SSE2__
    const __m128 limit = _mm_set1_ps(threshold);
    for (int i = 0; i < STRIP; i += 16) {
        __m128i a = _mm_castps_si128(_mm_cmplt_ps(limit, _mm_loadu_ps(values + i)));
        __m128i b = _mm_castps_si128(_mm_cmplt_ps(limit, _mm_loadu_ps(values + i + 4)));
        __m128i c = _mm_castps_si128(_mm_cmplt_ps(limit, _mm_loadu_ps(values + i + 8)));
        __m128i d = _mm_castps_si128(_mm_cmplt_ps(limit, _mm_loadu_ps(values + i + 12)));
        __m128i bytes = _mm_packs_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d));
        set |= (uint64_t)(uint32_t)_mm_movemask_epi8(bytes) << i;
    }
#else
    for (int i = 0; i < STRIP; i++)
        set |= (uint64_t)(values[i] > threshold) << i;
#endif
    return set;
}

/* Add to the sums of a set of blocks what they reach in a tree; `strip` holds 64 values of each column. */
static void descend(const Node *node, const float *strip, uint64_t set, double *sums)
{
    uint64_t sets[DEEPEST + 1];
    const Node *waiting[DEEPEST + 1];
    int open = 0;
    for (;;) {
        while (node->column >= 0) {
            const float *column = strip + (Py_ssize_t)node->column * STRIP;
            if (!(set & (set - 1))) { /* a single block */
                node += column[__builtin_ctzll(set)] > node->value ? node->right : 1;
                continue;
            }
            /* Without branches: which way the blocks go cannot be foretold. */
            uint64_t right = set & above(column, node->value), left = set & ~right;
            const Node *other = node + node->right;
            sets[open] = right;
            waiting[open] = other;
            open += left && right;
            node = left ? node + 1 : other;
            set = left ? left : right;
        }
        double value = node->value;
        for (; set; set &= set - 1)
            sums[__builtin_ctzll(set)] += value;
        if (!open)
            return;
        set = sets[--open];
        node = waiting[open];
    }
}

/* score(packed, columns, out): adds to each of n float64 in `out` the leaves that its column of `columns`, float32 of shape
   (features, n), reaches, one tree after the other. */
static PyObject *score(PyObject *self, PyObject *args)
{
    Py_buffer columns = {0}, out = {0};
    PyObject *capsule, *result = NULL;
    float *strip = NULL;
    if (!PyArg_ParseTuple(args, "Oy*w*", &capsule, &columns, &out))
        return NULL;
    const Packed *packed = PyCapsule_GetPointer(capsule, NAME);
    if (packed == NULL)
        goto done;
    Py_ssize_t n = out.len / (Py_ssize_t)sizeof(double);
    if (n && columns.len / (n * (Py_ssize_t)sizeof(float)) < packed->columns) {
        PyErr_SetString(PyExc_ValueError, "the forest looks at a feature that there is not");
        goto done;
    }
    strip = PyMem_Calloc((size_t)(packed->columns * STRIP + 1), sizeof(float));
    if (strip == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    const float *values = columns.buf;
    for (Py_ssize_t start = 0; start < n; start += STRIP) {
        Py_ssize_t count = n - start < STRIP ? n - start : STRIP;
        for (Py_ssize_t column = 0; column < packed->columns; column++)
            /* Not memcpy: compilers make slow string instructions of it where they know that it is short. */
            memmove(strip + column * STRIP, values + column * n + start, (size_t)count * sizeof(float));
        uint64_t all = count < STRIP ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
        for (Py_ssize_t tree = 0; tree < packed->trees; tree++)
            descend(packed->nodes + packed->starts[tree], strip, all, (double *)out.buf + start);
    }
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(strip);
    PyBuffer_Release(&columns);
    PyBuffer_Release(&out);
    return result;
}

static PyMethodDef methods[] = {
    {"pack", pack, METH_VARARGS, "Lay out trees for score."},
    {"score", score, METH_VARARGS, "Add up the leaves that blocks reach in trees."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_forest", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__forest(void)
{
    return PyModule_Create(&module);
}
