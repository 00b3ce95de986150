/* SPDX-License-Identifier: Apache-2.0
 *
 * Two ee back to back: activation with every single frame lost in turn, calls
 * from both sides at once, liveness, restart of a partner, refusals, garbage.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

#include "snaee/nlp.h"
#include "snaee/rtp.h"
#include "snaee/sense.h"
#include "tests/unit/ee_pair.h"

#define LO 0x05d00001u
#define HI 0xfff00002u

static uint64_t
stat_of(const struct ee *ee, const char *name)
{
	extern const struct stat_desc ee_stat_desc[];
	unsigned n;
	const uint64_t *v = ee_stats(ee, &n);

	for (unsigned i = 0; i < n; i++)
		if (strcmp(ee_stat_desc[i].name, name) == 0)
			return v[i];
	fail_msg("no counter %s", name);
	return 0;
}

static void
dial(struct pair *w, unsigned who)
{
	if (who != 1)
		(void)pair_dial(w, 0);
	if (who != 0)
		(void)pair_dial(w, 1);
}

/* Both sides hang up: nothing may be left. */
static void
finish(struct pair *w)
{
	w->cut = 0;
	ee_stop(w->n[0].ee, w->now);
	ee_stop(w->n[1].ee, w->now);
	pair_run(w, SECS(200));
	assert_true(ee_idle(w->n[0].ee));
	assert_true(ee_idle(w->n[1].ee));
	assert_int_equal(w->n[0].ups, w->n[0].downs);
	assert_int_equal(w->n[1].ups, w->n[1].downs);
	pair_free(w);
}

static void
t_activation(void **state)
{
	static const uint32_t ids[3][2] = { { LO, HI }, { HI, LO }, { LO, LO } };

	(void)state;
	for (unsigned k = 0; k < 3; k++)
		for (unsigned who = 0; who < 3; who++) {
			struct pair *w = pair_new(ids[k][0], ids[k][1]);

			dial(w, who);
			pair_run(w, SECS(1));
			assert_true(pair_up(w));
			assert_int_equal(ldlc_tgn(w->n[0].link), 21);
			assert_int_equal(ldlc_tgn(w->n[1].link), 21);
			assert_string_not_equal(ldlc_role(w->n[0].link),
			    ldlc_role(w->n[1].link));
			if (k < 2)
				assert_string_equal(ldlc_role(w->n[k ^ 1].link), "PRI");
			if (who < 2) {
				assert_int_equal(w->n[who].called, 0);
				assert_int_equal(w->n[1 - who].called, 1);
			}
			assert_string_equal(w->n[0].peer.cpname.s, "NETA.HOSTA");
			assert_string_equal(w->n[1].peer.cpname.s, "NETA.OPENEE1");
			finish(w);
		}
}

/* However the datagrams of an activation are lost, it comes up once and stays. */
static void
try_loss(uint32_t a, uint32_t b, unsigned who, uint64_t lose)
{
	struct pair *w = pair_new(a, b);

	w->lose = lose;
	dial(w, who);
	pair_run(w, SECS(100));
	if (!pair_up(w) || w->n[0].ups != 1 || w->n[1].ups != 1)
		fail_msg("ids %08x %08x dialed by %u, lost %llx: ups %u %u downs %u %u", a, b, who,
		    (unsigned long long)lose, w->n[0].ups, w->n[1].ups, w->n[0].downs,
		    w->n[1].downs);
	finish(w);
}

static void
t_activation_each_frame_lost(void **state)
{
	(void)state;
	for (unsigned who = 0; who < 3; who++)
		for (unsigned k = 0; k < 16; k++) {
			try_loss(LO, HI, who, UINT64_C(1) << k);
			try_loss(HI, LO, who, UINT64_C(1) << k);
			try_loss(LO, LO, who, UINT64_C(1) << k);
		}
}

static void
t_activation_two_frames_lost(void **state)
{
	(void)state;
	for (unsigned who = 0; who < 3; who++)
		for (unsigned k = 0; k < 14; k++)
			for (unsigned m = k + 1; m < 14; m++) {
				try_loss(LO, HI, who, UINT64_C(1) << k | UINT64_C(1) << m);
				try_loss(HI, LO, who, UINT64_C(1) << k | UINT64_C(1) << m);
			}
}

