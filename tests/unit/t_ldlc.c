/* SPDX-License-Identifier: Apache-2.0
 *
 * One link station against the bytes of companion ee-hpr-rtp section 9.3.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>

#include "base/log.h"
#include "snaee/ldlc.h"
#include "snaee/nlp.h"
#include "snaee/sense.h"

#define LDLC02 "04 05 bf"
#define LDLC04 "04 05 bf 32 30 ff f0 00 02 00 00 b0 f8 c0 00 00 00 00 80 00 01 0b 71 00 05 b5 " \
    "00 00 00 00 07 00 0e 0b f4 d5 c5 e3 c1 4b c8 d6 e2 e3 c1 61 04 e0 03 80 c8"
#define LDLC06 "04 05 bf 32 30 ff f0 00 02 00 00 b0 f4 c0 00 80 00 00 80 00 01 0b 51 00 05 b5 " \
    "00 00 00 00 07 00 0e 0b f4 d5 c5 e3 c1 4b c8 d6 e2 e3 c1 61 04 e0 03 80 c8"
/* As LDLC-06, with the TG number that the caller named. */
#define LDLC06_TG21 "04 05 bf 32 30 ff f0 00 02 00 00 b0 f4 c0 00 80 00 00 80 15 01 0b 51 " \
    "00 05 b5 00 00 00 00 07 00 0e 0b f4 d5 c5 e3 c1 4b c8 d6 e2 e3 c1 61 04 e0 03 80 c8"
#define LDLC08 "04 05 bf 32 33 ff f0 00 02 00 00 b0 f4 c0 00 80 00 00 80 00 01 0b 71 00 05 b5 " \
    "00 00 00 00 07 00 0e 0b f4 d5 c5 e3 c1 4b c8 d6 e2 e3 c1 22 07 00 00 00 08 8c 46 80"
#define LDLC14 "04 05 1f"

static struct mono now;

static size_t
unhex(const char *s, uint8_t *to)
{
	size_t n = 0;
	unsigned v;
	int k;

	for (; sscanf(s, "%2x%n", &v, &k) == 1; s += k)
		to[n++] = (uint8_t)v;
	return n;
}

static void
feed(struct ldlc *l, const char *hex)
{
	uint8_t b[300];
	size_t n = unhex(hex, b);
	struct rd r = rd_on(b, n);
	struct llc h;

	assert_true(llc_get(&r, &h));
	ldlc_input(l, now, &h, r.p, rd_left(&r));
}

static void
expect(struct ldlc *l, const char *hex)
{
	uint8_t b[300];
	size_t n = unhex(hex, b);
	struct ldlc_frame f;

	assert_true(ldlc_output(l, now, &f));
	assert_int_equal(f.len, n);
	assert_memory_equal(f.b, b, n);
}

static struct xid
expect_xid(struct ldlc *l)
{
	struct ldlc_frame f;
	struct llc h;
	struct xid x;
	struct rd r;
	uint32_t sense;

	assert_true(ldlc_output(l, now, &f));
	r = rd_on(f.b, f.len);
	assert_true(llc_get(&r, &h));
	assert_int_equal(h.frame, LLC_XID);
	assert_int_equal(h.pf, 1);
	assert_true(xid_get(&r, &x, &sense));
	return x;
}

static void
nothing(struct ldlc *l)
{
	struct ldlc_frame f;

	assert_false(ldlc_output(l, now, &f));
}

static void
parm(struct ldlc_parm *p, unsigned tgn)
{
	memset(p, 0, sizeof(*p));
	assert_true(ipaddr_parse(&p->remote, "10.0.0.2"));
	p->sap_local = p->sap_remote = 4;
	p->livtime = 10;
	p->srqtime = 15;
	p->srqretry = 3;
	assert_true(name_set(&p->xid.cpname, "NETA.OPENEE1"));
	p->xid.nodeid = 0x05d00001;
	p->xid.max_btu = 1461;
	p->xid.nlp_sap = 0xc8;
	p->xid.cpcp = 1;
	p->xid.tgn = (uint8_t)tgn;
}

static void
wait(struct ldlc *l, int64_t us)
{
	struct mono end = mono_add(now, us);

	while (mono_due(ldlc_deadline(l), end)) {
		now = ldlc_deadline(l);
		ldlc_expire(l, now);
	}
	now = end;
}

