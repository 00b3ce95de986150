/* SPDX-License-Identifier: Apache-2.0
 *
 * rtp_count.c - a partner that counts a number more than bytes for each message.
 *
 * That messages and setups use up no sequence number is our reading (companion
 * ee-hpr-rtp 5.4, register row 7). One who reads it otherwise is seen in two ways:
 * behind a whole message there is a hole of one byte that asking never fills,
 * though no message is one byte long (a FID5 header alone is 26); and what we
 * sent is acknowledged with one byte more than there was. Neither heals, so it
 * is told, once per connection, for whoever wonders why the sessions stand.
 */
#include <inttypes.h>

#include "snaee/rtp_parts.h"

#define SIGNS 3                         /* in a row: a loss or a forgery looks so once */

static void
sign(struct rtp *r, struct rtp_extra *x, uint32_t seq, const char *what)
{
	x->n = x->n != 0 && x->seq == seq ? x->n + 1 : 1;
	x->seq = seq;
	if (x->n < SIGNS)
		return;
	x->n = 0;
	if (r->extra_told)
		return;
	r->extra_told = 1;
	r->stat[RTP_COUNTS_EXTRA]++;
	LOG(RTP, ERROR, r->subject, "partner %016" PRIx64 " counts one number too many for each "
	    "message: %s %08x; its sequence numbers can't be followed (wire.md, register row 7)",
	    r->peer_tcid, what, seq);
}

/* The hole at rseq was told, and is there still. */
void
rtp_count_hole(struct rtp *r)
{
	struct absp first;

	if (r->in_msg || r->lmi_in || r->cob_in)
		return;
	if (gap_spans(&r->gap, &first, 1) == 0)
		first.begin = r->rtop;          /* a packet without data said so */
	if (first.begin == r->rseq + 1)
		sign(r, &r->extra[0], r->rseq, "missing");
}

/* It acknowledges what was never sent. */
void
rtp_count_ack(struct rtp *r, uint32_t rseq)
{
	if (r->nxt == r->end && rseq == r->end + 1)
		sign(r, &r->extra[1], rseq, "acknowledged");
}
