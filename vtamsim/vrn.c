/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "vtamsim/msg.h"
#include "vtamsim/node.h"
#include "vtamsim/vrn.h"

struct vrn *
vrn_find(struct node *n, const struct sna_name *name)
{
	for (unsigned i = 0; i < n->vrns.n; i++)
		if (name_eq(&n->vrns.v[i].name, name))
			return &n->vrns.v[i];
	return NULL;
}

struct ee *
vrn_ee(const struct vrn *v)
{
	return v->group->up->ee;
}

bool
vrn_up(const struct node *n, const struct vrn *v)
{
	const struct res *r;

	if (n->halting || v->group->up->fsm.state != RST_ACTIV ||
	    v->group->fsm.state != RST_ACTIV)
		return false;
	TAILQ_FOREACH(r, &v->group->kids, sib)
		if (r->type == RES_LINE && r->fsm.state == RST_ACTIV && xca_line_ee(r) != NULL)
			return true;
	return false;
}

/* --- definitions --- */

static const struct res *
group_named(const struct res *maj, const char *name)
{
	const struct res *r;

	TAILQ_FOREACH(r, &maj->kids, sib)
		if (r->type == RES_GROUP && strcmp(name_base(&r->name), name) == 0)
			return r;
	return NULL;
}

struct vn_def {
	const char *name;
	const struct def_group *group;
	uint8_t type;
	uint8_t sap;
	const struct def_tg *tg;
	uint32_t unrch_s;
};

bool
vrn_name(const struct node *n, const char *text, struct sna_name *name)
{
	return strchr(text, '.') != NULL ? name_set(name, text) :
	    name_qual(name, n->start->netid, text);
}

static bool
same_address(const struct def_group *a, const struct def_group *b)
{
	return ipaddr_eq(&a->ipaddr, &b->ipaddr) && strcmp(a->hostname, b->hostname) == 0;
}

static void
not_unique(const struct def_group *g, const struct sna_name *vrn, struct con *c)
{
	char addr[IPADDR_TEXT];

	msg_line(c, IST1899I, g->lines != NULL ? g->lines->h.name : g->h.name);
	msg_line(c, IST1896I, vrn->s);
	msg_line(c, IST1680I, "LOCAL", g->ipaddr.fam != 0 ? ipaddr_text(&g->ipaddr, addr) :
	    "****NA****");
	if (g->hostname[0] != '\0')
		msg_line(c, IST1910I, g->hostname);
	msg_line(c, IST314I);
}

static void
define_one(struct node *n, struct res *maj, const struct vn_def *d, struct con *c)
{
	struct res *g = d->group == NULL ? NULL : (struct res *)(uintptr_t)
	    group_named(maj, d->group->h.name);    /* style: ours, found by a const walk */
	struct sna_name name;
	struct vrn *v;

	if (d->name[0] == '\0' || g == NULL || g->xg == NULL ||
	    !vrn_name(n, d->name, &name))
		return;
	v = vrn_find(n, &name);
	if (v != NULL) {                /* one more GROUP: its lines are not looked at */
		if (!same_address(v->group->group, d->group))
			not_unique(d->group, &name, c);
		return;
	}
	if (n->vrns.n == VRNS) {
		LOG(EE, WARN, name.s, "more than %u connection networks", VRNS);
		return;
	}
	v = &n->vrns.v[n->vrns.n];
	*v = (struct vrn){ .name = name, .group = g, .type = d->type, .sap = d->sap,
		.tgn = (uint8_t)(VRN_TGN + n->vrns.n), .unrch_s = d->unrch_s };
	v->tgc = (struct cv47){ .flags = TGC_OPERATIONAL, .capacity = d->tg->capacity,
		.cost_time = d->tg->costtime, .cost_byte = d->tg->costbyte,
		.security = d->tg->security, .delay = d->tg->pdelay,
		.user = { d->tg->uparm[0], d->tg->uparm[1], d->tg->uparm[2] } };
	v->res = rtab_add(&n->rtab, RES_ADJCP, &name, NULL);
	if (v->res != NULL)
		v->res->desired = RST_ACTIV;
	g->xg->vn = 1;
	n->vrns.n++;
}

