/* SPDX-License-Identifier: Apache-2.0
 *
 * The dispatch table: which command a line is, which operands it may have and
 * what their short forms mean. A command sees only operands of its own, in full.
 */
#include <string.h>
#include <strings.h>

#include "vtamsim/oper_in.h"

/* As documented for DISPLAY: short forms are coded exactly like this. */
const struct oper_abbr oper_scopes[] = {
	{ "E", "SCOPE", "ALL" }, { "EVERY", "SCOPE", "ALL" }, { "N", "SCOPE", "ONLY" },
	{ "NONE", "SCOPE", "ONLY" }, { "ACT", "SCOPE", "ACT" }, { "A", "SCOPE", "ACT" },
	{ "INACT", "SCOPE", "INACT" }, { "I", "SCOPE", "INACT" },
	{ "ACTONLY", "SCOPE", "ACTONLY" }, { "INACTONLY", "SCOPE", "INACTONLY" },
	{ "INACTONL", "SCOPE", "INACTONLY" }, { "ACTSESS", "SCOPE", "ACTSESS" },
	{ "CONCT", "SCOPE", "CONCT" }, { "PEND", "SCOPE", "PENDING" },
	{ "PENDING", "SCOPE", "PENDING" }, { "RELSD", "SCOPE", "RELSD" },
	{ "RESET", "SCOPE", "RESET" }, { "HPRDIAG", "HPRDIAG", "YES" },
	{ "HPRDIAG=Y", "HPRDIAG", "YES" }, { NULL, NULL, NULL },
};

static const struct oper_abbr sess_abbr[] = {
	{ "E", "SCOPE", "ALL" }, { "EVERY", "SCOPE", "ALL" }, { "ACT", "SCOPE", "ACT" },
	{ "A", "SCOPE", "ACT" }, { "PEND", "SCOPE", "PENDING" }, { "PATH", "PATHINFO", "YES" },
	{ NULL, NULL, NULL },
};

static const struct oper_abbr opt_abbr[] = {
	{ "FORMAT=CUR", "FORMAT", "CURRENT" }, { "FORMAT=COMP", "FORMAT", "COMPLETE" },
	{ "FORMAT=MOD", "FORMAT", "MODIFIED" }, { NULL, NULL, NULL },
};

static const struct oper_abbr buf_abbr[] = {
	{ "BUF=*", "BUFFER", "*" }, { "BUF=SH", "BUFFER", "SHORT" },
	{ "BUF=SUMM", "BUFFER", "SUMMARY" }, { "BUFFER=SH", "BUFFER", "SHORT" },
	{ "BUFFER=SUMM", "BUFFER", "SUMMARY" }, { NULL, NULL, NULL },
};

static const struct oper_abbr inact_abbr[] = {
	{ "I", "TYPE", "IMMED" }, { "IMMED", "TYPE", "IMMED" }, { "F", "TYPE", "FORCE" },
	{ "FORCE", "TYPE", "FORCE" }, { "R", "TYPE", "REACT" }, { "REACT", "TYPE", "REACT" },
	{ "U", "TYPE", "UNCOND" }, { "UNCOND", "TYPE", "UNCOND" }, { "G", "TYPE", "GIVEBACK" },
	{ "GIVEBACK", "TYPE", "GIVEBACK" }, { "DELETE", "DELETE", "YES" },
	{ "DELETE=Y", "DELETE", "YES" }, { "FINAL", "FINAL", "YES" },
	{ "FINAL=Y", "FINAL", "YES" }, { "S", "SAVESESS", "YES" },
	{ "SAVESESS", "SAVESESS", "YES" }, { NULL, NULL, NULL },
};

