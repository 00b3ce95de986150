/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vec/vec.h"

#include "snaee/llc.h"
#include "snaee/nlp.h"
#include "snaee/piu.h"
#include "snaee/sense.h"

struct nlp {
	struct llc llc;
	struct nhdr nh;
	struct thdr th;
	uint32_t sense;
	bool good;
};

static struct nlp
read_nlp(const struct vec *v)
{
	struct rd r = vec_rd(v);
	struct nlp p;

	memset(&p, 0, sizeof(p));
	assert_true(llc_get(&r, &p.llc));
	p.good = nhdr_get(&r, &p.nh);
	if (p.good && p.nh.sm == NHDR_ANR)
		p.good = thdr_get(&r, &p.th, &p.sense);
	return p;
}

static struct nlp
load(const char *name)
{
	static struct vec v;    /* style: fields borrow from it until the next load */

	v = vec_load(name[0] == 'N' ? "ee-bad.hex" : "ee.hex", name);
	return read_nlp(&v);
}

/* Every good NLP vector comes out of put() as it went into get(). */
static void
t_put_of_get_is_the_vector(void **state)
{
	static const char *const names[] = { "LDLC-09", "LDLC-10", "RTP-01", "RTP-02", "RTP-03",
		"RTP-04", "RTP-05", "RTP-06", "RTP-07", "RTP-08", "RTP-09", "RTP-10", "RTP-11",
		"RTP-12", "RTP-13", "RTP-14", "RTP-15", "RTP-16", "RTP-17", "OUR-01", "OUR-02" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct vec v = vec_load(names[i][0] == 'O' ? "ours.hex" : "ee.hex", names[i]);
		struct nlp p = read_nlp(&v);
		uint8_t out[600];
		struct wr w = wr_on(out, sizeof(out));
		size_t n = LLC_LEN + nhdr_len(&p.nh);

		assert_true(p.good);
		llc_put(&w, &p.llc);
		nhdr_put(&w, &p.nh);
		assert_int_equal(wr_len(&w), n);
		if (p.nh.sm == NHDR_ANR) {
			assert_int_equal(thdr_len(&p.th), p.th.len);
			thdr_put(&w, &p.th);
			assert_int_equal(wr_len(&w), n + p.th.len);
			wr_bytes(&w, p.th.data, p.th.dlf);
		}
		assert_false(w.bad);
		assert_int_equal(wr_len(&w), v.n);
		assert_memory_equal(out, v.b, v.n);
	}
}

static void
t_function_routed(void **state)
{
	struct nlp p = load("LDLC-09");
	uint8_t out[8];
	struct wr w = wr_on(out, sizeof(out));
	static const uint8_t rsp[] = { 0xa6, 0x10, 0xff, 0x00, 0x04 };

	(void)state;
	assert_true(p.good);
	assert_int_equal(p.nh.sm, NHDR_FR);
	assert_int_equal(p.nh.ft, NHDR_FT_LDLC);
	assert_int_equal(p.nh.fn, NHDR_XID_DONE_RQ);
	assert_int_equal(p.nh.anr_len, 0);
	nhdr_put_fr(&w, NHDR_XID_DONE_RSP);
	assert_int_equal(wr_len(&w), sizeof(rsp));
	assert_memory_equal(out, rsp, sizeof(rsp));
}

static void
t_setup_packet(void **state)
{
	struct nlp p = load("RTP-17");
	struct thdr *h = &p.th;

	(void)state;
	assert_true(p.good);
	assert_int_equal(p.nh.tpf, 3);
	assert_true(h->tcid == 0x8000000000010001ull);
	assert_true(tcid_key(h->tcid) == 0x10001);
	assert_true(tcid_wire(0x10001, TCID_BY_SENDER) == h->tcid);
	assert_true(tcid_wire(h->tcid, TCID_BY_RECEIVER) == 0x10001);
	assert_true(h->setupi && h->somi && h->eomi && h->sri && !h->rasapi && !h->lmi);
	assert_true(h->has_cqf && h->has_setup && h->has_switch && h->has_arb);
	assert_false(h->has_status || h->has_cie || h->has_fault || h->has_cob);
	assert_string_equal(h->cqf.cp.s, "NETA.OPENEE1");
	assert_int_equal(nce_of(&h->cqf.nce), 1);
	assert_int_equal(h->setup.version, SEG_SETUP_VERSION);
	assert_true(h->setup.arb && h->setup.reliable && !h->setup.dedicated);
	assert_int_equal(h->setup.instance, 1);
	assert_true(h->sw.refifo);
	assert_int_equal(h->sw.max_packet, 1461);
	assert_int_equal(h->sw.switch_ms, 120000);
	assert_int_equal(h->sw.alive_ms, 180000);
	assert_int_equal(h->sw.path_len, 4);
	assert_true(h->sw.has_route);
	assert_int_equal(h->sw.tg.tgn, 21);
	assert_string_equal(h->sw.tg.partner.s, "NETA.OPENEE1");
	assert_int_equal(h->arb.msg, ARB_SETUP);
	assert_int_equal(h->arb.mode, ARB_RESPONSIVE);
	assert_int_equal(h->arb.field[0], 10000);
	assert_int_equal(h->arb.field[1], 1000);
	assert_int_equal(h->dlf, 12);
	assert_int_equal(h->data[2], 0x12);
	assert_int_equal(h->data[3], 0xce);
}

