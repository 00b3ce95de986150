/* SPDX-License-Identifier: Apache-2.0
 *
 * From bytes to the LU: what negotiation and LU say is done here, records are
 * brought to where they belong by the state of the session.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snaee/bind.h"
#include "snaee/sense.h"
#include "tn3270e/conn_mon.h"
#include "tn3270e/conn_parts.h"
#include "tn3270e/tndev.h"
#include "vtamsim/uss.h"

#define OUT_MARK 65536u         /* bytes a client has to read before more of it is taken */
#define FUNCTIONS (TNF(TNF_BIND_IMAGE) | TNF(TNF_RESPONSES) | TNF(TNF_SYSREQ))

static void negotiated(struct conn *, enum tnneg_say, struct mono);
static void lu_opened(struct conn *, struct mono);
static void session_begins(struct conn *, struct mono);

/* --- negotiation --- */

static enum tnneg_tls
tls_wish(const struct conn *c)
{
	int32_t type = c->parms->v[TP_CONNTYPE];

	if (c->tls != NULL)
		return TNNEG_PLAIN;
	if (type == CT_SECURE || type == CT_NEGTSECURE)
		return TNNEG_TLS_MUST;
	return type == CT_ANY && conn_tls_ctx(c) != NULL ? TNNEG_TLS_MAY : TNNEG_PLAIN;
}

/* The client's time for its next step, within that for all of them. */
static void
patience(struct conn *c, struct mono now)
{
	if (c->state != CS_NEG)
		return;
	c->step_by = mono_min(c->neg_by, mono_add(now, SECS(tnneg_patience(&c->neg))));
	conn_due(c);
}

void
conn_negotiate(struct conn *c, struct mono now)
{
	struct tnneg_conf conf = { .tls = tls_wish(c), .no_e = !c->parms->v[TP_TN3270E],
		.functions = FUNCTIONS, .line = 1 };

	/* Inside TLS only: what a client says of itself in the clear anyone may say. */
	conf.env = c->tls != NULL && c->parms->v[TP_EXPRESSLOGON];
	if (c->parms->v[TP_SNAEXT])
		conf.functions |= TNF(TNF_CONTENTION) | TNF(TNF_SNA_SENSE);
	c->state = CS_NEG;
	c->neg_by = mono_add(now, SECS(TNNEG_S));
	if (!tel_init(&c->tel, c->w->port->bufs, conf.no_e ? TEL_WITHOUT_E : TEL_WITH_E,
	    (uint32_t)c->parms->v[TP_MAXRECEIVE])) {
		conn_drop(c, "STORAGE", "no memory for another client", now);
		return;
	}
	c->tel.no_sga = !c->parms->v[TP_SGA];
	negotiated(c, tnneg_start(&c->neg, &conf, &c->tel), now);
	if (c->state == CS_GONE)
		return;
	patience(c, now);
	conn_touch(c);
}

static enum tnneg_reason
reason_of(uint8_t err, uint8_t kind)
{
	switch ((enum acb_err)err) {
	case ACB_INUSE:
	case ACB_KEPT:
		return TNREJ_DEVICE_IN_USE;
	case ACB_EXHAUSTED:             /* none is free: says more than UNKNOWN-ERROR */
		return TNREJ_DEVICE_IN_USE;
	case ACB_UNKNOWN:
	case ACB_NOTINPOOL:
		return kind == TNREQ_GENERIC ? TNREJ_UNKNOWN_ERROR : TNREJ_INV_NAME;
	case ACB_WRONGTYPE:
		return TNREJ_TYPE_NAME_ERROR;
	case ACB_NOPARTNER:
		return TNREJ_INV_ASSOCIATE;
	case ACB_OK:
	case ACB_INACTIVE:
	case ACB_STORAGE:
	case ACB_HALTING:
		break;
	}
	return TNREJ_UNKNOWN_ERROR;
}

