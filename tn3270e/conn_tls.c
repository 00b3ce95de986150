/* SPDX-License-Identifier: Apache-2.0
 *
 * How TLS begins. CONNTYPE SECURE and ANY wait SSLTIMEOUT seconds for the
 * first byte of a ClientHello; NEGTSECURE, and the others when none came, ask
 * with START_TLS. Then the handshake, and whose certificate it was.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tn3270e/conn_parts.h"
#include "tn3270e/ttls.h"

#define TLS_S 30                /* for a handshake under way, where nothing is coded */
#define CLIENT_HELLO 0x16       /* RFC 8446 5.1: a handshake record */

struct tls_ctx *
conn_tls_ctx(const struct conn *c)
{
	const struct ttls_rule *rule;

	return profile_tls_of(c->port, &c->who, c->cport, &rule);
}

static void
refuse(struct conn *c, const char *why, struct mono now)
{
	c->w->stat[TN_TLS_FAILED]++;
	conn_drop(c, "ERR 1030", why, now);
}

/* As refuse(), with the reason in words for the client: TLS is up, or was never begun. */
static void
refuse_in_words(struct conn *c, const char *why, struct mono now)
{
	c->state = CS_NEG;
	(void)tel_init(&c->tel, c->w->port->bufs, TEL_WITHOUT_E,
	    (uint32_t)c->parms->v[TP_MAXRECEIVE]);
	refuse(c, why, now);
}

/* Without a context CONNTYPE ANY is plain and the others are no port for this client. */
void
conn_tls_begin(struct conn *c, struct mono now)
{
	int32_t type = c->parms->v[TP_CONNTYPE];

	if (conn_tls_ctx(c) == NULL && type != CT_ANY) {
		refuse_in_words(c, c->port->ttls ? "this port needs TLS and no TTLSRule of the "
		    "AT-TLS policy gives this client TLS: add one, or see its RemoteAddr and "
		    "Priority" : "CONNTYPE of this client's PARMSGROUP needs TLS and the port has "
		    "no CERTIFICATE: code one, or another CONNTYPE", now);
	} else if (conn_tls_ctx(c) == NULL || type == CT_NEGTSECURE) {
		conn_negotiate(c, now);
	} else {
		c->state = CS_PEEK;
		c->step_by = mono_add(now, SECS(c->parms->v[TP_SSLTIMEOUT]));
		conn_due(c);
	}
}

/* Seconds a handshake may take: the policy's HandshakeTimeout, 0 no limit but ours; on
 * other ports SSLTIMEOUT where it is coded. */
static uint32_t
handshake_s(const struct conn *c)
{
	const struct ttls_rule *rule;
	uint32_t s = c->parms->src[TP_SSLTIMEOUT] != TS_DEFAULT ?
	    (uint32_t)c->parms->v[TP_SSLTIMEOUT] : TLS_S;

	(void)profile_tls_of(c->port, &c->who, c->cport, &rule);
	if (rule != NULL)
		s = rule->timeout_s;
	return s == 0 || s > TLS_HANDSHAKE_MAX_S ? TLS_HANDSHAKE_MAX_S : s;
}

/* Changed certificates are news for the operator, good or bad. */
static void
look_at_files(struct conn *c, struct tls_ctx *x, struct mono now)
{
	char why[TLS_WHY], text[TLS_WHY + 80];
	enum tls_fresh f = tls_ctx_fresh(x, now, why);

	if (f == TLS_SAME)
		return;
	if (f == TLS_NEW)
		tls_ctx_text(x, why);
	snprintf(text, sizeof(text), f == TLS_NEW ? "the certificate files were read again: %s" :
	    "the changed certificate files can't be used, the old ones stay: %s", why);
	worker_report_port(c->w, c->port, text, f == TLS_BAD);
}

/* --- whose certificate --- */

static bool
must_have_user(const struct conn *c)
{
	const struct ttls_rule *rule;

	(void)profile_tls_of(c->port, &c->who, c->cport, &rule);
	if (rule != NULL)
		return rule->set.role == TTLS_CLIENTAUTH && rule->set.ask == TTLS_SAFCHECK;
	return c->parms->v[TP_CLIENTAUTH] == CA_SAFCERT;
}

