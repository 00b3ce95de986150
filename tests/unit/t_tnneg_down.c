/* SPDX-License-Identifier: Apache-2.0
 *
 * Negotiation with clients without TN3270E, or without 3270: companion tn3270e
 * 3.4, 6. And NEW-ENVIRON before it all (5).
 */
#include "tests/unit/neg_feed.h"

/* --- down to TN3270 --- */

static void
r_s3270(void **s)               /* N-02, N-22 */
{
	struct neg *g = start(&basic, "fffd28");

	(void)s;
	in(g, "fffc28", "", "fffd18");
	in(g, "fffb18", "", "fffa1801fff0");
	in(g, "fffa18 00 'IBM-3279-4-E@lu1' fff0", " LU", "");
	assert_int_equal(g->n.kind, TNREQ_CONNECT);
	assert_string_equal(g->n.name, "LU1");
	assert_string_equal(g->n.type, "IBM-3279-4-E");
	lu(g, "LU1", 0, "", "fffd19 fffb19 fffd00 fffb00");
	assert_false(tnneg_ready(&g->n));
	in(g, "fffb19 fffd19 fffb00", "", "");
	in(g, "fffd00", " READY", "");
	assert_string_equal(tnneg_mode_text(&g->n), "TN3270");
	assert_false(tnneg_agreed(&g->n, TNF_BIND_IMAGE));
	in(g, "fffc00", " LU", "fffe00 fffe19 fffc19 fffc00");  /* back to NVT: lines */
	in(g, "fffe00 fffc19 fffe19", "", "");
	lu(g, "LU1", 0, " READY", "");
	assert_string_equal(tnneg_mode_text(&g->n), "LINEMODE");
	end(g);
}

static void
r_no_e(void **s)                /* I-01 */
{
	const struct tnneg_conf c = { .no_e = 1, .line = 1 };
	struct neg *g = start(&c, "fffd18");

	(void)s;
	in(g, "fffb28", "", "fffe28");
	in(g, "fffb18 fffa18 00 'IBM-3278-2' fff0", " LU", "fffa1801fff0");
	assert_int_equal(g->n.kind, TNREQ_GENERIC);
	in(g, "fffb19 fffd19 fffb00 fffd00", "", "fffd19 fffb19 fffd00 fffb00");
	lu(g, "LU1", 0, " READY", "");          /* all volunteered before */
	end(g);
}

static void
r_will_ttype_first(void **s)    /* I-02, 2.2: DO TTYPE is not said again */
{
	struct neg *g = start(&basic, "fffd28");

	(void)s;
	in(g, "fffb18", "", "fffd18");
	in(g, "fffc28", "", "fffa1801fff0");
	in(g, "fffa18 00 'IBM-3278-2-E' fff0", " LU", "");
	lu(g, "LU1", 0, "", "fffd19 fffb19 fffd00 fffb00");
	end(g);
	g = up_to_device(&basic);
	in(g, "fffb18", "", "fffd18");
	in(g, "fffc28", "", "fffe28 fffa1801fff0");
	end(g);
}

/* N-25: WONT TN3270E at each point after WILL gives the LU back. */
static void
r_wont_later(void **s)
{
	struct neg *g = up_to_device(&basic);

	(void)s;
	in(g, "fffc28", "", "fffe28 fffd18");
	end(g);
	g = display(&basic);
	in(g, "fffc28", " GONE", "fffe28 fffd18");
	assert_false(tnneg_ready(&g->n));
	in(g, "fffb18", "", "fffa1801fff0");
	in(g, "fffa18 00 'IBM-3279-2-E' fff0", " LU", "");
	lu(g, "LU1", 0, "", "fffd19 fffb19 fffd00 fffb00");
	in(g, "fffb19 fffd19 fffb00 fffd00", " READY", "");
	end(g);
	g = display(&basic);
	in(g, "fffa28 0307 00 fff0", " READY", "fffa28 0304 00 fff0");
	in(g, "fffc28", " GONE", "fffe28 fffd18");
	assert_false(tnneg_ready(&g->n));
	end(g);
}