/* Why there is no LU, for the operator: the client gets the reject code. */
static void
lu_refused(struct conn *c, const char *why, enum tnneg_reason reason, struct mono now)
{
	struct tn_report r = worker_report_of(c, TR_NEGOTIATED, "NO LU");

	c->w->stat[TN_LU_REFUSED]++;
	r.error = 1;
	snprintf(r.text, sizeof(r.text), "%s%s%s: %s (%s)", c->neg.type,
	    c->neg.name[0] != '\0' ? " " : "", c->neg.name, why, tnneg_reason_text(reason));
	worker_report(c->w, &r);
	worker_detail(c, 3012, 1, reason, why);
	negotiated(c, tnneg_lu(&c->neg, &c->tel, NULL, reason), now);
}

/* What the node is to know of the client. */
static void
acb_parm(struct conn *c, struct acb_open *o)
{
	char addr[IPADDR_TEXT];

	snprintf(c->mode, sizeof(c->mode), "%s", profile_mode(c->port->profile, c->neg.device,
	    tel_him(&c->tel, TO_TN3270E) || tel_us(&c->tel, TO_TN3270E) ? TNP_E : TNP_3270));
	*o = (struct acb_open){ .slu = 1, .job = "TELNET", .owner = tko_owner(c),
		.first_free = !c->parms->v[TP_SEQUENTIALLU] };
	o->printer = tndev_at(c->neg.device)->class == TNDEV_PRINTER;
	snprintf(o->client, sizeof(o->client), "%s..%u", ipaddr_text(&c->who.addr, addr),
	    c->cport);
	memcpy(o->logmode, c->mode, sizeof(o->logmode));
}

/* An LU of the choice; the node says which. */
bool
conn_open_lu(struct conn *c, const struct tnp_choice *ch, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);
	struct acb_open o;

	acb_parm(c, &o);
	memcpy(o.pool, ch->pool, sizeof(o.pool));
	o.within = ch->within;
	(void)name_set(&o.name, ch->lu);
	if (c->neg.kind == TNREQ_ASSOCIATE)
		(void)name_set(&o.partner, c->neg.name);
	return tnlu_open(&c->lu, &e, &o);
}

static void
open_lu(struct conn *c, struct mono now)
{
	struct tnp_choice ch;

	if (tnlu_open_now(&c->lu)) {    /* the one given back is not closed yet */
		c->lu_wanted = 1;
		return;
	}
	c->lu_wanted = 0;
	profile_choose(c->port, &c->who, &c->neg, &ch);
	if (ch.fail) {
		lu_refused(c, "the profile has none for this client", ch.reason, now);
		return;
	}
	if (c->neg.kind == TNREQ_GENERIC && tko_ask(c, "", now))
		return;
	if (c->tko_named)
		memcpy(ch.lu, c->tko_lu, sizeof(ch.lu));
	if (!conn_open_lu(c, &ch, now))
		lu_refused(c, "out of buffers", TNREJ_UNKNOWN_ERROR, now);
}

static const char *
open_why(uint8_t err)
{
	switch ((enum acb_err)err) {
	case ACB_UNKNOWN:
		return "no APPL definition of the node has its name";
	case ACB_INUSE:
		return "it is in use";
	case ACB_KEPT:
		return "it is kept for another client (KEEPLU)";
	case ACB_NOPARTNER:
		return "the terminal it belongs to is not connected";
	case ACB_INACTIVE:
		return "it is inactive";
	case ACB_EXHAUSTED:
		return "all LUs the client may have are in use";
	case ACB_NOTINPOOL:
		return "it is not among the LUs the client may have";
	case ACB_WRONGTYPE:
		return "it is a printer and the client a terminal, or the other way round";
	case ACB_STORAGE:
		return "the node is out of memory";
	case ACB_HALTING:
		return "the node is ending";
	case ACB_OK:
		break;
	}
	return "the node refused it";
}

