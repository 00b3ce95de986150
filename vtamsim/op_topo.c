/* SPDX-License-Identifier: Apache-2.0
 *
 * What the node knows of others: CP-CP sessions, topology, neighbours, the
 * directory, classes of service. Companion vtam-operator sections 4.8, 4.9.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/ldlc.h"
#include "vtamsim/oper_in.h"

/* --- D NET,CPCP --- */

static const char *
half(const struct ssn *s)
{
	if (s == NULL)
		return "INACT";
	return s->fsm.state == SS_ACTIV ? "ACT" : "PACT";
}

static bool
is_cp(const struct sna_name *cp, const char *want)
{
	return want == NULL || name_match(want, strchr(want, '.') == NULL ? name_base(cp) : cp->s);
}

static bool
read_cp(struct oper_cmd *c, const char *key, const char **to, struct con *con)
{
	*to = oper_get(c, key);
	if (*to == NULL || strcmp(*to, "*.*") == 0 || oper_is_name(*to, OPER_WILD))
		return true;
	(void)oper_bad(con, key, *to);
	return false;
}

enum oper_do
op_d_cpcp(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const struct cpadj *a;
	struct oper_limit l;
	const char *cp;

	(void)out;
	if (!read_cp(c, "ID", &cp, con) || !oper_limit(op, c, con, &l))
		return OPER_REJECTED;
	oper_accept(c, con);
	msg_line(con, IST350I, "CP-CP SESSION STATUS");
	TAILQ_FOREACH(a, &op->node->cps.all, all) {
		if (!is_cp(&a->cp, cp) || !oper_more(&l))
			continue;
		if (l.shown == 1)
			msg_line(con, IST1765I);
		msg_line(con, IST1766I, a->cp.s, half(a->win), half(a->lose),
		    cp_active(a) ? "UP" : "DOWN", a->nn ? "NN" : a->caps_got ? "EN" : "*NA*",
		    a->win == NULL ? 0 : a->win->handle);
	}
	if (l.shown == 0)
		msg_line(con, IST1358I);
	else
		msg_line(con, IST1454I, l.shown, "ADJCP");
	oper_limit_end(&l, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* --- D NET,TOPO --- */

struct counts {
	uint32_t adj, nn, en;
};

static void
count_nodes(const struct node *n, struct counts *k)
{
	const struct topo_node *t;
	const struct cpadj *a;
	bool me = false;

	*k = (struct counts){ 0, 0, 0 };
	TAILQ_FOREACH(t, &n->cps.topo_nodes, all) {
		k->nn += t->nn;
		k->en += !t->nn;
		me = me || name_eq(&t->cp, &n->cpname);
	}
	/* Before the first CP-CP session nobody has been told of us. */
	if (!me && n->start->nodetype == NODETYPE_EN)
		k->en++;
	else if (!me)
		k->nn++;
	TAILQ_FOREACH(a, &n->cps.all, all)
		k->adj += a->pu != NULL;
}

static void
topo_summary(struct oper *op, struct con *con)
{
	struct msg_when w = msg_when(op->started_us, defs_start(op->defs)->dateform);
	struct counts k;

	count_nodes(op->node, &k);
	msg_line(con, IST1306I);
	msg_line(con, IST1307I, "NONE", k.adj, k.nn, k.en, 0u, 0u, 0u, 0u);
	msg_line(con, IST1781I);
	msg_line(con, IST1785I, "NONE", w.date, w.time);
}

static const char *
cpcp_with(const struct node *n, const struct sna_name *cp)
{
	const struct cpadj *a = cp_find(n, cp);

	if (name_eq(cp, &n->cpname))
		return "*NA*";
	return a != NULL && cp_active(a) ? "YES" : "NO";
}

static void
topo_row(const struct node *n, const struct topo_node *t, struct con *con)
{
	msg_line(con, IST1296I, t->cp.s, t->nn ? "NN" : "EN", t->nn ? "128" : "*NA*", "NONE",
	    cpcp_with(n, &t->cp), "*NA*");
}

static void
topo_tgs(const struct node *n, const struct sna_name *from, struct con *con)
{
	const struct topo_tg *t;
	bool any = false;

	TAILQ_FOREACH(t, &n->cps.topo_tgs, all) {
		if (!name_eq(&t->from, from))
			continue;
		if (!any) {
			msg_line(con, IST1299I, from->s);
			msg_line(con, IST1357I);
			msg_line(con, IST1300I);
		}
		any = true;
		msg_line(con, IST1301I, t->to.s, (unsigned)t->tgn, t->up ? "OPER" : "INOP",
		    "INTERM", t->up && t->vn == TVN_NONE ? "YES" : "NO", "*NA*");
	}
}

static void
tdu_block(const struct oper *op, const struct topo_node *t, struct con *con)
{
	struct msg_when w = msg_when(op->started_us, defs_start(op->defs)->dateform);
	const struct cpadj *a = cp_find(op->node, &t->cp);

	msg_line(con, IST924I);
	msg_line(con, IST2275I, w.date, w.time);
	msg_line(con, IST2282I);
	msg_line(con, IST2352I, a == NULL ? 0 : (unsigned)a->sent, a == NULL ? 0 :
	    (unsigned)a->rcvd);
	msg_line(con, IST924I);
}

static void
topo_node_all(const struct oper *op, const struct topo_node *t, struct con *con)
{
	struct sna_name cp = t->cp;
	char netid[9];

	name_netid(&cp, netid);
	msg_line(con, IST1295I);
	topo_row(op->node, t, con);
	msg_line(con, IST1579I);
	msg_line(con, IST1297I);
	msg_line(con, IST1298I, "NO", "NO", t->rsn, "RTP");
	msg_line(con, IST1579I);
	msg_line(con, IST1223I);
	msg_line(con, IST1224I, "NO", strcmp(netid, op->node->start->netid) == 0 ? "YES" : "NO",
	    15u, "16K");
	msg_line(con, IST924I);
	msg_line(con, IST2356I, name_eq(&t->cp, &op->node->cpname) ? "LINUX" : "***NA***");
	tdu_block(op, t, con);
	topo_tgs(op->node, &t->cp, con);
}

/* LIST=ADJ: the nodes a node has TGs to. */
static bool
is_adjacent(const struct node *n, const struct sna_name *to, const char *from)
{
	const struct topo_tg *t;

	TAILQ_FOREACH(t, &n->cps.topo_tgs, all)
		if (t->up && name_eq(&t->to, to) && is_cp(&t->from, from))
			return true;
	return false;
}

enum { TL_SUMMARY = 1, TL_ALL, TL_ADJ, TL_NN, TL_EN, TL_VN, TL_BN, TL_CDSERVR, TL_ICN,
	TL_UNRCHTIM };

static bool
in_list(const struct node *n, const struct topo_node *t, const char *id, int list)
{
	switch (list) {
	case TL_ADJ:
		return is_adjacent(n, &t->cp, id);
	case TL_NN:
		return t->nn && is_cp(&t->cp, id);
	case TL_EN:
		return !t->nn && is_cp(&t->cp, id);
	case TL_VN:
	case TL_BN:
	case TL_CDSERVR:
	case TL_ICN:
	case TL_UNRCHTIM:
		return false;
	}
	return is_cp(&t->cp, id);
}

static void
topo_list(const struct oper *op, const char *id, int list, struct oper_limit *l,
    struct con *con)
{
	const struct topo_node *t;

	TAILQ_FOREACH(t, &op->node->cps.topo_nodes, all) {
		if (!in_list(op->node, t, id, list) || !oper_more(l))
			continue;
		if (list == TL_ALL) {
			topo_node_all(op, t, con);
			continue;
		}
		if (l->shown == 1)
			msg_line(con, IST1295I);
		topo_row(op->node, t, con);
	}
	if (l->shown == 0)
		msg_line(con, IST1358I);
	oper_limit_end(l, con);
}

/* LIST=VN: the networks whose TGs are known, and ours. */
static void
topo_vns(const struct oper *op, const char *id, struct oper_limit *l, struct con *con)
{
	const struct topo_tg *t, *u;

	TAILQ_FOREACH(t, &op->node->cps.topo_tgs, all) {
		if (t->vn != TVN_FROM || !is_cp(&t->from, id))
			continue;
		TAILQ_FOREACH(u, &op->node->cps.topo_tgs, all)
			if (u->vn == TVN_FROM && name_eq(&u->from, &t->from))
				break;
		if (u != t || !oper_more(l))
			continue;
		if (l->shown == 1)
			msg_line(con, IST1295I);
		msg_line(con, IST1296I, t->from.s, "VN", "*NA*", "NONE", "*NA*", "*NA*");
	}
	if (l->shown == 0)
		msg_line(con, IST1358I);
	oper_limit_end(l, con);
}

/* ORIG= with DEST= or TGN=: transmission groups in full. */
struct tg_pick {
	const char *orig, *dest;
	uint32_t tgn;
};

struct tg_word {
	const char *text;
	uint8_t value;
};

/* The PU of a TG of ours; NULL: another node's, or not up. */
static const struct pu *
pu_of(const struct oper *op, const struct topo_tg *t)
{
	const struct pu *p;

	if (!name_eq(&t->from, &op->node->cpname))
		return NULL;
	TAILQ_FOREACH(p, &op->node->pus.all, all)
		if (p->up && p->tgn == t->tgn && name_eq(&p->cp, &t->to))
			break;
	return p;
}

static const char *
byte_text(const struct tg_word *w, uint8_t value, char to[4])
{
	for (; w->text != NULL; w++)
		if (w->value == value)
			return w->text;
	snprintf(to, 4, "%u", (unsigned)value);
	return to;
}

/* As the PU's definition has them; without one what topology updates say: a campus,
 * RFC 2353 section 2.6.3. */
static void
tg_values(const struct pu *p, struct con *con)
{
	static const struct tg_word delay[] = { { "MINIMUM", 0 }, { "NEGLIGIB", 0x4c },
		{ "TERRESTR", 0x71 }, { "PACKET", 0x91 }, { "LONG", 0x99 }, { "MAXIMUM", 0xff },
		{ NULL, 0 } };
	static const struct tg_word secure[] = { { "UNSECURE", 0x01 }, { "PUBLIC", 0x20 },
		{ "UNDERGRO", 0x40 }, { "SECURE", 0x60 }, { "GUARDED", 0x80 }, { "ENCRYPT", 0xa0 },
		{ "SHIELDED", 0xc0 }, { NULL, 0 } };
	static const struct def_tg campus = { .capacity = 0x75, .capacity_kbps = 4000,
		.pdelay = 0x71, .security = 0x01, .uparm = { 0x80, 0x80, 0x80 } };
	const struct def_tg *d = p == NULL || p->def == NULL ? &campus : &p->def->tg;
	char rate[16], d_text[4], s_text[4];

	if (d->capacity_kbps == UINT32_MAX)
		snprintf(rate, sizeof(rate), "MAXIMUM");
	else if (d->capacity_kbps % 1000 == 0 && d->capacity_kbps != 0)
		snprintf(rate, sizeof(rate), "%uM", (unsigned)(d->capacity_kbps / 1000));
	else
		snprintf(rate, sizeof(rate), "%uK", (unsigned)d->capacity_kbps);
	msg_line(con, IST1302I);
	msg_line(con, IST1303I, rate, byte_text(delay, d->pdelay, d_text),
	    (unsigned)d->costtime, (unsigned)d->costbyte);
	msg_line(con, IST1579I);
	msg_line(con, IST1304I);
	msg_line(con, IST1305I, byte_text(secure, d->security, s_text), (unsigned)d->uparm[0],
	    (unsigned)d->uparm[1], (unsigned)d->uparm[2]);
}

static void
tg_detail(const struct oper *op, const struct topo_tg *t, struct con *con)
{
	const struct pu *p = pu_of(op, t);

	msg_line(con, IST1579I);
	msg_line(con, IST2241I);
	msg_line(con, IST1163I);
	msg_line(con, IST1164I, t->rsn, "YES", 15u, "*NA*");
	msg_line(con, IST1579I);
	tg_values(p, con);
	msg_line(con, IST1579I);
	if (p != NULL) {
		msg_line(con, IST1736I);
		msg_line(con, IST1737I, name_base(&p->res->name));
	}
}

static void
topo_tg_list(const struct oper *op, const struct tg_pick *k, struct oper_limit *l,
    struct con *con)
{
	bool detail = k->dest != NULL || k->tgn != 0;
	const struct topo_tg *t;

	TAILQ_FOREACH(t, &op->node->cps.topo_tgs, all) {
		if (!is_cp(&t->from, k->orig) || !is_cp(&t->to, k->dest) ||
		    (k->tgn != 0 && t->tgn != k->tgn) || !oper_more(l))
			continue;
		if (l->shown == 1 || detail) {
			msg_line(con, IST1299I, t->from.s);
			msg_line(con, IST1357I);
			msg_line(con, IST1300I);
		}
		msg_line(con, IST1301I, t->to.s, (unsigned)t->tgn, t->up ? "OPER" : "INOP",
		    "INTERM", t->up && t->vn == TVN_NONE ? "YES" : "NO", "*NA*");
		if (detail)
			tg_detail(op, t, con);
	}
	if (l->shown == 0)
		msg_line(con, IST1308I);
	oper_limit_end(l, con);
}

enum oper_do
op_d_topo(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int list = oper_choice(c, "LIST", "SUMMARY ALL ADJ NN EN VN BN CDSERVR ICN UNRCHTIM", con);
	struct tg_pick tg = { 0 };
	struct oper_limit l;
	const char *id, *vrn;

	(void)out;
	if (list < 0 || !read_cp(c, "ID", &id, con) || !read_cp(c, "ORIG", &tg.orig, con) ||
	    !read_cp(c, "VRN", &vrn, con) ||
	    !read_cp(c, "DEST", &tg.dest, con) || !oper_number(c, "TGN", 0, 255, con, &tg.tgn) ||
	    !oper_limit(op, c, con, &l))
		return OPER_REJECTED;
	if ((tg.dest != NULL || tg.tgn != 0) && tg.orig == NULL) {
		msg_line(con, IST456I, "ORIG");
		return OPER_REJECTED;
	}
	if ((list == TL_ALL || list == TL_ADJ) && id == NULL) {
		msg_line(con, IST456I, "ID");
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	msg_line(con, IST350I, "TOPOLOGY");
	if (op->node->start->nodetype == NODETYPE_EN) {
		msg_line(con, IST1348I, "END NODE");
		msg_line(con, IST1805I);
	}
	if (oper_get(c, "APPNCOS") != NULL)
		msg_line(con, IST1804I, "APPNCOS");
	if (tg.orig != NULL)
		topo_tg_list(op, &tg, &l, con);
	else if (list <= TL_SUMMARY && id == NULL)
		topo_summary(op, con);
	else if (list == TL_UNRCHTIM)
		op_show_unreachable(op, vrn, &l, con);
	else if (list == TL_VN)
		topo_vns(op, id, &l, con);
	else
		topo_list(op, id, list, &l, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* --- D NET,ADJCP --- */

static void
adjcp_one(const struct oper *op, const struct cpadj *a, struct con *con)
{
	char netid[9], tg[33], tgn[12];

	name_netid(&a->cp, netid);
	msg_line(con, IST486I, a->pu != NULL ? "ACTIV" : "INACT", "ACTIV");
	msg_line(con, IST1197I, "ISTADJCP");
	msg_line(con, IST1101I, a->cp.s);
	msg_line(con, IST1102I);
	msg_line(con, IST1103I, a->cp.s, a->nn ? "NN" : "EN", a->pu != NULL ? 1u : 0u,
	    a->pu != NULL && a->pu->cpcp ? 1u : 0u,
	    strcmp(netid, op->node->start->netid) == 0 ? "YES" : "NO");
	msg_line(con, IST1104I, a->cp.s);
	if (a->pu == NULL) {
		msg_line(con, IST172I, "CONNECTIONS ACTIVE");
		return;
	}
	op_tgchar(a->pu, tg);
	snprintf(tgn, sizeof(tgn), "%3u", a->pu->tgn);
	msg_line(con, IST1105I);
	msg_line(con, IST1106I, name_base(&a->pu->res->name), "AC/R", tgn,
	    a->pu->cpcp ? "YES" : "NO", tg);
}

enum oper_do
op_d_adjcp(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const struct cpadj *a;
	struct oper_limit l;
	struct sna_name vrn;
	const char *id;
	bool one;

	(void)out;
	if (!read_cp(c, "ID", &id, con) || !oper_limit(op, c, con, &l))
		return OPER_REJECTED;
	one = id != NULL && strpbrk(id, "*?") == NULL && strcmp(id, "ISTADJCP") != 0;
	TAILQ_FOREACH(a, &op->node->cps.all, all)
		if (!one || is_cp(&a->cp, id))
			break;
	if (one && a == NULL && (!vrn_name(op->node, id, &vrn) || vrn_find(op->node, &vrn) == NULL))
		return oper_bad(con, "ID", id);
	oper_accept(c, con);
	msg_line(con, IST350I, "ADJACENT CONTROL POINT");
	if (one && a == NULL) {
		(void)op_show_vrn(op->node, &vrn, con);
		msg_line(con, IST314I);
		return OPER_DONE;
	}
	if (one) {
		adjcp_one(op, a, con);
		msg_line(con, IST314I);
		return OPER_DONE;
	}
	msg_line(con, IST1100I, "ISTADJCP");
	TAILQ_FOREACH(a, &op->node->cps.all, all) {
		char netid[9];

		if ((id != NULL && strcmp(id, "ISTADJCP") != 0 && !is_cp(&a->cp, id)) ||
		    !oper_more(&l))
			continue;
		if (l.shown == 1)
			msg_line(con, IST1102I);
		name_netid(&a->cp, netid);
		msg_line(con, IST1103I, a->cp.s, a->nn ? "NN" : "EN", a->pu != NULL ? 1u : 0u,
		    a->pu != NULL && a->pu->cpcp ? 1u : 0u,
		    strcmp(netid, op->node->start->netid) == 0 ? "YES" : "NO");
	}
	for (unsigned i = 0; i < op->node->vrns.n; i++) {
		const struct vrn *v = &op->node->vrns.v[i];

		if ((id != NULL && strcmp(id, "ISTADJCP") != 0 && !is_cp(&v->name, id)) ||
		    !oper_more(&l))
			continue;
		if (l.shown == 1)
			msg_line(con, IST1102I);
		op_vrn_row(op->node, v, con);
	}
	msg_line(con, IST1454I, l.shown, "ADJCP");
	oper_limit_end(&l, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* --- D NET,DIRECTRY --- */

bool
op_show_directory(struct oper *op, const char *name, struct con *con)
{
	const struct res *r = rtab_find(&op->node->rtab, name);
	struct sna_name cp;
	const char *of = strchr(name, '.') == NULL ? name_base(&op->node->cpname) :
	    op->node->cpname.s;

	if (r != NULL && r->type == RES_CDRSC) {
		msg_line(con, IST1186I, "DYNAMIC", "LU");
		msg_line(con, IST1184I, oper_na(r->owner.s), oper_na(r->owner.s));
		return true;
	}
	if (r != NULL && (r->type == RES_APPL || r->type == RES_DYNAPPL || r->type == RES_MODEL)) {
		msg_line(con, IST1186I, "REGISTERED", "LU");
		msg_line(con, IST1184I, op->node->cpname.s, op->node->cpname.s);
		return true;
	}
	if (r != NULL && r->type == RES_ADJCP) {
		msg_line(con, IST1186I, "DYNAMIC", "NN");
		msg_line(con, IST1184I, r->name.s, "***NA***");
		return true;
	}
	if (name_set(&cp, name) && strcmp(of, cp.s) == 0) {
		msg_line(con, IST1186I, "REGISTERED", "NN");
		msg_line(con, IST1184I, op->node->cpname.s, "***NA***");
		return true;
	}
	return false;
}

enum oper_do
op_d_directry(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *id = oper_need(c, "ID", con), *netid = oper_get(c, "NETID");
	struct con body;
	char qual[20];
	bool ok;

	(void)out;
	if (id == NULL)
		return OPER_REJECTED;
	if (!oper_is_name(id, OPER_PLAIN) || (netid != NULL && strlen(netid) > 8))
		return oper_bad(con, "ID", id);
	if (netid != NULL && strchr(id, '.') == NULL) {
		snprintf(qual, sizeof(qual), "%.8s.%.8s", netid, id);
		id = qual;
	}
	con_init(&body);
	ok = op_show_directory(op, id, &body);
	con_fini(&body);
	if (!ok)
		return oper_bad(con, "ID", id);
	oper_accept(c, con);
	msg_line(con, IST350I, "DIRECTORY");
	msg_line(con, IST075I, id, "DIRECTORY ENTRY");
	(void)op_show_directory(op, id, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* --- the small ones --- */

static void
cos_appn(const struct oper *op, struct con *con)
{
	static const char *const cos[] = { "CPSVCMG", "SNASVCMG", "RSETUP", "#CONNECT", "#INTER",
		"#INTERSC", "#BATCH", "#BATCHSC" };
	struct msg_when w = msg_when(op->started_us, defs_start(op->defs)->dateform);

	msg_line(con, IST1782I);
	for (size_t i = 0; i < sizeof(cos) / sizeof(cos[0]); i++)
		msg_line(con, IST1783I, cos[i], "COSAPPN", w.date, w.time);
}

enum oper_do
op_d_cos(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int type = oper_choice(c, "TYPE", "SUBAREA APPN", con);

	(void)out;
	if (type < 0)
		return OPER_REJECTED;
	oper_accept(c, con);
	msg_line(con, IST350I, type == 2 ? "APPN COS" : "SUBAREA COS");
	if (type == 2) {
		cos_appn(op, con);
	} else {
		msg_line(con, IST354I, "ISTPUS");
		msg_line(con, IST862I, op->node->start->netid, "ISTSDCOS");
	}
	msg_line(con, IST314I);
	return OPER_DONE;
}

enum oper_do
op_d_dlurs(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	(void)op;
	(void)out;
	oper_accept(c, con);
	msg_line(con, IST350I, "DLURS");
	msg_line(con, IST1358I);
	msg_line(con, IST314I);
	return OPER_DONE;
}

enum oper_do
op_d_adjsscps(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *cdrsc = oper_get(c, "CDRSC"), *list = oper_get(c, "ADJLIST");

	(void)op;
	(void)out;
	if (list != NULL)
		return oper_bad(con, "ADJLIST", list);
	oper_accept(c, con);
	msg_line(con, IST350I, "ADJACENT SSCP TABLE");
	if (cdrsc != NULL) {
		msg_line(con, IST611I, cdrsc);
		msg_line(con, IST1220I);
	} else {
		msg_line(con, IST623I, "DEFAULT", "");
	}
	msg_line(con, IST624I, "ISTAPNCP");
	msg_line(con, IST314I);
	return OPER_DONE;
}
