/* SPDX-License-Identifier: Apache-2.0
 *
 * s_ee.c - two whole ee: the link comes up, pipes carry messages, the link
 * goes down, over networks of every kind of bad.
 *
 * No byte is lost, doubled or out of order, whatever the wire does, unless the
 * pipe ended with a sense; in the end every pool is empty.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "tests/sim/simee.h"

struct pair {
	struct sim *w;
	struct simee *a, *b;
};

static struct pair
pair_new(uint64_t seed, struct simlink l)
{
	struct pair p = { .w = sim_new(seed) };

	p.a = simee_new(p.w, 8000);
	p.b = simee_new(p.w, 8000);
	sim_link(p.w, p.a->id, p.b->id, l);
	simee_start(p.a);
	simee_start(p.b);
	return p;
}

static void
pair_free(struct pair *p)
{
	simee_free(p->a);
	simee_free(p->b);
	sim_free(p->w);
}

static void
pair_clean(struct pair *p)
{
	assert_int_equal(p->a->wrong + p->b->wrong, 0);
	assert_int_equal(p->b->stray, 0);
	assert_true(simee_empty(p->a));
	assert_true(simee_empty(p->b));
}

/* pipes x n messages there and back, all well. */
static void
echo(struct pair *p, uint32_t pipes, uint32_t n, uint32_t max_len)
{
	p->b->answer = (struct simflow){ .echo = 1, .max_len = max_len };
	simee_call(p->a, p->b, pipes, (struct simflow){ .count = n, .expect = n,
	    .max_len = max_len, .close = 1 });
	assert_true(sim_run_until_idle(p->w, MINUTES(240)));
	assert_int_equal(p->a->ended_ok, pipes);
	assert_int_equal(p->b->ended_ok, pipes);
	assert_int_equal(p->a->got, pipes * n);
	assert_int_equal(p->b->got, pipes * n);
	pair_clean(p);
}

static void
t_perfect(void **state)
{
	struct pair p = pair_new(SEED(1), (struct simlink){ .delay_ms = 5 });

	(void)state;
	echo(&p, 8, 500, 3000);
	assert_int_equal(p.a->ups, 1);
	assert_int_equal(p.b->ups, 1);
	pair_free(&p);
}

static void
t_loopback(void **state)
{
	struct pair p = pair_new(SEED(2), (struct simlink){ .delay_us = 20 });
	struct mono t0 = sim_now(p.w);

	(void)state;
	echo(&p, 4, 2000, 200);
	/* nothing in it waits for a tick: far under the 20 ms of one a message */
	assert_true(mono_diff(sim_now(p.w), t0) < SECS(5));
	pair_free(&p);
}

/* Behind the activation: there a burst of four costs a minute of SRQTIMEs. */
static void
t_burst_loss(void **state)
{
	struct pair p = pair_new(SEED(7), (struct simlink){ .delay_ms = 20,
	    .loss_mask = 0x0f0000f00000 });

	(void)state;
	echo(&p, 2, 1000, 200);
	pair_free(&p);
}

static void
t_jitter(void **state)
{
	struct pair p = pair_new(SEED(8), (struct simlink){ .delay_ms = 10, .jitter_ms = 30 });

	(void)state;
	echo(&p, 4, 500, 2000);
	pair_free(&p);
}

static void
t_duplicates(void **state)
{
	struct pair p = pair_new(SEED(9), (struct simlink){ .delay_ms = 10, .jitter_ms = 10,
	    .dup = 0.5 });

	(void)state;
	echo(&p, 4, 500, 500);
	pair_free(&p);
}

static void
t_loss_20(void **state)
{
	struct pair p = pair_new(SEED(10), (struct simlink){ .delay_ms = 20, .loss = 0.2,
	    .reorder = 0.1 });

	(void)state;
	echo(&p, 4, 500, 500);
	pair_free(&p);
}

/* Both dial at once: one link, and it works. */
static void
t_both_dial(void **state)
{
	struct pair p = pair_new(SEED(11), (struct simlink){ .delay_ms = 20 });

	(void)state;
	p.b->answer = p.a->answer = (struct simflow){ .echo = 1 };
	simee_call(p.b, p.a, 2, (struct simflow){ .count = 50, .expect = 50, .close = 1 });
	simee_call(p.a, p.b, 2, (struct simflow){ .count = 50, .expect = 50, .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(60)));
	assert_int_equal(p.a->ended_ok, 4);
	assert_int_equal(p.b->ended_ok, 4);
	pair_clean(&p);
	pair_free(&p);
}

