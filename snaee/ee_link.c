/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of links. A link is found by the partner's address and the pair of
 * SAPs in XID, TEST, DISC and DM; its NLPs come with a SAP pair of their own,
 * learned in the XID exchange, hence the second map. UDP ports are no part of
 * its identity (RFC 2353 section 2.2).
 */
#include <string.h>

#include "snaee/ee_parts.h"
#include "snaee/sense.h"
#include "snaee/xidcheck.h"

struct link_key {
	struct ipaddr ip;
	uint8_t local, remote;          /* SAPs */
	uint8_t at;                     /* local address */
	uint8_t pad;
};

static uint64_t
key_hash(const struct map *m, const struct link_key *k)
{
	return map_hash(m, k, sizeof(*k));
}

static bool
sap_eq(const struct mapent *e, const void *key)
{
	const struct link_key *k = key;
	const struct ldlc_parm *p = &MAP_OBJ(e, const struct ee_link, by_sap)->ldlc.parm;

	return p->sap_local == k->local && p->sap_remote == k->remote && p->at == k->at &&
	    ipaddr_eq(&p->remote, &k->ip);
}

static bool
nlp_eq(const struct mapent *e, const void *key)
{
	const struct link_key *k = key;
	const struct ee_link *l = MAP_OBJ(e, const struct ee_link, by_nlp);

	return l->ldlc.nlp_ssap == k->local && l->key_dsap == k->remote &&
	    l->ldlc.parm.at == k->at && ipaddr_eq(&l->ldlc.parm.remote, &k->ip);
}

struct ee_link *
ee_link_find(const struct ee *ee, unsigned at, const struct ipaddr *ip, unsigned local,
    unsigned remote)
{
	struct link_key k = { *ip, (uint8_t)local, (uint8_t)remote, (uint8_t)at, 0 };
	struct mapent *e = map_find(&ee->by_sap, key_hash(&ee->by_sap, &k), sap_eq, &k);

	return e == NULL ? NULL : MAP_OBJ(e, struct ee_link, by_sap);
}

struct ee_link *
ee_link_nlp(const struct ee *ee, unsigned at, const struct ipaddr *ip, unsigned dsap,
    unsigned ssap)
{
	struct link_key k = { *ip, (uint8_t)dsap, (uint8_t)ssap, (uint8_t)at, 0 };
	struct mapent *e = map_find(&ee->by_nlp, key_hash(&ee->by_nlp, &k), nlp_eq, &k);

	return e == NULL ? NULL : MAP_OBJ(e, struct ee_link, by_nlp);
}

struct ldlc *
ee_link_to(const struct ee *ee, const struct ipaddr *remote)
{
	struct ee_link *l;

	for (unsigned at = 0; at < ee->n_local; at++) {
		l = ee_link_find(ee, at, remote, LLC_SAP_SNA, LLC_SAP_SNA);
		if (l != NULL)
			return &l->ldlc;
	}
	TAILQ_FOREACH(l, &ee->all_links, all)
		if (ipaddr_eq(&l->ldlc.parm.remote, remote) && !ldlc_dead(&l->ldlc))
			return &l->ldlc;
	return NULL;
}

static void
map_nlp(struct ee *ee, struct ee_link *l)
{
	struct link_key k = { l->ldlc.parm.remote, l->ldlc.nlp_ssap, l->ldlc.nlp_dsap,
		l->ldlc.parm.at, 0 };

	if (l->in_nlp && l->key_dsap == l->ldlc.nlp_dsap)
		return;
	if (l->in_nlp)
		map_remove(&ee->by_nlp, &l->by_nlp);
	l->in_nlp = 0;
	if (ee_link_nlp(ee, k.at, &k.ip, k.local, k.remote) != NULL)
		return;         /* another link of the same partner has the pair */
	l->key_dsap = l->ldlc.nlp_dsap;
	map_insert(&ee->by_nlp, &l->by_nlp, key_hash(&ee->by_nlp, &k));
	l->in_nlp = 1;
}

