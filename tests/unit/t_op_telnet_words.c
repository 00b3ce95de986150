/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/op_telnet_in.h"

static const char *
net(const char *v, char to[160])
{
	struct tnp_net n;
	char lo[IPADDR_TEXT], hi[IPADDR_TEXT];

	if (!word_net(v, &n))
		return "no";
	snprintf(to, 160, "%s %s%s", ipaddr_text(&n.lo, lo), n.mask ? "& " : "",
	    ipaddr_text(&n.hi, hi));
	return to;
}

static void
t_addresses(void **state)
{
	char to[160];
	struct tnp_net n;
	uint16_t port;

	(void)state;
	assert_string_equal(net("9.8.7.6", to), "9.8.7.6 9.8.7.6");
	assert_string_equal(net("255.255.0.0:9.8.0.0", to), "9.8.0.0 & 255.255.0.0");
	assert_string_equal(net("9.8.0.0:255.255.0.0", to), "9.8.0.0 & 255.255.0.0");
	assert_string_equal(net("9.8.0.0/16", to), "9.8.0.0 & 255.255.0.0");
	assert_string_equal(net("2001:db8::/33", to), "2001:db8:: & ffff:ffff:8000::");
	assert_string_equal(net("2001:db8::1", to), "2001:db8::1 2001:db8::1");
	assert_string_equal(net("0.0.0.0:0.0.0.0", to), "0.0.0.0 & 0.0.0.0");
	assert_string_equal(net("9.8.7.6:9.8.7.5", to), "no");
	assert_string_equal(net("9.8.0.0/33", to), "no");
	assert_string_equal(net("/8", to), "no");
	assert_string_equal(net("", to), "no");
	assert_true(word_addr_port("::1..4711", &n, &port));
	assert_int_equal(port, 4711);
	assert_false(word_addr_port("::1..70000", &n, &port));
	assert_false(word_addr_port("1.2.3.4", &n, &port));
}

static void
t_where(void **state)
{
	struct worker_query q = { .max = 100 };
	struct words s;

	(void)state;
	assert_true(words_cut(&s, "D TCPIP,,TELNET,CONN,PORT=23,1.2.3.4,PROF=2,MAX=*,DET"));
	s.at = 5;
	assert_true(op_where(&q, &s));
	assert_int_equal(q.port_lo, 23);
	assert_int_equal(q.port_hi, 23);
	assert_int_equal(q.qual.fam, 4);
	assert_true(op_where(&q, &s));
	assert_true(q.by_profile && q.profile == 2);
	assert_true(op_where(&q, &s));
	assert_int_equal(q.max, OPT_MAX_MOST);
	assert_true(op_where(&q, &s));
	assert_true(q.detail);
	assert_int_equal(s.at, s.n);
	assert_true(words_cut(&s, "D TCPIP,PORT=5..4"));
	s.at = 2;
	assert_false(op_where(&q, &s));
	assert_false(words_cut(&s, "D"));
	assert_false(words_cut(&s, "D ,,,,,,,,,,,,,,,,,,,,,,,,,,,,"));
}

static void
t_counting(void **state)
{
	struct using *a = using_new(), *b = using_new();
	static const char what[3000];

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	for (unsigned i = 0; i < sizeof(what); i++) {
		using_add(a, &what[i], 1);
		using_add(b, &what[i], 2);
	}
	assert_int_equal(using_of(a, &what[7]), 1);
	using_merge(b, a);
	assert_int_equal(using_of(b, &what[7]), 3);
	assert_int_equal(using_of(a, &what[2999]), 0);          /* did not fit */
	using_add(a, NULL, 1);
	assert_int_equal(using_of(NULL, &what[7]), 0);
	free(a);
	free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_addresses), cmocka_unit_test(t_where),
		cmocka_unit_test(t_counting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
