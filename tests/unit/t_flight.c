/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "snaee/ee.h"
#include "snaee/flight.h"
#include "tests/vec/vec.h"

static struct flight *
fresh(void)
{
	struct flight *f = malloc(sizeof(*f));

	assert_non_null(f);
	memset(f, 0xa5, sizeof(*f));
	flight_init(f);
	return f;
}

static uint32_t
packet(struct flight *f, uint32_t prev, uint16_t len)
{
	struct flight_ent *e = flight_put(f, (struct mono){ (int64_t)f->next }, prev);

	e->len = len;
	e->n = 0;
	e->dir = 1;
	e->link = 0;
	return e->seq;
}

/* Two pipes take turns: each has its own, oldest first, no more than fit. */
static void
t_chains(void **state)
{
	struct flight *f = fresh();
	struct flight_pkt k[FLIGHT_TRAIL];
	uint32_t a = 0, b = 0;

	(void)state;
	assert_int_equal(flight_trail(f, 0, k), 0);
	for (unsigned i = 0; i < 40; i++) {
		a = packet(f, a, (uint16_t)(100 + i));
		if (i < 3)
			b = packet(f, b, (uint16_t)(200 + i));
	}
	assert_int_equal(flight_trail(f, a, k), FLIGHT_TRAIL);
	for (unsigned i = 0; i < FLIGHT_TRAIL; i++)
		assert_int_equal(k[i].e.len, 140 - FLIGHT_TRAIL + i);
	assert_int_equal(flight_trail(f, b, k), 3);
	assert_int_equal(k[0].e.len, 200);
	assert_int_equal(k[2].e.len, 202);
	free(f);
}

/* What others did since overwrites it, also when the numbers come round. */
static void
t_overwritten(void **state)
{
	struct flight *f = fresh();
	struct flight_pkt k[FLIGHT_TRAIL];
	uint32_t a = 0, b = 0;

	(void)state;
	f->next = UINT32_MAX - 1;
	a = packet(f, a, 1);
	a = packet(f, a, 2);
	a = packet(f, a, 3);
	assert_int_equal(a, 1);         /* 0 is left out */
	assert_int_equal(flight_trail(f, a, k), 3);
	for (unsigned i = 0; i < FLIGHT_RING - 4; i++)
		b = packet(f, b, 9);
	assert_int_equal(flight_trail(f, a, k), 3);
	b = packet(f, b, 9);
	assert_int_equal(flight_trail(f, a, k), 2);
	for (unsigned i = 0; i < 3; i++)        /* the place of 0 was left out, too */
		b = packet(f, b, 9);
	assert_int_equal(flight_trail(f, a, k), 0);
	free(f);
}

static struct mono
at_s(int64_t s)
{
	return (struct mono){ s * 1000000 };
}

static void
t_kept(void **state)
{
	struct flight *f = fresh();
	struct flight_kept *k;
	uint32_t a = packet(f, 0, 7);

	(void)state;
	assert_null(flight_kept(f, "CNR00001"));
	for (unsigned i = 0; i < FLIGHT_KEPT; i++) {
		k = flight_keep(f, at_s(i), a);
		assert_non_null(k);
		strcpy(k->name, i == 1 || i == 3 ? "CNR00001" : "CNR00002");
		k->sense = i;
	}
	assert_int_equal(flight_kept(f, "CNR00001")->sense, 3);
	assert_int_equal(flight_kept(f, "CNR00001")->n, 1);
	/* All are young: nothing is given up, until the oldest is old. */
	assert_null(flight_keep(f, at_s(FLIGHT_KEEP_S - 1), a));
	assert_int_equal(f->not_kept, 1);
	k = flight_keep(f, at_s(FLIGHT_KEEP_S + 1), a);
	assert_ptr_equal(k, &f->kept[0]);
	strcpy(k->name, "CNR00003");
	k = flight_keep(f, at_s(1000), a);
	assert_ptr_equal(k, &f->kept[1]);
	strcpy(k->name, "CNR00003");
	assert_int_equal(flight_kept(f, "CNR00003")->at.us, 1000000000);
	free(f);
}

