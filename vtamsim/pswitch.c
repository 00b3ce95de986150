/* SPDX-License-Identifier: Apache-2.0
 *
 * A switch has a reason: the link failed (INOP), the partner was silent for too
 * long, an operator asked, a better route is there (PSRETRY), or the partner
 * did it. In the first two no data flows until a new path is confirmed, and the
 * pipe ends with its time (HPRPST); in the others data goes on, and when no way
 * is found nothing changes.
 *
 * Where to look: links to the partner first, then Route Setup by other nodes.
 * Of pipes with nodes between one end leads, the caller as a rule: CV 83 tells
 * by the mobility bit. The other end makes a last attempt near its time's end.
 */
#include "snaee/ldlc.h"
#include "snaee/rtp.h"
#include "snaee/sense.h"
#include "vtamsim/node.h"
#include "vtamsim/pswitch.h"
#include "vtamsim/route.h"

static void
look_again(struct node *n, struct mono now, struct pipe *p, int64_t ms)
{
	node_due(n, &p->due, ND_PIPE, mono_add(now, MSEC(ms)));
}

static void
set_searching(struct node *n, struct pipe *p, unsigned on)
{
	if (p->searching == on)
		return;
	p->searching = on != 0;
	if (on)
		TAILQ_INSERT_TAIL(&n->pipetab.switching, p, on_switch);
	else
		TAILQ_REMOVE(&n->pipetab.switching, p, on_switch);
}

/* Nothing is sought any more: the pipe is as any. */
static void
at_rest(struct node *n, struct mono now, struct pipe *p)
{
	set_searching(n, p, 0);
	p->routing = PR_NO;
	p->seeking = RY_NONE;
	p->last_try = 0;
	due_clear(&n->due, &p->due.due);
	pipe_idle(n, now, p);
}

/* Of one's own accord no pipe goes where an answer is missing. */
static bool
usable(const struct pipe *p, const struct pu *u)
{
	return u->up && u->link != NULL && ldlc_active(u->link) && u->ee == p->ee &&
	    name_eq(&u->cp, &p->cp) && (p->searching || !ldlc_silent(u->link));
}

/* The next link to the partner behind the one the pipe has, which comes last. */
static struct pu *
next_link(const struct node *n, const struct pipe *p)
{
	const struct ldlc *old = ee_pipe_link(p->rtp);
	struct pu *u, *first = NULL, *same = NULL;
	bool behind = false;

	TAILQ_FOREACH(u, &n->pus.all, all) {
		if (!usable(p, u))
			continue;
		if (u->link == old) {
			same = u;
			behind = true;
		} else if (behind) {
			return u;
		} else if (first == NULL) {
			first = u;
		}
	}
	return first != NULL ? first : same;
}

static bool
move(struct mono now, struct pipe *p, struct pu *u, enum rtp_why why)
{
	if (u == NULL || !ee_move(p->ee, now, p->rtp, u->link, why))
		return false;
	p->route.n = 0;
	return true;
}

/* Route Setup by other nodes; only pipes of LUs have such routes. */
static uint32_t
ask_route(struct node *n, struct mono now, struct pipe *p)
{
	uint32_t sense;

	if (p->nce != NCE_LU)
		return SENSE_NO_PATH_COS;
	p->routing = PR_AGAIN;
	sense = rsetup_begin(n, now, p);
	if (sense != 0)
		p->routing = PR_NO;
	else
		look_again(n, now, p, 1000 * RSETUP_WAIT_S);
	return sense;
}

/* After silence first another way than now; what is broken may be behind the first TG. */
bool
pswitch_route(struct node *n, struct pipe *p, struct rscv *v)
{
	const struct ldlc *l = p->rtp == NULL ? NULL : ee_pipe_link(p->rtp);
	struct cv46 now = { 0 };

	if (!p->searching || l == NULL ||
	    (p->rtp->move.why != RY_SHORT_REQ && p->rtp->move.why != RY_STALL))
		return route_to(n, &p->cp, v);
	now.tgn = (uint8_t)ldlc_tgn(l);
	now.partner = *ee_pipe_via(p->rtp);
	return (p->looked % 2 == 1 && route_around(n, &p->cp, &now, v)) ||
	    (ee_pipe_far(p->rtp) && route_to(n, &p->cp, v));
}

