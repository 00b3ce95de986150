/* SPDX-License-Identifier: Apache-2.0
 *
 * Route Setup. The request goes from node to node over pipes of class RSETUP
 * and collects each one's label of the next TG; the far end adds its NCE and
 * the reply comes back the same way, collecting labels of the other direction.
 * Nodes on the way keep nothing: the route in the message says who is next.
 */
#include <string.h>

#include "base/log.h"
#include "snaee/ldlc.h"
#include "snaee/nlp.h"
#include "snaee/sense.h"
#include "vtamsim/node.h"
#include "vtamsim/pswitch.h"
#include "vtamsim/route.h"

static struct pu *
pu_of(const struct node *n, const struct sna_name *cp, unsigned tgn)
{
	struct pu *p;

	TAILQ_FOREACH(p, &n->pus.all, all)
		if (p->up && p->tgn == tgn && name_eq(&p->cp, cp))
			return p;
	return NULL;
}

static uint32_t
send_to(struct node *n, struct mono now, const struct sna_name *cp, const struct rsetup *m)
{
	struct pipe_want w = { .cp = cp, .cos = "RSETUP", .nce = NCE_RSETUP, .tpf = TPF_NETWORK };
	uint32_t sense = SENSE_NO_RESOURCE;
	struct pipe *p = pipe_open(n, now, &w, &sense);
	struct buf *b = p == NULL ? NULL : buf_get(&n->bufs, BUF_STD);
	struct wr wr;

	if (b == NULL)
		return sense;
	wr = wr_on(b->p, BUF_STD);
	rsetup_put(&wr, m);
	b->len = (uint32_t)wr_len(&wr);
	sense = wr.bad ? SENSE_RSETUP_LENGTH : pipe_send(n, now, p, b);
	if (sense != 0)
		buf_free(b);
	return sense;
}

/* The route begins with a connection network. Route Setup goes over the link there: for it
 * the two hops are one, by that link's number. */
static uint32_t
over_vrn(struct node *n, struct mono now, struct pipe *p, struct rscv *v)
{
	struct pu *pu;
	uint32_t sense = vrn_link(n, now, v, &pu);

	if (sense != 0)
		return sense;
	if (pu == NULL) {
		p->vrn = v->hop[0].partner;
		p->via = v->hop[1].partner;
		return 0;
	}
	v->hop[1].tgn = (uint8_t)pu->tgn;
	v->hop[1].ip.fam = 0;
	memmove(&v->hop[0], &v->hop[1], --v->n * sizeof(v->hop[0]));
	return 0;
}

uint32_t
rsetup_begin(struct node *n, struct mono now, struct pipe *p)
{
	struct rsetup m = { .refifo = 1 };
	struct pu *pu;
	uint32_t sense;

	p->vrn.len = 0;
	if (!pswitch_route(n, p, &m.rscv))
		return SENSE_NO_PATH_COS;
	if (m.rscv.hop[0].flags & TGF_VRN) {
		sense = over_vrn(n, now, p, &m.rscv);
		if (sense != 0 || p->vrn.len != 0)
			return sense;
	}
	pu = pu_of(n, &m.rscv.hop[0].partner, m.rscv.hop[0].tgn);
	if (pu == NULL)
		return SENSE_NO_PATH_COS;
	m.pcid = node_pcid(n);
	m.max_packet = pu->link->max_btu;
	p->setup = m.pcid;
	n->routes.setups++;
	return send_to(n, now, &m.rscv.hop[0].partner, &m);
}

/* --- nodes on the way --- */

static bool
append(uint8_t *to, uint8_t *len, const struct label *l)
{
	if (l->len == 0 || *len + (unsigned)l->len > RSETUP_ANR)
		return false;
	memcpy(to + *len, l->b, l->len);
	*len = (uint8_t)(*len + l->len);
	return true;
}

