/* SPDX-License-Identifier: Apache-2.0
 * One client's LU between RPLs and records. Ids R-xx are of the conformance
 * list in companion tn3270e, section 22.
 */
#include "tests/unit/tnlu_rig.h"

/* --- BIND --- */

/* the image is the RU, byte for byte, and comes behind SDT. */
static void
t_bind_image_is_the_ru(void **state)
{
	struct rig *g = rig_new("IBM-3278-2-E", TNMODE_E, F_ALL);

	(void)state;
	opened(g);
	bound(g, LU2);
	says(g, "0300000000" LU2 "ffef");
	assert_string_equal(name_base(&g->lu.plu), "APPL1");
	rig_free(g);
}

static void
t_no_bind_image_without_the_function(void **state)
{
	struct rig *g = rig_new("IBM-3278-2-E", TNMODE_E, TNF(TNF_RESPONSES));

	(void)state;
	opened(g);
	bound(g, LU2);
	says(g, "0000000000 f5c3 ffef");        /* the keyboard: it hears no BIND */
	(void)up(g, (struct rpl){ .op = RPL_UNBIND, .sess = SESS, .flags = 1 }, NULL);
	says(g, "");            /* */
	rig_free(g);
}

/* A 43-line screen does not fit model 2: s3270 would drop the image silently. */
static void
t_bind_that_does_not_fit_is_refused(void **state)
{
	struct rig *g = rig_new("IBM-3278-2-E", TNMODE_E, F_ALL);
	struct acb_logon l = { .data_len = 0 };
	struct tnlu_env e = env(g);

	(void)state;
	opened(g);
	assert_true(name_set(&l.appl, "APPL1"));
	assert_true(tnlu_logon(&g->lu, &e, &l));
	assert_string_equal(down(g), " REQSESS");
	assert_int_equal(up(g, (struct rpl){ .op = RPL_BIND, .sess = SESS }, LU2_43), TNLU_FAILED);
	assert_string_equal(down(g), " REJBIND 08210000");
	assert_int_equal(g->lu.sense, SENSE_BAD_PARAMETERS);
	assert_string_equal(tnlu_state(&g->lu), "SSCP");
	says(g, "");
	rig_free(g);
	g = rig_new("IBM-3278-4-E", TNMODE_E, F_ALL);
	opened(g);
	bound(g, LU2_43);
	rig_free(g);
}

