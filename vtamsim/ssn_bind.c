/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssn_bind.c - BIND out and in, its answer, SDT.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/sense.h"
#include "vtamsim/ssn_parts.h"

#define RSP_MAX 800             /* RSP(BIND): image, 255 bytes of user data, vectors */

/* BIND RU as it goes: image, names, and for another node CV 60 and 2C. */
static struct buf *
bind_build(struct node *n, struct ssn *s)
{
	struct buf *b = buf_get(&n->bufs, 400);
	struct rd r = rd_on(s->bind, s->bind_len);
	struct bind img;
	struct wr w;

	if (b == NULL)
		return NULL;
	memset(&img, 0, sizeof(img));
	if (!bind_get(&r, &img)) {
		buf_free(b);
		return NULL;
	}
	if (s->cp != NULL) {
		img.plu = n->cpname;
		img.slu = s->partner;
	} else {
		(void)name_set(&img.plu, name_base(&s->res->name));
		(void)name_set(&img.slu, name_base(&s->partner));
	}
	img.tail = 4;
	if (s->mate == NULL) {
		img.comprot2 |= BIND_C2_CVS;
		img.has_pcid = 1;
		img.pcid = s->pcid;
		img.has_cos = 1;
		img.cos.tpf = s->tpf;
		(void)name_set(&img.cos.cos, s->cos);
	}
	w = wr_on(b->p, 400);
	bind_put(&w, &img);
	b->len = (uint32_t)wr_len(&w);
	if (w.bad) {
		buf_free(b);
		return NULL;
	}
	return b;
}

/* Both ends make their half-session from the same BIND. */
static bool
hs_from(struct node *n, struct ssn *s, const struct buf *ru)
{
	struct rd r = buf_rd(ru);
	struct bind b;

	memset(&b, 0, sizeof(b));
	if (!bind_get(&r, &b))
		return false;
	hs_init(&s->hs, &b, (enum hs_role)s->role, &n->bufs);
	s->has_hs = 1;
	return true;
}

uint32_t
ssn_opndst(struct node *n, struct mono now, struct ssn *s, const struct rpl *q)
{
	uint32_t sense = 0;

	if (s->role != HS_PLU || !ssn_step(s, SE_OPNDST))
		return SENSE_MODE_INCONSISTENT;
	s->suser = q->suser;
	if (q->buf != NULL && q->buf->len >= BIND_FIXED && q->buf->len <= SSN_BIND_MAX) {
		memcpy(s->bind, q->buf->p, q->buf->len);
		s->bind_len = (uint8_t)q->buf->len;
	}
	if (s->mate != NULL) {
		ssn_pipe_up(n, now, s);
		return 0;
	}
	if (pipe_get(n, now, &(struct pipe_want){ &s->partner_cp, s->cos, NCE_LU,
	    (enum tpf)s->tpf }, s, &sense) == NULL)
		ssn_end(n, now, s, UNB_FAILURE, sense);
	return 0;
}

/* BIND of the partner in this node, shown to its user. */
static void
bind_to_mate(struct node *n, struct mono now, struct ssn *s, struct buf *ru)
{
	struct ssn *m = s->mate;

	struct rd r = buf_rd(ru);
	uint32_t sense = SENSE_MODE_INCONSISTENT;
	struct bind b;

	memset(&b, 0, sizeof(b));
	if (bind_get(&r, &b))
		sense = bind_check_lu(&b);
	if (sense != 0 || !ssn_step(m, SE_BIND) || !hs_from(n, m, ru)) {
		buf_free(ru);
		ssn_end(n, now, s, UNB_FAILURE, sense != 0 ? sense : SENSE_MODE_INCONSISTENT);
		return;
	}
	buf_free(m->keep);
	m->keep = ru;
	node_due(n, &m->due, ND_SSN, MONO_NEVER);
	ssn_tell(n, m, SSN_T_BIND);
}