static const struct oper_abbr act_abbr[] = {
	{ "ALL", "SCOPE", "ALL" }, { "COMP", "SCOPE", "COMP" }, { "ONLY", "SCOPE", "ONLY" },
	{ "SYNTAX", "SCOPE", "SYNTAX" }, { "CPCP=N", "CPCP", "NO" },
	{ "CPCP=Y", "CPCP", "YES" }, { "DWACT=N", "DWACT", "NO" },
	{ "DWACT=Y", "DWACT", "YES" }, { "WARM", "WARM", "YES" }, { "COLD", "COLD", "YES" },
	{ NULL, NULL, NULL },
};

static const struct oper_abbr table_abbr[] = {
	{ "OPTION=ASSOC", "OPTION", "ASSOCIATE" }, { "OPTION=DEL", "OPTION", "DELETE" },
	{ "OPT=ASSOC", "OPTION", "ASSOCIATE" }, { "OPT=DEL", "OPTION", "DELETE" },
	{ "OPT=LOAD", "OPTION", "LOAD" }, { "OPT=ASSOCIATE", "OPTION", "ASSOCIATE" },
	{ "OPT=DELETE", "OPTION", "DELETE" }, { "TYPE=MODE", "TYPE", "MODETAB" },
	{ "TYPE=USS", "TYPE", "USSTAB" }, { "TYPE=LOG", "TYPE", "LOGTAB" },
	{ "TYPE=COS", "TYPE", "COSTAB" }, { NULL, NULL, NULL },
};

#define LISTOPS "ID MAX SCOPE LIST IDTYPE NETID"

