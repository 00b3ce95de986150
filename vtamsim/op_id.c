/* SPDX-License-Identifier: Apache-2.0
 *
 * D NET,ID=: one resource in full. Companion vtam-operator section 4.1.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/ldlc.h"
#include "snaee/rtp.h"
#include "vtamsim/oper_in.h"

static void
head(const struct res *r, const char *name, struct con *con)
{
	char st[11];

	msg_line(con, IST075I, name, res_type_text(r));
	msg_line(con, IST486I, oper_status(r, st), oper_desired(r));
}

static void
tail_traces(const struct oper *op, const struct res *r, struct con *con)
{
	op_show_traces(op, name_base(&r->name), con);
	msg_line(con, IST1500I, "OFF");
}

/* --- applications --- */

static void
show_capability(const struct res *r, const struct def_appl *a, struct con *con)
{
	const struct acb *acb = r->acb;

	msg_line(con, IST597I, acb != NULL && acb->plu ? "ENABLED" : "INHIBITED",
	    acb != NULL && acb->slu ? "ENABLED" : "INHIBITED", a->sesslim ? "00000001" : "NONE");
}

static void
show_api(const struct oper *op, const struct res *r, const struct def_appl *a,
    struct con *con)
{
	const struct acb *acb = r->acb;
	const char *job = acb == NULL ? "" : acb->job;

	tail_traces(op, r, con);
	msg_line(con, IST271I, oper_na(job), oper_na(job), "***NA***");
	msg_line(con, IST228I, "NONE", "***NA***");
	msg_line(con, IST1563I, name_base(&r->name), "PRIMARY", "NO");
	msg_line(con, IST1552I, "NONE", "NONE");
	msg_line(con, IST1050I, 0u, 0u);
	msg_line(con, IST1633I, a->asrcvlm);
	msg_line(con, IST1634I, 0u, 0u);
	if (acb != NULL && acb->client[0] != '\0')
		msg_line(con, IST1669I, acb->client);
}

static void
show_model_users(const struct oper *op, const struct res *m, struct con *con,
    struct oper_limit *l)
{
	struct oper_rows rows = { .con = con };
	char st[11];

	msg_line(con, IST1424I);
	for (const struct res *r = m->up == NULL ? NULL : TAILQ_FIRST(&m->up->kids); r != NULL;
	    r = TAILQ_NEXT(r, sib)) {
		if (r->type != RES_DYNAPPL || r->model != m)
			continue;
		if (!oper_more(l))
			break;
		oper_row(&rows, name_base(&r->name), oper_status(r, st));
	}
	oper_rows_end(&rows);
	oper_limit_end(l, con);
	(void)op;
}

static void
show_appl(struct oper *op, const struct res *r, struct con *con, struct oper_limit *l)
{
	const struct def_appl *a = r->appl;
	const char *mode = r->acb != NULL && r->acb->logmode[0] != '\0' ? r->acb->logmode :
	    a->dlogmod;

	head(r, r->name.s, con);
	msg_line(con, IST1447I, "CDSERVR");
	msg_line(con, IST1629I, a->modsrch == MODSRCH_FIRST ? "FIRST" : "NEVER");
	msg_line(con, IST977I, "***NA***", "***NA***");
	msg_line(con, IST861I, oper_na(a->modetab), oper_na(a->usstab), "***NA***");
	msg_line(con, IST934I, oper_na(mode), "***NA***");
	msg_line(con, IST1632I, a->vpacing);
	msg_line(con, IST1938I, a->appc ? "YES" : "NO");
	show_capability(r, a, con);
	if (r->up != NULL)
		msg_line(con, IST231I, "APPL", name_base(&r->up->name));
	if (r->type == RES_DYNAPPL && r->model != NULL)
		msg_line(con, IST1425I, name_base(&r->model->name));
	show_api(op, r, a, con);
	if (r->type == RES_MODEL)
		show_model_users(op, r, con, l);
	else
		op_show_sessions(r, con, l);
}

/* --- physical units --- */

