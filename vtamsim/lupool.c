/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which LUs of a pool are free is a bit map with two more above it: a bit of a
 * level says that the word below has one set. The next free one behind a place
 * is found in a few words whatever the size of the pool. A LU that is taken is
 * cleared in every pool that has it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/lupool.h"

struct lumember {
	uint32_t next;                  /* index + 1 in member, 0 ends */
	uint32_t pos;                   /* place in the pool */
	uint16_t pool;
};

static bool
lu_eq(const struct mapent *e, const void *key)
{
	return strcmp(MAP_OBJ(e, const struct lu, ent)->name, key) == 0;
}

int
lupools_init(struct lupools *p)
{
	int e;

	memset(p, 0, sizeof(*p));
	p->v = calloc(LUPOOL_MAX, sizeof(*p->v));
	p->free_ids = calloc(LUPOOL_MAX, sizeof(*p->free_ids));
	if (p->v == NULL || p->free_ids == NULL)
		return -ENOMEM;
	e = map_init(&p->names, 1024);
	if (e == 0)
		e = map_init(&p->owners, 64);
	if (e == 0)
		e = pool_init(&p->kept, "LU KEPT", sizeof(struct lukept), LUPOOL_KEPT);
	if (e == 0)
		e = dueheap_init(&p->due, 64);
	if (e == 0)
		e = pool_init(&p->lus, "LU NAME", sizeof(struct lu), LUPOOL_LUS_MAX);
	if (e == 0) {
		p->member_of = calloc(LUPOOL_LUS_MAX, sizeof(*p->member_of));
		e = p->member_of == NULL ? -ENOMEM : 0;
	}
	return e;
}

void
lupools_fini(struct lupools *p)
{
	for (unsigned i = 1; i <= p->n; i++) {
		free(p->v[i].lu);
		for (unsigned l = 0; l < LUPOOL_LEVELS; l++)
			free(p->v[i].bits[l]);
	}
	free(p->v);
	free(p->free_ids);
	free(p->member);
	free(p->member_of);
	pool_fini(&p->lus);
	pool_fini(&p->kept);
	dueheap_fini(&p->due);
	map_fini(&p->owners);
	map_fini(&p->names);
}

uint16_t
lupool_define(struct lupools *p, const char *name, enum lupool_kind kind)
{
	struct lupool *q;
	uint16_t id;

	if (p->n_free_ids != 0)
		id = p->free_ids[--p->n_free_ids];
	else if (p->n + 1 < LUPOOL_MAX)
		id = (uint16_t)++p->n;
	else
		return 0;
	q = &p->v[id];
	*q = (struct lupool){ .defined = 1, .refs = 1 };
	q->kind = (uint8_t)kind;
	snprintf(q->name, sizeof(q->name), "%s", name);
	return id;
}

static struct lu *
find(const struct lupools *p, const char *name)
{
	struct mapent *e = map_find(&p->names, map_hash(&p->names, name, strlen(name)), lu_eq,
	    name);

	return e == NULL ? NULL : MAP_OBJ(e, struct lu, ent);
}

const struct lu *
lupool_find(const struct lupools *p, const char *lu)
{
	return find(p, lu);
}

static bool
pool_grow(struct lupool *q)
{
	uint32_t cap = q->cap == 0 ? 64 : q->cap * 2;
	uint32_t *lu = realloc(q->lu, cap * sizeof(*lu));
	size_t n = cap, old = q->cap;

	if (lu == NULL)
		return false;
	q->lu = lu;
	for (unsigned l = 0; l < LUPOOL_LEVELS; l++) {
		uint64_t *b;

		n = (n + 63) / 64;
		old = (old + 63) / 64;
		b = realloc(q->bits[l], n * sizeof(*b));
		if (b == NULL)
			return false;
		q->bits[l] = b;
		memset(b + old, 0, (n - old) * sizeof(*b));
	}
	q->cap = cap;
	return true;
}

static void
mark_free(struct lupool *q, uint32_t pos)
{
	for (unsigned l = 0; l < LUPOOL_LEVELS; l++, pos /= 64)
		q->bits[l][pos / 64] |= UINT64_C(1) << (pos % 64);
}

static void
mark_used(struct lupool *q, uint32_t pos)
{
	for (unsigned l = 0; l < LUPOOL_LEVELS; l++, pos /= 64) {
		q->bits[l][pos / 64] &= ~(UINT64_C(1) << (pos % 64));
		if (q->bits[l][pos / 64] != 0)
			break;
	}
}

