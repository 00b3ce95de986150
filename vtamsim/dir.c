/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "vtamsim/ssn_parts.h"

/* A CP-CP session with this much queued takes no more searches for now. */
#define BUSY_AT 24u

static bool
pcid_eq(const struct mapent *e, const void *key)
{
	return fqpcid_eq(&MAP_OBJ(e, const struct dsearch, by_pcid)->pcid, key);
}

static uint64_t
pcid_hash(const struct node *n, const struct fqpcid *id)
{
	return map_hash(&n->dir.searches, id->pcid, sizeof(id->pcid));
}

int
dir_init(struct dir *d, uint32_t max)
{
	int e;

	memset(d, 0, sizeof(*d));
	TAILQ_INIT(&d->wait);
	e = map_init(&d->searches, 256);
	return e != 0 ? e : pool_init(&d->pool, "SEARCH", sizeof(struct dsearch), max);
}

void
dir_fini(struct dir *d)
{
	map_fini(&d->searches);
	pool_fini(&d->pool);
}

static void
search_free(struct node *n, struct dsearch *q)
{
	if (q->waits)
		TAILQ_REMOVE(&n->dir.wait, q, on_wait);
	map_remove(&n->dir.searches, &q->by_pcid);
	due_clear(&n->due, &q->due.due);
	q->ssn->search = NULL;
	pool_put(&n->dir.pool, q);
}

static void
failed(struct node *n, struct mono now, struct dsearch *q, uint32_t sense)
{
	struct ssn *s = q->ssn;

	n->dir.failed++;
	search_free(n, q);
	ssn_not_found(n, now, s, sense);
}

static bool
send_search(struct node *n, struct cpadj *a, const struct search *q)
{
	struct buf *b = buf_get(&n->bufs, BUF_STD);
	struct wr w;

	if (b == NULL)
		return false;
	w = wr_on(b->p, BUF_STD);
	search_put(&w, q);
	if (w.bad) {
		buf_free(b);
		return false;
	}
	b->len = (uint32_t)wr_len(&w);
	return cp_send(n, a, TPN_SEARCH, b);
}

static void
fill(struct node *n, const struct ssn *s, struct search *q)
{
	memset(q, 0, sizeof(*q));
	q->broadcast = 1;
	q->hops = 1;
	q->pcid = s->pcid;
	q->origin = n->cpname;
	q->has_find = 1;
	q->find.arg = s->partner;
	q->find.type = 0x00f3;
	q->has_cdinit = 1;
	q->cdinit.type = CDI_INIT;
	q->cdinit.slu_first = s->role == HS_SLU;
	q->cdinit.olu = s->res->name;
	q->cdinit.dlu = s->partner;
	(void)name_set(&q->cdinit.mode, s->mode);
	q->cdinit.has_cos = 1;
	q->cdinit.cos.tpf = s->tpf;
	(void)name_set(&q->cdinit.cos.cos, s->cos);
	q->cdinit.bind_len = s->bind_len;
	q->cdinit.bind = s->bind;
	if (s->keep != NULL) {
		q->cdinit.user = s->keep->p;
		q->cdinit.user_len = (uint8_t)(s->keep->len > 255 ? 255 : s->keep->len);
	}
}

static bool
busy(const struct cpadj *a)
{
	return a->win != NULL && a->win->has_hs && a->win->hs.tx.count >= BUSY_AT;
}

static void
ask(struct node *n, struct dsearch *q, struct cpadj *a, const struct search *msg)
{
	uint32_t i = pool_index(&n->cps.adjs, a);

	if (i >= DIR_ADJS || !send_search(n, a, msg))
		return;
	q->asked[i / 64] |= UINT64_C(1) << (i % 64);
	q->out++;
}

/* The CP that had the resource last time; NULL: not known, or not adjacent. */
static struct cpadj *
remembered(const struct node *n, const struct ssn *s)
{
	const struct res *r = rtab_find(&n->rtab, s->partner.s);
	struct cpadj *a;

	if (r == NULL || r->type != RES_CDRSC || r->owner.len == 0)
		return NULL;
	a = cp_find(n, &r->owner);
	return a != NULL && cp_active(a) ? a : NULL;
}

