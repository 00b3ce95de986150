/* SPDX-License-Identifier: Apache-2.0
 *
 * Which entry is for a client: the one with the client identifier of the
 * highest precedence, for each kind of object apart (section 5).
 */
#include <string.h>
#include <strings.h>

#include "base/ebcdic.h"
#include "tn3270e/profile.h"
#include "tn3270e/profile_allow.h"
#include "tn3270e/tndev.h"

/* The maps of a client in the profile's order: those of its best client identifier, or of
 * several of one rank. */
struct walk {
	const struct tnp_map *at[TNP_SAME];
	unsigned n;
};

static void
walk_begin(struct walk *w, const struct tnp_vtam *v, const struct tnp_client *who,
    unsigned printer)
{
	const struct tnp_ident *found[TNP_SAME];
	enum tnp_has has = printer ? TH_PRTMAP : TH_LUMAP;
	unsigned rank;

	w->n = tnp_index_best(&v->index, who, has, found, &rank);
	for (unsigned i = 0; i < w->n; i++)
		w->at[i] = found[i]->obj[has];
}

static const struct tnp_map *
walk_next(struct walk *w)
{
	const struct tnp_map *m = NULL;
	unsigned best = 0;

	for (unsigned i = 0; i < w->n; i++)
		if (w->at[i] != NULL && (m == NULL || w->at[i]->order < m->order)) {
			m = w->at[i];
			best = i;
		}
	if (m != NULL)
		w->at[best] = m->same;
	return m;
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
		none(c, spec ? TNREJ_UNSUPPORTED_REQ : TNREJ_UNKNOWN_ERROR);
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
	for (unsigned i = 0; i < v->n_partners; i++)
		if (tnp_group_index(v->partners[i]->partner, lu) >= 0)
			return true;
	return false;
}

/* Is it an LU of the other kind? For the reason of the refusal only. */
static bool
mapped(const struct tnp_vtam *v, const char *lu, unsigned printer)
{
	const struct tnp_group *d = v->deflus[printer][0], *s = v->deflus[printer][1];

	for (const struct tnp_group *g = v->groups; g != NULL; g = g->next)
		if (g->printer == printer && tnp_group_index(g, lu) >= 0)
			return true;
	return (d != NULL && tnp_group_index(d, lu) >= 0) ||
	    (s != NULL && tnp_group_index(s, lu) >= 0);
}

/* An LU of the client's maps, then a group: specific maps before generic ones (6.1). */
static void
by_name(const struct tnp_vtam *v, const struct walk *all, const struct tnneg *n,
    unsigned printer, struct tnp_choice *c)
{
	const struct tnp_map *m;
	struct walk w = *all;

	while ((m = walk_next(&w)) != NULL)
		if (tnp_group_index(m->group, n->name) >= 0)
			pool_add(c, m->source);
	if (c->pool[0] != 0) {
		memcpy(c->lu, n->name, strlen(n->name) + 1);
		return;
	}
	for (unsigned kind = TMAP_SPECIFIC + 1; kind-- > 0 && c->pool[0] == 0;)
		for (w = *all; (m = walk_next(&w)) != NULL;)
			if (m->kind == kind && strcasecmp(m->group->name, n->name) == 0)
				pool_add(c, m->source);
	if (c->pool[0] != 0)
		return;
	if (mapped(v, n->name, !printer))
		none(c, TNREJ_TYPE_NAME_ERROR);
	else
		none(c, TNREJ_INV_NAME);
}

/* ASSOCIATE: the printer that has the place of the terminal (7.2). That one has to be
 * there first, perhaps under an older profile: the node knows (acb_open.partner). */
