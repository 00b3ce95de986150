/* SPDX-License-Identifier: Apache-2.0
 *
 * Transmission stalls: when one is told, and what is done.
 */
#include "tests/unit/rtp_feed.h"

/* The partner answers whatever it is asked with: nothing new. Until i is told or never. */
static unsigned
answer(struct world *w, int64_t us, struct rtp_ind *i)
{
	struct mono end = mono_add(w->now, us);
	unsigned what = 0;

	while (what == 0 && mono_before(w->now, end)) {
		w->now = mono_add(w->now, MSEC(500));
		rtp_expire(&w->r, w->now);
		drain(w);
		in_status(w, w->r.una, w->r.sync, 0, NULL);
		what = next(w, i);
	}
	return what;
}

static void
stalled(struct world *w, unsigned times, int64_t not_before, int64_t us)
{
	struct mono t0 = w->now;
	struct rtp_ind i;

	assert_int_equal(answer(w, us, &i), RTP_STALL);
	assert_true(mono_diff(w->now, t0) >= not_before);
	assert_int_equal(i.sense, 1);
	assert_int_equal(w->r.stall.told, times);
	assert_true(rtp_stalled(&w->r));
}

/* Six times and ten seconds, then every 30 s, and when it is over. */
static void
t_told(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	send(w, 10);
	drain(w);
	stalled(w, 1, SECS(10), SECS(20));
	assert_true(w->r.stall.n >= 6);
	stalled(w, 2, SECS(29), SECS(31));
	stalled(w, 3, SECS(29), SECS(31));
	in_status(w, 11, w->r.sync, 0, NULL);
	assert_int_equal(next(w, &i), RTP_STALL);
	assert_int_equal(i.sense, 0);
	assert_false(rtp_stalled(&w->r));
	assert_true(rtp_connected(&w->r));
	assert_int_equal(answer(w, SECS(60), &i), 0);
}

/* Silence is no stall; nor is a packet of which a part gets through. */
static void
t_not_told(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	send(w, 100);
	drain(w);
	for (uint32_t k = 1; k < 20; k++) {
		assert_int_equal(answer(w, SECS(8), &i), 0);
		in_status(w, w->r.una + 1, w->r.sync, 0, NULL);
	}
	assert_true(rtp_connected(&w->r));
	for (int k = 0; k < 60 && next(w, &i) == 0; k++) {
		w->now = mono_add(w->now, MSEC(500));
		rtp_expire(&w->r, w->now);
		drain(w);
	}
	assert_int_equal(w->r.stall.told, 0);
}

/* Small NLPs, of what waits and of what comes; 20 minutes after it they are large again. */
static void
t_small(void **state)
{
	struct world *w = *state;
	uint16_t cut;
	struct rtp_ind i;

	connect_up(w);
	cut = w->r.cut;
	send(w, 1900);
	drain(w);
	stalled(w, 1, SECS(10), SECS(20));
	rtp_small(&w->r);
	w->r.largest_sent = 0;
	assert_int_equal(answer(w, SECS(20), &i), 0);
	assert_in_range(w->r.largest_sent, 600, 768);
	in_status(w, 1901, w->r.sync, 0, NULL);
	assert_int_equal(next(w, &i), RTP_STALL);
	send(w, 1900);
	drain(w);
	assert_in_range(w->r.largest_sent, 600, 768);
	in_status(w, 3801, w->r.sync, 0, NULL);
	assert_int_equal(w->r.t[RT_SMALL].us, mono_add(w->now, MINUTES(20)).us);
	w->now = w->r.t[RT_SMALL];
	rtp_expire(&w->r, w->now);
	assert_int_equal(w->r.cut, cut);
	assert_int_equal(w->r.stall.small, 0);
}

/* A path switch for it; the stall goes on, and is told, on the new path. */
static void
t_switched(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	send(w, 1900);
	drain(w);
	stalled(w, 1, SECS(10), SECS(20));
	rtp_path_stalled(&w->r, w->now);
	assert_int_equal(next(w, &i), RTP_PATH);
	assert_int_equal(i.step, RP_STARTED);
	assert_int_equal(i.why, RY_STALL);
	rtp_path_found(&w->r, w->now, 1461, 22);
	drain(w);
	in_status(w, 1, w->r.sync, 0, NULL);
	assert_int_equal(next(w, &i), RTP_PATH);
	assert_int_equal(i.step, RP_COMPLETED);
	assert_true(rtp_stalled(&w->r));
	stalled(w, 2, SECS(29), SECS(33));
}

/* No other path is allowed: small NLPs are all that is left. */
static void
t_no_switch(void **state)
{
	struct world *w = *state;

	connect_up(w);
	w->r.parm.switch_ms = 0;
	send(w, 1900);
	drain(w);
	stalled(w, 1, SECS(10), SECS(20));
	rtp_path_stalled(&w->r, w->now);
	assert_true(rtp_connected(&w->r));
	assert_int_equal(w->r.stall.small, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(t_told, up, down),
		cmocka_unit_test_setup_teardown(t_not_told, up, down),
		cmocka_unit_test_setup_teardown(t_small, up, down),
		cmocka_unit_test_setup_teardown(t_switched, up, down),
		cmocka_unit_test_setup_teardown(t_no_switch, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
