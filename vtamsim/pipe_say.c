/* SPDX-License-Identifier: Apache-2.0
 *
 * IST1488I: a pipe begins or ends. Start option HPRITMSG=ENHANCED makes a group
 * of it, with class of service, priority and, at the beginning, the route.
 */
#include "snaee/ldlc.h"
#include "vtamsim/msg.h"
#include "vtamsim/node.h"

static void
say_class(struct node *n, const struct pipe *p)
{
	switch ((enum tpf)p->tpf) {
	case TPF_NETWORK:
		NODE_SAY(n, IST1962I, p->cos);
		break;
	case TPF_HIGH:
		NODE_SAY(n, IST1963I, p->cos);
		break;
	case TPF_MEDIUM:
		NODE_SAY(n, IST1964I, p->cos);
		break;
	case TPF_LOW:
		NODE_SAY(n, IST1965I, p->cos);
		break;
	}
}

static void
say_way(struct node *n, const struct pipe *p)
{
	const struct ldlc *l = ee_pipe_link(p->rtp);

	NODE_SAY(n, IST1480I);
	NODE_SAY(n, IST1460I);
	for (unsigned i = 0; i < p->route.n; i++)
		NODE_SAY(n, IST1461I, p->route.hop[i].tgn, p->route.hop[i].partner.s, "APPN",
		    "RTP");
	if (p->route.n == 0)
		NODE_SAY(n, IST1461I, l == NULL ? 0u : (unsigned)ldlc_tgn(l), p->cp.s, "APPN",
		    "RTP");
}

void
pipe_say(struct node *n, const struct pipe *p, enum pipe_news what)
{
	NODE_SAY(n, IST1488I, what == PIPE_BEGINS ? "ACTIVATION" : "INACTIVATION",
	    name_base(&p->res->name), p->called ? "PASSIVE" : "ACTIVE", p->cp.s);
	if (!n->start->hpritmsg_enhanced)
		return;
	say_class(n, p);
	if (what == PIPE_BEGINS)
		say_way(n, p);
	NODE_SAY(n, IST314I);
}
