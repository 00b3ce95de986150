/* SPDX-License-Identifier: Apache-2.0
 *
 * Profiles and those who use them, without a node below.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/tnd.h"

static struct profile *
parse(void)
{
	static const char text[] = "BEGINVTAM DEFAULTLUS LU001..LU099 ENDDEFAULTLUS ENDVTAM\n";
	struct tnp_errs errs;
	struct profile *p;

	tnp_errs_init(&errs);
	p = profile_parse("t", text, sizeof(text) - 1, &errs);
	assert_non_null(p);
	tnp_errs_fini(&errs);
	return p;
}

/* Two OBEYFILEs before the workers have looked at the first: its order is still on its
 * way, so the profile stays. */
static void
t_profile_on_its_way_lives(void **state)
{
	struct loop loop;
	struct tnd *t;

	(void)state;
	assert_int_equal(loop_init(&loop), 0);
	t = tnd_new(0, &loop);
	assert_non_null(t);
	assert_int_equal(tnd_start(t, parse()), 0);
	tnd_obey(t, parse());
	tnd_obey(t, parse());
	assert_null(tnd_dead(t));
	tnd_free(t);
	loop_fini(&loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_profile_on_its_way_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
