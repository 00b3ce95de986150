/* SPDX-License-Identifier: Apache-2.0
 *
 * A packet is a number and filling. Every one is acknowledged by itself, so the
 * sender knows what arrived, as with SACK; one is lost when three sent later
 * have arrived (RFC 6675), or when nothing comes for an RTO. Numbers are never
 * used again: what is lost goes out under a new one.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/simcubic.h"

#define SIZE 1461               /* as RTP's, headers and all */
#define DATA 1400               /* what of it counts */
#define RING (1u << 18)
#define DUP 3
#define C 0.4
#define BETA 0.7

enum state { ST_FREE, ST_SENT, ST_ACKED, ST_LOST };

struct simcubic {
	struct sim *w;
	int id, peer;
	uint8_t sending;
	uint64_t nxt, una;              /* numbers */
	uint64_t flight;
	uint64_t recover;               /* losses below belong to the last cut */
	double cwnd, ssthresh, wmax, k;
	struct mono epoch, rto_at;
	int64_t srtt, var;
	uint8_t state[RING];
	struct mono sent[RING];
	uint64_t got;
	uint64_t ack[1024];             /* to be sent */
	unsigned n_ack, first_ack;
};

static double
cube_root(double v)
{
	double x = v > 1 ? v : 1;

	for (int i = 0; i < 60; i++)
		x -= (x * x * x - v) / (3 * x * x);
	return x;
}

static int64_t
rto(const struct simcubic *c)
{
	int64_t us = c->srtt + 4 * c->var;

	return c->srtt == 0 ? SECS(1) : us < MSEC(200) ? MSEC(200) : us;
}

static void
cut(struct simcubic *c, struct mono now)
{
	c->wmax = c->cwnd < c->wmax ? c->cwnd * (1 + BETA) / 2 : c->cwnd;
	c->cwnd = c->cwnd * BETA < 2 ? 2 : c->cwnd * BETA;
	c->ssthresh = c->cwnd;
	c->k = cube_root(c->wmax * (1 - BETA) / C);
	c->epoch = now;
	c->recover = c->nxt;
}

static void
grow(struct simcubic *c, struct mono now)
{
	double t, target, reno;

	if (c->cwnd < c->ssthresh) {
		c->cwnd += 1;
		return;
	}
	t = (double)(mono_diff(now, c->epoch) + c->srtt) / 1e6;
	target = C * (t - c->k) * (t - c->k) * (t - c->k) + c->wmax;
	reno = c->wmax * BETA + 3 * (1 - BETA) / (1 + BETA) * t * 1e6 /
	    (double)(c->srtt > 0 ? c->srtt : 1);
	if (target < reno)
		target = reno;
	if (target > 1.5 * c->cwnd)
		target = 1.5 * c->cwnd;
	if (target > c->cwnd)
		c->cwnd += (target - c->cwnd) / c->cwnd;
}

static void
lost(struct simcubic *c, struct mono now, uint64_t n)
{
	c->state[n % RING] = ST_LOST;
	c->flight--;
	if (n >= c->recover)
		cut(c, now);
}

static void
acked(struct simcubic *c, struct mono now, uint64_t n)
{
	int64_t rtt;

	if (n < c->una || n >= c->nxt || c->state[n % RING] != ST_SENT)
		return;
	rtt = mono_diff(now, c->sent[n % RING]);
	c->var = c->srtt == 0 ? rtt / 2 : (3 * c->var + llabs(c->srtt - rtt)) / 4;
	c->srtt = c->srtt == 0 ? rtt : (7 * c->srtt + rtt) / 8;
	c->state[n % RING] = ST_ACKED;
	c->flight--;
	grow(c, now);
	for (uint64_t i = c->una; i + DUP <= n; i++)
		if (c->state[i % RING] == ST_SENT)
			lost(c, now, i);
	while (c->una < c->nxt && c->state[c->una % RING] != ST_SENT)
		c->una++;
	c->rto_at = mono_add(now, rto(c));
}

static void
in(void *node, struct mono now, int from, unsigned idx, const uint8_t *p, size_t len)
{
	struct simcubic *c = node;
	uint64_t n;

	assert(len >= 8);
	memcpy(&n, p, 8);
	if (idx == 1) {
		acked(c, now, n);
		return;
	}
	c->peer = from;
	c->got += DATA;
	if (c->n_ack - c->first_ack < 1024)
		c->ack[c->n_ack++ % 1024] = n;
}

static bool
out(void *node, struct mono now, struct simpkt *p)
{
	struct simcubic *c = node;

	p->to = c->peer;
	if (c->first_ack != c->n_ack) {
		memcpy(p->b, &c->ack[c->first_ack++ % 1024], 8);
		p->idx = 1;
		p->len = 60;
		return true;
	}
	if (!c->sending || (double)c->flight >= c->cwnd || c->nxt - c->una >= RING)
		return false;
	if (c->flight == 0)
		c->rto_at = mono_add(now, rto(c));
	c->state[c->nxt % RING] = ST_SENT;
	c->sent[c->nxt % RING] = now;
	memcpy(p->b, &c->nxt, 8);
	c->nxt++;
	c->flight++;
	p->idx = 0;
	p->len = SIZE;
	return true;
}

static struct mono
deadline(void *node)
{
	const struct simcubic *c = node;

	return c->sending && c->flight != 0 ? c->rto_at : MONO_NEVER;
}

static void
expire(void *node, struct mono now)
{
	struct simcubic *c = node;

	if (!c->sending || c->flight == 0 || !mono_due(c->rto_at, now))
		return;
	for (uint64_t i = c->una; i < c->nxt; i++)
		if (c->state[i % RING] == ST_SENT)
			c->state[i % RING] = ST_LOST;
	c->una = c->nxt;
	c->flight = 0;
	cut(c, now);
	c->cwnd = 1;
	c->rto_at = mono_add(now, 2 * rto(c));
}

static const struct simdriver driver = { .input = in, .output = out, .deadline = deadline,
	.expire = expire };

struct simcubic *
simcubic_new(struct sim *w)
{
	struct simcubic *c = calloc(1, sizeof(*c));

	assert(c != NULL);
	c->w = w;
	c->cwnd = 10;
	c->ssthresh = 1e9;
	c->rto_at = MONO_NEVER;
	c->id = sim_node(w, &driver, c);
	return c;
}

void
simcubic_free(struct simcubic *c)
{
	free(c);
}

void
simcubic_start(struct simcubic *c, const struct simcubic *to)
{
	c->peer = to->id;
	c->sending = 1;
	sim_wake(c->w, c->id);
}

uint64_t
simcubic_got(const struct simcubic *c)
{
	return c->got;
}

int
simcubic_id(const struct simcubic *c)
{
	return c->id;
}
