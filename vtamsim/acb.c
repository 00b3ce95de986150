/* SPDX-License-Identifier: Apache-2.0 */
/* The user's side of the application interface, and the node's: acb_serve(). */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "vtamsim/acb_node.h"

#define HANDLE_BITS 18
#define ROOM_LITTLE 64          /* users want less free places than this or half the ring */
#define CHOICES 16              /* LUs tried for one OPEN */
#define PORT_LATE_MAX 4096      /* answers that wait; then SENDERRs end their session */

/* Full: the flag first, then once more, so that the node either finds the flag
 * after it made room or has made it before. */
bool
acb_submit(struct acb_port *p, const struct rpl *q)
{
	if (ring_put(&p->down, q))
		return true;
	atomic_store(&p->down_full, true);
	atomic_thread_fence(memory_order_seq_cst);
	return ring_put(&p->down, q);
}

bool
acb_poll(struct acb_port *p, struct rpl *q)
{
	if (ring_get(&p->up, q))
		return true;
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load_explicit(&p->up_full, memory_order_relaxed) &&
	    atomic_exchange(&p->up_full, false) && p->node_loop != NULL)
		loop_wake(p->node_loop);
	return false;
}

void
acb_kick(struct acb_port *p)
{
	if (p->node_loop != NULL && ring_must_wake(&p->down))
		loop_wake(p->node_loop);
}

/* Who finds little room may wait for more: the node is to tell it. */
uint32_t
acb_room(struct acb_port *p)
{
	uint32_t room = ring_room(&p->down);

	if (room > ROOM_LITTLE && room > (p->down.mask + 1) / 2)
		return room;
	atomic_store(&p->down_full, true);
	atomic_thread_fence(memory_order_seq_cst);
	return ring_room(&p->down);
}

struct acb *
acb_of(const struct node *n, const struct port *port, uint32_t handle)
{
	uint32_t i = handle & ((1u << HANDLE_BITS) - 1);
	struct acb *a = i == 0 ? NULL : pool_at(&n->acbs, i - 1);

	return a != NULL && a->handle == handle && a->port == port ? a : NULL;
}

/* Requests are always taken, or a user whose rings are both full and who wants
 * room before it reads would wait for ever. So answers may have to wait here. */
void
port_put(struct node *n, struct port *port, const struct rpl *q)
{
	struct late *l;

	if (port->ap == NULL) {         /* limbo: nobody is there to hear it */
		buf_free(q->buf);
		return;
	}
	if (STAILQ_EMPTY(&port->late) && ring_put(&port->ap->up, q))
		return;
	l = pool_get(&n->lates);
	if (l == NULL) {
		n->stat[NS_ANSWERS_LOST]++;
		buf_free(q->buf);
		return;
	}
	l->q = *q;
	STAILQ_INSERT_TAIL(&port->late, l, link);
	port->n_late++;
}

uint32_t
port_room(const struct port *port)
{
	return port->ap != NULL && STAILQ_EMPTY(&port->late) ? ring_room(&port->ap->up) : 0;
}

bool
port_flush(struct node *n, struct port *port)
{
	struct late *l;

	while ((l = STAILQ_FIRST(&port->late)) != NULL) {
		if (!ring_put(&port->ap->up, &l->q))
			return false;
		STAILQ_REMOVE_HEAD(&port->late, link);
		port->n_late--;
		pool_put(&n->lates, l);
	}
	return true;
}

static void
open_failed(struct node *n, struct port *port, const struct rpl *q, enum acb_err why,
    uint32_t sense)
{
	struct rpl a = { .op = RPL_OPENFAIL, .flags = (uint8_t)why, .user = q->user,
		.sense = sense };

	n->stat[NS_OPEN_FAILED]++;
	port_put(n, port, &a);
}