void
ssn_pipe_up(struct node *n, struct mono now, struct ssn *s)
{
	struct buf *ru;

	if (s->fsm.state != SS_PPIPE)
		return;
	if (s->mate == NULL && pipe_full(n, s))
		return;                         /* the work list brings us here again */
	ru = bind_build(n, s);
	if (ru == NULL || !hs_from(n, s, ru)) {
		buf_free(ru);
		ssn_end(n, now, s, UNB_FAILURE, ru == NULL ? SENSE_NO_RESOURCE : SENSE_RU_DATA);
		return;
	}
	(void)ssn_step(s, SE_BINDOUT);
	n->stat[NS_BINDS_SENT]++;
	if (s->mate != NULL) {
		bind_to_mate(n, now, s, ru);
		return;
	}
	s->sc_snf = (uint16_t)(s->handle | 1);
	node_due(n, &s->due, ND_SSN, mono_add(now, SECS(60)));
	ssn_send_sc(n, now, s, RH_SC | RH_FI | RH_OIC | RH_DR1, ru);
}

/* Positive RSP(BIND): the primary starts data traffic where the profile wants it. */
static void
bound(struct node *n, struct mono now, struct ssn *s)
{
	struct buf *b;
	uint16_t snf;

	(void)ssn_step(s, SE_RSP);
	node_due(n, &s->due, ND_SSN, MONO_NEVER);
	if (s->hs.ts != 3 && s->hs.ts != 4) {
		ssn_started(n, now, s);
		return;
	}
	b = buf_get(&n->bufs, 1);
	if (b == NULL) {
		ssn_end(n, now, s, UNB_FAILURE, SENSE_NO_RESOURCE);
		return;
	}
	*buf_put(b, 1) = RU_SDT;
	if (hs_send(&s->hs, RH_SC | RH_FI | RH_OIC | RH_DR1, &snf, b) != 0) {
		buf_free(b);
		ssn_end(n, now, s, UNB_FAILURE, SENSE_MODE_INCONSISTENT);
		return;
	}
	node_due(n, &s->due, ND_SSN, mono_add(now, SECS(60)));
	ssn_work(n, s);
}

void
ssn_started(struct node *n, struct mono now, struct ssn *s)
{
	if (!ssn_step(s, SE_SDT))
		return;
	node_due(n, &s->due, ND_SSN, MONO_NEVER);
	n->stat[NS_SESSIONS]++;
	s->began_us = n->cfg.wall_us + now.us;
	if (s->cp != NULL)
		cp_started(n, now, s);
	else
		ssn_tell(n, s, SSN_T_STARTED);
}

/* A negotiable BIND (of a control point) is answered by the whole image, which we
 * take as it is; the names are left out: companion 2.8. */
static void
negotiated(const struct ssn *s, struct bind_rsp *rsp)
{
	struct rd r;

	memset(rsp, 0, sizeof(*rsp));
	if (s->cp == NULL || s->keep == NULL)
		return;
	r = buf_rd(s->keep);
	rsp->image = bind_get(&r, &rsp->bind) && rsp->bind.negotiable;
	if (!rsp->image) {
		memset(rsp, 0, sizeof(*rsp));
		return;
	}
	memset(&rsp->bind.plu, 0, sizeof(rsp->bind.plu));
	memset(&rsp->bind.slu, 0, sizeof(rsp->bind.slu));
	rsp->bind.urc_len = rsp->bind.rscv_len = 0;
	rsp->bind.comprot2 |= BIND_C2_CVS;
	rsp->bind.tail = 4;
}

