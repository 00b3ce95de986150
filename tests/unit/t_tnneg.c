/* SPDX-License-Identifier: Apache-2.0
 *
 * Negotiation, in the bytes of the recorded dialogues of s3270 and pr3287
 * (companion tn3270e 3, 4.2, 7). Ids N-xx are its conformance list, section 22.
 * The ways down to TN3270 and lines: t_tnneg_down.c.
 */
#include "tests/unit/neg_feed.h"

/* --- TN3270E --- */

static void
e_s3270(void **s)               /* N-01, N-03, N-04, N-06, N-17 */
{
	struct neg *g = up_to_device(&basic);
	char t[32];

	(void)s;
	in(g, "fffb28", "", "");                        /* T-05 */
	in(g, "fffa28 0207 'IBM-3278-4-E' fff0", " LU", "");
	assert_int_equal(g->n.kind, TNREQ_GENERIC);
	assert_string_equal(g->n.name, "");
	assert_false(tnneg_ready(&g->n));
	lu(g, "TCP00001", 0, "", "fffa28 0204 'IBM-3278-4-E' 01 'TCP00001' fff0");
	assert_string_equal(tnneg_mode_text(&g->n), "NEGOTIATING");
	in(g, "fffa28 0307 000204 fff0", " READY", "fffa28 0304 000204 fff0");
	assert_int_equal(g->n.mode, TNMODE_E);
	assert_string_equal(tnneg_mode_text(&g->n), "TN3270E");
	assert_true(tnneg_agreed(&g->n, TNF_BIND_IMAGE) && tnneg_agreed(&g->n, TNF_RESPONSES) &&
	    tnneg_agreed(&g->n, TNF_SYSREQ));
	assert_false(tnneg_agreed(&g->n, TNF_SCS_CTL_CODES) || tnneg_agreed(&g->n, TNF_CONTENTION));
	assert_string_equal(tnneg_funcs_text(&g->n, t), "BI RS SR");
	silent(g, "", "");
	in(g, "fffb00 fffd00 fffb19 fffd19", "", "fffd00 fffb00 fffd19 fffb19");       /* N-03 */
	assert_true(tnneg_ready(&g->n));
	end(g);
}

static void
e_pr3287(void **s)
{
	struct neg *g = printer(&basic);

	(void)s;
	in(g, "fffa28 0307 0001020304 fff0", " READY", "fffa28 0304 0001020304 fff0");
	assert_true(tnneg_agreed(&g->n, TNF_SCS_CTL_CODES));
	end(g);
	g = printer(&basic);
	in(g, "fffa28 0307 03 fff0", " READY", "fffa28 0304 03 fff0");
	end(g);
}

static void
e_all_devices(void **s)         /* N-05: echoed as written; 7.4: 3279 too */
{
	static const char *const type[] = { "IBM-3278-2", "IBM-3278-2-E", "IBM-3278-3",
	    "IBM-3278-3-E",
		"IBM-3278-4", "IBM-3278-4-E", "IBM-3278-5", "IBM-3278-5-E", "IBM-DYNAMIC",
		    "IBM-3287-1",
		"IBM-3279-2", "IBM-3279-2-E", "IBM-3279-3-E", "IBM-3279-4-E", "IBM-3279-5-E",
		"ibm-3278-2-e", "Ibm-Dynamic" };
	char req[100], is[100];

	(void)s;
	for (size_t i = 0; i < sizeof(type) / sizeof(type[0]); i++) {
		struct neg *g;

		snprintf(req, sizeof(req), "fffa28 0207 '%s' fff0", type[i]);
		snprintf(is, sizeof(is), "fffa28 0204 '%s' 01 'LU1' fff0", type[i]);
		g = up_to_functions(&basic, req, is);
		assert_int_equal(g->n.device, tndev_find(type[i], strlen(type[i])));
		end(g);
	}
}

