/* SPDX-License-Identifier: Apache-2.0
 *
 * Host to a line mode client: EBCDIC chains become lines of text; with
 * BINARYLINEMODE the host's bytes go as they are.
 */
#include "tn3270e/linemode.h"
#include "tn3270e/tnlu_parts.h"

#define LINE_PIECE 1000u        /* bytes of the host to a buffer of text */

static bool
piece(const struct tnlu_env *e, struct line_out *o, const uint8_t *p, size_t n)
{
	struct buf *b = buf_get(e->port->bufs, n * LINE_GROWS);

	if (b == NULL) {
		e->tel->starved = 1;
		return false;
	}
	(void)buf_put(b, line_out(o, e->page, p, n, b->p));
	if (b->len == 0)
		buf_free(b);
	else
		tel_send_text(e->tel, b);
	return true;
}

/* Takes b. */
static void
pieces(const struct tnlu_env *e, struct line_out *o, struct buf *b)
{
	uint32_t n;

	for (uint32_t i = 0; i < b->len; i += n) {
		n = b->len - i < LINE_PIECE ? b->len - i : LINE_PIECE;
		if (!piece(e, o, b->p + i, n))
			break;
	}
	buf_free(b);
}

void
lu_line_chain(const struct tnlu_env *e, struct bufq *chain)
{
	struct line_out o = { 0 };
	struct buf *b;

	while ((b = bufq_get(chain)) != NULL) {
		if (!e->parms->v[TP_BINARYLINEMODE])
			pieces(e, &o, b);
		else if (b->len == 0)
			buf_free(b);
		else
			tel_send_text(e->tel, b);
	}
}

void
lu_line_out(const struct tnlu_env *e, struct buf *b)
{
	struct line_out o = { 0 };

	codepage_from_037(e->page, b->p, b->len);
	pieces(e, &o, b);
}
