/* SPDX-License-Identifier: Apache-2.0
 *
 * Pipes over links: calls, data, path switch, a partner started again, transit.
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

static struct pair *
up(void)
{
	struct pair *w = pair_new(0x05d00001, 0xfff00002);

	(void)pair_dial(w, 0);
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	return w;
}

static struct rtp *
connect_pipe(struct pair *w, unsigned who, enum nce nce, enum tpf tpf)
{
	struct node *n = &w->n[who];
	struct rtp *r = ee_connect(n->ee, w->now, n->link, nce, tpf, "#INTER", n);

	assert_non_null(r);
	pair_run(w, SECS(1));
	assert_ptr_equal(n->pipe, r);
	return r;
}

/* A FID5 PIU of n bytes with a number in it. */
static void
send_piu(struct pair *w, unsigned who, struct rtp *r, size_t n, unsigned number)
{
	struct buf *b = buf_get(&w->n[who].bufs, n);

	assert_non_null(b);
	memset(buf_put(b, n), (int)(number & 0xff), n);
	b->p[0] = 0x5c;
	assert_int_equal(ee_send(w->n[who].ee, w->now, r, b), 0);
}

static void
finish(struct pair *w)
{
	ee_stop(w->n[0].ee, w->now);
	ee_stop(w->n[1].ee, w->now);
	pair_run(w, SECS(200));
	assert_true(ee_idle(w->n[0].ee));
	assert_true(ee_idle(w->n[1].ee));
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(w->n[i].pipe_ups, w->n[i].pipe_downs);
		assert_int_equal(bufpool_used(&w->n[i].bufs), 0);
	}
	pair_free(w);
}

static void
t_connect_and_send(void **state)
{
	struct pair *w = up();
	struct rtp *r = connect_pipe(w, 0, NCE_LU, TPF_HIGH);
	const struct ldlc_traffic *t;

	(void)state;
	assert_int_equal(w->n[1].pipe_ups, 1);
	assert_string_equal(ee_pipe_peer(r)->s, "NETA.HOSTA");
	assert_string_equal(ee_pipe_peer(w->n[1].pipe)->s, "NETA.OPENEE1");
	assert_int_equal(ee_pipe_nce(w->n[1].pipe), NCE_LU);
	assert_ptr_equal(ee_pipe_owner(r), &w->n[0]);
	assert_null(ee_pipe_owner(w->n[1].pipe));
	ee_adopt(w->n[1].pipe, w);
	assert_ptr_equal(ee_pipe_owner(w->n[1].pipe), w);
	for (unsigned i = 0; i < 50; i++) {
		send_piu(w, 0, r, 100 + i, i);
		send_piu(w, 1, w->n[1].pipe, 3000, i);
	}
	pair_run(w, SECS(5));
	assert_int_equal(w->n[1].pius, 50);
	assert_int_equal(w->n[0].pius, 50);
	t = &w->n[1].link->traffic[EE_HIGH];
	assert_true(t->nlps_sent >= 150);
	assert_true(t->bytes_sent >= 150000);
	assert_int_equal(t->nlps_resent, 0);
	assert_int_equal(w->n[0].link->traffic[EE_HIGH].nlps_rcvd, t->nlps_sent);
	assert_ptr_equal(ee_next_pipe(w->n[0].ee, NULL), r);
	finish(w);
}

static void
t_orderly_close(void **state)
{
	struct pair *w = up();
	struct rtp *r = connect_pipe(w, 0, NCE_CP, TPF_NETWORK);

	(void)state;
	/* The partner has a session on it: kept, and asked again after a while. */
	ee_sessions(w->n[1].pipe, 1);
	ee_close(w->n[0].ee, w->now, r);
	pair_run(w, SECS(5));
	assert_int_equal(w->n[0].pipe_downs, 0);
	ee_sessions(w->n[1].pipe, 0);
	pair_run(w, SECS(20));
	assert_int_equal(w->n[0].pipe_downs, 1);
	pair_run(w, SECS(40));
	assert_int_equal(w->n[1].pipe_downs, 1);
	assert_int_equal(w->n[0].sense, 0);
	finish(w);
}

