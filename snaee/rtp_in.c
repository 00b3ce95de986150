/* SPDX-License-Identifier: Apache-2.0
 *
 * rtp_in.c - a packet received.
 *
 * First what it says about the connection (setup, fault, switch), then its
 * status and rate, then its bytes: those in turn make messages, those ahead of
 * their turn wait in the reorder store, those behind are doubles. Out-of-band
 * bits and LMI count from their place in the stream on, so they wait as well.
 */
#include <string.h>

#include "snaee/rtp_parts.h"

#define WINDOW (1u << 30)               /* farther ahead is nonsense */

enum accept { ACC_OK, ACC_LATER, ACC_FAULT };

/* Indicator rules that VTAM enforces, 4.2: A0010003 and A0010004. */
static uint32_t
indicators(const struct rtp *r, uint8_t flags)
{
	if (r->in_msg && (flags & GAP_SOM))
		return SENSE_RTP_SOM;
	if (!r->in_msg && !(flags & GAP_SOM))
		return SENSE_RTP_SOM;
	if ((flags & GAP_LM) && !(flags & GAP_EOM))
		return SENSE_RTP_EOM;
	return 0;
}

/* Appends to the message under way: in its first buffer while there is room,
 * then in a big one. */
static enum accept
append(struct rtp *r, struct mono now, struct buf *b)
{
	struct buf *m = r->msg, *big;

	if (m->len + b->len > BUF_BIG) {
		rtp_fault(r, now, SENSE_RTP_IN_LARGE);
		return ACC_FAULT;
	}
	if (buf_tailroom(m) < b->len) {
		big = buf_get(r->parm.bufs, BUF_BIG);
		if (big == NULL) {
			r->stat[RTP_NO_BUF]++;
			arb_short(&r->arb);
			return ACC_LATER;
		}
		buf_append(big, m->p, m->len);
		buf_free(m);
		r->msg = m = big;
	}
	buf_append(m, b->p, b->len);
	buf_free(b);
	return ACC_OK;
}

/* The next bytes in turn. Takes the buffer if ACC_OK. Refused bytes are not
 * acknowledged, so they come again. */
static enum accept
accept(struct rtp *r, struct mono now, uint8_t flags, struct buf *b)
{
	uint32_t sense = indicators(r, flags), len = b->len;
	enum accept a = ACC_OK;

	if (sense != 0) {
		rtp_fault(r, now, sense);
		return ACC_FAULT;
	}
	if (r->in_msg) {
		a = append(r, now, b);
		if (a != ACC_OK)
			return a;
	} else if (r->rx.count >= RTP_RX_MAX) {
		r->stat[RTP_STORE_FULL]++;
		arb_short(&r->arb);
		return ACC_LATER;
	} else {
		r->msg = b;
	}
	r->rseq += len;
	r->in_msg = 1;
	if (flags & GAP_EOM) {
		r->msg->mark = 0;
		bufq_put(&r->rx, r->msg);
		r->msg = NULL;
		r->in_msg = 0;
		r->stat[RTP_MSGS_RCVD]++;
	}
	return ACC_OK;
}

/* Whatever is in turn now: LMI and out-of-band bits whose place is reached. */
static void
in_turn(struct rtp *r, struct mono now)
{
	if (r->cob_in && !seq_before(r->rseq, r->cob_in_seq)) {
		r->cob_in = 0;
		if (r->cob_in_bits == COB_REQUEST)
			rtp_event(r, now, r->sessions > 0 ? RE_COB_BUSY : RE_COB_RQ, 0);
		else if (r->cob_in_bits == COB_ACCEPT)
			rtp_event(r, now, RE_COB_OK, 0);
		else if (r->cob_in_bits == COB_REJECT)
			rtp_event(r, now, RE_COB_REJECT, 0);
	}
	if (r->lmi_in && !rtp_over(r) && !seq_before(r->rseq, r->lmi_in_seq)) {
		r->lmi_seen = 1;
		rtp_event(r, now, RE_LMI, 0);
	}
}

