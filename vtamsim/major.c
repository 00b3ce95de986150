/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Major nodes become resources, and what V NET,ACT / INACT / DIAL do to them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snaee/sense.h"
#include "vtamsim/acb_node.h"
#include "vtamsim/msg.h"

static void
add_named(struct node *n, enum res_type t, const char *name, struct res *up, struct res **out)
{
	struct sna_name nm;

	*out = name_set(&nm, name) ? rtab_add(&n->rtab, t, &nm, up) : NULL;
}

static void
load_swnet(struct node *n, struct mono now, struct res *maj, const struct def_member *m)
{
	for (const struct def_pu *d = m->pus; d != NULL; d = d->next) {
		struct res *r;
		struct pu *p;

		add_named(n, RES_PU, d->h.name, maj, &r);
		if (r == NULL)
			continue;
		p = pu_new(n, r, d);
		if (p == NULL || !d->isactive)
			continue;
		(void)res_event(r, REV_ACT);
		r->desired = RST_ACTIV;
		if (d->dwact) {
			p->wanted = 1;
			if (pu_dial(n, now, p) != 0)
				pu_redial(n, now, p);
		}
	}
}

static void
load_appl(struct node *n, struct res *maj, const struct def_member *m)
{
	for (const struct def_appl *d = m->appls; d != NULL; d = d->next) {
		struct res *r;

		add_named(n, d->model ? RES_MODEL : RES_APPL, d->h.name, maj, &r);
		if (r == NULL)
			continue;
		r->appl = d;
		if (d->isactive) {
			(void)res_event(r, REV_ACT);
			r->desired = RST_CONCT;
		}
	}
}

static void
report(struct con *c, const struct deferrs *errs)
{
	char t[256];

	for (const struct deferr *e = errs->first; e != NULL; e = e->next)
		if (e->sev != DE_INFO)
			con_line(c, e->id, "%s", deferr_line(e, t, sizeof(t)));
}

bool
pu_activate_member(struct node *n, struct mono now, const char *member, struct con *c)
{
	struct deferrs errs;
	struct def_member *m;
	struct sna_name nm;
	struct res *maj;

	deferrs_init(&errs);
	m = defs_load_member(n->defs, member, &errs);
	report(c, &errs);
	deferrs_fini(&errs);
	if (m == NULL || !m->supported || !name_set(&nm, member) ||
	    (maj = rtab_add(&n->rtab, RES_MAJOR, &nm, NULL)) == NULL) {
		def_member_free(m);
		msg_line(c, IST072I, "VARY ACT", member);
		return false;
	}
	maj->member = m;
	maj->desired = RST_ACTIV;
	if (m->type == DM_XCA && m->port != NULL && m->port->medium == MEDIUM_HPRIP) {
		if (xca_open(n, now, maj) != 0) {
			def_member_free(m);
			maj->member = NULL;
			rtab_del(&n->rtab, maj);
			msg_line(c, IST072I, "VARY ACT", member);
			return false;
		}
		vrn_define(n, maj, m, c);
	} else if (m->type == DM_SWNET) {
		load_swnet(n, now, maj, m);
	} else if (m->type == DM_APPL) {
		load_appl(n, maj, m);
	}
	(void)res_event(maj, REV_CONNECT);
	if (m->type == DM_XCA)
		vrn_changed(n);
	msg_line(c, IST093I, member);
	return true;
}

/* Nothing below it lives any more. */
static bool
tree_quiet(const struct res *r)
{
	const struct res *k;

	if (r->acb != NULL || r->n_sess != 0 || (r->pu != NULL && r->pu->link != NULL))
		return false;
	TAILQ_FOREACH(k, &r->kids, sib)
		if (!tree_quiet(k))     /* style: recursion of depth 3, over definitions */
			return false;
	return true;
}

static void
tree_drop(struct node *n, struct res *r)
{
	struct res *k;

	while ((k = TAILQ_FIRST(&r->kids)) != NULL)
		tree_drop(n, k);
	if (r->type == RES_PU && r->pu != NULL) {
		pu_free(n, r->pu);
		return;
	}
	if (r->member != NULL)
		def_member_free(r->member);
	rtab_del(&n->rtab, r);
}

/* A major node that was deactivated: its member is read again. */
static bool
major_again(struct node *n, struct mono now, struct res *maj, struct con *c)
{
	char name[9];

	snprintf(name, sizeof(name), "%.8s", name_base(&maj->name));
	if (maj->ee != NULL) {
		(void)res_event(maj, REV_ACT);
		(void)res_event(maj, REV_CONNECT);
		maj->desired = RST_ACTIV;
		xca_again(n, now, maj);
		vrn_changed(n);
		msg_line(c, IST093I, name);
		return true;
	}
	if (!tree_quiet(maj)) {
		msg_line(c, IST073I, "VARY ACT", name);
		return false;
	}
	tree_drop(n, maj);
	return pu_activate_member(n, now, name, c);
}

