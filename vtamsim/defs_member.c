/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A major node member: statements in, typed minor nodes out.
 *
 * Sift-down is a copy: a GROUP or PU keeps a model of what stands below it,
 * with all defaults; its operands go into the model, and each lower statement
 * starts as a copy of the model before its own operands are put in. KEY= with
 * nothing behind it takes the field back to VTAM's default.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/defs_load.h"

static const struct {
	const char *vbuild, *text;
	uint8_t type;
} types[] = {
	{ "APPL", "APPL SEGMENT", DM_APPL },
	{ "XCA", "XCA MAJOR NODE", DM_XCA },
	{ "SWNET", "SW SNA MAJ NODE", DM_SWNET },
	{ "LOCAL", "LCL SNA MAJ NODE", DM_LOCAL },
	{ "", "LCL 3270 MAJ NODE", DM_LBUILD },
	{ "MODEL", "MODEL MAJOR NODE", DM_MODEL },
	{ "LUGROUP", "LUGROUP MAJOR NODE", DM_LUGROUP },
	{ "CDRM", "CDRM SEGMENT", DM_CDRM },
	{ "CDRSC", "CDRSC SEGMENT", DM_CDRSC },
	{ "ADJSSCP", "ADJSSCP TABLE", DM_ADJSSCP },
	{ "ADJCP", "ADJCP MAJOR NODE", DM_ADJCP },
	{ "ADJCLUST", "ADJCLUST TABLE", DM_ADJCLUST },
	{ "NETSRVR", "NETSRVR LIST", DM_NETSRVR },
	{ "TRL", "TRL MAJOR NODE", DM_TRL },
	{ "COS", "APPN COS", DM_COS },
	{ "TGP", "TGP", DM_TGP },
	{ "CA", "CA MAJOR NODE", DM_CA },
	{ "LAN", "LAN MAJOR NODE", DM_LAN },
	{ "PACKET", "PACKET MAJOR NODE", DM_PACKET },
	{ "BNCOSMAP", "BNCOSMAP TABLE", DM_BNCOSMAP },
	{ "DYNPATH", "PATH TABLE", DM_PATH },
	{ "DR", "DYNAMIC RECONFIGURATION", DM_NCP },
	{ "NCP", "PU T4/5 MAJOR NODE", DM_NCP }
};
#define NTYPES (sizeof(types) / sizeof(types[0]))

const char *
def_type_text(uint8_t type)
{
	size_t i;

	for (i = 0; i < NTYPES; i++)
		if (types[i].type == type)
			return types[i].text;
	return "TABLE";
}

void
load_err(struct load *ld, const struct load_at *at, const char *reason, const char *plain)
{
	struct defwhere w = { .member = ld->m->name, .operand = at->key, .pos = at->pos };
	struct deferr_kind kind = { at->sev, at->sev == DE_FAIL ? "IST320I" :
		at->sev == DE_WARN ? "IST319I" : "IST322I" };
	char text[96];

	if (at->st != NULL) {
		w.label = at->st->name;
		w.macro = at->st->op;
		if (w.pos.line == 0)
			w.pos = at->st->pos;
	}
	(void)snprintf(text, sizeof(text), "DEFINITION %s %s - %s", ld->m->name,
	    at->sev == DE_FAIL ? "NOT SUCCESSFUL" : at->sev == DE_WARN ? "SUSPECT" : "IGNORED",
	    reason);
	deferr_add(ld->errs, kind, &w, text, "%s", plain);
}

void
load_fail(struct load *ld, const struct vlstmt *st, const char *reason, const char *plain)
{
	struct load_at at = { .sev = DE_FAIL, .st = st };

	load_err(ld, &at, reason, plain);
}

void
load_fail_opd(struct load *ld, const struct vlstmt *st, const char *key, const char *reason,
    const char *plain)
{
	struct load_at at = { .sev = DE_FAIL, .st = st, .key = key };
	const struct vlopd *o = load_opd(st, key);

	if (o != NULL)
		at.pos = o->pos;
	load_err(ld, &at, reason, plain);
}

const struct vlopd *
load_opd(const struct vlstmt *st, const char *key)
{
	const struct vlopd *o;

	for (o = st->opds; o != NULL; o = o->next)
		if (strcmp(o->key, key) == 0)
			return o;
	return NULL;
}