static void
unmap(struct ee *ee, struct ee_link *l)
{
	if (l->in_sap)
		map_remove(&ee->by_sap, &l->by_sap);
	if (l->in_nlp)
		map_remove(&ee->by_nlp, &l->by_nlp);
	l->in_sap = l->in_nlp = 0;
	anr_del(&ee->anr, l);
	ee_transit_drop(ee, l);
	if (l->half)
		ee->n_half--;
	l->half = 0;
}

static void
ready_in(struct ee *ee, struct ee_link *l)
{
	if (!l->on_in)
		TAILQ_INSERT_TAIL(&ee->in_links, l, in);
	l->on_in = 1;
}

void
ee_link_count(struct ee_link *l, const struct ee_pipe *p, int more)
{
	l->n_pipes += (uint32_t)more;
	if (p->nce != NCE_LU)
		return;
	l->n_lu += (uint32_t)more;
	l->idle = l->n_lu == 0;
	if (l->idle)
		ready_in(p->ee, l);
}

void
ee_link_touch(struct ee *ee, struct mono now, struct ee_link *l)
{
	if (ldlc_dead(&l->ldlc) && l->in_sap) {
		unmap(ee, l);
		ee_pipes_lost(ee, now, l);
		ready_in(ee, l);
	}
	if (l->ldlc.moved && l->in_sap)
		map_nlp(ee, l);
	l->ldlc.moved = 0;
	if (l->ldlc.doubt)
		ee_pipes_doubt(l);
	l->ldlc.doubt = 0;
	ee_timer_set(ee, &l->timer, ldlc_deadline(&l->ldlc));
	if (l->ldlc.ind != 0 || l->call == 1)
		ready_in(ee, l);
	if (l->ldlc.want != 0 && !l->on_out) {
		TAILQ_INSERT_TAIL(&ee->out_links, l, out);
		l->on_out = 1;
	}
}

/*
 * NLPs of a second link between the same addresses need a SAP of their own; the
 * first gets X'C8'. Our choice: RFC 2353 section 6.1.2 leaves it open.
 */
static uint8_t
nlp_sap(const struct ee *ee, unsigned at, const struct ipaddr *remote)
{
	const struct ee_link *l;
	uint64_t used = 0;

	TAILQ_FOREACH(l, &ee->all_links, all)
		if (l->ldlc.parm.at == at && ipaddr_eq(&l->ldlc.parm.remote, remote))
			used |= UINT64_C(1) << l->ldlc.nlp_ssap / 4;
	for (unsigned sap = LLC_SAP_NLP; sap < 0xfc; sap += 4)
		if ((used & UINT64_C(1) << sap / 4) == 0)
			return (uint8_t)sap;
	return LLC_SAP_NLP;
}

/* An IPv6 header is 20 bytes longer than one of IPv4: RFC 2353 section 2.4.1. */
static uint16_t
btu(const struct ee_cfg *c, unsigned fam)
{
	unsigned less = fam == 6 ? 20 : 0;

	return (uint16_t)(c->max_btu >= LDLC_BTU_MIN + less ? c->max_btu - less : c->max_btu);
}

