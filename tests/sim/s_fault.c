/* SPDX-License-Identifier: Apache-2.0
 *
 * s_fault.c - the fault matrix: each fault x each phase of a link's and its
 * sessions' life x seeds, in virtual time, between two whole nodes.
 *
 * In the end: each stream exact, or its session ended with a sense that both
 * ends were told; new sessions work; no timer storm; nothing left in any pool.
 * Where the architecture can't tell a forged byte (simfault_blind()) all but
 * the first holds.
 *
 *   s_fault [seeds [first]]
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "snaee/ee_parts.h"
#include "tests/sim/simfault.h"
#include "tests/sim/simnode.h"

enum phase { P_SETUP, P_DATA, P_SWITCH, P_TAKEDOWN, P_N };
static const char *const phase_name[P_N] = { "setup", "data", "path switch", "takedown" };

#define LUS 6
#define STORM 20                /* expiries per node and virtual second; far too many */

struct field {
	struct sim *w;
	struct simvt *a, *b;
	struct simfault f;
	enum fault kind;
	enum phase phase;
	uint64_t seed;
	struct simlu *lu;
	uint32_t rounds;
	uint8_t forced;                 /* users ended their sessions */
	uint32_t whole, ended;          /* sessions */
	char why[400];
};

static void __attribute__((format(printf, 2, 3)))
fails(struct field *t, const char *fmt, ...)
{
	va_list ap;

	if (t->why[0] != '\0')
		return;
	va_start(ap, fmt);
	(void)vsnprintf(t->why, sizeof(t->why), fmt, ap);
	va_end(ap);
}

static bool
blind(const struct field *t)
{
	return simfault_blind(t->kind);
}

/* Without a word to anybody, and back after a while with nothing it knew. */
static void
restart(void *arg)
{
	struct field *t = arg;

	simvt_crash(t->b);
	sim_run(t->w, MSEC(500 + sim_below(t->w, 30000)));
	simvt_start(t->b);
	(void)simvt_appl(t->b, 0);
	sim_wake(t->w, t->b->id);
}

static void
field_new(struct field *t)
{
	t->w = sim_new(t->seed << 8 | (unsigned)t->kind << 4 | (unsigned)t->phase);
	t->a = simvt_new(t->w);
	t->b = simvt_new(t->w);
	t->a->max_acbs = t->b->max_acbs = 60;
	t->a->lax = t->b->lax = blind(t) ? SIMVT_WRONG_GOES : SIMVT_STRICT;
	simvt_start(t->a);
	simvt_start(t->b);
	sim_link(t->w, t->a->id, t->b->id, (struct simlink){ .delay_ms = 2 +
	    sim_below(t->w, 30), .jitter_ms = sim_below(t->w, 4) });
	simfault_init(&t->f, t->w, t->kind, t->a->id, t->b->id);
	t->f.restart = restart;
	t->f.arg = t;
	(void)simvt_appl(t->b, 0);
}

static void
lus(struct field *t)
{
	t->rounds = 20 + sim_below(t->w, 60);
	t->lu = simvt_lus(t->a, LUS, &(struct simlu_plan){ .appl = "APPL10",
	    .rounds = t->rounds, .max_len = 400, .gap_ms = 100 + sim_below(t->w, 900) });
}

/* Both calm: a handful of timers a second, however long one looks. */
static void
no_storm(struct field *t)
{
	uint64_t a = sim_expiries(t->w, t->a->id), b = sim_expiries(t->w, t->b->id);

	sim_run(t->w, MINUTES(2));
	a = sim_expiries(t->w, t->a->id) - a;
	b = sim_expiries(t->w, t->b->id) - b;
	if (a > 120 * STORM || b > 120 * STORM)
		fails(t, "timer storm: %" PRIu64 " and %" PRIu64 " expiries in two minutes", a, b);
}

