/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/simpair.h"

void
pair_up(struct pair *p, uint64_t seed, struct simlink l)
{
	p->w = sim_new(SEED(seed));
	p->a = simvt_new(p->w);
	p->b = simvt_new(p->w);
	simvt_start(p->a);
	simvt_start(p->b);
	sim_link(p->w, p->a->id, p->b->id, l);
	simvt_dial(p->a, p->b);
	sim_run(p->w, SECS(20));
	assert_true(simvt_met(p->a, p->b));
	assert_true(simvt_met(p->b, p->a));
}

void
pair_down(struct pair *p)
{
	for (struct simvt *v = p->a;; v = p->b) {
		if (v->n != NULL) {
			for (int i = 0; i < SIMVT_APPLS; i++)
				assert_int_equal(v->appl[i].wrong, 0);
			if (!simvt_quiet(v)) {
				struct con c;

				con_init(&c);
				node_show(v->n, sim_now(p->w), &c);
				(void)fprintf(stderr, "%s%s", v->log, c.text);
				con_fini(&c);
				fail_msg("node %d: %u sessions, %u searches, %u buffers left",
				    v->id, v->n->ssns.used, v->n->dir.pool.used,
				    bufpool_used(&v->n->bufs));
			}
		}
		if (v == p->b)
			break;
	}
	simvt_free(p->a);
	simvt_free(p->b);
	sim_free(p->w);
}
