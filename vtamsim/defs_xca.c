/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TYPE=XCA: PORT, then GROUPs, each with AUTOGEN or with LINE and PU pairs.
 * MEDIUM=HPRIP is Enterprise Extender; LAN media are read and have no function.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/defs_load.h"

#define AUTOGEN_MAX 4096        /* three hexadecimal digits */

struct xca {
	struct load *ld;
	struct def_port *port;
	struct def_group *group;
	struct def_group group_dflt;    /* VTAM's and the PORT's */
	struct def_line line_dflt;      /* the GROUP's */
	struct def_line *line;          /* waits for its PU */
	const struct def_group **gtail;
	const struct def_line **ltail;
	bool lan;
	char cuaddr[5];
};

static const struct def_tg tg_dflt = { .capacity = 0x7d, .capacity_kbps = 8000, .pdelay = 0x71,
	.security = 0x01, .uparm = { 128, 128, 128 } };

static void
port_init(struct def_port *p, const struct defs_start *s)
{
	static const uint8_t tos[5] = { 0x20, 0x40, 0x80, 0xc0, 0xc0 };

	*p = (struct def_port){ .ipport = 12000, .livtime = { 10, 0 }, .srqtime = 15,
		.srqretry = 3, .sapaddr = 4, .hpreeliv = 1, .eeverify = s->eeverify,
		.vntype = DEF_VN_NONE, .unrchtim = s->unrchtim[0], .tg = tg_dflt };
	memcpy(p->iptos, tos, sizeof(tos));
}

static void
port_lan(struct xca *x, const struct vlstmt *st)
{
	const struct vlopd *o = load_opd(st, "CUADDR");

	x->lan = true;
	if (o != NULL && o->val->len <= 4) {
		memset(x->cuaddr, '0', 4);
		memcpy(x->cuaddr + 4 - o->val->len, o->val->text, o->val->len);
	}
	load_not_supported(x->ld);
}

static void
port_stmt(struct xca *x, const struct vlstmt *st)
{
	struct load *ld = x->ld;
	struct def_port *p = arena_get(&ld->m->arena, sizeof(*p)), dflt;
	struct opd_target t = { .rows = opd_port, .to = p, .dflt = &dflt };

	if (x->port != NULL) {
		load_fail(ld, st, "DUPLICATE MACRO", "an XCA major node has one PORT");
		return;
	}
	port_init(&dflt, &ld->d->start);
	*p = dflt;
	x->port = p;
	ld->m->port = p;
	if (st->name[0] != '\0')
		(void)load_name(ld, st, &p->h, LOAD_PLAIN);
	p->h.pos = st->pos;
	p->h.opds = load_operands(ld, st, &t, 1);
	if (load_opd(st, "MEDIUM") == NULL)
		load_fail_opd(ld, st, "MEDIUM", "MISSING PARAMETER", "MEDIUM must be coded: HPRIP");
	else if (p->medium == MEDIUM_LAN)
		port_lan(x, st);
	if (p->sapaddr % 4 != 0)
		load_fail_opd(ld, st, "SAPADDR", "INVALID VALUE", "a SAP is a multiple of 4");
}

static void
group_defaults(struct xca *x)
{
	const struct defs_start *s = &x->ld->d->start;
	const struct def_port *p = x->port;
	struct def_group *g = &x->group_dflt;

	*g = (struct def_group){ .call = DEF_CALL_IN, .answer = 1, .isactive = 1,
		.dynlu = s->dynlu, .ipaddr = s->ipaddr, .livtime = p->livtime,
		.srqtime = p->srqtime, .srqretry = p->srqretry, .hpreeliv = p->hpreeliv,
		.eeverify = p->eeverify, .vntype = DEF_VN_NONE,
		.unrchtim = p->unrchtim, .tg = p->tg };
	(void)text_copy(g->dynpupfx, sizeof(g->dynpupfx), s->dynpupfx);
	(void)text_copy(g->dynvnpfx, sizeof(g->dynvnpfx), s->dynvnpfx);
	(void)text_copy(g->hostname, sizeof(g->hostname), s->hostname);
}

static void
add_line(struct xca *x, struct def_line *l)
{
	*x->ltail = l;
	x->ltail = &l->next;
	x->group->nlines++;
}

