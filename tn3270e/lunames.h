/* SPDX-License-Identifier: Apache-2.0
 *
 * lunames.h - names of LUs that wait for room in a ring, first in, first out.
 *
 * A terminal with DROPASSOCPRINTER has gone: the name of its printer must
 * reach the worker that has it, whatever else fills the rings just then.
 *
 * Memory:  malloc, grows with what waits: one name a terminal that leaves.
 * Errors:  lunames_put() is false without memory.
 */
#ifndef TN3270E_LUNAMES_H
#define TN3270E_LUNAMES_H

#include <stdbool.h>
#include <stdint.h>

struct lunames {
	char (*v)[9];
	uint32_t at, n, cap;    /* the first, how many, room: a power of two */
};

void     lunames_fini(struct lunames *);
bool     lunames_put(struct lunames *, const char *lu);
const char *lunames_first(const struct lunames *);      /* NULL: none */
void     lunames_pop(struct lunames *);

#endif
