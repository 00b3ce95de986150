/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/ee_pair.h"

static struct ee_probe
probed(struct pair *w)
{
	uint32_t id = ee_probe(w->n[0].ee, w->now, 0, &w->n[1].cfg.local);
	unsigned before = w->n[0].probes;

	assert_int_not_equal(id, 0);
	pair_run(w, SECS(6));
	assert_int_equal(w->n[0].probes, before + 1);
	assert_int_equal(w->n[0].probe.id, id);
	return w->n[0].probe;
}

static void
t_all_ports(void **state)
{
	struct pair *w = pair_new(1, 2);
	struct ee_probe r;

	(void)state;
	(void)pair_dial(w, 0);
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	r = probed(w);
	assert_int_equal(r.ok, 0x1f);
	for (unsigned i = 0; i < EE_NPORT; i++)
		assert_int_equal(r.rtt_us[i], MSEC(10));
	assert_true(pair_up(w));                /* the link's own TEST is not taken for ours */
	pair_run(w, SECS(60));
	assert_true(pair_up(w));
	pair_free(w);
}

static void
t_firewall(void **state)
{
	struct pair *w = pair_new(1, 2);

	(void)state;
	w->wall = 1u << EE_HIGH | 1u << EE_LOW;
	assert_int_equal(probed(w).ok, 0x1f & ~w->wall);
	w->wall = 0x1f;
	assert_int_equal(probed(w).ok, 0);
	w->wall = 0;
	w->lose = UINT64_C(0x7) << w->sent;     /* the first tries: sent again */
	assert_int_equal(probed(w).ok, 0x1f);
	pair_free(w);
}

/* Answers that belong to no probe do nothing; a probe waits for its own. */
static void
t_forged(void **state)
{
	static const uint8_t bad[] = { 4, 5, 0xf3, 0xd7, 0xd9, 0xd6, 0xc2, 1, 2, 3, 4, 9 };
	struct pair *w = pair_new(1, 2);

	(void)state;
	w->cut = 1;
	assert_int_not_equal(ee_probe(w->n[0].ee, w->now, 0, &w->n[1].cfg.local), 0);
	for (size_t n = 3; n <= sizeof(bad); n++)
		node_feed(w, 0, &w->n[1].cfg.local, EE_HIGH, bad, n);
	pair_run(w, SECS(6));
	assert_int_equal(w->n[0].probes, 1);
	assert_int_equal(w->n[0].probe.ok, 0);
	pair_free(w);
}

static void
t_many(void **state)
{
	struct pair *w = pair_new(1, 2);
	unsigned n = 0;

	(void)state;
	while (ee_probe(w->n[0].ee, w->now, 0, &w->n[1].cfg.local) != 0)
		n++;
	assert_in_range(n, 2, 64);
	pair_run(w, SECS(6));
	assert_int_equal(w->n[0].probes, n);
	assert_int_not_equal(ee_probe(w->n[0].ee, w->now, 0, &w->n[1].cfg.local), 0);
	pair_free(w);
}

int
main(void)
{
	const struct CMUnitTest t[] = { cmocka_unit_test(t_all_ports), cmocka_unit_test(t_firewall),
		cmocka_unit_test(t_forged), cmocka_unit_test(t_many) };

	return cmocka_run_group_tests(t, NULL, NULL);
}