/* The node refused the LU: is its client dead? */
static void
open_refused(struct conn *c, struct mono now)
{
	const char *lu = c->neg.name;

	if (c->state == CS_RUN) {       /* ATTACH */
		conn_drop(c, "TKOLOST", "the session ended before it could be taken over", now);
		return;
	}
	if (c->tko_named) {             /* another was quicker: any LU, then */
		c->tko_named = 0;
		open_lu(c, now);
		return;
	}
	if (c->lu.err == ACB_INUSE && c->neg.kind == TNREQ_CONNECT && tko_ask(c, lu, now))
		return;
	lu_refused(c, open_why(c->lu.err), reason_of(c->lu.err, c->neg.kind), now);
}

/* An LU in session: the client is told its name; it is attached when it is ready. */
static void
taken_over(struct conn *c, struct tnlu *image, struct mono now)
{
	c->moved = image;
	c->lu.name = image->name;
	lu_opened(c, now);
	if (c->state == CS_GONE)
		return;
	conn_touch(c);
	conn_due(c);
	conn_resume(c, now);
}

void
conn_tko(struct conn *c, const struct tko_msg *m, struct mono now)
{
	bool spec = c->neg.kind != TNREQ_GENERIC;

	if (m->op != TKO_DEAD && --c->tko_left != 0 && !mono_due(c->tko_by, now))
		return;
	c->tko_left = 0;
	c->tko_by = MONO_NEVER;
	if (m->op == TKO_DEAD && m->image != NULL) {
		taken_over(c, m->image, now);
		return;
	}
	if (m->op == TKO_DEAD && !spec) {
		memcpy(c->tko_lu, m->lu, sizeof(c->tko_lu));
		c->tko_named = 1;
	}
	if (m->op == TKO_DEAD || !spec)
		open_lu(c, now);
	else
		lu_refused(c, "its client is still there", TNREJ_DEVICE_IN_USE, now);
	if (c->state == CS_GONE)
		return;
	conn_touch(c);
	conn_due(c);
	conn_resume(c, now);
}

/* Its own ACB then; from here it is closed like any other. */
void
conn_attach(struct conn *c, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);
	struct tnlu *image = c->moved;
	struct acb_open o;

	if (image == NULL)
		return;
	c->moved = NULL;
	acb_parm(c, &o);
	(void)tnlu_attach(&c->lu, &e, image, &o);
}

static void
resumed(struct conn *c, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);
	enum tnp_deny why;

	if (!tnlu_in_session(&c->lu)) {
		conn_logon_begin(c, now);
		return;
	}
	c->appl = conn_allows(c, name_base(&c->lu.plu), &why);
	c->w->stat[TN_TKO_SESSIONS]++;
	session_begins(c, now);
	tnlu_resume(&c->lu, &e);
	conn_touch(c);
}

static void
into_session_state(struct conn *c, struct mono now)
{
	static const enum tn_stat st[] = { 0, TN_NEG_E, TN_NEG_3270, TN_NEG_LINE };
	struct tn_report r;

	c->state = CS_RUN;
	worker_grown(c);
	c->step_by = MONO_NEVER;
	c->w->stat[st[c->neg.mode]]++;
	if (c->neg.device != 0 && tndev_at(c->neg.device)->class == TNDEV_PRINTER)
		conn_socket_printer(c->fd);
	tel_set_mode(&c->tel, c->neg.mode == TNMODE_LINE ? TM_LINE : TM_RECORDS);
	if (c->neg.mode == TNMODE_LINE && c->parms->v[TP_SGA]) {
		tel_ask(&c->tel, TV_WILL, TO_SGA);
		tel_ask(&c->tel, TV_DO, TO_SGA);
	}
	tel_sleep(&c->tel);
	if (c->parms->v[TP_DEBUG] >= DB_SUMMARY) {
		r = worker_report_of(c, TR_NEGOTIATED, tnneg_mode_text(&c->neg));
		worker_report(c->w, &r);
	}
	if (c->moved != NULL)
		conn_attach(c, now);
	else
		conn_logon_begin(c, now);
	if (c->state != CS_GONE)
		conn_due(c);
}

