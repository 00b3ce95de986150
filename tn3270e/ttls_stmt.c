/* SPDX-License-Identifier: Apache-2.0
 *
 * From statements to rules. What is referred to is read before what refers to
 * it, wherever it stands in the file.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/ttls_in.h"

#define PRIORITY_MAX 2000000000

static const char *const kind_word[TK_N] = {
	[TK_GROUP] = "TTLSGroupAction", [TK_ENV] = "TTLSEnvironmentAction",
	[TK_CONN] = "TTLSConnectionAction", [TK_KEYRING] = "TTLSKeyringParms",
	[TK_CIPHER] = "TTLSCipherParms", [TK_SIGNATURE] = "TTLSSignatureParms",
	[TK_ENV_ADV] = "TTLSEnvironmentAdvancedParms",
	[TK_CONN_ADV] = "TTLSConnectionAdvancedParms",
	[TK_GROUP_ADV] = "TTLSGroupAdvancedParms", [TK_GSK_ADV] = "TTLSGskAdvancedParms",
	[TK_GSK_LDAP] = "TTLSGskLdapParms", [TK_GSK_OCSP] = "TTLSGskOcspParms",
	[TK_GSK_CDP] = "TTLSGskHttpCdpParms", [TK_TIME] = "IpTimeCondition",
	[TK_IPADDR] = "IpAddr", [TK_IPADDR_SET] = "IpAddrSet", [TK_IPADDR_GROUP] = "IpAddrGroup",
	[TK_PORT] = "PortRange", [TK_PORT_GROUP] = "PortGroup", [TK_RULE] = "TTLSRule",
};

/* Who refers to whom: a statement refers to those of lower rank only. */
static unsigned
rank(enum tkind k)
{
	switch (k) {
	case TK_RULE:
		return 3;
	case TK_GROUP:
	case TK_ENV:
	case TK_CONN:
		return 2;
	case TK_GSK_ADV:
	case TK_IPADDR_GROUP:
	case TK_PORT_GROUP:
		return 1;
	default:
		return 0;
	}
}

enum tkind
ttls_kind(const char *word)
{
	for (unsigned i = 1; i < TK_N; i++)
		if (strcasecmp(word, kind_word[i]) == 0)
			return (enum tkind)i;
	return 0;
}

const char *
ttls_kind_text(enum tkind k)
{
	return kind_word[k];
}

