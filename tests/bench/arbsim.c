/* SPDX-License-Identifier: Apache-2.0
 *
 * arbsim - goodput of one RTP connection beside a CUBIC-like sender, each alone
 * on the same simulated link: rate, delay, loss. Virtual time, so the machine's
 * speed does not matter. Prints megabits a second and the ratio.
 *
 *   arbsim [seconds [Mbit/s RTT_ms loss_%]]
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "tests/sim/simcubic.h"
#include "tests/sim/simrtp.h"

#define SEED_OF 7
#define MESSAGE (SIM_MSG_EQUAL | 4000)

static struct simlink
link_of(uint64_t mbit, uint32_t rtt_ms, double loss)
{
	uint64_t bdp = mbit * 125 * rtt_ms;

	return (struct simlink){ .delay_ms = rtt_ms / 2, .rate_bps = mbit * 1000000,
		.queue_bytes = (uint32_t)(bdp < 65536 ? 65536 : bdp), .loss = loss };
}

static double
rtp_goodput(struct simlink l, int seconds)
{
	struct sim *w = sim_new(SEED_OF);
	struct simrtp *a = simrtp_new(w, 65536), *b = simrtp_new(w, 65536);
	uint64_t got;

	sim_link(w, a->id, b->id, l);
	(void)simrtp_call(a, b, (struct simflow){ .count = UINT32_MAX, .max_len = MESSAGE });
	sim_run(w, SECS(seconds));
	got = b->pipe[0].rtp.rseq;
	simrtp_free(a);
	simrtp_free(b);
	sim_free(w);
	return (double)got * 8 / seconds / 1e6;
}

static double
cubic_goodput(struct simlink l, int seconds)
{
	struct sim *w = sim_new(SEED_OF);
	struct simcubic *a = simcubic_new(w), *b = simcubic_new(w);
	uint64_t got;

	sim_link(w, simcubic_id(a), simcubic_id(b), l);
	simcubic_start(a, b);
	sim_run(w, SECS(seconds));
	got = simcubic_got(b);
	simcubic_free(a);
	simcubic_free(b);
	sim_free(w);
	return (double)got * 8 / seconds / 1e6;
}

static void
row(uint64_t mbit, uint32_t rtt_ms, double loss, int seconds)
{
	struct simlink l = link_of(mbit, rtt_ms, loss);
	int s = mbit >= 1000 ? seconds / 4 : seconds;
	double r = rtp_goodput(l, s), c = cubic_goodput(l, s);

	printf("%8lu %8u %7.1f %10.2f %10.2f %8.2f\n", (unsigned long)mbit, rtt_ms, loss * 100, r,
	    c, r / c);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	static const uint64_t rate[] = { 10, 100, 1000 };
	static const uint32_t rtt[] = { 10, 50, 200 };
	static const double loss[] = { 0, 0.001, 0.01, 0.03, 0.10 };
	int seconds = argc > 1 ? atoi(argv[1]) : 20;

	log_level_all(LOG_ERROR);
	printf("%8s %8s %7s %10s %10s %8s\n", "Mbit/s", "RTT ms", "loss %", "RTP", "CUBIC",
	    "ratio");
	if (argc > 4) {
		row(strtoull(argv[2], NULL, 10), (uint32_t)atoi(argv[3]), atof(argv[4]) / 100,
		    seconds);
		return 0;
	}
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 3; k++)
			for (size_t m = 0; m < 5; m++)
				row(rate[i], rtt[k], loss[m], seconds);
	return 0;
}
