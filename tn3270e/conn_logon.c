/* SPDX-License-Identifier: Apache-2.0
 *
 * Between sessions: the default application is asked for, or the logo is shown
 * (USSMSG10) and what is typed is read as a USS command. A logon that fails is
 * told on the screen with its sense code and what that means.
 *
 * Clients of the 3270 kind get the 3270 form, also where a SCS table is named:
 * it is the better screen, and every TN3270E client takes it behind the
 * pseudo-BIND (our choice). The SCS table is for line mode.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "snaee/bind.h"
#include "snaee/sense.h"
#include "tn3270e/codepage.h"
#include "tn3270e/conn_parts.h"
#include "tn3270e/tndev.h"
#include "vtamsim/ds3270.h"
#include "vtamsim/uss.h"

#define ROWS 24
#define COLS 80
#define RETRY_S 30              /* LOGAPPL, QINIT, printers: ask again (our choice) */
#define AID_CLEAR 0x6d

static bool
is_class(const struct conn *c, enum tndev_class class)
{
	const struct tndev *d = tndev_at(c->neg.device);

	return d != NULL && d->class == class;
}

/* --- painting --- */

static const struct usstab *
table(const struct conn *c)
{
	const struct tnp_uss *u = profile_uss(c->port, &c->who);

	if (u == NULL)
		return NULL;
	if (c->neg.mode == TNMODE_LINE && u->tab[1] != NULL)
		return u->tab[1];
	return u->tab[0];
}

/* A profile without a USS table still needs a first screen. */
static void
own_logo(const struct conn *c, const char *lu, struct wr *w)
{
	struct ds d;

	if (c->neg.mode == TNMODE_LINE) {
		char t[100];
		int n = snprintf(t, sizeof(t), "SNAGATE  LU %s\nENTER LOGON APPLID(NAME)\n", lu);

		for (int i = 0; i < n; i++)
			wr_u8(w, t[i] == '\n' ? 0x15 : ebc_from((unsigned char)t[i]));
		return;
	}
	ds_begin(&d, *w, ROWS, COLS, DS_PLAIN);
	ds_cmd(&d, DS_EW, DS_WCC_READY);
	ds_field(&d, 1, 1, DS_PROT | DS_BRIGHT, "SNAGATE TN3270E GATEWAY");
	ds_field(&d, 3, 1, DS_PROT, "LU ");
	ds_text(&d, lu);
	ds_field(&d, 5, 1, DS_PROT, "Enter LOGON APPLID(name) to begin a session");
	ds_field(&d, 7, 1, DS_PROT, "===>");
	ds_at(&d, 7, 7);
	ds_sf(&d, 0);
	ds_ic(&d);
	ds_field(&d, 23, 1, DS_PROT, "");
	*w = d.w;
}

/* Text of line mode: what comes next begins a line. */
static void
end_line(const struct conn *c, struct wr *w)
{
	if (c->neg.mode == TNMODE_LINE && wr_len(w) != 0 && w->p[-1] != 0x15)
		wr_u8(w, 0x15);
}

static void
add_note(const struct conn *c, const char *note, struct wr *w)
{
	struct ds d;
	char text[COLS];

	if (note == NULL || note[0] == '\0')
		return;
	snprintf(text, sizeof(text), "%s", note);
	if (c->neg.mode == TNMODE_LINE) {
		for (const char *p = text; *p != '\0'; p++)
			wr_u8(w, ebc_from((unsigned char)*p));
		end_line(c, w);
		return;
	}
	ds_begin(&d, *w, ROWS, COLS, DS_PLAIN);
	ds_field(&d, ROWS, 1, DS_PROT | DS_BRIGHT, text);
	*w = d.w;
}

static void
fill_vars(const struct conn *c, struct uss_vars *v, char addr[IPADDR_TEXT], char netid[9])
{
	time_t t = time(NULL);

	*v = (struct uss_vars){ .luname = conn_lu(c), .ipaddr = ipaddr_text(&c->who.addr, addr),
		.iphost = c->who.host,
		.port = c->cport, .netid = netid, .hostnet = netid };
	name_netid(&c->lu.name, netid);
	(void)localtime_r(&t, &v->now);
}