static void
make_parm(struct ee *ee, const struct ee_linkparm *p, struct ldlc_parm *to)
{
	const struct ee_cfg *c = &ee->cfg;

	memset(to, 0, sizeof(*to));
	to->remote = p->remote;
	to->sap_local = p->sap_local != 0 ? p->sap_local : LLC_SAP_SNA;
	to->sap_remote = p->sap_remote != 0 ? p->sap_remote : LLC_SAP_SNA;
	to->livtime = p->livtime != 0 ? p->livtime : c->livtime;
	to->livtime_max = p->livtime != 0 ? p->livtime_max : c->livtime_max;
	to->srqtime = p->srqtime != 0 ? p->srqtime : c->srqtime;
	to->srqretry = p->srqretry != 0 ? p->srqretry : c->srqretry;
	to->local = *ee_local(ee, p->local);
	to->at = p->local;
	to->higher = ipaddr_cmp(&to->local, &p->remote) > 0;
	to->limited = p->limited;
	to->arb = p->arb;
	to->owner = p->owner;
	to->xid.cpname = c->cpname;
	to->xid.want_cpname = p->cpname;
	to->xid.nodeid = c->nodeid;
	to->xid.want_nodeid = p->nodeid;
	to->xid.want_type = p->node_type;
	to->xid.max_btu = btu(c, p->remote.fam);
	to->xid.network_node = c->network_node;
	to->xid.cpcp = p->cpcp;
	to->xid.tgn = p->tgn;
	to->xid.vrn = p->vrn;
	to->xid.nlp_sap = nlp_sap(ee, p->local, &p->remote);
	to->xid.instance = c->instance;
	to->xid.seed = ee_draw(ee);
}

/* EEDELAY: as long as LDLC takes to see that the partner is gone, so that a path is
 * not switched before its link is known to be dead. */
static uint16_t
psdly(const struct ee_linkparm *p, const struct ldlc_parm *l)
{
	unsigned live = l->livtime_max > l->livtime ? l->livtime_max : l->livtime;

	if (p->psdly_s != EE_PSDLY_EE)
		return p->psdly_s;
	live += (l->srqretry + 1u) * l->srqtime;
	return (uint16_t)(live < EE_PSDLY_EE ? live : EE_PSDLY_EE - 1u);
}

/* 5.6, z/OS: 180 s, or half the time after which the link ends unused. Less than 5 s a
 * partner would read in another unit: nlp.h switch_ms(). */
static uint16_t
alive(const struct ee_linkparm *p)
{
	unsigned idle = p->idle_s;

	if (p->limited && (idle == 0 || idle > EE_LIMRES_S))
		idle = EE_LIMRES_S;
	if (idle == 0 || idle > 2 * 180)
		return 180;
	return (uint16_t)(idle < 2 * 5 ? 5 : idle / 2);
}

static struct ee_link *
link_new(struct ee *ee, const struct ldlc_parm *p)
{
	struct link_key k = { p->remote, p->sap_local, p->sap_remote, p->at, 0 };
	struct ee_link *l = pool_get(&ee->links);

	if (l == NULL) {
		ee->stat[EES_NO_LINK_ROOM]++;
		return NULL;
	}
	TAILQ_INIT(&l->pipes);
	for (unsigned i = 0; i < 4; i++)
		bufq_init(&l->transit[i]);
	l->timer.kind = EEK_LINK;
	ldlc_init(&l->ldlc, p);
	l->label = anr_add(&ee->anr, l);
	l->ldlc.neg.parm.tg_label = l->label;
	map_insert(&ee->by_sap, &l->by_sap, key_hash(&ee->by_sap, &k));
	l->in_sap = 1;
	TAILQ_INSERT_TAIL(&ee->all_links, l, all);
	return l;
}

/* TG numbers that other links to this partner have: companion section 2.8. */
void
ee_link_mark_tgns(struct ee *ee, struct ee_link *l, const struct sna_name *peer)
{
	struct ee_link *o;

	memset(l->ldlc.neg.tg_used, 0, sizeof(l->ldlc.neg.tg_used));
	if (peer->len == 0)
		return;
	TAILQ_FOREACH(o, &ee->all_links, all)
		if (o != l && !ldlc_dead(&o->ldlc) && ldlc_tgn(&o->ldlc) != 0 &&
		    name_eq(&o->ldlc.neg.peer.cpname, peer))
			xidneg_use_tgn(&l->ldlc.neg, ldlc_tgn(&o->ldlc));
}

