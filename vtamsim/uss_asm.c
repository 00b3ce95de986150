/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The assembler subset that USS tables use for their buffers: DC and DS of
 * types A Y H F B C X, EQU, ORG, with expressions of + - * / over numbers,
 * labels, * and self-defining terms. Two passes over one location counter: the
 * first finds the labels, the second the bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ebcdic.h"
#include "vtamsim/uss_in.h"

#define AREA_MAX 65536
#define WORK_MAX (4u * AREA_MAX)        /* bytes put in a pass, with ORG over and over */
#define EXPR_DEPTH 16

struct as {
	struct arena *arena;
	const char *member;
	struct deferrs *errs;
	struct ussarea *out;
	const struct vlstmt *st;
	size_t i;               /* in st->raw */
	uint32_t loc, high, cap, work;
	unsigned pass;
	unsigned depth;
	bool bad;
	bool undefined;         /* pass 1: a label not known yet was used */
};

bool
uss_asm_op(const char *op)
{
	return strcmp(op, "DC") == 0 || strcmp(op, "DS") == 0 || strcmp(op, "EQU") == 0 ||
	    strcmp(op, "ORG") == 0;
}

static void
as_fail(struct as *a, const char *plain)
{
	struct defwhere w = { .member = a->member, .label = a->st->name, .macro = a->st->op,
		.pos = a->st->op_pos };
	char text[96];

	if (a->bad)
		return;
	a->bad = true;
	if (a->i < a->st->raw_len)
		w.pos = a->st->rawpos[a->i];
	(void)snprintf(text, sizeof(text), "BUILD FAILED FOR TABLE %s - INVALID VALUE", a->member);
	deferr_add(a->errs, (struct deferr_kind){ DE_FAIL, "IST979I" }, &w,
	    text, "%s", plain);
}

static char
peek(const struct as *a, size_t k)
{
	return a->i + k < a->st->raw_len ? a->st->raw[a->i + k] : '\0';
}

