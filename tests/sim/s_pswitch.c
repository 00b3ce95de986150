/* SPDX-License-Identifier: Apache-2.0
 *
 * s_pswitch.c - path switch between whole nodes: links that fail and come back,
 * other routes, better routes, commands, silence. The sessions feel a pause.
 *
 *   s_pswitch [seeds [first]]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

static unsigned
times(const char *log, const char *text)
{
	unsigned n = 0;

	for (; (log = strstr(log, text)) != NULL; log++)
		n++;
	return n;
}

/* HPRPSMSG=1: the first of the pipes that switch is told, all are counted. */
static void
t_summary(void **state)
{
	struct simlu *l;
	struct net t = { .opts = "HPRPST=(8M,4M,4M,4M),HPRPSMSG=1\n" };

	(void)state;
	net_up(&t, 7, "NN");
	join(&t, 0, 1, GOOD);
	(void)simvt_appl(t.v[1], 0);
	l = simvt_lus(t.v[0], 2, &TALK("APPL10"));
	sim_run(t.w, SECS(10));
	net_cut(&t, 0, 1, SECS(90));
	sim_run(t.w, MINUTES(10));
	all_right(l, 2, 400);
	for (int i = 0; i < 2; i++) {
		assert_true(stat(&t, i, NS_PS_COMPLETED) > 1);
		assert_int_equal(times(t.v[i]->log, "SWITCH STARTED"), 1);
		assert_int_equal(times(t.v[i]->log, "SWITCH COMPLETED"), 1);
		assert_true(simvt_said(t.v[i], "IST2191I HPR PATH SWITCH SUMMARY FROM "));
		assert_true(simvt_said(t.v[i], "IST2192I STARTED                = 2"));
		assert_true(simvt_said(t.v[i], "IST2197I FAILED                 = 0"));
	}
	net_down(&t);
}

struct hole {
	int a, b;
	size_t max;
};

static int64_t
swallow(void *arg, int from, struct simpkt *p)
{
	const struct hole *h = arg;

	return p->len > h->max && ((from == h->a && p->to == h->b) ||
	    (from == h->b && p->to == h->a)) ? -1 : 0;
}

/* A network that takes no large packets any more and tells nobody: small NLPs. */
static void
t_black_hole(void **state)
{
	struct simlu *l;
	struct net t = { .n = 0 };
	struct hole h = { .max = 1000 };

	(void)state;
	net_up(&t, 5, "NN");
	join(&t, 0, 1, GOOD);
	simvt_appl(t.v[1], 0)->max_len = 2500;
	l = simvt_lus(t.v[0], 3, &(struct simlu_plan){ .appl = "APPL10", .rounds = 200,
	    .gap_ms = 100, .max_len = 2500 });
	sim_run(t.w, SECS(4));
	h.a = t.v[0]->id;
	h.b = t.v[1]->id;
	sim_tap(t.w, swallow, &h);
	sim_run(t.w, MINUTES(10));
	all_right(l, 3, 200);
	assert_true(simvt_said(t.v[0], "IST2245I XMIT STALL DETECTED FOR RTP") ||
	    simvt_said(t.v[1], "IST2245I XMIT STALL DETECTED FOR RTP"));
	for (int i = 0; i < 2; i++) {
		assert_false(simvt_said(t.v[i], "IST2246I"));
		assert_int_equal(simvt_said(t.v[i], "IST2245I"), simvt_said(t.v[i], "IST2247I"));
		assert_int_equal(stat(&t, i, NS_PS_STALL), 0);
	}
	net_down(&t);
}

/* The same behind a node: another way. */
static void
t_black_hole_far(void **state)
{
	struct simlu *l;
	struct net t = { .n = 0 };
	struct hole h = { .max = 1000 };
	int via;

	(void)state;
	net_up(&t, 6, "NNNN");
	join(&t, 0, 1, GOOD);
	join(&t, 1, 2, GOOD);
	join(&t, 0, 3, GOOD);
	join(&t, 3, 2, GOOD);
	simvt_appl(t.v[2], 0)->max_len = 2500;
	l = simvt_lus(t.v[0], 3, &(struct simlu_plan){ .appl = "APPL20", .rounds = 200,
	    .gap_ms = 100, .max_len = 2500 });
	sim_run(t.w, SECS(4));
	via = passed(&t, 1) > passed(&t, 3) ? 1 : 3;
	h.a = t.v[0]->id;
	h.b = t.v[via]->id;
	sim_tap(t.w, swallow, &h);
	sim_run(t.w, MINUTES(10));
	all_right(l, 3, 200);
	assert_true(stat(&t, 0, NS_PS_STALL) + stat(&t, 2, NS_PS_STALL) > 0);
	assert_true(simvt_said(t.v[0], "IST2335I") || simvt_said(t.v[2], "IST2335I"));
	assert_true(passed(&t, 4 - via) > 100);
	net_down(&t);
}

struct dark {
	int which;                      /* address nothing comes from or goes to; -1: none */
	uint64_t seen[2];
};

static int64_t
darken(void *arg, int from, struct simpkt *p)
{
	struct dark *d = arg;
	int second = (p->idx & (SIMVT_FROM2 | SIMVT_TO2)) != 0;

	(void)from;
	d->seen[second]++;
	return second == d->which ? -1 : 0;
}

/* Which of node 0's its sessions with node 1 use. */
static int
address(const struct net *t)
{
	const struct ee_link *l = ee_pipe_of(pipe_to(t->v[0], t->v[1])->rtp)->link;

	assert_non_null(l);
	return l->ldlc.parm.at;
}