static uint32_t
may_dial(const struct ee *ee, const struct ldlc_parm *p)
{
	if (p->remote.fam == 0 || p->remote.fam != p->local.fam)
		return SENSE_NOT_AVAILABLE;
	for (unsigned i = 0; i < ee->n_local; i++)
		if (ipaddr_eq(&p->remote, &ee->local[i]))
			return SENSE_NOT_AVAILABLE;
	if (((p->sap_local | p->sap_remote) & 3) != 0)
		return SENSE_NOT_AVAILABLE;
	if (ee_link_find(ee, p->at, &p->remote, p->sap_local, p->sap_remote) != NULL)
		return SENSE_XID_PARALLEL;
	return 0;
}

struct ldlc *
ee_dial(struct ee *ee, struct mono now, const struct ee_linkparm *parm, uint32_t *sense)
{
	struct ldlc_parm p;
	struct ee_link *l;

	ee_begin(ee);
	make_parm(ee, parm, &p);
	*sense = may_dial(ee, &p);
	if (*sense != 0)
		return NULL;
	l = link_new(ee, &p);
	if (l == NULL) {
		*sense = SENSE_NO_RESOURCE;
		return NULL;
	}
	l->psdly_s = psdly(parm, &p);
	l->alive_s = alive(parm);
	ldlc_open(&l->ldlc, now);
	ee_link_touch(ee, now, l);
	return &l->ldlc;
}

/* Parameters of a link whose definition is not known yet. */
static void
stranger_parm(struct ee *ee, const struct ipaddr *from, const struct llc *h,
    struct ldlc_parm *p)
{
	struct ee_linkparm e = { .remote = *from, .local = ee->at, .sap_local = h->dsap,
		.sap_remote = h->ssap, .cpcp = 1 };

	make_parm(ee, &e, p);
}

/* CV 22 to somebody who has no link: companion section 2.12. */
void
ee_link_reject(struct ee *ee, struct mono now, const struct ipaddr *from, const struct llc *h,
    uint32_t sense)
{
	struct ldlc_parm p;
	struct xidneg n;
	char text[IPADDR_TEXT];
	uint32_t muted = 0;
	struct ee_caller *c = ee_caller(ee, from);

	ee->stat[EES_CALLS_REFUSED]++;
	if (mono_due(c->refusals_until, now)) {
		c->refusals = 0;
		c->refusals_until = mono_add(now, SECS(1));
	}
	if (c->refusals < EE_REFUSALS) {
		c->refusals++;
		stranger_parm(ee, from, h, &p);
		xidneg_init(&n, &p.xid);
		(void)xidneg_fail(&n, sense);
		ee_ctl_xid(ee, from, h, &n.own);
		ee->stat[EES_XID_ERR_SENT]++;
	}
	if (!log_bound(&c->log, now, &muted))
		return;
	LOG(EE, WARN, ipaddr_text(from, text), "call rejected, sense %08X (%u more lines held "
	    "back)", sense, muted);
	ee->denied = (struct ee_denied){ .due = 1, .at = ee->at,
		.from = *from, .sense = sense };
}

bool
ee_denied_recv(struct ee *ee, struct ee_ind *i)
{
	struct ee_denied *d = &ee->denied;

	if (!d->due)
		return false;
	d->due = 0;
	ee->call_xid = d->xid;
	*i = (struct ee_ind){ .what = EEI_DENIED, .from = d->from, .local = d->at,
		.sense = d->sense,
		.xid = d->has_xid ? &ee->call_xid : NULL };
	return true;
}

