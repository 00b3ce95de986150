/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "vtamsim/rtab.h"

static struct rtab tab;

static struct sna_name
nm(const char *s)
{
	struct sna_name n;

	assert_true(name_set(&n, s));
	return n;
}

static struct res *
add(enum res_type t, const char *name, struct res *up)
{
	struct sna_name n = nm(name);

	return rtab_add(&tab, t, &n, up);
}

static int
setup(void **state)
{
	(void)state;
	return rtab_init(&tab, "NETA", 16);
}

static int
teardown(void **state)
{
	(void)state;
	rtab_fini(&tab);
	return 0;
}

static void
t_names(void **state)
{
	struct res *maj = add(RES_MAJOR, "APPLS", NULL), *r = add(RES_APPL, "TSO", maj);

	(void)state;
	assert_non_null(r);
	assert_string_equal(r->name.s, "NETA.TSO");
	assert_ptr_equal(rtab_find(&tab, "TSO"), r);
	assert_ptr_equal(rtab_find(&tab, "tso"), r);
	assert_ptr_equal(rtab_find(&tab, "NETA.TSO"), r);
	assert_null(rtab_find(&tab, "NETB.TSO"));
	assert_null(rtab_find(&tab, "TS"));
	assert_null(rtab_find(&tab, ""));
	assert_null(rtab_find(&tab, "MUCHTOOLONGANAMEFORIT"));
	assert_null(add(RES_APPL, "TSO", maj));         /* taken, whatever it is */
	assert_null(add(RES_PU, "NETB.TSO", NULL));
	rtab_del(&tab, r);
	assert_null(rtab_find(&tab, "TSO"));
	assert_non_null(add(RES_PU, "NETB.TSO", NULL));
	assert_non_null(rtab_find(&tab, "NETB.TSO"));
}

static void
t_full(void **state)
{
	char name[9];
	int n = 0;

	(void)state;
	do
		(void)snprintf(name, sizeof(name), "R%d", n);
	while (add(RES_APPL, name, NULL) != NULL && ++n < 1000);
	assert_int_equal(n, 16);
	assert_int_equal(tab.pool.empty, 1);
	rtab_del(&tab, rtab_find(&tab, "R3"));
	assert_non_null(add(RES_APPL, "LAST", NULL));
}

/* The closest pattern; what was made from a model is no model. */
static void
t_models(void **state)
{
	struct res *maj = add(RES_MAJOR, "APPLS", NULL);
	struct res *any = add(RES_MODEL, "T*", maj), *five = add(RES_MODEL, "TCP?????", maj);

	(void)state;
	assert_null(rtab_model(&tab, "X"));
	assert_ptr_equal(rtab_model(&tab, "T"), any);
	assert_ptr_equal(rtab_model(&tab, "TCP00001"), five);
	assert_ptr_equal(rtab_model(&tab, "TCP0001"), any);
	assert_non_null(add(RES_DYNAPPL, "TCP00001", maj));
	assert_ptr_equal(rtab_model(&tab, "TCP00001"), five);
	rtab_del(&tab, five);
	assert_ptr_equal(rtab_model(&tab, "TCP00001"), any);
	assert_int_equal(tab.n_models, 1);
}

/* Companion vtam-operator section 3, life of the resources. */
static void
t_states(void **state)
{
	struct res *a = add(RES_APPL, "A", NULL), *p = add(RES_PU, "P", NULL);
	char to[11];

	(void)state;
	assert_string_equal(res_status(a, to), "NEVAC");
	assert_false(res_event(a, REV_LOST));
	assert_true(res_event(a, REV_ACT));
	assert_string_equal(res_status(a, to), "CONCT");
	assert_true(res_event(a, REV_CONNECT));
	assert_string_equal(res_status(a, to), "ACTIV");
	a->n_sess = 1;
	assert_string_equal(res_status(a, to), "ACT/S");
	a->n_sess = 0;
	assert_true(res_event(a, REV_LOST));
	assert_true(res_event(a, REV_INACT));
	assert_string_equal(res_status(a, to), "INACT");
	assert_false(res_event(a, REV_CONNECT));
	assert_true(res_event(p, REV_ACT));
	assert_true(res_event(p, REV_DIAL));
	assert_string_equal(res_status(p, to), "PNDLN");
	assert_true(res_event(p, REV_ANSWER));
	assert_string_equal(res_status(p, to), "PCTD2");
	assert_true(res_event(p, REV_CONNECT));
	p->flags = RESF_LU;
	assert_string_equal(res_status(p, to), "ACTIV--L--");
	p->flags = RESF_EXPLICIT;
	assert_string_equal(res_status(p, to), "ACTIV----E");
}