/* An operand is known, but does nothing here: said once a statement kind. */
static void
say_unused(struct load *ld, const struct vlstmt *st, const struct vlopd *o)
{
	struct load_at at = { .sev = DE_INFO, .st = st, .key = o->key, .pos = o->pos };
	unsigned i;

	for (i = 0; i < ld->nunused; i++)
		if (strcmp(ld->unused[i].op, st->op) == 0 &&
		    strcmp(ld->unused[i].key, o->key) == 0)
			return;
	if (ld->nunused < LOAD_UNUSED_MAX) {
		ld->unused[ld->nunused].op = st->op;
		ld->unused[ld->nunused++].key = o->key;
	}
	load_err(ld, &at, "NO FUNCTION", "the operand is accepted and has no function here");
}

static void
put_value(struct load *ld, const struct vlstmt *st, const struct vlopd *o,
    const struct opd_row *r, const struct opd_target *t)
{
	struct load_at at = { .sev = DE_FAIL, .st = st, .key = o->key, .pos = o->val->pos };
	char want[OPD_WANT_MAX], plain[2 * OPD_WANT_MAX];

	if (o->val->kind == VV_EMPTY) {
		if (r->size != 0)
			memcpy((uint8_t *)t->to + r->off, (const uint8_t *)t->dflt + r->off,
			    r->size);
		return;
	}
	if (!opd_set(r, o->val, t->to, want)) {
		(void)snprintf(plain, sizeof(plain), "the value %.40s is wrong: expected %s",
		    o->val->text, want);
		load_err(ld, &at, "INVALID VALUE", plain);
	}
}

/* True when an earlier operand of the statement has the key. */
static bool
is_duplicate(struct load *ld, const struct vlstmt *st, const struct vlopd *o)
{
	struct load_at at = { .sev = DE_WARN, .st = st, .key = o->key, .pos = o->pos };

	if (load_opd(st, o->key) == o)
		return false;
	load_err(ld, &at, "DUPLICATE PARAMETER",
	    "the operand is coded twice: the first one counts");
	return true;
}

static void
one_operand(struct load *ld, const struct vlstmt *st, const struct vlopd *o,
    const struct opd_target *t, unsigned n)
{
	struct load_at at = { .sev = DE_FAIL, .st = st, .key = o->key, .pos = o->pos };
	const struct opd_row *r;
	bool known = false, unused = false;
	char plain[96];
	unsigned i;

	if (o->key[0] == '\0') {
		load_err(ld, &at, "SYNTAX ERROR", "a value stands without a keyword");
		return;
	}
	if (is_duplicate(ld, st, o))
		return;
	for (i = 0; i < n; i++) {
		r = opd_find(t[i].rows, o->key);
		if (r == NULL || (t[i].sift == OPD_SIFT && (r->flags & OF_NOSIFT) != 0))
			continue;
		if (!known)
			unused = (r->flags & OF_UNUSED) != 0;
		known = true;
		put_value(ld, st, o, r, &t[i]);
	}
	if (!known) {
		(void)snprintf(plain, sizeof(plain), "%s has no operand of this name", st->op);
		load_err(ld, &at, "INVALID PARAMETER", plain);
	} else if (unused) {
		say_unused(ld, st, o);
	}
}

const struct def_opd *
load_operands(struct load *ld, const struct vlstmt *st, const struct opd_target *t, unsigned n)
{
	const struct def_opd *first = NULL, **tail = &first;
	const struct vlopd *o;

	for (o = st->opds; o != NULL; o = o->next) {
		struct def_opd *d = arena_get(&ld->m->arena, sizeof(*d));

		one_operand(ld, st, o, t, n);
		d->key = o->key;
		d->value = vlval_text(&ld->m->arena, o->val);
		d->pos = o->pos;
		*tail = d;
		tail = &d->next;
	}
	if (n != 0)
		*tail = t[0].above;
	return first;
}

/* Reserved: IST..., VTAM, VTAMSEG, VTAMSG2, VTAMTERM. */
static bool
name_reserved(const char *s)
{
	return strncmp(s, "IST", 3) == 0 || strcmp(s, "VTAM") == 0 || strcmp(s, "VTAMSEG") == 0 ||
	    strcmp(s, "VTAMSG2") == 0 || strcmp(s, "VTAMTERM") == 0;
}

static bool
name_chars(const char *s, enum load_wild wild)
{
	char plain[9];
	size_t i;

	if (!text_copy(plain, sizeof(plain), s))
		return false;
	for (i = 0; wild == LOAD_WILD && plain[i] != '\0'; i++)
		if (plain[i] == '?' || plain[i] == '*')
			plain[i] = 'A';
	return name_valid(plain, strlen(plain));
}

