/* SPDX-License-Identifier: Apache-2.0
 *
 * simrtp.h - a node of the simulated network that is RTP connections alone,
 * with a user on top who sends numbered messages and checks those that come.
 */
#ifndef TESTS_SIM_SIMRTP_H
#define TESTS_SIM_SIMRTP_H

#include "snaee/rtp.h"
#include "tests/sim/simmsg.h"
#include "tests/sim/simnet.h"

#define SIMRTP_PIPES 4

struct simpipe {
	struct rtp rtp;
	uint8_t used, up, down, closed, kept;
	int peer;
	uint32_t sense;
	struct simflow flow;
	uint32_t sent, got, wrong, switches;
	struct mono next_at;            /* gap_ms */
};

struct simrtp {
	struct sim *w;
	int id;
	struct bufpool bufs;
	struct pool tables;
	uint32_t epoch;
	uint32_t isn;
	uint32_t switch_ms;
	uint16_t max_packet;
	uint8_t retries;
	uint8_t deaf;                   /* answers no setup */
	struct simflow answer;          /* what a called pipe's user does */
	struct simpipe pipe[SIMRTP_PIPES];
	uint32_t ended_ok, ended_lost, born, stray, ghosts;
	/* of the last pipe that ended */
	uint32_t last_sent, last_got, last_sense, wrong;
	uint64_t stat[RTP_NSTAT];
	uint8_t bad;                    /* content or order was wrong */
};

struct simrtp *simrtp_new(struct sim *, uint32_t bufs);
void     simrtp_free(struct simrtp *);
struct simpipe *simrtp_call(struct simrtp *, struct simrtp *to, struct simflow);
/* No pipe, no buffer in use. */
bool     simrtp_empty(struct simrtp *);

#endif