static void
e_connect(void **s)             /* N-08, I-04, N-24 */
{
	struct neg *g = up_to_device(&basic);

	(void)s;
	in(g, "fffa28 0207 'IBM-3278-2-E' 01 'luNaMe1' fff0", " LU", "");
	assert_int_equal(g->n.kind, TNREQ_CONNECT);
	assert_string_equal(g->n.name, "LUNAME1");
	lu(g, "LUNAME1", 0, "", "fffa28 0204 'IBM-3278-2-E' 01 'LUNAME1' fff0");
	end(g);
	g = up_to_device(&basic);
	in(g, "fffa28 0207 'IBM-3278-2' 01 'A2345678901234567890123456789012' fff0", " LU", "");
	assert_string_equal(g->n.name, "A2345678901234567890123456789012");
	lu(g, NULL, TNREJ_INV_NAME, "", "fffa28 02060503 fff0");
	in(g, "fffa28 0207 'IBM-3278-2' 01 'A23456789012345678901234567890123' fff0", "",
	    "fffa28 02060503 fff0");
	in(g, "fffa28 0207 'IBM-3278-2' 01 fff0", "", "fffa28 02060503 fff0");
	end(g);
}

/* A name or type with bytes no name has is not cut down to one that exists. */
static void
e_names_not_cut(void **s)
{
	struct neg *g = up_to_device(&basic);

	(void)s;
	in(g, "fffa28 0207 'IBM-3278-2 X' fff0", "", "fffa28 02060504 fff0");
	in(g, "fffa28 0207 'IBM-3278-2' ffff fff0", "", "fffa28 02060504 fff0");
	in(g, "fffa28 0207 'IBM-3278-2' 01 'LU1 X' fff0", " LU", "");
	assert_string_not_equal(g->n.name, "LU1");
	lu(g, NULL, TNREJ_INV_NAME, "", "fffa28 02060503 fff0");
	in(g, "fffa28 0207 'IBM-3278-2' 01 'LU1' 80 fff0", " LU", "");
	assert_string_not_equal(g->n.name, "LU1");
	end(g);
}

static void
e_associate(void **s)           /* N-12, N-23 */
{
	struct neg *g = up_to_device(&basic);

	(void)s;
	in(g, "fffa28 0207 'IBM-3278-2-E' 00 'LU1' fff0", "", "fffa28 02060502 fff0");
	in(g, "fffa28 0207 'IBM-DYNAMIC' 00 'LU1' fff0", "", "fffa28 02060502 fff0");
	in(g, "fffa28 0207 'IBM-3287-1' 00 fff0", "", "fffa28 02060502 fff0");
	in(g, "fffa28 0207 'IBM-3287-1' 01 'A' 00 'B' fff0", "", "fffa28 02060507 fff0");
	in(g, "fffa28 0207 'IBM-3287-1' 00 'A' 01 'B' fff0", "", "fffa28 02060507 fff0");
	in(g, "fffa28 0207 'IBM-3287-1' 00 'lu1' fff0", " LU", "");
	assert_int_equal(g->n.kind, TNREQ_ASSOCIATE);
	assert_string_equal(g->n.name, "LU1");
	lu(g, "PRT1", 0, "", "fffa28 0204 'IBM-3287-1' 01 'PRT1' fff0");
	end(g);
}

static void
e_reject_reasons(void **s)      /* N-10, N-11, N-13 to N-16 */
{
	(void)s;
	for (unsigned r = TNREJ_CONN_PARTNER; r <= TNREJ_UNSUPPORTED_REQ; r++) {
		struct neg *g = up_to_device(&basic);
		char no[40];

		snprintf(no, sizeof(no), "fffa28 020605%02x fff0", r);
		in(g, "fffa28 0207 'IBM-3278-2-E' 01 'LU2' fff0", " LU", "");
		lu(g, NULL, r, "", no);
		in(g, "fffa28 0207 'IBM-3278-2-E' fff0", " LU", "");    /* N-27 */
		assert_int_equal(g->n.kind, TNREQ_GENERIC);
		lu(g, "LU1", 0, "", IS_LU1("IBM-3278-2-E"));
		end(g);
	}
	assert_string_equal(tnneg_reason_text(TNREJ_CONN_PARTNER), "CONN-PARTNER");
	assert_string_equal(tnneg_reason_text(TNREJ_UNSUPPORTED_REQ), "UNSUPPORTED-REQ");
	assert_string_equal(tnneg_reason_text(8), "?");
}

