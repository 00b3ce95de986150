/* SPDX-License-Identifier: Apache-2.0
 *
 * VARY: activate, deactivate, dial, hang up. Companion vtam-operator section 5.
 * IST097I says that the command is well formed; what comes of it follows.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/sense.h"
#include "vtamsim/oper_in.h"

#define NAMES 16                /* of ID=(A,B,..) */

/* ID= as a list of names. 0: refused, the reply says why. */
static unsigned
names(struct oper_cmd *c, char to[NAMES][20], struct con *con)
{
	const char *id = oper_need(c, "ID", con);
	unsigned n = id == NULL ? 0 : oper_list(id, to, NAMES);

	if (id == NULL)
		return 0;
	if (n == 0)
		(void)oper_bad(con, "ID", id);
	for (unsigned i = 0; i < n; i++)
		if (!oper_is_name(to[i], OPER_PLAIN)) {
			(void)oper_bad(con, "ID", to[i]);
			return 0;
		}
	return n;
}

/* The definition has neither the resource nor a member of that name. */
static bool
unknown(struct oper *op, const char *name)
{
	struct deferrs errs;
	struct def_member *m;
	bool none;

	if (rtab_find(&op->node->rtab, name) != NULL)
		return false;
	deferrs_init(&errs);
	m = strchr(name, '.') != NULL ? NULL : defs_load_member(op->defs, name, &errs);
	none = m == NULL && (errs.first == NULL || strcmp(errs.first->id, "IST025I") == 0);
	def_member_free(m);
	deferrs_fini(&errs);
	return none;
}

/* SCOPE=SYNTAX: read the member, change nothing. */
static bool
check_syntax(struct oper *op, const char *name, struct con *con)
{
	struct deferrs errs;
	struct def_member *m;
	char line[512];
	bool ok;

	deferrs_init(&errs);
	m = defs_load_member(op->defs, name, &errs);
	ok = m != NULL;
	for (const struct deferr *e = errs.first; e != NULL; e = e->next)
		con_line(con, e->id, "%s", deferr_line(e, line, sizeof(line)));
	def_member_free(m);
	deferrs_fini(&errs);
	if (ok)
		msg_line(con, IST223I, "VARY ACT,SCOPE=SYNTAX");
	else
		msg_line(con, IST072I, "VARY ACT", name);
	return ok;
}

/* A major node that is active already, or has an inactive one above. */
static bool
act_one(struct oper *op, const char *name, struct con *con)
{
	struct res *r = rtab_find(&op->node->rtab, name);

	if (unknown(op, name)) {
		msg_line(con, IST061I, "VARY ACT", name);
		return false;
	}
	if (r != NULL && (r->type == RES_RTP || r->type == RES_CDRSC || r->type == RES_ADJCP)) {
		msg_failed(con, "VARY ACT", name, "NOT VALID FOR THIS TYPE OF RESOURCE");
		return false;
	}
	return node_vary_act(op->node, op->now, name, con);
}

enum oper_do
op_v_act(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	char name[NAMES][20];
	unsigned n = names(c, name, con);
	int scope = oper_choice(c, "SCOPE", "ONLY COMP ALL SYNTAX U", con);
	bool ok = true;

	(void)out;
	if (n == 0 || scope < 0 || oper_choice(c, "UPDATE", "ALL ADD IMPLICIT", con) < 0 ||
	    oper_choice(c, "CPCP", "YES NO", con) < 0 || oper_choice(c, "DWACT", "YES NO", con) < 0)
		return OPER_REJECTED;
	if (oper_get(c, "UPDATE") != NULL || oper_get(c, "CPCP") != NULL)
		msg_line(con, IST1275I, oper_get(c, "UPDATE") != NULL ? "UPDATE" : "CPCP", name[0]);
	oper_accept(c, con);
	for (unsigned i = 0; i < n; i++) {
		const struct res *r = rtab_find(&op->node->rtab, name[i]);

		if (scope == 4)
			ok = check_syntax(op, name[i], con) && ok;
		else
			ok = act_one(op, name[i], con) && ok;
		/* DWACT=YES dials what the definition would not. */
		if (r != NULL && r->type == RES_PU && oper_choice(c, "DWACT", "YES NO", con) == 1)
			(void)node_dial(op->node, op->now, name[i], con);
	}
	return ok ? OPER_DONE : OPER_REJECTED;
}

