/* SPDX-License-Identifier: Apache-2.0
 *
 * s_rtp.c - RTP connections over networks that lose, double, delay and swap.
 *
 * Two nodes; A calls B. A test says what the wire does and what must come of
 * it: every message once, in order and byte for byte, or the connection ended
 * with a sense; in the end no buffer is in use.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "tests/sim/simrtp.h"

struct pair {
	struct sim *w;
	struct simrtp *a, *b;
};

static struct pair
pair_new(uint64_t seed, struct simlink l)
{
	struct pair p = { .w = sim_new(seed) };

	p.a = simrtp_new(p.w, 20000);
	p.b = simrtp_new(p.w, 20000);
	sim_link(p.w, p.a->id, p.b->id, l);
	return p;
}

static void
pair_free(struct pair *p)
{
	simrtp_free(p->a);
	simrtp_free(p->b);
	sim_free(p->w);
}

/* Nothing wrong came, all ended, nothing is left. */
static void
pair_clean(struct pair *p)
{
	assert_int_equal(p->a->wrong + p->b->wrong, 0);
	assert_true(simrtp_empty(p->a));
	assert_true(simrtp_empty(p->b));
}

/* A sends n to B, closes; all arrived and both ended well. */
static void
deliver(struct pair *p, uint32_t n, uint32_t max_len)
{
	p->b->answer = (struct simflow){ .max_len = max_len };
	(void)simrtp_call(p->a, p->b, (struct simflow){ .count = n, .max_len = max_len,
	    .close = 1 });
	assert_true(sim_run_until_idle(p->w, MINUTES(60)));
	assert_int_equal(p->b->last_got, n);
	assert_int_equal(p->a->ended_ok, 1);
	assert_int_equal(p->b->ended_ok, 1);
	pair_clean(p);
}

static void
t_perfect(void **state)
{
	struct pair p = pair_new(SEED(1), (struct simlink){ .delay_ms = 5 });

	(void)state;
	deliver(&p, 5000, 1000);
	assert_int_equal(p.a->stat[RTP_NLPS_RESENT], 0);
	assert_int_equal(p.b->stat[RTP_DUPLICATES], 0);
	pair_free(&p);
}

/* Loss in bursts: bit k of the mask is packet k of each direction. */
static void
t_burst_loss(void **state)
{
	struct pair p = pair_new(SEED(7), (struct simlink){ .delay_ms = 20,
	    .loss_mask = 0x0f000000f0 });

	(void)state;
	deliver(&p, 5000, 200);
	assert_true(p.a->stat[RTP_NLPS_RESENT] > 0);
	pair_free(&p);
}

/* Selective: one lost packet of many is sent again, not all behind it. */
static void
t_only_the_missing(void **state)
{
	struct pair p = pair_new(SEED(8), (struct simlink){ .delay_ms = 20 });

	(void)state;
	sim_way(p.w, p.a->id, p.b->id, (struct simlink){ .delay_ms = 20, .loss_mask = 0x400 });
	deliver(&p, 300, 1400);
	assert_int_equal(p.a->stat[RTP_NLPS_RESENT], 1);
	pair_free(&p);
}

static void
t_setup_lost(void **state)
{
	struct pair p = pair_new(SEED(9), (struct simlink){ .delay_ms = 20, .loss_mask = 0x7 });

	(void)state;
	deliver(&p, 10, 100);
	assert_int_equal(p.b->born, 1);
	pair_free(&p);
}

static void
t_jitter(void **state)
{
	struct pair p = pair_new(SEED(10), (struct simlink){ .delay_ms = 20, .jitter_ms = 8 });

	(void)state;
	deliver(&p, 5000, 500);
	pair_free(&p);
}

static void
t_duplicates(void **state)
{
	struct pair p = pair_new(SEED(11), (struct simlink){ .delay_ms = 10, .jitter_ms = 3,
	    .dup = 0.5 });

	(void)state;
	deliver(&p, 3000, 500);
	assert_int_equal(p.b->born, 1);
	pair_free(&p);
}

