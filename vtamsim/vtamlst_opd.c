/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operands: the joined operand field of a statement, cut at its commas, each
 * piece read as KEY=value or as a positional value. A value is an item, a
 * quoted string with an optional type, or a sublist, which may nest. One bad
 * operand costs itself only: the next comma at the top starts anew.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/vtamlst_in.h"

struct cut {
	const struct vlscan *sc;
	const struct vlstmt *st;
	const char *s;          /* the field */
	const struct vlpos *pos;
	size_t i, n;            /* being read; end of this operand */
	const char *key;
	bool bad;
};

static void
syntax(struct cut *c, size_t at, const char *plain)
{
	struct defwhere w = { .member = c->sc->member, .label = c->st->name,
		.macro = c->st->op, .operand = c->key, .pos = c->st->op_pos };

	if (c->bad)
		return;
	c->bad = true;
	if (at > 0 && at >= c->st->raw_len)
		at = c->st->raw_len - 1;
	if (c->st->raw_len != 0)
		w.pos = c->pos[at];
	vl_fail(c->sc, &w, "SYNTAX ERROR", plain);
}

static struct vlval *
val_new(struct cut *c, enum vlval_kind kind)
{
	struct vlval *v = arena_get(c->sc->arena, sizeof(*v));

	v->kind = (uint8_t)kind;
	v->text = "";
	v->pos = c->i < c->st->raw_len ? c->pos[c->i] : c->st->op_pos;
	return v;
}

/* c->i is behind the opening quote. */
static struct vlval *
val_quoted(struct cut *c, char type)
{
	struct vlval *v = val_new(c, VV_QUOTED);
	char *to = arena_get(c->sc->arena, c->n - c->i + 1);
	size_t from = c->i;

	v->type = type;
	v->text = to;
	for (;;) {
		if (c->i >= c->n) {
			syntax(c, from, "a quote is opened and not closed");
			return v;
		}
		if (c->s[c->i] == '\'') {
			if (c->i + 1 >= c->n || c->s[c->i + 1] != '\'')
				break;
			c->i++;
		}
		to[v->len++] = c->s[c->i++];
	}
	c->i++;
	return v;
}

static struct vlval *
val_item(struct cut *c, bool in_list)
{
	struct vlval *v = val_new(c, VV_ITEM);
	size_t from = c->i;

	while (c->i < c->n && c->s[c->i] != ',' && !(in_list && c->s[c->i] == ')')) {
		if (strchr("()'=", c->s[c->i]) != NULL) {
			syntax(c, c->i,
			    "a value holds a parenthesis, quote or equal sign out of place");
			return v;
		}
		c->i++;
	}
	v->len = (uint32_t)(c->i - from);
	v->text = arena_strndup(c->sc->arena, c->s + from, c->i - from);
	if (v->len == 0)
		v->kind = VV_EMPTY;
	return v;
}

/* An item or a quoted string at c->i. */
static struct vlval *
val_simple(struct cut *c, bool in_list)
{
	const char *s = c->s + c->i;
	size_t left = c->n - c->i;

	if (left >= 1 && s[0] == '\'') {
		c->i++;
		return val_quoted(c, 0);
	}
	if (left >= 2 && s[1] == '\'' && strchr("CXB", s[0]) != NULL) {
		c->i += 2;
		return val_quoted(c, s[0]);
	}
	return val_item(c, in_list);
}

/* Lists in lists without recursion: open ones on a stack. */
struct liststack {
	struct vlval *v[VL_DEPTH];
	struct vlval **tail[VL_DEPTH];
	size_t from[VL_DEPTH];
	unsigned depth;
};

static void
list_add(struct liststack *ls, struct vlval *v)
{
	struct vlval *in = ls->v[ls->depth - 1];

	*ls->tail[ls->depth - 1] = v;
	ls->tail[ls->depth - 1] = &v->next;
	in->nsub++;
}

static bool
list_open(struct cut *c, struct liststack *ls)
{
	struct vlval *v;

	if (ls->depth == VL_DEPTH) {
		syntax(c, c->i, "lists are nested too deep");
		return false;
	}
	v = val_new(c, VV_LIST);
	if (ls->depth != 0)
		list_add(ls, v);
	ls->v[ls->depth] = v;
	ls->tail[ls->depth] = &v->sub;
	ls->from[ls->depth] = c->i++;
	ls->depth++;
	return true;
}

static void
list_close(struct cut *c, struct liststack *ls)
{
	struct vlval *v = ls->v[--ls->depth];

	c->i++;
	v->len = (uint32_t)(c->i - ls->from[ls->depth]);
	v->text = arena_strndup(c->sc->arena, c->s + ls->from[ls->depth], v->len);
}