/* V NET,INACT of a pipe ends it, and its sessions with it. An orderly end waits for what is
 * on its way; TYPE=FORCE is for a pipe that stalls (companion vtam-operator section 5). */
static bool
inact_pipe(struct oper *op, struct res *r, enum vary_how how, struct con *con)
{
	struct pipe *p = r->pipe;

	if (p == NULL || p->rtp == NULL) {
		msg_failed(con, "VARY INACT", name_base(&r->name), "NOT ACTIVE");
		return false;
	}
	if (how == VARY_FORCE)
		msg_inact_scheduled(con, op->node->start->msglevel, name_base(&r->name));
	/* No new session of ours takes it; the partner's may, and then it lives on for them. */
	p->closing = 1;
	for (struct ssn *s = TAILQ_FIRST(&p->sess), *next; s != NULL; s = next) {
		next = TAILQ_NEXT(s, on_pipe);
		ssn_end(op->node, op->now, s, UNB_CLEANUP, 0x80200007);
	}
	if (how == VARY_FORCE)
		ee_abandon(p->ee, op->now, p->rtp, SENSE_LINK_FAILURE);
	else
		ee_close(p->ee, op->now, p->rtp);
	msg_line(con, IST105I, name_base(&r->name));
	return true;
}

static bool
inact_one(struct oper *op, const char *name, int type, struct con *con)
{
	enum vary_how how = type == 3 ? VARY_FORCE : type == 2 ? VARY_IMMED : VARY_NORMAL;
	struct res *r = rtab_find(&op->node->rtab, name);

	if (r == NULL) {
		msg_line(con, IST061I, "VARY INACT", name);
		return false;
	}
	if (r->type == RES_RTP)
		return inact_pipe(op, r, how, con);
	if (r->type == RES_ADJCP || r->type == RES_CDRSC) {
		msg_failed(con, "VARY INACT", name, "NOT VALID FOR THIS TYPE OF RESOURCE");
		return false;
	}
	if (how == VARY_FORCE)
		msg_inact_scheduled(con, op->node->start->msglevel, name_base(&r->name));
	if (!node_vary_inact(op->node, op->now, name, how, con))
		return false;
	return type != 4 || node_vary_act(op->node, op->now, name, con);
}

enum oper_do
op_v_inact(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	char name[NAMES][20];
	unsigned n = names(c, name, con);
	int type = n == 0 ? -1 : oper_choice(c, "TYPE", "UNCOND IMMED FORCE REACT GIVEBACK", con);
	bool ok = true;

	(void)out;
	if (type < 0)
		return OPER_REJECTED;
	if (type == 5)
		return oper_bad(con, "TYPE", "GIVEBACK");
	oper_accept(c, con);
	for (unsigned i = 0; i < n; i++)
		ok = inact_one(op, name[i], type, con) && ok;
	return ok ? OPER_DONE : OPER_REJECTED;
}

/* The PU that a DIAL or HANGUP names: itself, or the one on the line. */
static const struct res *
pu_named(struct oper *op, struct oper_cmd *c, struct con *con)
{
	const char *id = oper_need(c, "ID", con);
	const struct res *r;

	if (id == NULL)
		return NULL;
	r = oper_is_name(id, OPER_PLAIN) ? rtab_find(&op->node->rtab, id) : NULL;
	if (r == NULL) {
		(void)oper_bad(con, "ID", id);
		return NULL;
	}
	if (r->type == RES_LINE && r->pu != NULL)
		r = r->pu->res;
	if (r->type != RES_PU) {
		msg_line(con, IST1204I, "ID", id);
		return NULL;
	}
	return r;
}

