/* SPDX-License-Identifier: Apache-2.0
 *
 * Host to client. A chain is one record. Its last RU says which response is
 * wanted; brackets and the turn, which no TN3270E record carries, are told to
 * the client by the keyboard: the restore bit of the WCC is set where the host
 * gives the turn away (CD, EB) and cleared where it keeps it (tn3270e 10), or,
 * with contention resolution, by the flags of the header.
 */
#include <string.h>

#include "snaee/bind.h"
#include "snaee/sense.h"
#include "tn3270e/tnlu_parts.h"

/* --- records --- */

/* The header in front of the first buffer; in one of its own where that has no room. */
static void
put_header(const struct tnlu_env *e, struct bufq *q, const struct tnhdr *h)
{
	struct buf *b = bufq_peek(q);
	struct wr w;

	if (e->neg->mode != TNMODE_E)
		return;
	if (buf_headroom(b) >= TNHDR_LEN) {
		w = wr_on(buf_push(b, TNHDR_LEN), TNHDR_LEN);
		q->bytes += TNHDR_LEN;
	} else {
		b = buf_get(e->port->bufs, TNHDR_LEN);
		if (b == NULL) {
			e->tel->starved = 1;
			return;
		}
		w = wr_on(buf_put(b, TNHDR_LEN), TNHDR_LEN);
		bufq_unget(q, b);
	}
	tnhdr_put(&w, h);
}

void
lu_put(struct tnlu *lu, const struct tnlu_env *e, const struct tnhdr *h, struct buf *b)
{
	struct bufq q;

	bufq_init(&q);
	if (b == NULL)
		b = buf_get(e->port->bufs, 0);
	if (b == NULL) {
		e->tel->starved = 1;
		return;
	}
	bufq_put(&q, b);
	put_header(e, &q, h);
	tel_send(e->tel, &q);
	lu->out++;
}

void
lu_put_bytes(struct tnlu *lu, const struct tnlu_env *e, enum tn_type type, const void *p, size_t n)
{
	const struct tnhdr h = { .type = (uint8_t)type };
	struct buf *b = buf_get(e->port->bufs, n);

	if (b == NULL) {
		e->tel->starved = 1;
		return;
	}
	buf_append(b, p, n);
	lu_put(lu, e, &h, b);
}

/* --- a whole chain --- */

static void
shutc(struct tnlu *lu, const struct tnlu_env *e)
{
	static const uint8_t ru[] = { RU_SHUTC };

	lu_control(lu, e, ru, sizeof(ru));
}

static void
turns(struct tnlu *lu, const struct tnlu_env *e, uint32_t rh)
{
	if (lu->chain_eb && lu->brackets) {
		lu->inb = 0;
		lu->turn = TURN_ANY;
		if (lu->shut)                   /* it waited for the bracket's end */
			shutc(lu, e);
	} else if (lu->flip) {
		lu->turn = (rh & RH_CDI) != 0 ? TURN_OURS : TURN_HOSTS;
	}
}

/* Nothing but CD or EB: the client has to hear that it is its turn. */
static void
fill_null(const struct tnlu_env *e, struct buf *b, bool gives)
{
	if (b->len != 0 || !gives || lu_is_printer(e) || e->neg->mode == TNMODE_LINE ||
	    tnneg_agreed(e->neg, TNF_CONTENTION))
		return;
	if (buf_tailroom(b) >= 2)
		buf_append(b, "\xf1\xc2", 2);
}

static void
put_chain(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r, const struct tnhdr *h)
{
	put_header(e, &lu->chain, h);
	tel_send(e->tel, &lu->chain);
	bufq_init(&lu->chain);
	lu->out++;
	if (h->rsp == TNRSP_NONE)
		lu_answer_now(lu, e, r, 0);        /* accepted when TCP has it: sna-sessions 3.8 */
}

/* Line mode: EBCDIC lines become ASCII ones. */
static void
put_lines(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r)
{
	lu_line_chain(e, &lu->chain);
	lu_answer_now(lu, e, r, 0);
	lu->out++;
}

static void
number(struct tnlu *lu, const struct tnlu_env *e, struct tnhdr *h)
{
	if (!tnneg_agreed(e->neg, TNF_RESPONSES) && e->neg->mode == TNMODE_E)
		return;
	h->seq = lu->seq;
	lu->seq = tnseq_next(lu->seq);
}

