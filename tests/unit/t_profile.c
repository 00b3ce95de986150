/* SPDX-License-Identifier: Apache-2.0
 *
 * The Telnet profile: what it means, and that every mistake is told with line,
 * column and word. Sections of companion zos-telnet-server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/profile.h"
#include "tn3270e/profile_allow.h"
#include "tn3270e/tndev.h"

struct fx {
	struct tnp_errs errs;
	struct profile *p;
};

static void
parse_n(struct fx *f, const char *text, size_t n)
{
	tnp_errs_init(&f->errs);
	f->p = profile_parse("p", text, n, &f->errs);
	assert_non_null(f->p);
}

static void
parse(struct fx *f, const char *text)
{
	parse_n(f, text, strlen(text));
}

static void
done(struct fx *f)
{
	profile_free(f->p);
	tnp_errs_fini(&f->errs);
}

static void
no_errors(const struct fx *f)
{
	char line[400];

	if (f->errs.first != NULL)
		fail_msg("%s", tnp_err_line(f->errs.first, "p", line, sizeof(line)));
	assert_int_equal(f->errs.count, 0);
}

static bool
has_line(const struct fx *f, const char *want)
{
	char line[400];

	for (const struct tnp_err *e = f->errs.first; e != NULL; e = e->next)
		if (strncmp(tnp_err_line(e, "p", line, sizeof(line)), want, strlen(want)) == 0)
			return true;
	return false;
}

static void
told(const struct fx *f, const char *want)
{
	char line[400];

	if (has_line(f, want))
		return;
	for (const struct tnp_err *e = f->errs.first; e != NULL; e = e->next)
		print_error("  %s\n", tnp_err_line(e, "p", line, sizeof(line)));
	fail_msg("not told: %s", want);
}

/* --- the profiles we ship --- */

static void
demo_profile(void **s)
{
	struct fx f;
	struct tnp_client who = { 0 };
	const struct tnp_port *a, *b;
	const struct tnp_vtam *v;
	enum tnp_deny why;

	(void)s;
	tnp_errs_init(&f.errs);
	f.p = profile_read("config/demo/gw/telnet.profile", &f.errs);
	assert_non_null(f.p);
	no_errors(&f);
	assert_int_equal(f.p->n_ports, 2);
	a = f.p->ports;
	b = a->next;
	assert_int_equal(a->port, 2323);
	assert_int_equal(a->final[0].v[TP_CONNTYPE], CT_BASIC);
	assert_int_equal(b->port, 2992);
	assert_true(b->secure && !a->secure);
	assert_int_equal(b->final[0].v[TP_CONNTYPE], CT_SECURE);
	assert_string_equal(b->tls_conf.cert, "run/server.pem");
	assert_string_equal(b->tls_conf.key, "run/server.key");
	v = a->vtam;
	assert_ptr_equal(v, b->vtam);
	assert_int_equal(v->deflus[0][0]->n, 9999);
	assert_int_equal(v->deflus[0][1]->n, 9999);
	assert_int_equal(v->deflus[1][0]->n, 999);
	assert_int_equal(v->deflus[1][1]->n, 999);
	assert_string_equal(profile_uss(a, &who)->name[0], "USSDEMO");
	assert_string_equal(profile_uss(b, &who)->name[1], "USSDEMOS");
	assert_non_null(profile_allows(&(struct tnp_asks){ a, &who, "TSO",
	    "TCP00001", 0 }, &why));
	assert_int_equal(a->final[0].v[TP_MSG07], 1);
	assert_int_equal(a->final[0].src[TP_MSG07], TS_GLOBALS);
	assert_int_equal(a->final[0].v[TP_LUSESSIONPEND], 1);
	assert_int_equal(b->final[0].v[TP_TIMEMARK], 10800);
	assert_string_equal(profile_mode(f.p, tndev_find("3278-4-E", 8), TNP_3270), "NSX32704");
	assert_string_equal(profile_mode(f.p, tndev_find("3278-4-E", 8), TNP_E), "SNX32704");
	assert_string_equal(profile_mode(f.p, tndev_find("3279-5-E", 8), TNP_3270), "NSX32705");
	assert_string_equal(profile_mode(f.p, tndev_find("3278-2", 6), TNP_3270), "SNX32702");
	assert_string_equal(profile_mode(f.p, 0, TNP_E), "");
	done(&f);
}

static void
gateway_profile(void **s)
{
	struct fx f;

	(void)s;
	tnp_errs_init(&f.errs);
	f.p = profile_read("config/gateway/telnet.profile", &f.errs);
	assert_non_null(f.p);
	assert_int_equal(f.errs.fails, 0);
	done(&f);
	tnp_errs_init(&f.errs);
	f.p = profile_read("no/such/profile", &f.errs);
	assert_null(f.p);
	assert_int_equal(f.errs.fails, 1);
	told(&f, "p: can't be read: No such file");
	done(&f);
}

/* Section 2: the sample there; only its key ring is not for us. */
static void
sample_profile(void **s)
{
	struct fx f;

	(void)s;
	parse(&f, "TelnetGlobals\n  MSG07   LUSESSIONPEND\n"
	    "  TIMEMARK 14400   SCANINTERVAL 3600   CHECKCLIENTCONN 3\n"
	    "  TELNETDEVICE 3278-3-E NSX32703\n  CODEPAGE TNSTD TNSTD\nEndTelnetGlobals\n"
	    "TELNETPARMS\n  PORT 23\nENDTELNETPARMS\nTELNETPARMS\n"
	    "  SECUREPORT 992   KEYRING SAF TNring   CLIENTAUTH SAFCERT   SSLTIMEOUT 10\n"
	    "ENDTELNETPARMS\nBEGINVTAM\n  PORT 23 992\n"
	    "  DEFAULTLUS  TCPE0001..TCPE0099  ENDDEFAULTLUS\n  ALLOWAPPL TSO* DISCONNECTABLE\n"
	    "  ALLOWAPPL *\n  USSTCP EZBTPUST\n  LINEMODEAPPL TSO\nENDVTAM\n");
	assert_int_equal(f.errs.fails, 2);
	told(&f, "p(11,20): warning: KEYRING: is of no effect");
	told(&f, "p(10,1): TELNETPARMS: port 992 uses TLS");
	told(&f, "p(10,1): CLIENTAUTH: port 992: client certificates need CLIENTCA");
	assert_int_equal(f.p->ports->final[0].v[TP_TIMEMARK], 14400);
	assert_int_equal(f.p->ports->final[0].v[TP_SCANINTERVAL], 3600);
	assert_int_equal(f.p->ports->next->final[0].v[TP_SSLTIMEOUT], 10);
	assert_int_equal(f.p->ports->next->final[0].src[TP_SSLTIMEOUT], TS_PARMS);
	done(&f);
}

