/* SPDX-License-Identifier: Apache-2.0
 *
 * List displays: MAJNODES, APPLS, LINES, GROUPS, CLSTRS, TERMS, CDRSCS and
 * their like. Companion vtam-operator section 4.6.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/oper_in.h"

/* Major nodes that VTAM makes itself, in the order it shows them. */
static const struct {
	const char *name, *type;
} builtin[] = {
	{ "VTAMSEG", "APPL SEGMENT" }, { "VTAMSG2", "APPL SEGMENT" }, { "ISTPUS", "PU T4/5" },
	{ "ISTPDILU", "CDRSC SEGMENT" }, { "ISTADJCP", "ADJCP MAJOR NODE" },
	{ "ISTCDRDY", "CDRSC SEGMENT" }, { "ISTTRL", "TRL MAJOR NODE" },
	{ "ISTDSWMN", "SW SNA MAJ NODE" }, { "ISTRTPMN", "RTP MAJOR NODE" },
};

/* What a list display is made of. */
struct list {
	struct oper *op;
	struct con *con;
	struct oper_limit l;
	enum oper_scope scope;
	char id[16][20];
	unsigned n_id;                  /* 0: all */
};

static bool
wanted(const struct list *k, const char *name)
{
	if (k->n_id == 0)
		return true;
	for (unsigned i = 0; i < k->n_id; i++)
		if (name_match(k->id[i], name))
			return true;
	return false;
}

static const struct res *
first_major(const struct list *k)
{
	return TAILQ_FIRST(&k->op->node->rtab.top);
}

static void
header(struct list *k, const struct res *r)
{
	char st[11];

	msg_line(k->con, IST089I, name_base(&r->name), res_type_text(r), oper_status(r, st));
}

static const char *
displayed(struct list *k, const char *what)
{
	if (k->l.shown == 0)
		msg_line(k->con, IST1358I);
	else
		msg_line(k->con, IST1454I, k->l.shown, what);
	oper_limit_end(&k->l, k->con);
	return what;
}

static void
majnodes(struct list *k)
{
	for (size_t i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++)
		if (wanted(k, builtin[i].name) && k->scope != SC_INACT &&
		    k->scope != SC_INACTONLY && oper_more(&k->l))
			msg_line(k->con, IST089I, builtin[i].name, builtin[i].type, "ACTIV");
	for (const struct res *r = first_major(k); r != NULL; r = TAILQ_NEXT(r, sib))
		if (r->type == RES_MAJOR && wanted(k, name_base(&r->name)) &&
		    oper_in_scope(r, k->scope) && oper_more(&k->l))
			header(k, r);
	(void)displayed(k, "RESOURCE");
}

/* The node's own applications: the CP. */
static void
own_appls(struct list *k)
{
	struct oper_rows rows = { .con = k->con };
	char name[9];

	if (!wanted(k, "VTAMSEG") || k->scope == SC_INACT || k->scope == SC_INACTONLY)
		return;
	snprintf(name, sizeof(name), "%s", name_base(&k->op->node->cpname));
	msg_line(k->con, IST089I, "VTAMSEG", "APPL SEGMENT", "ACTIV");
	msg_line(k->con, IST360I);
	if (oper_more(&k->l))
		oper_row(&rows, name, TAILQ_EMPTY(&k->op->node->cps.all) ? "ACTIV" : "ACT/S");
	oper_rows_end(&rows);
}

static void
appls(struct list *k)
{
	own_appls(k);
	for (const struct res *m = first_major(k); m != NULL; m = TAILQ_NEXT(m, sib)) {
		struct oper_rows rows = { .con = k->con };
		const struct res *r;
		char st[11];

		if (m->type != RES_MAJOR || m->member == NULL || m->member->type != DM_APPL ||
		    !wanted(k, name_base(&m->name)))
			continue;
		header(k, m);
		msg_line(k->con, IST360I);
		TAILQ_FOREACH(r, &m->kids, sib)
			if (oper_in_scope(r, k->scope) && oper_more(&k->l))
				oper_row(&rows, name_base(&r->name), oper_status(r, st));
		oper_rows_end(&rows);
	}
	(void)displayed(k, "APPLICATION");
}