/* */
static void
t_printers_get_the_kind_they_agreed(void **state)
{
	static const struct {
		unsigned funcs;
		const char *bind;
		bool ok;
	} c[] = { { TNF(TNF_SCS_CTL_CODES), LU1, true }, { TNF(TNF_SCS_CTL_CODES), LU3, false },
		{ TNF(TNF_DATA_STREAM_CTL), LU3, true }, { TNF(TNF_DATA_STREAM_CTL), LU1, false },
		{ TNF(TNF_SCS_CTL_CODES) | TNF(TNF_DATA_STREAM_CTL), LU2, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		struct rig *g = rig_new("IBM-3287-1", TNMODE_E, c[i].funcs);

		opened(g);
		(void)up(g, (struct rpl){ .op = RPL_BIND, .sess = SESS }, c[i].bind);
		assert_string_equal(down(g), c[i].ok ? " OPNSEC" : " REJBIND 08210000");
		rig_free(g);
	}
}

static void
t_short_bind_is_refused(void **state)
{
	struct rig *g = rig_new("IBM-3278-2-E", TNMODE_E, F_ALL);

	(void)state;
	opened(g);
	(void)up(g, (struct rpl){ .op = RPL_BIND, .sess = SESS }, "3101");
	assert_string_equal(down(g), " REJBIND 10020000");
	(void)up(g, (struct rpl){ .op = RPL_BIND, .sess = SESS }, NULL);
	assert_string_equal(down(g), " REJBIND 10020000");
	rig_free(g);
}

static void
t_bind_storm_ends_the_client(void **state)
{
	struct rig *g = rig_new("IBM-3278-2-E", TNMODE_E, F_ALL);
	enum tnlu_say say = TNLU_NOTHING;
	int n = 0;

	(void)state;
	opened(g);
	for (; n < 50 && say != TNLU_STORM; n++) {
		say = up(g, (struct rpl){ .op = RPL_BIND, .sess = SESS }, LU2);
		(void)up(g, (struct rpl){ .op = RPL_UNBIND, .sess = SESS, .flags = 2 }, NULL);
		(void)down(g);
		(void)feed_said(g->f);
	}
	assert_int_equal(n, 21);        /* MAXREQSESS 20 in ten seconds */
	g->now = mono_add(g->now, SECS(11));
	assert_int_equal(up(g, (struct rpl){ .op = RPL_BIND, .sess = SESS }, LU2), TNLU_NOTHING);
	rig_free(g);
}

/* --- host to client --- */

/* and what each request of the host becomes. */
static void
t_response_flags_and_numbers(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | E1 | RH_BBI | RH_CDI, 1, "f5c1 c1");
	says(g, "0000010000 f5c3 c1 ffef");
	host(g, OIC | D1 | RH_CDI, 2, "f1c3 c2");
	says(g, "0000020001 f1c3 c2 ffef");
	client(g, "0200000001 00");
	assert_string_equal(down(g), " RESP 2 00000000");
	host(g, OIC | RH_CDI, 3, "f1c3 c3");
	says(g, "0000000002 f1c3 c3 ffef");
	host(g, RH_BCI | E1, 4, "f1c1 c4");
	host(g, E1, 5, "c5");
	says(g, "");
	host(g, RH_ECI | D1 | RH_CDI, 6, "c6");
	says(g, "0000020003 f1c3 c4c5c6 ffef");
	client(g, "0200010003 02");
	assert_string_equal(down(g), " RESP 6 10050000");
	rig_free(g);
}

/* 8.4 of the companion. */
static void
t_answers_become_sense_codes(void **state)
{
	static const struct {
		const char *body, *sense;
	} c[] = { { "0200010000 00", "10030000" }, { "0200010000 01", "08020000" },
		{ "0200010000 02", "10050000" }, { "0200010000 03", "08310000" },
		{ "0200000000 00", "00000000" }, { "0200000000", "00000000" } };

	(void)state;
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);
		char want[40];

		host(g, OIC | D1 | RH_BBI | RH_CDI, 77, "f1c3");
		client(g, c[i].body);
		snprintf(want, sizeof(want), " RESP 77 %s", c[i].sense);
		assert_string_equal(down(g), want);
		client(g, c[i].body);           /* twice: ignored */
		assert_string_equal(down(g), "");
		rig_free(g);
	}
}

/* An exception response stays silent when all is well. */
static void
t_error_response_only_on_error(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | E1 | RH_BBI | RH_CDI, 9, "f1c3");
	client(g, "0200000000 00");
	assert_string_equal(down(g), "");
	host(g, OIC | E1 | RH_CDI, 10, "f1c3");
	client(g, "0200010001 00");
	assert_string_equal(down(g), " RESP 10 10030000");
	client(g, "02000103ff 00");             /* unknown number */
	client(g, "0200010000 7f");             /* unknown reason */
	client(g, "0200070000 00");             /* unknown flag */
	assert_string_equal(down(g), "");
	rig_free(g);
}

/* without RESPONSES no flags, no numbers, and we answer ourselves. */
static void
t_without_responses(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, TNF(TNF_BIND_IMAGE));

	(void)state;
	host(g, OIC | D1 | RH_BBI | RH_CDI, 5, "f1c3");
	says(g, "0000000000 f1c3 ffef");
	assert_string_equal(down(g), " RESP 5 00000000");
	host(g, OIC | E1 | RH_CDI, 6, "f1c3");
	says(g, "0000000000 f1c3 ffef");
	rig_free(g);
}

