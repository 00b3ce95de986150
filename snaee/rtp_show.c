/* SPDX-License-Identifier: Apache-2.0
 *
 * rtp_show.c - an RTP connection for the operator: state, timers, counters.
 */
#include <inttypes.h>
#include <string.h>

#include "snaee/rtp_parts.h"

const struct stat_desc rtp_stat_desc[RTP_NSTAT] = {
	[RTP_NLPS_SENT] = { "rtp_nlps_sent", "", "NLPs sent", STAT_COUNTER },
	[RTP_BYTES_SENT] = { "rtp_sent", "bytes", "data sent", STAT_COUNTER },
	[RTP_NLPS_RESENT] = { "rtp_nlps_resent", "", "NLPs retransmitted", STAT_COUNTER },
	[RTP_BYTES_RESENT] = { "rtp_resent", "bytes", "data retransmitted", STAT_COUNTER },
	[RTP_NLPS_RCVD] = { "rtp_nlps_received", "", "NLPs received", STAT_COUNTER },
	[RTP_BYTES_RCVD] = { "rtp_received", "bytes", "data received, doubles too",
		STAT_COUNTER },
	[RTP_MSGS_SENT] = { "rtp_messages_sent", "", "messages taken from the user",
		STAT_COUNTER },
	[RTP_MSGS_RCVD] = { "rtp_messages_received", "", "messages made whole", STAT_COUNTER },
	[RTP_DUPLICATES] = { "rtp_duplicates", "", "NLPs with nothing new", STAT_COUNTER },
	[RTP_OUT_OF_ORDER] = { "rtp_out_of_order", "", "NLPs ahead of their turn",
		STAT_COUNTER },
	[RTP_GAPS_SENT] = { "rtp_gaps_sent", "", "status reports that told a gap",
		STAT_COUNTER },
	[RTP_GAPS_RCVD] = { "rtp_gaps_received", "", "gaps the partner told", STAT_COUNTER },
	[RTP_STATUS_SENT] = { "rtp_status_sent", "", "status reports sent", STAT_COUNTER },
	[RTP_STATUS_RCVD] = { "rtp_status_received", "", "status reports received",
		STAT_COUNTER },
	[RTP_SHORT_REQS] = { "rtp_short_requests", "", "status requests not answered in time",
		STAT_COUNTER },
	[RTP_SETUPS_AGAIN] = { "rtp_setups_resent", "", "connection setups repeated",
		STAT_COUNTER },
	[RTP_STORE_FULL] = { "rtp_store_full", "", "NLPs dropped, queue or reorder store full",
		STAT_COUNTER },
	[RTP_NO_BUF] = { "rtp_no_buffer", "", "NLPs dropped, no buffer", STAT_COUNTER },
	[RTP_REFUSED] = { "rtp_send_refused", "", "messages refused, send queue full",
		STAT_COUNTER },
	[RTP_DISCARDED] = { "rtp_discarded", "", "NLPs that fit no rule", STAT_COUNTER },
	[RTP_PATH_SWITCHES] = { "rtp_path_switches", "", "path switches begun", STAT_COUNTER },
	[RTP_PATH_MOVES] = { "rtp_path_moves", "",
		"other paths taken while the old one was all right", STAT_COUNTER },
	[RTP_SEG_UNKNOWN] = { "rtp_segments_unknown", "", "optional segments passed over",
		STAT_COUNTER },
	[RTP_COUNTS_EXTRA] = { "rtp_counts_extra", "",
		"partners that count a number too many for each message", STAT_COUNTER },
};

static const char *const rt_name[RT_N] = {
	[RT_SHORT_REQ] = "SHORT_REQ", [RT_ALIVE] = "ALIVE", [RT_REFIFO] = "REFIFO",
	[RT_STATUS] = "STATUS", [RT_PATH] = "PATH", [RT_CLOSE] = "CLOSE",
	[RT_STALL] = "STALL", [RT_SMALL] = "SMALL",
};

/* Buffers that hold something not acknowledged, those not yet sent left out. */
uint32_t
rtp_unacked(const struct rtp *r)
{
	uint32_t n = 0;
	struct buf *b;

	if (r->una == r->nxt)
		return 0;
	if (r->next == NULL)
		return r->tx.count;
	for (b = bufq_peek(&r->tx); b != NULL && b != r->next; b = STAILQ_NEXT(b, link))
		n++;
	return n + (r->next->mark != r->nxt);
}

/* The partner answers but does not get on: IST1961I DATA FLOW STATE: STALLED. */
bool
rtp_stalled(const struct rtp *r)
{
	return r->stall.told != 0;
}

void
rtp_clear(struct rtp *r)
{
	memset(r->stat, 0, sizeof(r->stat));
	r->largest_sent = r->largest_rcvd = 0;
	r->arb.peak = 0;
	r->arb.n_rq = r->arb.n_rp = r->arb.n_slow = r->arb.n_loss = 0;
}

void
rtp_show(const struct rtp *r, struct mono now, struct con *c)
{
	con_text(c, "RTP %s STATE %s PARTNER TCID %016" PRIx64 " COS %s %s", r->subject,
	    fsm_state(&r->fsm), r->peer_tcid, r->parm.cos.s,
	    r->parm.called ? "CALLED" : "CALLING");
	con_text(c, "  SEND UNACKED %08x NEXT %08x END %08x, %u BYTES IN %u MESSAGES%s", r->una,
	    r->nxt, r->end, r->tx.bytes, r->tx.count, r->congested ? ", CONGESTED" : "");
	con_text(c, "  RECEIVE NEXT %08x TOP %08x, %u NLPS OUT OF ORDER, %u MESSAGES READY",
	    r->rseq, r->rtop, r->gap.n, r->rx.count);
	con_text(c, "  RATE %" PRIu64 " ACTUAL %" PRIu64 " PEAK %" PRIu64 " BIT/S, DCS %" PRId64
	    " US, SLOWDOWNS %u, BY LOSS %u", r->arb.rate, r->arb.actual, r->arb.peak,
	    r->arb.dcs, r->arb.n_slow, r->arb.n_loss);
	con_text(c, "  SRTT %" PRId64 " US, SHORT_REQ %" PRId64 " MS, REFIFO %" PRId64
	    " MS, HEARD %" PRId64 " MS AGO", r->srtt, rtp_short_req_us(r) / 1000,
	    rtp_refifo_us(r) / 1000, mono_diff(now, r->heard_at) / 1000);
	for (int i = 0; i < RT_N; i++)
		if (!mono_is_never(r->t[i]))
			con_text(c, "  TIMER %s IN %" PRId64 " MS", rt_name[i],
			    mono_diff(r->t[i], now) / 1000);
	stats_show(c, rtp_stat_desc, r->stat, RTP_NSTAT);
}
