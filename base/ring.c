/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ring.h"

int
ring_init(struct ring *r, size_t size, uint32_t n)
{
	assert(n != 0 && (n & (n - 1)) == 0);
	memset(r, 0, sizeof(*r));
	r->size = (uint32_t)size;
	r->mask = n - 1;
	r->mem = calloc(n, size);
	if (r->mem == NULL)
		return -ENOMEM;
	atomic_init(&r->head, 0);
	atomic_init(&r->tail, 0);
	atomic_init(&r->asleep, false);
	return 0;
}

void
ring_fini(struct ring *r)
{
	free(r->mem);
	r->mem = NULL;
}

bool
ring_put(struct ring *r, const void *elem)
{
	uint32_t head = atomic_load_explicit(&r->head, memory_order_relaxed);

	if (head - r->tail_seen > r->mask) {
		r->tail_seen = atomic_load_explicit(&r->tail, memory_order_acquire);
		if (head - r->tail_seen > r->mask)
			return false;
	}
	memcpy(r->mem + (size_t)(head & r->mask) * r->size, elem, r->size);
	atomic_store_explicit(&r->head, head + 1, memory_order_release);
	return true;
}

bool
ring_get(struct ring *r, void *elem)
{
	uint32_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);

	if (tail == r->head_seen) {
		r->head_seen = atomic_load_explicit(&r->head, memory_order_acquire);
		if (tail == r->head_seen)
			return false;
	}
	memcpy(elem, r->mem + (size_t)(tail & r->mask) * r->size, r->size);
	atomic_store_explicit(&r->tail, tail + 1, memory_order_release);
	return true;
}

uint32_t
ring_used(const struct ring *r)
{
	return atomic_load_explicit(&r->head, memory_order_acquire) -
	    atomic_load_explicit(&r->tail, memory_order_acquire);
}

uint32_t
ring_room(const struct ring *r)
{
	return r->mask + 1 - ring_used(r);
}

/* Sequentially consistent on both sides: either the consumer sees the element
 * or the producer sees the sleeper. */
bool
ring_sleep(struct ring *r)
{
	atomic_store(&r->asleep, true);
	atomic_thread_fence(memory_order_seq_cst);
	if (ring_used(r) == 0)
		return true;
	atomic_store(&r->asleep, false);
	return false;
}

void
ring_awake(struct ring *r)
{
	atomic_store_explicit(&r->asleep, false, memory_order_relaxed);
}

bool
ring_must_wake(struct ring *r)
{
	atomic_thread_fence(memory_order_seq_cst);
	if (!atomic_load_explicit(&r->asleep, memory_order_relaxed))
		return false;
	return atomic_exchange(&r->asleep, false);
}
