/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "snaee/anr.h"
#include "snaee/ee.h"

static struct anr_hop
route(const struct anr *a, struct nhdr *h, const uint8_t *labels, uint8_t n)
{
	*h = (struct nhdr){ .sm = NHDR_ANR, .anr = labels, .anr_len = n };
	return anr_route(a, h);
}

static void
t_nce(void **state)
{
	static const uint8_t cp[] = { 0x80, 0, 0, 1 }, rs[] = { 0x80, 0, 0, 2 },
	    lu[] = { 0x80, 0, 0, 3 }, none[] = { 0x80, 0, 0, 0 }, two[] = { 0x80, 0, 0, 3, 0x80 },
	    brief[] = { 0x80, 0 };
	struct anr a;
	struct nhdr h;

	(void)state;
	anr_init(&a);
	assert_int_equal(route(&a, &h, cp, 4).to, ANR_NCE);
	assert_int_equal(route(&a, &h, cp, 4).nce, NCE_CP);
	assert_int_equal(route(&a, &h, rs, 4).nce, NCE_RSETUP);
	assert_int_equal(route(&a, &h, lu, 4).nce, NCE_LU);
	assert_int_equal(h.anr_len, 4);         /* an NCE's label stays */
	assert_int_equal(route(&a, &h, none, 4).to, ANR_UNKNOWN);
	assert_int_equal(route(&a, &h, two, 5).to, ANR_UNKNOWN);
	assert_int_equal(route(&a, &h, brief, 2).to, ANR_UNKNOWN);
	assert_int_equal(route(&a, &h, cp, 0).to, ANR_UNKNOWN);
}

static void
t_tg(void **state)
{
	struct anr a;
	struct nhdr h;
	struct anr_hop hop;
	struct label l, m;
	uint8_t list[5] = { 0, 0x80, 0, 0, 3 };
	int tg1, tg2;

	(void)state;
	anr_init(&a);
	l = anr_add(&a, &tg1);
	m = anr_add(&a, &tg2);
	assert_int_equal(l.len, 1);
	assert_int_not_equal(l.b[0], m.b[0]);
	list[0] = m.b[0];
	hop = route(&a, &h, list, 5);
	assert_int_equal(hop.to, ANR_TG);
	assert_ptr_equal(hop.tg, &tg2);
	assert_int_equal(h.anr_len, 4);         /* on without its label */
	assert_int_equal(h.anr[0], 0x80);
	assert_int_equal(route(&a, &h, list, 1).to, ANR_UNKNOWN);       /* a TG is no end */
	anr_del(&a, &tg2);
	assert_int_equal(route(&a, &h, list, 5).to, ANR_UNKNOWN);
	list[0] = l.b[0];
	assert_ptr_equal(route(&a, &h, list, 5).tg, &tg1);
}

static void
t_all_labels(void **state)
{
	struct anr a;
	int tg[ANR_TGS + 1];

	(void)state;
	anr_init(&a);
	for (unsigned i = 0; i < ANR_TGS; i++) {
		struct label l = anr_add(&a, &tg[i]);

		assert_int_equal(l.len, 1);
		assert_true(l.b[0] >= ANR_TG_FIRST && l.b[0] <= ANR_TG_LAST);
	}
	assert_int_equal(anr_add(&a, &tg[ANR_TGS]).len, 0);
	anr_del(&a, &tg[3]);
	assert_int_equal(anr_add(&a, &tg[ANR_TGS]).b[0], ANR_TG_FIRST + 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_nce), cmocka_unit_test(t_tg), cmocka_unit_test(t_all_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
