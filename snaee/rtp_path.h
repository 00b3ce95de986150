/* SPDX-License-Identifier: Apache-2.0
 *
 * rtp_path.h - path switch of an RTP connection: what its driver tells it, and
 * transmission stalls, which may be a reason.
 *
 * Takes:   the links below: lost, found, another; segment 14 of the partner.
 * Gives:   RTP_PATH with a step and a reason.
 * Thread:  SNA.
 * Source:  companion ee-hpr-rtp 5.7; IBM's IST2245I and IST2246I for stalls.
 */
#ifndef SNAEE_RTP_PATH_H
#define SNAEE_RTP_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"

struct rtp;
struct thdr;

/* Why paths are switched: the reasons of message group IST1494I. */
enum rtp_why { RY_NONE, RY_INOP, RY_SHORT_REQ, RY_COMMAND, RY_PSRETRY, RY_PARTNER, RY_STALL,
	RY_N };
/* COMPLETED of RY_PARTNER: there was no STARTED. */
enum rtp_step { RP_STARTED = 1, RP_OVERRIDDEN, RP_COMPLETED };

/* Part of struct rtp. */
struct rtp_move {
	uint8_t why;                    /* enum rtp_why: of the path switch under way */
	uint8_t moving;                 /* CONNECTED, and the partner was told of another path */
	uint8_t peer_mobile;            /* it looks for another path itself */
	uint8_t peer_moved;             /* its last was told .. */
	struct mono peer_moved_at;      /* .. and may be told again until shortly after this */
	struct mono delay_by;           /* HPRPSDLY: until then; 0: not in it */
};

struct rtp_stall {
	struct mono at;                 /* when its first packet was first sent again .. */
	uint8_t n;                      /* .. and how often since */
	uint8_t told;                   /* stalled, and told so often */
	uint8_t small;                  /* NLPs of the least size */
};

struct rtp_extra {                      /* signs that it counts messages: rtp_count.c */
	uint32_t seq;
	uint8_t n;                      /* in a row, at seq */
};

/* The link below failed: path switch starts. A link can carry it again (max_send as in
 * rtp_parm); or may: then the intervals between requests go on growing. */
void     rtp_path_lost(struct rtp *, struct mono now);
void     rtp_path_found(struct rtp *, struct mono now, uint16_t max_send, uint8_t tgn);
void     rtp_path_other(struct rtp *, struct mono now, uint16_t max_send, uint8_t tgn);
/* The partner is told of new labels (parm.back, path) also while nothing is wrong. */
void     rtp_rerouted(struct rtp *, struct mono now, enum rtp_why);
bool     rtp_switching(const struct rtp *);     /* no data flows: path switch */
/* Segment 14 that is newer than all heard of the partner: it moved. */
bool     rtp_news_of_path(const struct rtp *, const struct thdr *);
/* RTP_STALL was told: switch the path, or send smaller NLPs, which ends 20 minutes after
 * the stall. */
void     rtp_path_stalled(struct rtp *, struct mono now);
void     rtp_small(struct rtp *);

#endif