static void
e_bad_device(void **s)          /* N-09, N-10 */
{
	static const char *const type[] = { "'IBM-3278-6'", "", "'xterm'", "'IBM-3477-FC'",
		"'LINEMODE'", "'IBM-3278-2-E-AND-MUCH-MORE-THAN-THAT'" };
	struct neg *g = up_to_device(&basic);
	char req[100];

	(void)s;
	for (size_t i = 0; i < sizeof(type) / sizeof(type[0]); i++) {
		snprintf(req, sizeof(req), "fffa28 0207 %s fff0", type[i]);
		in(g, req, "", "fffa28 02060504 fff0");
	}
	end(g);
}

static void
e_reject_bound(void **s)        /* 3.2: ten and out */
{
	struct neg *g = up_to_device(&basic);

	(void)s;
	for (int i = 1; i < TNNEG_REJECTS; i++)
		in(g, "fffa28 0207 'X' fff0", "", "fffa28 02060504 fff0");
	in(g, "fffa28 0207 'X' fff0", " CLOSE", "fffa28 02060504 fff0");
	end(g);
	g = up_to_device(&basic);
	for (int i = 1; i < TNNEG_REJECTS; i++) {
		in(g, "fffa28 0207 'IBM-3278-2' 01 'LU2' fff0", " LU", "");
		lu(g, NULL, TNREJ_DEVICE_IN_USE, "", "fffa28 02060501 fff0");
	}
	in(g, "fffa28 0207 'IBM-3278-2' 01 'LU2' fff0", " LU", "");
	lu(g, NULL, TNREJ_DEVICE_IN_USE, " CLOSE", "fffa28 02060501 fff0");
	end(g);
}

/* One LU a connection: a second request is refused, and the LU stays. */
static void
e_second_request(void **s)
{
	struct neg *g = display(&basic);

	(void)s;
	in(g, "fffa28 0207 'IBM-3278-2' 01 'LU2' fff0", "", "fffa28 02060506 fff0");
	assert_string_equal(g->n.name, "LU1");
	in(g, "fffa28 0307 00 fff0", " READY", "fffa28 0304 00 fff0");
	in(g, "fffa28 0207 'IBM-3278-2' fff0", "", "fffa28 02060506 fff0");
	assert_true(tnneg_ready(&g->n));
	end(g);
}

static void
e_garbage(void **s)             /* what only a server says, what is cut, what is out of turn */
{
	static const char *const bad[] = { "", "02", "0802", "0204", "0206 0500", "0307 00",
	    "0304 00",
		"0407", "0702", "ffff", "0208 00", "0207ffff" };
	struct neg *g = up_to_device(&basic);
	char sb[60];

	(void)s;
	for (size_t i = 0; i + 1 < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(sb, sizeof(sb), "fffa28 %s fff0", bad[i]);
		in(g, sb, "", "");
	}
	in(g, "fffa28 0207 ffff fff0", "", "fffa28 02060504 fff0");
	in(g, "0000000000 7d ffef fff1", "", "");               /* N-30 */
	in(g, "fffa28 0207 'IBM-3278-2' fff0", " LU", "");
	in(g, "fffa28 0307 00 fff0", "", "");                   /* before our IS */
	lu(g, "LU1", 0, "", IS_LU1("IBM-3278-2"));
	end(g);
}

static void
/* the choice of an LU takes time: a second request waits for none */
e_before_lu(void **s)
{
	struct neg *g = up_to_device(&basic);

	(void)s;
	in(g, "fffa28 0207 'IBM-3278-2' 01 'LU1' fff0", " LU", "");
	in(g, "fffa28 0207 'X' fff0", "", "");
	lu(g, "LU1", 0, "", IS_LU1("IBM-3278-2"));
	end(g);
}