bool
node_vary_act(struct node *n, struct mono now, const char *name, struct con *c)
{
	struct res *r = rtab_find(&n->rtab, name);

	if (r == NULL) {
		struct sna_name nm;

		if (!name_set(&nm, name) || !name_valid(nm.s, nm.len)) {
			msg_line(c, IST061I, "VARY ACT", name);
			return false;
		}
		return pu_activate_member(n, now, nm.s, c);
	}
	if (r->up != NULL && r->up->type == RES_MAJOR && r->up->fsm.state != RST_ACTIV) {
		msg_line(c, IST264I, name_base(&r->up->name));
		return false;
	}
	if (r->type == RES_MAJOR && r->fsm.state != RST_ACTIV)
		return major_again(n, now, r, c);
	if (r->type == RES_APPL || r->type == RES_DYNAPPL)
		lupool_node_act(&n->lupools, name_base(&r->name));
	if (r->type == RES_DYNAPPL && r->acb == NULL) {         /* it is made anew when opened */
		msg_line(c, IST093I, name_base(&r->name));
		r->flags &= (uint8_t)~RESF_HELD;
		(void)res_event(r, REV_ACT);
		res_unused(&n->rtab, r);
		return true;
	}
	r->desired = RST_ACTIV;
	r->flags |= RESF_EXPLICIT;
	if (r->type == RES_LINE)
		xca_line_act(n, now, r);
	else if (r->type == RES_GROUP)
		xca_group_act(n, now, r);
	else if (r->fsm.state != RST_ACTIV)
		(void)res_event(r, REV_ACT);
	if (r->type == RES_LINE || r->type == RES_GROUP)
		vrn_changed(n);
	if (r->type == RES_PU && r->pu != NULL && r->pu->def != NULL && r->pu->def->dwact) {
		r->pu->wanted = 1;
		r->pu->redials = 0;
		if (pu_dial(n, now, r->pu) != 0)
			pu_redial(n, now, r->pu);
	}
	/* A line whose host name is being looked up is not active yet. */
	if (r->type != RES_LINE || r->fsm.state == RST_ACTIV)
		msg_line(c, IST093I, name_base(&r->name));
	return true;
}

/* Sessions of a resource end, its ACB is closed. */
static void
quiet(struct node *n, struct mono now, struct res *r)
{
	struct ssn *s, *next;

	if (r->acb != NULL) {
		acb_close(n, now, r->acb, ACB_BY_NODE);
		return;
	}
	for (s = res_next_ssn(r, NULL); s != NULL; s = next) {
		next = res_next_ssn(r, s);
		ssn_end(n, now, s, UNB_CLEANUP, 0x80200007);
	}
}

static void
inact_one(struct node *n, struct mono now, struct res *r)
{
	struct pu *p = r->pu;

	if (r->type == RES_PU && p != NULL) {
		p->wanted = 0;
		due_clear(&n->due, &p->due.due);
		if (p->link != NULL)
			ee_hangup(p->ee, now, p->link);
	}
	r->desired = RST_INACT;
	(void)res_event(r, REV_INACT);
	quiet(n, now, r);
}

/* A major node goes with all below: its ACBs closed, links hung up. */
static void
inact_major(struct node *n, struct mono now, struct res *maj)
{
	struct res *r, *next, *k, *knext;

	for (r = TAILQ_FIRST(&maj->kids); r != NULL; r = next) {
		next = TAILQ_NEXT(r, sib);
		for (k = TAILQ_FIRST(&r->kids); k != NULL; k = knext) {
			knext = TAILQ_NEXT(k, sib);
			if (k->pu != NULL && k->pu->link != NULL) {
				k->pu->wanted = 0;
				ee_hangup(k->pu->ee, now, k->pu->link);
			}
			(void)res_event(k, REV_INACT);
		}
		inact_one(n, now, r);
	}
	(void)res_event(maj, REV_INACT);
	maj->desired = RST_INACT;
}

bool
node_vary_inact(struct node *n, struct mono now, const char *name, enum vary_how how,
    struct con *c)
{
	struct res *r = rtab_find(&n->rtab, name);

	(void)how;
	if (r == NULL) {
		msg_line(c, IST061I, "VARY INACT", name);
		return false;
	}
	if (r->type == RES_DYNAPPL)
		r->flags |= RESF_HELD;
	if (r->type == RES_MAJOR)
		inact_major(n, now, r);
	else
		inact_one(n, now, r);
	if (r->ee != NULL || r->type == RES_LINE || r->type == RES_GROUP)
		vrn_changed(n);
	msg_line(c, IST105I, name);
	return true;
}

bool
node_dial(struct node *n, struct mono now, const char *name, struct con *c)
{
	struct res *r = rtab_find(&n->rtab, name);
	uint32_t sense;

	if (r == NULL || r->type != RES_PU || r->pu == NULL || r->pu->def == NULL) {
		msg_line(c, IST061I, "VARY DIAL", name);
		return false;
	}
	r->pu->wanted = 1;
	r->pu->redials = 0;
	sense = r->fsm.state <= RST_INACT ? SENSE_LINK_INACTIVE : pu_dial(n, now, r->pu);
	if (sense != 0) {
		msg_line(c, IST242I, "VARY DIAL", name_base(&r->name), sense);
		return false;
	}
	return true;
}

bool
node_hangup(struct node *n, struct mono now, const char *name, struct con *c)
{
	struct res *r = rtab_find(&n->rtab, name);

	if (r == NULL || r->type != RES_PU || r->pu == NULL) {
		msg_line(c, IST061I, "VARY HANGUP", name);
		return false;
	}
	r->pu->wanted = 0;
	due_clear(&n->due, &r->pu->due.due);
	if (r->pu->link != NULL)
		ee_hangup(r->pu->ee, now, r->pu->link);
	return true;
}
