/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "vtamsim/node.h"
#include "vtamsim/route.h"
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
	if (q->ssn != NULL)
		q->ssn->search = NULL;
	buf_free(q->msg);
	pool_put(&n->dir.pool, q);
}

/* NULL: no buffer, or it does not fit. */
static struct buf *
message(struct node *n, const struct search *q)
{
	struct buf *b = buf_get(&n->bufs, BUF_STD);
	struct wr w;

	if (b == NULL)
		return NULL;
	w = wr_on(b->p, BUF_STD);
	search_put(&w, q);
	if (w.bad) {
		buf_free(b);
		return NULL;
	}
	b->len = (uint32_t)wr_len(&w);
	return b;
}

static bool
send_search(struct node *n, struct cpadj *a, const struct search *q)
{
	struct buf *b = message(n, q);

	return b != NULL && cp_send(n, a, TPN_SEARCH, b);
}

/* To whoever passed it to us. */
static void
answer_no(struct node *n, const struct dsearch *q, uint32_t sense)
{
	struct search r;

	if (!cp_active(q->from))
		return;
	memset(&r, 0, sizeof(r));
	r.reply = 1;
	r.pcid = q->pcid;
	r.dest = q->origin;
	r.origin = n->cpname;
	r.sense = sense;
	(void)send_search(n, q->from, &r);
}

static void
failed(struct node *n, struct mono now, struct dsearch *q, uint32_t sense)
{
	struct ssn *s = q->ssn;

	n->dir.failed++;
	if (s == NULL)
		answer_no(n, q, sense);
	search_free(n, q);
	if (s != NULL)
		ssn_not_found(n, now, s, sense);
}

