/* SPDX-License-Identifier: Apache-2.0
 *
 * Turns, answers and screens of one client's LU: contention resolution, sense
 * codes, the order of responses, the keyboard, BINDs that do not fit.
 */
#include "tests/unit/tnlu_rig.h"

#define F_CR (F_ALL | TNF(TNF_CONTENTION) | TNF(TNF_SNA_SENSE))
#define BID (RH_DFC | RH_FI | OIC | D1)
#define LU0_FM2 "3101020271402000000000000000000000000000185000007e0000" PLU
#define LU2_SIZES(s) "31010303b1903080000087f8000002800000000" s "0000" PLU

/* --- contention resolution --- */

/* An accepted BID is followed by the host's bracket: input waits for its end. */
static void
t_accepted_bid_holds_input(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_CR);

	(void)state;
	host(g, BID, 1, "c8");
	says(g, "0900020000 ffef");
	client(g, "0000000000 7d4040");         /* typed before it was heard */
	assert_string_equal(down(g), "");
	client(g, "0200000000 00");
	assert_string_equal(down(g), " RESP 1 00000000");
	host(g, OIC | E1 | RH_BBI | RH_CDI, 2, "f1c1");
	says(g, "0001010001 f1c3 ffef");
	assert_string_equal(down(g), " SEND 039020[7d4040]");
	rig_free(g);
}

static void
t_refused_bid_lets_input_go(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_CR);

	(void)state;
	host(g, BID, 1, "c8");
	client(g, "0000000000 7d4040");
	client(g, "0200010000 00");
	assert_string_equal(down(g), " RESP 1 08130000 SEND 0390a0[7d4040]");
	host(g, BID, 2, "c8");                  /* in a bracket: nobody is asked */
	assert_string_equal(down(g), " RESP 2 08130000");
	(void)feed_said(g->f);
	rig_free(g);
}

/* A refused data record is no refused BID. */
static void
t_only_the_bid_becomes_0813(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_CR);

	(void)state;
	host(g, OIC | D1 | RH_BBI | RH_EBI, 1, "f5c3");
	host(g, BID, 2, "c8");
	says(g, "0001020000 f5c3 ffef 0900020001 ffef");
	client(g, "0200010000 02");
	client(g, "0200010001 00");
	assert_string_equal(down(g), " RESP 1 10050000 RESP 2 08130000");
	rig_free(g);
}

/* SIGNAL is a forced BID; accepted, the turn goes back with LUSTAT 0006. */
static void
t_signal_is_a_forced_bid(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_CR);

	(void)state;
	host(g, OIC | E1 | RH_BBI | RH_CDI, 1, "f1c3");
	(void)feed_said(g->f);
	host(g, BID, 9, "c900010000");
	assert_string_equal(down(g), " RESP 9 00000000");
	says(g, "0904020001 ffef");
	client(g, "0200000001 00");
	assert_string_equal(down(g), " SEND 4b9020[0400060000]");
	rig_free(g);
	g = session("IBM-3278-2-E", LU2, F_ALL);        /* without: answered, no more */
	host(g, BID, 9, "c900010000");
	assert_string_equal(down(g), " RESP 9 00000000");
	says(g, "");
	rig_free(g);
}

/* SEND-DATA with every CD and EB, and never a keyboard that stays locked. */
static void
t_flags_of_the_turn(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_CR);

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "f5c3");
	says(g, "0000010000 f5c3 ffef");        /* the flag keeps it locked, not the WCC */
	host(g, OIC | E1 | RH_CDI, 2, "f1c1");
	says(g, "0001010001 f1c3 ffef");
	host(g, OIC | D1 | RH_EBI, 3, NULL);
	says(g, "0003020002 ffef");
	client(g, "0200000002 00");
	assert_string_equal(down(g), " RESP 3 00000000");
	rig_free(g);
}

/* Draft SNA-SENSE counts where it was agreed; else it is a refusal like others. */
static void
t_sense_of_the_client(void **state)
{
	static const struct {
		unsigned funcs;
		const char *rsp, *want;
	} c[] = { { F_CR, "0200020000 08120005", " RESP 7 08120005" },
		{ F_CR, "0200040000 08120005", " RESP 7 08120005" },
		{ F_ALL, "0200020000 08120005", " RESP 7 10030000" },
		{ F_CR, "0200020000 0812", "" } };

	(void)state;
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		struct rig *g = session("IBM-3278-2-E", LU2, c[i].funcs);

		host(g, OIC | D1 | RH_BBI | RH_CDI, 7, "f1c3");
		client(g, c[i].rsp);
		assert_string_equal(down(g), c[i].want);
		rig_free(g);
	}
}

/* --- answers in order --- */

