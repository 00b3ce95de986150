/* SPDX-License-Identifier: Apache-2.0
 *
 * What received packets do: order, indicators, status owed.
 */
#include "tests/unit/rtp_feed.h"

static void
t_in_order(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1005, .somi = 1, .eomi = 1 };
	struct rtp_ind i;

	connect_up(w);
	in(w, &th, "world", 5);
	assert_int_equal(next(w, &i), 0);
	th.bsn = 1000;
	in(w, &th, "hello", 5);
	expect_text(w, "hello");
	expect_text(w, "world");
	in(w, &th, "hello", 5);
	th.bsn = 1005;
	in(w, &th, "world", 5);
	assert_int_equal(next(w, &i), 0);
	assert_int_equal(w->r.stat[RTP_DUPLICATES], 2);
}

/* Recut and overlapping retransmissions. */
static void
t_overlap(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1004, .eomi = 1 };
	struct rtp_ind i;

	connect_up(w);
	in(w, &th, "EFGH", 4);
	th = (struct thdr){ .tcid = OURS, .bsn = 1000, .somi = 1 };
	in(w, &th, "ABCDEF", 6);
	expect_text(w, "ABCDEFGH");
	th = (struct thdr){ .tcid = OURS, .bsn = 1000, .somi = 1, .eomi = 1 };
	in(w, &th, "ABCDEFGH", 8);
	assert_int_equal(next(w, &i), 0);
	assert_true(rtp_connected(&w->r));
}

/* Single packets are delivered in the buffer they came in; longer ones whole. */
static void
t_long_message(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .somi = 1 };
	struct rtp_ind i;
	uint8_t part[1400];

	connect_up(w);
	for (unsigned k = 0; k < 3; k++) {
		memset(part, (int)k, sizeof(part));
		th.bsn = 1000 + k * 1400;
		th.somi = k == 0;
		th.eomi = k == 2;
		in(w, &th, part, 1400);
	}
	assert_int_equal(next(w, &i), RTP_DATA);
	assert_int_equal(i.buf->len, 4200);
	assert_int_equal(i.buf->p[0], 0);
	assert_int_equal(i.buf->p[1400], 1);
	assert_int_equal(i.buf->p[4199], 2);
	buf_free(i.buf);
}

static void
t_message_too_long(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .somi = 1 };
	uint8_t part[1400] = { 0 };

	connect_up(w);
	for (unsigned k = 0; k < 4; k++) {
		th.bsn = 1000 + k * 1400;
		th.somi = k == 0;
		in(w, &th, part, 1400);
	}
	expect_fault(w, 0xa001ee05);
}

/* Each violation of 4.2 ends the connection with its sense. */
static void
t_indicators(void **state)
{
	static const struct {
		uint8_t som1, eom1, lm1, n1, som2, eom2, lm2, n2;
		uint32_t sense;
	} v[] = {
		{ 0, 0, 0, 4, 0, 0, 0, 0, SENSE_RTP_SOM },      /* start without SOMI */
		{ 0, 1, 0, 4, 0, 0, 0, 0, SENSE_RTP_SOM },      /* .. with EOMI */
		{ 0, 1, 0, 0, 0, 0, 0, 0, SENSE_RTP_SOM },      /* .. without data */
		{ 1, 0, 0, 4, 1, 0, 0, 4, SENSE_RTP_SOM },      /* SOMI twice */
		{ 1, 0, 0, 4, 1, 0, 0, 0, SENSE_RTP_SOM },
		{ 1, 0, 1, 4, 0, 0, 0, 0, SENSE_RTP_EOM },      /* LMI, EOMI missing */
		{ 1, 0, 0, 4, 0, 0, 1, 4, SENSE_RTP_EOM },
		{ 1, 0, 0, 4, 0, 0, 1, 0, SENSE_RTP_EOM },
		{ 1, 0, 1, 0, 0, 0, 0, 0, SENSE_RTP_EOM },      /* .. without data */
	};

	for (size_t k = 0; k < sizeof(v) / sizeof(v[0]); k++) {
		struct world *w = *state;
		struct thdr th = { .tcid = OURS, .bsn = 1000 };

		w->seq = 1000;
		connect_up(w);
		th.somi = v[k].som1;
		th.eomi = v[k].eom1;
		th.lmi = v[k].lm1;
		in(w, &th, "abcd", v[k].n1);
		if (v[k].som2 || v[k].eom2 || v[k].lm2) {
			assert_true(rtp_connected(&w->r));
			th = (struct thdr){ .tcid = OURS, .bsn = 1000 + v[k].n1, .somi = v[k].som2,
			    .eomi = v[k].eom2, .lmi = v[k].lm2 };
			in(w, &th, "abcd", v[k].n2);
		}
		expect_fault(w, v[k].sense);
		rtp_fini(&w->r);
	}
}