static struct lu *
lu_new(struct lupools *p, const char *name, uint16_t id)
{
	struct lu *l = pool_get(&p->lus);

	if (l == NULL)
		return NULL;
	snprintf(l->name, sizeof(l->name), "%s", name);
	l->state = LU_FREE;
	l->printer = p->v[id].kind == LUPOOL_PRINTER;
	map_insert(&p->names, &l->ent, map_hash(&p->names, l->name, strlen(l->name)));
	return l;
}

int
lupool_add(struct lupools *p, uint16_t id, const char *name)
{
	struct lupool *q = &p->v[id];
	struct lu *l = find(p, name);
	uint32_t i, m;

	if (l != NULL)
		for (i = p->member_of[pool_index(&p->lus, l)]; i != 0; i = p->member[i - 1].next)
			if (p->member[i - 1].pool == id)
				return -EEXIST;
	if (l == NULL && (l = lu_new(p, name, id)) == NULL)
		return -ENOMEM;
	if (p->member_of[pool_index(&p->lus, l)] == 0)  /* V ..,INACT knew it before any profile */
		l->printer = q->kind == LUPOOL_PRINTER;
	if (q->n == q->cap && !pool_grow(q))
		return -ENOMEM;
	if (p->free_member == 0 && p->n_member == p->cap_member) {
		uint32_t cap = p->cap_member == 0 ? 1024 : p->cap_member * 2;
		struct lumember *more = realloc(p->member, cap * sizeof(*more));

		if (more == NULL)
			return -ENOMEM;
		p->member = more;
		p->cap_member = cap;
	}
	i = pool_index(&p->lus, l);
	if (p->free_member != 0) {
		m = p->free_member;
		p->free_member = p->member[m - 1].next;
	} else {
		m = ++p->n_member;
	}
	p->member[m - 1] = (struct lumember){ p->member_of[i], q->n, id };
	p->member_of[i] = m;
	q->lu[q->n] = i;
	if (l->state == LU_FREE)
		mark_free(q, q->n);
	else
		q->used++;
	q->n++;
	return 0;
}

/* A name of no pool that nobody uses is forgotten. */
static void
forget_unpooled(struct lupools *p, struct lu *l)
{
	if (l->state != LU_FREE || p->member_of[pool_index(&p->lus, l)] != 0)
		return;
	map_remove(&p->names, &l->ent);
	pool_put(&p->lus, l);
}

static void
set_state(struct lupools *p, struct lu *l, enum lu_state to)
{
	bool was = l->state == LU_FREE, is = to == LU_FREE;
	uint32_t i;

	l->state = (uint8_t)to;
	if (was == is)
		return;
	for (i = p->member_of[pool_index(&p->lus, l)]; i != 0; i = p->member[i - 1].next) {
		struct lupool *q = &p->v[p->member[i - 1].pool];

		if (is) {
			mark_free(q, p->member[i - 1].pos);
			q->used--;
		} else {
			mark_used(q, p->member[i - 1].pos);
			q->used++;
		}
	}
	forget_unpooled(p, l);
}

void
lupool_hold(struct lupools *p, uint16_t id)
{
	p->v[id].refs++;
}

static void
leave_pool(struct lupools *p, uint32_t lu, uint16_t id)
{
	uint32_t *at = &p->member_of[lu];

	while (*at != 0 && p->member[*at - 1].pool != id)
		at = &p->member[*at - 1].next;
	if (*at != 0) {
		uint32_t m = *at;

		*at = p->member[m - 1].next;
		p->member[m - 1].next = p->free_member;
		p->free_member = m;
	}
	forget_unpooled(p, pool_at(&p->lus, lu));
}

void
lupool_drop(struct lupools *p, uint16_t id)
{
	struct lupool *q = &p->v[id];

	if (!q->defined || --q->refs != 0)
		return;
	for (uint32_t i = 0; i < q->n; i++)
		leave_pool(p, q->lu[i], id);
	free(q->lu);
	for (unsigned l = 0; l < LUPOOL_LEVELS; l++)
		free(q->bits[l]);
	*q = (struct lupool){ .defined = 0 };
	p->free_ids[p->n_free_ids++] = id;
}

/* Of a level the first bit at or behind pos in its word; then down to the entry. */
static bool
bit_at(const struct lupool *q, unsigned level, uint32_t *pos)
{
	uint64_t w = q->bits[level][*pos / 64] & (~UINT64_C(0) << (*pos % 64));

	if (w == 0)
		return false;
	*pos = *pos / 64 * 64 + (uint32_t)__builtin_ctzll(w);
	while (level-- > 0)
		*pos = *pos * 64 + (uint32_t)__builtin_ctzll(q->bits[level][*pos]);
	return true;
}