static bool
leads(const struct pipe *p)
{
	return !p->called || !ee_pipe_far(p->rtp) || !p->rtp->move.peer_mobile || p->last_try;
}

static void
search(struct node *n, struct mono now, struct pipe *p)
{
	struct pu *u = next_link(n, p);

	bool same = u != NULL && u->link == ee_pipe_link(p->rtp) && !ee_pipe_far(p->rtp);

	p->routing = PR_NO;
	p->looked++;
	if (!same && move(now, p, u, p->rtp->move.why))
		look_again(n, now, p, PS_TRY_MS);
	else if (!leads(p) || ask_route(n, now, p) != 0)        /* RTP itself goes on asking */
		look_again(n, now, p, p->looked == 1 ? PS_SOON_MS : 1000 * RSETUP_AGAIN_S);
}

void
pswitch_due(struct node *n, struct mono now, struct pipe *p)
{
	if (p->searching && p->rtp != NULL && rtp_switching(p->rtp)) {
		/* 5.7: the end that does not lead makes a last attempt, our choice: when
		 * three quarters of its time are over */
		if (!p->last_try && mono_diff(now, p->switch_at) >=
		    MSEC(p->rtp->parm.switch_ms) / 4 * 3)
			p->last_try = 1;
		search(n, now, p);
		return;
	}
	if (p->routing == PR_AGAIN)
		pswitch_unrouted(n, now, p, SENSE_ROUTE_SETUP);
}

static void
began(struct node *n, struct mono now, struct pipe *p, enum rtp_why why)
{
	ee_keep(p->ee, now, p->rtp, name_base(&p->res->name), FLIGHT_SWITCHED, SENSE_LINK_FAILURE);
	psmsg_started(n, p, why);
	set_searching(n, p, 1);
	p->seeking = RY_NONE;           /* a command's way turned out to be none */
	p->switch_at = now;
	p->looked = p->last_try = 0;
	search(n, now, p);
}

void
pswitch_event(struct node *n, struct mono now, struct pipe *p, const struct ee_ind *i)
{
	switch ((enum rtp_step)i->step) {
	case RP_STARTED:
		began(n, now, p, (enum rtp_why)i->why);
		break;
	case RP_OVERRIDDEN:
		psmsg_overridden(n, p);
		p->route.n = 0;
		break;
	case RP_COMPLETED:
		if (i->why == RY_PARTNER) {
			psmsg_started(n, p, RY_PARTNER);
			p->route.n = 0;
		}
		psmsg_completed(n, p);
		if (p->routing == PR_NO || p->searching)
			at_rest(n, now, p);
		break;
	}
}

void
pswitch_routed(struct node *n, struct mono now, struct pipe *p, struct pu *u,
    const struct ee_far *f)
{
	bool ok = p->rtp != NULL && p->ee == u->ee && ee_reroute(p->ee, now, p->rtp, u->link, f,
	    p->searching ? p->rtp->move.why : p->seeking);

	p->routing = PR_NO;
	if (p->searching) {
		look_again(n, now, p, ok ? PS_TRY_MS : 1000 * RSETUP_AGAIN_S);
		return;
	}
	due_clear(&n->due, &p->due.due);
	if (!ok)
		pswitch_unrouted(n, now, p, SENSE_NO_PATH_COS);
}

/* A switch after a failure goes on looking while its time lasts. */
void
pswitch_unrouted(struct node *n, struct mono now, struct pipe *p, uint32_t sense)
{
	(void)sense;
	if (p->searching) {
		p->routing = PR_NO;
		look_again(n, now, p, 1000 * RSETUP_AGAIN_S);
		return;
	}
	psmsg_failed(n, p);
	at_rest(n, now, p);
}

