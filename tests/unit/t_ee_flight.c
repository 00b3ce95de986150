/* SPDX-License-Identifier: Apache-2.0
 *
 * What two ees leave in their flight recorders.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdlib.h>

#include "snaee/ee_parts.h"
#include "tests/unit/ee_pair.h"

#define SECRET 0xd7

static struct pair *
up(struct rtp **r)
{
	struct pair *w = pair_new(0x05d00001, 0xfff00002);

	(void)pair_dial(w, 0);
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	*r = ee_connect(w->n[0].ee, w->now, w->n[0].link, NCE_LU, TPF_HIGH, "#INTER", w);
	assert_non_null(*r);
	pair_run(w, SECS(1));
	assert_non_null(w->n[1].pipe);
	return w;
}

static void
send_secret(struct pair *w, unsigned who, struct rtp *r, size_t n)
{
	struct buf *b = buf_get(&w->n[who].bufs, n);

	assert_non_null(b);
	memset(buf_put(b, n), SECRET, n);
	b->p[0] = 0x5c;
	assert_int_equal(ee_send(w->n[who].ee, w->now, r, b), 0);
}

/* Longest run of users' bytes in what was kept. */
static unsigned
longest(const struct flight *f)
{
	unsigned most = 0;

	for (unsigned i = 0; i < FLIGHT_RING; i++) {
		const struct flight_ent *e = &f->ring[i];
		unsigned run = 0;

		for (unsigned k = 0; e->seq != 0 && k < e->n; k++) {
			run = e->b[k] == SECRET ? run + 1 : 0;
			most = run > most ? run : most;
		}
	}
	return most;
}

static void
t_headers_only(void **state)
{
	struct flight_pkt k[FLIGHT_TRAIL];
	unsigned in = 0, out = 0, data = 0, n;
	char text[200];
	struct rtp *r;
	struct pair *w = up(&r);

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		send_secret(w, 0, r, 80);
		send_secret(w, 1, w->n[1].pipe, 3000);
	}
	pair_run(w, SECS(5));
	assert_int_equal(w->n[0].pius + w->n[1].pius, 20);
	for (unsigned i = 0; i < 2; i++)
		assert_true(longest(ee_flight(w->n[i].ee)) < 4);
	n = flight_trail(ee_flight(w->n[0].ee), ee_pipe_last(r), k);
	assert_int_equal(n, FLIGHT_TRAIL);
	for (unsigned i = 0; i < n; i++) {
		in += k[i].e.dir == 1;
		out += k[i].e.dir == 2;
		data += strstr(flight_text(&k[i].e, text, sizeof(text)), "DATA") != NULL;
		assert_int_equal(k[i].e.port, EE_HIGH);
		assert_true(ipaddr_eq(&k[i].local, &w->n[0].cfg.local));
		assert_true(ipaddr_eq(&k[i].remote, &w->n[1].cfg.local));
	}
	assert_true(in > 5 && out > 0 && data > 5);
	pair_free(w);
}

/* Each pipe has its own, also one that has the place of one that is gone. */
static void
t_one_place_two_lives(void **state)
{
	struct flight_pkt k[FLIGHT_TRAIL];
	uint32_t last;
	struct rtp *r;
	struct pair *w = up(&r);

	(void)state;
	send_secret(w, 0, r, 80);
	pair_run(w, SECS(1));
	last = ee_pipe_last(r);
	assert_int_not_equal(last, 0);
	ee_keep(w->n[0].ee, w->now, r, "CNR00001", FLIGHT_STALLED, 0);
	ee_abandon(w->n[0].ee, w->now, r, 0x80020000);
	pair_run(w, SECS(60));
	assert_int_equal(w->n[0].pipe_downs, 1);
	r = ee_connect(w->n[0].ee, w->now, w->n[0].link, NCE_LU, TPF_LOW, "#BATCH", w);
	assert_non_null(r);
	assert_int_equal(ee_pipe_last(r), 0);
	pair_run(w, SECS(1));
	assert_true(flight_trail(ee_flight(w->n[0].ee), ee_pipe_last(r), k) >= 2);
	assert_int_equal(k[0].e.port, EE_LOW);
	assert_non_null(flight_kept(ee_flight(w->n[0].ee), "CNR00001"));
	assert_int_equal(flight_kept(ee_flight(w->n[0].ee), "CNR00001")->why, FLIGHT_STALLED);
	assert_null(flight_kept(ee_flight(w->n[0].ee), "CNR00002"));
	pair_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_headers_only),
		cmocka_unit_test(t_one_place_two_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
