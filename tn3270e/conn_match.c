/* SPDX-License-Identifier: Apache-2.0
 *
 * Which clients a display means: the filters of EZZ6107I.
 */
#include <string.h>
#include <strings.h>

#include "tn3270e/conn_parts.h"

static const char *
appl(const struct conn *c)
{
	return tnlu_in_session(&c->lu) ? name_base(&c->lu.plu) : "";
}

static bool
like(const char *pattern, const char *name)
{
	return pattern[0] == '\0' || name_match(pattern, name);
}

static bool
in_net(const struct tnp_net *n, const struct ipaddr *a)
{
	if (n->lo.fam != a->fam)
		return n->lo.fam == 0;
	if (!n->mask)
		return ipaddr_cmp(&n->lo, a) <= 0 && ipaddr_cmp(a, &n->hi) <= 0;
	for (unsigned i = 0; i < sizeof(a->b); i++)
		if (((n->lo.b[i] ^ a->b[i]) & n->hi.b[i]) != 0)
			return false;
	return true;
}

/* *text: any beginning; else the whole name. */
static bool
host_like(const char *pattern, const char *host)
{
	size_t n, k;

	if (pattern[0] == '\0')
		return true;
	if (host == NULL)
		return false;
	if (pattern[0] != '*')
		return strcasecmp(pattern, host) == 0;
	n = strlen(host);
	k = strlen(pattern + 1);
	return n >= k && strcasecmp(host + n - k, pattern + 1) == 0;
}

/* A member of a HNGROUP: **.REST at any depth, *.REST one label. */
static bool
host_member(const char *member, const char *host)
{
	if (host == NULL || member[0] != '*')
		return host != NULL && strcasecmp(member, host) == 0;
	if (member[1] == '*')
		return host_like(member + 1, host);
	host = strchr(host, '.');
	return host != NULL && strcasecmp(member + 1, host) == 0;
}

static bool
member(const struct conn *c, const struct tnp_idgroup *g)
{
	const struct ipaddr *a = g->kind == CK_DESTIPGRP ? &c->who.dest : &c->who.addr;

	for (const struct tnp_net *n = g->nets; n != NULL; n = n->next)
		if (in_net(n, a))
			return true;
	for (const struct tnp_idname *n = g->kind == CK_HNGRP ? g->names : NULL; n != NULL;
	    n = n->next)
		if (host_member(n->text, c->who.host))
			return true;
	return false;
}

static bool
in_group(const struct conn *c, const char *name)
{
	const struct tnp_idgroup *g = c->port->vtam == NULL ? NULL : c->port->vtam->idgroups;

	if (name[0] == '\0')
		return true;
	for (; g != NULL; g = g->next)
		if (strcasecmp(g->name, name) == 0 && member(c, g))
			return true;
	return false;
}

/* The group its LU was taken from. */
static const char *
group_name(const struct conn *c)
{
	return c->map != NULL ? c->map->group->name : conn_lu(c)[0] == '*' ? "" : "*DEFLUS*";
}

static uint32_t
profile_number(const struct conn *c)
{
	return atomic_load_explicit(&((struct profile *)(uintptr_t)c->port->profile)->number,
	    memory_order_relaxed);
}

static bool
port_matches(const struct conn *c, const struct worker_query *q)
{
	if (q->port_lo != 0 && (c->port->port < q->port_lo || c->port->port > q->port_hi))
		return false;
	if (q->qual.fam != 0 && !ipaddr_eq(&q->qual, &c->port->addr))
		return false;
	if ((q->basic && c->port->secure) || (q->secure && !c->port->secure))
		return false;
	return !q->by_profile || q->profile == profile_number(c);
}

bool
conn_matches(const struct conn *c, const struct worker_query *q)
{
	if ((q->conn != 0 && q->conn != c->id) || (q->cport != 0 && q->cport != c->cport))
		return false;
	if (!port_matches(c, q) || !in_net(&q->net, &c->who.addr))
		return false;
	if (q->proto[0] != '\0' && strcasecmp(q->proto, tnneg_mode_text(&c->neg)) != 0)
		return false;
	if (q->lugroup[0] != '\0' && strcasecmp(q->lugroup, group_name(c)) != 0)
		return false;
	if (!in_group(c, q->ipgroup) || !in_group(c, q->hngroup) ||
	    !host_like(q->hostname, c->who.host))
		return false;
	return like(q->lu, conn_lu(c)) && like(q->appl, appl(c));
}