/* --- mistakes --- */

#define P23 "TELNETPARMS PORT 23 ENDTELNETPARMS\n"
#define LU9 "DEFAULTLUS LU1..LU9 ENDDEFAULTLUS\n"
#define V23 "BEGINVTAM PORT 23\n" LU9

struct wrong {
	const char *text, *want;
};

static void
all_wrong(const struct wrong *w, size_t n, const char *before, const char *behind)
{
	for (size_t i = 0; i < n; i++) {
		char text[2000];
		struct fx f;

		snprintf(text, sizeof(text), "%s%s\n%s", before, w[i].text, behind);
		parse(&f, text);
		told(&f, w[i].want);
		if (strstr(w[i].want, "note: ") == NULL && strstr(w[i].want, "warning: ") == NULL)
			assert_true(f.errs.fails > 0);
		else if (f.errs.fails != 0)
			fail_msg("%s: fails", w[i].text);
		done(&f);
	}
}
#define ALL(w, before, behind) all_wrong(w, sizeof(w) / sizeof((w)[0]), before, behind)

static void
wrong_lus(void **s)             /* the line of the mistake is line 4 */
{
	static const struct wrong w[] = {
		{ "NONSENSE 1", "p(4,1): NONSENSE is not a statement of this block" },
		{ "  ; x\n  FOO", "p(5,3): FOO is not a statement" },
		{ "ALLOWAPPL", "p(4,1): ALLOWAPPL: the application's name is missing" },
		{ "ALLOWAPPL * BAR", "p(4,13): ALLOWAPPL: BAR: no operand" },
		{ "ALLOWAPPL A-BC", "p(4,11): ALLOWAPPL: A-BC is not an application's name" },
		{ "ALLOWAPPL 1AB", "p(4,11): ALLOWAPPL: 1AB is not an application's name" },
		{ "ALLOWAPPL A*B*", "p(4,11): ALLOWAPPL: A*B* is not an application's name" },
		{ "ALLOWAPPL .A", "p(4,11): ALLOWAPPL: .A is not an application's name" },
		{ "ALLOWAPPL N.", "p(4,11): ALLOWAPPL: N. is not an application's name" },
		{ "ALLOWAPPL NINECHARS", "p(4,11): ALLOWAPPL: NINECHARS is not" },
		{ "DEFAULTAPPL TSO*", "p(4,13): DEFAULTAPPL: TSO* is not an application's name" },
		{ "DEFAULTAPPL *", "p(4,13): DEFAULTAPPL: * is not an application's name" },
		{ "ALLOWAPPL ABC LUG NOGRP", "p(4,19): ALLOWAPPL: LUG names no LUGROUP" },
		{ "ALLOWAPPL ABC LU 1X", "p(4,18): ALLOWAPPL: 1X: not an LU name" },
		{ "RESTRICTAPPL X USER U1", "p(4,1): warning: RESTRICTAPPL: X: without CERTAUTH" },
		{ "RESTRICTAPPL X CERTAUTH", "p(4,1): RESTRICTAPPL: X: USER says who" },
		{ "RESTRICTAPPL X CERTAUTH USER", "p(4,1): RESTRICTAPPL: USER: a user id" },
		{ "RESTRICTAPPL X CERTAUTH USER A*B", "p(4,30): RESTRICTAPPL: A*B: a * may" },
		{ "RESTRICTAPPL X CERTAUTH USER A LU", "p(4,32): RESTRICTAPPL: LU: there is" },
		{ "ALLOWAPPL X CERTAUTH", "p(4,13): ALLOWAPPL: CERTAUTH: no operand" },
		{ "ALLOWAPPL X QSESSION,X", "p(4,13): ALLOWAPPL: QSESSION,X: QSESSION or" },
		{ "SLUGROUP G G1 ENDSLUGROUP", "p(4,1): note: SLUGROUP: there is no XCF group" },
		{ "LUGROUP G G1 ENDLUGROUP LUGROUP H G G2 ENDLUGROUP LUMAP H 1.1.1.1\n"
		    "ALLOWAPPL X LUG",
		    "p(5,1): ALLOWAPPL: LUG names no LUGROUP" },
		{ "DEFAULTLUS A1 ENDDEFAULTLUS", "p(4,1): DEFAULTLUS: is there twice" },
		{ "DEFAULTPRT ENDDEFAULTPRT", "p(4,1): DEFAULTPRT: there is no LU name" },
		{ "DEFAULTPRT P1..P0 ENDDEFAULTPRT",
		    "p(4,12): DEFAULTPRT: P1..P0: the first name" },
		{ "DEFAULTPRT P1 P2", "p(4,1): DEFAULTPRT: ENDDEFAULTPRT is missing" },
		{ "DEFAULTPRT ,0% P1 ENDDEFAULTPRT", "p(4,12): DEFAULTPRT: ,0%: a warning level" },
		{ "DEFAULTPRT ,80 P1 ENDDEFAULTPRT", "p(4,12): DEFAULTPRT: ,80: a warning level" },
		{ "DEFAULTPRT P000000..P999999 ENDDEFAULTPRT",
		    "p(4,12): DEFAULTPRT: P000000..P999999: more than" },
		{ "LUGROUP", "p(4,1): LUGROUP: " },
		{ "LUGROUP ENDLUGROUP", "p(4,1): LUGROUP: the group has no name" },
		{ "LUGROUP G G1 ENDLUGROUP PRTGROUP g G2 ENDPRTGROUP",
		    "p(4,34): PRTGROUP: there is a group G already" },
		{ "LUGROUP TOOLONGNAME A1 ENDLUGROUP",
		    "p(4,9): LUGROUP: TOOLONGNAME: a group's name" },
		{ "LUGROUP G,EXIT A1 ENDLUGROUP", "p(4,9): LUGROUP: G,EXIT: EXIT groups" },
		{ "LUGROUP G,101% A1 ENDLUGROUP", "p(4,9): LUGROUP: ,101%: a warning level" },
		{ "LUGROUP G A1..A2..FQ ENDLUGROUP",
		    "p(4,11): LUGROUP: A1..A2..FQ: a rule has only" },
		{ "LUGROUP LU5 A1 ENDLUGROUP LUMAP LU5 1.1.1.1\n"
		    /* N-07 */
		    "LUGROUP B LU5 ENDLUGROUP", "p(2,1): BEGINVTAM: LU5 is the name of a group" },
	};

	(void)s;
	ALL(w, P23 V23, "ENDVTAM\n");
}

