/* SPDX-License-Identifier: Apache-2.0
 *
 * hs.h - half-session: one end of an LU-LU session between BIND and UNBIND.
 *
 * Keeps sequence numbers, pacing windows and the data traffic state itself and
 * asks dfc (dfc.h) about chains, brackets, direction and responses.
 *
 * Takes:   RUs with the RH the user wants (hs_send); PIUs behind the TH (hs_input).
 * Gives:   checked RUs (hs_recv); PIUs from the RH on, with TH fields (hs_output).
 * Order:   RH as in piu.h.
 * Memory:  buffers only; queues bounded by HS_TXQ_MAX and HS_RXQ_MAX.
 * Errors:  sense code, 0 accepted. A refused buffer stays the caller's in
 *          hs_send; hs_input always takes it (and answers the peer itself).
 * Thread:  SNA.
 * Source:  companion sna-sessions sections 1.6, 2.6-2.9, 3.1-3.6.
 */
#ifndef SNAEE_HS_H
#define SNAEE_HS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/con.h"
#include "snaee/bind.h"
#include "snaee/dfc.h"
#include "snaee/piu.h"

enum hs_role { HS_PLU = 1, HS_SLU };

#define HS_TXQ_MAX 256          /* RUs waiting for the pacing window */
#define HS_TXQ_HIGH 32          /* hs_congested() from here .. */
#define HS_TXQ_LOW 8            /* .. until here */
#define HS_RXQ_MAX 256

struct hs_ind {
	uint32_t rh;            /* request or response (RH_RSP) */
	uint16_t snf;           /* of the request; of the request answered */
	uint32_t sense;         /* negative response, or exception request found here */
	struct buf *ru;         /* owned by the receiver; NULL when empty; sense removed */
};

enum hs_stat { HS_RU_SENT, HS_RU_RCVD, HS_BYTES_SENT, HS_BYTES_RCVD, HS_RSP_SENT,
	HS_RSP_RCVD, HS_NEG_SENT, HS_NEG_RCVD, HS_REFUSED, HS_PACE_WAIT, HS_NSTAT };

struct hs {
	uint8_t role;                   /* enum hs_role */
	uint8_t fm, ts;                 /* profiles */
	uint8_t active;                 /* data traffic: 0 RESET, 1 ACTIVE */
	uint16_t snf_out, snf_in;       /* last used, normal flow */
	uint16_t exp_out;               /* last expedited identifier */
	uint16_t win_out, win_in;       /* pacing windows, 0: none */
	uint16_t credit;                /* RUs we may still send */
	uint16_t in_win;                /* RUs left of the window begun with RH_PI */
	uint16_t credit_in;             /* RUs the partner may still send */
	uint8_t pace_owed;              /* PI received, hs_pace() not called yet */
	uint8_t pace_send;              /* a pacing response is to be sent */
	uint8_t congested;
	uint8_t paced;                  /* the partner sent RH_PI: hold it to its window */
	uint8_t adaptive;               /* TS 7: windows come in isolated pacing messages */
	uint8_t clearing;               /* CLEAR sent, its response awaited */
	uint32_t last_sense;            /* of what was refused last */
	uint32_t max_ru_out, max_ru_in; /* bytes; 0: not limited by BIND */
	struct dfc dfc;
	struct bufq tx;                 /* waits for the window, RH in front */
	struct bufq out;                /* ready for hs_output, RH in front */
	struct bufq rx;                 /* ready for hs_recv */
	struct buf *seg;                /* segments of a BIU under way */
	struct bufpool *bufs;
	uint64_t stat[HS_NSTAT];
};

void     hs_init(struct hs *, const struct bind *, enum hs_role, struct bufpool *);
void     hs_fini(struct hs *);                  /* frees what is queued */
/*
 * A request (FMD, DFC, SC: SDT and CLEAR) or, with RH_RSP, a response to snf.
 * The RU may be NULL for an empty one. Codes of SC/DFC requests are the first
 * RU byte. An RU longer than max_ru_out is cut into a chain when it is a whole
 * chain element (BC/EC honoured). Requests get their number here; *snf (may be
 * NULL) tells it. BB in a bracket, CD outside flip-flop and the like are taken
 * away (dfc_fit). A response: *snf is the request's; its code is added when the
 * RU has none.
 */
uint32_t hs_send(struct hs *, uint32_t rh, uint16_t *snf, struct buf *ru);
/* A negative response is hs_send() with RH_RSP | RH_SDI | RH_RTI and this function's RU. */
uint32_t hs_respond(struct hs *, uint32_t req_rh, uint16_t snf, uint32_t sense);
void     hs_input(struct hs *, const struct th *, struct buf *piu_from_rh);
/*
 * What is there for the user. SDT and CLEAR have been answered here and are only
 * told; so are requests with a sense (exceptions, or refused here): not to be
 * answered again. Responses to SDT and CLEAR come too.
 */
bool     hs_recv(struct hs *, struct hs_ind *);
/* Sets efi, snf and mpf (whole) of the TH; the session address is the caller's. */
struct buf *hs_output(struct hs *, struct th *);
/* The user consumed the RU that carried RH_PI: grant the next window. */
void     hs_pace(struct hs *);
/* Stop taking from the user: the window is closed and the queue is long. */
bool     hs_congested(const struct hs *);
void     hs_show(const struct hs *, struct con *);

#endif
