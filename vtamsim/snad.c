/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything round the node that does I/O, and the turn that drives it:
 * wait, read, run commands, let the node and the applications work until they
 * are dry, send, tell the operators.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/log.h"
#include "vtamsim/msg.h"
#include "vtamsim/snad_in.h"

#define EVENTS 64
#define ROUNDS 16               /* node and applications, a turn */

/* --- start --- */

static int
open_signals(struct snad *s)
{
	static const int sig[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(sig) / sizeof(sig[0]); i++)
		sigaddset(&set, sig[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -errno;
	s->sigfd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (s->sigfd < 0)
		return -errno;
	s->sig_tag = (struct loop_tag){ LOOP_SNA, SK_SIGNAL };
	return loop_add(&s->loop, s->sigfd, LOOP_IN, &s->sig_tag);
}

static void
log_errors(const struct deferrs *errs)
{
	char line[1024];

	for (const struct deferr *e = errs->first; e != NULL; e = e->next) {
		if (e->sev == DE_FAIL)
			LOG(DEFS, ERROR, "vtamlst", "%s", deferr_line(e, line, sizeof(line)));
		else if (e->sev == DE_WARN)
			LOG(DEFS, WARN, "vtamlst", "%s", deferr_line(e, line, sizeof(line)));
		else
			LOG(DEFS, INFO, "vtamlst", "%s", deferr_line(e, line, sizeof(line)));
	}
}

static bool
load_start(struct snad *s, char why[SNAD_WHY])
{
	struct deferrs errs;
	int rc;

	s->defs = defs_new(s->opts->vtamlst, s->opts->list);
	if (s->defs == NULL) {
		snprintf(why, SNAD_WHY, "no memory for the definitions");
		return false;
	}
	deferrs_init(&errs);
	rc = defs_load_start(s->defs, &errs);
	log_errors(&errs);
	deferrs_fini(&errs);
	if (rc == -ENOENT)
		snprintf(why, SNAD_WHY, "IST001I VTAM START REJECTED - no ATCSTR00 or ATCSTR%s in "
		    "%.120s", s->opts->list, s->opts->vtamlst);
	else if (rc != 0)
		snprintf(why, SNAD_WHY, "IST001I VTAM START REJECTED - start options in %.120s: %s",
		    s->opts->vtamlst, rc == -EINVAL ? "a required option is missing or wrong" :
		    strerror(-rc));
	return rc == 0;
}

static bool
new_node(struct snad *s, char why[SNAD_WHY])
{
	struct node_cfg cfg = { .defs = s->defs, .wall_us = wall_us() - s->now.us };
	int rc;

	if (getrandom(&cfg.seed, sizeof(cfg.seed), 0) != sizeof(cfg.seed))
		cfg.seed = (uint64_t)cfg.wall_us;
	rc = node_new(&s->node, &cfg);
	if (rc != 0) {
		snprintf(why, SNAD_WHY, "IST001I VTAM START REJECTED - %s", strerror(-rc));
		return false;
	}
	s->node->loop = &s->loop;
	return true;
}

static int
open_one(struct snad *s, struct snad_io *io, char why[SNAD_WHY])
{
	int rc = eeio_open_at(&io->io, io->ee, io->at, why);

	if (rc == 0) {
		rc = eeio_watch(&io->io, &s->loop, SK_EE);
		if (rc != 0)
			eeio_close(&io->io);
	}
	io->open = rc == 0;
	io->io.trace = &s->trace;
	return rc;
}

/* Sockets of one ee send what it has together: each knows the next. */
static void
chain(struct snad *s)
{
	for (unsigned i = 0; i < SNAD_IOS; i++) {
		struct snad_io *io = &s->io[i];

		io->first = io->open;
		for (unsigned k = 0; k < i; k++)
			if (s->io[k].open && s->io[k].ee == io->ee)
				io->first = 0;
		io->io.more = NULL;
		for (unsigned k = i + 1; k < SNAD_IOS && io->io.more == NULL; k++)
			if (s->io[k].open && s->io[k].ee == io->ee)
				io->io.more = &s->io[k].io;
	}
}

static struct snad_io *
io_of(struct snad *s, const struct ee *ee, unsigned at)
{
	for (unsigned i = 0; i < SNAD_IOS; i++)
		if (s->io[i].ee == ee && s->io[i].at == at)
			return &s->io[i];
	return NULL;
}

/* Sockets for every local address of an ee that has none yet. False: one could not be
 * opened. */
static bool
open_sockets(struct snad *s, char why[SNAD_WHY])
{
	bool ok = true;

	for (unsigned i = 0; i < NODE_EES * EE_LOCALS; i++) {
		struct ee *ee = node_ee(s->node, i / EE_LOCALS);
		unsigned at = i % EE_LOCALS;
		struct snad_io *io;

		if (ee == NULL || ee_local(ee, at)->fam == 0 || io_of(s, ee, at) != NULL ||
		    (io = io_of(s, NULL, 0)) == NULL)
			continue;
		io->ee = ee;
		io->at = (uint8_t)at;
		ok = open_one(s, io, why) == 0 && ok;
		chain(s);
	}
	return ok;
}

/* The members of ATCCONxx. One that fails is told; the start goes on. */
static void
activate_config(struct snad *s)
{
	const struct defs_name *name = NULL;
	struct deferrs errs;
	struct con con;

	deferrs_init(&errs);
	(void)defs_load_config(s->defs, &name, &errs);
	log_errors(&errs);
	deferrs_fini(&errs);
	for (; name != NULL; name = name->next) {
		con_init(&con);
		(void)pu_activate_member(s->node, s->now, name->name, &con);
		snad_log_lines(&con, LOG_NOTICE);
		con_fini(&con);
	}
}

static bool
open_all(struct snad *s, char why[SNAD_WHY])
{
	const struct opts *o = s->opts;
	int rc = loop_init(&s->loop);

	if (rc != 0) {
		snprintf(why, SNAD_WHY, "epoll: %s", strerror(-rc));
		return false;
	}
	if (!load_start(s, why) || !new_node(s, why))
		return false;
	rc = open_signals(s);
	if (rc != 0) {
		snprintf(why, SNAD_WHY, "signals: %s", strerror(-rc));
		return false;
	}
	s->console = console_open(&s->loop, o->console, SK_CONSOLE, why);
	if (s->console == NULL)
		return false;
	if (o->metrics_port != 0) {
		s->http = http_open(&s->loop, &o->metrics, o->metrics_port, SK_HTTP, why);
		if (s->http == NULL)
			return false;
	}
	if (o->trace != NULL) {
		rc = trace_open(&s->trace, o->trace, 0, s->now, wall_us());
		if (rc != 0) {
			snprintf(why, SNAD_WHY, "trace %.150s: %s", o->trace, strerror(-rc));
			return false;
		}
		(void)nettrace_add(&s->traces, &(struct nettrace_pick){ .type = "BUF",
		    .amount = TRACE_PARTIAL });
	}
	s->node->trace = &s->trace;
	activate_config(s);
	return open_sockets(s, why);
}

struct snad *
snad_new(const struct opts *o, char why[SNAD_WHY])
{
	struct snad *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		snprintf(why, SNAD_WHY, "no memory");
		return NULL;
	}
	s->opts = o;
	s->sigfd = s->loop.ep = s->loop.wake = -1;
	s->now = mono_read();
	s->halt_by = s->bye_by = MONO_NEVER;
	s->more = 1;            /* what the start dialed goes out in the first turn */
	trace_init(&s->trace);
	nettrace_init(&s->traces, &s->trace);
	appset_init(&s->apps, app_table);
	if (!open_all(s, why)) {
		snad_free(s);
		return NULL;
	}
	s->oper = (struct oper){ .node = s->node, .defs = s->defs, .apps = &s->apps,
		.traces = &s->traces, .loop = &s->loop, .program = o->program,
		.version = SNAGATE_VERSION, .started_us = wall_us() };
	LOG(OPER, NOTICE, "net", "IST020I " MSG_IST020I, OPER_LEVEL);
	return s;
}

void
snad_free(struct snad *s)
{
	if (s == NULL)
		return;
	lookup_free(s->lookup);
	trace_close(&s->trace);
	http_close(s->http);
	console_close(s->console);
	appset_fini(&s->apps);
	for (unsigned i = 0; i < SNAD_IOS; i++)
		if (s->io[i].open)
			eeio_close(&s->io[i].io);
	for (unsigned i = 0; i < SNAD_ASKS; i++)
		con_fini(&s->ask[i].con);
	node_free(s->node);
	defs_free(s->defs);
	if (s->sigfd >= 0)
		close(s->sigfd);
	loop_fini(&s->loop);
	free(s);
}

struct loop *
snad_loop(struct snad *s)
{
	return &s->loop;
}

struct node *
snad_node(struct snad *s)
{
	return s->node;
}

/* --- waiting --- */

/* Rings of users on other threads: they must know that we sleep. False: one has
 * something already. */
static bool
may_sleep(struct snad *s)
{
	bool ok = true;

	for (unsigned i = 0; i < s->node->n_ports && ok; i++) {
		struct acb_port *p = s->node->port[i].ap;

		if (p == NULL)
			continue;
		ok = p->node_loop == NULL ? ring_used(&p->down) == 0 : ring_sleep(&p->down);
	}
	return ok;
}

static bool
rings_empty(const struct snad *s)
{
	for (unsigned i = 0; i < s->node->n_ports; i++)
		if (s->node->port[i].ap != NULL && ring_used(&s->node->port[i].ap->down) != 0)
			return false;
	return true;
}

static void
awake(struct snad *s)
{
	for (unsigned i = 0; i < s->node->n_ports; i++) {
		struct acb_port *p = s->node->port[i].ap;

		if (p != NULL && p->node_loop != NULL)
			ring_awake(&p->down);
	}
}

static struct mono
deadline(const struct snad *s)
{
	struct mono t = mono_min(node_deadline(s->node), appset_deadline(&s->apps));

	if (s->http != NULL)
		t = mono_min(t, http_deadline(s->http));
	return mono_min(t, mono_min(s->halt_by, s->bye_by));
}

static void
on_signal(struct snad *s)
{
	struct signalfd_siginfo si;
	struct con con;

	while (read(s->sigfd, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGTERM || si.ssi_signo == SIGINT) {
			/* A second one does not wait for anybody. */
			snad_run_line(s, s->halting >= HALT_QUICK ? "Z NET,CANCEL" : "Z NET,QUICK",
			    SF_LOG, 0);
		} else if (si.ssi_signo == SIGHUP) {
			snad_notice(s, SNAD_REREAD);
		} else if (si.ssi_signo == SIGUSR1) {
			con_init(&con);
			snad_status(s, &con);
			(void)snad_ask(s, SNAD_STATUS, SF_LOG, 0, &con);
		}
	}
}

static void
on_event(struct snad *s, const struct loop_ev *ev)
{
	switch ((enum snad_kind)ev->tag->kind) {
	case SK_EE:
		for (unsigned i = 0; i < SNAD_IOS; i++) {
			struct snad_io *io = &s->io[i];
			struct eeio_sock *k = (struct eeio_sock *)(void *)ev->tag;

			if (io->open && k >= io->io.sock && k < io->io.sock + EE_NPORT)
				(void)eeio_read(&io->io, k, io->ee, s->now);
		}
		break;
	case SK_SIGNAL:
		on_signal(s);
		break;
	case SK_CONSOLE:
	case SK_CONSOLE_CLIENT:
		console_event(s->console, ev);
		break;
	case SK_HTTP:
	case SK_HTTP_CLIENT:
		http_event(s->http, s->now, ev);
		break;
	}
}

int
snad_wait(struct snad *s, struct mono until, struct loop_ev *ev, int max)
{
	struct loop_ev got[EVENTS];
	struct mono t = mono_min(until, deadline(s));
	int n, tn = 0;

	if (max > EVENTS)
		max = EVENTS;
	if (s->more || !may_sleep(s))
		t = s->now;
	n = loop_wait(&s->loop, t, got, max);
	awake(s);
	s->now = mono_read();
	for (int i = 0; i < n; i++) {
		if (got[i].tag->room == LOOP_TN)
			ev[tn++] = got[i];
		else
			on_event(s, &got[i]);
	}
	return n < 0 ? n : tn;
}

/* --- the turn --- */

/* Applications that have ended: why, and their ports go back. */
static void
reap(struct snad *s, struct con *con)
{
	struct acb_port *p;
	struct msg_when w = msg_when(wall_us(), DATE_MDY);

	for (unsigned i = 0; i < APPS_MAX; i++) {
		const struct app *a = s->apps.v[i];

		if (a == NULL || a->state != APP_ENDED)
			continue;
		if (a->why != ACB_OK)
			msg_line(con, IEFC452I, a->job, oper_acb_text(a->why));
		else
			msg_line(con, IEF404I, a->job, w.time);
	}
	while ((p = appset_reap(&s->apps)) != NULL)
		node_port_free(s->node, s->now, p);
}

static void
news(struct snad *s, struct con *con)
{
	struct node_line l;

	while (node_msg(s->node, &l))
		con_line(con, l.id, "%s", l.text);
}

/* The XCA the ee is of. */
static const struct res *
xca_of(const struct snad *s, const struct ee *ee)
{
	const struct res *r;

	TAILQ_FOREACH(r, &s->node->rtab.top, sib)
		if (r->type == RES_MAJOR && r->ee == ee)
			return r;
	return NULL;
}

/* Groups that were activated by a command, or whose host name was found, get their
 * sockets; where they can't be had the group's lines become inactive, and the next
 * V NET,ACT is the next try. Without any group the XCA is inactive. */
static void
new_sockets(struct snad *s, struct con *con)
{
	char why[SNAD_WHY] = "";

	(void)open_sockets(s, why);
	for (unsigned i = 0; i < SNAD_IOS; i++) {
		struct snad_io *io = &s->io[i];
		const struct res *r = io->ee == NULL || io->open ||
		    !xca_wants(s->node, io->ee, io->at) ? NULL : xca_of(s, io->ee);

		if (r == NULL)
			continue;
		if (open_one(s, io, why) == 0) {
			chain(s);
			continue;
		}
		msg_line(con, IST1683I, "PORT", name_base(&r->name), why);
		if (xca_lost(s->node, io->ee, io->at))
			(void)node_vary_inact(s->node, s->now, r->name.s, VARY_FORCE, con);
	}
}

/* Host names of partners: the thread for them is started with the first. */
static void
names(struct snad *s)
{
	struct pu_question q;
	struct ipaddr a;
	uint64_t tag;

	while (s->lookup != NULL && lookup_answer(s->lookup, &tag, &a))
		pu_address(s->node, s->now, (uint32_t)tag, &a);
	while (pu_question(s->node, &q)) {
		if (s->lookup == NULL)
			s->lookup = lookup_new(&s->loop, lookup_system);
		/* No room: the PU asks again after a while, an operator too. */
		if (s->lookup == NULL || !lookup_ask(s->lookup, q.host, q.fam, q.number))
			(void)eename_address(s->node, q.number, &(struct ipaddr){ .fam = 0 });
	}
}

/* The command was accepted before it waited. */
static void
behind_accept(struct con *to, const struct con *from)
{
	struct con rest = *from;
	size_t n = from->lines == 0 ? 0 : strcspn(from->text, "\n") + 1;

	if (from->lines > 1 && strncmp(from->text, "IST097I ", 8) == 0) {
		rest.text += n;
		rest.len -= n;
	}
	(void)con_append(to, &rest, from->lines);
}

/* Displays that waited for host names: their replies are unsolicited now. */
static void
named(struct snad *s, struct con *news)
{
	char line[EENAME_LINE];
	struct oper_order order;
	struct con con;

	while ((s->oper.corr = eename_next(s->node, line)) != 0) {
		con_init(&con);
		s->oper.now = s->now;
		s->oper.wall_us = wall_us();
		(void)oper_run(&s->oper, line, &con, &order);
		behind_accept(news, &con);
		con_fini(&con);
	}
}

/* An XCA major node that is inactive gives its UDP ports back when its last link has gone. */
static void
idle_sockets(struct snad *s)
{
	for (unsigned i = 0; i < SNAD_IOS; i++) {
		struct snad_io *io = &s->io[i];
		const struct res *r = io->open ? xca_of(s, io->ee) : NULL;

		if (r == NULL || r->desired != RST_INACT || ee_next_link(io->ee, NULL) != NULL)
			continue;
		eeio_unwatch(&io->io, &s->loop);
		eeio_close(&io->io);
		io->open = 0;
		chain(s);
	}
}

/* Sessions of LUs: those of control points don't keep a node alive. */
static uint32_t
user_sessions(const struct snad *s)
{
	uint32_t n = s->node->ssns.used;
	const struct cpadj *a;

	TAILQ_FOREACH(a, &s->node->cps.all, all)
		n -= (a->win != NULL ? 1u : 0u) + (a->lose != NULL ? 1u : 0u);
	return n;
}

/* Users are gone, and partners had time to hear that we go; a pipe that has lost
 * its partner already would wait for another path. */
static bool
all_gone(struct snad *s)
{
	if (!s->main_idle || !appset_idle(&s->apps) || s->node->acbs.used != 0 ||
	    user_sessions(s) != 0)
		return false;
	if (mono_is_never(s->bye_by))
		s->bye_by = mono_add(s->now, MSEC(SNAD_BYE_MS));
	return node_idle(s->node) || mono_due(s->bye_by, s->now);
}

static void
halt_turn(struct snad *s, struct con *con)
{
	if (s->halting == HALT_NORMAL && user_sessions(s) == 0 && s->main_idle)
		snad_halt(s, HALT_QUICK);
	if (s->halting == HALT_NORMAL || s->halting == 0 || s->ended)
		return;
	if (s->halting == HALT_CANCEL || mono_due(s->halt_by, s->now) ||
	    all_gone(s)) {
		msg_line(con, IST102I);
		s->ended = 1;
	}
}

void
snad_turn(struct snad *s, struct mono now)
{
	struct con con;

	s->now = now;
	con_init(&con);
	snad_run_commands(s);
	new_sockets(s, &con);
	appset_expire(&s->apps, now);
	for (unsigned i = 0; i < ROUNDS; i++) {
		s->more = node_turn(s->node, now);
		appset_turn(&s->apps, now);
		if (!s->more && rings_empty(s))
			break;
	}
	names(s);
	for (unsigned i = 0; i < SNAD_IOS; i++)
		if (s->io[i].first)
			(void)eeio_flush(&s->io[i].io, s->io[i].ee, now);
	idle_sockets(s);
	news(s, &con);
	named(s, &con);
	reap(s, &con);
	halt_turn(s, &con);
	if (con.lines > 0)
		snad_tell(s, &con);
	con_fini(&con);
	snad_pages(s);
	if (s->http != NULL)
		http_expire(s->http, now);
	nettrace_turn(&s->traces, s->node);
}

/* --- halt, trace --- */

void
snad_halt(struct snad *s, enum oper_halt how)
{
	struct con con;

	if (s->halting >= (uint8_t)how)
		return;
	con_init(&con);
	if (s->halting == 0)
		msg_line(&con, IST133I);
	for (unsigned i = 0; i < APPS_MAX && how != HALT_NORMAL; i++)
		if (s->apps.v[i] != NULL)
			msg_line(&con, IST400I, name_base(&s->apps.v[i]->appl));
	if (con.lines > 0)
		snad_tell(s, &con);
	con_fini(&con);
	if (how != HALT_NORMAL)
		appset_stop(&s->apps);
	node_halt(s->node, s->now, how == HALT_NORMAL ? NODE_HALT_NORMAL : NODE_HALT_QUICK);
	if (how != HALT_NORMAL)
		s->halt_by = mono_add(s->now, SECS(SNAD_HALT_S));
	s->halting = (uint8_t)how;
	snad_notice(s, SNAD_HALT);
}

bool
snad_ended(const struct snad *s)
{
	return s->ended != 0;
}

bool
snad_halting(const struct snad *s)
{
	return s->halting != 0;
}

void
snad_main_idle(struct snad *s)
{
	/* The halt looks again at once. */
	s->more = s->more || !s->main_idle;
	s->main_idle = 1;
}

/* One file for all traces: a second request goes on in it. */
static int
trace_file(struct snad *s, const struct oper_order *o, struct con *con)
{
	char path[PCAPNG_PATH];
	int rc;

	if (trace_on(&s->trace) && (o->text[0] == '\0' ||
	    strcmp(o->text, s->trace.file.path) == 0))
		return 0;
	if (trace_on(&s->trace)) {
		msg_failed(con, "MODIFY TRACE", "FILE", "ANOTHER FILE IS OPEN: NOTRACE FIRST");
		return -EBUSY;
	}
	snprintf(path, sizeof(path), "%s", o->text[0] != '\0' ? o->text :
	    s->opts->trace != NULL ? s->opts->trace : "snagate.pcapng");
	rc = trace_open(&s->trace, path, o->max, s->now, wall_us());
	if (rc != 0) {
		msg_line(con, IST050I, "MODIFY TRACE", path);
		con_text(con, "%s", strerror(-rc));
	} else {
		nettrace_init(&s->traces, &s->trace);
	}
	return rc;
}

int
snad_trace_on(struct snad *s, const struct oper_order *o, struct con *con)
{
	struct nettrace_pick p = { .amount = o->full ? TRACE_FULL : TRACE_PARTIAL,
		.saved = o->saved };
	int rc = trace_file(s, o, con);

	if (rc != 0)
		return rc;
	memcpy(p.id, o->id, sizeof(p.id));
	memcpy(p.type, o->type, sizeof(p.type));
	if (!nettrace_add(&s->traces, &p)) {
		msg_failed(con, "MODIFY TRACE", o->id, "TOO MANY TRACES");
		return -ENOSPC;
	}
	msg_trace(con, s->node->start->msglevel, o->id[0] == '\0' ? "NET" : o->id,
	    o->node_type);
	con_text(con, "FILE %s", s->trace.file.path);
	return 0;
}

void
snad_trace_off(struct snad *s, const struct oper_order *o, struct con *con)
{
	(void)nettrace_del(&s->traces, o->id);
	msg_line(con, IST513I, "TERMINATED", o->id[0] == '\0' ? "NET" : o->id);
	if (s->traces.n != 0)
		return;
	con_text(con, "%" PRIu64 " PACKETS IN %s", s->trace.file.packets, s->trace.file.path);
	trace_close(&s->trace);
}
