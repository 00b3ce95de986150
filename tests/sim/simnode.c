/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "snaee/sense.h"
#include "tests/sim/simnode.h"

#define PEERS 8
#define CARD "%-8s %-5s %s\n"

static void
member(const struct simvt *v, const char *name, const char *text)
{
	char path[64];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", v->dir, name);
	f = fopen(path, "w");
	assert(f != NULL);
	assert(fputs(text, f) >= 0);
	assert(fclose(f) == 0);
}

/* 3270 modes of an interactive and of a batch class of service. */
static const char modes[] =
    "MODES    MODETAB\n"
    "         MODEENT LOGMODE=SIMINT,FMPROF=X'03',TSPROF=X'03',             X\n"
    "               PRIPROT=X'B1',SECPROT=X'90',COMPROT=X'3080',            X\n"
    "               RUSIZES=X'87F8',PSERVIC=X'028000000000185000007E00',    X\n"
    "               APPNCOS=#INTER\n"
    "         MODEENT LOGMODE=SIMBATCH,FMPROF=X'03',TSPROF=X'03',           X\n"
    "               PRIPROT=X'B1',SECPROT=X'90',COMPROT=X'3080',            X\n"
    "               RUSIZES=X'87F8',PSERVIC=X'028000000000185000007E00',    X\n"
    "               APPNCOS=#BATCH\n"
    "         MODEEND\n";

static void
write_members(const struct simvt *v)
{
	char t[8192];
	size_t k;

	(void)snprintf(t, sizeof(t), "NETID=NETA,SSCPNAME=CP%d,SSCPID=%d,HOSTSA=%d,HOSTPU=HPU%d\n"
	    "NODETYPE=%s,CONNTYPE=APPN,CPCP=YES,HPR=RTP,DYNADJCP=YES,DYNLU=YES\n"
	    "IPADDR=10.0.0.%d,HPRPST=(60S,45S,30S,20S),CONFIG=00\n%s", v->id, v->id + 1, v->id + 1,
	    v->id, v->end_node ? "EN" : "NN", v->id + 1, v->opts == NULL ? "" : v->opts);
	member(v, "ATCSTR00", t);
	member(v, "ATCCON00", "XCA\nSWNET\nAPPLS\n");
	k = (size_t)snprintf(t, sizeof(t), CARD CARD CARD, "XCA", "VBUILD", "TYPE=XCA", "PORT1",
	    "PORT", "MEDIUM=HPRIP,LIVTIME=(10,0),SRQTIME=15,SRQRETRY=3", "GRP1", "GROUP",
	    "DIAL=YES,AUTOGEN=(64,LN,PN),CALL=INOUT,DYNPU=YES");
	if (v->vnname != NULL)
		k += (size_t)snprintf(t + k, sizeof(t) - k,
		    "GRPV     GROUP DIAL=YES,AUTOGEN=(16,LV,PV),CALL=INOUT,%17sX\n"
		    "               VNNAME=%s%s\n", "", v->vnname,
		    v->vnmore == NULL ? "" : v->vnmore);
	if (v->two)
		(void)snprintf(t + k, sizeof(t) - k,
		    "GRP2     GROUP DIAL=YES,AUTOGEN=(16,LT,PT),CALL=INOUT,DYNPU=YES,%7sX\n"
		    "               IPADDR=10.0.1.%d\n", "", v->id + 1);
	member(v, "XCA", t);
	k = (size_t)snprintf(t, sizeof(t), CARD, "SWNET", "VBUILD", "TYPE=SWNET");
	for (int i = 0; i < PEERS; i++)
		if (i != v->id)
			k += (size_t)snprintf(t + k, sizeof(t) - k,
			    "PU%d      PU    CPNAME=CP%d,CPCP=YES,%s\n"
			    "PATH%d    PATH  GRPNM=GRP1,REDIAL=FOREVER,REDDELAY=5,%*sX\n"
			    "               IPADDR=10.0.0.%d\n",
			    i, i, v->pu_opds, i, 19, "", i + 1);
	for (int i = 0; v->two && i < PEERS; i++)
		if (i != v->id)
			k += (size_t)snprintf(t + k, sizeof(t) - k,
			    "PW%d      PU    CPNAME=CP%d,CPCP=YES,%s\n"
			    "WAY%d     PATH  GRPNM=GRP2,REDIAL=FOREVER,REDDELAY=5,%*sX\n"
			    "               IPADDR=10.0.1.%d\n",
			    i, i, v->pu_opds, i, 19, "", i + 1);
	member(v, "SWNET", t);
	k = (size_t)snprintf(t, sizeof(t), CARD CARD, "APPLS", "VBUILD", "TYPE=APPL", "L*", "APPL",
	    "EAS=1,SESSLIM=YES,DLOGMOD=SNX32702,MODETAB=MODES");
	for (int i = 0; i < SIMVT_APPLS; i++)
		k += (size_t)snprintf(t + k, sizeof(t) - k,
		    "APPL%d%d   APPL  AUTH=(ACQ,PASS),EAS=5000,PARSESS=YES,VPACING=7\n", v->id, i);
	member(v, "APPLS", t);
	member(v, "MODES", modes);
}

