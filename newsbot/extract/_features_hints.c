/* How each block stands to headline, description and declared text, and which are copies; as hinted.py has it. */

#include "_features.h"

/* Letters of a text's start that several blocks may share; by which a description and a declared text are told. */
enum { STEM = 40, TOLD = 60 };

static int is_equal(PyObject *one, PyObject *other)
{
    return PyUnicode_GET_LENGTH(one) == PyUnicode_GET_LENGTH(other) && PyUnicode_Compare(one, other) == 0;
}

/* Write of each text the first one equal to it; -1 for those that are NULL. `slots` is room for a power of two above 2 n. */
static int find_firsts(Page *page, PyObject **texts, int32_t *firsts)
{
    size_t room = 16;
    while (room < 2 * (size_t)page->n)
        room *= 2;
    /* One higher, so that 0 is free. */
    int32_t *slots = take(page, (Py_ssize_t)room, sizeof *slots);
    if (slots == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        firsts[i] = -1;
        if (texts[i] == NULL)
            continue;
        Py_hash_t hash = PyObject_Hash(texts[i]);
        size_t at = ((size_t)hash ^ (size_t)hash >> 17) & (room - 1);
        while (slots[at] && !is_equal(texts[slots[at] - 1], texts[i]))
            at = (at + 1) & (room - 1);
        if (!slots[at])
            slots[at] = (int32_t)i + 1;
        firsts[i] = slots[at] - 1;
    }
    return PyErr_Occurred() ? -1 : 0;
}

/* Add whether a block is the headline, and how far the others are from it: blocks, and steps up in the tree. */
static void add_headline(Page *page, const Texts *texts, PyObject *headline)
{
    float *is_it = row(page), *distance = row(page);
    Py_ssize_t found = -1;
    int rank = 0;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        int is_headline = PyUnicode_GET_LENGTH(headline) && is_equal(texts->folded[i], headline);
        int is_h1 = page->tag[page->owner[i]] == H1, here = 2 * is_headline + is_h1;
        is_it[i] = (float)is_headline;
        if (here > rank) {
            rank = here;
            found = i;
        }
    }
    for (Py_ssize_t i = 0; i < page->n; i++)
        distance[i] = found < 0 ? 9999.0f : (float)(i - found);
    if (found < 0)
        fill(page, -1);
    else
        add_climbs(page, page->owner[found]);
}

/* Add whether a block begins as the description does, or is a part of it. */
static int add_description(Page *page, const Texts *texts, PyObject *description)
{
    float *out = row(page);
    PyObject *stem = PyUnicode_Substring(description, 0, TOLD);
    if (stem == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        PyObject *text = texts->folded[i];
        Py_ssize_t is_it = 0;
        if (PyUnicode_GET_LENGTH(stem)) {
            is_it = PyUnicode_Tailmatch(text, stem, 0, PY_SSIZE_T_MAX, -1);
            if (!is_it && PyUnicode_GET_LENGTH(text) > 30)
                is_it = PyUnicode_Contains(description, text);
        }
        out[i] = (float)is_it;
    }
    Py_DECREF(stem);
    return PyErr_Occurred() ? -1 : 0;
}

/* Add how often the same text, and the same start of a text, is on the page. */
static int add_copies(Page *page, const Texts *texts)
{
    Py_ssize_t n = page->n;
    PyObject **stems = take(page, n, sizeof *stems);
    int32_t *firsts = take(page, 2 * n, sizeof *firsts), *counts = take(page, 2 * n, sizeof *counts);
    if (stems == NULL || firsts == NULL || counts == NULL)
        return -1;
    int failed = 0;
    for (Py_ssize_t i = 0; i < n && !failed; i++)
        if (PyUnicode_GET_LENGTH(texts->folded[i]) >= STEM)
            failed = (stems[i] = PyUnicode_Substring(texts->folded[i], 0, STEM)) == NULL;
    failed = failed || find_firsts(page, texts->folded, firsts) < 0 || find_firsts(page, stems, firsts + n) < 0;
    for (Py_ssize_t i = 0; i < n; i++)
        Py_XDECREF(stems[i]);
    if (failed)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        counts[firsts[i]]++;
        if (firsts[n + i] >= 0)
            counts[n + firsts[n + i]]++;
    }
    float *copies = row(page), *is_first = row(page), *stem_copies = row(page);
    for (Py_ssize_t i = 0; i < n; i++) {
        copies[i] = (float)counts[firsts[i]];
        is_first[i] = (float)(firsts[i] == i);
        stem_copies[i] = firsts[n + i] < 0 ? 0.0f : (float)counts[n + firsts[n + i]];
    }
    return 0;
}

/* Add whether the block is in JSON-LD's `articleBody`, and how much of that the page shows; -1 where none is declared. */
static int add_declared(Page *page, const Texts *texts, PyObject *body)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(body);
    if (size <= 200) {
        fill(page, -1);
        fill(page, -1);
        fill(page, 0);
        return 0;
    }
    float *inside = row(page);
    double held = 0;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        int is_in = 0;
        if (PyUnicode_GET_LENGTH(texts->folded[i]) >= 12) {
            PyObject *start = PyUnicode_Substring(texts->folded[i], 0, TOLD);
            is_in = start == NULL ? -1 : PyUnicode_Contains(body, start);
            Py_XDECREF(start);
            if (is_in < 0)
                return -1;
        }
        inside[i] = (float)is_in;
        held += is_in * page->chars[i];
    }
    fill(page, held / (double)size);
    fill(page, 1);
    return 0;
}

int add_hints(Page *page, const Texts *texts, const Hints *hints)
{
    add_headline(page, texts, hints->headline);
    if (add_description(page, texts, hints->description) < 0 || add_copies(page, texts) < 0 ||
        add_declared(page, texts, hints->body) < 0)
        return -1;
    fill(page, hints->is_live);
    return 0;
}
