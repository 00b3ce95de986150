/* SPDX-License-Identifier: Apache-2.0
 *
 * simee.h - a node of the simulated network that is a whole ee: link, pipes,
 * and a user who dials, opens pipes, sends numbered messages, checks those that
 * come, and dials again when the link is lost.
 *
 * Node i has the address 10.0.0.(i + 1).
 */
#ifndef TESTS_SIM_SIMEE_H
#define TESTS_SIM_SIMEE_H

#include "snaee/ee.h"
#include "tests/sim/simmsg.h"
#include "tests/sim/simnet.h"

#define SIMEE_PIPES 16

struct eepipe {
	struct rtp *rtp;                /* NULL: free */
	struct simflow flow;
	uint32_t stream_out, stream_in; /* 0: not known yet */
	uint32_t sent, got, wrong;
	uint8_t called, closed;
	struct mono next_at;
	struct mono lost_at;            /* path switch began, and nothing came since */
};

struct simee {
	struct sim *w;
	int id;
	struct bufpool bufs;
	struct ee_cfg cfg;
	struct ee *ee;
	struct ldlc *link;              /* being dialed, or up */
	int dial;                       /* node to dial; -1: none */
	uint8_t up, stop;
	uint8_t mine;                   /* the link is one we dialed */
	struct mono dial_at;
	uint8_t parallel;               /* a second link is dialed too .. */
	struct ldlc *second;            /* .. between SAPs 8 */
	struct mono second_at;
	int64_t pause_us;               /* longest from a path switch's begin to the next PIU */
	uint32_t open;                  /* pipes still to be opened */
	uint32_t opened, ended;         /* by us */
	struct simflow call, answer;
	struct eepipe pipe[SIMEE_PIPES];
	/* sums */
	uint32_t ups, downs, paths, calls, pipes_up, ended_ok, ended_lost, wrong, sent, got;
	uint32_t stray;                 /* called pipes beyond room */
	uint32_t mtus;                  /* times the path took less */
	uint32_t last_sense;
};

struct simee *simee_new(struct sim *, uint32_t bufs);
void     simee_start(struct simee *);           /* after changes to cfg */
/* Dials now, opens pipes when up, hangs up when all of them ended. */
void     simee_call(struct simee *, const struct simee *to, uint32_t pipes, struct simflow);
void     simee_free(struct simee *);
bool     simee_empty(struct simee *);           /* ee idle, no buffer in use */

#endif
