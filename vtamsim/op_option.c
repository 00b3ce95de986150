/* SPDX-License-Identifier: Apache-2.0
 *
 * D NET,VTAMOPTS and F NET,VTAMOPTS: companion vtam-operator sections 4.11, 6.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/defs.h"
#include "vtamsim/oper_in.h"
#include "vtamsim/pswitch.h"

#define COLUMN 33               /* where the second option of a line begins */
#define OPTS_MAX 512

enum form { FORM_CURRENT, FORM_COMPLETE, FORM_MODIFIED };

static int
by_name(const void *a, const void *b)
{
	const struct defs_opt *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static unsigned
sorted(const struct defs_start *st, const struct defs_opt *v[OPTS_MAX])
{
	unsigned n = 0;

	for (const struct defs_opt *o = st->opts; o != NULL && n < OPTS_MAX; o = o->next)
		v[n++] = o;
	qsort(v, n, sizeof(v[0]), by_name);
	return n;
}

/* Two options to a line; a long one has its own. */
struct columns {
	struct con *con;
	char left[96];
};

static void
column_end(struct columns *k)
{
	if (k->left[0] != '\0')
		msg_line(k->con, IST1189I, k->left);
	k->left[0] = '\0';
}

static void
column(struct columns *k, const char *name, const char *value)
{
	char text[96], line[200];

	snprintf(text, sizeof(text), "%-8s = %.70s", name, value);
	if (strlen(text) >= COLUMN) {
		column_end(k);
		msg_line(k->con, IST1189I, text);
	} else if (k->left[0] == '\0') {
		snprintf(k->left, sizeof(k->left), "%s", text);
	} else {
		snprintf(line, sizeof(line), "%-*s%s", COLUMN, k->left, text);
		msg_line(k->con, IST1189I, line);
		k->left[0] = '\0';
	}
}

/* Times by priority: one entry a value. */
static bool
by_priority(struct columns *k, const struct defs_start *st, const char *name)
{
	static const char *const tp[4] = { "LOW", "MEDIUM", "HIGH", "NETWORK" };
	const uint32_t *v = strcmp(name, "HPRPST") == 0 ? st->hprpst_s :
	    strcmp(name, "PSRETRY") == 0 ? st->psretry_s : NULL;
	char text[40];

	if (v == NULL)
		return false;
	for (unsigned i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), "%-12s %uS", tp[i], v[i]);
		column(k, name, text);
	}
	return true;
}

static void
show_current(struct columns *k, const struct defs_start *st, const struct defs_opt *o)
{
	if (by_priority(k, st, o->name))
		return;
	if (strcmp(o->name, "IPADDR") == 0 || strcmp(o->name, "HOSTNAME") == 0) {
		column_end(k);
		msg_line(k->con, IST1904I, o->name, o->value);
		return;
	}
	column(k, o->name, o->value);
}

static const struct oper_orig *
original(const struct oper *op, const char *name)
{
	for (unsigned i = 0; i < op->n_orig; i++)
		if (strcmp(op->orig[i].name, name) == 0)
			return &op->orig[i];
	return NULL;
}

static const char *
origin_text(uint8_t origin, const char *member)
{
	switch ((enum defs_origin)origin) {
	case DO_DEFAULT:
		return "DEFAULT";
	case DO_LIST:
		return member[0] == '\0' ? "LIST" : member;
	case DO_OPERATOR:
		return "OPERATOR";
	}
	return "";
}

static void
show_history(struct con *con, const struct oper *op, const struct defs_opt *o)
{
	const struct oper_orig *was = original(op, o->name);
	const char *value = was == NULL ? o->value : was->value;
	const char *origin = was == NULL ? origin_text(o->origin, o->member) :
	    origin_text(was->origin, was->member);

	if (strlen(o->value) > 18 || strlen(value) > 16) {
		msg_line(con, IST924I);
		msg_line(con, IST1905I, o->name);
		msg_line(con, IST1906I, o->value);
		msg_line(con, IST1907I, value);
		msg_line(con, IST1908I, origin);
	} else {
		msg_line(con, IST1310I, o->name, o->value, value, origin);
	}
}

