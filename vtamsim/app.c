/* SPDX-License-Identifier: Apache-2.0
 *
 * The common life of built-in applications. app_next() pulls RPLs from the
 * port: it answers what every application answers alike (OPEN, logons, control
 * requests, responses, pacing), gathers chains, and gives the rest to the
 * application as events. It takes nothing while the ring below is nearly full,
 * so that whatever an event makes the application say has room.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "vtamsim/app.h"
#include "vtamsim/app_drive.h"
#include "vtamsim/app_echo.h"
#include "vtamsim/app_prt.h"
#include "vtamsim/app_tso.h"
#include "vtamsim/ds3270.h"

#define PIECE 4096u             /* of a long message, before the session cuts it */

const struct app_desc *const app_table[] = { &app_echo, &app_tso, &app_drive, &app_prt, NULL };

void
appset_init(struct appset *set, const struct app_desc *const *table)
{
	*set = (struct appset){ .table = table };
}

bool
app_number(const char *s, unsigned long lo, unsigned long hi, uint32_t *to)
{
	char *end;
	unsigned long v;

	if (*s < '0' || *s > '9')
		return false;
	v = strtoul(s, &end, 10);
	if (*end != '\0' || v < lo || v > hi)
		return false;
	*to = (uint32_t)v;
	return true;
}

struct app_sess *
app_sess_at(const struct app *a, uint32_t suser)
{
	struct app_sess *s;

	if (suser == 0 || suser > a->max_sess)
		return NULL;
	s = pool_at(&a->slots, suser - 1);
	return s != NULL && s->state != 0 && s->suser == suser ? s : NULL;
}

/* Start. */

static int
operand(struct app *a, const char *key, const char *value, char err[APP_ERR_MAX])
{
	if (strcasecmp(key, "APPL") == 0) {
		if (!name_set(&a->appl, value) || !name_valid(a->appl.s, a->appl.len)) {
			snprintf(err, APP_ERR_MAX, "APPL=%.20s: not a name of 1-8 characters",
			    value);
			return -EINVAL;
		}
		return 0;
	}
	if (strcasecmp(key, "MAX") == 0) {
		if (app_number(value, 1, APP_SESS_MAX, &a->max_sess))
			return 0;
		snprintf(err, APP_ERR_MAX, "MAX=%.20s: a number from 1 to %d", value, APP_SESS_MAX);
		return -EINVAL;
	}
	if (a->desc->operand != NULL)
		return a->desc->operand(a, key, value, err);
	snprintf(err, APP_ERR_MAX, "%.20s=: operand not known to %s", key, a->desc->name);
	return -EINVAL;
}

static int
operands(struct app *a, const char *params, char err[APP_ERR_MAX])
{
	char text[256], *next = text, *one;

	if (params == NULL)
		return 0;
	if (strlen(params) >= sizeof(text)) {
		snprintf(err, APP_ERR_MAX, "operands longer than %zu characters", sizeof(text) - 1);
		return -EINVAL;
	}
	memcpy(text, params, strlen(params) + 1);
	while ((one = strsep(&next, ", ")) != NULL) {
		char *value = strchr(one, '=');
		int e;

		if (*one == '\0')
			continue;
		if (value == NULL) {
			snprintf(err, APP_ERR_MAX, "%.20s: KEYWORD=value expected", one);
			return -EINVAL;
		}
		*value++ = '\0';
		e = operand(a, one, value, err);
		if (e != 0)
			return e;
	}
	return 0;
}

static void
app_free(struct app *a)
{
	if (a == NULL)
		return;
	for (uint32_t i = 0; a->slots.mem != NULL && i < a->slots.touched; i++) {
		struct app_sess *s = pool_at(&a->slots, i);

		if (s != NULL && s->state != 0)
			buf_free(s->chain);
	}
	if (a->slots.mem != NULL)
		pool_fini(&a->slots);
	free(a->own);
	free(a);
}

static void
submit(struct app *a, const struct rpl *r)
{
	if (acb_submit(a->port, r))
		return;
	a->starved++;           /* APP_ROOM was meant to prevent this */
	buf_free(r->buf);
}

static bool
open_acb(struct app *a)
{
	struct rpl r = { .op = RPL_OPEN, .buf = buf_get(a->port->bufs, sizeof(struct acb_open)) };
	struct acb_open o = { .name = a->appl, .plu = 1 };

	if (r.buf == NULL)
		return false;
	snprintf(o.job, sizeof(o.job), "%s", a->job);
	buf_append(r.buf, &o, sizeof(o));
	submit(a, &r);
	acb_kick(a->port);
	return true;
}

