/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of DRIVER. A line is commands with semicolons between them; a
 * command is words: a verb, then KEY or KEY=VALUE in any order.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/app_drive_in.h"

#define SEP " ,"

static const char *const help[] = {
	"SEND N=rus SIZE=bytes COUNT=chains RQN|RQE|RQD DR2 CD|NOCD EB NOBB CMD=hex",
	"     WCC=hex TEXT=word FF HEX=ru    NULL RQD..    FLOOD COUNT=chains    QUERY",
	"BID  SIGNAL  CHASE  DFC HEX=ru  SC HEX=ru  AWAIT  WAIT s  SILENT  STATUS  LOGOFF",
	"UNBIND TYPE=hex SENSE=hex    REBIND MODE=name LU= FM= ROWS= COLS= AROWS= ACOLS=",
	"     SIZECODE= RUS= RUP= Bnn=hex AFTER=s QUIET",
};

const char *
drive_help(unsigned line)
{
	return line < sizeof(help) / sizeof(help[0]) ? help[line] : NULL;
}

bool
drive_word(const char **line, struct drive_word *w)
{
	const char *p = *line + strspn(*line, SEP), *eq;
	size_t n = strcspn(p, SEP);

	if (n == 0)
		return false;
	*line = p + n;
	if (n >= sizeof(w->text))
		n = sizeof(w->text) - 1;
	for (size_t i = 0; i < n; i++)
		w->text[i] = (char)(p[i] >= 'a' && p[i] <= 'z' ? p[i] - 32 : p[i]);
	w->text[n] = '\0';
	eq = strchr(w->text, '=');
	w->value = eq == NULL ? "" : eq + 1;
	return true;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
drive_hex(const char *s, uint32_t *to)
{
	uint32_t v = 0;
	size_t n = strlen(s);

	if (n == 0 || n > 8)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (digit(s[i]) < 0)
			return false;
		v = v << 4 | (uint32_t)digit(s[i]);
	}
	*to = v;
	return true;
}

unsigned
drive_bytes(const char *hex, uint8_t *to, unsigned room)
{
	size_t n = strlen(hex);

	if (n == 0 || n % 2 != 0 || n / 2 > room)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (digit(hex[i]) < 0)
			return 0;
	for (size_t i = 0; i < n; i += 2)
		to[i / 2] = (uint8_t)(digit(hex[i]) << 4 | digit(hex[i + 1]));
	return (unsigned)(n / 2);
}

void
drive_note(struct drive_sess *d, const char *what, const char *which)
{
	snprintf(d->note, sizeof(d->note), "%.30s%s%.30s", what, which[0] != '\0' ? " " : "",
	    which);
}

static bool
wrong(struct drive_sess *d, const struct drive_word *w)
{
	drive_note(d, "NOT UNDERSTOOD:", w->text);
	return false;
}

/* --- SEND, NULL, FLOOD --- */

static bool
rh_word(uint32_t *rh, const char *w)
{
	static const struct { const char *w; uint32_t off, on; } words[] = {
		{ "RQN", RH_RQ, 0 }, { "RQE", RH_RQ, RH_RQE1 }, { "RQD", RH_RQ, RH_RQD1 },
		{ "DR2", RH_DR1, RH_DR2 }, { "CD", 0, RH_CDI }, { "NOCD", RH_CDI, 0 },
		{ "EB", RH_CDI, RH_EBI }, { "NOBB", RH_BBI, 0 },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].w, w) != 0)
			continue;
		*rh = (*rh & ~words[i].off) | words[i].on;
		return true;
	}
	return false;
}

static bool
send_word(struct drive_send *s, const struct drive_word *w)
{
	uint32_t v;

	if (rh_word(&s->rh, w->text))
		return true;
	if (strcmp(w->text, "FF") == 0) {
		s->ff = 1;
		return true;
	}
	if (strncmp(w->text, "N=", 2) == 0)
		return app_number(w->value, 1, DRIVE_RUS, &s->rus);
	if (strncmp(w->text, "SIZE=", 5) == 0)
		return app_number(w->value, 1, DRIVE_RU_MAX, &s->size);
	if (strncmp(w->text, "COUNT=", 6) == 0)
		return app_number(w->value, 1, 1000000, &s->count);
	if (strncmp(w->text, "TEXT=", 5) == 0) {
		snprintf(s->text, sizeof(s->text), "%.31s", w->value);
		return true;
	}
	if (strncmp(w->text, "HEX=", 4) == 0) {
		s->raw_len = (uint8_t)drive_bytes(w->value, s->raw, sizeof(s->raw));
		return s->raw_len != 0;
	}
	if (strncmp(w->text, "CMD=", 4) != 0 && strncmp(w->text, "WCC=", 4) != 0)
		return false;
	if (!drive_hex(w->value, &v) || v > 255)
		return false;
	*(w->text[0] == 'C' ? &s->cmd : &s->wcc) = (uint8_t)v;
	return true;
}

/* A write keeps the turn where it is to be followed; the default gives it away. */
static bool
do_send(struct app *a, struct drive_sess *d, const char *p, const struct drive_send *preset)
{
	struct drive_word w;

	d->send = *preset;
	while (drive_word(&p, &w))
		if (!send_word(&d->send, &w))
			return wrong(d, &w);
	if (!drive_send(a, d))
		d->wait = DW_SEND;
	return true;
}

static bool
c_send(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	const struct drive_send preset = { .rh = RH_FMD | APP_RH, .rus = 1, .size = 200,
		.count = 1, .cmd = DS_EW, .wcc = 0xc3 };

	(void)now;
	return do_send(a, d, p, &preset);
}

