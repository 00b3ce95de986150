/* SPDX-License-Identifier: Apache-2.0
 *
 * rtp.h - one end of an HPR RTP connection.
 *
 * Takes:   NLPs that carry our TCID (rtp_input); PIUs from above (rtp_send).
 * Gives:   PIUs in order and once (rtp_recv); NLPs as ARB allows (rtp_output).
 * Units:   microseconds (struct mono), bits per second, bytes.
 * Order:   host order here; big-endian only in nlp.c.
 * Memory:  buffers of the pool in rtp_parm; never allocates otherwise. Bounded:
 *          RTP_TX_MAX retained bytes, GAP_BYTES out of order, RTP_RX_MAX ready.
 *          Over a bound: refused above, not acknowledged below, never lost.
 * Errors:  sense code; 0 accepted.
 * Thread:  SNA.
 * Source:  companion ee-hpr-rtp sections 4 and 5.
 *
 * The driver's duty after every call that changes something: pull rtp_recv and
 * rtp_output until both are dry, then put rtp_deadline in the heap. RTP_DOWN
 * comes only after the last packet was pulled, so ask rtp_recv again behind
 * rtp_output; then rtp_fini() and free it.
 */
#ifndef SNAEE_RTP_H
#define SNAEE_RTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/con.h"
#include "base/ebcdic.h"
#include "base/fsm.h"
#include "base/mono.h"
#include "base/stats.h"
#include "snaee/arb.h"
#include "snaee/gap.h"
#include "snaee/nlp.h"
#include "snaee/rtp_path.h"

#define RTP_TX_MAX (64u << 20)          /* bytes retained; above: rtp_send() refuses */
#define RTP_TX_HIGH (512u << 10)        /* rtp_congested() when so much is not sent yet .. */
#define RTP_TX_LOW (256u << 10)         /* .. until so little */
#define RTP_RX_MAX 4096                 /* messages ready for rtp_recv() */
#define RTP_HDR_MAX (4 + NHDR_ANR_MAX + THDR_MAX)
#define RTP_PATH_MAX 24                 /* bytes of ANR labels towards the partner */
#define RTP_REX 64                      /* ranges under retransmission */
#define RTP_ASKS 64                     /* status requests whose time is known */

enum rtp_state { RS_RESET = 1, RS_LISTENING, RS_CALLING, RS_CONNECTED, RS_PATHSWITCH,
	RS_COB_SENT, RS_COB_RCVD, RS_LMI_SENT, RS_CLOSED, RS_N };

enum rtp_timer {
	RT_SHORT_REQ,   /* a status request is unanswered */
	RT_ALIVE,       /* nothing heard */
	RT_REFIFO,      /* a hole may still be filled by late packets */
	RT_STATUS,      /* a status is owed, and may still ride on data */
	RT_PATH,        /* path switch under way */
	RT_CLOSE,       /* deactivation under way */
	RT_STALL,       /* what was sent again is not acknowledged */
	RT_SMALL,       /* NLPs are small since a stall */
	RT_N
};

/* Counters since birth (or rtp_clear()): rtp_stat_desc has names and texts. */
enum rtp_stat { RTP_NLPS_SENT, RTP_BYTES_SENT, RTP_NLPS_RESENT, RTP_BYTES_RESENT, RTP_NLPS_RCVD,
	RTP_BYTES_RCVD, RTP_MSGS_SENT, RTP_MSGS_RCVD, RTP_DUPLICATES, RTP_OUT_OF_ORDER,
	RTP_GAPS_SENT, RTP_GAPS_RCVD, RTP_STATUS_SENT, RTP_STATUS_RCVD, RTP_SHORT_REQS,
	RTP_SETUPS_AGAIN, RTP_STORE_FULL, RTP_NO_BUF, RTP_REFUSED, RTP_DISCARDED,
	RTP_PATH_SWITCHES, RTP_PATH_MOVES, RTP_SEG_UNKNOWN, RTP_COUNTS_EXTRA, RTP_NSTAT };
extern const struct stat_desc rtp_stat_desc[RTP_NSTAT];

