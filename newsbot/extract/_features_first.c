/* The rows of the first model's matrix, in the order of features.py and around.py, and by the same arithmetic. */

#include "_features.h"

/* Numbers of the whole page that several groups of features divide by, and the running sums of (n) characters and good text. */
typedef struct {
    double total, good_total;
    double *chars, *good, *linked; /* (n + 1) */
} Whole;

/* Work out shares of link text and bold type, and which blocks read like running text. */
static int weigh(Page *page, const Texts *texts, double *others[5])
{
    page->linked = take(page, page->n, sizeof(double));
    page->strong = take(page, page->n, sizeof(double));
    page->good = take(page, page->n, sizeof(double));
    page->linked_chars = take(page, page->n, sizeof(double));
    if (!page->linked || !page->strong || !page->good || !page->linked_chars)
        return -1;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        double chars = page->chars[i], some = at_least(chars, 1), linked = others[0][i] / some;
        linked = linked < 1 ? linked : 1;
        int reads = page->words[i] >= 8 && linked < 0.5 && (texts->kinds[i][STOP] > 0 || page->words[i] >= 25);
        page->linked[i] = linked;
        page->strong[i] = others[1][i] / some;
        page->good[i] = reads ? chars * (1 - linked) : 0.0;
        page->linked_chars[i] = chars * linked;
    }
    return 0;
}

enum { TEXT_ROWS = 23 };

static void add_text(Page *page, const Texts *texts, double *others[5])
{
    float *out[TEXT_ROWS];
    for (int k = 0; k < TEXT_ROWS; k++)
        out[k] = row(page);
    for (Py_ssize_t i = 0; i < page->n; i++) {
        const double *kind = texts->kinds[i];
        double chars = page->chars[i], words = page->words[i], some = at_least(chars, 1), any = at_least(words, 1);
        double letters = at_least(kind[LOWER] + kind[UPPER] + kind[LETTER] + kind[WIDE], 1);
        int last = texts->last[i];
        const double values[TEXT_ROWS] = {
            chars, words, page->linked[i], others[3][i], page->strong[i], others[2][i] / some, others[4][i], letters / any,
            kind[STOP], words / (kind[STOP] + 1), kind[COMMA] / any, kind[DIGIT] / some, kind[UPPER] / letters,
            texts->capitals[i] / any, kind[QUOTE] / any, kind[DASH] / any, kind[MARK] / any, kind[OTHER] / some,
            kind[SPACE] / some, kind[WIDE] / letters, last == STOP || (last == QUOTE && kind[STOP] > 0), last == COMMA,
            texts->first[i],
        };
        for (int k = 0; k < TEXT_ROWS; k++)
            out[k][i] = (float)values[k];
    }
}

static void add_tags(Page *page)
{
    float *own = row(page), *parent = row(page), *place = row(page), *depth = row(page), *deeper = row(page);
    for (Py_ssize_t i = 0; i < page->n; i++) {
        int32_t owner = page->owner[i], deepest = page->place[i];
        own[i] = (float)page->tag[owner];
        parent[i] = (float)page->tag[page->parent[owner]];
        place[i] = deepest == owner ? -1.0f : (float)page->tag[deepest];
        depth[i] = (float)page->depth[owner];
        deeper[i] = (float)(page->depth[deepest] - page->depth[owner]);
    }
}

/* Add a row for each of some bits of n numbers, the lowest first. */
static void add_bits(Page *page, const int64_t *values, int bits)
{
    for (int bit = 0; bit < bits; bit++) {
        float *out = row(page);
        for (Py_ssize_t i = 0; i < page->n; i++)
            out[i] = (float)(int32_t)(values[i] >> bit & 1);
    }
}

/* Add what the elements around say: near ones (block to grandparent of its place) and all of them. */
static int add_marks(Page *page, int bits)
{
    int64_t *every = take(page, page->m, sizeof *every), *near = take(page, 2 * page->n, sizeof *near);
    if (every == NULL || near == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < page->m; i++)
        every[i] = page->mark[i] | every[page->parent[i]];
    int64_t *all = near + page->n;
    for (Py_ssize_t i = 0; i < page->n; i++) {
        int32_t owner = page->owner[i], inner = page->place[i];
        near[i] = page->mark[owner] | page->mark[page->parent[owner]] | page->mark[inner];
        while (inner > owner) {
            inner = page->parent[inner];
            near[i] |= page->mark[inner];
        }
        all[i] = every[page->place[i]];
    }
    add_bits(page, near, bits);
    add_bits(page, all, bits);
    return 0;
}

