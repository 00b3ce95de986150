/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/simcubic.h"
#include "tests/sim/simrtp.h"
#include "tests/sim/simshare.h"

#define MESSAGE (SIM_MSG_EQUAL | 4000)

struct ends {
	struct simrtp *a, *b;
	struct simcubic *c, *d;
};

static struct simlink
one_way(const struct simrun *r, uint8_t shared)
{
	uint64_t bdp = r->mbit * 125 * r->rtt_ms;
	struct simlink l = { .delay_ms = r->rtt_ms / 2 };

	if (shared) {
		l.shared = shared;
		l.loss = r->loss;
		l.rate_bps = r->mbit * 1000000;
		l.queue_bytes = (uint32_t)(bdp < 65536 ? 65536 : bdp);
	}
	return l;
}

static void
joined(struct sim *w, const struct simrun *r, int a, int b)
{
	sim_way(w, a, b, one_way(r, 1));
	sim_way(w, b, a, one_way(r, 0));
}

static void
begin(struct sim *w, const struct simrun *r, struct ends *e, unsigned i)
{
	if (i < r->rtp) {
		e->a = simrtp_new(w, 65536);
		e->b = simrtp_new(w, 65536);
		joined(w, r, e->a->id, e->b->id);
		(void)simrtp_call(e->a, e->b, (struct simflow){ .count = UINT32_MAX,
			.max_len = MESSAGE });
		return;
	}
	e->c = simcubic_new(w);
	e->d = simcubic_new(w);
	joined(w, r, simcubic_id(e->c), simcubic_id(e->d));
	simcubic_start(e->c, e->d);
}

static uint64_t
got(const struct ends *e)
{
	return e->a != NULL ? e->b->pipe[0].rtp.rseq : simcubic_got(e->d);
}

static void
finish(struct ends *e)
{
	if (e->a != NULL) {
		simrtp_free(e->a);
		simrtp_free(e->b);
	} else {
		simcubic_free(e->c);
		simcubic_free(e->d);
	}
}

void
sim_share(const struct simrun *r, uint64_t seed, struct simshares *s)
{
	struct sim *w = sim_new(seed);
	struct ends e[SIM_SHARES] = { 0 };
	uint64_t was[SIM_SHARES];
	unsigned n = r->rtp + r->cubic;

	for (unsigned i = 0; i < n; i++) {
		/* beside each other the kinds take turns */
		unsigned k = r->cubic == 0 ? i : i % 2 * r->rtp + i / 2;

		begin(w, r, &e[k], k);
		sim_run(w, r->apart);
	}
	sim_run(w, SECS(r->seconds) / 2);
	for (unsigned i = 0; i < n; i++)
		was[i] = got(&e[i]);
	sim_run(w, SECS(r->seconds) / 2);
	for (unsigned i = 0; i < n; i++) {
		uint64_t bytes = got(&e[i]) - was[i];
		double mbit;

		if (i < r->rtp)
			bytes = (uint32_t)bytes;        /* sequence numbers wrap */
		mbit = (double)bytes * 16 / r->seconds / 1e6;
		if (i < r->rtp)
			s->rtp[i] = mbit;
		else
			s->cubic[i - r->rtp] = mbit;
		finish(&e[i]);
	}
	sim_free(w);
}

double
sim_sum(const double *v, unsigned n)
{
	double s = 0;

	for (unsigned i = 0; i < n; i++)
		s += v[i];
	return s;
}

double
sim_jain(const double *v, unsigned n)
{
	double s = sim_sum(v, n), q = 0;

	for (unsigned i = 0; i < n; i++)
		q += v[i] * v[i];
	return q == 0 ? 0 : s * s / (n * q);
}
