/* SPDX-License-Identifier: Apache-2.0
 *
 * rtp.c - one end of an RTP connection: states, timers, deactivation.
 *
 * RTP is what TCP is to IP: it makes one reliable, ordered pipe out of packets
 * that may be lost, doubled or late. Each side numbers the bytes it sends; the
 * receiver says up to where it has all (RSEQ), and which spans behind a hole it
 * has too, so only what is missing is sent again. Unlike TCP it keeps message
 * boundaries, sends by rate instead of window, and asks for acknowledgements
 * (SRI) instead of getting them unasked.
 *
 * A connection is two packets: the caller's setup (SETUPI, who I am, how to
 * reach me, maybe the first message) and the called side's reply, which names
 * the TCID to use from now on (segment 10). It ends with a question (COB
 * request), an answer, and a last packet (LMI); or with a fault (segment 12).
 *
 * Silence: every status request starts SHORT_REQ; its expiry asks again, and
 * after too many the path is taken for broken: path switch, if both sides
 * allow, else the end. The architected table is not public; this is companion
 * ee-hpr-rtp 5.2 filled up.
 */
#include <assert.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "snaee/rtp_parts.h"

static const char *const rs_name[RS_N] = { "", "RESET", "LISTENING", "CALLING", "CONNECTED",
	"PATHSWITCH", "COB_SENT", "COB_RCVD", "LMI_SENT", "CLOSED" };
static const char *const re_name[RE_N] = { "", "CALL", "SETUP", "REPLY", "CLOSE", "COB_RQ",
	"COB_RQ_BUSY", "COB_OK", "COB_REJECT", "LMI", "LMI_ACKED", "FAULT_RCVD", "ERROR",
	"LOST", "SWITCH", "PATH_OK", "T_PATH", "T_CLOSE", "DROP" };
static const char *const ra_name[RA_N] = { "", "NONE", "SETUP", "CONNECT", "ANSWER", "COB_RQ",
	"COB_OK", "COB_REJECT", "LMI", "BOTH", "KEPT", "SWITCH", "RESUME", "END", "LOST",
	"FAULTED", "FAULT", "NO_COB", "DROP" };

