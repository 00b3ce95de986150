/* SPDX-License-Identifier: Apache-2.0
 *
 * MODIFY (but for VTAMOPTS and RTP), START and STOP. Companion vtam-operator
 * sections 6 and 7.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "vtamsim/app.h"
#include "vtamsim/oper_in.h"

#define RING 4096               /* RPLs each way, of an application */

/* --- F NET,TABLE --- */

static enum oper_do
table_failed(struct oper_cmd *c, struct con *con, const char *reason)
{
	const char *neu = oper_get(c, "NEWTAB"), *old = oper_get(c, "OLDTAB");

	msg_line(con, IST863I, reason);
	msg_line(con, IST864I, oper_na(neu != NULL ? neu : oper_get(c, "NEW")),
	    oper_na(old != NULL ? old : oper_get(c, "OLD")), oper_na(oper_get(c, "OPTION")),
	    oper_get(c, "TYPE") == NULL ? "**NA**" : oper_get(c, "TYPE"));
	msg_line(con, IST314I);
	return OPER_REJECTED;
}

/* OPTION=LOAD: the member is read again by its next user. */
enum oper_do
op_f_table(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int opt = oper_choice(c, "OPTION", "LOAD ASSOCIATE DELETE", con);
	const char *neu = oper_get(c, "NEWTAB") != NULL ? oper_get(c, "NEWTAB") :
	    oper_get(c, "NEW");
	struct deferrs errs;
	char line[512];
	bool ok;

	(void)out;
	if (opt < 0)
		return OPER_REJECTED;
	if (opt == 0 || neu == NULL) {
		msg_line(con, IST456I, opt == 0 ? "OPTION" : "NEWTAB");
		return OPER_REJECTED;
	}
	if (!oper_is_name(neu, OPER_PLAIN))
		return oper_bad(con, "NEWTAB", neu);
	oper_accept(c, con);
	if (opt != 1)
		return table_failed(c, con, "ONLY OPTION=LOAD IS SUPPORTED");
	defs_table_forget(op->defs, neu);
	deferrs_init(&errs);
	ok = defs_modetab(op->defs, neu, &errs) != NULL ||
	    defs_usstab(op->defs, neu, &errs) != NULL;
	if (!ok)
		for (const struct deferr *e = errs.first; e != NULL; e = e->next)
			con_line(con, e->id, "%s", deferr_line(e, line, sizeof(line)));
	deferrs_fini(&errs);
	if (!ok)
		return table_failed(c, con, "TABLE COULD NOT BE LOADED");
	msg_line(con, IST865I, "TABLE LOADED");
	msg_line(con, IST864I, neu, "***NA***", "LOAD", "**NA**");
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* F NET,LOG[,SUB=name],LEVEL=level: what goes to the journal. Ours. */
enum oper_do
op_f_log(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int level = oper_choice(c, "LEVEL", "ERROR WARN NOTICE INFO DEBUG", con);
	int sub = level < 0 ? -1 : oper_choice(c, "SUB", "BASE EE LDLC RTP HS DEFS CP DIR SSN OPER "
	    "ACB APP TN TLS", con);

	(void)op;
	(void)out;
	if (sub < 0)
		return OPER_REJECTED;
	if (level == 0) {
		msg_line(con, IST456I, "LEVEL");
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	if (sub == 0)
		log_level_all((enum log_level)(level - 1));
	else
		log_level((enum log_sub)(sub - 1), (enum log_level)(level - 1));
	msg_line(con, IST223I, c->word);
	return OPER_DONE;
}

/* --- S and P --- */

const char *
oper_acb_text(unsigned err)
{
	switch ((enum acb_err)err) {
	case ACB_OK:
		break;
	case ACB_UNKNOWN:
		return "NO APPL DEFINITION HAS THE NAME";
	case ACB_INUSE:
		return "THE APPL IS OPEN ALREADY";
	case ACB_KEPT:
		return "THE LU IS KEPT FOR ANOTHER";
	case ACB_NOPARTNER:
		return "THE PARTNER LU IS NOT OPEN";
	case ACB_INACTIVE:
		return "THE APPL IS NOT ACTIVE";
	case ACB_EXHAUSTED:
		return "NO FREE LU IN THE POOL";
	case ACB_NOTINPOOL:
		return "THE LU IS NOT IN THE POOL";
	case ACB_WRONGTYPE:
		return "THE LU IS OF ANOTHER TYPE";
	case ACB_STORAGE:
		return "THE NODE'S TABLE OF ACBS IS FULL";
	case ACB_HALTING:
		return "VTAM IS HALTING";
	}
	return "";
}

enum oper_do
op_start(struct oper *op, struct oper_cmd *c, struct con *con)
{
	struct msg_when w = msg_when(op->wall_us, DATE_MDY);
	struct acb_port *port;
	char err[APP_ERR_MAX];

	port = node_port(op->node, c->target, RING, NULL, NULL);
	if (port == NULL) {
		msg_line(con, IEFC452I, c->target, "TOO MANY PROGRAMS");
		return OPER_REJECTED;
	}
	if (app_start(op->apps, c->target, c->rest, port, err) != 0) {
		node_port_free(op->node, op->now, port);
		for (char *p = err; *p != '\0'; p++)
			if (*p >= 'a' && *p <= 'z')
				*p = (char)(*p - 'a' + 'A');
		msg_line(con, IEFC452I, c->target, err);
		return OPER_REJECTED;
	}
	msg_line(con, IEF403I, c->target, w.time);
	return OPER_DONE;
}

enum oper_do
op_stop(struct oper *op, struct oper_cmd *c, struct con *con)
{
	if (!app_stop(op->apps, c->target)) {
		msg_line(con, IEE341I, c->target);
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	return OPER_DONE;
}