/* The first free place at or behind from, or q->n. */
static uint32_t
next_free(const struct lupool *q, uint32_t from)
{
	uint32_t pos = from, bits = q->n;

	for (unsigned l = 0; l < LUPOOL_LEVELS; l++) {
		while (pos < bits) {
			if (bit_at(q, l, &pos))
				return pos;
			pos = (pos / 64 + 1) * 64;
			if (l + 1 < LUPOOL_LEVELS)
				break;          /* the level above knows which word is next */
		}
		pos = (pos + 63) / 64;
		bits = (bits + 63) / 64;
	}
	return q->n;
}

/* --- names kept for their owner --- */

static bool
owner_eq(const struct mapent *e, const void *key)
{
	return MAP_OBJ(e, const struct lukept, ent)->owner == *(const uint64_t *)key;
}

static struct lukept *
kept_of(const struct lupools *p, uint64_t owner)
{
	struct mapent *e = owner == 0 ? NULL : map_find(&p->owners,
	    map_hash(&p->owners, &owner, sizeof(owner)), owner_eq, &owner);

	return e == NULL ? NULL : MAP_OBJ(e, struct lukept, ent);
}

static void
unkeep(struct lupools *p, struct lu *l)
{
	struct lukept *k = l->kept == 0 ? NULL : pool_at(&p->kept, l->kept - 1);

	if (k == NULL)
		return;
	l->kept = 0;
	due_clear(&p->due, &k->due);
	if (k->next != NULL)
		k->next->prev = k->prev;
	if (k->prev != NULL) {
		k->prev->next = k->next;
	} else {
		uint64_t hash = k->ent.hash;

		map_remove(&p->owners, &k->ent);
		if (k->next != NULL)
			map_insert(&p->owners, &k->next->ent, hash);
	}
	pool_put(&p->kept, k);
}

void
lupool_keep(struct lupools *p, const char *lu, uint64_t owner, struct mono until)
{
	struct lu *l = find(p, lu);
	struct lukept *k, *first;

	if (l == NULL || l->state != LU_INUSE)
		return;
	k = owner == 0 || l->held ? NULL : pool_get(&p->kept);
	if (k == NULL) {
		p->keep_failed += owner != 0 && !l->held;
		lupool_release(p, lu);
		return;
	}
	k->owner = owner;
	k->lu = pool_index(&p->lus, l);
	first = kept_of(p, owner);
	if (first == NULL) {
		map_insert(&p->owners, &k->ent, map_hash(&p->owners, &owner, sizeof(owner)));
	} else {                        /* behind the first: it stays in the map */
		k->prev = first;
		k->next = first->next;
		if (k->next != NULL)
			k->next->prev = k;
		first->next = k;
	}
	l->kept = pool_index(&p->kept, k) + 1;
	due_set(&p->due, &k->due, until);
	set_state(p, l, LU_KEPT);
}

void
lupool_expire(struct lupools *p, struct mono now)
{
	struct due *d;

	while ((d = due_pop(&p->due, now)) != NULL) {
		struct lu *l = pool_at(&p->lus, DUE_OBJ(d, struct lukept, due)->lu);

		unkeep(p, l);
		set_state(p, l, LU_FREE);
	}
}

struct mono
lupool_deadline(const struct lupools *p)
{
	return due_next(&p->due);
}

/* --- choosing --- */

static bool member_of_any(const struct lupools *, const struct lu *, const uint16_t *pools);

static bool
fits(const struct lupools *p, const struct lu *l, const struct lupool_want *w)
{
	const uint16_t within[ACB_POOLS_MAX] = { w->within };

	return member_of_any(p, l, w->pools) && (w->within == 0 || member_of_any(p, l, within));
}

/* How many of his kept names are looked at: he may have been given other pools since. */
#define KEPT_TRIES 16

static struct lu *
own_kept(struct lupools *p, const struct lupool_want *w)
{
	struct lukept *k = kept_of(p, w->owner);

	for (unsigned i = 0; k != NULL && i < KEPT_TRIES; i++, k = k->next) {
		struct lu *l = pool_at(&p->lus, k->lu);

		if (fits(p, l, w))
			return l;
	}
	return NULL;
}

/* Of two pools: the free names of the one are tried, so many of them. */
#define WITHIN_TRIES 4096

static void
give(struct lupools *p, struct lu *l, char lu[9])
{
	unkeep(p, l);
	set_state(p, l, LU_INUSE);
	memcpy(lu, l->name, sizeof(l->name));
}

