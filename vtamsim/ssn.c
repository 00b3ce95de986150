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

/* What the user hears last; then the end dies as soon as it was heard. */
void
ssn_over(struct node *n, struct mono now, struct ssn *s, unsigned what)
{
	due_clear(&n->due, &s->due.due);
	unlink_mate(s);
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
	struct unbind u = { .type = s->unb_type, .sense = s->sense };
	struct buf *b = buf_get(&n->bufs, 64);
	struct wr w;

	if (b == NULL)
		return;
	w = wr_on(b->p, 64);
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
	bool slu_logon = s->role == HS_SLU &&
	    (s->fsm.state == SS_PSRCH || s->fsm.state == SS_PBIND);

	if (s->dead || s->fsm.state == SS_PUNB)
		return;
	s->unb_type = (uint8_t)type;
	s->sense = sense;
	if (mate != NULL) {
		/* The other end in this node: it learns what we know. */
		unlink_mate(s);
		mate->unb_type = (uint8_t)type;
		mate->sense = sense;
		ssn_over(n, now, mate, mate->fsm.state <= SS_PBIND ? SSN_T_NSPE : SSN_T_UNBIND);
	}
	if (s->pipe != NULL && ssn_step(s, SE_UNBIND)) {
		send_unbind(n, now, s);
		node_due(n, &s->due, ND_SSN, mono_add(now, SECS(10)));
		if (s->acb != NULL)
			ssn_tell(n, s, SSN_T_UNBIND);
		return;
	}
	ssn_over(n, now, s, slu_logon ? SSN_T_NSPE : SSN_T_UNBIND);
}

/* Setup, secondary side. */

static uint32_t
mode_of(struct node *n, const struct res *r, const char *want, const struct mode **m)
{
	const struct modetab *tab = NULL;
	struct deferrs errs = { 0 };

	if (r->appl != NULL && r->appl->modetab[0] != '\0')
		tab = defs_modetab(n->defs, r->appl->modetab, &errs);
	deferrs_fini(&errs);
	*m = modetab_lookup(tab, want, r->appl == NULL ? "" : r->appl->dlogmod);
	return *m == NULL ? SENSE_BAD_MODE : 0;
}

/* The fixed part of the BIND from the mode and the LU's pacing. */
static void
make_image(struct ssn *s, const struct mode *m)
{
	struct bind b;
	struct wr w = wr_on(s->bind, sizeof(s->bind));
	uint8_t pace = s->res->appl == NULL ? 0 : (uint8_t)(s->res->appl->vpacing & 0x3f);

	memset(&b, 0, sizeof(b));
	bind_from_mode(&b, &m->bind);
	if (b.psndpac == 0)
		b.psndpac = pace;
	if (b.srcvpac == 0)
		b.srcvpac = pace;
	bind_put(&w, &b);
	s->bind_len = w.bad ? 0 : BIND_FIXED;
	snprintf(s->mode, sizeof(s->mode), "%s", m->name);
	snprintf(s->cos, sizeof(s->cos), "%s", cos_of_mode(m->name, m->appncos));
	s->tpf = (uint8_t)cos_tpf_of(s->cos);
}

static void
keep_data(struct node *n, struct ssn *s, const uint8_t *d, size_t len)
{
	if (len == 0 || s->keep != NULL)
		return;
	s->keep = buf_get(&n->bufs, len);
	if (s->keep != NULL)
		buf_append(s->keep, d, len);
}

static uint32_t cinit_local(struct node *, struct mono, struct ssn *, struct res *);

uint32_t
ssn_logon(struct node *n, struct mono now, struct acb *a, const struct acb_logon *l)
{
	const struct mode *m;
	struct res *plu;
	struct ssn *s;
	uint32_t sense;

	n->stat[NS_LOGONS]++;
	if (a->logon != NULL)
		return SENSE_ALREADY_ACTIVE;
	if (a->res->n_sess != 0 && !a->res->appl->parsess)
		return 0x08050000 | 0x0a;       /* session limit of the SLU */
	sense = mode_of(n, a->res, l->mode[0] != '\0' ? l->mode : a->logmode, &m);
	if (sense != 0)
		return sense;
	s = ssn_new(n, HS_SLU, a->res, SS_PSRCH);
	if (s == NULL)
		return SENSE_NO_RESOURCE;
	s->acb = a;
	a->logon = s;
	s->partner = l->appl;
	s->pcid = node_pcid(n);
	make_image(s, m);
	keep_data(n, s, l->data, l->data_len);
	plu = rtab_find(&n->rtab, l->appl.s);
	if (plu != NULL && plu->type != RES_CDRSC)
		sense = cinit_local(n, now, s, plu);
	else
		sense = dir_search(n, now, s);
	if (sense != 0) {
		n->stat[NS_LOGONS_FAILED]++;
		ssn_free(n, now, s);
	}
	return sense;
}

