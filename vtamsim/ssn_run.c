/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssn_run.c - PIUs in, half-sessions' output, and what users are told.
 *
 * A user's ring may be full: what it is owed then stays in the half-session
 * (whose pacing holds the partner) and the session waits on the port's ready
 * list. Nothing else waits for it.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/sense.h"
#include "snaee/trace.h"
#include "vtamsim/acb_node.h"
#include "vtamsim/ssn_parts.h"

static void
unbind_in(struct node *n, struct mono now, struct ssn *s, const struct th *th, struct buf *ru)
{
	struct unbind u = { .type = UNB_NORMAL };
	struct rd r = buf_rd(ru);

	(void)unbind_get(&r, &u);
	ssn_respond_sc(n, now, s, th->snf, 0, RU_UNBIND);
	if (s->fsm.state == SS_PUNB) {          /* both at once: each answers the other */
		ssn_over(n, now, s, 0);
		return;
	}
	s->unb_type = u.type;
	s->sense = u.sense;
	ssn_over(n, now, s, SSN_T_UNBIND);
}

static void
sc_in(struct node *n, struct mono now, struct ssn *s, const struct th *th, struct buf *b)
{
	struct rd r = buf_rd(b);
	uint32_t rh = rh_get(&r);
	unsigned code;

	if (rh & RH_RSP) {
		struct rd c = r;

		if (rh & RH_SDI)
			rd_skip(&c, 4);
		code = rd_u8(&c);
		if (code == RU_BIND && s->fsm.state == SS_PRSP)
			ssn_rsp_bind_in(n, now, s, rh, &r);
		else if (code == RU_UNBIND && s->fsm.state == SS_PUNB)
			ssn_over(n, now, s, 0);
		else if (s->has_hs && code != RU_UNBIND && code != RU_BIND) {
			hs_input(&s->hs, th, b);
			ssn_work(n, s);
			return;
		}
	} else {
		code = rd_peek(&r);
		if (code == RU_UNBIND) {
			(void)buf_pull(b, RH_LEN);
			unbind_in(n, now, s, th, b);
		} else if (s->has_hs) {
			hs_input(&s->hs, th, b);
			ssn_work(n, s);
			return;
		}
	}
	buf_free(b);
}

void
ssn_piu(struct node *n, struct mono now, struct pipe *p, struct buf *b)
{
	struct rd r = buf_rd(b);
	struct ssn *s = NULL;
	uint32_t rh;
	struct th th;

	if (!th_get(&r, &th) || th.fid != 5 || rd_left(&r) < RH_LEN) {
		n->stat[NS_PIU_BAD]++;
		buf_free(b);
		return;
	}
	(void)buf_pull(b, TH_FID5_LEN);
	rh = rh_get(&r);
	if ((rh & (RH_RSP | RH_CAT)) == RH_SC && rd_peek(&r) == RU_BIND && th.mpf == TH_WHOLE) {
		(void)buf_pull(b, RH_LEN);
		ssn_bind_in(n, now, p, &th, b);
		return;
	}
	s = th.sa & SA_PLU ? NULL : ssn_by_sa(n, th.sa);
	if (s == NULL)
		s = ssn_by_peer(n, p, th.sa);
	if (s == NULL || s->pipe != p || s->dead) {
		n->stat[NS_PIU_UNKNOWN]++;
		buf_free(b);
		return;
	}
	if ((rh & RH_CAT) == RH_SC && th.mpf == TH_WHOLE) {
		sc_in(n, now, s, &th, b);
	} else if (s->has_hs && s->fsm.state != SS_PUNB) {
		hs_input(&s->hs, &th, b);
		ssn_work(n, s);
	} else {
		n->stat[NS_PIU_UNKNOWN]++;
		buf_free(b);
	}
}

/* A PIU that never becomes an NLP. */
static void
trace_inside(struct node *n, struct mono now, const struct ssn *s, const struct th *th,
    struct buf *b)
{
	struct wr w = wr_on(buf_push(b, TH_FID5_LEN), TH_FID5_LEN);
	struct th t = *th;

	t.fid = 5;
	t.sa = s->mate->handle;
	th_put(&w, &t);
	trace_piu(n->trace, now, b->p, b->len, s->role == HS_SLU, s->handle);
	(void)buf_pull(b, TH_FID5_LEN);
}

