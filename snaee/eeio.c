/* SPDX-License-Identifier: Apache-2.0
 *
 * Sockets are read in batches, into an area of our own: what the kernel put
 * together (UDP_GRO) has to be taken apart, and the copy into a buffer costs
 * far less than the system calls it saves. The kernel keeps ICMP errors of
 * unconnected sockets in an error queue (IP_RECVERR); it is read here so that a
 * partner whose port is closed is known at once and not only after a row of
 * time-outs.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h>

#include "snaee/eeio_parts.h"
#include "snaee/llc.h"

const struct stat_desc eeio_stat_desc[EEIO_NSTAT] = {
	[EEIO_RCVD] = { "eeio_datagrams_received", "", "datagrams received", STAT_COUNTER },
	[EEIO_RCVD_BYTES] = { "eeio_received", "bytes", "UDP payload received", STAT_COUNTER },
	[EEIO_SENT] = { "eeio_datagrams_sent", "", "datagrams sent", STAT_COUNTER },
	[EEIO_SENT_BYTES] = { "eeio_sent", "bytes", "UDP payload sent", STAT_COUNTER },
	[EEIO_READS] = { "eeio_reads", "", "recvmmsg calls that brought something", STAT_COUNTER },
	[EEIO_WRITES] = { "eeio_writes", "", "sendmmsg calls", STAT_COUNTER },
	[EEIO_TOGETHER] = { "eeio_together", "", "datagrams given to the kernel in one piece",
		STAT_COUNTER },
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

/*
 * RFC 2353 section 2.4.1: fragmentation must be allowed. With path MTU discovery
 * (PMTUD=TCPVALUE: IPv6, and IPv4 where the machine has it on) routers may not
 * fragment, but tell what they take, and links shrink to it; what they can't
 * shrink to (768, NLPs of other nodes) our own kernel cuts: WANT, not DO.
 */
