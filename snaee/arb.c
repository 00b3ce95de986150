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
#define RQ_START_US 10000
#define RQ_LOST_US 200000
#define IDLE_US 1000000
#define MEAS_US 50000
#define LOSSY 3                         /* round trips with losses that end startup */
#define FLIGHT_ADD 16384u
#define ALIEN 16
#define TURNS_US 1000                   /* a wire this short: the turns of both ends are longer */
#define LATE 3                          /* round trips with a queue in a row that end it */
#define LOSS_MIN_US 10000               /* two losses nearer are one */
#define QUEUE_MIN_US 4000
#define QUEUE_MAX_US 25000
#define RTT_MIN_US SECS(10)             /* a shortest round trip is believed so long */
#define CUBE_DIV 25                     /* (ms^3 a bit/s): 40 Mbit/s in the first second .. */
#define GAIN_BPS 10000000u              /* .. times root of the rate by this */
#define CUBE_MS_MAX 20000
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
	a->mode = a->offered = ARB_RESPONSIVE;
	a->threshold = ARB_RT_US;
	arb_restart(a);
}

void
arb_offer(struct arb *a, enum arb_mode mode)
{
	a->mode = a->offered = (uint8_t)mode;
}

/* A new path says nothing about the old: as at the start, 5.7 step 4. */
void
arb_restart(struct arb *a)
{
	a->rate = a->initial;
	a->credit = ticks(a, 1);
	a->startup = 1;
	a->lossy = a->late = 0;
	a->full = a->top = 0;
	a->srtt = a->rtt_min = a->queue = 0;
	a->setup_due = 1;
	a->rq_open = a->rq_seen = 0;
	a->rp_due = 0;
	a->dcs = 0;
	a->flight = ARB_FLIGHT_MIN;
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

static uint64_t
square_root(uint64_t v)
{
	uint64_t r = 0;

	for (uint64_t bit = 1u << 16; bit != 0; bit >>= 1)
		if ((r + bit) * (r + bit) <= v)
			r += bit;
	return r;
}

static int64_t
cube_root(uint64_t v)
{
	uint64_t r = 0;

	for (uint64_t bit = 1u << 20; bit != 0; bit >>= 1)
		if ((r + bit) * (r + bit) * (r + bit) <= v)
			r += bit;
	return (int64_t)r;
}

/* Below the rate it fell from, the sooner when others want their part: as RFC 9438 does
 * with windows. The least time until it is there again, cube root of the lack. */
static void
cut_to(struct arb *a, struct mono now, uint64_t rate)
{
	if (rate > a->rate)
		rate = a->rate;
	if (a->startup && rate < a->rate / 4 * 3)
		a->rate = rate / 3 * 4; /* the doubling went too far */
	a->top = a->rate < a->top ? (a->rate + rate) / 2 : a->rate;
	a->rate = clamp_rate(a, rate);
	a->startup = 0;
	a->epoch = now;
	a->gain = square_root(a->top / GAIN_BPS) + 1;
	a->k_ms = cube_root((a->top > a->rate ? a->top - a->rate : 0) * CUBE_DIV / a->gain);
	if (a->credit > ticks(a, ARB_CREDIT_TICKS))
		a->credit = ticks(a, ARB_CREDIT_TICKS);
}

/* Takes off n eighths: architected are one, two and four; 5.9 "five replies". The doubling
 * of startup has gone farther than that. */
static void
slow_down(struct arb *a, struct mono now, unsigned eighths)
{
	uint64_t rate = a->rate - a->rate / 8 * eighths;

	if (a->startup && a->through > a->initial / 16 && a->through + a->through / 8 < rate)
		rate = a->through + a->through / 8;
	cut_to(a, now, rate);
}

/* Losses while there is a queue say that it is full; without one, that the line is bad. */
static bool
queued(const struct arb *a)
{
	int64_t us = a->rtt_min / 8;

	us = us < QUEUE_MIN_US ? QUEUE_MIN_US : us > QUEUE_MAX_US ? QUEUE_MAX_US : us;
	return a->queue > us;
}

/* Startup is over when a queue forms, or when three round trips brought nothing more: the
 * path is full, or the partner slow. What a user sends who has little to send says nothing. */
static void
look_full(struct arb *a, struct mono now)
{
	a->late = queued(a) ? (uint8_t)(a->late + 1) : 0;
	if (a->through > a->full + a->full / 4) {
		a->full = a->through;
		a->full_at = now;
	}
	if (a->late >= LATE || mono_diff(now, a->full_at) > 3 * (a->srtt + RQ_START_US))
		cut_to(a, now, a->through + a->through / 8);
}

/* Above what the path holds: as much of a queue as the root of it says, so that of two who
 * share a queue the smaller one has more of it than of the path, and they meet. */
static uint64_t
standing(uint64_t bdp)
{
	return square_root(bdp) * square_root(FLIGHT_ADD) + FLIGHT_ADD / 2;
}

/* What the path was seen to carry in its shortest round trip, a quarter of that for
 * losses and jitter, and the queue; twice as much in startup. Beside another protocol that
 * fills the queue: of the round trip as it is. Our choice. */
static void
set_flight(struct arb *a)
{
	int64_t rtt = a->alien >= ALIEN ? a->srtt : a->rtt_min < TURNS_US ? TURNS_US : a->rtt_min;
	uint64_t bdp = a->through / 8 * (uint64_t)rtt / 1000000u;
	uint64_t b = bdp / 4 * (a->startup && !a->late ? 8 : 5) + standing(bdp);

	if (a->startup && b < ARB_FLIGHT_MIN)
		b = ARB_FLIGHT_MIN;
	else if (a->probing && b > 2 * FLIGHT_ADD)
		b = b / 2;
	a->flight = b > UINT32_MAX / 4 ? UINT32_MAX / 4 : (uint32_t)b;
}

/* A queue longer than connections like this one make is another protocol's, who would
 * drive out all who yield to it. */
static void
look_alien(struct arb *a)
{
	uint64_t bps = a->through > ARB_FLOOR_BPS ? a->through : ARB_FLOOR_BPS;
	uint64_t bdp = bps / 8 * (uint64_t)a->rtt_min / 1000000u;
	int64_t own = a->rtt_min / 4 + (int64_t)(standing(bdp) * 8000000u / bps);

	if (a->queue <= own + own / 2 + QUEUE_MIN_US)
		a->alien = (uint8_t)(a->alien / 2);
	else if (a->alien < ALIEN)
		a->alien++;
}

/* A queue that always stands hides how short the path is. So now and then less is under way
 * for a round trip or two, and the least of that time is believed: no more than an eighth
 * longer, because many who share a queue would take it for the path one after the other. */
static void
shortest(struct arb *a, struct mono now, int64_t us)
{
	int64_t most;

	if (a->rtt_min == 0 || us <= a->rtt_min) {
		a->rtt_min = us;
		a->rtt_min_at = now;
		a->probing = 0;
	} else if (!a->probing && mono_diff(now, a->rtt_min_at) > RTT_MIN_US) {
		a->probing = 1;
		a->probe_min = us;
		a->probe_at = now;
	} else if (a->probing) {
		if (us < a->probe_min)
			a->probe_min = us;
		if (mono_diff(now, a->probe_at) < 2 * a->srtt)
			return;
		a->probing = 0;
		most = a->rtt_min + a->rtt_min / 8 + TURNS_US;
		a->rtt_min = a->probe_min < most ? a->probe_min : most;
		a->rtt_min_at = now;
	}
}

void
arb_sample(struct arb *a, struct mono now, int64_t us, uint32_t bytes, enum arb_user user)
{
	uint64_t bps = (uint64_t)bytes * 8000000u / (uint64_t)(us > 0 ? us : 1);

	a->srtt = a->srtt == 0 ? us : a->srtt + (us - a->srtt) / 8;
	shortest(a, now, us);
	a->queue = us - a->rtt_min;
	if (user == ARB_DRY && bps <= a->through) {
		set_flight(a);
		return;
	}
	if (mono_diff(now, a->through_at) > (a->srtt > RQ_START_US ? a->srtt : RQ_START_US)) {
		a->through_of[1] = a->through_of[0];
		a->through_of[0] = 0;
		a->through_at = now;
	}
	look_alien(a);
	if (bps > a->through_of[0])
		a->through_of[0] = bps;
	a->through = a->through_of[0] > a->through_of[1] ? a->through_of[0] : a->through_of[1];
	if (a->startup && user == ARB_BUSY)
		look_full(a, now);
	set_flight(a);
}

uint32_t
arb_flight(const struct arb *a)
{
	return a->flight;
}

/* What we do to ourselves for a loss, the "simulated slowdown": a quarter for a full queue,
 * half when nothing is answered, an eighth for a bad line; there never below what just got
 * through, so that it still carries something. */
bool
arb_loss(struct arb *a, struct mono now, enum arb_loss what)
{
	int64_t apart = a->srtt > LOSS_MIN_US ? a->srtt : LOSS_MIN_US;
	uint64_t cut = a->rate - a->rate / (what == ARB_LOSS_GAP ? 8 : 2);
	uint64_t keep = a->through + a->through / 16;

	if (a->cut_at.us != 0 && mono_diff(now, a->cut_at) < apart)
		return false;
	if (keep < a->initial / 16)
		keep = a->initial / 16;
	a->cut_at = now;
	a->n_loss++;
	if (what == ARB_LOSS_GAP && a->startup) {
		if (++a->lossy < LOSSY)
			return true;    /* a bad line loses some; a full one again and again */
		if (a->through != 0 && keep < cut)
			cut = keep;     /* the doubling went too far */
	} else if (what == ARB_LOSS_GAP && queued(a)) {
		cut = a->rate / 4 * 3;
		keep = 0;
	}
	cut_to(a, now, cut > keep ? cut : keep);
	return true;
}

/* Since the last reduction: slowly near the rate it fell from, faster the farther away, by
 * as many bits for a slow connection as for a fast one, so that they meet. */
static void
speed_up(struct arb *a, struct mono now)
{
	int64_t ms = mono_diff(now, a->epoch) / 1000 - a->k_ms;
	int64_t to, rtt = a->srtt > 0 ? a->srtt : RTT_GUESS_US;
	uint64_t least = PACKET_BITS * 1000000ull / (uint64_t)rtt;

	/* when it is not the rate what holds it back, more would only make bursts */
	if (a->rate > a->through + a->through / 4 * (a->startup ? 6 : 1) && a->rate > a->initial)
		return;
	if (a->startup) {
		a->rate = clamp_rate(a, a->rate * 2);
		return;
	}
	if (ms > CUBE_MS_MAX)
		ms = CUBE_MS_MAX;
	to = (int64_t)a->top + ms * ms * ms / CUBE_DIV * (int64_t)a->gain;
	if (to > (int64_t)(a->rate + a->rate / 4 + 4 * least))
		to = (int64_t)(a->rate + a->rate / 4 + 4 * least);
	if (to < (int64_t)(a->rate + least))
		to = (int64_t)(a->rate + least);
	a->rate = clamp_rate(a, (uint64_t)to);
}

static void
reply_rcvd(struct arb *a, struct mono now, const struct seg_arb *s)
{
	if (!a->rq_open || s->rp_corr != a->rq_corr)
		return;
	a->rq_open = 0;
	a->n_rp++;
	if (s->raa == RAA_NORMAL) {
		speed_up(a, now);
		return;
	}
	if (s->raa == RAA_RESTRAINT || s->raa > RAA_CRITICAL)
		return;
	if (s->parity != a->parity)
		return;                 /* it answers a rate we have left already */
	a->n_slow++;
	a->parity ^= 1;
	slow_down(a, now, s->raa == RAA_SLOWDOWN1 ? 1 : s->raa == RAA_SLOWDOWN2 ? 2 : 4);
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
	if (raa != RAA_NORMAL || a->dcs < 0)
		a->dcs = 0;
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

/* The order of the modes is that of their numbers; 3 is no mode known to us. What
 * progressive mode computes is not published: it is shown and sent, and ours goes on. */
static uint8_t
agreed(const struct arb *a, uint8_t theirs)
{
	if (theirs > ARB_PROGRESSIVE)
		return ARB_RESPONSIVE;
	return theirs < a->offered ? theirs : a->offered;
}

void
arb_input(struct arb *a, struct mono now, const struct seg_arb *s)
{
	if (s->msg == ARB_SETUP)
		a->mode = agreed(a, s->mode);
	if (s->msg == ARB_REPLY || s->msg == ARB_BOTH)
		reply_rcvd(a, now, s);
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
request_due(const struct arb *a, struct mono now)
{
	int64_t us = mono_diff(now, a->rq_at);
	int64_t least = a->startup ? RQ_START_US : RQ_MIN_US;
	int64_t apart = a->srtt > least ? a->srtt : least;

	if (a->rq_open)
		return us >= (RQ_LOST_US > 3 * a->srtt ? RQ_LOST_US : 3 * a->srtt);
	return us >= apart && a->since_rq * BYTE_CREDIT >= (uint64_t)ticks(a, 1);
}

/* Request and reply share one parity bit, so they are not sent as one. */
bool
arb_output(struct arb *a, struct mono now, uint32_t data, struct seg_arb *s)
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
	if (data == 0 || !request_due(a, now))
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
