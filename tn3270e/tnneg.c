/* SPDX-License-Identifier: Apache-2.0
 *
 * Negotiation. The classifier (classify_*) turns what the client said into one
 * event; the table says where that leads; act() says the words. A client that
 * refuses TN3270E at any point, even after an LU was given, is asked for its
 * terminal type instead; one that has no 3270 type, or refuses EOR or BINARY,
 * ends in line mode. One that answers nothing at all is closed.
 *
 * TN3270E (RFC 2355): DO TN3270E / WILL; SB SEND DEVICE-TYPE; the client's
 * DEVICE-TYPE REQUEST, answered IS with the LU's name or REJECT with a reason;
 * the client's FUNCTIONS REQUEST, answered IS with the same list, or REQUEST
 * with a shorter one.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "tn3270e/tndev.h"
#include "tn3270e/tnneg.h"

enum { NS_NEW = 1, NS_TLS, NS_TLS_FOLLOWS, NS_E, NS_DEVICE, NS_LU, NS_FUNC, NS_E_READY, NS_TTYPE,
	NS_NAME, NS_R_LU, NS_R_OPTS, NS_R_READY, NS_LINE_LU, NS_LINE, NS_CLOSED, NS_ENV,
	NS_ENV_IS, NS_N };

enum { NE_START = 1, NE_START_TLS, NE_START_NOE, NE_WILL_TLS, NE_WONT_TLS, NE_WONT_TLS_END,
	NE_FOLLOWS, NE_WILL_E, NE_WONT_E, NE_DEV_OK, NE_DEV_BAD, NE_LU, NE_NO_LU, NE_FUN_SAME,
	NE_FUN_LESS, NE_FUN_STUCK, NE_WILL_TTYPE, NE_WONT_TTYPE, NE_TT_3270, NE_TT_NEXT,
	NE_TT_LAST, NE_R_ALL, NE_R_REFUSED, NE_SILENT, NE_TOO_MANY, NE_START_ENV, NE_WILL_ENV,
	NE_WONT_ENV, NE_ENV_IS, NE_N };

enum { NA_NONE = 1, NA_DO_TLS, NA_TLS, NA_DO_E, NA_SEND_DEV, NA_CHOOSE, NA_REJECT, NA_IS,
	NA_FUN_IS, NA_FUN_REQ, NA_DO_TTYPE, NA_DONT_E, NA_SEND_TT, NA_R_OPTS, NA_READY_R,
	NA_LINE, NA_READY_L, NA_CLOSE, NA_DO_ENV, NA_SEND_ENV, NA_LEAVE_R,
	NA_NO_E, NA_N };

static const char *const states[] = { "", "NEW", "TLS", "FOLLOWS", "E", "DEVICE", "LU", "FUNC",
	"E-READY", "TTYPE", "NAME", "R-LU", "R-OPTS", "R-READY", "LINE-LU", "LINE", "CLOSED",
	"ENV", "ENV-IS" };
static const char *const events[] = { "", "START", "START-TLS", "START-NOE", "WILL-TLS",
	"WONT-TLS", "WONT-TLS-END", "FOLLOWS", "WILL-E", "WONT-E", "DEVICE-OK", "DEVICE-BAD",
	"LU", "NO-LU", "FUNC-SAME", "FUNC-LESS", "FUNC-STUCK", "WILL-TTYPE", "WONT-TTYPE",
	"TTYPE-3270", "TTYPE-OTHER", "TTYPE-LAST", "ALL-AGREED", "REFUSED", "SILENT",
	"TOO-MANY", "START-ENV", "WILL-ENV", "WONT-ENV", "ENV-GIVEN" };
static const char *const actions[] = { "", "", "DO START_TLS", "FOLLOWS, handshake",
	"DO TN3270E", "SEND DEVICE-TYPE", "choose an LU", "REJECT", "DEVICE-TYPE IS",
	"FUNCTIONS IS", "FUNCTIONS REQUEST", "DO TTYPE, LU back", "DONT TN3270E, DO TTYPE",
	"TTYPE SEND", "EOR, BINARY", "ready, TN3270", "line mode", "ready, line", "close",
	"DO NEW-ENVIRON", "NEW-ENVIRON SEND", "3270 off, line mode", "DONT TN3270E" };

#define TO(s, e, n, a) [NS_##s][NE_##e] = { NS_##n, NA_##a }
#define ENDS(s) TO(s, TOO_MANY, CLOSED, CLOSE)
#define NO_E(s) TO(s, WILL_E, s, NO_E)                  /* too late: we are elsewhere */

