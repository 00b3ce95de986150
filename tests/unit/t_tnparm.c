/* SPDX-License-Identifier: Apache-2.0
 *
 * Parameters: defaults of companion zos-telnet-server 3.1-3.3, and who wins.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/tnparm.h"

static void
defaults(void **s)
{
	static const struct {
		enum tnp_parm p;
		const char *name;
		int32_t v;
	} want[] = {
		{ TP_MSG07, "MSG07", 0 }, { TP_LUSESSIONPEND, "LUSESSIONPEND", 0 },
		{ TP_TN3270E, "TN3270E", 1 }, { TP_SNAEXT, "SNAEXT", 1 },
		{ TP_SIMCLIENTLU, "SIMCLIENTLU", 0 }, { TP_SEQUENTIALLU, "SEQUENTIALLU", 1 },
		{ TP_REFRESHMSG10, "REFRESHMSG10", 1 }, { TP_SINGLEATTN, "SINGLEATTN", 0 },
		{ TP_SGA, "SGA", 1 }, { TP_BINARYLINEMODE, "BINARYLINEMODE", 0 },
		{ TP_DROPASSOCPRINTER, "DROPASSOCPRINTER", 0 },
		{ TP_SCANINTERVAL, "SCANINTERVAL", 1800 }, { TP_TIMEMARK, "TIMEMARK", 10800 },
		{ TP_INACTIVE, "INACTIVE", 0 }, { TP_PRTINACTIVE, "PRTINACTIVE", 0 },
		{ TP_KEEPINACTIVE, "KEEPINACTIVE", 0 }, { TP_PROFILEINACTIVE, "PROFILEINACTIVE",
		    1800 },
		{ TP_SSLTIMEOUT, "SSLTIMEOUT", 5 }, { TP_MAXRECEIVE, "MAXRECEIVE", 65536 },
		{ TP_MAXREQSESS, "MAXREQSESS", 20 }, { TP_CLIENTAUTH, "CLIENTAUTH", CA_NONE },
		{ TP_DEBUG, "DEBUG", DB_EXCEPTION }, { TP_FORMAT, "FORMAT", 0 },
	};
	struct tnp_parms p;

	(void)s;
	memset(&p, 0xff, sizeof(p));
	tnp_parms_default(&p);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_string_equal(tnp_parm_at(want[i].p)->name, want[i].name);
		assert_int_equal(p.v[want[i].p], want[i].v);
	}
	for (unsigned i = 0; i < TP_N; i++) {
		const struct tnp_parmdesc *d = tnp_parm_at(i);

		assert_non_null(d->name);
		assert_int_equal(p.src[i], TS_DEFAULT);
		assert_int_equal(p.v[i], d->preset);
		assert_true(d->lo <= d->hi && d->preset <= d->hi);
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(d->name, tnp_parm_at(k)->name);
	}
}

static void
later_wins(void **s)
{
	struct tnp_parms p, over;

	(void)s;
	tnp_parms_default(&p);
	memset(&over, 0, sizeof(over));
	over.v[TP_MSG07] = 1;
	over.src[TP_MSG07] = TS_GLOBALS;
	over.v[TP_INACTIVE] = 77;               /* not coded: does not count */
	tnp_parms_over(&p, &over);
	assert_int_equal(p.v[TP_MSG07], 1);
	assert_int_equal(p.src[TP_MSG07], TS_GLOBALS);
	assert_int_equal(p.v[TP_INACTIVE], 0);
	over.v[TP_MSG07] = 0;                   /* NOMSG07 turns it off again */
	over.src[TP_MSG07] = TS_PARMS;
	tnp_parms_over(&p, &over);
	assert_int_equal(p.v[TP_MSG07], 0);
	assert_int_equal(p.src[TP_MSG07], TS_PARMS);
}

static void
scan_not_above_timemark(void **s)
{
	struct tnp_parms p;

	(void)s;
	tnp_parms_default(&p);
	p.v[TP_TIMEMARK] = 600;
	tnp_parms_settle(&p);
	assert_int_equal(p.v[TP_SCANINTERVAL], 600);
	p.v[TP_SCANINTERVAL] = 120;
	tnp_parms_settle(&p);
	assert_int_equal(p.v[TP_SCANINTERVAL], 120);
}

static void
shows(void **s)
{
	struct tnp_parms p;
	struct con c;

	(void)s;
	tnp_parms_default(&p);
	p.v[TP_CONNTYPE] = CT_ANY;
	p.src[TP_CONNTYPE] = TS_GROUP;
	p.v[TP_DEBUG] = DB_DETAIL;
	con_init(&c);
	tnp_parms_show(&p, &c);
	assert_int_equal(c.lines, TP_N);
	assert_non_null(strstr(c.text, "TIMEMARK         10800"));
	assert_non_null(strstr(c.text, "MSG07            NO"));
	assert_non_null(strstr(c.text, "CONNTYPE         ANY        PARMSMAP"));
	assert_non_null(strstr(c.text, "DEBUG            DETAIL"));
	con_fini(&c);
}

static void
conntypes(void **s)
{
	(void)s;
	assert_string_equal(tnp_conntype_text(CT_SECURE), "SECURE");
	assert_string_equal(tnp_conntype_text(CT_NEGTSECURE), "NEGTSECURE");
	assert_string_equal(tnp_conntype_text(CT_BASIC), "BASIC");
	assert_string_equal(tnp_conntype_text(CT_ANY), "ANY");
	assert_string_equal(tnp_conntype_text(CT_NONE), "NONE");
	assert_string_equal(tnp_conntype_text(CT_NONE + 1), "?");
	assert_string_equal(tnp_conntype_text(-1), "?");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults), cmocka_unit_test(later_wins),
		cmocka_unit_test(scan_not_above_timemark), cmocka_unit_test(shows),
		cmocka_unit_test(conntypes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
