/* SPDX-License-Identifier: Apache-2.0
 *
 * Half-session. Going out: dfc says whether the request may go, it gets its
 * sequence number, waits in tx for the pacing window and moves to out. Coming
 * in: segments are put together, then number, window and dfc are asked, in
 * that order; what passes waits in rx. What does not pass is answered here
 * with its sense code and told to the user as an exception (no RU). SDT and
 * CLEAR are answered here too and then told.
 *
 * In the queues the RH stands in front of the RU; buf.mark holds the flow and
 * the number (mark_of).
 */
#include <assert.h>
#include <string.h>

#include "snaee/hs.h"
#include "snaee/sense.h"

#define SEG_FIRST_MIN 10u       /* bytes of RH and RU in a first segment: section 1.6 */
#define IPM_LEN 3u

static uint32_t
mark_of(unsigned efi, uint16_t snf)
{
	return (uint32_t)efi << 16 | snf;
}

/* Numbers wrap from FFFF to 0: our choice, sna-sessions 1.6 leaves it open. */
static uint16_t
snf_after(uint16_t snf)
{
	return (uint16_t)(snf + 1);
}

/* One-stage view of BIND bytes 8-13: a side that names no window of its own
 * sends by what the other receives. */
static uint16_t
window(uint8_t send, uint8_t receive)
{
	return send != 0 ? send : receive;
}

void
hs_init(struct hs *h, const struct bind *b, enum hs_role role, struct bufpool *bufs)
{
	uint16_t p2s = window(b->psndpac, b->srcvpac), s2p = window(b->ssndpac, b->prcvpac);

	memset(h, 0, sizeof(*h));
	h->role = (uint8_t)role;
	h->fm = b->fm;
	h->ts = b->ts;
	h->active = b->ts != 3 && b->ts != 4;   /* no SDT in TS 2 and 7: section 2.1 */
	h->adaptive = b->ts == 7 && b->adaptive;
	h->win_out = role == HS_PLU ? p2s : s2p;
	h->win_in = role == HS_PLU ? s2p : p2s;
	h->max_ru_out = bind_ru_size(role == HS_PLU ? b->pri_ru : b->sec_ru);
	h->max_ru_in = bind_ru_size(role == HS_PLU ? b->sec_ru : b->pri_ru);
	h->credit = h->win_out;
	h->credit_in = h->win_in;
	h->bufs = bufs;
	dfc_init(&h->dfc, b, role);
	bufq_init(&h->tx);
	bufq_init(&h->out);
	bufq_init(&h->rx);
}

static void
seg_drop(struct hs *h)
{
	buf_free(h->seg);
	h->seg = NULL;
}

void
hs_fini(struct hs *h)
{
	bufq_drop(&h->tx);
	bufq_drop(&h->out);
	bufq_drop(&h->rx);
	seg_drop(h);
}

/* CLEAR: section 2.9. */
static void
reset(struct hs *h)
{
	bufq_drop(&h->tx);
	bufq_drop(&h->out);
	bufq_drop(&h->rx);
	seg_drop(h);
	h->snf_out = h->snf_in = 0;
	h->credit = h->win_out;
	h->credit_in = h->win_in;
	h->in_win = 0;
	h->pace_owed = h->pace_send = h->congested = h->paced = 0;
	h->active = h->ts != 3 && h->ts != 4;
	dfc_reset(&h->dfc);
}

static uint32_t
rh_at(const struct buf *b)
{
	return (uint32_t)b->p[0] << 16 | (uint32_t)b->p[1] << 8 | b->p[2];
}

static void
rh_push(struct buf *b, uint32_t rh)
{
	struct wr w = wr_on(buf_push(b, RH_LEN), RH_LEN);

	rh_put(&w, rh);
}

static uint32_t
sense_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
sense_put(struct buf *b, uint32_t sense)
{
	struct wr w = wr_on(buf_put(b, 4), 4);

	wr_u32(&w, sense);
}

static void
sense_push(struct buf *b, uint32_t sense)
{
	struct wr w = wr_on(buf_push(b, 4), 4);

	wr_u32(&w, sense);
}

/* Pacing. */

