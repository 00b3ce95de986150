/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/simrtp.h"

static void
parm(struct simrtp *n, struct rtp_parm *p, int slot)
{
	memset(p, 0, sizeof(*p));
	p->tcid = (uint64_t)++n->epoch << 32 | (uint32_t)slot;
	p->tpf = 2;
	p->nce = nce_label(3);
	p->instance = 1;
	p->tgn = 21;
	p->max_send = p->max_recv = n->max_packet;
	p->switch_ms = n->switch_ms;
	p->isn = n->isn;
	p->short_retries = n->retries;
	p->bufs = &n->bufs;
	p->gap_tables = &n->tables;
	(void)name_set(&p->cp, n->id % 2 ? "NETA.NODEB" : "NETA.NODEA");
	(void)name_set(&p->cos, "#INTER");
}

static int
free_slot(const struct simrtp *n)
{
	for (int i = 0; i < SIMRTP_PIPES; i++)
		if (!n->pipe[i].used)
			return i;
	return -1;
}

struct simpipe *
simrtp_call(struct simrtp *n, struct simrtp *to, struct simflow f)
{
	int slot = free_slot(n);
	struct rtp_parm p;
	struct simpipe *y;

	assert(slot >= 0);
	y = &n->pipe[slot];
	parm(n, &p, slot);
	p.path_len = p.nce.len;
	memcpy(p.path, p.nce.b, p.nce.len);
	memset(y, 0, sizeof(*y));
	y->used = 1;
	y->peer = to->id;
	y->flow = f;
	rtp_init(&y->rtp, &p);
	rtp_call(&y->rtp, sim_now(n->w));
	sim_wake(n->w, n->id);
	return y;
}

/* The pipe a setup packet makes; a late double makes one that never comes up. */
static struct simpipe *
called(struct simrtp *n, int from, const struct thdr *th)
{
	int slot = free_slot(n);
	struct simpipe *y;
	struct rtp_parm p;

	for (int i = 0; i < SIMRTP_PIPES; i++)
		if (n->pipe[i].used && n->pipe[i].peer == from &&
		    n->pipe[i].rtp.parm.called && n->pipe[i].rtp.peer_tcid == tcid_key(th->tcid))
			return &n->pipe[i];
	if (slot < 0 || n->deaf)
		return NULL;
	y = &n->pipe[slot];
	parm(n, &p, slot);
	p.called = 1;
	memset(y, 0, sizeof(*y));
	y->used = 1;
	y->peer = from;
	y->flow = n->answer;
	rtp_init(&y->rtp, &p);
	rtp_sessions(&y->rtp, n->answer.busy);
	return y;
}

static struct simpipe *
find(struct simrtp *n, int from, const struct thdr *th)
{
	uint32_t i = rtp_tcid_index(th->tcid);
	struct simpipe *y;

	if (th->setupi)
		return called(n, from, th);
	if (i >= SIMRTP_PIPES)
		return NULL;
	y = &n->pipe[i];
	return y->used && y->rtp.parm.tcid == tcid_key(th->tcid) ? y : NULL;
}

static void
in(void *node, struct mono now, int from, unsigned idx, const uint8_t *p, size_t len)
{
	struct simrtp *n = node;
	struct buf *b = buf_get(&n->bufs, len);
	struct simpipe *y;
	struct nhdr nh;
	struct thdr th;
	uint32_t sense;
	struct rd r;

	(void)idx;
	if (b == NULL)
		return;                 /* as a full socket buffer */
	buf_append(b, p, len);
	r = buf_rd(b);
	if (!nhdr_get(&r, &nh) || nh.sm != NHDR_ANR || !thdr_get(&r, &th, &sense) ||
	    (y = find(n, from, &th)) == NULL) {
		n->stray++;
		buf_free(b);
		return;
	}
	rtp_input(&y->rtp, now, &nh, &th, b);
}

static void
received(struct simrtp *n, struct simpipe *y, struct buf *b)
{
	if (!sim_msg_right(b, (uint32_t)y->peer, y->got, y->flow.max_len))
		y->wrong++;
	y->got++;
	n->wrong += y->wrong;
	if (y->flow.echo)
		y->flow.count++;
	buf_free(b);
}

static void
recv_all(struct simrtp *n, struct simpipe *y)
{
	struct rtp_ind i;

	if (y->flow.no_read)
		return;
	while (rtp_recv(&y->rtp, &i)) {
		switch ((enum rtp_what)i.what) {
		case RTP_UP:
			y->up = 1;
			n->born += y->rtp.parm.called;
			break;
		case RTP_DATA:
			received(n, y, i.buf);
			break;
		case RTP_KEPT:
			y->kept = 1;
			break;
		case RTP_PATH:
			y->switches++;
			break;
		case RTP_STALL:
			break;
		case RTP_DOWN:
			y->down = 1;
			y->sense = i.sense;
			break;
		}
	}
}