/* 2.3: DO TN3270E of the client is as good as its WILL. */
static void
e_client_asks(void **s)
{
	struct neg *g = start(&basic, "fffd28");

	(void)s;
	in(g, "fffd28", "", "fffb28 fffa280802fff0");
	in(g, "fffb28", "", "");
	in(g, "fffa28 0207 'IBM-3278-2-E' fff0", " LU", "");
	lu(g, "LU1", 0, "", IS_LU1("IBM-3278-2-E"));
	in(g, "fffa28 0307 05 fff0", "", "fffa28 0307 fff0");
	in(g, "fffa28 0307 05 fff0", " GONE", "fffe28 fffc28 fffd18");
	end(g);
}

/* Words nobody asked for change nothing of what is agreed. */
static void
e_out_of_turn(void **s)
{
	struct neg *g = printer(&basic);

	(void)s;
	in(g, "fffa18 00 'IBM-3278-2@LU9' fff0", "", "");
	in(g, "fffa28 0307 03 fff0", " READY", "fffa28 0304 03 fff0");
	in(g, "fffb18 fffa18 00 'IBM-3278-2@LU9' fff0", "", "fffd18");
	assert_string_equal(g->n.name, "LU1");
	assert_string_equal(g->n.type, "IBM-3287-1");
	assert_int_equal(g->n.device, tndev_find("3287-1", 6));
	end(g);
	g = start(&basic, "fffd28");
	in(g, "fffc28 fffb18", "", "fffd18 fffa1801fff0");
	in(g, "fffa28 0207 'IBM-3278-2' 01 'LU9' fff0", "", "");
	assert_int_equal(g->n.device, 0);
	assert_string_equal(g->n.name, "");
	end(g);
}

/* --- functions --- */

static void
f_same(void **s)                /* N-18, N-19 */
{
	static const char *const list[] = { "", "00", "02", "04", "0002", "000204", "040200",
		"0204", "00000202" };
	static const char *const is[] = { "", "00", "02", "04", "0002", "000204", "000204", "0204",
		"0002" };
	char req[60], want[60];

	(void)s;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct neg *g = display(&basic);

		snprintf(req, sizeof(req), "fffa28 0307 %s fff0", list[i]);
		snprintf(want, sizeof(want), "fffa28 0304 %s fff0", is[i]);
		in(g, req, " READY", want);
		end(g);
	}
}

static void
f_fewer(void **s)               /* N-18, N-21, I-11 */
{
	struct neg *g = display(&basic);

	(void)s;
	in(g, "fffa28 0307 0001020304 fff0", "", "fffa28 0307 000204 fff0");
	assert_false(tnneg_ready(&g->n));
	in(g, "fffa28 0304 000204 fff0", " READY", "");
	assert_true(tnneg_agreed(&g->n, TNF_SYSREQ));
	end(g);
	g = display(&basic);
	in(g, "fffa28 0307 0002040506 fff0", "", "fffa28 0307 000204 fff0");
	in(g, "fffa28 0307 0002 fff0", " READY", "fffa28 0304 0002 fff0");
	end(g);
	g = display(&basic);
	in(g, "fffa28 0307 7f ffff 02 fff0", "", "fffa28 0307 02 fff0");
	in(g, "fffa28 0304 02 fff0", " READY", "");
	end(g);
	g = display(&basic);
	in(g, "fffa28 0307 01 fff0", "", "fffa28 0307 fff0");
	in(g, "fffa28 0307 fff0", " READY", "fffa28 0304 fff0");
	assert_int_equal(g->n.funcs, 0);
	end(g);
}

static void
f_snaext(void **s)              /* 05 and 06 where the port has them */
{
	const struct tnneg_conf ext = { .functions = ALLOWED | TNF(TNF_CONTENTION) |
	    TNF(TNF_SNA_SENSE), .line = 1 };
	struct neg *g = display(&ext);
	char t[32];

	(void)s;
	in(g, "fffa28 0307 0002040506 fff0", " READY", "fffa28 0304 0002040506 fff0");
	assert_string_equal(tnneg_funcs_text(&g->n, t), "BI RS SR CR SS");
	end(g);
}

