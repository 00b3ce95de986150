/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of companion ee-hpr-rtp section 2.4, cell by cell: a link station
 * in each of its states meets each signal, each timer and the operator.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/log.h"
#include "snaee/ldlc.h"
#include "snaee/nlp.h"
#include "snaee/sense.h"

#define TAIL "05 b5 00 00 00 00 07 00 0e 0b f4 d5 c5 e3 c1 4b c8 d6 e2 e3 c1 61 04 e0 03 80 c8"
#define NULL_RSP "04 05 bf"
#define PN "04 05 bf 32 30 ff f0 00 02 00 00 b0 f8 c0 00 00 00 00 80 00 01 0b 71 00 " TAIL
#define NP_PRI "04 05 bf 32 30 ff f0 00 02 00 00 b0 f4 c0 00 80 00 00 80 15 01 0b 51 00 " TAIL
#define NP_SEC_DONE "04 05 bf 32 30 ff f0 00 02 00 00 b0 f4 c0 00 c0 00 00 80 15 01 0b 41 00 " TAIL
#define OLD SECS(LDLC_GUARD_S + 1)      /* DM is believed */

static struct mono now;

static void
feed(struct ldlc *l, const char *s)
{
	uint8_t b[300];
	size_t n = 0;
	unsigned v;
	struct llc h;
	struct rd r;
	int k;

	for (; sscanf(s, "%2x%n", &v, &k) == 1; s += k)
		b[n++] = (uint8_t)v;
	r = rd_on(b, n);
	assert_true(llc_get(&r, &h));
	ldlc_input(l, now, &h, r.p, rd_left(&r));
}

/* What the station sends now; the control byte of each, 0 behind the last. */
static void
drain(struct ldlc *l, uint8_t to[8])
{
	struct ldlc_frame f;
	unsigned n = 0;

	memset(to, 0, 8);
	while (ldlc_output(l, now, &f))
		if (n < 7)
			to[n++] = f.b[2];
}

static void
tick(struct ldlc *l)
{
	assert_false(mono_is_never(ldlc_deadline(l)));
	now = ldlc_deadline(l);
	ldlc_expire(l, now);
}

static void
begin(struct ldlc *l, uint32_t nodeid)
{
	struct ldlc_parm p;

	memset(&p, 0, sizeof(p));
	assert_true(ipaddr_parse(&p.remote, "10.0.0.2"));
	p.sap_local = p.sap_remote = 4;
	p.livtime = 30;                 /* longer than the guard */
	p.srqtime = 15;
	p.srqretry = 3;
	assert_true(name_set(&p.xid.cpname, "NETA.OPENEE1"));
	p.xid.nodeid = nodeid;
	p.xid.max_btu = 1461;
	p.xid.nlp_sap = 0xc8;
	p.xid.cpcp = 1;
	now = (struct mono){ SECS(500) };
	ldlc_init(l, &p);
	ldlc_open(l, now);
}

static void
reach(struct ldlc *l, enum ldlc_state want)
{
	struct ldlc_ind i;
	uint8_t out[8];

	begin(l, want == LS_WDONE_P ? 0xfffffffe : 0x05d00001);
	feed(l, NULL_RSP);
	feed(l, PN);
	if (want != LS_XIDX) {
		feed(l, want == LS_WDONE_P ? NP_SEC_DONE : NP_PRI);
		if (want == LS_WDONE_P)
			feed(l, NP_SEC_DONE);
	}
	if (want == LS_ACTIVE || want == LS_PROBE || want == LS_WDM) {
		ldlc_routed(l, now, NHDR_XID_DONE_RQ);
		assert_true(ldlc_recv(l, &i));
		now = mono_add(now, OLD);
		if (want == LS_PROBE)
			tick(l);
		if (want == LS_WDM)
			ldlc_close(l, now);
	}
	drain(l, out);
	assert_int_equal(l->fsm.state, want);
}

enum sig { S_TEST, S_DM, S_DM_F0, S_DISC, S_RQ, S_RSP, S_NLP, S_TIMER, S_CLOSE, S_NULL, S_DUP,
	S_N };
static const char *const sig_name[S_N] = { "TEST", "DM", "DM F=0", "DISC", "XID_DONE_RQ",
	"XID_DONE_RSP", "NLP", "timer", "close", "null XID", "the last XID again" };

static void
give(struct ldlc *l, enum sig s)
{
	switch (s) {
	case S_TEST: feed(l, "04 05 f3"); break;
	case S_DM: feed(l, "04 05 1f"); break;
	case S_DM_F0: feed(l, "04 05 0f"); break;
	case S_DISC: feed(l, "04 04 53"); break;
	case S_RQ: ldlc_routed(l, now, NHDR_XID_DONE_RQ); break;
	case S_RSP: ldlc_routed(l, now, NHDR_XID_DONE_RSP); break;
	case S_NLP: ldlc_heard(l, now); break;
	case S_TIMER: tick(l); break;
	case S_CLOSE: ldlc_close(l, now); break;
	case S_NULL: feed(l, NULL_RSP); break;
	case S_DUP: feed(l, l->fsm.state == LS_XIDX ? PN : l->fsm.state == LS_WDONE_P ?
	    NP_SEC_DONE : NP_PRI); break;
	case S_N: break;
	}
}

