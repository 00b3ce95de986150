/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/rtime.h"

static const struct rtime_conf conf = { .average = 1, .buckets = 1, .include_ip = 1,
	.period_s = 10, .multiplier = 3, .bound_ms = { 1000, 2000, 5000, 10000 } };

static struct mono
ms(int64_t n)
{
	return (struct mono){ SECS(1000) + MSEC(n) };
}

/* Input at t, the host's answer after host, the client's word after ip. */
static void
transaction(struct rtime *r, int64_t t, int64_t host, int64_t ip)
{
	rtime_input(r, &conf, ms(t));
	assert_false(rtime_output(r, &conf, RT_BY_DR, ms(t + host)));
	assert_true(rtime_answer(r, &conf, RT_BY_DR, ms(t + host + ip)));
}

/* RFC 2562 3.4: total F - D, network F - E. */
static void
t_total_and_network(void **state)
{
	struct rtime r = { .phase = RT_IDLE };
	struct rtime_one o;

	(void)state;
	transaction(&r, 0, 300, 200);
	o = rtime_last(&r, ms(500));
	assert_int_equal(o.total_us, 500000);
	assert_int_equal(o.ip_us, 200000);
	transaction(&r, 1000, 1000, 500);
	assert_int_equal(r.sum.n, 2);
	assert_int_equal(r.sum.n_ip, 2);
	assert_int_equal(r.sum.total_us, 2000000);
	assert_int_equal(r.sum.ip_us, 700000);
	assert_int_equal(r.sum.total_sq, 500 * 500 + 1500 * 1500);
	assert_int_equal(r.sum.ip_sq, 200 * 200 + 500 * 500);
	assert_int_equal(r.sum.by_dr, 2);
	assert_int_equal(rtime_avg_ms(r.sum.total_us, r.sum.n), 1000);
	assert_int_equal(rtime_deviation_ms(r.sum.total_us, r.sum.total_sq, r.sum.n), 500);
}

/* Less than or equal to a boundary is below it. */
static void
t_buckets(void **state)
{
	static const int64_t total[] = { 0, 1000, 1001, 2000, 5000, 5001, 10000, 10001, 59000 };
	static const uint64_t want[RTIME_BUCKETS] = { 2, 2, 1, 2, 2 };
	struct rtime r = { .phase = RT_IDLE };

	(void)state;
	for (unsigned i = 0; i < sizeof(total) / sizeof(total[0]); i++)
		transaction(&r, i * 100000, total[i], 0);
	assert_memory_equal(r.sum.bucket, want, sizeof(want));
}

static void
t_without_an_answer(void **state)
{
	struct rtime r = { .phase = RT_IDLE };
	struct rtime_conf no_ip = conf;

	(void)state;
	no_ip.include_ip = 0;
	rtime_input(&r, &no_ip, ms(0));
	rtime_input(&r, &no_ip, ms(100));                       /* the first counts */
	assert_true(rtime_output(&r, &no_ip, RT_BY_DR, ms(400)));
	assert_false(rtime_output(&r, &no_ip, RT_BY_DR, ms(500)));
	assert_int_equal(r.sum.total_us, 400000);
	assert_int_equal(r.sum.n_ip, 0);
	/* The client goes on without its answer: total without the network. */
	rtime_input(&r, &conf, ms(1000));
	assert_false(rtime_output(&r, &conf, RT_BY_TM, ms(1100)));
	rtime_input(&r, &conf, ms(9000));
	assert_int_equal(r.sum.n, 2);
	assert_int_equal(r.sum.total_us, 500000);
	assert_int_equal(r.sum.n_ip, 0);
	/* Answers nobody asked for, of the other kind, or too late. */
	assert_false(rtime_answer(&r, &conf, RT_BY_TM, ms(9100)));
	assert_false(rtime_output(&r, &conf, RT_BY_TM, ms(9200)));
	assert_false(rtime_answer(&r, &conf, RT_BY_DR, ms(9300)));
	assert_false(rtime_answer(&r, &conf, RT_BY_TM, ms(9000 + RTIME_LATE_S * 1000)));
	assert_int_equal(r.sum.late, 1);
	assert_int_equal(r.sum.n, 2);
	rtime_input(&r, &conf, ms(100000));
	rtime_reset(&r);
	assert_false(rtime_output(&r, &conf, RT_BY_TM, ms(100100)));
	assert_int_equal(r.sum.n, 2);
}

/* Ten seconds a period, three of them: what is older slides out. */
static void
t_sliding(void **state)
{
	struct rtime r = { .phase = RT_IDLE };
	struct rtime_slot s;

	(void)state;
	transaction(&r, 0, 100, 0);
	transaction(&r, 9000, 300, 0);
	transaction(&r, 11000, 800, 0);
	s = rtime_sliding(&r.win, &conf, ms(12000));
	assert_int_equal(s.n, 3);
	assert_int_equal(rtime_avg_ms(s.total_us, s.n), 400);
	s = rtime_sliding(&r.win, &conf, ms(30000));
	assert_int_equal(s.n, 1);
	assert_int_equal(s.total_us, 800000);
	assert_int_equal(rtime_sliding(&r.win, &conf, ms(40000)).n, 0);
	transaction(&r, 400000, 50, 0);                         /* long silence */
	assert_int_equal(rtime_sliding(&r.win, &conf, ms(400060)).n, 1);
	assert_int_equal(r.sum.n, 4);
}

static void
t_merge(void **state)
{
	struct rtime a = { .phase = RT_IDLE }, b = { .phase = RT_IDLE };

	(void)state;
	transaction(&a, 0, 1500, 100);
	transaction(&b, 0, 500, 100);
	rtime_merge(&a.sum, &b.sum);
	assert_int_equal(a.sum.n, 2);
	assert_int_equal(a.sum.total_us, 2200000);
	assert_int_equal(a.sum.bucket[0], 1);
	assert_int_equal(a.sum.bucket[1], 1);
	assert_int_equal(rtime_avg_ms(5, 0), 0);
	assert_int_equal(rtime_deviation_ms(0, 0, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_total_and_network), cmocka_unit_test(t_buckets),
		cmocka_unit_test(t_without_an_answer), cmocka_unit_test(t_sliding),
		cmocka_unit_test(t_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