void
vrn_define(struct node *n, struct res *maj, const struct def_member *m, struct con *c)
{
	const struct def_port *p = m->port;
	const struct def_group *g;
	struct vn_def d;

	for (g = m->groups; g != NULL && strcmp(g->h.name, p->vngroup) != 0; g = g->next)
		;
	d = (struct vn_def){ p->vnname, g, p->vntype, (uint8_t)p->sapaddr, &p->tg, p->unrchtim };
	define_one(n, maj, &d, c);
	for (g = m->groups; g != NULL; g = g->next) {
		d = (struct vn_def){ g->vnname, g, g->vntype, (uint8_t)p->sapaddr, &g->tg,
			g->unrchtim };
		define_one(n, maj, &d, c);
	}
}

/* --- who is on which --- */

/* One vector serves both directions of its TG, in searches (our choice; topology has two). */
struct tgvec
vrn_vector(const struct vrn *v)
{
	struct tgvec t = { .tgc = v->tgc };

	t.tg.tgn = v->tgn;
	t.tg.has_flags = 1;
	t.tg.flags = TGF_VRN | TGF_HPR | TGF_RTP;
	t.tg.partner = v->name;
	t.tg.lsap = v->sap;
	t.tg.ip = v->group->xg->local;
	return t;
}

void
vrn_learn(struct node *n, const struct sna_name *cp, const struct tgvec *t, unsigned k)
{
	struct vrns *v = &n->vrns;

	if (cp->len == 0 || name_eq(cp, &n->cpname))
		return;
	for (unsigned i = 0; i < VRN_ATTS; i++)
		if (name_eq(&v->att[i].cp, cp))
			v->att[i].cp.len = 0;
	for (unsigned i = 0; i < k; i++) {
		if (!(t[i].tg.flags & TGF_VRN) || t[i].tg.ip.fam == 0 || t[i].tg.partner.len == 0)
			continue;
		v->att[v->next_att++ % VRN_ATTS] = (struct vrn_att){ *cp, t[i] };
	}
}

/* A network node's are in the topology. */
static bool
in_topology(struct node *n, const struct sna_name *cp, unsigned k, struct tgvec *t)
{
	const struct topo_tg *g;

	TAILQ_FOREACH(g, &n->cps.topo_tgs, all) {
		if (g->vn != TVN_FROM || !g->up || !name_eq(&g->to, cp) || k-- != 0)
			continue;
		*t = g->v;
		t->tg.flags |= TGF_VRN;
		t->tg.partner = g->from;
		return true;
	}
	return false;
}

/* The k-th TG of cp to a VRN. False: it has not so many. */
static bool
att_of(struct node *n, const struct sna_name *cp, unsigned k, struct tgvec *t)
{
	bool ours = name_eq(cp, &n->cpname);

	for (unsigned i = 0; ours && i < n->vrns.n; i++)
		if (vrn_up(n, &n->vrns.v[i]) && k-- == 0) {
			*t = vrn_vector(&n->vrns.v[i]);
			return true;
		}
	for (unsigned i = 0; !ours && i < VRN_ATTS; i++)
		if (name_eq(&n->vrns.att[i].cp, cp) && k-- == 0) {
			*t = n->vrns.att[i].v;
			return true;
		}
	return !ours && in_topology(n, cp, k, t);
}

void
vrn_vectors(struct node *n, const struct sna_name *cp, struct cdinit *c)
{
	struct tgvec t;

	if (name_eq(cp, &n->cpname) && n->start->nodetype == NODETYPE_NN)
		return;                 /* the topology has them */
	for (unsigned k = 0; c->n_tg < SEARCH_TGS && att_of(n, cp, k, &t); k++)
		c->tg[c->n_tg++] = t;
}

/* VNTYPE=LOCAL: for partners in its own network only. */
static bool
may_use(struct node *n, const struct sna_name *vrn, const struct sna_name *to)
{
	const struct vrn *v = vrn_find(n, vrn);
	char a[9], b[9];

	if (v == NULL || v->type == DEF_VN_GLOBAL)
		return true;            /* another's: it knows */
	name_netid(&v->name, a);
	name_netid(to, b);
	return strcmp(a, b) == 0;
}

/* Both are on one network: the TG from one, and the other's. */
static bool
both_on(struct node *n, const struct sna_name *from, const struct sna_name *to,
    struct tgvec *a, struct tgvec *b)
{
	for (unsigned i = 0; att_of(n, from, i, a); i++)
		for (unsigned k = 0; att_of(n, to, k, b); k++)
			if (name_eq(&a->tg.partner, &b->tg.partner) &&
			    a->tg.ip.fam == b->tg.ip.fam && may_use(n, &a->tg.partner, to) &&
			    !(name_eq(from, &n->cpname) && vrn_is_bad(n, &a->tg.partner, to)))
				return true;
	return false;
}

