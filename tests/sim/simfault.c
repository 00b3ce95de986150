/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "snaee/llc.h"
#include "snaee/nlp.h"
#include "tests/sim/simfault.h"

static const char *const name[F_N] = { "none", "loss", "burst loss", "duplicate", "reorder",
	"corrupt", "truncate", "delay spike", "one-way cut", "flap", "restart", "freeze",
	"address theft", "replay", "forged", "forged by a reader" };

const char *
simfault_name(enum fault f)
{
	return name[f];
}

bool
simfault_blind(enum fault f)
{
	return f == F_CORRUPT || f == F_FORGE_SEEN;
}

static bool
on(const struct simfault *f)
{
	return mono_due(f->from, sim_now(f->w)) && mono_before(sim_now(f->w), f->until);
}

/* Gilbert and Elliott: a good state that loses little, a bad one that loses most. */
static bool
burst(struct simfault *f, unsigned way)
{
	if (f->bad[way])
		f->bad[way] = !sim_chance(f->w, 0.2);
	else
		f->bad[way] = sim_chance(f->w, 0.03);
	return sim_chance(f->w, f->bad[way] ? 0.9 : 0.005);
}

static bool
flap(struct simfault *f)
{
	struct mono now = sim_now(f->w);

	while (mono_due(f->up_at, now)) {
		f->down ^= 1;
		f->up_at = mono_add(f->up_at, MSEC(200 + sim_below(f->w, f->down ? 4000 : 8000)));
	}
	return f->down;
}

static void
keep(struct simfault *f, int from, const struct simpkt *p)
{
	uint32_t k = f->seen < FAULT_KEEP ? f->seen : sim_below(f->w, FAULT_KEEP);

	f->seen++;
	f->kept[k] = *p;
	f->kept_from[k] = from;
}

static void
flip(struct simfault *f, struct simpkt *p)
{
	for (uint32_t n = 1 + sim_below(f->w, 3); n > 0 && p->len > 0; n--)
		p->b[sim_below(f->w, (uint32_t)p->len)] ^= (uint8_t)(1u << sim_below(f->w, 8));
}

/* One that a fourth of the time is fresh, else of any age. */
static const struct simpkt *
kept(struct simfault *f, int *from, const struct simpkt *now, int now_from)
{
	uint32_t n = f->seen < FAULT_KEEP ? f->seen : FAULT_KEEP, k;

	if (n == 0 || sim_chance(f->w, 0.25)) {
		*from = now_from;
		return now;
	}
	k = sim_below(f->w, n);
	*from = f->kept_from[k];
	return &f->kept[k];
}

static void
signal(struct simfault *f, int from, int to, enum llc_frame frame, unsigned rsp)
{
	struct llc h = { .dsap = LLC_SAP_SNA, .ssap = LLC_SAP_SNA, .frame = (uint8_t)frame,
		.rsp = (uint8_t)rsp, .pf = 1 };
	struct simpkt p = { .to = to };
	struct wr w = wr_on(p.b, sizeof(p.b));

	llc_put(&w, &h);
	p.len = wr_len(&w);
	sim_inject(f->w, from, &p, 1000);
}

/* From an address that is no partner: what was on the wire, as it was or changed,
 * and orders to end the link. */
static void
theft(struct simfault *f, int from, const struct simpkt *now)
{
	int was;
	struct simpkt p = *kept(f, &was, now, from);

	if (sim_chance(f->w, 0.3))
		flip(f, &p);
	sim_inject(f->w, f->thief, &p, 1000 + sim_below(f->w, 100000));
	if (sim_chance(f->w, 0.05))
		signal(f, f->thief, p.to, sim_chance(f->w, 0.5) ? LLC_DISC : LLC_DM,
		    sim_below(f->w, 2));
}

static void
replay(struct simfault *f, int from, const struct simpkt *now)
{
	int was;
	const struct simpkt *p = kept(f, &was, now, from);

	sim_inject(f->w, was, p, sim_chance(f->w, 0.5) ? 1000 + sim_below(f->w, 200000) :
	    SECS(1 + sim_below(f->w, 60)));
}

/* Where the pieces of an NLP are. False: it is none. */
struct at {
	size_t thdr, bsn;
	uint64_t tcid;
	struct thdr th;
};

static bool
find(const struct simpkt *p, struct at *a)
{
	struct rd r = rd_on(p->b, p->len);
	struct nhdr nh;
	struct llc h;
	uint32_t sense;

	if (!llc_get(&r, &h) || h.frame != LLC_UI || !nhdr_get(&r, &nh) || nh.sm != NHDR_ANR)
		return false;
	a->thdr = p->len - rd_left(&r);
	a->bsn = a->thdr + 16;
	if (!thdr_get(&r, &a->th, &sense) || a->th.setupi)
		return false;
	a->tcid = a->th.tcid;
	return true;
}

