/* SPDX-License-Identifier: Apache-2.0 */
#include "tn3270e/rtime.h"

void
rtime_reset(struct rtime *r)
{
	r->phase = RT_IDLE;
}

static bool
late(struct rtime *r, struct mono now)
{
	if (r->phase == RT_IDLE || mono_diff(now, r->d) < SECS(RTIME_LATE_S))
		return false;
	r->sum.late++;
	r->phase = RT_IDLE;
	return true;
}

void
rtime_input(struct rtime *r, const struct rtime_conf *c, struct mono now)
{
	(void)late(r, now);
	if (r->phase == RT_CLIENT)      /* it goes on without having said F */
		(void)rtime_answer(r, c, RT_BY_NONE, now);
	if (r->phase != RT_IDLE)
		return;
	r->phase = RT_HOST;
	r->d = now;
}

struct rtime_one
rtime_last(const struct rtime *r, struct mono now)
{
	struct rtime_one o = { .by = r->by };

	o.total_us = (uint64_t)mono_diff(r->by == RT_BY_NONE ? r->e : now, r->d);
	o.ip_us = r->by == RT_BY_NONE ? 0 : (uint64_t)mono_diff(now, r->e);
	return o;
}

static void
finish(struct rtime *r, const struct rtime_conf *c, struct mono now)
{
	struct rtime_one o = rtime_last(r, now);

	r->phase = RT_IDLE;
	rtime_add(&r->sum, c, &o);
	if (c->average)
		rtime_slide(&r->win, c, &o, now);
}

bool
rtime_output(struct rtime *r, const struct rtime_conf *c, enum rtime_by by, struct mono now)
{
	if (r->phase != RT_HOST || late(r, now))
		return false;
	r->e = now;
	r->by = c->include_ip ? (uint8_t)by : RT_BY_NONE;
	if (r->by != RT_BY_NONE) {
		r->phase = RT_CLIENT;
		return false;
	}
	finish(r, c, now);
	return true;
}

/* by NONE: the client will not say it any more. */
bool
rtime_answer(struct rtime *r, const struct rtime_conf *c, enum rtime_by by, struct mono now)
{
	if (r->phase != RT_CLIENT || (by != RT_BY_NONE && by != r->by) || late(r, now))
		return false;
	if (by == RT_BY_NONE)
		r->by = RT_BY_NONE;
	finish(r, c, now);
	return true;
}

/* --- sums --- */

void
rtime_add(struct rtime_sum *s, const struct rtime_conf *c, const struct rtime_one *o)
{
	uint64_t ms = o->total_us / 1000, ip_ms = o->ip_us / 1000;
	unsigned b = 0;

	s->n++;
	s->total_us += o->total_us;
	s->total_sq += ms * ms;
	if (o->by != RT_BY_NONE) {
		s->n_ip++;
		s->ip_us += o->ip_us;
		s->ip_sq += ip_ms * ip_ms;
		s->by_dr += o->by == RT_BY_DR;
		s->by_tm += o->by == RT_BY_TM;
	}
	if (!c->buckets)
		return;
	while (b < RTIME_BUCKETS - 1 && o->total_us > (uint64_t)c->bound_ms[b] * 1000)
		b++;
	s->bucket[b]++;
}

void
rtime_merge(struct rtime_sum *to, const struct rtime_sum *from)
{
	to->n += from->n;
	to->n_ip += from->n_ip;
	to->total_us += from->total_us;
	to->ip_us += from->ip_us;
	to->total_sq += from->total_sq;
	to->ip_sq += from->ip_sq;
	to->late += from->late;
	to->by_dr += from->by_dr;
	to->by_tm += from->by_tm;
	for (unsigned i = 0; i < RTIME_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
}

uint64_t
rtime_avg_ms(uint64_t sum_us, uint64_t n)
{
	return n == 0 ? 0 : sum_us / n / 1000;
}

static uint64_t
root(uint64_t v)
{
	uint64_t r = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit != 0; bit >>= 1)
		if ((r + bit) * (r + bit) <= v)
			r += bit;
	return r;
}

/* Of the mean of the squares: n may be large, so both are divided first. */
uint64_t
rtime_deviation_ms(uint64_t sum_us, uint64_t squares, uint64_t n)
{
	uint64_t mean = rtime_avg_ms(sum_us, n), sq = n == 0 ? 0 : squares / n;

	return sq <= mean * mean ? 0 : root(sq - mean * mean);
}

/* --- the sliding window --- */

static int64_t
period_of(const struct rtime_conf *c, struct mono now)
{
	return now.us / SECS(c->period_s == 0 ? 1 : c->period_s);
}

static unsigned
slots(const struct rtime_conf *c)
{
	return c->multiplier < 1 ? 1 : c->multiplier > RTIME_SLOTS ? RTIME_SLOTS : c->multiplier;
}

void
rtime_slide(struct rtime_window *w, const struct rtime_conf *c, const struct rtime_one *o,
    struct mono now)
{
	int64_t gone = period_of(c, now) - w->period;
	struct rtime_slot *s;

	for (int64_t i = 0; i < gone && i < RTIME_SLOTS; i++) {
		w->at = (uint8_t)((w->at + 1) % RTIME_SLOTS);
		w->slot[w->at] = (struct rtime_slot){ 0 };
	}
	w->period = period_of(c, now);
	s = &w->slot[w->at];
	s->n++;
	s->total_us += o->total_us;
	s->n_ip += o->by != RT_BY_NONE;
	s->ip_us += o->ip_us;
}

struct rtime_slot
rtime_sliding(const struct rtime_window *w, const struct rtime_conf *c, struct mono now)
{
	int64_t gone = period_of(c, now) - w->period;
	struct rtime_slot sum = { 0 };

	for (int64_t i = 0; i + gone < (int64_t)slots(c); i++) {
		const struct rtime_slot *s = &w->slot[(w->at + RTIME_SLOTS - (unsigned)i) %
		    RTIME_SLOTS];

		sum.n += s->n;
		sum.n_ip += s->n_ip;
		sum.total_us += s->total_us;
		sum.ip_us += s->ip_us;
	}
	return sum;
}
