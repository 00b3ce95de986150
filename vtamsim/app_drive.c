/* SPDX-License-Identifier: Apache-2.0
 *
 * DRIVER. A session has a line of commands under way or none. Without one, what
 * comes in is the next line; while one waits (for time, for a response, for
 * room) what comes in is only noted. A line that said nothing on the session is
 * answered with the status.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/sense.h"
#include "vtamsim/app_drive.h"
#include "vtamsim/app_drive_in.h"

#define AGAIN_US 5000           /* no room below: asked again so soon */

static void
drive_ready(struct app *a)
{
	struct drive *o = a->own;

	if (a->max_sess > DRIVE_MAX)
		a->max_sess = DRIVE_MAX;
	o->heap.v = o->places;
	o->heap.cap = DRIVE_MAX + DRIVE_NEW;
}

/* --- the line --- */

static bool
step(struct app *a, struct drive_sess *d, struct mono now)
{
	char one[DRIVE_LINE + 1];
	size_t n = strcspn(d->line + d->at, ";");

	memcpy(one, d->line + d->at, n);
	one[n] = '\0';
	d->at = (uint16_t)(d->at + n);
	if (d->line[d->at] == ';')
		d->at++;
	return drive_command(a, d, one, now);
}

void
drive_run(struct app *a, struct drive_sess *d, struct mono now)
{
	struct drive *o = a->own;

	if (d->wait == DW_SEND && drive_send(a, d))
		d->wait = DW_NONE;
	while (d->wait == DW_NONE && d->line[d->at] != '\0' && d->s.state == APP_S_UP)
		if (!step(a, d, now)) {
			d->line[d->at] = '\0';
			d->said = 0;            /* what was wrong is to be seen */
		}
	if (d->wait == DW_SEND)
		due_set(&o->heap, &d->due, mono_add(now, AGAIN_US));
	if (d->wait == DW_NONE && !d->said && d->s.state == APP_S_UP)
		drive_status(a, d);
	if (d->wait == DW_NONE)
		d->said = 1;
}

static bool
idle(const struct drive_sess *d)
{
	return d->wait == DW_NONE && d->line[d->at] == '\0';
}

static void
begin_line(struct app *a, struct drive_sess *d, const char *text, struct mono now)
{
	snprintf(d->line, sizeof(d->line), "%s", text);
	d->at = 0;
	d->said = 0;
	drive_run(a, d, now);
}

/* --- in --- */

static void
begin(struct app *a, struct drive_sess *d)
{
	const struct bind_screen *z = &d->s.size;

	d->rows = z->rows;
	d->cols = z->cols;
	d->extended = z->extended;
	d->quiet = drive_again_quiet(a, &d->s);
	if (!d->quiet)
		drive_status(a, d);
}

static void
keep(struct drive_sess *d, const struct buf *b)
{
	uint32_t n = b == NULL ? 0 : b->len;

	d->in_len = (uint16_t)(n > 0xffff ? 0xffff : n);
	d->hide = d->hide_len = 0;
	if (b != NULL)
		memcpy(d->in, b->p, n < DRIVE_HEX ? n : DRIVE_HEX);
}

/* The fields: where the line is, and what must not be shown. */
static void
fields(struct drive_sess *d, struct ds_in *in, const uint8_t *base, char *text, size_t room)
{
	const uint32_t hidden = (DRIVE_HIDE_ROW - 1u) * d->cols + 14;
	struct ds_infield f;

	while (ds_in_field(in, &f)) {
		if (f.addr == hidden) {
			d->hide = (uint16_t)(f.p - base);
			d->hide_len = (uint16_t)f.len;
		} else if (text[0] == '\0') {
			(void)ds_in_text(&f, text, room, DS_ASIS);
		}
	}
}

static bool
typed(struct app *a, struct drive_sess *d, const struct buf *b, char *text, size_t room)
{
	struct ds_in in;

	if (!d->s.screen) {
		size_t n = b->len < room - 1 ? b->len : room - 1;

		asc_put(text, b->p, n);
		text[n] = '\0';
		return true;
	}
	if (!ds_in_open(&in, b->p, b->len, (uint32_t)d->rows * d->cols))
		return true;
	if (in.aid == DS_PF3 || in.aid == DS_PF15) {
		app_end(a, &d->s);
		return false;
	}
	if (in.aid == DS_ENTER)
		fields(d, &in, b->p, text, room);
	return true;
}

