/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "vtamsim/uss.h"

struct fx {
	struct arena arena;
	struct deferrs errs;
	const struct usstab *t;
	struct uss_cmd c;
	uint8_t out[USS_OUT_MAX];
	size_t n;
	char text[USS_OUT_MAX + 1];     /* out as ASCII, NL as '|' */
};

static void
scan(struct fx *f, const char *text, struct vlmember *m)
{
	struct vlscan sc = { .member = "USSX", .dialect = VL_D3, .arena = &f->arena,
		.errs = &f->errs };

	arena_init(&f->arena);
	deferrs_init(&f->errs);
	(void)vtamlst_scan(&sc, (const uint8_t *)text, strlen(text), m);
}

static void
build(struct fx *f, const char *text)
{
	struct vlmember m;

	scan(f, text, &m);
	f->t = usstab_build(&f->arena, &m, "USSX", &f->errs);
}

static void
done(struct fx *f)
{
	arena_fini(&f->arena);
	deferrs_fini(&f->errs);
}

static void
parse(struct fx *f, enum uss_search how, const char *typed)
{
	uint8_t e[512];
	size_t n = strlen(typed);

	ebc_put(e, typed, n);
	uss_parse(f->t, how, e, n, &f->c);
}

static const char *
data(struct fx *f)
{
	asc_put(f->text, f->c.data, f->c.data_len);
	f->text[f->c.data_len] = '\0';
	return f->text;
}

static bool
message(struct fx *f, unsigned nr, const struct uss_vars *v, enum uss_form form)
{
	struct uss_screen sc = { .form = form, .rows = 24, .cols = 80 };
	struct wr w = wr_on(f->out, sizeof(f->out));
	bool ok = uss_message(f->t, nr, v, &sc, &w);
	size_t i;

	f->n = wr_len(&w);
	asc_put(f->text, f->out, f->n);
	for (i = 0; i < f->n; i++)
		if (f->out[i] == 0x15)
			f->text[i] = '|';
	f->text[f->n] = '\0';
	return ok;
}

static const struct uss_vars vars = { .luname = "TCP00001", .netid = "NETA", .sscpname = "GW1",
	.hostnet = "NETA", .ipaddr = "10.1.2.3", .port = 4711, .sense = 0x08570003,
	.runame = "REQSESS", .insert = { "ONE", "TWO", "THREE" },
	.now = { .tm_year = 126, .tm_mon = 10, .tm_mday = 21, .tm_hour = 5, .tm_min = 7,
	.tm_sec = 9 } };

static void
t_logon_forms(void **state)
{
	static const struct { const char *typed, *appl, *mode, *data; } ok[] = {
		{ "LOGON APPLID(ECHO)", "ECHO", "", "" },
		{ "logon applid(echo)", "ECHO", "", "" },
		{ "  LOGON   APPLID(NETA.TSO)  LOGMODE(SNX32702) ", "NETA.TSO", "SNX32702", "" },
		{ "LOGON APPLID=TSO,LOGMODE=SNX32702,DATA='IT''S A (B)'", "TSO", "SNX32702",
		    "IT'S A (B)" },
		{ "LOGON APPLID(TSO) DATA(USER/PW (X) Y)", "TSO", "", "USER/PW (X) Y" },
		{ "LOGON TSODEMO", "TSODEMO", "", "" },
		{ "LOGON APPLID(TSO),MODE(M1)", "TSO", "M1", "" },
		{ "LOGON APPLID(TSO)DATA('A,B')", "TSO", "", "A,B" }
	};
	struct fx f = { .t = NULL };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ok) / sizeof(ok[0]); i++) {
		parse(&f, USS_TABLE_THEN_DEFAULT, ok[i].typed);
		assert_int_equal(f.c.verb, USS_V_LOGON);
		assert_string_equal(f.c.appl.s, ok[i].appl);
		assert_string_equal(f.c.mode, ok[i].mode);
		assert_string_equal(data(&f), ok[i].data);
	}
}

