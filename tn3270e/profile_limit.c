/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements of ours about a port's limits, and who they are for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/profile_in.h"

/* A vanished client is gone after idle + interval * count seconds: its LU is free then. */
static const uint32_t preset[LIM_N] = { [LIM_KEEP_IDLE] = 30, [LIM_KEEP_INTERVAL] = 10,
	[LIM_KEEP_COUNT] = 3, [LIM_USER_TIMEOUT] = 60, [LIM_YOUNG] = 8192 };

static const struct {
	const char *name;
	uint8_t first;
	uint8_t n;                      /* numbers, by commas */
	int32_t hi;
} limit_of[] = {
	{ "TCPKEEPALIVE", LIM_KEEP_IDLE, 3, 32767 },
	{ "TCPUSERTIMEOUT", LIM_USER_TIMEOUT, 1, 86400 },
	{ "TRTOTALCONN", LIM_TOTAL, 1, 65535 },
	{ "TRPERCENT", LIM_PERCENT, 1, 100 },
	{ "MAXCONNADDR", LIM_ADDR, 1, 65535 },
	{ "MAXCONNRATE", LIM_RATE, 1, 65535 },
	{ "MAXNEGOTIATING", LIM_YOUNG, 1, 65535 },
};
#define LIMITS (sizeof(limit_of) / sizeof(limit_of[0]))

static struct tnp_limits *
limits_of(struct pparse *ps)
{
	return ps->port != NULL ? &ps->port->limits : &ps->p->limits;
}

/* Numbers from 0 to hi with commas between. False: not so many, or not numbers. */
static bool
numbers(const char *s, unsigned n, int32_t hi, uint32_t *v)
{
	for (unsigned i = 0; i < n; i++) {
		char *end;
		long k = strtol(s, &end, 10);

		if (*s < '0' || *s > '9' || k < 0 || k > hi || *end != (i + 1 == n ? '\0' : ','))
			return false;
		v[i] = (uint32_t)k;
		s = end + 1;
	}
	return true;
}

static void
take_limit(struct pparse *ps, const struct tok *kw)
{
	struct tnp_limits *l = limits_of(ps);
	const struct tok *t = tok_next(ps);
	uint32_t v[3] = { 0 };
	unsigned i = 0, n;

	while (i + 1 < LIMITS && !tok_is(kw, limit_of[i].name))
		i++;
	n = limit_of[i].n;
	if (t == NULL || !(strcmp(t->text, "0") == 0 || numbers(t->text, n, limit_of[i].hi, v)) ||
	    (n == 3 && v[0] != 0 && (v[1] == 0 || v[2] == 0 || v[2] > 127))) {
		complain(ps, TNP_FAIL, t != NULL ? t : kw, kw, n == 3 ? "0 or three numbers are "
		    "wanted, seconds of idleness, seconds between probes, probes, as in 30,10,3" :
		    "a number from 0 to %d is wanted", limit_of[i].hi);
		return;
	}
	for (unsigned k = 0; k < n; k++) {
		l->v[limit_of[i].first + k] = v[k];
		l->coded |= (uint16_t)(1u << (limit_of[i].first + k));
	}
}

/* PROXYPROTOCOL address .. ENDPROXYPROTOCOL */
static void
take_proxies(struct pparse *ps, const struct tok *kw)
{
	struct tnp_limits *l = limits_of(ps);
	struct tok *t = ps->t;

	l->coded |= 1u << LIM_N;
	for (; t != NULL && !tok_is(t, "ENDPROXYPROTOCOL"); t = t->next) {
		struct tnp_net *n = arena_get(&ps->p->arena, sizeof(*n));

		if (!profile_net(n, t->text)) {
			complain(ps, TNP_FAIL, t, kw, "%.60s is no address, range a..b or prefix "
			    "10.1.0.0/16 of proxies", t->text);
			continue;
		}
		n->next = l->proxies;
		l->proxies = n;
	}
	if (t == NULL)
		complain(ps, TNP_FAIL, kw, kw, "ENDPROXYPROTOCOL is missing");
	else if (l->proxies == NULL)
		complain(ps, TNP_FAIL, kw, kw, "no address of a proxy: every connection would be "
		    "refused");
	ps->t = t == NULL ? NULL : t->next;
}

void
tnp_limits_settle(struct tnp_limits *l, const struct tnp_limits *g)
{
	for (unsigned i = 0; i < LIM_N; i++)
		if ((l->coded & 1u << i) == 0)
			l->v[i] = (g->coded & 1u << i) != 0 ? g->v[i] : preset[i];
	if ((l->coded & 1u << LIM_N) == 0)
		l->proxies = g->proxies;
}

static bool
net_has(const struct tnp_net *n, const struct ipaddr *a)
{
	if (n->lo.fam != a->fam)
		return false;
	if (!n->mask)
		return ipaddr_cmp(&n->lo, a) <= 0 && ipaddr_cmp(a, &n->hi) <= 0;
	for (unsigned i = 0; i < sizeof(a->b); i++)
		if (((a->b[i] ^ n->lo.b[i]) & n->hi.b[i]) != 0)
			return false;
	return true;
}

bool
tnp_limits_proxy(const struct tnp_limits *l, const struct ipaddr *a)
{
	for (const struct tnp_net *n = l->proxies; n != NULL; n = n->next)
		if (net_has(n, a))
			return true;
	return false;
}

void
tnp_limits_show(const struct tnp_limits *l, struct con *con)
{
	for (unsigned i = 0; i < LIMITS; i++) {
		const uint32_t *v = &l->v[limit_of[i].first];
		char t[40];

		snprintf(t, sizeof(t), "%u", v[0]);
		if (limit_of[i].n == 3 && v[0] != 0)
			snprintf(t, sizeof(t), "%u,%u,%u", v[0], v[1], v[2]);
		con_text(con, "  %-16s %-10s %s", limit_of[i].name, t,
		    (l->coded & 1u << limit_of[i].first) != 0 ? "*TPARMS" : "");
	}
	for (const struct tnp_net *n = l->proxies; n != NULL; n = n->next) {
		char lo[IPADDR_TEXT], hi[IPADDR_TEXT];

		con_text(con, "  %-16s %s%s%s", "PROXYPROTOCOL", ipaddr_text(&n->lo, lo),
		    ipaddr_eq(&n->lo, &n->hi) ? "" : n->mask ? " MASK " : "..",
		    ipaddr_eq(&n->lo, &n->hi) ? "" : ipaddr_text(&n->hi, hi));
	}
}

#define GP (IN_GLOBALS | IN_PARMS)

const struct pstmt profile_limit_stmts[] = {
	{ "TCPKEEPALIVE", GP, take_limit, 2, NULL, NULL },
	{ "TCPUSERTIMEOUT", GP, take_limit, 2, NULL, NULL },
	{ "TRTOTALCONN", GP, take_limit, 2, NULL, NULL },
	{ "TRPERCENT", GP, take_limit, 2, NULL, NULL },
	{ "MAXCONNADDR", GP, take_limit, 2, NULL, NULL },
	{ "MAXCONNRATE", GP, take_limit, 2, NULL, NULL },
	{ "MAXNEGOTIATING", GP, take_limit, 2, NULL, NULL },
	{ "PROXYPROTOCOL", GP, take_proxies, 2, "ENDPROXYPROTOCOL", NULL },
	{ NULL, 0, NULL, 0, NULL, NULL }
};
