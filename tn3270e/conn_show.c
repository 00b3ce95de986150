/* SPDX-License-Identifier: Apache-2.0 */
/* A client for the operator: EZZ6064I rows, EZZ6065I details. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/conn_parts.h"
#include "tn3270e/tndev.h"

static const char *
appl(const struct conn *c)
{
	return tnlu_in_session(&c->lu) ? name_base(&c->lu.plu) : "";
}

static bool
like(const char *pattern, const char *name)
{
	return pattern[0] == '\0' || name_match(pattern, name);
}

bool
conn_matches(const struct conn *c, const struct worker_query *q)
{
	if (q->conn != 0 && q->conn != c->id)
		return false;
	if (q->port_lo != 0 && (c->port->port < q->port_lo || c->port->port > q->port_hi))
		return false;
	if (q->addr.fam != 0 && !ipaddr_eq(&q->addr, &c->who.addr))
		return false;
	if (q->profile != NULL && q->profile != c->port->profile)
		return false;
	if (q->proto[0] != '\0' && strcasecmp(q->proto, tnneg_mode_text(&c->neg)) != 0)
		return false;
	return like(q->lu, conn_lu(c)) && like(q->appl, appl(c));
}

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
	char addr[IPADDR_TEXT], end[IPADDR_TEXT + 8], tsp[4];

	letters(c, tsp);
	snprintf(end, sizeof(end), "%s..%u", ipaddr_text(&c->who.addr, addr), c->cport);
	if (q->long_format || strlen(end) > 22) {
		con_text(con, "%08X %2s %s", c->id, c->tls != NULL ? "TL" : "", end);
		con_text(con, "%34s %-8s %-8s %s %s", "", conn_lu(c), appl(c), tsp, c->mode);
	} else {
		con_text(con, "%08X %2s %-22s %-8s %-8s %s %s", c->id, c->tls != NULL ? "TL" : "",
		    end, conn_lu(c), appl(c), tsp, c->mode);
	}
}

static const char *
status(const struct conn *c)
{
	static const char *const text[] = { "FREE", "WAITS FOR TLS", "TLS HANDSHAKE", "NEGOTIATING",
		"", "ENDING", "WAITS FOR ITS NAME" };

	return c->state == CS_RUN ? tnlu_state(&c->lu) : text[c->state];
}

static void
options(const struct conn *c, char to[24])
{
	snprintf(to, 24, "%s%s%s%s%s", tel_him(&c->tel, TO_TN3270E) ? "E" : "",
	    tel_him(&c->tel, TO_TTYPE) ? "T" : "", tel_him(&c->tel, TO_EOR) ? "O" : "",
	    tel_him(&c->tel, TO_BINARY) ? "B" : "", tel_him(&c->tel, TO_SGA) ? "S" : "");
}

static unsigned
seconds(struct mono now, struct mono then)
{
	int64_t us = mono_diff(now, then);

	return us < 0 ? 0 : (unsigned)(us / 1000000);
}

static void
addresses(const struct conn *c, struct con *con)
{
	char a[IPADDR_TEXT], d[IPADDR_TEXT];

	con_text(con, "    HOSTNAME: %s", c->who.host != NULL ? c->who.host : "**N/A**");
	con_text(con, "    CLNTIP..PORT: %s..%u", ipaddr_text(&c->who.addr, a), c->cport);
	con_text(con, "    DESTIP..PORT: %s..%u", ipaddr_text(&c->who.dest, d), c->port->port);
	con_text(con, "    LINKNAME: %s", c->who.link[0] != '\0' ? c->who.link : "**N/A**");
	if (c->tls != NULL && c->state != CS_TLS)
		con_text(con, "    TLS: %s %s  CLIENTAUTH USERID: %s", tls_version(c->tls),
		    tls_cipher(c->tls), c->who.user[0] != '\0' ? c->who.user : "**N/A**");
}

static void
mapping(const struct conn *c, struct con *con)
{
	const struct tnp_uss *u = profile_uss(c->port, &c->who);
	const struct tndev *d = tndev_at(c->neg.device);
	const struct tnp_appl *a = d == NULL ? NULL : profile_appl(c->port, &c->who, c->map,
	    d->class == TNDEV_PRINTER ? TA_PRINTER : d->class == TNDEV_LINE ? TA_LINE : TA_DEFAULT);

	con_text(con, "MAPPING TYPE:    CONN IDENTIFIER     OBJECT      ITEM SPECIFIC");
	if (c->map != NULL)
		con_text(con, "    LUMAP %s:   %-18s %-10s %s", c->map->kind == TMAP_SPECIFIC ?
		    "SPEC" :
		    "GEN ", c->map->clid.name[0] != '\0' ? c->map->clid.name : "NULL",
		    c->map->group->name, conn_lu(c));
	else
		con_text(con, "    LUMAP GEN :   %-18s %-10s %s", "NULL", "*DEFLUS*", conn_lu(c));
	con_text(con, "    DEFLT APPL:   %-18s %s", a != NULL && a->clid.name[0] != '\0' ?
	    a->clid.name : "NULL", a != NULL ? a->name : "**N/A**");
	con_text(con, "    USS TABLE:    %-18s %s%s%s", u != NULL && u->clid.name[0] != '\0' ?
	    u->clid.name : "NULL", u != NULL ? u->name[0] : "**N/A**",
	    u != NULL && u->name[1][0] != '\0' ? "," : "", u != NULL ? u->name[1] : "");
}

static void
detail(const struct conn *c, struct mono now, struct con *con)
{
	char opts[24], funcs[32], l[80];

	con_text(con, "  CONNECTED: %u SECONDS AGO          STATUS: %s", seconds(now, c->since),
	    status(c));
	con_text(con, "  CLIENT IDENTIFIER FOR CONN: %08X", c->id);
	addresses(c, con);
	con_text(con, "  PORT: %u   ACCESS: %s %s", c->port->port, c->port->secure ? "SECURE" :
	    "BASIC", c->tls != NULL ? "TLS" : "NON-SECURE");
	options(c, opts);
	con_text(con, "  PROTOCOL: %-9s LOGMODE: %-8s DEVICETYPE: %s", tnneg_mode_text(&c->neg),
	    c->mode, c->neg.type);
	con_text(con, "    OPTIONS: %-7s  3270E FUNCTIONS: %s", opts,
	    tnneg_funcs_text(&c->neg, funcs));
	con_text(con, "  LUNAME: %-8s TYPE: %s  APPL: %s", conn_lu(c), c->map != NULL &&
	    c->map->kind == TMAP_SPECIFIC ? "SPECIFIC" : "GENERIC",
	    appl(c)[0] != '\0' ? appl(c) : "**N/A**");
	if (c->port->vtam != NULL)
		mapping(c, con);
	con_text(con, "  RECORDS IN %u OUT %u  BYTES IN %llu OUT %llu", c->lu.in, c->lu.out,
	    (unsigned long long)c->bytes_in, (unsigned long long)c->bytes_out);
	con_text(con, "  LAST INPUT %u SECONDS AGO  QUEUED FOR THE CLIENT %u BYTES%s",
	    seconds(now, c->last_in), c->tel.out.bytes, c->stalled ? "  READING WAITS" : "");
	con_text(con, "  FSMS: TNNEG %s  TNLU %s  TURN %s%s%s", fsm_state(&c->neg.fsm),
	    tnlu_state(&c->lu), c->lu.turn == TURN_OURS ? "CLIENT" : c->lu.turn == TURN_HOSTS ?
	    "HOST" : "EITHER", c->lu.inb ? " INB" : " BETB", c->lu.owed != 0 ? " RSP-OWED" : "");
	con_text(con, "PARMS: %s", tnp_parms_letters(c->parms, c->port->secure, l));
}

void
conn_show(const struct conn *c, const struct worker_query *q, struct mono now, struct con *con)
{
	if (q->detail)
		detail(c, now, con);
	else
		row(c, q, con);
}
