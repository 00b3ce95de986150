/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pool hands out objects last in, first out, so that the warm ones are used
 * again; untouched address space costs nothing.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/pool.h"

#define ARENA_BLK 16384

struct arenablk {
	struct arenablk *next;
	size_t size, used;
	_Alignas(16) uint8_t mem[];
};

int
pool_init(struct pool *p, const char *name, size_t size, uint32_t max)
{
	void *m;

	*p = (struct pool){ .name = name, .size = (size + 15) & ~(size_t)15, .max = max };
	if (max == 0)
		return 0;
	m = mmap(NULL, p->size * max, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (m == MAP_FAILED)
		return -ENOMEM;
	p->mem = m;
	return 0;
}

void
pool_fini(struct pool *p)
{
	if (p->mem != NULL)
		munmap(p->mem, p->size * p->max);
	*p = (struct pool){ .name = p->name };
}

void *
pool_get(struct pool *p)
{
	void *o;

	if (p->free != NULL) {
		o = p->free;
		p->free = p->free->next;
		memset(o, 0, p->size);
	} else if (p->touched < p->max) {
		o = p->mem + p->size * p->touched++;    /* fresh pages are zero */
	} else {
		p->empty++;
		return NULL;
	}
	if (++p->used > p->peak)
		p->peak = p->used;
	return o;
}

void
pool_put(struct pool *p, void *o)
{
	struct poolfree *f = o;

	if (o == NULL)
		return;
	assert((uint8_t *)o >= p->mem && (uint8_t *)o < p->mem + p->size * p->touched);
	assert(p->used > 0);
	f->next = p->free;
	p->free = f;
	p->used--;
}

uint32_t
pool_index(const struct pool *p, const void *o)
{
	size_t off = (size_t)((const uint8_t *)o - p->mem);

	assert(off < p->size * p->touched);
	return (uint32_t)(off / p->size);
}

void *
pool_at(const struct pool *p, uint32_t index)
{
	return index < p->touched ? p->mem + p->size * index : NULL;
}

void
arena_init(struct arena *a)
{
	*a = (struct arena){ 0 };
}

void *
arena_get(struct arena *a, size_t n)
{
	struct arenablk *b = a->blk;
	void *p;

	n = (n + 15) & ~(size_t)15;
	if (b == NULL || b->size - b->used < n) {
		size_t size = n > ARENA_BLK ? n : ARENA_BLK;

		b = calloc(1, sizeof(*b) + size);
		if (b == NULL)
			abort();        /* reading a configuration, no session stands yet */
		b->size = size;
		b->next = a->blk;
		a->blk = b;
	}
	p = b->mem + b->used;
	b->used += n;
	a->used += n;
	return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *d = arena_get(a, n + 1);

	memcpy(d, s, n);
	d[n] = '\0';
	return d;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

void
arena_fini(struct arena *a)
{
	struct arenablk *b;

	while ((b = a->blk) != NULL) {
		a->blk = b->next;
		free(b);
	}
	a->used = 0;
}