struct simvt *
simvt_new(struct sim *w)
{
	struct simvt *v = calloc(1, sizeof(*v));


	assert(v != NULL);
	v->w = w;
	v->max_acbs = 500;
	v->pu_opds = "DWINOP=YES";
	v->ring = 256;
	v->wall_us = UINT64_C(1800000000000000);
	(void)snprintf(v->dir, sizeof(v->dir), "/tmp/simvt.XXXXXX");
	assert(mkdtemp(v->dir) != NULL);
	return v;
}

/* Users. */

void
simvt_submit(struct acb_port *p, struct rpl q, const void *parm, size_t len)
{
	if (parm != NULL) {
		q.buf = buf_get(p->bufs, len);
		assert(q.buf != NULL);
		buf_append(q.buf, parm, len);
	}
	assert(acb_submit(p, &q));
}

static void
lu_open(struct simvt *v, struct simlu *l)
{
	struct acb_open o;

	memset(&o, 0, sizeof(o));
	(void)name_set(&o.name, l->name);
	o.slu = 1;
	l->state = SL_OPENING;
	simvt_submit(v->port, (struct rpl){ .op = RPL_OPEN,
	    .user = (uint32_t)(l - v->lu) + 1 }, &o, sizeof(o));
}

static void
lu_logon(struct simvt *v, struct simlu *l)
{
	struct acb_logon g;

	l->state = SL_OPEN;
	if (l->plan.appl[0] == '\0')
		return;
	memset(&g, 0, sizeof(g));
	(void)name_set(&g.appl, l->plan.appl);
	if (l->plan.mode != NULL)
		(void)snprintf(g.mode, sizeof(g.mode), "%s", l->plan.mode);
	l->state = SL_LOGON;
	l->sent = l->got = l->len = 0;
	simvt_submit(v->port, (struct rpl){ .op = RPL_REQSESS, .acb = l->acb }, &g, sizeof(g));
}

static void
lu_ended(struct simvt *v, struct simlu *l, const struct rpl *r)
{
	l->state = SL_ENDED;
	l->sense = r->sense;
	l->sess = 0;
	l->turn = 0;
	if (l->plan.again) {
		l->again++;
		l->next_at = mono_add(sim_now(v->w), SECS(3));
	} else if (!l->plan.keep_open) {
		simvt_lu_close(v, l);
	}
}

static uint32_t
lu_stream(const struct simvt *v, const struct simlu *l)
{
	return (uint32_t)(v->id + 1) << 12 | ((uint32_t)(l - v->lu) + 1);
}

