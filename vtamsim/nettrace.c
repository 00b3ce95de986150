/* SPDX-License-Identifier: Apache-2.0
 *
 * A packet is traced when any name it goes by is one that was asked for. Names
 * are found when the node has seen the packet, so that the first one of a link
 * or session has its name too; what is gone by then has its numbers.
 */
#include <stdio.h>
#include <string.h>

#include "snaee/ldlc.h"
#include "snaee/llc.h"
#include "snaee/nlp.h"
#include "snaee/piu.h"
#include "snaee/rtp.h"
#include "vtamsim/nettrace.h"

void
nettrace_init(struct nettrace *k, struct trace *t)
{
	memset(k, 0, sizeof(*k));
	k->t = t;
}

bool
nettrace_add(struct nettrace *k, const struct nettrace_pick *p)
{
	struct nettrace_pick *to = NULL;

	for (unsigned i = 0; i < k->n && to == NULL; i++)
		if (strcmp(k->pick[i].id, p->id) == 0)
			to = &k->pick[i];
	if (to == NULL && k->n == NETTRACE_PICKS)
		return false;
	if (to == NULL)
		to = &k->pick[k->n++];
	*to = *p;
	return true;
}

unsigned
nettrace_del(struct nettrace *k, const char *id)
{
	unsigned n = k->n;

	k->n = 0;
	for (unsigned i = 0; i < n; i++)
		if (id[0] != '\0' && strcmp(k->pick[i].id, id) != 0)
			k->pick[k->n++] = k->pick[i];
	return n - k->n;
}

const struct nettrace_pick *
nettrace_of(const struct nettrace *k, const char *id)
{
	for (unsigned i = 0; i < k->n; i++)
		if (strcmp(k->pick[i].id, id) == 0)
			return &k->pick[i];
	return NULL;
}

/* Whose a packet is. */
struct whose {
	const struct res *xca;
	unsigned at;                    /* which of its addresses */
	const struct pu *pu;
	const struct pipe *pipe;
	char lu[2][18];                 /* of the session; "" not known */
	const char *ru;                 /* "BIND", "FMD"; NULL: no PIU begins in it */
	uint64_t tcid;
	uint8_t nlp, resumed;           /* an NLP; data of a message that began before */
};

/* The XCA major node of a local address, and which of its addresses that is. */
static const struct res *
xca_of(const struct node *n, const struct ipaddr *local, unsigned *at)
{
	const struct ipaddr *a;
	const struct res *r;

	TAILQ_FOREACH(r, &n->rtab.top, sib) {
		if (r->type != RES_MAJOR || r->ee == NULL)
			continue;
		for (*at = 0; *at < EE_LOCALS && (a = ee_local(r->ee, *at)) != NULL; (*at)++)
			if (ipaddr_eq(a, local))
				return r;
	}
	return NULL;
}

static void
names_of(const struct ssn *s, char to[2][18])
{
	snprintf(to[0], 18, "%.17s", s->res != NULL ? s->res->name.s : s->node->cpname.s);
	snprintf(to[1], 18, "%.17s", s->cp != NULL ? s->cp->cp.s : s->partner.s);
}

static struct nettrace_names *
slot(struct nettrace_names *v, size_t n, uint64_t key)
{
	struct nettrace_names *k = &v[(key * 0x9e3779b97f4a7c15u >> 32) % n];

	if (k->key != key)
		k->lu[0][0] = k->lu[1][0] = '\0';
	k->key = key;
	return k;
}

static void
whose_piu(struct nettrace *k, const struct node *n, const uint8_t *p, size_t len, unsigned dir,
    struct whose *w)
{
	struct rd r = rd_on(p, len);
	const struct ssn *s = NULL;
	struct nettrace_names *known;
	struct th th;
	uint32_t rh;

	if (!th_get(&r, &th) || th.fid != 5)
		return;
	if (w->pipe != NULL)
		s = ssn_of_address(n, w->pipe, th.sa, dir == TRACE_IN ? SSN_INWARD :
		    SSN_OUTWARD);
	known = slot(k->known, NETTRACE_KNOWN, (w->tcid * 31 + th.sa) << 1 | (dir == TRACE_IN));
	if (s != NULL)
		names_of(s, known->lu);
	memcpy(w->lu, known->lu, sizeof(w->lu));
	rh = rh_get(&r);
	if (!r.bad && (th.mpf == TH_FIRST || th.mpf == TH_WHOLE))
		w->ru = ru_name(rh, (uint8_t)rd_peek(&r));
}

static void
whose_nlp(struct nettrace *k, const struct node *n, const struct trace_rec *rec,
    struct rd *r, struct whose *w)
{
	const struct ee *ee = w->xca == NULL ? NULL : w->xca->ee;
	const uint8_t *nlp = r->p;
	size_t len = rd_left(r);
	const struct rtp *rtp = NULL;
	struct nhdr nh;
	struct thdr th;
	struct nettrace_names *last;
	uint32_t sense;

	if (!nhdr_get(r, &nh) || nh.sm != NHDR_ANR || !thdr_get(r, &th, &sense))
		return;
	w->nlp = 1;
	w->tcid = tcid_key(th.tcid);
	if (ee != NULL)
		rtp = rec->dir == TRACE_IN ? ee_pipe_of_nlp(ee, nlp, len) :
		    ee_pipe_at(ee, rec->tcid);
	if (rtp != NULL) {
		const struct ldlc *l = ee_pipe_link(rtp);

		w->pipe = ee_pipe_owner(rtp);
		w->tcid = rtp->parm.tcid;
		if (l != NULL && ipaddr_eq(ldlc_remote(l), &rec->remote))
			w->pu = ldlc_owner(l);
	}
	if (th.dlf == 0)
		return;
	last = slot(k->last, NETTRACE_LAST, w->tcid << 1 | (rec->dir == TRACE_IN));
	if (th.somi) {
		whose_piu(k, n, th.data, th.dlf, rec->dir, w);
		memcpy(last->lu, w->lu, sizeof(last->lu));
	} else {
		memcpy(w->lu, last->lu, sizeof(w->lu));
		w->resumed = 1;
	}
}

