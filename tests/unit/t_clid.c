/* SPDX-License-Identifier: Apache-2.0
 *
 * Client identifiers: the sixteen ranks of section 5, each against all below
 * it, wildcards and masks of 4.4 and 4.7, and that many maps cost no more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/profile.h"

#define P23 "TELNETPARMS PORT 23 ENDTELNETPARMS BEGINVTAM PORT 23 ALLOWAPPL *\n"

static struct profile *
parsed(const char *text)
{
	struct tnp_errs errs;
	struct profile *p;
	char line[400];

	tnp_errs_init(&errs);
	p = profile_parse("p", text, strlen(text), &errs);
	assert_non_null(p);
	for (const struct tnp_err *e = errs.first; e != NULL; e = e->next)
		if (e->sev == TNP_FAIL)
			fail_msg("%s", tnp_err_line(e, "p", line, sizeof(line)));
	tnp_errs_fini(&errs);
	return p;
}

static struct tnp_client
client(void)
{
	struct tnp_client who = { .user = "USER12", .link = "eth0", .host = "a.host2.com" };

	assert_true(ipaddr_parse(&who.addr, "10.1.2.3"));
	assert_true(ipaddr_parse(&who.dest, "9.10.11.66"));
	return who;
}

/* What each rank is written with, in order. */
static const char *const group[] = {
	"", "", "USERGROUP UX USER12 OTHER ENDUSERGROUP", "HNGROUP HX A.HOST2.COM ENDHNGROUP",
	"IPGROUP IX 10.1.2.1..10.1.2.9 ENDIPGROUP", "USERGROUP UW USER%% ENDUSERGROUP",
	"HNGROUP HW *.HOST2.COM ENDHNGROUP", "IPGROUP IW 255.255.0.0:10.1.0.0 ENDIPGROUP", "", "",
	"DESTIPGROUP DX 9.10.11.65..9.10.11.67 ENDDESTIPGROUP", "LINKGROUP LX ETH0 ENDLINKGROUP",
	"DESTIPGROUP DW 9.0.0.0/8 ENDDESTIPGROUP", "LINKGROUP LW ETH* ENDLINKGROUP",
};
static const char *const clid[] = { "", "USERID,USER12", "HOSTNAME,A.HOST2.COM", "10.1.2.3", "UX",
	"HX", "IX", "UW", "HW", "IW", "DESTIP,9.10.11.66", "ETH0", "DX", "LX", "DW", "LW", "" };

/* From rank r down all are mapped, the lowest first: r's application is chosen. */
static void
sixteen_ranks(void **s)
{
	const struct tnp_client who = client();

	(void)s;
	for (unsigned r = CK_USERID; r <= CK_NULL; r++) {
		char text[4000], want[9];
		const struct tnp_appl *a;
		struct profile *p;
		size_t n = (size_t)sprintf(text, P23);

		for (size_t i = 0; i < sizeof(group) / sizeof(group[0]); i++)
			n += (size_t)sprintf(text + n, "%s\n", group[i]);
		for (unsigned i = CK_NULL; i >= r; i--)
			n += (size_t)sprintf(text + n, "DEFAULTAPPL APPL%u %s\nLUMAP LU%u %s\n"
			    "USSTCP USS%u %s INTERPTCP INT%u %s PARMSGROUP PG%u INACTIVE %u\n"
			    "ENDPARMSGROUP PARMSMAP PG%u %s\n", i, clid[i], i, clid[i], i, clid[i],
			    i, clid[i], i, i, i, clid[i]);
		(void)sprintf(text + n, "ENDVTAM");
		p = parsed(text);
		a = profile_appl(p->ports, &who, NULL, TA_DEFAULT);
		snprintf(want, sizeof(want), "APPL%u", r);
		if (a == NULL || strcmp(a->name, want) != 0)
			fail_msg("rank %u: %s", r, a == NULL ? "nothing" : a->name);
		snprintf(want, sizeof(want), "LU%u", r);
		assert_non_null(profile_map(p->ports, &who, want, TMAP_GENERIC));
		snprintf(want, sizeof(want), "LU%u", r + 1);
		assert_null(profile_map(p->ports, &who, want, TMAP_GENERIC));
		snprintf(want, sizeof(want), "USS%u", r);
		assert_string_equal(profile_uss(p->ports, &who)->name[0], want);
		snprintf(want, sizeof(want), "INT%u", r);
		assert_string_equal(profile_interp(p->ports, &who)->name[0], want);
		assert_int_equal(profile_parms(p->ports, &who, NULL)->v[TP_INACTIVE], r);
		profile_free(p);
	}
}

struct row {
	const char *group, *name, *who;         /* who: what is asked, by the kind of the group */
	bool in;
};

