/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole nodes over the simulated network: links, CP-CP sessions, searches,
 * LU-LU sessions, and what becomes of them when something breaks.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "tests/sim/simpair.h"

static void
t_meet(void **state)
{
	struct pair p;

	(void)state;
	pair_up(&p, 1, GOOD);
	assert_true(simvt_said(p.a, "IST590I CONNECTOUT ESTABLISHED FOR PU PU1 ON LINE"));
	assert_true(simvt_said(p.b, "IST590I CONNECTIN ESTABLISHED FOR PU PU0 ON LINE"));
	assert_true(simvt_said(p.a, "IST1086I APPN CONNECTION FOR NETA.CP1 IS ACTIVE - TGN = 21"));
	assert_true(simvt_said(p.a, "IST1096I CP-CP SESSIONS WITH NETA.CP1 ACTIVATED"));
	assert_true(simvt_said(p.b, "IST1096I CP-CP SESSIONS WITH NETA.CP0 ACTIVATED"));
	sim_run(p.w, MINUTES(30));
	assert_true(simvt_met(p.a, p.b));
	assert_false(simvt_said(p.a, "IST1097I"));
	pair_down(&p);
}

static void
t_session(void **state)
{
	struct simappl *ap;
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 2, GOOD);
	ap = simvt_appl(p.b, 0);
	l = simvt_lus(p.a, 1, &(struct simlu_plan){ .appl = "APPL10", .rounds = 50 });
	sim_run(p.w, SECS(10));
	assert_int_equal(l->starts, 1);
	assert_int_equal(l->got, 50);
	assert_int_equal(l->wrong, 0);
	assert_int_equal(l->state, SL_CLOSED);
	assert_int_equal(ap->starts, 1);
	assert_int_equal(ap->unbinds, 1);
	assert_string_equal(ap->mode, "SNX32702");
	assert_null(rtab_find(&p.a->n->rtab, l->name));         /* dynamic APPL is gone */
	sim_run(p.w, SECS(20));                                 /* and the idle pipe closed */
	assert_int_equal(p.a->n->pipetab.n, 1);
	pair_down(&p);
}

static void
t_local(void **state)
{
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 3, GOOD);
	simvt_appl(p.a, 1)->max_len = 3000;
	l = simvt_lus(p.a, 20, &(struct simlu_plan){ .appl = "APPL01", .rounds = 20,
	    .max_len = 3000 });
	sim_run(p.w, SECS(5));
	for (int i = 0; i < 20; i++) {
		assert_int_equal(l[i].got, 20);
		assert_int_equal(l[i].wrong, 0);
		assert_int_equal(l[i].state, SL_CLOSED);
	}
	assert_int_equal(p.a->appl[1].unbinds, 20);
	pair_down(&p);
}

static void
t_chains(void **state)
{
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 4, (struct simlink){ .delay_ms = 20, .loss = 0.02, .dup = 0.02,
	    .reorder = 0.05 });
	simvt_appl(p.b, 0)->max_len = 3000;
	l = simvt_lus(p.a, 30, &(struct simlu_plan){ .appl = "NETA.APPL10", .rounds = 20,
	    .max_len = 3000, .gap_ms = 10 });
	sim_run(p.w, MINUTES(5));
	for (int i = 0; i < 30; i++) {
		assert_int_equal(l[i].got, 20);
		assert_int_equal(l[i].wrong, 0);
	}
	pair_down(&p);
}