/* A0010008: LMI, and higher bytes are here already. A0010003: data behind LMI. */
static void
t_lmi_rules(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1010, .somi = 1, .eomi = 1 };

	connect_up(w);
	in(w, &th, "late", 4);
	th.bsn = 1000;
	th.lmi = 1;
	in(w, &th, "last", 4);
	expect_fault(w, SENSE_RTP_LM);
	rtp_fini(&w->r);
	connect_up(w);
	th.bsn = 1004;                  /* LMI ahead of its turn */
	in(w, &th, "last", 4);
	assert_true(rtp_connected(&w->r));
	th.bsn = 1008;
	th.lmi = 0;
	in(w, &th, "more", 4);
	expect_fault(w, SENSE_RTP_SOM);
}

/* A double with LMI is only a double: 4.2 ends the connection, we don't, or whoever knows the
 * TCID alone could. A hole in front of it makes the difference. Packets without data: as well. */
static void
t_lmi_again(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1000, .lmi = 1, .somi = 1, .eomi = 1 };

	for (unsigned n = 0; n <= 5; n += 5) {
		w->seq = 1000;
		connect_up(w);
		in_msg(w, "first");
		in_msg(w, "second");
		expect_text(w, "first");
		expect_text(w, "second");
		in(w, &th, "first", n);
		assert_true(rtp_connected(&w->r));
		w->seq += 5;
		in_msg(w, "behind a hole");
		th.bsn = 1012;
		in(w, &th, "", 0);
		expect_fault(w, SENSE_RTP_LM);
		rtp_fini(&w->r);
		th.bsn = 1000;
	}
	w->seq = 1000;
	connect_up(w);
	th = (struct thdr){ .tcid = OURS, .bsn = 1010, .lmi = 1 };
	in(w, &th, NULL, 0);            /* ahead of its turn */
	in(w, &th, NULL, 0);
	assert_true(rtp_connected(&w->r));
	th = (struct thdr){ .tcid = OURS, .bsn = 1010, .somi = 1, .eomi = 1 };
	in(w, &th, NULL, 0);
	expect_fault(w, SENSE_RTP_SOM);
}

/* Refused while it calls: the partner's sense, and nothing is answered. */
static void
t_call_refused(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .has_fault = 1, .fault = SENSE_NOT_SUPPORTED };
	struct rtp_parm p;
	struct rtp_ind i;

	parm(w, &p);
	rtp_init(&w->r, &p);
	rtp_call(&w->r, w->now);
	drain(w);
	in(w, &th, NULL, 0);
	assert_false(out(w));
	assert_int_equal(next(w, &i), RTP_DOWN);
	assert_int_equal(i.sense, SENSE_NOT_SUPPORTED);
}

/* 64 NLPs of data without a status of ours: one unasked. */
static void
t_status_unasked(void **state)
{
	struct world *w = *state;

	connect_up(w);
	for (unsigned k = 0; k < 64; k++) {
		assert_false(out(w));
		in_msg(w, "piece");
	}
	assert_true(out(w));
	assert_true(w->th.has_status);
	assert_int_equal(w->th.status.rseq, 1000 + 64 * 5);
	assert_false(w->th.sri || w->th.somi || w->th.eomi);
	assert_int_equal(w->th.dlf, 0);
	assert_false(out(w));
}

/* The echo is the newest number heard, also in answer to SRI without a status. */
static void
t_echo(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1000, .sri = 1, .rasapi = 1, .has_status = 1 };
	static const uint16_t sync[] = { 0xfffe, 0xfff0, 2, 0xffff }, echo[] = { 0xfffe, 0xfffe, 2,
		2 };

	connect_up(w);
	for (unsigned k = 0; k < 4; k++) {
		th.status = (struct seg_status){ .sync = sync[k], .rseq = 1 };
		in(w, &th, NULL, 0);
		assert_true(out(w));
		assert_int_equal(w->th.status.echo, echo[k]);
	}
	th.has_status = 0;
	in(w, &th, NULL, 0);
	assert_true(out(w));
	assert_int_equal(w->th.status.echo, 2);
}

static void
t_setup_from_called(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1000, .has_setup = 1 };

	connect_up(w);
	in(w, &th, NULL, 0);
	expect_fault(w, SENSE_RTP_SETUP_CALLED);
}

static void
t_fault_received(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1000, .has_fault = 1, .fault = 0xa001ee01 };
	struct rtp_ind i;

	connect_up(w);
	send(w, 10);
	in(w, &th, NULL, 0);
	assert_false(out(w));
	assert_int_equal(next(w, &i), RTP_DOWN);
	assert_int_equal(i.sense, 0xa001ee01);
}

