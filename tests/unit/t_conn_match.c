/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/conn_parts.h"

static struct profile prof;
static struct tnp_vtam vtam;
static struct tnp_port port = { .port = 23, .profile = &prof, .vtam = &vtam };
static struct conn client;

static bool
meant(struct worker_query q)
{
	return conn_matches(&client, &q);
}

static bool
host(const char *pattern)
{
	struct worker_query q = { .max = 1 };

	snprintf(q.hostname, sizeof(q.hostname), "%s", pattern);
	return meant(q);
}

static bool
hngroup(const char *member)
{
	struct tnp_idname n = { .text = member };
	struct tnp_idgroup g = { .name = "G", .kind = CK_HNGRP, .names = &n };
	bool yes;

	vtam.idgroups = &g;
	yes = meant((struct worker_query){ .hngroup = "G" });
	vtam.idgroups = NULL;
	return yes;
}

static int
begin(void **state)
{
	(void)state;
	client = (struct conn){ .port = &port, .id = 7, .cport = 1027,
		.who = { .addr = { .fam = 4, .b = { 10, 7, 1, 2 } }, .host = "PC1.BR7.BANK.COM" } };
	port.secure = 0;
	atomic_store(&prof.number, 0);
	return 0;
}

static void
t_host_names(void **state)
{
	(void)state;
	assert_true(host("pc1.br7.bank.com"));
	assert_true(host("*BANK.COM"));
	assert_false(host("BANK.COM"));
	assert_false(host("*BANK.ORG"));
	assert_true(hngroup("PC1.BR7.BANK.COM"));
	assert_true(hngroup("**.BANK.COM"));
	assert_true(hngroup("*.BR7.BANK.COM"));
	assert_false(hngroup("*.BANK.COM"));            /* one label only */
	assert_false(hngroup("**.BANK.ORG"));
	client.who.host = NULL;
	assert_false(host("*BANK.COM"));
	assert_false(hngroup("**.BANK.COM"));
	assert_true(meant((struct worker_query){ .max = 1 }));
}

static void
t_addresses(void **state)
{
	struct tnp_net net = { .lo = { .fam = 4, .b = { 10, 7, 0, 0 } }, .mask = 1,
		.hi = { .fam = 4, .b = { 255, 255, 0, 0 } } };
	struct tnp_idgroup g = { .name = "BR7", .kind = CK_IPGRP, .nets = &net };

	(void)state;
	assert_true(meant((struct worker_query){ .net = net }));
	assert_false(meant((struct worker_query){ .net = net, .cport = 1028 }));
	assert_true(meant((struct worker_query){ .net = net, .cport = 1027 }));
	net.lo.b[1] = 8;
	assert_false(meant((struct worker_query){ .net = net }));
	net.lo.fam = 6;
	assert_false(meant((struct worker_query){ .net = net }));
	net = (struct tnp_net){ .lo = { .fam = 4, .b = { 10, 7, 1, 1 } },
		.hi = { .fam = 4, .b = { 10, 7, 1, 2 } } };
	vtam.idgroups = &g;
	assert_true(meant((struct worker_query){ .ipgroup = "br7" }));
	g.kind = CK_DESTIPGRP;                          /* our address is another */
	assert_false(meant((struct worker_query){ .ipgroup = "BR7" }));
	vtam.idgroups = NULL;
	assert_false(meant((struct worker_query){ .ipgroup = "BR7" }));
}

static void
t_ports_and_profiles(void **state)
{
	(void)state;
	assert_true(meant((struct worker_query){ .conn = 7, .port_lo = 20, .port_hi = 23 }));
	assert_false(meant((struct worker_query){ .conn = 8 }));
	assert_false(meant((struct worker_query){ .port_lo = 24, .port_hi = 24 }));
	assert_true(meant((struct worker_query){ .basic = 1 }));
	assert_false(meant((struct worker_query){ .secure = 1 }));
	assert_true(meant((struct worker_query){ .by_profile = 1 }));
	atomic_store(&prof.number, 2);
	assert_false(meant((struct worker_query){ .by_profile = 1 }));
	assert_true(meant((struct worker_query){ .by_profile = 1, .profile = 2 }));
	assert_true(meant((struct worker_query){ .proto = "NEGOTIATING" }));
	assert_false(meant((struct worker_query){ .proto = "TN3270E" }));
	assert_false(meant((struct worker_query){ .lugroup = "*DEFLUS*" }));    /* no LU yet */
	assert_false(meant((struct worker_query){ .appl = "*", .lu = "X*" }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(t_host_names, begin),
		cmocka_unit_test_setup(t_addresses, begin),
		cmocka_unit_test_setup(t_ports_and_profiles, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
