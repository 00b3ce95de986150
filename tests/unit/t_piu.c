/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vec/vec.h"

#include "snaee/piu.h"

struct row {
	int n;                  /* SNA-nn */
	uint8_t mpf, efi, odai, daf, oaf;
	uint16_t snf;
	const char *rh;
	const char *ru;
};

static const struct row rows[] = {
	{ 1, 3, 1, 0, 0, 0, 250, "RQ SC OIC RQD1", "ACTPU" },
	{ 2, 3, 1, 0, 0, 0, 250, "RSP SC +RSP1", "ACTPU" },
	{ 3, 3, 1, 0, 2, 0, 2, "RQ SC OIC RQD1", "ACTLU" },
	{ 4, 3, 1, 0, 0, 2, 2, "RSP SC +RSP1", "ACTLU" },
	{ 5, 3, 0, 0, 0, 2, 0, "RQ FMD OIC RQD1 FI", "FMD" },
	{ 6, 3, 0, 0, 0, 2, 1, "RQ FMD OIC RQD1", "FMD" },
	{ 7, 3, 0, 0, 0, 2, 32767, "RQ FMD OIC RQD1 FI", "FMD" },
	{ 8, 3, 1, 0, 2, 2, 19528, "RQ SC OIC RQD1", "BIND" },
	{ 9, 3, 1, 0, 2, 2, 19528, "RSP SC +RSP1", "BIND" },
	{ 10, 3, 1, 0, 2, 2, 19528, "RSP SC -RSP1 SD", "SC" },
	{ 11, 3, 1, 0, 2, 2, 1, "RQ SC OIC RQD1", "SDT" },
	{ 12, 3, 0, 0, 2, 2, 1, "RQ FMD OIC RQE1 BB CD", "FMD" },
	{ 13, 3, 0, 0, 2, 2, 1, "RQ FMD OIC RQE1 CD", "FMD" },
	{ 14, 3, 0, 0, 1, 1, 32768, "RSP FMD -RSP1 SD", "FMD" },
	{ 15, 3, 1, 0, 2, 2, 4369, "RQ DFC OIC RQD1", "SIGNAL" },
	{ 16, 3, 0, 0, 2, 2, 9, "RQ DFC OIC RQD1", "LUSTAT" },
	{ 17, 3, 0, 0, 0xe9, 1, 7, "RQ DFC OIC RQD1 PI", "BID" },
	{ 18, 3, 0, 0, 1, 0xe9, 0, "RSP FMD +RSP0 PI", "IPR" },
	{ 19, 3, 1, 0, 2, 1, 17872, "RQ SC OIC RQD1", "UNBIND" },
	{ 20, 3, 1, 1, 2, 4, 8740, "RQ SC OIC RQD1", "UNBIND" },
	{ 21, 2, 0, 0, 7, 1, 1, "RQ FMD FIC RQE1 BB", "FMD" },
	{ 23, 3, 1, 0, 1, 2, 17030, "RQ SC OIC RQD1", "BIND" },
	{ 26, 3, 1, 0, 0, 0, 4152, "RSP SC +RSP1", "ACTPU" },
	{ 27, 3, 1, 0, 0, 0, 2, "RQ SC OIC RQD1", "ACTPU" },
	{ 28, 3, 0, 1, 1, 2, 1, "RQ FMD OIC RQE1 FI PI CD", "FMD" },
	{ 29, 3, 0, 0, 1, 0x36, 1, "RQ FMD OIC RQE1 FI PI CEB", "FMD" },
	{ 30, 3, 1, 1, 2, 4, 0, "RSP SC +RSP1", "BIND" },
};

static struct vec
load(int n)
{
	char name[16];

	snprintf(name, sizeof(name), "SNA-%02d", n);
	return vec_load("sna.hex", name);
}

static void
t_reads_traces(void **state)
{
	char text[96];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *x = &rows[i];
		struct vec v = load(x->n);
		struct rd r = vec_rd(&v);
		struct th t;
		uint32_t rh;

		assert_true(th_get(&r, &t));
		assert_int_equal(t.fid, 2);
		assert_int_equal(t.mpf, x->mpf);
		assert_int_equal(t.efi, x->efi);
		assert_int_equal(t.odai, x->odai);
		assert_int_equal(t.daf, x->daf);
		assert_int_equal(t.oaf, x->oaf);
		assert_int_equal(t.snf, x->snf);
		rh = rh_get(&r);
		assert_false(r.bad);
		assert_string_equal(rh_text(rh, text), x->rh);
		assert_string_equal(ru_name(rh, rd_peek(&r)), x->ru);
	}
}

