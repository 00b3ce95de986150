/* SPDX-License-Identifier: Apache-2.0
 *
 * s_link.c - links come and go between two ee that both dial: at once or one
 * after the other, over networks that lose, double, swap and delay.
 *
 * Exactly one link results, both ends agree on it (TG number, roles, SAPs), it
 * lives as long as nobody ends it, and nothing is left when it is ended. Many
 * seeds: build/sim/s_link N.
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
#include "snaee/sense.h"
#include "tests/sim/simnet.h"

#define AGAIN SECS(5)

struct end {
	struct sim *w;
	int id;
	struct bufpool bufs;
	struct ee_cfg cfg;
	struct ee *ee;
	struct ee_linkparm dial;        /* remote.fam 0: does not dial */
	struct ldlc *mine;              /* being dialed, or up */
	struct ldlc *link;              /* up */
	struct mono dial_at;
	uint8_t stop;
	uint32_t ups, downs, failed, calls, two;
	uint32_t sense;
};

static unsigned
active(const struct end *e)
{
	unsigned n = 0;

	for (struct ldlc *l = ee_next_link(e->ee, NULL); l != NULL; l = ee_next_link(e->ee, l))
		n += ldlc_active(l);
	return n;
}

static void
happened(struct end *e, struct mono now, const struct ee_ind *i)
{
	struct ee_linkparm p = { .cpcp = 1, .tgn = e->dial.tgn };

	if (i->what == EEI_CALL) {
		e->calls++;
		ee_answer(e->ee, now, i->link, &p);
	} else if (i->what == EEI_LINK_UP) {
		e->ups++;
		e->two += active(e) != 1;
		e->link = i->link;
	} else if (i->what == EEI_LINK_DOWN) {
		e->sense = i->sense;
		e->downs += e->link == i->link;
		e->failed += e->link != i->link;
		e->link = e->link == i->link ? NULL : e->link;
		e->mine = e->mine == i->link ? NULL : e->mine;
		e->dial_at = mono_add(now, AGAIN);
	}
}

static void
user(struct end *e, struct mono now)
{
	struct ee_ind i;
	uint32_t sense;

	while (ee_recv(e->ee, now, &i))
		happened(e, now, &i);
	if (e->dial.remote.fam == 0 || e->mine != NULL || e->link != NULL || e->stop ||
	    !mono_due(e->dial_at, now))
		return;
	e->mine = ee_dial(e->ee, now, &e->dial, &sense);
	e->dial_at = mono_add(now, AGAIN);
}

static void
in(void *node, struct mono now, int from, unsigned idx, const uint8_t *p, size_t len)
{
	struct end *e = node;
	struct buf *b = buf_get(&e->bufs, len);
	struct ipaddr ip;

	(void)from;
	assert_non_null(b);
	buf_append(b, p, len);
	assert_true(ipaddr_parse(&ip, e->id == 0 ? "10.0.0.2" : "10.0.0.1"));
	ee_input(e->ee, now, &ip, (enum ee_port)idx, b);
}

static bool
out(void *node, struct mono now, struct simpkt *p)
{
	struct end *e = node;
	struct ee_dgram d;

	user(e, now);
	if (!ee_output(e->ee, now, &d))
		return false;
	p->to = d.to.b[3] - 1;
	p->idx = d.idx;
	p->len = d.hdr_len + d.data_len;
	memcpy(p->b, d.hdr, d.hdr_len);
	if (d.data_len != 0)
		memcpy(p->b + d.hdr_len, d.data, d.data_len);
	return true;
}

static struct mono
deadline(void *node)
{
	struct end *e = node;
	struct mono at = ee_deadline(e->ee);

	if (e->dial.remote.fam != 0 && e->mine == NULL && e->link == NULL && !e->stop &&
	    mono_before(sim_now(e->w), e->dial_at))
		at = mono_min(at, e->dial_at);
	return at;
}

static void
expire(void *node, struct mono now)
{
	ee_expire(((struct end *)node)->ee, now);
}

