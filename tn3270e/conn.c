/* SPDX-License-Identifier: Apache-2.0
 *
 * The socket's side of a client. Reading stops while what was read can't go
 * on: no room in the ring below, an LU being chosen, input held back for its
 * turn. Writing collects a turn's records and sends them with one call.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tn3270e/conn_parts.h"
#include "tn3270e/tndev.h"

#define IOV 16
#define READS 4                 /* of one client a turn */
#define STUCK_SCANS 5
#define NAME_S 4                /* seconds a host name is waited for (our choice) */

struct tnlu_env
conn_env(struct conn *c, struct mono now)
{
	return (struct tnlu_env){ .port = c->w->port, .tel = &c->tel, .neg = &c->neg,
		.parms = c->parms, .page = c->port->page, .user = worker_user(c->w, c),
		.now = now };
}

const char *
conn_lu(const struct conn *c)
{
	return c->lu.name.len == 0 ? "**N/A**" : name_base(&c->lu.name);
}

void
conn_touch(struct conn *c)
{
	if (c->on_flush)
		return;
	c->on_flush = 1;
	STAILQ_INSERT_TAIL(&c->w->flush, c, flush_link);
}

void
conn_arm(struct conn *c, uint8_t what)
{
	if (c->armed == what || c->fd < 0)
		return;
	c->armed = what;
	(void)loop_mod(c->w->loop, c->fd, what, &c->tag);
}

/* Who waits for room in the ring or the pool goes on the worker's list; who waits for
 * its own LU is resumed by what the LU says (conn_resume). */
void
conn_stall(struct conn *c)
{
	if (!c->stalled)
		c->w->stat[TN_STALLS]++;
	c->stalled = 1;
	conn_arm(c, c->armed & (uint8_t)~LOOP_IN);
	if (c->on_stall || conn_waits_own(c))
		return;
	c->on_stall = 1;
	TAILQ_INSERT_TAIL(&c->w->stall, c, stall_link);
}

static void
unlist_stall(struct conn *c)
{
	if (c->on_stall)
		TAILQ_REMOVE(&c->w->stall, c, stall_link);
	c->on_stall = c->stalled = 0;
}

/* --- the end --- */

/* DROPASSOCPRINTER: whoever has the partner printer is on some worker; the SNA
 * thread tells all of them. */
static void
drop_partner(struct conn *c)
{
	char lu[9];

	if (c->parms->v[TP_DROPASSOCPRINTER] && c->map->partner != NULL &&
	    tnp_group_at(c->map->partner, c->place - 1, lu))
		worker_drop_lu(c->w, lu);
}

void
conn_leave_place(struct conn *c)
{
	uint32_t mine = c->id;

	if (c->place == 0 || c->map == NULL || c->map->group->assigned == NULL)
		return;
	drop_partner(c);
	(void)atomic_compare_exchange_strong(&c->map->group->assigned[c->place - 1], &mine, 0);
	c->place = 0;
}

static void
report_drop(struct conn *c, const char *reason, const char *text)
{
	unsigned place = drop_reason_at(reason);
	bool error = !drop_reason(place)->normal;
	struct tn_report r;

	c->w->drops[place]++;
	if (!error && (c->parms == NULL || c->parms->v[TP_DEBUG] < DB_SUMMARY))
		return;
	if (tnlu_in_session(&c->lu) && !c->handing) {
		r = worker_report_of(c, TR_SESS_DROP, reason);
		r.error = 0;
		worker_report(c->w, &r);
	}
	r = worker_report_of(c, TR_CONN_DROP, reason);
	r.error = error;
	snprintf(r.text, sizeof(r.text), "%s", text);
	worker_report(c->w, &r);
	if (error)
		worker_detail(c, drop_reason(place)->rcode, 1, c->lu.sense, text);
}

static void
close_socket(struct conn *c)
{
	if (c->tls != NULL)
		tls_free(c->tls);
	c->tls = NULL;
	if (c->fd >= 0) {
		loop_del(c->w->loop, c->fd);
		close(c->fd);
	}
	c->fd = -1;
	c->armed = 0;
}

