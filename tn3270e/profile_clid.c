/* SPDX-License-Identifier: Apache-2.0
 *
 * Client identifiers as they are written: groups of user ids, host names,
 * addresses and links, and the word behind an object that says whose it is.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ebcdic.h"
#include "tn3270e/profile_in.h"

#define LINK_MAX 15             /* IFNAMSIZ without its end */
#define USER_MAX 8

/* --- addresses --- */

static bool
range_of(struct tnp_net *n, const char *text)
{
	const char *dots = strstr(text, "..");
	char first[64];

	if (dots == NULL || (size_t)(dots - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(dots - text));
	first[dots - text] = '\0';
	return ipaddr_parse(&n->lo, first) && ipaddr_parse(&n->hi, dots + 2) &&
	    n->lo.fam == n->hi.fam && ipaddr_cmp(&n->lo, &n->hi) <= 0;
}

static bool
is_mask(const struct ipaddr *a)
{
	bool gap = false;

	if (a->fam != 4)
		return false;
	for (unsigned i = 0; i < 32; i++) {
		bool one = (a->b[i / 8] >> (7 - i % 8) & 1) != 0;

		if (one && gap)
			return false;
		gap |= !one;
	}
	return true;
}

/* mask:subnet, or subnet:mask where only one of them is a mask: section 4.4. */
static bool
mask_of(struct tnp_net *n, const char *text)
{
	const char *colon = strchr(text, ':');
	char first[20];
	struct ipaddr a, b;

	if (colon == NULL || (size_t)(colon - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(colon - text));
	first[colon - text] = '\0';
	if (!ipaddr_parse(&a, first) || !ipaddr_parse(&b, colon + 1) || a.fam != 4 || b.fam != 4)
		return false;
	n->mask = 1;
	n->lo = is_mask(&a) ? b : a;
	n->hi = is_mask(&a) ? a : b;
	return is_mask(&n->hi);
}

static bool
prefix_of(struct tnp_net *n, const char *text)
{
	const char *slash = strchr(text, '/');
	char first[64], *end;
	long bits;

	if (slash == NULL || (size_t)(slash - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(slash - text));
	first[slash - text] = '\0';
	bits = strtol(slash + 1, &end, 10);
	if (!ipaddr_parse(&n->lo, first) || *end != '\0' || end == slash + 1 || bits < 0 ||
	    bits > (n->lo.fam == 4 ? 32 : 128))
		return false;
	n->mask = 1;
	n->hi.fam = n->lo.fam;
	for (long i = 0; i < bits; i++)
		n->hi.b[i / 8] |= (uint8_t)(0x80 >> i % 8);
	return true;
}

bool
profile_net(struct tnp_net *n, const char *text)
{
	if (ipaddr_parse(&n->lo, text)) {
		n->hi = n->lo;
		return true;
	}
	memset(n, 0, sizeof(*n));
	return range_of(n, text) || mask_of(n, text) || prefix_of(n, text);
}

static void
net_member(struct pparse *ps, struct tnp_idgroup *g, const struct tok *t, const struct tok *kw)
{
	struct tnp_net *n = arena_get(&ps->p->arena, sizeof(*n));

	if (!profile_net(n, t->text)) {
		complain(ps, TNP_FAIL, t, kw, "%.60s is no address, range a..b, mask "
		    "255.255.0.0:10.1.0.0 or prefix 10.1.0.0/16", t->text);
		return;
	}
	n->next = g->nets;
	g->nets = n;
}

/* --- names --- */

static bool
host_valid(const char *s, size_t n)
{
	if (n == 0 || n >= TNP_CLID_NAME || s[0] == '.')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '-' && s[i] != '_' && s[i] != '.')
			return false;
	return true;
}

/* A name of at most max characters; with wild, % and a * at its end too. */
static bool
word_valid(const char *s, size_t n, size_t max, bool *wild)
{
	if (n == 0 || n > max)
		return false;
	for (size_t i = 0; i < n; i++) {
		bool star = s[i] == '*';

		if ((star && i + 1 != n) || !isgraph((unsigned char)s[i]) || s[i] == ',')
			return false;
		*wild |= star || s[i] == '%';
	}
	return true;
}

static const char *
member_wrong(unsigned kind, const struct tok *t, bool *wild)
{
	const char *s = t->text;
	size_t n = t->n, stars = strspn(s, "*");

	if (kind == CK_USERGRP)
		return word_valid(s, n, USER_MAX, wild) ? NULL :
		    "a user id has 1 to 8 characters, % for any one, * for the rest";
	if (kind == CK_LINKGRP)
		return word_valid(s, n, LINK_MAX, wild) ? NULL :
		    "a link has 1 to 15 characters, % for any one, * for the rest";
	*wild = stars != 0;
	if (stars <= 2 && (stars == 0 || s[stars] == '.') &&
	    host_valid(s + stars + *wild, n > stars + *wild ? n - stars - *wild : 0))
		return NULL;
	return "a host name is A.B.COM, *.B.COM (one more label) or **.B.COM (any more)";
}

static void
name_member(struct pparse *ps, struct tnp_idgroup *g, const struct tok *t, const struct tok *kw)
{
	struct tnp_idname *m = arena_get(&ps->p->arena, sizeof(*m)), **at = &g->names;
	char name[TNP_CLID_NAME + 4];
	bool wild = false;
	const char *why = member_wrong(g->kind, t, &wild);

	if (why != NULL) {
		complain(ps, TNP_FAIL, t, kw, "%.60s: %s", t->text, why);
		return;
	}
	m->text = arena_strdup(&ps->p->arena, tok_name(ps, t, name, sizeof(name)));
	m->wild = wild;
	while (*at != NULL)
		at = &(*at)->next;
	*at = m;
}

/* --- groups --- */

static const struct {
	const char *stmt, *ends;
	uint8_t kind;
} group_kind[] = {
	{ "USERGROUP", "ENDUSERGROUP", CK_USERGRP }, { "HNGROUP", "ENDHNGROUP", CK_HNGRP },
	{ "IPGROUP", "ENDIPGROUP", CK_IPGRP }, { "DESTIPGROUP", "ENDDESTIPGROUP", CK_DESTIPGRP },
	{ "LINKGROUP", "ENDLINKGROUP", CK_LINKGRP },
};
#define GROUP_KINDS (sizeof(group_kind) / sizeof(group_kind[0]))

static const struct tnp_idgroup *
idgroup_find(const struct tnp_vtam *v, const char *name, unsigned kind)
{
	for (const struct tnp_idgroup *g = v->idgroups; g != NULL; g = g->next)
		if ((kind == 0 || g->kind == kind) && strcasecmp(g->name, name) == 0)
			return g;
	return NULL;
}

void
profile_idgroup(struct pparse *ps, const struct tok *kw)
{
	struct tnp_idgroup *g = arena_get(&ps->p->arena, sizeof(*g)), **at;
	struct tok *t = ps->t;
	unsigned k = 0;

	while (k + 1 < GROUP_KINDS && !tok_is(kw, group_kind[k].stmt))
		k++;
	g->kind = group_kind[k].kind;
	if (t == NULL || tok_is(t, group_kind[k].ends)) {
		complain(ps, TNP_FAIL, kw, kw, "the group has no name");
		return;
	}
	(void)tok_name(ps, t, g->name, sizeof(g->name));
	if (t->n > 8 || !name_valid(g->name, strlen(g->name)))
		complain(ps, TNP_FAIL, t, kw, "%.20s: a group's name has 1 to 8 characters",
		    t->text);
	else if (idgroup_find(ps->vtam, g->name, 0) != NULL)
		complain(ps, TNP_FAIL, t, kw, "there is a group %s already", g->name);
	for (t = t->next; t != NULL && !tok_is(t, group_kind[k].ends); t = t->next) {
		if (g->kind == CK_IPGRP || g->kind == CK_DESTIPGRP)
			net_member(ps, g, t, kw);
		else
			name_member(ps, g, t, kw);
	}
	if (t == NULL)
		complain(ps, TNP_FAIL, kw, kw, "%s is missing", group_kind[k].ends);
	ps->t = t == NULL ? NULL : t->next;
	for (at = &ps->vtam->idgroups; *at != NULL; at = &(*at)->next)
		;
	*at = g;
}

/* --- the word behind an object --- */

static bool
value_valid(struct pparse *ps, struct tnp_clid *c, const char *value, const struct tok *t,
    const struct tok *kw)
{
	bool wild = false;

	switch (c->kind) {
	case CK_IPADDR:
	case CK_DESTIP:
		if (ipaddr_parse(&c->addr, value))
			return true;
		complain(ps, TNP_FAIL, t, kw, "%.60s is no IP address", value);
		return false;
	case CK_USERID:
		if (word_valid(value, strlen(value), USER_MAX, &wild) && !wild)
			return true;
		complain(ps, TNP_FAIL, t, kw, "%.30s: a user id has 1 to 8 characters", value);
		return false;
	case CK_LINKNAME:
		if (word_valid(value, strlen(value), LINK_MAX, &wild) && !wild)
			return true;
		complain(ps, TNP_FAIL, t, kw, "%.30s: a link's name has 1 to 15 characters", value);
		return false;
	case CK_HOSTNAME:
		if (host_valid(value, strlen(value)))
			return true;
		complain(ps, TNP_FAIL, t, kw, "%.60s is no host name of 1 to %d characters", value,
		    TNP_CLID_NAME - 1);
		return false;
	default:
		c->group = idgroup_find(ps->vtam, value, c->kind);
		if (c->group == NULL)
			complain(ps, TNP_FAIL, t, kw, "there is no group %.40s", value);
		return c->group != NULL;
	}
}

static bool
clid_typed(struct pparse *ps, struct tnp_clid *c, const char *comma, const struct tok *t,
    const struct tok *kw)
{
	static const struct {
		const char *type;
		uint8_t kind;
	} known[] = { { "USERID", CK_USERID }, { "HOSTNAME", CK_HOSTNAME }, { "IPADDR", CK_IPADDR },
		{ "USERGROUP", CK_USERGRP }, { "USERGRP", CK_USERGRP }, { "HNGROUP", CK_HNGRP },
		{ "HNGRP", CK_HNGRP }, { "IPGROUP", CK_IPGRP }, { "IPGRP", CK_IPGRP },
		{ "DESTIP", CK_DESTIP }, { "LINKNAME", CK_LINKNAME },
		{ "DESTIPGROUP", CK_DESTIPGRP }, { "DESTIPGRP", CK_DESTIPGRP },
		{ "LINKGROUP", CK_LINKGRP }, { "LINKGRP", CK_LINKGRP } };
	size_t n = (size_t)(comma - t->text);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strlen(known[i].type) != n || strncasecmp(t->text, known[i].type, n) != 0)
			continue;
		c->kind = known[i].kind;
		if (!value_valid(ps, c, comma + 1, t, kw))
			c->kind = CK_NULL;      /* refused: nothing is to be looked for */
		return true;
	}
	return false;
}

