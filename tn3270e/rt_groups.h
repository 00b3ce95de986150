/* SPDX-License-Identifier: Apache-2.0
 *
 * rt_groups.h - response times of groups: MONITORGROUPs and LU groups.
 *
 * Each worker has sums of its own, so nothing is locked; a display adds up
 * copies of them. A group is known by kind and name, so that its sums outlive
 * the profile that named it.
 *
 * Memory:  RT_GROUPS groups at most a worker, allocated as they appear (when a
 *          monitored client gets its LU); more are not summed up.
 * Thread:  its worker's; copies are their owner's.
 * Source:  companion zos-telnet-server 4.5.
 */
#ifndef TN3270E_RT_GROUPS_H
#define TN3270E_RT_GROUPS_H

#include "base/con.h"
#include "tn3270e/rtime.h"

#define RT_GROUPS 255u          /* as z/OS has at most */

enum rt_kind { RTG_MONITOR = 1, RTG_LUS };

struct rt_group {
	char name[20];
	uint8_t kind;                   /* enum rt_kind */
	struct rtime_conf conf;         /* of who came last */
	struct rtime_sum sum;
	struct rtime_window win;
};

struct rt_groups {
	struct rt_group *v;
	unsigned n;
};

/* What a display gets. */
struct rt_shown {
	char name[20];
	uint8_t kind;
	struct rtime_conf conf;
	struct rtime_sum sum;
	struct rtime_slot slide;
};
struct rt_list {
	struct rt_shown *v;
	unsigned n;
};

/* Its place, from 1; 0: there is no room. */
unsigned rt_groups_place(struct rt_groups *, enum rt_kind, const char *name,
    const struct rtime_conf *);
void     rt_groups_add(struct rt_groups *, unsigned place, const struct rtime_one *,
    struct mono now);
void     rt_groups_fini(struct rt_groups *);

void     rt_list_of(struct rt_list *, const struct rt_groups *, struct mono now);
/* Adds from's groups to those of the same name. */
void     rt_list_merge(struct rt_list *, const struct rt_list *from);
void     rt_list_fini(struct rt_list *);
const struct rt_shown *rt_list_find(const struct rt_list *, enum rt_kind, const char *name);

/* Rows for the operator: what is measured, averages, buckets. */
void     rt_show(const struct rtime_conf *, const struct rtime_sum *, const struct rtime_slot *,
    struct con *, const char *indent);
/* OpenMetrics: a histogram a group, and the network's part. */
void     rt_list_metrics(const struct rt_list *, struct con *);

#endif
