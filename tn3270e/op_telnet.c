/* SPDX-License-Identifier: Apache-2.0
 *
 * D TCPIP[,proc][,TELNET],..., V TCPIP[,proc][,TELNET],... There is one server:
 * whatever procedure is named means it. Commands of the stack are refused.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/op_telnet_in.h"
#include "vtamsim/msg.h"

/* --- failing --- */

/* Section 14.3; the words are ours. */
enum op_telnet_do
op_failed(const struct op_telnet *o, enum tn_rcode rc, const char *command, const char *why,
    struct con *con)
{
	msg_line(con, EZZ6039I, o->job, command, (unsigned)rc);
	con_text(con, "         %s", why);
	return OPT_REFUSED;
}

enum op_telnet_do
op_operand(const struct op_telnet *o, const char *command, const char *word, struct con *con)
{
	char why[140];

	snprintf(why, sizeof(why), "operand %.60s is not valid (D TCPIP,,TELNET,HELP,%s)", word,
	    command);
	return op_failed(o, RC_OPERAND, command, why, con);
}

enum op_telnet_do
op_ask(struct op_telnet *o, enum worker_order op, const struct worker_query *q, uint32_t ticket,
    struct con *con)
{
	struct worker_msg m = { .op = (uint8_t)op, .ticket = ticket };

	if (!tnd_order(o->tnd, &m, q))
		return op_failed(o, RC_BUSY, "DISPLAY", "too many displays are under way", con);
	return OPT_LATER;
}

/* --- the commands --- */

static enum op_telnet_do
unknown(const struct op_telnet *o, const char *w, const char *command, struct con *con)
{
	char why[120];

	if (word_is(w, "NETSTAT", 1) || word_is(w, "SYSPLEX", 3) || word_is(w, "OMPROUTE", 3) ||
	    word_is(w, "PKTTRACE", 3) || word_is(w, "PURGECACHE", 3)) {
		msg_line(con, EZZ0163I, w);
		return OPT_REFUSED;
	}
	snprintf(why, sizeof(why), "%.30s is not a Telnet command (D TCPIP,,TELNET,HELP)", w);
	return op_failed(o, RC_SYNTAX, command, why, con);
}

/* Those that are answered without looking at clients. */
static enum op_telnet_do
display_small(struct op_telnet *o, struct words *s, const char *w, struct con *con)
{
	if (word_is(w, "INACTLUS", 5))
		return op_inactlus(o, s, con);
	if (word_is(w, "XCF", 3) || word_is(w, "LUNS", 4) || word_is(w, "WLM", 3))
		return op_not_configured(o, w, con);
	if (word_is(w, "FSM", 3)) {
		tnneg_print(con);
		tnlu_print(con);
		return OPT_DONE;
	}
	return unknown(o, w, "DISPLAY", con);
}

static enum op_telnet_do
display(struct op_telnet *o, struct words *s, uint32_t ticket, struct con *con)
{
	const char *w = words_next(s);

	if (*w == '\0') {
		op_status(o, con);
		return OPT_DONE;
	}
	if (word_is(w, "CONNECTION", 4))
		return op_display_conn(o, s, ticket, con);
	if (word_is(w, "PROFILE", 4) || word_is(w, "PORT", 4))
		return op_display_profile(o, s, ticket, con);
	s->at--;
	if (word_is(w, "CLIENTID", 2) || word_is(w, "CLID", 4) || word_is(w, "OBJECT", 2))
		return op_display_map(o, s, ticket, con);
	s->at++;
	if (word_is(w, "STOR", 4) || word_is(w, "STORAGE", 4))
		return op_stor(o, ticket, con);
	if (word_is(w, "HELP", 2))
		return op_help(o, s, con);
	return display_small(o, s, w, con);
}

/* D TCPIP,,TELNET,X; D TCPIP,proc,X; D TCPIP,TELNET. */
static void
target(struct words *s)
{
	s->at = 2;
	if (s->n > 2)
		s->at = 3;
	if (s->at < s->n && (strcasecmp(s->w[s->at], "TELNET") == 0 ||
	    strcasecmp(s->w[s->at], "T") == 0))
		s->at++;
}

enum op_telnet_do
op_telnet_run(struct op_telnet *o, const char *line, uint32_t ticket, struct con *con)
{
	struct words s;
	bool show;

	if (!words_cut(&s, line) || s.n < 2 || strcasecmp(s.w[1], "TCPIP") != 0)
		return op_failed(o, RC_SYNTAX, "TELNET", "the command could not be read", con);
	show = word_is(s.w[0], "DISPLAY", 1);
	if (!show && !word_is(s.w[0], "VARY", 1))
		return op_failed(o, RC_SYNTAX, s.w[0], "only DISPLAY and VARY are Telnet commands",
		    con);
	target(&s);
	if (o->tnd == NULL && !(show && (s.at >= s.n || word_is(s.w[s.at], "HELP", 2))))
		return op_failed(o, RC_NO_SERVER, show ? "DISPLAY" : "VARY",
		    "there is no Telnet server: no profile", con);
	return show ? display(o, &s, ticket, con) : op_vary(o, &s, ticket, con);
}

void
op_telnet_result(struct op_telnet *o, struct tnd_result *r, struct con *con)
{
	switch ((enum worker_order)r->op) {
	case WO_LIST:
		if (r->query.count_only)
			op_profile_result(o, r, con);
		else
			op_conn_result(o, r, con);
		break;
	case WO_USING:
		op_map_result(o, r, con);
		break;
	case WO_METRICS:
		op_stor_result(o, r, con);
		break;
	case WO_PROFILE:
	case WO_QUIESCE:
	case WO_RESUME:
	case WO_STOP:
	case WO_DROP_LU:
	case WO_HALT:
	case WO_END:
		break;
	}
	tnd_result_fini(r);
}