static void
put_data(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r, struct tnhdr *h)
{
	bool gives = (r->rh & RH_CDI) != 0 || lu->chain_eb;
	struct buf *first = bufq_peek(&lu->chain);
	bool after = gives && lu_unlock_at_read(lu, e, first, LU_READ_AFTER);

	if (gives && lu_unlock_at_read(lu, e, first, LU_READ_BEFORE))
		lu_unlock(lu, e);
	h->rsp = lu_prt_wanted(lu, e, r->rh);
	if (h->rsp != TNRSP_NONE)
		lu_remember(lu, e, r, lu_prt_what(lu, e, r->rh));
	lu->spool = lu_is_printer(e);
	number(lu, e, h);
	if (h->rsp == TNRSP_ERROR && lu->dyn_dr)
		h->rsp = TNRSP_ALWAYS;          /* DYNAMICDR: the host does not hear of it */
	lu->asked = h->rsp == TNRSP_ALWAYS;
	lu->asked_seq = h->seq;
	put_chain(lu, e, r, h);
	if (after)
		lu_unlock(lu, e);
}

/* A display shows nothing for a null RU; a printer ends its job by it. */
static void
deliver(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r)
{
	bool gives = (r->rh & RH_CDI) != 0 || lu->chain_eb, printer = lu_is_printer(e);
	struct buf *first = bufq_peek(&lu->chain);
	struct tnhdr h = { .type = printer && lu->lutype == 1 ? TN_SCS_DATA : TN_3270_DATA };

	turns(lu, e, r->rh);
	lu->attn = 0;
	fill_null(e, first, gives);
	if (!printer)
		h.rq = lu_keyboard(lu, e, first, gives);
	if (e->neg->mode == TNMODE_LINE) {
		put_lines(lu, e, r);
		return;
	}
	if (first->len != 0 || h.rq != 0) {
		put_data(lu, e, r, &h);
		if (printer && lu->chain_eb)
			lu_prt_end(lu, e, r, LU_EB_DATA);
		return;
	}
	bufq_drop(&lu->chain);                  /* nothing a client could see */
	if (printer && lu->chain_eb)
		lu_prt_end(lu, e, r, LU_EB_EMPTY);
	else
		lu_answer_now(lu, e, r, 0);
}

/* --- RUs --- */

static void
pace(struct tnlu *lu, const struct tnlu_env *e)
{
	struct rpl r = { .op = RPL_PACE, .sess = lu->sess, .suser = e->user };

	if (e->tel->out.bytes < TNLU_PACE_MARK) {
		lu->pace_owed = 0;
		lu_submit(lu, e, &r);
	} else {
		lu->pace_owed = 1;      /* a slow reader holds its host back: sna-sessions 3.6 */
	}
}

void
tnlu_drained(struct tnlu *lu, const struct tnlu_env *e)
{
	if (lu->pace_owed && tnlu_in_session(lu))
		pace(lu, e);
}

/* The chain is answered and the rest of it dropped. */
static void
refuse_chain(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r, uint32_t sense)
{
	bufq_drop(&lu->chain);
	lu->purge = (r->rh & RH_ECI) == 0;
	if (sense == 0)
		return;
	lu->odd.chains++;
	lu_answer_now(lu, e, r, sense);
}

static uint32_t
chain_limit(const struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r)
{
	int32_t max = e->parms->v[TP_MAXRUCHAIN];
	size_t more = r->buf == NULL ? 0 : r->buf->len;

	if (lu->fsm.state == TLU_SUSPENDED)
		return SENSE_LU_BUSY;           /* RFC 2355 10.5 */
	if (lu->fsm.state != TLU_ACTIVE)
		return SENSE_TRAFFIC_RESET;
	if (max != 0 && lu->chain_rus > (uint32_t)max)
		return SENSE_NO_RESOURCE;
	return lu->chain.bytes + more > TNLU_CHAIN_MAX ? SENSE_NO_RESOURCE : 0;
}

static void
data(struct tnlu *lu, const struct tnlu_env *e, struct rpl *r)
{
	uint32_t sense;

	if ((r->rh & RH_BCI) != 0) {
		bufq_drop(&lu->chain);
		lu->purge = 0;
		lu->chain_rus = 0;
		lu->chain_eb = (r->rh & RH_EBI) != 0;
		if ((r->rh & RH_BBI) != 0)
			lu->inb = 1;
		lu->bid = 0;
	}
	if (lu->purge) {
		lu->purge = (r->rh & RH_ECI) == 0;
		return;
	}
	if (lu->flip)
		lu->turn = TURN_HOSTS;
	lu->chain_rus++;
	sense = chain_limit(lu, e, r);
	if (r->sense != 0 || sense != 0) {      /* the half-session has answered its own */
		refuse_chain(lu, e, r, r->sense != 0 ? 0 : sense);
		return;
	}
	if (r->buf == NULL && lu->chain.count == 0)
		r->buf = buf_get(e->port->bufs, 2);
	if (r->buf == NULL && lu->chain.count == 0) {
		refuse_chain(lu, e, r, SENSE_NO_RESOURCE);
		return;
	}
	if (r->buf != NULL)
		bufq_put(&lu->chain, r->buf);
	r->buf = NULL;
	if ((r->rh & RH_ECI) != 0)
		deliver(lu, e, r);
}