static void
lu_send(struct simvt *v, struct simlu *l)
{
	uint32_t stream = lu_stream(v, l);
	struct buf *b = buf_get(v->port->bufs, sim_msg_len(stream, l->sent, l->plan.max_len));
	struct rpl q = { .op = RPL_SEND, .acb = l->acb, .sess = l->sess, .buf = b,
		.rh = RH_OIC | RH_RQE1 | RH_BBI | RH_CDI };

	assert(b != NULL);
	sim_msg_put(b, stream, l->sent, l->plan.max_len);
	l->sent++;
	l->turn = 0;
	assert(acb_submit(v->port, &q));
}

static void
lu_next(struct simvt *v, struct simlu *l)
{
	if (l->sent < l->plan.rounds) {
		l->turn = 1;
		l->next_at = mono_add(sim_now(v->w), MSEC(l->plan.gap_ms));
		if (l->plan.gap_ms == 0)
			lu_send(v, l);
	} else if (!l->plan.stay) {
		simvt_lu_term(v, l);
	}
}

/* A chain element for one side; true when the chain is whole. */
static bool
gather(uint8_t *chain, uint32_t *len, const struct rpl *r)
{
	if (r->rh & RH_BCI)
		*len = 0;
	if (r->buf != NULL) {
		if (*len + r->buf->len > SIMVT_MAX + 64)
			*len = 0;               /* what is left of it is wrong */
		if (r->buf->len > SIMVT_MAX + 64)
			return false;
		memcpy(chain + *len, r->buf->p, r->buf->len);
		*len += r->buf->len;
	}
	return (r->rh & RH_ECI) != 0;
}

static bool
right(struct bufpool *bufs, const uint8_t *chain, uint32_t len, uint32_t stream, uint32_t k,
    uint32_t max)
{
	struct buf *b = buf_get(bufs, len);
	bool ok;

	assert(b != NULL);
	buf_append(b, chain, len);
	ok = sim_msg_right(b, stream, k, max);
	buf_free(b);
	return ok;
}

static void
pace(struct acb_port *p, const struct rpl *r)
{
	if (r->rh & RH_PI)
		simvt_submit(p, (struct rpl){ .op = RPL_PACE, .acb = r->acb, .sess = r->sess },
		    NULL, 0);
}

static void
lu_event(struct simvt *v, struct simlu *l, const struct rpl *r)
{
	switch ((enum rpl_op)r->op) {
	case RPL_OPENED:
		l->acb = r->acb;
		lu_logon(v, l);
		break;
	case RPL_OPENFAIL:
		l->err = r->flags;
		l->state = SL_FAILED;
		break;
	case RPL_CLOSED:
		l->state = SL_CLOSED;
		break;
	case RPL_BIND:
		l->sess = r->sess;
		l->state = SL_BOUND;
		simvt_submit(v->port, (struct rpl){ .op = l->plan.refuse ? RPL_REJBIND : RPL_OPNSEC,
		    .acb = l->acb, .sess = r->sess, .suser = 1, .sense = l->plan.refuse }, NULL, 0);
		break;
	case RPL_STARTED:
		l->starts++;
		l->state = SL_ACTIVE;
		lu_next(v, l);
		break;
	case RPL_NSPE:
		l->nspes++;
		lu_ended(v, l, r);
		break;
	case RPL_UNBIND:
		l->unbinds++;
		l->unbind_type = r->flags;
		lu_ended(v, l, r);
		break;
	case RPL_DATA:
		if (!l->plan.deaf)
			pace(v->port, r);
		if (r->sense != 0)
			l->wrong++;
		if (v->lax == SIMVT_LAX || !gather(l->chain, &l->len, r))
			break;
		if (!right(v->port->bufs, l->chain, l->len, lu_stream(v, l) | 0x80000, l->got,
		    l->plan.max_len))
			l->wrong++;
		l->got++;
		lu_next(v, l);
		break;
	case RPL_RSP:
		break;
	case RPL_SENDERR:
		l->wrong++;
		l->sense = r->sense;
		break;
	default:
		assert(r->op == RPL_NOP);       /* an RPL up that is none */
	}
}