static uint32_t
keep_s(const struct conn *c)
{
	return c->probe != NULL ? 0 : (uint32_t)c->parms->v[TP_KEEPLU]; /* else another's */
}

/* The ring below was full: CLOSE goes as soon as it is not, or the LU is lost for good. */
static void
wait_for_room(struct conn *c)
{
	if (!tnlu_owes_close(&c->lu) || c->on_stall)
		return;
	c->on_stall = 1;
	TAILQ_INSERT_TAIL(&c->w->stall, c, stall_link);
}

void
conn_close_again(struct conn *c, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);

	unlist_stall(c);
	e.keep_s = keep_s(c);
	tnlu_close_again(&c->lu, &e);
	wait_for_room(c);
}

void
conn_drop(struct conn *c, const char *reason, const char *text, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);
	bool client_left = strcmp(reason, "CLNTDISC") == 0;
	unsigned type = conn_disconnectable(c) ? 0x0f : 0;

	if (c->state == CS_GONE || c->dropping)
		return;
	if (client_left && c->vanished) {
		reason = "CLNTGONE";
		text = "the client's machine answers no more, and has not hung up";
	}
	c->dropping = 1;                /* what happens on the way ends here */
	c->handing = tko_hands_over(c, reason);
	conn_acct_end(c, reason, now);
	report_drop(c, reason, text);
	if (!client_left) {
		conn_tell(c, text, now);
		conn_flush(c, now);
	}
	e.keep_s = keep_s(c);
	c->state = CS_GONE;
	worker_grown(c);
	close_socket(c);
	unlist_stall(c);
	conn_elf_drop(c);
	due_clear(&c->w->due, &c->due);
	conn_leave_place(c);
	if (!c->handing)                /* else the LU works on, unseen */
		tel_fini(&c->tel);
	buf_free(c->line);
	c->line = NULL;
	c->lu_wanted = 0;
	free(c->late);
	c->late = NULL;
	conn_attach(c, now);
	if (c->handing)
		tnlu_detach(&c->lu, &e);
	else
		tnlu_close(&c->lu, &e, type);
	wait_for_room(c);
	conn_touch(c);          /* freed there, or when the node says CLOSED */
}

/* --- timers --- */

static struct mono
after(struct mono from, int32_t seconds)
{
	return seconds == 0 ? MONO_NEVER : mono_add(from, SECS(seconds));
}

static struct mono
later(struct mono a, struct mono b)
{
	return mono_before(a, b) ? b : a;
}

/* Which inactivity ends this client, and when. */
static struct mono
inactive_at(const struct conn *c, const char **reason)
{
	const struct tndev *d = tndev_at(c->neg.device);
	struct mono act = later(c->last_in, c->last_out);

	if (tnlu_in_session(&c->lu)) {
		bool printer = d != NULL && d->class == TNDEV_PRINTER;

		*reason = printer ? "INACT-P" : "INACT-S";
		return after(act, c->parms->v[printer ? TP_PRTINACTIVE : TP_INACTIVE]);
	}
	if (atomic_load_explicit(&((struct profile *)(uintptr_t)c->port->profile)->number,
	    memory_order_relaxed) != 0) {
		*reason = "INACT-PF";
		return after(act, c->parms->v[TP_PROFILEINACTIVE]);
	}
	*reason = "INACT-K";
	return c->map != NULL && c->map->keepopen ? after(act, c->parms->v[TP_KEEPINACTIVE]) :
	    MONO_NEVER;
}

/* Silent for TIMEMARK it is asked, then looked at again after SCANINTERVAL. */
static struct mono
timemark_at(const struct conn *c)
{
	return c->tm_sent || c->tm_stuck != 0 ? after(c->tm_at, c->parms->v[TP_SCANINTERVAL]) :
	    after(c->last_in, c->parms->v[TP_TIMEMARK]);
}