static void
show_pu_sessions(struct oper *op, const struct pu *p, struct con *con, struct oper_limit *l)
{
	struct oper_rows rows = { .con = con };
	const struct cpadj *a = p->cp.len == 0 ? NULL : cp_find(op->node, &p->cp);

	if (a == NULL || a->pu != p || !oper_more(l))
		return;
	msg_line(con, IST355I);
	oper_row(&rows, name_base(&a->cp), cp_active(a) ? "ACT/S----Y" : "ACTIV----Y");
	oper_rows_end(&rows);
}

static void
show_pu_def(const struct pu *p, struct con *con)
{
	char blk[8], num[12];

	if (p->def == NULL)
		return;
	if (p->def->has_id) {
		snprintf(blk, sizeof(blk), "%03X",
		    (unsigned)(p->def->idblk[0] << 8 | p->def->idblk[1]) & 0xfff);
		snprintf(num, sizeof(num), "%05X", (unsigned)(p->def->idnum[0] << 16 |
		    p->def->idnum[1] << 8 | p->def->idnum[2]) & 0xfffff);
		msg_line(con, IST1934I, blk, num);
	}
	if (p->res->up != NULL)
		msg_line(con, IST136I, name_base(&p->res->up->name));
}

static void
show_pu(struct oper *op, const struct res *r, struct con *con, struct oper_limit *l)
{
	const struct pu *p = r->pu;
	const struct def_pu *d = p == NULL ? NULL : p->def;
	static const char *const discnt[] = { "NO", "YES", "DELAY" };
	char tg[33], tgn[12], netid[9] = "";

	head(r, name_base(&r->name), con);
	if (p == NULL)
		return;
	name_netid(&p->cp, netid);
	msg_line(con, IST1043I, p->cp.len != 0 ? name_base(&p->cp) : d != NULL ?
	    oper_na(d->cpname) : "***NA***", p->cp.len != 0 ? oper_na(netid) : d != NULL ?
	    oper_na(d->netid[0] != '\0' ? d->netid : op->node->start->netid) : "***NA***",
	    d == NULL || d->dynlu ? "YES" : "NO");
	msg_line(con, IST1589I, "YES");
	if (p->vrn.len != 0 && p->line != NULL)
		msg_line(con, IST1324I, p->vrn.s, name_base(&p->line->up->name), "DYNAMIC");
	msg_line(con, IST2238I, d == NULL ? "NO" : discnt[d->discnt],
	    d != NULL && d->disc_final ? "FINAL" : "NOT FINAL");
	if (p->link != NULL && p->up) {
		op_tgchar(p, tg);
		snprintf(tgn, sizeof(tgn), "%3u", p->tgn);
		msg_line(con, IST1105I);
		msg_line(con, IST1106I, name_base(&r->name), "AC/R", tgn, p->cpcp ? "YES" : "NO",
		    tg);
		msg_line(con, IST1482I, "RTP", "N/A", "YES");
		msg_line(con, IST1510I, "NOTPREF", "NOTALLOW");
		if (p->link->parm.limited)
			msg_line(con, IST2237I, name_base(&r->name));
		op_show_link(p, con);
	}
	show_pu_def(p, con);
	if (p->line != NULL)
		msg_line(con, IST081I, name_base(&p->line->name),
		    p->line->up == NULL ? "***NA***" : name_base(&p->line->up->name),
		    p->line->up == NULL || p->line->up->up == NULL ? "***NA***" :
		    name_base(&p->line->up->up->name));
	tail_traces(op, r, con);
	msg_line(con, IST1656I, "REPORT", p->up ? "YES" : "NO");
	show_pu_sessions(op, p, con, l);
}

/* --- lines and groups --- */

static void
show_line(const struct res *r, struct con *con)
{
	char st[11];

	head(r, name_base(&r->name), con);
	msg_line(con, IST087I, "SWITCHED", "HPRIP", "*NA*");
	if (r->up != NULL && r->up->up != NULL)
		msg_line(con, IST134I, name_base(&r->up->name), name_base(&r->up->up->name));
	msg_line(con, IST1500I, "OFF");
	msg_line(con, IST1656I, "REPORT", r->pu != NULL && r->pu->up ? "YES" : "NO");
	if (r->pu != NULL) {
		msg_line(con, IST084I);
		msg_line(con, IST089I, name_base(&r->pu->res->name), res_type_text(r->pu->res),
		    oper_status(r->pu->res, st));
	}
}