static void
heading(const struct oper *op, const struct defs_start *st, struct con *con)
{
	struct msg_when w = msg_when(op->started_us, st->dateform);

	msg_line(con, IST1188I, OPER_LEVEL, w.time, w.date);
	/* Our choice: five, five and three digits, the last ones our version. */
	msg_line(con, IST1349I, "0000-00000-001");
	msg_line(con, IST1348I, st->nodetype == NODETYPE_EN ? "END NODE" : "NETWORK NODE");
}

enum oper_do
op_d_vtamopts(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const struct defs_start *st = defs_start(op->defs);
	const struct defs_opt *v[OPTS_MAX];
	const char *name = oper_get(c, "OPTION");
	int form = oper_choice(c, "FORMAT", "CURRENT COMPLETE MODIFIED", con) - 1;
	struct columns k = { .con = con };
	unsigned n = sorted(st, v), hits = 0;

	(void)out;
	if (form == -2)
		return OPER_REJECTED;
	if (form < 0)
		form = FORM_CURRENT;
	for (unsigned i = 0; i < n; i++)
		hits += name == NULL || name_match(name, v[i]->name);
	if (hits == 0)
		return oper_bad(con, "OPTION", name == NULL ? "" : name);
	oper_accept(c, con);
	heading(op, st, con);
	if (form != FORM_CURRENT)
		msg_line(con, IST1309I);
	for (unsigned i = 0; i < n; i++) {
		if (name != NULL && !name_match(name, v[i]->name))
			continue;
		if (form == FORM_CURRENT)
			show_current(&k, st, v[i]);
		else if (form == FORM_COMPLETE || original(op, v[i]->name) != NULL)
			show_history(con, op, v[i]);
	}
	column_end(&k);
	msg_line(con, IST314I);
	return OPER_DONE;
}

static const struct defs_opt *
option(const struct defs_start *st, const char *name)
{
	const struct defs_opt *o = st->opts;

	while (o != NULL && strcmp(o->name, name) != 0)
		o = o->next;
	return o;
}

/* All operands are looked at before one is changed. */
static bool
may_change(struct oper *op, struct oper_cmd *c, struct con *con)
{
	const struct defs_start *st = defs_start(op->defs);

	if (c->n == 0) {
		msg_line(con, IST456I, "OPTION");
		return false;
	}
	for (unsigned i = 0; i < c->n; i++) {
		const char *key = c->opd[i].key;

		if (option(st, key) == NULL) {
			msg_line(con, IST452I, key);
			return false;
		}
		if (!defs_option_dynamic(key)) {
			msg_failed(con, "MODIFY VTAMOPTS", key,
			    "OPTION CAN BE SET AT START ONLY");
			return false;
		}
	}
	return true;
}

static void
remember(struct oper *op, const struct defs_opt *o)
{
	struct oper_orig *was = &op->orig[op->n_orig];

	if (original(op, o->name) != NULL || op->n_orig == OPER_ORIG_MAX)
		return;
	*was = (struct oper_orig){ .name = o->name, .value = o->value, .origin = o->origin };
	memcpy(was->member, o->member, sizeof(was->member));
	op->n_orig++;
}

static bool
change(struct oper *op, const struct oper_opd *opd, struct con *con)
{
	const struct defs_start *st = defs_start(op->defs);
	struct defs_opt was = *option(st, opd->key);
	char text[OPER_LINE_MAX];
	struct deferrs errs;
	bool ok;

	deferrs_init(&errs);
	snprintf(text, sizeof(text), "%s=%s", opd->key, opd->val);
	ok = defs_set_option(op->defs, text, &errs) == 0;
	for (const struct deferr *e = errs.first; e != NULL; e = e->next) {
		con_line(con, e->id, "%s", e->text);
		con_text(con, "%s", e->plain);
	}
	deferrs_fini(&errs);
	if (ok) {
		remember(op, &was);
		pswitch_options(op->node, op->node->now);
	}
	return ok;
}

enum oper_do
op_f_vtamopts(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	bool ok = true;

	(void)out;
	if (!may_change(op, c, con))
		return OPER_REJECTED;
	oper_accept(c, con);
	for (unsigned i = 0; i < c->n; i++)
		ok = change(op, &c->opd[i], con) && ok;
	if (!ok) {
		msg_failed(con, "MODIFY", "VTAMOPTS", "VALUE NOT VALID");
		msg_line(con, IST314I);
		return OPER_REJECTED;
	}
	msg_line(con, IST223I, c->word);
	msg_line(con, IST314I);
	return OPER_DONE;
}
