/* SPDX-License-Identifier: Apache-2.0
 *
 * Logical data link control over UDP. A datagram may be lost, doubled or late,
 * so whoever calls sends LLC commands and repeats them every SRQTIME; whoever
 * is called only answers, and answers a repeated command with the same bytes.
 * The XID exchange itself (who is primary, which TG number) is xidneg's; here
 * is who repeats what, for how long, and what silence means. The mode-setting
 * command is XID_DONE_RQ, an NLP routed to the LDLC function of the partner.
 *
 * Two nodes that call each other at once join one exchange: the one with the
 * lower IP address becomes the called one. Both go on feeding the exchange with
 * what they receive, so a disagreement about who is called (address
 * translation) costs time, not the link. Our choice; RFC 2353 is silent.
 */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/stats.h"
#include "snaee/ldlc.h"
#include "snaee/nlp.h"
#include "snaee/sense.h"

enum { LE_OPEN = 1, LE_CALL, LE_ANSWER, LE_SEND, LE_LAST, LE_SETMODE, LE_RQ, LE_RSP,
	LE_HEARD, LE_TEST, LE_LIVE, LE_RETRY, LE_LIMIT, LE_DM, LE_DISC, LE_CLOSE, LE_FAIL,
	LE_DEAD, LE_N };
enum { LA_NONE = 1, LA_PATIENCE, LA_XID, LA_RQ, LA_UP, LA_ACK, LA_ALIVE, LA_PROBE, LA_AGAIN,
	LA_LOST, LA_DISC, LA_GONE, LA_REFUSED, LA_ENDED, LA_FAILED, LA_N };

static const char *const ls_name[LS_N] = { "", "RESET", "CALLED", "XIDX", "WDONE_P",
	"WDONE_S", "ACTIVE", "PROBE", "WDM" };
static const char *const le_name[LE_N] = { "", "OPEN", "CALL", "ANSWER", "SEND_XID",
	"SEND_LAST_XID", "SETMODE", "XID_DONE_RQ", "XID_DONE_RSP", "NLP", "TEST_RSP", "T_LIVE",
	"T_RETRY", "T_RETRY_LIMIT", "DM", "DISC", "CLOSE", "XID_ERROR", "GIVE_UP" };
static const char *const la_name[LA_N] = { "", "NONE", "PATIENCE", "XID", "XID_DONE_RQ", "UP",
	"XID_DONE_RSP", "ALIVE", "TEST", "AGAIN", "LOST", "DISC", "GONE", "REFUSED", "ENDED",
	"FAILED" };

