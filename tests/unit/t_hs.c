/* SPDX-License-Identifier: Apache-2.0
 *
 * Half-sessions back to back, and PIUs made by hand: the vectors and negative
 * tests of companion sna-sessions section 8.
 */
#include "tests/unit/hs_pair.h"

static void
t_sdt_opens_data_traffic(void **state)
{
	struct pair *w = calloc(1, sizeof(*w));

	(void)state;
	assert_int_equal(bufpool_init(&w->bufs, "t", 100, 100, 10), 0);
	hs_init(&w->p.h, &bind_lu2, HS_PLU, &w->bufs);
	hs_init(&w->s.h, &bind_lu2, HS_SLU, &w->bufs);
	bufq_init(&w->p.wire);
	bufq_init(&w->s.wire);
	/* vector 12 before SDT */
	inject(w, &w->s, NORM(1), "0390a0f5c31140401dc1");
	expect_out(&w->s, 0, 1, "87900020050000");
	assert_int_equal(next(&w->s).sense, SENSE_TRAFFIC_RESET);
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | RH_BBI | RH_CDI, 5), SENSE_TRAFFIC_RESET);
	/* the secondary may not start it */
	assert_int_equal(send_code(w, &w->s, SC_RQD, RU_SDT), SENSE_SC_PROTOCOL);
	inject(w, &w->p, EXPD(1), "6b8000a0");
	expect_out(&w->p, 1, 1, "ef900020090000a0");
	(void)next(&w->p);
	inject(w, &w->s, EXPD(7), "6b8000a0");
	expect_out(&w->s, 1, 7, "eb8000a0");
	assert_int_equal(w->s.h.active, 1);
	(void)next(&w->s);
	inject(w, &w->s, EXPD(8), "6b8000a0");          /* again */
	expect_out(&w->s, 1, 8, "ef900020090000a0");
	(void)next(&w->s);
	inject(w, &w->s, EXPD(9), "6b8000a2");          /* STSN: not in TS 3 */
	expect_out(&w->s, 1, 9, "ef900010030000a2");
	(void)next(&w->s);
	inject(w, &w->s, EXPD(10), "638000a1");         /* SC without FI */
	expect_out(&w->s, 1, 10, "e7900040010000a1");
	(void)next(&w->s);
	pair_free(w);
}

static void
t_screen_and_reply(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	struct hs_ind i;

	(void)state;
	inject(w, &w->s, NORM(1), "0390a0f5c31140401dc8c8c5d3d3d6");
	i = next(&w->s);
	assert_int_equal(i.rh, 0x0390a0);
	assert_int_equal(i.snf, 1);
	assert_int_equal(w->s.h.dfc.dir.state, DIS_SEND);
	/* BB is not repeated in a bracket */
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_BBI | RH_CDI, 1), 0);
	expect_out(&w->s, 0, 1, "03902078");
	/* vector 12 while the SLU is SEND: after the reply it is RCV, so make it SEND */
	inject(w, &w->s, NORM(2), "039020f5");
	(void)next(&w->s);
	inject(w, &w->s, NORM(3), "039020f5");
	expect_out(&w->s, 0, 3, "87900020040000");
	assert_int_equal(next(&w->s).sense, SENSE_DIRECTION);
	/* a FM header is not allowed, RQD without EC neither */
	inject(w, &w->s, NORM(4), "0b9020f5");
	expect_out(&w->s, 0, 4, "8f9000400f0000");
	(void)next(&w->s);
	inject(w, &w->s, NORM(5), "028000f5");
	expect_out(&w->s, 0, 5, "87900040070000");
	(void)next(&w->s);
	pair_free(w);
}

static void
t_numbers(void **state)
{
	struct pair *w = pair_new(&bind_lu2);

	(void)state;
	inject(w, &w->s, NORM(2), "039080f5");
	expect_out(&w->s, 0, 2, "87900020010000");
	assert_int_equal(w->s.h.snf_in, 0);
	assert_int_equal(next(&w->s).sense, SENSE_SEQUENCE);
	inject(w, &w->s, NORM(1), "039080f5");
	assert_int_equal(next(&w->s).sense, 0);
	inject(w, &w->s, NORM(1), "039000f5");
	expect_out(&w->s, 0, 1, "87900020010000");
	(void)next(&w->s);
	w->s.h.snf_in = 0xffff;
	inject(w, &w->s, NORM(0), "039000f5");          /* wraps to 0 */
	assert_int_equal(next(&w->s).sense, 0);
	pair_free(w);
}