static void
t_activation_all_doubled(void **state)
{
	(void)state;
	for (unsigned who = 0; who < 3; who++) {
		struct pair *w = pair_new(LO, HI);

		w->twice = 1;
		dial(w, who);
		pair_run(w, SECS(1));
		assert_true(pair_up(w));
		/* No storm: each copy causes one answer at most. */
		assert_in_range(w->sent, 8, 30);
		finish(w);
	}
}

static void
t_lost_partner(void **state)
{
	struct pair *w = pair_new(LO, HI);
	struct mono cut;

	(void)state;
	dial(w, 0);
	pair_run(w, SECS(30));
	assert_true(pair_up(w));
	w->cut = 1;
	cut = w->now;
	while (w->n[0].downs == 0 && mono_diff(w->now, cut) < SECS(90))
		pair_run(w, SECS(1));
	assert_in_range(mono_diff(w->now, cut), SECS(60), SECS(72));
	assert_int_equal(w->n[0].sense, 0x80020000);
	pair_run(w, SECS(10));
	assert_int_equal(w->n[1].downs, 1);
	/* The line is good again: it can be dialed at once. */
	w->cut = 0;
	dial(w, 1);
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	finish(w);
}

static void
t_hangup(void **state)
{
	struct pair *w = pair_new(LO, HI);

	(void)state;
	dial(w, 0);
	pair_run(w, SECS(1));
	ee_hangup(w->n[0].ee, w->now, w->n[0].link);
	pair_run(w, SECS(1));
	assert_int_equal(w->n[0].downs, 1);
	assert_int_equal(w->n[0].sense, 0);
	assert_int_equal(w->n[1].downs, 1);
	assert_int_equal(w->n[1].sense, 0x80020001);
	assert_true(ee_idle(w->n[0].ee));
	dial(w, 0);
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	finish(w);
}

/* Node 1 dies and starts again; it (who 1) or nobody dials. */
static void
restart(struct pair *w)
{
	ee_free(w->n[1].ee);
	w->n[1].cfg.seed++;
	node_start(&w->n[1]);
	w->n[1].ups = w->n[1].downs = 0;
	w->head = w->tail;
}

static void
t_partner_restarts_and_calls(void **state)
{
	struct pair *w = pair_new(LO, HI);

	(void)state;
	dial(w, 0);
	pair_run(w, SECS(40));
	restart(w);
	dial(w, 1);
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	assert_int_equal(w->n[0].downs, 1);
	assert_int_equal(w->n[0].ups, 2);
	assert_int_equal(w->n[0].sense, SENSE_ACTIVATED_ANEW);
	finish(w);
}

/* A young link does not believe the first XID; the repetition is believed. */
static void
t_partner_restarts_at_once(void **state)
{
	struct pair *w = pair_new(LO, HI);

	(void)state;
	dial(w, 0);
	pair_run(w, SECS(8));
	restart(w);
	dial(w, 1);
	pair_run(w, SECS(31));
	assert_true(pair_up(w));
	assert_int_equal(w->n[0].ups, 2);
	finish(w);
}

/* It does not call; our NLPs tell us: DM. Without it TEST would be answered for ever. */
static void
t_partner_restarts_silently(void **state)
{
	static const uint8_t nlp[] = { 0xc8, 0xc8, 0x03, 0xc4, 0x00, 0x80, 0, 0, 3, 0xff, 0x00 };
	struct pair *w = pair_new(LO, HI);

	(void)state;
	dial(w, 0);
	pair_run(w, SECS(30));
	restart(w);
	pair_run(w, SECS(3));
	assert_int_equal(w->n[0].downs, 0);
	for (unsigned i = 0; i < 20; i++)
		node_feed(w, 1, &w->n[0].cfg.local, EE_HIGH, nlp, sizeof(nlp));
	pair_run(w, SECS(1));
	assert_int_equal(w->n[0].downs, 1);
	assert_int_equal(stat_of(w->n[1].ee, "ee_dm_sent"), 1);
	w->n[1].ups = w->n[1].downs = 0;
	finish(w);
}

