/* SPDX-License-Identifier: Apache-2.0
 *
 * ee_pair.h - two ee back to back in virtual time, for unit tests and fuzzing.
 */
#ifndef TESTS_EE_PAIR_H
#define TESTS_EE_PAIR_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "snaee/ee.h"
#include "snaee/ldlc.h"

#define PAIR_QUEUE 256          /* datagrams on the wire */

struct wire {
	struct mono at;
	uint8_t to, port;       /* node index; enum ee_port */
	uint16_t len;
	uint8_t b[2100];
};

struct node {
	struct ee *ee;
	struct bufpool bufs;
	struct ee_cfg cfg;
	struct ldlc *link;      /* up now */
	unsigned calls, ups, downs, refuse;
	uint32_t sense, refuse_with;    /* of the last down; for refuse */
	struct ee_linkparm answer;
	struct xid peer;
	unsigned called;
	struct rtp *pipe;
	unsigned pipe_ups, pipe_downs, pius, paths, probes;
	struct ee_probe probe;
};

struct pair {
	struct node n[2];
	struct mono now;
	struct wire q[PAIR_QUEUE];
	unsigned head, tail;
	unsigned sent;          /* datagrams put on the wire so far */
	uint64_t lose;          /* bit k: the k-th datagram is lost */
	unsigned twice, cut;    /* all datagrams doubled; nothing gets through */
	unsigned wall;          /* bit enum ee_port: a firewall that lets none through */
};

static inline void
node_cfg(struct ee_cfg *c, const char *ip, const char *cp, uint32_t nodeid)
{
	memset(c, 0, sizeof(*c));
	assert(ipaddr_parse(&c->local, ip));
	assert(name_set(&c->cpname, cp));
	c->port0 = 12000;
	c->livtime = 10;
	c->srqtime = 15;
	c->srqretry = 3;
	c->nodeid = nodeid;
	c->max_btu = 1461;
	c->network_node = 1;
	for (unsigned i = 0; i < 4; i++)
		c->pst[i] = (uint16_t)(480 >> i);
	c->max_links = 8;
	c->max_pipes = 64;
	c->seed = nodeid;
}

static inline void
node_start(struct node *n)
{
	int err;

	n->ee = ee_new(&n->cfg, &err);
	n->link = NULL;
	n->pipe = NULL;
	assert(n->ee != NULL);
}

static inline struct pair *
pair_new(uint32_t id0, uint32_t id1)
{
	struct pair *w = calloc(1, sizeof(*w));

	assert(w != NULL);
	log_level_all(LOG_ERROR);
	node_cfg(&w->n[0].cfg, "10.0.0.1", "NETA.OPENEE1", id0);
	node_cfg(&w->n[1].cfg, "10.0.0.2", "NETA.HOSTA", id1);
	for (unsigned i = 0; i < 2; i++) {
		assert(bufpool_init(&w->n[i].bufs, "TEST", 512, 512, 64) == 0);
		w->n[i].cfg.bufs = &w->n[i].bufs;
		w->n[i].answer.cpcp = 1;
		node_start(&w->n[i]);
	}
	w->now = (struct mono){ SECS(1000) };
	return w;
}

static inline void
pair_free(struct pair *w)
{
	for (unsigned i = 0; i < 2; i++) {
		ee_free(w->n[i].ee);
		assert(bufpool_used(&w->n[i].bufs) == 0);
		bufpool_fini(&w->n[i].bufs);
	}
	free(w);
}

static inline void
wire_put(struct pair *w, unsigned to, const struct ee_dgram *d)
{
	struct wire *x;
	unsigned k = w->sent++;

	if (w->cut || (w->wall >> d->idx & 1) || (k < 64 && w->lose >> k & 1))
		return;
	for (unsigned i = 0; i < 1 + w->twice; i++) {
		assert(w->tail - w->head < PAIR_QUEUE);
		x = &w->q[w->tail++ % PAIR_QUEUE];
		x->at = mono_add(w->now, MSEC(5));
		x->to = (uint8_t)to;
		x->port = d->idx;
		x->len = (uint16_t)(d->hdr_len + d->data_len);
		assert(x->len <= sizeof(x->b));
		memcpy(x->b, d->hdr, d->hdr_len);
		if (d->data_len != 0)
			memcpy(x->b + d->hdr_len, d->data, d->data_len);
	}
}

