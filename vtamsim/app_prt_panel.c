/* SPDX-License-Identifier: Apache-2.0
 *
 * PRTDEMO's screen: four fields for a job, below them the news of this user's
 * jobs, the newest last.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vtamsim/app_prt_in.h"

#define SCREEN 2400
#define FIRST_ROW 5u            /* of the fields */
#define FIELD_COL 25u           /* of their first character */
#define NEWS_ROW 12u
#define FIELDS 4u

static const struct { const char *label, *hint; uint8_t len; } field_table[FIELDS] = {
	{ "Printer LU", "as the gateway calls it", 17 },
	{ "Pages", "1 to 9999", 4 },
	{ "Form", "SCS, 3270 or a logon mode", 8 },
	{ "Pages in a chain", "1 to 16; 0: EB comes without a page", 2 },
};

void
prt_note(struct prt_sess *t, const char *form, ...)
{
	va_list ap;

	memmove(t->note[0], t->note[1], sizeof(t->note) - sizeof(t->note[0]));
	va_start(ap, form);
	vsnprintf(t->note[PRT_NOTES - 1], sizeof(t->note[0]), form, ap);
	va_end(ap);
}

static const char *
value(const struct prt_sess *t, unsigned i)
{
	const char *const v[FIELDS] = { t->ask.lu, t->ask.pages, t->ask.form, t->ask.chain };

	return v[i];
}

static void
fields(struct ds *o, const struct prt_sess *t)
{
	for (unsigned i = 0; i < FIELDS; i++) {
		unsigned row = FIRST_ROW + i;

		ds_field(o, row, 1, DS_PROT, field_table[i].label);
		ds_at(o, row, FIELD_COL - 1);
		ds_sf(o, DS_MDT);       /* sent back, changed or not */
		ds_text(o, value(t, i));
		ds_at(o, row, FIELD_COL + field_table[i].len);
		ds_sf(o, DS_PROT);
		ds_field(o, row, FIELD_COL + 18, DS_PROT, "");
		ds_textn(o, field_table[i].hint, strnlen(field_table[i].hint, 36));
	}
}

void
prt_paint(struct app *a, struct prt_sess *t, enum prt_turn turn)
{
	struct buf *b = app_buf(a, SCREEN);
	uint32_t rh = turn == PRT_TYPE ? APP_RH : APP_RH & ~RH_CDI;
	struct ds o;

	if (b == NULL)
		return;
	ds_begin(&o, wr_on(b->p, SCREEN), t->rows, t->cols, DS_PLAIN);
	ds_cmd(&o, DS_EW, turn == PRT_TYPE ? DS_WCC_RESET | DS_WCC_UNLOCK : DS_WCC_RESET);
	ds_centre(&o, 1, DS_PROT | DS_BRIGHT, DS_WHITE, "PRTDEMO - pages for a printer");
	ds_field(&o, 3, 1, DS_PROT, "Which printer is to print what?");
	fields(&o, t);
	for (unsigned i = 0; i < PRT_NOTES; i++)
		ds_field(&o, NEWS_ROW + i, 1, i == PRT_NOTES - 1 ? DS_PROT | DS_BRIGHT : DS_PROT,
		    t->note[i]);
	ds_field(&o, t->rows, 1, DS_PROT, turn == PRT_TYPE ? "ENTER=Print  PF3=Log off" :
	    "Printing. ATTN=Give the job up");
	ds_at(&o, FIRST_ROW, FIELD_COL);
	ds_ic(&o);
	if (o.w.bad) {
		buf_free(b);
		return;
	}
	(void)buf_put(b, wr_len(&o.w));
	app_send(a, &t->s, rh, b);
}

static void
take(struct prt_sess *t, const struct ds_infield *f)
{
	struct { char *p; size_t room; } to[FIELDS] = { { t->ask.lu, sizeof(t->ask.lu) },
		{ t->ask.pages, sizeof(t->ask.pages) }, { t->ask.form, sizeof(t->ask.form) },
		{ t->ask.chain, sizeof(t->ask.chain) } };

	for (unsigned i = 0; i < FIELDS; i++)
		if (f->addr == (FIRST_ROW + i - 1) * t->cols + FIELD_COL - 1)
			(void)ds_in_text(f, to[i].p, to[i].room, DS_UPPER);
}

/* On an unformatted screen, or from a script: the fields as words of a line. */
static void
words(struct prt_sess *t, const struct ds_infield *f)
{
	char line[80];
	struct prt_ask *k = &t->ask;

	(void)ds_in_text(f, line, sizeof(line), DS_UPPER);
	(void)sscanf(line, "%17s %7s %8s %7s", k->lu, k->pages, k->form, k->chain);
}

uint8_t
prt_typed(struct prt_sess *t, const struct buf *b)
{
	struct ds_infield f;
	struct ds_in in;

	if (b == NULL || !ds_in_open(&in, b->p, b->len, (uint32_t)t->rows * t->cols))
		return 0;
	while (in.aid == DS_ENTER && ds_in_field(&in, &f)) {
		if (f.addr == DS_NOADDR)
			words(t, &f);
		else
			take(t, &f);
	}
	return in.aid;
}
