/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"

static void
t_headroom_and_tail(void **state)
{
	struct bufpool bp;
	struct buf *b;

	(void)state;
	assert_int_equal(bufpool_init(&bp, "t", 4, 4, 4), 0);
	b = buf_get(&bp, 100);
	assert_int_equal(b->size, BUF_HEADROOM + BUF_SMALL);
	assert_int_equal(buf_headroom(b), BUF_HEADROOM);
	assert_int_equal(buf_tailroom(b), BUF_SMALL);
	buf_append(b, "data", 4);
	buf_push(b, 2)[0] = 'X';
	b->p[1] = 'Y';
	assert_int_equal(b->len, 6);
	assert_memory_equal(b->p, "XYdata", 6);
	buf_pull(b, 3);
	buf_trim(b, 2);
	assert_memory_equal(b->p, "at", 2);
	buf_free(b);
	buf_free(NULL);
	assert_int_equal(bufpool_used(&bp), 0);
	bufpool_fini(&bp);
}

static void
t_falls_to_bigger_class_then_null(void **state)
{
	struct bufpool bp;
	struct buf *a, *b, *c;

	(void)state;
	assert_int_equal(bufpool_init(&bp, "t", 1, 1, 1), 0);
	a = buf_get(&bp, 1);
	b = buf_get(&bp, 1);
	c = buf_get(&bp, 1);
	assert_int_equal(a->size, BUF_HEADROOM + BUF_SMALL);
	assert_int_equal(b->size, BUF_HEADROOM + BUF_STD);
	assert_int_equal(c->size, BUF_HEADROOM + BUF_BIG);
	assert_null(buf_get(&bp, 1));
	assert_null(buf_get(&bp, BUF_BIG + 1));
	buf_free(b);
	assert_null(buf_get(&bp, BUF_BIG));
	b = buf_get(&bp, BUF_STD);
	assert_non_null(b);
	buf_free(a);
	buf_free(b);
	buf_free(c);
	assert_int_equal(bufpool_used(&bp), 0);
	bufpool_fini(&bp);
}

static void
t_queue_keeps_order_and_bytes(void **state)
{
	struct bufpool bp;
	struct bufq q, r;
	struct buf *b;

	(void)state;
	assert_int_equal(bufpool_init(&bp, "t", 8, 0, 0), 0);
	bufq_init(&q);
	bufq_init(&r);
	assert_null(bufq_get(&q));
	for (char ch = 'a'; ch < 'e'; ch++) {
		b = buf_get(&bp, 1);
		buf_append(b, &ch, 1);
		bufq_put(&q, b);
	}
	assert_int_equal(q.count, 4);
	assert_int_equal(q.bytes, 4);
	b = bufq_get(&q);
	assert_int_equal(b->p[0], 'a');
	bufq_unget(&q, b);
	bufq_move(&r, &q);
	assert_int_equal(q.count, 0);
	assert_int_equal(r.count, 4);
	for (char ch = 'a'; ch < 'e'; ch++) {
		b = bufq_get(&r);
		assert_int_equal(b->p[0], ch);
		bufq_put(&q, b);
	}
	assert_int_equal(bufq_peek(&q)->p[0], 'a');
	bufq_drop(&q);
	assert_int_equal(bufpool_used(&bp), 0);
	bufpool_fini(&bp);
}

static void *
free_all(void *arg)
{
	struct bufq *q = arg;

	bufq_drop(q);
	return NULL;
}

static void
t_foreign_thread_returns_home(void **state)
{
	struct bufpool bp;
	struct bufq q;
	pthread_t th;

	(void)state;
	assert_int_equal(bufpool_init(&bp, "t", 100, 0, 0), 0);
	for (int round = 0; round < 20; round++) {
		struct buf *b;

		bufq_init(&q);
		while ((b = buf_get(&bp, 1)) != NULL)
			bufq_put(&q, b);
		assert_int_equal(q.count, 100);
		assert_int_equal(pthread_create(&th, NULL, free_all, &q), 0);
		pthread_join(th, NULL);
		/* The next buf_get() finds the free list empty and collects. */
	}
	assert_int_equal(bufpool_used(&bp), 0);
	bufpool_fini(&bp);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_headroom_and_tail),
		cmocka_unit_test(t_falls_to_bigger_class_then_null),
		cmocka_unit_test(t_queue_keeps_order_and_bytes),
		cmocka_unit_test(t_foreign_thread_returns_home),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