static bool
idle(void *node)
{
	return ee_idle(((struct end *)node)->ee);
}

static const struct simdriver driver = { .input = in, .output = out, .deadline = deadline,
	.expire = expire, .idle = idle };

struct two {
	struct sim *w;
	struct end e[2];
};

static void
two_new(struct two *t, uint64_t seed, uint32_t id0, uint32_t id1)
{
	memset(t, 0, sizeof(*t));
	t->w = sim_new(seed);
	for (int k = 0; k < 2; k++) {
		struct end *e = &t->e[k];
		struct ee_cfg *c = &e->cfg;

		e->w = t->w;
		e->id = sim_node(t->w, &driver, e);
		assert_int_equal(bufpool_init(&e->bufs, "S", 64, 64, 8), 0);
		assert_true(ipaddr_parse(&c->local, k == 0 ? "10.0.0.1" : "10.0.0.2"));
		assert_true(name_set(&c->cpname, k == 0 ? "NETA.ONE" : "NETA.TWO"));
		*c = (struct ee_cfg){ .local = c->local, .cpname = c->cpname, .port0 = 12000,
			.livtime = 10, .srqtime = 15, .srqretry = 3, .max_btu = 1461,
			.nodeid = k == 0 ? id0 : id1, .network_node = 1, .max_links = 8,
			.max_pipes = 4, .seed = sim_rand(t->w), .bufs = &e->bufs };
		e->dial_at = sim_now(t->w);
	}
}

static void
two_start(struct two *t)
{
	int err;

	for (int k = 0; k < 2; k++) {
		t->e[k].ee = ee_new(&t->e[k].cfg, &err);
		assert_non_null(t->e[k].ee);
	}
}

static void
calls(struct two *t, int who, int64_t after_us)
{
	struct end *e = &t->e[who];

	e->dial = (struct ee_linkparm){ .remote = t->e[1 - who].cfg.local, .cpcp = 1,
		.tgn = e->dial.tgn };
	e->dial_at = mono_add(sim_now(t->w), after_us);
}

static void
wake(struct two *t)
{
	sim_wake(t->w, 0);
	sim_wake(t->w, 1);
}

/* Both ends say the same of one link. */
static bool
agreed(const struct two *t)
{
	const struct ldlc *a = t->e[0].link, *b = t->e[1].link;

	return a != NULL && b != NULL && active(&t->e[0]) == 1 && active(&t->e[1]) == 1 &&
	    ldlc_tgn(a) != 0 && ldlc_tgn(a) == ldlc_tgn(b) && a->neg.role != b->neg.role &&
	    a->nlp_dsap == b->nlp_ssap && a->nlp_ssap == b->nlp_dsap;
}

static void
two_stop(struct two *t)
{
	for (int k = 0; k < 2; k++)
		t->e[k].stop = 1;
}

static void
two_free(struct two *t)
{
	for (int k = 0; k < 2; k++) {
		ee_free(t->e[k].ee);
		assert_int_equal(bufpool_used(&t->e[k].bufs), 0);
		bufpool_fini(&t->e[k].bufs);
	}
	sim_free(t->w);
}

/* Hung up by one end, or both at once: nothing is left. */
static bool
ended(struct two *t, unsigned who)
{
	two_stop(t);
	for (unsigned k = 0; k < 2; k++)
		if ((who & 1u << k) != 0 && t->e[k].link != NULL)
			ee_hangup(t->e[k].ee, sim_now(t->w), t->e[k].link);
	wake(t);
	return sim_run_until_idle(t->w, MINUTES(10)) && t->e[0].ups == t->e[0].downs &&
	    t->e[1].ups == t->e[1].downs;
}

