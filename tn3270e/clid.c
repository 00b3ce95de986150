/* SPDX-License-Identifier: Apache-2.0
 *
 * A key of the hash is a rank and a value: CK_IPADDR and an address, CK_HNGRP
 * and a member's name, CK_IPGRP_WILD and a masked address with the mask's
 * number, CK_HNGRP_WILD and a suffix with its star or stars. Behind it stand
 * the identifiers it speaks for: more than one where groups share a member.
 */
#include <ctype.h>
#include <string.h>

#include "tn3270e/clid.h"

#define KEY_MAX (TNP_CLID_NAME + 2)
#define HOST_MAX 254

struct keyref {
	struct tnp_ident *ident;
	struct keyref *next;
};

struct tnp_key {
	struct mapent ent;
	struct keyref *refs, **tail;
	uint16_t n;
	uint8_t b[];
};

struct keytext {
	uint16_t n;
	uint8_t b[KEY_MAX];
};

const char *
tnp_clid_type(uint8_t kind)
{
	static const char *const text[CK_RANKS] = { "", "USERID", "HOSTNAME", "IPADDR", "USERGRP",
		"HNGRP", "IPGRP", "USERGRP", "HNGRP", "IPGRP", "DESTIP", "LINKNAME", "DESTIPGRP",
		"LINKGRP", "DESTIPGRP", "LINKGRP", "NULL" };

	return kind < CK_RANKS ? text[kind] : "?";
}

bool
tnp_wild_match(const char *pattern, const char *text)
{
	for (; *pattern != '\0'; pattern++, text++) {
		if (*pattern == '*')
			return true;            /* the rest of the word */
		if (*text == '\0' || (*pattern != '%' && *pattern != *text))
			return false;
	}
	return *text == '\0';
}

/* --- keys --- */

static void
key_name(struct keytext *k, unsigned rank, const char *text)
{
	size_t n = strlen(text);

	k->b[0] = (uint8_t)rank;
	n = n > sizeof(k->b) - 1 ? sizeof(k->b) - 1 : n;
	for (size_t i = 0; i < n; i++)
		k->b[i + 1] = (uint8_t)toupper((unsigned char)text[i]);
	k->n = (uint16_t)(n + 1);
}

static void
key_addr(struct keytext *k, unsigned rank, const struct ipaddr *a, unsigned mask)
{
	k->b[0] = (uint8_t)rank;
	k->b[1] = (uint8_t)(mask >> 8);
	k->b[2] = (uint8_t)mask;
	memcpy(k->b + 3, a, sizeof(*a));
	k->n = (uint16_t)(sizeof(*a) + 3);
}

static struct ipaddr
masked(const struct ipaddr *a, const struct ipaddr *mask)
{
	struct ipaddr m = *a;

	for (size_t i = 0; i < sizeof(m.b); i++)
		m.b[i] &= mask->b[i];
	return m;
}

static bool
key_eq(const struct mapent *e, const void *key)
{
	const struct tnp_key *k = MAP_OBJ(e, const struct tnp_key, ent);
	const struct keytext *t = key;

	return k->n == t->n && memcmp(k->b, t->b, t->n) == 0;
}

static struct tnp_key *
key_find(const struct tnp_index *x, const struct keytext *t)
{
	struct mapent *e = map_find(&x->keys, map_hash(&x->keys, t->b, t->n), key_eq, t);

	return e == NULL ? NULL : MAP_OBJ(e, struct tnp_key, ent);
}

static void
key_add(struct tnp_index *x, const struct keytext *t, struct tnp_ident *ident)
{
	struct tnp_key *k = key_find(x, t);
	struct keyref *r;

	if (k == NULL) {
		k = arena_get(x->arena, sizeof(*k) + t->n);
		k->tail = &k->refs;
		k->n = t->n;
		memcpy(k->b, t->b, t->n);
		map_insert(&x->keys, &k->ent, map_hash(&x->keys, k->b, k->n));
	}
	for (r = k->refs; r != NULL; r = r->next)
		if (r->ident == ident)
			return;
	r = arena_get(x->arena, sizeof(*r));
	r->ident = ident;
	*k->tail = r;
	k->tail = &r->next;
}