/* The link dies of silence, is dialed again, and the pipes live on. */
static void
t_path_switch(void **state)
{
	struct pair p = pair_new(SEED(12), (struct simlink){ .delay_ms = 20 });

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct simee *n = i ? p.b : p.a;

		ee_free(n->ee);
		n->cfg.pst[TPF_NETWORK] = n->cfg.pst[TPF_HIGH] = 240;
		simee_start(n);
	}
	sim_cut(p.w, p.a->id, p.b->id, SECS(5), SECS(115));
	p.b->answer = (struct simflow){ .echo = 1 };
	simee_call(p.a, p.b, 3, (struct simflow){ .count = 1000, .expect = 1000, .gap_ms = 20,
	    .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(60)));
	assert_int_equal(p.a->ended_ok, 3);
	assert_int_equal(p.b->ended_ok, 3);
	assert_int_equal(p.a->got, 3000);
	assert_true(p.a->ups > 1);
	assert_true(p.a->paths > 0);
	pair_clean(&p);
	pair_free(&p);
}

/* A silence longer than any path switch time ends all, with a sense. */
static void
t_long_cut(void **state)
{
	struct pair p = pair_new(SEED(13), (struct simlink){ .delay_ms = 20 });

	(void)state;
	sim_cut(p.w, p.a->id, p.b->id, SECS(5), MINUTES(600));
	p.b->answer = (struct simflow){ .echo = 1, .gap_ms = 20 };
	simee_call(p.a, p.b, 4, (struct simflow){ .count = 1000, .expect = 1000, .gap_ms = 20,
	    .close = 1 });
	assert_true(sim_run_until_idle(p.w, MINUTES(60)));
	assert_int_equal(p.a->ended_lost, 4);
	assert_int_equal(p.b->ended_lost, 4);
	pair_clean(&p);
	pair_free(&p);
}

static void
t_bottleneck(void **state)
{
	struct pair p = pair_new(SEED(14), (struct simlink){ .delay_ms = 10,
	    .rate_bps = 5000000, .queue_bytes = 100000 });

	(void)state;
	echo(&p, 4, 1000, 2000);
	pair_free(&p);
}

/* Bits flip: anything may end, nothing may crash, spin or leak. */
/* A router with a smaller MTU comes into the path, and again: what is too long is gone,
 * and ICMP says so. */
struct router {
	struct pair p;
	uint32_t seen, dropped;
};

static const struct { uint32_t from; uint32_t mtu; } hops[] = { { 0, 1492 }, { 600, 1300 },
	{ 1200, 1006 }, { 1800, 799 } };

static int64_t
narrow(void *arg, int from, struct simpkt *p)
{
	struct router *r = arg;
	struct simee *n = from == r->p.a->id ? r->p.a : r->p.b;
	struct simee *to = n == r->p.a ? r->p.b : r->p.a;
	uint32_t mtu = 0;

	r->seen++;
	for (size_t i = 0; i < sizeof(hops) / sizeof(hops[0]); i++)
		if (r->seen >= hops[i].from)
			mtu = hops[i].mtu;
	if (p->len + 28 <= mtu)
		return 0;
	r->dropped++;
	ee_path_mtu(n->ee, sim_now(r->p.w), 0, &to->cfg.local, mtu);
	return -1;
}

static void
t_path_mtu(void **state)
{
	struct router r = { .p = pair_new(SEED(12), (struct simlink){ .delay_ms = 10,
	    .jitter_ms = 2, .loss = 0.01 }) };

	(void)state;
	sim_tap(r.p.w, narrow, &r);
	echo(&r.p, 4, 400, 3000);
	assert_true(r.seen > 2400);
	assert_in_range(r.dropped, 6, 2000);
	assert_int_equal(r.p.a->mtus, 3);
	assert_int_equal(r.p.b->mtus, 3);
	assert_int_equal(r.p.a->paths + r.p.b->paths, 0);
	pair_free(&r.p);
}

