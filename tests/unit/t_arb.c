/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "snaee/arb.h"

static struct mono
at_ms(int64_t ms)
{
	return (struct mono){ SECS(10) + MSEC(ms) };
}

/* Sends as much as it may in these milliseconds; bytes sent. */
static uint64_t
pour(struct arb *a, int64_t from_ms, int64_t to_ms)
{
	uint64_t sent = 0;

	for (int64_t us = from_ms * 1000; us < to_ms * 1000; us += 100) {
		struct mono now = { SECS(10) + us };

		while (arb_may(a, now, ARB_NEW)) {
			arb_sent(a, now, 1000);
			sent += 1000;
		}
	}
	return sent;
}

static void
t_rate_is_kept(void **state)
{
	struct arb a;
	uint64_t n;

	(void)state;
	arb_init(&a, 8000000, 0);               /* 1 MB/s */
	n = pour(&a, 0, 10000);
	assert_in_range(n, 9900000, 10200000);
	assert_in_range(a.actual, 7500000, 8500000);
}

/* However long it rested, the burst behind is four ticks. */
static void
t_burst_is_bounded(void **state)
{
	struct arb a;

	(void)state;
	arb_init(&a, 8000000, 0);
	(void)pour(&a, 0, 100);
	assert_in_range(pour(&a, 900, 901), 79000, 83000);
}

/* One message alone goes at once, also a microsecond after the last. */
static void
t_no_tick_for_one(void **state)
{
	struct arb a;

	(void)state;
	arb_init(&a, 0, 0);
	for (int i = 0; i < 1000; i++) {
		struct mono now = { SECS(1) + i * 1000 };

		assert_true(arb_may(&a, now, ARB_NEW));
		arb_sent(&a, now, 900);
	}
}

static void
t_when_is_right(void **state)
{
	struct arb a;
	struct mono now = at_ms(0), when;

	(void)state;
	arb_init(&a, 64000, 0);
	while (arb_may(&a, now, ARB_NEW))
		arb_sent(&a, now, 1400);
	when = arb_when(&a, ARB_NEW);
	assert_true(mono_before(now, when));
	/* a retransmission goes a tick earlier */
	assert_int_equal(mono_diff(when, arb_when(&a, ARB_AGAIN)), ARB_TICK_US);
	assert_false(arb_may(&a, mono_add(when, -2), ARB_NEW));
	assert_true(arb_may(&a, when, ARB_NEW));
}

static bool
request(struct arb *a, int64_t ms, struct seg_arb *s)
{
	return arb_output(a, at_ms(ms), 1000, s);
}

static void
t_setup_first(void **state)
{
	struct seg_arb s;
	struct arb a;

	(void)state;
	arb_init(&a, 1000000, 10000000);
	assert_true(request(&a, 0, &s));
	assert_int_equal(s.msg, ARB_SETUP);
	assert_int_equal(s.mode, ARB_RESPONSIVE);
	assert_int_equal(s.field[0], 10000);    /* kbit/s, 5.9 */
	assert_int_equal(s.field[1], 1000);
	assert_false(request(&a, 100, &s));     /* nothing sent since: nothing to ask */
}

/* Samples of a path that carries so much, every 10 ms. */
static int64_t
samples(struct arb *a, int64_t ms, int n, int64_t rtt_us, uint64_t bps, enum arb_user user)
{
	uint32_t bytes = (uint32_t)(bps / 8 * (uint64_t)rtt_us / 1000000u);

	for (; n > 0; n--, ms += 10)
		arb_sample(a, at_ms(ms), rtt_us, bytes, user);
	return ms;
}

/* Requests: one open, a burst of data and a while apart; correlator never 0. */
static void
t_requests(void **state)
{
	struct seg_arb s, rp = { .msg = ARB_REPLY };
	struct arb a;
	uint64_t rate;

	(void)state;
	arb_init(&a, 1000000, 1000000000);
	(void)request(&a, 0, &s);
	for (int i = 1; i <= 20; i++) {
		arb_sent(&a, at_ms(i * 100), (uint32_t)(a.rate / 100));
		assert_true(request(&a, i * 100, &s));
		assert_int_equal(s.msg, ARB_REQUEST);
		assert_int_not_equal(s.rq_corr, 0);
		if (i > 1)
			assert_int_equal(s.field[0], 100000);   /* SMI, us */
		assert_false(request(&a, i * 100 + 60, &s));
		rp.rp_corr = a.rq_corr;
		(void)samples(&a, i * 100 + 65, 1, 50000, a.rate, ARB_BUSY);
		rate = a.rate;
		arb_input(&a, at_ms(i * 100 + 70), &rp);
		assert_true(a.rate == rate * 2 || a.rate == a.ceiling);
		arb_input(&a, at_ms(i * 100 + 71), &rp);        /* twice: once */
		assert_true(a.rate == rate * 2 || a.rate == a.ceiling);
	}
	assert_int_equal(a.rate, 1000000000);
}

