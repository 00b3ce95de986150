/* SPDX-License-Identifier: Apache-2.0
 *
 * Client to host. Input goes as one chain, RQE1, with BB where no bracket is
 * open and CD always; before its turn it waits. The client's answers are turned
 * into the responses the host asked for. ATTN becomes SIGNAL, or X'6C' where
 * the FM profile knows no SIGNAL.
 */
#include <string.h>

#include "base/ebcdic.h"
#include "snaee/sense.h"
#include "tn3270e/tnlu_parts.h"

/* --- sending --- */

static void
control_rh(struct tnlu *lu, const struct tnlu_env *e, uint32_t rh, const uint8_t *p, size_t n)
{
	struct rpl r = { .op = RPL_SEND, .sess = lu->sess, .suser = e->user, .rh = rh };

	r.buf = buf_get(e->port->bufs, n);
	if (r.buf == NULL)
		return;
	buf_append(r.buf, p, n);
	lu_submit(lu, e, &r);
}

void
lu_control(struct tnlu *lu, const struct tnlu_env *e, const uint8_t *p, size_t n)
{
	control_rh(lu, e, RH_CONTROL, p, n);
}

/* 4B9020 with the turn: sna-sessions 3.7. */
void
lu_lustat_turn(struct tnlu *lu, const struct tnlu_env *e, const uint8_t *p, size_t n)
{
	bool ours = lu->flip && lu->inb && lu->turn == TURN_OURS;

	control_rh(lu, e, ours ? RH_CONTROL | RH_ERI | RH_CDI : RH_CONTROL, p, n);
	if (ours)
		lu->turn = TURN_HOSTS;
}

static bool
my_turn(const struct tnlu *lu)
{
	if (lu->fsm.state != TLU_ACTIVE || lu->shut || lu->owed != 0 || lu->chain.count != 0)
		return false;           /* an owed answer comes first: sna-sessions 3.5 */
	return !lu->flip || lu->turn == TURN_OURS || (lu->brackets && !lu->inb);
}

static void
send_one(struct tnlu *lu, const struct tnlu_env *e, struct buf *b, uint32_t chain)
{
	struct rpl r = { .op = RPL_SEND, .sess = lu->sess, .suser = e->user, .buf = b,
		.rh = RH_FMD | RH_RQE1 | chain };

	if ((chain & RH_BCI) != 0 && lu->brackets && !lu->inb)
		r.rh |= RH_BBI;
	if ((chain & RH_ECI) != 0 && lu->flip)
		r.rh |= RH_CDI;
	if (b != NULL && b->len == 0) {
		buf_free(b);
		r.buf = NULL;
	}
	lu_submit(lu, e, &r);
	if ((chain & RH_ECI) == 0)
		return;
	if (lu->brackets)
		lu->inb = 1;
	if (lu->flip)
		lu->turn = TURN_HOSTS;
}

/* The record as a chain: one piece a buffer; the half-session cuts them to its RU size. */
static void
send_chain(struct tnlu *lu, const struct tnlu_env *e, struct bufq *q)
{
	uint32_t chain = RH_BCI;
	struct buf *b;

	lu->in++;
	lu->attn = 0;
	while ((b = bufq_get(q)) != NULL) {
		send_one(lu, e, b, chain | (q->count == 0 ? RH_ECI : 0));
		chain = 0;
	}
}

/* Buffers of one record carry mark 1 but for the last. */
void
lu_flush_hold(struct tnlu *lu, const struct tnlu_env *e)
{
	struct bufq one;
	struct buf *b;

	while (lu->hold.count != 0 && my_turn(lu)) {
		bufq_init(&one);
		do {
			b = bufq_get(&lu->hold);
			bufq_put(&one, b);
		} while (b->mark != 0 && lu->hold.count != 0);
		send_chain(lu, e, &one);
	}
}

static void
hold(struct tnlu *lu, struct bufq *rec)
{
	struct buf *b;

	while ((b = bufq_get(rec)) != NULL) {
		b->mark = rec->count != 0;
		bufq_put(&lu->hold, b);
	}
}

static void
input(struct tnlu *lu, const struct tnlu_env *e, struct bufq *rec)
{
	if (lu->fsm.state != TLU_ACTIVE || lu->shut)
		bufq_drop(rec);         /* suspended, unbound: companion tn3270e 16 */
	else if (lu->hold.count == 0 && my_turn(lu))
		send_chain(lu, e, rec);
	else if (tnlu_may_take(lu))
		hold(lu, rec);
	else
		bufq_drop(rec);
}

/* --- answers --- */

/* Late, unknown and unasked answers are ignored: tn3270e 9.2. */
static void
response(struct tnlu *lu, const struct tnlu_env *e, const struct tnhdr *h, struct rd *body)
{
	struct tnlu_corr c;
	uint32_t sense;
	unsigned i = 0;

	while (i < lu->n_corr && lu->corr[i].seq != h->seq)
		i++;
	if (i == lu->n_corr || !tnrsp_sense(h, body, &sense))
		return;
	c = lu->corr[i];
	lu->n_corr--;
	memmove(&lu->corr[i], &lu->corr[i + 1], (lu->n_corr - i) * sizeof(c));
	if ((c.rh & RH_ERI) == 0) {
		lu->owed--;
		if (lu->owed == 0)
			lu->rsp_by = MONO_NEVER;
	} else if (sense == 0) {
		return;
	}
	if (lu->bid && sense != 0) {
		sense = SENSE_BID_REJECT;
		lu->bid = 0;
	}
	if (sense == SENSE_INTERVENTION)
		lu->cond = 1;
	else if (sense == SENSE_DISCONNECTED)
		lu->cond = 2;
	lu_answer(lu, e, &c, sense);
	lu_flush_hold(lu, e);
}