/* R-20, I-05: section 10. */
static void
t_keyboard_follows_the_turn(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, TNF(TNF_BIND_IMAGE));

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "f5c3 c1");
	says(g, "0000000000 f5c1 c1 ffef");     /* the host goes on: locked */
	host(g, OIC | E1, 2, NULL);
	says(g, "");                            /* null RU without CD: nothing to see */
	host(g, OIC | E1 | RH_CDI, 3, NULL);
	says(g, "0000000000 f1c2 ffef");
	host(g, OIC | E1 | RH_EBI, 4, "7ec1");
	says(g, "0000000000 7ec3 ffef");
	host(g, OIC | E1 | RH_BBI | RH_EBI, 5, NULL);
	says(g, "0000000000 f1c2 ffef");
	host(g, OIC | E1 | RH_BBI | RH_CDI, 6, "f3 0005 01ff02");
	says(g, "0000000000 f3 0005 01ffff02 ffef");    /* WSF has no WCC */
	rig_free(g);
}

/* contention resolution says it in the header. */
static void
t_contention_resolution(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL | TNF(TNF_CONTENTION));

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "f5c3 c1");
	says(g, "0000010000 f5c3 c1 ffef");     /* no SEND-DATA: that locks it */
	host(g, OIC | E1 | RH_CDI, 2, NULL);
	says(g, "0003010001 ffef");
	host(g, OIC | E1 | RH_CDI, 3, "f1c3");
	says(g, "0001010002 f1c3 ffef");
	host(g, OIC | E1 | RH_EBI, 4, "f1c3");
	says(g, "0001010003 f1c3 ffef");
	host(g, RH_DFC | RH_FI | OIC | D1, 5, "c8");
	says(g, "0900020004 ffef");
	assert_string_equal(down(g), "");
	client(g, "0200000004 00");
	assert_string_equal(down(g), " RESP 5 00000000");
	host(g, RH_DFC | RH_FI | OIC | D1, 6, "c8");
	says(g, "0900020005 ffef");
	client(g, "0200010005 00");
	assert_string_equal(down(g), " RESP 6 08130000");
	rig_free(g);
}

static void
t_lu0_is_left_alone(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU0, TNF(TNF_BIND_IMAGE));

	(void)state;
	host(g, OIC | D1, 1, "f5c1 c1");
	says(g, "0000000000 f5c1 c1 ffef");
	assert_string_equal(down(g), " RESP 1 00000000");
	rig_free(g);
}

static void
t_chain_longer_than_maxruchain(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	g->parms.v[TP_MAXRUCHAIN] = 3;
	host(g, RH_BCI | E1 | RH_BBI, 1, "f1c3");
	host(g, E1, 2, "c1");
	host(g, E1, 3, "c2");
	assert_string_equal(down(g), "");
	host(g, E1, 4, "c3");
	assert_string_equal(down(g), " RESP 4 08120000");
	host(g, RH_ECI | E1 | RH_CDI, 5, "c4");
	assert_string_equal(down(g), "");
	says(g, "");
	host(g, OIC | E1 | RH_BBI | RH_CDI, 6, "f1c3");
	says(g, "0000010000 f1c3 ffef");
	rig_free(g);
}

static void
t_cancel_drops_the_chain(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, RH_BCI | E1 | RH_BBI, 1, "f1c3 c1");
	host(g, RH_DFC | RH_FI | OIC | D1 | RH_CDI, 2, "83");
	assert_string_equal(down(g), " RESP 2 00000000");
	says(g, "0000000000 f1c2 ffef");        /* the turn came with it */
	rig_free(g);
}

/* The half-session found an error and has answered: the rest is dropped. */
static void
t_exception_request_is_dropped(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	(void)up(g, (struct rpl){ .op = RPL_DATA, .sess = SESS, .rh = RH_BCI | E1, .snf = 1,
	    .sense = SENSE_BRACKET }, NULL);
	host(g, RH_ECI | E1, 2, "c1");
	says(g, "");
	assert_string_equal(down(g), "");
	rig_free(g);
}

