/* SPDX-License-Identifier: Apache-2.0
 *
 * What workers report, as EZZ6034I. Without DEBUG SUMMARY, connections dropped
 * for one reason within 15 seconds are told once; then how many there were,
 * with MULTIPLE in place of the LU (section 15).
 */
#include <stdio.h>
#include <string.h>

#include "tn3270e/op_telnet_in.h"
#include "vtamsim/msg.h"

#define FLOOD_S 15

static void
multiple(struct op_telnet *o, struct con *con)
{
	if (o->last_count == 0)
		return;
	msg_line(con, EZZ6034I, o->job, o->last_id, "MULTIPLE",
	    "CONN DROP", o->last_reason);
	con_text(con, "         %u more within %d seconds", o->last_count, FLOOD_S);
	o->last_count = 0;
}

/* The same reason again: counted only. */
static bool
flood(struct op_telnet *o, const struct tn_report *r, struct mono now)
{
	if (r->kind != TR_CONN_DROP || (r->debug >= DB_SUMMARY && !o->debug_off))
		return false;
	if (strcmp(o->last_reason, r->object) == 0 &&
	    mono_before(now, mono_add(o->last_at, SECS(FLOOD_S)))) {
		o->last_count++;
		o->last_id = r->id;
		return true;
	}
	return false;
}

static void
milestone(const struct op_telnet *o, const struct tn_report *r, struct con *con)
{
	static const char *const action[] = { "", "ACCEPTED", "NEGOTIATED", "IN SESSION",
		"SESS DROP", "CONN DROP" };
	char addr[IPADDR_TEXT];

	msg_line(con, EZZ6034I, o->job, r->id, r->lu,
	    action[r->kind], r->object);
	con_text(con, "         IP..PORT: %s..%u%s%s", ipaddr_text(&r->addr, addr), r->cport,
	    r->text[0] != '\0' ? "  " : "", r->text);
}

/* Section 15; MOD is the room, there are no modules of the product's. */
static void
diagnosis(const struct op_telnet *o, const struct tn_report *r, struct con *con)
{
	char addr[IPADDR_TEXT];

	msg_line(con, EZZ6035I, o->job, "CONN", "DETAIL");
	con_text(con, "         IP..PORT: %s..%u", ipaddr_text(&r->addr, addr), r->cport);
	con_text(con, "         CONN: %08X LU: %s MOD: TN3270E", r->id, r->lu);
	con_text(con, "         RCODE: %04u-%02u %s", r->rcode, r->instance, r->text);
	con_text(con, "         PARM1: %08X PARM2: 00000000 PARM3: 00000000", r->parm);
}

static void
port(const struct op_telnet *o, const struct tn_report *r, struct con *con)
{
	char what[16];

	if (!r->error && strcmp(r->text, "listening") == 0) {
		msg_line(con, EZZ6003I, o->job, r->cport);
		return;
	}
	snprintf(what, sizeof(what), "PORT %u", r->cport);
	if (r->error)
		(void)op_failed(o, RC_PORT, what, r->text, con);
	else
		con_line(con, "EZZ6038I", "%s %s: %s", o->job, what, r->text);
}

bool
op_telnet_report(struct op_telnet *o, const struct tn_report *r, struct mono now, struct con *con)
{
	if (r->kind == TR_PORT) {
		port(o, r, con);
		return true;
	}
	if ((o->debug_off && !r->error) || flood(o, r, now))
		return false;
	if (r->kind == TR_DETAIL) {
		diagnosis(o, r, con);
		return true;
	}
	if (r->kind == TR_CONN_DROP && (r->debug < DB_SUMMARY || o->debug_off)) {
		multiple(o, con);
		snprintf(o->last_reason, sizeof(o->last_reason), "%s", r->object);
		o->last_at = now;
	}
	milestone(o, r, con);
	return true;
}

bool
op_telnet_quiet(struct op_telnet *o, struct mono now, struct con *con)
{
	if (o->last_count == 0 || mono_before(now, mono_add(o->last_at, SECS(FLOOD_S))))
		return false;
	multiple(o, con);
	return true;
}