static void
t_responses(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	uint16_t snf = 0;
	struct buf *b = ru_of(w, 3, 'x');
	struct hs_ind i;

	(void)state;
	assert_int_equal(hs_send(&w->p.h, OIC | RH_RQD1 | RH_BBI, &snf, b), 0);
	assert_int_equal(snf, 1);
	/* immediate request mode: one definite chain at a time */
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1, 3), SENSE_IMMEDIATE_RQ);
	settle(w);
	i = next(&w->s);
	inject(w, &w->p, NORM(9), "838000");            /* another number: ignored */
	none(&w->p);
	inject(w, &w->p, NORM(1), "839000");            /* SDI 0, RTI 1 */
	none(&w->p);
	assert_int_equal(w->p.h.last_sense, SENSE_RH_SDI_RTI);
	inject(w, &w->p, NORM(1), "832000");            /* DR2 was not asked */
	none(&w->p);
	assert_int_equal(w->p.h.last_sense, SENSE_RH_DR);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, 0), 0);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, 0), SENSE_CORRELATION);
	settle(w);
	i = next(&w->p);
	assert_int_equal(i.rh, 0x838000);
	assert_int_equal(i.snf, 1);
	assert_null(i.ru);
	assert_int_equal(w->p.h.dfc.br.state, BRS_INB);
	/* RQE: an error turns the turn; the primary recovers */
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | RH_CDI, 3), 0);
	settle(w);
	i = next(&w->s);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, SENSE_NOT_SUPPORTED), 0);
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_CDI, 3), SENSE_DIRECTION);
	settle(w);
	i = next(&w->p);
	assert_int_equal(i.sense, SENSE_NOT_SUPPORTED);
	assert_int_equal(i.rh, 0x879000);
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | RH_CDI, 3), 0);
	/* courtesy: a positive answer to RQE is not sent */
	settle(w);
	i = next(&w->s);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, 0), 0);
	none(&w->p);
	pair_free(w);
}

static void
t_dfc_responses_repeat_the_code(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	struct hs_ind i;
	struct buf *b = ru_of(w, 5, 0);

	(void)state;
	memcpy(b->p, "\xc9\x00\x01\x00\x00", 5);
	assert_int_equal(hs_send(&w->s.h, DFC_RQD, NULL, b), 0);
	assert_int_equal(send_code(w, &w->s, DFC_RQD, RU_SIGNAL), SENSE_IMMEDIATE_RQ);
	settle(w);
	i = next(&w->p);
	assert_int_equal(hs_respond(&w->p.h, i.rh, i.snf, 0), 0);
	expect_out(&w->p, 1, i.snf, "cb8000c9");
	inject(w, &w->p, NORM(1), "4b800004082b0000");  /* vector 16 */
	i = next(&w->p);
	assert_int_equal(hs_respond(&w->p.h, i.rh, i.snf, 0), 0);
	expect_out(&w->p, 0, 1, "cb800004");
	inject(w, &w->s, NORM(1), "4b800004082b0000");  /* FM 3: SLU to PLU only */
	expect_out(&w->s, 0, 1, "cf90001003000004");
	(void)next(&w->s);
	inject(w, &w->s, NORM(2), "4b8000c9");          /* SIGNAL on the normal flow */
	expect_out(&w->s, 0, 2, "cf900040120000c9");
	(void)next(&w->s);
	inject(w, &w->s, EXPD(3), "0390a0c1");          /* data on the expedited flow */
	expect_out(&w->s, 1, 3, "87900040110000");
	(void)next(&w->s);
	inject(w, &w->s, NORM(3), "2b800010");          /* NC has no place here */
	expect_out(&w->s, 0, 3, "af90001007000010");
	(void)next(&w->s);
	pair_free(w);
}

static void
t_chains_are_cut(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	uint16_t snf = 0;
	struct buf *b = ru_of(w, 1300, 'y');
	struct hs_ind i;
	const uint32_t want[] = { 0x029080, 0x009000, 0x018020 };

	(void)state;
	assert_int_equal(hs_send(&w->p.h, OIC | RH_RQD1 | RH_BBI | RH_CDI, &snf, b), 0);
	assert_int_equal(snf, 3);
	settle(w);
	for (unsigned k = 0; k < 3; k++) {
		assert_true(hs_recv(&w->s.h, &i));
		assert_int_equal(i.rh, want[k]);
		assert_int_equal(i.snf, k + 1);
		assert_int_equal(i.ru->len, k < 2 ? 512 : 276);
		buf_free(i.ru);
	}
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, 0), 0);
	settle(w);
	assert_int_equal(next(&w->p).snf, 3);
	/* inbound: 256 bytes at most */
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_CDI, 257), 0);
	settle(w);
	assert_int_equal(next(&w->p).rh, 0x029000);
	assert_int_equal(next(&w->p).rh, 0x019020);
	/* an RU over the limit is refused */
	b = ru_of(w, 3 + 513, 0);
	memcpy(b->p, "\x03\x90\x20", 3);
	hs_input(&w->s.h, &NORM(4), b);
	expect_out(&w->s, 0, 4, "87900010020000");
	assert_int_equal(next(&w->s).sense, SENSE_RU_LENGTH);
	pair_free(w);
}

