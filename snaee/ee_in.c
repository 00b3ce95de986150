/* SPDX-License-Identifier: Apache-2.0
 *
 * What came in: LLC header, link, NHDR, and then the pipe. Nothing here trusts
 * a byte; what can't be read is counted, told in the log once per sender and
 * minute, and dropped without an answer.
 */
#include <string.h>

#include "snaee/ee_parts.h"
#include "snaee/sense.h"

struct in {
	const struct ipaddr *from;
	enum ee_port port;
	struct llc h;
	struct buf *b;          /* from the information field on */
};

static void
bad(struct ee *ee, struct mono now, const struct in *in, enum ee_stat what, const char *why)
{
	char text[IPADDR_TEXT];
	uint32_t muted = 0;

	ee->stat[what]++;
	if (log_bound(&ee_caller(ee, in->from)->log, now, &muted))
		LOG(EE, WARN, ipaddr_text(in->from, text), "datagram dropped on port %u: %s "
		    "(%u more lines held back)", ee->cfg.port0 + in->port, why, muted);
}

#define STRAY_TEST_MIN SECS(5)
#define STRAY_TEST_MAX SECS(300)

static void
say_no_link(struct ee *ee, struct mono now, const struct ipaddr *from)
{
	struct ee_caller *c = ee_caller(ee, from);
	struct llc dm = { .dsap = LLC_SAP_SNA, .ssap = LLC_SAP_SNA, .frame = LLC_DM, .rsp = 1 };

	if (!mono_due(c->dm_after, now) ||
	    ee_link_find(ee, ee->at, from, LLC_SAP_SNA, LLC_SAP_SNA) != NULL)
		return;
	c->dm_after = mono_add(now, SECS(1));
	ee->stat[EES_DM_SENT]++;
	ee_ctl_frame(ee, from, EE_SIGNAL, &dm);
}

/* A TEST without a link is answered as any: a probe may come before the XID.
 * One that comes back seconds later is the liveness of a link that we lost or
 * never had: then DM says so. Our choice; without it our answers would keep
 * the partner's half of the link up for ever. */
static void
stray_test(struct ee *ee, struct mono now, const struct in *in)
{
	struct ee_caller *c = ee_caller(ee, in->from);
	int64_t age = mono_diff(now, c->test_at);

	if (in->port != EE_SIGNAL || in->h.dsap != LLC_SAP_SNA ||
	    ee_link_find(ee, ee->at, in->from, in->h.dsap, in->h.ssap) != NULL)
		return;
	if (c->test_at.us == 0 || age > STRAY_TEST_MAX) {
		c->test_at = now;
	} else if (age >= STRAY_TEST_MIN) {
		c->test_at = now;
		say_no_link(ee, now, in->from);
	}
}

/* The answer goes to the port that the command came to: companion 1.1. */
static void
in_test(struct ee *ee, struct mono now, struct in *in)
{
	struct ee_link *l;

	if (!in->h.rsp) {
		ee->stat[EES_TEST_ECHO]++;
		stray_test(ee, now, in);
		ee_ctl_echo(ee, in->from, in->port, &in->h, in->b);
		in->b = NULL;
		return;
	}
	if (ee_probe_input(ee, now, in->from, in->port, in->b))
		return;
	l = ee_link_find(ee, ee->at, in->from, in->h.dsap, in->h.ssap);
	if (l == NULL)
		return;
	ldlc_input(&l->ldlc, now, &in->h, in->b->p, in->b->len);
	ee_link_touch(ee, now, l);
}

static void
in_disc_dm(struct ee *ee, struct mono now, const struct in *in)
{
	struct ee_link *l = ee_link_find(ee, ee->at, in->from, in->h.dsap, in->h.ssap);
	struct llc dm = llc_reply(&in->h, LLC_DM);

	if (in->h.frame == LLC_DISC && !in->h.rsp)
		ee_ctl_frame(ee, in->from, EE_SIGNAL, &dm);
	if (l == NULL)
		return;
	ldlc_input(&l->ldlc, now, &in->h, NULL, 0);
	ee_link_touch(ee, now, l);
}

/*
 * The called node makes the caller send its prenegotiation XID by answering
 * null with null, SRQRETRY times at most: RFC 2353 section 2.5.1. No link is
 * kept for that, only a count.
 */
