/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of several workers put together: entries stay whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tn3270e/rows.h"

/* Entries of three lines: begin, middle, end. */
static void
part(struct rows *r, char name, unsigned entries)
{
	rows_init(r);
	for (unsigned i = 0; i < entries; i++) {
		struct con c;

		con_init(&c);
		con_text(&c, "%c%u BEGIN", name, i);
		con_text(&c, "%c%u", name, i);
		con_text(&c, "%c%u END", name, i);
		rows_add(r, &c);
		con_fini(&c);
	}
}

static void
t_entries_stay_whole(void **state)
{
	struct rows_room room = { .most = 10 };
	struct rows a, b;
	struct con out;

	(void)state;
	part(&a, 'A', 2);
	part(&b, 'B', 2);
	rows_merge(&a, &b);
	con_init(&out);
	rows_print(&a, &room, &out);
	assert_string_equal(out.text, "A0 BEGIN\nA0\nA0 END\nA1 BEGIN\nA1\nA1 END\n"
	    "B0 BEGIN\nB0\nB0 END\n");
	assert_int_equal(room.entries, 3);
	assert_int_equal(room.lines, 9);
	rows_print(&b, &room, &out);            /* no shorter one behind the one left out */
	assert_int_equal(out.lines, 9);
	con_fini(&out);
	rows_fini(&a);
	rows_fini(&b);
}

static void
t_the_first_is_shown(void **state)
{
	struct rows_room room = { .most = 1 };
	struct rows a;
	struct con out;

	(void)state;
	part(&a, 'A', 2);
	con_init(&out);
	rows_print(&a, &room, &out);
	assert_string_equal(out.text, "A0 BEGIN\nA0\nA0 END\n");
	con_fini(&out);
	rows_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_entries_stay_whole), cmocka_unit_test(t_the_first_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
