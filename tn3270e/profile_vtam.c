/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ebcdic.h"
#include "tn3270e/profile_in.h"

/* --- groups of LUs --- */

#define SHARED "there is no XCF group to share LUs with: taken as the local form"

struct groupkey {
	const char *name;
	unsigned printer;
};

static bool
group_eq(const struct mapent *e, const void *key)
{
	const struct tnp_group *g = MAP_OBJ(e, const struct tnp_group, ent);
	const struct groupkey *k = key;

	return g->printer == k->printer && strcmp(g->name, k->name) == 0;
}

/* A word longer than any name is found by nothing. */
struct tnp_group *
profile_group(const struct tnp_vtam *v, const char *name, unsigned printer)
{
	char up[20];
	struct groupkey k = { up, printer };
	struct mapent *e;
	size_t n = strlen(name);

	if (n >= sizeof(up))
		return NULL;
	for (size_t i = 0; i <= n; i++)
		up[i] = (char)toupper((unsigned char)name[i]);
	e = map_find(&v->names, map_hash(&v->names, up, n), group_eq, &k);
	return e == NULL ? NULL : MAP_OBJ(e, struct tnp_group, ent);
}

static void
group_add(struct pparse *ps, struct tnp_group *g)
{
	struct tnp_vtam *v = ps->vtam;

	if (profile_group(v, g->name, g->printer) == NULL)
		map_insert(&v->names, &g->ent, map_hash(&v->names, g->name, strlen(g->name)));
	*v->group_tail = g;
	v->group_tail = &g->next;
}

static void
range_add(struct pparse *ps, struct tnp_group *g, const struct lurange *r)
{
	struct lurange *n = arena_get(&ps->p->arena, sizeof(*n));

	*n = *r;
	n->next = NULL;
	*g->tail = n;
	g->tail = &n->next;
	g->n += (uint32_t)r->n;
}

void
profile_group_range(struct pparse *ps, struct tnp_group *g, const struct tok *t,
    const struct tok *kw)
{
	struct lurange r = { .n = 0 };
	const char *why = lurange_parse(&r, t->text, t->n);

	if (why != NULL) {
		complain(ps, TNP_FAIL, t, kw, "%.40s: %s", t->text, why);
		return;
	}
	if (r.n > TNP_LUS_MAX || ps->lus + r.n > TNP_LUS_MAX) {
		complain(ps, TNP_FAIL, t, kw, "%.40s: more than %u LU names in the profile",
		    t->text,
		    TNP_LUS_MAX);
		return;
	}
	ps->lus += (uint32_t)r.n;
	range_add(ps, g, &r);
}

/* ",80%": of a default pool it is a word of its own. */
static bool
percent(struct pparse *ps, struct tnp_group *g, const char *text, const struct tok *at,
    const struct tok *kw)
{
	char *end;
	long v;

	if (text[0] != ',' || !isdigit((unsigned char)text[1]))
		return false;
	v = strtol(text + 1, &end, 10);
	if (strcmp(end, "%") != 0 || v < 1 || v > 100)
		complain(ps, TNP_FAIL, at, kw, "%.20s: a warning level is ,1%% to ,100%%", text);
	else
		g->warn_pct = (uint8_t)v;
	return true;
}

/* A group defined before stands for its LUs. */
static bool
group_in_group(struct pparse *ps, struct tnp_group *g, const struct tok *t, const struct tok *kw)
{
	const struct tnp_group *in = profile_group(ps->vtam, t->text, g->printer);

	if (in == NULL || in == g)
		return false;
	if (ps->lus + in->n > TNP_LUS_MAX) {
		complain(ps, TNP_FAIL, t, kw, "%.40s: more than %u LU names in the profile",
		    t->text, TNP_LUS_MAX);
		return true;
	}
	for (const struct lurange *r = in->ranges; r != NULL; r = r->next)
		range_add(ps, g, r);
	ps->lus += in->n;
	return true;
}

