/* SPDX-License-Identifier: Apache-2.0
 *
 * s_pswitch.c - path switch between whole nodes: links that fail and come back,
 * other routes, better routes, commands, silence. The sessions feel a pause.
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

#define TALK(A) ((struct simlu_plan){ .appl = (A), .rounds = 400, .gap_ms = 500 })

static void
command(struct net *t, int a, int b)
{
	assert_true(pswitch_command(t->v[a]->n, sim_now(t->w), pipe_to(t->v[a], t->v[b])));
	sim_wake(t->w, t->v[a]->id);
}

static uint64_t
stat(const struct net *t, int i, enum node_stat s)
{
	return t->v[i]->n->stat[s];
}

/* A link is lost and dialed again: INOP, and the pipe goes on where it was. */
static void
t_same_link_again(void **state)
{
	struct simlu *l;
	struct net t = { .opts = "HPRPST=(8M,4M,4M,4M)\n" };

	(void)state;
	net_up(&t, 1, "NN");
	join(&t, 0, 1, GOOD);
	(void)simvt_appl(t.v[1], 0);
	l = simvt_lus(t.v[0], 5, &TALK("APPL10"));
	sim_run(t.w, SECS(10));
	net_cut(&t, 0, 1, SECS(90));
	sim_run(t.w, MINUTES(10));
	all_right(l, 5, 400);
	for (int i = 0; i < 2; i++) {
		assert_true(stat(&t, i, NS_PS_COMPLETED) > 0);
		assert_int_equal(stat(&t, i, NS_PS_FAILED), 0);
		assert_true(simvt_said(t.v[i], "IST1494I PATH SWITCH STARTED FOR RTP"));
		assert_true(simvt_said(t.v[i], "IST1494I PATH SWITCH COMPLETED FOR RTP"));
	}
	net_down(&t);
}

/* No path until HPRPST is over: the sessions end with a sense, the operator is told. */
static void
t_no_path(void **state)
{
	struct simlu *l;
	struct net t = { .n = 0 };

	(void)state;
	net_up(&t, 2, "NN");
	join(&t, 0, 1, GOOD);
	(void)simvt_appl(t.v[1], 0);
	l = simvt_lus(t.v[0], 3, &TALK("APPL10"));
	sim_run(t.w, SECS(10));
	net_cut(&t, 0, 1, MINUTES(30));
	sim_run(t.w, MINUTES(5));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(l[i].wrong, 0);
		assert_int_equal(l[i].sense, SENSE_LINK_FAILURE);
	}
	for (int i = 0; i < 2; i++) {
		assert_true(stat(&t, i, NS_PS_FAILED) > 0);
		assert_true(simvt_said(t.v[i], "IST1494I PATH SWITCH FAILED FOR RTP"));
		assert_true(simvt_said(t.v[i], "IST1495I NO ALTERNATE ROUTE AVAILABLE"));
	}
	net_down(&t);
}

/* To another node's way when the direct link fails, and back by PSRETRY, once. */
static void
t_round_and_back(void **state)
{
	struct simlu *l;
	struct net t = { .opts = "PSRETRY=(10S,10S,10S,10S)\n" };
	uint64_t before;

	(void)state;
	net_up(&t, 3, "NNN");
	join(&t, 0, 1, GOOD);
	join(&t, 1, 2, GOOD);
	join(&t, 0, 2, GOOD);
	(void)simvt_appl(t.v[2], 0);
	l = simvt_lus(t.v[0], 5, &TALK("APPL20"));
	sim_run(t.w, SECS(10));
	assert_false(ee_pipe_far(pipe_to(t.v[0], t.v[2])->rtp));
	net_cut(&t, 0, 2, SECS(80));
	sim_run(t.w, SECS(79));
	assert_true(ee_pipe_far(pipe_to(t.v[0], t.v[2])->rtp));
	before = passed(&t, 1);
	sim_run(t.w, SECS(5));
	assert_true(passed(&t, 1) > before);
	sim_run(t.w, SECS(60));
	assert_false(ee_pipe_far(pipe_to(t.v[0], t.v[2])->rtp));
	assert_int_equal(stat(&t, 0, NS_PS_AUTO) + stat(&t, 2, NS_PS_AUTO), 1);
	sim_run(t.w, MINUTES(10));
	all_right(l, 5, 400);
	assert_int_equal(stat(&t, 0, NS_PS_AUTO) + stat(&t, 2, NS_PS_AUTO), 1);
	assert_true(simvt_said(t.v[2], "IST1821I PATH SWITCH REASON: AUTO PATH SWITCH FOR "
	    "PSRETRY"));
	assert_true(simvt_said(t.v[0], "IST1937I PATH SWITCH REASON: INITIATED BY REMOTE "
	    "PARTNER"));
	net_down(&t);
}

/* On command, when the path is the only one: it is switched to itself. */
static void
t_command_same_path(void **state)
{
	struct simlu *l;
	struct net t = { .n = 0 };

	(void)state;
	net_up(&t, 4, "NN");
	join(&t, 0, 1, GOOD);
	(void)simvt_appl(t.v[1], 0);
	l = simvt_lus(t.v[0], 2, &(struct simlu_plan){ .appl = "APPL10", .rounds = 100,
	    .gap_ms = 100 });
	sim_run(t.w, SECS(2));
	command(&t, 0, 1);
	sim_run(t.w, SECS(1));
	assert_int_equal(stat(&t, 0, NS_PS_COMPLETED), 1);
	assert_int_equal(stat(&t, 1, NS_PS_PARTNER), 1);
	command(&t, 1, 0);
	command(&t, 0, 1);
	sim_run(t.w, SECS(1));
	assert_int_equal(stat(&t, 0, NS_PS_MODIFY), 2);
	assert_int_equal(stat(&t, 1, NS_PS_MODIFY), 1);
	assert_int_equal(stat(&t, 0, NS_PS_FAILED) + stat(&t, 1, NS_PS_FAILED), 0);
	sim_run(t.w, MINUTES(1));
	all_right(l, 2, 100);
	net_down(&t);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_same_link_again),
		cmocka_unit_test(t_no_path),
		cmocka_unit_test(t_round_and_back),
		cmocka_unit_test(t_command_same_path),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(t, NULL, NULL);
}
