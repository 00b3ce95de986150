/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers. What the client may answer is remembered by the number of its
 * record; what it says becomes the response the host asked for. The host gets
 * its responses in the order of its requests: one that we give ourselves (a
 * null RU, CHASE, a refusal) waits for the client's answers to earlier ones.
 */
#include <string.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "tn3270e/tnlu_parts.h"

static void
answer(struct tnlu *lu, const struct tnlu_env *e, const struct tnlu_corr *c)
{
	struct rpl r = { .op = RPL_RESP, .sess = lu->sess, .suser = e->user, .snf = c->snf,
		.rh = c->rh, .sense = c->sense };

	if (c->what != TNC_FORCED && (c->sense != 0 || lu_is_rqd(c->rh)))
		lu_submit(lu, e, &r);
}

static void
forget(struct tnlu *lu, unsigned i)
{
	if (lu_is_rqd(lu->corr[i].rh) && !lu->corr[i].done)
		lu->owed--;
	lu->n_corr--;
	memmove(&lu->corr[i], &lu->corr[i + 1], (lu->n_corr - i) * sizeof(lu->corr[0]));
}

/* Sends what has its answer and nothing owed in front of it. */
static void
settle(struct tnlu *lu, const struct tnlu_env *e)
{
	unsigned i = 0;

	while (i < lu->n_corr && (lu->corr[i].done || !lu_is_rqd(lu->corr[i].rh))) {
		if (!lu->corr[i].done) {
			i++;
			continue;
		}
		answer(lu, e, &lu->corr[i]);
		forget(lu, i);
	}
	if (lu->owed == 0)
		lu->rsp_by = MONO_NEVER;
}

/* The oldest that only an error would answer makes room; else the oldest is
 * accepted for the client, as the host goes on without its answer. */
static void
make_room(struct tnlu *lu, const struct tnlu_env *e)
{
	unsigned i = 0;

	while (i < TNLU_CORR && lu_is_rqd(lu->corr[i].rh))
		i++;
	if (i == TNLU_CORR) {
		i = 0;
		answer(lu, e, &lu->corr[0]);
	}
	forget(lu, i);
	settle(lu, e);
}

static struct tnlu_corr *
add(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r, enum tnlu_corr_what what)
{
	struct tnlu_corr *c;

	if (lu->n_corr == TNLU_CORR)
		make_room(lu, e);
	c = &lu->corr[lu->n_corr++];
	*c = (struct tnlu_corr){ .rh = r->rh, .seq = lu->seq, .snf = r->snf,
		.what = (uint8_t)what, .eb = lu->chain_eb && lu->brackets };
	return c;
}

void
lu_answer_now(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r, uint32_t sense)
{
	struct tnlu_corr *c;

	if (sense == 0 && !lu_is_rqd(r->rh))
		return;
	if (lu->owed != 0) {
		c = add(lu, e, r, TNC_DATA);
		c->done = 1;
		c->sense = sense;
		settle(lu, e);          /* room may have been made at the front */
		return;
	}
	answer(lu, e, &(struct tnlu_corr){ .rh = r->rh, .snf = r->snf, .sense = sense });
}

void
lu_remember(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r,
    enum tnlu_corr_what what)
{
	int64_t s = e->parms->v[TP_RSPTIMEOUT];

	(void)add(lu, e, r, what);
	if (!lu_is_rqd(r->rh))
		return;
	if (lu_is_printer(e) && s != 0 && s < TNLU_PRINTER_S)
		s = TNLU_PRINTER_S;
	lu->owed++;
	lu_answer_by(lu, e, what == TNC_STATUS ? TNLU_STATUS_S : what == TNC_EOJ ? TNLU_EOJ_S : s);
}

void
lu_answer_by(struct tnlu *lu, const struct tnlu_env *e, int64_t s)
{
	lu->rsp_by = s == 0 ? MONO_NEVER : mono_add(e->now, SECS(s));
}

uint8_t
lu_wanted(const struct tnlu_env *e, uint32_t rh)
{
	if (!tnneg_agreed(e->neg, TNF_RESPONSES) || (rh & RH_RQ) == 0)
		return TNRSP_NONE;
	return lu_is_rqd(rh) ? TNRSP_ALWAYS : TNRSP_ERROR;
}

/* The host has the next word after a refusal: sna-sessions 3.3. A forced BID
 * asked for the turn; LUSTAT 0006 is the way to give it (our choice: 3.7). */
