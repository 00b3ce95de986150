/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vec/vec.h"

#include "snaee/bind.h"
#include "snaee/piu.h"
#include "snaee/sense.h"

/* The RU of a PIU vector. */
static struct vec
ru(const char *name)
{
	struct vec v = vec_load("sna.hex", name);

	v.n -= TH_FID2_LEN + RH_LEN;
	memmove(v.b, v.b + TH_FID2_LEN + RH_LEN, v.n);
	return v;
}

static struct bind
get(const struct vec *v)
{
	struct rd r = vec_rd(v);
	struct bind b;

	assert_true(bind_get(&r, &b));
	assert_int_equal(rd_left(&r), 0);
	return b;
}

static void
same_again(const struct vec *v)
{
	struct bind b = get(v);
	uint8_t out[600];
	struct wr w = wr_on(out, sizeof(out));

	bind_put(&w, &b);
	assert_false(w.bad);
	assert_int_equal(wr_len(&w), v->n);
	assert_memory_equal(out, v->b, v->n);
}

#define AN63 "31 01 03 03 b1 90 30 80 00 05 85 87 85 00 02 80 00 00 00 00 18 50 18 50 7f 00 00 " \
	"07 c1 d5 f6 f3 d5 d4 e3 00 00 08 e3 e4 f6 f3 c7 f3 f0 f0"
#define SCS "31 01 03 03 b1 90 70 88 00 01 85 c7 80 00 01 00 00 01 e1 00 00 00 00 00 00 00 00 " \
	"08 c3 d6 d4 d7 c3 d3 e5 f6 00"

static void
t_put_of_get_is_the_trace(void **state)
{
	struct vec v = ru("SNA-08");

	(void)state;
	same_again(&v);
	v = ru("SNA-23");
	same_again(&v);
	v = ru("SNA-30");
	same_again(&v);
	v = vec_of(AN63);
	same_again(&v);
	v = vec_of(SCS);
	same_again(&v);
}

static void
t_tso(void **state)
{
	struct vec v = ru("SNA-08");
	struct bind b = get(&v);
	struct bind_screen s = bind_screen(&b);

	(void)state;
	assert_false(b.negotiable);
	assert_int_equal(b.fm, 3);
	assert_int_equal(b.ts, 3);
	assert_int_equal(b.priprot, 0xb1);
	assert_int_equal(b.secprot, 0x90);
	assert_int_equal(b.comprot1, 0x30);
	assert_int_equal(b.comprot2, 0x80);
	assert_int_equal(bind_ru_size(b.sec_ru), 1024);
	assert_int_equal(bind_ru_size(b.pri_ru), 1536);
	assert_true(b.pri_stages1 && !b.sec_stages2);
	assert_int_equal(b.psndpac + b.srcvpac + b.ssndpac + b.prcvpac, 0);
	assert_int_equal(bind_lu_type(&b), 2);
	assert_string_equal(b.plu.s, "TSO");
	assert_int_equal(b.slu.len, 0);
	assert_int_equal(b.tail, 2);
	assert_int_equal(bind_check_lu(&b), 0);
	assert_int_equal(s.rows * 100 + s.cols, 2480);
	assert_int_equal(s.alt_rows * 100 + s.alt_cols, 2480);
	assert_false(s.query);
}

static void
t_names_and_pacing(void **state)
{
	struct vec v = vec_of(AN63);
	struct bind b = get(&v);

	(void)state;
	assert_string_equal(b.plu.s, "AN63NMT");
	assert_string_equal(b.slu.s, "TU63G300");
	assert_int_equal(b.srcvpac, 5);
	assert_int_equal(b.psndpac, 5);
	assert_true(b.pri_stages1);
	assert_true(bind_screen(&b).extended);
	assert_int_equal(bind_check_lu(&b), 0);
	v = vec_of(SCS);
	b = get(&v);
	assert_int_equal(bind_lu_type(&b), 1);
	assert_string_equal(b.plu.s, "COMPCLV6");
	assert_int_equal(bind_check_lu(&b), 0);
}

