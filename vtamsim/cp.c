/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two LU 6.2 sessions join adjacent control points. Each CP binds one and is
 * its contention winner: it alone starts conversations on it, the other only
 * listens. Every message is one conversation: FMH-5 with the service's name,
 * one GDS variable or more, conditional end of bracket.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "snaee/gds.h"
#include "snaee/ldlc.h"
#include "snaee/rtp.h"
#include "snaee/sense.h"
#include "vtamsim/msg.h"
#include "vtamsim/ssn_parts.h"

#define CP_RETRY_S 5            /* a session that failed is tried again */
#define CP_CAPS_S 90            /* both sessions and capabilities; our choice */
#define CP_STUCK_S 60           /* nothing of what waits went; our choice */
#define MSG_MAX BUF_BIG

static const char *const st_name[CPS_N] = { "", "RESET", "PENDING", "CAPS", "ACTIVE" };
enum { CE_OPEN = 1, CE_BOUND, CE_CAPS, CE_LOST, CE_N };
static const char *const ev_name[CE_N] = { "", "OPEN", "BOUND", "CAPS", "LOST" };
static const char *const ac_name[] = { "", "NONE" };
static const struct fsm_cell cells[CPS_N][CE_N] = {
	[CPS_RESET][CE_OPEN] = { CPS_PENDING, 1 },
	[CPS_RESET][CE_LOST] = { CPS_RESET, 1 },
	[CPS_PENDING][CE_BOUND] = { CPS_CAPS, 1 },
	[CPS_PENDING][CE_LOST] = { CPS_RESET, 1 },
	[CPS_CAPS][CE_CAPS] = { CPS_ACTIVE, 1 },
	[CPS_CAPS][CE_LOST] = { CPS_RESET, 1 },
	[CPS_ACTIVE][CE_CAPS] = { CPS_ACTIVE, 1 },
	[CPS_ACTIVE][CE_LOST] = { CPS_RESET, 1 },
};
FSM_DESC(desc, "cp-cp", st_name, ev_name, ac_name, cells);

int
cps_init(struct node *n)
{
	struct cps *c = &n->cps;
	int e = pool_init(&c->adjs, "ADJACENT CP", sizeof(struct cpadj), n->cfg.max_links);

	/* Higher after every start, or others would hold on to our former records. */
	c->rsn = (uint32_t)(n->cfg.wall_us / 1000000) & 0x7ffffffe;
	TAILQ_INIT(&c->all);
	TAILQ_INIT(&c->topo_nodes);
	TAILQ_INIT(&c->topo_tgs);
	if (e == 0)
		e = pool_init(&c->nodes, "TOPOLOGY NODE", sizeof(struct topo_node), TOPO_MAX);
	if (e == 0)
		e = pool_init(&c->tgs, "TOPOLOGY TG", sizeof(struct topo_tg), TOPO_MAX * 4);
	return e;
}

void
cps_fini(struct node *n)
{
	pool_fini(&n->cps.adjs);
	pool_fini(&n->cps.nodes);
	pool_fini(&n->cps.tgs);
}

struct cpadj *
cp_find(const struct node *n, const struct sna_name *cp)
{
	struct cpadj *a;

	TAILQ_FOREACH(a, &n->cps.all, all)
		if (name_eq(&a->cp, cp))
			return a;
	return NULL;
}

bool
cp_active(const struct cpadj *a)
{
	return a->fsm.state == CPS_ACTIVE;
}

/* LU 6.2, FM 19, TS 7, adaptive pacing, RUs of 1152: companion 2.7, 4.2 (CPSVCMG). */
void
cp_image(struct bind *b)
{
	memset(b, 0, sizeof(*b));
	b->negotiable = 1;
	b->fm = 0x13;
	b->ts = 7;
	b->priprot = 0xb0;
	b->secprot = 0xb0;
	b->comprot1 = 0x70;
	b->comprot2 = 0xb1;
	b->srcvpac = b->psndpac = b->ssndpac = b->prcvpac = 7;
	b->adaptive = 1;
	b->sec_ru = b->pri_ru = 0x97;
	b->ps[0] = 6;
	b->ps[1] = 2;
	b->ps[10] = 0x22;
}

