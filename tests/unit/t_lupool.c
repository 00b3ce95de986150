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

static enum acb_err
any(const uint16_t *ids, char lu[9])
{
	const struct lupool_want w = { .pools = ids };

	return lupool_any(&pools, &w, lu);
}

static enum acb_err
this(const uint16_t *ids, const char *lu)
{
	const struct lupool_want w = { .pools = ids };

	return lupool_this(&pools, &w, lu);
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
	assert_int_equal(any(ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000001");
	lupool_release(&pools, lu);
	assert_int_equal(any(ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000002");
	assert_int_equal(any(ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000003");
	assert_int_equal(any(ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000001");
	assert_int_equal(any(ids, lu), ACB_EXHAUSTED);
	lupool_release(&pools, "T0000002");
	lupool_release(&pools, "T0000002");
	lupool_release(&pools, "NOSUCH");
	assert_int_equal(any(ids, lu), ACB_OK);
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
	assert_int_equal(this(a, "NOSUCH"), ACB_UNKNOWN);
	assert_int_equal(this(a, "T0000012"), ACB_NOTINPOOL);
	assert_int_equal(this(none, "T0000001"), ACB_NOTINPOOL);
	assert_int_equal(this(a, "T0000007"), ACB_OK);
	assert_int_equal(this(a, "T0000007"), ACB_INUSE);
	/* It is taken in both pools. */
	assert_int_equal(this(b, "T0000007"), ACB_INUSE);
	assert_int_equal(pools.v[a[0]].used, 1);
	assert_int_equal(pools.v[b[0]].used, 1);
	for (int i = 0; i < 9; i++) {
		assert_int_equal(any(a, lu), ACB_OK);
		assert_string_not_equal(lu, "T0000007");
	}
	assert_int_equal(any(a, lu), ACB_EXHAUSTED);
	assert_int_equal(any(none, lu), ACB_EXHAUSTED);
	assert_int_equal(any(wild, lu), ACB_EXHAUSTED);
	/* What A gave of B's is not B's to give. */
	for (int i = 0; i < 4; i++)
		assert_int_equal(any(b, lu), ACB_OK);
	assert_int_equal(any(b, lu), ACB_EXHAUSTED);
}

/* The next pool of the list is asked when one is exhausted. */
static void
t_lists(void **state)
{
	uint16_t ids[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 1, 2), 0 };
	char lu[9];

	(void)state;
	ids[1] = pool_of("P", LUPOOL_PRINTER, 100, 1);
	assert_int_equal(any(ids, lu), ACB_OK);
	assert_int_equal(any(ids, lu), ACB_OK);
	assert_int_equal(any(ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000100");
	assert_int_equal(lupool_find(&pools, lu)->printer, 1);
	assert_int_equal(any(ids, lu), ACB_EXHAUSTED);
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
	assert_int_equal(this(ids, "T0000001"), ACB_INACTIVE);
	assert_int_equal(any(ids, lu), ACB_OK);
	assert_string_equal(lu, "T0000002");
	assert_int_equal(any(ids, lu), ACB_EXHAUSTED);
	/* In use: the user keeps it, nobody else gets it, not even behind ACT. */
	assert_true(lupool_inact(&pools, "T0000002"));
	assert_true(lupool_act(&pools, "T0000002"));
	assert_int_equal(this(ids, "T0000002"), ACB_INUSE);
	assert_true(lupool_inact(&pools, "T0000002"));
	assert_int_equal(this(ids, "T0000002"), ACB_INUSE);
	lupool_release(&pools, "T0000002");
	assert_int_equal(this(ids, "T0000002"), ACB_INACTIVE);
	assert_true(lupool_act(&pools, "T0000002"));
	assert_true(lupool_act(&pools, "T0000001"));
	assert_false(lupool_act(&pools, "T0000001"));
	assert_int_equal(any(ids, lu), ACB_OK);
	assert_int_equal(any(ids, lu), ACB_OK);
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
		assert_int_equal(any(ids, lu), ACB_OK);
		(void)snprintf(want, sizeof(want), "T%07u", i);
		assert_string_equal(lu, want);
	}
	assert_int_equal(any(ids, lu), ACB_EXHAUSTED);
	for (unsigned i = 3; i < N; i += 4099) {
		(void)snprintf(want, sizeof(want), "T%07u", (i * 7919u) % N);
		lupool_release(&pools, want);
		assert_int_equal(any(ids, lu), ACB_OK);
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
			if (any(ids, lu) == ACB_OK) {
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

/* KEEPLU: for its owner alone, before any other; for all when the time is over. */
static void
t_kept_for_its_owner(void **state)
{
	uint16_t ids[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 1, 3) };
	uint16_t other[ACB_POOLS_MAX] = { pool_of("B", LUPOOL_TERMINAL, 9, 1) };
	const struct lupool_want me = { .pools = ids, .owner = 7 };
	const struct lupool_want you = { .pools = ids, .owner = 8 };
	const struct lupool_want me_there = { .pools = other, .owner = 7 };
	struct mono soon = { SECS(10) };
	char lu[9];

	(void)state;
	assert_int_equal(lupool_any(&pools, &me, lu), ACB_OK);
	lupool_keep(&pools, lu, 7, soon);
	assert_int_equal(lupool_deadline(&pools).us, soon.us);
	assert_int_equal(lupool_this(&pools, &you, "T0000001"), ACB_KEPT);
	assert_int_equal(this(ids, "T0000001"), ACB_KEPT);
	for (unsigned i = 2; i <= 3; i++)
		assert_int_equal(lupool_any(&pools, &you, lu), ACB_OK);
	assert_int_equal(lupool_any(&pools, &you, lu), ACB_EXHAUSTED);
	assert_int_equal(lupool_any(&pools, &me_there, lu), ACB_OK);    /* not of these pools */
	assert_string_equal(lu, "T0000009");
	assert_int_equal(lupool_any(&pools, &me, lu), ACB_OK);
	assert_string_equal(lu, "T0000001");
	assert_true(lupool_deadline(&pools).us == MONO_NEVER.us);
	lupool_keep(&pools, "T0000001", 7, soon);
	lupool_keep(&pools, "T0000002", 7, (struct mono){ SECS(20) });
	lupool_keep(&pools, "T0000003", 7, (struct mono){ SECS(30) });
	assert_int_equal(lupool_this(&pools, &me, "T0000003"), ACB_OK);
	lupool_expire(&pools, soon);
	assert_int_equal(lupool_any(&pools, &you, lu), ACB_OK);
	assert_string_equal(lu, "T0000001");
	assert_true(lupool_inact(&pools, "T0000002"));                  /* kept, then INACT */
	assert_int_equal(lupool_any(&pools, &me, lu), ACB_EXHAUSTED);
	lupool_expire(&pools, (struct mono){ SECS(60) });
	assert_int_equal(lupool_any(&pools, &me, lu), ACB_EXHAUSTED);
	assert_true(lupool_act(&pools, "T0000002"));
	assert_int_equal(lupool_any(&pools, &you, lu), ACB_OK);
	lupool_keep(&pools, "T0000002", 0, soon);                       /* nobody's: free */
	assert_int_equal(pools.v[ids[0]].used, 2);
}

/* Of two pools at once: names of both, kept ones too. */
static void
t_within(void **state)
{
	uint16_t ids[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 1, 200) };
	struct lupool_want w = { .pools = ids, .owner = 7 };
	char lu[9];

	(void)state;
	w.within = pool_of("B", LUPOOL_TERMINAL, 150, 100);
	assert_int_equal(lupool_any(&pools, &w, lu), ACB_OK);
	assert_string_equal(lu, "T0000150");
	assert_int_equal(this(ids, "T0000001"), ACB_OK);
	lupool_keep(&pools, "T0000001", 7, (struct mono){ SECS(9) });
	for (unsigned i = 151; i <= 200; i++)
		assert_int_equal(lupool_any(&pools, &w, lu), ACB_OK);
	assert_string_equal(lu, "T0000200");
	assert_int_equal(lupool_any(&pools, &w, lu), ACB_EXHAUSTED);
	w.within = 99;
	assert_int_equal(lupool_any(&pools, &w, lu), ACB_EXHAUSTED);
}

/* A pool goes with its last user: its id, its places and the names only it had are used
 * again; a name in use stays until it is released. */
static void
t_pools_end(void **state)
{
	uint16_t a = pool_of("A", LUPOOL_TERMINAL, 1, 4), b = pool_of("B", LUPOOL_TERMINAL, 3, 4);
	uint16_t ids[ACB_POOLS_MAX] = { a, b };
	uint32_t members;

	(void)state;
	assert_int_equal(this(ids, "T0000001"), ACB_OK);
	assert_int_equal(this(ids, "T0000003"), ACB_OK);
	assert_int_equal(pools.lus.used, 6);
	members = pools.n_member;
	lupool_hold(&pools, a);
	lupool_drop(&pools, a);
	assert_non_null(lupool_find(&pools, "T0000002"));
	lupool_drop(&pools, a);
	assert_null(lupool_find(&pools, "T0000002"));
	assert_non_null(lupool_find(&pools, "T0000001"));
	lupool_release(&pools, "T0000001");
	assert_null(lupool_find(&pools, "T0000001"));
	lupool_release(&pools, "T0000003");
	assert_int_equal(lupool_find(&pools, "T0000003")->state, LU_FREE);
	assert_int_equal(pools.lus.used, 4);
	assert_int_equal(pool_of("C", LUPOOL_TERMINAL, 1, 4), a);
	assert_int_equal(pools.n_member, members);
	assert_int_equal(this(ids, "T0000002"), ACB_OK);
	for (unsigned i = 0; i < 100; i++)
		lupool_drop(&pools, pool_of("D", LUPOOL_TERMINAL, 100, 50));
	assert_int_equal(pools.n, 3);
	assert_int_equal(pools.lus.used, 6);
}

static void
t_first_free(void **state)
{
	uint16_t ids[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 1, 5) };
	const struct lupool_want w = { .pools = ids, .first_free = 1 };
	char lu[9];

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(lupool_any(&pools, &w, lu), ACB_OK);
	lupool_release(&pools, "T0000002");
	assert_int_equal(lupool_any(&pools, &w, lu), ACB_OK);
	assert_string_equal(lu, "T0000002");
}

/* Over all levels of the map: one free name far away, behind and before. */
static void
t_one_free_of_many(void **state)
{
	const unsigned n = 300000;
	uint16_t ids[ACB_POOLS_MAX] = { pool_of("A", LUPOOL_TERMINAL, 1, n) };
	static const unsigned free_one[] = { 1, 64, 65, 4096, 4097, 262144, 262145, 299999,
	    300000 };
	char lu[9], want[16];

	(void)state;
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(any(ids, lu), ACB_OK);
	assert_int_equal(any(ids, lu), ACB_EXHAUSTED);
	for (unsigned i = 0; i < 2 * sizeof(free_one) / sizeof(free_one[0]); i++) {
		(void)snprintf(want, sizeof(want), "T%07u",
		    free_one[i * 4 % (sizeof(free_one) / sizeof(free_one[0]))]);
		lupool_release(&pools, want);
		assert_int_equal(any(ids, lu), ACB_OK);
		assert_string_equal(lu, want);
	}
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
		cmocka_unit_test_setup_teardown(t_kept_for_its_owner, setup, teardown),
		cmocka_unit_test_setup_teardown(t_within, setup, teardown),
		cmocka_unit_test_setup_teardown(t_pools_end, setup, teardown),
		cmocka_unit_test_setup_teardown(t_first_free, setup, teardown),
		cmocka_unit_test_setup_teardown(t_one_free_of_many, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
