/* SPDX-License-Identifier: Apache-2.0
 *
 * gap.h - reorder store: data that came before its turn, and what is missing.
 *
 * A sorted array of pieces of a byte stream that do not touch or overlap the
 * part already delivered. A piece is a whole NLP's data or what is left of it
 * when a part was there already.
 *
 * Takes:   a buffer whose data are the bytes from its first sequence number on.
 * Gives:   the piece that is next; the spans received so far (for status).
 * Units:   bytes modulo 2^32, compared by signed difference.
 * Memory:  at most GAP_RUNS holes and max_bytes of buffers; over that a piece is
 *          refused, so it is never acknowledged and comes again. From the first
 *          GAP_FEW holes on until all are filled it has a table from the pool.
 * Thread:  SNA.
 * Source:  companion ee-hpr-rtp sections 5.4, 5.5.
 */
#ifndef SNAEE_GAP_H
#define SNAEE_GAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/pool.h"
#include "snaee/nlp.h"

#define GAP_RUNS 512            /* holes, that is: with a table from the pool .. */
#define GAP_FEW 8               /* .. and without, as most connections are for life */
#define GAP_BYTES (64u << 20)

/* Indicators that travel with a piece. */
#define GAP_SOM 0x01u
#define GAP_EOM 0x02u
#define GAP_LM 0x04u

struct gap_piece {
	struct buf *b;
	uint32_t begin;
	uint8_t flags;
};

/* Pieces without a hole between them: buf mark is where one begins, note its flags. */
struct gap_run {
	uint32_t begin, end;
	struct buf *first, *last;
};

struct gap_table {
	struct gap_run run[GAP_RUNS];
};

/* Stays where it is: run may point inside. */
struct gap {
	uint32_t n;             /* pieces */
	uint32_t bytes;         /* of the buffers, as they lie in memory */
	uint32_t max_bytes;
	uint32_t runs;
	struct gap_piece front; /* as gap_peek() gave it .. */
	struct buf *behind;     /* .. the piece behind it, .. */
	uint32_t front_size;    /* .. and its buffer: it may be gone when gap_pop() comes */
	uint32_t room;          /* of run */
	struct pool *tables;    /* of struct gap_table; NULL: GAP_FEW must do */
	struct gap_run *run;    /* ascending; holes between them */
	struct gap_run few[GAP_FEW];
};

enum gap_put { GAP_STORED, GAP_DUPLICATE, GAP_FULL };

/* a is before b in the stream. */
static inline bool
seq_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}
static inline uint32_t
seq_max(uint32_t a, uint32_t b)
{
	return seq_before(a, b) ? b : a;
}
static inline uint32_t
seq_min(uint32_t a, uint32_t b)
{
	return seq_before(a, b) ? a : b;
}

void         gap_init(struct gap *, uint32_t max_bytes, struct pool *tables);
/* Takes the buffer; what could not be stored is freed. begin is after the part delivered. */
enum gap_put gap_put(struct gap *, uint32_t begin, uint8_t flags, struct buf *);
/* The first piece when it holds the byte at seq; the part before seq is cut
 * off (and SOM with it). NULL: that byte is missing. */
struct gap_piece *gap_peek(struct gap *, uint32_t seq);
void         gap_pop(struct gap *);             /* the first; its buffer is the caller's */
/* Spans received, the lowest first; touching pieces are one span. Returns how many. */
unsigned     gap_spans(const struct gap *, struct absp *, unsigned max);
void         gap_drop(struct gap *);            /* frees all */

static inline bool
gap_empty(const struct gap *g)
{
	return g->n == 0;
}

#endif
