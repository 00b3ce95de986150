/* SPDX-License-Identifier: Apache-2.0
 *
 * Which entry is for a client: the one with the client identifier of the
 * highest precedence, for each kind of object apart (section 5).
 */
#include <string.h>
#include <strings.h>

#include "base/ebcdic.h"
#include "tn3270e/profile.h"
#include "tn3270e/tndev.h"

static bool
in_net(const struct tnp_net *n, const struct ipaddr *a)
{
	if (n->lo.fam != a->fam)
		return false;
	if (!n->mask)
		return ipaddr_cmp(&n->lo, a) <= 0 && ipaddr_cmp(a, &n->hi) <= 0;
	for (unsigned i = 0; i < sizeof(a->b); i++)
		if (((n->lo.b[i] ^ a->b[i]) & n->hi.b[i]) != 0)
			return false;
	return true;
}

/* Rank of the match: exact members before masks. 0: none. */
static unsigned
in_group(const struct tnp_ipgroup *g, const struct ipaddr *a, unsigned exact, unsigned wild)
{
	unsigned best = 0;

	for (const struct tnp_net *n = g->nets; n != NULL && best != exact; n = n->next)
		if (in_net(n, a))
			best = n->mask ? wild : exact;
	return best;
}

/* The lower the better; 0: not this client. */
static unsigned
rank(const struct tnp_clid *c, const struct tnp_client *who)
{
	switch ((enum tnp_clidkind)c->kind) {
	case CK_USERID:
		return who->user[0] != '\0' && strcasecmp(c->name, who->user) == 0 ? CK_USERID : 0;
	case CK_IPADDR:
		return ipaddr_eq(&c->addr, &who->addr) ? CK_IPADDR : 0;
	case CK_DESTIP:
		return ipaddr_eq(&c->addr, &who->dest) ? CK_DESTIP : 0;
	case CK_IPGRP:
		return c->group == NULL ? 0 :
		    in_group(c->group, &who->addr, CK_IPGRP, CK_IPGRP_WILD);
	case CK_DESTIPGRP:
		return c->group == NULL ? 0 :
		    in_group(c->group, &who->dest, CK_DESTIPGRP, CK_DESTIPGRP_WILD);
	case CK_NULL:
		return CK_NULL;
	case CK_HOSTNAME:
	case CK_HNGRP:
	case CK_LINKNAME:
	case CK_IPGRP_WILD:
	case CK_DESTIPGRP_WILD:
		return 0;
	}
	return 0;
}

/* Best rank among the maps of one kind; 0: the client is not mapped. */
static unsigned
best_map(const struct tnp_vtam *v, const struct tnp_client *who, unsigned printer)
{
	unsigned best = 0;

	for (const struct tnp_map *m = v->maps; m != NULL; m = m->next) {
		unsigned r = m->printer == printer ? rank(&m->clid, who) : 0;

		if (r != 0 && (best == 0 || r < best))
			best = r;
	}
	return best;
}

static void
pool_add(struct tnp_choice *c, const struct tnp_group *g)
{
	unsigned i = 0;

	while (i < TNP_POOLS && c->pool[i] != 0 && c->pool[i] != g->pool)
		i++;
	if (i < TNP_POOLS)
		c->pool[i] = g->pool;
}

static void
none(struct tnp_choice *c, enum tnneg_reason why)
{
	c->fail = 1;
	c->reason = (uint8_t)why;
}

/* A client without a map: DEFAULTLUS, or for a name DEFAULTLUSSPEC only (6.1). */
static void
from_default(const struct tnp_vtam *v, const struct tnneg *n, unsigned printer,
    struct tnp_choice *c)
{
	bool spec = n->kind == TNREQ_CONNECT;
	const struct tnp_group *g = v->deflus[printer][spec];

	if (g == NULL) {
		none(c, spec ? TNREJ_INV_NAME : TNREJ_UNKNOWN_ERROR);
	} else if (spec && tnp_group_index(g, n->name) < 0) {
		g = v->deflus[!printer][1];
		none(c, g != NULL && tnp_group_index(g, n->name) >= 0 ? TNREJ_TYPE_NAME_ERROR :
		    TNREJ_INV_NAME);
	} else {
		pool_add(c, g);
		if (spec)
			memcpy(c->lu, n->name, strlen(n->name) + 1);
	}
}

