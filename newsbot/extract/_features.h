/* What the files of the module _features share: a page as arrays of numbers, and the sums that its features are made of.

   The same as sheet.py, and in the same order of operations, so that both give the same bits. */

#ifndef NEWSBOT_FEATURES_H
#define NEWSBOT_FEATURES_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* Nothing but the module itself is seen from outside. */
#ifdef __GNUC__
#pragma GCC visibility push(hidden)
#endif

/* Kinds of characters, as letters.py has them. */
enum { SPACE, LOWER, UPPER, LETTER, DIGIT, WIDE, STOP, COMMA, QUOTE, DASH, MARK, OTHER, KINDS };
/* Codes of element names, as sheet.py has them. */
enum { H1 = 5, H2 = 6, H6 = 10, ARTICLE = 20 };
/* Bits of Tables.signs above the kind: part of a word (wordings.py), kept where texts are compared (hinted.py). */
enum { KIND_BITS = 15, IN_WORD = 16, IS_KEPT = 32 };
/* Ways of grouping blocks, and levels of elements around a block, as sheet.py has them. */
enum { WAYS = 4, LEVELS = 4 };

typedef struct {
    int32_t start, size; /* of the word in Lexicon.letters */
    int64_t bits;
} Word;

/* Words with bits: open addressing; `mask` is one less than the number of places. Hashes lie apart from the words, for most words that
   are looked up are not there, and hashes alone fit the nearest cache. */
typedef struct {
    uint32_t *hashes; /* 0 where the place is free */
    Word *words;
    size_t mask;
    Py_UCS4 *letters;
    Py_ssize_t longest; /* word */
} Lexicon;

/* What does not change from page to page. */
typedef struct {
    /* Of each character of the Basic Multilingual Plane: kind and bits; small letter and letter for comparing, 0 where that is not
       one of the plane, or depends on others. */
    uint8_t signs[0x10000];
    uint16_t small[0x10000], folded[0x10000];
    const Lexicon *words;
    PyObject *lexicon, *tags; /* the capsule of the words; a dict of codes by element name */
    int marks, wordings; /* how many bits a mark has, and the words of a block */
} Tables;

typedef struct Chunk Chunk;

/* A page: m elements, n blocks. All arrays are the page's own and go with it. */
typedef struct {
    Chunk *chunks;
    Py_ssize_t m, n, signs;
    /* (m) */
    int32_t *parent, *depth, *starts, *ends, *sign, *tag;
    int32_t *article, *number; /* the innermost `article` around each element, -1 for none, and its number */
    int64_t *mark;
    /* (n) levels: the elements around each block: owner, parent, grandparent, its parent. */
    int32_t *owner, *place, *levels[LEVELS], *codes[WAYS];
    int32_t groups; /* more than any way has */
    double *chars, *words, *linked, *strong, *good;
    double *linked_chars;
    /* The matrix being filled: `room` rows of n, of which so many are filled; what is beyond goes to the spare one. */
    float *rows, *spare;
    Py_ssize_t room, filled;
} Page;

/* What the texts of a page's blocks say; (n) each. */
typedef struct {
    double (*kinds)[KINDS];
    double *capitals;
    uint8_t *first, *last; /* kind of the first and the last character */
    int64_t *starts, *says; /* concepts of the first words, and of all */
    double *count;          /* words that tell any */
    PyObject **folded;      /* letters and digits in lower case; references of its own */
} Texts;

/* What the metadata says, folded. */
typedef struct {
    PyObject *headline, *description, *body;
    int is_live;
} Hints;

/* _features_page.c. Functions that return int return -1 with an exception set, and else 0; pointers are NULL then. */
void *take(Page *page, Py_ssize_t count, size_t size);
void forget_since(Page *page, const Chunk *kept);
void forget_page(Page *page);
int read_elements(Page *page, PyObject *lists, PyObject *tags);
int read_blocks(Page *page, PyObject *runs, double *others[5]);
int group_blocks(Page *page);
long number_in(PyObject *item, long least, long most);

/* Codes for keys: equal for equal ones, from 0 up in the order in which they come. */
typedef struct {
    uint64_t *keys;
    int32_t *codes;
    size_t mask;
    int32_t count;
} Codes;
int start_codes(Page *page, Codes *codes, Py_ssize_t most);
int32_t code_of(Codes *codes, uint64_t key);

/* _features_sums.c */
float *row(Page *page);
void fill(Page *page, double value);
double sum(const double *values, Py_ssize_t n);
void run_up(const double *values, Py_ssize_t n, double *sums);
double window(const double *sums, Py_ssize_t n, Py_ssize_t at, Py_ssize_t width);
void add_neighbours(Page *page, const double *values, double beyond);
void add_climbs(Page *page, Py_ssize_t element);
Py_ssize_t heaviest(const Page *page, const double *mass, double *room);
void sum_groups(const Page *page, int way, const double *values, double *room, double *sums);

/* _features_words.c */
const Lexicon *lexicon_in(PyObject *capsule);
PyObject *make_lexicon(PyObject *self, PyObject *words);
PyObject *tags_with(PyObject *self, PyObject *args);
int64_t bits_of(const Lexicon *lexicon, const Py_UCS4 *word, Py_ssize_t size, uint32_t hash);

/* _features_bytes.c */
PyObject *is_utf8(PyObject *self, PyObject *args);

/* _features_marks.c */
PyObject *make_marks(PyObject *self, PyObject *args);

/* _features_branches.c */
int find_articles(Page *page);
int add_branches(Page *page, const double *mass, Py_ssize_t best);
void add_articles(Page *page, Py_ssize_t best);
int add_items(Page *page);
void add_headings_since(Page *page, Py_ssize_t first);

/* _features_texts.c, _features_hints.c, _features_first.c, _features_second.c */
PyObject *fold(PyObject *text, const Tables *tables, Py_ssize_t longest);
int read_texts(Page *page, PyObject *runs, const Tables *tables, Texts *texts);
int add_hints(Page *page, const Texts *texts, const Hints *hints);
int add_first(Page *page, const Tables *tables, const Texts *texts, double *others[5], const Hints *hints);
int add_second(Page *page, const double *first);

/* Return the hash of a word one letter longer. */
static inline uint32_t hash_on(uint32_t hash, Py_UCS4 c)
{
    return (hash ^ c) * 0x9E3779B1u;
}

static inline double at_least(double value, double least)
{
    return value > least ? value : least;
}

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#endif
