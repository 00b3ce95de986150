/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node's turn: requests of users, news of links, timers, and the sessions
 * that have something to do, until all are dry or the turn was long enough.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "vtamsim/acb_node.h"
#include "vtamsim/msg.h"
#include "vtamsim/pswitch.h"

#define TURN_RPLS 64            /* of one port before the next is looked at */
#define TURN_WORK 512           /* steps of sessions a turn */
#define TURN_EE 256
#define PORT_ROOM 4             /* kept free for answers */

const struct stat_desc node_stat_desc[NS_NSTAT] = {
	[NS_LOGONS] = { "node_logons", "", "Logons asked for by LUs here.", STAT_COUNTER },
	[NS_LOGONS_FAILED] = { "node_logons_failed", "", "Logons refused.", STAT_COUNTER },
	[NS_BINDS_SENT] = { "node_binds_sent", "", "BINDs sent.", STAT_COUNTER },
	[NS_BINDS_RCVD] = { "node_binds_received", "", "BINDs from other nodes.", STAT_COUNTER },
	[NS_UNBINDS] = { "node_unbinds_sent", "", "UNBINDs sent to other nodes.", STAT_COUNTER },
	[NS_SESSIONS] = { "node_session_ends", "", "Session ends that became active.",
	    STAT_COUNTER },
	[NS_SEARCHES] = { "node_searches", "", "Directory searches started.", STAT_COUNTER },
	[NS_PIU_UNKNOWN] = { "node_piu_no_session", "", "PIUs for no session.", STAT_COUNTER },
	[NS_PIU_BAD] = { "node_piu_bad", "", "PIUs that do not parse.", STAT_COUNTER },
	[NS_NO_SESSION_ROOM] = { "node_sessions_full", "", "Sessions refused: pool empty.",
	    STAT_COUNTER },
	[NS_OPENS] = { "node_opens", "", "OPEN ACB requests.", STAT_COUNTER },
	[NS_OPEN_FAILED] = { "node_opens_failed", "", "OPEN ACB refused.", STAT_COUNTER },
	[NS_RPL_BAD] = { "node_rpl_bad", "", "RPLs for what is gone.", STAT_COUNTER },
	[NS_MSGS_LOST] = { "node_messages_lost", "", "Unsolicited lines not pulled in time.",
	    STAT_COUNTER },
	[NS_ANSWERS_LOST] = { "node_answers_lost", "", "Answers to users lost: pool empty.",
	    STAT_COUNTER },
	[NS_PS_INOP] = { "node_path_switches_inop", "", "Path switches: the link failed.",
	    STAT_COUNTER },
	[NS_PS_SRQ] = { "node_path_switches_silent", "",
	    "Path switches: the partner did not answer.", STAT_COUNTER },
	[NS_PS_MODIFY] = { "node_path_switches_command", "", "Path switches: F NET,RTP.",
	    STAT_COUNTER },
	[NS_PS_AUTO] = { "node_path_switches_better", "",
	    "Path switches: a better route (PSRETRY).", STAT_COUNTER },
	[NS_PS_PARTNER] = { "node_path_switches_partner", "", "Path switches of the partner.",
	    STAT_COUNTER },
	[NS_PS_STALL] = { "node_path_switches_stall", "", "Path switches: transmission stall.",
	    STAT_COUNTER },
	[NS_PS_COMPLETED] = { "node_path_switches_completed", "", "Path switches completed.",
	    STAT_COUNTER },
	[NS_PS_FAILED] = { "node_path_switches_failed", "", "Path switches that found no way.",
	    STAT_COUNTER },
	[NS_PS_OVERRIDDEN] = { "node_path_switches_overridden", "",
	    "Path switches that the partner's came before.", STAT_COUNTER },
	[NS_PIPE_WAITS] = { "node_pipe_waits", "", "Times a session waited for its pipe.",
	    STAT_COUNTER },
};

static int
pools_init(struct node *n)
{
	const struct node_cfg *c = &n->cfg;
	int e = pool_init(&n->acbs, "ACB", sizeof(struct acb), c->max_acbs);

	if (e == 0)
		e = pool_init(&n->ssns, "SESSION", sizeof(struct ssn), c->max_acbs * 2);
	if (e == 0)
		e = pool_init(&n->pipes, "PIPE", sizeof(struct pipe), c->max_pipes);
	if (e == 0)
		e = pool_init(&n->lates, "ANSWER", sizeof(struct late), c->max_acbs * 2 + 16384);
	if (e == 0)
		e = bufpool_init(&n->bufs, "NODE BUFFER", c->max_acbs * 4 + 8192,
		    c->max_acbs + 8192, 4096);
	if (e == 0)
		e = dueheap_init(&n->due, 1024);
	if (e == 0)
		e = rtab_init(&n->rtab, n->start->netid, 2 * c->max_acbs + c->max_pipes + 4096);
	if (e == 0)
		e = lupools_init(&n->lupools);
	if (e == 0)
		e = dir_init(&n->dir, c->max_acbs);
	if (e == 0)
		e = map_init(&n->pcids, 1024);
	if (e == 0)
		e = map_init(&n->peers, 1024);
	return e == 0 ? cps_init(n) : e;
}

