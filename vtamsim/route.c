/* SPDX-License-Identifier: Apache-2.0
 *
 * The tree of shortest ways from here is made when it is asked for and the
 * topology has changed; a way is then read off it backwards.
 */
#include <string.h>

#include "vtamsim/node.h"
#include "vtamsim/route.h"

static struct topo_node *
find(const struct node *n, const struct sna_name *cp)
{
	struct topo_node *t;

	TAILQ_FOREACH(t, &n->cps.topo_nodes, all)
		if (name_eq(&t->cp, cp))
			return t;
	return NULL;
}

static bool
is_tg(const struct node *n, const struct topo_tg *g, const struct cv46 *own)
{
	return own != NULL && g->tgn == own->tgn && name_eq(&g->to, &own->partner) &&
	    name_eq(&g->from, &n->cpname);
}

/* Of the nodes reached in the last round, what can be reached from them; not by that TG
 * of ours. */
static bool
grow(struct node *n, uint16_t round, const struct cv46 *not_by)
{
	struct topo_tg *g;
	bool more = false;

	TAILQ_FOREACH(g, &n->cps.topo_tgs, all) {
		struct topo_node *from = g->up ? find(n, &g->from) : NULL;
		struct topo_node *to = from != NULL && from->round == round ? find(n, &g->to) :
		    NULL;

		if (to == NULL || !to->nn || to->round != 0 || is_tg(n, g, not_by))
			continue;
		to->round = (uint16_t)(round + 1);
		to->by = g;
		to->before = from;
		more = true;
	}
	return more;
}

static void
make_tree(struct node *n, const struct cv46 *not_by)
{
	struct topo_node *t, *me = find(n, &n->cpname);
	uint16_t round = 1;

	TAILQ_FOREACH(t, &n->cps.topo_nodes, all) {
		t->round = 0;
		t->by = NULL;
		t->before = NULL;
	}
	n->routes.stale = not_by != NULL;       /* good for one question only */
	if (me == NULL)
		return;
	me->round = 1;
	while (round < RSCV_HOPS && grow(n, round, not_by))
		round++;
}

static bool
add_hop(struct rscv *v, uint8_t tgn, const struct sna_name *to)
{
	struct cv46 *h = &v->hop[v->n];

	if (v->n == RSCV_HOPS)
		return false;
	memset(h, 0, sizeof(*h));
	h->tgn = tgn;
	h->has_flags = 1;
	h->flags = TGF_HPR | TGF_RTP;
	h->partner = *to;
	v->max_hops = ++v->n;
	return true;
}

static bool
along_tree(struct node *n, const struct sna_name *cp, struct rscv *v)
{
	const struct topo_node *way[RSCV_HOPS], *t;
	unsigned k = 0;

	t = find(n, cp);
	if (t == NULL || t->round == 0)
		return false;
	for (; t->before != NULL; t = t->before) {
		if (k == RSCV_HOPS)
			return false;
		way[k++] = t;
	}
	while (k-- > 0)
		if (!add_hop(v, way[k]->by->tgn, &way[k]->cp))
			return false;
	return true;
}

static const struct route_hint *
hint_of(const struct node *n, const struct sna_name *cp)
{
	for (unsigned i = 0; i < ROUTE_HINTS; i++)
		if (name_eq(&n->routes.hint[i].cp, cp))
			return &n->routes.hint[i];
	return NULL;
}

static const struct route_told *
told_of(const struct node *n, const struct sna_name *cp)
{
	for (unsigned i = 0; i < ROUTE_TOLD; i++)
		if (name_eq(&n->routes.told[i].cp, cp))
			return &n->routes.told[i];
	return NULL;
}

bool
route_around(struct node *n, const struct sna_name *cp, const struct cv46 *not_by,
    struct rscv *v)
{
	const struct route_hint *h = hint_of(n, cp);

	const struct route_told *t;

	memset(v, 0, sizeof(*v));
	if (n->start->nodetype != NODETYPE_NN) {        /* an end node has the way it was told .. */
		t = told_of(n, cp);                     /* .. for when the network fails */
		if (t != NULL && t->alt.n != 0 && !(t->alt.hop[0].tgn == not_by->tgn &&
		    name_eq(&t->alt.hop[0].partner, &not_by->partner)))
			*v = t->alt;
		return v->n != 0;
	}
	make_tree(n, not_by);
	if (along_tree(n, cp, v))
		return true;
	v->n = 0;
	return h != NULL && along_tree(n, &h->server, v) && add_hop(v, h->tgn, cp);
}

