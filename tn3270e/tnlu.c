/* SPDX-License-Identifier: Apache-2.0
 *
 * The LU's life. It is opened for a client (the node chooses it from the pools
 * the profile named), logs on where the client says, is bound by the
 * application, works, is unbound, and logs on again or is closed. UNBIND of
 * type 02 says that another BIND comes: the application passes the session on.
 */
#include <string.h>

#include "base/log.h"
#include "snaee/bind.h"
#include "snaee/sense.h"
#include "tn3270e/tnlu_parts.h"

enum { LE_OPEN = 1, LE_OPENED, LE_OPENFAIL, LE_LOGON, LE_NSPE, LE_BIND, LE_STARTED, LE_UNBIND,
	LE_UNBIND_MORE, LE_SYSREQ, LE_TERM, LE_CLOSE, LE_CLOSED,
	LE_RESUME, LE_N };
enum { LA_NONE = 1, LA_OPENED, LA_REFUSED, LA_FAILED, LA_BIND, LA_STARTED, LA_ENDED, LA_SUSPEND,
	LA_RESUME, LA_SCREEN, LA_CLOSED, LA_TAKEN, LA_N };

static const char *const states[] = { "", "CLOSED", "OPENING", "SSCP", "LOGON", "BOUND", "ACTIVE",
	"SUSPENDED", "ENDING", "CLOSING" };
static const char *const events[] = { "", "OPEN", "OPENED", "OPENFAIL", "LOGON", "NSPE", "BIND",
	"STARTED", "UNBIND", "UNBIND-02", "SYSREQ", "TERM", "CLOSE", "CLOSED", "RESUME" };
static const char *const actions[] = { "", "", "opened", "refused", "logon failed", "bound",
	"data traffic active", "session ended", "suspend", "resume", "logon screen", "closed",
	"closed by the node" };

#define TO(s, e, n, a) [TLU_##s][LE_##e] = { TLU_##n, LA_##a }
#define OPENS(s) TO(s, CLOSE, CLOSING, NONE), TO(s, CLOSED, CLOSED, TAKEN)

static const struct fsm_cell cells[TLU_N][LE_N] = {
	TO(CLOSED, OPEN, OPENING, NONE),
	TO(OPENING, OPENED, SSCP, OPENED), TO(OPENING, OPENFAIL, CLOSED, REFUSED), OPENS(OPENING),
	TO(SSCP, LOGON, LOGON, NONE), TO(SSCP, BIND, BOUND, BIND), TO(SSCP, SYSREQ, SSCP, SCREEN),
	TO(SSCP, RESUME, ACTIVE, NONE),
	OPENS(SSCP),
	TO(LOGON, NSPE, SSCP, FAILED), TO(LOGON, BIND, BOUND, BIND),
	TO(LOGON, SYSREQ, SSCP, SCREEN), TO(LOGON, UNBIND, SSCP, ENDED),
	TO(LOGON, UNBIND_MORE, LOGON, NONE), TO(LOGON, TERM, SSCP, NONE), OPENS(LOGON),
	TO(BOUND, STARTED, ACTIVE, STARTED), TO(BOUND, UNBIND, SSCP, ENDED),
	TO(BOUND, UNBIND_MORE, LOGON, NONE), TO(BOUND, NSPE, SSCP, FAILED),
	TO(BOUND, TERM, ENDING, NONE), OPENS(BOUND),
	TO(ACTIVE, UNBIND, SSCP, ENDED), TO(ACTIVE, UNBIND_MORE, LOGON, NONE),
	TO(ACTIVE, SYSREQ, SUSPENDED, SUSPEND), TO(ACTIVE, TERM, ENDING, NONE), OPENS(ACTIVE),
	TO(SUSPENDED, UNBIND, SSCP, ENDED), TO(SUSPENDED, UNBIND_MORE, LOGON, NONE),
	TO(SUSPENDED, SYSREQ, ACTIVE, RESUME), TO(SUSPENDED, TERM, ENDING, NONE),
	OPENS(SUSPENDED),
	TO(ENDING, UNBIND, SSCP, ENDED), TO(ENDING, UNBIND_MORE, SSCP, ENDED),
	TO(ENDING, STARTED, ENDING, NONE), OPENS(ENDING),
	TO(CLOSING, CLOSED, CLOSED, CLOSED), TO(CLOSING, OPENFAIL, CLOSED, CLOSED),
	TO(CLOSING, CLOSE, CLOSING, NONE),
};

