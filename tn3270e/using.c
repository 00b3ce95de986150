/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "tn3270e/using.h"

struct using *
using_new(void)
{
	return calloc(1, sizeof(struct using));
}

static unsigned
first_place(const void *what)
{
	return (unsigned)(((uint64_t)(uintptr_t)what * 0x9e3779b97f4a7c15u) >> 40) % USING_MAX;
}

void
using_add(struct using *u, const void *what, uint32_t n)
{
	unsigned i = first_place(what), k;

	if (what == NULL)
		return;
	for (k = 0; k < USING_MAX && u->e[i].what != NULL && u->e[i].what != what; k++)
		i = (i + 1) % USING_MAX;
	if (k == USING_MAX)
		return;
	u->e[i].what = what;
	u->e[i].n += n;
}

void
using_merge(struct using *u, const struct using *from)
{
	for (unsigned i = 0; i < USING_MAX; i++)
		using_add(u, from->e[i].what, from->e[i].n);
}

uint32_t
using_of(const struct using *u, const void *what)
{
	unsigned i = first_place(what);

	for (unsigned k = 0; u != NULL && k < USING_MAX && u->e[i].what != NULL; k++) {
		if (u->e[i].what == what)
			return u->e[i].n;
		i = (i + 1) % USING_MAX;
	}
	return 0;
}