static const struct app_desc *
find_desc(const struct appset *set, const char *name)
{
	for (size_t i = 0; set->table[i] != NULL; i++)
		if (strcasecmp(set->table[i]->name, name) == 0)
			return set->table[i];
	return NULL;
}

static struct app *
app_new(const struct app_desc *d, struct acb_port *port)
{
	struct app *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->desc = d;
	a->port = port;
	a->state = APP_OPENING;
	a->max_sess = APP_SESS_MAX;
	snprintf(a->job, sizeof(a->job), "%s", d->name);
	(void)name_set(&a->appl, d->name);
	a->own = d->size != 0 ? calloc(1, d->size) : NULL;
	if (d->size != 0 && a->own == NULL) {
		free(a);
		return NULL;
	}
	return a;
}

/* A started application may not use an ACB twice. */
static bool
in_use(const struct appset *set, const struct sna_name *appl)
{
	for (size_t i = 0; i < APPS_MAX; i++)
		if (set->v[i] != NULL && set->v[i]->state != APP_ENDED &&
		    strcmp(name_base(&set->v[i]->appl), appl->s) == 0)
			return true;
	return false;
}

int
app_start(struct appset *set, const char *name, const char *params, struct acb_port *port,
    char err[APP_ERR_MAX])
{
	const struct app_desc *d = find_desc(set, name);
	struct app *a = NULL;
	size_t at = 0;
	int e = -ENOMEM;

	snprintf(err, APP_ERR_MAX, "storage");
	while (at < APPS_MAX && set->v[at] != NULL)
		at++;
	if (d == NULL || at == APPS_MAX) {
		snprintf(err, APP_ERR_MAX, d == NULL ? "%.20s: no such application" :
		    "%.20s: too many applications", name);
		return d == NULL ? -ENOENT : -ENOSPC;
	}
	a = app_new(d, port);
	if (a == NULL)
		return e;
	e = operands(a, params, err);
	if (e == 0 && in_use(set, &a->appl)) {
		snprintf(err, APP_ERR_MAX, "%s is already started", a->appl.s);
		e = -EEXIST;
	}
	if (e == 0)
		e = pool_init(&a->slots, d->name, d->sess_size, a->max_sess);
	if (e == 0 && d->ready != NULL)
		d->ready(a);
	if (e == 0 && !open_acb(a))
		e = -ENOBUFS;
	if (e != 0) {
		app_free(a);
		return e;
	}
	set->v[at] = a;
	err[0] = '\0';
	return 0;
}

/* Stop. */

static void
app_close(struct app *a)
{
	struct rpl r = { .op = RPL_CLOSE, .acb = a->acb };

	if (a->state == APP_OPEN && acb_submit(a->port, &r)) {
		a->state = APP_CLOSING;
		acb_kick(a->port);
	} else if (a->state == APP_OPENING) {
		a->state = APP_CLOSING;         /* CLOSE follows OPENED */
	}
}

bool
app_stop(struct appset *set, const char *name)
{
	bool any = false;

	for (size_t i = 0; i < APPS_MAX; i++) {
		struct app *a = set->v[i];

		if (a == NULL || (strcasecmp(a->job, name) != 0 &&
		    strcasecmp(name_base(&a->appl), name) != 0 &&
		    strcasecmp(a->appl.s, name) != 0))
			continue;
		app_close(a);
		any = true;
	}
	return any;
}

void
appset_stop(struct appset *set)
{
	for (size_t i = 0; i < APPS_MAX; i++)
		if (set->v[i] != NULL)
			app_close(set->v[i]);
}

bool
appset_idle(const struct appset *set)
{
	for (size_t i = 0; i < APPS_MAX; i++)
		if (set->v[i] != NULL)
			return false;
	return true;
}

struct acb_port *
appset_reap(struct appset *set)
{
	for (size_t i = 0; i < APPS_MAX; i++) {
		struct app *a = set->v[i];
		struct acb_port *port;

		if (a == NULL || a->state != APP_ENDED)
			continue;
		port = a->port;
		set->v[i] = NULL;
		app_free(a);
		return port;
	}
	return NULL;
}

void
appset_fini(struct appset *set)
{
	for (size_t i = 0; i < APPS_MAX; i++) {
		app_free(set->v[i]);
		set->v[i] = NULL;
	}
}