static struct tobj *
find(const struct tparse *ps, enum tkind kind, const char *name)
{
	for (struct tobj *o = ps->objs; o != NULL; o = o->next)
		if (o->kind == kind && strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

const struct tobj *
ttls_ref(struct tparse *ps, const struct tnode *n, enum tkind kind)
{
	const struct tobj *o = find(ps, kind, n->value);

	if (o == NULL)
		ttls_complain(ps, TNP_FAIL, n, "there is no %s %.40s in this file (names are case "
		    "sensitive)", kind_word[kind], n->value);
	return o;
}

/* --- ports --- */

/* "n", "n m" or "n-m"; 0: all. */
static void
take_ports(struct tparse *ps, const struct tnode *n, struct ttls_ports **to)
{
	struct ttls_ports *p = arena_get(&ps->t->arena, sizeof(*p));
	char *end;
	long lo = strtol(n->value, &end, 10), hi;

	while (isspace((unsigned char)*end) || *end == '-')
		end++;
	hi = *end == '\0' ? lo : strtol(end, &end, 10);
	if (!isdigit((unsigned char)n->value[0]) || *end != '\0' || lo < 0 || hi > 65535 ||
	    hi < lo) {
		ttls_complain(ps, TNP_FAIL, n, "%.40s is not a port or a range of ports, as in "
		    "992 or 2023 2030", n->value);
		return;
	}
	*p = lo == 0 && hi == 0 ? (struct ttls_ports){ 0, 65535, *to } :
	    (struct ttls_ports){ (uint16_t)lo, (uint16_t)hi, *to };
	*to = p;
}

static void
add_ports(struct tparse *ps, const struct ttls_ports *from, struct ttls_ports **to)
{
	for (; from != NULL; from = from->next) {
		struct ttls_ports *p = arena_get(&ps->t->arena, sizeof(*p));

		*p = (struct ttls_ports){ from->lo, from->hi, *to };
		*to = p;
	}
}

static void
port_statement(struct tparse *ps, const struct tnode *block, struct ttls_ports **to)
{
	for (const struct tnode *n = block->child; n != NULL; n = n->next) {
		const struct tobj *o;

		if (strcasecmp(n->word, "Port") == 0)
			take_ports(ps, n, to);
		else if (strcasecmp(n->word, "PortRange") == 0 && n->block)
			for (const struct tnode *k = n->child; k != NULL; k = k->next)
				take_ports(ps, k, to);
		else if (strcasecmp(n->word, "PortRangeRef") != 0)
			ttls_complain(ps, TNP_FAIL, n, "is not a parameter of %s", block->word);
		else if ((o = ttls_ref(ps, n, TK_PORT)) != NULL)
			add_ports(ps, o->ports, to);
	}
	if (*to == NULL)
		ttls_complain(ps, TNP_FAIL, block, "there is no port in it");
}

/* --- addresses --- */

/* First and last address of a network. */
static bool
prefix(struct ttls_addrs *a, const char *digits)
{
	char *end;
	long n = strtol(digits, &end, 10), most = a->lo.fam == 4 ? 32 : 128;

	if (!isdigit((unsigned char)digits[0]) || *end != '\0' || n > most)
		return false;
	a->hi = a->lo;
	for (long i = n; i < most; i++) {
		uint8_t bit = (uint8_t)(0x80u >> (i % 8));

		a->lo.b[i / 8] &= (uint8_t)~bit;
		a->hi.b[i / 8] |= bit;
	}
	return true;
}

static bool
addr_value(const char *value, struct ttls_addrs *a)
{
	char text[IPADDR_TEXT * 2];
	char *cut;

	if (strlen(value) >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%s", value);
	cut = strpbrk(text, "/-");
	if (cut == NULL) {
		if (!ipaddr_parse(&a->lo, text))
			return false;
		a->hi = a->lo;
		return true;
	}
	if (*cut == '/') {
		*cut = '\0';
		return ipaddr_parse(&a->lo, text) && prefix(a, cut + 1);
	}
	*cut = '\0';
	return ipaddr_parse(&a->lo, text) && ipaddr_parse(&a->hi, cut + 1) &&
	    a->lo.fam == a->hi.fam && ipaddr_cmp(&a->lo, &a->hi) <= 0;
}

static void
all_addrs(struct tparse *ps, const char *net, struct ttls_addrs **to)
{
	struct ttls_addrs *a = arena_get(&ps->t->arena, sizeof(*a));

	(void)addr_value(net, a);
	a->next = *to;
	*to = a;
}

static void
take_addr(struct tparse *ps, const struct tnode *n, struct ttls_addrs **to)
{
	struct ttls_addrs *a = arena_get(&ps->t->arena, sizeof(*a));

	if (strcasecmp(n->value, "All") == 0 || strcasecmp(n->value, "All4") == 0)
		all_addrs(ps, "0.0.0.0/0", to);
	if (strcasecmp(n->value, "All") == 0 || strcasecmp(n->value, "All6") == 0)
		all_addrs(ps, "::/0", to);
	if (strncasecmp(n->value, "All", 3) == 0)
		return;
	if (!addr_value(n->value, a)) {
		ttls_complain(ps, TNP_FAIL, n, "%.80s is not an address, address/prefix or "
		    "address-address", n->value);
		return;
	}
	a->next = *to;
	*to = a;
}

static void
add_addrs(struct tparse *ps, const struct ttls_addrs *from, struct ttls_addrs **to)
{
	for (; from != NULL; from = from->next) {
		struct ttls_addrs *a = arena_get(&ps->t->arena, sizeof(*a));

		*a = (struct ttls_addrs){ from->lo, from->hi, *to };
		*to = a;
	}
}

static bool
addr_parm(const struct tnode *n)
{
	return strcasecmp(n->word, "Addr") == 0 || strcasecmp(n->word, "Prefix") == 0 ||
	    strcasecmp(n->word, "Range") == 0;
}

static void
addr_statement(struct tparse *ps, const struct tnode *block, struct ttls_addrs **to)
{
	for (const struct tnode *n = block->child; n != NULL; n = n->next) {
		bool set = strncasecmp(n->word, "IpAddrSet", 9) == 0;
		bool ref = strcasecmp(n->word, "IpAddrRef") == 0 ||
		    strcasecmp(n->word, "IpAddrSetRef") == 0;
		const struct tobj *o = ref ? ttls_ref(ps, n, set ? TK_IPADDR_SET : TK_IPADDR) :
		    NULL;

		if (o != NULL)
			add_addrs(ps, o->addrs, to);
		else if (addr_parm(n))
			take_addr(ps, n, to);
		else if (!ref && n->block)
			for (const struct tnode *k = n->child; k != NULL; k = k->next)
				take_addr(ps, k, to);
		else if (!ref)
			ttls_complain(ps, TNP_FAIL, n, "is not a parameter of %s", block->word);
	}
	if (*to == NULL)
		ttls_complain(ps, TNP_FAIL, block, "there is no address in it");
}

/* --- rules --- */

static void
action(struct tparse *ps, struct ttls_rule *r, const struct tnode *n, enum tkind kind)
{
	const struct tobj *o = ttls_ref(ps, n, kind);
	char *name = kind == TK_GROUP ? r->group : kind == TK_ENV ? r->env : r->conn;

	snprintf(name, TTLS_NAME + 1, "%.*s", TTLS_NAME, o == NULL ? "?" : o->name);
}

static void
direction(struct tparse *ps, struct ttls_rule *r, const struct tnode *n)
{
	if (strcasecmp(n->value, "Inbound") == 0 || strcasecmp(n->value, "Both") == 0)
		r->inbound = 1;
	else if (strcasecmp(n->value, "Outbound") == 0)
		ttls_complain(ps, TNP_INFO, n, "rule %s is not used: Telnet connections come in",
		    r->name);
	else
		ttls_complain(ps, TNP_FAIL, n, "%.40s: Inbound, Outbound or Both is wanted",
		    n->value);
}

static void
rule_priority(struct tparse *ps, struct ttls_rule *r, const struct tnode *n)
{
	char *end;
	long v = strtol(n->value, &end, 10);

	if (!isdigit((unsigned char)n->value[0]) || *end != '\0' || v < 1 || v > PRIORITY_MAX)
		ttls_complain(ps, TNP_FAIL, n, "%.20s is not a number from 1 to %d", n->value,
		    PRIORITY_MAX);
	else
		r->priority = (uint32_t)v;
}

static bool
rule_addr(struct tparse *ps, struct ttls_rule *r, const struct tnode *n)
{
	bool local = strncasecmp(n->word, "Local", 5) == 0;
	const char *w = n->word + (local ? 5 : 6);
	struct ttls_addrs **to = local ? &r->local : &r->remote;
	const struct tobj *o;
	enum tkind kind;

	if (!local && strncasecmp(n->word, "Remote", 6) != 0)
		return false;
	r->has_condition = 1;
	if (strcasecmp(w, "Addr") == 0) {
		take_addr(ps, n, to);
		return true;
	}
	kind = strcasecmp(w, "AddrRef") == 0 ? TK_IPADDR : strcasecmp(w, "AddrSetRef") == 0 ?
	    TK_IPADDR_SET : strcasecmp(w, "AddrGroupRef") == 0 ? TK_IPADDR_GROUP : 0;
	if (kind != 0 && (o = ttls_ref(ps, n, kind)) != NULL)
		add_addrs(ps, o->addrs, to);
	return kind != 0;
}

static bool
rule_ports(struct tparse *ps, struct ttls_rule *r, const struct tnode *n)
{
	bool local = strncasecmp(n->word, "Local", 5) == 0;
	const char *w = n->word + (local ? 5 : 6);
	struct ttls_ports **to = local ? &r->lports : &r->rports;
	const struct tobj *o;
	enum tkind kind;

	if (!local && strncasecmp(n->word, "Remote", 6) != 0)
		return false;
	r->has_condition = 1;
	if (strcasecmp(w, "PortRange") == 0) {
		take_ports(ps, n, to);
		return true;
	}
	kind = strcasecmp(w, "PortRangeRef") == 0 ? TK_PORT : strcasecmp(w, "PortGroupRef") == 0 ?
	    TK_PORT_GROUP : 0;
	if (kind != 0 && (o = ttls_ref(ps, n, kind)) != NULL)
		add_ports(ps, o->ports, to);
	return kind != 0;
}

static bool
rule_action(struct tparse *ps, struct ttls_rule *r, const struct tnode *n)
{
	static const enum tkind kinds[] = { TK_GROUP, TK_ENV, TK_CONN };

	for (unsigned i = 0; i < 3; i++) {
		size_t k = strlen(kind_word[kinds[i]]);

		if (strncasecmp(n->word, kind_word[kinds[i]], k) != 0 ||
		    strcasecmp(n->word + k, "Ref") != 0)
			continue;
		action(ps, r, n, kinds[i]);
		return true;
	}
	return false;
}

static void
rule_parm(struct tparse *ps, struct ttls_rule *r, const struct tnode *n)
{
	if (strcasecmp(n->word, "Direction") == 0) {
		direction(ps, r, n);
	} else if (strcasecmp(n->word, "Priority") == 0) {
		rule_priority(ps, r, n);
	} else if (strcasecmp(n->word, "Jobname") == 0 || strcasecmp(n->word, "Userid") == 0) {
		r->has_condition = 1;
		ttls_complain(ps, TNP_INFO, n, "accepted, without function here: there is one job, "
		    "the Telnet server");
	} else if (strncasecmp(n->word, "IpTimeCondition", 15) == 0) {
		ttls_complain(ps, TNP_WARN, n, "there are no time conditions here: rule %s holds "
		    "at all times", r->name);
	} else if (!rule_action(ps, r, n) && !rule_ports(ps, r, n) && !rule_addr(ps, r, n)) {
		ttls_complain(ps, TNP_FAIL, n, "is not a parameter of TTLSRule");
	}
}

/* Higher priority first, then by name. */
static void
insert(struct ttls *t, struct ttls_rule *r)
{
	struct ttls_rule **at = &t->rules;

	while (*at != NULL && ((*at)->priority > r->priority ||
	    ((*at)->priority == r->priority && strcmp((*at)->name, r->name) < 0)))
		at = &(*at)->next;
	r->next = *at;
	*at = r;
}

static void
actions_of(struct tparse *ps, struct ttls_rule *r, const struct tnode *node)
{
	static const enum tkind kinds[] = { TK_GROUP, TK_ENV, TK_CONN };
	const char *const names[] = { r->group, r->env, r->conn };

	for (unsigned i = 0; i < 3; i++) {
		const struct tobj *o = names[i][0] == '\0' ? NULL : find(ps, kinds[i], names[i]);

		if (o != NULL)
			ttls_merge(ps, &r->set, &o->set);
	}
	if (r->group[0] == '\0')
		ttls_complain(ps, TNP_FAIL, node, "TTLSGroupActionRef is missing");
	else if (r->set.enabled == TTLS_ON && r->env[0] == '\0')
		ttls_complain(ps, TNP_FAIL, node, "TTLSEnvironmentActionRef is missing: the group "
		    "action has TTLSEnabled On");
}

static void
rule(struct tparse *ps, const struct tobj *o)
{
	struct ttls_rule *r = arena_get(&ps->t->arena, sizeof(*r));
	bool directed = false;

	memcpy(r->name, o->name, sizeof(r->name));
	r->pos = o->node->pos;
	for (const struct tnode *n = o->node->child; n != NULL; n = n->next) {
		directed |= strcasecmp(n->word, "Direction") == 0;
		rule_parm(ps, r, n);
	}
	if (!directed)
		ttls_complain(ps, TNP_FAIL, o->node, "Direction is missing");
	if (!r->has_condition)
		ttls_complain(ps, TNP_FAIL, o->node, "a condition is missing: LocalPortRange, "
		    "LocalAddr, RemoteAddr ..");
	actions_of(ps, r, o->node);
	insert(ps->t, r);
}

/* --- statements --- */

static void
take_statement(struct tparse *ps, struct tobj *o)
{
	switch (o->kind) {
	case TK_RULE:
		rule(ps, o);
		break;
	case TK_PORT:
	case TK_PORT_GROUP:
		port_statement(ps, o->node, &o->ports);
		break;
	case TK_IPADDR:
	case TK_IPADDR_SET:
	case TK_IPADDR_GROUP:
		addr_statement(ps, o->node, &o->addrs);
		break;
	case TK_TIME:
	case TK_N:
		break;
	case TK_GROUP:
		ttls_parms(ps, o->kind, o->node, &o->set);
		if (o->set.enabled == 0)
			ttls_complain(ps, TNP_FAIL, o->node, "TTLSEnabled is missing");
		break;
	default:
		ttls_parms(ps, o->kind, o->node, &o->set);
		break;
	}
}

/* NULL: not a statement with a name. */
static struct tobj *
named(struct tparse *ps, const struct tnode *n)
{
	enum tkind kind = ttls_kind(n->word);
	struct tobj *o;

	if (kind == 0 || !n->block) {
		ttls_complain(ps, TNP_FAIL, n, kind != 0 ? "its parameters between braces are "
		    "missing" : strcasecmp(n->word, "TTLSConfig") == 0 ? "names a file of the "
		    "Policy Agent: give that file with --attls" : "is not a statement of an "
		    "AT-TLS policy");
		return NULL;
	}
	if (n->value[0] == '\0' || strlen(n->value) > TTLS_NAME || strchr(n->value, ' ') != NULL) {
		ttls_complain(ps, TNP_FAIL, n, "a name of 1 to %d characters is wanted", TTLS_NAME);
		return NULL;
	}
	if (find(ps, kind, n->value) != NULL) {
		ttls_complain(ps, TNP_FAIL, n, "%s is defined already", n->value);
		return NULL;
	}
	o = arena_get(&ps->t->arena, sizeof(*o));
	o->kind = kind;
	o->node = n;
	snprintf(o->name, sizeof(o->name), "%s", n->value);
	return o;
}

void
ttls_statements(struct tparse *ps, const struct tnode *first)
{
	struct tobj **tail = &ps->objs;

	for (const struct tnode *n = first; n != NULL; n = n->next) {
		*tail = named(ps, n);
		if (*tail != NULL)
			tail = &(*tail)->next;
	}
	for (unsigned k = 0; k <= 3; k++)
		for (struct tobj *o = ps->objs; o != NULL; o = o->next)
			if (rank(o->kind) == k)
				take_statement(ps, o);
	if (ps->t->rules == NULL)
		ttls_complain(ps, TNP_WARN, NULL, "there is no TTLSRule in it");
}
