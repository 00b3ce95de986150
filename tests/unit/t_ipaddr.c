/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/socket.h>

#include "base/ipaddr.h"

static void
t_text_both_ways(void **state)
{
	struct ipaddr a, b;
	char t[IPADDR_TEXT];

	(void)state;
	assert_true(ipaddr_parse(&a, "127.0.0.2"));
	assert_string_equal(ipaddr_text(&a, t), "127.0.0.2");
	assert_true(ipaddr_parse(&b, "FD00::1"));
	assert_string_equal(ipaddr_text(&b, t), "fd00::1");
	assert_true(ipaddr_cmp(&a, &b) < 0);
	assert_false(ipaddr_parse(&a, "127.0.0.256"));
	assert_int_equal(a.fam, 0);
	assert_string_equal(ipaddr_text(&a, t), "-");
}

static void
t_nets(void **state)
{
	struct ipaddr a, n;

	(void)state;
	ipaddr_parse(&a, "10.1.130.7");
	ipaddr_parse(&n, "10.1.128.0");
	assert_true(ipaddr_in(&a, &n, 17));
	assert_false(ipaddr_in(&a, &n, 23));
	assert_true(ipaddr_in(&a, &n, 0));
	assert_false(ipaddr_in(&a, &n, 33));
	ipaddr_parse(&n, "fd00::");
	assert_false(ipaddr_in(&a, &n, 0));
}

static void
t_socket_addresses(void **state)
{
	struct sockaddr_storage ss;
	struct ipaddr a, b;
	uint16_t port = 0;

	(void)state;
	ipaddr_parse(&a, "192.0.2.9");
	ipaddr_to_sa(&a, 2323, &ss);
	assert_true(ipaddr_from_sa(&b, &port, &ss));
	assert_true(ipaddr_eq(&a, &b));
	assert_int_equal(port, 2323);
	ipaddr_parse(&b, "::ffff:192.0.2.9");
	ipaddr_to_sa(&b, 1, &ss);
	assert_true(ipaddr_from_sa(&b, NULL, &ss));
	assert_true(ipaddr_eq(&a, &b));         /* a mapped address is the IPv4 one */
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_text_both_ways),
		cmocka_unit_test(t_nets),
		cmocka_unit_test(t_socket_addresses),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
