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

/* More old ones than displays show: each goes when its last user has gone. */
static void
t_many_old_profiles(void **state)
{
	struct profile *v[2 * TND_PROFILES], *dead;
	struct loop loop;
	struct tnd *t;
	unsigned n = 0;

	(void)state;
	assert_int_equal(loop_init(&loop), 0);
	t = tnd_new(0, &loop);
	assert_non_null(t);
	for (unsigned i = 0; i < 2 * TND_PROFILES; i++)
		v[i] = parse();
	assert_int_equal(tnd_start(t, v[0]), 0);
	for (unsigned i = 1; i < 2 * TND_PROFILES; i++)
		tnd_obey(t, v[i]);
	assert_null(tnd_dead(t));
	assert_ptr_equal(tnd_profile(t, 2), v[2 * TND_PROFILES - 3]);
	for (unsigned i = 0; i + 1 < 2 * TND_PROFILES; i++)
		atomic_fetch_sub(&v[i]->users, 1);      /* as the worker does with its order */
	while ((dead = tnd_dead(t)) != NULL) {
		profile_free(dead);
		n++;
	}
	assert_int_equal(n, 2 * TND_PROFILES - 1);
	tnd_free(t);
	loop_fini(&loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_profile_on_its_way_lives),
		cmocka_unit_test(t_many_old_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
