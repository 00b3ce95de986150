/* SPDX-License-Identifier: Apache-2.0
 *
 * dfc_fsm.h - the tables of data flow control: states, events, cells.
 *
 * Events say what was sent (S_) or received (R_); FIRST is the first speaker,
 * BID the bidder. For dfc*.c and their tests.
 *
 * Source:  SNA Format and Protocol Reference, DFC FSMs; companion
 *          sna-sessions sections 3.1-3.4.
 */
#ifndef SNAEE_DFC_FSM_H
#define SNAEE_DFC_FSM_H

#include "base/fsm.h"
#include "snaee/dfc.h"
#include "snaee/piu.h"

/* Chain, a table for either direction. */
enum { CHS_BETC = 1, CHS_INC, CHS_PURGE };
enum { CHE_BC = 1, CHE_MC, CHE_EC, CHE_OC, CHE_CANCEL, CHE_NEG, CHE_BAD, CHE_BAD_EC };
enum { CHA_TAKE = 1, CHA_PURGE };

/* Bracket. OURS, THEIRS: whose bid was accepted. */
enum { BRS_BETB = 1, BRS_BID_SENT, BRS_BID_RCVD, BRS_BB_OURS, BRS_BB_THEIRS, BRS_BB_SENT,
	BRS_PEND_INB, BRS_INB, BRS_TERM_SENT, BRS_TERM_RCVD };
enum { BRE_S_BB_FIRST = 1, BRE_S_BB_BID, BRE_R_BB_FIRST, BRE_R_BB_BID, BRE_S_BID, BRE_R_BID,
	BRE_S_BID_OK, BRE_S_BID_NO, BRE_R_BID_OK, BRE_R_BID_NO, BRE_CONFIRM,
	BRE_S_EB, BRE_S_EB_COND, BRE_R_EB, BRE_R_EB_COND, BRE_S_OK, BRE_S_NO, BRE_R_OK,
	BRE_R_NO, BRE_S_UNDO, BRE_R_UNDO };
enum { BRA_NONE = 1, BRA_LOST };

/* Direction: flip-flop, and contention with the same names. */
enum { DIS_CONT = 1, DIS_SEND, DIS_RCV, DIS_ERP, DIS_RECOV };
enum { DIE_S_BEG = 1, DIE_S_END, DIE_S_CD, DIE_R_BEG, DIE_R_END, DIE_R_CD, DIE_BETB,
	DIE_S_NEG, DIE_S_NEG_REC, DIE_R_NEG, DIE_R_NEG_REC, DIE_R_BEG_LOSER };
enum { DIA_NONE = 1, DIA_LOST };

/* SHUTD .. SHUTC, one table: the partner's view mirrors ours. */
enum { SHS_RUN = 1, SHS_PEND, SHS_SHUT };
enum { SHE_SHUTD = 1, SHE_SHUTC, SHE_RELQ };

/* Quiesce of one direction. */
enum { QUS_RUN = 1, QUS_PEND, QUS_QUIESCED };
enum { QUE_QEC = 1, QUE_QC, QUE_RELQ };

extern const struct fsm_desc dfc_chain, dfc_bracket, dfc_flipflop, dfc_contention, dfc_shut,
    dfc_quiesce;

/* Shared by dfc.c, dfc_check.c and dfc_corr.c. */

enum dfc_way { W_OUT, W_IN };

/* May this request go that way now? 0, or the sense code. */
uint32_t dfc_check(const struct dfc *, enum dfc_way, const struct dfc_rq *);

/* The table of what may still be answered. */
void     dfc_corr_add(struct dfc_side *, const struct dfc_rq *);
void     dfc_corr_drop(struct dfc_side *, unsigned i);
/* Chains that ask only for exceptions, among the first ones: implicitly accepted. */
void     dfc_corr_release(struct dfc_side *, unsigned before);
bool     dfc_corr_room(const struct dfc_side *);
/* A definite response is owed on flow (0 normal, DFC_C_EXP). */
bool     dfc_corr_owes(const struct dfc_side *, unsigned flow);
struct dfc_corr *dfc_corr_open(struct dfc_side *);      /* chain not complete, or NULL */
/* Index or -1. flow: 0 normal, DFC_C_EXP expedited, anything else: either. */
int      dfc_corr_find(const struct dfc_side *, const struct dfc_rq *, unsigned flow);

static inline const struct dfc_side *
dfc_cside_of(const struct dfc *d, enum dfc_way w)
{
	return w == W_OUT ? &d->out : &d->in;
}

static inline bool
dfc_is_fmd(uint32_t rh)
{
	return (rh & RH_CAT) == RH_FMD;
}

static inline bool
dfc_is_dfc(uint32_t rh)
{
	return (rh & RH_CAT) == RH_DFC;
}

static inline bool
dfc_is_rqd(uint32_t rh)
{
	return (rh & (RH_DR1 | RH_DR2)) != 0 && (rh & RH_ERI) == 0;
}

static inline bool
dfc_is_rqn(uint32_t rh)
{
	return (rh & RH_RQ) == 0;
}

/* Requests that move bracket and direction: data, and LUSTAT that says so. */
static inline bool
dfc_acts(const struct dfc_rq *rq)
{
	if (dfc_is_fmd(rq->rh))
		return true;
	return rq->code == RU_LUSTAT && (rq->rh & (RH_BBI | RH_EBI | RH_CDI | RH_CEBI)) != 0;
}

static inline unsigned
dfc_bb_event(const struct dfc *d, enum dfc_way w)
{
	if (w == W_OUT)
		return d->first ? BRE_S_BB_FIRST : BRE_S_BB_BID;
	return d->first ? BRE_R_BB_BID : BRE_R_BB_FIRST;
}

static inline unsigned
dfc_chain_event(uint32_t rh)
{
	switch (rh & RH_OIC) {
	case RH_OIC:
		return CHE_OC;
	case RH_BCI:
		return CHE_BC;
	case RH_ECI:
		return CHE_EC;
	default:
		return CHE_MC;
	}
}

/* In contention the loser of a race takes the winner's chain. */
static inline unsigned
dfc_beg_event(const struct dfc *d, enum dfc_way w)
{
	if (w == W_IN && d->duplex == DFC_HDX_CONT && !d->first)
		return DIE_R_BEG_LOSER;
	return w == W_OUT ? DIE_S_BEG : DIE_R_BEG;
}

#endif
