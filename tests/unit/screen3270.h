/* SPDX-License-Identifier: Apache-2.0
 *
 * screen3270.h - a terminal's buffer for tests: takes outbound data streams as
 * a 3270 would and shows what a person would see.
 *
 * Errors:  scr_apply() is false for anything a terminal rejects.
 */
#ifndef TESTS_SCREEN3270_H
#define TESTS_SCREEN3270_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/ebcdic.h"
#include "vtamsim/ds3270.h"

struct scr {
	unsigned rows, cols, def_rows, def_cols, alt_rows, alt_cols;
	uint8_t cell[16384];    /* EBCDIC; attributes are blanks */
	uint8_t attr[16384];    /* 0xc0 | bits where an attribute is */
	uint32_t at, cursor;
	uint8_t wcc;
	unsigned colours, sas;
	char line[256];
};

static inline void
scr_init(struct scr *s, unsigned rows, unsigned cols, unsigned alt_rows, unsigned alt_cols)
{
	memset(s, 0, sizeof(*s));
	s->rows = s->def_rows = rows;
	s->cols = s->def_cols = cols;
	s->alt_rows = alt_rows;
	s->alt_cols = alt_cols;
}

static inline bool
scr_addr(struct scr *s, struct rd *r, uint32_t *a)
{
	*a = ds_addr_get(r);
	return !r->bad && *a < s->rows * s->cols;
}

static inline void
scr_put(struct scr *s, uint8_t c, uint8_t attr)
{
	s->cell[s->at] = c;
	s->attr[s->at] = attr;
	s->at = (s->at + 1) % (s->rows * s->cols);
}

static inline bool
scr_sfe(struct scr *s, struct rd *r)
{
	unsigned n = rd_u8(r), attr = 0;

	while (n-- > 0) {
		uint8_t t = rd_u8(r), v = rd_u8(r);

		if (t == DS_T_FIELD)
			attr = v & 0x3f;
		else if (t == DS_T_COLOUR && v >= DS_BLUE && v <= DS_WHITE)
			s->colours++;
		else if (t != DS_T_HILITE)
			return false;
	}
	scr_put(s, 0x40, (uint8_t)(0xc0 | attr));
	return !r->bad;
}

static inline bool
scr_order(struct scr *s, struct rd *r, uint8_t o)
{
	uint32_t to;
	uint8_t c;

	switch (o) {
	case DS_SBA:
		return scr_addr(s, r, &s->at);
	case DS_SF:
		scr_put(s, 0x40, (uint8_t)(0xc0 | (rd_u8(r) & 0x3f)));
		return !r->bad;
	case DS_SFE:
		return scr_sfe(s, r);
	case DS_SA:
		rd_skip(r, 2);
		s->sas++;
		return !r->bad;
	case DS_IC:
		s->cursor = s->at;
		return true;
	case DS_RA:
		if (!scr_addr(s, r, &to))
			return false;
		c = rd_u8(r);
		do
			scr_put(s, c, 0);
		while (s->at != to);
		return !r->bad;
	default:
		return false;
	}
}

static inline bool
scr_apply(struct scr *s, const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t cmd = rd_u8(&r);

	s->wcc = rd_u8(&r);
	if (cmd == DS_EW || cmd == DS_EWA) {
		s->rows = cmd == DS_EW ? s->def_rows : s->alt_rows;
		s->cols = cmd == DS_EW ? s->def_cols : s->alt_cols;
		memset(s->cell, 0, sizeof(s->cell));
		memset(s->attr, 0, sizeof(s->attr));
		s->at = s->cursor = 0;
	} else if (cmd != DS_W) {
		return false;
	}
	while (!r.bad && rd_left(&r) != 0) {
		uint8_t c = rd_u8(&r);

		if (c >= 0x40 || c == 0)
			scr_put(s, c, 0);
		else if (!scr_order(s, &r, c))
			return false;
	}
	return !r.bad;
}

/* What is seen in a row: hidden fields are blank. */
static inline const char *
scr_line(struct scr *s, unsigned row)
{
	uint8_t hidden = 0;
	uint32_t first = (row - 1) * s->cols;

	for (uint32_t i = 0; i < first + s->cols; i++) {
		uint8_t c = s->cell[i];

		if (s->attr[i] != 0)
			hidden = (s->attr[i] & DS_HIDDEN) == DS_HIDDEN;
		if (i >= first)
			s->line[i - first] = c < 0x40 || hidden ? ' ' : (char)asc_from(c);
	}
	s->line[s->cols] = '\0';
	return s->line;
}

static inline bool
scr_has(struct scr *s, const char *text)
{
	for (unsigned row = 1; row <= s->rows; row++)
		if (strstr(scr_line(s, row), text) != NULL)
			return true;
	return false;
}

static inline void
scr_print(struct scr *s)
{
	for (unsigned row = 1; row <= s->rows; row++)
		printf("|%s|\n", scr_line(s, row));
}

/* Inbound: AID, cursor, then (row, column of the text, text) triples end with row 0. */
struct scr_typed {
	unsigned row, col;
	const char *text;
};

static inline size_t
scr_key(const struct scr *s, uint8_t aid, const struct scr_typed *t, uint8_t *to, size_t room)
{
	struct wr w = wr_on(to, room);

	wr_u8(&w, aid);
	if (aid == DS_CLEAR || aid == DS_PA1 || aid == DS_PA2)
		return wr_len(&w);
	ds_addr_put(&w, s->cursor, s->rows * s->cols > 4096);
	for (; t != NULL && t->row != 0; t++) {
		wr_u8(&w, DS_SBA);
		ds_addr_put(&w, (t->row - 1) * s->cols + t->col - 1, s->rows * s->cols > 4096);
		for (const char *c = t->text; *c != '\0'; c++)
			wr_u8(&w, ebc_from((unsigned char)*c));
	}
	return w.bad ? 0 : wr_len(&w);
}

#endif
