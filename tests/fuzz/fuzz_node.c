/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes as what a partner's node may send once link and pipe are up: PIUs,
 * BINDs, searches, topology updates, CP-CP messages, between two whole nodes
 * with sessions of all kinds; and as what users do meanwhile. Then both nodes
 * halt, and nothing may be left.
 *
 * One step: a byte (bits 0-2 what, 3-5 which session, 6 for the other node, 7
 * turn afterwards), a length byte, so many bytes.
 */
#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "snaee/bind.h"
#include "tests/sim/simnode.h"
#include "vtamsim/ssn_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct field {
	struct sim *w;
	struct simvt *v[2];
};

static struct ssn *
pick(const struct simvt *v, unsigned k)
{
	for (uint32_t i = 0; i < v->n->ssns.touched; i++) {
		struct ssn *s = pool_at(&v->n->ssns, i);

		if (s->handle != 0 && k-- == 0)
			return s;
	}
	return NULL;
}

static struct buf *
raw(struct simvt *v, const uint8_t *p, size_t n)
{
	struct buf *b = buf_get(&v->n->bufs, 600);

	assert(b != NULL);
	buf_append(b, p, n);
	return b;
}

/* A PIU to a session that is there; the first byte says how honest it is. */
static void
piu(struct simvt *v, struct ssn *s, const uint8_t *p, size_t n)
{
	struct th th = { .fid = 5, .mpf = TH_WHOLE };
	struct pipe *pipe = s != NULL && s->pipe != NULL ? s->pipe :
	    TAILQ_FIRST(&v->n->pipetab.all);
	struct buf *b;
	struct wr w;

	if (pipe == NULL || n < 2)
		return;
	if (s != NULL) {
		th.sa = p[0] & 1 ? s->sa_peer | SA_PLU : ssn_sa(s);
		th.snf = (uint16_t)(s->hs.snf_in + (p[0] >> 1 & 1));
	}
	th.efi = p[0] >> 2 & 1;
	if (p[0] & 8)
		th.mpf = p[0] >> 4 & 3;
	b = raw(v, p + 1, n - 1);
	w = wr_on(buf_push(b, TH_FID5_LEN), TH_FID5_LEN);
	th_put(&w, &th);
	ssn_piu(v->n, sim_now(v->w), pipe, b);
}

/* A good BIND for the LU of a session, then spoiled in places. */
static void
bind_for(struct simvt *v, struct ssn *s, const uint8_t *p, size_t n)
{
	struct pipe *pipe = TAILQ_FIRST(&v->n->pipetab.all);
	struct th th = { .fid = 5, .mpf = TH_WHOLE, .efi = 1, .snf = 9, .sa = SA_PLU | 77 };
	struct rd r;
	struct bind b;
	struct buf *m;
	struct wr w;

	if (s == NULL || pipe == NULL || s->bind_len < BIND_FIXED || n == 0)
		return;
	memset(&b, 0, sizeof(b));
	r = rd_on(s->bind, s->bind_len);
	if (!bind_get(&r, &b))
		return;
	(void)name_set(&b.plu, name_base(&s->partner));
	(void)name_set(&b.slu, s->res == NULL ? v->n->cpname.s : name_base(&s->res->name));
	b.tail = 4;
	b.comprot2 |= BIND_C2_CVS;
	b.has_pcid = p[0] & 1;
	b.pcid = s->pcid;
	th.sa += p[0] >> 1;
	m = raw(v, p, 0);
	w = wr_on(m->p, 500);
	bind_put(&w, &b);
	m->len = (uint32_t)wr_len(&w);
	for (size_t i = 1; i + 1 < n; i += 2)
		m->p[p[i] % m->len] = p[i + 1];
	w = wr_on(buf_push(m, RH_LEN), RH_LEN);
	rh_put(&w, RH_SC | RH_FI | RH_OIC | RH_DR1);
	w = wr_on(buf_push(m, TH_FID5_LEN), TH_FID5_LEN);
	th_put(&w, &th);
	ssn_piu(v->n, sim_now(v->w), pipe, m);
}

/* A good search or answer, then spoiled in places. */
static void
search_for(struct simvt *v, const struct simvt *o, const struct ssn *s, const uint8_t *p,
    size_t n)
{
	struct cpadj *a = cp_find(v->n, &o->n->cpname);
	struct search m;
	uint8_t b[700];
	struct wr w = wr_on(b, sizeof(b));
	struct rd r;

	if (a == NULL || n < 2)
		return;
	memset(&m, 0, sizeof(m));
	m.reply = p[0] & 1;
	m.origin = o->n->cpname;
	if (s != NULL)
		m.pcid = s->pcid;
	if (p[0] & 2)
		m.pcid.pcid[7] = (uint8_t)(m.pcid.pcid[7] + p[1]);
	if (m.pcid.cp.len == 0)
		m.pcid.cp = o->n->cpname;
	m.sense = p[0] & 4 ? 0x08060012 : 0;
	m.has_find = !m.reply;
	m.has_found = m.reply && m.sense == 0;
	(void)name_set(&m.find.arg, p[0] & 8 ? v->appl[0].name : v->lu[0].name);
	m.find.type = m.found.type = 0x00f3;
	m.found.name = s != NULL ? s->partner : m.find.arg;
	m.found.owner = o->n->cpname;
	m.has_cdinit = p[0] >> 4 & 1;
	m.cdinit.type = p[0] & 0x20 ? CDI_TERM : CDI_INIT;
	m.cdinit.slu_first = p[0] >> 6 & 1;
	(void)name_set(&m.cdinit.olu, "NETA.OTHER");
	m.cdinit.dlu = m.find.arg;
	if (s != NULL) {
		m.cdinit.bind = s->bind;
		m.cdinit.bind_len = s->bind_len;
	}
	search_put(&w, &m);
	for (size_t i = 2; i + 1 < n && !w.bad; i += 2)
		b[p[i] % wr_len(&w)] = p[i + 1];
	r = rd_on(b, w.bad ? 0 : wr_len(&w));
	dir_message(v->n, sim_now(v->w), a, &r);
}

