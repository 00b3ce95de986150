/* SPDX-License-Identifier: Apache-2.0
 *
 * What the choice of an LU costs, and that the cost does not grow: pools of
 * 100, 64,000 and 500,000 names, nearly empty and nearly full; profiles with
 * 10 and 10,000 maps. Nanoseconds an operation, and how many times those of
 * the smallest.
 *
 *	build/bench/lus         prints the table
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tn3270e/profile.h"
#include "tn3270e/tndev.h"
#include "vtamsim/lupool.h"

#define OPS 200000u
#define ROUNDS 5                        /* the quickest counts: others share the machine */

static double
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

struct times {
	double any, this, release;
};

static void
name_of(unsigned i, char to[9])
{
	(void)snprintf(to, 9, "L%07u", i % 10000000u);
}

static uint32_t
prng(uint32_t *s)
{
	*s = *s * 1664525u + 1013904223u;
	return *s >> 8;
}

static void
least(double *best, double ns, double ops)
{
	if (*best == 0 || ns / ops < *best)
		*best = ns / ops;
}

/* taken of n are in use all the time; batches of LUs are chosen, and given back. */
static struct times
pool_times(struct lupools *p, uint16_t id, unsigned n, unsigned batch)
{
	static char lu[64][9];
	uint16_t ids[ACB_POOLS_MAX] = { id };
	const struct lupool_want w = { .pools = ids };
	struct times best = { 0, 0, 0 };
	uint32_t seed = 7;

	for (int round = 0; round < ROUNDS; round++) {
		double any = 0, this = 0, release = 0, t;

		for (unsigned i = 0; i < OPS; i += batch) {
			t = now_ns();
			for (unsigned k = 0; k < batch; k++)
				(void)lupool_any(p, &w, lu[k]);
			any += now_ns() - t;
			t = now_ns();
			for (unsigned k = 0; k < batch; k++)
				lupool_release(p, lu[k]);
			release += now_ns() - t;
			t = now_ns();
			for (unsigned k = 0; k < batch; k++)
				(void)lupool_this(p, &w, lu[k]);
			this += now_ns() - t;
			for (unsigned k = 0; k < batch; k++)
				lupool_release(p, lu[k]);
			p->v[id].next = prng(&seed) % n;        /* anywhere in the pool */
		}
		least(&best.any, any, OPS);
		least(&best.this, this, OPS);
		least(&best.release, release, OPS);
	}
	return best;
}

static void
line(const char *what, const double v[3])
{
	printf("%-34s %8.0f %8.0f %8.0f   x%.2f x%.2f\n", what, v[0], v[1], v[2], v[1] / v[0],
	    v[2] / v[0]);
}

static int
pools(void)
{
	static const unsigned size[3] = { 100, 64000, 500000 };
	double v[6][3];
	char lu[9];

	for (unsigned s = 0; s < 3; s++) {
		static struct lupools p;
		uint16_t ids[ACB_POOLS_MAX] = { 0 };
		const struct lupool_want w = { .pools = ids };
		struct times t;

		if (lupools_init(&p) != 0)
			return 1;
		ids[0] = lupool_define(&p, "POOL", LUPOOL_TERMINAL);
		for (unsigned i = 0; i < size[s]; i++) {
			name_of(i, lu);
			if (lupool_add(&p, ids[0], lu) != 0)
				return 1;
		}
		t = pool_times(&p, ids[0], size[s], 10);
		v[0][s] = t.any;
		v[1][s] = t.this;
		v[2][s] = t.release;
		for (unsigned i = 0; i < size[s] - 10; i++)     /* ten are left, far apart */
			(void)lupool_any(&p, &w, lu);
		for (unsigned i = 0; i < 10; i++) {
			name_of(i * (size[s] / 10), lu);
			lupool_release(&p, lu);
		}
		for (unsigned i = 0; i < 10 && lupool_any(&p, &w, lu) == ACB_OK; i++)
			;
		for (unsigned i = 0; i < 10; i++) {
			name_of(i * (size[s] / 10), lu);
			lupool_release(&p, lu);
		}
		t = pool_times(&p, ids[0], size[s], 5);
		v[3][s] = t.any;
		v[4][s] = t.this;
		v[5][s] = t.release;
		lupools_fini(&p);
	}
	printf("LUs in the pool                    %8u %8u %8u   ns an operation\n", size[0],
	    size[1], size[2]);
	line("generic choice, nearly empty", v[0]);
	line("choice by name, nearly empty", v[1]);
	line("release, nearly empty", v[2]);
	line("generic choice, nearly full", v[3]);
	line("choice by name, nearly full", v[4]);
	line("release, nearly full", v[5]);
	return 0;
}

/* A profile with n maps of addresses; one client in it. */
static double
choice_ns(unsigned n)
{
	char *text = malloc(80u * n + 1000);
	struct tnp_client who = { .addr = { .fam = 4, .b = { 10, 1, 0, 7 } } };
	struct tnneg neg = { .kind = TNREQ_GENERIC };
	struct tnp_choice c;
	struct tnp_errs errs;
	struct profile *p;
	double best = 0;
	size_t k;

	if (text == NULL)
		return 0;
	k = (size_t)sprintf(text, "TELNETPARMS PORT 23 ENDTELNETPARMS BEGINVTAM PORT 23\n"
	    "IPGROUP G 10.0.0.0/8 ENDIPGROUP LUMAP X1 G ALLOWAPPL *\n");
	for (unsigned i = 0; i < n; i++)
		k += (size_t)sprintf(text + k, "LUMAP LU%u 10.1.%u.%u\n", i, i / 256, i % 256);
	(void)sprintf(text + k, "ENDVTAM\n");
	tnp_errs_init(&errs);
	p = profile_parse("bench", text, strlen(text), &errs);
	neg.device = (uint8_t)tndev_find("3278-2", 6);
	for (int round = 0; p != NULL && round < ROUNDS; round++) {
		double t = now_ns();

		for (unsigned i = 0; i < OPS; i++) {
			who.addr.b[3] = (uint8_t)(i % 200);
			profile_choose(p->ports, &who, &neg, &c);
		}
		least(&best, now_ns() - t, OPS);
	}
	profile_free(p);
	tnp_errs_fini(&errs);
	free(text);
	return best;
}

int
main(void)
{
	const double ten = choice_ns(10), many = choice_ns(10000);

	printf("LU maps in the profile                   10    10000            ns a client\n");
	printf("%-34s %8.0f %8.0f            x%.2f\n", "choice of the map", ten, many, many / ten);
	return pools();
}