static inline void
node_feed(struct pair *w, unsigned to, const struct ipaddr *from, unsigned port,
    const void *p, size_t n)
{
	struct buf *b = buf_get(&w->n[to].bufs, n);

	assert(b != NULL);
	buf_append(b, p, n);
	ee_input(w->n[to].ee, w->now, from, (enum ee_port)port, b);
}

static inline void
node_ind(struct pair *w, struct node *n, struct ee_ind *i)
{
	switch ((enum ee_what)i->what) {
	case EEI_CALL:
		n->calls++;
		assert(i->xid != NULL);
		n->refuse ? ee_refuse(n->ee, w->now, i->link, n->refuse_with) :
		    ee_answer(n->ee, w->now, i->link, &n->answer);
		break;
	case EEI_LINK_UP:
		n->ups++;
		n->link = i->link;
		n->called = i->called;
		n->peer = *i->xid;
		break;
	case EEI_LINK_DOWN:
		n->downs++;
		n->sense = i->sense;
		n->link = n->link == i->link ? NULL : n->link;
		break;
	case EEI_PIPE_UP:
		n->pipe_ups++;
		n->pipe = i->rtp;
		break;
	case EEI_PIPE_DOWN:
		n->pipe_downs++;
		n->sense = i->sense;
		n->pipe = n->pipe == i->rtp ? NULL : n->pipe;
		break;
	case EEI_PIU: n->pius++; buf_free(i->buf); break;
	case EEI_IDLE: case EEI_MTU: case EEI_STALL:
	case EEI_DENIED: break;
	case EEI_PATH: n->paths++; break;
	case EEI_PROBE: n->probes++; n->probe = i->probe; break;
	}
}

/* All that can be done without time going by. */
static inline void
pair_turn(struct pair *w)
{
	for (unsigned k = 0; k < 2; k++) {
		struct node *n = &w->n[k];
		struct ee_ind i;
		struct ee_dgram d;

		if (n->ee == NULL)
			continue;
		ee_expire(n->ee, w->now);
		while (ee_recv(n->ee, w->now, &i))
			node_ind(w, n, &i);
		while (ee_output(n->ee, w->now, &d)) {
			assert(d.port == 12000 + d.idx);
			if (ipaddr_eq(&d.to, &w->n[1 - k].cfg.local))
				wire_put(w, 1 - k, &d);
		}
	}
}

static inline void
pair_run(struct pair *w, int64_t us)
{
	struct mono end = mono_add(w->now, us);

	pair_turn(w);
	for (;;) {
		struct mono next = end;

		for (unsigned k = 0; k < 2; k++)
			if (w->n[k].ee != NULL)
				next = mono_min(next, ee_deadline(w->n[k].ee));
		if (w->head != w->tail)
			next = mono_min(next, w->q[w->head % PAIR_QUEUE].at);
		if (!mono_before(next, end))
			break;
		w->now = mono_before(w->now, next) ? next : w->now;
		while (w->head != w->tail && mono_due(w->q[w->head % PAIR_QUEUE].at, w->now)) {
			struct wire *x = &w->q[w->head++ % PAIR_QUEUE];

			if (w->n[x->to].ee != NULL)
				node_feed(w, x->to, &w->n[1 - x->to].cfg.local, x->port, x->b,
				    x->len);
		}
		pair_turn(w);
	}
	w->now = end;
}

static inline struct ldlc *
pair_dial(struct pair *w, unsigned who)
{
	struct ee_linkparm p = { .remote = w->n[1 - who].cfg.local, .cpcp = 1 };
	uint32_t sense;

	return ee_dial(w->n[who].ee, w->now, &p, &sense);
}

static inline bool
pair_up(const struct pair *w)
{
	return w->n[0].link != NULL && w->n[1].link != NULL && ldlc_active(w->n[0].link) &&
	    ldlc_active(w->n[1].link);
}

#endif
