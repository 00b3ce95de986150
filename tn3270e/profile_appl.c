/* SPDX-License-Identifier: Apache-2.0
 *
 * Applications of a profile: which one a client gets at once, which ones it
 * may choose, and who may choose them.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ebcdic.h"
#include "tn3270e/profile_in.h"

uint8_t
profile_appl_option(const struct tok *t)
{
	return tok_is(t, "FIRSTONLY") ? TNA_FIRSTONLY : tok_is(t, "LOGAPPL") ? TNA_LOGAPPL :
	    tok_is(t, "QINIT") ? TNA_QINIT : tok_is(t, "DEFONLY") ? TNA_DEFONLY :
	    tok_is(t, "DISCONNECTABLE") ? TNA_DISCONNECTABLE : 0;
}

/* NAME or NETID.NAME, or the front of one where a * was behind it. */
static bool
appl_valid(const char *s, size_t n, bool star)
{
	const char *dot = memchr(s, '.', n);
	size_t front = dot == NULL ? 0 : (size_t)(dot - s) + 1;

	if (n == 0 || (front == n && dot != s))
		return star && (n == 0 || name_valid(s, n - 1));
	return (dot == NULL || name_valid(s, front - 1)) && name_valid(s + front, n - front);
}

static bool
appl_name(struct pparse *ps, struct tnp_appl *a, const struct tok *kw, bool star)
{
	const struct tok *t = tok_next(ps);
	size_t len;

	if (t == NULL) {
		complain(ps, TNP_FAIL, kw, kw, "the application's name is missing");
		return false;
	}
	(void)tok_name(ps, t, a->name, sizeof(a->name));
	len = t->n < sizeof(a->name) ? t->n : 0;
	star = star && len != 0 && a->name[len - 1] == '*';
	if (!appl_valid(a->name, star ? len - 1 : len, star)) {
		complain(ps, TNP_FAIL, t, kw, "%.30s is not an application's name", t->text);
		return false;
	}
	return true;
}

static void
appl_add(struct pparse *ps, struct tnp_appl *a)
{
	struct tnp_appl **at = &ps->vtam->appls;

	while (*at != NULL)
		at = &(*at)->next;
	*at = a;
}

void
profile_default_appl(struct pparse *ps, const struct tok *kw)
{
	struct tnp_appl *a = arena_get(&ps->p->arena, sizeof(*a));
	const struct tok *t;

	a->kind = tok_is(kw, "PRTDEFAULTAPPL") ? TA_PRINTER : tok_is(kw, "LINEMODEAPPL") ? TA_LINE :
	    TA_DEFAULT;
	a->clid.kind = CK_NULL;
	if (!appl_name(ps, a, kw, false))
		return;
	while ((t = tok_next(ps)) != NULL) {
		if (profile_appl_option(t) != 0)
			a->opts |= profile_appl_option(t);
		else if (a->clid.kind != CK_NULL)
			complain(ps, TNP_FAIL, t, kw, "%.30s: no option of a default application",
			    t->text);
		else
			profile_clid(ps, &a->clid, t, kw);
	}
	appl_add(ps, a);
	(void)tnp_index_add(&ps->vtam->index, &a->clid, a->kind == TA_PRINTER ? TH_PRTAPPL :
	    a->kind == TA_LINE ? TH_LINEAPPL : TH_APPL, a);
}

/* LU name.. or LUG group: from which LUs it may be chosen. */
static const struct tnp_group *
appl_lus(struct pparse *ps, const struct tok *kw, const struct tok *word)
{
	const struct tok *t;
	struct tnp_group *g;

	if (tok_is(word, "LUG")) {
		t = tok_next(ps);
		g = t == NULL ? NULL : profile_group(ps->vtam, t->text, 0);
		if (g == NULL)
			complain(ps, TNP_FAIL, t != NULL ? t : kw, kw,
			    "LUG names no LUGROUP of this block");
		return g;
	}
	g = profile_group_new(ps, "", 0);
	while ((t = tok_peek(ps)) != NULL && !tok_is(t, "USER"))
		profile_group_range(ps, g, tok_next(ps), kw);
	if (g->n == 0)
		complain(ps, TNP_FAIL, word, kw, "LU: there is no LU name");
	return g;
}

