/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USS messages: tags and inserts put in, then the form the terminal takes.
 *
 * A TEXT message becomes an Erase/Write whose lines stand in a protected field,
 * with one input field below and the cursor in it, so that only what the user
 * typed comes back. A 3270 BUFFER message for a terminal that takes text is
 * painted on a small screen, and the screen's lines are sent.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/uss_in.h"

#define NL 0x15
#define BLANK 0x40
#define AT 0x7c
#define ROWS 24
#define COLS 80

enum { O_SF = 0x1d, O_SFE = 0x29, O_SBA = 0x11, O_IC = 0x13, O_PT = 0x05, O_RA = 0x3c,
	O_EUA = 0x12, O_SA = 0x28, O_MF = 0x2c, O_GE = 0x08 };

struct tag {
	const char *word;
	char value[64];
};

struct tags {
	struct tag t[16];
	unsigned n;
};

static void
tag_add(struct tags *ts, const char *word, const char *value)
{
	ts->t[ts->n].word = word;
	(void)text_copy(ts->t[ts->n].value, sizeof(ts->t[0].value), value == NULL ? "" : value);
	ts->n++;
}

static void
tag_date(struct tags *ts, const struct usstab *t, const struct tm *tm)
{
	int y = tm->tm_year % 100, m = (tm->tm_mon + 1) % 100, d = tm->tm_mday % 100;
	char s[32], c = t->datedlm;

	y = y < 0 ? 0 : y;
	if (strcmp(t->datefrm, "YMD") == 0)
		(void)snprintf(s, sizeof(s), "%02d%c%02d%c%02d", y, c, m, c, d);
	else if (strcmp(t->datefrm, "DMY") == 0)
		(void)snprintf(s, sizeof(s), "%02d%c%02d%c%02d", d, c, m, c, y);
	else
		(void)snprintf(s, sizeof(s), "%02d%c%02d%c%02d", m, c, d, c, y);
	tag_add(ts, "DATE", s);
	c = t->timedlm;
	(void)snprintf(s, sizeof(s), "%02d%c%02d%c%02d", tm->tm_hour % 100, c, tm->tm_min % 100, c,
	    tm->tm_sec % 100);
	tag_add(ts, "TIME", s);
}

/* Companion sna-sessions 5.5; a longer word stands before the one it starts with. */
static void
tags_fill(struct tags *ts, const struct usstab *t, const struct uss_vars *v)
{
	char s[64];

	ts->n = 0;
	tag_add(ts, "LUNAME", v->luname);
	tag_date(ts, t, &v->now);
	(void)snprintf(s, sizeof(s), "%s%s%s", v->netid == NULL ? "" : v->netid,
	    v->netid == NULL || v->netid[0] == '\0' ? "" : ".", v->luname == NULL ? "" : v->luname);
	tag_add(ts, "NQN", s);
	tag_add(ts, "SSCPNM", v->sscpname);
	tag_add(ts, "HOSTNET", v->hostnet);
	tag_add(ts, "NETID", v->netid);
	tag_add(ts, "ZONEID", v->zoneid);
	tag_add(ts, "IPHOSTNAME", v->iphost);
	tag_add(ts, "IPADDR", v->ipaddr);
	tag_add(ts, "IPADD", v->ipaddr);
	(void)snprintf(s, sizeof(s), "%05u", v->port);
	tag_add(ts, "PRT", s);
	tag_add(ts, "RUNAME", v->runame);
	(void)snprintf(s, sizeof(s), "%08X", v->sense);
	tag_add(ts, "SENSE", v->sense == 0 && v->runame == NULL ? "" : s);
}

/* The tag that stands at s behind the @ signs, or NULL. */
static const struct tag *
tag_at(const struct tags *ts, const uint8_t *s, size_t n)
{
	size_t i, k, len;

	for (i = 0; i < ts->n; i++) {
		len = strlen(ts->t[i].word);
		for (k = 0; k < len && k < n; k++)
			if (s[k] != ebc_from((unsigned char)ts->t[i].word[k]))
				break;
		if (k == len)
			return &ts->t[i];
	}
	return NULL;
}