static void
streams(struct field *t)
{
	struct simappl *ap = &t->b->appl[0];

	for (uint32_t i = 0; i < LUS; i++) {
		struct simlu *l = &t->lu[i];

		t->whole += l->got == t->rounds;
		t->ended += l->got != t->rounds;
		if (blind(t))
			continue;
		if (l->wrong != 0 || l->got > t->rounds)
			fails(t, "%s got %u of %u, %u wrong", l->name, l->got, t->rounds, l->wrong);
		if (l->state != SL_CLOSED)
			fails(t, "%s in state %u, got %u of %u, sense %08x", l->name, l->state,
			    l->got, t->rounds, l->sense);
		else if (l->got < t->rounds && l->sense == 0 && !t->forced)
			fails(t, "%s ended without a sense at %u of %u", l->name, l->got,
			    t->rounds);
	}
	if (blind(t))
		return;
	if (ap->wrong != 0)
		fails(t, "the application got %u wrong", ap->wrong);
	for (uint32_t i = 1; i < ap->max_sess; i++)
		if (ap->s[i].used)
			fails(t, "the application still has session %u", i);
}

/* By force, where the users can't know that nothing more comes. */
static void
let_go(struct field *t)
{
	t->forced = 1;
	for (uint32_t i = 0; i < t->a->n_lus; i++)
		if (t->a->lu[i].acb != 0 && t->a->lu[i].state < SL_CLOSING)
			simvt_lu_close(t->a, &t->a->lu[i]);
	simvt_appl_close(t->b, 0);
	sim_wake(t->w, t->a->id);
	simfault_run(&t->f, SECS(40));
	(void)simvt_appl(t->b, 0);
}

/* Names and labels that were learned wrongly stay wrong until the link comes up anew. */
static void
relink(struct field *t)
{
	struct con c;

	con_init(&c);
	(void)node_vary_inact(t->a->n, sim_now(t->w), "PU1", VARY_IMMED, &c);
	sim_wake(t->w, t->a->id);
	sim_run(t->w, MINUTES(2));
	(void)node_vary_act(t->a->n, sim_now(t->w), "PU1", &c);
	(void)node_dial(t->a->n, sim_now(t->w), "PU1", &c);
	sim_wake(t->w, t->a->id);
	con_fini(&c);
}

/* All well again: they find each other, and new sessions work. */
static void
recovered(struct field *t)
{
	const struct simlu_plan plan = { .appl = "APPL10", .rounds = 5 };
	struct simlu *l;

	if (t->kind == F_CORRUPT)
		relink(t);
	/* What forged bytes did to CP-CP sessions may come out only when they are used again:
	 * that one logon may fail, what comes after it not. */
	if (t->kind == F_FORGE_SEEN) {
		(void)simvt_lus(t->a, 1, &plan);
		sim_run(t->w, SECS(90));
	}
	for (int i = 0; i < 40 && !(simvt_met(t->a, t->b) && simvt_met(t->b, t->a)); i++)
		sim_run(t->w, SECS(5));
	if (!simvt_met(t->a, t->b) || !simvt_met(t->b, t->a)) {
		fails(t, "they don't meet again");
		return;
	}
	t->a->lax = t->b->lax = t->b->appl[0].lax = SIMVT_STRICT;
	l = simvt_lus(t->a, 3, &plan);
	sim_run(t->w, SECS(90));
	for (int i = 0; i < 3; i++)
		if (l[i].got != 5 || l[i].wrong != 0 || l[i].state != SL_CLOSED)
			fails(t, "afterwards %s: state %u, got %u of 5, %u wrong, sense %08x",
			    l[i].name, l[i].state, l[i].got, l[i].wrong, l[i].sense);
}

static void
nothing_left(struct field *t)
{
	struct simvt *v[2] = { t->a, t->b };

	for (int i = 0; i < 2; i++) {
		node_halt(v[i]->n, sim_now(t->w), NODE_HALT_QUICK);
		sim_wake(t->w, v[i]->id);
	}
	simfault_run(&t->f, MINUTES(3));
	for (int i = 0; i < 2; i++) {
		struct node *n = v[i]->n;

		if (!node_idle(n) || n->pipetab.n != 0)
			fails(t, "node %d does not come to rest, %u pipes", i, n->pipetab.n);
		else if (!simvt_quiet(v[i]))
			fails(t, "node %d: %u sessions, %u searches, %u buffers left", i,
			    n->ssns.used, n->dir.pool.used, bufpool_used(&n->bufs));
	}
}

