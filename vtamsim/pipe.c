/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "snaee/rtp.h"
#include "snaee/sense.h"
#include "vtamsim/msg.h"
#include "vtamsim/node.h"
#include "vtamsim/pswitch.h"
#include "vtamsim/route.h"

/* IBM's COSAPPN: companions ee-hpr-rtp 6.3, sna-sessions 6.6. */
static const struct {
	const char *cos;
	enum tpf tpf;
} cos_table[] = {
	{ "CPSVCMG", TPF_NETWORK }, { "SNASVCMG", TPF_NETWORK }, { "RSETUP", TPF_NETWORK },
	{ "#INTER", TPF_HIGH }, { "#INTERSC", TPF_HIGH }, { "#CONNECT", TPF_MEDIUM },
	{ "#BATCH", TPF_LOW }, { "#BATCHSC", TPF_LOW }
};

enum tpf
cos_tpf_of(const char *cos)
{
	for (size_t i = 0; i < sizeof(cos_table) / sizeof(cos_table[0]); i++)
		if (strcmp(cos_table[i].cos, cos) == 0)
			return cos_table[i].tpf;
	return TPF_MEDIUM;
}

/* A mode without APPNCOS takes the class of its own name, else #CONNECT. */
const char *
cos_of_mode(const char *mode, const char *appncos)
{
	if (appncos[0] != '\0')
		return appncos;
	for (size_t i = 0; i < sizeof(cos_table) / sizeof(cos_table[0]); i++)
		if (strcmp(cos_table[i].cos, mode) == 0)
			return cos_table[i].cos;
	return "#CONNECT";
}

static struct pipe *
pipe_find(const struct node *n, const struct pipe_want *w)
{
	struct pipe *p;

	TAILQ_FOREACH(p, &n->pipetab.all, all)
		if (!p->closing && (p->rtp != NULL || p->routing) && name_eq(&p->cp, w->cp) &&
		    p->nce == w->nce && strcmp(p->cos, w->cos) == 0)
			return p;
	return NULL;
}

static struct pipe *
pipe_new(struct node *n, const struct pipe_want *w)
{
	struct pipe *p = pool_get(&n->pipes);
	struct sna_name name;
	char text[9];

	if (p == NULL)
		return NULL;
	snprintf(text, sizeof(text), "CNR%05X", ++n->pipetab.next_name & 0xfffff);
	(void)name_set(&name, text);
	p->res = rtab_add(&n->rtab, RES_RTP, &name, NULL);
	if (p->res == NULL) {
		pool_put(&n->pipes, p);
		return NULL;
	}
	p->res->pipe = p;
	p->res->desired = RST_ACTIV;
	p->node = n;
	p->cp = *w->cp;
	p->nce = (uint8_t)w->nce;
	p->tpf = (uint8_t)w->tpf;
	snprintf(p->cos, sizeof(p->cos), "%s", w->cos);
	TAILQ_INIT(&p->sess);
	TAILQ_INIT(&p->blocked);
	TAILQ_INSERT_TAIL(&n->pipetab.all, p, all);
	n->pipetab.n++;
	return p;
}

static void
pipe_free(struct node *n, struct pipe *p)
{
	due_clear(&n->due, &p->due.due);
	due_clear(&n->due, &p->retry.due);
	if (p->searching)
		TAILQ_REMOVE(&n->pipetab.switching, p, on_switch);
	hprtest_gone(n, p);
	TAILQ_REMOVE(&n->pipetab.all, p, all);
	n->pipetab.n--;
	rtab_del(&n->rtab, p->res);
	pool_put(&n->pipes, p);
}

/* To a neighbour: at once. */
static uint32_t
connect_near(struct node *n, struct mono now, struct pipe *p, struct pu *pu)
{
	p->ee = pu->ee;
	p->rtp = ee_connect(pu->ee, now, pu->link, (enum nce)p->nce, (enum tpf)p->tpf, p->cos, p);
	if (p->rtp == NULL)
		return SENSE_NO_RESOURCE;
	p->began_us = n->cfg.wall_us + now.us;
	return 0;
}

#define DIAL_WAIT_S 1200        /* for LDLC to give up, whatever SRQTIME and SRQRETRY say */

