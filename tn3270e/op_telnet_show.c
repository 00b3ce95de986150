/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "tn3270e/op_telnet.h"
#include "tn3270e/tndev.h"

static const char *
state_text(uint8_t s)
{
	return s == LS_ACTIVE ? "ACTIVE" : s == LS_QUIESCED ? "QUIESCED" : "INACTIVE";
}

static const struct tnp_port *
port_of(const struct tnd *t, uint16_t port, unsigned *prof)
{
	for (unsigned i = 0; i <= TND_PROFILES; i++) {
		const struct profile *p = tnd_profile(t, i);

		for (const struct tnp_port *q = p == NULL ? NULL :
		    p->ports; q != NULL; q = q->next) {
			if (q->port == port) {
				*prof = i;
				return q;
			}
		}
	}
	return NULL;
}

void
op_telnet_port_line(const struct port_count *p, const struct tnd *t, struct con *con)
{
	unsigned prof = 0;
	char number[12] = "CURR";

	(void)port_of(t, p->port, &prof);
	if (prof != 0)
		snprintf(number, sizeof(number), "%04u", prof);
	con_text(con, "----- PORT: %5u  %-8s          PROF: %s CONNS: %6u", p->port,
	    state_text(p->state), number, p->conns);
}

void
op_telnet_profile(const struct op_telnet *o, const struct tnd_result *r, struct con *con)
{
	char l[80];
	unsigned shown = 0;

	con_line(con, r->query.detail ? "EZZ6080I" : "EZZ6060I", "%s PROFILE DISPLAY", o->job);
	con_text(con, "PERSIS   FUNCTION        DIA   SECURITY     TIMERS    MISC");
	con_text(con, "(LMTGCAK)(OPATSKTQSSHRT) (DRF) (PCKLECXN23) (IPKPSTS) (SMLT)");
	con_text(con, "-------  -------------   ---   ----------   -------   ----");
	for (unsigned i = 0; i < r->n_ports; i++) {
		unsigned prof = 0;
		const struct tnp_port *p = port_of(o->tnd, r->port[i].port, &prof);

		if (r->query.port_lo != 0 && (r->port[i].port < r->query.port_lo ||
		    r->port[i].port > r->query.port_hi))
			continue;
		shown++;
		if (p != NULL && p->final != NULL) {
			con_text(con, "%s", tnp_parms_letters(&p->final[0], p->secure, l));
			if (r->query.detail)
				tnp_parms_show(&p->final[0], con);
		}
		op_telnet_port_line(&r->port[i], o->tnd, con);
	}
	for (unsigned i = 0; i <= TND_PROFILES; i++) {
		const struct profile *p = tnd_profile(o->tnd, i);

		if (p == NULL)
			continue;
		if (i == 0)
			con_text(con, "PROFILE CURR FILE %s", p->file);
		else
			con_text(con, "PROFILE %04u FILE %s IN USE BY %u", i, p->file,
			    atomic_load(&((struct profile *)(uintptr_t)p)->users));
	}
	if (r->query.detail)
		stats_show(con, tn_stat_desc, r->stat, TN_NSTAT);
	con_text(con, "%u OF %u RECORDS DISPLAYED", shown, r->n_ports);
}

/* One row of EZZ6081I or, the other way round, EZZ6083I. */
struct row {
	const char *type, *object, *item, *options;
	const struct tnp_clid *clid;
};

typedef void row_fn(struct con *, const struct row *);

static void
clid_row(struct con *con, const struct row *r)
{
	con_text(con, "%-9s %-22s %-9s %-10s %-9s %s", tnp_clid_type(r->clid->kind),
	    r->clid->name[0] != '\0' ? r->clid->name : "*", r->type, r->object, r->item,
	    r->options);
}

static void
object_row(struct con *con, const struct row *r)
{
	con_text(con, "%-9s %-18s %-9s %-22s %-9s %s", r->type, r->object,
	    tnp_clid_type(r->clid->kind), r->clid->name[0] != '\0' ? r->clid->name : "*", r->item,
	    r->options);
}

static unsigned
map_rows(const struct tnp_vtam *v, row_fn *fn, struct con *con)
{
	unsigned n = 0;

	for (const struct tnp_map *m = v->maps; m != NULL; m = m->next, n++) {
		const struct row r = { m->printer ? "PRTGRP" : "LUGRP", m->group->name,
			m->partner != NULL ? m->partner->name : m->appl != NULL ? m->appl->name :
			    "",
			m->kind == TMAP_SPECIFIC ? "SPECIFIC" : "GENERIC", &m->clid };

		fn(con, &r);
	}
	return n;
}

static unsigned
other_rows(const struct tnp_vtam *v, row_fn *fn, struct con *con)
{
	static const char *const kind[] = { "", "DEFAPPL", "PRTAPPL", "LINEAPPL", "ARAPPL" };
	static const struct tnp_clid null = { .kind = CK_NULL };
	unsigned n = 0;

	for (const struct tnp_appl *a = v->appls; a != NULL; a = a->next, n++) {
		const struct row r = { kind[a->kind], a->name, "", a->opts & TNA_RESTRICTED ?
			"RESTRICTED" : a->opts & TNA_DISCONNECTABLE ? "DISCONN" : "",
			a->kind == TA_ALLOW ? &null : &a->clid };

		fn(con, &r);
	}
	for (const struct tnp_uss *u = v->uss; u != NULL; u = u->next, n++) {
		const struct row r = { "USS", u->name[0], u->name[1], "", &u->clid };

		fn(con, &r);
	}
	for (const struct tnp_uss *u = v->interps; u != NULL; u = u->next, n++) {
		const struct row r = { "INT", u->name[0], "", "", &u->clid };

		fn(con, &r);
	}
	for (const struct tnp_parmsmap *m = v->parmsmaps; m != NULL; m = m->next, n++) {
		const struct row r = { "PARMSGRP", v->parmsgroup[m->group], "", "", &m->clid };

		fn(con, &r);
	}
	return n;
}