/* What a message needs beyond the usual. */
struct paint {
	unsigned msg;
	uint32_t sense;
	const char *runame;
	const char *insert[USS_INSERTS];
	const char *note;               /* plain words at the bottom */
};

static void
paint(struct conn *c, const struct paint *p, struct mono now)
{
	const struct usstab *tab = table(c);
	const struct uss_screen sc = { c->neg.mode == TNMODE_LINE ? USS_F_LINE : USS_F_3270, ROWS,
		COLS };
	struct tnlu_env e = conn_env(c, now);
	struct buf *b = buf_get(e.port->bufs, BUF_BIG);
	char addr[IPADDR_TEXT], netid[9];
	struct uss_vars v;
	struct wr w;

	if (b == NULL) {
		c->tel.starved = 1;
		return;
	}
	w = wr_on(b->p, buf_tailroom(b));
	fill_vars(c, &v, addr, netid);
	v.sense = p->sense;
	v.runame = p->runame;
	memcpy(v.insert, p->insert, sizeof(v.insert));
	if (p->msg == USS_M_LOGO && (tab == NULL || !usstab_has(tab, USS_M_LOGO)))
		own_logo(c, v.luname, &w);
	else if (!uss_message(tab, p->msg, &v, &sc, &w) && wr_len(&w) == 0) {
		buf_free(b);                    /* SUPP=ALWAYS, or too long */
		return;
	}
	end_line(c, &w);
	add_note(c, p->note, &w);
	if (w.bad) {
		buf_free(b);
		return;
	}
	(void)buf_put(b, wr_len(&w));
	tnlu_screen(&c->lu, &e, sc.form == USS_F_3270 ? TNLU_F_3270 : TNLU_F_SCS, b);
	c->screen = p->msg == USS_M_LOGO ? SCR_LOGO : SCR_MESSAGE;
	conn_touch(c);
}

static void
show_logo(struct conn *c, const char *note, struct mono now)
{
	const struct paint p = { .msg = USS_M_LOGO, .note = note };

	if (!is_class(c, TNDEV_PRINTER))
		paint(c, &p, now);
}

void
conn_logon_screen(struct conn *c, struct mono now)
{
	show_logo(c, NULL, now);
}

/* NVT text while negotiating; a screen where there is one. Never inside TLS's beginning. */
void
conn_tell(struct conn *c, const char *text, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);
	struct buf *b;
	struct ds d;

	if (c->state == CS_TLS || c->state == CS_PEEK || c->tel.bufs == NULL ||
	    is_class(c, TNDEV_PRINTER))
		return;
	b = buf_get(e.port->bufs, BUF_SMALL);
	if (b == NULL)
		return;
	if (c->state == CS_RUN && c->neg.mode != TNMODE_LINE) {
		ds_begin(&d, wr_on(b->p, buf_tailroom(b)), ROWS, COLS, DS_PLAIN);
		ds_cmd(&d, DS_EW, DS_WCC_READY);
		ds_field(&d, 1, 1, DS_PROT | DS_BRIGHT, text);
		ds_at(&d, 3, 1);
		ds_sf(&d, 0);
		ds_ic(&d);
		(void)buf_put(b, wr_len(&d.w));
		if (c->neg.mode == TNMODE_3270 || !tnlu_in_session(&c->lu))
			tnlu_screen(&c->lu, &e, TNLU_F_3270, b);
		else
			buf_free(b);
	} else {
		buf_append(b, "\r\nsnagate: ", 11);
		buf_append(b, text, strlen(text) > 300 ? 300 : strlen(text));
		buf_append(b, "\r\n", 2);
		tel_send_text(&c->tel, b);
	}
	conn_touch(c);
}

/* --- logging on --- */

