/* SPDX-License-Identifier: Apache-2.0
 *
 * xidneg.h - the XID3 exchange that precedes a link: exchange state, role,
 * TG number, capabilities.
 *
 * Takes:   received XIDs (decoded) and null XIDs, in any order and number.
 * Gives:   what is to be sent next: own holds the XID3, ready for xid_put().
 * Memory:  none of its own.
 * Errors:  a sense code in sense after XN_FAIL (own then carries CV 22) or
 *          XN_DEAD (the partner sent CV 22, or there is nobody to tell).
 * Thread:  SNA.
 * Source:  RFC 2353 sections 2.5.1-2.5.3; companion ee-hpr-rtp 2.6-2.8, 2.12.
 */
#ifndef SNAEE_XIDNEG_H
#define SNAEE_XIDNEG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/ebcdic.h"
#include "base/fsm.h"
#include "snaee/xid.h"

/* States 1-8 are the ones of the architecture: S sent, RP received primary. */
enum xn_state { XS_RESET = 1, XS_S_PN, XS_S_NEG, XS_S_PRI, XS_S_SEC, XS_RP_SS, XS_SP_RS,
	XS_ACTIVE, XS_N };

/* What the caller is to do. */
enum xn_do {
	XN_NOTHING,
	XN_SEND_NULL,
	XN_SEND,        /* own, as it now is */
	XN_RESEND,      /* what was sent last */
	XN_SEND_LAST,   /* own; we are secondary and done: XID_DONE_RQ is awaited */
	XN_SETMODE,     /* we are primary and done: XID_DONE_RQ */
	XN_UP,          /* XID_DONE_RQ was in order: XID_DONE_RSP */
	XN_FAIL,        /* own carries CV 22: send it, then give up */
	XN_DEAD         /* give up without a word */
};

#define XN_MAX_TURNS 24         /* XIDs taken in one exchange; more is a quarrel */
#define XN_TGN_FIRST 21         /* negotiated TG numbers; 1-20 are predefined */
#define XN_TGN_LAST 239

/* What the partner was defined to be. */
enum xn_want { XN_WANT_ANY, XN_WANT_NN, XN_WANT_EN };

struct xidneg_parm {
	struct sna_name cpname;         /* ours */
	struct sna_name want_cpname;    /* the partner's; empty: any */
	uint32_t nodeid;
	uint32_t want_nodeid;           /* the partner's; 0: any */
	uint8_t want_type;              /* enum xn_want */
	uint16_t max_btu;
	uint8_t network_node;
	uint8_t cpcp;                   /* CP-CP sessions on this TG */
	uint8_t tgn;                    /* 0: no preference; 1-20 predefined */
	struct sna_name vrn;            /* connection network the TG is of; empty: none */
	uint8_t nlp_sap;                /* we take NLPs on */
	struct label tg_label;          /* of the TG, outbound; may be empty */
	uint32_t instance;              /* of our NCEs */
	uint8_t calling;
	uint64_t seed;
};

struct xidneg {
	struct fsm fsm;
	struct xidneg_parm parm;
	struct xid own;                 /* what we said last, or are to say */
	struct xid peer;                /* what the partner said last */
	uint32_t nodeid;                /* in force: random after a draw */
	uint32_t sense;
	uint8_t tgn;                    /* in force; 0: still open */
	uint8_t role;                   /* enum xid_role in force */
	uint8_t got_pn, got_np;         /* of this exchange */
	uint8_t draws;                  /* equal node IDs seen */
	uint8_t turns;
	uint8_t tg_used[32];            /* bit per TG number taken to this partner */
};

void        xidneg_init(struct xidneg *, const struct xidneg_parm *);
/* The caller's side: opens with a null XID. */
enum xn_do  xidneg_begin(struct xidneg *, const char *subject);
enum xn_do  xidneg_null(struct xidneg *, const char *subject);
enum xn_do  xidneg_input(struct xidneg *, const struct xid *, const char *subject);
enum xn_do  xidneg_setmode(struct xidneg *, const char *subject);       /* XID_DONE_RQ came */
void        xidneg_done(struct xidneg *, const char *subject);          /* XID_DONE_RSP came */
/* Makes own an XID3 with CV 22 and this sense. */
enum xn_do  xidneg_fail(struct xidneg *, uint32_t sense);
/* A TG number of the partner's that another link already has. */
void        xidneg_use_tgn(struct xidneg *, unsigned tgn);
const struct fsm_desc *xidneg_fsm(void);

#endif
