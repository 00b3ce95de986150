/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "snaee/gap.h"

struct world {
	struct bufpool bufs;
	struct pool tables;
	struct gap gap;
};

static int
up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_int_equal(bufpool_init(&w->bufs, "t", 4096, 4096, 16), 0);
	assert_int_equal(pool_init(&w->tables, "t", sizeof(struct gap_table), 1), 0);
	gap_init(&w->gap, GAP_BYTES, &w->tables);
	*state = w;
	return 0;
}

static int
down(void **state)
{
	struct world *w = *state;
	int left;

	gap_drop(&w->gap);
	left = (int)(bufpool_used(&w->bufs) + w->tables.used);
	pool_fini(&w->tables);
	bufpool_fini(&w->bufs);
	free(w);
	return left;
}

/* Bytes that say where in the stream they are. */
static struct buf *
piece(struct world *w, uint32_t begin, uint32_t n)
{
	struct buf *b = buf_get(&w->bufs, n);
	uint8_t *p;

	assert_non_null(b);
	p = buf_put(b, n);
	for (uint32_t i = 0; i < n; i++)
		p[i] = (uint8_t)(begin + i);
	return b;
}

static enum gap_put
put(struct world *w, uint32_t begin, uint32_t n, uint8_t flags)
{
	return gap_put(&w->gap, begin, flags, piece(w, begin, n));
}

static void
take(struct world *w, uint32_t seq, uint32_t n, uint8_t flags)
{
	struct gap_piece *p = gap_peek(&w->gap, seq);

	assert_non_null(p);
	assert_int_equal(p->begin, seq);
	assert_int_equal(p->b->len, n);
	assert_int_equal(p->flags, flags);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(p->b->p[i], (uint8_t)(seq + i));
	buf_free(p->b);
	gap_pop(&w->gap);
}

static void
t_order(void **state)
{
	struct world *w = *state;

	assert_true(gap_empty(&w->gap));
	assert_int_equal(put(w, 300, 10, GAP_SOM), GAP_STORED);
	assert_int_equal(put(w, 100, 10, GAP_EOM), GAP_STORED);
	assert_int_equal(put(w, 200, 10, 0), GAP_STORED);
	assert_null(gap_peek(&w->gap, 99));
	take(w, 100, 10, GAP_EOM);
	assert_null(gap_peek(&w->gap, 110));
	take(w, 200, 10, 0);
	take(w, 300, 10, GAP_SOM);
	assert_true(gap_empty(&w->gap));
	assert_int_equal(w->gap.bytes, 0);
}

static void
t_duplicate(void **state)
{
	struct world *w = *state;

	assert_int_equal(put(w, 100, 50, 0), GAP_STORED);
	assert_int_equal(put(w, 100, 50, 0), GAP_DUPLICATE);
	assert_int_equal(put(w, 110, 10, 0), GAP_DUPLICATE);
	assert_int_equal(put(w, 140, 10, 0), GAP_DUPLICATE);
	take(w, 100, 50, 0);
}

/* The front of an overlap is cut with SOM, the back with EOM and LM. */
static void
t_overlap(void **state)
{
	struct world *w = *state;

	assert_int_equal(put(w, 100, 50, GAP_SOM), GAP_STORED);
	assert_int_equal(put(w, 140, 50, GAP_SOM | GAP_EOM), GAP_STORED);
	assert_int_equal(put(w, 80, 30, GAP_SOM | GAP_EOM | GAP_LM), GAP_STORED);
	take(w, 80, 20, GAP_SOM);
	take(w, 100, 50, GAP_SOM);
	take(w, 150, 40, GAP_EOM);
}

/* What reaches over a stored piece is filled in when it comes again. */
static void
t_over_and_beyond(void **state)
{
	struct world *w = *state;

	assert_int_equal(put(w, 100, 10, 0), GAP_STORED);
	assert_int_equal(put(w, 90, 40, GAP_EOM), GAP_STORED);
	assert_int_equal(w->gap.n, 2);
	assert_int_equal(put(w, 90, 40, GAP_EOM), GAP_STORED);
	take(w, 90, 10, 0);
	take(w, 100, 10, 0);
	take(w, 110, 20, GAP_EOM);
}

static void
t_peek_cuts(void **state)
{
	struct world *w = *state;

	assert_int_equal(put(w, 100, 10, GAP_SOM), GAP_STORED);
	assert_int_equal(put(w, 120, 10, GAP_SOM | GAP_EOM), GAP_STORED);
	take(w, 125, 5, GAP_EOM);       /* the one before is freed */
	assert_true(gap_empty(&w->gap));
}