/* Each refusal reaches the one who asked, with its sense. */
static void
t_refusals(void **state)
{
	static const struct {
		const char *appl, *mode;
		uint32_t sense;
	} no[] = {
		{ "NOSUCH", NULL, SENSE_UNKNOWN_DLU },
		{ "APPL10", "NOMODE", SENSE_BAD_MODE },
		{ "APPL12", NULL, SENSE_PLU_NOT_ENABLED },      /* no ACB */
		{ "APPL02", NULL, SENSE_PLU_NOT_ENABLED },      /* here, no ACB */
		{ "NETB.APPL10", NULL, SENSE_UNKNOWN_DLU },
		{ "APPL11", NULL, 0x080a0000 },                 /* refuses */
	};
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 5, GOOD);
	(void)simvt_appl(p.b, 0);
	simvt_appl(p.b, 1)->refuse = 0x080a0000;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		l = simvt_lus(p.a, 1, &(struct simlu_plan){ .appl = no[i].appl,
		    .mode = no[i].mode });
		sim_run(p.w, SECS(5));
		if (l->nspes != 1 || l->sense != no[i].sense)
			fail_msg("%s: %u NSPE, sense %08x, wanted %08x", no[i].appl, l->nspes,
			    l->sense, no[i].sense);
		assert_int_equal(l->starts, 0);
	}
	/* A BIND that the LU refuses: the application learns why. */
	l = simvt_lus(p.a, 1, &(struct simlu_plan){ .appl = "APPL10", .refuse = 0x08210000 });
	sim_run(p.w, SECS(5));
	assert_int_equal(p.b->appl[0].unbinds, 1);
	assert_int_equal(p.b->appl[0].sense, 0x08210000);
	assert_int_equal(l->state, SL_CLOSED);
	pair_down(&p);
}

/* An application asks for LUs: here, there, and in vain. */
static void
t_simlogon(void **state)
{
	static const struct {
		const char *lu;
		uint32_t sense;
	} no[] = {
		{ "NOSUCH", SENSE_UNKNOWN_DLU }, { "L000001", SENSE_LIMIT_SLU },
		{ "APPL12", SENSE_SLU_NOT_ENABLED }, { "CP1", SENSE_UNKNOWN_SLU },
	};
	const struct simlu_plan wait = { .appl = "", .rounds = 10, .keep_open = 1 };
	struct simlu *near, *far;
	struct acb_logon l;
	struct simappl *ap;
	struct pair p;

	(void)state;
	pair_up(&p, 6, GOOD);
	ap = simvt_appl(p.b, 0);
	near = simvt_lus(p.b, 1, &wait);
	far = simvt_lus(p.a, 1, &wait);
	sim_run(p.w, SECS(1));
	assert_string_equal(far->name, "L000001");
	for (int i = 0; i < 2; i++) {
		memset(&l, 0, sizeof(l));
		(void)name_set(&l.appl, i == 0 ? near->name : far->name);
		simvt_submit(ap->port, (struct rpl){ .op = RPL_SIMLOGON, .acb = ap->acb }, &l,
		    sizeof(l));
		sim_wake(p.w, p.b->id);
		sim_run(p.w, SECS(5));
		assert_int_equal(ap->cinits, i + 1);
		assert_int_equal(ap->starts, i + 1);
	}
	assert_int_equal(near->got, 10);
	assert_int_equal(far->got, 10);
	assert_int_equal(near->unbinds + far->unbinds, 2);
	/* Busy, unknown, no LU. */
	far->plan.stay = 1;
	far->plan.appl = "APPL10";
	far->state = SL_ENDED;
	far->plan.again = 1;
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(5));
	assert_int_equal(far->state, SL_ACTIVE);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		memset(&l, 0, sizeof(l));
		(void)name_set(&l.appl, no[i].lu);
		simvt_submit(ap->port, (struct rpl){ .op = RPL_SIMLOGON, .acb = ap->acb }, &l,
		    sizeof(l));
		sim_wake(p.w, p.b->id);
		sim_run(p.w, SECS(5));
		if (ap->nspes != i + 1 || ap->sense != no[i].sense)
			fail_msg("%s: %u NSPE, sense %08x", no[i].lu, ap->nspes, ap->sense);
		assert_string_equal(ap->nspe_lu, no[i].lu);
	}
	far->plan.again = 0;
	simvt_lu_close(p.a, far);
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(5));
	pair_down(&p);
}

/* The client goes while the application thinks; the LU's next user must not get
 * the session the first one asked for. */
