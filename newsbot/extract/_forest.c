/* The descent of the trees in C: less than half the time of the same in numpy.

   Optional: forest.py holds the same in numpy and uses it where this was not built; tests compare the two. Nothing of numpy is
   needed here: arrays come as buffers. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <limits.h>

#define STRIP 32
/* score(columns, feature, threshold, leaf, depth, out): adds to each of n float64 in `out` the leaves that its column of
   `columns`, float32 of shape (features, n), reaches in trees of some depth. Features are int32, thresholds and leaves float32. */
static PyObject *score(PyObject *self, PyObject *args)
{
    Py_buffer columns = {0}, feature = {0}, threshold = {0}, leaf = {0}, out = {0};
    PyObject *result = NULL;
    int depth;
    if (!PyArg_ParseTuple(args, "y*y*y*y*iw*", &columns, &feature, &threshold, &leaf, &depth, &out))
        return NULL;
    Py_ssize_t n = out.len / (Py_ssize_t)sizeof(double);
    Py_ssize_t rows = n ? columns.len / (n * (Py_ssize_t)sizeof(float)) : 0;
    Py_ssize_t nodes = feature.len / (Py_ssize_t)sizeof(int);
    if (depth < 1 || depth > 20) {
        PyErr_SetString(PyExc_ValueError, "depth is beyond 1 to 20");
        goto done;
    }
    Py_ssize_t inner = ((Py_ssize_t)1 << depth) - 1;
    Py_ssize_t trees = nodes / inner;
    if (trees * inner != nodes || threshold.len != nodes * (Py_ssize_t)sizeof(float) ||
        leaf.len != trees * (inner + 1) * (Py_ssize_t)sizeof(float)) {
        PyErr_SetString(PyExc_ValueError, "feature, threshold and leaf do not fit together");
        goto done;
    }
    const int *features = feature.buf;
    /* Without a way out of the loop, so that the compiler looks at several nodes at once. */
    int beyond = 0, most = rows > INT_MAX ? INT_MAX : (int)rows;
    for (Py_ssize_t node = 0; node < nodes; node++)
        beyond |= (features[node] < 0) | (features[node] >= most);
    if (beyond) {
        PyErr_SetString(PyExc_ValueError, "the forest looks at a feature that there is not");
        goto done;
    }
    const float *values = columns.buf;
    double *sums = out.buf;
    for (Py_ssize_t tree = 0; tree < trees; tree++) {
        const int *f = features + tree * inner;
        const float *t = (const float *)threshold.buf + tree * inner;
        const float *l = (const float *)leaf.buf + tree * (inner + 1);
        for (Py_ssize_t start = 0; start < n; start += STRIP) {
            int at[STRIP] = {0};
            int count = (int)(n - start < STRIP ? n - start : STRIP);
            for (int level = 0; level < depth; level++)
                for (int block = 0; block < count; block++) {
                    int node = at[block];
                    at[block] = 2 * node + 1 + (values[f[node] * n + start + block] > t[node]);
                }
            for (int block = 0; block < count; block++)
                sums[start + block] += l[at[block] - inner];
        }
    }
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&columns);
    PyBuffer_Release(&feature);
    PyBuffer_Release(&threshold);
    PyBuffer_Release(&leaf);
    PyBuffer_Release(&out);
    return result;
}

static PyMethodDef methods[] = {
    {"score", score, METH_VARARGS, "Add up the leaves that blocks reach in trees."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_forest", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__forest(void)
{
    return PyModule_Create(&module);
}
