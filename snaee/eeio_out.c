/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing: what ee has to send goes out port by port. Datagrams of one length
 * to one partner are given to the kernel in one piece, which it cuts again
 * (UDP_SEGMENT); the last of a piece may be shorter. A kernel or device that
 * won't is found out by its refusal.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>

#include "snaee/eeio_parts.h"

#define PIECE_MAX 65000u        /* bytes, below what a UDP header can say */
#define PIECE_N 60u             /* datagrams; the kernel's limit is 64 */
#define GSO_LEAST 576u          /* a refusal of less than this is one of principle */

/* Datagrams of a port, and the pieces they go in. */
struct sending {
	unsigned n, pieces;
	unsigned first[EEIO_BATCH + 1];         /* of a piece, in at[] */
	const struct ee_dgram *tx;              /* borrowed from ee */
	unsigned at[EEIO_BATCH];                /* places in tx */
	struct mmsghdr m[EEIO_BATCH];
	struct iovec v[EEIO_BATCH][2];
	struct sockaddr_storage to[EEIO_BATCH];
	union {
		char b[CMSG_SPACE(sizeof(uint16_t))];
		struct cmsghdr align;
	} ctl[EEIO_BATCH];
};

static void
trace_out(struct eeio *io, struct mono now, const struct ee_dgram *d)
{
	union {
		const uint8_t *ro;
		void *rw;
	} data = { d->data }, hdr = { d->hdr };
	struct iovec v[2] = { { hdr.rw, d->hdr_len }, { data.rw, d->data_len } };

	if (io->trace == NULL || !trace_on(io->trace))
		return;
	trace_dgram(io->trace, now, &(struct trace_dgram){ .local = &io->local, .remote = &d->to,
	    .tcid = d->tcid, .dir = TRACE_OUT, .port = d->idx, .iov = v,
	    .niov = d->data_len != 0 ? 2 : 1 });
}

static uint32_t
length(const struct ee_dgram *d)
{
	return d->hdr_len + d->data_len;
}

/* May d go behind those from first on? All before it have the first one's length. */
static bool
joins(const struct eeio_sock *s, const struct ee_dgram *first, const struct ee_dgram *last,
    const struct ee_dgram *d)
{
	uint32_t each = length(first);

	return each <= s->gso_max && length(last) == each && length(d) <= each &&
	    d->port == first->port && ipaddr_eq(&d->to, &first->to);
}

static void
describe(struct sending *g, const struct ee_dgram *d, unsigned k)
{
	union {
		const uint8_t *ro;
		void *rw;
	} hdr = { d->hdr }, data = { d->data };

	g->v[k][0] = (struct iovec){ hdr.rw, d->hdr_len };
	g->v[k][1] = (struct iovec){ data.rw, d->data_len };
}

static void
piece(struct sending *g, unsigned i, unsigned from, unsigned to)
{
	const struct ee_dgram *d = &g->tx[g->at[from]];
	struct msghdr *h = &g->m[i].msg_hdr;
	uint16_t each = (uint16_t)length(d);
	struct cmsghdr *c;

	*h = (struct msghdr){ .msg_name = &g->to[i], .msg_iov = g->v[from],
		.msg_iovlen = 2 * (to - from),
		.msg_namelen = ipaddr_to_sa(&d->to, d->port, &g->to[i]) };
	if (to - from == 1)
		return;
	memset(&g->ctl[i], 0, sizeof(g->ctl[i]));
	h->msg_control = g->ctl[i].b;
	h->msg_controllen = sizeof(g->ctl[i].b);
	c = CMSG_FIRSTHDR(h);
	c->cmsg_level = SOL_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(each));
	memcpy(CMSG_DATA(c), &each, sizeof(each));
}

/* Datagrams at[from..] into pieces. */
static void
gather(struct sending *g, const struct eeio_sock *s, unsigned from)
{
	g->pieces = 0;
	while (from < g->n) {
		const struct ee_dgram *first = &g->tx[g->at[from]];
		uint32_t bytes = length(first);
		unsigned to = from + 1;

		while (to < g->n && to - from < PIECE_N &&
		    joins(s, first, &g->tx[g->at[to - 1]], &g->tx[g->at[to]]) &&
		    bytes + length(&g->tx[g->at[to]]) <= PIECE_MAX)
			bytes += length(&g->tx[g->at[to++]]);
		piece(g, g->pieces, from, to);
		g->first[g->pieces++] = from;
		from = to;
	}
	g->first[g->pieces] = from;
}

