/* SPDX-License-Identifier: Apache-2.0
 *
 * DRIVER's BINDs. DATA of a logon, or REBIND, names a mode and bytes that are
 * to be other than the mode says. REBIND ends the session with UNBIND 02 (BIND
 * forthcoming) and acquires the LU again when it has ended.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snaee/sense.h"
#include "vtamsim/app_drive_in.h"

#define DATA_MAX 120
#define TRIES 200               /* of SIMLOGON, each as long as a search */
#define NEW_S 20                /* a new BIND takes no longer */

/* Words for bytes of the BIND: sna-sessions 2.6. */
static const struct { const char *key; uint8_t at; uint8_t hex; } word_table[] = {
	{ "FM", 2, 0 }, { "TS", 3, 0 }, { "PRI", 4, 1 }, { "SEC", 5, 1 }, { "RUS", 10, 1 },
	{ "RUP", 11, 1 }, { "LU", 14, 0 }, { "ROWS", 20, 0 }, { "COLS", 21, 0 },
	{ "AROWS", 22, 0 }, { "ACOLS", 23, 0 }, { "SIZECODE", 24, 1 },
};

static bool
patch(struct drive_bind *b, uint32_t at, uint32_t to)
{
	if (b->n == DRIVE_PATCH || at == 0 || at >= BIND_FIXED || to > 255)
		return false;
	b->at[b->n] = (uint8_t)at;
	b->to[b->n++] = (uint8_t)to;
	return true;
}

bool
drive_bind_word(struct drive_bind *b, const struct drive_word *w)
{
	size_t key = strcspn(w->text, "=");
	uint32_t v, at;
	char *end;

	if (strcmp(w->text, "QUIET") == 0) {
		b->quiet = 1;
		return true;
	}
	if (strncmp(w->text, "MODE=", 5) == 0) {
		snprintf(b->mode, sizeof(b->mode), "%.8s", w->value);
		return true;
	}
	if (strncmp(w->text, "AFTER=", 6) == 0)
		return app_number(w->value, 0, 60, &b->after);
	for (size_t i = 0; i < sizeof(word_table) / sizeof(word_table[0]); i++) {
		if (strlen(word_table[i].key) != key ||
		    strncmp(word_table[i].key, w->text, key) != 0)
			continue;
		return (word_table[i].hex ? drive_hex(w->value, &v) :
		    app_number(w->value, 0, 255, &v)) && patch(b, word_table[i].at, v);
	}
	if (w->text[0] != 'B' || key < 2)
		return false;
	at = (uint32_t)strtoul(w->text + 1, &end, 10);  /* B24=03 */
	return *end == '=' && drive_hex(w->value, &v) && patch(b, at, v);
}

static struct drive_new *
again_of(struct drive *o, const struct sna_name *lu)
{
	for (unsigned i = 0; i < DRIVE_NEW; i++)
		if (o->again[i].lu.len != 0 &&
		    strcmp(name_base(&o->again[i].lu), name_base(lu)) == 0)
			return &o->again[i];
	return NULL;
}

static void
forget(struct drive *o, struct drive_new *g)
{
	due_clear(&o->heap, &g->due);
	g->lu.len = 0;
}

static void
apply(struct acb_cinit *ci, const struct drive_bind *b)
{
	for (unsigned i = 0; i < b->n; i++)
		if (b->at[i] < ci->bind_len)
			ci->bind[b->at[i]] = b->to[i];
}

static struct drive_new *
place_for(struct drive *o, const struct sna_name *lu, const struct drive_bind *b)
{
	struct drive_new *g = again_of(o, lu);

	if (g == NULL)
		g = &o->again[o->next++ % DRIVE_NEW];
	due_clear(&o->heap, &g->due);
	g->lu = *lu;
	g->b = *b;
	g->asked = g->tries = 0;
	return g;
}

static void
from_data(struct app *a, struct acb_cinit *ci)
{
	struct drive_bind b = { .n = 0 };
	char text[DATA_MAX + 1];
	size_t n = ci->data_len < DATA_MAX ? ci->data_len : DATA_MAX;
	const char *p = text;
	struct drive_word w;

	asc_put(text, ci->data, n);
	text[n] = '\0';
	while (drive_word(&p, &w))
		(void)drive_bind_word(&b, &w);
	apply(ci, &b);
	if (b.quiet)
		place_for(a->own, &ci->lu, &b)->asked = 1;
}

bool
drive_bind(struct app *a, struct acb_cinit *ci)
{
	struct drive_new *g = again_of(a->own, &ci->lu);

	if (g != NULL && g->asked)
		apply(ci, &g->b);
	else
		from_data(a, ci);
	return true;
}

bool
drive_again(struct app *a, struct drive_sess *d, const struct drive_bind *b)
{
	struct drive_new *g = place_for(a->own, &d->s.lu, b);

	if (g->b.mode[0] == '\0')
		snprintf(g->b.mode, sizeof(g->b.mode), "%s", d->s.mode);
	app_unbind(a, &d->s, UNB_FORTHCOMING, 0);
	return true;
}

void
drive_again_over(struct app *a, const struct app_sess *s, struct mono now)
{
	struct drive *o = a->own;
	struct drive_new *g = again_of(o, &s->lu);

	if (g == NULL)
		return;
	if (g->asked)                   /* that was the new one */
		forget(o, g);
	else if (g->b.after != 0)
		due_set(&o->heap, &g->due, mono_add(now, SECS(g->b.after)));
	else
		drive_again_expire(a, g, now);
}

void
drive_again_expire(struct app *a, struct drive_new *g, struct mono now)
{
	struct acb_logon l = { .appl = g->lu };
	struct drive *o = a->own;

	if (g->asked) {                 /* nothing came of it */
		forget(o, g);
		return;
	}
	snprintf(l.mode, sizeof(l.mode), "%s", g->b.mode);
	g->asked = 1;
	due_set(&o->heap, &g->due, mono_add(now, SECS(NEW_S)));
	app_acquire(a, &l);
}

bool
drive_nspe(struct app *a, const struct sna_name *lu, uint32_t sense)
{
	struct drive *o = a->own;
	struct drive_new *g = again_of(o, lu);

	if (g == NULL || !g->asked)
		return false;
	if (sense != SENSE_LIMIT_SLU || g->tries == TRIES) {
		forget(o, g);
		return false;
	}
	g->tries++;
	g->asked = 0;
	due_set(&o->heap, &g->due, (struct mono){ 0 });
	return true;
}

bool
drive_again_quiet(struct app *a, const struct app_sess *s)
{
	struct drive_new *g = again_of(a->own, &s->lu);

	if (g == NULL || !g->asked)
		return false;
	forget(a->own, g);
	return g->b.quiet;
}