static void
t_status_and_spans(void **state)
{
	struct nlp p = load("RTP-06");

	(void)state;
	assert_true(p.good && p.th.has_status);
	assert_true(p.th.status.gap && !p.th.status.idle);
	assert_int_equal(p.th.status.sync, 5);
	assert_int_equal(p.th.status.echo, 4);
	assert_int_equal(p.th.status.rseq, 0x1000);
	assert_int_equal(p.th.status.n, 1);
	assert_int_equal(p.th.status.span[0].begin, 0x1400);
	assert_int_equal(p.th.status.span[0].end, 0x17ff);
	assert_int_equal(absp_end_wire(0x1800), 0x17ff);
	p = load("RTP-07");
	assert_true(p.good && p.th.status.idle && p.th.sri && p.th.rasapi);
}

static void
t_small_segments(void **state)
{
	struct nlp p = load("RTP-02");

	(void)state;
	assert_true(p.good && p.th.has_cie);
	assert_true(p.th.cie_tcid == 0x20001);
	p = load("RTP-09");
	assert_true(p.good && p.th.has_cob);
	assert_int_equal(p.th.cob, COB_REQUEST);
	p = load("RTP-10");
	assert_int_equal(p.th.cob, COB_ACCEPT);
	p = load("RTP-11");
	assert_true(p.good && p.th.has_fault && p.th.lmi);
	assert_int_equal(p.th.fault, SENSE_RTP_SETUP_CALLED);
}

static void
t_arb(void **state)
{
	struct nlp p = load("RTP-12");

	(void)state;
	assert_true(p.good && p.th.has_arb);
	assert_int_equal(p.th.arb.msg, ARB_REQUEST);
	assert_int_equal(p.th.arb.parity, 1);
	assert_int_equal(p.th.arb.rq_corr, 3);
	assert_int_equal(p.th.arb.field[0], 250000);
	p = load("RTP-13");
	assert_int_equal(p.th.arb.msg, ARB_REPLY);
	assert_int_equal(p.th.arb.raa, RAA_SLOWDOWN1);
	assert_int_equal(p.th.arb.rp_corr, 3);
	p = load("RTP-14");
	assert_int_equal(p.th.arb.msg, ARB_BOTH);
	assert_int_equal(p.th.arb.mode, ARB_BASE);
	assert_int_equal(p.th.arb.rq_corr, 4);
	assert_int_equal(p.th.arb.rp_corr, 2);
	assert_int_equal(p.nh.tpf, 1);
}

static void
t_labels_are_consumed(void **state)
{
	struct nlp p = load("RTP-15");
	struct label hop = { 1, { 0x91 } }, nce = { 1, { 0x82 } }, us = nce_label(3);

	(void)state;
	assert_true(p.good);
	assert_true(p.nh.tspi && p.nh.slow1 && !p.nh.slow2);
	assert_false(nhdr_at(&p.nh, &nce));
	assert_true(nhdr_pop(&p.nh, &hop));
	assert_true(nhdr_at(&p.nh, &nce));
	assert_false(nhdr_at(&p.nh, &us));
	assert_false(nhdr_pop(&p.nh, &hop));
	assert_true(nhdr_pop(&p.nh, &nce));
	assert_int_equal(p.nh.anr_len, 0);
	assert_false(nhdr_at(&p.nh, &nce));
	assert_int_equal(us.len, 4);
	assert_int_equal(nce_of(&us), 3);
	assert_int_equal(nce_of(&nce), 0);
	for (unsigned i = 0; i < us.len; i++)
		assert_int_not_equal(us.b[i], 0xff);
}