/* The length of the tag at s (its @ signs and word), which is the field's width; 0: none. */
static size_t
put_tag(const struct tags *ts, const uint8_t *s, size_t n, struct wr *out)
{
	const struct tag *t;
	size_t at = 0, width, i, len;

	while (at < n && s[at] == AT)
		at++;
	t = at == 0 ? NULL : tag_at(ts, s + at, n - at);
	if (t == NULL)
		return 0;
	width = at + strlen(t->word);
	len = strlen(t->value);
	for (i = 0; i < width; i++)
		wr_u8(out, i < len ? ebc_from((unsigned char)t->value[i]) : BLANK);
	return width;
}

/* %, %(1), %(2), %(3). The length of the insert's mark; 0: none. */
static size_t
put_insert(const struct uss_vars *v, const uint8_t *s, size_t n, struct wr *out)
{
	unsigned nr = 0;
	size_t len = 1;
	const char *p;

	if (s[0] != ebc_from('%'))
		return 0;
	if (n >= 4 && s[1] == ebc_from('(') && s[3] == ebc_from(')') && s[2] >= 0xf1 &&
	    s[2] <= 0xf0 + USS_INSERTS) {
		nr = s[2] - 0xf1u;
		len = 4;
	}
	for (p = v->insert[nr]; p != NULL && *p != '\0'; p++)
		wr_u8(out, *p >= ' ' && *p < 0x7f ? ebc_from((unsigned char)*p) : BLANK);
	return len;
}

static void
expand(const struct ussmsg *m, const struct tags *ts, const struct uss_vars *v, struct wr *out)
{
	size_t i = 0, k;

	while (i < m->len) {
		k = m->scan && m->data[i] == AT ? put_tag(ts, m->data + i, m->len - i, out) : 0;
		if (k == 0 && !m->buffer)
			k = put_insert(v, m->data + i, m->len - i, out);
		if (k == 0) {
			wr_u8(out, m->data[i]);
			k = 1;
		}
		i += k;
	}
}

/* Buffer addresses: 12 bits in two six-bit characters, 14 bits from 4096 on. */
static void
put_sba(struct wr *out, unsigned addr)
{
	static const uint8_t six[64] = {
		0x40, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0x4a, 0x4b, 0x4c, 0x4d,
		0x4e, 0x4f, 0x50, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0x5a, 0x5b,
		0x5c, 0x5d, 0x5e, 0x5f, 0x60, 0x61, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9,
		0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7,
		0xf8, 0xf9, 0x7a, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f };

	wr_u8(out, O_SBA);
	if (addr < 4096) {
		wr_u8(out, six[addr >> 6 & 63]);
		wr_u8(out, six[addr & 63]);
	} else {
		wr_u16(out, addr & 0x3fff);
	}
}

static bool
is_3270(const uint8_t *p, size_t n)
{
	return n >= 2 && (p[0] == 0xf5 || p[0] == 0x7e || p[0] == 0xf1);
}

/* Text as Erase/Write: protected lines, an input field below, the cursor in it. */
static void
text_to_3270(const uint8_t *p, size_t n, const struct uss_screen *sc, struct wr *out)
{
	unsigned rows = sc->rows == 0 ? ROWS : sc->rows, cols = sc->cols == 0 ? COLS : sc->cols;
	unsigned row = 0, col = 1;
	size_t i;

	wr_u8(out, 0xf5);
	wr_u8(out, 0xc3);               /* WCC: keyboard unlocked, MDT off */
	put_sba(out, 0);
	wr_u8(out, O_SF);
	wr_u8(out, 0x60);               /* protected */
	for (i = 0; i < n && row + 1 < rows; i++) {
		if (p[i] == NL || col == cols) {
			row++;
			col = 1;
			if (row + 1 < rows && p[i] == NL)
				put_sba(out, row * cols + 1);
			if (p[i] == NL || row + 1 >= rows)
				continue;
			put_sba(out, row * cols + 1);
		}
		wr_u8(out, p[i] < BLANK ? BLANK : p[i]);
		col++;
	}
	if (col > 1)
		row++;
	if (row + 1 > rows)
		row = rows - 1;
	put_sba(out, row * cols);
	wr_u8(out, O_SF);
	wr_u8(out, 0x40);               /* unprotected */
	wr_u8(out, O_IC);
}

struct paint {
	uint8_t s[ROWS * COLS];
	unsigned at;
};

static unsigned
address(struct rd *r)
{
	unsigned hi = rd_u8(r), lo = rd_u8(r);
	unsigned a = (hi & 0xc0) == 0 ? (hi & 0x3f) << 8 | lo : (hi & 0x3f) << 6 | (lo & 0x3f);

	return a % (ROWS * COLS);
}