/* Three hexadecimal digits behind the prefix, on a LAN the address between. */
static void
autogen_name(const struct xca *x, struct def_head *h, const char *pfx, uint32_t i)
{
	char digits[4];

	(void)snprintf(digits, sizeof(digits), "%03X", i & 0xfff);
	(void)text_copy(h->name, sizeof(h->name), pfx);
	(void)text_copy(h->name + strlen(pfx), sizeof(h->name) - strlen(pfx), x->cuaddr);
	(void)text_copy(h->name + strlen(h->name), sizeof(h->name) - strlen(h->name), digits);
}

static void
autogen_lines(struct xca *x, const struct vlstmt *st, uint32_t n, const char *const pfx[2])
{
	struct def_head *pu;
	uint32_t i;

	for (i = 0; i < n; i++) {
		struct def_line *l = arena_get(&x->ld->m->arena, sizeof(*l));

		*l = x->line_dflt;
		l->generated = 1;
		l->pu_isactive = 1;
		l->h.pos = st->pos;
		autogen_name(x, &l->h, pfx[0], i);
		load_generated_name(x->ld, st, &l->h);
		pu = arena_get(&x->ld->m->arena, sizeof(*pu));
		autogen_name(x, pu, pfx[1], i);
		load_generated_name(x->ld, st, pu);
		(void)text_copy(l->pu, sizeof(l->pu), pu->name);
		add_line(x, l);
	}
}

/* AUTOGEN=(n,linepfx,pupfx): three hexadecimal digits follow the prefix; on a
 * LAN the adapter's address stands between. */
static void
autogen(struct xca *x, const struct vlstmt *st)
{
	static const char want[] = "expected (n,lineprefix,puprefix): n 1-4096, prefixes of 1-5 "
	    "characters (1 on a LAN) that differ";
	const struct vlopd *o = load_opd(st, "AUTOGEN");
	const struct vlval *n, *l, *p;
	size_t max = x->lan ? 1 : 5;
	const char *pfx[2];
	char *end;
	unsigned long count;

	if (o == NULL || o->val->kind == VV_EMPTY)
		return;
	n = vlval_at(o->val, 0);
	l = vlval_at(o->val, 1);
	p = vlval_at(o->val, 2);
	if (n == NULL || l == NULL || p == NULL || vlval_count(o->val) != 3 || l->len > max ||
	    p->len > max || !name_valid(l->text, l->len) || !name_valid(p->text, p->len) ||
	    strcmp(l->text, p->text) == 0) {
		load_fail_opd(x->ld, st, "AUTOGEN", "INVALID VALUE", want);
		return;
	}
	count = strtoul(n->text, &end, 10);
	if (*end != '\0' || n->len > 4 || count < 1 || count > AUTOGEN_MAX) {
		load_fail_opd(x->ld, st, "AUTOGEN", "INVALID VALUE", want);
		return;
	}
	pfx[0] = l->text;
	pfx[1] = p->text;
	x->group->autogen = (uint32_t)count;
	autogen_lines(x, st, (uint32_t)count, pfx);
}

/* Of IPADDR and HOSTNAME the one coded last counts, as for the start options. */
static void
group_address(struct xca *x, const struct vlstmt *st)
{
	const struct vlopd *a = load_opd(st, "IPADDR"), *h = load_opd(st, "HOSTNAME"), *o;
	struct load_at at = { .sev = DE_WARN, .st = st };

	if (a != NULL && h == NULL)
		x->group->hostname[0] = '\0';
	if (h != NULL && a == NULL)
		x->group->ipaddr = (struct ipaddr){ 0 };
	if (a == NULL || h == NULL)
		return;
	for (o = a; o != NULL && o != h; o = o->next)
		;
	at.key = o == NULL ? "HOSTNAME" : "IPADDR";
	at.pos = o == NULL ? h->pos : a->pos;
	load_err(x->ld, &at, "PARAMETER CONFLICT",
	    "IPADDR and HOSTNAME exclude each other: the one coded last counts");
	if (o == NULL)
		x->group->hostname[0] = '\0';
	else
		x->group->ipaddr = (struct ipaddr){ 0 };
}

