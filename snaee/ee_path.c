/* SPDX-License-Identifier: Apache-2.0
 *
 * Which link a pipe takes. A path switch begins when its link is lost, or when
 * the partner leaves too many requests unanswered while LDLC still waits for
 * TESTs. Parallel links to the partner are tried in turn, one each time a
 * request stays unanswered, with RTP's growing intervals between; whichever the
 * partner answers on is the path (companion ee-hpr-rtp 5.7).
 *
 * When a link tells that the partner was started again, what the pipe had there
 * is gone and so is it.
 */
#include "snaee/ee_parts.h"
#include "snaee/sense.h"

void
ee_pipe_attach(struct ee_pipe *p, struct ee_link *l)
{
	if (p->link == NULL)
		TAILQ_REMOVE(&p->ee->lost_pipes, p, on_link);
	else
		TAILQ_REMOVE(&p->link->pipes, p, on_link);
	if (p->link != NULL)
		p->link->n_pipes--;
	p->link = l;
	if (l == NULL) {
		TAILQ_INSERT_TAIL(&p->ee->lost_pipes, p, on_link);
	} else {
		TAILQ_INSERT_TAIL(&l->pipes, p, on_link);
		l->n_pipes++;
	}
}

bool
ee_another(struct ee *ee, struct mono now, struct rtp *rtp)
{
	struct ee_pipe *p = ee_pipe_of(rtp);
	struct ee_link *l, *best = p->link;

	ee_begin(ee);
	TAILQ_FOREACH(l, &ee->all_links, all)
		if (l != p->link && ldlc_active(&l->ldlc) &&
		    name_eq(&l->ldlc.neg.peer.cpname, &p->peer))
			best = l;
	if (p->far || best == NULL || !ldlc_active(&best->ldlc) || !rtp_connected(rtp))
		return false;
	if (best != p->link)
		ee_pipe_attach(p, best);
	rtp_path_found(rtp, now, best->ldlc.max_btu, (uint8_t)ldlc_tgn(&best->ldlc));
	rtp_rerouted(rtp, now);
	ee_pipe_touch(p);
	return true;
}

/* Another active link to this control point. */
static struct ee_link *
other_link(const struct ee *ee, const struct sna_name *peer)
{
	struct ee_link *l;

	TAILQ_FOREACH(l, &ee->all_links, all)
		if (ldlc_active(&l->ldlc) && name_eq(&l->ldlc.neg.peer.cpname, peer))
			return l;
	return NULL;
}

/* The next one round, behind the one that does not answer. */
static struct ee_link *
next_link(const struct ee_pipe *p)
{
	struct ee_link *l = p->link, *first = TAILQ_FIRST(&p->ee->all_links);

	if (l == NULL || ldlc_dead(&l->ldlc))
		return other_link(p->ee, &p->peer);
	for (l = TAILQ_NEXT(l, all); l != p->link; l = l == NULL ? first : TAILQ_NEXT(l, all))
		if (l != NULL && ldlc_active(&l->ldlc) &&
		    name_eq(&l->ldlc.neg.peer.cpname, &p->peer) &&
		    l->ldlc.neg.peer.hpr.instance == p->instance)
			return l;
	return NULL;
}

void
ee_pipe_other(struct mono now, struct ee_pipe *p)
{
	struct ee_link *l = p->far ? NULL : next_link(p);

	if (l == NULL)
		return;
	ee_pipe_attach(p, l);
	rtp_path_other(&p->rtp, now, l->ldlc.max_btu, (uint8_t)ldlc_tgn(&l->ldlc));
	ee_pipe_touch(p);
}

void
ee_pipes_lost(struct ee *ee, struct mono now, struct ee_link *l)
{
	struct ee_link *other = other_link(ee, &l->ldlc.neg.peer.cpname);
	struct ee_pipe *p;

	while ((p = TAILQ_FIRST(&l->pipes)) != NULL) {
		ee_pipe_attach(p, NULL);
		if (ee->stopping)
			rtp_drop(&p->rtp, now, SENSE_LINK_FAILURE);
		else
			rtp_path_lost(&p->rtp, now);
		ee_pipe_touch(p);
	}
	if (other != NULL)
		ee_pipes_found(ee, now, other);
}

void
ee_pipes_found(struct ee *ee, struct mono now, struct ee_link *l)
{
	const struct xid *x = &l->ldlc.neg.peer;
	struct ee_pipe *p, *next;

	for (p = TAILQ_FIRST(&ee->lost_pipes); p != NULL; p = next) {
		next = TAILQ_NEXT(p, on_link);
		if (p->far || !name_eq(&p->via, &x->cpname))
			continue;       /* of far ones the caller looks for another way */
		if (p->instance != x->hpr.instance) {
			/* Started again: nobody there knows our TCIDs. */
			rtp_drop(&p->rtp, now, SENSE_LINK_FAILURE);
		} else {
			ee_pipe_attach(p, l);
			rtp_path_found(&p->rtp, now, l->ldlc.max_btu,
			    (uint8_t)ldlc_tgn(&l->ldlc));
		}
		ee_pipe_touch(p);
	}
}

void
ee_pipes_btu(struct mono now, struct ee_link *l)
{
	struct ee_pipe *p;

	TAILQ_FOREACH(p, &l->pipes, on_link) {
		rtp_path_found(&p->rtp, now, l->ldlc.max_btu < p->rtp.parm.max_send || !p->far ?
		    l->ldlc.max_btu : p->rtp.parm.max_send, (uint8_t)ldlc_tgn(&l->ldlc));
		ee_pipe_touch(p);
	}
}

/*
 * A pipe may have ended at the other side while nothing came through, and one
 * that has nothing to send and no liveness timer (HPREELIV) would never know.
 */
void
ee_pipes_doubt(struct ee_link *l)
{
	struct ee_pipe *p;

	TAILQ_FOREACH(p, &l->pipes, on_link) {
		rtp_ask(&p->rtp);
		ee_pipe_touch(p);
	}
}
