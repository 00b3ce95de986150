/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Major nodes become resources here, and switched PUs live: dialed when they
 * are activated (DWACT) or by V NET,DIAL, called by a partner (pu_call.c), dialed
 * again after a loss (DWINOP, REDIAL). A PU that is connected occupies a line of
 * its group.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "snaee/ldlc.h"
#include "snaee/sense.h"
#include "vtamsim/msg.h"
#include "vtamsim/pswitch.h"
#include "vtamsim/pu_in.h"

#define REDIAL_FIRST_S 2        /* our choice: a partner that restarts is back soon */

struct pu *
pu_to(const struct node *n, const struct sna_name *cp)
{
	struct pu *p;

	TAILQ_FOREACH(p, &n->pus.all, all)
		if (p->up && name_eq(&p->cp, cp))
			return p;
	return NULL;
}

struct pu *
pu_new(struct node *n, struct res *r, const struct def_pu *d)
{
	struct pu *p = calloc(1, sizeof(*p));   /* definitions, not sessions: heap will do */

	if (p == NULL)
		return NULL;
	p->node = n;
	p->res = r;
	p->def = d;
	p->path = d == NULL ? NULL : pu_path_from(p, d->paths);
	p->cpcp = d == NULL ? 1 : d->cpcp;
	r->pu = p;
	TAILQ_INSERT_TAIL(&n->pus.all, p, all);
	return p;
}

static void
ask_no_more(struct node *n, struct pu *p)
{
	if (p->on_asked)
		TAILQ_REMOVE(&n->pus.ask, p, on_ask);
	p->on_asked = 0;
	p->asked = 0;
}

void
pu_free(struct node *n, struct pu *p)
{
	ask_no_more(n, p);
	due_clear(&n->due, &p->due.due);
	due_clear(&n->due, &p->idle.due);
	TAILQ_REMOVE(&n->pus.all, p, all);
	pu_use_line(p, NULL);
	rtab_del(&n->rtab, p->res);
	free(p);
}

void
pu_use_line(struct pu *p, struct res *line)
{
	if (p->line != NULL)
		p->line->pu = NULL;
	p->line = line;
	if (line != NULL)
		line->pu = p;
}

/* CALL= of the line; it answers only with ANSWER=ON. */
static bool
line_goes(const struct res *line, unsigned dir)
{
	const struct def_line *d = line->line;

	return d == NULL || ((d->call & dir) != 0 && (dir != DEF_CALL_IN || d->answer));
}

static struct res *
line_of_group(const struct res *g, const struct line_wish *w)
{
	struct res *r;

	TAILQ_FOREACH(r, &g->kids, sib)
		if (r->type == RES_LINE && r->pu == NULL && r->fsm.state == RST_ACTIV &&
		    line_goes(r, w->dir) && xca_line_ee(r) != NULL &&
		    (w->ee == NULL || (xca_line_ee(r) == w->ee && g->xg->at == w->at)))
			return r;
	return NULL;
}

static struct res *
line_of(const struct node *n, const struct line_wish *w, unsigned vn)
{
	struct res *maj, *g, *r;

	TAILQ_FOREACH(maj, &n->rtab.top, sib) {
		if (maj->type != RES_MAJOR)
			continue;
		TAILQ_FOREACH(g, &maj->kids, sib) {
			if (g->type != RES_GROUP || g->xg == NULL || (w->grpnm != NULL ?
			    strcmp(name_base(&g->name), w->grpnm) != 0 : g->xg->vn != vn))
				continue;
			r = line_of_group(g, w);
			if (r != NULL)
				return r;
		}
	}
	return NULL;
}

struct res *
pu_free_line(const struct node *n, const struct line_wish *w)
{
	struct res *r = line_of(n, w, 0);

	return r == NULL && w->grpnm == NULL ? line_of(n, w, 1) : r;
}

static struct res *
dial_line(const struct node *n, const struct def_path *pa)
{
	return pu_free_line(n, &(struct line_wish){ .grpnm = pa->grpnm, .dir = DEF_CALL_OUT });
}

uint32_t
pu_nodeid(const struct pu *p)
{
	const struct def_pu *d = p->def;

	if (d == NULL || !d->has_id)
		return 0;
	return (uint32_t)(d->idblk[0] << 8 | d->idblk[1]) << 20 | (uint32_t)d->idnum[0] << 16 |
	    (uint32_t)d->idnum[1] << 8 | d->idnum[2];
}

static const struct ipaddr *
remote_of(const struct pu *p)
{
	return p->path->ipaddr.fam != 0 ? &p->path->ipaddr : &p->named;
}

