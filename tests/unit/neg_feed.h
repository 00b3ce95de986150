/* SPDX-License-Identifier: Apache-2.0
 *
 * neg_feed.h - a negotiation fed with bytes as hex; what it says to its driver
 * (" LU GONE READY") and to the client is checked at each step. For the unit
 * tests of tnneg.c.
 */
#ifndef TESTS_NEG_FEED_H
#define TESTS_NEG_FEED_H

#include "tests/unit/telnet_feed.h"

#include "tn3270e/tndev.h"
#include "tn3270e/tnneg.h"

#define ALLOWED (TNF(TNF_BIND_IMAGE) | TNF(TNF_RESPONSES) | TNF(TNF_SYSREQ))
#define IS_LU1(type) "fffa28 0204 '" type "' 01 'LU1' fff0"

struct neg {
	struct feed *f;
	struct tnneg n;
	unsigned closed;
	char says[1000];
};

static const struct tnneg_conf basic = { .functions = ALLOWED, .line = 1 };

static inline void
say(struct neg *g, enum tnneg_say what)
{
	static const char *const word[] = { "", " TLS", " LU", " GONE", " READY", " CLOSE" };

	assert_in_range(what, TNNEG_NOTHING, TNNEG_CLOSE);
	assert_true(strlen(g->says) + 8 < sizeof(g->says));
	strcat(g->says, word[what]);
	if (what == TNNEG_CLOSE) {
		assert_non_null(g->n.why);
		g->closed = 1;
	}
	if (what == TNNEG_READY)
		assert_true(tnneg_ready(&g->n));
}

static inline void
hear(struct feed *f, const struct tel_ind *ind)
{
	struct neg *g = f->user;

	if (!g->closed)
		say(g, tnneg_input(&g->n, &f->t, ind));
}

static inline void
check(struct neg *g, const char *says, const char *said)
{
	uint8_t b[2000];
	char want[2 * sizeof(b) + 1];

	assert_string_equal(g->says, says);
	hex_text(b, hex_bytes(said, b, sizeof(b)), want, sizeof(want));
	assert_string_equal(feed_said(g->f), want);
	g->says[0] = '\0';
}

static inline struct neg *
start(const struct tnneg_conf *c, const char *said)
{
	struct neg *g = calloc(1, sizeof(*g));

	assert_non_null(g);
	g->f = feed_new(c->no_e ? TEL_WITHOUT_E : TEL_WITH_E, TM_DROP, MAXREC);
	g->f->hear = hear;
	g->f->user = g;
	say(g, tnneg_start(&g->n, c, &g->f->t));
	check(g, "", said);                     /* T-11: the server speaks first */
	return g;
}

static inline void
end(struct neg *g)
{
	feed_free(g->f);
	free(g);
}

static inline void
in(struct neg *g, const char *hex, const char *says, const char *said)
{
	assert_true(feed_hex(g->f, hex));
	check(g, says, said);
}

static inline void
lu(struct neg *g, const char *name, enum tnneg_reason r, const char *says, const char *said)
{
	assert_true(tnneg_wants_lu(&g->n));
	say(g, tnneg_lu(&g->n, &g->f->t, name, r));
	check(g, says, said);
}

static inline void
silent(struct neg *g, const char *says, const char *said)
{
	say(g, tnneg_silent(&g->n, &g->f->t));
	check(g, says, said);
}

/* Up to the device type: N-01, N-04. */
static inline struct neg *
up_to_device(const struct tnneg_conf *c)
{
	struct neg *g = start(c, "fffd28");

	in(g, "fffb28", "", "fffa280802fff0");
	return g;
}

static inline struct neg *
up_to_functions(const struct tnneg_conf *c, const char *request, const char *is)
{
	struct neg *g = up_to_device(c);

	in(g, request, " LU", "");
	lu(g, "LU1", 0, "", is);
	return g;
}

static inline struct neg *
display(const struct tnneg_conf *c)
{
	return up_to_functions(c, "fffa28 0207 'IBM-3278-2-E' fff0", IS_LU1("IBM-3278-2-E"));
}

static inline struct neg *
printer(const struct tnneg_conf *c)
{
	return up_to_functions(c, "fffa28 0207 'IBM-3287-1' fff0", IS_LU1("IBM-3287-1"));
}

#endif
