/* SPDX-License-Identifier: Apache-2.0
 *
 * D NET,EE. Companion vtam-operator section 4.2.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/ldlc.h"
#include "vtamsim/oper_in.h"

void
op_tgchar(const struct pu *p, char to[33])
{
	static const struct def_tg campus = { .capacity = 0x75, .pdelay = 0x71, .security = 0x01,
		.uparm = { 0x80, 0x80, 0x80 } };
	const struct def_tg *t = p->def == NULL ? &campus : &p->def->tg;

	/* Places of capacity, security and user parameters as published displays
	 * have them; costs: our choice. */
	snprintf(to, 33, "98%02X000000000000%02X%02X%02X%02X00%02X%02X%02X", t->capacity,
	    t->costtime, t->costbyte, t->security, t->pdelay, t->uparm[0], t->uparm[1],
	    t->uparm[2]);
}

/* Addresses and timers of a PU's link, for D NET,ID=pu. */
void
op_show_link(const struct pu *p, struct con *con)
{
	const struct ldlc *l = p->link;
	char addr[IPADDR_TEXT];

	msg_line(con, IST1680I, "LOCAL", ipaddr_text(ldlc_local(p->link), addr));
	msg_line(con, IST1680I, "REMOTE", ipaddr_text(ldlc_remote(l), addr));
	msg_line(con, IST2114I, 1, "", (unsigned)l->parm.livtime, (unsigned)l->parm.livtime_max,
	    (unsigned)(l->live_us / 1000000));
}

/* What one link carries. */
struct load {
	uint32_t pipes, sessions;
};

static struct load
load_of(const struct node *n, const struct ldlc *l)
{
	struct load sum = { 0, 0 };
	const struct pipe *p;

	TAILQ_FOREACH(p, &n->pipetab.all, all) {
		if (l != NULL && (p->rtp == NULL || ee_pipe_link(p->rtp) != l))
			continue;
		sum.pipes++;
		if (p->nce == NCE_LU)
			sum.sessions += p->n_sess;
	}
	return sum;
}

static uint32_t
active_links(const struct node *n)
{
	const struct pu *p;
	uint32_t k = 0;

	TAILQ_FOREACH(p, &n->pus.all, all)
		k += p->up;
	return k;
}

static const struct res *
xca_of(const struct node *n, const struct ee *ee)
{
	const struct res *r;

	TAILQ_FOREACH(r, &n->rtab.top, sib)
		if (r->type == RES_MAJOR && r->ee != NULL && r->fsm.state == RST_ACTIV &&
		    (ee == NULL || r->ee == ee))
			return r;
	return NULL;
}

/* --- general information --- */

void
op_ee_ports(const struct ee_cfg *c, struct con *con)
{
	msg_line(con, IST2006I);
	msg_line(con, IST2007I, c->port0 + 0u, c->port0 + 1u, c->port0 + 2u, c->port0 + 3u,
	    c->port0 + 4u);
	msg_line(con, IST2008I, (unsigned)c->tos[0], (unsigned)c->tos[1], (unsigned)c->tos[2],
	    (unsigned)c->tos[3], (unsigned)c->tos[4]);
}

static void
show_ports(const struct ee_cfg *c, struct con *con)
{
	msg_line(con, IST924I);
	op_ee_ports(c, con);
	msg_line(con, IST924I);
}

static void
show_timers(const struct ee_cfg *c, struct con *con)
{
	msg_line(con, IST2004I, (unsigned)c->livtime, (unsigned)c->livtime_max,
	    (unsigned)c->srqtime, (unsigned)c->srqretry);
}

/* Lines of an address that wait for a call, or to dial. */
static uint32_t
free_lines(const struct node *n, const struct res *maj, unsigned at)
{
	const struct xgroup *g;
	const struct res *r;
	uint32_t k = 0;

	TAILQ_FOREACH(g, &n->xcas.all, all)
		if (g->res->up == maj && g->local.fam != 0 && g->at == at && !g->vn)
			TAILQ_FOREACH(r, &g->res->kids, sib)
				k += r->pu == NULL && r->fsm.state == RST_ACTIV;
	return k;
}