/* What waits in front of it does not leave: it can't be sent (companion tn3270e 14). */
static void
timemark(struct conn *c, struct mono now)
{
	if (c->tm_sent) {
		c->w->stat[TN_DROP_SILENT]++;
		conn_drop(c, "TIMEMARK", "the client did not answer TIMING-MARK", now);
		return;
	}
	c->tm_at = now;
	if (c->tel.out.count == 0) {
		c->tm_sent = 1;
		tel_timing_mark(&c->tel);
	} else if (++c->tm_stuck == STUCK_SCANS) {
		c->w->stat[TN_DROP_SILENT]++;
		conn_drop(c, "TIMEMARK", "TIMING-MARK could not be sent on five scans", now);
	}
}

void
conn_due(struct conn *c)
{
	const char *reason;
	struct mono at = c->step_by;

	if (c->state == CS_RUN) {
		at = timemark_at(c);
		at = mono_min(at, inactive_at(c, &reason));
		at = mono_min(at, tnlu_deadline(&c->lu));
		at = mono_min(at, mono_min(c->relog_at, conn_elf_deadline(c)));
	}
	due_set(&c->w->due, &c->due, mono_min(at, mono_min(c->probe_by, c->tko_by)));
}

static void
step_expired(struct conn *c, struct mono now)
{
	int32_t type = c->parms->v[TP_CONNTYPE];

	if (c->state == CS_PROXY) {
		conn_refuse(c, "PROXYHDR", "the PROXY header did not come in time", now);
	} else if (c->state == CS_NAME) {
		c->w->stat[TN_NAMES_LATE]++;
		conn_named(c, NULL, now);
	} else if (c->state == CS_PEEK || c->state == CS_TLS) {
		conn_tls_expired(c, now);
	} else if (type == CT_NONE) {
		conn_drop(c, "REJECTED", "this port takes no connections (CONNTYPE NONE)", now);
	} else {
		conn_silent(c, now);
	}
}

static void
run_expired(struct conn *c, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);
	const char *reason;

	if (mono_due(tnlu_deadline(&c->lu), now)) {
		conn_lu_says(c, tnlu_expire(&c->lu, &e), now);
		if (c->state == CS_GONE)
			return;
		conn_resume(c, now);
	}
	conn_elf_expired(c, now);
	if (mono_due(c->relog_at, now)) {
		c->relog_at = MONO_NEVER;
		if (conn_pass_late(c, now))
			;
		else if (c->lu_gone)
			conn_lu_again(c, now);
		else
			conn_logon_retry(c, now);
	}
	if (c->state == CS_RUN && mono_due(inactive_at(c, &reason), now)) {
		c->w->stat[TN_DROP_SILENT]++;
		conn_drop(c, reason, "there was no activity for the time the profile allows", now);
		return;
	}
	if (c->state == CS_RUN && mono_due(timemark_at(c), now))
		timemark(c, now);
}

void
conn_expire(struct conn *c, struct mono now)
{
	const struct tko_msg silence = { .op = TKO_NONE };

	if (mono_due(c->probe_by, now))
		tko_silent(c, now);
	else if (mono_due(c->tko_by, now))
		conn_tko(c, &silence, now);     /* answers got lost */
	else if (c->state == CS_RUN)
		run_expired(c, now);
	else if (c->state != CS_GONE && mono_due(c->step_by, now))
		step_expired(c, now);
	if (c->state == CS_GONE)
		return;
	conn_touch(c);
	conn_due(c);
}

/* --- writing --- */

static void
wrote(struct conn *c, size_t n)
{
	struct bufq *q = &c->tel.out;

	c->bytes_out += n;
	c->w->stat[TN_BYTES_OUT] += n;
	while (n != 0) {
		struct buf *b = bufq_peek(q);

		if (n >= b->len) {
			n -= b->len;
			buf_free(bufq_get(q));
			continue;
		}
		(void)buf_pull(b, n);
		q->bytes -= (uint32_t)n;
		n = 0;
	}
}

/* Nobody there, where a client that hangs up or a proxy that refuses would say so. */
static bool
nobody_there(int e)
{
	return e == ETIMEDOUT || e == EHOSTUNREACH || e == ENETUNREACH || e == EHOSTDOWN;
}

