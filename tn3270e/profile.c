/* SPDX-License-Identifier: Apache-2.0
 *
 * The profile is words: blanks part them, a semicolon begins a comment, lines
 * mean nothing. A word that names a statement of the block begins one; what
 * stands before the next is its operands. BEGINVTAM is gone through twice:
 * groups first, then what maps them.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/codepage.h"
#include "tn3270e/profile_in.h"

#define PROFILE_MAX (4u << 20)
#define ERRS_MAX 500

/* --- errors --- */

void
tnp_errs_init(struct tnp_errs *e)
{
	*e = (struct tnp_errs){ 0 };
	arena_init(&e->arena);
	e->tail = &e->first;
}

void
tnp_errs_fini(struct tnp_errs *e)
{
	arena_fini(&e->arena);
}

void
tnp_err_add_in(struct tnp_errs *e, const char *file, enum tnp_sev sev, struct tnp_pos pos,
    const char *stmt, const char *text)
{
	struct tnp_err *n;

	e->fails += sev == TNP_FAIL;
	if (++e->count > ERRS_MAX)
		return;
	n = arena_get(&e->arena, sizeof(*n));
	n->sev = (uint8_t)sev;
	n->file = file == NULL ? NULL : arena_strdup(&e->arena, file);
	n->pos = pos;
	snprintf(n->stmt, sizeof(n->stmt), "%s", stmt);
	n->text = arena_strdup(&e->arena, text);
	*e->tail = n;
	e->tail = &n->next;
}

void
tnp_err_add(struct tnp_errs *e, enum tnp_sev sev, struct tnp_pos pos, const char *stmt,
    const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tnp_err_add_in(e, NULL, sev, pos, stmt, text);
}

void
complain(struct pparse *ps, enum tnp_sev sev, const struct tok *at, const struct tok *kw,
    const char *fmt, ...)
{
	char text[300], stmt[32] = "";
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (kw != NULL)
		(void)tok_name(ps, kw, stmt, sizeof(stmt));
	tnp_err_add_in(ps->errs, NULL, sev, at != NULL ? at->pos : kw != NULL ? kw->pos :
	    (struct tnp_pos){ 0 }, stmt, text);
}

char *
tnp_err_line(const struct tnp_err *e, const char *file, char *to, size_t n)
{
	static const char *const sev[] = { "", "note: ", "warning: ", "" };

	if (e->file != NULL)
		file = e->file;
	if (e->pos.line == 0)
		snprintf(to, n, "%s: %s%s%s%s", file, sev[e->sev], e->stmt,
		    e->stmt[0] != '\0' ? ": " : "", e->text);
	else
		snprintf(to, n, "%s(%u,%u): %s%s%s%s", file, e->pos.line, e->pos.col, sev[e->sev],
		    e->stmt, e->stmt[0] != '\0' ? ": " : "", e->text);
	return to;
}

/* --- words --- */

static struct tok *
tokens(struct profile *p, const char *text, size_t n)
{
	struct tok *first = NULL, **tail = &first;
	struct tnp_pos pos = { 1, 1 };

	for (size_t i = 0; i < n;) {
		size_t k = i;

		if (text[i] == ';')
			while (i < n && text[i] != '\n')
				i++;
		while (i < n && !isspace((unsigned char)text[i]) && text[i] != ';')
			i++;
		if (i > k && text[k] != ';') {
			struct tok *t = arena_get(&p->arena, sizeof(*t));

			*t = (struct tok){ arena_strndup(&p->arena, text + k, i - k), i - k, pos,
			    NULL };
			*tail = t;
			tail = &t->next;
		}
		pos.col += (uint32_t)(i - k);
		if (i < n && text[i] == '\n') {
			pos.line++;
			pos.col = 1;
			i++;
		} else if (i < n && text[i] != ';') {
			pos.col++;
			i++;
		}
	}
	return first;
}

bool
tok_is(const struct tok *t, const char *word)
{
	return t != NULL && strcasecmp(t->text, word) == 0;
}

char *
tok_name(struct pparse *ps, const struct tok *t, char *to, size_t room)
{
	size_t i;

	(void)ps;
	for (i = 0; i < t->n && i + 1 < room; i++)
		to[i] = (char)toupper((unsigned char)t->text[i]);
	to[i] = '\0';
	return to;
}

bool
tok_number(struct pparse *ps, const struct tok *t, const struct tok *kw, int32_t lo, int32_t hi,
    int32_t *v)
{
	char *end;
	long n;

	if (t == NULL) {
		complain(ps, TNP_FAIL, kw, kw, "a number from %d to %d is missing", lo, hi);
		return false;
	}
	errno = 0;
	n = strtol(t->text, &end, 10);
	if (!isdigit((unsigned char)t->text[0]) || *end != '\0' || errno != 0 || n < lo || n > hi) {
		complain(ps, TNP_FAIL, t, kw, "%.20s is not a number from %d to %d", t->text, lo,
		    hi);
		return false;
	}
	*v = (int32_t)n;
	return true;
}

