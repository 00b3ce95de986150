/* SPDX-License-Identifier: Apache-2.0
 *
 * D TCPIP,,TELNET,CLIENTID and OBJECT: what a profile maps to whom, seen from
 * one side or the other, and how many connections use it.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/op_telnet_in.h"
#include "tn3270e/parm_letters.h"
#include "tn3270e/profile_mon.h"
#include "vtamsim/msg.h"

#define ROWS_MAX 4096

/* One mapping: an object for a client identifier. */
struct row {
	const char *type, *object, *item;
	char opts[9];           /* letters: see options() */
	const struct tnp_clid *clid;
	uint32_t conns;
};

struct table {
	struct row *v;
	unsigned n, lost;
	const struct worker_query *q;
	const struct tnd_result *r;
	struct con *con;
	uint32_t lines;         /* of the display, shown or not */
};

static const struct tnp_clid everyone = { .kind = CK_NULL };

static const char *
clid_type(const struct tnp_clid *c)
{
	return tnp_clid_type(c->kind);
}

static const char *
clid_name(const struct tnp_clid *c)
{
	return c->name[0] != '\0' ? c->name : "NULL";
}

/* --- collecting --- */

/* G generic S specific, K KEEPOPEN, F FIRSTONLY, L LOGAPPL Q QINIT, D DEFONLY,
 * C DISCONNECTABLE, R RESTRICTAPPL: our choice of places. */
static void
options(struct row *r, char kind, bool keepopen, uint8_t opts)
{
	snprintf(r->opts, sizeof(r->opts), "%c%c%c%c%c%c%c-", kind, keepopen ? 'K' : '-',
	    (opts & TNA_FIRSTONLY) != 0 ? 'F' : '-',
	    (opts & TNA_LOGAPPL) != 0 ? 'L' : (opts & TNA_QINIT) != 0 ? 'Q' : '-',
	    (opts & TNA_DEFONLY) != 0 ? 'D' : '-', (opts & TNA_DISCONNECTABLE) != 0 ? 'C' : '-',
	    (opts & TNA_RESTRICTED) != 0 ? 'R' : '-');
}

static bool
type_wanted(const char *want, const char *type)
{
	static const char *const many[][5] = {
		{ "APPLS", "ARAPPL", "DEFAPPL", "LINEAPPL", "PRTAPPL" },
		{ "LUS", "LU", "LUGRP", "SLUGRP", "DEFLUS" },
		{ "DEFAULTS", "DEFLUS", "DEFLUSSPEC", "DEFPRT", "DEFPRTSPEC" },
	};

	if (want[0] == '\0' || strcmp(want, type) == 0)
		return true;
	for (unsigned i = 0; i < sizeof(many) / sizeof(many[0]); i++)
		for (unsigned k = 1; strcmp(want, many[i][0]) == 0 && k < 5; k++)
			if (strcmp(many[i][k], type) == 0)
				return true;
	return false;
}

static void
add(struct table *rs, struct row r, const void *used)
{
	const struct worker_query *q = rs->q;
	const char *name = q->by_object ? r.object : clid_name(r.clid);

	if (!type_wanted(q->type, q->by_object ? r.type : clid_type(r.clid)))
		return;
	if (q->id[0] != '\0' && strcasecmp(q->id, name) != 0)
		return;
	r.conns = using_of(rs->r->using, used);
	if (rs->n == ROWS_MAX)
		rs->lost++;
	else
		rs->v[rs->n++] = r;
}

static const char *
group_type(const struct tnp_group *g)
{
	if (g->single)
		return g->printer ? "PRT" : "LU";
	return g->printer ? "PRTGRP" : "LUGRP";
}

static void
maps(struct table *rs, const struct tnp_vtam *v)
{
	for (const struct tnp_map *m = v->maps; m != NULL; m = m->next) {
		struct row r = { .type = group_type(m->group), .object = m->group->name,
			.item = m->partner != NULL ? m->partner->name : m->pmap != 0 ?
			v->parmsgroup[m->pmap] : "", .clid = &m->clid };

		options(&r, m->kind == TMAP_SPECIFIC ? 'S' : 'G', m->keepopen,
		    m->appl == NULL ? 0 : m->appl->opts);
		add(rs, r, m);
		if (m->appl == NULL)
			continue;
		r.type = "MAPAPPL";
		r.object = m->appl->name;
		r.item = m->group->name;
		add(rs, r, m->appl);
	}
}

static void
tables(struct table *rs, const struct tnp_uss *list, const char *type)
{
	for (const struct tnp_uss *u = list; u != NULL; u = u->next) {
		struct row r = { .type = type, .object = u->name[0], .item = u->name[1],
			.clid = &u->clid };

		options(&r, '-', false, 0);
		add(rs, r, u);
	}
}

