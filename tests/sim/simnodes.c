/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "snaee/ee_parts.h"
#include "tests/sim/simnodes.h"

void
net_up(struct net *t, uint64_t seed, const char *kinds)
{
	t->w = sim_new(SEED(seed));
	for (t->n = 0; kinds[t->n] != '\0'; t->n++) {
		struct simvt *v = t->v[t->n] = simvt_new(t->w);
		bool on_vn = kinds[t->n] == 'E' || kinds[t->n] == 'N';

		v->end_node = kinds[t->n] == 'E' || kinds[t->n] == 'e';
		v->opts = t->opts;
		v->two = t->two;
		v->vnname = on_vn ? t->vn : NULL;
		v->vnmore = t->vnmore;
		simvt_start(v);
	}
}

void
wire(struct net *t, int a, int b, struct simlink l)
{
	sim_link(t->w, t->v[a]->id, t->v[b]->id, l);
}

void
join(struct net *t, int a, int b, struct simlink l)
{
	wire(t, a, b, l);
	simvt_dial(t->v[a], t->v[b]);
	sim_run(t->w, MINUTES(1));
	assert_true(simvt_met(t->v[a], t->v[b]) && simvt_met(t->v[b], t->v[a]));
}

void
net_cut(struct net *t, int a, int b, int64_t us)
{
	int64_t from = sim_now(t->w).us - SIM_START;

	sim_cut(t->w, t->v[a]->id, t->v[b]->id, from, from + us);
}

void
net_down(struct net *t)
{
	sim_run(t->w, SECS(40));
	for (int i = 0; i < t->n; i++)
		assert_true(simvt_quiet(t->v[i]));
	for (int i = 0; i < t->n; i++)
		simvt_free(t->v[i]);
	sim_free(t->w);
}

uint64_t
passed(const struct net *t, int i)
{
	return node_ee(t->v[i]->n, 0)->stat[EES_TRANSIT];
}

void
all_right(const struct simlu *l, int n, uint32_t rounds)
{
	for (int i = 0; i < n; i++) {
		if (l[i].got != rounds || l[i].wrong != 0 || l[i].nspes != 0)
			fail_msg("LU %d: got %u of %u, %u wrong, sense %08x", i, l[i].got, rounds,
			    l[i].wrong, l[i].sense);
		assert_int_equal(l[i].state, SL_CLOSED);
	}
}

struct pipe *
pipe_to(const struct simvt *v, const struct simvt *to)
{
	struct pipe *p;

	TAILQ_FOREACH(p, &v->n->pipetab.all, all)
		if (p->nce == NCE_LU && name_eq(&p->cp, &to->n->cpname))
			return p;
	fail_msg("no pipe from CP%d to CP%d", v->id, to->id);
	return NULL;
}