/* Companion ee-hpr-rtp section 2.4; the architected table is not public. */
static const struct fsm_cell ldlc_cell[LS_N][LE_N] = {
	[LS_RESET][LE_OPEN]     = { LS_XIDX, LA_NONE },
	[LS_RESET][LE_CALL]     = { LS_CALLED, LA_PATIENCE },
	[LS_CALLED][LE_ANSWER]  = { LS_XIDX, LA_PATIENCE },
	[LS_CALLED][LE_FAIL]    = { LS_RESET, LA_FAILED },
	[LS_CALLED][LE_DEAD]    = { LS_RESET, LA_LOST },
	[LS_CALLED][LE_CLOSE]   = { LS_RESET, LA_GONE },
	[LS_CALLED][LE_DISC]    = { LS_RESET, LA_ENDED },
	[LS_XIDX][LE_SEND]      = { LS_XIDX, LA_XID },
	[LS_XIDX][LE_LAST]      = { LS_WDONE_S, LA_XID },
	[LS_XIDX][LE_SETMODE]   = { LS_WDONE_P, LA_RQ },
	[LS_XIDX][LE_RETRY]     = { LS_XIDX, LA_AGAIN },
	[LS_XIDX][LE_LIMIT]     = { LS_RESET, LA_LOST },
	[LS_XIDX][LE_DM]        = { LS_RESET, LA_REFUSED },
	[LS_XIDX][LE_DISC]      = { LS_RESET, LA_ENDED },
	[LS_XIDX][LE_CLOSE]     = { LS_WDM, LA_DISC },
	[LS_XIDX][LE_FAIL]      = { LS_RESET, LA_FAILED },
	[LS_XIDX][LE_DEAD]      = { LS_RESET, LA_LOST },
	[LS_WDONE_P][LE_SEND]   = { LS_XIDX, LA_XID },
	[LS_WDONE_P][LE_SETMODE] = { LS_WDONE_P, LA_RQ },
	[LS_WDONE_P][LE_RSP]    = { LS_ACTIVE, LA_UP },
	[LS_WDONE_P][LE_HEARD]  = { LS_ACTIVE, LA_UP },         /* the response was lost */
	[LS_WDONE_P][LE_RETRY]  = { LS_WDONE_P, LA_AGAIN },
	[LS_WDONE_P][LE_LIMIT]  = { LS_RESET, LA_LOST },
	[LS_WDONE_P][LE_DM]     = { LS_RESET, LA_REFUSED },
	[LS_WDONE_P][LE_DISC]   = { LS_RESET, LA_ENDED },
	[LS_WDONE_P][LE_CLOSE]  = { LS_WDM, LA_DISC },
	[LS_WDONE_P][LE_FAIL]   = { LS_RESET, LA_FAILED },
	[LS_WDONE_P][LE_DEAD]   = { LS_RESET, LA_LOST },
	[LS_WDONE_S][LE_SEND]   = { LS_WDONE_S, LA_XID },
	[LS_WDONE_S][LE_LAST]   = { LS_WDONE_S, LA_XID },
	[LS_WDONE_S][LE_RQ]     = { LS_ACTIVE, LA_UP },
	[LS_WDONE_S][LE_RETRY]  = { LS_WDONE_S, LA_AGAIN },
	[LS_WDONE_S][LE_LIMIT]  = { LS_RESET, LA_LOST },
	[LS_WDONE_S][LE_DM]     = { LS_RESET, LA_REFUSED },
	[LS_WDONE_S][LE_DISC]   = { LS_RESET, LA_ENDED },
	[LS_WDONE_S][LE_CLOSE]  = { LS_WDM, LA_DISC },
	[LS_WDONE_S][LE_FAIL]   = { LS_RESET, LA_FAILED },
	[LS_WDONE_S][LE_DEAD]   = { LS_RESET, LA_LOST },
	[LS_ACTIVE][LE_RQ]      = { LS_ACTIVE, LA_ACK },
	[LS_ACTIVE][LE_RSP]     = { LS_ACTIVE, LA_NONE },
	[LS_ACTIVE][LE_HEARD]   = { LS_ACTIVE, LA_ALIVE },
	[LS_ACTIVE][LE_TEST]    = { LS_ACTIVE, LA_NONE },
	[LS_ACTIVE][LE_LIVE]    = { LS_PROBE, LA_PROBE },
	[LS_ACTIVE][LE_DM]      = { LS_RESET, LA_ENDED },
	[LS_ACTIVE][LE_DISC]    = { LS_RESET, LA_ENDED },
	[LS_ACTIVE][LE_CLOSE]   = { LS_WDM, LA_DISC },
	[LS_ACTIVE][LE_DEAD]    = { LS_RESET, LA_LOST },
	[LS_PROBE][LE_RQ]       = { LS_PROBE, LA_ACK },
	[LS_PROBE][LE_RSP]      = { LS_PROBE, LA_NONE },
	[LS_PROBE][LE_HEARD]    = { LS_ACTIVE, LA_ALIVE },
	[LS_PROBE][LE_TEST]     = { LS_ACTIVE, LA_ALIVE },
	[LS_PROBE][LE_RETRY]    = { LS_PROBE, LA_AGAIN },
	[LS_PROBE][LE_LIMIT]    = { LS_RESET, LA_LOST },
	[LS_PROBE][LE_DM]       = { LS_RESET, LA_ENDED },
	[LS_PROBE][LE_DISC]     = { LS_RESET, LA_ENDED },
	[LS_PROBE][LE_CLOSE]    = { LS_WDM, LA_DISC },
	[LS_PROBE][LE_DEAD]     = { LS_RESET, LA_LOST },
	[LS_WDM][LE_CLOSE]      = { LS_WDM, LA_NONE },
	[LS_WDM][LE_RETRY]      = { LS_WDM, LA_AGAIN },
	[LS_WDM][LE_LIMIT]      = { LS_RESET, LA_GONE },
	[LS_WDM][LE_DM]         = { LS_RESET, LA_GONE },
	[LS_WDM][LE_DISC]       = { LS_RESET, LA_GONE },
	[LS_WDM][LE_DEAD]       = { LS_RESET, LA_GONE },
};
FSM_DESC(ldlc_desc, "ldlc", ls_name, le_name, la_name, ldlc_cell);