static void
wildcards(void **s)
{
	static const struct row v[] = {
		{ "USERGROUP", "USER%%", "USER12", true },
		{ "USERGROUP", "USER%%", "USER1", false },
		{ "USERGROUP", "USER%%", "USER123", false }, { "USERGROUP", "tcpu*", "TCPU", true },
		{ "USERGROUP", "TCPU*", "tcpuabcd", true }, { "USERGROUP", "TCPU*", "TCP", false },
		{ "USERGROUP", "*", "X", true }, { "USERGROUP", "%*", "X", true },
		{ "USERGROUP", "*", "", false },
		{ "HNGROUP", "*.HOST2.COM", "a.host2.com", true },
		{ "HNGROUP", "*.HOST2.COM", "b.a.host2.com", false },
		{ "HNGROUP", "*.HOST2.COM", "host2.com", false },
		{ "HNGROUP", "**.RALEIGH.IBM.COM", "x.raleigh.ibm.com", true },
		{ "HNGROUP", "**.RALEIGH.IBM.COM", "y.x.raleigh.ibm.com", true },
		{ "HNGROUP", "**.RALEIGH.IBM.COM", "raleigh.ibm.com", false },
		{ "HNGROUP", "**.RALEIGH.IBM.COM", "xraleigh.ibm.com", false },
		{ "HNGROUP", "**.COM", "a.b.c.d.com", true },
		{ "HNGROUP", "A.B.COM", "A.b.Com", true }, { "HNGROUP", "A.B.COM", "B.COM", false },
		{ "LINKGROUP", "ENP%S0", "enp3s0", true }, { "LINKGROUP", "ENP*", "eno1", false },
		{ "LINKGROUP", "ETH0", "eth0", true },
		{ "IPGROUP", "10.1.0.0:255.255.0.0", "10.1.9.9", true },
		{ "IPGROUP", "255.255.0.0:10.1.0.0", "10.2.9.9", false },
		{ "IPGROUP", "10.1.2.3", "10.1.2.3", true },
		{ "IPGROUP", "2001:db8::/32", "2001:db8:9::1", true },
		{ "DESTIPGROUP", "10.1.2.3..10.1.2.4", "10.1.2.4", true },
		{ "DESTIPGROUP", "10.1.2.0/30", "10.1.2.4", false },
	};

	(void)s;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct tnp_client who = { .host = NULL };
		struct profile *p;
		char text[600];

		snprintf(text, sizeof(text), P23 "%s G %s END%s DEFAULTAPPL X G ENDVTAM",
		    v[i].group, v[i].name, v[i].group);
		p = parsed(text);
		if (v[i].group[0] == 'U')
			snprintf(who.user, sizeof(who.user), "%.8s", v[i].who);
		else if (v[i].group[0] == 'H')
			who.host = v[i].who;
		else if (v[i].group[0] == 'L')
			snprintf(who.link, sizeof(who.link), "%.15s", v[i].who);
		else
			assert_true(ipaddr_parse(v[i].group[0] == 'I' ? &who.addr : &who.dest,
			    v[i].who));
		if ((profile_appl(p->ports, &who, NULL, TA_DEFAULT) != NULL) != v[i].in)
			fail_msg("%s %s: %s", v[i].group, v[i].name, v[i].who);
		profile_free(p);
	}
}

/* One client in two groups of a rank: the profile's order decides; all its maps count. */
static void
same_rank(void **s)
{
	struct tnp_client who = client();
	const struct tnp_ident *out[TNP_SAME];
	struct profile *p = parsed(P23 "IPGROUP A 10.0.0.0/8 ENDIPGROUP\n"
	    "IPGROUP B 10.1.0.0/16 ENDIPGROUP IPGROUP C 10.1.2.3 ENDIPGROUP DEFAULTAPPL X B\n"
	    "DEFAULTAPPL Y A USSTCP U1 C ENDVTAM");
	const struct tnp_index *x = &p->ports->vtam->index;
	const struct tnp_appl *a;
	unsigned rank;

	(void)s;
	assert_null(profile_appl(p->ports, &who, NULL, TA_DEFAULT));
	assert_int_equal(tnp_index_best(x, &who, TH_APPL, out, &rank), 2);
	assert_int_equal(rank, CK_IPGRP_WILD);
	a = tnp_index_first(x, &who, TH_APPL, &rank);
	assert_string_equal(a->name, "X");
	assert_false(tnp_index_wants_host(x));
	profile_free(p);
}

/* 10,000 addresses with an LU and an application each, and each has its own. */
static void
many(void **s)
{
	char *text = malloc(4u << 20), want[9];
	struct tnp_client who = { .host = NULL };
	struct profile *p;
	size_t n;

	(void)s;
	assert_non_null(text);
	n = (size_t)sprintf(text, P23);
	for (unsigned i = 0; i < 10000; i++)
		n += (size_t)sprintf(text + n, "LUMAP LU%u 10.1.%u.%u DEFAPPL A%u\n", i, i / 256,
		    i % 256, i);
	(void)sprintf(text + n, "ENDVTAM");
	p = parsed(text);
	for (unsigned i = 0; i < 10000; i += 77) {
		who.addr = (struct ipaddr){ .fam = 4, .b = { 10, 1, (uint8_t)(i / 256),
		    (uint8_t)(i % 256) } };
		snprintf(want, sizeof(want), "LU%u", i);
		assert_non_null(profile_map(p->ports, &who, want, TMAP_GENERIC));
		snprintf(want, sizeof(want), "LU%u", i + 1);
		assert_null(profile_map(p->ports, &who, want, TMAP_GENERIC));
	}
	profile_free(p);
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sixteen_ranks), cmocka_unit_test(wildcards),
		cmocka_unit_test(same_rank), cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