static void
name_keep(struct load *ld, const struct vlstmt *st, const char *name)
{
	struct load_name *v;

	if (ld->nnames == ld->cap) {
		ld->cap = ld->cap == 0 ? 64 : ld->cap * 2;
		v = realloc(ld->names, ld->cap * sizeof(*v));
		if (v == NULL)
			abort();        /* as arena_get() */
		ld->names = v;
	}
	ld->names[ld->nnames++] = (struct load_name){ name, st };
}

bool
load_name(struct load *ld, const struct vlstmt *st, struct def_head *h, enum load_wild wild)
{
	const char *s = st->name, *dot = strchr(s, '.');

	h->pos = st->pos;
	if (s[0] == '\0') {
		load_fail(ld, st, "MISSING NAME", "the statement needs a name in column 1");
		return false;
	}
	if (dot != NULL && name_valid(s, (size_t)(dot - s))) {
		memcpy(h->netid, s, (size_t)(dot - s));
		s = dot + 1;
	}
	if (!name_chars(s, wild)) {
		load_fail(ld, st, "INVALID NAME",
		    "a name has 1-8 characters: A-Z @ # $, then digits too");
		return false;
	}
	if (name_reserved(s)) {
		load_fail(ld, st, "INVALID NAME", "the name is reserved for VTAM");
		return false;
	}
	(void)text_copy(h->name, sizeof(h->name), s);
	name_keep(ld, st, h->name);
	return true;
}

void
load_generated_name(struct load *ld, const struct vlstmt *st, const struct def_head *h)
{
	name_keep(ld, st, h->name);
}

static int
names_cmp(const void *a, const void *b)
{
	const struct load_name *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	if (c == 0)
		c = x->st->pos.line < y->st->pos.line ? -1 : x->st->pos.line > y->st->pos.line;
	return c;
}

/* All names of a member differ, from each other and from the member's. */
static void
names_check(struct load *ld)
{
	size_t i;

	if (ld->nnames != 0)
		qsort(ld->names, ld->nnames, sizeof(*ld->names), names_cmp);
	for (i = 0; i < ld->nnames; i++) {
		if (strcmp(ld->names[i].name, ld->m->name) == 0)
			load_fail(ld, ld->names[i].st, "INVALID NAME",
			    "the name is the major node's");
		if (i != 0 && strcmp(ld->names[i].name, ld->names[i - 1].name) == 0)
			load_fail(ld, ld->names[i].st, "INVALID NAME",
			    "the name (or a generated one) is already used in this member");
	}
}

void
load_bad_stmt(struct load *ld, const struct vlstmt *st)
{
	char plain[120];

	if (strchr(st->op, '=') != NULL)
		(void)snprintf(plain, sizeof(plain), "operands where a statement is expected: "
		    "is column 72 of line %u blank?", st->pos.line - 1);
	else
		(void)snprintf(plain, sizeof(plain), "%.20s is no statement of a %s", st->op,
		    def_type_text(ld->m->type));
	load_fail(ld, st, strcmp(st->op, "VBUILD") == 0 ? "DUPLICATE MACRO" : "INVALID MACRO",
	    plain);
}

/* VBUILD's own operands: read for SWNET, accepted for all. */
static void
vbuild_operands(struct load *ld, const struct vlstmt *st)
{
	static const struct opd_row rows[] = {
		{ .key = "MAXGRP", .type = OT_NUM, .off = offsetof(struct def_member, maxgrp),
		    .size = 4, .lo = 1, .hi = 32768, .flags = OF_UNUSED },
		{ .key = "MAXNO", .type = OT_NUM, .off = offsetof(struct def_member, maxno),
		    .size = 4, .lo = 1, .hi = 32768, .flags = OF_UNUSED },
		{ .key = "MAXDLUR", .type = OT_NUM, .off = offsetof(struct def_member, maxdlur),
		    .size = 4, .lo = 1, .hi = 32768, .flags = OF_UNUSED },
		{ .key = "TYPE", .type = OT_SKIP }, { .key = "CONFGDS", .type = OT_SKIP },
		{ .key = "CONFGPW", .type = OT_SKIP }, { .key = "ORDER", .type = OT_SKIP },
		{ .key = "SUBAREA", .type = OT_SKIP }, { .key = "NETID", .type = OT_SKIP },
		{ .key = "VTAMTOPO", .type = OT_SKIP }, { .key = NULL }
	};
	static const struct def_member dflt = { .maxgrp = 1, .maxno = 1, .maxdlur = 1 };
	struct opd_target t = { .rows = rows, .to = ld->m, .dflt = &dflt };

	ld->m->maxgrp = ld->m->maxno = ld->m->maxdlur = 1;
	(void)load_operands(ld, st, &t, 1);
}

