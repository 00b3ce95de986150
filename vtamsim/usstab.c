/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USS tables: USSTAB, USSCMD, USSPARM, USSMSG, USSEND with the DC areas of
 * BUFFER=, the built-in ISTINCDT, and INTERPRET tables.
 */
#include <stdio.h>
#include <string.h>

#include "base/ebcdic.h"
#include "vtamsim/uss_in.h"

struct build {
	struct arena *arena;
	const char *member;
	struct deferrs *errs;
	const struct vlmember *in;
	struct ussarea area;
	struct usstab *tab;
	struct usscmd *cmd, **tail;
	bool bad, begun;
};

static void
report(struct build *b, enum deferr_sev sev, const struct vlstmt *st, const struct vlopd *o,
    const char *const why[2])
{
	struct defwhere w = { .member = b->member, .label = st->name, .macro = st->op,
		.operand = o == NULL ? NULL : o->key, .pos = o == NULL ? st->pos : o->pos };
	char text[96];

	if (sev == DE_FAIL)
		b->bad = true;
	(void)snprintf(text, sizeof(text), sev == DE_FAIL ? "BUILD FAILED FOR TABLE %s - %s" :
	    "TABLE %s - %s", b->member, why[0]);
	deferr_add(b->errs, (struct deferr_kind){ sev, sev == DE_FAIL ? "IST979I" : "IST322I" }, &w,
	    text, "%s", why[1]);
}

static void
fail(struct build *b, const struct vlstmt *st, const struct vlopd *o, const char *reason,
    const char *plain)
{
	const char *why[2] = { reason, plain };

	report(b, DE_FAIL, st, o, why);
}

static const char *
text_of(const struct vlopd *o)
{
	const struct vlval *v = vlval_at(o->val, 0);

	return v == NULL ? "" : v->text;
}

static bool
short_name(const char *s, char to[9])
{
	return s[0] != '\0' && text_copy(to, 9, s);
}

static void
usstab_stmt(struct build *b, const struct vlstmt *st)
{
	static const char *const table[2] = { "INVALID VALUE",
		"the translation table is no label of a 256-byte area here: STDTRANS is used" };
	const struct usslabel *l;
	const struct vlopd *o;

	b->begun = true;
	for (o = st->opds; o != NULL; o = o->next) {
		const char *s = text_of(o);

		if (strcmp(o->key, "DATEFRM") == 0) {
			if (strcmp(s, "MDY") != 0 && strcmp(s, "DMY") != 0 && strcmp(s, "YMD") != 0)
				fail(b, st, o, "INVALID VALUE", "expected MDY, DMY or YMD");
			(void)text_copy(b->tab->datefrm, sizeof(b->tab->datefrm), s);
		} else if (strcmp(o->key, "DATEDLM") == 0 && s[0] != '\0') {
			b->tab->datedlm = s[0];
		} else if (strcmp(o->key, "TIMEDLM") == 0 && s[0] != '\0') {
			b->tab->timedlm = s[0];
		} else if (strcmp(o->key, "TABLE") == 0) {
			l = ussarea_label(&b->area, s, strlen(s));
			if (l != NULL && l->value >= 0 && l->value + 256 <= b->area.len)
				b->tab->upper = b->area.mem + l->value;
			else if (strcmp(s, "STDTRANS") != 0)
				report(b, DE_WARN, st, o, table);
		} else if (strcmp(o->key, "FORMAT") != 0 && strcmp(o->key, "LANG") != 0) {
			fail(b, st, o, "INVALID PARAMETER", "USSTAB has no operand of this name");
		}
	}
}

static void
usscmd_stmt(struct build *b, const struct vlstmt *st)
{
	struct usscmd *c = arena_get(b->arena, sizeof(*c));
	const struct vlopd *o;

	c->pl1 = 1;
	for (o = st->opds; o != NULL; o = o->next) {
		const char *s = text_of(o);

		if (strcmp(o->key, "CMD") == 0) {
			if (!short_name(s, c->cmd))
				fail(b, st, o, "INVALID VALUE", "a command has 1-8 characters");
		} else if (strcmp(o->key, "REP") == 0) {
			if (!short_name(s, c->rep))
				fail(b, st, o, "INVALID VALUE", "a command has 1-8 characters");
		} else if (strcmp(o->key, "FORMAT") == 0) {
			c->pl1 = strcmp(s, "PL1") == 0;
			if (!c->pl1 && strcmp(s, "BAL") != 0)
				fail(b, st, o, "INVALID VALUE", "expected PL1 or BAL");
		} else {
			fail(b, st, o, "INVALID PARAMETER", "USSCMD has no operand of this name");
		}
	}
	if (c->cmd[0] == '\0')
		fail(b, st, NULL, "MISSING PARAMETER", "USSCMD needs CMD=");
	if (c->rep[0] == '\0')
		(void)text_copy(c->rep, sizeof(c->rep), c->cmd);
	*b->tail = c;
	b->tail = &c->next;
	b->cmd = c;
}

