/* SPDX-License-Identifier: Apache-2.0
 *
 * s_switch.c - path switches between two parallel links whose paths are cut at
 * random instants: both ways, one way, again while the switch is under way.
 * Nothing is lost or doubled, nothing ends, and messages flow again within two
 * retry intervals (SHORT_REQ) of the instant at which an end noticed.
 *
 *   s_switch [seeds [first]]
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
#include "snaee/ldlc.h"
#include "tests/sim/simee.h"

enum how { H_BOTH_WAYS, H_ONE_WAY, H_AGAIN, H_BOUNCE };

#define CUTS 8
#define PIPES 3
#define RETRY_US MSEC(500)      /* SHORT_REQ at its least, which is the rule on short paths */
#define RETRY_MAX_US SECS(8)

struct cut {
	struct mono from, until;
	uint8_t path, ways;             /* bit 0: from A, bit 1: from B */
};

struct field {
	struct sim *w;
	struct simee *n[2];
	struct cut cut[CUTS];
	unsigned n_cuts;
};

/* 0: between SAPs 4, 1: between SAPs 8. NLPs have SAPs of their own, by link. */
static unsigned
path_of(const struct simee *n, const struct simpkt *p)
{
	struct ldlc *l = NULL;

	if ((p->b[0] & 0xfe) == 8)
		return 1;
	if (p->b[2] == LLC_UI)
		while ((l = ee_next_link(n->ee, l)) != NULL)
			if (l->nlp_dsap == p->b[0] && l->nlp_ssap == p->b[1])
				return l->parm.sap_local == 8;
	return 0;
}

static int64_t
tap(void *arg, int from, struct simpkt *p)
{
	struct field *t = arg;
	unsigned way = from == t->n[0]->id ? 1 : 2, path = path_of(t->n[way - 1], p);

	for (unsigned i = 0; i < t->n_cuts; i++) {
		const struct cut *c = &t->cut[i];

		if (c->path == path && (c->ways & way) != 0 && mono_due(c->from, sim_now(t->w)) &&
		    mono_before(sim_now(t->w), c->until))
			return -1;
	}
	return path == 0 ? 0 : MSEC(3);         /* the way round is a little longer */
}

static void
cut(struct field *t, unsigned path, unsigned ways, int64_t from, int64_t us)
{
	struct mono at = mono_add(sim_now(t->w), from);

	t->cut[t->n_cuts++] = (struct cut){ at, mono_add(at, us), (uint8_t)path, (uint8_t)ways };
}

static void
cuts(struct field *t, enum how how)
{
	int64_t at = sim_below(t->w, 20000000), us = SECS(60) + sim_below(t->w, 120000000);

	switch (how) {
	case H_BOTH_WAYS:
		cut(t, 0, 3, at, us);
		break;
	case H_ONE_WAY:
		cut(t, 0, 1 + sim_below(t->w, 2), at, us);
		break;
	case H_AGAIN:           /* the other path too, about when the first is found dead */
		cut(t, 0, 3, at, SECS(50));
		cut(t, 1, 3, at + SECS(20) + sim_below(t->w, 20000000), SECS(12));
		break;
	case H_BOUNCE:          /* to and fro: never both at once */
		cut(t, 0, 3, at, SECS(90));
		cut(t, 1, 3, at + SECS(92) + sim_below(t->w, 5000000), SECS(90));
		break;
	}
}

static void
field_new(struct field *t, uint64_t seed)
{
	memset(t, 0, sizeof(*t));
	t->w = sim_new(seed);
	for (int i = 0; i < 2; i++) {
		t->n[i] = simee_new(t->w, 4000);
		simee_start(t->n[i]);
	}
	t->n[0]->parallel = 1;
	sim_link(t->w, 0, 1, (struct simlink){ .delay_ms = 2 + sim_below(t->w, 40) });
	sim_tap(t->w, tap, t);
}

/* Of many: what was measured. */
struct sum {
	uint64_t runs, switches, messages;
	int64_t pause[4096];            /* us, the longest of each run */
};

