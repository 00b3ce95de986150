/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session's life. All of it is driven by five callers: acb (the users), dir
 * (searches), pipe (PIUs and pipes), the deadline heap, and the work list, on
 * which an end stands while its half-session has something to give.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "vtamsim/ssn_parts.h"

#define HANDLE_BITS 18
static const char *const st_name[SS_N] = { "", "PSRCH", "PBIND", "PUSER", "PCINIT", "PPIPE",
	"PRSP", "PSDT", "ACTIV", "PUNB" };
static const char *const ev_name[SE_N] = { "", "FOUND", "BIND", "CINIT", "OPNSEC", "OPNDST",
	"PIPE", "BINDOUT", "RSP_BIND", "SDT", "UNBIND" };
static const char *const ac_name[] = { "", "NONE" };
static const struct fsm_cell cells[SS_N][SE_N] = {
	[SS_PSRCH][SE_FOUND] = { SS_PBIND, 1 },
	[SS_PSRCH][SE_CINIT] = { SS_PCINIT, 1 },
	[SS_PSRCH][SE_BIND] = { SS_PUSER, 1 },
	[SS_PBIND][SE_BIND] = { SS_PUSER, 1 },
	[SS_PUSER][SE_OPNSEC] = { SS_PSDT, 1 },
	[SS_PCINIT][SE_OPNDST] = { SS_PPIPE, 1 },
	[SS_PPIPE][SE_BINDOUT] = { SS_PRSP, 1 },
	[SS_PRSP][SE_RSP] = { SS_PSDT, 1 },
	[SS_PSDT][SE_SDT] = { SS_ACTIV, 1 },
	[SS_PRSP][SE_UNBIND] = { SS_PUNB, 1 },
	[SS_PUSER][SE_UNBIND] = { SS_PUNB, 1 },
	[SS_PSDT][SE_UNBIND] = { SS_PUNB, 1 },
	[SS_ACTIV][SE_UNBIND] = { SS_PUNB, 1 },
};
FSM_DESC(desc, "session", st_name, ev_name, ac_name, cells);

const struct fsm_desc *
ssn_fsm(void)
{
	return &desc;
}

const char *
ssn_sid(const struct ssn *s, char to[17])
{
	for (int i = 0; i < 8; i++)
		snprintf(to + 2 * i, 3, "%02X", s->pcid.pcid[i]);
	return to;
}

bool
ssn_step(struct ssn *s, unsigned ev)
{
	return fsm_step(&s->fsm, ev, s->partner.s) != 0;
}

struct ssn *
ssn_at(const struct node *n, uint32_t handle)
{
	uint32_t i = handle & ((1u << HANDLE_BITS) - 1);
	struct ssn *s = i == 0 ? NULL : pool_at(&n->ssns, i - 1);

	return s != NULL && s->handle == handle ? s : NULL;
}

bool
ssn_ending(const struct ssn *s)
{
	return s->dead || s->fsm.state == SS_PUNB;
}

uint64_t
ssn_sa(const struct ssn *s)
{
	return (uint64_t)s->node->epoch << 32 | s->handle;
}

struct ssn *
ssn_by_sa(const struct node *n, uint64_t sa)
{
	return (uint32_t)(sa >> 32) == n->epoch ? ssn_at(n, (uint32_t)sa) : NULL;
}

struct ssn *
ssn_new(struct node *n, enum hs_role role, struct res *res, unsigned state)
{
	struct ssn *s = pool_get(&n->ssns);

	if (s == NULL) {
		n->stat[NS_NO_SESSION_ROOM]++;
		return NULL;
	}
	s->gen = ++n->ssn_gen;
	s->handle = (uint32_t)(s->gen & 0x3fff) << HANDLE_BITS | (pool_index(&n->ssns, s) + 1);
	s->node = n;
	s->role = (uint8_t)role;
	s->res = res;
	fsm_init(&s->fsm, &desc, state);
	if (res != NULL) {
		TAILQ_INSERT_TAIL(&res->sess, s, on_res);
		res->n_sess++;
	}
	return s;
}