void
pu_linkparm(const struct node *n, struct pu *p, struct ee_linkparm *lp)
{
	memset(lp, 0, sizeof(*lp));
	lp->sap_local = lp->sap_remote = 4;
	lp->cpcp = p->cpcp;
	lp->owner = p;
	lp->psdly_s = (uint16_t)n->start->hprpsdly_s;
	lp->vrn = p->vrn;
	lp->limited = p->vrn.len != 0;
	if (p->def == NULL)
		return;
	if (p->def->psdly_coded)
		lp->psdly_s = p->def->hprpsdly == HPRPSDLY_EE ? EE_PSDLY_EE :
		    (uint16_t)p->def->hprpsdly;
	lp->tgn = (uint8_t)p->def->tgn;
	lp->limited = p->def->limres;
	if (p->def->discnt == DISCNT_DELAY)
		lp->idle_s = (uint16_t)(p->def->disc_delay < UINT16_MAX ? p->def->disc_delay :
		    UINT16_MAX);
	lp->arb = p->def->hpreearb;
	/* SWNORDER: the name decides where there is one. */
	if (p->def->cpname[0] == '\0')
		lp->nodeid = pu_nodeid(p);
	if (p->def->nn_coded)
		lp->node_type = p->def->nn ? XN_WANT_NN : XN_WANT_EN;
	if (p->def->cpname[0] != '\0')
		(void)name_qual(&lp->cpname, p->def->netid[0] != '\0' ? p->def->netid :
		    n->start->netid, p->def->cpname);
	if (p->path != NULL) {
		lp->remote = *remote_of(p);
		lp->sap_remote = (uint8_t)p->path->sapaddr;
	}
}

void
pu_redial(struct node *n, struct mono now, struct pu *p)
{
	const struct def_path *pa = p->path;
	uint32_t s;

	if (!p->wanted || pa == NULL || n->halting)
		return;
	if (pa->redial != DEF_REDIAL_FOREVER && p->redials >= pa->redial) {
		const struct def_path *next = pu_path_from(p, pa->next);

		p->path = next != NULL ? next : pu_path_from(p, p->def->paths);
		p->redials = 0;
		if (next == NULL) {
			p->wanted = 0;
			if (p->line == NULL && dial_line(n, pa) == NULL)
				NODE_SAY(n, IST2179I, name_base(&p->res->name));
			NODE_SAY(n, IST242I, "DIAL", name_base(&p->res->name), p->sense);
			return;
		}
		pa = p->path;
	}
	s = p->redials == 0 ? REDIAL_FIRST_S : pa->reddelay;
	if (p->redials < UINT32_MAX)
		p->redials++;
	node_due(n, &p->due, ND_PU, mono_add(now, SECS(s)));
}

/* HOSTNAME= of the path: it is looked up before every dial, for it may move. 0: the
 * answer goes on, or the time for it is over. */
#define NAME_WAIT_S 60

static uint32_t
ask_name(struct node *n, struct mono now, struct pu *p)
{
	if (p->path->hostname[0] == '\0')
		return SENSE_NOT_AVAILABLE;
	if (p->asked == 0) {
		if (++n->pus.questions == 0)
			n->pus.questions = 1;
		p->asked = n->pus.questions;
		TAILQ_INSERT_TAIL(&n->pus.ask, p, on_ask);
		p->on_asked = 1;
	}
	node_due(n, &p->due, ND_PU, mono_add(now, SECS(NAME_WAIT_S)));
	return 0;
}

bool
pu_question(struct node *n, struct pu_question *q)
{
	struct pu *p = TAILQ_FIRST(&n->pus.ask);
	const struct res *line = p == NULL ? NULL : dial_line(n, p->path);

	if (xca_question(n, q) || eename_question(n, q))
		return true;
	if (p == NULL)
		return false;
	TAILQ_REMOVE(&n->pus.ask, p, on_ask);
	p->on_asked = 0;
	*q = (struct pu_question){ p->path->hostname, line == NULL ? 0 :
	    line->up->xg->local.fam, p->asked };
	return true;
}

void
pu_address(struct node *n, struct mono now, uint32_t number, const struct ipaddr *a)
{
	struct pu *p;

	if (number == 0 || xca_address(n, now, number, a) || eename_address(n, number, a))
		return;
	TAILQ_FOREACH(p, &n->pus.all, all)
		if (p->asked == number)
			break;
	if (p == NULL)
		return;                 /* gone, or too late */
	ask_no_more(n, p);
	p->named = *a;
	if (a->fam == 0) {
		pu_say_no_name(n, p);
		p->sense = SENSE_NO_NAME;
		pu_redial(n, now, p);
	} else if (p->res->fsm.state == RST_CONCT && pu_dial(n, now, p) != 0) {
		pu_redial(n, now, p);
	}
}