/* 12.5, 25 and 50 per cent; restraint nothing; another parity is not honored. */
static void
t_replies(void **state)
{
	static const struct { uint8_t raa; uint64_t rate; } want[] = {
		{ RAA_RESTRAINT, 8000000 }, { RAA_SLOWDOWN1, 7000000 }, { RAA_SLOWDOWN2, 6000000 },
		{ RAA_CRITICAL, 4000000 } };

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct seg_arb s, rp = { .msg = ARB_REPLY, .raa = want[i].raa };
		struct arb a;

		arb_init(&a, 8000000, 0);
		(void)request(&a, 0, &s);
		arb_sent(&a, at_ms(100), 100000);
		assert_true(request(&a, 100, &s));
		rp.rp_corr = s.rq_corr;
		rp.parity = s.parity;
		arb_input(&a, at_ms(120), &rp);
		assert_int_equal(a.rate, want[i].rate);
		arb_sent(&a, at_ms(300), 100000);
		assert_true(request(&a, 300, &s));
		assert_int_equal(s.parity, want[i].raa == RAA_RESTRAINT ? rp.parity : !rp.parity);
		rp.rp_corr = s.rq_corr;
		rp.parity = !s.parity;
		arb_input(&a, at_ms(320), &rp);
		assert_int_equal(a.rate, want[i].rate);
	}
}

/* A queue that grows: distances of requests grow, the receiver says so. */
static void
t_receiver_sees_queue(void **state)
{
	struct seg_arb rq = { .msg = ARB_REQUEST, .mode = ARB_RESPONSIVE }, rp;
	struct arb a;
	unsigned worst = RAA_NORMAL;
	int64_t at = 0;

	(void)state;
	arb_init(&a, 0, 0);
	(void)arb_output(&a, at_ms(0), 0, &rp);
	for (uint8_t i = 1; i < 12; i++) {
		rq.rq_corr = i;
		rq.field[0] = 50000;
		at += i < 6 ? 50 : 60;          /* from the 6th on 10 ms longer each */
		arb_input(&a, at_ms(at), &rq);
		assert_true(arb_owes(&a));
		assert_true(arb_output(&a, at_ms(at), 0, &rp));
		assert_int_equal(rp.msg, ARB_REPLY);
		assert_int_equal(rp.rp_corr, i);
		if (i < 7)
			assert_int_equal(rp.raa, RAA_NORMAL);
		worst = rp.raa > worst ? rp.raa : worst;
		arb_input(&a, at_ms(at), &rq);  /* the same again: the same answer, no sum */
		assert_true(arb_output(&a, at_ms(at), 0, &rp));
	}
	assert_int_equal(worst, RAA_SLOWDOWN1);
}

static void
t_slowdown_bits(void **state)
{
	struct seg_arb rq = { .msg = ARB_REQUEST, .rq_corr = 1 }, rp;
	struct nhdr slow1 = { .slow1 = 1 }, slow2 = { .slow2 = 1 };
	struct arb a;

	(void)state;
	arb_init(&a, 0, 0);
	(void)arb_output(&a, at_ms(0), 0, &rp);
	arb_rcvd(&a, 100, &slow1);
	arb_input(&a, at_ms(10), &rq);
	assert_true(arb_output(&a, at_ms(10), 0, &rp));
	assert_int_equal(rp.raa, RAA_SLOWDOWN1);
	rq.rq_corr = 2;
	arb_rcvd(&a, 100, &slow2);
	arb_rcvd(&a, 100, &slow1);
	arb_input(&a, at_ms(20), &rq);
	assert_true(arb_output(&a, at_ms(20), 0, &rp));
	assert_int_equal(rp.raa, RAA_SLOWDOWN2);
	rq.rq_corr = 3;
	arb_short(&a);
	arb_input(&a, at_ms(30), &rq);
	assert_true(arb_output(&a, at_ms(30), 0, &rp));
	assert_int_equal(rp.raa, RAA_CRITICAL);
}