static void
t_errors_for_the_user(void **state)
{
	static const struct { const char *typed; unsigned msg; const char *a, *b; } bad[] = {
		{ "LOGGON APPLID(X)", USS_M_UNKNOWN, "LOGGON", "" },
		{ "LOGON APPLID(X", USS_M_SYNTAX, "LOGON", "" },
		{ "LOGON APPLID='X", USS_M_SYNTAX, "LOGON", "" },
		{ "LOGON APPLID(X))", USS_M_SYNTAX, "LOGON", "" },
		{ "LOGON(X)", USS_M_SYNTAX, "LOGON", "" },
		{ "LOGON", USS_M_OMITTED, "APPLID", "" },
		{ "LOGON APPLID()", USS_M_OMITTED, "APPLID", "" },
		{ "LOGON FOO(X)", USS_M_PARM, "FOO", "" },
		{ "LOGON TSO EXTRA", USS_M_PARM, "EXTRA", "" },
		{ "LOGON APPLID(1ABC)", USS_M_VALUE, "APPLID", "1ABC" },
		{ "LOGON APPLID(TOOLONGNAME)", USS_M_VALUE, "APPLID", "TOOLONGNAME" },
		{ "LOGON APPLID(A.B.C)", USS_M_VALUE, "APPLID", "A.B.C" },
		{ "LOGON APPLID(A) LOGMODE(TOOLONGNAME)", USS_M_VALUE, "LOGMODE", "TOOLONGNAME" },
		{ "LOGOFF TYPE(X)", USS_M_VALUE, "TYPE", "X" },
		{ "LOGOFF HOLD(MAYBE)", USS_M_VALUE, "HOLD", "MAYBE" },
		{ "IBMTEST 0", USS_M_VALUE, "P1", "0" },
		{ "IBMTEST 101", USS_M_VALUE, "P1", "101" },
		{ "IBMTEST X", USS_M_VALUE, "P1", "X" },
		{ "(", USS_M_SYNTAX, "", "" }
	};
	struct fx f = { .t = NULL };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		parse(&f, USS_TABLE_THEN_DEFAULT, bad[i].typed);
		assert_int_equal(f.c.verb, USS_V_ERROR);
		assert_int_equal(f.c.msg, bad[i].msg);
		assert_string_equal(f.c.insert[0], bad[i].a);
		assert_string_equal(f.c.insert[1], bad[i].b);
	}
}

