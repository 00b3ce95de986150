/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One ee for an XCA major node, and in it one local address for each address its
 * GROUPs name. Links of all addresses share the ee, so a pipe may go on over
 * another address when its link is lost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "vtamsim/msg.h"
#include "vtamsim/pu_in.h"

#define KEEPACT_S 60                    /* our choice */
#define BTU_IPV4 1461                   /* RFC 2353 section 2.4.1 */

static void
make_cfg(const struct node *n, const struct def_member *m, struct ee_cfg *c)
{
	static const uint8_t order[EE_NPORT] = { 4, 3, 2, 1, 0 };       /* IPTOS: low .. signal */
	const struct def_port *d = m->port;

	memset(c, 0, sizeof(*c));
	c->port0 = (uint16_t)d->ipport;
	for (int i = 0; i < EE_NPORT; i++)
		c->tos[i] = d->iptos[order[i]];
	c->livtime = (uint16_t)d->livtime.init;
	c->livtime_max = (uint16_t)d->livtime.max;
	c->srqtime = (uint16_t)d->srqtime;
	c->srqretry = (uint16_t)d->srqretry;
	c->cpname = n->cpname;
	/* Node ID: block FFF, number from the SSCP's (our choice: no operand names it). */
	c->nodeid = 0xfff00000u | (n->start->sscpid & 0xfffff);
	c->pmtud = n->start->pmtud;
	c->no_alive = m->groups != NULL ? m->groups->hpreeliv : d->hpreeliv;
	c->max_btu = BTU_IPV4;
	c->network_node = n->start->nodetype == NODETYPE_NN;
	for (int i = 0; i < 4; i++)
		c->pst[i] = n->start->hprpst_s[i];
	c->max_links = n->cfg.max_links;
	c->max_pipes = n->cfg.max_pipes;
	c->seed = n->cfg.seed ^ n->epoch;
	c->instance = n->epoch;
}

static struct xgroup *
add_group(struct node *n, struct res *maj, const struct def_group *d)
{
	struct xgroup *g = calloc(1, sizeof(*g));       /* definitions: heap will do */
	struct sna_name nm;
	struct res *r = name_set(&nm, d->h.name) ? rtab_add(&n->rtab, RES_GROUP, &nm, maj) : NULL;

	if (g == NULL || r == NULL) {
		free(g);
		return NULL;
	}
	r->group = d;
	r->xg = g;
	g->res = r;
	TAILQ_INSERT_TAIL(&n->xcas.all, g, all);
	r->desired = RST_ACTIV;
	(void)res_event(r, REV_CONNECT);
	return g;
}

static void
add_lines(struct node *n, struct xgroup *g)
{
	for (const struct def_line *l = g->res->group->lines; l != NULL; l = l->next) {
		struct sna_name nm;
		struct res *r = name_set(&nm, l->h.name) ?
		    rtab_add(&n->rtab, RES_LINE, &nm, g->res) : NULL;

		if (r == NULL)
			continue;
		r->line = l;
		r->flags = RESF_IMPLICIT;
		if (g->res->group->isactive && l->isactive)
			r->desired = RST_ACTIV;
	}
}

static bool
same_timers(const struct def_group *a, const struct def_group *b)
{
	return a->livtime.init == b->livtime.init && a->livtime.max == b->livtime.max &&
	    a->srqtime == b->srqtime && a->srqretry == b->srqretry;
}

/* The group whose LDLC timers an address has: the first that came up with it. */
static const struct xgroup *
timers_of(const struct node *n, const struct xgroup *g)
{
	const struct xgroup *k;

	TAILQ_FOREACH(k, &n->xcas.all, all)
		if (k->res->up == g->res->up && k->local.fam != 0 && k->at == g->at)
			return k;
	return g;
}

static void
check_timers(struct node *n, const struct xgroup *g)
{
	const struct xgroup *first = g->timers;
	const struct def_group *d = first->res->group;
	char addr[IPADDR_TEXT];

	if (first == g || same_timers(d, g->res->group))
		return;
	NODE_SAY(n, IST2188I, name_base(&g->res->name));
	NODE_SAY(n, IST2189I, name_base(&first->res->name));
	NODE_SAY(n, IST1680I, "LOCAL", ipaddr_text(&first->local, addr));
	NODE_SAY(n, IST2004I, d->livtime.init, d->livtime.max, d->srqtime, d->srqretry);
	NODE_SAY(n, IST314I);
}