/* The system tells the error once: to whoever asks first. */
static void
note_error(struct conn *c)
{
	socklen_t n = sizeof(int);
	int e = 0;

	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &e, &n) == 0 && nobody_there(e))
		c->vanished = 1;
}

bool
conn_broken(int e)
{
	return e != EAGAIN && e != EINTR && e != ENOBUFS;
}

/* False: the socket is broken. */
static bool
write_plain(struct conn *c)
{
	while (c->tel.out.count != 0) {
		struct iovec v[IOV];
		struct msghdr m = { .msg_iov = v };
		struct buf *b;
		ssize_t n;

		STAILQ_FOREACH(b, &c->tel.out.head, link) {
			v[m.msg_iovlen++] = (struct iovec){ b->p, b->len };
			if (m.msg_iovlen == IOV)
				break;
		}
		n = sendmsg(c->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0) {
			c->vanished |= nobody_there(errno);
			return !conn_broken(errno);
		}
		wrote(c, (size_t)n);
		if (m.msg_iovlen < IOV && c->tel.out.count != 0)
			return true;            /* the socket is full */
	}
	return true;
}

static bool
write_tls(struct conn *c)
{
	while (c->tel.out.count != 0) {
		struct buf *b = bufq_peek(&c->tel.out);
		enum tls_result r;
		size_t n = 0;

		errno = 0;
		r = b->len == 0 ? TLS_DONE : tls_write(c->tls, b->p, b->len, &n);
		if (r == TLS_WANT_READ || r == TLS_WANT_WRITE)
			return true;
		if (r != TLS_DONE) {
			c->vanished |= nobody_there(errno);
			return false;
		}
		if (b->len == 0)
			buf_free(bufq_get(&c->tel.out));
		else
			wrote(c, n);
	}
	return true;
}

static bool
queue_too_long(const struct conn *c)
{
	int32_t max = c->parms->v[TP_MAXTCPSENDQ];

	return max != 0 && c->tel.out.bytes > (uint32_t)max;
}

void
conn_flush(struct conn *c, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);

	if (c->state != CS_NEG && c->state != CS_RUN)
		return;
	if (c->tel.starved) {
		c->w->stat[TN_NO_BUFFER]++;
		c->tel.starved = 0;
		bufq_drop(&c->tel.out);
		conn_drop(c, "STORAGE", "the server has run out of buffers", now);
		return;
	}
	if (!(c->tls != NULL ? write_tls(c) : write_plain(c))) {
		conn_drop(c, "CLNTDISC", "the client's connection broke", now);
		return;
	}
	if (queue_too_long(c)) {
		c->w->stat[TN_DROP_SENDQ]++;
		bufq_drop(&c->tel.out);
		conn_drop(c, "SENDQ", "the client reads too slowly (MAXTCPSENDQ)", now);
		return;
	}
	if (c->ended && c->tel.out.count == 0) {
		conn_drop(c, "SESSEND", "the session has ended", now);
		return;
	}
	conn_arm(c, (uint8_t)((c->stalled ? 0 : LOOP_IN) | (c->tel.out.count != 0 ? LOOP_OUT : 0)));
	tnlu_drained(&c->lu, &e);
	if (c->stalled && !c->on_stall && !conn_waits_own(c)) { /* it reads again: next turn */
		c->on_stall = 1;
		TAILQ_INSERT_TAIL(&c->w->stall, c, stall_link);
		c->w->again = 1;
	}
}

/* --- reading --- */

/* -1: nothing now; -2: not TLS. */
static ssize_t
read_some(struct conn *c, uint8_t *p, size_t n)
{
	size_t got = 0;
	ssize_t k;

	if (c->tls == NULL) {
		k = recv(c->fd, p, n, MSG_DONTWAIT);
		if (k >= 0)
			return k;
		c->vanished |= nobody_there(errno);
		return conn_broken(errno) ? 0 : -1;
	}
	switch (tls_read(c->tls, p, n, &got)) {
	case TLS_DONE:
		return (ssize_t)got;
	case TLS_WANT_READ:
	case TLS_WANT_WRITE:
		return -1;
	case TLS_CLOSED:
		break;
	case TLS_FAILED:
		return -2;
	}
	return 0;
}