static void
r_ttype_list(void **s)          /* RFC 1091; 6.2: other names and other LUs are asked for */
{
	struct neg *g = start(&basic, "fffd28");

	(void)s;
	in(g, "fffc28 fffb18", "", "fffd18 fffa1801fff0");
	in(g, "fffa18 00 'IBM-3477-FC' fff0", "", "fffa1801fff0");
	in(g, "fffa18 00 'IBM-3279-2-E@LU7' fff0", " LU", "");
	lu(g, NULL, TNREJ_DEVICE_IN_USE, "", "fffa1801fff0");
	in(g, "fffa18 00 'IBM-3279-2-E@LU8' fff0", " LU", "");
	lu(g, NULL, TNREJ_INV_NAME, "", "fffa1801fff0");
	in(g, "fffa18 00 'IBM-3279-2-E@LU8' fff0", " CLOSE", "");       /* came twice: the end */
	assert_non_null(strstr(g->n.why, "not defined"));
	end(g);
}

static void
r_ttype_odd(void **s)
{
	static const char *const other[] = { "", "'IBM 3278-2'", "'IBM-3278-2' ffff",
	    "'IBM-3278-2 '",
		"'LINEMODE'", "'IBM-3278-2@A23456789012345678901234567890123'", "'@LU1'", "80" };
	struct neg *g = start(&basic, "fffd28");
	char sb[120];

	(void)s;
	in(g, "fffc28 fffb18", "", "fffd18 fffa1801fff0");
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		snprintf(sb, sizeof(sb), "fffa18 00 %s fff0", other[i]);
		in(g, sb, "", "fffa1801fff0");
	}
	in(g, "fffa18 01 'IBM-3278-2' fff0 fffa18 fff0", "", "");       /* no IS */
	in(g, "fffa18 00 'IBM-3278-2@' fff0", " LU", "");
	assert_int_equal(g->n.kind, TNREQ_GENERIC);
	end(g);
}

static void
r_refused(void **s)
{
	static const char *const no[] = { "fffc19", "fffe19", "fffc00", "fffe00" };
	static const char *const other[] = { "fffd19 fffb00", "fffb19 fffd00", "fffd00 fffb19",
		"fffb00 fffd19" };
	static const char *const off[] = { "fffc19 fffe00", "fffe19 fffc00", "fffc00 fffe19",
		"fffe00 fffc19" };

	(void)s;
	for (size_t i = 0; i < 4; i++) {
		struct neg *g = start(&basic, "fffd28");

		in(g, "fffc28 fffb18 fffa18 00 'IBM-3278-2' fff0", " LU", "fffd18 fffa1801fff0");
		lu(g, "LU1", 0, "", "fffd19 fffb19 fffd00 fffb00");
		in(g, no[i], " LU", "");
		assert_int_equal(g->n.device, TNDEV_LINEMODE);
		in(g, other[i], "", off[i]);            /* what it agreed to goes again */
		lu(g, "LU2", 0, " READY", "");
		assert_string_equal(tnneg_mode_text(&g->n), "LINEMODE");
		in(g, "fffb28", "", "fffd28 fffe28");   /* too late */
		end(g);
	}
}

/* A list that begins again without its last name twice is over all the same. */
static void
r_ttype_cycle(void **s)
{
	struct neg *g = start(&basic, "fffd28");

	(void)s;
	in(g, "fffc28 fffb18", "", "fffd18 fffa1801fff0");
	in(g, "fffa18 00 'XTERM' fff0", "", "fffa1801fff0");
	in(g, "fffa18 00 'VT220' fff0", "", "fffa1801fff0");
	in(g, "fffa18 00 'XTERM' fff0", " LU", "");
	assert_int_equal(g->n.device, TNDEV_LINEMODE);
	end(g);
}

/* --- NEW-ENVIRON, for Express Logon --- */

#define SEND_ENV "fffa2701 03 'IBMELF' 03 'IBMAPPLID' fff0"

static const struct tnneg_conf with_env = { .functions = ALLOWED, .line = 1, .env = 1 };