static void
flush(struct node *n, struct mono now, struct ssn *s)
{
	struct buf *b;
	struct th th;

	for (;;) {
		if (s->mate == NULL && (s->pipe == NULL || !s->sa_known || pipe_full(n, s)))
			return;
		b = hs_output(&s->hs, &th);
		if (b == NULL)
			return;
		if (s->mate != NULL) {
			if (n->trace != NULL && trace_on(n->trace))
				trace_inside(n, now, s, &th, b);
			hs_input(&s->mate->hs, &th, b);
			ssn_work(n, s->mate);
			continue;
		}
		struct wr w = wr_on(buf_push(b, TH_FID5_LEN), TH_FID5_LEN);

		th.fid = 5;
		th.sa = s->sa_peer;
		th_put(&w, &th);
		uint32_t sense = pipe_send(n, now, s->pipe, b);

		if (sense != 0) {
			buf_free(b);
			ssn_end(n, now, s, UNB_ROUTE_INOP, sense);
			return;
		}
	}
}

/* The half-session's SDT belongs to us: the secondary sees the request, the
 * primary the response. True: taken. */
static bool
sdt_seen(struct node *n, struct mono now, struct ssn *s, const struct hs_ind *i)
{
	if (s->fsm.state != SS_PSDT || (i->rh & RH_CAT) != RH_SC)
		return false;
	if (i->rh & RH_RSP && i->sense != 0) {
		ssn_end(n, now, s, UNB_FAILURE, i->sense);
		return true;
	}
	ssn_started(n, now, s);
	return true;
}

static bool
give(struct ssn *s, const struct rpl *q)
{
	struct port *p = s->acb->port;

	return port_room(p) != 0 && ring_put(&p->ap->up, q);
}

static struct buf *
cinit_parm(struct node *n, const struct ssn *s)
{
	struct buf *b = buf_get(&n->bufs, sizeof(struct acb_cinit));
	struct acb_cinit c;

	if (b == NULL)
		return NULL;
	memset(&c, 0, sizeof(c));
	c.lu = s->partner;
	memcpy(c.mode, s->mode, sizeof(c.mode));
	memcpy(c.cos, s->cos, sizeof(c.cos));
	c.bind_len = s->bind_len < sizeof(c.bind) ? s->bind_len : sizeof(c.bind);
	memcpy(c.bind, s->bind, c.bind_len);
	if (s->keep != NULL) {
		c.data_len = (uint8_t)(s->keep->len > ACB_DATA_MAX ? ACB_DATA_MAX : s->keep->len);
		memcpy(c.data, s->keep->p, c.data_len);
	}
	buf_append(b, &c, sizeof(c));
	return b;
}

/* One of the events due, in their order. False: the ring is full, or no buffer. */
static bool
give_told(struct node *n, struct ssn *s, struct rpl *q)
{
	if (s->tell & SSN_T_CINIT) {
		q->op = RPL_CINIT;
		q->buf = cinit_parm(n, s);
		if (q->buf == NULL || !give(s, q)) {
			buf_free(q->buf);
			return false;
		}
		s->tell &= (uint8_t)~SSN_T_CINIT;
	} else if (s->tell & SSN_T_BIND) {
		q->op = RPL_BIND;
		q->buf = s->keep;
		if (!give(s, q))
			return false;
		s->keep = NULL;
		s->tell &= (uint8_t)~SSN_T_BIND;
	} else if (s->tell & SSN_T_STARTED) {
		q->op = RPL_STARTED;
		q->rh = s->hs.max_ru_out;
		if (!give(s, q))
			return false;
		s->tell &= (uint8_t)~SSN_T_STARTED;
	}
	return true;
}

static bool
give_last(struct node *n, struct ssn *s, struct rpl *q)
{
	q->op = s->tell & SSN_T_NSPE ? RPL_NSPE : RPL_UNBIND;
	if (q->op == RPL_NSPE && s->role == HS_PLU) {   /* which of its SIMLOGONs */
		q->buf = buf_get(&n->bufs, SNA_NAME_MAX);
		if (q->buf != NULL)
			buf_append(q->buf, s->partner.s, s->partner.len);
	}
	q->flags = s->unb_type == 0 ? UNB_NORMAL : s->unb_type;
	q->sense = s->sense;
	q->snf = s->by_oper;
	if (!give(s, q)) {
		buf_free(q->buf);
		return false;
	}
	s->tell = 0;
	return true;
}

static bool
give_data(struct ssn *s, struct rpl *q, const struct hs_ind *i)
{
	q->op = i->rh & RH_RSP ? RPL_RSP : RPL_DATA;
	q->rh = i->rh;
	q->snf = i->snf;
	q->sense = i->sense;
	q->buf = i->ru;
	return give(s, q);
}