/* One read; true: more may be there at once. */
static bool
read_once(struct conn *c, struct mono now)
{
	size_t room;
	uint8_t *p;
	ssize_t n;

	if (conn_waits(c)) {
		conn_stall(c);
		return false;
	}
	p = tel_room(&c->tel, &room);
	if (p == NULL) {
		c->w->stat[TN_NO_BUFFER]++;
		conn_stall(c);
		return false;
	}
	n = read_some(c, p, room);
	tel_filled(&c->tel, n > 0 ? (size_t)n : 0);
	if (n == -2)
		conn_tls_broke(c, now);
	if (n < 0)
		return false;
	if (n == 0) {
		c->w->stat[TN_DROP_CLIENT]++;
		conn_drop(c, "CLNTDISC", "the client hung up", now);
		return false;
	}
	if (c->bytes_in == 0 && c->tls == NULL && conn_tls_unasked(c, *p, now))
		return false;
	c->bytes_in += (uint64_t)n;
	c->w->stat[TN_BYTES_IN] += (uint64_t)n;
	c->last_in = now;
	c->tm_sent = c->tm_stuck = 0;
	tko_alive(c);
	conn_process(c, now);
	/* Bytes that wait in tel make no event. */
	if (c->state != CS_GONE && tel_more(&c->tel) && conn_waits(c)) {
		conn_stall(c);
		return false;
	}
	/* START_TLS may have begun: the handshake reads for itself. */
	return (c->state == CS_NEG || c->state == CS_RUN) && c->tls != NULL && tls_pending(c->tls);
}

/* --- from the worker --- */

/* Before anything was said: the reason as text, where there is no TLS. */
void
conn_refuse(struct conn *c, const char *reason, const char *text, struct mono now)
{
	c->state = c->port->secure && c->parms->v[TP_CONNTYPE] != CT_NONE ? CS_TLS : CS_NEG;
	if (c->state == CS_NEG)
		(void)tel_init(&c->tel, c->w->port->bufs, TEL_WITHOUT_E,
		    (uint32_t)c->parms->v[TP_MAXRECEIVE]);
	conn_drop(c, reason, text, now);
}

/* Who it is is known now: its parameters say how it is greeted. */
static void
greet(struct conn *c, struct mono now)
{
	struct tn_report r;
	char number[8];

	c->parms = profile_parms(c->port, &c->who, NULL);
	c->step_by = MONO_NEVER;
	if (c->parms->v[TP_DEBUG] >= DB_SUMMARY) {
		snprintf(number, sizeof(number), "%u", c->port->port);
		r = worker_report_of(c, TR_ACCEPTED, number);
		worker_report(c->w, &r);
	}
	switch (c->parms->v[TP_CONNTYPE]) {
	case CT_SECURE:
	case CT_NEGTSECURE:
	case CT_ANY:
		conn_tls_begin(c, now);
		break;
	case CT_NONE:
		conn_refuse(c, "REJECTED", "this port takes no connections (CONNTYPE NONE)", now);
		break;
	default:
		conn_negotiate(c, now);
		break;
	}
}

void
conn_named(struct conn *c, const struct resolve_name *name, struct mono now)
{
	c->host = name;
	c->who.host = resolve_text(name);
	c->state = CS_NEG;
	conn_arm(c, LOOP_IN);
	greet(c, now);
}