static void
lus_turn(struct simvt *v)
{
	struct rpl r;

	while (acb_room(v->port) >= 4 && acb_poll(v->port, &r)) {
		assert(r.user >= 1 && r.user <= v->n_lus);
		lu_event(v, &v->lu[r.user - 1], &r);
		buf_free(r.buf);
	}
	for (uint32_t i = 0; i < v->n_lus && acb_room(v->port) >= 4; i++) {
		struct simlu *l = &v->lu[i];

		if (l->state == SL_NONE)
			lu_open(v, l);
		else if (l->state == SL_ACTIVE && l->turn && mono_due(l->next_at, sim_now(v->w)))
			lu_send(v, l);
		else if (l->state == SL_ENDED && l->plan.again &&
		    mono_due(l->next_at, sim_now(v->w)))
			lu_logon(v, l);
	}
}

static void
appl_answer(struct simappl *a, const struct rpl *r)
{
	struct simappl_sess *s = &a->s[r->suser];
	uint32_t stream = s->stream | 0x80000;
	struct rpl q = { .op = RPL_SEND, .acb = r->acb, .sess = r->sess,
		.rh = RH_OIC | RH_RQE1 | RH_BBI | RH_CDI };

	q.buf = buf_get(a->port->bufs, sim_msg_len(stream, s->sent, a->max_len));
	assert(q.buf != NULL);
	sim_msg_put(q.buf, stream, s->sent++, a->max_len);
	assert(acb_submit(a->port, &q));
}

static void
appl_cinit(struct simappl *a, const struct rpl *r)
{
	const struct acb_cinit *c = (const void *)r->buf->p;
	struct rpl q = { .op = RPL_OPNDST, .acb = r->acb, .sess = r->sess };

	a->cinits++;
	a->last_cinit = r->sess;
	memcpy(a->mode, c->mode, sizeof(a->mode));
	memcpy(a->cos, c->cos, sizeof(a->cos));
	if (a->hold)
		return;
	if (a->refuse != 0) {
		q.op = RPL_CLSDST;
		q.sense = a->refuse;
	} else {
		for (q.suser = 1; q.suser < a->max_sess && a->s[q.suser].used; q.suser++)
			;
		assert(q.suser < a->max_sess);
		memset(&a->s[q.suser], 0, sizeof(a->s[q.suser]));
		a->s[q.suser].used = 1;
		a->s[q.suser].sess = r->sess;
	}
	assert(acb_submit(a->port, &q));
}

static void
appl_data(struct simappl *a, const struct rpl *r)
{
	struct simappl_sess *s = &a->s[r->suser];

	if (a->lax == SIMVT_LAX) {
		pace(a->port, r);
		return;
	}
	assert(r->suser != 0 && s->used && s->sess == r->sess);
	pace(a->port, r);
	if (r->sense != 0)
		a->wrong++;
	if (!gather(s->chain, &s->len, r))
		return;
	if (s->stream == 0) {
		struct buf *b = buf_get(a->port->bufs, s->len);

		assert(b != NULL);
		buf_append(b, s->chain, s->len);
		s->stream = sim_msg_stream(b);
		buf_free(b);
	}
	if (!right(a->port->bufs, s->chain, s->len, s->stream, s->got, a->max_len))
		a->wrong++;
	s->got++;
	appl_answer(a, r);
}