static void
t_one_dials(void **state)
{
	struct two t;

	(void)state;
	for (int who = 0; who < 2; who++) {
		two_new(&t, SEED(1), 0x05d00001, 0xfff00002);
		two_start(&t);
		sim_link(t.w, 0, 1, (struct simlink){ .delay_ms = 20 });
		calls(&t, who, 0);
		wake(&t);
		sim_run(t.w, SECS(2));
		assert_true(agreed(&t));
		assert_int_equal(t.e[1 - who].calls, 1);
		assert_true(ended(&t, 1u << who));
		two_free(&t);
	}
}

/* Every offset between the two dials, from none to longer than the exchange. */
static void
t_both_dial_at_every_offset(void **state)
{
	(void)state;
	for (int64_t ms = -200; ms <= 200; ms++) {
		struct two t;

		two_new(&t, SEED(2), 0x05d00001, 0xfff00002);
		two_start(&t);
		sim_link(t.w, 0, 1, (struct simlink){ .delay_ms = 20 });
		calls(&t, 0, ms < 0 ? MSEC(-ms) : 0);
		calls(&t, 1, ms > 0 ? MSEC(ms) : 0);
		wake(&t);
		sim_run(t.w, SECS(3));
		if (!agreed(&t) || t.e[0].two + t.e[1].two != 0)
			fail_msg("offset %d ms: %u %u links, ups %u %u", (int)ms, active(&t.e[0]),
			    active(&t.e[1]), t.e[0].ups, t.e[1].ups);
		assert_int_equal(t.e[0].ups + t.e[1].ups, 2);
		assert_true(ended(&t, 3));
		two_free(&t);
	}
}

/* The network is dead for a while: an end that dials alone gives up after
 * SRQTIME * (SRQRETRY + 1), tries again, and gets through in the end. */
static void
t_retries_then_again(void **state)
{
	struct two t;

	(void)state;
	two_new(&t, SEED(3), 0x05d00001, 0xfff00002);
	two_start(&t);
	sim_link(t.w, 0, 1, (struct simlink){ .delay_ms = 20 });
	sim_cut(t.w, 0, 1, 0, SECS(130));
	calls(&t, 0, 0);
	wake(&t);
	sim_run(t.w, SECS(59));
	assert_int_equal(t.e[0].failed, 0);
	sim_run(t.w, SECS(2));
	assert_int_equal(t.e[0].failed, 1);
	assert_int_equal(t.e[0].sense, SENSE_LINK_FAILURE);
	sim_run(t.w, SECS(200));
	assert_true(agreed(&t));
	assert_true(ended(&t, 1));
	two_free(&t);
}

/* LIVTIME=(10,80): an idle link is tested less and less often, and a partner that is gone
 * is still noticed within the maximum and the retries. */
static void
t_livtime_grows(void **state)
{
	struct two t;
	uint64_t few;

	(void)state;
	two_new(&t, SEED(4), 0x05d00001, 0xfff00002);
	for (int k = 0; k < 2; k++)
		t.e[k].cfg.livtime_max = 80;
	two_start(&t);
	sim_link(t.w, 0, 1, (struct simlink){ .delay_ms = 20 });
	calls(&t, 0, 0);
	wake(&t);
	sim_run(t.w, SECS(1));
	assert_true(agreed(&t));
	sim_run(t.w, MINUTES(60));
	few = t.e[0].link->stat[LDLC_TEST_SENT];
	assert_true(few >= 40 && few <= 50);            /* 10 s alone would be 360 */
	assert_int_equal(t.e[0].link->live_us, SECS(80));
	two_stop(&t);
	sim_cut(t.w, 0, 1, sim_now(t.w).us - SIM_START, MINUTES(1000));
	sim_run(t.w, SECS(80 + 60 + 1));
	assert_int_equal(t.e[0].downs + t.e[1].downs, 2);
	two_free(&t);
}