/* N-20: the client insists, or says IS to what was not asked: down, not out. */
static void
f_impasse(void **s)
{
	struct neg *g = display(&basic);

	(void)s;
	in(g, "fffa28 0307 000205 fff0", "", "fffa28 0307 0002 fff0");
	in(g, "fffa28 0307 000205 fff0", " GONE", "fffe28 fffd18");     /* N-25 */
	in(g, "fffc28", "", "");
	in(g, "fffb18", "", "fffa1801fff0");
	end(g);
	g = display(&basic);
	in(g, "fffa28 0304 0002 fff0", " GONE", "fffe28 fffd18");
	end(g);
	g = display(&basic);
	in(g, "fffa28 0307 000205 fff0", "", "fffa28 0307 0002 fff0");
	in(g, "fffa28 0304 000205 fff0", " GONE", "fffe28 fffd18");
	end(g);
}

static void
f_printer(void **s)             /* N-28 */
{
	struct neg *g = printer(&basic);

	(void)s;
	in(g, "fffa28 0307 0002 fff0", " GONE", "fffe28 fffd18");
	end(g);
	g = printer(&basic);
	in(g, "fffa28 0307 fff0", " GONE", "fffe28 fffd18");
	end(g);
	g = printer(&basic);
	in(g, "fffa28 0307 0305 fff0", "", "fffa28 0307 03 fff0");
	in(g, "fffa28 0304 03 fff0", " READY", "");
	end(g);
}

/* What one dialogue offered does not count in the next one. */
static void
f_again(void **s)
{
	struct neg *g = display(&basic);

	(void)s;
	in(g, "fffa28 0307 0005 fff0", "", "fffa28 0307 00 fff0");
	in(g, "fffc28", " GONE", "fffe28 fffd18");
	in(g, "fffb28", "", "fffd28 fffa280802fff0");
	in(g, "fffa28 0207 'IBM-3278-2-E' fff0", " LU", "");
	lu(g, "LU1", 0, "", IS_LU1("IBM-3278-2-E"));
	in(g, "fffa28 0307 0005 fff0", "", "fffa28 0307 00 fff0");
	in(g, "fffa28 0304 00 fff0", " READY", "");
	end(g);
}

/* --- silence, floods --- */

static void
silence(void **s)               /* N-26; 3.4: E, then TTYPE, then the end */
{
	struct neg *g = start(&basic, "fffd28");

	(void)s;
	assert_int_equal(tnneg_patience(&g->n), TNNEG_FIRST_S);
	silent(g, "", "fffd18");
	assert_int_equal(tnneg_patience(&g->n), TNNEG_FIRST_S);
	silent(g, " CLOSE", "");
	end(g);
	g = up_to_device(&basic);
	assert_int_equal(tnneg_patience(&g->n), TNNEG_S);
	silent(g, " CLOSE", "");
	end(g);
	g = up_to_device(&basic);
	in(g, "fffa28 0207 'IBM-3278-2' fff0", " LU", "");
	silent(g, " CLOSE", "");
	end(g);
	g = display(&basic);
	silent(g, " CLOSE", "");
	end(g);
	g = start(&basic, "fffd28");
	in(g, "fffc28 fffb18", "", "fffd18 fffa1801fff0");
	silent(g, " CLOSE", "");
	end(g);
	g = start(&basic, "fffd28");
	silent(g, "", "fffd18");
	in(g, "fffb28", "", "fffa280802fff0");                  /* late, and welcome */
	end(g);
}

