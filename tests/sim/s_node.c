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
#include "tests/sim/simnode.h"

struct pair {
	struct sim *w;
	struct simvt *a, *b;
};

static void
pair_up(struct pair *p, uint64_t seed, struct simlink l)
{
	p->w = sim_new(SEED(seed));
	p->a = simvt_new(p->w);
	p->b = simvt_new(p->w);
	simvt_start(p->a);
	simvt_start(p->b);
	sim_link(p->w, p->a->id, p->b->id, l);
	simvt_dial(p->a, p->b);
	sim_run(p->w, SECS(20));
	assert_true(simvt_met(p->a, p->b));
	assert_true(simvt_met(p->b, p->a));
}

static void
pair_down(struct pair *p)
{
	for (struct simvt *v = p->a;; v = p->b) {
		if (v->n != NULL) {
			for (int i = 0; i < SIMVT_APPLS; i++)
				assert_int_equal(v->appl[i].wrong, 0);
			if (!simvt_quiet(v)) {
				struct con c;

				con_init(&c);
				node_show(v->n, sim_now(p->w), &c);
				(void)fprintf(stderr, "%s%s", v->log, c.text);
				con_fini(&c);
				fail_msg("node %d: %u sessions, %u searches, %u buffers left", v->id,
				    v->n->ssns.used, v->n->dir.pool.used, bufpool_used(&v->n->bufs));
			}
		}
		if (v == p->b)
			break;
	}
	simvt_free(p->a);
	simvt_free(p->b);
	sim_free(p->w);
}

#define GOOD ((struct simlink){ .delay_ms = 5 })

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_meet), cmocka_unit_test(t_session), cmocka_unit_test(t_local),
		cmocka_unit_test(t_chains), cmocka_unit_test(t_refusals),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
