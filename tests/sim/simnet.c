/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/simnet.h"

#define CUTS 8
#define BUSY 200000             /* turns of one node in one instant */

struct flight {
	struct mono at;
	uint64_t order;         /* same time: first in, first out */
	int from, to;
	unsigned idx;
	size_t len;
	uint8_t b[];
};

struct turnstile {
	struct mono free_at;    /* when the rate lets the next one go .. */
	uint64_t ns;            /* .. and so much later */
};

struct way {
	struct simlink l;
	bool up;
	uint64_t n;             /* packets offered */
	struct turnstile q;
	unsigned ncut;
	struct mono cut_from[CUTS], cut_until[CUTS];
};

struct simnode {
	const struct simdriver *d;
	void *node;
	struct mono due;
	struct mono frozen;     /* until then */
	uint64_t expiries;
	uint64_t turns;         /* in this instant */
};

struct sim {
	uint64_t seed, rng;
	struct mono now;
	struct flight **heap;
	size_t nheap, cap;
	uint64_t order;
	int n;
	struct simnode node[SIM_NODES];
	struct way *way[SIM_NODES][SIM_NODES];
	struct turnstile shared[SIM_QUEUES + 1];
	uint64_t stat[SIM_NSTAT];
	sim_tap_fn *tap;
	void *tap_arg;
	struct simpkt out;
};

uint64_t
sim_seed(uint64_t n)
{
	const char *s = getenv("SIM_SEED");

	return s == NULL ? n : strtoull(s, NULL, 0);
}

struct sim *
sim_new(uint64_t seed)
{
	struct sim *w = calloc(1, sizeof(*w));

	assert(w != NULL);
	w->seed = w->rng = seed;
	w->now.us = SIM_START;
	return w;
}

void
sim_free(struct sim *w)
{
	for (size_t i = 0; i < w->nheap; i++)
		free(w->heap[i]);
	free(w->heap);
	for (int a = 0; a < w->n; a++)
		for (int b = 0; b < w->n; b++)
			free(w->way[a][b]);
	free(w);
}

