/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Major nodes become resources here, and switched PUs live: dialed when they
 * are activated (DWACT) or by V NET,DIAL, called by a partner, dialed again
 * after a loss (DWINOP, REDIAL). A PU that is connected occupies a line of its
 * group; a caller nobody defined gets a dynamic PU where DYNPU=YES.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "snaee/ldlc.h"
#include "snaee/sense.h"
#include "vtamsim/acb_node.h"
#include "vtamsim/msg.h"

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
	p->path = d == NULL ? NULL : d->paths;
	p->cpcp = d == NULL ? 1 : d->cpcp;
	r->pu = p;
	TAILQ_INSERT_TAIL(&n->pus.all, p, all);
	return p;
}

void
pu_free(struct node *n, struct pu *p)
{
	due_clear(&n->due, &p->due.due);
	TAILQ_REMOVE(&n->pus.all, p, all);
	if (p->line != NULL)
		p->line->pu = NULL;
	rtab_del(&n->rtab, p->res);
	free(p);
}

/* A line that no PU uses; any group of that ee when grpnm is "". */
static struct res *
free_line(const struct node *n, const char *grpnm)
{
	for (struct res *r = rtab_next(&n->rtab, NULL); r != NULL; r = rtab_next(&n->rtab, r)) {
		if (r->type != RES_LINE || r->pu != NULL || r->fsm.state != RST_ACTIV)
			continue;
		if (grpnm[0] == '\0' || strcmp(name_base(&r->up->name), grpnm) == 0)
			return r;
	}
	return NULL;
}

static void
linkparm_of(const struct node *n, struct pu *p, struct ee_linkparm *lp)
{
	memset(lp, 0, sizeof(*lp));
	lp->sap_local = lp->sap_remote = 4;
	lp->cpcp = p->cpcp;
	lp->owner = p;
	if (p->def == NULL)
		return;
	lp->tgn = (uint8_t)p->def->tgn;
	lp->limited = p->def->limres;
	if (p->def->cpname[0] != '\0')
		(void)name_qual(&lp->cpname, p->def->netid[0] != '\0' ? p->def->netid :
		    n->start->netid, p->def->cpname);
	if (p->path != NULL) {
		lp->remote = p->path->ipaddr;
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
		p->wanted = 0;
		NODE_SAY(n, IST1416I, name_base(&p->res->name));
		return;
	}
	s = p->redials == 0 ? REDIAL_FIRST_S : pa->reddelay;
	p->redials++;
	node_due(n, &p->due, ND_PU, mono_add(now, SECS(s)));
}

uint32_t
pu_dial(struct node *n, struct mono now, struct pu *p)
{
	struct ee_linkparm lp;
	uint32_t sense = 0;

	if (p->link != NULL)
		return 0;
	if (p->path == NULL || p->path->ipaddr.fam == 0)
		return 0x08010000;
	if (p->line == NULL) {
		p->line = free_line(n, p->path->grpnm);
		if (p->line == NULL)
			return 0x08010000;
		p->line->pu = p;
	}
	p->ee = p->line->up->up->ee;
	linkparm_of(n, p, &lp);
	p->link = ee_dial(p->ee, now, &lp, &sense);
	if (p->link == NULL)
		return sense;
	(void)res_event(p->res, REV_DIAL);
	return 0;
}

void
pu_due(struct node *n, struct mono now, struct ndue *d)
{
	struct pu *p = DUE_OBJ(d, struct pu, due);

	if (p->res->fsm.state != RST_CONCT || p->link != NULL)
		return;
	if (pu_dial(n, now, p) != 0)
		pu_redial(n, now, p);
}

/* Who calls: by CP name, else by address. */
static struct pu *
called_by(struct node *n, const struct ee_ind *i)
{
	struct pu *p;
	struct sna_name cp;

	TAILQ_FOREACH(p, &n->pus.all, all) {
		if (p->def == NULL || p->res->fsm.state == RST_NEVAC ||
		    p->res->fsm.state == RST_INACT)
			continue;
		if (p->def->cpname[0] != '\0' && i->xid->has_cpname) {
			(void)name_qual(&cp, p->def->netid[0] != '\0' ? p->def->netid :
			    n->start->netid, p->def->cpname);
			if (name_eq(&cp, &i->xid->cpname))
				return p;
		} else if (p->path != NULL && ipaddr_eq(&p->path->ipaddr, &i->from)) {
			return p;
		}
	}
	return NULL;
}

