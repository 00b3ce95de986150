/* SPDX-License-Identifier: Apache-2.0
 *
 * A worker's turn: sockets that are ready, orders of the SNA thread, RPLs of
 * the node, deadlines; then every client that has something to send is flushed
 * once and the node is woken once. Only clients that something happened to are
 * visited.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sched.h>

#include "tn3270e/conn_mon.h"
#include "tn3270e/conn_parts.h"

#define ORDERS 64
#define REPORTS 1024
#define ACCTS 512               /* accounting records until the SNA thread takes them */
#define PARTNERS_US 5000        /* until the report ring is tried again */
#define BUFS_SMALL 262144
#define BUFS_STD 131072
#define BUFS_BIG 16384
#define BACKLOG 4096
#define ANSWERS 8u              /* RPLs one RPL of the node may bring about */
#define SPARE_FDS 32u           /* of a thread: listeners, loop, one to refuse with .. */
#define SHARED_FDS 256u         /* of the SNA thread: EE, consoles, HTTP, trace .. */

const struct stat_desc tn_stat_desc[TN_NSTAT] = {
	[TN_ACCEPTED] = { "telnet_accepted", "", "Connections accepted.", STAT_COUNTER },
	[TN_CLIENTS] = { "telnet_clients", "", "Connections now.", STAT_GAUGE },
	[TN_REFUSED_FULL] = { "telnet_refused_full", "", "Connections refused: no room.",
	    STAT_COUNTER },
	[TN_REFUSED_LIMIT] = { "telnet_refused_limit", "", "Connections refused by a limit of the "
	    "port.", STAT_COUNTER },
	[TN_PROXIED] = { "telnet_proxied", "", "Connections whose proxy named the client.",
	    STAT_COUNTER },
	[TN_TLS_OK] = { "telnet_tls_handshakes", "", "TLS handshakes finished.", STAT_COUNTER },
	[TN_TLS_FAILED] = { "telnet_tls_failed", "", "TLS handshakes failed.", STAT_COUNTER },
	[TN_TLS_REUSED] = { "telnet_tls_resumed", "", "TLS handshakes that took up a session.",
	    STAT_COUNTER },
	[TN_ELF] = { "telnet_express_logons", "", "Tickets put in for clients.", STAT_COUNTER },
	[TN_ELF_FAILED] = { "telnet_express_logons_failed", "", "Express Logons without a ticket.",
	    STAT_COUNTER },
	[TN_NEG_E] = { "telnet_tn3270e", "", "Clients that agreed on TN3270E.", STAT_COUNTER },
	[TN_NEG_3270] = { "telnet_tn3270", "", "Clients that agreed on TN3270.", STAT_COUNTER },
	[TN_NEG_LINE] = { "telnet_linemode", "", "Clients in line mode.", STAT_COUNTER },
	[TN_NEG_FAILED] = { "telnet_negotiation_failed", "", "Clients dropped before an agreement.",
	    STAT_COUNTER },
	[TN_LU_REFUSED] = { "telnet_lu_refused", "", "Requests for an LU that got none.",
	    STAT_COUNTER },
	[TN_LOGONS] = { "telnet_logons", "", "Sessions asked for.", STAT_COUNTER },
	[TN_LOGON_FAILED] = { "telnet_logons_failed", "", "Sessions refused.", STAT_COUNTER },
	[TN_SESSIONS_LOST] = { "telnet_sessions_lost", "",
	    "Sessions the host or the operator ended, no logoffs.", STAT_COUNTER },
	[TN_SESSIONS] = { "telnet_sessions", "", "Sessions begun.", STAT_COUNTER },
	[TN_RECORDS_IN] = { "telnet_records_in", "", "Records from clients.", STAT_COUNTER },
	[TN_RECORDS_OUT] = { "telnet_records_out", "", "Records to clients.", STAT_COUNTER },
	[TN_BYTES_IN] = { "telnet_in", "bytes", "Bytes from clients.", STAT_COUNTER },
	[TN_BYTES_OUT] = { "telnet_out", "bytes", "Bytes to clients.", STAT_COUNTER },
	[TN_DROP_CLIENT] = { "telnet_left", "", "Clients that hung up.", STAT_COUNTER },
	[TN_DROP_SILENT] = { "telnet_dropped_silent", "", "Clients dropped for silence.",
	    STAT_COUNTER },
	[TN_DROP_SENDQ] = { "telnet_dropped_slow", "", "Clients dropped for MAXTCPSENDQ.",
	    STAT_COUNTER },
	[TN_DROP_OTHER] = { "telnet_dropped_orders", "", "Clients dropped by orders.",
	    STAT_COUNTER },
	[TN_STALLS] = { "telnet_stalls", "", "Times a client was not read for a while.",
	    STAT_COUNTER },
	[TN_NO_BUFFER] = { "telnet_no_buffer", "", "Times there was no buffer.", STAT_COUNTER },
	[TN_NAMES] = { "telnet_names_asked", "", "Host names of clients asked for.", STAT_COUNTER },
	[TN_NAMES_LATE] = { "telnet_names_late", "", "Host names that did not come in time.",
	    STAT_COUNTER },
	[TN_TKO_ASKED] = { "telnet_takeovers_asked", "", "LUs that a client wanted of another.",
	    STAT_COUNTER },
	[TN_TKO_DEAD] = { "telnet_takeovers", "", "Clients found dead when another asked.",
	    STAT_COUNTER },
	[TN_ACCT_LOST] = { "telnet_accounting_lost", "", "Accounting records a worker lost.",
	    STAT_COUNTER },
	[TN_ANSWERS_OVERDUE] = { "telnet_answers_overdue", "",
	    "Definite responses clients never gave (RSPTIMEOUT).", STAT_COUNTER },
	[TN_TYPED_AHEAD] = { "telnet_typed_ahead", "",
	    "Times a client had typed as far ahead as it may.", STAT_COUNTER },
	[TN_BINDS_REFUSED] = { "telnet_binds_refused", "", "BINDs that did not fit the client.",
	    STAT_COUNTER },
	[TN_CHAINS_REFUSED] = { "telnet_chains_refused", "",
	    "Chains of hosts refused: SYSREQ, too long.", STAT_COUNTER },
	[TN_PRINT_JOBS] = { "telnet_print_jobs", "", "Jobs of printers that have ended.",
	    STAT_COUNTER },
	[TN_LEFT_E] = { "telnet_tn3270e_left", "",
	    "Clients that agreed on TN3270E, but not on its functions.", STAT_COUNTER },
	[TN_PRINT_STOPS] = { "telnet_print_stops", "",
	    "Printers that wanted an operator: 0802, 0831.", STAT_COUNTER },
	[TN_TKO_SESSIONS] = { "telnet_sessions_taken_over", "", "Sessions handed to a new client.",
	    STAT_COUNTER },
	[TN_REPORTS_LOST] = { "telnet_reports_lost", "", "EZZ6034I lines lost.", STAT_COUNTER },
};

