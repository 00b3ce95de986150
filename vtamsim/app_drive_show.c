/* SPDX-License-Identifier: Apache-2.0
 *
 * DRIVER's status: what the session is, what came in last (in hex; the hidden
 * field's bytes are shown as **), which responses, and a field for the next line.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/app_drive_in.h"

#define SCREEN 2400
#define LINE 80
#define PER_LINE 24             /* bytes of input in hex */
#define LINES 11

static void
facts(const struct app *a, const struct drive_sess *d, char to[LINES][LINE])
{
	snprintf(to[0], LINE, "LU %s APPL %s MODE %s", d->s.lu.s, a->appl.s, d->s.mode);
	snprintf(to[1], LINE, "LU-TYPE %u FM %u SCREEN %u BY %u ALTERNATE %u BY %u MAXRU %u",
	    d->s.lutype, d->s.fm, d->s.size.rows, d->s.size.cols, d->s.size.alt_rows,
	    d->s.size.alt_cols, d->s.max_ru);
	snprintf(to[2], LINE, "RESPONSES +%u -%u LAST SENSE %08X", d->positive, d->negative,
	    d->sense);
	snprintf(to[3], LINE, "SIGNALS %u LUSTATS %u LAST %08X", d->signals, d->s.lustats,
	    d->s.lustat);
	snprintf(to[4], LINE, "REFUSED HERE %u LAST SENSE %08X", d->errors, d->error);
	snprintf(to[5], LINE, "NOTE %s", d->note);
	snprintf(to[6], LINE, "INPUT %ju LENGTH %u", (uintmax_t)d->s.in, d->in_len);
}

static void
input_hex(const struct drive_sess *d, char to[LINES][LINE])
{
	unsigned n = d->in_len < DRIVE_HEX ? d->in_len : DRIVE_HEX;

	for (unsigned i = 0; i < n; i++) {
		char *p = to[7 + i / PER_LINE];

		if (i >= d->hide && i < (unsigned)d->hide + d->hide_len)
			snprintf(p + strlen(p), 3, "**");
		else
			snprintf(p + strlen(p), 3, "%02X", d->in[i]);
	}
}

static void
screen(struct app *a, struct drive_sess *d, char text[LINES][LINE])
{
	struct buf *b = app_buf(a, SCREEN);
	const char *h;
	struct ds o;

	if (b == NULL)
		return;
	ds_begin(&o, wr_on(b->p, SCREEN), d->rows, d->cols, DS_PLAIN);
	ds_cmd(&o, d->alt ? DS_EWA : DS_EW, DS_WCC_READY);
	ds_field(&o, 1, 1, DS_PROT | DS_BRIGHT, "DRIVER - does on the session what you type");
	for (unsigned i = 0; i < LINES; i++)
		ds_field(&o, 3 + i, 1, DS_PROT, text[i]);
	for (unsigned i = 0; (h = drive_help(i)) != NULL; i++)
		ds_field(&o, 15 + i, 1, DS_PROT, h);
	ds_field(&o, DRIVE_CMD_ROW, 1, DS_PROT, "===>");
	ds_at(&o, DRIVE_CMD_ROW, 6);
	ds_sf(&o, 0);
	ds_ic(&o);
	ds_field(&o, DRIVE_HIDE_ROW, 1, DS_PROT, "Never shown");
	ds_at(&o, DRIVE_HIDE_ROW, 14);
	ds_sf(&o, DS_HIDDEN);
	ds_at(&o, DRIVE_HIDE_ROW, 15 + DRIVE_HIDE_LEN);
	ds_sf(&o, DS_PROT);
	ds_field(&o, 24, 1, DS_PROT, "ENTER=Do it  PF3=Log off  CLEAR=This screen");
	if (o.w.bad) {
		buf_free(b);
		return;
	}
	(void)buf_put(b, wr_len(&o.w));
	app_send(a, &d->s, APP_RH, b);
}

static void
lines(struct app *a, struct drive_sess *d, char text[LINES][LINE])
{
	struct buf *b = app_buf(a, LINES * LINE);

	if (b == NULL)
		return;
	for (unsigned i = 0; i < LINES; i++) {
		size_t n = strlen(text[i]);

		if (n == 0)
			continue;
		ebc_put(buf_put(b, n), text[i], n);
		*buf_put(b, 1) = 0x15;
	}
	app_send(a, &d->s, APP_RH, b);
}

void
drive_status(struct app *a, struct drive_sess *d)
{
	char text[LINES][LINE] = { "" };

	facts(a, d, text);
	input_hex(d, text);
	if (d->s.screen)
		screen(a, d, text);
	else
		lines(a, d, text);
	d->status_out = 1;
	d->note[0] = '\0';
}