/* Its records and its line are those of a session the client ended. */
static void
session_left(struct conn *c, struct mono now)
{
	struct tn_report r;

	conn_acct_end(c, "NEGOTIATE", now);
	if (c->parms->v[TP_DEBUG] < DB_SUMMARY || !tnlu_in_session(&c->lu))
		return;
	r = worker_report_of(c, TR_SESS_DROP, "NEGOTIATE");
	worker_report(c->w, &r);
}

/* The client goes another way: its LU, and all that came with it, is free again. */
static void
lu_back(struct conn *c, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);

	if (c->state == CS_RUN)
		c->neg_by = mono_add(now, SECS(TNNEG_S));
	session_left(c, now);
	tko_unlist(c);
	conn_mon_end(c);
	c->state = CS_NEG;
	tel_set_mode(&c->tel, TM_DROP);
	conn_leave_place(c);
	c->map = NULL;
	c->appl = NULL;
	c->relog_at = MONO_NEVER;
	c->lu_gone = 0;
	free(c->late);
	c->late = NULL;
	c->parms = profile_parms(c->port, &c->who, NULL);
	conn_attach(c, now);
	tnlu_close(&c->lu, &e, 0);
	c->lu.name = (struct sna_name){ .len = 0 };
	patience(c, now);
}

/* The user may not notice: a printer that waits as TN3270 for what it would get as TN3270E. */
static void
left_e(struct conn *c)
{
	struct tn_report r = worker_report_of(c, TR_NEGOTIATED, "NO TN3270E");

	r.error = 1;
	snprintf(r.text, sizeof(r.text), "%s", c->neg.down);
	c->neg.down = NULL;
	c->w->stat[TN_LEFT_E]++;
	worker_report(c->w, &r);
}

static void
negotiated(struct conn *c, enum tnneg_say say, struct mono now)
{
	if (c->neg.down != NULL)
		left_e(c);
	switch (say) {
	case TNNEG_NOTHING:
		break;
	case TNNEG_TLS:
		conn_flush(c, now);     /* our FOLLOWS is the last clear byte */
		if (c->state != CS_GONE)
			conn_start_tls(c, now);
		break;
	case TNNEG_LU:
		if (c->state == CS_RUN || tnlu_open_now(&c->lu) || c->moved != NULL)
			lu_back(c, now);
		open_lu(c, now);
		break;
	case TNNEG_LU_GONE:
		lu_back(c, now);
		break;
	case TNNEG_READY:
		into_session_state(c, now);
		break;
	case TNNEG_CLOSE:
		c->w->stat[TN_NEG_FAILED]++;
		conn_drop(c, "NEGOTIATE", c->neg.why, now);
		break;
	}
}

/* The time for a step is over: the next offer, or the end. */
void
conn_silent(struct conn *c, struct mono now)
{
	if (mono_due(c->neg_by, now)) {
		c->w->stat[TN_NEG_FAILED]++;
		conn_drop(c, "NEGTIME", "the negotiation was not finished in time", now);
		return;
	}
	negotiated(c, tnneg_silent(&c->neg, &c->tel), now);
	patience(c, now);
}

bool
conn_waits_own(const struct conn *c)
{
	if (c->tel.out.bytes > OUT_MARK)        /* what it said before was answered at length */
		return true;
	if (c->state == CS_NEG)
		return tnneg_wants_lu(&c->neg) || c->lu_wanted;
	return c->state == CS_RUN && (c->elf != NULL || !tnlu_may_take(&c->lu));
}

bool
conn_waits(const struct conn *c)
{
	return conn_waits_own(c) || acb_room(c->w->port) < WORKER_ROOM;
}

/* --- what the LU says --- */