static void
appl_user(struct pparse *ps, struct tnp_appl *a, const struct tok *kw)
{
	struct tnp_auser *u = arena_get(&ps->p->arena, sizeof(*u)), **at = &a->users;
	const struct tok *t = tok_next(ps);
	size_t front;

	if (t == NULL || t->n > 8) {
		complain(ps, TNP_FAIL, t != NULL ? t : kw, kw,
		    "USER: a user id of 1 to 8 characters is wanted, or the front of one and *");
		return;
	}
	(void)tok_name(ps, t, u->name, sizeof(u->name));
	front = strcspn(u->name, "*");
	if (u->name[front] != '\0' && u->name[front + 1] != '\0')
		complain(ps, TNP_FAIL, t, kw, "%.10s: a * may stand at the end only", t->text);
	while (*at != NULL)
		at = &(*at)->next;
	*at = u;
	t = tok_peek(ps);
	if (tok_is(t, "LU") || tok_is(t, "LUG")) {
		(void)tok_next(ps);
		u->lus = appl_lus(ps, kw, t);
	}
}

/* QSESSION, QSESSION,n: how long a session manager may take to pass the client on. */
static void
appl_wait(struct pparse *ps, struct tnp_appl *a, const struct tok *t, const struct tok *kw)
{
	char *end = NULL;
	long n = TNP_QSESSION_S;

	if (t->n > 9 && t->text[8] == ',')
		n = strtol(t->text + 9, &end, 10);
	if (t->n > 8 && (end == NULL || *end != '\0' || !isdigit((unsigned char)t->text[9]) ||
	    n > 99999))
		complain(ps, TNP_FAIL, t, kw, "%.30s: QSESSION or QSESSION,seconds", t->text);
	else
		a->wait_s = (uint32_t)n;
}

static bool
allow_operand(struct pparse *ps, struct tnp_appl *a, const struct tok *t, const struct tok *kw)
{
	bool restricted = (a->opts & TNA_RESTRICTED) != 0;

	if (tok_is(t, "DISCONNECTABLE"))
		a->opts |= TNA_DISCONNECTABLE;
	else if (strncasecmp(t->text, "QSESSION", 8) == 0)
		appl_wait(ps, a, t, kw);
	else if (restricted && tok_is(t, "CERTAUTH"))
		a->opts |= TNA_CERTAUTH;
	else if (restricted && tok_is(t, "ALLOWPRINTER"))
		a->opts |= TNA_ALLOWPRINTER;
	else if (restricted && tok_is(t, "USER"))
		appl_user(ps, a, kw);
	else if (!restricted && (tok_is(t, "LU") || tok_is(t, "LUG")))
		a->lus = appl_lus(ps, kw, t);
	else
		return false;
	return true;
}

/* Passwords can't be checked here: a user is who his certificate says. */
void
profile_allow_appl(struct pparse *ps, const struct tok *kw)
{
	struct tnp_appl *a = arena_get(&ps->p->arena, sizeof(*a));
	const struct tok *t;
	char name[20];

	a->kind = TA_ALLOW;
	a->opts = tok_is(kw, "RESTRICTAPPL") ? TNA_RESTRICTED : 0;
	if (!appl_name(ps, a, kw, true))
		return;
	while ((t = tok_next(ps)) != NULL)
		if (!allow_operand(ps, a, t, kw))
			complain(ps, TNP_FAIL, t, kw, "%.30s: no operand of %s", t->text,
			    tok_name(ps, kw, name, sizeof(name)));
	appl_add(ps, a);
	if ((a->opts & (TNA_RESTRICTED | TNA_CERTAUTH)) == TNA_RESTRICTED)
		complain(ps, TNP_WARN, kw, kw, "%s: without CERTAUTH a password would be asked "
		    "for, and there is nothing here to check it with: nobody gets the application",
		    a->name);
	if ((a->opts & TNA_RESTRICTED) != 0 && a->users == NULL)
		complain(ps, TNP_FAIL, kw, kw, "%s: USER says who may have it", a->name);
}

void
profile_map_appl(struct pparse *ps, struct tnp_map *m, const struct tok *kw)
{
	struct tnp_appl *a = arena_get(&ps->p->arena, sizeof(*a));

	a->kind = m->printer ? TA_PRINTER : TA_DEFAULT;
	a->clid.kind = CK_NULL;
	if (appl_name(ps, a, kw, false))
		m->appl = a;
}