/* The list up to its END keyword. */
static void
group_list(struct pparse *ps, struct tnp_group *g, const struct tok *kw, const char *ends)
{
	while (ps->t != NULL && !tok_is(ps->t, ends)) {
		const struct tok *t = ps->t;

		ps->t = t->next;
		if (!percent(ps, g, t->text, t, kw) && !group_in_group(ps, g, t, kw))
			profile_group_range(ps, g, t, kw);
	}
	if (ps->t == NULL)
		complain(ps, TNP_FAIL, kw, kw, "%s is missing", ends);
	else
		ps->t = ps->t->next;
	if (g->n == 0)
		complain(ps, TNP_FAIL, kw, kw, "there is no LU name in the list");
}

struct tnp_group *
profile_group_new(struct pparse *ps, const char *name, unsigned printer)
{
	struct tnp_group *g = arena_get(&ps->p->arena, sizeof(*g));

	snprintf(g->name, sizeof(g->name), "%s", name);
	g->printer = (uint8_t)printer;
	g->tail = &g->ranges;
	return g;
}

static void
take_default(struct pparse *ps, const struct tok *kw)
{
	bool shared = kw->text[0] == 'S' || kw->text[0] == 's';
	char name[20], ends[32];
	bool printer = strncasecmp(kw->text + shared, "DEFAULTPRT", 10) == 0;
	bool spec = kw->n > 4 && strcasecmp(kw->text + kw->n - 4, "SPEC") == 0;
	struct tnp_group **to = &ps->vtam->deflus[printer][spec], *g;

	(void)tok_name(ps, kw, name, sizeof(name));
	snprintf(ends, sizeof(ends), "END%s", name);
	if (shared)
		complain(ps, TNP_INFO, kw, kw, SHARED);
	g = profile_group_new(ps, name + shared, printer);
	g->pos = kw->pos;
	group_list(ps, g, kw, ends);
	if (*to != NULL)
		complain(ps, TNP_FAIL, kw, kw, "is there twice");
	*to = g;
}

static void
take_group(struct pparse *ps, const struct tok *kw)
{
	bool shared = kw->text[0] == 'S' || kw->text[0] == 's';
	bool printer = strcasecmp(kw->text + shared, "PRTGROUP") == 0;
	const char *ends = shared ? (printer ? "ENDSPRTGROUP" : "ENDSLUGROUP") :
	    printer ? "ENDPRTGROUP" : "ENDLUGROUP";
	struct tok *t = ps->t;
	char name[20], *comma;
	struct tnp_group *g;

	if (t == NULL || tok_is(t, ends)) {
		complain(ps, TNP_FAIL, kw, kw, "the group has no name");
		return;
	}
	ps->t = t->next;
	if (shared)
		complain(ps, TNP_INFO, kw, kw, SHARED);
	(void)tok_name(ps, t, name, sizeof(name));
	g = profile_group_new(ps, "", printer);
	g->pos = t->pos;
	comma = strchr(name, ',');
	if (comma != NULL) {
		if (!percent(ps, g, comma, t, kw))
			complain(ps, TNP_FAIL, t, kw, "%.20s: EXIT groups are not supported", name);
		*comma = '\0';
	}
	if (!name_valid(name, strlen(name)))
		complain(ps, TNP_FAIL, t, kw, "%.20s: a group's name has 1 to 8 characters", name);
	snprintf(g->name, sizeof(g->name), "%s", name);
	if (profile_group(ps->vtam, name, 0) != NULL || profile_group(ps->vtam, name, 1) != NULL)
		complain(ps, TNP_FAIL, t, kw, "there is a group %s already", name);
	group_list(ps, g, kw, ends);
	group_add(ps, g);
}

int64_t
tnp_group_index(const struct tnp_group *g, const char *lu)
{
	uint64_t base = 0;

	for (const struct lurange *r = g->ranges; r != NULL; base += r->n, r = r->next) {
		int64_t i = lurange_index(r, lu);

		if (i >= 0)
			return (int64_t)base + i;
	}
	return -1;
}