static struct whose
whose(struct nettrace *k, const struct node *n, const struct trace_rec *rec, const uint8_t *p)
{
	struct whose w = { .at = 0 };
	const struct ssn *s = rec->ssn == 0 ? NULL : ssn_at(n, rec->ssn);
	struct rd r = rd_on(p, rec->len);
	struct llc h;

	w.xca = xca_of(n, &rec->local, &w.at);
	if (llc_get(&r, &h) && h.frame == LLC_UI)
		whose_nlp(k, n, rec, &r, &w);
	if (s != NULL)
		names_of(s, w.lu);
	if (w.pu == NULL && w.xca != NULL) {
		const struct ldlc *l = ee_link_to(w.xca->ee, &rec->remote);

		w.pu = l == NULL ? NULL : ldlc_owner(l);
	}
	return w;
}

static bool
is_named(const char *id, const struct sna_name *n)
{
	return strcmp(id, n->s) == 0 || strcmp(id, name_base(n)) == 0;
}

/* The same for names that are text. */
static bool
is_lu(const char *id, const char *lu)
{
	const char *dot = strchr(lu, '.');

	return strcmp(id, lu) == 0 || (dot != NULL && strcmp(id, dot + 1) == 0);
}

static bool
fits(const char *id, const struct whose *w)
{
	if (id[0] == '\0' || (w->xca != NULL && is_named(id, &w->xca->name)))
		return true;
	if (w->pu != NULL && (is_named(id, &w->pu->res->name) || is_named(id, &w->pu->cp) ||
	    (w->pu->line != NULL && is_named(id, &w->pu->line->name))))
		return true;
	if (w->pipe != NULL && (is_named(id, &w->pipe->res->name) || is_named(id, &w->pipe->cp)))
		return true;
	return is_lu(id, w->lu[0]) || is_lu(id, w->lu[1]);
}

/* "PU PUEEQ2, high, CNR00004 #INTER to NETQ.CPQ2, NETA.TCP00001 - NETQ.CICSQ1, BIND" */
static void
comment(char *to, size_t room, const struct trace_rec *rec, const struct whose *w)
{
	static const char *const port[EE_NPORT] = { "signal", "network", "high", "medium", "low" };
	char addr[IPADDR_TEXT];
	size_t n;

	if (rec->ssn != 0)
		n = (size_t)snprintf(to, room, "inside this node");
	else
		n = (size_t)snprintf(to, room, "%s %s, %s", w->pu != NULL ? "PU" : "no PU,",
		    w->pu != NULL ? name_base(&w->pu->res->name) :
		    ipaddr_text(&rec->remote, addr), port[rec->port]);
	if (w->pipe != NULL)
		n += (size_t)snprintf(to + n, room - n, ", %s %s to %s",
		    name_base(&w->pipe->res->name), w->pipe->cos, w->pipe->cp.s);
	else if (w->nlp && rec->ssn == 0)
		n += (size_t)snprintf(to + n, room - n, ", TCID %016llX",
		    (unsigned long long)w->tcid);
	if (w->lu[0][0] != '\0')
		n += (size_t)snprintf(to + n, room - n, ", %s - %s", w->lu[0], w->lu[1]);
	if (w->ru != NULL)
		(void)snprintf(to + n, room - n, ", %s", w->ru);
	else if (w->resumed)
		(void)snprintf(to + n, room - n, ", continued");
}

static unsigned
iface(struct nettrace *k, const struct node *n, const struct trace_rec *rec,
    const struct whose *w)
{
	char name[24], text[96], addr[IPADDR_TEXT];

	if (w->xca == NULL) {
		snprintf(text, sizeof(text), "sessions inside node %s", n->cpname.s);
		return pcapng_if(&k->t->file, "inside", text);
	}
	if (w->at == 0)
		snprintf(name, sizeof(name), "%s", name_base(&w->xca->name));
	else
		snprintf(name, sizeof(name), "%s.%u", name_base(&w->xca->name), w->at + 1);
	snprintf(text, sizeof(text), "XCA major node %s of %s, local address %s", name,
	    n->cpname.s, ipaddr_text(&rec->local, addr));
	return pcapng_if(&k->t->file, name, text);
}

void
nettrace_turn(struct nettrace *k, const struct node *n)
{
	struct trace_rec rec;
	uint8_t *p;

	if (!trace_on(k->t))
		return;
	while (trace_next(k->t, &rec, &p)) {
		struct whose w = whose(k, n, &rec, p);
		enum trace_amount amount = TRACE_PARTIAL;
		char text[256];
		bool wanted = false;

		for (unsigned i = 0; i < k->n; i++) {
			struct nettrace_pick *q = &k->pick[i];

			if (!fits(q->id, &w))
				continue;
			wanted = true;
			q->packets++;
			if (q->amount == TRACE_FULL)
				amount = TRACE_FULL;
		}
		if (!wanted)
			continue;
		comment(text, sizeof(text), &rec, &w);
		trace_write(k->t, &rec, p, amount, iface(k, n, &rec, &w), text);
	}
	trace_flush(k->t);
}
