/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vtamsim/lupool.h"

static struct lupools pools;

static uint16_t
pool_of(const char *name, enum lupool_kind kind, unsigned from, unsigned n)
{
	uint16_t id = lupool_define(&pools, name, kind);
	char lu[16];

	assert_int_not_equal(id, 0);
	for (unsigned i = from; i < from + n; i++) {
		(void)snprintf(lu, sizeof(lu), "T%07u", i);
		assert_int_equal(lupool_add(&pools, id, lu), 0);
	}
	return id;
}

static int
setup(void **state)
{
	(void)state;
	return lupools_init(&pools);
}

static int
teardown(void **state)
{
	(void)state;
	lupools_fini(&pools);
	return 0;
}

/* Round robin: a freed name rests until all others were given out. */
static void
t_sequential(void **state)
{
	uint16_t ids[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 1, 3) };
	char lu[9];

	(void)state;
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000001");
	lupool_release(&pools, lu);
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000002");
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000003");
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000001");
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_EXHAUSTED);
	lupool_release(&pools, "T0000002");
	lupool_release(&pools, "T0000002");
	lupool_release(&pools, "NOSUCH");
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000002");
}

static void
t_specific(void **state)
{
	uint16_t a[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 1, 10) };
	uint16_t b[ACB_POOLS_MAX] = { pool_of("B", LUPOOL_TERMINAL, 5, 10) };
	uint16_t none[ACB_POOLS_MAX] = { 0 }, wild[ACB_POOLS_MAX] = { 60000 };
	char lu[9];

	(void)state;
	assert_int_equal(lupool_add(&pools, a[0], "T0000003"), -EEXIST);
	assert_int_equal(lupool_this(&pools, a, "NOSUCH"), ACB_UNKNOWN);
	assert_int_equal(lupool_this(&pools, a, "T0000012"), ACB_NOTINPOOL);
	assert_int_equal(lupool_this(&pools, none, "T0000001"), ACB_NOTINPOOL);
	assert_int_equal(lupool_this(&pools, a, "T0000007"), ACB_OK);
	assert_int_equal(lupool_this(&pools, a, "T0000007"), ACB_INUSE);
	/* It is taken in both pools. */
	assert_int_equal(lupool_this(&pools, b, "T0000007"), ACB_INUSE);
	assert_int_equal(pools.v[a[0]].used, 1);
	assert_int_equal(pools.v[b[0]].used, 1);
	for (int i = 0; i < 9; i++) {
		assert_int_equal(lupool_any(&pools, a, lu), ACB_OK);
		assert_string_not_equal(lu, "T0000007");
	}
	assert_int_equal(lupool_any(&pools, a, lu), ACB_EXHAUSTED);
	assert_int_equal(lupool_any(&pools, none, lu), ACB_EXHAUSTED);
	assert_int_equal(lupool_any(&pools, wild, lu), ACB_EXHAUSTED);
	/* What A gave of B's is not B's to give. */
	for (int i = 0; i < 4; i++)
		assert_int_equal(lupool_any(&pools, b, lu), ACB_OK);
	assert_int_equal(lupool_any(&pools, b, lu), ACB_EXHAUSTED);
}

/* The next pool of the list is asked when one is exhausted. */
static void
t_lists(void **state)
{
	uint16_t ids[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 1, 2), 0 };
	char lu[9];

	(void)state;
	ids[1] = pool_of("P", LUPOOL_PRINTER, 100, 1);
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000100");
	assert_int_equal(lupool_find(&pools, lu)->printer, 1);
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_EXHAUSTED);
}

static void
t_inactive(void **state)
{
	uint16_t ids[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 1, 2) };
	char lu[9];

	(void)state;
	assert_true(lupool_inact(&pools, "T0000001"));
	assert_false(lupool_inact(&pools, "T0000001"));
	assert_true(lupool_inact(&pools, "LATER"));     /* in no pool yet */
	assert_false(lupool_inact(&pools, "LATER"));
	assert_int_equal(lupool_this(&pools, ids, "T0000001"), ACB_INACTIVE);
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000002");
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_EXHAUSTED);
	/* In use: the user keeps it, nobody else gets it, not even behind ACT. */
	assert_true(lupool_inact(&pools, "T0000002"));
	assert_true(lupool_act(&pools, "T0000002"));
	assert_int_equal(lupool_this(&pools, ids, "T0000002"), ACB_INUSE);
	assert_true(lupool_inact(&pools, "T0000002"));
	assert_int_equal(lupool_this(&pools, ids, "T0000002"), ACB_INUSE);
	lupool_release(&pools, "T0000002");
	assert_int_equal(lupool_this(&pools, ids, "T0000002"), ACB_INACTIVE);
	assert_true(lupool_act(&pools, "T0000002"));
	assert_true(lupool_act(&pools, "T0000001"));
	assert_false(lupool_act(&pools, "T0000001"));
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
	assert_int_equal(pools.v[ids[0]].used, 2);
}

/* 64,000 names: all are given once, in order; then one that comes back in the
 * middle is found. */
static void
t_many(void **state)
{
	enum { N = 64000 };
	uint16_t ids[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 0, N) };
	char lu[9], want[16];

	(void)state;
	for (unsigned i = 0; i < N; i++) {
		assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
		(void)snprintf(want, sizeof(want), "T%07u", i);
		assert_string_equal(lu, want);
	}
	assert_int_equal(lupool_any(&pools, ids, lu), ACB_EXHAUSTED);
	for (unsigned i = 3; i < N; i += 4099) {
		(void)snprintf(want, sizeof(want), "T%07u", (i * 7919u) % N);
		lupool_release(&pools, want);
		assert_int_equal(lupool_any(&pools, ids, lu), ACB_OK);
		assert_string_equal(lu, want);
	}
	assert_int_equal(pools.v[ids[0]].used, N);
}

/* Random use against a plain model. */
static void
t_model(void **state)
{
	enum { N = 300 };
	uint16_t ids[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 0, N) };
	uint8_t used[N] = { 0 }, inact[N] = { 0 };
	unsigned out = 0;
	char lu[16];

	(void)state;
	srand(4711);
	for (int step = 0; step < 100000; step++) {
		unsigned i = (unsigned)rand() % N, k;

		(void)snprintf(lu, sizeof(lu), "T%07u", i);
		switch (rand() % 5) {
		case 0: case 1:
			if (lupool_any(&pools, ids, lu) == ACB_OK) {
				k = (unsigned)atoi(lu + 1);
				assert_false(used[k] || inact[k]);
				used[k] = 1;
				out++;
			} else {
				for (k = 0; k < N; k++)
					assert_true(used[k] || inact[k]);
			}
			break;
		case 2:
			out -= used[i];
			used[i] = 0;
			lupool_release(&pools, lu);
			break;
		case 3:
			assert_int_equal(lupool_inact(&pools, lu), !inact[i]);
			inact[i] = 1;
			break;
		case 4:
			assert_int_equal(lupool_act(&pools, lu), inact[i]);
			inact[i] = 0;
			break;
		}
	}
	assert_true(out > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(t_sequential, setup, teardown),
		cmocka_unit_test_setup_teardown(t_specific, setup, teardown),
		cmocka_unit_test_setup_teardown(t_lists, setup, teardown),
		cmocka_unit_test_setup_teardown(t_inactive, setup, teardown),
		cmocka_unit_test_setup_teardown(t_many, setup, teardown),
		cmocka_unit_test_setup_teardown(t_model, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
