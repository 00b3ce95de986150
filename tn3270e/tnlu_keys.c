/* SPDX-License-Identifier: Apache-2.0
 *
 * Client to host. Input goes as one chain, RQE1, with BB where no bracket is
 * open and CD always; before its turn it waits. The client's answers are turned
 * into the responses the host asked for. ATTN becomes SIGNAL, or X'6C' where
 * the FM profile knows no SIGNAL.
 */
#include <string.h>

#include "base/ebcdic.h"
#include "base/log.h"
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
	lu->unheard |= p[0] == RU_LUSTAT && lu_is_rqd(rh);        /* immediate request mode */
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
	if (lu->fsm.state != TLU_ACTIVE || lu->shut || lu->owed != 0 || lu->chain.count != 0 ||
	    lu->bid || lu->unheard)
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
	lu->unheard |= lu->one;
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
	lu_accepted(lu);
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
		lu->back = 0;
		bufq_init(&one);
		do {
			b = bufq_get(&lu->hold);
			bufq_put(&one, b);
		} while (b->mark != 0 && lu->hold.count != 0);
		send_chain(lu, e, &one);
	}
	if (lu->hold.count == 0)
		lu->full = 0;
}

/* The driver takes no more of a client whose hold is at its bound: tnlu_may_take().
 * A record that came with the last one there was room for is kept, too. */
static void
hold(struct tnlu *lu, struct bufq *rec)
{
	struct buf *b;

	while ((b = bufq_get(rec)) != NULL) {
		b->mark = rec->count != 0;
		bufq_put(&lu->hold, b);
	}
	if (lu->full || tnlu_may_take(lu))
		return;
	lu->full = 1;
	lu->odd.ahead++;
	if (lu->told_full)
		return;
	lu->told_full = 1;
	LOG(TN, NOTICE, lu->name.s, "%u records typed ahead wait for %s to give the turn: "
	    "nothing more is read till then", lu->hold.count, name_base(&lu->plu));
}

static void
input(struct tnlu *lu, const struct tnlu_env *e, struct bufq *rec)
{
	if (lu->fsm.state != TLU_ACTIVE || lu->shut)
		bufq_drop(rec);         /* suspended, unbound: companion tn3270e 16 */
	else if (lu->hold.count == 0 && my_turn(lu))
		send_chain(lu, e, rec);
	else
		hold(lu, rec);
}

/* --- answers --- */

/* RFC 2355 10.4: the paper is back. */
void
lu_cleared(struct tnlu *lu, const struct tnlu_env *e)
{
	static const uint8_t intervention[] = { RU_LUSTAT, 0x00, 0x01, 0, 0 };
	static const uint8_t connected[] = { RU_LUSTAT, 0x08, 0x2b, 0, 0 };

	if (lu->fsm.state != TLU_ACTIVE || (!lu_is_printer(e) && lu->cond == 0))
		return;
	if (lu->cond != 0)
		LOG(TN, NOTICE, lu->name.s, "it is ready again");
	lu_control(lu, e, lu->cond == 2 ? connected : intervention, sizeof(connected));
	lu->cond = 0;
}

/* --- keys --- */

enum tnlu_say
tnlu_attn(struct tnlu *lu, const struct tnlu_env *e)
{
	static const uint8_t signal[] = { RU_SIGNAL, 0x00, 0x01, 0, 0 };
	struct bufq q;
	struct buf *b;
	bool again = lu->attn != 0;

	if (lu->fsm.state != TLU_ACTIVE)
		return TNLU_NOTHING;
	lu->attn = 1;
	if (again && e->parms->v[TP_SINGLEATTN])
		return TNLU_NOTHING;
	if (lu->fm != 2) {
		lu_control(lu, e, signal, sizeof(signal));
		return lu->lost ? TNLU_LOST : TNLU_NOTHING;
	}
	b = tnlu_may_take(lu) ? buf_get(e->port->bufs, 1) : NULL;
	if (b == NULL)
		return TNLU_NOTHING;
	bufq_init(&q);
	buf_append(b, "\x6c", 1);
	bufq_put(&q, b);
	input(lu, e, &q);
	lu->attn = 1;
	return lu->lost ? TNLU_LOST : TNLU_NOTHING;
}

/* Some clients say ATTN as PA1 and as BREAK, too: tn3270e 6.3, 11. True: this is
 * the second of the two. */
static bool
attn_again(struct tnlu *lu, const struct tnlu_env *e, const struct buf *b)
{
	bool pa1 = b->len == 1 && b->p[0] == 0x6c, again = pa1 && lu->attn;

	lu->attn = pa1;
	return again && e->parms->v[TP_SINGLEATTN];
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
	codepage_from_037(e->page, out, sizeof(text) - 1);
	lu_put_bytes(lu, e, TN_SSCP_LU_DATA, out, sizeof(text) - 1);
	return false;
}

/* --- records --- */

enum tnlu_say
tnlu_record(struct tnlu *lu, const struct tnlu_env *e, const struct tnhdr *h, struct bufq *rec)
{
	struct buf *first = bufq_peek(rec);
	struct rd body = buf_rd(first);
	bool pa1;

	switch (h->type) {
	case TN_3270_DATA:
	case TN_SCS_DATA:
		if (lu_prt_status(lu, e, first))
			break;
		pa1 = first->len == 1 && first->p[0] == 0x6c;
		if (attn_again(lu, e, first))
			break;
		input(lu, e, rec);
		lu->attn = pa1;
		break;
	case TN_RESPONSE:
		lu_response(lu, e, h, &body);
		break;
	case TN_REQUEST:
		lu_cleared(lu, e);
		break;
	case TN_SSCP_LU_DATA:           /* pr3287 means REQUEST by it: tn3270e 8.5 */
		if (lu_is_printer(e))
			lu_cleared(lu, e);
		break;
	default:
		break;
	}
	bufq_drop(rec);
	return lu->lost ? TNLU_LOST : TNLU_NOTHING;
}
