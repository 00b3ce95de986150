/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Topology: what nodes there are and which TGs join them. A node tells its
 * neighbours of itself and its TGs when CP-CP sessions start; records with a
 * higher sequence number replace older ones and are passed on.
 */
#include <string.h>

#include "base/log.h"
#include "snaee/gds.h"
#include "snaee/sense.h"
#include "vtamsim/ssn_parts.h"

#define TDU_FULL 1600u          /* bytes; a record has less than 100 */

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

static struct pu *
pu_of_tg(const struct node *n, const struct topo_tg *t)
{
	struct pu *p;

	TAILQ_FOREACH(p, &n->pus.all, all)
		if (p->up && p->tgn == t->tgn && name_eq(&p->cp, &t->to))
			return p;
	return NULL;
}

/* Whose record it is: a VRN is nobody, so the nodes on it tell both directions. */
static const struct sna_name *
owner(const struct topo_tg *t)
{
	return t->vn == TVN_FROM ? &t->to : &t->from;
}

static bool
is_up(struct node *n, const struct topo_tg *t)
{
	const struct vrn *v = t->vn == TVN_NONE ? NULL :
	    vrn_find(n, t->vn == TVN_TO ? &t->to : &t->from);

	return t->vn == TVN_NONE ? pu_of_tg(n, t) != NULL : v != NULL && vrn_up(n, v);
}

static void
own_vrns(struct node *n)
{
	for (unsigned i = 0; i < n->vrns.n; i++) {
		const struct vrn *v = &n->vrns.v[i];
		struct topo_tg *to = tg_rec(n, &n->cpname, &v->name, v->tgn);
		struct topo_tg *from = tg_rec(n, &v->name, &n->cpname, v->tgn);

		if (to == NULL || from == NULL)
			return;
		to->vn = TVN_TO;
		from->vn = TVN_FROM;
		to->v = from->v = vrn_vector(v);
	}
}

/* As the PU's definition has them; without one those of a campus, RFC 2353 section 2.6.3. */
static struct cv47
characteristics(const struct pu *p)
{
	const struct def_tg *d = p == NULL || p->def == NULL ? NULL : &p->def->tg;

	if (d == NULL)
		return (struct cv47){ .capacity = 0x75, .security = 0x01, .delay = 0x71,
			.user = { 0x80, 0x80, 0x80 } };
	return (struct cv47){ .capacity = d->capacity, .cost_time = d->costtime,
		.cost_byte = d->costbyte, .security = d->security, .delay = d->pdelay,
		.user = { d->uparm[0], d->uparm[1], d->uparm[2] } };
}

