/* SPDX-License-Identifier: Apache-2.0
 *
 * arbfair - who gets how much of one bottleneck: 2 to 16 RTP connections that
 * begin together or one after the other, and RTP connections beside CUBIC-like
 * senders. Virtual time. Prints how full the bottleneck is, Jain's index of the
 * shares in the last half, and the mean share of an RTP to that of a CUBIC.
 *
 *   arbfair [seconds [Mbit/s RTT_ms RTPs CUBICs seconds_apart]]
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "tests/sim/simshare.h"

#define STAGGER SECS(1)
#define SEED_OF 7

static void
row(struct simrun r, uint64_t seed)
{
	struct simshares s = { 0 };
	double all;

	sim_share(&r, seed, &s);
	all = sim_sum(s.rtp, r.rtp) + sim_sum(s.cubic, r.cubic);
	printf("%8lu %8u %5u %6u %7.1f %8.3f %8.3f", (unsigned long)r.mbit, r.rtt_ms, r.rtp,
	    r.cubic, (double)r.apart / 1e6, all / (double)r.mbit, sim_jain(s.rtp, r.rtp));
	if (r.cubic != 0)
		printf(" %8.2f", sim_sum(s.rtp, r.rtp) / r.rtp /
		    (sim_sum(s.cubic, r.cubic) / r.cubic));
	printf("\n");
	fflush(stdout);
}

static void
rows(struct simrun r)
{
	static const unsigned many[] = { 2, 4, 16 };

	for (size_t m = 0; m < 3; m++) {
		r.rtp = many[m];
		r.apart = 0;
		row(r, SEED_OF);
		r.apart = STAGGER;
		row(r, SEED_OF);
	}
	r.apart = 0;
	r.rtp = r.cubic = 1;
	row(r, SEED_OF);
	r.rtp = r.cubic = 4;
	row(r, SEED_OF);
}

int
main(int argc, char **argv)
{
	static const uint64_t rate[] = { 10, 100, 1000 };
	static const uint32_t rtt[] = { 10, 50, 200 };
	int seconds = argc > 1 ? atoi(argv[1]) : 20;

	log_level_all(LOG_ERROR);
	printf("%8s %8s %5s %6s %7s %8s %8s %8s\n", "Mbit/s", "RTT ms", "RTP", "CUBIC",
	    "apart s", "full", "Jain", "RTP:CUBIC");
	if (argc > 6) {
		if (atoi(argv[4]) < 0 || atoi(argv[5]) < 0 ||
		    atoi(argv[4]) + atoi(argv[5]) > SIM_SHARES)
			return 2;
		row((struct simrun){ .mbit = strtoull(argv[2], NULL, 10),
			.rtt_ms = (uint32_t)atoi(argv[3]), .rtp = (unsigned)atoi(argv[4]),
			.cubic = (unsigned)atoi(argv[5]), .apart = (int64_t)(atof(argv[6]) * 1e6),
			.seconds = seconds }, SEED_OF);
		return 0;
	}
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 3; k++)
			rows((struct simrun){ .mbit = rate[i], .rtt_ms = rtt[k],
				.seconds = seconds });
	return 0;
}
