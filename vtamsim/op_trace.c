/* SPDX-License-Identifier: Apache-2.0
 *
 * F NET,TRACE, F NET,NOTRACE and D NET,TRACES. Companion vtam-operator sections
 * 4.12 and 6. The buffer trace is a packet trace into one pcapng file; which
 * packets go in is what TYPE and ID select.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/nettrace.h"
#include "vtamsim/oper_in.h"

#define TRACE_TYPES "BUF IO LINE PKT TG STATE VTAM SIT GPT QDIOSYNC CNM EXIT MODULE ROUTE SMS TSO"
#define TRACE_PACKETS 5         /* of them the first five are the packet trace */

/* ID= of a trace: what exists, or with SAVE=YES what may come. */
static bool
trace_id(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *id = oper_get(c, "ID");
	const struct res *r;

	out->id[0] = '\0';
	out->node_type = "PACKET TRACE";
	if (id == NULL || strcmp(id, "*") == 0)
		return true;
	r = oper_is_name(id, OPER_PLAIN) ? rtab_find(&op->node->rtab, id) : NULL;
	if ((r == NULL && !out->saved) || !oper_is_name(id, OPER_PLAIN)) {
		(void)oper_bad(con, "ID", id);
		return false;
	}
	if (r != NULL && r->type == RES_MAJOR && r->ee == NULL) {
		msg_line(con, IST1204I, "ID", id);      /* nothing passes there */
		return false;
	}
	if (r != NULL)
		out->node_type = res_type_text(r);
	snprintf(out->id, sizeof(out->id), "%.17s", id);
	return true;
}

static bool
trace_type(struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *typed = oper_get(c, "TYPE");
	int type = oper_choice(c, "TYPE", TRACE_TYPES, con);

	if (type > TRACE_PACKETS)
		(void)oper_bad(con, "TYPE", typed);
	if (type < 0 || type > TRACE_PACKETS)
		return false;
	snprintf(out->type, sizeof(out->type), "%.8s", typed == NULL ? "BUF" : typed);
	return true;
}

/*
 * F NET,TRACE[,TYPE=BUF|IO|LINE|TG|PKT][,ID=][,AMOUNT=PARTIAL|FULL][,SAVE=YES|NO]
 * [,FILE='path'][,MAX=bytes]: FILE, MAX, TYPE=PKT and no ID are ours.
 */
enum oper_do
op_f_trace(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *file = oper_get(c, "FILE");
	int amount = oper_choice(c, "AMOUNT", "PARTIAL FULL", con);
	int save = amount < 0 ? -1 : oper_choice(c, "SAVE", "YES NO", con);
	uint32_t max = 0;

	if (save < 0)
		return OPER_REJECTED;
	out->saved = save == 1;
	if (!trace_type(c, con, out) || !trace_id(op, c, con, out) ||
	    !oper_number(c, "MAX", 65536, UINT32_MAX, con, &max))
		return OPER_REJECTED;
	if (file != NULL && (file[0] == '\0' || strlen(file) >= sizeof(out->text)))
		return oper_bad(con, "FILE", file);
	oper_accept(c, con);
	out->full = amount == 2;
	out->max = max;
	snprintf(out->text, sizeof(out->text), "%s", file == NULL ? "" : file);
	return OPER_TRACE;
}

enum oper_do
op_f_notrace(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const struct nettrace *k = op->traces;
	bool on;

	/* What is traced may be gone: its request is still there. */
	out->saved = 1;
	if (!trace_type(c, con, out) || !trace_id(op, c, con, out))
		return OPER_REJECTED;
	on = k != NULL && (out->id[0] == '\0' ? k->n != 0 : nettrace_of(k, out->id) != NULL);
	if (!on) {
		msg_failed(con, "MODIFY NOTRACE", out->id[0] == '\0' ? "NET" : out->id,
		    "NO TRACE IS ACTIVE");
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	return OPER_NOTRACE;
}

void
op_show_traces(const struct oper *op, const char *name, struct con *con)
{
	const struct nettrace_pick *p = op->traces == NULL ? NULL : nettrace_of(op->traces, name);
	bool io = p != NULL && strcmp(p->type, "BUF") != 0 && strcmp(p->type, "PKT") != 0;

	msg_line(con, IST654I, io ? "ON" : "OFF", p != NULL && !io ? "ON" : "OFF");
}

/* --- D NET,TRACES --- */

static const struct res *
major_of(const struct res *r)
{
	while (r != NULL && r->up != NULL)
		r = r->up;
	return r;
}

static void
show_major(const struct res *r, struct con *con)
{
	const struct res *m = major_of(r);

	if (r == NULL)
		msg_line(con, IST075I, "NET", "PACKET TRACE");
	else if (r->type == RES_RTP)
		msg_line(con, IST075I, "ISTRTPMN", "RTP MAJOR NODE");
	else if (m->type == RES_MAJOR)
		msg_line(con, IST075I, name_base(&m->name), res_type_text(m));
	else
		msg_line(con, IST075I, "ISTPUS", "PU T4/5");
}

static void
show_pick(const struct oper *op, const struct nettrace_pick *p, struct con *con)
{
	const struct res *r = p->id[0] == '\0' ? NULL : rtab_find(&op->node->rtab, p->id);
	char text[80];

	show_major(r, con);
	msg_line(con, IST1041I, p->id[0] == '\0' ? "*" : p->id, p->id[0] == '\0' ? "ALL" :
	    r == NULL ? "***NA***" : res_type_text(r));
	snprintf(text, sizeof(text), "ON - AMOUNT = %s - SAVED = %s", p->amount == TRACE_FULL ?
	    "FULL" : "PARTIAL", p->saved ? "YES" : "NO");
	msg_line(con, IST1042I, p->type, text);
	con_text(con, "%" PRIu64 " PACKETS", p->packets);
}

static void
show_nodes(const struct oper *op, const char *id, struct con *con)
{
	const struct nettrace *k = op->traces;
	unsigned shown = 0;

	for (unsigned i = 0; k != NULL && i < k->n; i++) {
		if (id != NULL && !name_match(id, k->pick[i].id))
			continue;
		if (shown++ != 0)
			msg_line(con, IST924I);
		show_pick(op, &k->pick[i], con);
	}
	if (shown == 0) {
		msg_line(con, IST1358I);
		return;
	}
	con_text(con, "FILE %s, %" PRIu64 " PACKETS, %" PRIu64 " WITH DATA BLANKED, %" PRIu64
	    " LOST", k->t->file.path, k->t->file.packets, k->t->redacted, k->t->lost);
}

enum oper_do
op_d_traces(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int type = oper_choice(c, "TYPE", "ALL NODES VTAM STATE CNM EXIT MODULE ROUTE SMS TSO",
	    con);
	const char *id = oper_get(c, "ID");

	(void)out;
	if (type < 0)
		return OPER_REJECTED;
	if (id != NULL && !oper_is_name(id, OPER_WILD) && strcmp(id, "*") != 0)
		return oper_bad(con, "ID", id);
	oper_accept(c, con);
	msg_line(con, IST350I, type <= 1 ? "TRACES,TYPE=ALL" : type == 2 ? "TRACES,TYPE=NODES" :
	    type == 3 ? "TRACES,TYPE=VTAM" : "TRACES");
	if (type <= 2)
		show_nodes(op, id, con);
	if (type <= 1)
		msg_line(con, IST924I);
	if (type <= 1 || type == 3)
		op_show_flights(op, con);  /* always on */
	else if (type > 3)
		msg_line(con, IST1358I);
	msg_line(con, IST314I);
	return OPER_DONE;
}
