/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cards to statements.
 *
 * A member is 80-column cards. Columns 1-71 hold the statement; any character
 * in 72 says that the next card carries on in column 16; 73-80 is a sequence
 * number. A card is either filled to column 71, and then goes on without a
 * break, even inside a word or a quoted string, or it stops behind a comma, and
 * the rest is remarks. Most errors in real libraries are slips in these rules,
 * so each has its own message (IST118I codes 2, 3, 4).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/vtamlst_in.h"

#define TEXT_COLS 71
#define CONT_COL 16

struct card {
	char t[TEXT_COLS];              /* blank padded, folded outside quotes later */
	uint8_t col[TEXT_COLS];         /* where each character stood */
	char cont;                      /* column 72 */
	uint32_t line;
};

enum { C_NORMAL = 1, C_CONT, C_COMMENT };

struct scan {
	const struct vlscan *sc;
	struct vlmember *out;
	struct vlstmt **tail;
	const uint8_t *p, *end;         /* not yet read */
	uint32_t line;
	uint8_t state;                  /* C_* */
	bool said_long, said_fold, said_tab;
	bool ended;                     /* D3: END was read */
	bool macro;                     /* D3: between MACRO and MEND */
	/* the statement being put together */
	struct vlstmt *st;
	char *buf;
	struct vlpos *pos;
	size_t len, cap;
	bool quote, begun, over;        /* in quotes; operands begun; ended by a blank */
	struct vlpos last;              /* last character of the operands */
};

void
vl_fail(const struct vlscan *sc, const struct defwhere *w, const char *reason, const char *plain)
{
	char text[96];

	(void)snprintf(text, sizeof(text), "DEFINITION %s NOT SUCCESSFUL - %s", sc->member, reason);
	deferr_add(sc->errs, (struct deferr_kind){ DE_FAIL, "IST320I" }, w,
	    text, "%s", plain);
}

void
vl_warn(const struct vlscan *sc, const struct defwhere *w, const char *reason, const char *plain)
{
	char text[96];

	(void)snprintf(text, sizeof(text), "DEFINITION %s SUSPECT - %s", sc->member, reason);
	deferr_add(sc->errs, (struct deferr_kind){ DE_WARN, "IST319I" }, w,
	    text, "%s", plain);
}

/* IST118I: the count is of records, comments included. */
static void
anomaly(struct scan *s, uint32_t line, unsigned col, unsigned code, const char *plain)
{
	struct defwhere w = { .member = s->sc->member, .pos = { line, (uint16_t)col } };
	char text[96];

	(void)snprintf(text, sizeof(text), "ANOMALY FOUND NEAR RECORD %u IN MEMBER %s - CODE = %u",
	    line, s->sc->member, code);
	deferr_add(s->sc->errs, (struct deferr_kind){ DE_WARN, "IST118I" }, &w,
	    text, "%s", plain);
}

static void
where_stmt(const struct scan *s, struct defwhere *w, uint32_t line, unsigned col)
{
	*w = (struct defwhere){ .member = s->sc->member, .pos = { line, (uint16_t)col } };
	if (s->st != NULL) {
		w->label = s->st->name;
		w->macro = s->st->op;
	}
}

static void
fail_at(struct scan *s, uint32_t line, unsigned col, const char *plain)
{
	struct defwhere w;

	where_stmt(s, &w, line, col);
	vl_fail(s->sc, &w, "SYNTAX ERROR", plain);
}

static void
warn_at(struct scan *s, uint32_t line, unsigned col, const char *plain)
{
	struct defwhere w;

	where_stmt(s, &w, line, col);
	vl_warn(s->sc, &w, "SYNTAX ERROR", plain);
}

static bool
blank(const struct card *c, size_t from, size_t to)
{
	for (; from < to; from++)
		if (c->t[from] != ' ')
			return false;
	return true;
}

static size_t
first_text(const struct card *c, size_t from)
{
	while (from < TEXT_COLS && c->t[from] == ' ')
		from++;
	return from;
}

static void
card_char(struct scan *s, struct card *c, unsigned col, uint8_t ch)
{
	if (ch == '\t' || ch == 0) {
		if (!s->said_tab)
			warn_at(s, c->line, col, "a tab counts as one blank: columns may be wrong");
		s->said_tab = true;
		ch = ' ';
	}
	if (col <= TEXT_COLS)
		c->t[col - 1] = (char)ch;
	else if (col == TEXT_COLS + 1)
		c->cont = (char)ch;
	else if (col > 80 && ch != ' ' && !s->said_long) {
		warn_at(s, c->line, col, "text behind column 80 is ignored");
		s->said_long = true;
	}
}