static void
wrong_maps(void **s)
{
	static const struct wrong w[] = {
		{ "IPGROUP G 1.2.3 ENDIPGROUP", "p(4,11): IPGROUP: 1.2.3 is no address" },
		{ "IPGROUP G 1.2.3.9..1.2.3.4 ENDIPGROUP",
		    "p(4,11): IPGROUP: 1.2.3.9..1.2.3.4 is no" },
		{ "IPGROUP G 1.2.3.4/33 ENDIPGROUP", "p(4,11): IPGROUP: 1.2.3.4/33 is no" },
		{ "IPGROUP G 1.2.3.0:4.5.6.0 ENDIPGROUP",
		    "p(4,11): IPGROUP: 1.2.3.0:4.5.6.0 is no" },
		{ "IPGROUP G 1.2.3.4", "p(4,1): IPGROUP: ENDIPGROUP is missing" },
		{ "IPGROUP", "p(4,1): IPGROUP: " },
		{ "LUMAP", "p(4,1): LUMAP: an LU or a group is missing" },
		{ "LUMAP 1X 1.1.1.1", "p(4,7): LUMAP: 1X is neither a group" },
		{ "LUMAP LU1 NOSUCH", "p(4,11): warning: LUMAP: NOSUCH is no IP address" },
		{ "LUMAP LU1 TOOLONGFORALINKNAME", "p(4,11): LUMAP: TOOLONGFORALINKNAME: a link" },
		{ "LUMAP LU9..LU1 1.1.1.1 LUMAP L2 1.1.1.1 LUMAP LU9..LU1 1.1.1.1",
		    "p(4,7): LUMAP: LU9..LU1: the first name" },
		{ "LUMAP LU1 HOSTNAME,A+B", "p(4,11): LUMAP: A+B is no host name" },
		{ "LUMAP LU1 USERID,NINECHARS", "p(4,11): LUMAP: NINECHARS: a user id" },
		{ "LUMAP LU1 USERGRP,X", "p(4,11): LUMAP: there is no group X" },
		{ "USERGROUP G NINECHARS ENDUSERGROUP",
		    "p(4,13): USERGROUP: NINECHARS: a user id" },
		{ "USERGROUP G A*B ENDUSERGROUP", "p(4,13): USERGROUP: A*B: a user id" },
		{ "HNGROUP G *B.COM ENDHNGROUP", "p(4,11): HNGROUP: *B.COM: a host name is" },
		{ "HNGROUP G ***.COM ENDHNGROUP", "p(4,11): HNGROUP: ***.COM: a host name is" },
		{ "HNGROUP G *. ENDHNGROUP", "p(4,11): HNGROUP: *.: a host name is" },
		{ "HNGROUP G A.*.COM ENDHNGROUP", "p(4,11): HNGROUP: A.*.COM: a host name is" },
		{ "LINKGROUP G SIXTEENCHARACTER ENDLINKGROUP",
		    "p(4,13): LINKGROUP: SIXTEENCHARACTER: a link has" },
		{ "HNGROUP G A.B ENDHNGROUP IPGROUP g 1.1.1.1 ENDIPGROUP",
		    "p(4,34): IPGROUP: there is a group G already" },
		{ "LINKGROUP G ETH0", "p(4,1): LINKGROUP: ENDLINKGROUP is missing" },
		{ "IPGROUP NAMEOFNINE 1.1.1.1 ENDIPGROUP", "p(4,9): IPGROUP: NAMEOFNINE: a group" },
		{ "LUMAP LU1 FOO,BAR", "p(4,11): LUMAP: FOO,BAR: no known type" },
		{ "LUMAP LU1 IPADDR,X", "p(4,11): LUMAP: X is no IP address" },
		{ "LUMAP LU1 IPGROUP,X", "p(4,11): LUMAP: there is no group X" },
		{ "LUMAP LU1 1.1.1.1 PMAP X", "p(4,24): LUMAP: X: no PARMSGROUP" },
		{ "LUMAP LU1 1.1.1.1 PMAP", "p(4,1): LUMAP: (nothing): no PARMSGROUP" },
		{ "LUMAP LU1 1.1.1.1 DEFAPPL", "p(4,1): LUMAP: the application's name is missing" },
		{ "LUMAP LU1 1.1.1.1 P1 P2", "p(4,22): LUMAP: P2: no operand of a map" },
		{ "PRTGROUP P P1..P3 ENDPRTGROUP LUGROUP L L1..L2 ENDLUGROUP LUMAP L 1.1.1.1 P",
		    "p(4,75): LUMAP: L has 2 LUs and P has 3 printers" },
		{ "PRTGROUP P P1 ENDPRTGROUP LUMAP P 1.1.1.1",
		    "p(4,33): LUMAP: P is a group of the" },
		{ "PRTMAP P1 1.1.1.1 P2", "p(4,19): PRTMAP: P2: no operand of a map" },
		{ "DEFAULTAPPL A 1.1.1.1 2.2.2.2", "p(4,23): DEFAULTAPPL: 2.2.2.2: no option" },
		{ "USSTCP", "p(4,1): USSTCP: the table's name is missing" },
		{ "USSTCP TABLETOOLONG", "p(4,8): USSTCP: TABLETOOLONG: a table's name" },
		{ "USSTCP A,", "p(4,8): USSTCP: A,: a table's name" },
		{ "USSTCP A X", "p(4,10): warning: USSTCP: X is no IP address" },
		{ "USSTCP A", "p(2,1): warning: BEGINVTAM: USSTCP without ALLOWAPPL" },
		{ "PORT 70000", "p(4,6): PORT: 70000 is not a port number" },
		{ "PORT", "p(4,1): PORT: a port number is missing" },
		{ "PORT 24", "p(2,1): warning: BEGINVTAM: port 24 has no TELNETPARMS" },
		{ "PARMSGROUP G FOO ENDPARMSGROUP", "p(4,14): FOO is not a statement" },
		{ "PARMSGROUP G FORMAT LONG ENDPARMSGROUP", "p(4,14): FORMAT: can't stand" },
		{ "PARMSGROUP G TIMEMARK 0 ENDPARMSGROUP",
		    "p(4,23): TIMEMARK: 0 is not a number from 1" },
		{ "PARMSGROUP G MSG07 ENDPARMSGROUP PARMSGROUP G ENDPARMSGROUP",
		    "p(4,45): PARMSGROUP: there is a PARMSGROUP of this name" },
		{ "PARMSGROUP G MSG07", "p(4,1): PARMSGROUP: ENDPARMSGROUP is missing" },
		{ "PARMSMAP", "p(4,1): PARMSMAP: (nothing): no PARMSGROUP" },
		{ "PARMSMAP X 1.1.1.1", "p(4,10): PARMSMAP: X: no PARMSGROUP" },
		{ "SDEFAULTPRT A B ENDSDEFAULTPRT", "p(4,1): note: SDEFAULTPRT: there is no XCF" },
		{ "MONITORMAP G 1.1.1.1", "p(4,12): MONITORMAP: G: no MONITORGROUP" },
	};

	(void)s;
	ALL(w, P23 V23, "ENDVTAM\n");
}

