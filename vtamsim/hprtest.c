/* SPDX-License-Identifier: Apache-2.0 */
#include "snaee/ldlc.h"
#include "snaee/rtp.h"
#include "vtamsim/hprtest.h"
#include "vtamsim/msg.h"
#include "vtamsim/node.h"

enum hprtest_rc
hprtest_begin(struct node *n, struct mono now, const struct pipe *p)
{
	struct hprtest *t = NULL;

	if (p->rtp == NULL || !p->up || p->closing || !rtp_connected(p->rtp))
		return HPRTEST_STATE;
	/* Only the caller of a pipe with nodes between knows its route. */
	if (p->called && p->rtp->far)
		return HPRTEST_PATH;
	for (unsigned i = 0; i < HPRTESTS; i++) {
		if (n->hprtests.v[i].pipe == p)
			return HPRTEST_BUSY;
		if (n->hprtests.v[i].pipe == NULL)
			t = &n->hprtests.v[i];
	}
	if (t == NULL)
		return HPRTEST_FULL;
	*t = (struct hprtest){ .pipe = p, .began = now, .open = p->rtp->rq_open };
	n->hprtests.n++;
	ee_ask(p->ee, p->rtp);
	return HPRTEST_BEGUN;
}

/* us: there and back; less than 0: no answer. */
static void
result(struct node *n, struct hprtest *t, int64_t us)
{
	const struct pipe *p = t->pipe;
	const struct ldlc *l = p->rtp == NULL ? NULL : ee_pipe_link(p->rtp);
	unsigned ms = us < 0 ? 0 : (unsigned)((us / 2 + 999) / 1000);

	NODE_SAY(n, IST1787I, name_base(&p->res->name));
	NODE_SAY(n, IST1788I);
	NODE_SAY(n, IST1789I);
	for (unsigned i = 0; i + 1 < p->route.n; i++)
		NODE_SAY(n, IST1791I, p->route.hop[i].partner.s);
	if (us < 0) {
		NODE_SAY(n, IST1791I, p->cp.s);
	} else {
		if (p->route.n <= 1)
			NODE_SAY(n, IST1790I, n->cpname.s, l == NULL ? 0u :
			    (unsigned)ldlc_tgn(l), p->cp.s, ms);
		NODE_SAY(n, IST1792I, ms);
	}
	NODE_SAY(n, IST314I);
	t->pipe = NULL;
	n->hprtests.n--;
}

void
hprtest_turn(struct node *n, struct mono now)
{
	for (unsigned i = 0; n->hprtests.n != 0 && i < HPRTESTS; i++) {
		struct hprtest *t = &n->hprtests.v[i];
		const struct rtp *r = t->pipe == NULL ? NULL : t->pipe->rtp;

		if (r == NULL)
			continue;
		/* Answered: the request of then, or one that was sent since. */
		if (!r->rq_open && (t->open || r->rq_at.us >= t->began.us))
			result(n, t, mono_diff(now, r->rq_at));
		else if (mono_diff(now, t->began) >= SECS(HPRTEST_S))
			result(n, t, -1);
	}
}

struct mono
hprtest_deadline(const struct node *n)
{
	struct mono at = MONO_NEVER;

	for (unsigned i = 0; n->hprtests.n != 0 && i < HPRTESTS; i++)
		if (n->hprtests.v[i].pipe != NULL)
			at = mono_min(at, mono_add(n->hprtests.v[i].began, SECS(HPRTEST_S)));
	return at;
}

void
hprtest_gone(struct node *n, const struct pipe *p)
{
	for (unsigned i = 0; n->hprtests.n != 0 && i < HPRTESTS; i++)
		if (n->hprtests.v[i].pipe == p)
			result(n, &n->hprtests.v[i], -1);
}
