/* SPDX-License-Identifier: Apache-2.0
 *
 * The XID3 exchange. It starts with prenegotiation XIDs (who are you, which of
 * our links is this), goes on with negotiation-proceeding ones in which both
 * sides settle who is primary (the higher node ID) and which TG number the
 * link has, and ends with the primary's mode-setting command. The states are
 * named for the last XID sent: S_PN, S_NEG, S_PRI, S_SEC; RP_SS is "received
 * primary, sent secondary", SP_RS the reverse. The secondary says in byte 12
 * (S, C) that it agrees to all, so that a lost XID can't leave one side active
 * and the other negotiating: RFC 2353 section 2.5.3.
 */
#include <string.h>

#include "base/log.h"
#include "snaee/ee.h"
#include "snaee/nlp.h"
#include "snaee/sense.h"
#include "snaee/xidcheck.h"
#include "snaee/xidneg.h"

enum { XE_BEGIN = 1, XE_NULL, XE_PN, XE_HI, XE_LO, XE_EQ, XE_PRI, XE_PRI_OK, XE_SEC, XE_SEC_OK,
	XE_SETMODE, XE_DONE, XE_N };
enum { XA_NONE = 1, XA_NULL, XA_PN, XA_NEG, XA_PRI, XA_SEC, XA_LAST, XA_RESEND, XA_SETMODE,
	XA_DRAW, XA_UP, XA_ROLES, XA_N };

static const char *const xs_name[XS_N] = { "", "RESET", "S_PN", "S_NEG", "S_PRI", "S_SEC",
	"RP_SS", "SP_RS", "ACTIVE" };
static const char *const xe_name[XE_N] = { "", "BEGIN", "NULL", "PN", "NEG_HI", "NEG_LO",
	"NEG_EQ", "PRI", "PRI_AGREED", "SEC", "SEC_COMPLETE", "SETMODE", "SETMODE_RSP" };
static const char *const xa_name[XA_N] = { "", "NONE", "SEND_NULL", "SEND_PN", "SEND_NEG",
	"SEND_PRI", "SEND_SEC", "SEND_SEC_C", "RESEND", "SETMODE", "DRAW", "UP", "ROLES" };

/* Companion ee-hpr-rtp section 2.6; our own role is always negotiable: RFC 2.4.
 * XID_DONE_RQ before its time is not in the table: no surprise activation. */