static void
to_active(struct ldlc *l)
{
	struct ldlc_parm p;
	struct ldlc_ind i;
	struct xid x;

	now = (struct mono){ SECS(500) };
	parm(&p, 0);
	ldlc_init(l, &p);
	ldlc_open(l, now);
	expect(l, "04 04 bf");
	nothing(l);
	feed(l, LDLC02);
	x = expect_xid(l);
	assert_int_equal(x.state, XID_PN);
	assert_true(x.has_tg);
	feed(l, LDLC04);
	x = expect_xid(l);
	assert_int_equal(x.state, XID_NP);
	assert_int_equal(x.role, XID_NEG);
	assert_int_equal(x.tgn, 21);            /* OPENEE1 is above HOSTA: we choose */
	feed(l, LDLC06_TG21);
	x = expect_xid(l);
	assert_int_equal(x.role, XID_SEC);
	assert_int_equal(x.neg_done, 1);
	assert_int_equal(l->fsm.state, LS_WDONE_S);
	ldlc_routed(l, now, NHDR_XID_DONE_RQ);
	expect(l, "c8 c8 03 a6 10 ff 00 04");   /* LDLC-10 */
	assert_true(ldlc_recv(l, &i));
	assert_int_equal(i.what, LDLC_UP);
	assert_false(ldlc_recv(l, &i));
	assert_true(ldlc_active(l));
	assert_string_equal(ldlc_state(l), "ACTIVE");
	assert_int_equal(ldlc_tgn(l), 21);
	assert_string_equal(ldlc_role(l), "SEC");
	assert_string_equal(ldlc_peer(l)->cpname.s, "NETA.HOSTA");
}

static void
t_caller_becomes_secondary(void **state)
{
	struct ldlc l;

	(void)state;
	to_active(&l);
	/* Our XID_DONE_RSP was lost: it comes again. */
	ldlc_routed(&l, now, NHDR_XID_DONE_RQ);
	expect(&l, "c8 c8 03 a6 10 ff 00 04");
	assert_true(ldlc_active(&l));
}

static void
t_command_is_repeated_then_given_up(void **state)
{
	struct ldlc l;
	struct ldlc_parm p;
	struct ldlc_ind i;
	struct mono t0 = { SECS(100) };

	(void)state;
	now = t0;
	parm(&p, 0);
	ldlc_init(&l, &p);
	ldlc_open(&l, now);
	for (unsigned k = 0; k < 4; k++) {
		expect(&l, "04 04 bf");
		nothing(&l);
		assert_false(ldlc_recv(&l, &i));
		assert_int_equal(ldlc_deadline(&l).us, t0.us + SECS(15) * (k + 1));
		now = ldlc_deadline(&l);
		ldlc_expire(&l, now);
	}
	assert_true(ldlc_recv(&l, &i));
	assert_int_equal(i.what, LDLC_DOWN);
	assert_int_equal(i.sense, 0x80020000);
	assert_true(ldlc_dead(&l));
	assert_true(mono_is_never(ldlc_deadline(&l)));
	assert_int_equal(l.stat[LDLC_RESENT_ONCE], 1);
	assert_int_equal(l.stat[LDLC_RESENT_LIMIT], 1);
	for (unsigned k = 0; k < LDLC_ATTEMPTS; k++)
		assert_int_equal(l.diag.answered[k], 0);        /* in vain */
}

/* LIVTIME + (SRQRETRY + 1) x SRQTIME = 70 s. */
static void
t_silence_is_noticed_after_70_s(void **state)
{
	struct ldlc l;
	struct ldlc_ind i;
	struct mono up;

	(void)state;
	to_active(&l);
	up = now;
	wait(&l, SECS(10));
	assert_string_equal(ldlc_state(&l), "PROBE");
	expect(&l, "04 04 f3");
	wait(&l, SECS(59));
	expect(&l, "04 04 f3");
	assert_false(ldlc_recv(&l, &i));
	assert_int_equal(ldlc_deadline(&l).us, up.us + SECS(70));
	wait(&l, SECS(2));
	assert_true(ldlc_recv(&l, &i));
	assert_int_equal(i.what, LDLC_DOWN);
	assert_int_equal(i.sense, 0x80020000);
	assert_int_equal(l.stat[LDLC_TEST_SENT], 2);
}