/* The LU is the client's: parameters and partner printers go by its map. */
void
conn_lu_mine(struct conn *c)
{
	const char *lu = name_base(&c->lu.name);
	int64_t i;

	c->map = profile_map(c->port, &c->who, lu, c->neg.kind == TNREQ_CONNECT ?
	    TMAP_SPECIFIC : TMAP_GENERIC);
	c->parms = profile_parms(c->port, &c->who, c->map);
	c->lu.hold_max = c->parms->v[TP_MAXVTAMSENDQ] == 0 ? UINT16_MAX :
	    (uint16_t)c->parms->v[TP_MAXVTAMSENDQ];
	if (c->map != NULL && c->map->group->assigned != NULL) {
		i = tnp_group_index(c->map->group, lu);
		if (i >= 0) {
			c->place = (uint32_t)i + 1;
			atomic_store(&c->map->group->assigned[i], c->id);
		}
	}
	tko_list(c);
	tko_check(c);
	conn_mon_begin(c);
}

static void
lu_opened(struct conn *c, struct mono now)
{
	conn_lu_mine(c);
	negotiated(c, tnneg_lu(&c->neg, &c->tel, name_base(&c->lu.name), 0), now);
}

static void
session_begins(struct conn *c, struct mono now)
{
	struct tn_report r;

	c->w->stat[TN_SESSIONS]++;
	conn_acct_begin(c, now);
	conn_mon_session(c);
	c->screen = SCR_NONE;
	c->relog_at = MONO_NEVER;
	c->no_session = 0;
	if (c->parms->v[TP_DEBUG] < DB_SUMMARY)
		return;
	r = worker_report_of(c, TR_SESSION, name_base(&c->lu.plu));
	worker_report(c->w, &r);
}

/* What the LU met since it was asked last. */
static void
count_odd(struct conn *c)
{
	const struct tnlu_odd none = { .overdue = 0 };
	struct tnlu_odd *o = &c->lu.odd;

	if (memcmp(o, &none, sizeof(none)) == 0)
		return;
	c->w->stat[TN_ANSWERS_OVERDUE] += o->overdue;
	c->w->stat[TN_TYPED_AHEAD] += o->ahead;
	c->w->stat[TN_BINDS_REFUSED] += o->binds;
	c->w->stat[TN_CHAINS_REFUSED] += o->chains;
	c->w->stat[TN_PRINT_JOBS] += o->jobs;
	c->w->stat[TN_PRINT_STOPS] += o->stops;
	*o = none;
}

void
conn_lu_says(struct conn *c, enum tnlu_say say, struct mono now)
{
	count_odd(c);
	switch (say) {
	case TNLU_NOTHING:
		break;
	case TNLU_OPENED:
		if (c->late != NULL)
			conn_late_opened(c, now);
		else if (c->lu_gone)
			conn_lu_back(c, now);
		else
			lu_opened(c, now);
		break;
	case TNLU_REFUSED:
		if (c->late != NULL)
			conn_late_refused(c, now);
		else if (c->lu_gone)
			conn_lu_missed(c, now);
		else
			open_refused(c, now);
		break;
	case TNLU_CLOSED:
		if (c->late != NULL)
			conn_late_closed(c, now);
		else if (c->lu_wanted)
			open_lu(c, now);
		break;
	case TNLU_TAKEN:
		if (c->w->halting)      /* the node ends with us */
			conn_drop(c, "HALT", "the server is ending", now);
		else if (!conn_lu_gone(c, now))
			conn_drop(c, "LUINACT", "the LU was deactivated by the operator", now);
		break;
	case TNLU_LEFT:
		break;
	case TNLU_RESUMED:
		resumed(c, now);
		conn_due(c);
		break;
	case TNLU_STARTED:
		if (conn_pass_denied(c, now))
			break;
		session_begins(c, now);
		conn_due(c);
		break;
	case TNLU_ENDED:
		conn_logon_ended(c, now);
		break;
	case TNLU_FAILED:
		conn_logon_failed(c, c->lu.sense, now);
		break;
	case TNLU_SYSREQ:
		conn_logon_screen(c, now);
		break;
	case TNLU_LOST:
		conn_drop(c, "OVERLOAD", "the server is overloaded", now);
		break;
	case TNLU_STORM:
		conn_drop(c, "MAXREQSS", "too many session starts in a short time (MAXREQSESS)",
		    now);
		break;
	}
}