static unsigned
group_row(const struct op_telnet *o, const struct tnp_group *g, const char *type, struct con *con)
{
	char range[40];
	const struct lurange *l;
	uint32_t used = 0;

	if (g == NULL)
		return 0;
	if (g->pool != 0 && g->pool < LUPOOL_MAX)
		used = o->pools->v[g->pool].used;
	con_text(con, "%s: %-18s %u LUS, %u IN USE", type, g->name, g->n, used);
	for (l = g->ranges; l != NULL; l = l->next) {
		if (l->n == 1)
			snprintf(range, sizeof(range), "%s", l->first);
		else
			snprintf(range, sizeof(range), "%s..%s..%s", l->first, l->last, l->rule);
		con_text(con, "    %-30s %llu", range, (unsigned long long)l->n);
	}
	return 1;
}

void
op_telnet_clids(const struct op_telnet *o, struct con *con)
{
	unsigned n = 0;

	con_line(con, "EZZ6081I", "%s CLIENTID DISPLAY", o->job);
	con_text(con, "CLIENT ID                        OBJECT    OBJECT     ITEM");
	con_text(con, "TYPE      NAME                   TYPE      NAME       SPECIFIC  OPTIONS");
	con_text(con, "--------- ---------------------- --------- ---------- --------- --------");
	for (const struct tnp_vtam *v = tnd_current(o->tnd)->vtams; v != NULL; v = v->next) {
		n += map_rows(v, clid_row, con);
		n += other_rows(v, clid_row, con);
	}
	con_text(con, "%u OF %u RECORDS DISPLAYED", n, n);
}

void
op_telnet_objects(const struct op_telnet *o, struct con *con)
{
	static const char *const def[2][2] = { { "DEFLUS", "DEFLUSSPEC" },
		{ "DEFPRT", "DEFPRTSPEC" } };
	unsigned n = 0;

	con_line(con, "EZZ6083I", "%s OBJECT DISPLAY", o->job);
	con_text(con, "OBJECT                       CLIENT ID                        ITEM");
	con_text(con, "TYPE      NAME               TYPE      NAME                   SPECIFIC  "
	    "OPTIONS");
	con_text(con, "--------- ------------------ --------- ---------------------- --------- "
	    "--------");
	for (const struct tnp_vtam *v = tnd_current(o->tnd)->vtams; v != NULL; v = v->next) {
		n += map_rows(v, object_row, con);
		n += other_rows(v, object_row, con);
		for (unsigned i = 0; i < 4; i++)
			n += group_row(o, v->deflus[i / 2][i % 2], def[i / 2][i % 2], con);
		for (const struct tnp_group *g = v->groups; g != NULL; g = g->next)
			n += group_row(o, g, g->single ? "LU" : g->printer ? "PRTGRP" : "LUGRP",
			    con);
	}
	con_text(con, "%u OF %u RECORDS DISPLAYED", n, n);
}

void
op_telnet_inactlus(const struct op_telnet *o, struct con *con)
{
	char line[80] = "";
	unsigned n = 0;

	con_line(con, "EZZ6061I", "%s INACTLUS DISPLAY", o->job);
	con_text(con, "INACTIVE LUS");
	for (uint32_t i = 0; i < o->pools->lus.touched; i++) {
		const struct lu *l = pool_at(&o->pools->lus, i);
		size_t k = strlen(line);

		if (l == NULL || l->state != LU_INACT)
			continue;
		snprintf(line + k, sizeof(line) - k, "%s%s", k == 0 ? "" : " ", l->name);
		if (++n % 5 == 0) {
			con_text(con, "%s", line);
			line[0] = '\0';
		}
	}
	if (line[0] != '\0')
		con_text(con, "%s", line);
	con_text(con, "%u OF %u RECORDS DISPLAYED", n, n);
}

void
op_telnet_help(struct con *con)
{
	con_line(con, "EZZ6103I", "TELNET COMMANDS");
	con_text(con, "D TCPIP,TELNET                    the server");
	con_text(con, "D TCPIP,,TELNET,PROFILE           ports, parameters and where they come "
	    "from");
	con_text(con, "D "
	    "TCPIP,,TELNET,CONN[,CONN=id|LUNAME=lu*|APPL=appl*|IPADDR=addr|PROTOCOL=mode]");
	con_text(con, "        [,PORT=n|n1..n2][,PROFILE=CURRENT|n][,SUMMARY|DETAIL][,MAX=n|*]");
	con_text(con, "D TCPIP,,TELNET,CLIENTID          client identifiers and what they map");
	con_text(con, "D TCPIP,,TELNET,OBJECT            LU groups, applications, tables");
	con_text(con, "D TCPIP,,TELNET,INACTLUS          LUs that V ..,INACT took away");
	con_text(con, "D TCPIP,,TELNET,FSM               the tables of states");
	con_text(con, "V TCPIP,,TELNET,QUIESCE|RESUME|STOP[,PORT=ALL|n|n1..n2|BASIC|SECURE]");
	con_text(con, "V TCPIP,,TELNET,INACT|ACT,lu");
	con_text(con, "V TCPIP,,OBEYFILE[,file]          another profile; without file: read "
	    "it again");
}
