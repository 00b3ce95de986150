/* SPDX-License-Identifier: Apache-2.0
 *
 * D TCPIP[,proc][,TELNET],..., V TCPIP[,proc][,TELNET],... There is one server:
 * whatever procedure is named means it.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/op_telnet.h"

#define WORDS 16
#define MAX_DEFAULT 100u
#define MAX_MOST 65533u
#define FLOOD_S 15

/* A command cut at its commas. */
struct words {
	char text[1024];
	char *w[WORDS];
	unsigned n, at;
};

static bool
cut(struct words *s, const char *line)
{
	char *p = s->text;

	*s = (struct words){ .n = 0 };
	while (isspace((unsigned char)*line))
		line++;
	snprintf(s->text, sizeof(s->text), "%s", line);
	p[strcspn(p, "\r\n")] = '\0';
	s->w[s->n++] = p;
	p = strpbrk(p, " \t");
	if (p == NULL)
		return false;
	*p++ = '\0';
	while (isspace((unsigned char)*p))
		p++;
	while (s->n < WORDS) {
		s->w[s->n++] = p;
		p = strchr(p, ',');
		if (p == NULL)
			return true;
		*p++ = '\0';
	}
	return false;
}

/* The next word, "" behind the last. */
static const char *
next(struct words *s)
{
	return s->at < s->n ? s->w[s->at++] : "";
}

/* Abbreviated to at least min letters. */
static bool
is(const char *word, const char *full, size_t min)
{
	size_t n = strlen(word);

	return n >= min && n <= strlen(full) && strncasecmp(word, full, n) == 0;
}

static bool
key(const char *word, const char *k, const char **value)
{
	size_t n = strlen(k);

	if (strncasecmp(word, k, n) != 0 || word[n] != '=')
		return false;
	*value = word + n + 1;
	return true;
}

static enum op_telnet_do
failed(const struct op_telnet *o, const char *command, const char *why, struct con *con)
{
	con_line(con, "EZZ6039I", "%s COMMAND %s FAILED: %s", o->job, command, why);
	return OPT_REFUSED;
}

/* --- operands --- */

static bool
number(const char *s, unsigned long lo, unsigned long hi, unsigned base, uint32_t *to)
{
	char *end;
	unsigned long v;

	if (!isxdigit((unsigned char)*s))
		return false;
	v = strtoul(s, &end, (int)base);
	if (*end != '\0' || v < lo || v > hi)
		return false;
	*to = (uint32_t)v;
	return true;
}

/* ALL, n, n1..n2, BASIC, SECURE */
static bool
ports(const char *v, struct worker_msg *m)
{
	char first[8];
	const char *dots = strstr(v, "..");
	uint32_t a, b;

	if (strcasecmp(v, "ALL") == 0)
		return true;
	m->basic = strcasecmp(v, "BASIC") == 0;
	m->secure = strcasecmp(v, "SECURE") == 0;
	if (m->basic || m->secure)
		return true;
	if (dots == NULL) {
		if (!number(v, 1, 65535, 10, &a))
			return false;
		b = a;
	} else {
		if ((size_t)(dots - v) >= sizeof(first))
			return false;
		memcpy(first, v, (size_t)(dots - v));
		first[dots - v] = '\0';
		if (!number(first, 1, 65535, 10, &a) || !number(dots + 2, a, 65535, 10, &b))
			return false;
	}
	m->port_lo = (uint16_t)a;
	m->port_hi = (uint16_t)b;
	return true;
}

static void
pattern(char *to, size_t room, const char *v)
{
	size_t i = 0;

	for (; v[i] != '\0' && i + 1 < room; i++)
		to[i] = (char)toupper((unsigned char)v[i]);
	to[i] = '\0';
}