/* RH of a session-layer vector that travels behind NHDR and THDR. */
static void
t_piu_in_nlp(void **state)
{
	struct vec v = vec_load("sna.hex", "SNA-25");
	struct rd r = vec_rd(&v);
	struct nhdr nh;
	struct thdr h;
	uint32_t sense;
	struct th t;

	(void)state;
	assert_true(nhdr_get(&r, &nh));
	assert_int_equal(nh.tpf, 2);
	assert_true(thdr_get(&r, &h, &sense));
	assert_true(h.tcid == 1);
	assert_int_equal(h.dlf, 17);
	r = rd_on(h.data, h.dlf);
	assert_true(th_get(&r, &t));
	assert_true(t.sa == 2);
	assert_int_equal(rh_get(&r), 0x6b8000);
	assert_int_equal(rd_u16(&r), 0x3101);
}

static void
t_cqf_in_both_readings(void **state)
{
	static const char *const names[] = { "N-01", "N-02" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct nlp p = load(names[i]);

		assert_true(p.good);
		assert_string_equal(p.th.cqf.cp.s, "NETA.OPENEE1");
		assert_int_equal(p.th.cqf.nce.len, 1);
		assert_int_equal(p.th.cqf.nce.b[0], 0x80);
		assert_true(p.th.has_setup && p.th.setup.has_instance);
		assert_int_equal(p.th.setup.instance, 1);
	}
}

/* The setup packet we send says the same whichever way its length is read. */
static void
t_our_cqf_is_neutral(void **state)
{
	struct thdr h = { .has_cqf = 1, .has_arb = 1, .arb.msg = ARB_REQUEST }, got;
	uint8_t out[THDR_MAX];
	struct wr w = wr_on(out, sizeof(out));
	uint32_t sense;
	struct rd r;

	(void)state;
	name_set(&h.cqf.cp, "NETB.GW12345");
	h.cqf.nce = nce_label(1);
	thdr_put(&w, &h);
	assert_int_equal(out[20] + 2, 32);      /* read without its header */
	assert_int_equal((out[20] + 3) & ~3, 32);       /* read with it */
	r = rd_on(out, wr_len(&w));
	assert_true(thdr_get(&r, &got, &sense));
	assert_true(name_eq(&got.cqf.cp, &h.cqf.cp));
	assert_true(label_eq(&got.cqf.nce, &h.cqf.nce));
	assert_true(got.has_arb);
}

static void
t_setup_carries_topic_and_target(void **state)
{
	struct thdr h = { .has_setup = 1 }, got;
	uint8_t out[THDR_MAX];
	struct wr w = wr_on(out, sizeof(out));
	uint32_t sense;
	struct rd r;

	(void)state;
	h.setup.version = SEG_SETUP_VERSION;
	h.setup.dedicated = 1;
	h.setup.has_instance = 1;
	h.setup.instance = 0xdeadbeef;
	name_set(&h.setup.topic, "#INTER");
	name_set(&h.setup.target, "NETA.HOST1");
	thdr_put(&w, &h);
	assert_false(w.bad);
	assert_int_equal(wr_len(&w), thdr_len(&h));
	r = rd_on(out, wr_len(&w));
	assert_true(thdr_get(&r, &got, &sense));
	assert_memory_equal(&got.setup, &h.setup, sizeof(h.setup));
}

/* The largest header of ours fits THDR_MAX. */
static void
t_all_at_once_fits(void **state)
{
	struct thdr h, got;
	uint8_t out[THDR_MAX];
	struct wr w = wr_on(out, sizeof(out));
	uint32_t sense;
	struct rd r;

	(void)state;
	memset(&h, 0, sizeof(h));
	h.has_cqf = h.has_setup = h.has_status = h.has_cob = 1;
	h.has_cie = h.has_fault = h.has_switch = h.has_arb = 1;
	name_set(&h.cqf.cp, "NETWORK1.CPNAME12");
	h.cqf.nce = (struct label){ 8, { 1, 2, 3, 4, 5, 6, 7, 8 } };
	h.setup.target = h.cqf.cp;
	h.setup.has_instance = 1;
	name_set(&h.setup.topic, "CPSVCMG");
	h.status.n = ABSP_MAX;
	h.sw.path_len = sizeof(h.sw.path);
	h.sw.has_route = 1;
	h.sw.tg.partner = h.cqf.cp;
	h.sw.tg.has_flags = h.sw.tg.has_subarea = 1;
	h.fault = SENSE_RTP_SOM;
	thdr_put(&w, &h);
	assert_false(w.bad);
	assert_true(wr_len(&w) <= THDR_MAX);
	r = rd_on(out, wr_len(&w));
	assert_true(thdr_get(&r, &got, &sense));
	assert_int_equal(got.len, wr_len(&w));
	assert_memory_equal(&got.cqf, &h.cqf, sizeof(h.cqf));
	assert_memory_equal(&got.sw, &h.sw, sizeof(h.sw));
	assert_int_equal(got.status.n, ABSP_MAX);
	assert_int_equal(got.fault, h.fault);
}