/* False: a session it has to go over has no room now. */
static bool
launch(struct node *n, struct dsearch *q)
{
	struct cpadj *a, *one = q->directed ? remembered(n, q->ssn) : NULL;
	struct search msg;

	if (one != NULL) {
		if (busy(one))
			return false;
	} else {
		TAILQ_FOREACH(a, &n->cps.all, all)
			if (cp_active(a) && busy(a))
				return false;
	}
	fill(n, q->ssn, &msg);
	q->directed = one != NULL;
	if (one != NULL) {
		msg.broadcast = 0;
		msg.dest = one->cp;
		ask(n, q, one, &msg);
		return true;
	}
	TAILQ_FOREACH(a, &n->cps.all, all)
		if (cp_active(a))
			ask(n, q, a, &msg);
	return true;
}

void
dir_pump(struct node *n, struct mono now)
{
	struct dsearch *q;

	while ((q = TAILQ_FIRST(&n->dir.wait)) != NULL) {
		if (!launch(n, q))
			return;
		TAILQ_REMOVE(&n->dir.wait, q, on_wait);
		q->waits = 0;
		if (q->out == 0)
			failed(n, now, q, SENSE_NO_ADJSSCP);
	}
}

uint32_t
dir_search(struct node *n, struct mono now, struct ssn *s)
{
	struct dsearch *q = pool_get(&n->dir.pool);

	if (q == NULL)
		return SENSE_SEARCH_STORAGE;
	n->stat[NS_SEARCHES]++;
	q->pcid = s->pcid;
	q->ssn = s;
	q->sense = SENSE_NO_ADJSSCP;
	q->directed = 1;
	s->search = q;
	map_insert(&n->dir.searches, &q->by_pcid, pcid_hash(n, &q->pcid));
	if (!TAILQ_EMPTY(&n->dir.wait) || !launch(n, q)) {
		q->waits = 1;
		TAILQ_INSERT_TAIL(&n->dir.wait, q, on_wait);
	} else if (q->out == 0) {
		search_free(n, q);
		return SENSE_NO_ADJSSCP;
	}
	node_due(n, &q->due, ND_SEARCH, mono_add(now, SECS(DIR_WAIT_S)));
	return 0;
}

void
dir_forget(struct node *n, struct ssn *s)
{
	if (s->search != NULL)
		search_free(n, s->search);
}

/* A directed search that failed goes on as a broadcast. True: it does. */
static bool
go_on(struct node *n, struct mono now, struct dsearch *q)
{
	if (!q->directed)
		return false;
	q->directed = 0;
	memset(q->asked, 0, sizeof(q->asked));
	q->out = 0;
	if (!launch(n, q)) {
		q->waits = 1;
		TAILQ_INSERT_TAIL(&n->dir.wait, q, on_wait);
	}
	node_due(n, &q->due, ND_SEARCH, mono_add(now, SECS(DIR_WAIT_S)));
	return q->waits || q->out != 0;
}

/* One adjacent CP has said no, or is gone. */
static void
negative(struct node *n, struct mono now, struct dsearch *q, uint32_t sense)
{
	/* "Not found" of one node gives way to a real reason of another. */
	if (sense != SENSE_UNKNOWN_DLU)
		q->sense = sense;
	else if (q->sense == SENSE_NO_ADJSSCP)
		q->sense = SENSE_UNKNOWN_DLU;
	if (--q->out != 0)
		return;
	if (q->sense == SENSE_UNKNOWN_DLU && go_on(n, now, q))
		return;
	failed(n, now, q, q->sense);
}

static bool
was_asked(struct node *n, struct dsearch *q, const struct cpadj *a)
{
	uint32_t i = pool_index(&n->cps.adjs, a);
	uint64_t bit = UINT64_C(1) << (i % 64);

	if (i >= DIR_ADJS || !(q->asked[i / 64] & bit))
		return false;
	q->asked[i / 64] &= ~bit;
	return true;
}

/* "Nothing comes of this session": to the node of the other end. */
static void
notify(struct node *n, const struct fqpcid *id, const struct sna_name *cp, struct search *m)
{
	struct cpadj *a = cp_find(n, cp);

	if (a == NULL || !cp_active(a))
		return;
	m->pcid = *id;
	m->origin = n->cpname;
	m->dest = *cp;
	(void)send_search(n, a, m);
}

static void
terminate(struct node *n, const struct fqpcid *id, const struct sna_name *cp,
    const struct sna_name *dlu)
{
	struct search m;

	memset(&m, 0, sizeof(m));
	m.has_find = 1;
	m.find.arg = *dlu;
	m.find.type = 0x00f3;
	m.has_cdinit = 1;
	m.cdinit.type = CDI_TERM;
	notify(n, id, cp, &m);
}