static bool
request(struct conn *c, const char *appl, const char *mode, const uint8_t *data, size_t n,
    struct mono now)
{
	struct tnlu_env e = conn_env(c, now);
	struct acb_logon l = { .data_len = (uint8_t)n };

	if (!name_set(&l.appl, appl))
		return false;
	snprintf(l.mode, sizeof(l.mode), "%s", mode[0] != '\0' ? mode : c->mode);
	memcpy(l.data, data, n);
	codepage_from_037(c->port->page, l.data, n);
	c->w->stat[TN_LOGONS]++;
	return tnlu_logon(&c->lu, &e, &l);
}

const struct tnp_appl *
conn_default_appl(const struct conn *c)
{
	enum tnp_applkind kind = is_class(c, TNDEV_PRINTER) ? TA_PRINTER :
	    is_class(c, TNDEV_LINE) ? TA_LINE : TA_DEFAULT;

	return profile_appl(c->port, &c->who, c->map, kind);
}

static void
denied(const struct conn *c, const char *appl, enum tnp_deny why, char note[COLS])
{
	switch (why) {
	case TDN_NONE:
	case TDN_UNKNOWN:
		snprintf(note, COLS, "No ALLOWAPPL of this port lets %s log on to %s", conn_lu(c),
		    appl);
		break;
	case TDN_LU:
		snprintf(note, COLS, "%s may not be chosen from LU %s", appl, conn_lu(c));
		break;
	case TDN_NO_USER:
		snprintf(note, COLS, "%s is for users known by their certificate: show one", appl);
		break;
	case TDN_USER:
		snprintf(note, COLS, "%s is not for user %s (RESTRICTAPPL)", appl, c->who.user);
		break;
	case TDN_PRINTER:
		snprintf(note, COLS, "%s is not for printers (RESTRICTAPPL without ALLOWPRINTER)",
		    appl);
		break;
	case TDN_PASSWORD:
		snprintf(note, COLS, "%s needs a password, and none can be checked here", appl);
		break;
	}
}

/* The client stays: EZZ6034I tells it. What is tried again by itself fails once. */
static void
tell_no_session(struct conn *c, uint32_t sense, const char *text)
{
	struct tn_report r;
	char hex[9];

	if (sense == c->no_session)
		return;
	c->no_session = sense;
	snprintf(hex, sizeof(hex), "%08X", sense);
	r = worker_report_of(c, TR_NO_SESSION, hex);
	r.error = 1;
	snprintf(r.text, sizeof(r.text), "%s", text);
	worker_report(c->w, &r);
}

/* Why not, on the screen; where there is none, or MSG07 is not wanted, with the end. */
static void
deny(struct conn *c, const char *appl, enum tnp_deny why, struct mono now)
{
	char note[COLS];
	const struct paint p = { .msg = USS_M_NOSESS, .sense = SENSE_NOT_AUTHORIZED,
		.runame = "REQSESS", .insert = { appl, "REQSESS", "080E0000" }, .note = note };

	denied(c, appl, why, note);
	c->w->stat[TN_LOGON_FAILED]++;
	if (!c->parms->v[TP_MSG07] || is_class(c, TNDEV_PRINTER)) {
		conn_drop(c, "SESSFAIL", note, now);
		return;
	}
	tell_no_session(c, SENSE_NOT_AUTHORIZED, note);
	paint(c, &p, now);
}

static void
begin(struct conn *c, const char *note, struct mono now)
{
	const struct tnp_appl *a = conn_default_appl(c);
	struct tnp_asks asks;
	enum tnp_deny why;

	c->appl = NULL;
	if (a == NULL || ((a->opts & TNA_FIRSTONLY) != 0 && c->first_done)) {
		show_logo(c, note, now);
		return;
	}
	c->first_done = 1;
	asks = conn_asks(c, a->name);
	why = profile_restricts(&asks);
	if (why != TDN_NONE) {
		deny(c, a->name, why, now);
		return;
	}
	c->appl = a;
	if (!request(c, a->name, "", (const uint8_t *)"", 0, now))
		conn_logon_failed(c, SENSE_NO_RESOURCE, now);
}

