/* SPDX-License-Identifier: Apache-2.0
 *
 * A partner that counts a number more than bytes for each message.
 */
#include "tests/unit/rtp_feed.h"

static unsigned
told(const struct world *w)
{
	return (unsigned)w->r.stat[RTP_COUNTS_EXTRA];
}

/* REFIFO expires: the hole is told, and asked for again. */
static void
ask(struct world *w, unsigned times)
{
	for (; times > 0; times--) {
		assert_false(mono_is_never(w->r.t[RT_REFIFO]));
		w->now = w->r.t[RT_REFIFO];
		rtp_expire(&w->r, w->now);
		drain(w);
	}
}

static void
t_messages(void **state)
{
	struct world *w = *state;

	connect_up(w);
	in_msg(w, "first");
	expect_text(w, "first");
	w->seq++;
	in_msg(w, "second");
	w->seq++;
	in_msg(w, "third");
	ask(w, 3);
	assert_int_equal(told(w), 0);
	ask(w, 1);
	assert_int_equal(told(w), 1);
	ask(w, 10);
	assert_int_equal(told(w), 1);           /* once */
	assert_true(rtp_connected(&w->r));
}

/* Only one message, then a packet without data whose BSN says the same. */
static void
t_control(void **state)
{
	struct world *w = *state;

	connect_up(w);
	in_msg(w, "first");
	expect_text(w, "first");
	w->seq++;
	in_status(w, 1, w->r.sync, 0, NULL);
	ask(w, 4);
	assert_int_equal(told(w), 1);
}

/* A loss is none, however long it lasts: more than a byte, or inside a message. */
static void
t_loss(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1000, .somi = 1 };

	connect_up(w);
	in(w, &th, "begin", 5);
	th = (struct thdr){ .tcid = OURS, .bsn = 1006, .eomi = 1 };
	in(w, &th, "end", 3);
	ask(w, 10);
	th = (struct thdr){ .tcid = OURS, .bsn = 1005 };
	in(w, &th, "-", 1);
	expect_text(w, "begin-end");
	w->seq = 1011;
	in_msg(w, "behind two bytes");
	ask(w, 10);
	assert_int_equal(told(w), 0);
}

/* What we sent is acknowledged with a byte too many, again and again. */
static void
t_acknowledged(void **state)
{
	struct world *w = *state;

	connect_up(w);
	send(w, 10);
	drain(w);
	in_status(w, 13, w->r.sync, 0, NULL);   /* nonsense of another kind */
	in_status(w, 12, w->r.sync, 0, NULL);
	in_status(w, 12, w->r.sync, 0, NULL);
	assert_int_equal(told(w), 0);
	in_status(w, 12, w->r.sync, 0, NULL);
	assert_int_equal(told(w), 1);
	in_status(w, 12, w->r.sync, 0, NULL);
	in_status(w, 12, w->r.sync, 0, NULL);
	in_status(w, 12, w->r.sync, 0, NULL);
	assert_int_equal(told(w), 1);
	assert_int_equal(w->r.una, 1);          /* it is not believed */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(t_messages, up, down),
		cmocka_unit_test_setup_teardown(t_control, up, down),
		cmocka_unit_test_setup_teardown(t_loss, up, down),
		cmocka_unit_test_setup_teardown(t_acknowledged, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