/* --- reports --- */

struct tn_report
worker_report_of(const struct conn *c, enum tn_report_kind kind, const char *object)
{
	struct tn_report r = { .kind = (uint8_t)kind, .cport = c->cport, .id = c->id,
		.addr = c->who.addr };

	r.debug = c->parms == NULL ? DB_EXCEPTION : (uint8_t)c->parms->v[TP_DEBUG];
	snprintf(r.lu, sizeof(r.lu), "%s", conn_lu(c));
	snprintf(r.object, sizeof(r.object), "%s", object);
	return r;
}

void
worker_wake_main(struct worker *w)
{
	if (w->main_loop != NULL)
		loop_wake(w->main_loop);
}

void
worker_report(struct worker *w, const struct tn_report *r)
{
	if (!r->error && r->debug < DB_SUMMARY)
		return;
	if (!ring_put(&w->reports, r))
		w->stat[TN_REPORTS_LOST]++;
	else
		worker_wake_main(w);
}

void
worker_detail(const struct conn *c, unsigned rcode, unsigned instance, uint32_t parm,
    const char *text)
{
	struct tn_report r;

	if (c->parms == NULL || c->parms->v[TP_DEBUG] < DB_DETAIL)
		return;
	r = worker_report_of(c, TR_DETAIL, "");
	r.rcode = (uint16_t)rcode;
	r.instance = (uint8_t)instance;
	r.parm = parm;
	snprintf(r.text, sizeof(r.text), "%s", text);
	worker_report(c->w, &r);
}