/* A slow reader gets no more windows until its queue has run down. */
static void
t_pacing_waits_for_the_client(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);
	struct tnlu_env e = env(g);

	(void)state;
	host(g, OIC | E1 | RH_BBI | RH_PI, 1, "f1c3");
	assert_string_equal(down(g), " PACE");
	g->f->t.out.bytes += TNLU_PACE_MARK;
	host(g, OIC | E1 | RH_PI, 2, "f1c3");
	assert_string_equal(down(g), "");
	tnlu_drained(&g->lu, &e);
	assert_string_equal(down(g), "");
	g->f->t.out.bytes -= TNLU_PACE_MARK;
	tnlu_drained(&g->lu, &e);
	assert_string_equal(down(g), " PACE");
	tnlu_drained(&g->lu, &e);
	assert_string_equal(down(g), "");
	(void)feed_said(g->f);
	rig_free(g);
}

/* --- client to host --- */

static void
t_input_has_bb_and_cd(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	client(g, "0000000000 7d4040 c1");              /* BETB: it begins a bracket */
	assert_string_equal(down(g), " SEND 0390a0[7d4040c1]");
	host(g, OIC | E1 | RH_CDI, 1, "f1c3");
	client(g, "0000000001 7d4040");
	assert_string_equal(down(g), " SEND 039020[7d4040]");
	host(g, OIC | E1 | RH_EBI, 2, "f1c3");
	client(g, "0000000002 6d");
	assert_string_equal(down(g), " SEND 0390a0[6d]");
	client(g, "0000000003");                        /* ENTER without anything: null RU */
	assert_string_equal(down(g), "");
	(void)feed_said(g->f);
	rig_free(g);
}

/* I-09: typed ahead. */
static void
t_input_waits_for_its_turn(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "f1c3");
	client(g, "0000000000 f3");
	client(g, "0000000001 f4");
	assert_string_equal(down(g), "");
	host(g, OIC | E1 | RH_CDI, 2, "f1c3");
	assert_string_equal(down(g), " SEND 039020[f3]");
	host(g, OIC | E1 | RH_CDI, 3, "f1c3");
	assert_string_equal(down(g), " SEND 039020[f4]");
	(void)feed_said(g->f);
	rig_free(g);
}

static void
t_input_held_is_bounded(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "f1c3");
	for (int i = 0; i < TNLU_HOLD; i++) {
		assert_true(tnlu_may_take(&g->lu));
		client(g, "0000000000 f3");
	}
	assert_false(tnlu_may_take(&g->lu));            /* the driver stops reading */
	(void)feed_said(g->f);
	rig_free(g);
}

/* A definite response that is owed goes first: sna-sessions 3.5. */
static void
t_owed_response_goes_first(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | D1 | RH_BBI | RH_CDI, 8, "f1c3");
	client(g, "0000000000 f3");
	assert_string_equal(down(g), "");
	client(g, "0200000000 00");
	assert_string_equal(down(g), " RESP 8 00000000 SEND 039020[f3]");
	(void)feed_said(g->f);
	rig_free(g);
}

/* */
static void
t_answer_that_never_comes(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);
	struct tnlu_env e;

	(void)state;
	assert_true(mono_is_never(tnlu_deadline(&g->lu)));
	host(g, OIC | D1 | RH_BBI | RH_CDI, 8, "f1c3");
	assert_int_equal(tnlu_deadline(&g->lu).us, SECS(120));
	g->now = tnlu_deadline(&g->lu);
	e = env(g);
	tnlu_expire(&g->lu, &e);
	assert_string_equal(down(g), " RESP 8 08310000");
	assert_true(mono_is_never(tnlu_deadline(&g->lu)));
	client(g, "0200000000 00");
	assert_string_equal(down(g), "");
	(void)feed_said(g->f);
	rig_free(g);
}