/* The first group with that address: it has the name and the timers. */
static const struct xgroup *
group_at(const struct node *n, const struct res *maj, unsigned at)
{
	const struct xgroup *g;

	TAILQ_FOREACH(g, &n->xcas.all, all)
		if (g->res->up == maj && g->local.fam != 0 && g->at == at)
			return g;
	return NULL;
}

/* LIST=DETAIL: one local address. */
static void
show_local(struct node *n, const struct res *maj, unsigned at, struct con *con)
{
	const struct xgroup *g = group_at(n, maj, at);
	struct load sum = { 0, 0 };
	char addr[IPADDR_TEXT];
	uint32_t links = 0, lost = 0;
	const struct pu *p;

	TAILQ_FOREACH(p, &n->pus.all, all) {
		struct load one;

		if (p->ee != maj->ee || p->link == NULL || p->link->parm.at != at)
			continue;
		one = load_of(n, p->link);
		links += p->up && p->vrn.len == 0;
		sum.pipes += one.pipes;
		sum.sessions += one.sessions;
		lost += (uint32_t)p->link->stat[LDLC_RESENT_LIMIT];
	}
	msg_line(con, IST1680I, "LOCAL", ipaddr_text(ee_local(maj->ee, at), addr));
	if (g != NULL && g->res->group->hostname[0] != '\0')
		msg_line(con, IST1910I, g->res->group->hostname);
	if (g != NULL)
		msg_line(con, IST2004I, g->res->group->livtime.init, g->res->group->livtime.max,
		    g->res->group->srqtime, g->res->group->srqretry);
	msg_line(con, IST2009I, sum.pipes, sum.sessions);
	msg_line(con, IST2010I, lost);
	op_show_vrn_use(n, maj, at, con);
	msg_line(con, IST2013I, free_lines(n, maj, at));
	msg_line(con, IST2014I, links);
	msg_line(con, IST2015I, op_vrn_links(n, maj->ee, (int)at, DEF_VN_LOCAL));
	msg_line(con, IST2016I, op_vrn_links(n, maj->ee, (int)at, DEF_VN_GLOBAL));
}

static void
show_locals(struct node *n, const struct res *maj, struct con *con)
{
	for (unsigned at = 0; ee_local(maj->ee, at)->fam != 0; at++) {
		show_local(n, maj, at, con);
		msg_line(con, IST924I);
	}
}

static void
show_general(const struct oper *op, int list, struct con *con)
{
	const struct res *maj = xca_of(op->node, NULL);
	struct load sum = load_of(op->node, NULL);
	const struct defs_start *st = defs_start(op->defs);
	uint32_t links = active_links(op->node);
	uint32_t local = op_vrn_links(op->node, NULL, -1, DEF_VN_LOCAL);
	uint32_t global = op_vrn_links(op->node, NULL, -1, DEF_VN_GLOBAL);

	if (maj == NULL) {
		msg_line(con, IST1358I);
		return;
	}
	msg_line(con, IST2000I);
	msg_line(con, IST1685I, st->tcpname[0] == '\0' ? "TCPIP" : st->tcpname);
	msg_line(con, IST2003I, name_base(&maj->name));
	show_timers(ee_config(maj->ee), con);
	if (maj->member != NULL && maj->member->port != NULL)
		msg_line(con, IST2005I, maj->member->port->ipresolv);
	msg_line(con, IST2231I, "STANDARD");
	show_ports(ee_config(maj->ee), con);
	if (list == 2)
		for (; maj != NULL; maj = TAILQ_NEXT(maj, sib))
			if (maj->type == RES_MAJOR && maj->ee != NULL)
				show_locals(op->node, maj, con);
	msg_line(con, IST2017I, sum.pipes, sum.sessions);
	msg_line(con, IST2018I, links - local - global);
	msg_line(con, IST2019I, local);
	msg_line(con, IST2020I, global);
	msg_line(con, IST2021I, links);
}

/* --- one connection --- */

void
op_port_heading(unsigned port, struct con *con)
{
	switch ((enum ee_port)port) {
	case EE_SIGNAL:
		msg_line(con, IST2030I);
		break;
	case EE_NETWORK:
		msg_line(con, IST2031I);
		break;
	case EE_HIGH:
		msg_line(con, IST2032I);
		break;
	case EE_MEDIUM:
		msg_line(con, IST2033I);
		break;
	case EE_LOW:
		msg_line(con, IST2034I);
		break;
	case EE_NPORT:
		msg_line(con, IST2035I);
		break;
	}
}

