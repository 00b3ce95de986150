/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/parm_letters.h"

/* 14.2: the default row of EZZ6080I, "******* ***TSBTQ***RT EC* BB**...", and its columns. */
static void
t_final(void **state)
{
	struct tnp_parms p;
	char to[PARM_LETTERS];

	(void)state;
	tnp_parms_default(&p);
	p.v[TP_CONNTYPE] = CT_BASIC;
	assert_string_equal(parm_letters(&p, PARM_FINAL, 0, to),
	    "*******  ***TSBTQ***RT   EC*   BB********   ***PSTS   *M**");
	p.v[TP_MSG07] = p.v[TP_LUSESSIONPEND] = p.v[TP_SINGLEATTN] = 1;
	p.v[TP_CLIENTAUTH] = CA_SSLCERT;
	p.v[TP_CONNTYPE] = CT_ANY;
	p.v[TP_INACTIVE] = 60;
	p.v[TP_SNAEXT] = 0;
	assert_string_equal(parm_letters(&p, PARM_FINAL, 1, to),
	    "LM*****  **AT*BTQ***RT   EC*   SAK**C****   I**PSTS   *M**");
}

static const char text[] = "TELNETGLOBALS MSG07 ENDTELNETGLOBALS "
    "TELNETPARMS PORT 23 INACTIVE 60 ENDTELNETPARMS "
    "BEGINVTAM DEFAULTLUS LU1 ENDDEFAULTLUS PARMSGROUP PG1 NOMSG07 ENDPARMSGROUP "
    "PARMSMAP PG1 9.9.9.9 ENDVTAM";

/* A row a level that coded something, - where it did not; the last holds. */
static void
t_levels(void **state)
{
	struct tnp_client who = { .addr = { .fam = 4, .b = { 9, 9, 9, 9 } } };
	struct tnp_errs errs;
	struct profile *p;
	struct con con;

	(void)state;
	tnp_errs_init(&errs);
	p = profile_parse("P", text, sizeof(text) - 1, &errs);
	assert_int_equal(errs.fails, 0);
	con_init(&con);
	parm_rows(p->ports, profile_parms(p->ports, &who, NULL), &con, "");
	assert_string_equal(con.text,
	    "*******  ***TSBTQ***RT   EC*   B*********   ***PSTS   *M**  DEFAULT\n"
	    "-M-----  -------------   ---   ----------   -------   ----  *TGLOBAL\n"
	    "-------  -------------   ---   ----------   I------   ----  *TPARMS\n"
	    "*M*****  ***TSBTQ***RT   EC*   BB********   I**PSTS   *M**  TP-CURR\n"
	    "-*-----  -------------   ---   ----------   -------   ----  PG1\n"
	    "*******  ***TSBTQ***RT   EC*   BB********   I**PSTS   *M**  <-FINAL\n");
	con_fini(&con);
	profile_free(p);
	tnp_errs_fini(&errs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_final), cmocka_unit_test(t_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
