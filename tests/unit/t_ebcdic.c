/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ebcdic.h"

static void
t_names(void **state)
{
	struct sna_name a, b;
	char netid[9];

	(void)state;
	assert_true(name_set(&a, "neta.gw1  "));
	assert_string_equal(a.s, "NETA.GW1");
	assert_string_equal(name_base(&a), "GW1");
	name_netid(&a, netid);
	assert_string_equal(netid, "NETA");
	assert_true(name_qual(&b, "NETA", "GW1"));
	assert_true(name_eq(&a, &b));
	assert_memory_equal(&a, &b, sizeof(a));
	assert_false(name_set(&a, "ABCDEFGH.ABCDEFGHI"));
	assert_int_equal(a.len, 0);
	assert_true(name_qual(&b, "", "ECHO"));
	assert_string_equal(b.s, "ECHO");
	assert_false(name_qual(&b, "ABCDEFGHI", "ABCDEFGH"));
	assert_true(name_valid("TCP00001", 8));
	assert_false(name_valid("1TCP", 4));
	assert_false(name_valid("TCP000011", 9));
	assert_false(name_valid("TC.P", 4));
	assert_false(name_valid("", 0));
}

static void
t_collates_as_ebcdic(void **state)
{
	struct sna_name a, b;

	(void)state;
	name_set(&a, "NETA.CP1");
	name_set(&b, "NETA.CPA");
	assert_true(name_cmp(&a, &b) > 0);      /* digits are above letters */
	name_set(&b, "NETA.CP");
	assert_true(name_cmp(&a, &b) > 0);
	assert_int_equal(name_cmp(&a, &a), 0);
}

static void
t_wild_cards(void **state)
{
	(void)state;
	assert_true(name_match("TCP?????", "TCP00001"));
	assert_false(name_match("TCP?????", "TCP0001"));
	assert_true(name_match("*", ""));
	assert_true(name_match("T*1", "TCP00001"));
	assert_false(name_match("T*2", "TCP00001"));
	assert_true(name_match("TCP*0*1", "TCP00001"));
}

static void
t_on_the_wire(void **state)
{
	const uint8_t e[] = { 0xd5, 0xc5, 0xe3, 0xc1, 0x4b, 0xc7, 0xe6, 0xf1, 0x40, 0x40 };
	const uint8_t ctl[] = { 0xc1, 0x00, 0xc2 };
	uint8_t out[16];
	struct rd r = rd_on(e, sizeof(e));
	struct wr w = wr_on(out, sizeof(out));
	struct sna_name n;

	(void)state;
	assert_true(name_get(&r, 10, &n));
	assert_string_equal(n.s, "NETA.GW1");
	name_put(&w, &n);
	assert_memory_equal(out, e, 8);
	assert_int_equal(wr_len(&w), 8);
	name_set(&n, "GW1");
	name_put8(&w, &n);
	assert_memory_equal(out + 8, "\xc7\xe6\xf1\x40\x40\x40\x40\x40", 8);
	r = rd_on(ctl, sizeof(ctl));
	assert_true(name_get(&r, 3, &n));
	assert_string_equal(n.s, "A?B");        /* nothing unprintable inside */
	assert_false(name_get(&r, 1, &n));
}

static void
t_page_037_turns_round(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++)
		assert_int_equal(ebc_from(asc_from((uint8_t)i)), i);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_names),
		cmocka_unit_test(t_collates_as_ebcdic),
		cmocka_unit_test(t_wild_cards),
		cmocka_unit_test(t_on_the_wire),
		cmocka_unit_test(t_page_037_turns_round),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