/* The line is cut past LIVTIME and comes back before the path switch time. */
static void
t_path_switch(void **state)
{
	struct pair *w = up();
	struct rtp *r = connect_pipe(w, 0, NCE_LU, TPF_LOW);

	(void)state;
	w->cut = 1;
	send_piu(w, 0, r, 500, 1);
	pair_run(w, SECS(90));
	assert_int_equal(w->n[0].downs, 1);
	assert_int_equal(w->n[1].downs, 1);
	assert_int_equal(w->n[0].pipe_downs, 0);
	assert_null(ee_pipe_link(r));
	assert_true(w->n[0].paths > 0);
	w->cut = 0;
	(void)pair_dial(w, 1);
	pair_run(w, SECS(30));
	assert_true(pair_up(w));
	assert_ptr_equal(ee_pipe_link(r), w->n[0].link);
	assert_int_equal(w->n[1].pius, 1);
	assert_int_equal(w->n[0].pipe_downs, 0);
	send_piu(w, 1, w->n[1].pipe, 500, 1);
	pair_run(w, SECS(5));
	assert_int_equal(w->n[0].pius, 1);
	finish(w);
}

static void
t_path_switch_time_is_over(void **state)
{
	struct pair *w = up();

	(void)state;
	(void)connect_pipe(w, 0, NCE_LU, TPF_NETWORK);
	w->cut = 1;
	pair_run(w, SECS(300));
	assert_int_equal(w->n[0].pipe_downs, 1);
	assert_int_equal(w->n[1].pipe_downs, 1);
	assert_int_equal(w->n[0].sense & 0xffff0000, 0x80020000);
	w->cut = 0;
	finish(w);
}

/* A partner that was started again has none of our pipes: they end at once, not
 * after minutes of path switch. */
static void
t_partner_restarts(void **state)
{
	struct pair *w = up();
	struct node *n = &w->n[1];

	(void)state;
	(void)connect_pipe(w, 0, NCE_LU, TPF_LOW);
	pair_run(w, SECS(30));
	ee_free(n->ee);
	n->cfg.seed++;
	node_start(n);
	n->ups = n->downs = n->pipe_ups = n->pipe_downs = 0;
	w->head = w->tail;
	(void)pair_dial(w, 1);
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	assert_int_equal(w->n[0].pipe_downs, 1);
	(void)connect_pipe(w, 0, NCE_LU, TPF_LOW);
	assert_int_equal(n->pipe_ups, 1);
	finish(w);
}

/* One of two parallel links goes: its pipes move to the other. */
static void
t_other_link_takes_over(void **state)
{
	struct pair *w = up();
	struct ldlc *first = w->n[0].link;
	struct ee_linkparm p = { .remote = w->n[1].cfg.local, .sap_local = 8, .sap_remote = 8 };
	uint32_t sense;
	struct rtp *r = connect_pipe(w, 0, NCE_LU, TPF_HIGH);

	(void)state;
	assert_non_null(ee_dial(w->n[0].ee, w->now, &p, &sense));
	pair_run(w, SECS(1));
	assert_int_equal(w->n[0].ups, 2);
	assert_ptr_equal(ee_pipe_link(r), first);
	ee_hangup(w->n[0].ee, w->now, first);
	pair_run(w, SECS(10));
	assert_int_equal(w->n[0].downs, 1);
	assert_ptr_equal(ee_pipe_link(r), w->n[0].link);
	assert_ptr_not_equal(ee_pipe_link(r), first);
	send_piu(w, 0, r, 100, 1);
	send_piu(w, 1, w->n[1].pipe, 100, 1);
	pair_run(w, SECS(5));
	assert_int_equal(w->n[0].pius, 1);
	assert_int_equal(w->n[1].pius, 1);
	finish(w);
}

/* Without a liveness timer (HPREELIV) and with nothing to send, an end whose partner's
 * ended in a silence finds out when the link is back. */