bool
tnp_group_at(const struct tnp_group *g, uint64_t place, char to[9])
{
	for (const struct lurange *r = g->ranges; r != NULL; place -= r->n, r = r->next)
		if (place < r->n) {
			lurange_at(r, place, to);
			return true;
		}
	return false;
}

/* --- maps --- */

/* An LU's name in a map is a group of one; a group must be known. */
static struct tnp_group *
map_object(struct pparse *ps, const struct tok *t, unsigned printer, const struct tok *kw)
{
	struct tnp_group *g = profile_group(ps->vtam, t->text, printer);
	char name[20];

	if (g != NULL)
		return g->n == 0 ? NULL : g;    /* told when it was defined */
	if (profile_group(ps->vtam, t->text, !printer) != NULL) {
		complain(ps, TNP_FAIL, t, kw, "%.20s is a group of the other kind", t->text);
		return NULL;
	}
	if (strstr(t->text, "..") == NULL && !name_valid(tok_name(ps, t, name, sizeof(name)),
	    t->n)) {
		complain(ps, TNP_FAIL, t, kw, "%.20s is neither a group of this block nor an LU",
		    t->text);
		return NULL;
	}
	g = profile_group_new(ps, tok_name(ps, t, name, sizeof(name)), printer);
	g->pos = t->pos;
	g->single = 1;
	profile_group_range(ps, g, t, kw);
	group_add(ps, g);
	return g->n == 0 ? NULL : g;
}

static uint8_t
parmsgroup_find(const struct tnp_vtam *v, const char *name)
{
	for (uint8_t i = 1; i <= v->n_parmsgroups; i++)
		if (strcasecmp(v->parmsgroup[i], name) == 0)
			return i;
	return 0;
}

static uint8_t
parmsgroup_named(struct pparse *ps, const struct tok *kw)
{
	const struct tok *t = tok_next(ps);
	uint8_t n = t == NULL ? 0 : parmsgroup_find(ps->vtam, t->text);

	if (n == 0)
		complain(ps, TNP_FAIL, t != NULL ? t : kw, kw, "%.20s: no PARMSGROUP of this block",
		    t != NULL ? t->text : "(nothing)");
	return n;
}

static void
map_partner(struct pparse *ps, struct tnp_map *m, const struct tok *t, const struct tok *kw)
{
	m->partner = map_object(ps, t, 1, kw);
	if (m->partner == NULL)
		return;
	if (m->partner->n != m->group->n) {
		complain(ps, TNP_FAIL, t, kw, "%s has %u LUs and %s has %u printers: a printer "
		    "belongs to each terminal by its place", m->group->name, m->group->n,
		    m->partner->name, m->partner->n);
		return;
	}
	if (m->group->assigned == NULL)
		m->group->assigned = arena_get(&ps->p->arena,
		    m->group->n * sizeof(*m->group->assigned));
}

static void
map_operand(struct pparse *ps, struct tnp_map *m, const struct tok *t, const struct tok *kw)
{
	if (tok_is(t, "GENERIC")) {
		m->kind = TMAP_GENERIC;
	} else if (tok_is(t, "SPECIFIC")) {
		m->kind = TMAP_SPECIFIC;
	} else if (tok_is(t, "DEFAPPL")) {
		profile_map_appl(ps, m, kw);
	} else if (m->appl != NULL && profile_appl_option(t) != 0) {
		m->appl->opts |= profile_appl_option(t);
	} else if (tok_is(t, "PMAP")) {
		m->pmap = parmsgroup_named(ps, kw);
	} else if (tok_is(t, "KEEPOPEN")) {
		m->keepopen = 1;
	} else if (m->clid.kind == CK_NULL && !m->printer && profile_group(ps->vtam, t->text,
	    1) == NULL) {
		profile_clid(ps, &m->clid, t, kw);
	} else if (m->clid.kind == CK_NULL && m->printer) {
		profile_clid(ps, &m->clid, t, kw);
	} else if (!m->printer && m->partner == NULL) {
		map_partner(ps, m, t, kw);
	} else {
		complain(ps, TNP_FAIL, t, kw, "%.30s: no operand of a map", t->text);
	}
}