/* --- statements --- */

static const struct pstmt *
stmt_in(const struct pstmt *s, unsigned block, const struct tok *t)
{
	for (; s->name != NULL; s++)
		if ((s->blocks & block) != 0 && tok_is(t, s->name))
			return s;
	return NULL;
}

static const struct pstmt *
stmt_of(const struct pparse *ps, const struct tok *t)
{
	const struct pstmt *s = stmt_in(profile_parm_stmts, ps->block, t);

	if (s == NULL)
		s = stmt_in(profile_tls_stmts, ps->block, t);
	if (s == NULL)
		s = stmt_in(profile_mon_stmts, ps->block, t);
	if (s == NULL)
		s = stmt_in(profile_limit_stmts, ps->block, t);
	return s != NULL ? s : stmt_in(profile_vtam_stmts, ps->block, t);
}

static bool
is_parm(const struct pparse *ps, const struct tok *t)
{
	if ((ps->block & IN_ANY_PARM) == 0)
		return false;
	for (unsigned i = 0; i < TP_N; i++) {
		const struct tnp_parmdesc *d = tnp_parm_at(i);
		const char *w = t->text;

		if (strcasecmp(w, d->name) == 0)
			return true;
		if ((d->flag || d->off) && strncasecmp(w, "NO", 2) == 0 &&
		    strcasecmp(w + 2, d->name) == 0)
			return true;
	}
	return false;
}

static const char *
block_end(unsigned block)
{
	switch (block) {
	case IN_GLOBALS:
		return "ENDTELNETGLOBALS";
	case IN_PARMS:
		return "ENDTELNETPARMS";
	case IN_GROUP:
		return "ENDPARMSGROUP";
	default:
		return "ENDVTAM";
	}
}

static bool
begins_statement(const struct pparse *ps, const struct tok *t)
{
	return tok_is(t, block_end(ps->block)) || stmt_of(ps, t) != NULL || is_parm(ps, t);
}

struct tok *
tok_peek(struct pparse *ps)
{
	return ps->t == NULL || begins_statement(ps, ps->t) ? NULL : ps->t;
}

struct tok *
tok_next(struct pparse *ps)
{
	struct tok *t = tok_peek(ps);

	if (t != NULL)
		ps->t = t->next;
	return t;
}

static void
skip(struct pparse *ps, const struct pstmt *s)
{
	if (s == NULL || s->ends == NULL) {
		while (tok_next(ps) != NULL)
			;
		return;
	}
	while (ps->t != NULL && !tok_is(ps->t, s->ends))
		ps->t = ps->t->next;
	if (ps->t != NULL)
		ps->t = ps->t->next;
}

static void
leftover(struct pparse *ps, const struct tok *kw)
{
	struct tok *t = tok_peek(ps);

	if (t == NULL)
		return;
	complain(ps, TNP_FAIL, t, kw, "%.30s is neither an operand of this statement nor a "
	    "statement of this block", t->text);
	skip(ps, NULL);
}

static void
statement(struct pparse *ps)
{
	struct tok *kw = ps->t;
	const struct pstmt *s = stmt_of(ps, kw);

	ps->t = kw->next;
	if (s == NULL && is_parm(ps, kw)) {
		if (ps->phase == 1 || !profile_parm(ps, kw))
			skip(ps, NULL);
		else
			leftover(ps, kw);
		return;
	}
	if (s == NULL) {
		if (ps->phase == 2)
			complain(ps, TNP_FAIL, kw, NULL, "%.30s is not a statement of this block",
			    kw->text);
		skip(ps, NULL);
		return;
	}
	if (s->phase != ps->phase) {
		skip(ps, s);
		return;
	}
	if (s->noop != NULL) {
		if (s->noop[0] == '!')
			complain(ps, TNP_FAIL, kw, kw, "%s", s->noop + 1);
		else if (s->noop[0] != '\0')
			complain(ps, TNP_WARN, kw, kw, "is of no effect here: %s", s->noop);
		skip(ps, s);
		return;
	}
	s->take(ps, kw);
	if (s->ends == NULL)            /* behind an END the next statement begins */
		leftover(ps, kw);
}

bool
profile_block(struct pparse *ps, unsigned block, const struct tok *kw)
{
	unsigned was = ps->block;
	bool ends;

	ps->block = block;
	while (ps->t != NULL && !tok_is(ps->t, block_end(block)))
		statement(ps);
	ends = ps->t != NULL;
	if (!ends)
		complain(ps, TNP_FAIL, kw, kw, "%s is missing", block_end(block));
	else
		ps->t = ps->t->next;
	ps->block = was;
	return ends;
}

