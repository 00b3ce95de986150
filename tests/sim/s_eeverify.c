/* SPDX-License-Identifier: Apache-2.0
 *
 * s_eeverify.c - EEVERIFY: the five ports are probed when a link comes up, and
 * every n minutes. Firewalls between the nodes let some ports through only.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/con.h"
#include "base/log.h"
#include "tests/sim/simpair.h"

#define FAILED "IST2330I EE HEALTH VERIFICATION FAILED FOR PU1"
#define HIGHER ((1u << EE_NETWORK) | (1u << EE_HIGH) | (1u << EE_MEDIUM) | (1u << EE_LOW))
#define LLC_CONTROL(p) ((p)->b[2] & 0xefu)      /* without P/F */
#define TEST_FRAME 0xe3u
#define XID_FRAME 0xafu

struct wall {
	struct pair p;
	unsigned ports;         /* bit enum ee_port: none gets through */
	unsigned tests;         /* TEST on those doesn't */
	unsigned other;         /* the partner's XIDs name another product */
};

static int64_t
firewall(void *arg, int from, struct simpkt *k)
{
	struct wall *w = arg;
	static const uint8_t ours[] = { 0xe2, 0x95, 0x81, 0x87 };       /* Snag */
	static const uint8_t ours_upper[] = { 0xe2, 0xd5, 0xc1, 0xc7 }; /* SNAG */

	if (w->ports >> k->idx & 1)
		return -1;
	if ((w->tests >> k->idx & 1) && LLC_CONTROL(k) == TEST_FRAME)
		return -1;
	if (w->other && from == w->p.b->id && LLC_CONTROL(k) == XID_FRAME)
		for (size_t i = 3; i + 4 <= k->len; i++)
			if (memcmp(k->b + i, ours, 4) == 0 || memcmp(k->b + i, ours_upper, 4) == 0)
				k->b[i] = 0xe9;                         /* Z */
	return 0;
}

static void
world(struct wall *w, uint64_t seed, const char *opts)
{
	w->p.w = sim_new(SEED(seed));
	w->p.a = simvt_new(w->p.w);
	w->p.b = simvt_new(w->p.w);
	w->p.a->opts = opts;
	w->p.b->opts = "EEVERIFY=NEVER\n";
	w->p.b->pu_opds = "DWINOP=NO";
	simvt_start(w->p.a);
	simvt_start(w->p.b);
	sim_link(w->p.w, w->p.a->id, w->p.b->id, GOOD);
	sim_tap(w->p.w, firewall, w);
	simvt_dial(w->p.a, w->p.b);
}

/* One port, or all but the signal port: the link ends, and is dialed after REDDELAY until
 * the firewall is open. */
static void
t_blocked(void **state)
{
	static const unsigned walls[] = { 1u << EE_MEDIUM, HIGHER };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct wall w = { .ports = walls[i] };

		world(&w, 1 + i, NULL);
		sim_run(w.p.w, SECS(8));
		assert_true(simvt_said(w.p.a, FAILED));
		assert_true(simvt_said(w.p.a, "IST590I CONNECTION TERMINATED FOR PU PU1"));
		assert_false(simvt_met(w.p.a, w.p.b));
		sim_run(w.p.w, SECS(60));
		w.ports = 0;
		sim_run(w.p.w, SECS(20));
		assert_true(simvt_met(w.p.a, w.p.b));
		sim_run(w.p.w, MINUTES(5));
		assert_true(simvt_met(w.p.a, w.p.b));
		pair_down(&w.p);
	}
}

/* The display of the link. */
static bool
shown(struct wall *w, const char *text)
{
	const struct res *r = rtab_find(&w->p.a->n->rtab, "PU1");
	struct con c;
	bool yes;

	con_init(&c);
	eeverify_show(w->p.a->n, r->pu, &c);
	yes = strstr(c.text, text) != NULL;
	con_fini(&c);
	return yes;
}

/* A partner of another make that answers TEST on port 12000 alone works as well. */
static void
t_unsupported(void **state)
{
	struct wall w = { .tests = HIGHER, .other = 1 };

	(void)state;
	world(&w, 3, "EEVERIFY=1\n");
	sim_run(w.p.w, MINUTES(10));
	assert_true(simvt_met(w.p.a, w.p.b));
	assert_false(simvt_said(w.p.a, "IST2330I"));
	assert_false(simvt_said(w.p.a, "IST2323E"));
	assert_true(shown(&w, "IST2343I EE HEALTH VERIFICATION NOT SUPPORTED BY REMOTE EE"));
	pair_down(&w.p);
}

static void
t_never(void **state)
{
	struct wall w = { .tests = 1u << EE_MEDIUM };

	(void)state;
	world(&w, 4, "EEVERIFY=NEVER\n");
	sim_run(w.p.w, SECS(60));
	assert_true(simvt_met(w.p.a, w.p.b));
	assert_false(simvt_said(w.p.a, "IST2330I"));
	pair_down(&w.p);
}

/* Later a port that is closed is told, once, and the link stays. */
static void
t_every_minute(void **state)
{
	struct wall w = { .tests = 0 };

	(void)state;
	world(&w, 5, "EEVERIFY=1\n");
	sim_run(w.p.w, SECS(90));
	assert_true(simvt_met(w.p.a, w.p.b));
	assert_true(shown(&w, "IST2341I EE HEALTH VERIFICATION HAS NEVER FAILED"));
	w.tests = 1u << EE_LOW;
	sim_run(w.p.w, SECS(90));
	assert_true(simvt_said(w.p.a, "IST2323E EE HEALTH VERIFICATION FAILED WITH ONE OR MORE"));
	assert_true(shown(&w, "IST2328I EE HEALTH VERIFICATION FAILED ON"));
	w.p.a->log[0] = '\0';
	w.p.a->log_len = 0;
	sim_run(w.p.w, SECS(120));
	assert_false(simvt_said(w.p.a, "IST2323E"));
	w.tests = 0;
	sim_run(w.p.w, SECS(90));
	assert_true(shown(&w, "IST2329I EE HEALTH VERIFICATION SUCCESSFUL ON"));
	assert_true(shown(&w, "IST2340I EE HEALTH VERIFICATION LAST FAILED ON"));
	assert_true(simvt_met(w.p.a, w.p.b));
	assert_false(simvt_said(w.p.a, "IST2330I"));
	pair_down(&w.p);
}

/* Dialed by command while a redial is due: its time, when it comes, is no probe's. */
static void
t_redial_left_over(void **state)
{
	struct wall w = { .tests = 0 };
	struct pu *p;

	(void)state;
	world(&w, 6, NULL);
	sim_run(w.p.w, SECS(8));
	assert_true(simvt_met(w.p.a, w.p.b));
	p = rtab_find(&w.p.a->n->rtab, "PU1")->pu;
	pu_redial(w.p.a->n, sim_now(w.p.w), p);
	w.tests = 1u << EE_LOW;
	sim_run(w.p.w, SECS(60));
	assert_true(simvt_met(w.p.a, w.p.b));
	assert_false(simvt_said(w.p.a, "IST2323E"));
	pair_down(&w.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_blocked), cmocka_unit_test(t_unsupported),
		cmocka_unit_test(t_never), cmocka_unit_test(t_every_minute),
		cmocka_unit_test(t_redial_left_over),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