static void
send_ipm(struct hs *h, struct buf *b, unsigned type)
{
	if (h->adaptive) {      /* section 2.6: type, then the next window */
		struct wr w = wr_on(buf_put(b, IPM_LEN), IPM_LEN);

		wr_u8(&w, type << 6);
		wr_u16(&w, h->win_in);
	}
	rh_push(b, RH_RSP | RH_OIC | RH_PI);
	b->mark = mark_of(h->adaptive ? TH_EXPEDITED : TH_NORMAL, 0);
	bufq_put(&h->out, b);
}

/* The pacing response due; tried again when buffers were short. */
static void
grant(struct hs *h)
{
	struct buf *b = buf_get(h->bufs, IPM_LEN);

	h->pace_send = 1;
	if (b == NULL)
		return;
	h->pace_send = h->pace_owed = 0;
	h->credit_in = (uint16_t)(h->credit_in + h->win_in);
	send_ipm(h, b, 0);
}

void
hs_pace(struct hs *h)
{
	if (h->pace_owed)
		grant(h);
}

/* Moves what the window lets go; the first RU of each window carries PI. */
static void
pump(struct hs *h)
{
	struct buf *b;

	if (h->pace_send)
		grant(h);
	while ((b = bufq_peek(&h->tx)) != NULL && (h->win_out == 0 || h->credit > 0)) {
		b = bufq_get(&h->tx);
		if (h->win_out != 0) {
			if (h->in_win == 0) {
				b->p[1] |= RH_PI >> 8;
				h->in_win = h->win_out;
			}
			h->in_win--;
			h->credit--;
		}
		bufq_put(&h->out, b);
	}
	if (h->tx.count >= HS_TXQ_HIGH)
		h->congested = 1;
	else if (h->tx.count <= HS_TXQ_LOW)
		h->congested = 0;
}

bool
hs_congested(const struct hs *h)
{
	return h->congested != 0;
}

/* The partner grants a window; ru of an isolated pacing message: type, size. */
static void
pacing_rsp(struct hs *h, const struct buf *ru, uint32_t rh)
{
	if (h->win_out == 0)
		return;
	if (h->adaptive && (rh & (RH_DR1 | RH_DR2)) == 0 && ru->len >= IPM_LEN) {
		unsigned type = ru->p[0] >> 6;
		unsigned next = (unsigned)(ru->p[1] << 8 | ru->p[2]) & 0x7fff;
		struct buf *ack;

		if (type > 1)
			return;         /* the partner acknowledged a reset */
		if (next > HS_TXQ_MAX)
			next = HS_TXQ_MAX;
		h->credit = (uint16_t)(type == 1 ? next :
		    h->credit + next > HS_TXQ_MAX ? HS_TXQ_MAX : h->credit + next);
		h->win_out = (uint16_t)(next != 0 ? next : 1);
		h->in_win = type == 1 ? 0 : h->in_win;
		ack = type == 1 ? buf_get(h->bufs, IPM_LEN) : NULL;
		if (ack != NULL)
			send_ipm(h, ack, 2);
	} else if (h->credit <= h->win_out) {   /* more than two windows is not legal */
		h->credit = (uint16_t)(h->credit + h->win_out);
	}
	pump(h);
}

/* Out. */

static void
put_tx(struct hs *h, struct buf *b, uint32_t rh, unsigned efi, uint16_t snf)
{
	h->stat[HS_RU_SENT]++;
	h->stat[HS_BYTES_SENT] += b->len;
	rh_push(b, rh);
	b->mark = mark_of(efi, snf);
	if (efi == TH_EXPEDITED) {
		bufq_put(&h->out, b);
		return;
	}
	bufq_put(&h->tx, b);
	pump(h);
	if (h->tx.count != 0)
		h->stat[HS_PACE_WAIT]++;
}

/* SDT and CLEAR, primary only: sections 2.1, 2.9. */
static uint32_t
may_sc(const struct hs *h, uint8_t code, enum hs_role sender)
{
	if (code != RU_SDT && code != RU_CLEAR)
		return SENSE_NOT_SUPPORTED;
	if (code == RU_SDT ? h->ts != 3 && h->ts != 4 : h->ts < 2 || h->ts > 4)
		return SENSE_NOT_SUPPORTED;
	if (sender != HS_PLU)
		return SENSE_SC_PROTOCOL;
	if (code == RU_SDT && h->active)
		return SENSE_SC_PROTOCOL;
	return 0;
}

