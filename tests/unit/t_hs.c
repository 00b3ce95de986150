/* SPDX-License-Identifier: Apache-2.0
 *
 * Half-sessions back to back: a primary and a secondary joined by two queues.
 * Hand-made PIUs are the vectors of companion sna-sessions section 8.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/log.h"
#include "snaee/dfc_fsm.h"
#include "snaee/hs.h"
#include "snaee/sense.h"

#define OIC RH_OIC
#define CHAIN_MAX 4000

struct pend {
	uint32_t rh;
	uint16_t snf;
	uint8_t code;
};

struct end {
	struct hs h;
	struct bufq wire;       /* from this end; mark: efi and snf */
	struct pend pend[32];
	unsigned n_pend;
	uint32_t got, sent_bytes, got_bytes;
	uint8_t pace;
};

struct pair {
	struct bufpool bufs;
	struct end p, s;        /* primary, secondary */
	uint64_t rng, seed;
	const char *name;
};

static const struct bind bind_lu2 = { .fm = 3, .ts = 3, .priprot = 0xb1, .secprot = 0x90,
	.comprot1 = 0x30, .comprot2 = 0x80, .sec_ru = 0x85, .pri_ru = 0x86, .ps = { 2 } };
static const struct bind bind_fm4 = { .fm = 4, .ts = 3, .priprot = 0xb1, .secprot = 0xb0,
	.comprot1 = 0x20, .comprot2 = 0x80, .sec_ru = 0x85, .pri_ru = 0x85,
	.psndpac = 3, .srcvpac = 3, .ssndpac = 2, .prcvpac = 2 };
static const struct bind bind_fm2 = { .fm = 2, .ts = 2, .priprot = 0x71, .secprot = 0x40,
	.comprot1 = 0x20, .comprot2 = 0x00 };
static const struct bind bind_cont = { .fm = 3, .ts = 3, .priprot = 0xb1, .secprot = 0xa0,
	.comprot1 = 0x30, .comprot2 = 0x40, .sec_ru = 0x85, .pri_ru = 0x85 };
static const struct bind bind_lu62 = { .fm = 0x13, .ts = 7, .priprot = 0xb0, .secprot = 0xb0,
	.comprot1 = 0x50, .comprot2 = 0xb1, .sec_ru = 0x85, .pri_ru = 0x85, .adaptive = 1,
	.psndpac = 7, .srcvpac = 7, .ssndpac = 7, .prcvpac = 7, .ps = { 6, 2 } };

static void
flush(struct end *e)
{
	struct th th;
	struct buf *b;

	while ((b = hs_output(&e->h, &th)) != NULL) {
		assert_int_equal(th.mpf, TH_WHOLE);
		b->mark = (uint32_t)th.efi << 16 | th.snf;
		bufq_put(&e->wire, b);
	}
}

/* TRACE=1 SEED=n shows what led to a failure. */
static void
trace_piu(const char *from, const struct buf *m, const struct th *th)
{
	char text[96];
	struct rd r = buf_rd(m);
	uint32_t rh = rh_get(&r);

	print_message("%s %s %u %s %s %08x\n", from, th->efi ? "exp" : "   ", th->snf, rh_text(rh, text),
	    (rh & RH_FI) ? ru_name(rh, rd_peek(&r)) : "", (rh & RH_SDI) ? rd_u32(&r) : 0);
}

/* One PIU from a to b. False: none. */
static bool
carry(struct end *a, struct end *b)
{
	struct buf *m;
	struct th th = { .fid = 5, .mpf = TH_WHOLE };

	flush(a);
	m = bufq_get(&a->wire);
	if (m == NULL)
		return false;
	th.efi = m->mark >> 16 & 1;
	th.snf = (uint16_t)m->mark;
	if (getenv("TRACE") != NULL)
		trace_piu(a->h.role == HS_PLU ? "PLU" : "    SLU", m, &th);
	hs_input(&b->h, &th, m);
	return true;
}

static void
settle(struct pair *w)
{
	while (carry(&w->p, &w->s) || carry(&w->s, &w->p))
		continue;
}

static struct hs_ind
next(struct end *e)
{
	struct hs_ind i = { 0 };

	assert_true(hs_recv(&e->h, &i));
	buf_free(i.ru);
	return i;
}

static void
none(struct end *e)
{
	struct hs_ind i;

	assert_false(hs_recv(&e->h, &i));
}