/* Turns and timers. */

void
appset_turn(struct appset *set, struct mono now)
{
	for (size_t i = 0; i < APPS_MAX; i++) {
		struct app *a = set->v[i];

		if (a == NULL || a->state == APP_ENDED)
			continue;
		a->desc->turn(a, now);
		acb_kick(a->port);
	}
}

struct mono
appset_deadline(const struct appset *set)
{
	struct mono at = MONO_NEVER;

	for (size_t i = 0; i < APPS_MAX; i++)
		if (set->v[i] != NULL && set->v[i]->desc->deadline != NULL)
			at = mono_min(at, set->v[i]->desc->deadline(set->v[i]));
	return at;
}

void
appset_expire(struct appset *set, struct mono now)
{
	for (size_t i = 0; i < APPS_MAX; i++)
		if (set->v[i] != NULL && set->v[i]->desc->expire != NULL)
			set->v[i]->desc->expire(set->v[i], now);
}

static const char *
state_text(const struct app *a)
{
	switch ((enum app_state)a->state) {
	case APP_OPENING:
		return "OPENING";
	case APP_OPEN:
		return "ACTIVE";
	case APP_CLOSING:
		return "CLOSING";
	case APP_ENDED:
		return "ENDED";
	}
	return "?";
}

void
appset_show(const struct appset *set, struct con *c)
{
	for (size_t i = 0; i < APPS_MAX; i++) {
		const struct app *a = set->v[i];

		if (a == NULL)
			continue;
		con_text(c, "%-8s %-17s %-7s SESSIONS %u OF %u LOGONS %ju REFUSED %ju",
		    a->desc->name,
		    a->appl.s, state_text(a), a->slots.used, a->max_sess, (uintmax_t)a->logons,
		    (uintmax_t)a->refused);
		con_text(c, "         IN %ju OUT %ju SEND ERRORS %ju STARVED %ju", (uintmax_t)a->in,
		    (uintmax_t)a->out, (uintmax_t)a->senderr, (uintmax_t)a->starved);
		if (a->desc->show != NULL)
			a->desc->show(a, c);
	}
}

/* What applications say. */

struct buf *
app_buf(struct app *a, size_t room)
{
	struct buf *b = buf_get(a->port->bufs, room);

	if (b == NULL)
		a->starved++;
	return b;
}

static void
send_piece(struct app *a, const struct app_sess *s, uint32_t rh, struct buf *b)
{
	struct rpl r = { .op = RPL_SEND, .acb = a->acb, .sess = s->sess, .suser = s->suser,
		.rh = rh, .buf = b };

	submit(a, &r);
}

static uint32_t
chain_rh(const struct app_sess *s, uint32_t rh)
{
	return RH_FMD | RH_OIC | (s->flip ? rh : rh & ~RH_CDI);
}

static void
sent(struct app *a, struct app_sess *s, uint32_t rh)
{
	if (s->flip && (rh & RH_CDI) != 0)
		s->turn = 0;
	s->out++;
	a->out++;
}

void
app_send(struct app *a, struct app_sess *s, uint32_t rh, struct buf *b)
{
	if (s->state != APP_S_UP) {
		buf_free(b);
		return;
	}
	send_piece(a, s, chain_rh(s, rh), b);
	sent(a, s, rh);
}

bool
app_write(struct app *a, struct app_sess *s, uint32_t rh, const void *p, size_t n)
{
	struct bufq q;
	struct buf *b;
	uint32_t whole = chain_rh(s, rh), first = RH_BCI | RH_BBI;
	uint32_t keep = whole & ~(RH_OIC | RH_BBI | RH_CDI | RH_RQ);

	bufq_init(&q);
	for (size_t at = 0; at == 0 || at < n; at += PIECE) {
		size_t len = n - at < PIECE ? n - at : PIECE;

		b = s->state == APP_S_UP ? app_buf(a, len) : NULL;
		if (b == NULL) {
			bufq_drop(&q);
			return false;
		}
		buf_append(b, (const uint8_t *)p + at, len);
		bufq_put(&q, b);
	}
	while ((b = bufq_get(&q)) != NULL) {
		bool last = q.count == 0;

		send_piece(a, s, keep | (whole & first) |
		    (last ? whole & (RH_ECI | RH_CDI | RH_RQ) : RH_RQE1), b);
		first = 0;
	}
	sent(a, s, rh);
	return true;
}