/* What a call must look like before anybody is asked. */
static uint32_t
check_call(const struct ee *ee, const struct xid *x)
{
	uint32_t sense = xid_check(x);

	if (sense != 0)
		return sense;
	if (!xid_is_pn(x))
		return SENSE_XID_PN_NEEDED;
	if (!x->has_tg)
		return SENSE_CV46_80_MISSING;   /* RFC 2353 section 2.5.1 */
	if (x->cpname.len != 0 && name_eq(&x->cpname, &ee->cfg.cpname))
		return SENSE_NODE_TYPE;
	/* Half of the table is never for callers alone: forged addresses can't fill it. */
	if (ee->n_half > ee->cfg.max_links / 2)
		return SENSE_NO_RESOURCE;
	return 0;
}

void
ee_link_call(struct ee *ee, struct mono now, const struct ipaddr *from, const struct llc *h,
    const struct buf *b)
{
	struct ldlc_parm p;
	struct ee_link *l = NULL;
	struct xid x;
	uint32_t sense = SENSE_XID_LENGTH;
	struct rd r = buf_rd(b);

	if (b->len <= XID_MAX && xid_get(&r, &x, &sense))
		sense = check_call(ee, &x);
	if (sense == SENSE_XID_ERROR_CV) {
		ee->stat[EES_XID_ERR_RCVD]++;
		return;                 /* never answer an error with one */
	}
	stranger_parm(ee, from, h, &p);
	if (sense == 0 && (l = link_new(ee, &p)) == NULL)
		sense = SENSE_NO_RESOURCE;
	if (l == NULL) {
		ee_link_reject(ee, now, from, h, sense);
		if (ee->denied.due && ipaddr_eq(&ee->denied.from, from) &&
		    ee->denied.sense == sense) {
			ee->denied.xid = x;
			ee->denied.has_xid = !r.bad;
		}
		return;
	}
	ee->stat[EES_CALLS]++;
	l->half = 1;
	l->call = 1;
	ee->n_half++;
	ee_link_mark_tgns(ee, l, &x.cpname);
	ldlc_call(&l->ldlc, now, b->p, b->len);
	ee_link_touch(ee, now, l);
}

void
ee_answer(struct ee *ee, struct mono now, struct ldlc *ldlc, const struct ee_linkparm *parm)
{
	struct ee_link *l = ee_link_of(ldlc);
	struct ee_linkparm p = *parm;
	struct ldlc_parm to;

	ee_begin(ee);
	if (ldlc->fsm.state != LS_CALLED)
		return;
	p.remote = ldlc->parm.remote;
	p.local = ldlc->parm.at;
	p.sap_local = ldlc->parm.sap_local;
	p.sap_remote = ldlc->parm.sap_remote;
	make_parm(ee, &p, &to);
	to.xid.nlp_sap = ldlc->nlp_ssap;
	to.xid.tg_label = l->label;
	l->psdly_s = psdly(&p, &to);
	l->alive_s = alive(&p);
	/* Again: other calls of the same turn may have taken numbers since. */
	ee_link_mark_tgns(ee, l, &ldlc->neg.peer.cpname);
	ldlc_answer(ldlc, now, &to);
	ee_link_touch(ee, now, l);
}

uint32_t
ee_link_pipes(const struct ldlc *l)
{
	return ((const struct ee_link *)(const void *)l)->n_pipes;      /* ldlc is its first */
}

uint32_t
ee_link_lu_pipes(const struct ldlc *l)
{
	return ((const struct ee_link *)(const void *)l)->n_lu;
}

uint64_t
ee_link_passed(const struct ldlc *l)
{
	return ((const struct ee_link *)(const void *)l)->passed;
}

void
ee_refuse(struct ee *ee, struct mono now, struct ldlc *ldlc, uint32_t sense)
{
	struct ee_link *l = ee_link_of(ldlc);

	ee_begin(ee);
	if (ldlc->fsm.state != LS_CALLED)
		return;
	ee->stat[EES_CALLS_REFUSED]++;
	l->quiet = 1;
	ldlc_refuse(ldlc, now, sense);
	ee_link_touch(ee, now, l);
}

