/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tn3270e/rows.h"

void
rows_init(struct rows *r)
{
	*r = (struct rows){ .n = 0 };
	con_init(&r->con);
}

void
rows_fini(struct rows *r)
{
	con_fini(&r->con);
	free(r->ends);
	*r = (struct rows){ .n = 0 };
}

static bool
room_for(struct rows *r, unsigned more)
{
	unsigned cap = r->cap == 0 ? 16 : r->cap;
	unsigned *ends;

	while (cap < r->n + more)
		cap *= 2;
	if (cap == r->cap)
		return true;
	ends = realloc(r->ends, cap * sizeof(*ends));
	if (ends == NULL)
		return false;
	r->ends = ends;
	r->cap = cap;
	return true;
}

void
rows_add(struct rows *r, const struct con *entry)
{
	if (room_for(r, 1) && con_append(&r->con, entry, entry->lines) != 0)
		r->ends[r->n++] = r->con.lines;
}

void
rows_merge(struct rows *to, const struct rows *from)
{
	unsigned at = to->con.lines;

	if (from->n == 0 || !room_for(to, from->n) ||
	    con_append(&to->con, &from->con, from->con.lines) == 0)
		return;
	for (unsigned i = 0; i < from->n; i++)
		to->ends[to->n++] = at + from->ends[i];
}

bool
rows_fit(struct rows_room *m, unsigned lines)
{
	m->full = m->full || (m->entries != 0 && m->lines + lines > m->most);
	if (m->full)
		return false;
	m->entries++;
	m->lines += lines;
	return true;
}

void
rows_print(const struct rows *r, struct rows_room *m, struct con *to)
{
	unsigned end = 0;

	for (unsigned i = 0; i < r->n && rows_fit(m, r->ends[i] - end); i++)
		end = r->ends[i];
	(void)con_append(to, &r->con, end);
}
