/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tn3270e/tnd.h"

#define START_WAIT_MS 5000
#define DROPS_US 5000           /* until a worker without room is tried again */
#define RESOLVERS 4             /* questions to the system's resolver at a time */

struct pending {
	uint8_t used, want, got;
	uint8_t done;
	struct tnd_result r;
};

struct tnd {
	unsigned n;                     /* workers */
	uint8_t threads, started, halting;
	unsigned idle;                  /* workers that said so */
	struct worker *w[TND_WORKERS];
	_Atomic uint32_t next_id;
	struct map ids;                 /* for its seed */
	struct traffic traffic;
	struct resolve *resolve;        /* once a profile goes by host names; then for good */
	struct profile *current, *old;  /* old: as long as they have users */
	struct pending pending[TND_PENDING];
	struct lunames drops[TND_WORKERS];      /* orders that wait for room, of each worker */
	struct mono drops_at;
};

struct tnd *
tnd_new(unsigned n, struct loop *shared)
{
	struct tnd *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	if (map_init(&t->ids, 1) != 0 || traffic_init(&t->traffic) != 0) {
		map_fini(&t->ids);
		free(t);
		return NULL;
	}
	atomic_init(&t->next_id, 0);
	t->threads = n != 0;
	t->drops_at = MONO_NEVER;
	t->n = n == 0 ? 1 : n > TND_WORKERS ? TND_WORKERS : n;
	for (unsigned i = 0; i < t->n; i++) {
		t->w[i] = aligned_alloc(64, (sizeof(struct worker) + 63) / 64 * 64);
		if (t->w[i] == NULL) {
			tnd_free(t);
			return NULL;
		}
		memset(t->w[i], 0, sizeof(struct worker));
		t->w[i]->next_id = &t->next_id;
		t->w[i]->ids = &t->ids;
		t->w[i]->traffic = &t->traffic;
		t->w[i]->n_workers = (uint8_t)t->n;
		t->w[i]->has_thread = t->threads;
		if (worker_init(t->w[i], i, t->threads ? NULL : shared) != 0) {
			tnd_free(t);
			return NULL;
		}
	}
	return t;
}

void
tnd_stop(struct tnd *t)
{
	const struct worker_msg m = { .op = WO_END };

	for (unsigned i = 0; i < t->n && t->threads && t->started; i++) {
		while (!ring_put(&t->w[i]->orders, &m))
			;                       /* it empties them: it runs */
		loop_wake(&t->w[i]->own);
		(void)pthread_join(t->w[i]->thread, NULL);
		bufpool_adopt(&t->w[i]->bufs);
	}
	t->started = 0;
}

void
tnd_free(struct tnd *t)
{
	struct profile *p;

	if (t == NULL)
		return;
	tnd_stop(t);
	for (unsigned i = 0; i < TND_PENDING; i++)
		if (t->pending[i].used)
			tnd_result_fini(&t->pending[i].r);
	for (unsigned i = 0; i < t->n && t->w[i] != NULL; i++) {
		lunames_fini(&t->drops[i]);
		worker_fini(t->w[i]);
		free(t->w[i]);
	}
	while ((p = t->old) != NULL) {
		t->old = p->next;
		profile_free(p);
	}
	profile_free(t->current);
	resolve_free(t->resolve);
	map_fini(&t->ids);
	traffic_fini(&t->traffic);
	free(t);
}

unsigned
tnd_workers(const struct tnd *t)
{
	return t->n;
}

struct loop *
tnd_loop(struct tnd *t, unsigned i)
{
	return t->threads ? &t->w[i]->own : NULL;
}

struct bufpool *
tnd_bufs(struct tnd *t, unsigned i)
{
	return &t->w[i]->bufs;
}

void
tnd_attach(struct tnd *t, unsigned i, struct acb_port *p, struct loop *main_loop)
{
	t->w[i]->port = p;
	t->w[i]->main_loop = t->threads ? main_loop : NULL;
}

struct acb_port *
tnd_port(struct tnd *t, unsigned i)
{
	return t->w[i]->port;
}

/* --- orders --- */

static bool
give(struct tnd *t, unsigned i, const struct worker_msg *m)
{
	if (!ring_put(&t->w[i]->orders, m))
		return false;
	if (t->threads && ring_must_wake(&t->w[i]->orders))
		loop_wake(&t->w[i]->own);
	return true;
}

