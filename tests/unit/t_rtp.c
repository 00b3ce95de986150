/* SPDX-License-Identifier: Apache-2.0
 *
 * One end of an RTP connection, fed packet by packet. What happens over bad
 * lines is tests/sim/s_rtp.c's; here is what single packets must do.
 */
#include "snaee/rtp_parts.h"
#include "tests/unit/rtp_feed.h"

/* Companion ee-hpr-rtp 9.3, RTP-17, from the NHDR on. */
#define RTP17 "c6 00 81 ff 00 80 00 00 00 00 01 00 01 78 0c 00 23 00 00 00 0c 00 00 00 01 " \
    "1e 05 00 00 09 00 d6 d7 c5 d5 c5 c5 f1 00 00 00 06 03 d5 c5 e3 c1 00 00 06 26 80 00 00 01 " \
    "00 00 04 0d 01 01 18 00 00 00 06 39 00 00 00 01 00 00 0d 14 00 00 17 83 80 00 00 00 05 b5 " \
    "00 01 d4 c0 00 02 bf 20 07 67 80 00 00 01 ff 00 17 85 00 01 13 46 11 80 15 0c d5 c5 e3 c1 " \
    "4b d6 d7 c5 d5 c5 c5 f1 21 00 05 22 01 00 00 00 27 10 00 00 03 e8"

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

/* Byte for byte up to the ARB fields that are ours. */
static void
t_setup_packet(void **state)
{
	struct world *w = *state;
	struct rtp_parm p;
	uint8_t want[200];
	size_t n = unhex(RTP17, want);

	parm(w, &p);
	rtp_init(&w->r, &p);
	rtp_call(&w->r, w->now);
	send(w, 12);
	assert_true(out(w));
	assert_int_equal(w->o.hdr_len, n + 8);
	assert_memory_equal(w->o.hdr, want, n);
	assert_int_equal(w->o.data_len, 12);
	assert_int_equal(w->o.tpf, 3);
	assert_false(out(w));
	/* repeated as it was, SHORT_REQ later */
	w->now = mono_add(w->now, SECS(1));
	assert_int_equal(rtp_deadline(&w->r).us, w->now.us);
	rtp_expire(&w->r, w->now);
	send(w, 30);
	assert_true(out(w));
	assert_memory_equal(w->o.hdr, want, n);
	assert_int_equal(w->o.data_len, 12);
	assert_false(out(w));
}

static void
t_cos_in_setup(void **state)
{
	struct world *w = *state;
	struct rtp_parm p;

	parm(w, &p);
	(void)name_set(&p.cos, "#INTER");
	rtp_init(&w->r, &p);
	rtp_call(&w->r, w->now);
	assert_true(out(w));
	assert_string_equal(w->th.setup.topic.s, "#INTER");
	assert_string_equal(w->th.cqf.cp.s, "NETA.OPENEE1");
	assert_int_equal(w->th.tcid, OURS | 1ull << 63);
	assert_int_equal(w->th.bsn, 1);
	assert_int_equal(w->th.sw.alive_ms, 180000);
	assert_false(w->th.sw.limited);
	w->now = mono_add(w->now, SECS(1));
	w->r.parm.limited = 1;
	rtp_expire(&w->r, w->now);
	assert_true(out(w));
	assert_true(w->th.sw.limited);
}

/* A long first message does not ride in the setup packet. */
static void
t_setup_without_long(void **state)
{
	struct world *w = *state;
	struct rtp_parm p;

	parm(w, &p);
	rtp_init(&w->r, &p);
	rtp_call(&w->r, w->now);
	send(w, 4000);
	assert_true(out(w));
	assert_int_equal(w->o.data_len, 0);
}

/* Until then only its first packet of data goes, at the first byte. */
static void
t_called_waits(void **state)
{
	struct world *w = *state;

	listen_up(w);
	setup_from_peer(w, SEG_SETUP_VERSION);
	send(w, 2000);
	assert_true(out(w));
	assert_int_equal(w->o.data_len, 0);
	assert_true(out(w));
	assert_true(w->th.has_cie);
	assert_int_equal(w->th.bsn, 1);
	assert_true(w->o.data_len > 0 && w->o.data_len < 900);
	assert_false(out(w));
	w->seq += 4;
	in_msg(w, "x");
	assert_true(out(w));
	assert_false(w->th.has_cie);
	assert_true(w->th.bsn > 1);
}

static void
t_ghost(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;
	unsigned n = 0;

	listen_up(w);
	setup_from_peer(w, SEG_SETUP_VERSION);
	while (next(w, &i) == 0 && n++ < 100) {
		drain(w);
		w->now = rtp_deadline(&w->r);
		assert_false(mono_is_never(w->now));
		rtp_expire(&w->r, w->now);
	}
	assert_int_equal(i.what, RTP_DOWN);     /* and no data, and no RTP_UP */
	assert_int_equal(i.sense, SENSE_LINK_FAILURE);
	assert_true(mono_diff(w->now, w->r.born) < MINUTES(1));
}