/* Takes r's buffer. */
void
conn_rpl(struct conn *c, struct rpl *r, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);
	uint32_t out = c->lu.out;
	bool passed = r->op == RPL_UNBIND && r->flags == UNB_FORTHCOMING;
	enum tnlu_say say = tnlu_rpl(&c->lu, &e, r);

	if (passed && c->lu.fsm.state == TLU_LOGON && c->state == CS_RUN)
		conn_passed(c, now);
	if (c->lu.out != out)
		c->last_out = now;
	if (c->lu.out != out && c->state == CS_RUN)
		conn_mon_output(c, now);
	c->w->stat[TN_RECORDS_OUT] += c->lu.out - out;
	if (c->state == CS_GONE) {
		bufq_drop(&c->tel.out);
		if (say == TNLU_LEFT)
			tko_left(c);
		conn_touch(c);
		return;
	}
	conn_lu_says(c, say, now);
	if (c->state == CS_GONE)
		return;
	if (c->tel.out.count != 0 || c->tel.starved)
		conn_touch(c);
	conn_resume(c, now);
	if (c->state == CS_GONE)
		return;
	if (!mono_is_never(tnlu_deadline(&c->lu)) &&
	    mono_before(tnlu_deadline(&c->lu), c->due.at))
		conn_due(c);
}

/* --- records --- */

/* Typed to the SSCP while the session is suspended. */
static void
suspended(struct conn *c, const struct tnhdr *h, struct bufq *rec, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);
	struct buf *b = bufq_peek(rec);
	uint8_t text[USS_INPUT_MAX];
	size_t n;

	if (c->neg.mode == TNMODE_E) {
		if (h->type == TN_SSCP_LU_DATA)
			(void)tnlu_sscp_input(&c->lu, &e, b->p, b->len);
		return;
	}
	n = uss_input_3270(b->p, b->len, text, sizeof(text));
	if (!tnlu_sscp_input(&c->lu, &e, text, n))
		conn_tell(c, "SYSREQ: LOGOFF ends the session; SYSREQ again returns to it", now);
}

static bool
is_sysreq(const struct buf *b)
{
	static const uint8_t test[] = { 0x01, 0x6c, 0x61, 0x02 };       /* tn3270e 6.3 */

	return (b->len >= sizeof(test) && memcmp(b->p, test, sizeof(test)) == 0) ||
	    (b->len >= 1 && b->p[0] == 0xf0);
}

static void
sysreq(struct conn *c, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);

	conn_lu_says(c, tnlu_sysreq(&c->lu, &e), now);
	if (c->state == CS_RUN && c->neg.mode != TNMODE_E && c->lu.fsm.state == TLU_SUSPENDED)
		conn_tell(c, "SYSREQ: LOGOFF ends the session; SYSREQ again returns to it", now);
}

/* Header of a plain record, made up; the true one comes off the front. */
static bool
header(const struct conn *c, struct bufq *rec, struct tnhdr *h)
{
	struct buf *b = bufq_peek(rec);
	struct rd r;

	*h = (struct tnhdr){ .type = TN_3270_DATA };
	if (c->neg.mode != TNMODE_E)
		return true;
	r = buf_rd(b);
	if (!tnhdr_get(&r, h))
		return false;           /* short, or a type we don't know: ignored (RFC 2355 8.1) */
	(void)buf_pull(b, TNHDR_LEN);
	rec->bytes -= TNHDR_LEN;
	return true;
}

