/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vtamsim/defs.h"
#include "vtamsim/msg.h"

/* Layouts that published consoles show. */
static void
t_columns(void **state)
{
	struct con c;

	(void)state;
	con_init(&c);
	msg_line(&c, IST089I, "ISTADJCP", "ADJCP MAJOR NODE", "ACTIV");
	msg_line(&c, IST635I, "CICSQ1", "ACTIV-P", "CA7B8B52114E7A85", "0000", "0002", "", "",
	    "NETQ");
	msg_line(&c, IST664I, "REAL", "OLU", "NETQ.L702", "REAL", "DLU", "NETQ.TSOA0001");
	msg_line(&c, IST1960I, "CNR00004", "NETQ.CPQ2", "CPSVCMG", "NO", "NO", "NO", 1u);
	msg_line(&c, IST1307I, "NONE", 1u, 2u, 0u, 0u, 0u, 0u, 0u);
	msg_line(&c, IST874I, "NETQ.CICSQ1", "NETQ.TCP00007", "CA7B8B52114E7A85", "ACTIV");
	msg_line(&c, IST1296I, "NETQ.CPQ2", "NN", "128", "NONE", "YES", "*NA*");
	msg_line(&c, IST1476I, UINT64_C(0x1E2A7B5000010008), UINT64_C(0x0C34D4A000010012));
	msg_line(&c, IST171I, 1u, 0u);
	assert_string_equal(c.text,
	    "IST089I ISTADJCP TYPE = ADJCP MAJOR NODE , ACTIV\n"
	    "IST635I CICSQ1   ACTIV-P    CA7B8B52114E7A85 0000 0002       NETQ\n"
	    "IST664I REAL  OLU=NETQ.L702           REAL  DLU=NETQ.TSOA0001\n"
	    "IST1960I CNR00004   NETQ.CPQ2         CPSVCMG NO     NO      NO    1\n"
	    "IST1307I NONE              1    2    0    0         0       0    0\n"
	    "IST874I NETQ.CICSQ1      NETQ.TCP00007    CA7B8B52114E7A85  ACTIV\n"
	    "IST1296I NETQ.CPQ2         NN       128      NONE        YES   *NA*\n"
	    "IST1476I TCID X'1E2A7B5000010008' - REMOTE TCID X'0C34D4A000010012'\n"
	    "IST171I ACTIVE SESSIONS = 0000000001, SESSION REQUESTS = 0000000000\n");
	con_fini(&c);
}

/* A header and its data line keep their columns. */
static void
t_heads_and_rows_agree(void **state)
{
	struct con c;

	(void)state;
	con_init(&c);
	msg_line(&c, IST1765I);
	msg_line(&c, IST1766I, "NETQ.CPQ2", "ACT", "ACT", "UP", "NN", 0x00A12A00u);
	msg_line(&c, IST2006I);
	msg_line(&c, IST2007I, 12000u, 12001u, 12002u, 12003u, 12004u);
	msg_line(&c, IST2008I, 0xC0u, 0xC0u, 0x80u, 0x40u, 0x20u);
	assert_string_equal(c.text,
	    "IST1765I ADJACENT CP       WINNER LOSER  STATE NODE ANDCB\n"
	    "IST1766I NETQ.CPQ2         ACT    ACT    UP    NN   00A12A00\n"
	    "IST2006I PORT PRIORITY = SIGNAL   NETWORK   HIGH   MEDIUM   LOW\n"
	    "IST2007I IPPORT NUMBER = 12000    12001     12002  12003    12004\n"
	    "IST2008I IPTOS VALUE   = C0       C0        80     40       20\n");
	con_fini(&c);
}

static void
t_levels_choose_one(void **state)
{
	struct con c;

	(void)state;
	con_init(&c);
	msg_active(&c, 0, "NETQ.CICSQ1", "APPL");
	msg_active(&c, 1, "NETQ.CICSQ1", "APPL");
	msg_inactive(&c, 0, "EL002", "LINE");
	msg_inactive(&c, 4, "EL002", "LINE");
	msg_recovering(&c, 0, "PUEEQ2");
	msg_inact_scheduled(&c, 1, "PUEEQ2");
	msg_failed(&c, "VARY ACT", "X", "NO LINE");
	assert_string_equal(c.text,
	    "IST093I CICSQ1 ACTIVE\n"
	    "IST1132I NETQ.CICSQ1 IS ACTIVE, TYPE = APPL\n"
	    "IST105I EL002 NODE NOW INACTIVE\n"
	    "IST1133I EL002 IS NOW INACTIVE, TYPE= LINE\n"
	    "IST619I ID = PUEEQ2 FAILED - RECOVERY IN PROGRESS\n"
	    "IST1136I VARY INACT PUEEQ2 SCHEDULED - UNRECOVERABLE ERROR\n"
	    "IST1137I VARY ACT FAILED, X - NO LINE\n");
	con_fini(&c);
}

/* The table is what operators look a message up in: in order, complete, and
 * the text shown there has the words of the format. */
static void
t_table_is_sound(void **state)
{
	unsigned n = 0;

	(void)state;
	for (const struct msg_desc *m = msg_table; m->id != NULL; m++, n++) {
		size_t lead = strcspn(m->format, "%");

		assert_ptr_equal(msg_find(m->id), m);
		assert_true(strlen(m->id) == 7 || strlen(m->id) == 8);
		assert_int_equal(strncmp(m->format, m->shown, lead), 0);
		assert_true(strlen(m->explanation) > 2);
		if (m[1].id != NULL && strncmp(m->id, m[1].id, 3) == 0 && atoi(m[1].id + 3) != 0)
			assert_true(atoi(m->id + 3) < atoi(m[1].id + 3));
	}
	assert_true(n > 300);
	assert_null(msg_find("IST9999I"));
}

static void
t_manual(void **state)
{
	struct con c;

	(void)state;
	con_init(&c);
	msg_markdown(&c);
	assert_false(c.cut);
	assert_non_null(strstr(c.text, "| IST453I | parameter PARAMETER VALUE value NOT VALID |"));
	con_fini(&c);
}

static void
t_dates_and_numbers(void **state)
{
	struct msg_when w;
	char to[MSG_COUNT];

	(void)state;
	setenv("TZ", "UTC", 1);
	w = msg_when(INT64_C(1773824702) * 1000000, DATE_MDY);
	assert_string_equal(w.date, "03/18/26");
	assert_string_equal(w.time, "09:05:02");
	assert_string_equal(msg_when(INT64_C(1773824702) * 1000000, DATE_DMY).date, "18/03/26");
	assert_string_equal(msg_when(INT64_C(1773824702) * 1000000, DATE_YMD).date, "26/03/18");
	assert_string_equal(msg_count(214, to), "214          ( 000K )");
	assert_string_equal(msg_count(1234567, to), "1234567      ( 1234K )");
	assert_string_equal(msg_count(UINT64_MAX, to),
	    "18446744073709551615 ( 18446744073709551K )");
	assert_string_equal(msg_rate(0, to), "0 BITS/SEC");
	assert_string_equal(msg_rate(1600000, to), "1600 KBITS/SEC");
	assert_string_equal(msg_rate(1000000000, to), "1000 MBITS/SEC");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_columns),
		cmocka_unit_test(t_heads_and_rows_agree),
		cmocka_unit_test(t_levels_choose_one),
		cmocka_unit_test(t_table_is_sound),
		cmocka_unit_test(t_manual),
		cmocka_unit_test(t_dates_and_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