static uint32_t
send_expedited(struct hs *h, const struct dfc_rq *want, uint16_t *snf, struct buf *b)
{
	struct dfc_rq rq = *want;
	uint32_t sense;

	rq.expedited = 1;
	rq.snf = (uint16_t)(h->exp_out + 1 == 0x10000 ? 1 : h->exp_out + 1);
	sense = (rq.rh & RH_CAT) == RH_SC ? may_sc(h, rq.code, (enum hs_role)h->role) :
	    h->active ? 0 : SENSE_TRAFFIC_RESET;
	if (sense == 0 && h->clearing)
		sense = SENSE_TRAFFIC_RESET;
	if (sense == 0)
		sense = dfc_may_send(&h->dfc, &rq);
	if (sense != 0)
		return sense;
	if ((rq.rh & RH_CAT) == RH_SC && rq.code == RU_CLEAR) {
		reset(h);
		h->active = 0;
		h->clearing = 1;
	}
	sense = dfc_send(&h->dfc, &rq);
	assert(sense == 0);
	h->exp_out = rq.snf;
	if (snf != NULL)
		*snf = rq.snf;
	put_tx(h, b, rq.rh, TH_EXPEDITED, rq.snf);
	return 0;
}

/* RH of one piece of a chain element that is cut: section 3.4. */
static uint32_t
piece_rh(uint32_t rh, unsigned i, unsigned n)
{
	uint32_t r = rh & ~(RH_OIC | RH_BBI | RH_EBI | RH_CDI | RH_CEBI | RH_FI | RH_RQ);

	if (i == 0)
		r |= rh & (RH_BCI | RH_BBI | RH_EBI | RH_FI);
	if (i == n - 1)
		return r | (rh & (RH_ECI | RH_CDI | RH_CEBI | RH_RQ));
	if ((rh & (RH_DR1 | RH_DR2)) != 0)
		r |= (rh & (RH_DR1 | RH_DR2)) | RH_ERI;
	return r;
}

/* The bytes behind the first piece, each in a buffer of its own, into q. */
static bool
cut(struct hs *h, const struct buf *b, uint32_t max, struct bufq *q)
{
	for (uint32_t at = max; at < b->len; at += max) {
		uint32_t n = b->len - at < max ? b->len - at : max;
		struct buf *piece = buf_get(h->bufs, n);

		if (piece == NULL) {
			bufq_drop(q);
			return false;
		}
		buf_append(piece, b->p + at, n);
		bufq_put(q, piece);
	}
	return true;
}

static uint32_t
send_normal(struct hs *h, const struct dfc_rq *want, uint16_t *snf, struct buf *b)
{
	struct dfc_rq rq = *want;
	uint32_t max = h->max_ru_out, sense;
	unsigned n = 1;
	struct bufq rest;

	if (!h->active || h->clearing)
		return SENSE_TRAFFIC_RESET;
	if ((rq.rh & RH_CAT) == RH_FMD && max != 0 && b->len > max)
		n = (b->len + max - 1) / max;
	if (n > 1 && !h->dfc.out.multi)
		return SENSE_RU_LENGTH;
	if (h->tx.count + n > HS_TXQ_MAX)
		return SENSE_NO_RESOURCE;
	sense = dfc_may_send(&h->dfc, &rq);
	if (sense != 0)
		return sense;
	bufq_init(&rest);
	if (n > 1 && !cut(h, b, max, &rest))
		return SENSE_NO_RESOURCE;
	if (n > 1)
		buf_trim(b, max);
	for (unsigned i = 0; i < n; i++) {
		h->snf_out = rq.snf = snf_after(h->snf_out);
		rq.rh = n == 1 ? want->rh : piece_rh(want->rh, i, n);
		sense = dfc_send(&h->dfc, &rq);
		assert(sense == 0);     /* what may be sent whole may be sent cut */
		put_tx(h, i == 0 ? b : bufq_get(&rest), rq.rh, TH_NORMAL, rq.snf);
	}
	if (snf != NULL)
		*snf = rq.snf;
	return 0;
}

