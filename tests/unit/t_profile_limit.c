/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tn3270e/profile.h"

static struct tnp_errs errs;

static struct profile *
parse(const char *globals, const char *port)
{
	char text[2000];

	snprintf(text, sizeof(text), "TELNETGLOBALS %s ENDTELNETGLOBALS\n"
	    "TELNETPARMS PORT 23 %s ENDTELNETPARMS\n"
	    "TELNETPARMS PORT 24 ENDTELNETPARMS\n"
	    "BEGINVTAM DEFAULTLUS LU01..LU09 ENDDEFAULTLUS ENDVTAM\n", globals, port);
	tnp_errs_init(&errs);
	return profile_parse("t", text, strlen(text), &errs);
}

static void
done(struct profile *p)
{
	profile_free(p);
	tnp_errs_fini(&errs);
}

static void
t_defaults(void **state)
{
	struct profile *p = parse("", "");
	const struct tnp_limits *l = &p->ports->limits;

	(void)state;
	assert_int_equal(errs.fails, 0);
	assert_int_equal(l->v[LIM_KEEP_IDLE], 30);
	assert_int_equal(l->v[LIM_KEEP_COUNT], 3);
	assert_int_equal(l->v[LIM_USER_TIMEOUT], 60);
	assert_int_equal(l->v[LIM_TOTAL], 0);
	assert_int_equal(l->v[LIM_ADDR], 0);
	assert_null(l->proxies);
	done(p);
}

/* What a port codes wins, 0 too; the rest sifts down. */
static void
t_port_over_globals(void **state)
{
	struct profile *p = parse("TCPKEEPALIVE 5,6,7 MAXCONNADDR 9 PROXYPROTOCOL 10.0.0.1 "
	    "ENDPROXYPROTOCOL TRTOTALCONN 100", "TCPKEEPALIVE 0 TRTOTALCONN 50 TRPERCENT 20 "
	    "MAXCONNRATE 30 MAXNEGOTIATING 40 TCPUSERTIMEOUT 0");
	const struct tnp_limits *a = &p->ports->limits, *b = &p->ports->next->limits;

	(void)state;
	assert_int_equal(errs.fails, 0);
	assert_int_equal(a->v[LIM_KEEP_IDLE], 0);
	assert_int_equal(a->v[LIM_USER_TIMEOUT], 0);
	assert_int_equal(a->v[LIM_TOTAL], 50);
	assert_int_equal(a->v[LIM_PERCENT], 20);
	assert_int_equal(a->v[LIM_ADDR], 9);
	assert_int_equal(a->v[LIM_RATE], 30);
	assert_int_equal(a->v[LIM_YOUNG], 40);
	assert_non_null(a->proxies);
	assert_int_equal(b->v[LIM_KEEP_IDLE], 5);
	assert_int_equal(b->v[LIM_KEEP_INTERVAL], 6);
	assert_int_equal(b->v[LIM_TOTAL], 100);
	assert_int_equal(b->v[LIM_USER_TIMEOUT], 60);
	done(p);
}

static void
t_proxies(void **state)
{
	struct profile *p = parse("", "PROXYPROTOCOL 10.0.0.1 10.1.0.0/16 10.2.0.3..10.2.0.5 "
	    "2001:db8::/32 ENDPROXYPROTOCOL");
	static const struct {
		const char *addr;
		bool in;
	} ask[] = {
		{ "10.0.0.1", true }, { "10.0.0.2", false }, { "10.1.255.9", true },
		{ "10.2.0.2", false }, { "10.2.0.3", true }, { "10.2.0.5", true },
		{ "10.2.0.6", false }, { "2001:db8:1::1", true }, { "2001:db9::1", false },
	};
	struct ipaddr a;

	(void)state;
	assert_int_equal(errs.fails, 0);
	for (size_t i = 0; i < sizeof(ask) / sizeof(ask[0]); i++) {
		assert_true(ipaddr_parse(&a, ask[i].addr));
		if (tnp_limits_proxy(&p->ports->limits, &a) != ask[i].in)
			fail_msg("%s", ask[i].addr);
	}
	done(p);
}

static void
t_wrong(void **state)
{
	static const char *const wrong[] = { "TCPKEEPALIVE 30", "TCPKEEPALIVE 30,10",
		"TCPKEEPALIVE 30,0,3", "TCPKEEPALIVE 30,10,128", "TCPKEEPALIVE 40000,1,1",
		"TCPKEEPALIVE", "TCPKEEPALIVE 30,10,3,4", "TCPUSERTIMEOUT -1", "TRPERCENT 101",
		"MAXCONNADDR x", "MAXCONNRATE 65536", "PROXYPROTOCOL ENDPROXYPROTOCOL",
		"PROXYPROTOCOL proxy.example ENDPROXYPROTOCOL", "PROXYPROTOCOL 10.0.0.1" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct profile *p = parse("", wrong[i]);

		if (errs.fails == 0)
			fail_msg("taken: %s", wrong[i]);
		done(p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_defaults),
		cmocka_unit_test(t_port_over_globals),
		cmocka_unit_test(t_proxies),
		cmocka_unit_test(t_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
