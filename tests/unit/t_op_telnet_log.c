/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/op_telnet_in.h"

static struct op_telnet o;
static struct con con;

static struct mono
at(int s)
{
	return (struct mono){ SECS(1000 + s) };
}

static const char *
told_why(const char *reason, uint8_t debug, int s, const char *why)
{
	struct tn_report r = { .kind = TR_CONN_DROP, .error = 1, .debug = debug, .cport = 77,
		.id = 5, .addr = { .fam = 4, .b = { 1, 2, 3, 4 } }, .lu = "LU1" };

	snprintf(r.text, sizeof(r.text), "%s", why);
	snprintf(r.object, sizeof(r.object), "%s", reason);
	con_fini(&con);
	con_init(&con);
	return op_telnet_report(&o, &r, at(s), &con) ? con.text : "";
}

static const char *
told(const char *reason, uint8_t debug, int s)
{
	return told_why(reason, debug, s, "why");
}

static void
begin(void)
{
	o = (struct op_telnet){ .job = "TN" };
}

/* Section 15: the same reason within 15 seconds is told once, then how often. */
static void
t_flood(void **state)
{
	(void)state;
	begin();
	assert_string_equal(told("TIMEMARK", DB_EXCEPTION, 0),
	    "EZZ6034I TN CONN 00000005 LU LU1      CONN DROP    TIMEMARK\n"
	    "         IP..PORT: 1.2.3.4..77  why\n");
	assert_string_equal(told("TIMEMARK", DB_EXCEPTION, 14), "");
	assert_string_equal(told("TIMEMARK", DB_EXCEPTION, 14), "");
	assert_false(op_telnet_quiet(&o, at(14), &con));
	con_fini(&con);
	assert_true(op_telnet_quiet(&o, at(15), &con));
	assert_string_equal(con.text,
	    "EZZ6034I TN CONN 00000005 LU MULTIPLE CONN DROP    TIMEMARK\n"
	    "         2 more within 15 seconds\n");
	assert_non_null(strstr(told("TIMEMARK", DB_EXCEPTION, 16), "LU LU1 "));
	assert_string_equal(told("TIMEMARK", DB_EXCEPTION, 17), "");
	assert_non_null(strstr(told("SENDQ", DB_EXCEPTION, 18), "LU LU1 "));    /* another reason */
	assert_string_equal(told("TIMEMARK", DB_EXCEPTION, 19), "");
	assert_non_null(strstr(told("TIMEMARK", DB_EXCEPTION, 31), "2 more"));
	assert_false(op_telnet_quiet(&o, at(45), &con));
	con_fini(&con);
}

/* Another explanation of the same reason is told, unless there are ever new ones. */
static void
t_other_words(void **state)
{
	char why[8], more[40];

	(void)state;
	begin();
	assert_non_null(strstr(told_why("NO TICKET", DB_EXCEPTION, 0, "late"), "late\n"));
	assert_non_null(strstr(told_why("NO TICKET", DB_EXCEPTION, 1, "no file"), "no file\n"));
	assert_string_equal(told_why("NO TICKET", DB_EXCEPTION, 2, "late"), "");
	assert_string_equal(told_why("NO TICKET", DB_EXCEPTION, 2, "no file"), "");
	for (unsigned i = 0; i < 100; i++) {
		snprintf(why, sizeof(why), "%u", i);
		assert_int_equal(told_why("NO TICKET", DB_EXCEPTION, 3, why)[0] != '\0',
		    i < OP_TOLD_TEXTS - 2);
	}
	assert_true(op_telnet_quiet(&o, at(15), &con));
	snprintf(more, sizeof(more), "         %u more within", 2 + 100 - (OP_TOLD_TEXTS - 2));
	assert_non_null(strstr(con.text, more));
	con_fini(&con);
}

/* More reasons than places: the oldest is told to its end early, none is lost. */
static void
t_many_reasons(void **state)
{
	char reason[12];

	(void)state;
	begin();
	for (unsigned i = 0; i < OP_TOLD; i++) {
		snprintf(reason, sizeof(reason), "R%u", i);
		assert_non_null(strstr(told(reason, DB_EXCEPTION, (int)i / 2), reason));
		assert_string_equal(told(reason, DB_EXCEPTION, (int)i / 2), "");
	}
	assert_non_null(strstr(told("ONE", DB_EXCEPTION, 9), "MULTIPLE CONN DROP    R0\n"));
	assert_non_null(strstr(con.text, "CONN DROP    ONE\n"));
	con_fini(&con);
}

/* V NET,INACT of a major node: each of its clients waits, two lines say so. */
static void
t_flood_of_lus(void **state)
{
	struct tn_report r = { .kind = TR_LU_GONE, .error = 1, .id = 7, .lu = "LU1",
		.object = "VARY", .addr = { .fam = 4, .b = { 1, 2, 3, 4 } } };

	(void)state;
	begin();
	con_init(&con);
	for (int i = 0; i < 100; i++)
		assert_int_equal(op_telnet_report(&o, &r, at(0), &con), i == 0);
	assert_non_null(strstr(con.text, "LU LU1      LU INACT     VARY\n"));
	assert_true(op_telnet_quiet(&o, at(15), &con));
	assert_non_null(strstr(con.text, "LU MULTIPLE LU INACT     VARY\n"
	    "         99 more within 15 seconds\n"));
	con_fini(&con);
}

static void
t_summary_is_never_held_back(void **state)
{
	(void)state;
	begin();
	for (int i = 0; i < 3; i++)
		assert_non_null(strstr(told("TIMEMARK", DB_SUMMARY, i), "LU LU1 "));
	o.debug_off = 1;
	assert_non_null(strstr(told("TIMEMARK", DB_SUMMARY, 4), "LU LU1 "));
	assert_string_equal(told("TIMEMARK", DB_SUMMARY, 5), "");
}

static void
t_detail(void **state)
{
	struct tn_report r = { .kind = TR_DETAIL, .rcode = 3012, .instance = 1, .parm = 0xa,
		.id = 9, .addr = { .fam = 4, .b = { 1, 2, 3, 4 } }, .cport = 5, .lu = "**N/A**",
		.text = "none left" };

	(void)state;
	begin();
	con_init(&con);
	assert_true(op_telnet_report(&o, &r, at(0), &con));
	assert_string_equal(con.text, "EZZ6035I TN DEBUG CONN DETAIL\n"
	    "         IP..PORT: 1.2.3.4..5\n"
	    "         CONN: 00000009 LU: **N/A** MOD: TN3270E\n"
	    "         RCODE: 3012-01 none left\n"
	    "         PARM1: 0000000A PARM2: 00000000 PARM3: 00000000\n");
	con_fini(&con);
}

static void
t_reasons(void **state)
{
	(void)state;
	assert_int_equal(drop_reason_at("NOSUCH"), 0);
	for (unsigned i = 1; i < drop_reason_count(); i++) {
		assert_int_equal(drop_reason_at(drop_reason(i)->name), i);
		assert_true(strlen(drop_reason(i)->name) <= 9);
		for (unsigned k = 0; k < i; k++)
			assert_int_not_equal(drop_reason(i)->rcode, drop_reason(k)->rcode);
	}
	assert_true(drop_reason(drop_reason_at("CLNTDISC"))->normal);
	assert_int_equal(drop_reason(drop_reason_at("ERR 1030"))->rcode, 1030);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_flood), cmocka_unit_test(t_flood_of_lus),
		cmocka_unit_test(t_other_words), cmocka_unit_test(t_many_reasons),
		cmocka_unit_test(t_summary_is_never_held_back),
		cmocka_unit_test(t_detail), cmocka_unit_test(t_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