struct rtp_parm {
	uint64_t tcid;                  /* ours; bit 0 is 0; low word: where to find us */
	uint8_t called;                 /* 1: born from a setup packet */
	uint8_t tpf;                    /* enum tpf */
	uint8_t path_len;               /* calling: ANR labels to the partner's NCE, without FF */
	uint8_t path[RTP_PATH_MAX];
	uint8_t back_len;               /* labels of nodes on the way back to us; 0: adjacent */
	uint8_t back[RTP_PATH_MAX];
	struct label nce;               /* ours: goes into CQF and, last, the return path */
	uint32_t instance;              /* of our NCE */
	struct sna_name cp;             /* ours, NETID.NAME */
	struct sna_name cos;            /* class of service ("topic"); called: learned */
	uint8_t tgn;                    /* of the link; 0: no return TG descriptor sent */
	uint16_t max_send;              /* link's largest packet, from the NHDR on */
	uint16_t max_recv;              /* ours */
	uint32_t switch_ms;             /* path switch time; 0: none, the connection is lost */
	uint32_t delay_ms;              /* HPRPSDLY: a silent partner is asked so much longer */
	uint8_t mobile, limited;        /* we look for other paths; link: limited resource */
	uint32_t alive_ms;              /* 0: 180 s */
	uint8_t no_alive, arb;  /* LDLC watches the link; enum arb_mode offered, 0: responsive */
	uint32_t isn;                   /* first byte's sequence number; 1 as a rule */
	uint64_t rate_bps, ceiling_bps; /* 0: ARB defaults */
	uint8_t short_retries;          /* 0: 6 */
	struct bufpool *bufs;
	struct pool *gap_tables;        /* for many holes: gap.h */
};

enum rtp_what {
	RTP_UP = 1,     /* connected; called: the caller answered our reply */
	RTP_DATA,       /* buf: one whole message */
	RTP_KEPT,       /* the partner still has sessions: rtp_close() again later */
	RTP_PATH,       /* step and why; sense as well: 0 the path is found */
	RTP_STALL,      /* the partner answers and acknowledges nothing: sense 1; 0: over */
	RTP_DOWN        /* sense 0: orderly. Nothing follows */
};

struct rtp_ind {
	uint8_t what;                   /* enum rtp_what */
	uint8_t step, why;              /* PATH: enum rtp_step, rtp_why of rtp_path.h */
	uint32_t sense;
	struct buf *buf;                /* owned by the receiver */
};

/* One NLP: hdr, then data (borrowed: valid until the next call of anything but
 * rtp_output() for this connection). */
struct rtp_out {
	uint8_t tpf;                    /* enum tpf: which port */
	uint8_t resent;                 /* a retransmission */
	uint16_t hdr_len;               /* NHDR, THDR, segments */
	const uint8_t *data;            /* NULL: none */
	uint32_t data_len;
	uint8_t hdr[RTP_HDR_MAX];
};

struct rtp_rex {                        /* bytes to be, or just, retransmitted */
	uint32_t begin, at, end;        /* from at on is still to do */
	uint16_t sync;                  /* at == end: status report that followed it */
	uint8_t closed;                 /* sync is set */
};

struct rtp_ask {                        /* a status request */
	struct mono at;
	uint32_t delivered;             /* what was known to be then */
	uint16_t sync;
	uint8_t dry;                    /* there was nothing more to send */
};

struct rtp {
	struct fsm fsm;                 /* enum rtp_state */
	struct rtp_parm parm;
	uint64_t peer_tcid;             /* calling: 0 until the reply */
	uint8_t confirmed;              /* called: the caller uses our TCID */
	uint8_t path_len;               /* labels to the partner */
	uint8_t path[RTP_PATH_MAX];
	uint8_t pathless;               /* no link below */
	uint8_t far;                    /* called: the caller is not our neighbour */
	uint8_t closing;                /* rtp_close() was called */
	struct rtp_move move;           /* path switch: rtp_path.h */
	uint8_t down;                   /* 1: RTP_DOWN due, 2: given */
	uint32_t sense;                 /* of RTP_DOWN */
	uint32_t sessions;
	uint32_t want, ind;             /* what is to be sent; told. Bits, rtp_parts.h */
	struct mono t[RT_N];
	struct mono born, heard_at, sent_at;
	uint16_t cut;                   /* data bytes per NLP */
	uint32_t peer_packet;           /* partner takes no larger NLP; 0: not told */
	uint32_t peer_alive_ms, peer_switch_ms;
	char subject[24];               /* TCID for the log */

	/* sending: [una, nxt) is sent, [nxt, end) waits */
	struct bufq tx;                 /* mark: sequence number of its first byte */
	struct buf *next;               /* holds nxt; NULL: nothing waits */
	uint32_t una, nxt, end;
	uint32_t rex_n;
	struct rtp_rex rex[RTP_REX];    /* ascending */
	struct buf *rex_buf;            /* where the last one was found */
	uint8_t setup_data;             /* the first message rode in the setup packet */
	uint16_t since_sri;             /* data NLPs since the last status request */
	uint8_t congested, losses;      /* of the flight below loss_seq */
	uint16_t cob_out;               /* enum cob to be sent */
	uint32_t fault_out;

