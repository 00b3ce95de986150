/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "tn3270e/traffic.h"

static struct ipaddr
ip(const char *s)
{
	struct ipaddr a;

	assert_true(ipaddr_parse(&a, s));
	return a;
}

static const struct mono T0 = { SECS(1000) };

static void
t_absolute_limit(void **state)
{
	struct tnp_limits l = { .v = { [LIM_ADDR] = 2 } };
	struct ipaddr a = ip("10.0.0.1"), b = ip("10.0.0.2"), none = { .fam = 0 };
	struct traffic t;

	(void)state;
	assert_int_equal(traffic_init(&t), 0);
	assert_int_equal(traffic_enter(&t, &l, &a, 23, T0), TR_OK);
	assert_int_equal(traffic_enter(&t, &l, &a, 23, T0), TR_OK);
	assert_int_equal(traffic_enter(&t, &l, &a, 23, T0), TR_ADDR);
	assert_int_equal(traffic_enter(&t, &l, &a, 992, T0), TR_OK);    /* each port its own */
	assert_int_equal(traffic_enter(&t, &l, &b, 23, T0), TR_OK);
	assert_int_equal(traffic_held(&t, &a, 23), 2);
	assert_int_equal(traffic_held(&t, &none, 23), 3);
	traffic_leave(&t, &a, 23);
	assert_int_equal(traffic_enter(&t, &l, &a, 23, T0), TR_OK);
	traffic_leave(&t, &a, 23);
	traffic_leave(&t, &a, 23);
	traffic_leave(&t, &b, 23);
	assert_int_equal(traffic_held(&t, &a, 23), 0);
	assert_int_equal(traffic_held(&t, &none, 23), 0);
	traffic_fini(&t);
}

/* TotalConnections 10, Percentage 50: of 10 available a host may hold 5 and so on down. */
static void
t_share_of_what_is_left(void **state)
{
	struct tnp_limits l = { .v = { [LIM_TOTAL] = 10, [LIM_PERCENT] = 50 } };
	struct ipaddr a = ip("10.0.0.1");
	struct traffic t;
	unsigned n = 0;

	(void)state;
	assert_int_equal(traffic_init(&t), 0);
	while (traffic_enter(&t, &l, &a, 23, T0) == TR_OK)
		n++;
	assert_int_equal(n, 4);         /* 3 held of 7 left: 3 < 3.5; 4 of 6: not less than 3 */
	assert_int_equal(traffic_enter(&t, &l, &a, 23, T0), TR_PERCENT);
	for (unsigned i = 0; i < 6; i++) {      /* each other host gets its first */
		struct ipaddr b = { .fam = 4, .b = { 10, 0, 1, (uint8_t)i } };

		assert_int_equal(traffic_enter(&t, &l, &b, 23, T0), TR_OK);
	}
	a = ip("10.0.2.1");
	assert_int_equal(traffic_enter(&t, &l, &a, 23, T0), TR_TOTAL);
	traffic_fini(&t);
}

static void
t_ipv6_by_64(void **state)
{
	struct tnp_limits l = { .v = { [LIM_ADDR] = 1 } };
	struct ipaddr a = ip("2001:db8:1:2::1"), b = ip("2001:db8:1:2:ffff::9"),
		c = ip("2001:db8:1:3::1");
	struct traffic t;

	(void)state;
	assert_int_equal(traffic_init(&t), 0);
	assert_int_equal(traffic_enter(&t, &l, &a, 23, T0), TR_OK);
	assert_int_equal(traffic_enter(&t, &l, &b, 23, T0), TR_ADDR);
	assert_int_equal(traffic_enter(&t, &l, &c, 23, T0), TR_OK);
	traffic_fini(&t);
}

static void
t_rate(void **state)
{
	struct tnp_limits l = { .v = { [LIM_RATE] = 3 } };
	struct ipaddr a = ip("10.0.0.1"), b = ip("10.0.0.2");
	struct mono later = mono_add(T0, SECS(LIM_RATE_S));
	struct traffic t;

	(void)state;
	assert_int_equal(traffic_init(&t), 0);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(traffic_enter(&t, &l, &a, 23, T0), TR_OK);
		traffic_leave(&t, &a, 23);
	}
	assert_int_equal(traffic_enter(&t, &l, &a, 23, T0), TR_RATE);
	assert_int_equal(traffic_enter(&t, &l, &b, 23, T0), TR_OK);
	assert_int_equal(traffic_enter(&t, &l, &a, 23, later), TR_OK);
	traffic_fini(&t);
}