static void
put_rsp(struct hs *h, uint32_t rh, unsigned efi, uint16_t snf, struct buf *b)
{
	h->stat[(rh & RH_RTI) != 0 ? HS_NEG_SENT : HS_RSP_SENT]++;
	rh_push(b, rh);
	b->mark = mark_of(efi, snf);
	bufq_put(&h->out, b);
}

/* Response header to a request: category, FI and DR bits are copied (1.4). */
static uint32_t
rsp_rh(uint32_t rh, uint32_t sense)
{
	return RH_RSP | RH_OIC | (rh & (RH_CAT | RH_FI | RH_DR1 | RH_DR2)) |
	    (sense != 0 ? RH_SDI | RH_RTI : 0);
}

static uint32_t
send_rsp(struct hs *h, uint32_t rh, uint16_t snf, struct buf *b)
{
	struct dfc_rq rq = { .rh = rh, .snf = snf };
	struct dfc_corr was;
	uint32_t sense;

	if (((rh & RH_SDI) != 0) != ((rh & RH_RTI) != 0) || ((rh & RH_SDI) != 0 && b->len < 4))
		return SENSE_RH_SDI_RTI;
	if ((rh & RH_SDI) != 0)
		rq.sense = sense_at(b->p);
	sense = dfc_send_rsp(&h->dfc, &rq, &was);
	if (sense != 0)
		return sense;
	if ((was.what & (DFC_C_DFC | DFC_C_SC)) != 0 && buf_tailroom(b) != 0 &&
	    b->len == (rq.sense != 0 ? 4 : 0))
		buf_put(b, 1)[0] = was.code;
	put_rsp(h, rh, (was.what & DFC_C_EXP) != 0 ? TH_EXPEDITED : TH_NORMAL, snf, b);
	return 0;
}

uint32_t
hs_send(struct hs *h, uint32_t rh, uint16_t *snf, struct buf *ru)
{
	struct buf *b = ru != NULL ? ru : buf_get(h->bufs, 8);
	struct dfc_rq rq = { .rh = dfc_fit(&h->dfc, rh) };
	uint32_t sense;

	if (b == NULL)
		return SENSE_NO_RESOURCE;
	if ((rh & RH_RSP) != 0) {
		sense = snf != NULL ? send_rsp(h, rh, *snf, b) : SENSE_CORRELATION;
	} else if ((rh & RH_CAT) == RH_FMD) {
		sense = send_normal(h, &rq, snf, b);
	} else if (b->len == 0) {
		sense = SENSE_RU_LENGTH;
	} else {
		rq.code = b->p[0];
		if (ru_expedited(rh, rq.code))
			sense = send_expedited(h, &rq, snf, b);
		else
			sense = send_normal(h, &rq, snf, b);
	}
	if (sense != 0 && ru == NULL)
		buf_free(b);
	return sense;
}

uint32_t
hs_respond(struct hs *h, uint32_t req_rh, uint16_t snf, uint32_t sense)
{
	struct buf *b;
	uint32_t r;

	/* Nothing to say: no answer asked, or only for errors. */
	if (sense == 0 && ((req_rh & RH_ERI) != 0 || (req_rh & RH_RQ) == 0))
		return 0;
	b = buf_get(h->bufs, 8);
	if (b == NULL)
		return SENSE_NO_RESOURCE;
	if (sense != 0)
		sense_put(b, sense);
	r = send_rsp(h, rsp_rh(req_rh, sense), snf, b);
	if (r != 0)
		buf_free(b);
	return r;
}

struct buf *
hs_output(struct hs *h, struct th *th)
{
	struct buf *b;

	if (h->pace_send || h->tx.count != 0)
		pump(h);
	b = bufq_get(&h->out);
	if (b == NULL)
		return NULL;
	th->mpf = TH_WHOLE;
	th->efi = b->mark >> 16 & 1;
	th->snf = (uint16_t)b->mark;
	b->mark = 0;
	return b;
}

/* In. */

