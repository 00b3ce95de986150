/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tn3270e/op_telnet_in.h"

static const char *const all[] = {
	"D TCPIP,TELNET                    the server (EZAOP60I)",
	"D TCPIP,,TELNET,PROFILE           ports, parameters and where they come from",
	"D TCPIP,,TELNET,CONNECTION        clients",
	"D TCPIP,,TELNET,CLIENTID          client identifiers and what is mapped to them",
	"D TCPIP,,TELNET,OBJECT            LU groups, applications, tables and their clients",
	"D TCPIP,,TELNET,INACTLUS          LUs that V ..,INACT took away",
	"D TCPIP,,TELNET,STOR              memory",
	"D TCPIP,,TELNET,WLM|XCF|LUNS      not configured here",
	"D TCPIP,,TELNET,FSM               the tables of states",
	"D TCPIP,,TELNET,HELP,PROFILE|CONNECTION|CLIENTID|OBJECT|VARY",
	"V TCPIP,,TELNET,QUIESCE|RESUME|STOP[,PORT=ALL|n|n1..n2|BASIC|SECURE]",
	"V TCPIP,,TELNET,INACT|ACT,lu",
	"V TCPIP,,TELNET,DEBUG,OFF",
	"V TCPIP,,OBEYFILE[,file]          another profile; without file: read it again",
	NULL
};

static const char *const profile[] = {
	"D TCPIP,,TELNET,PROFILE",
	"<,PORT=(ALL|n|n1..n2|n,ipaddr)>",
	"<,PROF=(CURRENT|n|ACTIVE|ALL|BASIC|SECURE)>",
	"<,SUMMARY|DETAIL>",
	NULL
};

static const char *const conn[] = {
	"D TCPIP,,TELNET,CONNECTION",
	"(<,(CONN=id|IPPORT=ipaddr..port|LUNAME=lu)",
	"<,(DETAIL|SUMMARY)>>|",
	"<,(LUNAME=lu*|APPL=(appl|appl*)|",
	"TCPIPJOBNAME=name|PROTOCOL=(TN3270E|TN3270|LINEMODE)|",
	"LUGROUP=group|IPGROUP=group|",
	"IPADDR=(ipaddr|v4mask:v4subnet|ipaddr/prefixlen))",
	"<,(NOHNAME|HNAME)>>|",
	"<,(HNAME=hostname|HNAME=*hostname|HNGROUP=group)",
	"<,(NOHNAME|HNAME)>>)",
	"<,PORT=(ALL|n|n1..n2|n,ipaddr)>",
	"<,PROF=(CURRENT|n|ACTIVE|ALL|BASIC|SECURE)>",
	"<,SUMMARY|DETAIL>",
	"<,MAX=(n|*)>                      lines; 100 unless said",
	"TSP: T terminal P printer; A in session P not N negotiating; E TN3270E 3 TN3270 L line",
	NULL
};

static const char *const clid[] = {
	"D TCPIP,,TELNET,CLIENTID|OBJECT",
	"<,TYPE=type><,ID=name>            ID= of a group shows its members",
	"<,PORT=(ALL|n|n1..n2|n,ipaddr)>",
	"<,PROF=(CURRENT|n|ACTIVE|ALL|BASIC|SECURE)>",
	"<,SUMMARY>                        OBJECT: groups with what is in use",
	"<,MAX=(n|*)>",
	"OBJECT types: LU LUGRP PRT PRTGRP MAPAPPL DEFAPPL PRTAPPL LINEAPPL ARAPPL APPLS USS INT",
	"              PARMSGRP MONGRP DEFAULTS LUS",
	"OPTIONS: G generic S specific, K KEEPOPEN, F FIRSTONLY, L LOGAPPL Q QINIT, D DEFONLY,",
	"         C DISCONNECTABLE, R RESTRICTAPPL",
	NULL
};

static const char *const vary[] = {
	"V TCPIP,,TELNET,QUIESCE           no new connections; those there stay",
	"V TCPIP,,TELNET,RESUME            new connections again",
	"V TCPIP,,TELNET,STOP              ends connections, closes ports; OBEYFILE opens them",
	"<,PORT=(ALL|n|n1..n2|BASIC|SECURE)>",
	NULL
};

enum op_telnet_do
op_help(const struct op_telnet *o, struct words *s, struct con *con)
{
	static const struct {
		const char *word, *id, *title;
		size_t min;
		const char *const *text;
	} topic[] = {
		{ "", "EZZ6103I", "TELNET COMMANDS", 0, all },
		{ "PROFILE", "EZZ6103I", "PROFILE DISPLAY", 4, profile },
		{ "CONNECTION", "EZZ6107I", "CONNECTION DISPLAY", 4, conn },
		{ "CLIENTID", "EZZ6103I", "CLIENTID DISPLAY", 2, clid },
		{ "OBJECT", "EZZ6103I", "OBJECT DISPLAY", 2, clid },
		{ "VARY", "EZZ6128I", "VARY COMMANDS", 1, vary },
		{ "QUIESCE", "EZZ6128I", "QUIESCE COMMAND", 3, vary },
		{ "RESUME", "EZZ6128I", "RESUME COMMAND", 3, vary },
		{ "STOP", "EZZ6128I", "STOP COMMAND", 4, vary },
	};
	const char *w = words_next(s);

	if (strcmp(w, "TELNET") == 0)
		w = words_next(s);
	if (word_is(w, "ABENDTRAP", 5)) {
		con_line(con, "EZZ6123I", "%s ABENDTRAP COMMAND", o->job);
		con_text(con, "NOT CONFIGURED: SIGUSR1 writes the state to the log");
		return OPT_DONE;
	}
	for (size_t i = 0; i < sizeof(topic) / sizeof(topic[0]); i++) {
		if (*w == '\0' ? i != 0 : i == 0 || !word_is(w, topic[i].word, topic[i].min))
			continue;
		con_line(con, topic[i].id, "%s %s", o->job, topic[i].title);
		for (const char *const *t = topic[i].text; *t != NULL; t++)
			con_text(con, "%s", *t);
		return OPT_DONE;
	}
	return op_failed(o, RC_OPERAND, "HELP", "there is no help of that name", con);
}
