/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/buf.h"

static const uint32_t class_room[BUF_NCLASS] = { BUF_SMALL, BUF_STD, BUF_BIG };

int
bufpool_init(struct bufpool *bp, const char *name, uint32_t n_small, uint32_t n_std,
    uint32_t n_big)
{
	const uint32_t n[BUF_NCLASS] = { n_small, n_std, n_big };

	atomic_init(&bp->returned, NULL);
	bp->owner = pthread_self();
	for (int i = 0; i < BUF_NCLASS; i++)
		bp->slab[i] = (struct pool){ 0 };
	for (int i = 0; i < BUF_NCLASS; i++) {
		size_t size = sizeof(struct buf) + BUF_HEADROOM + class_room[i];
		int e = pool_init(&bp->slab[i], name, size, n[i]);

		if (e != 0) {
			bufpool_fini(bp);
			return e;
		}
	}
	return 0;
}

void
bufpool_adopt(struct bufpool *bp)
{
	bp->owner = pthread_self();
}

void
bufpool_fini(struct bufpool *bp)
{
	for (int i = 0; i < BUF_NCLASS; i++)
		pool_fini(&bp->slab[i]);
}

static struct pool *
slab_of(struct buf *b)
{
	for (int i = 0; i < BUF_NCLASS - 1; i++)
		if (b->size == BUF_HEADROOM + class_room[i])
			return &b->home->slab[i];
	return &b->home->slab[BUF_NCLASS - 1];
}

/* Takes back all that foreign threads returned. */
static bool
collect(struct bufpool *bp)
{
	struct buf *b;
	bool any;

	if (atomic_load_explicit(&bp->returned, memory_order_relaxed) == NULL)
		return false;
	b = atomic_exchange_explicit(&bp->returned, NULL, memory_order_acquire);
	any = b != NULL;
	while (b != NULL) {
		struct buf *next = STAILQ_NEXT(b, link);

		pool_put(slab_of(b), b);
		b = next;
	}
	return any;
}

/* Only the head is set up, not the room: pool_get() would zero all of it. */
static struct buf *
take(struct bufpool *bp, int class)
{
	struct pool *p = &bp->slab[class];
	struct buf *b;

	if (p->free == NULL)            /* what came back first, then memory never touched */
		(void)collect(bp);
	if (p->free != NULL) {
		b = (struct buf *)(void *)p->free;
		p->free = p->free->next;
		if (++p->used > p->peak)
			p->peak = p->used;
	} else {
		b = pool_get(p);
		if (b == NULL)
			return NULL;
	}
	b->home = bp;
	b->size = BUF_HEADROOM + class_room[class];
	b->p = b->store + BUF_HEADROOM;
	b->len = 0;
	b->mark = 0;
	return b;
}

struct buf *
buf_get(struct bufpool *bp, size_t room)
{
	struct buf *b;
	int class = 0;

	while (class < BUF_NCLASS && class_room[class] < room)
		class++;
	if (class == BUF_NCLASS)
		return NULL;
	for (int tries = 0; tries < 2; tries++) {
		for (int c = class; c < BUF_NCLASS; c++)
			if ((b = take(bp, c)) != NULL)
				return b;
		if (!collect(bp))
			break;
	}
	return NULL;
}

void
buf_free(struct buf *b)
{
	struct bufpool *bp;
	struct buf *old;

	if (b == NULL)
		return;
	bp = b->home;
	if (pthread_equal(bp->owner, pthread_self())) {
		pool_put(slab_of(b), b);
		return;
	}
	old = atomic_load_explicit(&bp->returned, memory_order_relaxed);
	do
		STAILQ_NEXT(b, link) = old;
	while (!atomic_compare_exchange_weak_explicit(&bp->returned, &old, b,
	    memory_order_release, memory_order_relaxed));
}

uint32_t
bufpool_used(struct bufpool *bp)
{
	uint32_t n = 0;

	(void)collect(bp);
	for (int i = 0; i < BUF_NCLASS; i++)
		n += bp->slab[i].used;
	return n;
}

uint8_t *
buf_push(struct buf *b, size_t n)
{
	assert(buf_headroom(b) >= n);
	b->p -= n;
	b->len += (uint32_t)n;
	return b->p;
}

uint8_t *
buf_pull(struct buf *b, size_t n)
{
	assert(b->len >= n);
	b->p += n;
	b->len -= (uint32_t)n;
	return b->p;
}

uint8_t *
buf_put(struct buf *b, size_t n)
{
	uint8_t *p = b->p + b->len;

	assert(buf_tailroom(b) >= n);
	b->len += (uint32_t)n;
	return p;
}

void
buf_append(struct buf *b, const void *d, size_t n)
{
	if (n != 0)
		memcpy(buf_put(b, n), d, n);
}

void
buf_trim(struct buf *b, size_t len)
{
	assert(b->len >= len);
	b->len = (uint32_t)len;
}

struct buf *
buf_copy(struct bufpool *bp, const struct buf *from)
{
	struct buf *b = buf_get(bp, from->len);

	if (b != NULL)
		buf_append(b, from->p, from->len);
	return b;
}

void
bufq_init(struct bufq *q)
{
	STAILQ_INIT(&q->head);
	q->count = q->bytes = 0;
}

void
bufq_put(struct bufq *q, struct buf *b)
{
	STAILQ_INSERT_TAIL(&q->head, b, link);
	q->count++;
	q->bytes += b->len;
}

void
bufq_unget(struct bufq *q, struct buf *b)
{
	STAILQ_INSERT_HEAD(&q->head, b, link);
	q->count++;
	q->bytes += b->len;
}

struct buf *
bufq_get(struct bufq *q)
{
	struct buf *b = STAILQ_FIRST(&q->head);

	if (b == NULL)
		return NULL;
	STAILQ_REMOVE_HEAD(&q->head, link);
	q->count--;
	q->bytes -= b->len;
	return b;
}

struct buf *
bufq_peek(const struct bufq *q)
{
	return STAILQ_FIRST(&q->head);
}

void
bufq_move(struct bufq *to, struct bufq *from)
{
	STAILQ_CONCAT(&to->head, &from->head);
	to->count += from->count;
	to->bytes += from->bytes;
	from->count = from->bytes = 0;
}

void
bufq_drop(struct bufq *q)
{
	struct buf *b;

	while ((b = bufq_get(q)) != NULL)
		buf_free(b);
}