static void
t_spans(void **state)
{
	struct world *w = *state;
	struct absp s[ABSP_MAX];

	assert_int_equal(gap_spans(&w->gap, s, ABSP_MAX), 0);
	put(w, 100, 10, 0);
	put(w, 110, 10, 0);
	put(w, 130, 5, 0);
	assert_int_equal(gap_spans(&w->gap, s, ABSP_MAX), 2);
	assert_int_equal(s[0].begin, 100);
	assert_int_equal(s[0].end, 120);
	assert_int_equal(s[1].begin, 130);
	assert_int_equal(s[1].end, 135);
	assert_int_equal(gap_spans(&w->gap, s, 1), 1);
}

static void
t_wrap(void **state)
{
	struct world *w = *state;
	struct absp s[2];

	assert_true(seq_before(0xfffffff0u, 5));
	assert_false(seq_before(5, 0xfffffff0u));
	assert_int_equal(seq_max(0xfffffff0u, 5), 5);
	put(w, 5, 10, 0);
	put(w, 0xfffffff0u, 21, 0);
	assert_int_equal(gap_spans(&w->gap, s, 2), 1);
	assert_int_equal(s[0].begin, 0xfffffff0u);
	assert_int_equal(s[0].end, 15);
	take(w, 0xfffffff0u, 21, 0);
	take(w, 5, 10, 0);
}

static void
t_bounds(void **state)
{
	struct world *w = *state;

	for (uint32_t i = 0; i < GAP_RUNS; i++)
		assert_int_equal(put(w, i * 10, 5, 0), GAP_STORED);
	assert_int_equal(put(w, GAP_RUNS * 10, 5, 0), GAP_FULL);
	assert_int_equal(put(w, 0, 5, 0), GAP_DUPLICATE);
	assert_int_equal(put(w, 5, 5, 0), GAP_STORED);          /* two runs are one now */
	assert_int_equal(put(w, GAP_RUNS * 10, 5, 0), GAP_STORED);
	gap_drop(&w->gap);
	for (uint32_t i = 0; i < 3 * GAP_RUNS; i++)             /* one hole, many pieces */
		assert_int_equal(put(w, 100 + i, 1, 0), GAP_STORED);
	assert_int_equal(w->gap.runs, 1);
	gap_drop(&w->gap);
	assert_int_equal(w->tables.used, 0);
	for (uint32_t i = 0; i < GAP_FEW; i++)
		assert_int_equal(put(w, i * 10, 5, 0), GAP_STORED);
	assert_int_equal(w->tables.used, 0);
	assert_int_equal(put(w, GAP_FEW * 10, 5, 0), GAP_STORED);
	assert_int_equal(w->tables.used, 1);
	for (uint32_t i = 0; i <= GAP_FEW; i++)
		take(w, i * 10, 5, 0);
	assert_int_equal(w->tables.used, 0);    /* all filled: given back */
	gap_init(&w->gap, GAP_BYTES, NULL);
	for (uint32_t i = 0; i < GAP_FEW; i++)
		assert_int_equal(put(w, i * 10, 5, 0), GAP_STORED);
	assert_int_equal(put(w, GAP_FEW * 10, 5, 0), GAP_FULL);
	gap_drop(&w->gap);
	gap_init(&w->gap, 3000, NULL);  /* bytes as they lie in memory */
	assert_int_equal(put(w, 0, 1000, 0), GAP_STORED);
	assert_int_equal(put(w, 2000, 1000, 0), GAP_FULL);
}

/* Any cutting and any order: what comes out is the stream. */
static void
t_random(void **state)
{
	struct world *w = *state;
	uint32_t seed = 1, base = 0xfffffc00u;

	for (int round = 0; round < 200; round++) {
		uint32_t at = base, turns = 0;

		while (at != base + 3000 && ++turns < 10000) {
			uint32_t begin, n;
			struct gap_piece *p;

			seed = seed * 1664525u + 1013904223u;
			begin = at + (seed >> 8) % 400;
			n = 1 + (seed >> 20) % 300;
			if (begin + n > base + 3000 && begin - base < 3000)
				n = base + 3000 - begin;
			if (begin - base >= 3000)
				continue;
			put(w, begin, n, 0);
			while ((p = gap_peek(&w->gap, at)) != NULL) {
				for (uint32_t i = 0; i < p->b->len; i++)
					assert_int_equal(p->b->p[i], (uint8_t)(at + i));
				at += p->b->len;
				buf_free(p->b);
				gap_pop(&w->gap);
			}
		}
		assert_int_equal(at, base + 3000);
		gap_drop(&w->gap);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(t_order, up, down),
		cmocka_unit_test_setup_teardown(t_duplicate, up, down),
		cmocka_unit_test_setup_teardown(t_overlap, up, down),
		cmocka_unit_test_setup_teardown(t_over_and_beyond, up, down),
		cmocka_unit_test_setup_teardown(t_peek_cuts, up, down),
		cmocka_unit_test_setup_teardown(t_spans, up, down),
		cmocka_unit_test_setup_teardown(t_wrap, up, down),
		cmocka_unit_test_setup_teardown(t_bounds, up, down),
		cmocka_unit_test_setup_teardown(t_random, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
