/* SPDX-License-Identifier: Apache-2.0
 *
 * D NET,FSM: every state machine as its table, and who is in which state. Ours,
 * for developers.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "snaee/dfc_fsm.h"
#include "snaee/ldlc.h"
#include "snaee/rtp.h"
#include "vtamsim/oper_in.h"

#define MACHINES 16

static unsigned
machines(const struct node *node, const struct fsm_desc *v[MACHINES])
{
	const struct cpadj *a = TAILQ_FIRST(&node->cps.all);
	unsigned n = 0;

	v[n++] = ldlc_fsm();
	v[n++] = xidneg_fsm();
	v[n++] = rtp_fsm();
	v[n++] = res_fsm();
	v[n++] = ssn_fsm();
	v[n++] = &dfc_chain;
	v[n++] = &dfc_bracket;
	v[n++] = &dfc_flipflop;
	v[n++] = &dfc_contention;
	v[n++] = &dfc_shut;
	v[n++] = &dfc_quiesce;
	if (a != NULL)
		v[n++] = a->fsm.desc;
	return n;
}

static void
one(const struct fsm *f, const struct fsm_desc *d, const char *who, struct con *con)
{
	if (f->desc == d)
		con_text(con, "  %-20s %-10s last event %-10s refused %u", who, fsm_state(f),
		    f->last_event == 0 || f->last_event >= d->n_events ? "-" :
		    d->events[f->last_event], f->refused);
}

static void
links(const struct node *n, const struct fsm_desc *d, struct con *con, struct oper_limit *l)
{
	for (unsigned i = 0; i < n->n_ee; i++) {
		struct ldlc *k = NULL;
		struct rtp *r = NULL;

		while ((k = ee_next_link(n->ee[i], k)) != NULL && oper_more(l)) {
			one(&k->fsm, d, k->subject, con);
			one(&k->neg.fsm, d, k->subject, con);
		}
		while ((r = ee_next_pipe(n->ee[i], r)) != NULL && oper_more(l))
			one(&r->fsm, d, r->subject, con);
	}
}

static void
resources(const struct node *n, const struct fsm_desc *d, struct con *con,
    struct oper_limit *l)
{
	const struct cpadj *a;

	if (d == res_fsm())
		for (const struct res *r = rtab_next(&n->rtab, NULL); r != NULL && oper_more(l);
		    r = rtab_next(&n->rtab, r))
			one(&r->fsm, d, r->name.s, con);
	TAILQ_FOREACH(a, &n->cps.all, all)
		one(&a->fsm, d, a->cp.s, con);
}

static void
half_session(const struct dfc *f, const struct fsm_desc *d, const char *who, struct con *con)
{
	const struct fsm *const v[] = { &f->tx, &f->rx, &f->br, &f->dir, &f->shut, &f->qs, &f->qr };

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		one(v[i], d, who, con);
}

static void
sessions(const struct node *n, const struct fsm_desc *d, struct con *con, struct oper_limit *l)
{
	char sid[17];

	for (uint32_t i = 0; i < n->ssns.touched && !l->cut; i++) {
		const struct ssn *s = pool_at(&n->ssns, i);

		if (s == NULL || s->handle == 0 || s->dead || !oper_more(l))
			continue;
		one(&s->fsm, d, ssn_sid(s, sid), con);
		if (!s->has_hs)
			continue;
		half_session(&s->hs.dfc, d, sid, con);
	}
}

enum oper_do
op_d_fsm(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *name = oper_get(c, "NAME");
	const struct fsm_desc *v[MACHINES];
	unsigned n = machines(op->node, v), hits = 0;
	struct oper_limit l;

	(void)out;
	if (!oper_limit(op, c, con, &l))
		return OPER_REJECTED;
	for (unsigned i = 0; i < n; i++)
		hits += name == NULL || strcasecmp(v[i]->name, name) == 0;
	if (hits == 0)
		return oper_bad(con, "NAME", name);
	oper_accept(c, con);
	msg_line(con, IST350I, "STATE MACHINES");
	for (unsigned i = 0; i < n; i++) {
		if (name != NULL && strcasecmp(v[i]->name, name) != 0)
			continue;
		fsm_print(v[i], con);
		links(op->node, v[i], con, &l);
		resources(op->node, v[i], con, &l);
		sessions(op->node, v[i], con, &l);
	}
	oper_limit_end(&l, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}