static void
t_logoff_ibmtest_undial_empty(void **state)
{
	struct fx f = { .t = NULL };

	(void)state;
	parse(&f, USS_TABLE_ONLY, "LOGOFF");
	assert_int_equal(f.c.verb, USS_V_LOGOFF);
	assert_int_equal(f.c.type, USS_T_UNCOND);
	assert_int_equal(f.c.hold, 1);
	parse(&f, USS_TABLE_ONLY, "LOGOFF APPLID(TSO) TYPE(COND) HOLD(NO)");
	assert_int_equal(f.c.type, USS_T_COND);
	assert_int_equal(f.c.hold, 0);
	assert_string_equal(f.c.appl.s, "TSO");
	parse(&f, USS_TABLE_ONLY, "IBMTEST");
	assert_int_equal(f.c.verb, USS_V_IBMTEST);
	assert_int_equal(f.c.count, 10);
	assert_string_equal(data(&f), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	parse(&f, USS_TABLE_ONLY, "IBMTEST 3,HELLO");
	assert_int_equal(f.c.count, 3);
	assert_string_equal(data(&f), "HELLO");
	parse(&f, USS_TABLE_ONLY, "UNDIAL");
	assert_int_equal(f.c.verb, USS_V_UNDIAL);
	parse(&f, USS_TABLE_ONLY, "   ");
	assert_int_equal(f.c.verb, USS_V_EMPTY);
	parse(&f, USS_TABLE_ONLY, "");
	assert_int_equal(f.c.verb, USS_V_EMPTY);
	parse(&f, USS_TABLE_ONLY, "\t\tLOGON\tTSO");    /* tabs are blanks */
	assert_int_equal(f.c.verb, USS_V_LOGON);
}

static const char site[] =
    "USSX     USSTAB FORMAT=DYNAMIC,DATEFRM=YMD,DATEDLM='-'\n"
    "         USSCMD CMD=TSO,REP=LOGON,FORMAT=BAL\n"
    "         USSPARM PARM=P1,REP=DATA\n"
    "         USSPARM PARM=LOGMODE\n"
    "         USSPARM PARM=APPLID,DEFAULT=A06TSO\n"
    "         USSCMD CMD=BYE,REP=LOGOFF\n"
    "         USSPARM PARM=STAY,REP=HOLD,DEFAULT=NO,VALUE=YES\n"
    "         USSCMD CMD=ODD,REP=NOSUCH\n"
    "         USSMSG MSG=10,BUFFER=(LOGO,SCAN)\n"
    "         USSMSG MSG=2,TEXT='% IS NOT KNOWN TO @@LUNAME'\n"
    "         USSMSG MSG=(1,4),TEXT=(C'BAD ',X'15',C'%(2) OF %(1)')\n"
    "         USSMSG MSG=3,BUFFER=SELF\n"
    "         USSMSG MSG=5,BUFFER=(NUM,LUNAME)\n"
    "         USSMSG MSG=6,SUPP=ALWAYS,TEXT='X'\n"
    "         USSEND\n"
    "LOGO     DC    AL2(LOGOE-LOGOT)\n"
    "LOGOT    EQU   *\n"
    "         DC    X'F5C7',X'11',AL2(ROWS),X'1DF0'\n"
    "         DC    C'LU @@LUNAME @@@@DATE @@@@TIME'\n"
    "         DC    X'11',AL2(((24-1)*80)+(1-1)),X'1D40',X'13'\n"
    "LOGOE    EQU   *\n"
    "SELF     DC    AL2(SELFE-SELF)\n"
    "         DC    C'PLAIN @@LUNAME'\n"
    "SELFE    EQU   *\n"
    "NUM      DC    H'17',3C'AB',CL4'C',XL2'1'\n"
    "         DC    2F'1'\n"
    "ROWS     EQU   80*2+L'PAD-1\n"
    "PAD      DC    CL1' '\n"
    "         END\n";

static void
t_site_commands(void **state)
{
	struct fx f;

	(void)state;
	build(&f, site);
	assert_non_null(f.t);
	assert_int_equal(f.errs.count, 0);
	parse(&f, USS_TABLE_ONLY, "tso user1 logmode=snx32702");
	assert_int_equal(f.c.verb, USS_V_LOGON);
	assert_string_equal(f.c.appl.s, "A06TSO");
	assert_string_equal(f.c.mode, "SNX32702");
	assert_string_equal(data(&f), "USER1");
	parse(&f, USS_TABLE_ONLY, "TSO");
	assert_string_equal(f.c.appl.s, "A06TSO");
	assert_int_equal(f.c.data_len, 0);
	parse(&f, USS_TABLE_ONLY, "TSO A B");
	assert_int_equal(f.c.msg, USS_M_PARM);
	parse(&f, USS_TABLE_ONLY, "BYE");
	assert_int_equal(f.c.verb, USS_V_LOGOFF);
	assert_int_equal(f.c.hold, 0);
	parse(&f, USS_TABLE_ONLY, "BYE STAY");
	assert_int_equal(f.c.hold, 1);
	parse(&f, USS_TABLE_ONLY, "ODD");
	assert_int_equal(f.c.msg, USS_M_FUNCTION);
	/* The z/OS Telnet server does not look in the default table; VTAM does. */
	parse(&f, USS_TABLE_ONLY, "LOGON TSO");
	assert_int_equal(f.c.msg, USS_M_UNKNOWN);
	parse(&f, USS_TABLE_THEN_DEFAULT, "LOGON TSO");
	assert_int_equal(f.c.verb, USS_V_LOGON);
	done(&f);
}

static void
t_buffers(void **state)
{
	static const uint8_t head[] = { 0xf5, 0xc7, 0x11, 0x00, 0xa0, 0x1d, 0xf0 };
	static const uint8_t tail[] = { 0x11, 0x07, 0x30, 0x1d, 0x40, 0x13 };
	static const uint8_t num[] = { 0xc1, 0xc2, 0xc1, 0xc2, 0xc1, 0xc2, 0xc3, 0x40, 0x40, 0x40,
		0x00, 0x01 };
	struct fx f;

	(void)state;
	build(&f, site);
	assert_true(usstab_is_3270(f.t, 10));
	assert_false(usstab_is_3270(f.t, 2));
	assert_true(message(&f, 10, &vars, USS_F_3270));
	assert_memory_equal(f.out, head, sizeof(head));
	assert_memory_equal(f.out + f.n - sizeof(tail), tail, sizeof(tail));
	assert_non_null(strstr(f.text + 7, "LU TCP00001 26-11-21 05:07:09"));
	/* The halfword counts itself; no SCAN: tags stay. */
	assert_true(message(&f, 3, &vars, USS_F_SCS));
	assert_string_equal(f.text, "PLAIN @@LUNAME");
	/* A plain number does not count itself. */
	assert_true(message(&f, 5, &vars, USS_F_SCS));
	assert_int_equal(f.n, 17);
	assert_memory_equal(f.out, num, sizeof(num));
	/* For a text terminal the screen's lines. */
	assert_true(message(&f, 10, &vars, USS_F_SCS));
	assert_string_equal(f.text, "|| LU TCP00001 26-11-21 05:07:09|");
	done(&f);
}

/* The label on a DS 0H, the length behind it, and something after the end. */
static void
t_buffer_label_on_ds(void **state)
{
	struct fx f;

	(void)state;
	build(&f, "U TITLE 'X'\nU USSTAB FORMAT=DYNAMIC\n USSMSG MSG=10,BUFFER=(B1,SCAN)\n"
	    "B0 DC C'A'\nB1 DS 0H\n DC AL2(E1-B1)\n DC C'Hi'\nE1 EQU *\n DC C'MORE'\n"
	    "END USSEND\n END ,\n");
	assert_non_null(f.t);
	assert_true(message(&f, 10, &vars, USS_F_SCS));
	assert_string_equal(f.text, "Hi");
	done(&f);
}

static void
t_texts_and_inserts(void **state)
{
	struct fx f;
	struct uss_vars v = vars;

	(void)state;
	build(&f, site);
	assert_true(message(&f, 2, &vars, USS_F_SCS));
	assert_string_equal(f.text, "ONE IS NOT KNOWN TO TCP00001");
	assert_true(message(&f, 4, &vars, USS_F_SCS));
	assert_string_equal(f.text, "BAD |TWO OF ONE");
	assert_true(message(&f, 1, &vars, USS_F_LINE));
	assert_string_equal(f.text, "BAD |TWO OF ONE");
	/* Not in the table: ISTINCDT. Nowhere: message 14. */
	assert_true(message(&f, 7, &vars, USS_F_SCS));
	assert_string_equal(f.text,
	    "ONE UNABLE TO ESTABLISH SESSION - TWO FAILED WITH SENSE THREE");
	assert_true(message(&f, 0, &vars, USS_F_SCS));
	assert_string_equal(f.text, "USS MESSAGE 0 NOT DEFINED");
	assert_true(message(&f, 99, &vars, USS_F_SCS));
	assert_string_equal(f.text, "USS MESSAGE 99 NOT DEFINED");
	assert_false(message(&f, 6, &vars, USS_F_SCS));         /* suppressed */
	assert_int_equal(f.n, 0);
	/* What a user typed can't smuggle orders or new lines in. */
	v.insert[0] = "A\x11\x1d\x15\xff" "B";
	assert_true(message(&f, 2, &v, USS_F_SCS));
	assert_string_equal(f.text, "A    B IS NOT KNOWN TO TCP00001");
	done(&f);
	f.t = NULL;
	assert_true(message(&f, 12, &vars, USS_F_SCS));
	assert_string_equal(f.text, "REQUIRED PARAMETER OMITTED");
}

static void
t_text_on_a_3270(void **state)
{
	static const uint8_t want[] = { 0xf5, 0xc3, 0x11, 0x40, 0x40, 0x1d, 0x60,
		0xc2, 0xc1, 0xc4, 0x40, 0x11, 0xc1, 0xd1, 0xe3, 0xe6, 0xd6, 0x40, 0xd6, 0xc6, 0x40,
		0xd6, 0xd5, 0xc5, 0x11, 0xc2, 0x60, 0x1d, 0x40, 0x13 };
	struct fx f;
	char long_text[900];
	size_t i;

	(void)state;
	build(&f, site);
	assert_true(message(&f, 4, &vars, USS_F_3270));
	assert_int_equal(f.n, sizeof(want));
	assert_memory_equal(f.out, want, sizeof(want));
	done(&f);
	/* Lines wrap behind column 80, and never reach the input line. */
	(void)snprintf(long_text, sizeof(long_text), " USSTAB FORMAT=DYNAMIC\n USSMSG MSG=0,"
	    "TEXT='%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%'\n USSEND\n");
	build(&f, long_text);
	assert_non_null(f.t);
	{
		char big[400];
		struct uss_vars v = vars;

		memset(big, 'X', sizeof(big) - 1);
		big[sizeof(big) - 1] = '\0';
		v.insert[0] = big;
		/* 20 x 399 characters: more than fits is refused, not cut in an order. */
		assert_false(message(&f, 0, &v, USS_F_3270));
		big[90] = '\0';
		assert_true(message(&f, 0, &v, USS_F_3270));
		for (i = 0; i + 2 < f.n; i++)
			if (f.out[i] == 0x1d && f.out[i + 1] == 0x40)
				break;
		assert_int_equal(f.out[i + 2], 0x13);
		assert_int_equal(i + 3, f.n);
	}
	done(&f);
}

static void
t_tags_keep_their_width(void **state)
{
	struct fx f;

	(void)state;
	build(&f, " USSTAB FORMAT=DYNAMIC\n"
	    " USSMSG MSG=10,TEXT='<@@@@@@@@@@@@@@NQN><@IPADDR><@@@@@@@@@IPADDR>'\n"
	    " USSMSG MSG=0,TEXT='<@@@SENSE><@@@@RUNAME><@@SSCPNM><@HOSTNET>'\n"
	    " USSMSG MSG=1,TEXT='<@@@NETID><@NO><@@PRT>'\n"
	    " USSMSG MSG=5,TEXT='@@@@@@LUNAME|@'\n"
	    " USSEND\n");
	assert_true(message(&f, 10, &vars, USS_F_SCS));
	assert_string_equal(f.text, "<NETA.TCP00001    ><10.1.2.><10.1.2.3       >");
	assert_true(message(&f, 0, &vars, USS_F_SCS));
	assert_string_equal(f.text, "<08570003><REQSESS   ><GW1     ><NETA    >");
	assert_true(message(&f, 1, &vars, USS_F_SCS));
	assert_string_equal(f.text, "<NETA    ><@NO><04711>");
	assert_true(message(&f, 5, &vars, USS_F_SCS));
	assert_string_equal(f.text, "TCP00001    |@");
	done(&f);
}

static void
t_bad_tables(void **state)
{
	static const struct { const char *text; unsigned line; } bad[] = {
		{ " USSCMD CMD=A\n", 1 }, { "", 0 },
		{ " USSTAB\n USSPARM PARM=P1\n", 2 },
		{ " USSTAB\n USSCMD REP=LOGON\n", 2 },
		{ " USSTAB\n USSCMD CMD=LONGERTHAN8\n", 2 },
		{ " USSTAB\n USSCMD CMD=A,FORMAT=X\n", 2 },
		{ " USSTAB\n USSMSG MSG=15,TEXT='A'\n", 2 },
		{ " USSTAB\n USSMSG MSG=1\n", 2 },
		{ " USSTAB\n USSMSG MSG=1,BUFFER=NOSUCH\n", 2 },
		{ " USSTAB\n USSMSG MSG=1,BUFFER=B\nB DC H'100'\n", 2 },
		{ " USSTAB\n USSMSG MSG=1,TEXT=A\n", 2 },
		{ " USSTAB\n USSMSG MSG=1,TEXT='A',FOO=1\n", 2 },
		{ " USSTAB FOO=1\n", 1 }, { " USSTAB\n USSFOO\n", 2 },
		{ " USSTAB\nB DC Z'1'\n", 2 }, { " USSTAB\nB DC AL2(C-B)\n", 2 },
		{ " USSTAB\nB DC X'GG'\n", 2 }, { " USSTAB\nB DC C'A\n", 2 },
		{ " USSTAB\nB DC 70000C'A'\n", 2 }, { " USSTAB\n ORG NOSUCH\n", 2 },
		{ " USSTAB\nB DC AL2((((((((((((((((((1))))))))))))))))))\n", 2 },
		{ " USSTAB\nB DC\n DC C\n", 3 }
	};
	struct fx f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		build(&f, bad[i].text);
		if (f.t != NULL)
			print_message("taken: %s\n", bad[i].text);
		assert_null(f.t);
		assert_non_null(f.errs.first);
		assert_int_equal(f.errs.first->pos.line, bad[i].line);
		done(&f);
	}
}