/* Answers a request we refuse, and keeps the exception for the user. Takes b. */
static void
refuse(struct hs *h, struct dfc_rq *rq, uint32_t sense, struct buf *b)
{
	struct buf *rsp = NULL;

	rq->sense = h->last_sense = sense;
	h->stat[HS_REFUSED]++;
	if ((rq->rh & (RH_DR1 | RH_DR2)) != 0)
		rsp = buf_get(h->bufs, 8);
	if (rsp != NULL) {
		sense_put(rsp, sense);
		if ((rq->rh & RH_CAT) != RH_FMD)
			buf_put(rsp, 1)[0] = rq->code;
		put_rsp(h, rsp_rh(rq->rh, sense), rq->expedited, rq->snf, rsp);
	}
	/* A lost race is the loser's affair: our user's own bracket goes on. */
	if (sense == SENSE_BRACKET_RACE || sense == SENSE_BID_REJECT ||
	    sense == SENSE_RECEIVER_SENDS || h->rx.count >= HS_RXQ_MAX) {
		buf_free(b);
		return;
	}
	buf_trim(b, 0);
	sense_push(b, sense);
	rh_push(b, rq->rh | RH_SDI);
	b->mark = mark_of(rq->expedited, rq->snf);
	bufq_put(&h->rx, b);
}

static void
put_rx(struct hs *h, uint32_t rh, unsigned efi, uint16_t snf, struct buf *b)
{
	rh_push(b, rh);
	b->mark = mark_of(efi, snf);
	bufq_put(&h->rx, b);
}

/* SDT, CLEAR: done and answered here, then told. */
static void
input_sc(struct hs *h, struct dfc_rq *rq, struct buf *b)
{
	enum hs_role sender = h->role == HS_PLU ? HS_SLU : HS_PLU;
	uint32_t sense;
	struct buf *rsp;

	if ((rq->rh & (RH_FI | RH_SDI | RH_OIC | RH_RQ)) != (RH_FI | RH_OIC | RH_DR1) ||
	    !rq->expedited)
		sense = SENSE_RH_SC;
	else
		sense = may_sc(h, rq->code, sender);
	if (sense != 0) {
		refuse(h, rq, sense, b);
		return;
	}
	if (rq->code == RU_CLEAR)
		reset(h);
	else
		h->active = 1;
	rsp = buf_get(h->bufs, 8);
	if (rsp != NULL) {
		buf_put(rsp, 1)[0] = rq->code;
		put_rsp(h, rsp_rh(rq->rh, 0), TH_EXPEDITED, rq->snf, rsp);
	}
	put_rx(h, rq->rh, TH_EXPEDITED, rq->snf, b);
}

/* Number and window of a normal-flow request. 0 or the sense code. */
static uint32_t
check_normal(struct hs *h, const struct dfc_rq *rq)
{
	bool pi = (rq->rh & RH_PI) != 0;

	if (rq->snf != snf_after(h->snf_in))
		return SENSE_SEQUENCE;
	h->snf_in = rq->snf;
	if (h->win_in == 0)
		return pi ? SENSE_RH_PACING : 0;
	if ((pi && h->pace_owed) || (h->paced && h->credit_in == 0))
		return SENSE_PACING;
	if (h->credit_in != 0)
		h->credit_in--;
	if (pi)
		h->paced = h->pace_owed = 1;
	return 0;
}

/* A request that carried PI and stays here: its window is granted at once. */
static void
pace_for(struct hs *h, const struct dfc_rq *rq)
{
	if ((rq->rh & RH_PI) != 0)
		hs_pace(h);
}

static uint32_t
check_request(struct hs *h, struct dfc_rq *rq, const struct buf *b, enum dfc_do *todo)
{
	bool fmd = (rq->rh & RH_CAT) == RH_FMD;
	uint32_t sense;

	*todo = DFC_TAKE;
	if (!h->active || h->clearing)
		return SENSE_TRAFFIC_RESET;
	if (!rq->expedited) {
		sense = check_normal(h, rq);
		if (sense != 0)
			return sense;
	}
	if ((rq->rh & RH_SDI) == 0) {
		if (h->rx.count >= HS_RXQ_MAX)
			rq->sense = SENSE_NO_RESOURCE;
		else if (fmd && h->max_ru_in != 0 && b->len > h->max_ru_in)
			rq->sense = SENSE_RU_LENGTH;
		else if (!fmd && b->len == 0)
			rq->sense = SENSE_RU_LENGTH;
		if (rq->sense != 0)     /* dfc steps as for a chain taken, then refused */
			rq->rh |= RH_SDI;
	}
	return dfc_recv(&h->dfc, rq, todo);
}