static const struct fsm_cell cells[NS_N][NE_N] = {
	TO(NEW, START, E, DO_E),
	TO(NEW, START_TLS, TLS, DO_TLS),
	TO(NEW, START_NOE, TTYPE, DO_TTYPE),
	TO(NEW, START_ENV, ENV, DO_ENV),

	TO(ENV, WILL_ENV, ENV_IS, SEND_ENV),
	TO(ENV, WONT_ENV, E, DO_E),
	TO(ENV, SILENT, E, DO_E), ENDS(ENV),
	TO(ENV_IS, ENV_IS, E, DO_E),
	TO(ENV_IS, WONT_ENV, E, DO_E),
	TO(ENV_IS, SILENT, E, DO_E), ENDS(ENV_IS),

	TO(TLS, WILL_TLS, TLS_FOLLOWS, NONE),
	TO(TLS, FOLLOWS, CLOSED, TLS),                  /* FOLLOWS without WILL: it will do */
	TO(TLS, WONT_TLS, E, DO_E),
	TO(TLS, WONT_TLS_END, CLOSED, CLOSE),
	TO(TLS, SILENT, CLOSED, CLOSE), ENDS(TLS),
	TO(TLS_FOLLOWS, FOLLOWS, CLOSED, TLS),
	TO(TLS_FOLLOWS, WONT_TLS, E, DO_E),
	TO(TLS_FOLLOWS, WONT_TLS_END, CLOSED, CLOSE),
	TO(TLS_FOLLOWS, SILENT, CLOSED, CLOSE), ENDS(TLS_FOLLOWS),

	TO(E, WILL_E, DEVICE, SEND_DEV),
	TO(E, WONT_E, TTYPE, DO_TTYPE),
	TO(E, WILL_TTYPE, E, NONE),                     /* before its WONT TN3270E: 2.2 */
	TO(E, SILENT, TTYPE, DO_TTYPE), ENDS(E),

	TO(DEVICE, DEV_OK, LU, CHOOSE),
	TO(DEVICE, DEV_BAD, DEVICE, REJECT),
	TO(DEVICE, WONT_E, TTYPE, DO_TTYPE),
	TO(DEVICE, WILL_TTYPE, DEVICE, NONE),
	TO(DEVICE, SILENT, CLOSED, CLOSE), ENDS(DEVICE),

	TO(LU, LU, FUNC, IS),
	TO(LU, NO_LU, DEVICE, REJECT),
	TO(LU, SILENT, CLOSED, CLOSE), ENDS(LU),

	TO(FUNC, FUN_SAME, E_READY, FUN_IS),
	TO(FUNC, FUN_LESS, FUNC, FUN_REQ),
	TO(FUNC, FUN_STUCK, TTYPE, DONT_E),
	TO(FUNC, DEV_OK, FUNC, REJECT),                 /* one LU a connection: tn3270e 16 */
	TO(FUNC, DEV_BAD, FUNC, REJECT),
	TO(FUNC, WONT_E, TTYPE, DO_TTYPE),
	TO(FUNC, WILL_TTYPE, FUNC, NONE),
	TO(FUNC, SILENT, CLOSED, CLOSE), ENDS(FUNC),

	TO(E_READY, DEV_OK, E_READY, REJECT),
	TO(E_READY, DEV_BAD, E_READY, REJECT),
	TO(E_READY, FUN_SAME, E_READY, FUN_IS),
	TO(E_READY, WONT_E, TTYPE, DO_TTYPE),
	ENDS(E_READY),

	TO(TTYPE, WILL_TTYPE, NAME, SEND_TT),
	TO(TTYPE, WONT_TTYPE, LINE_LU, LINE),
	TO(TTYPE, SILENT, CLOSED, CLOSE),               /* said nothing at all: 3.4 */
	TO(TTYPE, WONT_E, TTYPE, NONE),
	TO(TTYPE, WILL_E, DEVICE, SEND_DEV), ENDS(TTYPE),

	TO(NAME, TT_3270, R_LU, CHOOSE),
	TO(NAME, TT_NEXT, NAME, SEND_TT),
	TO(NAME, TT_LAST, LINE_LU, LINE),
	TO(NAME, WONT_TTYPE, LINE_LU, LINE),
	TO(NAME, WONT_E, NAME, NONE),
	TO(NAME, SILENT, CLOSED, CLOSE), ENDS(NAME), NO_E(NAME),

	TO(R_LU, LU, R_OPTS, R_OPTS),
	TO(R_LU, NO_LU, NAME, SEND_TT),                 /* the next of its list: 6.2 */
	TO(R_LU, SILENT, CLOSED, CLOSE), ENDS(R_LU), NO_E(R_LU),

	TO(R_OPTS, R_ALL, R_READY, READY_R),
	TO(R_OPTS, R_REFUSED, LINE_LU, LEAVE_R),
	TO(R_OPTS, WONT_TTYPE, LINE_LU, LEAVE_R),
	TO(R_OPTS, SILENT, CLOSED, CLOSE), ENDS(R_OPTS), NO_E(R_OPTS),

	TO(R_READY, R_REFUSED, LINE_LU, LEAVE_R),       /* back to NVT: RFC 1576 */
	TO(R_READY, WONT_TTYPE, LINE_LU, LEAVE_R),
	TO(R_READY, R_ALL, R_READY, NONE),
	ENDS(R_READY), NO_E(R_READY),

	TO(LINE_LU, LU, LINE, READY_L),
	TO(LINE_LU, NO_LU, CLOSED, CLOSE),
	TO(LINE_LU, SILENT, CLOSED, CLOSE), ENDS(LINE_LU), NO_E(LINE_LU),
	ENDS(LINE), NO_E(LINE),
};

