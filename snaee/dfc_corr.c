/* SPDX-License-Identifier: Apache-2.0
 *
 * Chains that may still be answered. A response names the number of one RU of
 * its chain, so an entry holds the first and last. Entries that ask only for
 * exceptions give way when the table is full: a late negative response to one
 * is then still taken, without knowing what its chain said.
 */
#include <string.h>

#include "snaee/dfc_fsm.h"

void
dfc_corr_drop(struct dfc_side *s, unsigned i)
{
	s->n--;
	memmove(&s->corr[i], &s->corr[i + 1], (s->n - i) * sizeof(s->corr[0]));
}

static bool
is_done_rqe(const struct dfc_corr *c)
{
	return (c->what & (DFC_C_RQD | DFC_C_OPEN | DFC_C_EXP)) == 0;
}

void
dfc_corr_release(struct dfc_side *s, unsigned before)
{
	for (unsigned i = before; i-- > 0;)
		if (is_done_rqe(&s->corr[i]))
			dfc_corr_drop(s, i);
}

static bool
make_room(struct dfc_side *s)
{
	if (s->n < DFC_CORR_MAX)
		return true;
	for (unsigned i = 0; i < s->n; i++)
		if (is_done_rqe(&s->corr[i])) {
			dfc_corr_drop(s, i);
			s->evicted = 1;
			return true;
		}
	return false;
}

bool
dfc_corr_room(const struct dfc_side *s)
{
	if (s->n < DFC_CORR_MAX)
		return true;
	for (unsigned i = 0; i < s->n; i++)
		if (is_done_rqe(&s->corr[i]))
			return true;
	return false;
}

bool
dfc_corr_owes(const struct dfc_side *s, unsigned flow)
{
	for (unsigned i = 0; i < s->n; i++)
		if ((s->corr[i].what & DFC_C_RQD) != 0 &&
		    (s->corr[i].what & DFC_C_EXP) == flow)
			return true;
	return false;
}

struct dfc_corr *
dfc_corr_open(struct dfc_side *s)
{
	for (unsigned i = s->n; i-- > 0;)
		if ((s->corr[i].what & DFC_C_OPEN) != 0)
			return &s->corr[i];
	return NULL;
}

void
dfc_corr_add(struct dfc_side *s, const struct dfc_rq *rq)
{
	struct dfc_corr *c = NULL;
	unsigned what = 0;

	if (dfc_is_fmd(rq->rh) && (rq->rh & RH_BCI) == 0) {
		c = dfc_corr_open(s);
		if (c == NULL)
			return;
		c->last = rq->snf;
		what = c->what & ~DFC_C_OPEN;
	} else {
		if (dfc_is_rqn(rq->rh) || !make_room(s))
			return;
		c = &s->corr[s->n++];
		*c = (struct dfc_corr){ .first = rq->snf, .last = rq->snf, .code = rq->code };
		what = (rq->expedited ? DFC_C_EXP : 0) |
		    ((rq->rh & RH_BBI) != 0 ? DFC_C_BB : 0) |
		    (dfc_is_dfc(rq->rh) ? DFC_C_DFC : dfc_is_fmd(rq->rh) ? 0 : DFC_C_SC);
	}
	if ((rq->rh & (RH_EBI | RH_CEBI)) != 0)
		what |= DFC_C_EB;
	if ((rq->rh & RH_CDI) != 0)
		what |= DFC_C_CD;
	if ((rq->rh & RH_ECI) == 0)
		what |= DFC_C_OPEN;
	else if (dfc_is_rqd(rq->rh))
		what |= DFC_C_RQD;
	c->what = (uint8_t)what;
	c->dr = (uint16_t)(rq->rh & RH_RQ);
}

int
dfc_corr_find(const struct dfc_side *s, const struct dfc_rq *rq, unsigned flow)
{
	unsigned cat = dfc_is_fmd(rq->rh) ? 0 : dfc_is_dfc(rq->rh) ? DFC_C_DFC : DFC_C_SC;

	for (unsigned i = 0; i < s->n; i++) {
		const struct dfc_corr *c = &s->corr[i];

		if ((c->what & (DFC_C_DFC | DFC_C_SC)) != cat)
			continue;
		if (flow <= DFC_C_EXP && (c->what & DFC_C_EXP) != flow)
			continue;
		if ((uint16_t)(rq->snf - c->first) <= (uint16_t)(c->last - c->first))
			return (int)i;
	}
	return -1;
}