/* The kids of a resource in IST080I lines. */
static void
show_kids(const struct res *r, enum oper_scope scope, struct con *con, struct oper_limit *l)
{
	struct oper_rows rows = { .con = con };
	const struct res *k;
	char st[11];

	TAILQ_FOREACH(k, &r->kids, sib) {
		if (!oper_in_scope(k, scope))
			continue;
		if (!oper_more(l))
			break;
		oper_row(&rows, name_base(&k->name), oper_status(k, st));
	}
	oper_rows_end(&rows);
}

static void
show_group(const struct res *r, enum oper_scope scope, struct con *con, struct oper_limit *l)
{
	char addr[IPADDR_TEXT];

	head(r, name_base(&r->name), con);
	if (r->up != NULL)
		msg_line(con, IST231I, "XCA", name_base(&r->up->name));
	if (r->xg != NULL && r->xg->local.fam != 0)
		msg_line(con, IST1680I, "LOCAL", ipaddr_text(&r->xg->local, addr));
	if (r->group != NULL && r->group->hostname[0] != '\0')
		msg_line(con, IST1910I, r->group->hostname);
	msg_line(con, IST170I);
	show_kids(r, scope, con, l);
	oper_limit_end(l, con);
}

static void
show_xca(struct oper *op, const struct res *r, enum oper_scope scope, struct con *con,
    struct oper_limit *l)
{
	const struct defs_start *st = defs_start(op->defs);
	char addr[IPADDR_TEXT];
	const struct res *g;

	msg_line(con, IST1679I, "HPRIP");
	msg_line(con, IST1685I, st->tcpname[0] == '\0' ? "TCPIP" : st->tcpname);
	msg_line(con, IST924I);
	op_show_vrns(op->node, r, con);
	for (unsigned at = 0; r->ee != NULL && ee_local(r->ee, at)->fam != 0; at++)
		msg_line(con, IST1680I, "LOCAL", ipaddr_text(ee_local(r->ee, at), addr));
	msg_line(con, IST924I);
	TAILQ_FOREACH(g, &r->kids, sib) {
		if (l->cut)
			break;
		if (g->xg == NULL || !g->xg->vn)
			msg_line(con, IST1902I);
		msg_line(con, IST1901I, name_base(&g->name));
		show_kids(g, scope, con, l);
	}
	oper_limit_end(l, con);
	op_show_traces(op, name_base(&r->name), con);
	msg_line(con, IST1656I, "REPORT", "YES");
}

static void
show_major(struct oper *op, const struct res *r, enum oper_scope scope, struct con *con,
    struct oper_limit *l)
{
	unsigned type = r->member == NULL ? 0 : r->member->type;

	head(r, name_base(&r->name), con);
	if (type == DM_XCA) {
		show_xca(op, r, scope, con, l);
		return;
	}
	if (type == DM_APPL)
		msg_line(con, IST360I);
	else if (type == DM_SWNET)
		msg_line(con, IST084I);
	else
		return;
	show_kids(r, scope, con, l);
	oper_limit_end(l, con);
}

/* --- others --- */

static void
show_cdrsc(const struct res *r, struct con *con, struct oper_limit *l)
{
	head(r, r->name.s, con);
	msg_line(con, IST977I, "***NA***", "***NA***");
	msg_line(con, IST1333I, "***NA***");
	msg_line(con, IST1184I, oper_na(r->owner.s), "***NA***");
	op_show_sessions(r, con, l);
}