/* Its lines that are wanted: up, or pending. */
static void
move_lines(struct xgroup *g, enum res_event ev)
{
	struct res *r;

	TAILQ_FOREACH(r, &g->res->kids, sib)
		if (r->desired == RST_ACTIV)
			(void)res_event(r, ev);
}

static void
group_up(struct node *n, struct xgroup *g, const struct ipaddr *a)
{
	int at = ee_add_local(g->res->up->ee, a);

	if (at < 0) {
		NODE_SAY(n, IST1683I, "ENABLE", name_base(&g->res->up->name),
		    "TOO MANY LOCAL ADDRESSES");
		move_lines(g, REV_LOST);
		return;
	}
	g->at = (uint8_t)at;
	g->timers = timers_of(n, g);    /* before it counts as one that is up */
	check_timers(n, g);
	g->local = *a;
	g->failed = 0;
	move_lines(g, REV_CONNECT);
	vrn_changed(n);
}

static void
ask(struct node *n, struct mono now, struct xgroup *g)
{
	uint32_t wait = g->res->up->member->port->ipresolv;

	move_lines(g, REV_RESOLVE);
	if (g->asked == 0) {
		if (++n->pus.questions == 0)
			n->pus.questions = 1;
		g->asked = n->pus.questions;
		TAILQ_INSERT_TAIL(&n->xcas.ask, g, ask);
		g->on_ask = 1;
	}
	if (wait != 0)
		node_due(n, &g->due, ND_XCA, mono_add(now, SECS(wait)));
}

static void
ask_no_more(struct node *n, struct xgroup *g)
{
	if (g->on_ask)
		TAILQ_REMOVE(&n->xcas.ask, g, ask);
	g->on_ask = 0;
	g->asked = 0;
	due_clear(&n->due, &g->due.due);
}

static void
activate(struct node *n, struct mono now, struct xgroup *g)
{
	const struct def_group *d = g->res->group;

	if (g->local.fam != 0) {
		g->failed = 0;
		check_timers(n, g);
		move_lines(g, REV_CONNECT);
	} else if (d->hostname[0] != '\0') {
		ask(n, now, g);
	} else if (d->ipaddr.fam != 0) {
		group_up(n, g, &d->ipaddr);
	}
}

uint32_t
xca_open(struct node *n, struct mono now, struct res *maj)
{
	const struct def_member *m = maj->member;
	const struct def_group *d;
	struct xgroup *g;
	struct ee_cfg c;
	unsigned known = 0;
	int err = 0;

	for (d = m->groups; d != NULL; d = d->next)
		known += d->hostname[0] != '\0' || d->ipaddr.fam != 0;
	if (known == 0)
		return SENSE_NOT_AVAILABLE;
	make_cfg(n, m, &c);
	c.bufs = &n->bufs;
	maj->ee = n->n_ee == NODE_EES ? NULL : ee_new(&c, &err);
	if (maj->ee == NULL)
		return SENSE_NO_RESOURCE;
	n->ee[n->n_ee++] = maj->ee;
	for (d = m->groups; d != NULL; d = d->next) {
		g = add_group(n, maj, d);
		if (g == NULL)
			continue;
		add_lines(n, g);
		activate(n, now, g);
	}
	return 0;
}

/* It kept its tables while it was inactive: all lines come back. */
void
xca_again(struct node *n, struct mono now, struct res *maj)
{
	struct res *g, *l;

	TAILQ_FOREACH(g, &maj->kids, sib) {
		(void)res_event(g, REV_ACT);
		(void)res_event(g, REV_CONNECT);
		TAILQ_FOREACH(l, &g->kids, sib) {
			(void)res_event(l, REV_ACT);
			l->desired = RST_ACTIV;
		}
		if (g->xg != NULL)
			activate(n, now, g->xg);
	}
}

void
xca_line_act(struct node *n, struct mono now, struct res *line)
{
	struct xgroup *g = line->up == NULL ? NULL : line->up->xg;

	line->desired = RST_ACTIV;
	if (g != NULL && g->local.fam == 0)
		activate(n, now, g);
	else
		(void)res_event(line, REV_CONNECT);
}