static void
put32(struct simpkt *p, size_t at, uint32_t v)
{
	struct wr w = wr_on(p->b + at, 4);

	wr_u32(&w, v);
}

/* A packet of the pipe with what follows the header made up. */
static void
control(struct simpkt *p, const struct at *a, const uint8_t *seg, size_t n, unsigned flags9,
    uint32_t bsn)
{
	struct wr w = wr_on(p->b + a->thdr + 8, sizeof(p->b) - a->thdr - 8);

	wr_u8(&w, 0x0c);
	wr_u8(&w, flags9 | (n != 0 ? 0x04 : 0));
	wr_u16(&w, (uint16_t)(5 + n / 4));
	wr_u32(&w, 0);
	wr_u32(&w, bsn);
	wr_bytes(&w, seg, n);
	p->len = a->thdr + 8 + wr_len(&w);
}

/* TCID known, position not: each of these is out of every window, or answers what was
 * not asked. */
static void
forge(struct simfault *f, struct simpkt *p, const struct at *a)
{
	uint8_t st[20] = { 5, 0x0e, 0, 0, 0, 0, 0, 0 }, arb[12] = { 3, 0x22, 0x59, 0x0f };
	uint32_t far = a->th.bsn + 0x40000000u + sim_below(f->w, 0x40000000u);

	switch (sim_below(f->w, 6)) {
	case 0:                         /* data */
		put32(p, a->bsn, far);
		break;
	case 1:                         /* a status for what was never sent */
		memset(st + 8, 0x7f, 4);
		control(p, a, st, sizeof(st), 0, a->th.bsn);
		break;
	case 2:                         /* slow down, critically, nobody asked */
		control(p, a, arb, sizeof(arb), 0, a->th.bsn);
		break;
	case 3:                         /* last message, far ahead */
		control(p, a, NULL, 0, 0x80, far);
		break;
	case 4:                         /* another TCID, near this one */
		p->b[a->thdr + 3] ^= (uint8_t)(1u + sim_below(f->w, 255));
		break;
	default:                        /* unknown segment */
		control(p, a, (const uint8_t[]){ 1, 0x7f, 0, 0 }, 4, 0, a->th.bsn);
		break;
	}
}

/* By one who reads the wire: the end of the pipe, data in turn, acknowledgements, another
 * path. The architecture has nothing against it; it must not do more than end the pipe. */
static void
forge_seen(struct simfault *f, struct simpkt *p, const struct at *a)
{
	uint8_t st[20] = { 5, 0x0e, 0, 0, (uint8_t)sim_below(f->w, 256), 0, 0, 0 };
	uint32_t end = a->th.bsn + a->th.dlf;
	struct wr w = wr_on(st + 8, 4);

	switch (sim_below(f->w, 7)) {
	case 0:
		control(p, a, (const uint8_t[]){ 2, 0x12, 0, 0, 0x08, 0x57, 0, 3 }, 8, 0, end);
		break;
	case 1:                         /* all there is, or a little more or less */
		wr_u32(&w, (a->th.has_status ? a->th.status.rseq : end) +
		    sim_below(f->w, 2000));
		control(p, a, st, sizeof(st), 0, end);
		break;
	case 2:
		control(p, a, NULL, 0, 0x80, end);
		break;
	case 3:
		control(p, a, (const uint8_t[]){ 1, 0x0f, 0, 1 }, 4, 0, end);
		break;
	case 4:                         /* data of our own, perhaps in turn */
		if (a->th.dlf > 0)
			p->b[p->len - 1 - sim_below(f->w, a->th.dlf)] ^= 0x55;
		put32(p, a->bsn, sim_chance(f->w, 0.5) ? end : a->th.bsn);
		break;
	case 5:
		control(p, a, (const uint8_t[]){ 5, 0x14, 0, 0, 8, 0x83, 0, 0, 0, 0, 3, 0, 0, 0,
		    0, 0, 0, 0, 0, 0 }, 20, 0, end);
		break;
	default:
		flip(f, p);
		break;
	}
}

static void
forged(struct simfault *f, int from, const struct simpkt *now)
{
	int was;
	struct simpkt p = *kept(f, &was, now, from);
	struct at a;

	if (!find(&p, &a))
		return;
	if (f->kind == F_FORGE)
		forge(f, &p, &a);
	else
		forge_seen(f, &p, &a);
	sim_inject(f->w, was, &p, 500 + sim_below(f->w, 20000));
}

