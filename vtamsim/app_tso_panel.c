/* SPDX-License-Identifier: Apache-2.0
 *
 * The panels of TSODEMO. All have a title line, a ruler, a message line and a
 * line of PF keys; what is between depends on the panel and on how many rows
 * and columns the terminal has.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/app_tso_in.h"

static const struct tso_field fields[TSO_NPANEL][TSO_FIELDS] = {
	[TSO_LOGON] = { { 8, 20, 7, 0 }, { 10, 20, 8, DS_HIDDEN } },
	[TSO_MENU] = { { 4, 14, 2, 0 } },
	[TSO_LIST] = { { 3, 14, 8, 0 } },
	[TSO_FORM] = { { 6, 24, 24, 0 }, { 8, 24, 10, 0 }, { 10, 24, 3, DS_NUM },
		{ 12, 24, 1, 0 } },
	[TSO_TERM] = { { 3, 14, 1, 0 } },
	[TSO_COLOUR] = { { 3, 14, 1, 0 } },
};

static const char *const titles[TSO_NPANEL] = {
	[TSO_LOGON] = "Logon", [TSO_MENU] = "Main menu", [TSO_LIST] = "List",
	[TSO_FORM] = "Data entry", [TSO_COLOUR] = "Colours and highlighting",
	[TSO_TERM] = "This terminal", [TSO_HELP] = "Help",
};

static const char *const keys[TSO_NPANEL] = {
	[TSO_LOGON] = "ENTER=Log on  PF1=Help  PF3=Leave",
	[TSO_MENU] = "ENTER=Select  PF1=Help  PF3=Log off",
	[TSO_LIST] = "ENTER=Go to line  PF1=Help  PF3=Back  PF7=Up  PF8=Down",
	[TSO_FORM] = "ENTER=Check  PF1=Help  PF3=Back  PF5=Empty all",
	[TSO_COLOUR] = "PF1=Help  PF3=Back", [TSO_TERM] = "PF1=Help  PF3=Back",
	[TSO_HELP] = "PF3=Back",
};

static const char *const msgs[TSO_NMSG] = {
	[TSO_M_NONE] = "",
	[TSO_M_USER] = "Type your user ID.",
	[TSO_M_USER_BAD] = "A user ID has 1-7 letters and digits and begins with a letter.",
	[TSO_M_PASSWORD] = "Type your password.",
	[TSO_M_WRONG] = "User ID and password do not go together. The password is the user ID.",
	[TSO_M_OPTION] = "There is no such option: type a number from 1 to 4, or X.",
	[TSO_M_KEY] = "This key does nothing here: see the last line.",
	[TSO_M_TOP] = "This is the top of the list.",
	[TSO_M_BOTTOM] = "This is the bottom of the list.",
	[TSO_M_LINE] = "Type a line number of the list, TOP or BOTTOM.",
	[TSO_M_NAME] = "A name is needed.",
	[TSO_M_DATE] = "The date must be a real day, written YYYY-MM-DD.",
	[TSO_M_COUNT] = "The quantity must be a number from 1 to 999.",
	[TSO_M_SIZE] = "The size must be S, M or L.",
	[TSO_M_TAKEN] = "Accepted. Nothing is stored: this is a demonstration.",
	[TSO_M_ATTN] = "ATTN was received.",
	[TSO_M_PA1] = "PA1 was received.",
	[TSO_M_DAMAGED] = "What the terminal sent could not be read. Please repeat it.",
};

const struct tso_field *
tso_fields(enum tso_panel p)
{
	return fields[p];
}

unsigned
tso_page(const struct tso_sess *t)
{
	return t->rows - 9u;
}

static void
frame(struct ds *d, const struct tso_sess *t)
{
	char line[64];

	snprintf(line, sizeof(line), "TSODEMO - %s", titles[t->panel]);
	ds_cfield(d, 1, 1, DS_PROT, DS_BLUE, t->user);
	ds_centre(d, 1, DS_PROT | DS_BRIGHT, DS_WHITE, line);
	ds_cfield(d, 1, t->cols - t->s.lu.len - 1u, DS_PROT, DS_BLUE, t->s.lu.s);
	ds_cfield(d, 2, 1, DS_PROT, DS_BLUE, "");
	ds_ra(d, 3, 1, '-');
	ds_cfield(d, t->rows - 1u, 1, DS_PROT, DS_BLUE, "");
	ds_ra(d, t->rows, 1, '-');
	ds_cfield(d, t->rows, 1, DS_PROT, DS_TURQ, keys[t->panel]);
	ds_cfield(d, t->rows - 2u, 1, DS_PROT | DS_BRIGHT,
	    t->msg == TSO_M_TAKEN || t->msg == TSO_M_ATTN || t->msg == TSO_M_PA1 ? DS_WHITE :
	    DS_RED,
	    msgs[t->msg]);
}

/* A label before the field and the field itself, with what it holds. */
static void
entry(struct ds *d, const struct tso_sess *t, unsigned i, const char *label, const char *value)
{
	const struct tso_field *f = &fields[t->panel][i];
	size_t n = strlen(value);

	ds_cfield(d, f->row, 1, DS_PROT, DS_GREEN, label);
	ds_at(d, f->row, f->col);
	if ((f->attr & DS_HIDDEN) == DS_HIDDEN)
		ds_sf(d, f->attr);
	else
		ds_sfe(d, f->attr, DS_UNDER, DS_TURQ);
	if (i == t->at)
		ds_ic(d);
	ds_text(d, value);
	for (; n < f->len; n++)
		wr_u8(&d->w, 0);
	ds_sf(d, DS_SKIP);
}