/* The LU's resource: an APPL as defined, or made from the model that covers it. */
static enum acb_err
resource_for(struct node *n, const char *name, struct res **out)
{
	struct res *r = rtab_find(&n->rtab, name), *m;
	struct sna_name nm;

	if (r != NULL && r->type != RES_APPL && r->type != RES_DYNAPPL)
		return ACB_WRONGTYPE;
	if (r == NULL) {
		m = rtab_model(&n->rtab, name);
		if (m == NULL)
			return ACB_UNKNOWN;
		if (m->fsm.state != RST_CONCT)
			return ACB_INACTIVE;
		if (!name_set(&nm, name) || !name_valid(name, strlen(name)))
			return ACB_UNKNOWN;
		r = rtab_add(&n->rtab, RES_DYNAPPL, &nm, m->up);
		if (r == NULL)
			return ACB_STORAGE;
		r->appl = m->appl;
		r->model = m;
		r->desired = RST_ACTIV;
		(void)res_event(r, REV_ACT);
	}
	if (r->acb != NULL)
		return ACB_INUSE;
	if (r->fsm.state != RST_CONCT)
		return ACB_INACTIVE;
	*out = r;
	return ACB_OK;
}

static enum acb_err
choose(struct node *n, const struct acb_open *o, char lu[9], bool *pooled)
{
	const struct lupool_want w = { o->pool, o->owner, o->first_free, o->within };

	*pooled = o->pool[0] != 0;
	if (o->name.len == 0)
		return *pooled ? lupool_any(&n->lupools, &w, lu) : ACB_UNKNOWN;
	snprintf(lu, 9, "%.8s", name_base(&o->name));
	if (!*pooled)
		return ACB_OK;
	return lupool_this(&n->lupools, &w, lu);
}

/* An LU and its resource. One the operator has taken from the network is not chosen again. */
static enum acb_err
find_lu(struct node *n, const struct acb_open *o, char lu[9], bool *pooled, struct res **r)
{
	enum acb_err e = ACB_EXHAUSTED;

	for (unsigned i = 0; i < CHOICES; i++) {
		e = choose(n, o, lu, pooled);
		if (e != ACB_OK)
			return e;
		e = resource_for(n, lu, r);
		if (e == ACB_OK || !*pooled)
			return e;
		lupool_release(&n->lupools, lu);
		if (e != ACB_INACTIVE || o->name.len != 0 || rtab_find(&n->rtab, lu) == NULL)
			return e;
		lupool_node_inact(&n->lupools, lu);
	}
	return e;
}

/* A partner printer comes when its terminal is there: RFC 2355 7.1.3. */
static bool
partner_open(const struct node *n, const struct acb_open *o)
{
	const struct res *r;

	if (o->partner.len == 0)
		return true;
	r = rtab_find(&n->rtab, o->partner.s);
	return r != NULL && r->acb != NULL && !r->acb->closing;
}

static void
opened(struct node *n, struct port *port, struct acb *a)
{
	struct rpl q = { .op = RPL_OPENED, .acb = a->handle, .user = a->user };
	struct acb_opened o = { .name = a->res->name };

	q.buf = buf_get(&n->bufs, sizeof(o));
	if (q.buf != NULL)
		buf_append(q.buf, &o, sizeof(o));
	port_put(n, port, &q);
}