/* .. or on data that goes anyway. */
static void
t_status_rides(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1000, .sri = 1, .somi = 1, .eomi = 1 };

	connect_up(w);
	in(w, &th, "ask", 3);
	send(w, 5);
	assert_true(out(w));
	assert_int_equal(w->o.data_len, 5);
	assert_true(w->th.has_status);
	assert_int_equal(w->th.status.rseq, 1003);
	assert_true(w->th.sri);         /* the last of a burst asks */
	assert_int_equal(w->th.status.sync, w->r.rq_sync);
	w->now = mono_add(w->now, MSEC(30));
	rtp_expire(&w->r, w->now);
	assert_false(out(w));
}

/* SHORT_REQ: 1 s without a sample, doubled, cap 8 s, six times, then lost. */
static void
t_short_req(void **state)
{
	static const int64_t want[] = { 1, 2, 4, 8, 8, 8, 8 };
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	w->r.parm.switch_ms = 0;
	send(w, 10);
	drain(w);
	for (size_t k = 0; k < 7; k++) {
		struct mono at = rtp_deadline(&w->r);

		assert_int_equal(mono_diff(at, w->now), SECS(want[k]));
		w->now = at;
		rtp_expire(&w->r, w->now);
		if (k == 6)
			break;
		assert_true(out(w));
		assert_int_equal(w->o.data_len, 0);
		assert_true(w->th.sri && w->th.rasapi && w->th.has_status);
		assert_int_equal(w->th.bsn, 11);
		assert_false(w->th.somi || w->th.eomi || w->th.lmi);
		assert_false(out(w));
	}
	assert_true(out(w));            /* the partner may still hear us */
	assert_true(w->th.has_fault);
	assert_int_equal(w->th.fault, SENSE_LINK_FAILURE);
	assert_false(out(w));
	assert_int_equal(next(w, &i), RTP_DOWN);
	assert_int_equal(i.sense, SENSE_LINK_FAILURE);
}

/* A message longer than an NLP: SOMI on the first, EOMI on the last, none between. */
static void
t_split(void **state)
{
	struct world *w = *state;
	uint32_t at = 1;

	connect_up(w);
	w->r.peer_packet = 1000;
	rtp_recut(&w->r);
	send(w, 2500);
	while (at < 2501) {
		assert_true(out(w));
		if (w->th.dlf == 0)
			continue;
		assert_int_equal(w->th.bsn, at);
		assert_int_equal(w->th.somi, at == 1);
		at += w->th.dlf;
		assert_int_equal(w->th.eomi, at == 2501);
		assert_true(w->o.hdr_len + w->o.data_len <= 1000);
	}
	drain(w);
	assert_int_equal(w->r.largest_sent <= 1000, 1);
}

/* Every 16th packet asks, at once. */
static void
t_sri_in_bulk(void **state)
{
	struct world *w = *state;
	unsigned asked = 0, n = 0;

	connect_up(w);
	for (int k = 0; k < 64; k++)
		send(w, 20);
	while (out(w)) {
		n++;
		asked += w->th.sri && w->th.rasapi;
	}
	assert_int_equal(n, 64);
	assert_int_equal(asked, 64 / (ARB_FLIGHT_MIN / 4 / w->r.parm.max_send));
	assert_true(w->th.sri);
}

static void
t_send_bounds(void **state)
{
	struct world *w = *state;
	struct buf *b = buf_get(&w->bufs, 100);

	connect_up(w);
	assert_int_equal(rtp_send(&w->r, w->now, b), SENSE_RU_LENGTH);  /* empty */
	buf_free(b);
	while (!rtp_congested(&w->r))
		send(w, 2048);
	assert_true(w->r.tx.bytes >= RTP_TX_HIGH);
	rtp_drop(&w->r, w->now, SENSE_LINK_FAILURE);
	b = buf_get(&w->bufs, 100);
	memset(buf_put(b, 10), 0, 10);
	assert_int_equal(rtp_send(&w->r, w->now, b), SENSE_NO_SESSION);
	buf_free(b);
}

/* Its BIND crossed our COB: the answer goes when it has refused to close. */
static void
t_close_crossed(void **state)
{
	struct world *w = *state;

	connect_up(w);
	rtp_close(&w->r, w->now);
	assert_true(out(w));
	assert_int_equal(w->th.cob, COB_REQUEST);
	send(w, 10);
	while (out(w))
		assert_int_equal(w->th.dlf, 0);
	in_cob(w, COB_REJECT);
	assert_true(out(w));
	assert_int_equal(w->th.dlf, 10);
	while (out(w))
		assert_false(w->th.has_cob);    /* no more of closing */
}