void
dir_cancel(struct node *n, const struct ssn *s)
{
	terminate(n, &s->pcid, &s->partner_cp, &s->partner);
}

void
dir_refuse(struct node *n, const struct ssn *s, uint32_t sense)
{
	struct search m;

	memset(&m, 0, sizeof(m));
	m.reply = 1;
	m.sense = sense;
	notify(n, &s->pcid, &s->partner_cp, &m);
}

static void
reply_in(struct node *n, struct mono now, struct cpadj *a, const struct search *m)
{
	struct mapent *e = map_find(&n->dir.searches, pcid_hash(n, &m->pcid), pcid_eq, &m->pcid);
	struct dsearch *q;
	struct ssn *s;

	if (e == NULL) {
		/* Found after we gave up: it must not wait for us. A refusal after
		 * it was found: the logon ends. */
		if (m->has_found)
			terminate(n, &m->pcid, &a->cp, &m->found.name);
		else
			ssn_cancelled(n, now, &m->pcid, m->sense);
		return;
	}
	q = MAP_OBJ(e, struct dsearch, by_pcid);
	if (!was_asked(n, q, a))
		return;
	if (m->has_found) {
		s = q->ssn;
		n->dir.found++;
		search_free(n, q);
		ssn_found(n, now, s, m);
		return;
	}
	negative(n, now, q, m->sense != 0 ? m->sense : SENSE_UNKNOWN_DLU);
}

static void
reply_with(struct search *r, const struct ssn *s, const struct search *m)
{
	r->has_found = 1;
	r->found.name = s->res->name;
	r->found.type = 0x00f3;
	r->found.owner = r->origin;
	if (m->cdinit.slu_first)
		return;
	/* The LU's node makes the BIND image: the mode table is here. */
	r->has_cdinit = 1;
	r->cdinit.type = CDI_REPLY;
	r->cdinit.olu = m->cdinit.olu;
	r->cdinit.dlu = s->res->name;
	(void)name_set(&r->cdinit.mode, s->mode);
	r->cdinit.has_cos = 1;
	r->cdinit.cos.tpf = s->tpf;
	(void)name_set(&r->cdinit.cos.cos, s->cos);
	r->cdinit.bind_len = s->bind_len;
	r->cdinit.bind = s->bind;
}

static void
request_in(struct node *n, struct mono now, struct cpadj *a, const struct search *m)
{
	struct ssn *s = NULL;
	struct search r;

	if (m->has_cdinit && m->cdinit.type == CDI_TERM) {
		ssn_cancelled(n, now, &m->pcid, SENSE_TAKEDOWN);
		return;
	}
	memset(&r, 0, sizeof(r));
	r.reply = 1;
	r.pcid = m->pcid;
	r.dest = m->origin;
	r.origin = n->cpname;
	r.sense = ssn_asked(n, now, m, &s);
	if (s != NULL)
		reply_with(&r, s, m);
	(void)send_search(n, a, &r);
}

void
dir_message(struct node *n, struct mono now, struct cpadj *a, struct rd *r)
{
	struct search m;
	uint32_t sense = 0;

	memset(&m, 0, sizeof(m));
	if (!search_get(r, &m, &sense)) {
		LOG(DIR, WARN, a->cp.s, "search message in error, sense %08X", sense);
		return;
	}
	if (m.reply)
		reply_in(n, now, a, &m);
	else if (m.has_find)
		request_in(n, now, a, &m);
}

/* Its answers will not come: 08900070. */
void
dir_cp_lost(struct node *n, struct mono now, struct cpadj *a)
{
	struct mapent *e, *next;
	size_t pos = 0;

	for (e = map_next(&n->dir.searches, &pos, NULL); e != NULL; e = next) {
		struct dsearch *q = MAP_OBJ(e, struct dsearch, by_pcid);

		next = map_next(&n->dir.searches, &pos, e);
		if (was_asked(n, q, a))
			negative(n, now, q, SENSE_SEARCH_OUTAGE);
	}
	dir_pump(n, now);
}

void
dir_due(struct node *n, struct mono now, struct ndue *d)
{
	struct dsearch *q = DUE_OBJ(d, struct dsearch, due);

	if (q->directed && !q->waits && go_on(n, now, q))
		return;
	failed(n, now, q, SENSE_SEARCH_OUTAGE);
}