static void
input_request(struct hs *h, struct dfc_rq *rq, struct buf *b)
{
	enum dfc_do todo;
	uint32_t sense;

	if ((rq->rh & RH_SDI) != 0) {
		rq->sense = b->len >= 4 ? sense_at(b->p) : SENSE_RU_LENGTH;
		if (rq->sense == 0)
			rq->sense = SENSE_RU_DATA;
		buf_pull(b, b->len >= 4 ? 4 : b->len);
	}
	if ((rq->rh & RH_CAT) != RH_FMD && b->len != 0)
		rq->code = b->p[0];
	if ((rq->rh & RH_CAT) == RH_SC) {
		input_sc(h, rq, b);
		return;
	}
	h->stat[HS_RU_RCVD]++;
	h->stat[HS_BYTES_RCVD] += b->len;
	sense = check_request(h, rq, b, &todo);
	if (sense != 0) {
		rq->sense = sense;
		if (sense != SENSE_TRAFFIC_RESET && sense != SENSE_SEQUENCE)
			dfc_reject(&h->dfc, rq);
		refuse(h, rq, sense, b);
		pace_for(h, rq);
	} else if (todo == DFC_PURGE) {
		pace_for(h, rq);
		buf_free(b);
	} else {
		put_rx(h, rq->rh, rq->expedited, rq->snf, b);
	}
}

/* +RSP(SDT) opens data traffic for the primary, +RSP(CLEAR) closes its reset. */
static void
sc_answered(struct hs *h, const struct dfc_corr *was, uint32_t rh)
{
	if (was->code == RU_SDT && (rh & RH_RTI) == 0)
		h->active = 1;
	if (was->code == RU_CLEAR) {
		h->clearing = 0;
		reset(h);
	}
}

static void
input_rsp(struct hs *h, struct dfc_rq *rq, struct buf *b)
{
	struct dfc_corr was;

	if ((rq->rh & RH_PI) != 0)
		pacing_rsp(h, b, rq->rh);
	if ((rq->rh & (RH_DR1 | RH_DR2)) == 0) {        /* IPR, or nothing at all */
		buf_free(b);
		return;
	}
	if ((rq->rh & RH_SDI) != 0)
		rq->sense = b->len >= 4 ? sense_at(b->p) : SENSE_RU_LENGTH;
	h->last_sense = dfc_recv_rsp(&h->dfc, rq, &was);
	if (h->last_sense != 0 || h->rx.count >= 2 * HS_RXQ_MAX) {
		h->stat[HS_REFUSED]++;
		buf_free(b);
		return;
	}
	h->stat[(rq->rh & RH_RTI) != 0 ? HS_NEG_RCVD : HS_RSP_RCVD]++;
	if ((was.what & DFC_C_SC) != 0)
		sc_answered(h, &was, rq->rh);
	else if (h->clearing) {
		buf_free(b);
		return;
	}
	put_rx(h, rq->rh, rq->expedited, rq->snf, b);
}

/* Path error of a BIU whose RH may be unknown; takes b. */
static void
refuse_segment(struct hs *h, uint32_t rh, unsigned efi, uint16_t snf, struct buf *b)
{
	struct dfc_rq rq = { .rh = rh | RH_DR1, .snf = snf, .expedited = (uint8_t)efi };

	if ((rh & RH_RSP) == 0)
		refuse(h, &rq, SENSE_SEGMENT, b);
	else
		buf_free(b);
}

/* More bytes behind the segments so far. False: too long. */
static bool
seg_add(struct hs *h, const struct buf *b)
{
	if (buf_tailroom(h->seg) < b->len) {
		struct buf *big = buf_get(h->bufs, h->seg->len + b->len);

		if (big == NULL)
			return false;
		buf_append(big, h->seg->p, h->seg->len);
		big->mark = h->seg->mark;
		buf_free(h->seg);
		h->seg = big;
	}
	buf_append(h->seg, b->p, b->len);
	return true;
}

