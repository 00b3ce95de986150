/* SPDX-License-Identifier: Apache-2.0
 *
 * profile_mon.h - whose response times are taken: MONITORGROUP, MONITORMAP.
 *
 * Memory:  the profile's arena.
 * Thread:  as profile.h.
 * Source:  companion zos-telnet-server 4.5.
 */
#ifndef TN3270E_PROFILE_MON_H
#define TN3270E_PROFILE_MON_H

#include "tn3270e/profile.h"
#include "tn3270e/rtime.h"

struct tnp_monitor {                    /* MONITORGROUP */
	char name[20];
	struct rtime_conf conf;
	struct tnp_monitor *next;
};

struct tnp_monmap {
	const struct tnp_monitor *monitor;
	struct tnp_clid clid;
	struct tnp_monmap *next;
};

/* The client's, or NULL. */
const struct tnp_monmap *profile_monitor(const struct tnp_port *, const struct tnp_client *);

#endif
