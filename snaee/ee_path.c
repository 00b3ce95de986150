/* SPDX-License-Identifier: Apache-2.0
 *
 * The path of a pipe: its link, and the labels from there on (companion
 * ee-hpr-rtp 5.7).
 *
 * A pipe outlives its link: when that goes down it waits, up to the path switch
 * time, for another way to the same control point. A link to it that comes up
 * is taken at once; ways by other nodes are the user's to find (Route Setup).
 * When the partner tells that it was started again, what the pipe had there is
 * gone and so is it.
 */
#include <string.h>

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
		ee_link_count(p->link, p, -1);
	p->link = l;
	if (l == NULL) {
		TAILQ_INSERT_TAIL(&p->ee->lost_pipes, p, on_link);
	} else {
		TAILQ_INSERT_TAIL(&l->pipes, p, on_link);
		ee_link_count(l, p, 1);
		/* For segment 14: what we said we take there. Nodes between may take less. */
		if (!p->far || l->ldlc.parm.xid.max_btu < p->rtp.parm.max_recv)
			p->rtp.parm.max_recv = l->ldlc.parm.xid.max_btu;
	}
}

/* The label of the partner's component, as its XID told; a partner that tells
 * none is taken to use ours (register row 2 of the companion). */
struct label
ee_path_nce(const struct ee_link *l, enum nce nce)
{
	const struct xid_hpr *h = &l->ldlc.neg.peer.hpr;
	const struct label *b = nce == NCE_CP ? &h->cp : nce == NCE_RSETUP ? &h->rsetup : &h->lu;

	return h->has_nce && b->len != 0 ? *b : nce_label(nce);
}

/* Labels there and back, and what the links between take. */
void
ee_path_far(struct ee_pipe *p, const struct ee_far *f)
{
	struct rtp *r = &p->rtp;

	r->parm.path_len = r->path_len = f->there_len;
	memcpy(r->parm.path, f->there, f->there_len);
	memcpy(r->path, f->there, f->there_len);
	r->far = 0;                     /* now we know how we are reached */
	r->parm.back_len = f->back_len;
	memcpy(r->parm.back, f->back, f->back_len);
	if (f->max_packet < r->parm.max_recv)
		r->parm.max_recv = f->max_packet;
}

uint16_t
ee_path_packet(const struct ee_link *l, const struct ee_far *f)
{
	return f->max_packet < l->ldlc.max_btu ? f->max_packet : l->ldlc.max_btu;
}

bool
ee_path_fits(const struct ee_far *f)
{
	return f->there_len != 0 && f->there_len <= RTP_PATH_MAX &&
	    f->back_len + (unsigned)LABEL_MAX <= RTP_PATH_MAX;
}

/* No labels but the partner's own: it is our neighbour. */
static void
near_path(struct ee_pipe *p, const struct ee_link *l)
{
	struct label to = ee_path_nce(l, (enum nce)p->nce);
	struct rtp *r = &p->rtp;

	p->far = 0;
	p->via = p->peer;
	r->far = 0;
	r->path_len = r->parm.path_len = to.len;
	memcpy(r->path, to.b, to.len);
	memcpy(r->parm.path, to.b, to.len);
	r->parm.back_len = 0;
	r->parm.max_recv = p->ee->cfg.max_btu;
}

static void
use(struct ee_pipe *p, struct mono now, struct ee_link *l, uint16_t packet, unsigned why)
{
	bool switching = rtp_switching(&p->rtp);

	if (p->link != l)
		ee_pipe_attach(p, l);
	p->rtp.parm.delay_ms = l->psdly_s * 1000u;
	p->rtp.parm.alive_ms = l->alive_s * 1000u;
	p->rtp.parm.limited = l->ldlc.parm.limited;
	rtp_path_found(&p->rtp, now, packet, (uint8_t)ldlc_tgn(&l->ldlc));
	if (!switching)
		rtp_rerouted(&p->rtp, now, (enum rtp_why)why);
	ee_pipe_touch(p);
}