bool
ssn_give(struct node *n, struct ssn *s)
{
	struct rpl q = { .acb = s->acb->handle, .user = s->acb->user, .sess = s->handle,
		.suser = s->suser };
	struct hs_ind i;

	while (s->tell & (SSN_T_CINIT | SSN_T_BIND | SSN_T_STARTED)) {
		struct rpl e = q;

		if (!give_told(n, s, &e))
			return false;
	}
	while (s->has_hs && port_room(s->acb->port) > 1 && hs_recv(&s->hs, &i)) {
		struct rpl e = q;

		if ((i.rh & RH_CAT) == RH_SC) {
			buf_free(i.ru);
			continue;
		}
		if (!give_data(s, &e, &i)) {
			buf_free(i.ru);         /* can't be: room was there */
			return false;
		}
	}
	if (s->has_hs && s->hs.rx.count != 0)
		return false;
	return s->tell == 0 || give_last(n, s, &q);
}

/* A message is missing, or out of its place (sense 20xx, 40xx): nothing behind it would be
 * taken either, and LU 6.2 knows no CLEAR. Other refusals are of one message. */
static bool
out_of_step(const struct hs_ind *i)
{
	return i->sense >> 24 == 0x20 || i->sense >> 24 == 0x40;
}

static void
cp_give(struct node *n, struct mono now, struct ssn *s)
{
	struct hs_ind i;

	while (s->has_hs && !s->dead && hs_recv(&s->hs, &i)) {
		if (out_of_step(&i))
			ssn_end(n, now, s, UNB_FAILURE, i.sense);
		if (sdt_seen(n, now, s, &i) || i.rh & RH_RSP || i.sense != 0 || i.ru == NULL) {
			buf_free(i.ru);
			continue;
		}
		if (i.rh & RH_PI)
			hs_pace(&s->hs);
		cp_data(n, now, s, i.rh, i.ru);
	}
}

void
ssn_run(struct node *n, struct mono now, struct ssn *s)
{
	struct hs_ind i;

	if (s->fsm.state == SS_PPIPE && s->pipe != NULL && s->pipe->up && !s->dead)
		ssn_pipe_up(n, now, s);
	if (s->has_hs && !s->dead)
		flush(n, now, s);
	if (s->cp != NULL) {
		cp_give(n, now, s);
		if (s->has_hs && !s->dead)
			flush(n, now, s);
		if (s->has_hs && s->hs.tx.count < DIR_LOW)
			dir_pump(n, now);
	} else if (s->fsm.state == SS_PSDT && s->has_hs) {
		while (s->fsm.state == SS_PSDT && hs_recv(&s->hs, &i)) {
			(void)sdt_seen(n, now, s, &i);
			buf_free(i.ru);
		}
		flush(n, now, s);
	}
	if (s->acb != NULL && !s->in_ready && !ssn_give(n, s)) {
		s->in_ready = 1;
		TAILQ_INSERT_TAIL(&s->acb->port->ready, s, on_ready);
	}
	if (s->dead && s->tell == 0)
		ssn_free(n, now, s);
}

uint32_t
ssn_send(struct node *n, struct ssn *s, const struct rpl *q)
{
	uint32_t sense;

	if (!s->has_hs || s->fsm.state != SS_ACTIV)
		return SENSE_TRAFFIC_RESET;
	if (hs_congested(&s->hs) && s->hs.tx.count >= HS_TXQ_MAX)
		return SENSE_NO_RESOURCE;
	sense = hs_send(&s->hs, q->rh, NULL, q->buf);
	if (sense == 0)
		ssn_work(n, s);
	return sense;
}

void
ssn_due(struct node *n, struct mono now, struct ndue *d)
{
	struct ssn *s = DUE_OBJ(d, struct ssn, due);

	if (s->fsm.state == SS_PUNB)
		ssn_over(n, now, s, 0);
	else
		ssn_end(n, now, s, UNB_CLEANUP, SENSE_NOT_AVAILABLE);
}

void
ssn_pipe_down(struct node *n, struct mono now, struct ssn *s, uint32_t sense)
{
	s->unb_type = UNB_ROUTE_INOP;
	s->sense = sense;
	if (s->cp == NULL && s->fsm.state == SS_PPIPE)
		dir_refuse(n, s, sense);
	ssn_over(n, now, s, s->fsm.state == SS_PUNB ? 0 : SSN_T_UNBIND);
}

struct ssn *
ssn_cp_open(struct node *n, struct cpadj *a)
{
	struct ssn *s = ssn_new(n, HS_PLU, NULL, SS_PPIPE);
	struct fqpcid id;
	struct bind b;
	struct wr w;

	if (s == NULL)
		return NULL;
	cp_image(&b);
	w = wr_on(s->bind, sizeof(s->bind));
	bind_put(&w, &b);
	s->bind_len = BIND_FIXED;
	s->cp = a;
	s->partner = a->cp;
	s->partner_cp = a->cp;
	id = node_pcid(n);
	ssn_identify(n, s, &id);
	snprintf(s->mode, sizeof(s->mode), "CPSVCMG");
	snprintf(s->cos, sizeof(s->cos), "CPSVCMG");
	s->tpf = TPF_NETWORK;
	return s;
}
