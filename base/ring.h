/* SPDX-License-Identifier: Apache-2.0
 *
 * ring.h - one-producer one-consumer ring of fixed-size elements, by value.
 *
 * The only hop between threads. Head and tail sit on their own cache lines;
 * each side caches the other's index.
 *
 * Thread:  ring_put() on one thread, ring_get() on one other (or the same).
 * Errors:  ring_put() returns false when full: stop reading that client.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
	uint8_t *mem;
	uint32_t size;          /* bytes per element */
	uint32_t mask;          /* elements - 1 */
	_Alignas(64) _Atomic uint32_t head;     /* written by the producer */
	uint32_t tail_seen;
	_Alignas(64) _Atomic uint32_t tail;     /* written by the consumer */
	uint32_t head_seen;
	_Alignas(64) _Atomic bool asleep;       /* consumer says: wake me */
};

int      ring_init(struct ring *, size_t size, uint32_t n);     /* n: power of two */
void     ring_fini(struct ring *);
bool     ring_put(struct ring *, const void *elem);
bool     ring_get(struct ring *, void *elem);
uint32_t ring_used(const struct ring *);
uint32_t ring_room(const struct ring *);         /* elements that fit now */
/* Consumer, before it sleeps: true when it may (the ring is empty and the
 * producer's next ring_must_wake() will say so). */
bool     ring_sleep(struct ring *);
void     ring_awake(struct ring *);             /* consumer, after it woke */
bool     ring_must_wake(struct ring *);         /* producer, after puts */

#endif