int
node_new(struct node **out, const struct node_cfg *cfg)
{
	struct node *n = calloc(1, sizeof(*n));
	int e;

	*out = NULL;
	if (n == NULL)
		return -ENOMEM;
	n->cfg = *cfg;
	n->defs = cfg->defs;
	n->start = defs_start(cfg->defs);
	if (n->cfg.max_acbs == 0)
		n->cfg.max_acbs = 70000;
	if (n->cfg.max_pipes == 0)
		n->cfg.max_pipes = 1024;
	if (n->cfg.max_links == 0)
		n->cfg.max_links = 256;
	(void)name_qual(&n->cpname, n->start->netid, n->start->sscpname);
	/* Never the same after a restart: what partners still hold can't match. */
	n->epoch = (uint32_t)(cfg->seed ^ cfg->seed >> 32) & 0x7fffffff;
	n->next_pcid = cfg->seed * 0x9e3779b97f4a7c15u;
	TAILQ_INIT(&n->work);
	TAILQ_INIT(&n->limbo.acbs);
	TAILQ_INIT(&n->limbo.ready);
	STAILQ_INIT(&n->limbo.late);
	TAILQ_INIT(&n->pus.all);
	TAILQ_INIT(&n->pus.ask);
	TAILQ_INIT(&n->xcas.all);
	TAILQ_INIT(&n->xcas.ask);
	TAILQ_INIT(&n->pipetab.all);
	TAILQ_INIT(&n->pipetab.switching);
	e = pools_init(n);
	if (e != 0) {
		node_free(n);
		return e;
	}
	*out = n;
	return 0;
}

void
node_free(struct node *n)
{
	if (n == NULL)
		return;
	for (unsigned i = 0; i < n->n_ports; i++)
		if (n->port[i].ap != NULL) {
			ring_fini(&n->port[i].ap->down);
			ring_fini(&n->port[i].ap->up);
			free(n->port[i].ap);
		}
	for (unsigned i = 0; i < n->n_ee; i++)
		ee_free(n->ee[i]);
	pus_fini(n);
	xca_fini(n);
	cps_fini(n);
	dir_fini(&n->dir);
	map_fini(&n->pcids);
	map_fini(&n->peers);
	lupools_fini(&n->lupools);
	rtab_fini(&n->rtab);
	dueheap_fini(&n->due);
	pool_fini(&n->acbs);
	pool_fini(&n->ssns);
	pool_fini(&n->pipes);
	pool_fini(&n->lates);
	bufpool_fini(&n->bufs);
	free(n);
}

void
node_say(struct node *n, const char *id, const char *fmt, ...)
{
	struct node_line *l;
	va_list ap;

	if (n->msg_head - n->msg_tail == NODE_MSGS) {
		n->msg_tail++;
		n->stat[NS_MSGS_LOST]++;
	}
	l = &n->msg[n->msg_head++ % NODE_MSGS];
	snprintf(l->id, sizeof(l->id), "%s", id);
	va_start(ap, fmt);
	vsnprintf(l->text, sizeof(l->text), fmt, ap);
	va_end(ap);
}

bool
node_msg(struct node *n, struct node_line *l)
{
	if (n->msg_head == n->msg_tail)
		return false;
	*l = n->msg[n->msg_tail++ % NODE_MSGS];
	return true;
}

void
node_due(struct node *n, struct ndue *d, enum ndue_kind kind, struct mono at)
{
	d->kind = (uint8_t)kind;
	due_set(&n->due, &d->due, at);
}

struct fqpcid
node_pcid(struct node *n)
{
	struct fqpcid q = { .cp = n->cpname };
	uint64_t v = n->next_pcid++;

	for (int i = 0; i < 8; i++)
		q.pcid[i] = (uint8_t)(v >> (56 - 8 * i));
	return q;
}

struct ee *
node_ee(const struct node *n, unsigned i)
{
	return i < n->n_ee ? n->ee[i] : NULL;
}

struct acb_port *
node_port(struct node *n, const char *name, uint32_t size, struct bufpool *bufs,
    struct loop *user_loop)
{
	struct port *p = NULL;
	struct acb_port *ap;

