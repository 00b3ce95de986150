/* SPDX-License-Identifier: Apache-2.0
 *
 * Two whole nodes and everything that can happen to them, in the order a seed
 * says: logons both ways, ends, cuts, crashes. At the end nothing is left.
 * SIM_SEED is the first seed, SIM_COUNT how many.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "tests/sim/simpair.h"

/* An application asks for an LU of either node. */
static void
simlogon(struct simvt *v, const struct simappl *ap, const struct simvt *o)
{
	const struct simvt *at = sim_chance(v->w, 0.5) ? v : o;
	struct acb_logon l;

	if (ap->acb == 0 || at->n_lus == 0 || acb_room(ap->port) <= 4)
		return;
	memset(&l, 0, sizeof(l));
	(void)name_set(&l.appl, at->lu[sim_below(v->w, at->n_lus)].name);
	simvt_submit(ap->port, (struct rpl){ .op = RPL_SIMLOGON, .acb = ap->acb }, &l, sizeof(l));
}

static void
mix_lus(struct pair *p, struct simvt *v, struct simvt *o)
{
	uint32_t n = 1 + sim_below(p->w, 20);

	if (v->n_lus + n < 400)
		(void)simvt_lus(v, n, &(struct simlu_plan){
		    .appl = sim_chance(p->w, 0.7) ? o->appl[0].name : v->appl[0].name,
		    .rounds = sim_below(p->w, 50), .gap_ms = sim_below(p->w, 200) });
}

static void
mix_lu(struct pair *p, struct simvt *v)
{
	struct simlu *l = v->n_lus == 0 ? NULL : &v->lu[sim_below(p->w, v->n_lus)];

	if (l == NULL || acb_room(v->port) <= 4)
		return;
	if (sim_chance(p->w, 0.5)) {
		if (l->acb != 0 && l->state >= SL_OPEN && l->state < SL_CLOSING)
			simvt_lu_close(v, l);
	} else if (l->state == SL_ACTIVE || l->state == SL_LOGON) {
		simvt_lu_term(v, l);
	}
}

static void
mix_appl(struct pair *p, struct simvt *v)
{
	struct simappl *a = &v->appl[0];

	if (a->acb == 0 && a->closed)
		(void)simvt_appl(v, 0);
	else if (a->acb != 0 && acb_room(a->port) > 4 && sim_chance(p->w, 0.2))
		simvt_appl_close(v, 0);
	a->refuse = sim_chance(p->w, 0.2) ? 0x080a0000 : 0;
}

static void
mix_cut(struct pair *p)
{
	int64_t from = sim_now(p->w).us - SIM_START;

	sim_heal(p->w, 0, 1);
	sim_cut(p->w, 0, 1, from, from + sim_below(p->w, 100000000));
}

/* One step; a node that crashed starts again. */
static void
mix_step(struct pair *p)
{
	struct simvt *v = sim_chance(p->w, 0.5) ? p->a : p->b, *o = v == p->a ? p->b : p->a;

	if (v->dead) {
		simvt_start(v);
		(void)simvt_appl(v, 0);
		if (!o->dead)
			simvt_dial(v, o);
	}
	switch (o->dead ? 99 : sim_below(p->w, 11)) {
	case 0: case 1: case 2: case 3:
		mix_lus(p, v, o);
		break;
	case 4: case 5:
		mix_lu(p, v);
		break;
	case 6: case 7:
		mix_appl(p, v);
		break;
	case 8:
		if (sim_chance(p->w, 0.3))
			mix_cut(p);
		break;
	case 9:
		if (sim_chance(p->w, 0.1))
			simvt_crash(v);
		break;
	case 10:
		simlogon(v, &v->appl[0], o);
		break;
	}
	sim_wake(p->w, v->id);
	sim_run(p->w, sim_below(p->w, 8000000));
}

/* All LUs have ended, nothing was wrong, nothing is left. */
static void
mix_over(struct simvt *v, uint64_t seed)
{
	uint32_t wrong = v->appl[0].wrong, n;

	for (uint32_t i = 0; i < v->n_lus; i++)
		wrong += v->lu[i].wrong;
	n = simvt_count(v, SL_CLOSED) + simvt_count(v, SL_FAILED);
	if (n != v->n_lus || !simvt_quiet(v) || wrong != 0)
		fail_msg("seed %" PRIu64 " node %d: %u of %u LUs ended, %u wrong, %u sessions, "
		    "%u searches, %u buffers", seed, v->id, n, v->n_lus, wrong, v->n->ssns.used,
		    v->n->dir.pool.used, bufpool_used(&v->n->bufs));
}

/* Everything at once, in the order a seed says. */
static void
one_mix(uint64_t seed)
{
	struct pair p = { .w = sim_new(seed) };
	struct simvt *v[2];

	p.a = v[0] = simvt_new(p.w);
	p.b = v[1] = simvt_new(p.w);
	for (int i = 0; i < 2; i++) {
		v[i]->ring = 16u << sim_below(p.w, 5);
		simvt_start(v[i]);
		(void)simvt_appl(v[i], 0);
	}
	sim_link(p.w, 0, 1, (struct simlink){ .delay_ms = sim_below(p.w, 30),
	    .loss = sim_below(p.w, 10) / 100.0, .dup = sim_below(p.w, 10) / 100.0,
	    .reorder = sim_below(p.w, 10) / 100.0,
	    .rate_bps = sim_chance(p.w, 0.3) ? 200000 + sim_below(p.w, 2000000) : 0,
	    .queue_bytes = 50000 });
	simvt_dial(p.a, p.b);
	if (sim_chance(p.w, 0.3))
		simvt_dial(p.b, p.a);
	for (int i = 0; i < 60; i++)
		mix_step(&p);
	sim_heal(p.w, 0, 1);
	for (int i = 0; i < 2; i++) {
		if (v[i]->dead) {
			simvt_start(v[i]);
			simvt_dial(v[i], v[1 - i]);
		}
		for (uint32_t k = 0; k < v[i]->n_lus; k++)
			v[i]->lu[k].plan.rounds = v[i]->lu[k].sent;
	}
	sim_run(p.w, MINUTES(30));
	mix_over(p.a, seed);
	mix_over(p.b, seed);
	if (!simvt_met(p.a, p.b))
		fail_msg("seed %" PRIu64 ": CP-CP sessions did not come back", seed);
	pair_down(&p);
}

static void
t_seeds(void **state)
{
	const char *many = getenv("SIM_COUNT");
	uint64_t first = SEED(100), n = many == NULL ? 40 : strtoull(many, NULL, 0);

	(void)state;
	for (uint64_t k = 0; k < n; k++)
		one_mix(first + k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(t_seeds) };

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