static void
t_answers_and_nlps_keep_it_alive(void **state)
{
	struct ldlc l;

	(void)state;
	to_active(&l);
	wait(&l, SECS(9));
	ldlc_heard(&l, now);
	wait(&l, SECS(9));
	assert_string_equal(ldlc_state(&l), "ACTIVE");
	nothing(&l);
	wait(&l, SECS(2));
	expect(&l, "04 04 f3");
	feed(&l, "04 05 f3");
	assert_string_equal(ldlc_state(&l), "ACTIVE");
	wait(&l, SECS(11));
	expect(&l, "04 04 f3");
	ldlc_heard(&l, now);            /* an NLP is an answer as good */
	assert_string_equal(ldlc_state(&l), "ACTIVE");
	nothing(&l);
}

/* Silence that cost a TEST may have cost a pipe its partner: who owns them is told. */
static void
t_doubt_after_a_test_in_vain(void **state)
{
	struct ldlc l;

	(void)state;
	to_active(&l);
	wait(&l, SECS(10));
	expect(&l, "04 04 f3");
	feed(&l, "04 05 f3");
	assert_int_equal(l.doubt, 0);
	wait(&l, SECS(10));
	expect(&l, "04 04 f3");
	wait(&l, SECS(15));
	expect(&l, "04 04 f3");
	feed(&l, "04 05 f3");
	assert_string_equal(ldlc_state(&l), "ACTIVE");
	assert_int_equal(l.doubt, 1);
}

/* D NET,EEDIAG: how many retransmissions it took; a clear takes back one kind only. */
static void
t_diag_counters(void **state)
{
	uint64_t sent, again;
	struct ldlc l;

	(void)state;
	to_active(&l);
	for (unsigned k = 0; k < LDLC_ATTEMPTS; k++)
		assert_int_equal(l.diag.answered[k], 0);
	for (unsigned n = 0; n < 3; n++) {
		wait(&l, l.live_us);
		expect(&l, "04 04 f3");
		for (unsigned k = 0; k < n; k++) {
			wait(&l, SECS(15));
			expect(&l, "04 04 f3");
		}
		feed(&l, "04 05 f3");
		feed(&l, "04 05 f3");           /* late: answers nothing */
	}
	assert_int_equal(l.diag.answered[0], 1);
	assert_int_equal(l.diag.answered[1], 1);
	assert_int_equal(l.diag.answered[2], 0);
	l.traffic[EE_HIGH].nlps_sent = 100;
	l.traffic[EE_HIGH].nlps_resent = 7;
	ldlc_clear(&l, now, LDLC_CLEAR_SRQ);
	ldlc_rexmit(&l, EE_HIGH, &sent, &again);
	assert_int_equal(sent, 100);
	assert_int_equal(again, 7);
	assert_int_equal(l.diag.answered[0] + l.diag.answered[1], 0);
	assert_int_equal(l.diag.srq_at.us, now.us);
	assert_int_not_equal(l.diag.rexmit_at.us, now.us);
	l.diag.answered[3] = 5;
	ldlc_clear(&l, now, LDLC_CLEAR_REXMIT);
	l.traffic[EE_HIGH].nlps_sent++;
	ldlc_rexmit(&l, EE_HIGH, &sent, &again);
	assert_int_equal(sent, 1);
	assert_int_equal(again, 0);
	assert_int_equal(l.diag.answered[3], 5);
	assert_int_equal(l.traffic[EE_HIGH].nlps_sent, 101);
	ldlc_clear(&l, now, LDLC_CLEAR_ALL);
	assert_int_equal(l.diag.answered[3], 0);
}

static void
t_livtime_grows_while_idle(void **state)
{
	static const int want[] = { 10, 20, 40, 60, 60 };
	struct ldlc l;

	(void)state;
	to_active(&l);
	l.parm.livtime_max = 60;
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(ldlc_deadline(&l).us, now.us + SECS(want[i]));
		wait(&l, SECS(want[i]));
		expect(&l, "04 04 f3");
		feed(&l, "04 05 f3");
	}
	ldlc_heard(&l, now);
	assert_int_equal(ldlc_deadline(&l).us, now.us + SECS(10));
}