static void
fill(struct node *n, const struct ssn *s, struct search *q)
{
	memset(q, 0, sizeof(*q));
	q->broadcast = 1;
	q->hops = DIR_HOPS;
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
	vrn_vectors(n, &n->cpname, &q->cdinit);
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

/* How our end node is reached: the TG from us to it, then those to connection networks. */
static void
tail(struct node *n, struct cdinit *c, const struct cpadj *en)
{
	struct tgvec *t = &c->tg[0];

	if (c->n_tg != 0)               /* it told them itself */
		vrn_learn(n, &en->cp, c->tg, c->n_tg);
	memset(t, 0, sizeof(*t));
	c->n_tg = 1;
	t->tg.tgn = (uint8_t)en->pu->tgn;
	t->tg.partner = en->cp;
	t->tg.has_flags = 1;
	t->tg.flags = TGF_HPR | TGF_RTP;
	t->tgc.flags = TGC_OPERATIONAL;
	vrn_vectors(n, &en->cp, c);
}

/* The way of an end node of ours to another node: to us, and on, or over a network both are
 * on. */
static bool
way_from(struct node *n, const struct cpadj *en, const struct sna_name *to, struct cdinit *c)
{
	struct cv46 first = { .tgn = (uint8_t)en->pu->tgn, .partner = n->cpname };

	return route_from(n, &en->cp, &first, to, c);
}

static bool
is_served(const struct node *n, const struct cpadj *a)
{
	return n->start->nodetype == NODETYPE_NN && !a->nn && a->pu != NULL;
}

/* What another node asks, for an end node of ours: with its way to who asks. */
static struct buf *
with_way(struct node *n, const struct dsearch *q, const struct cpadj *en)
{
	struct rd r = buf_rd(q->msg);
	struct search m;
	uint32_t sense;

	if (!search_get(&r, &m, &sense))
		return NULL;
	if (m.has_cdinit)
		(void)way_from(n, en, &m.pcid.cp, &m.cdinit);
	return message(n, &m);
}

static void
ask(struct node *n, struct dsearch *q, struct cpadj *a)
{
	uint32_t i = pool_index(&n->cps.adjs, a);
	struct buf *b = i >= DIR_ADJS ? NULL : q->ssn == NULL && is_served(n, a) ?
	    with_way(n, q, a) : buf_copy(&n->bufs, q->msg);

	if (b == NULL || !cp_send(n, a, TPN_SEARCH, b))
		return;
	q->asked[i / 64] |= UINT64_C(1) << (i % 64);
	q->out++;
}

/* The CP that had the resource last time; NULL: not known, or out of reach. */
static const struct sna_name *
remembered(const struct node *n, const struct ssn *s)
{
	const struct res *r = rtab_find(&n->rtab, s->partner.s);

	return r == NULL || r->type != RES_CDRSC || r->owner.len == 0 ? NULL : &r->owner;
}

static bool
all_have_room(const struct node *n)
{
	struct cpadj *a;

	TAILQ_FOREACH(a, &n->cps.all, all)
		if (cp_active(a) && busy(a))
			return false;
	return true;
}

/* Our own: towards the node that had it last time, or to all. False: no room now. */
static bool
launch_own(struct node *n, struct dsearch *q)
{
	const struct sna_name *owner = q->directed ? remembered(n, q->ssn) : NULL;
	struct cpadj *a, *one = owner == NULL ? NULL : route_next(n, owner);
	struct search msg;

	if (one != NULL ? busy(one) : !all_have_room(n))
		return false;
	fill(n, q->ssn, &msg);
	q->directed = one != NULL;
	if (one != NULL) {
		msg.broadcast = 0;
		msg.dest = *owner;
	}
	buf_free(q->msg);
	q->msg = message(n, &msg);
	if (q->msg == NULL)
		return true;
	if (one != NULL) {
		ask(n, q, one);
		return true;
	}
	TAILQ_FOREACH(a, &n->cps.all, all)
		if (cp_active(a))
			ask(n, q, a);
	return true;
}

/* False: a session it has to go over has no room now. */
static bool
launch(struct node *n, struct dsearch *q)
{
	struct cpadj *a;

	if (q->ssn != NULL)
		return launch_own(n, q);
	if (!all_have_room(n))
		return false;
	TAILQ_FOREACH(a, &n->cps.all, all)
		if (a != q->from && cp_active(a) && (!q->directed || !a->nn))
			ask(n, q, a);
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
	if (!q->directed || q->ssn == NULL)
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
	struct cpadj *a = route_next(n, cp);

	if (a == NULL)
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
learn(struct node *n, const struct sna_name *cp, const struct sna_name *server,
    const struct cdinit *c)
{
	if (c->has_rscv)
		route_told(n, cp, c);
	if (c->n_tg != 0)
		vrn_learn(n, cp, c->tg, c->n_tg);
	if (server->len != 0 && !name_eq(server, cp) && c->n_tg != 0)
		route_hint(n, cp, server, c->tg[0].tg.tgn);
}

/* Of an answer that passes: what is asked for is in our end node there; who asked, in ours
 * here, and needs the whole way. */
static void
serve(struct node *n, const struct cpadj *there, const struct cpadj *here, struct search *m)
{
	struct cdinit *c = &m->cdinit;

	if (is_served(n, there) && m->found.server.len == 0) {
		m->found.server = n->cpname;
		tail(n, c, there);
		m->has_cdinit = 1;
		c->type = CDI_REPLY;
	}
	if (is_served(n, here)) {
		learn(n, &m->found.owner, &m->found.server, c);
		(void)way_from(n, here, &m->found.owner, c);
		m->has_cdinit = 1;
		c->type = CDI_REPLY;
	}
}

/* A refusal comes from where it was found; others say late that it is not with them. */
static bool
from_partner(const struct node *n, const struct search *m)
{
	const struct ssn *s = ssn_by_pcid(n, &m->pcid, HS_SLU);

	if (s == NULL)
		s = ssn_by_pcid(n, &m->pcid, HS_PLU);
	return s != NULL && name_eq(&s->partner_cp, &m->origin);
}

/* Nobody here waits for it. Found after we gave up: it must not wait for us. A refusal
 * after it was found: the logon ends. */
static void
stray_reply(struct node *n, struct mono now, struct cpadj *a, struct search *m)
{
	bool end_nodes = !name_eq(&m->pcid.cp, &n->cpname);
	struct cpadj *next;

	if (end_nodes || (m->dest.len != 0 && !name_eq(&m->dest, &n->cpname))) {
		next = route_next(n, end_nodes && cp_find(n, &m->pcid.cp) != NULL ? &m->pcid.cp :
		    &m->dest);
		if (next == NULL || next == a)
			return;
		if (m->has_found)
			serve(n, a, next, m);
		(void)send_search(n, next, m);
	} else if (m->has_found) {
		terminate(n, &m->pcid, &m->found.owner, &m->found.name);
	} else if (from_partner(n, m)) {
		ssn_cancelled(n, now, &m->pcid, m->sense);
	}
}

static void
reply_in(struct node *n, struct mono now, struct cpadj *a, struct search *m)
{
	struct mapent *e = map_find(&n->dir.searches, pcid_hash(n, &m->pcid), pcid_eq, &m->pcid);
	struct dsearch *q;
	struct ssn *s;

	if (e == NULL) {
		stray_reply(n, now, a, m);
		return;
	}
	q = MAP_OBJ(e, struct dsearch, by_pcid);
	if (!was_asked(n, q, a))
		return;
	if (!m->has_found) {
		negative(n, now, q, m->sense != 0 ? m->sense : SENSE_UNKNOWN_DLU);
		return;
	}
	n->dir.found++;
	s = q->ssn;
	if (s == NULL) {
		serve(n, a, q->from, m);
		learn(n, &m->found.owner, &m->found.server, &m->cdinit);
		m->dest = q->origin;
		if (cp_active(q->from))
			(void)send_search(n, q->from, m);
		search_free(n, q);
		return;
	}
	learn(n, &m->found.owner, &m->found.server, &m->cdinit);
	search_free(n, q);
	ssn_found(n, now, s, m);
}

static void
reply_with(struct node *n, struct search *r, const struct ssn *s, const struct search *m)
{
	r->has_found = 1;
	r->found.name = s->res->name;
	r->found.type = 0x00f3;
	r->found.owner = r->origin;
	r->cdinit.type = CDI_REPLY;
	vrn_vectors(n, &n->cpname, &r->cdinit);
	r->has_cdinit = r->cdinit.n_tg != 0;
	if (m->cdinit.slu_first)
		return;
	/* The LU's node makes the BIND image: the mode table is here. */
	r->has_cdinit = 1;
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
answer(struct node *n, struct cpadj *a, const struct search *m, const struct ssn *s,
    uint32_t sense)
{
	struct search r;

	memset(&r, 0, sizeof(r));
	r.reply = 1;
	r.pcid = m->pcid;
	r.dest = m->origin;
	r.origin = n->cpname;
	r.sense = sense;
	if (s != NULL)
		reply_with(n, &r, s, m);
	(void)send_search(n, a, &r);
}

/* For another node. An end node of ours is told the way back. */
static bool
towards(struct node *n, struct search *m)
{
	struct cpadj *a = route_next(n, &m->dest);

	if (a != NULL && is_served(n, a) && m->has_cdinit)
		(void)way_from(n, a, &m->pcid.cp, &m->cdinit);
	return a != NULL && send_search(n, a, m);
}

/* Not here: our other neighbours are asked for the one that asks us. A sense: they are not. */
static uint32_t
pass_on(struct node *n, struct mono now, struct cpadj *a, struct search *m)
{
	struct dsearch *q;

	if (n->start->nodetype != NODETYPE_NN || m->hops <= 1 ||
	    map_find(&n->dir.searches, pcid_hash(n, &m->pcid), pcid_eq, &m->pcid) != NULL)
		return SENSE_UNKNOWN_DLU;       /* a circle: the first one goes on */
	q = pool_get(&n->dir.pool);
	if (q == NULL)
		return SENSE_SEARCH_STORAGE;
	q->pcid = m->pcid;
	q->from = a;
	q->origin = m->origin;
	q->directed = m->dest.len != 0;         /* to us: our end nodes only */
	q->sense = SENSE_UNKNOWN_DLU;
	m->hops--;
	m->dest.len = 0;
	m->dest.s[0] = '\0';
	q->msg = message(n, m);
	map_insert(&n->dir.searches, &q->by_pcid, pcid_hash(n, &q->pcid));
	if (q->msg == NULL) {
		search_free(n, q);
		return SENSE_SEARCH_STORAGE;
	}
	if (!TAILQ_EMPTY(&n->dir.wait) || !launch(n, q)) {
		q->waits = 1;
		TAILQ_INSERT_TAIL(&n->dir.wait, q, on_wait);
	} else if (q->out == 0) {
		search_free(n, q);
		return SENSE_UNKNOWN_DLU;
	}
	n->dir.passed++;
	node_due(n, &q->due, ND_SEARCH, mono_add(now, SECS(DIR_WAIT_S - 5)));
	return 0;
}

/* From one of our end nodes: we answer for it. */
static void
from_end_node(struct node *n, const struct cpadj *a, struct search *m)
{
	if (!is_served(n, a))
		return;
	m->origin = n->cpname;
	tail(n, &m->cdinit, a);
}

static void
request_in(struct node *n, struct mono now, struct cpadj *a, struct search *m)
{
	bool ours = m->dest.len == 0 || name_eq(&m->dest, &n->cpname);
	struct ssn *s = NULL;
	uint32_t sense;

	if (ours && m->has_cdinit && m->cdinit.type == CDI_TERM) {
		ssn_cancelled(n, now, &m->pcid, SENSE_TAKEDOWN);
		return;
	}
	from_end_node(n, a, m);
	if (m->cdinit.n_tg != 0)
		vrn_learn(n, &m->pcid.cp, m->cdinit.tg, m->cdinit.n_tg);
	if (!ours) {
		if (!towards(n, m) && m->cdinit.type != CDI_TERM)
			answer(n, a, m, NULL, SENSE_SEARCH_OUTAGE);
		return;
	}
	learn(n, &m->pcid.cp, &m->origin, &m->cdinit);
	sense = ssn_asked(n, now, m, &s);
	if (sense == SENSE_UNKNOWN_DLU) {
		sense = pass_on(n, now, a, m);
		if (sense == 0)
			return;
	}
	answer(n, a, m, s, sense);
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
		if (q->from == a)
			search_free(n, q);
		else if (was_asked(n, q, a))
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
