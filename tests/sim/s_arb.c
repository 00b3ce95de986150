/* SPDX-License-Identifier: Apache-2.0
 *
 * s_arb.c - what the rate control makes of a bottleneck: all of it, also where
 * packets are lost; the same for equal connections; not all of it beside TCP,
 * nor nothing; and no queue that others have to wait in. The whole table prints
 * build/bench/arbsim and arbfair.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/log.h"
#include "tests/sim/simrtp.h"
#include "tests/sim/simshare.h"

#define SEED_OF 3

/* Mbit/s of one alone for some seconds. */
static double
alone(struct simrun r, unsigned rtp)
{
	struct simshares s = { 0 };

	r.rtp = rtp;
	r.cubic = !rtp;
	r.seconds = 16;
	sim_share(&r, SEED_OF, &s);
	return rtp ? s.rtp[0] : s.cubic[0];
}

/* As much as CUBIC on a good line, but for some bytes of our longer headers; more than
 * that on a bad one. */
static void
t_goodput(void **state)
{
	static const struct simrun on[] = {
		{ .mbit = 10, .rtt_ms = 50 }, { .mbit = 100, .rtt_ms = 10 },
		{ .mbit = 100, .rtt_ms = 50 }, { .mbit = 100, .rtt_ms = 50, .loss = 0.001 },
		{ .mbit = 10, .rtt_ms = 50, .loss = 0.01 },
		{ .mbit = 100, .rtt_ms = 50, .loss = 0.01 },
		{ .mbit = 100, .rtt_ms = 200, .loss = 0.03 },
		{ .mbit = 10, .rtt_ms = 200, .loss = 0.1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++) {
		double rtp = alone(on[i], 1), cubic = alone(on[i], 0);

		if (rtp < cubic * (on[i].loss == 0 ? 0.98 : 1.0))
			fail_msg("%u Mbit/s, %u ms, loss %.3f: %.2f, CUBIC %.2f",
			    (unsigned)on[i].mbit, on[i].rtt_ms, on[i].loss, rtp, cubic);
	}
}

static void
t_fair(void **state)
{
	static const struct simrun on[] = {
		{ .mbit = 10, .rtt_ms = 50, .rtp = 2 }, { .mbit = 10, .rtt_ms = 50, .rtp = 4 },
		{ .mbit = 10, .rtt_ms = 50, .rtp = 16 },
		{ .mbit = 100, .rtt_ms = 10, .rtp = 2, .apart = SECS(1) },
		{ .mbit = 100, .rtt_ms = 10, .rtp = 16, .apart = SECS(1) } };

	(void)state;
	for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++) {
		struct simshares s = { 0 };
		struct simrun r = on[i];

		r.seconds = 20;
		sim_share(&r, SEED_OF, &s);
		if (sim_jain(s.rtp, r.rtp) < 0.9 || sim_sum(s.rtp, r.rtp) < 0.85 * (double)r.mbit)
			fail_msg("%u beside each other: Jain %.3f, together %.1f of %u Mbit/s",
			    r.rtp, sim_jain(s.rtp, r.rtp), sim_sum(s.rtp, r.rtp),
			    (unsigned)r.mbit);
	}
}

/* Beside TCP neither is driven out, though one of them wants the queue full. */
static void
t_beside_tcp(void **state)
{
	static const struct simrun on[] = {
		{ .mbit = 10, .rtt_ms = 10, .rtp = 1, .cubic = 1 },
		{ .mbit = 10, .rtt_ms = 50, .rtp = 1, .cubic = 1 },
		{ .mbit = 100, .rtt_ms = 10, .rtp = 4, .cubic = 4 } };

	(void)state;
	for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++) {
		struct simshares s = { 0 };
		struct simrun r = on[i];
		double ratio;

		r.seconds = 40;
		sim_share(&r, SEED_OF, &s);
		ratio = sim_sum(s.rtp, r.rtp) / sim_sum(s.cubic, r.cubic);
		if (ratio < 0.25 || ratio > 4)
			fail_msg("%u Mbit/s, %u ms: RTP has %.2f of what CUBIC has",
			    (unsigned)r.mbit, r.rtt_ms, ratio);
	}
}

/* Questions and answers across a line that a batch fills wait little longer than on an
 * empty one: 60 ms of 30, where a sender that fills queues makes it 250. */
static void
t_interactive_beside_batch(void **state)
{
	struct simlink l = { .delay_ms = 15, .rate_bps = 10000000, .queue_bytes = 250000,
		.shared = 1 };
	struct sim *w = sim_new(SEED_OF);
	struct simrtp *n[4];
	struct rtp *asks;

	(void)state;
	for (int i = 0; i < 4; i++)
		n[i] = simrtp_new(w, 65536);
	for (int i = 0; i < 4; i += 2) {
		sim_way(w, n[i]->id, n[i + 1]->id, l);
		sim_way(w, n[i + 1]->id, n[i]->id, (struct simlink){ .delay_ms = 15 });
	}
	n[3]->answer = (struct simflow){ .echo = 1 };
	(void)simrtp_call(n[0], n[1], (struct simflow){ .count = UINT32_MAX,
		.max_len = SIM_MSG_EQUAL | 4000 });
	asks = &simrtp_call(n[2], n[3], (struct simflow){ .count = UINT32_MAX,
		.max_len = SIM_MSG_EQUAL | 100, .gap_ms = 200 })->rtp;
	sim_run(w, SECS(5));
	for (int i = 0; i < 150; i++) {
		sim_run(w, MSEC(100));
		assert_in_range(asks->srtt, MSEC(30), MSEC(75));
	}
	assert_true(n[2]->pipe[0].got > 90);
	assert_true(n[1]->pipe[0].rtp.rseq > 20 * 1000000);     /* 80 % of the line */
	for (int i = 0; i < 4; i++)
		simrtp_free(n[i]);
	sim_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_goodput), cmocka_unit_test(t_fair),
		cmocka_unit_test(t_beside_tcp), cmocka_unit_test(t_interactive_beside_batch),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
