/* SPDX-License-Identifier: Apache-2.0
 *
 * Connection networks: end nodes whose only defined links go to their server dial
 * each other when a session needs it. Data never passes the server; the link goes
 * when nothing uses it; a partner that can't be dialed is reached the long way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "snaee/ee_parts.h"
#include "snaee/sense.h"
#include "tests/sim/simnodes.h"

/* kinds: E, N: on the network; e, n: not. */
static void
vrn_net(struct net *t, uint64_t seed, const char *kinds, const char *more)
{
	*t = (struct net){ .vn = "NETA.VRN1", .vnmore = more };
	net_up(t, seed, kinds);
}

/* The dynamic PU from v to that node, or NULL. */
static const struct pu *
over(const struct simvt *v, const struct simvt *to)
{
	const struct pu *p;

	TAILQ_FOREACH(p, &v->n->pus.all, all)
		if (p->vrn.len != 0 && p->up && name_eq(&p->cp, &to->n->cpname))
			return p;
	return NULL;
}

/* 0 and 2 are end nodes, 1 their server, all on the network or the server not. */
static void
direct(const char *kinds)
{
	struct simlu *l;
	struct net t;

	vrn_net(&t, 1, kinds, NULL);
	join(&t, 0, 1, GOOD);
	join(&t, 2, 1, GOOD);
	wire(&t, 0, 2, GOOD);
	simvt_appl(t.v[2], 0)->max_len = 2500;
	l = simvt_lus(t.v[0], 10, &(struct simlu_plan){ .appl = "APPL20", .rounds = 50,
	    .max_len = 2500, .gap_ms = 100 });
	sim_run(t.w, SECS(3));
	assert_non_null(over(t.v[0], t.v[2]));
	assert_non_null(over(t.v[2], t.v[0]));
	assert_false(over(t.v[0], t.v[2])->cpcp);
	assert_true(strncmp(name_base(&over(t.v[2], t.v[0])->res->name), "CNV", 3) == 0);
	assert_null(cp_find(t.v[0]->n, &t.v[2]->n->cpname));
	sim_run(t.w, MINUTES(1));
	all_right(l, 10, 50);
	assert_int_equal(passed(&t, 1), 0);
	/* Not used any more: hung up, and no trace left. */
	assert_null(over(t.v[0], t.v[2]));
	assert_null(over(t.v[2], t.v[0]));
	assert_int_equal(t.v[2]->n->vrns.dialed, 1);
	assert_int_equal(t.v[0]->n->vrns.answered, 1);
	assert_true(simvt_met(t.v[0], t.v[1]));
	/* Remembered; dialed anew. */
	l = simvt_lus(t.v[0], 3, &(struct simlu_plan){ .appl = "APPL20", .rounds = 5,
	    .max_len = 2500 });
	sim_run(t.w, SECS(20));
	all_right(l, 3, 5);
	assert_int_equal(t.v[2]->n->vrns.dialed, 2);
	assert_int_equal(passed(&t, 1), 0);
	sim_run(t.w, SECS(40));
	net_down(&t);
}

static void
t_direct(void **state)
{
	(void)state;
	direct("ENE");
	direct("EnE");
}

/* The host is a network node beside the server: its TG to the VRN is told by its searches
 * and answers; either end may be the one that dials. */