static void
wait_for_route(struct node *n, struct mono now, struct pipe *p)
{
	node_due(n, &p->due, ND_PIPE, mono_add(now, SECS(p->vrn.len != 0 ? DIAL_WAIT_S :
	    RSETUP_WAIT_S)));
}

/* To others: Route Setup first. CP-CP sessions and Route Setup itself are for neighbours. */
static uint32_t
connect_far(struct node *n, struct mono now, struct pipe *p)
{
	uint32_t sense;

	if (p->nce != NCE_LU)
		return SENSE_NO_PATH_COS;
	p->routing = PR_FIRST;
	sense = rsetup_begin(n, now, p);
	if (sense == 0)
		wait_for_route(n, now, p);
	return sense;
}

struct pipe *
pipe_open(struct node *n, struct mono now, const struct pipe_want *w, uint32_t *sense)
{
	struct pipe *p = pipe_find(n, w);
	struct pu *pu;

	if (p != NULL)
		return p;
	pu = pu_to(n, w->cp);
	*sense = SENSE_NO_RESOURCE;
	p = pipe_new(n, w);
	if (p == NULL)
		return NULL;
	*sense = pu != NULL ? connect_near(n, now, p, pu) : connect_far(n, now, p);
	if (*sense == 0)
		return p;
	pipe_free(n, p);
	return NULL;
}

struct pipe *
pipe_get(struct node *n, struct mono now, const struct pipe_want *w, struct ssn *s,
    uint32_t *sense)
{
	struct pipe *p = pipe_open(n, now, w, sense);

	if (p == NULL)
		return NULL;
	pipe_join(p, s);
	if (p->up)
		ssn_pipe_up(n, now, s);
	return p;
}

void
pipe_join(struct pipe *p, struct ssn *s)
{
	s->pipe = p;
	p->closing = 0;
	TAILQ_INSERT_TAIL(&p->sess, s, on_pipe);
	p->n_sess++;
	p->res->n_sess = p->n_sess;
	if (p->routing == PR_NO && !p->searching)
		due_clear(&p->node->due, &p->due.due);
	if (p->rtp != NULL)
		ee_sessions(p->rtp, p->n_sess);
}

#define UNBLOCK 64              /* sessions of a pipe a turn */

static void
unblock(struct node *n, struct pipe *p, struct ssn *s)
{
	if (!s->in_block)
		return;
	s->in_block = 0;
	TAILQ_REMOVE(&p->blocked, s, on_block);
	p->n_blocked--;
	n->pipetab.n_blocked--;
}

bool
pipe_full(struct node *n, struct ssn *s)
{
	struct pipe *p = s->pipe;

	if (p->rtp == NULL || !ee_congested(p->rtp))
		return false;
	if (!s->in_block) {
		s->in_block = 1;
		TAILQ_INSERT_TAIL(&p->blocked, s, on_block);
		p->n_blocked++;
		n->pipetab.n_blocked++;
		n->stat[NS_PIPE_WAITS]++;
	}
	return true;
}

bool
pipe_unblock(struct node *n)
{
	bool more = false;
	struct pipe *p;
	struct ssn *s;

	if (n->pipetab.n_blocked == 0)
		return false;
	TAILQ_FOREACH(p, &n->pipetab.all, all) {
		if (p->n_blocked == 0 || (p->rtp != NULL && ee_congested(p->rtp)))
			continue;
		for (unsigned i = 0; i < UNBLOCK && (s = TAILQ_FIRST(&p->blocked)) != NULL; i++) {
			unblock(n, p, s);
			ssn_work(n, s);
		}
		more |= p->n_blocked != 0;
	}
	return more;
}

void
pipe_leave(struct node *n, struct mono now, struct ssn *s)
{
	struct pipe *p = s->pipe;

	unblock(n, p, s);
	s->pipe = NULL;
	TAILQ_REMOVE(&p->sess, s, on_pipe);
	p->n_sess--;
	p->res->n_sess = p->n_sess;
	if (p->rtp != NULL)
		ee_sessions(p->rtp, p->n_sess);
	pipe_idle(n, now, p);
}

void
pipe_idle(struct node *n, struct mono now, struct pipe *p)
{
	if (p->n_sess == 0 && p->rtp != NULL && p->up && p->routing == PR_NO && !p->searching)
		node_due(n, &p->due, ND_PIPE, mono_add(now, n->halting ? 0 : SECS(PIPE_IDLE_S)));
}