static void
t_reorder(void **state)
{
	struct pair p = pair_new(SEED(12), (struct simlink){ .delay_ms = 10, .reorder = 0.1,
	    .reorder_ms = 4 });

	(void)state;
	deliver(&p, 3000, 500);
	/* late packets come before REFIFO gives them up */
	assert_true(p.a->stat[RTP_NLPS_RESENT] < 20);
	pair_free(&p);
}

static void
t_loss_20(void **state)
{
	struct pair p = pair_new(SEED(13), (struct simlink){ .delay_ms = 20, .loss = 0.2 });

	(void)state;
	deliver(&p, 5000, 500);
	pair_free(&p);
}

/* Messages longer than a packet, both ways at once. */
static void
t_long_messages(void **state)
{
	struct pair p = pair_new(SEED(14), (struct simlink){ .delay_ms = 3, .loss = 0.05,
	    .dup = 0.05, .jitter_ms = 4 });

	(void)state;
	p.b->answer = (struct simflow){ .count = 1000, .max_len = 4096 };
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 1000, .expect = 1000,
	    .max_len = 4096, .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(60)));
	assert_int_equal(p.a->last_got, 1000);
	assert_int_equal(p.b->last_got, 1000);
	assert_int_equal(p.a->ended_ok, 1);
	pair_clean(&p);
	pair_free(&p);
}

/* Sequence numbers pass 2^32 in the middle. */
static void
t_wrap(void **state)
{
	struct pair p = pair_new(SEED(15), (struct simlink){ .delay_ms = 5, .loss = 0.05,
	    .jitter_ms = 5 });

	(void)state;
	p.a->isn = 0xffffff00u;
	p.b->isn = 0xffff0000u;
	p.b->answer = (struct simflow){ .echo = 1, .max_len = 900 };
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 2000, .expect = 2000,
	    .max_len = 900, .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(60)));
	assert_int_equal(p.a->last_got, 2000);
	assert_int_equal(p.b->last_got, 2000);
	assert_int_equal(p.a->ended_ok, 1);
	pair_clean(&p);
	pair_free(&p);
}

/* Silence shorter than the retry limit heals. */
static void
t_short_cut(void **state)
{
	struct pair p = pair_new(SEED(16), (struct simlink){ .delay_ms = 20 });

	(void)state;
	sim_cut(p.w, p.a->id, p.b->id, SECS(1), SECS(11));
	p.b->answer = (struct simflow){ .max_len = 200 };
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 200, .gap_ms = 10, .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(10)));
	assert_int_equal(p.b->last_got, 200);
	assert_int_equal(p.a->ended_ok, 1);
	pair_clean(&p);
	pair_free(&p);
}

/* Longer: without path switch the connection ends, and says so. */
static void
t_long_cut(void **state)
{
	struct pair p = pair_new(SEED(17), (struct simlink){ .delay_ms = 20 });

	(void)state;
	sim_cut(p.w, p.a->id, p.b->id, SECS(1), MINUTES(60));
	p.b->answer = (struct simflow){ .count = 200, .gap_ms = 10 };
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 200, .expect = 200, .gap_ms = 10,
	    .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(5)));
	assert_int_equal(p.a->last_sense, SENSE_LINK_FAILURE);
	assert_int_equal(p.b->last_sense, SENSE_LINK_FAILURE);
	assert_int_equal(p.a->ended_lost, 1);
	assert_int_equal(p.b->ended_lost, 1);
	pair_clean(&p);
	pair_free(&p);
}

/* With path switch the connection outlives the same cut and loses nothing. */
static void
t_path_switch(void **state)
{
	struct pair p = pair_new(SEED(18), (struct simlink){ .delay_ms = 20 });

	(void)state;
	p.a->switch_ms = p.b->switch_ms = 480000;
	sim_cut(p.w, p.a->id, p.b->id, SECS(1), MINUTES(2));
	p.b->answer = (struct simflow){ .count = 300, .gap_ms = 10 };
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 300, .expect = 300, .gap_ms = 10,
	    .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(20)));
	assert_int_equal(p.a->ended_ok, 1);
	assert_int_equal(p.a->last_got, 300);
	assert_int_equal(p.b->last_got, 300);
	assert_true(p.a->stat[RTP_PATH_SWITCHES] > 0);
	pair_clean(&p);
	pair_free(&p);
}