static void
paint_char(struct paint *p, uint8_t c)
{
	p->s[p->at] = c < BLANK ? BLANK : c;
	p->at = (p->at + 1) % (ROWS * COLS);
}

static void
paint_order(struct paint *p, struct rd *r, uint8_t b)
{
	unsigned to;
	uint8_t c;

	switch (b) {
	case O_SF:
		rd_skip(r, 1);
		paint_char(p, BLANK);
		break;
	case O_SFE:
		rd_skip(r, 2u * rd_u8(r));
		paint_char(p, BLANK);
		break;
	case O_MF:
		rd_skip(r, 2u * rd_u8(r));
		break;
	case O_SBA:
		p->at = address(r);
		break;
	case O_SA:
		rd_skip(r, 2);
		break;
	case O_GE:
		paint_char(p, rd_u8(r));
		break;
	case O_RA:
		to = address(r);
		c = rd_u8(r);
		do
			paint_char(p, c);
		while (p->at != to && !r->bad);
		break;
	case O_EUA:
		(void)address(r);
		break;
	case O_IC:
	case O_PT:
		break;
	default:
		paint_char(p, b);
		break;
	}
}

/* A 3270 screen as lines of text. */
static void
screen_to_text(const uint8_t *d, size_t n, struct wr *out)
{
	struct paint p = { .at = 0 };
	struct rd r = rd_on(d, n);
	unsigned row, last = 0, len;

	memset(p.s, BLANK, sizeof(p.s));
	rd_skip(&r, 2);
	while (rd_left(&r) != 0 && !r.bad)
		paint_order(&p, &r, rd_u8(&r));
	for (row = 0; row < ROWS * COLS; row++)
		if (p.s[row] != BLANK)
			last = row / COLS + 1;
	for (row = 0; row < last; row++) {
		for (len = COLS; len > 0 && p.s[row * COLS + len - 1] == BLANK; len--)
			;
		wr_bytes(out, p.s + row * COLS, len);
		wr_u8(out, NL);
	}
}

static void
form(const uint8_t *p, size_t n, const struct uss_screen *sc, struct wr *out)
{
	size_t i;

	switch (sc->form) {
	case USS_F_3270:
		if (is_3270(p, n))
			wr_bytes(out, p, n);
		else
			text_to_3270(p, n, sc, out);
		break;
	case USS_F_SCS:
		if (is_3270(p, n))
			screen_to_text(p, n, out);
		else
			wr_bytes(out, p, n);
		break;
	case USS_F_LINE:
		if (is_3270(p, n)) {
			screen_to_text(p, n, out);
			break;
		}
		for (i = 0; i < n; i++)
			wr_u8(out, p[i] == NL || p[i] >= BLANK ? p[i] : BLANK);
		break;
	}
}

/* The message, and whose it is. NULL: nobody defines it. */
static const struct ussmsg *
find(const struct usstab **t, unsigned nr)
{
	if (nr >= USS_MSG_MAX)
		return NULL;
	if (*t != NULL && (*t)->msg[nr].have)
		return &(*t)->msg[nr];
	if (*t == NULL)
		*t = usstab_builtin();
	return usstab_builtin()->msg[nr].have ? &usstab_builtin()->msg[nr] : NULL;
}

bool
uss_message(const struct usstab *t, unsigned nr, const struct uss_vars *vars,
    const struct uss_screen *sc, struct wr *out)
{
	uint8_t text[USS_OUT_MAX], plain[256];
	struct wr w = wr_on(text, sizeof(text));
	struct uss_vars v = *vars;
	const struct ussmsg *m = find(&t, nr);
	struct ussmsg own;
	struct tags ts;
	char number[12];

	if (m == NULL) {
		(void)snprintf(number, sizeof(number), "%u", nr);
		v = (struct uss_vars){ .insert = { number }, .now = vars->now };
		m = find(&t, USS_M_UNDEFINED);
	}
	if (m->never)
		return false;
	own = *m;
	if (m->text != NULL) {
		own.len = (uint16_t)strlen(m->text);
		ebc_put(plain, m->text, own.len);
		own.data = plain;
	}
	tags_fill(&ts, t, &v);
	expand(&own, &ts, &v, &w);
	if (w.bad)
		return false;
	form(text, wr_len(&w), sc, out);
	return !out->bad;
}