static void
t_close(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	send(w, 10);
	rtp_close(&w->r, w->now);
	drain(w);
	assert_true(rtp_connected(&w->r));      /* data first */
	in_status(w, 11, w->r.sync, 0, NULL);
	assert_true(out(w));
	assert_int_equal(w->th.cob, COB_REQUEST);
	assert_true(w->th.sri && w->th.rasapi);
	in_cob(w, COB_ACCEPT);
	assert_true(out(w));
	assert_true(w->th.lmi && w->th.sri);
	assert_int_equal(w->o.data_len, 0);
	assert_int_equal(next(w, &i), 0);
	in_status(w, 11, w->r.sync, 0, NULL);
	assert_int_equal(next(w, &i), RTP_DOWN);
	assert_int_equal(i.sense, 0);
}

/* The other side: answers when its data are through, ends with LMI. */
static void
t_closed_by_partner(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .lmi = 1, .sri = 1, .rasapi = 1, .has_status = 1 };
	struct rtp_ind i;

	connect_up(w);
	send(w, 10);
	drain(w);
	w->seq += 4;
	in_cob(w, COB_REQUEST);                 /* ahead of its turn */
	assert_true(rtp_connected(&w->r));
	w->seq -= 4;
	in_msg(w, "last");
	drain(w);
	assert_false(rtp_connected(&w->r));
	assert_false(w->th.has_cob);            /* 10 bytes are not acknowledged */
	in_status(w, 11, w->r.sync, 0, NULL);
	assert_true(out(w));
	assert_int_equal(w->th.cob, COB_ACCEPT);
	th.bsn = w->seq;
	th.status = (struct seg_status){ .sync = 500, .echo = w->r.sync, .rseq = 11 };
	in(w, &th, NULL, 0);
	expect_text(w, "last");
	assert_int_equal(next(w, &i), 0);       /* its acknowledgement first */
	assert_true(out(w));
	assert_int_equal(w->th.status.echo, 500);
	assert_int_equal(next(w, &i), RTP_DOWN);
	assert_int_equal(i.sense, 0);
}

static void
t_close_refused(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	rtp_sessions(&w->r, 1);
	in_cob(w, COB_REQUEST);
	assert_true(out(w));
	assert_int_equal(w->th.cob, COB_REJECT);
	assert_true(rtp_connected(&w->r));
	drain(w);
	rtp_close(&w->r, w->now);
	assert_true(out(w));
	in_cob(w, COB_REJECT);
	assert_int_equal(next(w, &i), RTP_KEPT);
	assert_true(rtp_connected(&w->r));
	send(w, 5);
}

/* No answer to the COB request: fault A001EE0A, as the books of TPF have it. */
static void
t_close_unanswered(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;
	struct mono t0;

	connect_up(w);
	rtp_close(&w->r, w->now);
	drain(w);
	t0 = w->now;
	for (;;) {
		struct mono at = rtp_deadline(&w->r);

		assert_false(mono_is_never(at));
		w->now = at;
		rtp_expire(&w->r, w->now);
		if (!rtp_connected(&w->r) && w->r.fsm.state == RS_CLOSED)
			break;
		drain(w);
		in_status(w, 1, w->r.sync, 0, NULL);    /* alive, but no answer */
	}
	assert_int_equal(mono_diff(w->now, t0), SECS(30));
	assert_true(out(w));
	assert_int_equal(w->th.fault, 0xa001ee0a);
	assert_int_equal(next(w, &i), RTP_DOWN);
}

/* Path switch: data wait, segment 14 goes on the new path, all goes on. */
static void
t_path(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	send(w, 10);
	drain(w);
	rtp_path_lost(&w->r, w->now);
	assert_false(out(w));
	assert_int_equal(next(w, &i), RTP_PATH);
	assert_int_equal(i.sense, SENSE_LINK_FAILURE);
	send(w, 10);
	assert_false(out(w));
	w->now = mono_add(w->now, SECS(20));
	rtp_expire(&w->r, w->now);
	rtp_path_found(&w->r, w->now, 1000, 22);
	assert_true(out(w));
	assert_true(w->th.has_switch && w->th.has_status && w->th.sri && w->th.rasapi);
	assert_int_equal(w->th.sw.tg.tgn, 22);
	assert_false(out(w));
	in_status(w, 1, w->r.sync, 0, NULL);
	assert_int_equal(next(w, &i), RTP_PATH);
	assert_int_equal(i.sense, 0);
	assert_true(rtp_connected(&w->r));
	assert_true(out(w));
	drain(w);
	in_status(w, 1, w->r.sync, 1, NULL);
	assert_true(out(w));
	assert_int_equal(w->th.bsn, 1);
}

