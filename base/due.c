/* SPDX-License-Identifier: Apache-2.0
 *
 * A heap of four ways that keeps to itself: instants to compare and places to note
 * lie in its array, not in the entities. Of ten thousand pipes only those are fetched
 * whose time has come.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/due.h"

#define WAYS 4u

/* The root at 0. Children of i: 4i + 1 on. */
static inline uint32_t
up(uint32_t i)
{
	return (i - 1) / WAYS;
}

int
dueheap_init(struct dueheap *h, uint32_t expect)
{
	*h = (struct dueheap){ .cap = expect < 16 ? 16 : expect };
	h->v = calloc(h->cap, sizeof(*h->v));
	return h->v == NULL ? -ENOMEM : 0;
}

void
dueheap_fini(struct dueheap *h)
{
	free(h->v);
	*h = (struct dueheap){ 0 };
}

static void
place(struct dueheap *h, uint32_t i, struct mono at, uint32_t slot)
{
	h->v[i].at = at;
	h->v[i].slot = slot;
	h->v[slot].place = i;
}

static void
sift_up(struct dueheap *h, uint32_t i, struct mono at, uint32_t slot)
{
	while (i > 0 && mono_before(at, h->v[up(i)].at)) {
		place(h, i, h->v[up(i)].at, h->v[up(i)].slot);
		i = up(i);
	}
	place(h, i, at, slot);
}

static void
sift_down(struct dueheap *h, uint32_t i, struct mono at, uint32_t slot)
{
	for (;;) {
		uint32_t first = i * WAYS + 1, best = first;

		if (first >= h->n)
			break;
		for (uint32_t c = first + 1; c < first + WAYS && c < h->n; c++)
			if (mono_before(h->v[c].at, h->v[best].at))
				best = c;
		if (!mono_before(h->v[best].at, at))
			break;
		place(h, i, h->v[best].at, h->v[best].slot);
		i = best;
	}
	place(h, i, at, slot);
}

static void
sift(struct dueheap *h, uint32_t i, struct mono at, uint32_t slot)
{
	if (i > 0 && mono_before(at, h->v[up(i)].at))
		sift_up(h, i, at, slot);
	else
		sift_down(h, i, at, slot);
}

void
due_clear(struct dueheap *h, struct due *d)
{
	uint32_t slot = d->pos - 1, i;

	if (d->pos == 0)
		return;
	d->pos = 0;
	i = h->v[slot].place;
	h->v[slot].place = h->free;
	h->free = slot + 1;
	h->n--;
	if (i != h->n)
		sift(h, i, h->v[h->n].at, h->v[h->n].slot);
}

static void
grow(struct dueheap *h)
{
	struct dueent *v = realloc(h->v, (size_t)h->cap * 2 * sizeof(*v));

	if (v == NULL)
		abort();                /* a lost timer would be a hang: say so */
	h->v = v;
	h->cap *= 2;
}

static void
add(struct dueheap *h, struct due *d)
{
	uint32_t slot;

	if (h->n == h->cap)
		grow(h);
	if (h->free != 0) {
		slot = h->free - 1;
		h->free = h->v[slot].place;
	} else {
		slot = h->slots++;
	}
	h->v[slot].d = d;
	d->pos = slot + 1;
	h->n++;
	sift_up(h, h->n - 1, d->at, slot);
}

void
due_set(struct dueheap *h, struct due *d, struct mono at)
{
	d->at = at;
	if (mono_is_never(at))
		due_clear(h, d);
	else if (d->pos == 0)
		add(h, d);
	else
		sift(h, h->v[d->pos - 1].place, at, d->pos - 1);
}

struct mono
due_next(const struct dueheap *h)
{
	return h->n == 0 ? MONO_NEVER : h->v[0].at;
}

struct due *
due_pop(struct dueheap *h, struct mono now)
{
	struct due *d;

	if (h->n == 0 || !mono_due(h->v[0].at, now))
		return NULL;
	d = h->v[h->v[0].slot].d;
	due_clear(h, d);
	if (h->n != 0)          /* perhaps the next, while this one is served */
		__builtin_prefetch(h->v[h->v[0].slot].d, 1);
	return d;
}