void
worker_report_port(struct worker *w, const struct tnp_port *p, const char *text, uint8_t error)
{
	struct tn_report r = { .kind = TR_PORT, .error = error, .debug = DB_SUMMARY,
		.cport = p->port, .addr = p->addr };

	snprintf(r.text, sizeof(r.text), "%s", text);
	worker_report(w, &r);
}

void
worker_drop_lu(struct worker *w, const char *lu)
{
	if (!lunames_put(&w->partners, lu))
		LOG(TN, ERROR, lu, "no memory: it stays, though its terminal has gone");
}

/* The rest in a later turn: the SNA thread empties the ring meanwhile. */
static void
partners(struct worker *w)
{
	struct tn_report r = { .kind = TR_DROP_LU };
	const char *lu;

	while ((lu = lunames_first(&w->partners)) != NULL) {
		memcpy(r.lu, lu, sizeof(r.lu));
		if (!ring_put(&w->reports, &r))
			return;
		lunames_pop(&w->partners);
		worker_wake_main(w);
	}
}

/* --- clients --- */

uint32_t
worker_user(const struct worker *w, const struct conn *c)
{
	return pool_index(&w->conns, c) + 1;
}

struct conn *
worker_conn(const struct worker *w, uint32_t user)
{
	struct conn *c = user == 0 || user > WORKER_CONNS ? NULL : pool_at(&w->conns, user - 1);

	return c != NULL && c->w == w ? c : NULL;
}

static void
profile_leave(const struct profile *p)
{
	atomic_fetch_sub(&((struct profile *)(uintptr_t)p)->users, 1);
}

static void
profile_enter(const struct profile *p)
{
	atomic_fetch_add(&((struct profile *)(uintptr_t)p)->users, 1);
}

void
worker_free(struct worker *w, struct conn *c)
{
	tko_gone(c);
	tko_unlist(c);
	if (c->on_stall)                /* the node was quicker than our CLOSE */
		TAILQ_REMOVE(&w->stall, c, stall_link);
	free(c->late);
	tnlu_image_free(c->moved);
	tnlu_fini(&c->lu);
	tel_fini(&c->tel);
	due_clear(&w->due, &c->due);
	conn_mon_end(c);
	worker_grown(c);
	if (c->counted)
		traffic_leave(w->traffic, &c->who.addr, c->port->port);
	profile_leave(c->port->profile);
	resolve_drop(c->host);
	w->listen[c->listen].conns--;
	c->w = NULL;                    /* what pool_put() leaves tells that it is free */
	c->state = CS_FREE;
	pool_put(&w->conns, c);
}

/* --- ports --- */

