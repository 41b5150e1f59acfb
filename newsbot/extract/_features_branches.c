/* The branch of the tree that each block lies in, the articles, and elements alike; as branches.py and around.py have them. */

#include "_features.h"

/* Find the innermost `article` around each element that holds any text, and its number on the page. */
int find_articles(Page *page)
{
    page->article = take(page, page->m, sizeof *page->article);
    page->number = take(page, page->m, sizeof *page->number);
    if (page->article == NULL || page->number == NULL)
        return -1;
    int32_t count = 0;
    for (int32_t i = 0; i < page->m; i++) {
        int is_one = page->tag[i] == ARTICLE && page->ends[i] > page->starts[i];
        count += is_one;
        page->article[i] = is_one ? i : i ? page->article[page->parent[i]] : -1;
        page->number[i] = is_one ? count : i ? page->number[page->parent[i]] : 0;
    }
    return 0;
}

/* What the children of an element hold, and those of the same name and class together. */
typedef struct {
    double blocks, linked, share, alike, alike_share, density;
} Branch;

/* Write to `which` of each element behind `best` the last child of it that stands before or at it, -1 for none. Returns their
   number; `end` is set to the element behind the last in it. */
static Py_ssize_t find_children(const Page *page, Py_ssize_t best, int32_t *which, int32_t *children, Py_ssize_t *end)
{
    Py_ssize_t count = 0, i = best + 1;
    for (; i < page->m && page->depth[i] > page->depth[best]; i++) {
        if (page->parent[i] == best)
            children[count++] = (int32_t)i;
        which[i] = (int32_t)count - 1;
    }
    *end = i;
    return count;
}

/* Describe the children of an element. `sums` are running sums of characters, those in links, and the mass, n + 1 each. */
static int weigh_children(Page *page, const int32_t *children, Py_ssize_t count, double *sums[3], double total, Branch *out)
{
    double *alike = take(page, 3 * page->signs, sizeof(double));
    if (alike == NULL)
        return -1;
    for (Py_ssize_t k = 0; k < count; k++) {
        Py_ssize_t start = page->starts[children[k]], end = page->ends[children[k]];
        double *same = alike + 3 * page->sign[children[k]];
        same[0] += 1;
        same[1] += sums[0][end] - sums[0][start];
        same[2] += sums[2][end] - sums[2][start];
    }
    for (Py_ssize_t k = 0; k < count; k++) {
        Py_ssize_t start = page->starts[children[k]], end = page->ends[children[k]];
        const double *same = alike + 3 * page->sign[children[k]];
        double chars = sums[0][end] - sums[0][start], linked = sums[1][end] - sums[1][start];
        out[k].blocks = (double)(end - start);
        out[k].share = (sums[2][end] - sums[2][start]) / total;
        out[k].linked = linked / at_least(chars, 1);
        out[k].alike = same[0];
        out[k].alike_share = same[2] / total;
        out[k].density = same[2] / at_least(same[1], 1);
    }
    return 0;
}

/* Add what the children of an element hold, for the one that each block lies in: -1 for blocks that lie in none of them. */
int add_branches(Page *page, const double *mass, Py_ssize_t best)
{
    Py_ssize_t n = page->n, m = page->m, end;
    int32_t *which = take(page, m, sizeof *which), *children = take(page, m, sizeof *children);
    double *sums[3];
    for (int k = 0; k < 3; k++)
        if ((sums[k] = take(page, n + 1, sizeof(double))) == NULL)
            return -1;
    if (which == NULL || children == NULL)
        return -1;
    Py_ssize_t count = find_children(page, best, which, children, &end);
    Branch *branches = take(page, count, sizeof *branches);
    if (branches == NULL)
        return -1;
    run_up(page->chars, n, sums[0]);
    run_up(page->linked_chars, n, sums[1]);
    run_up(mass, n, sums[2]);
    double total = at_least(sum(mass + page->starts[best], page->ends[best] - page->starts[best]), 1e-9);
    if (weigh_children(page, children, count, sums, total, branches) < 0)
        return -1;
    float *out[7];
    for (int k = 0; k < 7; k++)
        out[k] = row(page);
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_ssize_t owner = page->owner[i];
        const Branch *branch = count && owner > best && owner < end && which[owner] >= 0 ? branches + which[owner] : NULL;
        out[0][i] = branch ? (float)(page->depth[owner] - page->depth[best]) : -1.0f;
        out[1][i] = branch ? (float)branch->blocks : -1.0f;
        out[2][i] = branch ? (float)branch->share : -1.0f;
        out[3][i] = branch ? (float)branch->linked : -1.0f;
        out[4][i] = branch ? (float)branch->alike : -1.0f;
        out[5][i] = branch ? (float)branch->alike_share : -1.0f;
        out[6][i] = branch ? (float)branch->density : -1.0f;
    }
    return 0;
}

