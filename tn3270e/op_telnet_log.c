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

static const char *
action(uint8_t kind)
{
	static const char *const text[] = { "", "ACCEPTED", "NEGOTIATED", "IN SESSION",
		"SESS DROP", "CONN DROP", "LU INACT", "LU ACT" };

	return text[kind];
}

static void
multiple(struct op_telnet *o, struct con *con)
{
	if (o->last_count == 0)
		return;
	msg_line(con, EZZ6034I, o->job, o->last_id, "MULTIPLE",
	    action(o->last_kind), o->last_reason);
	con_text(con, "         %u more within %d seconds", o->last_count, FLOOD_S);
	o->last_count = 0;
}

/* One command of the operator's may say it of thousands; a printer may come again and again. */
static bool
may_flood(const struct tn_report *r)
{
	return r->kind == TR_CONN_DROP || r->kind == TR_LU_GONE || r->kind == TR_LU_BACK ||
	    (r->kind == TR_NEGOTIATED && r->error);
}

/* The same reason again: counted only. */
static bool
flood(struct op_telnet *o, const struct tn_report *r, struct mono now)
{
	if (!may_flood(r) || (r->debug >= DB_SUMMARY && !o->debug_off))
		return false;
	if (o->last_kind == r->kind && strcmp(o->last_reason, r->object) == 0 &&
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
	char addr[IPADDR_TEXT];

	msg_line(con, EZZ6034I, o->job, r->id, r->lu,
	    action(r->kind), r->object);
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

/* DEBUG TASK DETAIL: a worker could not open its port. */
static void
task_detail(const struct op_telnet *o, const struct tn_report *r, struct con *con)
{
	const struct profile *p = o->tnd == NULL ? NULL : tnd_current(o->tnd);

	if (p == NULL || p->debug[0] < DB_DETAIL || o->debug_off)
		return;
	msg_line(con, EZZ6035I, o->job, "TASK", "DETAIL");
	con_text(con, "         TASK: TELNET MOD: TN3270E");
	con_text(con, "         RCODE: %04u-01 %s", (unsigned)RC_PORT, r->text);
	con_text(con, "         PARM1: %08X PARM2: 00000000 PARM3: 00000000", r->cport);
}

/* DEBUG CONFIG DETAIL: each error of a profile; below it just a line. */
void
op_telnet_config_error(const struct op_telnet *o, const struct tnp_err *e, const char *file,
    struct con *con)
{
	const struct profile *p = o->tnd == NULL ? NULL : tnd_current(o->tnd);
	char line[420];

	if (p == NULL || p->debug[1] < DB_DETAIL || o->debug_off) {
		con_text(con, "%s", tnp_err_line(e, file, line, sizeof(line)));
		return;
	}
	msg_line(con, EZZ6035I, o->job, "CONFIG", "DETAIL");
	con_text(con, "         LINE: %u MOD: TN3270E", e->pos.line);
	con_text(con, "         RCODE: %04u-%02u %s", (unsigned)RC_CONFIG, e->sev,
	    tnp_err_line(e, file, line, sizeof(line)));
	con_text(con, "         PARM1: %08X PARM2: 00000000 PARM3: 00000000", e->pos.col);
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
	if (r->error)
		task_detail(o, r, con);
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
	if (may_flood(r) && (r->debug < DB_SUMMARY || o->debug_off)) {
		multiple(o, con);
		o->last_kind = r->kind;
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
