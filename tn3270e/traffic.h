/* SPDX-License-Identifier: Apache-2.0
 *
 * traffic.h - how many connections a port has, in all and by address.
 *
 * Shared by all workers, without locks: a bucket is a cache line of words, each
 * a tag and a count, changed by compare-and-swap. A look-up is one bucket,
 * whatever the number of addresses. IPv6 counts by /64: one subscriber has
 * that many addresses. The hash is keyed, so nobody can aim at a bucket; an
 * address whose bucket is full is let in uncounted.
 *
 * Takes:   addresses that come and go; limits of the port.
 * Gives:   enum tr_verdict.
 * Memory:  two tables of 4 MiB address space, touched where used.
 * Thread:  any.
 * Source:  z/OS IDS traffic regulation for TCP (TotalConnections, Percentage):
 *          a host that holds no connection yet gets one while there are any;
 *          else it must hold less than Percentage of those still available.
 */
#ifndef TN3270E_TRAFFIC_H
#define TN3270E_TRAFFIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/map.h"
#include "base/mono.h"
#include "tn3270e/tnlimit.h"

#define TRAFFIC_BUCKETS 65536u
#define TRAFFIC_WAYS 8u

enum tr_verdict { TR_OK, TR_OK_UNCOUNTED, TR_TOTAL, TR_PERCENT, TR_ADDR, TR_RATE };

struct traffic {
	_Atomic uint64_t *held;         /* tag << 24 | count; 0 free */
	_Atomic uint64_t *rate;         /* tag << 32 | window << 16 | count */
	struct map seed;
};

int      traffic_init(struct traffic *);                /* 0, -ENOMEM */
void     traffic_fini(struct traffic *);
/* A connection comes; refused ones are not counted. port: the listener's. */
enum tr_verdict traffic_enter(struct traffic *, const struct tnp_limits *, const struct ipaddr *,
    uint16_t port, struct mono now);
/* One that came with TR_OK has gone. */
void     traffic_leave(struct traffic *, const struct ipaddr *, uint16_t port);
/* Connections of the address; none: of the port. */
uint32_t traffic_held(const struct traffic *, const struct ipaddr *, uint16_t port);
/* Reason for EZZ6034I, and plain words. */
const char *traffic_reason(enum tr_verdict);
const char *traffic_text(enum tr_verdict);

#endif