static void
t_disconnect(void **state)
{
	struct ldlc l;
	struct ldlc_ind i;

	(void)state;
	to_active(&l);
	ldlc_close(&l, now);
	expect(&l, "04 04 53");                 /* LDLC-13 */
	wait(&l, SECS(16));
	expect(&l, "04 04 53");
	assert_false(ldlc_recv(&l, &i));
	feed(&l, LDLC14);
	assert_true(ldlc_recv(&l, &i));
	assert_int_equal(i.what, LDLC_DOWN);
	assert_int_equal(i.sense, 0);
	nothing(&l);
	/* The partner's DISC; the DM is ee's. */
	to_active(&l);
	feed(&l, "04 04 53");
	assert_true(ldlc_recv(&l, &i));
	assert_int_equal(i.what, LDLC_DOWN);
	assert_int_equal(i.sense, 0x80020001);
}

static void
t_partner_rejects(void **state)
{
	struct ldlc l;
	struct ldlc_parm p;
	struct ldlc_ind i;

	(void)state;
	now = (struct mono){ SECS(9) };
	parm(&p, 0);
	ldlc_init(&l, &p);
	ldlc_open(&l, now);
	expect(&l, "04 04 bf");
	feed(&l, LDLC02);
	(void)expect_xid(&l);
	feed(&l, LDLC08);
	assert_true(ldlc_recv(&l, &i));
	assert_int_equal(i.sense, SENSE_CV46_80_MISSING);
	nothing(&l);
	/* DM to our command: refused as well. F=0 is no answer to it. */
	ldlc_init(&l, &p);
	ldlc_open(&l, now);
	expect(&l, "04 04 bf");
	feed(&l, "04 05 0f");
	assert_false(ldlc_recv(&l, &i));
	feed(&l, LDLC14);
	assert_true(ldlc_recv(&l, &i));
	assert_int_equal(i.sense, 0x80020001);
}

/* The primary that insists on TG 0 (LDLC-06 as printed) never gets C=1. */
static void
t_tg_not_agreed_is_not_complete(void **state)
{
	struct ldlc l;
	struct ldlc_parm p;
	struct xid x;

	(void)state;
	now = (struct mono){ SECS(9) };
	parm(&p, 0);
	ldlc_init(&l, &p);
	ldlc_open(&l, now);
	expect(&l, "04 04 bf");
	feed(&l, LDLC02);
	(void)expect_xid(&l);
	feed(&l, LDLC04);
	(void)expect_xid(&l);
	feed(&l, LDLC06);
	x = expect_xid(&l);
	assert_int_equal(x.role, XID_SEC);
	assert_int_equal(x.neg_done, 0);
	assert_int_equal(l.fsm.state, LS_XIDX);
	feed(&l, LDLC06_TG21);
	x = expect_xid(&l);
	assert_int_equal(x.neg_done, 1);
}

static void
t_stray_dm_and_xid_do_not_hurt_a_young_link(void **state)
{
	struct ldlc l;
	struct ldlc_ind i;

	(void)state;
	to_active(&l);
	feed(&l, LDLC04);
	feed(&l, "04 05 0f");
	feed(&l, LDLC14);
	assert_true(ldlc_active(&l));
	assert_int_equal(l.stat[LDLC_XID_STRAY], 1);
	nothing(&l);
	now = mono_add(now, SECS(21));
	feed(&l, "04 05 0f");
	assert_true(ldlc_recv(&l, &i));
	assert_int_equal(i.what, LDLC_DOWN);
}

static void
t_garbage_xid_changes_nothing(void **state)
{
	struct ldlc l;
	struct ldlc_parm p;

	(void)state;
	now = (struct mono){ SECS(9) };
	parm(&p, 0);
	ldlc_init(&l, &p);
	ldlc_open(&l, now);
	expect(&l, "04 04 bf");
	feed(&l, LDLC02);
	(void)expect_xid(&l);
	feed(&l, "04 05 bf 32 06 05 d0");
	feed(&l, "04 05 bf ff ff ff ff ff ff ff");
	assert_int_equal(l.stat[LDLC_XID_BAD], 2);
	nothing(&l);
	feed(&l, LDLC04);
	assert_int_equal(expect_xid(&l).state, XID_NP);
}

