/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "snaee/ldlc.h"
#include "snaee/rtp.h"
#include "vtamsim/msg.h"
#include "vtamsim/node.h"
#include "vtamsim/route.h"

/* True: this one is told. */
static bool
event(struct node *n, struct pipe *p, enum psmsg_n what)
{
	static const enum node_stat stat[PN_N] = { [PN_STARTED] = NS_NSTAT,
		[PN_COMPLETED] = NS_PS_COMPLETED, [PN_FAILED] = NS_PS_FAILED,
		[PN_OVERRIDDEN] = NS_PS_OVERRIDDEN };
	struct psmsg *m = &n->pipetab.psmsg;
	uint32_t most = n->start->hprpsmsg;

	if (stat[what] != NS_NSTAT)
		n->stat[stat[what]]++;
	if (most == 0) {
		p->quiet = 0;
		return true;
	}
	if (!m->open) {
		m->open = 1;
		m->began_us = n->cfg.wall_us + n->now.us;
		node_due(n, &m->due, ND_PSMSG, mono_add(n->now, PSMSG_US));
	}
	m->n[what]++;
	m->tpf[what][p->tpf]++;
	if (what == PN_STARTED) {
		p->quiet = m->groups >= most;
		m->groups += !p->quiet;
	}
	return !p->quiet;
}

static void
say(struct node *n, const struct pipe *p, const char *what)
{
	NODE_SAY(n, IST1494I, what, name_base(&p->res->name), p->cp.s);
}

static void
say_why(struct node *n, enum rtp_why why)
{
	switch (why) {
	case RY_INOP:
		NODE_SAY(n, IST1819I);
		break;
	case RY_SHORT_REQ:
		NODE_SAY(n, IST1818I);
		break;
	case RY_COMMAND:
		NODE_SAY(n, IST1820I);
		break;
	case RY_PSRETRY:
		NODE_SAY(n, IST1821I);
		break;
	case RY_PARTNER:
		NODE_SAY(n, IST1937I);
		break;
	case RY_STALL:
		NODE_SAY(n, IST2335I);
		break;
	case RY_NONE:
	case RY_N:
		NODE_SAY(n, IST1822I);
		break;
	}
}

void
psmsg_started(struct node *n, struct pipe *p, enum rtp_why why)
{
	static const enum node_stat reason[RY_N] = {
		[RY_NONE] = NS_PS_INOP, [RY_INOP] = NS_PS_INOP, [RY_SHORT_REQ] = NS_PS_SRQ,
		[RY_COMMAND] = NS_PS_MODIFY, [RY_PSRETRY] = NS_PS_AUTO,
		[RY_PARTNER] = NS_PS_PARTNER, [RY_STALL] = NS_PS_STALL
	};

	if (why >= RY_N)
		why = RY_NONE;
	n->stat[reason[why]]++;
	if (n->start->hprpsmsg != 0)
		n->pipetab.psmsg.why[why]++;
	if (!event(n, p, PN_STARTED))
		return;
	say(n, p, "STARTED");
	say_why(n, why);
	NODE_SAY(n, IST314I);
}

/* Of a pipe that was called from afar the route is not told: as our topology has it. */
static void
say_route(struct node *n, const struct pipe *p)
{
	const struct ldlc *l = p->rtp == NULL ? NULL : ee_pipe_link(p->rtp);
	struct rscv v = p->route;

	if (v.n == 0 && p->rtp != NULL && ee_pipe_far(p->rtp))
		(void)route_to(n, &p->cp, &v);
	NODE_SAY(n, IST1480I);
	NODE_SAY(n, IST1460I);
	for (unsigned i = 0; i < v.n; i++)
		NODE_SAY(n, IST1461I, v.hop[i].tgn, v.hop[i].partner.s, "APPN", "RTP");
	if (v.n == 0)
		NODE_SAY(n, IST1461I, l == NULL ? 0u : (unsigned)ldlc_tgn(l), p->cp.s, "APPN",
		    "RTP");
}

void
psmsg_completed(struct node *n, struct pipe *p)
{
	if (!event(n, p, PN_COMPLETED))
		return;
	say(n, p, "COMPLETED");
	say_route(n, p);
	NODE_SAY(n, IST314I);
}

void
psmsg_failed(struct node *n, struct pipe *p)
{
	if (!event(n, p, PN_FAILED))
		return;
	say(n, p, "FAILED");
	NODE_SAY(n, IST1495I);
	NODE_SAY(n, IST314I);
}

void
psmsg_overridden(struct node *n, struct pipe *p)
{
	if (!event(n, p, PN_OVERRIDDEN))
		return;
	say(n, p, "OVERRIDDEN");
	say_why(n, RY_PARTNER);
	NODE_SAY(n, IST314I);
}

static void
by_priority(struct node *n, const uint32_t tpf[4])
{
	NODE_SAY(n, IST2195I, tpf[3], tpf[2], tpf[1], tpf[0]);
}

/* The texts behind IST2191I are ours: IBM's were not at hand. */
void
psmsg_due(struct node *n, struct mono now)
{
	struct psmsg *m = &n->pipetab.psmsg;
	struct msg_when w = msg_when(m->began_us, n->start->dateform);

	(void)now;
	NODE_SAY(n, IST2191I, w.date, w.time);
	NODE_SAY(n, IST2192I, m->n[PN_STARTED]);
	NODE_SAY(n, IST2193I, m->why[RY_INOP] + m->why[RY_NONE], m->why[RY_SHORT_REQ],
	    m->why[RY_PSRETRY]);
	NODE_SAY(n, IST2194I, m->why[RY_PARTNER], m->why[RY_COMMAND], m->why[RY_STALL]);
	by_priority(n, m->tpf[PN_STARTED]);
	NODE_SAY(n, IST2196I, m->n[PN_COMPLETED] + m->n[PN_OVERRIDDEN]);
	by_priority(n, m->tpf[PN_COMPLETED]);
	NODE_SAY(n, IST2197I, m->n[PN_FAILED]);
	by_priority(n, m->tpf[PN_FAILED]);
	NODE_SAY(n, IST314I);
	m->open = 0;
	m->groups = 0;
	memset(m->n, 0, sizeof(m->n));
	memset(m->why, 0, sizeof(m->why));
	memset(m->tpf, 0, sizeof(m->tpf));
}
