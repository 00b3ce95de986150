/* SPDX-License-Identifier: Apache-2.0
 *
 * using.h - how many connections use each entry of a profile (CONNS USING).
 *
 * Takes:   entries by their address, connections by their number.
 * Memory:  a table of fixed size; what does not fit is not counted.
 * Thread:  one owner at a time: a worker fills it, the SNA thread adds them up.
 */
#ifndef TN3270E_USING_H
#define TN3270E_USING_H

#include <stdint.h>

#define USING_MAX 2048u                 /* entries in use; a power of two */

struct using {
	struct {
		const void *what;
		uint32_t n;
	} e[USING_MAX];
};

struct using *using_new(void);          /* NULL: no memory; free() ends it */
/* what NULL: nothing. */
void     using_add(struct using *, const void *what, uint32_t n);
void     using_merge(struct using *, const struct using *from);
uint32_t using_of(const struct using *, const void *what);

#endif