static int
open_socket(const struct tnp_port *p, bool shared)
{
	struct sockaddr_storage ss;
	struct ipaddr any = { .fam = 6 };
	int on = 1, off = 0, e, fd;
	socklen_t n;

	fd = socket(p->addr.fam == 4 ? AF_INET : AF_INET6,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0);
	if (fd < 0 && p->addr.fam == 0) {       /* a machine without IPv6 */
		any.fam = 4;
		fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	}
	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (shared)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (p->addr.fam == 0 && any.fam == 6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	n = ipaddr_to_sa(p->addr.fam == 0 ? &any : &p->addr, p->port, &ss);
	if (bind(fd, (struct sockaddr *)&ss, n) < 0 || listen(fd, BACKLOG) < 0) {
		e = -errno;
		close(fd);
		return e;
	}
	return fd;
}

static struct tnlisten *
listener_for(struct worker *w, const struct tnp_port *p)
{
	struct tnlisten *l;

	for (unsigned i = 0; i < w->n_listen; i++)
		if (w->listen[i].port->port == p->port &&
		    ipaddr_eq(&w->listen[i].port->addr, &p->addr))
			return &w->listen[i];
	if (w->n_listen == TNP_PORTS)
		return NULL;
	l = &w->listen[w->n_listen++];
	*l = (struct tnlisten){ .tag = { LOOP_TN, TNK_LISTEN }, .fd = -1, .state = LS_CLOSED };
	return l;
}

static void
open_port(struct worker *w, struct tnlisten *l)
{
	char text[120], addr[IPADDR_TEXT];
	int fd;

	if (l->fd >= 0)
		return;
	fd = open_socket(l->port, w->has_thread);
	if (fd >= 0 && loop_add(w->loop, fd, LOOP_IN, &l->tag) != 0) {
		close(fd);
		fd = -EIO;
	}
	if (fd < 0) {
		snprintf(text, sizeof(text), "port %u%s%s can't be opened: %s", l->port->port,
		    l->port->addr.fam == 0 ? "" : " on ", l->port->addr.fam == 0 ? "" :
		    ipaddr_text(&l->port->addr, addr), strerror(-fd));
		worker_report_port(w, l->port, text, 1);
		return;
	}
	l->fd = fd;
	l->state = LS_ACTIVE;
	if (w->index == 0)
		worker_report_port(w, l->port, "listening", 0);
}

static void
close_port(struct worker *w, struct tnlisten *l)
{
	if (l->fd < 0)
		return;
	loop_del(w->loop, l->fd);
	close(l->fd);
	l->fd = -1;
	l->state = LS_CLOSED;
}

/* Ports the profile names change over to it; others stay as they are. */
static void
take_profile(struct worker *w, struct profile *p)
{
	for (const struct tnp_port *port = p->ports; port != NULL; port = port->next) {
		struct tnlisten *l = listener_for(w, port);

		if (l == NULL)
			continue;
		profile_enter(p);
		if (l->port != NULL)
			profile_leave(l->port->profile);
		l->port = port;
		open_port(w, l);
	}
}

bool
worker_port_meant(const struct worker_msg *m, const struct tnlisten *l)
{
	if (m->basic && l->port->secure)
		return false;
	if (m->secure && !l->port->secure)
		return false;
	return m->port_lo == 0 || (l->port->port >= m->port_lo && l->port->port <= m->port_hi);
}

static void
change_ports(struct worker *w, const struct worker_msg *m)
{
	for (unsigned i = 0; i < w->n_listen; i++) {
		struct tnlisten *l = &w->listen[i];

		if (!worker_port_meant(m, l))
			continue;
		if (m->op == WO_STOP) {
			close_port(w, l);
		} else if (m->op == WO_QUIESCE && l->state == LS_ACTIVE) {
			close_port(w, l);       /* the kernel refuses: clients hear it at once */
			l->state = LS_QUIESCED;
		} else if (m->op == WO_RESUME && l->state == LS_QUIESCED) {
			open_port(w, l);
		}
	}
}

/* --- orders --- */

void
worker_answer_free(struct worker_answer *a)
{
	for (unsigned i = 0; a != NULL && i < a->n_ports; i++)
		rows_fini(&a->rows[i]);
	if (a != NULL) {
		free(a->using);
		rt_list_fini(&a->rt);
	}
	free(a);
}

/* NULL: an empty one, there was no memory for it. */
void
worker_answer(struct worker *w, const struct worker_msg *m, struct worker_answer *a)
{
	const struct worker_msg up = { .op = m->op, .ticket = m->ticket, .answer = a };

	(void)ring_put(&w->answers, &up);       /* as many answers fit as orders */
	worker_wake_main(w);
}

static struct worker_mem
mem_of(const struct pool *p)
{
	return (struct worker_mem){ p->used, p->touched, p->max, (uint32_t)p->size };
}

static struct worker_answer *
numbers(struct worker *w)
{
	struct worker_answer *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	for (unsigned i = 0; i < w->n_listen; i++)
		a->port[a->n_ports++] = (struct port_count){ w->listen[i].port->port,
			(uint16_t)atomic_load(&((struct profile *)(uintptr_t)
			w->listen[i].port->profile)->number), w->listen[i].conns,
			w->listen[i].state };
	a->mem[0] = mem_of(&w->conns);
	for (unsigned i = 0; i < BUF_NCLASS; i++)
		a->mem[1 + i] = mem_of(&w->bufs.slab[i]);
	w->stat[TN_CLIENTS] = w->conns.used;
	memcpy(a->stat, w->stat, sizeof(w->stat));
	memcpy(a->drops, w->drops, sizeof(w->drops));
	return a;
}

static void
drop_lu(struct worker *w, const char *lu, struct mono now)
{
	struct conn *c = tko_by_lu(w, lu);

	if (c != NULL && c->state != CS_GONE)
		conn_drop(c, "ASSOCPRT", "its terminal has gone (DROPASSOCPRINTER)", now);
}

static void
halt(struct worker *w)
{
	w->halting = 1;
	for (unsigned i = 0; i < w->n_listen; i++)
		close_port(w, &w->listen[i]);
}

static void
order(struct worker *w, const struct worker_msg *m, struct mono now)
{
	struct worker_answer *a = m->ticket == 0 ? NULL : numbers(w);

	switch ((enum worker_order)m->op) {
	case WO_PROFILE:
		w->resolve = m->resolve;
		take_profile(w, m->profile);
		atomic_store(&w->ready, 2);
		profile_leave(m->profile);      /* the order's hold: the next may be quick */
		worker_walk_begin(w, m, NULL);
		break;
	case WO_STOP:
		change_ports(w, m);
		worker_walk_begin(w, m, NULL);
		break;
	case WO_QUIESCE:
	case WO_RESUME:
		change_ports(w, m);
		break;
	case WO_DROP_LU:
		drop_lu(w, m->lu, now);
		break;
	case WO_HALT:
		halt(w);
		worker_walk_begin(w, m, NULL);
		break;
	case WO_END:
		w->ended = 1;
		break;
	case WO_USING:
		if (a != NULL)
			a->using = using_new();
		if (a != NULL)
			rt_list_of(&a->rt, &w->rt, now);
		worker_walk_begin(w, m, a);
		break;
	case WO_LIST:
		worker_walk_begin(w, m, a);
		break;
	case WO_METRICS:
		if (a != NULL)
			rt_list_of(&a->rt, &w->rt, now);
		worker_answer(w, m, a);
		break;
	}
}

/* --- the turn --- */

static void
events(struct worker *w, const struct loop_ev *ev, int n, struct mono now)
{
	w->handshakes = 0;
	for (int i = 0; i < n; i++) {
		if (ev[i].tag->kind == TNK_LISTEN)
			worker_accept(w, (struct tnlisten *)(void *)ev[i].tag, now);
		else if (ev[i].tag->kind == TNK_ELF)
			conn_elf_event((struct elf_wait *)(void *)ev[i].tag, now);
		else
			conn_event((struct conn *)(void *)ev[i].tag, ev[i].what, now);
	}
}

/* What an RPL makes us say must fit below. */
static bool
may_answer(const struct worker *w)
{
	return acb_room(w->port) > ANSWERS;
}

static void
rpls(struct worker *w, struct mono now)
{
	struct rpl r;

	for (int i = 0; i < WORKER_UPS && may_answer(w) && acb_poll(w->port, &r); i++) {
		struct conn *c = worker_conn(w, r.user);

		if (c != NULL)
			conn_rpl(c, &r, now);
		else
			buf_free(r.buf);
	}
}

/* Names that came. Who left or went on without one has no use for it. */
static void
names(struct worker *w, struct mono now)
{
	const struct resolve_name *name;
	uint64_t tag;

	while (w->resolve != NULL && resolve_answer(w->resolve, w->index, &tag, &name)) {
		struct conn *c = worker_conn(w, (uint32_t)tag);

		if (c != NULL && c->id == tag >> 32 && c->state == CS_NAME)
			conn_named(c, name, now);
		else
			resolve_drop(name);
	}
}

static void
stalled(struct worker *w, struct mono now)
{
	struct conn *c, *next, *last = TAILQ_LAST(&w->stall, connwait);

	w->again = 0;
	for (c = TAILQ_FIRST(&w->stall); c != NULL; c = next) {
		next = c == last ? NULL : TAILQ_NEXT(c, stall_link);    /* each once */
		if (acb_room(w->port) < WORKER_ROOM * 2)
			return;
		if (c->state == CS_GONE)
			conn_close_again(c, now);
		else if (!conn_waits(c))
			conn_unstall(c, now);
	}
}

static void
flush(struct worker *w, struct mono now)
{
	struct conn *c;

	while ((c = STAILQ_FIRST(&w->flush)) != NULL) {
		STAILQ_REMOVE_HEAD(&w->flush, flush_link);
		c->on_flush = 0;
		if (c->state != CS_GONE)
			conn_flush(c, now);
		else if (!tnlu_open_now(&c->lu))
			worker_free(w, c);
	}
}

static void
tell_idle(struct worker *w)
{
	const struct worker_msg up = { .op = WO_HALT };

	if (!w->halting || w->idle_told || w->conns.used != 0)
		return;
	w->idle_told = 1;
	(void)ring_put(&w->answers, &up);
	worker_wake_main(w);
}

void
worker_turn(struct worker *w, struct mono now, const struct loop_ev *ev, int n)
{
	struct worker_msg m;
	struct due *d;

	events(w, ev, n, now);
	while (ring_get(&w->orders, &m))
		order(w, &m, now);
	worker_walk(w, now);
	rpls(w, now);
	names(w, now);
	tko_turn(w, now);
	for (unsigned i = 0; i < WORKER_SLICE && (d = due_pop(&w->due, now)) != NULL; i++)
		conn_expire(DUE_OBJ(d, struct conn, due), now);
	if (mono_due(w->accept_at, now))
		worker_wake_listeners(w);
	stalled(w, now);
	flush(w, now);
	partners(w);
	w->partners_at = lunames_first(&w->partners) == NULL ? MONO_NEVER :
	    mono_add(now, PARTNERS_US);
	tell_idle(w);
	acb_kick(w->port);
}

struct mono
worker_deadline(const struct worker *w)
{
	if ((ring_used(&w->port->up) != 0 && may_answer(w)) || ring_used(&w->orders) != 0 ||
	    w->walks != NULL || w->again || ring_used(&w->tko_down) != 0)
		return (struct mono){ 0 };
	return mono_min(mono_min(due_next(&w->due), w->accept_at), w->partners_at);
}

/* --- start and end --- */

/* So many that a descriptor is left to refuse the next one with. */
static uint32_t
most_clients(bool shared)
{
	uint32_t keep = shared ? SHARED_FDS : SPARE_FDS;
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= WORKER_CONNS + keep)
		return WORKER_CONNS;
	return r.rlim_cur > 2u * keep ? (uint32_t)r.rlim_cur - keep : (uint32_t)r.rlim_cur / 2;
}