uint32_t
ssn_opnsec(struct node *n, struct mono now, struct ssn *s, const struct rpl *q)
{
	struct ssn *m = s->mate;
	struct bind_rsp rsp;
	struct buf *b;
	struct wr w;

	if (s->role != HS_SLU || !ssn_step(s, SE_OPNSEC))
		return SENSE_MODE_INCONSISTENT;
	s->suser = q->suser;
	if (s->acb != NULL && s->acb->logon == s)
		s->acb->logon = NULL;
	if (m != NULL) {
		if (s->hs.ts != 3 && s->hs.ts != 4)
			ssn_started(n, now, s);
		bound(n, now, m);
		return 0;
	}
	b = buf_get(&n->bufs, RSP_MAX);
	if (b == NULL)
		return SENSE_NO_RESOURCE;
	negotiated(s, &rsp);
	rsp.bind.has_addr = 1;
	rsp.bind.addr = ssn_sa(s);
	rsp.bind.has_pcid = 1;
	rsp.bind.pcid = s->pcid;
	w = wr_on(b->p, RSP_MAX);
	bind_rsp_put(&w, &rsp);
	if (w.bad) {
		buf_free(b);
		return SENSE_RU_LENGTH;
	}
	b->len = (uint32_t)wr_len(&w);
	s->sc_snf = s->bind_snf;
	ssn_send_sc(n, now, s, RH_RSP | RH_SC | RH_FI | RH_OIC | RH_DR1, b);
	s->sc_snf = (uint16_t)(s->handle | 1);
	if (s->hs.ts != 3 && s->hs.ts != 4)
		ssn_started(n, now, s);
	return 0;
}

/* The SLU of a BIND: whose logon, or whose acquisition, waits for it by FQPCID.
 * A BIND without CV 60 (not extended) takes a free LU. One whose logon was given
 * up must not find the LU's next user: 08570003. */
static struct ssn *
slu_of(struct node *n, const struct bind *b, uint32_t *sense)
{
	struct res *r = rtab_find(&n->rtab, name_base(&b->slu));
	struct ssn *s;
	struct fqpcid id;

	*sense = SENSE_UNKNOWN_SLU;
	if (r == NULL || (r->type != RES_APPL && r->type != RES_DYNAPPL))
		return NULL;
	*sense = SENSE_SLU_NOT_ENABLED;
	if (r->acb == NULL || r->acb->closing || !r->acb->slu)
		return NULL;
	if (b->has_pcid) {
		s = ssn_by_pcid(n, &b->pcid, HS_SLU);
		*sense = s == NULL ? SENSE_SLU_INACTIVE : SENSE_DUP_PCID;
		return s != NULL && s->res == r && s->fsm.state <= SS_PBIND && !s->dead ? s : NULL;
	}
	*sense = ssn_slu_limit(r);
	if (*sense != 0)
		return NULL;
	*sense = SENSE_NO_RESOURCE;
	s = ssn_new(n, HS_SLU, r, SS_PBIND);
	if (s != NULL) {
		s->acb = r->acb;
		id = node_pcid(n);
		ssn_identify(n, s, &id);
	}
	return s;
}

static void
bind_refuse(struct node *n, struct mono now, struct pipe *p, const struct th *th, uint32_t sense)
{
	struct buf *b = buf_get(&n->bufs, 16);
	struct th out = { .fid = 5, .mpf = TH_WHOLE, .efi = TH_EXPEDITED, .snf = th->snf,
		.sa = th->sa & ~SA_PLU };
	struct wr w;

	if (b == NULL)
		return;
	w = wr_on(buf_put(b, TH_FID5_LEN + RH_LEN + 5), TH_FID5_LEN + RH_LEN + 5);
	th_put(&w, &out);
	rh_put(&w, RH_RSP | RH_SC | RH_FI | RH_OIC | RH_DR1 | RH_SDI | RH_RTI);
	wr_u32(&w, sense);
	wr_u8(&w, RU_BIND);
	if (pipe_send(n, now, p, b) != 0)
		buf_free(b);
}

/* Found would have told the network of a name typed without one: its owner's. */
static void
qualify(struct ssn *s)
{
	char netid[9], owners[9], base[9];

	name_netid(&s->partner, netid);
	name_netid(&s->partner_cp, owners);
	if (netid[0] != '\0' || owners[0] == '\0')
		return;
	snprintf(base, sizeof(base), "%s", name_base(&s->partner));
	(void)name_qual(&s->partner, owners, base);
}

