/* Whether a page's bytes are text in UTF-8: all that is asked of most pages, whose text in Python takes twice the room of the bytes. */

#include "_features.h"

/* Of so many bytes at a time it is looked whether all are ASCII: the compiler makes a few comparisons of it. */
enum { STRETCH = 64 };

/* Return the length of the well-formed sequence that begins with a byte (Unicode, table 3-7), 0 where none does. */
static Py_ssize_t sequence_at(const unsigned char *at, Py_ssize_t left)
{
    unsigned char first = at[0];
    if (first < 0x80)
        return 1;
    Py_ssize_t size = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (!size || left < size)
        return 0;
    unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < least || at[1] > most)
        return 0;
    for (Py_ssize_t place = 2; place < size; place++)
        if ((at[place] & 0xC0) != 0x80)
            return 0;
    return size;
}

/* is_utf8(page) -> whether bytes can be decoded as UTF-8. */
PyObject *is_utf8(PyObject *self, PyObject *args)
{
    const char *page;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "y#", &page, &size))
        return NULL;
    const unsigned char *at = (const unsigned char *)page, *end = at + size;
    while (at < end) {
        if (end - at >= STRETCH) {
            unsigned char any = 0;
            for (int i = 0; i < STRETCH; i++)
                any |= at[i];
            if (any < 0x80) {
                at += STRETCH;
                continue;
            }
        }
        const unsigned char *stop = end - at < STRETCH ? end : at + STRETCH;
        while (at < stop) {
            Py_ssize_t length = sequence_at(at, end - at);
            if (!length)
                Py_RETURN_FALSE;
            at += length;
        }
    }
    Py_RETURN_TRUE;
}