/* Nobody sends anything: the TESTs alone must find out that the link is gone. */
static void
t_partner_restarts_and_all_is_idle(void **state)
{
	struct pair *w = pair_new(LO, HI);

	(void)state;
	dial(w, 0);
	pair_run(w, SECS(30));
	restart(w);
	pair_run(w, SECS(30));
	assert_int_equal(w->n[0].downs, 1);
	w->n[1].ups = w->n[1].downs = 0;
	finish(w);
}

static void
t_refused_politely(void **state)
{
	struct pair *w = pair_new(LO, HI);

	(void)state;
	w->n[1].refuse = 1;
	w->n[1].refuse_with = SENSE_NOT_AUTHORIZED;
	dial(w, 0);
	pair_run(w, SECS(1));
	assert_int_equal(w->n[1].calls, 1);
	assert_int_equal(w->n[0].downs, 1);
	assert_int_equal(w->n[0].sense, SENSE_NOT_AUTHORIZED);
	assert_int_equal(w->n[1].downs, 0);
	assert_true(ee_idle(w->n[0].ee));
	assert_true(ee_idle(w->n[1].ee));
	w->n[0].downs = 0;
	finish(w);
}

/* Dialed with a name that is not the partner's. */
static void
t_wrong_partner(void **state)
{
	struct pair *w = pair_new(LO, HI);
	struct ee_linkparm p = { .remote = w->n[1].cfg.local, .cpcp = 1 };
	uint32_t sense;

	(void)state;
	(void)name_set(&p.cpname, "NETA.ELSE");
	assert_non_null(ee_dial(w->n[0].ee, w->now, &p, &sense));
	pair_run(w, SECS(100));
	assert_int_equal(w->n[0].downs, 1);
	assert_int_equal(w->n[0].sense, SENSE_NODE_TYPE);
	assert_true(ee_idle(w->n[1].ee));
	w->n[0].downs = w->n[1].downs = 0;
	finish(w);
}

static void
t_dial_is_checked(void **state)
{
	struct pair *w = pair_new(LO, HI);
	struct ee_linkparm p = { .remote = w->n[0].cfg.local };
	uint32_t sense;

	(void)state;
	assert_null(ee_dial(w->n[0].ee, w->now, &p, &sense));
	assert_int_equal(sense, SENSE_NOT_AVAILABLE);
	assert_true(ipaddr_parse(&p.remote, "fd00::2"));
	assert_null(ee_dial(w->n[0].ee, w->now, &p, &sense));
	assert_int_equal(sense, SENSE_NOT_AVAILABLE);
	p.remote = w->n[1].cfg.local;
	assert_non_null(ee_dial(w->n[0].ee, w->now, &p, &sense));
	assert_null(ee_dial(w->n[0].ee, w->now, &p, &sense));
	assert_int_equal(sense, SENSE_XID_PARALLEL);
	for (unsigned i = 0; i < 8; i++) {
		p.remote.b[3] = (uint8_t)(50 + i);
		(void)ee_dial(w->n[0].ee, w->now, &p, &sense);
	}
	assert_int_equal(sense, SENSE_NO_RESOURCE);
	w->n[0].downs = 0;
	pair_run(w, SECS(100));
	w->n[0].downs -= 7;
	w->n[0].ups = w->n[0].downs + 1;
	finish(w);
}

/* A second link between the same addresses: other SAPs, another TG number. */
static void
t_parallel_links(void **state)
{
	struct pair *w = pair_new(LO, HI);
	struct ee_linkparm p = { .remote = w->n[1].cfg.local, .sap_local = 8, .sap_remote = 8 };
	struct ldlc *second;
	uint32_t sense;

	(void)state;
	dial(w, 0);
	pair_run(w, SECS(1));
	second = ee_dial(w->n[0].ee, w->now, &p, &sense);
	assert_non_null(second);
	pair_run(w, SECS(1));
	assert_int_equal(w->n[0].ups, 2);
	assert_int_equal(w->n[1].ups, 2);
	assert_int_equal(ldlc_tgn(second), 22);
	assert_int_equal(second->nlp_ssap, 0xcc);
	assert_int_equal(second->nlp_dsap, 0xcc);
	pair_run(w, SECS(100));
	assert_int_equal(w->n[0].downs, 0);
	finish(w);
}

/* Called at once on several: the numbers differ though each call was there before any
 * was answered. */
