/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/acct.h"
#include "tn3270e/profile_mon.h"

static struct tnp_errs errs;

static struct profile *
parse(const char *globals, const char *parms, const char *vtam)
{
	char text[2000];

	snprintf(text, sizeof(text), "TELNETGLOBALS %s ENDTELNETGLOBALS TELNETPARMS PORT 23 %s "
	    "ENDTELNETPARMS BEGINVTAM DEFAULTLUS LU1 ENDDEFAULTLUS %s ENDVTAM", globals, parms,
	    vtam);
	tnp_errs_fini(&errs);
	tnp_errs_init(&errs);
	return profile_parse("P", text, strlen(text), &errs);
}

static void
fails(const char *globals, const char *vtam, const char *why)
{
	struct profile *p = parse(globals, "", vtam);

	assert_int_not_equal(errs.fails, 0);
	assert_non_null(strstr(errs.first->text, why));
	profile_free(p);
}

static void
t_accounting(void **state)
{
	struct profile *p = parse("SMFINIT TYPE119 SMFTERM TYPE119 SMFFILE /var/log/tn.json 5 "
	    "KEEP 3", "SMFINIT NOTYPE119", "");

	(void)state;
	assert_int_equal(errs.fails, 0);
	assert_int_equal(p->smf, ACCT_ASK_INIT | ACCT_ASK_TERM);
	assert_true(p->ports->smf_coded);
	assert_int_equal(p->ports->smf, ACCT_ASK_TERM);
	assert_string_equal(p->smf_file, "/var/log/tn.json");
	assert_int_equal(p->smf_mb, 5);
	assert_int_equal(p->smf_keep, 3);
	profile_free(p);
	fails("SMFINIT", "", "wanted");
	fails("SMFINIT TYPE120", "", "TYPE120");
	fails("SMFFILE x 0", "", "number");
	fails("SMFFILE x KEEP 100", "", "number");
}

static void
t_groups(void **state)
{
	struct tnp_client who = { .addr = { .fam = 4, .b = { 1, 2, 3, 4 } } };
	struct profile *p = parse("", "", "MONITORMAP M1 1.2.3.4 MONITORGROUP M1 NOAVERAGE "
	    "DYNAMICDR NOINCLUDEIP AVGSAMPPERIOD 60 AVGSAMPMULTIPLIER 10 BUCKETS BOUNDARY1 "
	    "0.25 BOUNDARY2 1 BOUNDARY3 2.125 BOUNDARY4 3 "
	    "ENDMONITORGROUP MONITORGROUP M2 ENDMONITORGROUP");
	const struct rtime_conf *c;

	(void)state;
	assert_int_equal(errs.fails, 0);
	assert_non_null(profile_monitor(p->ports, &who));
	c = &profile_monitor(p->ports, &who)->monitor->conf;
	assert_true(!c->average && c->buckets && c->dynamic_dr && !c->include_ip);
	assert_int_equal(c->period_s, 60);
	assert_int_equal(c->multiplier, 10);
	assert_int_equal(c->bound_ms[0], 250);
	assert_int_equal(c->bound_ms[2], 2125);
	who.addr.b[0] = 9;
	assert_null(profile_monitor(p->ports, &who));
	profile_free(p);
	fails("", "MONITORMAP NONE", "no MONITORGROUP");
	fails("", "MONITORGROUP M1 BOUNDARY1 3 ENDMONITORGROUP", "not above");
	fails("", "MONITORGROUP M1 NONSENSE ENDMONITORGROUP", "no operand");
	fails("", "MONITORGROUP M1 BOUNDARY1 1.2345 ENDMONITORGROUP", "seconds");
	fails("", "MONITORGROUP M1 AVGSAMPMULTIPLIER 16 ENDMONITORGROUP", "number");
	fails("", "MONITORGROUP M ENDMONITORGROUP MONITORGROUP M ENDMONITORGROUP", "already");
	fails("", "MONITORGROUP ENDMONITORGROUP", "name");
	tnp_errs_fini(&errs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_accounting), cmocka_unit_test(t_groups),
	};

	tnp_errs_init(&errs);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