FSM_DESC(tnneg_fsm, "TNNEG", states, events, actions, cells);

/* --- words of ours --- */

enum { TNC_ASSOCIATE, TNC_CONNECT, TNC_DEVICE_TYPE, TNC_FUNCTIONS, TNC_IS, TNC_REASON, TNC_REJECT,
	TNC_REQUEST, TNC_SEND };

static void
say_reject(struct tnneg *n, struct telnet *t)
{
	const uint8_t sb[] = { TNC_DEVICE_TYPE, TNC_REJECT, TNC_REASON, n->reason };

	n->rejects++;
	if (n->reason == TNREJ_UNSUPPORTED_REQ)
		n->no_specific = 1;
	tel_put_sb(t, TO_TN3270E, sb, sizeof(sb));
}

/* The type as the client wrote it, and the LU's name always: RFC 2355 4. */
static void
say_is(const struct tnneg *n, struct telnet *t)
{
	uint8_t sb[TNNEG_TYPE_MAX + TNNEG_NAME_MAX + 8];
	struct wr w = wr_on(sb, sizeof(sb));

	wr_u8(&w, TNC_DEVICE_TYPE);
	wr_u8(&w, TNC_IS);
	wr_bytes(&w, n->type, strlen(n->type));
	wr_u8(&w, TNC_CONNECT);
	wr_bytes(&w, n->name, strlen(n->name));
	tel_put_sb(t, TO_TN3270E, sb, wr_len(&w));
}

static void
say_functions(struct telnet *t, uint8_t verb, uint8_t set)
{
	uint8_t sb[2 + TNF_N];
	struct wr w = wr_on(sb, sizeof(sb));

	wr_u8(&w, TNC_FUNCTIONS);
	wr_u8(&w, verb);
	for (unsigned f = 0; f < TNF_N; f++)
		if (set & TNF(f))
			wr_u8(&w, f);
	tel_put_sb(t, TO_TN3270E, sb, wr_len(&w));
}

static enum tnneg_say
closes(struct tnneg *n, unsigned event)
{
	static const char *const why[NE_N] = {
		[NE_WONT_TLS_END] = "this port needs TLS and the client refused START_TLS",
		[NE_SILENT] = "the client did not answer the negotiation in time",
		[NE_TOO_MANY] = "too many negotiation attempts on one connection",
		[NE_NO_LU] = "no LU is free for a line mode client",
	};

	if (n->why == NULL)
		n->why = why[event] != NULL ? why[event] : "the negotiation failed";
	return TNNEG_CLOSE;
}