/* May our application be logged on to? */
static uint32_t
plu_ready(const struct res *r)
{
	if (r->type != RES_APPL && r->type != RES_DYNAPPL)
		return SENSE_UNKNOWN_PLU;
	if (r->fsm.state != RST_ACTIV || r->acb == NULL || r->acb->closing || !r->acb->plu)
		return SENSE_PLU_NOT_ENABLED;
	if (r->n_sess >= r->appl->eas && r->appl->eas != 0 && r->appl->sesslim)
		return 0x08050009;
	return 0;
}

static struct ssn *
cinit_new(struct node *n, struct res *r)
{
	struct ssn *p = ssn_new(n, HS_PLU, r, SS_PCINIT);

	if (p != NULL) {
		p->acb = r->acb;
		ssn_tell(n, p, SSN_T_CINIT);
	}
	return p;
}

static uint32_t
cinit_local(struct node *n, struct mono now, struct ssn *s, struct res *r)
{
	uint32_t sense = plu_ready(r);
	struct ssn *p;

	if (sense != 0)
		return sense;
	p = cinit_new(n, r);
	if (p == NULL)
		return SENSE_NO_RESOURCE;
	p->mate = s;
	s->mate = p;
	s->partner = r->name;
	p->partner = s->res->name;
	p->pcid = s->pcid;
	memcpy(p->bind, s->bind, s->bind_len);
	p->bind_len = s->bind_len;
	memcpy(p->mode, s->mode, sizeof(p->mode));
	memcpy(p->cos, s->cos, sizeof(p->cos));
	p->tpf = s->tpf;
	p->keep = s->keep;
	s->keep = NULL;
	(void)ssn_step(s, SE_FOUND);
	node_due(n, &s->due, ND_SSN, mono_add(now, SECS(60)));
	return 0;
}

void
ssn_found(struct node *n, struct mono now, struct ssn *s, const struct sna_name *owner)
{
	s->partner_cp = *owner;
	if (ssn_step(s, SE_FOUND))
		node_due(n, &s->due, ND_SSN, mono_add(now, SECS(60)));
}

void
ssn_not_found(struct node *n, struct mono now, struct ssn *s, uint32_t sense)
{
	n->stat[NS_LOGONS_FAILED]++;
	s->sense = sense;
	ssn_over(n, now, s, SSN_T_NSPE);
}

uint32_t
ssn_asked(struct node *n, struct mono now, const struct search *q)
{
	struct res *r = rtab_find(&n->rtab, q->find.arg.s);
	uint32_t sense;
	struct ssn *p;

	(void)now;
	if (r == NULL || r->type == RES_CDRSC)
		return SENSE_UNKNOWN_DLU;
	sense = plu_ready(r);
	if (sense != 0)
		return sense;
	if (q->cdinit.bind_len < BIND_FIXED || q->cdinit.bind_len > SSN_BIND_MAX)
		return SENSE_CDINIT_LENGTH;
	p = cinit_new(n, r);
	if (p == NULL)
		return SENSE_NO_RESOURCE;
	p->partner = q->cdinit.olu;
	p->partner_cp = q->origin;
	p->pcid = q->pcid;
	memcpy(p->bind, q->cdinit.bind, q->cdinit.bind_len);
	p->bind_len = q->cdinit.bind_len;
	snprintf(p->mode, sizeof(p->mode), "%.8s", q->cdinit.mode.s);
	snprintf(p->cos, sizeof(p->cos), "%.8s", q->cdinit.cos.cos.s);
	p->tpf = q->cdinit.cos.tpf;
	keep_data(n, p, q->cdinit.user, q->cdinit.user_len);
	return 0;
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
