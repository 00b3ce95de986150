/* SPDX-License-Identifier: Apache-2.0
 *
 * ldlc.h - logical data link control: one link station over UDP.
 *
 * Carries the XID exchange reliably, tests that the partner is alive, takes
 * the link down. It has no I frames: NLPs pass by it in UI frames.
 *
 * Takes:   frames of its SAP pair (ldlc_input), XID_DONE_RQ/RSP (ldlc_routed).
 * Gives:   UP and DOWN (ldlc_recv); frames for the signal port (ldlc_output).
 * Units:   seconds in the parameters, microseconds (struct mono) inside.
 * Memory:  none; what is to be sent is a set of bits, so it can't pile up.
 * Errors:  sense code in DOWN; a bad frame is counted and dropped.
 * Thread:  SNA.
 * Source:  RFC 2353 sections 2.2-2.5; companion ee-hpr-rtp section 2.
 */
#ifndef SNAEE_LDLC_H
#define SNAEE_LDLC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/con.h"
#include "base/ebcdic.h"
#include "base/fsm.h"
#include "base/ipaddr.h"
#include "base/mono.h"
#include "base/stats.h"
#include "snaee/ee.h"
#include "snaee/llc.h"
#include "snaee/xid.h"
#include "snaee/xidneg.h"

#define LDLC_BTU_MIN 768        /* of HPR */
#define LDLC_GUARD_S 20         /* stray activation XIDs are ignored this long; our choice */

enum ldlc_state { LS_RESET = 1, LS_CALLED, LS_XIDX, LS_WDONE_P, LS_WDONE_S, LS_ACTIVE,
	LS_PROBE, LS_WDM, LS_N };

enum ldlc_timer {
	LT_RETRY,       /* an answer is awaited: SRQTIME */
	LT_LIVE,        /* nothing heard: LIVTIME */
	LT_PATIENCE,    /* the caller, or the operator, went silent */
	LT_N
};

struct ldlc_parm {
	struct ipaddr remote, local;
	uint8_t at;                     /* index of local in ee */
	uint8_t sap_local, sap_remote;
	uint16_t livtime, livtime_max;  /* s; max 0: no growth */
	uint16_t srqtime, srqretry;
	uint8_t higher;                 /* 1: our IP address is the higher one */
	uint8_t limited, arb;           /* as ee_linkparm */
	void *owner;
	struct xidneg_parm xid;
};

/* Per UDP port, by enum ee_port; D NET,EE. Kept by ee. */
struct ldlc_traffic {
	uint64_t nlps_sent, bytes_sent;
	uint64_t nlps_rcvd, bytes_rcvd;
	uint64_t nlps_resent, bytes_resent;
};

enum ldlc_stat {
	LDLC_RESENT_ONCE,       /* signals retransmitted at least one time */
	LDLC_RESENT_LIMIT,      /* signals retransmitted SRQRETRY times */
	LDLC_XID_SENT, LDLC_XID_RCVD, LDLC_XID_DUP, LDLC_XID_STRAY, LDLC_XID_BAD,
	LDLC_TEST_SENT, LDLC_TEST_RCVD, LDLC_REFUSED, LDLC_NSTAT
};
extern const struct stat_desc ldlc_stat_desc[LDLC_NSTAT];

/* D NET,EEDIAG: its counters can be cleared, those above count on. */
#define LDLC_ATTEMPTS 16        /* the last one: that or more */
struct ldlc_diag {
	uint32_t answered[LDLC_ATTEMPTS];       /* signals, after 1, 2 .. retransmissions */
	uint64_t sent[EE_NPORT], resent[EE_NPORT];      /* NLPs at the last clear */
	struct mono rexmit_at, srq_at;          /* last clear; before any: link up */
};
enum ldlc_clear { LDLC_CLEAR_REXMIT = 1, LDLC_CLEAR_SRQ, LDLC_CLEAR_ALL };

enum ldlc_what { LDLC_UP = 1, LDLC_DOWN, LDLC_MTU };

struct ldlc_ind {
	uint8_t what;
	uint32_t sense;         /* DOWN */
};

struct ldlc_frame {
	uint16_t len;
	uint8_t b[LLC_LEN + XID_MAX];
};