static void
others(struct table *rs, const struct tnp_vtam *v)
{
	static const char *const kind[] = { "", "DEFAPPL", "PRTAPPL", "LINEAPPL", "ARAPPL" };

	for (const struct tnp_appl *a = v->appls; a != NULL; a = a->next) {
		struct row r = { .type = kind[a->kind], .object = a->name,
			.item = a->lus != NULL ? a->lus->name : "",
			.clid = a->kind == TA_ALLOW ? &everyone : &a->clid };

		options(&r, '-', false, a->opts);
		add(rs, r, a);
	}
	tables(rs, v->uss, "USS");
	tables(rs, v->interps, "INT");
	for (const struct tnp_parmsmap *m = v->parmsmaps; m != NULL; m = m->next) {
		struct row r = { .type = "PARMSGRP", .object = v->parmsgroup[m->group],
			.item = "", .clid = &m->clid };

		options(&r, '-', false, 0);
		add(rs, r, &v->coded[m->group]);
	}
	for (const struct tnp_monmap *m = v->monmaps; m != NULL; m = m->next) {
		struct row r = { .type = "MONGRP", .object = m->monitor->name, .item = "",
			.clid = &m->clid };

		options(&r, '-', false, 0);
		add(rs, r, m);
	}
}

/* --- printing --- */

static int
by_clid(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int d = (int)x->clid->kind - (int)y->clid->kind;

	return d != 0 ? d : strcmp(clid_name(x->clid), clid_name(y->clid));
}

static int
by_object(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int d = strcmp(x->type, y->type);

	return d != 0 ? d : strcmp(x->object, y->object);
}

/* A line of the display, as far as MAX= goes. */
static void __attribute__((format(printf, 2, 3)))
line(struct table *rs, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (rs->lines++ < rs->q->max)
		con_text(rs->con, "%s", text);
}

static void
clid_rows(struct table *rs)
{
	const struct row *was = NULL;

	qsort(rs->v, rs->n, sizeof(rs->v[0]), by_clid);
	for (unsigned i = 0; i < rs->n; i++) {
		const struct row *r = &rs->v[i];
		bool same = was != NULL && by_clid(was, r) == 0;

		if (was == NULL || strcmp(clid_type(was->clid), clid_type(r->clid)) != 0)
			line(rs, "%s", clid_type(r->clid));
		line(rs, "  %-17s %6u %-10s %-9s %-10s  %s", same ? "" : clid_name(r->clid),
		    r->conns, r->type, r->object, r->item, r->opts);
		was = r;
	}
}

static void
object_rows(struct table *rs)
{
	const struct row *was = NULL;

	qsort(rs->v, rs->n, sizeof(rs->v[0]), by_object);
	for (unsigned i = 0; i < rs->n; i++) {
		const struct row *r = &rs->v[i];
		bool same = was != NULL && by_object(was, r) == 0;

		if (was == NULL || strcmp(was->type, r->type) != 0)
			line(rs, "%s", r->type);
		line(rs, "  %-13s %6u %-9s %-16s        %-13s %s", same ? "" : r->object, r->conns,
		    clid_type(r->clid), clid_name(r->clid), r->item, r->opts);
		was = r;
	}
}

/* --- groups, their members --- */

/* Of the group's clients on all workers; sums live as long as the server. */
static void
times(struct table *rs, enum rt_kind kind, const char *name)
{
	const struct rt_shown *s = rt_list_find(&rs->r->rt, kind, name);
	struct con con;

	if (s == NULL)
		return;
	con_init(&con);
	rt_show(&s->conf, &s->sum, &s->slide, &con, "        ");
	if (rs->lines < rs->q->max)
		(void)con_append(rs->con, &con, rs->q->max - rs->lines);
	rs->lines += con.lines;
	con_fini(&con);
}

static void
ranges(struct table *rs, const struct tnp_group *g)
{
	char range[40];

	for (const struct lurange *l = g->ranges; l != NULL; l = l->next) {
		if (l->n == 1)
			snprintf(range, sizeof(range), "%s", l->first);
		else
			snprintf(range, sizeof(range), "%s..%s..%s", l->first, l->last, l->rule);
		line(rs, "        %-40s %" PRIu64, range, (uint64_t)l->n);
	}
}

static void
group(struct table *rs, const struct op_telnet *o, const struct tnp_group *g, const char *type)
{
	uint32_t used;

	if (g == NULL || !type_wanted(rs->q->type, type) || (rs->q->id[0] != '\0' &&
	    strcasecmp(rs->q->id, g->name) != 0))
		return;
	used = g->pool != 0 && g->pool < LUPOOL_MAX ? o->pools->v[g->pool].used : 0;
	line(rs, "%s: %-18s %10u LUS %10u IN USE", type, g->name, g->n, used);
	if (!rs->q->totals)
		ranges(rs, g);
	if (strncmp(type, "DEF", 3) != 0)
		times(rs, RTG_LUS, g->name);
	else if (strcmp(type, "DEFLUS") == 0)
		times(rs, RTG_LUS, "*DEFLUS*");
}