static void
send_all(struct simrtp *n, struct simpipe *y, struct mono now)
{
	while (y->sent < y->flow.count && !rtp_congested(&y->rtp) && mono_due(y->next_at, now)) {
		uint32_t stream = (uint32_t)n->id, max = y->flow.max_len;
		struct buf *b = buf_get(&n->bufs, sim_msg_len(stream, y->sent, max));

		if (b == NULL)
			break;
		sim_msg_put(b, stream, y->sent, max);
		if (rtp_send(&y->rtp, now, b) != 0) {
			buf_free(b);
			break;
		}
		y->sent++;
		if (y->flow.gap_ms > 0)
			y->next_at = mono_add(now, MSEC(y->flow.gap_ms));
	}
	if (y->flow.close && !y->closed && y->sent == y->flow.count && y->got >= y->flow.expect) {
		y->closed = 1;
		rtp_close(&y->rtp, now);
	}
}

static void
bury(struct simrtp *n, struct simpipe *y)
{
	if (y->rtp.parm.called && !y->up) {
		n->ghosts++;
		assert(y->got == 0);
		rtp_fini(&y->rtp);
		y->used = 0;
		return;
	}
	if (y->sense == 0)
		n->ended_ok++;
	else
		n->ended_lost++;
	n->last_sent = y->sent;
	n->last_got = y->got;
	n->last_sense = y->sense;
	stats_add(n->stat, y->rtp.stat, RTP_NSTAT);
	rtp_fini(&y->rtp);
	y->used = 0;
}

static bool
out(void *node, struct mono now, struct simpkt *p)
{
	struct simrtp *n = node;
	struct rtp_out o;

	for (int i = 0; i < SIMRTP_PIPES; i++) {
		struct simpipe *y = &n->pipe[i];
		bool got;

		if (!y->used)
			continue;
		recv_all(n, y);
		send_all(n, y, now);
		got = rtp_output(&y->rtp, now, &o);
		if (got) {
			p->to = y->peer;
			p->idx = o.tpf;
			p->len = o.hdr_len + o.data_len;
			assert(p->len <= n->max_packet);
			memcpy(p->b, o.hdr, o.hdr_len);
			if (o.data_len > 0)
				memcpy(p->b + o.hdr_len, o.data, o.data_len);
			return true;
		}
		recv_all(n, y);
		if (y->down)
			bury(n, y);
	}
	return false;
}

static struct mono
deadline(void *node)
{
	struct simrtp *n = node;
	struct mono at = MONO_NEVER;

	for (int i = 0; i < SIMRTP_PIPES; i++) {
		struct simpipe *y = &n->pipe[i];

		if (!y->used)
			continue;
		at = mono_min(at, rtp_deadline(&y->rtp));
		if (y->flow.gap_ms > 0 && y->sent < y->flow.count && !rtp_congested(&y->rtp) &&
		    mono_before(sim_now(n->w), y->next_at))
			at = mono_min(at, y->next_at);
	}
	return at;
}

static void
expire(void *node, struct mono now)
{
	struct simrtp *n = node;

	for (int i = 0; i < SIMRTP_PIPES; i++)
		if (n->pipe[i].used)
			rtp_expire(&n->pipe[i].rtp, now);
}

static bool
idle(void *node)
{
	struct simrtp *n = node;

	for (int i = 0; i < SIMRTP_PIPES; i++)
		if (n->pipe[i].used)
			return false;
	return true;
}

static const struct simdriver driver = {
	.input = in, .output = out, .deadline = deadline, .expire = expire, .idle = idle,
};

struct simrtp *
simrtp_new(struct sim *w, uint32_t bufs)
{
	struct simrtp *n = calloc(1, sizeof(*n));

	assert(n != NULL);
	n->w = w;
	n->max_packet = 1461;
	n->isn = 1;
	n->epoch = (uint32_t)sim_rand(w) & 0x7fffff;
	if (bufpool_init(&n->bufs, "sim", bufs, bufs, bufs / 8) != 0 ||
	    pool_init(&n->tables, "sim", sizeof(struct gap_table), SIMRTP_PIPES) != 0)
		abort();
	n->id = sim_node(w, &driver, n);
	return n;
}

void
simrtp_free(struct simrtp *n)
{
	for (int i = 0; i < SIMRTP_PIPES; i++)
		if (n->pipe[i].used)
			rtp_fini(&n->pipe[i].rtp);
	bufpool_fini(&n->bufs);
	pool_fini(&n->tables);
	free(n);
}

bool
simrtp_empty(struct simrtp *n)
{
	return idle(n) && bufpool_used(&n->bufs) == 0 && n->tables.used == 0;
}