static void
set_discovery(const struct eeio_sock *s, int fam, unsigned pmtud)
{
	int v = IP_PMTUDISC_DONT;
	socklen_t n = sizeof(v);

	if (fam == AF_INET6) {
		(void)opt(s->fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, pmtud ? IPV6_PMTUDISC_WANT :
		    IPV6_PMTUDISC_DONT);
		(void)opt(s->fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
		return;
	}
	/* a new socket has the machine's setting: ip_no_pmtu_disc */
	(void)getsockopt(s->fd, IPPROTO_IP, IP_MTU_DISCOVER, &v, &n);
	(void)opt(s->fd, IPPROTO_IP, IP_MTU_DISCOVER, pmtud && v != IP_PMTUDISC_DONT ?
	    IP_PMTUDISC_WANT : IP_PMTUDISC_DONT);
	(void)opt(s->fd, IPPROTO_IP, IP_RECVERR, 1);
}

/* RFC 2353 section 2.6.1: precedence by port. */
static int
set_options(struct eeio_sock *s, int fam, unsigned tos, unsigned pmtud)
{
	int err;

	if (fam == AF_INET6) {
		err = opt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
		(void)opt(s->fd, IPPROTO_IPV6, IPV6_TCLASS, (int)tos);
	} else {
		err = opt(s->fd, IPPROTO_IP, IP_TOS, (int)tos);
	}
	set_discovery(s, fam, pmtud);
	/* Both are a help only: datagrams of equal length go and come as one. */
	s->gso_max = opt(s->fd, SOL_UDP, UDP_SEGMENT, 0) == 0 ? UINT16_MAX : 0;
	(void)opt(s->fd, SOL_UDP, UDP_GRO, 1);
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
	n = ipaddr_to_sa(&io->local, s->udp, &ss);
	s->fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0) {
		err = -errno;
		(void)snprintf(why, EEIO_WHY, "no UDP socket: %s", strerror(-err));
		return err;
	}
	err = set_options(s, ss.ss_family, cfg->tos[i], cfg->pmtud);
	if (err == 0 && bind(s->fd, (struct sockaddr *)&ss, n) != 0)
		err = -errno;
	if (err == 0)
		return 0;
	(void)ipaddr_text(&io->local, text);
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

static int
open_all(struct eeio *io, const struct ee_cfg *cfg, char why[EEIO_WHY])
{
	int err = 0;

	why[0] = '\0';
	io->bufs = cfg->bufs;
	/* A TEST may be longer than any NLP we take. */
	io->room = (uint16_t)(cfg->max_btu + LLC_LEN);
	if (io->room < BUF_STD)
		io->room = BUF_STD;
	for (unsigned i = 0; i < EE_NPORT; i++)
		io->sock[i].fd = -1;
	io->area = malloc((size_t)EEIO_RX * EEIO_AREA);
	if (io->area == NULL) {
		(void)snprintf(why, EEIO_WHY, "no memory for datagrams");
		err = -ENOMEM;
	}
	for (unsigned i = 0; i < EE_NPORT && err == 0; i++)
		err = open_one(io, cfg, i, why);
	if (err != 0)
		eeio_close(io);
	return err;
}

int
eeio_open(struct eeio *io, const struct ee_cfg *cfg, char why[EEIO_WHY])
{
	memset(io, 0, sizeof(*io));
	io->local = cfg->local;
	return open_all(io, cfg, why);
}

int
eeio_open_at(struct eeio *io, const struct ee *ee, unsigned local, char why[EEIO_WHY])
{
	memset(io, 0, sizeof(*io));
	io->local = *ee_local(ee, local);
	io->at = (uint8_t)local;
	return open_all(io, ee_config(ee), why);
}

void
eeio_close(struct eeio *io)
{
	for (unsigned i = 0; i < EE_NPORT; i++) {
		if (io->sock[i].fd >= 0)
			(void)close(io->sock[i].fd);
		io->sock[i].fd = -1;
	}
	free(io->area);
	io->area = NULL;
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

void
eeio_note_refused(struct eeio *io, const struct ipaddr *to, int err, uint32_t mtu)
{
	uint32_t i;

	for (i = 0; i < io->n_refused; i++)
		if (ipaddr_eq(&io->refused[i].to, to) && io->refused[i].err == err) {
			if (mtu != 0)
				io->refused[i].mtu = mtu;
			return;
		}
	if (i < sizeof(io->refused) / sizeof(io->refused[0]))
		io->refused[io->n_refused++] = (struct eeio_refused){ *to, err, mtu };
}

/* A connected socket tells, by the route and what ICMP said before. */
void
eeio_note_mtu(struct eeio *io, const struct ipaddr *to)
{
	struct sockaddr_storage from, ss;
	socklen_t n = ipaddr_to_sa(&io->local, 0, &from), m = ipaddr_to_sa(to, 9, &ss);
	bool six = to->fam == 6;
	int fd = socket(from.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), mtu = 0;
	socklen_t len = sizeof(mtu);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&from, n) == 0 &&
	    connect(fd, (struct sockaddr *)&ss, m) == 0 &&
	    getsockopt(fd, six ? IPPROTO_IPV6 : IPPROTO_IP, six ? IPV6_MTU : IP_MTU, &mtu,
	    &len) == 0 && mtu > 0)
		eeio_note_refused(io, to, EMSGSIZE, (uint32_t)mtu);
	if (fd >= 0)
		(void)close(fd);
}

/* Empties the error queue of one socket; true when there was something. */
bool
eeio_read_errors(struct eeio *io, const struct eeio_sock *s)
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
		eeio_note_refused(io, &to, (int)e.ee_errno,
		    e.ee_errno == EMSGSIZE ? e.ee_info : 0);
	}
	return any;
}

/* Told after a batch: ee may not be called while its data is borrowed. */
void
eeio_tell_refused(struct eeio *io, struct ee *ee, struct mono now)
{
	for (uint32_t i = 0; i < io->n_refused; i++)
		if (io->refused[i].mtu != 0)
			ee_path_mtu(ee, now, io->at, &io->refused[i].to, io->refused[i].mtu);
		else
			ee_unreachable(ee, now, &io->refused[i].to, io->refused[i].err);
	io->n_refused = 0;
}

