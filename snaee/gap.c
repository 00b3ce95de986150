/* SPDX-License-Identifier: Apache-2.0
 *
 * gap.c - reorder store.
 *
 * A retransmission may be cut otherwise than the first transmission was, so a
 * piece that comes may overlap what is there. What is there stays; of the new
 * piece the bytes from its front on are kept that nobody has yet. Bytes behind
 * a piece already stored are given up: they were not told to the sender, so
 * they come again.
 *
 * Pieces that touch are one run: behind a single loss thousands of packets are
 * one entry, and what fills the hole joins two.
 */
#include <string.h>

#include "snaee/gap.h"

static uint32_t
end_of(const struct buf *b)
{
	return b->mark + b->len;
}

static void
link_to(struct buf *b, struct buf *next)
{
	b->link.stqe_next = next;
}

void
gap_init(struct gap *g, uint32_t max_bytes, struct pool *tables)
{
	g->tables = tables;
	g->run = g->few;
	g->room = GAP_FEW;
	g->n = g->runs = 0;
	g->bytes = 0;
	g->max_bytes = max_bytes;
}

/* Index of the first run that ends behind seq. */
static uint32_t
find(const struct gap *g, uint32_t seq)
{
	uint32_t lo = 0, hi = g->runs;

	if (hi > 0 && !seq_before(seq, g->run[hi - 1].end))
		return hi;              /* mostly: behind all */
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (seq_before(seq, g->run[mid].end))
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

static void
table_back(struct gap *g)
{
	if (g->run != g->few)
		pool_put(g->tables, g->run);
	g->run = g->few;
	g->room = GAP_FEW;
}

static bool
table(struct gap *g)
{
	struct gap_table *t = g->run == g->few && g->tables != NULL ? pool_get(g->tables) : NULL;

	if (t == NULL)
		return false;
	memcpy(t->run, g->few, sizeof(g->few));
	g->run = t->run;
	g->room = GAP_RUNS;
	return true;
}

static void
run_remove(struct gap *g, uint32_t i)
{
	g->runs--;
	memmove(&g->run[i], &g->run[i + 1], (g->runs - i) * sizeof(g->run[0]));
	if (g->runs == 0)
		table_back(g);
}

/* b touches no run. False: no room for another. */
static bool
run_insert(struct gap *g, uint32_t i, struct buf *b)
{
	if (g->runs == g->room && !table(g))
		return false;
	memmove(&g->run[i + 1], &g->run[i], (g->runs - i) * sizeof(g->run[0]));
	g->run[i] = (struct gap_run){ b->mark, end_of(b), b, b };
	g->runs++;
	return true;
}

/* Into the run before place i, the one at it, both (they become one), or a new one. */
static bool
place(struct gap *g, uint32_t i, struct buf *b)
{
	struct gap_run *prev = i > 0 && g->run[i - 1].end == b->mark ? &g->run[i - 1] : NULL;
	struct gap_run *next = i < g->runs && g->run[i].begin == end_of(b) ? &g->run[i] : NULL;

	link_to(b, NULL);
	if (prev != NULL) {
		link_to(prev->last, b);
		prev->last = b;
		prev->end = end_of(b);
		if (next == NULL)
			return true;
		link_to(b, next->first);
		prev->last = next->last;
		prev->end = next->end;
		run_remove(g, i);
		return true;
	}
	if (next == NULL)
		return run_insert(g, i, b);
	link_to(b, next->first);
	next->first = b;
	next->begin = b->mark;
	return true;
}

enum gap_put
gap_put(struct gap *g, uint32_t begin, uint8_t flags, struct buf *b)
{
	uint32_t i = find(g, begin);

	if (i < g->runs && !seq_before(begin, g->run[i].begin)) {
		uint32_t have = g->run[i].end - begin;

		if (have >= b->len) {
			buf_free(b);
			return GAP_DUPLICATE;
		}
		(void)buf_pull(b, have);
		begin += have;
		flags &= (uint8_t)~GAP_SOM;
		i++;
	}
	if (i < g->runs && seq_before(g->run[i].begin, begin + b->len)) {
		buf_trim(b, g->run[i].begin - begin);
		flags &= (uint8_t)~(GAP_EOM | GAP_LM);
	}
	b->mark = begin;
	b->note = flags;
	if (g->bytes + b->size > g->max_bytes || !place(g, i, b)) {
		buf_free(b);
		return GAP_FULL;
	}
	g->n++;
	g->bytes += b->size;
	return GAP_STORED;
}

void
gap_pop(struct gap *g)
{
	struct gap_run *r = &g->run[0];

	g->bytes -= g->front_size;
	g->n--;
	r->first = g->behind;
	if (r->first == NULL)
		run_remove(g, 0);
	else
		r->begin = r->first->mark;
}

static void
look(struct gap *g)
{
	struct buf *b = g->run[0].first;

	g->behind = STAILQ_NEXT(b, link);
	g->front_size = b->size;
	g->front = (struct gap_piece){ b, b->mark, (uint8_t)b->note };
}

struct gap_piece *
gap_peek(struct gap *g, uint32_t seq)
{
	while (g->runs > 0) {
		struct buf *b = g->run[0].first;

		if (seq_before(seq, b->mark))
			return NULL;
		if (seq_before(seq, end_of(b))) {
			if (b->mark != seq)
				b->note &= ~GAP_SOM;
			(void)buf_pull(b, seq - b->mark);
			b->mark = g->run[0].begin = seq;
			look(g);
			return &g->front;
		}
		look(g);
		gap_pop(g);
		buf_free(b);
	}
	return NULL;
}

unsigned
gap_spans(const struct gap *g, struct absp *span, unsigned max)
{
	unsigned n = 0;

	for (; n < g->runs && n < max; n++)
		span[n] = (struct absp){ g->run[n].begin, g->run[n].end };
	return n;
}

void
gap_drop(struct gap *g)
{
	for (uint32_t i = 0; i < g->runs; i++)
		for (struct buf *b = g->run[i].first, *next; b != NULL; b = next) {
			next = STAILQ_NEXT(b, link);
			buf_free(b);
		}
	table_back(g);
	g->n = g->runs = 0;
	g->bytes = 0;
}
