/* SPDX-License-Identifier: Apache-2.0
 *
 * Forged packets: what strangers, and those who can write a partner's address,
 * can do to a link and its pipes, and what not. docs/security.md has it in
 * words. What another partner of ours can do: t_ee_pipe.c, t_foreign.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdlib.h>

#include "snaee/ee_parts.h"
#include "snaee/sense.h"
#include "tests/unit/ee_pair.h"

#define TCID_AT 11u             /* behind LLC and a short NHDR */
#define THDR_FIX 20u            /* TCID, flags, lengths, BSN */

struct forger {
	struct pair *w;
	struct ipaddr partner, stranger;        /* of node 0 */
	uint8_t head[TCID_AT + 8];              /* of the pipe's packets to node 0 */
	uint32_t rseq, nxt;             /* node 0 expects, and sends next */
	unsigned pius[2];
};

static void
say(struct forger *f, unsigned who, unsigned count)
{
	struct node *n = &f->w->n[who];

	for (unsigned i = 0; i < count; i++) {
		struct buf *b = buf_get(&n->bufs, 300);

		assert_non_null(b);
		memset(buf_put(b, 300), 0x5c, 300);
		assert_int_equal(ee_send(n->ee, f->w->now, n->pipe, b), 0);
		f->pius[1 - who]++;
	}
}

/* Nothing ended, nothing came that was not sent, and both ways still work. */
static void
all_is_well(struct forger *f)
{
	struct pair *w = f->w;

	pair_run(w, SECS(2));
	for (unsigned i = 0; i < 2; i++)
		say(f, i, 5);
	pair_run(w, SECS(5));
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(w->n[i].downs, 0);
		assert_int_equal(w->n[i].pipe_downs, 0);
		assert_int_equal(w->n[i].paths, 0);
		assert_int_equal(w->n[i].pius, f->pius[i]);
		assert_true(rtp_connected(w->n[i].pipe));
		f->rseq = w->n[0].pipe->rseq;
		f->nxt = w->n[0].pipe->nxt;
	}
}

/* With a sniffer on the line: the ring of the wire keeps what was on it. */
static void
begin(struct forger *f)
{
	struct pair *w = f->w = pair_new(0x05d00001, 0xfff00002);

	f->pius[0] = f->pius[1] = 0;
	(void)pair_dial(w, 1);                  /* XIDs to node 0 are commands */
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	assert_non_null(ee_connect(w->n[0].ee, w->now, w->n[0].link, NCE_LU, TPF_HIGH, "#INTER",
	    w));
	pair_run(w, SECS(1));
	f->partner = w->n[1].cfg.local;
	assert_true(ipaddr_parse(&f->stranger, "10.0.0.77"));
	all_is_well(f);
	for (unsigned i = 0; i < w->tail; i++)
		if (w->q[i].to == 0 && w->q[i].b[2] == 3 && w->q[i].port == EE_HIGH)
			memcpy(f->head, w->q[i].b, sizeof(f->head));
}

static void
end(struct forger *f)
{
	struct pair *w = f->w;

	ee_stop(w->n[0].ee, w->now);
	ee_stop(w->n[1].ee, w->now);
	pair_run(w, SECS(200));
	assert_true(ee_idle(w->n[0].ee));
	assert_true(ee_idle(w->n[1].ee));
	pair_free(w);
}

static void
frame(struct forger *f, const struct ipaddr *from, enum llc_frame what, unsigned rsp)
{
	struct llc h = { .dsap = LLC_SAP_SNA, .ssap = LLC_SAP_SNA, .frame = (uint8_t)what,
		.rsp = (uint8_t)rsp, .pf = 1 };
	uint8_t b[LLC_LEN];
	struct wr w = wr_on(b, sizeof(b));

	llc_put(&w, &h);
	node_feed(f->w, 0, from, EE_SIGNAL, b, sizeof(b));
}

/* A packet of the pipe without data: flags, BSN and segments are the forger's. */
static void
control(struct forger *f, const struct ipaddr *from, unsigned flags, uint32_t bsn,
    const void *seg, size_t n)
{
	uint8_t b[200];
	struct wr w = wr_on(b, sizeof(b));

	wr_bytes(&w, f->head, sizeof(f->head));
	wr_u8(&w, 0x0c);
	wr_u8(&w, flags | (n != 0 ? 0x04 : 0));
	wr_u16(&w, (uint16_t)(THDR_FIX + n) / 4);
	wr_u32(&w, 0);
	wr_u32(&w, bsn);
	wr_bytes(&w, seg, n);
	node_feed(f->w, 0, from, EE_HIGH, b, wr_len(&w));
	pair_turn(f->w);
}

static const uint8_t fault[8] = { 2, 0x12, 0, 0, 0x08, 0x57, 0, 3 };

/* All that was ever on the wire, orders to end the link, and the end of the pipe, from an
 * address that is no partner's: dropped, counted, and never answered with more. */
