/* SPDX-License-Identifier: Apache-2.0
 *
 * rtp_feed.h - one end of an RTP connection and a partner made of single
 * packets. For the unit tests of rtp*.c.
 */
#ifndef TESTS_RTP_FEED_H
#define TESTS_RTP_FEED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "snaee/rtp.h"
#include "snaee/sense.h"

#define PEER 0x0000000700000009ull
#define OURS 0x0000000000010001ull

struct world {
	struct bufpool bufs;
	struct pool tables;
	struct rtp r;
	struct mono now;
	struct rtp_out o;       /* last packet sent */
	struct thdr th;         /* it, read again */
	struct nhdr nh;
	uint16_t sync;          /* of the partner's statuses */
	uint32_t seq;           /* partner's next byte */
};

static inline void
parm(struct world *w, struct rtp_parm *p)
{
	memset(p, 0, sizeof(*p));
	p->tcid = OURS;
	p->tpf = 3;
	p->nce = nce_label(1);
	p->instance = 1;
	p->tgn = 21;
	p->max_send = p->max_recv = 1461;
	p->switch_ms = 120000;
	p->isn = 1;
	p->rate_bps = 1000000;
	p->ceiling_bps = 10000000;
	p->path_len = 1;
	p->path[0] = 0x81;
	p->bufs = &w->bufs;
	p->gap_tables = &w->tables;
	assert_true(name_set(&p->cp, "NETA.OPENEE1"));
}

static inline int
up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_int_equal(bufpool_init(&w->bufs, "t", 2000, 2000, 64), 0);
	assert_int_equal(pool_init(&w->tables, "t", sizeof(struct gap_table), 1), 0);
	w->now.us = SECS(100);
	w->seq = 1000;
	*state = w;
	log_level_all(LOG_ERROR);
	return 0;
}

static inline int
down(void **state)
{
	struct world *w = *state;
	int left;

	rtp_fini(&w->r);
	left = (int)bufpool_used(&w->bufs);
	assert_int_equal(w->tables.used, 0);
	pool_fini(&w->tables);
	bufpool_fini(&w->bufs);
	free(w);
	return left;
}

static inline bool
out(struct world *w)
{
	struct rd r;
	uint32_t sense;
	uint8_t all[2048];

	if (!rtp_output(&w->r, w->now, &w->o))
		return false;
	memcpy(all, w->o.hdr, w->o.hdr_len);
	if (w->o.data_len > 0)
		memcpy(all + w->o.hdr_len, w->o.data, w->o.data_len);
	r = rd_on(all, w->o.hdr_len + w->o.data_len);
	assert_true(nhdr_get(&r, &w->nh));
	assert_true(thdr_get(&r, &w->th, &sense));
	return true;
}

static inline void
drain(struct world *w)
{
	while (out(w))
		;
}

/* A packet of the partner with these bytes as data. */
static inline void
in(struct world *w, struct thdr *th, const void *data, uint32_t n)
{
	struct buf *b = buf_get(&w->bufs, 2048);
	struct nhdr nh = { .sm = NHDR_ANR };

	assert_non_null(b);
	if (n > 0)
		buf_append(b, data, n);
	th->data = b->p;
	th->dlf = n;
	rtp_input(&w->r, w->now, &nh, th, b);
}

static inline void
in_status(struct world *w, uint32_t rseq, uint16_t echo, unsigned gap, const struct absp *span)
{
	struct thdr th = { .tcid = OURS, .bsn = w->seq, .has_status = 1 };

	th.status = (struct seg_status){ .gap = (uint8_t)gap, .sync = ++w->sync, .echo = echo,
	    .rseq = rseq };
	if (span != NULL) {
		th.status.n = 1;
		th.status.span[0] = *span;
	}
	in(w, &th, NULL, 0);
}

/* A whole message from the partner. */
static inline void
in_msg(struct world *w, const char *text)
{
	struct thdr th = { .tcid = OURS, .bsn = w->seq, .somi = 1, .eomi = 1 };
	uint32_t n = (uint32_t)strlen(text);

	in(w, &th, text, n);
	w->seq += n;
}

static inline void
send(struct world *w, uint32_t n)
{
	struct buf *b = buf_get(&w->bufs, n);

	assert_non_null(b);
	memset(buf_put(b, n), 'x', n);
	assert_int_equal(rtp_send(&w->r, w->now, b), 0);
}

static inline unsigned
next(struct world *w, struct rtp_ind *i)
{
	return rtp_recv(&w->r, i) ? i->what : 0;
}

static inline void
expect_text(struct world *w, const char *text)
{
	struct rtp_ind i;

	assert_int_equal(next(w, &i), RTP_DATA);
	assert_int_equal(i.buf->len, strlen(text));
	assert_memory_equal(i.buf->p, text, i.buf->len);
	buf_free(i.buf);
}

/* Calling, connected, RTP_UP taken. */
static inline void
connect_up(struct world *w)
{
	struct thdr th = { .tcid = OURS, .bsn = w->seq, .has_cie = 1, .cie_tcid = PEER };
	struct rtp_parm p;
	struct rtp_ind i;

	parm(w, &p);
	rtp_init(&w->r, &p);
	rtp_call(&w->r, w->now);
	assert_true(out(w));
	assert_true(w->th.setupi);
	in(w, &th, NULL, 0);
	assert_int_equal(next(w, &i), RTP_UP);
	assert_true(rtp_connected(&w->r));
	drain(w);
}

/* The connection ended with this, and told the partner. */
static inline void
expect_fault(struct world *w, uint32_t sense)
{
	struct rtp_ind i;

	assert_true(out(w));
	assert_true(w->th.has_fault);
	assert_int_equal(w->th.fault, sense);
	assert_int_equal(w->th.tcid, PEER);
	assert_false(out(w));
	assert_int_equal(next(w, &i), RTP_DOWN);
	assert_int_equal(i.sense, sense);
	assert_int_equal(next(w, &i), 0);
	assert_true(mono_is_never(rtp_deadline(&w->r)));
}

static inline void
setup_from_peer(struct world *w, unsigned version)
{
	struct thdr th = { .tcid = PEER | 1ull << 63, .setupi = 1, .bsn = w->seq, .has_cqf = 1,
		.has_setup = 1, .has_switch = 1, .sri = 1, .somi = 1, .eomi = 1 };

	th.cqf.nce = nce_label(3);
	th.setup = (struct seg_setup){ .version = (uint16_t)version };
	(void)name_set(&th.setup.topic, "#BATCH");
	th.sw = (struct seg_switch){ .refifo = 1, .max_packet = 900, .switch_ms = 240000,
	    .alive_ms = 180000, .path_len = 2, .path = { 0x91, 0x92 } };
	in(w, &th, "BIND", 4);
}

static inline void
listen_up(struct world *w)
{
	struct rtp_parm p;

	parm(w, &p);
	p.called = 1;
	p.path_len = 0;
	rtp_init(&w->r, &p);
}

static inline void
in_cob(struct world *w, uint16_t bits)
{
	struct thdr th = { .tcid = OURS, .bsn = w->seq, .has_cob = 1, .cob = bits, .sri = 1 };

	in(w, &th, NULL, 0);
}

#endif
