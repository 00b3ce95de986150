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

#define SENSE_HUNG_UP 0x80020001u
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
	TAILQ_REMOVE(&n->pus.all, p, all);
	if (p->line != NULL)
		p->line->pu = NULL;
	rtab_del(&n->rtab, p->res);
	free(p);
}

static struct res *
line_of_group(const struct res *g)
{
	struct res *r;

	TAILQ_FOREACH(r, &g->kids, sib)
		if (r->type == RES_LINE && r->pu == NULL && r->fsm.state == RST_ACTIV)
			return r;
	return NULL;
}

/* A line that no PU uses; of any group of that ee when grpnm is "". */
static struct res *
free_line(const struct node *n, const struct ee *e, const char *grpnm)
{
	struct res *maj, *g, *r;

	TAILQ_FOREACH(maj, &n->rtab.top, sib) {
		if (maj->type != RES_MAJOR || maj->ee == NULL || (e != NULL && maj->ee != e))
			continue;
		TAILQ_FOREACH(g, &maj->kids, sib) {
			if (grpnm[0] != '\0' && strcmp(name_base(&g->name), grpnm) != 0)
				continue;
			r = line_of_group(g);
			if (r != NULL)
				return r;
		}
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
		lp->remote = p->path->ipaddr.fam != 0 ? p->path->ipaddr : p->named;
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
		p->path = pa->next != NULL ? pa->next : p->def->paths;
		p->redials = 0;
		if (pa->next == NULL) {
			p->wanted = 0;
			if (p->line == NULL && free_line(n, NULL, pa->grpnm) == NULL)
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
	const struct res *line = p == NULL ? NULL : free_line(n, NULL, p->path->grpnm);

	if (p == NULL)
		return false;
	TAILQ_REMOVE(&n->pus.ask, p, on_ask);
	p->on_asked = 0;
	*q = (struct pu_question){ p->path->hostname, line == NULL ? 0 :
	    ee_config(line->up->up->ee)->local.fam, p->asked };
	return true;
}

void
pu_address(struct node *n, struct mono now, uint32_t number, const struct ipaddr *a)
{
	struct pu *p;

	TAILQ_FOREACH(p, &n->pus.all, all)
		if (p->asked == number)
			break;
	if (p == NULL)
		return;                 /* gone, or too late */
	ask_no_more(n, p);
	p->named = *a;
	if (a->fam == 0) {
		if (p->redials <= 1)    /* once a series */
			LOG(EE, WARN, name_base(&p->res->name), "host name %s has no address",
			    p->path->hostname);
		p->sense = SENSE_NOT_AVAILABLE;
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
	line = free_line(n, NULL, p->path->grpnm);
	if (line == NULL)
		return p->sense;
	p->ee = line->up->up->ee;
	linkparm_of(n, p, &lp);
	p->link = ee_dial(p->ee, now, &lp, &sense);
	if (p->link == NULL) {
		p->sense = sense;
		return sense;
	}
	p->line = line;
	line->pu = p;
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

/* Who calls: by CP name, else by address. One that the operator took down is
 * found too: it must not come in as a dynamic PU. */
static struct pu *
called_by(struct node *n, const struct ee_ind *i)
{
	struct pu *p;
	struct sna_name cp;

	TAILQ_FOREACH(p, &n->pus.all, all) {
		if (p->def == NULL)
			continue;
		if (p->def->cpname[0] != '\0' && i->xid->has_cpname) {
			(void)name_qual(&cp, p->def->netid[0] != '\0' ? p->def->netid :
			    n->start->netid, p->def->cpname);
			if (name_eq(&cp, &i->xid->cpname))
				return p;
		} else if (p->path != NULL && (ipaddr_eq(&p->path->ipaddr, &i->from) ||
		    (p->named.fam != 0 && ipaddr_eq(&p->named, &i->from)))) {
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

/* Why a caller was turned away: companion vtam-operator section 9. */
static void
denied(struct node *n, const struct ee_ind *i, const struct res *line, const char *why)
{
	const struct xid *x = i->xid;
	char id[16];

	snprintf(id, sizeof(id), "0200%08X", x == NULL ? 0 : x->nodeid);
	NODE_SAY(n, IST680I, "***NA***", why);
	NODE_SAY(n, IST1394I, x != NULL && x->has_cpname ? x->cpname.s : "***NA***", id);
	if (line != NULL)
		NODE_SAY(n, IST081I, name_base(&line->name), name_base(&line->up->name),
		    name_base(&line->up->up->name));
	NODE_SAY(n, IST314I);
}

static void
call_in(struct node *n, struct mono now, struct ee *e, const struct ee_ind *i)
{
	struct pu *p = called_by(n, i);
	struct ee_linkparm lp;
	struct res *line;

	if (n->halting || (p != NULL && p->link != NULL)) {
		ee_refuse(e, now, i->link, n->halting ? SENSE_NOT_AVAILABLE : SENSE_XID_PARALLEL);
		return;
	}
	if (p != NULL && p->res->fsm.state <= RST_INACT) {
		ee_refuse(e, now, i->link, SENSE_LINK_INACTIVE);
		return;
	}
	line = free_line(n, e, "");
	if (p == NULL && line != NULL)
		p = dynamic_pu(n, line);
	if (p == NULL || line == NULL) {
		ee_refuse(e, now, i->link, SENSE_NOT_AVAILABLE);
		denied(n, i, line, line == NULL ? "NO LINE AVAILABLE" : "PU GEN NOT SUPPORTED");
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
	NODE_SAY(n, IST1086I, p->cp.len != 0 ? p->cp.s : name_base(&p->res->name), p->tgn);
	if (p->cpcp)
		cp_link_up(n, now, p);
	eeverify_up(n, now, p);
}

/* The order of a real console: companion vtam-operator 9.2. Sense 80020001: the
 * partner hung up, which is no fault. */
static void
say_down(struct node *n, struct pu *p, const struct ee_ind *i)
{
	if (i->sense != 0 && i->sense != SENSE_HUNG_UP) {
		NODE_SAY(n, IST1411I, name_base(&p->line->name));
		NODE_SAY(n, IST1430I, "XID OR LDLC COMMAND TIMEOUT");
		NODE_SAY(n, IST314I);
		NODE_SAY(n, IST259I, name_base(&p->res->name), 1u);
		if (p->def != NULL && p->def->dwinop)
			NODE_SAY(n, IST619I, name_base(&p->res->name));
	}
	NODE_SAY(n, IST1196I, p->cp.len != 0 ? p->cp.s : name_base(&p->res->name), p->tgn);
	NODE_SAY(n, IST590I, "CONNECTION", "TERMINATED", name_base(&p->res->name),
	    name_base(&p->line->name));
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
	p->probe = 0;
	p->named.fam = 0;
	due_clear(&n->due, &p->due.due);
	p->sense = i->sense;
	if (was) {
		cp_link_down(n, now, p);
		say_down(n, p, i);
	} else if (!i->called && p->redials <= 1) {     /* once a series */
		NODE_SAY(n, IST590I, "CONNECTOUT", "FAILED", name_base(&p->res->name),
		    name_base(&p->line->name));
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