/* The kernel won't cut datagrams of this length: shorter ones perhaps. */
static bool
cannot_cut(struct eeio_sock *s, uint32_t each)
{
	if ((errno != EINVAL && errno != EIO && errno != EMSGSIZE) || s->gso_max == 0)
		return false;
	s->gso_max = (uint16_t)(errno == EIO || each <= GSO_LEAST ? 0 : each - 1);
	return true;
}

enum after { AFTER_AGAIN, AFTER_GATHER, AFTER_LOST };

/* A piece was not taken. */
static enum after
failed(struct eeio *io, struct eeio_sock *s, const struct ee_dgram *d, unsigned n,
    unsigned *again)
{
	int err = errno;

	if (err == EINTR)
		return AFTER_AGAIN;
	if (n > 1 && cannot_cut(s, length(d)))
		return AFTER_GATHER;
	if (err == EAGAIN || err == ENOBUFS) {
		io->stat[EEIO_SEND_FULL] += n;
		return AFTER_LOST;
	}
	/* It may be the error of an earlier datagram, told now. */
	if ((*again)++ == 0 && eeio_read_errors(io, s))
		return AFTER_AGAIN;
	io->stat[EEIO_SEND_ERR] += n;
	eeio_note_refused(io, &d->to, err, 0);
	return AFTER_LOST;
}

/* Of the first n datagrams in tx, those of this address and port. */
static void
send_port(struct eeio *io, struct eeio_sock *s, const struct ee_dgram *tx, unsigned n)
{
	struct sending g;
	unsigned done = 0, again = 0;

	g.n = 0;
	g.tx = tx;
	for (unsigned i = 0; i < n; i++)
		if (tx[i].idx == s->idx && tx[i].local == io->at) {
			describe(&g, &tx[i], g.n);
			g.at[g.n++] = i;
			io->stat[EEIO_SENT_BYTES] += length(&tx[i]);
		}
	gather(&g, s, 0);
	while (done < g.pieces) {
		unsigned from = g.first[done], size = g.first[done + 1] - from;
		int got = sendmmsg(s->fd, g.m + done, g.pieces - done, MSG_DONTWAIT);

		io->stat[EEIO_WRITES]++;
		if (got > 0) {
			for (int i = 0; i < got; i++, done++) {
				size = g.first[done + 1] - g.first[done];
				io->stat[EEIO_SENT] += size;
				io->stat[EEIO_TOGETHER] += size > 1 ? size : 0;
			}
			again = 0;
			continue;
		}
		switch (failed(io, s, &tx[g.at[from]], size, &again)) {
		case AFTER_AGAIN:
			break;
		case AFTER_GATHER:
			gather(&g, s, from);
			done = 0;
			break;
		case AFTER_LOST:
			done++;
			again = 0;
			break;
		}
	}
}

/* The sockets a datagram goes by; NULL: the address has none (any more). */
static struct eeio *
sibling(struct eeio *io, unsigned local)
{
	for (struct eeio *k = io; k != NULL; k = k->more)
		if (k->at == local)
			return k;
	return NULL;
}

unsigned
eeio_flush(struct eeio *io, struct ee *ee, struct mono now)
{
	unsigned total = 0, n;

	do {
		uint32_t ports[EE_LOCALS] = { 0 };

		for (n = 0; n < EEIO_BATCH && ee_output(ee, now, &io->tx[n]); n++) {
			const struct ee_dgram *d = &io->tx[n];
			struct eeio *by = sibling(io, d->local);

			if (by == NULL) {
				io->stat[EEIO_SEND_ERR]++;
				continue;
			}
			trace_out(by, now, d);
			if (d->ask_mtu)
				eeio_note_mtu(by, &d->to);
			ports[d->local] |= 1u << d->idx;
		}
		for (struct eeio *k = io; k != NULL; k = k->more)
			for (unsigned i = 0; i < EE_NPORT; i++)
				if (ports[k->at] & 1u << i)
					send_port(k, &k->sock[i], io->tx, n);
		total += n;
	} while (n == EEIO_BATCH);
	for (struct eeio *k = io; k != NULL; k = k->more)
		eeio_tell_refused(k, ee, now);
	return total;
}
