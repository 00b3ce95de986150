/* SPDX-License-Identifier: Apache-2.0
 *
 * ECHO. The first screen says who is talking to whom and how to leave; every
 * input is answered with a screen of exactly the chosen number of bytes that
 * shows what was typed. All that depends only on the terminal's size is made
 * once (struct look); a reply is three copies and some digits.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/ebcdic.h"
#include "vtamsim/app_echo.h"
#include "vtamsim/ds3270.h"

#define LOOKS 8                 /* terminal sizes kept */
#define HEAD_MAX 512
#define TAIL_MAX 256
#define TYPED 60                /* characters of the input that are shown */
#define FILL_ROW 8              /* the filler starts here .. */
#define BLANK 0x40
#define NL 0x15
#define LINE 72                 /* of filler in line mode */

struct look {
	uint16_t rows, cols;
	uint8_t alt, extended;
	uint16_t head_len, tail_len;
	uint16_t at_lu, at_count, at_in, at_out, at_typed;     /* in head */
	uint8_t head[HEAD_MAX], tail[TAIL_MAX];
	uint8_t fill[ECHO_SIZE_MAX];
	uint8_t order[ECHO_SIZE_MAX];   /* bytes of an order left from here: never cut there */
};

struct echo {
	uint32_t size;
	uint32_t looks, next;
	struct look look[LOOKS];
};

struct echo_sess {
	struct app_sess s;              /* first */
	uint32_t size;
	uint16_t rows, cols;
	uint8_t alt, extended;
	uint8_t lu[SNA_NAME_MAX];       /* EBCDIC, blank padded */
};

static struct echo_sess *
echo_of(struct app_sess *s)
{
	return (struct echo_sess *)(void *)s;
}

static int
echo_operand(struct app *a, const char *key, const char *value, char err[APP_ERR_MAX])
{
	struct echo *e = a->own;

	if (strcasecmp(key, "SIZE") != 0) {
		snprintf(err, APP_ERR_MAX, "%.20s=: operand not known to ECHO", key);
		return -EINVAL;
	}
	if (app_number(value, 1, ECHO_SIZE_MAX, &e->size))
		return 0;
	snprintf(err, APP_ERR_MAX, "SIZE=%.20s: a number from 1 to %d", value, ECHO_SIZE_MAX);
	return -EINVAL;
}

static void
echo_ready(struct app *a)
{
	struct echo *e = a->own;

	if (e->size == 0)
		e->size = ECHO_SIZE;
}

/* The templates. */

static uint16_t
here(const struct ds *d)
{
	return (uint16_t)wr_len(&d->w);
}

static void
room(struct ds *d, uint16_t *at, size_t n)
{
	*at = here(d);
	wr_fill(&d->w, BLANK, n);
}

static void
make_head(struct look *l)
{
	struct ds d;

	ds_begin(&d, wr_on(l->head, sizeof(l->head)), l->rows, l->cols,
	    l->extended ? DS_EXTENDED : DS_PLAIN);
	ds_cmd(&d, l->alt ? DS_EWA : DS_EW, DS_WCC_READY);
	ds_centre(&d, 1, DS_PROT | DS_BRIGHT, DS_WHITE, "ECHO - what you type comes back");
	ds_cfield(&d, 1, l->cols - 18u, DS_PROT, DS_TURQ, "");
	room(&d, &l->at_lu, SNA_NAME_MAX);
	ds_cfield(&d, 2, 1, DS_PROT, DS_BLUE, "");
	ds_ra(&d, 3, 1, '-');
	ds_cfield(&d, 4, 1, DS_PROT, DS_GREEN, "Message");
	room(&d, &l->at_count, 9);
	ds_text(&d, "   received");
	room(&d, &l->at_in, 6);
	ds_text(&d, " bytes   this screen");
	room(&d, &l->at_out, 5);
	ds_text(&d, " bytes");
	ds_cfield(&d, 6, 1, DS_PROT, DS_GREEN, "You typed:");
	ds_cfield(&d, 6, 12, DS_PROT | DS_BRIGHT, DS_YELLOW, "");
	room(&d, &l->at_typed, TYPED);
	l->head_len = here(&d);
}

