/* SPDX-License-Identifier: Apache-2.0
 *
 * nlp.c - network layer packets.
 *
 * An NLP begins with the NHDR: how to route (by a list of ANR labels, or to a
 * function of the next node) and how urgent. Behind it comes the THDR of the
 * RTP connection: which connection (TCID), which bytes of its stream (BSN,
 * DLF), where messages start and end, and optional segments (nlp_seg.c) that
 * set up, acknowledge, pace and end the connection. Then the data.
 */
#include "snaee/nlp.h"

#include "snaee/nlp_seg.h"
#include "snaee/sense.h"

#define NH0_SM_SHIFT 5
#define NH0_TPF_SHIFT 1
#define NH1_TSPI 0x08u
#define NH1_SLOW1 0x04u
#define NH1_SLOW2 0x02u
#define NH_END 0xffu            /* ends a label list */

bool
nhdr_get(struct rd *r, struct nhdr *h)          /* ee-hpr-rtp 4.1 */
{
	uint8_t b0 = rd_u8(r), b1 = rd_u8(r);
	size_t room = rd_left(r) < NHDR_ANR_MAX + 1 ? rd_left(r) : NHDR_ANR_MAX + 1;
	const uint8_t *list = r->p, *end;

	h->sm = b0 >> NH0_SM_SHIFT;
	h->tpf = b0 >> NH0_TPF_SHIFT & 3;
	h->ft = b1 >> 4;
	h->fn = 0;
	h->tspi = (b1 & NH1_TSPI) != 0;
	h->slow1 = (b1 & NH1_SLOW1) != 0;
	h->slow2 = (b1 & NH1_SLOW2) != 0;
	end = room == 0 ? NULL : memchr(list, NH_END, room);
	if (r->bad || end == NULL || (h->sm != NHDR_FR && h->sm != NHDR_ANR))
		return false;
	h->anr = list;
	h->anr_len = (uint8_t)(end - list);
	rd_skip(r, h->anr_len + 2u);            /* FF and a reserved byte */
	if (h->sm == NHDR_FR && h->ft == NHDR_FT_LDLC)
		h->fn = rd_u8(r);
	return !r->bad;
}

void
nhdr_put(struct wr *w, const struct nhdr *h)
{
	wr_u8(w, (unsigned)h->sm << NH0_SM_SHIFT | (h->tpf & 3u) << NH0_TPF_SHIFT);
	wr_u8(w, (unsigned)h->ft << 4 | (h->tspi ? NH1_TSPI : 0) | (h->slow1 ? NH1_SLOW1 : 0) |
	    (h->slow2 ? NH1_SLOW2 : 0));
	wr_bytes(w, h->anr, h->anr_len);
	wr_u8(w, NH_END);
	wr_u8(w, 0);
	if (h->sm == NHDR_FR && h->ft == NHDR_FT_LDLC)
		wr_u8(w, h->fn);
}

size_t
nhdr_len(const struct nhdr *h)
{
	return 4u + h->anr_len + (h->sm == NHDR_FR && h->ft == NHDR_FT_LDLC ? 1 : 0);
}

/* EE register row 13: that FR NLPs flow at network priority is our choice. */
void
nhdr_put_fr(struct wr *w, enum nhdr_fn fn)
{
	nhdr_put(w, &(struct nhdr){ .sm = NHDR_FR, .tpf = 3, .ft = NHDR_FT_LDLC,
	    .fn = (uint8_t)fn });
}

bool
nhdr_at(const struct nhdr *h, const struct label *l)
{
	return l->len > 0 && h->anr_len >= l->len && memcmp(h->anr, l->b, l->len) == 0;
}

bool
nhdr_pop(struct nhdr *h, const struct label *l)
{
	if (!nhdr_at(h, l))
		return false;
	h->anr += l->len;
	h->anr_len = (uint8_t)(h->anr_len - l->len);
	return true;
}

/* Our assignment, ee-hpr-rtp 6.6; EE register rows 2 and 4. No byte is FF. */
struct label
nce_label(unsigned nce)
{
	return (struct label){ .len = 4, .b = { 0x80, 0, 0, (uint8_t)nce } };
}

unsigned
nce_of(const struct label *l)
{
	if (l->len != 4 || l->b[0] != 0x80 || l->b[1] != 0 || l->b[2] != 0)
		return 0;
	return l->b[3];
}

#define TCID_ASSIGNOR (1ull << 63)

/* EE register row 8: 1 when the sender of the packet assigned the TCID. */
uint64_t
tcid_wire(uint64_t tcid, enum tcid_by by)
{
	return by == TCID_BY_SENDER ? tcid | TCID_ASSIGNOR : tcid & ~TCID_ASSIGNOR;
}

uint64_t
tcid_key(uint64_t wire)
{
	return wire & ~TCID_ASSIGNOR;
}

#define T8_SETUPI 0x40u
#define T8_SOMI 0x20u
#define T8_EOMI 0x10u
#define T8_SRI 0x08u
#define T8_RASAPI 0x04u
#define T8_RETRYI 0x02u
#define T9_LMI 0x80u
#define T9_CQFI 0x18u
#define T9_CQF 0x08u            /* the value of CQFI that says a CQF follows */
#define T9_OSI 0x04u

struct fixed {
	uint8_t b8, b9;
};

