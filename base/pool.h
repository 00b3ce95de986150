/* SPDX-License-Identifier: Apache-2.0
 *
 * pool.h - slabs of equal objects, and arenas that are freed whole.
 *
 * Memory:  a pool reserves address space for max objects once and touches a
 *          page only when an object in it is first used. Nothing is allocated
 *          later; an empty pool is an event (NULL and a count), never an abort.
 * Thread:  a pool belongs to one thread.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

struct poolfree {
	struct poolfree *next;
};

struct pool {
	const char *name;       /* borrowed, for D NET,BFRUSE */
	uint8_t *mem;
	size_t size;            /* bytes per object, rounded up to 16 */
	uint32_t max;           /* objects */
	uint32_t touched;       /* objects handed out at least once */
	uint32_t used;          /* handed out now */
	uint32_t peak;
	uint64_t empty;         /* times pool_get() had none */
	struct poolfree *free;
};

int      pool_init(struct pool *, const char *name, size_t size, uint32_t max);  /* 0, -ENOMEM */
void     pool_fini(struct pool *);
void    *pool_get(struct pool *);               /* zeroed; NULL when empty */
void     pool_put(struct pool *, void *);
uint32_t pool_index(const struct pool *, const void *);         /* 0..max-1 */
void    *pool_at(const struct pool *, uint32_t index);  /* NULL when never touched */

/* Text and tables that live as long as a configuration; freed as one. */
struct arena {
	struct arenablk *blk;
	size_t used;
};

void  arena_init(struct arena *);
void *arena_get(struct arena *, size_t n);      /* zeroed, aligned 16; aborts only at start-up */
char *arena_strdup(struct arena *, const char *);
char *arena_strndup(struct arena *, const char *, size_t n);
void  arena_fini(struct arena *);

#endif
