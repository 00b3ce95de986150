/* SPDX-License-Identifier: Apache-2.0
 *
 * May a request be sent or taken? RH rules first (sense 40xx), then whether
 * the profile knows the request (1003), then the states (20xx, 08xx): chain,
 * request mode, quiesce, bracket, direction. The same code judges both ways.
 */
#include "snaee/dfc_fsm.h"
#include "snaee/hs.h"
#include "snaee/sense.h"

/* Requests an FM profile knows, and who may send them (sna-sessions 2.1). */
#define P2S 1u
#define S2P 2u
static const struct {
	uint8_t fm, code, from;
} dfc_known[] = {
	{ FM_3, RU_CANCEL, P2S | S2P }, { FM_3, RU_SIGNAL, P2S | S2P }, { FM_3, RU_LUSTAT, S2P },
	{ FM_3, RU_CHASE, P2S | S2P }, { FM_3, RU_SHUTD, P2S }, { FM_3, RU_SHUTC, S2P },
	{ FM_3, RU_RSHUTD, S2P }, { FM_3, RU_BID, P2S | S2P }, { FM_3, RU_RTR, P2S | S2P },
	{ FM_4, RU_CANCEL, P2S | S2P }, { FM_4, RU_SIGNAL, P2S | S2P },
	{ FM_4, RU_LUSTAT, P2S | S2P }, { FM_4, RU_CHASE, P2S | S2P }, { FM_4, RU_SHUTD, P2S },
	{ FM_4, RU_SHUTC, S2P }, { FM_4, RU_RSHUTD, S2P }, { FM_4, RU_BID, P2S | S2P },
	{ FM_4, RU_RTR, P2S | S2P }, { FM_4, RU_QEC, P2S | S2P }, { FM_4, RU_QC, P2S | S2P },
	{ FM_4, RU_RELQ, P2S | S2P },
	{ FM_7, RU_CANCEL, P2S | S2P }, { FM_7, RU_SIGNAL, P2S | S2P },
	{ FM_7, RU_LUSTAT, P2S | S2P }, { FM_7, RU_RSHUTD, S2P },
	{ FM_18, RU_CANCEL, P2S | S2P }, { FM_18, RU_SIGNAL, P2S | S2P },
	{ FM_18, RU_LUSTAT, P2S | S2P }, { FM_18, RU_CHASE, P2S | S2P },
	{ FM_18, RU_BIS, P2S | S2P }, { FM_18, RU_SBI, P2S | S2P }, { FM_18, RU_BID, P2S | S2P },
	{ FM_18, RU_RTR, P2S | S2P },
	{ FM_19, RU_SIGNAL, P2S | S2P }, { FM_19, RU_LUSTAT, P2S | S2P },
	{ FM_19, RU_BIS, P2S | S2P }, { FM_19, RU_RTR, P2S | S2P },
};

/* RH rules: sna-sessions 1.4 and 2.6; sense codes 1.7. */

static uint32_t
check_form(const struct dfc_side *s, uint32_t rh)
{
	if ((rh & RH_RQ) == RH_ERI)
		return SENSE_RH_DR;
	if (dfc_is_rqd(rh) && (rh & RH_ECI) == 0)
		return SENSE_RH_RQD;
	switch (s->rsp) {
	case 0:
		return dfc_is_rqn(rh) ? 0 : dfc_is_rqd(rh) ? SENSE_RH_RQD : SENSE_RH_RQE;
	case 1:
		return dfc_is_rqd(rh) ? SENSE_RH_RQD : dfc_is_rqn(rh) ? SENSE_RH_RQN : 0;
	case 2:
		if (dfc_is_rqn(rh))
			return SENSE_RH_RQN;
		return (rh & RH_ECI) != 0 && !dfc_is_rqd(rh) ? SENSE_RH_RQE : 0;
	default:
		return dfc_is_rqn(rh) ? SENSE_RH_RQN : 0;
	}
}

static uint32_t
check_bracket_bits(const struct dfc *d, const struct dfc_side *s, uint32_t rh)
{
	if (!d->brackets && (rh & (RH_BBI | RH_EBI)) != 0)
		return SENSE_RH_BRACKETS;
	if ((rh & RH_BBI) != 0 && (rh & RH_BCI) == 0)
		return SENSE_RH_BB;
	if ((rh & RH_EBI) != 0 && ((rh & RH_BCI) == 0 || !s->may_eb))
		return SENSE_RH_EB;
	if ((rh & RH_CEBI) != 0 && (d->fm < FM_18 || (rh & RH_ECI) == 0))
		return SENSE_RH_EB;
	if ((rh & RH_CDI) == 0)
		return 0;
	if (d->duplex != DFC_HDX_FF)
		return SENSE_RH_CD_NEVER;
	if ((rh & RH_ECI) == 0 || (rh & (RH_EBI | RH_CEBI)) != 0)
		return SENSE_RH_CD;
	return 0;
}

