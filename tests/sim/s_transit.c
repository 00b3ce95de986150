/* SPDX-License-Identifier: Apache-2.0
 *
 * A node in the middle whose way out is narrow: its sockets take no more than a
 * few Mbit/s. It tells slowdown, the ends reduce their rates, nothing is lost;
 * each NLP goes on by the port of its priority, and interactive sessions don't
 * wait behind batch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "snaee/ee_parts.h"
#include "tests/sim/simnodes.h"

#define MBIT 1000000u

struct watch {
	uint64_t nlps[4], slow, wrong_port;
};

/* What node 1 sends: UI frames that hold an ANR NLP. */
static int64_t
tap(void *arg, int from, struct simpkt *p)
{
	struct watch *k = arg;
	unsigned tpf = p->b[3] >> 1 & 3;

	if (from != 1 || p->len < 6 || p->b[2] != LLC_UI || (p->b[3] & 0xf8) != 0xc0)
		return 0;
	k->nlps[tpf]++;
	k->slow += (p->b[4] & 6) != 0;
	k->wrong_port += p->idx != EE_LOW - tpf;
	return 0;
}

static uint32_t
slowed(const struct simvt *v)
{
	const struct pipe *p;
	uint32_t n = 0;

	TAILQ_FOREACH(p, &v->n->pipetab.all, all)
		if (p->rtp != NULL)
			n += p->rtp->arb.n_slow;
	return n;
}

static void
t_narrow(void **state)
{
	const struct simlu_plan batch = { .appl = "APPL20", .mode = "SIMBATCH", .rounds = 60,
		.max_len = 2500 };
	const struct simlu_plan inter = { .appl = "APPL20", .mode = "SIMINT", .rounds = 50,
		.max_len = 2500, .gap_ms = 200 };
	struct watch k = { .slow = 0 };
	struct simlu *b, *i;
	struct net t = { .n = 0 };

	(void)state;
	net_up(&t, 1, "NNN");
	join(&t, 0, 1, GOOD);
	join(&t, 1, 2, GOOD);
	sim_tap(t.w, tap, &k);
	simvt_appl(t.v[2], 0)->max_len = 2500;
	t.v[1]->egress_bps = 4 * MBIT;
	b = simvt_lus(t.v[0], 100, &batch);
	i = simvt_lus(t.v[0], 3, &inter);
	sim_run(t.w, SECS(12));
	/* 50 rounds of 200 ms and a round trip: they did not wait behind the batch. */
	for (int n = 0; n < 3; n++)
		assert_int_equal(i[n].got, 50);
	assert_true(k.slow > 0 && k.nlps[TPF_LOW] > 20 * k.nlps[TPF_HIGH]);
	assert_true(slowed(t.v[0]) > 0 && slowed(t.v[2]) > 0);
	sim_run(t.w, MINUTES(5));
	all_right(b, 100, 60);
	all_right(i, 3, 50);
	assert_int_equal(k.wrong_port, 0);
	assert_int_equal(node_ee(t.v[1]->n, 0)->stat[EES_TRANSIT_FULL], 0);
	net_down(&t);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_narrow),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(t, NULL, NULL);
}