/* --- blocks --- */

static void
begin_parms(struct pparse *ps, const struct tok *kw)
{
	struct tnp_port *port = arena_get(&ps->p->arena, sizeof(*port)), **at;

	port->profile = ps->p;
	port->pos = kw->pos;
	ps->port = port;
	ps->parms = &port->coded;
	ps->source = TS_PARMS;
	ps->phase = 2;
	(void)profile_block(ps, IN_PARMS, kw);
	if (port->port == 0) {
		complain(ps, TNP_FAIL, kw, kw, "no PORT, SECUREPORT or TTLSPORT in this block");
		return;
	}
	for (at = &ps->p->ports; *at != NULL; at = &(*at)->next)
		if ((*at)->port == port->port && ipaddr_eq(&(*at)->addr, &port->addr)) {
			complain(ps, TNP_FAIL, kw, kw, "port %u has a TELNETPARMS block already",
			    port->port);
			return;
		}
	if (ps->p->n_ports == TNP_PORTS) {
		complain(ps, TNP_FAIL, kw, kw, "more than %d ports", TNP_PORTS);
		return;
	}
	ps->p->n_ports++;
	*at = port;
}

static void
begin_vtam(struct pparse *ps, const struct tok *kw)
{
	struct tnp_vtam *v = arena_get(&ps->p->arena, sizeof(*v)), **at;
	struct tok *from = ps->t;

	v->pos = kw->pos;
	ps->vtam = v;
	if (!profile_vtam_begin(ps))
		return;
	ps->source = TS_GROUP;
	ps->phase = 1;
	for (at = &ps->p->vtams; *at != NULL; at = &(*at)->next)
		;
	*at = v;
	if (!profile_block(ps, IN_VTAM, kw))
		return;
	ps->t = from;
	ps->phase = 2;
	(void)profile_block(ps, IN_VTAM, kw);
	profile_vtam_end(ps, kw);
}

static void
blocks(struct pparse *ps)
{
	while (ps->t != NULL) {
		struct tok *kw = ps->t;

		ps->t = kw->next;
		if (tok_is(kw, "TELNETGLOBALS")) {
			ps->parms = &ps->p->globals;
			ps->source = TS_GLOBALS;
			ps->port = NULL;
			ps->phase = 2;
			(void)profile_block(ps, IN_GLOBALS, kw);
		} else if (tok_is(kw, "TELNETPARMS")) {
			begin_parms(ps, kw);
		} else if (tok_is(kw, "BEGINVTAM")) {
			begin_vtam(ps, kw);
		} else {
			complain(ps, TNP_FAIL, kw, NULL, "%.30s stands outside of TELNETGLOBALS, "
			    "TELNETPARMS and BEGINVTAM", kw->text);
			while (ps->t != NULL && !tok_is(ps->t, "TELNETGLOBALS") &&
			    !tok_is(ps->t, "TELNETPARMS") && !tok_is(ps->t, "BEGINVTAM"))
				ps->t = ps->t->next;
		}
	}
}

/* --- what stands at the end --- */

enum has_port { HAS_NOT, HAS_NUMBER, HAS_QUALIFIED };

static enum has_port
has_port(const struct tnp_vtam *v, const struct tnp_port *port)
{
	enum has_port has = HAS_NOT;

	for (unsigned i = 0; i < v->n_ports; i++) {
		if (v->ports[i] != port->port)
			continue;
		if (v->addrs[i].fam == 0 && has == HAS_NOT)
			has = HAS_NUMBER;
		else if (v->addrs[i].fam != 0 && ipaddr_eq(&v->addrs[i], &port->addr))
			has = HAS_QUALIFIED;
	}
	return has;
}

static void
find_vtam(struct pparse *ps, struct tnp_port *port)
{
	struct tnp_vtam *all = NULL;
	enum has_port best = HAS_NOT;

	for (struct tnp_vtam *v = ps->p->vtams; v != NULL; v = v->next) {
		enum has_port has = has_port(v, port);

		if (has != HAS_NOT && has == best)
			tnp_err_add(ps->errs, TNP_FAIL, v->pos, "BEGINVTAM",
			    "port %u is in another BEGINVTAM too", port->port);
		if (has > best) {
			best = has;
			port->vtam = v;
		} else if (v->n_ports == 0) {
			all = v;
		}
	}
	if (port->vtam == NULL)
		port->vtam = all;
	if (port->vtam == NULL)
		tnp_err_add(ps->errs, TNP_FAIL, port->pos, "TELNETPARMS",
		    "port %u is in no BEGINVTAM block: its clients would get no LU", port->port);
}