void
ee_hangup(struct ee *ee, struct mono now, struct ldlc *ldlc)
{
	ee_begin(ee);
	ldlc_close(ldlc, now);
	ee_link_touch(ee, now, ee_link_of(ldlc));
}

static void
link_free(struct ee *ee, struct ee_link *l)
{
	ee_transit_drop(ee, l);
	if (l->on_in)
		TAILQ_REMOVE(&ee->in_links, l, in);
	if (l->on_out)
		TAILQ_REMOVE(&ee->out_links, l, out);
	ee_timer_set(ee, &l->timer, MONO_NEVER);
	pool_put(&ee->links, l);
}

/* A link that was given DOWN is freed when the next thing is asked for and its
 * last frame (the reason, mostly) has gone. */
void
ee_link_bury(struct ee *ee, struct ee_link *l)
{
	if (l->gone && l != ee->grave && !l->on_out)
		link_free(ee, l);
}

static void
go(struct ee *ee, struct ee_link *l)
{
	l->gone = 1;
	TAILQ_REMOVE(&ee->all_links, l, all);
}

static bool
give_link(struct ee *ee, struct mono now, struct ee_link *l, struct ee_ind *i)
{
	struct ldlc_ind li;

	*i = (struct ee_ind){ .link = &l->ldlc, .owner = ldlc_owner(&l->ldlc),
		.called = l->ldlc.began, .from = l->ldlc.parm.remote, .local = l->ldlc.parm.at };
	if (l->call == 1 && !ldlc_dead(&l->ldlc)) {
		l->call = 2;
		ee->call_xid = l->ldlc.neg.peer;
		i->what = EEI_CALL;
		i->xid = &ee->call_xid;
		return true;
	}
	if (!ldlc_recv(&l->ldlc, &li)) {
		i->what = EEI_IDLE;
		li.what = l->idle && ldlc_active(&l->ldlc);
		l->idle = 0;
		return li.what;
	}
	if (li.what == LDLC_UP) {
		if (l->half)
			ee->n_half--;
		l->half = 0;
		ee->stat[EES_LINKS_UP]++;
		ee->call_xid = l->ldlc.neg.peer;
		i->what = EEI_LINK_UP;
		i->xid = &ee->call_xid;
		ee_pipes_found(ee, now, l);
		return true;
	}
	if (li.what == LDLC_MTU) {
		i->what = EEI_MTU;
		return true;
	}
	if (l->ldlc.up)
		ee->stat[EES_LINKS_DOWN]++;
	ee->stat[EES_XID_ERR_SENT] += ldlc_xid_error(&l->ldlc) == LDLC_ERR_SENT;
	ee->stat[EES_XID_ERR_RCVD] += ldlc_xid_error(&l->ldlc) == LDLC_ERR_RCVD;
	i->what = EEI_LINK_DOWN;
	i->sense = li.sense;
	go(ee, l);
	if (!l->quiet && l->call != 1) {
		ee->grave = l;
		return true;
	}
	ee_link_bury(ee, l);
	return false;
}

bool
ee_link_recv(struct ee *ee, struct mono now, struct ee_ind *i)
{
	struct ee_link *l;

	while ((l = TAILQ_FIRST(&ee->in_links)) != NULL) {
		TAILQ_REMOVE(&ee->in_links, l, in);
		l->on_in = 0;
		if (give_link(ee, now, l, i)) {
			if (!l->gone)
				ee_link_touch(ee, now, l);
			return true;
		}
	}
	return false;
}

void
ee_link_expire(struct ee *ee, struct mono now, struct ee_link *l)
{
	ldlc_expire(&l->ldlc, now);
	ee_link_touch(ee, now, l);
}

struct ldlc *
ee_next_link(const struct ee *ee, struct ldlc *after)
{
	struct ee_link *l = after == NULL ? TAILQ_FIRST(&ee->all_links) :
	    TAILQ_NEXT(ee_link_of(after), all);

	return l == NULL ? NULL : &l->ldlc;
}