/* One operand of D ..,CONN. */
static bool
conn_operand(struct op_telnet *o, struct worker_query *q, const char *w)
{
	struct worker_msg m = { .op = 0 };
	const char *v;
	uint32_t id;

	if (key(w, "CONN", &v))
		return number(v, 1, UINT32_MAX, 16, &q->conn) && (q->detail = 1);
	if (key(w, "LUNAME", &v) || key(w, "LU", &v)) {
		pattern(q->lu, sizeof(q->lu), v);
		q->detail |= strchr(v, '*') == NULL;
		return true;
	}
	if (key(w, "APPL", &v)) {
		pattern(q->appl, sizeof(q->appl), v);
		return true;
	}
	if (key(w, "IPADDR", &v))
		return ipaddr_parse(&q->addr, v);
	if (key(w, "PROTOCOL", &v)) {
		pattern(q->proto, sizeof(q->proto), v);
		return true;
	}
	if (key(w, "PORT", &v)) {
		if (!ports(v, &m) || m.basic || m.secure)
			return false;
		q->port_lo = m.port_lo;
		q->port_hi = m.port_hi;
		return true;
	}
	if (key(w, "PROF", &v) || key(w, "PROFILE", &v)) {
		if (strcasecmp(v, "ALL") == 0 || strcasecmp(v, "ACTIVE") == 0)
			return true;
		id = 0;
		if (!is(v, "CURRENT", 4) && !number(v, 1, 9999, 10, &id))
			return false;
		q->profile = tnd_profile(o->tnd, id);
		return q->profile != NULL;
	}
	if (key(w, "MAX", &v)) {
		if (strcmp(v, "*") == 0)
			q->max = MAX_MOST;
		else
			return number(v, 1, MAX_MOST, 10, &q->max);
		return true;
	}
	if (is(w, "DETAIL", 3))
		q->detail = 1;
	else if (is(w, "SUMMARY", 3))
		q->detail = 0;
	else
		return is(w, "NOHNAME", 4) || is(w, "HNAME", 2);
	return true;
}

static enum op_telnet_do
ask(struct op_telnet *o, enum worker_order op, const struct worker_query *q, uint32_t ticket,
    struct con *con)
{
	struct worker_msg m = { .op = (uint8_t)op, .ticket = ticket };

	if (!tnd_order(o->tnd, &m, q))
		return failed(o, "DISPLAY", "too many displays are under way", con);
	return OPT_LATER;
}

static enum op_telnet_do
display_conn(struct op_telnet *o, struct words *s, uint32_t ticket, struct con *con)
{
	struct worker_query q = { .max = MAX_DEFAULT };
	const struct profile *p = tnd_current(o->tnd);
	char why[120];

	q.long_format = p != NULL && p->globals.v[TP_FORMAT] != 0;
	while (s->at < s->n) {
		const char *w = next(s);

		if (*w == '\0' || conn_operand(o, &q, w))
			continue;
		snprintf(why, sizeof(why), "operand %.40s is not valid", w);
		return failed(o, "CONNECTION", why, con);
	}
	return ask(o, WO_LIST, &q, ticket, con);
}

/* D ..,PROFILE[,PORT=n][,SUM|DET] */
static enum op_telnet_do
display_profile(struct op_telnet *o, struct words *s, uint32_t ticket, struct con *con)
{
	struct worker_query q = { .max = MAX_DEFAULT };
	struct worker_msg m = { .op = 0 };
	char why[80];
	const char *v;

	while (s->at < s->n) {
		const char *w = next(s);

		if (*w == '\0' || is(w, "SUMMARY", 3) ||
		    (key(w, "PORT", &v) && ports(v, &m) && !m.basic && !m.secure))
			continue;
		if (is(w, "DETAIL", 3)) {
			q.detail = 1;
			continue;
		}
		snprintf(why, sizeof(why), "operand %.40s is not valid", w);
		return failed(o, "PROFILE", why, con);
	}
	q.port_lo = m.port_lo;
	q.port_hi = m.port_hi;
	return ask(o, WO_METRICS, &q, ticket, con);
}

static enum op_telnet_do
status(const struct op_telnet *o, struct con *con)
{
	con_line(con, "EZAOP60I", "TELNET STATUS REPORT");
	con_text(con, "TELNET NAME VERSION    STATUS");
	con_text(con, "----------- ---------- --------------------------------");
	con_text(con, "%-11s %-10s %s", o->job, o->version, o->tnd != NULL ? "ACTIVE" :
	    "INACTIVE (NO PROFILE)");
	con_text(con, "*** END TELNET STATUS REPORT ***");
	return OPT_DONE;
}

