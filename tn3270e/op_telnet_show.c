/* SPDX-License-Identifier: Apache-2.0
 *
 * D TCPIP,,TELNET: the server, its profiles, inactive LUs, memory.
 */
#include <stdio.h>
#include <string.h>

#include "tn3270e/codepage.h"
#include "tn3270e/op_telnet_in.h"
#include "tn3270e/parm_letters.h"
#include "vtamsim/msg.h"

/* --- lines all displays share --- */

static const char *
state_text(uint8_t s)
{
	return s == LS_ACTIVE ? "ACTIVE" : s == LS_QUIESCED ? "QUIESCED" : "STOPPED";
}

const struct tnp_port *
op_port(const struct tnd *t, const struct port_count *c)
{
	const struct profile *p = tnd_profile(t, c->profile);
	const struct tnp_port *q = p == NULL ? NULL : p->ports;

	while (q != NULL && q->port != c->port)
		q = q->next;
	return q;
}

bool
op_port_wanted(const struct worker_query *q, const struct op_telnet *o,
    const struct port_count *c)
{
	const struct tnp_port *p = op_port(o->tnd, c);

	if (q->port_lo != 0 && (c->port < q->port_lo || c->port > q->port_hi))
		return false;
	if (q->qual.fam != 0 && (p == NULL || !ipaddr_eq(&q->qual, &p->addr)))
		return false;
	if ((q->basic && p != NULL && p->secure) || (q->secure && p != NULL && !p->secure))
		return false;
	return !q->by_profile || q->profile == c->profile;
}

/* EZZ6050I: two lines, without their number in a display. */
void
op_port_line(const struct port_count *c, const struct op_telnet *o, struct con *con)
{
	const struct tnp_port *p = op_port(o->tnd, c);
	char addr[IPADDR_TEXT], number[12] = "CURR", qual[IPADDR_TEXT + 1] = "";

	if (c->profile != 0)
		snprintf(number, sizeof(number), "%04u", (unsigned)c->profile);
	if (p != NULL && p->addr.fam != 0)
		snprintf(qual, sizeof(qual), ",%s", ipaddr_text(&p->addr, addr));
	con_text(con, "----- PORT: %5u%s  %-8s %-6s   PROF: %s CONNS: %6u", c->port, qual,
	    state_text(c->state), p != NULL && p->secure ? "SECURE" : "BASIC", number, c->conns);
	con_text(con, "------------------------------------------------------------");
}

/* EZZ6052I */
void
op_records(struct con *con, uint32_t shown, uint32_t of)
{
	con_text(con, "%u OF %u RECORDS DISPLAYED", shown, of);
}

/* --- the server --- */

void
op_status(const struct op_telnet *o, struct con *con)
{
	msg_line(con, EZAOP60I);
	con_text(con, "TELNET NAME VERSION    STATUS");
	con_text(con, "----------- ---------- --------------------------------");
	con_text(con, "%-11s %-10s %s", o->job, o->version, o->tnd != NULL ? "ACTIVE" :
	    "INACTIVE (NO PROFILE)");
	con_text(con, "*** END TELNET STATUS REPORT ***");
}

enum op_telnet_do
op_not_configured(const struct op_telnet *o, const char *what, struct con *con)
{
	if (word_is(what, "WLM", 3)) {
		msg_line(con, EZZ6067I, o->job);
		con_text(con, "WLM CLUSTER NAME          STATUS");
		con_text(con, "-----");
		con_text(con, "WLM NOT CONFIGURED");
	} else if (word_is(what, "XCF", 3)) {
		msg_line(con, EZZ6089I, o->job);
		con_text(con, "XCF GROUP NOT CONFIGURED");
	} else {
		msg_line(con, EZZ6085I, o->job);
		con_text(con, "LUNS NOT CONFIGURED");
	}
	op_records(con, 0, 0);
	return OPT_DONE;
}

/* --- profiles --- */

enum op_telnet_do
op_display_profile(struct op_telnet *o, struct words *s, uint32_t ticket, struct con *con)
{
	struct worker_query q = { .max = OPT_MAX, .count_only = 1 };

	while (s->at < s->n) {
		const char *w = words_peek(s);

		if (!op_where(&q, s))
			return op_operand(o, "PROFILE", w, con);
	}
	return op_ask(o, WO_LIST, &q, ticket, con);
}

static void
letters_of(const struct tnp_port *p, const struct worker_query *q, struct con *con)
{
	char l[PARM_LETTERS];

	if (p == NULL || p->final == NULL)
		return;
	if (!q->detail) {
		con_text(con, "%s", parm_port_letters(p, &p->final[0], l));
		return;
	}
	parm_rows(p, &p->final[0], con, "");
	tnp_parms_show(&p->final[0], con);
	tnp_limits_show(&p->limits, con);
	profile_tls_show(p, con);
	con_text(con, "CODEPAGE %s %s", p->page->ascii, p->page->ebcdic);
}

void
op_telnet_pages(const struct op_telnet *o, const struct profile *p, struct con *con)
{
	for (const struct tnp_port *port = p->ports; port != NULL; port = port->next)
		if (strcasecmp(port->page->ebcdic, "TNSTD") != 0 ||
		    strcasecmp(port->page->ascii, "TNSTD") != 0)
			con_line(con, "EZZ6024I", "%s CODE PAGE CONVERSION %s %s SET UP FOR "
			    "PORT %u", o->job, port->page->ascii, port->page->ebcdic, port->port);
}

