/* SPDX-License-Identifier: Apache-2.0
 *
 * dfc.h - data flow control of one half-session: chains, brackets, direction,
 * quiesce and shutdown, and which response belongs to which request.
 *
 * It sees headers, never data: hs (hs.h) numbers, paces and moves the RUs and
 * asks here whether each may be sent or taken, in the order of the session.
 *
 * Takes:   RH, number, request code and sense of every DFC and FMD request
 *          and response, one call each.
 * Gives:   0, or the sense code that says what was wrong. A refused request
 *          from our user changes nothing. A refused one of the partner is
 *          followed by dfc_reject(): the state after our negative response.
 * Order:   RH as in piu.h.
 * Memory:  none but the struct; tables of DFC_CORR_MAX chains a direction.
 * Errors:  sense code; 0 accepted.
 * Thread:  SNA.
 * Source:  SNA Format and Protocol Reference, DFC; companion sna-sessions
 *          sections 2.1 (FM profiles), 2.6 (BIND bytes 4-7), 3.1-3.5.
 */
#ifndef SNAEE_DFC_H
#define SNAEE_DFC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/fsm.h"

struct bind;

#define DFC_CORR_MAX 12         /* chains that may still be answered, a direction */

/* FM profiles, as numbered in BIND byte 2. */
enum dfc_fm { FM_0 = 0x00, FM_2 = 0x02, FM_3 = 0x03, FM_4 = 0x04, FM_7 = 0x07,
	FM_18 = 0x12, FM_19 = 0x13 };

/* A request or response, as DFC sees it. */
struct dfc_rq {
	uint32_t rh;
	uint32_t sense;         /* of a negative response or an exception request */
	uint16_t snf;           /* of the request; of the request answered */
	uint8_t code;           /* first RU byte of a DFC request; 0 for FMD */
	uint8_t expedited;      /* flow */
};

enum dfc_do {
	DFC_TAKE = 1,           /* for the user */
	DFC_PURGE               /* rest of a rejected chain: drop it */
};

/* A chain (or DFC request) that may still be answered. */
struct dfc_corr {
	uint16_t first, last;   /* numbers of its first and last RU */
	uint8_t code;
	uint8_t what;           /* DFC_C_* */
	uint16_t dr;            /* RH byte 1: DR1, DR2, ERI of the last RU */
};

/* dfc_corr.what */
#define DFC_C_RQD 0x01u         /* must be answered */
#define DFC_C_EXP 0x02u         /* expedited flow */
#define DFC_C_BB 0x04u
#define DFC_C_EB 0x08u          /* EB or CEB */
#define DFC_C_OPEN 0x10u        /* its last RU has not come */
#define DFC_C_DFC 0x20u
#define DFC_C_SC 0x40u
#define DFC_C_CD 0x80u

struct dfc_side {               /* what one direction may do, from BIND, and does */
	uint8_t multi;          /* chains of several RUs */
	uint8_t delayed;        /* request mode: 0 immediate */
	uint8_t rsp;            /* chain response: 0 none, 1 exception, 2 definite, 3 either */
	uint8_t may_eb;
	uint8_t lustat;         /* may send LUSTAT */
	uint8_t n;              /* entries of corr, oldest first */
	uint8_t evicted;        /* RQE chains fell out of corr */
	uint8_t eb;             /* EB came with BC of the chain under way */
	uint8_t bb_live;        /* the last BB began the bracket we are in */
	uint8_t lost;           /* chain under way lost a race, or was answered: flags void */
	uint16_t bb;            /* number of the RU that carried the last BB */
	struct dfc_corr corr[DFC_CORR_MAX];
};

struct dfc {
	uint8_t role;           /* enum hs_role */
	uint8_t fm;             /* enum dfc_fm */
	uint8_t brackets;       /* brackets used */
	uint8_t rule1;          /* conditional termination */
	uint8_t first;          /* we are first speaker (bracket contention winner) */
	uint8_t recover;        /* enum dfc_recovery: after a negative response */
	uint8_t duplex;         /* enum dfc_duplex */
	uint8_t fmh, alt;       /* FM headers, alternate code allowed */
	uint8_t br_reset, dir_reset;    /* reset states */
	uint8_t stepped;        /* an exception request has moved the states */
	struct fsm tx, rx;      /* chain send, chain receive */
	struct fsm br;          /* bracket */
	struct fsm dir;         /* direction; HDX only */
	struct fsm shut;        /* SHUTD .. SHUTC */
	struct fsm qs, qr;      /* quiesce: of our sending, of the partner's */
	struct dfc_side out, in;
};

enum dfc_duplex { DFC_FDX, DFC_HDX_CONT, DFC_HDX_FF };
enum dfc_recovery { DFC_REC_US, DFC_REC_PARTNER, DFC_REC_SENDER };

void     dfc_init(struct dfc *, const struct bind *, unsigned role);
/* BIND or CLEAR: all states to reset, nothing to be answered. */
void     dfc_reset(struct dfc *);

/* What the user means, in the indicators this session uses: BB in a bracket
 * and CD outside flip-flop go away, RQE becomes what BIND allows. */
uint32_t dfc_fit(const struct dfc *, uint32_t rh);
/* May the request be sent? rh is that of the whole chain when hs cuts it. */
uint32_t dfc_may_send(const struct dfc *, const struct dfc_rq *);
/* The request is sent: dfc_may_send(), then all states move on. */
uint32_t dfc_send(struct dfc *, const struct dfc_rq *);
/* A response of ours; its flow is not looked at. *was: the request answered. */
uint32_t dfc_send_rsp(struct dfc *, const struct dfc_rq *, struct dfc_corr *was);
/* A request of the partner. Non-zero: answer so, then dfc_reject(). */
uint32_t dfc_recv(struct dfc *, const struct dfc_rq *, enum dfc_do *);
/* The request was refused with sense: by dfc_recv(), by hs, or an exception. */
void     dfc_reject(struct dfc *, const struct dfc_rq *);
/* A response of the partner. Non-zero: drop it. *was: the request answered. */
uint32_t dfc_recv_rsp(struct dfc *, const struct dfc_rq *, struct dfc_corr *was);

/* A bracket is open or being opened; always true where none are used. */
bool     dfc_in_bracket(const struct dfc *);
void     dfc_show(const struct dfc *, struct con *);
void     dfc_print(struct con *);               /* all matrices */

#endif