static uint32_t
check_fmd_rh(const struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	const struct dfc_side *s = dfc_cside_of(d, w);
	uint32_t rh = rq->rh, sense;

	if (rq->expedited)
		return SENSE_RH_CATEGORY;
	if ((rh & RH_FI) != 0 && !d->fmh)
		return SENSE_RH_FI;
	if ((rh & RH_CSI) != 0 && !d->alt)
		return SENSE_RH_ALT;
	if ((rh & RH_QRI) != 0 && d->fm < FM_18)
		return 0x40150000;
	if ((rh & RH_EDI) != 0)
		return 0x40160000;
	if ((rh & RH_PDI) != 0)
		return 0x40170000;
	if (!s->multi && (rh & RH_OIC) != RH_OIC)
		return SENSE_RH_CHAIN;
	sense = check_form(s, rh);
	return sense != 0 ? sense : check_bracket_bits(d, s, rh);
}

static bool
dfc_allowed(const struct dfc *d, enum dfc_way w, uint8_t code)
{
	unsigned from = (d->role == HS_PLU) == (w == W_OUT) ? P2S : S2P;

	for (size_t i = 0; i < sizeof(dfc_known) / sizeof(dfc_known[0]); i++)
		if (dfc_known[i].fm == d->fm && dfc_known[i].code == code)
			return (dfc_known[i].from & from) != 0;
	return false;
}

static uint32_t
check_dfc_rh(const struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	const struct dfc_side *s = dfc_cside_of(d, w);
	uint32_t rh = rq->rh;
	unsigned flags = rq->code == RU_LUSTAT ? RH_BBI | RH_EBI | RH_CDI | RH_CEBI :
	    rq->code == RU_CANCEL ? RH_EBI | RH_CDI : rq->code == RU_CHASE ? RH_EBI : 0;

	if ((rh & RH_FI) == 0)
		return SENSE_RH_FI;
	if ((rh & RH_OIC) != RH_OIC)
		return SENSE_RH_CHAIN;
	if (!dfc_allowed(d, w, rq->code))
		return SENSE_NOT_SUPPORTED;
	if (ru_expedited(rh, rq->code) != (rq->expedited != 0))
		return SENSE_RH_CODE;
	if (dfc_is_rqn(rh))
		return SENSE_RH_RQN;
	if ((rh & RH_RQ) == RH_ERI)
		return SENSE_RH_DR;
	if (!dfc_is_rqd(rh) && rq->code != RU_LUSTAT && rq->code != RU_BIS)
		return SENSE_RH_RQE;
	if ((rh & RH_BBI & ~flags) != 0)
		return SENSE_RH_BB;
	if ((rh & (RH_EBI | RH_CEBI) & ~flags) != 0)
		return SENSE_RH_EB;
	if ((rh & RH_CDI & ~flags) != 0)
		return SENSE_RH_CD;
	return check_bracket_bits(d, s, rh);
}

/* States. */

static uint32_t
check_bid(const struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	unsigned event = w == W_OUT ? BRE_S_BID : BRE_R_BID;
	bool from_first = (w == W_OUT) == (d->first != 0);

	if (!d->brackets)
		return SENSE_RH_BRACKETS;
	if (rq->code == RU_RTR) {
		if (!from_first && d->fm != FM_19)
			return SENSE_BRACKET;
		return w == W_OUT && d->br.state != BRS_BETB ? SENSE_BRACKET : 0;
	}
	if (from_first)
		return SENSE_BRACKET;
	if (fsm_peek(&d->br, event).next != 0)
		return 0;
	/* The bidder could not know that we are in a bracket. */
	return w == W_IN ? SENSE_BID_REJECT : SENSE_BRACKET;
}

