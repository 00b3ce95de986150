/* SPDX-License-Identifier: Apache-2.0
 *
 * Line mode: what a client without 3270 types, collected into lines. It is an
 * NVT (RFC 854): CR LF and CR NUL end a line, EC and BS take a character back,
 * EL the line, AYT is answered. There is no ATTN (companion tn3270e 6.5).
 * BINARYLINEMODE: the bytes are the host's, so only the ends of lines count.
 */
#include <stdio.h>

#include "tn3270e/conn_parts.h"
#include "tn3270e/linemode.h"

/* In a session of BINARYLINEMODE a line goes as it was typed. */
static enum line_form
form_of(const struct conn *c)
{
	return c->parms->v[TP_BINARYLINEMODE] && tnlu_in_session(&c->lu) ? LINE_BINARY :
	    LINE_TEXT;
}

static void
drop_line(struct conn *c)
{
	buf_free(c->line);
	c->line = NULL;
}

static void
give_line(struct conn *c, struct mono now)
{
	struct bufq q;
	struct buf *b = c->line;

	c->line = NULL;
	if (form_of(c) == LINE_TEXT)
		buf_trim(b, (uint32_t)codepage_to_host(c->port->page, b->p, b->len));
	bufq_init(&q);
	bufq_put(&q, b);
	conn_record(c, &q, now);
}

static void
line_byte(struct conn *c, uint8_t b, struct mono now)
{
	char text[80];

	if (c->line == NULL)
		c->line = buf_get(c->w->port->bufs, LINE_BYTES);
	if (c->line == NULL) {
		c->tel.starved = 1;
		return;
	}
	switch (line_in(&c->line_at, c->port->page, form_of(c), c->line, b)) {
	case LINE_MORE:
		if (c->line->len == 0)
			drop_line(c);
		break;
	case LINE_WHOLE:
		give_line(c, now);
		break;
	case LINE_TOO_LONG:
		drop_line(c);
		snprintf(text, sizeof(text), "that line is longer than %u bytes and was not sent",
		    LINE_BYTES);
		conn_tell(c, text, now);
		break;
	}
}

void
conn_line_text(struct conn *c, struct bufq *rec, struct mono now)
{
	struct buf *b;

	while ((b = bufq_get(rec)) != NULL) {
		for (uint32_t i = 0; i < b->len && c->state == CS_RUN && !c->tel.starved; i++)
			line_byte(c, b->p[i], now);
		buf_free(b);
	}
}

void
conn_line_key(struct conn *c, uint8_t cmd, struct mono now)
{
	static const char yes[] = "\r\n[Yes]\r\n";
	struct buf *b;

	if (cmd == TC_EC || cmd == TC_EL)
		line_byte(c, cmd == TC_EC ? LINE_BS : LINE_NAK, now);
	if (cmd != TC_AYT || (b = buf_get(c->w->port->bufs, sizeof(yes))) == NULL)
		return;
	buf_append(b, yes, sizeof(yes) - 1);
	tel_send_text(&c->tel, b);
}
