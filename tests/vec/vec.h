/* SPDX-License-Identifier: Apache-2.0
 *
 * vec.h - reads wire vectors: "# NAME | source", then lines of hex.
 *
 * Memory:  the vector is a value. A vector that isn't there fails the test.
 */
#ifndef TESTS_VEC_H
#define TESTS_VEC_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

struct vec {
	size_t n;
	uint8_t b[600];
};

static inline void
vec_hex(struct vec *v, const char *line)
{
	char *end;

	for (;;) {
		unsigned long x = strtoul(line, &end, 16);

		if (end == line)
			return;
		assert_true(x <= 0xff && v->n < sizeof(v->b));
		v->b[v->n++] = (uint8_t)x;
		line = end;
	}
}

/* Vector name of file (under tests/vec/). */
static inline struct vec
vec_load(const char *file, const char *name)
{
	char path[128], line[512], head[64];
	struct vec v = { 0 };
	int here = 0;
	FILE *f;

	snprintf(path, sizeof(path), "tests/vec/%s", file);
	snprintf(head, sizeof(head), "# %s | ", name);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "# ", 2) == 0)
			here = strncmp(line, head, strlen(head)) == 0;
		else if (here && line[0] != '#')
			vec_hex(&v, line);
	}
	fclose(f);
	assert_true(v.n > 0);
	return v;
}

/* Bytes from text, for what is not in a file. */
static inline struct vec
vec_of(const char *hex)
{
	struct vec v = { 0 };

	vec_hex(&v, hex);
	assert_true(v.n > 0);
	return v;
}

static inline struct rd
vec_rd(const struct vec *v)
{
	return rd_on(v->b, v->n);
}

#endif