static void
t_half_dead(void **state)
{
	struct pair *w = up();
	struct rtp *r;

	(void)state;
	for (unsigned i = 0; i < 2; i++)
		w->n[i].ee->cfg.no_alive = 1;
	r = connect_pipe(w, 0, NCE_LU, TPF_NETWORK);
	pair_run(w, SECS(5));
	w->cut = 1;
	rtp_fault(r, w->now, SENSE_LINK_FAILURE);
	ee_pipe_touch(ee_pipe_of(r));
	pair_run(w, SECS(40));
	assert_int_equal(w->n[0].pipe_downs, 1);
	w->cut = 0;
	pair_run(w, SECS(30));
	assert_true(pair_up(w));
	assert_int_equal(w->n[1].pipe_downs, 0);
	pair_run(w, MINUTES(2));
	assert_true(pair_up(w));
	assert_int_equal(w->n[1].pipe_downs, 1);
	finish(w);
}

static void
t_loss_is_healed(void **state)
{
	struct pair *w = up();
	struct rtp *r = connect_pipe(w, 0, NCE_LU, TPF_MEDIUM);

	(void)state;
	w->sent = 0;
	w->lose = 0x0000111100770001u;
	for (unsigned i = 0; i < 40; i++)
		send_piu(w, 0, r, 1000, i);
	pair_run(w, SECS(30));
	assert_int_equal(w->n[1].pius, 40);
	assert_true(w->n[0].link->traffic[EE_MEDIUM].nlps_resent > 0);
	finish(w);
}

/* The setup packet, the reply, lost: one pipe all the same. */
static void
t_setup_each_frame_lost(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 6; k++) {
		struct pair *w = up();
		struct rtp *r = ee_connect(w->n[0].ee, w->now, w->n[0].link, NCE_CP, TPF_NETWORK,
		    "CPSVCMG", NULL);

		w->sent = 0;
		w->lose = UINT64_C(1) << k;
		send_piu(w, 0, r, 200, 1);
		pair_run(w, SECS(10));
		assert_int_equal(w->n[0].pipe_ups, 1);
		assert_int_equal(w->n[1].pipe_ups, 1);
		assert_int_equal(w->n[1].pius, 1);
		assert_int_equal(w->n[1].ee->pipes.used, 1);
		finish(w);
	}
}

static void
t_table_is_bounded(void **state)
{
	struct pair *w = up();
	struct node *a = &w->n[0];
	unsigned n = 0;

	(void)state;
	while (ee_connect(a->ee, w->now, a->link, NCE_LU, TPF_LOW, "#BATCH", NULL) != NULL)
		assert_true(n++ < 100);
	assert_int_equal(n, 64);
	pair_run(w, SECS(5));
	assert_int_equal(w->n[1].pipe_ups, 64);
	finish(w);
}

/* NLPs with somebody else's TCID, of an unknown component, or cut anywhere. */
static void
t_forged_nlps(void **state)
{
	struct pair *w = up();
	struct rtp *r = connect_pipe(w, 0, NCE_LU, TPF_HIGH);
	struct ee_dgram d;
	uint8_t b[2048];
	size_t n;
	struct ee_ind i;
	uint64_t s = 99;

	(void)state;
	send_piu(w, 0, r, 300, 1);
	assert_false(ee_recv(w->n[0].ee, w->now, &i));
	assert_true(ee_output(w->n[0].ee, w->now, &d));
	memcpy(b, d.hdr, d.hdr_len);
	if (d.data_len != 0)
		memcpy(b + d.hdr_len, d.data, d.data_len);
	n = (size_t)d.hdr_len + d.data_len;
	for (unsigned k = 0; k < 20000; k++) {
		uint8_t c[2048];
		size_t cut = n;

		memcpy(c, b, n);
		s = s * 6364136223846793005u + 1442695040888963407u;
		/* Any byte may be wrong, and the TCID always is: a packet of the partner
		 * itself that breaks the rules does end the connection. */
		c[(s >> 20) % n] = (uint8_t)(s >> 56);
		memcpy(c + 11, b + 11, 8);
		c[12 + (s >> 40) % 7] ^= (uint8_t)(1u << (s >> 50) % 8);
		if (k % 3 == 0)
			cut = (s >> 30) % n;
		node_feed(w, 1, &w->n[0].cfg.local, EE_HIGH, c, cut);
		if (k % 16 == 0)
			pair_turn(w);
	}
	node_feed(w, 1, &w->n[0].cfg.local, EE_HIGH, b, n);
	pair_run(w, SECS(60));
	assert_int_equal(w->n[1].pius, 1);
	assert_int_equal(w->n[0].pipe_downs, 0);
	assert_true(w->n[1].ee->stat[EES_NO_PIPE] > 1000);
	assert_true(pair_up(w));
	finish(w);
}