static const struct fsm_cell rtp_cell[RS_N][RE_N] = {
	[RS_RESET][RE_CALL]             = { RS_CALLING, RA_SETUP },
	[RS_RESET][RE_DROP]             = { RS_CLOSED, RA_DROP },
	[RS_LISTENING][RE_SETUP]        = { RS_CONNECTED, RA_ANSWER },
	[RS_LISTENING][RE_ERROR]        = { RS_CLOSED, RA_FAULT },
	[RS_LISTENING][RE_DROP]         = { RS_CLOSED, RA_DROP },
	[RS_CALLING][RE_REPLY]          = { RS_CONNECTED, RA_CONNECT },
	[RS_CALLING][RE_FAULT]          = { RS_CLOSED, RA_FAULTED },
	[RS_CALLING][RE_ERROR]          = { RS_CLOSED, RA_FAULT },
	[RS_CALLING][RE_LOST]           = { RS_CLOSED, RA_LOST },
	[RS_CALLING][RE_DROP]           = { RS_CLOSED, RA_DROP },
	[RS_CONNECTED][RE_CLOSE]        = { RS_COB_SENT, RA_COB_RQ },
	[RS_CONNECTED][RE_COB_RQ]       = { RS_COB_RCVD, RA_COB_OK },
	[RS_CONNECTED][RE_COB_BUSY]     = { RS_CONNECTED, RA_COB_REJECT },
	[RS_CONNECTED][RE_COB_OK]       = { RS_CONNECTED, RA_NONE },
	[RS_CONNECTED][RE_COB_REJECT]   = { RS_CONNECTED, RA_NONE },
	[RS_CONNECTED][RE_LMI]          = { RS_CLOSED, RA_END },
	[RS_CONNECTED][RE_FAULT]        = { RS_CLOSED, RA_FAULTED },
	[RS_CONNECTED][RE_ERROR]        = { RS_CLOSED, RA_FAULT },
	[RS_CONNECTED][RE_LOST]         = { RS_CLOSED, RA_LOST },
	[RS_CONNECTED][RE_SWITCH]       = { RS_PATHSWITCH, RA_SWITCH },
	[RS_CONNECTED][RE_DROP]         = { RS_CLOSED, RA_DROP },
	[RS_PATHSWITCH][RE_SWITCH]      = { RS_PATHSWITCH, RA_NONE },
	[RS_PATHSWITCH][RE_PATH_OK]     = { RS_CONNECTED, RA_RESUME },
	[RS_PATHSWITCH][RE_PATH_OVER]   = { RS_CLOSED, RA_LOST },
	[RS_PATHSWITCH][RE_COB_RQ]      = { RS_COB_RCVD, RA_COB_OK },
	[RS_PATHSWITCH][RE_COB_BUSY]    = { RS_PATHSWITCH, RA_COB_REJECT },
	[RS_PATHSWITCH][RE_COB_OK]      = { RS_PATHSWITCH, RA_NONE },
	[RS_PATHSWITCH][RE_COB_REJECT]  = { RS_PATHSWITCH, RA_NONE },
	[RS_PATHSWITCH][RE_LMI]         = { RS_CLOSED, RA_END },
	[RS_PATHSWITCH][RE_FAULT]       = { RS_CLOSED, RA_FAULTED },
	[RS_PATHSWITCH][RE_ERROR]       = { RS_CLOSED, RA_FAULT },
	[RS_PATHSWITCH][RE_DROP]        = { RS_CLOSED, RA_DROP },
	[RS_COB_SENT][RE_COB_RQ]        = { RS_LMI_SENT, RA_BOTH },     /* both at once */
	[RS_COB_SENT][RE_COB_BUSY]      = { RS_LMI_SENT, RA_BOTH },
	[RS_COB_SENT][RE_COB_OK]        = { RS_LMI_SENT, RA_LMI },
	[RS_COB_SENT][RE_COB_REJECT]    = { RS_CONNECTED, RA_KEPT },
	[RS_COB_SENT][RE_LMI]           = { RS_CLOSED, RA_END },
	[RS_COB_SENT][RE_FAULT]         = { RS_CLOSED, RA_FAULTED },
	[RS_COB_SENT][RE_ERROR]         = { RS_CLOSED, RA_FAULT },
	[RS_COB_SENT][RE_LOST]          = { RS_CLOSED, RA_LOST },
	[RS_COB_SENT][RE_CLOSE_OVER]    = { RS_CLOSED, RA_NO_COB },
	[RS_COB_SENT][RE_DROP]          = { RS_CLOSED, RA_DROP },
	[RS_COB_RCVD][RE_COB_RQ]        = { RS_COB_RCVD, RA_COB_OK },
	[RS_COB_RCVD][RE_COB_BUSY]      = { RS_COB_RCVD, RA_COB_OK },
	[RS_COB_RCVD][RE_COB_OK]        = { RS_COB_RCVD, RA_NONE },
	[RS_COB_RCVD][RE_LMI]           = { RS_CLOSED, RA_END },
	[RS_COB_RCVD][RE_FAULT]         = { RS_CLOSED, RA_FAULTED },
	[RS_COB_RCVD][RE_ERROR]         = { RS_CLOSED, RA_FAULT },
	[RS_COB_RCVD][RE_LOST]          = { RS_CLOSED, RA_END },
	[RS_COB_RCVD][RE_CLOSE_OVER]    = { RS_CLOSED, RA_END },
	[RS_COB_RCVD][RE_DROP]          = { RS_CLOSED, RA_DROP },
	[RS_LMI_SENT][RE_COB_RQ]        = { RS_LMI_SENT, RA_BOTH },
	[RS_LMI_SENT][RE_COB_BUSY]      = { RS_LMI_SENT, RA_BOTH },
	[RS_LMI_SENT][RE_COB_OK]        = { RS_LMI_SENT, RA_NONE },
	[RS_LMI_SENT][RE_LMI]           = { RS_CLOSED, RA_END },
	[RS_LMI_SENT][RE_LMI_ACK]       = { RS_CLOSED, RA_END },
	[RS_LMI_SENT][RE_FAULT]         = { RS_CLOSED, RA_END },
	[RS_LMI_SENT][RE_ERROR]         = { RS_CLOSED, RA_END },
	[RS_LMI_SENT][RE_LOST]          = { RS_CLOSED, RA_END },
	[RS_LMI_SENT][RE_CLOSE_OVER]    = { RS_CLOSED, RA_END },
	[RS_LMI_SENT][RE_DROP]          = { RS_CLOSED, RA_DROP },
};
FSM_DESC(rtp_desc, "rtp", rs_name, re_name, ra_name, rtp_cell);

