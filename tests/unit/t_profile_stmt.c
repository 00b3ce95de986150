/* SPDX-License-Identifier: Apache-2.0
 *
 * Every statement of companion zos-telnet-server sections 2 to 4: taken without
 * a word, taken with a note, told to be of no effect, or refused. docs/migration.md
 * says the same in the same order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/profile.h"

struct row {
	const char *block;              /* G globals, P parms, M PARMSGROUP, V BEGINVTAM */
	const char *text, *want;        /* want: part of the line told; NULL: nothing is told */
};

#define NO_EFFECT "is of no effect here"

static const struct row rows[] = {
	/* 3.1 */
	{ "GPM", "MSG07", NULL }, { "GPM", "NOMSG07", NULL }, { "GPM", "LUSESSIONPEND", NULL },
	{ "GPM", "NOLUSESSIONPEND", NULL }, { "GPM", "TN3270E", NULL },
	{ "GPM", "NOTN3270E", NULL },
	{ "GPM", "SNAEXT", NULL }, { "GPM", "NOSNAEXT", NULL }, { "GPM", "SEQUENTIALLU", NULL },
	{ "GPM", "NOSEQUENTIALLU", NULL }, { "GPM", "REFRESHMSG10", NULL },
	{ "GPM", "NOREFRESHMSG10", NULL }, { "GPM", "SINGLEATTN", NULL },
	{ "GPM", "NOSINGLEATTN", NULL }, { "GPM", "SGA", NULL }, { "GPM", "NOSGA", NULL },
	{ "GPM", "BINARYLINEMODE", NULL }, { "GPM", "NOBINARYLINEMODE", NULL },
	{ "GPM", "SIMCLIENTLU", NULL }, { "GPM", "NOSIMCLIENTLU", NULL },
	{ "GPM", "OLDSOLICITOR", NO_EFFECT }, { "GPM", "NOOLDSOLICITOR", NULL },
	{ "GPM", "PASSWORDPHRASE", NO_EFFECT }, { "GPM", "NOPASSWORDPHRASE", NULL },
	{ "GPM", "UNLOCKKEYBOARD AFTERREAD NOTN3270BIND", NULL },
	{ "GPM", "UNLOCKKEYBOARD BEFOREREAD TN3270BIND", NULL },
	{ "GP", "CODEPAGE TNSTD TNSTD", NULL }, { "GPM", "LINEMODE", "z/OS has no such statement" },
	{ "GP", "FORMAT LONG", NULL }, { "GP", "FORMAT SHORT", NULL },
	{ "GPM", "NOEXPRESSLOGON", NULL }, { "GPM", "NOEXPRESSLOGONMFA", NULL },
	{ "GPM", "DROPASSOCPRINTER", NULL }, { "GPM", "NODROPASSOCPRINTER", NULL },
	{ "GPM", "KEEPACB", "KEEPACB is n" },
	{ "P", "DBCSTRANSFORM", "is not served: take it out" },
	{ "P", "NODBCSTRANSFORM", NULL }, { "P", "DBCSTRACE", NO_EFFECT },
	/* 3.2 */
	{ "GPM", "SCANINTERVAL 60", NULL }, { "GPM", "TIMEMARK 600", NULL },
	{ "GPM", "INACTIVE 60", NULL }, { "GPM", "PRTINACTIVE 60", NULL },
	{ "GPM", "KEEPINACTIVE 60", NULL }, { "GP", "PROFILEINACTIVE 60", NULL },
	{ "GPM", "SSLTIMEOUT 5", NULL }, { "GPM", "CHECKCLIENTCONN 3", NULL },
	{ "GPM", "NOCHECKCLIENTCONN", NULL }, { "GPM", "KEEPLU 60", NULL },
	{ "GPM", "TKOSPECLU 5 SAMEIPADDR SAMECONNTYPE", NULL },
	{ "GPM", "TKOSPECLURECON 5 KEEPONTMRESET", NULL }, { "GPM", "TKOGENLU 5", NULL },
	{ "GPM", "TKOGENLURECON 5 SAMEIPADDR", NULL },
	/* 3.3 */
	{ "GPM", "MAXRECEIVE 65535", NULL }, { "GPM", "MAXREQSESS 20", NULL },
	{ "GP", "MAXRUCHAIN 1000", NULL }, { "GP", "MAXVTAMSENDQ 100", NULL },
	{ "GPM", "MAXTCPSENDQ 100000", NULL },
	/* 3.4: certificates are in t_profile and t_ttls */
	{ "M", "CONNTYPE NONE", NULL }, { "P", "CONNTYPE BASIC", NULL },
	{ "P", "NACUSERID USER1", "no network access control" }, { "P", "CLIENTAUTH NONE", NULL },
	/* 3.6, 3.7 */
	{ "G", "TCPIPJOBNAME TCPIP", NO_EFFECT }, { "G", "SHAREACB", NO_EFFECT },
	{ "G", "NOSHAREACB", NULL }, { "G", "TNSACONFIG ENABLED", NO_EFFECT },
	{ "G", "FULLDATATRACE", NO_EFFECT }, { "G", "NOFULLDATATRACE", NULL },
	{ "G", "XCFGROUP JOIN ENDXCFGROUP", NO_EFFECT },
	{ "P", "WLMCLUSTERNAME TN ENDWLMCLUSTERNAME", NO_EFFECT },
	{ "GPM", "DEBUG CONN DETAIL", NULL }, { "G", "DEBUG TASK EXCEPTION CONSOLE", NULL },
	{ "G", "TELNETDEVICE 3278-3-E NSX32703,SNX32703", NULL },
	{ "G", "TELNETDEVICE LINEMODE INTERACT", NULL },
	/* 4.1, 4.2 */
	{ "V", "DEFAULTLUSSPEC S1..S9 ENDDEFAULTLUSSPEC", NULL },
	{ "V", "DEFAULTPRT ,80% P1..P9 ENDDEFAULTPRT", NULL },
	{ "V", "DEFAULTPRTSPEC P1..P9 ENDDEFAULTPRTSPEC", NULL },
	{ "V", "SDEFAULTLUSSPEC S1 ENDSDEFAULTLUSSPEC", "taken as the local form" },
	{ "V", "SDEFAULTPRT S1 ENDSDEFAULTPRT", "taken as the local form" },
	{ "V", "SDEFAULTPRTSPEC S1 ENDSDEFAULTPRTSPEC", "taken as the local form" },
	{ "V", "LUGROUP G,80% G1..G9 ENDLUGROUP", NULL },
	{ "V", "LUGROUP G G1..G9 ENDLUGROUP LUGROUP H G H1 ENDLUGROUP", NULL },
	{ "V", "SLUGROUP G G1 ENDSLUGROUP", "taken as the local form" },
	{ "V", "PRTGROUP G G1 ENDPRTGROUP", NULL },
	{ "V", "SPRTGROUP G G1 ENDSPRTGROUP", "taken as the local form" },
	{ "V", "LUGROUP G,EXIT G1 ENDLUGROUP", "EXIT groups are not supported" },
	{ "V", "LUMAP L1 1.1.1.1 GENERIC DEFAPPL TSO FIRSTONLY QINIT DEFONLY KEEPOPEN", NULL },
	{ "V", "LUMAP L1 1.1.1.1 SPECIFIC P1", NULL }, { "V", "LUMAP L1", NULL },
	{ "V", "PRTMAP P1 1.1.1.1 SPECIFIC DEFAPPL PRT KEEPOPEN", NULL },
	/* 4.3 */
	{ "V", "DEFAULTAPPL TSO FIRSTONLY LOGAPPL DEFONLY", NULL },
	{ "V", "PRTDEFAULTAPPL PRT 1.1.1.1 LOGAPPL", NULL }, { "V", "LINEMODEAPPL TSO", NULL },
	{ "V", "ALLOWAPPL TSO* DISCONNECTABLE QSESSION,10 LU L1 L2", NULL },
	{ "V", "RESTRICTAPPL CICS CERTAUTH ALLOWPRINTER DISCONNECTABLE USER A LU L1 USER B*",
	    NULL },
	{ "V", "RESTRICTAPPL CICS USER A", "without CERTAUTH a password would" },
	{ "V", "USSTCP USSA,USSB", NULL }, { "V", "INTERPTCP INTA 1.1.1.1", NULL },
	/* 4.4, 4.5 */
	{ "V", "USERGROUP G USER%% TCP* ENDUSERGROUP", NULL },
	{ "V", "HNGROUP G **.IBM.COM *.A.COM A.B.COM ENDHNGROUP", NULL },
	{ "V", "IPGROUP G 9.11.12.0:255.255.255.0 9.10.11.65..9.10.11.67 ENDIPGROUP", NULL },
	{ "V", "DESTIPGROUP G 9.10.11.65..9.10.11.67 ENDDESTIPGROUP", NULL },
	{ "V", "LINKGROUP G SNA1 ENDLINKGROUP", NULL },
	{ "V", "LUMAP L1 USERID,U1 LUMAP L2 HOSTNAME,A.B LUMAP L3 DESTIP,1.1.1.1", NULL },
	{ "V", "LUMAP L1 LINKNAME,SNA1 LUMAP L2 A.B.COM", NULL },
	{ "V", "PARMSGROUP G TIMEMARK 60 ENDPARMSGROUP PARMSMAP G 1.1.1.1", NULL },
};