static void
appl_turn(struct simappl *a)
{
	struct rpl r;

	while (acb_room(a->port) >= 4 && acb_poll(a->port, &r)) {
		switch ((enum rpl_op)r.op) {
		case RPL_OPENED:
			a->acb = r.acb;
			a->opened = 1;
			break;
		case RPL_OPENFAIL:
			a->err = r.flags;
			break;
		case RPL_CLOSED:
			a->acb = 0;
			a->closed = 1;
			memset(a->s, 0, a->max_sess * sizeof(*a->s));
			break;
		case RPL_CINIT:
			appl_cinit(a, &r);
			break;
		case RPL_BIND:                  /* somebody logged the application on */
			assert(a->lax);
			simvt_submit(a->port, (struct rpl){ .op = RPL_OPNSEC, .acb = r.acb,
			    .sess = r.sess }, NULL, 0);
			break;
		case RPL_STARTED:
			a->starts++;
			break;
		case RPL_UNBIND:
			a->unbinds++;
			a->sense = r.sense;
			if (r.suser != 0)
				a->s[r.suser].used = 0;
			break;
		case RPL_NSPE:
			a->nspes++;
			a->sense = r.sense;
			assert(r.buf != NULL && r.buf->len < sizeof(a->nspe_lu));
			memcpy(a->nspe_lu, r.buf->p, r.buf->len);
			a->nspe_lu[r.buf->len] = '\0';
			break;
		case RPL_DATA:
			appl_data(a, &r);
			break;
		case RPL_RSP:
			break;
		case RPL_SENDERR:
			a->wrong++;
			break;
		default:
			assert(r.op == RPL_NOP);        /* an RPL up that is none */
		}
		buf_free(r.buf);
	}
}

/* The driver. */

static void
in(void *node, struct mono now, int from, unsigned idx, const uint8_t *p, size_t len)
{
	struct simvt *v = node;
	struct buf *b;
	struct ipaddr ip;
	char text[32];

	if (v->dead || node_ee(v->n, 0) == NULL || (b = buf_get(&v->n->bufs, len)) == NULL)
		return;
	buf_append(b, p, len);
	(void)snprintf(text, sizeof(text), "10.0.%d.%d", (idx & SIMVT_FROM2) != 0, from + 1);
	assert(ipaddr_parse(&ip, text));
	ee_input_at(node_ee(v->n, 0), now, (idx & SIMVT_TO2) != 0, &ip,
	    (enum ee_port)(idx & SIMVT_PORT), b);
}

static void
listen_to(struct simvt *v)
{
	struct node_line l;

	while (node_msg(v->n, &l)) {
		size_t room = sizeof(v->log) - v->log_len;
		int k = snprintf(v->log + v->log_len, room, "%" PRId64 " %s %s\n",
		    sim_now(v->w).us / 1000, l.id, l.text);

		v->lines++;
		if (k > 0 && (size_t)k < room)
			v->log_len += (size_t)k;
	}
}

static void
turn(void *node, struct mono now)
{
	struct simvt *v = node;
	bool more = true;

	if (v->dead)
		return;
	for (int i = 0; more && i < 10000; i++) {
		more = node_turn(v->n, now);
		lus_turn(v);
		for (int k = 0; k < SIMVT_APPLS; k++)
			if (v->appl[k].port != NULL)
				appl_turn(&v->appl[k]);
		if (ring_used(&v->port->down) != 0)
			more = true;
		for (int k = 0; k < SIMVT_APPLS; k++)
			if (v->appl[k].port != NULL && ring_used(&v->appl[k].port->down) != 0)
				more = true;
	}
	listen_to(v);
}

static bool
out(void *node, struct mono now, struct simpkt *p)
{
	struct simvt *v = node;
	struct ee_dgram d;

	if (v->dead || node_ee(v->n, 0) == NULL || mono_before(now, v->egress_at) ||
	    !ee_output(node_ee(v->n, 0), now, &d))
		return false;
	p->to = d.to.b[3] - 1;
	p->idx = d.idx | (d.local != 0 ? SIMVT_FROM2 : 0) | (d.to.b[2] != 0 ? SIMVT_TO2 : 0);
	p->len = d.hdr_len + d.data_len;
	assert(p->len <= sizeof(p->b));
	memcpy(p->b, d.hdr, d.hdr_len);
	if (d.data_len > 0)
		memcpy(p->b + d.hdr_len, d.data, d.data_len);
	if (v->egress_bps != 0)
		v->egress_at = mono_add(now, (int64_t)(p->len + 28) * 8 * 1000000 /
		    v->egress_bps);
	return true;
}