static void
t_network_node(void **state)
{
	struct simappl *ap;
	struct acb_logon g;
	struct simlu *l;
	struct net t;

	(void)state;
	vrn_net(&t, 2, "EnN", NULL);
	join(&t, 0, 1, GOOD);
	join(&t, 1, 2, GOOD);
	wire(&t, 0, 2, GOOD);
	(void)simvt_appl(t.v[0], 0);
	ap = simvt_appl(t.v[2], 0);
	l = simvt_lus(t.v[0], 5, &(struct simlu_plan){ .appl = "APPL20", .rounds = 20 });
	sim_run(t.w, SECS(30));
	all_right(l, 5, 20);
	assert_int_equal(t.v[2]->n->vrns.dialed, 1);
	/* The end node's own application: it dials by the route its server told. */
	sim_run(t.w, MINUTES(2));
	assert_null(over(t.v[2], t.v[0]));
	l = simvt_lus(t.v[2], 5, &(struct simlu_plan){ .appl = "APPL00", .rounds = 20 });
	sim_run(t.w, SECS(30));
	all_right(l, 5, 20);
	assert_int_equal(t.v[0]->n->vrns.dialed, 1);
	/* The application asks for an LU. */
	l = simvt_lus(t.v[0], 1, &(struct simlu_plan){ .appl = "", .rounds = 5, .keep_open = 1 });
	sim_run(t.w, SECS(1));
	memset(&g, 0, sizeof(g));
	(void)name_set(&g.appl, l->name);
	simvt_submit(ap->port, (struct rpl){ .op = RPL_SIMLOGON, .acb = ap->acb }, &g, sizeof(g));
	sim_wake(t.w, t.v[2]->id);
	sim_run(t.w, SECS(10));
	assert_int_equal(l->got, 5);
	simvt_lu_close(t.v[0], l);
	assert_int_equal(passed(&t, 1), 0);
	net_down(&t);
}

/* The last node is behind one that is on the network: the first hop is cut short. */
static void
t_over_it_and_on(void **state)
{
	struct simlu *l;
	struct net t;

	(void)state;
	vrn_net(&t, 3, "EnNe", NULL);
	join(&t, 0, 1, GOOD);
	join(&t, 1, 2, GOOD);
	join(&t, 3, 2, GOOD);
	wire(&t, 0, 2, GOOD);
	(void)simvt_appl(t.v[0], 0);
	l = simvt_lus(t.v[3], 5, &(struct simlu_plan){ .appl = "APPL00", .rounds = 100,
	    .gap_ms = 500 });
	sim_run(t.w, SECS(40));
	assert_int_equal(passed(&t, 1), 0);
	assert_true(passed(&t, 2) > 100);
	assert_non_null(over(t.v[0], t.v[2]));
	sim_run(t.w, SECS(30));
	all_right(l, 5, 100);
	net_down(&t);
}

/* No wire between them: the dial fails, and the sessions take the long way; for UNRCHTIM
 * nobody dials again. */
static void
unreachable(const char *kinds)
{
	struct simlu *l;
	struct net t;

	vrn_net(&t, 4, kinds, ",UNRCHTIM=600");
	join(&t, 0, 1, GOOD);
	join(&t, 2, 1, GOOD);
	(void)simvt_appl(t.v[2], 0);
	l = simvt_lus(t.v[0], 5, &(struct simlu_plan){ .appl = "APPL20", .rounds = 10 });
	sim_run(t.w, MINUTES(2));
	all_right(l, 5, 10);
	assert_true(passed(&t, 1) > 50);
	assert_int_equal(t.v[2]->n->vrns.dialed, 1);
	assert_int_equal(t.v[2]->n->vrns.failed, 1);
	assert_int_equal(vrn_bad_count(t.v[2]->n, &t.v[2]->n->vrns.v[0].name), 1);
	sim_run(t.w, MINUTES(1));
	l = simvt_lus(t.v[0], 5, &(struct simlu_plan){ .appl = "APPL20", .rounds = 10 });
	sim_run(t.w, SECS(5));
	all_right(l, 5, 10);
	assert_int_equal(t.v[2]->n->vrns.dialed, 1);
	/* Its time is over, and there is a wire. */
	wire(&t, 0, 2, GOOD);
	sim_run(t.w, MINUTES(12));
	l = simvt_lus(t.v[0], 5, &(struct simlu_plan){ .appl = "APPL20", .rounds = 10 });
	sim_run(t.w, SECS(20));
	all_right(l, 5, 10);
	assert_int_equal(t.v[2]->n->vrns.dialed, 2);
	/* Ten are as many as may be out of reach: the network is given up. */
	assert_false(vrn_full(t.v[2]->n, &t.v[2]->n->vrns.v[0]));
	t.v[2]->n->vrns.bad[0] = (struct vrn_bad){ t.v[1]->n->cpname, t.v[2]->n->vrns.v[0].name,
		mono_add(sim_now(t.w), MINUTES(3)) };
	for (int k = 1; k < 10; k++) {
		t.v[2]->n->vrns.bad[k] = t.v[2]->n->vrns.bad[0];
		t.v[2]->n->vrns.bad[k].cp.s[0] = (char)('0' + k);
	}
	assert_true(vrn_is_bad(t.v[2]->n, &t.v[2]->n->vrns.v[0].name, &t.v[0]->n->cpname));
	assert_int_equal(vrn_clear_bad(t.v[2]->n, ""), 10);
	assert_false(vrn_is_bad(t.v[2]->n, &t.v[2]->n->vrns.v[0].name, &t.v[0]->n->cpname));
	net_down(&t);
}