void
xca_group_act(struct node *n, struct mono now, struct res *group)
{
	(void)res_event(group, REV_CONNECT);
	if (group->xg != NULL)
		activate(n, now, group->xg);
}

void
xca_fini(struct node *n)
{
	struct xgroup *g;

	while ((g = TAILQ_FIRST(&n->xcas.all)) != NULL) {
		TAILQ_REMOVE(&n->xcas.all, g, all);
		free(g);
	}
}

/* The lines of a group whose address can't be found out; companion vtam-operator 5.2. */
static void
no_name(struct node *n, struct mono now, struct xgroup *g)
{
	const struct res *line = TAILQ_FIRST(&g->res->kids);

	LOG(EE, WARN, name_base(&g->res->name), "local host name %s has no address",
	    g->res->group->hostname);
	if (line != NULL) {
		NODE_SAY(n, IST1139I, "ACTLINK", name_base(&line->name), SENSE_NO_NAME);
		NODE_SAY(n, IST1045I, "LINE");
		NODE_SAY(n, IST1910I, g->res->group->hostname);
		NODE_SAY(n, IST314I);
	}
	move_lines(g, REV_LOST);
	if (g->res->group->keepact)
		node_due(n, &g->due, ND_XCA, mono_add(now, SECS(KEEPACT_S)));
}

void
xca_due(struct node *n, struct mono now, struct ndue *d)
{
	struct xgroup *g = DUE_OBJ(d, struct xgroup, due);

	if (g->asked != 0) {
		ask_no_more(n, g);
		no_name(n, now, g);
	} else if (g->local.fam == 0 && g->res->up->fsm.state == RST_ACTIV) {
		activate(n, now, g);
	}
}

bool
xca_question(struct node *n, struct pu_question *q)
{
	struct xgroup *g = TAILQ_FIRST(&n->xcas.ask);

	if (g == NULL)
		return false;
	TAILQ_REMOVE(&n->xcas.ask, g, ask);
	g->on_ask = 0;
	*q = (struct pu_question){ g->res->group->hostname, 0, g->asked };
	return true;
}

bool
xca_address(struct node *n, struct mono now, uint32_t number, const struct ipaddr *a)
{
	struct xgroup *g;

	TAILQ_FOREACH(g, &n->xcas.all, all)
		if (g->asked == number)
			break;
	if (g == NULL)
		return false;
	ask_no_more(n, g);
	if (a->fam == 0)
		no_name(n, now, g);
	else
		group_up(n, g, a);
	return true;
}

bool
xca_lost(struct node *n, const struct ee *ee, unsigned at)
{
	unsigned left = 0;
	struct xgroup *g;

	TAILQ_FOREACH(g, &n->xcas.all, all) {
		if (g->res->up->ee != ee)
			continue;
		if (g->local.fam != 0 && g->at == at) {
			g->failed = 1;
			move_lines(g, REV_LOST);
		}
		left += !g->failed;
	}
	return left == 0;
}

bool
xca_wants(const struct node *n, const struct ee *ee, unsigned at)
{
	const struct xgroup *g;

	TAILQ_FOREACH(g, &n->xcas.all, all)
		if (g->res->up->ee == ee && g->local.fam != 0 && g->at == at && !g->failed &&
		    g->res->up->fsm.state == RST_ACTIV)
			return true;
	return false;
}

struct ee *
xca_line_ee(const struct res *line)
{
	const struct xgroup *g = line->up->xg;

	return g == NULL || g->local.fam == 0 || g->failed ? NULL : line->up->up->ee;
}

void
xca_line_parm(const struct res *line, struct ee_linkparm *to)
{
	const struct xgroup *g = line->up->xg;
	const struct def_group *d;

	if (g == NULL)
		return;
	d = g->timers == NULL ? g->res->group : g->timers->res->group;
	to->local = g->at;
	to->sap_local = (uint8_t)g->res->up->member->port->sapaddr;
	to->livtime = (uint16_t)d->livtime.init;
	to->livtime_max = (uint16_t)d->livtime.max;
	to->srqtime = (uint16_t)d->srqtime;
	to->srqretry = (uint16_t)d->srqretry;
	if (d->limres)
		to->limited = 1;
	if (to->arb == 0)
		to->arb = g->res->group->hpreearb;
}
