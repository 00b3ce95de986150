/* SPDX-License-Identifier: Apache-2.0
 *
 * bytes.h - read and write cursors over bytes.
 *
 * Order:   big-endian, as everything on an SNA wire.
 * Memory:  a cursor borrows; it never owns or frees.
 * Errors:  they stick. A short read sets bad, leaves nothing to read and yields 0
 *          from then on: a decoder reads as its format does, loops while
 *          something is left, and tests once at the end.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct rd {
	const uint8_t *p, *end;
	bool bad;
};

struct wr {
	uint8_t *base, *p, *end;
	bool bad;
};

static inline struct rd
rd_on(const void *p, size_t n)
{
	return (struct rd){ p, (const uint8_t *)p + n, false };
}

static inline size_t
rd_left(const struct rd *r)
{
	return (size_t)(r->end - r->p);
}

static inline bool
rd_need(struct rd *r, size_t n)
{
	if (r->bad || rd_left(r) < n) {
		r->bad = true;
		r->p = r->end;          /* "while something is left" ends here, too */
		return false;
	}
	return true;
}

static inline uint8_t
rd_u8(struct rd *r)
{
	return rd_need(r, 1) ? *r->p++ : 0;
}

/* The next byte without taking it; 0 at the end. */
static inline uint8_t
rd_peek(const struct rd *r)
{
	return r->bad || r->p == r->end ? 0 : *r->p;
}

static inline uint16_t
rd_u16(struct rd *r)
{
	uint16_t hi = rd_u8(r);

	return (uint16_t)(hi << 8 | rd_u8(r));
}

static inline uint32_t
rd_u32(struct rd *r)
{
	uint32_t hi = rd_u16(r);

	return hi << 16 | rd_u16(r);
}

static inline uint64_t
rd_u64(struct rd *r)
{
	uint64_t hi = rd_u32(r);

	return hi << 32 | rd_u32(r);
}

/* Borrows the next n bytes, or NULL. */
static inline const uint8_t *
rd_bytes(struct rd *r, size_t n)
{
	const uint8_t *p = r->p;

	if (!rd_need(r, n))
		return NULL;
	r->p += n;
	return p;
}

static inline void
rd_skip(struct rd *r, size_t n)
{
	(void)rd_bytes(r, n);
}

/* A cursor of its own for the next n bytes: an inner length can't leave it. */
static inline struct rd
rd_sub(struct rd *r, size_t n)
{
	const uint8_t *p = rd_bytes(r, n);

	if (p == NULL)
		return (struct rd){ r->end, r->end, true };
	return rd_on(p, n);
}

static inline struct wr
wr_on(void *p, size_t n)
{
	return (struct wr){ p, p, (uint8_t *)p + n, false };
}

static inline size_t
wr_len(const struct wr *w)
{
	return (size_t)(w->p - w->base);
}

static inline bool
wr_need(struct wr *w, size_t n)
{
	if (w->bad || (size_t)(w->end - w->p) < n) {
		w->bad = true;
		return false;
	}
	return true;
}

static inline void
wr_u8(struct wr *w, unsigned v)
{
	if (wr_need(w, 1))
		*w->p++ = (uint8_t)v;
}

static inline void
wr_u16(struct wr *w, unsigned v)
{
	wr_u8(w, v >> 8 & 0xff);
	wr_u8(w, v & 0xff);
}

static inline void
wr_u32(struct wr *w, uint32_t v)
{
	wr_u16(w, v >> 16);
	wr_u16(w, v & 0xffff);
}

static inline void
wr_u64(struct wr *w, uint64_t v)
{
	wr_u32(w, (uint32_t)(v >> 32));
	wr_u32(w, (uint32_t)v);
}

static inline void
wr_bytes(struct wr *w, const void *p, size_t n)
{
	if (n != 0 && wr_need(w, n)) {
		memcpy(w->p, p, n);
		w->p += n;
	}
}

static inline void
wr_fill(struct wr *w, unsigned v, size_t n)
{
	if (n != 0 && wr_need(w, n)) {
		memset(w->p, (int)v, n);
		w->p += n;
	}
}

/* Zeroes up to the next multiple of n bytes from the start of the cursor. */
static inline void
wr_pad(struct wr *w, size_t n)
{
	while (!w->bad && wr_len(w) % n != 0)
		wr_u8(w, 0);
}

/* Back-fills a length byte or halfword at offset at from the start. */
static inline void
wr_set8(struct wr *w, size_t at, size_t v)
{
	if (!w->bad && at < wr_len(w) && v <= 0xff)
		w->base[at] = (uint8_t)v;
	else
		w->bad = true;
}

static inline void
wr_set16(struct wr *w, size_t at, size_t v)
{
	if (v > 0xffff) {
		w->bad = true;
		return;
	}
	wr_set8(w, at, v >> 8);
	wr_set8(w, at + 1, v & 0xff);
}

#endif