static void
para(struct ds *d, unsigned *row, enum ds_colour colour, const char *s)
{
	ds_cfield(d, (*row)++, 3, DS_PROT, colour, s);
}

static void
paint_logon(struct ds *d, const struct tso_sess *t)
{
	unsigned row = 4;

	para(d, &row, DS_GREEN, "Welcome. This is a demonstration: no data is kept.");
	entry(d, t, 0, "User ID  . . . . ", t->user);
	entry(d, t, 1, "Password . . . . ", "");
	ds_cfield(d, 8, 30, DS_PROT, DS_GREEN, "1-7 letters and digits, of your choice");
	ds_cfield(d, 10, 30, DS_PROT, DS_GREEN, "the same as the user ID; it is not shown");
	row = 13;
	para(d, &row, DS_TURQ, "TAB moves from field to field, ENTER logs on, PF3 leaves.");
}

static void
paint_menu(struct ds *d, const struct tso_sess *t)
{
	static const char *const option[][3] = {
		{ "1", "List", "a long list to scroll with PF7 and PF8" },
		{ "2", "Data entry", "a form that checks what is typed" },
		{ "3", "Colours", "what the terminal can show" },
		{ "4", "Terminal", "what the session and the terminal said of themselves" },
		{ "X", "Log off", "end the session" },
	};

	entry(d, t, 0, "Option ===>", "");
	for (unsigned i = 0; i < 5; i++) {
		ds_cfield(d, 7 + 2 * i, 5, DS_PROT | DS_BRIGHT, DS_WHITE, option[i][0]);
		ds_cfield(d, 7 + 2 * i, 9, DS_PROT, DS_TURQ, option[i][1]);
		ds_cfield(d, 7 + 2 * i, 22, DS_PROT, DS_GREEN, option[i][2]);
	}
}

static void
paint_list(struct ds *d, const struct tso_sess *t)
{
	static const char *const kind[] = { "PANEL", "TABLE", "TRACE", "REPORT", "SOURCE" };
	unsigned page = tso_page(t), last;
	char line[128];

	last = t->top + page < TSO_ROWS ? t->top + page : TSO_ROWS;
	entry(d, t, 0, "Line   ===>", "");
	snprintf(line, sizeof(line), "Lines %u to %u of %u", t->top + 1u, last, TSO_ROWS);
	ds_cfield(d, 3, 50, DS_PROT, DS_GREEN, line);
	ds_cfield(d, 5, 1, DS_PROT | DS_BRIGHT, DS_WHITE,
	    "LINE  NAME                  KIND      RECORDS  CHANGED");
	for (unsigned i = t->top; i < last; i++) {
		snprintf(line, sizeof(line),
		    "%4u  DEMO.PART%02u.MEM%04u   %-8s %8u  2024-%02u-%02u",
		    i + 1, i / 20 + 1, i * 37 % 10000, kind[i % 5], i * 7919 % 100000, i % 12 + 1,
		    i % 28 + 1);
		ds_cfield(d, 6 + i - t->top, 1, DS_PROT, i % 2 != 0 ? DS_GREEN : DS_TURQ, line);
	}
}

