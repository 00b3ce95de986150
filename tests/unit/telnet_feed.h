/* SPDX-License-Identifier: Apache-2.0
 *
 * telnet_feed.h - a Telnet end fed with bytes written as hex, and what it found
 * and answered as text. For the unit tests of telnet.c and tnneg.c.
 *
 * Hex: blanks don't count, 'text' stands for its bytes.
 * Found: "REC[00ff] TXT[41] WILL:40 SB:24[00..] CMD:f4 BAD", blank in front.
 */
#ifndef TESTS_TELNET_FEED_H
#define TESTS_TELNET_FEED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tn3270e/telnet.h"

#define FEED_TEXT 400000u
#define MAXREC 65536u

struct feed {
	struct bufpool bufs;
	struct telnet t;
	size_t len;             /* of text */
	unsigned more;          /* of one feed_n() */
	void (*hear)(struct feed *, const struct tel_ind *);    /* NULL: none */
	void *user;
	char text[FEED_TEXT];   /* what was found */
	char said[FEED_TEXT];   /* what went out, after feed_said() */
};

static inline int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static inline size_t
hex_bytes(const char *hex, uint8_t *to, size_t room)
{
	size_t n = 0;

	for (const char *p = hex; *p != '\0'; p++) {
		assert_true(n < room);
		if (*p == ' ')
			continue;
		if (*p == '\'') {
			for (p++; *p != '\''; p++) {
				assert_true(*p != '\0' && n < room);
				to[n++] = (uint8_t)*p;
			}
			continue;
		}
		assert_true(hex_digit(p[0]) >= 0 && hex_digit(p[1]) >= 0);
		to[n++] = (uint8_t)(hex_digit(p[0]) << 4 | hex_digit(p[1]));
		p++;
	}
	return n;
}

static inline size_t
hex_text(const uint8_t *p, size_t n, char *to, size_t room)
{
	assert_true(2 * n < room);
	for (size_t i = 0; i < n; i++)
		snprintf(to + 2 * i, 3, "%02x", p[i]);
	to[2 * n] = '\0';
	return 2 * n;
}

static inline struct feed *
feed_new(enum tel_offer offer, enum tel_mode mode, uint32_t max_record)
{
	struct feed *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	assert_int_equal(bufpool_init(&f->bufs, "feed", 400, 400, 100), 0);
	bufpool_adopt(&f->bufs);
	assert_true(tel_init(&f->t, &f->bufs, offer, max_record));
	f->t.mode = (uint8_t)mode;
	return f;
}

/* Nothing may be left of the pool. */
static inline void
feed_free(struct feed *f)
{
	tel_fini(&f->t);
	assert_int_equal(bufpool_used(&f->bufs), 0);
	bufpool_fini(&f->bufs);
	free(f);
}

__attribute__((format(printf, 2, 3))) static inline void
feed_add(struct feed *f, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(f->text + f->len, FEED_TEXT - f->len, fmt, ap);
	va_end(ap);
	assert_true(n >= 0 && f->len + (size_t)n < FEED_TEXT);
	f->len += (size_t)n;
}

static inline void
feed_rec(struct feed *f, struct tel_ind *ind, const char *what)
{
	struct buf *b;

	assert_true(ind->rec.count > 0);
	if (strcmp(what, " TXT[") == 0 && f->len > 5 && f->more && f->text[f->len - 1] == ']')
		f->text[--f->len] = '\0';       /* text has no borders: it goes on */
	else
		feed_add(f, "%s", what);
	while ((b = bufq_get(&ind->rec)) != NULL) {
		f->len += hex_text(b->p, b->len, f->text + f->len, FEED_TEXT - f->len);
		buf_free(b);
	}
	feed_add(f, "]");
	f->more = ind->what == TEL_TEXT;
}

static inline void
feed_ind(struct feed *f, struct tel_ind *ind)
{
	static const char *const verb[] = { "WILL", "WONT", "DO", "DONT" };

	f->more &= ind->what == TEL_TEXT;
	switch ((enum tel_what)ind->what) {
	case TEL_RECORD:
	case TEL_TEXT:
		feed_rec(f, ind, ind->what == TEL_TEXT ? " TXT[" : " REC[");
		break;
	case TEL_OPTION:
		assert_in_range(ind->verb, TV_WILL, TV_DONT);
		feed_add(f, " %s:%u", verb[ind->verb - TV_WILL], ind->opt);
		break;
	case TEL_SB:
		assert_non_null(ind->sb);
		feed_add(f, " SB:%u[", ind->opt);
		f->len += hex_text(ind->sb, ind->sb_len, f->text + f->len, FEED_TEXT - f->len);
		feed_add(f, "]");
		break;
	case TEL_CMD:
		feed_add(f, " CMD:%02x", ind->cmd);
		break;
	case TEL_BAD:
		assert_non_null(ind->why);
		feed_add(f, " BAD");
		break;
	}
}

/* All that can be found in what was filled. False: given up. */
static inline bool
feed_pump(struct feed *f)
{
	struct tel_ind ind;

	while (tel_recv(&f->t, &ind)) {
		bool bad = ind.what == TEL_BAD;

		if (f->hear != NULL)
			f->hear(f, &ind);
		feed_ind(f, &ind);
		if (bad)
			return false;
	}
	assert_false(tel_more(&f->t));
	return true;
}

/* In reads of at most step bytes. */
static inline bool
feed_n(struct feed *f, const uint8_t *p, size_t n, size_t step)
{
	while (n != 0) {
		size_t room, k;
		uint8_t *to = tel_room(&f->t, &room);

		assert_non_null(to);
		assert_true(room > 0);
		k = n < step ? n : step;
		k = k < room ? k : room;
		memcpy(to, p, k);
		tel_filled(&f->t, k);
		p += k;
		n -= k;
		if (!feed_pump(f))
			return false;
	}
	return true;
}

static inline bool
feed_hex(struct feed *f, const char *hex)
{
	uint8_t b[8192];
	size_t n = hex_bytes(hex, b, sizeof(b));

	return feed_n(f, b, n, n);
}

/* What went out since the last call, as hex. */
static inline const char *
feed_said(struct feed *f)
{
	struct buf *b;
	size_t n = 0, bytes = 0;

	f->said[0] = '\0';
	for (uint32_t all = f->t.out.bytes; (b = bufq_get(&f->t.out)) != NULL; buf_free(b)) {
		n += hex_text(b->p, b->len, f->said + n, FEED_TEXT - n);
		bytes += b->len;
		assert_true(bytes <= all);
		if (f->t.out.count == 0)
			assert_int_equal(bytes, all);   /* the queue's count is right */
	}
	return f->said;
}

static inline void
feed_clear(struct feed *f)              /* forget it */
{
	f->len = f->more = 0;
	f->text[0] = '\0';
}

static inline void
feed_expect(struct feed *f, const char *hex_in, const char *found, const char *said)
{
	uint8_t b[8192];
	char want[2 * sizeof(b) + 1];

	feed_clear(f);
	(void)feed_hex(f, hex_in);
	assert_string_equal(f->text, found);
	hex_text(b, hex_bytes(said, b, sizeof(b)), want, sizeof(want));
	assert_string_equal(feed_said(f), want);
}

#endif