/* Partner printers are had by ASSOCIATE only: RFC 2355 7.1.1. */
static bool
is_partner(const struct tnp_vtam *v, const char *lu)
{
	for (const struct tnp_map *m = v->maps; m != NULL; m = m->next)
		if (m->partner != NULL && tnp_group_index(m->partner, lu) >= 0)
			return true;
	return false;
}

static bool
mapped(const struct tnp_vtam *v, const char *lu, unsigned printer)
{
	const struct tnp_group *d = v->deflus[printer][0], *s = v->deflus[printer][1];

	for (const struct tnp_map *m = v->maps; m != NULL; m = m->next)
		if (m->printer == printer && tnp_group_index(m->group, lu) >= 0)
			return true;
	return (d != NULL && tnp_group_index(d, lu) >= 0) ||
	    (s != NULL && tnp_group_index(s, lu) >= 0);
}

/* An LU of the client's maps, or a group: specific maps before generic ones (6.1). */
static void
by_name(const struct tnp_vtam *v, const struct tnp_client *who, const struct tnneg *n,
    unsigned printer, struct tnp_choice *c)
{
	unsigned best = best_map(v, who, printer);

	for (const struct tnp_map *m = v->maps; m != NULL; m = m->next)
		if (m->printer == printer && rank(&m->clid, who) == best &&
		    tnp_group_index(m->group, n->name) >= 0)
			pool_add(c, m->group);
	if (c->pool[0] != 0) {
		memcpy(c->lu, n->name, strlen(n->name) + 1);
		return;
	}
	for (unsigned kind = TMAP_SPECIFIC + 1; kind-- > 0 && c->pool[0] == 0;)
		for (const struct tnp_map *m = v->maps; m != NULL; m = m->next)
			if (m->printer == printer && m->kind == kind &&
			    rank(&m->clid, who) == best && strcasecmp(m->group->name, n->name) == 0)
				pool_add(c, m->group);
	if (c->pool[0] != 0)
		return;
	if (mapped(v, n->name, !printer))
		none(c, TNREJ_TYPE_NAME_ERROR);
	else
		none(c, TNREJ_INV_NAME);
}

/* ASSOCIATE: the printer that has the place of the terminal (7.2). */
static void
by_partner(const struct tnp_vtam *v, const struct tnneg *n, struct tnp_choice *c)
{
	for (const struct tnp_map *m = v->maps; m != NULL; m = m->next) {
		int64_t i = m->partner == NULL ? -1 : tnp_group_index(m->group, n->name);

		if (i < 0)
			continue;
		if (atomic_load(&m->group->assigned[i]) == 0)
			break;          /* the terminal has to be there first */
		if (!tnp_group_at(m->partner, (uint64_t)i, c->lu))
			break;
		pool_add(c, m->partner);
		return;
	}
	none(c, TNREJ_INV_ASSOCIATE);
}

void
profile_choose(const struct tnp_port *port, const struct tnp_client *who, const struct tnneg *n,
    struct tnp_choice *c)
{
	const struct tnp_vtam *v = port->vtam;
	unsigned printer = tndev_at(n->device)->class == TNDEV_PRINTER, best;

	*c = (struct tnp_choice){ 0 };
	if (n->kind == TNREQ_ASSOCIATE) {
		by_partner(v, n, c);
		return;
	}
	if (n->kind == TNREQ_CONNECT && strlen(n->name) > 8) {
		none(c, TNREJ_INV_NAME);
		return;
	}
	if (n->kind == TNREQ_CONNECT && is_partner(v, n->name)) {
		none(c, printer ? TNREJ_CONN_PARTNER : TNREJ_TYPE_NAME_ERROR);
		return;
	}
	best = best_map(v, who, printer);
	if (best == 0) {
		from_default(v, n, printer, c);
		return;
	}
	if (n->kind == TNREQ_CONNECT) {
		by_name(v, who, n, printer, c);
		return;
	}
	for (const struct tnp_map *m = v->maps; m != NULL; m = m->next)
		if (m->printer == printer && m->kind == TMAP_GENERIC && rank(&m->clid, who) == best)
			pool_add(c, m->group);
	if (c->pool[0] == 0)
		none(c, TNREJ_UNKNOWN_ERROR);
}

const struct tnp_map *
profile_map(const struct tnp_port *port, const struct tnp_client *who, const char *lu)
{
	const struct tnp_map *found = NULL;
	unsigned best = 0;

	for (const struct tnp_map *m = port->vtam->maps; m != NULL; m = m->next) {
		unsigned r = tnp_group_index(m->group, lu) >= 0 ? rank(&m->clid, who) : 0;

		if (r != 0 && (best == 0 || r < best)) {
			best = r;
			found = m;
		}
	}
	return found;
}

