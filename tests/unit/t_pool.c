/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/pool.h"

static void
t_empty_pool_is_an_event(void **state)
{
	struct pool p;
	void *a, *b;

	(void)state;
	assert_int_equal(pool_init(&p, "two", 40, 2), 0);
	a = pool_get(&p);
	b = pool_get(&p);
	assert_non_null(a);
	assert_non_null(b);
	assert_null(pool_get(&p));
	assert_int_equal(p.empty, 1);
	assert_int_equal(p.used, 2);
	assert_int_equal(pool_index(&p, b), 1);
	assert_ptr_equal(pool_at(&p, 1), b);
	assert_null(pool_at(&p, 2));
	pool_put(&p, a);
	assert_ptr_equal(pool_get(&p), a);
	assert_int_equal(p.peak, 2);
	pool_put(&p, a);
	pool_put(&p, b);
	assert_int_equal(p.used, 0);
	pool_fini(&p);
}

static void
t_objects_come_zeroed(void **state)
{
	struct pool p;
	const uint8_t zero[64] = { 0 };
	void *o;

	(void)state;
	assert_int_equal(pool_init(&p, "z", 64, 4), 0);
	o = pool_get(&p);
	memset(o, 0xee, 64);
	pool_put(&p, o);
	o = pool_get(&p);
	assert_memory_equal(o, zero, 64);
	pool_put(&p, o);
	pool_fini(&p);
}

static void
t_none_at_all(void **state)
{
	struct pool p;

	(void)state;
	assert_int_equal(pool_init(&p, "none", 16, 0), 0);
	assert_null(pool_get(&p));
	pool_fini(&p);
}

static void
t_arena(void **state)
{
	struct arena a;
	char *s;
	uint8_t *big;

	(void)state;
	arena_init(&a);
	s = arena_strndup(&a, "ATCSTR00xx", 8);
	assert_string_equal(s, "ATCSTR00");
	big = arena_get(&a, 100000);
	assert_int_equal((uintptr_t)big % 16, 0);
	assert_int_equal(big[99999], 0);
	assert_string_equal(arena_strdup(&a, ""), "");
	assert_string_equal(s, "ATCSTR00");
	arena_fini(&a);
	assert_int_equal(a.used, 0);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_empty_pool_is_an_event),
		cmocka_unit_test(t_objects_come_zeroed),
		cmocka_unit_test(t_none_at_all),
		cmocka_unit_test(t_arena),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