static void
t_cancel(void **state)
{
	struct simappl *ap;
	struct simlu *l;
	uint32_t cinit;
	struct pair p;

	(void)state;
	pair_up(&p, 7, GOOD);
	ap = simvt_appl(p.b, 0);
	ap->hold = 1;
	l = simvt_lus(p.a, 1, &(struct simlu_plan){ .appl = "APPL10" });
	sim_run(p.w, SECS(1));
	assert_int_equal(ap->cinits, 1);
	cinit = ap->last_cinit;
	simvt_lu_close(p.a, l);
	sim_wake(p.w, p.a->id);
	/* OPNDST crosses with the news. */
	simvt_submit(ap->port, (struct rpl){ .op = RPL_OPNDST, .acb = ap->acb, .sess = cinit,
	    .suser = 0 }, NULL, 0);
	sim_wake(p.w, p.b->id);
	*l = (struct simlu){ .plan = { .appl = "", .keep_open = 1 } };
	(void)snprintf(l->name, sizeof(l->name), "L000001");
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(10));
	assert_int_equal(l->state, SL_OPEN);
	assert_int_equal(ap->starts, 0);
	assert_int_equal(ap->unbinds, 1);
	/* In time: the application hears it at once. */
	l->plan.appl = "APPL10";
	l->state = SL_ENDED;
	l->plan.again = 1;
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(2));
	assert_int_equal(ap->cinits, 2);
	l->plan.again = 0;
	simvt_lu_term(p.a, l);
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(1));
	assert_int_equal(l->nspes, 1);
	assert_int_equal(ap->unbinds, 2);
	simvt_lu_close(p.a, l);
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(1));
	pair_down(&p);
}

/* The application never answers: the logon ends by itself. */
static void
t_no_answer(void **state)
{
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 8, GOOD);
	simvt_appl(p.b, 0)->hold = 1;
	l = simvt_lus(p.a, 1, &(struct simlu_plan){ .appl = "APPL10" });
	sim_run(p.w, SECS(100));
	assert_int_equal(l->nspes, 1);
	assert_int_equal(l->sense, SENSE_NOT_AVAILABLE);
	assert_int_equal(p.b->appl[0].unbinds, 1);
	pair_down(&p);
}

/* All log on at once through rings that are much too small. */
static void
t_storm(void **state)
{
	const struct simlu_plan plan = { .appl = "APPL10", .rounds = 5 };
	struct simlu *l;
	struct pair p = { .w = sim_new(SEED(9)) };

	(void)state;
	p.a = simvt_new(p.w);
	p.b = simvt_new(p.w);
	p.a->max_acbs = p.b->max_acbs = 3000;
	p.a->ring = p.b->ring = 16;
	simvt_start(p.a);
	simvt_start(p.b);
	sim_link(p.w, 0, 1, (struct simlink){ .delay_ms = 10, .loss = 0.01 });
	simvt_dial(p.a, p.b);
	sim_run(p.w, SECS(20));
	(void)simvt_appl(p.b, 0);
	l = simvt_lus(p.a, 2000, &plan);
	sim_run(p.w, MINUTES(2));
	for (uint32_t i = 0; i < 2000; i++)
		if (l[i].got != 5 || l[i].wrong != 0 || l[i].state != SL_CLOSED)
			fail_msg("LU %u: state %u, got %u, wrong %u, sense %08x", i, l[i].state,
			    l[i].got, l[i].wrong, l[i].sense);
	assert_int_equal(p.b->appl[0].unbinds, 2000);
	assert_int_equal(p.a->n->stat[NS_ANSWERS_LOST], 0);
	pair_down(&p);
}