static void
t_unreachable(void **state)
{
	(void)state;
	unreachable("EnE");
	unreachable("EnN");
}

/* Without UNRCHTIM the sessions end, and the next ones try again. */
static void
t_unreachable_not_remembered(void **state)
{
	struct simlu *l;
	struct net t;

	(void)state;
	vrn_net(&t, 5, "EnE", NULL);
	join(&t, 0, 1, GOOD);
	join(&t, 2, 1, GOOD);
	(void)simvt_appl(t.v[2], 0);
	l = simvt_lus(t.v[0], 1, &(struct simlu_plan){ .appl = "APPL20", .rounds = 10 });
	sim_run(t.w, MINUTES(3));
	assert_int_equal(l->got, 0);
	assert_int_equal(l->state, SL_CLOSED);
	wire(&t, 0, 2, GOOD);
	l = simvt_lus(t.v[0], 1, &(struct simlu_plan){ .appl = "APPL20", .rounds = 10 });
	sim_run(t.w, MINUTES(1));
	all_right(l, 1, 10);
	net_down(&t);
}

/* The link over the network is cut while sessions use it: they go on by the server. */
static void
cut_short(const char *kinds, uint64_t seed)
{
	struct simlu *l;
	struct net t;

	vrn_net(&t, seed, kinds, ",UNRCHTIM=600");
	join(&t, 0, 1, GOOD);
	join(&t, 2, 1, GOOD);
	wire(&t, 0, 2, GOOD);
	(void)simvt_appl(t.v[2], 0);
	l = simvt_lus(t.v[0], 5, &(struct simlu_plan){ .appl = "APPL20", .rounds = 400,
	    .gap_ms = 500 });
	sim_run(t.w, SECS(20) + sim_below(t.w, 5000000));
	assert_non_null(over(t.v[2], t.v[0]));
	sim_cut(t.w, t.v[0]->id, t.v[2]->id, sim_now(t.w).us - SIM_START, MINUTES(600));
	sim_run(t.w, MINUTES(10));
	all_right(l, 5, 400);
	assert_true(passed(&t, 1) > 100);
	net_down(&t);
}

static void
t_cut(void **state)
{
	(void)state;
	for (uint64_t seed = 20; seed < 23; seed++) {
		cut_short("EnE", seed);
		cut_short("EnN", seed);
	}
}

static void
t_bad_lines(void **state)
{
	struct simlu *l, *m;
	struct net t;

	(void)state;
	for (uint64_t seed = 10; seed < 14; seed++) {
		vrn_net(&t, seed, "ENE", NULL);
		join(&t, 0, 1, BAD);
		join(&t, 2, 1, BAD);
		wire(&t, 0, 2, BAD);
		(void)simvt_appl(t.v[2], 0);
		(void)simvt_appl(t.v[0], 0);
		/* Both want the other at once: both dial. */
		l = simvt_lus(t.v[0], 5, &(struct simlu_plan){ .appl = "APPL20", .rounds = 20 });
		m = simvt_lus(t.v[2], 5, &(struct simlu_plan){ .appl = "APPL00", .rounds = 20 });
		sim_run(t.w, MINUTES(5));
		all_right(l, 5, 20);
		all_right(m, 5, 20);
		assert_int_equal(passed(&t, 1), 0);
		net_down(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_direct),
		cmocka_unit_test(t_network_node),
		cmocka_unit_test(t_over_it_and_on),
		cmocka_unit_test(t_unreachable),
		cmocka_unit_test(t_unreachable_not_remembered),
		cmocka_unit_test(t_cut),
		cmocka_unit_test(t_bad_lines),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(t, NULL, NULL);
}