static void
t_parallel_at_once(void **state)
{
	struct pair *w = pair_new(LO, HI);
	uint32_t sense;

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		struct ee_linkparm p = { .remote = w->n[1 - i % 2].cfg.local };

		p.sap_local = p.sap_remote = (uint8_t)(4 + 4 * i);
		assert_non_null(ee_dial(w->n[i % 2].ee, w->now, &p, &sense));
	}
	pair_run(w, SECS(5));
	assert_int_equal(w->n[0].ups, 6);
	assert_int_equal(w->n[1].ups, 6);
	assert_int_equal(w->n[0].downs + w->n[1].downs, 0);
	finish(w);
}

static void
t_predefined_tg(void **state)
{
	struct pair *w = pair_new(LO, HI);
	struct ee_linkparm p = { .remote = w->n[1].cfg.local, .tgn = 7 };
	uint32_t sense;

	(void)state;
	assert_non_null(ee_dial(w->n[0].ee, w->now, &p, &sense));
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	assert_int_equal(ldlc_tgn(w->n[1].link), 7);
	ee_hangup(w->n[0].ee, w->now, w->n[0].link);
	pair_run(w, SECS(1));
	w->n[1].answer.tgn = 8;
	assert_non_null(ee_dial(w->n[0].ee, w->now, &p, &sense));
	pair_run(w, SECS(1));
	assert_int_equal(w->n[0].downs, 2);
	assert_int_equal(w->n[0].sense, SENSE_XID_TGN_CONFLICT);
	w->n[0].downs = w->n[1].downs = 1;
	finish(w);
}

static bool
answer_of(struct pair *w, struct ee_dgram *d)
{
	struct ee_ind i;

	while (ee_recv(w->n[0].ee, w->now, &i))
		node_ind(w, &w->n[0], &i);
	return ee_output(w->n[0].ee, w->now, d);
}

static void
t_test_is_echoed_on_its_port(void **state)
{
	static const uint8_t test[] = { 0x04, 0x04, 0xf3, 0x4f, 0x50, 0x45, 0x4e, 0x45, 0x45, 0,
		1 };
	uint8_t big[1472] = { 0x04, 0x08, 0xe3 };
	struct pair *w = pair_new(LO, HI);
	struct ee_dgram d;
	struct ipaddr any;

	(void)state;
	assert_true(ipaddr_parse(&any, "192.0.2.7"));
	for (unsigned port = 0; port < EE_NPORT; port++) {
		node_feed(w, 0, &any, port, test, sizeof(test));
		assert_true(answer_of(w, &d));
		assert_int_equal(d.idx, port);
		assert_int_equal(d.port, 12000 + port);
		assert_true(ipaddr_eq(&d.to, &any));
		assert_int_equal(d.hdr_len, 3);
		assert_memory_equal(d.hdr, "\x04\x05\xf3", 3);  /* LDLC-12 */
		assert_int_equal(d.data_len, 8);
		assert_memory_equal(d.data, test + 3, 8);
	}
	node_feed(w, 0, &any, EE_SIGNAL, big, sizeof(big));
	assert_true(answer_of(w, &d));
	assert_memory_equal(d.hdr, "\x08\x05\xe3", 3);          /* F = P */
	assert_int_equal(d.data_len, sizeof(big) - 3);
	assert_false(answer_of(w, &d));
	finish(w);
}