/* What is to be sent. */
#define W_NULL 0x01u            /* null XID, command or response by called */
#define W_XID 0x02u             /* out_xid */
#define W_RQ 0x04u
#define W_RSP 0x08u
#define W_TEST 0x10u
#define W_DISC 0x20u
/* ind */
#define I_UP 1u
#define I_DOWN 2u
#define I_MTU 4u

static void feed(struct ldlc *, struct mono, enum xn_do);

void
ldlc_init(struct ldlc *l, const struct ldlc_parm *p)
{
	memset(l, 0, sizeof(*l));
	fsm_init(&l->fsm, &ldlc_desc, LS_RESET);
	l->parm = *p;
	for (unsigned i = 0; i < LT_N; i++)
		l->t[i] = MONO_NEVER;
	l->live_us = SECS(p->livtime);
	l->nlp_ssap = p->xid.nlp_sap;
	l->nlp_dsap = LLC_SAP_NLP;
	l->max_btu = p->xid.max_btu;
	ipaddr_text(&p->remote, l->subject);
	xidneg_init(&l->neg, &p->xid);
}

static int64_t
srqtime(const struct ldlc *l)
{
	return SECS(l->parm.srqtime);
}

static void
stop_all(struct ldlc *l)
{
	for (unsigned i = 0; i < LT_N; i++)
		l->t[i] = MONO_NEVER;
	l->cmd_out = 0;
}

/* As long as a caller would go on trying, and once more. */
static void
start_patience(struct ldlc *l, struct mono now)
{
	l->t[LT_PATIENCE] = mono_add(now, srqtime(l) * (l->parm.srqretry + 2));
}

/* The signal that waits has its answer. */
static void
answered(struct ldlc *l)
{
	unsigned n = l->tries < LDLC_ATTEMPTS ? l->tries : LDLC_ATTEMPTS;

	if (n != 0 && !mono_is_never(l->t[LT_RETRY]))
		l->diag.answered[n - 1]++;
}

static void
start_retry(struct ldlc *l, struct mono now)
{
	l->tries = 0;
	l->t[LT_RETRY] = mono_add(now, srqtime(l));
}

/* XID3 in own into out_xid. */
static void
save_own(struct ldlc *l)
{
	struct wr w = wr_on(l->out_xid, sizeof(l->out_xid));

	xid_put(&w, &l->neg.own);
	l->out_len = (uint16_t)(w.bad ? 0 : wr_len(&w));
}

/* An XID goes out: a command waits for its answer, a response does not. */
static void
send_xid(struct ldlc *l, struct mono now)
{
	l->want = (uint16_t)((l->want & ~(W_NULL | W_XID | W_RQ)) | (l->out_len == 0 ? W_NULL :
	    W_XID));
	if (l->called) {
		l->t[LT_RETRY] = MONO_NEVER;
		l->cmd_out = 0;
		start_patience(l, now);
	} else {
		answered(l);
		start_retry(l, now);
		l->cmd_out = 1;
		if (l->out_len != 0)
			l->t[LT_PATIENCE] = MONO_NEVER;
	}
}

static void
down(struct ldlc *l, uint32_t sense)
{
	stop_all(l);
	l->sense = sense;
	l->ind = (uint8_t)((l->ind & ~I_MTU) | I_DOWN);
}

