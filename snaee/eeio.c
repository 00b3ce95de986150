/* SPDX-License-Identifier: Apache-2.0
 *
 * Sockets are read and written in batches: one system call moves up to
 * EEIO_BATCH datagrams. The kernel keeps ICMP errors of unconnected sockets in
 * an error queue (IP_RECVERR); it is read here so that a partner whose port is
 * closed is known at once and not only after a row of time-outs.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h>

#include "snaee/eeio.h"
#include "snaee/llc.h"

const struct stat_desc eeio_stat_desc[EEIO_NSTAT] = {
	[EEIO_RCVD] = { "eeio_datagrams_received", "", "datagrams received", STAT_COUNTER },
	[EEIO_RCVD_BYTES] = { "eeio_received", "bytes", "UDP payload received", STAT_COUNTER },
	[EEIO_SENT] = { "eeio_datagrams_sent", "", "datagrams sent", STAT_COUNTER },
	[EEIO_SENT_BYTES] = { "eeio_sent", "bytes", "UDP payload sent", STAT_COUNTER },
	[EEIO_READS] = { "eeio_reads", "", "recvmmsg calls that brought something", STAT_COUNTER },
	[EEIO_WRITES] = { "eeio_writes", "", "sendmmsg calls", STAT_COUNTER },
	[EEIO_NO_BUF] = { "eeio_no_buffer", "", "datagrams dropped for want of a buffer",
		STAT_COUNTER },
	[EEIO_TOO_LONG] = { "eeio_too_long", "", "datagrams longer than our max BTU",
		STAT_COUNTER },
	[EEIO_SEND_FULL] = { "eeio_send_full", "", "datagrams dropped, socket buffer full",
		STAT_COUNTER },
	[EEIO_SEND_ERR] = { "eeio_send_errors", "", "datagrams the kernel refused",
		STAT_COUNTER },
	[EEIO_UNREACHABLE] = { "eeio_unreachable", "", "ICMP errors received", STAT_COUNTER },
};

static const char *const port_use[EE_NPORT] = { "signal", "network", "high", "medium", "low" };

static int
opt(int fd, int level, int name, int v)
{
	return setsockopt(fd, level, name, &v, sizeof(v)) == 0 ? 0 : -errno;
}

static int
sockbuf(int fd, int force, int plain)
{
	int v = 0;
	socklen_t n = sizeof(v);

	if (opt(fd, SOL_SOCKET, force, EEIO_SOCKBUF) != 0)
		(void)opt(fd, SOL_SOCKET, plain, EEIO_SOCKBUF);
	(void)getsockopt(fd, SOL_SOCKET, plain, &v, &n);
	return v / 2;           /* the kernel doubles what it was told */
}

/* RFC 2353 section 2.4.1: fragmentation must be allowed, so no path MTU
 * discovery; 2.6.1: precedence by port. */
