/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "vtamsim/oper_in.h"

static bool
scan(struct oper_cmd *c, const char *line, const char *reply)
{
	struct con con;
	bool ok;

	con_init(&con);
	ok = oper_scan(c, line, &con);
	assert_string_equal(con.text == NULL ? "" : con.text, reply);
	con_fini(&con);
	return ok;
}

static void
t_verbs_and_operands(void **state)
{
	struct oper_cmd c;

	(void)state;
	assert_true(scan(&c, "  d net,id=echo,scope=all ", ""));
	assert_int_equal(c.verb, OV_DISPLAY);
	assert_string_equal(c.word, "DISPLAY");
	assert_string_equal(c.target, "NET");
	assert_int_equal(c.n, 2);
	assert_string_equal(c.opd[0].key, "ID");
	assert_string_equal(c.opd[0].val, "ECHO");
	assert_string_equal(oper_get(&c, "SCOPE"), "ALL");
	assert_null(oper_get(&c, "MAX"));
	assert_true(scan(&c, "VARY NET,ACT,ID=(A,B),SCOPE=ALL", ""));
	assert_int_equal(c.n, 3);
	assert_string_equal(c.opd[1].val, "(A,B)");
	assert_true(scan(&c, "F NET,VTAMOPTS,HPRPST=(30S,20S,10S,5S)", ""));
	assert_string_equal(c.opd[1].val, "(30S,20S,10S,5S)");
	assert_true(scan(&c, "HALT NET", ""));
	assert_int_equal(c.n, 0);
	assert_int_equal(c.verb, OV_HALT);
}

/* Quotes keep the case and may hold commas and blanks. */
static void
t_quotes(void **state)
{
	struct oper_cmd c;

	(void)state;
	assert_true(scan(&c, "f net,trace,file='/tmp/My File,1.pcapng',id=x", ""));
	assert_string_equal(oper_get(&c, "FILE"), "/tmp/My File,1.pcapng");
	assert_string_equal(oper_get(&c, "ID"), "X");
	assert_true(scan(&c, "f net,trace,file='it''s'", ""));
	assert_string_equal(oper_get(&c, "FILE"), "it's");
}

static void
t_start_keeps_the_rest(void **state)
{
	struct oper_cmd c;

	(void)state;
	assert_true(scan(&c, "S ECHO,appl=echo,size=500", ""));
	assert_string_equal(c.target, "ECHO");
	assert_string_equal(c.rest, "APPL=ECHO,SIZE=500");
	assert_true(scan(&c, "S NET,,,(LIST=00)", ""));
	assert_true(scan(&c, "D TCPIP,,TELNET,CONN", ""));
	assert_string_equal(c.target, "TCPIP");
	assert_int_equal(c.n, 0);
	assert_true(scan(&c, "D TCPIP", ""));
}