static void
ussparm_stmt(struct build *b, const struct vlstmt *st)
{
	struct ussparm *p;
	const struct vlopd *o;

	if (b->cmd == NULL || b->cmd->nparm == USS_PARMS_MAX) {
		fail(b, st, NULL, "SEQUENCE ERROR", b->cmd == NULL ?
		    "USSPARM must follow a USSCMD" :
		    "a command has at most 16 parameters");
		return;
	}
	p = &b->cmd->parm[b->cmd->nparm++];
	for (o = st->opds; o != NULL; o = o->next) {
		const char *s = text_of(o);

		if (strcmp(o->key, "PARM") == 0) {
			if (!short_name(s, p->parm))
				fail(b, st, o, "INVALID VALUE", "a parameter has 1-8 characters");
		} else if (strcmp(o->key, "REP") == 0) {
			if (!short_name(s, p->rep))
				fail(b, st, o, "INVALID VALUE", "a parameter has 1-8 characters");
		} else if (strcmp(o->key, "DEFAULT") == 0) {
			p->dflt = s;
		} else if (strcmp(o->key, "VALUE") == 0) {
			p->value = s;
		} else {
			fail(b, st, o, "INVALID PARAMETER", "USSPARM has no operand of this name");
		}
	}
	if (p->parm[0] == '\0')
		fail(b, st, NULL, "MISSING PARAMETER", "USSPARM needs PARM=");
	if (p->rep[0] == '\0')
		(void)text_copy(p->rep, sizeof(p->rep), p->parm);
}

/* TEXT='..' or (C'..',X'15',..,LUNAME): pieces one behind the other. */
static void
msg_text(struct build *b, const struct vlstmt *st, const struct vlopd *o, struct ussmsg *m)
{
	uint8_t *to = arena_get(b->arena, USS_TEXT_MAX);
	uint32_t i, n = vlval_count(o->val);
	size_t len = 0;

	for (i = 0; i < n; i++) {
		const struct vlval *v = vlval_at(o->val, i);

		if (v == NULL || v->kind == VV_LIST)
			continue;
		if (v->kind == VV_ITEM) {
			if (strcmp(v->text, "LUNAME") != 0 && strcmp(v->text, "SCAN") != 0)
				fail(b, st, o, "INVALID VALUE",
				    "expected quoted text, LUNAME or SCAN");
		} else if (len + v->len > USS_TEXT_MAX) {
			fail(b, st, o, "INVALID VALUE", "the text is too long");
		} else if (v->type == 'X') {
			int k = vlval_hex(v, to + len, USS_TEXT_MAX - len);

			if (k < 0)
				fail(b, st, o, "INVALID VALUE", "a hexadecimal digit is wrong");
			len += k < 0 ? 0 : (size_t)k;
		} else {
			ebc_put(to + len, v->text, v->len);
			len += v->len;
		}
	}
	m->data = to;
	m->len = (uint16_t)len;
	m->scan = 1;
}

/* BUFFER=(label[,SCAN]): a halfword length, then the data. The halfword may
 * count itself or not: both occur, so the end label decides where there is one. */
static void
msg_buffer(struct build *b, const struct vlstmt *st, const struct vlopd *o, struct ussmsg *m)
{
	const struct vlval *opt = vlval_at(o->val, 1);
	const char *name = text_of(o);
	const struct usslabel *l = ussarea_label(&b->area, name, strlen(name));
	uint32_t at, n, end;

	if (l == NULL || l->value < 0 || l->value + 2 > b->area.len) {
		fail(b, st, o, "INVALID VALUE", "no DC area of this member has the label");
		return;
	}
	at = (uint32_t)l->value;
	n = (uint32_t)b->area.mem[at] << 8 | b->area.mem[at + 1];
	end = l->has_end ? l->end : at + 2 + n;
	if (!l->has_end && end > b->area.len)
		end = at + n;           /* it counted itself */
	if (end < at + 2 || end > b->area.len || end - at - 2 > USS_TEXT_MAX) {
		fail(b, st, o, "INVALID VALUE", "the length of the buffer does not fit its area");
		return;
	}
	if (opt != NULL && strcmp(opt->text, "SCAN") != 0 && strcmp(opt->text, "LUNAME") != 0)
		fail(b, st, o, "INVALID VALUE", "the second value may be SCAN or LUNAME");
	m->buffer = 1;
	m->scan = opt != NULL;
	m->data = b->area.mem + at + 2;
	m->len = (uint16_t)(end - at - 2);
}

