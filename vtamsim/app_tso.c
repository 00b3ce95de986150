/* SPDX-License-Identifier: Apache-2.0
 *
 * TSODEMO. A session is a panel and what was typed into it: each input is read
 * into the panel's fields, judged, and answered with a whole screen. Where
 * BIND says the terminal can be asked (byte 15 bit 0), a Read Partition
 * (Query) goes first and the answer decides about size and colours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/app_tso.h"
#include "vtamsim/app_tso_in.h"

struct tso {
	uint64_t logons, wrong;
	uint8_t screen[TSO_SCREEN_MAX];
};

struct input {
	unsigned aid, pf;
	uint8_t sent[TSO_FIELDS];       /* the terminal sent the field: it was changed */
	char text[TSO_FIELDS][TSO_FIELD_MAX + 1];
};

static struct tso_sess *
tso_of(struct app_sess *s)
{
	return (struct tso_sess *)(void *)s;
}

static void
paint(struct app *a, struct tso_sess *t)
{
	struct tso *o = a->own;
	size_t n = tso_paint(t, o->screen, sizeof(o->screen));

	if (n != 0)
		(void)app_write(a, &t->s, APP_RH, o->screen, n);
	t->msg = TSO_M_NONE;
}

static void
go(struct tso_sess *t, enum tso_panel p)
{
	t->panel = (uint8_t)p;
	t->at = 0;
}

/* Size, colours. */

static void
use_size(struct tso_sess *t, unsigned rows, unsigned cols)
{
	if (rows < 24 || cols < 80 || rows * cols > DS_CELLS_MAX || rows > 255 || cols > 255)
		return;
	t->alt = rows != t->s.size.rows || cols != t->s.size.cols;
	t->rows = (uint16_t)rows;
	t->cols = (uint16_t)cols;
}

static void
ask(struct app *a, struct tso_sess *t)
{
	struct buf *b = app_buf(a, 16);
	struct wr w;

	if (b == NULL)
		return;
	w = wr_on(b->p, 16);
	ds_query_out(&w);
	buf_put(b, wr_len(&w));
	t->asked = 1;
	app_send(a, &t->s, APP_RH, b);
}

static void
begin(struct app *a, struct tso_sess *t)
{
	const struct bind_screen *z = &t->s.size;

	if (!t->s.screen) {
		app_end(a, &t->s);
		return;
	}
	t->rows = 24;
	t->cols = 80;
	use_size(t, z->rows, z->cols);
	if (!z->query && z->alt_rows * z->alt_cols > z->rows * z->cols)
		use_size(t, z->alt_rows, z->alt_cols);
	t->extended = z->extended;
	go(t, TSO_LOGON);
	if (z->extended)
		ask(a, t);
	else
		paint(a, t);
}

/* The terminal's own word on itself. */
static void
queried(struct app *a, struct tso_sess *t, const struct buf *b)
{
	struct rd r = buf_rd(b);

	if (ds_query_get(&r, &t->query)) {
		t->extended = t->query.colour || t->query.hilite;
		if (t->s.size.query && t->query.implicit && t->query.alt_rows != 0)
			use_size(t, t->query.alt_rows, t->query.alt_cols);
		else if (t->s.size.query && t->query.usable)
			use_size(t, t->query.rows, t->query.cols);
	}
	t->asked = 0;
	paint(a, t);
}

/* Input. */

static bool
read_fields(const struct tso_sess *t, const struct buf *b, struct input *in)
{
	const struct tso_field *f = tso_fields((enum tso_panel)t->panel);
	struct ds_infield got;
	struct ds_in d;

	if (!ds_in_open(&d, b->p, b->len, (uint32_t)t->rows * t->cols))
		return false;
	in->aid = d.aid;
	in->pf = ds_pf(d.aid);
	if (in->pf > 12)
		in->pf -= 12;
	while (ds_in_field(&d, &got))
		for (unsigned i = 0; i < TSO_FIELDS; i++) {
			uint32_t at = (f[i].row - 1u) * t->cols + f[i].col;

			if (f[i].len == 0 || got.addr != at)
				continue;
			in->sent[i] = 1;
			(void)ds_in_text(&got, in->text[i], f[i].len + 1u,
			    t->panel == TSO_FORM && i == 0 ? DS_ASIS : DS_UPPER);
		}
	return true;
}