static void
group_stmt(struct xca *x, const struct vlstmt *st)
{
	struct load *ld = x->ld;
	struct def_group *g;
	struct opd_target t = { .rows = opd_xgroup, .dflt = &x->group_dflt };

	if (x->port == NULL) {
		load_fail(ld, st, "SEQUENCE ERROR", "PORT must come before GROUP");
		return;
	}
	group_defaults(x);
	g = arena_get(&ld->m->arena, sizeof(*g));
	*g = x->group_dflt;
	x->group = g;
	x->line = NULL;
	x->ltail = &g->lines;
	t.to = g;
	if (!load_name(ld, st, &g->h, LOAD_PLAIN))
		return;
	g->h.opds = load_operands(ld, st, &t, 1);
	if (!x->lan && !g->dial)
		load_fail_opd(ld, st, "DIAL", "INVALID VALUE",
		    "DIAL=YES is required with MEDIUM=HPRIP");
	group_address(x, st);
	x->line_dflt = (struct def_line){ .isactive = g->isactive, .call = g->call,
		.answer = g->answer };
	autogen(x, st);
	*x->gtail = g;
	x->gtail = &g->next;
}

static void
line_stmt(struct xca *x, const struct vlstmt *st)
{
	struct def_line *l;
	struct opd_target t = { .rows = opd_line, .dflt = &x->line_dflt };

	if (x->group == NULL || x->group->autogen != 0) {
		load_fail(x->ld, st, "SEQUENCE ERROR", x->group == NULL ?
		    "LINE must come after a GROUP" : "a GROUP with AUTOGEN has no LINE statements");
		return;
	}
	l = arena_get(&x->ld->m->arena, sizeof(*l));
	*l = x->line_dflt;
	l->pu_isactive = 1;
	t.to = l;
	x->line = NULL;
	if (!load_name(x->ld, st, &l->h, LOAD_PLAIN))
		return;
	l->h.opds = load_operands(x->ld, st, &t, 1);
	x->line = l;
	add_line(x, l);
}

static void
pu_stmt(struct xca *x, const struct vlstmt *st)
{
	static const struct def_line dflt = { .pu_isactive = 1 };
	struct def_head *h;
	struct opd_target t = { .rows = opd_xpu, .to = x->line, .dflt = &dflt };

	if (x->line == NULL || x->line->pu[0] != '\0') {
		load_fail(x->ld, st, "SEQUENCE ERROR", "each LINE is followed by one PU");
		return;
	}
	h = arena_get(&x->ld->m->arena, sizeof(*h));
	if (!load_name(x->ld, st, h, LOAD_PLAIN))
		return;
	(void)text_copy(x->line->pu, sizeof(x->line->pu), h->name);
	(void)load_operands(x->ld, st, &t, 1);
}

/* VNGROUP names a GROUP of this member. */
static void
vngroup_check(struct xca *x, const struct vlstmt *port)
{
	const struct def_group *g;

	if (x->port == NULL || x->port->vngroup[0] == '\0')
		return;
	for (g = x->ld->m->groups; g != NULL; g = g->next)
		if (strcmp(g->h.name, x->port->vngroup) == 0)
			return;
	load_fail_opd(x->ld, port, "VNGROUP", "INVALID VALUE",
	    "no GROUP of this member has the name");
}

void
load_xca(struct load *ld, const struct vlstmt *st)
{
	struct xca x = { .ld = ld, .gtail = &ld->m->groups };
	const struct vlstmt *port = st;

	for (; st != NULL; st = st->next) {
		if (strcmp(st->op, "PORT") == 0) {
			port = st;
			port_stmt(&x, st);
		} else if (strcmp(st->op, "GROUP") == 0)
			group_stmt(&x, st);
		else if (strcmp(st->op, "LINE") == 0)
			line_stmt(&x, st);
		else if (strcmp(st->op, "PU") == 0)
			pu_stmt(&x, st);
		else
			load_bad_stmt(ld, st);
	}
	if (x.port == NULL)
		load_fail(ld, NULL, "MISSING MACRO", "an XCA major node needs a PORT");
	else
		vngroup_check(&x, port);
}