const struct fsm_desc *
rtp_fsm(void)
{
	return &rtp_desc;
}

/* Constant data per packet, so that a retransmission is cut as the first was:
 * room is kept for the largest header a data packet gets (no spans in it). */
void
rtp_recut(struct rtp *r)
{
	uint32_t packet = r->parm.max_send;
	uint32_t head = 4u + r->path_len + THDR_MIN + 20 + 12;  /* + status, + ARB or CIE */

	if (r->peer_packet != 0 && r->peer_packet < packet)
		packet = r->peer_packet;
	if (r->stall.small && packet > RTP_NLP_LEAST)
		packet = RTP_NLP_LEAST;
	r->cut = (uint16_t)(packet < head + 64 ? 64 : packet - head);
}

void
rtp_init(struct rtp *r, const struct rtp_parm *p)
{
	memset(r, 0, offsetof(struct rtp, gap));        /* its array has a count */
	r->parm = *p;
	fsm_init(&r->fsm, &rtp_desc, p->called ? RS_LISTENING : RS_RESET);
	(void)snprintf(r->subject, sizeof(r->subject), "TCID=%016" PRIx64, p->tcid);
	for (int i = 0; i < RT_N; i++)
		r->t[i] = MONO_NEVER;
	assert(p->path_len <= RTP_PATH_MAX);
	memcpy(r->path, p->path, p->path_len);
	r->path_len = p->path_len;
	rtp_recut(r);
	bufq_init(&r->tx);
	bufq_init(&r->rx);
	gap_init(&r->gap, GAP_BYTES, p->gap_tables);
	arb_init(&r->arb, p->rate_bps, p->ceiling_bps);
	if (p->arb != 0)
		arb_offer(&r->arb, (enum arb_mode)p->arb);
	r->una = r->nxt = r->end = r->rq_seq = r->delivered = r->loss_seq = p->isn;
	r->peer_switch_ms = UINT32_MAX;
}

void
rtp_fini(struct rtp *r)
{
	bufq_drop(&r->tx);
	bufq_drop(&r->rx);
	gap_drop(&r->gap);
	buf_free(r->msg);
	r->msg = NULL;
	r->next = r->rex_buf = NULL;
}

int64_t
rtp_short_req_us(const struct rtp *r)
{
	int64_t us = r->rtt_known ? 2 * r->srtt + 4 * r->rttvar : SECS(1);

	if (us < SHORT_REQ_MIN_US)
		us = SHORT_REQ_MIN_US;
	for (unsigned i = 0; i < r->short_n && us < SHORT_REQ_MAX_US; i++)
		us *= 2;
	return us > SHORT_REQ_MAX_US ? SHORT_REQ_MAX_US : us;
}

int64_t
rtp_refifo_us(const struct rtp *r)
{
	int64_t us = r->rtt_known ? r->srtt / 2 : REFIFO_MAX_US;

	return us < REFIFO_MIN_US ? REFIFO_MIN_US : us > REFIFO_MAX_US ? REFIFO_MAX_US : us;
}

static int64_t
alive_us(const struct rtp *r)
{
	return MSEC(r->parm.alive_ms == 0 ? 180000 : r->parm.alive_ms);
}

/* 5.6: 0 announced by the partner means that no path switch is allowed. */
static bool
may_switch(const struct rtp *r)
{
	return r->fsm.state == RS_CONNECTED && (!r->parm.called || r->confirmed) &&
	    r->parm.switch_ms != 0 && r->peer_switch_ms != 0;
}

/* Closed: nothing of ours is sent any more but a last packet. */
static void
end(struct rtp *r, struct mono now, uint32_t sense, unsigned last)
{
	for (int i = 0; i < RT_N; i++)
		r->t[i] = MONO_NEVER;
	r->sense = sense;
	/* who has not shown that it hears us is not spoken to */
	r->want = r->pathless || r->peer_tcid == 0 || (last == W_FAULT && r->parm.called &&
	    sense == SENSE_LINK_FAILURE && !r->confirmed) ? 0 : last;
	r->down = 1;
	r->rex_n = 0;
	r->next = NULL;
	if (sense != 0)
		LOG(RTP, NOTICE, r->subject, "lost, sense %08x, %u messages not acknowledged",
		    sense, r->tx.count);
	else
		LOG(RTP, INFO, r->subject, "closed after %" PRId64 " s",
		    mono_diff(now, r->born) / 1000000);
}