/* --- control requests --- */

static void
on_shutd(struct tnlu *lu, const struct tnlu_env *e)
{
	lu->shut = 1;
	bufq_drop(&lu->hold);
	if (!lu->brackets || !lu->inb)
		shutc(lu, e);
}

static void
control(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r)
{
	uint8_t code = r->buf != NULL && r->buf->len != 0 ? r->buf->p[0] : 0;

	if (r->sense != 0)
		return;
	switch (code) {
	case RU_BID:
		lu_bid(lu, e, r);
		return;
	case RU_SIGNAL:
		lu_signal(lu, e, r);
		return;
	case RU_RELQ:
		lu->shut = 0;
		break;
	case RU_RTR:
		lu_answer_now(lu, e, r, SENSE_RTR_NOT_NEEDED);
		return;
	case RU_CANCEL:
		bufq_drop(&lu->chain);
		lu->purge = 0;
		if ((r->rh & RH_EBI) != 0)
			lu_reset_turns(lu);
		break;
	case RU_SHUTD:
		lu_answer_now(lu, e, r, 0);
		on_shutd(lu, e);
		return;
	default:
		break;
	}
	lu_answer_now(lu, e, r, 0);
	if ((r->rh & RH_CDI) != 0 && lu->flip) {
		lu->turn = TURN_OURS;
		lu_unlock(lu, e);
	}
}

void
lu_data(struct tnlu *lu, const struct tnlu_env *e, struct rpl *r)
{
	if ((r->rh & RH_PI) != 0)
		pace(lu, e);
	switch (r->rh & RH_CAT) {
	case RH_FMD:
		data(lu, e, r);
		break;
	case RH_DFC:
		control(lu, e, r);
		break;
	default:                /* CLEAR: all starts anew */
		if (r->buf != NULL && r->buf->len != 0 && r->buf->p[0] == RU_CLEAR) {
			bufq_drop(&lu->chain);
			bufq_drop(&lu->hold);
			lu->n_corr = lu->owed = 0;
			lu->rsp_by = MONO_NEVER;
			lu_reset_turns(lu);
		}
		break;
	}
	lu_flush_hold(lu, e);
}

/* --- logon screens --- */

/* z/OS binds a client that knows BIND-IMAGE to its own screen: tn3270e 9.1. */
static void
pseudo_bind(struct tnlu *lu, const struct tnlu_env *e)
{
	static const uint8_t image[] = { 0x31, 0x01, 0x02, 0x02, 0, 0, 0x30, 0x80, 0, 0x84, 0x87,
		0xf8, 0x80, 0, 0x02, 0x80, 0, 0, 0, 0, 0x18, 0x50, 0, 0, 0x7e, 0, 0, 0x06,
		0xe3, 0xc5, 0xd3, 0xd5, 0xc5, 0xe3, 0 };

	if (lu->pseudo || !tnneg_agreed(e->neg, TNF_BIND_IMAGE))
		return;
	lu_put_bytes(lu, e, TN_BIND_IMAGE, image, sizeof(image));
	lu->pseudo = 1;
}

void
tnlu_screen(struct tnlu *lu, const struct tnlu_env *e, enum tnlu_form form, struct buf *b)
{
	struct tnhdr h = { .type = TN_SSCP_LU_DATA };

	if (e->neg->mode == TNMODE_LINE) {
		lu_line_out(e, b);
		return;
	}
	if (form == TNLU_F_3270) {
		codepage_screen(e->page, b->p, b->len);
		pseudo_bind(lu, e);
		h.type = TN_3270_DATA;
		if (tnneg_agreed(e->neg, TNF_CONTENTION))
			h.rq = TNRQ_SEND_DATA;
		if (tnneg_agreed(e->neg, TNF_RESPONSES)) {
			h.seq = lu->seq;
			lu->seq = tnseq_next(lu->seq);
		}
	} else {
		codepage_from_037(e->page, b->p, b->len);
	}
	lu_put(lu, e, &h, b);
}