/* .. but not one longer than the path switch time. */
static void
t_path_switch_over(void **state)
{
	struct pair p = pair_new(SEED(19), (struct simlink){ .delay_ms = 20 });

	(void)state;
	p.a->switch_ms = p.b->switch_ms = 60000;
	sim_cut(p.w, p.a->id, p.b->id, SECS(1), MINUTES(60));
	p.b->answer = (struct simflow){ .count = 300, .gap_ms = 10 };
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 300, .expect = 300, .gap_ms = 10,
	    .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(20)));
	assert_int_equal(p.a->ended_lost, 1);
	assert_int_equal(p.b->ended_lost, 1);
	pair_clean(&p);
	pair_free(&p);
}

/* One direction alone is silent: both must notice. */
static void
t_one_way_cut(void **state)
{
	struct pair p = pair_new(SEED(20), (struct simlink){ .delay_ms = 20 });

	(void)state;
	sim_cut_way(p.w, p.a->id, p.b->id, SECS(1), MINUTES(60));
	p.b->answer = (struct simflow){ .count = 1000, .gap_ms = 100 };
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 1000, .expect = 1000,
	    .gap_ms = 100, .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(10)));
	assert_int_equal(p.a->ended_lost, 1);
	assert_int_equal(p.b->ended_lost, 1);
	pair_clean(&p);
	pair_free(&p);
}

static void
t_nobody_there(void **state)
{
	struct pair p = pair_new(SEED(21), (struct simlink){ .delay_ms = 20 });

	(void)state;
	p.b->deaf = 1;
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 10, .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(2)));
	assert_int_equal(p.a->last_sense, SENSE_LINK_FAILURE);
	assert_int_equal(p.a->stat[RTP_SETUPS_AGAIN], 6);
	pair_clean(&p);
	pair_free(&p);
}

static void
t_both_close(void **state)
{
	struct pair p = pair_new(SEED(22), (struct simlink){ .delay_ms = 20 });

	(void)state;
	p.b->answer = (struct simflow){ .count = 50, .expect = 50, .close = 1 };
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 50, .expect = 50, .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(5)));
	assert_int_equal(p.a->ended_ok, 1);
	assert_int_equal(p.b->ended_ok, 1);
	assert_int_equal(p.a->last_got, 50);
	assert_int_equal(p.b->last_got, 50);
	pair_clean(&p);
	pair_free(&p);
}

/* A partner with sessions refuses the end; the pipe goes on. */
static void
t_close_refused(void **state)
{
	struct pair p = pair_new(SEED(23), (struct simlink){ .delay_ms = 20 });
	struct simpipe *y;

	(void)state;
	p.b->answer = (struct simflow){ .busy = 1 };
	y = simrtp_call(p.a, p.b, (struct simflow){ .count = 5, .close = 1 });
	sim_run(p.w, SECS(2));
	assert_true(y->used);
	assert_true(y->kept);
	y->flow.count = 10;             /* data may flow again */
	sim_wake(p.w, p.a->id);
	sim_run(p.w, SECS(2));
	assert_int_equal(p.b->pipe[0].got, 10);
	rtp_sessions(&p.b->pipe[0].rtp, 0);
	rtp_close(&y->rtp, sim_now(p.w));
	sim_wake(p.w, p.a->id);
	assert_true(sim_run_until_idle(p.w, MINUTES(1)));
	assert_int_equal(p.a->ended_ok, 1);
	pair_clean(&p);
	pair_free(&p);
}

/* Nothing to send for long: ALIVE asks, the pipe stands, and notices a death. */
static void
t_alive(void **state)
{
	struct pair p = pair_new(SEED(24), (struct simlink){ .delay_ms = 20 });
	struct simpipe *y;

	(void)state;
	y = simrtp_call(p.a, p.b, (struct simflow){ .count = 5 });
	sim_run(p.w, MINUTES(10));
	assert_true(y->used);
	assert_true(y->rtp.stat[RTP_STATUS_RCVD] >= 3);
	sim_cut(p.w, p.a->id, p.b->id, MINUTES(10), MINUTES(100));
	assert_true(sim_run_until_idle(p.w, MINUTES(10)));
	assert_int_equal(p.a->ended_lost, 1);
	pair_clean(&p);
	pair_free(&p);
}

