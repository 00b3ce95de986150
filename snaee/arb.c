/* SPDX-License-Identifier: Apache-2.0
 *
 * arb.c - adaptive rate-based flow control, responsive mode.
 *
 * The sender of a connection asks every now and then (rate request, with the
 * time since its last request). The receiver compares that time with the
 * distance at which the two requests came in: what it grew by was spent in
 * queues. The grown delays are summed up; a sum over the threshold is answered
 * with slowdown, else with normal. Architected are the messages and what each
 * answer does to the rate; the rest is our choice (EE register row 11).
 */
#include <string.h>

#include "snaee/arb.h"

#define BYTE_CREDIT 8000000ll           /* credit counts millionths of a bit */
#define RQ_MIN_US 50000
#define RQ_LOST_US 1000000
#define IDLE_US 1000000
#define MEAS_US 50000
#define LOSSY 3                         /* round trips with losses that end startup */
#define HIGHS 4                         /* normal replies before steps grow .. */
#define HIGHS_MAX 12                    /* .. to that many less HIGHS times 2 % */
#define RTT_GUESS_US 50000
#define PACKET_BITS (1461 * 8)
#define KBIT 1000u

static uint64_t
clamp_rate(const struct arb *a, uint64_t rate)
{
	if (rate < ARB_FLOOR_BPS)
		return ARB_FLOOR_BPS;
	return rate > a->ceiling ? a->ceiling : rate;
}

static int64_t
ticks(const struct arb *a, int n)
{
	return (int64_t)a->rate * ARB_TICK_US * n;
}

void
arb_init(struct arb *a, uint64_t initial_bps, uint64_t ceiling_bps)
{
	memset(a, 0, sizeof(*a));
	a->ceiling = ceiling_bps == 0 ? ARB_CEILING_BPS : ceiling_bps;
	a->initial = clamp_rate(a, initial_bps == 0 ? ARB_INITIAL_BPS : initial_bps);
	a->mode = ARB_RESPONSIVE;
	a->threshold = ARB_RT_US;
	arb_restart(a);
}

/* A new path says nothing about the old: as at the start, 5.7 step 4. */
void
arb_restart(struct arb *a)
{
	a->rate = a->initial;
	a->credit = ticks(a, 1);
	a->startup = 1;
	a->lossy = a->highs = 0;
	a->full = 0;
	a->setup_due = 1;
	a->rq_open = a->rq_seen = 0;
	a->rp_due = 0;
	a->dcs = 0;
}

static void
refill(struct arb *a, struct mono now)
{
	int64_t cap = ticks(a, ARB_CREDIT_TICKS), us = mono_diff(now, a->credit_at);
	int64_t full = (cap - a->credit) / (int64_t)a->rate + 1;

	if (us <= 0)
		return;
	a->credit = us >= full ? cap : a->credit + us * (int64_t)a->rate;
	a->credit_at = now;
}

/* After a pause the rate is not what the path was last found good for. */
static void
idle(struct arb *a, struct mono now)
{
	uint64_t rate = a->actual * 2;

	if (a->sent_at.us == 0 || mono_diff(now, a->sent_at) < IDLE_US || a->rate <= a->initial)
		return;
	if (rate < a->rate)
		a->rate = rate < a->initial ? a->initial : rate;
	a->rq_open = 0;
}

static int64_t
debt(const struct arb *a, enum arb_class class)
{
	/* retransmissions are never held longer than one tick */
	return class == ARB_AGAIN ? -ticks(a, 1) : 0;
}

bool
arb_may(struct arb *a, struct mono now, enum arb_class class)
{
	refill(a, now);
	return a->credit > debt(a, class);
}

struct mono
arb_when(const struct arb *a, enum arb_class class)
{
	int64_t lack = debt(a, class) - a->credit;

	return lack < 0 ? a->credit_at : mono_add(a->credit_at, lack / (int64_t)a->rate + 1);
}

static void
measure(struct arb *a, struct mono now, uint32_t bytes)
{
	int64_t us = mono_diff(now, a->meas_at);
	uint64_t bps;

	if (a->meas_at.us == 0) {
		a->meas_at = now;
		us = 0;
	}
	if (us >= MEAS_US) {
		bps = a->meas_bytes * 8000000u / (uint64_t)us;
		a->actual = us >= IDLE_US ? bps : (a->actual * 3 + bps) / 4;
		if (a->actual > a->peak)
			a->peak = a->actual;
		a->outgo = bps > a->outgo / 8 * 7 ? bps : a->outgo / 8 * 7;
		a->meas_at = now;
		a->meas_bytes = 0;
	}
	a->meas_bytes += bytes;
}

void
arb_sent(struct arb *a, struct mono now, uint32_t bytes)
{
	refill(a, now);
	measure(a, now, bytes);
	idle(a, now);
	a->credit -= bytes * BYTE_CREDIT;
	a->since_rq += bytes;
	a->sent_at = now;
}

void
arb_rcvd(struct arb *a, uint32_t bytes, const struct nhdr *h)
{
	a->rcvd += bytes;
	if (h->slow2)
		a->slow = 2;
	else if (h->slow1 && a->slow == 0)
		a->slow = 1;
}

