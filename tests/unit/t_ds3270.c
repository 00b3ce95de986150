/* SPDX-License-Identifier: Apache-2.0
 *
 * The 3270 data stream against bytes from traces and the tables of the
 * programmer's reference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/screen3270.h"

static void
t_codes(void **state)
{
	(void)state;
	assert_int_equal(ds_wcc(DS_WCC_READY), 0xc3);
	assert_int_equal(ds_wcc(DS_WCC_RESET | DS_WCC_UNLOCK), 0xc2);
	assert_int_equal(ds_wcc(DS_WCC_RESET | DS_WCC_PRINT), 0xc8);
	assert_int_equal(ds_attr(0), 0x40);
	assert_int_equal(ds_attr(DS_PROT), 0x60);
	assert_int_equal(ds_attr(DS_SKIP), 0xf0);
	assert_int_equal(ds_attr(DS_BRIGHT), 0xc8);
	assert_int_equal(ds_attr(DS_HIDDEN), 0x4c);
	assert_int_equal(ds_attr(DS_SKIP | DS_BRIGHT), 0xf8);
	assert_int_equal(ds_pf(DS_PF1), 1);
	assert_int_equal(ds_pf(0x7c), 12);
	assert_int_equal(ds_pf(0x4c), 24);
	assert_int_equal(ds_pf(DS_ENTER), 0);
	assert_string_equal(ds_aid_name(0xf3), "PF3");
	assert_string_equal(ds_aid_name(0x01), "?");
}

static void
t_addresses(void **state)
{
	uint8_t b[2];

	(void)state;
	for (uint32_t a = 0; a < 16384; a++) {
		struct wr w = wr_on(b, 2);
		struct rd r = rd_on(b, 2);

		ds_addr_put(&w, a, a > 4095);
		assert_int_equal(ds_addr_get(&r), a);
		assert_false(r.bad);
	}
	/* the corners of 24 by 80, as every manual prints them */
	struct wr w = wr_on(b, 2);

	ds_addr_put(&w, 0, 0);
	assert_memory_equal(b, "\x40\x40", 2);
	w = wr_on(b, 2);
	ds_addr_put(&w, 80, 0);
	assert_memory_equal(b, "\xc1\x50", 2);
	w = wr_on(b, 2);
	ds_addr_put(&w, 1919, 0);
	assert_memory_equal(b, "\x5d\x7f", 2);
	struct rd r = rd_on("\x80\x01", 2);

	(void)ds_addr_get(&r);
	assert_true(r.bad);
	r = rd_on("\x40", 1);
	(void)ds_addr_get(&r);
	assert_true(r.bad);
}

static void
t_out(void **state)
{
	uint8_t b[200];
	struct ds d;
	struct scr s;

	(void)state;
	ds_begin(&d, wr_on(b, sizeof(b)), 24, 80, DS_PLAIN);
	ds_cmd(&d, DS_EW, DS_WCC_READY);
	ds_field(&d, 1, 1, DS_PROT | DS_BRIGHT, "HI");
	ds_at(&d, 24, 80);
	ds_ic(&d);
	assert_int_equal(wr_len(&d.w), 2 + 3 + 2 + 2 + 3 + 1);
	assert_memory_equal(b, "\xf5\xc3\x11\x40\x40\x1d\xe8\xc8\xc9\x11\x5d\x7f\x13", 13);
	/* colours only where they are known */
	ds_begin(&d, wr_on(b, sizeof(b)), 24, 80, DS_EXTENDED);
	ds_sfe(&d, DS_PROT, DS_UNDER, DS_RED);
	ds_sfe(&d, DS_PROT, DS_H_DEFAULT, DS_C_DEFAULT);
	ds_sa(&d, DS_T_COLOUR, DS_BLUE);
	assert_int_equal(wr_len(&d.w), 8 + 2 + 3);
	assert_memory_equal(b, "\x29\x03\xc0\x60\x41\xf4\x42\xf2\x1d\x60\x28\x42\xf1", 13);
	d.extended = 0;
	d.w = wr_on(b, sizeof(b));
	ds_sfe(&d, DS_PROT, DS_UNDER, DS_RED);
	ds_sa(&d, DS_T_COLOUR, DS_BLUE);
	assert_int_equal(wr_len(&d.w), 2);
	/* numbers, fills, text that would be an order */
	ds_begin(&d, wr_on(b, sizeof(b)), 62, 160, DS_PLAIN);
	assert_true(d.wide);
	ds_cmd(&d, DS_EWA, DS_WCC_READY);
	ds_at(&d, 62, 1);
	ds_num(&d, 1234, 6);
	ds_text(&d, "\x11\x1d!");
	ds_at(&d, 1, 1);
	ds_ra(&d, 2, 1, '-');
	scr_init(&s, 24, 80, 62, 160);
	assert_true(scr_apply(&s, b, wr_len(&d.w)));
	assert_int_equal(s.cols, 160);
	assert_memory_equal(scr_line(&s, 62), "  1234  !", 9);
	for (unsigned i = 0; i < 160; i++)
		assert_int_equal(scr_line(&s, 1)[i], '-');
	/* too small a buffer */
	ds_begin(&d, wr_on(b, 10), 24, 80, DS_PLAIN);
	ds_text(&d, "more than ten bytes");
	assert_true(d.w.bad);
}

