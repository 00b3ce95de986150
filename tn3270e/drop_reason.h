/* SPDX-License-Identifier: Apache-2.0
 *
 * drop_reason.h - why a connection ended: the word of EZZ6034I and of the
 * accounting record, its return code, whether that is a normal end.
 *
 * Every reason given to conn_drop() has a row: the row's place is its counter.
 *
 * Thread:  any; const.
 * Source:  companion zos-telnet-server section 15. Codes 1030 and 3012 are the
 *          product's; those from 9100 are ours.
 */
#ifndef TN3270E_DROP_REASON_H
#define TN3270E_DROP_REASON_H

#include <stdint.h>

#include "base/con.h"

#define DROP_REASONS 64u                /* room for counters */

struct drop_reason {
	const char *name;               /* at most 8 letters but for ERR n */
	uint16_t rcode;
	uint8_t normal;                 /* told only with DEBUG SUMMARY */
	const char *help;
};

/* Its place; 0: a reason that is not in the table. */
unsigned drop_reason_at(const char *name);
const struct drop_reason *drop_reason(unsigned place);
unsigned drop_reason_count(void);
/* OpenMetrics with the reason as a label; a list for the operator. */
void     drop_reason_metrics(struct con *, const uint64_t *);
void     drop_reason_show(struct con *, const uint64_t *);

#endif