void
ssn_work(struct node *n, struct ssn *s)
{
	if (s->in_work)
		return;
	s->in_work = 1;
	TAILQ_INSERT_TAIL(&n->work, s, on_work);
}

void
ssn_tell(struct node *n, struct ssn *s, unsigned what)
{
	s->tell |= (uint8_t)what;
	ssn_work(n, s);
}

/* Sessions by their FQPCID; the ends of one in this node differ by role. */
struct pcid_key {
	const struct fqpcid *id;
	enum hs_role role;
};

static bool
pcid_eq(const struct mapent *e, const void *key)
{
	const struct ssn *s = MAP_OBJ(e, const struct ssn, by_pcid);
	const struct pcid_key *k = key;

	return s->role == k->role && fqpcid_eq(&s->pcid, k->id);
}

void
ssn_identify(struct node *n, struct ssn *s, const struct fqpcid *id)
{
	assert(!s->in_pcid);
	s->pcid = *id;
	s->in_pcid = 1;
	map_insert(&n->pcids, &s->by_pcid, map_hash(&n->pcids, id->pcid, sizeof(id->pcid)));
}

struct ssn *
ssn_by_pcid(const struct node *n, const struct fqpcid *id, enum hs_role role)
{
	struct pcid_key k = { id, role };
	struct mapent *e = map_find(&n->pcids, map_hash(&n->pcids, id->pcid, sizeof(id->pcid)),
	    pcid_eq, &k);

	return e == NULL ? NULL : MAP_OBJ(e, struct ssn, by_pcid);
}

struct peer_key {
	const struct pipe *pipe;
	uint64_t sa;
};

static uint64_t
peer_hash(const struct node *n, const struct peer_key *k)
{
	return map_hash(&n->peers, k, sizeof(*k));
}

static bool
peer_eq(const struct mapent *e, const void *key)
{
	const struct ssn *s = MAP_OBJ(e, const struct ssn, by_peer);
	const struct peer_key *k = key;

	return s->sa_peer == k->sa && s->pipe == k->pipe;
}

void
ssn_by_peer_add(struct node *n, struct ssn *s)
{
	struct peer_key k = { s->pipe, s->sa_peer };

	assert(!s->in_peer);
	s->in_peer = 1;
	map_insert(&n->peers, &s->by_peer, peer_hash(n, &k));
}

struct ssn *
ssn_by_peer(const struct node *n, const struct pipe *p, uint64_t sa)
{
	struct peer_key k = { p, sa & ~SA_PLU };
	struct mapent *e = map_find(&n->peers, peer_hash(n, &k), peer_eq, &k);

	return e == NULL ? NULL : MAP_OBJ(e, struct ssn, by_peer);
}

#define LOOK 256                /* sessions of a pipe */

const struct ssn *
ssn_of_address(const struct node *n, const struct pipe *p, uint64_t sa, enum ssn_way way)
{
	const struct ssn *s = ssn_by_peer(n, p, sa);
	unsigned look = LOOK;

	/* Ours: what comes in, and a BIND that goes out. */
	if (s == NULL && (way == SSN_INWARD || (sa & SA_PLU) != 0))
		s = ssn_by_sa(n, sa & ~SA_PLU);
	if (s != NULL || way == SSN_INWARD)
		return s;
	TAILQ_FOREACH(s, &p->sess, on_pipe)
		if (s->sa_peer == sa || look-- == 0)
			return s->sa_peer == sa ? s : NULL;
	return NULL;
}

static void
forget_peer(struct node *n, struct ssn *s)
{
	if (s->in_peer)
		map_remove(&n->peers, &s->by_peer);
	s->in_peer = 0;
}

/* The partner's CDRSC, which displays show; no session depends on it. */
void
ssn_partner(struct node *n, struct ssn *s)
{
	struct res *r;

	if (s->far != NULL || s->mate != NULL || s->cp != NULL)
		return;
	r = rtab_cdrsc(&n->rtab, &s->partner, &s->partner_cp);
	if (r == NULL)
		return;
	s->far = r;
	TAILQ_INSERT_TAIL(&r->sess, s, on_far);
	r->n_sess++;
}

