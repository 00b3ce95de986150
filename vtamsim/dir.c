/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "vtamsim/ssn_parts.h"

static bool
pcid_eq(const struct mapent *e, const void *key)
{
	return memcmp(&MAP_OBJ(e, const struct dsearch, by_pcid)->pcid.pcid, key, 8) == 0;
}

int
dir_init(struct dir *d)
{
	int e;

	memset(d, 0, sizeof(*d));
	e = map_init(&d->searches, 256);
	return e != 0 ? e : pool_init(&d->pool, "SEARCH", sizeof(struct dsearch), DIR_SEARCHES);
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
	map_remove(&n->dir.searches, &q->by_pcid);
	due_clear(&n->due, &q->due.due);
	if (q->ssn != NULL)
		q->ssn->search = NULL;
	pool_put(&n->dir.pool, q);
}

static void
failed(struct node *n, struct mono now, struct dsearch *q, uint32_t sense)
{
	struct ssn *s = q->ssn;

	n->dir.failed++;
	search_free(n, q);
	if (s != NULL)
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
	q->cdinit.slu_first = 1;
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

uint32_t
dir_search(struct node *n, struct mono now, struct ssn *s)
{
	struct dsearch *q;
	struct search msg;
	struct cpadj *a;

	q = pool_get(&n->dir.pool);
	if (q == NULL)
		return SENSE_SEARCH_STORAGE;
	n->stat[NS_SEARCHES]++;
	q->pcid = s->pcid;
	q->ssn = s;
	q->sense = SENSE_NO_ADJSSCP;
	s->search = q;
	map_insert(&n->dir.searches, &q->by_pcid,
	    map_hash(&n->dir.searches, q->pcid.pcid, 8));
	fill(n, s, &msg);
	TAILQ_FOREACH(a, &n->cps.all, all)
		if (cp_active(a) && send_search(n, a, &msg))
			q->out++;
	if (q->out == 0) {
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

static void
reply_in(struct node *n, struct mono now, const struct search *m)
{
	struct mapent *e = map_find(&n->dir.searches,
	    map_hash(&n->dir.searches, m->pcid.pcid, 8), pcid_eq, m->pcid.pcid);
	struct dsearch *q;
	struct ssn *s;

	if (e == NULL)
		return;                 /* late, or not ours */
	q = MAP_OBJ(e, struct dsearch, by_pcid);
	if (m->has_found) {
		s = q->ssn;
		n->dir.found++;
		search_free(n, q);
		ssn_found(n, now, s, &m->found.owner);
		return;
	}
	/* "Not found" of one node gives way to a real reason of another. */
	if (m->sense != 0 && m->sense != SENSE_UNKNOWN_DLU)
		q->sense = m->sense;
	else if (q->sense == SENSE_NO_ADJSSCP)
		q->sense = SENSE_UNKNOWN_DLU;
	if (--q->out == 0)
		failed(n, now, q, q->sense);
}

static void
request_in(struct node *n, struct mono now, struct cpadj *a, const struct search *m)
{
	struct search r;
	struct res *res;

	memset(&r, 0, sizeof(r));
	r.reply = 1;
	r.pcid = m->pcid;
	r.dest = m->origin;
	r.origin = n->cpname;
	r.sense = ssn_asked(n, now, m);
	if (r.sense == 0) {
		res = rtab_find(&n->rtab, m->find.arg.s);
		r.has_found = 1;
		r.found.name = res->name;
		r.found.type = 0x00f3;
		r.found.owner = n->cpname;
	}
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
		reply_in(n, now, &m);
	else if (m.has_find)
		request_in(n, now, a, &m);
}

/* Its answers will not come: searches that wait for it only end (08900070). */
void
dir_cp_lost(struct node *n, struct mono now, struct cpadj *a)
{
	struct mapent *e, *next;
	size_t pos = 0;

	(void)a;
	for (e = map_next(&n->dir.searches, &pos, NULL); e != NULL; e = next) {
		struct dsearch *q = MAP_OBJ(e, struct dsearch, by_pcid);

		next = map_next(&n->dir.searches, &pos, e);
		if (q->out > 1)
			q->out--;
		else
			failed(n, now, q, SENSE_SEARCH_OUTAGE);
	}
}

void
dir_due(struct node *n, struct mono now, struct ndue *d)
{
	struct dsearch *q = DUE_OBJ(d, struct dsearch, due);

	failed(n, now, q, SENSE_SEARCH_OUTAGE);
}