/* More than the pipe's queue holds: sessions wait, none is lost. */
static void
t_slow_link(void **state)
{
	struct simlu *l;
	struct pair p;

	(void)state;
	p.w = sim_new(SEED(10));
	p.a = simvt_new(p.w);
	p.b = simvt_new(p.w);
	p.a->max_acbs = p.b->max_acbs = 2500;
	simvt_start(p.a);
	simvt_start(p.b);
	sim_link(p.w, 0, 1, (struct simlink){ .delay_ms = 20, .rate_bps = 2000000,
	    .queue_bytes = 100000 });
	simvt_dial(p.a, p.b);
	sim_run(p.w, SECS(20));
	simvt_appl(p.b, 0)->max_len = 3000;
	l = simvt_lus(p.a, 2000, &(struct simlu_plan){ .appl = "APPL10", .stay = 1,
	    .max_len = 3000 });
	sim_run(p.w, MINUTES(3));
	for (uint32_t i = 0; i < 2000; i++) {           /* all type at once */
		l[i].plan.rounds = 4;
		l[i].plan.stay = 0;
		l[i].turn = 1;
	}
	sim_wake(p.w, p.a->id);
	sim_run(p.w, MINUTES(10));
	for (uint32_t i = 0; i < 2000; i++)
		if (l[i].got != 4 || l[i].wrong != 0)
			fail_msg("LU %u: state %u, got %u, wrong %u, sense %08x", i, l[i].state,
			    l[i].got, l[i].wrong, l[i].sense);
	assert_true(p.a->n->stat[NS_PIPE_WAITS] > 0);
	pair_down(&p);
}

/* The partner dies and comes back: sessions end, their users hear it, and all
 * that wants to be is there again. */
static void
t_restart(void **state)
{
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 11, GOOD);
	(void)simvt_appl(p.b, 0);
	l = simvt_lus(p.a, 20, &(struct simlu_plan){ .appl = "APPL10", .rounds = 100000,
	    .gap_ms = 1000, .again = 1 });
	sim_run(p.w, SECS(10));
	assert_int_equal(simvt_count(p.a, SL_ACTIVE), 20);
	simvt_crash(p.b);
	sim_run(p.w, SECS(15));
	simvt_start(p.b);
	(void)simvt_appl(p.b, 0);
	sim_run(p.w, MINUTES(4));
	assert_true(simvt_met(p.a, p.b));
	assert_true(simvt_met(p.b, p.a));
	for (int i = 0; i < 20; i++) {
		assert_int_equal(l[i].state, SL_ACTIVE);
		assert_int_equal(l[i].starts, 2);
		assert_int_equal(l[i].unbinds, 1);
		assert_int_equal(l[i].wrong, 0);
	}
	for (int i = 0; i < 20; i++) {
		l[i].plan.again = 0;
		l[i].plan.rounds = l[i].sent;
	}
	sim_run(p.w, MINUTES(1));
	assert_int_equal(simvt_count(p.a, SL_CLOSED), 20);
	pair_down(&p);
}

/* A cut that is shorter than the path switch time: a pause, nothing more. */
static void
t_short_cut(void **state)
{
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 12, GOOD);
	(void)simvt_appl(p.b, 0);
	l = simvt_lus(p.a, 20, &(struct simlu_plan){ .appl = "APPL10", .rounds = 200,
	    .gap_ms = 500 });
	sim_cut(p.w, 0, 1, SECS(25), SECS(45));
	sim_run(p.w, MINUTES(4));
	for (int i = 0; i < 20; i++) {
		assert_int_equal(l[i].got, 200);
		assert_int_equal(l[i].starts, 1);
		assert_int_equal(l[i].wrong, 0);
	}
	pair_down(&p);
}

static void
t_long_cut(void **state)
{
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 13, GOOD);
	(void)simvt_appl(p.b, 0);
	l = simvt_lus(p.a, 20, &(struct simlu_plan){ .appl = "APPL10", .rounds = 900,
	    .gap_ms = 1000, .again = 1 });
	sim_cut(p.w, 0, 1, SECS(40), MINUTES(10));
	sim_run(p.w, MINUTES(9));
	assert_false(simvt_met(p.a, p.b));
	assert_true(simvt_said(p.a, "IST1097I CP-CP SESSION WITH NETA.CP1 TERMINATED"));
	assert_true(simvt_said(p.a, "IST259I INOP RECEIVED FOR PU1 CODE = 01"));
	assert_true(simvt_said(p.a, "IST1196I APPN CONNECTION FOR NETA.CP1 IS INACTIVE - TGN ="));
	assert_int_equal(p.a->n->pipetab.n, 0);
	assert_int_equal(p.b->n->ssns.used, 0);
	for (int i = 0; i < 20; i++) {
		assert_true(l[i].state != SL_ACTIVE);
		assert_true(l[i].unbinds >= 1);
	}
	sim_run(p.w, MINUTES(3));
	assert_true(simvt_met(p.a, p.b));
	for (int i = 0; i < 20; i++) {
		assert_int_equal(l[i].state, SL_ACTIVE);
		l[i].plan.again = 0;
		l[i].plan.rounds = l[i].sent;
		assert_int_equal(l[i].wrong, 0);
	}
	sim_run(p.w, MINUTES(1));
	pair_down(&p);
}