static const char *const wrap[][2] = {
	{ "TELNETGLOBALS\n", "\nENDTELNETGLOBALS TELNETPARMS PORT 23 ENDTELNETPARMS\n"
	    "BEGINVTAM PORT 23\n"
	    "DEFAULTLUS LU1..LU9 ENDDEFAULTLUS ALLOWAPPL * ENDVTAM\n" },
	{ "TELNETPARMS PORT 23\n", "\nENDTELNETPARMS BEGINVTAM PORT 23\n"
	    "DEFAULTLUS LU1..LU9 ENDDEFAULTLUS ALLOWAPPL * ENDVTAM\n" },
	{ "TELNETPARMS PORT 23 ENDTELNETPARMS BEGINVTAM PORT 23\n"
	    "DEFAULTLUS LU1..LU9 ENDDEFAULTLUS ALLOWAPPL * PARMSGROUP PG\n",
	    "\nENDPARMSGROUP ENDVTAM\n" },
	{ "TELNETPARMS PORT 23 ENDTELNETPARMS BEGINVTAM PORT 23\n"
	    "DEFAULTLUS LU1..LU9 ENDDEFAULTLUS ALLOWAPPL *\n", "\nENDVTAM\n" },
};

static void
one(const struct row *r, unsigned block)
{
	char text[1000], line[400], all[1200] = "";
	struct tnp_errs errs;
	struct profile *p;

	snprintf(text, sizeof(text), "%s%s%s", wrap[block][0], r->text, wrap[block][1]);
	tnp_errs_init(&errs);
	p = profile_parse("p", text, strlen(text), &errs);
	assert_non_null(p);
	for (const struct tnp_err *e = errs.first; e != NULL && strlen(all) < 800; e = e->next)
		strcat(strcat(all, tnp_err_line(e, "p", line, sizeof(line))), "\n");
	if (r->want == NULL ? all[0] != '\0' : strstr(all, r->want) == NULL)
		fail_msg("%s in %s: %s", r->text, wrap[block][0], all[0] == '\0' ? "nothing" : all);
	profile_free(p);
	tnp_errs_fini(&errs);
}

