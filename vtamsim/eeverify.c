/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "snaee/ldlc.h"
#include "vtamsim/msg.h"
#include "vtamsim/node.h"

#define ALL_PORTS ((1u << EE_NPORT) - 1)

static uint32_t
option(const struct node *n, const struct pu *p)
{
	return p->def != NULL ? p->def->eeverify : n->start->eeverify;
}

static struct msg_when
when(const struct node *n, int64_t wall_us)
{
	return msg_when(wall_us, n->start->dateform);
}

static bool
periodic(const struct node *n, const struct pu *p)
{
	return option(n, p) != 0 && option(n, p) != EEVERIFY_ACTIVATE;
}

static void
again(struct node *n, struct mono now, struct pu *p)
{
	if (periodic(n, p))
		node_due(n, &p->due, ND_PU, mono_add(now, SECS(60) * option(n, p)));
}

static uint32_t
probe(struct mono now, const struct pu *p)
{
	return ee_probe(p->ee, now, p->link->parm.at, ldlc_remote(p->link));
}

void
eeverify_up(struct node *n, struct mono now, struct pu *p)
{
	p->probe = 0;
	p->health = PH_UNKNOWN;
	p->ok_us = p->failed_us = 0;
	if (option(n, p) == 0) {
		p->redials = 0;
		return;
	}
	p->probe = probe(now, p);
	again(n, now, p);
}

void
eeverify_due(struct node *n, struct mono now, struct pu *p)
{
	/* Without minutes it is a redial's time, that a command or the partner came before. */
	if (!periodic(n, p) || p->health == PH_UNSUPPORTED)
		return;
	if (p->probe == 0)
		p->probe = probe(now, p);
	again(n, now, p);
}

/*
 * No answer but on the signal port, where XIDs came by: a firewall, or a partner
 * that does not know probes? One of our own product knows them. Our choice: how
 * VTAM tells the one from the other is not public.
 */
static bool
unsupported(const struct pu *p, const struct ee_probe *r)
{
	char name[32];

	xid_product_name(&p->link->neg.peer, name);
	return (r->ok & ~(1u << EE_SIGNAL)) == 0 && strcmp(name, XID_OUR_PRODUCT) != 0;
}

/* A connection that can't be verified is not activated: it ends, and is dialed again
 * after REDDELAY as often as REDIAL says. */
static void
not_activated(struct node *n, struct mono now, struct pu *p)
{
	struct msg_when w = when(n, n->cfg.wall_us + now.us);

	NODE_SAY(n, IST2330I, name_base(&p->res->name), w.time);
	if (p->redials == 0)
		p->redials = 1;
	ee_hangup(p->ee, now, p->link);
}

/* IST2330I at activation; later one message for all (IST2323E). */
static void
verified(struct node *n, struct mono now, struct pu *p, const struct ee_probe *r)
{
	int64_t us = n->cfg.wall_us + n->now.us;
	struct msg_when w = when(n, us);
	bool first = p->health == PH_UNKNOWN, was_bad = p->health == PH_BAD;

	p->probe = 0;
	if (r->ok == ALL_PORTS) {
		p->health = PH_GOOD;
		p->ok_us = us;
		p->redials = 0;
		return;
	}
	if (first && unsupported(p, r)) {
		p->health = PH_UNSUPPORTED;
		p->redials = 0;
		return;
	}
	p->health = PH_BAD;
	p->failed_us = us;
	if (first)
		not_activated(n, now, p);
	else if (!was_bad)
		NODE_SAY(n, IST2323E, w.time);
}

/* Hops between are not asked. */
static void
say_hop(struct node *n, const char *addr, unsigned fam, unsigned ms)
{
	if (fam == 6)
		NODE_SAY(n, IST2138I, addr, ms);
	else
		NODE_SAY(n, IST2137I, addr, ms);
}