static bool
user_ok(const char *u)
{
	size_t n = strlen(u);

	if (n > TSO_USER_MAX || u[0] < 'A' || u[0] > 'Z')
		return false;
	return strspn(u, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == n;
}

static void
logon(struct app *a, struct tso_sess *t, const struct input *in)
{
	struct tso *o = a->own;

	if (in->sent[0])        /* else it was not changed */
		snprintf(t->user, sizeof(t->user), "%.7s", in->text[0]);
	t->at = 0;
	if (t->user[0] == '\0') {
		t->msg = TSO_M_USER;
	} else if (!user_ok(t->user)) {
		t->msg = TSO_M_USER_BAD;
	} else if (in->text[1][0] == '\0') {
		t->msg = TSO_M_PASSWORD;
		t->at = 1;
	} else if (strcmp(in->text[1], t->user) != 0) {
		t->msg = TSO_M_WRONG;
		t->at = 1;
		o->wrong++;
	} else {
		o->logons++;
		go(t, TSO_MENU);
	}
}

static void
menu(struct app *a, struct tso_sess *t, const char *option)
{
	if (strcmp(option, "1") == 0)
		go(t, TSO_LIST);
	else if (strcmp(option, "2") == 0)
		go(t, TSO_FORM);
	else if (strcmp(option, "3") == 0)
		go(t, TSO_COLOUR);
	else if (strcmp(option, "4") == 0)
		go(t, TSO_TERM);
	else if (strcmp(option, "X") == 0)
		app_end(a, &t->s);
	else
		t->msg = TSO_M_OPTION;
}

static unsigned
last_top(const struct tso_sess *t)
{
	unsigned page = tso_page(t);

	return page < TSO_ROWS ? TSO_ROWS - page : 0;
}

static void
scroll(struct tso_sess *t, const struct input *in)
{
	unsigned page = tso_page(t), last = last_top(t);
	uint32_t line;

	if (in->pf == 7) {
		t->msg = t->top == 0 ? TSO_M_TOP : TSO_M_NONE;
		t->top = (uint16_t)(t->top > page ? t->top - page : 0);
	} else if (in->pf == 8) {
		t->msg = t->top >= last ? TSO_M_BOTTOM : TSO_M_NONE;
		t->top = (uint16_t)(t->top + page < last ? t->top + page : last);
	} else if (strcmp(in->text[0], "TOP") == 0) {
		t->top = 0;
	} else if (strcmp(in->text[0], "BOTTOM") == 0) {
		t->top = (uint16_t)last;
	} else if (app_number(in->text[0], 1, TSO_ROWS, &line)) {
		t->top = (uint16_t)(line - 1 < last ? line - 1 : last);
	} else if (in->text[0][0] != '\0') {
		t->msg = TSO_M_LINE;
	}
}

static bool
date_ok(const char *s)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned v[3] = { 0 }, max;

	if (strlen(s) != 10 || s[4] != '-' || s[7] != '-')
		return false;
	for (unsigned i = 0; i < 10; i++) {
		if (i == 4 || i == 7)
			continue;
		if (s[i] < '0' || s[i] > '9')
			return false;
		v[i < 4 ? 0 : i < 7 ? 1 : 2] = v[i < 4 ? 0 : i < 7 ? 1 : 2] * 10 +
		    (unsigned)(s[i] - '0');
	}
	if (v[1] < 1 || v[1] > 12 || v[2] < 1 || v[0] < 1)
		return false;
	max = days[v[1] - 1];
	if (v[1] == 2 && (v[0] % 4 == 0 && (v[0] % 100 != 0 || v[0] % 400 == 0)))
		max = 29;
	return v[2] <= max;
}

static void
wrong(struct tso_sess *t, enum tso_msg m, unsigned field)
{
	t->msg = (uint8_t)m;
	t->at = (uint8_t)field;
}

static void
form(struct tso_sess *t, const struct input *in)
{
	uint32_t n;

	if (in->pf == 5) {
		memset(t->form, 0, sizeof(t->form));
		t->at = 0;
		return;
	}
	/* A field that was not changed is not sent and keeps its value. */
	for (unsigned i = 0; i < TSO_FIELDS; i++)
		if (in->sent[i])
			memcpy(t->form[i], in->text[i], sizeof(t->form[i]));
	if (t->form[0][0] == '\0') {
		wrong(t, TSO_M_NAME, 0);
	} else if (!date_ok(t->form[1])) {
		wrong(t, TSO_M_DATE, 1);
	} else if (!app_number(t->form[2], 1, 999, &n)) {
		wrong(t, TSO_M_COUNT, 2);
	} else if (t->form[3][0] == '\0' || strchr("SML", t->form[3][0]) == NULL) {
		wrong(t, TSO_M_SIZE, 3);
	} else {
		t->taken++;
		memset(t->form, 0, sizeof(t->form));
		wrong(t, TSO_M_TAKEN, 0);
	}
}

