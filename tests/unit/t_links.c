/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/links.h"

static void
loopback_is_a_link(void **s)
{
	struct links l = { .n = 0 };
	struct ipaddr a, b;

	(void)s;
	assert_true(ipaddr_parse(&a, "127.0.0.1") && ipaddr_parse(&b, "127.77.1.2"));
	assert_string_equal(links_name(&l, &a, (struct mono){ SECS(100) }), "lo");
	assert_string_equal(links_name(&l, &b, (struct mono){ SECS(100) }), "lo");
	assert_true(ipaddr_parse(&b, "203.0.113.77"));
	assert_string_equal(links_name(&l, &b, (struct mono){ SECS(100) }), "");
}

/* Read when it is old or something is missing, and not more than once a second. */
static void
read_again(void **s)
{
	struct links l = { .n = 0 };
	struct ipaddr a, none;

	(void)s;
	assert_true(ipaddr_parse(&a, "127.0.0.1") && ipaddr_parse(&none, "203.0.113.77"));
	(void)links_name(&l, &a, (struct mono){ SECS(100) });
	assert_true(l.n != 0);
	strcpy(l.v[0].name, "mark");
	(void)links_name(&l, &none, (struct mono){ SECS(100) + MSEC(900) });
	(void)links_name(&l, &a, (struct mono){ SECS(100 + LINKS_S - 1) });
	assert_string_equal(l.v[0].name, "mark");
	(void)links_name(&l, &none, (struct mono){ SECS(100 + LINKS_S - 1) });
	assert_string_not_equal(l.v[0].name, "mark");
	strcpy(l.v[0].name, "mark");
	(void)links_name(&l, &a, (struct mono){ SECS(100 + 2 * LINKS_S) });
	assert_string_not_equal(l.v[0].name, "mark");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(loopback_is_a_link), cmocka_unit_test(read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
