/* Rows of a page's matrix, and the sums over neighbours, groups and elements; as sheet.py has them, in the same order. */

#include "_features.h"

/* Return the next row of the matrix, of n numbers. */
float *row(Page *page)
{
    Py_ssize_t at = page->filled++;
    return at < page->room ? page->rows + at * page->n : page->spare;
}

/* Add a row of one number for all blocks. */
void fill(Page *page, double value)
{
    float *out = row(page);
    for (Py_ssize_t i = 0; i < page->n; i++)
        out[i] = (float)value;
}

/* Return the sum of n numbers in the order in which numpy adds them up: pairs of halves, and eight sums in parts of up to 128. */
double sum(const double *values, Py_ssize_t n)
{
    if (n < 8) {
        double all = 0.0;
        for (Py_ssize_t i = 0; i < n; i++)
            all += values[i];
        return all;
    }
    if (n > 128) {
        Py_ssize_t half = n / 2;
        half -= half % 8;
        return sum(values, half) + sum(values + half, n - half);
    }
    double part[8];
    Py_ssize_t i;
    for (int k = 0; k < 8; k++)
        part[k] = values[k];
    for (i = 8; i < n - n % 8; i += 8)
        for (int k = 0; k < 8; k++)
            part[k] += values[i + k];
    double all = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    for (; i < n; i++)
        all += values[i];
    return all;
}

/* Write the sums of the first 0, 1 ... n values. */
void run_up(const double *values, Py_ssize_t n, double *sums)
{
    double all = 0.0;
    sums[0] = 0.0;
    for (Py_ssize_t i = 0; i < n; i++)
        sums[i + 1] = all = i ? all + values[i] : values[i];
}

/* Return the sum over the blocks up to `width` places away, of running sums. */
double window(const double *sums, Py_ssize_t n, Py_ssize_t at, Py_ssize_t width)
{
    Py_ssize_t end = at + width + 1 < n ? at + width + 1 : n, start = at > width ? at - width : 0;
    return sums[end] - sums[start];
}

/* Add rows of the values of the blocks 3, 2, 1 before and 1, 2, 3 behind. */
void add_neighbours(Page *page, const double *values, double beyond)
{
    for (Py_ssize_t step = -3; step <= 3; step++) {
        if (!step)
            continue;
        float *out = row(page);
        for (Py_ssize_t i = 0; i < page->n; i++)
            out[i] = (float)(i + step >= 0 && i + step < page->n ? values[i + step] : beyond);
    }
}

/* Add a row of the steps up from an element to one that holds the block, 20 at most. */
void add_climbs(Page *page, Py_ssize_t element)
{
    float *out = row(page);
    Py_ssize_t n = page->n;
    for (Py_ssize_t i = 0; i < n; i++)
        out[i] = 0.0f;
    for (int step = 0; step < 20; step++) {
        Py_ssize_t start = page->starts[element], end = page->ends[element];
        for (Py_ssize_t i = 0; i < n; i++)
            out[i] += i < start || i >= end;
        if (!element)
            break;
        element = page->parent[element];
    }
}

/* Return the element whose children and grandchildren hold most of some mass of text; `room` is for 2 m numbers. */
Py_ssize_t heaviest(const Page *page, const double *mass, double *room)
{
    double *near = room, *far = room + page->m;
    for (Py_ssize_t i = 0; i < 2 * page->m; i++)
        room[i] = 0.0;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        near[page->levels[1][i]] += mass[i];
        far[page->levels[2][i]] += mass[i];
    }
    Py_ssize_t best = 0;
    double most = near[0] + 0.5 * far[0];
    for (Py_ssize_t i = 1; i < page->m; i++) {
        double here = near[i] + 0.5 * far[i];
        if (here > most) {
            best = i;
            most = here;
        }
    }
    return best;
}

/* Write for each block the sum of a value over its group; `room` is for as many numbers as there are groups. */
void sum_groups(const Page *page, int way, const double *values, double *room, double *sums)
{
    const int32_t *codes = page->codes[way];
    for (Py_ssize_t i = 0; i < page->groups; i++)
        room[i] = 0.0;
    for (Py_ssize_t i = 0; i < page->n; i++)
        room[codes[i]] += values[i];
    for (Py_ssize_t i = 0; i < page->n; i++)
        sums[i] = room[codes[i]];
}