const struct tnp_parms *
profile_parms(const struct tnp_port *port, const struct tnp_client *who, const struct tnp_map *map)
{
	const struct tnp_vtam *v = port->vtam;
	unsigned best = 0, group = 0;

	for (const struct tnp_parmsmap *m = v->parmsmaps; m != NULL; m = m->next) {
		unsigned r = rank(&m->clid, who);

		if (r != 0 && (best == 0 || r < best)) {
			best = r;
			group = m->group;
		}
	}
	return &port->final[group * (v->n_parmsgroups + 1u) + (map == NULL ? 0 : map->pmap)];
}

/* Rank of the client's best entry of a kind, and the entry. */
static unsigned
best_appl(const struct tnp_vtam *v, const struct tnp_client *who, enum tnp_applkind kind,
    const struct tnp_appl **found)
{
	unsigned best = 0;

	*found = NULL;
	for (const struct tnp_appl *a = v->appls; a != NULL; a = a->next) {
		unsigned r = a->kind == kind ? rank(&a->clid, who) : 0;

		if (r != 0 && (best == 0 || r < best)) {
			best = r;
			*found = a;
		}
	}
	return best;
}

static unsigned
best_uss(const struct tnp_uss *list, const struct tnp_client *who, const struct tnp_uss **found)
{
	unsigned best = 0;

	*found = NULL;
	for (const struct tnp_uss *u = list; u != NULL; u = u->next) {
		unsigned r = rank(&u->clid, who);

		if (r != 0 && (best == 0 || r < best)) {
			best = r;
			*found = u;
		}
	}
	return best;
}

/* The LU's own first; a USS table wins only with a better client identifier (9.1). */
const struct tnp_appl *
profile_appl(const struct tnp_port *port, const struct tnp_client *who, const struct tnp_map *map,
    enum tnp_applkind kind)
{
	const struct tnp_appl *a;
	const struct tnp_uss *u;
	unsigned ra, ru;

	if (map != NULL && map->appl != NULL && kind != TA_LINE)
		return map->appl;
	ra = best_appl(port->vtam, who, kind, &a);
	if (a == NULL || kind != TA_DEFAULT)
		return a;
	ru = best_uss(port->vtam->uss, who, &u);
	return ru != 0 && ru < ra ? NULL : a;
}

static bool
allow_match(const struct tnp_appl *a, const char *appl)
{
	size_t n = strlen(a->name);

	if (n != 0 && a->name[n - 1] == '*')
		return strncasecmp(a->name, appl, n - 1) == 0;
	return strcasecmp(a->name, appl) == 0;
}

/* An exact name decides before any *, then the longest. */
static size_t
allow_rank(const struct tnp_appl *a)
{
	size_t n = strlen(a->name);

	return n != 0 && a->name[n - 1] == '*' ? n : n + sizeof(a->name);
}

const struct tnp_appl *
profile_allows(const struct tnp_port *port, const char *appl, const char *lu)
{
	const struct tnp_appl *best = NULL;

	for (const struct tnp_appl *a = port->vtam->appls; a != NULL; a = a->next) {
		if (a->kind != TA_ALLOW || !allow_match(a, appl))
			continue;
		if (a->lus != NULL && tnp_group_index(a->lus, lu) < 0)
			continue;
		if (best == NULL || allow_rank(a) > allow_rank(best))
			best = a;
	}
	return best == NULL || (best->opts & TNA_RESTRICTED) != 0 ? NULL : best;
}

const struct tnp_uss *
profile_uss(const struct tnp_port *port, const struct tnp_client *who)
{
	const struct tnp_uss *u;

	(void)best_uss(port->vtam->uss, who, &u);
	return u;
}

const struct tnp_uss *
profile_interp(const struct tnp_port *port, const struct tnp_client *who)
{
	const struct tnp_uss *u;

	(void)best_uss(port->vtam->interps, who, &u);
	return u;
}

const char *
profile_mode(const struct profile *p, unsigned device, enum tnp_side side)
{
	const struct tndev *d = tndev_at(device);

	if (d == NULL)
		return "";
	if (device < TNP_DEVICES && p->mode[device][side][0] != '\0')
		return p->mode[device][side];
	return side == TNP_E ? d->mode_e : d->mode_3270;
}