/* What node who would send now, as one piece. */
static size_t
next_packet(struct pair *w, unsigned who, uint8_t *b)
{
	struct ee_dgram d;
	struct ee_ind i;

	assert_false(ee_recv(w->n[who].ee, w->now, &i));
	assert_true(ee_output(w->n[who].ee, w->now, &d));
	memcpy(b, d.hdr, d.hdr_len);
	if (d.data_len != 0)
		memcpy(b + d.hdr_len, d.data, d.data_len);
	return (size_t)d.hdr_len + d.data_len;
}

/* One of our partners knows the TCID of another's pipe: it stays out, but for a path
 * switch. A parallel link of the partner is its own. */
static void
t_foreign(void **state)
{
	struct pair *w = up();
	struct ldlc *first = w->n[0].link;
	struct ee_linkparm p = { .remote = w->n[1].cfg.local, .sap_local = 8, .sap_remote = 8 };
	struct rtp *r = connect_pipe(w, 0, NCE_LU, TPF_HIGH);
	struct ee *ee = w->n[0].ee;
	struct ldlc *second;
	uint32_t sense;
	uint8_t b[2048], c[64];
	size_t n;

	(void)state;
	second = ee_dial(ee, w->now, &p, &sense);
	pair_run(w, SECS(2));
	assert_int_equal(w->n[0].ups, 2);
	send_piu(w, 1, w->n[1].pipe, 100, 1);
	n = next_packet(w, 1, b);
	b[0] = second->nlp_ssap;
	b[1] = second->nlp_dsap;
	(void)name_set(&second->neg.peer.cpname, "NETA.OTHER");
	node_feed(w, 0, &w->n[1].cfg.local, EE_HIGH, b, n);
	memcpy(c, b, 11 + 8);
	memcpy(c + 11 + 8, "\x0c\x04\0\x07\0\0\0\0\0\0\2\0\1\x0f\0\1\1\x0f\0\1", 20);
	node_feed(w, 0, &w->n[1].cfg.local, EE_HIGH, c, 11 + 8 + 20);     /* a segment twice */
	pair_run(w, 0);
	assert_int_equal(ee->stat[EES_FOREIGN], 2);
	assert_int_equal(w->n[0].pius, 0);
	assert_int_equal(r->stat[RTP_DISCARDED], 0);
	second->neg.peer.cpname = first->neg.peer.cpname;
	node_feed(w, 0, &w->n[1].cfg.local, EE_HIGH, b, n);
	pair_run(w, 0);
	assert_int_equal(ee->stat[EES_FOREIGN], 2);
	assert_int_equal(w->n[0].pius, 1);
	finish(w);
}

/* Setup packets of a partner that makes callers up: half of the table at most is theirs. */
static void
t_setup_flood(void **state)
{
	struct pair *w = up();
	struct ee *ee = w->n[0].ee;
	uint8_t b[2048];
	size_t n;

	(void)state;
	assert_non_null(ee_connect(w->n[1].ee, w->now, w->n[1].link, NCE_LU, TPF_LOW, "#BATCH",
	    NULL));
	n = next_packet(w, 1, b);
	w->cut = 1;
	for (unsigned k = 0; k < 1000; k++) {
		b[11 + 2] = (uint8_t)(k >> 8);
		b[11 + 3] = (uint8_t)k;
		node_feed(w, 0, &w->n[1].cfg.local, EE_LOW, b, n);
	}
	assert_int_equal(ee->n_calling, 33);
	assert_true(ee->stat[EES_NO_PIPE_ROOM] >= 960);
	w->cut = 0;
	pair_run(w, MINUTES(5));
	assert_int_equal(ee->n_calling, 0);
	assert_int_equal(w->n[0].pipe_ups, 0);
	assert_int_equal(w->n[1].pipe_downs, 1);        /* a real caller found no room */
	w->n[1].pipe_downs = 0;
	(void)connect_pipe(w, 1, NCE_LU, TPF_LOW);
	assert_int_equal(w->n[0].pipe_ups, 1);
	finish(w);
}

