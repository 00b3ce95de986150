/* SPDX-License-Identifier: Apache-2.0
 *
 * hs_pair.h - a primary and a secondary half-session joined by two queues, for
 * tests. pair_new() has sent SDT where the profile has one.
 */
#ifndef TESTS_HS_PAIR_H
#define TESTS_HS_PAIR_H

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

static inline void
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
static inline void
trace_piu(const char *from, const struct buf *m, const struct th *th)
{
	char text[96];
	struct rd r = buf_rd(m);
	uint32_t rh = rh_get(&r);

	print_message("%s %s %u %s %s %08x\n", from, th->efi ? "exp" : "   ", th->snf, rh_text(rh,
	    text),
	    (rh & RH_FI) ? ru_name(rh, rd_peek(&r)) : "", (rh & RH_SDI) ? rd_u32(&r) : 0);
}

/* One PIU from a to b. False: none. */
static inline bool
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

static inline void
settle(struct pair *w)
{
	while (carry(&w->p, &w->s) || carry(&w->s, &w->p))
		continue;
}

static inline struct hs_ind
next(struct end *e)
{
	struct hs_ind i = { 0 };

	assert_true(hs_recv(&e->h, &i));
	buf_free(i.ru);
	return i;
}

static inline void
none(struct end *e)
{
	struct hs_ind i;

	assert_false(hs_recv(&e->h, &i));
}

static inline struct buf *
ru_of(struct pair *w, size_t n, int c)
{
	struct buf *b = buf_get(&w->bufs, n);

	assert_non_null(b);
	memset(buf_put(b, n), c, n);
	return b;
}

static inline uint32_t
send(struct pair *w, struct end *e, uint32_t rh, size_t n)
{
	struct buf *b = ru_of(w, n, 'x');
	uint32_t sense = hs_send(&e->h, rh, NULL, b);

	if (sense != 0)
		buf_free(b);
	return sense;
}

static inline uint32_t
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

static inline struct pair *
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

static inline void
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
static inline void
inject(struct pair *w, struct end *e, struct th th, const char *hex)
{
	struct buf *b = buf_get(&w->bufs, strlen(hex) / 2);
	unsigned v;

	assert_non_null(b);
	for (; sscanf(hex, "%2x", &v) == 1; hex += 2)
		buf_put(b, 1)[0] = (uint8_t)v;
	hs_input(&e->h, &th, b);
}

static inline void
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

#endif