static void
told(struct tnlu *lu, const struct tnlu_env *e, const struct tnlu_corr *c)
{
	static const uint8_t turn[] = { RU_LUSTAT, 0x00, 0x06, 0, 0 };

	if (c->what == TNC_FORCED && lu->flip && lu->inb && lu->turn == TURN_OURS &&
	    lu->hold.count == 0)
		lu_lustat_turn(lu, e, turn, sizeof(turn));
	if (c->what == TNC_BID && c->sense != 0)
		lu->bid = 0;
	if (c->what != TNC_BID && c->eb && c->sense != 0 && lu_is_rqd(c->rh))
		lu->inb = 1;            /* EB did not count: sna-sessions 3.2 */
	if (c->what != TNC_BID && c->what != TNC_FORCED && c->sense != 0 && lu->flip && lu->inb)
		lu->turn = TURN_HOSTS;
	if (lu_is_printer(e) && lu->cond == 0 &&
	    (c->sense == SENSE_INTERVENTION || c->sense == SENSE_DISCONNECTED))
		lu_prt_stopped(lu, c->sense);
	if (c->sense == SENSE_INTERVENTION)
		lu->cond = 1;
	else if (c->sense == SENSE_DISCONNECTED)
		lu->cond = 2;
}

/* A sense code nobody agreed to is a plain refusal. */
static bool
meaning(const struct tnlu_env *e, const struct tnhdr *h, struct rd *body, uint32_t *sense)
{
	if (!tnrsp_sense(h, body, sense))
		return false;
	if ((h->rsp == TNANS_SENSE || h->rsp == TNANS_SENSE_OLD) &&
	    !tnneg_agreed(e->neg, TNF_SNA_SENSE))
		*sense = SENSE_NOT_SUPPORTED;
	return true;
}

/* A chain of ours says that all before it was taken, where the turn is passed: the
 * half-sessions forget it, too. What the client says of it now is too late. */
void
lu_accepted(struct tnlu *lu)
{
	unsigned n = 0;

	if (!lu->flip)
		return;
	for (unsigned i = 0; i < lu->n_corr; i++)
		if (lu_is_rqd(lu->corr[i].rh) || lu->corr[i].done)
			lu->corr[n++] = lu->corr[i];
	lu->n_corr = (uint8_t)n;
}

/* Late, unknown and unasked answers are ignored: tn3270e 9.2. */
void
lu_response(struct tnlu *lu, const struct tnlu_env *e, const struct tnhdr *h, struct rd *body)
{
	uint32_t sense;

	if (meaning(e, h, body, &sense))
		lu_answered(lu, e, h->seq, sense);
}

void
lu_answered(struct tnlu *lu, const struct tnlu_env *e, uint16_t seq, uint32_t sense)
{
	struct tnlu_corr *c = lu->corr;
	unsigned i = 0;

	while (i < lu->n_corr && (c[i].done || c[i].seq != seq))
		i++;
	if (i < lu->n_corr && c[i].what == TNC_EOJ)
		lu->deaf = 0;
	if (i == lu->n_corr || (c[i].what == TNC_LAST && sense == 0 &&
	    lu_prt_eoj_asks(lu, e, &c[i])))
		return;
	if (!lu_is_rqd(c[i].rh) && sense == 0) {
		forget(lu, i);
		return;
	}
	if (c[i].what == TNC_BID && sense != 0)
		sense = SENSE_BID_REJECT;
	if (lu_is_rqd(c[i].rh))
		lu->owed--;
	c[i].done = 1;
	c[i].sense = sense;
	told(lu, e, &c[i]);
	settle(lu, e);
	lu_flush_hold(lu, e);
}

/* Answers for a client that does not: tn3270e 9.2. */
static void
overdue(struct tnlu *lu, const struct tnlu_env *e)
{
	LOG(TN, NOTICE, lu->name.s, "no answer of the client to %u record(s) of %s: "
	    "answered for it", lu->owed, name_base(&lu->plu));
	for (unsigned i = 0; i < lu->n_corr; i++) {
		if (!lu_is_rqd(lu->corr[i].rh) || lu->corr[i].done)
			continue;
		lu->corr[i].done = 1;
		lu->odd.overdue++;
		if (lu->corr[i].what == TNC_EOJ || lu->corr[i].what == TNC_STATUS) {
			lu->deaf = 1;           /* it took the data, and is not asked so again */
			continue;
		}
		lu->corr[i].sense = SENSE_DISCONNECTED;
		if (lu->flip && lu->inb)
			lu->turn = TURN_HOSTS;
	}
	lu->owed = 0;
	settle(lu, e);
	lu->n_corr = lu->bid = 0;
	lu_flush_hold(lu, e);
}

enum tnlu_say
tnlu_expire(struct tnlu *lu, const struct tnlu_env *e)
{
	if (!mono_due(lu->rsp_by, e->now))
		return TNLU_NOTHING;
	lu->rsp_by = MONO_NEVER;
	overdue(lu, e);
	return lu->lost ? TNLU_LOST : TNLU_NOTHING;
}

struct mono
tnlu_deadline(const struct tnlu *lu)
{
	return lu->rsp_by;
}