static void
begin_close(struct rtp *r, struct mono now, uint32_t want)
{
	r->want |= want;
	r->t[RT_CLOSE] = mono_add(now, COB_WAIT_US);
}

/* A COB response waits until the partner has all of ours: it sends LMI next. */
static void
cob_answer(struct rtp *r, struct mono now)
{
	r->cob_out = COB_ACCEPT;
	r->t[RT_CLOSE] = mono_add(now, COB_WAIT_US);
	rtp_drained(r, now);
}

static void
begin_switch(struct rtp *r, struct mono now)
{
	uint32_t ms = r->parm.switch_ms;

	r->stat[RTP_PATH_SWITCHES]++;
	r->sense = SENSE_LINK_FAILURE;
	r->ind = (r->ind & ~(I_OVER | I_DONE)) | I_PATH;
	r->move.moving = r->switch_sent = 0;
	r->t[RT_PATH] = mono_add(now, MSEC(ms));
	r->t[RT_STALL] = MONO_NEVER;
	r->t[RT_SHORT_REQ] = mono_add(now, rtp_short_req_us(r));
	r->want &= ~(W_RQ | W_IDLE);
	if (r->move.why == RY_STALL)            /* the old path answers: another one first */
		r->t[RT_SHORT_REQ] = mono_add(now, SHORT_REQ_MAX_US);
	else if (!r->pathless)
		r->want |= W_SWITCH;
	LOG(RTP, NOTICE, r->subject, "path switch begins, reason %u, %u s", r->move.why, ms / 1000);
}

/* Rate and round trips of the old one say nothing about it. */
void
rtp_new_path(struct rtp *r)
{
	arb_restart(&r->arb);
	r->asks_n = 0;
}

static void
resume(struct rtp *r, struct mono now)
{
	r->t[RT_PATH] = MONO_NEVER;
	r->want &= ~W_SWITCH;
	r->sense = 0;
	r->ind |= I_DONE;
	rtp_new_path(r);
	LOG(RTP, NOTICE, r->subject, "path found, %u bytes unacknowledged", r->nxt - r->una);
	r->want |= W_RQ;                /* its answer tells what is missing */
	rtp_drained(r, now);
}

static void
connected(struct rtp *r, struct mono now, uint32_t want)
{
	r->ind |= r->parm.called ? 0 : I_UP;
	r->want |= want;
	r->want &= ~W_SETUP;
	r->short_n = 0;
	r->t[RT_ALIVE] = r->parm.no_alive ? MONO_NEVER : mono_add(now, alive_us(r));
	LOG(RTP, INFO, r->subject, "connected, partner %016" PRIx64 ", COS %s", r->peer_tcid,
	    r->parm.cos.s);
	rtp_drained(r, now);
}

void
rtp_event(struct rtp *r, struct mono now, enum rtp_event ev, uint32_t sense)
{
	enum rtp_action a = fsm_step(&r->fsm, ev, r->subject);

	switch (a) {
	case RA_NONE:
	case RA_N:
		break;
	case RA_SETUP:
		r->want |= W_SETUP;
		break;
	case RA_CONNECT:
		connected(r, now, 0);
		break;
	case RA_ANSWER:
		connected(r, now, W_REPLY);
		break;
	case RA_COB_RQ:
		r->cob_out = COB_REQUEST;
		begin_close(r, now, W_COB);
		break;
	case RA_COB_OK:
		cob_answer(r, now);
		break;
	case RA_COB_REJECT:
		r->cob_out = COB_REJECT;
		r->want |= W_COB;
		break;
	case RA_BOTH:
		r->cob_out = COB_ACCEPT;        /* it rides with LMI */
		r->want |= W_COB;
		begin_close(r, now, W_LMI);     /* it asks again if that is lost */
		break;
	case RA_LMI:
		begin_close(r, now, W_LMI);
		r->t[RT_CLOSE] = mono_add(now, 3 * rtp_short_req_us(r));
		break;
	case RA_KEPT:
		r->closing = 0;
		r->t[RT_CLOSE] = MONO_NEVER;
		r->ind |= I_KEPT;
		break;
	case RA_SWITCH:
		begin_switch(r, now);
		break;
	case RA_RESUME:
		resume(r, now);
		break;
	case RA_END:
		/* what the partner did not take before its LMI is lost */
		end(r, now, r->una == r->end ? 0 : SENSE_LINK_FAILURE,
		    ev == RE_LMI ? W_STATUS : 0);
		break;
	case RA_FAULTED:
	case RA_DROP:
		end(r, now, sense, 0);
		break;
	case RA_LOST:                   /* perhaps only one way is broken: the partner .. */
	case RA_FAULT:                  /* .. would keep its end for long. Our choice */
	case RA_NO_COB:
		r->fault_out = sense;
		end(r, now, sense, W_FAULT);
		break;
	}
}

