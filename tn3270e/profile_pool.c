/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/profile_pool.h"

/* Groups of the profile before, by name: there may be thousands. */
struct before {
	struct map by_name;
	struct entry {
		struct mapent ent;
		const struct tnp_group *g;
	} *v;
	size_t n;
};

typedef bool group_fn(void *, struct tnp_group *);

/* LU lists of ALLOWAPPL and RESTRICTAPPL; a LUG is among the groups. */
static bool
each_list(const struct tnp_appl *a, group_fn *fn, void *arg)
{
	struct tnp_group *g = (struct tnp_group *)(uintptr_t)a->lus;

	if (g != NULL && g->name[0] == '\0' && !fn(arg, g))
		return false;
	for (const struct tnp_auser *u = a->users; u != NULL; u = u->next) {
		g = (struct tnp_group *)(uintptr_t)u->lus;
		if (g != NULL && g->name[0] == '\0' && !fn(arg, g))
			return false;
	}
	return true;
}

static bool
each_group(const struct profile *p, group_fn *fn, void *arg)
{
	for (const struct tnp_vtam *v = p == NULL ? NULL : p->vtams; v != NULL; v = v->next) {
		for (unsigned i = 0; i < 4; i++)
			if (v->deflus[i / 2][i % 2] != NULL && !fn(arg, v->deflus[i / 2][i % 2]))
				return false;
		for (struct tnp_group *g = v->groups; g != NULL; g = g->next)
			if (!fn(arg, g))
				return false;
		for (const struct tnp_appl *a = v->appls; a != NULL; a = a->next)
			if (!each_list(a, fn, arg))
				return false;
	}
	return true;
}

static bool
count(void *arg, struct tnp_group *g)
{
	(void)g;
	++*(size_t *)arg;
	return true;
}

static bool
same_ranges(const struct lurange *a, const struct lurange *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (strcmp(a->first, b->first) != 0 || strcmp(a->last, b->last) != 0 ||
		    strcmp(a->rule, b->rule) != 0)
			return false;
	return a == b;
}

static bool
group_eq(const struct mapent *e, const void *key)
{
	const struct tnp_group *was = MAP_OBJ(e, const struct entry, ent)->g, *g = key;

	return was->printer == g->printer && strcmp(was->name, g->name) == 0 &&
	    same_ranges(was->ranges, g->ranges);
}

static bool
remember(void *arg, struct tnp_group *g)
{
	struct before *b = arg;
	uint64_t h = map_hash(&b->by_name, g->name, strlen(g->name));

	if (g->pool == 0 || map_find(&b->by_name, h, group_eq, g) != NULL)
		return true;
	b->v[b->n].g = g;
	map_insert(&b->by_name, &b->v[b->n++].ent, h);
	return true;
}

static const char *
pool_name(const struct tnp_group *g)
{
	if (g->name[0] == '\0')
		return "APPLLUS";
	if (strncmp(g->name, "DEFAULT", 7) != 0)
		return g->name;
	return strcmp(g->name, "DEFAULTLUSSPEC") == 0 ? "DEFLUSSP" :
	    strcmp(g->name, "DEFAULTPRTSPEC") == 0 ? "DEFPRTSP" : g->printer ? "DEFPRT" : "DEFLUS";
}

struct define {
	struct lupools *pools;
	struct before *before;
};

static bool
define(void *arg, struct tnp_group *g)
{
	struct define *d = arg;
	struct before *b = d->before;
	struct mapent *e;
	char lu[9];

	if (g->pool != 0 || g->no_pool)
		return true;
	e = map_find(&b->by_name, map_hash(&b->by_name, g->name, strlen(g->name)), group_eq, g);
	if (e != NULL) {
		g->pool = MAP_OBJ(e, struct entry, ent)->g->pool;
		lupool_hold(d->pools, g->pool);
		return true;
	}
	g->pool = lupool_define(d->pools, pool_name(g), g->printer ? LUPOOL_PRINTER :
	    LUPOOL_TERMINAL);
	if (g->pool == 0)
		return false;
	for (uint32_t i = 0; i < g->n && tnp_group_at(g, i, lu); i++) {
		int rc = lupool_add(d->pools, g->pool, lu);

		if (rc != 0 && rc != -EEXIST)
			return false;
	}
	return true;
}

bool
profile_pools_define(struct lupools *pools, struct profile *p, const struct profile *was)
{
	struct before b = { .n = 0 };
	struct define d = { pools, &b };
	size_t n = 0;
	bool ok;

	(void)each_group(was, count, &n);
	b.v = calloc(n + 1, sizeof(*b.v));
	if (b.v == NULL || map_init(&b.by_name, n) != 0) {
		free(b.v);
		return false;
	}
	(void)each_group(was, remember, &b);
	ok = each_group(p, define, &d);
	map_fini(&b.by_name);
	free(b.v);
	return ok;
}

static bool
drop(void *arg, struct tnp_group *g)
{
	if (g->pool != 0)
		lupool_drop(arg, g->pool);
	g->pool = 0;
	return true;
}

void
profile_pools_drop(struct lupools *pools, struct profile *p)
{
	(void)each_group(p, drop, pools);
}