static void
make_tail(struct look *l)
{
	struct ds d;
	unsigned row = l->rows - 2u;

	ds_begin(&d, wr_on(l->tail, sizeof(l->tail)), l->rows, l->cols,
	    l->extended ? DS_EXTENDED : DS_PLAIN);
	ds_cfield(&d, row, 1, DS_PROT, DS_GREEN, "===>");
	ds_sfe(&d, 0, DS_UNDER, DS_WHITE);
	ds_ic(&d);
	ds_at(&d, row, l->cols);
	ds_sf(&d, DS_SKIP);
	ds_cfield(&d, l->rows, 1, DS_PROT, DS_BLUE,
	    "ENTER=Echo  PF3=Log off  SIZE n=bytes of a screen  CLEAR=First screen");
	l->tail_len = here(&d);
}

/* Rows of text, over and over, between head and tail. Each round ends two
 * cells early, so that a cut can be filled with blanks. */
static void
make_fill(struct look *l)
{
	static const char text[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 ";
	uint32_t cells = (l->rows - 3u - FILL_ROW) * (uint32_t)l->cols - 3;
	struct ds d;
	uint32_t k = 0;

	ds_begin(&d, wr_on(l->fill, sizeof(l->fill)), l->rows, l->cols, DS_PLAIN);
	while (wr_len(&d.w) < sizeof(l->fill)) {
		if (k % cells == 0 && sizeof(l->fill) - wr_len(&d.w) >= 5) {
			uint16_t at = here(&d);

			for (unsigned i = 1; i < 5; i++)
				l->order[at + i] = (uint8_t)(5 - i);
			ds_at(&d, FILL_ROW, 1);
			ds_sf(&d, DS_PROT);
		}
		ds_textn(&d, &text[k % (sizeof(text) - 1)], 1);
		k++;
	}
}

static struct look *
look_for(struct echo *e, const struct echo_sess *s)
{
	struct look *l;

	for (uint32_t i = 0; i < e->looks; i++) {
		l = &e->look[i];
		if (l->rows == s->rows && l->cols == s->cols && l->alt == s->alt &&
		    l->extended == s->extended)
			return l;
	}
	l = &e->look[e->looks < LOOKS ? e->looks++ : e->next++ % LOOKS];
	*l = (struct look){ .rows = s->rows, .cols = s->cols, .alt = s->alt,
		.extended = s->extended };
	make_head(l);
	make_tail(l);
	make_fill(l);
	return l;
}

/* Right justified over the blanks of a template. */
static void
digits(uint8_t *end, uint64_t v)
{
	do {
		*--end = (uint8_t)(0xf0 + v % 10);
		v /= 10;
	} while (v != 0);
}

/* Bytes of the filler up to n, with no order cut: what is left of one is blanks. */
static void
put_fill(struct buf *b, const struct look *l, uint32_t n)
{
	uint32_t cut = 0;

	if (n > sizeof(l->fill))
		n = sizeof(l->fill);
	if (n < sizeof(l->fill) && l->order[n] != 0)
		cut = 5u - l->order[n];
	buf_append(b, l->fill, n - cut);
	if (cut != 0)
		memset(buf_put(b, cut), BLANK, cut);
}

struct typed {
	uint8_t text[TYPED];
	uint32_t n;             /* of text */
	uint32_t bytes;         /* of the message */
};

static void
reply_screen(struct app *a, struct echo_sess *s, const struct typed *t)
{
	struct look *l = look_for(a->own, s);
	uint32_t least = (uint32_t)l->head_len + l->tail_len;
	uint32_t size = s->size < least ? least : s->size;
	struct buf *b = app_buf(a, size);
	uint8_t *p;

	if (b == NULL)
		return;
	p = buf_put(b, l->head_len);
	memcpy(p, l->head, l->head_len);
	memcpy(p + l->at_lu, s->lu, sizeof(s->lu));
	digits(p + l->at_count + 9, s->s.in % 100000000);
	digits(p + l->at_in + 6, t->bytes % 100000);
	digits(p + l->at_out + 5, size);
	memcpy(p + l->at_typed, t->text, t->n);
	put_fill(b, l, size - least);
	buf_append(b, l->tail, l->tail_len);
	app_send(a, &s->s, APP_RH, b);
}

static void
first_screen(struct app *a, struct echo_sess *s)
{
	struct buf *b = app_buf(a, 1400);
	char line[100];
	struct ds d;

	if (b == NULL)
		return;
	ds_begin(&d, wr_on(b->p, 1400), s->rows, s->cols,
	    s->extended ? DS_EXTENDED : DS_PLAIN);
	ds_cmd(&d, s->alt ? DS_EWA : DS_EW, DS_WCC_READY);
	ds_centre(&d, 1, DS_PROT | DS_BRIGHT, DS_WHITE, "ECHO - what you type comes back");
	ds_cfield(&d, 2, 1, DS_PROT, DS_BLUE, "");
	ds_ra(&d, 3, 1, '-');
	snprintf(line, sizeof(line), "Your LU   %-17s   Application  %s", s->s.lu.s, a->appl.s);
	ds_cfield(&d, 4, 1, DS_PROT, DS_GREEN, line);
	snprintf(line, sizeof(line), "Mode      %-8s            LU type %u, FM profile %u",
	    s->s.mode,
	    s->s.lutype, s->s.fm);
	ds_cfield(&d, 5, 1, DS_PROT, DS_GREEN, line);
	snprintf(line, sizeof(line), "Screen    %u by %u            Longest RU to you %u",
	    s->rows, s->cols, s->s.max_ru);
	ds_cfield(&d, 6, 1, DS_PROT, DS_GREEN, line);
	snprintf(line, sizeof(line),
	    "Type anything and press ENTER: a screen of %u bytes comes back.",
	    s->size);
	ds_cfield(&d, 8, 1, DS_PROT, DS_TURQ, line);
	ds_cfield(&d, 9, 1, DS_PROT, DS_TURQ, "SIZE 2000 makes it 2000 bytes from then on.");
	ds_cfield(&d, 10, 1, DS_PROT, DS_TURQ,
	    "PF3, or LOGOFF typed in the field below, logs off.");
	ds_cfield(&d, s->rows - 2u, 1, DS_PROT, DS_GREEN, "===>");
	ds_sfe(&d, 0, DS_UNDER, DS_WHITE);
	ds_ic(&d);
	ds_at(&d, s->rows - 2u, s->cols);
	ds_sf(&d, DS_SKIP);
	ds_cfield(&d, s->rows, 1, DS_PROT, DS_BLUE,
	    "ENTER=Echo  PF3=Log off  SIZE n=bytes of a screen  CLEAR=First screen");
	buf_put(b, wr_len(&d.w));
	app_send(a, &s->s, APP_RH, b);
}

/* Lines of text, for LU type 1 and line mode. */

static void
put_text(struct buf *b, const char *s)
{
	size_t n = strlen(s);

	ebc_put(buf_put(b, n), s, n);
}

static void
reply_lines(struct app *a, struct echo_sess *s, const struct typed *t)
{
	struct buf *b = app_buf(a, s->size + 128);
	char line[64];
	uint32_t col = 0;

	if (b == NULL)
		return;
	snprintf(line, sizeof(line), "%ju: ", (uintmax_t)s->s.in);
	put_text(b, line);
	buf_append(b, t->text, t->n);
	buf_put(b, 1)[0] = NL;
	while (b->len + 1 < s->size) {
		buf_put(b, 1)[0] = (uint8_t)(col == LINE ? NL : 0xf0 + col % 10);
		col = col == LINE ? 0 : col + 1;
	}
	if (col != 0)
		buf_put(b, 1)[0] = NL;
	app_send(a, &s->s, APP_RH, b);
}

static void
first_lines(struct app *a, struct echo_sess *s)
{
	struct buf *b = app_buf(a, 300);
	char line[160];

	if (b == NULL)
		return;
	snprintf(line, sizeof(line), "ECHO %s: you are %s, mode %s, %u bytes a reply", a->appl.s,
	    s->s.lu.s, s->s.mode, s->size);
	put_text(b, line);
	buf_put(b, 1)[0] = NL;
	put_text(b, "SIZE n changes that, LOGOFF ends the session");
	buf_put(b, 1)[0] = NL;
	app_send(a, &s->s, APP_RH, b);
}

static void
greet(struct app *a, struct echo_sess *s)
{
	if (s->s.screen)
		first_screen(a, s);
	else
		first_lines(a, s);
}

/* Session parameters that stay: BIND's sizes, the larger one. */
static void
begin(struct app *a, struct echo_sess *s)
{
	const struct bind_screen *z = &s->s.size;
	const struct echo *e = a->own;

	s->size = e->size;
	s->rows = z->rows;
	s->cols = z->cols;
	s->extended = z->extended;
	if (!z->query && z->alt_rows >= z->rows && z->alt_cols >= z->cols &&
	    z->alt_rows * z->alt_cols > z->rows * z->cols) {
		s->rows = z->alt_rows;
		s->cols = z->alt_cols;
		s->alt = 1;
	}
	memset(s->lu, BLANK, sizeof(s->lu));
	ebc_put(s->lu, s->s.lu.s, s->s.lu.len);
	greet(a, s);
}

/* In. */

static void
add_typed(struct typed *t, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n && t->n < TYPED; i++)
		if (p[i] >= BLANK && p[i] != 0xff)
			t->text[t->n++] = p[i];
}