static void
show_adjcp(struct oper *op, const struct res *r, struct con *con)
{
	const struct cpadj *a = cp_find(op->node, &r->name);

	head(r, r->name.s, con);
	msg_line(con, IST1197I, "ISTADJCP");
	if (op_show_vrn(op->node, &r->name, con))
		return;
	if (a == NULL)
		return;
	msg_line(con, IST1765I);
	msg_line(con, IST1766I, a->cp.s, a->win != NULL ? "ACT" : "INACT",
	    a->lose != NULL ? "ACT" : "INACT", cp_active(a) ? "UP" : "DOWN", a->nn ? "NN" : "EN",
	    0u);
}

static void
show_res(struct oper *op, const struct res *r, enum oper_scope scope, struct con *con,
    struct oper_limit *l)
{
	switch ((enum res_type)r->type) {
	case RES_MAJOR:
		show_major(op, r, scope, con, l);
		break;
	case RES_APPL:
	case RES_MODEL:
	case RES_DYNAPPL:
		show_appl(op, r, con, l);
		break;
	case RES_GROUP:
		show_group(r, scope, con, l);
		break;
	case RES_LINE:
		show_line(r, con);
		break;
	case RES_PU:
		show_pu(op, r, con, l);
		break;
	case RES_RTP:
		op_show_pipe(op, r->pipe, con);
		break;
	case RES_CDRSC:
		show_cdrsc(r, con, l);
		break;
	case RES_ADJCP:
		show_adjcp(op, r, con);
		break;
	}
}

/* --- the command --- */

/* IDTYPE=IPADDR: LUs whose client has the address; there may be many. */
static enum oper_do
by_client(struct oper *op, struct oper_cmd *c, const char *addr, struct con *con,
    struct oper_limit *l)
{
	struct ipaddr want;
	char text[IPADDR_TEXT];
	size_t n;
	char st[11];

