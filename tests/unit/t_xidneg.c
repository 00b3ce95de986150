/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "snaee/xidcheck.h"
#include "snaee/xidneg.h"

static void
start(struct xidneg *x, uint32_t nodeid, const char *cp, unsigned tgn)
{
	struct xidneg_parm p = { .nodeid = nodeid, .max_btu = 1461, .network_node = 1, .cpcp = 1,
		.tgn = (uint8_t)tgn, .nlp_sap = 0xc8, .seed = nodeid };

	assert_true(name_set(&p.cpname, cp));
	xidneg_init(x, &p);
}

/* A partner's XID; the smallest that is acceptable. */
static struct xid
peer(unsigned state, unsigned role, uint32_t nodeid, unsigned tgn)
{
	struct xid x;

	xid_init(&x);
	x.state = (uint8_t)state;
	x.role = (uint8_t)role;
	x.nodeid = nodeid;
	x.tgn = (uint8_t)tgn;
	x.max_btu = 1461;
	x.has_hpr = 1;
	x.network_node = 1;
	x.neg_sup = state == XID_NP;
	x.has_cpname = 1;
	assert_true(name_set(&x.cpname, "NETA.HOSTA"));
	return x;
}

static enum xn_do
give(struct xidneg *x, struct xid p)
{
	return xidneg_input(x, &p, "test");
}

static void
t_secondary_says_complete(void **state)
{
	struct xidneg x;
	struct xid first;

	(void)state;
	start(&x, 0x05d00001, "NETA.A", 0);
	assert_int_equal(xidneg_begin(&x, "t"), XN_SEND_NULL);
	assert_int_equal(xidneg_null(&x, "t"), XN_SEND);
	assert_int_equal(x.own.state, XID_PN);
	assert_true(x.own.has_tg);
	assert_int_equal(x.own.neg_sup, 0);
	first = peer(XID_PN, XID_NEG, 0xfff00002, 0);
	xid_set_product(&first, "010000", "HOST", "HOST", "HOST");
	assert_int_equal(give(&x, first), XN_SEND);
	assert_int_equal(x.own.state, XID_NP);
	assert_int_equal(x.own.role, XID_NEG);
	assert_int_equal(x.own.neg_sup, 1);
	assert_int_equal(x.own.neg_done, 0);
	assert_int_equal(give(&x, peer(XID_NP, XID_PRI, 0xfff00002, 21)), XN_SEND_LAST);
	assert_int_equal(x.own.role, XID_SEC);
	assert_int_equal(x.own.neg_done, 1);
	assert_int_equal(x.own.tgn, 21);
	assert_int_equal(x.peer.product_len, 45);       /* np XIDs don't name it */
	assert_int_equal(x.fsm.state, XS_RP_SS);
	assert_int_equal(xidneg_setmode(&x, "t"), XN_UP);
	assert_int_equal(x.fsm.state, XS_ACTIVE);
	assert_int_equal(xidneg_setmode(&x, "t"), XN_UP);
}

static void
t_primary_waits_for_complete(void **state)
{
	struct xidneg x;
	struct xid sec;

	(void)state;
	start(&x, 0xfff00009, "NETA.Z", 0);
	assert_int_equal(give(&x, peer(XID_PN, XID_NEG, 0x05d00001, 0)), XN_SEND);
	assert_int_equal(give(&x, peer(XID_NP, XID_NEG, 0x05d00001, 0)), XN_SEND);
	assert_int_equal(x.own.role, XID_PRI);
	assert_int_equal(x.own.tgn, 21);        /* the higher CP name chooses */
	sec = peer(XID_NP, XID_SEC, 0x05d00001, 21);
	assert_int_equal(give(&x, sec), XN_SEND);       /* C=0: not finished, RFC figure 10 */
	assert_int_equal(x.fsm.state, XS_S_PRI);
	sec.neg_done = 1;
	assert_int_equal(give(&x, sec), XN_SETMODE);
	assert_int_equal(x.fsm.state, XS_SP_RS);
	assert_int_equal(give(&x, sec), XN_SETMODE);
	xidneg_done(&x, "t");
	assert_int_equal(x.fsm.state, XS_ACTIVE);
}

/* A partner without the indicator: the old rule, SEC is enough. */
static void
t_partner_without_indicator(void **state)
{
	struct xidneg x;
	struct xid sec;

	(void)state;
	start(&x, 0xfff00009, "NETA.Z", 3);
	(void)give(&x, peer(XID_PN, XID_NEG, 0x05d00001, 0));
	(void)give(&x, peer(XID_NP, XID_NEG, 0x05d00001, 3));
	sec = peer(XID_NP, XID_SEC, 0x05d00001, 3);
	sec.neg_sup = 0;
	assert_int_equal(give(&x, sec), XN_SETMODE);
}