/* A receiver out of buffers refuses bytes; they come again when there are some. */
static void
t_no_buffers(void **state)
{
	struct pair p = { .w = sim_new(SEED(25)) };

	(void)state;
	p.a = simrtp_new(p.w, 20000);
	p.b = simrtp_new(p.w, 24);      /* 3 big ones */
	sim_link(p.w, p.a->id, p.b->id, (struct simlink){ .delay_ms = 2, .jitter_ms = 6 });
	deliver(&p, 2000, 4096);
	pair_free(&p);
}

/* A user that does not read: the queue stays bounded, nothing is lost. */
static void
t_slow_reader(void **state)
{
	struct pair p = pair_new(SEED(26), (struct simlink){ .delay_ms = 2 });

	(void)state;
	p.b->answer = (struct simflow){ .no_read = 1 };
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 6000, .close = 1 });
	sim_run(p.w, SECS(20));
	assert_true(p.b->pipe[0].rtp.rx.count <= RTP_RX_MAX);
	p.b->pipe[0].flow.no_read = 0;
	sim_wake(p.w, p.b->id);
	assert_true(sim_run_until_idle(p.w, MINUTES(10)));
	assert_int_equal(p.b->last_got, 6000);
	pair_clean(&p);
	pair_free(&p);
}

/* A slow wire with a small queue: the rate must settle, not flood. */
static void
t_bottleneck(void **state)
{
	struct pair p = pair_new(SEED(27), (struct simlink){ .delay_ms = 10,
	    .rate_bps = 2000000, .queue_bytes = 64000 });
	struct mono t0 = sim_now(p.w);
	int64_t us;

	(void)state;
	deliver(&p, 4000, 1400);
	us = mono_diff(sim_now(p.w), t0);
	/* at least a quarter of the wire is used, and under a tenth sent twice */
	assert_true((int64_t)p.a->stat[RTP_BYTES_SENT] * 8 * 1000000 / us > 500000);
	assert_true(p.a->stat[RTP_NLPS_RESENT] * 10 < p.a->stat[RTP_NLPS_SENT]);
	pair_free(&p);
}

/* Question and answer never wait for a tick: a round trip each. */
static void
t_request_answer(void **state)
{
	struct pair p = pair_new(SEED(28), (struct simlink){ .delay_us = 50 });
	struct simpipe *y;

	(void)state;
	p.b->answer = (struct simflow){ .echo = 1 };
	y = simrtp_call(p.a, p.b, (struct simflow){ .count = 1 });
	sim_run(p.w, 200);              /* connection setup: one more round trip */
	for (uint32_t i = 1; i < 1000; i++) {
		sim_run(p.w, 120);
		assert_int_equal(y->got, i);
		y->flow.count++;
		sim_wake(p.w, p.a->id);
	}
	rtp_close(&y->rtp, sim_now(p.w));
	sim_wake(p.w, p.a->id);
	assert_true(sim_run_until_idle(p.w, MINUTES(1)));
	pair_clean(&p);
	pair_free(&p);
}

/* Bits flip on the way: anything may end, nothing may crash or leak. */
static void
t_corruption(void **state)
{
	(void)state;
	for (uint64_t s = 0; s < 60; s++) {
		struct pair p = pair_new(SEED(1000 + s), (struct simlink){ .delay_ms = 2,
		    .jitter_ms = 2, .corrupt = 0.05, .loss = 0.02 });

		p.a->switch_ms = p.b->switch_ms = s % 2 ? 10000 : 0;
		p.b->answer = (struct simflow){ .echo = 1, .max_len = 3000 };
		(void)simrtp_call(p.a, p.b, (struct simflow){ .count = 200, .expect = 200,
		    .max_len = 3000, .close = 1 });
		sim_run(p.w, MINUTES(10));
		pair_free(&p);
	}
}