static const struct oper_desc commands[] = {
	{ OV_DISPLAY, "MAJNODES", LISTOPS, "", oper_scopes, op_d_list },
	{ OV_DISPLAY, "APPLS", LISTOPS, "", oper_scopes, op_d_list },
	{ OV_DISPLAY, "LINES", LISTOPS, "", oper_scopes, op_d_list },
	{ OV_DISPLAY, "CLSTRS", LISTOPS, "", oper_scopes, op_d_list },
	{ OV_DISPLAY, "GROUPS", LISTOPS, "", oper_scopes, op_d_list },
	{ OV_DISPLAY, "TERMS", LISTOPS, "", oper_scopes, op_d_list },
	{ OV_DISPLAY, "STATIONS", LISTOPS, "", oper_scopes, op_d_list },
	{ OV_DISPLAY, "CDRMS", LISTOPS, "", oper_scopes, op_d_list },
	{ OV_DISPLAY, "CDRSCS", LISTOPS, "", oper_scopes, op_d_list },
	{ OV_DISPLAY, "PENDING", "ID MAX", "", NULL, op_d_list },
	{ OV_DISPLAY, "SESSIONS", "LU1 LU2 PLU SLU LIST MAX SCOPE SID PATHINFO", "", sess_abbr,
	    op_d_sessions },
	{ OV_DISPLAY, "SESSION", "LU1 LU2 PLU SLU LIST MAX SCOPE SID PATHINFO", "", sess_abbr,
	    op_d_sessions },
	{ OV_DISPLAY, "EE", "LIST ID IPADDR HOSTNAME MAX CPNAME", "", NULL, op_d_ee },
	{ OV_DISPLAY, "EEDIAG", "REXMIT SRQRETRY TEST CLEAR ID IPADDR HOSTNAME LIST MAX", "", NULL,
	    op_d_eediag },
	{ OV_DISPLAY, "RTPS", "ALSNAME APPNCOS CPNAME CONGEST ID TCID LIST MAX STALL SWITCH "
	    "REXMIT CLEAR TEST FIRSTCP FIRSTTG QDEPTH", "", NULL, op_d_rtps },
	{ OV_DISPLAY, "VTAMOPTS", "OPTION FORMAT", "", opt_abbr, op_d_vtamopts },
	{ OV_DISPLAY, "CPCP", "ID MAX", "", NULL, op_d_cpcp },
	{ OV_DISPLAY, "TOPO", "LIST ID ORIG DEST TGN VRN APPNCOS LOCSIZE MAX", "", NULL,
	    op_d_topo },
	{ OV_DISPLAY, "ADJCP", "ID MAX", "SCOPE", oper_scopes, op_d_adjcp },
	{ OV_DISPLAY, "ADJCPS", "ID MAX", "SCOPE", oper_scopes, op_d_adjcp },
	{ OV_DISPLAY, "DIRECTRY", "ID IDTYPE NETID MAX", "ORDER", NULL, op_d_directry },
	{ OV_DISPLAY, "BFRUSE", "BUFFER", "", buf_abbr, op_d_bfruse },
	{ OV_DISPLAY, "STORUSE", "POOL MAX", "DSPNAME APPL JOBNAME LIST", NULL, op_d_storuse },
	{ OV_DISPLAY, "TRL", "TRLE CONTROL TRLMN MAX XCFCP ULPID", "", NULL, op_d_trl },
	{ OV_DISPLAY, "TRACES", "TYPE ID", "", NULL, op_d_traces },
	{ OV_DISPLAY, "COS", "TYPE ID NETID", "", NULL, op_d_cos },
	{ OV_DISPLAY, "TABLE", "ID SCOPE MAX", "", NULL, op_d_table },
	{ OV_DISPLAY, "PATHS", "ID MAX", "", NULL, op_d_paths },
	{ OV_DISPLAY, "DLURS", "MAX", "", NULL, op_d_dlurs },
	{ OV_DISPLAY, "ADJSSCPS", "NETID CDRM SCOPE CDRSC ADJLIST", "", oper_scopes,
	    op_d_adjsscps },
	{ OV_DISPLAY, "CSM", "OWNERID", "MONITOR", NULL, op_d_csm },
	{ OV_DISPLAY, "STATS", "TYPE", "NUM ID", NULL, op_d_stats },
	{ OV_DISPLAY, "USERVAR", "ID MAX", "", NULL, op_d_nothing },
	{ OV_DISPLAY, "MODELS", "ID MAX SCOPE", "", oper_scopes, op_d_nothing },
	{ OV_DISPLAY, "LUGROUPS", "ID MAX SCOPE", "", oper_scopes, op_d_nothing },
	{ OV_DISPLAY, "GRPREF", "ID MAX", "", NULL, op_d_nothing },
	{ OV_DISPLAY, "ADJCLUST", "NETID MAX", "", NULL, op_d_nothing },
	{ OV_DISPLAY, "ROUTE", "ID MAX", "", NULL, op_d_nothing },
	{ OV_DISPLAY, "FSM", "NAME", "", NULL, op_d_fsm },
	{ OV_DISPLAY, "APPS", "", "", NULL, op_d_apps },
	{ OV_VARY, "ACT", "ID SCOPE UPDATE CPCP DWACT IDTYPE",
	    "LOGON LOGMODE HPR RNAME U WARM COLD LOG", act_abbr, op_v_act },
	{ OV_VARY, "INACT", "ID TYPE IDTYPE", "CDLINK FINAL DELETE SAVESESS RMPO SCOPE SENSE",
	    inact_abbr, op_v_inact },
	{ OV_VARY, "DIAL", "ID", "", NULL, op_v_dial },
	{ OV_VARY, "HANGUP", "ID", "", NULL, op_v_hangup },
	{ OV_VARY, "INOP", "ID", "END", NULL, op_v_inop },
	{ OV_VARY, "TERM", "SID LU1 LU2 PLU SLU TYPE NOTIFY SCOPE SENSE", "", sess_abbr,
	    op_v_term },
	{ OV_VARY, "LOGON", "ID LOGON LOGMODE", "", NULL, op_v_logon },
	{ OV_VARY, "NOLOGON", "ID CONTROL", "", NULL, op_v_nologon },
	{ OV_VARY, "ANS", "ID ANS", "", NULL, op_v_ans },
	{ OV_VARY, "PATH", "ID GID PID PATH", "", NULL, op_v_path },
	{ OV_MODIFY, "VTAMOPTS", "*", "", NULL, op_f_vtamopts },
	{ OV_MODIFY, "TRACE", "TYPE ID FILE AMOUNT MAX SAVE", "IDTYPE SCOPE MODE OPT OPTION",
	    NULL, op_f_trace },
	{ OV_MODIFY, "NOTRACE", "TYPE ID SAVE", "IDTYPE SCOPE MODE OPT OPTION", NULL,
	    op_f_notrace },
	{ OV_MODIFY, "RTP", "ID", "", NULL, op_f_rtp },
	{ OV_MODIFY, "TABLE", "OPTION NEWTAB OLDTAB NEW OLD TYPE ID", "ORIGIN NETID NET",
	    table_abbr, op_f_table },
	{ OV_MODIFY, "TOPO", "FUNCTION ID", "ORIG DEST TGN SCOPE TYPE", NULL, op_f_topo },
	{ OV_MODIFY, "LOG", "SUB LEVEL", "", NULL, op_f_log },
	/* Last: an operand that many commands have makes a command of its own. */
	{ OV_DISPLAY, "ID", "ID SCOPE IDTYPE NETID HPRDIAG CLEAR MAX TRACE FILE", "LIST",
	    oper_scopes, op_d_id },
};

