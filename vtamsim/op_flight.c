/* SPDX-License-Identifier: Apache-2.0
 *
 * The last packets of pipes: D NET,ID=CNRnnnnn,TRACE=YES and the internal part
 * of D NET,TRACES. Ours: VTAM has this in its internal trace and in dumps.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/flight.h"
#include "vtamsim/oper_in.h"

static const char *
why_text(unsigned why)
{
	switch ((enum flight_why)why) {
	case FLIGHT_FAILED:
		return "FAILED";
	case FLIGHT_SWITCHED:
		return "PATH SWITCH";
	case FLIGHT_STALLED:
		return "STALLED";
	}
	return "";
}

/* "18:01:02.000431" */
static const char *
moment(const struct oper *op, struct mono at, char to[20])
{
	struct msg_when w = oper_when(op, at.us);

	snprintf(to, 20, "%.8s.%06u", w.time,
	    (unsigned)((op->wall_us - (op->now.us - at.us)) % 1000000));
	return to;
}

static void
show_packets(const struct oper *op, const struct flight_pkt *k, unsigned n, struct con *con)
{
	char at[20], text[200], a[IPADDR_TEXT], b[IPADDR_TEXT];

	for (unsigned i = 0; i < n; i++) {
		/* Where it went is told when it is another way than before. */
		if (k[i].local.fam != 0 && (i == 0 || k[i].e.link != k[i - 1].e.link))
			con_text(con, "BETWEEN %s AND %s", ipaddr_text(&k[i].local, a),
			    ipaddr_text(&k[i].remote, b));
		con_text(con, "%s %s", moment(op, k[i].e.at, at),
		    flight_text(&k[i].e, text, sizeof(text)));
	}
	con_text(con, "%u PACKETS", n);
}

static const struct flight_kept *
find_kept(const struct oper *op, const char *name)
{
	const struct flight_kept *k = NULL;

	for (unsigned i = 0; i < NODE_EES && k == NULL; i++)
		if (op->node->ee[i] != NULL)
			k = flight_kept(ee_flight(op->node->ee[i]), name);
	return k;
}

static void
show_kept(const struct oper *op, const struct flight_kept *k, struct con *con)
{
	struct msg_when w = oper_when(op, k->at.us);

	con_text(con, "%s %s TO %s ON %s AT %s, SENSE = %08X, TCID X'%016" PRIX64 "'", k->name,
	    why_text(k->why), k->peer.s, w.date, w.time, k->sense, k->tcid);
	show_packets(op, k->pkt, k->n, con);
}

bool
op_has_trail(const struct oper *op, const char *name, const struct pipe *p)
{
	return (p != NULL && p->rtp != NULL) || find_kept(op, name) != NULL;
}

void
op_show_trail(const struct oper *op, const char *name, const struct pipe *p, struct con *con)
{
	const struct flight_kept *k = find_kept(op, name);
	struct flight_pkt pkt[FLIGHT_TRAIL];

	if (k != NULL)
		show_kept(op, k, con);
	if (p == NULL || p->rtp == NULL)
		return;
	if (k != NULL)
		msg_line(con, IST924I);
	con_text(con, "NOW");
	show_packets(op, pkt, flight_trail(ee_flight(p->ee), ee_pipe_last(p->rtp), pkt), con);
}

void
op_show_flights(const struct oper *op, struct con *con)
{
	for (unsigned i = 0; i < NODE_EES; i++) {
		const struct flight *f = op->node->ee[i] == NULL ? NULL :
		    ee_flight(op->node->ee[i]);

		if (f == NULL)
			continue;
		con_text(con, "LAST %u OF %u PACKETS OF PIPES ARE KEPT, %u TRAILS LEFT OUT",
		    f->next - 1 < FLIGHT_RING ? f->next - 1 : FLIGHT_RING, f->next - 1,
		    f->not_kept);
		for (unsigned j = 0; j < FLIGHT_KEPT; j++) {
			const struct flight_kept *k = &f->kept[j];
			struct msg_when w = oper_when(op, k->at.us);

			if (k->name[0] != '\0')
				con_text(con, "%s %s TO %s ON %s AT %s, SENSE = %08X, %u PACKETS",
				    k->name, why_text(k->why), k->peer.s, w.date, w.time, k->sense,
				    k->n);
		}
	}
}