uint32_t
pipe_send(struct node *n, struct mono now, struct pipe *p, struct buf *piu)
{
	(void)n;
	return p->rtp == NULL ? SENSE_LINK_FAILURE : ee_send(p->ee, now, p->rtp, piu);
}

/* A partner's pipe: its class of service is what its setup said. */
static struct pipe *
pipe_called(struct node *n, struct mono now, const struct ee_ind *i, struct ee *e)
{
	struct pipe_want w = { .cp = ee_pipe_peer(i->rtp), .cos = i->rtp->parm.cos.s,
		.nce = ee_pipe_nce(i->rtp), .tpf = (enum tpf)i->rtp->parm.tpf };
	struct pipe *p = pipe_new(n, &w);

	if (p == NULL)
		return NULL;
	p->ee = e;
	p->rtp = i->rtp;
	p->called = 1;
	p->began_us = n->cfg.wall_us + now.us;
	ee_adopt(i->rtp, p);
	return p;
}

void
pipe_up(struct node *n, struct mono now, const struct ee_ind *i, struct ee *e)
{
	struct pipe *p = i->owner;
	struct ssn *s, *next;

	if (p == NULL)
		p = pipe_called(n, now, i, e);
	if (p == NULL) {
		ee_close(e, now, i->rtp);
		return;
	}
	p->up = 1;
	(void)res_event(p->res, REV_CONNECT);
	p->res->flags |= RESF_LU;
	pipe_say(n, p, PIPE_BEGINS);
	pipe_idle(n, now, p);
	pswitch_begin(n, now, p);
	for (s = TAILQ_FIRST(&p->sess); s != NULL; s = next) {
		next = TAILQ_NEXT(s, on_pipe);
		ssn_pipe_up(n, now, s);
	}
}

void
pipe_down(struct node *n, struct mono now, const struct ee_ind *i)
{
	struct pipe *p = i->owner;
	struct ssn *s;

	if (p == NULL)
		return;
	if (i->sense != 0)
		ee_keep(p->ee, now, i->rtp, name_base(&p->res->name), FLIGHT_FAILED, i->sense);
	p->rtp = NULL;
	pswitch_end(n, p, i->sense);
	while ((s = TAILQ_FIRST(&p->sess)) != NULL)
		ssn_pipe_down(n, now, s, i->sense != 0 ? i->sense : SENSE_LINK_FAILURE);
	if (p->up)
		pipe_say(n, p, PIPE_ENDS);
	pipe_free(n, p);
}

struct pipe *
pipe_of_setup(struct node *n, const struct fqpcid *id)
{
	struct pipe *p;

	TAILQ_FOREACH(p, &n->pipetab.all, all)
		if (p->routing != PR_NO && fqpcid_eq(&p->setup, id))
			return p;
	return NULL;
}

/* It never came to be: its sessions hear why. */
static void
stillborn(struct node *n, struct mono now, struct pipe *p, uint32_t sense)
{
	struct ssn *s;

	p->routing = PR_NO;
	while ((s = TAILQ_FIRST(&p->sess)) != NULL)
		ssn_pipe_down(n, now, s, sense);
	pipe_free(n, p);
}

void
pipe_routed(struct node *n, struct mono now, struct pipe *p, struct pu *pu,
    const struct ee_far *to)
{
	struct ee_far f = *to;
	f.nce = (enum nce)p->nce;
	f.tpf = (enum tpf)p->tpf;
	f.cos = p->cos;
	f.peer = &p->cp;
	if (p->routing != PR_FIRST) {
		pswitch_routed(n, now, p, pu, &f);
		return;
	}
	p->routing = PR_NO;
	p->ee = pu->ee;
	p->rtp = ee_connect_far(pu->ee, now, pu->link, &f, p);
	if (p->rtp == NULL) {
		stillborn(n, now, p, SENSE_NO_RESOURCE);
		return;
	}
	p->began_us = n->cfg.wall_us + now.us;
	ee_sessions(p->rtp, p->n_sess);
	due_clear(&n->due, &p->due.due);
}

void
pipe_unrouted(struct node *n, struct mono now, struct pipe *p, uint32_t sense)
{
	if (p->routing == PR_FIRST)
		stillborn(n, now, p, sense);
	else
		pswitch_unrouted(n, now, p, sense);
}