static const struct pu *
defined_to(const struct node *n, const struct sna_name *cp)
{
	const struct pu *p;

	TAILQ_FOREACH(p, &n->pus.all, all)
		if (p->up && p->vrn.len == 0 && name_eq(&p->cp, cp))
			return p;
	return NULL;
}

/* By defined links, as far as we know. */
static bool
plain(struct node *n, const struct sna_name *cp, struct rscv *v)
{
	const struct pu *pu = defined_to(n, cp);
	const struct route_hint *h;
	const struct route_told *t;

	memset(v, 0, sizeof(*v));
	if (cp->len == 0)
		return false;
	if (pu != NULL)
		return add_hop(v, (uint8_t)pu->tgn, cp);
	if (n->start->nodetype != NODETYPE_NN) {
		t = told_of(n, cp);
		if (t == NULL)
			return false;
		*v = t->rscv;
		if ((v->hop[0].flags & TGF_VRN) != 0 && v->n > 1 &&
		    vrn_is_bad(n, &v->hop[0].partner, &v->hop[1].partner))
			*v = t->alt;
		return v->n != 0;
	}
	if (n->routes.stale)
		make_tree(n, NULL);
	if (along_tree(n, cp, v))
		return true;
	h = hint_of(n, cp);
	v->n = 0;
	return h != NULL && along_tree(n, &h->server, v) && add_hop(v, h->tgn, cp);
}

bool
route_from(struct node *n, const struct sna_name *from, const struct cv46 *first,
    const struct sna_name *to, struct cdinit *c)
{
	struct rscv on, *v = &c->rscv;

	c->has_alt = 0;
	c->has_rscv = plain(n, to, &on) && on.n + 1 <= RSCV_HOPS;
	if (!c->has_rscv)
		return false;
	memset(v, 0, sizeof(*v));
	v->hop[0] = *first;
	memcpy(&v->hop[1], on.hop, on.n * sizeof(on.hop[0]));
	v->max_hops = v->n = (uint8_t)(on.n + 1);
	c->alt = *v;
	vrn_shortcut(n, from, v);
	c->has_alt = (v->hop[0].flags & TGF_VRN) != 0;
	return true;
}

bool
route_to(struct node *n, const struct sna_name *cp, struct rscv *v)
{
	if (!plain(n, cp, v))
		return false;
	if (n->start->nodetype == NODETYPE_NN)
		vrn_shortcut(n, &n->cpname, v);
	return true;
}

struct cpadj *
route_next(struct node *n, const struct sna_name *cp)
{
	struct cpadj *a = cp_find(n, cp);
	struct rscv v;

	if (a != NULL && cp_active(a))
		return a;
	if (n->start->nodetype != NODETYPE_NN) {        /* all goes by the server */
		TAILQ_FOREACH(a, &n->cps.all, all)
			if (a->nn && cp_active(a))
				return a;
		return NULL;
	}
	if (!plain(n, cp, &v) || v.n == 0)
		return NULL;
	a = cp_find(n, &v.hop[0].partner);
	return a != NULL && cp_active(a) ? a : NULL;
}

void
route_changed(struct node *n)
{
	n->routes.stale = 1;
}

void
route_hint(struct node *n, const struct sna_name *cp, const struct sna_name *server, uint8_t tgn)
{
	struct route_hint h = { .cp = *cp, .server = *server, .tgn = tgn };

	for (unsigned i = 0; i < ROUTE_HINTS; i++)
		if (name_eq(&n->routes.hint[i].cp, cp)) {
			n->routes.hint[i] = h;
			return;
		}
	n->routes.hint[n->routes.next_hint++ % ROUTE_HINTS] = h;
}

void
route_told(struct node *n, const struct sna_name *cp, const struct cdinit *c)
{
	struct route_told t = { .cp = *cp, .rscv = c->rscv };

	if (c->has_alt)
		t.alt = c->alt;
	for (unsigned i = 0; i < ROUTE_TOLD; i++)
		if (name_eq(&n->routes.told[i].cp, cp)) {
			n->routes.told[i] = t;
			return;
		}
	n->routes.told[n->routes.next_told++ % ROUTE_TOLD] = t;
}