static void
do_open(struct node *n, struct port *port, const struct rpl *q)
{
	struct acb_open o;
	struct res *r = NULL;
	enum acb_err e;
	struct acb *a;
	bool pooled = false;
	char lu[9];

	n->stat[NS_OPENS]++;
	if (q->buf == NULL || q->buf->len != sizeof(o)) {
		open_failed(n, port, q, ACB_UNKNOWN, SENSE_PARAMETER);
		return;
	}
	memcpy(&o, q->buf->p, sizeof(o));
	if (n->halting) {
		open_failed(n, port, q, ACB_HALTING, SENSE_TAKEDOWN);
		return;
	}
	e = partner_open(n, &o) ? find_lu(n, &o, lu, &pooled, &r) : ACB_NOPARTNER;
	if (e != ACB_OK) {
		open_failed(n, port, q, e, e == ACB_STORAGE ? SENSE_NO_RESOURCE : SENSE_UNKNOWN);
		return;
	}
	a = pool_get(&n->acbs);
	if (a == NULL) {
		if (pooled)
			lupool_release(&n->lupools, lu);
		if (r->type == RES_DYNAPPL)
			rtab_del(&n->rtab, r);
		open_failed(n, port, q, ACB_STORAGE, SENSE_NO_RESOURCE);
		return;
	}
	a->handle = (uint32_t)(++n->acb_gen & 0x3fff) << HANDLE_BITS |
	    (pool_index(&n->acbs, a) + 1);
	a->port = port;
	a->user = q->user;
	a->res = r;
	a->plu = o.plu;
	a->slu = o.slu;
	if (pooled)
		memcpy(a->lu, lu, sizeof(a->lu));
	a->owner = o.owner;
	snprintf(a->client, sizeof(a->client), "%.63s", o.client);
	snprintf(a->logmode, sizeof(a->logmode), "%.8s", o.logmode);
	snprintf(a->job, sizeof(a->job), "%.8s", o.job);
	TAILQ_INSERT_TAIL(&port->acbs, a, link);
	port->n_acbs++;
	r->acb = a;
	(void)res_event(r, REV_CONNECT);
	opened(n, port, a);
}

void
acb_close(struct node *n, struct mono now, struct acb *a, enum acb_closer who)
{
	struct port *port = a->port;
	struct rpl q = { .op = RPL_CLOSED, .acb = a->handle, .user = a->user,
		.flags = who == ACB_BY_NODE };
	struct res *r = a->res;
	struct ssn *s, *next;

	a->closing = 1;
	for (s = TAILQ_FIRST(&r->sess); s != NULL; s = next) {
		next = TAILQ_NEXT(s, on_res);
		if (s->acb != a)
			continue;
		ssn_end(n, now, s, UNB_CLEANUP, SENSE_TAKEDOWN);
		ssn_orphan(n, s);               /* nobody is told any more */
	}
	r->acb = NULL;
	(void)res_event(r, REV_LOST);
	if (a->lu[0] != '\0' && a->keep_s != 0)
		lupool_keep(&n->lupools, a->lu, a->owner, mono_add(now, SECS(a->keep_s)));
	else if (a->lu[0] != '\0')
		lupool_release(&n->lupools, a->lu);
	TAILQ_REMOVE(&port->acbs, a, link);
	port->n_acbs--;
	a->handle = 0;
	pool_put(&n->acbs, a);
	if (r->type == RES_DYNAPPL)
		res_unused(&n->rtab, r);
	if (!port->closing)
		port_put(n, port, &q);
}

/* A user that sends without end and never reads what comes back loses the session. */
static void
send_request(struct node *n, struct mono now, struct ssn *s, const struct rpl *q)
{
	struct rpl e = { .op = RPL_SENDERR, .acb = s->acb->handle, .user = s->acb->user,
		.sess = s->handle, .suser = s->suser };

	e.sense = ssn_send(n, s, q);
	if (e.sense == 0)
		return;
	if (s->acb->port->n_late < PORT_LATE_MAX) {
		e.rh = q->rh;
		e.buf = q->buf;
		port_put(n, s->acb->port, &e);
		return;
	}
	buf_free(q->buf);
	ssn_end(n, now, s, UNB_FAILURE, e.sense);
}