	for (unsigned i = 0; i < NODE_PORTS && p == NULL; i++)
		if (n->port[i].ap == NULL)
			p = &n->port[i];
	if (p == NULL)
		return NULL;
	ap = aligned_alloc(64, (sizeof(*ap) + 63) / 64 * 64);
	if (ap == NULL)
		return NULL;
	memset(ap, 0, sizeof(*ap));
	snprintf(ap->name, sizeof(ap->name), "%s", name);
	if (ring_init(&ap->down, sizeof(struct rpl), size) != 0 ||
	    ring_init(&ap->up, sizeof(struct rpl), size) != 0) {
		ring_fini(&ap->down);
		free(ap);
		return NULL;
	}
	ap->bufs = bufs != NULL ? bufs : &n->bufs;
	ap->user_loop = user_loop;
	ap->node_loop = user_loop == NULL ? NULL : n->loop;
	ap->id = (uint32_t)(p - n->port);
	*p = (struct port){ .ap = ap, .id = ap->id };
	TAILQ_INIT(&p->acbs);
	TAILQ_INIT(&p->ready);
	STAILQ_INIT(&p->late);
	if (ap->id >= n->n_ports)
		n->n_ports = ap->id + 1;
	return ap;
}

static void
ring_drop(struct ring *r)
{
	struct rpl q;

	while (ring_get(r, &q))
		buf_free(q.buf);
}

void
node_port_free(struct node *n, struct mono now, struct acb_port *ap)
{
	struct port *p = &n->port[ap->id];
	struct late *l;
	struct acb *a;

	p->closing = 1;
	while ((a = TAILQ_FIRST(&p->acbs)) != NULL)
		acb_close(n, now, a, ACB_BY_USER);
	while ((l = STAILQ_FIRST(&p->late)) != NULL) {
		STAILQ_REMOVE_HEAD(&p->late, link);
		buf_free(l->q.buf);
		pool_put(&n->lates, l);
	}
	p->n_late = 0;
	ring_drop(&ap->down);
	ring_drop(&ap->up);
	ring_fini(&ap->down);
	ring_fini(&ap->up);
	free(ap);
	p->ap = NULL;
}

/* True: there may be more. */
static bool
ee_news(struct node *n, struct mono now, struct ee *e)
{
	struct ee_ind i;
	unsigned k;

	for (k = 0; k < TURN_EE && ee_recv(e, now, &i); k++) {
		switch ((enum ee_what)i.what) {
		case EEI_PIU:
			if (ee_pipe_nce(i.rtp) == NCE_RSETUP && i.owner != NULL)
				rsetup_message(n, now, i.owner, i.buf);
			else if (i.owner != NULL)
				ssn_piu(n, now, i.owner, i.buf);
			else
				buf_free(i.buf);
			break;
		case EEI_PIPE_UP:
			pipe_up(n, now, &i, e);
			break;
		case EEI_PIPE_DOWN:
			pipe_down(n, now, &i);
			break;
		case EEI_PATH:
			pipe_path(n, now, &i);
			break;
		case EEI_STALL:
			pipe_stall(n, now, &i);
			break;
		case EEI_PROBE:
			eeverify_result(n, now, e, &i.probe);
			break;
		case EEI_CALL:
		case EEI_DENIED:
		case EEI_LINK_UP:
		case EEI_LINK_DOWN:
		case EEI_IDLE:
		case EEI_MTU:
			pu_event(n, now, e, &i);
			break;
		}
	}
	return k == TURN_EE;
}

/* When the CDRSC that is idle longest goes: start option CDRSCTI. */
static struct mono
cdrsc_due(const struct node *n)
{
	const struct res *r = TAILQ_FIRST(&n->rtab.idle);

	return r == NULL ? MONO_NEVER : mono_add(r->idle_at, SECS(n->start->cdrscti_s));
}

static void
expire(struct node *n, struct mono now)
{
	struct due *d;

	for (unsigned i = 0; i < n->n_ee; i++)
		if (mono_due(ee_deadline(n->ee[i]), now))
			ee_expire(n->ee[i], now);
	if (mono_due(cdrsc_due(n), now))
		(void)rtab_cdrsc_purge(&n->rtab, mono_add(now, -SECS(n->start->cdrscti_s)));
	lupool_expire(&n->lupools, now);
	acb_limbo(n, now);
	while ((d = due_pop(&n->due, now)) != NULL) {
		struct ndue *nd = DUE_OBJ(d, struct ndue, due);

		switch ((enum ndue_kind)nd->kind) {
		case ND_SSN: ssn_due(n, now, nd); break;
		case ND_PIPE: pipe_due(n, now, nd); break;
		case ND_PSMSG: psmsg_due(n, now); break;
		case ND_PSRETRY: pswitch_retry(n, now, nd); break;
		case ND_PU: pu_due(n, now, nd); break;
		case ND_XCA: xca_due(n, now, nd); break;
		case ND_CP: cp_due(n, now, nd); break;
		case ND_SEARCH: dir_due(n, now, nd); break;
		case ND_LIMRES: pu_limit_due(n, now, nd); break;
		}
	}
}

