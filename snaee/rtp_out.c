/* SPDX-License-Identifier: Apache-2.0
 *
 * rtp_out.c - the next packet to send.
 *
 * What is wanted most goes first: fault, setup, control, retransmissions, new
 * data, a status nothing came by to carry. Data stay in their message's buffer
 * until acknowledged; the packet borrows them.
 */
#include <string.h>

#include "snaee/rtp_parts.h"

/* Bits that need a packet without data, each with what goes into it. */
#define W_CONTROL (W_REPLY | W_RQ | W_COB | W_LMI | W_SWITCH)
#define W_ASKS (W_REPLY | W_RQ | W_COB | W_LMI | W_SWITCH)     /* want an answer at once */

struct packet {
	struct thdr th;
	const struct buf *b;    /* whose bytes it carries; NULL: none */
	uint8_t resent;
};

/* spans 0: no room for any, so it must not look like a gap report. */
static void
put_status(struct rtp *r, struct packet *p, unsigned spans)
{
	struct seg_status *s = &p->th.status;

	p->th.has_status = 1;
	s->gap = spans > 0 && r->gap_told && rtp_hole(r);
	s->idle = (r->want & W_IDLE) != 0;
	s->sync = ++r->sync;
	s->echo = r->peer_sync;
	s->rseq = r->rseq;
	s->n = s->gap ? (uint8_t)gap_spans(&r->gap, s->span, spans) : 0;
	for (unsigned i = 0; i < s->n; i++)
		s->span[i].end = absp_end_wire(s->span[i].end);
	if (s->gap)
		r->stat[RTP_GAPS_SENT]++;
	r->stat[RTP_STATUS_SENT]++;
	r->want &= ~(W_STATUS | W_IDLE);
	r->t[RT_STATUS] = MONO_NEVER;
	r->rcvd_n = 0;
	rtp_rex_close(r, s->sync);
}

/* A request: its number is that of the status with it (5.6, our choice). */
static void
ask(struct rtp *r, struct mono now, struct packet *p)
{
	p->th.sri = 1;
	r->rq_sync = r->sync;
	r->rq_seq = r->nxt;
	r->rq_at = now;
	r->since_sri = 0;
	if (!r->rq_open || mono_is_never(r->t[RT_SHORT_REQ]))
		r->t[RT_SHORT_REQ] = mono_add(now, rtp_short_req_us(r));
	r->rq_open = 1;
	if (r->asks_n == RTP_ASKS)
		return;                 /* enough are timed */
	r->asks[(r->asks_from + r->asks_n++) % RTP_ASKS] = (struct rtp_ask){ .at = now,
	    .sync = r->sync, .delivered = r->delivered, .dry = r->next == NULL };
}

/* A called end does not know how a distant caller gets to it: the caller does. */
static void
put_way_back(const struct rtp *r, struct seg_switch *s)
{
	size_t n = r->parm.back_len;

	if (r->far || n + r->parm.nce.len > sizeof(s->path))
		return;
	memcpy(s->path, r->parm.back, n);
	memcpy(s->path + n, r->parm.nce.b, r->parm.nce.len);
	s->path_len = (uint8_t)(n + r->parm.nce.len);
}

/* Segment 14: the way back to us, and our limits. EE always resequences. */
static void
put_switch(const struct rtp *r, struct packet *p)
{
	struct seg_switch *s = &p->th.sw;

	memset(s, 0, sizeof(*s));
	p->th.has_switch = 1;
	s->refifo = 1;
	s->mobility = r->parm.mobile && !(r->parm.called && r->far);
	s->limited = r->parm.limited;
	s->max_packet = r->parm.max_recv;
	s->switch_ms = r->parm.switch_ms;
	s->alive_ms = r->parm.alive_ms == 0 ? 180000 : r->parm.alive_ms;
	put_way_back(r, s);
	if (r->parm.tgn != 0) {
		s->has_route = 1;
		s->tg.tgn = r->parm.tgn;
		s->tg.has_flags = 1;
		s->tg.flags = TGF_HPR | TGF_RTP;
		s->tg.partner = r->parm.cp;
	}
}

static void
put_setup(const struct rtp *r, struct packet *p)
{
	struct seg_setup *s = &p->th.setup;

	p->th.tcid = tcid_wire(r->parm.tcid, TCID_BY_SENDER);
	p->th.setupi = 1;
	p->th.has_cqf = 1;
	p->th.cqf = (struct cqf){ .cp = r->parm.cp, .nce = r->parm.nce };
	p->th.has_setup = 1;
	*s = (struct seg_setup){ .version = SEG_SETUP_VERSION, .arb = 1, .reliable = 1,
	    .has_instance = 1, .instance = r->parm.instance, .topic = r->parm.cos };
}