static void
paint_form(struct ds *d, const struct tso_sess *t)
{
	static const char *const label[TSO_FIELDS] = { "Name  . . . . . . . . ",
		"Date  . . . . . . . . ", "Quantity  . . . . . . ", "Size  . . . . . . . . " };
	static const char *const hint[TSO_FIELDS] = { "", "YYYY-MM-DD", "1-999", "S, M or L" };
	char line[64];

	ds_cfield(d, 4, 3, DS_PROT, DS_GREEN, "An order for T-shirts:");
	for (unsigned i = 0; i < TSO_FIELDS; i++) {
		entry(d, t, i, label[i], t->form[i]);
		if (hint[i][0] != '\0')
			ds_cfield(d, fields[TSO_FORM][i].row, 52, DS_PROT, DS_GREEN, hint[i]);
	}
	snprintf(line, sizeof(line), "Orders accepted in this session: %u", t->taken);
	ds_cfield(d, 15, 3, DS_PROT, DS_GREEN, line);
}

static const struct {
	const char *name;
	enum ds_colour colour;
} colours[] = {
	{ "Blue", DS_BLUE }, { "Red", DS_RED }, { "Pink", DS_PINK }, { "Green", DS_GREEN },
	{ "Turquoise", DS_TURQ }, { "Yellow", DS_YELLOW }, { "White", DS_WHITE },
};

/* Character attributes: every letter another colour. */
static void
rainbow(struct ds *d, unsigned row)
{
	static const char text[] = "Every character may have a colour of its own";

	ds_cfield(d, row, 3, DS_PROT, DS_C_DEFAULT, "");
	for (unsigned i = 0; i < sizeof(text) - 1; i++) {
		ds_sa(d, DS_T_COLOUR, colours[i % 7].colour);
		ds_textn(d, &text[i], 1);
	}
	ds_sa(d, DS_T_RESET, 0);
}

static void
paint_colour(struct ds *d, const struct tso_sess *t)
{
	static const struct {
		const char *name;
		enum ds_hilite hl;
	} hl[] = { { "normal", DS_H_DEFAULT }, { "blinking", DS_BLINK }, { "reversed", DS_REVERSE },
		{ "underlined", DS_UNDER } };
	unsigned row = 12;

	entry(d, t, 0, "Here   ===>", "");
	if (!t->extended) {
		row = 5;
		para(d, &row, DS_GREEN,
		    "This terminal was bound without extended attributes, so two");
		para(d, &row, DS_GREEN, "intensities and hidden text are all there is:");
		ds_field(d, 8, 3, DS_PROT, "Normal intensity");
		ds_field(d, 9, 3, DS_PROT | DS_BRIGHT, "High intensity");
		ds_field(d, 10, 3, DS_PROT | DS_HIDDEN, "Hidden (this is not seen)");
		ds_field(d, 11, 3, DS_PROT, "A terminal type that ends in -E shows more.");
		return;
	}
	for (unsigned i = 0; i < 7; i++)
		for (unsigned k = 0; k < 4; k++) {
			char word[24];

			snprintf(word, sizeof(word), "%s %s", k == 0 ? colours[i].name : "",
			    hl[k].name);
			ds_at(d, 5 + i, 3 + 19 * k);
			ds_sfe(d, DS_PROT, hl[k].hl, colours[i].colour);
			ds_text(d, k == 0 ? word : word + 1);
			ds_sf(d, DS_PROT);
		}
	rainbow(d, row + 1);
	ds_cfield(d, row + 3, 3, DS_PROT | DS_BRIGHT, DS_C_DEFAULT, "High intensity");
	ds_cfield(d, row + 3, 22, DS_PROT, DS_C_DEFAULT, "Normal intensity");
	ds_field(d, row + 3, 41, DS_PROT | DS_HIDDEN, "Hidden (this is not seen)");
}