static struct buf *
ru_of(struct pair *w, size_t n, int c)
{
	struct buf *b = buf_get(&w->bufs, n);

	assert_non_null(b);
	memset(buf_put(b, n), c, n);
	return b;
}

static uint32_t
send(struct pair *w, struct end *e, uint32_t rh, size_t n)
{
	struct buf *b = ru_of(w, n, 'x');
	uint32_t sense = hs_send(&e->h, rh, NULL, b);

	if (sense != 0)
		buf_free(b);
	return sense;
}

static uint32_t
send_code(struct pair *w, struct end *e, uint32_t rh, int code)
{
	struct buf *b = ru_of(w, 1, code);
	uint32_t sense = hs_send(&e->h, rh, NULL, b);

	if (sense != 0)
		buf_free(b);
	return sense;
}

#define DFC_RQD (RH_DFC | RH_FI | OIC | RH_DR1)
#define SC_RQD (RH_SC | RH_FI | OIC | RH_DR1)

static struct pair *
pair_new(const struct bind *b)
{
	struct pair *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_int_equal(bufpool_init(&w->bufs, "t", 3000, 600, 100), 0);
	hs_init(&w->p.h, b, HS_PLU, &w->bufs);
	hs_init(&w->s.h, b, HS_SLU, &w->bufs);
	bufq_init(&w->p.wire);
	bufq_init(&w->s.wire);
	if (b->ts == 3) {
		struct hs_ind i;

		assert_int_equal(send_code(w, &w->p, SC_RQD, RU_SDT), 0);
		settle(w);
		i = next(&w->s);
		assert_int_equal(i.rh, SC_RQD);
		i = next(&w->p);
		assert_int_equal(i.rh, SC_RQD | RH_RSP);
	}
	assert_int_equal(w->p.h.active, 1);
	assert_int_equal(w->s.h.active, 1);
	return w;
}

static void
pair_free(struct pair *w)
{
	hs_fini(&w->p.h);
	hs_fini(&w->s.h);
	bufq_drop(&w->p.wire);
	bufq_drop(&w->s.wire);
	assert_int_equal(bufpool_used(&w->bufs), 0);
	bufpool_fini(&w->bufs);
	free(w);
}

/* RH and RU as hex; TH by hand. */
static void
inject(struct pair *w, struct end *e, struct th th, const char *hex)
{
	struct buf *b = buf_get(&w->bufs, strlen(hex) / 2);
	unsigned v;

	assert_non_null(b);
	for (; sscanf(hex, "%2x", &v) == 1; hex += 2)
		buf_put(b, 1)[0] = (uint8_t)v;
	hs_input(&e->h, &th, b);
}

static void
expect_out(struct end *e, unsigned efi, unsigned snf, const char *hex)
{
	struct th th;
	struct buf *b = hs_output(&e->h, &th);
	char got[256] = "";

	assert_non_null(b);
	for (uint32_t i = 0; i < b->len && i < 100; i++)
		snprintf(got + 2 * i, 3, "%02x", b->p[i]);
	buf_free(b);
	assert_string_equal(got, hex);
	assert_int_equal(th.efi, efi);
	assert_int_equal(th.snf, snf);
}

#define NORM(n) ((struct th){ .fid = 5, .mpf = TH_WHOLE, .snf = (n) })
#define EXPD(n) ((struct th){ .fid = 5, .mpf = TH_WHOLE, .efi = 1, .snf = (n) })

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
	assert_memory_equal(i.ru->p, "\xf5\xc3\x11\x40\x40\x1d\xc8\xc8\xc5\xd3\xd3\xd6\xc1\xc2\xc3", 15);
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

/* Random legal traffic. */

static unsigned
rnd(struct pair *w, unsigned n)
{
	w->rng = w->rng * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(w->rng >> 33) % n;
}

static uint32_t
random_form(struct pair *w, const struct hs *h)
{
	switch (h->dfc.out.rsp) {
	case 0:
		return 0;
	case 1:
		return RH_RQE1;
	case 2:
		return RH_RQD1;
	default:
		return rnd(w, 3) == 0 ? RH_RQD1 : RH_RQE1;
	}
}