static void
t_syntax_errors(void **state)
{
	static const char d[] = "IST450I INVALID DISPLAY COMMAND SYNTAX\n";
	static const char *const bad[] = { "D", "D NET,", "D NET,,ID=X", "D NET,ID=X,",
		"D NET, ID=X", "D NET,ID=X SCOPE=ALL",
		"D NET,ID=(A,B", "D NET,ID=A)", "D NET,ID='A", "D NET,=X",
		"D NET ID=X", "DISPLAY ,ID=X", "D,NET,ID=X" };
	struct oper_cmd c;
	char line[3000];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(scan(&c, bad[i], d));
	assert_false(scan(&c, "X NET,ID=Y", "IST010I X COMMAND INVALID\n"));
	assert_false(scan(&c, "", "IST010I  COMMAND INVALID\n"));
	assert_false(scan(&c, "DISPLA NET,ID=Y", "IST010I DISPLA COMMAND INVALID\n"));
	memset(line, 'A', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	assert_false(scan(&c, line, "IST450I INVALID OPERATOR COMMAND SYNTAX\n"));
	/* Too many operands. */
	strcpy(line, "D NET");
	for (int i = 0; i < OPER_OPD_MAX + 1; i++)
		strcat(line, ",A=1");
	assert_false(scan(&c, line, d));
}

static void
t_names(void **state)
{
	(void)state;
	assert_true(oper_is_name("ECHO", OPER_PLAIN));
	assert_true(oper_is_name("NETA.ECHO", OPER_PLAIN));
	assert_true(oper_is_name("TCP?????", OPER_WILD));
	assert_true(oper_is_name("*", OPER_WILD));
	assert_true(oper_is_name("*.ECHO", OPER_WILD));
	assert_false(oper_is_name("TCP?", OPER_PLAIN));
	assert_false(oper_is_name("TOOLONGNAME", OPER_PLAIN));
	assert_false(oper_is_name("TOOLONGNAME", OPER_WILD));
	assert_false(oper_is_name("", OPER_WILD));
	assert_false(oper_is_name("A.", OPER_WILD));
	assert_false(oper_is_name(".A", OPER_PLAIN));
	assert_false(oper_is_name("A.B.C", OPER_PLAIN));
	assert_false(oper_is_name("A-B", OPER_WILD));
	assert_false(oper_is_name("1A", OPER_PLAIN));
}

static void
t_values(void **state)
{
	struct oper_cmd c;
	struct con con;
	uint32_t n = 7;
	char list[4][20];

	(void)state;
	con_init(&con);
	assert_true(scan(&c, "D NET,X,SCOPE=ALL,MAX=20,MAXB=*,BAD=9999999999,HEX=1F,E=", ""));
	assert_int_equal(oper_choice(&c, "SCOPE", "ONLY ALL ACT", &con), 2);
	assert_int_equal(oper_choice(&c, "LIST", "ONLY ALL ACT", &con), 0);
	assert_true(oper_number(&c, "MAX", 1, 100, &con, &n));
	assert_int_equal(n, 20);
	assert_true(oper_number(&c, "MAXB", 1, 100, &con, &n));
	assert_int_equal(n, 0);
	assert_int_equal(con.lines, 0);
	assert_int_equal(oper_choice(&c, "SCOPE", "ONLY ACT", &con), -1);
	assert_false(oper_number(&c, "BAD", 1, 100, &con, &n));
	assert_false(oper_number(&c, "HEX", 1, 100, &con, &n));
	assert_false(oper_number(&c, "MAX", 1, 10, &con, &n));
	assert_int_equal(oper_choice(&c, "E", "ONLY ACT", &con), -1);
	assert_null(oper_need(&c, "ID", &con));
	assert_null(oper_need(&c, "E", &con));
	assert_string_equal(con.text,
	    "IST453I SCOPE PARAMETER VALUE ALL NOT VALID\n"
	    "IST453I BAD PARAMETER VALUE 9999999999 NOT VALID\n"
	    "IST453I HEX PARAMETER VALUE 1F NOT VALID\n"
	    "IST453I MAX PARAMETER VALUE 20 NOT VALID\n"
	    "IST453I E PARAMETER VALUE  NOT VALID\n"
	    "IST456I ID REQUIRED PARAMETER OMITTED\n"
	    "IST456I E REQUIRED PARAMETER OMITTED\n");
	con_fini(&con);
	assert_int_equal(oper_list("(A,NETA.BBBB,C)", list, 4), 3);
	assert_string_equal(list[1], "NETA.BBBB");
	assert_int_equal(oper_list("ONE", list, 4), 1);
	assert_int_equal(oper_list("(A,,B)", list, 4), 0);
	assert_int_equal(oper_list("()", list, 4), 0);
	assert_int_equal(oper_list("(A,B,C,D,E)", list, 4), 0);
	assert_int_equal(oper_list("ABCDEFGHIJKLMNOPQR", list, 4), 0);
}

static enum oper_do
run(const char *line, const char *reply, struct oper_order *out)
{
	/* Start options at their defaults; the folder is never opened. */
	struct oper op = { .program = "vtamsim", .defs = defs_new("nowhere", NULL) };
	struct con con;
	enum oper_do what;

	con_init(&con);
	what = oper_run(&op, line, &con, out);
	assert_int_equal(what, out->what);
	assert_string_equal(con.text == NULL ? "" : con.text, reply);
	con_fini(&con);
	defs_free(op.defs);
	return what;
}

/* Errors that are found before any resource is looked at. */
static void
t_dispatch_errors(void **state)
{
	static const char *const v[][2] = {
		{ "D NET,FOO", "IST451I DISPLAY COMMAND UNRECOGNIZED, PARAMETER=FOO\n" },
		{ "D NET,FOO,ID=X", "IST451I DISPLAY COMMAND UNRECOGNIZED, PARAMETER=FOO\n" },
		{ "D NET,EE=YES", "IST451I DISPLAY COMMAND UNRECOGNIZED, PARAMETER=EE\n" },
		{ "V NET,ID=X", "IST451I VARY COMMAND UNRECOGNIZED, PARAMETER=ID\n" },
		{ "V NET,MAJNODES", "IST451I VARY COMMAND UNRECOGNIZED, PARAMETER=MAJNODES\n" },
		{ "D NET", "IST450I INVALID DISPLAY COMMAND SYNTAX\n" },
		{ "D NET,MAJNODES,COLOUR=RED", "IST452I COLOUR PARAMETER EXTRANEOUS\n" },
		{ "D NET,ID=A,ID=B", "IST452I ID PARAMETER EXTRANEOUS\n" },
		{ "D NET,ID=A,E,SCOPE=ACT", "IST452I SCOPE PARAMETER EXTRANEOUS\n" },
		{ "D NET,ID=A,MAX", "IST453I MAX PARAMETER VALUE  NOT VALID\n" },
		{ "D NET,ID=TOOLONGNAME", "IST453I ID PARAMETER VALUE TOOLONGNAME NOT VALID\n" },
		{ "D NET,ID=A,SCOPE=E", "IST453I SCOPE PARAMETER VALUE E NOT VALID\n" },
		{ "D NET,MAJNODES,MAX=0", "IST453I MAX PARAMETER VALUE 0 NOT VALID\n" },
		{ "V NET,ACT", "IST456I ID REQUIRED PARAMETER OMITTED\n" },
		{ "V NET,INACT,TYPE=FORCE", "IST456I ID REQUIRED PARAMETER OMITTED\n" },
		{ "V NET,INACT,ID=X,TYPE=I", "IST453I TYPE PARAMETER VALUE I NOT VALID\n" },
		{ "V NET,DIAL", "IST456I ID REQUIRED PARAMETER OMITTED\n" },
		{ "F OTHER,TRACE,ID=X", "IEE341I OTHER NOT ACTIVE\n" },
		{ "D OTHER,ID=X", "IEE341I OTHER NOT ACTIVE\n" },
		{ "Z NET,SLOWLY", "IST452I SLOWLY PARAMETER EXTRANEOUS\n" },
		{ "Z NET,CDLINK=X", "IST453I CDLINK PARAMETER VALUE X NOT VALID\n" },
		{ "S NET,,,(LIST=00)", "IST009I VTAM ALREADY ACTIVE - START REJECTED\n" },
		{ "P ECHO,NOW", "IST450I INVALID STOP COMMAND SYNTAX\n" },
	};
	struct oper_order out;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		assert_int_equal(run(v[i][0], v[i][1], &out), OPER_REJECTED);
}

static void
t_orders(void **state)
{
	struct oper_order out;

	(void)state;
	assert_int_equal(run("Z NET", "IST097I HALT ACCEPTED\n", &out), OPER_HALT);
	assert_int_equal(out.halt, HALT_NORMAL);
	assert_int_equal(run("HALT NET,QUICK", "IST097I HALT ACCEPTED\n", &out), OPER_HALT);
	assert_int_equal(out.halt, HALT_QUICK);
	assert_int_equal(run("Z NET,CANCEL,NODUMP", "IST097I HALT ACCEPTED\n", &out), OPER_HALT);
	assert_int_equal(out.halt, HALT_CANCEL);
	assert_int_equal(run("P NET", "IST097I HALT ACCEPTED\n", &out), OPER_HALT);
	assert_int_equal(out.halt, HALT_QUICK);
	assert_int_equal(run("D TCPIP,,TELNET,CONN", "", &out), OPER_TELNET);
	assert_int_equal(run("V TCPIP,TN3270,OBEYFILE,DSN=x", "", &out), OPER_TELNET);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_verbs_and_operands),
		cmocka_unit_test(t_quotes),
		cmocka_unit_test(t_start_keeps_the_rest),
		cmocka_unit_test(t_syntax_errors),
		cmocka_unit_test(t_names),
		cmocka_unit_test(t_values),
		cmocka_unit_test(t_dispatch_errors),
		cmocka_unit_test(t_orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
