/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of pipes: RTP connections. A packet finds its pipe by our TCID,
 * whose low word is the place in the pool, so nothing is searched. Only a
 * caller's setup packets carry the caller's own TCID; they are matched by the
 * caller's name and that TCID (companion ee-hpr-rtp 4.2, 5.3).
 */
#include <string.h>

#include "snaee/ee_parts.h"
#include "snaee/sense.h"

struct cqf_key {
	uint64_t tcid;
	struct sna_name cp;
	uint8_t pad[5];
};

static struct cqf_key
cqf_key(const struct sna_name *cp, uint64_t tcid)
{
	struct cqf_key k;

	memset(&k, 0, sizeof(k));
	k.tcid = tcid;
	k.cp = *cp;
	return k;
}

static bool
cqf_eq(const struct mapent *e, const void *key)
{
	const struct cqf_key *k = key;
	const struct ee_pipe *p = MAP_OBJ(e, const struct ee_pipe, by_cqf);

	return p->peer_tcid == k->tcid && name_eq(&p->peer, &k->cp);
}

static struct ee_pipe *
by_cqf(const struct ee *ee, const struct sna_name *cp, uint64_t tcid)
{
	struct cqf_key k = cqf_key(cp, tcid);
	struct mapent *e = map_find(&ee->by_cqf, map_hash(&ee->by_cqf, &k, sizeof(k)), cqf_eq, &k);

	return e == NULL ? NULL : MAP_OBJ(e, struct ee_pipe, by_cqf);
}

static struct ee_pipe *
by_tcid(const struct ee *ee, uint64_t wire)
{
	uint64_t tcid = tcid_key(wire);
	struct ee_pipe *p = pool_at(&ee->pipes, rtp_tcid_index(tcid));

	return p != NULL && p->rtp.parm.tcid == tcid && tcid != 0 ? p : NULL;
}

static void
ready_in(struct ee_pipe *p)
{
	if (!p->on_in)
		TAILQ_INSERT_TAIL(&p->ee->in_pipes, p, in);
	p->on_in = 1;
}

static void
ready_out(struct ee_pipe *p)
{
	if (!p->on_out)
		TAILQ_INSERT_TAIL(&p->ee->out_pipes[p->tpf], p, out);
	p->on_out = 1;
}

void
ee_pipe_touch(struct ee_pipe *p)
{
	ready_in(p);
	ready_out(p);
}

static void
set_timer(struct ee_pipe *p)
{
	ee_timer_set(p->ee, &p->timer, mono_min(rtp_deadline(&p->rtp), p->close_at));
}

static struct ee_pipe *
pipe_new(struct ee *ee, struct ee_link *l, enum nce nce, enum tpf tpf)
{
	struct ee_pipe *p = pool_get(&ee->pipes);

	if (p == NULL) {
		ee->stat[EES_NO_PIPE_ROOM]++;
		return NULL;
	}
	p->timer.kind = EEK_PIPE;
	p->ee = ee;
	p->link = l;
	p->nce = (uint8_t)nce;
	p->tpf = (uint8_t)tpf;
	p->close_at = MONO_NEVER;
	p->via = l->ldlc.neg.peer.cpname;
	p->instance = l->ldlc.neg.peer.hpr.instance;
	TAILQ_INSERT_TAIL(&l->pipes, p, on_link);
	ee_link_count(l, p, 1);
	TAILQ_INSERT_TAIL(&ee->all_pipes, p, all);
	return p;
}

/* The high word of a TCID is all that keeps others out of a pipe, so nobody can
 * reckon it from the TCIDs of pipes of his own: a keyed hash of a count. Bit 0 is
 * not ours to use (companion 4.2). */
static uint32_t
secret(struct ee *ee)
{
	uint32_t high;

	do {
		ee->epoch++;
		high = (uint32_t)map_hash(&ee->by_sap, &ee->epoch, sizeof(ee->epoch)) & 0x7fffffff;
	} while (high == 0);
	return high;
}