/* One datagram, or one of those the kernel put together. */
static void
take(struct eeio *io, const struct eeio_sock *s, struct ee *ee, const struct eeio_rx *rx)
{
	struct buf *b;

	io->stat[EEIO_RCVD]++;
	io->stat[EEIO_RCVD_BYTES] += rx->len;
	if (rx->len > io->room) {
		io->stat[EEIO_TOO_LONG]++;
		return;
	}
	b = buf_get(io->bufs, io->room);
	if (b == NULL) {
		io->stat[EEIO_NO_BUF]++;
		return;
	}
	buf_append(b, rx->p, rx->len);
	if (io->trace != NULL && trace_on(io->trace)) {
		struct iovec v = { b->p, b->len };

		trace_dgram(io->trace, rx->now, &(struct trace_dgram){ .local = &io->local,
		    .remote = &rx->from, .dir = TRACE_IN, .port = s->idx, .iov = &v, .niov = 1 });
	}
	ee_input_at(ee, rx->now, io->at, &rx->from, (enum ee_port)s->idx, b);
}

/* The length of the datagrams put together, all but the last; 0: it is one. */
static uint32_t
together(struct msghdr *m)
{
	int size = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c))
		if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO &&
		    c->cmsg_len >= CMSG_LEN(sizeof(size)))
			memcpy(&size, CMSG_DATA(c), sizeof(size));
	return size > 0 ? (uint32_t)size : 0;
}

/* Datagrams of one message of the kernel; how many. */
static unsigned
take_apart(struct eeio *io, const struct eeio_sock *s, struct ee *ee, struct mmsghdr *m,
    struct eeio_rx *rx)
{
	const uint8_t *p = m->msg_hdr.msg_iov->iov_base;
	uint32_t left = m->msg_len, each = together(&m->msg_hdr);
	struct sockaddr_storage ss;
	unsigned n = 0;

	memcpy(&ss, m->msg_hdr.msg_name, sizeof(ss));
	if ((m->msg_hdr.msg_flags & MSG_TRUNC) != 0) {
		io->stat[EEIO_TOO_LONG]++;
		return 1;
	}
	if (!ipaddr_from_sa(&rx->from, NULL, &ss))
		return 1;
	if (each == 0 || each > left)
		each = left;
	do {
		rx->p = p;
		rx->len = each < left ? each : left;
		take(io, s, ee, rx);
		p += rx->len;
		left -= rx->len;
		n++;
	} while (left != 0);
	return n;
}

/* What the kernel has, up to EEIO_RX messages; datagrams, or -errno. *full: there may be more. */
static int
read_batch(struct eeio *io, const struct eeio_sock *s, struct ee *ee, struct eeio_rx *rx)
{
	union {
		char b[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} ctl[EEIO_RX];
	struct mmsghdr m[EEIO_RX];
	struct iovec v[EEIO_RX];
	struct sockaddr_storage ss[EEIO_RX];
	unsigned n = 0;
	int got;

	for (unsigned i = 0; i < EEIO_RX; i++) {
		v[i] = (struct iovec){ io->area + (size_t)i * EEIO_AREA, EEIO_AREA };
		m[i].msg_hdr = (struct msghdr){ .msg_name = &ss[i], .msg_namelen = sizeof(ss[i]),
			.msg_iov = &v[i], .msg_iovlen = 1, .msg_control = ctl[i].b,
			.msg_controllen = sizeof(ctl[i].b) };
		m[i].msg_len = 0;
	}
	got = recvmmsg(s->fd, m, EEIO_RX, MSG_DONTWAIT, NULL);
	rx->full = got == EEIO_RX;
	if (got < 0)
		return errno == EAGAIN ? 0 : -errno;
	io->stat[EEIO_READS]++;
	for (int i = 0; i < got; i++)
		n += take_apart(io, s, ee, &m[i], rx);
	return (int)n;
}

unsigned
eeio_read(struct eeio *io, struct eeio_sock *s, struct ee *ee, struct mono now)
{
	struct eeio_rx rx = { .now = now };
	unsigned total = 0;

	while (total < EEIO_BUDGET) {
		int got = read_batch(io, s, ee, &rx);

		if (got == -EINTR)
			continue;
		/* A pending ICMP error is told once by the next call, whatever it was. */
		if (got < 0 && eeio_read_errors(io, s)) {
			total++;
			continue;
		}
		if (got <= 0)
			break;
		total += (unsigned)got;
		if (!rx.full)
			break;
	}
	(void)eeio_read_errors(io, s);
	eeio_tell_refused(io, ee, now);
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