void
rtp_call(struct rtp *r, struct mono now)
{
	r->born = r->heard_at = now;
	rtp_event(r, now, RE_CALL, 0);
}

/* The last eighth of the big buffers is for messages to be received: two nodes
 * that kept all of theirs for retransmission would wait for each other. */
static bool
big_ones_short(const struct rtp *r, const struct buf *b)
{
	const struct pool *big = &r->parm.bufs->slab[BUF_NCLASS - 1];

	return b->home == r->parm.bufs && b->size >= BUF_HEADROOM + BUF_BIG &&
	    (big->max - big->used) * 8 < big->max;
}

uint32_t
rtp_send(struct rtp *r, struct mono now, struct buf *b)
{
	(void)now;
	if (r->fsm.state < RS_CALLING || r->fsm.state > RS_COB_SENT)
		return SENSE_NO_SESSION;
	if (b->len == 0)
		return SENSE_RU_LENGTH;
	if (r->tx.bytes + b->len > RTP_TX_MAX || r->tx.count >= RTP_TX_MAX / 64 ||
	    big_ones_short(r, b)) {
		r->stat[RTP_REFUSED]++;
		return SENSE_NO_RESOURCE;
	}
	b->mark = r->end;
	r->end += b->len;
	bufq_put(&r->tx, b);
	if (r->next == NULL)
		r->next = b;
	if (rtp_unsent(r) >= RTP_TX_HIGH || r->tx.bytes > RTP_TX_MAX / 4 * 3)
		r->congested = 1;
	/* A BIND of the partner's may have crossed our wish to close; with COB sent this waits
	 * for the partner, who refuses to close then. */
	r->closing = 0;
	r->stat[RTP_MSGS_SENT]++;
	return SENSE_OK;
}

#define I_ANY_PATH (I_MOVED | I_PATH | I_OVER | I_DONE)

static void
told_path(struct rtp *r, struct rtp_ind *i)
{
	unsigned bit = r->ind & I_MOVED ? I_MOVED : r->ind & I_PATH ? I_PATH :
	    r->ind & I_OVER ? I_OVER : I_DONE;

	i->what = RTP_PATH;
	i->step = bit == I_PATH ? RP_STARTED : bit == I_OVER ? RP_OVERRIDDEN : RP_COMPLETED;
	i->why = bit == I_MOVED ? RY_PARTNER : r->move.why;
	i->sense = i->step == RP_COMPLETED ? 0 : SENSE_LINK_FAILURE;
	r->ind &= ~bit;
}

static void
told(struct rtp *r, struct rtp_ind *i)
{
	if (r->ind & I_KEPT) {
		i->what = RTP_KEPT;
		r->ind &= ~I_KEPT;
	} else if (r->ind & I_ANY_PATH) {
		told_path(r, i);
	} else {
		i->what = RTP_STALL;
		i->sense = r->stall.told != 0;
		r->ind &= ~I_STALL;
	}
}

bool
rtp_recv(struct rtp *r, struct rtp_ind *i)
{
	bool held = r->parm.called && !r->confirmed;

	*i = (struct rtp_ind){ 0 };
	if (r->ind & I_UP) {
		r->ind &= ~I_UP;
		i->what = RTP_UP;
		return true;
	}
	i->buf = held ? NULL : bufq_get(&r->rx);
	if (i->buf != NULL) {
		i->what = RTP_DATA;
		return true;
	}
	if (r->ind != 0 && !rtp_over(r)) {
		told(r, i);
		return true;
	}
	if (r->down != 1 || r->want != 0)
		return false;
	r->down = 2;
	i->what = RTP_DOWN;
	i->sense = r->sense;
	return true;
}

