/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tn3270e/lunames.h"

/* In order, over the end of the room and through its growth. */
static void
t_first_in_first_out(void **state)
{
	struct lunames q = { .n = 0 };
	unsigned in = 0, out = 0;
	char name[9];

	(void)state;
	assert_null(lunames_first(&q));
	for (unsigned round = 1; round < 300; round++) {
		for (unsigned i = 0; i < round % 40; i++) {
			snprintf(name, sizeof(name), "L%u", in++);
			assert_true(lunames_put(&q, name));
		}
		for (unsigned i = 0; i < round % 37 && lunames_first(&q) != NULL; i++) {
			snprintf(name, sizeof(name), "L%u", out++);
			assert_string_equal(lunames_first(&q), name);
			lunames_pop(&q);
		}
	}
	assert_true(in > out);
	lunames_fini(&q);
	assert_null(lunames_first(&q));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(t_first_in_first_out) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