static void
act_data(struct pair *w, struct end *e)
{
	struct dfc *d = &e->h.dfc;
	uint32_t rh = random_form(w, &e->h);
	size_t n = rnd(w, 6) == 0 && d->out.multi ? 600 : rnd(w, 50);

	if (d->tx.state != CHS_BETC) {
		if (rnd(w, 5) == 0 && e->h.fm != FM_19) {
			(void)send_code(w, e, DFC_RQD, RU_CANCEL);
			return;
		}
		rh |= rnd(w, 2) ? RH_ECI : 0;
	} else {
		/* the loser of a race must not have said two things: one chain, then wait */
		if (d->br.state == BRS_BB_SENT)
			return;
		rh |= OIC;
		if (d->out.multi && rnd(w, 6) == 0)
			rh &= ~RH_ECI;
		if (!dfc_in_bracket(d))
			rh |= RH_BBI;
		if (d->out.may_eb && d->duplex == DFC_HDX_FF && rnd(w, 3) == 0)
			rh |= RH_EBI;
	}
	if ((rh & RH_ECI) == 0)
		rh |= (rh & RH_RQ) != 0 ? RH_ERI : 0;
	else if ((rh & RH_EBI) == 0 && !d->out.eb && d->fm == FM_19)
		rh |= rnd(w, 3) == 0 && d->br.state == BRS_INB ?
		    RH_CEBI : RH_CDI;
	else if ((rh & RH_EBI) == 0 && !d->out.eb && rnd(w, 3) != 0)
		rh |= RH_CDI;
	/* bidder: what follows a BB that may lose the race is not for the winner */
	if ((rh & RH_BBI) != 0 && !d->first && (rh & (RH_CDI | RH_EBI)) == 0)
		rh |= (rh & RH_ECI) != 0 && d->duplex == DFC_HDX_FF && d->fm != FM_19 ? RH_CDI : 0;
	if (send(w, e, rh, n) == 0)
		e->sent_bytes += (uint32_t)n;
}

static void
act_answer(struct pair *w, struct end *e, unsigned k)
{
	struct pend q = e->pend[k];
	uint32_t sense = 0;

	e->pend[k] = e->pend[--e->n_pend];
	if (q.code == RU_RTR)
		sense = rnd(w, 2) ? 0 : SENSE_RTR_NOT_NEEDED;
	else if (q.code == RU_BID)
		sense = rnd(w, 2) ? 0 : SENSE_BID_REJECT;
	else if (q.code == 0 && rnd(w, 3) == 0 &&
	    (e->h.dfc.recover == DFC_REC_PARTNER || (q.rh & RH_CDI) != 0))
		sense = (q.rh & RH_BBI) != 0 && e->h.dfc.first &&
		    e->h.dfc.duplex == DFC_HDX_FF && rnd(w, 2) ? SENSE_BID_REJECT :
		    SENSE_PARAMETER;
	assert_int_equal(hs_respond(&e->h, q.rh, q.snf, sense), 0);
}

static void
act(struct pair *w, struct end *e)
{
	switch (rnd(w, 12)) {
	case 0:
		if (e->n_pend != 0)
			act_answer(w, e, 0);
		break;
	case 1:
		(void)send_code(w, e, DFC_RQD, RU_LUSTAT);
		break;
	case 2:
		(void)send_code(w, e, DFC_RQD, RU_SIGNAL);
		break;
	case 3:
		if (e->h.dfc.duplex == DFC_HDX_FF)
			(void)send_code(w, e, DFC_RQD, RU_BID);
		break;
	case 4:
		(void)send_code(w, e, DFC_RQD, RU_RTR);
		break;
	case 5:
		if (e->pace) {
			e->pace = 0;
			hs_pace(&e->h);
		}
		break;
	default:
		act_data(w, e);
		break;
	}
}

static void
take(struct pair *w, struct end *e)
{
	struct hs_ind i;
	uint32_t size;
	uint8_t code;

	if (!hs_recv(&e->h, &i))
		return;
	size = i.ru != NULL ? i.ru->len : 0;
	code = (i.rh & RH_CAT) == RH_DFC && size != 0 ? i.ru->p[0] : 0;
	buf_free(i.ru);
	if ((i.rh & RH_PI) != 0 && (i.rh & RH_RSP) == 0)
		e->pace = 1;
	if ((i.rh & RH_RSP) != 0)
		return;
	if (i.sense != 0)
		fail_msg("%s seed %ju: %s refused legal traffic with %08x, rh %06x", w->name,
		    (uintmax_t)w->seed, e == &w->p ? "PLU" : "SLU", i.sense, i.rh);
	e->got++;
	if ((i.rh & RH_RQ) == RH_RQD1) {
		assert_true(e->n_pend < 32);
		e->pend[e->n_pend++] = (struct pend){ i.rh, i.snf, code };
	} else if ((i.rh & RH_RQ) == RH_RQE1 && rnd(w, 8) == 0 &&
	    e->h.dfc.recover == DFC_REC_PARTNER && e->h.rx.count == 0) {
		uint32_t sense = SENSE_PARAMETER;

		/* only what was not overtaken by a word of ours */
		(void)hs_respond(&e->h, i.rh, i.snf, sense);
	}
}

