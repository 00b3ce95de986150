/* SPDX-License-Identifier: Apache-2.0
 *
 * map.h - intrusive keyed hash that grows a step at a time.
 *
 * The entry sits in the object; the caller compares keys. Keys are hashed with
 * a secret seed, so peers can't aim at one bucket. Growth moves a few buckets
 * per insert: no insert pays for all.
 *
 * Memory:  bucket arrays only (calloc when a table doubles); entries are the
 *          caller's.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mapent {
	struct mapent *next;
	uint64_t hash;
};

struct map {
	struct mapent **cur, **old;     /* old: being emptied into cur */
	size_t ncur, nold, moved;       /* buckets; power of two */
	size_t count;
	uint64_t seed[2];
};

/* True when the entry has the key. */
typedef bool map_eq(const struct mapent *, const void *key);

int      map_init(struct map *, size_t expect);         /* 0, -ENOMEM */
void     map_fini(struct map *);
uint64_t map_hash(const struct map *, const void *key, size_t n);
struct mapent *map_find(const struct map *, uint64_t hash, map_eq *, const void *key);
void     map_insert(struct map *, struct mapent *, uint64_t hash);  /* key must not be there */
void     map_remove(struct map *, struct mapent *);
/* Walks all, in no order: start with *pos = 0; NULL at the end. For operators only. */
struct mapent *map_next(const struct map *, size_t *pos, const struct mapent *after);

/* The object of type T whose member M is at e. */
#define MAP_OBJ(e, T, M) ((T *)((uintptr_t)(e) - offsetof(T, M)))

#endif
