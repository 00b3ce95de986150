/* SPDX-License-Identifier: Apache-2.0
 *
 * Chains of DRIVER. A chain is made RU by RU from nothing but the place of each
 * byte in it: a command and a field in front, letters, and at its end a field
 * to type the next command into. What finds no room below waits for the next
 * turn, so any number of chains can be asked for.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/sense.h"
#include "vtamsim/app_drive_in.h"

#define HEAD 64
#define TAIL 12
#define SCREEN_LEAST 96         /* a shorter chain has no fields */

struct parts {
	uint8_t head[HEAD], tail[TAIL];
	uint32_t n_head, n_tail, total;
};

static bool
is_write(uint8_t cmd)
{
	return cmd == DS_W || cmd == DS_EW || cmd == DS_EWA;
}

static void
make_parts(const struct drive_sess *d, struct parts *p)
{
	const struct drive_send *s = &d->send;
	char text[HEAD];
	struct ds o;

	*p = (struct parts){ .total = s->rus * s->size };
	ds_begin(&o, wr_on(p->head, sizeof(p->head)), d->rows, d->cols, DS_PLAIN);
	if (d->s.screen && s->cmd != 0) {
		wr_u8(&o.w, s->cmd);
		if (is_write(s->cmd))
			wr_u8(&o.w, s->wcc);
	}
	snprintf(text, sizeof(text), "%s %06u ", s->text[0] != '\0' ? s->text : "CHAIN",
	    s->chain + 1);
	if (d->s.screen && is_write(s->cmd) && p->total >= SCREEN_LEAST) {
		ds_field(&o, 1, 1, DS_PROT, text);
		p->n_head = (uint32_t)wr_len(&o.w);
		ds_begin(&o, wr_on(p->tail, sizeof(p->tail)), d->rows, d->cols, DS_PLAIN);
		ds_at(&o, DRIVE_CMD_ROW, 6);
		ds_sf(&o, 0);
		ds_ic(&o);
		p->n_tail = (uint32_t)wr_len(&o.w);
		return;
	}
	if (!d->s.screen)
		ds_text(&o, text);
	p->n_head = (uint32_t)wr_len(&o.w);
}

static uint8_t
byte_at(const struct drive_sess *d, const struct parts *p, uint32_t at)
{
	if (at < p->n_head)
		return p->head[at];
	if (at + p->n_tail >= p->total)
		return p->tail[at + p->n_tail - p->total];
	if (d->send.ff)
		return 0xff;
	if (!d->s.screen && at % 73 == 72)
		return 0x15;
	return (uint8_t)(0xc1 + at % 9);
}

static struct buf *
make_ru(struct app *a, const struct drive_sess *d, const struct parts *p)
{
	const struct drive_send *s = &d->send;
	struct buf *b = app_buf(a, s->raw_len != 0 ? s->raw_len : s->size);
	uint32_t from = s->ru * s->size;

	if (b == NULL)
		return NULL;
	if (s->raw_len != 0) {
		buf_append(b, s->raw, s->raw_len);
		return b;
	}
	for (uint32_t i = 0; i < s->size; i++)
		*buf_put(b, 1) = byte_at(d, p, from + i);
	return b;
}

/* RH of the RU: brackets with the first, turn and response with the last. */
static uint32_t
ru_rh(const struct drive_send *s, uint32_t count)
{
	bool last = s->ru + 1 == s->rus;
	uint32_t rh = s->rh & ~(RH_OIC | RH_BBI | RH_EBI | RH_CDI);

	if (s->ru == 0)
		rh |= RH_BCI | (s->rh & (RH_BBI | (s->chain + 1 == count ? RH_EBI : 0)));
	if (last)
		return rh | RH_ECI | (s->chain + 1 == count ? s->rh & RH_CDI : 0);
	return (rh & RH_RQ) == 0 ? rh : (rh & ~RH_RQ) | RH_RQE1;
}

static bool
one_ru(struct app *a, struct drive_sess *d, const struct parts *p)
{
	struct drive_send *s = &d->send;
	struct buf *b = NULL;

	if (!s->null) {
		b = make_ru(a, d, p);
		if (b == NULL)
			return false;
	}
	app_request(a, &d->s, ru_rh(s, s->count), b);
	d->said = 1;
	d->status_out = 0;
	d->asked = drive_answers(d);
	if (++s->ru == s->rus) {
		s->ru = 0;
		s->chain++;
	}
	return true;
}

/* Making RUs that come back costs as much as sending them. */
static void
burst(struct drive_send *s)
{
	if (s->burst == 0)
		s->burst = DRIVE_BURST;
	else if (s->back != 0)
		s->burst = (uint8_t)((s->back < s->burst ? s->burst - s->back : 0) + 2);
	else if (s->burst <= DRIVE_BURST / 2)
		s->burst *= 2;
	s->back = 0;
}

/* The last of many, which gives the turn away, goes alone: by then those before it
 * were taken by the half-session, or are sent again. */
bool
drive_send(struct app *a, struct drive_sess *d)
{
	struct drive_send *s = &d->send;
	uint32_t was = s->chain;
	struct parts p;

	burst(s);
	while (s->chain < s->count) {
		bool last = s->chain + 1 == s->count && s->ru == 0;

		if (s->chain - was >= s->burst || (last && s->chain != was))
			return false;
		make_parts(d, &p);
		if (acb_room(a->port) < APP_ROOM || !one_ru(a, d, &p))
			return false;
	}
	return true;
}

/* The half-session has no room for more. A chain of one RU is sent again. */
bool
drive_send_again(struct drive_sess *d, uint32_t sense)
{
	if (sense != SENSE_NO_RESOURCE || d->send.count < 2 || d->send.rus != 1 ||
	    d->send.chain == 0)
		return false;
	d->send.chain--;
	if (d->send.back != UINT8_MAX)
		d->send.back++;
	d->wait = DW_SEND;
	return true;
}