/* Our own records, as they are now; those that changed are fresh. */
static void
refresh(struct node *n)
{
	struct topo_node *me = node_rec(n, &n->cpname);
	struct topo_tg *t;
	struct pu *p;

	n->cps.rsn += 2;
	if (me != NULL && me->rsn == 0) {
		me->rsn = n->cps.rsn;
		me->nn = n->start->nodetype == NODETYPE_NN;
		me->fresh = 1;
	}
	TAILQ_FOREACH(p, &n->pus.all, all)
		if (p->up && p->cp.len != 0 && p->vrn.len == 0)
			(void)tg_rec(n, &n->cpname, &p->cp, (uint8_t)p->tgn);
	own_vrns(n);
	TAILQ_FOREACH(t, &n->cps.topo_tgs, all) {
		uint8_t up;

		if (!name_eq(owner(t), &n->cpname))
			continue;
		up = is_up(n, t);
		if (up == t->up && t->rsn != 0)
			continue;
		t->up = up;
		if (t->vn == TVN_NONE && (up || t->rsn == 0))
			t->v.tgc = characteristics(pu_of_tg(n, t));
		t->rsn = n->cps.rsn;
		t->fresh = 1;
		route_changed(n);
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

/* RFC 2353 section 2.5.2: the way to dial a node is in the TG from the VRN to it. */
static void
put_vrn(const struct topo_tg *t, struct tdu_rec *r)
{
	r->of.vrn = t->vn == TVN_FROM;
	r->tgc.flags = t->up ? TGC_OPERATIONAL : 0;
	if (t->vn == TVN_TO) {
		r->tg.flags |= TGF_VRN;
		return;
	}
	r->tg.ip = t->v.tg.ip;
	r->tg.lsap = t->v.tg.lsap;
}

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
	r.tgc = t->v.tgc;
	r.tgc.rsn = t->rsn;
	r.tgc.flags = t->up ? TGC_OPERATIONAL | TGC_CPCP : 0;
	if (t->vn != TVN_NONE)
		put_vrn(t, &r);
	tdu_rec_put(w, &r);
}

/* One TDU being filled. */
struct update {
	struct buf *b;
	struct wr w;
	size_t mark;
	unsigned n;
};

static bool
begin(struct node *n, struct cpadj *a, struct update *u)
{
	struct tdu t = { .last_frsn = a->frsn_sent };

	u->b = buf_get(&n->bufs, BUF_STD);
	u->n = 0;
	if (u->b == NULL)
		return false;
	t.frsn = a->frsn_sent = ++n->cps.frsn;  /* step 1: our choice */
	u->w = wr_on(u->b->p, BUF_STD - 128);
	u->mark = gds_begin(&u->w, GDS_TDU);
	tdu_put(&u->w, &t);
	return true;
}

static void
finish(struct node *n, struct cpadj *a, struct update *u)
{
	gds_end(&u->w, u->mark);
	if (u->w.bad) {
		buf_free(u->b);
		return;
	}
	u->b->len = (uint32_t)wr_len(&u->w);
	(void)cp_send(n, a, TPN_TDU, u->b);
}

/* Room for another record; else the next TDU begins. */
static bool
room(struct node *n, struct cpadj *a, struct update *u)
{
	if (u->n != 0 && wr_len(&u->w) < TDU_FULL)
		return true;
	if (u->n != 0)
		finish(n, a, u);
	return begin(n, a, u);
}

enum which { FRESH, EVERY };

static void
send_records(struct node *n, struct cpadj *a, enum which which)
{
	struct update u = { .n = 0 };
	struct topo_node *tn;
	struct topo_tg *tg;

	if (n->start->nodetype != NODETYPE_NN || !a->nn)
		return;                 /* end nodes neither send nor keep topology: 6.4 */
	TAILQ_FOREACH(tn, &n->cps.topo_nodes, all) {
		if (which == FRESH && !tn->fresh)
			continue;
		if (!room(n, a, &u))
			return;
		put_node(&u.w, tn);
		u.n++;
	}
	TAILQ_FOREACH(tg, &n->cps.topo_tgs, all) {
		if (which == FRESH && !tg->fresh)
			continue;
		if (!room(n, a, &u))
			return;
		put_tg(&u.w, tg);
		u.n++;
	}
	if (u.n != 0)
		finish(n, a, &u);
}

/* Fresh records to all neighbours but the one they came from. */
static void
pass_on(struct node *n, const struct cpadj *from)
{
	struct topo_node *tn;
	struct topo_tg *tg;
	struct cpadj *a;

	TAILQ_FOREACH(a, &n->cps.all, all)
		if (a != from && cp_active(a))
			send_records(n, a, FRESH);
	TAILQ_FOREACH(tn, &n->cps.topo_nodes, all)
		tn->fresh = 0;
	TAILQ_FOREACH(tg, &n->cps.topo_tgs, all)
		tg->fresh = 0;
}

void
topo_send(struct node *n, struct cpadj *a)
{
	refresh(n);
	pass_on(n, a);
	send_records(n, a, EVERY);
}

void
topo_changed(struct node *n)
{
	refresh(n);
	pass_on(n, NULL);
}

/* What to do with a record of theirs: companion 6.4, resource sequence numbers. */
enum verdict { TV_IGNORE, TV_TAKE, TV_OURS };

static enum verdict
judge(struct node *n, const struct sna_name *owner, uint32_t ours, uint32_t theirs)
{
	if (name_eq(owner, &n->cpname)) {
		/* Our former self's, still going round: we number above it. */
		if (theirs > n->cps.rsn)
			n->cps.rsn = theirs + (theirs & 1);
		return theirs == ours ? TV_IGNORE : TV_OURS;
	}
	if (theirs == ours)
		return TV_IGNORE;
	return theirs > ours ? TV_TAKE : TV_OURS;
}

static bool
take_node(struct node *n, const struct tdu_rec *r)
{
	struct topo_node *t = node_rec(n, &r->of.node);

	if (t == NULL)
		return false;
	switch (judge(n, &t->cp, t->rsn, r->node.rsn)) {
	case TV_TAKE:
		t->rsn = r->node.rsn;
		t->nn = 1;
		route_changed(n);
		t->fresh = 1;
		return false;
	case TV_OURS:
		if (name_eq(&t->cp, &n->cpname) && r->node.rsn > t->rsn)
			t->rsn = n->cps.rsn += 2;
		t->fresh = 1;
		return true;
	case TV_IGNORE:
		return false;
	}
	return false;
}

static bool
take_tg(struct node *n, const struct tdu_rec *r)
{
	struct topo_tg *t = tg_rec(n, &r->of.node, &r->tg.partner, r->tg.tgn);

	if (t == NULL)
		return false;
	if (t->rsn == 0)
		t->vn = r->of.vrn ? TVN_FROM : r->tg.flags & TGF_VRN ? TVN_TO : TVN_NONE;
	switch (judge(n, owner(t), t->rsn, r->tgc.rsn)) {
	case TV_TAKE:
		t->v = (struct tgvec){ r->tg, r->tgc };
		t->rsn = r->tgc.rsn;
		t->up = (r->tgc.flags & TGC_OPERATIONAL) != 0;
		route_changed(n);
		t->fresh = 1;
		return false;
	case TV_OURS:
		if (name_eq(owner(t), &n->cpname) && r->tgc.rsn > t->rsn)
			t->rsn = n->cps.rsn += 2;
		t->fresh = 1;
		return true;
	case TV_IGNORE:
		return false;
	}
	return false;
}

/* 0, or why the CP-CP sessions must go: companion 6.4, FRSN rules. */
static uint32_t
frsn_check(struct cpadj *a, const struct tdu *t)
{
	if (t->last_frsn > t->frsn)
		return SENSE_BAD_FRSN;
	if (a->frsn_in_known && t->last_frsn != a->frsn_got)
		return SENSE_TDU_ORDER;
	a->frsn_in_known = 1;
	a->frsn_got = t->frsn;
	return 0;
}

void
topo_received(struct node *n, struct mono now, struct cpadj *a, struct rd *body)
{
	struct tdu_rec r;
	uint32_t sense = 0;
	bool back = false;
	struct tdu t;

	if (n->start->nodetype != NODETYPE_NN || !tdu_get(body, &t))
		return;
	sense = frsn_check(a, &t);
	if (sense != 0) {
		LOG(CP, WARN, a->cp.s, "topology update out of order, sense %08X", sense);
		if (a->lose != NULL)
			ssn_end(n, now, a->lose, UNB_CLEANUP, sense);
		return;
	}
	memset(&r, 0, sizeof(r));
	while (tdu_next(body, &r, &sense))
		back |= r.kind == TDU_NODE ? take_node(n, &r) : take_tg(n, &r);
	if (sense != 0)
		LOG(CP, WARN, a->cp.s, "topology update in error, sense %08X", sense);
	pass_on(n, back ? NULL : a);
}

/* We can't hear of its TGs any more; what it says of them later counts again. */
void
topo_lost(struct node *n, const struct sna_name *cp)
{
	struct topo_tg *t;

	TAILQ_FOREACH(t, &n->cps.topo_tgs, all)
		if (name_eq(&t->from, cp) && name_eq(&t->to, &n->cpname))
			t->up = 0;
	route_changed(n);
}