/* What both ends of a pipe are born with. */
static void
make_parm(struct ee *ee, struct ee_pipe *p, struct rtp_parm *r)
{
	memset(r, 0, sizeof(*r));
	r->tcid = p->tcid = (uint64_t)secret(ee) << 32 | pool_index(&ee->pipes, p);
	r->tpf = p->tpf;
	r->nce = nce_label(p->nce);
	r->instance = ee->cfg.instance;
	r->cp = ee->cfg.cpname;
	r->tgn = (uint8_t)ldlc_tgn(&p->link->ldlc);
	r->max_send = p->link->ldlc.max_btu;
	r->max_recv = p->link->ldlc.parm.xid.max_btu;
	/* Route Setup is between neighbours on one link: it is asked anew on another.
	 * Our choice, as nothing says how long that connection lives (6.4). */
	r->switch_ms = p->nce == NCE_RSETUP ? 0 : ee->cfg.pst[p->tpf] * 1000u;
	r->mobile = p->nce != NCE_RSETUP;
	r->delay_ms = p->link->psdly_s * 1000u;
	r->alive_ms = p->link->alive_s * 1000u;
	r->limited = p->link->ldlc.parm.limited;
	r->no_alive = ee->cfg.no_alive && !p->far;
	r->arb = p->far ? 0 : p->link->ldlc.parm.arb;
	r->isn = 1;
	r->bufs = ee->cfg.bufs;
	r->gap_tables = &ee->gap_tables;
}

/* style: seven parameters, none of which another caller would keep together. */
struct rtp *
ee_connect(struct ee *ee, struct mono now, struct ldlc *ldlc, enum nce nce, enum tpf tpf,
    const char *cos, void *owner)
{
	struct ee_link *l = ee_link_of(ldlc);
	struct rtp_parm r;
	struct label to;
	struct ee_pipe *p;

	ee_begin(ee);
	if (!ldlc_active(ldlc) || ee->stopping || (p = pipe_new(ee, l, nce, tpf)) == NULL)
		return NULL;
	make_parm(ee, p, &r);
	to = ee_path_nce(l, nce);
	memcpy(r.path, to.b, to.len);
	r.path_len = to.len;
	(void)name_set(&r.cos, cos);
	p->peer = l->ldlc.neg.peer.cpname;
	p->owner = owner;
	rtp_init(&p->rtp, &r);
	rtp_call(&p->rtp, now);
	ee->stat[EES_PIPES_UP]++;
	ee_pipe_touch(p);
	return &p->rtp;
}

struct rtp *
ee_connect_far(struct ee *ee, struct mono now, struct ldlc *first, const struct ee_far *f,
    void *owner)
{
	struct ee_link *l = ee_link_of(first);
	struct rtp_parm r;
	struct ee_pipe *p;

	ee_begin(ee);
	if (!ee_path_fits(f) || !ldlc_active(first) || ee->stopping ||
	    (p = pipe_new(ee, l, f->nce, f->tpf)) == NULL)
		return NULL;
	p->far = 1;
	p->instance = 0;                /* that of the far end is not known */
	make_parm(ee, p, &r);
	r.max_send = ee_path_packet(l, f);
	(void)name_set(&r.cos, f->cos);
	p->peer = *f->peer;
	p->owner = owner;
	rtp_init(&p->rtp, &r);
	ee_path_far(p, f);
	rtp_call(&p->rtp, now);
	ee->stat[EES_PIPES_UP]++;
	ee_pipe_touch(p);
	return &p->rtp;
}

struct label
ee_label(const struct ldlc *l)
{
	return MAP_OBJ(l, const struct ee_link, ldlc)->label;
}

/* A setup packet nobody knows: the partner calls one of our components. */
static struct ee_pipe *
called(struct ee *ee, struct ee_link *l, const struct nhdr *nh, const struct thdr *th,
    unsigned nce)
{
	struct cqf_key k;
	struct rtp_parm r;
	struct ee_pipe *p;

	if (!th->has_setup || !th->has_cqf || ee->stopping)
		return NULL;
	/* Half of the table is never for callers that have not shown that they hear us. */
	if (ee->n_calling > ee->cfg.max_pipes / 2) {
		ee->stat[EES_NO_PIPE_ROOM]++;
		return NULL;
	}
	p = pipe_new(ee, l, (enum nce)nce, (enum tpf)nh->tpf);
	if (p == NULL)
		return NULL;
	p->peer = th->cqf.cp;
	p->far = !name_eq(&p->peer, &p->via);
	if (p->far)
		p->instance = th->setup.has_instance ? th->setup.instance : 0;
	make_parm(ee, p, &r);
	r.called = 1;
	p->called = 1;
	p->peer_tcid = tcid_key(th->tcid);
	k = cqf_key(&p->peer, p->peer_tcid);
	map_insert(&ee->by_cqf, &p->by_cqf, map_hash(&ee->by_cqf, &k, sizeof(k)));
	p->in_cqf = 1;
	p->calling = 1;
	ee->n_calling++;
	rtp_init(&p->rtp, &r);
	ee->stat[EES_PIPES_UP]++;
	return p;
}