static void
cp_bytes(struct simvt *v, const struct simvt *o, const uint8_t *p, size_t n)
{
	struct cpadj *a = cp_find(v->n, &o->n->cpname);
	struct rd r = rd_on(p, n);

	if (a == NULL || n == 0)
		return;
	if (p[0] & 1) {
		rd_skip(&r, 1);
		topo_received(v->n, sim_now(v->w), a, &r);
	} else if (a->lose != NULL && n > 1) {
		cp_data(v->n, sim_now(v->w), a->lose, p[0] & 2 ? RH_OIC : p[0] & 4 ? RH_BCI :
		    RH_ECI, raw(v, p + 1, n - 1));
	}
}

/* Users may do anything with their handles. */
static void
user(struct simvt *v, const struct ssn *s, const uint8_t *p, size_t n)
{
	struct acb_port *port = p[0] & 0x80 ? v->appl[0].port : v->port;
	struct rpl q = { .op = p[0] & 31, .acb = v->lu[0].acb, .suser = 1 };
	struct acb_logon l;

	if (n < 4 || acb_room(port) < 4 || q.op == RPL_OPEN || q.op > RPL_SIMLOGON)
		return;
	if (s != NULL) {
		q.sess = s->handle;
		if (s->acb != NULL)
			q.acb = s->acb->handle;
	}
	if (port == v->port)            /* OPENED, OPENFAIL and CLOSED come back to somebody */
		q.user = 1 + (p[1] >> 5) % v->n_lus;
	q.flags = p[1] & 15;
	q.rh = (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8;
	q.sense = p[1] & 0x10 ? 0x08210000 : 0;
	if (q.op == RPL_ATTACH) {
		struct acb_open o = { .slu = 1, .client = "10.1.1.1..1" };

		simvt_submit(port, q, &o, sizeof(o));
	} else if (q.op == RPL_REQSESS || q.op == RPL_SIMLOGON) {
		memset(&l, 0, sizeof(l));
		(void)name_set(&l.appl, p[1] & 1 ? v->appl[0].name : "APPL10");
		simvt_submit(port, q, &l, sizeof(l));
	} else {
		simvt_submit(port, q, n > 4 ? p + 4 : NULL, n - 4);
	}
}

static void
step(struct field *f, struct rd *r)
{
	unsigned how = rd_u8(r);
	size_t n = rd_u8(r);
	struct simvt *v = f->v[how >> 6 & 1], *o = f->v[~how >> 6 & 1];
	struct ssn *s = pick(v, how >> 3 & 7);
	uint8_t b[256];

	if (n > rd_left(r))
		n = rd_left(r);
	memcpy(b, r->p, n);
	rd_skip(r, n);
	if (n == 0)
		return;
	switch (how & 7) {
	case 0: case 1: piu(v, s, b, n); break;
	case 2: bind_for(v, s, b, n); break;
	case 3: search_for(v, o, s, b, n); break;
	case 4: cp_bytes(v, o, b, n); break;
	case 5: user(v, s, b, n); break;
	case 6: sim_run(f->w, MSEC(b[0] * 300)); break;
	case 7: v->appl[0].hold = b[0] & 1; break;
	}
	sim_wake(f->w, v->id);
	if (how & 0x80)
		sim_run(f->w, MSEC(50));
}

static void
field_new(struct field *f)
{
	memset(f, 0, sizeof(*f));
	f->w = sim_new(1);
	for (int i = 0; i < 2; i++) {
		f->v[i] = simvt_new(f->w);
		f->v[i]->max_acbs = 30;
		f->v[i]->lax = 1;
		simvt_start(f->v[i]);
	}
	sim_link(f->w, 0, 1, (struct simlink){ .delay_ms = 1 });
	simvt_dial(f->v[0], f->v[1]);
	sim_run(f->w, SECS(2));
	for (int i = 0; i < 2; i++)
		(void)simvt_appl(f->v[i], 0);
	(void)simvt_lus(f->v[0], 2, &(struct simlu_plan){ .appl = "APPL10", .rounds = 3,
	    .stay = 1, .keep_open = 1 });
	(void)simvt_lus(f->v[0], 1, &(struct simlu_plan){ .appl = "", .keep_open = 1 });
	(void)simvt_lus(f->v[1], 1, &(struct simlu_plan){ .appl = "APPL10", .stay = 1,
	    .keep_open = 1 });
	sim_run(f->w, SECS(1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n < 600 ? n : 600);
	struct field f;

	log_level_all(LOG_ERROR);
	field_new(&f);
	for (int i = 0; i < 60 && rd_left(&r) > 2; i++)
		step(&f, &r);
	for (int i = 0; i < 2; i++)
		node_halt(f.v[i]->n, sim_now(f.w), NODE_HALT_QUICK);
	for (int i = 0; i < 2; i++)
		sim_wake(f.w, f.v[i]->id);
	sim_run(f.w, SECS(90));
	for (int i = 0; i < 2; i++) {
		struct node *nd = f.v[i]->n;

		assert(nd->acbs.used == 0 && nd->ssns.used == 0 && nd->dir.pool.used == 0);
		assert(simvt_quiet(f.v[i]));
		simvt_free(f.v[i]);
	}
	sim_free(f.w);
	return 0;
}