/* Two addresses each, and a link between either pair: the pipe goes to the other address
 * when one is dead, and back when that one is. */
static void
t_other_address(void **state)
{
	struct dark d = { .which = -1 };
	struct simlu *l;
	struct net t = { .two = 1 };

	(void)state;
	net_up(&t, 8, "NN");
	sim_tap(t.w, darken, &d);
	join(&t, 0, 1, GOOD);
	assert_int_equal(d.seen[1], 0);
	simvt_dial2(t.v[0], t.v[1]);
	sim_run(t.w, SECS(10));
	assert_true(d.seen[1] > 0);
	(void)simvt_appl(t.v[1], 0);
	l = simvt_lus(t.v[0], 5, &TALK("APPL10"));
	sim_run(t.w, SECS(10));
	for (int i = 0; i < 2; i++) {
		uint32_t got = l[0].got;
		int was = address(&t);

		d.which = was;
		sim_run(t.w, SECS(59));
		d.which = -1;
		assert_true(l[0].got > got + 10);
		assert_int_equal(address(&t), 1 - was);
		sim_run(t.w, SECS(30));         /* dialed again meanwhile */
	}
	sim_run(t.w, MINUTES(10));
	all_right(l, 5, 400);
	for (int i = 0; i < 2; i++) {
		assert_true(stat(&t, i, NS_PS_COMPLETED) >= 2);
		assert_int_equal(stat(&t, i, NS_PS_FAILED), 0);
	}
	net_down(&t);
}

/* Three ways from 0 to 2; all but one are cut, both ways or one. */
static void
spare_one(struct net *t)
{
	static const int link[5][3] = { { 0, 2, 0 }, { 0, 1, 1 }, { 1, 2, 1 }, { 0, 3, 2 },
		{ 3, 2, 2 } };
	int spare = (int)sim_below(t->w, 3);
	int64_t from = sim_now(t->w).us - SIM_START;

	for (int i = 0; i < 5; i++) {
		int a = link[i][0], b = link[i][1];
		int64_t until = from + sim_below(t->w, SECS(100));

		sim_heal(t->w, t->v[a]->id, t->v[b]->id);
		if (link[i][2] == spare || sim_chance(t->w, 0.3))
			continue;
		if (sim_chance(t->w, 0.7))
			sim_cut(t->w, t->v[a]->id, t->v[b]->id, from, until);
		else
			sim_cut_way(t->w, t->v[b]->id, t->v[a]->id, from, until);
	}
}

static void
perhaps_command(struct net *t, int a, int b)
{
	struct pipe *p;

	if (!sim_chance(t->w, 0.5))
		return;
	TAILQ_FOREACH(p, &t->v[a]->n->pipetab.all, all)
		if (p->nce == NCE_LU && name_eq(&p->cp, &t->v[b]->n->cpname))
			(void)pswitch_command(t->v[a]->n, sim_now(t->w), p);
	sim_wake(t->w, t->v[a]->id);
}

/* Anything at random instants, while a way is always left. */
static void
t_random(void **state)
{
	const char *many = getenv("SIM_COUNT"), *from = getenv("SIM_SEED");
	uint64_t first = from == NULL ? 1 : strtoull(from, NULL, 0);
	uint64_t end = first + (many == NULL ? 4 : strtoull(many, NULL, 0));
	uint64_t switched = 0;
	struct simlu *l;

	(void)state;
	for (uint64_t seed = first; seed < end; seed++) {
		struct net t = { .opts = "HPRPST=(8M,8M,8M,8M),PSRETRY=(20S,20S,20S,20S)\n" };

		net_up(&t, seed, "NNNN");
		join(&t, 0, 1, GOOD);
		join(&t, 1, 2, GOOD);
		join(&t, 0, 3, GOOD);
		join(&t, 3, 2, GOOD);
		join(&t, 0, 2, GOOD);
		simvt_appl(t.v[2], 0)->max_len = 900;
		l = simvt_lus(t.v[0], 5, &(struct simlu_plan){ .appl = "APPL20",
		    .rounds = 1000, .gap_ms = 500, .max_len = 900 });
		sim_run(t.w, SECS(5));
		for (int i = 0; i < 12; i++) {
			spare_one(&t);
			sim_run(t.w, sim_below(t.w, SECS(60)));
			perhaps_command(&t, 0, 2);
			perhaps_command(&t, 2, 0);
			sim_run(t.w, sim_below(t.w, SECS(10)));
		}
		sim_run(t.w, MINUTES(30));
		switched += stat(&t, 0, NS_PS_COMPLETED);
		for (int i = 0; i < 5; i++)
			if (l[i].got != 1000 || l[i].wrong != 0)
				fail_msg("seed %llu, LU %d: got %u, %u wrong, state %u, "
				    "sense %08X", (unsigned long long)seed, i, l[i].got,
				    l[i].wrong, l[i].state, l[i].sense);
		net_down(&t);
	}
	assert_true(switched > 8 * (end - first));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_same_link_again),
		cmocka_unit_test(t_no_path),
		cmocka_unit_test(t_round_and_back),
		cmocka_unit_test(t_command_same_path),
		cmocka_unit_test(t_summary),
		cmocka_unit_test(t_black_hole),
		cmocka_unit_test(t_black_hole_far),
		cmocka_unit_test(t_other_address),
		cmocka_unit_test(t_random),
	};

	if (argc > 1)
		(void)setenv("SIM_COUNT", argv[1], 1);
	if (argc > 2)
		(void)setenv("SIM_SEED", argv[2], 1);
	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(t, NULL, NULL);
}