static void
go_up(struct ldlc *l, struct mono now)
{
	char product[32];

	answered(l);
	stop_all(l);
	l->up_at = l->heard_at = l->diag.rexmit_at = l->diag.srq_at = now;
	l->live_us = SECS(l->parm.livtime);
	if (l->live_us != 0)
		l->t[LT_LIVE] = mono_add(now, l->live_us);
	l->up = 1;
	l->ind |= I_UP;
	xid_product_name(&l->neg.peer, product);
	LOG(LDLC, NOTICE, l->subject, "link active, TG %u, %s, max BTU %u, partner %s %08X",
	    ldlc_tgn(l), ldlc_role(l), l->max_btu, product, l->neg.peer.nodeid);
}

/* The same signal once more. */
static void
again(struct ldlc *l, struct mono now)
{
	if (l->tries++ == 0)
		l->stat[LDLC_RESENT_ONCE]++;
	if (l->tries == l->parm.srqretry)
		l->stat[LDLC_RESENT_LIMIT]++;
	l->t[LT_RETRY] = mono_add(now, srqtime(l));
	switch ((enum ldlc_state)l->fsm.state) {
	case LS_XIDX:
	case LS_WDONE_S:
		l->want |= l->out_len == 0 ? W_NULL : W_XID;
		break;
	case LS_WDONE_P:
		l->want |= W_RQ;
		break;
	case LS_PROBE:
		l->want |= W_TEST;
		break;
	case LS_WDM:
		l->want |= W_DISC;
		break;
	case LS_RESET:
	case LS_CALLED:
	case LS_ACTIVE:
	case LS_N:
		break;
	}
}

/* Idle links are tested less and less often: LIVTIME=(initial,maximum). */
static void
grow_live(struct ldlc *l)
{
	int64_t max = SECS(l->parm.livtime_max);

	if (max <= SECS(l->parm.livtime))
		return;
	l->live_us *= 2;
	if (l->live_us > max)
		l->live_us = max;
}

static void
alive(struct ldlc *l, struct mono now)
{
	l->t[LT_RETRY] = MONO_NEVER;
	l->want &= (uint16_t)~W_TEST;
	if (l->live_us != 0)
		l->t[LT_LIVE] = mono_add(now, l->live_us);
}

/* Why a link ends that worked, or was about to: 8002 in SNA's words. */
#define SENSE_ENDED 0x80020001u /* the partner ended it; our choice of the last byte */

static void
act_end(struct ldlc *l, unsigned action)
{
	switch (action) {
	case LA_LOST:
		down(l, l->sense != 0 ? l->sense : SENSE_LINK_FAILURE);
		l->want &= W_XID;
		break;
	case LA_GONE:
		down(l, 0);
		l->want = 0;
		break;
	case LA_REFUSED:
	case LA_ENDED:
		down(l, SENSE_ENDED);
		l->want = 0;
		break;
	case LA_FAILED:
		save_own(l);
		l->want = W_XID;
		down(l, l->neg.sense);
		break;
	}
	LOG(LDLC, NOTICE, l->subject, "link down, sense %08X", l->sense);
}

static void
step(struct ldlc *l, struct mono now, unsigned event)
{
	unsigned a = fsm_step(&l->fsm, event, l->subject);

	switch (a) {
	case 0:
		l->stat[LDLC_REFUSED]++;
		break;
	case LA_NONE:
		break;
	case LA_PATIENCE:
		start_patience(l, now);
		break;
	case LA_XID:
		send_xid(l, now);
		break;
	case LA_RQ:
		l->want = (uint16_t)((l->want & ~(W_XID | W_NULL)) | W_RQ);
		l->t[LT_PATIENCE] = MONO_NEVER;
		start_retry(l, now);
		break;
	case LA_UP:
		if (event == LE_RQ)
			l->want |= W_RSP;
		go_up(l, now);
		break;
	case LA_ACK:
		l->want |= W_RSP;
		break;
	case LA_ALIVE:
		l->doubt = l->tries != 0 && !mono_is_never(l->t[LT_RETRY]);
		if (event == LE_TEST) {
			answered(l);
			grow_live(l);
		}
		alive(l, now);
		break;
	case LA_PROBE:
		l->t[LT_LIVE] = MONO_NEVER;
		l->want |= W_TEST;
		start_retry(l, now);
		break;
	case LA_AGAIN:
		again(l, now);
		break;
	case LA_DISC:
		stop_all(l);
		l->want = W_DISC;
		start_retry(l, now);
		break;
	default:
		act_end(l, a);
		break;
	}
}