static void
t_answers_keep_the_order_of_requests(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | D1 | RH_BBI, 1, "f5c3");          /* the client's */
	host(g, OIC | D1, 2, NULL);                     /* ours: nothing to see */
	host(g, OIC | E1, 3, "f1c3");
	host(g, BID, 4, "84");                          /* CHASE: after all others */
	host(g, OIC | D1 | RH_CDI, 5, "f1c3");
	says(g, "0000020000 f5c1 ffef 0000010001 f1c1 ffef 0000020002 f1c3 ffef");
	assert_string_equal(down(g), "");
	client(g, "0200010001 02");                     /* the exception, early */
	client(g, "0200000002 00");                     /* and the last before the first */
	assert_string_equal(down(g), "");
	client(g, "0200000000 00");
	assert_string_equal(down(g), " RESP 1 00000000 RESP 2 00000000 RESP 3 10050000"
	    " RESP 4 00000000 RESP 5 00000000");
	client(g, "0200000002 00");
	assert_string_equal(down(g), "");
	rig_free(g);
}

/* What the client says of a chain behind its own next one is too late: the host
 * has taken that as its word, and nobody would have the turn. */
static void
t_refusal_behind_input(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | E1 | RH_BBI | RH_CDI, 1, "f5c3");
	client(g, "0000000000 7d4040");
	host(g, OIC | E1 | RH_CDI, 2, "f5c3");
	client(g, "0200010000 02");
	client(g, "0000000001 7d4040");
	assert_string_equal(down(g), " SEND 039020[7d4040] SEND 039020[7d4040]");
	(void)feed_said(g->f);
	rig_free(g);
}

/* LUSTAT wants an answer, and until it comes nothing else may go (BIND byte 5). */
static void
t_input_behind_lustat(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | D1 | RH_BBI | RH_CDI, 1, "f5c3");
	client(g, "0200010000 01");
	host(g, OIC | E1 | RH_CDI, 2, NULL);
	client(g, "0600000000");                        /* the condition is cleared */
	client(g, "0000000000 7d4040");
	assert_string_equal(down(g), " RESP 1 08020000 SEND 4b8000[0400010000]");
	(void)up(g, (struct rpl){ .op = RPL_RSP, .sess = SESS, .rh = RH_RSP | BID }, "04");
	assert_string_equal(down(g), " SEND 039020[7d4040]");
	client(g, "0600000000");                        /* nothing to clear: nothing said */
	assert_string_equal(down(g), "");
	(void)feed_said(g->f);
	rig_free(g);
}

/* What the half-session would not send goes again, in its order. */
static void
t_refused_input_comes_again(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU0_FM2, F_ALL);
	const struct rpl no = { .op = RPL_SENDERR, .sess = SESS, .rh = OIC | E1,
		.sense = 0x200a0000 };

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "f5c3");
	client(g, "0000000000 f1");
	client(g, "0000000001 f2");
	client(g, "0000000002 f3");
	assert_string_equal(down(g), " SEND 039000[f1] SEND 039000[f2] SEND 039000[f3]");
	(void)up(g, no, "f2");
	(void)up(g, no, "f3");
	client(g, "0000000003 f4");
	assert_string_equal(down(g), "");
	(void)up(g, (struct rpl){ .op = RPL_RSP, .sess = SESS, .rh = RH_RSP | OIC | D1 }, NULL);
	assert_string_equal(down(g), " SEND 039000[f2] SEND 039000[f3] SEND 039000[f4]");
	(void)feed_said(g->f);
	rig_free(g);
}

/* More than the table holds: the oldest is accepted for the client, in order. */
static void
t_more_owed_than_fits(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	for (unsigned i = 0; i < TNLU_CORR; i++)
		host(g, OIC | D1 | (i == 0 ? RH_BBI : 0), (uint16_t)(i + 1), "f1c3");
	assert_string_equal(down(g), "");
	host(g, OIC | D1, 99, "f1c3");
	assert_string_equal(down(g), " RESP 1 00000000");
	assert_int_equal(g->lu.owed, TNLU_CORR);
	client(g, "0200000008 00");
	client(g, "0200000001 00");
	assert_string_equal(down(g), " RESP 2 00000000");
	rig_free(g);
}

/* RSPTIMEOUT answers for a client that does not, once. */
static void
t_overdue_answers(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);
	struct tnlu_env e;

	(void)state;
	g->parms.v[TP_RSPTIMEOUT] = 5;
	host(g, OIC | D1 | RH_BBI, 1, "f5c3");
	host(g, OIC | D1 | RH_CDI, 2, NULL);
	e = env(g);
	e.now = mono_add(g->now, SECS(4));
	tnlu_expire(&g->lu, &e);
	assert_string_equal(down(g), "");
	client(g, "0000000000 7d4040");                 /* waits behind the answer */
	e.now = mono_add(g->now, SECS(5));
	tnlu_expire(&g->lu, &e);
	assert_string_equal(down(g), " RESP 1 08310000 RESP 2 08310000");
	assert_int_equal(g->lu.odd.overdue, 2);
	host(g, OIC | E1 | RH_CDI, 3, NULL);            /* the host repairs: sna-sessions 3.3 */
	assert_string_equal(down(g), " SEND 039020[7d4040]");
	client(g, "0200000000 00");                     /* late */
	assert_string_equal(down(g), "");
	assert_true(mono_is_never(tnlu_deadline(&g->lu)));
	rig_free(g);
}

