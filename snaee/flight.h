/* SPDX-License-Identifier: Apache-2.0
 *
 * flight.h - the last packets of every pipe, for the day it fails.
 *
 * A ring that is always on: each NLP of our pipes leaves its headers there,
 * chained to the one of the same pipe before it. When a pipe fails or switches
 * its path, the end of its chain is copied to where nothing overwrites it. A
 * busy node's ring is soon round: what other pipes did since is what was lost.
 *
 * Takes:   headers as they are sent or received, from the NHDR on.
 * Gives:   the trail of a pipe, oldest first; kept ones.
 * Memory:  fixed: FLIGHT_RING entries of 128 bytes, FLIGHT_KEPT trails.
 * Errors:  none; what is too old is not there.
 * Thread:  SNA. Users' data never gets here.
 */
#ifndef SNAEE_FLIGHT_H
#define SNAEE_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ebcdic.h"
#include "base/ipaddr.h"
#include "base/mono.h"

#define FLIGHT_RING 2048                /* power of two */
#define FLIGHT_TRAIL 32                 /* packets of a trail */
#define FLIGHT_KEPT 16                  /* trails */
#define FLIGHT_KEEP_S 10                /* none younger is given up */
#define FLIGHT_BYTES 102

/* What most packets need is in one cache line. */
struct flight_ent {
	struct mono at;
	uint32_t seq;                   /* its place in the ring's life; 0: empty */
	uint32_t prev;                  /* of the same pipe, or 0 */
	uint32_t link;                  /* flight_link() */
	uint16_t len;                   /* of the packet, from the NHDR on */
	uint8_t n;                      /* bytes kept in b */
	uint8_t dir;                    /* enum trace_dir's values: 1 in, 2 out */
	uint8_t port;                   /* enum ee_port */
	uint8_t resent;
	uint8_t b[FLIGHT_BYTES];
};

/* One of a trail, with the addresses as far as they are still known. */
struct flight_pkt {
	struct flight_ent e;
	struct ipaddr local, remote;
};

/* Why a trail was kept. */
enum flight_why { FLIGHT_FAILED = 1, FLIGHT_SWITCHED, FLIGHT_STALLED };

struct flight_kept {
	char name[9];                   /* "": free */
	uint8_t why;                    /* enum flight_why */
	uint32_t sense;
	struct mono at;
	uint64_t tcid;
	struct sna_name peer;
	unsigned n;
	struct flight_pkt pkt[FLIGHT_TRAIL];
};

#define FLIGHT_LINKS 64
struct flight_link {
	uint32_t number;
	struct ipaddr local, remote;
};

struct flight {
	struct flight_ent ring[FLIGHT_RING];
	uint32_t next;                  /* seq of the next entry */
	uint32_t links;                 /* numbers given */
	uint32_t not_kept;              /* trails: too many at once */
	struct flight_link link[FLIGHT_LINKS];
	struct flight_kept kept[FLIGHT_KEPT];
};

void     flight_init(struct flight *);
/* A number for a link, which its entries have. */
uint32_t flight_link(struct flight *, const struct ipaddr *local, const struct ipaddr *remote);
/* The entry for a packet whose pipe's last one was prev; the caller fills the rest. Its
 * seq is the pipe's last from now on. */
struct flight_ent *flight_put(struct flight *, struct mono now, uint32_t prev);
/* The last packets of a chain, oldest first; how many, up to FLIGHT_TRAIL. */
unsigned flight_trail(const struct flight *, uint32_t last, struct flight_pkt *to);
/* A trail that stays; NULL: all places are young. The caller names it. */
struct flight_kept *flight_keep(struct flight *, struct mono now, uint32_t last);
/* The newest of that name, or NULL. */
const struct flight_kept *flight_kept(const struct flight *, const char *name);
/* "SENT HIGH 145 BYTES, BSN 0000012C, DATA 100, SR STATUS ARB": to[n]. */
const char *flight_text(const struct flight_ent *, char *to, size_t n);

#endif
