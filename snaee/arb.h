/* SPDX-License-Identifier: Apache-2.0
 *
 * arb.h - adaptive rate-based flow control of one RTP connection.
 *
 * The sender may send so many bits a second; it asks the receiver now and then
 * whether that is too much, and the receiver answers from how the distance of
 * two requests grew on the way (queues that fill). Credit is computed from the
 * microseconds that passed, never by ticks, so a message alone never waits.
 *
 * Takes:   segments 22, slowdown bits of the NHDR, losses, bytes sent.
 * Gives:   leave to send, segments 22.
 * Units:   bits per second, bytes, microseconds.
 * Memory:  none.
 * Thread:  SNA.
 * Source:  companion ee-hpr-rtp section 5.9: replies and percentages are
 *          architected, the algorithm is our choice, EE register row 11.
 */
#ifndef SNAEE_ARB_H
#define SNAEE_ARB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"
#include "snaee/nlp.h"

#define ARB_TICK_US 20000               /* burst timer */
#define ARB_CREDIT_TICKS 4              /* credit never exceeds this */
#define ARB_FLOOR_BPS 8000u
#define ARB_INITIAL_BPS 10000000u
#define ARB_CEILING_BPS 10000000000u
#define ARB_FLIGHT_MIN 65536u           /* may be under way before anything is known */
#define ARB_RT_US 18000                 /* receiver threshold */
#define ARB_RT_MIN_US 9000
#define ARB_RT_MAX_US 40000

enum arb_loss { ARB_LOSS_GAP, ARB_LOSS_SHORT_REQ };
enum arb_class { ARB_NEW, ARB_AGAIN };  /* new data; retransmission */
enum arb_user { ARB_BUSY, ARB_DRY };    /* has more to send; has not */

struct arb {
	uint64_t rate, initial, ceiling;        /* bit/s */
	uint64_t peak;                          /* highest actual rate */
	uint64_t actual;                        /* smoothed actual rate */
	uint64_t through;                       /* most that got through lately, bit/s: .. */
	uint64_t through_of[2];                 /* .. of this round trip, of the last */
	struct mono through_at;                 /* since when this one */
	int64_t credit;                         /* millionths of a bit; negative: wait */
	struct mono credit_at;
	/* as sender */
	uint8_t startup;
	uint32_t flight;                        /* bytes that may be under way */
	uint8_t probing;                        /* less is under way to see the path empty */
	int64_t probe_min;
	struct mono probe_at;
	uint8_t alien;                          /* samples that saw more queue than we make */
	uint8_t late;                           /* samples of startup that saw a queue */
	uint8_t lossy;                          /* round trips of startup with losses */
	uint64_t full;                          /* startup: the most that got through .. */
	struct mono full_at;                    /* .. and when it last grew */
	uint64_t top;                           /* rate before the last reduction .. */
	struct mono epoch;                      /* .. which was then .. */
	uint64_t gain;                          /* .. */
	int64_t k_ms;                           /* .. and may be reached again so much later */
	int64_t srtt, rtt_min, queue;           /* us; of the last: what is over the least */
	struct mono rtt_min_at;
	uint8_t mode, offered;                  /* enum arb_mode */
	uint8_t parity;
	uint8_t rq_corr;                        /* of the last request */
	uint8_t rq_open;                        /* its reply is awaited */
	uint8_t setup_due;
	struct mono rq_at, cut_at, sent_at, meas_at;
	uint64_t since_rq;                      /* bytes sent since */
	uint64_t meas_bytes;
	/* as receiver */
	uint8_t rp_due, rp_corr, rp_raa, rp_parity;
	uint8_t rq_seen;                        /* correlator of the last request, 0: none */
	uint8_t slow;                           /* slowdown bits seen: 1, 2 */
	struct mono rq_rcvd;
	int64_t dcs, threshold;                 /* us */
	uint64_t rcvd, rcvd_rate;               /* bytes since rq_rcvd; kbit/s */
	/* counters */
	uint32_t n_rq, n_rp, n_slow, n_loss;
};

/* 0: the defaults above. */
void     arb_init(struct arb *, uint64_t initial_bps, uint64_t ceiling_bps);
/* Before anything else. What both offer is the mode: the lower one. */
void     arb_offer(struct arb *, enum arb_mode);
void     arb_restart(struct arb *);             /* after a path switch: initial rate, new setup */
/* May a packet of this kind go now? If not, arb_when() says when to ask again. */
bool     arb_may(struct arb *, struct mono now, enum arb_class);
struct mono arb_when(const struct arb *, enum arb_class);
void     arb_sent(struct arb *, struct mono now, uint32_t bytes);
/* A request was answered after so long; meanwhile so many bytes are known to have arrived. */
void     arb_sample(struct arb *, struct mono now, int64_t rtt_us, uint32_t bytes, enum arb_user);
/* Bytes that may be under way unacknowledged. */
uint32_t arb_flight(const struct arb *);
void     arb_rcvd(struct arb *, uint32_t bytes, const struct nhdr *);
void     arb_input(struct arb *, struct mono now, const struct seg_arb *);
/* The segment to go with the next packet: setup, request and/or reply. False: none.
 * data: how many bytes of data that packet has; without data only a reply or setup goes. */
bool     arb_output(struct arb *, struct mono now, uint32_t data, struct seg_arb *);
bool     arb_owes(const struct arb *);          /* a reply waits for a packet */
/* False: too near the last one, which stands for it. */
bool     arb_loss(struct arb *, struct mono now, enum arb_loss);
/* Our buffers run short: the next replies say critical. */
void     arb_short(struct arb *);

#endif