void
app_request(struct app *a, struct app_sess *s, uint32_t rh, struct buf *b)
{
	if (s->state != APP_S_UP) {
		buf_free(b);
		return;
	}
	send_piece(a, s, rh, b);
	if ((rh & RH_ECI) != 0)
		sent(a, s, rh);
}

void
app_unbind(struct app *a, struct app_sess *s, unsigned type, uint32_t sense)
{
	struct rpl r = { .op = RPL_CLSDST, .flags = (uint8_t)type, .acb = a->acb, .sess = s->sess,
		.suser = s->suser, .sense = sense };

	if (s->state == APP_S_ENDING)
		return;
	s->state = APP_S_ENDING;
	submit(a, &r);
}

void
app_end(struct app *a, struct app_sess *s)
{
	app_unbind(a, s, UNB_NORMAL, 0);
}

void
app_acquire(struct app *a, const struct acb_logon *l)
{
	struct rpl r = { .op = RPL_SIMLOGON, .acb = a->acb, .buf = app_buf(a, sizeof(*l)) };

	if (r.buf == NULL)
		return;
	buf_append(r.buf, l, sizeof(*l));
	submit(a, &r);
	acb_kick(a->port);
}

/* What the node says. */

static void
opened(struct app *a, const struct rpl *r)
{
	struct rpl c = { .op = RPL_CLOSE, .acb = r->acb };

	a->acb = r->acb;
	if (r->buf != NULL && r->buf->len >= sizeof(struct acb_opened)) {
		struct acb_opened o;

		memcpy(&o, r->buf->p, sizeof(o));
		a->appl = o.name;
	}
	if (a->state == APP_CLOSING) {
		submit(a, &c);
		return;
	}
	a->state = APP_OPEN;
	LOG(APP, NOTICE, a->appl.s, "%s is open for logons", a->desc->name);
}

static void
open_failed(struct app *a, const struct rpl *r)
{
	a->state = APP_ENDED;
	a->why = r->flags;
	a->sense = r->sense;
	LOG(APP, WARN, a->appl.s, "%s could not open its ACB: reason %u, sense %08X", a->desc->name,
	    r->flags, r->sense);
}

static void
refuse(struct app *a, const struct rpl *r, uint32_t sense)
{
	struct rpl c = { .op = RPL_CLSDST, .acb = a->acb, .sess = r->sess, .sense = sense };

	a->refused++;
	submit(a, &c);
}

/* What the session will be, from the BIND the mode makes. */
static bool
sess_set(struct app_sess *s, const struct acb_cinit *ci)
{
	struct rd r = rd_on(ci->bind, ci->bind_len < sizeof(ci->bind) ? ci->bind_len :
	    sizeof(ci->bind));
	struct bind b;

	if (!bind_get(&r, &b))
		return false;
	s->lu = ci->lu;
	memcpy(s->mode, ci->mode, sizeof(s->mode));
	s->mode[sizeof(s->mode) - 1] = '\0';
	s->lutype = (uint8_t)bind_lu_type(&b);
	s->fm = b.fm;
	/* Terminals of FM profile 2 are 3270s without SNA: sna-sessions 4.2. */
	s->screen = s->lutype == 2 || s->lutype == 3 || (s->lutype == 0 && b.fm == 2);
	s->flip = (b.comprot2 & BIND_C2_MODE) == 0x80;
	s->turn = 1;
	s->size = bind_screen(&b);
	if (s->size.rows * s->size.cols > DS_CELLS_MAX)
		s->size.rows = 0;
	if (s->size.alt_rows * s->size.alt_cols > DS_CELLS_MAX)
		s->size.alt_rows = s->size.alt_cols = 0;
	if (s->size.rows < 24 || s->size.cols < 80) {
		s->size.rows = 24;
		s->size.cols = 80;
	}
	return true;
}

static bool
own_bind(struct app *a, const struct acb_cinit *ci, struct rpl *o)
{
	size_t n = ci->bind_len < sizeof(ci->bind) ? ci->bind_len : sizeof(ci->bind);

	o->buf = app_buf(a, n);
	if (o->buf != NULL)
		buf_append(o->buf, ci->bind, n);
	return o->buf != NULL;
}