bool
tnd_order(struct tnd *t, const struct worker_msg *m, const struct worker_query *q)
{
	struct pending *p = t->pending;
	struct worker_msg one = *m;

	if (m->ticket != 0) {
		while (p < t->pending + TND_PENDING && p->used)
			p++;
		if (p == t->pending + TND_PENDING)
			return false;
		*p = (struct pending){ .used = 1, .r = { .op = m->op, .ticket = m->ticket } };
		if (q != NULL)
			p->r.query = *q;
		one.query = &p->r.query;
	}
	for (unsigned i = 0; i < t->n; i++)
		if (give(t, i, &one) && m->ticket != 0)
			p->want++;
	if (m->ticket != 0 && p->want == 0) {
		p->used = 0;
		return false;
	}
	return true;
}

void
tnd_drop_lu(struct tnd *t, const char *lu)
{
	for (unsigned i = 0; i < t->n; i++)
		if (!lunames_put(&t->drops[i], lu))
			LOG(TN, ERROR, lu, "no memory: it stays, though its terminal has gone");
	t->drops_at = (struct mono){ 0 };
}

static void
drops(struct tnd *t, struct mono now)
{
	struct worker_msg m = { .op = WO_DROP_LU };
	bool more = false;

	for (unsigned i = 0; i < t->n; i++) {
		const char *lu;

		while ((lu = lunames_first(&t->drops[i])) != NULL) {
			memcpy(m.lu, lu, sizeof(m.lu));
			if (!give(t, i, &m))
				break;
			lunames_pop(&t->drops[i]);
		}
		more |= lu != NULL;
	}
	t->drops_at = more ? mono_add(now, DROPS_US) : MONO_NEVER;
}

static void
add_ports(struct tnd_result *r, const struct worker_answer *a)
{
	for (unsigned i = 0; i < a->n_ports; i++) {
		const struct port_count *p = &a->port[i];
		unsigned k = 0;

		while (k < r->n_ports && (r->port[k].port != p->port ||
		    r->port[k].profile != p->profile))
			k++;
		if (k == TNP_PORTS)
			k--;
		if (k == r->n_ports) {
			r->port[r->n_ports++] = (struct port_count){ .port = p->port,
				.profile = p->profile };
			rows_init(&r->rows[k]);
		}
		r->port[k].conns += p->conns;
		if (p->state != LS_CLOSED)
			r->port[k].state = p->state;
		rows_merge(&r->rows[k], &a->rows[i]);
	}
}

static void
add_mem(struct tnd_result *r, const struct worker_answer *a)
{
	for (unsigned i = 0; i < WORKER_MEMS; i++) {
		r->mem[i].used += a->mem[i].used;
		r->mem[i].most += a->mem[i].most;
		r->mem[i].limit += a->mem[i].limit;
		r->mem[i].bytes = a->mem[i].bytes;
	}
}

static void
add_using(struct tnd_result *r, struct worker_answer *a)
{
	if (r->using == NULL) {
		r->using = a->using;
		a->using = NULL;
	} else if (a->using != NULL) {
		using_merge(r->using, a->using);
	}
}

static void
answered(struct tnd *t, struct worker_msg *m)
{
	struct pending *p = t->pending;

	while (p < t->pending + TND_PENDING && !(p->used && !p->done && p->r.ticket == m->ticket &&
	    p->r.op == m->op))
		p++;
	if (p < t->pending + TND_PENDING) {
		if (m->answer != NULL) {
			p->r.found += m->answer->found;
			p->r.clients += m->answer->clients;
			add_ports(&p->r, m->answer);
			add_using(&p->r, m->answer);
			add_mem(&p->r, m->answer);
			rt_list_merge(&p->r.rt, &m->answer->rt);
			stats_add(p->r.stat, m->answer->stat, TN_NSTAT);
			stats_add(p->r.drops, m->answer->drops, DROP_REASONS);
		}
		p->got++;
		p->done = p->got >= p->want;
	}
	worker_answer_free(m->answer);
}

void
tnd_result_fini(struct tnd_result *r)
{
	for (unsigned i = 0; i < r->n_ports; i++)
		rows_fini(&r->rows[i]);
	r->n_ports = 0;
	free(r->using);
	r->using = NULL;
	rt_list_fini(&r->rt);
}

bool
tnd_result(struct tnd *t, struct tnd_result *r)
{
	for (struct pending *p = t->pending; p < t->pending + TND_PENDING; p++) {
		if (!p->done)
			continue;
		*r = p->r;
		p->used = p->done = 0;
		return true;
	}
	return false;
}

bool
tnd_report(struct tnd *t, struct tn_report *r)
{
	for (unsigned i = 0; i < t->n; i++)
		if (ring_get(&t->w[i]->reports, r))
			return true;
	return false;
}

bool
tnd_acct(struct tnd *t, struct acct_rec *r)
{
	for (unsigned i = 0; i < t->n; i++)
		if (ring_get(&t->w[i]->acct, r))
			return true;
	return false;
}

/* --- profiles --- */

