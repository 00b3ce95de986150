/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vec/vec.h"

#include "snaee/cv.h"

/* Node and TG records of the companion, section 6.3 ("worked vectors"). */
static void
t_node_characteristics(void **state)
{
	struct vec v = vec_of("0c 45 0a 80 00 00 00 04 80 00 30 18");
	struct rd r = vec_rd(&v);
	uint8_t out[32];
	struct wr w = wr_on(out, sizeof(out));
	struct cv c;
	struct cv45 n;
	size_t m;

	(void)state;
	assert_true(cv_next_lt(&r, &c));
	assert_int_equal(c.key, CV_NODE_CHAR);
	assert_true(cv45_get(&c.body, &n));
	assert_int_equal(n.rsn, 4);
	assert_int_equal(n.rar, 128);
	assert_int_equal(n.f8 & NDC8_ISR, NDC8_ISR);
	assert_int_equal(n.f9, NDC9_HPR_CF);
	m = cv_begin_lt(&w, CV_NODE_CHAR);
	cv45_put(&w, &n);
	cv_end_lt(&w, m);
	assert_int_equal(wr_len(&w), v.n);
	assert_memory_equal(out, v.b, v.n);
}

static void
t_tg_record(void **state)
{
	struct vec v = vec_of("11 46 0f 80 15 08 d5 c5 e3 c2 4b c3 d7 c2 21 00 00 "
	    "16 47 00 00 00 04 98 75 00 00 00 00 00 00 00 00 01 71 00 80 80 80");
	struct rd r = vec_rd(&v);
	struct cv c;
	struct cv46 t;
	struct cv47 x;
	uint8_t out[32];
	struct wr w = wr_on(out, sizeof(out));

	(void)state;
	assert_true(cv_next_lt(&r, &c));
	assert_true(cv46_get(&c.body, &t));     /* a 2-byte subarea tail is not one of 4 */
	assert_int_equal(t.tgn, 21);
	assert_string_equal(t.partner.s, "NETB.CPB");
	assert_true(t.has_flags && !t.has_subarea);
	assert_int_equal(t.flags, TGF_HPR | TGF_RTP);
	assert_true(cv_next_lt(&r, &c));
	assert_int_equal(c.key, CV_TG_CHAR);
	assert_true(cv47_get(&c.body, &x));
	assert_int_equal(x.flags, TGC_OPERATIONAL | TGC_CPCP);
	assert_int_equal(x.capacity, 0x75);
	assert_int_equal(x.security, 1);
	assert_int_equal(x.delay, 0x71);
	assert_int_equal(x.user[2], 0x80);
	cv47_put(&w, &x);
	assert_int_equal(wr_len(&w), 20);
	assert_memory_equal(out, v.b + 19, 20);
	assert_false(cv_next_lt(&r, &c));
	assert_false(r.bad);
}

static void
t_rscv(void **state)
{
	struct vec v = vec_of("2b 11 01 01 0f 46 0d 80 15 08 d5 c5 e3 c2 4b c3 d7 c2 00");
	struct rd r = vec_rd(&v);
	uint8_t out[32];
	struct wr w = wr_on(out, sizeof(out));
	struct rscv route;
	struct cv c;
	size_t m;

	(void)state;
	assert_true(cv_next_kl(&r, &c));
	assert_int_equal(c.key, CV_RSCV);
	assert_true(cv2b_get(&c.body, &route));
	assert_int_equal(route.n, 1);
	assert_int_equal(route.max_hops, 1);
	assert_int_equal(route.cur_hop, 1);
	assert_int_equal(route.hop[0].tgn, 21);
	assert_string_equal(route.hop[0].partner.s, "NETB.CPB");
	m = cv_begin_kl(&w, CV_RSCV);
	cv2b_put(&w, &route);
	cv_end_kl(&w, m);
	assert_int_equal(wr_len(&w), v.n);
	assert_memory_equal(out, v.b, v.n);
}

static void
t_subarea_and_short_forms(void **state)
{
	struct cv46 t = { .tgn = 239, .has_flags = 1, .flags = TGF_VRN, .has_subarea = 1,
		.subarea = 0x01020304 }, got;
	uint8_t out[40];
	struct wr w = wr_on(out, sizeof(out));
	struct rd r;

	(void)state;
	name_set(&t.partner, "NETA.VRN1");
	cv46_put(&w, &t);
	r = rd_on(out, wr_len(&w));
	assert_true(cv46_get(&r, &got));
	assert_memory_equal(&got, &t, sizeof(t));
	r = rd_on("\x03\x80\x15", 3);           /* TG number alone */
	assert_true(cv46_get(&r, &got));
	assert_int_equal(got.tgn, 21);
	r = rd_on("\x03\x81\x15", 3);           /* no subfield 80 */
	assert_false(cv46_get(&r, &got));
	r = rd_on("\x02\x80", 2);
	assert_false(cv46_get(&r, &got));
	r = rd_on("\x05\x80\x15\x09\x21", 5);   /* name longer than the subfield */
	assert_false(cv46_get(&r, &got));
}

