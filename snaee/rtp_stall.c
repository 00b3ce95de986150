/* SPDX-License-Identifier: Apache-2.0
 *
 * Transmission stall: the partner answers and asks for one packet again and
 * again, which never arrives. As a rule it is too large for some network on the
 * way that says nothing of it. After six retransmissions and ten seconds (IBM's
 * IST2245I) the operator is told, and every 30 s again. A pipe with nodes
 * between switches its path; if that does not help, and of a pipe on one link at
 * once, NLPs get the least size HPR allows, until 20 minutes after the stall.
 */
#include "snaee/rtp_parts.h"

#define STALL_US SECS(10)
#define STALL_AGAIN_US SECS(30)
#define STALL_TIMES 6
#define SMALL_US MINUTES(20)

/* Bytes [begin, end) were sent again; the first unacknowledged one counts. */
void
rtp_stall_resent(struct rtp *r, struct mono now, uint32_t begin, uint32_t end)
{
	struct rtp_stall *s = &r->stall;

	if (seq_before(r->una, begin) || !seq_before(r->una, end))
		return;
	if (s->n == 0)
		s->at = now;
	if (s->n < UINT8_MAX)
		s->n++;
	if (!mono_is_never(r->t[RT_STALL]))
		return;
	if (s->told != 0)
		r->t[RT_STALL] = mono_add(now, STALL_AGAIN_US);
	else if (s->n >= STALL_TIMES)
		r->t[RT_STALL] = mono_add(s->at, STALL_US);
}

void
rtp_stall_acked(struct rtp *r, struct mono now)
{
	struct rtp_stall *s = &r->stall;

	s->n = 0;
	r->t[RT_STALL] = MONO_NEVER;
	if (s->told == 0)
		return;
	s->told = 0;
	r->ind |= I_STALL;
	if (s->small)
		r->t[RT_SMALL] = mono_add(now, SMALL_US);
}

void
rtp_stall_due(struct rtp *r, struct mono now)
{
	struct rtp_stall *s = &r->stall;

	if (r->una == r->nxt || r->fsm.state != RS_CONNECTED)
		return;
	if (s->told < UINT8_MAX)
		s->told++;
	r->ind |= I_STALL;
	r->t[RT_STALL] = mono_add(now, STALL_AGAIN_US);
}

void
rtp_small(struct rtp *r)
{
	if (r->stall.small)
		return;
	r->stall.small = 1;
	r->t[RT_SMALL] = MONO_NEVER;
	rtp_recut(r);
	LOG(RTP, NOTICE, r->subject, "NLPs of %u bytes at most, as larger ones do not arrive",
	    RTP_NLP_LEAST);
}

/* Perhaps the network takes large ones now. */
void
rtp_small_over(struct rtp *r)
{
	r->stall.small = 0;
	rtp_recut(r);
}