static void
wrong_parms(void **s)           /* line 2 */
{
	static const struct wrong w[] = {
		{ "FOO", "p(2,1): PORT: FOO is neither an operand of this statement" },
		{ "TIMEMARK", "p(2,1): TIMEMARK: a number from 1 to" },
		{ "TIMEMARK 0", "p(2,10): TIMEMARK: 0 is not a number" },
		{ "TIMEMARK 12X", "p(2,10): TIMEMARK: 12X is not a number" },
		{ "TIMEMARK -1", "p(2,10): TIMEMARK: -1 is not a number" },
		{ "TIMEMARK 100000000", "p(2,10): TIMEMARK: 100000000 is not a number" },
		{ "TIMEMARK 99999999999999999999",
		    "p(2,10): TIMEMARK: 99999999999999999999 is not" },
		{ "TIMEMARK 60 70", "p(2,13): TIMEMARK: 70 is neither an operand" },
		{ "MSG07 ON", "p(2,7): MSG07: ON is neither an operand" },
		{ "MAXRECEIVE 255", "p(2,12): MAXRECEIVE: 255 is not a number from 256" },
		{ "NOTIMEMARK", "p(2,1): PORT: NOTIMEMARK is neither an operand" },
		{ "PORT 24", "p(2,1): PORT: this block names port 23 already" },
		{ "CONNTYPE FOO",
		    "p(2,10): CONNTYPE: FOO: one of SECURE, NEGTSECURE, BASIC, ANY, NONE" },
		{ "CONNTYPE", "p(2,1): CONNTYPE: one of SECURE" },
		{ "CONNTYPE ANY", "p(1,1): TELNETPARMS: port 23 uses TLS (CONNTYPE ANY)" },
		{ "CERTIFICATE", "p(2,1): CERTIFICATE: a file's name is missing" },
		{ "CLIENTAUTH X", "p(2,12): CLIENTAUTH: X: one of NONE" },
		{ "FORMAT X", "p(2,8): FORMAT: X: one of SHORT, LONG" },
		{ "DEBUG X", "p(2,7): DEBUG: X: one of CONN" },
		{ "DEBUG CONN X", "p(2,12): DEBUG: X: one of OFF" },
		{ "CODEPAGE A", "p(2,1): CODEPAGE: two code pages" },
		{ "TELNETDEVICE 3278-9 A", "p(2,14): TELNETDEVICE: a known device type" },
		{ "TELNETDEVICE 3278-2", "p(2,14): TELNETDEVICE: a known device type" },
		{ "TELNETDEVICE 3278-2 NINECHARS", "p(2,21): TELNETDEVICE: a logon mode" },
		{ "TELNETDEVICE 3278-2 A,", "p(2,21): TELNETDEVICE: a logon mode" },
		{ "UNLOCKKEYBOARD X", "p(2,16): UNLOCKKEYBOARD: X: one of BEFOREREAD" },
		{ "OLDSOLICITOR", "p(2,1): warning: OLDSOLICITOR: is of no effect" },
		{ "TKOSPECLU", "p(2,1): TKOSPECLU: a number from 1 to" },
		{ "TKOSPECLU 5 KEEPONTMRESET", "p(2,1): TKOSPECLU: KEEPONTMRESET belongs to" },
		{ "TKOGENLURECON 5 SAMEWAY", "p(2,17): TKOGENLURECON: SAMEWAY is neither" },
		{ "DEFAULTLUS A ENDDEFAULTLUS", "p(2,1): PORT: DEFAULTLUS is neither an operand" },
	};

	(void)s;
	ALL(w, "TELNETPARMS PORT 23\n", "ENDTELNETPARMS\n" V23 "ALLOWAPPL * ENDVTAM\n");
}

static void
wrong_whole(void **s)
{
	static const struct wrong w[] = {
		{ "", "p: there is no TELNETPARMS block" },
		{ "", "p: there is no BEGINVTAM block" },
		{ "PORT 23", "p(1,1): PORT stands outside" },
		{ P23, "p(1,1): TELNETPARMS: port 23 is in no BEGINVTAM" },
		{ P23 "BEGINVTAM PORT 24 " LU9 "ENDVTAM", "p(1,1): TELNETPARMS: port 23 is in no" },
		{ P23 P23 V23 "ENDVTAM", "p(2,1): TELNETPARMS: port 23 has a TELNETPARMS" },
		{ P23 V23 "ENDVTAM " V23 "ENDVTAM", "p(4,9): BEGINVTAM: port 23 is in another" },
		{ "TELNETPARMS ENDTELNETPARMS\n", "p(1,1): TELNETPARMS: no PORT, SECUREPORT" },
		{ "TELNETPARMS PORT 0 ENDTELNETPARMS", "p(1,18): PORT: 0 is not a port number" },
		{ "TELNETPARMS PORT 23X ENDTELNETPARMS", "p(1,18): PORT: 23X is not a port" },
		{ "TELNETPARMS PORT 23,ETH0 ENDTELNETPARMS", "p(1,18): PORT: ETH0 is not an IP" },
		{ "TELNETPARMS PORT 23", "p(1,1): TELNETPARMS: ENDTELNETPARMS is missing" },
		{ "TELNETGLOBALS MSG07", "p(1,1): TELNETGLOBALS: ENDTELNETGLOBALS is missing" },
		{ P23 "BEGINVTAM PORT 23", "p(2,1): BEGINVTAM: ENDVTAM is missing" },
		{ P23 V23, "p(2,1): BEGINVTAM: ENDVTAM is missing" },
		{ P23 "BEGINVTAM ENDVTAM", "p(2,1): warning: BEGINVTAM: neither DEFAULTLUS" },
		{ "TELNETGLOBALS CONNTYPE 3 ENDTELNETGLOBALS", "p(1,15): CONNTYPE: " },
		{ "TELNETGLOBALS CLIENTAUTH 1 ENDTELNETGLOBALS", "p(1,15): CLIENTAUTH: " },
	};

	(void)s;
	ALL(w, "", "");
}

