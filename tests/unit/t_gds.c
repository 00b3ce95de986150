/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vec/vec.h"

#include "snaee/gds.h"
#include "snaee/piu.h"
#include "snaee/sense.h"

static void
t_iterates_variables(void **state)
{
	struct vec v = vec_of("00 06 12 c1 aa bb 80 05 12 ff cc 00 04 12 e1");
	struct rd r = vec_rd(&v);
	struct gds g;

	(void)state;
	assert_true(gds_next(&r, &g));
	assert_int_equal(g.id, GDS_CPCAP);
	assert_int_equal(rd_left(&g.body), 2);
	assert_false(g.cont);
	assert_true(gds_next(&r, &g));
	assert_true(g.cont);
	assert_int_equal(g.id, GDS_DATA);
	assert_true(gds_next(&r, &g));
	assert_int_equal(rd_left(&g.body), 0);
	assert_string_equal(gds_name(g.id), "error log");
	assert_false(gds_next(&r, &g));
	assert_false(r.bad);
}

static void
t_bad_lengths(void **state)
{
	static const char *const bad[] = { "00 03 12 c1", "00 00 12 c1", "00 07 12 c1 aa bb",
		"00 04 12", "00" };
	struct gds g;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct vec v = vec_of(bad[i]);
		struct rd r = vec_rd(&v);

		assert_false(gds_next(&r, &g));
		assert_true(r.bad);
	}
}

static void
t_attach_from_a_trace(void **state)
{
	struct vec v = vec_load("sna.hex", "SNA-28");
	struct rd r = rd_on(v.b + TH_FID2_LEN + RH_LEN, v.n - TH_FID2_LEN - RH_LEN);
	struct fmh5 f;

	(void)state;
	assert_true(fmh5_get(&r, &f));
	assert_int_equal(f.tpn_len, 4);
	assert_memory_equal(f.tpn, "\x06\xf3\xf0\xf1", 4);
	assert_false(f.mapped || f.pip || f.verified);
	assert_int_equal(f.sync, 0);
	assert_false(r.bad);
	/* The CNOS attach, without anything behind the TP name. */
	v = vec_of("0d 05 02 ff 00 03 d0 00 00 02 06 f1 00");
	r = vec_rd(&v);
	assert_true(fmh5_get(&r, &f));
	{
		uint8_t out[40];
		struct wr w = wr_on(out, sizeof(out));

		fmh5_put(&w, &f);
		assert_int_equal(wr_len(&w), v.n);
		assert_memory_equal(out, v.b, v.n);
	}
}

static void
t_attach_of_service_programs(void **state)
{
	struct fmh5 f = fmh5_for(TPN_TDU), g;
	uint8_t out[40];
	struct wr w = wr_on(out, sizeof(out));
	struct rd r;

	(void)state;
	f.sync = 1;
	f.mapped = 1;
	fmh5_put(&w, &f);
	wr_u16(&w, 0x1234);
	r = rd_on(out, wr_len(&w));
	assert_true(fmh5_get(&r, &g));
	assert_memory_equal(&g, &f, sizeof(f));
	assert_true(fmh5_is(&g, TPN_TDU));
	assert_false(fmh5_is(&g, TPN_SEARCH));
	assert_int_equal(rd_u16(&r), 0x1234);
	for (size_t n = 0; n < 14; n++) {
		r = rd_on(out, n);
		assert_false(fmh5_get(&r, &g));
	}
	out[1] = 0x07;
	r = rd_on(out, wr_len(&w));
	assert_false(fmh5_get(&r, &g));
}

static void
t_fmh7(void **state)
{
	struct vec v = vec_load("sna.hex", "SNA-29");
	struct rd r = rd_on(v.b + TH_FID2_LEN + RH_LEN, v.n - TH_FID2_LEN - RH_LEN);
	uint8_t out[8];
	struct wr w = wr_on(out, sizeof(out));
	struct fmh7 f;

	(void)state;
	assert_true(fmh7_get(&r, &f));
	assert_int_equal(f.sense, SENSE_TP_RETRY);
	assert_false(f.log);
	fmh7_put(&w, &f);
	assert_int_equal(wr_len(&w), 7);
	assert_memory_equal(out, v.b + TH_FID2_LEN + RH_LEN, 7);
	r = rd_on("\x07\x07\x08\x4b\x60\x31", 6);
	assert_false(fmh7_get(&r, &f));
}