static void
cinit(struct app *a, const struct rpl *r)
{
	struct rpl o = { .op = RPL_OPNDST, .acb = a->acb, .sess = r->sess };
	struct acb_cinit ci;
	struct app_sess *s;

	if (a->state != APP_OPEN) {
		refuse(a, r, SENSE_PLU_NOT_ENABLED);
		return;
	}
	if (r->buf == NULL || r->buf->len < sizeof(ci)) {
		refuse(a, r, SENSE_BAD_PARAMETERS);
		return;
	}
	memcpy(&ci, r->buf->p, sizeof(ci));
	if (a->desc->bind != NULL && a->desc->bind(a, &ci) && !own_bind(a, &ci, &o)) {
		refuse(a, r, SENSE_NO_RESOURCE);
		return;
	}
	s = pool_get(&a->slots);
	if (s == NULL) {
		buf_free(o.buf);
		refuse(a, r, SENSE_NO_RESOURCE);
		return;
	}
	s->suser = pool_index(&a->slots, s) + 1;
	s->sess = r->sess;
	s->state = APP_S_LOGON;
	if (!sess_set(s, &ci) ||
	    s->lutype > (a->desc->max_lutype != 0 ? a->desc->max_lutype : 2)) {
		s->state = 0;
		pool_put(&a->slots, s);
		buf_free(o.buf);
		refuse(a, r, SENSE_NOT_AVAILABLE);      /* an LU type we don't speak */
		return;
	}
	a->logons++;
	o.suser = s->suser;
	submit(a, &o);
}

static void
answer(struct app *a, const struct app_sess *s, const struct rpl *q, uint32_t sense)
{
	struct rpl r = { .op = RPL_RESP, .acb = a->acb, .sess = s->sess, .suser = s->suser,
		.snf = q->snf, .rh = q->rh, .sense = sense };

	if (sense != 0 || (q->rh & RH_RQ) == RH_DR1 || (q->rh & RH_RQ) == RH_DR2 ||
	    (q->rh & RH_RQ) == (RH_DR1 | RH_DR2))
		submit(a, &r);
}

static void
pace(struct app *a, const struct app_sess *s, const struct rpl *q)
{
	struct rpl r = { .op = RPL_PACE, .acb = a->acb, .sess = s->sess, .suser = s->suser };

	if ((q->rh & RH_PI) != 0)
		submit(a, &r);
}

static uint32_t
status_of(const struct buf *b)
{
	struct rd r = buf_rd(b);

	rd_skip(&r, 1);
	return rd_u32(&r);
}

/* A control request: all are answered here. False: nothing for the application. */
static bool
control(struct app *a, struct app_sess *s, const struct rpl *q, struct app_ev *ev)
{
	uint8_t code = q->buf != NULL && q->buf->len != 0 ? q->buf->p[0] : 0;
	bool tell = false;

	if ((q->rh & RH_CAT) != RH_DFC || q->sense != 0)       /* refused: answered already */
		return false;
	answer(a, s, q, code == RU_RTR ? SENSE_RTR_NOT_NEEDED : 0);
	pace(a, s, q);
	if ((q->rh & RH_CDI) != 0)
		s->turn = 1;
	switch (code) {
	case RU_SIGNAL:
		ev->what = APP_ATTN;
		tell = true;
		break;
	case RU_LUSTAT:
		s->lustats++;
		s->lustat = status_of(q->buf);
		ev->what = APP_REPAINT;
		tell = s->turn != 0;
		break;
	case RU_CANCEL:
		buf_free(s->chain);
		s->chain = NULL;
		s->purge = 0;
		break;
	case RU_RSHUTD:
		app_end(a, s);
		break;
	default:
		break;
	}
	return tell;
}

/* Adds to the inbound chain. False: it does not fit. Takes b. */
static bool
chain_add(struct app *a, struct app_sess *s, struct buf *b)
{
	struct buf *big;

	if (s->chain == NULL || b == NULL) {
		s->chain = s->chain == NULL ? b : s->chain;
		return true;
	}
	if (buf_tailroom(s->chain) < b->len) {
		big = app_buf(a, s->chain->len + b->len);
		if (big == NULL) {
			buf_free(b);
			return false;
		}
		buf_append(big, s->chain->p, s->chain->len);
		buf_free(s->chain);
		s->chain = big;
	}
	buf_append(s->chain, b->p, b->len);
	buf_free(b);
	return true;
}

