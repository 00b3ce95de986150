/* SPDX-License-Identifier: Apache-2.0
 *
 * A client for the operator: its row of EZZ6064I, its part of EZZ6065I.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tn3270e/conn_mon.h"
#include "tn3270e/conn_parts.h"
#include "tn3270e/parm_letters.h"
#include "tn3270e/tndev.h"
#include "tn3270e/ttls.h"

#define NA "**N/A**"

static const char *
appl(const struct conn *c)
{
	return tnlu_in_session(&c->lu) ? name_base(&c->lu.plu) : "";
}

/* --- EZZ6064I --- */

/* TSP: terminal or printer; state; protocol. */
static void
letters(const struct conn *c, char to[4])
{
	static const char proto[] = { '*', 'E', '3', 'L' };
	const struct tndev *d = tndev_at(c->neg.device);

	to[0] = d == NULL ? '*' : d->class == TNDEV_PRINTER ? 'P' : 'T';
	to[1] = tnlu_in_session(&c->lu) ? 'A' : c->state == CS_RUN ? 'P' : 'N';
	to[2] = proto[c->neg.mode];
	to[3] = '\0';
}

static void
row(const struct conn *c, const struct worker_query *q, struct con *con)
{
	char addr[IPADDR_TEXT], end[130], tsp[4];

	letters(c, tsp);
	snprintf(end, sizeof(end), "%s..%u", ipaddr_text(&c->who.addr, addr), c->cport);
	if (q->hname && c->who.host != NULL)
		snprintf(end, sizeof(end), "%.120s..%u", c->who.host, c->cport);
	if (q->long_format || strlen(end) > 22) {
		con_text(con, "%08X %2s %s", c->id, c->tls != NULL ? "TL" : "", end);
		con_text(con, "%34s %-8s %-8s %s %s", "", conn_lu(c), appl(c), tsp, c->mode);
	} else {
		con_text(con, "%08X %2s %-22s %-8s %-8s %s %s", c->id, c->tls != NULL ? "TL" : "",
		    end, conn_lu(c), appl(c), tsp, c->mode);
	}
}

/* --- EZZ6065I --- */

static const char *
status(const struct conn *c)
{
	static const char *const text[] = { "FREE", "WAITS FOR TLS", "TLS HANDSHAKE", "NEGOTIATING",
		"", "ENDING", "WAITS FOR ITS NAME" };

	if (tnlu_in_session(&c->lu))
		return "SESSION ACTIVE";
	return c->state == CS_RUN ? tnlu_state(&c->lu) : text[c->state];
}

/* E TN3270E, T terminal type, E end of record, B binary, ECHO, SGA, timing mark, N environ:
 * the order of SMF's byte (section 13). */
static void
options(const struct conn *c, char to[9])
{
	static const struct {
		uint8_t opt;
		char letter;
	} o[] = { { TO_TN3270E, 'E' }, { TO_TTYPE, 'T' }, { TO_EOR, 'E' }, { TO_BINARY, 'B' },
		{ TO_ECHO, 'C' }, { TO_SGA, 'S' }, { TO_TM, 'M' }, { TO_ENVIRON, 'N' } };

	for (unsigned i = 0; i < 8; i++)
		to[i] = tel_him(&c->tel, o[i].opt) || tel_us(&c->tel, o[i].opt) ? o[i].letter :
		    '-';
	to[8] = '\0';
}

static void
functions(const struct conn *c, char to[TNF_N + 1])
{
	static const char letter[TNF_N] = { [TNF_BIND_IMAGE] = 'B', [TNF_DATA_STREAM_CTL] = 'D',
		[TNF_RESPONSES] = 'R', [TNF_SCS_CTL_CODES] = 'P', [TNF_SYSREQ] = 'S',
		[TNF_CONTENTION] = 'C', [TNF_SNA_SENSE] = 'N' };

	for (unsigned f = 0; f < TNF_N; f++)
		to[f] = c->neg.mode == TNMODE_E && (c->neg.funcs & TNF(f)) != 0 ? letter[f] : '-';
	to[TNF_N] = '\0';
}

static unsigned
seconds(struct mono now, struct mono then)
{
	int64_t us = mono_diff(now, then);

	return us < 0 ? 0 : (unsigned)(us / 1000000);
}

static void
when(const struct conn *c, struct mono now, struct con *con)
{
	time_t t = time(NULL) - (time_t)seconds(now, c->since);
	char text[24];
	struct tm tm;

	(void)localtime_r(&t, &tm);
	strftime(text, sizeof(text), "%H:%M:%S %m/%d/%Y", &tm);
	con_text(con, "  CONNECTED: %s   STATUS: %s", text, status(c));
}

