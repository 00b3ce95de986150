/* SPDX-License-Identifier: Apache-2.0
 *
 * Status received: acknowledgement, retransmission, round trip.
 */
#include "snaee/rtp_parts.h"
#include "tests/unit/rtp_feed.h"

static void
t_retransmit_once(void **state)
{
	struct world *w = *state;
	struct absp span = { 21, 30 };
	uint16_t first;

	connect_up(w);
	for (int k = 0; k < 3; k++)
		send(w, 10);            /* bytes 1-10, 11-20, 21-30 */
	drain(w);
	first = w->r.sync;
	in_status(w, 11, first, 1, &span);
	assert_true(out(w));
	assert_int_equal(w->th.bsn, 11);
	assert_int_equal(w->o.data_len, 10);
	assert_true(w->th.somi && w->th.eomi);
	assert_int_equal(w->o.resent, 1);
	/* one byte behind the span: what an inclusive end leaves of a packet is
	 * not sent again */
	assert_false(out(w));
	in_status(w, 11, first, 1, &span);
	assert_false(out(w));           /* the same echo: it is on its way */
	in_status(w, 11, w->r.sync, 1, &span);
	assert_true(out(w));            /* newer than the retransmission: lost again */
	assert_int_equal(w->th.bsn, 11);
	in_status(w, 31, w->r.sync, 0, NULL);
	assert_false(out(w));
	assert_int_equal(rtp_unacked(&w->r), 0);
	assert_int_equal(bufpool_used(&w->bufs), 0);
}

/* An old status, or one that makes no sense, acknowledges and demands nothing. */
static void
t_bad_status(void **state)
{
	struct world *w = *state;
	struct absp span = { 2, 0x70000000 };

	connect_up(w);
	send(w, 10);
	drain(w);
	in_status(w, 12, w->r.sync, 0, NULL);
	assert_int_equal(w->r.una, 1);
	in_status(w, 1, w->r.sync, 1, &span);
	assert_true(rtp_unacked(&w->r) == 1);
	span = (struct absp){ 0xfffffff0u, 5 };
	in_status(w, 1, (uint16_t)(w->r.sync + 100), 1, &span);
	assert_false(w->r.rq_open == 0 && w->r.echo == (uint16_t)(w->r.sync + 100));
	w->sync = (uint16_t)(w->sync - 10);
	in_status(w, 11, w->r.sync, 0, NULL);   /* old, but RSEQ counts */
	assert_int_equal(w->r.una, 11);
}

/* A number far ahead silences the partner's own until it answers something new. */
static void
t_forged_sync(void **state)
{
	struct world *w = *state;
	uint16_t real;

	connect_up(w);
	send(w, 10);
	drain(w);
	real = w->sync;
	w->sync = (uint16_t)(w->sync + 20000);
	in_status(w, 1, w->r.echo, 0, NULL);
	w->sync = real;
	in_status(w, 1, w->r.sync, 1, NULL);
	assert_true(out(w));                    /* the hole it tells is filled */
	assert_int_equal(w->th.bsn, 1);
}

/* Acknowledged by another than the partner: it asks for what is not there any more. */
static void
t_forged_rseq(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	send(w, 10);
	drain(w);
	in_status(w, 11, w->r.echo, 0, NULL);
	assert_int_equal(w->r.una, 11);
	assert_int_equal(next(w, &i), 0);
	w->now = rtp_deadline(&w->r);
	rtp_expire(&w->r, w->now);
	drain(w);
	in_status(w, 1, w->r.sync, 1, NULL);
	assert_true(out(w));
	assert_int_equal(w->th.fault, SENSE_RTP_GONE);
	assert_int_equal(next(w, &i), RTP_DOWN);
	assert_int_equal(i.sense, SENSE_RTP_GONE);
}

/* Its answer without the bytes: they go again, the first packet at least. */
static void
t_tail_lost(void **state)
{
	struct world *w = *state;

	connect_up(w);
	send(w, 10);
	send(w, 10);
	drain(w);
	w->now = rtp_deadline(&w->r);
	rtp_expire(&w->r, w->now);
	drain(w);
	in_status(w, 1, w->r.sync, 0, NULL);
	assert_true(out(w));
	assert_int_equal(w->th.bsn, 1);
	assert_false(out(w));
	in_status(w, 1, w->r.sync, 1, NULL);    /* now it says: gap */
	assert_true(out(w));
	assert_int_equal(w->th.bsn, 1);
	assert_true(out(w));
	assert_int_equal(w->th.bsn, 11);
}

static void
t_rtt(void **state)
{
	struct world *w = *state;

	connect_up(w);
	for (int k = 0; k < 20; k++) {
		send(w, 10);
		drain(w);
		w->now = mono_add(w->now, MSEC(100));
		in_status(w, w->r.nxt, w->r.sync, 0, NULL);
	}
	assert_int_equal(w->r.srtt, MSEC(100));
	assert_int_equal(rtp_short_req_us(&w->r), MSEC(500));
	assert_int_equal(rtp_refifo_us(&w->r), MSEC(50));
}

/* 5.6: REFIFO is 10 to 100 ms, SHORT_REQ 500 ms to 8 s. */
static void
t_timer_bounds(void **state)
{
	static const struct {
		int64_t srtt_ms, refifo_ms, short_ms;
	} v[] = { { 4, 10, 500 }, { 20, 10, 500 }, { 60, 30, 500 }, { 200, 100, 500 },
		{ 400, 100, 800 }, { 3000, 100, 6000 }, { 5000, 100, 8000 } };
	struct world *w = *state;

	connect_up(w);
	w->r.rtt_known = 1;
	w->r.rttvar = 0;
	for (size_t k = 0; k < sizeof(v) / sizeof(v[0]); k++) {
		w->r.srtt = MSEC(v[k].srtt_ms);
		assert_int_equal(rtp_refifo_us(&w->r), MSEC(v[k].refifo_ms));
		assert_int_equal(rtp_short_req_us(&w->r), MSEC(v[k].short_ms));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(t_retransmit_once, up, down),
		cmocka_unit_test_setup_teardown(t_bad_status, up, down),
		cmocka_unit_test_setup_teardown(t_forged_sync, up, down),
		cmocka_unit_test_setup_teardown(t_forged_rseq, up, down),
		cmocka_unit_test_setup_teardown(t_tail_lost, up, down),
		cmocka_unit_test_setup_teardown(t_rtt, up, down),
		cmocka_unit_test_setup_teardown(t_timer_bounds, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