/* Words longer than any field, bytes that are no text. */
static void
hostile_words(void **s)
{
	static const char *const stmt[] = { "ALLOWAPPL ", "DEFAULTAPPL ", "LUMAP ", "LUMAP LU1 ",
		"USSTCP ", "LUGROUP ", "IPGROUP G ", "PARMSGROUP ", "PARMSMAP ", "PORT ", "",
		"IPGROUP ", "ALLOWAPPL A LUG ", "LUMAP LU1 1.1.1.1 DEFAPPL ", "DEFAULTPRT " };
	const size_t big = 3u << 20;
	char *text = malloc(big + 4000);

	(void)s;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(stmt) / sizeof(stmt[0]); i++) {
		size_t n = (size_t)sprintf(text, P23 V23 "%s", stmt[i]);
		struct fx f;

		memset(text + n, 'A', big);
		n += big;
		n += (size_t)sprintf(text + n, "\nENDVTAM\n");
		parse_n(&f, text, n);
		assert_true(f.errs.fails > 0);
		done(&f);
		memset(text + strlen(P23 V23), i % 2 ? 0 : 0xff, 300);
		parse_n(&f, text, 2000);
		assert_true(f.errs.fails > 0);
		done(&f);
	}
	free(text);
}

static void
errors_bounded(void **s)
{
	char *text = malloc(100000);
	size_t n = 0;
	struct fx f;

	(void)s;
	assert_non_null(text);
	for (int i = 0; i < 5000; i++)
		n += (size_t)sprintf(text + n, "IPGROUP G X\n");
	parse_n(&f, text, n);
	assert_true(f.errs.fails >= 1);
	done(&f);
	n = (size_t)sprintf(text, P23 V23);
	for (int i = 0; i < 5000; i++)
		n += (size_t)sprintf(text + n, "LUMAP 1\n");
	n += (size_t)sprintf(text + n, "ENDVTAM");
	parse_n(&f, text, n);
	assert_true(f.errs.fails >= 5000);
	n = 0;
	for (const struct tnp_err *e = f.errs.first; e != NULL; e = e->next)
		n++;
	assert_in_range(n, 100, 1000);
	done(&f);
	free(text);
}

/* --- parameters --- */

static const struct tnp_parms *
parms(const struct fx *f, const char *addr, const char *lu)
{
	struct tnp_client who = { 0 };

	assert_true(ipaddr_parse(&who.addr, addr));
	return profile_parms(f->p->ports, &who, lu == NULL ? NULL :
	    profile_map(f->p->ports, &who, lu, TMAP_GENERIC));
}

/* Section 3.2's example, and each source by its name. */
static void
parms_levels(void **s)
{
	const struct tnp_parms *p;
	struct fx f;

	(void)s;
	parse(&f, "TELNETGLOBALS SCANINTERVAL 1900 TIMEMARK 10900 INACTIVE 3800 NOSNAEXT\n"
	    "ENDTELNETGLOBALS\nTELNETPARMS PORT 23 SCANINTERVAL 1800 TIMEMARK 10800 INACTIVE 3600\n"
	    "ENDTELNETPARMS\n" V23 "ALLOWAPPL *\n"
	    "PARMSGROUP PG SCANINTERVAL 120 TIMEMARK 180 INACTIVE 1140 SNAEXT ENDPARMSGROUP\n"
	    "PARMSGROUP PM NOTN3270E INACTIVE 77 NOMAXREQSESS ENDPARMSGROUP\n"
	    "PARMSMAP PG 10.1.1.1 LUMAP TCPM1 10.1.1.1 PMAP PM LUMAP TCPM2 10.1.1.2 PMAP PM\n"
	    "ENDVTAM");
	no_errors(&f);
	p = parms(&f, "10.9.9.9", NULL);
	assert_int_equal(p->v[TP_INACTIVE], 3600);
	assert_int_equal(p->src[TP_INACTIVE], TS_PARMS);
	assert_int_equal(p->v[TP_SNAEXT], 0);
	assert_int_equal(p->src[TP_SNAEXT], TS_GLOBALS);
	assert_int_equal(p->src[TP_MSG07], TS_DEFAULT);
	assert_int_equal(p->v[TP_CONNTYPE], CT_BASIC);
	p = parms(&f, "10.1.1.1", NULL);
	assert_int_equal(p->v[TP_SCANINTERVAL], 120);
	assert_int_equal(p->v[TP_TIMEMARK], 180);
	assert_int_equal(p->v[TP_SNAEXT], 1);
	assert_int_equal(p->src[TP_SNAEXT], TS_GROUP);
	assert_int_equal(p->v[TP_TN3270E], 1);
	p = parms(&f, "10.1.1.1", "TCPM1");
	assert_int_equal(p->v[TP_TIMEMARK], 180);
	assert_int_equal(p->v[TP_INACTIVE], 77);
	assert_int_equal(p->v[TP_TN3270E], 0);
	assert_int_equal(p->v[TP_MAXREQSESS], 0);
	assert_int_equal(p->src[TP_INACTIVE], TS_PMAP);
	assert_int_equal(p->src[TP_TIMEMARK], TS_GROUP);
	p = parms(&f, "10.1.1.2", "TCPM2");
	assert_int_equal(p->v[TP_TIMEMARK], 10800);
	assert_int_equal(p->v[TP_INACTIVE], 77);
	done(&f);
}

static void
ports_qualified(void **s)
{
	struct fx f;

	(void)s;
	parse(&f, "TELNETPARMS PORT 23,10.1.1.1 MSG07 ENDTELNETPARMS\n"
	    "TELNETPARMS PORT 23,2001:DB8::1 ENDTELNETPARMS TELNETPARMS PORT 23 ENDTELNETPARMS\n"
	    "BEGINVTAM " LU9 "ENDVTAM");
	no_errors(&f);
	assert_int_equal(f.p->n_ports, 3);
	assert_int_equal(f.p->ports->addr.fam, 4);
	assert_int_equal(f.p->ports->next->addr.fam, 6);
	assert_int_equal(f.p->ports->next->next->addr.fam, 0);
	assert_ptr_equal(f.p->ports->vtam, f.p->ports->next->vtam);
	done(&f);
}

