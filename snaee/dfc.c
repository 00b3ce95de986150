/* SPDX-License-Identifier: Apache-2.0
 *
 * Data flow control. Both ends of a session run this same code with opposite
 * roles, so whatever one may send the other takes, and the states mirror each
 * other once nothing is in flight. A request is first checked whole (RH rules,
 * then chain, request mode, quiesce, bracket, direction: the order in which a
 * sense code is chosen), then all states step. Responses are matched with a
 * table of chains that may still be answered.
 *
 * A negative response decides: what the rest of its chain said about bracket
 * and direction is void at both ends, and the half-session that recovers (BIND
 * byte 7 bit 2) gets the turn. Codes 080B, 0813, 0814, 081B say the chain never
 * began here: a bracket it opened is undone.
 */
#include <assert.h>
#include <string.h>

#include "snaee/bind.h"
#include "snaee/dfc.h"
#include "snaee/dfc_fsm.h"
#include "snaee/hs.h"
#include "snaee/piu.h"
#include "snaee/sense.h"

static const uint8_t ev_end[] = { DIE_S_END, DIE_R_END };
static const uint8_t ev_cd[] = { DIE_S_CD, DIE_R_CD };
static const uint8_t ev_eb[] = { BRE_S_EB, BRE_R_EB };
static const uint8_t ev_eb_cond[] = { BRE_S_EB_COND, BRE_R_EB_COND };

static struct dfc_side *
side_of(struct dfc *d, enum dfc_way w)
{
	return w == W_OUT ? &d->out : &d->in;
}

static struct fsm *
chain_of(struct dfc *d, enum dfc_way w)
{
	return w == W_OUT ? &d->tx : &d->rx;
}

/* The chain never began at its receiver: sna-sessions 3.2, 3.3. */
static bool
is_race(uint32_t sense)
{
	switch (sense >> 16) {
	case 0x080b:
	case 0x0813:
	case 0x0814:
	case 0x081b:
		return true;
	default:
		return false;
	}
}

/* A bracket the chain opened is not open: a race, or the RH was refused. */
static bool
undoes(uint32_t sense)
{
	return is_race(sense) || sense >> 24 == 0x20 || sense >> 24 == 0x40;
}

static void
step(struct fsm *f, unsigned event)
{
	if (fsm_peek(f, event).next != 0)
		(void)fsm_step(f, event, "dfc");
}

static void
dir_step(struct dfc *d, unsigned event)
{
	if (d->duplex != DFC_FDX)
		step(&d->dir, event);
}

/* Brackets moved: between brackets nobody has the turn. */
static void
br_step(struct dfc *d, unsigned event)
{
	if (!d->brackets)
		return;
	step(&d->br, event);
	if (d->br.state == BRS_BETB)
		dir_step(d, DIE_BETB);
}

/* Start and reset. */

static void
side_init(struct dfc_side *s, uint8_t usage, uint8_t fm)
{
	*s = (struct dfc_side){
		.multi = usage >> 7 & 1, .delayed = usage >> 6 & 1, .rsp = usage >> 4 & 3,
		.may_eb = usage & 1,
	};
	if (fm == FM_19) {              /* sna-sessions 2.1: not BIND's choice */
		s->multi = 1;
		s->delayed = 0;
		s->rsp = 3;
		s->may_eb = 0;
	} else if (fm == FM_2) {
		s->multi = 0;
	}
}

/* BIND byte 7: send/receive mode, recovery, first speaker, who starts. */
static void
modes_init(struct dfc *d, uint8_t com1, uint8_t com2)
{
	uint8_t mode = com2 >> 6 & 3;
	bool plu = d->role == HS_PLU, plu_first = (com2 & 0x10) != 0;
	bool plu_starts = (com2 & 0x01) != 0;

	if (d->fm == FM_19)
		mode = 2;
	d->duplex = mode == 2 ? DFC_HDX_FF : mode == 1 ? DFC_HDX_CONT : DFC_FDX;
	d->fmh = (com1 & 0x40) != 0 || d->fm == FM_19;
	d->alt = (com1 & 0x08) != 0;
	d->rule1 = (com1 & 0x10) != 0;
	d->br_reset = (com1 & 0x20) != 0 ? BRS_BETB : BRS_INB;
	/* Byte 6 bit 2 off is "not used" unless somebody may end a bracket. */
	d->brackets = d->br_reset == BRS_BETB || d->out.may_eb || d->in.may_eb ||
	    d->fm == FM_19;
	d->first = plu == plu_first;
	if ((com2 & 0x20) != 0)
		d->recover = DFC_REC_SENDER;
	else
		d->recover = d->first ? DFC_REC_PARTNER : DFC_REC_US;
	d->dir_reset = DIS_CONT;
	if (d->duplex == DFC_HDX_FF && !(d->brackets && d->br_reset == BRS_BETB))
		d->dir_reset = plu == plu_starts ? DIS_SEND : DIS_RCV;
}