void
vrn_shortcut(struct node *n, const struct sna_name *cp, struct rscv *v)
{
	struct tgvec a, b;
	unsigned i = v->n;

	if (i < 2 || !att_of(n, cp, 0, &a))
		return;
	/* A neighbour by a defined link needs no other way. */
	while (i > 1 && !both_on(n, cp, &v->hop[i - 1].partner, &a, &b))
		i--;
	if (i <= 1 || v->n - i + 2 > RSCV_HOPS)
		return;
	memmove(&v->hop[2], &v->hop[i], (v->n - i) * sizeof(v->hop[0]));
	b.tg.partner = v->hop[i - 1].partner;
	b.tg.flags = TGF_HPR | TGF_RTP;
	a.tg.ip.fam = 0;
	v->hop[0] = a.tg;
	v->hop[1] = b.tg;
	v->max_hops = v->n = (uint8_t)(v->n - i + 2);
}

/* --- an end node and its server --- */

void
vrn_register(struct node *n, struct cpadj *a)
{
	struct cdinit c = { .n_tg = 0 };
	struct buf *b;
	struct wr w;

	if (n->start->nodetype == NODETYPE_NN || !a->nn)
		return;
	vrn_vectors(n, &n->cpname, &c);
	if (c.n_tg == 0 && n->vrns.n == 0)
		return;
	b = buf_get(&n->bufs, BUF_STD);
	if (b == NULL)
		return;
	w = wr_on(b->p, BUF_STD - 128);
	register_put(&w, &n->cpname, c.tg, c.n_tg);
	b->len = (uint32_t)wr_len(&w);
	if (w.bad)
		buf_free(b);
	else
		(void)cp_send(n, a, TPN_REGISTER, b);
}

void
vrn_registered(struct node *n, struct cpadj *a, struct rd *body)
{
	struct tgvec t[SEARCH_TGS];
	struct sna_name cp;
	unsigned k = 0;

	memset(&cp, 0, sizeof(cp));
	if (!register_get(body, &cp, t, &k) || !name_eq(&cp, &a->cp))
		LOG(CP, WARN, a->cp.s, "registration in error");
	else
		vrn_learn(n, &cp, t, k);
}

void
vrn_changed(struct node *n)
{
	struct cpadj *a;

	if (n->vrns.n == 0)
		return;
	for (unsigned i = 0; i < n->vrns.n; i++)
		if (n->vrns.v[i].res != NULL)
			(void)res_event(n->vrns.v[i].res, vrn_up(n, &n->vrns.v[i]) ?
			    REV_CONNECT : REV_LOST);
	topo_changed(n);
	TAILQ_FOREACH(a, &n->cps.all, all)
		if (cp_active(a))
			vrn_register(n, a);
}

/* --- partners that can't be reached --- */

unsigned
vrn_bad_count(const struct node *n, const struct sna_name *vrn)
{
	unsigned k = 0;

	for (unsigned i = 0; i < VRN_BAD; i++)
		k += n->vrns.bad[i].cp.len != 0 && name_eq(&n->vrns.bad[i].vrn, vrn) &&
		    mono_before(n->now, n->vrns.bad[i].until);
	return k;
}

/* Too many partners are out of reach: the network itself is, until they are fewer than
 * 80 % of UNRCHTIM's limit. */
bool
vrn_full(struct node *n, struct vrn *v)
{
	unsigned k = vrn_bad_count(n, &v->name), most = n->start->unrchtim[1];

	if (most > VRN_BAD)
		most = VRN_BAD;
	v->full = v->full ? k * 5 >= most * 4 : k >= most;
	return v->full;
}

bool
vrn_is_bad(struct node *n, const struct sna_name *vrn, const struct sna_name *cp)
{
	struct vrn *v = vrn_find(n, vrn);

	for (unsigned i = 0; i < VRN_BAD; i++) {
		const struct vrn_bad *b = &n->vrns.bad[i];

		if (name_eq(&b->cp, cp) && name_eq(&b->vrn, vrn) && mono_before(n->now, b->until))
			return true;
	}
	return v != NULL && vrn_full(n, v);
}

unsigned
vrn_clear_bad(struct node *n, const char *vrn)
{
	unsigned k = 0;

	for (unsigned i = 0; i < VRN_BAD; i++) {
		struct vrn_bad *b = &n->vrns.bad[i];

		if (b->cp.len == 0 || (vrn[0] != '\0' && strcmp(vrn, b->vrn.s) != 0))
			continue;
		k += mono_before(n->now, b->until);
		b->cp.len = 0;
	}
	return k;
}