void
conn_logon_begin(struct conn *c, struct mono now)
{
	begin(c, NULL, now);
}

void
conn_logon_retry(struct conn *c, struct mono now)
{
	if (c->appl != NULL && c->lu.fsm.state == TLU_SSCP)
		(void)request(c, c->appl->name, "", (const uint8_t *)"", 0, now);
}

static const char *
screen_text(const struct conn *c, char to[16])
{
	const struct tndev *d = tndev_at(c->neg.device);

	if (d == NULL || d->dynamic)
		return "its own size";
	snprintf(to, 16, "%u by %u", d->rows, d->cols);
	return to;
}

/* What the sense code of a failed logon means, and to whom. */
static void
failure_text(const struct conn *c, uint32_t sense, char note[2 * COLS])
{
	char size[16];

	if (c->lu.bad_rows != 0 && sense == c->lu.sense)
		snprintf(note, 2 * COLS, "%.8s wants a screen of %u by %u, this %.20s has "
		    "%.15s", name_base(&c->lu.plu), c->lu.bad_rows, c->lu.bad_cols,
		    c->neg.type, screen_text(c, size));
	else
		snprintf(note, 2 * COLS, "%s: %s", name_base(&c->lu.plu), sense_text(sense));
}

/* USSMSG07: which application, which request, which sense; below, what it means. */
static void
show_failure(struct conn *c, uint32_t sense, const char *note, struct mono now)
{
	char hex[9];
	struct paint p = { .msg = USS_M_NOSESS, .sense = sense, .runame = "REQSESS",
		.insert = { name_base(&c->lu.plu), "REQSESS", hex }, .note = note };

	snprintf(hex, sizeof(hex), "%08X", sense);
	paint(c, &p, now);
}

/* Companion 9.3: MSG07 keeps the client; one that its LU sent there is told always. */
void
conn_logon_failed(struct conn *c, uint32_t sense, struct mono now)
{
	bool mapped = c->appl != NULL && c->map != NULL && c->map->appl == c->appl;
	bool again = c->appl != NULL && (c->appl->opts & (TNA_LOGAPPL | TNA_QINIT)) != 0;
	char text[2 * COLS];

	c->w->stat[TN_LOGON_FAILED]++;
	worker_detail(c, drop_reason(drop_reason_at("SESSFAIL"))->rcode, 2, sense,
	    sense_text(sense));
	failure_text(c, sense, text);
	if (is_class(c, TNDEV_PRINTER))
		again = true;
	if (is_class(c, TNDEV_PRINTER) || c->parms->v[TP_MSG07] || mapped || again)
		tell_no_session(c, sense, text);
	if (again && c->appl != NULL) {
		c->relog_at = mono_add(now, SECS(RETRY_S));
		conn_due(c);
	}
	if (is_class(c, TNDEV_PRINTER))
		return;
	if (c->parms->v[TP_MSG07] || mapped || again) {
		show_failure(c, sense, text, now);
		return;
	}
	snprintf(text, sizeof(text), "no session with %s, sense %08X: %.70s", name_base(&c->lu.plu),
	    sense, sense_text(sense));
	conn_drop(c, "SESSFAIL", text, now);
}

/* The host's word, or the operator's, is told always; words: why it was no logoff. */
static void
tell_end(struct conn *c, const char *reason, const char *words)
{
	struct tn_report r;
	bool stays = is_class(c, TNDEV_PRINTER) || c->parms->v[TP_LUSESSIONPEND];

	if (words[0] != '\0')
		c->w->stat[TN_SESSIONS_LOST]++;
	if (c->parms->v[TP_DEBUG] < DB_SUMMARY && (words[0] == '\0' || !stays))
		return;                 /* or CONN DROP tells it */
	r = worker_report_of(c, TR_SESS_DROP, reason);
	r.error = words[0] != '\0';
	snprintf(r.text, sizeof(r.text), "%s", words);
	worker_report(c->w, &r);
}