/* --- making it --- */

bool
tnp_index_init(struct tnp_index *x, struct arena *a)
{
	*x = (struct tnp_index){ .arena = a };
	x->tail = &x->first;
	return map_init(&x->keys, 64) == 0;
}

void
tnp_index_fini(struct tnp_index *x)
{
	map_fini(&x->keys);
}

static void
hit_add(struct tnp_index *x, unsigned rank, const struct tnp_hit *from)
{
	struct tnp_hit *h = arena_get(x->arena, sizeof(*h)), **at = &x->hits[rank];

	*h = *from;
	while (*at != NULL)
		at = &(*at)->next;
	*at = h;
}

static unsigned
mask_number(struct tnp_index *x, unsigned dest, const struct ipaddr *mask)
{
	struct tnp_mask **at = &x->masks[dest];
	unsigned n = 0;

	for (; *at != NULL; at = &(*at)->next, n++)
		if (ipaddr_eq(&(*at)->mask, mask))
			return n;
	*at = arena_get(x->arena, sizeof(**at));
	(*at)->mask = *mask;
	(*at)->number = (uint16_t)n;
	return n;
}

static void
add_nets(struct tnp_index *x, struct tnp_ident *i, unsigned exact, unsigned wild)
{
	unsigned dest = exact == CK_DESTIPGRP;

	for (const struct tnp_net *n = i->clid.group->nets; n != NULL; n = n->next) {
		const struct tnp_hit h = { .net = n, .ident = i };
		struct ipaddr m = masked(&n->lo, &n->hi);
		struct keytext t;

		if (n->mask)
			key_addr(&t, wild, &m, mask_number(x, dest, &n->hi));
		else
			key_addr(&t, exact, &n->lo, 0);
		if (n->mask || ipaddr_eq(&n->lo, &n->hi))
			key_add(x, &t, i);
		else
			hit_add(x, exact, &h);
	}
}

/* "*.X.COM" and "**.X.COM" are found by the suffix, with their stars. */
static void
add_names(struct tnp_index *x, struct tnp_ident *i, unsigned exact, unsigned wild)
{
	for (const struct tnp_idname *n = i->clid.group->names; n != NULL; n = n->next) {
		const struct tnp_hit h = { .text = n->text, .ident = i };
		struct keytext t;

		key_name(&t, n->wild ? wild : exact, n->text);
		if (!n->wild || exact == CK_HNGRP)
			key_add(x, &t, i);
		else
			hit_add(x, wild, &h);
	}
}

static void
add_keys(struct tnp_index *x, struct tnp_ident *i)
{
	struct keytext t;

	switch ((enum tnp_clidkind)i->clid.kind) {
	case CK_USERID:
	case CK_HOSTNAME:
	case CK_LINKNAME:
		key_name(&t, i->clid.kind, i->clid.name);
		key_add(x, &t, i);
		break;
	case CK_IPADDR:
	case CK_DESTIP:
		key_addr(&t, i->clid.kind, &i->clid.addr, 0);
		key_add(x, &t, i);
		break;
	case CK_USERGRP:
		add_names(x, i, CK_USERGRP, CK_USERGRP_WILD);
		break;
	case CK_HNGRP:
		add_names(x, i, CK_HNGRP, CK_HNGRP_WILD);
		break;
	case CK_LINKGRP:
		add_names(x, i, CK_LINKGRP, CK_LINKGRP_WILD);
		break;
	case CK_IPGRP:
		add_nets(x, i, CK_IPGRP, CK_IPGRP_WILD);
		break;
	case CK_DESTIPGRP:
		add_nets(x, i, CK_DESTIPGRP, CK_DESTIPGRP_WILD);
		break;
	case CK_NULL:
		key_name(&t, CK_NULL, "");
		key_add(x, &t, i);
		break;
	case CK_USERGRP_WILD:
	case CK_HNGRP_WILD:
	case CK_IPGRP_WILD:
	case CK_DESTIPGRP_WILD:
	case CK_LINKGRP_WILD:
		break;
	}
}