static void
null_stranger(struct ee *ee, struct mono now, const struct in *in)
{
	struct ee_caller *c = ee_caller(ee, in->from);
	struct llc h = llc_reply(&in->h, LLC_XID);
	unsigned limit = ee->cfg.srqretry != 0 ? ee->cfg.srqretry : 1;

	if (mono_due(c->nulls_until, now)) {
		c->nulls = 0;
		c->nulls_until = mono_add(now, SECS(ee->cfg.srqtime) * (ee->cfg.srqretry + 1));
	}
	if (c->nulls > limit)
		return;
	if (c->nulls++ < limit) {
		ee->stat[EES_NULL_ECHO]++;
		ee_ctl_frame(ee, in->from, EE_SIGNAL, &h);
	} else {
		ee_link_reject(ee, now, in->from, &in->h, SENSE_NULL_XID);
	}
}

#define ANEW_AGAIN SECS(2)              /* a delayed double comes sooner, a retry later */

/*
 * An old XID sent again by somebody looks like that of a partner who lost the link but was
 * not started again (its NCEs have the same instance). With pipes on the link, those are
 * asked first: a partner who is there answers with NLPs, one who lost the link repeats the
 * XID after SRQTIME instead. Our choice; the RFC believes the first.
 */
static bool
believed(struct mono now, struct ee_link *l, const struct xid *x)
{
	if (l->n_pipes == 0 || x->hpr.instance == 0 ||
	    x->hpr.instance != l->ldlc.neg.peer.hpr.instance)
		return true;
	if (l->anew_at.us != 0 && mono_before(l->nlp_at, l->anew_at))
		return mono_diff(now, l->anew_at) >= ANEW_AGAIN;
	l->anew_at = now;
	ee_pipes_doubt(l);
	return false;
}

/*
 * An XID for a link that works: delayed, or the partner was started again. Only
 * a prenegotiation XID on a link that is not young is believed; then the old
 * link ends and the partner is called upon as if new: RFC 2353 section 2.3.1.
 */
static void
in_xid_active(struct ee *ee, struct mono now, struct ee_link *l, const struct in *in)
{
	struct llc h = llc_reply(&in->h, LLC_XID);
	struct rd r = buf_rd(in->b);
	struct xid x;
	uint32_t sense;

	if (!in->h.rsp && in->b->len == 0) {
		ee->stat[EES_NULL_ECHO]++;
		ee_ctl_frame(ee, in->from, EE_SIGNAL, &h);
		return;
	}
	if (in->h.rsp || ldlc_guarded(&l->ldlc, now) || in->b->len > XID_MAX ||
	    !xid_get(&r, &x, &sense) || !xid_is_pn(&x) || x.has_error) {
		ldlc_input(&l->ldlc, now, &in->h, in->b->p, in->b->len);
		return;
	}
	if (!believed(now, l, &x))
		return;
	ee->stat[EES_RESTARTS]++;
	LOG(LDLC, NOTICE, l->ldlc.subject, "partner activates the link anew");
	ldlc_drop(&l->ldlc, now, SENSE_ACTIVATED_ANEW);
	ee_link_touch(ee, now, l);
	ee_link_call(ee, now, in->from, &in->h, in->b);
}

static void
in_xid(struct ee *ee, struct mono now, const struct in *in)
{
	struct ee_link *l = ee_link_find(ee, ee->at, in->from, in->h.dsap, in->h.ssap);
	struct rd r = buf_rd(in->b);
	struct xid x;
	uint32_t sense;

	if (l == NULL) {
		if (in->h.rsp)
			bad(ee, now, in, EES_NO_LINK, "XID response, but no link");
		else if (ee->stopping)
			ee_link_reject(ee, now, in->from, &in->h, SENSE_NOT_AVAILABLE);
		else if (in->b->len == 0)
			null_stranger(ee, now, in);
		else {
			ee_caller(ee, in->from)->nulls = 0;
			ee_link_call(ee, now, in->from, &in->h, in->b);
		}
		return;
	}
	if (ldlc_active(&l->ldlc)) {
		in_xid_active(ee, now, l, in);
		return;
	}
	if (l->ldlc.fsm.state != LS_CALLED && in->b->len != 0 && in->b->len <= XID_MAX &&
	    xid_get(&r, &x, &sense))
		ee_link_mark_tgns(ee, l, &x.cpname);
	ldlc_input(&l->ldlc, now, &in->h, in->b->p, in->b->len);
	ee_link_touch(ee, now, l);
}

/*
 * NLPs from a partner whose link we don't have: we were started again and it
 * does not know. DM says so, once a second at most; without it the partner
 * would take our TEST responses for the link's. Our choice (companion 2.3, DM).
 */
static void
no_link(struct ee *ee, struct mono now, const struct in *in)
{
	bad(ee, now, in, EES_NO_LINK, "NLP, but no link");
	say_no_link(ee, now, in->from);
}