/* Companion 9.3: after a logoff LUSESSIONPEND begins again, else the client goes. Printers
 * stay: each of their jobs may have a session of its own. */
void
conn_logon_ended(struct conn *c, struct mono now)
{
	char note[120] = "";
	bool normal = c->lu.unb == UNB_NORMAL || c->lu.unb == 0;
	const struct tnp_appl *was = c->appl;
	const char *reason = c->lu.by_oper ? "OPERTERM" : normal ? "LOGOFF" : "HOSTINIT";

	conn_acct_end(c, reason, now);
	if (c->lu.by_oper)
		snprintf(note, sizeof(note), "Session with %s ended by the operator (V NET,TERM)",
		    name_base(&c->lu.plu));
	else if (!normal)
		snprintf(note, sizeof(note), "Session with %s ended: %.50s%s%.40s",
		    name_base(&c->lu.plu), unbind_text(c->lu.unb), c->lu.sense != 0 ? ", " : "",
		    c->lu.sense != 0 ? sense_text(c->lu.sense) : "");
	tell_end(c, reason, note);
	conn_due(c);
	if (is_class(c, TNDEV_PRINTER)) {
		if (was != NULL) {
			c->relog_at = mono_add(now, SECS(RETRY_S));
			conn_due(c);
		}
		return;
	}
	if (!c->parms->v[TP_LUSESSIONPEND]) {
		if (c->lu.by_oper)
			conn_drop(c, "OPERTERM", note, now);
		else
			conn_drop(c, normal ? "SESSEND" : "HOSTINIT", normal ?
			    "the session has ended" : note, now);
		return;
	}
	if (was != NULL && (was->opts & TNA_LOGAPPL) != 0)
		show_logo(c, note, now);
	else
		begin(c, note, now);
}

/* --- what is typed --- */

void
conn_logon_try(struct conn *c, const struct uss_cmd *u, struct mono now)
{
	const struct tnp_appl *d = conn_default_appl(c);
	enum tnp_deny why;
	char appl[SNA_NAME_MAX + 2], note[COLS];
	struct paint p = { .msg = USS_M_NOSESS, .sense = SENSE_NOT_AUTHORIZED, .runame = "REQSESS",
		.insert = { appl, "REQSESS", "080E0000" }, .note = note };

	c->no_session = 0;
	snprintf(appl, sizeof(appl), "%s", name_base(&u->appl));
	if (d != NULL && (d->opts & TNA_DEFONLY) != 0 && strcmp(d->name, appl) != 0) {
		snprintf(note, sizeof(note), "Only %s may be chosen here (DEFONLY)", d->name);
		c->w->stat[TN_LOGON_FAILED]++;
		tell_no_session(c, SENSE_NOT_AUTHORIZED, note);
		paint(c, &p, now);
		return;
	}
	c->appl = conn_allows(c, appl, &why);
	if (why == TDN_LU && conn_late_begin(c, u, now))
		return;
	if (c->appl == NULL) {
		deny(c, appl, why, now);
		return;
	}
	if (!request(c, u->appl.s, u->mode, u->data, u->data_len, now))
		conn_logon_failed(c, SENSE_NO_RESOURCE, now);
}

static void
ibmtest(struct conn *c, const struct uss_cmd *u, struct mono now)
{
	char echo[USS_DATA_MAX + 1];
	struct paint p = { .msg = USS_M_ECHO, .insert = { echo } };
	char note[COLS];

	asc_put(echo, u->data, u->data_len);
	echo[u->data_len] = '\0';
	if (c->neg.mode == TNMODE_LINE) {
		for (uint32_t i = 0; i < u->count; i++)
			paint(c, &p, now);
		return;
	}
	snprintf(note, sizeof(note), "IBMTEST: %u lines, shown once", u->count);
	p.note = note;          /* each would erase the one before */
	paint(c, &p, now);
}

