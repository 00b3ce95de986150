/* SPDX-License-Identifier: Apache-2.0
 *
 * D NET,TRL, and D NET,ID= of the same. One transport resource: IUTSAMEH, which
 * VTAM makes of itself for Enterprise Extender's way to TCP/IP. Here it stands
 * for the UDP ports and is there while an XCA major node is active. Companion
 * vtam-operator section 4.12; the lines after IST1717I that it has not for this
 * TRLE are ours.
 */
#include <string.h>

#include "vtamsim/oper_in.h"

#define EE_TRLE "IUTSAMEH"
#define TRL_MAJOR "ISTTRL"

/* The active XCA major node after prev; NULL: no more. */
static const struct res *
next_xca(const struct node *n, const struct res *prev)
{
	const struct res *r = prev == NULL ? TAILQ_FIRST(&n->rtab.top) : TAILQ_NEXT(prev, sib);

	while (r != NULL && (r->type != RES_MAJOR || r->ee == NULL || r->fsm.state != RST_ACTIV))
		r = TAILQ_NEXT(r, sib);
	return r;
}

static void
show_trle(struct oper *op, struct con *con)
{
	const struct defs_start *st = defs_start(op->defs);
	char addr[IPADDR_TEXT];

	msg_line(con, IST075I, EE_TRLE, "TRLE");
	msg_line(con, IST1954I, TRL_MAJOR);
	msg_line(con, IST486I, "ACTIV", "ACTIV");
	msg_line(con, IST087I, "LEASED", "MPC", "YES");
	for (const struct res *r = next_xca(op->node, NULL); r != NULL;
	    r = next_xca(op->node, r)) {
		msg_line(con, IST1717I, st->tcpname[0] == '\0' ? "TCPIP" : st->tcpname,
		    name_base(&r->name));
		for (unsigned at = 0; ee_local(r->ee, at)->fam != 0; at++)
			msg_line(con, IST1680I, "LOCAL", ipaddr_text(ee_local(r->ee, at), addr));
		op_ee_ports(ee_config(r->ee), con);
	}
	op_show_traces(op, EE_TRLE, con);
}

bool
op_is_trl(const struct oper *op, const char *name)
{
	return strcmp(name, TRL_MAJOR) == 0 ||
	    (strcmp(name, EE_TRLE) == 0 && next_xca(op->node, NULL) != NULL);
}

void
op_show_trl(struct oper *op, const char *name, struct con *con)
{
	if (strcmp(name, EE_TRLE) == 0) {
		show_trle(op, con);
	} else {
		msg_line(con, IST075I, TRL_MAJOR, "TRL MAJOR NODE");
		msg_line(con, IST486I, "ACTIV", "ACTIV");
		if (next_xca(op->node, NULL) != NULL)
			msg_line(con, IST1314I, EE_TRLE, "ACTIV", "MPC");
	}
	msg_line(con, IST314I);
}

/* Ours is an MPC one that no XCF partner and no TCP/IP interface has. */
static bool
fits(const struct oper *op, struct oper_cmd *c, int control)
{
	const char *mn = oper_get(c, "TRLMN");

	return next_xca(op->node, NULL) != NULL && control <= 2 &&
	    oper_get(c, "XCFCP") == NULL && oper_get(c, "ULPID") == NULL &&
	    (mn == NULL || strcmp(mn, TRL_MAJOR) == 0);
}

enum oper_do
op_d_trl(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int control = oper_choice(c, "CONTROL", "ALL MPC ISM ROCE TCP XCF", con);
	const char *trle = oper_get(c, "TRLE");
	struct oper_limit l;
	unsigned n = 0;

	(void)out;
	if (control < 0 || !oper_limit(op, c, con, &l))
		return OPER_REJECTED;
	if (trle != NULL && (strcmp(trle, TRL_MAJOR) == 0 || !op_is_trl(op, trle)))
		return oper_bad(con, "TRLE", trle);
	oper_accept(c, con);
	if (trle != NULL) {
		op_show_trl(op, trle, con);
		return OPER_DONE;
	}
	msg_line(con, IST350I, "TRL");
	msg_line(con, IST1954I, TRL_MAJOR);
	if (fits(op, c, control) && oper_more(&l)) {
		msg_line(con, IST1314I, EE_TRLE, "ACTIV", "MPC");
		n = 1;
	}
	msg_line(con, IST1454I, n, "TRLE");
	oper_limit_end(&l, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}
