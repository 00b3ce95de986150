/* SPDX-License-Identifier: Apache-2.0
 *
 * Line mode: what a client without 3270 types, collected into lines. It is an
 * NVT (RFC 854): CR LF and CR NUL end a line, EC and BS take a character back,
 * EL the line, AYT is answered. There is no ATTN (companion tn3270e 6.5).
 * BINARYLINEMODE: the bytes are the host's, so only the ends of lines count.
 */
#include "base/ebcdic.h"
#include "tn3270e/conn_parts.h"

#define BS 0x08
#define DEL 0x7f

static void
give_line(struct conn *c, struct mono now)
{
	struct bufq q;
	struct buf *b = c->line;

	c->line = NULL;
	for (uint32_t i = 0; i < b->len && !c->parms->v[TP_BINARYLINEMODE]; i++)
		b->p[i] = ebc_from(b->p[i]);
	bufq_init(&q);
	bufq_put(&q, b);
	conn_record(c, &q, now);
}

static void
take_back(struct conn *c, uint32_t n)
{
	if (c->line != NULL && c->line->len != 0)
		buf_trim(c->line, c->line->len > n ? c->line->len - n : 0);
}

static bool
line_there(struct conn *c)
{
	if (c->line == NULL)
		c->line = buf_get(c->w->port->bufs, BUF_SMALL);
	return c->line != NULL;
}

/* Behind a CR its LF or NUL is silent. A lone LF ends a line too. */
static void
line_byte(struct conn *c, uint8_t b, struct mono now)
{
	bool second = c->line_cr && (b == '\n' || b == '\0');
	bool binary = c->parms->v[TP_BINARYLINEMODE] != 0;

	c->line_cr = b == '\r';
	if (second || !line_there(c))
		return;
	if (b == '\r' || b == '\n')
		give_line(c, now);
	else if (!binary && (b == BS || b == DEL))
		take_back(c, 1);
	else if (c->line->len < BUF_SMALL && (b >= ' ' || binary))
		*buf_put(c->line, 1) = b;
}

void
conn_line_text(struct conn *c, struct bufq *rec, struct mono now)
{
	struct buf *b;

	while ((b = bufq_get(rec)) != NULL) {
		for (uint32_t i = 0; i < b->len && c->state == CS_RUN; i++)
			line_byte(c, b->p[i], now);
		buf_free(b);
	}
}

void
conn_line_key(struct conn *c, uint8_t cmd)
{
	static const char yes[] = "\r\n[Yes]\r\n";
	struct buf *b;

	if (cmd == TC_EC)
		take_back(c, 1);
	if (cmd == TC_EL)
		take_back(c, BUF_SMALL);
	if (cmd != TC_AYT || (b = buf_get(c->w->port->bufs, sizeof(yes))) == NULL)
		return;
	buf_append(b, yes, sizeof(yes) - 1);
	tel_send_text(&c->tel, b);
}