/* Pieces of one record are one chain, and stay one while they wait. */
static void
t_long_record_is_one_chain(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);
	const struct tnhdr h = { .type = TN_3270_DATA };
	struct tnlu_env e = env(g);
	struct bufq q;

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "f1c3");
	for (int i = 0; i < 2; i++) {
		bufq_init(&q);
		bufq_put(&q, hexbuf(g, "7d4040"));
		bufq_put(&q, hexbuf(g, "c1"));
		bufq_put(&q, hexbuf(g, "c2"));
		(void)tnlu_record(&g->lu, &e, &h, &q);
	}
	assert_string_equal(down(g), "");
	host(g, OIC | E1 | RH_CDI, 2, "f1c3");
	assert_string_equal(down(g), " SEND 029000[7d4040] SEND 009000[c1] SEND 019020[c2]");
	(void)feed_said(g->f);
	rig_free(g);
}

/* The bracket was lost to the host: the user gets his keyboard back. */
static void
t_lost_race_unlocks(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	client(g, "0000000000 f3");
	(void)down(g);
	(void)up(g, (struct rpl){ .op = RPL_RSP, .sess = SESS, .rh = RH_RSP | OIC,
	    .sense = SENSE_BID_REJECT }, NULL);
	says(g, "0000000000 f1c2 ffef");
	client(g, "0000000000 f3");
	assert_string_equal(down(g), " SEND 0390a0[f3]");
	rig_free(g);
}

/* --- keys --- */

/* */
static void
t_attn(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);
	struct tnlu_env e = env(g);

	(void)state;
	(void)tnlu_attn(&g->lu, &e);
	assert_string_equal(down(g), " SEND 4b8000[c900010000]");
	rig_free(g);
	g = session("IBM-3278-2-E", LU0, F_ALL);
	e = env(g);
	(void)tnlu_attn(&g->lu, &e);
	assert_string_equal(down(g), " SEND 039080[6c]");
	g->parms.v[TP_SINGLEATTN] = 1;
	(void)tnlu_attn(&g->lu, &e);
	assert_string_equal(down(g), "");
	rig_free(g);
	g = rig_new("IBM-3278-2-E", TNMODE_E, F_ALL);
	e = env(g);
	opened(g);
	(void)tnlu_attn(&g->lu, &e);            /* unbound */
	assert_string_equal(down(g), "");
	rig_free(g);
}

/* */
static void
t_sysreq_suspends_and_resumes(void **state)
{
	static const uint8_t logoff[] = { 0x40, 0x93, 0x96, 0x87, 0x96, 0x86, 0x86, 0x40 };
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);
	struct tnlu_env e = env(g);

	(void)state;
	host(g, OIC | E1 | RH_BBI | RH_CDI, 3, "f5c3");
	says(g, "0000010000 f5c3 ffef");
	assert_int_equal(tnlu_sysreq(&g->lu, &e), TNLU_NOTHING);
	says(g, "0700000000 15 ffef");
	assert_false(tnlu_sscp_input(&g->lu, &e, (const uint8_t *)"\x86\x96\x96", 3));
	says(g, "0700000000 15c3d6d4d4c1d5c440e4d5d9c5c3d6c7d5c9e9c5c4 15 ffef");
	client(g, "0000000000 7d");             /* L-05: data while suspended */
	assert_string_equal(down(g), "");
	assert_int_equal(tnlu_sysreq(&g->lu, &e), TNLU_NOTHING);
	assert_string_equal(down(g), " SEND 4b9020[04082b0000]");      /* with the turn */
	assert_int_equal(tnlu_sysreq(&g->lu, &e), TNLU_NOTHING);
	(void)feed_said(g->f);
	host(g, OIC | E1 | RH_CDI, 4, "f1c3 c1");
	assert_string_equal(down(g), " RESP 4 082d0000");
	says(g, "");
	assert_true(tnlu_sscp_input(&g->lu, &e, logoff, sizeof(logoff)));
	assert_string_equal(down(g), " TERMSESS 00");
	(void)feed_said(g->f);
	assert_int_equal(up(g, (struct rpl){ .op = RPL_UNBIND, .sess = SESS, .flags = 1 }, NULL),
	    TNLU_ENDED);
	says(g, "0400000000 01 ffef");
	assert_int_equal(tnlu_sysreq(&g->lu, &e), TNLU_SYSREQ);
	rig_free(g);
}