static struct mono
deadline(void *node)
{
	struct simvt *v = node;
	struct mono at = v->dead ? MONO_NEVER : node_deadline(v->n), now = sim_now(v->w);

	for (uint32_t i = 0; i < v->n_lus && !v->dead; i++) {
		const struct simlu *l = &v->lu[i];

		if (((l->state == SL_ACTIVE && l->turn) || (l->state == SL_ENDED &&
		    l->plan.again)) && mono_before(now, l->next_at))
			at = mono_min(at, l->next_at);
	}
	if (mono_before(now, v->egress_at))
		at = mono_min(at, v->egress_at);
	return at;
}

static void
expire(void *node, struct mono now)
{
	(void)node;
	(void)now;
}

static bool
idle(void *node)
{
	struct simvt *v = node;

	return v->dead || node_idle(v->n);
}

static const struct simdriver driver = {
	.input = in, .output = out, .deadline = deadline, .expire = expire, .turn = turn,
	.idle = idle,
};

void
simvt_start(struct simvt *v)
{
	struct node_cfg c = { .max_acbs = v->max_acbs, .max_pipes = 256, .max_links = 160 };
	const struct defs_name *name = NULL;
	struct deferrs errs;
	struct con con;

	if (v->n == NULL && v->defs == NULL) {
		v->id = sim_node(v->w, &driver, v);
		write_members(v);
	}
	v->dead = 0;
	v->defs = defs_new(v->dir, "00");
	assert(v->defs != NULL);
	deferrs_init(&errs);
	assert(defs_load_start(v->defs, &errs) == 0);
	c.defs = v->defs;
	c.seed = sim_rand(v->w);
	c.wall_us = (int64_t)v->wall_us + sim_now(v->w).us;
	assert(node_new(&v->n, &c) == 0);
	assert(defs_load_config(v->defs, &name, &errs) == 0);
	con_init(&con);
	for (; name != NULL; name = name->next)
		if (!pu_activate_member(v->n, sim_now(v->w), name->name, &con)) {
			(void)fprintf(stderr, "%s: %s\n", name->name, con.text);
			abort();
		}
	con_fini(&con);
	deferrs_fini(&errs);
	v->port = node_port(v->n, "LUS", v->ring, NULL, NULL);
	assert(v->port != NULL);
	v->n_lus = 0;
	v->lu = calloc(v->max_acbs, sizeof(*v->lu));
	assert(v->lu != NULL);
	memset(v->appl, 0, sizeof(v->appl));
}

static void
users_free(struct simvt *v)
{
	free(v->lu);
	v->lu = NULL;
	v->n_lus = 0;
	for (int i = 0; i < SIMVT_APPLS; i++) {
		free(v->appl[i].s);
		memset(&v->appl[i], 0, sizeof(v->appl[i]));
	}
}

void
simvt_crash(struct simvt *v)
{
	v->dead = 1;
	users_free(v);
	node_free(v->n);
	defs_free(v->defs);
	v->n = NULL;
}

void
simvt_free(struct simvt *v)
{
	static const char *const name[] = { "ATCSTR00", "ATCCON00", "XCA", "SWNET", "APPLS",
		"MODES" };
	char path[64];

	if (v->n != NULL)
		simvt_crash(v);
	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", v->dir, name[i]);
		(void)unlink(path);
	}
	(void)rmdir(v->dir);
	free(v);
}

static void
dial(struct simvt *v, const char *pu)
{
	struct con con;

	con_init(&con);
	if (!node_dial(v->n, sim_now(v->w), pu, &con)) {
		(void)fprintf(stderr, "dial %s: %s\n", pu, con.text);
		abort();
	}
	con_fini(&con);
	sim_wake(v->w, v->id);
}