/* One RU of data. True: the chain is whole, ev has it. Takes q->buf. */
static bool
data(struct app *a, struct app_sess *s, struct rpl *q, struct app_ev *ev)
{
	struct buf *b = q->buf;
	uint32_t sense = 0;

	q->buf = NULL;
	pace(a, s, q);
	if ((q->rh & RH_BCI) != 0) {
		buf_free(s->chain);
		s->chain = NULL;
		s->purge = 0;
	}
	if (q->sense != 0 || s->purge) {        /* the half-session has said no already */
		s->purge = (q->rh & RH_ECI) == 0;
		buf_free(b);
		return false;
	}
	if (!chain_add(a, s, b)) {
		buf_free(s->chain);
		s->chain = NULL;
		s->purge = (q->rh & RH_ECI) == 0;
		answer(a, s, q, SENSE_NO_RESOURCE);
		return false;
	}
	if ((q->rh & RH_ECI) == 0)
		return false;
	answer(a, s, q, sense);
	if ((q->rh & RH_CDI) != 0 || !s->flip)
		s->turn = 1;
	ev->what = APP_DATA;
	ev->buf = s->chain;
	s->chain = NULL;
	s->in++;
	a->in++;
	return true;
}

static void
ended(struct app *a, struct app_sess *s, const struct rpl *r, struct app_ev *ev)
{
	ev->what = APP_END;
	ev->sense = r->sense;
	buf_free(s->chain);
	s->chain = NULL;
	s->state = APP_S_ENDING;
	a->dead = s;
}

static void
not_acquired(struct app *a, const struct rpl *r)
{
	int n = r->buf == NULL ? 0 : (int)r->buf->len;
	struct sna_name lu = { .len = 0 };

	if (n > 0 && n < SNA_NAME_MAX) {
		memcpy(lu.s, r->buf->p, (size_t)n);
		lu.len = (uint8_t)n;
		if (a->desc->nspe != NULL && a->desc->nspe(a, &lu, r->sense))
			return;
	}
	LOG(APP, NOTICE, a->appl.s, "no session with %.*s, sense %08X: %s", n,
	    n == 0 ? "" : (const char *)r->buf->p, r->sense, sense_text(r->sense));
}

/* RPLs of one session. True: an event for the application. */
static bool
of_session(struct app *a, struct rpl *r, struct app_ev *ev)
{
	struct app_sess *s = app_sess_at(a, r->suser);

	if (s == NULL && r->op == RPL_NSPE)
		not_acquired(a, r);
	if (s == NULL || (s->sess != r->sess && s->sess != 0))
		return false;
	*ev = (struct app_ev){ .s = s, .rh = r->rh, .snf = r->snf, .sense = r->sense };
	switch (r->op) {
	case RPL_STARTED:
		s->state = APP_S_UP;
		s->max_ru = r->rh;
		ev->what = APP_LOGON;
		return true;
	case RPL_DATA:
		if (s->state == APP_S_ENDING)
			return false;
		return (r->rh & RH_CAT) == RH_FMD ? data(a, s, r, ev) : control(a, s, r, ev);
	case RPL_RSP:
		ev->what = APP_RSP;
		if (r->sense != 0)
			s->turn = 1;    /* the primary repairs: sna-sessions 3.3 */
		return s->state == APP_S_UP;
	case RPL_SENDERR:
		a->senderr++;
		ev->what = APP_RSP;
		ev->refused = 1;
		s->turn = 1;            /* it is still ours, nothing has left */
		return s->state == APP_S_UP;
	case RPL_UNBIND:
	case RPL_NSPE:
		ended(a, s, r, ev);
		return true;
	default:
		return false;
	}
}

static bool
handle(struct app *a, struct rpl *r, struct app_ev *ev)
{
	switch (r->op) {
	case RPL_OPENED:
		opened(a, r);
		return false;
	case RPL_OPENFAIL:
		open_failed(a, r);
		return false;
	case RPL_CLOSED:
		a->state = APP_ENDED;
		LOG(APP, NOTICE, a->appl.s, "%s has ended", a->desc->name);
		return false;
	case RPL_CINIT:
		cinit(a, r);
		return false;
	default:
		return of_session(a, r, ev);
	}
}

bool
app_next(struct app *a, struct app_ev *ev)
{
	struct rpl r;

	if (a->dead != NULL) {
		a->dead->state = 0;
		pool_put(&a->slots, a->dead);
		a->dead = NULL;
	}
	while (a->state != APP_ENDED && acb_room(a->port) >= APP_ROOM && acb_poll(a->port, &r)) {
		bool got = handle(a, &r, ev);

		buf_free(r.buf);
		if (got)
			return true;
	}
	return false;
}