static int sum_up(Page *page, Whole *whole)
{
    Py_ssize_t n = page->n;
    whole->chars = take(page, n + 1, sizeof(double));
    whole->good = take(page, n + 1, sizeof(double));
    whole->linked = take(page, n + 1, sizeof(double));
    if (!whole->chars || !whole->good || !whole->linked)
        return -1;
    run_up(page->chars, n, whole->chars);
    run_up(page->good, n, whole->good);
    run_up(page->linked_chars, n, whole->linked);
    whole->total = at_least(sum(page->chars, n), 1);
    whole->good_total = at_least(sum(page->good, n), 1);
    return 0;
}

/* Add where in the page's text the block stands, and what its neighbours are like. */
static void add_surroundings(Page *page, const Whole *whole)
{
    Py_ssize_t n = page->n;
    float *index = row(page), *share = row(page), *blocks = row(page), *before = row(page), *good_before = row(page);
    for (Py_ssize_t i = 0; i < n; i++) {
        index[i] = (float)i;
        share[i] = (float)((double)i / (double)n);
        blocks[i] = (float)n;
        before[i] = (float)((whole->chars[i + 1] - page->chars[i]) / whole->total);
        good_before[i] = (float)((whole->good[i + 1] - page->good[i]) / whole->good_total);
    }
    fill(page, whole->good_total);
    fill(page, whole->good_total / whole->total);
    add_neighbours(page, page->chars, -1);
    add_neighbours(page, page->linked, -1);
    add_neighbours(page, page->good, -1);
    for (int which = 0; which < 2; which++) {
        float *last = row(page), *next = row(page);
        for (Py_ssize_t i = 0; i < n; i++)
            last[i] = next[i] = 0.0f;
        for (Py_ssize_t i = 1; i < n; i++) {
            int32_t a = page->owner[i - 1], b = page->owner[i];
            last[i] = next[i - 1] =
                which ? (float)(page->parent[a] == page->parent[b]) : (float)(page->tag[a] == page->tag[b]);
        }
    }
    for (int width = 3; width <= 8; width += 5) {
        float *out = row(page);
        for (Py_ssize_t i = 0; i < n; i++)
            out[i] = (float)(window(whole->good, n, i, width) / at_least(window(whole->chars, n, i, width), 1));
    }
}

/* Add what the elements around hold. */
static void add_containers(Page *page, const Whole *whole)
{
    for (int level = 0; level < LEVELS; level++) {
        int is_placed = level == 1 || level == 2;
        float *out[7];
        for (int k = 0; k < 5 + 2 * is_placed; k++)
            out[k] = row(page);
        for (Py_ssize_t i = 0; i < page->n; i++) {
            Py_ssize_t start = page->starts[page->levels[level][i]], end = page->ends[page->levels[level][i]];
            double chars = whole->chars[end] - whole->chars[start], count = (double)(end - start);
            out[0][i] = (float)count;
            out[1][i] = (float)((whole->linked[end] - whole->linked[start]) / at_least(chars, 1));
            out[2][i] = (float)(chars / whole->total);
            out[3][i] = (float)((whole->good[end] - whole->good[start]) / whole->good_total);
            out[4][i] = (float)(chars / at_least(count, 1));
            if (is_placed) {
                out[5][i] = (float)(i - start);
                out[6][i] = (float)(end - start - (i - start));
            }
        }
    }
}

/* Add what blocks of the same kind hold. */
static int add_like(Page *page, const Whole *whole)
{
    Py_ssize_t n = page->n;
    double *sums[4], *room = take(page, page->groups, sizeof(double)), *ones = take(page, n, sizeof(double));
    for (int k = 0; k < 4; k++)
        if ((sums[k] = take(page, n, sizeof(double))) == NULL)
            return -1;
    if (room == NULL || ones == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++)
        ones[i] = 1.0;
    const double *values[4] = {ones, page->chars, page->good, page->linked_chars};
    for (int way = 0; way < WAYS; way++) {
        for (int k = 0; k < 4; k++)
            sum_groups(page, way, values[k], room, sums[k]);
        float *blocks = row(page), *share = row(page), *good = row(page), *linked = row(page), *mean = row(page);
        for (Py_ssize_t i = 0; i < n; i++) {
            double chars = sums[1][i];
            blocks[i] = (float)sums[0][i];
            share[i] = (float)(chars / whole->total);
            good[i] = (float)(sums[2][i] / whole->good_total);
            linked[i] = (float)(sums[3][i] / at_least(chars, 1));
            mean[i] = (float)(chars / sums[0][i]);
        }
    }
    return 0;
}

