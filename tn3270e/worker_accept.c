/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is let in. A port's limits are looked at before anything is spent on a
 * connection: who is over them hears it in plain words where there is no TLS,
 * and is closed. Those that have not yet said who they are stand in a list; when
 * it is too long the oldest goes, so that the patient can't keep others out.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tn3270e/conn_parts.h"

/* Nothing was read: what the client hears is this line, if it has no TLS. */
static void
say_no(const struct tnlisten *l, int fd, const char *text)
{
	char line[160];
	int n = snprintf(line, sizeof(line), "\r\nsnagate: %s\r\n", text);

	if (!l->port->secure)
		(void)send(fd, line, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

static void
refuse_full(struct worker *w, const struct tnlisten *l, int fd, struct mono now)
{
	uint32_t muted;

	w->stat[TN_REFUSED_FULL]++;
	say_no(l, fd, "no room for another client");
	if (log_bound(&w->full_log, now, &muted))
		LOG(TN, WARN, "telnet", "no room for another client (%u more refused)", muted);
}

/* EZZ6034I as for any drop: it says a reason once, and how often it came again. */
static void
refuse(struct worker *w, const struct tnlisten *l, const struct conn_from *f, const char *reason,
    const char *text)
{
	struct tn_report r = { .kind = TR_CONN_DROP, .error = 1, .debug = DB_EXCEPTION,
		.cport = f->port, .addr = f->addr, .lu = "**N/A**" };

	snprintf(r.object, sizeof(r.object), "%s", reason);
	snprintf(r.text, sizeof(r.text), "%s", text);
	r.id = atomic_fetch_add_explicit(w->next_id, 1, memory_order_relaxed) + 1;
	w->stat[TN_REFUSED_LIMIT]++;
	w->drops[drop_reason_at(reason)]++;
	say_no(l, f->fd, text);
	worker_report(w, &r);
}

/* False: it was refused. Behind a proxy the client's own address comes later. */
static bool
may_come(struct worker *w, const struct tnlisten *l, const struct conn_from *f, uint8_t *counted,
    struct mono now)
{
	const struct tnp_limits *lim = &l->port->limits;
	enum tr_verdict v;

	if (lim->proxies != NULL) {
		if (!tnp_limits_proxy(lim, &f->addr))
			refuse(w, l, f, "NOTPROXY", "this port takes connections from its proxies "
			    "only (PROXYPROTOCOL)");
		return tnp_limits_proxy(lim, &f->addr);
	}
	if (w->traffic == NULL)
		return true;
	v = traffic_enter(w->traffic, lim, &f->addr, l->port->port, now);
	*counted = v == TR_OK;
	if (v != TR_OK && v != TR_OK_UNCOUNTED) {
		refuse(w, l, f, traffic_reason(v), traffic_text(v));
		return false;
	}
	return true;
}

static void
make_room(struct worker *w, uint32_t most, struct mono now)
{
	struct conn *c;

	while (most != 0 && w->n_young > most && (c = TAILQ_FIRST(&w->young)) != NULL)
		conn_drop(c, "NEGLIMIT", "too many connections that have not negotiated yet: the "
		    "oldest had to go (MAXNEGOTIATING)", now);
}

void
worker_grown(struct conn *c)
{
	if (!c->young)
		return;
	c->young = 0;
	c->w->n_young--;
	TAILQ_REMOVE(&c->w->young, c, young_link);
}

static void
welcome(struct worker *w, struct tnlisten *l, struct conn_from *f, struct mono now)
{
	struct sockaddr_storage ss;
	socklen_t n = sizeof(ss);
	uint8_t counted = 0;
	struct conn *c;
	uint16_t port;

	if (!may_come(w, l, f, &counted, now))
		return;
	c = w->halting || w->conns.used >= w->max_conns ? NULL : pool_get(&w->conns);
	if (c == NULL) {
		if (counted)
			traffic_leave(w->traffic, &f->addr, l->port->port);
		refuse_full(w, l, f->fd, now);
		return;
	}
	if (getsockname(f->fd, (struct sockaddr *)&ss, &n) == 0)
		(void)ipaddr_from_sa(&f->dest, &port, &ss);
	c->w = w;
	c->counted = counted;
	c->listen = (uint8_t)(l - w->listen);
	c->id = atomic_fetch_add_explicit(w->next_id, 1, memory_order_relaxed) + 1;
	l->conns++;
	atomic_fetch_add(&((struct profile *)(uintptr_t)l->port->profile)->users, 1);
	w->stat[TN_ACCEPTED]++;
	c->young = 1;
	w->n_young++;
	TAILQ_INSERT_TAIL(&w->young, c, young_link);
	conn_begin(c, f, l->port, now);
	make_room(w, l->port->limits.v[LIM_YOUNG], now);
}

/* No descriptors left: accepting rests a second, the backlog keeps the clients. */
static void
rest(struct worker *w, int e, struct mono now)
{
	uint32_t muted;

	w->accept_at = mono_add(now, SECS(1));
	for (unsigned i = 0; i < w->n_listen; i++)
		if (w->listen[i].fd >= 0 && w->listen[i].state == LS_ACTIVE)
			(void)loop_mod(w->loop, w->listen[i].fd, 0, &w->listen[i].tag);
	if (log_bound(&w->full_log, now, &muted))
		LOG(TN, WARN, "telnet", "accepting rests: %s", strerror(e));
}

void
worker_wake_listeners(struct worker *w)
{
	w->accept_at = MONO_NEVER;
	for (unsigned i = 0; i < w->n_listen; i++)
		if (w->listen[i].fd >= 0 && w->listen[i].state == LS_ACTIVE)
			(void)loop_mod(w->loop, w->listen[i].fd, LOOP_IN, &w->listen[i].tag);
}

void
worker_accept(struct worker *w, struct tnlisten *l, struct mono now)
{
	for (int i = 0; i < WORKER_ACCEPTS; i++) {
		struct sockaddr_storage ss;
		socklen_t n = sizeof(ss);
		struct conn_from f = { .fd = accept4(l->fd, (struct sockaddr *)&ss, &n,
		    SOCK_NONBLOCK | SOCK_CLOEXEC) };

		if (f.fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
		    errno == ENOBUFS))
			rest(w, errno, now);
		if (f.fd < 0)
			return;
		(void)ipaddr_from_sa(&f.addr, &f.port, &ss);
		welcome(w, l, &f, now);
	}
}