/* The TCIDs of one's own pipes don't tell those of others. */
static void
t_tcid_is_secret(void **state)
{
	struct pair *w = up();
	uint64_t was = 0, step = 0;

	(void)state;
	for (unsigned k = 0; k < 20; k++) {
		struct rtp *r = connect_pipe(w, 0, NCE_LU, TPF_LOW);
		uint64_t high = r->parm.tcid >> 32;

		assert_true(high != 0 && high < 0x80000000u);
		if (k > 1)
			assert_true(high - was != step);
		step = high - was;
		was = high;
	}
	finish(w);
}

/* An NLP whose first label is one of our TGs goes on there without it. */
/* An NLP with a label of the link in front, of that priority. */
static size_t
passing(const struct pair *w, unsigned tpf, uint8_t b[64])
{
	const struct label *tg = &ee_link_of(w->n[0].link)->label;
	size_t n = 5;

	memcpy(b, "\xc8\xc8\x03", 3);
	b[3] = (uint8_t)(0xc0 | tpf << 1);
	b[4] = 0;
	memcpy(b + n, tg->b, tg->len);
	n += tg->len;
	memcpy(b + n, "\x80\x00\x00\x03\xff\x00REST", 10);
	return n + 10;
}

static void
feed(struct pair *w, unsigned tpf)
{
	static const enum ee_port port[4] = { EE_LOW, EE_MEDIUM, EE_HIGH, EE_NETWORK };
	uint8_t b[64];
	size_t n = passing(w, tpf, b);
	struct ee_ind i;

	node_feed(w, 0, &w->n[1].cfg.local, port[tpf], b, n);
	while (ee_recv(w->n[0].ee, w->now, &i))
		node_ind(w, &w->n[0], &i);
}

/* RFC 2353 section 2.6.1: the port follows from the NHDR at every hop; higher ones first. */
static void
t_transit(void **state)
{
	struct pair *w = up();
	struct ee_dgram d;
	uint8_t b[64];
	size_t n;

	(void)state;
	for (unsigned tpf = TPF_LOW; tpf <= TPF_NETWORK; tpf++)
		feed(w, tpf);
	for (unsigned tpf = TPF_NETWORK + 1; tpf-- > TPF_LOW;) {
		assert_true(ee_output(w->n[0].ee, w->now, &d));
		assert_int_equal(d.idx, EE_LOW - tpf);
		assert_int_equal(d.port, 12000 + d.idx);
		assert_memory_equal(d.hdr, "\xc8\xc8\x03", 3);
		assert_int_equal(d.data_len, 12);
		assert_int_equal(d.data[0], 0xc0 | tpf << 1);
		assert_memory_equal(d.data + 1, "\x00\x80\x00\x00\x03\xff\x00REST", 11);
	}
	assert_false(ee_output(w->n[0].ee, w->now, &d));
	assert_int_equal(w->n[0].ee->stat[EES_TRANSIT], 4);
	/* One that came on the wrong port goes on on its own. */
	n = passing(w, TPF_LOW, b);
	node_feed(w, 0, &w->n[1].cfg.local, EE_HIGH, b, n);
	assert_true(ee_output(w->n[0].ee, w->now, &d));
	assert_int_equal(d.idx, EE_LOW);
	/* An unknown label. */
	b[5] ^= 0x2f;
	node_feed(w, 0, &w->n[1].cfg.local, EE_MEDIUM, b, n);
	assert_false(ee_output(w->n[0].ee, w->now, &d));
	finish(w);
}

