/* SPDX-License-Identifier: Apache-2.0
 *
 * The 3270 data stream. A screen is a buffer of cells; a command (Write,
 * Erase/Write ..) and a WCC are followed by orders and characters. SBA moves
 * to a cell, SF puts an attribute there that takes up the cell and starts a
 * field, SFE the same with colour and highlighting. A keystroke that matters
 * comes back as AID, cursor address and the fields whose modified data tag is
 * on, each behind an SBA.
 *
 * Addresses of up to 4096 cells are coded as two six-bit graphics (12 bit),
 * larger ones as plain 14-bit numbers; the two top bits tell them apart.
 */
#include <stdio.h>

#include "base/ebcdic.h"
#include "vtamsim/ds3270.h"

#define QUERY_REPLY 0x81u
#define BLANK 0x40u

/* The graphic that stands for six bits (GA23-0059, I/O codes). */
static const uint8_t six[64] = {
	0x40, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e,
	0x4f, 0x50, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0x5a, 0x5b, 0x5c, 0x5d,
	0x5e, 0x5f, 0x60, 0x61, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0x6a, 0x6b, 0x6c,
	0x6d, 0x6e, 0x6f, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0x7a, 0x7b,
	0x7c, 0x7d, 0x7e, 0x7f,
};

uint8_t
ds_wcc(unsigned bits)
{
	/* Reset has a place of its own; the rest codes as six bits. */
	uint8_t g = six[bits & 0x0f];

	return (bits & DS_WCC_RESET) != 0 ? (uint8_t)(g | 0x40) : (uint8_t)(g & ~0x40u);
}

uint8_t
ds_attr(unsigned bits)
{
	return six[bits & 0x3f];
}

void
ds_addr_put(struct wr *w, uint32_t addr, unsigned wide)
{
	if (wide) {
		wr_u16(w, addr & 0x3fff);
	} else {
		wr_u8(w, six[addr >> 6 & 0x3f]);
		wr_u8(w, six[addr & 0x3f]);
	}
}

uint32_t
ds_addr_get(struct rd *r)
{
	uint32_t v = rd_u16(r);

	switch (v >> 14) {
	case 0:
		return v;
	case 2:                 /* reserved */
		r->bad = true;
		return 0;
	default:
		return (v >> 8 & 0x3f) << 6 | (v & 0x3f);
	}
}

void
ds_begin(struct ds *d, struct wr w, uint16_t rows, uint16_t cols, enum ds_plain plain)
{
	*d = (struct ds){ .w = w, .rows = rows, .cols = cols,
		.wide = (uint32_t)rows * cols > 4096, .extended = plain == DS_EXTENDED };
}

void
ds_cmd(struct ds *d, enum ds_cmd cmd, unsigned wcc)
{
	wr_u8(&d->w, cmd);
	if (cmd == DS_W || cmd == DS_EW || cmd == DS_EWA)
		wr_u8(&d->w, ds_wcc(wcc));
}

static uint32_t
addr_of(const struct ds *d, unsigned row, unsigned col)
{
	uint32_t cells = (uint32_t)d->rows * d->cols;

	return ((row - 1) * d->cols + col - 1) % (cells != 0 ? cells : 1);
}

void
ds_at(struct ds *d, unsigned row, unsigned col)
{
	wr_u8(&d->w, DS_SBA);
	ds_addr_put(&d->w, addr_of(d, row, col), d->wide);
}

void
ds_sf(struct ds *d, unsigned attr)
{
	wr_u8(&d->w, DS_SF);
	wr_u8(&d->w, ds_attr(attr));
}

void
ds_sfe(struct ds *d, unsigned attr, enum ds_hilite hl, enum ds_colour colour)
{
	unsigned pairs = 1u + (hl != DS_H_DEFAULT ? 1 : 0) + (colour != DS_C_DEFAULT ? 1 : 0);

	if (!d->extended || pairs == 1) {
		ds_sf(d, attr);
		return;
	}
	wr_u8(&d->w, DS_SFE);
	wr_u8(&d->w, pairs);
	wr_u8(&d->w, DS_T_FIELD);
	wr_u8(&d->w, ds_attr(attr));
	if (hl != DS_H_DEFAULT) {
		wr_u8(&d->w, DS_T_HILITE);
		wr_u8(&d->w, hl);
	}
	if (colour != DS_C_DEFAULT) {
		wr_u8(&d->w, DS_T_COLOUR);
		wr_u8(&d->w, colour);
	}
}

void
ds_sa(struct ds *d, enum ds_type type, unsigned value)
{
	if (!d->extended)
		return;
	wr_u8(&d->w, DS_SA);
	wr_u8(&d->w, type);
	wr_u8(&d->w, value);
}

