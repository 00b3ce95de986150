/* SPDX-License-Identifier: Apache-2.0
 *
 * eeverify.h - do all five UDP ports of a partner answer? EEVERIFY asks when a
 * link comes up and every so many minutes; D NET,EEDIAG,TEST=YES on command.
 *
 * A link whose ports don't all answer at its activation is ended (IST2330I) and
 * dialed again by REDIAL; a later failure is told (IST2323E). A partner of another
 * make that answers on its signal port alone is taken to know no probes (our
 * choice, EE register row 14).
 *
 * Thread:  SNA.
 * Source:  z/OS SNA Network Implementation Guide, verifying the health of EE
 *          connections; companion vtam-operator 4.3.
 */
#ifndef VTAMSIM_EEVERIFY_H
#define VTAMSIM_EEVERIFY_H

#include "snaee/ee.h"

#define EEDIAGS 8               /* tests under way at once */

struct con;
struct node;
struct pu;

struct eediag {
	uint32_t probe, corr;           /* probe 0: free */
	int64_t began_us;               /* wall clock */
	struct ipaddr local, remote;
	char line[9];
};

struct eediags {
	struct eediag v[EEDIAGS];
	uint32_t next_corr;
};

void eeverify_up(struct node *, struct mono, struct pu *);
void eeverify_due(struct node *, struct mono, struct pu *);     /* the minutes are over */
void eeverify_result(struct node *, struct mono, const struct ee *, const struct ee_probe *);
/* NULL: too many are under way. */
const struct eediag *eediag_test(struct node *, struct mono, const struct pu *);
/* IST2327I .. of D NET,EE,ID=. */
void eeverify_show(const struct node *, const struct pu *, struct con *);

#endif