/* On to the next node, or why not. NLPs pass between links of one local address only. */
static uint32_t
pass(struct node *n, struct mono now, const struct pipe *from, struct rsetup *m)
{
	const struct cv46 *next = &m->rscv.hop[m->hop + 1];
	struct pu *pu = pu_of(n, &next->partner, next->tgn);
	struct label l;

	if (pu == NULL)
		return pu_to(n, &next->partner) == NULL ? SENSE_RSETUP_TG_FAILED :
		    SENSE_RSETUP_NO_TG;
	l = ee_label(pu->link);
	if (pu->ee != from->ee || !append(m->fwd, &m->fwd_len, &l))
		return SENSE_RSETUP_NO_HPR;
	if (m->max_packet > pu->link->max_btu)
		m->max_packet = pu->link->max_btu;
	m->hop++;
	m->refifo = 1;
	n->routes.setups_passed++;
	return send_to(n, now, &next->partner, m);
}

static void
request(struct node *n, struct mono now, struct pipe *from, struct rsetup *m)
{
	bool last = m->hop + 1 == m->rscv.n;

	m->sense = SENSE_RSETUP_NO_TG;
	if (name_eq(&m->rscv.hop[m->hop].partner, &n->cpname)) {
		m->sense = 0;
		if (!last)
			m->sense = pass(n, now, from, m);
		if (!last && m->sense == 0)
			return;
	}
	m->nce = nce_label(NCE_LU);
	m->switch_ms = 60000;
	m->reply = 1;
	(void)send_to(n, now, &from->cp, m);
}

static void
reply_back(struct node *n, struct mono now, struct rsetup *m)
{
	const struct sna_name *to = m->hop >= 2 ? &m->rscv.hop[m->hop - 2].partner :
	    &m->pcid.cp;
	const struct cv46 *came = &m->rscv.hop[m->hop == 0 ? 0 : m->hop - 1];
	struct pu *pu = pu_of(n, to, came->tgn);
	struct label l = { 0 };

	if (m->hop == 0 || !name_eq(&came->partner, &n->cpname))
		return;                 /* not on our way: astray */
	if (pu != NULL)
		l = ee_label(pu->link);
	if (m->sense == 0 && !append(m->back, &m->back_len, &l))
		m->sense = SENSE_RSETUP_NO_HPR;
	if (pu != NULL && m->max_packet > pu->link->max_btu)
		m->max_packet = pu->link->max_btu;
	m->hop--;
	(void)send_to(n, now, to, m);
}

/* --- the node that asked --- */

static void
answered(struct node *n, struct mono now, const struct rsetup *m)
{
	const struct cv46 *h = &m->rscv.hop[0];
	struct pipe *p = pipe_of_setup(n, &m->pcid);
	struct pu *pu = pu_of(n, &h->partner, h->tgn);
	struct ee_far f = { .max_packet = (uint16_t)(m->max_packet > UINT16_MAX ? UINT16_MAX :
		m->max_packet) };
	uint32_t sense = m->sense;

	if (p == NULL)
		return;                 /* too late, or not ours */
	if (sense == 0 && (pu == NULL || m->nce.len == 0 ||
	    m->fwd_len + (unsigned)m->nce.len > EE_ANR_MAX || m->max_packet < 768))
		sense = pu == NULL ? SENSE_RSETUP_TG_FAILED : SENSE_RSETUP_NO_HPR;
	if (sense != 0) {
		n->routes.setups_failed++;
		LOG(CP, NOTICE, p->cp.s, "route setup failed, sense %08X", sense);
		pipe_unrouted(n, now, p, sense);
		return;
	}
	memcpy(f.there, m->fwd, m->fwd_len);
	memcpy(f.there + m->fwd_len, m->nce.b, m->nce.len);
	f.there_len = (uint8_t)(m->fwd_len + m->nce.len);
	memcpy(f.back, m->back, m->back_len);
	f.back_len = m->back_len;
	p->route = m->rscv;
	pipe_routed(n, now, p, pu, &f);
}

void
rsetup_message(struct node *n, struct mono now, struct pipe *from, struct buf *b)
{
	struct rd r = buf_rd(b);
	uint32_t sense = 0;
	struct rsetup m;
	struct gds g;

	if (!gds_next(&r, &g) || g.id != GDS_ROUTE_SETUP || !rsetup_get(&g.body, &m, &sense))
		LOG(CP, WARN, from->cp.s, "route setup in error, sense %08X", sense);
	else if (!m.reply)
		request(n, now, from, &m);
	else if (name_eq(&m.pcid.cp, &n->cpname))
		answered(n, now, &m);
	else
		reply_back(n, now, &m);
	buf_free(b);
}