/* What the exchange wants, as an event. */
static void
feed(struct ldlc *l, struct mono now, enum xn_do what)
{
	switch (what) {
	case XN_NOTHING:
		break;
	case XN_SEND_NULL:
		l->out_len = 0;
		step(l, now, LE_SEND);
		break;
	case XN_SEND:
		save_own(l);
		step(l, now, LE_SEND);
		break;
	case XN_RESEND:
		step(l, now, LE_SEND);
		break;
	case XN_SEND_LAST:
		save_own(l);
		step(l, now, LE_LAST);
		break;
	case XN_SETMODE:
		step(l, now, LE_SETMODE);
		break;
	case XN_UP:
		step(l, now, LE_RQ);
		break;
	case XN_FAIL:
		step(l, now, LE_FAIL);
		break;
	case XN_DEAD:
		l->sense = l->neg.sense;
		step(l, now, LE_DEAD);
		break;
	}
}

void
ldlc_open(struct ldlc *l, struct mono now)
{
	l->neg.parm.calling = 1;
	start_patience(l, now);
	step(l, now, LE_OPEN);
	feed(l, now, xidneg_begin(&l->neg, l->subject));
}

static void
keep_in(struct ldlc *l, const uint8_t *p, size_t n)
{
	memcpy(l->in_xid, p, n);
	l->in_len = (uint16_t)n;
	l->in_any = 1;
}

/* What the partner's XID says about NLPs; send BTU: RFC 2353 section 2.4.1. */
static void
learn(struct ldlc *l)
{
	const struct xid *x = &l->neg.peer;

	if (x->has_hpr)
		l->nlp_dsap = x->hpr.sap;
	if (x->max_btu < l->max_btu && x->max_btu >= LDLC_BTU_MIN)
		l->max_btu = x->max_btu;
	l->moved = 1;
}

static void
take_xid(struct ldlc *l, struct mono now, const struct xid *x)
{
	enum xn_do what = xidneg_input(&l->neg, x, l->subject);

	learn(l);
	feed(l, now, what);
}

void
ldlc_call(struct ldlc *l, struct mono now, const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint32_t sense;

	if (n > XID_MAX || !xid_get(&r, &l->neg.peer, &sense))
		return;
	l->called = l->began = 1;
	keep_in(l, p, n);
	l->stat[LDLC_XID_RCVD]++;
	step(l, now, LE_CALL);
}

void
ldlc_answer(struct ldlc *l, struct mono now, const struct ldlc_parm *p)
{
	struct xid x = l->neg.peer;
	uint8_t used[sizeof(l->neg.tg_used)];

	memcpy(used, l->neg.tg_used, sizeof(used));
	l->parm = *p;
	l->nlp_ssap = p->xid.nlp_sap;
	xidneg_init(&l->neg, &p->xid);
	memcpy(l->neg.tg_used, used, sizeof(used));
	l->neg.parm.calling = 0;
	step(l, now, LE_ANSWER);
	take_xid(l, now, &x);
}

void
ldlc_refuse(struct ldlc *l, struct mono now, uint32_t sense)
{
	feed(l, now, xidneg_fail(&l->neg, sense));
}

void
ldlc_close(struct ldlc *l, struct mono now)
{
	step(l, now, LE_CLOSE);
}

void
ldlc_drop(struct ldlc *l, struct mono now, uint32_t sense)
{
	l->sense = sense;
	step(l, now, LE_DEAD);
}