static int64_t
tap(void *arg, int from, struct simpkt *p)
{
	struct simfault *f = arg;
	bool pair = (from == f->a && p->to == f->b) || (from == f->b && p->to == f->a);
	unsigned way = from == f->b;
	struct sim *w = f->w;

	if (!pair)
		return 0;
	if (f->kind == F_REPLAY || f->kind >= F_THEFT)
		keep(f, from, p);
	if (!on(f))
		return 0;
	switch (f->kind) {
	case F_LOSS:
		return sim_chance(w, 0.15) ? -1 : 0;
	case F_BURST:
		return burst(f, way) ? -1 : 0;
	case F_DUP:
		for (uint32_t n = sim_below(w, 3); n > 0; n--)
			sim_inject(w, from, p, 5000 + sim_below(w, 30000));
		return 0;
	case F_REORDER:
		return sim_chance(w, 0.3) ? MSEC(1 + sim_below(w, 60)) : 0;
	case F_CORRUPT:
		if (sim_chance(w, 0.05))
			flip(f, p);
		return 0;
	case F_TRUNCATE:
		if (sim_chance(w, 0.1))
			p->len = sim_below(w, (uint32_t)p->len + 1);
		return 0;
	case F_SPIKE:
		return mono_diff(sim_now(w), f->from) % SECS(7) < MSEC(1500) ?
		    MSEC(800 + sim_below(w, 3000)) : 0;
	case F_ONE_WAY:
		return way == f->way ? -1 : 0;
	case F_FLAP:
		return flap(f) ? -1 : 0;
	case F_THEFT:
		if (sim_chance(w, 0.3))
			theft(f, from, p);
		return 0;
	case F_REPLAY:
		if (sim_chance(w, 0.3))
			replay(f, from, p);
		return 0;
	case F_FORGE:
		if (sim_chance(w, 0.2))
			forged(f, from, p);
		return 0;
	case F_FORGE_SEEN:
		if (sim_chance(w, 0.03))
			forged(f, from, p);
		return 0;
	case F_NONE:
	case F_RESTART:
	case F_FREEZE:
	case F_N:
		return 0;
	}
	return 0;
}

/* The thief hears what is answered, and says nothing of its own. */
static void
thief_in(void *node, struct mono now, int from, unsigned idx, const uint8_t *p, size_t n)
{
	(void)node;
	(void)now;
	(void)from;
	(void)idx;
	(void)p;
	(void)n;
}

static bool
thief_out(void *node, struct mono now, struct simpkt *p)
{
	(void)node;
	(void)now;
	(void)p;
	return false;
}

static struct mono
thief_deadline(void *node)
{
	(void)node;
	return MONO_NEVER;
}

static void
thief_expire(void *node, struct mono now)
{
	(void)node;
	(void)now;
}

static const struct simdriver thief = { .input = thief_in, .output = thief_out,
	.deadline = thief_deadline, .expire = thief_expire };

void
simfault_init(struct simfault *f, struct sim *w, enum fault kind, int a, int b)
{
	memset(f, 0, sizeof(*f));
	f->w = w;
	f->kind = kind;
	f->a = a;
	f->b = b;
	f->from = f->until = MONO_NEVER;
	f->thief = sim_node(w, &thief, f);
	sim_link(w, a, f->thief, (struct simlink){ .delay_ms = 1 });
	sim_link(w, b, f->thief, (struct simlink){ .delay_ms = 1 });
	sim_tap(w, tap, f);
}

void
simfault_span(struct simfault *f, int64_t from_us, int64_t us)
{
	f->from = mono_add(sim_now(f->w), from_us);
	f->until = mono_add(f->from, us);
	f->up_at = f->from;
	f->way = (uint8_t)sim_below(f->w, 2);
	f->restarted = 0;
}

/* A partner that is gone for seconds, or comes back as another. */
void
simfault_run(struct simfault *f, int64_t us)
{
	struct mono end = mono_add(sim_now(f->w), us);

	if ((f->kind == F_RESTART || f->kind == F_FREEZE) && !f->restarted &&
	    mono_before(f->from, end)) {
		f->restarted = 1;
		sim_run_until(f->w, f->from);
		if (f->kind == F_FREEZE)
			sim_freeze(f->w, f->b, mono_add(f->from, mono_diff(f->until, f->from) *
			    (1 + sim_below(f->w, 10)) / 10));
		else
			f->restart(f->arg);
	}
	sim_run_until(f->w, end);
}