void
dfc_init(struct dfc *d, const struct bind *b, unsigned role)
{
	memset(d, 0, sizeof(*d));
	d->role = (uint8_t)role;
	d->fm = b->fm;
	side_init(&d->out, role == HS_PLU ? b->priprot : b->secprot, b->fm);
	side_init(&d->in, role == HS_PLU ? b->secprot : b->priprot, b->fm);
	modes_init(d, b->comprot1, b->comprot2);
	dfc_reset(d);
}

static void
side_reset(struct dfc_side *s)
{
	s->n = s->evicted = s->eb = s->lost = s->bb_live = 0;
}

void
dfc_reset(struct dfc *d)
{
	fsm_init(&d->tx, &dfc_chain, CHS_BETC);
	fsm_init(&d->rx, &dfc_chain, CHS_BETC);
	fsm_init(&d->br, &dfc_bracket, d->br_reset);
	fsm_init(&d->dir, d->duplex == DFC_HDX_CONT ? &dfc_contention : &dfc_flipflop,
	    d->dir_reset);
	fsm_init(&d->shut, &dfc_shut, SHS_RUN);
	fsm_init(&d->qs, &dfc_quiesce, QUS_RUN);
	fsm_init(&d->qr, &dfc_quiesce, QUS_RUN);
	side_reset(&d->out);
	side_reset(&d->in);
	d->stepped = 0;
}

bool
dfc_in_bracket(const struct dfc *d)
{
	if (!d->brackets)
		return true;
	switch (d->br.state) {
	case BRS_BB_SENT:
	case BRS_PEND_INB:
	case BRS_INB:
		return true;
	default:
		return false;
	}
}

uint32_t
dfc_fit(const struct dfc *d, uint32_t rh)
{
	if ((rh & RH_BBI) != 0 && dfc_in_bracket(d))
		rh &= ~RH_BBI;
	if (!d->brackets)
		rh &= ~(RH_EBI | RH_CEBI);
	if (d->duplex != DFC_HDX_FF)
		rh &= ~RH_CDI;
	if (!dfc_is_fmd(rh) || dfc_is_rqn(rh) || dfc_is_rqd(rh))
		return rh;
	if (d->out.rsp == 0)
		rh &= ~RH_RQ;
	else if (d->out.rsp == 2 && (rh & RH_ECI) != 0)
		rh &= ~RH_ERI;
	return rh;
}

/* Steps, after all checks. */

static void
begin(struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	struct dfc_side *s = side_of(d, w), *other = side_of(d, w == W_OUT ? W_IN : W_OUT);
	bool lost = false;

	s->eb = (rq->rh & RH_EBI) != 0;
	s->lost = 0;
	if (d->brackets && (rq->rh & RH_BBI) != 0) {
		unsigned event = dfc_bb_event(d, w);

		s->bb = rq->snf;
		s->bb_live = 1;
		other->bb_live = 0;
		lost = fsm_peek(&d->br, event).action == BRA_LOST;
		if (lost)
			dir_step(d, DIE_BETB);
		br_step(d, event);
	} else if (w == W_IN) {
		br_step(d, BRE_CONFIRM);
	}
	if (d->duplex == DFC_HDX_CONT)
		lost = lost || fsm_peek(&d->dir, dfc_beg_event(d, w)).action == DIA_LOST;
	if (lost) {             /* our own chain is void; the rest of it is purged there */
		other->eb = 0;
		other->lost = 1;
		step(chain_of(d, w == W_OUT ? W_IN : W_OUT), CHE_NEG);
	} else if (d->duplex == DFC_HDX_FF) {
		dfc_corr_release(other, other->n);
		other->evicted = 0;
	}
	dir_step(d, dfc_beg_event(d, w));
}

enum purged { P_NO, P_YES };

/* The last RU of a chain, or a DFC request with EB or CD. */
static void
finish(struct dfc *d, enum dfc_way w, const struct dfc_rq *rq, enum purged purged)
{
	struct dfc_side *s = side_of(d, w);
	bool eb = (rq->rh & (RH_EBI | RH_CEBI)) != 0 || (dfc_is_fmd(rq->rh) && s->eb);
	bool cond = d->rule1 && dfc_is_rqd(rq->rh);

	s->eb = 0;
	if (s->lost) {
		s->lost = 0;
		return;
	}
	if (purged == P_YES && (!eb || cond))
		return;
	dir_step(d, (rq->rh & RH_CDI) != 0 ? ev_cd[w] : ev_end[w]);
	if (eb)
		br_step(d, cond ? ev_eb_cond[w] : ev_eb[w]);
}