static void
back(struct app *a, struct tso_sess *t)
{
	switch ((enum tso_panel)t->panel) {
	case TSO_LOGON:
	case TSO_MENU:
		app_end(a, &t->s);
		break;
	case TSO_HELP:
		go(t, (enum tso_panel)t->back);
		break;
	case TSO_LIST:
	case TSO_FORM:
	case TSO_COLOUR:
	case TSO_TERM:
	case TSO_NPANEL:
		go(t, TSO_MENU);
		break;
	}
}

static bool
key_known(const struct tso_sess *t, const struct input *in)
{
	if (in->aid == DS_ENTER)
		return true;
	if (t->panel == TSO_LIST)
		return in->pf == 7 || in->pf == 8;
	return t->panel == TSO_FORM && in->pf == 5;
}

static void
panel_input(struct app *a, struct tso_sess *t, const struct input *in)
{
	if (!key_known(t, in)) {
		t->msg = TSO_M_KEY;
		return;
	}
	switch ((enum tso_panel)t->panel) {
	case TSO_LOGON:
		logon(a, t, in);
		break;
	case TSO_MENU:
		menu(a, t, in->text[0]);
		break;
	case TSO_LIST:
		scroll(t, in);
		break;
	case TSO_FORM:
		form(t, in);
		break;
	case TSO_COLOUR:
	case TSO_TERM:
	case TSO_HELP:
	case TSO_NPANEL:
		break;
	}
}

static void
input(struct app *a, struct tso_sess *t, const struct buf *b)
{
	struct input in = { 0 };

	if (t->asked && b != NULL && b->len != 0 && b->p[0] == DS_AID_SF) {
		queried(a, t, b);
		return;
	}
	t->asked = 0;
	if (b == NULL || !read_fields(t, b, &in)) {
		t->msg = TSO_M_DAMAGED;
	} else if (in.pf == 1 && t->panel != TSO_HELP) {
		t->back = t->panel;
		go(t, TSO_HELP);
	} else if (in.pf == 3) {
		back(a, t);
	} else if (in.aid == DS_PA1) {
		t->msg = TSO_M_PA1;
	} else if (in.aid != DS_CLEAR && in.aid != DS_PA2 && in.aid != DS_PA3) {
		panel_input(a, t, &in);
	}
	explicit_bzero(&in, sizeof(in));        /* it may hold a password */
	if (t->s.state == APP_S_UP)
		paint(a, t);
}

static void
tso_event(struct app *a, struct app_ev *ev)
{
	struct tso_sess *t = tso_of(ev->s);

	switch ((enum app_what)ev->what) {
	case APP_LOGON:
		begin(a, t);
		break;
	case APP_DATA:
		input(a, t, ev->buf);
		if (ev->buf != NULL)
			explicit_bzero(ev->buf->p, ev->buf->len);
		buf_free(ev->buf);
		break;
	case APP_RSP:
		/* The terminal can't be asked: we have the turn again. */
		if (ev->sense != 0 && t->asked) {
			t->asked = 0;
			paint(a, t);
		}
		break;
	case APP_ATTN:
		t->msg = TSO_M_ATTN;
		if (t->s.turn)
			paint(a, t);
		break;
	case APP_REPAINT:
		paint(a, t);
		break;
	case APP_END:
		explicit_bzero(t->form, sizeof(t->form));
		break;
	}
}

static void
tso_turn(struct app *a, struct mono now)
{
	struct app_ev ev;

	(void)now;
	while (app_next(a, &ev))
		tso_event(a, &ev);
}

static void
tso_show(const struct app *a, struct con *c)
{
	const struct tso *o = a->own;

	con_text(c, "         USERS LOGGED ON %ju WRONG PASSWORDS %ju", (uintmax_t)o->logons,
	    (uintmax_t)o->wrong);
}

const struct app_desc app_tso = {
	.name = "TSODEMO",
	.help = "menu with full-screen panels: S TSODEMO[,APPL=name][,MAX=sessions]",
	.size = sizeof(struct tso),
	.sess_size = sizeof(struct tso_sess),
	.turn = tso_turn,
	.show = tso_show,
};