static void
by_partner(const struct tnp_vtam *v, const struct tnneg *n, struct tnp_choice *c)
{
	for (unsigned k = 0; k < v->n_partners; k++) {
		const struct tnp_map *m = v->partners[k];
		int64_t i = tnp_group_index(m->group, n->name);

		if (i < 0)
			continue;
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
	unsigned printer = tndev_at(n->device)->class == TNDEV_PRINTER;
	const struct tnp_map *m;
	struct walk w;

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
	walk_begin(&w, v, who, printer);
	if (w.n == 0) {
		from_default(v, n, printer, c);
		return;
	}
	if (n->kind == TNREQ_CONNECT) {
		by_name(v, &w, n, printer, c);
		return;
	}
	while ((m = walk_next(&w)) != NULL)
		if (m->kind == TMAP_GENERIC)
			pool_add(c, m->source);
	if (c->pool[0] == 0)
		none(c, TNREJ_UNKNOWN_ERROR);
}

/* Of the maps that have it the first of the kind that was asked for, else the first. */
const struct tnp_map *
profile_map(const struct tnp_port *port, const struct tnp_client *who, const char *lu,
    enum tnp_mapkind asked)
{
	const struct tnp_map *found = NULL, *m;
	struct walk w;

	for (unsigned printer = 0; printer < 2 && found == NULL; printer++) {
		walk_begin(&w, port->vtam, who, printer);
		while ((m = walk_next(&w)) != NULL) {
			if ((found != NULL && m->kind != asked) ||
			    tnp_group_index(m->group, lu) < 0)
				continue;
			if (m->kind == asked)
				return m;
			found = m;
		}
	}
	return found;
}

const struct tnp_parms *
profile_parms(const struct tnp_port *port, const struct tnp_client *who, const struct tnp_map *map)
{
	const struct tnp_vtam *v = port->vtam;
	unsigned rank;
	const struct tnp_parmsmap *m = tnp_index_first(&v->index, who, TH_PARMS, &rank);

	return &port->final[(m == NULL ? 0 : m->group) * (v->n_parmsgroups + 1u) +
	    (map == NULL ? 0 : map->pmap)];
}

/* The LU's own first; a USS table wins only with a better client identifier (9.1). */
const struct tnp_appl *
profile_appl(const struct tnp_port *port, const struct tnp_client *who, const struct tnp_map *map,
    enum tnp_applkind kind)
{
	enum tnp_has has = kind == TA_LINE ? TH_LINEAPPL : kind == TA_PRINTER ? TH_PRTAPPL :
	    TH_APPL;
	const struct tnp_appl *a;
	unsigned ra, ru;

	if (map != NULL && map->appl != NULL && kind != TA_LINE)
		return map->appl;
	a = tnp_index_first(&port->vtam->index, who, has, &ra);
	if (a == NULL || kind != TA_DEFAULT)
		return a;
	(void)tnp_index_first(&port->vtam->index, who, TH_USS, &ru);
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

static bool
user_is(const struct tnp_auser *u, const char *user)
{
	size_t front = strcspn(u->name, "*");

	if (u->name[front] == '*')
		return strncasecmp(u->name, user, front) == 0;
	return strcasecmp(u->name, user) == 0;
}

/* Section 9.1: the user of the certificate, where that is enough (CERTAUTH). */
static enum tnp_deny
restricted(const struct tnp_appl *a, const struct tnp_asks *q)
{
	enum tnp_deny why = TDN_USER;

	if (q->printer && (a->opts & TNA_ALLOWPRINTER) != 0)
		return TDN_NONE;
	if ((a->opts & TNA_CERTAUTH) == 0)
		return q->printer ? TDN_PRINTER : TDN_PASSWORD;
	if (q->who->user[0] == '\0')
		return q->printer ? TDN_PRINTER : TDN_NO_USER;
	for (const struct tnp_auser *u = a->users; u != NULL; u = u->next) {
		if (!user_is(u, q->who->user))
			continue;
		if (u->lus == NULL || tnp_group_index(u->lus, q->lu) >= 0)
			return TDN_NONE;
		why = TDN_LU;
	}
	return why;
}

/* The name that fits best decides, and of entries of one name any that allows; but where
 * one of them restricts, those that restrict. */
static const struct tnp_appl *
decide(const struct tnp_asks *q, enum tnp_deny *why, unsigned *restricts)
{
	const struct tnp_appl *appls = q->port->vtam->appls;
	size_t best = 0;

	*why = TDN_UNKNOWN;
	*restricts = 0;
	for (const struct tnp_appl *a = appls; a != NULL; a = a->next) {
		if (a->kind != TA_ALLOW || !allow_match(a, q->appl) || allow_rank(a) < best)
			continue;
		if (allow_rank(a) > best)
			*restricts = 0;
		best = allow_rank(a);
		*restricts |= a->opts & TNA_RESTRICTED;
	}
	for (const struct tnp_appl *a = appls; a != NULL && best != 0; a = a->next) {
		if (a->kind != TA_ALLOW || !allow_match(a, q->appl) || allow_rank(a) != best ||
		    (a->opts & TNA_RESTRICTED) != *restricts)
			continue;
		*why = *restricts != 0 ? restricted(a, q) :
		    a->lus == NULL || tnp_group_index(a->lus, q->lu) >= 0 ? TDN_NONE : TDN_LU;
		if (*why == TDN_NONE)
			return a;
	}
	return NULL;
}

const struct tnp_appl *
profile_allows(const struct tnp_asks *q, enum tnp_deny *why)
{
	unsigned restricts;

	return decide(q, why, &restricts);
}

enum tnp_deny
profile_restricts(const struct tnp_asks *q)
{
	enum tnp_deny why;
	unsigned restricts;

	return decide(q, &why, &restricts) != NULL || restricts == 0 ? TDN_NONE : why;
}

static const struct tnp_group *
lus_of(const struct tnp_appl *a, const struct tnp_client *who)
{
	if ((a->opts & TNA_RESTRICTED) == 0)
		return a->lus;
	for (const struct tnp_auser *u = a->users; u != NULL; u = u->next)
		if (u->lus != NULL && who->user[0] != '\0' && user_is(u, who->user))
			return u->lus;
	return NULL;
}

const struct tnp_group *
profile_allow_lus(const struct tnp_port *port, const struct tnp_client *who, const char *appl)
{
	const struct tnp_group *lus = NULL;
	size_t best = 0;

	for (const struct tnp_appl *a = port->vtam->appls; a != NULL; a = a->next)
		if (a->kind == TA_ALLOW && allow_match(a, appl) && allow_rank(a) > best) {
			best = allow_rank(a);
			lus = lus_of(a, who);
		}
	return lus;
}

const struct tnp_uss *
profile_uss(const struct tnp_port *port, const struct tnp_client *who)
{
	unsigned rank;

	return tnp_index_first(&port->vtam->index, who, TH_USS, &rank);
}

const struct tnp_uss *
profile_interp(const struct tnp_port *port, const struct tnp_client *who)
{
	unsigned rank;

	return tnp_index_first(&port->vtam->index, who, TH_INT, &rank);
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