#define X LS_XIDX
#define P LS_WDONE_P
#define S LS_WDONE_S
#define A LS_ACTIVE
#define B LS_PROBE
#define D LS_WDM
#define R LS_RESET

/* A DM on a command of ours refuses it; on a link, takes it down (2.3). XID_DONE_RQ before
 * we are ready is no activation (2.6). An NLP stands for a lost XID_DONE_RSP. */
static const uint8_t next[LS_N][S_N] = {
	/*       TEST DM F=0 DISC RQ RSP NLP timer close null dup */
	[X] = {  X,   R, X,  R,   X, X,  X,  X,    D,    X,   X },
	[P] = {  P,   R, P,  R,   P, A,  A,  P,    D,    P,   P },
	[S] = {  S,   R, S,  R,   A, S,  S,  S,    D,    S,   S },
	[A] = {  A,   R, R,  R,   A, A,  A,  B,    D,    A,   A },
	[B] = {  A,   R, R,  R,   B, B,  A,  B,    D,    B,   B },
	[D] = {  D,   R, R,  R,   D, D,  D,  D,    D,    D,   D },
};

static void
t_every_cell(void **state)
{
	(void)state;
	for (unsigned s = LS_XIDX; s < LS_N; s++)
		for (unsigned k = 0; k < S_N; k++) {
			struct ldlc_ind i;
			struct ldlc l;
			bool was;

			reach(&l, (enum ldlc_state)s);
			was = l.up;
			give(&l, (enum sig)k);
			if (l.fsm.state != next[s][k])
				fail_msg("%s in state %u: %s, not %u", sig_name[k], s,
				    ldlc_state(&l), next[s][k]);
			/* UP and DOWN are told when they are true, and else not. */
			if (next[s][k] == R || (!was && next[s][k] == A)) {
				assert_true(ldlc_recv(&l, &i));
				assert_int_equal(i.what, next[s][k] == R ? LDLC_DOWN : LDLC_UP);
			}
			assert_false(ldlc_recv(&l, &i));
			assert_int_equal(ldlc_dead(&l), next[s][k] == R);
		}
}

/* What goes out for it: control bytes. */
static void
t_answers(void **state)
{
	static const struct { uint8_t state, sig; uint8_t out[3]; } say[] = {
		{ X, S_TIMER, { 0xbf } }, { P, S_TIMER, { 0x03 } }, { S, S_TIMER, { 0xbf } },
		{ A, S_TIMER, { 0xf3 } }, { B, S_TIMER, { 0xf3 } }, { D, S_TIMER, { 0x53 } },
		{ X, S_DUP, { 0 } }, { P, S_DUP, { 0 } },       /* a response: a late copy */
		{ S, S_RQ, { 0x03 } }, { A, S_RQ, { 0x03 } },
		{ B, S_RQ, { 0x03 } }, { X, S_RQ, { 0 } }, { X, S_CLOSE, { 0x53 } },
		{ A, S_CLOSE, { 0x53 } }, { B, S_TEST, { 0 } }, { A, S_RSP, { 0 } },
		{ A, S_DM, { 0 } }, { A, S_DISC, { 0 } }, { A, S_NULL, { 0 } },
	};

	(void)state;
	for (size_t k = 0; k < sizeof(say) / sizeof(say[0]); k++) {
		uint8_t out[8];
		struct ldlc l;

		reach(&l, (enum ldlc_state)say[k].state);
		give(&l, (enum sig)say[k].sig);
		drain(&l, out);
		if (memcmp(out, say[k].out, 3) != 0)
			fail_msg("%s in state %u sends %02X", sig_name[say[k].sig], say[k].state,
			    out[0]);
	}
}

/* Nobody answers any more: SRQRETRY repetitions, then the end, with the reason. */
static void
t_silence_in_every_state(void **state)
{
	(void)state;
	for (unsigned s = LS_XIDX; s < LS_N; s++) {
		unsigned sent = 0, want = s == A ? 4 : 3;
		struct ldlc_ind i;
		struct ldlc l;
		uint8_t out[8];

		reach(&l, (enum ldlc_state)s);
		for (unsigned k = 0; k < 50 && !ldlc_dead(&l); k++) {
			tick(&l);
			drain(&l, out);
			sent += out[0] != 0;
		}
		assert_int_equal(sent, want);
		assert_true(ldlc_recv(&l, &i));
		assert_int_equal(i.what, LDLC_DOWN);
		assert_int_equal(i.sense, s == D ? 0 : SENSE_LINK_FAILURE);
		assert_true(mono_is_never(ldlc_deadline(&l)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_every_cell), cmocka_unit_test(t_answers),
		cmocka_unit_test(t_silence_in_every_state),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
