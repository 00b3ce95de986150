/* SPDX-License-Identifier: Apache-2.0
 *
 * Two RTP connections whose wire the fuzzer owns: it lets packets through,
 * drops, doubles, damages and makes them up, and moves the clock. Nothing may
 * crash, leak or spin; a packet must fit where it says it fits.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "snaee/rtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define MTU 800
#define WIRE 64
#define PULL 4096

struct packet {
	uint32_t len;
	uint8_t b[RTP_HDR_MAX + MTU];
};

struct end {
	struct rtp r;
	uint8_t alive;
};

struct world {
	struct bufpool bufs;
	struct pool tables;
	struct mono now;
	struct end end[2];
	struct packet wire[2][WIRE];    /* towards end 0, 1 */
	unsigned head[2], n[2];
};

static void
birth(struct world *w, int side)
{
	struct rtp_parm p = { .tcid = 0x100 + (unsigned)side, .called = side == 1, .tpf = 1,
		.instance = 7, .max_send = MTU, .max_recv = MTU, .isn = side ? 1 : 0xfffffe00u,
		.bufs = &w->bufs, .gap_tables = &w->tables,
		.switch_ms = side ? 0 : 20000, .tgn = 21 };

	p.nce = nce_label(3);
	p.path_len = side == 0 ? 4 : 0;
	memcpy(p.path, p.nce.b, p.path_len);
	(void)name_set(&p.cp, side ? "NETA.B" : "NETA.A");
	rtp_init(&w->end[side].r, &p);
	w->end[side].alive = 1;
	if (side == 0)
		rtp_call(&w->end[0].r, w->now);
}

static void
pull(struct world *w, int side)
{
	struct end *e = &w->end[side];
	struct rtp_ind i;
	struct rtp_out o;
	unsigned n = 0;
	bool more = true;

	while (e->alive && more) {
		more = false;
		while (rtp_recv(&e->r, &i)) {
			buf_free(i.buf);
			if (i.what == RTP_DOWN)
				e->alive = 0;
			more = true;
		}
		while (e->alive && rtp_output(&e->r, w->now, &o)) {
			struct packet *p = &w->wire[!side][(w->head[!side] + w->n[!side]) % WIRE];

			assert(++n < PULL);
			assert(o.hdr_len <= RTP_HDR_MAX && o.hdr_len + o.data_len <= MTU);
			memcpy(p->b, o.hdr, o.hdr_len);
			if (o.data_len > 0)
				memcpy(p->b + o.hdr_len, o.data, o.data_len);
			p->len = o.hdr_len + o.data_len;
			if (w->n[!side] < WIRE)
				w->n[!side]++;
			else
				w->head[!side]++;
			more = true;
		}
	}
	if (!e->alive && e->r.parm.tcid != 0) {
		rtp_fini(&e->r);
		e->r.parm.tcid = 0;
	}
}

static void
deliver(struct world *w, int side, const uint8_t *b, size_t len)
{
	struct buf *x = buf_get(&w->bufs, len < 1 ? 1 : len);
	struct end *e = &w->end[side];
	struct nhdr nh;
	struct thdr th;
	uint32_t sense;
	struct rd r;

	if (x == NULL)
		return;
	buf_append(x, b, len);
	r = buf_rd(x);
	if (e->alive && nhdr_get(&r, &nh) && nh.sm == NHDR_ANR) {
		if (thdr_get(&r, &th, &sense)) {
			rtp_input(&e->r, w->now, &nh, &th, x);
			pull(w, side);
			return;
		}
		if (sense != 0)
			rtp_fault(&e->r, w->now, sense);
	}
	buf_free(x);
	pull(w, side);
}

static void
expire(struct world *w, int64_t us)
{
	w->now = mono_add(w->now, us);
	for (int s = 0; s < 2; s++) {
		unsigned n = 0;

		while (w->end[s].alive && mono_due(rtp_deadline(&w->end[s].r), w->now)) {
			rtp_expire(&w->end[s].r, w->now);
			pull(w, s);
			if (++n > 64)
				break;
		}
		/* a deadline that stays in the past is a busy loop */
		assert(n <= 64);
	}
}

static void
say(struct world *w, int side, size_t len)
{
	struct end *e = &w->end[side];
	struct buf *b = buf_get(&w->bufs, len);

	if (b == NULL)
		return;
	memset(buf_put(b, len), 'm', len);
	if (!e->alive || rtp_send(&e->r, w->now, b) != 0)
		buf_free(b);
	pull(w, side);
}

/* The next packet for this side: through, doubled, dropped, damaged. */
static void
wire(struct world *w, int side, struct rd *in, uint8_t op)
{
	struct packet p;
	unsigned flips = op & 3;

	if (w->n[side] == 0)
		return;
	p = w->wire[side][w->head[side] % WIRE];
	if ((op & 4) == 0) {            /* else it stays: comes again */
		w->head[side]++;
		w->n[side]--;
	}
	while (flips-- > 0) {
		unsigned at = rd_u16(in), with = rd_u8(in);

		if (p.len > 0)
			p.b[at % (p.len < 96 ? p.len : 96)] ^= (uint8_t)with;
	}
	deliver(w, side, p.b, p.len);
}

static void
step(struct world *w, struct rd *in)
{
	uint8_t op = rd_u8(in);
	int side = op >> 7;
	size_t n;

	switch (op >> 4 & 7) {
	case 0:
	case 1:
	case 2:
		wire(w, side, in, op);
		break;
	case 3:
		n = rd_u8(in);
		n = n < rd_left(in) ? n : rd_left(in);
		deliver(w, side, rd_bytes(in, n), n);
		break;
	case 4:
		say(w, side, 1 + (rd_u16(in) & 0xfff));
		break;
	case 5:
		expire(w, (int64_t)(op & 15) * (op & 8 ? 500000 : 5000));
		break;
	case 6:
		if (!w->end[side].alive)
			break;
		if (op & 1)
			rtp_close(&w->end[side].r, w->now);
		else
			rtp_sessions(&w->end[side].r, op & 2);
		pull(w, side);
		break;
	case 7:
		if (!w->end[side].alive)
			break;
		if (op & 1)
			rtp_path_lost(&w->end[side].r, w->now);
		else
			rtp_path_found(&w->end[side].r, w->now, op & 2 ? MTU : 768, 22);
		pull(w, side);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct world *w = calloc(1, sizeof(*w));
	struct rd in = rd_on(p, n);

	assert(w != NULL && bufpool_init(&w->bufs, "fuzz", 400, 400, 40) == 0 &&
	    pool_init(&w->tables, "fuzz", sizeof(struct gap_table), 1) == 0);
	log_level_all(LOG_ERROR);
	w->now.us = SECS(10);
	birth(w, 0);
	birth(w, 1);
	pull(w, 0);
	while (rd_left(&in) > 0)
		step(w, &in);
	for (int s = 0; s < 2; s++)
		if (w->end[s].alive)
			rtp_fini(&w->end[s].r);
	assert(bufpool_used(&w->bufs) == 0 && w->tables.used == 0);
	pool_fini(&w->tables);
	bufpool_fini(&w->bufs);
	free(w);
	return 0;
}