static struct fixed
fixed_get(struct rd *r, struct thdr *h)
{
	struct fixed f;

	h->tcid = rd_u64(r);
	f.b8 = rd_u8(r);
	f.b9 = rd_u8(r);
	h->setupi = (f.b8 & T8_SETUPI) != 0;
	h->somi = (f.b8 & T8_SOMI) != 0;
	h->eomi = (f.b8 & T8_EOMI) != 0;
	h->sri = (f.b8 & T8_SRI) != 0;
	h->rasapi = (f.b8 & T8_RASAPI) != 0;
	h->retryi = (f.b8 & T8_RETRYI) != 0;
	h->lmi = (f.b9 & T9_LMI) != 0;
	h->len = rd_u16(r) * 4u;
	h->dlf = rd_u32(r);
	h->bsn = rd_u32(r);
	h->has_cqf = h->has_setup = h->has_status = h->has_cob = 0;
	h->has_cie = h->has_fault = h->has_switch = h->has_arb = 0;
	h->unknown = 0;
	return f;
}

enum tiles { TILE_OK, TILE_ZERO, TILE_OVER };

/* Do optional segments fill this exactly? *key: the one that does not. */
static enum tiles
tiles(struct rd r, uint8_t *key)
{
	while (rd_left(&r) > 0) {
		size_t n = rd_peek(&r) * 4u;

		*key = rd_left(&r) > 1 ? r.p[1] : 0;
		if (n == 0)
			return TILE_ZERO;
		if (n > rd_left(&r))
			return TILE_OVER;
		rd_skip(&r, n);
	}
	return TILE_OK;
}

static bool
cqf_fits(struct rd rest, size_t size, unsigned osi)
{
	uint8_t key;

	if (size < 4 || size > rd_left(&rest))
		return false;
	rd_skip(&rest, size);
	return osi ? tiles(rest, &key) == TILE_OK : rd_left(&rest) == 0;
}

/* EE register row 4: whether the length byte counts its 2-byte header is not
 * known. Both readings are tried; right is the one that leaves whole segments. */
static size_t
cqf_size(const struct rd *rest, unsigned osi)
{
	size_t with = (rd_peek(rest) + 3u) & ~3u, without = (rd_peek(rest) + 2u + 3u) & ~3u;

	if (cqf_fits(*rest, with, osi))
		return with;
	if (cqf_fits(*rest, without, osi))
		return without;
	return with < 4 ? 4 : with;
}

static bool
segments_get(struct rd *rest, struct thdr *h, uint32_t *sense)
{
	uint8_t key = 0;
	enum tiles t = tiles(*rest, &key);

	if (t == TILE_OVER)
		*sense = seg_length_sense(SEG_IN_THDR, key);
	if (t != TILE_OK)
		return false;           /* a segment of no length: drop only, N-07 */
	while (rd_left(rest) > 0) {
		struct rd seg = rd_sub(rest, rd_peek(rest) * 4u);

		*sense = seg_get(&seg, h);
		if (*sense != 0)
			return false;
	}
	return true;
}

/* The checks of ee-hpr-rtp 4.2: the header is in the packet, and so is its data. */
bool
thdr_get(struct rd *r, struct thdr *h, uint32_t *sense)
{
	struct fixed f = fixed_get(r, h);
	struct rd rest;
	unsigned cqfi = f.b9 & T9_CQFI;

	*sense = 0;
	if (r->bad || h->len < THDR_MIN || h->len - THDR_MIN > rd_left(r))
		return false;
	rest = rd_sub(r, h->len - THDR_MIN);
	if (h->dlf > rd_left(r) || (cqfi != 0 && cqfi != T9_CQF))
		return false;
	h->data = rd_bytes(r, h->dlf);
	if (cqfi == T9_CQF) {
		size_t n = cqf_size(&rest, f.b9 & T9_OSI);
		struct rd c;

		if (n > rd_left(&rest)) {
			*sense = seg_length_sense(SEG_IN_THDR, CV_NET_ADDR);
			return false;
		}
		c = rd_sub(&rest, n);
		*sense = cqf_get(&c, h);
		if (*sense != 0)
			return false;
	}
	return (f.b9 & T9_OSI) == 0 || segments_get(&rest, h, sense);
}

static unsigned
has_segments(const struct thdr *h)
{
	return h->has_setup | h->has_status | h->has_cob | h->has_cie | h->has_fault |
	    h->has_switch | h->has_arb;
}

void
thdr_put(struct wr *w, const struct thdr *h)
{
	size_t mark = wr_len(w), words;

	wr_u64(w, h->tcid);
	wr_u8(w, (h->setupi ? T8_SETUPI : 0) | (h->somi ? T8_SOMI : 0) | (h->eomi ? T8_EOMI : 0) |
	    (h->sri ? T8_SRI : 0) | (h->rasapi ? T8_RASAPI : 0) | (h->retryi ? T8_RETRYI : 0));
	wr_u8(w, (h->lmi ? T9_LMI : 0) | (h->has_cqf ? T9_CQF : 0) |
	    (has_segments(h) ? T9_OSI : 0));
	wr_u16(w, THDR_MIN / 4);
	wr_u32(w, h->dlf);
	wr_u32(w, h->bsn);
	if (h->has_cqf)
		cqf_put(w, &h->cqf);
	if (has_segments(h))
		seg_put_all(w, h);
	words = (wr_len(w) - mark) / 4;
	wr_set16(w, mark + 10, words);  /* data offset */
}

size_t
thdr_len(const struct thdr *h)
{
	uint8_t trial[THDR_MAX];
	struct wr w = wr_on(trial, sizeof(trial));
	size_t n = THDR_MIN;

	if (h->has_cqf || h->has_setup || h->has_switch) {
		thdr_put(&w, h);
		return wr_len(&w);
	}
	if (h->has_status)
		n += 20 + 8u * h->status.n;
	if (h->has_cob)
		n += 4;
	if (h->has_cie)
		n += 12;
	if (h->has_fault)
		n += 8;
	if (h->has_arb)
		n += h->arb.msg == ARB_SETUP ? 20 : 12;
	return n;
}