/* splitmix64 */
uint64_t
sim_rand(struct sim *w)
{
	uint64_t z = (w->rng += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint32_t
sim_below(struct sim *w, uint32_t n)
{
	return n == 0 ? 0 : (uint32_t)(sim_rand(w) % n);
}

bool
sim_chance(struct sim *w, double p)
{
	return p > 0 && (double)(sim_rand(w) >> 11) * 0x1p-53 < p;
}

struct mono
sim_now(const struct sim *w)
{
	return w->now;
}

uint64_t
sim_stat(const struct sim *w, enum sim_stat s)
{
	return w->stat[s];
}

uint64_t
sim_seed_of(const struct sim *w)
{
	return w->seed;
}

void
sim_tap(struct sim *w, sim_tap_fn *fn, void *arg)
{
	w->tap = fn;
	w->tap_arg = arg;
}

void
sim_freeze(struct sim *w, int node, struct mono until)
{
	w->node[node].frozen = until;
}

uint64_t
sim_expiries(const struct sim *w, int node)
{
	return w->node[node].expiries;
}

int
sim_node(struct sim *w, const struct simdriver *d, void *node)
{
	assert(w->n < SIM_NODES);
	w->node[w->n] = (struct simnode){ .d = d, .node = node, .due = w->now };
	return w->n++;
}

static struct way *
way(struct sim *w, int from, int to)
{
	assert(from < w->n && to < w->n);
	if (w->way[from][to] == NULL)
		w->way[from][to] = calloc(1, sizeof(struct way));
	assert(w->way[from][to] != NULL);
	return w->way[from][to];
}

void
sim_way(struct sim *w, int from, int to, struct simlink l)
{
	struct way *y = way(w, from, to);

	y->l = l;
	y->up = true;
}

void
sim_link(struct sim *w, int a, int b, struct simlink l)
{
	sim_way(w, a, b, l);
	sim_way(w, b, a, l);
}

void
sim_cut_way(struct sim *w, int from, int to, int64_t from_us, int64_t until_us)
{
	struct way *y = way(w, from, to);

	assert(y->ncut < CUTS);
	y->cut_from[y->ncut].us = SIM_START + from_us;
	y->cut_until[y->ncut++].us = SIM_START + until_us;
}

void
sim_cut(struct sim *w, int a, int b, int64_t from_us, int64_t until_us)
{
	sim_cut_way(w, a, b, from_us, until_us);
	sim_cut_way(w, b, a, from_us, until_us);
}

void
sim_heal(struct sim *w, int a, int b)
{
	way(w, a, b)->ncut = 0;
	way(w, b, a)->ncut = 0;
}

static bool
sooner(const struct flight *a, const struct flight *b)
{
	return a->at.us < b->at.us || (a->at.us == b->at.us && a->order < b->order);
}

static void
heap_put(struct sim *w, struct flight *f)
{
	size_t i = w->nheap++;

	if (w->nheap > w->cap) {
		w->cap = w->cap == 0 ? 256 : w->cap * 2;
		w->heap = realloc(w->heap, w->cap * sizeof(*w->heap));
		assert(w->heap != NULL);
	}
	while (i > 0 && sooner(f, w->heap[(i - 1) / 2])) {
		w->heap[i] = w->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	w->heap[i] = f;
}

static struct flight *
heap_get(struct sim *w)
{
	struct flight *top = w->heap[0], *last = w->heap[--w->nheap];
	size_t i = 0;

	for (;;) {
		size_t k = 2 * i + 1;

		if (k >= w->nheap)
			break;
		if (k + 1 < w->nheap && sooner(w->heap[k + 1], w->heap[k]))
			k++;
		if (!sooner(w->heap[k], last))
			break;
		w->heap[i] = w->heap[k];
		i = k;
	}
	w->heap[i] = last;
	return top;
}

static void
fly(struct sim *w, int from, const struct simpkt *p, const struct simlink *l, struct mono at)
{
	struct flight *f = malloc(sizeof(*f) + p->len);

	assert(f != NULL);
	*f = (struct flight){ .order = w->order++, .from = from, .to = p->to, .idx = p->idx,
	    .len = p->len };
	memcpy(f->b, p->b, p->len);
	f->at = mono_add(at, MSEC(l->delay_ms) + l->delay_us);
	if (l->jitter_ms > 0)
		f->at = mono_add(f->at, sim_below(w, l->jitter_ms * 1000));
	if (sim_chance(w, l->reorder)) {
		f->at = mono_add(f->at, MSEC(l->reorder_ms != 0 ? l->reorder_ms :
		    3 * l->delay_ms + 5));
		w->stat[SIM_REORDERED]++;
	}
	if (sim_chance(w, l->corrupt) && p->len > 0) {
		f->b[sim_below(w, (uint32_t)p->len)] ^= (uint8_t)(1u << sim_below(w, 8));
		w->stat[SIM_CORRUPTED]++;
	}
	heap_put(w, f);
}

void
sim_inject(struct sim *w, int from, const struct simpkt *p, int64_t after_us)
{
	w->stat[SIM_INJECTED]++;
	fly(w, from, p, &(struct simlink){ 0 }, mono_add(w->now, after_us));
}

static bool
is_cut(const struct way *y, struct mono now)
{
	for (unsigned i = 0; i < y->ncut; i++)
		if (mono_due(y->cut_from[i], now) && mono_before(now, y->cut_until[i]))
			return true;
	return false;
}

/* The bottleneck: a queue that drains at the rate. False: it is full. */
static bool
bottleneck(struct sim *w, struct way *y, struct mono *at, size_t len)
{
	struct turnstile *q = y->l.shared == 0 ? &y->q : &w->shared[y->l.shared];
	int64_t wait = mono_diff(q->free_at, *at);

	if (y->l.rate_bps == 0)
		return true;
	if (wait < 0) {
		wait = 0;
		q->ns = 0;
	}
	if (y->l.queue_bytes != 0 &&
	    (uint64_t)wait * y->l.rate_bps / 8000000 + len > y->l.queue_bytes)
		return false;
	q->ns += len * 8000000000 / y->l.rate_bps;
	*at = mono_add(*at, wait + (int64_t)(q->ns / 1000));
	q->ns %= 1000;
	q->free_at = *at;
	return true;
}

static void
offer(struct sim *w, int from, struct simpkt *p)
{
	struct way *y = p->to >= 0 && p->to < w->n ? w->way[from][p->to] : NULL;
	struct mono at = w->now;
	int64_t late;
	uint64_t k;

	w->stat[SIM_SENT]++;
	late = w->tap == NULL ? 0 : w->tap(w->tap_arg, from, p);
	if (late < 0) {
		w->stat[SIM_TAPPED]++;
		return;
	}
	if (y == NULL || !y->up) {
		w->stat[SIM_NO_LINK]++;
		return;
	}
	k = y->n++;
	if (is_cut(y, w->now)) {
		w->stat[SIM_CUT]++;
		return;
	}
	if ((k < 64 && (y->l.loss_mask >> k & 1) != 0) || sim_chance(w, y->l.loss)) {
		w->stat[SIM_LOST]++;
		return;
	}
	at = mono_add(at, late);
	if (!bottleneck(w, y, &at, p->len)) {
		w->stat[SIM_QUEUE_FULL]++;
		return;
	}
	fly(w, from, p, &y->l, at);
	if (sim_chance(w, y->l.dup)) {
		w->stat[SIM_DOUBLED]++;
		fly(w, from, p, &y->l, at);
	}
}

/* Expire, user's turn, output until dry, next deadline. */
static void
turn(struct sim *w, int i)
{
	struct simnode *n = &w->node[i];

	if (mono_before(w->now, n->frozen)) {
		n->due = n->frozen;
		return;
	}
	if (++n->turns > BUSY) {
		fprintf(stderr, "simnet: node %d spins at %" PRId64 " us, seed %" PRIu64 "\n", i,
		    w->now.us, w->seed);
		abort();
	}
	if (mono_due(n->due, w->now)) {
		n->expiries++;
		n->d->expire(n->node, w->now);
	}
	if (n->d->turn != NULL)
		n->d->turn(n->node, w->now);
	while (n->d->output(n->node, w->now, &w->out))
		offer(w, i, &w->out);
	n->due = n->d->deadline(n->node);
}

void
sim_wake(struct sim *w, int node)
{
	turn(w, node);
}

static struct mono
next_event(const struct sim *w)
{
	struct mono at = w->nheap > 0 ? w->heap[0]->at : MONO_NEVER;

	for (int i = 0; i < w->n; i++)
		at = mono_min(at, w->node[i].due);
	return at;
}

/* All that is due at the next instant, when that is not behind t. */
static bool
step(struct sim *w, struct mono t)
{
	struct mono at = next_event(w);

	if (mono_is_never(at) || mono_before(t, at))
		return false;
	if (mono_before(w->now, at)) {
		w->now = at;
		for (int i = 0; i < w->n; i++)
			w->node[i].turns = 0;
	}
	if (w->nheap > 0 && mono_due(w->heap[0]->at, w->now)) {
		struct flight *f = heap_get(w);
		struct simnode *n = &w->node[f->to];

		if (mono_before(w->now, n->frozen)) {
			f->at = n->frozen;
			heap_put(w, f);
			return true;
		}
		w->stat[SIM_DELIVERED]++;
		n->d->input(n->node, w->now, f->from, f->idx, f->b, f->len);
		turn(w, f->to);
		free(f);
		return true;
	}
	for (int i = 0; i < w->n; i++)
		if (mono_due(w->node[i].due, w->now))
			turn(w, i);
	return true;
}

void
sim_run_until(struct sim *w, struct mono t)
{
	while (step(w, t))
		;
	if (mono_before(w->now, t))
		w->now = t;
}

void
sim_run(struct sim *w, int64_t us)
{
	sim_run_until(w, mono_add(w->now, us));
}

static bool
idle(const struct sim *w)
{
	if (w->nheap > 0)
		return false;
	for (int i = 0; i < w->n; i++)
		if (w->node[i].d->idle != NULL && !w->node[i].d->idle(w->node[i].node))
			return false;
	return true;
}

bool
sim_run_until_idle(struct sim *w, int64_t limit_us)
{
	struct mono t = mono_add(w->now, limit_us);

	while (!idle(w))
		if (!step(w, t))
			return idle(w);
	return true;
}
