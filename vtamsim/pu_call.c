/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who calls. The XID names the partner's control point and node ID, the datagram
 * its address; a switched PU may be defined by any of them. Several PUs for one
 * partner are parallel TGs: then the address and the TG number tell which of
 * them is meant (RFC 2353 section 2.5.1). A caller nobody defined gets a dynamic
 * PU where DYNPU=YES.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/ldlc.h"
#include "snaee/sense.h"
#include "vtamsim/pu_in.h"

static bool
has_cpname(const struct node *n, const struct pu *p, const struct xid *x)
{
	struct sna_name cp;

	if (p->def->cpname[0] == '\0' || !x->has_cpname)
		return false;
	(void)name_qual(&cp, p->def->netid[0] != '\0' ? p->def->netid : n->start->netid,
	    p->def->cpname);
	return name_eq(&cp, &x->cpname);
}

static bool
has_address(const struct pu *p, const struct ipaddr *from)
{
	const struct def_path *a;

	for (a = p->def->paths; a != NULL; a = a->next)
		if (a->ipaddr.fam != 0 && ipaddr_eq(&a->ipaddr, from))
			return true;
	return p->named.fam != 0 && ipaddr_eq(&p->named, from);
}

/* How well the definition fits the caller; 0: it is another's. SWNORDER says whether
 * the CP name or the station ID counts more. */
static unsigned
fits(const struct node *n, const struct pu *p, const struct ee_ind *i)
{
	unsigned cp = has_cpname(n, p, i->xid), addr = has_address(p, &i->from), score = 0;
	unsigned id = pu_nodeid(p) != 0 && pu_nodeid(p) == i->xid->nodeid;
	unsigned tgn = i->xid->has_tg ? i->xid->tg.tgn : 0;

	if (cp)
		score = n->start->swn[0] ? 300 : 200;
	if (id)
		score += n->start->swn[0] ? 200 : 300;
	if (score == 0 && addr && p->def->cpname[0] == '\0' && !p->def->has_id)
		score = 100;
	if (score == 0 || (p->def->tgn != 0 && tgn != 0 && tgn <= XID_TGN_PREDEFINED &&
	    tgn != p->def->tgn))
		return 0;
	return score + (p->link == NULL ? 40 : 0) + (addr ? 20 : 0) +
	    (tgn != 0 && tgn == p->def->tgn ? 10 : 0) + (p->res->fsm.state > RST_INACT ? 5 : 0);
}

/* One that the operator took down is found too: it must not come in as a dynamic PU. */
static struct pu *
called_by(const struct node *n, const struct ee_ind *i)
{
	struct pu *p, *best = NULL;
	unsigned most = 0;

	TAILQ_FOREACH(p, &n->pus.all, all) {
		unsigned score = p->def == NULL ? 0 : fits(n, p, i);

		if (score > most) {
			most = score;
			best = p;
		}
	}
	return best;
}

struct pu *
pu_dynamic(struct node *n, const char *text)
{
	struct sna_name name;
	struct res *r;
	struct pu *p;

	if (!name_set(&name, text) || (r = rtab_add(&n->rtab, RES_PU, &name, NULL)) == NULL)
		return NULL;
	(void)res_event(r, REV_ACT);
	p = pu_new(n, r, NULL);
	if (p == NULL) {
		rtab_del(&n->rtab, r);
		return NULL;
	}
	p->dynamic = 1;
	return p;
}

/* For a caller that no definition knows, where the GROUP allows it. */
static struct pu *
caller_pu(struct node *n, struct res *line)
{
	const struct def_group *g = line->up->group;
	char text[9];

	if (g == NULL || !g->dynpu)
		return NULL;
	snprintf(text, sizeof(text), "%.3s%05X", g->dynpupfx, ++n->pus.next_dyn & 0xfffff);
	return pu_dynamic(n, text);
}

/*
 * Both ends dial, each to another address of its partner: two exchanges, one PU.
 * The one with the lower CP name gives its own up and answers; the other refuses.
 * Our choice; on one pair of addresses ldlc joins the two exchanges.
 */
static bool
gives_way(struct node *n, struct mono now, struct pu *p, const struct ee_ind *i)
{
	if (p->up || p->called || !i->xid->has_cpname ||
	    name_cmp(&n->cpname, &i->xid->cpname) >= 0)
		return false;
	ee_hangup(p->ee, now, p->link);         /* its LINK_DOWN finds another link there */
	p->link = NULL;
	pu_use_line(p, NULL);
	(void)res_event(p->res, REV_LOST);
	return true;
}