bool
ldlc_guarded(const struct ldlc *l, struct mono now)
{
	return mono_diff(now, l->up_at) < SECS(LDLC_GUARD_S);
}

/* Section 2.10: lower address becomes the called side. */
static void
join(struct ldlc *l)
{
	if (l->called || l->parm.higher)
		return;
	l->called = 1;
	l->t[LT_RETRY] = MONO_NEVER;
	l->cmd_out = 0;
}

/*
 * A response we have seen already is mostly a late copy. But a partner that is in
 * the middle of an exchange which we gave up and began anew says the same again
 * and means it: it agrees to all (SEC, C=1), or it is all that comes however
 * often we repeat our command.
 */
static bool
means_it(const struct ldlc *l, const struct xid *x)
{
	if (l->called || !l->cmd_out)
		return false;
	return l->tries != 0 || (l->neg.fsm.state == XS_S_PRI && x->role == XID_SEC &&
	    x->neg_done);
}

/* The same command gets the same answer, without a second thought: 2.10. */
static bool
doubled(struct ldlc *l, struct mono now, const struct llc *h, const uint8_t *p, size_t n)
{
	if (!l->in_any || n != l->in_len || memcmp(l->in_xid, p, n) != 0)
		return false;
	l->stat[LDLC_XID_DUP]++;
	if (h->rsp || !l->called)
		return true;
	if (l->fsm.state == LS_WDONE_P) {
		l->want |= W_RQ;
	} else if (l->fsm.state != LS_CALLED) {
		l->want |= l->out_len == 0 ? W_NULL : W_XID;
		start_patience(l, now);
	}
	return true;
}

static void
in_null(struct ldlc *l, struct mono now, const struct llc *h)
{
	if (!h->rsp) {
		join(l);
		if (!l->called)
			return;
		l->want |= l->out_len == 0 ? W_NULL : W_XID;
		start_patience(l, now);
		return;
	}
	if (!l->called && l->out_len == 0)
		feed(l, now, xidneg_null(&l->neg, l->subject));
}

static void
in_xid3(struct ldlc *l, struct mono now, const struct llc *h, const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	struct xid x;
	uint32_t sense;

	if (n > XID_MAX || !xid_get(&r, &x, &sense)) {
		l->stat[LDLC_XID_BAD]++;
		return;
	}
	if (!h->rsp)
		join(l);
	if (!means_it(l, &x) && doubled(l, now, h, p, n))
		return;
	if (l->fsm.state == LS_CALLED) {
		l->stat[LDLC_XID_STRAY]++;
		return;
	}
	keep_in(l, p, n);
	/* RFC 2353 section 2.5.1: the calling node names the TG. */
	if (!h->rsp && l->called && x.state == XID_PN && !x.has_tg && !x.has_error)
		feed(l, now, xidneg_fail(&l->neg, SENSE_CV46_80_MISSING));
	else
		take_xid(l, now, &x);
}

static void
in_xid(struct ldlc *l, struct mono now, const struct llc *h, const uint8_t *p, size_t n)
{
	l->stat[LDLC_XID_RCVD]++;
	switch ((enum ldlc_state)l->fsm.state) {
	case LS_CALLED:
	case LS_XIDX:
	case LS_WDONE_P:
	case LS_WDONE_S:
		if (n == 0)
			in_null(l, now, h);
		else
			in_xid3(l, now, h, p, n);
		break;
	case LS_RESET:
	case LS_ACTIVE:
	case LS_PROBE:
	case LS_WDM:
	case LS_N:
		l->stat[LDLC_XID_STRAY]++;
		break;
	}
}

/*
 * DM answers DISC, or refuses an XID command. F=0 marks the one we send for an
 * NLP without a link (a partner that restarted); it may be as old as the last
 * link, so a young link does not believe it. Our choice.
 */