static void
one(uint64_t seed, enum how how, struct sum *sum)
{
	int64_t pause, most = how == H_AGAIN ? SECS(12) + 2 * RETRY_MAX_US : 2 * RETRY_US;
	uint32_t count = 1500;
	struct field t;
	bool ok;

	field_new(&t, seed << 2 | (unsigned)how);
	t.n[1]->answer = (struct simflow){ .echo = 1, .max_len = 2000 };
	simee_call(t.n[0], t.n[1], PIPES, (struct simflow){ .count = count, .expect = count,
	    .max_len = 2000, .gap_ms = 160 + sim_below(t.w, 40), .close = 1 });
	sim_run(t.w, SECS(3));
	cuts(&t, how);
	ok = sim_run_until_idle(t.w, MINUTES(60));
	pause = t.n[0]->pause_us > t.n[1]->pause_us ? t.n[0]->pause_us : t.n[1]->pause_us;
	ok = ok && t.n[0]->wrong + t.n[1]->wrong == 0 && t.n[0]->ended_ok == PIPES &&
	    t.n[1]->ended_ok == PIPES && t.n[0]->got == PIPES * count &&
	    t.n[1]->got == PIPES * count && simee_empty(t.n[0]) && simee_empty(t.n[1]) &&
	    t.n[0]->paths + t.n[1]->paths > 0 && pause <= most;
	if (!ok)
		fail_msg("seed %" PRIu64 " how %d: got %u %u of %u, wrong %u %u, ended well %u "
		    "%u badly %u %u (%08x), switches %u %u, pause %" PRId64 " ms, empty %d %d",
		    seed, how, t.n[0]->got, t.n[1]->got, PIPES * count, t.n[0]->wrong,
		    t.n[1]->wrong, t.n[0]->ended_ok, t.n[1]->ended_ok, t.n[0]->ended_lost,
		    t.n[1]->ended_lost, t.n[0]->last_sense, t.n[0]->paths, t.n[1]->paths,
		    pause / 1000, simee_empty(t.n[0]), simee_empty(t.n[1]));
	sum->switches += t.n[0]->paths + t.n[1]->paths;
	sum->messages += (uint64_t)t.n[0]->got + t.n[1]->got;
	if (sum->runs < sizeof(sum->pause) / sizeof(sum->pause[0]))
		sum->pause[sum->runs++] = pause;
	simee_free(t.n[0]);
	simee_free(t.n[1]);
	sim_free(t.w);
}

static int
shorter(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void
report(struct sum *s, enum how how)
{
	static const char *const name[] = { "both ways", "one way", "again, both paths",
		"to and fro" };

	qsort(s->pause, s->runs, sizeof(s->pause[0]), shorter);
	(void)printf("%-18s %5" PRIu64 " runs, %5" PRIu64 " switches told, %8" PRIu64 " messages, "
	    "none lost or doubled; from detection to the next one: median %" PRId64 " ms, 99 %% %"
	    PRId64 " ms, longest %" PRId64 " ms\n", name[how], s->runs, s->switches,
	    s->messages, s->pause[s->runs / 2] / 1000,
	    s->pause[s->runs * 99 / 100] / 1000, s->pause[s->runs - 1] / 1000);
}

static void
many(enum how how)
{
	struct sum *sum = calloc(1, sizeof(*sum));
	const char *first = getenv("SIM_SEED"), *n = getenv("SIM_COUNT");
	uint64_t s = first == NULL ? 1 : strtoull(first, NULL, 0);
	uint64_t end = s + (n == NULL ? 5 : strtoull(n, NULL, 0));

	assert_non_null(sum);
	for (; s < end; s++)
		one(s, how, sum);
	if (sum->runs >= 100)
		report(sum, how);
	free(sum);
}

static void
t_both_ways(void **state)
{
	(void)state;
	many(H_BOTH_WAYS);
}

static void
t_one_way(void **state)
{
	(void)state;
	many(H_ONE_WAY);
}

static void
t_again(void **state)
{
	(void)state;
	many(H_AGAIN);
}

static void
t_bounce(void **state)
{
	(void)state;
	many(H_BOUNCE);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_both_ways),
		cmocka_unit_test(t_one_way),
		cmocka_unit_test(t_again),
		cmocka_unit_test(t_bounce),
	};

	if (argc > 1)
		(void)setenv("SIM_COUNT", argv[1], 1);
	if (argc > 2)
		(void)setenv("SIM_SEED", argv[2], 1);
	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