static struct ee_pipe *
pipe_of_packet(struct ee *ee, struct ee_link *l, const struct nhdr *nh, const struct thdr *th,
    unsigned nce)
{
	struct ee_pipe *p;

	if (!th->setupi)
		return by_tcid(ee, th->tcid);
	if (!th->has_cqf)
		return NULL;
	p = by_cqf(ee, &th->cqf.cp, tcid_key(th->tcid));
	return p != NULL ? p : called(ee, l, nh, th, nce);
}

static void
calling_over(struct ee_pipe *p)
{
	p->ee->n_calling -= p->calling;
	p->calling = 0;
}

/*
 * A pipe to a neighbour has its packets from that neighbour: on its link, or on a
 * parallel one. From elsewhere only a path switch may come, for which the TCID is
 * all the architecture asks. Of a pipe with nodes between, the last hop is the
 * partner's choice.
 */
static bool
its_own(struct ee *ee, struct mono now, const struct ee_pipe *p, const struct ee_link *l,
    const struct thdr *th)
{
	uint32_t muted = 0;

	if (p->link == l || p->far || (th != NULL && th->has_switch) ||
	    name_eq(&l->ldlc.neg.peer.cpname, &p->via))
		return true;
	ee->stat[EES_FOREIGN]++;
	if (log_bound(&ee_caller(ee, &l->ldlc.parm.remote)->log, now, &muted))
		LOG(EE, WARN, l->ldlc.subject, "NLP for %s dropped: its partner is %s, not %s "
		    "(%u more lines held back)", p->rtp.subject, p->via.s,
		    l->ldlc.neg.peer.cpname.s, muted);
	return false;
}

/* An NLP for a component of ours. */
static void
in_nce(struct ee *ee, struct mono now, struct ee_link *l, const struct nhdr *nh, unsigned nce,
    struct buf *b)
{
	struct rd r = rd_on(b->p, b->len);
	struct thdr th;
	struct ee_pipe *p;
	uint32_t sense = 0;

	rd_skip(&r, nhdr_len(nh));
	if (!thdr_get(&r, &th, &sense)) {
		ee->stat[EES_BAD_NLP]++;
		p = sense == 0 ? NULL : by_tcid(ee, th.tcid);
		if (p != NULL && its_own(ee, now, p, l, NULL)) {
			rtp_fault(&p->rtp, now, sense);
			ee_pipe_touch(p);
		}
		buf_free(b);
		return;
	}
	p = pipe_of_packet(ee, l, nh, &th, nce);
	if (p == NULL) {
		ee->stat[EES_NO_PIPE]++;
		buf_free(b);
		return;
	}
	if (!its_own(ee, now, p, l, &th)) {
		buf_free(b);
		return;
	}
	ee_flight_in(now, p, nh, &th, b);
	ee_path_heard(p, now, l, &th);
	rtp_input(&p->rtp, now, nh, &th, b);
	ee_pipe_touch(p);
}

void
ee_pipe_nlp(struct ee *ee, struct mono now, struct ee_link *l, const struct nhdr *nh,
    struct buf *b)
{
	struct nhdr h = *nh;
	struct anr_hop hop = anr_route(&ee->anr, &h);

	switch ((enum anr_to)hop.to) {
	case ANR_NCE:
		in_nce(ee, now, l, nh, hop.nce, b);
		break;
	case ANR_TG:
		ee_transit_in(ee, l, hop.tg, &h, b);
		break;
	case ANR_UNKNOWN:
		ee->stat[EES_BAD_NLP]++;
		buf_free(b);
		break;
	}
}

uint32_t
ee_send(struct ee *ee, struct mono now, struct rtp *rtp, struct buf *piu)
{
	struct ee_pipe *p = ee_pipe_of(rtp);
	uint32_t sense;

	ee_begin(ee);
	sense = rtp_send(rtp, now, piu);
	if (sense != 0)
		return sense;
	p->closing = 0;
	p->close_at = MONO_NEVER;
	ready_out(p);
	return 0;
}

void
ee_adopt(struct rtp *rtp, void *owner)
{
	ee_pipe_of(rtp)->owner = owner;
}

bool
ee_congested(const struct rtp *rtp)
{
	return rtp_congested(rtp);
}

void
ee_sessions(struct rtp *rtp, uint32_t n)
{
	rtp_sessions(rtp, n);
}

void
ee_close(struct ee *ee, struct mono now, struct rtp *rtp)
{
	struct ee_pipe *p = ee_pipe_of(rtp);

	ee_begin(ee);
	p->closing = 1;
	rtp_close(rtp, now);
	ee_pipe_touch(p);
}