static void
t_unreachable(void **state)
{
	struct ldlc l;
	struct ldlc_parm p;
	struct ldlc_ind i;
	unsigned sent = 0;
	struct ldlc_frame f;

	(void)state;
	to_active(&l);
	assert_true(ldlc_unreachable(&l, now, EMSGSIZE));
	assert_int_equal(l.max_btu, 1461 - 182);
	for (unsigned k = 0; k < 10; k++)
		(void)ldlc_unreachable(&l, now, EMSGSIZE);
	assert_int_equal(l.max_btu, 768);
	assert_false(ldlc_unreachable(&l, now, EMSGSIZE));
	assert_false(ldlc_unreachable(&l, now, ECONNREFUSED));
	wait(&l, SECS(1));
	assert_string_equal(ldlc_state(&l), "PROBE");

	/* Calling a partner that is not started: soon again, as long as 75 s. */
	parm(&p, 0);
	ldlc_init(&l, &p);
	ldlc_open(&l, now);
	while (!ldlc_recv(&l, &i)) {
		if (ldlc_output(&l, now, &f)) {
			sent++;
			(void)ldlc_unreachable(&l, now, ECONNREFUSED);
		}
		wait(&l, SECS(1));
	}
	assert_int_equal(i.what, LDLC_DOWN);
	assert_in_range(sent, 70, 76);
}

/* IP header, UDP and LLC go off; HPR's least stays; it never grows again. */
static void
t_path_mtu(void **state)
{
	static const struct { uint32_t mtu; uint16_t v4, v6; } say[] = {
		{ 65536, 1461, 1441 }, { 1492, 1461, 1441 }, { 1491, 1460, 1440 },
		{ 1280, 1249, 1229 }, { 1400, 1249, 1229 }, { 820, 789, 769 },
		{ 800, 769, 768 }, { 799, 768, 768 }, { 68, 768, 768 }, { 0, 768, 768 },
	};
	struct ldlc_ind i;

	(void)state;
	for (int six = 0; six < 2; six++) {
		struct ldlc l;

		to_active(&l);
		if (six) {
			assert_true(ipaddr_parse(&l.parm.remote, "fd00::2"));
			l.max_btu = 1441;
		}
		for (size_t k = 0; k < sizeof(say) / sizeof(say[0]); k++) {
			uint16_t before = l.max_btu, want = six ? say[k].v6 : say[k].v4;

			assert_int_equal(ldlc_path_mtu(&l, say[k].mtu), want < before);
			assert_int_equal(l.max_btu, want);
			if (want == before)
				continue;
			assert_true(ldlc_recv(&l, &i));
			assert_int_equal(i.what, LDLC_MTU);
			assert_false(ldlc_recv(&l, &i));
		}
	}
}

static void
t_fsm_prints(void **state)
{
	struct con c;

	(void)state;
	con_init(&c);
	fsm_print(ldlc_fsm(), &c);
	fsm_print(xidneg_fsm(), &c);
	assert_non_null(strstr(c.text, "XID_DONE_RQ"));
	assert_non_null(strstr(c.text, "RP_SS"));
	con_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_caller_becomes_secondary),
		cmocka_unit_test(t_command_is_repeated_then_given_up),
		cmocka_unit_test(t_silence_is_noticed_after_70_s),
		cmocka_unit_test(t_answers_and_nlps_keep_it_alive),
		cmocka_unit_test(t_livtime_grows_while_idle),
		cmocka_unit_test(t_doubt_after_a_test_in_vain),
		cmocka_unit_test(t_diag_counters),
		cmocka_unit_test(t_disconnect),
		cmocka_unit_test(t_partner_rejects),
		cmocka_unit_test(t_tg_not_agreed_is_not_complete),
		cmocka_unit_test(t_stray_dm_and_xid_do_not_hurt_a_young_link),
		cmocka_unit_test(t_garbage_xid_changes_nothing),
		cmocka_unit_test(t_unreachable),
		cmocka_unit_test(t_path_mtu),
		cmocka_unit_test(t_fsm_prints),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
