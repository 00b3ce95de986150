/* SPDX-License-Identifier: Apache-2.0
 *
 * What an operator asks of pipes, in virtual time: D NET,RTPS,TEST=YES over one
 * link, over a node between, with a partner that is gone; the last packets of a
 * pipe that failed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/log.h"
#include "snaee/flight.h"
#include "tests/sim/simnode.h"

#define SLOW ((struct simlink){ .delay_ms = 20 })

static void
join(struct sim *w, struct simvt *a, struct simvt *b)
{
	sim_link(w, a->id, b->id, SLOW);
	simvt_dial(a, b);
	sim_run(w, MINUTES(1));
	assert_true(simvt_met(a, b));
}

/* The pipe for sessions, or (nce CP) the control points' one. */
static struct pipe *
pipe_to(const struct simvt *v, const struct simvt *to, enum nce nce)
{
	struct pipe *p;

	TAILQ_FOREACH(p, &v->n->pipetab.all, all)
		if (p->nce == nce && name_eq(&p->cp, &to->n->cpname))
			return p;
	fail_msg("no pipe");
	return NULL;
}

static void
t_test(void **state)
{
	struct sim *w = sim_new(SEED(1));
	struct simvt *v[3];
	struct pipe *p;

	(void)state;
	for (int i = 0; i < 3; i++) {
		v[i] = simvt_new(w);
		simvt_start(v[i]);
	}
	join(w, v[0], v[1]);
	join(w, v[1], v[2]);
	p = pipe_to(v[0], v[1], NCE_CP);
	assert_int_equal(hprtest_begin(v[0]->n, sim_now(w), p), HPRTEST_BEGUN);
	assert_int_equal(hprtest_begin(v[0]->n, sim_now(w), p), HPRTEST_BUSY);
	sim_wake(w, v[0]->id);
	sim_run(w, SECS(1));
	assert_true(simvt_said(v[0], "IST1787I HPR ROUTE TEST RESULTS FOR RTP PU"));
	assert_true(simvt_said(v[0], "IST1792I TOTAL RTP TRAVERSAL TIME 20 MILLISECONDS"));
	assert_false(simvt_said(v[0], "IST1791I"));
	assert_int_equal(v[0]->n->hprtests.n, 0);
	/* A node between: it is not asked, the time is that of both links. The primary's
	 * node calls, and knows the way. */
	(void)simvt_appl(v[2], 0);
	(void)simvt_lus(v[0], 1, &(struct simlu_plan){ .appl = "APPL20", .rounds = 3, .stay = 1 });
	sim_run(w, SECS(10));
	p = pipe_to(v[2], v[0], NCE_LU);
	assert_int_equal(hprtest_begin(v[2]->n, sim_now(w), p), HPRTEST_BEGUN);
	sim_wake(w, v[2]->id);
	assert_int_equal(hprtest_begin(v[0]->n, sim_now(w), pipe_to(v[0], v[2], NCE_LU)),
	    HPRTEST_PATH);
	sim_run(w, SECS(1));
	assert_true(simvt_said(v[2], "IST1791I HPR ROUTE TEST PACKET NOT RETURNED BY NODE "
	    "NETA.CP1"));
	assert_true(simvt_said(v[2], "IST1792I TOTAL RTP TRAVERSAL TIME 40 MILLISECONDS"));
	for (int i = 0; i < 3; i++)
		simvt_free(v[i]);
	sim_free(w);
}

/* No answer within its time, and a pipe that ends meanwhile: said, and nothing is left. */
static void
t_gone(void **state)
{
	struct sim *w = sim_new(SEED(2));
	struct simvt *a = simvt_new(w), *b = simvt_new(w);
	const struct flight_kept *k;
	struct pipe *p;
	char name[9];

	(void)state;
	simvt_start(a);
	simvt_start(b);
	join(w, a, b);
	p = pipe_to(a, b, NCE_CP);
	snprintf(name, sizeof(name), "%s", name_base(&p->res->name));
	simvt_crash(b);
	assert_int_equal(hprtest_begin(a->n, sim_now(w), p), HPRTEST_BEGUN);
	sim_wake(w, a->id);
	sim_run(w, SECS(HPRTEST_S + 1));
	assert_true(simvt_said(a, "IST1791I HPR ROUTE TEST PACKET NOT RETURNED BY NODE NETA.CP"));
	assert_false(simvt_said(a, "IST1792I"));
	assert_int_equal(a->n->hprtests.n, 0);
	sim_run(w, MINUTES(10));
	k = flight_kept(ee_flight(a->n->ee[0]), name);
	assert_non_null(k);
	assert_int_equal(k->why, FLIGHT_FAILED);
	assert_int_not_equal(k->sense, 0);
	assert_true(k->n > 5);
	/* The last ones were ours, in vain. */
	assert_int_equal(k->pkt[k->n - 1].e.dir, 2);
	for (unsigned i = 1; i < k->n; i++)
		assert_true(k->pkt[i - 1].e.at.us <= k->pkt[i].e.at.us);
	simvt_free(a);
	simvt_free(b);
	sim_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_test),
		cmocka_unit_test(t_gone),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