static void
ask_3270(struct telnet *t)
{
	tel_ask(t, TV_DO, TO_EOR);
	tel_ask(t, TV_WILL, TO_EOR);
	tel_ask(t, TV_DO, TO_BINARY);
	tel_ask(t, TV_WILL, TO_BINARY);
}

static void
say_no_e(struct telnet *t)
{
	tel_ask(t, TV_DONT, TO_TN3270E);
	tel_ask(t, TV_WONT, TO_TN3270E);
}

/* All four off again, whichever stand: the client is an NVT then (RFC 1576). */
static void
leave_3270(struct tnneg *n, struct telnet *t)
{
	n->mode = TNMODE_NONE;
	n->lu = 0;
	tel_ask(t, TV_DONT, TO_EOR);
	tel_ask(t, TV_WONT, TO_EOR);
	tel_ask(t, TV_DONT, TO_BINARY);
	tel_ask(t, TV_WONT, TO_BINARY);
}

static enum tnneg_say step(struct tnneg *, struct telnet *, unsigned event);

static bool
all_3270(const struct telnet *t)
{
	return tel_us(t, TO_EOR) && tel_him(t, TO_EOR) && tel_us(t, TO_BINARY) &&
	    tel_him(t, TO_BINARY);
}

static bool
printer(const struct tnneg *n)
{
	const struct tndev *d = tndev_at(n->device);

	return d != NULL && d->class == TNDEV_PRINTER;
}

/* Down to the terminal type; WILL TTYPE may have come before (companion 2.2). */
static enum tnneg_say
go_ttype(struct tnneg *n, struct telnet *t)
{
	enum tnneg_say say = n->lu ? TNNEG_LU_GONE : TNNEG_NOTHING;

	n->lu = 0;
	n->device = 0;
	n->offered = TNF_UNKNOWN;
	n->mode = TNMODE_NONE;
	if (tel_him(t, TO_TTYPE))
		(void)step(n, t, NE_WILL_TTYPE);
	else
		tel_ask(t, TV_DO, TO_TTYPE);
	return say;
}

static enum tnneg_say
go_line(struct tnneg *n)
{
	if (!n->line_ok) {
		n->why = "the client has no 3270 terminal type and line mode is not served here";
		return TNNEG_CLOSE;
	}
	n->device = TNDEV_LINEMODE;
	n->kind = TNREQ_GENERIC;
	n->name[0] = '\0';
	snprintf(n->type, sizeof(n->type), "LINEMODE");
	return TNNEG_LU;
}

static enum tnneg_say
ready(struct tnneg *n, enum tnneg_mode mode)
{
	n->mode = (uint8_t)mode;
	return TNNEG_READY;
}