static void
t_many_addresses(void **state)
{
	const struct tnp_limits l = { .v = { 0 } };
	struct ipaddr none = { .fam = 0 };
	struct traffic t;
	unsigned counted = 0;

	(void)state;
	assert_int_equal(traffic_init(&t), 0);
	for (unsigned i = 0; i < 70000; i++) {
		struct ipaddr a = { .fam = 4, .b = { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8),
			(uint8_t)i } };

		counted += traffic_enter(&t, &l, &a, 23, T0) == TR_OK;
	}
	assert_true(counted > 69900);           /* a full bucket is rare */
	assert_int_equal(traffic_held(&t, &none, 23), counted);
	for (unsigned i = 0; i < 70000; i++) {
		struct ipaddr a = { .fam = 4, .b = { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8),
			(uint8_t)i } };

		if (traffic_held(&t, &a, 23) != 0)
			traffic_leave(&t, &a, 23);
	}
	assert_int_equal(traffic_held(&t, &none, 23), 0);
	traffic_fini(&t);
}

static void *
come_and_go(void *arg)
{
	const struct tnp_limits l = { .v = { [LIM_ADDR] = 60000 } };
	struct traffic *t = arg;
	struct ipaddr a = ip("10.0.0.1");

	for (unsigned i = 0; i < 20000; i++)
		if (traffic_enter(t, &l, &a, 23, T0) == TR_OK)
			traffic_leave(t, &a, 23);
	return NULL;
}

static void
t_two_threads(void **state)
{
	struct ipaddr a = ip("10.0.0.1"), none = { .fam = 0 };
	struct traffic t;
	pthread_t other;

	(void)state;
	assert_int_equal(traffic_init(&t), 0);
	assert_int_equal(pthread_create(&other, NULL, come_and_go, &t), 0);
	(void)come_and_go(&t);
	assert_int_equal(pthread_join(other, NULL), 0);
	assert_int_equal(traffic_held(&t, &a, 23), 0);
	assert_int_equal(traffic_held(&t, &none, 23), 0);
	traffic_fini(&t);
}

#define MEETINGS 20000

struct meeting {
	struct traffic t;
	pthread_barrier_t both;
};

static struct ipaddr
guest(uint32_t i)
{
	return (struct ipaddr){ .fam = 4, .b = { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8),
	    (uint8_t)i } };
}

static void *
meet(void *arg)
{
	const struct tnp_limits l = { .v = { [LIM_ADDR] = 2 } };
	struct meeting *m = arg;

	for (uint32_t i = 0; i < MEETINGS; i++) {
		struct ipaddr a = guest(i);

		(void)pthread_barrier_wait(&m->both);
		(void)traffic_enter(&m->t, &l, &a, 23, T0);
	}
	return NULL;
}

/* Two workers that see a new address at the same moment count it together. */
static void
t_two_threads_meet_a_new_address(void **state)
{
	const struct tnp_limits l = { .v = { [LIM_ADDR] = 2 } };
	struct meeting m;
	pthread_t other;

	(void)state;
	assert_int_equal(traffic_init(&m.t), 0);
	assert_int_equal(pthread_barrier_init(&m.both, NULL, 2), 0);
	assert_int_equal(pthread_create(&other, NULL, meet, &m), 0);
	(void)meet(&m);
	assert_int_equal(pthread_join(other, NULL), 0);
	for (uint32_t i = 0; i < MEETINGS; i++) {
		struct ipaddr a = guest(i);

		assert_int_equal(traffic_held(&m.t, &a, 23), 2);
		assert_int_equal(traffic_enter(&m.t, &l, &a, 23, T0), TR_ADDR);
		traffic_leave(&m.t, &a, 23);
		traffic_leave(&m.t, &a, 23);
		assert_int_equal(traffic_held(&m.t, &a, 23), 0);
	}
	assert_int_equal(traffic_held(&m.t, &(struct ipaddr){ .fam = 0 }, 23), 0);
	pthread_barrier_destroy(&m.both);
	traffic_fini(&m.t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_absolute_limit),
		cmocka_unit_test(t_share_of_what_is_left),
		cmocka_unit_test(t_ipv6_by_64),
		cmocka_unit_test(t_rate),
		cmocka_unit_test(t_many_addresses),
		cmocka_unit_test(t_two_threads),
		cmocka_unit_test(t_two_threads_meet_a_new_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