static void
in_dm(struct ldlc *l, struct mono now, const struct llc *h)
{
	unsigned s = l->fsm.state;

	if ((s == LS_ACTIVE || s == LS_PROBE) && ldlc_guarded(l, now))
		return;
	if ((s == LS_XIDX || s == LS_WDONE_P || s == LS_WDONE_S) && (h->pf == 0 || !l->cmd_out))
		return;
	step(l, now, LE_DM);
}

void
ldlc_input(struct ldlc *l, struct mono now, const struct llc *h, const uint8_t *p, size_t n)
{
	switch ((enum llc_frame)h->frame) {
	case LLC_XID:
		in_xid(l, now, h, p, n);
		break;
	case LLC_TEST:
		if (h->rsp) {
			l->stat[LDLC_TEST_RCVD]++;
			step(l, now, LE_TEST);
		}
		break;
	case LLC_DISC:
		if (!h->rsp)
			step(l, now, LE_DISC);
		break;
	case LLC_DM:
		if (h->rsp)
			in_dm(l, now, h);
		break;
	case LLC_UI:
		break;
	}
}

/* Function-routed NLPs: companion section 4.1. */
void
ldlc_routed(struct ldlc *l, struct mono now, unsigned fn)
{
	if (fn == NHDR_XID_DONE_RQ) {
		if (l->fsm.state == LS_ACTIVE || l->fsm.state == LS_PROBE)
			step(l, now, LE_RQ);
		else
			feed(l, now, xidneg_setmode(&l->neg, l->subject));
	} else if (fn == NHDR_XID_DONE_RSP) {
		if (l->fsm.state == LS_WDONE_P)
			xidneg_done(&l->neg, l->subject);
		step(l, now, LE_RSP);
	}
}

/* Any NLP restarts the timer, as z/OS does; the heap learns it lazily. */
void
ldlc_heard(struct ldlc *l, struct mono now)
{
	l->heard_at = now;
	l->live_us = SECS(l->parm.livtime);
	if (l->fsm.state == LS_ACTIVE) {
		if (l->live_us != 0)
			l->t[LT_LIVE] = mono_add(now, l->live_us);
	} else if (l->fsm.state == LS_PROBE || l->fsm.state == LS_WDONE_P) {
		step(l, now, LE_HEARD);
	}
}

bool
ldlc_recv(struct ldlc *l, struct ldlc_ind *i)
{
	if (l->ind & I_UP) {
		l->ind &= (uint8_t)~I_UP;
		*i = (struct ldlc_ind){ .what = LDLC_UP };
		return true;
	}
	if (l->ind & I_DOWN) {
		l->ind &= (uint8_t)~I_DOWN;
		*i = (struct ldlc_ind){ .what = LDLC_DOWN, .sense = l->sense };
		return true;
	}
	if (l->ind & I_MTU) {
		l->ind &= (uint8_t)~I_MTU;
		*i = (struct ldlc_ind){ .what = LDLC_MTU };
		return true;
	}
	return false;
}

static void
put_llc(const struct ldlc *l, struct wr *w, enum llc_frame frame, unsigned response)
{
	struct llc h = { .dsap = l->parm.sap_remote, .ssap = l->parm.sap_local,
		.frame = (uint8_t)frame, .rsp = (uint8_t)response, .pf = 1 };

	llc_put(w, &h);
}

static void
put_routed(const struct ldlc *l, struct wr *w, enum nhdr_fn fn)
{
	struct llc h = { .dsap = l->nlp_dsap, .ssap = l->nlp_ssap, .frame = LLC_UI };

	llc_put(w, &h);
	nhdr_put_fr(w, fn);
}