static void
t_stranger_can_do_nothing(void **state)
{
	struct forger f;
	struct ee *ee;
	uint64_t rcvd, sent, calls;

	(void)state;
	begin(&f);
	ee = f.w->n[0].ee;
	rcvd = ee->stat[EES_RCVD_BYTES];
	sent = ee->stat[EES_SENT_BYTES];
	calls = ee->stat[EES_CALLS];
	for (unsigned rsp = 0; rsp < 2; rsp++) {
		frame(&f, &f.stranger, LLC_DISC, rsp);
		frame(&f, &f.stranger, LLC_DM, rsp);
		frame(&f, &f.stranger, LLC_TEST, rsp);
	}
	for (unsigned i = 0, n = f.w->tail; i < n; i++) {
		struct wire x = f.w->q[i % PAIR_QUEUE];

		/* An XID is a call, which is for the operator's definitions to refuse. */
		if (x.to == 0 && (x.b[2] & 0xef) != 0xaf)
			for (unsigned port = 0; port < EE_NPORT; port++)
				node_feed(f.w, 0, &f.stranger, port, x.b, x.len);
		pair_turn(f.w);
	}
	control(&f, &f.stranger, 0, f.rseq, fault, sizeof(fault));
	control(&f, &f.stranger, 0x80, f.rseq, NULL, 0);
	assert_true(ee->stat[EES_SENT_BYTES] - sent <= ee->stat[EES_RCVD_BYTES] - rcvd);
	assert_int_equal(ee->stat[EES_CALLS], calls);
	assert_true(ee->stat[EES_NO_LINK] > 10);
	assert_int_equal(f.w->n[0].pipe->stat[RTP_DISCARDED], 0);
	all_is_well(&f);
	end(&f);
}

/* Refusals are longer than what they refuse: they must not be a way to flood a third. */
static void
t_refusals_are_few(void **state)
{
	static const uint8_t call[] = { 4, 4, 0xbf, 0x32, 6, 0xff, 0xf0, 0, 2 };
	struct forger f;
	struct ee *ee;
	uint64_t was;

	(void)state;
	begin(&f);
	ee = f.w->n[0].ee;
	was = ee->stat[EES_SENT];
	for (unsigned k = 0; k < 1000; k++) {
		node_feed(f.w, 0, &f.stranger, EE_SIGNAL, call, sizeof(call));
		pair_turn(f.w);
	}
	assert_true(ee->stat[EES_CALLS_REFUSED] == 1000);
	assert_int_equal(ee->stat[EES_SENT] - was, EE_REFUSALS);
	all_is_well(&f);
	end(&f);
}