/* --- keyboard --- */

static void
t_reads_and_the_keyboard(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | E1 | RH_BBI | RH_CDI, 1, "f6");
	says(g, "0000000000 f1c2 ffef 0000010001 f6 ffef");     /* BEFOREREAD */
	g->parms.v[TP_UNLOCK] |= TNP_UNLOCK_AFTERREAD;
	host(g, OIC | E1 | RH_CDI, 2, "f2");
	says(g, "0000010002 f2 ffef 0000000003 f1c2 ffef");
	host(g, OIC | E1, 3, "f2");                             /* the host goes on */
	says(g, "0000010004 f2 ffef");
	rig_free(g);
	g = session("IBM-3278-2-E", LU2, F_CR);
	host(g, OIC | E1 | RH_BBI | RH_CDI, 1, "f6");
	says(g, "0001010000 f6 ffef");                          /* the flag says it */
	rig_free(g);
}

static void
t_bind_frees_the_keyboard(void **state)
{
	struct rig *g = rig_new("IBM-3278-2-E", TNMODE_E, TNF(TNF_RESPONSES));

	(void)state;
	opened(g);
	bound(g, LU2);
	says(g, "0000000000 f5c3 ffef");
	rig_free(g);
	g = rig_new("IBM-3278-2-E", TNMODE_E, TNF(TNF_RESPONSES));
	g->parms.v[TP_UNLOCK] &= ~TNP_UNLOCK_BIND;
	opened(g);
	bound(g, LU2);
	says(g, "");
	rig_free(g);
}

/* --- ATTN --- */

/* SINGLEATTN: PA1 and BREAK of one key are one; two keys with a screen between are two. */
static void
t_attn_said_twice(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU0_FM2, F_ALL);
	struct tnlu_env e = env(g);

	(void)state;
	g->parms.v[TP_SINGLEATTN] = 1;
	client(g, "0000000000 6c");
	assert_int_equal(tnlu_attn(&g->lu, &e), TNLU_NOTHING);
	assert_string_equal(down(g), " SEND 039080[6c]");
	host(g, OIC | E1, 1, "f1c3");
	assert_int_equal(tnlu_attn(&g->lu, &e), TNLU_NOTHING);
	client(g, "0000000001 6c");
	assert_string_equal(down(g), " SEND 039000[6c]");
	g->parms.v[TP_SINGLEATTN] = 0;
	client(g, "0000000002 6c");
	assert_int_equal(tnlu_attn(&g->lu, &e), TNLU_NOTHING);
	assert_string_equal(down(g), " SEND 039000[6c] SEND 039000[6c]");
	rig_free(g);
}

/* --- BINDs --- */

static void
t_sizes_that_agree(void **state)
{
	static const struct {
		const char *type, *bind;
		unsigned funcs;
		uint8_t rows, cols;     /* what is refused; 0: taken */
	} c[] = {
		{ "IBM-3278-4-E", LU2_SIZES("018502b507f"), F_ALL, 0, 0 },
		{ "IBM-3278-2-E", LU2_SIZES("018502b507f"), F_ALL, 43, 80 },
		{ "IBM-3278-5-E", LU2_SIZES("01850185000"), F_ALL, 0, 0 },
		/* no image is heard: Erase/Write is 24 by 80 there */
		{ "IBM-3278-4-E", LU2_SIZES("02b5000007e"), F_ALL, 0, 0 },
		{ "IBM-3278-4-E", LU2_SIZES("02b5000007e"), TNF(TNF_RESPONSES), 43, 80 },
		{ "IBM-3278-4-E", LU2_SIZES("018502b507f"), TNF(TNF_RESPONSES), 0, 0 },
		{ "IBM-3278-4-E", LU2_SIZES("01850205007"), TNF(TNF_RESPONSES), 0, 0 },
		{ "IBM-3278-5-E", LU2_SIZES("01850206e7f"), TNF(TNF_RESPONSES), 32, 110 },
		/* IBM-DYNAMIC tells its own */
		{ "IBM-DYNAMIC", LU2_SIZES("00000000003"), F_ALL, 0, 0 },
		{ "IBM-DYNAMIC", LU2_SIZES("01850000002"), F_ALL, 0, 0 },
		{ "IBM-DYNAMIC", LU2_SIZES("018503ea07f"), F_ALL, 62, 160 },
		{ "IBM-3278-2", "31010202714020000000000000000000000000001850" "2b50" "7f0000" PLU,
			F_ALL, 43, 80 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		struct rig *g = rig_new(c[i].type, TNMODE_E, c[i].funcs);

		opened(g);
		(void)up(g, (struct rpl){ .op = RPL_BIND, .sess = SESS }, c[i].bind);
		assert_string_equal(down(g), c[i].rows == 0 ? " OPNSEC" : " REJBIND 08210000");
		assert_int_equal(g->lu.bad_rows, c[i].rows);
		assert_int_equal(g->lu.bad_cols, c[i].cols);
		rig_free(g);
	}
}

/* --- the rest --- */

static void
t_suspended(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_CR);
	struct tnlu_env e = env(g);

	(void)state;
	(void)tnlu_sysreq(&g->lu, &e);
	says(g, "0700000000 15 ffef");
	host(g, BID, 1, "c8");
	host(g, OIC | E1 | RH_BBI | RH_CDI, 2, "f1c3");
	assert_string_equal(down(g), " RESP 1 082d0000 RESP 2 082d0000");
	says(g, "");
	rig_free(g);
}