static void
t_purge_after_negative(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	struct hs_ind i;

	(void)state;
	assert_int_equal(send(w, &w->p, RH_BCI | RH_RQE1 | RH_BBI, 9), 0);
	settle(w);
	i = next(&w->s);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, SENSE_PARAMETER), 0);
	assert_int_equal(w->s.h.dfc.rx.state, CHS_PURGE);
	assert_int_equal(send(w, &w->p, RH_RQE1, 9), 0);
	settle(w);
	none(&w->s);
	assert_int_equal(next(&w->p).sense, SENSE_PARAMETER);
	assert_int_equal(w->p.h.dfc.tx.state, CHS_PURGE);
	assert_int_equal(send_code(w, &w->p, DFC_RQD, RU_CANCEL), 0);
	settle(w);
	i = next(&w->s);
	assert_int_equal(i.rh, DFC_RQD);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, 0), 0);
	settle(w);
	(void)next(&w->p);
	/* middle outside a chain, begin inside one */
	inject(w, &w->s, NORM(4), "009000c1");
	expect_out(&w->s, 0, 4, "87900020020001");
	(void)next(&w->s);
	inject(w, &w->s, NORM(5), "019000c1");          /* its end is dropped unanswered */
	none(&w->s);
	inject(w, &w->s, NORM(6), "029000c1");
	(void)next(&w->s);
	inject(w, &w->s, NORM(7), "039000c1");
	expect_out(&w->s, 0, 7, "87900020020002");
	(void)next(&w->s);
	pair_free(w);
}

static void
t_bracket_race(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	struct hs_ind i;

	(void)state;
	/* both begin at once: the SLU, first speaker, wins */
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | RH_BBI | RH_CDI, 4), 0);
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_BBI | RH_CDI, 4), 0);
	settle(w);
	none(&w->s);
	i = next(&w->p);
	assert_int_equal(i.rh, 0x0390a0);
	i = next(&w->p);
	assert_int_equal(i.sense, SENSE_BRACKET_RACE);
	assert_int_equal(w->p.h.dfc.br.state, BRS_INB);
	assert_int_equal(w->p.h.dfc.dir.state, DIS_SEND);
	assert_int_equal(w->s.h.dfc.dir.state, DIS_RCV);
	/* BID in a bracket */
	assert_int_equal(send_code(w, &w->p, DFC_RQD, RU_BID), SENSE_BRACKET);
	inject(w, &w->s, NORM(2), "4b8000c8");
	expect_out(&w->s, 0, 2, "cf900008130000c8");
	none(&w->s);
	w->p.h.snf_out = 2;
	/* EB ends it; only the primary may */
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | RH_EBI, 4), 0);
	settle(w);
	(void)next(&w->s);
	assert_int_equal(w->s.h.dfc.br.state, BRS_BETB);
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_BBI | RH_EBI, 4), SENSE_RH_EB);
	inject(w, &w->p, NORM(2), "0390c0c1");
	expect_out(&w->p, 0, 2, "87900040040000");
	(void)next(&w->p);
	/* FMD without BB between brackets */
	inject(w, &w->s, NORM(4), "039020c1");
	expect_out(&w->s, 0, 4, "87900020030000");
	(void)next(&w->s);
	pair_free(w);
}