FSM_DESC(tnlu_fsm, "TNLU", states, events, actions, cells);

void
tnlu_init(struct tnlu *lu)
{
	*lu = (struct tnlu){ .rsp_by = MONO_NEVER, .hold_max = TNLU_HOLD };
	fsm_init(&lu->fsm, &tnlu_fsm, TLU_CLOSED);
	bufq_init(&lu->chain);
	bufq_init(&lu->hold);
}

void
lu_reset(struct tnlu *lu)
{
	bufq_drop(&lu->chain);
	bufq_drop(&lu->hold);
	buf_free(lu->bind);
	buf_free(lu->image);
	lu->bind = lu->image = NULL;
	lu->n_corr = lu->owed = 0;
	lu->rsp_by = MONO_NEVER;
	lu->purge = lu->pace_owed = lu->shut = lu->bid = lu->chain_eb = lu->full = lu->unheard = 0;
	lu->back = 0;
	lu->chain_rus = 0;
}

void
tnlu_fini(struct tnlu *lu)
{
	lu_reset(lu);
}

void
lu_submit(struct tnlu *lu, const struct tnlu_env *e, struct rpl *r)
{
	r->acb = lu->acb;
	r->user = e->user;
	if (acb_submit(e->port, r))
		return;
	buf_free(r->buf);
	lu->lost = 1;
}

/* A parameter block as the RPL's buffer. */
static bool
submit_parm(struct tnlu *lu, const struct tnlu_env *e, struct rpl *r, const void *parm, size_t n)
{
	r->buf = buf_get(e->port->bufs, n);
	if (r->buf == NULL)
		return false;
	buf_append(r->buf, parm, n);
	lu_submit(lu, e, r);
	return !lu->lost;
}

static const char *
subject(const struct tnlu *lu)
{
	return lu->name.len != 0 ? lu->name.s : "tnlu";
}

bool
tnlu_open(struct tnlu *lu, const struct tnlu_env *e, const struct acb_open *parm)
{
	struct rpl r = { .op = RPL_OPEN };

	lu->acb = 0;
	if (fsm_peek(&lu->fsm, LE_OPEN).next == 0 || !submit_parm(lu, e, &r, parm, sizeof(*parm)))
		return false;
	(void)fsm_step(&lu->fsm, LE_OPEN, subject(lu));
	return true;
}

bool
lu_reopen(struct tnlu *lu, const struct tnlu_env *e, const struct acb_open *parm)
{
	struct rpl r = { .op = RPL_ATTACH };

	(void)fsm_step(&lu->fsm, LE_OPEN, subject(lu));
	return submit_parm(lu, e, &r, parm, sizeof(*parm));
}

void
lu_gone(struct tnlu *lu)
{
	(void)fsm_step(&lu->fsm, LE_CLOSE, subject(lu));
	(void)fsm_step(&lu->fsm, LE_CLOSED, subject(lu));
	lu_reset(lu);
	lu->acb = 0;
}

static void
submit_close(struct tnlu *lu, const struct tnlu_env *e)
{
	const struct rpl r = { .op = RPL_CLOSE, .acb = lu->acb, .user = e->user,
		.suser = e->keep_s };

	lu->owes_close = !acb_submit(e->port, &r);
}

bool
tnlu_owes_close(const struct tnlu *lu)
{
	return lu->owes_close && lu->fsm.state == TLU_CLOSING;
}

void
tnlu_close_again(struct tnlu *lu, const struct tnlu_env *e)
{
	if (tnlu_owes_close(lu))
		submit_close(lu, e);
}

