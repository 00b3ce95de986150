/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose turn it is, as the client sees it. No TN3270E record carries brackets
 * or direction. Without contention resolution the keyboard tells: the restore
 * bit of the WCC is set where the host gives the turn away (CD, EB) and cleared
 * where it keeps it (tn3270e 10). With it the header tells (tn3270e 9.6):
 * SEND-DATA with every CD and EB, KEYBOARD-RESTORE where nothing else would
 * free the keyboard, BID when the host wants to begin.
 */
#include "snaee/bind.h"
#include "snaee/sense.h"
#include "tn3270e/tnlu_parts.h"

#define WCC_RESTORE 0x02u

/* Bits of TP_UNLOCK. */
#define AFTERREAD TNP_UNLOCK_AFTERREAD
#define AT_BIND TNP_UNLOCK_BIND

static bool
is_write(uint8_t cmd)
{
	switch (cmd) {
	case 0xf1:      /* Write, Erase/Write, Erase/Write Alternate: SNA codes, then local */
	case 0xf5:
	case 0x7e:
	case 0x01:
	case 0x05:
	case 0x0d:
		return true;
	default:
		return false;
	}
}

/* Read Buffer, Read Modified, Read Modified All: SNA codes, then local. */
static bool
is_read(uint8_t cmd)
{
	switch (cmd) {
	case 0xf2:
	case 0xf6:
	case 0x6e:
	case 0x02:
	case 0x06:
	case 0x0e:
		return true;
	default:
		return false;
	}
}

static bool
by_header(const struct tnlu_env *e)
{
	return tnneg_agreed(e->neg, TNF_CONTENTION);
}

/* Only where the turn is passed at all; LU 0 without it keeps its own WCCs. With
 * the header's flags a kept turn needs no locked keyboard. */
uint8_t
lu_keyboard(const struct tnlu *lu, const struct tnlu_env *e, struct buf *b, bool gives)
{
	uint8_t rq = 0;

	if (lu->flip && b->len >= 2 && is_write(b->p[0])) {
		if (gives)
			b->p[1] |= WCC_RESTORE;
		else if (!by_header(e))
			b->p[1] &= (uint8_t)~WCC_RESTORE;
	}
	if (!by_header(e))
		return 0;
	if (gives || !lu->flip)
		rq |= TNRQ_SEND_DATA;
	if (gives && b->len == 0)
		rq |= TNRQ_RESTORE;
	return rq;
}

/* Write with nothing but the restore bit; with contention resolution a header. */
void
lu_unlock(struct tnlu *lu, const struct tnlu_env *e)
{
	struct tnhdr h = { .type = TN_3270_DATA };
	struct buf *b = NULL;

	if (lu_is_printer(e) || e->neg->mode == TNMODE_LINE)
		return;
	if (by_header(e)) {
		h.rq = TNRQ_SEND_DATA | TNRQ_RESTORE;
	} else {
		b = buf_get(e->port->bufs, 2);
		if (b == NULL) {
			e->tel->starved = 1;
			return;
		}
		buf_append(b, "\xf1\xc2", 2);
	}
	if (tnneg_agreed(e->neg, TNF_RESPONSES)) {
		h.seq = lu->seq;
		lu->seq = tnseq_next(lu->seq);
	}
	lu_put(lu, e, &h, b);
}

/* An AID that is still pending is lost with the restore bit, so the order matters
 * to the application: zos-telnet-server 3.5. */
bool
lu_unlock_at_read(const struct tnlu *lu, const struct tnlu_env *e, const struct buf *b,
    enum lu_read when)
{
	bool after = (e->parms->v[TP_UNLOCK] & AFTERREAD) != 0;

	if (!lu->flip || by_header(e) || lu_is_printer(e) || e->neg->mode == TNMODE_LINE)
		return false;
	return b->len != 0 && is_read(b->p[0]) && after == (when == LU_READ_AFTER);
}

/* A client that hears nothing of BIND would stay locked by its last Enter until the
 * application writes, though it may begin; those with BIND-IMAGE hear of it
 * (zos-telnet-server 3.5; that they get no clear screen is our choice). */
void
lu_unlock_at_bind(struct tnlu *lu, const struct tnlu_env *e)
{
	struct tnhdr h = { .type = TN_3270_DATA };
	struct buf *b;

	if ((e->parms->v[TP_UNLOCK] & AT_BIND) == 0 || tnneg_agreed(e->neg, TNF_BIND_IMAGE) ||
	    by_header(e) || lu_is_printer(e) || e->neg->mode == TNMODE_LINE ||
	    lu->turn == TURN_HOSTS)
		return;
	b = buf_get(e->port->bufs, 2);
	if (b == NULL)
		return;                 /* a comfort, no more */
	buf_append(b, "\xf5\xc3", 2);
	if (tnneg_agreed(e->neg, TNF_RESPONSES)) {
		h.seq = lu->seq;
		lu->seq = tnseq_next(lu->seq);
	}
	lu_put(lu, e, &h, b);
}

/* --- BID and SIGNAL --- */

static void
bid_record(struct tnlu *lu, const struct tnlu_env *e, uint8_t rq)
{
	const struct tnhdr h = { .type = TN_BID, .rq = rq, .rsp = TNRSP_ALWAYS, .seq = lu->seq };

	lu->seq = tnseq_next(lu->seq);
	lu_put(lu, e, &h, NULL);
}

static bool
can_ask(const struct tnlu_env *e)
{
	return by_header(e) && tnneg_agreed(e->neg, TNF_RESPONSES);
}

/* The client decides where it can, else its typing does. An accepted bid is
 * followed by the host's bracket: until then nothing of the client goes. */
void
lu_bid(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r)
{
	if (lu->fsm.state == TLU_SUSPENDED) {
		lu_answer_now(lu, e, r, SENSE_LU_BUSY);         /* RFC 2355 10.5 */
		return;
	}
	if ((lu->brackets && lu->inb) || lu->hold.count != 0) {
		lu_answer_now(lu, e, r, SENSE_BID_REJECT);
		return;
	}
	lu->bid = 1;
	if (!can_ask(e)) {
		lu_answer_now(lu, e, r, 0);
		return;
	}
	lu_remember(lu, e, r, TNC_BID);
	bid_record(lu, e, 0);
}

/* The host wants the turn. It is answered at once, as expedited requests are; the
 * client hears it as a BID it has to accept (tn3270e 9.6), and then the turn goes. */
void
lu_signal(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r)
{
	struct rpl a = { .op = RPL_RESP, .sess = lu->sess, .suser = e->user, .snf = r->snf,
		.rh = r->rh };

	if (lu_is_rqd(r->rh))
		lu_submit(lu, e, &a);
	if (!can_ask(e) || lu->fsm.state != TLU_ACTIVE)
		return;
	lu_remember(lu, e, r, TNC_FORCED);
	bid_record(lu, e, TNRQ_SIGNAL);
}