/* The called side: reply with segment 10, RTP_UP when the caller used our TCID. */
static void
t_called(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	listen_up(w);
	setup_from_peer(w, SEG_SETUP_VERSION);
	assert_true(out(w));
	assert_true(w->th.has_cie);
	assert_false(w->th.has_setup);
	assert_false(w->th.setupi);
	assert_int_equal(w->th.cie_tcid, OURS);
	assert_int_equal(w->th.tcid, PEER);
	assert_true(w->th.has_status);
	assert_int_equal(w->th.status.rseq, w->seq + 4);
	assert_int_equal(w->th.arb.msg, ARB_SETUP);
	assert_int_equal(w->nh.anr_len, 2);
	assert_memory_equal(w->nh.anr, "\x91\x92", 2);
	assert_string_equal(w->r.parm.cos.s, "#BATCH");
	assert_int_equal(w->r.peer_packet, 900);
	/* a double elicits the reply again, and no data */
	setup_from_peer(w, SEG_SETUP_VERSION);
	assert_true(out(w));
	assert_true(w->th.has_cie);
	assert_false(out(w));
	assert_int_equal(next(w, &i), 0);
	w->seq += 4;
	in_msg(w, "more");
	assert_int_equal(next(w, &i), RTP_UP);
	expect_text(w, "BIND");
	expect_text(w, "more");
	assert_int_equal(next(w, &i), 0);
}

static void
t_called_version(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	listen_up(w);
	setup_from_peer(w, 0x0200);
	assert_true(out(w));
	assert_int_equal(w->th.fault, SENSE_NOT_SUPPORTED);
	assert_int_equal(next(w, &i), RTP_DOWN);
}

/* SRI: within 20 ms; RASAPI: at once; echo is the request's number. */
static void
t_status_owed(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1000, .sri = 1, .has_status = 1 };

	connect_up(w);
	th.status = (struct seg_status){ .sync = 77, .rseq = 1 };
	in(w, &th, NULL, 0);
	assert_false(out(w));
	assert_int_equal(rtp_deadline(&w->r).us, w->now.us + MSEC(20));
	w->now = rtp_deadline(&w->r);
	rtp_expire(&w->r, w->now);
	assert_true(out(w));
	assert_int_equal(w->th.status.echo, 77);
	assert_int_equal(w->th.status.rseq, 1000);
	assert_false(w->th.sri);
	assert_false(out(w));
	th.rasapi = 1;
	th.status.sync = 78;
	in(w, &th, NULL, 0);
	assert_true(out(w));
	assert_int_equal(w->th.status.echo, 78);
}

/* A hole is told after REFIFO, with the spans behind it. */
static void
t_gap_report(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1010, .somi = 1, .eomi = 1 };

	connect_up(w);
	in(w, &th, "0123456789", 10);
	assert_false(out(w));
	assert_int_equal(rtp_deadline(&w->r).us, w->now.us + rtp_refifo_us(&w->r));
	w->now = rtp_deadline(&w->r);
	rtp_expire(&w->r, w->now);
	assert_true(out(w));
	assert_true(w->th.status.gap);
	assert_int_equal(w->th.status.rseq, 1000);
	assert_int_equal(w->th.status.n, 1);
	assert_int_equal(w->th.status.span[0].begin, 1010);
	assert_int_equal(w->th.status.span[0].end, 1019);       /* register row 7 */
	th.bsn = 1000;
	in(w, &th, "abcdefghij", 10);
	assert_false(w->r.gap_told);
	assert_true(mono_is_never(w->r.t[RT_REFIFO]));
	assert_false(out(w));                   /* filled: nobody asked */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(t_in_order, up, down),
		cmocka_unit_test_setup_teardown(t_overlap, up, down),
		cmocka_unit_test_setup_teardown(t_long_message, up, down),
		cmocka_unit_test_setup_teardown(t_message_too_long, up, down),
		cmocka_unit_test_setup_teardown(t_indicators, up, down),
		cmocka_unit_test_setup_teardown(t_lmi_rules, up, down),
		cmocka_unit_test_setup_teardown(t_lmi_again, up, down),
		cmocka_unit_test_setup_teardown(t_call_refused, up, down),
		cmocka_unit_test_setup_teardown(t_status_unasked, up, down),
		cmocka_unit_test_setup_teardown(t_echo, up, down),
		cmocka_unit_test_setup_teardown(t_setup_from_called, up, down),
		cmocka_unit_test_setup_teardown(t_fault_received, up, down),
		cmocka_unit_test_setup_teardown(t_called, up, down),
		cmocka_unit_test_setup_teardown(t_called_version, up, down),
		cmocka_unit_test_setup_teardown(t_status_owed, up, down),
		cmocka_unit_test_setup_teardown(t_gap_report, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