static bool
is_sym(char c, bool first)
{
	return (c >= 'A' && c <= 'Z') || c == '@' || c == '#' || c == '$' || c == '_' ||
	    (!first && c >= '0' && c <= '9');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

const struct usslabel *
ussarea_label(const struct ussarea *area, const char *name, size_t n)
{
	const struct usslabel *l;

	for (l = area->labels; l != NULL; l = l->next)
		if (strlen(l->name) == n && memcmp(l->name, name, n) == 0)
			return l;
	return NULL;
}

static struct usslabel *
label_define(struct as *a, int64_t value, uint32_t len)
{
	struct usslabel *l;

	if (a->st->name[0] == '\0')
		return NULL;
	for (l = a->out->labels; l != NULL; l = l->next)
		if (strcmp(l->name, a->st->name) == 0)
			break;
	if (l == NULL) {
		l = arena_get(a->arena, sizeof(*l));
		l->name = a->st->name;
		l->next = a->out->labels;
		a->out->labels = l;
	}
	l->value = value;
	l->len = len;
	return l;
}

static int
hexval(char c)
{
	return is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 :
	    c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* X'..', B'..', C'..' as a number. */
static int64_t
self_defining(struct as *a, char type)
{
	int64_t v = 0;

	for (a->i += 2; peek(a, 0) != '\0' && peek(a, 0) != '\''; a->i++) {
		int d = type == 'C' ? ebc_from((unsigned char)peek(a, 0)) : hexval(peek(a, 0));

		if (d < 0 || (type == 'B' && d > 1))
			as_fail(a, "a digit is wrong");
		v = (v << (type == 'C' ? 8 : type == 'X' ? 4 : 1) | (d & 0xff)) & 0xffffffff;
	}
	if (peek(a, 0) != '\'')
		as_fail(a, "a quote is not closed");
	a->i++;
	return v;
}

static int64_t
symbol(struct as *a, bool length)
{
	const struct usslabel *l;
	size_t from = a->i, n;

	while (is_sym(peek(a, 0), a->i == from))
		a->i++;
	n = a->i - from;
	l = ussarea_label(a->out, a->st->raw + from, n);
	if (l == NULL) {
		a->undefined = true;
		if (a->pass == 2 || n == 0)
			as_fail(a, n == 0 ? "a term is missing" : "the label is not defined");
		return 0;
	}
	return length ? l->len : l->value;
}

static int64_t expr(struct as *);

static int64_t
term(struct as *a)
{
	int64_t v = 0;
	char c = peek(a, 0);

	if (c == '(' && a->depth < EXPR_DEPTH) {
		a->depth++;
		a->i++;
		v = expr(a);
		a->depth--;
		if (peek(a, 0) != ')')
			as_fail(a, "a parenthesis is not closed");
		a->i++;
		return v;
	}
	if (c == '*') {
		a->i++;
		return a->loc;
	}
	if (is_digit(c)) {
		for (; is_digit(peek(a, 0)); a->i++)
			v = (v * 10 + (peek(a, 0) - '0')) & 0xffffffff;
		return v;
	}
	if ((c == 'X' || c == 'B' || c == 'C') && peek(a, 1) == '\'')
		return self_defining(a, c);
	if (c == 'L' && peek(a, 1) == '\'') {
		a->i += 2;
		return symbol(a, true);
	}
	return symbol(a, false);
}

static int64_t
product(struct as *a)
{
	int64_t v = term(a);

	while (!a->bad && (peek(a, 0) == '*' || peek(a, 0) == '/')) {
		bool mul = peek(a, 0) == '*';
		int64_t r;

		a->i++;
		r = term(a);
		if (mul)
			v = (int64_t)((uint64_t)v * (uint64_t)r);
		else
			v = r == 0 || (r == -1 && v == INT64_MIN) ? 0 : v / r;
	}
	return v;
}

/* style: recursion is bounded by EXPR_DEPTH, and a table is the site's own. */
static int64_t
expr(struct as *a)
{
	int64_t v;

	if (peek(a, 0) == '-') {
		a->i++;
		v = (int64_t)(0 - (uint64_t)product(a));
	} else {
		v = product(a);
	}
	while (!a->bad && (peek(a, 0) == '+' || peek(a, 0) == '-')) {
		bool add = peek(a, 0) == '+';
		int64_t r;

		a->i++;
		r = product(a);
		v = (int64_t)(add ? (uint64_t)v + (uint64_t)r : (uint64_t)v - (uint64_t)r);
	}
	return v;
}

static void
emit(struct as *a, unsigned byte)
{
	if (a->loc >= AREA_MAX || ++a->work > WORK_MAX) {
		as_fail(a, "the buffers of a table hold more than 65536 bytes");
		return;
	}
	if (a->pass == 2 && a->loc >= a->cap) {
		as_fail(a, "a length depends on a label that is defined later");
		return;
	}
	if (a->pass == 2)
		a->out->mem[a->loc] = (uint8_t)byte;
	a->loc++;
	if (a->loc > a->high)
		a->high = a->loc;
}

struct con_spec {
	uint32_t dup;
	char type;
	bool has_len;
	uint32_t len;
};

static void
fit(struct as *a, const struct con_spec *c, const uint8_t *b, uint32_t n, unsigned pad)
{
	uint32_t len = c->has_len ? c->len : n, d, i;

	/* C pads and cuts on the right, X and B on the left. */
	for (d = 0; d < c->dup && !a->bad; d++)
		for (i = 0; i < len; i++) {
			if (c->type == 'C')
				emit(a, i < n ? b[i] : pad);
			else
				emit(a, len - i <= n ? b[n - (len - i)] : pad);
		}
}

/* The nominal value between quotes into b; its length. */
static uint32_t
nominal(struct as *a, char *b, uint32_t max)
{
	uint32_t n = 0;

	for (a->i++; peek(a, 0) != '\0'; a->i++) {
		char c = peek(a, 0);

		if (c == '\'' && peek(a, 1) != '\'')
			break;
		if ((c == '\'' || c == '&') && peek(a, 1) == c)
			a->i++;
		if (n < max)
			b[n++] = c;
	}
	if (peek(a, 0) != '\'')
		as_fail(a, "a quote is not closed");
	a->i++;
	return n;
}

#define NOMINAL_MAX 2048

static void
dc_chars(struct as *a, const struct con_spec *c)
{
	char s[NOMINAL_MAX];
	uint8_t b[NOMINAL_MAX];
	uint32_t n = nominal(a, s, sizeof(s)), i, bits = c->type == 'B' ? 8 : 2, k;

	if (c->type == 'C') {
		ebc_put(b, s, n);
		fit(a, c, b, n, 0x40);
		return;
	}
	for (i = 0, k = (bits - n % bits) % bits; i < n; i++, k++) {
		int d = hexval(s[i]);

		if (d < 0 || (bits == 8 && d > 1)) {
			as_fail(a, "a digit is wrong");
			return;
		}
		if (k % bits == 0 || i == 0)
			b[k / bits] = 0;
		b[k / bits] = (uint8_t)(b[k / bits] << (bits == 8 ? 1 : 4) | d);
	}
	fit(a, c, b, k / bits, 0);
}

static uint32_t
natural(char type)
{
	return type == 'F' || type == 'A' ? 4 : type == 'D' ? 8 : type == 'H' || type == 'Y' ? 2 :
	    1;
}

static void
number(struct as *a, const struct con_spec *c, int64_t v)
{
	uint32_t len = c->has_len ? c->len : natural(c->type), i;

	for (i = len; i > 0; i--)
		emit(a, i > 8 ? 0 : (unsigned)((uint64_t)v >> (8 * (i - 1)) & 0xff));
}

/* AL2(A-B) at a label (of this statement, or of a DS 0H before it): what lies
 * behind the label ends at A, whether or not the halfword counts itself. */
static void
note_end(struct as *a, size_t from, uint32_t at)
{
	const struct usslabel *e;
	struct usslabel *l;
	size_t n = 0;

	while (from + n < a->st->raw_len && is_sym(a->st->raw[from + n], n == 0))
		n++;
	if (a->pass != 2 || n == 0 || from + n >= a->st->raw_len || a->st->raw[from + n] != '-')
		return;
	e = ussarea_label(a->out, a->st->raw + from, n);
	for (l = a->out->labels; e != NULL && l != NULL; l = l->next)
		if (l->relocatable && l->value == at && e->value >= at + 2) {
			l->has_end = 1;
			l->end = (uint32_t)e->value;
		}
}

/* A(..), Y(..): expressions; H'..', F'..': decimal numbers. */
static void
dc_number(struct as *a, const struct con_spec *c)
{
	size_t from = a->i + 1;
	char close = peek(a, 0) == '(' ? ')' : '\'';
	uint32_t d, at = a->loc;
	int64_t v;

	do {
		a->i++;
		v = expr(a);
		for (d = 0; d < c->dup && !a->bad; d++)
			number(a, c, v);
	} while (peek(a, 0) == ',' && !a->bad);
	if (peek(a, 0) != close)
		as_fail(a, "a constant is not closed");
	a->i++;
	note_end(a, from, at);
}

/* Duplication factor, type, length modifier. */
static bool
spec(struct as *a, struct con_spec *c)
{
	int64_t v = 1;

	*c = (struct con_spec){ .dup = 1 };
	if (is_digit(peek(a, 0)) || peek(a, 0) == '(')
		v = term(a);
	c->dup = v < 0 || v > AREA_MAX ? AREA_MAX + 1 : (uint32_t)v;
	c->type = peek(a, 0);
	if (c->type == '\0' || strchr("AYHFDBCX", c->type) == NULL) {
		as_fail(a, "a constant must be of type A, Y, H, F, B, C or X");
		return false;
	}
	a->i++;
	if (peek(a, 0) == 'L' && peek(a, 1) != '\'') {
		a->i++;
		v = term(a);
		c->has_len = true;
		c->len = v < 0 || v > AREA_MAX ? AREA_MAX + 1 : (uint32_t)v;
	}
	if (!c->has_len && natural(c->type) > 1)
		while (a->loc % natural(c->type) != 0 && !a->bad)
			emit(a, 0);
	return !a->bad;
}

static void
storage(struct as *a, const struct con_spec *c)
{
	uint64_t n = (uint64_t)c->dup * (c->has_len ? c->len : natural(c->type));

	for (; n != 0 && !a->bad; n--)
		emit(a, 0);
}

static void
dc_ds(struct as *a)
{
	struct usslabel *l = NULL;
	struct con_spec c;
	bool first = true;

	while (!a->bad && a->i < a->st->raw_len) {
		uint32_t at;

		if (!spec(a, &c))
			return;
		at = a->loc;
		if (first)
			l = label_define(a, at, 1);
		if (l != NULL)
			l->relocatable = 1;
		if (peek(a, 0) == '\'' && strchr("BCX", c.type) != NULL)
			dc_chars(a, &c);
		else if (peek(a, 0) == '\'' || peek(a, 0) == '(')
			dc_number(a, &c);
		else if (strcmp(a->st->op, "DS") == 0)
			storage(a, &c);
		else
			as_fail(a, "a constant has no value");
		if (first && l != NULL)
			l->len = c.dup == 0 ? natural(c.type) : (a->loc - at) / c.dup;
		first = false;
		if (peek(a, 0) == ',')
			a->i++;
		else if (a->i < a->st->raw_len)
			as_fail(a, "a comma is missing between constants");
	}
}

static void
org(struct as *a)
{
	int64_t v = a->high;

	if (a->i < a->st->raw_len && peek(a, 0) != ',') {
		a->undefined = false;
		v = expr(a);
		if (a->undefined)
			as_fail(a, "ORG needs a label that was defined before");
	}
	if (v < 0 || v > AREA_MAX)
		as_fail(a, "ORG leaves the area");
	else
		a->loc = (uint32_t)v;
	if (a->loc > a->high)
		a->high = a->loc;
}

static void
statement(struct as *a)
{
	struct usslabel *l;
	int64_t v;

	a->i = 0;
	if (strcmp(a->st->op, "ORG") == 0) {
		org(a);
	} else if (strcmp(a->st->op, "EQU") == 0) {
		bool here = peek(a, 0) == '*';

		a->undefined = false;
		v = expr(a);
		/* A name not known yet gets its value in the second pass. */
		l = a->undefined ? NULL : label_define(a, v, 1);
		if (l != NULL && here)
			l->relocatable = 1;
	} else {
		dc_ds(a);
	}
}

bool
uss_assemble(struct arena *arena, const struct vlmember *in, const char *member,
    struct ussarea *out, struct deferrs *errs)
{
	struct as a = { .arena = arena, .member = member, .errs = errs, .out = out };

	*out = (struct ussarea){ .len = 0 };
	/* Three passes: an EQU may look forward once. */
	for (a.pass = 0; a.pass <= 2 && !a.bad; a.pass++) {
		a.cap = a.high;
		if (a.pass == 2)
			out->mem = arena_get(arena, a.cap + 1);
		a.loc = a.high = a.work = 0;
		for (a.st = in->first; a.st != NULL && !a.bad; a.st = a.st->next)
			if (uss_asm_op(a.st->op))
				statement(&a);
	}
	out->len = a.high;
	return !a.bad;
}