/* A better route: data go on, and with the partner's answer the rate begins anew. */
static void
t_rerouted(void **state)
{
	struct world *w = *state;
	struct rtp_ind i;

	connect_up(w);
	w->r.arb.startup = 0;
	w->r.arb.rate = 500000000;
	rtp_path_found(&w->r, w->now, 1000, 22);
	rtp_rerouted(&w->r, w->now, RY_COMMAND);
	send(w, 10);
	assert_true(out(w));
	assert_true(w->th.has_switch);
	assert_true(out(w));
	assert_int_equal(w->o.data_len, 10);
	drain(w);
	assert_int_equal(w->r.arb.rate, 500000000);
	in_status(w, 1, w->r.sync, 11, NULL);
	assert_int_equal(next(w, &i), RTP_PATH);
	assert_int_equal(i.sense, 0);
	assert_int_equal(w->r.arb.rate, w->r.arb.initial);
	assert_true(w->r.arb.startup);
}

static void
t_path_forbidden(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1000, .has_switch = 1 };
	struct rtp_ind i;

	connect_up(w);
	in(w, &th, NULL, 0);            /* its switch time is 0 */
	rtp_path_lost(&w->r, w->now);
	assert_int_equal(next(w, &i), RTP_DOWN);
	assert_int_equal(i.sense, SENSE_LINK_FAILURE);
}

/* Nothing heard: an idle status request. */
static void
t_alive(void **state)
{
	struct world *w = *state;

	connect_up(w);
	in_status(w, 1, w->r.sync, 0, NULL);
	drain(w);
	assert_int_equal(mono_diff(rtp_deadline(&w->r), w->now), SECS(180));
	w->now = rtp_deadline(&w->r);
	rtp_expire(&w->r, w->now);
	assert_true(out(w));
	assert_true(w->th.status.idle && w->th.sri);
	assert_false(out(w));
}

/* On one hop of EE LDLC watches the link: no timer at all (HPREELIV). */
static void
t_no_alive(void **state)
{
	struct world *w = *state;
	struct thdr th = { .tcid = OURS, .bsn = 1000, .has_cie = 1, .cie_tcid = PEER };
	struct rtp_parm p;

	parm(w, &p);
	p.no_alive = 1;
	rtp_init(&w->r, &p);
	rtp_call(&w->r, w->now);
	drain(w);
	in(w, &th, NULL, 0);
	in_status(w, 1, w->r.sync, 0, NULL);
	drain(w);
	assert_true(rtp_connected(&w->r));
	assert_true(mono_is_never(rtp_deadline(&w->r)));
}

static void
t_show(void **state)
{
	struct world *w = *state;
	struct con c;

	connect_up(w);
	send(w, 10);
	con_init(&c);
	rtp_show(&w->r, w->now, &c);
	assert_non_null(strstr(c.text, "STATE CONNECTED"));
	assert_non_null(strstr(c.text, "10 BYTES IN 1 MESSAGES"));
	fsm_print(rtp_fsm(), &c);
	con_fini(&c);
	rtp_clear(&w->r);
	assert_int_equal(w->r.stat[RTP_NLPS_SENT], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(t_setup_packet, up, down),
		cmocka_unit_test_setup_teardown(t_cos_in_setup, up, down),
		cmocka_unit_test_setup_teardown(t_setup_without_long, up, down),
		cmocka_unit_test_setup_teardown(t_called_waits, up, down),
		cmocka_unit_test_setup_teardown(t_ghost, up, down),
		cmocka_unit_test_setup_teardown(t_status_rides, up, down),
		cmocka_unit_test_setup_teardown(t_short_req, up, down),
		cmocka_unit_test_setup_teardown(t_split, up, down),
		cmocka_unit_test_setup_teardown(t_sri_in_bulk, up, down),
		cmocka_unit_test_setup_teardown(t_close_crossed, up, down),
		cmocka_unit_test_setup_teardown(t_send_bounds, up, down),
		cmocka_unit_test_setup_teardown(t_close, up, down),
		cmocka_unit_test_setup_teardown(t_closed_by_partner, up, down),
		cmocka_unit_test_setup_teardown(t_close_refused, up, down),
		cmocka_unit_test_setup_teardown(t_close_unanswered, up, down),
		cmocka_unit_test_setup_teardown(t_path, up, down),
		cmocka_unit_test_setup_teardown(t_rerouted, up, down),
		cmocka_unit_test_setup_teardown(t_path_forbidden, up, down),
		cmocka_unit_test_setup_teardown(t_alive, up, down),
		cmocka_unit_test_setup_teardown(t_no_alive, up, down),
		cmocka_unit_test_setup_teardown(t_show, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
