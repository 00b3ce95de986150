/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chained hash with two tables while it grows: an insert or a removal moves a
 * few buckets from the old to the new one, so the longest step stays short.
 * The hash is SipHash-1-3: keyed, short keys in a few nanoseconds.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/map.h"

#define MIN_BUCKETS 16
#define MOVE_STEP 4             /* buckets a call; 2 would already keep ahead */

static inline uint64_t
rotl(uint64_t x, int b)
{
	return x << b | x >> (64 - b);
}

static inline void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

/* SipHash as its authors define it (Aumasson, Bernstein 2012), 1 and 3 rounds. */
uint64_t
map_hash(const struct map *m, const void *key, size_t n)
{
	const uint8_t *p = key;
	uint64_t v[4] = {
		m->seed[0] ^ 0x736f6d6570736575u, m->seed[1] ^ 0x646f72616e646f6du,
		m->seed[0] ^ 0x6c7967656e657261u, m->seed[1] ^ 0x7465646279746573u
	};
	uint64_t last = (uint64_t)n << 56, w;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&w, p, 8);
		v[3] ^= w;
		sip_round(v);
		v[0] ^= w;
	}
	for (size_t i = 0; i < n; i++)
		last |= (uint64_t)p[i] << (8 * i);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

int
map_init(struct map *m, size_t expect)
{
	size_t n = MIN_BUCKETS;

	while (n < expect)
		n *= 2;
	*m = (struct map){ .ncur = n };
	if (getrandom(m->seed, sizeof(m->seed), 0) != (ssize_t)sizeof(m->seed))
		return -EIO;
	m->cur = calloc(n, sizeof(*m->cur));
	return m->cur == NULL ? -ENOMEM : 0;
}

void
map_fini(struct map *m)
{
	free(m->cur);
	free(m->old);
	*m = (struct map){ 0 };
}

static void
move_some(struct map *m)
{
	for (int i = 0; i < MOVE_STEP && m->old != NULL; i++) {
		struct mapent *e = m->old[m->moved], *next;

		for (; e != NULL; e = next) {
			struct mapent **b = &m->cur[e->hash & (m->ncur - 1)];

			next = e->next;
			e->next = *b;
			*b = e;
		}
		m->old[m->moved++] = NULL;
		if (m->moved == m->nold) {
			free(m->old);
			m->old = NULL;
			m->nold = 0;
		}
	}
}

static void
grow(struct map *m)
{
	struct mapent **n = calloc(m->ncur * 2, sizeof(*n));

	if (n == NULL)
		return;         /* longer chains until memory comes back */
	m->old = m->cur;
	m->nold = m->ncur;
	m->moved = 0;
	m->cur = n;
	m->ncur *= 2;
}

static struct mapent *
chain_find(struct mapent *e, uint64_t hash, map_eq *eq, const void *key)
{
	while (e != NULL && (e->hash != hash || !eq(e, key)))
		e = e->next;
	return e;
}

struct mapent *
map_find(const struct map *m, uint64_t hash, map_eq *eq, const void *key)
{
	struct mapent *e = chain_find(m->cur[hash & (m->ncur - 1)], hash, eq, key);

	if (e == NULL && m->old != NULL)
		e = chain_find(m->old[hash & (m->nold - 1)], hash, eq, key);
	return e;
}

void
map_insert(struct map *m, struct mapent *e, uint64_t hash)
{
	struct mapent **b;

	move_some(m);
	if (m->old == NULL && m->count >= m->ncur)
		grow(m);
	e->hash = hash;
	b = &m->cur[hash & (m->ncur - 1)];
	e->next = *b;
	*b = e;
	m->count++;
}

static bool
chain_remove(struct mapent **b, struct mapent *e)
{
	for (; *b != NULL; b = &(*b)->next)
		if (*b == e) {
			*b = e->next;
			e->next = NULL;
			return true;
		}
	return false;
}

void
map_remove(struct map *m, struct mapent *e)
{
	if (chain_remove(&m->cur[e->hash & (m->ncur - 1)], e) ||
	    (m->old != NULL && chain_remove(&m->old[e->hash & (m->nold - 1)], e)))
		m->count--;
	move_some(m);
}

struct mapent *
map_next(const struct map *m, size_t *pos, const struct mapent *after)
{
	if (after != NULL && after->next != NULL)
		return after->next;
	while (*pos < m->ncur + m->nold) {
		size_t i = (*pos)++;
		struct mapent *e = i < m->ncur ? m->cur[i] : m->old[i - m->ncur];

		if (e != NULL)
			return e;
	}
	return NULL;
}