/* An OPEN that is not answered yet is closed when it is: tnlu_rpl(). */
void
tnlu_close(struct tnlu *lu, const struct tnlu_env *e, unsigned unbind_type)
{
	struct rpl t = { .op = RPL_TERMSESS, .flags = (uint8_t)unbind_type, .sess = lu->sess };

	if (fsm_peek(&lu->fsm, LE_CLOSE).next == 0 || lu->fsm.state == TLU_CLOSING)
		return;
	if (tnlu_in_session(lu) && unbind_type != 0)
		lu_submit(lu, e, &t);
	if (lu->acb != 0)
		submit_close(lu, e);
	lu_reset(lu);
	lu->pseudo = 0;
	(void)fsm_step(&lu->fsm, LE_CLOSE, subject(lu));
}

bool
tnlu_logon(struct tnlu *lu, const struct tnlu_env *e, const struct acb_logon *parm)
{
	struct rpl r = { .op = RPL_REQSESS };

	if (fsm_peek(&lu->fsm, LE_LOGON).next == 0 || !submit_parm(lu, e, &r, parm, sizeof(*parm)))
		return false;
	lu->plu = parm->appl;
	lu->bad_rows = 0;
	(void)fsm_step(&lu->fsm, LE_LOGON, subject(lu));
	return true;
}

void
tnlu_logoff(struct tnlu *lu, const struct tnlu_env *e, unsigned unbind_type)
{
	struct rpl r = { .op = RPL_TERMSESS, .flags = (uint8_t)unbind_type, .sess = lu->sess };

	if (fsm_step(&lu->fsm, LE_TERM, subject(lu)) == 0)
		return;
	if (lu->fsm.state == TLU_SSCP)
		r.sess = 0;
	lu_submit(lu, e, &r);
}

/* --- BIND --- */

void
lu_reset_turns(struct tnlu *lu)
{
	lu->inb = !lu->brackets;
	lu->turn = lu->flip && !lu->brackets ? TURN_HOSTS : TURN_ANY;
}

/* z/OS: MAXREQSESS BINDs in ten seconds are too many. */
static bool
storm(struct tnlu *lu, const struct tnlu_env *e)
{
	if (mono_due(lu->binds_until, e->now)) {
		lu->binds_until = mono_add(e->now, SECS(10));
		lu->binds = 0;
	}
	lu->binds++;
	return e->parms->v[TP_MAXREQSESS] != 0 && lu->binds > e->parms->v[TP_MAXREQSESS];
}

static enum tnlu_say act(struct tnlu *, const struct tnlu_env *, unsigned action);

/* The host hears the sense; the user too, where he waits for this session. */
static enum tnlu_say
refuse_bind(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r, uint32_t sense)
{
	struct rpl o = { .op = RPL_REJBIND, .sess = r->sess, .suser = e->user, .sense = sense };

	LOG(TN, NOTICE, subject(lu), "BIND of %s refused, sense %08X: %s", name_base(&lu->plu),
	    sense, sense_text(sense));
	lu_submit(lu, e, &o);
	lu->odd.binds++;
	lu->sense = sense;
	if (fsm_peek(&lu->fsm, LE_NSPE).next == 0 || lu->fsm.state == TLU_BOUND)
		return TNLU_NOTHING;
	return act(lu, e, fsm_step(&lu->fsm, LE_NSPE, subject(lu)));
}

static void
take_bind(struct tnlu *lu, const struct bind *b)
{
	lu->plu = b->plu;
	lu->lutype = (uint8_t)bind_lu_type(b);
	lu->fm = b->fm;
	lu->flip = (b->comprot2 & BIND_C2_MODE) == 0x80;
	lu->brackets = (b->comprot1 & BIND_C1_BRACKETS) != 0;
	/* Immediate request mode and definite responses only: sna-sessions 1.6. */
	lu->one = (b->secprot & 0x70) == 0x20;
	lu_reset_turns(lu);
	if (lu->flip && !lu->brackets && (b->comprot2 & BIND_C2_PLU_SENDS) == 0)
		lu->turn = TURN_OURS;
}