/* Addresses: while the link's number is not given anew. */
static void
t_links(void **state)
{
	struct flight *f = fresh();
	struct flight_pkt k[FLIGHT_TRAIL];
	struct ipaddr l, r;
	uint32_t a = packet(f, 0, 7);

	(void)state;
	assert_true(ipaddr_parse(&l, "10.0.0.1") && ipaddr_parse(&r, "10.0.0.2"));
	f->ring[a % FLIGHT_RING].link = flight_link(f, &l, &r);
	assert_int_equal(flight_trail(f, a, k), 1);
	assert_true(ipaddr_eq(&k[0].remote, &r));
	for (unsigned i = 0; i < FLIGHT_LINKS; i++)
		assert_int_not_equal(flight_link(f, &r, &l), 0);
	assert_int_equal(flight_trail(f, a, k), 1);
	assert_int_equal(k[0].remote.fam, 0);
	free(f);
}

/* What is cut behind the headers is what the ring does not have. */
static void
vector(const char *name, size_t data, unsigned port, const char *want)
{
	struct vec v = vec_load("ee.hex", name);
	struct flight_ent e = { .dir = 2, .port = (uint8_t)port };
	char text[200];

	e.len = (uint16_t)(v.n - 3);    /* behind LLC */
	e.n = (uint8_t)(e.len - data);
	memcpy(e.b, v.b + 3, e.n);
	assert_string_equal(flight_text(&e, text, sizeof(text)), want);
}

static void
cut(const char *name, const char *want)
{
	struct vec v = vec_load("ee.hex", name);
	struct flight_ent e = { .dir = 2, .port = EE_NETWORK, .n = FLIGHT_BYTES };
	char text[200];

	e.len = (uint16_t)(v.n - 3);
	assert_true(e.len > FLIGHT_BYTES);
	memcpy(e.b, v.b + 3, FLIGHT_BYTES);
	assert_string_equal(flight_text(&e, text, sizeof(text)), want);
}

static void
t_text(void **state)
{
	struct flight_ent e = { .dir = 1, .port = EE_LOW, .len = 1400, .resent = 1, .n = 4 };
	char text[200];

	(void)state;
	vector("RTP-03", 25, EE_HIGH, "SENT HIGH 50 BYTES, BSN 00000100, DATA 25");
	vector("RTP-06", 0, EE_HIGH, "SENT HIGH 53 BYTES, STATUS WITH GAP");
	vector("RTP-07", 0, EE_NETWORK, "SENT NETWORK 45 BYTES, STATUS REQUEST, STATUS");
	vector("RTP-11", 0, EE_HIGH,
	    "SENT HIGH 33 BYTES, CONNECTION FAULT, LAST MESSAGE");
	vector("RTP-13", 0, EE_HIGH, "SENT HIGH 37 BYTES, ARB");
	vector("RTP-15", 25, EE_LOW, "SENT LOW 51 BYTES, BSN 00000400, DATA 25, SLOWDOWN1");
	vector("RTP-16", 0, EE_HIGH, "SENT HIGH 93 BYTES, STATUS REQUEST, STATUS, SWITCHING");
	cut("RTP-01",
	    "SENT NETWORK 149 BYTES, BSN 00000001, DATA 12, SETUP, STATUS REQUEST, CUT");
	/* Headers that did not fit, or nonsense: what is sure is said. */
	assert_string_equal(flight_text(&e, text, sizeof(text)),
	    "RECEIVED LOW 1400 BYTES, AGAIN, CUT");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_chains),
		cmocka_unit_test(t_overwritten),
		cmocka_unit_test(t_kept),
		cmocka_unit_test(t_links),
		cmocka_unit_test(t_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