/* --- who gets what --- */

/* Pools get numbers as the main gives them: 1, 2.. through defaults, then groups. */
static void
pools(struct fx *f)
{
	uint16_t id = 0;

	for (struct tnp_vtam *v = f->p->vtams; v != NULL; v = v->next) {
		for (unsigned i = 0; i < 4; i++)
			if (v->deflus[i / 2][i % 2] != NULL)
				v->deflus[i / 2][i % 2]->pool = ++id;
		for (struct tnp_group *g = v->groups; g != NULL; g = g->next)
			g->pool = ++id;
	}
}

static const char *
pool_name(const struct fx *f, uint16_t id)
{
	const struct tnp_vtam *v = f->p->vtams;

	for (unsigned i = 0; i < 4; i++)
		if (v->deflus[i / 2][i % 2] != NULL && v->deflus[i / 2][i % 2]->pool == id)
			return v->deflus[i / 2][i % 2]->name;
	for (const struct tnp_group *g = v->groups; g != NULL; g = g->next)
		if (g->pool == id)
			return g->name;
	return "?";
}

/* "GROUP GROUP/LU" or "reject N". ask: type, then C name or A name. */
static void
chosen(const struct fx *f, const char *addr, const char *ask, const char *want)
{
	struct tnp_client who = { 0 };
	struct tnneg n = { 0 };
	struct tnp_choice c;
	char type[20], kind[2] = "", got[200] = "";

	assert_true(ipaddr_parse(&who.addr, addr));
	assert_true(ipaddr_parse(&who.dest, "9.9.9.9"));
	assert_true(sscanf(ask, "%19s %1s %32s", type, kind, n.name) >= 1);
	n.device = (uint8_t)tndev_find(type, strlen(type));
	n.kind = kind[0] == 'C' ? TNREQ_CONNECT : kind[0] == 'A' ? TNREQ_ASSOCIATE : TNREQ_GENERIC;
	profile_choose(f->p->ports, &who, &n, &c);
	if (c.fail)
		snprintf(got, sizeof(got), "reject %u", c.reason);
	for (unsigned i = 0; !c.fail && i < TNP_POOLS && c.pool[i] != 0; i++) {
		strcat(got, i == 0 ? "" : " ");
		strcat(got, pool_name(f, c.pool[i]));
	}
	if (c.lu[0] != '\0')
		snprintf(got + strlen(got), 12, "/%s", c.lu);
	if (strcmp(got, want) != 0)
		fail_msg("%s asks %s: %s, not %s", addr, ask, got, want);
}

static void
choose_default(void **s)        /* 6.1: no map */
{
	struct fx f;

	(void)s;
	parse(&f, P23 "BEGINVTAM PORT 23 DEFAULTLUS LU1..LU9 ENDDEFAULTLUS\n"
	    "DEFAULTLUSSPEC LUS1..LUS9 ENDDEFAULTLUSSPEC DEFAULTPRT PR1..PR9 ENDDEFAULTPRT\n"
	    "DEFAULTPRTSPEC PRS1..PRS9 ENDDEFAULTPRTSPEC ENDVTAM");
	no_errors(&f);
	pools(&f);
	chosen(&f, "1.1.1.1", "3278-2", "DEFAULTLUS");
	chosen(&f, "1.1.1.1", "3287-1", "DEFAULTPRT");
	chosen(&f, "1.1.1.1", "3278-2 C LUS5", "DEFAULTLUSSPEC/LUS5");
	chosen(&f, "1.1.1.1", "3287-1 C PRS1", "DEFAULTPRTSPEC/PRS1");
	chosen(&f, "1.1.1.1", "3278-2 C LU1", "reject 3");
	chosen(&f, "1.1.1.1", "3278-2 C LUS0", "reject 3");
	chosen(&f, "1.1.1.1", "3278-2 C LONGER678", "reject 3");
	chosen(&f, "1.1.1.1", "3278-2 C PRS1", "reject 5");             /* N-16 */
	chosen(&f, "1.1.1.1", "3287-1 C LUS1", "reject 5");
	chosen(&f, "1.1.1.1", "3287-1 A LU1", "reject 2");              /* N-13 */
	done(&f);
	parse(&f, P23 V23 "ENDVTAM");
	pools(&f);
	chosen(&f, "1.1.1.1", "3287-1", "reject 6");
	chosen(&f, "1.1.1.1", "3278-2 C LU1", "reject 7");              /* none by name at all */
	done(&f);
}

static void
choose_maps(void **s)          /* Z-01, Z-02 */
{
	struct fx f;

	(void)s;
	parse(&f, P23 V23 "LUGROUP GA A1..A9 ENDLUGROUP LUGROUP GB,80% B1..B9 ENDLUGROUP\n"
	    "LUGROUP GS S1..S9 ENDLUGROUP PRTGROUP GP P1..P9 ENDPRTGROUP LUGROUP GW W1 ENDLUGROUP\n"
	    "IPGROUP NET 10.1.0.1..10.1.255.255 10.2.0.7 ENDIPGROUP IPGROUP W 255.0.0.0:10.0.0.0\n"
	    "ENDIPGROUP\n"
	    "LUMAP GA NET LUMAP GB NET GENERIC LUMAP GS NET SPECIFIC PRTMAP GP NET\n"
	    "LUMAP ONE 10.1.0.9 LUMAP GW IPGROUP,W ENDVTAM");
	no_errors(&f);
	pools(&f);
	assert_int_equal(f.p->vtams->groups->next->warn_pct, 80);
	chosen(&f, "11.1.1.1", "3278-2", "DEFAULTLUS");
	chosen(&f, "10.1.2.3", "3278-2", "GA GB");
	chosen(&f, "10.2.0.7", "3278-2", "GA GB");
	chosen(&f, "10.2.0.8", "3278-2", "GW");                 /* masks come behind */
	chosen(&f, "10.1.0.9", "3278-2", "ONE");                /* an address before a group */
	chosen(&f, "10.1.2.3", "3287-1", "GP");
	chosen(&f, "10.2.0.8", "3287-1", "reject 6");
	chosen(&f, "10.1.2.3", "3278-2 C A5", "GA/A5");
	chosen(&f, "10.1.2.3", "3278-2 C S5", "GS/S5");
	chosen(&f, "10.1.2.3", "3278-2 C GS", "GS");            /* a pool by its name */
	chosen(&f, "10.1.2.3", "3278-2 C ONE", "reject 3");     /* another client's */
	chosen(&f, "10.1.2.3", "3278-2 C LU1", "reject 3");     /* Z-02 */
	chosen(&f, "10.1.2.3", "3278-2 C P5", "reject 5");
	chosen(&f, "10.1.2.3", "3287-1 C A5", "reject 5");
	chosen(&f, "10.1.2.3", "3287-1 C P5", "GP/P5");
	done(&f);
}

