/* SPDX-License-Identifier: Apache-2.0
 *
 * What an ee's pipes leave in the flight recorder.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/ee_parts.h"

static void
fill(struct flight_ent *e, struct ee_pipe *p, const uint8_t *nlp, size_t n, size_t len)
{
	if (n > FLIGHT_BYTES)
		n = FLIGHT_BYTES;
	e->len = (uint16_t)len;
	e->n = (uint8_t)n;
	if (p->link->number == 0)
		p->link->number = flight_link(p->ee->flight, &p->link->ldlc.parm.local,
		    &p->link->ldlc.parm.remote);
	e->link = p->link->number;
	memcpy(e->b, nlp, n);
}

void
ee_flight_out(struct mono now, struct ee_pipe *p, const struct rtp_out *o)
{
	struct flight_ent *e = flight_put(p->ee->flight, now, p->last);

	p->last = e->seq;
	e->dir = 2;
	e->port = (uint8_t)(EE_LOW - o->tpf);
	e->resent = o->resent;
	fill(e, p, o->hdr, o->hdr_len, o->hdr_len + o->data_len);
}

void
ee_flight_in(struct mono now, struct ee_pipe *p, const struct nhdr *nh, const struct thdr *th,
    const struct buf *b)
{
	struct flight_ent *e;

	if (p->link == NULL)
		return;
	e = flight_put(p->ee->flight, now, p->last);
	p->last = e->seq;
	e->dir = 1;
	e->port = (uint8_t)(EE_LOW - nh->tpf);
	e->resent = 0;
	fill(e, p, b->p, nhdr_len(nh) + th->len, b->len);
}

void
ee_keep(struct ee *ee, struct mono now, const struct rtp *rtp, const char *name,
    enum flight_why why, uint32_t sense)
{
	const struct ee_pipe *p = MAP_OBJ(rtp, const struct ee_pipe, rtp);
	struct flight_kept *k = flight_keep(ee->flight, now, p->last);

	if (k == NULL)
		return;
	(void)snprintf(k->name, sizeof(k->name), "%.8s", name);
	k->why = (uint8_t)why;
	k->sense = sense;
	k->tcid = p->tcid;
	k->peer = p->peer;
}

const struct flight *
ee_flight(const struct ee *ee)
{
	return ee->flight;
}

uint32_t
ee_pipe_last(const struct rtp *rtp)
{
	return MAP_OBJ(rtp, const struct ee_pipe, rtp)->last;
}