/* Nobody is on it any more. */
struct profile *
tnd_dead(struct tnd *t)
{
	for (struct profile **at = &t->old, *p; (p = *at) != NULL; at = &p->next)
		if (atomic_load(&p->users) == 0) {
			*at = p->next;
			return p;
		}
	return NULL;
}

/* The newest old one is 1, those before it move up. */
static void
retire(struct tnd *t, struct profile *p)
{
	atomic_fetch_sub(&p->users, 1);
	for (struct profile *o = t->old; o != NULL; o = o->next)
		atomic_fetch_add(&o->number, 1);
	atomic_store(&p->number, 1);
	p->next = t->old;
	t->old = p;
}

static void
need_names(struct tnd *t, const struct profile *p)
{
	bool wanted = false;

	for (const struct tnp_vtam *v = p->vtams; v != NULL; v = v->next)
		wanted |= tnp_index_wants_host(&v->index);
	if (!wanted || t->resolve != NULL)
		return;
	t->resolve = resolve_new(RESOLVERS, resolve_system);
	if (t->resolve == NULL)
		LOG(TN, ERROR, "telnet", "no threads to ask for host names: clients have none");
	for (unsigned i = 0; t->resolve != NULL && i < t->n; i++)
		resolve_user(t->resolve, i, t->w[i]->loop);
}

void
tnd_obey(struct tnd *t, struct profile *p)
{
	struct worker_msg m = { .op = WO_PROFILE, .profile = p };

	need_names(t, p);
	m.resolve = t->resolve;
	if (t->current != NULL)
		retire(t, t->current);
	t->current = p;
	for (unsigned i = 0; i < t->n; i++) {   /* on its way the order holds the profile */
		atomic_fetch_add(&p->users, 1);
		if (!give(t, i, &m))
			atomic_fetch_sub(&p->users, 1);
	}
}

const struct profile *
tnd_current(const struct tnd *t)
{
	return t->current;
}

const struct profile *
tnd_profile(const struct tnd *t, unsigned i)
{
	if (i == 0)
		return t->current;
	for (struct profile *p = t->old; p != NULL; p = p->next)
		if (atomic_load(&p->number) == i)
			return p;
	return NULL;
}

bool
tnd_has_port(const struct tnd *t, uint16_t lo, uint16_t hi)
{
	for (unsigned i = 0; i <= TND_PROFILES; i++) {
		const struct profile *p = tnd_profile(t, i);
		const struct tnp_port *q = p == NULL ? NULL : p->ports;

		for (; q != NULL; q = q->next)
			if (q->port >= lo && q->port <= hi)
				return true;
	}
	return false;
}

/* --- start, turn, end --- */

static bool
all_ready(const struct tnd *t, uint32_t ready)
{
	for (unsigned i = 0; i < t->n; i++)
		if (atomic_load(&t->w[i]->ready) < ready)
			return false;
	return true;
}

static void
wait_ready(const struct tnd *t, uint32_t ready)
{
	const struct timespec ms = { 0, 1000000 };

	for (int i = 0; i < START_WAIT_MS && !all_ready(t, ready); i++)
		(void)nanosleep(&ms, NULL);
}

int
tnd_start(struct tnd *t, struct profile *p)
{
	for (unsigned i = 0; i < t->n && t->threads; i++) {
		int e = pthread_create(&t->w[i]->thread, NULL, worker_main, t->w[i]);

		if (e != 0) {
			t->n = i;
			t->started = i != 0;
			return -e;
		}
	}
	t->started = 1;
	/* Each has its own descriptor table: none may copy what the main opens later. */
	if (t->threads)
		wait_ready(t, 1);
	tnd_obey(t, p);
	/* Who starts us may dial as soon as we say that we are ready. */
	if (t->threads)
		wait_ready(t, 2);
	return 0;
}

void
tnd_turn(struct tnd *t, struct mono now, const struct loop_ev *ev, int n)
{
	struct worker_msg m;

	if (!t->threads)
		worker_turn(t->w[0], now, ev, n);
	for (unsigned i = 0; i < t->n; i++) {
		while (ring_get(&t->w[i]->answers, &m)) {
			if (m.op == WO_HALT)
				t->idle++;
			else
				answered(t, &m);
		}
	}
	tko_route(t->w, t->n);
	if (!mono_is_never(t->drops_at))
		drops(t, now);
}

struct mono
tnd_deadline(const struct tnd *t)
{
	return t->threads ? t->drops_at : mono_min(t->drops_at, worker_deadline(t->w[0]));
}

void
tnd_halt(struct tnd *t)
{
	const struct worker_msg m = { .op = WO_HALT };

	if (t->halting)
		return;
	t->halting = 1;
	(void)tnd_order(t, &m, NULL);
}

bool
tnd_idle(const struct tnd *t)
{
	return t->halting && t->idle >= t->n;
}