static enum acb_err
give_within(struct lupools *p, const struct lupool_want *w, char lu[9])
{
	struct lupool *q = w->within <= p->n ? &p->v[w->within] : NULL;
	uint32_t pos = 0;

	for (unsigned i = 0; q != NULL && i < WITHIN_TRIES; i++, pos++) {
		struct lu *l;

		pos = next_free(q, pos);
		if (pos >= q->n)
			break;
		l = pool_at(&p->lus, q->lu[pos]);
		if (fits(p, l, w)) {
			give(p, l, lu);
			return ACB_OK;
		}
	}
	return ACB_EXHAUSTED;
}

enum acb_err
lupool_any(struct lupools *p, const struct lupool_want *w, char lu[9])
{
	struct lu *own = own_kept(p, w);

	if (own != NULL) {
		give(p, own, lu);
		return ACB_OK;
	}
	if (w->within != 0)
		return give_within(p, w, lu);
	for (unsigned i = 0; i < ACB_POOLS_MAX && w->pools[i] != 0; i++) {
		struct lupool *q = w->pools[i] <= p->n ? &p->v[w->pools[i]] : NULL;
		uint32_t pos;

		if (q == NULL || q->n == 0)
			continue;
		pos = w->first_free ? 0 : next_free(q, q->next % q->n);
		if (w->first_free || pos == q->n)
			pos = next_free(q, 0);
		if (pos == q->n)
			continue;
		q->next = pos + 1;
		give(p, pool_at(&p->lus, q->lu[pos]), lu);
		return ACB_OK;
	}
	return ACB_EXHAUSTED;
}

static bool
member_of_any(const struct lupools *p, const struct lu *l, const uint16_t *pools)
{
	uint32_t i = p->member_of[pool_index(&p->lus, l)];

	for (; i != 0; i = p->member[i - 1].next)
		for (unsigned k = 0; k < ACB_POOLS_MAX && pools[k] != 0; k++)
			if (p->member[i - 1].pool == pools[k])
				return true;
	return false;
}

enum acb_err
lupool_this(struct lupools *p, const struct lupool_want *w, const char *name)
{
	struct lu *l = find(p, name);
	char lu[9];

	if (l == NULL)
		return ACB_UNKNOWN;
	if (!member_of_any(p, l, w->pools))
		return ACB_NOTINPOOL;
	switch ((enum lu_state)l->state) {
	case LU_INUSE:
		return ACB_INUSE;
	case LU_INACT:
		return ACB_INACTIVE;
	case LU_KEPT:
		if (w->owner == 0 || ((struct lukept *)pool_at(&p->kept, l->kept - 1))->owner !=
		    w->owner)
			return ACB_KEPT;
		break;
	case LU_FREE:
		break;
	}
	give(p, l, lu);
	return ACB_OK;
}

void
lupool_release(struct lupools *p, const char *name)
{
	struct lu *l = find(p, name);

	if (l == NULL || l->state != LU_INUSE)
		return;
	if (!l->held) {
		set_state(p, l, LU_FREE);
		return;
	}
	l->held = 0;
	set_state(p, l, LU_INACT);
}

bool
lupool_inact(struct lupools *p, const char *name)
{
	struct lu *l = find(p, name);

	if (l == NULL)
		l = lu_new(p, name, 0);         /* a profile may name it later */
	if (l != NULL && l->by_node) {          /* from here it is the operator's */
		l->by_node = 0;
		return true;
	}
	if (l == NULL || l->state == LU_INACT || l->held)
		return false;
	if (l->state == LU_INUSE) {
		l->held = 1;
	} else {
		unkeep(p, l);
		set_state(p, l, LU_INACT);
	}
	return true;
}

bool
lupool_act(struct lupools *p, const char *name)
{
	struct lu *l = find(p, name);

	if (l == NULL || (l->state != LU_INACT && !l->held))
		return false;
	if (l->held)
		l->held = 0;
	else
		set_state(p, l, LU_FREE);
	l->by_node = 0;
	return true;
}

void
lupool_node_inact(struct lupools *p, const char *name)
{
	struct lu *l = find(p, name);

	if (l == NULL || l->state != LU_FREE)
		return;
	l->by_node = 1;
	set_state(p, l, LU_INACT);
}

void
lupool_node_act(struct lupools *p, const char *name)
{
	struct lu *l = find(p, name);

	if (l != NULL && l->by_node)
		(void)lupool_act(p, name);
}

void
lupool_show(const struct lupools *p, struct con *c)
{
	for (unsigned i = 1; i <= p->n; i++)
		if (p->v[i].defined)
			con_text(c, "  %-8s %s %" PRIu32 " LUS, %" PRIu32 " IN USE", p->v[i].name,
			    p->v[i].kind == LUPOOL_PRINTER ? "PRINTER " : "TERMINAL", p->v[i].n,
			    p->v[i].used);
}