enum oper_do
op_v_dial(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const struct res *r = pu_named(op, c, con);

	(void)out;
	if (r == NULL)
		return OPER_REJECTED;
	if (r->fsm.state == RST_NEVAC || r->fsm.state == RST_INACT) {
		oper_accept(c, con);
		msg_failed(con, "VARY DIAL", name_base(&r->name), "NOT ACTIVE");
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	if (r->pu != NULL && r->pu->up) {
		msg_failed(con, "VARY DIAL", name_base(&r->name), "ALREADY CONNECTED");
		return OPER_REJECTED;
	}
	return node_dial(op->node, op->now, r->name.s, con) ? OPER_DONE : OPER_REJECTED;
}

enum oper_do
op_v_hangup(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const struct res *r = pu_named(op, c, con);

	(void)out;
	if (r == NULL)
		return OPER_REJECTED;
	oper_accept(c, con);
	if (r->pu == NULL || r->pu->link == NULL) {
		msg_failed(con, "VARY HANGUP", name_base(&r->name), "NOT CONNECTED");
		return OPER_REJECTED;
	}
	return node_hangup(op->node, op->now, r->name.s, con) ? OPER_DONE : OPER_REJECTED;
}

/* V NET,INOP: ends a dial that is not through yet. */
enum oper_do
op_v_inop(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const struct res *r = pu_named(op, c, con);

	(void)out;
	if (r == NULL)
		return OPER_REJECTED;
	oper_accept(c, con);
	if (r->pu == NULL || r->pu->link == NULL || r->pu->up) {
		msg_failed(con, "VARY INOP", name_base(&r->name), "NO DIAL IS UNDER WAY");
		return OPER_REJECTED;
	}
	return node_hangup(op->node, op->now, r->name.s, con) ? OPER_DONE : OPER_REJECTED;
}

/* Known commands that have no function here: a plain word, not silence. */
static enum oper_do
without_function(struct oper_cmd *c, struct con *con, const char *why)
{
	const char *id = oper_get(c, "ID");

	msg_failed(con, "VARY", id == NULL ? c->keyword : id, why);
	return OPER_REJECTED;
}

enum oper_do
op_v_logon(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	(void)op;
	(void)out;
	return oper_need(c, "ID", con) == NULL || oper_need(c, "LOGON", con) == NULL ?
	    OPER_REJECTED : without_function(c, con, "LU IS LOGGED ON BY ITS CLIENT ONLY");
}

enum oper_do
op_v_nologon(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	(void)op;
	(void)out;
	return without_function(c, con, "NO AUTOMATIC LOGON IS DEFINED");
}

enum oper_do
op_v_ans(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	(void)op;
	(void)out;
	if (oper_choice(c, "ANS", "ON OFF", con) < 0 || oper_need(c, "ID", con) == NULL)
		return OPER_REJECTED;
	return without_function(c, con, "ANSWER MODE IS SET BY THE GROUP DEFINITION");
}

/* V NET,PATH=USE|NOUSE,PID=n,ID=pu or GID=n,ID=major: paths of one PU, of a switched major
 * node. A link that is up stays. */
enum oper_do
op_v_path(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *id = oper_need(c, "ID", con);
	int how = id == NULL ? -1 : oper_choice(c, "PATH", "USE NOUSE", con);
	bool by_gid = oper_get(c, "GID") != NULL;
	uint32_t pid = 0, gid = 0;
	struct res *r, *k;
	unsigned n = 0;

	(void)out;
	if (how < 0 || (how == 0 && oper_need(c, "PATH", con) == NULL))
		return OPER_REJECTED;
	if (by_gid == (oper_get(c, "PID") != NULL)) {
		if (by_gid)
			msg_line(con, IST452I, "PID");
		else
			msg_line(con, IST456I, "PID");
		return OPER_REJECTED;
	}
	if (!oper_number(c, "PID", 1, 255, con, &pid) ||
	    !oper_number(c, "GID", 1, 255, con, &gid))
		return OPER_REJECTED;
	r = rtab_find(&op->node->rtab, id);
	if (r == NULL)
		return oper_bad(con, "ID", id);
	if (r->type != (by_gid ? RES_MAJOR : RES_PU) || (by_gid && r->ee != NULL)) {
		msg_line(con, IST1204I, "ID", id);
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	if (!by_gid && r->pu != NULL)
		n = pu_path_set(r->pu, pid, 0, how == 1 ? PATH_USE : PATH_NOUSE);
	if (by_gid)
		TAILQ_FOREACH(k, &r->kids, sib)
			if (k->type == RES_PU && k->pu != NULL)
				n += pu_path_set(k->pu, 0, gid, how == 1 ? PATH_USE : PATH_NOUSE);
	if (n == 0) {
		msg_failed(con, "VARY PATH", id, "NO SUCH PATH");
		return OPER_REJECTED;
	}
	msg_line(con, IST223I, "VARY PATH");
	return OPER_DONE;
}