int
worker_init(struct worker *w, unsigned index, struct loop *shared)
{
	int e;

	w->max_conns = most_clients(shared != NULL);
	w->index = index;
	w->accept_at = w->partners_at = MONO_NEVER;
	w->loop = shared;
	STAILQ_INIT(&w->flush);
	TAILQ_INIT(&w->stall);
	TAILQ_INIT(&w->young);
	e = pool_init(&w->conns, "CONN", sizeof(struct conn), WORKER_CONNS);
	if (e == 0)
		e = bufpool_init(&w->bufs, "TNBUF", BUFS_SMALL, BUFS_STD, BUFS_BIG);
	if (e == 0)
		e = dueheap_init(&w->due, 1024);
	if (e == 0)
		e = ring_init(&w->orders, sizeof(struct worker_msg), ORDERS);
	if (e == 0)
		e = ring_init(&w->answers, sizeof(struct worker_msg), ORDERS);
	if (e == 0)
		e = ring_init(&w->reports, sizeof(struct tn_report), REPORTS);
	if (e == 0 && !tko_init(w))
		e = -ENOMEM;
	if (e == 0)
		e = ring_init(&w->acct, sizeof(struct acct_rec), ACCTS);
	if (e == 0 && shared == NULL) {
		e = loop_init(&w->own);
		w->loop = &w->own;
	}
	return e;
}

