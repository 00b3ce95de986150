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
static struct tnp_group *
group_find(const struct tnp_vtam *v, const char *name, unsigned printer)
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

	if (group_find(v, g->name, g->printer) == NULL)
		map_insert(&v->names, &g->ent, map_hash(&v->names, g->name, strlen(g->name)));
	*v->group_tail = g;
	v->group_tail = &g->next;
}

static void
group_range(struct pparse *ps, struct tnp_group *g, const struct tok *t, const struct tok *kw)
{
	struct lurange *r = arena_get(&ps->p->arena, sizeof(*r)), **at = &g->ranges;
	const char *why = lurange_parse(r, t->text, t->n);

	if (why != NULL) {
		complain(ps, TNP_FAIL, t, kw, "%.40s: %s", t->text, why);
		return;
	}
	if (r->n > TNP_LUS_MAX || ps->lus + r->n > TNP_LUS_MAX) {
		complain(ps, TNP_FAIL, t, kw, "%.40s: more than %u LU names in the profile",
		    t->text,
		    TNP_LUS_MAX);
		return;
	}
	ps->lus += (uint32_t)r->n;
	while (*at != NULL)
		at = &(*at)->next;
	*at = r;
	g->n += (uint32_t)r->n;
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

/* The list up to its END keyword. */
static void
group_list(struct pparse *ps, struct tnp_group *g, const struct tok *kw, const char *ends)
{
	while (ps->t != NULL && !tok_is(ps->t, ends)) {
		const struct tok *t = ps->t;

		ps->t = t->next;
		if (!percent(ps, g, t->text, t, kw))
			group_range(ps, g, t, kw);
	}
	if (ps->t == NULL)
		complain(ps, TNP_FAIL, kw, kw, "%s is missing", ends);
	else
		ps->t = ps->t->next;
	if (g->n == 0)
		complain(ps, TNP_FAIL, kw, kw, "there is no LU name in the list");
}

static struct tnp_group *
group_new(struct pparse *ps, const char *name, unsigned printer)
{
	struct tnp_group *g = arena_get(&ps->p->arena, sizeof(*g));

	snprintf(g->name, sizeof(g->name), "%s", name);
	g->printer = (uint8_t)printer;
	return g;
}

static void
take_default(struct pparse *ps, const struct tok *kw)
{
	char name[20], ends[32];
	bool printer = strncasecmp(kw->text, "DEFAULTPRT", 10) == 0;
	bool spec = kw->n > 4 && strcasecmp(kw->text + kw->n - 4, "SPEC") == 0;
	struct tnp_group **to = &ps->vtam->deflus[printer][spec], *g;

	(void)tok_name(ps, kw, name, sizeof(name));
	snprintf(ends, sizeof(ends), "END%s", name);
	g = group_new(ps, name, printer);
	group_list(ps, g, kw, ends);
	if (*to != NULL)
		complain(ps, TNP_FAIL, kw, kw, "is there twice");
	*to = g;
}

static void
take_group(struct pparse *ps, const struct tok *kw)
{
	bool printer = tok_is(kw, "PRTGROUP");
	const char *ends = printer ? "ENDPRTGROUP" : "ENDLUGROUP";
	struct tok *t = ps->t;
	char name[20], *comma;
	struct tnp_group *g;

	if (t == NULL || tok_is(t, ends)) {
		complain(ps, TNP_FAIL, kw, kw, "the group has no name");
		return;
	}
	ps->t = t->next;
	(void)tok_name(ps, t, name, sizeof(name));
	g = group_new(ps, "", printer);
	comma = strchr(name, ',');
	if (comma != NULL) {
		if (!percent(ps, g, comma, t, kw))
			complain(ps, TNP_FAIL, t, kw, "%.20s: EXIT groups are not supported", name);
		*comma = '\0';
	}
	if (!name_valid(name, strlen(name)))
		complain(ps, TNP_FAIL, t, kw, "%.20s: a group's name has 1 to 8 characters", name);
	snprintf(g->name, sizeof(g->name), "%s", name);
	if (group_find(ps->vtam, name, 0) != NULL || group_find(ps->vtam, name, 1) != NULL)
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

/* --- applications --- */

static uint8_t
appl_option(const struct tok *t)
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

static void
take_default_appl(struct pparse *ps, const struct tok *kw)
{
	struct tnp_appl *a = arena_get(&ps->p->arena, sizeof(*a));
	const struct tok *t;

	a->kind = tok_is(kw, "PRTDEFAULTAPPL") ? TA_PRINTER : tok_is(kw, "LINEMODEAPPL") ? TA_LINE :
	    TA_DEFAULT;
	a->clid.kind = CK_NULL;
	if (!appl_name(ps, a, kw, false))
		return;
	while ((t = tok_next(ps)) != NULL) {
		if (appl_option(t) != 0)
			a->opts |= appl_option(t);
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

/* LU name.. or LUG group: who may choose it. */
static void
appl_lus(struct pparse *ps, struct tnp_appl *a, const struct tok *kw, bool group)
{
	const struct tok *t;
	struct tnp_group *g;

	if (group) {
		t = tok_next(ps);
		a->lus = t == NULL ? NULL : group_find(ps->vtam, t->text, 0);
		if (a->lus == NULL)
			complain(ps, TNP_FAIL, t != NULL ? t : kw, kw,
			    "LUG names no LUGROUP of this "
			    "block");
		return;
	}
	g = group_new(ps, "", 0);
	while ((t = tok_next(ps)) != NULL)
		group_range(ps, g, t, kw);
	a->lus = g;
}

static void
take_allow(struct pparse *ps, const struct tok *kw)
{
	struct tnp_appl *a = arena_get(&ps->p->arena, sizeof(*a));
	const struct tok *t;

	a->kind = TA_ALLOW;
	if (!appl_name(ps, a, kw, true))
		return;
	while ((t = tok_next(ps)) != NULL) {
		if (tok_is(t, "DISCONNECTABLE")) {
			a->opts |= TNA_DISCONNECTABLE;
		} else if (strncasecmp(t->text, "QSESSION", 8) == 0) {
			complain(ps, TNP_INFO, t, kw, "QSESSION: a session after UNBIND type 02 is "
			    "always waited for");
		} else if (tok_is(t, "LU") || tok_is(t, "LUG")) {
			appl_lus(ps, a, kw, tok_is(t, "LUG"));
			break;
		} else {
			complain(ps, TNP_FAIL, t, kw, "%.30s: no operand of ALLOWAPPL", t->text);
		}
	}
	appl_add(ps, a);
}

/* There is no password file to ask: what is restricted is closed to all. */
static void
take_restrict(struct pparse *ps, const struct tok *kw)
{
	struct tnp_appl *a = arena_get(&ps->p->arena, sizeof(*a));

	a->kind = TA_ALLOW;
	a->opts = TNA_RESTRICTED;
	if (!appl_name(ps, a, kw, true))
		return;
	while (tok_next(ps) != NULL)
		;
	complain(ps, TNP_WARN, kw, kw, "%s: user ids can't be verified here (no SAF): the "
	    "application is closed to all clients of this block", a->name);
	appl_add(ps, a);
}

/* --- maps --- */

/* An LU's name in a map is a group of one; a group must be known. */
static struct tnp_group *
map_object(struct pparse *ps, const struct tok *t, unsigned printer, const struct tok *kw)
{
	struct tnp_group *g = group_find(ps->vtam, t->text, printer);
	char name[20];

	if (g != NULL)
		return g;
	if (group_find(ps->vtam, t->text, !printer) != NULL) {
		complain(ps, TNP_FAIL, t, kw, "%.20s is a group of the other kind", t->text);
		return NULL;
	}
	if (strstr(t->text, "..") == NULL && !name_valid(tok_name(ps, t, name, sizeof(name)),
	    t->n)) {
		complain(ps, TNP_FAIL, t, kw, "%.20s is neither a group of this block nor an LU",
		    t->text);
		return NULL;
	}
	g = group_new(ps, tok_name(ps, t, name, sizeof(name)), printer);
	g->single = 1;
	group_range(ps, g, t, kw);
	group_add(ps, g);
	return g->n == 0 ? NULL : g;
}

static void
map_appl(struct pparse *ps, struct tnp_map *m, const struct tok *kw)
{
	struct tnp_appl *a = arena_get(&ps->p->arena, sizeof(*a));

	a->kind = m->printer ? TA_PRINTER : TA_DEFAULT;
	a->clid.kind = CK_NULL;
	if (appl_name(ps, a, kw, false))
		m->appl = a;
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
		map_appl(ps, m, kw);
	} else if (m->appl != NULL && appl_option(t) != 0) {
		m->appl->opts |= appl_option(t);
	} else if (tok_is(t, "PMAP")) {
		m->pmap = parmsgroup_named(ps, kw);
	} else if (tok_is(t, "KEEPOPEN")) {
		m->keepopen = 1;
	} else if (m->clid.kind == CK_NULL && !m->printer && group_find(ps->vtam, t->text,
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

static void
run_append(struct pparse *ps, struct tnp_group *run, const struct tnp_group *one)
{
	struct lurange **at = &run->ranges;

	while (*at != NULL)
		at = &(*at)->next;
	*at = arena_get(&ps->p->arena, sizeof(**at));
	**at = *one->ranges;
	(*at)->next = NULL;
	run->n += one->n;
}

/* Several single LUs mapped to one client one behind the other are one pool. */
static struct tnp_group *
run_of(struct pparse *ps, struct tnp_map *last, struct tnp_map *m)
{
	struct tnp_group *run = last->source;

	if (run == last->group) {
		run = group_new(ps, last->group->name, m->printer);
		run_append(ps, run, last->group);
		run->single = 1;
		group_add(ps, run);
		last->source = run;
	}
	run_append(ps, run, m->group);
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
#define NOOP(name, ends, why) { name, IN_VTAM, NULL, 2, ends, why }
#define XCF "there is no XCF group to share LUs with: code the statement without the S"

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
	V("DEFAULTAPPL", take_default_appl, 2, NULL),
	V("PRTDEFAULTAPPL", take_default_appl, 2, NULL),
	V("LINEMODEAPPL", take_default_appl, 2, NULL),
	V("ALLOWAPPL", take_allow, 2, NULL), V("RESTRICTAPPL", take_restrict, 2, NULL),
	V("USSTCP", take_uss, 2, NULL), V("INTERPTCP", take_uss, 2, NULL),
	V("PARMSMAP", take_parmsmap, 2, NULL),
	NOOP("SDEFAULTLUS", "ENDSDEFAULTLUS", XCF), NOOP("SDEFAULTLUSSPEC", "ENDSDEFAULTLUSSPEC",
	    XCF),
	NOOP("SDEFAULTPRT", "ENDSDEFAULTPRT", XCF), NOOP("SDEFAULTPRTSPEC", "ENDSDEFAULTPRTSPEC",
	    XCF),
	NOOP("SLUGROUP", "ENDSLUGROUP", XCF), NOOP("SPRTGROUP", "ENDSPRTGROUP", XCF),
	{ NULL, 0, NULL, 0, NULL, NULL }
};
