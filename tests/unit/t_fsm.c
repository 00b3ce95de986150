/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/fsm.h"

enum { S_RESET = 1, S_UP, S_N };
enum { E_OPEN = 1, E_TICK, E_CLOSE, E_N };
enum { A_NONE = 1, A_HELLO, A_BYE };

static const char *const st[] = { "", "RESET", "UP" };
static const char *const ev[] = { "", "OPEN", "TICK", "CLOSE" };
static const char *const ac[] = { "", "NONE", "HELLO", "BYE" };
static const struct fsm_cell cells[S_N][E_N] = {
	[S_RESET][E_OPEN] = { S_UP, A_HELLO },
	[S_UP][E_TICK] = { S_UP, A_NONE },
	[S_UP][E_CLOSE] = { S_RESET, A_BYE },
};
FSM_DESC(door, "door", st, ev, ac, cells);

static void
t_steps_and_refuses(void **state)
{
	struct fsm f;

	(void)state;
	fsm_init(&f, &door, S_RESET);
	assert_int_equal(fsm_step(&f, E_CLOSE, "t"), 0);
	assert_int_equal(f.refused, 1);
	assert_string_equal(fsm_state(&f), "RESET");
	assert_int_equal(fsm_step(&f, E_OPEN, "t"), A_HELLO);
	assert_int_equal(f.state, S_UP);
	assert_int_equal(fsm_peek(&f, E_TICK).next, S_UP);
	assert_int_equal(fsm_step(&f, E_TICK, "t"), A_NONE);
	assert_int_equal(fsm_step(&f, E_CLOSE, "t"), A_BYE);
	assert_int_equal(f.last_event, E_CLOSE);
}

static void
t_prints_as_the_manuals_draw(void **state)
{
	struct con c;

	(void)state;
	con_init(&c);
	fsm_print(&door, &c);
	assert_non_null(strstr(c.text, "\nOPEN                       2A          >\n"));
	assert_non_null(strstr(c.text, "\nCLOSE                       >         1B\n"));
	assert_non_null(strstr(c.text, "A = HELLO"));
	con_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_steps_and_refuses),
		cmocka_unit_test(t_prints_as_the_manuals_draw),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