static int
set_options(struct eeio_sock *s, int fam, unsigned tos)
{
	int err;

	if (fam == AF_INET6) {
		err = opt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
		(void)opt(s->fd, IPPROTO_IPV6, IPV6_TCLASS, (int)tos);
		(void)opt(s->fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
		(void)opt(s->fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
	} else {
		err = opt(s->fd, IPPROTO_IP, IP_TOS, (int)tos);
		(void)opt(s->fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
		(void)opt(s->fd, IPPROTO_IP, IP_RECVERR, 1);
	}
	s->rcvbuf = sockbuf(s->fd, SO_RCVBUFFORCE, SO_RCVBUF);
	s->sndbuf = sockbuf(s->fd, SO_SNDBUFFORCE, SO_SNDBUF);
	return err;
}

static int
open_one(struct eeio *io, const struct ee_cfg *cfg, unsigned i, char why[EEIO_WHY])
{
	struct eeio_sock *s = &io->sock[i];
	struct sockaddr_storage ss;
	socklen_t n;
	char text[IPADDR_TEXT];
	int err;

	s->idx = (uint8_t)i;
	s->udp = (uint16_t)(cfg->port0 + i);
	n = ipaddr_to_sa(&cfg->local, s->udp, &ss);
	s->fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0) {
		err = -errno;
		(void)snprintf(why, EEIO_WHY, "no UDP socket: %s", strerror(-err));
		return err;
	}
	err = set_options(s, ss.ss_family, cfg->tos[i]);
	if (err == 0 && bind(s->fd, (struct sockaddr *)&ss, n) != 0)
		err = -errno;
	if (err == 0)
		return 0;
	(void)ipaddr_text(&cfg->local, text);
	if (err == -EADDRINUSE)
		(void)snprintf(why, EEIO_WHY, "UDP port %u (%s) of %s is in use by another program",
		    s->udp, port_use[i], text);
	else if (err == -EADDRNOTAVAIL)
		(void)snprintf(why, EEIO_WHY, "%s is not an address of this machine", text);
	else
		(void)snprintf(why, EEIO_WHY, "UDP port %u (%s) of %s: %s", s->udp, port_use[i],
		    text, strerror(-err));
	return err;
}

int
eeio_open(struct eeio *io, const struct ee_cfg *cfg, char why[EEIO_WHY])
{
	int err = 0;

	memset(io, 0, sizeof(*io));
	why[0] = '\0';
	io->local = cfg->local;
	io->bufs = cfg->bufs;
	/* A TEST may be longer than any NLP we take. */
	io->room = (uint16_t)(cfg->max_btu + LLC_LEN);
	if (io->room < BUF_STD)
		io->room = BUF_STD;
	for (unsigned i = 0; i < EE_NPORT; i++)
		io->sock[i].fd = -1;
	for (unsigned i = 0; i < EE_NPORT && err == 0; i++)
		err = open_one(io, cfg, i, why);
	if (err != 0)
		eeio_close(io);
	return err;
}

void
eeio_close(struct eeio *io)
{
	for (unsigned i = 0; i < EE_NPORT; i++) {
		if (io->sock[i].fd >= 0)
			(void)close(io->sock[i].fd);
		io->sock[i].fd = -1;
	}
	for (unsigned i = 0; i < EEIO_BATCH; i++) {
		buf_free(io->rx[i]);
		io->rx[i] = NULL;
	}
}

int
eeio_watch(struct eeio *io, struct loop *lo, unsigned kind)
{
	int err = 0;

	for (unsigned i = 0; i < EE_NPORT && err == 0; i++) {
		io->sock[i].tag = (struct loop_tag){ LOOP_SNA, (uint8_t)kind };
		err = loop_add(lo, io->sock[i].fd, LOOP_IN, &io->sock[i].tag);
	}
	return err;
}

void
eeio_unwatch(struct eeio *io, struct loop *lo)
{
	for (unsigned i = 0; i < EE_NPORT; i++)
		if (io->sock[i].fd >= 0)
			loop_del(lo, io->sock[i].fd);
}

static void
note_refused(struct eeio *io, const struct ipaddr *to, int err)
{
	uint32_t i;

	for (i = 0; i < io->n_refused; i++)
		if (ipaddr_eq(&io->refused[i].to, to) && io->refused[i].err == err)
			return;
	if (i < sizeof(io->refused) / sizeof(io->refused[0]))
		io->refused[io->n_refused++] = (struct eeio_refused){ *to, err };
}

/* Empties the error queue of one socket; true when there was something. */
static bool
read_errors(struct eeio *io, const struct eeio_sock *s)
{
	bool any = false;

	for (int i = 0; i < EEIO_BUDGET; i++) {
		union {
			char b[512];
			struct cmsghdr align;
		} ctl;
		char data[64];
		struct sockaddr_storage ss;
		struct iovec iov = { data, sizeof(data) };
		struct msghdr m = { .msg_name = &ss, .msg_namelen = sizeof(ss), .msg_iov = &iov,
			.msg_iovlen = 1, .msg_control = ctl.b, .msg_controllen = sizeof(ctl.b) };
		struct sock_extended_err e;
		struct cmsghdr *c;
		struct ipaddr to;

		if (recvmsg(s->fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			break;
		any = true;
		io->stat[EEIO_UNREACHABLE]++;
		c = CMSG_FIRSTHDR(&m);
		if (c == NULL || c->cmsg_len < CMSG_LEN(sizeof(e)) ||
		    !ipaddr_from_sa(&to, NULL, &ss))
			continue;
		memcpy(&e, CMSG_DATA(c), sizeof(e));
		note_refused(io, &to, (int)e.ee_errno);
	}
	return any;
}

/* Told after a batch: ee may not be called while its data is borrowed. */
static void
tell_refused(struct eeio *io, struct ee *ee, struct mono now)
{
	for (uint32_t i = 0; i < io->n_refused; i++)
		ee_unreachable(ee, now, &io->refused[i].to, io->refused[i].err);
	io->n_refused = 0;
}

static unsigned
fill_batch(struct eeio *io)
{
	unsigned n = 0;

	while (n < EEIO_BATCH) {
		if (io->rx[n] == NULL)
			io->rx[n] = buf_get(io->bufs, io->room);
		if (io->rx[n] == NULL)
			break;
		n++;
	}
	return n;
}

/* No buffer: the datagram is read and lost, so that the loop does not spin. */
static bool
drop_one(struct eeio *io, const struct eeio_sock *s)
{
	char b[1];

	if (recv(s->fd, b, sizeof(b), MSG_DONTWAIT) < 0)
		return false;
	io->stat[EEIO_NO_BUF]++;
	return true;
}

static void
take(struct eeio *io, const struct eeio_sock *s, struct ee *ee, struct mono now,
    const struct mmsghdr *m, unsigned i)
{
	struct sockaddr_storage ss;
	struct ipaddr from;
	struct buf *b = io->rx[i];

	memcpy(&ss, m->msg_hdr.msg_name, sizeof(ss));
	io->stat[EEIO_RCVD]++;
	io->stat[EEIO_RCVD_BYTES] += m->msg_len;
	if ((m->msg_hdr.msg_flags & MSG_TRUNC) != 0 || m->msg_len > io->room) {
		io->stat[EEIO_TOO_LONG]++;
		return;
	}
	if (!ipaddr_from_sa(&from, NULL, &ss))
		return;
	io->rx[i] = NULL;
	(void)buf_put(b, m->msg_len);
	if (io->trace != NULL && trace_on(io->trace)) {
		struct iovec v = { b->p, b->len };

		trace_dgram(io->trace, now, &(struct trace_dgram){ .local = &io->local,
		    .remote = &from, .dir = TRACE_IN, .port = s->idx, .iov = &v, .niov = 1 });
	}
	ee_input(ee, now, &from, (enum ee_port)s->idx, b);
}

static int
read_batch(struct eeio *io, const struct eeio_sock *s, struct ee *ee, struct mono now)
{
	struct mmsghdr m[EEIO_BATCH];
	struct iovec v[EEIO_BATCH];
	struct sockaddr_storage ss[EEIO_BATCH];
	unsigned n = fill_batch(io);
	int got;

	if (n == 0)
		return drop_one(io, s) ? 1 : 0;
	for (unsigned i = 0; i < n; i++) {
		v[i] = (struct iovec){ io->rx[i]->p, buf_tailroom(io->rx[i]) };
		if (v[i].iov_len > io->room)
			v[i].iov_len = io->room;
		m[i].msg_hdr = (struct msghdr){ .msg_name = &ss[i], .msg_namelen = sizeof(ss[i]),
			.msg_iov = &v[i], .msg_iovlen = 1 };
		m[i].msg_len = 0;
	}
	got = recvmmsg(s->fd, m, n, MSG_DONTWAIT, NULL);
	if (got < 0)
		return errno == EAGAIN ? 0 : -errno;
	io->stat[EEIO_READS]++;
	for (int i = 0; i < got; i++)
		take(io, s, ee, now, &m[i], (unsigned)i);
	return got;
}

unsigned
eeio_read(struct eeio *io, struct eeio_sock *s, struct ee *ee, struct mono now)
{
	unsigned total = 0;

	while (total < EEIO_BUDGET) {
		int got = read_batch(io, s, ee, now);

		if (got == -EINTR)
			continue;
		/* A pending ICMP error is told once by the next call, whatever it was. */
		if (got < 0 && read_errors(io, s)) {
			total++;
			continue;
		}
		if (got <= 0)
			break;
		total += (unsigned)got;
		if (got < EEIO_BATCH)
			break;
	}
	(void)read_errors(io, s);
	tell_refused(io, ee, now);
	return total;
}

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
	    .dir = TRACE_OUT, .port = d->idx, .iov = v, .niov = d->data_len != 0 ? 2 : 1 });
}

/* One datagram was not taken. True: try it again. */
static bool
send_failed(struct eeio *io, const struct eeio_sock *s, const struct ee_dgram *d, unsigned again)
{
	int err = errno;

	if (err == EINTR)
		return true;
	if (err == EAGAIN || err == ENOBUFS) {
		io->stat[EEIO_SEND_FULL]++;
		return false;
	}
	/* It may be the error of an earlier datagram, told now. */
	if (again == 0 && read_errors(io, s))
		return true;
	io->stat[EEIO_SEND_ERR]++;
	note_refused(io, &d->to, err);
	return false;
}

static void
send_port(struct eeio *io, struct eeio_sock *s, unsigned n)
{
	struct mmsghdr m[EEIO_BATCH];
	struct iovec v[EEIO_BATCH][2];
	struct sockaddr_storage ss[EEIO_BATCH];
	unsigned k = 0, done = 0, at[EEIO_BATCH];
	unsigned again = 0;

	for (unsigned i = 0; i < n; i++) {
		struct ee_dgram *d = &io->tx[i];
		union {
			const uint8_t *ro;
			void *rw;
		} data = { d->data };

		if (d->idx != s->idx)
			continue;
		at[k] = i;
		v[k][0] = (struct iovec){ d->hdr, d->hdr_len };
		v[k][1] = (struct iovec){ data.rw, d->data_len };
		m[k].msg_hdr = (struct msghdr){ .msg_name = &ss[k], .msg_iov = v[k],
			.msg_iovlen = d->data_len != 0 ? 2 : 1,
			.msg_namelen = ipaddr_to_sa(&d->to, d->port, &ss[k]) };
		io->stat[EEIO_SENT_BYTES] += d->hdr_len + d->data_len;
		k++;
	}
	while (done < k) {
		int got = sendmmsg(s->fd, m + done, k - done, MSG_DONTWAIT);

		io->stat[EEIO_WRITES]++;
		if (got > 0) {
			done += (unsigned)got;
			io->stat[EEIO_SENT] += (unsigned)got;
			again = 0;
		} else if (send_failed(io, s, &io->tx[at[done]], again)) {
			again = 1;
		} else {
			done++;
			again = 0;
		}
	}
}

unsigned
eeio_flush(struct eeio *io, struct ee *ee, struct mono now)
{
	unsigned total = 0, n;

	do {
		unsigned ports = 0;

		for (n = 0; n < EEIO_BATCH && ee_output(ee, now, &io->tx[n]); n++) {
			trace_out(io, now, &io->tx[n]);
			ports |= 1u << io->tx[n].idx;
		}
		for (unsigned i = 0; i < EE_NPORT; i++)
			if (ports & 1u << i)
				send_port(io, &io->sock[i], n);
		total += n;
	} while (n == EEIO_BATCH);
	tell_refused(io, ee, now);
	if (io->trace != NULL && trace_on(io->trace))
		trace_flush(io->trace);
	return total;
}

void
eeio_show(const struct eeio *io, struct con *c)
{
	char text[IPADDR_TEXT];

	con_text(c, "eeio %s", ipaddr_text(&io->local, text));
	for (unsigned i = 0; i < EE_NPORT; i++)
		con_text(c, "  port %u %s receive buffer %d send buffer %d", io->sock[i].udp,
		    port_use[i], io->sock[i].rcvbuf, io->sock[i].sndbuf);
	stats_show(c, eeio_stat_desc, io->stat, EEIO_NSTAT);
}
