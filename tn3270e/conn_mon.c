/* SPDX-License-Identifier: Apache-2.0
 *
 * D is the first record of the client, E the first record to it after that. F
 * is its response where the host asked for one or DYNAMICDR lets us ask; else
 * its answer to a TIMING-MARK behind the record (our choice for clients with
 * RESPONSES and NODYNAMICDR: RFC 2562 leaves it to the server).
 */
#include <stdlib.h>

#include "tn3270e/conn_mon.h"
#include "tn3270e/conn_parts.h"

static const struct rtime_conf *
conf(const struct conn *c)
{
	return &c->mon->map->monitor->conf;
}

void
conn_mon_begin(struct conn *c)
{
	const struct tnp_monmap *m = profile_monitor(c->port, &c->who);

	conn_mon_end(c);
	if (m == NULL || (c->mon = calloc(1, sizeof(*c->mon))) == NULL)
		return;
	c->mon->map = m;
	c->mon->place = (uint8_t)rt_groups_place(&c->w->rt, RTG_MONITOR, m->monitor->name,
	    &m->monitor->conf);
	c->mon->lus = (uint8_t)rt_groups_place(&c->w->rt, RTG_LUS, c->map == NULL ? "*DEFLUS*" :
	    c->map->group->name, &m->monitor->conf);
	c->lu.dyn_dr = conf(c)->dynamic_dr;
}

void
conn_mon_end(struct conn *c)
{
	free(c->mon);
	c->mon = NULL;
	c->lu.dyn_dr = 0;
}

void
conn_mon_session(struct conn *c)
{
	if (c->mon == NULL)
		return;
	c->mon->rt = (struct rtime){ .phase = RT_IDLE };
	c->lu.dyn_dr = conf(c)->dynamic_dr;     /* a session taken over brings its LU's state */
}

static void
ended(struct conn *c, struct mono now)
{
	struct rtime_one o = rtime_last(&c->mon->rt, now);

	rt_groups_add(&c->w->rt, c->mon->place, &o, now);
	rt_groups_add(&c->w->rt, c->mon->lus, &o, now);
}

void
conn_mon_input(struct conn *c, struct mono now)
{
	if (c->mon == NULL)
		return;
	if (rtime_answer(&c->mon->rt, conf(c), RT_BY_NONE, now))        /* it went on without it */
		ended(c, now);
	rtime_input(&c->mon->rt, conf(c), now);
}

void
conn_mon_output(struct conn *c, struct mono now)
{
	enum rtime_by by = c->neg.mode == TNMODE_LINE ? RT_BY_NONE : c->lu.asked ? RT_BY_DR :
	    RT_BY_TM;

	if (c->mon == NULL || c->mon->rt.phase != RT_HOST)
		return;
	if (rtime_output(&c->mon->rt, conf(c), by, now))
		ended(c, now);
	else if (c->mon->rt.phase == RT_CLIENT && by == RT_BY_TM)
		tel_timing_mark(&c->tel);
	c->mon->rt.seq = c->lu.asked_seq;
}

void
conn_mon_answer(struct conn *c, enum rtime_by by, struct mono now)
{
	if (c->mon != NULL && rtime_answer(&c->mon->rt, conf(c), by, now))
		ended(c, now);
}