void
rtp_unstore(struct rtp *r, struct mono now)
{
	struct gap_piece *p;

	while (!rtp_over(r) && (p = gap_peek(&r->gap, r->rseq)) != NULL) {
		if (accept(r, now, p->flags, p->b) != ACC_OK)
			break;
		gap_pop(&r->gap);
	}
	if (rtp_over(r))
		return;
	if (!rtp_hole(r)) {
		r->t[RT_REFIFO] = MONO_NEVER;
		r->gap_told = 0;
	}
	in_turn(r, now);
}

/* Something before what was heard of is missing; another hole than last time
 * gets its own patience. */
static void
hole(struct rtp *r, struct mono now)
{
	if (!rtp_hole(r) || (!mono_is_never(r->t[RT_REFIFO]) && r->hole_seq == r->rseq))
		return;
	r->hole_seq = r->rseq;
	r->gap_told = 0;
	r->refifo_us = rtp_refifo_us(r);
	r->t[RT_REFIFO] = mono_add(now, r->refifo_us);
}

/* The last quarter of the buffers is for what is in turn: were all of them in
 * reorder stores, what they wait for could not come in. */
static bool
pool_is_short(struct bufpool *bp)
{
	uint32_t max = 0;

	for (int i = 0; i < BUF_NCLASS; i++)
		max += bp->slab[i].max;
	return bufpool_used(bp) > max - max / 4;
}

/* After the part that is here already was cut off. */
static void
take_bytes(struct rtp *r, struct mono now, uint32_t bsn, uint8_t flags, struct buf *b)
{
	if (seq_before(bsn, r->rseq)) {
		(void)buf_pull(b, r->rseq - bsn);
		flags &= (uint8_t)~GAP_SOM;
		bsn = r->rseq;
	}
	if (bsn != r->rseq) {
		enum gap_put g;

		r->stat[RTP_OUT_OF_ORDER]++;
		if (pool_is_short(r->parm.bufs)) {
			r->stat[RTP_NO_BUF]++;
			buf_free(b);
			return;
		}
		g = gap_put(&r->gap, bsn, flags, b);
		if (g == GAP_FULL)
			r->stat[RTP_STORE_FULL]++;
		else if (g == GAP_DUPLICATE)
			r->stat[RTP_DUPLICATES]++;
		return;
	}
	if (accept(r, now, flags, b) != ACC_OK)
		buf_free(b);
}

static uint8_t
flags_of(const struct thdr *th)
{
	return (uint8_t)((th->somi ? GAP_SOM : 0) | (th->eomi ? GAP_EOM : 0) |
	    (th->lmi ? GAP_LM : 0));
}

static void
data(struct rtp *r, struct mono now, const struct thdr *th, struct buf *b)
{
	uint32_t end = th->bsn + th->dlf;

	r->stat[RTP_BYTES_RCVD] += th->dlf;
	r->rcvd_n++;
	if (!seq_before(r->rseq, end)) {
		r->stat[RTP_DUPLICATES]++;
		buf_free(b);
		return;
	}
	if (end - r->rseq > WINDOW || b->len < th->dlf) {
		r->stat[RTP_DISCARDED]++;
		buf_free(b);
		return;
	}
	/* 4.2: nothing starts behind the last message; nothing is behind LMI. A double that
	 * says LMI is dropped above all the same, our choice: who does not know where the
	 * stream is must not end it */
	if ((r->lmi_in && seq_before(r->lmi_in_seq, end)) ||
	    (th->lmi && seq_before(end, r->rtop))) {
		buf_free(b);
		rtp_fault(r, now, th->lmi ? SENSE_RTP_LM : SENSE_RTP_SOM);
		return;
	}
	r->rtop = seq_max(r->rtop, end);
	if (th->lmi) {
		r->lmi_in = 1;
		r->lmi_in_seq = end;
	}
	(void)buf_pull(b, (size_t)(th->data - b->p));
	buf_trim(b, th->dlf);
	take_bytes(r, now, th->bsn, flags_of(th), b);
}