static void
ready(struct conn *c, struct mono now)
{
	struct tn_report r;
	char why[TLS_WHY];

	c->w->stat[TN_TLS_OK]++;
	c->w->stat[TN_TLS_REUSED] += tls_reused(c->tls);
	if (!tls_user(c->tls, &c->port->users, c->who.user, why) && must_have_user(c)) {
		refuse_in_words(c, why, now);
		return;
	}
	c->parms = profile_parms(c->port, &c->who, NULL);
	if (c->parms->v[TP_DEBUG] >= DB_DETAIL) {
		r = worker_report_of(c, TR_NEGOTIATED, tls_version(c->tls));
		snprintf(r.text, sizeof(r.text), "%s%s%s%s", tls_cipher(c->tls),
		    tls_reused(c->tls) ? ", resumed" : "", c->who.user[0] != '\0' ? ", user " : "",
		    c->who.user);
		worker_report(c->w, &r);
	}
	conn_negotiate(c, now);
}

/* --- the handshake --- */

void
conn_tls_step(struct conn *c, struct mono now)
{
	char why[TLS_WHY];

	if (++c->w->handshakes > WORKER_HANDSHAKES)
		return;                 /* the socket stays ready: next turn */
	switch (tls_handshake(c->tls, why)) {
	case TLS_DONE:
		conn_arm(c, LOOP_IN);
		ready(c, now);
		break;
	case TLS_WANT_READ:
		conn_arm(c, LOOP_IN);
		break;
	case TLS_WANT_WRITE:
		conn_arm(c, LOOP_OUT);
		break;
	case TLS_CLOSED:
	case TLS_FAILED:
		refuse(c, why, now);
		break;
	}
}

/* All that was negotiated in the clear is void, and what the client sent with it. */
void
conn_start_tls(struct conn *c, struct mono now)
{
	struct tls_ctx *x = conn_tls_ctx(c);

	tel_fini(&c->tel);
	c->tel = (struct telnet){ 0 };
	bufq_init(&c->tel.rec);
	bufq_init(&c->tel.out);
	c->neg = (struct tnneg){ 0 };
	if (x != NULL)
		look_at_files(c, x, now);
	c->tls = x == NULL ? NULL : tls_new(x, c->fd);
	c->state = CS_TLS;
	c->step_by = mono_add(now, SECS(handshake_s(c)));
	conn_due(c);
	if (c->tls == NULL)
		refuse(c, "no memory for TLS", now);
	else
		conn_tls_step(c, now);
}

void
conn_tls_peek(struct conn *c, struct mono now)
{
	uint8_t b;
	ssize_t n = recv(c->fd, &b, 1, MSG_PEEK | MSG_DONTWAIT);

	if (n < 0 && !conn_broken(errno))
		return;
	if (n <= 0) {
		c->w->stat[TN_DROP_CLIENT]++;
		conn_drop(c, "CLNTDISC", "the client hung up", now);
	} else if (b == CLIENT_HELLO) {
		conn_start_tls(c, now);
	} else {
		c->tls_tried = 1;
		conn_negotiate(c, now);
	}
}

/* Bytes that lie here unread are our delay, not the client's: in a storm of
 * handshakes it gets its time again. */
void
conn_tls_expired(struct conn *c, struct mono now)
{
	uint8_t b;
	bool here = (c->armed & LOOP_IN) != 0 &&       /* else it does not read what we say */
	    recv(c->fd, &b, 1, MSG_PEEK | MSG_DONTWAIT) > 0;

	if (c->state == CS_PEEK && here) {
		conn_tls_peek(c, now);
	} else if (c->state == CS_PEEK) {       /* no ClientHello: START_TLS, else plain (ANY) */
		c->tls_tried = 1;
		conn_negotiate(c, now);
	} else if (here) {
		c->step_by = mono_add(now, SECS(handshake_s(c)));
	} else {
		refuse(c, "the TLS handshake was not finished in time (SSLTIMEOUT, "
		    "HandshakeTimeout)", now);
	}
}

/* Otherwise each would wait for the other's first word. */
bool
conn_tls_unasked(struct conn *c, uint8_t first, struct mono now)
{
	if (first != CLIENT_HELLO || c->state != CS_NEG)
		return false;
	refuse(c, c->parms->v[TP_CONNTYPE] == CT_BASIC ? "the client begins TLS by itself and this "
	    "port has none (CONNTYPE BASIC): turn TLS off in the client, or give it another port" :
	    "the client begins TLS by itself and this port asks for it with START_TLS (CONNTYPE "
	    "NEGTSECURE, or SSLTIMEOUT was over): code CONNTYPE SECURE or ANY", now);
	return true;
}

void
conn_tls_broke(struct conn *c, struct mono now)
{
	char why[TLS_WHY];

	tls_broke(why);
	refuse(c, why, now);
}
