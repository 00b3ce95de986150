/* SPDX-License-Identifier: Apache-2.0
 *
 * simfault.h - what networks, partners and strangers do to two nodes that talk,
 * from one instant to another.
 *
 * Faults whose packets a receiver can tell from good ones must leave every
 * stream exact; simfault_blind() says of which it can't, because nothing in the
 * architecture covers the bytes (corruption that UDP's checksum did not see,
 * packets forged by one who reads the wire).
 */
#ifndef TESTS_SIM_SIMFAULT_H
#define TESTS_SIM_SIMFAULT_H

#include "tests/sim/simnet.h"

enum fault { F_NONE, F_LOSS, F_BURST, F_DUP, F_REORDER, F_CORRUPT, F_TRUNCATE, F_SPIKE, F_ONE_WAY,
	F_FLAP, F_RESTART, F_FREEZE, F_THEFT, F_REPLAY, F_FORGE, F_FORGE_SEEN, F_N };

#define FAULT_KEEP 64           /* packets kept to be replayed or changed */

struct simfault {
	struct sim *w;
	enum fault kind;
	int a, b;                       /* who talks; restarts and freezes are b's */
	int thief;                      /* node of an address that is nobody's partner */
	struct mono from, until;
	uint8_t bad[2];                 /* burst: this way is in its bad state */
	uint8_t way, restarted;
	struct mono up_at;              /* flap: changes then */
	uint8_t down;
	uint32_t seen, hits;
	struct simpkt kept[FAULT_KEEP];
	int kept_from[FAULT_KEEP];
	void (*restart)(void *arg);
	void *arg;
};

const char *simfault_name(enum fault);
bool     simfault_blind(enum fault);
/* Between two nodes; makes the thief's. Taps the network. */
void     simfault_init(struct simfault *, struct sim *, enum fault, int a, int b);
void     simfault_span(struct simfault *, int64_t from_us, int64_t us);  /* since now */
/* Runs the network; does what is b's part on the way. */
void     simfault_run(struct simfault *, int64_t us);

#endif