static enum tnlu_say
on_bind(struct tnlu *lu, const struct tnlu_env *e, struct rpl *r)
{
	struct rpl o = { .op = RPL_OPNSEC, .sess = r->sess, .suser = e->user };
	struct bind b = { .fm = 0 };
	struct bind_screen bad = { .rows = 0 };
	struct rd rd = r->buf == NULL ? rd_on("", 0) : buf_rd(r->buf);
	uint32_t sense = bind_get(&rd, &b) ? lu_check_bind(e, &b, &bad) : SENSE_RU_LENGTH;

	if (sense == 0 && fsm_peek(&lu->fsm, LE_BIND).next == 0)
		sense = SENSE_LIMIT_SLU;
	lu->bad_rows = (uint8_t)(bad.alt_rows > bad.rows ? bad.alt_rows : bad.rows);
	lu->bad_cols = (uint8_t)(bad.alt_cols > bad.cols ? bad.alt_cols : bad.cols);
	if (sense != 0) {
		if (!tnlu_in_session(lu) && b.plu.len != 0)
			lu->plu = b.plu;        /* who asked for us */
		return refuse_bind(lu, e, r, sense);
	}
	(void)fsm_step(&lu->fsm, LE_BIND, subject(lu));
	lu_reset(lu);
	lu->sess = r->sess;
	take_bind(lu, &b);
	lu->bind = r->buf;
	r->buf = NULL;
	lu_submit(lu, e, &o);
	return storm(lu, e) ? TNLU_STORM : TNLU_NOTHING;
}

/* BIND-IMAGE goes out when data traffic is active: RFC 2355 10.3. */
static void
bind_image(struct tnlu *lu, const struct tnlu_env *e)
{
	const struct tnhdr h = { .type = TN_BIND_IMAGE };
	struct buf *b = lu->bind;

	lu->bind = NULL;
	if (lu->pseudo)
		lu_put_bytes(lu, e, TN_UNBIND, "\x01", 1);
	lu->pseudo = 0;
	lu_keep_bind(lu, e, b);
	if (b != NULL && tnneg_agreed(e->neg, TNF_BIND_IMAGE))
		lu_put(lu, e, &h, b);
	else
		buf_free(b);
	lu_unlock_at_bind(lu, e);
}

static void
unbind_record(struct tnlu *lu, const struct tnlu_env *e, uint32_t sense)
{
	uint8_t body[5];
	struct wr w = wr_on(body, sizeof(body));

	if (!tnneg_agreed(e->neg, TNF_BIND_IMAGE))
		return;
	wr_u8(&w, lu->unb == 0 ? UNB_NORMAL : lu->unb);
	if (lu->unb == UNB_FAILURE)
		wr_u32(&w, sense);
	lu_put_bytes(lu, e, TN_UNBIND, body, wr_len(&w));
}

/* --- events of the node --- */

static enum tnlu_say
act(struct tnlu *lu, const struct tnlu_env *e, unsigned action)
{
	switch (action) {
	case LA_OPENED:
		return TNLU_OPENED;
	case LA_REFUSED:
		return TNLU_REFUSED;
	case LA_FAILED:
		lu_reset(lu);
		return TNLU_FAILED;
	case LA_STARTED:
		bind_image(lu, e);
		return TNLU_STARTED;
	case LA_ENDED:
		return TNLU_ENDED;
	case LA_CLOSED:
	case LA_TAKEN:                  /* taken: the client may stay, with its logon screen */
		if (action == LA_CLOSED)
			lu->pseudo = 0;
		lu_reset(lu);
		lu->acb = 0;
		return action == LA_CLOSED ? TNLU_CLOSED : TNLU_TAKEN;
	case LA_SCREEN:
		return TNLU_SYSREQ;
	default:
		return TNLU_NOTHING;
	}
}