/* Data goes on meanwhile. False: no way is known. */
static bool
seek(struct node *n, struct mono now, struct pipe *p, enum rtp_why why)
{
	struct pu *u = next_link(n, p);

	p->seeking = (uint8_t)why;
	if (u != NULL ? move(now, p, u, why) : ask_route(n, now, p) == 0)
		return true;
	p->seeking = RY_NONE;
	return false;
}

bool
pswitch_command(struct node *n, struct mono now, struct pipe *p)
{
	if (p->rtp == NULL || !p->up || p->closing)
		return false;
	if (p->searching) {
		search(n, now, p);      /* its messages are under way */
		return true;
	}
	if (p->routing != PR_NO || !rtp_connected(p->rtp))
		return false;
	psmsg_started(n, p, RY_COMMAND);
	if (!seek(n, now, p, RY_COMMAND))
		psmsg_failed(n, p);
	return true;
}

/* --- PSRETRY --- */

static void
retry_later(struct node *n, struct mono now, struct pipe *p)
{
	uint32_t s = n->start->psretry_s[p->tpf];

	if (s == 0)
		due_clear(&n->due, &p->retry.due);
	else
		node_due(n, &p->retry, ND_PSRETRY, mono_add(now, SECS(s)));
}

void
pswitch_begin(struct node *n, struct mono now, struct pipe *p)
{
	if (p->nce != NCE_RSETUP)
		retry_later(n, now, p);
}

/* PSWEIGHT=LESSTHAN: only a way with less weight, so that none goes to and fro. The
 * weight is the number of TGs, as all are alike here (route.h). */
static bool
better(struct node *n, const struct pipe *p)
{
	unsigned has = p->route.n;
	struct rscv v;

	if (has < 2)
		has = 2;                /* the partner chose it: at least so many */
	return ee_pipe_far(p->rtp) && route_to(n, &p->cp, &v) && v.n < has &&
	    (v.n > 1 || next_link(n, p) != NULL);
}

void
pswitch_retry(struct node *n, struct mono now, struct ndue *d)
{
	struct pipe *p = DUE_OBJ(d, struct pipe, retry);

	retry_later(n, now, p);
	if (p->rtp == NULL || !p->up || p->closing || p->searching || p->routing != PR_NO ||
	    p->rtp->move.moving || !rtp_connected(p->rtp) || !leads(p) || !better(n, p))
		return;
	psmsg_started(n, p, RY_PSRETRY);
	if (!seek(n, now, p, RY_PSRETRY))
		psmsg_failed(n, p);
}

void
pswitch_options(struct node *n, struct mono now)
{
	struct pipe *p;

	for (unsigned i = 0; i < n->n_ee; i++)
		ee_set_pst(n->ee[i], n->start->hprpst_s);
	TAILQ_FOREACH(p, &n->pipetab.all, all)
		if (p->up && p->rtp != NULL)
			pswitch_begin(n, now, p);
}

void
pswitch_link_up(struct node *n, struct mono now, const struct pu *u)
{
	struct pipe *p, *next;

	for (p = TAILQ_FIRST(&n->pipetab.switching); p != NULL; p = next) {
		next = TAILQ_NEXT(p, on_switch);
		if (p->rtp != NULL && name_eq(&p->cp, &u->cp) && rtp_switching(p->rtp) &&
		    (ee_pipe_link(p->rtp) == NULL || ee_pipe_far(p->rtp)))
			search(n, now, p);
	}
}

void
pswitch_end(struct node *n, struct pipe *p, uint32_t sense)
{
	due_clear(&n->due, &p->retry.due);
	if (p->searching && sense != 0)
		psmsg_failed(n, p);
	set_searching(n, p, 0);
}
