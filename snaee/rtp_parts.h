/* SPDX-License-Identifier: Apache-2.0
 *
 * rtp_parts.h - the inside of an RTP connection, for rtp*.c and nobody else.
 *
 * Files:   rtp.c      states, timers, verbs, deactivation
 *          rtp_in.c   a packet received: who it is from, its bytes in order
 *          rtp_rex.c  status received: what is acknowledged, what goes again
 *          rtp_out.c  the next packet to send
 *          rtp_stall.c what was sent again does not arrive
 *          rtp_count.c a partner that counts otherwise than we do
 *          rtp_show.c for the operator
 */
#ifndef SNAEE_RTP_PARTS_H
#define SNAEE_RTP_PARTS_H

#include "base/log.h"
#include "snaee/rtp.h"
#include "snaee/sense.h"

/* Sense codes of a connection fault; companion ee-hpr-rtp 5.8 lists TPF's, which
 * we use for what the architecture has no code for that we know. */
#define SENSE_RTP_GONE 0xa001ee02u              /* asked for data acknowledged before */
#define SENSE_RTP_IN_LARGE 0xa001ee05u          /* a message larger than we take */
#define SENSE_RTP_NO_COB 0xa001ee0au            /* no answer to our COB request */

/* want */
#define W_SETUP 0x0001u         /* calling: setup packet */
#define W_REPLY 0x0002u         /* called: the answer to it */
#define W_STATUS 0x0004u        /* a status, now */
#define W_RQ 0x0008u            /* a status request without data */
#define W_IDLE 0x0010u          /* .. because nothing was heard */
#define W_COB 0x0020u
#define W_LMI 0x0040u
#define W_SWITCH 0x0080u        /* segment 14 on the new path */
#define W_FAULT 0x0100u
#define W_LAST 0x0200u          /* RTP_DOWN waits for what else is wanted */

/* ind */
#define I_UP 0x01u
#define I_KEPT 0x02u
#define I_PATH 0x04u
#define I_STALL 0x08u
#define I_OVER 0x10u            /* path switch: overridden by the partner's */
#define I_DONE 0x20u            /* .. completed */
#define I_MOVED 0x40u           /* .. by the partner alone */

#define COB_WAIT_US SECS(30)    /* for a COB response, or LMI behind it; our choice, 5.8 */
#define RTP_FLIGHT_MAX (32u << 20)      /* bytes behind a hole; below GAP_BYTES */
#define RTP_NLP_LEAST 768       /* HPR's least NLP; companion 6.5 */
#define STATUS_WAIT_US MSEC(20) /* 5.5 */
#define SHORT_REQ_MIN_US MSEC(500)
#define SHORT_REQ_MAX_US SECS(8)
#define REFIFO_MIN_US MSEC(10)
#define REFIFO_MAX_US MSEC(100)
#define REFIFO_AGAIN_US MSEC(300)
#define SRI_EVERY 16            /* data packets */
#define STATUS_EVERY 64         /* data packets received */

enum rtp_event { RE_CALL = 1, RE_SETUP, RE_REPLY, RE_CLOSE, RE_COB_RQ, RE_COB_BUSY, RE_COB_OK,
	RE_COB_REJECT, RE_LMI, RE_LMI_ACK, RE_FAULT, RE_ERROR, RE_LOST, RE_SWITCH, RE_PATH_OK,
	RE_PATH_OVER, RE_CLOSE_OVER, RE_DROP, RE_N };
enum rtp_action { RA_NONE = 1, RA_SETUP, RA_CONNECT, RA_ANSWER, RA_COB_RQ, RA_COB_OK,
	RA_COB_REJECT, RA_LMI, RA_BOTH, RA_KEPT, RA_SWITCH, RA_RESUME, RA_END, RA_LOST, RA_FAULTED,
	RA_FAULT, RA_NO_COB, RA_DROP, RA_N };

/* Bytes that wait to be sent for the first time. */
static inline uint32_t
rtp_unsent(const struct rtp *r)
{
	return r->end - r->nxt;
}

static inline void
rtp_uncongest(struct rtp *r)
{
	if (r->congested && rtp_unsent(r) < RTP_TX_LOW && r->tx.bytes < RTP_TX_MAX / 2)
		r->congested = 0;
}

static inline bool
sync_before(uint16_t a, uint16_t b)
{
	return (int16_t)(uint16_t)(a - b) < 0;
}

/* rtp.c */
/* One step of the FSM and what it orders. sense: for those that end it. */
void     rtp_event(struct rtp *, struct mono now, enum rtp_event, uint32_t sense);
/* rtp_stall.c */
void     rtp_stall_resent(struct rtp *, struct mono now, uint32_t begin, uint32_t end);
void     rtp_stall_acked(struct rtp *, struct mono now);
void     rtp_stall_due(struct rtp *, struct mono now);  /* RT_STALL */
void     rtp_small_over(struct rtp *);                  /* RT_SMALL */

/* rtp_count.c */
void     rtp_count_hole(struct rtp *);
void     rtp_count_ack(struct rtp *, uint32_t rseq);

void     rtp_recut(struct rtp *);               /* after path or packet size changed */
void     rtp_new_path(struct rtp *);            /* we, or the partner, send another way now */
/* Sends the COB request or response that waited for the send queue to drain. */
void     rtp_drained(struct rtp *, struct mono now);
static inline bool
rtp_over(const struct rtp *r)
{
	return r->fsm.state == RS_CLOSED;
}

/* rtp_out.c */
/* New data may go, as far as anything but the rate is concerned. */
bool     rtp_may_new(const struct rtp *);

/* rtp_in.c */
/* Moves what is in turn from the reorder store to the user's queue. */
void     rtp_unstore(struct rtp *, struct mono now);
static inline bool
rtp_hole(const struct rtp *r)
{
	return r->rseq_known && seq_before(r->rseq, r->rtop);
}

/* rtp_rex.c */
void     rtp_status(struct rtp *, struct mono now, const struct seg_status *);
bool     rtp_rex_due(const struct rtp *);
/* The next packet to retransmit: its buffer, first byte, end. False: none. */
bool     rtp_rex_next(struct rtp *, struct buf **, uint32_t *begin, uint32_t *end);
/* A status with this sync goes out behind all that was retransmitted. */
void     rtp_rex_close(struct rtp *, uint16_t sync);

#endif