void
worker_fini(struct worker *w)
{
	struct worker_msg m;

	for (unsigned i = 0; i < w->n_listen; i++)
		if (!w->has_thread)
			close_port(w, &w->listen[i]);
	worker_walk_fini(w);
	while (ring_get(&w->answers, &m))
		worker_answer_free(m.answer);
	for (uint32_t i = 0; i < w->conns.touched; i++) {
		struct conn *c = worker_conn(w, i + 1);

		if (c == NULL)
			continue;
		if (c->tls != NULL)
			tls_free(c->tls);
		if (c->fd >= 0 && !w->has_thread)
			close(c->fd);
		buf_free(c->line);
		worker_free(w, c);
	}
	if (w->loop == &w->own)
		loop_fini(&w->own);
	ring_fini(&w->orders);
	ring_fini(&w->answers);
	ring_fini(&w->reports);
	lunames_fini(&w->partners);
	tko_fini(w);
	ring_fini(&w->acct);
	rt_groups_fini(&w->rt);
	dueheap_fini(&w->due);
	bufpool_fini(&w->bufs);
	pool_fini(&w->conns);
}

/* A descriptor table of its own: only what the thread needs stays open in it. */
static void
own_descriptors(const struct worker *w)
{
	int keep[] = { w->own.ep, w->own.wake, w->port->node_loop == NULL ? -1 :
		w->port->node_loop->wake, w->main_loop == NULL ? -1 : w->main_loop->wake };
	int max = (int)sysconf(_SC_OPEN_MAX);

	if (unshare(CLONE_FILES) != 0) {
		LOG(TN, WARN, "telnet", "worker %u shares the descriptor table: %s", w->index,
		    strerror(errno));
		return;
	}
	if (max < 0 || max > 4096)
		max = 4096;             /* at start no more are open */
	for (int fd = 3; fd < max; fd++) {
		bool wanted = false;

		for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++)
			wanted |= keep[i] == fd;
		if (!wanted)
			close(fd);
	}
}

void *
worker_main(void *arg)
{
	struct worker *w = arg;
	struct loop_ev ev[WORKER_EVENTS];

	own_descriptors(w);
	bufpool_adopt(&w->bufs);
	atomic_store(&w->ready, 1);
	while (!w->ended) {
		struct mono at = worker_deadline(w);
		bool up = !may_answer(w) || ring_sleep(&w->port->up);
		bool idle = ring_sleep(&w->orders) && up;
		int n = loop_wait(w->loop, idle ? at : (struct mono){ 0 }, ev, WORKER_EVENTS);

		ring_awake(&w->port->up);
		ring_awake(&w->orders);
		if (n < 0) {
			LOG(TN, ERROR, "telnet", "worker %u: waiting failed: %s", w->index,
			    strerror(-n));
			break;
		}
		worker_turn(w, mono_read(), ev, n);
	}
	return NULL;
}