/* Several single LUs mapped to one client one behind the other are one pool. */
static struct tnp_group *
run_of(struct pparse *ps, struct tnp_map *last, struct tnp_map *m)
{
	struct tnp_group *run = last->source;

	if (run == last->group) {
		run = profile_group_new(ps, last->group->name, m->printer);
		run->pos = last->group->pos;
		range_add(ps, run, last->group->ranges);
		run->single = 1;
		group_add(ps, run);
		last->source = run;
	}
	range_add(ps, run, m->group->ranges);
	return run;
}

static void
index_map(struct pparse *ps, struct tnp_map *m)
{
	struct tnp_vtam *v = ps->vtam;
	enum tnp_has has = m->printer ? TH_PRTMAP : TH_LUMAP;
	struct tnp_ident *i = tnp_index_add(&v->index, &m->clid, has, m);
	struct tnp_map *last = i->last[has];

	m->order = v->index.order;
	m->source = m->group;
	if (last != NULL)
		last->same = m;
	i->last[has] = m;
	if (last != NULL && last->group->single && m->group->single && last->kind == m->kind &&
	    m->partner == NULL && last->partner == NULL)
		m->source = run_of(ps, last, m);
}

static void
take_map(struct pparse *ps, const struct tok *kw)
{
	struct tnp_map *m = arena_get(&ps->p->arena, sizeof(*m));
	const struct tok *t = tok_next(ps);
	struct tnp_vtam *v = ps->vtam;

	m->printer = tok_is(kw, "PRTMAP");
	m->clid.kind = CK_NULL;
	if (t == NULL) {
		complain(ps, TNP_FAIL, kw, kw, "an LU or a group is missing");
		return;
	}
	m->group = map_object(ps, t, m->printer, kw);
	if (m->group == NULL) {
		while (tok_next(ps) != NULL)
			;
		return;
	}
	while ((t = tok_next(ps)) != NULL)
		map_operand(ps, m, t, kw);
	*v->map_tail = m;
	v->map_tail = &m->next;
	if (m->partner != NULL && v->n_partners == TNP_PARTNERS)
		complain(ps, TNP_FAIL, kw, kw, "more than %d maps with partner printers",
		    TNP_PARTNERS);
	else if (m->partner != NULL)
		v->partners[v->n_partners++] = m;
	index_map(ps, m);
}

/* USSTCP table[,scstable] [clid]; INTERPTCP table [clid] */
static void
take_uss(struct pparse *ps, const struct tok *kw)
{
	struct tnp_uss *u = arena_get(&ps->p->arena, sizeof(*u)), **at;
	const struct tok *t = tok_next(ps), *clid;
	char name[24], *comma;

	if (t == NULL) {
		complain(ps, TNP_FAIL, kw, kw, "the table's name is missing");
		return;
	}
	u->pos = t->pos;
	u->clid.kind = CK_NULL;
	(void)tok_name(ps, t, name, sizeof(name));
	comma = strchr(name, ',');
	if (comma != NULL)
		*comma++ = '\0';
	if (!name_valid(name, strlen(name)) || (comma != NULL && !name_valid(comma, strlen(comma))))
		complain(ps, TNP_FAIL, t, kw, "%.30s: a table's name has 1 to 8 characters",
		    t->text);
	snprintf(u->name[0], sizeof(u->name[0]), "%.8s", name);
	snprintf(u->name[1], sizeof(u->name[1]), "%.8s", comma == NULL ? "" : comma);
	clid = tok_next(ps);
	if (clid != NULL)
		profile_clid(ps, &u->clid, clid, kw);
	for (at = tok_is(kw, "USSTCP") ? &ps->vtam->uss : &ps->vtam->interps; *at != NULL;
	    at = &(*at)->next)
		;
	*at = u;
	(void)tnp_index_add(&ps->vtam->index, &u->clid, tok_is(kw, "USSTCP") ? TH_USS : TH_INT, u);
}