void
ds_ic(struct ds *d)
{
	wr_u8(&d->w, DS_IC);
}

void
ds_pt(struct ds *d)
{
	wr_u8(&d->w, DS_PT);
}

void
ds_ra(struct ds *d, unsigned row, unsigned col, char c)
{
	wr_u8(&d->w, DS_RA);
	ds_addr_put(&d->w, addr_of(d, row, col), d->wide);
	wr_u8(&d->w, c == 0 ? 0 : ebc_from((unsigned char)c));
}

void
ds_textn(struct ds *d, const char *s, size_t n)
{
	if (n == 0 || !wr_need(&d->w, n))
		return;
	ebc_put(d->w.p, s, n);
	for (size_t i = 0; i < n; i++)          /* nothing typed may become an order */
		if (d->w.p[i] < BLANK)
			d->w.p[i] = BLANK;
	d->w.p += n;
}

void
ds_text(struct ds *d, const char *s)
{
	ds_textn(d, s, strlen(s));
}

void
ds_num(struct ds *d, uint64_t v, unsigned width)
{
	char t[24];
	unsigned i = sizeof(t);

	do {
		t[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0 && i > 0);
	for (unsigned n = (unsigned)sizeof(t) - i; n < width; n++)
		wr_u8(&d->w, BLANK);
	ds_textn(d, t + i, sizeof(t) - i);
}

void
ds_field(struct ds *d, unsigned row, unsigned col, unsigned attr, const char *s)
{
	ds_at(d, row, col);
	ds_sf(d, attr);
	ds_text(d, s);
}

void
ds_cfield(struct ds *d, unsigned row, unsigned col, unsigned attr, enum ds_colour colour,
    const char *s)
{
	ds_at(d, row, col);
	ds_sfe(d, attr, DS_H_DEFAULT, colour);
	ds_text(d, s);
}

void
ds_centre(struct ds *d, unsigned row, unsigned attr, enum ds_colour colour, const char *s)
{
	size_t n = strlen(s);

	ds_cfield(d, row, n + 2 < d->cols ? (unsigned)(d->cols - n) / 2 : 1, attr, colour, s);
}

void
ds_query_out(struct wr *w)
{
	static const uint8_t rpq[] = { DS_WSF, 0x00, 0x05, 0x01, 0xff, 0x02 };

	wr_bytes(w, rpq, sizeof(rpq));
}

/* In. */

static bool
is_short_read(unsigned aid)
{
	switch (aid) {
	case DS_CLEAR:
	case DS_PA1:
	case DS_PA2:
	case DS_PA3:
		return true;
	default:
		return false;
	}
}

bool
ds_in_open(struct ds_in *in, const void *p, size_t len, uint32_t cells)
{
	*in = (struct ds_in){ .r = rd_on(p, len), .cells = cells };
	in->aid = rd_u8(&in->r);
	in->short_read = is_short_read(in->aid);
	if (in->r.bad)
		return false;
	if (in->aid == DS_AID_SF)
		return true;
	if (rd_left(&in->r) == 0) {             /* AID only is right for PA and CLEAR */
		in->short_read = 1;
		return true;
	}
	in->cursor = ds_addr_get(&in->r);
	return !in->r.bad && (cells == 0 || in->cursor < cells);
}

/* Bytes of the order at p, its operands included; 1 for a character. */
static size_t
order_len(const uint8_t *p, size_t left)
{
	size_t n;

	switch (*p) {
	case DS_SBA:
	case DS_SA:
		n = 3;
		break;
	case DS_SF:
	case DS_GE:
		n = 2;
		break;
	case DS_SFE:
		n = left > 1 ? 2 + 2 * (size_t)p[1] : 2;
		break;
	default:
		n = 1;
		break;
	}
	return n < left ? n : left;
}

bool
ds_in_field(struct ds_in *in, struct ds_infield *f)
{
	struct rd *r = &in->r;

	if (r->bad || rd_left(r) == 0 || in->aid == DS_AID_SF)
		return false;
	f->addr = DS_NOADDR;
	if (rd_peek(r) == DS_SBA) {
		rd_skip(r, 1);
		f->addr = ds_addr_get(r);
		if (r->bad || (in->cells != 0 && f->addr >= in->cells))
			return false;
	}
	f->p = r->p;
	while (rd_left(r) != 0 && rd_peek(r) != DS_SBA)
		rd_skip(r, order_len(r->p, rd_left(r)));
	f->len = (size_t)(r->p - f->p);
	return true;
}

size_t
ds_in_text(const struct ds_infield *f, char *to, size_t room, enum ds_fold fold)
{
	size_t n = 0, i = 0;

	while (i < f->len) {
		size_t step = order_len(f->p + i, f->len - i);
		uint8_t e = f->p[i];

		i += step;
		if (step != 1)
			continue;
		if ((e < BLANK || e == 0xff) && e != 0)
			continue;
		if (n == 0 && (e == 0 || e == BLANK))
			continue;
		if (n + 1 < room) {
			unsigned char c = e == 0 ? ' ' : asc_from(e);

			to[n++] = (char)(fold == DS_UPPER && c >= 'a' && c <= 'z' ? c - 32 : c);
		}
	}
	while (n > 0 && to[n - 1] == ' ')
		n--;
	if (room != 0)
		to[n] = '\0';
	return n;
}

unsigned
ds_pf(unsigned aid)
{
	static const uint8_t pf[] = { DS_PF1, DS_PF2, DS_PF3, DS_PF4, DS_PF5, DS_PF6, DS_PF7,
		DS_PF8, DS_PF9, DS_PF10, DS_PF11, DS_PF12, DS_PF13, DS_PF14, DS_PF15, DS_PF16,
		DS_PF17, DS_PF18, DS_PF19, DS_PF20, DS_PF21, DS_PF22, DS_PF23, DS_PF24 };

	for (unsigned i = 0; i < sizeof(pf); i++)
		if (pf[i] == aid)
			return i + 1;
	return 0;
}

const char *
ds_aid_name(unsigned aid)
{
	static const char *const pf[] = { "?", "PF1", "PF2", "PF3", "PF4", "PF5", "PF6", "PF7",
		"PF8", "PF9", "PF10", "PF11", "PF12", "PF13", "PF14", "PF15", "PF16", "PF17",
		"PF18", "PF19", "PF20", "PF21", "PF22", "PF23", "PF24" };

	switch (aid) {
	case DS_ENTER:
		return "ENTER";
	case DS_CLEAR:
		return "CLEAR";
	case DS_PA1:
		return "PA1";
	case DS_PA2:
		return "PA2";
	case DS_PA3:
		return "PA3";
	case DS_NOAID:
		return "NONE";
	case DS_AID_SF:
		return "STRUCTURED FIELD";
	case DS_SYSREQ:
		return "SYSREQ";
	default:
		return pf[ds_pf(aid)];
	}
}

/* Query Reply. */

static void
usable_area(struct rd r, struct ds_query *q)
{
	uint8_t flags = rd_u8(&r);

	rd_skip(&r, 1);
	q->cols = rd_u16(&r);
	q->rows = rd_u16(&r);
	if (r.bad || q->cols == 0 || q->rows == 0)
		return;
	q->usable = 1;
	q->wide = (flags & 0x0f) == 1 || (flags & 0x0f) == 3;
}

/* Self-defining parameter 01: default and alternate width and height. */
static void
implicit_partition(struct rd r, struct ds_query *q)
{
	rd_skip(&r, 2);
	while (rd_left(&r) >= 2) {
		uint8_t len = rd_u8(&r), id = rd_u8(&r);
		struct rd sub = rd_sub(&r, len >= 2 ? len - 2u : 0);

		if (len < 2)
			return;
		if (id != 1)
			continue;
		rd_skip(&sub, 1);
		q->def_cols = rd_u16(&sub);
		q->def_rows = rd_u16(&sub);
		q->alt_cols = rd_u16(&sub);
		q->alt_rows = rd_u16(&sub);
		q->implicit = !sub.bad;
	}
}

static void
query_one(struct rd *sf, struct ds_query *q)
{
	uint8_t type = rd_u8(sf);

	q->replies++;
	switch (type) {
	case 0x81:
		usable_area(*sf, q);
		break;
	case 0x86:
		q->colour = 1;
		rd_skip(sf, 1);
		q->ncolours = rd_u8(sf);
		break;
	case 0x87:
		q->hilite = 1;
		q->hilites = rd_u8(sf);
		break;
	case 0x95:
		q->ddm = 1;
		break;
	case 0xa6:
		implicit_partition(*sf, q);
		break;
	default:
		break;
	}
}

bool
ds_query_get(struct rd *r, struct ds_query *q)
{
	memset(q, 0, sizeof(*q));
	if (rd_u8(r) != DS_AID_SF)
		return false;
	while (!r->bad && rd_left(r) >= 2) {
		uint16_t len = rd_u16(r);
		struct rd sf;

		if (len == 0)           /* the last one may leave its length out */
			len = (uint16_t)(rd_left(r) + 2);
		if (len < 3)
			return q->replies != 0;
		sf = rd_sub(r, len - 2u);
		if (sf.bad)
			return q->replies != 0;
		if (rd_u8(&sf) == QUERY_REPLY)
			query_one(&sf, q);
	}
	return q->replies != 0;
}