static void
t_put_gives_the_same_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct vec v = load(rows[i].n);
		struct rd r = vec_rd(&v);
		uint8_t out[TH_FID2_LEN + RH_LEN];
		struct wr w = wr_on(out, sizeof(out));
		struct th t;

		assert_true(th_get(&r, &t));
		th_put(&w, &t);
		rh_put(&w, rh_get(&r));
		assert_false(w.bad);
		assert_int_equal(wr_len(&w), sizeof(out));
		assert_memory_equal(out, v.b, sizeof(out));
	}
}

static void
t_fid5(void **state)
{
	struct vec v = vec_of("5d 00 00 07 80 00 00 00 00 00 00 02 6b 80 00 31");
	struct rd r = vec_rd(&v);
	uint8_t out[TH_FID5_LEN];
	struct wr w = wr_on(out, sizeof(out));
	struct th t;

	(void)state;
	assert_true(th_get(&r, &t));
	assert_int_equal(t.fid, 5);
	assert_int_equal(t.efi, TH_EXPEDITED);
	assert_int_equal(t.mpf, TH_WHOLE);
	assert_int_equal(t.snf, 7);
	assert_true(t.sa == 0x8000000000000002ull);
	assert_int_equal(rh_get(&r), RH_SC | RH_FI | RH_OIC | RH_DR1);
	th_put(&w, &t);
	assert_int_equal(wr_len(&w), TH_FID5_LEN);
	assert_memory_equal(out, v.b, TH_FID5_LEN);
}

static void
t_last_segment_has_no_rh(void **state)
{
	struct vec v = load(22);
	struct rd r = vec_rd(&v);
	struct th t;

	(void)state;
	assert_true(th_get(&r, &t));
	assert_int_equal(t.mpf, TH_LAST);
	assert_int_equal(rd_left(&r), 3);
}

static void
t_refuses_other_fids_and_short_headers(void **state)
{
	(void)state;
	for (unsigned fid = 0; fid < 16; fid++) {
		uint8_t b[12] = { (uint8_t)(fid << 4 | 0x0c) };

		for (size_t n = 0; n <= sizeof(b); n++) {
			struct rd r = rd_on(b, n);
			struct th t;
			bool want = (fid == 2 && n >= 6) || (fid == 5 && n >= 12);

			assert_int_equal(th_get(&r, &t), want);
		}
	}
	for (size_t n = 0; n < 3; n++) {
		uint8_t b[3] = { 0xff, 0xff, 0xff };
		struct rd r = rd_on(b, n);

		assert_int_equal(rh_get(&r), 0);
		assert_true(r.bad);
	}
}

static void
t_flows(void **state)
{
	(void)state;
	assert_true(ru_expedited(RH_SC, RU_BIND));
	assert_true(ru_expedited(RH_SC, RU_UNBIND));
	assert_true(ru_expedited(RH_SC, RU_SDT));
	assert_true(ru_expedited(RH_DFC, RU_SIGNAL));
	assert_true(ru_expedited(RH_DFC, RU_SHUTD));
	assert_false(ru_expedited(RH_DFC, RU_LUSTAT));
	assert_false(ru_expedited(RH_DFC, RU_CHASE));
	assert_false(ru_expedited(RH_DFC, RU_BID));
	assert_false(ru_expedited(RH_FMD, RU_SIGNAL));
	assert_false(ru_expedited(RH_DFC, RU_BIND));    /* code of another category */
	assert_string_equal(ru_name(RH_DFC, RU_SHUTD), "SHUTD");
	assert_string_equal(ru_name(RH_SC, 0xc0), "CRV");
	assert_string_equal(ru_name(RH_DFC, 0x99), "DFC");
}

static void
t_longest_text_fits(void **state)
{
	char text[96 + 1];

	(void)state;
	text[96] = '#';
	rh_text(0x7fffff, text);
	assert_int_equal(text[96], '#');
	assert_true(strlen(text) < 96);
	rh_text(0xffffff, text);
	assert_int_equal(text[96], '#');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_reads_traces),
		cmocka_unit_test(t_put_gives_the_same_bytes),
		cmocka_unit_test(t_fid5),
		cmocka_unit_test(t_last_segment_has_no_rh),
		cmocka_unit_test(t_refuses_other_fids_and_short_headers),
		cmocka_unit_test(t_flows),
		cmocka_unit_test(t_longest_text_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