static void
t_cp_capabilities(void **state)
{
	struct cpcap c = { .frsn = 77, .support = CPCAP_NN | CPCAP_SEARCH }, d;
	uint8_t out[40];
	struct wr w = wr_on(out, sizeof(out));
	struct rd r;
	struct gds g;

	(void)state;
	cpcap_put(&w, &c);
	r = rd_on(out, wr_len(&w));
	assert_true(gds_next(&r, &g));
	assert_int_equal(g.id, GDS_CPCAP);
	assert_true(cpcap_get(&g.body, &d));
	assert_memory_equal(&c, &d, sizeof(c));
	r = rd_on(out, 7);
	assert_false(cpcap_get(&r, &d));
}

static struct tdu_rec
node_rec(const char *name)
{
	struct tdu_rec t;

	memset(&t, 0, sizeof(t));
	t.kind = TDU_NODE;
	t.days = 15;
	name_set(&t.of.node, name);
	t.node = (struct cv45){ .rsn = 4, .rar = 128, .f8 = NDC8_ISR | NDC8_LOW,
		.f9 = NDC9_HPR_CF };
	return t;
}

static struct tdu_rec
tg_rec(const char *from, const char *to)
{
	struct tdu_rec t;

	memset(&t, 0, sizeof(t));
	t.kind = TDU_TG;
	name_set(&t.of.node, from);
	t.tg = (struct cv46){ .tgn = 21, .has_flags = 1, .flags = TGF_HPR | TGF_RTP };
	name_set(&t.tg.partner, to);
	t.tgc = (struct cv47){ .rsn = 6, .flags = TGC_OPERATIONAL | TGC_CPCP, .capacity = 0x75,
		.security = 1, .delay = 0x71, .user = { 128, 128, 128 } };
	return t;
}

static void
t_topology_update(void **state)
{
	struct tdu_rec a = node_rec("NETA.GW1"), b = tg_rec("NETA.GW1", "NETA.HOST1"), t;
	struct tdu head = { .frsn = 9, .last_frsn = 8 }, got;
	uint8_t out[200];
	struct wr w = wr_on(out, sizeof(out));
	size_t m = gds_begin(&w, GDS_TDU);
	uint32_t sense;
	struct rd r;
	struct gds g;

	(void)state;
	tdu_put(&w, &head);
	tdu_rec_put(&w, &a);
	tdu_rec_put(&w, &b);
	gds_end(&w, m);
	assert_false(w.bad);
	r = rd_on(out, wr_len(&w));
	assert_true(gds_next(&r, &g));
	assert_true(tdu_get(&g.body, &got));
	assert_memory_equal(&got, &head, sizeof(head));
	memset(&t, 0, sizeof(t));
	assert_true(tdu_next(&g.body, &t, &sense));
	assert_int_equal(t.kind, TDU_NODE);
	assert_int_equal(t.days, 15);
	assert_memory_equal(&t.of, &a.of, sizeof(a.of));
	assert_memory_equal(&t.node, &a.node, sizeof(a.node));
	assert_true(tdu_next(&g.body, &t, &sense));
	assert_int_equal(t.kind, TDU_TG);
	assert_string_equal(t.of.node.s, "NETA.GW1");
	assert_memory_equal(&t.tg, &b.tg, sizeof(b.tg));
	assert_memory_equal(&t.tgc, &b.tgc, sizeof(b.tgc));
	assert_false(tdu_next(&g.body, &t, &sense));
	assert_int_equal(sense, 0);
}

static uint32_t
tdu_refusal(const char *hex)
{
	struct vec v = vec_of(hex);
	struct rd r = vec_rd(&v);
	struct tdu_rec t;
	uint32_t sense;

	memset(&t, 0, sizeof(t));
	assert_false(tdu_next(&r, &t, &sense));
	return sense;
}

static void
t_topology_order(void **state)
{
	(void)state;
	/* characteristics or a TG without a node; a TG without characteristics */
	assert_int_equal(tdu_refusal("0c 45 0a 80 00 00 00 04 80 00 30 18"), SENSE_TDU_CV_ORDER);
	assert_int_equal(tdu_refusal("06 46 04 80 15 00"), SENSE_TDU_CV_ORDER);
	assert_int_equal(tdu_refusal("07 44 03 c1 c2 c3 00 06 46 04 80 15 00"),
	    SENSE_TDU_CV_ORDER);
	assert_int_equal(tdu_refusal("01 44"), SENSE_TDU_CV_ORDER);
	assert_int_equal(tdu_refusal("04 99 00 00"), 0);        /* unknown: passed over */
}