/* Gives the whole BIU when b completes one; takes b. Section 1.6. */
static struct buf *
reassemble(struct hs *h, const struct th *th, struct buf *b)
{
	struct buf *whole;

	if (h->seg != NULL && th->efi == TH_NORMAL &&
	    (th->mpf == TH_WHOLE || th->mpf == TH_FIRST)) {     /* the old one is cut off */
		whole = h->seg;
		h->seg = NULL;
		refuse_segment(h, rh_at(whole), TH_NORMAL, (uint16_t)whole->mark, whole);
	}
	if (th->mpf == TH_WHOLE)
		return b;
	if (th->mpf == TH_FIRST) {
		if (b->len < SEG_FIRST_MIN || th->efi != TH_NORMAL) {
			refuse_segment(h, b->len >= RH_LEN ? rh_at(b) : 0, th->efi, th->snf, b);
			return NULL;
		}
		b->mark = th->snf;
		h->seg = b;
		return NULL;
	}
	if (h->seg == NULL || th->efi != TH_NORMAL || th->snf != (uint16_t)h->seg->mark ||
	    !seg_add(h, b)) {
		uint32_t rh = h->seg != NULL ? rh_at(h->seg) : 0;

		seg_drop(h);
		refuse_segment(h, rh, th->efi, th->snf, b);
		return NULL;
	}
	buf_free(b);
	if (th->mpf != TH_LAST)
		return NULL;
	whole = h->seg;
	h->seg = NULL;
	return whole;
}

void
hs_input(struct hs *h, const struct th *th, struct buf *b)
{
	struct dfc_rq rq = { .snf = th->snf, .expedited = th->efi == TH_EXPEDITED };

	b = reassemble(h, th, b);
	if (b == NULL)
		return;
	if (b->len < RH_LEN) {
		h->stat[HS_REFUSED]++;
		h->last_sense = SENSE_TH_INCOMPLETE;
		buf_free(b);
		return;
	}
	rq.rh = rh_at(b);
	buf_pull(b, RH_LEN);
	if ((rq.rh & RH_RSP) != 0)
		input_rsp(h, &rq, b);
	else
		input_request(h, &rq, b);
	pump(h);
}

bool
hs_recv(struct hs *h, struct hs_ind *i)
{
	struct buf *b = bufq_get(&h->rx);

	if (b == NULL)
		return false;
	*i = (struct hs_ind){ .rh = rh_at(b), .snf = (uint16_t)b->mark };
	buf_pull(b, RH_LEN);
	b->mark = 0;
	if ((i->rh & RH_SDI) != 0) {
		i->sense = b->len >= 4 ? sense_at(b->p) : SENSE_RU_LENGTH;
		buf_pull(b, b->len >= 4 ? 4 : b->len);
	}
	if (b->len == 0) {
		buf_free(b);
		b = NULL;
	}
	i->ru = b;
	return true;
}

void
hs_show(const struct hs *h, struct con *c)
{
	con_text(c, "  %s FM %02X TS %02X DATA TRAFFIC %s; LAST SENSE %08X",
	    h->role == HS_PLU ? "PLU" : "SLU", h->fm, h->ts, h->active ? "ACTIVE" : "RESET",
	    h->last_sense);
	con_text(c, "  SEND SNF %u WINDOW %u CREDIT %u QUEUED %u RU %u; RECEIVE SNF %u WINDOW %u",
	    h->snf_out, h->win_out, h->credit, h->tx.count, h->max_ru_out, h->snf_in, h->win_in);
	con_text(c, "  RUS SENT %ju RECEIVED %ju; REFUSED %ju; NEGATIVE SENT %ju RECEIVED %ju",
	    (uintmax_t)h->stat[HS_RU_SENT], (uintmax_t)h->stat[HS_RU_RCVD],
	    (uintmax_t)h->stat[HS_REFUSED], (uintmax_t)h->stat[HS_NEG_SENT],
	    (uintmax_t)h->stat[HS_NEG_RCVD]);
	dfc_show(&h->dfc, c);
}
