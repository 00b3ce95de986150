/* SPDX-License-Identifier: Apache-2.0
 *
 * A policy file is lines: a statement and its name, then its parameters between
 * braces, braces and parameters on lines of their own. # begins a comment.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/ttls_in.h"

#define FILE_MAX_BYTES (4u << 20)
#define DEPTH 4

void
ttls_complain(struct tparse *ps, enum tnp_sev sev, const struct tnode *at, const char *fmt, ...)
{
	static const struct tnp_pos none = { 0, 0 };
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tnp_err_add_in(ps->errs, ps->t->file, sev, at == NULL ? none : at->pos,
	    at == NULL ? "" : at->word, text);
}

struct tree {
	struct tparse *ps;
	struct tnode *first, *last, *in;        /* in: the block we are in */
	unsigned depth;
};

static void
add(struct tree *t, struct tnode *n)
{
	struct tnode **at = t->in != NULL ? &t->in->child : &t->first;

	n->up = t->in;
	if (t->last != NULL)
		t->last->next = n;
	else
		*at = n;
	t->last = n;
}

static void
open_block(struct tree *t, struct tnp_pos pos)
{
	const struct tnode here = { .word = "{", .pos = pos };

	if (t->last == NULL || t->last->block) {
		ttls_complain(t->ps, TNP_FAIL, &here, "there is no statement before this brace");
		return;
	}
	if (t->depth == DEPTH) {
		ttls_complain(t->ps, TNP_FAIL, &here, "braces are nested too deep");
		return;
	}
	t->last->block = 1;
	t->in = t->last;
	t->last = NULL;
	t->depth++;
}

static void
close_block(struct tree *t, struct tnp_pos pos)
{
	const struct tnode here = { .word = "}", .pos = pos };

	if (t->in == NULL) {
		ttls_complain(t->ps, TNP_FAIL, &here, "no block is open here");
		return;
	}
	t->last = t->in;
	t->in = t->in->up;
	t->depth--;
}

/* "word value": n bytes without blanks at the ends. */
static void
add_line(struct tree *t, const char *s, size_t n, struct tnp_pos pos)
{
	struct arena *a = &t->ps->t->arena;
	struct tnode *new = arena_get(a, sizeof(*new));
	size_t k = 0, v;

	while (k < n && !isspace((unsigned char)s[k]))
		k++;
	for (v = k; v < n && isspace((unsigned char)s[v]); v++)
		;
	new->word = arena_strndup(a, s, k);
	new->value = arena_strndup(a, s + v, n - v);
	new->pos = new->vpos = pos;
	new->vpos.col += (uint32_t)v;
	add(t, new);
}

static void
one_line(struct tree *t, const char *s, size_t n, uint32_t line)
{
	const char *hash = memchr(s, '#', n);
	struct tnp_pos pos = { line, 1 };
	size_t i = 0;
	bool opens;

	if (hash != NULL)
		n = (size_t)(hash - s);
	while (n > 0 && isspace((unsigned char)s[n - 1]))
		n--;
	for (; i < n && (isspace((unsigned char)s[i]) || s[i] == '}'); i++) {
		pos.col = (uint32_t)i + 1;
		if (s[i] == '}')
			close_block(t, pos);
	}
	opens = n > i && s[n - 1] == '{';
	for (n -= opens; n > i && isspace((unsigned char)s[n - 1]); n--)
		;
	pos.col = (uint32_t)i + 1;
	if (n > i)
		add_line(t, s + i, n - i, pos);
	if (opens)
		open_block(t, pos);
}

struct tnode *
ttls_tree(struct tparse *ps, const char *text, size_t n)
{
	struct tree t = { .ps = ps };
	uint32_t line = 1;

	for (size_t i = 0; i < n; line++) {
		const char *nl = memchr(text + i, '\n', n - i);
		size_t k = nl == NULL ? n - i : (size_t)(nl - (text + i));

		one_line(&t, text + i, k, line);
		i += k + 1;
	}
	for (; t.in != NULL; t.in = t.in->up)
		ttls_complain(ps, TNP_FAIL, t.in, "its closing brace is missing");
	return t.first;
}

struct ttls *
ttls_parse(const char *file, const char *text, size_t n, struct tnp_errs *errs)
{
	struct ttls *t = calloc(1, sizeof(*t));
	struct tparse ps = { .t = t, .errs = errs };

	if (t == NULL)
		return NULL;
	arena_init(&t->arena);
	snprintf(t->file, sizeof(t->file), "%s", file);
	ttls_statements(&ps, ttls_tree(&ps, text, n));
	return t;
}

struct ttls *
ttls_read(const char *file, struct tnp_errs *errs)
{
	const struct tnp_pos none = { 0, 0 };
	FILE *f = fopen(file, "re");
	struct ttls *t = NULL;
	char text[160], *all;
	size_t n;

	if (f == NULL) {
		snprintf(text, sizeof(text), "can't be read: %s", strerror(errno));
		tnp_err_add_in(errs, file, TNP_FAIL, none, "", text);
		return NULL;
	}
	all = malloc(FILE_MAX_BYTES);
	if (all == NULL)
		goto out;
	n = fread(all, 1, FILE_MAX_BYTES, f);
	if (ferror(f) || n == FILE_MAX_BYTES) {
		snprintf(text, sizeof(text), ferror(f) ? "can't be read" :
		    "is longer than %u bytes", FILE_MAX_BYTES - 1);
		tnp_err_add_in(errs, file, TNP_FAIL, none, "", text);
	} else {
		t = ttls_parse(file, all, n, errs);
	}
out:
	free(all);
	fclose(f);
	return t;
}