static void
paint_term(struct ds *d, const struct tso_sess *t)
{
	const struct ds_query *q = &t->query;
	unsigned row = 5;
	char line[100];

	entry(d, t, 0, "Here   ===>", "");
	snprintf(line, sizeof(line), "LU name . . . . . . . %s", t->s.lu.s);
	para(d, &row, DS_GREEN, line);
	snprintf(line, sizeof(line), "Logon mode  . . . . . %s, LU type %u, FM profile %u",
	    t->s.mode,
	    t->s.lutype, t->s.fm);
	para(d, &row, DS_GREEN, line);
	snprintf(line, sizeof(line), "Screen of the BIND  . %u by %u, alternate %u by %u%s",
	    t->s.size.rows, t->s.size.cols, t->s.size.alt_rows, t->s.size.alt_cols,
	    t->s.size.query ? ", ask the terminal" : "");
	para(d, &row, DS_GREEN, line);
	snprintf(line, sizeof(line), "Screen in use . . . . %u by %u", t->rows, t->cols);
	para(d, &row, DS_GREEN, line);
	snprintf(line, sizeof(line), "Messages  . . . . . . %ju in, %ju out", (uintmax_t)t->s.in,
	    (uintmax_t)t->s.out);
	para(d, &row, DS_GREEN, line);
	row++;
	if (q->replies == 0) {
		para(d, &row, DS_TURQ,
		    "The terminal was not asked what it can do (no Query in BIND).");
		return;
	}
	snprintf(line, sizeof(line), "Query Reply . . . . . %u structured fields", q->replies);
	para(d, &row, DS_TURQ, line);
	snprintf(line, sizeof(line), "Usable area . . . . . %u by %u", q->rows, q->cols);
	para(d, &row, DS_TURQ, line);
	snprintf(line, sizeof(line), "Implicit partition  . %u by %u, alternate %u by %u",
	    q->def_rows,
	    q->def_cols, q->alt_rows, q->alt_cols);
	para(d, &row, DS_TURQ, line);
	snprintf(line, sizeof(line), "Colours . . . . . . . %s, %u; highlighting %s",
	    q->colour ? "yes" : "no", q->ncolours, q->hilite ? "yes" : "no");
	para(d, &row, DS_TURQ, line);
	snprintf(line, sizeof(line), "Long addresses  . . . %s; file transfer (DDM) %s",
	    q->wide ? "yes" : "no", q->ddm ? "yes" : "no");
	para(d, &row, DS_TURQ, line);
}

static void
paint_help(struct ds *d, const struct tso_sess *t)
{
	unsigned row = 5;

	switch ((enum tso_panel)t->back) {
	case TSO_LOGON:
		para(d, &row, DS_GREEN,
		    "Choose any user ID of 1-7 letters and digits that begins with");
		para(d, &row, DS_GREEN, "a letter, and type it a second time as the password. The");
		para(d, &row, DS_GREEN, "password field does not show what you type.");
		break;
	case TSO_LIST:
		para(d, &row, DS_GREEN,
		    "PF7 and PF8 move by one page. A line number, TOP or BOTTOM");
		para(d, &row, DS_GREEN, "typed behind the arrow goes there.");
		break;
	case TSO_FORM:
		para(d, &row, DS_GREEN,
		    "Every field is checked when you press ENTER; the cursor goes to");
		para(d, &row, DS_GREEN,
		    "the first one that is wrong. PF5 empties them all. Quantity is a");
		para(d, &row, DS_GREEN, "numeric field: the terminal itself may refuse letters.");
		break;
	case TSO_COLOUR:
		para(d, &row, DS_GREEN,
		    "Colour and highlighting come with fields (order SFE) or with");
		para(d, &row, DS_GREEN,
		    "single characters (order SA). A terminal without them shows the");
		para(d, &row, DS_GREEN, "same text in two intensities.");
		break;
	case TSO_TERM:
		para(d, &row, DS_GREEN, "What BIND agreed and what the terminal answered to Read");
		para(d, &row, DS_GREEN, "Partition (Query). The larger of the two sizes is used.");
		break;
	case TSO_MENU:
	case TSO_HELP:
	case TSO_NPANEL:
		para(d, &row, DS_GREEN, "Type the number of an option and press ENTER.");
		break;
	}
	row++;
	para(d, &row, DS_TURQ, "PF1   help for the panel you are in");
	para(d, &row, DS_TURQ, "PF3   back; from the menu it logs off");
	para(d, &row, DS_TURQ, "CLEAR and PA2 draw the panel again, PA1 shows a message");
	para(d, &row, DS_TURQ, "PF13-PF24 do what PF1-PF12 do");
}

size_t
tso_paint(const struct tso_sess *t, uint8_t *to, size_t room)
{
	struct ds d;

	ds_begin(&d, wr_on(to, room), t->rows, t->cols, t->extended ? DS_EXTENDED : DS_PLAIN);
	ds_cmd(&d, t->alt ? DS_EWA : DS_EW,
	    DS_WCC_READY | (t->msg != TSO_M_NONE && t->msg != TSO_M_TAKEN ? DS_WCC_ALARM : 0));
	frame(&d, t);
	switch ((enum tso_panel)t->panel) {
	case TSO_LOGON:
		paint_logon(&d, t);
		break;
	case TSO_MENU:
		paint_menu(&d, t);
		break;
	case TSO_LIST:
		paint_list(&d, t);
		break;
	case TSO_FORM:
		paint_form(&d, t);
		break;
	case TSO_COLOUR:
		paint_colour(&d, t);
		break;
	case TSO_TERM:
		paint_term(&d, t);
		break;
	case TSO_HELP:
	case TSO_NPANEL:
		paint_help(&d, t);
		break;
	}
	return d.w.bad ? 0 : wr_len(&d.w);
}