static void
t_stranger(void **state)
{
	static const uint8_t disc[] = { 0x04, 0x04, 0x53 }, null[] = { 0x04, 0x04, 0xbf };
	static const uint8_t rsp[] = { 0x04, 0x05, 0xbf };
	struct pair *w = pair_new(LO, HI);
	struct ee_dgram d;
	struct ipaddr any;
	struct llc h;
	struct xid x;
	struct rd r;
	uint32_t sense;

	(void)state;
	assert_true(ipaddr_parse(&any, "192.0.2.7"));
	node_feed(w, 0, &any, EE_SIGNAL, disc, 3);
	assert_true(answer_of(w, &d));
	assert_memory_equal(d.hdr, "\x04\x05\x1f", 3);          /* LDLC-14 */
	/* Null for null SRQRETRY times, then CV 22: RFC 2353 section 2.5.1. */
	for (unsigned i = 0; i < 3; i++) {
		node_feed(w, 0, &any, EE_SIGNAL, null, 3);
		assert_true(answer_of(w, &d));
		assert_memory_equal(d.hdr, rsp, 3);
		assert_int_equal(d.hdr_len, 3);
	}
	node_feed(w, 0, &any, EE_SIGNAL, null, 3);
	assert_true(answer_of(w, &d));
	r = rd_on(d.hdr, d.hdr_len);
	assert_true(llc_get(&r, &h));
	assert_true(h.rsp);
	assert_true(xid_get(&r, &x, &sense));
	assert_true(x.has_error);
	assert_int_equal(x.error.sense, SENSE_NULL_XID);
	node_feed(w, 0, &any, EE_SIGNAL, null, 3);
	assert_false(answer_of(w, &d));
	node_feed(w, 0, &any, EE_SIGNAL, rsp, 3);               /* never answered */
	assert_false(answer_of(w, &d));
	assert_int_equal(w->n[0].calls, 0);
	finish(w);
}

struct bad_call {
	uint32_t sense;         /* 0: no answer */
	void (*spoil)(struct xid *);
};

static void
no_hpr(struct xid *x)
{
	x->has_hpr = 0;
}

static void
no_tgid(struct xid *x)
{
	x->has_tg = 0;
}

static void
not_pn(struct xid *x)
{
	x->state = XID_NP;
}

static void
own_name(struct xid *x)
{
	(void)name_set(&x->cpname, "NETA.OPENEE1");
}

static void
an_error(struct xid *x)
{
	x->has_error = 1;
	x->error.sense = 0x08090049;
}

static void
t_bad_calls(void **state)
{
	static const struct bad_call c[] = {
		{ SENSE_XID_NO_HPR, no_hpr },
		{ SENSE_CV46_80_MISSING, no_tgid },
		{ SENSE_XID_PN_NEEDED, not_pn },
		{ SENSE_NODE_TYPE, own_name },
		{ 0, an_error },
	};
	struct pair *w = pair_new(LO, HI);
	struct ipaddr any;

	(void)state;
	assert_true(ipaddr_parse(&any, "192.0.2.7"));
	for (unsigned i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		uint8_t b[300];
		struct wr o = wr_on(b, sizeof(b));
		struct llc h = { .dsap = 4, .ssap = 4, .frame = LLC_XID, .pf = 1 };
		struct ee_dgram d;
		struct xid x;
		struct rd r;
		uint32_t sense;

		xid_init(&x);
		x.nodeid = 0x12300001;
		x.max_btu = 1461;
		x.has_cpname = x.has_tg = x.has_hpr = 1;
		(void)name_set(&x.cpname, "NETA.X");
		c[i].spoil(&x);
		llc_put(&o, &h);
		xid_put(&o, &x);
		assert_false(o.bad);
		node_feed(w, 0, &any, EE_SIGNAL, b, wr_len(&o));
		if (c[i].sense == 0) {
			assert_false(answer_of(w, &d));
			continue;
		}
		assert_true(answer_of(w, &d));
		r = rd_on(d.hdr + 3, d.hdr_len - 3u);
		assert_true(xid_get(&r, &x, &sense));
		assert_int_equal(x.error.sense, c[i].sense);
	}
	assert_int_equal(w->n[0].calls, 0);
	assert_true(ee_idle(w->n[0].ee));
	finish(w);
}

