/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/linemode.h"

struct typist {
	struct codepage page;
	struct bufpool pool;
	struct buf *b;
	uint8_t at;
	unsigned too_long;
	char lines[6000];               /* each in brackets */
};

static struct typist *
typist(const char *ascii)
{
	struct typist *t = test_calloc(1, sizeof(*t));
	char why[200];

	assert_int_equal(bufpool_init(&t->pool, "t", 4, 4, 4), 0);
	assert_true(codepage_make(&t->page, ascii, "IBM-1047", why, sizeof(why)));
	t->b = buf_get(&t->pool, LINE_BYTES);
	return t;
}

static void
types(struct typist *t, enum line_form form, const char *p, size_t n)
{
	char one[LINE_BYTES + 3];

	for (size_t i = 0; i < n; i++) {
		switch (line_in(&t->at, &t->page, form, t->b, (uint8_t)p[i])) {
		case LINE_MORE:
			continue;
		case LINE_TOO_LONG:
			t->too_long++;
			break;
		case LINE_WHOLE:
			snprintf(one, sizeof(one), "[%.*s]", (int)t->b->len, (char *)t->b->p);
			strcat(t->lines, one);
			break;
		}
		buf_trim(t->b, 0);
	}
}

static void
done(struct typist *t)
{
	buf_free(t->b);
	bufpool_fini(&t->pool);
	test_free(t);
}

#define TYPES(t, form, s) types(t, form, s, sizeof(s) - 1)

static void
t_ends_of_lines(void **state)
{
	struct typist *t = typist("ISO8859-1");

	(void)state;
	TYPES(t, LINE_TEXT, "one\r\ntwo\r\0three\rfour\nfive\r\r\n\r\0end\n");
	assert_string_equal(t->lines, "[one][two][three][four][five][][][end]");
	done(t);
}

static void
t_editing(void **state)
{
	struct typist *t = typist("ISO8859-1"), *u = typist("UTF-8");

	(void)state;
	TYPES(t, LINE_TEXT, "abx\bc\r\n\b\bd\x7f\x7f" "e\r\nall gone\x15q\r\n\x01\x1b[A\t\r\n");
	assert_string_equal(t->lines, "[abc][e][q][[A]");
	TYPES(u, LINE_TEXT, "a\xc3\xa4\xe2\x82\xac\b\b\bz\r\n");
	assert_string_equal(u->lines, "[z]");
	t->lines[0] = '\0';
	TYPES(t, LINE_BINARY, "a\b\x7f\x15\x1b\r\n");
	assert_string_equal(t->lines, "[a\b\x7f\x15\x1b]");
	done(t);
	done(u);
}

static void
t_too_long_a_line(void **state)
{
	struct typist *t = typist("ISO8859-1");

	(void)state;
	for (unsigned i = 0; i < LINE_BYTES; i++)
		TYPES(t, LINE_TEXT, "x");
	TYPES(t, LINE_TEXT, "\r\n");
	assert_int_equal(strlen(t->lines), LINE_BYTES + 2);
	for (unsigned i = 0; i < LINE_BYTES + 1; i++)
		TYPES(t, LINE_TEXT, "x");
	TYPES(t, LINE_TEXT, "yyy\b\b\b");
	assert_int_equal(t->too_long, 0);       /* told once, at its end */
	t->lines[0] = '\0';
	TYPES(t, LINE_TEXT, "\r\nnext\r\n");
	assert_int_equal(t->too_long, 1);
	assert_string_equal(t->lines, "[next]");
	done(t);
}

static void
shows(const char *ascii, const char *host, size_t n, const char *want, size_t len)
{
	struct typist *t = typist(ascii);
	uint8_t to[600];

	assert_true(n * LINE_GROWS <= sizeof(to));
	for (size_t cut = 0; cut <= n; cut++) { /* RUs end anywhere */
		struct line_out o = { 0 };
		size_t k = line_out(&o, &t->page, (const uint8_t *)host, cut, to);

		k += line_out(&o, &t->page, (const uint8_t *)host + cut, n - cut, to + k);
		assert_int_equal(k, len);
		assert_memory_equal(to, want, len);
	}
	done(t);
}

#define SHOWS(ascii, host, want) shows(ascii, host, sizeof(host) - 1, want, sizeof(want) - 1)

static void
t_host_text(void **state)
{
	(void)state;
	SHOWS("ISO8859-1", "\xc1\x15\xc2\x25\xc3\x1e\xad\x0d\xbd", "A\r\nB\r\nC\r\n[\r\0]");
	SHOWS("UTF-8", "\x43\x15", "\xc3\xa4\r\n");
	SHOWS("ISO8859-1", "\x05\x16\x2f", "\t\b\a");
	/* colours, formats, positions, transparent data: nothing of them is left */
	SHOWS("ISO8859-1", "\xc1\x28\x42\xf2\xc2\x28\x00\x00\xc3", "ABC");
	SHOWS("ISO8859-1", "\xc1\x2b\xc1\x05\xf1\xf2\xf3\xf4\xc2", "AB");
	SHOWS("ISO8859-1", "\x34\xc0\xc1\xc2\x35\x02\xc1\xc1\xc3\x04\xc1\xc4", "BCD");
	/* a 3270's orders, should a host send them to a line */
	SHOWS("ISO8859-1", "\x11\xc1\xc1\x1d\xf0\xc2\x29\x02\xc0\xf0\x42\xf4\xc3\x3c\xc1\xc1\xc1"
	    "\xc4", "BCD");
	SHOWS("ISO8859-1", "\xc1\x0e\x42\xc1\x0f\xc2", "A??B");
	SHOWS("ISO8859-1", "\x2b\xc1\x00\xc1", "A");
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_ends_of_lines),
		cmocka_unit_test(t_editing),
		cmocka_unit_test(t_too_long_a_line),
		cmocka_unit_test(t_host_text),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