/* Random mixes. */
static void
one_mix(uint64_t seed)
{
	struct pair p = pair_new(seed, (struct simlink){ 0 });
	struct sim *w = p.w;
	uint32_t n = 50 + sim_below(w, 400), len = sim_chance(w, 0.5) ? 300 : 4096;
	struct simlink l[2];
	bool ok;

	for (int i = 0; i < 2; i++)
		l[i] = (struct simlink){ .delay_ms = sim_below(w, 60),
		    .jitter_ms = sim_chance(w, 0.5) ? sim_below(w, 40) : 0,
		    .loss = sim_below(w, 21) / 100.0, .dup = sim_below(w, 20) / 100.0,
		    .reorder = sim_below(w, 20) / 100.0, .loss_mask = sim_chance(w, 0.3) ?
		    sim_rand(w) & sim_rand(w) : 0 };
	sim_way(w, p.a->id, p.b->id, l[0]);
	sim_way(w, p.b->id, p.a->id, l[1]);
	p.a->isn = (uint32_t)sim_rand(w);
	p.b->isn = (uint32_t)sim_rand(w);
	p.a->max_packet = p.b->max_packet = sim_chance(w, 0.5) ? 768 : 1461;
	p.a->switch_ms = p.b->switch_ms = sim_chance(w, 0.5) ? 60000 : 0;
	if (sim_chance(w, 0.2)) {
		int64_t from = sim_below(w, 3000000);

		sim_cut(w, p.a->id, p.b->id, from, from + sim_below(w, 40000000));
	}
	p.b->answer = (struct simflow){ .echo = sim_chance(w, 0.5), .max_len = len,
	    .gap_ms = sim_below(w, 3), .close = sim_chance(w, 0.3), .expect = n };
	(void)simrtp_call(p.a, p.b, (struct simflow){ .count = n, .max_len = len,
	    .gap_ms = sim_below(w, 3), .expect = p.b->answer.echo ? n : 0, .close = 1 });
	ok = sim_run_until_idle(w, MINUTES(120));
	if (p.a->ended_lost + p.b->ended_lost == 0)
		ok = ok && p.b->last_got == n && p.b->ended_ok == 1 && p.a->ended_ok == 1 &&
		    (!p.b->answer.echo || p.a->last_got == n);
	ok = ok && p.a->wrong + p.b->wrong == 0 && p.b->born <= 1 && simrtp_empty(p.a) &&
	    simrtp_empty(p.b);
	if (!ok)
		fail_msg("seed %" PRIu64 ": B got %u of %u, A got %u, ended ok %u %u lost %u %u "
		    "sense %08x %08x wrong %u %u born %u", seed, p.b->last_got, n,
		    p.a->last_got, p.a->ended_ok, p.b->ended_ok, p.a->ended_lost,
		    p.b->ended_lost, p.a->last_sense, p.b->last_sense, p.a->wrong, p.b->wrong,
		    p.b->born);
	pair_free(&p);
}

static void
t_seeds(void **state)
{
	const char *many = getenv("SIM_COUNT");
	uint64_t first = SEED(0), n = many == NULL ? 300 : strtoull(many, NULL, 0);

	(void)state;
	for (uint64_t s = 0; s < n; s++)
		one_mix(first + s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_perfect),
		cmocka_unit_test(t_burst_loss),
		cmocka_unit_test(t_only_the_missing),
		cmocka_unit_test(t_setup_lost),
		cmocka_unit_test(t_jitter),
		cmocka_unit_test(t_duplicates),
		cmocka_unit_test(t_reorder),
		cmocka_unit_test(t_loss_20),
		cmocka_unit_test(t_long_messages),
		cmocka_unit_test(t_wrap),
		cmocka_unit_test(t_short_cut),
		cmocka_unit_test(t_long_cut),
		cmocka_unit_test(t_path_switch),
		cmocka_unit_test(t_path_switch_over),
		cmocka_unit_test(t_one_way_cut),
		cmocka_unit_test(t_nobody_there),
		cmocka_unit_test(t_both_close),
		cmocka_unit_test(t_close_refused),
		cmocka_unit_test(t_alive),
		cmocka_unit_test(t_no_buffers),
		cmocka_unit_test(t_slow_reader),
		cmocka_unit_test(t_bottleneck),
		cmocka_unit_test(t_request_answer),
		cmocka_unit_test(t_corruption),
		cmocka_unit_test(t_seeds),
	};

	log_level_all(LOG_ERROR);       /* lost connections are what this is about */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