static struct vlval *
val_list(struct cut *c)
{
	struct liststack ls = { .depth = 0 };
	struct vlval *top;
	bool want = true;               /* an element comes next */

	if (!list_open(c, &ls))
		return val_new(c, VV_EMPTY);
	top = ls.v[0];
	while (ls.depth != 0 && !c->bad) {
		char ch = c->i < c->n ? c->s[c->i] : '\0';

		if (c->i >= c->n) {
			syntax(c, ls.from[ls.depth - 1], "a parenthesis is opened and not closed");
		} else if (ch == '(' && want) {
			(void)list_open(c, &ls);
		} else if (ch == ')') {
			if (want && ls.v[ls.depth - 1]->nsub != 0)
				list_add(&ls, val_new(c, VV_EMPTY));
			list_close(c, &ls);
			want = false;
		} else if (ch == ',') {
			if (want)
				list_add(&ls, val_new(c, VV_EMPTY));
			want = true;
			c->i++;
		} else if (want) {
			list_add(&ls, val_simple(c, true));
			want = false;
		} else {
			syntax(c, c->i, "a comma is missing in a list");
		}
	}
	return top;
}

static bool
keychar(char ch, bool first)
{
	if ((ch >= 'A' && ch <= 'Z') || strchr("@#$", ch) != NULL)
		return ch != '\0';
	return !first && ch >= '0' && ch <= '9';
}

static size_t
key_len(const struct cut *c)
{
	size_t k = c->i;

	while (k < c->n && keychar(c->s[k], k == c->i))
		k++;
	return k > c->i && k < c->n && c->s[k] == '=' ? k - c->i : 0;
}

static struct vlopd *
opd_read(struct cut *c)
{
	struct vlopd *o = arena_get(c->sc->arena, sizeof(*o));
	size_t k = key_len(c);

	o->key = "";
	o->pos = c->pos[c->i];
	if (k != 0) {
		o->key = arena_strndup(c->sc->arena, c->s + c->i, k);
		c->key = o->key;
		c->i += k + 1;
	}
	if (c->i >= c->n)
		o->val = val_new(c, VV_EMPTY);
	else if (c->s[c->i] == '(')
		o->val = val_list(c);
	else
		o->val = val_simple(c, false);
	if (!c->bad && c->i < c->n)
		syntax(c, c->i, "text follows a value: a comma is missing");
	return o;
}

/* The end of the operand that starts at i: a comma outside quotes and lists. */
static size_t
opd_end(const char *s, size_t i, size_t n)
{
	unsigned depth = 0;
	bool quote = false;

	for (; i < n; i++) {
		if (s[i] == '\'')
			quote = !quote;
		else if (quote)
			continue;
		else if (s[i] == '(')
			depth++;
		else if (s[i] == ')' && depth != 0)
			depth--;
		else if (s[i] == ',' && depth == 0)
			break;
	}
	return i;
}

void
vl_operands(const struct vlscan *sc, struct vlstmt *st)
{
	struct vlopd **tail = &st->opds, *o;
	size_t i = 0, end;

	while (i < st->raw_len) {
		struct cut c = { .sc = sc, .st = st, .s = st->raw, .pos = st->rawpos, .i = i };

		end = opd_end(st->raw, i, st->raw_len);
		c.n = end;
		if (end > i) {
			o = opd_read(&c);
			if (!c.bad) {
				*tail = o;
				tail = &o->next;
				st->nopd++;
			}
		} else if (sc->dialect == VL_D1 && end + 1 < st->raw_len) {
			struct defwhere w = { .member = sc->member, .label = st->name,
				.macro = st->op, .pos = st->rawpos[i] };

			vl_warn(sc, &w, "SYNTAX ERROR", "an operand is empty: two commas together");
		}
		i = end + 1;
	}
}

const struct vlval *
vlval_at(const struct vlval *v, uint32_t n)
{
	if (v->kind != VV_LIST)
		return n == 0 && v->kind != VV_EMPTY ? v : NULL;
	for (v = v->sub; v != NULL && n != 0; n--)
		v = v->next;
	return v == NULL || v->kind == VV_EMPTY ? NULL : v;
}

uint32_t
vlval_count(const struct vlval *v)
{
	if (v->kind == VV_LIST)
		return v->nsub;
	return v->kind == VV_EMPTY ? 0 : 1;
}

const char *
vlval_text(struct arena *a, const struct vlval *v)
{
	size_t i, k = 0;
	char *to;

	if (v->kind != VV_QUOTED)
		return v->text;
	to = arena_get(a, 2 * (size_t)v->len + 4);
	if (v->type != 0)
		to[k++] = v->type;
	to[k++] = '\'';
	for (i = 0; i < v->len; i++) {
		if (v->text[i] == '\'')
			to[k++] = '\'';
		to[k++] = v->text[i];
	}
	to[k] = '\'';
	return to;
}

static int
hexdigit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int
vlval_hex(const struct vlval *v, uint8_t *to, size_t max)
{
	uint32_t i, odd;

	if ((v->kind == VV_QUOTED && v->type != 'X') || v->kind == VV_LIST || v->len == 0)
		return -1;
	odd = v->len & 1;
	if ((v->len + odd) / 2 > max)
		return -1;
	memset(to, 0, (v->len + odd) / 2);
	for (i = 0; i < v->len; i++) {
		int d = hexdigit(v->text[i]);

		if (d < 0)
			return -1;
		to[(i + odd) / 2] = (uint8_t)(to[(i + odd) / 2] << 4 | d);
	}
	return (int)((v->len + odd) / 2);
}
