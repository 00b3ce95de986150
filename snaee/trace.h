/* SPDX-License-Identifier: Apache-2.0
 *
 * trace.h - packet trace: what went by is kept until it is named and written.
 *
 * Sockets and half-sessions put packets in as they pass; whoever knows names
 * (nettrace.h) takes them out once a turn, decides and writes. So nothing here
 * calls up.
 *
 * EE datagrams are kept from LLC on. PIUs between two sessions of one node
 * never become NLPs; they are wrapped as one (loopback addresses, TCID 0).
 *
 * Memory:  TRACE_STAGE bytes while a trace is on; what does not fit in a turn
 *          is counted as lost.
 * Errors:  -errno.
 * Thread:  SNA.
 */
#ifndef SNAEE_TRACE_H
#define SNAEE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/ipaddr.h"
#include "base/mono.h"
#include "snaee/ee.h"
#include "snaee/pcapng.h"

#define TRACE_STAGE (4u << 20)

enum trace_dir { TRACE_IN = PCAPNG_IN, TRACE_OUT = PCAPNG_OUT };
enum trace_amount { TRACE_PARTIAL = 1, TRACE_FULL };

/* One packet that waits; its bytes follow it. */
struct trace_rec {
	struct mono at;
	uint64_t tcid;          /* ours, of a pipe's packet that was sent; else 0 */
	uint32_t ssn;           /* a PIU inside this node: its session's handle; else 0 */
	uint16_t len;           /* bytes */
	uint8_t dir;            /* enum trace_dir */
	uint8_t port;           /* enum ee_port */
	struct ipaddr local, remote;
};

struct trace {
	struct pcapng file;
	int64_t wall;           /* wall clock - monotonic, us */
	uint64_t redacted, lost;
	uint8_t *stage;         /* NULL: off */
	size_t n, at;           /* put in, taken out */
};

void trace_init(struct trace *);
/* max: bytes of both files, 0: PCAPNG_MAX_DEFAULT. wall_us: now on the wall. */
int  trace_open(struct trace *, const char *path, uint64_t max, struct mono now, int64_t wall_us);
void trace_close(struct trace *);
static inline bool
trace_on(const struct trace *t)
{
	return t->stage != NULL;
}

/* One EE datagram from LLC on, in pieces. */
struct trace_dgram {
	const struct ipaddr *local, *remote;
	uint64_t tcid;          /* as in trace_rec */
	uint8_t dir;            /* enum trace_dir */
	uint8_t port;           /* enum ee_port */
	const struct iovec *iov;
	int niov;
};
void trace_dgram(struct trace *, struct mono now, const struct trace_dgram *);

/* A PIU (TH, RH, RU) between two local half-sessions; from: 1 when its sender is
 * the secondary. */
void trace_piu(struct trace *, struct mono now, const uint8_t *piu, size_t n, int from_slu,
         uint32_t ssn);

/* The next one, until trace_next() is false; bytes: borrowed, ours to change. */
bool trace_next(struct trace *, struct trace_rec *, uint8_t **bytes);
/* Writes it. PARTIAL: what may be a user's data is overwritten. */
void trace_write(struct trace *, const struct trace_rec *, uint8_t *bytes, enum trace_amount,
         unsigned iface, const char *comment);
/* Behind the last one of a turn. */
void trace_flush(struct trace *);

/*
 * Overwrites with zeroes what may be a user's data in the datagram (from LLC on)
 * at p: the RU of every FMD request, and what of control points' data is for or
 * from users. Headers, requests of other categories (BIND, UNBIND, SDT, DFC),
 * responses and lengths stay. Returns the bytes overwritten.
 */
size_t trace_redact(uint8_t *p, size_t n);

#endif