/* Add whether the `article` around each block is that around an element (-1: there is none), and how many further on it is. */
void add_articles(Page *page, Py_ssize_t best)
{
    float *same = row(page), *order = row(page);
    for (Py_ssize_t i = 0; i < page->n; i++) {
        int32_t around = page->article[page->owner[i]];
        same[i] = around < 0 ? -1.0f : (float)(around == page->article[best]);
        order[i] = (float)(page->number[page->owner[i]] - page->number[best]);
    }
}

/* Add how many headings of the two upper levels stand between a block and each: below 0 where they stand before it. */
void add_headings_since(Page *page, Py_ssize_t first)
{
    float *out = row(page);
    long above = 0, from = 0;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        int32_t tag = page->tag[page->owner[i]];
        above += tag == H1 || tag == H2;
        out[i] = (float)above;
        if (i <= first)
            from = above;
    }
    for (Py_ssize_t i = 0; i < page->n; i++)
        out[i] -= (float)from;
}

/* Write how many elements with as many blocks as two or more are alike each: of one parent, name and class. */
static int count_alike(Page *page, int32_t *alike)
{
    Codes codes;
    int32_t *code = take(page, page->m, sizeof *code), *count = take(page, page->m, sizeof *count);
    if (code == NULL || count == NULL || start_codes(page, &codes, page->m) < 0)
        return -1;
    for (Py_ssize_t i = 1; i < page->m; i++)
        if (page->ends[i] - page->starts[i] >= 2) {
            code[i] = code_of(&codes, (uint64_t)page->parent[i] * (uint64_t)page->signs + (uint64_t)page->sign[i]);
            count[code[i]]++;
        }
    for (Py_ssize_t i = 1; i < page->m; i++)
        if (page->ends[i] - page->starts[i] >= 2)
            alike[i] = count[code[i]];
    return 0;
}

/* Add whether the block lies in one of several elements alike that hold some blocks each: posts, comments, teasers. */
int add_items(Page *page)
{
    int32_t *alike = take(page, page->m, sizeof *alike), *most = take(page, page->m, sizeof *most);
    if (alike == NULL || most == NULL || count_alike(page, alike) < 0)
        return -1;
    /* Of each element the one with most alike among it and its ancestors, the uppermost of those with as many. */
    for (int32_t i = 1; i < page->m; i++) {
        int32_t above = most[page->parent[i]];
        most[i] = alike[i] > alike[above] ? i : above;
    }
    float *count = row(page), *held = row(page), *near = row(page);
    for (Py_ssize_t i = 0; i < page->n; i++) {
        int32_t top = most[page->owner[i]], nearest = 0;
        for (int level = 0; level < 3; level++)
            if (alike[page->levels[level][i]] > nearest)
                nearest = alike[page->levels[level][i]];
        count[i] = (float)alike[top];
        held[i] = alike[top] > 0 ? (float)(page->ends[top] - page->starts[top]) : 0.0f;
        near[i] = (float)nearest;
    }
    return 0;
}
