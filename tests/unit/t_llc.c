/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vec/vec.h"

#include "snaee/llc.h"

struct row {
	const char *name;
	struct llc want;
};

static void
t_reads_and_writes_vectors(void **state)
{
	static const struct row rows[] = {
		{ "LDLC-01", { 4, 4, LLC_XID, 0, 1 } },
		{ "LDLC-02", { 4, 4, LLC_XID, 1, 1 } },
		{ "LDLC-03", { 4, 4, LLC_XID, 0, 1 } },
		{ "LDLC-09", { 0xc8, 0xc8, LLC_UI, 0, 0 } },
		{ "LDLC-11", { 4, 4, LLC_TEST, 0, 1 } },
		{ "LDLC-12", { 4, 4, LLC_TEST, 1, 1 } },
		{ "LDLC-13", { 4, 4, LLC_DISC, 0, 1 } },
		{ "LDLC-14", { 4, 4, LLC_DM, 1, 1 } },
		{ "RTP-01", { 0xc8, 0xc8, LLC_UI, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct vec v = vec_load("ee.hex", rows[i].name);
		struct rd r = vec_rd(&v);
		uint8_t out[LLC_LEN];
		struct wr w = wr_on(out, sizeof(out));
		struct llc l;

		assert_true(llc_get(&r, &l));
		assert_memory_equal(&l, &rows[i].want, sizeof(l));
		assert_int_equal(rd_left(&r), v.n - LLC_LEN);
		llc_put(&w, &l);
		assert_false(w.bad);
		assert_memory_equal(out, v.b, LLC_LEN);
	}
}

static void
t_takes_either_poll_bit(void **state)
{
	static const uint8_t base[] = { 0x0f, 0x43, 0xaf, 0xe3, 0x03 };

	(void)state;
	for (size_t i = 0; i < sizeof(base); i++) {
		uint8_t b[3] = { 0x05, 0x04, base[i] | 0x10 };
		struct rd r = rd_on(b, 3);
		struct llc l;

		assert_true(llc_get(&r, &l));
		assert_int_equal(l.frame, base[i]);
		assert_int_equal(l.pf, base[i] != LLC_UI);
		assert_int_equal(l.dsap, 4);    /* group bit is ignored */
	}
}

static void
t_knows_no_other_frame(void **state)
{
	unsigned good = 0;

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		uint8_t b[3] = { 4, 4, (uint8_t)c };
		struct rd r = rd_on(b, 3);
		struct llc l;

		good += llc_get(&r, &l);
	}
	assert_int_equal(good, 10);     /* five frames, P/F 0 and 1; no SABME, no I */
}

static void
t_refuses_short(void **state)
{
	uint8_t b[2] = { 4, 4 };

	(void)state;
	for (size_t n = 0; n < 3; n++) {
		struct rd r = rd_on(b, n);
		struct llc l;

		if (n < 3 && n <= sizeof(b))
			assert_false(llc_get(&r, &l));
	}
}

static void
t_reply_turns_around(void **state)
{
	struct llc cmd = { .dsap = 4, .ssap = 8, .frame = LLC_DISC, .pf = 1 };
	struct llc rsp = llc_reply(&cmd, LLC_DM);

	(void)state;
	assert_int_equal(rsp.dsap, 8);
	assert_int_equal(rsp.ssap, 4);
	assert_int_equal(rsp.frame, LLC_DM);
	assert_int_equal(rsp.rsp, 1);
	assert_int_equal(rsp.pf, 1);
	assert_string_equal(llc_name(LLC_DM), "DM");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_reads_and_writes_vectors),
		cmocka_unit_test(t_takes_either_poll_bit),
		cmocka_unit_test(t_knows_no_other_frame),
		cmocka_unit_test(t_refuses_short),
		cmocka_unit_test(t_reply_turns_around),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