static const struct oper_desc *
by_word(enum oper_verb verb, const struct oper_opd *o)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct oper_desc *d = &commands[i];

		/* A keyword stands alone, or is an operand of its own command as well:
		 * D NET,ID=, V NET,PATH=USE, V NET,ANS=ON. */
		if (d->verb == verb && strcmp(d->word, o->key) == 0 &&
		    (!o->eq ? strcmp(d->word, "ID") != 0 : oper_place("ID PATH ANS", d->word) != 0))
			return d;
	}
	return NULL;
}

static bool
is_abbr(const struct oper_abbr *a, const char *word)
{
	for (; a != NULL && a->from != NULL; a++)
		if (strcmp(a->from, word) == 0)
			return true;
	return false;
}

/*
 * Which command: the first operand that is a keyword of the verb; the order is
 * free (V NET,ID=x,ACT). Behind ID= a short form of SCOPE is one, even where a
 * command has the same name (PENDING). DISPLAY ID has no keyword of its own.
 */
static const struct oper_desc *
find_command(struct oper_cmd *c, struct con *con)
{
	const struct oper_desc *d = NULL, *id = NULL;
	unsigned at = 0;

	for (unsigned i = 0; i < c->n && d == NULL; i++) {
		const struct oper_desc *k = by_word(c->verb, &c->opd[i]);

		if (k != NULL && strcmp(k->word, "ID") == 0)
			id = k;
		else if (k != NULL && (id == NULL || !is_abbr(oper_scopes, k->word))) {
			d = k;
			at = i;
		}
	}
	if (d == NULL && id != NULL && (c->opd[0].eq || is_abbr(oper_scopes, c->opd[0].key)))
		return id;
	if (d == NULL) {
		if (c->n == 0)
			msg_line(con, IST450I, c->word);
		else
			msg_line(con, IST451I, c->word, c->opd[0].key);
		return NULL;
	}
	c->opd[at].taken = !c->opd[at].eq;
	return d;
}

/* Short forms become long ones. */
static void
expand(struct oper_opd *o, const struct oper_abbr *a)
{
	for (; a != NULL && a->from != NULL; a++) {
		size_t n = strcspn(a->from, "=");
		bool eq = a->from[n] == '=';

		if (strlen(o->key) != n || memcmp(o->key, a->from, n) != 0 || eq != (o->eq != 0) ||
		    (eq && strcmp(o->val, a->from + n + 1) != 0))
			continue;
		*o = (struct oper_opd){ .key = a->key, .val = a->val, .eq = 1 };
		return;
	}
}