static void
lines(struct list *k)
{
	for (const struct res *m = first_major(k); m != NULL; m = TAILQ_NEXT(m, sib)) {
		struct oper_rows rows = { .con = k->con };
		const struct res *g, *r;
		char st[11];

		if (m->type != RES_MAJOR || m->ee == NULL || !wanted(k, name_base(&m->name)))
			continue;
		msg_line(k->con, IST354I, name_base(&m->name));
		msg_line(k->con, IST170I);
		TAILQ_FOREACH(g, &m->kids, sib)
			TAILQ_FOREACH(r, &g->kids, sib)
				if (oper_in_scope(r, k->scope) && oper_more(&k->l))
					oper_row(&rows, name_base(&r->name), oper_status(r, st));
		oper_rows_end(&rows);
	}
	(void)displayed(k, "RESOURCE");
}

static void
groups(struct list *k)
{
	for (const struct res *m = first_major(k); m != NULL; m = TAILQ_NEXT(m, sib)) {
		const struct res *g;

		if (m->type != RES_MAJOR || m->ee == NULL || !wanted(k, name_base(&m->name)))
			continue;
		msg_line(k->con, IST354I, name_base(&m->name));
		TAILQ_FOREACH(g, &m->kids, sib)
			if (oper_in_scope(g, k->scope) && oper_more(&k->l))
				header(k, g);
	}
	(void)displayed(k, "RESOURCE");
}

/* Switched PUs under their members, then the dynamic ones, then pipes. */
static void
clusters(struct list *k)
{
	struct oper_rows rows = { .con = k->con };
	const struct res *m, *r;
	char st[11];

	for (m = first_major(k); m != NULL; m = TAILQ_NEXT(m, sib)) {
		if (m->type != RES_MAJOR || m->member == NULL || m->member->type != DM_SWNET ||
		    !wanted(k, name_base(&m->name)))
			continue;
		header(k, m);
		TAILQ_FOREACH(r, &m->kids, sib)
			if (oper_in_scope(r, k->scope) && oper_more(&k->l))
				oper_row(&rows, name_base(&r->name), oper_status(r, st));
		oper_rows_end(&rows);
	}
	for (unsigned type = RES_PU; type <= RES_RTP; type++) {
		const char *name = type == RES_PU ? "ISTDSWMN" : "ISTRTPMN";

		if (!wanted(k, name))
			continue;
		msg_line(k->con, IST089I, name, type == RES_PU ? "SW SNA MAJ NODE" :
		    "RTP MAJOR NODE", "ACTIV");
		for (r = first_major(k); r != NULL; r = TAILQ_NEXT(r, sib))
			if (r->type == type && oper_in_scope(r, k->scope) && oper_more(&k->l))
				oper_row(&rows, name_base(&r->name), oper_status(r, st));
		oper_rows_end(&rows);
	}
	(void)displayed(k, "RESOURCE");
}

static void
of_type(struct list *k, enum res_type type, const char *major, const char *text)
{
	struct oper_rows rows = { .con = k->con };
	char st[11];

	msg_line(k->con, IST089I, major, text, "ACTIV");
	for (const struct res *r = first_major(k); r != NULL; r = TAILQ_NEXT(r, sib))
		if (r->type == type && wanted(k, name_base(&r->name)) &&
		    oper_in_scope(r, k->scope) && oper_more(&k->l))
			oper_row(&rows, name_base(&r->name), oper_status(r, st));
	oper_rows_end(&rows);
	(void)displayed(k, "RESOURCE");
}