static enum op_telnet_do
display(struct op_telnet *o, struct words *s, uint32_t ticket, struct con *con)
{
	const char *w = next(s);
	char why[120];

	if (*w == '\0')
		return status(o, con);
	if (is(w, "CONNECTION", 4))
		return display_conn(o, s, ticket, con);
	if (is(w, "PROFILE", 4) || is(w, "PORT", 4))
		return display_profile(o, s, ticket, con);
	if (is(w, "CLIENTID", 2) || is(w, "CLID", 4)) {
		op_telnet_clids(o, con);
		return OPT_DONE;
	}
	if (is(w, "OBJECT", 2)) {
		op_telnet_objects(o, con);
		return OPT_DONE;
	}
	if (is(w, "INACTLUS", 8)) {
		op_telnet_inactlus(o, con);
		return OPT_DONE;
	}
	if (is(w, "HELP", 2)) {
		op_telnet_help(con);
		return OPT_DONE;
	}
	if (is(w, "FSM", 3)) {
		tnneg_print(con);
		tnlu_print(con);
		return OPT_DONE;
	}
	if (is(w, "XCF", 3) || is(w, "LUNS", 4) || is(w, "STOR", 4) || is(w, "WLM", 3)) {
		snprintf(why, sizeof(why), "there is no %s here", w);
		return failed(o, "DISPLAY", why, con);
	}
	snprintf(why, sizeof(why), "%.30s is not a Telnet display (D TCPIP,,TELNET,HELP)", w);
	return failed(o, "DISPLAY", why, con);
}

/* --- VARY --- */

static enum op_telnet_do
vary_ports(struct op_telnet *o, struct words *s, enum worker_order op, const char *name,
    struct con *con)
{
	struct worker_msg m = { .op = (uint8_t)op };
	const char *v;

	while (s->at < s->n) {
		const char *w = next(s);

		if (*w != '\0' && (!key(w, "PORT", &v) || !ports(v, &m)))
			return failed(o, name, "PORT=ALL, n, n1..n2, BASIC or SECURE is wanted",
			    con);
	}
	if (!tnd_order(o->tnd, &m, NULL))
		return failed(o, name, "too many orders are under way", con);
	con_line(con, "EZZ6038I", "%s COMMAND %s COMPLETE", o->job, name);
	return OPT_DONE;
}

static enum op_telnet_do
vary_lu(const struct op_telnet *o, struct words *s, bool act, struct con *con)
{
	const char *name = act ? "ACT" : "INACT";
	char lu[9], why[80];

	pattern(lu, sizeof(lu), next(s));
	if (lu[0] == '\0')
		return failed(o, name, "the LU's name is missing", con);
	if (act ? lupool_act(o->pools, lu) : lupool_inact(o->pools, lu)) {
		con_line(con, "EZZ6038I", "%s COMMAND %s %s COMPLETE", o->job, name, lu);
		return OPT_DONE;
	}
	snprintf(why, sizeof(why), "%s is not in the profile or %s already", lu,
	    act ? "active" : "inactive");
	return failed(o, name, why, con);
}

static enum op_telnet_do
obey(struct op_telnet *o, struct words *s, struct con *con)
{
	const char *w = next(s), *v;
	const struct profile *p = tnd_current(o->tnd);

	if (key(w, "DSN", &v))
		w = v;
	if (*w == '\0' && p != NULL)
		w = p->file;            /* the one in force, changed meanwhile */
	if (strlen(w) >= sizeof(o->file))
		return failed(o, "OBEYFILE", "the file's name is too long", con);
	snprintf(o->file, sizeof(o->file), "%s", w);
	con_line(con, "EZZ6044I", "%s PROFILE PROCESSING BEGINNING FOR FILE %s", o->job, o->file);
	return OPT_OBEY;
}

static enum op_telnet_do
vary(struct op_telnet *o, struct words *s, struct con *con)
{
	const char *w = next(s);
	char why[120];

	if (is(w, "QUIESCE", 3))
		return vary_ports(o, s, WO_QUIESCE, "QUIESCE", con);
	if (is(w, "RESUME", 3))
		return vary_ports(o, s, WO_RESUME, "RESUME", con);
	if (is(w, "STOP", 4))
		return vary_ports(o, s, WO_STOP, "STOP", con);
	if (is(w, "OBEYFILE", 4))
		return obey(o, s, con);
	if (is(w, "ACT", 3))
		return vary_lu(o, s, true, con);
	if (is(w, "INACT", 5))
		return vary_lu(o, s, false, con);
	snprintf(why, sizeof(why), "%.30s is not a Telnet VARY (QUIESCE, RESUME, STOP, OBEYFILE, "
	    "ACT, INACT)", w);
	return failed(o, "VARY", why, con);
}

