/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/lunames.h"

void
lunames_fini(struct lunames *q)
{
	free(q->v);
	*q = (struct lunames){ .n = 0 };
}

static bool
grow(struct lunames *q)
{
	uint32_t cap = q->cap == 0 ? 64 : q->cap * 2;
	char (*v)[9] = malloc(cap * sizeof(*v));

	if (v == NULL)
		return false;
	for (uint32_t i = 0; i < q->n; i++)
		memcpy(v[i], q->v[(q->at + i) & (q->cap - 1)], sizeof(*v));
	free(q->v);
	q->v = v;
	q->at = 0;
	q->cap = cap;
	return true;
}

bool
lunames_put(struct lunames *q, const char *lu)
{
	if (q->n == q->cap && !grow(q))
		return false;
	snprintf(q->v[(q->at + q->n) & (q->cap - 1)], sizeof(*q->v), "%.8s", lu);
	q->n++;
	return true;
}

const char *
lunames_first(const struct lunames *q)
{
	return q->n == 0 ? NULL : q->v[q->at];
}

void
lunames_pop(struct lunames *q)
{
	q->at = (q->at + 1) & (q->cap - 1);
	if (--q->n == 0)
		lunames_fini(q);        /* a storm's room is not kept */
}
