/* The rows of the second model's matrix, in the order of second.py, and by the same arithmetic. */

#include "_features.h"

/* Numbers of the blocks, (n): the weight of each, and the first model's probability times it; (n + 1): their running sums. */
typedef struct {
    const double *first;
    double *mass, *weight, *mass_sums, *weight_sums;
    double total;
} Second;

static int weigh(Page *page, const double *first, Second *second)
{
    Py_ssize_t n = page->n;
    second->first = first;
    second->mass = take(page, n, sizeof(double));
    second->weight = take(page, n, sizeof(double));
    second->mass_sums = take(page, n + 1, sizeof(double));
    second->weight_sums = take(page, n + 1, sizeof(double));
    if (!second->mass || !second->weight || !second->mass_sums || !second->weight_sums)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        /* Five characters more, so that short blocks count too. */
        second->weight[i] = page->chars[i] + 5.0;
        second->mass[i] = first[i] * second->weight[i];
    }
    run_up(second->mass, n, second->mass_sums);
    run_up(second->weight, n, second->weight_sums);
    second->total = at_least(sum(second->mass, n), 1e-9);
    return 0;
}

/* Return the mean probability of the other blocks of a group, -1 where there are none. */
static double mean_of_others(double mass_sum, double mass, double weight_sum, double weight)
{
    double rest = weight_sum - weight;
    return rest > 1e-6 ? (mass_sum - mass) / at_least(rest, 1e-9) : -1.0;
}

static void add_near(Page *page, const Second *second)
{
    Py_ssize_t n = page->n;
    float *own = row(page);
    for (Py_ssize_t i = 0; i < n; i++)
        own[i] = (float)second->first[i];
    add_neighbours(page, second->first, 0);
    static const int widths[] = {2, 5, 12};
    for (int k = 0; k < 3; k++) {
        float *out = row(page);
        for (Py_ssize_t i = 0; i < n; i++) {
            double mass = window(second->mass_sums, n, i, widths[k]) - second->mass[i];
            double weight = window(second->weight_sums, n, i, widths[k]) - second->weight[i];
            out[i] = (float)(mass / at_least(weight, 1e-9));
        }
    }
}

static void add_page(Page *page, const Second *second)
{
    float *before = row(page);
    Py_ssize_t high = 0;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        before[i] = (float)((second->mass_sums[i + 1] - second->mass[i]) / second->total);
        high += second->first[i] > 0.5;
    }
    fill(page, second->total);
    fill(page, second->total / sum(second->weight, page->n));
    fill(page, (double)high);
}

static int add_like(Page *page, const Second *second)
{
    Py_ssize_t n = page->n;
    double *room = take(page, page->groups, sizeof(double));
    double *mass = take(page, n, sizeof(double)), *weight = take(page, n, sizeof(double));
    if (room == NULL || mass == NULL || weight == NULL)
        return -1;
    for (int way = 0; way < WAYS; way++) {
        sum_groups(page, way, second->mass, room, mass);
        sum_groups(page, way, second->weight, room, weight);
        float *mean = row(page), *share = row(page);
        for (Py_ssize_t i = 0; i < n; i++) {
            mean[i] = (float)mean_of_others(mass[i], second->mass[i], weight[i], second->weight[i]);
            share[i] = (float)(mass[i] / second->total);
        }
    }
    return 0;
}

static void add_elements(Page *page, const Second *second)
{
    for (int level = 0; level < LEVELS; level++) {
        /* All that the owner holds is of its own: it has no mean of others. */
        float *mean = level ? row(page) : page->spare, *share = row(page);
        for (Py_ssize_t i = 0; i < page->n; i++) {
            Py_ssize_t start = page->starts[page->levels[level][i]], end = page->ends[page->levels[level][i]];
            double mass = second->mass_sums[end] - second->mass_sums[start];
            double weight = second->weight_sums[end] - second->weight_sums[start];
            mean[i] = (float)mean_of_others(mass, second->mass[i], weight, second->weight[i]);
            share[i] = (float)(mass / second->total);
        }
    }
}

static int add_best(Page *page, const Second *second)
{
    double *room = take(page, 2 * page->m, sizeof(double));
    if (room == NULL)
        return -1;
    Py_ssize_t best = heaviest(page, second->mass, room), start = page->starts[best], count = page->ends[best] - start;
    double inside = sum(second->mass + start, count);
    add_climbs(page, best);
    fill(page, inside / second->total);
    fill(page, inside / at_least(sum(second->weight + start, count), 1e-9));
    float *is_parent = row(page);
    for (Py_ssize_t i = 0; i < page->n; i++)
        is_parent[i] = (float)(page->levels[1][i] == best);
    if (add_branches(page, second->mass, best) < 0)
        return -1;
    add_articles(page, best);
    return 0;
}

/* Add how the block lies to the stretch of blocks with the largest sum of probability above 0.4. */
static int add_stretch(Page *page, const Second *second)
{
    Py_ssize_t n = page->n, start = 0, end = 0;
    double *sums = take(page, n + 1, sizeof(double)), *above = take(page, n, sizeof(double));
    if (sums == NULL || above == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++)
        above[i] = (second->first[i] - 0.4) * second->weight[i];
    run_up(above, n, sums);
    double least = sums[0], most = 0.0;
    for (Py_ssize_t i = 0; i <= n; i++) {
        least = sums[i] < least ? sums[i] : least;
        if (sums[i] - least > most) {
            most = sums[i] - least;
            end = i;
        }
    }
    for (Py_ssize_t i = 1; i <= end; i++)
        if (sums[i] < sums[start])
            start = i;
    double inside = sum(second->mass + start, end - start);
    float *from = row(page), *to = row(page);
    for (Py_ssize_t i = 0; i < n; i++) {
        from[i] = (float)(i - start);
        to[i] = (float)(i - (end - 1));
    }
    fill(page, inside / second->total);
    fill(page, inside / at_least(sum(second->weight + start, end - start), 1e-9));
    return 0;
}

/* Add how many blocks, and how much text, lie between the block and the nearest sure text before and behind. */
static void add_distances(Page *page, const Second *second)
{
    const double *sums = second->weight_sums, sure = 0.6, far = 999.0;
    Py_ssize_t n = page->n, before = -1, behind = n;
    float *since = row(page), *until = row(page), *weight_since = row(page), *weight_until = row(page);
    for (Py_ssize_t i = 0; i < n; i++) {
        since[i] = (float)(before < 0 ? far : (double)(i - before));
        weight_since[i] = (float)(before < 0 ? -1.0 : sums[i] - sums[before + 1]);
        if (second->first[i] > sure)
            before = i;
    }
    for (Py_ssize_t i = n - 1; i >= 0; i--) {
        until[i] = (float)(behind >= n ? far : (double)(behind - i));
        weight_until[i] = (float)(behind >= n ? -1.0 : sums[behind] - sums[i + 1]);
        if (second->first[i] > sure)
            behind = i;
    }
}

/* Add all rows of the second model to those of the first, given the first one's probabilities. */
int add_second(Page *page, const double *first)
{
    Second second = {0};
    if (weigh(page, first, &second) < 0)
        return -1;
    add_near(page, &second);
    add_page(page, &second);
    if (add_like(page, &second) < 0)
        return -1;
    add_elements(page, &second);
    if (add_best(page, &second) < 0 || add_stretch(page, &second) < 0)
        return -1;
    add_distances(page, &second);
    return 0;
}
