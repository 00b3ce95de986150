/* SPDX-License-Identifier: Apache-2.0
 *
 * gap.c - reorder store.
 *
 * A retransmission may be cut otherwise than the first transmission was, so a
 * piece that comes may overlap what is there. What is there stays; of the new
 * piece the bytes from its front on are kept that nobody has yet. Bytes behind
 * a piece already stored are given up: they were not told to the sender, so
 * they come again.
 */
#include <string.h>

#include "snaee/gap.h"

static uint32_t
end_of(const struct gap_piece *p)
{
	return p->begin + p->b->len;
}

void
gap_init(struct gap *g, uint32_t max_bytes)
{
	g->n = 0;
	g->bytes = 0;
	g->max_bytes = max_bytes;
}

/* Index of the first piece that ends behind seq. */
static uint32_t
find(const struct gap *g, uint32_t seq)
{
	uint32_t lo = 0, hi = g->n;

	if (hi > 0 && !seq_before(seq, end_of(&g->piece[hi - 1])))
		return hi;              /* mostly: behind all */
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (seq_before(seq, end_of(&g->piece[mid])))
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

enum gap_put
gap_put(struct gap *g, uint32_t begin, uint8_t flags, struct buf *b)
{
	uint32_t i = find(g, begin);

	while (i < g->n && !seq_before(begin, g->piece[i].begin)) {
		uint32_t have = end_of(&g->piece[i]) - begin;

		if (have >= b->len) {
			buf_free(b);
			return GAP_DUPLICATE;
		}
		(void)buf_pull(b, have);
		begin += have;
		flags &= (uint8_t)~GAP_SOM;
		i++;
	}
	if (i < g->n && seq_before(g->piece[i].begin, begin + b->len)) {
		buf_trim(b, g->piece[i].begin - begin);
		flags &= (uint8_t)~(GAP_EOM | GAP_LM);
	}
	if (g->n == GAP_PIECES || g->bytes + b->size > g->max_bytes) {
		buf_free(b);
		return GAP_FULL;
	}
	memmove(&g->piece[i + 1], &g->piece[i], (g->n - i) * sizeof(g->piece[0]));
	g->piece[i] = (struct gap_piece){ .b = b, .begin = begin, .flags = flags };
	g->n++;
	g->bytes += b->size;
	return GAP_STORED;
}

void
gap_pop(struct gap *g)
{
	g->bytes -= g->piece[0].b->size;
	g->n--;
	memmove(&g->piece[0], &g->piece[1], g->n * sizeof(g->piece[0]));
}

struct gap_piece *
gap_peek(struct gap *g, uint32_t seq)
{
	while (g->n > 0) {
		struct gap_piece *p = &g->piece[0];

		if (seq_before(seq, p->begin))
			return NULL;
		if (seq_before(seq, end_of(p))) {
			if (p->begin != seq)
				p->flags &= (uint8_t)~GAP_SOM;
			(void)buf_pull(p->b, seq - p->begin);
			p->begin = seq;
			return p;
		}
		buf_free(p->b);
		gap_pop(g);
	}
	return NULL;
}

unsigned
gap_spans(const struct gap *g, struct absp *span, unsigned max)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < g->n; i++) {
		const struct gap_piece *p = &g->piece[i];

		if (n > 0 && span[n - 1].end == p->begin) {
			span[n - 1].end = end_of(p);
			continue;
		}
		if (n == max)
			break;
		span[n++] = (struct absp){ p->begin, end_of(p) };
	}
	return n;
}

void
gap_drop(struct gap *g)
{
	for (uint32_t i = 0; i < g->n; i++)
		buf_free(g->piece[i].b);
	g->n = 0;
	g->bytes = 0;
}
