/* SPDX-License-Identifier: Apache-2.0
 *
 * simnodes.h - several whole nodes and the links between them.
 *
 * Errors:  a test that can't go on fails.
 * Thread:  test code.
 */
#ifndef TESTS_SIM_SIMNODES_H
#define TESTS_SIM_SIMNODES_H

#include "tests/sim/simnode.h"

#define NET_MAX 6
#define GOOD ((struct simlink){ .delay_ms = 5 })
#define BAD ((struct simlink){ .delay_ms = 10, .jitter_ms = 3, .loss = 0.03, .dup = 0.01, \
	.reorder = 0.02 })

struct net {
	struct sim *w;
	struct simvt *v[NET_MAX];
	int n;
	const char *opts;               /* start options for all, a line each */
	uint8_t two;                    /* addresses each */
	const char *vn, *vnmore;        /* connection network of nodes with a large letter */
};

/* One node for each letter: N, n network node; E, e end node. */
void net_up(struct net *, uint64_t seed, const char *kinds);
/* The wire is there; a defined link is made on it only by join(). */
void wire(struct net *, int a, int b, struct simlink);
/* a dials b; a minute later they have CP-CP sessions. */
void join(struct net *, int a, int b, struct simlink);
void net_cut(struct net *, int a, int b, int64_t us);   /* from now on */
void net_down(struct net *);                    /* all is quiet and gone */
uint64_t passed(const struct net *, int i);     /* NLPs in transit */
void all_right(const struct simlu *, int n, uint32_t rounds);
struct pipe *pipe_to(const struct simvt *, const struct simvt *to);     /* of LUs */

#endif