static void
t_extended(void **state)
{
	struct vec v = ru("SNA-23");
	struct bind b = get(&v);

	(void)state;
	assert_true(b.negotiable && b.adaptive);
	assert_int_equal(b.srcvpac, 7);
	assert_int_equal(b.fm, 0x13);
	assert_int_equal(bind_lu_type(&b), 6);
	assert_string_equal(b.plu.s, "REDESP.N03SV002");
	assert_string_equal(b.slu.s, "REDESP.T0ED23I2");
	assert_true(b.has_mode);
	assert_string_equal(b.mode.s, "SNASVCMG");
	assert_true(b.has_pcid);
	assert_string_equal(b.pcid.cp.s, "REDESP.CDRACA");
	assert_int_equal(b.pcid.pcid[0], 0xec);
	assert_true(b.has_cos);
	assert_int_equal(b.cos.tpf, 1);
	assert_int_equal(b.cos.cos.len, 0);
	assert_false(b.has_addr);
}

static void
t_vectors(void **state)
{
	struct vec v = vec_of(AN63);
	struct bind b = get(&v), c;
	uint8_t out[300], route[] = { 1, 1 };
	struct wr w = wr_on(out, sizeof(out));
	struct rd r;

	(void)state;
	b.comprot2 |= BIND_C2_CVS;
	b.has_pcid = b.has_cos = b.has_addr = b.has_mode = 1;
	b.pcid.pcid[7] = 9;
	name_set(&b.pcid.cp, "NETA.GW1");
	b.cos.tpf = 2;
	name_set(&b.cos.cos, "#INTER");
	name_set(&b.mode, "SNX32702");
	b.addr = 0x8000000000000007ull;
	name_set(&b.cp_plu, "NETA.HOST1");
	name_set(&b.cp_slu, "NETA.GW1");
	b.rscv = route;
	b.rscv_len = sizeof(route);
	bind_put(&w, &b);
	assert_false(w.bad);
	r = rd_on(out, wr_len(&w));
	assert_true(bind_get(&r, &c));
	assert_true(c.addr == b.addr && c.has_addr);
	assert_true(fqpcid_eq(&c.pcid, &b.pcid));
	assert_memory_equal(&c.cos, &b.cos, sizeof(c.cos));
	assert_string_equal(c.mode.s, "SNX32702");
	assert_string_equal(c.cp_plu.s, "NETA.HOST1");
	assert_string_equal(c.cp_slu.s, "NETA.GW1");
	assert_int_equal(c.rscv_len, 2);
	assert_memory_equal(c.rscv, route, 2);
	/* Without the bit nothing behind the SLU name is read as vectors. */
	out[7] &= (uint8_t)~BIND_C2_CVS;
	r = rd_on(out, wr_len(&w));
	assert_true(bind_get(&r, &c));
	assert_false(c.has_pcid);
}

static void
t_ru_sizes(void **state)
{
	(void)state;
	assert_int_equal(bind_ru_size(0x85), 256);
	assert_int_equal(bind_ru_size(0x86), 512);
	assert_int_equal(bind_ru_size(0x87), 1024);
	assert_int_equal(bind_ru_size(0xc7), 1536);
	assert_int_equal(bind_ru_size(0xf7), 1920);
	assert_int_equal(bind_ru_size(0xf8), 3840);
	assert_int_equal(bind_ru_size(0x97), 1152);
	assert_int_equal(bind_ru_size(0x8b), 16384);
	assert_int_equal(bind_ru_size(0x00), 0);
	assert_int_equal(bind_ru_size(0x75), 0);
	for (unsigned byte = 0x80; byte < 0x100; byte++)
		assert_int_equal(bind_ru_byte(bind_ru_size(byte)), byte);
	assert_int_equal(bind_ru_byte(7), 0);
	assert_int_equal(bind_ru_byte(257), 0x85);
	assert_int_equal(bind_ru_byte(3839), 0xe8);
	assert_int_equal(bind_ru_byte(0xffffffff), 0xff);
}

static uint32_t
check_with(unsigned offset, unsigned value)
{
	struct vec v = ru("SNA-08");
	struct bind b;

	v.b[offset] = (uint8_t)value;
	b = get(&v);
	return bind_check_lu(&b);
}

