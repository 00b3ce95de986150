/* SPDX-License-Identifier: Apache-2.0
 *
 * eeio.h - the five UDP sockets under one local address of an ee.
 *
 * Each is bound to the local address and one of the ports, and sends from
 * there, so source and destination port are equal. Type of service per socket.
 *
 * Takes:   what epoll says (eeio_read), what ee has to send (eeio_flush).
 * Gives:   datagrams to ee_input(), unreachable partners to ee_unreachable().
 * Memory:  an area to read into, until eeio_close(); buffers from ee's pool.
 * Errors:  -errno from eeio_open() with a sentence in why.
 * Thread:  SNA. Never blocks: what the kernel does not take is dropped and
 *          counted, as a network would.
 * Source:  RFC 2353 sections 2.4.1, 2.6.1; ip(7), udp(7).
 */
#ifndef SNAEE_EEIO_H
#define SNAEE_EEIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/loop.h"
#include "base/stats.h"
#include "snaee/ee.h"
#include "snaee/trace.h"

#define EEIO_BATCH 64           /* datagrams to send per turn of eeio_flush() */
#define EEIO_RX 8               /* messages of the kernel per read, each up to EEIO_AREA */
#define EEIO_AREA 65536u
#define EEIO_BUDGET 256         /* datagrams read per socket and turn */
#define EEIO_SOCKBUF (4 << 20)  /* asked for; the kernel may give less */
#define EEIO_WHY 160

enum eeio_stat { EEIO_RCVD, EEIO_RCVD_BYTES, EEIO_SENT, EEIO_SENT_BYTES, EEIO_READS,
	EEIO_WRITES, EEIO_TOGETHER, EEIO_NO_BUF, EEIO_TOO_LONG, EEIO_SEND_FULL, EEIO_SEND_ERR,
	EEIO_UNREACHABLE, EEIO_NSTAT };
extern const struct stat_desc eeio_stat_desc[EEIO_NSTAT];

struct eeio_sock {
	struct loop_tag tag;            /* LOOP_SNA, kind as told to eeio_watch() */
	int fd;
	uint16_t udp;                   /* port number */
	uint8_t idx;                    /* enum ee_port */
	uint16_t gso_max;               /* longest datagram the kernel cuts for us; 0: none */
	int rcvbuf, sndbuf;             /* as the kernel gave them */
};

struct eeio_refused {
	struct ipaddr to;
	int err;
	uint32_t mtu;           /* the way there takes; EMSGSIZE only, 0: not told */
};

struct eeio {
	struct eeio_sock sock[EE_NPORT];
	struct ipaddr local;
	uint8_t at;                     /* its index in ee */
	struct eeio *more;              /* ee's other addresses; set by the owner of the first */
	struct bufpool *bufs;
	uint16_t room;                  /* longest datagram we take */
	struct trace *trace;            /* may be NULL; borrowed */
	uint32_t n_refused;
	struct eeio_refused refused[16];
	uint64_t stat[EEIO_NSTAT];
	uint8_t *area;                  /* EEIO_RX * EEIO_AREA */
	struct ee_dgram tx[EEIO_BATCH];
};

/* All five or none. */
int      eeio_open(struct eeio *, const struct ee_cfg *, char why[EEIO_WHY]);
int      eeio_open_at(struct eeio *, const struct ee *, unsigned local, char why[EEIO_WHY]);
void     eeio_close(struct eeio *);
int      eeio_watch(struct eeio *, struct loop *, unsigned kind);
void     eeio_unwatch(struct eeio *, struct loop *);
/* One socket became readable (LOOP_IN) or has an error. Datagrams read. */
unsigned eeio_read(struct eeio *, struct eeio_sock *, struct ee *, struct mono now);
/* Everything ee has to send, from all its addresses: of the first of them. */
unsigned eeio_flush(struct eeio *, struct ee *, struct mono now);
void     eeio_show(const struct eeio *, struct con *);

#endif