void
simvt_dial(struct simvt *v, const struct simvt *to)
{
	char pu[9];

	(void)snprintf(pu, sizeof(pu), "PU%d", to->id);
	dial(v, pu);
}

void
simvt_dial2(struct simvt *v, const struct simvt *to)
{
	char pu[9];

	(void)snprintf(pu, sizeof(pu), "PW%d", to->id);
	dial(v, pu);
}

bool
simvt_met(const struct simvt *a, const struct simvt *b)
{
	const struct cpadj *j = cp_find(a->n, &b->n->cpname);

	return j != NULL && cp_active(j) && j->win != NULL && j->lose != NULL;
}

struct simappl *
simvt_appl(struct simvt *v, unsigned i)
{
	struct simappl *a = &v->appl[i];
	struct acb_open o;

	if (a->port == NULL) {
		a->port = node_port(v->n, "APPL", v->ring, NULL, NULL);
		a->max_sess = 2 * v->max_acbs;
		a->s = calloc(a->max_sess, sizeof(*a->s));
	}
	assert(a->port != NULL && a->s != NULL);
	(void)snprintf(a->name, sizeof(a->name), "APPL%d%u", v->id, i);
	memset(&o, 0, sizeof(o));
	(void)name_set(&o.name, a->name);
	o.plu = 1;
	a->closed = 0;
	a->lax = v->lax;
	if (a->max_len == 0)
		a->max_len = 400;
	simvt_submit(a->port, (struct rpl){ .op = RPL_OPEN, .user = i }, &o, sizeof(o));
	sim_wake(v->w, v->id);
	return a;
}

void
simvt_appl_close(struct simvt *v, unsigned i)
{
	simvt_submit(v->appl[i].port, (struct rpl){ .op = RPL_CLOSE, .acb = v->appl[i].acb },
	    NULL, 0);
	sim_wake(v->w, v->id);
}

struct simlu *
simvt_lus(struct simvt *v, uint32_t count, const struct simlu_plan *plan)
{
	struct simlu *first = &v->lu[v->n_lus];

	assert(v->n_lus + count <= v->max_acbs);
	for (uint32_t i = 0; i < count; i++) {
		struct simlu *l = &v->lu[v->n_lus++];

		memset(l, 0, sizeof(*l));
		l->plan = *plan;
		if (l->plan.max_len == 0)
			l->plan.max_len = 400;
		(void)snprintf(l->name, sizeof(l->name), "L%d%05u", v->id, v->n_lus & 0xffff);
	}
	sim_wake(v->w, v->id);
	return first;
}

void
simvt_lu_close(struct simvt *v, struct simlu *l)
{
	l->state = SL_CLOSING;
	simvt_submit(v->port, (struct rpl){ .op = RPL_CLOSE, .acb = l->acb }, NULL, 0);
}

void
simvt_lu_term(struct simvt *v, struct simlu *l)
{
	simvt_submit(v->port, (struct rpl){ .op = RPL_TERMSESS, .acb = l->acb, .sess = l->sess },
	    NULL, 0);
}

bool
simvt_said(const struct simvt *v, const char *text)
{
	return strstr(v->log, text) != NULL;
}

uint32_t
simvt_count(const struct simvt *v, enum simlu_state st)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < v->n_lus; i++)
		n += v->lu[i].state == st;
	return n;
}

bool
simvt_quiet(struct simvt *v)
{
	uint32_t cp = 0;
	struct cpadj *a;

	if (node_ee(v->n, 0) != NULL)
		ee_expire(node_ee(v->n, 0), sim_now(v->w));     /* gives back what output lent */
	TAILQ_FOREACH(a, &v->n->cps.all, all)
		cp += (a->win != NULL ? 1u : 0u) + (a->lose != NULL ? 1u : 0u);
	return v->n->ssns.used == cp && v->n->dir.pool.used == 0 &&
	    bufpool_used(&v->n->bufs) == 0;
}