static const uint8_t logon_data[] = { 0xd3, 0xd6, 0xc7, 0xd6, 0xd5 };
static const uint8_t image[] = { 0x31, 0x01, 0x03, 0x03 };

static struct search
request(void)
{
	struct search s;

	memset(&s, 0, sizeof(s));
	s.broadcast = 1;
	s.hops = 7;
	s.pcid.pcid[0] = 0xab;
	name_set(&s.pcid.cp, "NETA.GW1");
	name_set(&s.origin, "NETA.GW1");
	s.has_find = 1;
	name_set(&s.find.arg, "NETA.ECHO");
	s.find.type = 0x00f3;
	s.has_cdinit = 1;
	s.cdinit.type = CDI_INIT;
	s.cdinit.slu_first = 1;
	name_set(&s.cdinit.olu, "NETA.TCP00001");
	name_set(&s.cdinit.dlu, "NETA.ECHO");
	name_set(&s.cdinit.mode, "SNX32702");
	s.cdinit.has_cos = 1;
	s.cdinit.cos.tpf = 2;
	name_set(&s.cdinit.cos.cos, "#INTER");
	s.cdinit.n_tg = 2;
	for (unsigned i = 0; i < 2; i++) {
		struct tdu_rec t = tg_rec("NETA.GW1", i ? "NETA.HOST2" : "NETA.HOST1");

		s.cdinit.tg[i].tg = t.tg;
		s.cdinit.tg[i].tgc = t.tgc;
	}
	s.cdinit.user = logon_data;
	s.cdinit.user_len = sizeof(logon_data);
	s.cdinit.bind = image;
	s.cdinit.bind_len = sizeof(image);
	return s;
}

/* put(get(put(v))) and all of v but the borrowed parts. */
static void
round_trip(struct search *s)
{
	uint8_t a[1000], b[1000];
	struct wr w = wr_on(a, sizeof(a)), x = wr_on(b, sizeof(b));
	struct search got;
	uint32_t sense;
	struct rd r;

	search_put(&w, s);
	assert_false(w.bad);
	r = rd_on(a, wr_len(&w));
	assert_true(search_get(&r, &got, &sense));
	search_put(&x, &got);
	assert_int_equal(wr_len(&w), wr_len(&x));
	assert_memory_equal(a, b, wr_len(&w));
	if (s->cdinit.user_len > 0)
		assert_memory_equal(got.cdinit.user, s->cdinit.user, s->cdinit.user_len);
	if (s->cdinit.bind_len > 0)
		assert_memory_equal(got.cdinit.bind, s->cdinit.bind, s->cdinit.bind_len);
	got.cdinit.user = s->cdinit.user;
	got.cdinit.bind = s->cdinit.bind;
	assert_memory_equal(&got, s, sizeof(got));
}

static void
t_search_request(void **state)
{
	struct search s = request();
	uint8_t long_data[SEARCH_USER_MAX];

	(void)state;
	round_trip(&s);
	memset(long_data, 0x40, sizeof(long_data));
	s.cdinit.user = long_data;
	s.cdinit.user_len = sizeof(long_data);
	round_trip(&s);
	s.broadcast = 0;
	name_set(&s.dest, "NETA.HOST1");
	s.find.has_owner = 1;
	s.find.owner = s.dest;
	s.has_cdinit = 0;
	memset(&s.cdinit, 0, sizeof(s.cdinit));
	round_trip(&s);
}

static void
t_search_replies(void **state)
{
	struct search s = request();

	(void)state;
	s.reply = 1;
	s.has_find = 0;
	memset(&s.find, 0, sizeof(s.find));
	s.has_found = 1;
	name_set(&s.found.name, "NETA.ECHO");
	s.found.type = 0x00f3;
	name_set(&s.found.owner, "NETA.HOST1");
	name_set(&s.found.server, "NETA.HOST1");
	s.found.wildcard = 1;
	s.cdinit.type = CDI_REPLY;
	s.cdinit.has_rscv = 1;
	s.cdinit.rscv.max_hops = s.cdinit.rscv.cur_hop = s.cdinit.rscv.n = 1;
	s.cdinit.rscv.hop[0] = s.cdinit.tg[0].tg;
	round_trip(&s);
	memset(&s.found, 0, sizeof(s.found));   /* negative: neither, and why */
	memset(&s.cdinit, 0, sizeof(s.cdinit));
	s.has_found = s.has_cdinit = 0;
	s.sense = SENSE_NOT_FOUND;
	round_trip(&s);
}

