/* SPDX-License-Identifier: Apache-2.0
 *
 * rtp_rex.c - a status from the partner: what it has, and what goes again.
 *
 * A status tells RSEQ (all before it arrived) and spans (arrived behind a
 * hole). What lies between is retransmitted, once: the range is remembered with
 * the number of the status report that went out behind it, and only a status
 * that echoes that number or a later one can ask for it again.
 *
 * Behind the highest span nothing is known, unless the status answers a request
 * of ours: then all that was sent before the request is either in it or lost.
 */
#include "snaee/rtp_parts.h"

#define LOSSES 2                        /* of one flight that are judged */

static void
rex_delete(struct rtp *r, uint32_t i)
{
	r->rex_n--;
	for (; i < r->rex_n; i++)
		r->rex[i] = r->rex[i + 1];
}

/* Ranges, or their parts, that were acknowledged. */
static void
rex_trim(struct rtp *r)
{
	uint32_t i = 0;

	while (i < r->rex_n) {
		struct rtp_rex *x = &r->rex[i];

		if (!seq_before(r->una, x->end)) {
			rex_delete(r, i);
			continue;
		}
		x->begin = seq_max(x->begin, r->una);
		x->at = seq_max(x->at, r->una);
		i++;
	}
}

/* What this newer status replaces: ranges not sent yet, and those it answers. */
static void
rex_answered(struct rtp *r, uint16_t echo)
{
	uint32_t i = 0;

	while (i < r->rex_n) {
		struct rtp_rex *x = &r->rex[i];

		x->end = x->at;
		if (x->begin == x->end || (x->closed && !sync_before(echo, x->sync)))
			rex_delete(r, i);
		else
			i++;
	}
}

static void
rex_insert(struct rtp *r, uint32_t i, uint32_t begin, uint32_t end)
{
	if (r->rex_n == RTP_REX)
		return;                 /* the next status tells it again */
	for (uint32_t k = r->rex_n; k > i; k--)
		r->rex[k] = r->rex[k - 1];
	r->rex[i] = (struct rtp_rex){ .begin = begin, .at = begin, .end = end };
	r->rex_n++;
}

/* A hole, less what of it is on its way already. */
static void
rex_add(struct rtp *r, uint32_t begin, uint32_t end)
{
	uint32_t i = 0;

	while (i < r->rex_n && seq_before(begin, end)) {
		struct rtp_rex *x = &r->rex[i];

		if (seq_before(begin, x->begin)) {
			rex_insert(r, i++, begin, seq_min(end, x->begin));
			x = &r->rex[i];
			if (r->rex_n == RTP_REX)
				return;
		}
		begin = seq_max(begin, x->end);
		i++;
	}
	if (seq_before(begin, end))
		rex_insert(r, r->rex_n, begin, end);
}

/* From where the last one was found, or from the front. */
static struct buf *
rex_find(struct rtp *r, uint32_t seq)
{
	struct buf *b = r->rex_buf;

	if (b == NULL || seq_before(seq, b->mark))
		b = bufq_peek(&r->tx);
	while (b != NULL && !seq_before(seq, b->mark + b->len))
		b = STAILQ_NEXT(b, link);
	r->rex_buf = b;
	return b;
}

/* The packet that carried the byte at seq. False: nothing there. */
static bool
rex_packet(struct rtp *r, uint32_t seq, struct buf **buf, uint32_t *begin, uint32_t *end)
{
	struct buf *b = rex_find(r, seq);

	if (b == NULL || !seq_before(seq, r->nxt))
		return false;
	*buf = b;
	*begin = b->mark + (seq - b->mark) / r->cut * r->cut;
	*end = seq_min(seq_min(*begin + r->cut, b->mark + b->len), r->nxt);
	return true;
}

/* EE register row 7: whether the end of a span is in it is not known, and we
 * read the safe way. So a hole that begins at the last byte of a packet begins
 * behind that. */
static void
rex_round(struct rtp *r)
{
	uint32_t i = 0;

	while (i < r->rex_n) {
		struct rtp_rex *x = &r->rex[i];
		uint32_t from, to;
		struct buf *b;

		if (x->at == x->begin && x->at != x->end && rex_packet(r, x->at, &b, &from, &to) &&
		    to - 1 == x->at && to - from > 1)
			x->begin = x->at = seq_min(to, x->end);
		if (x->begin == x->end)
			rex_delete(r, i);
		else
			i++;
	}
}