void
arb_short(struct arb *a)
{
	a->slow = 3;
}

static uint8_t
next_corr(uint8_t c)
{
	return (uint8_t)(c == 15 ? 1 : c + 1);
}

/* Takes off n eighths: architected are one, two and four; 5.9 "five replies". */
static void
slow_down(struct arb *a, unsigned eighths)
{
	a->startup = 0;
	a->highs = 0;
	a->rate = clamp_rate(a, a->rate - a->rate / 8 * eighths);
	if (a->credit > ticks(a, ARB_CREDIT_TICKS))
		a->credit = ticks(a, ARB_CREDIT_TICKS);
}

/* Startup is over when three round trips brought nothing more: the path is full, or the
 * partner slow. What a user sends who has little to send says nothing. */
static void
look_full(struct arb *a, struct mono now, int64_t srtt_us)
{
	if (!a->startup)
		return;
	a->growing = a->through > a->full + a->full / 4;
	if (a->growing) {
		a->full = a->through;
		a->full_at = now;
	} else if (a->through > a->initial &&
	    mono_diff(now, a->full_at) > 3 * (srtt_us + MEAS_US)) {
		a->startup = 0;
		a->rate = clamp_rate(a, a->through + a->through / 4);
	}
}

/* What gets through is measured by what the partner acknowledges. */
void
arb_acked(struct arb *a, struct mono now, uint32_t bytes, int64_t srtt_us)
{
	int64_t us = mono_diff(now, a->acked_at);

	a->acked += bytes;
	if (us < MEAS_US)
		return;
	if (us < IDLE_US) {
		uint64_t bps = a->acked * 8000000u / (uint64_t)us;

		/* No more than was sent came through: holes that fill tell of the past. */
		if (bps > a->outgo)
			bps = a->outgo;
		a->through = bps > a->through / 4 * 3 ? bps : a->through / 4 * 3;
		look_full(a, now, srtt_us);
	}
	a->acked = 0;
	a->acked_at = now;
}

/* What the path was seen to carry in its shortest round trip and three quarters of it: a
 * queue shorter than the path itself is all it can bring about; more while that still makes
 * more come through. Our choice. */
uint32_t
arb_flight(const struct arb *a, int64_t rtt_min_us)
{
	uint64_t bdp = a->through / 8 * (uint64_t)rtt_min_us / 1000000u;
	uint64_t b = bdp / 4 * (a->startup && a->growing ? 10 : 7) + ARB_FLIGHT_MIN / 4;

	if (b < ARB_FLIGHT_MIN)
		b = ARB_FLIGHT_MIN;
	return b > UINT32_MAX / 4 ? UINT32_MAX / 4 : (uint32_t)b;
}

/* What we do to ourselves for a loss, the "simulated slowdown": an eighth, or
 * half when nothing is answered; but never below what just got through and an
 * eighth, so that a path that loses by its nature still carries something. */
void
arb_loss(struct arb *a, struct mono now, int64_t srtt_us, enum arb_loss what)
{
	int64_t apart = srtt_us > 10000 ? srtt_us : 10000;
	uint64_t cut = a->rate - a->rate / (what == ARB_LOSS_GAP ? 8 : 2);
	uint64_t keep = a->through + a->through / 8;

	if (a->cut_at.us != 0 && mono_diff(now, a->cut_at) < apart)
		return;
	if (keep < a->initial / 16)
		keep = a->initial / 16;
	a->cut_at = now;
	a->n_loss++;
	a->highs = 0;
	if (what == ARB_LOSS_GAP && a->startup) {
		if (++a->lossy < LOSSY)
			return;         /* a bad line loses some; a full one again and again */
		if (a->through != 0 && keep < cut)
			cut = keep;     /* the doubling went too far */
	}
	if (cut < keep)
		cut = keep < a->rate ? keep : a->rate;
	a->rate = clamp_rate(a, cut);
	a->startup = 0;
}

static void
speed_up(struct arb *a, int64_t srtt_us)
{
	uint64_t step = a->rate / 50;
	uint64_t rtt = (uint64_t)(srtt_us > 0 ? srtt_us : RTT_GUESS_US);
	uint64_t packet = PACKET_BITS * 1000000ull / rtt;

	if (a->startup)
		step = a->rate;
	else if (step < packet)
		step = packet;
	else if (a->highs > HIGHS)      /* all was well for long: larger steps */
		step *= (uint64_t)(a->highs - HIGHS + 1);
	if (a->highs < HIGHS_MAX)
		a->highs++;
	a->rate = clamp_rate(a, a->rate + step);
}

static void
reply_rcvd(struct arb *a, const struct seg_arb *s, int64_t srtt_us)
{
	if (!a->rq_open || s->rp_corr != a->rq_corr)
		return;
	a->rq_open = 0;
	a->n_rp++;
	if (s->raa == RAA_NORMAL) {
		speed_up(a, srtt_us);
		return;
	}
	if (s->raa == RAA_RESTRAINT || s->raa > RAA_CRITICAL)
		return;
	if (s->parity != a->parity)
		return;                 /* it answers a rate we have left already */
	a->n_slow++;
	a->parity ^= 1;
	slow_down(a, s->raa == RAA_SLOWDOWN1 ? 1 : s->raa == RAA_SLOWDOWN2 ? 2 : 4);
}