struct mono
rtp_deadline(const struct rtp *r)
{
	struct mono at = MONO_NEVER;

	for (int i = 0; i < RT_N; i++)
		at = mono_min(at, r->t[i]);
	if (r->fsm.state < RS_CONNECTED || r->fsm.state == RS_PATHSWITCH || r->pathless ||
	    rtp_over(r))
		return at;
	if (rtp_rex_due(r))
		return mono_min(at, arb_when(&r->arb, ARB_AGAIN));
	if (rtp_may_new(r))
		at = mono_min(at, arb_when(&r->arb, ARB_NEW));
	return at;
}

/* HPRPSDLY: a partner that does not answer is asked on for a while before the path
 * is given up. */
static bool
patient(struct rtp *r, struct mono now)
{
	if (r->parm.delay_ms == 0 || !may_switch(r))
		return false;
	if (r->move.delay_by.us == 0)
		r->move.delay_by = mono_add(now, MSEC(r->parm.delay_ms));
	return mono_before(now, r->move.delay_by);
}

/* 5.6: ask again, and after so many times in vain the path is broken. */
static void
short_req(struct rtp *r, struct mono now)
{
	unsigned limit = r->parm.short_retries == 0 ? 6 : r->parm.short_retries;
	bool unanswered = r->rq_open || r->fsm.state == RS_CALLING;

	if (unanswered && r->fsm.state != RS_PATHSWITCH) {
		r->stat[RTP_SHORT_REQS]++;
		if (r->short_n < limit)
			r->move.delay_by = (struct mono){ 0 };
		else if (!patient(r, now)) {
			r->move.why = RY_SHORT_REQ;
			rtp_event(r, now, may_switch(r) ? RE_SWITCH : RE_LOST, SENSE_LINK_FAILURE);
			return;
		}
		(void)arb_loss(&r->arb, now, r->short_n == 0 ? ARB_LOSS_GAP :
		    ARB_LOSS_SHORT_REQ);
	}
	if (unanswered && r->short_n < 255)
		r->short_n++;
	r->t[RT_SHORT_REQ] = mono_add(now, rtp_short_req_us(r));
	switch ((enum rtp_state)r->fsm.state) {
	case RS_CALLING:
		r->want |= W_SETUP;
		r->stat[RTP_SETUPS_AGAIN]++;
		break;
	case RS_PATHSWITCH:
		r->want |= W_SWITCH;
		break;
	case RS_COB_SENT:
		r->cob_out = COB_REQUEST;
		r->want |= W_COB;
		break;
	case RS_LMI_SENT:
		r->want |= W_LMI;
		break;
	case RS_COB_RCVD:
		r->want |= W_RQ;
		r->cob_out = COB_ACCEPT;        /* again, until LMI comes */
		rtp_drained(r, now);
		break;
	case RS_CONNECTED:
		r->want |= r->parm.called && !r->confirmed ? W_REPLY : W_RQ;
		break;
	case RS_RESET:
	case RS_LISTENING:
	case RS_CLOSED:
	case RS_N:
		r->t[RT_SHORT_REQ] = MONO_NEVER;
		break;
	}
	r->probing = 1;
}

static void
alive(struct rtp *r, struct mono now)
{
	struct mono at = mono_add(r->heard_at, alive_us(r));

	if (mono_due(at, now)) {
		if (!r->rq_open)
			r->want |= W_RQ | W_IDLE;
		at = mono_add(now, alive_us(r));
	}
	r->t[RT_ALIVE] = at;
}

/* The hole is still there: tell, and tell again if nothing comes. */
static void
refifo(struct rtp *r, struct mono now)
{
	rtp_unstore(r, now);
	if (!rtp_hole(r) || rtp_over(r)) {
		r->t[RT_REFIFO] = MONO_NEVER;
		return;
	}
	if (r->gap_told)
		rtp_count_hole(r);
	r->gap_told = 1;
	r->want |= W_STATUS;
	r->refifo_us = r->refifo_us * 2 > REFIFO_AGAIN_US ? REFIFO_AGAIN_US : r->refifo_us * 2;
	r->t[RT_REFIFO] = mono_add(now, r->refifo_us);
}

