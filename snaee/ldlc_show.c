/* SPDX-License-Identifier: Apache-2.0
 *
 * What the operator sees of a link station.
 */
#include "base/stats.h"
#include "snaee/ldlc.h"

const struct stat_desc ldlc_stat_desc[LDLC_NSTAT] = {
	[LDLC_RESENT_ONCE] = { "ldlc_signals_resent_once", "", "signals sent again",
		STAT_COUNTER },
	[LDLC_RESENT_LIMIT] = { "ldlc_signals_resent_limit", "",
		"signals retransmitted SRQRETRY times", STAT_COUNTER },
	[LDLC_XID_SENT] = { "ldlc_xids_sent", "", "XIDs sent", STAT_COUNTER },
	[LDLC_XID_RCVD] = { "ldlc_xids_received", "", "XIDs received", STAT_COUNTER },
	[LDLC_XID_DUP] = { "ldlc_xids_doubled", "", "XIDs received again", STAT_COUNTER },
	[LDLC_XID_STRAY] = { "ldlc_xids_stray", "", "XIDs for a link that is active or ending",
		STAT_COUNTER },
	[LDLC_XID_BAD] = { "ldlc_xids_bad", "", "XIDs that could not be read", STAT_COUNTER },
	[LDLC_TEST_SENT] = { "ldlc_tests_sent", "", "TEST commands sent", STAT_COUNTER },
	[LDLC_TEST_RCVD] = { "ldlc_tests_answered", "", "TEST responses received", STAT_COUNTER },
	[LDLC_REFUSED] = { "ldlc_signals_refused", "", "signals not allowed in the state",
		STAT_COUNTER },
};

const char *
ldlc_state(const struct ldlc *l)
{
	return fsm_state(&l->fsm);
}

const struct xid *
ldlc_peer(const struct ldlc *l)
{
	return l->in_any ? &l->neg.peer : NULL;
}

enum ldlc_error
ldlc_xid_error(const struct ldlc *l)
{
	if (l->in_any && l->neg.peer.has_error)
		return LDLC_ERR_RCVD;
	return l->neg.own.has_error ? LDLC_ERR_SENT : LDLC_ERR_NONE;
}

const char *
ldlc_role(const struct ldlc *l)
{
	return xid_role_name(l->neg.role);
}

static long
left(struct mono t, struct mono now)
{
	return mono_is_never(t) ? -1 : (long)(mono_diff(t, now) / 1000);
}

void
ldlc_show(const struct ldlc *l, struct mono now, struct con *c)
{
	char product[32];

	con_text(c, "ldlc %s SAP %02X-%02X NLP SAP %02X-%02X state %s xid %s role %s TG %u "
	    "send BTU %u called %u", l->subject, l->parm.sap_local, l->parm.sap_remote,
	    l->nlp_ssap, l->nlp_dsap, ldlc_state(l), fsm_state(&l->neg.fsm), ldlc_role(l),
	    ldlc_tgn(l), l->max_btu, l->called);
	con_text(c, "  T_RETRY %ld ms T_LIVE %ld ms T_PATIENCE %ld ms livtime %ld ms tries %u "
	    "refused %u sense %08X", left(l->t[LT_RETRY], now), left(l->t[LT_LIVE], now),
	    left(l->t[LT_PATIENCE], now), (long)(l->live_us / 1000), l->tries, l->fsm.refused,
	    l->sense);
	xid_product_name(&l->neg.peer, product);
	con_text(c, "  partner %s node ID %03X %05X %s product %s", l->neg.peer.has_cpname ?
	    l->neg.peer.cpname.s : "***NA***", xid_block(&l->neg.peer),
	    xid_number(&l->neg.peer), l->neg.peer.network_node ? "NN" : "EN",
	    product[0] != '\0' ? product : "***NA***");
	stats_show(c, ldlc_stat_desc, l->stat, LDLC_NSTAT);
}

void
ldlc_rexmit(const struct ldlc *l, enum ee_port port, uint64_t *sent, uint64_t *again)
{
	*sent = l->traffic[port].nlps_sent - l->diag.sent[port];
	*again = l->traffic[port].nlps_resent - l->diag.resent[port];
}

void
ldlc_clear(struct ldlc *l, struct mono now, enum ldlc_clear what)
{
	if (what != LDLC_CLEAR_SRQ) {
		for (unsigned i = 0; i < EE_NPORT; i++) {
			l->diag.sent[i] = l->traffic[i].nlps_sent;
			l->diag.resent[i] = l->traffic[i].nlps_resent;
		}
		l->diag.rexmit_at = now;
	}
	if (what != LDLC_CLEAR_REXMIT) {
		for (unsigned i = 0; i < LDLC_ATTEMPTS; i++)
			l->diag.answered[i] = 0;
		l->diag.srq_at = now;
	}
}