/* Losses: once a round trip, never under what gets through, never to nothing. */
static void
t_loss(void **state)
{
	struct arb a;
	uint64_t rate;

	(void)state;
	arb_init(&a, 8000000, 0);
	rate = a.rate;
	(void)samples(&a, 0, 1, 50000, 800000, ARB_DRY);
	for (int i = 0; i < 2; i++)             /* startup: once or twice is a bad line */
		arb_loss(&a, at_ms(i * 100), ARB_LOSS_GAP);
	assert_int_equal(a.rate, rate);
	assert_true(a.startup);
	arb_loss(&a, at_ms(200), ARB_LOSS_GAP);
	assert_int_equal(a.rate, 850000);       /* what got through, and a sixteenth */
	assert_false(a.startup);
	arb_loss(&a, at_ms(220), ARB_LOSS_GAP);                 /* once a round trip */
	assert_int_equal(a.n_loss, 3);
	a.rate = 8000000;
	for (int i = 3; i < 1000; i++)
		arb_loss(&a, at_ms(i * 100), ARB_LOSS_SHORT_REQ);
	assert_int_equal(a.rate, 850000);
	arb_init(&a, 8000000, 0);
	for (int i = 3; i < 1000; i++)
		arb_loss(&a, at_ms(i * 100), ARB_LOSS_SHORT_REQ);
	assert_int_equal(a.rate, 500000);       /* a sixteenth */
}

/* A bad line costs an eighth, a full queue a quarter whatever gets through. */
static void
t_loss_and_queue(void **state)
{
	struct arb a;

	(void)state;
	arb_init(&a, 8000000, 0);
	(void)samples(&a, 0, 10, 50000, 7000000, ARB_BUSY);
	a.startup = 0;
	a.rate = 16000000;
	arb_loss(&a, at_ms(200), ARB_LOSS_GAP);
	assert_int_equal(a.rate, 14000000);
	(void)samples(&a, 210, 1, 80000, 7000000, ARB_BUSY);    /* 30 ms of queue */
	a.rate = 8000000;
	arb_loss(&a, at_ms(300), ARB_LOSS_GAP);
	assert_int_equal(a.rate, 6000000);
}

static void
t_flight(void **state)
{
	struct arb a;
	uint32_t half;

	(void)state;
	arb_init(&a, 0, 0);
	assert_int_equal(arb_flight(&a), ARB_FLIGHT_MIN);
	(void)samples(&a, 0, 2, 20000, 400000000, ARB_BUSY);    /* 1 MB of 20 ms */
	assert_true(a.startup);
	assert_int_equal(arb_flight(&a), 2000000 + 1000 * 128 + 8192);
	a.startup = 0;
	(void)samples(&a, 20, 1, 20000, 400000000, ARB_BUSY);
	assert_int_equal(arb_flight(&a), 1250000 + 1000 * 128 + 8192);
	/* a queue always stands: after ten seconds half of it for two round trips */
	(void)samples(&a, 30, 1000, 30000, 400000000, ARB_BUSY);
	assert_int_equal(a.rtt_min, 20000);
	(void)samples(&a, 10030, 1, 30000, 400000000, ARB_BUSY);
	half = arb_flight(&a);
	(void)samples(&a, 10040, 3, 25000, 400000000, ARB_BUSY);
	assert_true(half < arb_flight(&a) || a.probing);
	(void)samples(&a, 10070, 10, 26000, 400000000, ARB_BUSY);
	assert_int_equal(a.rtt_min, 20000 + 20000 / 8 + 1000);  /* no more at once */
	assert_false(a.probing);
}

/* What a user sent who had no more says little about the path; what two round trips did
 * not bring again is forgotten. */
static void
t_through(void **state)
{
	struct arb a;

	(void)state;
	arb_init(&a, 0, 0);
	(void)samples(&a, 0, 1, 10000, 8000000, ARB_BUSY);
	(void)samples(&a, 10, 10, 10000, 4000000, ARB_DRY);
	assert_int_equal(a.through, 8000000);
	(void)samples(&a, 120, 1, 10000, 16000000, ARB_DRY);
	assert_int_equal(a.through, 16000000);
	(void)samples(&a, 140, 10, 10000, 4000000, ARB_BUSY);
	assert_int_equal(a.through, 4000000);
}

/* Startup ends when three round trips bring nothing more, or a queue forms; a user with
 * little to send does not end it. */
static void
t_full(void **state)
{
	struct arb a;

	(void)state;
	arb_init(&a, 1000000, 0);
	(void)samples(&a, 0, 100, 10000, 100000, ARB_DRY);
	assert_true(a.startup);
	a.rate = 900000000;
	for (int i = 0; i < 10 && a.startup; i++)
		(void)samples(&a, 1000 + i * 10, 1, 10000, 80000000, ARB_BUSY);
	assert_false(a.startup);
	assert_int_equal(a.rate, 90000000);
	arb_init(&a, 1000000, 0);
	a.rate = 900000000;
	for (int i = 0; i < 8 && a.startup; i++)        /* each brings more, and a queue */
		(void)samples(&a, 1000 + i * 10, 1, 10000 + i * 2000, 1000000u << i, ARB_BUSY);
	assert_false(a.startup);
}

