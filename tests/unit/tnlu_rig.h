/* SPDX-License-Identifier: Apache-2.0
 *
 * tnlu_rig.h - one client's LU between a node that is not there and a client
 * that is not there, for tests.
 */
#ifndef TESTS_TNLU_RIG_H
#define TESTS_TNLU_RIG_H

#include "tests/unit/telnet_feed.h"

#include "snaee/bind.h"
#include "snaee/sense.h"
#include "tn3270e/codepage.h"
#include "tn3270e/tndev.h"
#include "tn3270e/tnlu.h"

#define PLU "05c1d7d7d3f1" "00"
#define LU2 "31010303b1903080000087f80000028000000000185000007e0000" PLU
#define LU2_43 "31010303b1903080000087f8000002800000000018502b507f0000" PLU
#define LU1 "31010303b1907080000085c7000001000000e10000000000000000" PLU
#define LU3 "31010303b1b03080000087850000030000000000185018507f0000" PLU
#define LU0 "3101020271402000000000000000000000000000185000007e0000" PLU
#define SESS 900u
#define F_ALL (TNF(TNF_BIND_IMAGE) | TNF(TNF_RESPONSES) | TNF(TNF_SYSREQ))

struct rig {
	struct feed *f;
	struct acb_port port;
	struct tnneg neg;
	struct tnp_parms parms;
	struct codepage page;
	struct tnlu lu;
	struct mono now;
	char down[4000];        /* RPLs that went down, as text */
	size_t dlen;
};

static inline struct tnlu_env
env(struct rig *g)
{
	return (struct tnlu_env){ .port = &g->port, .tel = &g->f->t, .neg = &g->neg,
		.parms = &g->parms, .page = &g->page, .user = 7, .now = g->now };
}

static inline struct rig *
rig_new(const char *type, enum tnneg_mode mode, unsigned funcs)
{
	struct rig *g = aligned_alloc(64, (sizeof(*g) + 63) / 64 * 64);

	assert_non_null(g);
	memset(g, 0, sizeof(*g));
	g->f = feed_new(TEL_WITH_E, TM_RECORDS, MAXREC);
	assert_int_equal(ring_init(&g->port.down, sizeof(struct rpl), 64), 0);
	assert_int_equal(ring_init(&g->port.up, sizeof(struct rpl), 64), 0);
	g->port.bufs = &g->f->bufs;
	g->neg.mode = (uint8_t)mode;
	g->neg.funcs = (uint8_t)funcs;
	g->neg.device = mode == TNMODE_LINE ? TNDEV_LINEMODE : (uint8_t)tndev_find(type,
	    strlen(type));
	assert_int_not_equal(g->neg.device, 0);
	tnp_parms_default(&g->parms);
	codepage_standard(&g->page);
	tnlu_init(&g->lu);
	return g;
}

/* "SEND rh=..[hex] RESP 5 sense .." */
static inline const char *
down(struct rig *g)
{
	static const char *const op[] = { "", "OPEN", "CLOSE", "REQSESS", "TERMSESS", "OPNDST",
	    "CLSDST",
		"OPNSEC", "REJBIND", "SEND", "RESP", "PACE" };
	struct rpl r;

	g->dlen = 0;
	g->down[0] = '\0';
	while (ring_get(&g->port.down, &r)) {
		char *p = g->down + g->dlen;
		size_t room = sizeof(g->down) - g->dlen;
		int n = 0;

		assert_true(r.op <= RPL_PACE);
		if (r.op == RPL_SEND)
			n = snprintf(p, room, " SEND %06x[", r.rh);
		else if (r.op == RPL_RESP)
			n = snprintf(p, room, " RESP %u %08x", r.snf, r.sense);
		else if (r.op == RPL_REJBIND)
			n = snprintf(p, room, " REJBIND %08x", r.sense);
		else if (r.op == RPL_TERMSESS)
			n = snprintf(p, room, " TERMSESS %02x", r.flags);
		else
			n = snprintf(p, room, " %s", op[r.op]);
		g->dlen += (size_t)n;
		if (r.op == RPL_SEND) {
			if (r.buf != NULL)
				g->dlen += hex_text(r.buf->p, r.buf->len, g->down + g->dlen,
				    sizeof(g->down) - g->dlen);
			g->dlen += (size_t)snprintf(g->down + g->dlen, sizeof(g->down) - g->dlen,
			    "]");
		}
		buf_free(r.buf);
	}
	return g->down;
}