struct ldlc {
	struct fsm fsm;                 /* enum ldlc_state */
	struct ldlc_parm parm;
	struct xidneg neg;
	struct mono t[LT_N];
	struct mono up_at, heard_at;    /* activation; last frame or NLP from the partner */
	int64_t live_us;                /* LIVTIME as it has grown */
	uint16_t tries;                 /* retransmissions of the signal that waits */
	uint16_t want;                  /* what is to be sent, bits */
	uint8_t nlp_dsap, nlp_ssap;     /* of UI frames; dsap from the partner's CV 61 */
	uint8_t called;                 /* we answer with responses */
	uint8_t began;                  /* called as EEI_*.called has it: partner dialed */
	uint8_t up, ind;                /* UP was given; bits not given yet */
	uint8_t doubt;                  /* back after TESTs in vain: pipes may be half dead */
	uint8_t moved;                  /* nlp_dsap or the peer's XID changed: ee looks again */
	uint32_t sense;                 /* why it went down */
	uint16_t max_btu;               /* we may send; lowered by its path, at least 768 */
	uint16_t in_len, out_len;       /* last XID received, sent; 0: null or none */
	uint8_t in_any;                 /* an XID was received in this exchange */
	uint8_t cmd_out;                /* our XID command waits for an answer */
	uint8_t in_xid[XID_MAX], out_xid[XID_MAX];
	char subject[IPADDR_TEXT];      /* for the log */
	uint64_t stat[LDLC_NSTAT];
	struct ldlc_traffic traffic[EE_NPORT];
	struct ldlc_diag diag;
};

void     ldlc_init(struct ldlc *, const struct ldlc_parm *);
void     ldlc_open(struct ldlc *, struct mono now);             /* we call */
/* The partner calls with this XID3; ldlc_answer() or ldlc_refuse() is to follow. */
void     ldlc_call(struct ldlc *, struct mono now, const uint8_t *xid, size_t n);
void     ldlc_answer(struct ldlc *, struct mono now, const struct ldlc_parm *);
void     ldlc_refuse(struct ldlc *, struct mono now, uint32_t sense);
void     ldlc_close(struct ldlc *, struct mono now);            /* DISC */
void     ldlc_drop(struct ldlc *, struct mono now, uint32_t sense);     /* down, no DISC */

/* XID, DISC, DM and TEST responses; TEST commands are ee's (they need no link).
 * Borrows the information field. */
void     ldlc_input(struct ldlc *, struct mono now, const struct llc *, const uint8_t *, size_t);
void     ldlc_routed(struct ldlc *, struct mono now, unsigned fn);      /* FR NLP: 03, 04 */
void     ldlc_heard(struct ldlc *, struct mono now);            /* an NLP came by */
/* The longest IP packet its path takes. True: max_btu shrank, LDLC_MTU tells when up. */
bool     ldlc_path_mtu(struct ldlc *, uint32_t mtu);
/* A datagram to the partner came back with this errno. True: max_btu shrank. */
bool     ldlc_unreachable(struct ldlc *, struct mono now, int err);
bool     ldlc_recv(struct ldlc *, struct ldlc_ind *);
bool     ldlc_output(struct ldlc *, struct mono now, struct ldlc_frame *);
struct mono ldlc_deadline(const struct ldlc *);
void     ldlc_expire(struct ldlc *, struct mono now);
void     ldlc_show(const struct ldlc *, struct mono now, struct con *);

bool     ldlc_active(const struct ldlc *);      /* NLPs may flow */
bool     ldlc_dead(const struct ldlc *);        /* DOWN given or due; only output is left */
bool     ldlc_silent(const struct ldlc *);      /* active, and a TEST waits for its answer */
/* A pipe on it had no answer: TEST soon, not when LIVTIME is over. */
void     ldlc_suspect(struct ldlc *, struct mono now);
bool     ldlc_guarded(const struct ldlc *, struct mono now);   /* too young for a new XID */

/* For the operator. */
const char *ldlc_state(const struct ldlc *);
const struct fsm_desc *ldlc_fsm(void);
const struct xid *ldlc_peer(const struct ldlc *);       /* NULL: no XID3 yet */
/* NLPs sent and sent again on a port since the last clear. */
void     ldlc_rexmit(const struct ldlc *, enum ee_port, uint64_t *sent, uint64_t *again);
void     ldlc_clear(struct ldlc *, struct mono now, enum ldlc_clear);
/* Did the XID exchange end with CV 22, whose? The vector is in neg.own or neg.peer. */
enum ldlc_error { LDLC_ERR_NONE, LDLC_ERR_SENT, LDLC_ERR_RCVD };
enum ldlc_error ldlc_xid_error(const struct ldlc *);
/* "PRI", "SEC" or "NEG". */
const char *ldlc_role(const struct ldlc *);
static inline unsigned
ldlc_tgn(const struct ldlc *l)
{
	return l->neg.tgn;
}
static inline void *
ldlc_owner(const struct ldlc *l)
{
	return l->parm.owner;
}
static inline const struct ipaddr *
ldlc_local(const struct ldlc *l)
{
	return &l->parm.local;
}
static inline const struct ipaddr *
ldlc_remote(const struct ldlc *l)
{
	return &l->parm.remote;
}

#endif
