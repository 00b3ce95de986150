/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which LUs of a pool are free is a bit map with a summary map above it: one
 * bit a word that has a free LU. The next free one behind a place is found in
 * a few words whatever the size of the pool. A LU that is taken is cleared in
 * every pool that has it.
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
	e = map_init(&p->names, 1024);
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
	for (unsigned i = 1; i < LUPOOL_MAX; i++) {
		free(p->v[i].lu);
		free(p->v[i].free);
		free(p->v[i].sum);
	}
	free(p->member);
	free(p->member_of);
	pool_fini(&p->lus);
	map_fini(&p->names);
}

uint16_t
lupool_define(struct lupools *p, const char *name, enum lupool_kind kind)
{
	for (unsigned i = 1; i < LUPOOL_MAX; i++) {
		if (p->v[i].defined)
			continue;
		p->v[i].defined = 1;
		p->v[i].kind = (uint8_t)kind;
		snprintf(p->v[i].name, sizeof(p->v[i].name), "%s", name);
		return (uint16_t)i;
	}
	return 0;
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
	uint32_t cap = q->cap == 0 ? 256 : q->cap * 2;
	size_t words = (cap + 63) / 64, sums = (words + 63) / 64;
	size_t old_words = (q->cap + 63) / 64, old_sums = (old_words + 63) / 64;
	uint32_t *lu = realloc(q->lu, cap * sizeof(*lu));
	uint64_t *fr, *sum;

	if (lu == NULL)
		return false;
	q->lu = lu;
	fr = realloc(q->free, words * sizeof(*fr));
	if (fr == NULL)
		return false;
	q->free = fr;
	memset(fr + old_words, 0, (words - old_words) * sizeof(*fr));
	sum = realloc(q->sum, sums * sizeof(*sum));
	if (sum == NULL)
		return false;
	q->sum = sum;
	memset(sum + old_sums, 0, (sums - old_sums) * sizeof(*sum));
	q->cap = cap;
	return true;
}

static void
mark_free(struct lupool *q, uint32_t pos)
{
	q->free[pos / 64] |= UINT64_C(1) << (pos % 64);
	q->sum[pos / 4096] |= UINT64_C(1) << (pos / 64 % 64);
}

static void
mark_used(struct lupool *q, uint32_t pos)
{
	q->free[pos / 64] &= ~(UINT64_C(1) << (pos % 64));
	if (q->free[pos / 64] == 0)
		q->sum[pos / 4096] &= ~(UINT64_C(1) << (pos / 64 % 64));
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
	l->first_pool = id;
	map_insert(&p->names, &l->ent, map_hash(&p->names, l->name, strlen(l->name)));
	return l;
}

int
lupool_add(struct lupools *p, uint16_t id, const char *name)
{
	struct lupool *q = &p->v[id];
	struct lu *l = find(p, name);
	uint32_t i;

	if (l != NULL)
		for (i = p->member_of[pool_index(&p->lus, l)]; i != 0; i = p->member[i - 1].next)
			if (p->member[i - 1].pool == id)
				return -EEXIST;
	if (l == NULL && (l = lu_new(p, name, id)) == NULL)
		return -ENOMEM;
	if (l->first_pool == 0) {               /* V ..,INACT knew it before any profile */
		l->first_pool = id;
		l->printer = q->kind == LUPOOL_PRINTER;
	}
	if (q->n == q->cap && !pool_grow(q))
		return -ENOMEM;
	if (p->n_member == p->cap_member) {
		uint32_t cap = p->cap_member == 0 ? 1024 : p->cap_member * 2;
		struct lumember *m = realloc(p->member, cap * sizeof(*m));

		if (m == NULL)
			return -ENOMEM;
		p->member = m;
		p->cap_member = cap;
	}
	i = pool_index(&p->lus, l);
	p->member[p->n_member] = (struct lumember){ p->member_of[i], q->n, id };
	p->member_of[i] = ++p->n_member;
	q->lu[q->n] = i;
	if (l->state == LU_FREE)
		mark_free(q, q->n);
	else
		q->used++;
	q->n++;
	return 0;
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
}

/* The first free place at or behind from, or q->n. */
static uint32_t
next_free(const struct lupool *q, uint32_t from)
{
	uint32_t word = from / 64, words = (q->n + 63) / 64;
	uint64_t w;

	if (word >= words)
		return q->n;
	w = q->free[word] & (~UINT64_C(0) << (from % 64));
	if (w != 0)
		return word * 64 + (uint32_t)__builtin_ctzll(w);
	word++;
	while (word < words) {
		w = q->sum[word / 64] & (~UINT64_C(0) << (word % 64));
		if (w != 0) {
			word = word / 64 * 64 + (uint32_t)__builtin_ctzll(w);
			return word * 64 + (uint32_t)__builtin_ctzll(q->free[word]);
		}
		word = (word / 64 + 1) * 64;
	}
	return q->n;
}

enum acb_err
lupool_any(struct lupools *p, const uint16_t *pools, char lu[9])
{
	for (unsigned i = 0; i < ACB_POOLS_MAX && pools[i] != 0; i++) {
		struct lupool *q = pools[i] < LUPOOL_MAX ? &p->v[pools[i]] : NULL;
		uint32_t pos;
		struct lu *l;

		if (q == NULL || q->n == 0)
			continue;
		pos = next_free(q, q->next % q->n);
		if (pos == q->n)
			pos = next_free(q, 0);
		if (pos == q->n)
			continue;
		q->next = pos + 1;
		l = pool_at(&p->lus, q->lu[pos]);
		set_state(p, l, LU_INUSE);
		memcpy(lu, l->name, sizeof(l->name));
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
lupool_this(struct lupools *p, const uint16_t *pools, const char *name)
{
	struct lu *l = find(p, name);

	if (l == NULL)
		return ACB_UNKNOWN;
	if (!member_of_any(p, l, pools))
		return ACB_NOTINPOOL;
	if (l->state == LU_INUSE)
		return ACB_INUSE;
	if (l->state == LU_INACT)
		return ACB_INACTIVE;
	set_state(p, l, LU_INUSE);
	return ACB_OK;
}

void
lupool_release(struct lupools *p, const char *name)
{
	struct lu *l = find(p, name);

	if (l == NULL || l->state != LU_INUSE)
		return;
	set_state(p, l, l->held ? LU_INACT : LU_FREE);
	l->held = 0;
}

bool
lupool_inact(struct lupools *p, const char *name)
{
	struct lu *l = find(p, name);

	if (l == NULL)
		l = lu_new(p, name, 0);         /* a profile may name it later */
	if (l == NULL || l->state == LU_INACT || l->held)
		return false;
	if (l->state == LU_INUSE)
		l->held = 1;
	else
		set_state(p, l, LU_INACT);
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
	return true;
}

void
lupool_show(const struct lupools *p, struct con *c)
{
	for (unsigned i = 1; i < LUPOOL_MAX && p->v[i].defined != 0; i++)
		con_text(c, "  %-8s %s %" PRIu32 " LUS, %" PRIu32 " IN USE", p->v[i].name,
		    p->v[i].kind == LUPOOL_PRINTER ? "PRINTER " : "TERMINAL", p->v[i].n,
		    p->v[i].used);
}