/* The next card; false at the end (also at ^Z). */
static bool
card_read(struct scan *s, struct card *c)
{
	unsigned col = 0;
	size_t i;

	if (s->p == s->end || *s->p == 0x1a)
		return false;
	memset(c->t, ' ', sizeof(c->t));
	for (i = 0; i < TEXT_COLS; i++)
		c->col[i] = (uint8_t)(i + 1);
	c->cont = ' ';
	c->line = ++s->line;
	while (s->p != s->end && *s->p != '\n' && *s->p != 0x1a) {
		uint8_t ch = *s->p++;

		if (ch == '\r' && (s->p == s->end || *s->p == '\n' || *s->p == 0x1a))
			break;
		if (col < UINT16_MAX)
			col++;
		card_char(s, c, col, ch);
	}
	if (s->p != s->end && *s->p == '\n')
		s->p++;
	return true;
}

static const struct vlsym *
symbol_find(const struct scan *s, const char *name, size_t n)
{
	const struct vlsym *y;

	for (y = s->sc->syms; y != NULL && y->name != NULL; y++)
		if (strlen(y->name) == n && memcmp(y->name, name, n) == 0)
			return y;
	return NULL;
}

static bool
symchar(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '@' || c == '#' ||
	    c == '$' || c == '_';
}

/* &NAME. in columns 1-71 becomes its value, before anything else looks. */
static void
symbols(struct scan *s, struct card *c)
{
	struct card in = *c;
	size_t i, k = 0, n, v, vl;
	bool over = false;

	if (memchr(in.t, '&', sizeof(in.t)) == NULL)
		return;
	memset(c->t, ' ', sizeof(c->t));
	for (i = 0; i < TEXT_COLS; i++) {
		const struct vlsym *y = NULL;

		for (n = 0; in.t[i] == '&' && i + 1 + n < TEXT_COLS && symchar(in.t[i + 1 + n]);)
			n++;
		if (n != 0)
			y = symbol_find(s, in.t + i + 1, n);
		if (n != 0 && y == NULL)
			warn_at(s, c->line, in.col[i],
			    "a system symbol has no value: left as written");
		vl = y == NULL ? 1 : strlen(y->value);
		for (v = 0; v < vl; v++) {
			char ch = y == NULL ? in.t[i] : y->value[v];

			if (k < TEXT_COLS) {
				c->t[k] = ch;
				c->col[k++] = in.col[i];
			} else if (ch != ' ') {
				over = true;
			}
		}
		if (y != NULL)
			i += n + (i + 1 + n < TEXT_COLS && in.t[i + 1 + n] == '.' ? 1 : 0);
	}
	if (over)
		fail_at(s, c->line, TEXT_COLS, "a system symbol pushes text past column 71");
}

static void
stmt_char(struct scan *s, const struct card *c, size_t i)
{
	char ch = c->t[i];

	if (s->len == s->cap) {
		s->cap = s->cap == 0 ? 1024 : s->cap * 2;
		s->buf = realloc(s->buf, s->cap);
		s->pos = realloc(s->pos, s->cap * sizeof(*s->pos));
		if (s->buf == NULL || s->pos == NULL)
			abort();        /* start-up only: as arena_get() */
	}
	if (!s->quote && ch >= 'a' && ch <= 'z') {
		ch = (char)(ch - 'a' + 'A');
		if (!s->said_fold)
			warn_at(s, c->line, c->col[i], "lower case is read as upper case");
		s->said_fold = true;
	}
	s->buf[s->len] = ch;
	s->pos[s->len++] = (struct vlpos){ c->line, c->col[i] };
}

/* L'LABEL of the assembler is a length, not a string. */
static bool
is_length_attr(const struct scan *s)
{
	if (s->sc->dialect != VL_D3 || s->quote || s->len == 0 || s->buf[s->len - 1] != 'L')
		return false;
	return s->len == 1 || (!symchar(s->buf[s->len - 2]) && s->buf[s->len - 2] != '\'');
}

/* Takes operands from column index i on, up to a blank or column 71. */
static void
take(struct scan *s, const struct card *c, size_t i)
{
	for (; i < TEXT_COLS; i++) {
		if (c->t[i] == ' ' && !s->quote)
			break;
		s->begun = true;
		if (c->t[i] == '\'' && !is_length_attr(s))
			s->quote = !s->quote;
		stmt_char(s, c, i);
		s->last = s->pos[s->len - 1];
	}
	if (i < TEXT_COLS && s->begun && s->buf[s->len - 1] != ',')
		s->over = true;
}