static enum tnneg_say
act(struct tnneg *n, struct telnet *t, unsigned action, unsigned event)
{
	static const uint8_t follows[] = { 1 }, send_dev[] = { TNC_SEND, TNC_DEVICE_TYPE };
	static const uint8_t send_tt[] = { 1 };
	const uint8_t *env;
	size_t len;

	switch (action) {
	case NA_DO_TLS:
		tel_ask(t, TV_DO, TO_START_TLS);
		return TNNEG_NOTHING;
	case NA_TLS:
		tel_put_sb(t, TO_START_TLS, follows, sizeof(follows));
		return TNNEG_TLS;
	case NA_DO_ENV:
		tel_ask(t, TV_DO, TO_ENVIRON);
		return TNNEG_NOTHING;
	case NA_SEND_ENV:
		len = tnenv_send(&env);
		tel_put_sb(t, TO_ENVIRON, env, len);
		return TNNEG_NOTHING;
	case NA_DO_E:
		if (n->no_e)
			return step(n, t, NE_WONT_E);
		tel_ask(t, TV_DO, TO_TN3270E);
		return TNNEG_NOTHING;
	case NA_SEND_DEV:
		tel_put_sb(t, TO_TN3270E, send_dev, sizeof(send_dev));
		return TNNEG_NOTHING;
	case NA_CHOOSE:
		return TNNEG_LU;
	case NA_REJECT:
		say_reject(n, t);
		return n->rejects >= TNNEG_REJECTS ? step(n, t, NE_TOO_MANY) : TNNEG_NOTHING;
	case NA_IS:
		say_is(n, t);
		return TNNEG_NOTHING;
	case NA_FUN_IS:
		say_functions(t, TNC_IS, n->funcs);
		return n->mode == TNMODE_E ? TNNEG_NOTHING : ready(n, TNMODE_E);
	case NA_FUN_REQ:
		say_functions(t, TNC_REQUEST, n->offered);
		return TNNEG_NOTHING;
	case NA_DONT_E:
		n->down = printer(n) ? "the printer and this port agree on neither "
		    "SCS-CTL-CODES nor DATA-STREAM-CTL: TN3270E left, TN3270 offered" :
		    "no agreement on TN3270E functions: TN3270E left, TN3270 offered";
		say_no_e(t);
		return go_ttype(n, t);
	case NA_DO_TTYPE:
		return go_ttype(n, t);
	case NA_SEND_TT:
		tel_put_sb(t, TO_TTYPE, send_tt, sizeof(send_tt));
		return TNNEG_NOTHING;
	case NA_R_OPTS:
		ask_3270(t);
		return all_3270(t) ? step(n, t, NE_R_ALL) : TNNEG_NOTHING;
	case NA_READY_R:
		return ready(n, TNMODE_3270);
	case NA_LEAVE_R:
		leave_3270(n, t);
		return go_line(n);
	case NA_NO_E:
		say_no_e(t);
		return TNNEG_NOTHING;
	case NA_LINE:
		return go_line(n);
	case NA_READY_L:
		return ready(n, TNMODE_LINE);
	case NA_CLOSE:
		return closes(n, event);
	default:
		return TNNEG_NOTHING;
	}
}

static enum tnneg_say
step(struct tnneg *n, struct telnet *t, unsigned event)
{
	return act(n, t, fsm_step(&n->fsm, event, "tnneg"), event);
}

/* --- words of the client --- */

/* FUNCTIONS list as bits. */
static uint8_t
functions_get(struct rd *r)
{
	uint8_t set = 0;

	while (rd_left(r) != 0) {
		uint8_t f = rd_u8(r);

		set |= (uint8_t)(f < TNF_N ? TNF(f) : TNF_UNKNOWN);
	}
	return set;
}

static uint8_t
may_have(const struct tnneg *n)
{
	const struct tndev *d = tndev_at(n->device);
	uint8_t may = n->allowed;

	/* Printers speak SCS and 3270 data, displays neither: RFC 2355 10.1, 10.2. */
	if (d != NULL && d->class == TNDEV_PRINTER)
		may |= TNF(TNF_SCS_CTL_CODES) | TNF(TNF_DATA_STREAM_CTL);
	else
		may &= (uint8_t)~(TNF(TNF_SCS_CTL_CODES) | TNF(TNF_DATA_STREAM_CTL));
	return may;
}

/* A printer that can have neither data stream has nothing to print: companion N-28. */
static bool
useless(const struct tnneg *n, uint8_t set)
{
	return printer(n) && (set & (TNF(TNF_SCS_CTL_CODES) | TNF(TNF_DATA_STREAM_CTL))) == 0;
}

/* RFC 2355 7.2: the same list: IS; a shorter one: REQUEST, once; else give up. */
static unsigned
classify_functions(struct tnneg *n, uint8_t verb, uint8_t asked)
{
	uint8_t less = asked & may_have(n);

	if (verb == TNC_IS) {
		if (n->offered == TNF_UNKNOWN || asked != n->offered)
			return NE_FUN_STUCK;
		n->funcs = asked;
		return useless(n, asked) ? NE_FUN_STUCK : NE_FUN_SAME;
	}
	if (useless(n, less))
		return NE_FUN_STUCK;
	if (less == asked) {
		n->funcs = asked;
		return NE_FUN_SAME;
	}
	if (less == n->offered)
		return NE_FUN_STUCK;
	n->offered = less;
	return NE_FUN_LESS;
}

