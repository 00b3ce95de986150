/* SPDX-License-Identifier: Apache-2.0
 *
 * The TN3270E header. Vectors: companion tn3270e 8, 8.4, as s3270 and pr3287 send them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/tnhdr.h"

static bool
get(struct tnhdr *h, struct rd *r, const char *bytes, size_t n)
{
	*r = rd_on(bytes, n);
	return tnhdr_get(r, h);
}

static void
reads(void **s)
{
	struct tnhdr h;
	struct rd r;

	(void)s;
	assert_true(get(&h, &r, "\x00\x00\x02\x00\xff\xf5", 6));
	assert_int_equal(h.type, TN_3270_DATA);
	assert_int_equal(h.rsp, TNRSP_ALWAYS);
	assert_int_equal(h.seq, 255);
	assert_int_equal(rd_left(&r), 1);
	assert_true(get(&h, &r, "\x09\x04\x01\x7f\xff", 5));
	assert_int_equal(h.type, TN_BID);
	assert_int_equal(h.rq, TNRQ_SIGNAL);
	assert_int_equal(h.rsp, TNRSP_ERROR);
	assert_int_equal(h.seq, TNSEQ_MAX);
	/* flags without meaning are read, not refused */
	assert_true(get(&h, &r, "\x00\xff\xff\xff\xff", 5));
	assert_int_equal(h.seq, 65535);
}

static void
refuses(void **s)
{
	struct tnhdr h;
	struct rd r;

	(void)s;
	for (size_t n = 0; n < TNHDR_LEN; n++)
		assert_false(get(&h, &r, "\x00\x00\x00\x00\x00", n));
	for (unsigned type = 0; type < 256; type++) {
		const char b[] = { (char)type, 0, 0, 0, 0 };

		assert_int_equal(get(&h, &r, b, 5), type <= 9);
	}
}

static void
writes(void **s)
{
	uint8_t b[8];
	struct wr w = wr_on(b, sizeof(b));
	const struct tnhdr h = { TN_BIND_IMAGE, TNRQ_RESTORE, TNRSP_ALWAYS, 0x1234 };
	struct tnhdr back;
	struct rd r;

	(void)s;
	tnhdr_put(&w, &h);
	assert_int_equal(wr_len(&w), TNHDR_LEN);
	assert_memory_equal(b, "\x03\x02\x02\x12\x34", TNHDR_LEN);
	assert_true(get(&back, &r, (const char *)b, TNHDR_LEN));
	assert_true(back.type == h.type && back.rq == h.rq && back.rsp == h.rsp &&
	    back.seq == h.seq);
	tnhdr_put(&w, &h);                      /* no room for five more */
	assert_true(w.bad);
}

static bool
sense(const char *rec, size_t n, uint32_t *to)
{
	struct tnhdr h;
	struct rd r;

	assert_true(get(&h, &r, rec, n));
	assert_int_equal(h.type, TN_RESPONSE);
	*to = 0xdeadbeef;
	return tnrsp_sense(&h, &r, to);
}

static void
responses(void **s)             /* R-10; 8.4 */
{
	static const uint32_t code[] = { 0x10030000, 0x08020000, 0x10050000, 0x08310000 };
	uint32_t v;

	(void)s;
	assert_true(sense("\x02\x00\x00\x00\xff\x00", 6, &v));
	assert_int_equal(v, 0);
	assert_true(sense("\x02\x00\x00\x00\x01", 5, &v));      /* Device End left out */
	assert_int_equal(v, 0);
	for (uint8_t i = 0; i < 4; i++) {
		const char b[] = { 2, 0, 1, 0, 1, (char)i };

		assert_true(sense(b, 6, &v));
		assert_int_equal(v, code[i]);
	}
	assert_false(sense("\x02\x00\x01\x00\x01\x04", 6, &v));
	assert_false(sense("\x02\x00\x01\x00\x01\xff", 6, &v));
	assert_false(sense("\x02\x00\x01\x00\x01", 5, &v));
}

static void
responses_sense(void **s)       /* 8.2: 02, and 04 of one client */
{
	uint32_t v;

	(void)s;
	assert_true(sense("\x02\x00\x02\x00\x01\x08\x2d\x00\x00", 9, &v));
	assert_int_equal(v, 0x082d0000);
	assert_true(sense("\x02\x00\x04\x00\x01\x10\x03\x00\x00", 9, &v));
	assert_int_equal(v, 0x10030000);
	assert_false(sense("\x02\x00\x02\x00\x01\x08\x2d\x00", 8, &v));
	assert_false(sense("\x02\x00\x02\x00\x01\x00\x00\x00\x00", 9, &v));
	assert_false(sense("\x02\x00\x03\x00\x01\x00\x00\x00\x00", 9, &v));
	assert_false(sense("\x02\x00\x05\x00\x01\x10\x03\x00\x00", 9, &v));
}

static void
sequence(void **s)              /* */
{
	(void)s;
	assert_int_equal(tnseq_next(0), 1);
	assert_int_equal(tnseq_next(32766), 32767);
	assert_int_equal(tnseq_next(32767), 0);
	assert_int_equal(tnseq_next(65535), 0);
}

static void
names(void **s)
{
	(void)s;
	assert_string_equal(tn_type_text(TN_3270_DATA), "3270-DATA");
	assert_string_equal(tn_type_text(TN_SSCP_LU_DATA), "SSCP-LU-DATA");
	assert_string_equal(tn_type_text(TN_BID), "BID");
	assert_string_equal(tn_type_text(10), "?");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads), cmocka_unit_test(refuses), cmocka_unit_test(writes),
		cmocka_unit_test(responses), cmocka_unit_test(responses_sense),
		cmocka_unit_test(sequence), cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