struct tg_case {
	unsigned own, first, then, want;
	uint32_t sense;
	const char *cp;
};

static void
t_tg_number(void **state)
{
	static const struct tg_case c[] = {
		{ 0, 0, 21, 21, 0, "NETA.A" },          /* lower name takes theirs */
		{ 0, 0, 0, 21, 0, "NETA.Z" },           /* higher name chooses */
		{ 5, 0, 5, 5, 0, "NETA.A" },            /* n against 0 */
		{ 0, 7, 7, 7, 0, "NETA.Z" },            /* 0 against m */
		{ 5, 5, 5, 5, 0, "NETA.A" },
		{ 5, 6, 6, 0, SENSE_XID_TGN_CONFLICT, "NETA.A" },
		{ 5, 21, 21, 0, SENSE_XID_TGN_CONFLICT, "NETA.Z" },
		{ 0, 0, 30, 21, 0, "NETA.Z" },          /* both negotiated, ours is higher */
		{ 0, 240, 0, 0, SENSE_XID_TGN, "NETA.A" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		struct xidneg x;
		enum xn_do d;

		start(&x, 0xfff00009, c[i].cp, c[i].own);
		d = give(&x, peer(XID_PN, XID_NEG, 0x05d00001, c[i].first));
		if (d != XN_FAIL)
			d = give(&x, peer(XID_NP, XID_NEG, 0x05d00001, c[i].then));
		if (c[i].sense != 0) {
			assert_int_equal(d, XN_FAIL);
			assert_int_equal(x.sense, c[i].sense);
			assert_true(x.own.has_error);
			assert_int_equal(x.own.error.sense, c[i].sense);
		} else {
			assert_int_equal(d, XN_SEND);
			assert_int_equal(x.own.tgn, c[i].want);
		}
	}
}

static void
t_tg_number_taken(void **state)
{
	struct xidneg x;

	(void)state;
	start(&x, 0xfff00009, "NETA.Z", 0);
	xidneg_use_tgn(&x, 21);
	xidneg_use_tgn(&x, 22);
	(void)give(&x, peer(XID_PN, XID_NEG, 0x05d00001, 0));
	(void)give(&x, peer(XID_NP, XID_NEG, 0x05d00001, 0));
	assert_int_equal(x.own.tgn, 23);
	/* The lower name has no choice and must refuse. */
	start(&x, 0xfff00009, "NETA.A", 0);
	xidneg_use_tgn(&x, 21);
	assert_int_equal(give(&x, peer(XID_PN, XID_NEG, 0x05d00001, 21)), XN_FAIL);
	assert_int_equal(x.sense, SENSE_XID_TGN);
}

static void
t_equal_node_ids(void **state)
{
	struct xidneg x;
	struct xid np = peer(XID_NP, XID_NEG, 0x05d00001, 21);

	(void)state;
	start(&x, 0x05d00001, "NETA.A", 0);
	(void)give(&x, peer(XID_PN, XID_NEG, 0x05d00001, 21));
	assert_int_equal(give(&x, np), XN_SEND);
	assert_int_equal(x.own.role, XID_NEG);
	assert_int_not_equal(x.own.nodeid, 0x05d00001);
	assert_int_equal(x.own.nodeid >> 20, 0x05d);
	/* A mirror: says what we say. */
	np.nodeid = x.own.nodeid;
	assert_int_equal(give(&x, np), XN_SEND);
	np.nodeid = x.own.nodeid;
	assert_int_equal(give(&x, np), XN_FAIL);
	assert_int_equal(x.sense, SENSE_XID_EQUAL_IDS);
}

static void
t_unacceptable(void **state)
{
	struct xid p;
	struct xidneg x;

	(void)state;
	p = peer(XID_PN, XID_NEG, 1, 0);
	assert_int_equal(xid_check(&p), 0);
	p.has_hpr = 0;
	assert_int_equal(xid_check(&p), SENSE_XID_NO_HPR);
	p = peer(XID_PN, XID_RESERVED, 1, 0);
	assert_int_equal(xid_check(&p), SENSE_XID_RESERVED_ROLE);
	p = peer(XID_NONACT, XID_NEG, 1, 0);
	assert_int_equal(xid_check(&p), SENSE_XID_NONACT);
	p = peer(XID_PN, XID_NEG, 1, 0);
	p.max_btu = 98;
	assert_int_equal(xid_check(&p), SENSE_XID_BTU);
	p.max_btu = 767;
	assert_int_equal(xid_check(&p), 0x10160007);
	p = peer(XID_PN, XID_NEG, 1, 0);
	p.cpcp = p.cp_services = 1;
	memset(&p.cpname, 0, sizeof(p.cpname));
	assert_int_equal(xid_check(&p), SENSE_XID_NO_CPNAME);

	start(&x, 0x05d00001, "NETA.A", 0);
	(void)name_set(&x.parm.want_cpname, "NETA.OTHER");
	assert_int_equal(give(&x, peer(XID_PN, XID_NEG, 2, 0)), XN_FAIL);
	assert_int_equal(x.sense, SENSE_NODE_TYPE);
	start(&x, 0x05d00001, "NETA.HOSTA", 0);         /* our own name */
	assert_int_equal(give(&x, peer(XID_PN, XID_NEG, 2, 0)), XN_FAIL);
	/* NN in one XID, EN in the next. */
	start(&x, 0x05d00001, "NETA.A", 0);
	assert_int_equal(give(&x, peer(XID_PN, XID_NEG, 2, 0)), XN_SEND);
	p = peer(XID_NP, XID_NEG, 2, 21);
	p.network_node = 0;
	assert_int_equal(give(&x, p), XN_FAIL);
	assert_int_equal(x.sense, 0x10160008);
}

static void
t_error_vector_is_not_answered(void **state)
{
	struct xidneg x;
	struct xid p = peer(XID_NP, XID_NEG, 2, 0);

	(void)state;
	log_level_all(LOG_ERROR);
	start(&x, 0x05d00001, "NETA.A", 0);
	p.has_error = 1;
	p.error.sense = SENSE_CV46_80_MISSING;
	assert_int_equal(give(&x, p), XN_DEAD);
	assert_int_equal(x.sense, SENSE_CV46_80_MISSING);
}

static void
t_roles_that_clash(void **state)
{
	struct xidneg x;

	(void)state;
	start(&x, 0xfff00009, "NETA.Z", 0);
	(void)give(&x, peer(XID_PN, XID_NEG, 1, 0));
	(void)give(&x, peer(XID_NP, XID_NEG, 1, 0));
	assert_int_equal(x.fsm.state, XS_S_PRI);
	assert_int_equal(give(&x, peer(XID_NP, XID_PRI, 1, 21)), XN_FAIL);
	assert_int_equal(x.sense, SENSE_XID_ROLE);
	assert_int_equal(x.fsm.state, XS_RESET);
}

/* Two nodes that never agree must not go on for ever. */
static void
t_quarrel_ends(void **state)
{
	struct xidneg x;
	unsigned n = 0;

	(void)state;
	start(&x, 0xfff00009, "NETA.Z", 0);
	(void)give(&x, peer(XID_PN, XID_NEG, 1, 0));
	(void)give(&x, peer(XID_NP, XID_NEG, 1, 0));
	while (give(&x, peer(XID_NP, XID_SEC, 1, 99)) == XN_SEND)
		assert_true(n++ < 100);
	assert_int_equal(x.own.has_error, 1);
	assert_int_equal(x.sense, SENSE_XID_TGN_CHANGED);

	/* Or one that never gets beyond prenegotiation. */
	start(&x, 0xfff00009, "NETA.Z", 0);
	for (n = 0; give(&x, peer(XID_PN, XID_NEG, 1, 0)) != XN_FAIL; n++)
		assert_true(n < 100);
	assert_int_equal(x.sense, SENSE_XID_NP_NEEDED);
	assert_int_equal(x.own.error.sense, SENSE_XID_NP_NEEDED);
	assert_int_equal(x.own.error.offset, 9);
	assert_int_equal(x.own.error.bit, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_secondary_says_complete),
		cmocka_unit_test(t_primary_waits_for_complete),
		cmocka_unit_test(t_partner_without_indicator),
		cmocka_unit_test(t_tg_number),
		cmocka_unit_test(t_tg_number_taken),
		cmocka_unit_test(t_equal_node_ids),
		cmocka_unit_test(t_unacceptable),
		cmocka_unit_test(t_error_vector_is_not_answered),
		cmocka_unit_test(t_roles_that_clash),
		cmocka_unit_test(t_quarrel_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