/* A caller needs a line of the address it called. */
static struct res *
line_for(const struct node *n, const struct ee *e, const struct ee_ind *i)
{
	return pu_free_line(n, &(struct line_wish){ .ee = e, .at = i->local,
	    .dir = DEF_CALL_IN });
}

struct refusal {
	uint32_t sense;
	const char *why;        /* NULL: the operator knows */
};

/* Why a PU can't take the call. */
static struct refusal
refused(struct node *n, struct mono now, struct pu *p, const struct ee_ind *i)
{
	if (n->halting)
		return (struct refusal){ SENSE_NOT_AVAILABLE, NULL };
	if (p == NULL)
		return (struct refusal){ 0, NULL };
	if (p->res->fsm.state <= RST_INACT)
		return (struct refusal){ SENSE_LINK_INACTIVE, "PU IS NOT ACTIVE" };
	if (p->link != NULL && !gives_way(n, now, p, i))
		return (struct refusal){ SENSE_XID_PARALLEL, p->up ? "PU IS IN USE" :
		    "DIAL OUT IN PROGRESS" };
	return (struct refusal){ 0, NULL };
}

static void
answer(struct node *n, struct mono now, struct pu *p, const struct ee_ind *i)
{
	struct ee_linkparm lp;

	p->ee = xca_line_ee(p->line);
	p->link = i->link;
	p->called = 1;
	due_clear(&n->due, &p->due.due);
	(void)res_event(p->res, REV_ANSWER);
	pu_linkparm(n, p, &lp);
	xca_line_parm(p->line, &lp);
	lp.remote = i->from;
	ee_answer(p->ee, now, i->link, &lp);
}

static void
refuse(struct node *n, struct mono now, struct ee *e, const struct ee_ind *i,
    struct refusal no)
{
	struct ee_ind told = *i;

	ee_refuse(e, now, i->link, no.sense);
	told.sense = no.sense;
	if (no.why == NULL)
		return;
	/* A caller that comes again and again for the same reason: once. */
	if (n->pus.denied_sense == no.sense && ipaddr_eq(&n->pus.denied, &i->from) &&
	    mono_before(now, n->pus.denied_until))
		return;
	n->pus.denied_sense = no.sense;
	n->pus.denied = i->from;
	n->pus.denied_until = mono_add(now, SECS(60));
	pu_say_denied(n, &told, line_for(n, e, i), no.why);
}

/* RFC 2353 section 2.5.2: the XID names the connection network. */
static void
vrn_call(struct node *n, struct mono now, struct ee *e, const struct ee_ind *i)
{
	struct vrn *v = vrn_find(n, &i->xid->tg.partner);
	struct res *line;
	struct pu *p;

	if (v == NULL || vrn_ee(v) != e || v->group->xg->at != i->local || !vrn_up(n, v)) {
		refuse(n, now, e, i, (struct refusal){ SENSE_VRN_UNKNOWN,
		    "CONNECTION NETWORK NOT KNOWN" });
		return;
	}
	if (vrn_pu_to(n, &v->name, &i->xid->cpname) != NULL) {
		refuse(n, now, e, i, (struct refusal){ SENSE_XID_PARALLEL_DYN, "PU IS IN USE" });
		return;
	}
	line = vrn_line(n, v, DEF_CALL_IN);
	p = line == NULL ? NULL : vrn_pu(n, v);
	if (p == NULL) {
		refuse(n, now, e, i, (struct refusal){ SENSE_NOT_AVAILABLE,
		    "NO LINE AVAILABLE" });
		return;
	}
	p->cp = i->xid->cpname;
	pu_use_line(p, line);
	answer(n, now, p, i);
}

void
pu_call(struct node *n, struct mono now, struct ee *e, const struct ee_ind *i)
{
	struct pu *p;
	struct refusal no;
	struct res *line;

	if (i->xid->has_tg && (i->xid->tg.flags & TGF_VRN) != 0 && !n->halting) {
		vrn_call(n, now, e, i);
		return;
	}
	p = called_by(n, i);
	no = refused(n, now, p, i);
	if (no.sense != 0) {
		refuse(n, now, e, i, no);
		return;
	}
	line = line_for(n, e, i);
	if (p == NULL && line != NULL)
		p = caller_pu(n, line);
	if (p == NULL || line == NULL) {
		refuse(n, now, e, i, (struct refusal){ SENSE_NOT_AVAILABLE, line == NULL ?
		    "NO LINE AVAILABLE" : "PU GEN NOT SUPPORTED" });
		return;
	}
	pu_use_line(p, line);
	answer(n, now, p, i);
}
