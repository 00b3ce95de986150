/* SPDX-License-Identifier: Apache-2.0
 *
 * app_host.h - the node's side of an application's port, for tests: logs on
 * terminals, types for them and keeps the last screen of each.
 */
#ifndef TESTS_APP_HOST_H
#define TESTS_APP_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/loop.h"
#include "snaee/sense.h"
#include "tests/unit/screen3270.h"
#include "vtamsim/app.h"

#define HOST_SESS 4

struct host {
	struct bufpool bufs;
	struct acb_port port;
	struct appset set;
	struct scr scr[HOST_SESS];
	uint8_t msg[HOST_SESS][30000];  /* last chain to the terminal */
	size_t len[HOST_SESS];
	uint32_t suser[HOST_SESS];
	uint32_t rh[HOST_SESS];         /* of its last RU */
	unsigned chains[HOST_SESS];
	uint32_t clsdst[HOST_SESS];     /* 1: ended by the application */
	uint8_t unb[HOST_SESS];         /* UNBIND type of that */
	uint8_t bind[64];               /* of the last OPNDST that had its own */
	char acquired[9];               /* mode of the last SIMLOGON */
	unsigned simlogons;
	uint32_t refused;               /* sense of the last CLSDST without OPNDST */
	uint32_t resp_sense;            /* of the last RESP */
	unsigned resps, paces, opened, closed;
};

static inline void
host_up(struct host *h, struct rpl r, const void *parm, size_t n)
{
	r.acb = 77;
	if (parm != NULL) {
		r.buf = buf_get(&h->bufs, n);
		assert_non_null(r.buf);
		buf_append(r.buf, parm, n);
	}
	assert_true(ring_put(&h->port.up, &r));
}

static inline void
host_data(struct host *h, const struct rpl *r)
{
	unsigned i = r->sess - 100;

	assert_true(i < HOST_SESS);
	if ((r->rh & RH_BCI) != 0)
		h->len[i] = 0;
	if (r->buf != NULL) {
		assert_true(h->len[i] + r->buf->len <= sizeof(h->msg[i]));
		memcpy(h->msg[i] + h->len[i], r->buf->p, r->buf->len);
		h->len[i] += r->buf->len;
	}
	h->rh[i] = r->rh;
	if ((r->rh & RH_ECI) == 0)
		return;
	h->chains[i]++;
	if (h->len[i] >= 2 && (h->msg[i][0] == DS_EW || h->msg[i][0] == DS_EWA) &&
	    (h->msg[i][1] & DS_WCC_PRINT) == 0)
		assert_true(scr_apply(&h->scr[i], h->msg[i], h->len[i]));
}

/* The node's turn: takes all that came down. */
static inline void
host_turn(struct host *h)
{
	struct acb_opened o;
	struct rpl r;

	appset_turn(&h->set, (struct mono){ 0 });
	while (ring_get(&h->port.down, &r)) {
		switch (r.op) {
		case RPL_OPEN:
			memset(&o, 0, sizeof(o));
			assert_true(name_set(&o.name, "NETA.APPL1"));
			h->opened++;
			host_up(h, (struct rpl){ .op = RPL_OPENED }, &o, sizeof(o));
			break;
		case RPL_CLOSE:
			h->closed++;
			host_up(h, (struct rpl){ .op = RPL_CLOSED }, NULL, 0);
			break;
		case RPL_OPNDST:
			h->suser[r.sess - 100] = r.suser;
			if (r.buf != NULL)
				memcpy(h->bind, r.buf->p, r.buf->len < 64 ? r.buf->len : 64);
			host_up(h, (struct rpl){ .op = RPL_STARTED, .sess = r.sess,
			    .suser = r.suser,
			    .rh = 3840 }, NULL, 0);
			break;
		case RPL_CLSDST:
			if (r.suser == 0)
				h->refused = r.sense;
			else
				h->clsdst[r.sess - 100]++;
			if (r.suser != 0)
				h->unb[r.sess - 100] = r.flags;
			break;
		case RPL_SIMLOGON:
			h->simlogons++;
			memcpy(h->acquired, ((struct acb_logon *)(void *)r.buf->p)->mode, 9);
			break;
		case RPL_SEND:
			host_data(h, &r);
			break;
		case RPL_RESP:
			h->resps++;
			h->resp_sense = r.sense;
			break;
		case RPL_PACE:
			h->paces++;
			break;
		default:
			fail_msg("RPL %u came down", r.op);
		}
		buf_free(r.buf);
	}
	appset_turn(&h->set, (struct mono){ 0 });
}