/* Our REQUEST was accepted with IS: nothing more is to be said. */
static enum tnneg_say
functions(struct tnneg *n, struct telnet *t, uint8_t verb, struct rd *r)
{
	unsigned event = classify_functions(n, verb, functions_get(r));

	if (verb == TNC_IS && event == NE_FUN_SAME && n->mode != TNMODE_E) {
		if (fsm_step(&n->fsm, event, "tnneg") == 0)
			return TNNEG_NOTHING;
		return ready(n, TNMODE_E);
	}
	return step(n, t, event);
}

static bool
name_byte(uint8_t c)
{
	return c > ' ' && c < 0x7f;
}

/* Raw ASCII up to the next code. A byte no name has makes it a name nothing has. */
static size_t
text_get(struct rd *r, char *to, size_t room)
{
	size_t n = 0;

	while (rd_left(r) != 0 && rd_peek(r) >= ' ') {
		uint8_t c = rd_u8(r);

		if (n < room - 1)
			to[n] = name_byte(c) ? (char)c : '?';
		n++;
	}
	to[n < room ? n : room - 1] = '\0';
	return n;
}

static void
upper(char *s)
{
	for (; *s != '\0'; s++)
		*s = (char)toupper((unsigned char)*s);
}

static unsigned
refuse(struct tnneg *n, enum tnneg_reason reason)
{
	n->reason = (uint8_t)reason;
	return NE_DEV_BAD;
}

/* DEVICE-TYPE REQUEST: type, and CONNECT or ASSOCIATE with a name, not both. */
static unsigned
classify_device(struct tnneg *n, struct rd *r)
{
	char type[TNNEG_TYPE_MAX] = "", name[TNNEG_NAME_MAX + 1] = "";
	size_t tn = text_get(r, type, sizeof(type)), nn = 0;
	uint8_t kind = TNREQ_GENERIC;
	unsigned dev;

	if (rd_left(r) != 0) {
		kind = rd_u8(r) == TNC_CONNECT ? TNREQ_CONNECT : TNREQ_ASSOCIATE;
		nn = text_get(r, name, sizeof(name));
	}
	if (n->lu)
		return refuse(n, TNREJ_UNKNOWN_ERROR);
	dev = tndev_find(type, strlen(type));
	if (tn >= sizeof(type) || dev == 0 || dev == TNDEV_LINEMODE)
		return refuse(n, TNREJ_INV_DEVICE_TYPE);
	if (rd_left(r) != 0)
		return refuse(n, TNREJ_UNSUPPORTED_REQ);
	if (kind == TNREQ_ASSOCIATE && tndev_at(dev)->class != TNDEV_PRINTER)
		return refuse(n, TNREJ_INV_ASSOCIATE);
	if (kind != TNREQ_GENERIC && (nn == 0 || nn > TNNEG_NAME_MAX))
		return refuse(n, kind == TNREQ_ASSOCIATE ? TNREJ_INV_ASSOCIATE : TNREJ_INV_NAME);
	upper(name);
	n->device = (uint8_t)dev;
	n->kind = kind;
	memcpy(n->type, type, sizeof(type));
	memcpy(n->name, name, sizeof(name));
	return NE_DEV_OK;
}

static enum tnneg_say
input_e(struct tnneg *n, struct telnet *t, const struct tel_ind *ind)
{
	struct rd r = rd_on(ind->sb, ind->sb_len);
	uint8_t what = rd_u8(&r), verb = rd_u8(&r);

	if (r.bad)
		return TNNEG_NOTHING;
	if (what == TNC_DEVICE_TYPE && verb == TNC_REQUEST && (n->fsm.state == NS_DEVICE ||
	    n->fsm.state == NS_FUNC || n->fsm.state == NS_E_READY))
		return step(n, t, classify_device(n, &r));
	if (what == TNC_FUNCTIONS && n->fsm.state == NS_FUNC &&
	    (verb == TNC_REQUEST || verb == TNC_IS))
		return functions(n, t, verb, &r);
	return TNNEG_NOTHING;           /* garbage is ignored: companion 16 */
}

static uint32_t
hash(const uint8_t *p, size_t n)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 16777619u;
	return h | 1;
}

/* RFC 1091: the list ends when its last name comes twice, or it begins again (our
 * choice). RFC 1646: type@LU. */