/* Beside somebody who fills every queue: of the round trip as it is, not as it was. */
static void
t_alien(void **state)
{
	struct arb a;
	uint32_t yields;

	(void)state;
	arb_init(&a, 0, 0);
	(void)samples(&a, 0, 3, 20000, 100000000, ARB_BUSY);
	a.startup = 0;
	(void)samples(&a, 30, 3, 90000, 100000000, ARB_BUSY);
	yields = arb_flight(&a);
	(void)samples(&a, 60, 60, 90000, 100000000, ARB_BUSY);
	assert_true(arb_flight(&a) > yields * 3);
	(void)samples(&a, 660, 10, 21000, 100000000, ARB_BUSY);
	assert_int_equal(arb_flight(&a), yields);       /* he has gone */
}

/* Back to where it fell from in a curve that is flat there; then beyond, always faster. */
static void
t_cubic(void **state)
{
	struct seg_arb s, rp = { .msg = ARB_REPLY };
	uint64_t before = 0, after = 0, far;
	struct arb a;

	(void)state;
	arb_init(&a, 0, 0);
	(void)request(&a, 0, &s);
	(void)samples(&a, 0, 3, 50000, 80000000, ARB_BUSY);
	a.startup = 0;
	a.rate = 80000000;
	(void)samples(&a, 40, 1, 90000, 80000000, ARB_BUSY);    /* a queue */
	arb_loss(&a, at_ms(50), ARB_LOSS_GAP);
	assert_int_equal(a.rate, 60000000);
	for (int ms = 100; ms < 2000; ms += 50) {
		(void)samples(&a, ms, 1, 50000, 80000000, ARB_BUSY);
		arb_sent(&a, at_ms(ms), (uint32_t)(a.rate / 100));
		if (!request(&a, ms, &s))
			continue;
		rp.rp_corr = s.rq_corr;
		far = a.rate;
		arb_input(&a, at_ms(ms + 49), &rp);
		assert_true(a.rate >= far);
		if (ms < 150)
			before = a.rate - far;
		else if (ms > 400 && ms < 600)
			after = a.rate - far;
	}
	assert_true(before > 2 * after);        /* steep first, flat near the top */
	assert_in_range(a.rate, 80000001, 80000000 / 4 * 5 * 5 / 4);    /* not past what goes */
}

/* The lower of what both offer; an unknown one is the usual. */
static void
t_mode(void **state)
{
	static const struct { uint8_t ours, theirs, both; } want[] = {
		{ ARB_RESPONSIVE, ARB_PROGRESSIVE, ARB_RESPONSIVE },
		{ ARB_PROGRESSIVE, ARB_PROGRESSIVE, ARB_PROGRESSIVE },
		{ ARB_PROGRESSIVE, ARB_BASE, ARB_BASE }, { ARB_PROGRESSIVE, 3, ARB_RESPONSIVE } };

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct seg_arb s, in = { .msg = ARB_SETUP, .mode = want[i].theirs };
		struct arb a;

		arb_init(&a, 0, 0);
		arb_offer(&a, (enum arb_mode)want[i].ours);
		assert_true(request(&a, 0, &s));
		assert_int_equal(s.mode, want[i].ours);
		arb_input(&a, at_ms(1), &in);
		assert_int_equal(a.mode, want[i].both);
	}
}

static void
t_idle(void **state)
{
	struct arb a;

	(void)state;
	arb_init(&a, 1000000, 0);
	a.rate = 500000000;
	arb_sent(&a, at_ms(0), 1000);
	arb_sent(&a, at_ms(5000), 1000);
	assert_int_equal(a.rate, 1000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_rate_is_kept), cmocka_unit_test(t_burst_is_bounded),
		cmocka_unit_test(t_no_tick_for_one), cmocka_unit_test(t_when_is_right),
		cmocka_unit_test(t_setup_first), cmocka_unit_test(t_requests),
		cmocka_unit_test(t_replies), cmocka_unit_test(t_receiver_sees_queue),
		cmocka_unit_test(t_slowdown_bits), cmocka_unit_test(t_loss),
		cmocka_unit_test(t_loss_and_queue), cmocka_unit_test(t_flight),
		cmocka_unit_test(t_through), cmocka_unit_test(t_full),
		cmocka_unit_test(t_alien), cmocka_unit_test(t_cubic), cmocka_unit_test(t_mode),
		cmocka_unit_test(t_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
