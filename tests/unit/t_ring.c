/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <sched.h>
#include <cmocka.h>

#include "base/loop.h"
#include "base/ring.h"

#define N 200000u

struct elem {
	uint64_t a, b, c;
};

static void
t_full_and_empty(void **state)
{
	struct ring r;
	struct elem e = { 1, 2, 3 }, g;

	(void)state;
	assert_int_equal(ring_init(&r, sizeof(e), 4), 0);
	assert_false(ring_get(&r, &g));
	for (e.a = 0; e.a < 4; e.a++)
		assert_true(ring_put(&r, &e));
	assert_false(ring_put(&r, &e));
	assert_int_equal(ring_used(&r), 4);
	assert_true(ring_get(&r, &g));
	assert_int_equal(g.a, 0);
	assert_true(ring_put(&r, &e));
	for (uint64_t i = 1; i <= 4; i++) {
		assert_true(ring_get(&r, &g));
		assert_int_equal(g.a, i);
	}
	assert_false(ring_get(&r, &g));
	ring_fini(&r);
}

static void
t_sleeper_is_told(void **state)
{
	struct ring r;
	struct elem e = { 0 };

	(void)state;
	assert_int_equal(ring_init(&r, sizeof(e), 4), 0);
	assert_false(ring_must_wake(&r));
	assert_true(ring_sleep(&r));
	assert_true(ring_put(&r, &e));
	assert_true(ring_must_wake(&r));
	assert_false(ring_must_wake(&r));
	assert_false(ring_sleep(&r));
	ring_fini(&r);
}

struct pair {
	struct ring r;
	struct loop l;
};

static void *
producer(void *arg)
{
	struct pair *p = arg;

	for (uint64_t i = 0; i < N; i++) {
		const struct elem e = { i, ~i, i * 3 };

		while (!ring_put(&p->r, &e))
			sched_yield();
		if (ring_must_wake(&p->r))
			loop_wake(&p->l);
	}
	return NULL;
}

/* Hangs (and the test runner's limit ends it) if a wake-up is lost. */
static void
t_two_threads_lose_nothing(void **state)
{
	static struct pair p;   /* style: aligned 64, and cmocka tests have no heap of their own */
	struct loop_ev ev[4];
	struct elem e;
	pthread_t th;
	uint64_t want = 0;

	(void)state;
	assert_int_equal(ring_init(&p.r, sizeof(e), 256), 0);
	assert_int_equal(loop_init(&p.l), 0);
	assert_int_equal(pthread_create(&th, NULL, producer, &p), 0);
	while (want < N) {
		while (ring_get(&p.r, &e)) {
			assert_true(e.a == want && e.b == ~want && e.c == want * 3);
			want++;
		}
		if (want < N && ring_sleep(&p.r)) {
			assert_true(loop_wait(&p.l, MONO_NEVER, ev, 4) >= 0);
			ring_awake(&p.r);
		}
	}
	pthread_join(th, NULL);
	loop_fini(&p.l);
	ring_fini(&p.r);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_full_and_empty),
		cmocka_unit_test(t_sleeper_is_told),
		cmocka_unit_test(t_two_threads_lose_nothing),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