static void
show_traffic(const struct ldlc_traffic *t, struct con *con)
{
	char n[MSG_COUNT];

	msg_line(con, IST2036I, msg_count(t->nlps_sent, n));
	msg_line(con, IST2037I, msg_count(t->bytes_sent, n));
	msg_line(con, IST2038I, msg_count(t->nlps_resent, n));
	msg_line(con, IST2039I, msg_count(t->bytes_resent, n));
	msg_line(con, IST2040I, msg_count(t->nlps_rcvd, n));
	msg_line(con, IST2041I, msg_count(t->bytes_rcvd, n));
}

static void
add_traffic(struct ldlc_traffic *sum, const struct ldlc_traffic *t)
{
	sum->nlps_sent += t->nlps_sent;
	sum->bytes_sent += t->bytes_sent;
	sum->nlps_resent += t->nlps_resent;
	sum->bytes_resent += t->bytes_resent;
	sum->nlps_rcvd += t->nlps_rcvd;
	sum->bytes_rcvd += t->bytes_rcvd;
}

static void
show_all_traffic(const struct ldlc *l, struct con *con)
{
	struct ldlc_traffic sum = { 0 };

	for (unsigned i = 0; i < EE_NPORT; i++) {
		op_port_heading(i, con);
		/* UDP payload: the LLC header goes in front of a packet. */
		msg_line(con, IST2029I, (unsigned)l->max_btu + LLC_LEN);
		show_traffic(&l->traffic[i], con);
		msg_line(con, IST924I);
		add_traffic(&sum, &l->traffic[i]);
	}
	op_port_heading(EE_NPORT, con);
	show_traffic(&sum, con);
}

/* The ports of a local address: all its links that are up. */
static void
show_sum(const struct node *n, const struct ipaddr *local, struct con *con)
{
	for (unsigned i = 0; i < EE_NPORT; i++) {
		struct ldlc_traffic sum = { 0 };
		const struct pu *p;

		TAILQ_FOREACH(p, &n->pus.all, all)
			if (p->up && ipaddr_eq(ldlc_local(p->link), local))
				add_traffic(&sum, &p->link->traffic[i]);
		msg_line(con, IST924I);
		op_port_heading(i, con);
		show_traffic(&sum, con);
	}
}

static void
show_redial(const struct pu *p, struct con *con)
{
	const struct def_path *pa = p->path;
	char redial[16] = "***NA***";

	if (pa != NULL && pa->redial == DEF_REDIAL_FOREVER)
		snprintf(redial, sizeof(redial), "FOREVER");
	else if (pa != NULL)
		snprintf(redial, sizeof(redial), "%u", pa->redial);
	msg_line(con, IST2027I, p->def != NULL && p->def->dwinop ? "YES" : "NO", redial,
	    pa == NULL ? 0 : pa->reddelay);
	msg_line(con, IST2028I, p->def != NULL && p->def->keepact ? "YES" : "NO");
}

/* Companion vtam-operator 4.2: what ID= named is not told again. */
static void
show_connection(const struct oper *op, const struct pu *p, const struct op_eepick *k, int list,
    struct con *con)
{
	const struct ldlc *l = p->link;
	struct load sum = load_of(op->node, l);
	struct msg_when w = oper_when(op, l->up_at.us);
	char addr[IPADDR_TEXT];