static void
t_walk(void **state)
{
	static const char *const want[] = { "M1", "G1", "L1", "L2", "G2", "M2", "A1" };
	struct res *m = add(RES_MAJOR, "M1", NULL), *g = add(RES_GROUP, "G1", m);
	const struct res *r = NULL;

	(void)state;
	(void)add(RES_LINE, "L1", g);
	(void)add(RES_LINE, "L2", g);
	(void)add(RES_GROUP, "G2", m);
	m = add(RES_MAJOR, "M2", NULL);
	(void)add(RES_APPL, "A1", m);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		r = rtab_next(&tab, r);
		assert_non_null(r);
		assert_string_equal(name_base(&r->name), want[i]);
	}
	assert_null(rtab_next(&tab, r));
}

/* A partner's LU is remembered for a while, and gives way when room is needed. */
static void
t_cdrsc(void **state)
{
	struct sna_name cp = nm("NETA.CP1"), none = { 0 }, a = nm("NETB.TSO"), b = nm("TSO");
	struct sna_name other = nm("NETC.TSO");
	struct res *r = rtab_cdrsc(&tab, &a, &cp);
	char name[9], to[11];

	(void)state;
	assert_non_null(r);
	assert_string_equal(r->name.s, "NETB.TSO");
	assert_string_equal(res_status(r, to), "ACTIV");
	assert_ptr_equal(rtab_cdrsc(&tab, &a, &none), r);
	assert_string_equal(r->owner.s, "NETA.CP1");
	assert_ptr_equal(rtab_cdrsc(&tab, &b, &none), r);
	assert_null(rtab_cdrsc(&tab, &other, &cp));
	rtab_cdrsc_idle(&tab, r, (struct mono){ SECS(10) });
	assert_int_equal(rtab_cdrsc_purge(&tab, (struct mono){ SECS(9) }).us, SECS(10));
	assert_ptr_equal(rtab_cdrsc(&tab, &a, &none), r);       /* in use again */
	assert_true(mono_is_never(rtab_cdrsc_purge(&tab, (struct mono){ SECS(99) })));
	assert_ptr_equal(rtab_find(&tab, "TSO"), r);
	rtab_cdrsc_idle(&tab, r, (struct mono){ SECS(100) });
	for (int i = 0; i < 15; i++) {
		(void)snprintf(name, sizeof(name), "R%d", i);
		assert_non_null(add(RES_APPL, name, NULL));
	}
	b = nm("NETB.CICS");
	r = rtab_cdrsc(&tab, &b, &cp);                  /* the oldest idle one went for it */
	assert_non_null(r);
	assert_null(rtab_find(&tab, "TSO"));
	assert_null(rtab_cdrsc(&tab, &a, &cp));         /* this one is in use */
	b = nm("NETA.R1");
	assert_null(rtab_cdrsc(&tab, &b, &cp));         /* an APPL has the name */
	rtab_cdrsc_idle(&tab, r, (struct mono){ SECS(200) });
	assert_true(mono_is_never(rtab_cdrsc_purge(&tab, (struct mono){ SECS(200) })));
	assert_null(rtab_find(&tab, "CICS"));
	assert_int_equal(tab.n_cdrsc, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(t_names, setup, teardown),
		cmocka_unit_test_setup_teardown(t_full, setup, teardown),
		cmocka_unit_test_setup_teardown(t_models, setup, teardown),
		cmocka_unit_test_setup_teardown(t_states, setup, teardown),
		cmocka_unit_test_setup_teardown(t_walk, setup, teardown),
		cmocka_unit_test_setup_teardown(t_cdrsc, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
