/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --check: reads all that a start would read and what it refers to, and leaves
 * every error in the list. Nothing is kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/defs_in.h"

struct check {
	struct defs *d;
	struct deferrs *errs;
	struct def_member **v;
	size_t n;
};

static void
suspect(struct check *c, const struct def_member *m, const struct def_head *h,
    const char *const what[3])
{
	struct defwhere w = { .member = m->name, .label = h->name, .macro = what[0],
		.operand = what[1], .pos = h->pos };
	const struct def_opd *o;
	char text[96];

	for (o = h->opds; o != NULL; o = o->next) {
		if (strcmp(o->key, what[1]) != 0)
			continue;
		w.pos = o->pos;
		break;
	}
	(void)snprintf(text, sizeof(text), "DEFINITION %s SUSPECT - INVALID VALUE", m->name);
	deferr_add(c->errs, (struct deferr_kind){ DE_WARN, "IST319I" }, &w,
	    text, "%s", what[2]);
}

/* MODETAB exists and DLOGMOD is in it (or in ISTINCLM). */
static void
check_mode(struct check *c, const struct def_member *m, const struct def_head *h,
    const char *const mode[3])
{
	const struct modetab *t = defs_modetab(c->d, mode[1], c->errs);
	const char *no_tab[3] = { mode[0], "MODETAB", "the logon mode table can't be used" };
	const char *no_mode[3] = { mode[0], "DLOGMOD",
		"neither MODETAB nor ISTINCLM has this logon mode" };

	if (t == NULL)
		suspect(c, m, h, no_tab);
	if (mode[2][0] != '\0' && modetab_lookup(t, mode[2], "") == NULL)
		suspect(c, m, h, no_mode);
}

static void
check_uss(struct check *c, const struct def_member *m, const struct def_head *h,
    const char *const uss[2])
{
	const char *no_tab[3] = { uss[0], "USSTAB", "the USS table can't be used" };

	if (defs_usstab(c->d, uss[1], c->errs) == NULL)
		suspect(c, m, h, no_tab);
}

static bool
group_exists(const struct check *c, const char *name)
{
	const struct def_group *g;
	size_t i;

	for (i = 0; i < c->n; i++)
		for (g = c->v[i]->groups; g != NULL; g = g->next)
			if (strcmp(g->h.name, name) == 0)
				return true;
	return false;
}

static void
check_pu(struct check *c, const struct def_member *m, const struct def_pu *pu)
{
	const char *no_group[3] = { "PATH", "GRPNM",
	    "no XCA major node of the list has this GROUP" };
	const struct def_path *p;
	const struct def_lu *l;

	for (p = pu->paths; p != NULL; p = p->next)
		if (p->grpnm[0] != '\0' && !group_exists(c, p->grpnm))
			suspect(c, m, &p->h, no_group);
	for (l = pu->lus; l != NULL; l = l->next) {
		const char *mode[3] = { "LU", l->modetab, l->dlogmod };
		const char *uss[2] = { "LU", l->usstab };

		check_mode(c, m, &l->h, mode);
		check_uss(c, m, &l->h, uss);
	}
}

static void
check_member(struct check *c, const struct def_member *m)
{
	const struct def_appl *a;
	const struct def_pu *pu;

	for (a = m->appls; a != NULL; a = a->next) {
		const char *mode[3] = { "APPL", a->modetab, a->dlogmod };
		const char *uss[2] = { "APPL", a->usstab };

		check_mode(c, m, &a->h, mode);
		check_uss(c, m, &a->h, uss);
	}
	for (pu = m->pus; pu != NULL; pu = pu->next)
		check_pu(c, m, pu);
}

unsigned
defs_check(struct defs *d, struct deferrs *errs)
{
	struct check c = { .d = d, .errs = errs };
	const struct defs_name *names, *n;
	size_t i, count = 0;

	(void)defs_load_start(d, errs);
	(void)defs_load_config(d, &names, errs);
	for (n = names; n != NULL; n = n->next)
		count++;
	c.v = calloc(count + 1, sizeof(struct def_member *));
	if (c.v == NULL)
		return errs->fails + 1;
	for (n = names; n != NULL; n = n->next) {
		c.v[c.n] = defs_load_member(d, n->name, errs);
		if (c.v[c.n] != NULL)
			c.n++;
	}
	for (i = 0; i < c.n; i++)
		check_member(&c, c.v[i]);
	for (i = 0; i < c.n; i++)
		def_member_free(c.v[i]);
	free(c.v);
	return errs->fails;
}