static void
t_corruption(void **state)
{
	(void)state;
	for (uint64_t s = 0; s < 30; s++) {
		struct pair p = pair_new(SEED(500 + s), (struct simlink){ .delay_ms = 5,
		    .jitter_ms = 5, .corrupt = 0.05 });

		p.b->answer = (struct simflow){ .echo = 1, .max_len = 2000 };
		simee_call(p.a, p.b, 4, (struct simflow){ .count = 100, .expect = 100,
		    .max_len = 2000, .close = 1 });
		sim_run(p.w, MINUTES(20));
		ee_stop(p.a->ee, sim_now(p.w));
		ee_stop(p.b->ee, sim_now(p.w));
		pair_free(&p);
	}
}

static void
one_mix(uint64_t seed)
{
	struct pair p = pair_new(seed, (struct simlink){ 0 });
	struct sim *w = p.w;
	uint32_t n = 20 + sim_below(w, 150), len = sim_chance(w, 0.5) ? 300 : 4096;
	uint32_t pipes = 1 + sim_below(w, 6);
	bool ok;

	for (int i = 0; i < 2; i++)
		sim_way(w, i ? p.b->id : p.a->id, i ? p.a->id : p.b->id, (struct simlink){
		    .delay_ms = sim_below(w, 60),
		    .jitter_ms = sim_chance(w, 0.5) ? sim_below(w, 40) : 0,
		    .loss = sim_below(w, 21) / 100.0, .dup = sim_below(w, 20) / 100.0,
		    .reorder = sim_below(w, 20) / 100.0,
		    .reorder_ms = sim_chance(w, 0.1) ? 3000 : 0,
		    .loss_mask = sim_chance(w, 0.3) ? sim_rand(w) & sim_rand(w) : 0 });
	if (sim_chance(w, 0.3)) {
		int64_t from = sim_below(w, 6000000);

		sim_cut(w, p.a->id, p.b->id, from, from + sim_below(w, 150000000));
	}
	p.b->answer = (struct simflow){ .echo = 1, .max_len = len };
	simee_call(p.a, p.b, pipes, (struct simflow){ .count = n, .expect = n, .max_len = len,
	    .gap_ms = sim_below(w, 40), .close = 1 });
	ok = sim_run_until_idle(w, MINUTES(60));
	ok = ok && p.a->wrong + p.b->wrong == 0 && simee_empty(p.a) && simee_empty(p.b) &&
	    p.a->ended == pipes && p.b->pipes_up <= pipes;
	if (p.a->ended_lost + p.b->ended_lost == 0)
		ok = ok && p.a->got == pipes * n && p.b->got == pipes * n;
	if (!ok)
		fail_msg("seed %" PRIu64 ": %u pipes of %u: A got %u, B got %u, ok %u %u lost %u "
		    "%u wrong %u %u ups %u paths %u sense %08x empty %d %d time %" PRId64 " s",
		    seed, pipes, n, p.a->got, p.b->got, p.a->ended_ok, p.b->ended_ok,
		    p.a->ended_lost, p.b->ended_lost, p.a->wrong, p.b->wrong, p.a->ups,
		    p.a->paths, p.a->last_sense, simee_empty(p.a), simee_empty(p.b),
		    sim_now(w).us / 1000000);
	pair_free(&p);
}

static void
t_seeds(void **state)
{
	const char *many = getenv("SIM_COUNT");
	uint64_t first = SEED(0), n = many == NULL ? 200 : strtoull(many, NULL, 0);

	(void)state;
	for (uint64_t s = 0; s < n; s++)
		one_mix(first + s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_perfect), cmocka_unit_test(t_loopback),
		cmocka_unit_test(t_burst_loss), cmocka_unit_test(t_jitter),
		cmocka_unit_test(t_duplicates), cmocka_unit_test(t_loss_20),
		cmocka_unit_test(t_both_dial), cmocka_unit_test(t_path_switch),
		cmocka_unit_test(t_long_cut), cmocka_unit_test(t_bottleneck),
		cmocka_unit_test(t_corruption),
		cmocka_unit_test(t_path_mtu), cmocka_unit_test(t_seeds),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
