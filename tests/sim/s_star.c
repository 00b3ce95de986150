/* SPDX-License-Identifier: Apache-2.0
 *
 * One host and 63 gateways in one process: each gateway dials, meets the host
 * and has sessions with its application, over links of different delay that
 * lose one datagram in fifty.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/log.h"
#include "tests/sim/simnode.h"

#define NODES SIM_NODES
#define LUS 3
#define ROUNDS 10

static void
t_sixty_four_nodes(void **state)
{
	struct sim *w = sim_new(SEED(64));
	struct simvt *v[NODES];
	struct simlu *lu[NODES];
	struct simappl *ap;

	(void)state;
	for (int i = 0; i < NODES; i++) {
		v[i] = simvt_new(w);
		simvt_start(v[i]);
	}
	ap = simvt_appl(v[0], 0);
	ap->max_len = 900;
	for (int i = 1; i < NODES; i++) {
		sim_link(w, v[i]->id, v[0]->id, (struct simlink){ .delay_ms = (uint32_t)i,
		    .jitter_ms = 2, .loss = 0.02 });
		simvt_dial(v[i], v[0]);
	}
	sim_run(w, MINUTES(3));
	for (int i = 1; i < NODES; i++) {
		assert_true(simvt_met(v[i], v[0]));
		assert_true(simvt_met(v[0], v[i]));
		lu[i] = simvt_lus(v[i], LUS, &(struct simlu_plan){ .appl = ap->name,
		    .rounds = ROUNDS, .max_len = 900 });
	}
	sim_run(w, MINUTES(3));
	for (int i = 1; i < NODES; i++)
		for (int k = 0; k < LUS; k++) {
			assert_int_equal(lu[i][k].got, ROUNDS);
			assert_int_equal(lu[i][k].wrong, 0);
			assert_int_equal(lu[i][k].state, SL_CLOSED);
		}
	assert_int_equal(ap->starts, (NODES - 1) * LUS);
	assert_int_equal(ap->wrong, 0);
	for (int i = 0; i < NODES; i++)
		assert_true(simvt_quiet(v[i]));
	for (int i = 0; i < NODES; i++)
		simvt_free(v[i]);
	sim_free(w);
}

int
main(void)
{
	const struct CMUnitTest t[] = { cmocka_unit_test(t_sixty_four_nodes) };

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(t, NULL, NULL);
}