static inline struct host *
host_new(const char *app, const char *params)
{
	struct host *h = calloc(1, sizeof(*h));
	char err[APP_ERR_MAX];

	assert_non_null(h);
	assert_int_equal(bufpool_init(&h->bufs, "t", 200, 100, 50), 0);
	assert_int_equal(ring_init(&h->port.down, sizeof(struct rpl), 256), 0);
	assert_int_equal(ring_init(&h->port.up, sizeof(struct rpl), 256), 0);
	h->port.bufs = &h->bufs;
	appset_init(&h->set, app_table);
	if (app_start(&h->set, app, params, &h->port, err) != 0)
		fail_msg("%s", err);
	host_turn(h);
	host_turn(h);
	assert_int_equal(h->opened, 1);
	return h;
}

static inline void
host_free(struct host *h)
{
	appset_stop(&h->set);
	for (int i = 0; i < 3; i++)
		host_turn(h);
	assert_ptr_equal(appset_reap(&h->set), &h->port);
	assert_true(appset_idle(&h->set));
	assert_int_equal(bufpool_used(&h->bufs), 0);
	appset_fini(&h->set);
	ring_fini(&h->port.down);
	ring_fini(&h->port.up);
	bufpool_fini(&h->bufs);
	free(h);
}

/* Terminal i logs on; hex: bytes 0-26 of the BIND. */
static inline void
host_logon(struct host *h, unsigned i, const char *hex)
{
	struct acb_cinit c = { .bind_len = 27, .mode = "TESTMODE" };
	char lu[24];
	unsigned v;

	snprintf(lu, sizeof(lu), "NETA.TCP%05u", i + 1);
	assert_true(name_set(&c.lu, lu));
	for (unsigned k = 0; k < 27 && sscanf(hex + 2 * k, "%2x", &v) == 1; k++)
		c.bind[k] = (uint8_t)v;
	scr_init(&h->scr[i], c.bind[20] != 0 ? c.bind[20] : 24, c.bind[21] != 0 ? c.bind[21] : 80,
	    c.bind[22], c.bind[23]);
	host_up(h, (struct rpl){ .op = RPL_CINIT, .sess = 100 + i }, &c, sizeof(c));
	host_turn(h);
	host_turn(h);
}

static inline void
host_send(struct host *h, unsigned i, uint32_t rh, const void *p, size_t n)
{
	host_up(h, (struct rpl){ .op = RPL_DATA, .sess = 100 + i, .suser = h->suser[i], .rh = rh,
	    .snf = 1 }, p, n);
	host_turn(h);
}

static inline void
host_key(struct host *h, unsigned i, uint8_t aid, const struct scr_typed *t)
{
	uint8_t m[2048];
	size_t n = scr_key(&h->scr[i], aid, t, m, sizeof(m));

	assert_true(n != 0);
	host_send(h, i, RH_OIC | RH_RQE1 | RH_CDI, m, n);
}

static inline void
host_unbind(struct host *h, unsigned i)
{
	host_up(h, (struct rpl){ .op = RPL_UNBIND, .flags = 1, .sess = 100 + i,
	    .suser = h->suser[i] }, NULL, 0);
	host_turn(h);
}

#define TYPED(...) ((const struct scr_typed[]){ __VA_ARGS__, { 0 } })

#define BIND_24X80 "31010303b1903080000087f8000002000000000018500000" "7e0000"
#define BIND_24X80E "31010303b1903080000087f8000002800000000018500000" "7e0000"
#define BIND_43X80E "31010303b1903080000087f80000028000000000185" "02b507f0000"
#define BIND_62X160 "31010303b1903080000087f800000200000000001850" "3ea07f0000"
#define BIND_DYN "31010303b1903080000087f80000028000000000000000" "00030000"
#define BIND_LU0 "31010202714020000000000000000000000000001850" "00007e0000"
#define BIND_LU1 "31010303b1907080000085c7000001000000e10000000000000000"

#endif