static void
t_in(void **state)
{
	/* sna-sessions section 8, vector 13: ENTER, cursor, one field */
	static const uint8_t enter[] = { 0x7d, 0xc1, 0xd5, 0x11, 0xc1, 0xd1, 0xd3, 0xd6, 0xc7, 0xd6,
		0xc6, 0xc6, 0x11, 0xc2, 0x60, 0x40, 0x81, 0x00, 0x28, 0x42, 0xf1, 0x82, 0x40 };
	struct ds_in in;
	struct ds_infield f;
	char text[20];

	(void)state;
	assert_true(ds_in_open(&in, enter, sizeof(enter), 1920));
	assert_int_equal(in.aid, DS_ENTER);
	assert_int_equal(in.cursor, 85);
	assert_true(ds_in_field(&in, &f));
	assert_int_equal(f.addr, 81);
	assert_int_equal(ds_in_text(&f, text, sizeof(text), DS_ASIS), 6);
	assert_string_equal(text, "LOGOFF");
	assert_int_equal(ds_in_text(&f, text, 4, DS_ASIS), 3);
	assert_true(ds_in_field(&in, &f));
	assert_int_equal(f.addr, 160);
	assert_int_equal(ds_in_text(&f, text, sizeof(text), DS_UPPER), 3);
	assert_string_equal(text, "A B");
	assert_false(ds_in_field(&in, &f));

	assert_true(ds_in_open(&in, "\x6d", 1, 1920));
	assert_true(in.short_read);
	assert_false(ds_in_field(&in, &f));
	/* unformatted screen: no SBA */
	assert_true(ds_in_open(&in, "\x7d\x40\x40\xc1\xc2", 5, 1920));
	assert_true(ds_in_field(&in, &f));
	assert_int_equal(f.addr, DS_NOADDR);
	assert_int_equal(f.len, 2);
	/* damaged: nothing, half an address, an address off the screen */
	assert_false(ds_in_open(&in, "", 0, 1920));
	assert_false(ds_in_open(&in, "\x7d\x40", 2, 1920));
	assert_false(ds_in_open(&in, "\x7d\x3f\xff", 3, 1920));
	assert_true(ds_in_open(&in, "\x7d\x40\x40\x11\x7f\x7f\xc1", 7, 1920));
	assert_false(ds_in_field(&in, &f));
	assert_true(ds_in_open(&in, "\x7d\x40\x40\x11", 4, 1920));
	assert_false(ds_in_field(&in, &f));
	/* orders cut at the end */
	assert_true(ds_in_open(&in, "\x7d\x40\x40\x11\x40\x40\x29\xff", 8, 1920));
	assert_true(ds_in_field(&in, &f));
	assert_int_equal(ds_in_text(&f, text, sizeof(text), DS_ASIS), 0);
}

static void
t_query(void **state)
{
	/* Usable Area 43 by 80, Colour, Highlighting, Implicit Partition */
	static const uint8_t reply[] = { 0x88, 0x00, 0x17, 0x81, 0x81, 0x01, 0x00, 0x00, 0x50, 0x00,
		0x2b, 0x01, 0x00, 0x0a, 0x02, 0xe5, 0x00, 0x02, 0x00, 0x6f, 0x09, 0x0c, 0x0d, 0x70,
		0x00, 0x08, 0x81, 0x86, 0x00, 0x08, 0x00, 0xf4, 0x00, 0x07, 0x81, 0x87, 0x04, 0x00,
		0xf0, 0x00, 0x11, 0x81, 0xa6, 0x00, 0x00, 0x0b, 0x01, 0x00, 0x00, 0x50, 0x00, 0x18,
		0x00, 0x50, 0x00, 0x2b };
	struct ds_query q;
	struct rd r = rd_on(reply, sizeof(reply));
	uint8_t b[16];
	struct wr w = wr_on(b, sizeof(b));

	(void)state;
	assert_true(ds_query_get(&r, &q));
	assert_int_equal(q.replies, 4);
	assert_int_equal(q.usable, 1);
	assert_int_equal(q.rows, 43);
	assert_int_equal(q.cols, 80);
	assert_int_equal(q.wide, 1);
	assert_int_equal(q.colour, 1);
	assert_int_equal(q.ncolours, 8);
	assert_int_equal(q.hilite, 1);
	assert_int_equal(q.implicit, 1);
	assert_int_equal(q.alt_rows, 43);
	assert_int_equal(q.def_rows, 24);
	for (size_t n = 0; n < sizeof(reply); n++) {    /* cut anywhere */
		r = rd_on(reply, n);
		(void)ds_query_get(&r, &q);
	}
	r = rd_on("\x7d\x00\x05\x81\x81", 5);
	assert_false(ds_query_get(&r, &q));
	r = rd_on("\x88\x00\x01\x81\x81", 5);
	assert_false(ds_query_get(&r, &q));
	ds_query_out(&w);
	assert_int_equal(wr_len(&w), 6);        /* Telnet doubles the FF, not we */
	assert_memory_equal(b, "\xf3\x00\x05\x01\xff\x02", 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_codes),
		cmocka_unit_test(t_addresses),
		cmocka_unit_test(t_out),
		cmocka_unit_test(t_in),
		cmocka_unit_test(t_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
