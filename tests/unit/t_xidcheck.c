/* SPDX-License-Identifier: Apache-2.0
 *
 * Each row of sense codes for contents of an XID3 (companion ee-hpr-rtp 2.12):
 * reached by one change to an XID that is well, and with the field in CV 22.
 */
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

#define SPOIL(name, what) \
	static void spoil_##name(struct xid *x) { what; }

SPOIL(error, x->has_error = 1)
SPOIL(type, x->node_type = 1)
SPOIL(nonact, x->state = XID_NONACT)
SPOIL(hpr, x->has_hpr = 0)
SPOIL(role, x->role = XID_RESERVED)
SPOIL(window, x->max_iframes = 0)
SPOIL(btu, x->max_btu = 98)
SPOIL(btu_en, x->max_btu = 264; x->network_node = 0)
SPOIL(btu_nn, x->max_btu = 520)
SPOIL(btu_hpr, x->max_btu = 767)
SPOIL(bind, x->whole_bind_req = 0)
SPOIL(nn, x->cp_services = 0)
SPOIL(services, x->cpcp = 0)
SPOIL(pace, x->bind_pace_recv = 0)
SPOIL(no_pace, x->bind_pace_send = x->bind_pace_recv = 0)
SPOIL(profile, x->profile = 1)
SPOIL(one_way, x->txrx = 0)
SPOIL(name, x->has_cpname = 0; x->cpname.len = 0)
/* in a later XID */
SPOIL(nn_changed, x->network_node = 0)
SPOIL(actpu, x->no_actpu = 0)
SPOIL(abm, x->abm = 0)
SPOIL(dlc, x->dlc_type = 2)
SPOIL(parallel, x->parallel_tg = 0)
SPOIL(tgn, x->tgn = 8)
SPOIL(stopped, x->state = XID_NOT_SUPPORTED)

struct row {
	uint32_t sense;
	uint16_t offset;
	uint8_t bit;
	void (*spoil)(struct xid *);
};

static const struct row alone[] = {
	{ 0x08090049, 0, 8, spoil_error },
	{ 0x10160020, 0, 4, spoil_type },
	{ 0x0809003d, 9, 4, spoil_nonact },
	{ 0x10160031, 0, 8, spoil_hpr },
	{ 0x1016001c, 19, 2, spoil_role },
	{ 0x10160001, 27, 1, spoil_window },
	{ 0x10160003, 21, 1, spoil_btu },
	{ 0x10160006, 21, 1, spoil_btu_en },
	{ 0x10160007, 21, 1, spoil_btu_nn },
	{ 0x10160007, 21, 1, spoil_btu_hpr },
	{ 0x10160005, 8, 2, spoil_bind },
	{ 0x10160009, 9, 2, spoil_nn },
	{ 0x1016001b, 9, 2, spoil_services },
	{ 0x10160015, 10, 1, spoil_pace },
	{ 0x10160018, 10, 0, spoil_no_pace },
	{ 0x1016000d, 23, 0, spoil_profile },
	{ 0x1016001d, 19, 6, spoil_one_way },
	{ 0x1016001e, 9, 3, spoil_name },
};

static const struct row later[] = {
	{ 0x10160008, 9, 1, spoil_nn_changed },
	{ 0x10160002, 9, 0, spoil_actpu },
	{ 0x10160010, 19, 1, spoil_abm },
	{ 0x10160013, 17, 0, spoil_dlc },
	{ 0x1016001a, 15, 0, spoil_parallel },
	{ 0x1016000a, 16, 0, spoil_tgn },
	{ 0x08090045, 9, 4, spoil_stopped },
};

static struct xid
well(unsigned state)
{
	struct xid x;

	xid_init(&x);
	x.state = (uint8_t)state;
	x.nodeid = 0x05d00001;
	x.network_node = x.cpcp = x.cp_services = 1;
	x.neg_sup = state == XID_NP;
	x.tgn = 7;
	x.has_cpname = 1;
	assert_true(name_set(&x.cpname, "NETA.HOSTA"));
	return x;
}

static void
t_each_alone(void **state)
{
	struct xid x = well(XID_PN);

	(void)state;
	assert_int_equal(xid_check(&x), 0);
	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++) {
		struct xid_error e;

		x = well(XID_PN);
		alone[i].spoil(&x);
		assert_int_equal(xid_check(&x), alone[i].sense);
		xid_where(alone[i].sense, &e);
		assert_int_equal(e.offset, alone[i].offset);
		assert_int_equal(e.bit, alone[i].bit);
		assert_string_not_equal(sense_text(alone[i].sense), "");
	}
}

