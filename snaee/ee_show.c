/* SPDX-License-Identifier: Apache-2.0
 *
 * What the operator sees of an ee.
 */
#include "snaee/ee_parts.h"

const struct stat_desc ee_stat_desc[EES_NSTAT] = {
	[EES_RCVD] = { "ee_datagrams_received", "", "datagrams received", STAT_COUNTER },
	[EES_RCVD_BYTES] = { "ee_received", "bytes", "bytes received", STAT_COUNTER },
	[EES_SENT] = { "ee_datagrams_sent", "", "datagrams sent", STAT_COUNTER },
	[EES_SENT_BYTES] = { "ee_sent", "bytes", "bytes sent", STAT_COUNTER },
	[EES_BAD_LLC] = { "ee_bad_llc", "", "datagrams without a known LLC header", STAT_COUNTER },
	[EES_BAD_SAP] = { "ee_bad_sap", "", "frames for a SAP that is not SNA's", STAT_COUNTER },
	[EES_BAD_NLP] = { "ee_bad_nlp", "", "NLPs that can't be read", STAT_COUNTER },
	[EES_BAD_PORT] = { "ee_port_mismatch", "", "NLPs on the port of another priority",
		STAT_COUNTER },
	[EES_NO_LINK] = { "ee_no_link", "", "frames that belong to no link", STAT_COUNTER },
	[EES_NO_PIPE] = { "ee_no_pipe", "", "NLPs that belong to no RTP connection",
		STAT_COUNTER },
	[EES_FOREIGN] = { "ee_foreign", "", "NLPs for a pipe of another partner", STAT_COUNTER },
	[EES_TEST_ECHO] = { "ee_tests_answered", "", "TEST commands answered", STAT_COUNTER },
	[EES_NULL_ECHO] = { "ee_nulls_answered", "", "null XIDs answered", STAT_COUNTER },
	[EES_CALLS] = { "ee_calls", "", "calls from partners", STAT_COUNTER },
	[EES_CALLS_REFUSED] = { "ee_calls_refused", "", "calls refused", STAT_COUNTER },
	[EES_CTL_FULL] = { "ee_answers_dropped", "", "answers dropped, too many at once",
		STAT_COUNTER },
	[EES_DM_SENT] = { "ee_dm_sent", "", "partners told that they have no link", STAT_COUNTER },
	[EES_RESTARTS] = { "ee_partner_restarts", "", "active links the partner activated anew",
		STAT_COUNTER },
	[EES_LINKS_UP] = { "ee_links_up", "", "links activated", STAT_COUNTER },
	[EES_LINKS_DOWN] = { "ee_links_down", "", "active links that ended", STAT_COUNTER },
	[EES_NO_LINK_ROOM] = { "ee_no_link_room", "", "times the table of links was full",
		STAT_COUNTER },
	[EES_NO_PIPE_ROOM] = { "ee_no_pipe_room", "", "times the table of RTP connections was full",
		STAT_COUNTER },
	[EES_PIPES_UP] = { "ee_pipes_up", "", "RTP connections begun", STAT_COUNTER },
	[EES_PIPES_DOWN] = { "ee_pipes_down", "", "RTP connections ended", STAT_COUNTER },
	[EES_TRANSIT] = { "ee_transit", "", "NLPs passed on to another link", STAT_COUNTER },
	[EES_TRANSIT_SLOW] = { "ee_transit_slowdown", "",
	    "NLPs passed on with slowdown told: many wait", STAT_COUNTER },
	[EES_TRANSIT_FULL] = { "ee_transit_dropped", "", "NLPs not passed on, too many wait",
		STAT_COUNTER },
	[EES_XID_ERR_SENT] = { "ee_xid_errors_sent", "", "XIDs sent with an error vector (CV 22)",
		STAT_COUNTER },
	[EES_XID_ERR_RCVD] = { "ee_xid_errors_received", "", "XIDs received with an error vector",
		STAT_COUNTER },
	[EES_PATH_MTU] = { "ee_path_mtu_lowered", "", "times the path of a link took less",
		STAT_COUNTER },
	[EES_UNREACHABLE] = { "ee_unreachable", "", "partners reported unreachable",
		STAT_COUNTER },
};

const uint64_t *
ee_stats(const struct ee *ee, unsigned *n)
{
	*n = EES_NSTAT;
	return ee->stat;
}

static void
show_pool(const struct pool *p, struct con *c)
{
	con_text(c, "%-10s used %u peak %u of %u, %zu bytes each, empty %llu times", p->name,
	    p->used, p->peak, p->max, p->size, (unsigned long long)p->empty);
}

void
ee_pools(const struct ee *ee, struct con *c)
{
	show_pool(&ee->links, c);
	show_pool(&ee->pipes, c);
	show_pool(&ee->gap_tables, c);
}

void
ee_show(const struct ee *ee, struct mono now, struct con *c)
{
	char text[IPADDR_TEXT];
	struct mono next = due_next(&ee->due);
	const struct ee_link *l;

	con_text(c, "ee %s ports %u-%u links %u pipes %u next timer %ld ms",
	    ipaddr_text(ee_local(ee, 0), text), ee->cfg.port0, ee->cfg.port0 + EE_NPORT - 1,
	    ee->links.used, ee->pipes.used,
	    mono_is_never(next) ? -1L : (long)(mono_diff(next, now) / 1000));
	TAILQ_FOREACH(l, &ee->all_links, all)
		ldlc_show(&l->ldlc, now, c);
	stats_show(c, ee_stat_desc, ee->stat, EES_NSTAT);
}