static void
choose_partner(void **s)        /* N-13, N-14, N-29, P-03 */
{
	struct fx f;
	(void)s;
	parse(&f, P23 V23 "LUGROUP L L1..L3 ENDLUGROUP PRTGROUP P P1..P3 ENDPRTGROUP\n"
	    "DEFAULTPRTSPEC P1..P3 Q1 ENDDEFAULTPRTSPEC LUMAP L 1.1.1.1 P ENDVTAM");
	no_errors(&f);
	pools(&f);
	chosen(&f, "1.1.1.1", "3287-1 A L2", "P/P2");
	chosen(&f, "1.1.1.1", "3287-1 A L4", "reject 2");
	chosen(&f, "1.1.1.1", "3287-1 A LU1", "reject 2");
	chosen(&f, "1.1.1.1", "3287-1 C P2", "reject 0");
	chosen(&f, "1.1.1.1", "3278-2 C P2", "reject 5");
	chosen(&f, "1.1.1.1", "3287-1 C Q1", "DEFAULTPRTSPEC/Q1");
	done(&f);
}

/* Ranges with rules in a group; the same name in two ranges is found at the first. */
static void
group_ranges(void **s)
{
	const struct tnp_group *g;
	struct fx f;
	char lu[9];

	(void)s;
	parse(&f, P23 "BEGINVTAM DEFAULTLUS ,75% TCPM0000..TCPM0099 lut101..lut400..fffnnn X\n"
	    "TCPLU000..TCPLUF9F..FFFFFXNX TCPM0050..TCPM0149 ENDDEFAULTLUS ENDVTAM");
	no_errors(&f);
	g = f.p->vtams->deflus[0][0];
	assert_int_equal(g->warn_pct, 75);
	assert_int_equal(g->n, 100 + 300 + 1 + 2560 + 100);
	assert_int_equal(tnp_group_index(g, "TCPM0099"), 99);
	assert_int_equal(tnp_group_index(g, "LUT101"), 100);
	assert_int_equal(tnp_group_index(g, "X"), 400);
	assert_int_equal(tnp_group_index(g, "TCPLUF9F"), 2960);
	assert_int_equal(tnp_group_index(g, "TCPM0050"), 50);   /* overlap */
	assert_int_equal(tnp_group_index(g, "TCPM0149"), 3060);
	assert_int_equal(tnp_group_index(g, "TCPM0150"), -1);
	assert_true(tnp_group_at(g, 3060, lu));
	assert_string_equal(lu, "TCPM0149");
	assert_true(tnp_group_at(g, 401, lu));
	assert_string_equal(lu, "TCPLU000");
	assert_false(tnp_group_at(g, 3061, lu));
	done(&f);
}

/* --- applications, tables --- */

static bool
allows(const struct fx *f, const char *appl, const char *lu)
{
	const struct tnp_client who = { .host = NULL };
	enum tnp_deny why;

	return profile_allows(&(struct tnp_asks){ f->p->ports, &who, appl, lu, 0 }, &why) != NULL;
}

/* RESTRICTAPPL keeps printers out unless ALLOWPRINTER; a default application, too. */
static void
printers_restricted(void **s)   /* Z-03 */
{
	const struct tnp_client nobody = { .host = NULL }, user = { .user = "U1" };
	struct tnp_asks q = { .who = &nobody, .appl = "A", .lu = "LU1", .printer = 1 };
	enum tnp_deny why;
	struct fx f;

	(void)s;
	parse(&f, P23 V23 "RESTRICTAPPL A CERTAUTH USER U1 RESTRICTAPPL B ALLOWPRINTER USER U1 "
	    "RESTRICTAPPL C USER U1 ALLOWAPPL D LU LU2 ENDVTAM");
	assert_int_equal(f.errs.fails, 0);
	q.port = f.p->ports;
	assert_null(profile_allows(&q, &why));
	assert_int_equal(why, TDN_PRINTER);
	assert_int_equal(profile_restricts(&q), TDN_PRINTER);
	q.who = &user;
	assert_int_equal(profile_restricts(&q), TDN_NONE);      /* it has shown a certificate */
	q.appl = "B";
	q.who = &nobody;
	assert_int_equal(profile_restricts(&q), TDN_NONE);
	q.printer = 0;
	assert_int_equal(profile_restricts(&q), TDN_PASSWORD);
	q.appl = "C";
	q.printer = 1;
	assert_int_equal(profile_restricts(&q), TDN_PRINTER);
	q.appl = "D";                   /* a default application needs no ALLOWAPPL */
	assert_int_equal(profile_restricts(&q), TDN_NONE);
	q.appl = "E";
	assert_int_equal(profile_restricts(&q), TDN_NONE);
	done(&f);
}