/* --- logon screens --- */

/* I-13, Z-14: without a BIND a client with BIND-IMAGE would drop the screen. */
static void
t_logon_screen_has_its_own_bind(void **state)
{
	struct rig *g = rig_new("IBM-3278-2-E", TNMODE_E, F_ALL);
	struct tnlu_env e = env(g);
	const char *image = "0300000000 31010202000030800084 87f880000280 00000000 1850 0000 "
	    "7e 0000 "
	    "06 e3c5d3d5c5e3 00 ffef";
	char want[300];

	(void)state;
	opened(g);
	tnlu_screen(&g->lu, &e, TNLU_F_3270, hexbuf(g, "f5c7 c1"));
	snprintf(want, sizeof(want), "%s 0000000000 f5c7 c1 ffef", image);
	says(g, want);
	tnlu_screen(&g->lu, &e, TNLU_F_3270, hexbuf(g, "f5c7 c2"));
	says(g, "0000000001 f5c7 c2 ffef");
	bound(g, LU2);
	says(g, "0400000000 01 ffef 0300000000" LU2 "ffef");
	host(g, OIC | E1 | RH_BBI | RH_CDI, 1, "f1c3");
	says(g, "0000010002 f1c3 ffef");        /* the numbers go on */
	tnlu_screen(&g->lu, &e, TNLU_F_SCS, hexbuf(g, "15"));
	says(g, "0700000000 15 ffef");
	rig_free(g);
}

static void
t_plain_client_has_no_headers(void **state)
{
	struct rig *g = rig_new("IBM-3279-2-E", TNMODE_3270, 0);
	struct tnlu_env e = env(g);

	(void)state;
	opened(g);
	tnlu_screen(&g->lu, &e, TNLU_F_3270, hexbuf(g, "f5c7 c1"));
	says(g, "f5c7 c1 ffef");
	bound(g, LU2);
	says(g, "f5c3 ffef");                   /* BIND frees the keyboard: TN3270BIND */
	host(g, OIC | E1 | RH_BBI | RH_CDI, 1, "f5c1 ff");
	says(g, "f5c3 ffff ffef");              /* R-23, T-01 */
	(void)up(g, (struct rpl){ .op = RPL_UNBIND, .sess = SESS, .flags = 1 }, NULL);
	says(g, "");
	rig_free(g);
}

static void
t_line_mode(void **state)
{
	struct rig *g = rig_new("", TNMODE_LINE, 0);

	(void)state;
	opened(g);
	bound(g, LU1);
	host(g, OIC | D1 | RH_BBI | RH_CDI, 1, "c1 c2 15 c3 25 0c");
	says(g, "'AB' 0d0a 'C' 0d0a");
	assert_string_equal(down(g), " RESP 1 00000000");
	rig_free(g);
}

/* INTERACT: definite responses, one request at a time, and everybody may speak. What is
 * typed ahead waits for the response; what the half-session gives back is not lost. */
static void
t_lines_typed_ahead(void **state)
{
	struct rig *g = rig_new("", TNMODE_LINE, 0);

	(void)state;
	opened(g);
	bound(g, "31010303b1a03040000085c7000001000000e10000000000000000" PLU);
	(void)down(g);
	client(g, "0000000000 c1");
	client(g, "0000000000 c2");
	client(g, "0000000000 c3");
	assert_string_equal(down(g), " SEND 039080[c1]");
	(void)up(g, (struct rpl){ .op = RPL_RSP, .sess = SESS, .rh = OIC | D1 }, NULL);
	assert_string_equal(down(g), " SEND 039000[c2]");
	(void)up(g, (struct rpl){ .op = RPL_SENDERR, .sess = SESS, .rh = OIC | D1,
	    .sense = 0x200a0000 }, "c2");
	host(g, OIC | E1, 1, "c4 15");
	says(g, "'D' 0d0a");
	assert_string_equal(down(g), "");
	(void)up(g, (struct rpl){ .op = RPL_RSP, .sess = SESS, .rh = OIC | D1 }, NULL);
	assert_string_equal(down(g), " SEND 039000[c2]");
	rig_free(g);
}