static void
measure(struct conn *c, const struct tnhdr *h, struct mono now)
{
	if (h->type != TN_RESPONSE)
		conn_mon_input(c, now);
	else if (c->mon != NULL && h->seq == c->mon->rt.seq)
		conn_mon_answer(c, RT_BY_DR, now);
}

void
conn_take(struct conn *c, const struct tnhdr *h, struct bufq *rec, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);

	if (c->lu.fsm.state == TLU_ACTIVE) {
		measure(c, h, now);
		conn_lu_says(c, tnlu_record(&c->lu, &e, h, rec), now);
	} else if (c->lu.fsm.state == TLU_SUSPENDED) {
		if (h->type == TN_RESPONSE)
			conn_lu_says(c, tnlu_record(&c->lu, &e, h, rec), now);
		else
			suspended(c, h, rec, now);
		bufq_drop(rec);
	} else {
		conn_logon_record(c, h, rec, now);
		bufq_drop(rec);
	}
}

/* Takes rec. */
void
conn_record(struct conn *c, struct bufq *rec, struct mono now)
{
	struct tnhdr h;

	c->w->stat[TN_RECORDS_IN]++;
	if (!header(c, rec, &h)) {
		bufq_drop(rec);
	} else if (c->neg.mode == TNMODE_3270 && is_sysreq(bufq_peek(rec))) {
		bufq_drop(rec);
		sysreq(c, now);
	} else if (c->lu.fsm.state != TLU_ACTIVE || !conn_elf_record(c, &h, rec, now)) {
		conn_take(c, &h, rec, now);
	}
}

/* --- keys --- */

/* AYT is not answered: text would break a stream of records. */
static void
command(struct conn *c, uint8_t cmd, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);

	switch (cmd) {
	case TC_IP:
	case TC_BRK:
		conn_lu_says(c, tnlu_attn(&c->lu, &e), now);
		break;
	case TC_AO:
		if (tnneg_agreed(&c->neg, TNF_SYSREQ))
			sysreq(c, now);
		break;
	default:
		break;
	}
}

static void
indication(struct conn *c, struct tel_ind *i, struct mono now)
{
	switch ((enum tel_what)i->what) {
	case TEL_RECORD:
		if (c->state == CS_RUN)
			conn_record(c, &i->rec, now);
		break;
	case TEL_TEXT:
		if (c->state == CS_RUN)
			conn_line_text(c, &i->rec, now);
		break;
	case TEL_OPTION:
	case TEL_SB:
		if (i->what == TEL_OPTION && i->opt == TO_TM) {
			conn_mon_answer(c, RT_BY_TM, now);
			break;
		}
		negotiated(c, tnneg_input(&c->neg, &c->tel, i), now);
		patience(c, now);
		break;
	case TEL_CMD:
		if (c->state == CS_RUN && c->neg.mode == TNMODE_LINE)
			conn_line_key(c, i->cmd, now);
		else if (c->state == CS_RUN)
			command(c, i->cmd, now);
		break;
	case TEL_BAD:
		if (!c->tel.starved)
			conn_drop(c, "MAXRECV", i->why, now);
		break;
	}
	bufq_drop(&i->rec);
}

void
conn_process(struct conn *c, struct mono now)
{
	struct tel_ind i;

	while ((c->state == CS_NEG || c->state == CS_RUN) && !conn_waits(c) &&
	    tel_recv(&c->tel, &i)) {
		indication(c, &i, now);
		if (c->tel.starved)
			break;
	}
	if (c->state == CS_RUN && c->tel.lib != NULL)
		tel_sleep(&c->tel);
	if ((c->state == CS_NEG || c->state == CS_RUN) && tel_more(&c->tel) && conn_waits(c))
		conn_stall(c);          /* the rest of what was read makes no event */
	if (c->state != CS_GONE && (c->tel.out.count != 0 || c->tel.starved))
		conn_touch(c);
}