static void
typed(struct conn *c, const uint8_t *text, size_t n, struct mono now)
{
	const struct tnp_uss *in = profile_interp(c->port, &c->who);
	const struct usstab *tab = table(c);
	struct uss_cmd u;
	struct paint p = { .msg = 0 };

	/* 10.6: an INTERPRET table is looked at only beside a USS table. */
	if (in == NULL || in->intab == NULL || tab == NULL || !intab_match(in->intab, text, n, &u))
		uss_parse(tab, tab == NULL ? USS_TABLE_THEN_DEFAULT : USS_TABLE_ONLY, text, n, &u);
	switch (u.verb) {
	case USS_V_EMPTY:
		show_logo(c, NULL, now);
		break;
	case USS_V_LOGON:
		conn_logon_try(c, &u, now);
		break;
	case USS_V_LOGOFF:
		if (u.hold)
			show_logo(c, "No session to log off from", now);
		else
			conn_drop(c, "UNDIAL", "logged off", now);
		break;
	case USS_V_IBMTEST:
		ibmtest(c, &u, now);
		break;
	case USS_V_UNDIAL:
		conn_drop(c, "UNDIAL", "disconnected as asked", now);
		break;
	case USS_V_ERROR:
		p.msg = u.msg;
		for (unsigned i = 0; i < USS_INSERTS; i++)
			p.insert[i] = u.insert[i];
		paint(c, &p, now);
		break;
	}
}

/* CLEAR: message 10 again; on message 10 itself an empty screen first (10.5). */
static void
clear(struct conn *c, struct mono now)
{
	static const uint8_t empty[] = { 0xf5, 0xc3, 0x11, 0x40, 0x40, 0x1d, 0x40, 0x13 };
	struct tnlu_env e = conn_env(c, now);
	struct buf *b;

	if (c->parms->v[TP_REFRESHMSG10] && c->screen != SCR_LOGO) {
		show_logo(c, NULL, now);
		return;
	}
	b = buf_get(e.port->bufs, sizeof(empty));
	if (b == NULL)
		return;
	buf_append(b, empty, sizeof(empty));
	tnlu_screen(&c->lu, &e, TNLU_F_3270, b);
	c->screen = SCR_CLEAR;
	conn_touch(c);
}

/* A line in ASCII: RFC 2355 section 9 lets it come between sessions. */
static size_t
nvt_line(const struct buf *b, uint8_t text[USS_INPUT_MAX])
{
	size_t n = 0;

	for (uint32_t i = 0; i < b->len && n < USS_INPUT_MAX && b->p[i] != '\n'; i++)
		if (b->p[i] >= ' ')
			text[n++] = ebc_from(b->p[i]);
	return n;
}

/* Input without a session. While a logon or an UNBIND is under way it goes nowhere. */
void
conn_logon_record(struct conn *c, const struct tnhdr *h, struct bufq *rec, struct mono now)
{
	const struct buf *b = bufq_peek(rec);
	uint8_t text[USS_INPUT_MAX];
	size_t n = b->len > USS_INPUT_MAX ? USS_INPUT_MAX : b->len;

	if (c->lu.fsm.state != TLU_SSCP || is_class(c, TNDEV_PRINTER))
		return;
	c->relog_at = MONO_NEVER;
	if (c->neg.mode == TNMODE_LINE || h->type == TN_SSCP_LU_DATA) {
		memcpy(text, b->p, n);
		codepage_to_037(c->port->page, text, n);
		typed(c, text, n, now);
		return;
	}
	if (h->type == TN_NVT_DATA) {
		typed(c, text, nvt_line(b, text), now);
		return;
	}
	if (h->type != TN_3270_DATA || b->len == 0)
		return;
	if (b->p[0] == AID_CLEAR) {
		clear(c, now);
		return;
	}
	n = uss_input_3270(b->p, b->len, text, sizeof(text));
	codepage_to_037(c->port->page, text, n);
	typed(c, text, n, now);
}