/* --- the end --- */

static void
t_unbind_types(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | D1 | RH_BBI | RH_CDI, 1, "f1c3");
	(void)feed_said(g->f);
	/* I-03: another BIND follows; late answers of the old session mean nothing */
	assert_int_equal(up(g, (struct rpl){ .op = RPL_UNBIND, .sess = SESS, .flags = 2 }, NULL),
	    TNLU_NOTHING);
	says(g, "0400000000 02 ffef");
	client(g, "0200000000 00");
	assert_string_equal(down(g), "");
	bound(g, LU2);
	(void)feed_said(g->f);
	assert_int_equal(up(g, (struct rpl){ .op = RPL_UNBIND, .sess = SESS + 1, .flags = 1 },
	    NULL),
	    TNLU_NOTHING);                      /* not this session */
	assert_int_equal(up(g, (struct rpl){ .op = RPL_UNBIND, .sess = SESS, .flags = 0xfe,
	    .sense = 0x08120000 }, NULL), TNLU_ENDED);
	says(g, "0400000000 fe08120000 ffef");
	assert_int_equal(g->lu.unb, UNB_FAILURE);
	client(g, "0000000000 7d");             /* L-05 */
	assert_string_equal(down(g), "");
	rig_free(g);
}

static void
t_shutdown(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, RH_DFC | RH_FI | OIC | D1, 1, "c0");
	assert_string_equal(down(g), " RESP 1 00000000 SEND 4b8000[c1]");
	client(g, "0000000000 7d");
	assert_string_equal(down(g), "");
	rig_free(g);
}

/* N-25: the client goes while the node is still looking for an LU. */
static void
t_closed_before_opened(void **state)
{
	struct rig *g = rig_new("IBM-3278-2-E", TNMODE_E, F_ALL);
	struct acb_open o = { .slu = 1 };
	struct tnlu_env e = env(g);

	(void)state;
	assert_true(tnlu_open(&g->lu, &e, &o));
	tnlu_close(&g->lu, &e, 0);
	assert_string_equal(down(g), " OPEN");
	assert_true(tnlu_open_now(&g->lu));
	assert_int_equal(up(g, (struct rpl){ .op = RPL_OPENED }, NULL), TNLU_NOTHING);
	assert_string_equal(down(g), " CLOSE");
	assert_int_equal(up(g, (struct rpl){ .op = RPL_CLOSED }, NULL), TNLU_CLOSED);
	assert_false(tnlu_open_now(&g->lu));
	assert_true(tnlu_open(&g->lu, &e, &o));         /* and once more, refused */
	assert_int_equal(up(g, (struct rpl){ .op = RPL_OPENFAIL, .flags = ACB_INUSE }, NULL),
	    TNLU_REFUSED);
	assert_int_equal(g->lu.err, ACB_INUSE);
	rig_free(g);
}

static void
t_taken_by_the_operator(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	assert_int_equal(up(g, (struct rpl){ .op = RPL_CLOSED, .flags = 1 }, NULL), TNLU_TAKEN);
	assert_false(tnlu_open_now(&g->lu));
	rig_free(g);
}

/* Z-12: a DISCONNECTABLE application keeps what it was doing. */
static void
t_lost_client_disconnects(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);
	struct tnlu_env e = env(g);

	(void)state;
	tnlu_close(&g->lu, &e, UNB_CLEANUP);
	assert_string_equal(down(g), " TERMSESS 0f CLOSE");
	rig_free(g);
}

