/* SPDX-License-Identifier: Apache-2.0
 *
 * rows.h - a list for the operator, cut between its entries and nowhere else.
 *
 * An entry is what is said of one client: a row, two, or the page of DETAIL.
 * Workers make their parts, the SNA thread puts them together: MAX= counts
 * lines, but half an entry would be read as belonging to the next.
 *
 * Memory:  malloc, up to CON_MAX bytes of text; off the data path.
 * Errors:  what does not fit is left out; the caller counts what it found.
 */
#ifndef TN3270E_ROWS_H
#define TN3270E_ROWS_H

#include "base/con.h"

struct rows {
	struct con con;
	unsigned *ends;         /* lines up to each entry's end */
	unsigned n, cap;        /* entries */
};

void     rows_init(struct rows *);
void     rows_fini(struct rows *);
void     rows_add(struct rows *, const struct con *entry);
void     rows_merge(struct rows *to, const struct rows *from);
/* What a list has room for, and has got. */
struct rows_room {
	unsigned most;          /* lines */
	unsigned lines, entries;
	bool full;              /* one did not fit: no later one is taken */
};
/* Whether an entry of so many lines fits; then it is counted. The first always does: MAX=
 * below its length would show nothing of anybody. */
bool     rows_fit(struct rows_room *, unsigned lines);
void     rows_print(const struct rows *, struct rows_room *, struct con *to);

#endif