static enum tnlu_say
on_opened(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r)
{
	struct acb_opened o = { .name = { .len = 0 } };
	struct rpl c = { .op = RPL_CLOSE };

	lu->acb = r->acb;
	if (r->buf != NULL && r->buf->len >= sizeof(o))
		memcpy(&o, r->buf->p, sizeof(o));
	lu->name = o.name;
	if (lu->fsm.state == TLU_CLOSING) {     /* the client has gone meanwhile */
		lu_submit(lu, e, &c);
		return TNLU_NOTHING;
	}
	return act(lu, e, fsm_step(&lu->fsm, LE_OPENED, subject(lu)));
}

/* ATTACH worked. The session may have ended while nobody had it. */
static enum tnlu_say
on_attached(struct tnlu *lu)
{
	if (fsm_step(&lu->fsm, LE_OPENED, subject(lu)) == 0)
		return TNLU_NOTHING;            /* closed meanwhile */
	if (lu->sess != 0)
		(void)fsm_step(&lu->fsm, LE_RESUME, subject(lu));
	return TNLU_RESUMED;
}

static enum tnlu_say
on_unbind(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r)
{
	bool had = tnlu_in_session(lu) || lu->fsm.state == TLU_ENDING;
	unsigned ev = r->flags == UNB_FORTHCOMING ? LE_UNBIND_MORE : LE_UNBIND, action;

	if (r->sess != lu->sess)
		return TNLU_NOTHING;
	action = fsm_step(&lu->fsm, ev, subject(lu));
	if (action == 0)
		return TNLU_NOTHING;
	lu->unb = r->flags;
	lu->by_oper = r->snf != 0;
	lu->sense = r->sense;
	lu->sess = 0;
	lu_reset(lu);
	if (had && lu->spool)                   /* the host ended in the middle of a job */
		lu_prt_eoj(lu, e, TNRSP_NONE, 0);
	if (had)
		unbind_record(lu, e, r->sense);
	return act(lu, e, action);
}

static enum tnlu_say
on_plain(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r, unsigned event)
{
	if (r->op == RPL_NSPE || r->op == RPL_OPENFAIL) {
		lu->sense = r->sense;
		lu->err = r->flags;
	}
	return act(lu, e, fsm_step(&lu->fsm, event, subject(lu)));
}

/* Our chain was refused: the user's keyboard must not stay locked for ever. */
static void
on_rsp(struct tnlu *lu, const struct tnlu_env *e, const struct rpl *r)
{
	uint16_t code = (uint16_t)(r->sense >> 16);

	lu->unheard = 0;
	if (r->sense != 0 && (r->rh & RH_CAT) == RH_FMD &&
	    (code == 0x0813 || code == 0x0814 || code == 0x081b || code == 0x080b)) {
		lu_reset_turns(lu);     /* the bracket never began: sna-sessions 3.2 */
		lu_unlock(lu, e);
	}
	lu_flush_hold(lu, e);
}

/* Not now: another turn than we thought, an answer that is owed (200A), no room. */
static bool
comes_again(uint16_t code)
{
	return code == 0x2003 || code == 0x2004 || code == 0x081b || code == 0x200d ||
	    code == 0x200a || code == 0x0812;
}

/* In front of what is held, behind what came back before it. */
static void
hold_again(struct tnlu *lu, struct buf *b)
{
	struct bufq q;

	bufq_init(&q);
	for (unsigned i = 0; i < lu->back && lu->hold.count != 0; i++)
		bufq_put(&q, bufq_get(&lu->hold));
	bufq_put(&q, b);
	bufq_move(&q, &lu->hold);
	bufq_move(&lu->hold, &q);
	lu->back++;
}

/* The half-session would not send it: it waits for the answer that is owed, or for
 * the host's next word. */