static void
t_acceptance(void **state)
{
	(void)state;
	assert_int_equal(check_with(1, 0x00), 0x08350001);      /* negotiable */
	assert_int_equal(check_with(1, 0x11), 0x08350001);
	assert_int_equal(check_with(2, 0x12), 0x08350002);
	assert_int_equal(check_with(3, 0x07), 0x08350003);
	assert_int_equal(check_with(6, 0x70), 0x08350006);      /* FM headers on LU 2 */
	assert_int_equal(check_with(7, 0x40), 0x08350007);      /* contention */
	assert_int_equal(check_with(7, 0x88), 0);               /* low nibble is free */
	assert_int_equal(check_with(10, 0x47), 0x0835000a);
	assert_int_equal(check_with(11, 0x47), 0x0835000b);
	assert_int_equal(check_with(11, 0x00), 0);
	assert_int_equal(check_with(14, 0x06), 0x0835000e);
	assert_int_equal(check_with(26, 0x10), 0x0835001a);
	assert_int_equal(check_with(2, 0x02), 0);
}

static struct bind_screen
screen(const char *psb)
{
	struct vec v = vec_of(psb);
	struct bind b;

	memset(&b, 0, sizeof(b));
	memcpy(b.ps, v.b, v.n);
	return bind_screen(&b);
}

static void
t_screens(void **state)
{
	struct bind_screen s;

	(void)state;
	s = screen("02 80 00 00 00 00 18 50 1b 84 7f 00");
	assert_int_equal(s.rows, 24);
	assert_int_equal(s.alt_rows, 27);
	assert_int_equal(s.alt_cols, 132);
	assert_true(s.extended && s.known && !s.query);
	s = screen("02 00 00 00 00 00 18 50 00 00 7e 00");
	assert_int_equal(s.alt_rows, 24);
	s = screen("02 00 00 00 00 00 20 50 2b 50 7e 00");
	assert_int_equal(s.alt_rows, 32);       /* 7E: no alternate size of its own */
	s = screen("02 80 00 00 00 00 00 00 00 00 03 00");
	assert_true(s.query);
	assert_int_equal(s.rows, 24);
	s = screen("02 00 00 00 00 00 00 00 00 00 01 00");
	assert_int_equal(s.rows, 12);
	assert_int_equal(s.cols, 40);
	s = screen("02 00 00 00 00 00 00 00 00 00 00 00");
	assert_int_equal(s.cols, 80);
	s = screen("02 00 00 00 00 00 00 00 00 00 55 00");
	assert_false(s.known);
	s = screen("02 00 00 00 00 00 00 00 00 00 7f 00");      /* 0 rows don't exist */
	assert_int_equal(s.rows, 24);
	assert_int_equal(s.alt_cols, 80);
}

static void
t_from_mode(void **state)
{
	static const struct bind_mode tso = { .type = 1, .fmprof = 3, .tsprof = 3,
		.priprot = 0xb1, .secprot = 0x90, .comprot = 0x3080, .rusizes = 0x87c7,
		.pservic = { 2, 0, 0, 0, 0, 0, 0x18, 0x50, 0, 0, 0x7e, 0 } };
	struct vec v = ru("SNA-08");
	uint8_t out[64];
	struct wr w = wr_on(out, sizeof(out));
	struct bind b;

	(void)state;
	bind_from_mode(&b, &tso);
	name_set(&b.plu, "TSO");
	bind_put(&w, &b);
	assert_int_equal(wr_len(&w), v.n);
	assert_memory_equal(out, v.b, v.n);
}

static void
t_response(void **state)
{
	struct vec v = ru("SNA-09");
	struct rd r = vec_rd(&v);
	struct bind_rsp rsp, got;
	uint8_t out[64];
	struct wr w = wr_on(out, sizeof(out));

	(void)state;
	assert_true(bind_rsp_get(&r, &rsp));
	assert_false(rsp.image || rsp.bind.has_addr);
	bind_rsp_put(&w, &rsp);
	assert_int_equal(wr_len(&w), 1);
	assert_int_equal(out[0], 0x31);
	rsp.bind.has_addr = rsp.bind.has_pcid = 1;
	rsp.bind.addr = 0x0000000100000042ull;
	name_set(&rsp.bind.pcid.cp, "NETA.HOST1");
	w = wr_on(out, sizeof(out));
	bind_rsp_put(&w, &rsp);
	r = rd_on(out, wr_len(&w));
	assert_true(bind_rsp_get(&r, &got));
	assert_false(got.image);
	assert_true(got.bind.has_addr && got.bind.addr == rsp.bind.addr);
	assert_true(fqpcid_eq(&got.bind.pcid, &rsp.bind.pcid));
	v = ru("SNA-30");
	r = vec_rd(&v);
	assert_true(bind_rsp_get(&r, &got));
	assert_true(got.image);
	assert_string_equal(got.bind.mode.s, "DSIL6MOD");
	assert_int_equal(got.bind.plu.len, 0);
	w = wr_on(out, sizeof(out));
	r = rd_on("\x32", 1);
	assert_false(bind_rsp_get(&r, &got));
	r = rd_on("\x31\x62\x08\x00", 4);       /* vector cut off */
	assert_false(bind_rsp_get(&r, &got));
}