bool
ldlc_output(struct ldlc *l, struct mono now, struct ldlc_frame *f)
{
	struct wr w = wr_on(f->b, sizeof(f->b));
	unsigned bit = l->want & -l->want;

	(void)now;
	switch (bit) {
	case W_NULL:
		put_llc(l, &w, LLC_XID, l->called);
		l->stat[LDLC_XID_SENT]++;
		break;
	case W_XID:
		put_llc(l, &w, LLC_XID, l->called);
		wr_bytes(&w, l->out_xid, l->out_len);
		l->stat[LDLC_XID_SENT]++;
		break;
	case W_RQ:
		put_routed(l, &w, NHDR_XID_DONE_RQ);
		break;
	case W_RSP:
		put_routed(l, &w, NHDR_XID_DONE_RSP);
		break;
	case W_TEST:
		put_llc(l, &w, LLC_TEST, 0);
		l->stat[LDLC_TEST_SENT]++;
		break;
	case W_DISC:
		put_llc(l, &w, LLC_DISC, 0);
		break;
	default:
		return false;
	}
	l->want &= (uint16_t)~bit;
	f->len = (uint16_t)wr_len(&w);
	return !w.bad;
}

struct mono
ldlc_deadline(const struct ldlc *l)
{
	struct mono t = MONO_NEVER;

	for (unsigned i = 0; i < LT_N; i++)
		t = mono_min(t, l->t[i]);
	return t;
}

void
ldlc_expire(struct ldlc *l, struct mono now)
{
	if (mono_due(l->t[LT_RETRY], now)) {
		l->t[LT_RETRY] = MONO_NEVER;
		step(l, now, l->tries < l->parm.srqretry ? LE_RETRY : LE_LIMIT);
	}
	if (mono_due(l->t[LT_LIVE], now)) {
		l->t[LT_LIVE] = MONO_NEVER;
		step(l, now, LE_LIVE);
	}
	if (mono_due(l->t[LT_PATIENCE], now)) {
		l->t[LT_PATIENCE] = MONO_NEVER;
		l->sense = 0;
		step(l, now, LE_DEAD);
	}
}

#define UDP_HEADER 8u

static bool
lower_btu(struct ldlc *l, unsigned to)
{
	if (to < LDLC_BTU_MIN)
		to = LDLC_BTU_MIN;
	if (to >= l->max_btu)
		return false;
	l->max_btu = (uint16_t)to;
	if (ldlc_active(l))
		l->ind |= I_MTU;
	return true;
}

/* RFC 2353 section 2.4.1; HPR can't go below 768, then IP has to cut. */
bool
ldlc_path_mtu(struct ldlc *l, uint32_t mtu)
{
	uint32_t head = (l->parm.remote.fam == 6 ? 40 : 20) + UDP_HEADER + LLC_LEN;

	return lower_btu(l, mtu > head ? mtu - head : 0);
}

/*
 * The network, or the partner's machine, says no. While we call and have heard
 * nothing, a closed port means the partner is not started yet: try again soon,
 * not counted, as long as the retries would have lasted. On an active link it
 * is a reason to test, no more: ICMP is easily forged.
 */
bool
ldlc_unreachable(struct ldlc *l, struct mono now, int err)
{
	if (err == EMSGSIZE)            /* by whom, and how much it takes, is not known */
		return lower_btu(l, l->max_btu - l->max_btu / 8);
	if (l->fsm.state == LS_XIDX && l->cmd_out && l->out_len == 0) {
		l->t[LT_RETRY] = mono_min(l->t[LT_RETRY], mono_add(now, SECS(1)));
		l->tries = 0;
	} else if (l->fsm.state == LS_ACTIVE && l->live_us != 0) {
		l->t[LT_LIVE] = mono_min(l->t[LT_LIVE], mono_add(now, SECS(1)));
	}
	return false;
}

bool
ldlc_active(const struct ldlc *l)
{
	return l->fsm.state == LS_ACTIVE || l->fsm.state == LS_PROBE;
}

bool
ldlc_silent(const struct ldlc *l)
{
	return l->fsm.state == LS_PROBE;
}

void
ldlc_suspect(struct ldlc *l, struct mono now)
{
	if (l->fsm.state == LS_ACTIVE && l->live_us != 0)
		l->t[LT_LIVE] = mono_min(l->t[LT_LIVE], now);
}

bool
ldlc_dead(const struct ldlc *l)
{
	return l->fsm.state == LS_RESET;
}

const struct fsm_desc *
ldlc_fsm(void)
{
	return &ldlc_desc;
}