static const struct fsm_cell xn_cell[XS_N][XE_N] = {
	[XS_RESET][XE_BEGIN]    = { XS_RESET, XA_NULL },
	[XS_RESET][XE_NULL]     = { XS_S_PN, XA_PN },
	[XS_RESET][XE_PN]       = { XS_S_PN, XA_PN },
	[XS_RESET][XE_HI]       = { XS_S_PRI, XA_PRI },
	[XS_RESET][XE_LO]       = { XS_S_SEC, XA_SEC },
	[XS_RESET][XE_EQ]       = { XS_S_NEG, XA_DRAW },
	[XS_RESET][XE_PRI]      = { XS_S_SEC, XA_SEC },
	[XS_RESET][XE_PRI_OK]   = { XS_RP_SS, XA_LAST },
	[XS_RESET][XE_SEC]      = { XS_S_PRI, XA_PRI },
	[XS_RESET][XE_SEC_OK]   = { XS_S_PRI, XA_PRI },
	[XS_S_PN][XE_NULL]      = { XS_S_PN, XA_RESEND },
	[XS_S_PN][XE_PN]        = { XS_S_NEG, XA_NEG },
	[XS_S_PN][XE_HI]        = { XS_S_PRI, XA_PRI },
	[XS_S_PN][XE_LO]        = { XS_S_SEC, XA_SEC },
	[XS_S_PN][XE_EQ]        = { XS_S_NEG, XA_DRAW },
	[XS_S_PN][XE_PRI]       = { XS_S_SEC, XA_SEC },
	[XS_S_PN][XE_PRI_OK]    = { XS_RP_SS, XA_LAST },
	[XS_S_PN][XE_SEC]       = { XS_S_PRI, XA_PRI },
	[XS_S_PN][XE_SEC_OK]    = { XS_S_PRI, XA_PRI },
	[XS_S_NEG][XE_NULL]     = { XS_S_NEG, XA_RESEND },
	[XS_S_NEG][XE_PN]       = { XS_S_NEG, XA_RESEND },
	[XS_S_NEG][XE_HI]       = { XS_S_PRI, XA_PRI },
	[XS_S_NEG][XE_LO]       = { XS_S_SEC, XA_SEC },
	[XS_S_NEG][XE_EQ]       = { XS_S_NEG, XA_DRAW },
	[XS_S_NEG][XE_PRI]      = { XS_S_SEC, XA_SEC },
	[XS_S_NEG][XE_PRI_OK]   = { XS_RP_SS, XA_LAST },
	[XS_S_NEG][XE_SEC]      = { XS_S_PRI, XA_PRI },
	[XS_S_NEG][XE_SEC_OK]   = { XS_S_PRI, XA_PRI },
	[XS_S_PRI][XE_NULL]     = { XS_S_PRI, XA_RESEND },
	[XS_S_PRI][XE_PN]       = { XS_S_PRI, XA_RESEND },
	[XS_S_PRI][XE_HI]       = { XS_S_PRI, XA_RESEND },
	[XS_S_PRI][XE_LO]       = { XS_S_PRI, XA_RESEND },
	[XS_S_PRI][XE_EQ]       = { XS_S_PRI, XA_RESEND },
	[XS_S_PRI][XE_PRI]      = { XS_RESET, XA_ROLES },
	[XS_S_PRI][XE_PRI_OK]   = { XS_RESET, XA_ROLES },
	[XS_S_PRI][XE_SEC]      = { XS_S_PRI, XA_PRI },
	[XS_S_PRI][XE_SEC_OK]   = { XS_SP_RS, XA_SETMODE },
	[XS_S_SEC][XE_NULL]     = { XS_S_SEC, XA_RESEND },
	[XS_S_SEC][XE_PN]       = { XS_S_SEC, XA_RESEND },
	[XS_S_SEC][XE_HI]       = { XS_S_SEC, XA_RESEND },
	[XS_S_SEC][XE_LO]       = { XS_S_SEC, XA_RESEND },
	[XS_S_SEC][XE_EQ]       = { XS_S_SEC, XA_RESEND },
	[XS_S_SEC][XE_PRI]      = { XS_S_SEC, XA_SEC },
	[XS_S_SEC][XE_PRI_OK]   = { XS_RP_SS, XA_LAST },
	[XS_S_SEC][XE_SEC]      = { XS_RESET, XA_ROLES },
	[XS_S_SEC][XE_SEC_OK]   = { XS_RESET, XA_ROLES },
	[XS_RP_SS][XE_NULL]     = { XS_RP_SS, XA_RESEND },
	[XS_RP_SS][XE_PN]       = { XS_RP_SS, XA_RESEND },
	[XS_RP_SS][XE_HI]       = { XS_RP_SS, XA_RESEND },
	[XS_RP_SS][XE_LO]       = { XS_RP_SS, XA_RESEND },
	[XS_RP_SS][XE_EQ]       = { XS_RP_SS, XA_RESEND },
	[XS_RP_SS][XE_PRI]      = { XS_RP_SS, XA_LAST },
	[XS_RP_SS][XE_PRI_OK]   = { XS_RP_SS, XA_LAST },
	[XS_RP_SS][XE_SEC]      = { XS_RESET, XA_ROLES },
	[XS_RP_SS][XE_SEC_OK]   = { XS_RESET, XA_ROLES },
	[XS_RP_SS][XE_SETMODE]  = { XS_ACTIVE, XA_UP },
	[XS_SP_RS][XE_NULL]     = { XS_SP_RS, XA_RESEND },
	[XS_SP_RS][XE_PN]       = { XS_SP_RS, XA_RESEND },
	[XS_SP_RS][XE_HI]       = { XS_SP_RS, XA_RESEND },
	[XS_SP_RS][XE_LO]       = { XS_SP_RS, XA_RESEND },
	[XS_SP_RS][XE_EQ]       = { XS_SP_RS, XA_RESEND },
	[XS_SP_RS][XE_PRI]      = { XS_RESET, XA_ROLES },
	[XS_SP_RS][XE_PRI_OK]   = { XS_RESET, XA_ROLES },
	[XS_SP_RS][XE_SEC]      = { XS_S_PRI, XA_PRI },
	[XS_SP_RS][XE_SEC_OK]   = { XS_SP_RS, XA_SETMODE },
	[XS_SP_RS][XE_DONE]     = { XS_ACTIVE, XA_NONE },
	[XS_ACTIVE][XE_SETMODE] = { XS_ACTIVE, XA_UP },
};
FSM_DESC(xn_desc, "xidneg", xs_name, xe_name, xa_name, xn_cell);

