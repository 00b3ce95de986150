/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "tn3270e/drop_reason.h"

static const struct drop_reason table[] = {
	{ "OTHER", 9100, 0, "a reason without a row of its own" },
	{ "CLNTDISC", 9101, 1, "the client hung up, or its connection broke" },
	{ "CLNTGONE", 9142, 0, "the client's machine answers TCP no more" },
	{ "SESSEND", 9102, 1, "logged off, without LUSESSIONPEND" },
	{ "UNDIAL", 9103, 1, "the client asked for the end: LOGOFF, UNDIAL" },
	{ "HALT", 9104, 1, "the server ended" },
	{ "STOP", 9105, 0, "V ..,STOP closed the port" },
	{ "TIMEMARK", 9106, 0, "no answer to TIMING-MARK" },
	{ "INACT-S", 9107, 0, "INACTIVE: a terminal's session was idle" },
	{ "INACT-P", 9108, 0, "PRTINACTIVE: a printer's session was idle" },
	{ "INACT-K", 9109, 0, "KEEPINACTIVE: KEEPOPEN without a session" },
	{ "INACT-PF", 9110, 0, "PROFILEINACTIVE: on an old profile without a session" },
	{ "ERR 1030", 1030, 0, "TLS: the handshake failed" },
	{ "ERR 3012", 3012, 0, "no LU for the client" },
	{ "ERR", 9111, 0, "the system refused to watch the socket" },
	{ "REJECTED", 9112, 0, "CONNTYPE NONE" },
	{ "NEGTIME", 9113, 0, "the negotiation was not finished in time" },
	{ "NEGOTIATE", 9114, 0, "the negotiation failed" },
	{ "MAXRECV", 9115, 0, "MAXRECEIVE, or bytes that make no record" },
	{ "SENDQ", 9116, 0, "MAXTCPSENDQ: the client reads too slowly" },
	{ "STORAGE", 9117, 0, "out of buffers or memory" },
	{ "OVERLOAD", 9118, 0, "the ring to the node was full" },
	{ "MAXREQSS", 9119, 0, "MAXREQSESS: too many BINDs" },
	{ "HOSTINIT", 9120, 0, "the host ended the session, without LUSESSIONPEND" },
	{ "OPERTERM", 9141, 0, "V NET,TERM ended the session, without LUSESSIONPEND" },
	{ "SESSFAIL", 9121, 0, "no session, without MSG07" },
	{ "LUINACT", 9122, 0, "the node took the LU" },
	{ "ASSOCPRT", 9123, 0, "DROPASSOCPRINTER: the terminal has gone" },
	{ "TKOSPEC", 9124, 0, "TKOSPECLU: another client took the LU" },
	{ "TKOGEN", 9125, 0, "TKOGENLU: the client came again" },
	{ "TKOLOST", 9127, 0, "the session ended before it could be taken over" },
	{ "CHKCLNT", 9126, 0, "CHECKCLIENTCONN: the client came again, this one was dead" },
	{ "TRTOTAL", 9134, 0, "TRTOTALCONN: the port is full" },
	{ "TRPERCNT", 9135, 0, "TRPERCENT: the address has its share" },
	{ "CONNADDR", 9136, 0, "MAXCONNADDR: too many of one address" },
	{ "CONNRATE", 9137, 0, "MAXCONNRATE: one address connects too often" },
	{ "NEGLIMIT", 9138, 0, "MAXNEGOTIATING: the oldest that had not negotiated" },
	{ "NOTPROXY", 9139, 0, "PROXYPROTOCOL: not from a proxy of the list" },
	{ "PROXYHDR", 9140, 0, "PROXYPROTOCOL: a wrong header, or none" },
};

#define ROWS (sizeof(table) / sizeof(table[0]))
_Static_assert(ROWS <= DROP_REASONS, "room for each");

unsigned
drop_reason_at(const char *name)
{
	for (unsigned i = 1; i < ROWS; i++)
		if (strcmp(table[i].name, name) == 0)
			return i;
	return 0;
}

const struct drop_reason *
drop_reason(unsigned place)
{
	return &table[place < ROWS ? place : 0];
}

unsigned
drop_reason_count(void)
{
	return ROWS;
}

void
drop_reason_metrics(struct con *con, const uint64_t *v)
{
	con_text(con, "# HELP snagate_telnet_drops Connections ended, by reason.");
	con_text(con, "# TYPE snagate_telnet_drops counter");
	for (unsigned i = 0; i < ROWS; i++)
		con_text(con, "snagate_telnet_drops_total{reason=\"%s\"} %" PRIu64, table[i].name,
		    v[i]);
}

void
drop_reason_show(struct con *con, const uint64_t *v)
{
	for (unsigned i = 0; i < ROWS; i++)
		if (v[i] != 0)
			con_text(con, "  CONN DROP %-9s %5u %12" PRIu64 "        %s",
			    table[i].name, table[i].rcode, v[i], table[i].help);
}