static bool
c_null(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	const struct drive_send preset = { .rh = RH_FMD | APP_RH, .rus = 1, .size = 1,
		.count = 1, .null = 1 };

	(void)now;
	return do_send(a, d, p, &preset);
}

static bool
c_flood(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	const struct drive_send preset = { .rh = RH_FMD | APP_RH, .rus = 1, .size = 1000,
		.count = 1000, .cmd = DS_EW, .wcc = 0xc3, .text = "FLOOD" };

	(void)now;
	return do_send(a, d, p, &preset);
}

/* Read Partition (Query): GA23-0059, outbound structured fields. */
static bool
c_query(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	const struct drive_send preset = { .rh = RH_FMD | APP_RH, .rus = 1, .size = 1, .count = 1,
		.raw_len = 6, .raw = { DS_WSF, 0x00, 0x05, 0x01, 0xff, 0x02 } };

	(void)now;
	return do_send(a, d, p, &preset);
}

/* --- requests that are no data --- */

static bool
request(struct app *a, struct drive_sess *d, uint32_t rh, const uint8_t *ru, unsigned n)
{
	struct buf *b = app_buf(a, n);

	if (b == NULL)
		return false;
	buf_append(b, ru, n);
	app_request(a, &d->s, rh | RH_FI | RH_OIC | RH_DR1, b);
	d->said = 1;
	d->status_out = 0;
	d->asked = drive_answers(d);
	return true;
}

static bool
c_bid(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	(void)p;
	(void)now;
	return request(a, d, RH_DFC, (const uint8_t[]){ RU_BID }, 1);
}

static bool
c_signal(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	(void)p;
	(void)now;
	return request(a, d, RH_DFC, (const uint8_t[]){ RU_SIGNAL, 0, 1, 0, 0 }, 5);
}

static bool
c_chase(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	(void)p;
	(void)now;
	return request(a, d, RH_DFC, (const uint8_t[]){ RU_CHASE }, 1);
}

static bool
raw(struct app *a, struct drive_sess *d, const char *p, uint32_t rh)
{
	uint8_t ru[DRIVE_RAW];
	struct drive_word w;
	unsigned n = 0;

	while (drive_word(&p, &w)) {
		if (strncmp(w.text, "HEX=", 4) == 0)
			n = drive_bytes(w.value, ru, sizeof(ru));
		else if (!rh_word(&rh, w.text))
			return wrong(d, &w);
	}
	if (n != 0)
		return request(a, d, rh, ru, n);
	drive_note(d, "HEX= IS MISSING", "");
	return false;
}

static bool
c_dfc(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	(void)now;
	return raw(a, d, p, RH_DFC);
}

static bool
c_sc(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	(void)now;
	return raw(a, d, p, RH_SC);
}

/* --- the line --- */

static bool
c_wait(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	struct drive *o = a->own;
	struct drive_word w;
	uint32_t s;

	if (!drive_word(&p, &w) || !app_number(w.text, 0, 600, &s)) {
		drive_note(d, "WAIT seconds", "");
		return false;
	}
	d->wait = DW_TIME;
	due_set(&o->heap, &d->due, mono_add(now, SECS(s)));
	return true;
}

static bool
c_await(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	(void)a;
	(void)p;
	(void)now;
	if (drive_answers(d) == d->asked)
		d->wait = DW_RSP;
	return true;
}

static bool
c_silent(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	(void)a;
	(void)p;
	(void)now;
	d->said = 1;
	return true;
}

static bool
c_status(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	(void)p;
	(void)now;
	drive_status(a, d);
	d->said = 1;
	return true;
}

/* --- sessions --- */

static bool
c_unbind(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	uint32_t type = UNB_NORMAL, sense = 0;
	struct drive_word w;

	(void)now;
	while (drive_word(&p, &w)) {
		bool ok = false;

		if (strncmp(w.text, "TYPE=", 5) == 0)
			ok = drive_hex(w.value, &type) && type <= 255;
		else if (strncmp(w.text, "SENSE=", 6) == 0)
			ok = drive_hex(w.value, &sense);
		if (!ok)
			return wrong(d, &w);
	}
	app_unbind(a, &d->s, type, sense);
	return true;
}

static bool
c_rebind(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	struct drive_bind b = { .n = 0 };
	struct drive_word w;

	(void)now;
	while (drive_word(&p, &w))
		if (!drive_bind_word(&b, &w))
			return wrong(d, &w);
	return drive_again(a, d, &b);
}

static bool
c_logoff(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	(void)p;
	(void)now;
	app_end(a, &d->s);
	return true;
}

static const struct {
	const char *verb;
	bool (*run)(struct app *, struct drive_sess *, const char *, struct mono);
} verbs[] = {
	{ "SEND", c_send }, { "NULL", c_null }, { "FLOOD", c_flood }, { "QUERY", c_query },
	{ "BID", c_bid }, { "SIGNAL", c_signal }, { "CHASE", c_chase }, { "DFC", c_dfc },
	{ "SC", c_sc }, { "WAIT", c_wait }, { "AWAIT", c_await }, { "SILENT", c_silent },
	{ "STATUS", c_status }, { "UNBIND", c_unbind }, { "REBIND", c_rebind },
	{ "LOGOFF", c_logoff },
};

bool
drive_command(struct app *a, struct drive_sess *d, const char *p, struct mono now)
{
	struct drive_word w;

	if (!drive_word(&p, &w))
		return true;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].verb, w.text) == 0)
			return verbs[i].run(a, d, p, now);
	return wrong(d, &w);
}
