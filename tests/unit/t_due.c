/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/due.h"

#define N 500

static uint32_t
prng(uint32_t *s)
{
	*s = *s * 1664525u + 1013904223u;
	return *s >> 8;
}

static void
t_pops_in_order_after_any_moves(void **state)
{
	struct dueheap h;
	struct due d[N] = { 0 };
	uint32_t seed = 7;
	int64_t last = 0;
	unsigned n = 0, in = 0;

	(void)state;
	assert_int_equal(dueheap_init(&h, 4), 0);
	for (int i = 0; i < 10000; i++) {
		struct due *x = &d[prng(&seed) % N];

		if (prng(&seed) % 8 == 0)
			due_clear(&h, x);
		else if (prng(&seed) % 16 == 0)
			due_set(&h, x, MONO_NEVER);
		else
			due_set(&h, x, (struct mono){ prng(&seed) % 100000 });
	}
	for (unsigned i = 0; i < N; i++)
		in += d[i].pos != 0;
	assert_int_equal(in, h.n);
	for (struct due *x; (x = due_pop(&h, (struct mono){ 100000 })) != NULL; n++) {
		assert_true(x->at.us >= last);
		last = x->at.us;
		assert_int_equal(x->pos, 0);
	}
	assert_int_equal(n, in);
	assert_true(mono_is_never(due_next(&h)));
	dueheap_fini(&h);
}

static void
t_only_what_is_due(void **state)
{
	struct dueheap h;
	struct due a = { 0 }, b = { 0 };

	(void)state;
	assert_int_equal(dueheap_init(&h, 0), 0);
	due_set(&h, &a, (struct mono){ 100 });
	due_set(&h, &b, (struct mono){ 50 });
	assert_int_equal(due_next(&h).us, 50);
	assert_null(due_pop(&h, (struct mono){ 49 }));
	assert_ptr_equal(due_pop(&h, (struct mono){ 50 }), &b);
	due_set(&h, &a, (struct mono){ 10 });
	assert_ptr_equal(due_pop(&h, (struct mono){ 50 }), &a);
	due_clear(&h, &a);
	dueheap_fini(&h);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_pops_in_order_after_any_moves),
		cmocka_unit_test(t_only_what_is_due),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
