/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/rt_groups.h"

static const struct rtime_conf conf = { .average = 1, .buckets = 1, .include_ip = 1,
	.period_s = 10, .multiplier = 3, .bound_ms = { 500, 1500, 5000, 10000 } };
static const struct mono now = { SECS(100) };

/* Two workers, one group on both: the display has the sum. */
static void
t_workers_add_up(void **state)
{
	struct rt_groups a = { 0 }, b = { 0 };
	struct rtime_one one = { 1000000, 250000, RT_BY_DR };
	struct rt_list sum = { 0 }, more;
	const struct rt_shown *s;
	struct con con;

	(void)state;
	assert_int_equal(rt_groups_place(&a, RTG_MONITOR, "M1", &conf), 1);
	assert_int_equal(rt_groups_place(&a, RTG_LUS, "M1", &conf), 2);
	assert_int_equal(rt_groups_place(&a, RTG_MONITOR, "M1", &conf), 1);
	assert_int_equal(rt_groups_place(&b, RTG_LUS, "X", &conf), 1);
	assert_int_equal(rt_groups_place(&b, RTG_MONITOR, "M1", &conf), 2);
	rt_groups_add(&a, 1, &one, now);
	rt_groups_add(&b, 2, &one, now);
	rt_groups_add(&b, 0, &one, now);
	rt_groups_add(&b, 3, &one, now);
	rt_list_of(&more, &a, now);
	rt_list_merge(&sum, &more);
	rt_list_fini(&more);
	rt_list_of(&more, &b, now);
	rt_list_merge(&sum, &more);
	rt_list_fini(&more);
	assert_int_equal(sum.n, 3);
	s = rt_list_find(&sum, RTG_MONITOR, "M1");
	assert_int_equal(s->sum.n, 2);
	assert_int_equal(s->slide.n, 2);
	assert_int_equal(rt_list_find(&sum, RTG_LUS, "M1")->sum.n, 0);
	assert_null(rt_list_find(&sum, RTG_LUS, "M2"));
	con_init(&con);
	rt_show(&s->conf, &s->sum, &s->slide, &con, "");
	assert_non_null(strstr(con.text, "LIFE             2    1000.0     250.0     750.0"));
	assert_non_null(strstr(con.text, "<=0.500: 0  <=1.500: 2  <=5.000: 0"));
	con_fini(&con);
	con_init(&con);
	rt_list_metrics(&sum, &con);
	assert_non_null(strstr(con.text, "seconds_bucket{monitorgroup=\"M1\",le=\"1.500\"} 2\n"));
	assert_non_null(strstr(con.text, "seconds_sum{monitorgroup=\"M1\"} 2.000000\n"));
	assert_non_null(strstr(con.text, "ip_seconds_sum{monitorgroup=\"M1\"} 0.500000\n"));
	con_fini(&con);
	rt_list_fini(&sum);
	rt_groups_fini(&a);
	rt_groups_fini(&b);
}

static void
t_bounded(void **state)
{
	struct rt_groups g = { 0 };
	char name[20];

	(void)state;
	for (unsigned i = 0; i < RT_GROUPS + 5; i++) {
		snprintf(name, sizeof(name), "G%u", i);
		assert_int_equal(rt_groups_place(&g, RTG_MONITOR, name, &conf), i < RT_GROUPS ?
		    i + 1 : 0);
	}
	rt_groups_fini(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_workers_add_up), cmocka_unit_test(t_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