/* In the middle of it one end starts anew without a word, or hangs up. */
static void
trouble(struct two *t)
{
	struct end *e = &t->e[sim_below(t->w, 2)];
	int err;

	sim_run(t->w, sim_chance(t->w, 0.7) ? sim_below(t->w, 4000000) :
	    sim_below(t->w, 100000000));
	if (sim_chance(t->w, 0.5)) {
		if (e->mine != NULL)
			ee_hangup(e->ee, sim_now(t->w), e->mine);
	} else {
		ee_free(e->ee);
		e->cfg.seed = sim_rand(t->w);
		e->ee = ee_new(&e->cfg, &err);
		assert_non_null(e->ee);
		e->mine = e->link = NULL;
		e->ups = e->downs = 0;
		e->dial_at = sim_now(t->w);
	}
	wake(t);
}

static void
one(uint64_t seed)
{
	struct two t;
	bool ok, up;
	unsigned n;

	two_new(&t, seed, 0, 0);
	for (int k = 0; k < 2; k++) {
		struct ee_cfg *c = &t.e[k].cfg;

		c->nodeid = sim_chance(t.w, 0.2) ? 0x05d00007 : 0x05d00000 | sim_below(t.w, 9999);
		c->srqtime = (uint16_t)(3 + sim_below(t.w, 15));
		c->srqretry = (uint16_t)(3 + sim_below(t.w, 6));
		sim_way(t.w, k, 1 - k, (struct simlink){ .delay_ms = sim_below(t.w, 300),
		    .jitter_ms = sim_chance(t.w, 0.5) ? sim_below(t.w, 500) : 0,
		    .loss = sim_below(t.w, 31) / 100.0, .dup = sim_below(t.w, 50) / 100.0,
		    .reorder = sim_below(t.w, 30) / 100.0,
		    .reorder_ms = sim_chance(t.w, 0.2) ? 20000 : 0 });
	}
	if (sim_chance(t.w, 0.2))
		t.e[0].dial.tgn = t.e[1].dial.tgn = 7;
	two_start(&t);
	n = sim_below(t.w, 5);
	if (n != 0)
		calls(&t, 0, sim_below(t.w, 2) == 0 ? 0 : sim_below(t.w, 3000000));
	if (n != 1)
		calls(&t, 1, sim_below(t.w, 2) == 0 ? 0 : sim_below(t.w, 3000000));
	wake(&t);
	if (sim_chance(t.w, 0.5))
		trouble(&t);
	for (n = 0; n < 120 && !(up = agreed(&t)); n++)
		sim_run(t.w, SECS(15));
	/* What is still under way, and the longest retry, do it no harm. */
	for (int k = 0; k < 2; k++)
		sim_way(t.w, k, 1 - k, (struct simlink){ .delay_ms = 20 });
	sim_run(t.w, MINUTES(10));
	ok = up && agreed(&t) && t.e[0].two + t.e[1].two == 0;
	if (!ok || !ended(&t, 1 + sim_below(t.w, 3)))
		fail_msg("seed %" PRIu64 ": up %d after %u s, links %u %u, ups %u %u, downs %u %u, "
		    "failed %u %u, two %u %u, sense %08X %08X", seed, up, 15 * n, active(&t.e[0]),
		    active(&t.e[1]), t.e[0].ups, t.e[1].ups, t.e[0].downs, t.e[1].downs,
		    t.e[0].failed, t.e[1].failed, t.e[0].two, t.e[1].two, t.e[0].sense,
		    t.e[1].sense);
	two_free(&t);
}

static void
t_seeds(void **state)
{
	const char *many = getenv("SIM_COUNT");
	uint64_t first = SEED(0), n = many == NULL ? 300 : strtoull(many, NULL, 0);

	(void)state;
	for (uint64_t s = 0; s < n; s++)
		one(first + s);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_one_dials), cmocka_unit_test(t_both_dial_at_every_offset),
		cmocka_unit_test(t_retries_then_again), cmocka_unit_test(t_livtime_grows),
		cmocka_unit_test(t_seeds),
	};

	if (argc > 1)
		(void)setenv("SIM_COUNT", argv[1], 1);
	log_level_all(getenv("SIM_LOG") != NULL ? LOG_DEBUG : LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
