/* SPDX-License-Identifier: Apache-2.0
 *
 * simshare.h - several bulk senders before one bottleneck, RTP connections and
 * CUBIC-like ones: what each gets of it in the last half of the time.
 */
#ifndef TESTS_SIM_SIMSHARE_H
#define TESTS_SIM_SIMSHARE_H

#include <stdint.h>

#define SIM_SHARES 16

struct simrun {
	uint64_t mbit;                  /* of the bottleneck; it holds a round trip's bytes */
	uint32_t rtt_ms;
	double loss;
	unsigned rtp, cubic;            /* how many; SIM_SHARES together */
	int64_t apart;                  /* us between two beginnings */
	int seconds;                    /* behind the last beginning */
};

struct simshares {
	double rtp[SIM_SHARES], cubic[SIM_SHARES];      /* Mbit/s */
};

void     sim_share(const struct simrun *, uint64_t seed, struct simshares *);
double   sim_sum(const double *, unsigned n);
double   sim_jain(const double *, unsigned n);  /* 1/n: one has all; 1: all the same */

#endif