/* Who writes the partner's address but has not seen a TCID guesses in 2^31. */
static void
t_guessed_tcids(void **state)
{
	struct forger f;
	uint8_t right[8];
	uint64_t s = 5;

	(void)state;
	begin(&f);
	memcpy(right, f.head + TCID_AT, 8);
	for (unsigned bit = 1; bit < 64; bit++) {
		f.head[TCID_AT + bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		control(&f, &f.partner, 0, f.rseq, fault, sizeof(fault));
		memcpy(f.head + TCID_AT, right, 8);
	}
	for (unsigned k = 0; k < 20000; k++) {          /* the low word is no secret */
		s = s * 6364136223846793005u + 1442695040888963407u;
		for (unsigned i = 0; i < 4; i++)
			f.head[TCID_AT + i] = (uint8_t)(s >> (24 + 8 * i));
		if (memcmp(f.head + TCID_AT, right, 8) != 0)
			control(&f, &f.partner, 0, f.rseq, fault, sizeof(fault));
	}
	assert_true(f.w->n[0].ee->stat[EES_NO_PIPE] >= 20000);
	memcpy(f.head + TCID_AT, right, 8);
	all_is_well(&f);
	end(&f);
}

static void
status(struct forger *f, uint32_t rseq, uint16_t sync, uint16_t echo, const uint32_t span[2])
{
	uint8_t b[28];
	struct wr w = wr_on(b, sizeof(b));

	wr_u8(&w, span == NULL ? 5 : 7);
	wr_u8(&w, 0x0e);
	wr_u8(&w, span == NULL ? 0 : 0x80);
	wr_u8(&w, span == NULL ? 0 : 1);
	wr_u16(&w, sync);
	wr_u16(&w, echo);
	wr_u32(&w, rseq);
	wr_u32(&w, 0);
	wr_u32(&w, 0);
	for (unsigned i = 0; span != NULL && i < 2; i++)
		wr_u32(&w, span[i]);
	control(f, &f->partner, 0, f->rseq, b, wr_len(&w));
}

/* The TCID is right, the rest a guess: acknowledgements and spans of what was never sent,
 * data and ends far from where the stream is, rates nobody asked for. */
static void
t_blind_in_the_pipe(void **state)
{
	static const uint32_t off[] = { 1, 2, 1000, 0x10000, 0x3fffffff, 0x7fffffff };
	static const uint8_t slow[12] = { 3, 0x22, 0x59, 0x0f, 0, 0, 0, 1, 0, 0, 0, 1 };
	struct forger f;
	const uint64_t *stat;
	uint64_t was;

	(void)state;
	begin(&f);
	stat = f.w->n[0].pipe->stat;
	was = stat[RTP_STATUS_RCVD];
	for (unsigned i = 0; i < sizeof(off) / sizeof(off[0]); i++) {
		uint32_t span[2] = { f.nxt + off[i], f.nxt + off[i] + 100 };

		status(&f, f.nxt + off[i], 0x7000, 0x7000, NULL);
		status(&f, f.nxt, 0x7000, 0x7000, span);
		span[0] = f.nxt - 100;
		span[1] = span[0] - off[i];
		status(&f, f.nxt - 200, 0x7000, 0x7000, span);
	}
	assert_int_equal(stat[RTP_STATUS_RCVD] - was, 18);
	assert_int_equal(stat[RTP_DISCARDED], 6);
	assert_int_equal(stat[RTP_NLPS_RESENT], 0);
	for (unsigned i = 0; i < 100; i++)
		control(&f, &f.partner, 0, f.rseq, slow, sizeof(slow));
	control(&f, &f.partner, 0x80, f.rseq + 0x50000000, NULL, 0);
	control(&f, &f.partner, 0x80, f.rseq - 0x10000000, NULL, 0);
	all_is_well(&f);
	end(&f);
}

/* Who reads the wire too ends the pipe: nothing in the architecture is against it. It is the
 * one pipe, the link and the next pipe work. */
static void
t_reader_ends_one_pipe(void **state)
{
	struct forger f;
	struct pair *w;
	struct rtp *other;

	(void)state;
	begin(&f);
	w = f.w;
	other = ee_connect(w->n[0].ee, w->now, w->n[0].link, NCE_LU, TPF_LOW, "#BATCH", w);
	pair_run(w, SECS(1));
	control(&f, &f.partner, 0, f.rseq, fault, sizeof(fault));
	pair_run(w, SECS(1));
	assert_int_equal(w->n[0].pipe_downs, 1);
	assert_int_equal(w->n[0].sense, 0x08570003);
	assert_int_equal(w->n[0].downs, 0);
	assert_true(rtp_connected(other));
	pair_run(w, SECS(60));
	assert_int_equal(w->n[0].pipe_downs, 1);
	end(&f);
}

/* XIDs of the partner, sent again by somebody when the link is old enough to be believed
 * gone: the partner is asked, and is there. */
static void
t_old_xids_again(void **state)
{
	struct forger f;
	struct pair *w;

	(void)state;
	begin(&f);
	w = f.w;
	for (unsigned k = 0; k < 10; k++) {
		pair_run(w, SECS(60));
		for (unsigned i = 0; i < w->tail && i < PAIR_QUEUE; i++)
			if (w->q[i].to == 0 && (w->q[i].b[2] & 0xef) == 0xaf)
				node_feed(w, 0, &f.partner, EE_SIGNAL, w->q[i].b, w->q[i].len);
		all_is_well(&f);
	}
	end(&f);
}

/* But one who did lose the link comes back, on his second XID. */
static void
t_partner_lost_the_link(void **state)
{
	struct forger f;
	struct pair *w;
	struct ldlc *l;

	(void)state;
	begin(&f);
	w = f.w;
	pair_run(w, SECS(60));
	l = w->n[1].link;
	ldlc_drop(l, w->now, SENSE_LINK_FAILURE);
	ee_link_touch(w->n[1].ee, w->now, ee_link_of(l));
	pair_turn(w);
	(void)pair_dial(w, 1);
	pair_run(w, SECS(40));
	assert_true(pair_up(w));
	assert_int_equal(w->n[0].downs, 1);
	w->n[0].downs = w->n[1].downs = w->n[0].paths = w->n[1].paths = 0;
	all_is_well(&f);
	end(&f);
}

/* So does DISC or DM of the partner's address to the link (RFC 2353 has no guard);
 * the pipes wait for the next link and lose nothing. */
static void
t_forged_end_of_the_link(void **state)
{
	static const enum llc_frame what[2] = { LLC_DISC, LLC_DM };

	(void)state;
	for (unsigned k = 0; k < 2; k++) {
		struct forger f;
		struct pair *w;
		unsigned n;

		begin(&f);
		w = f.w;
		pair_run(w, SECS(60));
		frame(&f, &f.partner, what[k], what[k] == LLC_DM);
		pair_run(w, SECS(1));
		n = w->n[0].pius;
		say(&f, 1, 3);
		pair_run(w, SECS(1));
		if (w->n[0].link == NULL)
			(void)pair_dial(w, 0);
		pair_run(w, SECS(100));
		if (w->n[0].link == NULL)
			(void)pair_dial(w, 0);
		pair_run(w, SECS(20));
		assert_true(pair_up(w));
		assert_int_equal(w->n[0].pipe_downs + w->n[1].pipe_downs, 0);
		assert_int_equal(w->n[0].pius, n + 3);
		end(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_stranger_can_do_nothing),
		cmocka_unit_test(t_refusals_are_few),
		cmocka_unit_test(t_guessed_tcids),
		cmocka_unit_test(t_blind_in_the_pipe),
		cmocka_unit_test(t_reader_ends_one_pipe),
		cmocka_unit_test(t_old_xids_again),
		cmocka_unit_test(t_partner_lost_the_link),
		cmocka_unit_test(t_forged_end_of_the_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