static void
t_refused_without_sense(void **state)
{
	static const char *const names[] = { "N-04", "N-05", "N-07" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct nlp p = load(names[i]);

		assert_false(p.good);
		assert_int_equal(p.sense, 0);
	}
}

static void
t_unknown_segment_is_passed_over(void **state)
{
	struct nlp p = load("N-06");

	(void)state;
	assert_true(p.good);
	assert_int_equal(p.th.len, 24);
	assert_false(p.th.has_status || p.th.has_arb);
}

#define HEAD "c8 c8 03 c4 00 82 ff 00 00 00 00 00 00 02 00 01 "

static uint32_t
refusal(const char *hex)
{
	struct vec v = vec_of(hex);
	struct nlp p = read_nlp(&v);

	assert_false(p.good);
	return p.sense;
}

static void
t_violations_have_their_sense(void **state)
{
	(void)state;
	/* a segment twice: A01AFFxx */
	assert_int_equal(refusal(HEAD "00 04 00 07 00 00 00 00 00 00 00 01 "
	    "01 0f 00 01 01 0f 00 01"), 0xa01aff0f);
	assert_int_equal(refusal(HEAD "00 04 00 09 00 00 00 00 00 00 00 01 "
	    "02 12 00 00 08 00 00 00 02 12 00 00 08 00 00 00"), 0xa01aff12);
	assert_int_equal(refusal(HEAD "40 04 00 09 00 00 00 00 00 00 00 01 "
	    "02 0d 01 01 18 00 00 00 02 0d 01 01 18 00 00 00"), 0xa01aff0d);
	assert_int_equal(refusal(HEAD "00 04 00 0f 00 00 00 00 00 00 00 01 "
	    "05 0e 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
	    "05 0e 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"), 0xa01aff0e);
	assert_int_equal(refusal(HEAD "00 04 00 0b 00 00 00 00 00 00 00 01 "
	    "03 10 00 00 00 00 00 01 00 00 00 01 03 10 00 00 00 00 00 01 00 00 00 01"),
	    0xa01aff10);
	assert_int_equal(refusal(HEAD "00 04 00 0b 00 00 00 00 00 00 00 01 "
	    "03 22 80 10 00 00 00 01 00 00 00 01 03 22 80 10 00 00 00 01 00 00 00 01"),
	    0xa01aff22);
	/* a segment longer than the header: A018FFxx */
	assert_int_equal(refusal(HEAD "00 04 00 06 00 00 00 00 00 00 00 01 05 0e 00 00"),
	    0xa018ff0e);
	/* shorter than its fields */
	assert_int_equal(refusal(HEAD "00 04 00 06 00 00 00 00 00 00 00 01 01 12 00 00"),
	    0xa018ff12);
	/* more spans told than there are */
	assert_int_equal(refusal(HEAD "00 04 00 0a 00 00 00 00 00 00 00 01 "
	    "05 0e 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"), 0xa018ff0e);
	/* vectors in 0D and 14 */
	assert_int_equal(refusal(HEAD "40 04 00 08 00 00 00 00 00 00 00 01 "
	    "03 0d 01 01 18 00 00 00 09 03 d5 c5"), 0xa0180d03);
	assert_int_equal(refusal(HEAD "00 04 00 07 00 00 00 00 00 00 00 01 "
	    "02 14 00 00 14 83 80 00"), 0xa0181483);
	/* vector in the CQF */
	assert_int_equal(refusal(HEAD "40 08 00 07 00 00 00 00 00 00 00 01 "
	    "08 05 00 00 09 00 d6 d7"), 0xa0180500);
	/* CQF longer than the header */
	assert_int_equal(refusal(HEAD "40 08 00 06 00 00 00 00 00 00 00 01 40 05 00 00"),
	    0xa018ff05);
}

