/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in front of a connection: options of its socket, and the header
 * of the proxy it came through. The header is looked at before it is taken out
 * of the socket, so that not a byte behind it is: TLS may follow at once.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "tn3270e/conn_parts.h"
#include "tn3270e/proxy.h"

#define HEADER_S 5              /* for all of it: our choice; the paper says 3 or more */

static void
set(int fd, int level, int option, uint32_t v)
{
	const int i = (int)v;

	(void)setsockopt(fd, level, option, &i, sizeof(i));
}

void
conn_socket(int fd, const struct tnp_limits *l)
{
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	/* A Synch's DM stays behind its IAC: RFC 854; else the IAC meets the next byte. */
	set(fd, SOL_SOCKET, SO_OOBINLINE, 1);
	set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, l->v[LIM_USER_TIMEOUT] * 1000);
	if (l->v[LIM_KEEP_IDLE] == 0)
		return;
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, l->v[LIM_KEEP_IDLE]);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, l->v[LIM_KEEP_INTERVAL]);
	set(fd, IPPROTO_TCP, TCP_KEEPCNT, l->v[LIM_KEEP_COUNT]);
}

/* A printer out of paper reads nothing and is well; the user timeout would end it. Probes
 * that are answered, and those that are not, keep their rules. */
void
conn_socket_printer(int fd)
{
	set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 0);
}

void
conn_proxy_begin(struct conn *c, struct mono now)
{
	c->state = CS_PROXY;
	c->step_by = mono_add(now, SECS(HEADER_S));
	conn_due(c);
}

/* The client's own address counts from here. False: a limit of the port stops it. */
static bool
relayed(struct conn *c, const struct proxy_hdr *h, struct mono now)
{
	enum tr_verdict v;

	if (h->relayed) {
		c->w->stat[TN_PROXIED]++;
		c->who.addr = h->src;
		c->who.dest = h->dst;
		c->cport = h->sport;
	}
	if (c->w->traffic == NULL)
		return true;
	v = traffic_enter(c->w->traffic, &c->port->limits, &c->who.addr, c->port->port, now);
	c->counted = v == TR_OK;
	if (v == TR_OK || v == TR_OK_UNCOUNTED)
		return true;
	c->w->stat[TN_REFUSED_LIMIT]++;
	conn_refuse(c, traffic_reason(v), traffic_text(v), now);
	return false;
}

/* So many bytes leave the socket; they are in p. */
static bool
take(struct conn *c, uint8_t *p, size_t n)
{
	return n == 0 || recv(c->fd, p, n, MSG_DONTWAIT) == (ssize_t)n;
}

static void
header_done(struct conn *c, const struct proxy_hdr *h, struct mono now)
{
	buf_free(c->line);
	c->line = NULL;
	c->step_by = MONO_NEVER;
	if (relayed(c, h, now))
		conn_known(c, now);
}

void
conn_proxy_read(struct conn *c, struct mono now)
{
	uint8_t p[PROXY_MAX];
	size_t have = c->line == NULL ? 0 : c->line->len;
	struct proxy_hdr h;
	ssize_t n;

	if (have != 0)
		memcpy(p, c->line->p, have);
	n = recv(c->fd, p + have, sizeof(p) - have, MSG_PEEK | MSG_DONTWAIT);
	if (n < 0 && !conn_broken(errno))
		return;
	if (n <= 0) {
		c->w->stat[TN_DROP_CLIENT]++;
		conn_drop(c, "CLNTDISC", "the proxy hung up", now);
		return;
	}
	switch (proxy_get(p, have + (size_t)n, &h)) {
	case PROXY_MORE:
		if (c->line == NULL)
			c->line = buf_get(c->w->port->bufs, PROXY_MAX);
		if (c->line == NULL || !take(c, p + have, (size_t)n))
			conn_drop(c, "STORAGE", "the server has run out of buffers", now);
		else
			buf_append(c->line, p + have, (size_t)n);
		break;
	case PROXY_DONE:
		if (take(c, p + have, h.len - have))
			header_done(c, &h, now);
		else
			conn_drop(c, "CLNTDISC", "the proxy hung up", now);
		break;
	case PROXY_BAD:
		conn_refuse(c, "PROXYHDR", h.why, now);
		break;
	}
}
