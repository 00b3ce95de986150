/* SPDX-License-Identifier: Apache-2.0 */
/* What a node tells of itself: counters for the metrics page, pools, state. */
#include <inttypes.h>
#include <stdio.h>

#include "snaee/ldlc.h"
#include "snaee/rtp.h"
#include "vtamsim/node.h"

void
node_metrics(const struct node *n, struct con *c)
{
	static const struct stat_desc gauge[] = {
		{ "node_acbs", "", "Open ACBs.", STAT_GAUGE },
		{ "node_sessions", "", "Session ends.", STAT_GAUGE },
		{ "node_pipes", "", "RTP connections.", STAT_GAUGE },
		{ "node_resources", "", "Resources with a name.", STAT_GAUGE },
		{ "node_buffers", "", "Buffers in use.", STAT_GAUGE },
	};
	uint64_t ees[64] = { 0 };       /* of all ports together */
	const uint64_t *one;
	unsigned n_stat = 0;
	uint64_t v[5] = { n->acbs.used, n->ssns.used, n->pipetab.n, n->rtab.pool.used, 0 };

	for (int i = 0; i < BUF_NCLASS; i++)
		v[4] += n->bufs.slab[i].used;
	stats_openmetrics(c, node_stat_desc, n->stat, NS_NSTAT, "");
	stats_openmetrics(c, gauge, v, 5, "");
	for (unsigned i = 0; i < n->n_ee; i++) {
		one = ee_stats(n->ee[i], &n_stat);
		stats_add(ees, one, n_stat);
	}
	stats_openmetrics(c, ee_stat_desc, ees, n_stat, "");
}

static void
pool_line(struct con *c, const struct pool *p)
{
	con_text(c, "  %-14s %10" PRIu32 " IN USE %10" PRIu32 " MOST %10" PRIu32
	    " MAX %10" PRIu64 " TIMES EMPTY", p->name, p->used, p->peak, p->max, p->empty);
}

void
node_pools(const struct node *n, struct con *c)
{
	pool_line(c, &n->acbs);
	pool_line(c, &n->ssns);
	pool_line(c, &n->pipes);
	pool_line(c, &n->rtab.pool);
	pool_line(c, &n->dir.pool);
	for (int i = 0; i < BUF_NCLASS; i++)
		pool_line(c, &n->bufs.slab[i]);
	for (unsigned i = 0; i < n->n_ee; i++)
		ee_pools(n->ee[i], c);
}

void
node_show(const struct node *n, struct mono now, struct con *c)
{
	con_text(c, "NODE %s: %" PRIu32 " ACBS, %" PRIu32 " SESSION ENDS, %" PRIu32 " PIPES",
	    n->cpname.s, n->acbs.used, n->ssns.used, n->pipetab.n);
	node_pools(n, c);
	stats_show(c, node_stat_desc, n->stat, NS_NSTAT);
	for (unsigned i = 0; i < n->n_ee; i++)
		ee_show(n->ee[i], now, c);
}
