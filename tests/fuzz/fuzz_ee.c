/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes as datagrams, from the partner and from strangers, on all ports, for an
 * ee with one active link and a pipe each way. Then everything is taken down,
 * and nothing may be left.
 *
 * One datagram: a byte (bits 0-2 port, 3-4 sender, 5 time goes by, 6 the TCID of
 * a pipe is put where it belongs, 7 our answers are pulled), two bytes of
 * length, the datagram from LLC on.
 */
#include <assert.h>

#include "snaee/rtp.h"
#include "tests/unit/ee_pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define TCID_AT 11              /* LLC 3, NHDR 8 */

static void
one(struct pair *w, struct rd *r)
{
	unsigned how = rd_u8(r);
	size_t n = rd_u16(r) % 1500;
	struct ipaddr from = w->n[1].cfg.local;
	uint8_t b[1500];

	if (n > rd_left(r))
		n = rd_left(r);
	memcpy(b, r->p, n);
	rd_skip(r, n);
	from.b[3] = (uint8_t)(from.b[3] + (how >> 3 & 3));
	if ((how & 0x40) != 0 && n > TCID_AT + 8 && w->n[0].pipe != NULL) {
		struct wr o = wr_on(b + TCID_AT, 8);

		wr_u64(&o, w->n[0].pipe->parm.tcid);
	}
	node_feed(w, 0, &from, (how & 7) % EE_NPORT, b, n);
	if ((how & 0x20) != 0)
		pair_run(w, SECS(12));
	else if ((how & 0x80) != 0)
		pair_turn(w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	struct pair *w = pair_new(0x05d00001, 0xfff00002);
	struct rtp *pipe;

	(void)pair_dial(w, 0);
	pair_run(w, SECS(1));
	assert(pair_up(w));
	pipe = ee_connect(w->n[0].ee, w->now, w->n[0].link, NCE_LU, TPF_HIGH, "#INTER", w);
	assert(pipe != NULL);
	assert(ee_connect(w->n[1].ee, w->now, w->n[1].link, NCE_CP, TPF_NETWORK, "CPSVCMG", w) !=
	    NULL);
	pair_run(w, SECS(25));
	/* The partner is out of it: what comes is ours to make up. */
	w->cut = 1;
	for (unsigned k = 0; k < 64 && rd_left(&r) >= 3; k++)
		one(w, &r);
	w->cut = 0;
	pair_run(w, SECS(5));
	ee_stop(w->n[0].ee, w->now);
	ee_stop(w->n[1].ee, w->now);
	pair_run(w, SECS(300));
	assert(ee_idle(w->n[0].ee));
	pair_free(w);
	return 0;
}