static void
all_groups(struct table *rs, const struct op_telnet *o, const struct tnp_vtam *v)
{
	static const char *const def[] = { "DEFLUS", "DEFLUSSPEC", "DEFPRT", "DEFPRTSPEC" };

	for (unsigned i = 0; i < 4; i++)
		group(rs, o, v->deflus[i / 2][i % 2], def[i]);
	for (const struct tnp_group *g = v->groups; g != NULL; g = g->next)
		group(rs, o, g, group_type(g));
}

static void
monitors(struct table *rs, const struct tnp_vtam *v)
{
	for (const struct tnp_monitor *m = v->monitors; m != NULL; m = m->next) {
		if (!type_wanted(rs->q->type, "MONGRP") || (rs->q->id[0] != '\0' &&
		    strcasecmp(rs->q->id, m->name) != 0))
			continue;
		line(rs, "MONGRP: %s", m->name);
		times(rs, RTG_MONITOR, m->name);
	}
}

static void
net_line(struct table *rs, const struct tnp_net *n)
{
	char lo[IPADDR_TEXT], hi[IPADDR_TEXT];
	unsigned bits = 0;

	(void)ipaddr_text(&n->lo, lo);
	if (n->mask && n->lo.fam == 6) {
		for (unsigned i = 0; i < sizeof(n->hi.b); i++)
			bits += (unsigned)__builtin_popcount(n->hi.b[i]);
		line(rs, "        %s/%u", lo, bits);
	} else if (n->mask) {
		line(rs, "        %s:%s", ipaddr_text(&n->hi, hi), lo);
	} else if (ipaddr_eq(&n->lo, &n->hi)) {
		line(rs, "        %s", lo);
	} else {
		line(rs, "        %s..%s", lo, ipaddr_text(&n->hi, hi));
	}
}

/* ID=: the members of a group, and what its parameters say. */
static void
clid_detail(struct table *rs, const struct tnp_vtam *v)
{
	char l[PARM_LETTERS];

	if (rs->q->id[0] == '\0')
		return;
	for (const struct tnp_idgroup *g = v->idgroups; g != NULL; g = g->next) {
		if (strcasecmp(g->name, rs->q->id) != 0)
			continue;
		line(rs, "%s: %s", tnp_clid_type(g->kind), g->name);
		for (const struct tnp_net *n = g->nets; n != NULL; n = n->next)
			net_line(rs, n);
		for (const struct tnp_idname *n = g->names; n != NULL; n = n->next)
			line(rs, "        %s", n->text);
	}
	for (const struct tnp_parmsmap *m = v->parmsmaps; m != NULL; m = m->next)
		if (strcasecmp(clid_name(&m->clid), rs->q->id) == 0)
			line(rs, "%s  %s", parm_letters(&v->coded[m->group], PARM_CODED, 0, l),
			    v->parmsgroup[m->group]);
}

/* --- the display --- */

static void
heading(const struct op_telnet *o, const struct worker_query *q, struct con *con)
{
	if (q->by_object) {
		msg_line(con, EZZ6083I, o->job);
		con_text(con, "OBJECT          CONNS  CLIENT  ID CLIENT ID              ITEM");
		con_text(con, "NAME            USING  TYPE       NAME                   "
		    "SPECIFIC      OPTIONS");
		con_text(con, "----------      ------ --------- ----------------        "
		    "----------    --------");
	} else {
		msg_line(con, EZZ6081I, o->job);
		con_text(con, "CLIENT ID           CONNS   OBJECT     OBJECT   ITEM");
		con_text(con, "NAME                USING   TYPE       NAME     SPECIFIC     "
		    "OPTIONS");
		con_text(con, "------------------  ------ ---------  --------  ----------  "
		    "--------");
	}
}

/* A group's own values, which D PROFILE does not show (3.2), with PMAP alone too. */
static void
parmsgroups(struct table *rs, const struct tnp_vtam *v)
{
	char l[PARM_LETTERS];

	if (rs->q->id[0] == '\0' && rs->q->type[0] == '\0')
		return;
	for (unsigned i = 1; !rs->q->totals && i <= v->n_parmsgroups; i++)
		if (type_wanted(rs->q->type, "PARMSGRP") && (rs->q->id[0] == '\0' ||
		    strcasecmp(rs->q->id, v->parmsgroup[i]) == 0))
			line(rs, "%s  %s", parm_letters(&v->coded[i], PARM_CODED, 0, l),
			    v->parmsgroup[i]);
}