/* A node that is not the one that was defined: our choice, companion section 2.12. */
#define S_WRONG_NODE SENSE_NODE_TYPE

const struct fsm_desc *
xidneg_fsm(void)
{
	return &xn_desc;
}

void
xidneg_init(struct xidneg *x, const struct xidneg_parm *p)
{
	memset(x, 0, sizeof(*x));
	x->parm = *p;
	x->nodeid = p->nodeid;
	x->tgn = p->tgn;
	x->role = XID_NEG;
	fsm_init(&x->fsm, &xn_desc, XS_RESET);
}

static unsigned
used(const struct xidneg *x, unsigned tgn)
{
	return x->tg_used[tgn / 8] & 1u << tgn % 8;
}

void
xidneg_use_tgn(struct xidneg *x, unsigned tgn)
{
	if (tgn < 256)
		x->tg_used[tgn / 8] |= (uint8_t)(1u << tgn % 8);
}

/* 64 bits from a seed: only has to differ between two nodes. */
static uint64_t
draw(uint64_t *s)
{
	uint64_t z = *s += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* CV 61: our NLP SAP and the NCEs of our components; companion section 3.2. */
static void
say_hpr(const struct xidneg *x, struct xid *o)
{
	o->has_hpr = 1;
	o->hpr.rtp = o->hpr.control_flows = o->hpr.ldlc = 1;
	o->hpr.has_sap = 1;
	o->hpr.sap = x->parm.nlp_sap;
	o->hpr.has_nce = 1;
	o->hpr.cp = nce_label(NCE_CP);
	o->hpr.rsetup = nce_label(NCE_RSETUP);
	o->hpr.lu = nce_label(NCE_LU);
	o->hpr.tg = x->parm.tg_label;
	o->hpr.instance = x->parm.instance;
}

/* CV 46 subfield 80: the caller must name its TG, RFC 2353 section 2.5.1; a link over a
 * connection network is named by that, section 2.5.2. */
static void
say_tg(const struct xidneg *x, struct xid *o)
{
	o->has_tg = 1;
	o->tg.tgn = x->parm.tgn;
	o->tg.has_flags = 1;
	o->tg.flags = TGF_HPR | TGF_RTP | (x->parm.vrn.len != 0 ? TGF_VRN : 0);
	o->tg.partner = x->parm.vrn;
}

/* What every XID of ours says, whatever the state. */
static void
build(struct xidneg *x, enum xid_state state, enum xid_role role, unsigned complete)
{
	struct xid *o = &x->own;

	xid_init(o);
	o->state = (uint8_t)state;
	o->role = (uint8_t)role;
	o->nodeid = x->nodeid;
	o->has_cpname = 1;
	o->cpname = x->parm.cpname;
	o->network_node = x->parm.network_node;
	o->cp_services = o->cpcp = x->parm.cpcp;
	o->parallel_tg = 1;
	o->tgn = x->tgn;
	o->max_btu = x->parm.max_btu;
	say_hpr(x, o);
	if (state == XID_PN) {
		o->tgn = x->parm.tgn;
		say_tg(x, o);
		xid_set_product(o, "010000", XID_OUR_PRODUCT, "SNAGATE", "SNAGATE");
		return;
	}
	o->neg_sup = 1;
	o->neg_done = (uint8_t)complete;
	x->role = (uint8_t)role;
}

enum xn_do
xidneg_fail(struct xidneg *x, uint32_t sense)
{
	build(x, x->got_np ? XID_NP : XID_PN, XID_NEG, 0);
	x->own.has_error = 1;
	xid_where(sense, &x->own.error);
	x->sense = sense;
	return XN_FAIL;
}

/* The partner must be the one that was defined: CP name, node ID, NN or EN. */
static uint32_t
check_who(const struct xidneg *x, const struct xid *p)
{
	const struct xidneg_parm *o = &x->parm;

	if (p->cpname.len != 0 && name_eq(&p->cpname, &o->cpname))
		return S_WRONG_NODE;
	if (o->want_cpname.len != 0 && p->cpname.len != 0 &&
	    !name_eq(&p->cpname, &o->want_cpname))
		return S_WRONG_NODE;
	/* After a draw of equal IDs the number is another: only the first XID counts. */
	if (o->want_nodeid != 0 && !x->got_pn && !x->got_np && p->nodeid != o->want_nodeid)
		return S_WRONG_NODE;
	if ((o->want_type == XN_WANT_NN && !p->network_node) ||
	    (o->want_type == XN_WANT_EN && p->network_node))
		return SENSE_NODE_TYPE;
	return 0;
}

/* Companion 2.8: without the indicator one TG between two nodes is all there may be. */
static uint32_t
check_parallel(const struct xidneg *x, const struct xid *p)
{
	unsigned any = 0;

	for (size_t i = 0; i < sizeof(x->tg_used); i++)
		any |= x->tg_used[i];
	return any != 0 && !p->parallel_tg ? SENSE_XID_PARALLEL_TG : 0;
}

static uint32_t
check_peer(const struct xidneg *x, const struct xid *p)
{
	uint32_t sense = xid_check(p);

	if (sense == 0)
		sense = check_who(x, p);
	if (sense == 0 && (x->got_pn || x->got_np))
		sense = xid_check_next(&x->peer, p);
	return sense != 0 ? sense : check_parallel(x, p);
}

static unsigned
predefined(unsigned tgn)
{
	return tgn >= 1 && tgn < XN_TGN_FIRST;
}

static unsigned
we_choose(const struct xidneg *x, const struct xid *p)
{
	return name_cmp(&x->parm.cpname, &p->cpname) > 0;
}

static unsigned
first_free(const struct xidneg *x)
{
	for (unsigned n = XN_TGN_FIRST; n <= XN_TGN_LAST; n++)
		if (!used(x, n))
			return n;
	return 0;
}

/* Which TG number holds after the partner named its own: section 2.8. */
static uint32_t
settle_tgn(struct xidneg *x, const struct xid *p)
{
	unsigned m = p->tgn, n = x->tgn;

	if (m == 0) {
		if (n == 0 && we_choose(x, p))
			n = first_free(x);
		x->tgn = (uint8_t)n;
		return n == 0 && we_choose(x, p) ? SENSE_XID_TGN : 0;
	}
	if (m > XN_TGN_LAST)
		return SENSE_XID_TGN;
	if (n == 0 || n == m) {
		n = m;
	} else if (predefined(n) || predefined(m)) {
		if (x->parm.tgn != 0)
			return SENSE_XID_TGN_CONFLICT;
		n = m;
	} else if (p->cpname.len == 0 || !we_choose(x, p)) {
		n = m;
	}
	if (n == m && used(x, m)) {
		if (x->parm.tgn != 0 || !we_choose(x, p))
			return SENSE_XID_TGN;
		n = first_free(x);
	}
	x->tgn = (uint8_t)n;
	return 0;
}

/* The PDU becomes an event; agreed: the partner has said our TG number. */
static unsigned
classify(const struct xidneg *x, const struct xid *p)
{
	unsigned agreed = x->tgn != 0 && p->tgn == x->tgn;

	if (p->state == XID_PN)
		return XE_PN;
	switch ((enum xid_role)p->role) {
	case XID_PRI:
		return agreed ? XE_PRI_OK : XE_PRI;
	case XID_SEC:
		return agreed && (!p->neg_sup || p->neg_done) ? XE_SEC_OK : XE_SEC;
	case XID_NEG:
	case XID_RESERVED:
		break;
	}
	if (x->nodeid == p->nodeid)
		return XE_EQ;
	return x->nodeid > p->nodeid ? XE_HI : XE_LO;
}

static enum xn_do
act(struct xidneg *x, unsigned action)
{
	switch (action) {
	case XA_NULL:
		return XN_SEND_NULL;
	case XA_PN:
		build(x, XID_PN, XID_NEG, 0);
		return XN_SEND;
	case XA_NEG:
		build(x, XID_NP, XID_NEG, 0);
		return XN_SEND;
	case XA_DRAW:
		if (x->draws++ == 2)
			return xidneg_fail(x, SENSE_XID_EQUAL_IDS);
		/* The block number stays: it names the product. */
		x->nodeid = (x->nodeid & 0xfff00000) | (draw(&x->parm.seed) & 0xfffff);
		build(x, XID_NP, XID_NEG, 0);
		return XN_SEND;
	case XA_PRI:
		build(x, XID_NP, XID_PRI, 0);
		return XN_SEND;
	case XA_SEC:
		build(x, XID_NP, XID_SEC, 0);
		return XN_SEND;
	case XA_LAST:
		build(x, XID_NP, XID_SEC, 1);
		return XN_SEND_LAST;
	case XA_RESEND:
		return XN_RESEND;
	case XA_SETMODE:
		return XN_SETMODE;
	case XA_UP:
		return XN_UP;
	case XA_ROLES:
		return xidneg_fail(x, SENSE_XID_ROLE);
	default:
		return XN_NOTHING;
	}
}

static enum xn_do
step(struct xidneg *x, unsigned event, const char *subject)
{
	return act(x, fsm_step(&x->fsm, event, subject));
}

enum xn_do
xidneg_begin(struct xidneg *x, const char *subject)
{
	return step(x, XE_BEGIN, subject);
}

enum xn_do
xidneg_null(struct xidneg *x, const char *subject)
{
	return step(x, XE_NULL, subject);
}

/* The product is named in prenegotiation XIDs; it stays known. */
static void
keep_peer(struct xidneg *x, const struct xid *p)
{
	struct xid was = x->peer;

	x->peer = *p;
	if (p->product_len != 0)
		return;
	memcpy(x->peer.product, was.product, sizeof(was.product));
	x->peer.product_len = was.product_len;
}

enum xn_do
xidneg_input(struct xidneg *x, const struct xid *p, const char *subject)
{
	uint32_t sense = check_peer(x, p);

	if (sense == SENSE_XID_ERROR_CV) {
		keep_peer(x, p);
		x->sense = p->error.sense;
		LOG(LDLC, NOTICE, subject, "partner rejects our XID, sense %08X", p->error.sense);
		return XN_DEAD;
	}
	if (sense == 0 && x->turns++ == XN_MAX_TURNS)
		sense = p->state == XID_PN ? SENSE_XID_NP_NEEDED : SENSE_XID_TGN_CHANGED;
	if (sense == 0)
		sense = settle_tgn(x, p);
	keep_peer(x, p);
	if (sense != 0)
		return xidneg_fail(x, sense);
	if (p->state == XID_PN)
		x->got_pn = 1;
	else
		x->got_np = 1;
	return step(x, classify(x, p), subject);
}

enum xn_do
xidneg_setmode(struct xidneg *x, const char *subject)
{
	return step(x, XE_SETMODE, subject);
}

void
xidneg_done(struct xidneg *x, const char *subject)
{
	(void)step(x, XE_DONE, subject);
}