static void
t_interpret_table(void **state)
{
	struct vlmember m;
	struct fx f;
	const struct intab *t;
	uint8_t e[16];

	(void)state;
	scan(&f, "LOGT INTAB\n LOGCHAR APPLID=(APPLICID,TSO),SEQNCE='tso'\n"
	    " LOGCHAR APPLID=(APPLICID,NETA.CICS),SEQNCE='C'\n ENDINTAB\n", &m);
	t = intab_build(&f.arena, &m, "LOGT", &f.errs);
	assert_non_null(t);
	ebc_put(e, "tso USER", 8);
	assert_true(intab_match(t, e, 8, &f.c));
	assert_int_equal(f.c.verb, USS_V_LOGON);
	assert_string_equal(f.c.appl.s, "TSO");
	assert_string_equal(data(&f), "tso USER");      /* blanks and case stay */
	ebc_put(e, "CXX", 3);
	assert_true(intab_match(t, e, 3, &f.c));
	assert_string_equal(f.c.appl.s, "NETA.CICS");
	ebc_put(e, "TSO", 3);
	assert_false(intab_match(t, e, 3, &f.c));
	done(&f);
	scan(&f, "LOGT INTAB\n LOGCHAR APPLID=(ROUTINE,X),SEQNCE='A'\n", &m);
	assert_null(intab_build(&f.arena, &m, "LOGT", &f.errs));
	done(&f);
}

