/* SPDX-License-Identifier: Apache-2.0 */
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "tn3270e/links.h"

static unsigned
ones(const struct ipaddr *mask)
{
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(mask->b); i++)
		n += (unsigned)__builtin_popcount(mask->b[i]);
	return n;
}

static bool
addr_of(struct ipaddr *a, const struct sockaddr *sa)
{
	struct sockaddr_storage ss = { 0 };

	if (sa == NULL || (sa->sa_family != AF_INET && sa->sa_family != AF_INET6))
		return false;
	memcpy(&ss, sa, sa->sa_family == AF_INET ? sizeof(struct sockaddr_in) :
	    sizeof(struct sockaddr_in6));
	return ipaddr_from_sa(a, NULL, &ss);
}

static void
read_all(struct links *l, struct mono now)
{
	struct ifaddrs *all = NULL;

	l->read_at = now;
	if (getifaddrs(&all) != 0)
		return;                 /* the old table is better than none */
	l->n = 0;
	for (const struct ifaddrs *i = all; i != NULL && l->n < LINKS_MAX; i = i->ifa_next) {
		struct link_row *r = &l->v[l->n];
		struct ipaddr mask;

		if (!addr_of(&r->addr, i->ifa_addr))
			continue;
		r->prefix = 0;
		if ((i->ifa_flags & IFF_LOOPBACK) != 0 && addr_of(&mask, i->ifa_netmask))
			r->prefix = (uint8_t)ones(&mask);
		snprintf(r->name, sizeof(r->name), "%s", i->ifa_name);
		l->n++;
	}
	freeifaddrs(all);
}

static const char *
find(const struct links *l, const struct ipaddr *a)
{
	for (unsigned i = 0; i < l->n; i++)
		if (ipaddr_eq(&l->v[i].addr, a) || (l->v[i].prefix != 0 &&
		    ipaddr_in(a, &l->v[i].addr, l->v[i].prefix)))
			return l->v[i].name;
	return NULL;
}

const char *
links_name(struct links *l, const struct ipaddr *a, struct mono now)
{
	const char *name;

	if (l->read_at.us == 0 || mono_due(mono_add(l->read_at, SECS(LINKS_S)), now))
		read_all(l, now);
	name = find(l, a);
	if (name == NULL && mono_due(mono_add(l->read_at, SECS(1)), now)) {
		read_all(l, now);
		name = find(l, a);
	}
	return name == NULL ? "" : name;
}