static void
t_user_data_mode(void **state)
{
	uint8_t out[BIND_USER_MAX];
	struct sna_name mode;
	size_t n;

	(void)state;
	name_set(&mode, "CPSVCMG");
	n = bind_user_mode(out, 0, &mode);
	assert_int_equal(n, 11);
	assert_memory_equal(out, "\x00\x09\x02\xc3\xd7\xe2\xe5\xc3\xd4\xc7\x40", 11);
	assert_int_equal(bind_user_mode(out, n, &mode), 21);
	assert_int_equal(bind_user_mode(out, 250, &mode), 250);
}

static void
t_unbind(void **state)
{
	struct vec v = ru("SNA-19");
	struct rd r = vec_rd(&v);
	struct unbind u, got;
	uint8_t out[64];
	struct wr w = wr_on(out, sizeof(out));

	(void)state;
	assert_true(unbind_get(&r, &u));
	assert_int_equal(u.type, UNB_NORMAL);
	unbind_put(&w, &u);
	assert_int_equal(wr_len(&w), 2);
	v = ru("SNA-20");
	r = vec_rd(&v);
	assert_true(unbind_get(&r, &u));
	assert_int_equal(u.type, UNB_FAILURE);
	assert_int_equal(u.sense, 0x10086040);
	w = wr_on(out, sizeof(out));
	unbind_put(&w, &u);
	assert_int_equal(wr_len(&w), v.n);
	assert_memory_equal(out, v.b, v.n);
	/* sense in CV 35, and the procedure */
	u.type = UNB_CLEANUP;
	u.has_pcid = 1;
	name_set(&u.pcid.cp, "NETA.GW1");
	w = wr_on(out, sizeof(out));
	unbind_put(&w, &u);
	r = rd_on(out, wr_len(&w));
	assert_true(unbind_get(&r, &got));
	assert_memory_equal(&got, &u, sizeof(u));
	r = rd_on("\x32\xfe\x08\x01", 4);
	assert_false(unbind_get(&r, &got));
	r = rd_on("\x32", 1);
	assert_false(unbind_get(&r, &got));
	assert_string_equal(unbind_text(0x77), "end of session");
	assert_string_equal(unbind_text(UNB_FORTHCOMING), "another session follows");
}

static void
t_cut_and_wrong(void **state)
{
	struct vec v = ru("SNA-23");
	struct bind b;
	struct rd r;
	unsigned good = 0;

	(void)state;
	for (size_t n = 0; n < v.n; n++) {
		uint8_t *copy = malloc(n + 1);

		assert_non_null(copy);
		memcpy(copy, v.b, n);
		r = rd_on(copy, n);
		if (bind_get(&r, &b)) {
			good++;
			assert_true(n >= BIND_FIXED);
		}
		free(copy);
	}
	assert_int_equal(good, 6);      /* it may end behind any field or vector */
	v = vec_of(AN63);
	v.b[0] = 0x32;
	r = vec_rd(&v);
	assert_false(bind_get(&r, &b));
	v = vec_of(AN63);
	v.b[27] = 18;                   /* PLU name longer than a name can be */
	r = vec_rd(&v);
	assert_false(bind_get(&r, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_put_of_get_is_the_trace),
		cmocka_unit_test(t_tso),
		cmocka_unit_test(t_names_and_pacing),
		cmocka_unit_test(t_extended),
		cmocka_unit_test(t_vectors),
		cmocka_unit_test(t_ru_sizes),
		cmocka_unit_test(t_acceptance),
		cmocka_unit_test(t_screens),
		cmocka_unit_test(t_from_mode),
		cmocka_unit_test(t_response),
		cmocka_unit_test(t_user_data_mode),
		cmocka_unit_test(t_unbind),
		cmocka_unit_test(t_cut_and_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