static void
take_parmsgroup(struct pparse *ps, const struct tok *kw)
{
	struct tnp_vtam *v = ps->vtam;
	const struct tok *t = ps->t;
	struct tnp_parms *was = ps->parms;
	uint8_t phase = ps->phase;

	if (t == NULL)
		return;
	if (v->n_parmsgroups == TNP_PARMSGROUPS || parmsgroup_find(v, t->text) != 0) {
		complain(ps, TNP_FAIL, t, kw, v->n_parmsgroups == TNP_PARMSGROUPS ?
		    "there are too many PARMSGROUPs" : "there is a PARMSGROUP of this name");
		if (v->n_parmsgroups == TNP_PARMSGROUPS)
			v->n_parmsgroups--;
	}
	v->n_parmsgroups++;
	(void)tok_name(ps, t, v->parmsgroup[v->n_parmsgroups], sizeof(v->parmsgroup[0]));
	ps->t = t->next;
	ps->parms = &v->coded[v->n_parmsgroups];
	ps->phase = 2;
	(void)profile_block(ps, IN_GROUP, kw);
	ps->phase = phase;
	ps->parms = was;
}

static void
take_parmsmap(struct pparse *ps, const struct tok *kw)
{
	struct tnp_parmsmap *m = arena_get(&ps->p->arena, sizeof(*m)), **at;
	const struct tok *t;

	m->group = parmsgroup_named(ps, kw);
	m->clid.kind = CK_NULL;
	t = tok_next(ps);
	if (t != NULL)
		profile_clid(ps, &m->clid, t, kw);
	for (at = &ps->vtam->parmsmaps; *at != NULL; at = &(*at)->next)
		;
	*at = m;
	(void)tnp_index_add(&ps->vtam->index, &m->clid, TH_PARMS, m);
}

/* RFC 2355 7.1.1: an LU's name must not be a pool's name. A single LU in a map can't be:
 * its name is taken as the group's. */
static void
name_clash(struct pparse *ps, const struct tnp_group *g, const struct tnp_group *o,
    const struct tok *kw)
{
	if (o != NULL && tnp_group_index(o, g->name) >= 0)
		complain(ps, TNP_FAIL, kw, kw, "%s is the name of a group and of an LU "
		    "in %s: a client that asks for it could mean either", g->name, o->name);
}

static void
names_clash(struct pparse *ps, const struct tnp_group *g, const struct tok *kw)
{
	for (const struct tnp_group *o = ps->vtam->groups; o != NULL; o = o->next)
		if (!o->single)
			name_clash(ps, g, o, kw);
	for (unsigned i = 0; i < 4; i++)
		name_clash(ps, g, ps->vtam->deflus[i / 2][i % 2], kw);
}

/* Which groups need a pool: those that somebody can choose from. */
static void
settle_pools(struct tnp_vtam *v)
{
	for (struct tnp_group *g = v->groups; g != NULL; g = g->next)
		g->no_pool = g->single;
	for (struct tnp_map *m = v->maps; m != NULL; m = m->next) {
		m->source->no_pool = 0;
		if (m->partner != NULL)
			m->partner->no_pool = 0;
	}
}

/* TNP_POOLS are as many as a client can choose from. */
static void
too_many_maps(struct pparse *ps, const struct tok *kw)
{
	for (const struct tnp_ident *i = ps->vtam->index.first; i != NULL; i = i->next)
		for (enum tnp_has has = TH_LUMAP; has <= TH_PRTMAP; has++) {
			const struct tnp_group *last = NULL;
			unsigned n = 0;

			for (const struct tnp_map *m = i->obj[has]; m != NULL; m = m->same) {
				n += m->kind == TMAP_GENERIC && m->source != last;
				last = m->source;
			}
			if (n > TNP_POOLS)
				complain(ps, TNP_FAIL, kw, kw, "%u groups are mapped to %s %.40s: "
				    "at most %u; make them one group", n,
				    tnp_clid_type(i->clid.kind), i->clid.name, TNP_POOLS);
		}
}