static inline struct buf *
hexbuf(struct rig *g, const char *hex)
{
	uint8_t b[4096];
	size_t n;
	struct buf *o;

	if (hex == NULL)
		return NULL;
	n = hex_bytes(hex, b, sizeof(b));
	o = buf_get(&g->f->bufs, n);
	assert_non_null(o);
	buf_append(o, b, n);
	return o;
}

static inline enum tnlu_say
up(struct rig *g, struct rpl r, const char *hex)
{
	struct tnlu_env e = env(g);

	r.acb = 55;
	r.user = 7;
	r.buf = hexbuf(g, hex);
	return tnlu_rpl(&g->lu, &e, &r);
}

static inline void
opened(struct rig *g)
{
	struct acb_open o = { .slu = 1 };
	struct acb_opened a = { .name = { .len = 0 } };
	struct tnlu_env e = env(g);
	struct rpl r = { .op = RPL_OPENED, .acb = 55, .user = 7 };

	assert_true(tnlu_open(&g->lu, &e, &o));
	assert_string_equal(down(g), " OPEN");
	assert_true(name_set(&a.name, "NETA.TCP00001"));
	r.buf = buf_get(&g->f->bufs, sizeof(a));
	buf_append(r.buf, &a, sizeof(a));
	assert_int_equal(tnlu_rpl(&g->lu, &e, &r), TNLU_OPENED);
	assert_string_equal(g->lu.name.s, "NETA.TCP00001");
}

static inline void
bound(struct rig *g, const char *bind)
{
	assert_int_equal(up(g, (struct rpl){ .op = RPL_BIND, .sess = SESS }, bind), TNLU_NOTHING);
	assert_string_equal(down(g), " OPNSEC");
	assert_string_equal(feed_said(g->f), "");       /* nothing before SDT: RFC 2355 10.3 */
	assert_int_equal(up(g, (struct rpl){ .op = RPL_STARTED, .sess = SESS }, NULL),
	    TNLU_STARTED);
}

/* In session, with what that said to the client forgotten. */
static inline struct rig *
session(const char *type, const char *bind, unsigned funcs)
{
	struct rig *g = rig_new(type, TNMODE_E, funcs);

	opened(g);
	bound(g, bind);
	(void)feed_said(g->f);
	return g;
}

static inline void
rig_free(struct rig *g)
{
	struct tnlu_env e = env(g);

	tnlu_close(&g->lu, &e, 0);
	(void)down(g);
	tnlu_fini(&g->lu);
	ring_fini(&g->port.down);
	ring_fini(&g->port.up);
	feed_free(g->f);
	free(g);
}

static inline void
host(struct rig *g, uint32_t rh, uint16_t snf, const char *hex)
{
	(void)up(g, (struct rpl){ .op = RPL_DATA, .sess = SESS, .rh = rh, .snf = snf }, hex);
}

/* A record of the client: header and data. */
static inline void
client(struct rig *g, const char *hex)
{
	struct tnlu_env e = env(g);
	struct tnhdr h;
	struct bufq q;
	struct buf *b = hexbuf(g, hex);
	struct rd r = buf_rd(b);

	assert_true(tnhdr_get(&r, &h));
	(void)buf_pull(b, TNHDR_LEN);
	bufq_init(&q);
	bufq_put(&q, b);
	(void)tnlu_record(&g->lu, &e, &h, &q);
}

static inline void
says(struct rig *g, const char *hex)
{
	uint8_t b[4096];
	char want[2 * sizeof(b) + 1];

	hex_text(b, hex_bytes(hex, b, sizeof(b)), want, sizeof(want));
	assert_string_equal(feed_said(g->f), want);
}

#define OIC RH_OIC
#define E1 RH_RQE1
#define D1 RH_RQD1

#endif