static void
t_input_record(void **state)
{
	static const uint8_t cut[] = { 0x7d, 0x40, 0x40, 0xc1, 0x11, 0x40, 0x40, 0x11, 0x11 };
	static const uint8_t enter[] = { 0x7d, 0x40, 0x40, 0x11, 0x40, 0x40, 0xd3, 0x81, 0x11, 0x40,
		0x50, 0xc1 };
	static const uint8_t clear[] = { 0x6d };
	static const uint8_t pa1[] = { 0x6c, 0x40, 0x40 };
	uint8_t to[16];

	(void)state;
	assert_int_equal(uss_input_3270(enter, sizeof(enter), to, sizeof(to)), 4);
	assert_int_equal(to[0], 0xd3);
	assert_int_equal(to[2], 0x40);
	assert_int_equal(to[3], 0xc1);
	assert_int_equal(uss_input_3270(enter, sizeof(enter), to, 2), 2);
	assert_int_equal(uss_input_3270(enter, 4, to, sizeof(to)), 0);
	assert_int_equal(uss_input_3270(clear, 1, to, sizeof(to)), 0);
	assert_int_equal(uss_input_3270(pa1, 3, to, sizeof(to)), 0);
	assert_int_equal(uss_input_3270(pa1, 0, to, sizeof(to)), 0);
	/* An SBA cut short ends the input: it went round for ever once. */
	assert_int_equal(uss_input_3270(cut, sizeof(cut), to, sizeof(to)), 3);
}