/* ID= of a RESTRICTAPPL: who may, and from which LUs. */
static void
appl_users(struct table *rs, const struct tnp_vtam *v)
{
	for (const struct tnp_appl *a = v->appls; a != NULL; a = a->next) {
		if (rs->q->id[0] == '\0' || a->users == NULL ||
		    !type_wanted(rs->q->type, "ARAPPL") || strcasecmp(rs->q->id, a->name) != 0)
			continue;
		line(rs, "ARAPPL: %s", a->name);
		for (const struct tnp_auser *u = a->users; u != NULL; u = u->next) {
			line(rs, "  USER %s", u->name);
			if (u->lus != NULL)
				ranges(rs, u->lus);
		}
	}
}

static void
block(struct table *rs, const struct op_telnet *o, const struct tnp_vtam *v)
{
	rs->n = 0;
	if (!rs->q->totals) {
		maps(rs, v);
		others(rs, v);
		if (rs->q->by_object)
			object_rows(rs);
		else
			clid_rows(rs);
	}
	if (!rs->q->by_object) {
		clid_detail(rs, v);
		return;
	}
	all_groups(rs, o, v);
	appl_users(rs, v);
	parmsgroups(rs, v);
	monitors(rs, v);
}

/* A block's part, then the lines of the ports it serves. */
static void
part(struct table *rs, const struct op_telnet *o, const struct tnp_vtam *v)
{
	const struct tnd_result *r = rs->r;
	bool shown = false;

	for (unsigned i = 0; i < r->n_ports; i++) {
		const struct tnp_port *p = op_port(o->tnd, &r->port[i]);

		if (p == NULL || p->vtam != v || !op_port_wanted(&r->query, o, &r->port[i]))
			continue;
		if (!shown)
			block(rs, o, v);
		shown = true;
		op_port_line(&r->port[i], o, rs->con);
	}
}

void
op_map_result(const struct op_telnet *o, const struct tnd_result *r, struct con *con)
{
	struct table rs = { .v = calloc(ROWS_MAX, sizeof(struct row)), .q = &r->query,
		.r = r, .con = con };

	heading(o, &r->query, con);
	for (unsigned i = 0; rs.v != NULL && i <= TND_PROFILES; i++) {
		const struct profile *p = tnd_profile(o->tnd, i);
		const struct tnp_vtam *v = p == NULL ? NULL : p->vtams;

		for (; v != NULL; v = v->next)
			part(&rs, o, v);
	}
	op_records(con, rs.lines < r->query.max ? rs.lines : r->query.max, rs.lines + rs.lost);
	free(rs.v);
}

static bool
type_known(const struct worker_query *q)
{
	static const char *const objects[] = { "LU", "LUGRP", "SLUGRP", "PRT", "PRTGRP", "SPRTGRP",
		"MAPAPPL", "DEFAPPL", "PRTAPPL", "LINEAPPL", "ARAPPL", "APPLS", "USS", "INT",
		"PARMSGRP", "MONGRP", "DEFAULTS", "LUS", "DEFLUS", "DEFLUSSPEC", "DEFPRT",
		"DEFPRTSPEC", "WU" };

	for (unsigned i = 0; q->by_object && i < sizeof(objects) / sizeof(objects[0]); i++)
		if (strcmp(q->type, objects[i]) == 0)
			return true;
	for (uint8_t k = CK_USERID; !q->by_object && k <= CK_NULL; k++)
		if (strcmp(q->type, tnp_clid_type(k)) == 0)
			return true;
	return false;
}

/* D ..,CLIENTID|OBJECT[,TYPE=][,ID=]: PROFILE=CURRENT unless said otherwise (14.1). */
enum op_telnet_do
op_display_map(struct op_telnet *o, struct words *s, uint32_t ticket, struct con *con)
{
	struct worker_query q = { .max = OPT_MAX, .by_profile = 1 };
	const char *v;

	q.by_object = word_is(words_next(s), "OBJECT", 2);
	while (s->at < s->n) {
		const char *w = words_peek(s);

		if (word_key(w, "TYPE", &v) && strlen(v) < sizeof(q.type)) {
			word_upper(q.type, sizeof(q.type), v);
			if (!type_known(&q))
				return op_operand(o, q.by_object ? "OBJECT" : "CLIENTID", w, con);
			(void)words_next(s);
		} else if (word_key(w, "ID", &v) && strlen(v) < sizeof(q.id)) {
			word_upper(q.id, sizeof(q.id), v);
			(void)words_next(s);
		} else if (strncasecmp(w, "PROF", 4) == 0) {
			q.by_profile = 0;
			if (!op_where(&q, s))
				return op_operand(o, q.by_object ? "OBJECT" : "CLIENTID", w, con);
		} else if (!op_where(&q, s)) {
			return op_operand(o, q.by_object ? "OBJECT" : "CLIENTID", w, con);
		}
	}
	return op_ask(o, WO_USING, &q, ticket, con);
}