static void
on_senderr(struct tnlu *lu, const struct tnlu_env *e, struct rpl *r)
{
	uint16_t code = (uint16_t)(r->sense >> 16);
	bool owed = code == 0x200a;

	if ((r->rh & RH_CAT) != RH_FMD) {
		lu->unheard = 0;
	} else if (r->buf != NULL && (r->rh & RH_OIC) == RH_OIC && comes_again(code) &&
	    lu->hold.count < TNLU_HOLD_MAX) {
		hold_again(lu, r->buf);
		r->buf = NULL;
		lu->unheard = owed;
		lu->inb = !owed || (r->rh & RH_BBI) == 0 || !lu->brackets;
		if (lu->flip)
			lu->turn = owed ? TURN_OURS : TURN_HOSTS;
	} else {
		LOG(TN, NOTICE, subject(lu), "input for %s could not be sent, sense %08X",
		    name_base(&lu->plu), r->sense);
		lu_unlock(lu, e);
	}
}

enum tnlu_say
tnlu_rpl(struct tnlu *lu, const struct tnlu_env *e, struct rpl *r)
{
	enum tnlu_say say = TNLU_NOTHING;
	bool ours = r->sess == lu->sess && tnlu_in_session(lu);

	switch (r->op) {
	case RPL_OPENED:
		say = r->flags == ACB_MOVED ? on_attached(lu) : on_opened(lu, e, r);
		break;
	case RPL_OPENFAIL:
		say = on_plain(lu, e, r, LE_OPENFAIL);
		break;
	case RPL_CLOSED:
		if (r->flags == ACB_MOVED && lu->leaving) {
			say = TNLU_LEFT;
			break;
		}
		say = on_plain(lu, e, r, LE_CLOSED);
		break;
	case RPL_BIND:
		say = on_bind(lu, e, r);
		break;
	case RPL_STARTED:
		if (r->sess == lu->sess)
			say = on_plain(lu, e, r, LE_STARTED);
		break;
	case RPL_UNBIND:
		say = on_unbind(lu, e, r);
		break;
	case RPL_NSPE:
		say = on_plain(lu, e, r, LE_NSPE);
		break;
	case RPL_DATA:
		if (ours)
			lu_data(lu, e, r);
		break;
	case RPL_RSP:
		if (ours)
			on_rsp(lu, e, r);
		break;
	case RPL_SENDERR:
		if (ours)
			on_senderr(lu, e, r);
		break;
	default:
		break;
	}
	buf_free(r->buf);
	r->buf = NULL;
	return lu->lost ? TNLU_LOST : say;
}

/* SYSREQ while a logon is under way gives it up: the user has his screen again. */
enum tnlu_say
tnlu_sysreq(struct tnlu *lu, const struct tnlu_env *e)
{
	static const uint8_t lustat[] = { RU_LUSTAT, 0x08, 0x2b, 0, 0 };
	unsigned was = lu->fsm.state, action = fsm_step(&lu->fsm, LE_SYSREQ, subject(lu));
	struct rpl give_up = { .op = RPL_TERMSESS };

	if (was == TLU_LOGON && action == LA_SCREEN) {
		lu_submit(lu, e, &give_up);
	}

	if (action == LA_SUSPEND && e->neg->mode == TNMODE_E)
		lu_put_bytes(lu, e, TN_SSCP_LU_DATA, "\x15", 1);        /* tn3270e 9.4 */
	if (action == LA_RESUME)
		lu_lustat_turn(lu, e, lustat, sizeof(lustat));
	return lu->lost ? TNLU_LOST : act(lu, e, action);
}

bool
tnlu_in_session(const struct tnlu *lu)
{
	return lu->fsm.state == TLU_BOUND || lu->fsm.state == TLU_ACTIVE ||
	    lu->fsm.state == TLU_SUSPENDED;
}

bool
tnlu_open_now(const struct tnlu *lu)
{
	return lu->fsm.state != TLU_CLOSED;
}

bool
tnlu_may_take(const struct tnlu *lu)
{
	return lu->hold.count < lu->hold_max && lu->hold.bytes < TNLU_HOLD_BYTES;
}

const char *
tnlu_state(const struct tnlu *lu)
{
	return fsm_state(&lu->fsm);
}

void
tnlu_print(struct con *c)
{
	fsm_print(&tnlu_fsm, c);
}