/* SIZE n and LOGOFF; true when the session ends. */
static bool
command(struct app *a, struct echo_sess *s, const struct typed *t)
{
	char word[TYPED + 1];
	uint32_t n = t->n;

	while (n > 0 && t->text[n - 1] == BLANK)
		n--;
	if (n < 6 || n > 12)            /* LOGOFF, SIZE 4000: nothing else is looked at */
		return false;
	asc_put(word, t->text, n);
	word[n] = '\0';
	if (strcasecmp(word, "LOGOFF") == 0) {
		app_end(a, &s->s);
		return true;
	}
	if (strncasecmp(word, "SIZE ", 5) == 0)
		(void)app_number(word + 5, 1, ECHO_SIZE_MAX, &s->size);
	return false;
}

static void
input_screen(struct app *a, struct echo_sess *s, const struct buf *b)
{
	struct typed t = { .bytes = b->len };
	struct ds_infield f;
	struct ds_in in;

	if (!ds_in_open(&in, b->p, b->len, (uint32_t)s->rows * s->cols))
		in.aid = 0;             /* damaged: answered with what there is, nothing */
	if (in.aid == DS_PF3 || in.aid == DS_PF15) {
		app_end(a, &s->s);
		return;
	}
	if (in.aid == DS_CLEAR) {
		first_screen(a, s);
		return;
	}
	while (in.aid != 0 && ds_in_field(&in, &f))
		add_typed(&t, f.p, f.len);
	if (!command(a, s, &t))
		reply_screen(a, s, &t);
}