/* Spans that make no sense end the list: nothing outside [una, nxt) is believed. True: some
 * of it is not on its way again, and is a loss to judge. Of one flight some are, for a full
 * queue; to hear of all its holes may take long and says nothing more. */
static bool
rex_holes(struct rtp *r, const struct seg_status *s)
{
	uint32_t at = r->una;

	for (unsigned i = 0; i < s->n; i++) {
		uint32_t begin = s->span[i].begin, behind = absp_end(s->span[i].end);

		if (seq_before(begin, r->una) || seq_before(r->nxt, behind) ||
		    seq_before(behind, begin))
			break;
		if (seq_before(at, begin))
			rex_add(r, at, begin);
		at = seq_max(at, behind);
	}
	/* behind a full list there may be more */
	if (s->n < ABSP_MAX && !sync_before(s->echo, r->rq_sync) && seq_before(at, r->rq_seq))
		rex_add(r, at, r->rq_seq);
	rex_round(r);
	if (!rtp_rex_due(r))
		return false;
	if (seq_before(r->loss_seq, r->rex[r->rex_n - 1].end)) {
		r->loss_seq = r->nxt;
		r->losses = 0;
	}
	return r->losses < LOSSES;
}

static void
acknowledged(struct rtp *r, struct mono now, uint32_t rseq)
{
	struct buf *b;

	if (!seq_before(r->una, rseq))
		return;
	r->una = rseq;
	while ((b = bufq_peek(&r->tx)) != NULL && !seq_before(r->una, b->mark + b->len)) {
		if (r->rex_buf == b)
			r->rex_buf = NULL;
		buf_free(bufq_get(&r->tx));
	}
	rtp_uncongest(r);
	r->acked_at = now;
	rtp_stall_acked(r, now);
	if (r->fsm.state == RS_COB_SENT || r->fsm.state == RS_COB_RCVD)
		r->t[RT_CLOSE] = mono_add(now, COB_WAIT_US);
	rex_trim(r);
}

/* Each request has its own number, so a sample is never of another one; a status that is
 * no answer to a request (it came by itself) gives none. */
static void
rtt_sample(struct rtp *r, struct mono now, uint16_t echo)
{
	struct rtp_ask *a = &r->asks[r->asks_from];
	int64_t us, off;

	while (r->asks_n > 0 && sync_before(a->sync, echo)) {
		r->asks_from = (uint8_t)((r->asks_from + 1) % RTP_ASKS);
		r->asks_n--;
		a = &r->asks[r->asks_from];
	}
	if (r->asks_n == 0 || a->sync != echo)
		return;
	r->asks_from = (uint8_t)((r->asks_from + 1) % RTP_ASKS);
	r->asks_n--;
	us = mono_diff(now, a->at);
	arb_sample(&r->arb, now, us, r->delivered - a->delivered, a->dry ? ARB_DRY : ARB_BUSY);
	if (!r->rtt_known) {
		r->rtt_known = 1;
		r->srtt = us;
		r->rttvar = us / 2;
		return;
	}
	off = us > r->srtt ? us - r->srtt : r->srtt - us;
	r->rttvar += (off - r->rttvar) / 4;
	r->srtt += (us - r->srtt) / 8;
}

/* True when the partner heard something newer of ours than we knew. */
static bool
echoed(struct rtp *r, struct mono now, uint16_t echo)
{
	if (sync_before(r->sync, echo) || (r->echo_known && !sync_before(r->echo, echo)))
		return false;
	r->echo = echo;
	r->echo_known = 1;
	rtt_sample(r, now, echo);
	r->short_n = 0;
	if (!sync_before(echo, r->rq_sync))
		r->rq_open = 0;
	if (r->fsm.state == RS_PATHSWITCH && r->switch_sent && !sync_before(echo, r->switch_sync))
		rtp_event(r, now, RE_PATH_OK, 0);
	if (r->move.moving && r->fsm.state == RS_CONNECTED && r->switch_sent &&
	    !sync_before(echo, r->switch_sync)) {
		r->move.moving = 0;
		r->ind |= I_DONE;
		rtp_new_path(r);
	}
	if (r->fsm.state == RS_LMI_SENT && r->lmi_sent && !sync_before(echo, r->lmi_sync))
		rtp_event(r, now, RE_LMI_ACK, 0);
	return true;
}