static void
forget_partner(struct node *n, struct ssn *s)
{
	struct res *r = s->far;

	if (r == NULL)
		return;
	s->far = NULL;
	TAILQ_REMOVE(&r->sess, s, on_far);
	r->n_sess--;
	if (r->n_sess == 0)
		rtab_cdrsc_idle(&n->rtab, r, n->now);
}

static void
unlink_mate(struct ssn *s)
{
	if (s->mate != NULL) {
		s->mate->mate = NULL;
		s->mate = NULL;
	}
}

/* The one place an end dies: off all lists, back to the pool. */
void
ssn_free(struct node *n, struct mono now, struct ssn *s)
{
	unlink_mate(s);
	dir_forget(n, s);
	forget_partner(n, s);
	forget_peer(n, s);
	if (s->in_pcid)
		map_remove(&n->pcids, &s->by_pcid);
	if (s->pipe != NULL)
		pipe_leave(n, now, s);
	if (s->acb != NULL && s->acb->logon == s)
		s->acb->logon = NULL;
	if (s->res != NULL) {
		TAILQ_REMOVE(&s->res->sess, s, on_res);
		s->res->n_sess--;
		res_unused(&n->rtab, s->res);
	}
	if (s->in_ready)
		TAILQ_REMOVE(&s->acb->port->ready, s, on_ready);
	if (s->in_work)
		TAILQ_REMOVE(&n->work, s, on_work);
	due_clear(&n->due, &s->due.due);
	if (s->has_hs)
		hs_fini(&s->hs);
	buf_free(s->keep);
	s->handle = 0;
	pool_put(&n->ssns, s);
}

/* The user's last word depends on what it has heard of the session so far. */
static unsigned
last_word(const struct ssn *s)
{
	bool asked = s->role == HS_PLU ? s->fsm.state == SS_PSRCH :
	    s->acb != NULL && s->acb->logon == s;

	if (s->tell & SSN_T_CINIT)
		return 0;
	if (s->fsm.state <= SS_PBIND || s->tell & SSN_T_BIND)
		return asked ? SSN_T_NSPE : 0;
	return SSN_T_UNBIND;
}

/* What the user hears last (SSN_T_NSPE and _UNBIND: which of them it is, is seen
 * here); then the end dies as soon as it was heard. */
void
ssn_over(struct node *n, struct mono now, struct ssn *s, unsigned what)
{
	if (s->dead)
		return;
	if (what != 0)
		what = last_word(s);
	due_clear(&n->due, &s->due.due);
	unlink_mate(s);
	dir_forget(n, s);
	forget_peer(n, s);
	if (s->pipe != NULL)
		pipe_leave(n, now, s);
	if (s->acb != NULL && s->acb->logon == s)
		s->acb->logon = NULL;
	s->dead = 1;
	if (s->cp != NULL)
		cp_ended(n, now, s);
	s->tell &= (uint8_t)~(SSN_T_CINIT | SSN_T_BIND);
	if (s->acb == NULL)
		what = 0;
	if (what == 0)
		s->tell = 0;
	ssn_tell(n, s, what);
}

/* PIUs of session control that have no half-session: BIND, UNBIND, responses. */
void
ssn_send_sc(struct node *n, struct mono now, struct ssn *s, uint32_t rh, struct buf *ru)
{
	struct th th = { .fid = 5, .mpf = TH_WHOLE, .efi = TH_EXPEDITED, .snf = s->sc_snf,
		.sa = s->sa_peer };
	struct wr w = wr_on(buf_push(ru, RH_LEN), RH_LEN);

	rh_put(&w, rh);
	if (!(rh & RH_RSP) && !s->sa_known)
		th.sa = ssn_sa(s) | SA_PLU;
	w = wr_on(buf_push(ru, TH_FID5_LEN), TH_FID5_LEN);
	th_put(&w, &th);
	if (s->pipe == NULL || pipe_send(n, now, s->pipe, ru) != 0)
		buf_free(ru);
}