/* The identifier itself: a group by its name, under a rank no client has. */
static struct tnp_ident *
ident_of(struct tnp_index *x, const struct tnp_clid *c)
{
	struct tnp_ident *i;
	struct keytext t;
	struct tnp_key *k;

	if (c->kind == CK_IPADDR || c->kind == CK_DESTIP)
		key_addr(&t, c->kind + CK_RANKS, &c->addr, 0);
	else
		key_name(&t, c->kind + CK_RANKS, c->name);
	k = key_find(x, &t);
	if (k != NULL)
		return k->refs->ident;
	i = arena_get(x->arena, sizeof(*i));
	i->clid = *c;
	*x->tail = i;
	x->tail = &i->next;
	key_add(x, &t, i);
	add_keys(x, i);
	return i;
}

static uint32_t
ranks_of(const struct tnp_clid *c)
{
	uint32_t r = UINT32_C(1) << c->kind;

	switch ((enum tnp_clidkind)c->kind) {
	case CK_USERGRP:
		return r | UINT32_C(1) << CK_USERGRP_WILD;
	case CK_HNGRP:
		return r | UINT32_C(1) << CK_HNGRP_WILD;
	case CK_IPGRP:
		return r | UINT32_C(1) << CK_IPGRP_WILD;
	case CK_DESTIPGRP:
		return r | UINT32_C(1) << CK_DESTIPGRP_WILD;
	case CK_LINKGRP:
		return r | UINT32_C(1) << CK_LINKGRP_WILD;
	case CK_USERID:
	case CK_HOSTNAME:
	case CK_IPADDR:
	case CK_DESTIP:
	case CK_LINKNAME:
	case CK_NULL:
	case CK_USERGRP_WILD:
	case CK_HNGRP_WILD:
	case CK_IPGRP_WILD:
	case CK_DESTIPGRP_WILD:
	case CK_LINKGRP_WILD:
		break;
	}
	return r;
}

struct tnp_ident *
tnp_index_add(struct tnp_index *x, const struct tnp_clid *c, enum tnp_has has, void *obj)
{
	struct tnp_ident *i = ident_of(x, c);

	x->order++;
	if ((i->has & 1u << has) == 0) {
		i->has |= 1u << has;
		i->order[has] = x->order;
		i->obj[has] = obj;
	}
	x->ranks[has] |= ranks_of(c);
	return i;
}

/* --- looking --- */

struct found {
	enum tnp_has has;
	unsigned n;
	const struct tnp_ident **out;
};

static void
take(struct found *f, const struct tnp_ident *i)
{
	if ((i->has & 1u << f->has) == 0 || f->n == TNP_SAME)
		return;
	for (unsigned k = 0; k < f->n; k++)
		if (f->out[k] == i)
			return;
	f->out[f->n++] = i;
}

static void
take_key(const struct tnp_index *x, const struct keytext *t, struct found *f)
{
	const struct tnp_key *k = key_find(x, t);

	for (const struct keyref *r = k == NULL ? NULL : k->refs; r != NULL; r = r->next)
		take(f, r->ident);
}

static void
take_name(const struct tnp_index *x, unsigned rank, const char *text, struct found *f)
{
	struct keytext t;

	if (text == NULL || text[0] == '\0')
		return;
	key_name(&t, rank, text);
	take_key(x, &t, f);
}

static void
take_addr(const struct tnp_index *x, unsigned rank, const struct ipaddr *a, struct found *f)
{
	struct keytext t;

	key_addr(&t, rank, a, 0);
	take_key(x, &t, f);
	for (const struct tnp_hit *h = x->hits[rank]; h != NULL; h = h->next)
		if (h->net->lo.fam == a->fam && ipaddr_cmp(&h->net->lo, a) <= 0 &&
		    ipaddr_cmp(a, &h->net->hi) <= 0)
			take(f, h->ident);
}

static void
take_masked(const struct tnp_index *x, unsigned rank, const struct ipaddr *a, struct found *f)
{
	for (const struct tnp_mask *m = x->masks[rank == CK_DESTIPGRP_WILD]; m != NULL;
	    m = m->next) {
		struct ipaddr net = masked(a, &m->mask);
		struct keytext t;

		if (m->mask.fam != a->fam)
			continue;
		key_addr(&t, rank, &net, m->number);
		take_key(x, &t, f);
	}
}