/* Add where the block stands to the element whose children and grandchildren hold most of the running text. */
static int add_best_container(Page *page)
{
    Py_ssize_t n = page->n;
    double *room = take(page, 2 * page->m, sizeof(double));
    if (room == NULL)
        return -1;
    Py_ssize_t best = heaviest(page, page->good, room), start = page->starts[best], end = page->ends[best];
    Py_ssize_t first = start, last = end;
    while (first < end && !(page->good[first] > 0))
        first++;
    if (first < end)
        while (!(page->good[--last] > 0))
            ;
    else
        first = start;
    add_climbs(page, best);
    fill(page, sum(page->good + start, end - start) / at_least(sum(page->good, n), 1e-9));
    float *from_first = row(page), *from_last = row(page), *is_parent = row(page), *is_grand = row(page);
    for (Py_ssize_t i = 0; i < n; i++) {
        from_first[i] = (float)(i - first);
        from_last[i] = (float)(i - last);
        is_parent[i] = (float)(page->levels[1][i] == best);
        is_grand[i] = (float)(page->levels[2][i] == best);
    }
    if (add_branches(page, page->good, best) < 0)
        return -1;
    add_articles(page, best);
    add_headings_since(page, first);
    return 0;
}

/* Add what the words of short blocks tell, and those of the heading above. */
static int add_wordings(Page *page, const Texts *texts, int bits)
{
    Py_ssize_t n = page->n;
    int64_t *under = take(page, n, sizeof *under);
    Py_ssize_t *above = take(page, n, sizeof *above), heading = -1;
    double *tells = take(page, n + 1, sizeof *tells), *said = take(page, n + 1, sizeof *said);
    if (under == NULL || above == NULL || tells == NULL || said == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        int32_t tag = page->tag[page->owner[i]];
        above[i] = heading;
        under[i] = heading < 0 ? 0 : texts->says[heading];
        if ((tag >= H1 && tag <= H6) || (page->strong[i] > 0.9 && page->words[i] < 10))
            heading = i;
    }
    add_bits(page, texts->starts, bits);
    add_bits(page, texts->says, bits);
    add_bits(page, under, bits);
    run_up(texts->count, n, tells);
    run_up(page->words, n, said);
    float *telling = row(page), *from = row(page), *words = row(page), *tag = row(page), *around = row(page);
    for (Py_ssize_t i = 0; i < n; i++) {
        telling[i] = (float)(texts->count[i] / at_least(page->words[i], 1));
        from[i] = above[i] < 0 ? 999.0f : (float)(i - above[i]);
        words[i] = above[i] < 0 ? -1.0f : (float)page->words[above[i]];
        tag[i] = above[i] < 0 ? -1.0f : (float)page->tag[page->owner[above[i]]];
        around[i] = (float)(window(tells, n, i, 3) / at_least(window(said, n, i, 3), 1));
    }
    return 0;
}

/* Add all rows of the first model; `others` are the blocks' numbers as read_blocks gives them. */
int add_first(Page *page, const Tables *tables, const Texts *texts, double *others[5], const Hints *hints)
{
    Whole whole = {0};
    if (weigh(page, texts, others) < 0 || sum_up(page, &whole) < 0 || find_articles(page) < 0)
        return -1;
    add_text(page, texts, others);
    add_tags(page);
    if (add_marks(page, tables->marks) < 0)
        return -1;
    add_surroundings(page, &whole);
    add_containers(page, &whole);
    if (add_like(page, &whole) < 0 || add_best_container(page) < 0 || add_wordings(page, texts, tables->wordings) < 0 ||
        add_items(page) < 0)
        return -1;
    return add_hints(page, texts, hints);
}