static void
t_bid(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	struct hs_ind i;

	(void)state;
	assert_int_equal(send_code(w, &w->p, DFC_RQD, RU_BID), 0);
	settle(w);
	i = next(&w->s);
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_BBI | RH_CDI, 1), SENSE_BRACKET);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, SENSE_BID_REJECT_RTR), 0);
	settle(w);
	i = next(&w->p);
	assert_int_equal(i.sense, SENSE_BID_REJECT_RTR);
	assert_int_equal(send_code(w, &w->s, DFC_RQD, RU_RTR), 0);
	settle(w);
	i = next(&w->p);
	assert_int_equal(hs_respond(&w->p.h, i.rh, i.snf, 0), 0);
	settle(w);
	(void)next(&w->s);
	assert_int_equal(send_code(w, &w->p, DFC_RQD, RU_BID), 0);
	settle(w);
	i = next(&w->s);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, 0), 0);
	settle(w);
	(void)next(&w->p);
	assert_int_equal(w->p.h.dfc.br.state, BRS_BB_OURS);
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_BBI | RH_CDI, 1), SENSE_BRACKET);
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | RH_BBI | RH_CDI, 1), 0);
	settle(w);
	assert_int_equal(next(&w->s).sense, 0);
	assert_int_equal(w->p.h.dfc.br.state, BRS_INB);
	assert_int_equal(w->s.h.dfc.br.state, BRS_INB);
	pair_free(w);
}

static void
t_rule1_waits_for_the_response(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	struct hs_ind i;

	(void)state;
	assert_int_equal(send(w, &w->p, OIC | RH_RQD1 | RH_BBI | RH_EBI, 4), 0);
	settle(w);
	i = next(&w->s);
	assert_int_equal(w->p.h.dfc.br.state, BRS_TERM_SENT);
	assert_int_equal(w->s.h.dfc.br.state, BRS_TERM_RCVD);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, SENSE_PARAMETER), 0);
	settle(w);
	(void)next(&w->p);
	assert_int_equal(w->p.h.dfc.br.state, BRS_INB);
	assert_int_equal(w->s.h.dfc.br.state, BRS_INB);
	assert_int_equal(w->p.h.dfc.dir.state, DIS_SEND);
	assert_int_equal(send(w, &w->p, OIC | RH_RQD1 | RH_EBI, 4), 0);
	settle(w);
	i = next(&w->s);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, 0), 0);
	settle(w);
	(void)next(&w->p);
	assert_int_equal(w->p.h.dfc.br.state, BRS_BETB);
	assert_int_equal(w->s.h.dfc.br.state, BRS_BETB);
	assert_int_equal(w->p.h.dfc.dir.state, DIS_CONT);
	pair_free(w);
}

static void
t_pacing(void **state)
{
	struct pair *w = pair_new(&bind_fm4);   /* PLU sends 3, SLU 2 */
	struct hs_ind i;

	(void)state;
	for (int k = 0; k < 10; k++)
		assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | (k == 0 ? RH_BBI : 0), 5), 0);
	settle(w);
	for (int k = 0; k < 3; k++) {
		i = next(&w->s);
		assert_int_equal((i.rh & RH_PI) != 0, k == 0);
	}
	none(&w->s);
	assert_int_equal(w->p.h.tx.count, 7);
	hs_pace(&w->s.h);
	expect_out(&w->s, 0, 0, "830100");
	none(&w->s);
	inject(w, &w->p, NORM(0), "830100");
	settle(w);
	assert_true((next(&w->s).rh & RH_PI) != 0);
	hs_pace(&w->s.h);                       /* early: the window adds to what is left */
	settle(w);
	for (int k = 0; k < 5; k++)
		assert_int_equal(next(&w->s).sense, 0);
	none(&w->s);
	hs_pace(&w->s.h);
	settle(w);
	(void)next(&w->s);
	none(&w->s);
	/* overrun: three more in a window of which two are left */
	inject(w, &w->s, NORM(11), "039000c1");
	inject(w, &w->s, NORM(12), "039000c1");
	(void)next(&w->s);
	(void)next(&w->s);
	inject(w, &w->s, NORM(13), "039000c1");
	expect_out(&w->s, 0, 13, "87900020110000");
	assert_int_equal(next(&w->s).sense, SENSE_PACING);
	pair_free(w);
	/* PI where BIND has no window */
	w = pair_new(&bind_lu2);
	inject(w, &w->s, NORM(1), "0391a0c1");
	expect_out(&w->s, 0, 1, "87900040080000");
	(void)next(&w->s);
	pair_free(w);
}

