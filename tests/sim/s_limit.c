/* SPDX-License-Identifier: Apache-2.0
 *
 * s_limit.c - links that end when nobody uses them: DISCNT, LIMRES.
 *
 * They stay as long as a session wants them, end in their time, tell both
 * operators, and are not dialed again but by order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "tests/sim/simpair.h"

#define ENDED "IST590I CONNECTION TERMINATED FOR PU PU"

/* A pair whose caller has these operands on its PUs. */
static void
limited(struct pair *p, uint64_t seed, const char *opds)
{
	p->w = sim_new(SEED(seed));
	p->a = simvt_new(p->w);
	p->b = simvt_new(p->w);
	p->a->pu_opds = opds;
	p->b->pu_opds = "DWINOP=NO";
	simvt_start(p->a);
	simvt_start(p->b);
	sim_link(p->w, p->a->id, p->b->id, GOOD);
	simvt_dial(p->a, p->b);
	sim_run(p->w, SECS(20));
	assert_true(simvt_met(p->a, p->b));
	(void)simvt_appl(p->b, 0);
}

static struct simlu *
talk(struct pair *p, uint32_t rounds, uint32_t gap_ms)
{
	return simvt_lus(p->a, 1, &(struct simlu_plan){ .appl = "APPL10", .rounds = rounds,
	    .gap_ms = gap_ms });
}

static void
ended(const struct pair *p)
{
	assert_true(simvt_said(p->a, ENDED "1"));
	assert_true(simvt_said(p->b, ENDED "0"));
	assert_false(simvt_said(p->a, "IST259I"));      /* no INOP: it was meant */
	assert_false(simvt_met(p->a, p->b));
}

static void
t_discnt(void **state)
{
	struct simlu *l;
	struct pair p;

	(void)state;
	limited(&p, 1, "DWINOP=YES,DISCNT=(YES,F)");
	sim_run(p.w, MINUTES(10));
	assert_true(simvt_met(p.a, p.b));               /* no session was there yet */
	l = talk(&p, 60, 1000);
	sim_run(p.w, SECS(50));
	assert_int_equal(l->state, SL_ACTIVE);
	assert_true(simvt_met(p.a, p.b));
	sim_run(p.w, SECS(60));
	assert_int_equal(l->got, 60);
	ended(&p);
	sim_run(p.w, MINUTES(10));
	assert_false(simvt_met(p.a, p.b));              /* in spite of DWINOP */
	simvt_dial(p.a, p.b);
	sim_run(p.w, SECS(20));
	assert_true(simvt_met(p.a, p.b));
	pair_down(&p);
}

/* DISCNTIM seconds more; a session that comes in them keeps the link. */
static void
t_delay(void **state)
{
	struct pair p;

	(void)state;
	limited(&p, 2, "DISCNT=DELAY");
	(void)talk(&p, 1, 0);
	sim_run(p.w, SECS(20));
	assert_true(simvt_met(p.a, p.b));               /* pipe 10 s, then 15 */
	(void)talk(&p, 1, 0);
	sim_run(p.w, SECS(20));
	assert_true(simvt_met(p.a, p.b));
	sim_run(p.w, SECS(10));
	ended(&p);
	pair_down(&p);
}

static void
t_limres(void **state)
{
	struct pair p;

	(void)state;
	limited(&p, 3, "DWINOP=YES,LIMRES=YES");
	sim_run(p.w, SECS(20));
	assert_true(simvt_met(p.a, p.b));
	sim_run(p.w, SECS(10));
	ended(&p);                                      /* not used at all: 45 s */
	simvt_dial(p.a, p.b);
	sim_run(p.w, SECS(20));
	(void)talk(&p, 40, 5000);
	sim_run(p.w, SECS(200));
	assert_true(simvt_met(p.a, p.b));
	sim_run(p.w, SECS(70));
	assert_false(simvt_met(p.a, p.b));
	pair_down(&p);
}

/* The middle one has no pipe for a session, but others' NLPs pass. */
static void
t_passing(void **state)
{
	struct sim *w = sim_new(SEED(4));
	struct simvt *v[3];
	struct simlu *l;

	(void)state;
	for (int i = 0; i < 3; i++) {
		v[i] = simvt_new(w);
		v[i]->pu_opds = i == 1 ? "LIMRES=YES" : "DWINOP=NO";
		simvt_start(v[i]);
	}
	sim_link(w, 0, 1, GOOD);
	sim_link(w, 1, 2, GOOD);
	simvt_dial(v[1], v[0]);
	simvt_dial(v[1], v[2]);
	sim_run(w, SECS(20));
	(void)simvt_appl(v[2], 0);
	l = simvt_lus(v[0], 1, &(struct simlu_plan){ .appl = "APPL20", .rounds = 5,
	    .gap_ms = 150000 });
	sim_run(w, SECS(500));
	assert_int_equal(l->state, SL_ACTIVE);
	assert_true(simvt_met(v[1], v[0]));
	assert_true(simvt_met(v[1], v[2]));
	sim_run(w, SECS(900));
	assert_int_equal(l->got, 5);
	assert_int_equal(l->starts, 1);
	assert_false(simvt_met(v[1], v[0]));
	assert_false(simvt_met(v[1], v[2]));
	for (int i = 0; i < 3; i++)
		simvt_free(v[i]);
	sim_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_discnt), cmocka_unit_test(t_delay), cmocka_unit_test(t_limres),
		cmocka_unit_test(t_passing),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