static bool
msg_number(const char *s, unsigned *nr)
{
	if (s[0] < '0' || s[0] > '9' || strlen(s) > 2)
		return false;
	*nr = (unsigned)(s[0] - '0');
	if (s[1] >= '0' && s[1] <= '9')
		*nr = *nr * 10 + (unsigned)(s[1] - '0');
	else if (s[1] != '\0')
		return false;
	return *nr < USS_MSG_MAX;
}

/* MSG=nn or MSG=(1,2,5): the same message for several numbers. */
static void
ussmsg_stmt(struct build *b, const struct vlstmt *st)
{
	struct ussmsg m = { .have = 1 };
	const struct vlopd *o, *msg = NULL;
	unsigned nr;
	uint32_t i;

	for (o = st->opds; o != NULL; o = o->next) {
		const char *s = text_of(o);

		if (strcmp(o->key, "MSG") == 0)
			msg = o;
		else if (strcmp(o->key, "TEXT") == 0)
			msg_text(b, st, o, &m);
		else if (strcmp(o->key, "BUFFER") == 0)
			msg_buffer(b, st, o, &m);
		else if (strcmp(o->key, "SUPP") == 0)
			m.never = strcmp(s, "ALWAYS") == 0;
		else if (strcmp(o->key, "OPT") != 0)
			fail(b, st, o, "INVALID PARAMETER", "USSMSG has no operand of this name");
	}
	if (msg == NULL || (m.data == NULL && !m.never)) {
		fail(b, st, NULL, "MISSING PARAMETER", "USSMSG needs MSG= and TEXT= or BUFFER=");
		return;
	}
	for (i = 0; i < vlval_count(msg->val); i++) {
		const struct vlval *v = vlval_at(msg->val, i);

		if (v == NULL || !msg_number(v->text, &nr))
			fail(b, st, msg, "INVALID VALUE", "message numbers are 0-14");
		else
			b->tab->msg[nr] = m;
	}
}

static bool
is_ignored(const char *op)
{
	static const char *const ign[] = { "TITLE", "SPACE", "EJECT", "PRINT", "CSECT", "ENTRY",
		"COPY", "END", "USING", "AMODE", "RMODE", "MEND", "DSECT", "EXTRN" };
	size_t i;

	for (i = 0; i < sizeof(ign) / sizeof(ign[0]); i++)
		if (strcmp(op, ign[i]) == 0)
			return true;
	return uss_asm_op(op);
}

static void
statements(struct build *b)
{
	const struct vlstmt *st;
	bool ended = false;

	for (st = b->in->first; st != NULL; st = st->next) {
		if (strcmp(st->op, "USSTAB") == 0)
			usstab_stmt(b, st);
		else if (ended || is_ignored(st->op))
			continue;
		else if (!b->begun)
			fail(b, st, NULL, "MISSING MACRO", "the table must start with USSTAB");
		else if (strcmp(st->op, "USSCMD") == 0)
			usscmd_stmt(b, st);
		else if (strcmp(st->op, "USSPARM") == 0)
			ussparm_stmt(b, st);
		else if (strcmp(st->op, "USSMSG") == 0)
			ussmsg_stmt(b, st);
		else if (strcmp(st->op, "USSEND") == 0)
			ended = true;
		else
			fail(b, st, NULL, "INVALID MACRO",
			    "a USS table has no statement of this name");
	}
}

static void
tab_init(struct usstab *t, const char *name)
{
	*t = (struct usstab){ .datefrm = "MDY", .datedlm = '/', .timedlm = ':' };
	(void)text_copy(t->name, sizeof(t->name), name);
}

