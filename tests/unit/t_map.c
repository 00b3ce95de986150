/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/map.h"

struct obj {
	uint32_t key;
	struct mapent ent;
};

static bool
obj_eq(const struct mapent *e, const void *key)
{
	return MAP_OBJ(e, const struct obj, ent)->key == *(const uint32_t *)key;
}

static struct mapent *
find(const struct map *m, uint32_t k)
{
	return map_find(m, map_hash(m, &k, sizeof(k)), obj_eq, &k);
}

static void
t_grows_without_losing_any(void **state)
{
	enum { N = 20000 };
	struct obj *o = calloc(N, sizeof(*o));
	struct map m;
	size_t pos = 0, seen = 0;

	(void)state;
	assert_int_equal(map_init(&m, 0), 0);
	for (uint32_t i = 0; i < N; i++) {
		o[i].key = i * 7;
		map_insert(&m, &o[i].ent, map_hash(&m, &o[i].key, sizeof(o[i].key)));
		/* Older ones must stay reachable in the middle of a growth. */
		assert_ptr_equal(find(&m, (i / 2) * 7), &o[i / 2].ent);
	}
	assert_int_equal(m.count, N);
	assert_null(find(&m, 1));
	for (struct mapent *e = map_next(&m, &pos, NULL); e != NULL; e = map_next(&m, &pos, e))
		seen++;
	assert_int_equal(seen, N);
	for (uint32_t i = 0; i < N; i += 2)
		map_remove(&m, &o[i].ent);
	assert_int_equal(m.count, N / 2);
	for (uint32_t i = 0; i < N; i++)
		assert_true((find(&m, i * 7) != NULL) == (i % 2 == 1));
	map_remove(&m, &o[0].ent);      /* not there: no harm */
	assert_int_equal(m.count, N / 2);
	map_fini(&m);
	free(o);
}

static void
t_hash_is_keyed(void **state)
{
	struct map a, b;

	(void)state;
	assert_int_equal(map_init(&a, 0), 0);
	assert_int_equal(map_init(&b, 0), 0);
	assert_true(map_hash(&a, "TCP00001", 8) != map_hash(&b, "TCP00001", 8));
	assert_true(map_hash(&a, "TCP00001", 8) == map_hash(&a, "TCP00001", 8));
	assert_true(map_hash(&a, "TCP00001", 8) != map_hash(&a, "TCP0000", 7));
	map_fini(&a);
	map_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_grows_without_losing_any),
		cmocka_unit_test(t_hash_is_keyed),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
