/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "base/due.h"

int
dueheap_init(struct dueheap *h, uint32_t expect)
{
	*h = (struct dueheap){ .cap = expect < 16 ? 16 : expect };
	h->v = calloc((size_t)h->cap + 1, sizeof(*h->v));
	return h->v == NULL ? -ENOMEM : 0;
}

void
dueheap_fini(struct dueheap *h)
{
	free(h->v);
	*h = (struct dueheap){ 0 };
}

static void
place(struct dueheap *h, uint32_t pos, struct due *d)
{
	h->v[pos] = d;
	d->pos = pos;
}

static void
sift_up(struct dueheap *h, uint32_t pos, struct due *d)
{
	while (pos > 1 && mono_before(d->at, h->v[pos / 2]->at)) {
		place(h, pos, h->v[pos / 2]);
		pos /= 2;
	}
	place(h, pos, d);
}

static void
sift_down(struct dueheap *h, uint32_t pos, struct due *d)
{
	for (;;) {
		uint32_t c = pos * 2;

		if (c > h->n)
			break;
		if (c < h->n && mono_before(h->v[c + 1]->at, h->v[c]->at))
			c++;
		if (!mono_before(h->v[c]->at, d->at))
			break;
		place(h, pos, h->v[c]);
		pos = c;
	}
	place(h, pos, d);
}

void
due_clear(struct dueheap *h, struct due *d)
{
	uint32_t pos = d->pos;
	struct due *last;

	if (pos == 0)
		return;
	d->pos = 0;
	last = h->v[h->n--];
	if (last == d)
		return;
	if (pos > 1 && mono_before(last->at, h->v[pos / 2]->at))
		sift_up(h, pos, last);
	else
		sift_down(h, pos, last);
}

void
due_set(struct dueheap *h, struct due *d, struct mono at)
{
	struct mono was = d->at;

	if (mono_is_never(at)) {
		due_clear(h, d);
		d->at = at;
		return;
	}
	d->at = at;
	if (d->pos == 0) {
		if (h->n == h->cap) {
			struct due **v = realloc(h->v, ((size_t)h->cap * 2 + 1) * sizeof(*v));

			if (v == NULL)
				abort();        /* a lost timer would be a hang: say so */
			h->v = v;
			h->cap *= 2;
		}
		h->n++;
		sift_up(h, h->n, d);
	} else if (mono_before(at, was)) {
		sift_up(h, d->pos, d);
	} else if (mono_before(was, at)) {
		sift_down(h, d->pos, d);
	}
}

struct mono
due_next(const struct dueheap *h)
{
	return h->n == 0 ? MONO_NEVER : h->v[1]->at;
}

struct due *
due_pop(struct dueheap *h, struct mono now)
{
	struct due *d;

	if (h->n == 0 || !mono_due(h->v[1]->at, now))
		return NULL;
	d = h->v[1];
	due_clear(h, d);
	return d;
}