/* Either side ends: the application, the LU, a whole port. */
static void
t_ends(void **state)
{
	const struct simlu_plan stay = { .appl = "APPL10", .rounds = 3, .stay = 1,
		.keep_open = 1 };
	struct acb_port *port;
	struct simappl *ap;
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 14, GOOD);
	ap = simvt_appl(p.b, 0);
	l = simvt_lus(p.a, 10, &stay);
	sim_run(p.w, SECS(3));
	assert_int_equal(simvt_count(p.a, SL_ACTIVE), 10);
	simvt_lu_close(p.a, &l[0]);
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(1));
	assert_int_equal(l[0].state, SL_CLOSED);
	assert_int_equal(ap->unbinds, 1);
	simvt_appl_close(p.b, 0);
	sim_run(p.w, SECS(1));
	assert_int_equal(ap->closed, 1);
	for (int i = 1; i < 10; i++) {
		assert_int_equal(l[i].unbinds, 1);
		assert_int_equal(l[i].unbind_type, UNB_CLEANUP);
		l[i].state = SL_NONE;
		l[i].plan.again = 1;
		simvt_lu_close(p.a, &l[i]);
	}
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(1));
	assert_int_equal(p.a->n->acbs.used, 0);
	/* Again, and now the port of all LUs goes without a word. */
	(void)simvt_appl(p.b, 0);
	l = simvt_lus(p.a, 10, &stay);
	sim_run(p.w, SECS(3));
	ap->unbinds = 0;
	port = p.a->port;
	p.a->port = node_port(p.a->n, "NEW", 64, NULL, NULL);
	node_port_free(p.a->n, sim_now(p.w), port);
	p.a->n_lus = 0;
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(3));
	assert_int_equal(ap->unbinds, 10);
	assert_int_equal(p.a->n->acbs.used, 0);
	pair_down(&p);
}

static bool
vary(struct simvt *v, bool act, const char *name)
{
	struct con c;
	bool ok;

	con_init(&c);
	ok = act ? node_vary_act(v->n, sim_now(v->w), name, &c) :
	    node_vary_inact(v->n, sim_now(v->w), name, VARY_IMMED, &c);
	con_fini(&c);
	sim_wake(v->w, v->id);
	return ok;
}

static void
t_vary(void **state)
{
	const struct simlu_plan stay = { .appl = "APPL10", .rounds = 3, .stay = 1,
		.keep_open = 1 };
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 15, GOOD);
	(void)simvt_appl(p.b, 0);
	l = simvt_lus(p.a, 3, &stay);
	sim_run(p.w, SECS(3));
	assert_int_equal(simvt_count(p.a, SL_ACTIVE), 3);
	/* The LU's resource, then the application's, then the major nodes. */
	assert_true(vary(p.a, false, "L000001"));
	sim_run(p.w, SECS(1));
	assert_int_equal(l[0].state, SL_CLOSED);
	assert_int_equal(p.b->appl[0].unbinds, 1);
	assert_true(vary(p.b, false, "APPL10"));
	sim_run(p.w, SECS(1));
	assert_true(p.b->appl[0].closed);
	assert_int_equal(l[1].unbinds, 1);
	(void)simvt_appl(p.b, 0);
	sim_run(p.w, SECS(1));
	assert_int_equal(p.b->appl[0].err, ACB_INACTIVE);
	assert_true(vary(p.b, true, "APPL10"));
	(void)simvt_appl(p.b, 0);
	sim_run(p.w, SECS(1));
	assert_true(p.b->appl[0].acb != 0);
	assert_true(vary(p.a, false, "APPLS"));
	sim_run(p.w, SECS(1));
	assert_int_equal(simvt_count(p.a, SL_CLOSED), 3);
	l = simvt_lus(p.a, 1, &stay);
	sim_run(p.w, SECS(1));
	assert_int_equal(l->state, SL_FAILED);
	assert_true(vary(p.a, true, "APPLS"));
	l = simvt_lus(p.a, 1, &stay);
	sim_run(p.w, SECS(3));
	assert_int_equal(l->state, SL_ACTIVE);
	/* The PU: the link goes, the pipe with it after a while, and back. */
	assert_true(vary(p.a, false, "PU1"));
	sim_run(p.w, MINUTES(2));
	assert_false(simvt_met(p.a, p.b));
	assert_int_equal(l->unbinds, 1);
	assert_true(vary(p.a, true, "PU1"));
	simvt_dial(p.a, p.b);
	sim_run(p.w, SECS(30));
	assert_true(simvt_met(p.a, p.b));
	/* The XCA. */
	assert_true(vary(p.b, false, "XCA"));
	sim_run(p.w, MINUTES(3));
	assert_false(simvt_met(p.a, p.b));
	assert_true(vary(p.b, true, "XCA"));
	sim_run(p.w, MINUTES(3));
	assert_true(simvt_met(p.a, p.b));
	simvt_lu_close(p.a, l);
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(3));
	pair_down(&p);
}

