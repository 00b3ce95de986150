/* SPDX-License-Identifier: Apache-2.0
 *
 * Path switch as one end of a connection sees it: companion ee-hpr-rtp 5.7.
 */
#include "tests/unit/rtp_feed.h"

/* Segment 14 of the partner, with a status of this number. */
static void
in_switch(struct world *w, uint16_t sync, uint8_t label, unsigned mobile)
{
	struct thdr th = { .tcid = OURS, .bsn = w->seq, .has_switch = 1, .has_status = 1,
	    .sri = 1, .rasapi = 1 };

	th.status = (struct seg_status){ .sync = sync, .echo = w->r.echo, .rseq = w->r.una };
	th.sw = (struct seg_switch){ .max_packet = 1000, .switch_ms = 60000, .alive_ms = 180000,
	    .mobility = (uint8_t)mobile, .path_len = 1 };
	th.sw.path[0] = label;
	in(w, &th, NULL, 0);
}

static void
told(struct world *w, enum rtp_step step, enum rtp_why why)
{
	struct rtp_ind i;

	assert_int_equal(next(w, &i), RTP_PATH);
	assert_int_equal(i.step, step);
	assert_int_equal(i.why, why);
}

/* Nobody answers: so long until the path switch begins. */
static int64_t
silence(struct world *w)
{
	struct mono t0 = w->now;
	struct rtp_ind i;

	while (mono_diff(w->now, t0) < SECS(400)) {
		w->now = rtp_deadline(&w->r);
		rtp_expire(&w->r, w->now);
		if (next(w, &i) == RTP_PATH)
			break;
		drain(w);
	}
	assert_int_equal(i.step, RP_STARTED);
	assert_int_equal(i.why, RY_SHORT_REQ);
	return mono_diff(w->now, t0);
}

/* HPRPSDLY is added to what the retries take; an answer within it ends it. */
static void
t_delay(void **state)
{
	struct world *w = *state;
	int64_t without, with;

	connect_up(w);
	send(w, 10);
	drain(w);
	without = silence(w);
	rtp_path_found(&w->r, w->now, 1461, 21);
	drain(w);
	in_status(w, 11, w->r.sync, 0, NULL);
	told(w, RP_COMPLETED, RY_SHORT_REQ);
	w->r.parm.delay_ms = 60000;
	send(w, 10);
	drain(w);
	with = silence(w);
	assert_true(with >= SECS(60));
	assert_in_range(with, without + SECS(50), without + SECS(70));
}

static void
t_delay_answered(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;
	struct mono t0;

	connect_up(w);
	w->r.parm.delay_ms = 60000;
	send(w, 10);
	drain(w);
	t0 = w->now;
	while (mono_diff(w->now, t0) < SECS(70)) {
		w->now = rtp_deadline(&w->r);
		rtp_expire(&w->r, w->now);
		assert_int_equal(next(w, &i), 0);
		drain(w);
	}
	in_status(w, 11, w->r.sync, 0, NULL);
	assert_int_equal(next(w, &i), 0);
	assert_true(rtp_connected(&w->r));
	send(w, 10);
	drain(w);
	assert_true(silence(w) >= SECS(60));    /* the whole of it again */
}

/* The partner moves: its labels, size and times are taken, it is answered, and told once. */
static void
t_partner(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	in_switch(w, 10, 0x95, 1);
	assert_true(out(w));
	assert_true(w->th.has_status);
	assert_int_equal(w->nh.anr[0], 0x95);
	assert_int_equal(w->r.peer_packet, 1000);
	assert_int_equal(w->r.peer_switch_ms, 60000);
	assert_int_equal(w->r.move.peer_mobile, 1);
	told(w, RP_COMPLETED, RY_PARTNER);
	in_switch(w, 11, 0x95, 0);              /* it asks again: the answer was lost */
	assert_true(out(w));
	assert_int_equal(next(w, &i), 0);
	assert_int_equal(w->r.move.peer_mobile, 0);
	w->now = mono_add(w->now, SECS(30));
	in_switch(w, 12, 0x96, 0);
	told(w, RP_COMPLETED, RY_PARTNER);
	assert_int_equal(w->r.path[0], 0x96);
}