static struct cpadj *
adj_get(struct node *n, const struct sna_name *cp)
{
	struct cpadj *a = cp_find(n, cp);

	if (a != NULL)
		return a;
	a = pool_get(&n->cps.adjs);
	if (a == NULL)
		return NULL;
	a->node = n;
	a->cp = *cp;
	fsm_init(&a->fsm, &desc, CPS_RESET);
	a->res = rtab_add(&n->rtab, RES_ADJCP, cp, NULL);
	TAILQ_INSERT_TAIL(&n->cps.all, a, all);
	return a;
}

static void
open_winner(struct node *n, struct mono now, struct cpadj *a)
{
	struct pipe_want w = { .cp = &a->cp, .cos = "CPSVCMG", .nce = NCE_CP,
		.tpf = TPF_NETWORK };
	uint32_t sense = 0;

	if (a->win != NULL || a->pu == NULL || n->halting)
		return;
	a->win = ssn_cp_open(n, a);
	if (a->win == NULL)
		return;
	a->trying = 1;
	(void)fsm_step(&a->fsm, CE_OPEN, a->cp.s);
	node_due(n, &a->due, ND_CP, mono_add(now, SECS(CP_CAPS_S)));
	if (pipe_get(n, now, &w, a->win, &sense) == NULL)
		ssn_end(n, now, a->win, UNB_ROUTE_INOP, sense);
}

void
cp_link_up(struct node *n, struct mono now, struct pu *p)
{
	struct cpadj *a = adj_get(n, &p->cp);

	if (a == NULL)
		return;
	topo_changed(n);
	if (a->pu != NULL && a->pu != p)
		return;                 /* a parallel TG: in reserve */
	a->pu = p;
	if (a->res != NULL)
		(void)res_event(a->res, REV_CONNECT);
	/* The higher CP name calls at once, the other gives it time: register row 2. */
	if (name_cmp(&n->cpname, &a->cp) > 0)
		open_winner(n, now, a);
	else
		node_due(n, &a->due, ND_CP, mono_add(now, SECS(10)));
}

/* Without a link nobody would hear the UNBIND: the end dies at once. */
static void
end_half(struct node *n, struct mono now, struct cpadj *a, struct ssn *s)
{
	if (s == NULL)
		return;
	if (a->pu != NULL)
		ssn_end(n, now, s, UNB_CLEANUP, SENSE_CPCP_ERROR);
	else if (!s->dead)
		ssn_over(n, now, s, 0);
}

/* A group for each of the two sessions, as VTAM has it. */
static void
say_lost(struct node *n, const struct cpadj *a)
{
	static const char *const type[2] = { "CONWINNER", "CONLOSER" };

	for (int i = 0; i < 2; i++) {
		const struct ssn *s = i == 0 ? a->win : a->lose;
		uint32_t sense = s != NULL ? s->sense : a->sense;

		NODE_SAY(n, IST1097I, a->cp.s);
		NODE_SAY(n, IST1280I, type[i], sense != 0 ? sense : SENSE_CPCP_ERROR);
		NODE_SAY(n, IST314I);
	}
}

static void
lost(struct node *n, struct mono now, struct cpadj *a)
{
	bool was = cp_active(a);

	(void)fsm_step(&a->fsm, CE_LOST, a->cp.s);
	a->caps_sent = a->caps_got = 0;
	dir_cp_lost(n, now, a);
	topo_lost(n, &a->cp);
	if (was) {
		a->trying = 0;          /* the other half's end is no failed activation */
		say_lost(n, a);
	}
	end_half(n, now, a, a->win);
	end_half(n, now, a, a->lose);
	if (a->trying && a->sense != 0 && a->sense != a->told) {     /* once for a reason */
		a->told = a->sense;
		NODE_SAY(n, IST1110I, a->cp.s);
		NODE_SAY(n, IST1280I, "CONWINNER", a->sense);
		NODE_SAY(n, IST314I);
	}
	a->frsn_in_known = 0;
	if (a->pu != NULL && !n->halting)
		node_due(n, &a->due, ND_CP, mono_add(now, SECS(CP_RETRY_S)));
}