/* The receiver's judgement, 5.9 table "receiver decision". */
static uint8_t
judge(struct arb *a)
{
	uint8_t raa = RAA_NORMAL;

	if (a->slow != 0)
		raa = a->slow == 3 ? RAA_CRITICAL : a->slow == 2 ? RAA_SLOWDOWN2 : RAA_SLOWDOWN1;
	else if (a->dcs > 2 * a->threshold)
		raa = RAA_SLOWDOWN2;
	else if (a->dcs > a->threshold)
		raa = RAA_SLOWDOWN1;
	a->below = a->dcs < 0 ? (uint8_t)(a->below + 1) : 0;
	if (raa != RAA_NORMAL || a->below >= 10) {
		a->dcs = 0;
		a->below = 0;
	}
	a->slow = 0;
	return raa;
}

static void
request_rcvd(struct arb *a, struct mono now, const struct seg_arb *s)
{
	int64_t apart = mono_diff(now, a->rq_rcvd);

	a->rp_due = 1;
	if (a->rq_seen == s->rq_corr)
		return;                 /* came twice: the same answer */
	if (apart > IDLE_US)
		a->dcs = 0;
	else if (a->rq_seen != 0 && s->rq_corr == next_corr(a->rq_seen))
		a->dcs += apart - (int64_t)s->field[0];
	if (apart > 0)
		a->rcvd_rate = a->rcvd * 8 * KBIT / (uint64_t)apart;
	a->rcvd = 0;
	a->rq_seen = s->rq_corr;
	a->rq_rcvd = now;
	a->rp_corr = s->rq_corr;
	a->rp_parity = s->parity;
	a->rp_raa = judge(a);
}

void
arb_input(struct arb *a, struct mono now, const struct seg_arb *s)
{
	if (s->msg == ARB_SETUP)
		a->mode = s->mode == ARB_BASE ? ARB_BASE : ARB_RESPONSIVE;
	if (s->msg == ARB_REPLY || s->msg == ARB_BOTH)
		reply_rcvd(a, s, mono_diff(now, a->rq_at));
	if (s->msg == ARB_REQUEST || s->msg == ARB_BOTH)
		request_rcvd(a, now, s);
}

static uint32_t
kbits(uint64_t bps)
{
	uint64_t k = bps / KBIT;

	return k > UINT32_MAX ? UINT32_MAX : (uint32_t)k;
}

/* One is open at a time; the next after a while and a burst of data. */
static bool
request_due(const struct arb *a, struct mono now, int64_t srtt_us)
{
	int64_t us = mono_diff(now, a->rq_at);
	int64_t apart = srtt_us > RQ_MIN_US ? srtt_us : RQ_MIN_US;

	if (a->rq_open)
		return us >= (RQ_LOST_US > 4 * srtt_us ? RQ_LOST_US : 4 * srtt_us);
	return us >= apart && a->since_rq * BYTE_CREDIT >= (uint64_t)ticks(a, 1);
}

/* Request and reply share one parity bit, so they are not sent as one. */
bool
arb_output(struct arb *a, struct mono now, int64_t srtt_us, uint32_t data, struct seg_arb *s)
{
	int64_t smi;

	*s = (struct seg_arb){ .mode = a->mode };
	if (a->setup_due) {
		a->setup_due = 0;
		s->msg = ARB_SETUP;
		s->field[0] = kbits(a->ceiling);
		s->field[1] = kbits(a->initial);
		s->field[2] = ARB_RT_MIN_US;
		s->field[3] = ARB_RT_MAX_US;
		return true;
	}
	if (a->rp_due) {
		a->rp_due = 0;
		s->msg = ARB_REPLY;
		s->raa = a->rp_raa;
		s->parity = a->rp_parity;
		s->rp_corr = a->rp_corr;
		s->field[0] = a->rcvd_rate > UINT32_MAX ? UINT32_MAX : (uint32_t)a->rcvd_rate;
		s->field[1] = a->dcs > 0 ? (uint32_t)a->dcs : 0;
		return true;
	}
	if (data == 0 || !request_due(a, now, srtt_us))
		return false;
	smi = a->n_rq == 0 ? 0 : mono_diff(now, a->rq_at);
	a->rq_corr = next_corr(a->rq_corr);
	a->rq_open = 1;
	a->rq_at = now;
	a->since_rq = 0;
	a->n_rq++;
	s->msg = ARB_REQUEST;
	s->parity = a->parity;
	s->rq_corr = a->rq_corr;
	s->field[0] = smi > UINT32_MAX ? UINT32_MAX : (uint32_t)smi;
	s->field[1] = kbits(a->rate);
	return true;
}

bool
arb_owes(const struct arb *a)
{
	return a->rp_due != 0;
}