/* What stands first when it is no VBUILD. */
static uint8_t
type_without_vbuild(const char *op)
{
	static const struct { const char *op; uint8_t type; } first[] = {
		{ "LBUILD", DM_LBUILD }, { "APPL", DM_APPL }, { "PATH", DM_PATH },
		{ "VPATH", DM_PATH }, { "NCPPATH", DM_PATH }, { "APPNCOS", DM_COS },
		{ "TGP", DM_TGP }, { "PCCU", DM_NCP }, { "BUILD", DM_NCP },
		{ "MODETAB", DM_TABLE }, { "USSTAB", DM_TABLE }, { "COSTAB", DM_TABLE },
		{ "INTAB", DM_TABLE }, { "MDLTAB", DM_TABLE }, { "ASLTAB", DM_TABLE }
	};
	size_t i;

	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		if (strcmp(op, first[i].op) == 0)
			return first[i].type;
	return 0;
}

static uint8_t
type_of_vbuild(struct load *ld, const struct vlstmt *st)
{
	const struct vlopd *o = load_opd(st, "TYPE");
	size_t i;

	if (o == NULL || o->val->kind == VV_EMPTY)
		return DM_APPL;         /* VBUILD's default */
	for (i = 0; i < NTYPES; i++)
		if (types[i].vbuild[0] != '\0' && strcmp(types[i].vbuild, o->val->text) == 0)
			return types[i].type;
	load_fail_opd(ld, st, "TYPE", "INVALID VALUE", "no major node has this type");
	return 0;
}

static const struct vlstmt *
member_type(struct load *ld, const struct vlstmt *st)
{
	struct load_at at = { .sev = DE_WARN, .st = st };

	if (st == NULL) {
		load_fail(ld, NULL, "MISSING MACRO", "the member holds no statement");
		return NULL;
	}
	if (strcmp(st->op, "VBUILD") == 0) {
		ld->m->type = type_of_vbuild(ld, st);
		vbuild_operands(ld, st);
		return st->next;
	}
	ld->m->type = type_without_vbuild(st->op);
	if (ld->m->type == 0)
		load_fail(ld, st, "MISSING MACRO", "the first statement must be VBUILD");
	else if (ld->m->type == DM_APPL)
		load_err(ld, &at, "MISSING MACRO", "VBUILD is missing: TYPE=APPL is assumed");
	return st;
}

void
load_not_supported(struct load *ld)
{
	struct defwhere w = { .member = ld->m->name, .pos = { 1, 1 } };
	char text[96], plain[96];

	(void)snprintf(text, sizeof(text), "DEFINITION %s IGNORED - NOT SUPPORTED", ld->m->name);
	(void)snprintf(plain, sizeof(plain), "a %s is recognised and has no function in this node",
	    def_type_text(ld->m->type));
	deferr_add(ld->errs, (struct deferr_kind){ DE_WARN, "IST322I" }, &w,
	    text, "%s", plain);
	ld->m->supported = 0;
}

static void
load_statements(struct load *ld, const struct vlmember *in)
{
	const struct vlstmt *st = member_type(ld, in->first);

	switch (ld->m->type) {
	case DM_APPL:
		load_appl(ld, st);
		break;
	case DM_XCA:
		load_xca(ld, st);
		break;
	case DM_SWNET:
		load_swnet(ld, st);
		break;
	case 0:
		break;
	default:
		load_not_supported(ld);
		break;
	}
	names_check(ld);
}

struct def_member *
defs_load_member(struct defs *d, const char *name, struct deferrs *errs)
{
	struct load ld = { .d = d, .errs = errs };
	unsigned before = errs->fails;
	struct vlmember in;

	defs_table_forget(d, NULL);
	ld.m = calloc(1, sizeof(*ld.m));
	if (ld.m == NULL)
		return NULL;
	arena_init(&ld.m->arena);
	if (defs_member_name(name))
		(void)text_copy(ld.m->name, sizeof(ld.m->name), name);
	ld.m->supported = 1;
	if (defs_scan(d, name, VL_D1, &ld.m->arena, &in, errs) == 0) {
		ld.m->nstmt = in.nstmt;
		load_statements(&ld, &in);
	}
	free(ld.names);
	if (errs->fails != before) {
		def_member_free(ld.m);
		return NULL;
	}
	return ld.m;
}

void
def_member_free(struct def_member *m)
{
	if (m == NULL)
		return;
	arena_fini(&m->arena);
	free(m);
}