static void
step_cancel(struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	struct dfc_side *s = side_of(d, w);
	struct dfc_corr *c = dfc_corr_open(s);

	if (c != NULL)
		c->what &= (uint8_t)~DFC_C_OPEN;
	step(chain_of(d, w), CHE_CANCEL);
	s->eb = 0;
	finish(d, w, rq, P_NO);
}

static void
step_dfc(struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	struct fsm *q = w == W_OUT ? &d->qs : &d->qr;
	struct fsm *partner_q = w == W_OUT ? &d->qr : &d->qs;

	switch (rq->code) {
	case RU_BID:
		br_step(d, w == W_OUT ? BRE_S_BID : BRE_R_BID);
		break;
	case RU_CANCEL:
		step_cancel(d, w, rq);
		break;
	case RU_CHASE:
		if ((rq->rh & RH_EBI) != 0)
			finish(d, w, rq, P_NO);
		break;
	case RU_SHUTD:
		step(&d->shut, SHE_SHUTD);
		break;
	case RU_SHUTC:
		step(&d->shut, SHE_SHUTC);
		break;
	case RU_QEC:
		step(partner_q, QUE_QEC);
		break;
	case RU_QC:
		step(q, QUE_QC);
		break;
	case RU_RELQ:
		step(partner_q, QUE_RELQ);
		step(&d->shut, SHE_RELQ);
		break;
	default:
		if (dfc_acts(rq)) {
			begin(d, w, rq);
			finish(d, w, rq, P_NO);
		}
		break;
	}
}

static void
advance(struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	if (dfc_is_dfc(rq->rh)) {
		step_dfc(d, w, rq);
	} else if (dfc_is_fmd(rq->rh)) {
		struct fsm *chain = chain_of(d, w);
		enum purged purged = chain->state == CHS_PURGE ? P_YES : P_NO;

		step(chain, dfc_chain_event(rq->rh));
		if ((rq->rh & RH_BCI) != 0)
			begin(d, w, rq);
		if ((rq->rh & RH_ECI) != 0)
			finish(d, w, rq, (rq->rh & RH_BCI) != 0 ? P_NO : purged);
	}
	dfc_corr_add(side_of(d, w), rq);
}

uint32_t
dfc_may_send(const struct dfc *d, const struct dfc_rq *rq)
{
	return dfc_check(d, W_OUT, rq);
}

uint32_t
dfc_send(struct dfc *d, const struct dfc_rq *rq)
{
	uint32_t sense = dfc_check(d, W_OUT, rq);

	if (sense == 0)
		advance(d, W_OUT, rq);
	return sense;
}

uint32_t
dfc_recv(struct dfc *d, const struct dfc_rq *rq, enum dfc_do *todo)
{
	uint32_t sense;

	*todo = DFC_TAKE;
	d->stepped = 0;
	if (dfc_is_fmd(rq->rh) && !rq->expedited && d->rx.state == CHS_PURGE &&
	    (rq->rh & RH_BCI) == 0) {
		*todo = DFC_PURGE;
		step(&d->rx, dfc_chain_event(rq->rh));
		if ((rq->rh & RH_ECI) != 0)
			finish(d, W_IN, rq, P_YES);
		return 0;
	}
	sense = dfc_check(d, W_IN, rq);
	if (sense != 0)
		return sense;
	advance(d, W_IN, rq);
	d->stepped = (rq->rh & RH_SDI) != 0;
	return d->stepped ? rq->sense : 0;
}

/* Negative responses. */

/* The chain began the bracket we are in, not an older one. */
static bool
opened(const struct dfc_side *s, const struct dfc_corr *c)
{
	return (c->what & DFC_C_BB) != 0 && s->bb_live && s->bb == c->first;
}

/* We said no to a chain that had moved our states. */
static void
neg_sent(struct dfc *d, const struct dfc_corr *c, uint32_t sense)
{
	if ((c->what & DFC_C_OPEN) != 0)
		step(&d->rx, CHE_NEG);
	if ((c->what & DFC_C_BB) != 0 && undoes(sense)) {
		if ((c->what & DFC_C_OPEN) != 0) {
			d->in.lost = 1;
			d->in.eb = 0;
		}
		if (opened(&d->in, c))
			br_step(d, BRE_S_UNDO);
		return;
	}
	if ((c->what & (DFC_C_EB | DFC_C_RQD)) == (DFC_C_EB | DFC_C_RQD))
		br_step(d, BRE_S_NO);
	if (is_race(sense))
		return;
	/* 0846: we will say what was wrong, so the turn is ours. */
	dir_step(d, sense >> 16 == 0x0846 || d->recover == DFC_REC_US ? DIE_S_NEG_REC :
	    DIE_S_NEG);
}