static uint32_t
check_dfc_state(const struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	const struct fsm *q = w == W_OUT ? &d->qs : &d->qr;
	const struct fsm *partner_q = w == W_OUT ? &d->qr : &d->qs;

	switch (rq->code) {
	case RU_BID:
	case RU_RTR:
		return check_bid(d, w, rq);
	case RU_CANCEL:
		return fsm_peek(w == W_OUT ? &d->tx : &d->rx, CHE_CANCEL).next != 0 ? 0 :
		    SENSE_NOT_IN_CHAIN;
	case RU_SHUTD:
		return fsm_peek(&d->shut, SHE_SHUTD).next != 0 ? 0 : SENSE_ALREADY_ACTIVE;
	case RU_SHUTC:
		if (w == W_OUT && d->brackets && d->br.state != BRS_BETB)
			return SENSE_BRACKET;
		return fsm_peek(&d->shut, SHE_SHUTC).next != 0 ? 0 : SENSE_NOT_QUIESCED;
	case RU_RSHUTD:
		return w == W_OUT && d->brackets && d->br.state != BRS_BETB ? SENSE_BRACKET : 0;
	case RU_QEC:
		return fsm_peek(partner_q, QUE_QEC).next != 0 ? 0 : SENSE_ALREADY_ACTIVE;
	case RU_QC:
		return fsm_peek(q, QUE_QC).next != 0 ? 0 : SENSE_NOT_QUIESCED;
	default:
		return 0;
	}
}

static uint32_t
check_turn(const struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	const struct fsm *br = &d->br;
	bool bb = (rq->rh & RH_BBI) != 0, lost = false;

	if (d->brackets && bb) {
		struct fsm_cell c = fsm_peek(br, dfc_bb_event(d, w));

		if (c.next == 0)
			return w == W_IN && br->state == BRS_PEND_INB ? SENSE_BRACKET_RACE :
			    SENSE_BRACKET;
		lost = c.action == BRA_LOST;
	} else if (!dfc_in_bracket(d)) {
		return SENSE_BRACKET;
	}
	if (d->duplex == DFC_FDX || lost)
		return 0;
	if (fsm_peek(&d->dir, dfc_beg_event(d, w)).next != 0)
		return 0;
	return d->duplex == DFC_HDX_CONT ? SENSE_RECEIVER_SENDS : SENSE_DIRECTION;
}

/* A chain of the partner waits for its definite response. */
static bool
owes_data(const struct dfc_side *s)
{
	for (unsigned i = 0; i < s->n; i++)
		if ((s->corr[i].what & (DFC_C_RQD | DFC_C_DFC | DFC_C_SC)) == DFC_C_RQD)
			return true;
	return false;
}

static uint32_t
check_state(const struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	const struct dfc_side *s = dfc_cside_of(d, w);
	const struct fsm *chain = w == W_OUT ? &d->tx : &d->rx;
	const struct fsm *q = w == W_OUT ? &d->qs : &d->qr;

	if (dfc_is_fmd(rq->rh)) {
		if (fsm_peek(chain, dfc_chain_event(rq->rh)).next == 0)
			return (rq->rh & RH_BCI) != 0 ? SENSE_IN_CHAIN : SENSE_NOT_IN_CHAIN;
		if ((rq->rh & RH_BCI) == 0)
			return 0;
	} else if (rq->code != RU_CANCEL && chain->state == CHS_INC) {
		return SENSE_IN_CHAIN;
	}
	if (!s->delayed && rq->code != RU_CANCEL && dfc_corr_owes(s, 0))
		return SENSE_IMMEDIATE_RQ;
	if (rq->code != RU_CANCEL && q->state == QUS_QUIESCED)
		return SENSE_QUIESCED;
	if (w == W_OUT && d->role == HS_SLU && d->shut.state == SHS_SHUT && dfc_acts(rq))
		return SENSE_QUIESCED;
	if (w == W_OUT && d->duplex == DFC_HDX_FF && dfc_acts(rq) && owes_data(&d->in))
		return 0x200d0000;      /* immediate response mode: the answer first */
	return dfc_acts(rq) ? check_turn(d, w, rq) : 0;
}

uint32_t
dfc_check(const struct dfc *d, enum dfc_way w, const struct dfc_rq *rq)
{
	uint32_t sense;

	switch (rq->rh & RH_CAT) {
	case RH_SC:
		return dfc_corr_room(dfc_cside_of(d, w)) ? 0 : SENSE_NO_RESOURCE;
	case RH_NC:
		return SENSE_CATEGORY;
	case RH_DFC:
		sense = check_dfc_rh(d, w, rq);
		if (sense == 0)
			sense = check_dfc_state(d, w, rq);
		break;
	default:
		sense = check_fmd_rh(d, w, rq);
		break;
	}
	if (sense == 0 && !rq->expedited)
		sense = check_state(d, w, rq);
	if (sense == 0 && rq->expedited && w == W_OUT && dfc_corr_owes(&d->out, DFC_C_EXP))
		sense = SENSE_IMMEDIATE_RQ;     /* one at a time: sna-sessions 1.6 */
	if (sense == 0 && !dfc_corr_room(dfc_cside_of(d, w)))
		sense = SENSE_NO_RESOURCE;
	return sense;
}