static void
t_congestion_marks(void **state)
{
	struct pair *w = pair_new(&bind_fm4);
	uint32_t sense = 0;

	(void)state;
	for (unsigned k = 0; k < HS_TXQ_HIGH + 3; k++) {
		assert_false(hs_congested(&w->p.h));
		assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | (k == 0 ? RH_BBI : 0), 5), 0);
	}
	assert_true(hs_congested(&w->p.h));
	for (unsigned k = 0; k < HS_TXQ_MAX && sense == 0; k++)
		sense = send(w, &w->p, OIC | RH_RQE1, 5);
	assert_int_equal(sense, SENSE_NO_RESOURCE);
	while (hs_congested(&w->p.h)) {
		struct hs_ind i;

		settle(w);
		while (hs_recv(&w->s.h, &i)) {
			buf_free(i.ru);
			if ((i.rh & RH_PI) != 0)
				hs_pace(&w->s.h);
		}
	}
	assert_true(w->p.h.tx.count <= HS_TXQ_LOW);
	pair_free(w);
}

static void
t_segments(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	struct th first = { .fid = 5, .mpf = TH_FIRST, .snf = 1 };
	struct th mid = { .fid = 5, .mpf = TH_MIDDLE, .snf = 1 };
	struct th last = { .fid = 5, .mpf = TH_LAST, .snf = 1 };
	struct hs_ind i;

	(void)state;
	/* vectors 21 and 22, with RQE1 BB on a whole chain */
	inject(w, &w->s, first, "039080f5c31140401dc8c8");
	none(&w->s);
	inject(w, &w->s, mid, "c5d3d3d6");
	inject(w, &w->s, last, "c1c2c3");
	assert_true(hs_recv(&w->s.h, &i));
	assert_int_equal(i.rh, 0x039080);
	assert_int_equal(i.ru->len, 15);
	assert_memory_equal(i.ru->p, "\xf5\xc3\x11\x40\x40\x1d\xc8\xc8\xc5\xd3\xd3\xd6\xc1\xc2\xc3",
	    15);
	buf_free(i.ru);
	/* vector 21 cut to 5 bytes */
	first.snf = 2;
	inject(w, &w->s, first, "029080f5c3");
	expect_out(&w->s, 0, 2, "87900080070000");
	(void)next(&w->s);
	/* vector 22 without 21 */
	last.snf = 2;
	inject(w, &w->s, last, "c1c2c3");
	expect_out(&w->s, 0, 2, "87900080070000");
	(void)next(&w->s);
	/* a whole one inside an assembly */
	inject(w, &w->s, first, "039000f5c31140401dc8c8");
	inject(w, &w->s, NORM(2), "039000c1");
	expect_out(&w->s, 0, 2, "87900080070000");
	assert_int_equal(next(&w->s).sense, SENSE_SEGMENT);
	assert_int_equal(next(&w->s).sense, 0);
	/* expedited passes between segments */
	first.snf = last.snf = 3;
	inject(w, &w->s, first, "039020f5c31140401dc8c8");
	inject(w, &w->s, EXPD(77), "4b8000c900010000");
	assert_int_equal(next(&w->s).snf, 77);
	inject(w, &w->s, last, "c1");
	assert_int_equal(next(&w->s).snf, 3);
	/* too long for any buffer */
	for (int k = 0; k < 20; k++) {
		struct buf *b = ru_of(w, 500, 0);

		memcpy(b->p, "\x03\x90\x00", 3);
		mid.mpf = k == 0 ? TH_FIRST : TH_MIDDLE;
		mid.snf = 4;
		hs_input(&w->s.h, &mid, b);
	}
	assert_null(w->s.h.seg);
	assert_int_equal(w->s.h.last_sense, SENSE_SEGMENT);
	pair_free(w);
}

static void
t_clear(void **state)
{
	struct pair *w = pair_new(&bind_lu2);

	(void)state;
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | RH_BBI | RH_CDI, 4), 0);
	settle(w);
	(void)next(&w->s);
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_CDI, 4), 0);
	assert_int_equal(send_code(w, &w->p, SC_RQD, RU_CLEAR), 0);
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1, 4), SENSE_TRAFFIC_RESET);
	settle(w);
	assert_int_equal(next(&w->s).rh, SC_RQD);
	assert_int_equal(w->s.h.active, 0);
	assert_int_equal(w->p.h.active, 0);
	assert_int_equal(w->p.h.clearing, 0);
	assert_int_equal(w->p.h.dfc.br.state, BRS_BETB);
	assert_int_equal(next(&w->p).rh, SC_RQD | RH_RSP);
	assert_int_equal(send_code(w, &w->p, SC_RQD, RU_SDT), 0);
	settle(w);
	(void)next(&w->s);
	(void)next(&w->p);
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | RH_BBI | RH_CDI, 4), 0);
	settle(w);
	assert_int_equal(next(&w->s).snf, 1);
	pair_free(w);
}