enum later { L_NOTHING, L_TURN };       /* a later chain of ours passed the turn */

/* The partner said no to a chain of ours. */
static void
neg_rcvd(struct dfc *d, const struct dfc_corr *c, uint32_t sense, enum later later)
{
	bool we_recover = sense >> 16 != 0x0846 && d->recover != DFC_REC_PARTNER;

	if ((c->what & DFC_C_OPEN) != 0)
		step(&d->tx, CHE_NEG);
	if ((c->what & DFC_C_BB) != 0 && undoes(sense)) {
		if ((c->what & DFC_C_OPEN) != 0) {
			d->out.lost = 1;
			d->out.eb = 0;
		}
		if (opened(&d->out, c))
			br_step(d, BRE_R_UNDO);
		return;
	}
	if (!d->first && opened(&d->out, c))
		br_step(d, BRE_CONFIRM);
	if ((c->what & (DFC_C_EB | DFC_C_RQD)) == (DFC_C_EB | DFC_C_RQD))
		br_step(d, BRE_R_NO);
	if (is_race(sense))
		return;
	if (!we_recover)
		dir_step(d, DIE_R_NEG);
	else if (later == L_NOTHING)
		dir_step(d, DIE_R_NEG_REC);
}

void
dfc_reject(struct dfc *d, const struct dfc_rq *rq)
{
	int i;

	if (d->stepped) {
		d->stepped = 0;
		i = dfc_corr_find(&d->in, rq, rq->expedited ? DFC_C_EXP : 0);
		if (i < 0) {
			if (dfc_is_fmd(rq->rh) && (rq->rh & RH_ECI) == 0)
				step(&d->rx, CHE_BAD);
			return;
		}
		if (d->in.corr[i].code == RU_BID)
			br_step(d, BRE_S_BID_NO);
		else if ((d->in.corr[i].what & (DFC_C_DFC | DFC_C_SC)) == 0)
			neg_sent(d, &d->in.corr[i], rq->sense);
		dfc_corr_drop(&d->in, (unsigned)i);
		return;
	}
	if (!dfc_is_fmd(rq->rh) || rq->expedited)
		return;
	if ((rq->rh & RH_BCI) == 0 || d->rx.state == CHS_INC) {
		struct dfc_corr *c = dfc_corr_open(&d->in);

		if (c != NULL)
			dfc_corr_drop(&d->in, (unsigned)(c - d->in.corr));
	}
	d->in.eb = 0;
	d->in.lost = (rq->rh & RH_ECI) == 0;
	step(&d->rx, (rq->rh & RH_ECI) != 0 ? CHE_BAD_EC : CHE_BAD);
	if (!dfc_is_rqn(rq->rh) && !is_race(rq->sense))
		dir_step(d, d->recover == DFC_REC_US ? DIE_S_NEG_REC : DIE_S_NEG);
}

/* Responses. */

static void
answered_ok(struct dfc *d, enum dfc_way w, const struct dfc_corr *c)
{
	if (c->code == RU_BID && (c->what & DFC_C_DFC) != 0)
		br_step(d, w == W_OUT ? BRE_S_BID_OK : BRE_R_BID_OK);
	/* A response may overtake a paced BB of the bidder, so it tells the first
	 * speaker nothing. */
	if (w == W_IN && !d->first && opened(&d->out, c))
		br_step(d, BRE_CONFIRM);
	if ((c->what & DFC_C_EB) != 0)
		br_step(d, w == W_OUT ? BRE_S_OK : BRE_R_OK);
}

static void
answered_no(struct dfc *d, enum dfc_way w, const struct dfc_corr *c, uint32_t sense)
{
	const struct dfc_side *s = dfc_cside_of(d, w == W_OUT ? W_IN : W_OUT);
	enum later later = L_NOTHING;

	if ((c->what & DFC_C_DFC) != 0 && c->code == RU_BID)
		br_step(d, w == W_OUT ? BRE_S_BID_NO : BRE_R_BID_NO);
	if ((c->what & DFC_C_SC) != 0 ||
	    ((c->what & DFC_C_DFC) != 0 && (c->what & (DFC_C_BB | DFC_C_EB)) == 0))
		return;
	if (w == W_OUT) {
		neg_sent(d, c, sense);
		return;
	}
	for (unsigned i = 0; i < s->n; i++)
		if ((s->corr[i].what & DFC_C_CD) != 0 &&
		    (int16_t)(uint16_t)(s->corr[i].last - c->last) > 0)
			later = L_TURN;
	neg_rcvd(d, c, sense, later);
}