const struct usstab *
usstab_build(struct arena *a, const struct vlmember *in, const char *member, struct deferrs *errs)
{
	static const struct vlstmt none = { .name = "", .op = "USSTAB" };
	struct build b = { .arena = a, .member = member, .errs = errs, .in = in,
		.tab = arena_get(a, sizeof(*b.tab)) };
	struct usscmd *first = NULL;

	tab_init(b.tab, member);
	b.tail = &first;
	if (!uss_assemble(a, in, member, &b.area, errs))
		return NULL;
	statements(&b);
	if (!b.begun)
		fail(&b, &none, NULL, "MISSING MACRO", "the member has no USSTAB statement");
	b.tab->cmds = first;
	return b.bad ? NULL : b.tab;
}

const char *
usstab_name(const struct usstab *t)
{
	return t->name;
}

bool
usstab_has(const struct usstab *t, unsigned nr)
{
	return nr < USS_MSG_MAX && t->msg[nr].have;
}

bool
usstab_is_3270(const struct usstab *t, unsigned nr)
{
	const struct ussmsg *m;

	if (!usstab_has(t, nr))
		return false;
	m = &t->msg[nr];
	/* Erase/Write, Erase/Write Alternate, Write; SNA codes and the old ones. */
	return m->buffer && m->len >= 2 && (m->data[0] == 0xf5 || m->data[0] == 0x7e ||
	    m->data[0] == 0xf1);
}

struct logchar {
	const struct logchar *next;
	struct sna_name appl;
	uint16_t len;
	uint8_t seq[USS_INPUT_MAX];
};

struct intab {
	char name[9];
	const struct logchar *first;
};

static void
logchar_stmt(struct build *b, const struct vlstmt *st, struct logchar *l)
{
	const struct vlopd *o;

	for (o = st->opds; o != NULL; o = o->next) {
		const struct vlval *kind = vlval_at(o->val, 0), *name = vlval_at(o->val, 1);

		if (strcmp(o->key, "APPLID") == 0) {
			if (kind == NULL || name == NULL || strcmp(kind->text, "APPLICID") != 0 ||
			    !name_set(&l->appl, name->text))
				fail(b, st, o, "INVALID VALUE",
				    "expected (APPLICID,name): there are no user routines here");
		} else if (strcmp(o->key, "SEQNCE") == 0 && kind != NULL) {
			l->len = (uint16_t)(kind->len > USS_INPUT_MAX ? USS_INPUT_MAX : kind->len);
			ebc_put(l->seq, kind->text, l->len);
		} else {
			fail(b, st, o, "INVALID PARAMETER", "LOGCHAR has no operand of this name");
		}
	}
	if (l->appl.len == 0)
		fail(b, st, NULL, "MISSING PARAMETER", "LOGCHAR needs APPLID=");
}

const struct intab *
intab_build(struct arena *a, const struct vlmember *in, const char *member, struct deferrs *errs)
{
	static const struct vlstmt none = { .name = "", .op = "INTAB" };
	struct build b = { .arena = a, .member = member, .errs = errs };
	struct intab *t = arena_get(a, sizeof(*t));
	const struct logchar **tail = &t->first;
	const struct vlstmt *st;

	(void)text_copy(t->name, sizeof(t->name), member);
	for (st = in->first; st != NULL && strcmp(st->op, "ENDINTAB") != 0; st = st->next) {
		if (strcmp(st->op, "INTAB") == 0) {
			b.begun = true;
		} else if (strcmp(st->op, "LOGCHAR") == 0 && b.begun) {
			struct logchar *l = arena_get(a, sizeof(*l));

			logchar_stmt(&b, st, l);
			*tail = l;
			tail = &l->next;
		} else if (!is_ignored(st->op)) {
			fail(&b, st, NULL, "INVALID MACRO",
			    "an INTERPRET table has INTAB and LOGCHAR");
		}
	}
	if (!b.begun)
		fail(&b, &none, NULL, "MISSING MACRO", "the member has no INTAB statement");
	return b.bad ? NULL : t;
}

bool
intab_match(const struct intab *t, const uint8_t *text, size_t n, struct uss_cmd *cmd)
{
	const struct logchar *l;

	for (l = t->first; l != NULL; l = l->next) {
		if (l->len > n || memcmp(l->seq, text, l->len) != 0)
			continue;
		*cmd = (struct uss_cmd){ .verb = USS_V_LOGON, .appl = l->appl };
		cmd->data_len = (uint8_t)(n > USS_DATA_MAX ? USS_DATA_MAX : n);
		memcpy(cmd->data, text, cmd->data_len);
		return true;
	}
	return false;
}