static unsigned
classify_ttype(struct tnneg *n, struct rd *r)
{
	uint32_t h = hash(r->p, rd_left(r));
	char text[TNNEG_TYPE_MAX + TNNEG_NAME_MAX + 2], *at;
	size_t len = text_get(r, text, sizeof(text));
	unsigned dev;

	if (len >= sizeof(text))
		return NE_TT_LAST;
	at = strchr(text, '@');
	if (at != NULL)
		*at++ = '\0';
	dev = tndev_find(text, strlen(text));
	if (h == n->last_ttype || h == n->first_ttype)
		return NE_TT_LAST;
	if (n->first_ttype == 0)
		n->first_ttype = h;
	n->last_ttype = h;
	if (dev == 0 || dev == TNDEV_LINEMODE || strlen(text) >= sizeof(n->type))
		return NE_TT_NEXT;
	if (at != NULL && strlen(at) > TNNEG_NAME_MAX)
		return NE_TT_NEXT;
	n->device = (uint8_t)dev;
	memcpy(n->type, text, strlen(text) + 1);
	n->kind = at != NULL && *at != '\0' ? TNREQ_CONNECT : TNREQ_GENERIC;
	snprintf(n->name, sizeof(n->name), "%s", n->kind == TNREQ_CONNECT ? at : "");
	upper(n->name);
	return NE_TT_3270;
}

/* The list of names is at its end: no LU, or no 3270 type. */
static enum tnneg_say
ttype(struct tnneg *n, struct telnet *t, const struct tel_ind *ind)
{
	struct rd r = rd_on(ind->sb, ind->sb_len);
	unsigned event;

	if (rd_u8(&r) != 0 || r.bad || n->fsm.state != NS_NAME)
		return TNNEG_NOTHING;   /* not asked for: what is agreed stays */
	event = classify_ttype(n, &r);
	if (event == NE_TT_LAST && n->device > TNDEV_LINEMODE) {
		n->why = n->reason == TNREJ_INV_NAME ? "the LU name asked for is not defined here" :
		    n->reason == TNREJ_DEVICE_IN_USE ? "the LU asked for is in use, or none is "
		    "free" :
		    "no LU could be given to the client";
		return step(n, t, NE_TOO_MANY);
	}
	return step(n, t, event);
}

/* The answer to our SEND counts, nothing later: who is who is settled here. What can't be
 * read says nothing. */
static unsigned
classify_env(struct tnneg *n, const struct tel_ind *ind)
{
	if (n->fsm.state != NS_ENV_IS)
		return 0;
	(void)tnenv_get(&n->env, ind->sb, ind->sb_len);
	return NE_ENV_IS;
}

static unsigned
classify_option(const struct tnneg *n, const struct telnet *t, const struct tel_ind *ind)
{
	bool yes = ind->verb == TV_WILL;

	if (ind->verb == TV_WILL || ind->verb == TV_WONT) {
		if (ind->opt == TO_TN3270E)
			return yes ? NE_WILL_E : NE_WONT_E;
		if (ind->opt == TO_TTYPE)
			return yes ? NE_WILL_TTYPE : NE_WONT_TTYPE;
		if (ind->opt == TO_START_TLS)
			return yes ? NE_WILL_TLS : n->tls_must ? NE_WONT_TLS_END : NE_WONT_TLS;
		if (ind->opt == TO_ENVIRON)
			return yes ? NE_WILL_ENV : NE_WONT_ENV;
	}
	if (ind->opt == TO_TN3270E && ind->verb == TV_DO)
		return NE_WILL_E;       /* it asks us to be what we are: companion 2.3 */
	if (ind->opt != TO_EOR && ind->opt != TO_BINARY)
		return 0;
	if (n->fsm.state != NS_R_OPTS && n->fsm.state != NS_R_READY)
		return 0;               /* volunteered under TN3270E: implied there */
	if (ind->verb == TV_WONT || ind->verb == TV_DONT)
		return NE_R_REFUSED;
	return all_3270(t) ? NE_R_ALL : 0;
}

/* --- from outside --- */

static void
tnneg_reset(struct tnneg *n, const struct tnneg_conf *c)
{
	*n = (struct tnneg){ .allowed = c->functions, .offered = TNF_UNKNOWN, .no_e = c->no_e,
		.line_ok = c->line, .tls_must = c->tls == TNNEG_TLS_MUST,
		.reason = TNREJ_UNKNOWN_ERROR };
	fsm_init(&n->fsm, &tnneg_fsm, NS_NEW);
}