static uint32_t
search_refusal(const char *hex)
{
	struct vec v = vec_of(hex);
	struct rd r = vec_rd(&v);
	struct search s;
	uint32_t sense;

	assert_false(search_get(&r, &s, &sense));
	return sense;
}

#define LOCATE "00 16 12 c4 00 07 00 00 0e 60 01 02 03 04 05 06 07 08 03 c1 c2 c3 "

static struct tgvec
vrn_vector(unsigned tgn)
{
	struct tgvec t = { .tg = { .tgn = (uint8_t)tgn, .has_flags = 1,
		.flags = TGF_VRN | TGF_HPR | TGF_RTP, .lsap = 4 } };

	name_set(&t.tg.partner, "NETA.VRN1");
	t.tg.ip.fam = 4;
	t.tg.ip.b[0] = 10;
	t.tg.ip.b[3] = (uint8_t)tgn;
	t.tgc.flags = TGC_OPERATIONAL;
	t.tgc.capacity = 0x75;
	return t;
}

/* An end node's TGs to connection networks, to its server. */
static void
t_register(void **state)
{
	struct vec v = vec_of("00 44 12 c3 03 80 00 0c 3c 00 f4 d5 c5 e3 c1 4b c5 d5 f1 "
	    "1b 46 0e 80 15 09 d5 c5 e3 c1 4b e5 d9 d5 f1 a1 03 91 01 08 a5 04 0a 00 00 15 04 "
	    "16 47 00 00 00 00 80 75 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
	struct tgvec t[SEARCH_TGS] = { vrn_vector(21) }, got[SEARCH_TGS];
	uint8_t out[1024];
	struct wr w = wr_on(out, sizeof(out));
	struct sna_name cp, who;
	struct gds g;
	struct rd r;
	unsigned n;

	(void)state;
	name_set(&cp, "NETA.EN1");
	register_put(&w, &cp, t, 1);
	assert_int_equal(wr_len(&w), v.n);
	assert_memory_equal(out, v.b, v.n);
	r = vec_rd(&v);
	assert_true(gds_next(&r, &g));
	assert_int_equal(g.id, GDS_REGISTER);
	memset(got, 0, sizeof(got));
	assert_true(register_get(&g.body, &who, got, &n));
	assert_int_equal(n, 1);
	assert_string_equal(who.s, "NETA.EN1");
	assert_memory_equal(&got[0].tg, &t[0].tg, sizeof(t[0].tg));
	/* Cut anywhere: never more than there is. */
	for (size_t k = 0; k < v.n - 4; k++) {
		r = rd_on(v.b + 4, k);
		if (register_get(&r, &who, got, &n))
			assert_true(n <= 1);
	}
}

/* The second route is the one for when the first can't be dialed. */
static void
t_two_routes(void **state)
{
	struct search s, got;
	uint8_t out[1024];
	struct wr w = wr_on(out, sizeof(out));
	uint32_t sense;
	struct rd r;

	(void)state;
	memset(&s, 0, sizeof(s));
	name_set(&s.pcid.cp, "NETA.EN1");
	s.reply = s.has_cdinit = 1;
	s.cdinit.type = CDI_REPLY;
	s.cdinit.has_rscv = s.cdinit.has_alt = 1;
	s.cdinit.rscv.max_hops = s.cdinit.rscv.n = 2;
	s.cdinit.rscv.hop[0] = vrn_vector(21).tg;
	s.cdinit.rscv.hop[0].ip.fam = 0;
	s.cdinit.rscv.hop[1] = vrn_vector(22).tg;
	s.cdinit.alt.max_hops = s.cdinit.alt.n = 1;
	s.cdinit.alt.hop[0].tgn = 7;
	name_set(&s.cdinit.alt.hop[0].partner, "NETA.NN1");
	search_put(&w, &s);
	assert_false(w.bad);
	r = rd_on(out, wr_len(&w));
	assert_true(search_get(&r, &got, &sense));
	assert_true(got.cdinit.has_rscv && got.cdinit.has_alt);
	assert_int_equal(got.cdinit.rscv.n, 2);
	assert_int_equal(got.cdinit.rscv.hop[1].ip.b[3], 22);
	assert_int_equal(got.cdinit.alt.n, 1);
	assert_string_equal(got.cdinit.alt.hop[0].partner.s, "NETA.NN1");
}

static void
t_search_errors(void **state)
{
	(void)state;
	assert_int_equal(search_refusal("00 08 12 ca 02 80 02 82"), SENSE_NO_LOCATE);
	assert_int_equal(search_refusal("00 09 12 c4 00 00 00 00"), SENSE_LOCATE_LENGTH);
	assert_int_equal(search_refusal("00 08 12 c4 00 00 00 00"), SENSE_LOCATE_NO_PCID);
	assert_int_equal(search_refusal(LOCATE), SENSE_NO_FIND);
	assert_int_equal(search_refusal(LOCATE "00 04 12 ca"), SENSE_FIND_NO_COMMAND);
	assert_int_equal(search_refusal(LOCATE "00 07 12 ca 03 80 00"), SENSE_FIND_NO_ARG);
	assert_int_equal(search_refusal(LOCATE "00 04 12 cb"), SENSE_FOUND_NO_COMMAND);
	assert_int_equal(search_refusal(LOCATE "00 07 12 cb 03 80 00"), SENSE_NO_CV3D);
	assert_int_equal(search_refusal(LOCATE "00 0c 12 cb 03 80 00 05 3d 00 f3 c1"),
	    SENSE_NO_CV3C);
	assert_int_equal(search_refusal(LOCATE "00 0b 12 c5 00 00 81 00 00 00 09"),
	    SENSE_CDINIT_MODE);
	assert_int_equal(search_refusal(LOCATE "00 0d 12 c5 00 00 81 00 00 00 00 01 2c"),
	    SENSE_CDINIT_LENGTH);
}

static void
t_every_cut_is_survived(void **state)
{
	struct search s = request(), got;
	uint8_t out[1000];
	struct wr w = wr_on(out, sizeof(out));
	uint32_t sense;

	(void)state;
	search_put(&w, &s);
	for (size_t n = 0; n < wr_len(&w); n++) {
		uint8_t *copy = malloc(n + 1);
		struct rd r;

		assert_non_null(copy);
		memcpy(copy, out, n);
		r = rd_on(copy, n);
		if (!search_get(&r, &got, &sense))
			assert_int_not_equal(sense, 0);
		free(copy);
	}
}

static void
t_too_many_tail_vectors(void **state)
{
	struct search s = request(), got;
	uint8_t out[2000];
	struct wr w = wr_on(out, sizeof(out));
	uint32_t sense;
	size_t m, at;
	struct rd r;

	(void)state;
	s.cdinit.n_tg = 0;
	s.cdinit.user_len = 0;
	search_put(&w, &s);
	m = wr_len(&w);
	at = 0;
	while (out[at + 2] != 0x12 || out[at + 3] != 0xc5)      /* the CDINIT is the last */
		at += (size_t)(out[at] << 8 | out[at + 1]);
	for (unsigned i = 0; i < SEARCH_TGS + 3; i++) {
		struct tdu_rec t = tg_rec("NETA.GW1", "NETA.HOST1");
		size_t v = cv_begin_lt(&w, CV_TG_DESC);

		cv46_put(&w, &t.tg);
		cv_end_lt(&w, v);
		v = cv_begin_lt(&w, CV_TG_CHAR);
		cv47_put(&w, &t.tgc);
		cv_end_lt(&w, v);
	}
	wr_set16(&w, at, wr_len(&w) - at);
	assert_true(wr_len(&w) > m);
	r = rd_on(out, wr_len(&w));
	assert_true(search_get(&r, &got, &sense));
	assert_int_equal(got.cdinit.n_tg, SEARCH_TGS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_iterates_variables),
		cmocka_unit_test(t_bad_lengths),
		cmocka_unit_test(t_attach_from_a_trace),
		cmocka_unit_test(t_attach_of_service_programs),
		cmocka_unit_test(t_fmh7),
		cmocka_unit_test(t_cp_capabilities),
		cmocka_unit_test(t_topology_update),
		cmocka_unit_test(t_topology_order),
		cmocka_unit_test(t_search_request),
		cmocka_unit_test(t_search_replies),
		cmocka_unit_test(t_register),
		cmocka_unit_test(t_two_routes),
		cmocka_unit_test(t_search_errors),
		cmocka_unit_test(t_every_cut_is_survived),
		cmocka_unit_test(t_too_many_tail_vectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
