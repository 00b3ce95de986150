/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dynamic PUs of connection networks: CNVnnnnn. The origin of a pipe dials the
 * address its route tells; the partner knows by the VRN's name in the XID what
 * kind of call it is. Such a link is a limited resource: without a pipe on it
 * for IDLE_S (and without NLPs that pass by for PASS_S) the dialer hangs up; the
 * other end does when that has not happened in three times that.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "snaee/ldlc.h"
#include "snaee/sense.h"
#include "vtamsim/msg.h"
#include "vtamsim/pu_in.h"
#include "vtamsim/vrn.h"

#define LOOK_S 5
#define IDLE_S 15               /* DISCNTIM's default */
#define PASS_S 240              /* pipes that pass by are silent for up to their ALIVE time */

struct pu *
vrn_pu_to(const struct node *n, const struct sna_name *vrn, const struct sna_name *cp)
{
	struct pu *p;

	TAILQ_FOREACH(p, &n->pus.all, all)
		if (p->link != NULL && name_eq(&p->cp, cp) && name_eq(&p->vrn, vrn))
			return p;
	return NULL;
}

struct pu *
vrn_pu(struct node *n, const struct vrn *v)
{
	const char *pfx = v->group->group->dynvnpfx;
	struct pu *p;
	char text[9];

	snprintf(text, sizeof(text), "%.3s%0*X", pfx, (int)(8 - strlen(pfx)),
	    ++n->vrns.next_pu & 0xfffff);
	p = pu_dynamic(n, text);
	if (p == NULL)
		return NULL;
	p->cpcp = 0;
	p->vrn = v->name;
	return p;
}

struct res *
vrn_line(const struct node *n, const struct vrn *v, unsigned dir)
{
	return pu_free_line(n, &(struct line_wish){ .grpnm = name_base(&v->group->name),
	    .ee = vrn_ee(v), .at = v->group->xg->at, .dir = (uint8_t)dir });
}

/* Sense codes: RFC 2353 section 2.5.2. */
static uint32_t
dial(struct node *n, struct mono now, struct vrn *v, const struct cv46 *to)
{
	struct res *line = vrn_line(n, v, DEF_CALL_OUT);
	struct ee_linkparm lp;
	uint32_t sense = SENSE_NO_RESOURCE;
	struct pu *p;

	if (to->ip.fam == 0)
		return SENSE_NO_IP_LSAP;
	if (to->ip.fam != v->group->xg->local.fam)
		return SENSE_BAD_IP_LSAP;
	if (line == NULL)
		return SENSE_NOT_AVAILABLE;
	p = vrn_pu(n, v);
	if (p == NULL)
		return sense;
	p->cp = to->partner;
	pu_linkparm(n, p, &lp);
	xca_line_parm(line, &lp);
	lp.remote = to->ip;
	lp.sap_remote = to->lsap;
	lp.cpname = to->partner;
	p->ee = vrn_ee(v);
	p->link = ee_dial(p->ee, now, &lp, &sense);
	if (p->link == NULL) {
		pu_free(n, p);
		return sense;
	}
	pu_use_line(p, line);
	(void)res_event(p->res, REV_DIAL);
	n->vrns.dialed++;
	return 0;
}

uint32_t
vrn_link(struct node *n, struct mono now, const struct rscv *r, struct pu **pu)
{
	struct vrn *v = vrn_find(n, &r->hop[0].partner);
	const struct cv46 *to = &r->hop[1];
	struct pu *p;

	*pu = NULL;
	if (v == NULL || r->n < 2 || !vrn_up(n, v))
		return SENSE_NO_PATH_COS;
	p = vrn_pu_to(n, &v->name, &to->partner);
	if (p == NULL)
		return dial(n, now, v, to);
	if (p->up)
		*pu = p;
	return 0;
}

void
vrn_pu_up(struct node *n, struct mono now, struct pu *p)
{
	n->vrns.answered += p->called;
	p->quiet_s = 0;
	node_due(n, &p->idle, ND_LIMRES, mono_add(now, SECS(LOOK_S)));
	pipe_linked(n, now, &p->vrn, &p->cp, 0);
}

static void
remember_bad(struct node *n, struct mono now, const struct sna_name *vrn,
    const struct sna_name *cp)
{
	const struct vrn *v = vrn_find(n, vrn);

	if (v == NULL || v->unrch_s == 0)
		return;
	for (unsigned i = 0; i < VRN_BAD; i++)
		if (name_eq(&n->vrns.bad[i].cp, cp) && name_eq(&n->vrns.bad[i].vrn, vrn))
			n->vrns.bad[i].cp.len = 0;
	n->vrns.bad[n->vrns.next_bad++ % VRN_BAD] = (struct vrn_bad){ *cp, *vrn,
		mono_add(now, SECS(v->unrch_s)) };
}

/* The PU is gone already. Hung up, by us or by them, is no reason to avoid the partner. */
void
vrn_pu_down(struct node *n, struct mono now, const struct sna_name *vrn,
    const struct sna_name *cp, uint32_t sense)
{
	if (sense != 0 && sense != SENSE_HUNG_UP && sense != SENSE_ACTIVATED_ANEW) {
		n->vrns.failed++;
		remember_bad(n, now, vrn, cp);
	}
	pipe_linked(n, now, vrn, cp, sense != 0 ? sense : SENSE_LINK_FAILURE);
}

void
vrn_pu_idle(struct node *n, struct mono now, struct pu *p)
{
	uint64_t passed;
	uint32_t most;

	if (!p->up || p->link == NULL)
		return;
	passed = ee_link_passed(p->link);
	if (ee_link_pipes(p->link) != 0 || passed != p->passed)
		p->quiet_s = 0;
	else
		p->quiet_s += LOOK_S;
	p->passed = passed;
	most = passed != 0 ? PASS_S : IDLE_S;
	if (p->quiet_s >= (p->called ? 3 * most : most)) {
		ee_hangup(p->ee, now, p->link);
		return;
	}
	node_due(n, &p->idle, ND_LIMRES, mono_add(now, SECS(LOOK_S)));
}