bool
ee_reroute(struct ee *ee, struct mono now, struct rtp *rtp, struct ldlc *first,
    const struct ee_far *f, unsigned why)
{
	struct ee_pipe *p = ee_pipe_of(rtp);
	struct ee_link *l = ee_link_of(first);

	ee_begin(ee);
	if (!ee_path_fits(f) || !ldlc_active(first) || p->gone ||
	    (!rtp_connected(rtp) && !rtp_switching(rtp)))
		return false;
	p->via = l->ldlc.neg.peer.cpname;
	p->far = 1;
	ee_path_far(p, f);
	use(p, now, l, ee_path_packet(l, f), why);
	return true;
}

/* Nobody there knows our TCIDs if it was started again. */
static bool
same_partner(struct ee_pipe *p, struct mono now, const struct ee_link *l)
{
	uint32_t theirs = l->ldlc.neg.peer.hpr.instance;

	if (p->instance == 0 || p->instance == theirs)
		return true;
	rtp_drop(&p->rtp, now, SENSE_LINK_FAILURE);
	ee_pipe_touch(p);
	return false;
}

bool
ee_move(struct ee *ee, struct mono now, struct rtp *rtp, struct ldlc *to, unsigned why)
{
	struct ee_pipe *p = ee_pipe_of(rtp);
	struct ee_link *l = ee_link_of(to);

	ee_begin(ee);
	if (!ldlc_active(to) || p->gone || !name_eq(&l->ldlc.neg.peer.cpname, &p->peer) ||
	    (!rtp_connected(rtp) && !rtp_switching(rtp)) || !same_partner(p, now, l))
		return false;
	p->instance = l->ldlc.neg.peer.hpr.instance;
	near_path(p, l);
	use(p, now, l, l->ldlc.max_btu, why);
	return true;
}

/*
 * The partner switched to a parallel link or another route, or knew before us
 * that the link is back. How a distant caller is reached from here it tells us
 * itself; how we are reached by the way it found we can't tell any more.
 */
void
ee_path_heard(struct ee_pipe *p, struct mono now, struct ee_link *l, const struct thdr *th)
{
	struct rtp *r = &p->rtp;
	uint16_t packet = l->ldlc.max_btu;

	if (p->link == l) {
		if (p->far && rtp_news_of_path(r, th) && th->sw.path_len != 0)
			r->far = 1;
		return;
	}
	if (p->link != NULL && !rtp_news_of_path(r, th))
		return;
	ee_pipe_attach(p, l);
	p->via = l->ldlc.neg.peer.cpname;
	p->far = !name_eq(&p->peer, &p->via);
	r->far = p->far;
	if (!p->far)
		r->parm.back_len = 0;
	else if (r->parm.max_send < packet)
		packet = r->parm.max_send;
	rtp_path_found(r, now, packet, (uint8_t)ldlc_tgn(&l->ldlc));
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

/* Path switch: parallel links to the partner in turn, one for each request that is not
 * answered, with RTP's growing intervals between; the one it answers on is the path. */
void
ee_pipe_other(struct mono now, struct ee_pipe *p)
{
	struct ee_link *l;

	if (p->link != NULL && p->rtp.move.why == RY_SHORT_REQ) {
		ldlc_suspect(&p->link->ldlc, now);
		ee_link_touch(p->ee, now, p->link);
	}
	l = p->far ? NULL : next_link(p);
	if (l == NULL)
		return;
	ee_pipe_attach(p, l);
	near_path(p, l);
	p->rtp.parm.delay_ms = l->psdly_s * 1000u;
	p->rtp.parm.alive_ms = l->alive_s * 1000u;
	p->rtp.parm.limited = l->ldlc.parm.limited;
	rtp_path_other(&p->rtp, now, l->ldlc.max_btu, (uint8_t)ldlc_tgn(&l->ldlc));
	ee_pipe_touch(p);
}

/* IBM's IST2245I: one hop over EE gets smaller NLPs, more hops first another path. */
void
ee_path_stalled(struct mono now, struct ee_pipe *p)
{
	if (p->far && p->rtp.stall.told == 1)
		rtp_path_stalled(&p->rtp, now);
	else
		rtp_small(&p->rtp);
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
		if (!name_eq(&p->peer, &x->cpname) || !same_partner(p, now, l))
			continue;       /* of far ones the user looks for another way */
		near_path(p, l);
		use(p, now, l, l->ldlc.max_btu, RY_INOP);
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