static void
applications(void **s)          /* Z-03 */
{
	struct tnp_client a = { 0 }, b = { 0 };
	enum tnp_deny why;
	const struct tnp_port *port;
	struct fx f;

	(void)s;
	parse(&f, P23 V23 "LUGROUP G G1..G5 ENDLUGROUP ALLOWAPPL TSO* DISCONNECTABLE\n"
	    "ALLOWAPPL NETA.CICS* ALLOWAPPL NETB.* ALLOWAPPL NETC.A\n"
	    "ALLOWAPPL CICS1 LU LU1 LU3..LU4 ALLOWAPPL IMS LUG G RESTRICTAPPL TSOX USER U1\n"
	    "DEFAULTAPPL MENU DEFAULTAPPL CICS1 10.1.1.1 FIRSTONLY LOGAPPL LINEMODEAPPL LINE\n"
	    "PRTDEFAULTAPPL PRT LUMAP LUX 10.1.1.2 DEFAPPL OWN DEFONLY\n"
	    "USSTCP USSA,USSB USSTCP USSC 10.1.1.1 INTERPTCP INTA ENDVTAM");
	assert_int_equal(f.errs.fails, 0);
	port = f.p->ports;
	assert_true(allows(&f, "TSO", "LU9") && allows(&f, "tso0001", "LU9"));
	assert_int_equal(profile_allows(&(struct tnp_asks){ port, &a, "TSO", "LU1", 0 },
	    &why)->opts, TNA_DISCONNECTABLE);
	assert_false(allows(&f, "TSOX", "LU1"));        /* the longer name decides */
	assert_false(allows(&f, "TS", "LU1") || allows(&f, "OTHER", "LU1"));
	assert_true(allows(&f, "CICS1", "LU1") && allows(&f, "CICS1", "LU4"));
	assert_false(allows(&f, "CICS1", "LU2"));
	assert_true(allows(&f, "NETA.CICS9", "LU1") && allows(&f, "NETB.X", "LU1"));
	assert_true(allows(&f, "NETC.A", "LU1") && !allows(&f, "NETC.AB", "LU1"));
	assert_true(allows(&f, "IMS", "G5"));
	assert_false(allows(&f, "IMS", "LU1"));
	assert_true(ipaddr_parse(&a.addr, "10.1.1.1") && ipaddr_parse(&b.addr, "10.1.1.2"));
	assert_string_equal(profile_appl(port, &a, NULL, TA_DEFAULT)->name, "CICS1");
	assert_int_equal(profile_appl(port, &a, NULL, TA_DEFAULT)->opts,
	    TNA_FIRSTONLY | TNA_LOGAPPL);
	assert_string_equal(profile_appl(port, &b, NULL, TA_DEFAULT)->name, "MENU");
	assert_string_equal(profile_appl(port, &b, NULL, TA_LINE)->name, "LINE");
	assert_string_equal(profile_appl(port, &b, NULL, TA_PRINTER)->name, "PRT");
	assert_string_equal(profile_appl(port, &b, profile_map(port, &b, "LUX",
	    TMAP_GENERIC), TA_DEFAULT)->name,
	    "OWN");
	assert_null(profile_map(port, &a, "LUX", TMAP_GENERIC));
	assert_string_equal(profile_uss(port, &a)->name[0], "USSC");
	assert_string_equal(profile_uss(port, &b)->name[0], "USSA");
	assert_string_equal(profile_uss(port, &b)->name[1], "USSB");
	assert_string_equal(profile_interp(port, &b)->name[0], "INTA");
	done(&f);
}

static void
uss_or_default_appl(void **s)   /* 9.1: the better client identifier wins */
{
	struct tnp_client a = { 0 }, b = { 0 };
	struct fx f;

	(void)s;
	parse(&f, P23 V23 "ALLOWAPPL * DEFAULTAPPL MENU USSTCP USSC 10.1.1.1 ENDVTAM");
	no_errors(&f);
	assert_true(ipaddr_parse(&a.addr, "10.1.1.1") && ipaddr_parse(&b.addr, "10.1.1.2"));
	assert_null(profile_appl(f.p->ports, &a, NULL, TA_DEFAULT));
	assert_string_equal(profile_appl(f.p->ports, &b, NULL, TA_DEFAULT)->name, "MENU");
	done(&f);
}

static unsigned
in_net(const struct fx *f, const char *addr)
{
	struct tnp_client who = { 0 };

	assert_true(ipaddr_parse(&who.addr, addr));
	return profile_map(f->p->ports, &who, "LU1", TMAP_GENERIC) != NULL;
}

static void
masks(void **s)                 /* 4.4, 4.7 */
{
	static const struct {
		const char *net, *in, *out;
	} v[] = {
		{ "255.255.0.0:2.3.0.0", "2.3.255.9", "2.4.0.1" },
		{ "9.11.12.0:255.255.255.0", "9.11.12.77", "9.11.13.1" },
		{ "0.0.0.0:0.0.0.0", "200.1.2.3", "2001:db8::1" },
		{ "9.10.11.65..9.10.11.67", "9.10.11.66", "9.10.11.68" },
		{ "9.10.11.65..9.10.11.67", "9.10.11.65", "9.10.11.64" },
		{ "9.10.11.65", "9.10.11.65", "9.10.11.66" },
		{ "10.0.0.0/8", "10.255.0.1", "11.0.0.0" },
		{ "2001:db8::/32", "2001:db8:1::9", "2001:db9::1" },
		{ "2001:db8::/32", "2001:db8::", "10.1.1.1" },
		{ "2001:db8::1..2001:db8::5", "2001:db8::3", "2001:db8::6" },
		{ "1.2.3.4/0", "250.1.1.1", "::1" },
	};

	(void)s;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		char text[400];
		struct fx f;

		snprintf(text, sizeof(text), P23 V23 "IPGROUP N %s ENDIPGROUP LUMAP LU1 N ENDVTAM",
		    v[i].net);
		parse(&f, text);
		no_errors(&f);
		if (!in_net(&f, v[i].in) || in_net(&f, v[i].out))
			fail_msg("%s", v[i].net);
		done(&f);
	}
}

/* Words on one line, CR LF, tabs, comments without a blank, any case. */
static void
words(void **s)
{
	struct fx f;

	(void)s;
	parse(&f, "telnetparms\tport 23;x\r\nEndTelnetParms;\r\n;\nbeginvtam DefaultLUs lu1;LU2\n"
	    " lu3 endDefaultLus allowappl * ENDVTAM");
	no_errors(&f);
	assert_int_equal(f.p->vtams->deflus[0][0]->n, 2);
	assert_int_equal(tnp_group_index(f.p->vtams->deflus[0][0], "LU3"), 1);
	done(&f);
	parse(&f, "\t;TELNETPARMS\n \t FOO");
	told(&f, "p(2,4): FOO stands outside");
	done(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(demo_profile), cmocka_unit_test(gateway_profile),
		cmocka_unit_test(sample_profile), cmocka_unit_test(wrong_lus),
		cmocka_unit_test(wrong_maps),
		cmocka_unit_test(wrong_parms), cmocka_unit_test(wrong_whole),
		cmocka_unit_test(hostile_words), cmocka_unit_test(errors_bounded),
		cmocka_unit_test(parms_levels), cmocka_unit_test(ports_qualified),
		cmocka_unit_test(choose_default), cmocka_unit_test(choose_maps),
		cmocka_unit_test(choose_partner), cmocka_unit_test(group_ranges),
		cmocka_unit_test(printers_restricted), cmocka_unit_test(applications),
		cmocka_unit_test(uss_or_default_appl),
		cmocka_unit_test(masks), cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