static void
steps_bound(void **s)           /* every cycle ends: names that never repeat */
{
	struct neg *g = start(&basic, "fffd28");
	char sb[60];

	(void)s;
	assert_true(feed_hex(g->f, "fffc28 fffb18"));
	for (unsigned i = 0; i < TNNEG_STEPS && !g->closed; i++) {
		snprintf(sb, sizeof(sb), "fffa18 00 'NAME%u' fff0", i);
		assert_true(feed_hex(g->f, sb));
	}
	assert_true(g->closed);
	end(g);
	g = display(&basic);                    /* but a long session is no flood */
	in(g, "fffa28 0307 00 fff0", " READY", "fffa28 0304 00 fff0");
	for (unsigned i = 0; i < 300; i++)
		in(g, "fffb03 fffc03", "", "fffd03 fffe03");
	assert_true(tnneg_ready(&g->n));
	in(g, "fffc28", " GONE", "fffe28 fffd18");
	in(g, "fffb18", "", "fffa1801fff0");    /* and can go down after it */
	end(g);
}

/* --- START_TLS --- */

static void
tls(void **s)                   /* S-02, 4.2, 4.3 */
{
	const struct tnneg_conf may = { .tls = TNNEG_TLS_MAY, .functions = ALLOWED, .line = 1 };
	const struct tnneg_conf must = { .tls = TNNEG_TLS_MUST, .functions = ALLOWED, .line = 1 };
	struct neg *g = start(&may, "fffd2e");

	(void)s;
	in(g, "fffb2e fffa2e01fff0", " TLS", "fffa2e01fff0");
	end(g);
	g = start(&may, "fffd2e");
	in(g, "fffc2e", "", "fffd28");
	end(g);
	g = start(&must, "fffd2e");
	in(g, "fffc2e", " CLOSE", "");
	end(g);
	g = start(&must, "fffd2e");
	in(g, "fffb28 fffa2e02fff0 fffa2efff0", "", "fffd28");
	in(g, "fffb2e", "", "");
	silent(g, " CLOSE", "");
	end(g);
	g = start(&basic, "fffd28");            /* 4.2 rule 5: only the server starts it */
	in(g, "fffb2e fffa2e01fff0", "", "fffe2e");
	in(g, "fffb28", "", "fffa280802fff0");
	end(g);
}

/* The same, whatever the reads: one byte each. */
static void
byte_by_byte(void **s)
{
	struct neg *g = start(&basic, "fffd28");
	uint8_t b[500];
	size_t n = hex_bytes("fffb28 fffa28 0207 'IBM-3278-4-E' 01 'lu1' fff0", b, sizeof(b));

	(void)s;
	assert_true(feed_n(g->f, b, n, 1));
	check(g, " LU", "fffa280802fff0");
	lu(g, "LU1", 0, "", IS_LU1("IBM-3278-4-E"));
	n = hex_bytes("fffa28 0307 000204 fff0", b, sizeof(b));
	assert_true(feed_n(g->f, b, n, 1));
	check(g, " READY", "fffa28 0304 000204 fff0");
	end(g);
}

static void
matrix(void **s)
{
	struct con c;

	(void)s;
	con_init(&c);
	tnneg_print(&c);
	assert_non_null(strstr(c.text, "E-READY"));
	assert_non_null(strstr(c.text, "DEVICE-TYPE IS"));
	con_fini(&c);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(e_s3270), cmocka_unit_test(e_pr3287),
		cmocka_unit_test(e_all_devices), cmocka_unit_test(e_connect),
		cmocka_unit_test(e_names_not_cut), cmocka_unit_test(e_associate),
		cmocka_unit_test(e_reject_reasons), cmocka_unit_test(e_bad_device),
		cmocka_unit_test(e_reject_bound), cmocka_unit_test(e_second_request),
		cmocka_unit_test(e_garbage), cmocka_unit_test(e_before_lu),
		cmocka_unit_test(e_out_of_turn),
		cmocka_unit_test(e_client_asks), cmocka_unit_test(f_same),
		cmocka_unit_test(f_fewer), cmocka_unit_test(f_snaext),
		cmocka_unit_test(f_impasse), cmocka_unit_test(f_printer),
		cmocka_unit_test(f_again), cmocka_unit_test(silence),
		cmocka_unit_test(steps_bound), cmocka_unit_test(tls),
		cmocka_unit_test(byte_by_byte), cmocka_unit_test(matrix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