static void
every_statement(void **s)
{
	(void)s;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (const char *b = rows[i].block; *b != '\0'; b++)
			one(&rows[i], *b == 'G' ? 0 : *b == 'P' ? 1 : *b == 'M' ? 2 : 3);
}

/* SDEFAULTLUS needs a block without DEFAULTLUS. */
static void
shared_default(void **s)
{
	static const char text[] = "TELNETPARMS PORT 23 ENDTELNETPARMS BEGINVTAM PORT 23\n"
	    "SDEFAULTLUS LU1..LU9 ENDSDEFAULTLUS ALLOWAPPL * ENDVTAM\n";
	struct tnp_errs errs;
	struct profile *p;

	(void)s;
	tnp_errs_init(&errs);
	p = profile_parse("p", text, strlen(text), &errs);
	assert_int_equal(errs.fails, 0);
	assert_string_equal(p->vtams->deflus[0][0]->name, "DEFAULTLUS");
	assert_int_equal(p->vtams->deflus[0][0]->n, 9);
	profile_free(p);
	tnp_errs_fini(&errs);
}

/* Section 2: a block for PORT n,addr comes before one for PORT n. */
static void
qualified_blocks(void **s)
{
	static const char text[] = "TELNETPARMS PORT 23,10.1.1.1 ENDTELNETPARMS\n"
	    "TELNETPARMS PORT 23 ENDTELNETPARMS\n"
	    "BEGINVTAM PORT 23 DEFAULTLUS A1 ENDDEFAULTLUS ENDVTAM\n"
	    "BEGINVTAM PORT 23,10.1.1.1 DEFAULTLUS B1 ENDDEFAULTLUS ENDVTAM\n";
	struct tnp_errs errs;
	struct profile *p;

	(void)s;
	tnp_errs_init(&errs);
	p = profile_parse("p", text, strlen(text), &errs);
	assert_int_equal(errs.count, 0);
	assert_int_equal(tnp_group_index(p->ports->vtam->deflus[0][0], "B1"), 0);
	assert_int_equal(tnp_group_index(p->ports->next->vtam->deflus[0][0], "A1"), 0);
	profile_free(p);
	tnp_errs_fini(&errs);
}

/* 3.2: SCANINTERVAL is the smallest coded for the port, for all of its clients. */
static void
smallest_scaninterval(void **s)
{
	static const char text[] = "TELNETGLOBALS SCANINTERVAL 1900 TIMEMARK 10900\n"
	    "ENDTELNETGLOBALS\n"
	    "TELNETPARMS PORT 23 SCANINTERVAL 1800 ENDTELNETPARMS\n"
	    "BEGINVTAM PORT 23 DEFAULTLUS A1 ENDDEFAULTLUS\n"
	    "PARMSGROUP G SCANINTERVAL 120 TIMEMARK 180 ENDPARMSGROUP PARMSMAP G 1.1.1.1 ENDVTAM\n";
	struct tnp_errs errs;
	struct profile *p;

	(void)s;
	tnp_errs_init(&errs);
	p = profile_parse("p", text, strlen(text), &errs);
	assert_int_equal(errs.count, 0);
	assert_int_equal(p->ports->final[0].v[TP_SCANINTERVAL], 120);
	assert_int_equal(p->ports->final[0].v[TP_TIMEMARK], 10900);
	profile_free(p);
	tnp_errs_fini(&errs);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement), cmocka_unit_test(shared_default),
		cmocka_unit_test(qualified_blocks), cmocka_unit_test(smallest_scaninterval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