static void
in_anr(struct ee *ee, struct mono now, struct ee_link *l, const struct nhdr *nh, struct in *in)
{
	struct ldlc_traffic *t = &l->ldlc.traffic[EE_LOW - nh->tpf];
	unsigned probing = l->ldlc.fsm.state == LS_PROBE || l->ldlc.fsm.state == LS_WDONE_P;

	/* A partner that sends NLPs is active: XID_DONE_RSP was lost, or overtaken. */
	if (l->ldlc.fsm.state == LS_WDONE_P)
		ldlc_heard(&l->ldlc, now);
	if (!ldlc_active(&l->ldlc)) {
		bad(ee, now, in, EES_NO_LINK, "NLP before the link is active");
		return;
	}
	if (in->port != (unsigned)EE_LOW - nh->tpf)
		ee->stat[EES_BAD_PORT]++;
	l->nlp_at = now;
	t->nlps_rcvd++;
	t->bytes_rcvd += in->b->len;
	ldlc_heard(&l->ldlc, now);
	if (probing)
		ee_link_touch(ee, now, l);
	ee_pipe_nlp(ee, now, l, nh, in->b);
	in->b = NULL;
}

static void
in_ui(struct ee *ee, struct mono now, struct in *in)
{
	struct ee_link *l = ee_link_nlp(ee, ee->at, in->from, in->h.dsap, in->h.ssap);
	struct rd r = buf_rd(in->b);
	struct nhdr nh;

	if (!nhdr_get(&r, &nh)) {
		bad(ee, now, in, EES_BAD_NLP, "NHDR can't be read");
		return;
	}
	if (l == NULL) {
		no_link(ee, now, in);
		return;
	}
	if (nh.sm == NHDR_ANR) {
		in_anr(ee, now, l, &nh, in);
		return;
	}
	if (nh.ft != NHDR_FT_LDLC) {
		bad(ee, now, in, EES_BAD_NLP, "function routed to an unknown function");
		return;
	}
	ldlc_routed(&l->ldlc, now, nh.fn);
	ee_link_touch(ee, now, l);
}

void
ee_input_at(struct ee *ee, struct mono now, unsigned local, const struct ipaddr *from,
    enum ee_port port, struct buf *b)
{
	struct in in = { .from = from, .port = port, .b = b };
	struct rd r = buf_rd(b);

	ee_begin(ee);
	ee->at = (uint8_t)local;
	ee->stat[EES_RCVD]++;
	ee->stat[EES_RCVD_BYTES] += b->len;
	if (!llc_get(&r, &in.h)) {
		bad(ee, now, &in, EES_BAD_LLC, "not an LLC frame of EE");
	} else if (from->fam != ee_local(ee, local)->fam) {
		ee->stat[EES_BAD_SAP]++;
	} else {
		(void)buf_pull(b, LLC_LEN);
		switch ((enum llc_frame)in.h.frame) {
		case LLC_UI:
			in_ui(ee, now, &in);
			break;
		case LLC_XID:
			if (in.h.dsap == 0 || in.h.dsap % 4 != 0 || in.h.ssap == 0)
				bad(ee, now, &in, EES_BAD_SAP, "XID for a SAP that is not SNA's");
			else
				in_xid(ee, now, &in);
			break;
		case LLC_TEST:
			in_test(ee, now, &in);
			break;
		case LLC_DISC:
		case LLC_DM:
			in_disc_dm(ee, now, &in);
			break;
		}
	}
	buf_free(in.b);
}

/* Few enough come to walk the links: parallel ones share the way. */
void
ee_path_mtu(struct ee *ee, struct mono now, unsigned local, const struct ipaddr *to,
    uint32_t mtu)
{
	struct ee_link *l;

	ee_begin(ee);
	TAILQ_FOREACH(l, &ee->all_links, all) {
		if (l->ldlc.parm.at != local || !ipaddr_eq(&l->ldlc.parm.remote, to) ||
		    !ldlc_path_mtu(&l->ldlc, mtu))
			continue;
		ee->stat[EES_PATH_MTU]++;
		ee_pipes_btu(now, l);
		ee_link_touch(ee, now, l);
	}
}

/* ICMP, or the kernel itself: EMSGSIZE, ECONNREFUSED, EHOSTUNREACH .. */
void
ee_unreachable(struct ee *ee, struct mono now, const struct ipaddr *to, int err)
{
	struct ldlc *ldlc = ee_link_to(ee, to);
	struct ee_link *l;

	ee_begin(ee);
	ee->stat[EES_UNREACHABLE]++;
	if (ldlc == NULL)
		return;
	l = ee_link_of(ldlc);
	if (ldlc_unreachable(ldlc, now, err))
		ee_pipes_btu(now, l);
	ee_link_touch(ee, now, l);
}