enum tnneg_say
tnneg_start(struct tnneg *n, const struct tnneg_conf *c, struct telnet *t)
{
	tnneg_reset(n, c);
	return step(n, t, c->tls != TNNEG_PLAIN ? NE_START_TLS : c->env ? NE_START_ENV :
	    c->no_e ? NE_START_NOE : NE_START);
}

enum tnneg_say
tnneg_input(struct tnneg *n, struct telnet *t, const struct tel_ind *ind)
{
	unsigned event = 0;

	if (tnneg_ready(n))
		n->steps = 0;           /* a long session is no flood */
	else if (++n->steps >= TNNEG_STEPS)
		return step(n, t, NE_TOO_MANY);
	if (ind->what == TEL_OPTION) {
		event = classify_option(n, t, ind);
	} else if (ind->what == TEL_SB) {
		if (ind->opt == TO_TN3270E)
			return input_e(n, t, ind);
		if (ind->opt == TO_TTYPE)
			return ttype(n, t, ind);
		if (ind->opt == TO_ENVIRON)
			event = classify_env(n, ind);
		if (ind->opt == TO_START_TLS && ind->sb_len == 1 && ind->sb[0] == 1)
			event = NE_FOLLOWS;
	}
	return event == 0 ? TNNEG_NOTHING : step(n, t, event);
}

enum tnneg_say
tnneg_lu(struct tnneg *n, struct telnet *t, const char *lu, enum tnneg_reason reason)
{
	n->reason = (uint8_t)reason;
	if (lu == NULL)
		return step(n, t, NE_NO_LU);
	n->lu = 1;
	snprintf(n->name, sizeof(n->name), "%s", lu);
	return step(n, t, NE_LU);
}

enum tnneg_say
tnneg_silent(struct tnneg *n, struct telnet *t)
{
	return tnneg_ready(n) ? TNNEG_NOTHING : step(n, t, NE_SILENT);
}

/* An offer nobody answers is followed by the next one; who has begun gets more time. */
int32_t
tnneg_patience(const struct tnneg *n)
{
	unsigned s = n->fsm.state;

	return s == NS_E || s == NS_TTYPE || s == NS_ENV || s == NS_ENV_IS ? TNNEG_FIRST_S :
	    TNNEG_S;
}

bool
tnneg_ready(const struct tnneg *n)
{
	return n->mode != TNMODE_NONE;
}

bool
tnneg_wants_lu(const struct tnneg *n)
{
	return n->fsm.state == NS_LU || n->fsm.state == NS_R_LU || n->fsm.state == NS_LINE_LU;
}

bool
tnneg_agreed(const struct tnneg *n, enum tnneg_func f)
{
	return n->mode == TNMODE_E && (n->funcs & TNF(f)) != 0;
}

const char *
tnneg_mode_text(const struct tnneg *n)
{
	static const char *const text[] = { "NEGOTIATING", "TN3270E", "TN3270", "LINEMODE" };

	return text[n->mode];
}

const char *
tnneg_reason_text(unsigned reason)
{
	static const char *const text[] = { "CONN-PARTNER", "DEVICE-IN-USE", "INV-ASSOCIATE",
		"INV-NAME", "INV-DEVICE-TYPE", "TYPE-NAME-ERROR", "UNKNOWN-ERROR",
		"UNSUPPORTED-REQ" };

	return reason < sizeof(text) / sizeof(text[0]) ? text[reason] : "?";
}

char *
tnneg_funcs_text(const struct tnneg *n, char to[32])
{
	static const char *const name[TNF_N] = { "BI", "DS", "RS", "SC", "SR", "CR", "SS" };
	size_t k = 0;

	to[0] = '\0';
	for (unsigned f = 0; f < TNF_N; f++)
		if (n->mode == TNMODE_E && (n->funcs & TNF(f)) != 0)
			k += (size_t)snprintf(to + k, 32 - k, "%s%s", k == 0 ? "" : " ", name[f]);
	return to;
}

void
tnneg_print(struct con *c)
{
	fsm_print(&tnneg_fsm, c);
}