static void
sess_request(struct node *n, struct mono now, struct acb *a, const struct rpl *q)
{
	struct ssn *s = ssn_at(n, q->sess);
	uint32_t sense = 0;

	if (s == NULL || s->acb != a || ssn_ending(s)) {
		if (q->op == RPL_TERMSESS && q->sess == 0 && a->logon != NULL)
			ssn_end(n, now, a->logon, UNB_NORMAL, SENSE_TAKEDOWN);
		else if (q->op == RPL_SEND)
			n->stat[NS_RPL_BAD]++;  /* the session ended while it was on its way */
		buf_free(q->buf);
		return;
	}
	switch (q->op) {
	case RPL_OPNDST:
		sense = ssn_opndst(n, now, s, q);
		break;
	case RPL_OPNSEC:
		sense = ssn_opnsec(n, now, s, q);
		break;
	case RPL_REJBIND:
		ssn_reject(n, now, s, q->sense);
		break;
	case RPL_CLSDST:
	case RPL_TERMSESS:
		ssn_end(n, now, s, q->flags == 0 ? UNB_NORMAL : q->flags, q->sense);
		break;
	case RPL_SEND:
		send_request(n, now, s, q);
		return;
	case RPL_RESP:
		if (s->has_hs && hs_respond(&s->hs, q->rh, q->snf, q->sense) == 0)
			ssn_work(n, s);
		break;
	case RPL_PACE:
		if (s->has_hs) {
			hs_pace(&s->hs);
			ssn_work(n, s);
		}
		break;
	default:
		n->stat[NS_RPL_BAD]++;
	}
	buf_free(q->buf);
	if (sense != 0)
		ssn_end(n, now, s, UNB_FAILURE, sense);
}

static void
logon_request(struct node *n, struct mono now, struct acb *a, struct rpl *q)
{
	struct rpl e = { .op = RPL_NSPE, .acb = a->handle, .user = a->user };
	struct acb_logon l;

	e.sense = SENSE_PARAMETER;
	if (q->buf != NULL && q->buf->len == sizeof(l)) {
		memcpy(&l, q->buf->p, sizeof(l));
		if (n->halting)
			e.sense = SENSE_TAKEDOWN;
		else if (q->op == RPL_REQSESS)
			e.sense = ssn_logon(n, now, a, &l);
		else
			e.sense = ssn_simlogon(n, now, a, &l);
		if (e.sense != 0 && q->op == RPL_SIMLOGON) {    /* which of them */
			buf_trim(q->buf, 0);
			buf_append(q->buf, l.appl.s, l.appl.len);
			e.buf = q->buf;
			q->buf = NULL;
		}
	}
	buf_free(q->buf);
	if (e.sense != 0)
		port_put(n, a->port, &e);
}

static void
serve_one(struct node *n, struct mono now, struct port *port, struct rpl *q)
{
	struct acb *a;

	if (q->op == RPL_OPEN) {
		do_open(n, port, q);
		buf_free(q->buf);
		return;
	}
	if (q->op == RPL_ATTACH) {
		acb_attach(n, port, q);
		buf_free(q->buf);
		return;
	}
	a = acb_of(n, port, q->acb);
	if (a == NULL) {
		n->stat[NS_RPL_BAD]++;
		buf_free(q->buf);
		return;
	}
	switch (q->op) {
	case RPL_CLOSE:
		buf_free(q->buf);
		a->keep_s = q->suser;
		acb_close(n, now, a, ACB_BY_USER);
		break;
	case RPL_DETACH:
		buf_free(q->buf);
		acb_detach(n, now, a);
		break;
	case RPL_REQSESS:
	case RPL_SIMLOGON:
		logon_request(n, now, a, q);
		break;
	default:
		sess_request(n, now, a, q);
	}
}

bool
acb_serve(struct node *n, struct mono now, struct port *port, unsigned max)
{
	struct acb_port *ap = port->ap;
	struct rpl q;
	unsigned i;

	for (i = 0; i < max && ring_get(&ap->down, &q); i++)
		serve_one(n, now, port, &q);
	atomic_thread_fence(memory_order_seq_cst);
	if (i != 0 && atomic_load_explicit(&ap->down_full, memory_order_relaxed) &&
	    atomic_exchange(&ap->down_full, false) && ap->user_loop != NULL)
		loop_wake(ap->user_loop);
	return i == max;
}