/* A full ring below loses nothing silently. */
static void
t_full_ring_is_told(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);
	const struct rpl nop = { .op = RPL_NOP };
	struct tnlu_env e = env(g);
	const struct tnhdr h = { .type = TN_3270_DATA };
	struct bufq q;
	struct rpl r;

	(void)state;
	while (ring_put(&g->port.down, &nop))
		;
	bufq_init(&q);
	bufq_put(&q, hexbuf(g, "7d4040"));
	assert_int_equal(tnlu_record(&g->lu, &e, &h, &q), TNLU_LOST);
	while (ring_get(&g->port.down, &r))
		;
	rig_free(g);
}

/* CLOSE is never lost: the LU would be in use at the node for ever. */
static void
t_close_waits_for_room(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);
	const struct rpl nop = { .op = RPL_NOP };
	struct tnlu_env e = env(g);
	struct rpl r;

	(void)state;
	while (ring_put(&g->port.down, &nop))
		;
	e.keep_s = 9;
	tnlu_close(&g->lu, &e, 0);
	assert_true(tnlu_owes_close(&g->lu));
	tnlu_close_again(&g->lu, &e);
	assert_true(tnlu_owes_close(&g->lu));
	while (ring_get(&g->port.down, &r))
		;
	tnlu_close_again(&g->lu, &e);
	assert_false(tnlu_owes_close(&g->lu));
	assert_true(ring_get(&g->port.down, &r));
	assert_int_equal(r.op, RPL_CLOSE);
	assert_int_equal(r.suser, 9);
	tnlu_close_again(&g->lu, &e);           /* once */
	assert_false(ring_get(&g->port.down, &r));
	rig_free(g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_bind_image_is_the_ru),
		cmocka_unit_test(t_no_bind_image_without_the_function),
		cmocka_unit_test(t_bind_that_does_not_fit_is_refused),
		cmocka_unit_test(t_printers_get_the_kind_they_agreed),
		cmocka_unit_test(t_short_bind_is_refused),
		cmocka_unit_test(t_bind_storm_ends_the_client),
		cmocka_unit_test(t_response_flags_and_numbers),
		cmocka_unit_test(t_answers_become_sense_codes),
		cmocka_unit_test(t_error_response_only_on_error),
		cmocka_unit_test(t_without_responses),
		cmocka_unit_test(t_keyboard_follows_the_turn),
		cmocka_unit_test(t_contention_resolution),
		cmocka_unit_test(t_lu0_is_left_alone),
		cmocka_unit_test(t_chain_longer_than_maxruchain),
		cmocka_unit_test(t_cancel_drops_the_chain),
		cmocka_unit_test(t_exception_request_is_dropped),
		cmocka_unit_test(t_pacing_waits_for_the_client),
		cmocka_unit_test(t_input_has_bb_and_cd),
		cmocka_unit_test(t_input_waits_for_its_turn),
		cmocka_unit_test(t_input_held_is_bounded),
		cmocka_unit_test(t_owed_response_goes_first),
		cmocka_unit_test(t_answer_that_never_comes),
		cmocka_unit_test(t_long_record_is_one_chain),
		cmocka_unit_test(t_lost_race_unlocks),
		cmocka_unit_test(t_attn),
		cmocka_unit_test(t_sysreq_suspends_and_resumes),
		cmocka_unit_test(t_logon_screen_has_its_own_bind),
		cmocka_unit_test(t_plain_client_has_no_headers),
		cmocka_unit_test(t_line_mode),
		cmocka_unit_test(t_lines_typed_ahead),
		cmocka_unit_test(t_unbind_types),
		cmocka_unit_test(t_shutdown),
		cmocka_unit_test(t_closed_before_opened),
		cmocka_unit_test(t_taken_by_the_operator),
		cmocka_unit_test(t_lost_client_disconnects),
		cmocka_unit_test(t_full_ring_is_told),
		cmocka_unit_test(t_close_waits_for_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