/* Connection network: the TG from the VRN tells how the node is dialed. */
static void
t_how_to_dial(void **state)
{
	struct vec v4 = vec_of("0e 80 15 09 d5 c5 e3 c1 4b c8 d6 e2 e3 21 03 91 01 "
	    "08 a5 04 0a 00 00 02 04");
	struct vec v6 = vec_of("0e 80 15 09 d5 c5 e3 c1 4b c8 d6 e2 e3 21 03 91 01 "
	    "14 a5 06 fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 02 08");
	struct rd r = vec_rd(&v4);
	uint8_t out[64];
	struct wr w = wr_on(out, sizeof(out));
	struct cv46 t;

	(void)state;
	assert_true(cv46_get(&r, &t));
	assert_string_equal(t.partner.s, "NETA.HOST");
	assert_int_equal(t.tgn, 21);
	assert_int_equal(t.ip.fam, 4);
	assert_memory_equal(t.ip.b, "\x0a\x00\x00\x02", 4);
	assert_int_equal(t.lsap, 4);
	cv46_put(&w, &t);
	assert_int_equal(wr_len(&w), v4.n);
	assert_memory_equal(out, v4.b, v4.n);
	r = vec_rd(&v6);
	assert_true(cv46_get(&r, &t));
	assert_int_equal(t.ip.fam, 6);
	assert_int_equal(t.ip.b[15], 2);
	assert_int_equal(t.lsap, 8);
	w = wr_on(out, sizeof(out));
	cv46_put(&w, &t);
	assert_int_equal(wr_len(&w), v6.n);
	assert_memory_equal(out, v6.b, v6.n);
	/* Without subfield 80 it names nothing; a cut or strange A5 is as none. */
	r = rd_on(v4.b + 14, v4.n - 14);
	assert_false(cv46_get(&r, &t));
	r = rd_on("\x03\x80\x15\x07\xa5\x04\x0a\x00\x00\x02", 10);
	assert_true(cv46_get(&r, &t));
	assert_int_equal(t.ip.fam, 0);
	r = rd_on("\x03\x80\x15\x08\xa5\x05\x0a\x00\x00\x02\x04", 11);
	assert_true(cv46_get(&r, &t));
	assert_int_equal(t.ip.fam, 0);
}

static void
t_cos_and_pcid(void **state)
{
	struct vec v = vec_of("01 08 40 40 40 40 40 40 40 40");
	struct rd r = vec_rd(&v);
	struct cos_tpf c, d = { .tpf = 3, .network = 1 };
	struct fqpcid f = { .pcid = { 1, 2, 3, 4, 5, 6, 7, 8 } }, g;
	uint8_t out[40];
	struct wr w = wr_on(out, sizeof(out));

	(void)state;
	assert_true(cv2c_get(&r, &c));
	assert_int_equal(c.tpf, 1);
	assert_int_equal(c.cos.len, 0);
	cv2c_put(&w, &c);
	assert_int_equal(wr_len(&w), v.n);
	assert_memory_equal(out, v.b, v.n);
	name_set(&d.cos, "CPSVCMG");
	w = wr_on(out, sizeof(out));
	cv2c_put(&w, &d);
	r = rd_on(out, wr_len(&w));
	assert_true(cv2c_get(&r, &c));
	assert_memory_equal(&c, &d, sizeof(c));
	name_set(&f.cp, "NETA.GW1");
	w = wr_on(out, sizeof(out));
	cv60_put(&w, &f);
	r = rd_on(out, wr_len(&w));
	assert_true(cv60_get(&r, &g));
	assert_true(fqpcid_eq(&f, &g));
	r = rd_on(out, 7);
	assert_false(cv60_get(&r, &g));
	r = rd_on(out, 10);                     /* name cut off */
	assert_false(cv60_get(&r, &g));
}

static void
t_node_descriptor(void **state)
{
	struct cv44 d = { .vrn = 1 }, got;
	uint8_t out[40];
	struct wr w = wr_on(out, sizeof(out));
	struct rd r;

	(void)state;
	name_set(&d.node, "NETA.VRN1");
	cv44_put(&w, &d);
	r = rd_on(out, wr_len(&w));
	assert_true(cv44_get(&r, &got));
	assert_memory_equal(&got, &d, sizeof(d));
	r = rd_on(out, 4);
	assert_false(cv44_get(&r, &got));
}

static void
t_lengths_never_loop_or_run_over(void **state)
{
	static const char *const bad[] = { "00 46", "01 46", "05 46 00", "02" };
	struct cv c;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct vec v = vec_of(bad[i]);
		struct rd r = vec_rd(&v);

		while (cv_next_lt(&r, &c))
			;
		assert_true(r.bad);
		r = rd_on("\x0e\x05\xf4", 3);
		assert_false(cv_next_kl(&r, &c));
		assert_true(r.bad);
	}
}

static void
t_vector_over_255_is_refused(void **state)
{
	uint8_t out[600];
	struct wr w = wr_on(out, sizeof(out));
	size_t m = cv_begin_lt(&w, CV_RSCV);

	(void)state;
	wr_fill(&w, 0, 254);
	cv_end_lt(&w, m);
	assert_true(w.bad);
}

static void
t_labels(void **state)
{
	struct label a, b;
	struct rd r = rd_on("\x80\x01\x02\x80\x01\x02", 6);

	(void)state;
	assert_true(label_get(&r, 3, &a));
	assert_true(label_get(&r, 3, &b));
	assert_true(label_eq(&a, &b));
	r = rd_on("123456789", 9);
	assert_false(label_get(&r, 9, &a));
	r = rd_on("1", 1);
	assert_false(label_get(&r, 0, &a));
	assert_false(label_get(&r, 2, &a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_node_characteristics),
		cmocka_unit_test(t_tg_record),
		cmocka_unit_test(t_rscv),
		cmocka_unit_test(t_subarea_and_short_forms),
		cmocka_unit_test(t_how_to_dial),
		cmocka_unit_test(t_cos_and_pcid),
		cmocka_unit_test(t_node_descriptor),
		cmocka_unit_test(t_lengths_never_loop_or_run_over),
		cmocka_unit_test(t_vector_over_255_is_refused),
		cmocka_unit_test(t_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
