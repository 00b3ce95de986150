/* SPDX-License-Identifier: Apache-2.0
 *
 * conn_mon.h - response times of one client, where a MONITORMAP wants them.
 *
 * Memory:  one struct a monitored client, from its LU to its end.
 * Thread:  the worker's.
 * Source:  RFC 2562 3.4; companion zos-telnet-server 4.5.
 */
#ifndef TN3270E_CONN_MON_H
#define TN3270E_CONN_MON_H

#include "tn3270e/profile_mon.h"
#include "tn3270e/rt_groups.h"

struct conn;

struct conn_mon {
	const struct tnp_monmap *map;
	struct rtime rt;
	uint8_t place, lus;             /* in the worker's groups */
};

void     conn_mon_begin(struct conn *);         /* it has its LU */
void     conn_mon_end(struct conn *);
void     conn_mon_session(struct conn *);       /* one begins: its sums begin */
void     conn_mon_input(struct conn *, struct mono);
/* The host's answer is in the queue; may put a TIMING-MARK behind it. */
void     conn_mon_output(struct conn *, struct mono);
void     conn_mon_answer(struct conn *, enum rtime_by, struct mono);

#endif