/* The fault lies over another part of a life each time. */
static void
life(struct field *t)
{
	int64_t us = SECS(10 + sim_below(t->w, 50));

	if (t->phase == P_SETUP)
		simfault_span(&t->f, 0, us);
	simvt_dial(t->a, t->b);
	simfault_run(&t->f, t->phase == P_SETUP ? us : SECS(10));
	if (t->phase == P_DATA)
		simfault_span(&t->f, MSEC(sim_below(t->w, 5000)), us);
	if (t->phase == P_SWITCH) {
		int64_t at = mono_diff(sim_now(t->w), (struct mono){ SIM_START }) + SECS(3);

		sim_cut(t->w, t->a->id, t->b->id, at, at + SECS(5 + sim_below(t->w, 40)));
		simfault_span(&t->f, SECS(sim_below(t->w, 5)), us);
	}
	if (t->phase == P_TAKEDOWN)
		simfault_span(&t->f, SECS(5 + sim_below(t->w, 10)), us + SECS(20));
	lus(t);
	simfault_run(&t->f, SECS(30));
	if (t->phase == P_TAKEDOWN && sim_chance(t->w, 0.5)) {
		let_go(t);
	} else {
		simfault_run(&t->f, MINUTES(5));
		if (blind(t))
			let_go(t);
	}
}

static void
one(struct field *t)
{
	t->why[0] = '\0';
	field_new(t);
	life(t);
	sim_run(t->w, MINUTES(2));
	streams(t);
	no_storm(t);
	recovered(t);
	nothing_left(t);
	if (t->why[0] != '\0' && getenv("SHOW") != NULL)
		(void)fprintf(stderr, "--- A\n%s--- B\n%s", t->a->log, t->b->log);
	simvt_free(t->a);
	simvt_free(t->b);
	sim_free(t->w);
}

struct range {
	uint64_t first, n;
	uint64_t whole, ended;          /* sessions */
	uint32_t bad;
};

static void
cell(struct range *r, enum fault kind, enum phase phase)
{
	r->whole = r->ended = 0;
	for (uint64_t s = 0; s < r->n; s++) {
		struct field t = { .kind = kind, .phase = phase, .seed = r->first + s };

		one(&t);
		r->whole += t.whole;
		r->ended += t.ended;
		if (t.why[0] == '\0')
			continue;
		(void)fprintf(stderr, "%s x %s, seed %" PRIu64 ": %s\n", simfault_name(kind),
		    phase_name[phase], t.seed, t.why);
		r->bad++;
	}
	(void)fprintf(stderr, "%-18s x %-11s  %6" PRIu64 " sessions whole, %6" PRIu64
	    " ended\n", simfault_name(kind), phase_name[phase], r->whole, r->ended);
}

static void
t_row(void **state)
{
	const char *first = getenv("SIM_SEED"), *n = getenv("SIM_COUNT");
	struct range r = { .first = first == NULL ? 1 : strtoull(first, NULL, 0),
		.n = n == NULL ? 2 : strtoull(n, NULL, 0) };

	for (unsigned p = 0; p < P_N; p++)
		cell(&r, *(const enum fault *)*state, (enum phase)p);
	if (r.bad != 0)
		fail_msg("%u of %" PRIu64 " failed", r.bad, P_N * r.n);
}

int
main(int argc, char **argv)
{
	static enum fault kind[F_N];
	struct CMUnitTest test[F_N];
	size_t n = 0;

	if (argc > 1)
		(void)setenv("SIM_COUNT", argv[1], 1);
	if (argc > 2)
		(void)setenv("SIM_SEED", argv[2], 1);
	for (unsigned i = 0; i < F_N; i++) {
		kind[i] = (enum fault)i;
		if (argc > 3 && atoi(argv[3]) != (int)i)
			continue;
		test[n++] = (struct CMUnitTest){ .name = simfault_name(kind[i]),
			.test_func = t_row, .initial_state = &kind[i] };
	}
	log_level_all(getenv("LOUD") ? LOG_DEBUG : LOG_ERROR);
	return _cmocka_run_group_tests("faults", test, n, NULL, NULL);
}