/* The type may be left out for addresses, groups, host names and links (4.6). A word
 * without a dot that is no group is a link: said, for it may be a mistyped group. */
void
profile_clid(struct pparse *ps, struct tnp_clid *c, const struct tok *t, const struct tok *kw)
{
	const char *comma = strchr(t->text, ',');
	struct tok value = *t;

	if (comma != NULL) {
		value.text = comma + 1;
		value.n = strlen(comma + 1);
	}
	(void)tok_name(ps, &value, c->name, sizeof(c->name));
	if (comma != NULL) {
		if (!clid_typed(ps, c, comma, t, kw))
			complain(ps, TNP_FAIL, t, kw, "%.40s: no known type of client identifier",
			    t->text);
		return;
	}
	if (ipaddr_parse(&c->addr, t->text)) {
		c->kind = CK_IPADDR;
	} else if ((c->group = idgroup_find(ps->vtam, t->text, 0)) != NULL) {
		c->kind = c->group->kind;
	} else if (strchr(t->text, '.') != NULL) {
		c->kind = CK_HOSTNAME;
		(void)value_valid(ps, c, t->text, t, kw);
	} else {
		c->kind = CK_LINKNAME;
		if (value_valid(ps, c, t->text, t, kw))
			complain(ps, TNP_WARN, t, kw, "%.40s is no IP address and no group of this "
			    "block: taken as a link (LINKNAME,%.40s says so)", t->text, t->text);
	}
}