void
cp_link_down(struct node *n, struct mono now, struct pu *p)
{
	struct cpadj *a = cp_find(n, &p->cp);

	if (a != NULL && a->pu == p) {
		/* With a parallel TG the pipe looks for it and the sessions go on. */
		a->pu = pu_to(n, &p->cp);
		if (a->pu != NULL && !a->pu->cpcp)
			a->pu = NULL;
	}
	topo_changed(n);
	if (a == NULL || a->pu != NULL)
		return;
	due_clear(&n->due, &a->due.due);
	lost(n, now, a);
	if (a->res != NULL)
		(void)res_event(a->res, REV_LOST);
}

void
cp_ended(struct node *n, struct mono now, struct ssn *s)
{
	struct cpadj *a = s->cp;

	a->sense = s->sense;
	if (a->win == s)
		a->win = NULL;
	else if (a->lose == s)
		a->lose = NULL;
	else
		return;
	lost(n, now, a);
}

struct ssn *
cp_secondary(struct node *n, struct mono now, const struct bind *b, struct pipe *p,
    uint32_t *sense)
{
	struct cpadj *a = cp_find(n, &b->plu);
	struct ssn *s;

	*sense = SENSE_CPCP_NOT_SUPPORTED;
	if (a == NULL || !name_eq(&b->plu, &p->cp))
		return NULL;
	*sense = SENSE_CPCP_ACTIVE;
	if (a->lose != NULL) {
		/* The partner's half is gone and we did not hear it; ours would stand in the
		 * way for ever. It is refused once, and finds the place free. Our choice. */
		ssn_end(n, now, a->lose, UNB_CLEANUP, SENSE_CPCP_ERROR);
		return NULL;
	}
	*sense = SENSE_NO_RESOURCE;
	s = ssn_new(n, HS_SLU, NULL, SS_PBIND);
	if (s == NULL)
		return NULL;
	s->cp = a;
	if (b->has_pcid && ssn_by_pcid(n, &b->pcid, HS_SLU) == NULL)
		ssn_identify(n, s, &b->pcid);
	a->lose = s;
	return s;
}

/* RUs that were let go, by pacing. */
static uint16_t
gone(const struct hs *h)
{
	return (uint16_t)(h->snf_out - h->tx.count);
}

/* What waits for a pacing message that is lost waits for ever: RTP loses none, but one
 * who reads the wire can put another in its place. */
static void
watch(struct node *n, struct mono now, struct cpadj *a)
{
	a->gone = gone(&a->win->hs);
	node_due(n, &a->due, ND_CP, mono_add(now, SECS(CP_STUCK_S)));
}

static bool
stuck(const struct cpadj *a)
{
	const struct pipe *p = a->win->pipe;

	return a->gone == gone(&a->win->hs) && p != NULL && p->rtp != NULL &&
	    rtp_connected(p->rtp);
}

bool
cp_send(struct node *n, struct cpadj *a, const char tpn[4], struct buf *b)
{
	struct fmh5 f = fmh5_for(tpn);
	uint8_t head[80];
	struct wr w = wr_on(head, sizeof(head));

	if (a->win == NULL || a->win->fsm.state != SS_ACTIV) {
		buf_free(b);
		return false;
	}
	fmh5_put(&w, &f);
	memcpy(buf_push(b, wr_len(&w)), head, wr_len(&w));
	if (hs_send(&a->win->hs, RH_FMD | RH_FI | RH_OIC | RH_RQE1 | RH_BBI | RH_CEBI, NULL,
	    b) != 0) {
		buf_free(b);
		return false;
	}
	a->sent++;
	if (cp_active(a) && a->due.due.pos == 0 && a->win->hs.tx.count != 0)
		watch(n, n->now, a);
	ssn_work(n, a->win);
	return true;
}

static void
send_caps(struct node *n, struct cpadj *a)
{
	struct cpcap c = { .frsn = a->frsn_got, .support = CPCAP_TDU | CPCAP_SEARCH };
	struct buf *b = buf_get(&n->bufs, 256);
	struct wr w;

	if (b == NULL)
		return;
	if (n->start->nodetype == NODETYPE_NN)
		c.support |= CPCAP_NN;
	w = wr_on(b->p, 256);
	cpcap_put(&w, &c);
	b->len = (uint32_t)wr_len(&w);
	a->caps_sent = cp_send(n, a, TPN_CPCAP, b);
}