static void
t_lengths_are_checked(void **state)
{
	(void)state;
	/* data offset below 5 words, beyond the packet, or made to overflow */
	assert_int_equal(refusal(HEAD "30 00 00 04 00 00 00 00 00 00 00 01"), 0);
	assert_int_equal(refusal(HEAD "30 00 00 06 00 00 00 00 00 00 00 01"), 0);
	assert_int_equal(refusal(HEAD "30 00 40 05 00 00 00 00 00 00 00 01"), 0);
	/* more data announced than came */
	assert_int_equal(refusal(HEAD "30 00 00 05 00 00 00 03 00 00 00 01 c1 c2"), 0);
	assert_int_equal(refusal(HEAD "30 00 00 05 ff ff ff ff 00 00 00 01 c1 c2"), 0);
	/* CQFI with an undefined value */
	assert_int_equal(refusal(HEAD "30 10 00 05 00 00 00 00 00 00 00 01"), 0);
}

static void
t_trailing_bytes_are_ignored(void **state)
{
	struct vec v = vec_of(HEAD "30 00 00 05 00 00 00 01 00 00 00 01 c1 c2 c3");
	struct nlp p = read_nlp(&v);

	(void)state;
	assert_true(p.good);
	assert_int_equal(p.th.dlf, 1);
	assert_int_equal(p.th.data[0], 0xc1);
}

static void
t_every_cut_is_survived(void **state)
{
	static const char *const names[] = { "RTP-01", "RTP-02", "RTP-06", "RTP-16", "RTP-17" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct vec v = vec_load("ee.hex", names[i]);

		for (size_t n = LLC_LEN; n < v.n; n++) {
			uint8_t *copy = malloc(n);      /* so that a sanitizer sees overruns */
			struct rd r;
			struct nhdr nh;
			struct thdr h;
			uint32_t sense;

			assert_non_null(copy);
			memcpy(copy, v.b, n);
			r = rd_on(copy + LLC_LEN, n - LLC_LEN);
			if (nhdr_get(&r, &nh))
				assert_false(thdr_get(&r, &h, &sense));
			free(copy);
		}
	}
}

#define MANY (ABSP_MAX + 2)

static void
t_more_spans_than_we_keep(void **state)
{
	uint8_t out[THDR_MAX];
	struct wr w = wr_on(out, sizeof(out));
	uint32_t sense;
	struct thdr h;
	struct rd r;

	(void)state;
	wr_fill(&w, 0, 9);
	wr_u8(&w, 0x04);
	wr_u16(&w, 5 + 5 + 2 * MANY);
	wr_u64(&w, 1);
	wr_u8(&w, 5 + 2 * MANY);
	wr_u8(&w, SEG_STATUS);
	wr_u8(&w, 0x80);
	wr_u8(&w, MANY);
	wr_fill(&w, 0, 16);
	for (unsigned i = 0; i < 2 * MANY; i++)
		wr_u32(&w, 100 + i);
	r = rd_on(out, wr_len(&w));
	assert_true(thdr_get(&r, &h, &sense));
	assert_int_equal(h.status.n, ABSP_MAX);
	assert_int_equal(h.status.span[9].begin, 118);
}

static void
t_timer_units(void **state)
{
	(void)state;
	assert_int_equal(switch_ms(0), 0);
	assert_int_equal(switch_ms(60), 60000);
	assert_int_equal(switch_ms(60000), 60000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_put_of_get_is_the_vector),
		cmocka_unit_test(t_function_routed),
		cmocka_unit_test(t_setup_packet),
		cmocka_unit_test(t_status_and_spans),
		cmocka_unit_test(t_small_segments),
		cmocka_unit_test(t_arb),
		cmocka_unit_test(t_labels_are_consumed),
		cmocka_unit_test(t_piu_in_nlp),
		cmocka_unit_test(t_cqf_in_both_readings),
		cmocka_unit_test(t_our_cqf_is_neutral),
		cmocka_unit_test(t_setup_carries_topic_and_target),
		cmocka_unit_test(t_all_at_once_fits),
		cmocka_unit_test(t_refused_without_sense),
		cmocka_unit_test(t_unknown_segment_is_passed_over),
		cmocka_unit_test(t_violations_have_their_sense),
		cmocka_unit_test(t_lengths_are_checked),
		cmocka_unit_test(t_trailing_bytes_are_ignored),
		cmocka_unit_test(t_every_cut_is_survived),
		cmocka_unit_test(t_more_spans_than_we_keep),
		cmocka_unit_test(t_timer_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