static void
pending(struct list *k)
{
	struct oper_rows rows = { .con = k->con };
	const struct rtab *t = &k->op->node->rtab;
	char st[11];

	msg_line(k->con, IST159I);
	for (const struct res *r = rtab_next(t, NULL); r != NULL; r = rtab_next(t, r))
		if (oper_in_scope(r, SC_PENDING) && wanted(k, name_base(&r->name)) &&
		    oper_more(&k->l))
			oper_row(&rows, name_base(&r->name), oper_status(r, st));
	oper_rows_end(&rows);
	(void)displayed(k, "RESOURCE");
}

/* Dependent LUs live in the host; here are none. */
static void
none(struct list *k)
{
	msg_line(k->con, IST1358I);
}

static void
cdrscs(struct list *k)
{
	of_type(k, RES_CDRSC, "ISTCDRDY", "CDRSC SEGMENT");
}

static const struct {
	const char *word, *type;
	void (*show)(struct list *);
} lists[] = {
	{ "MAJNODES", "MAJOR NODES", majnodes },
	{ "APPLS", "APPL MAJ NODES/NAMES", appls },
	{ "LINES", "LINES", lines },
	{ "CLSTRS", "CLUSTERS/PHYS UNITS", clusters },
	{ "GROUPS", "LINE GROUPS", groups },
	{ "TERMS", "LOGICAL UNITS/TERMS", none },
	{ "STATIONS", "STATIONS", none },
	{ "CDRMS", "CDRMS", none },
	{ "CDRSCS", "CDRSCS", cdrscs },
	{ "PENDING", "PENDING", pending },
};

/* ID= of a list names major nodes (or, for CDRSCS and PENDING, resources). */
static bool
read_id(struct oper_cmd *c, struct list *k)
{
	const char *v = oper_get(c, "ID");

	if (v == NULL)
		return true;
	k->n_id = oper_list(v, k->id, 16);
	if (k->n_id == 0) {
		(void)oper_bad(k->con, "ID", v);
		return false;
	}
	for (unsigned i = 0; i < k->n_id; i++)
		if (!oper_is_name(k->id[i], OPER_WILD)) {
			(void)oper_bad(k->con, "ID", k->id[i]);
			return false;
		}
	return true;
}

static bool
is_builtin(const char *name)
{
	for (size_t i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++)
		if (strcmp(builtin[i].name, name) == 0)
			return true;
	return false;
}

/* Names without wild cards must exist: IST453I; of the wrong kind: IST1204I. */
static bool
check_id(struct list *k, const char *word)
{
	for (unsigned i = 0; i < k->n_id; i++) {
		const struct res *r = rtab_find(&k->op->node->rtab, k->id[i]);

		if (strpbrk(k->id[i], "*?") != NULL || is_builtin(k->id[i]))
			continue;
		if (r == NULL) {
			(void)oper_bad(k->con, "ID", k->id[i]);
			return false;
		}
		if (r->type != RES_MAJOR && strcmp(word, "CDRSCS") != 0 &&
		    strcmp(word, "PENDING") != 0) {
			msg_line(k->con, IST1204I, "ID", k->id[i]);
			return false;
		}
	}
	return true;
}

enum oper_do
op_d_list(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	struct list k = { .op = op, .con = con };
	int scope = oper_choice(c, "SCOPE", OPER_SCOPES, con);
	size_t i = 0;

	(void)out;
	if (scope < 0 || !oper_limit(op, c, con, &k.l) || !read_id(c, &k) ||
	    !check_id(&k, c->keyword))
		return OPER_REJECTED;
	k.scope = scope <= SC_ONLY ? SC_ALL : (enum oper_scope)scope;
	while (strcmp(lists[i].word, c->keyword) != 0)
		i++;
	oper_accept(c, con);
	msg_line(con, IST350I, lists[i].type);
	lists[i].show(&k);
	msg_line(con, IST314I);
	return OPER_DONE;
}