/* A late segment 14 does not lead back. */
static void
t_late(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	in_switch(w, 10, 0x95, 1);
	told(w, RP_COMPLETED, RY_PARTNER);
	w->now = mono_add(w->now, SECS(30));
	in_switch(w, 9, 0x94, 1);
	assert_int_equal(w->r.path[0], 0x95);
	assert_int_equal(next(w, &i), 0);
}

/* Commanded: data goes on, the answer to segment 14 completes it, an older one does not. */
static void
t_commanded(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;
	uint16_t before;

	connect_up(w);
	before = w->r.sync;
	rtp_path_found(&w->r, w->now, 1461, 22);
	rtp_rerouted(&w->r, w->now, RY_COMMAND);
	assert_true(rtp_connected(&w->r));
	assert_false(rtp_switching(&w->r));
	send(w, 10);
	assert_true(out(w));
	assert_true(w->th.has_switch && w->th.sri);
	assert_true(out(w));
	assert_int_equal(w->o.data_len, 10);
	in_status(w, 1, before, 0, NULL);
	assert_int_equal(next(w, &i), 0);
	in_status(w, 11, w->r.sync, 0, NULL);
	told(w, RP_COMPLETED, RY_COMMAND);
	assert_int_equal(w->r.stat[RTP_PATH_MOVES], 1);
	assert_int_equal(w->r.stat[RTP_PATH_SWITCHES], 0);
}

/* Both at once: of a called end the partner's counts, of a caller its own. */
static void
t_crossed(void **state)
{
	struct world *w = *state;

	connect_up(w);
	rtp_path_found(&w->r, w->now, 1461, 22);
	rtp_rerouted(&w->r, w->now, RY_COMMAND);
	drain(w);
	in_switch(w, 10, 0x95, 1);
	in_status(w, 1, w->r.sync, 0, NULL);
	told(w, RP_COMPLETED, RY_COMMAND);
	w->r.parm.called = 1;
	w->r.confirmed = 1;
	w->now = mono_add(w->now, SECS(30));
	w->sync = 20;
	rtp_rerouted(&w->r, w->now, RY_PSRETRY);
	drain(w);
	in_switch(w, 21, 0x96, 1);
	told(w, RP_OVERRIDDEN, RY_PSRETRY);
}

/* We have no path, and the partner found one: overridden, and completed by its way. */
static void
t_overridden(void **state)
{
	struct world *w = *state;

	connect_up(w);
	send(w, 10);
	drain(w);
	rtp_path_lost(&w->r, w->now);
	told(w, RP_STARTED, RY_INOP);
	rtp_path_found(&w->r, w->now, 1461, 22);        /* ee: its packet came by that link */
	in_switch(w, 10, 0x95, 1);
	told(w, RP_OVERRIDDEN, RY_INOP);
	assert_true(out(w));
	assert_true(w->th.has_switch);
	w->sync = 10;
	in_status(w, 11, w->r.sync, 0, NULL);
	told(w, RP_COMPLETED, RY_INOP);
	assert_true(rtp_connected(&w->r));
}

/* The path switch time is over: down, with the sense of a lost link. */
static void
t_over(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	w->r.parm.switch_ms = 20000;
	send(w, 10);
	drain(w);
	rtp_path_lost(&w->r, w->now);
	told(w, RP_STARTED, RY_INOP);
	assert_true(rtp_deadline(&w->r).us <= mono_add(w->now, SECS(20)).us);
	w->now = mono_add(w->now, SECS(19));
	rtp_expire(&w->r, w->now);
	assert_int_equal(next(w, &i), 0);
	w->now = mono_add(w->now, SECS(1));
	rtp_expire(&w->r, w->now);
	drain(w);
	assert_int_equal(next(w, &i), RTP_DOWN);
	assert_int_equal(i.sense, SENSE_LINK_FAILURE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(t_delay, up, down),
		cmocka_unit_test_setup_teardown(t_delay_answered, up, down),
		cmocka_unit_test_setup_teardown(t_partner, up, down),
		cmocka_unit_test_setup_teardown(t_late, up, down),
		cmocka_unit_test_setup_teardown(t_commanded, up, down),
		cmocka_unit_test_setup_teardown(t_crossed, up, down),
		cmocka_unit_test_setup_teardown(t_overridden, up, down),
		cmocka_unit_test_setup_teardown(t_over, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