static void
try_active(struct node *n, struct cpadj *a)
{
	if (!a->caps_sent || !a->caps_got || cp_active(a))
		return;
	(void)fsm_step(&a->fsm, CE_CAPS, a->cp.s);
	a->told = 0;
	due_clear(&n->due, &a->due.due);
	NODE_SAY(n, IST1096I, a->cp.s);
	topo_send(n, a);
	vrn_register(n, a);
}

void
cp_started(struct node *n, struct mono now, struct ssn *s)
{
	struct cpadj *a = s->cp;

	if (s == a->win) {
		(void)fsm_step(&a->fsm, CE_BOUND, a->cp.s);
		send_caps(n, a);
	} else {
		open_winner(n, now, a);         /* the partner came first */
	}
	try_active(n, a);
}

static void
message(struct node *n, struct mono now, struct cpadj *a, struct buf *b)
{
	struct rd r = buf_rd(b), look;
	struct fmh5 f;
	struct gds g;

	a->rcvd++;
	memset(&f, 0, sizeof(f));
	if (!fmh5_get(&r, &f)) {
		LOG(CP, WARN, a->cp.s, "message without an attach header dropped");
		return;
	}
	look = r;
	if (!gds_next(&look, &g))
		return;
	if (g.id == GDS_CPCAP) {
		struct cpcap c;

		if (!cpcap_get(&g.body, &c))
			return;
		a->nn = (c.support & CPCAP_NN) != 0;
		a->caps_got = 1;
		try_active(n, a);
	} else if (g.id == GDS_TDU) {
		topo_received(n, now, a, &g.body);
	} else if (g.id == GDS_REGISTER) {
		vrn_registered(n, a, &g.body);
	} else if (g.id == GDS_LOCATE) {
		dir_message(n, now, a, &r);
	}
}

/* RUs of a chain are put together; a message is whole at its last one. */
void
cp_data(struct node *n, struct mono now, struct ssn *s, uint32_t rh, struct buf *b)
{
	struct cpadj *a = s->cp;

	if (rh & RH_BCI) {
		buf_free(s->keep);
		s->keep = NULL;
	}
	if (s->keep == NULL && !(rh & RH_ECI)) {
		s->keep = buf_get(&n->bufs, MSG_MAX);
		if (s->keep == NULL) {
			buf_free(b);
			return;
		}
	}
	if (s->keep != NULL) {
		if (buf_tailroom(s->keep) < b->len) {
			LOG(CP, WARN, a->cp.s, "message over %u bytes dropped", MSG_MAX);
			buf_trim(s->keep, 0);
		} else {
			buf_append(s->keep, b->p, b->len);
		}
		buf_free(b);
		if (!(rh & RH_ECI))
			return;
		b = s->keep;
		s->keep = NULL;
	}
	message(n, now, a, b);
	buf_free(b);
}

void
cp_stop(struct node *n, struct mono now)
{
	struct cpadj *a;

	TAILQ_FOREACH(a, &n->cps.all, all) {
		due_clear(&n->due, &a->due.due);
		end_half(n, now, a, a->win);
		end_half(n, now, a, a->lose);
	}
}

void
cp_due(struct node *n, struct mono now, struct ndue *d)
{
	struct cpadj *a = DUE_OBJ(d, struct cpadj, due);

	if (a->win == NULL) {
		open_winner(n, now, a);
	} else if (!cp_active(a) || (a->win->hs.tx.count != 0 && stuck(a))) {
		/* A half-made pair helps nobody: what was sent may have been lost on it. */
		LOG(CP, NOTICE, a->cp.s, "CP-CP sessions ended: %s", cp_active(a) ?
		    "what is sent waits for a pacing message that does not come" :
		    "they did not become whole");
		end_half(n, now, a, a->win);
		end_half(n, now, a, a->lose);
	} else if (a->win->hs.tx.count != 0) {
		watch(n, now, a);
	}
}