/* Operand fields the assembler reads as expressions: kept whole. */
static bool
op_is_raw(const struct scan *s, const char *op)
{
	static const char *const raw[] = { "DC", "DS", "EQU", "ORG", "TITLE", "PRINT", "COPY",
		"SPACE", "EJECT", "CSECT", "DSECT", "ENTRY", "EXTRN", "END", "AIF", "AGO", "ANOP",
		"GBLA", "GBLB", "GBLC", "LCLA", "LCLB", "LCLC", "SETA", "SETB", "SETC", "MNOTE" };
	size_t i;

	if (s->sc->dialect != VL_D3)
		return false;
	for (i = 0; i < sizeof(raw) / sizeof(raw[0]); i++)
		if (strcmp(op, raw[i]) == 0)
			return true;
	return false;
}

static void
stmt_finish(struct scan *s)
{
	struct vlstmt *st = s->st;
	struct vlpos *pos;

	s->state = C_NORMAL;
	if (st == NULL)
		return;
	if (strcmp(st->op, "MACRO") == 0 && s->sc->dialect == VL_D3)
		s->macro = true;
	if (!s->macro) {
		st->raw = arena_strndup(s->sc->arena, s->len == 0 ? "" : s->buf, s->len);
		st->raw_len = (uint32_t)s->len;
		pos = arena_get(s->sc->arena, (s->len + 1) * sizeof(*pos));
		if (s->len != 0)
			memcpy(pos, s->pos, s->len * sizeof(*pos));
		st->rawpos = pos;
		if (s->quote && !op_is_raw(s, st->op))
			fail_at(s, s->last.line, s->last.col, "a quote is opened and not closed");
		else if (!op_is_raw(s, st->op))
			vl_operands(s->sc, st);
		*s->tail = st;
		s->tail = &st->next;
		s->out->nstmt++;
	}
	if (strcmp(st->op, "MEND") == 0)
		s->macro = false;
	if (strcmp(st->op, "END") == 0 && s->sc->dialect == VL_D3 && !s->macro)
		s->ended = true;
	s->st = NULL;
}

/* A card of the statement was read: does another follow? */
static void
stmt_card_done(struct scan *s, const struct card *c)
{
	bool comma = s->len != 0 && s->buf[s->len - 1] == ',' && !s->quote && !s->over;

	if (c->cont != ' ') {
		s->state = C_CONT;
		return;
	}
	/* A lone comma stands for "no operands". */
	if (comma && s->len > 1 && !s->macro)
		anomaly(s, c->line, s->last.col, 2,
		    "the card ends in a comma but column 72 is blank: operands end here");
	stmt_finish(s);
}

/* A word from *i on into the arena, upper case. */
static const char *
word(struct scan *s, const struct card *c, size_t *i)
{
	size_t from = *i, k;
	char *w;

	while (*i < TEXT_COLS && c->t[*i] != ' ')
		(*i)++;
	w = arena_strndup(s->sc->arena, c->t + from, *i - from);
	for (k = 0; w[k] != '\0'; k++) {
		if (w[k] < 'a' || w[k] > 'z')
			continue;
		w[k] = (char)(w[k] - 'a' + 'A');
		if (!s->said_fold)
			warn_at(s, c->line, c->col[from + k], "lower case is read as upper case");
		s->said_fold = true;
	}
	return w;
}

static void
stmt_start(struct scan *s, const struct card *c)
{
	struct vlstmt *st = arena_get(s->sc->arena, sizeof(*st));
	size_t i = 0;

	s->len = 0;
	s->quote = s->begun = s->over = false;
	st->name = "";
	st->op = "";
	st->raw = "";
	if (c->t[0] != ' ') {
		st->name = word(s, c, &i);
		st->pos = (struct vlpos){ c->line, c->col[0] };
	}
	i = first_text(c, i);
	if (i == TEXT_COLS) {
		if (!s->macro)
			fail_at(s, c->line, 1, "a name stands alone: the operation is missing");
		/* Its continuation cards are lost with it. */
		s->state = c->cont != ' ' ? C_CONT : C_NORMAL;
		s->over = true;
		return;
	}
	st->op_pos = (struct vlpos){ c->line, c->col[i] };
	if (st->pos.line == 0)
		st->pos = st->op_pos;
	st->op = word(s, c, &i);
	s->st = st;
	if (i >= TEXT_COLS && !s->macro)
		fail_at(s, c->line, TEXT_COLS, "name and operation must end by column 70");
	i = first_text(c, i);
	if (i < TEXT_COLS)
		take(s, c, i);
	stmt_card_done(s, c);
}

static bool
has_equal(const struct card *c)
{
	return memchr(c->t, '=', sizeof(c->t)) != NULL;
}