static void
send_unbind(struct node *n, struct mono now, struct ssn *s)
{
	struct unbind u = { .type = s->unb_type, .sense = s->sense, .has_pcid = 1,
		.pcid = s->pcid };
	struct buf *b = buf_get(&n->bufs, 128);
	struct wr w;

	if (b == NULL)
		return;
	w = wr_on(b->p, 128);
	unbind_put(&w, &u);
	b->len = (uint32_t)wr_len(&w);
	s->sc_snf++;
	n->stat[NS_UNBINDS]++;
	ssn_send_sc(n, now, s, RH_SC | RH_FI | RH_OIC | RH_DR1, b);
}

void
ssn_respond_sc(struct node *n, struct mono now, struct ssn *s, uint16_t snf, uint32_t sense,
    unsigned code)
{
	struct buf *b = buf_get(&n->bufs, 16);
	uint32_t rh = RH_RSP | RH_SC | RH_FI | RH_OIC | RH_DR1;
	struct wr w;

	if (b == NULL)
		return;
	w = wr_on(b->p, 16);
	if (sense != 0) {
		rh |= RH_SDI | RH_RTI;
		wr_u32(&w, sense);
	}
	wr_u8(&w, code);
	b->len = (uint32_t)wr_len(&w);
	s->sc_snf = snf;
	ssn_send_sc(n, now, s, rh, b);
}

void
ssn_end(struct node *n, struct mono now, struct ssn *s, unsigned type, uint32_t sense)
{
	struct ssn *mate = s->mate;
	unsigned what;

	if (s->dead || s->fsm.state == SS_PUNB)
		return;
	s->unb_type = (uint8_t)type;
	s->sense = sense;
	if (mate != NULL) {
		/* The other end in this node: it learns what we know. */
		unlink_mate(s);
		mate->unb_type = (uint8_t)type;
		mate->sense = sense;
		ssn_over(n, now, mate, SSN_T_UNBIND);
	} else if (s->cp == NULL && (s->pipe == NULL || s->fsm.state == SS_PPIPE)) {
		/* No BIND yet: the other node hears it over the CP-CP session. */
		if (s->role == HS_SLU && s->fsm.state == SS_PBIND)
			dir_cancel(n, s);
		else if (s->role == HS_PLU && s->fsm.state != SS_PSRCH)
			dir_refuse(n, s, sense != 0 ? sense : SENSE_NO_PERMISSION);
	}
	what = last_word(s);
	if (s->pipe != NULL && s->fsm.state != SS_PPIPE && ssn_step(s, SE_UNBIND)) {
		send_unbind(n, now, s);
		node_due(n, &s->due, ND_SSN, mono_add(now, SECS(10)));
		s->tell &= (uint8_t)~(SSN_T_CINIT | SSN_T_BIND);
		if (s->acb != NULL && s->acb->logon == s)
			s->acb->logon = NULL;
		if (s->acb != NULL)
			ssn_tell(n, s, what);
		return;
	}
	ssn_over(n, now, s, SSN_T_UNBIND);
}

void
ssn_orphan(struct node *n, struct ssn *s)
{
	if (s->in_ready)
		TAILQ_REMOVE(&s->acb->port->ready, s, on_ready);
	s->in_ready = 0;
	if (s->acb != NULL && s->acb->logon == s)
		s->acb->logon = NULL;
	s->acb = NULL;
	s->tell = 0;
	ssn_work(n, s);
}

/* The user refuses the BIND: the primary gets the sense, the session is over. */
void
ssn_reject(struct node *n, struct mono now, struct ssn *s, uint32_t sense)
{
	if (s->fsm.state != SS_PUSER)
		return;
	s->sense = sense;
	if (s->mate != NULL) {
		ssn_end(n, now, s, UNB_FAILURE, sense);
		return;
	}
	ssn_respond_sc(n, now, s, s->bind_snf, sense, RU_BIND);
	ssn_over(n, now, s, SSN_T_UNBIND);
}