static void
t_halt(void **state)
{
	struct simlu *l;
	struct pair p;

	(void)state;
	pair_up(&p, 16, GOOD);
	(void)simvt_appl(p.b, 0);
	l = simvt_lus(p.a, 10, &(struct simlu_plan){ .appl = "APPL10", .rounds = 3, .stay = 1,
	    .keep_open = 1 });
	sim_run(p.w, SECS(3));
	node_halt(p.b->n, sim_now(p.w), NODE_HALT_NORMAL);
	(void)simvt_lus(p.a, 1, &(struct simlu_plan){ .appl = "APPL10" });
	sim_run(p.w, SECS(3));
	assert_int_equal(p.a->lu[10].nspes, 1);         /* no new sessions */
	assert_int_equal(simvt_count(p.a, SL_ACTIVE), 10);
	node_halt(p.b->n, sim_now(p.w), NODE_HALT_QUICK);
	sim_wake(p.w, p.b->id);
	sim_run(p.w, SECS(10));
	assert_true(node_idle(p.b->n));
	assert_true(p.b->appl[0].closed);
	for (int i = 0; i < 10; i++)
		assert_int_equal(l[i].unbinds, 1);
	for (int i = 0; i < 10; i++)
		simvt_lu_close(p.a, &l[i]);
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(5));
	assert_int_equal(p.a->n->pipetab.n, 0);
	assert_int_equal(p.a->n->ssns.used, 0);
	assert_int_equal(p.b->n->ssns.used, 0);
	pair_down(&p);
}

/* What was found is remembered: the next search is directed, and when the
 * application has moved the search goes on to all. */