/* SYSREQ gives up a logon that is under way. */
static void
t_sysreq_gives_up_a_logon(void **state)
{
	struct rig *g = rig_new("IBM-3278-2-E", TNMODE_E, F_ALL);
	struct acb_logon l = { .data_len = 0 };
	struct tnlu_env e = env(g);

	(void)state;
	opened(g);
	assert_true(name_set(&l.appl, "APPL1"));
	assert_true(tnlu_logon(&g->lu, &e, &l));
	assert_string_equal(down(g), " REQSESS");
	assert_int_equal(tnlu_sysreq(&g->lu, &e), TNLU_SYSREQ);
	assert_string_equal(down(g), " TERMSESS 00");
	assert_int_equal(up(g, (struct rpl){ .op = RPL_NSPE, .sense = 0x08000000 }, NULL),
	    TNLU_NOTHING);
	rig_free(g);
}

/* SHUTD in a bracket: SHUTC when it ends. */
static void
t_shutdown_in_a_bracket(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "f1c3");
	host(g, BID, 2, "c0");
	assert_string_equal(down(g), " RESP 2 00000000");
	host(g, OIC | E1 | RH_EBI, 3, "f1c3");
	assert_string_equal(down(g), " SEND 4b8000[c1]");
	client(g, "0000000000 7d4040");
	assert_string_equal(down(g), "");
	host(g, BID, 4, "82");                  /* RELQ: on again */
	client(g, "0000000001 7d4040");
	assert_string_equal(down(g), " RESP 4 00000000 SEND 0390a0[7d4040]");
	rig_free(g);
}

/* A chain without end is refused at its bound. */
static void
t_endless_chain(void **state)
{
	struct rig *g = session("IBM-3278-2-E", LU2, F_ALL);

	(void)state;
	g->parms.v[TP_MAXRUCHAIN] = 0;
	host(g, E1 | RH_BCI | RH_BBI, 1, "f5c3");
	g->lu.chain.bytes = TNLU_CHAIN_MAX + 1;         /* as if there had been many */
	host(g, E1, 2, "c1");
	assert_string_equal(down(g), " RESP 2 08120000");
	host(g, E1, 3, "c1");
	assert_string_equal(down(g), "");
	assert_int_equal(g->lu.chain.count, 0);
	rig_free(g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_accepted_bid_holds_input),
		cmocka_unit_test(t_refused_bid_lets_input_go),
		cmocka_unit_test(t_only_the_bid_becomes_0813),
		cmocka_unit_test(t_signal_is_a_forced_bid),
		cmocka_unit_test(t_flags_of_the_turn),
		cmocka_unit_test(t_sense_of_the_client),
		cmocka_unit_test(t_answers_keep_the_order_of_requests),
		cmocka_unit_test(t_refusal_behind_input),
		cmocka_unit_test(t_input_behind_lustat),
		cmocka_unit_test(t_refused_input_comes_again),
		cmocka_unit_test(t_more_owed_than_fits),
		cmocka_unit_test(t_overdue_answers),
		cmocka_unit_test(t_reads_and_the_keyboard),
		cmocka_unit_test(t_bind_frees_the_keyboard),
		cmocka_unit_test(t_attn_said_twice),
		cmocka_unit_test(t_sizes_that_agree),
		cmocka_unit_test(t_suspended),
		cmocka_unit_test(t_sysreq_gives_up_a_logon),
		cmocka_unit_test(t_shutdown_in_a_bracket),
		cmocka_unit_test(t_endless_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
