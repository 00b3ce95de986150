/* SPDX-License-Identifier: Apache-2.0
 *
 * Negotiation, in the bytes of the recorded dialogues of s3270 and pr3287
 * (companion tn3270e 3, 4.2, 6, 7). Ids N-xx are its conformance list, section 22.
 */
#include "tests/unit/telnet_feed.h"

#include "tn3270e/tndev.h"
#include "tn3270e/tnneg.h"

#define ALLOWED (TNF(TNF_BIND_IMAGE) | TNF(TNF_RESPONSES) | TNF(TNF_SYSREQ))
#define IS_LU1(type) "fffa28 0204 '" type "' 01 'LU1' fff0"

struct neg {
	struct feed *f;
	struct tnneg n;
	unsigned closed;
	char says[1000];
};

static const struct tnneg_conf basic = { .functions = ALLOWED, .line = 1 };

static void
say(struct neg *g, enum tnneg_say what)
{
	static const char *const word[] = { "", " TLS", " LU", " GONE", " READY", " CLOSE" };

	assert_in_range(what, TNNEG_NOTHING, TNNEG_CLOSE);
	assert_true(strlen(g->says) + 8 < sizeof(g->says));
	strcat(g->says, word[what]);
	if (what == TNNEG_CLOSE) {
		assert_non_null(g->n.why);
		g->closed = 1;
	}
	if (what == TNNEG_READY)
		assert_true(tnneg_ready(&g->n));
}

static void
hear(struct feed *f, const struct tel_ind *ind)
{
	struct neg *g = f->user;

	if (!g->closed)
		say(g, tnneg_input(&g->n, &f->t, ind));
}

static void
check(struct neg *g, const char *says, const char *said)
{
	uint8_t b[2000];
	char want[2 * sizeof(b) + 1];

	assert_string_equal(g->says, says);
	hex_text(b, hex_bytes(said, b, sizeof(b)), want, sizeof(want));
	assert_string_equal(feed_said(g->f), want);
	g->says[0] = '\0';
}

static struct neg *
start(const struct tnneg_conf *c, const char *said)
{
	struct neg *g = calloc(1, sizeof(*g));

	assert_non_null(g);
	g->f = feed_new(c->no_e ? TEL_WITHOUT_E : TEL_WITH_E, TM_DROP, MAXREC);
	g->f->hear = hear;
	g->f->user = g;
	say(g, tnneg_start(&g->n, c, &g->f->t));
	check(g, "", said);                     /* T-11: the server speaks first */
	return g;
}

static void
end(struct neg *g)
{
	feed_free(g->f);
	free(g);
}

static void
in(struct neg *g, const char *hex, const char *says, const char *said)
{
	assert_true(feed_hex(g->f, hex));
	check(g, says, said);
}

static void
lu(struct neg *g, const char *name, enum tnneg_reason r, const char *says, const char *said)
{
	assert_true(tnneg_wants_lu(&g->n));
	say(g, tnneg_lu(&g->n, &g->f->t, name, r));
	check(g, says, said);
}

static void
silent(struct neg *g, const char *says, const char *said)
{
	say(g, tnneg_silent(&g->n, &g->f->t));
	check(g, says, said);
}

/* Up to the device type: N-01, N-04. */
static struct neg *
up_to_device(const struct tnneg_conf *c)
{
	struct neg *g = start(c, "fffd28");

	in(g, "fffb28", "", "fffa280802fff0");
	return g;
}

static struct neg *
up_to_functions(const struct tnneg_conf *c, const char *request, const char *is)
{
	struct neg *g = up_to_device(c);

	in(g, request, " LU", "");
	lu(g, "LU1", 0, "", is);
	return g;
}

static struct neg *
display(const struct tnneg_conf *c)
{
	return up_to_functions(c, "fffa28 0207 'IBM-3278-2-E' fff0", IS_LU1("IBM-3278-2-E"));
}

static struct neg *
printer(const struct tnneg_conf *c)
{
	return up_to_functions(c, "fffa28 0207 'IBM-3287-1' fff0", IS_LU1("IBM-3287-1"));
}

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
	in(g, "fffc00", " CLOSE", "fffe00");
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

	(void)s;
	for (size_t i = 0; i < 4; i++) {
		struct neg *g = start(&basic, "fffd28");

		in(g, "fffc28 fffb18 fffa18 00 'IBM-3278-2' fff0", " LU", "fffd18 fffa1801fff0");
		lu(g, "LU1", 0, "", "fffd19 fffb19 fffd00 fffb00");
		in(g, no[i], " CLOSE", "");
		end(g);
	}
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

/* --- silence, floods --- */

static void
silence(void **s)               /* N-26; 3.4: E, then TTYPE, then line mode */
{
	struct neg *g = start(&basic, "fffd28");

	(void)s;
	silent(g, "", "fffd18");
	silent(g, " LU", "");
	lu(g, "LU1", 0, " READY", "");
	end(g);
	g = up_to_device(&basic);
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
		    cmocka_unit_test(e_all_devices),
		cmocka_unit_test(e_connect), cmocka_unit_test(e_names_not_cut),
		cmocka_unit_test(e_associate), cmocka_unit_test(e_reject_reasons),
		cmocka_unit_test(e_bad_device), cmocka_unit_test(e_reject_bound),
		cmocka_unit_test(e_second_request), cmocka_unit_test(e_garbage),
		cmocka_unit_test(e_before_lu), cmocka_unit_test(e_out_of_turn),
		cmocka_unit_test(f_same), cmocka_unit_test(f_fewer),
		cmocka_unit_test(f_snaext), cmocka_unit_test(f_impasse),
		    cmocka_unit_test(f_printer),
		cmocka_unit_test(f_again), cmocka_unit_test(r_s3270), cmocka_unit_test(r_no_e),
		cmocka_unit_test(r_will_ttype_first), cmocka_unit_test(r_wont_later),
		cmocka_unit_test(r_ttype_list), cmocka_unit_test(r_ttype_odd),
		cmocka_unit_test(r_refused), cmocka_unit_test(l_ways),
		    cmocka_unit_test(l_not_served),
		cmocka_unit_test(silence), cmocka_unit_test(steps_bound), cmocka_unit_test(tls),
		cmocka_unit_test(byte_by_byte), cmocka_unit_test(matrix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