static void
take_wild(const struct tnp_index *x, unsigned rank, const char *text, struct found *f)
{
	char up[20];
	size_t n = strlen(text);

	if (n == 0 || n >= sizeof(up))
		return;
	for (size_t i = 0; i <= n; i++)
		up[i] = (char)toupper((unsigned char)text[i]);
	for (const struct tnp_hit *h = x->hits[rank]; h != NULL; h = h->next)
		if (tnp_wild_match(h->text, up))
			take(f, h->ident);
}

/* A.B.C: is there *.B.C, **.B.C, **.C? One star is one label. */
static void
take_suffixes(const struct tnp_index *x, const char *host, struct found *f)
{
	char t[HOST_MAX + 4];

	if (host == NULL || strlen(host) >= HOST_MAX)
		return;
	for (const char *dot = strchr(host, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
		t[0] = t[1] = '*';
		memcpy(t + 2, dot, strlen(dot) + 1);
		if (dot == strchr(host, '.'))
			take_name(x, CK_HNGRP_WILD, t + 1, f);
		take_name(x, CK_HNGRP_WILD, t, f);
	}
}

unsigned
tnp_index_at(const struct tnp_index *x, const struct tnp_client *who, enum tnp_clidkind rank,
    enum tnp_has has, const struct tnp_ident *out[TNP_SAME])
{
	struct found f = { has, 0, out };
	struct keytext t;

	switch (rank) {
	case CK_USERID:
	case CK_USERGRP:
		take_name(x, rank, who->user, &f);
		break;
	case CK_HOSTNAME:
	case CK_HNGRP:
		take_name(x, rank, who->host, &f);
		break;
	case CK_LINKNAME:
	case CK_LINKGRP:
		take_name(x, rank, who->link, &f);
		break;
	case CK_IPADDR:
	case CK_IPGRP:
		take_addr(x, rank, &who->addr, &f);
		break;
	case CK_DESTIP:
	case CK_DESTIPGRP:
		take_addr(x, rank, &who->dest, &f);
		break;
	case CK_USERGRP_WILD:
		take_wild(x, rank, who->user, &f);
		break;
	case CK_LINKGRP_WILD:
		take_wild(x, rank, who->link, &f);
		break;
	case CK_HNGRP_WILD:
		take_suffixes(x, who->host, &f);
		break;
	case CK_IPGRP_WILD:
		take_masked(x, rank, &who->addr, &f);
		break;
	case CK_DESTIPGRP_WILD:
		take_masked(x, rank, &who->dest, &f);
		break;
	case CK_NULL:
		key_name(&t, CK_NULL, "");
		take_key(x, &t, &f);
		break;
	}
	return f.n;
}

unsigned
tnp_index_best(const struct tnp_index *x, const struct tnp_client *who, enum tnp_has has,
    const struct tnp_ident *out[TNP_SAME], unsigned *rank)
{
	for (unsigned r = CK_USERID; r <= CK_NULL; r++) {
		unsigned n = (x->ranks[has] & UINT32_C(1) << r) == 0 ? 0 :
		    tnp_index_at(x, who, (enum tnp_clidkind)r, has, out);

		if (n != 0) {
			*rank = r;
			return n;
		}
	}
	*rank = 0;
	return 0;
}

void *
tnp_index_first(const struct tnp_index *x, const struct tnp_client *who, enum tnp_has has,
    unsigned *rank)
{
	const struct tnp_ident *out[TNP_SAME], *best = NULL;
	unsigned n = tnp_index_best(x, who, has, out, rank);

	for (unsigned i = 0; i < n; i++)
		if (best == NULL || out[i]->order[has] < best->order[has])
			best = out[i];
	return best == NULL ? NULL : best->obj[has];
}

bool
tnp_index_wants_host(const struct tnp_index *x)
{
	for (unsigned i = 0; i < TH_N; i++)
		if ((x->ranks[i] & (UINT32_C(1) << CK_HOSTNAME | UINT32_C(1) << CK_HNGRP)) != 0)
			return true;
	return false;
}