static void
files(const struct op_telnet *o, const struct worker_query *q, struct con *con)
{
	for (unsigned i = 0; i <= TND_PROFILES; i++) {
		struct profile *p = (struct profile *)(uintptr_t)tnd_profile(o->tnd, i);

		if (p == NULL || (q->by_profile && q->profile != i))
			continue;
		if (i == 0)
			con_text(con, "PROFILE CURR FILE %s", p->file);
		else
			con_text(con, "PROFILE %04u FILE %s IN USE BY %u", i, p->file,
			    atomic_load(&p->users));
	}
}

static void
globals(const struct op_telnet *o, struct con *con)
{
	static const char *const level[] = { "OFF", "EXCEPTION", "SUMMARY", "DETAIL" };
	const struct profile *p = tnd_current(o->tnd);

	con_text(con, "FORMAT %s", p->globals.src[TP_FORMAT] != TS_DEFAULT &&
	    p->globals.v[TP_FORMAT] != 0 ? "LONG" : "SHORT");
	if ((p->smf & ACCT_ASK_INIT) != 0)
		con_text(con, "SMFINIT TYPE119");
	if ((p->smf & ACCT_ASK_TERM) != 0)
		con_text(con, "SMFTERM TYPE119");
	if (p->smf_file != NULL)
		con_text(con, "SMFFILE %.120s %u KEEP %u", p->smf_file, p->smf_mb, p->smf_keep);
	con_text(con, "TCPIPJOBNAME **N/A**");
	con_text(con, "DEBUG TASK %s CONSOLE", level[o->debug_off ? 0 : p->debug[0] & 3]);
	con_text(con, "DEBUG CONFIG %s CONSOLE", level[o->debug_off ? 0 : p->debug[1] & 3]);
	con_text(con, "DEBUG CONN %s", o->debug_off ? "OFF" : p->globals.src[TP_DEBUG] ==
	    TS_DEFAULT ? "EXCEPTION" : level[p->globals.v[TP_DEBUG] & 3]);
}

static void
numbers(const struct tnd_result *r, struct con *con)
{
	stats_show(con, tn_stat_desc, r->stat, TN_NSTAT);
	drop_reason_show(con, r->drops);
}

void
op_profile_result(const struct op_telnet *o, const struct tnd_result *r, struct con *con)
{
	unsigned first;

	if (r->query.detail)
		msg_line(con, EZZ6080I, o->job);
	else
		msg_line(con, EZZ6060I, o->job);
	parm_heading(con, "");
	first = con->lines;
	for (unsigned i = 0; i < r->n_ports; i++) {
		if (!op_port_wanted(&r->query, o, &r->port[i]))
			continue;
		letters_of(op_port(o->tnd, &r->port[i]), &r->query, con);
		op_port_line(&r->port[i], o, con);
	}
	files(o, &r->query, con);
	globals(o, con);
	if (r->query.detail)
		numbers(r, con);
	op_records(con, con->lines - first, con->lines - first);
}

/* --- LUs taken away --- */

enum op_telnet_do
op_inactlus(const struct op_telnet *o, struct words *s, struct con *con)
{
	struct worker_query q = { .max = OPT_MAX };
	char line[80] = "";
	uint32_t n = 0;

	while (s->at < s->n)
		if (!op_where(&q, s))
			return op_operand(o, "INACTLUS", s->w[s->at - 1], con);
	msg_line(con, EZZ6061I, o->job);
	con_text(con, "INACTIVE LUS");
	for (uint32_t i = 0; i < o->pools->lus.touched; i++) {
		const struct lu *l = pool_at(&o->pools->lus, i);
		size_t k = strlen(line);

		if (l == NULL || (l->state != LU_INACT && !l->held) || n++ >= q.max)
			continue;
		snprintf(line + k, sizeof(line) - k, "%s%s", k == 0 ? "" : " ", l->name);
		if (n % 5 == 0) {
			con_text(con, "%s", line);
			line[0] = '\0';
		}
	}
	if (line[0] != '\0')
		con_text(con, "%s", line);
	op_records(con, n < q.max ? n : q.max, n);
	return OPT_DONE;
}

/* --- memory --- */

enum op_telnet_do
op_stor(struct op_telnet *o, uint32_t ticket, struct con *con)
{
	const struct worker_query q = { .max = OPT_MAX };

	return op_ask(o, WO_METRICS, &q, ticket, con);
}

void
op_stor_result(const struct op_telnet *o, const struct tnd_result *r, struct con *con)
{
	static const char *const name[WORKER_MEMS] = { "CONNECTIONS", "BUFFERS SMALL",
		"BUFFERS STANDARD", "BUFFERS LARGE" };

	msg_line(con, EZZ8453I, o->job);
	msg_line(con, EZZ8454I, o->job);
	for (unsigned i = 0; i < WORKER_MEMS; i++)
		msg_line(con, EZZ8455I, name[i], r->mem[i].used,
		    r->mem[i].most, r->mem[i].limit, r->mem[i].bytes);
	msg_line(con, EZZ8455I, "LU NAMES", o->pools->lus.used, o->pools->lus.touched,
	    LUPOOL_LUS_MAX, (unsigned)sizeof(struct lu));
	msg_line(con, EZZ8459I);
}