	/* status */
	uint16_t sync, peer_sync;       /* last sent, last received */
	uint16_t echo;                  /* newest of ours that came back */
	uint16_t rq_sync;               /* last status request ... */
	uint32_t rq_seq;                /* ... when nxt was this */
	struct mono rq_at;
	uint8_t rq_open, peer_synced, echo_known, short_n; /* SHORT_REQ expiries in a row */
	uint8_t probing, rtt_known, asks_from, asks_n;  /* the last request is SHORT_REQ's */
	struct rtp_ask asks[RTP_ASKS];  /* not answered yet, the oldest first */
	int64_t srtt, rttvar;           /* us */
	uint16_t lmi_sync, switch_sync;
	uint8_t lmi_sent, switch_sent;
	uint32_t delivered, loss_seq;   /* known to have arrived; nxt at the last loss */
	struct mono acked_at;           /* una moved */
	struct rtp_stall stall;         /* it does not: rtp_path.h */
	uint8_t gap_told;               /* the hole outlasted REFIFO */
	uint32_t hole_seq;              /* where it begins */
	int64_t refifo_us;              /* grows while a hole stays */

	/* receiving */
	uint32_t rseq;                  /* next expected */
	uint32_t rtop;                  /* behind the highest byte heard of */
	uint8_t rseq_known, in_msg, lmi_seen;
	struct buf *msg;                /* message under way */
	struct bufq rx;                 /* whole messages */
	uint16_t rcvd_n;                /* data NLPs since our last status */
	uint8_t cob_in, lmi_in;         /* received before its turn */
	uint16_t cob_in_bits;
	uint32_t cob_in_seq, lmi_in_seq;
	struct rtp_extra extra[2];      /* received, acknowledged: rtp_path.h */
	uint8_t extra_told;

	struct arb arb;
	uint32_t largest_sent, largest_rcvd;
	struct mono resent_at;
	uint64_t stat[RTP_NSTAT];
	struct gap gap;                 /* last: rtp_init() does not clear it */
};

static inline uint32_t
rtp_tcid_index(uint64_t tcid)           /* where ee finds the connection of a TCID */
{
	return (uint32_t)tcid;
}

void     rtp_init(struct rtp *, const struct rtp_parm *);
void     rtp_fini(struct rtp *);                /* frees all buffers; any state */
void     rtp_call(struct rtp *, struct mono now);       /* calling side, after rtp_init() */

/* The NLP as parsed: th->data lies in the buffer. A called connection's first
 * input is the setup packet. Takes the buffer. Packets with SETUPI come here
 * by (CQF, TCID), others by our TCID. */
void     rtp_input(struct rtp *, struct mono now, const struct nhdr *, const struct thdr *,
             struct buf *);
bool     rtp_recv(struct rtp *, struct rtp_ind *);
uint32_t rtp_send(struct rtp *, struct mono now, struct buf *msg);    /* takes it if 0: no close */
bool     rtp_output(struct rtp *, struct mono now, struct rtp_out *);
struct mono rtp_deadline(const struct rtp *);
void     rtp_expire(struct rtp *, struct mono now);
void     rtp_show(const struct rtp *, struct mono now, struct con *);

bool     rtp_congested(const struct rtp *);     /* stop sending for a while */
bool     rtp_connected(const struct rtp *);     /* data flows */
void     rtp_close(struct rtp *, struct mono now);      /* sent data first */
/* Ends it with a connection fault (segment 12), as after thdr_get() with a sense. */
void     rtp_fault(struct rtp *, struct mono now, uint32_t sense);
void     rtp_drop(struct rtp *, struct mono now, uint32_t sense);       /* down, nothing sent */
void     rtp_ask(struct rtp *);                 /* is the partner's end still there? */
/* Sessions that use it: while there are any, the partner's close is refused. */
void     rtp_sessions(struct rtp *, uint32_t n);

const struct fsm_desc *rtp_fsm(void);           /* for the operator, as the rest */
int64_t  rtp_short_req_us(const struct rtp *);
int64_t  rtp_refifo_us(const struct rtp *);
uint32_t rtp_unacked(const struct rtp *);       /* buffers */
bool     rtp_stalled(const struct rtp *);
void     rtp_clear(struct rtp *);               /* counters: CLEAR=ALL */

#endif