/* --- the command --- */

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

	if (!cut(&s, line) || s.n < 2 || strcasecmp(s.w[1], "TCPIP") != 0)
		return failed(o, "TELNET", "the command could not be read", con);
	show = is(s.w[0], "DISPLAY", 1);
	if (!show && !is(s.w[0], "VARY", 1))
		return failed(o, s.w[0], "only DISPLAY and VARY are Telnet commands", con);
	target(&s);
	if (o->tnd == NULL && !(show && s.at >= s.n))
		return failed(o, show ? "DISPLAY" : "VARY", "there is no Telnet server: no "
		    "profile", con);
	return show ? display(o, &s, ticket, con) : vary(o, &s, con);
}

static void
take_lines(struct con *to, struct con *from)
{
	const char *p = from->text;

	while (p != NULL && *p != '\0') {
		size_t n = strcspn(p, "\n");

		con_text(to, "%.*s", (int)n, p);
		p += n;
		p += *p == '\n';
	}
	con_fini(from);
}

void
op_telnet_result(struct op_telnet *o, struct tnd_result *r, struct con *con)
{
	uint32_t shown = r->found < r->query.max ? r->found : r->query.max;

	if (r->op != WO_LIST) {
		op_telnet_profile(o, r, con);
		con_fini(&r->con);
		return;
	}
	con_line(con, r->query.detail ? "EZZ6065I" : "EZZ6064I", "%s CONN DISPLAY", o->job);
	if (!r->query.detail) {
		con_text(con, "         EN                                          TSP");
		con_text(con, "CONN     TY IPADDR..PORT           LUNAME   APPLID   PTR LOGMODE");
		con_text(con, "-------- -- ---------------------- -------- -------- --- --------");
	}
	take_lines(con, &r->con);
	for (unsigned i = 0; i < r->n_ports; i++)
		op_telnet_port_line(&r->port[i], o->tnd, con);
	con_text(con, "%u OF %u RECORDS DISPLAYED", shown, r->found);
}

/* --- EZZ6034I --- */

/* The same reason again within 15 seconds: counted, told as MULTIPLE. */
static bool
flood(struct op_telnet *o, const struct tn_report *r, struct mono now)
{
	bool same = r->kind == TR_CONN_DROP && r->debug < DB_SUMMARY &&
	    strcmp(o->last_reason, r->object) == 0 &&
	    mono_before(now, mono_add(o->last_at, SECS(FLOOD_S)));

	if (same) {
		o->last_count++;
		return true;
	}
	if (r->kind == TR_CONN_DROP) {
		snprintf(o->last_reason, sizeof(o->last_reason), "%s", r->object);
		o->last_at = now;
	}
	return false;
}

bool
op_telnet_report(struct op_telnet *o, const struct tn_report *r, struct mono now, struct con *con)
{
	static const char *const action[] = { "", "ACCEPTED", "NEGOTIATED", "IN SESSION",
		"SESS DROP", "CONN DROP" };
	char addr[IPADDR_TEXT];
	uint32_t before = o->last_count;

	if (r->kind == TR_PORT) {
		con_line(con, r->error ? "EZZ6039I" : "EZZ6003I", "%s PORT %u %s", o->job, r->cport,
		    r->text);
		return true;
	}
	if (flood(o, r, now))
		return false;
	if (before != 0) {
		con_line(con, "EZZ6034I", "%s CONN MULTIPLE LU MULTIPLE CONN DROP: %u MORE", o->job,
		    before);
		o->last_count = 0;
	}
	con_line(con, "EZZ6034I", "%s CONN %08X LU %-8s %-12s %s", o->job, r->id, r->lu,
	    action[r->kind], r->object);
	con_text(con, "         IP..PORT: %s..%u  %s", ipaddr_text(&r->addr, addr), r->cport,
	    r->text);
	return true;
}