/* Section 14.2: on a TTLSPORT what the policy said. */
static void
policy(const struct conn *c, struct con *con)
{
	const struct ttls_rule *r;

	(void)profile_tls_of(c->port, &c->who, c->cport, &r);
	if (r == NULL)
		return;
	con_text(con, "    TTLSRULE: %s", r->name);
	con_text(con, "      TTLSGRPACTION: %s", r->group);
	con_text(con, "      TTLSENVACTION: %s", r->env[0] != '\0' ? r->env : NA);
	con_text(con, "      TTLSCONNACTION: %s", r->conn[0] != '\0' ? r->conn : NA);
}

static void
addresses(const struct conn *c, struct con *con)
{
	char a[IPADDR_TEXT], d[IPADDR_TEXT], qual[IPADDR_TEXT] = "NONE";

	con_text(con, "  CLIENT IDENTIFIER FOR CONN: %08X  SECLABEL: " NA, c->id);
	con_text(con, "    CLIENTAUTH USERID: %s", c->who.user[0] != '\0' ? c->who.user : NA);
	con_text(con, "    HOSTNAME: %s", c->who.host != NULL ? c->who.host : "NO HOSTNAME");
	con_text(con, "    CLNTIP..PORT: %s..%u", ipaddr_text(&c->who.addr, a), c->cport);
	con_text(con, "    DESTIP..PORT: %s..%u", ipaddr_text(&c->who.dest, d), c->port->port);
	con_text(con, "    LINKNAME: %s", c->who.link[0] != '\0' ? c->who.link : NA);
	if (c->port->addr.fam != 0)
		(void)ipaddr_text(&c->port->addr, qual);
	con_text(con, "  PORT: %5u  QUAL: %s", c->port->port, qual);
	con_text(con, "    AFFINITY: " NA);
	if (c->tls != NULL && c->state != CS_TLS)
		con_text(con, "    STATUS: ACTIVE %-6s     ACCESS: SECURE %s %s%s",
		    c->port->secure ? "SECURE" : "BASIC", tls_version(c->tls),
		    tls_cipher(c->tls), tls_reused(c->tls) ? " RESUMED" : "");
	else
		con_text(con, "    STATUS: ACTIVE %-6s     ACCESS: NON-SECURE",
		    c->port->secure ? "SECURE" : "BASIC");
	policy(c, con);
}

static void
protocol(const struct conn *c, struct con *con)
{
	char opts[9], funcs[TNF_N + 1];
	const struct tndev *d = tndev_at(c->neg.device);

	options(c, opts);
	functions(c, funcs);
	con_text(con, "  PROTOCOL: %-16s LOGMODE: %-8s DEVICETYPE: %s", tnneg_mode_text(&c->neg),
	    c->mode[0] != '\0' ? c->mode : NA, c->neg.type[0] != '\0' ? c->neg.type : NA);
	con_text(con, "    OPTIONS: %-8s  3270E FUNCTIONS: %s", opts, funcs);
	con_text(con, "                        NEWENV FUNCTIONS: --");
	con_text(con, "  LUNAME: %-8s   TYPE: %s %s", conn_lu(c), d != NULL &&
	    d->class == TNDEV_PRINTER ? "PRINTER" : "TERMINAL", c->neg.kind == TNREQ_GENERIC ?
	    "GENERIC" : "SPECIFIC");
	con_text(con, "  APPL: %s", appl(c)[0] != '\0' ? appl(c) : NA);
	con_text(con, "  USERIDS  RESTRICTAPPL: %s   EXPRESSLOGON: %s", c->appl != NULL &&
	    (c->appl->opts & TNA_RESTRICTED) != 0 && appl(c)[0] != '\0' ? c->who.user : NA,
	    conn_elf_active(c) ? c->who.user : NA);
}

/* The kinds of client identifiers by two letters; those not seen anywhere are our choice. */
static void
clid(const char *head, const struct tnp_clid *id, struct con *con)
{
	static const char *const kind[CK_RANKS] = { "NL", "UI", "HN", "IP", "UG", "HG", "IG", "UG",
		"HG", "IG", "DI", "LN", "DG", "LG", "DG", "LG", "NL" };
	unsigned k = id == NULL || id->kind > CK_NULL ? 0 : id->kind;

	con_text(con, "    %11s: %s %s", head, kind[k], k == 0 || id->name[0] == '\0' ?
	    "(NULL)" : id->name);
}