static void
t_shutdown(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	struct hs_ind i;

	(void)state;
	assert_int_equal(send_code(w, &w->s, DFC_RQD, RU_SHUTC), SENSE_NOT_QUIESCED);
	assert_int_equal(send_code(w, &w->s, DFC_RQD, RU_SHUTD), SENSE_NOT_SUPPORTED);
	assert_int_equal(send_code(w, &w->p, DFC_RQD, RU_SHUTD), 0);
	settle(w);
	i = next(&w->s);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, 0), 0);
	assert_int_equal(send_code(w, &w->s, DFC_RQD, RU_SHUTC), 0);
	settle(w);
	(void)next(&w->p);
	i = next(&w->p);
	assert_int_equal(hs_respond(&w->p.h, i.rh, i.snf, 0), 0);
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_BBI | RH_CDI, 1), SENSE_QUIESCED);
	assert_int_equal(w->p.h.dfc.shut.state, SHS_SHUT);
	pair_free(w);
}

static void
t_lu62_conversation(void **state)
{
	struct pair *w = pair_new(&bind_lu62);
	struct hs_ind i;

	(void)state;
	/* starts in a bracket, primary sends: vector 28 has FI, PI, CD and no BB */
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_CDI, 1), SENSE_DIRECTION);
	assert_int_equal(send(w, &w->p, OIC | RH_FI | RH_RQE1 | RH_BBI | RH_CDI, 9), 0);
	settle(w);
	i = next(&w->s);
	assert_int_equal(i.rh, 0x0b9120);
	hs_pace(&w->s.h);
	expect_out(&w->s, 1, 0, "830100000007");
	inject(w, &w->p, EXPD(0), "830100000007");
	assert_int_equal(send(w, &w->s, OIC | RH_RQE1 | RH_CEBI, 9), 0);
	settle(w);
	i = next(&w->p);
	assert_int_equal(i.rh, 0x039101);
	assert_int_equal(w->p.h.dfc.br.state, BRS_BETB);
	assert_int_equal(w->s.h.dfc.br.state, BRS_BETB);
	/* the next needs BB; CEB may not stand before the end of the chain */
	assert_int_equal(send(w, &w->p, OIC | RH_RQE1 | RH_CDI, 9), SENSE_BRACKET);
	assert_int_equal(send(w, &w->p, RH_BCI | RH_RQE1 | RH_BBI | RH_CEBI, 9), SENSE_RH_EB);
	assert_int_equal(send(w, &w->p, OIC | RH_RQD1 | RH_BBI | RH_CEBI, 9), 0);
	settle(w);
	i = next(&w->s);
	assert_int_equal(w->s.h.dfc.br.state, BRS_TERM_RCVD);
	assert_int_equal(hs_respond(&w->s.h, i.rh, i.snf, SENSE_ERP_FOLLOWS), 0);
	settle(w);
	assert_int_equal(next(&w->p).sense, SENSE_ERP_FOLLOWS);
	/* FMH7 comes from the one that said no */
	assert_int_equal(send(w, &w->s, OIC | RH_FI | RH_RQE1 | RH_CEBI, 7), 0);
	settle(w);
	assert_int_equal(next(&w->p).sense, 0);
	assert_int_equal(w->p.h.dfc.br.state, BRS_BETB);
	pair_free(w);
}

static void
t_show(void **state)
{
	struct pair *w = pair_new(&bind_lu2);
	struct con c;

	(void)state;
	con_init(&c);
	hs_show(&w->p.h, &c);
	dfc_print(&c);
	assert_non_null(strstr(c.text, "BRACKET BETB"));
	assert_non_null(strstr(c.text, "PEND.TERM"));
	con_fini(&c);
	pair_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_sdt_opens_data_traffic),
		cmocka_unit_test(t_screen_and_reply),
		cmocka_unit_test(t_numbers),
		cmocka_unit_test(t_responses),
		cmocka_unit_test(t_dfc_responses_repeat_the_code),
		cmocka_unit_test(t_chains_are_cut),
		cmocka_unit_test(t_purge_after_negative),
		cmocka_unit_test(t_bracket_race),
		cmocka_unit_test(t_bid),
		cmocka_unit_test(t_rule1_waits_for_the_response),
		cmocka_unit_test(t_pacing),
		cmocka_unit_test(t_congestion_marks),
		cmocka_unit_test(t_segments),
		cmocka_unit_test(t_clear),
		cmocka_unit_test(t_shutdown),
		cmocka_unit_test(t_lu62_conversation),
		cmocka_unit_test(t_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
