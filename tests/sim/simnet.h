/* SPDX-License-Identifier: Apache-2.0
 *
 * simnet.h - a network in virtual time: nodes, and links that are not perfect.
 *
 * A discrete-event simulator. A node is anything with input, output, deadline
 * and expire (an rtp, an ee, a whole node); simrtp and simee adapt the cores.
 * Everything random comes from the seed, so a run repeats exactly.
 *
 * Takes:   packets of the nodes (from, to, port index, bytes).
 * Gives:   them to the other node: later, twice, damaged or not at all.
 * Units:   microseconds in the core, milliseconds in struct simlink.
 * Memory:  malloc; test code.
 */
#ifndef TESTS_SIM_SIMNET_H
#define TESTS_SIM_SIMNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mono.h"

#define SIM_MTU 2048
#define SIM_NODES 64
#define SIM_QUEUES 4            /* that ways may share */
#define SIM_START SECS(1)               /* virtual time begins here, not at 0 */

struct sim;

struct simpkt {
	int to;                         /* node */
	unsigned idx;                   /* port */
	size_t len;
	uint8_t b[SIM_MTU];
};

/* What a node can do. idle and turn may be NULL. */
struct simdriver {
	void (*input)(void *node, struct mono now, int from, unsigned idx, const uint8_t *,
	    size_t);
	bool (*output)(void *node, struct mono now, struct simpkt *);   /* false: dry */
	struct mono (*deadline)(void *node);
	void (*expire)(void *node, struct mono now);
	void (*turn)(void *node, struct mono now);      /* once before output is pulled dry */
	bool (*idle)(void *node);
};

/* One direction. Zeroed: a perfect wire. */
struct simlink {
	uint32_t delay_ms, jitter_ms;
	uint32_t delay_us;              /* added */
	uint64_t rate_bps;              /* 0: no limit */
	uint32_t queue_bytes;           /* in front of the rate; 0: no limit */
	double loss, dup, reorder, corrupt;     /* probabilities */
	uint32_t reorder_ms;            /* how much later; 0: 3 * delay + 5 */
	uint64_t loss_mask;             /* bit k: packet k (from 0) is lost */
	uint8_t shared;                 /* 1 ..: one queue with all ways of this number */
};

enum sim_stat { SIM_SENT, SIM_DELIVERED, SIM_LOST, SIM_CUT, SIM_QUEUE_FULL, SIM_DOUBLED,
	SIM_REORDERED, SIM_CORRUPTED, SIM_NO_LINK, SIM_TAPPED, SIM_INJECTED, SIM_NSTAT };

/* The seed of a test: what the environment says (SIM_SEED), else n. */
uint64_t     sim_seed(uint64_t n);
#define SEED(n) sim_seed(n)

struct sim  *sim_new(uint64_t seed);
void         sim_free(struct sim *);            /* packets under way too; not the nodes */
int          sim_node(struct sim *, const struct simdriver *, void *node);
void         sim_link(struct sim *, int a, int b, struct simlink);      /* both directions */
void         sim_way(struct sim *, int from, int to, struct simlink);   /* one */
/* Nothing gets through from .. until (virtual time since SIM_START); may be
 * called for the past's sake at any time, up to 8 for a pair. */
void         sim_cut(struct sim *, int a, int b, int64_t from_us, int64_t until_us);
void         sim_cut_way(struct sim *, int from, int to, int64_t from_us, int64_t until_us);
void         sim_heal(struct sim *, int a, int b);      /* ends all cuts now */
/* Sees each packet before the link does, and may change it. How late it is to be (us);
 * negative: it is lost. */
typedef int64_t sim_tap_fn(void *arg, int from, struct simpkt *);
void         sim_tap(struct sim *, sim_tap_fn *, void *arg);
/* A packet that says it is from a node, so much later and past every link. */
void         sim_inject(struct sim *, int from, const struct simpkt *, int64_t after_us);
/* The node does nothing until then; what comes meanwhile waits. */
void         sim_freeze(struct sim *, int node, struct mono until);
/* How often a deadline of the node was due. */
uint64_t     sim_expiries(const struct sim *, int node);

struct mono  sim_now(const struct sim *);
/* After the test itself did something to a node. */
void         sim_wake(struct sim *, int node);
void         sim_run_until(struct sim *, struct mono);
void         sim_run(struct sim *, int64_t us);         /* that much further */
/* Until nothing is under way and every node is idle; false when the limit came first. */
bool         sim_run_until_idle(struct sim *, int64_t limit_us);

uint64_t     sim_rand(struct sim *);
uint32_t     sim_below(struct sim *, uint32_t n);       /* 0 .. n-1 */
bool         sim_chance(struct sim *, double p);
uint64_t     sim_stat(const struct sim *, enum sim_stat);
uint64_t     sim_seed_of(const struct sim *);

#endif
