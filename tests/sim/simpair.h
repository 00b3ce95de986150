/* SPDX-License-Identifier: Apache-2.0
 *
 * simpair.h - two whole nodes and the network between them, for tests.
 */
#ifndef TESTS_SIM_SIMPAIR_H
#define TESTS_SIM_SIMPAIR_H

#include "tests/sim/simnode.h"

struct pair {
	struct sim *w;
	struct simvt *a, *b;
};

#define GOOD ((struct simlink){ .delay_ms = 5 })

/* Both started, linked and met. */
void pair_up(struct pair *, uint64_t seed, struct simlink);
/* Nothing wrong, nothing left; then all is freed. */
void pair_down(struct pair *);

#endif