static void
input(struct app *a, struct drive_sess *d, const struct buf *b, struct mono now)
{
	char text[DRIVE_LINE + 1] = "";

	keep(d, b);
	if (b != NULL && !typed(a, d, b, text, sizeof(text)))
		return;
	if (idle(d))
		begin_line(a, d, text, now);
}

/* Not where the terminal began its own bracket: what it says is on its way. */
static bool
to_repair(uint32_t sense)
{
	return sense != 0 && sense != SENSE_LU_BUSY && sense >> 16 != 0x080b &&
	    sense >> 16 != 0x0813 && sense >> 16 != 0x081b;
}

/* A refusal nobody waited for is shown, if it was not the status that was
 * refused; the turn goes to the terminal in either case. One that a suspended LU
 * sent (082D) is followed by its LUSTAT. */
static void
response(struct app *a, struct drive_sess *d, const struct app_ev *ev, struct mono now)
{
	struct drive *o = a->own;

	if (ev->refused && drive_send_again(d, ev->sense)) {
		due_set(&o->heap, &d->due, mono_add(now, AGAIN_US));
		return;
	}
	if (ev->refused) {
		d->errors++;
		d->error = ev->sense;
	} else if (ev->sense != 0) {
		d->negative++;
		d->sense = ev->sense;
	} else {
		d->positive++;
	}
	if (d->wait == DW_RSP) {
		d->wait = DW_NONE;
		drive_run(a, d, now);
	} else if (to_repair(ev->sense) && idle(d) && d->s.turn) {
		drive_note(d, ev->refused ? "REFUSED HERE" : "NEGATIVE RESPONSE", "");
		if (d->status_out && ev->refused)
			return;                 /* and so would all else be */
		if (d->status_out)              /* then the turn alone */
			app_request(a, &d->s, RH_FMD | RH_OIC | APP_RH, NULL);
		else
			drive_status(a, d);
	}
}

static void
drive_event(struct app *a, struct app_ev *ev, struct mono now)
{
	struct drive_sess *d = drive_of(ev->s);
	struct drive *o = a->own;

	switch ((enum app_what)ev->what) {
	case APP_LOGON:
		begin(a, d);
		break;
	case APP_DATA:
		input(a, d, ev->buf, now);
		buf_free(ev->buf);
		break;
	case APP_RSP:
		response(a, d, ev, now);
		break;
	case APP_ATTN:
		d->signals++;
		drive_note(d, "SIGNAL RECEIVED", "");
		if (d->s.turn && idle(d))
			drive_status(a, d);
		break;
	case APP_REPAINT:
		drive_note(d, "LUSTAT RECEIVED", "");
		if (idle(d))
			drive_status(a, d);
		break;
	case APP_END:
		due_clear(&o->heap, &d->due);
		drive_again_over(a, &d->s, now);
		explicit_bzero(d->in, sizeof(d->in));
		break;
	}
}

static void
drive_turn(struct app *a, struct mono now)
{
	struct app_ev ev;

	while (app_next(a, &ev))
		drive_event(a, &ev, now);
}

/* --- timers --- */

static struct mono
drive_deadline(const struct app *a)
{
	const struct drive *o = a->own;

	return due_next(&o->heap);
}

static bool
is_new(const struct drive *o, const struct due *e)
{
	uintptr_t p = (uintptr_t)e;

	return p >= (uintptr_t)o->again && p < (uintptr_t)(o->again + DRIVE_NEW);
}

static void
drive_expire(struct app *a, struct mono now)
{
	struct drive *o = a->own;
	struct due *e;

	while ((e = due_pop(&o->heap, now)) != NULL) {
		struct drive_sess *d = DUE_OBJ(e, struct drive_sess, due);

		if (is_new(o, e)) {
			drive_again_expire(a, DUE_OBJ(e, struct drive_new, due), now);
			continue;
		}
		if (d->wait == DW_TIME)
			d->wait = DW_NONE;
		drive_run(a, d, now);
	}
}

static void
drive_show(const struct app *a, struct con *c)
{
	const struct drive *o = a->own;

	con_text(c, "         WAITING %u", o->heap.n);
}

const struct app_desc app_drive = {
	.name = "DRIVER",
	.help = "does what is typed, to test emulators: S DRIVER[,APPL=name][,MAX=sessions]",
	.size = sizeof(struct drive),
	.sess_size = sizeof(struct drive_sess),
	.ready = drive_ready,
	.turn = drive_turn,
	.show = drive_show,
	.deadline = drive_deadline,
	.expire = drive_expire,
	.bind = drive_bind,
	.nspe = drive_nspe,
	.max_lutype = 3,
};