/* LDLC-15: the XID3 of another product, without HPR. */
static void
t_real_xid_without_hpr(void **state)
{
	static const uint8_t b[] = {
		0x04, 0x04, 0xbf, 0x32, 0x54, 0x01, 0x10, 0x00, 0x02, 0x00, 0x00, 0x00, 0x0a,
		0xd1, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0b, 0x41, 0x00, 0x04, 0x09,
		0x00, 0x00, 0x00, 0x00, 0x07, 0x00, 0x0e, 0x0a, 0xf4, 0xc1, 0xd7, 0xd7, 0xd5,
		0x4b, 0xd4, 0xd6, 0xd6, 0xd5, 0x10, 0x29, 0x00, 0x28, 0x11, 0x0c, 0x08, 0x04,
		0xf0, 0xf6, 0xf0, 0xf0, 0xf0, 0xf6, 0x09, 0x06, 0xe2, 0xd5, 0xc1, 0xe2, 0xe3,
		0xc1, 0xd9, 0x03, 0x08, 0x40, 0x11, 0x0f, 0xe2, 0xd5, 0xc1, 0xe2, 0xe3, 0xc1,
		0xd9, 0x40, 0xd3, 0xc9, 0xd4, 0xc9, 0xe3, 0xc5, 0xc4,
	};
	struct pair *w = pair_new(LO, HI);
	struct ee_dgram d;
	struct ipaddr any;
	struct xid x;
	struct rd r;
	uint32_t sense;

	(void)state;
	assert_true(ipaddr_parse(&any, "192.0.2.7"));
	node_feed(w, 0, &any, EE_SIGNAL, b, sizeof(b));
	assert_true(answer_of(w, &d));
	r = rd_on(d.hdr + 3, d.hdr_len - 3u);
	assert_true(xid_get(&r, &x, &sense));
	assert_int_equal(x.error.sense, SENSE_XID_NO_HPR);
	finish(w);
}

/* Callers from everywhere can't take the whole table, and are forgotten. */
static void
t_call_flood(void **state)
{
	struct pair *w = pair_new(LO, HI);
	struct ipaddr from;
	struct xid x;

	(void)state;
	assert_true(ipaddr_parse(&from, "192.0.2.1"));
	xid_init(&x);
	x.nodeid = 0x12300001;
	x.max_btu = 1461;
	x.has_cpname = x.has_tg = x.has_hpr = 1;
	(void)name_set(&x.cpname, "NETA.X");
	for (unsigned i = 0; i < 200; i++) {
		uint8_t b[300];
		struct wr o = wr_on(b, sizeof(b));
		struct llc h = { .dsap = 4, .ssap = 4, .frame = LLC_XID, .pf = 1 };

		from.b[3] = (uint8_t)i;
		llc_put(&o, &h);
		xid_put(&o, &x);
		node_feed(w, 0, &from, EE_SIGNAL, b, wr_len(&o));
		pair_turn(w);
	}
	assert_in_range(w->n[0].calls, 1, 5);
	dial(w, 0);
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	pair_run(w, SECS(100));
	assert_int_equal(w->n[0].downs, w->n[0].calls);
	assert_true(pair_up(w));
	w->n[0].downs = 0;
	finish(w);
}

/* Bytes of all kinds, from the partner's address and others, on an active link. */
static void
t_garbage_barrage(void **state)
{
	static const uint8_t start[][6] = { { 4, 4, 0xbf, 0x32 }, { 4, 5, 0xbf, 0x32 },
		{ 0xc8, 0xc8, 3, 0xc4 }, { 0xc8, 0xc8, 3, 0xa6 }, { 4, 4, 0xf3, 0 },
		{ 4, 5, 0xf3, 0 }, { 8, 4, 0xbf, 0x32 }, { 0xc8, 0xc8, 3, 0xd6 } };
	struct pair *w = pair_new(LO, HI);
	uint64_t s = 12345;
	struct ipaddr other;

	(void)state;
	assert_true(ipaddr_parse(&other, "198.51.100.9"));
	dial(w, 0);
	pair_run(w, SECS(40));
	assert_true(pair_up(w));
	for (unsigned i = 0; i < 20000; i++) {
		uint8_t b[600];
		size_t n;

		for (unsigned k = 0; k < sizeof(b); k++) {
			s = s * 6364136223846793005u + 1442695040888963407u;
			b[k] = (uint8_t)(s >> 56);
		}
		n = (size_t)(s >> 33) % sizeof(b);
		if (i % 4 != 0)
			memcpy(b, start[i / 4 % 8], 4);
		if (i % 5 == 0)
			n %= 12;
		node_feed(w, i & 1, i % 3 == 0 ? &other : &w->n[1 - (i & 1)].cfg.local,
		    i % EE_NPORT, b, n);
		if (i % 8 == 7)
			pair_run(w, MSEC(10));
	}
	pair_run(w, SECS(60));
	assert_true(pair_up(w));
	assert_int_equal(w->n[0].downs, 0);
	assert_true(stat_of(w->n[0].ee, "ee_bad_llc") > 100);
	finish(w);
}