static void
t_directed(void **state)
{
	struct sim *w = sim_new(SEED(17));
	struct simvt *v[3];
	struct simlu *l;
	struct res *r;

	(void)state;
	for (int i = 0; i < 3; i++) {
		v[i] = simvt_new(w);
		v[i]->pu_opds = "CAPACITY=64K,COSTTIME=7";
		simvt_start(v[i]);
	}
	sim_link(w, 0, 1, GOOD);
	sim_link(w, 0, 2, GOOD);
	simvt_dial(v[0], v[1]);
	simvt_dial(v[0], v[2]);
	sim_run(w, SECS(20));
	assert_true(simvt_met(v[0], v[1]) && simvt_met(v[0], v[2]));
	(void)simvt_appl(v[1], 0);
	(void)simvt_appl(v[2], 0);
	l = simvt_lus(v[0], 1, &(struct simlu_plan){ .appl = "APPL20", .rounds = 3 });
	sim_run(w, SECS(3));
	assert_int_equal(l->got, 3);
	r = rtab_find(&v[0]->n->rtab, "APPL20");
	assert_non_null(r);
	assert_int_equal(r->type, RES_CDRSC);
	assert_string_equal(r->owner.s, "NETA.CP2");
	r = rtab_find(&v[2]->n->rtab, l->name);
	assert_non_null(r);
	assert_string_equal(r->owner.s, "NETA.CP0");
	/* Remembered wrongly: it is found all the same. */
	r = rtab_find(&v[0]->n->rtab, "APPL20");
	(void)name_set(&r->owner, "NETA.CP1");
	l = simvt_lus(v[0], 1, &(struct simlu_plan){ .appl = "APPL20", .rounds = 3 });
	sim_run(w, SECS(3));
	assert_int_equal(l->got, 3);
	assert_string_equal(r->owner.s, "NETA.CP2");
	/* Topology: each knows three nodes and the four ends of two links. */
	for (int i = 0; i < 3; i++) {
		struct topo_node *tn;
		struct topo_tg *tg;
		int nodes = 0, tgs = 0;

		TAILQ_FOREACH(tn, &v[i]->n->cps.topo_nodes, all)
			nodes++;
		TAILQ_FOREACH(tg, &v[i]->n->cps.topo_tgs, all)
			if (tg->up) {   /* as whose link it is defined it, wherever it is told */
				assert_int_equal(tg->v.tgc.capacity, 0x45);
				assert_int_equal(tg->v.tgc.cost_time, 7);
				tgs++;
			}
		assert_int_equal(nodes, 3);
		assert_int_equal(tgs, 4);
	}
	/* A link goes: the others hear that too. */
	assert_true(vary(v[0], false, "PU2"));
	sim_run(w, MINUTES(3));
	for (int i = 0; i < 2; i++) {
		struct topo_tg *tg;
		int tgs = 0;

		TAILQ_FOREACH(tg, &v[i]->n->cps.topo_tgs, all)
			tgs += tg->up && name_eq(&tg->from, &v[0]->n->cpname);
		assert_int_equal(tgs, 1);
	}
	/* The directory forgets after CDRSCTI. */
	sim_run(w, MINUTES(10));
	assert_null(rtab_find(&v[0]->n->rtab, "APPL20"));
	for (int i = 0; i < 3; i++) {
		assert_true(simvt_quiet(v[i]));
		simvt_free(v[i]);
	}
	sim_free(w);
}

/* A message of the CP-CP sessions was changed on the way, by one who reads the wire: its
 * number is missing, or the window it opened. Both sessions end when that shows, and begin
 * anew; one logon may have been lost. */
static void
t_cp_out_of_step(void **state)
{
	const struct simlu_plan plan = { .appl = "APPL10", .rounds = 5 };
	struct cpadj *a;
	struct simlu *l;
	struct pair p;

	(void)state;
	for (int how = 0; how < 2; how++) {
		pair_up(&p, 18, GOOD);
		(void)simvt_appl(p.b, 0);
		a = cp_find(p.a->n, &p.b->n->cpname);
		if (how == 0)
			a->win->hs.snf_out++;
		else
			a->win->hs.credit = 0;
		(void)simvt_lus(p.a, 1, &plan);
		sim_run(p.w, SECS(90));
		assert_true(simvt_said(p.a, "IST1097I"));
		assert_true(simvt_met(p.a, p.b));
		l = simvt_lus(p.a, 1, &plan);
		sim_run(p.w, SECS(20));
		assert_int_equal(l->got, 5);
		pair_down(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_meet), cmocka_unit_test(t_session), cmocka_unit_test(t_local),
		cmocka_unit_test(t_chains), cmocka_unit_test(t_refusals),
		cmocka_unit_test(t_simlogon), cmocka_unit_test(t_cancel),
		cmocka_unit_test(t_no_answer), cmocka_unit_test(t_storm),
		cmocka_unit_test(t_slow_link), cmocka_unit_test(t_restart),
		cmocka_unit_test(t_short_cut), cmocka_unit_test(t_long_cut),
		cmocka_unit_test(t_ends), cmocka_unit_test(t_vary), cmocka_unit_test(t_halt),
		cmocka_unit_test(t_directed), cmocka_unit_test(t_cp_out_of_step),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
