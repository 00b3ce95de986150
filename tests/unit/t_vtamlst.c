/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "vtamsim/vtamlst.h"

struct fx {
	struct arena arena;
	struct deferrs errs;
	struct vlmember m;
	bool ok;
};

static const struct vlsym syms[] = { { "SYSNAME", "SYS1" }, { "SYSCLONE", "01" },
	{ "LONG", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQR" }, { NULL, NULL } };

static void
scan_n(struct fx *f, enum vl_dialect d, const char *text, size_t n)
{
	struct vlscan sc = { .member = "TEST", .dialect = d, .syms = syms, .arena = &f->arena,
		.errs = &f->errs };

	arena_init(&f->arena);
	deferrs_init(&f->errs);
	f->ok = vtamlst_scan(&sc, (const uint8_t *)text, n, &f->m);
}

static void
scan(struct fx *f, enum vl_dialect d, const char *text)
{
	scan_n(f, d, text, strlen(text));
}

static void
done(struct fx *f)
{
	arena_fini(&f->arena);
	deferrs_fini(&f->errs);
}

/* A card: text, blanks to column 71, then what stands from column 72 on. */
static const char *
card(char *to, size_t n, const char *text, const char *from72)
{
	(void)snprintf(to, n, "%-71.71s%.20s\n", text, from72);
	return to;
}

static const struct deferr *
err_with(const struct fx *f, const char *id, const char *in_text)
{
	const struct deferr *e;

	for (e = f->errs.first; e != NULL; e = e->next)
		if (strcmp(e->id, id) == 0 && strstr(e->text, in_text) != NULL)
			return e;
	return NULL;
}

static const struct vlopd *
opd(const struct vlstmt *st, const char *key)
{
	const struct vlopd *o;

	for (o = st->opds; o != NULL; o = o->next)
		if (strcmp(o->key, key) == 0)
			return o;
	return NULL;
}

static void
t_name_operation_operands_remarks(void **state)
{
	struct fx f;
	const struct vlstmt *st;

	(void)state;
	scan(&f, VL_D1, "A0600 VBUILD TYPE=APPL     remarks, with=signs\n"
	    "A3270D     APPL  AUTH=(ACQ,PASS),EAS=5\n"
	    "    PATH DESTSA=(1,2)\n"
	    "EEL00    LINE\n");
	assert_true(f.ok);
	assert_int_equal(f.m.nstmt, 4);
	st = f.m.first;
	assert_string_equal(st->name, "A0600");
	assert_string_equal(st->op, "VBUILD");
	assert_int_equal(st->nopd, 1);
	assert_string_equal(opd(st, "TYPE")->val->text, "APPL");
	assert_int_equal(opd(st, "TYPE")->pos.line, 1);
	assert_int_equal(opd(st, "TYPE")->pos.col, 14);
	st = st->next;
	assert_int_equal(vlval_count(opd(st, "AUTH")->val), 2);
	assert_string_equal(vlval_at(opd(st, "AUTH")->val, 1)->text, "PASS");
	assert_string_equal(opd(st, "AUTH")->val->text, "(ACQ,PASS)");
	st = st->next;
	assert_string_equal(st->name, "");
	assert_string_equal(st->op, "PATH");
	assert_int_equal(st->pos.col, 5);
	st = st->next;
	assert_int_equal(st->nopd, 0);
	assert_int_equal(f.errs.count, 0);
	done(&f);
}

static void
t_continuation_characters_and_remarks(void **state)
{
	static const char marks[] = "X*-+Cx";
	struct fx f;
	char text[2048] = "", c[128];
	size_t i;

	(void)state;
	strcat(text, card(c, sizeof(c), "APL1     APPL  EAS=160,         up to=160 sessions",
	    "X00010000"));
	for (i = 0; marks[i] != '\0'; i++) {
		char line[64], m[2] = { marks[i], '\0' };

		(void)snprintf(line, sizeof(line), "               K%zu=V%zu,", i, i);
		strcat(text, card(c, sizeof(c), line, m));
	}
	strcat(text, "               LAST=1   remark\n");
	scan(&f, VL_D1, text);
	assert_true(f.ok);
	assert_int_equal(f.m.nstmt, 1);
	assert_int_equal(f.m.first->nopd, 8);
	assert_string_equal(opd(f.m.first, "K5")->val->text, "V5");
	assert_int_equal(opd(f.m.first, "K5")->pos.line, 7);
	assert_int_equal(opd(f.m.first, "K5")->pos.col, 16);
	assert_int_equal(f.errs.count, 0);
	done(&f);
}

/* MODEENT of a public table: the hex value runs through column 71. */
static void
t_full_card_inside_a_hex_value(void **state)
{
	struct fx f;
	char text[512] = "", line[128], c[128];
	const char *start = "    MODEENT LOGMODE=D4B32782,FMPROF=X'02',TSPROF=X'02',PRIPROT=X'7";
	size_t pad;

	(void)state;
	/* Filled with a longer name of the operand before, up to column 71. */
	pad = 71 - strlen(start);
	(void)snprintf(line, sizeof(line), "    MODEENT%.*s%s", (int)pad, "          ", start + 11);
	assert_int_equal(strlen(line), 71);
	strcat(text, card(c, sizeof(c), line, "*"));
	strcat(text, card(c, sizeof(c), "               1',SECPROT=X'40',PSERVIC", ""));
	scan(&f, VL_D3, text);
	assert_true(f.ok);
	assert_string_equal(opd(f.m.first, "PRIPROT")->val->text, "71");
	assert_int_equal(opd(f.m.first, "PRIPROT")->val->type, 'X');
	assert_string_equal(opd(f.m.first, "SECPROT")->val->text, "40");
	assert_int_equal(opd(f.m.first, "SECPROT")->pos.line, 2);
	done(&f);
}

/* Keyword at the end of a card, its value on the next: PSERVIC* + =X'..' */
static void
t_full_card_between_keyword_and_value(void **state)
{
	struct fx f;
	char text[512] = "", line[128], c[128];

	(void)state;
	(void)snprintf(line, sizeof(line), "%-64s%s", "A        MODEENT", "PSERVIC");
	strcat(text, card(c, sizeof(c), line, "*"));
	strcat(text, card(c, sizeof(c), "               =X'0280'", ""));
	scan(&f, VL_D3, text);
	assert_string_equal(opd(f.m.first, "PSERVIC")->val->text, "0280");
	done(&f);
}

static void
t_quote_continues_with_a_blank_in_16(void **state)
{
	struct fx f;
	char text[512] = "", line[128], c[128];

	(void)state;
	(void)snprintf(line, sizeof(line), "%-15s%s", "         USSMSG",
	    " MSG=1,TEXT='0123456789012345678901234567890123456789ABC");
	assert_int_equal(strlen(line), 71);
	strcat(text, card(c, sizeof(c), line, "X"));
	strcat(text, "                D''E'\n");
	scan(&f, VL_D3, text);
	assert_true(f.ok);
	assert_string_equal(opd(f.m.first, "TEXT")->val->text,
	    "0123456789012345678901234567890123456789ABC D'E");
	done(&f);
}

static void
t_code_2_comma_without_mark(void **state)
{
	struct fx f;
	const struct deferr *e;

	(void)state;
	scan(&f, VL_D1, "* comment\n"
	    "A        APPL  EAS=5,\n"
	    "               AUTH=(ACQ)\n");
	e = err_with(&f, "IST118I", "RECORD 2 IN MEMBER TEST - CODE = 2");
	assert_non_null(e);
	assert_int_equal(e->sev, DE_WARN);
	assert_int_equal(e->pos.line, 2);
	assert_int_equal(f.m.nstmt, 2);
	assert_int_equal(f.m.first->nopd, 1);
	assert_string_equal(f.m.first->next->op, "AUTH=(ACQ)");
	done(&f);
}

static void
t_code_3_continuation_in_17(void **state)
{
	struct fx f;
	char text[512] = "", c[128];

	(void)state;
	strcat(text, card(c, sizeof(c), "A        APPL  EAS=5,", "X"));
	strcat(text, card(c, sizeof(c), "                AUTH=(ACQ),", "X"));
	strcat(text, card(c, sizeof(c), "                 only words here", "X"));
	strcat(text, card(c, sizeof(c), "               APPC=YES", ""));
	scan(&f, VL_D1, text);
	assert_true(f.ok);
	assert_non_null(err_with(&f, "IST118I", "RECORD 2 IN MEMBER TEST - CODE = 3"));
	assert_int_equal(f.errs.count, 1);
	assert_int_equal(f.m.nstmt, 1);
	assert_int_equal(f.m.first->nopd, 2);
	assert_non_null(opd(f.m.first, "APPC"));
	assert_null(opd(f.m.first, "AUTH"));
	done(&f);
}

/* No comma before the continuation: the following operands are lost. */
static void
t_code_3_no_comma_loses_operands(void **state)
{
	struct fx f;
	char text[512] = "", c[128];

	(void)state;
	strcat(text, card(c, sizeof(c), "LU1      LU    LOCADDR=2,ISTATUS=ACTIVE", "X"));
	strcat(text, card(c, sizeof(c), "               MODETAB=X,", "X"));
	strcat(text, card(c, sizeof(c), "               DLOGMOD=Y", ""));
	strcat(text, "LU2      LU    LOCADDR=3\n");
	scan(&f, VL_D1, text);
	assert_true(f.ok);
	assert_int_equal(f.errs.count, 2);
	assert_non_null(err_with(&f, "IST118I", "RECORD 3 IN MEMBER TEST - CODE = 3"));
	assert_int_equal(f.m.nstmt, 2);
	assert_int_equal(f.m.first->nopd, 2);
	assert_string_equal(f.m.first->next->name, "LU2");
	done(&f);
}

static void
t_code_4_comment_eats_cards(void **state)
{
	struct fx f;
	char text[1024] = "", c[128];

	(void)state;
	/* A former statement: the X moved to column 71, so it is harmless. */
	strcat(text, card(c, sizeof(c),
	    "*LCL120   LOCAL CUADDR=0120,                                          X", ""));
	strcat(text, "A        APPL\n");
	strcat(text, card(c, sizeof(c), "*/* box", "*"));
	strcat(text, card(c, sizeof(c), "B        APPL", "X"));
	strcat(text, "C        APPL\n"
	    "D        APPL\n"
	    ".* macro comment\n"
	    "./ ADD NAME=X\n");
	scan(&f, VL_D1, text);
	assert_true(f.ok);
	assert_int_equal(f.errs.count, 2);
	assert_non_null(err_with(&f, "IST118I", "RECORD 4 IN MEMBER TEST - CODE = 4"));
	assert_non_null(err_with(&f, "IST118I", "RECORD 5 IN MEMBER TEST - CODE = 4"));
	assert_int_equal(f.m.nstmt, 2);
	assert_string_equal(f.m.first->next->name, "D");
	done(&f);
}

static void
t_crlf_ctrl_z_short_lines_no_newline(void **state)
{
	struct fx f;

	(void)state;
	scan(&f, VL_D1, "A        APPL  EAS=5\r\n\r\nB        APPL  EAS=6\x1a" "C  APPL\n");
	assert_true(f.ok);
	assert_int_equal(f.m.nstmt, 2);
	assert_string_equal(opd(f.m.first->next, "EAS")->val->text, "6");
	assert_int_equal(f.m.records, 3);
	done(&f);
	scan(&f, VL_D1, "A        APPL  EAS=7\r");
	assert_string_equal(opd(f.m.first, "EAS")->val->text, "7");
	done(&f);
	scan(&f, VL_D1, "");
	assert_true(f.ok);
	assert_int_equal(f.m.nstmt, 0);
	done(&f);
}

static void
t_columns_73_to_80_and_beyond(void **state)
{
	struct fx f;
	char text[512] = "", c[200];

	(void)state;
	strcat(text, card(c, sizeof(c), "A        APPL  EAS=5", " 00010000"));
	strcat(text, card(c, sizeof(c), "B        APPL  EAS=6", " 00020000 tail"));
	strcat(text, card(c, sizeof(c), "C        APPL  EAS=7", " 00030000 tail"));
	scan(&f, VL_D1, text);
	assert_true(f.ok);
	assert_int_equal(f.m.nstmt, 3);
	assert_int_equal(f.errs.count, 1);              /* once a member */
	assert_int_equal(f.errs.first->pos.line, 2);
	assert_int_equal(f.errs.first->pos.col, 82);
	done(&f);
}

static void
t_name_alone_is_a_syntax_error(void **state)
{
	struct fx f;

	(void)state;
	scan(&f, VL_D1, "A        APPL\nLONELY\nB        APPL\n");
	assert_false(f.ok);
	assert_non_null(err_with(&f, "IST320I", "SYNTAX ERROR"));
	assert_int_equal(err_with(&f, "IST320I", "SYNTAX ERROR")->pos.line, 2);
	assert_int_equal(f.m.nstmt, 2);
	done(&f);
}

static void
t_text_before_16_on_a_continuation(void **state)
{
	struct fx f;
	char text[512] = "", c[128];

	(void)state;
	strcat(text, card(c, sizeof(c), "A        APPL  EAS=5,", "X"));
	strcat(text, "B        APPL  EAS=6\n");
	scan(&f, VL_D1, text);
	assert_false(f.ok);
	assert_int_equal(f.errs.first->pos.line, 2);
	assert_string_equal(f.errs.first->label, "A");
	assert_int_equal(f.m.nstmt, 2);                 /* B is read as what it is */
	done(&f);
	text[0] = '\0';
	strcat(text, card(c, sizeof(c), "A        APPL  EAS=5,", "X"));
	strcat(text, "* comment\nB        APPL\n");
	scan(&f, VL_D1, text);
	assert_false(f.ok);
	assert_int_equal(f.m.nstmt, 2);
	done(&f);
	text[0] = '\0';
	strcat(text, card(c, sizeof(c), "A        APPL  EAS=5,", "X"));
	scan(&f, VL_D1, text);
	assert_false(f.ok);                             /* ends where a card is due */
	done(&f);
}

static void
t_nested_lists_and_holes(void **state)
{
	struct fx f;
	const struct vlval *v;

	(void)state;
	scan(&f, VL_D3, "A        COS   VR=((0,1),(1,2)),B=(400,,19,,1),C=(),D=,E=(8)\n");
	assert_true(f.ok);
	v = opd(f.m.first, "VR")->val;
	assert_int_equal(vlval_count(v), 2);
	assert_string_equal(vlval_at(v, 1)->text, "(1,2)");
	assert_string_equal(vlval_at(vlval_at(v, 1), 1)->text, "2");
	v = opd(f.m.first, "B")->val;
	assert_int_equal(vlval_count(v), 5);
	assert_null(vlval_at(v, 1));
	assert_string_equal(vlval_at(v, 4)->text, "1");
	assert_int_equal(vlval_count(opd(f.m.first, "C")->val), 0);
	assert_int_equal(opd(f.m.first, "D")->val->kind, VV_EMPTY);
	assert_string_equal(vlval_at(opd(f.m.first, "E")->val, 0)->text, "8");
	done(&f);
}

static void
t_syntax_errors_name_the_operand(void **state)
{
	static const struct { const char *text; unsigned col; const char *operand; } bad[] = {
		{ "A        APPL  AUTH=(ACQ,EAS=5\n", 29, "AUTH" },
		{ "A        APPL  EAS=5,TEXT='ABC\n", 31, NULL },
		{ "A        APPL  EAS=5=6\n", 21, "EAS" },
		{ "A        APPL  AUTH=(ACQ)PASS\n", 26, "AUTH" },
		{ "A        APPL  AUTH=((((((((((1))))))))))\n", 29, "AUTH" },
		{ "A        APPL  EAS=5)\n", 21, "EAS" }
	};
	struct fx f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		scan(&f, VL_D1, bad[i].text);
		assert_false(f.ok);
		assert_int_equal(f.errs.first->pos.line, 1);
		if (bad[i].operand != NULL) {
			assert_string_equal(f.errs.first->operand, bad[i].operand);
			assert_int_equal(f.errs.first->pos.col, bad[i].col);
		}
		assert_string_equal(f.errs.first->member, "TEST");
		done(&f);
	}
	/* One bad operand leaves the others. */
	scan(&f, VL_D1, "A        APPL  EAS=5=6,APPC=YES\n");
	assert_int_equal(f.m.first->nopd, 1);
	assert_non_null(opd(f.m.first, "APPC"));
	done(&f);
}

static void
t_lower_case_is_folded_once_warned(void **state)
{
	struct fx f;

	(void)state;
	scan(&f, VL_D1, "a        appl  eas=5,statopt='Keep Me'\nb        appl\n");
	assert_true(f.ok);
	assert_int_equal(f.errs.count, 1);
	assert_string_equal(f.m.first->name, "A");
	assert_string_equal(opd(f.m.first, "STATOPT")->val->text, "Keep Me");
	done(&f);
}

static void
t_system_symbols(void **state)
{
	struct fx f;
	char text[256], c[128];

	(void)state;
	scan(&f, VL_D1, "A&SYSCLONE. APPL ACBNAME=X&SYSNAME,USSTAB=T&NOSUCH.\n");
	assert_true(f.ok);
	assert_string_equal(f.m.first->name, "A01");
	assert_string_equal(opd(f.m.first, "ACBNAME")->val->text, "XSYS1");
	assert_string_equal(opd(f.m.first, "USSTAB")->val->text, "T&NOSUCH.");
	assert_int_equal(f.errs.count, 1);              /* the unknown one */
	assert_int_equal(opd(f.m.first, "ACBNAME")->pos.col, 18);
	done(&f);
	text[0] = '\0';
	strcat(text, card(c, sizeof(c),
	    "A        APPL  ACBNAME=&LONG.,USSTAB=ABCDEFGH,MODETAB=ABCDEFGH", ""));
	scan(&f, VL_D1, text);
	assert_false(f.ok);                             /* pushed past column 71 */
	done(&f);
}

static void
t_lists(void **state)
{
	struct fx f;
	char text[1024] = "", c[128], full[80];
	const struct vlstmt *st;

	(void)state;
	strcat(text, "* comment\n    SSCPID=001,SSCPNAME=A,     /* remark */\n");
	strcat(text, card(c, sizeof(c), "NETID=NETA,            remark", "-"));
	strcat(text, "NOPROMPT,NOTNSTAT\nIOBUF=(50,3200,,,4,30)\n/* whole remark */\n");
	(void)snprintf(full, sizeof(full), "%-60s",
	    "CONFIG=00,HOSTSA=12,MAXSUBA=31,DSPLYDEF=200,DSPLYMAX=1000,AA");
	strcat(text, full);
	strcat(text, "ABCDEFGHIJK\nLMN=5\n");        /* runs through column 71 */
	scan(&f, VL_D2, text);
	assert_true(f.ok);
	assert_int_equal(f.errs.count, 0);
	st = f.m.first;
	assert_string_equal(opd(st, "SSCPID")->val->text, "001");
	assert_string_equal(opd(st, "NETID")->val->text, "NETA");
	assert_int_equal(opd(st, "NETID")->pos.line, 3);
	assert_int_equal(vlval_count(opd(st, "IOBUF")->val), 6);
	assert_string_equal(opd(st, "HOSTSA")->val->text, "12");
	assert_int_equal(st->nopd, 12);
	done(&f);
}

static void
t_list_item_cut_at_the_record(void **state)
{
	struct fx f;

	(void)state;
	scan(&f, VL_D2, "HPRPST=(8M,4M,\n2M,1M)\nNETID=A\n");
	assert_false(f.ok);
	assert_int_equal(f.errs.first->pos.line, 1);
	assert_non_null(opd(f.m.first, "NETID"));
	done(&f);
}

static void
t_assembler_lines(void **state)
{
	struct fx f;

	(void)state;
	scan(&f, VL_D3, "         TITLE 'IT''S'\n"
	    "         MACRO\n&LABEL   FOO   &A,'\n         MEND\n"
	    "         PRINT NOGEN\n"
	    "BUF      DC    AL2(((24-1)*80)+(80-1)),C'A B',AL1(L'BUF)  remark\n"
	    "         EQU   *\n"
	    "         MODEEND ,    END OF DEFAULT TABLE ENTRIES\n"
	    "         END   ,      END OF IT\n"
	    "JUNK (((\n");
	assert_true(f.ok);
	assert_int_equal(f.errs.count, 0);
	assert_int_equal(f.m.nstmt, 6);
	assert_string_equal(f.m.first->next->next->raw,
	    "AL2(((24-1)*80)+(80-1)),C'A B',AL1(L'BUF)");
	done(&f);
}

static void
t_values(void **state)
{
	struct fx f;
	uint8_t b[4];
	const struct vlval *v;

	(void)state;
	scan(&f, VL_D1, "A APPL H=X'B10',B=B'0101',C=C'it''s',N=E40,X=X'GG'\n");
	v = opd(f.m.first, "H")->val;
	assert_int_equal(vlval_hex(v, b, sizeof(b)), 2);
	assert_int_equal(b[0], 0x0b);
	assert_int_equal(b[1], 0x10);
	assert_int_equal(vlval_hex(opd(f.m.first, "B")->val, b, sizeof(b)), -1);
	assert_int_equal(vlval_hex(opd(f.m.first, "X")->val, b, sizeof(b)), -1);
	assert_int_equal(vlval_hex(opd(f.m.first, "N")->val, b, 1), -1);
	assert_string_equal(opd(f.m.first, "C")->val->text, "it's");
	assert_string_equal(vlval_text(&f.arena, opd(f.m.first, "C")->val), "C'it''s'");
	done(&f);
}

static void
t_error_text(void **state)
{
	struct fx f;
	char line[300], detail[120];

	(void)state;
	scan(&f, VL_D1, "A        APPL  EAS=5=6\n");
	assert_string_equal(deferr_line(f.errs.first, line, sizeof(line)),
	    "TEST(1,21) EAS: IST320I DEFINITION TEST NOT SUCCESSFUL - SYNTAX ERROR: "
	    "a value holds a parenthesis, quote or equal sign out of place");
	assert_string_equal(deferr_detail(f.errs.first, detail, sizeof(detail)),
	    "LABEL = A - MACRO = APPL - KEYWORD = EAS");
	done(&f);
}

static void
t_errors_are_bounded(void **state)
{
	struct fx f;
	char *text = malloc(4 * 2000 + 1);
	size_t i;

	(void)state;
	assert_non_null(text);
	for (i = 0; i < 2000; i++)
		memcpy(text + 4 * i, "ABC\n", 4);
	scan_n(&f, VL_D1, text, 8000);
	assert_int_equal(f.errs.count, 2000);
	assert_int_equal(f.errs.dropped, 2000 - DEFERR_MAX);
	free(text);
	done(&f);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_name_operation_operands_remarks),
		cmocka_unit_test(t_continuation_characters_and_remarks),
		cmocka_unit_test(t_full_card_inside_a_hex_value),
		cmocka_unit_test(t_full_card_between_keyword_and_value),
		cmocka_unit_test(t_quote_continues_with_a_blank_in_16),
		cmocka_unit_test(t_code_2_comma_without_mark),
		cmocka_unit_test(t_code_3_continuation_in_17),
		cmocka_unit_test(t_code_3_no_comma_loses_operands),
		cmocka_unit_test(t_code_4_comment_eats_cards),
		cmocka_unit_test(t_crlf_ctrl_z_short_lines_no_newline),
		cmocka_unit_test(t_columns_73_to_80_and_beyond),
		cmocka_unit_test(t_name_alone_is_a_syntax_error),
		cmocka_unit_test(t_text_before_16_on_a_continuation),
		cmocka_unit_test(t_nested_lists_and_holes),
		cmocka_unit_test(t_syntax_errors_name_the_operand),
		cmocka_unit_test(t_lower_case_is_folded_once_warned),
		cmocka_unit_test(t_system_symbols),
		cmocka_unit_test(t_lists),
		cmocka_unit_test(t_list_item_cut_at_the_record),
		cmocka_unit_test(t_assembler_lines),
		cmocka_unit_test(t_values),
		cmocka_unit_test(t_error_text),
		cmocka_unit_test(t_errors_are_bounded),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