/* Slowdown counts what goes before a packet; a full queue costs the lowest priority. */
static void
t_transit_congested(void **state)
{
	struct pair *w = up();
	const uint64_t *stat = w->n[0].ee->stat;
	unsigned slow1 = 0, slow2 = 0, high = 0;
	struct ee_dgram d;

	(void)state;
	for (unsigned k = 0; k < EE_TRANSIT; k++)
		feed(w, TPF_LOW);
	assert_int_equal(stat[EES_TRANSIT_FULL], 0);
	assert_int_equal(stat[EES_TRANSIT_SLOW], EE_TRANSIT - EE_TRANSIT_SLOW1);
	feed(w, TPF_LOW);
	assert_int_equal(stat[EES_TRANSIT_FULL], 1);
	feed(w, TPF_HIGH);
	assert_int_equal(stat[EES_TRANSIT_FULL], 2);
	assert_int_equal(stat[EES_TRANSIT], EE_TRANSIT + 1);
	for (unsigned k = 0; ee_output(w->n[0].ee, w->now, &d); k++) {
		if (d.idx == EE_HIGH) {
			assert_int_equal(k, 0);
			assert_int_equal(d.data[1], 0);
			high++;
		}
		slow1 += (d.data[1] & 4) != 0;
		slow2 += (d.data[1] & 2) != 0;
	}
	assert_int_equal(high, 1);
	assert_int_equal(slow1, EE_TRANSIT_SLOW2 - EE_TRANSIT_SLOW1);
	assert_int_equal(slow2, EE_TRANSIT - EE_TRANSIT_SLOW2);
	finish(w);
}

/* ALIVE: 180 s, or half of what an unused link is kept up, 5 s at least. */
static void
t_alive_time(void **state)
{
	static const struct {
		uint16_t idle_s;
		uint8_t limited;
		uint32_t alive_ms;
	} v[] = { { 0, 0, 180000 }, { 400, 0, 180000 }, { 359, 0, 179000 }, { 15, 0, 7000 },
		{ 3, 0, 5000 }, { 0, 1, 22000 }, { 60, 1, 22000 }, { 20, 1, 10000 } };

	(void)state;
	for (size_t k = 0; k < sizeof(v) / sizeof(v[0]); k++) {
		struct pair *w = pair_new(0x05d00001, 0xfff00002);
		struct ee_linkparm p = { .remote = w->n[1].cfg.local, .cpcp = 1,
			.idle_s = v[k].idle_s, .limited = v[k].limited };
		uint32_t sense;
		struct rtp *r;

		assert_non_null(ee_dial(w->n[0].ee, w->now, &p, &sense));
		pair_run(w, SECS(1));
		assert_true(pair_up(w));
		r = connect_pipe(w, 0, NCE_LU, TPF_HIGH);
		assert_int_equal(r->parm.alive_ms, v[k].alive_ms);
		assert_int_equal(w->n[1].pipe->peer_alive_ms, v[k].alive_ms);
		assert_int_equal(r->parm.limited, v[k].limited);
		finish(w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_connect_and_send),
		cmocka_unit_test(t_orderly_close),
		cmocka_unit_test(t_path_switch),
		cmocka_unit_test(t_path_switch_time_is_over),
		cmocka_unit_test(t_partner_restarts),
		cmocka_unit_test(t_other_link_takes_over),
		cmocka_unit_test(t_half_dead),
		cmocka_unit_test(t_alive_time),
		cmocka_unit_test(t_loss_is_healed),
		cmocka_unit_test(t_setup_each_frame_lost),
		cmocka_unit_test(t_table_is_bounded),
		cmocka_unit_test(t_forged_nlps),
		cmocka_unit_test(t_foreign),
		cmocka_unit_test(t_setup_flood),
		cmocka_unit_test(t_tcid_is_secret),
		cmocka_unit_test(t_transit),
		cmocka_unit_test(t_transit_congested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