static void
t_truncated_activation(void **state)
{
	struct pair *w = pair_new(LO, HI);

	(void)state;
	dial(w, 0);
	for (unsigned i = 0; i < 40; i++) {
		while (w->head != w->tail) {
			struct wire *x = &w->q[w->head++ % PAIR_QUEUE];

			/* A stranger's cut XID is told so; a partner's is only counted. */
			for (size_t n = 0; n < x->len; n++)
				if (n < 3 || ee_next_link(w->n[x->to].ee, NULL) != NULL)
					node_feed(w, x->to, &w->n[1 - x->to].cfg.local, x->port,
					    x->b, n);
			node_feed(w, x->to, &w->n[1 - x->to].cfg.local, x->port, x->b, x->len);
		}
		pair_turn(w);
		if (pair_up(w))
			break;
	}
	assert_true(pair_up(w));
	finish(w);
}

static void
t_ipv6(void **state)
{
	struct pair *w = pair_new(LO, HI);
	struct rtp *r;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		ee_free(w->n[i].ee);
		assert_true(ipaddr_parse(&w->n[i].cfg.local, i == 0 ? "fd00::1" : "fd00::2"));
		node_start(&w->n[i]);
	}
	dial(w, 1);
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	/* RFC 2353 section 2.4.1; segment 14 tells the partner the same. */
	assert_int_equal(w->n[0].link->max_btu, w->n[0].cfg.max_btu - 20);
	r = ee_connect(w->n[0].ee, w->now, w->n[0].link, NCE_LU, TPF_HIGH, "#INTER", w);
	assert_non_null(r);
	pair_run(w, SECS(1));
	assert_int_equal(r->parm.max_recv, w->n[0].cfg.max_btu - 20);
	assert_int_equal(r->peer_packet, w->n[1].cfg.max_btu - 20);
	finish(w);
}

static void
t_walks_and_displays(void **state)
{
	struct pair *w = pair_new(LO, HI);
	struct con c;

	(void)state;
	assert_null(ee_next_link(w->n[0].ee, NULL));
	dial(w, 0);
	pair_run(w, SECS(1));
	assert_ptr_equal(ee_next_link(w->n[0].ee, NULL), w->n[0].link);
	assert_null(ee_next_link(w->n[0].ee, w->n[0].link));
	assert_ptr_equal(ee_link_to(w->n[0].ee, &w->n[1].cfg.local), w->n[0].link);
	assert_null(ee_link_to(w->n[0].ee, &w->n[0].cfg.local));
	con_init(&c);
	ee_show(w->n[0].ee, w->now, &c);
	ee_pools(w->n[0].ee, &c);
	assert_non_null(strstr(c.text, "state ACTIVE"));
	assert_non_null(strstr(c.text, "EE LINKS"));
	con_fini(&c);
	finish(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_activation),
		cmocka_unit_test(t_activation_each_frame_lost),
		cmocka_unit_test(t_activation_two_frames_lost),
		cmocka_unit_test(t_activation_all_doubled),
		cmocka_unit_test(t_lost_partner),
		cmocka_unit_test(t_hangup),
		cmocka_unit_test(t_partner_restarts_and_calls),
		cmocka_unit_test(t_partner_restarts_at_once),
		cmocka_unit_test(t_partner_restarts_silently),
		cmocka_unit_test(t_partner_restarts_and_all_is_idle),
		cmocka_unit_test(t_refused_politely),
		cmocka_unit_test(t_wrong_partner),
		cmocka_unit_test(t_dial_is_checked),
		cmocka_unit_test(t_parallel_links),
		cmocka_unit_test(t_parallel_at_once),
		cmocka_unit_test(t_predefined_tg),
		cmocka_unit_test(t_test_is_echoed_on_its_port),
		cmocka_unit_test(t_stranger),
		cmocka_unit_test(t_bad_calls),
		cmocka_unit_test(t_real_xid_without_hpr),
		cmocka_unit_test(t_call_flood),
		cmocka_unit_test(t_garbage_barrage),
		cmocka_unit_test(t_truncated_activation),
		cmocka_unit_test(t_ipv6),
		cmocka_unit_test(t_walks_and_displays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
