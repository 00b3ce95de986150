/* SPDX-License-Identifier: Apache-2.0
 *
 * Connection networks: what DISPLAY shows of them, and F NET,TOPO,FUNCTION=CLRUNRCH,
 * which lets partners be dialed again before UNRCHTIM is over. Companion
 * vtam-operator sections 4.1, 4.2, 4.8; IST1324I's columns are from a real console,
 * the rows of a VRN itself are ours.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/ldlc.h"
#include "vtamsim/oper_in.h"

static const char *
scope(const struct vrn *v)
{
	return v->type == DEF_VN_GLOBAL ? "GLOBAL" : "LOCAL";
}

static uint32_t
links_of(const struct node *n, const struct vrn *v)
{
	const struct pu *p;
	uint32_t k = 0;

	TAILQ_FOREACH(p, &n->pus.all, all)
		k += p->up && name_eq(&p->vrn, &v->name);
	return k;
}

uint32_t
op_vrn_links(struct node *n, const struct ee *ee, int at, unsigned type)
{
	uint32_t k = 0;

	for (unsigned i = 0; i < n->vrns.n; i++) {
		const struct vrn *v = &n->vrns.v[i];
		bool global = v->type == DEF_VN_GLOBAL;

		if ((ee == NULL || vrn_ee(v) == ee) && (at < 0 || v->group->xg->at == at) &&
		    global == (type == DEF_VN_GLOBAL))
			k += links_of(n, v);
	}
	return k;
}

/* D NET,ID=xca */
void
op_show_vrns(struct node *n, const struct res *maj, struct con *con)
{
	for (unsigned i = 0; i < n->vrns.n; i++) {
		const struct vrn *v = &n->vrns.v[i];

		if (v->group->up != maj)
			continue;
		msg_line(con, IST1324I, v->name.s, name_base(&v->group->name), scope(v));
		if (v->unrch_s != 0)
			msg_line(con, IST2182I, v->unrch_s);
	}
}

/* D NET,EE,LIST=DETAIL: of a local address. */
void
op_show_vrn_use(struct node *n, const struct res *maj, unsigned at, struct con *con)
{
	for (unsigned i = 0; i < n->vrns.n; i++) {
		const struct vrn *v = &n->vrns.v[i];
		const struct res *r;
		uint32_t lines = 0;

		if (v->group->up != maj || v->group->xg->at != at)
			continue;
		TAILQ_FOREACH(r, &v->group->kids, sib)
			lines += r->pu == NULL && r->fsm.state == RST_ACTIV;
		msg_line(con, IST1324I, v->name.s, name_base(&v->group->name), scope(v));
		msg_line(con, IST2011I, lines);
		msg_line(con, IST2012I, links_of(n, v));
	}
}

/* D NET,ID=vrn and D NET,ADJCP,ID=vrn. False: there is no such network here. */
bool
op_show_vrn(struct node *n, const struct sna_name *name, struct con *con)
{
	const struct vrn *v = vrn_find(n, name);
	const struct pu *p;

	if (v == NULL)
		return false;
	msg_line(con, IST1324I, v->name.s, name_base(&v->group->name), scope(v));
	if (v->unrch_s != 0)
		msg_line(con, IST2182I, v->unrch_s);
	msg_line(con, IST1102I);
	op_vrn_row(n, v, con);
	if (links_of(n, v) == 0)
		return true;
	msg_line(con, IST1104I, v->name.s);
	msg_line(con, IST1105I);
	TAILQ_FOREACH(p, &n->pus.all, all) {
		char tg[33], tgn[12];

		if (!p->up || !name_eq(&p->vrn, &v->name))
			continue;
		op_tgchar(p, tg);
		snprintf(tgn, sizeof(tgn), "%3u", p->tgn);
		msg_line(con, IST1106I, name_base(&p->res->name), "AC/R", tgn, "NO", tg);
	}
	return true;
}

void
op_vrn_row(struct node *n, const struct vrn *v, struct con *con)
{
	msg_line(con, IST1103I, v->name.s, "VN", links_of(n, v), 0u, "*NA*");
}

static void
unreachable_one(const struct oper *op, struct vrn *v, struct oper_limit *l, struct con *con)
{
	struct node *n = op->node;
	unsigned most = n->start->unrchtim[1];

	msg_line(con, IST924I);
	msg_line(con, IST2150I, v->name.s, vrn_bad_count(n, &v->name));
	if (vrn_full(n, v))
		msg_line(con, IST2151I, (most > VRN_BAD ? VRN_BAD : most) * 4 / 5);
	msg_line(con, IST2052I);
	for (unsigned i = 0; i < VRN_BAD; i++) {
		const struct vrn_bad *b = &n->vrns.bad[i];

		if (b->cp.len == 0 || !name_eq(&b->vrn, &v->name) ||
		    !mono_before(n->now, b->until) || !oper_more(l))
			continue;
		msg_line(con, IST2055I, n->cpname.s, b->cp.s, v->unrch_s,
		    oper_when(op, b->until.us).time);
	}
}

/* D NET,TOPO,LIST=UNRCHTIM[,VRN=vrn]: group IST2057I. */
void
op_show_unreachable(const struct oper *op, const char *vrn, struct oper_limit *l,
    struct con *con)
{
	struct node *n = op->node;
	unsigned any = 0;

	msg_line(con, IST2057I);
	for (unsigned i = 0; i < n->vrns.n; i++) {
		struct vrn *v = &n->vrns.v[i];

		if (vrn_bad_count(n, &v->name) == 0 || (vrn != NULL &&
		    !name_match(vrn, strchr(vrn, '.') == NULL ? name_base(&v->name) : v->name.s)))
			continue;
		any++;
		unreachable_one(op, v, l, con);
	}
	if (any == 0)
		msg_line(con, IST2056I);
	oper_limit_end(l, con);
}

/* F NET,TOPO,FUNCTION=CLRUNRCH[,ID=vrn]: other functions have no use here. */
enum oper_do
op_f_topo(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *fn = oper_get(c, "FUNCTION"), *id = oper_get(c, "ID");
	struct sna_name vrn = { .len = 0 };

	(void)out;
	if (fn == NULL || strcmp(fn, "CLRUNRCH") != 0)
		return oper_bad(con, "FUNCTION", fn == NULL ? "DELETE" : fn);
	if (id != NULL && (!oper_is_name(id, OPER_PLAIN) ||
	    !vrn_name(op->node, id, &vrn) || vrn_find(op->node, &vrn) == NULL))
		return oper_bad(con, "ID", id);
	oper_accept(c, con);
	(void)vrn_clear_bad(op->node, id == NULL ? "" : vrn.s);
	msg_line(con, IST223I, "MODIFY");
	msg_line(con, IST314I);
	return OPER_DONE;
}