static void
diag_ports(struct node *n, const struct eediag *d, const struct ee_probe *r, unsigned port0)
{
	char addr[IPADDR_TEXT];

	for (unsigned i = 0; i < EE_NPORT; i++) {
		if (r->ok & 1u << i) {
			NODE_SAY(n, IST2134I, port0 + i);
			say_hop(n, ipaddr_text(&d->remote, addr), d->remote.fam,
			    (r->rtt_us[i] + 999) / 1000);
		} else {
			NODE_SAY(n, IST2135I, 0x08090000u, port0 + i);
		}
	}
}

static void
tested(struct node *n, const struct ee *e, struct eediag *d, const struct ee_probe *r)
{
	struct msg_when w = when(n, n->cfg.wall_us + n->now.us);
	char addr[IPADDR_TEXT];

	NODE_SAY(n, IST2130I);
	NODE_SAY(n, IST2119I, d->corr);
	NODE_SAY(n, IST2131I, w.date, w.time);
	NODE_SAY(n, IST2132I, "V1", r->ok != 0 ? "V1" : "NA");
	NODE_SAY(n, IST1680I, "LOCAL", ipaddr_text(&d->local, addr));
	NODE_SAY(n, IST1680I, "REMOTE", ipaddr_text(&d->remote, addr));
	NODE_SAY(n, IST924I);
	NODE_SAY(n, IST2133I, "***NA***", "***NA***");
	diag_ports(n, d, r, ee_config(e)->port0);
	NODE_SAY(n, IST924I);
	NODE_SAY(n, IST2139I, 1u, 1u);
	NODE_SAY(n, IST314I);
	d->probe = 0;
}

void
eeverify_result(struct node *n, struct mono now, const struct ee *e, const struct ee_probe *r)
{
	struct pu *p;

	for (unsigned i = 0; i < EEDIAGS; i++)
		if (n->eediags.v[i].probe == r->id) {
			tested(n, e, &n->eediags.v[i], r);
			return;
		}
	TAILQ_FOREACH(p, &n->pus.all, all)
		if (p->ee == e && p->probe == r->id && p->up) {
			verified(n, now, p, r);
			return;
		}
}

const struct eediag *
eediag_test(struct node *n, struct mono now, const struct pu *p)
{
	struct eediag *d = NULL;

	for (unsigned i = 0; i < EEDIAGS && d == NULL; i++)
		if (n->eediags.v[i].probe == 0)
			d = &n->eediags.v[i];
	if (d == NULL)
		return NULL;
	d->probe = probe(now, p);
	if (d->probe == 0)
		return NULL;
	d->corr = ++n->eediags.next_corr;
	d->began_us = n->cfg.wall_us + now.us;
	d->local = *ldlc_local(p->link);
	d->remote = *ldlc_remote(p->link);
	snprintf(d->line, sizeof(d->line), "%.8s", p->line == NULL ? "" :
	    name_base(&p->line->name));
	return d;
}

void
eeverify_show(const struct node *n, const struct pu *p, struct con *con)
{
	uint32_t minutes = option(n, p);
	struct msg_when ok = when(n, p->ok_us), bad = when(n, p->failed_us);
	char text[24];

	if (p->health == PH_UNSUPPORTED)
		msg_line(con, IST2343I);
	if (minutes == 0 || minutes == EEVERIFY_ACTIVATE || p->health == PH_UNKNOWN ||
	    p->health == PH_UNSUPPORTED)
		return;
	snprintf(text, sizeof(text), "%u MINUTES", minutes);
	msg_line(con, IST2327I, text);
	if (p->health == PH_BAD) {
		msg_line(con, IST2328I, bad.date, bad.time);
		if (p->ok_us != 0)
			msg_line(con, IST2339I, ok.date, ok.time);
		return;
	}
	msg_line(con, IST2329I, ok.date, ok.time);
	if (p->failed_us != 0)
		msg_line(con, IST2340I, bad.date, bad.time);
	else
		msg_line(con, IST2341I);
}
