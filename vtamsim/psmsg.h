/* SPDX-License-Identifier: Apache-2.0
 *
 * psmsg.h - what the operator is told of path switches.
 *
 * Gives:   message group IST1494I of each. With HPRPSMSG=n no more than n pipes a
 *          minute have theirs, and at the end of the minute, which begins with a
 *          path switch, group IST2191I sums up.
 * Thread:  SNA.
 * Source:  vtamlst HPRPSMSG.
 */
#ifndef VTAMSIM_PSMSG_H
#define VTAMSIM_PSMSG_H

#include <stdint.h>

#include "snaee/rtp_path.h"
#include "vtamsim/rtab.h"

struct node;
struct pipe;

#define PSMSG_US SECS(60)

enum psmsg_n { PN_STARTED, PN_COMPLETED, PN_FAILED, PN_OVERRIDDEN, PN_N };
struct psmsg {
	struct ndue due;                /* end of the minute */
	int64_t began_us;
	uint32_t groups;                /* told in it */
	uint32_t n[PN_N], why[RY_N];
	uint32_t tpf[PN_N][4];
	uint8_t open;
};

void psmsg_started(struct node *, struct pipe *, enum rtp_why);
void psmsg_completed(struct node *, struct pipe *);
void psmsg_failed(struct node *, struct pipe *);
void psmsg_overridden(struct node *, struct pipe *);
void psmsg_due(struct node *, struct mono now);

#endif