/* RFC 2355 10.4: the paper is back. */
static void
cleared(struct tnlu *lu, const struct tnlu_env *e)
{
	static const uint8_t intervention[] = { RU_LUSTAT, 0x00, 0x01, 0, 0 };
	static const uint8_t connected[] = { RU_LUSTAT, 0x08, 0x2b, 0, 0 };

	if (lu->fsm.state != TLU_ACTIVE)
		return;
	lu_control(lu, e, lu->cond == 2 ? connected : intervention, sizeof(connected));
	lu->cond = 0;
}

/* TN3287: 01 6C D9, then what the printer says: tn3270e 6.4. The host was answered already. */
static bool
is_status(const struct buf *b)
{
	return b->len >= 3 && b->p[0] == 0x01 && b->p[1] == 0x6c && b->p[2] == 0xd9;
}

void
tnlu_expire(struct tnlu *lu, const struct tnlu_env *e)
{
	if (!mono_due(lu->rsp_by, e->now))
		return;
	lu->rsp_by = MONO_NEVER;
	for (unsigned i = 0; i < lu->n_corr; i++)
		if ((lu->corr[i].rh & RH_ERI) == 0)
			lu_answer(lu, e, &lu->corr[i], SENSE_DISCONNECTED);
	lu->n_corr = lu->owed = lu->bid = 0;
	lu_flush_hold(lu, e);
}

struct mono
tnlu_deadline(const struct tnlu *lu)
{
	return lu->rsp_by;
}

/* --- keys --- */

enum tnlu_say
tnlu_attn(struct tnlu *lu, const struct tnlu_env *e)
{
	static const uint8_t signal[] = { RU_SIGNAL, 0x00, 0x01, 0, 0 };
	struct bufq q;
	struct buf *b;
	uint8_t again = lu->attn;

	if (lu->fsm.state != TLU_ACTIVE)
		return TNLU_NOTHING;
	lu->attn = 1;
	if (again && e->parms->v[TP_SINGLEATTN])
		return TNLU_NOTHING;
	if (lu->fm != 2) {
		lu_control(lu, e, signal, sizeof(signal));
		return lu->lost ? TNLU_LOST : TNLU_NOTHING;
	}
	b = buf_get(e->port->bufs, 1);
	if (b == NULL)
		return TNLU_NOTHING;
	bufq_init(&q);
	buf_append(b, "\x6c", 1);
	bufq_put(&q, b);
	input(lu, e, &q);
	lu->attn = 1;
	return lu->lost ? TNLU_LOST : TNLU_NOTHING;
}

static bool
is_logoff(const uint8_t *p, size_t n)
{
	static const char word[] = "LOGOFF";
	size_t i = 0, k = 0;

	while (i < n && (p[i] == 0x40 || p[i] == 0x15 || p[i] == 0))
		i++;
	for (; i < n && k < sizeof(word) - 1; i++, k++) {
		char c = (char)asc_from(p[i]);

		if ((c >= 'a' && c <= 'z' ? c - 32 : c) != word[k])
			return false;
	}
	while (i < n && (p[i] == 0x40 || p[i] == 0x15 || p[i] == 0))
		i++;
	return k == sizeof(word) - 1 && i == n;
}

bool
tnlu_sscp_input(struct tnlu *lu, const struct tnlu_env *e, const uint8_t *p, size_t n)
{
	static const char text[] = "\nCOMMAND UNRECOGNIZED\n";
	uint8_t out[sizeof(text)];

	if (is_logoff(p, n)) {
		tnlu_logoff(lu, e, 0);
		return true;
	}
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		out[i] = text[i] == '\n' ? 0x15 : ebc_from((unsigned char)text[i]);
	lu_put_bytes(lu, e, TN_SSCP_LU_DATA, out, sizeof(text) - 1);
	return false;
}

/* --- records --- */

enum tnlu_say
tnlu_record(struct tnlu *lu, const struct tnlu_env *e, const struct tnhdr *h, struct bufq *rec)
{
	struct buf *first = bufq_peek(rec);
	struct rd body = buf_rd(first);

	switch (h->type) {
	case TN_3270_DATA:
	case TN_SCS_DATA:
		if (e->neg->mode == TNMODE_3270 && lu_is_printer(e) && is_status(first))
			break;
		input(lu, e, rec);
		break;
	case TN_RESPONSE:
		response(lu, e, h, &body);
		break;
	case TN_REQUEST:
		cleared(lu, e);
		break;
	case TN_SSCP_LU_DATA:           /* pr3287 means REQUEST by it: tn3270e 8.5 */
		if (lu_is_printer(e))
			cleared(lu, e);
		break;
	default:
		break;
	}
	bufq_drop(rec);
	return lu->lost ? TNLU_LOST : TNLU_NOTHING;
}

/* --- line mode --- */

#define LINE_PIECE 1000u        /* EBCDIC bytes to a buffer of ASCII */

static bool
line_piece(const struct tnlu_env *e, const uint8_t *p, size_t n)
{
	struct buf *o = buf_get(e->port->bufs, n * 2);

	if (o == NULL) {
		e->tel->starved = 1;
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (p[i] == 0x15 || p[i] == 0x25)
			buf_append(o, "\r\n", 2);
		else if (p[i] >= 0x40)
			*buf_put(o, 1) = asc_from(p[i]);
	}
	tel_send_text(e->tel, o);
	return true;
}

void
lu_line_out(const struct tnlu_env *e, struct buf *b)
{
	uint32_t i = 0, n;

	for (; i < b->len; i += n) {
		n = b->len - i < LINE_PIECE ? b->len - i : LINE_PIECE;
		if (!line_piece(e, b->p + i, n))
			break;
	}
	buf_free(b);
}