/* w: the way of the response. The entry leaves the table. */
static void
answered(struct dfc *d, enum dfc_way w, unsigned i, const struct dfc_rq *rq, struct dfc_corr *was)
{
	struct dfc_side *s = side_of(d, w == W_OUT ? W_IN : W_OUT);

	*was = s->corr[i];
	dfc_corr_drop(s, i);
	if ((was->what & DFC_C_EXP) == 0)
		dfc_corr_release(s, i);
	if ((rq->rh & RH_RTI) != 0)
		answered_no(d, w, was, rq->sense);
	else
		answered_ok(d, w, was);
}

static uint32_t
check_rsp(const struct dfc_side *s, const struct dfc_corr *c, const struct dfc_rq *rq)
{
	if ((rq->rh & RH_RTI) != 0)
		return 0;
	if ((c->what & DFC_C_RQD) == 0 || rq->snf != c->last)
		return SENSE_RSP_PROTOCOL;
	if (c->code != RU_CHASE || (c->what & DFC_C_DFC) == 0)
		return 0;
	for (unsigned i = 0; &s->corr[i] != c; i++)     /* all before CHASE first */
		if ((s->corr[i].what & DFC_C_RQD) != 0 && (s->corr[i].what & DFC_C_EXP) == 0)
			return SENSE_RSP_PROTOCOL;
	return 0;
}

uint32_t
dfc_send_rsp(struct dfc *d, const struct dfc_rq *rq, struct dfc_corr *was)
{
	int i = dfc_corr_find(&d->in, rq, ~0u);
	uint32_t sense;

	if (i < 0) {
		if ((rq->rh & RH_RTI) == 0 || !dfc_is_fmd(rq->rh) || !d->in.evicted)
			return SENSE_CORRELATION;
		*was = (struct dfc_corr){ .first = rq->snf, .last = rq->snf };
		answered_no(d, W_OUT, was, rq->sense);
		return 0;
	}
	sense = check_rsp(&d->in, &d->in.corr[i], rq);
	if (sense == 0)
		answered(d, W_OUT, (unsigned)i, rq, was);
	return sense;
}

uint32_t
dfc_recv_rsp(struct dfc *d, const struct dfc_rq *rq, struct dfc_corr *was)
{
	int i = dfc_corr_find(&d->out, rq, rq->expedited ? DFC_C_EXP : 0);
	uint32_t sense;

	if (((rq->rh & RH_SDI) != 0) != ((rq->rh & RH_RTI) != 0))
		return SENSE_RH_SDI_RTI;
	if (i < 0) {
		if ((rq->rh & RH_RTI) == 0 || !dfc_is_fmd(rq->rh) || !d->out.evicted)
			return SENSE_CORRELATION;
		*was = (struct dfc_corr){ .first = rq->snf, .last = rq->snf };
		answered_no(d, W_IN, was, rq->sense);
		return 0;
	}
	if ((d->out.corr[i].dr & rq->rh & (RH_DR1 | RH_DR2)) == 0)
		return SENSE_RH_DR;
	sense = check_rsp(&d->out, &d->out.corr[i], rq);
	if (sense == 0)
		answered(d, W_IN, (unsigned)i, rq, was);
	return sense;
}

void
dfc_show(const struct dfc *d, struct con *c)
{
	con_text(c, "  CHAIN SEND %s, RECEIVE %s; BRACKET %s; DIRECTION %s", fsm_state(&d->tx),
	    fsm_state(&d->rx), d->brackets ? fsm_state(&d->br) : "NOT USED",
	    d->duplex == DFC_FDX ? "FDX" : fsm_state(&d->dir));
	con_text(c, "  SHUTDOWN %s, QUIESCE OURS %s, THEIRS %s; UNANSWERED SENT %u, RECEIVED %u",
	    fsm_state(&d->shut), fsm_state(&d->qs), fsm_state(&d->qr), d->out.n, d->in.n);
}

void
dfc_print(struct con *c)
{
	fsm_print(&dfc_chain, c);
	fsm_print(&dfc_bracket, c);
	fsm_print(&dfc_flipflop, c);
	fsm_print(&dfc_contention, c);
	fsm_print(&dfc_shut, c);
	fsm_print(&dfc_quiesce, c);
}