#define OBJECT_ROW "%35s%s%-10s %-17s %s"

static void
lumap(const struct conn *c, struct con *con)
{
	const struct tnp_map *m = c->map;
	const struct tndev *d = tndev_at(c->neg.device);
	char opts[6] = "-----";

	if (conn_lu(c)[0] == '*') {
		con_text(con, "    %11s: " NA, "LUMAP GEN");
		return;
	}
	clid(m != NULL && m->kind == TMAP_SPECIFIC ? "LUMAP SPEC" : "LUMAP GEN",
	    m == NULL ? NULL : &m->clid, con);
	if (m != NULL && m->keepopen)
		opts[0] = 'K';
	con_text(con, OBJECT_ROW, "", ">", m != NULL ? m->group->name : d != NULL &&
	    d->class == TNDEV_PRINTER ? "*DEFPRT*" : "*DEFLUS*",
	    m != NULL && m->partner != NULL ? m->partner->name : "", opts);
	if (m != NULL && m->appl != NULL) {
		clid("APPL LUMAP", &m->clid, con);
		con_text(con, OBJECT_ROW, "", " ", m->appl->name, "", "-----");
	}
}

static void
table(const char *head, const struct tnp_uss *u, struct con *con)
{
	if (u == NULL) {
		con_text(con, "    %11s: " NA, head);
		return;
	}
	clid(head, &u->clid, con);
	con_text(con, "%35s%s%s%s%s", "", ">", u->name[0], u->name[1][0] != '\0' ? ",>" : "",
	    u->name[1]);
}

static void
times(const struct conn *c, struct mono now, struct con *con)
{
	const struct rtime_conf *f;
	struct rtime_slot slide;

	if (c->mon == NULL)
		return;
	f = &c->mon->map->monitor->conf;
	slide = rtime_sliding(&c->mon->rt.win, f, now);
	clid("MONGROUP", &c->mon->map->clid, con);
	con_text(con, "%36s%s", "", c->mon->map->monitor->name);
	rt_show(f, &c->mon->rt.sum, &slide, con, "      ");
}

static void
mapping(const struct conn *c, struct mono now, struct con *con)
{
	const struct tnp_appl *a = tndev_at(c->neg.device) == NULL ? NULL : conn_default_appl(c);

	con_text(con, "  MAPPING TYPE:    CONN IDENTIFIER");
	con_text(con, "%36s%-10s %-17s %s", "", "OBJECT", "ITEM SPECIFIC", "OPTIONS");
	lumap(c, con);
	if (a == NULL) {
		con_text(con, "    %11s: " NA, "DEFLT APPL");
	} else if (c->map == NULL || a != c->map->appl) {
		clid("DEFLT APPL", &a->clid, con);
		con_text(con, OBJECT_ROW, "", " ", a->name, "", "-----");
	}
	table("USS TABLE", profile_uss(c->port, &c->who), con);
	table("INT TABLE", profile_interp(c->port, &c->who), con);
	times(c, now, con);
}

/* What the product's display does not have. */
static void
ours(const struct conn *c, struct mono now, struct con *con)
{
	con_text(con, "  RECORDS IN %u OUT %u  BYTES IN %llu OUT %llu", c->lu.in, c->lu.out,
	    (unsigned long long)c->bytes_in, (unsigned long long)c->bytes_out);
	con_text(con, "  LAST INPUT %u SECONDS AGO  QUEUED FOR THE CLIENT %u BYTES%s",
	    seconds(now, c->last_in), c->tel.out.bytes, c->stalled ? "  READING WAITS" : "");
	con_text(con, "  FSMS: TNNEG %s  TNLU %s  TURN %s%s%s", fsm_state(&c->neg.fsm),
	    tnlu_state(&c->lu), c->lu.turn == TURN_OURS ? "CLIENT" : c->lu.turn == TURN_HOSTS ?
	    "HOST" : "EITHER", c->lu.inb ? " INB" : " BETB", c->lu.owed != 0 ? " RSP-OWED" : "");
}

static void
detail(const struct conn *c, struct mono now, struct con *con)
{
	when(c, now, con);
	addresses(c, con);
	protocol(c, con);
	if (c->port->vtam != NULL)
		mapping(c, now, con);
	con_text(con, "  PARMS:");
	parm_heading(con, "  ");
	parm_rows(c->port, c->parms, con, "  ");
	ours(c, now, con);
}

void
conn_show(const struct conn *c, const struct worker_query *q, struct mono now, struct con *con)
{
	if (q->detail)
		detail(c, now, con);
	else
		row(c, q, con);
}