uint32_t
pu_dial(struct node *n, struct mono now, struct pu *p)
{
	struct ee_linkparm lp;
	struct res *line;
	uint32_t sense = 0;

	if (p->link != NULL)
		return 0;
	if (p->path == NULL)
		return SENSE_NOT_AVAILABLE;
	if (p->path->ipaddr.fam == 0 && p->named.fam == 0)
		return ask_name(n, now, p);
	p->sense = SENSE_NOT_AVAILABLE;
	line = dial_line(n, p->path);
	if (line == NULL)
		return p->sense;
	if (line->up->xg->local.fam != remote_of(p)->fam) {
		pu_say_family(n, p, &line->up->xg->local, remote_of(p));
		return p->sense;
	}
	p->ee = xca_line_ee(line);
	pu_linkparm(n, p, &lp);
	xca_line_parm(line, &lp);
	p->link = ee_dial(p->ee, now, &lp, &sense);
	if (p->link == NULL) {
		p->sense = sense;
		return sense;
	}
	pu_use_line(p, line);
	(void)res_event(p->res, REV_DIAL);
	return 0;
}

void
pu_due(struct node *n, struct mono now, struct ndue *d)
{
	struct pu *p = DUE_OBJ(d, struct pu, due);

	if (p->up) {
		eeverify_due(n, now, p);
		return;
	}
	if (p->res->fsm.state != RST_CONCT || p->link != NULL)
		return;
	ask_no_more(n, p);
	if (pu_dial(n, now, p) != 0)
		pu_redial(n, now, p);
}

static void
link_up(struct node *n, struct mono now, const struct ee_ind *i)
{
	struct pu *p = i->owner;

	p->up = 1;
	p->tgn = ldlc_tgn(i->link);
	if (i->xid != NULL)
		p->cp = i->xid->cpname;
	(void)res_event(p->res, REV_CONNECT);
	p->res->flags |= RESF_LU;
	p->res->desired = RST_ACTIV;
	p->told = 0;
	pu_say_up(n, p, i);
	if (p->cpcp)
		cp_link_up(n, now, p);
	pswitch_link_up(n, now, p);
	eeverify_up(n, now, p);
	if (p->vrn.len != 0)
		vrn_pu_up(n, now, p);
	else
		pu_limit_up(n, now, p);
}

static void
link_down(struct node *n, struct mono now, const struct ee_ind *i)
{
	struct pu *p = i->owner;
	bool was = p->up;

	if (p == NULL || p->link != i->link)
		return;                 /* it has another link by now */
	p->link = NULL;
	p->called = 0;
	p->up = 0;
	p->probe = 0;
	p->named.fam = 0;
	due_clear(&n->due, &p->due.due);
	due_clear(&n->due, &p->idle.due);
	p->sense = i->sense;
	if (was) {
		if (p->vrn.len == 0)
			cp_link_down(n, now, p);
		pu_say_down(n, p, i);
	} else {
		pu_say_failed(n, p, i);
	}
	pu_use_line(p, NULL);
	(void)res_event(p->res, REV_LOST);
	if (p->dynamic) {
		struct sna_name vrn = p->vrn, cp = p->cp;

		pu_free(n, p);
		if (vrn.len != 0)
			vrn_pu_down(n, now, &vrn, &cp, i->sense);
		return;
	}
	if (was && p->def->dwinop && !p->released)
		p->wanted = 1;
	p->released = 0;
	if (p->res->fsm.state == RST_CONCT)
		pu_redial(n, now, p);
}

void
pu_event(struct node *n, struct mono now, struct ee *e, const struct ee_ind *i)
{
	if (i->what == EEI_CALL)
		pu_call(n, now, e, i);
	else if (i->what == EEI_DENIED)
		pu_say_denied(n, i, NULL, "XID NOT ACCEPTABLE");
	else if (i->owner == NULL)
		return;
	else if (i->what == EEI_IDLE)
		pu_limit_idle(n, now, i->owner);
	else if (i->what == EEI_MTU)
		pu_say_mtu(n, i->owner, i);
	else if (i->what == EEI_LINK_UP)
		link_up(n, now, i);
	else
		link_down(n, now, i);
}

/* The node goes: what the resource table frees is not touched. */
void
pus_fini(struct node *n)
{
	struct pu *p;

	while ((p = TAILQ_FIRST(&n->pus.all)) != NULL) {
		TAILQ_REMOVE(&n->pus.all, p, all);
		free(p);
	}
}