void
ee_abandon(struct ee *ee, struct mono now, struct rtp *rtp, uint32_t sense)
{
	ee_begin(ee);
	rtp_fault(rtp, now, sense);
	ee_pipe_touch(ee_pipe_of(rtp));
}

bool
ee_pipe_output(struct mono now, struct ee_pipe *p, struct ee_dgram *d)
{
	struct llc h = { .frame = LLC_UI };
	struct ldlc_traffic *t;
	struct rtp_out o;
	struct wr w = wr_on(d->hdr, sizeof(d->hdr));

	do {
		if (!rtp_output(&p->rtp, now, &o)) {
			set_timer(p);
			if (p->rtp.ind != 0 || p->rtp.down == 1)
				ready_in(p);
			return false;
		}
		/* Without a path it is lost, as on a bad line. */
	} while (p->link == NULL);
	h.dsap = p->link->ldlc.nlp_dsap;
	h.ssap = p->link->ldlc.nlp_ssap;
	ee_flight_out(now, p, &o);
	llc_put(&w, &h);
	wr_bytes(&w, o.hdr, o.hdr_len);
	d->to = p->link->ldlc.parm.remote;
	d->local = p->link->ldlc.parm.at;
	d->tcid = p->rtp.parm.tcid;
	d->idx = (uint8_t)(EE_LOW - o.tpf);
	d->port = (uint16_t)(p->ee->cfg.port0 + d->idx);
	d->hdr_len = (uint16_t)wr_len(&w);
	d->data = o.data;
	d->data_len = o.data_len;
	t = &p->link->ldlc.traffic[d->idx];
	t->nlps_sent++;
	t->bytes_sent += (uint64_t)o.hdr_len + o.data_len;
	if (o.resent) {
		t->nlps_resent++;
		t->bytes_resent += (uint64_t)o.hdr_len + o.data_len;
	}
	return true;
}

static void
go(struct ee_pipe *p)
{
	struct ee *ee = p->ee;

	p->gone = 1;
	calling_over(p);
	p->rtp.parm.tcid = 0;
	TAILQ_REMOVE(&ee->all_pipes, p, all);
	if (p->link != NULL) {
		TAILQ_REMOVE(&p->link->pipes, p, on_link);
		ee_link_count(p->link, p, -1);
	} else {
		TAILQ_REMOVE(&ee->lost_pipes, p, on_link);
	}
	if (p->in_cqf)
		map_remove(&ee->by_cqf, &p->by_cqf);
	p->in_cqf = 0;
	if (p->on_in)
		TAILQ_REMOVE(&ee->in_pipes, p, in);
	if (p->on_out)
		TAILQ_REMOVE(&ee->out_pipes[p->tpf], p, out);
	p->on_in = p->on_out = 0;
	ee_timer_set(ee, &p->timer, MONO_NEVER);
	ee->stat[EES_PIPES_DOWN]++;
}

void
ee_pipe_bury(struct ee_pipe *p)
{
	struct ee *ee = p->ee;

	rtp_fini(&p->rtp);
	p->rtp.parm.tcid = 0;
	pool_put(&ee->pipes, p);
}

/* False: nothing for above in it. */
static bool
translate(struct mono now, struct ee_pipe *p, const struct rtp_ind *r, struct ee_ind *i)
{
	*i = (struct ee_ind){ .rtp = &p->rtp, .owner = p->owner, .called = p->called,
		.sense = r->sense, .buf = r->buf, .link = p->link == NULL ? NULL :
		&p->link->ldlc };
	switch ((enum rtp_what)r->what) {
	case RTP_UP:
		i->what = EEI_PIPE_UP;
		p->up = 1;
		calling_over(p);
		return true;
	case RTP_DATA:
		i->what = EEI_PIU;
		return true;
	case RTP_PATH:
		i->what = EEI_PATH;
		i->step = r->step;
		i->why = r->why;
		if (r->step == RP_STARTED)
			ee_pipe_other(now, p);
		return true;
	case RTP_STALL:
		i->what = EEI_STALL;
		if (r->sense != 0)
			ee_path_stalled(now, p);
		return true;
	case RTP_DOWN:
		i->what = EEI_PIPE_DOWN;
		go(p);
		/* A caller that never got through is nobody's business above. */
		if (!p->called || p->up)
			return true;
		ee_pipe_bury(p);
		return false;
	case RTP_KEPT:
		if (p->closing)
			p->close_at = mono_add(now, SECS(EE_CLOSE_AGAIN_S));
		set_timer(p);
		return false;
	}
	return false;
}

