/* SPDX-License-Identifier: Apache-2.0
 *
 * What workers report, as EZZ6034I. Without DEBUG SUMMARY, connections dropped
 * for one reason within 15 seconds are told once, or once for each of a few
 * different explanations; then how many more there were, with MULTIPLE in
 * place of the LU (section 15).
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
		"SESS DROP", "CONN DROP", "LU INACT", "LU ACT", "NO SESS" };

	return text[kind];
}

static bool
old(const struct op_told *t, struct mono now)
{
	return !mono_before(now, mono_add(t->at, SECS(FLOOD_S)));
}

/* Forgets it, and says how many were not told. False: none. */
static bool
multiple(const struct op_telnet *o, struct op_told *t, struct con *con)
{
	uint32_t more = t->more;

	if (more != 0) {
		msg_line(con, EZZ6034I, o->job, t->id, "MULTIPLE", action(t->kind), t->reason);
		con_text(con, "         %u more within %d seconds", more, FLOOD_S);
	}
	*t = (struct op_told){ .kind = 0 };
	return more != 0;
}

/* One command of the operator's may say it of thousands; a printer may come again and again. */
static bool
may_flood(const struct tn_report *r)
{
	return r->kind == TR_CONN_DROP || r->kind == TR_LU_GONE || r->kind == TR_LU_BACK ||
	    r->kind == TR_NO_SESSION || r->kind == TR_SESS_DROP ||
	    (r->kind == TR_NEGOTIATED && r->error);
}

/* The reason's place: its own, a free one, or that of the one told first. */
static struct op_told *
place(struct op_telnet *o, const struct tn_report *r, struct mono now, struct con *con)
{
	struct op_told *best = &o->told[0];

	for (struct op_told *t = o->told; t < o->told + OP_TOLD; t++) {
		if (t->kind == r->kind && strcmp(t->reason, r->object) == 0) {
			best = t;
			break;
		}
		if (best->kind != 0 && (t->kind == 0 || mono_before(t->at, best->at)))
			best = t;
	}
	if (best->kind == r->kind && strcmp(best->reason, r->object) == 0 && !old(best, now))
		return best;
	(void)multiple(o, best, con);
	best->kind = r->kind;
	snprintf(best->reason, sizeof(best->reason), "%s", r->object);
	best->at = now;
	return best;
}

static uint32_t
hash(const char *text)
{
	uint32_t h = 2166136261u;       /* FNV-1a; a clash only costs a line */

	for (; *text != '\0'; text++)
		h = (h ^ (uint8_t)*text) * 16777619u;
	return h;
}

/* The same reason again in the same words, or in ever new ones: counted only. */
static bool
flood(struct op_telnet *o, const struct tn_report *r, struct mono now, struct con *con)
{
	uint32_t h = hash(r->text);
	struct op_told *t;
	bool known = false;

	if (!may_flood(r) || (r->debug >= DB_SUMMARY && !o->debug_off))
		return false;
	t = place(o, r, now, con);
	for (unsigned i = 0; i < t->texts; i++)
		known |= t->text[i] == h;
	if (!known && t->texts < OP_TOLD_TEXTS) {
		t->text[t->texts++] = h;
		return false;
	}
	t->more++;
	t->id = r->id;
	return true;
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
	if ((o->debug_off && !r->error) || flood(o, r, now, con))
		return false;
	if (r->kind == TR_DETAIL) {
		diagnosis(o, r, con);
		return true;
	}
	milestone(o, r, con);
	return true;
}

bool
op_telnet_quiet(struct op_telnet *o, struct mono now, struct con *con)
{
	bool said = false;

	for (struct op_told *t = o->told; t < o->told + OP_TOLD; t++)
		if (t->kind != 0 && old(t, now))
			said |= multiple(o, t, con);
	return said;
}