static void
put_arb(struct rtp *r, struct mono now, struct packet *p)
{
	p->th.has_arb = arb_output(&r->arb, now, p->th.dlf, &p->th.arb);
}

/* Headers to bytes, counts, ARB's credit. */
static void
emit(struct rtp *r, struct mono now, const struct packet *p, struct rtp_out *o)
{
	struct nhdr nh = { .sm = NHDR_ANR, .tpf = r->parm.tpf, .anr = r->path,
	    .anr_len = r->path_len };
	struct wr w = wr_on(o->hdr, sizeof(o->hdr));
	uint32_t size;

	nhdr_put(&w, &nh);
	thdr_put(&w, &p->th);
	o->hdr_len = (uint16_t)wr_len(&w);
	o->tpf = r->parm.tpf;
	o->resent = p->resent;
	o->data = p->b == NULL ? NULL : p->b->p + (p->th.bsn - p->b->mark);
	o->data_len = p->th.dlf;
	size = o->hdr_len + o->data_len;
	arb_sent(&r->arb, now, size);
	r->sent_at = now;
	r->largest_sent = size > r->largest_sent ? size : r->largest_sent;
	r->stat[RTP_NLPS_SENT]++;
	r->stat[RTP_BYTES_SENT] += o->data_len;
	if (p->resent) {
		r->stat[RTP_NLPS_RESENT]++;
		r->stat[RTP_BYTES_RESENT] += o->data_len;
		r->resent_at = now;
		rtp_stall_resent(r, now, p->th.bsn, p->th.bsn + p->th.dlf);
	}
}

/* Of the fixed part, what all packets have. Until the caller uses our TCID each
 * of ours names it, and stands at our first byte (rtp_in.c, reply). */
static void
begin(const struct rtp *r, struct packet *p)
{
	struct thdr *h = &p->th;

	h->tcid = tcid_wire(r->peer_tcid, TCID_BY_RECEIVER);
	h->setupi = h->somi = h->eomi = h->sri = h->rasapi = h->retryi = h->lmi = 0;
	h->has_cqf = h->has_setup = h->has_status = h->has_cob = h->has_cie = 0;
	h->has_fault = h->has_switch = h->has_arb = 0;
	h->dlf = 0;
	h->bsn = r->nxt;
	h->data = NULL;
	p->b = NULL;
	p->resent = 0;
	if (r->parm.called && !r->confirmed) {
		h->has_cie = 1;
		h->cie_tcid = r->parm.tcid;
		h->bsn = r->una;
	}
}

/* Bytes [begin, end) of a message's buffer. */
static void
put_data(struct packet *p, const struct buf *b, uint32_t from, uint32_t to)
{
	p->b = b;
	p->th.bsn = from;
	p->th.dlf = to - from;
	p->th.somi = from == b->mark;
	p->th.eomi = to == b->mark + b->len;
}

static bool
out_fault(struct rtp *r, struct mono now, struct packet *p, struct rtp_out *o)
{
	begin(r, p);
	p->th.has_fault = 1;
	p->th.fault = r->fault_out;
	p->th.lmi = 1;
	r->want = 0;
	emit(r, now, p, o);
	return true;
}

/* 5.3: the first message rides along when it fits whole; repeated as it was. */
static bool
out_setup(struct rtp *r, struct mono now, struct packet *p, struct rtp_out *o)
{
	struct buf *first = bufq_peek(&r->tx);
	size_t room = r->parm.max_send;

	begin(r, p);
	p->th.bsn = r->una;
	put_setup(r, p);
	put_switch(r, p);
	r->arb.setup_due = 1;
	put_arb(r, now, p);
	room -= 4u + r->path_len + thdr_len(&p->th);
	if (first != NULL && (r->setup_data || (r->nxt == r->una && mono_is_never(
	    r->t[RT_SHORT_REQ]) && first->len <= room && first->len <= r->cut))) {
		put_data(p, first, first->mark, first->mark + first->len);
		if (!r->setup_data) {
			r->setup_data = 1;
			r->nxt = first->mark + first->len;
			r->next = STAILQ_NEXT(first, link);
		}
	}
	p->th.sri = 1;
	r->want &= ~W_SETUP;
	r->t[RT_SHORT_REQ] = mono_add(now, rtp_short_req_us(r));
	emit(r, now, p, o);
	return true;
}

