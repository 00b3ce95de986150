/* SPDX-License-Identifier: Apache-2.0
 *
 * lurange.h - a list of LU names, as an odometer.
 *
 * LU0001..LU0099, or LUT101..LUT400..FFFNNN with a rule that says what each
 * place counts through. Never unrolled: arithmetic both ways.
 *
 * Errors:  a sentence.
 * Source:  companion zos-telnet-server sections 4.1, 4.7.
 */
#ifndef TN3270E_LURANGE_H
#define TN3270E_LURANGE_H

#include <stddef.h>
#include <stdint.h>

struct lurange {
	char first[9], last[9], rule[9];
	uint64_t n;
	struct lurange *next;
};
/* NULL, or what is wrong. */
const char *lurange_parse(struct lurange *, const char *text, size_t n);
void     lurange_at(const struct lurange *, uint64_t i, char to[9]);
int64_t  lurange_index(const struct lurange *, const char *lu);         /* -1 */

#endif