static void
n_express(void **s)             /* the companion's recorded dialogue, 5.2 */
{
	struct neg *g = start(&with_env, "fffd27");

	(void)s;
	assert_int_equal(tnneg_patience(&g->n), TNNEG_FIRST_S);
	in(g, "fffb27", "", SEND_ENV);
	in(g, "fffa2700 03 'IBMELF' 01 'YES' 03 'IBMAPPLID' 01 'TSO' fff0", "", "fffd28");
	assert_int_equal(g->n.env.elf, TNENV_YES);
	assert_string_equal(g->n.env.applid, "TSO");
	in(g, "fffb28", "", "fffa280802fff0");
	in(g, "fffa2700 03 'IBMAPPLID' 01 'CICS' fff0", "", "");        /* not asked for */
	in(g, "fffa2702 03 'IBMELF' 01 'NO' fff0", "", "");
	assert_string_equal(g->n.env.applid, "TSO");
	assert_int_equal(g->n.env.elf, TNENV_YES);
	end(g);
}

static void
n_without(void **s)
{
	const struct tnneg_conf no_e = { .line = 1, .env = 1, .no_e = 1 };
	struct neg *g = start(&with_env, "fffd27");

	(void)s;
	in(g, "fffc27", "", "fffd28");          /* pr3287 */
	assert_int_equal(g->n.env.elf, TNENV_SILENT);
	end(g);
	g = start(&with_env, "fffd27");
	in(g, "fffb27", "", SEND_ENV);
	in(g, "fffc27", "", "fffe27 fffd28");
	end(g);
	g = start(&with_env, "fffd27");
	silent(g, "", "fffd28");
	end(g);
	g = start(&with_env, "fffd27");
	in(g, "fffb27", "", SEND_ENV);
	silent(g, "", "fffd28");
	end(g);
	g = start(&with_env, "fffd27");
	in(g, "fffb27", "", SEND_ENV);
	in(g, "fffa2700 07 'X' fff0", "", "fffd28");    /* no such type: says nothing */
	assert_int_equal(g->n.env.elf, TNENV_SILENT);
	end(g);
	g = start(&no_e, "fffd27");
	in(g, "fffb27", "", SEND_ENV);
	in(g, "fffa2700 fff0", "", "fffd18");
	end(g);
	g = start(&basic, "fffd28");            /* nobody asked: refused, not read */
	in(g, "fffb27 fffa2700 03 'IBMELF' 01 'YES' fff0", "", "fffe27");
	assert_int_equal(g->n.env.elf, TNENV_SILENT);
	end(g);
}

/* --- line mode --- */

static void
l_ways(void **s)
{
	struct neg *g = start(&basic, "fffd28");

	(void)s;
	in(g, "fffc28", "", "fffd18");
	in(g, "fffc18", " LU", "");
	assert_int_equal(g->n.device, TNDEV_LINEMODE);
	lu(g, "LU1", 0, " READY", "");
	assert_string_equal(tnneg_mode_text(&g->n), "LINEMODE");
	end(g);
	g = start(&basic, "fffd28");
	in(g, "fffc28 fffb18", "", "fffd18 fffa1801fff0");
	in(g, "fffa18 00 'XTERM' fff0", "", "fffa1801fff0");
	in(g, "fffa18 00 'XTERM' fff0", " LU", "");             /* twice: the list's end */
	lu(g, NULL, TNREJ_UNKNOWN_ERROR, " CLOSE", "");
	end(g);
}

static void
l_not_served(void **s)
{
	const struct tnneg_conf c = { .functions = ALLOWED };
	struct neg *g = start(&c, "fffd28");

	(void)s;
	in(g, "fffc28", "", "fffd18");
	in(g, "fffc18", " CLOSE", "");
	end(g);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(r_s3270), cmocka_unit_test(r_no_e),
		cmocka_unit_test(r_will_ttype_first), cmocka_unit_test(r_wont_later),
		cmocka_unit_test(r_ttype_list), cmocka_unit_test(r_ttype_odd),
		cmocka_unit_test(r_refused), cmocka_unit_test(r_ttype_cycle),
		cmocka_unit_test(n_express), cmocka_unit_test(n_without),
		cmocka_unit_test(l_ways), cmocka_unit_test(l_not_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