/* A packet without data: its BSN is the next byte the partner will send. */
static void
control(struct rtp *r, struct mono now, const struct thdr *th)
{
	if (th->bsn - r->rseq > WINDOW)
		return;                 /* from before, or nonsense */
	if (th->lmi && seq_before(th->bsn, r->rtop)) {
		rtp_fault(r, now, SENSE_RTP_LM);
		return;
	}
	if (th->somi && !th->lmi && r->lmi_in && !seq_before(th->bsn, r->lmi_in_seq)) {
		rtp_fault(r, now, SENSE_RTP_SOM);
		return;
	}
	if (th->bsn == r->rseq) {
		if (r->in_msg && th->somi) {
			rtp_fault(r, now, SENSE_RTP_SOM);
			return;
		}
		if ((r->in_msg || th->somi) && th->lmi && !th->eomi) {
			rtp_fault(r, now, SENSE_RTP_EOM);
			return;
		}
		if (!r->in_msg && th->eomi && !th->somi) {
			rtp_fault(r, now, SENSE_RTP_SOM);
			return;
		}
		if (r->in_msg && th->eomi) {
			bufq_put(&r->rx, r->msg);
			r->msg = NULL;
			r->in_msg = 0;
			r->stat[RTP_MSGS_RCVD]++;
		}
	}
	r->rtop = seq_max(r->rtop, th->bsn);
	if (th->lmi) {
		r->lmi_in = 1;
		r->lmi_in_seq = th->bsn;
	}
}

/* Segment 14: how to reach the partner, and what it can take. */
static void
switching(struct rtp *r, const struct seg_switch *s)
{
	if (s->path_len > 0 && s->path_len <= RTP_PATH_MAX) {
		memcpy(r->path, s->path, s->path_len);
		r->path_len = s->path_len;
	}
	r->peer_packet = s->max_packet;
	r->peer_switch_ms = s->switch_ms == 0 ? 0 : switch_ms(s->switch_ms);
	r->peer_alive_ms = switch_ms(s->alive_ms);
	r->move.peer_mobile = s->mobility;
	rtp_recut(r);
}

/* A late one would lead back to where the partner was before. */
bool
rtp_news_of_path(const struct rtp *r, const struct thdr *th)
{
	return th->has_switch && !th->setupi && !th->has_cie && !(th->has_status &&
	    r->peer_synced && sync_before(th->status.sync, r->peer_sync));
}

/* The partner goes another way. It asks until it is answered: that is one switch. */
static void
partner_moved(struct rtp *r, struct mono now)
{
	bool again = r->move.peer_moved && mono_diff(now, r->move.peer_moved_at) < SHORT_REQ_MAX_US;

	r->move.peer_moved = 1;
	r->move.peer_moved_at = now;
	if (again)
		return;
	/* Both at once: the caller's counts, or that of who has a path. Our choice. */
	if ((r->move.moving && r->parm.called) || (rtp_switching(r) && !r->switch_sent)) {
		r->ind |= I_OVER;
	} else if (r->fsm.state == RS_CONNECTED && !r->move.moving) {
		r->ind |= I_MOVED;
		rtp_new_path(r);
	}
}

/* The caller's first packet, 5.3 steps 1 and 2. Our choice: an unknown version
 * is refused with a fault. */
static bool
setup(struct rtp *r, struct mono now, const struct thdr *th)
{
	r->peer_tcid = tcid_key(th->tcid);
	r->born = now;
	if (th->has_cqf && th->cqf.nce.len > 0) {
		memcpy(r->path, th->cqf.nce.b, th->cqf.nce.len);
		r->path_len = th->cqf.nce.len;
	}
	if (th->has_switch) {
		r->far = th->sw.path_len > r->path_len;
		switching(r, &th->sw);
	}
	rtp_recut(r);
	if (!th->has_setup || r->path_len == 0)
		return false;
	if (th->setup.version != SEG_SETUP_VERSION) {
		rtp_event(r, now, RE_ERROR, SENSE_NOT_SUPPORTED);
		return false;
	}
	r->parm.cos = th->setup.topic;
	r->rseq = r->rtop = th->bsn;
	r->rseq_known = 1;
	rtp_event(r, now, RE_SETUP, 0);
	return true;
}

/* The called side's first packet to reach us, 5.3 step 3. Its packets carry
 * segment 10 at one and the same BSN until it heard from us. */