static bool
refused_is_race(const struct end *e)
{
	uint32_t s = e->h.last_sense >> 16;

	return s == 0x080b || s == 0x0813 || s == 0x081b;
}

static bool
in_brackets(const struct dfc *d)
{
	return d->brackets && d->br.state != BRS_BETB;
}

static bool
may_send(const struct dfc *d)
{
	return d->dir.state == DIS_SEND || d->dir.state == DIS_RECOV;
}

static bool
same_turn(const struct dfc *a, const struct dfc *b)
{
	if (a->duplex != DFC_HDX_FF)
		return true;
	if (a->dir.state == DIS_CONT || b->dir.state == DIS_CONT)
		return a->dir.state == b->dir.state;
	return may_send(a) != may_send(b);
}

static void
mirror(const struct pair *w)
{
	const struct dfc *a = &w->p.h.dfc, *b = &w->s.h.dfc;

	if ((a->tx.state == CHS_BETC) == (b->rx.state == CHS_BETC) &&
	    (b->tx.state == CHS_BETC) == (a->rx.state == CHS_BETC) &&
	    in_brackets(a) == in_brackets(b) && same_turn(a, b))
		return;
	fail_msg("%s seed %ju: chain %s/%s %s/%s bracket %s/%s turn %s/%s", w->name,
	    (uintmax_t)w->seed, fsm_state(&a->tx), fsm_state(&b->rx), fsm_state(&a->rx),
	    fsm_state(&b->tx), fsm_state(&a->br), fsm_state(&b->br), fsm_state(&a->dir),
	    fsm_state(&b->dir));
}

/* Everything in flight arrives, everything owed is answered. */
static void
quiet(struct pair *w)
{
	for (int k = 0; k < 400; k++) {
		struct end *e = k % 2 ? &w->p : &w->s;

		settle(w);
		while (e->h.rx.count != 0)
			take(w, e);
		while (e->n_pend != 0)
			act_answer(w, e, 0);
		hs_pace(&e->h);
		e->pace = 0;
	}
}

static void
random_traffic(const struct bind *b, const char *name, uint64_t seed)
{
	struct pair *w = pair_new(b);

	w->rng = seed * 77;
	w->seed = seed;
	w->name = name;
	for (int turn = 0; turn < 800; turn++) {
		for (int k = 0; k < 8; k++) {
			switch (rnd(w, 6)) {
			case 0:
				act(w, &w->p);
				break;
			case 1:
				act(w, &w->s);
				break;
			case 2:
				(void)carry(&w->p, &w->s);
				break;
			case 3:
				(void)carry(&w->s, &w->p);
				break;
			case 4:
				take(w, &w->p);
				break;
			default:
				take(w, &w->s);
				break;
			}
			flush(&w->p);
			flush(&w->s);
		}
		if (turn % 16 == 15) {
			quiet(w);
			mirror(w);
		}
	}
	if (w->p.h.stat[HS_REFUSED] != 0 || w->s.h.stat[HS_REFUSED] != 0)
		assert_true(refused_is_race(&w->p) || refused_is_race(&w->s) ||
		    w->p.h.last_sense == 0 || w->s.h.last_sense == 0);
	if (w->p.got < 30 || w->s.got < 30)
		fail_msg("%s seed %ju stuck: %u %u", name, (uintmax_t)seed, w->p.got, w->s.got);
	pair_free(w);
}

static void
t_random_traffic(void **state)
{
	const struct bind *const all[] = { &bind_lu2, &bind_fm4, &bind_fm2, &bind_cont,
		&bind_lu62 };
	const char *names[] = { "lu2", "fm4", "fm2", "cont", "lu62" };
	uint64_t first = 1, last = 150;

	if (getenv("TRACE") != NULL)
		log_level_all(LOG_DEBUG);
	const char *env = getenv("SEED");

	(void)state;
	if (env != NULL)
		first = last = strtoull(env, NULL, 10);
	for (unsigned k = 0; k < 5; k++)
		for (uint64_t seed = first; seed <= last; seed++) {
			random_traffic(all[k], names[k], seed);
		}
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
		cmocka_unit_test(t_random_traffic),
		cmocka_unit_test(t_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