/* True: the answer comes later, or the timer. Only where the profile goes by names. */
static bool
wait_for_name(struct conn *c, struct mono now)
{
	uint64_t tag = (uint64_t)c->id << 32 | worker_user(c->w, c);

	if (c->w->resolve == NULL || !tnp_index_wants_host(&c->port->vtam->index))
		return false;
	c->w->stat[TN_NAMES]++;
	switch (resolve_ask(c->w->resolve, c->w->index, &c->who.addr, tag, now, &c->host)) {
	case RESOLVE_NOW:
		c->who.host = resolve_text(c->host);
		return false;
	case RESOLVE_FULL:
		c->w->stat[TN_NAMES_LATE]++;
		return false;
	case RESOLVE_LATER:
		break;
	}
	c->state = CS_NAME;
	c->step_by = mono_add(now, SECS(NAME_S));
	conn_arm(c, 0);
	conn_due(c);
	return true;
}

void
conn_known(struct conn *c, struct mono now)
{
	snprintf(c->who.link, sizeof(c->who.link), "%s",
	    links_name(&c->w->links, &c->who.dest, now));
	c->parms = profile_parms(c->port, &c->who, NULL);
	if (!wait_for_name(c, now))
		greet(c, now);
}

void
conn_begin(struct conn *c, const struct conn_from *f, const struct tnp_port *port, struct mono now)
{
	c->tag = (struct loop_tag){ LOOP_TN, TNK_CLIENT };
	c->fd = f->fd;
	c->port = port;
	c->who = (struct tnp_client){ .addr = f->addr, .dest = f->dest };
	c->cport = f->port;
	c->since = c->last_in = c->last_out = now;
	c->probe_by = c->tko_by = MONO_NEVER;
	c->step_by = c->relog_at = MONO_NEVER;
	c->parms = profile_parms(port, &c->who, NULL);
	bufq_init(&c->tel.rec);
	bufq_init(&c->tel.out);
	tnlu_init(&c->lu);
	conn_socket(c->fd, &port->limits);
	c->armed = LOOP_IN;
	if (loop_add(c->w->loop, c->fd, LOOP_IN, &c->tag) != 0) {
		c->state = CS_TLS;      /* no text is possible yet */
		conn_drop(c, "ERR", "the socket can't be watched", now);
		return;
	}
	if (port->limits.proxies != NULL)
		conn_proxy_begin(c, now);
	else
		conn_known(c, now);
}

void
conn_event(struct conn *c, uint32_t what, struct mono now)
{
	if ((what & LOOP_ERR) != 0 && c->state != CS_GONE)
		note_error(c);
	if (c->state == CS_PROXY) {
		conn_proxy_read(c, now);
		return;
	}
	if (c->state == CS_NAME) {      /* nothing but errors is watched for */
		c->w->stat[TN_DROP_CLIENT]++;
		conn_drop(c, "CLNTDISC", "the client hung up", now);
		return;
	}
	if (c->state == CS_PEEK) {
		conn_tls_peek(c, now);
		return;
	}
	if (c->state == CS_TLS) {
		conn_tls_step(c, now);
		return;
	}
	if (c->state == CS_GONE)
		return;
	if ((what & LOOP_OUT) != 0)
		conn_touch(c);
	if ((what & LOOP_ERR) != 0 && (what & LOOP_IN) == 0) {
		c->w->stat[TN_DROP_CLIENT]++;
		conn_drop(c, "CLNTDISC", "the client's connection broke", now);
		return;
	}
	if ((what & LOOP_IN) != 0)
		for (int i = 0; i < READS && read_once(c, now); i++)
			;
}

void
conn_resume(struct conn *c, struct mono now)
{
	if (c->state == CS_GONE || conn_waits_own(c))
		return;
	if (c->stalled && !c->on_stall)
		conn_unstall(c, now);
	else if (!c->stalled && tel_more(&c->tel))      /* came with what made it wait */
		conn_process(c, now);
}

void
conn_unstall(struct conn *c, struct mono now)
{
	unlist_stall(c);
	conn_process(c, now);
	if (c->state == CS_GONE)
		return;
	if (conn_waits(c)) {
		conn_stall(c);
		return;
	}
	conn_arm(c, c->armed | LOOP_IN);
	if (c->tls != NULL && c->state != CS_TLS)       /* what TLS holds makes no event */
		for (int i = 0; i < READS && tls_pending(c->tls) && read_once(c, now); i++)
			;
}