/* SHORT_REQ begins anew when our requests come through, and rests when all is
 * answered. A partner that only talks does not keep it from expiring. */
static void
short_req_set(struct rtp *r, struct mono now, bool progress)
{
	if (rtp_over(r) || r->fsm.state == RS_PATHSWITCH)
		return;
	if (!r->rq_open && r->una == r->nxt && r->fsm.state != RS_COB_SENT &&
	    r->fsm.state != RS_LMI_SENT)
		r->t[RT_SHORT_REQ] = MONO_NEVER;
	else if (progress || mono_is_never(r->t[RT_SHORT_REQ]))
		r->t[RT_SHORT_REQ] = mono_add(now, rtp_short_req_us(r));
}

/* What newly arrived, whether in turn or behind a hole: how fast the path is. A status
 * without spans says less than one before it. */
static void
delivered(struct rtp *r, const struct seg_status *s)
{
	uint32_t n = s->rseq;

	for (unsigned i = 0; s->gap && i < s->n; i++)
		if (seq_before(s->span[i].begin, absp_end(s->span[i].end)))
			n += absp_end(s->span[i].end) - s->span[i].begin;
	if (seq_before(r->delivered, n) && !seq_before(r->nxt, n))
		r->delivered = n;
}

void
rtp_status(struct rtp *r, struct mono now, const struct seg_status *s)
{
	/* the same number again counts: that each status has its own is our choice */
	bool old = r->peer_synced && sync_before(s->sync, r->peer_sync);
	bool probed = r->probing && !sync_before(s->echo, r->rq_sync), progress;

	r->stat[RTP_STATUS_RCVD]++;
	if (seq_before(r->nxt, s->rseq)) {
		r->stat[RTP_DISCARDED]++;       /* acknowledges what was never sent */
		rtp_count_ack(r, s->rseq);
		return;
	}
	delivered(r, s);
	progress = echoed(r, now, s->echo);
	if (rtp_over(r))
		return;
	/* What answers our newest question is new, whatever a forged number said before. */
	old = old && !progress;
	if (!old) {
		r->peer_sync = s->sync;
		r->peer_synced = 1;
	}
	/* It had more than it has now: somebody else acknowledged for it. Its bytes are gone
	 * here, so the stream can't be made whole again. */
	if (progress && seq_before(s->rseq, r->una)) {
		rtp_fault(r, now, SENSE_RTP_GONE);
		return;
	}
	acknowledged(r, now, s->rseq);
	if (!old && !rtp_over(r) && r->una == s->rseq) {
		rex_answered(r, s->echo);
		if (s->gap) {
			r->stat[RTP_GAPS_RCVD]++;
			if (rex_holes(r, s))
				r->losses += arb_loss(&r->arb, now, ARB_LOSS_GAP);
		} else if (probed && r->una != r->nxt && seq_before(r->una, r->rq_seq)) {
			/* no gap seen, yet SHORT_REQ went by: the first packet alone,
			 * RSEQ may lag behind reception (4.4, status) */
			rex_add(r, r->una, r->una + 1);
		}
	}
	if (probed)
		r->probing = 0;
	short_req_set(r, now, progress);
	rtp_drained(r, now);
}

bool
rtp_rex_due(const struct rtp *r)
{
	for (uint32_t i = 0; i < r->rex_n; i++)
		if (r->rex[i].at != r->rex[i].end)
			return true;
	return false;
}

bool
rtp_rex_next(struct rtp *r, struct buf **buf, uint32_t *begin, uint32_t *end)
{
	for (uint32_t i = 0; i < r->rex_n; i++) {
		struct rtp_rex *x = &r->rex[i];

		if (x->at == x->end)
			continue;
		if (rex_packet(r, x->at, buf, begin, end)) {
			x->at = seq_before(x->end, *end) ? x->end : *end;
			return true;
		}
		x->at = x->end;
	}
	return false;
}

void
rtp_rex_close(struct rtp *r, uint16_t sync)
{
	for (uint32_t i = 0; i < r->rex_n; i++) {
		struct rtp_rex *x = &r->rex[i];

		if (x->at == x->end && !x->closed) {
			x->closed = 1;
			x->sync = sync;
		}
	}
}