/* Each operand must be the command's, have a value, and come once. */
static bool
check_operands(struct oper_cmd *c, const struct oper_desc *d, struct con *con)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->n; i++) {
		struct oper_opd o = c->opd[i];
		const char *typed = o.key;

		if (o.taken)
			continue;
		expand(&o, d->abbr);
		if (strcmp(d->opds, "*") != 0 && oper_place(d->opds, o.key) == 0) {
			if (oper_place(d->ignored, o.key) != 0) {
				msg_line(con, IST1275I, typed, d->word);
				continue;
			}
			msg_line(con, IST452I, typed);
			return false;
		}
		if (!o.eq) {
			(void)oper_bad(con, o.key, "");
			return false;
		}
		for (unsigned k = 0; k < n; k++)
			if (strcmp(c->opd[k].key, o.key) == 0) {
				msg_line(con, IST452I, typed);
				return false;
			}
		c->opd[n++] = o;
	}
	c->n = n;
	return true;
}

/* Z NET[,QUICK|CANCEL][,CDLINK=][,DUMP|NODUMP] */
static enum oper_do
halt(struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	out->halt = HALT_NORMAL;
	for (unsigned i = 0; i < c->n; i++) {
		const struct oper_opd *o = &c->opd[i];

		if (strcmp(o->key, "QUICK") == 0 && !o->eq && out->halt == HALT_NORMAL)
			out->halt = HALT_QUICK;
		else if (strcmp(o->key, "CANCEL") == 0 && !o->eq && out->halt == HALT_NORMAL)
			out->halt = HALT_CANCEL;
		else if (strcmp(o->key, "CDLINK") == 0 && oper_place("ACT INACT", o->val) == 0)
			return oper_bad(con, o->key, o->val);
		else if (oper_place("CDLINK DUMP NODUMP", o->key) == 0) {
			msg_line(con, IST452I, o->key);
			return OPER_REJECTED;
		}
	}
	oper_accept(c, con);
	return OPER_HALT;
}

static enum oper_do
start_or_stop(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	if (strcmp(c->target, "NET") == 0) {
		if (c->verb == OV_START) {
			msg_line(con, IST009I);
			return OPER_REJECTED;
		}
		out->halt = HALT_QUICK;
		msg_line(con, IST097I, "HALT");
		return OPER_HALT;
	}
	if (!oper_is_name(c->target, OPER_PLAIN) || strchr(c->target, '.') != NULL ||
	    (c->verb == OV_STOP && c->rest[0] != '\0')) {
		msg_line(con, IST450I, c->word);
		return OPER_REJECTED;
	}
	return c->verb == OV_START ? op_start(op, c, con) : op_stop(op, c, con);
}

/* F proc: NET, VTAM or the program's name, also as proc.ident. */
static bool
is_net(const struct oper *op, const struct oper_cmd *c)
{
	size_t n = strcspn(c->target, ".");

	if (strcmp(c->target, "NET") == 0)
		return true;
	return c->verb == OV_MODIFY && ((n == 3 && memcmp(c->target, "NET", 3) == 0) ||
	    (n == 4 && memcmp(c->target, "VTAM", 4) == 0) ||
	    (strlen(op->program) == n && strncasecmp(c->target, op->program, n) == 0));
}

enum oper_do
oper_run(struct oper *op, const char *line, struct con *con, struct oper_order *out)
{
	const struct oper_desc *d;
	struct oper_cmd c;

	*out = (struct oper_order){ .what = OPER_REJECTED };
	if (!oper_scan(&c, line, con))
		return OPER_REJECTED;
	if (c.verb == OV_START || c.verb == OV_STOP)
		return out->what = start_or_stop(op, &c, con, out);
	if (strcmp(c.target, "TCPIP") == 0 && (c.verb == OV_DISPLAY || c.verb == OV_VARY))
		return out->what = OPER_TELNET;
	if (!is_net(op, &c)) {
		msg_line(con, IEE341I, c.target);
		return OPER_REJECTED;
	}
	if (c.verb == OV_HALT)
		return out->what = halt(&c, con, out);
	d = find_command(&c, con);
	if (d == NULL || !check_operands(&c, d, con))
		return OPER_REJECTED;
	c.keyword = d->word;
	return out->what = d->run(op, &c, con, out);
}