static bool
reply(struct rtp *r, struct mono now, const struct thdr *th)
{
	if (th->has_fault) {
		rtp_event(r, now, RE_FAULT, th->fault);
		return false;
	}
	if (!th->has_cie || th->setupi)
		return false;
	r->peer_tcid = tcid_key(th->cie_tcid);
	r->rseq = r->rtop = th->bsn;
	r->rseq_known = 1;
	if (th->has_switch)
		switching(r, &th->sw);
	rtp_event(r, now, RE_REPLY, 0);
	return true;
}

/* The caller has our TCID, so it is there and this is no late double or forgery
 * of a setup packet. Only now the user hears of the connection, and of the data
 * that rode in the setup packet. Our choice: a round trip for safety. */
static void
confirm(struct rtp *r)
{
	if (r->confirmed)
		return;
	r->confirmed = 1;
	r->ind |= I_UP;
}

/* May the packet be processed on? */
static bool
admit(struct rtp *r, struct mono now, const struct thdr *th)
{
	if (r->fsm.state == RS_LISTENING)
		return setup(r, now, th);
	if (r->fsm.state == RS_CALLING && !th->has_setup)
		return reply(r, now, th);
	if (!r->parm.called && (th->has_setup || th->setupi)) {
		rtp_fault(r, now, SENSE_RTP_SETUP_CALLED);
		return false;
	}
	if (r->fsm.state == RS_RESET)
		return false;
	if (r->parm.called && th->setupi && !r->confirmed)
		r->want |= W_REPLY;             /* it did not get the first */
	if (r->parm.called && !th->setupi)
		confirm(r);
	if (th->has_fault) {
		LOG(RTP, NOTICE, r->subject, "partner reports sense %08x", th->fault);
		rtp_event(r, now, RE_FAULT, th->fault == 0 ? SENSE_LINK_FAILURE : th->fault);
		return false;
	}
	if (rtp_news_of_path(r, th)) {
		switching(r, &th->sw);
		partner_moved(r, now);
		r->want |= W_STATUS;
	}
	return true;
}

/* Status is owed: at once, or within 20 ms, if no data goes that it can ride on. */
static void
owe_status(struct rtp *r, struct mono now, const struct thdr *th)
{
	if (r->parm.called && !r->confirmed)
		return;                         /* the reply has one */
	if (th->sri && th->rasapi)
		r->want |= W_STATUS;
	else if (th->sri)
		r->t[RT_STATUS] = mono_min(r->t[RT_STATUS], mono_add(now, STATUS_WAIT_US));
	if (r->rcvd_n >= STATUS_EVERY)
		r->want |= W_STATUS;
}

static void
body(struct rtp *r, struct mono now, const struct thdr *th, struct buf *b)
{
	if (th->dlf > 0) {
		data(r, now, th, b);
	} else {
		buf_free(b);
		control(r, now, th);
	}
	if (th->has_cob && !rtp_over(r)) {
		r->cob_in = 1;
		r->cob_in_bits = th->cob;
		r->cob_in_seq = th->bsn + th->dlf;
	}
	if (!rtp_over(r)) {
		rtp_unstore(r, now);
		hole(r, now);
	}
}

void
rtp_input(struct rtp *r, struct mono now, const struct nhdr *nh, const struct thdr *th,
    struct buf *b)
{
	uint32_t size = b->len;

	r->stat[RTP_NLPS_RCVD]++;
	r->largest_rcvd = size > r->largest_rcvd ? size : r->largest_rcvd;
	r->stat[RTP_SEG_UNKNOWN] += th->unknown;
	if (rtp_over(r) || !admit(r, now, th)) {
		r->stat[RTP_DISCARDED]++;
		buf_free(b);
		return;
	}
	r->heard_at = now;
	arb_rcvd(&r->arb, size, nh);
	if (th->has_status)
		rtp_status(r, now, &th->status);
	if (th->has_arb)
		arb_input(&r->arb, now, &th->arb);
	if (rtp_over(r)) {
		buf_free(b);
		return;
	}
	body(r, now, th, b);
	if (rtp_over(r))
		return;
	owe_status(r, now, th);
}