void
rtp_expire(struct rtp *r, struct mono now)
{
	for (int i = 0; i < RT_N; i++) {
		if (!mono_due(r->t[i], now))
			continue;
		r->t[i] = MONO_NEVER;
		switch ((enum rtp_timer)i) {
		case RT_SHORT_REQ:
			short_req(r, now);
			break;
		case RT_ALIVE:
			alive(r, now);
			break;
		case RT_REFIFO:
			refifo(r, now);
			break;
		case RT_STATUS:
			r->want |= W_STATUS;
			break;
		case RT_PATH:
			rtp_event(r, now, RE_PATH_OVER, SENSE_LINK_FAILURE);
			break;
		case RT_CLOSE:
			rtp_event(r, now, RE_CLOSE_OVER, SENSE_RTP_NO_COB);
			break;
		case RT_STALL:
			rtp_stall_due(r, now);
			break;
		case RT_SMALL:
			rtp_small_over(r);
			break;
		case RT_N:
			break;
		}
	}
}

/* Deactivation goes on when the partner has all we sent (5.8). */
void
rtp_drained(struct rtp *r, struct mono now)
{
	if (r->una != r->end)
		return;
	if (r->fsm.state == RS_CONNECTED && r->closing)
		rtp_event(r, now, RE_CLOSE, 0);
	else if (r->cob_out == COB_ACCEPT && r->fsm.state == RS_COB_RCVD)
		r->want |= W_COB;
}

void
rtp_close(struct rtp *r, struct mono now)
{
	if (r->fsm.state == RS_RESET || r->fsm.state == RS_LISTENING) {
		rtp_event(r, now, RE_DROP, 0);
		return;
	}
	r->closing = 1;
	rtp_drained(r, now);
}

void
rtp_fault(struct rtp *r, struct mono now, uint32_t sense)
{
	rtp_event(r, now, RE_ERROR, sense);
}

void
rtp_drop(struct rtp *r, struct mono now, uint32_t sense)
{
	if (!rtp_over(r))
		rtp_event(r, now, RE_DROP, sense);
}

void
rtp_path_lost(struct rtp *r, struct mono now)
{
	r->pathless = 1;
	r->want &= W_SETUP | W_REPLY | W_STATUS;
	if (r->fsm.state == RS_CONNECTED) {
		r->move.why = RY_INOP;
		rtp_event(r, now, may_switch(r) ? RE_SWITCH : RE_LOST, SENSE_LINK_FAILURE);
	}
	if (rtp_over(r))
		r->want = 0;
}

/* 5.7 step 3: tell the partner on the new path, and again every SHORT_REQ. */
void
rtp_path_found(struct rtp *r, struct mono now, uint16_t max_send, uint8_t tgn)
{
	r->short_n = 0;
	rtp_path_other(r, now, max_send, tgn);
}

void
rtp_path_other(struct rtp *r, struct mono now, uint16_t max_send, uint8_t tgn)
{
	r->pathless = 0;
	r->parm.max_send = max_send;
	r->parm.tgn = tgn;
	rtp_recut(r);
	if (r->fsm.state != RS_PATHSWITCH)
		return;
	r->want |= W_SWITCH;
	r->t[RT_SHORT_REQ] = mono_add(now, rtp_short_req_us(r));
}

/* Commanded, or for a better route: data goes on (5.7 step 1). The partner's answer
 * completes it; without one the path is broken as any that is silent. */
void
rtp_rerouted(struct rtp *r, struct mono now, enum rtp_why why)
{
	rtp_recut(r);
	if (r->fsm.state != RS_CONNECTED)
		return;
	r->stat[RTP_PATH_MOVES]++;
	r->move.why = (uint8_t)why;
	r->move.moving = 1;
	r->switch_sent = 0;
	r->want |= W_SWITCH;
	r->t[RT_SHORT_REQ] = mono_add(now, rtp_short_req_us(r));
}

void
rtp_path_stalled(struct rtp *r, struct mono now)
{
	if (!may_switch(r)) {
		rtp_small(r);
		return;
	}
	r->move.why = RY_STALL;
	rtp_event(r, now, RE_SWITCH, SENSE_LINK_FAILURE);
}

bool
rtp_switching(const struct rtp *r)
{
	return r->fsm.state == RS_PATHSWITCH;
}

void
rtp_ask(struct rtp *r)
{
	if (r->fsm.state == RS_CONNECTED && !r->rq_open && (!r->parm.called || r->confirmed))
		r->want |= W_RQ | W_IDLE;
}

void
rtp_sessions(struct rtp *r, uint32_t n)
{
	r->sessions = n;
}

bool
rtp_congested(const struct rtp *r)
{
	return r->congested != 0;
}

bool
rtp_connected(const struct rtp *r)
{
	return r->fsm.state == RS_CONNECTED;
}
