/* SPDX-License-Identifier: Apache-2.0
 *
 * Nodes that are not neighbours: searches that are passed on, Route Setup,
 * NLPs that pass by, and another way round a link that failed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "snaee/ee_parts.h"
#include "snaee/sense.h"
#include "tests/sim/simnodes.h"
#include "vtamsim/pswitch.h"

static void
t_three_in_a_row(void **state)
{
	struct simlu *l;
	struct net t = { .n = 0 };

	(void)state;
	net_up(&t, 1, "NNN");
	join(&t, 0, 1, GOOD);
	join(&t, 1, 2, GOOD);
	simvt_appl(t.v[2], 0)->max_len = 2500;
	l = simvt_lus(t.v[0], 10, &(struct simlu_plan){ .appl = "APPL20", .rounds = 20,
	    .max_len = 2500 });
	sim_run(t.w, MINUTES(1));
	all_right(l, 10, 20);
	assert_true(passed(&t, 1) > 400);
	assert_int_equal(passed(&t, 0) + passed(&t, 2), 0);
	/* Remembered: the next goes straight there. */
	l = simvt_lus(t.v[0], 5, &(struct simlu_plan){ .appl = "APPL20", .rounds = 3,
	    .max_len = 2500 });
	sim_run(t.w, MINUTES(1));
	all_right(l, 5, 3);
	/* What nobody has is told soon, not by a time-out. */
	l = simvt_lus(t.v[0], 1, &(struct simlu_plan){ .appl = "NOSUCH" });
	sim_run(t.w, SECS(5));
	assert_int_equal(l->nspes, 1);
	assert_int_equal(l->sense, SENSE_UNKNOWN_DLU);
	net_down(&t);
}

/* End nodes at both ends: their servers tell each the way to the other. */
static void
t_end_nodes(void **state)
{
	const struct simlu_plan wait = { .appl = "", .rounds = 5, .keep_open = 1 };
	struct simappl *ap;
	struct acb_logon g;
	struct simlu *l;
	struct net t = { .n = 0 };

	(void)state;
	net_up(&t, 2, "ENNE");
	join(&t, 0, 1, GOOD);
	join(&t, 1, 2, GOOD);
	join(&t, 3, 2, GOOD);
	ap = simvt_appl(t.v[3], 0);
	l = simvt_lus(t.v[0], 8, &(struct simlu_plan){ .appl = "APPL30", .rounds = 20 });
	sim_run(t.w, MINUTES(1));
	all_right(l, 8, 20);
	assert_true(passed(&t, 1) > 100 && passed(&t, 2) > 100);
	l = simvt_lus(t.v[0], 4, &(struct simlu_plan){ .appl = "APPL30", .rounds = 5 });
	sim_run(t.w, MINUTES(1));
	all_right(l, 4, 5);
	/* The application asks for an LU. */
	l = simvt_lus(t.v[0], 1, &wait);
	sim_run(t.w, SECS(1));
	memset(&g, 0, sizeof(g));
	(void)name_set(&g.appl, l->name);
	simvt_submit(ap->port, (struct rpl){ .op = RPL_SIMLOGON, .acb = ap->acb }, &g, sizeof(g));
	sim_wake(t.w, t.v[3]->id);
	sim_run(t.w, SECS(10));
	assert_int_equal(l->got, 5);
	simvt_lu_close(t.v[0], l);
	net_down(&t);
}

/* 0 - 1 - 2 and 0 - 3 - 2: a link in the middle fails, the sessions take the other way. */
static void
t_round_a_cut(void **state)
{
	struct simlu *l;
	struct net t = { .n = 0 };
	int via;

	(void)state;
	net_up(&t, 3, "NNNN");
	join(&t, 0, 1, GOOD);
	join(&t, 1, 2, GOOD);
	join(&t, 0, 3, GOOD);
	join(&t, 3, 2, GOOD);
	(void)simvt_appl(t.v[2], 0);
	l = simvt_lus(t.v[0], 10, &(struct simlu_plan){ .appl = "APPL20", .rounds = 400,
	    .gap_ms = 500 });
	sim_run(t.w, SECS(20));
	via = passed(&t, 1) > passed(&t, 3) ? 1 : 3;
	assert_true(passed(&t, via) > 100);
	/* On command, by both ends, while data goes on. */
	assert_true(pswitch_command(t.v[2]->n, sim_now(t.w), pipe_to(t.v[2], t.v[0])));
	assert_true(pswitch_command(t.v[0]->n, sim_now(t.w), pipe_to(t.v[0], t.v[2])));
	sim_wake(t.w, t.v[2]->id);
	sim_wake(t.w, t.v[0]->id);
	sim_run(t.w, SECS(2));
	for (int i = 0; i < 3; i += 2) {
		assert_true(simvt_said(t.v[i], "IST1494I PATH SWITCH COMPLETED FOR RTP"));
		assert_true(simvt_said(t.v[i], "IST1820I"));
	}
	sim_cut(t.w, t.v[via]->id, t.v[2]->id, sim_now(t.w).us - SIM_START, MINUTES(600));
	sim_run(t.w, MINUTES(10));
	all_right(l, 10, 400);
	assert_true(passed(&t, 4 - via) > 100);
	net_down(&t);
}

static void
t_bad_lines(void **state)
{
	struct simlu *l;
	struct net t = { .n = 0 };

	(void)state;
	for (uint64_t seed = 10; seed < 16; seed++) {
		net_up(&t, seed, "NNNN");
		join(&t, 0, 1, BAD);
		join(&t, 1, 2, BAD);
		join(&t, 2, 3, BAD);
		simvt_appl(t.v[3], 0)->max_len = 2000;
		l = simvt_lus(t.v[0], 10, &(struct simlu_plan){ .appl = "APPL30", .rounds = 20,
		    .max_len = 2000 });
		sim_run(t.w, MINUTES(5));
		all_right(l, 10, 20);
		net_down(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_three_in_a_row),
		cmocka_unit_test(t_end_nodes),
		cmocka_unit_test(t_round_a_cut),
		cmocka_unit_test(t_bad_lines),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(t, NULL, NULL);
}