	msg_line(con, IST924I);
	msg_line(con, IST1680I, "LOCAL", ipaddr_text(ldlc_local(p->link), addr));
	msg_line(con, IST1680I, "REMOTE", ipaddr_text(ldlc_remote(l), addr));
	msg_line(con, IST2346I, oper_na(p->cp.s));
	if (p->up)
		msg_line(con, IST2022I, w.date, w.time);
	msg_line(con, IST2114I, 4, "", (unsigned)l->parm.livtime, (unsigned)l->parm.livtime_max,
	    (unsigned)(l->live_us / 1000000));
	if (p->line != NULL && k->res != p->line)
		msg_line(con, IST2023I, name_base(&p->line->name));
	if (k->res != p->res)
		msg_line(con, IST2024I, name_base(&p->res->name));
	eeverify_show(op->node, p, con);
	msg_line(con, IST2025I, l->stat[LDLC_RESENT_ONCE]);
	msg_line(con, IST2026I, l->stat[LDLC_RESENT_LIMIT]);
	msg_line(con, IST2009I, sum.pipes, sum.sessions);
	show_redial(p, con);
	if (list != 2)
		return;
	msg_line(con, IST924I);
	show_all_traffic(l, con);
}

/* --- which connections --- */

static void
show_connections(const struct oper *op, const struct op_eepick *k, int list, struct oper_limit *l,
    struct con *con)
{
	uint32_t hits = 0, shown = 0;
	const struct pu *p;

	TAILQ_FOREACH(p, &op->node->pus.all, all)
		hits += op_ee_fits(p, k);
	if (hits == 0) {
		msg_line(con, IST1358I);
		return;
	}
	msg_line(con, IST2001I);
	op_ee_correlator(op, con);
	if (k->res != NULL)
		msg_line(con, IST075I, name_base(&k->res->name), res_type_text(k->res));
	TAILQ_FOREACH(p, &op->node->pus.all, all) {
		if (!op_ee_fits(p, k) || !oper_more(l))
			continue;
		show_connection(op, p, k, list, con);
		shown++;
	}
	msg_line(con, IST2042I, shown, hits);
}

/* A local address alone: the sum of its connections. */
static void
show_aggregate(const struct oper *op, const struct op_eepick *k, int list, struct con *con)
{
	const struct xgroup *g;
	uint32_t links = 0;
	const struct pu *p;

	TAILQ_FOREACH(g, &op->node->xcas.all, all)
		if (g->local.fam != 0 && ipaddr_eq(&g->local, &k->local))
			break;
	if (g == NULL) {
		msg_line(con, IST1358I);
		return;
	}
	msg_line(con, IST2002I);
	op_ee_correlator(op, con);
	msg_line(con, IST924I);
	show_local(op->node, g->res->up, g->at, con);
	TAILQ_FOREACH(p, &op->node->pus.all, all)
		links += p->up && ipaddr_eq(ldlc_local(p->link), &k->local);
	if (op->corr != 0)
		msg_line(con, IST2043I, links);
	else
		msg_line(con, IST2044I, links);
	if (list == 2)
		show_sum(op->node, &k->local, con);
}

/* LIST=EEVERIFY: connections whose last probe failed. */
static void
show_unhealthy(const struct oper *op, struct oper_limit *l, struct con *con)
{
	const struct pu *p;
	uint32_t hits = 0;

	msg_line(con, IST2324I);
	TAILQ_FOREACH(p, &op->node->pus.all, all) {
		struct msg_when w = msg_when(p->failed_us, defs_start(op->defs)->dateform);

		if (!p->up || p->health != PH_BAD)
			continue;
		hits++;
		if (oper_more(l))
			msg_line(con, IST2325I, p->line == NULL ? "***NA***" :
			    name_base(&p->line->name), name_base(&p->res->name), w.date, w.time);
	}
	msg_line(con, IST2326I, hits);
}

enum oper_do
op_d_ee(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int list = oper_choice(c, "LIST", "SUMMARY DETAIL EEVERIFY", con);
	struct oper_limit l;
	struct op_eepick k;

	(void)out;
	if (list < 0 || !oper_limit(op, c, con, &l) || !op_ee_pick(op, c, &k, con))
		return OPER_REJECTED;
	if (oper_get(c, "HOSTNAME") != NULL)
		return op_ee_by_name(op, c, &k, con);
	oper_accept(c, con);
	msg_line(con, IST350I, "EE");
	if (list == 3)
		show_unhealthy(op, &l, con);
	else if (!k.any)
		show_general(op, list, con);
	else if (k.local.fam != 0 && k.remote.fam == 0 && k.res == NULL && k.cp == NULL)
		show_aggregate(op, &k, list, con);
	else
		show_connections(op, &k, list, &l, con);
	oper_limit_end(&l, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}
