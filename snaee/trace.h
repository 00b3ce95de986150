/* SPDX-License-Identifier: Apache-2.0
 *
 * trace.h - packet trace: datagrams and local PIUs into a pcapng file.
 *
 * EE datagrams are written as IP and UDP packets made up from what we know, on
 * the standard ports whatever the real ones are, so that any reader that knows
 * EE decodes them. PIUs between two sessions of one node never become NLPs;
 * they are wrapped as one (loopback addresses, TCID 0).
 *
 * Secrets: input of a 3270 may hold passwords. Unless TRACE_FULL is asked for,
 *          the RU of every FMD request that may come from a secondary LU is
 *          overwritten with zeroes; headers, lengths and all else stay.
 * Memory:  one write buffer. At the limit the file becomes FILE.1 and a new
 *          one begins: two files, each at most half the limit.
 * Errors:  -errno; a write error ends the trace and is kept in err.
 * Thread:  SNA. Writes to a file, so it may wait for a disk: not on by default.
 * Source:  pcapng (IETF opsawg draft): SHB, IDB, EPB; LINKTYPE_RAW.
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

#define TRACE_BUF 65536
#define TRACE_PATH 256
#define TRACE_MAX_DEFAULT (64u << 20)

enum trace_data { TRACE_NO_INPUT, TRACE_FULL };
enum trace_dir { TRACE_IN = 1, TRACE_OUT };     /* as EPB flags code it */
/* Which end of our sessions may be the secondary LU (terminal)? Redacts what
 * comes from there. */
enum trace_slu { TRACE_SLU_LOCAL = 1, TRACE_SLU_REMOTE, TRACE_SLU_EITHER };

struct trace {
	int fd;                 /* -1: off */
	int err;
	uint8_t data;           /* enum trace_data */
	uint8_t slu;            /* enum trace_slu */
	int64_t wall;           /* wall clock - monotonic, us */
	uint64_t max, written;  /* bytes per file */
	uint64_t packets, redacted;
	size_t n;
	char path[TRACE_PATH];
	uint8_t buf[TRACE_BUF];
};

void trace_init(struct trace *);
/* max: bytes of both files, 0: TRACE_MAX_DEFAULT. wall_us: now on the wall. */
int  trace_open(struct trace *, const char *path, uint64_t max, struct mono now, int64_t wall_us);
void trace_close(struct trace *);
void trace_flush(struct trace *);               /* once a turn */
static inline bool
trace_on(const struct trace *t)
{
	return t->fd >= 0;
}

/* One EE datagram from LLC on, in pieces. */
struct trace_dgram {
	const struct ipaddr *local, *remote;
	uint8_t dir;            /* enum trace_dir */
	uint8_t port;           /* enum ee_port */
	const struct iovec *iov;
	int niov;
};
void trace_dgram(struct trace *, struct mono now, const struct trace_dgram *);

/* A PIU (TH, RH, RU) between two local half-sessions; from_slu: 1 when its
 * sender is the secondary. name: of the session, for the comment. */
void trace_piu(struct trace *, struct mono now, const uint8_t *piu, size_t n, int from_slu,
         const char *name);

/* Overwrites what may be input in the datagram (from LLC on) at p. For tests
 * and for other dumps. Returns the bytes overwritten. */
size_t trace_redact(uint8_t *p, size_t n);

#endif