static void
t_each_later(void **state)
{
	struct xid a = well(XID_PN), b = well(XID_NP);

	(void)state;
	assert_int_equal(xid_check_next(&a, &b), 0);
	b.tgn = 0;
	assert_int_equal(xid_check_next(&a, &b), 0);
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		struct xid_error e;

		b = well(XID_NP);
		later[i].spoil(&b);
		assert_int_equal(xid_check_next(&a, &b), later[i].sense);
		xid_where(later[i].sense, &e);
		assert_int_equal(e.offset, later[i].offset);
		assert_int_equal(e.bit, later[i].bit);
	}
	a.state = XID_NOT_SUPPORTED;
	b = well(XID_NP);
	assert_int_equal(xid_check_next(&a, &b), SENSE_XID_STATES_STARTED);
	/* A negotiated number may move. */
	a = well(XID_PN);
	b = well(XID_NP);
	a.tgn = 22;
	b.tgn = 23;
	assert_int_equal(xid_check_next(&a, &b), 0);
}

static void
begin(struct xidneg *n, unsigned tgn)
{
	struct xidneg_parm p = { .nodeid = 0xfff00009, .max_btu = 1461, .network_node = 1,
		.cpcp = 1, .tgn = (uint8_t)tgn, .nlp_sap = 0xc8, .seed = 5 };

	assert_true(name_set(&p.cpname, "NETA.A"));
	xidneg_init(n, &p);
}

/* The exchange says it: CV 22 with sense and place is what is sent. */
static void
t_exchange_sends_cv22(void **state)
{
	(void)state;
	for (size_t i = 1; i < sizeof(alone) / sizeof(alone[0]); i++) {
		struct xid x = well(XID_PN);
		struct xidneg n;

		begin(&n, 0);
		alone[i].spoil(&x);
		assert_int_equal(xidneg_input(&n, &x, "t"), XN_FAIL);
		assert_true(n.own.has_error);
		assert_int_equal(n.own.error.sense, alone[i].sense);
		assert_int_equal(n.own.error.offset, alone[i].offset);
		assert_int_equal(n.own.error.bit, alone[i].bit);
	}
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		struct xid x = well(XID_PN), y = well(XID_NP);
		struct xidneg n;

		begin(&n, 0);
		assert_int_equal(xidneg_input(&n, &x, "t"), XN_SEND);
		later[i].spoil(&y);
		assert_int_equal(xidneg_input(&n, &y, "t"), XN_FAIL);
		assert_int_equal(n.own.error.sense, later[i].sense);
	}
}

/* The partner must be who was defined. */
static void
t_identity(void **state)
{
	struct xid x = well(XID_PN);
	struct xidneg n;

	(void)state;
	begin(&n, 0);
	n.parm.want_nodeid = 0x05d00001;
	assert_int_equal(xidneg_input(&n, &x, "t"), XN_SEND);
	begin(&n, 0);
	n.parm.want_nodeid = 0x05d00002;
	assert_int_equal(xidneg_input(&n, &x, "t"), XN_FAIL);
	assert_int_equal(n.sense, SENSE_NODE_TYPE);
	begin(&n, 0);
	n.parm.want_type = XN_WANT_EN;
	assert_int_equal(xidneg_input(&n, &x, "t"), XN_FAIL);
	assert_int_equal(n.sense, SENSE_NODE_TYPE);
	assert_int_equal(n.own.error.offset, 9);
	begin(&n, 0);
	n.parm.want_type = XN_WANT_NN;
	assert_int_equal(xidneg_input(&n, &x, "t"), XN_SEND);
}

/* A second link to a node that knows of one only. */
static void
t_parallel_impossible(void **state)
{
	struct xid x = well(XID_PN);
	struct xidneg n;

	(void)state;
	x.parallel_tg = 0;
	begin(&n, 0);
	assert_int_equal(xidneg_input(&n, &x, "t"), XN_SEND);
	begin(&n, 0);
	xidneg_use_tgn(&n, 21);
	assert_int_equal(xidneg_input(&n, &x, "t"), XN_FAIL);
	assert_int_equal(n.sense, SENSE_XID_PARALLEL_TG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_each_alone),
		cmocka_unit_test(t_each_later),
		cmocka_unit_test(t_exchange_sends_cv22),
		cmocka_unit_test(t_identity),
		cmocka_unit_test(t_parallel_impossible),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
