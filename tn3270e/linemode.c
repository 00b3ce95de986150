/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tn3270e/linemode.h"

/* --- in --- */

static void
take_back(const struct codepage *cp, struct buf *b)
{
	while (b->len != 0 && cp->utf8 && (b->p[b->len - 1] & 0xc0) == 0x80)
		buf_trim(b, b->len - 1);
	if (b->len != 0)
		buf_trim(b, b->len - 1);
}

static bool
edits(const struct codepage *cp, struct buf *b, uint8_t c)
{
	if (c == LINE_BS || c == LINE_DEL)
		take_back(cp, b);
	else if (c == LINE_NAK)
		buf_trim(b, 0);
	return c < ' ' || c == LINE_DEL;
}

enum line_did
line_in(uint8_t *at, const struct codepage *cp, enum line_form form, struct buf *b, uint8_t c)
{
	bool after_cr = (*at & LINE_CR) != 0, over = (*at & LINE_OVER) != 0;

	*at &= (uint8_t)~LINE_CR;
	if (after_cr && (c == '\n' || c == '\0'))
		return LINE_MORE;
	if (c == '\r' || c == '\n') {
		*at = c == '\r' ? LINE_CR : 0;
		return over ? LINE_TOO_LONG : LINE_WHOLE;
	}
	if (over || c == '\0' || (form == LINE_TEXT && edits(cp, b, c)))
		return LINE_MORE;
	if (b->len >= LINE_BYTES || buf_tailroom(b) == 0)
		*at |= LINE_OVER;
	else
		*buf_put(b, 1) = c;
	return LINE_MORE;
}

/* --- out --- */

/* SCS control codes with operands, and 3270 orders in data that is not for a line:
 * how many bytes follow. 0x100: a count does; 0x200: a class and a count. */
static unsigned
operands(uint8_t c)
{
	switch (c) {
	case 0x04: case 0x08: case 0x1d:        /* VCS, GE, SF */
		return 1;
	case 0x11: case 0x12: case 0x28: case 0x34:     /* SBA, EUA, SA, PP */
		return 2;
	case 0x3c:                              /* RA: address and character */
		return 3;
	case 0x29: case 0x2c: case 0x35:        /* SFE, MF: pairs; TRN: bytes */
		return 0x100;
	case 0x2b:                              /* formats: class, count with itself */
		return 0x200;
	default:
		return 0;
	}
}

/* The count of an order. */
static void
counted(struct line_out *o, uint8_t c)
{
	if (o->class_next) {
		o->class_next = 0;
		return;
	}
	if (o->order == 0x35)
		o->skip = c;
	else if (o->order == 0x2b)
		o->skip = c == 0 ? 0 : c - 1;
	else
		o->skip = (uint16_t)(2 * c);
	o->order = 0;
}

static size_t
control(struct line_out *o, uint8_t c, uint8_t *to)
{
	unsigned n = operands(c);

	o->skip = (uint16_t)(n < 0x100 ? n : 0);
	o->order = n < 0x100 ? 0 : c;
	o->class_next = n == 0x200;
	switch (c) {
	case 0x15: case 0x25: case 0x06: case 0x1e: case 0x0b:    /* NL LF RNL IRS VT */
		memcpy(to, "\r\n", 2);
		return 2;
	case 0x0d:                              /* overprinting: RFC 854 */
		memcpy(to, "\r", 2);
		return 2;
	case 0x05: to[0] = '\t'; return 1;
	case 0x16: to[0] = '\b'; return 1;
	case 0x2f: to[0] = '\a'; return 1;
	case 0x0e: o->wide = 1; return 0;
	case 0x0f: o->wide = 0; return 0;
	default:
		return 0;
	}
}

size_t
line_out(struct line_out *o, const struct codepage *cp, const uint8_t *p, size_t n, uint8_t *to)
{
	uint8_t *at = to;

	for (size_t i = 0; i < n; i++) {
		if (o->order != 0) {
			counted(o, p[i]);
		} else if (o->skip != 0) {
			o->skip--;
		} else if (p[i] < 0x40) {
			at += control(o, p[i], at);
		} else if (o->wide) {           /* two columns of a character no page here has */
			*at++ = '?';
		} else {
			memcpy(at, cp->text[p[i]], cp->len[p[i]]);
			at += cp->len[p[i]];
		}
	}
	return (size_t)(at - to);
}
