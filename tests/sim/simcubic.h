/* SPDX-License-Identifier: Apache-2.0
 *
 * simcubic.h - the neighbour to compare with: a bulk sender that does what TCP
 * with CUBIC (RFC 9438), selective acknowledgement and an unlimited window
 * does, over the same simulated network, with packets of the same size.
 */
#ifndef TESTS_SIM_SIMCUBIC_H
#define TESTS_SIM_SIMCUBIC_H

#include "tests/sim/simnet.h"

struct simcubic;

struct simcubic *simcubic_new(struct sim *);
void     simcubic_free(struct simcubic *);
void     simcubic_start(struct simcubic *, const struct simcubic *to);
uint64_t simcubic_got(const struct simcubic *);         /* bytes received, each once */
int      simcubic_id(const struct simcubic *);

#endif
