/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links that end when nobody uses them: DISCNT=YES at once when the last pipe
 * for sessions is gone (which outlives its last session by seconds), DELAY after
 * DISCNTIM, LIMRES=YES (PU or GROUP) after 45 s without. A link by which other
 * nodes' NLPs passed waits longer. Control points' own sessions and Route Setup don't count, they
 * end with the link. It is not dialed again by itself, also not by DWINOP.
 */
#include "base/log.h"
#include "snaee/ldlc.h"
#include "vtamsim/pu_in.h"

#define NEVER UINT32_MAX
/* Pipes of other nodes that are idle still say that they live: ALIVE is 180 s. */
#define PASSING_S 240

static uint32_t
patience_s(const struct pu *p)
{
	uint32_t s = p->link->parm.limited ? EE_LIMRES_S : NEVER;

	if (p->def != NULL && p->def->discnt != DISCNT_NO && p->def->disc_delay < s)
		s = p->def->disc_delay;
	return s;
}

static void
wait(struct node *n, struct mono now, struct pu *p, uint32_t s)
{
	p->passed = ee_link_passed(p->link);
	node_due(n, &p->idle, ND_LIMRES, mono_add(now, SECS(s)));
}

/* Of DISCNT the first session begins it, of a limited resource the link. */
void
pu_limit_up(struct node *n, struct mono now, struct pu *p)
{
	if (p->link->parm.limited)
		wait(n, now, p, EE_LIMRES_S);
}

void
pu_limit_idle(struct node *n, struct mono now, struct pu *p)
{
	if (p->up && p->vrn.len == 0 && patience_s(p) != NEVER)
		wait(n, now, p, patience_s(p));
}

void
pu_limit_due(struct node *n, struct mono now, struct ndue *d)
{
	struct pu *p = DUE_OBJ(d, struct pu, idle);

	if (p->vrn.len != 0) {
		vrn_pu_idle(n, now, p);
		return;
	}
	if (!p->up || p->link == NULL)
		return;
	if (ee_link_lu_pipes(p->link) != 0)
		return;                 /* its end is told */
	if (ee_link_passed(p->link) != p->passed) {
		wait(n, now, p, PASSING_S);
		return;
	}
	LOG(EE, NOTICE, name_base(&p->res->name), "nobody uses the link: it is ended");
	p->wanted = 0;
	p->released = 1;
	ee_hangup(p->ee, now, p->link);
}