/* Sessions that wait for room in a port's ring; one that still can't be served
 * (no buffer) ends it for this turn. */
static void
serve_ready(struct node *n, struct mono now, struct port *p)
{
	struct ssn *s, *last = TAILQ_LAST(&p->ready, ssnhead);

	while ((s = TAILQ_FIRST(&p->ready)) != NULL && port_room(p) > PORT_ROOM) {
		bool end = s == last;

		TAILQ_REMOVE(&p->ready, s, on_ready);
		s->in_ready = 0;
		ssn_run(n, now, s);
		if (end)
			break;
	}
}

/* What a port's user is owed. True: the user shares our thread and must read
 * before there can be more. */
static bool
serve_user(struct node *n, struct mono now, struct port *p)
{
	struct acb_port *ap = p->ap;
	bool waits = false;

	for (int again = 0; again < 2; again++) {
		(void)port_flush(n, p);
		serve_ready(n, now, p);
		waits = p->n_late != 0 || !TAILQ_EMPTY(&p->ready);
		if (!waits || ap->user_loop == NULL)
			break;
		atomic_store(&ap->up_full, true);
		atomic_thread_fence(memory_order_seq_cst);
		if (ring_room(&ap->up) <= (ap->up.mask + 1) / 2)
			break;                  /* it will see the flag */
	}
	if (ap->user_loop != NULL && ring_must_wake(&ap->up))
		loop_wake(ap->user_loop);
	return waits && ap->user_loop == NULL;
}

static bool
work(struct node *n, struct mono now)
{
	struct ssn *s;

	for (unsigned i = 0; i < TURN_WORK; i++) {
		s = TAILQ_FIRST(&n->work);
		if (s == NULL)
			return false;
		TAILQ_REMOVE(&n->work, s, on_work);
		s->in_work = 0;
		ssn_run(n, now, s);
	}
	return true;
}

static void halt_step(struct node *, struct mono);

bool
node_turn(struct node *n, struct mono now)
{
	bool more = false;

	n->now = now;
	expire(n, now);
	for (unsigned i = 0; i < n->n_ee; i++)
		more |= ee_news(n, now, n->ee[i]);
	for (unsigned i = 0; i < n->n_ports; i++)
		if (n->port[i].ap != NULL)
			more |= acb_serve(n, now, &n->port[i], TURN_RPLS);
	more |= pipe_unblock(n);
	hprtest_turn(n, now);
	more |= work(n, now);
	halt_step(n, now);
	for (unsigned i = 0; i < n->n_ports; i++)
		if (n->port[i].ap != NULL)
			more |= serve_user(n, now, &n->port[i]);
	return more || !TAILQ_EMPTY(&n->work);
}

struct mono
node_deadline(const struct node *n)
{
	struct mono t = mono_min(due_next(&n->due), cdrsc_due(n));

	t = mono_min(t, mono_min(lupool_deadline(&n->lupools), acb_limbo_due(n)));
	t = mono_min(t, hprtest_deadline(n));
	if (n->halting == NODE_HALT_QUICK && !n->stopped)
		t = mono_min(t, n->halt_by);

	for (unsigned i = 0; i < n->n_ee; i++)
		t = mono_min(t, ee_deadline(n->ee[i]));
	return t;
}

static void
close_acbs(struct node *n, struct mono now, struct port *p)
{
	struct acb *a, *next;

	for (a = TAILQ_FIRST(&p->acbs); a != NULL; a = next) {
		next = TAILQ_NEXT(a, link);
		acb_close(n, now, a, ACB_BY_NODE);
	}
}

void
node_halt(struct node *n, struct mono now, enum node_halt how)
{
	n->halting = (uint8_t)how;
	if (how != NODE_HALT_QUICK)
		return;
	for (unsigned i = 0; i < n->n_ports; i++)
		if (n->port[i].ap != NULL)
			close_acbs(n, now, &n->port[i]);
	close_acbs(n, now, &n->limbo);
	cp_stop(n, now);
	pipe_stop(n, now);
	n->halt_by = mono_add(now, SECS(2));
}

/* Links go when the last pipe has gone in order, or has had its time. */
static void
halt_step(struct node *n, struct mono now)
{
	if (n->halting != NODE_HALT_QUICK || n->stopped)
		return;
	if (n->pipetab.n != 0 && !mono_due(n->halt_by, now))
		return;
	n->stopped = 1;
	for (unsigned i = 0; i < n->n_ee; i++)
		ee_stop(n->ee[i], now);
}

bool
node_idle(const struct node *n)
{
	if (n->halting == NODE_HALT_QUICK && !n->stopped)
		return false;
	for (unsigned i = 0; i < n->n_ee; i++)
		if (!ee_idle(n->ee[i]))
			return false;
	return n->ssns.used == 0 && n->acbs.used == 0;
}