/* Longest input, and more parameters than there is room for. */
static void
t_limits(void **state)
{
	struct fx f = { .t = NULL };
	char s[600];

	(void)state;
	memset(s, 'A', sizeof(s) - 1);
	s[sizeof(s) - 1] = '\0';
	s[500] = '\0';
	parse(&f, USS_TABLE_ONLY, s);
	assert_int_equal(f.c.msg, USS_M_UNKNOWN);
	assert_int_equal(strlen(f.c.insert[0]), 40);
	memcpy(s, "LOGON T DATA(", 13);
	s[255] = ')';
	parse(&f, USS_TABLE_ONLY, s);
	assert_int_equal(f.c.verb, USS_V_LOGON);
	assert_int_equal(f.c.data_len, 242);
	strcpy(s, "LOGON A A A A A A A A A A A A A A A A A A A A");
	parse(&f, USS_TABLE_ONLY, s);
	assert_int_equal(f.c.msg, USS_M_SYNTAX);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_logon_forms),
		cmocka_unit_test(t_errors_for_the_user),
		cmocka_unit_test(t_logoff_ibmtest_undial_empty),
		cmocka_unit_test(t_site_commands),
		cmocka_unit_test(t_buffers),
		cmocka_unit_test(t_buffer_label_on_ds),
		cmocka_unit_test(t_texts_and_inserts),
		cmocka_unit_test(t_text_on_a_3270),
		cmocka_unit_test(t_tags_keep_their_width),
		cmocka_unit_test(t_bad_tables),
		cmocka_unit_test(t_interpret_table),
		cmocka_unit_test(t_input_record),
		cmocka_unit_test(t_limits),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