/* Every pair of PARMSMAP and PMAP, so that a client's parameters are one pointer. */
static void
settle(struct pparse *ps, struct tnp_port *port)
{
	const struct tnp_vtam *v = port->vtam;
	unsigned n = v->n_parmsgroups + 1u;

	int32_t scan = INT32_MAX;

	port->final = arena_get(&ps->p->arena, sizeof(*port->final) * n * n);
	for (unsigned i = 0; i < n; i++) {
		for (unsigned k = 0; k < n; k++) {
			struct tnp_parms *f = &port->final[i * n + k];

			tnp_parms_default(f);
			tnp_parms_over(f, &ps->p->globals);
			tnp_parms_over(f, &port->coded);
			tnp_parms_over(f, &v->coded[i]);
			tnp_parms_over(f, &v->coded[k]);
			for (unsigned j = 0; j < TP_N; j++)
				if (v->coded[k].src[j] != TS_DEFAULT)
					f->src[j] = TS_PMAP;
			if (f->v[TP_CONNTYPE] == 0)
				f->v[TP_CONNTYPE] = port->secure ? CT_SECURE : CT_BASIC;
			scan = f->v[TP_SCANINTERVAL] < scan ? f->v[TP_SCANINTERVAL] : scan;
		}
	}
	for (unsigned i = 0; i < n * n; i++) {  /* 3.2: the smallest coded for the port */
		port->final[i].v[TP_SCANINTERVAL] = scan;
		tnp_parms_settle(&port->final[i]);
	}
}

static void
pages(struct profile *p)
{
	struct codepage *standard;

	if (p->page == NULL) {
		standard = arena_get(&p->arena, sizeof(*standard));
		codepage_standard(standard);
		p->page = standard;
	}
	for (struct tnp_port *port = p->ports; port != NULL; port = port->next)
		if (port->page == NULL)
			port->page = p->page;
}

static void
finish(struct pparse *ps)
{
	const struct tnp_pos none = { 0, 0 };

	pages(ps->p);
	if (ps->p->ports == NULL)
		tnp_err_add(ps->errs, TNP_FAIL, none, "", "there is no TELNETPARMS block: no port");
	if (ps->p->vtams == NULL)
		tnp_err_add(ps->errs, TNP_FAIL, none, "", "there is no BEGINVTAM block: no LUs");
	for (struct tnp_port *port = ps->p->ports; port != NULL; port = port->next) {
		tnp_limits_settle(&port->limits, &ps->p->limits);
		find_vtam(ps, port);
		if (port->vtam == NULL)
			continue;
		settle(ps, port);
		profile_tls_check(ps, port);
	}
	for (struct tnp_vtam *v = ps->p->vtams; v != NULL; v = v->next)
		for (unsigned i = 0; i < v->n_ports; i++) {
			const struct tnp_port *port = ps->p->ports;

			while (port != NULL && port->port != v->ports[i])
				port = port->next;
			if (port == NULL)
				tnp_err_add(ps->errs, TNP_WARN, v->pos, "BEGINVTAM",
				    "port %u has no TELNETPARMS block", v->ports[i]);
		}
}

struct profile *
profile_parse(const char *file, const char *text, size_t n, struct tnp_errs *errs)
{
	struct profile *p = calloc(1, sizeof(*p));
	struct pparse ps = { .p = p, .errs = errs };

	if (p == NULL)
		return NULL;
	arena_init(&p->arena);
	p->debug[0] = p->debug[1] = DB_EXCEPTION;
	atomic_init(&p->users, 1);
	snprintf(p->file, sizeof(p->file), "%s", file);
	ps.t = tokens(p, text, n);
	blocks(&ps);
	finish(&ps);
	return p;
}

struct profile *
profile_read(const char *file, struct tnp_errs *errs)
{
	const struct tnp_pos none = { 0, 0 };
	FILE *f = fopen(file, "re");
	struct profile *p = NULL;
	char *text;
	size_t n;

	if (f == NULL) {
		tnp_err_add(errs, TNP_FAIL, none, "", "can't be read: %s", strerror(errno));
		return NULL;
	}
	text = malloc(PROFILE_MAX);
	if (text == NULL)
		goto out;
	n = fread(text, 1, PROFILE_MAX, f);
	if (ferror(f))
		tnp_err_add(errs, TNP_FAIL, none, "", "can't be read: %s", strerror(errno));
	else if (n == PROFILE_MAX)
		tnp_err_add(errs, TNP_FAIL, none, "", "is longer than %u bytes", PROFILE_MAX - 1);
	else
		p = profile_parse(file, text, n, errs);
out:
	free(text);
	fclose(f);
	return p;
}

void
profile_free(struct profile *p)
{
	if (p == NULL)
		return;
	for (struct tnp_vtam *v = p->vtams; v != NULL; v = v->next) {
		tnp_index_fini(&v->index);
		map_fini(&v->names);
	}
	profile_tls_free(p);
	arena_fini(&p->arena);
	free(p);
}
