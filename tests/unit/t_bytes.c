/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/bytes.h"

static void
t_reads_big_endian(void **state)
{
	const uint8_t b[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	struct rd r = rd_on(b, sizeof(b));

	(void)state;
	assert_int_equal(rd_peek(&r), 1);
	assert_int_equal(rd_u8(&r), 1);
	assert_int_equal(rd_u16(&r), 0x0203);
	assert_int_equal(rd_u32(&r), 0x04050607);
	assert_true(rd_u64(&r) == 0x08090a0b0c0d0e0fu);
	assert_false(r.bad);
	assert_int_equal(rd_left(&r), 0);
}

static void
t_short_read_sticks(void **state)
{
	const uint8_t b[] = { 1, 2, 3 };
	struct rd r = rd_on(b, sizeof(b));

	(void)state;
	assert_int_equal(rd_u16(&r), 0x0102);
	assert_int_equal(rd_u16(&r), 0x0300 & 0xff00);
	assert_true(r.bad);
	assert_int_equal(rd_left(&r), 0);
	assert_int_equal(rd_u8(&r), 0);
	assert_null(rd_bytes(&r, 0));
}

static void
t_sub_cursor_cannot_run_out(void **state)
{
	const uint8_t b[] = { 2, 0xaa, 0xbb, 0xcc };
	struct rd r = rd_on(b, sizeof(b)), in;

	(void)state;
	in = rd_sub(&r, rd_u8(&r));
	assert_int_equal(rd_u16(&in), 0xaabb);
	assert_int_equal(rd_u8(&in), 0);
	assert_true(in.bad);
	assert_false(r.bad);
	assert_int_equal(rd_u8(&r), 0xcc);
	in = rd_sub(&r, 1);
	assert_true(in.bad && r.bad);
}

static void
t_writes_and_back_fills(void **state)
{
	uint8_t b[12];
	const uint8_t want[] = { 0, 10, 0x11, 0x22, 0x33, 0x44, 9, 9, 0xab, 0, 0, 0 };
	struct wr w = wr_on(b, sizeof(b));

	(void)state;
	wr_u16(&w, 0);
	wr_u32(&w, 0x11223344);
	wr_fill(&w, 9, 2);
	wr_bytes(&w, "\xab", 1);
	wr_pad(&w, 4);
	wr_set16(&w, 0, 10);
	assert_false(w.bad);
	assert_int_equal(wr_len(&w), 12);
	assert_memory_equal(b, want, 12);
	wr_u8(&w, 1);
	assert_true(w.bad);
	assert_int_equal(wr_len(&w), 12);
}

static void
t_back_fill_checks(void **state)
{
	uint8_t b[4];
	struct wr w = wr_on(b, sizeof(b));

	(void)state;
	wr_u8(&w, 0);
	wr_set8(&w, 0, 256);
	assert_true(w.bad);
	w = wr_on(b, sizeof(b));
	wr_set8(&w, 0, 1);
	assert_true(w.bad);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_reads_big_endian),
		cmocka_unit_test(t_short_read_sticks),
		cmocka_unit_test(t_sub_cursor_cannot_run_out),
		cmocka_unit_test(t_writes_and_back_fills),
		cmocka_unit_test(t_back_fill_checks),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