static struct pu *
dynamic_pu(struct node *n, struct res *line)
{
	const struct def_group *g = line->up->group;
	struct sna_name name;
	struct res *r;
	char text[9];

	if (g == NULL || !g->dynpu)
		return NULL;
	snprintf(text, sizeof(text), "%.3s%05X", g->dynpupfx, ++n->pus.next_dyn & 0xfffff);
	if (!name_set(&name, text) || (r = rtab_add(&n->rtab, RES_PU, &name, NULL)) == NULL)
		return NULL;
	(void)res_event(r, REV_ACT);
	struct pu *p = pu_new(n, r, NULL);

	if (p == NULL) {
		rtab_del(&n->rtab, r);
		return NULL;
	}
	p->dynamic = 1;
	return p;
}

static void
call_in(struct node *n, struct mono now, struct ee *e, const struct ee_ind *i)
{
	struct pu *p = called_by(n, i);
	struct ee_linkparm lp;
	struct res *line;

	if (n->halting || (p != NULL && p->link != NULL)) {
		ee_refuse(e, now, i->link, n->halting ? 0x08010000 : SENSE_XID_PARALLEL);
		return;
	}
	line = p != NULL && p->line != NULL ? p->line : free_line(n, "");
	if (p == NULL && line != NULL)
		p = dynamic_pu(n, line);
	if (p == NULL || line == NULL) {
		ee_refuse(e, now, i->link, 0x08010000);
		return;
	}
	p->line = line;
	line->pu = p;
	p->ee = e;
	p->link = i->link;
	due_clear(&n->due, &p->due.due);
	(void)res_event(p->res, REV_ANSWER);
	linkparm_of(n, p, &lp);
	lp.remote = i->from;
	ee_answer(e, now, i->link, &lp);
}

static void
link_up(struct node *n, struct mono now, const struct ee_ind *i)
{
	struct pu *p = i->owner;

	p->up = 1;
	p->redials = 0;
	p->tgn = ldlc_tgn(i->link);
	if (i->xid != NULL)
		p->cp = i->xid->cpname;
	(void)res_event(p->res, REV_CONNECT);
	p->res->flags |= RESF_LU;
	p->res->desired = RST_ACTIV;
	NODE_SAY(n, IST590I, i->called ? "CONNECTIN" : "CONNECTOUT", "ESTABLISHED",
	    name_base(&p->res->name), name_base(&p->line->name));
	NODE_SAY(n, IST1086I, p->cp.s, p->tgn);
	if (p->cpcp)
		cp_link_up(n, now, p);
}

static void
link_down(struct node *n, struct mono now, const struct ee_ind *i)
{
	struct pu *p = i->owner;
	bool was = p->up;

	if (p == NULL)
		return;
	p->link = NULL;
	p->up = 0;
	if (was) {
		cp_link_down(n, now, p);
		NODE_SAY(n, IST1196I, p->cp.s, p->tgn);
		NODE_SAY(n, IST590I, i->called ? "CONNECTIN" : "CONNECTOUT", "TERMINATED",
		    name_base(&p->res->name), name_base(&p->line->name));
		if (i->sense != 0 && i->sense != 0x80020001u)   /* 1: the partner hung up */
			NODE_SAY(n, IST259I, name_base(&p->res->name), 1u);
	}
	p->line->pu = NULL;
	p->line = NULL;
	(void)res_event(p->res, REV_LOST);
	if (p->dynamic) {
		pu_free(n, p);
		return;
	}
	if (was && p->def->dwinop)
		p->wanted = 1;
	if (p->res->fsm.state == RST_CONCT)
		pu_redial(n, now, p);
}

void
pu_event(struct node *n, struct mono now, struct ee *e, const struct ee_ind *i)
{
	if (i->what == EEI_CALL)
		call_in(n, now, e, i);
	else if (i->owner == NULL)
		return;
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
