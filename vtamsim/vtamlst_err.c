/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of definition errors. Every error names member, line, column and
 * operand, carries VTAM's message, and says in plain words what is wrong.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vtamsim/vtamlst.h"

#define PLAIN_MAX 240

void
deferrs_init(struct deferrs *e)
{
	*e = (struct deferrs){ .count = 0 };
	arena_init(&e->arena);
	e->tail = &e->first;
}

void
deferrs_fini(struct deferrs *e)
{
	arena_fini(&e->arena);
	*e = (struct deferrs){ .count = 0 };
	e->tail = &e->first;
}

/* Where errors go that no longer fit: counted, overwritten by the next. */
static struct deferr *
deferr_slot(struct deferrs *l)
{
	struct deferr *e;

	l->count++;
	if (l->count > DEFERR_MAX) {
		l->dropped++;
		return NULL;
	}
	e = arena_get(&l->arena, sizeof(*e));
	if (l->tail == NULL)
		l->tail = &l->first;    /* a zeroed list is an empty one */
	*l->tail = e;
	l->tail = &e->next;
	return e;
}

struct deferr *
deferr_add(struct deferrs *l, struct deferr_kind k, const struct defwhere *w, const char *text,
    const char *plain, ...)
{
	char buf[PLAIN_MAX];
	struct deferr *e;
	va_list ap;

	if (k.sev == DE_FAIL)
		l->fails++;
	e = deferr_slot(l);
	if (e == NULL)
		return NULL;
	va_start(ap, plain);
	(void)vsnprintf(buf, sizeof(buf), plain, ap);
	va_end(ap);
	e->sev = (uint8_t)k.sev;
	e->pos = w->pos;
	(void)text_copy(e->member, sizeof(e->member), w->member == NULL ? "" : w->member);
	(void)text_copy(e->label, sizeof(e->label),
	    w->label == NULL || w->label[0] == '\0' ? "***NA***" : w->label);
	(void)text_copy(e->macro, sizeof(e->macro), w->macro == NULL ? "" : w->macro);
	(void)text_copy(e->operand, sizeof(e->operand), w->operand == NULL ? "" : w->operand);
	(void)text_copy(e->id, sizeof(e->id), k.id);
	e->text = arena_strdup(&l->arena, text);
	e->plain = arena_strdup(&l->arena, buf);
	return e;
}

char *
deferr_line(const struct deferr *e, char *to, size_t n)
{
	char at[32];

	at[0] = '\0';
	if (e->pos.line != 0)
		(void)snprintf(at, sizeof(at), "(%u,%u)", e->pos.line, e->pos.col);
	(void)snprintf(to, n, "%s%s%s%s: %s %s: %s", e->member, at, e->operand[0] ? " " : "",
	    e->operand, e->id, e->text, e->plain);
	return to;
}

char *
deferr_detail(const struct deferr *e, char *to, size_t n)
{
	to[0] = '\0';
	if (e->macro[0] != '\0')
		(void)snprintf(to, n, "LABEL = %s - MACRO = %s - KEYWORD = %s", e->label, e->macro,
		    e->operand[0] == '\0' ? "***NA***" : e->operand);
	return to;
}
