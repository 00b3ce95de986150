/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Topology: what nodes there are and which TGs join them. A node tells its
 * neighbours of itself and its TGs when CP-CP sessions start; records with a
 * higher sequence number replace older ones and are passed on.
 */
#include <string.h>

#include "base/log.h"
#include "snaee/gds.h"
#include "vtamsim/ssn_parts.h"

static struct topo_node *
node_rec(struct node *n, const struct sna_name *cp)
{
	struct topo_node *t;

	TAILQ_FOREACH(t, &n->cps.topo_nodes, all)
		if (name_eq(&t->cp, cp))
			return t;
	t = pool_get(&n->cps.nodes);
	if (t != NULL) {
		t->cp = *cp;
		TAILQ_INSERT_TAIL(&n->cps.topo_nodes, t, all);
	}
	return t;
}

static struct topo_tg *
tg_rec(struct node *n, const struct sna_name *from, const struct sna_name *to, uint8_t tgn)
{
	struct topo_tg *t;

	TAILQ_FOREACH(t, &n->cps.topo_tgs, all)
		if (t->tgn == tgn && name_eq(&t->from, from) && name_eq(&t->to, to))
			return t;
	t = pool_get(&n->cps.tgs);
	if (t != NULL) {
		t->from = *from;
		t->to = *to;
		t->tgn = tgn;
		TAILQ_INSERT_TAIL(&n->cps.topo_tgs, t, all);
	}
	return t;
}

/* Our own records, as they are now. */
static void
refresh(struct node *n)
{
	struct topo_node *me = node_rec(n, &n->cpname);
	struct cpadj *a;

	n->cps.rsn += 2;
	if (me != NULL) {
		me->rsn = n->cps.rsn;
		me->nn = n->start->nodetype == NODETYPE_NN;
	}
	TAILQ_FOREACH(a, &n->cps.all, all) {
		struct topo_tg *t = a->pu == NULL ? NULL :
		    tg_rec(n, &n->cpname, &a->cp, (uint8_t)a->pu->tgn);

		if (t != NULL) {
			t->up = 1;
			t->rsn = n->cps.rsn;
		}
	}
}

static void
put_node(struct wr *w, const struct topo_node *t)
{
	struct tdu_rec r;

	memset(&r, 0, sizeof(r));
	r.kind = TDU_NODE;
	r.days = 15;
	r.of.node = t->cp;
	r.node.rsn = t->rsn;
	r.node.rar = 128;
	r.node.f8 = NDC8_ISR | NDC8_LOW;
	r.node.f9 = NDC9_HPR_CF;
	tdu_rec_put(w, &r);
}

/* TG characteristics of a campus: RFC 2353 section 2.6.3. */
static void
put_tg(struct wr *w, const struct topo_tg *t)
{
	struct tdu_rec r;

	memset(&r, 0, sizeof(r));
	r.kind = TDU_TG;
	r.days = 15;
	r.of.node = t->from;
	r.tg.tgn = t->tgn;
	r.tg.partner = t->to;
	r.tg.has_flags = 1;
	r.tg.flags = TGF_HPR | TGF_RTP;
	r.tgc.rsn = t->rsn;
	r.tgc.flags = t->up ? TGC_OPERATIONAL | TGC_CPCP : 0;
	r.tgc.capacity = 0x75;
	r.tgc.security = 0x01;
	r.tgc.delay = 0x71;
	memset(r.tgc.user, 0x80, sizeof(r.tgc.user));
	tdu_rec_put(w, &r);
}

void
topo_send(struct node *n, struct cpadj *a)
{
	struct tdu t = { .last_frsn = a->frsn_sent };
	struct buf *b = buf_get(&n->bufs, BUF_STD);
	struct topo_node *tn;
	struct topo_tg *tg;
	struct wr w;
	size_t mark;

	if (b == NULL)
		return;
	refresh(n);
	t.frsn = a->frsn_sent = ++n->cps.frsn;
	w = wr_on(b->p, BUF_STD - 128);
	mark = gds_begin(&w, GDS_TDU);
	tdu_put(&w, &t);
	TAILQ_FOREACH(tn, &n->cps.topo_nodes, all)
		if (name_eq(&tn->cp, &n->cpname))
			put_node(&w, tn);
	TAILQ_FOREACH(tg, &n->cps.topo_tgs, all)
		if (name_eq(&tg->from, &n->cpname) && wr_len(&w) < 1000)
			put_tg(&w, tg);
	gds_end(&w, mark);
	if (w.bad) {
		buf_free(b);
		return;
	}
	b->len = (uint32_t)wr_len(&w);
	(void)cp_send(n, a, TPN_TDU, b);
}

void
topo_received(struct node *n, struct cpadj *a, struct rd *body)
{
	struct tdu_rec r;
	uint32_t sense = 0;
	struct tdu t;

	if (!tdu_get(body, &t))
		return;
	a->frsn_got = t.frsn;
	memset(&r, 0, sizeof(r));
	while (tdu_next(body, &r, &sense)) {
		if (r.kind == TDU_NODE) {
			struct topo_node *tn = node_rec(n, &r.of.node);

			if (tn != NULL && r.node.rsn >= tn->rsn) {
				tn->rsn = r.node.rsn;
				tn->nn = 1;
			}
		} else {
			struct topo_tg *tg = tg_rec(n, &r.of.node, &r.tg.partner, r.tg.tgn);

			if (tg != NULL && r.tgc.rsn >= tg->rsn) {
				tg->rsn = r.tgc.rsn;
				tg->up = (r.tgc.flags & TGC_OPERATIONAL) != 0;
			}
		}
	}
	if (sense != 0)
		LOG(CP, WARN, a->cp.s, "topology update in error, sense %08X", sense);
}

void
topo_lost(struct node *n, const struct sna_name *cp)
{
	struct topo_tg *t;

	TAILQ_FOREACH(t, &n->cps.topo_tgs, all)
		if ((name_eq(&t->from, &n->cpname) && name_eq(&t->to, cp)) ||
		    name_eq(&t->from, cp))
			t->up = 0;
}
