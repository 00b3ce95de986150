/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vec/vec.h"

#include "snaee/gds.h"
#include "snaee/sense.h"

static struct rsetup
example(void)
{
	struct rsetup m;

	memset(&m, 0, sizeof(m));
	m.reply = m.refifo = 1;
	m.hop = 1;
	m.max_packet = 1461;
	m.switch_ms = 60000;
	memcpy(m.pcid.pcid, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	(void)name_set(&m.pcid.cp, "NETA.CPA");
	m.rscv.n = m.rscv.max_hops = 2;
	for (unsigned i = 0; i < 2; i++) {
		m.rscv.hop[i].tgn = (uint8_t)(21 + i);
		m.rscv.hop[i].has_flags = 1;
		m.rscv.hop[i].flags = TGF_HPR | TGF_RTP;
		(void)name_set(&m.rscv.hop[i].partner, i == 0 ? "NETA.CPB" : "NETA.CPC");
	}
	m.fwd_len = 2;
	memcpy(m.fwd, "\x91\x92", 2);
	m.back_len = 1;
	m.back[0] = 0x93;
	m.nce = (struct label){ .len = 4, .b = { 0x80, 0, 0, 3 } };
	return m;
}

static size_t
put(uint8_t *b, size_t n, const struct rsetup *m)
{
	struct wr w = wr_on(b, n);

	rsetup_put(&w, m);
	assert_false(w.bad);
	return wr_len(&w);
}

static bool
get(const uint8_t *b, size_t n, struct rsetup *m, uint32_t *sense)
{
	struct rd r = rd_on(b, n);
	struct gds g;

	return gds_next(&r, &g) && g.id == GDS_ROUTE_SETUP && rsetup_get(&g.body, m, sense);
}

static void
t_there_and_back(void **state)
{
	struct rsetup m = example(), x;
	uint8_t b[512];
	uint32_t sense;
	size_t n;

	(void)state;
	n = put(b, sizeof(b), &m);
	assert_int_equal(b[2] << 8 | b[3], 0x12ce);
	assert_int_equal(b[0] << 8 | b[1], n);
	assert_true(get(b, n, &x, &sense));
	assert_memory_equal(&x, &m, sizeof(m));
	m.sense = SENSE_RSETUP_TG_FAILED;
	m.nce.len = m.fwd_len = 0;
	memset(m.nce.b, 0, sizeof(m.nce.b));
	memset(m.fwd, 0, sizeof(m.fwd));
	assert_true(get(b, put(b, sizeof(b), &m), &x, &sense));
	assert_int_equal(x.sense, SENSE_RSETUP_TG_FAILED);
	assert_int_equal(x.fwd_len, 0);
	assert_int_equal(x.back_len, 1);        /* the second one, also when the first is empty */
}

static void
t_refuses(void **state)
{
	struct rsetup m = example(), x;
	uint8_t b[512];
	uint32_t sense = 0;
	size_t n;

	(void)state;
	n = put(b, sizeof(b), &m);
	for (size_t cut = 5; cut < n; cut++) {          /* every truncation, LL as it should be */
		b[0] = (uint8_t)(cut >> 8);
		b[1] = (uint8_t)cut;
		if (!get(b, cut, &x, &sense))
			assert_true(sense == SENSE_RSETUP_LENGTH || sense == SENSE_RSETUP_HOPS);
	}
	m.hop = 2;                                      /* beyond the route */
	assert_false(get(b, put(b, sizeof(b), &m), &x, &sense));
	assert_int_equal(sense, SENSE_RSETUP_HOPS);
	m = example();
	m.rscv.n = 0;
	assert_false(get(b, put(b, sizeof(b), &m), &x, &sense));
	m = example();
	n = put(b, sizeof(b), &m);
	for (size_t i = 4; i < n; i++) {                /* no byte of it can do harm */
		b[i] ^= 0xff;
		(void)get(b, n, &x, &sense);
		b[i] ^= 0xff;
	}
}

int
main(void)
{
	const struct CMUnitTest t[] = { cmocka_unit_test(t_there_and_back),
		cmocka_unit_test(t_refuses) };

	return cmocka_run_group_tests(t, NULL, NULL);
}