static bool
out_control(struct rtp *r, struct mono now, struct packet *p, struct rtp_out *o)
{
	uint32_t want = r->want & W_CONTROL;

	/* once LMI was sent every status has it: an echo must mean that it came */
	if (r->fsm.state == RS_LMI_SENT)
		want |= W_LMI;
	begin(r, p);
	if (want & (W_SWITCH | W_REPLY))
		put_switch(r, p);
	if (want & W_REPLY)
		r->arb.setup_due = 1;
	if (want & W_COB && r->cob_out != 0) {
		p->th.has_cob = 1;
		p->th.cob = r->cob_out;
	}
	put_arb(r, now, p);
	put_status(r, p, ABSP_MAX);
	if (want & W_ASKS && !(want == W_COB && r->cob_out == COB_REJECT)) {
		p->th.rasapi = 1;
		ask(r, now, p);
	}
	if (want & W_LMI) {
		p->th.lmi = 1;
		if (!r->lmi_sent)
			r->lmi_sync = r->sync;
		r->lmi_sent = 1;
	}
	if (want & W_SWITCH) {
		r->switch_sync = r->sync;
		r->switch_sent = 1;
	}
	if (want & W_COB)
		r->cob_out = 0;
	r->want &= ~W_CONTROL;
	emit(r, now, p, o);
	return true;
}

/* Nothing new is left, or may go before the caller is heard, or the partner on our COB. */
static bool
dry(const struct rtp *r)
{
	return r->next == NULL || r->fsm.state == RS_COB_SENT || r->fsm.state == RS_LMI_SENT ||
	    (r->parm.called && !r->confirmed && r->nxt != r->parm.isn);
}

bool
rtp_may_new(const struct rtp *r)
{
	if (dry(r))
		return false;
	return r->nxt - r->una < RTP_FLIGHT_MAX && r->nxt - r->delivered < arb_flight(&r->arb);
}

/* On data a status rides when one is owed, or when we ask for one: every 16th
 * packet, once per round trip, and behind the last (5.5), or the last that may
 * go: only an answer sets that free again. */
static void
ride(struct rtp *r, struct mono now, struct packet *p)
{
	uint32_t every = arb_flight(&r->arb) / 4 / r->parm.max_send;
	bool often = ++r->since_sri >= (every < SRI_EVERY ? every : SRI_EVERY);
	bool last = !rtp_rex_due(r) && (dry(r) || (!rtp_may_new(r) && (p->resent || !r->rq_open)));
	int64_t apart = r->srtt > STATUS_WAIT_US ? r->srtt : STATUS_WAIT_US;

	if (!p->th.has_cie)
		put_arb(r, now, p);
	if (last || often || mono_diff(now, r->rq_at) >= apart) {
		put_status(r, p, 0);
		p->th.rasapi = often;
		ask(r, now, p);
	} else if ((r->want & W_STATUS) || !mono_is_never(r->t[RT_STATUS])) {
		put_status(r, p, 0);
	}
}

static bool
out_again(struct rtp *r, struct mono now, struct packet *p, struct rtp_out *o)
{
	uint32_t from, to;
	struct buf *b;

	if (!rtp_rex_due(r) || !arb_may(&r->arb, now, ARB_AGAIN) ||
	    !rtp_rex_next(r, &b, &from, &to))
		return false;
	begin(r, p);
	put_data(p, b, from, to);
	p->resent = 1;
	ride(r, now, p);
	emit(r, now, p, o);
	return true;
}

static bool
out_new(struct rtp *r, struct mono now, struct packet *p, struct rtp_out *o)
{
	struct buf *b = r->next;
	uint32_t to;

	if (!rtp_may_new(r) || !arb_may(&r->arb, now, ARB_NEW))
		return false;
	begin(r, p);
	to = b->mark + (r->nxt - b->mark) / r->cut * r->cut + r->cut;
	to = seq_min(to, b->mark + b->len);
	put_data(p, b, r->nxt, to);
	r->nxt = to;
	if (to == b->mark + b->len)
		r->next = STAILQ_NEXT(b, link);
	rtp_uncongest(r);
	ride(r, now, p);
	emit(r, now, p, o);
	return true;
}

bool
rtp_output(struct rtp *r, struct mono now, struct rtp_out *o)
{
	struct packet p;

	if (r->pathless || r->path_len == 0)
		return false;
	if (r->want & W_FAULT)
		return out_fault(r, now, &p, o);
	if (r->fsm.state == RS_CALLING)
		return r->want & W_SETUP ? out_setup(r, now, &p, o) : false;
	if (r->want & W_CONTROL)
		return out_control(r, now, &p, o);
	if (r->fsm.state >= RS_CONNECTED && !rtp_over(r) && r->fsm.state != RS_PATHSWITCH) {
		/* a gap report does not wait for data to ride on: it has spans */
		if (r->want & W_STATUS && r->gap_told)
			return out_control(r, now, &p, o);
		if (out_again(r, now, &p, o) || out_new(r, now, &p, o))
			return true;
	}
	if (r->want & W_STATUS || (arb_owes(&r->arb) && !rtp_over(r) &&
	    r->fsm.state >= RS_CONNECTED))
		return out_control(r, now, &p, o);
	return false;
}