static void
stmt_continue(struct scan *s, const struct card *c)
{
	size_t i = first_text(c, 0);

	if (i < CONT_COL - 1) {
		fail_at(s, c->line, (unsigned)i + 1, c->t[0] == '*' ?
		    "a comment can't follow a card with column 72 set: it is a continuation card" :
		    "column 72 of the card before is set: columns 1-15 must be blank");
		/* A statement in the place of a continuation is read as what it is. */
		stmt_finish(s);
		if (c->t[0] != '*')
			stmt_start(s, c);
		else if (c->cont != ' ')
			s->state = C_COMMENT;
		return;
	}
	if (s->over) {
		if (has_equal(c) && !s->macro && s->st != NULL)
			anomaly(s, c->line, (unsigned)i + 1, 3,
			    "no comma ends the card before: this card is ignored");
	} else if (i > CONT_COL - 1 && !s->quote) {
		if (has_equal(c) && !s->macro)
			anomaly(s, c->line, (unsigned)i + 1, 3,
			    "a continuation card must start in column 16: this card is ignored");
	} else {
		take(s, c, CONT_COL - 1);
	}
	stmt_card_done(s, c);
}

/* IEBUPDTE's ./ cards are no statements either. */
static bool
is_comment(const struct card *c)
{
	return c->t[0] == '*' || (c->t[0] == '.' && (c->t[1] == '*' || c->t[1] == '/'));
}

static void
card_cards(struct scan *s, struct card *c)
{
	switch (s->state) {
	case C_COMMENT:
		anomaly(s, c->line, 1, 4,
		    "the comment before has text in column 72: this card is taken as comment");
		s->state = c->cont != ' ' ? C_COMMENT : C_NORMAL;
		return;
	case C_CONT:
		stmt_continue(s, c);
		return;
	default:
		break;
	}
	if (is_comment(c)) {
		if (c->cont != ' ')
			s->state = C_COMMENT;
	} else if (!blank(c, 0, TEXT_COLS)) {
		stmt_start(s, c);
	}
}

static void
scan_cards(struct scan *s)
{
	struct card c;

	s->state = C_NORMAL;
	while (!s->ended && card_read(s, &c)) {
		if (s->sc->dialect == VL_D1 && !is_comment(&c))
			symbols(s, &c);
		card_cards(s, &c);
	}
	if (s->state == C_CONT && !s->ended) {
		if (s->len != 0 && s->buf[s->len - 1] == ',')
			fail_at(s, s->line, TEXT_COLS + 1,
			    "the member ends where a continuation card is due");
		stmt_finish(s);
	}
}

/* D2: an item that stays open at the end of a record is cut off there. */
static void
list_record_end(struct scan *s, const struct card *c, size_t from)
{
	size_t i;
	int depth = 0;

	for (i = from; i < s->len; i++)
		depth += s->buf[i] == '(' ? 1 : s->buf[i] == ')' ? -1 : 0;
	if (depth > 0 || s->quote) {
		fail_at(s, c->line, s->last.col,
		    "an item is not complete at the end of the record");
		while (s->len > from)
			s->len--;
		s->quote = false;
	}
}

/* D2: true when the record ran through column 71. */
static bool
list_record(struct scan *s, const struct card *c, size_t i, size_t from)
{
	for (; i < TEXT_COLS; i++) {
		if (c->t[i] == ' ' && !s->quote)
			break;
		if (c->t[i] == '\'')
			s->quote = !s->quote;
		stmt_char(s, c, i);
		s->last = s->pos[s->len - 1];
	}
	if (i == TEXT_COLS)
		return true;
	list_record_end(s, c, from);
	if (s->len > from && s->buf[s->len - 1] != ',') {
		struct card comma = *c;

		comma.t[0] = ',';
		stmt_char(s, &comma, 0);
	}
	return false;
}

static void
scan_list(struct scan *s)
{
	struct vlstmt *st = arena_get(s->sc->arena, sizeof(*st));
	size_t from = 0, i;
	bool full = false;
	struct card c = { .line = 1 };

	st->name = st->op = "";
	s->st = st;
	while (card_read(s, &c)) {
		if (c.t[0] == '*')
			continue;
		symbols(s, &c);
		i = full ? 0 : first_text(&c, 0);
		if (!full)
			from = s->len;
		if (i + 1 < TEXT_COLS && !full && c.t[i] == '/' && c.t[i + 1] == '*')
			continue;
		full = list_record(s, &c, i, from);
	}
	if (full)
		list_record_end(s, &c, from);
	stmt_finish(s);
}

bool
vtamlst_scan(const struct vlscan *sc, const uint8_t *bytes, size_t n, struct vlmember *out)
{
	struct scan s = { .sc = sc, .out = out, .tail = &out->first, .p = bytes,
		.end = bytes + n };
	unsigned before = sc->errs->fails;

	*out = (struct vlmember){ .nstmt = 0 };
	switch (sc->dialect) {
	case VL_D1:
	case VL_D3:
		scan_cards(&s);
		break;
	case VL_D2:
		scan_list(&s);
		break;
	}
	out->records = s.line;
	free(s.buf);
	free(s.pos);
	return sc->errs->fails == before;
}
