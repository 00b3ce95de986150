/* SPDX-License-Identifier: Apache-2.0
 *
 * buf.h - buffers with headroom, and queues of them.
 *
 * Data sits behind BUF_HEADROOM free bytes, so RH, TH, THDR, NHDR, LLC and the
 * TN3270E header are pushed in front of data that does not move.
 *
 * Memory:  a buffer moves, it is never shared; it remembers its home pool.
 *          buf_free() may be called by any thread: the home thread puts the
 *          buffer on the free list, a foreign one on the pool's lock-free
 *          return stack, which the home thread empties in one exchange when
 *          its free list runs out.
 * Errors:  buf_get() returns NULL when the pool is empty (counted).
 * Thread:  buf_get() and bufpool_* only on the home thread (bufpool_adopt).
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bsd/sys/queue.h>

#include "base/bytes.h"
#include "base/pool.h"

#define BUF_HEADROOM 160        /* LLC 3, NHDR 12, THDR 20+CQF.., TH 12, RH 3, TN 5 */
#define BUF_SMALL 512           /* room behind the headroom, by class */
#define BUF_STD 2048
#define BUF_BIG 4608            /* a 3840-byte RU (X'F8') and more */
#define BUF_NCLASS 3

struct bufpool;

struct buf {
	STAILQ_ENTRY(buf) link;
	struct bufpool *home;
	uint8_t *p;             /* first byte of data */
	uint32_t len;
	uint32_t size;          /* bytes in store */
	uint32_t mark;          /* for the owner of the moment; 0 from buf_get() */
	uint32_t note;          /* the same */
	uint8_t store[];
};

STAILQ_HEAD(bufhead, buf);

struct bufq {
	struct bufhead head;
	uint32_t count;
	uint32_t bytes;
};

struct bufpool {
	struct pool slab[BUF_NCLASS];
	_Atomic(struct buf *) returned;
	pthread_t owner;
};

/* n buffers of each class. 0, -ENOMEM. */
int         bufpool_init(struct bufpool *, const char *name, uint32_t n_small,
                uint32_t n_std, uint32_t n_big);
void        bufpool_adopt(struct bufpool *);    /* the calling thread is home */
void        bufpool_fini(struct bufpool *);
uint32_t    bufpool_used(struct bufpool *);     /* handed out now; collects returns */

struct buf *buf_get(struct bufpool *, size_t room);     /* smallest class with room bytes */
void        buf_free(struct buf *);                     /* NULL is fine */

static inline size_t
buf_headroom(const struct buf *b)
{
	return (size_t)(b->p - b->store);
}

static inline size_t
buf_tailroom(const struct buf *b)
{
	return b->size - buf_headroom(b) - b->len;
}

uint8_t *buf_push(struct buf *, size_t n);      /* n bytes in front; asserts headroom */
uint8_t *buf_pull(struct buf *, size_t n);      /* drops n from the front; new first byte */
uint8_t *buf_put(struct buf *, size_t n);       /* n more behind; asserts tailroom */
void     buf_append(struct buf *, const void *, size_t n);      /* asserts tailroom */
void     buf_trim(struct buf *, size_t len);    /* shortens to len */
struct buf *buf_copy(struct bufpool *, const struct buf *);     /* NULL when empty */

static inline struct rd
buf_rd(const struct buf *b)
{
	return rd_on(b->p, b->len);
}

void        bufq_init(struct bufq *);
void        bufq_put(struct bufq *, struct buf *);      /* at the end; takes it */
void        bufq_unget(struct bufq *, struct buf *);    /* at the front; takes it */
struct buf *bufq_get(struct bufq *);                    /* gives the first, or NULL */
struct buf *bufq_peek(const struct bufq *);             /* borrows */
void        bufq_move(struct bufq *to, struct bufq *from);      /* all of from behind to */
void        bufq_drop(struct bufq *);                   /* frees all */

#endif
