/* SPDX-License-Identifier: Apache-2.0
 *
 * due.h - deadline heap: who is to be called next, without asking all.
 *
 * Each entity has one entry at its earliest timer. Intrusive and indexed, so
 * a deadline moves in O(log n). Used by the loop and, in virtual time, by the
 * simulator and by every core that owns many entities.
 *
 * Memory:  one array, grown at start to the expected number.
 */
#ifndef BASE_DUE_H
#define BASE_DUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/mono.h"

struct due {
	struct mono at;
	uint32_t pos;           /* 1-based slot in the heap, 0: not in it */
};

struct dueent {
	/* the heap's: what is at this place */
	struct mono at;
	uint32_t slot;
	/* the slot's: who has it, and where he is now */
	uint32_t place;
	struct due *d;
};

struct dueheap {
	struct dueent *v;
	uint32_t n, cap;
	uint32_t slots, free;   /* ever used; the first of those given back, 1-based */
};

int         dueheap_init(struct dueheap *, uint32_t expect);    /* 0, -ENOMEM */
void        dueheap_fini(struct dueheap *);
void        due_set(struct dueheap *, struct due *, struct mono at);   /* NEVER removes */
void        due_clear(struct dueheap *, struct due *);
struct mono due_next(const struct dueheap *);           /* NEVER when empty */
struct due *due_pop(struct dueheap *, struct mono now); /* next due one, removed, or NULL */

#define DUE_OBJ(e, T, M) ((T *)((uintptr_t)(e) - offsetof(T, M)))

#endif