/* Its link is up: the partner itself is there now, or the node Route Setup begins with. */
static void
linked(struct node *n, struct mono now, struct pipe *p)
{
	struct pu *pu = pu_to(n, &p->cp);
	uint32_t sense;

	if (pu != NULL && p->routing == PR_FIRST) {
		p->routing = PR_NO;
		sense = connect_near(n, now, p, pu);
		if (sense != 0) {
			stillborn(n, now, p, sense);
			return;
		}
		ee_sessions(p->rtp, p->n_sess);
		due_clear(&n->due, &p->due.due);
	} else if (!p->searching || !name_eq(&p->via, &p->cp)) {       /* else pswitch_link_up() */
		sense = rsetup_begin(n, now, p);
		if (sense != 0)
			pipe_unrouted(n, now, p, sense);
		else
			wait_for_route(n, now, p);
	}
}

/* Another way, if the partner is not to be dialed for a while. */
static void
not_linked(struct node *n, struct mono now, struct pipe *p, bool avoid, uint32_t sense)
{
	uint32_t s = avoid ? rsetup_begin(n, now, p) : sense;

	if (s == 0)
		wait_for_route(n, now, p);
	else
		pipe_unrouted(n, now, p, sense);
}

void
pipe_linked(struct node *n, struct mono now, const struct sna_name *vrn,
    const struct sna_name *cp, uint32_t sense)
{
	struct sna_name v = *vrn, c = *cp;
	struct pipe *p, *next;

	for (p = TAILQ_FIRST(&n->pipetab.all); p != NULL; p = next) {
		next = TAILQ_NEXT(p, all);
		if (p->routing == PR_NO || !name_eq(&p->vrn, &v) || !name_eq(&p->via, &c))
			continue;
		p->vrn.len = 0;
		if (sense == 0)
			linked(n, now, p);
		else
			not_linked(n, now, p, vrn_is_bad(n, &v, &c), sense);
	}
}

void
pipe_due(struct node *n, struct mono now, struct ndue *d)
{
	struct pipe *p = DUE_OBJ(d, struct pipe, due);

	if (p->routing == PR_FIRST)
		stillborn(n, now, p, SENSE_ROUTE_SETUP);
	else if (p->searching || p->routing == PR_AGAIN)
		pswitch_due(n, now, p);
	else if (p->n_sess == 0 && p->rtp != NULL && !p->closing) {
		p->closing = 1;
		ee_close(p->ee, now, p->rtp);
	}
}

void
pipe_path(struct node *n, struct mono now, const struct ee_ind *i)
{
	struct pipe *p = i->owner;

	if (p != NULL && p->up)
		pswitch_event(n, now, p, i);
}

/* HPRSTALL: seconds a stall may last. It is looked at when the stall is told, and again
 * every half minute. */
void
pipe_stall(struct node *n, struct mono now, const struct ee_ind *i)
{
	uint32_t most = n->start->hprstall_s;
	struct pipe *p = i->owner;

	if (p == NULL)
		return;
	if (i->sense == 0) {
		NODE_SAY(n, IST2247I, name_base(&p->res->name), p->cp.s);
		p->stalled = 0;
		return;
	}
	if (!p->stalled) {
		NODE_SAY(n, IST2245I, name_base(&p->res->name), p->cp.s);
		ee_keep(p->ee, now, i->rtp, name_base(&p->res->name), FLIGHT_STALLED, 0);
	} else {
		NODE_SAY(n, IST2246I, name_base(&p->res->name), p->cp.s);
	}
	p->stalled = 1;
	if (most == 0 || mono_diff(now, i->rtp->stall.at) < SECS(most))
		return;
	NODE_SAY(n, IST2253I, name_base(&p->res->name), p->cp.s);
	ee_abandon(p->ee, now, i->rtp, SENSE_LINK_FAILURE);
}

void
pipe_stop(struct node *n, struct mono now)
{
	struct pipe *p, *next;

	for (p = TAILQ_FIRST(&n->pipetab.all); p != NULL; p = next) {
		next = TAILQ_NEXT(p, all);
		if (p->n_sess == 0)
			pipe_due(n, now, &p->due);
	}
}