static void
input(struct app *a, struct echo_sess *s, const struct buf *b)
{
	struct typed t = { .bytes = b != NULL ? b->len : 0 };

	if (s->s.screen) {
		if (b != NULL)
			input_screen(a, s, b);
		else
			reply_screen(a, s, &t);
		return;
	}
	if (b != NULL)
		add_typed(&t, b->p, b->len);
	if (!command(a, s, &t))
		reply_lines(a, s, &t);
}

static void
echo_turn(struct app *a, struct mono now)
{
	struct app_ev ev;

	(void)now;
	while (app_next(a, &ev)) {
		struct echo_sess *s = echo_of(ev.s);

		switch ((enum app_what)ev.what) {
		case APP_LOGON:
			begin(a, s);
			break;
		case APP_DATA:
			input(a, s, ev.buf);
			buf_free(ev.buf);
			break;
		case APP_REPAINT:
			greet(a, s);
			break;
		case APP_RSP:
		case APP_ATTN:
		case APP_END:
			break;
		}
	}
}

static void
echo_show(const struct app *a, struct con *c)
{
	const struct echo *e = a->own;

	con_text(c, "         REPLY SIZE %u SCREEN SIZES IN USE %u", e->size, e->looks);
}

const struct app_desc app_echo = {
	.name = "ECHO",
	.help = "answers every input: S ECHO[,APPL=name][,SIZE=bytes][,MAX=sessions]",
	.size = sizeof(struct echo),
	.sess_size = sizeof(struct echo_sess),
	.operand = echo_operand,
	.ready = echo_ready,
	.turn = echo_turn,
	.show = echo_show,
};
