/* SPDX-License-Identifier: Apache-2.0
 *
 * Printers. A bracket is a job: behind its end the client hears PRINT-EOJ (plain
 * TN3270: AO), and only then it prints what it has spooled. So where the host
 * wants to know whether its job was printed, PRINT-EOJ asks too: the host's
 * positive response waits for the client's answer to the data and for the one to
 * PRINT-EOJ, one after the other. RFC 2355 does not say that PRINT-EOJ is
 * answered, pr3287 does answer it (tn3270e 9.3). A client that does not is
 * believed after TNLU_EOJ_S, and not asked so again: our choice.
 *
 * Plain TN3270 (RFC 1646) has a status record behind each record: 01 6C D9, then
 * two bytes (tn3270e 6.4). They answer in order; who gives none is treated alike.
 */
#include "base/log.h"
#include "snaee/sense.h"
#include "tn3270e/tnlu_parts.h"

static bool
is_plain(const struct tnlu_env *e)
{
	return e->neg->mode == TNMODE_3270 && lu_is_printer(e);
}

uint8_t
lu_prt_wanted(const struct tnlu *lu, const struct tnlu_env *e, uint32_t rh)
{
	if (!is_plain(e))
		return lu_wanted(e, rh);
	if ((rh & RH_RQ) == 0 || lu->deaf)
		return TNRSP_NONE;
	return lu_is_rqd(rh) ? TNRSP_ALWAYS : TNRSP_ERROR;
}

enum tnlu_corr_what
lu_prt_what(const struct tnlu *lu, const struct tnlu_env *e, uint32_t rh)
{
	if (!lu_is_printer(e))
		return TNC_DATA;
	if (is_plain(e))
		return TNC_STATUS;
	return lu->chain_eb && lu_is_rqd(rh) ? TNC_LAST : TNC_DATA;
}

void
lu_prt_eoj(struct tnlu *lu, const struct tnlu_env *e, enum tn_rsp rsp, uint16_t seq)
{
	const struct tnhdr h = { .type = TN_PRINT_EOJ, .rsp = (uint8_t)rsp, .seq = seq };

	if (e->neg->mode == TNMODE_E)
		lu_put(lu, e, &h, NULL);
	else
		tel_put_cmd(e->tel, TC_AO);     /* RFC 1646 as its users do it: tn3270e 6.4 */
	lu->spool = 0;
	lu->odd.jobs++;
}

/* A PRINT-EOJ that is answered has a number of its own, as BID has on z/OS. */
static uint16_t
take_number(struct tnlu *lu)
{
	uint16_t seq = lu->seq;

	lu->seq = tnseq_next(seq);
	return seq;
}

bool
lu_prt_eoj_asks(struct tnlu *lu, const struct tnlu_env *e, struct tnlu_corr *c)
{
	if (lu->deaf) {
		lu_prt_eoj(lu, e, TNRSP_NONE, 0);
		return false;
	}
	c->what = TNC_EOJ;
	c->seq = take_number(lu);
	lu_answer_by(lu, e, TNLU_EOJ_S);
	lu_prt_eoj(lu, e, TNRSP_ALWAYS, c->seq);
	return true;
}

void
lu_prt_end(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r, enum lu_eb eb)
{
	uint8_t rsp = e->neg->mode == TNMODE_E ? lu_wanted(e, r->rh) : TNRSP_NONE;

	if (rsp == TNRSP_ALWAYS && eb == LU_EB_DATA)
		return;                         /* lu_prt_eoj_asks(), when that is answered */
	if (lu->deaf)
		rsp = TNRSP_NONE;
	if (rsp != TNRSP_NONE)
		lu_remember(lu, e, r, TNC_EOJ);
	lu_prt_eoj(lu, e, (enum tn_rsp)rsp, rsp != TNRSP_NONE ? take_number(lu) : 0);
	if (rsp == TNRSP_NONE && eb == LU_EB_EMPTY)
		lu_answer_now(lu, e, r, 0);
}

/* Told once, until it is mended: lu_cleared(). */
void
lu_prt_stopped(struct tnlu *lu, uint32_t sense)
{
	lu->odd.stops++;
	LOG(TN, NOTICE, lu->name.s, "the printer stops, sense %08X: %s. %s waits", sense,
	    sense_text(sense), name_base(&lu->plu));
}

/* 02: done. 04: not done, and why. */
static uint32_t
status_sense(const struct buf *b)
{
	unsigned why = b->len > 4 ? b->p[4] : 0;

	if (b->len < 4 || b->p[3] != 0x04)
		return 0;
	if ((why & 0x10) != 0)
		return SENSE_INTERVENTION;
	return (why & 0x04) != 0 ? SENSE_PARAMETER : SENSE_NOT_SUPPORTED;
}

bool
lu_prt_status(struct tnlu *lu, const struct tnlu_env *e, const struct buf *b)
{
	uint32_t sense;
	uint16_t seq = lu->answered;

	if (!is_plain(e) || b->len < 3 || b->p[0] != 0x01 || b->p[1] != 0x6c || b->p[2] != 0xd9)
		return false;
	sense = status_sense(b);
	if (lu->deaf)                           /* which record it is for is not known any more */
		lu->answered = seq = lu->seq;
	if (seq == lu->seq) {                   /* unasked */
		if (sense == 0 && lu->cond != 0)
			lu_cleared(lu, e);
		lu->deaf = 0;
		return true;
	}
	lu->answered = tnseq_next(seq);
	lu_answered(lu, e, seq, sense);
	return true;
}