bool
profile_vtam_begin(struct pparse *ps)
{
	struct tnp_vtam *v = ps->vtam;

	v->group_tail = &v->groups;
	v->map_tail = &v->maps;
	return map_init(&v->names, 64) == 0 && tnp_index_init(&v->index, &ps->p->arena);
}

void
profile_vtam_end(struct pparse *ps, const struct tok *kw)
{
	const struct tnp_vtam *v = ps->vtam;
	bool allow = false;

	for (const struct tnp_group *g = v->groups; g != NULL; g = g->next)
		if (!g->single)
			names_clash(ps, g, kw);
	settle_pools(ps->vtam);
	too_many_maps(ps, kw);
	if (v->deflus[0][0] == NULL && v->deflus[1][0] == NULL && v->maps == NULL)
		complain(ps, TNP_WARN, kw, kw, "neither DEFAULTLUS nor LUMAP: no client can be "
		    "served");
	for (const struct tnp_appl *a = v->appls; a != NULL; a = a->next)
		allow |= a->kind == TA_ALLOW;
	if (v->uss != NULL && !allow)
		complain(ps, TNP_WARN, kw, kw, "USSTCP without ALLOWAPPL: no application can "
		    "be chosen "
		    "(code ALLOWAPPL * for all)");
}

#define V(name, fn, ph, ends) { name, IN_VTAM, fn, ph, ends, NULL }

const struct pstmt profile_vtam_stmts[] = {
	V("DEFAULTLUS", take_default, 1, "ENDDEFAULTLUS"),
	V("DEFAULTLUSSPEC", take_default, 1, "ENDDEFAULTLUSSPEC"),
	V("DEFAULTPRT", take_default, 1, "ENDDEFAULTPRT"),
	V("DEFAULTPRTSPEC", take_default, 1, "ENDDEFAULTPRTSPEC"),
	V("LUGROUP", take_group, 1, "ENDLUGROUP"), V("PRTGROUP", take_group, 1, "ENDPRTGROUP"),
	V("IPGROUP", profile_idgroup, 1, "ENDIPGROUP"),
	V("DESTIPGROUP", profile_idgroup, 1, "ENDDESTIPGROUP"),
	V("USERGROUP", profile_idgroup, 1, "ENDUSERGROUP"),
	V("HNGROUP", profile_idgroup, 1, "ENDHNGROUP"),
	V("LINKGROUP", profile_idgroup, 1, "ENDLINKGROUP"),
	V("PARMSGROUP", take_parmsgroup, 1, "ENDPARMSGROUP"),
	V("LUMAP", take_map, 2, NULL), V("PRTMAP", take_map, 2, NULL),
	V("DEFAULTAPPL", profile_default_appl, 2, NULL),
	V("PRTDEFAULTAPPL", profile_default_appl, 2, NULL),
	V("LINEMODEAPPL", profile_default_appl, 2, NULL),
	V("ALLOWAPPL", profile_allow_appl, 2, NULL),
	V("RESTRICTAPPL", profile_allow_appl, 2, NULL),
	V("USSTCP", take_uss, 2, NULL), V("INTERPTCP", take_uss, 2, NULL),
	V("PARMSMAP", take_parmsmap, 2, NULL),
	V("SDEFAULTLUS", take_default, 1, "ENDSDEFAULTLUS"),
	V("SDEFAULTLUSSPEC", take_default, 1, "ENDSDEFAULTLUSSPEC"),
	V("SDEFAULTPRT", take_default, 1, "ENDSDEFAULTPRT"),
	V("SDEFAULTPRTSPEC", take_default, 1, "ENDSDEFAULTPRTSPEC"),
	V("SLUGROUP", take_group, 1, "ENDSLUGROUP"), V("SPRTGROUP", take_group, 1, "ENDSPRTGROUP"),
	{ NULL, 0, NULL, 0, NULL, NULL }
};