	if (!ipaddr_parse(&want, addr))
		return oper_bad(con, "ID", addr);
	n = strlen(ipaddr_text(&want, text));
	for (uint32_t i = 0; i < op->node->acbs.touched && !l->cut; i++) {
		const struct acb *a = pool_at(&op->node->acbs, i);

		if (a == NULL || a->handle == 0 || a->res == NULL ||
		    strncmp(a->client, text, n) != 0 || strncmp(a->client + n, "..", 2) != 0 ||
		    !oper_more(l))
			continue;
		if (l->shown == 1)
			oper_accept(c, con);
		msg_line(con, IST075I, a->res->name.s, res_type_text(a->res));
		msg_line(con, IST486I, oper_status(a->res, st), oper_desired(a->res));
		msg_line(con, IST1669I, a->client);
	}
	if (l->shown == 0)
		return oper_bad(con, "ID", addr);
	oper_limit_end(l, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

static enum oper_do
by_pattern(struct oper *op, struct oper_cmd *c, const char *pat, struct con *con,
    struct oper_limit *l)
{
	const struct rtab *t = &op->node->rtab;

	for (const struct res *r = rtab_next(t, NULL); r != NULL && !l->cut; r = rtab_next(t, r)) {
		const char *name = strchr(pat, '.') == NULL ? name_base(&r->name) : r->name.s;

		if (!name_match(pat, name) || !oper_more(l))
			continue;
		if (l->shown == 1)
			oper_accept(c, con);
		else
			msg_line(con, IST924I);
		show_res(op, r, SC_ONLY, con, &(struct oper_limit){ .max = l->max });
	}
	if (l->shown == 0)
		return oper_bad(con, "ID", pat);
	oper_limit_end(l, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* A name that is no resource may be a transport resource, or still be in the directory. */
static enum oper_do
by_directory(struct oper *op, struct oper_cmd *c, const char *name, struct con *con)
{
	struct con body;

	if (op_is_trl(op, name)) {
		oper_accept(c, con);
		op_show_trl(op, name, con);
		return OPER_DONE;
	}
	con_init(&body);
	if (!op_show_directory(op, name, &body)) {
		con_fini(&body);
		return oper_bad(con, "ID", name);
	}
	con_fini(&body);
	oper_accept(c, con);
	msg_line(con, IST075I, name, "DIRECTORY ENTRY");
	(void)op_show_directory(op, name, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* TRACE=YES, ours: the last packets of a pipe, also of one that has failed. */
static enum oper_do
last_packets(struct oper *op, struct oper_cmd *c, const char *name, struct con *con,
    struct oper_order *out)
{
	const char *file = oper_get(c, "FILE");
	const struct res *r = rtab_find(&op->node->rtab, name);
	const struct pipe *p = r != NULL && r->type == RES_RTP ? r->pipe : NULL;

	if (r != NULL && r->type != RES_RTP) {
		msg_line(con, IST1204I, "ID", name);
		return OPER_REJECTED;
	}
	if (!op_has_trail(op, name, p))
		return oper_bad(con, "ID", name);
	if (file != NULL && (file[0] == '\0' || strlen(file) >= sizeof(out->text)))
		return oper_bad(con, "FILE", file);
	oper_accept(c, con);
	msg_line(con, IST075I, name, "PU_T2.1");
	op_show_trail(op, name, p, con);
	msg_line(con, IST314I);
	if (file == NULL)
		return OPER_DONE;
	snprintf(out->id, sizeof(out->id), "%.17s", name);
	snprintf(out->text, sizeof(out->text), "%s", file);
	return OPER_TRAIL;
}

static enum oper_do
show_one(struct oper *op, struct oper_cmd *c, struct res *r, enum oper_scope scope,
    struct con *con, struct oper_limit *l)
{
	int diag = oper_choice(c, "HPRDIAG", "YES NO", con), clear;

	if (diag < 0 || (clear = oper_choice(c, "CLEAR", "ALL", con)) < 0)
		return OPER_REJECTED;
	if ((diag == 1 || clear == 1) && r->type != RES_RTP) {
		msg_line(con, IST1275I, diag == 1 ? "HPRDIAG" : "CLEAR", name_base(&r->name));
		diag = clear = 0;
	}
	oper_accept(c, con);
	show_res(op, r, scope, con, l);
	if (diag == 1)
		op_show_hprdiag(op, r->pipe, con);
	if (clear == 1 && r->pipe->rtp != NULL) {
		rtp_clear(r->pipe->rtp);
		msg_line(con, IST2248I, 1u);
	}
	msg_line(con, IST314I);
	return OPER_DONE;
}

enum oper_do
op_d_id(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *name = oper_need(c, "ID", con);
	int scope = oper_choice(c, "SCOPE", OPER_SCOPES, con);
	int type = name == NULL || scope < 0 ? -1 : oper_choice(c, "IDTYPE",
	    "RESOURCE CP CDRM DIRECTRY GENERIC LUALIAS SHADOW SSCP USERVAR XCFCP IPADDR", con);
	int trace = type < 0 ? -1 : oper_choice(c, "TRACE", "YES NO", con);
	const char *netid = oper_get(c, "NETID");
	struct oper_limit l;
	char qual[20];
	struct res *r;

	if (trace < 0 || !oper_limit(op, c, con, &l))
		return OPER_REJECTED;
	if (type == 11)
		return by_client(op, c, name, con, &l);
	if (!oper_is_name(name, OPER_WILD))
		return oper_bad(con, "ID", name);
	if (trace != 1 && oper_get(c, "FILE") != NULL) {
		msg_line(con, IST452I, "FILE");
		return OPER_REJECTED;
	}
	if (trace == 1)
		return last_packets(op, c, name, con, out);
	if (netid != NULL && strchr(name, '.') == NULL) {
		if (strlen(netid) > 8)
			return oper_bad(con, "NETID", netid);
		snprintf(qual, sizeof(qual), "%.8s.%.8s", netid, name);
		name = qual;
	}
	if (type == 4)
		return by_directory(op, c, name, con);
	r = rtab_find(&op->node->rtab, name);
	if (r != NULL)
		return show_one(op, c, r, scope == 0 ? SC_ONLY : (enum oper_scope)scope, con, &l);
	if (strpbrk(name, "*?") != NULL)
		return by_pattern(op, c, name, con, &l);
	return by_directory(op, c, name, con);
}