bool
ee_pipe_recv(struct ee *ee, struct mono now, struct ee_ind *i)
{
	struct ee_pipe *p;
	struct rtp_ind r;

	while ((p = TAILQ_FIRST(&ee->in_pipes)) != NULL) {
		if (rtp_recv(&p->rtp, &r)) {
			unsigned down = r.what == RTP_DOWN;

			if (translate(now, p, &r, i)) {
				ee->pipe_grave = down ? p : NULL;
				return true;
			}
			continue;
		}
		TAILQ_REMOVE(&ee->in_pipes, p, in);
		p->on_in = 0;
		/* What was taken may let more be acknowledged. */
		ready_out(p);
	}
	return false;
}

void
ee_pipe_expire(struct mono now, struct ee_pipe *p)
{
	unsigned tries = p->rtp.short_n;

	if (mono_due(p->close_at, now)) {
		p->close_at = MONO_NEVER;
		rtp_close(&p->rtp, now);
	}
	rtp_expire(&p->rtp, now);
	if (p->rtp.fsm.state == RS_PATHSWITCH && p->rtp.short_n != tries)
		ee_pipe_other(now, p);
	/* The next deadline is set when all it had to send was pulled: until then
	 * it may lie in the past. */
	ee_pipe_touch(p);
}

void
ee_pipes_stop(struct ee *ee, struct mono now)
{
	struct ee_pipe *p;

	TAILQ_FOREACH(p, &ee->all_pipes, all) {
		rtp_drop(&p->rtp, now, SENSE_LINK_FAILURE);
		ee_pipe_touch(p);
	}
}

void
ee_pipes_fini(struct ee *ee)
{
	struct ee_pipe *p;
	struct ee_link *l;

	while ((p = TAILQ_FIRST(&ee->all_pipes)) != NULL) {
		go(p);
		ee_pipe_bury(p);
	}
	if (ee->pipe_grave != NULL)
		ee_pipe_bury(ee->pipe_grave);
	ee->pipe_grave = NULL;
	TAILQ_FOREACH(l, &ee->all_links, all)
		ee_transit_drop(ee, l);
}

struct rtp *
ee_next_pipe(const struct ee *ee, struct rtp *after)
{
	struct ee_pipe *p = after == NULL ? TAILQ_FIRST(&ee->all_pipes) :
	    TAILQ_NEXT(ee_pipe_of(after), all);

	return p == NULL ? NULL : &p->rtp;
}

static const struct ee_pipe *
pipe_at(const struct rtp *rtp)
{
	return MAP_OBJ(rtp, const struct ee_pipe, rtp);
}

struct ldlc *
ee_pipe_link(const struct rtp *rtp)
{
	const struct ee_pipe *p = pipe_at(rtp);

	return p->link == NULL ? NULL : &p->link->ldlc;
}

const struct sna_name *
ee_pipe_peer(const struct rtp *rtp)
{
	return &pipe_at(rtp)->peer;
}

void *
ee_pipe_owner(const struct rtp *rtp)
{
	return pipe_at(rtp)->owner;
}

enum nce
ee_pipe_nce(const struct rtp *rtp)
{
	return (enum nce)pipe_at(rtp)->nce;
}

struct rtp *
ee_pipe_of_nlp(const struct ee *ee, const uint8_t *nlp, size_t n)
{
	struct rd r = rd_on(nlp, n);
	struct nhdr nh;
	struct thdr th;
	struct ee_pipe *p;
	uint32_t sense;

	if (!nhdr_get(&r, &nh) || nh.sm != NHDR_ANR || !thdr_get(&r, &th, &sense))
		return NULL;
	if (!th.setupi)
		p = by_tcid(ee, th.tcid);
	else
		p = th.has_cqf ? by_cqf(ee, &th.cqf.cp, tcid_key(th.tcid)) : NULL;
	return p == NULL ? NULL : &p->rtp;
}

struct rtp *
ee_pipe_at(const struct ee *ee, uint64_t tcid)
{
	struct ee_pipe *p = by_tcid(ee, tcid);

	return p == NULL ? NULL : &p->rtp;
}

const struct sna_name *
ee_pipe_via(const struct rtp *rtp)
{
	return &pipe_at(rtp)->via;
}

bool
ee_pipe_far(const struct rtp *rtp)
{
	return pipe_at(rtp)->far != 0;
}

void
ee_set_pst(struct ee *ee, const uint32_t s[4])
{
	for (int i = 0; i < 4; i++)
		ee->cfg.pst[i] = s[i];
}