void
ssn_bind_in(struct node *n, struct mono now, struct pipe *p, const struct th *th, struct buf *ru)
{
	struct rd r = buf_rd(ru);
	uint32_t sense = SENSE_RU_DATA;
	struct ssn *s = NULL;
	struct bind b;

	n->stat[NS_BINDS_RCVD]++;
	memset(&b, 0, sizeof(b));
	if (ssn_by_peer(n, p, th->sa) != NULL) {
		sense = SENSE_DUP_BIND;
	} else if (bind_get(&r, &b)) {
		if (name_eq(&b.slu, &n->cpname))
			s = cp_secondary(n, now, &b, p, &sense);
		else
			s = slu_of(n, &b, &sense);
	}
	if (s == NULL) {
		bind_refuse(n, now, p, th, sense);
		buf_free(ru);
		return;
	}
	if (s->cp != NULL)
		sense = b.fm == 0x13 && b.ts == 7 ? 0 : SENSE_BIND_OFFSET | 2;
	else
		sense = bind_check_lu(&b);
	if (sense != 0 || !ssn_step(s, SE_BIND) || !hs_from(n, s, ru)) {
		if (sense == 0)
			sense = SENSE_MODE_INCONSISTENT;
		bind_refuse(n, now, p, th, sense);
		buf_free(ru);
		s->unb_type = UNB_FAILURE;
		s->sense = sense;
		ssn_over(n, now, s, SSN_T_UNBIND);
		return;
	}
	dir_forget(n, s);                       /* the BIND was faster than Found */
	s->sa_peer = th->sa & ~SA_PLU;
	s->sa_known = 1;
	s->bind_snf = th->snf;
	if (strcmp(name_base(&b.plu), name_base(&s->partner)) != 0)
		s->partner = b.plu;
	s->partner_cp = p->cp;
	qualify(s);
	ssn_partner(n, s);
	if (b.has_cos) {
		snprintf(s->cos, sizeof(s->cos), "%.8s", b.cos.cos.s);
		s->tpf = b.cos.tpf;
	}
	pipe_join(p, s);
	ssn_by_peer_add(n, s);
	buf_free(s->keep);
	s->keep = ru;
	node_due(n, &s->due, ND_SSN, MONO_NEVER);
	if (s->cp != NULL) {
		struct rpl q = { 0 };

		sense = ssn_opnsec(n, now, s, &q);
		if (sense != 0)
			ssn_end(n, now, s, UNB_FAILURE, sense);
		return;
	}
	ssn_tell(n, s, SSN_T_BIND);
}

void
ssn_rsp_bind_in(struct node *n, struct mono now, struct ssn *s, uint32_t rh, struct rd *r)
{
	struct bind_rsp rsp;

	if (s->fsm.state != SS_PRSP)
		return;
	if (rh & RH_RTI) {
		s->sense = rd_u32(r);
		s->unb_type = UNB_FAILURE;
		ssn_over(n, now, s, s->cp != NULL ? 0 : SSN_T_UNBIND);
		return;
	}
	memset(&rsp, 0, sizeof(rsp));
	if (!bind_rsp_get(r, &rsp) ||
	    (rsp.image && (rsp.bind.fm != s->hs.fm || rsp.bind.ts != s->hs.ts))) {
		ssn_end(n, now, s, UNB_FAILURE, SENSE_RU_DATA);
		return;
	}
	if (rsp.image) {                        /* what was negotiated counts */
		hs_fini(&s->hs);
		hs_init(&s->hs, &rsp.bind, HS_PLU, &n->bufs);
	}
	/* Without CV 62 the BIND's address goes on, both ways: ee-hpr-rtp 6.2. */
	s->sa_peer = rsp.bind.has_addr ? rsp.bind.addr : ssn_sa(s) | SA_PLU;
	s->sa_known = 1;
	bound(n, now, s);
}
