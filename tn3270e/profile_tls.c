/* SPDX-License-Identifier: Apache-2.0
 *
 * TLS of the profile: what a SECUREPORT codes itself, and the AT-TLS policy
 * that a TTLSPORT takes it from. z/OS keeps certificates in key rings and
 * knows users by RACF; PEM files and the statements CERTIFICATE, PRIVATEKEY,
 * CLIENTCA, CRL, SNICERT, CERTUSER, CERTMAP, CERTCHECK, PTKTSOCKET and SSLKEYLOG are ours.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tn3270e/profile_in.h"
#include "tn3270e/ttls.h"

#define CHECK_S 60              /* files are looked at again: once a minute at most */
#define MAP_LINE 400
#define SOON_DAYS 14            /* a certificate that ends is told of (our choice) */

/* --- statements --- */

static const char *
take_word(struct pparse *ps, const struct tok *kw, const char *what)
{
	const struct tok *t = tok_next(ps);

	if (t == NULL)
		complain(ps, TNP_FAIL, kw, kw, "%s is missing", what);
	return t == NULL ? NULL : t->text;
}

static void
take_cert(struct pparse *ps, const struct tok *kw)
{
	ps->port->tls_conf.cert = take_word(ps, kw, "a file's name");
}

static void
take_key(struct pparse *ps, const struct tok *kw)
{
	ps->port->tls_conf.key = take_word(ps, kw, "a file's name");
}

static void
take_clientca(struct pparse *ps, const struct tok *kw)
{
	ps->port->tls_conf.ca = take_word(ps, kw, "a file's name");
}

static void
take_crl(struct pparse *ps, const struct tok *kw)
{
	struct tls_conf *c = &ps->port->tls_conf;
	unsigned n = 0;

	while (n < TLS_CRLS && c->crl[n] != NULL)
		n++;
	for (; tok_peek(ps) != NULL && n < TLS_CRLS; n++)
		c->crl[n] = tok_next(ps)->text;
	if (tok_peek(ps) != NULL)
		complain(ps, TNP_FAIL, kw, kw, "more than %d revocation lists", TLS_CRLS);
	else if (n == 0)
		complain(ps, TNP_FAIL, kw, kw, "a file's name is missing");
}

/* SNICERT name certificate key */
static void
take_sni(struct pparse *ps, const struct tok *kw)
{
	struct tls_sni *s = arena_get(&ps->p->arena, sizeof(*s));
	struct tls_conf *c = &ps->port->tls_conf;

	s->name = take_word(ps, kw, "a server's name, as in tn.example.com or *.example.com,");
	s->cert = s->name == NULL ? NULL : take_word(ps, kw, "the certificate's file");
	s->key = s->cert == NULL ? NULL : take_word(ps, kw, "the private key's file");
	if (s->key == NULL)
		return;
	s->next = (struct tls_sni *)(uintptr_t)c->sni;
	c->sni = s;
}

static void
take_clientauth(struct pparse *ps, const struct tok *kw)
{
	static const char *const words[] = { "NONE", "SSLCERT", "SAFCERT", "REQUEST", NULL };
	int v = profile_one_of(ps, kw, words);

	if (v >= 0)
		profile_set(ps, TP_CLIENTAUTH, v);
}

static void
take_encryption(struct pparse *ps, const struct tok *kw)
{
	struct tls_conf *f = &ps->port->tls_conf;

	for (; ps->t != NULL && !tok_is(ps->t, "ENDENCRYPTION"); ps->t = ps->t->next) {
		const struct ttls_cipher *c = ttls_cipher_find(ps->t->text, ps->t->n);

		if (c == NULL)
			complain(ps, TNP_FAIL, ps->t, kw, "%.60s is not a cipher suite that is "
			    "known", ps->t->text);
		else if (c->weak != NULL)
			complain(ps, TNP_FAIL, ps->t, kw, "%s is refused: %s. Take it out; "
			    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 is one that clients know",
			    ps->t->text, c->weak);
		else if (c->openssl == NULL)
			complain(ps, TNP_WARN, ps->t, kw, "%s is left out: OpenSSL does not have "
			    "it, or only for DSA keys", ps->t->text);
		else if (c->code >> 8 == 0x13)
			f->ciphers13 = ttls_cipher_add(&ps->p->arena, f->ciphers13, c);
		else
			f->ciphers12 = ttls_cipher_add(&ps->p->arena, f->ciphers12, c);
	}
	if (ps->t == NULL)
		complain(ps, TNP_FAIL, kw, kw, "ENDENCRYPTION is missing");
	else
		ps->t = ps->t->next;
	if (f->ciphers12 == NULL && f->ciphers13 != NULL)
		f->versions = TLS_V13;
}

/* Which names of a certificate may be a user id, in this order. */
static void
take_certuser(struct pparse *ps, const struct tok *kw)
{
	struct tls_users *u = &ps->port->users;
	unsigned n = 0;
	struct tok *t;

	memset(u->from, 0, sizeof(u->from));
	while ((t = tok_next(ps)) != NULL) {
		unsigned kind = tls_name_kind(t->text, t->n);

		if (kind == 0 || kind > TLS_NAMES || n == TLS_NAMES)
			complain(ps, TNP_FAIL, t, kw, "%.30s: CN, EMAIL, UPN and DNS are wanted, "
			    "each once at most", t->text);
		else
			u->from[n++] = (uint8_t)kind;
	}
	if (n == 0)
		complain(ps, TNP_FAIL, kw, kw, "CN, EMAIL, UPN or DNS is missing");
}

/* --- CERTMAP: "userid KIND=value" a line --- */

struct mapfile {
	struct pparse *ps;
	const char *name;
	struct tls_mapent **tail;
	uint32_t line;
};

static void
map_bad(struct mapfile *m, const char *user, const char *text)
{
	tnp_err_add_in(m->ps->errs, m->name, TNP_FAIL, (struct tnp_pos){ m->line, 1 }, user, text);
}

static void
map_line(struct mapfile *m, char *line)
{
	char *user = line + strspn(line, " \t"), *kind, *eq;
	size_t n = strcspn(user, " \t");
	struct tls_mapent *e;

	if (*user == '\0' || *user == '#' || *user == ';')
		return;
	e = arena_get(&m->ps->p->arena, sizeof(*e));
	if (!tls_user_ok(user, n, e->user)) {
		map_bad(m, "", "the line begins with a user id of 1 to 8 characters A-Z 0-9 @ # $");
		return;
	}
	kind = user + n + strspn(user + n, " \t");
	eq = strchr(kind, '=');
	e->kind = eq == NULL ? 0 : (uint8_t)tls_name_kind(kind, (size_t)(eq - kind));
	if (e->kind == 0 || eq[1] == '\0') {
		map_bad(m, e->user, "CN=, EMAIL=, UPN=, DNS=, SUBJECT= or SHA256= and a value are "
		    "wanted");
		return;
	}
	e->value = arena_strdup(&m->ps->p->arena, eq + 1);
	*m->tail = e;
	m->tail = (struct tls_mapent **)(uintptr_t)&e->next;
}

static void
take_certmap(struct pparse *ps, const struct tok *kw)
{
	struct mapfile m = { ps, take_word(ps, kw, "a file's name"),
		(struct tls_mapent **)(uintptr_t)&ps->port->users.map, 0 };
	FILE *f = m.name == NULL ? NULL : fopen(m.name, "re");
	char line[MAP_LINE];

	if (m.name == NULL)
		return;
	if (f == NULL) {
		complain(ps, TNP_FAIL, kw, kw, "%.120s can't be read: %s", m.name,
		    strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		size_t n = strlen(line);

		m.line++;
		if (n == sizeof(line) - 1 && line[n - 1] != '\n') {
			map_bad(&m, "", "the line is too long");
			break;
		}
		while (n > 0 && isspace((unsigned char)line[n - 1]))
			line[--n] = '\0';
		map_line(&m, line);
	}
	fclose(f);
}

static void
take_ptkt(struct pparse *ps, const struct tok *kw)
{
	const char *path = take_word(ps, kw, "a UNIX socket's path");

	if (path != NULL && strlen(path) > 100)
		complain(ps, TNP_FAIL, kw, kw, "a socket's path has at most 100 characters");
	else
		ps->port->ptkt_socket = path;
}

static void
take_keylog(struct pparse *ps, const struct tok *kw)
{
	ps->port->tls_conf.keylog = take_word(ps, kw, "a file's name");
	complain(ps, TNP_WARN, kw, kw, "whoever reads this file can read all that clients of this "
	    "port send, passwords too: take SSLKEYLOG out when you have seen what you looked for");
}

static void
take_certcheck(struct pparse *ps, const struct tok *kw)
{
	int32_t v;

	if (!tok_number(ps, tok_next(ps), kw, 0, 86400, &v))
		return;
	ps->port->tls_conf.check_s = (uint32_t)v;
	ps->port->check_coded = 1;
}

static void
take_ssl(struct pparse *ps, const struct tok *kw)
{
	if (strncasecmp(kw->text, "NO", 2) == 0)
		return;
	complain(ps, TNP_FAIL, kw, kw, "%s is refused: it is broken (RFC 6176, RFC 7568). Take it "
	    "out and see that clients speak TLSv1.2 or TLSv1.3", kw->text);
}

#define GP (IN_GLOBALS | IN_PARMS)

const struct pstmt profile_tls_stmts[] = {
	{ "CERTIFICATE", IN_PARMS, take_cert, 2, NULL, NULL },
	{ "PRIVATEKEY", IN_PARMS, take_key, 2, NULL, NULL },
	{ "CLIENTCA", IN_PARMS, take_clientca, 2, NULL, NULL },
	{ "CRL", IN_PARMS, take_crl, 2, NULL, NULL },
	{ "SNICERT", IN_PARMS, take_sni, 2, NULL, NULL },
	{ "CLIENTAUTH", IN_PARMS, take_clientauth, 2, NULL, NULL },
	{ "CERTUSER", IN_PARMS, take_certuser, 2, NULL, NULL },
	{ "CERTMAP", IN_PARMS, take_certmap, 2, NULL, NULL },
	{ "CERTCHECK", IN_PARMS, take_certcheck, 2, NULL, NULL },
	{ "PTKTSOCKET", IN_PARMS, take_ptkt, 2, NULL, NULL },
	{ "SSLKEYLOG", IN_PARMS, take_keylog, 2, NULL, NULL },
	{ "ENCRYPTION", IN_PARMS, take_encryption, 2, "ENDENCRYPTION", NULL },
	{ "SSLV2", GP, take_ssl, 2, NULL, NULL },
	{ "NOSSLV2", GP, take_ssl, 2, NULL, NULL },
	{ "SSLV3", GP, take_ssl, 2, NULL, NULL },
	{ "NOSSLV3", GP, take_ssl, 2, NULL, NULL },
	{ "KEYRING", GP, NULL, 2, NULL, "keys are PEM files, named by CERTIFICATE and PRIVATEKEY; "
	    "a TTLSPORT takes key rings from the AT-TLS policy" },
	{ "CRLLDAPSERVER", GP, NULL, 2, "ENDCRLLDAPSERVER", "revocation lists are files, named by "
	    "CRL" },
	{ NULL, 0, NULL, 0, NULL, NULL }
};

/* --- what stands at the end --- */

static bool
wants_tls(const struct tnp_parms *p)
{
	return p->v[TP_CONNTYPE] != CT_BASIC && p->v[TP_CONNTYPE] != CT_NONE;
}

/* The port itself does without, but not all of its clients: they are refused. */
static void
check_groups(struct pparse *ps, const struct tnp_port *port)
{
	const struct tnp_vtam *v = port->vtam;

	for (unsigned i = 1; i <= v->n_parmsgroups; i++)
		if (wants_tls(&port->final[i * (v->n_parmsgroups + 1u)]))
			tnp_err_add(ps->errs, TNP_WARN, port->pos, "CONNTYPE",
			    "port %u has no CERTIFICATE: its clients of PARMSGROUP %s, which wants "
			    "TLS, are refused", port->port, v->parmsgroup[i]);
}

/* Express Logon needs whom a certificate belongs to, and tickets. */
static void
check_elf(struct pparse *ps, const struct tnp_port *port)
{
	unsigned n = port->vtam->n_parmsgroups + 1u, coded = 0;

	for (unsigned i = 0; i < n; i++)
		coded |= port->final[i * n].v[TP_EXPRESSLOGON] != 0;
	if (!coded || !wants_tls(port->final))
		return;
	if (port->ptkt_socket == NULL)
		tnp_err_add(ps->errs, TNP_WARN, port->pos, "EXPRESSLOGON",
		    "port %u has no PTKTSOCKET: user ids are put in, but there are no tickets",
		    port->port);
	if (!port->ttls && port->final[0].v[TP_CLIENTAUTH] == CA_NONE)
		tnp_err_add(ps->errs, TNP_WARN, port->pos, "EXPRESSLOGON",
		    "port %u asks for no client certificates: code CLIENTAUTH SAFCERT, or nobody "
		    "is logged on", port->port);
}

void
profile_tls_check(struct pparse *ps, const struct tnp_port *port)
{
	int32_t type = port->final[0].v[TP_CONNTYPE], auth = port->final[0].v[TP_CLIENTAUTH];
	const struct tls_conf *c = &port->tls_conf;

	check_elf(ps, port);
	if (port->ttls)                 /* the policy is read later */
		return;
	if (!wants_tls(port->final)) {
		if (c->cert == NULL)
			check_groups(ps, port);
		return;
	}
	if (c->cert == NULL || c->key == NULL)
		tnp_err_add(ps->errs, TNP_FAIL, port->pos, "TELNETPARMS",
		    "port %u uses TLS (CONNTYPE %s): CERTIFICATE and PRIVATEKEY must name its PEM "
		    "files", port->port, tnp_conntype_text(type));
	if (auth != CA_NONE && c->ca == NULL)
		tnp_err_add(ps->errs, TNP_FAIL, port->pos, "CLIENTAUTH",
		    "port %u: client certificates need CLIENTCA, the PEM file of those who sign "
		    "clients", port->port);
	if (auth == CA_NONE && (c->crl[0] != NULL || port->users.map != NULL))
		tnp_err_add(ps->errs, TNP_WARN, port->pos, "CLIENTAUTH",
		    "port %u: CRL and CERTMAP have no use with CLIENTAUTH NONE", port->port);
}

/* --- contexts --- */

/* Said at start and whenever the profile is read. */
static void
say_days(const struct tnp_port *port, const struct tls_ctx *x, struct tnp_errs *errs)
{
	int days = tls_ctx_days(x);

	if (days < 0)
		tnp_err_add(errs, TNP_WARN, port->pos, "CERTIFICATE", "port %u: it has expired: "
		    "clients that check certificates stay away; renew it", port->port);
	else if (days < SOON_DAYS)
		tnp_err_add(errs, TNP_WARN, port->pos, "CERTIFICATE", "port %u: it is good for %d "
		    "more days: renew it", port->port, days);
}

static void
load_port(struct tnp_port *port, const struct profile_tls *how, struct tnp_errs *errs)
{
	static const uint8_t auth[] = { [CA_NONE] = TLS_AUTH_NONE, [CA_SSLCERT] = TLS_AUTH_REQUIRE,
		[CA_SAFCERT] = TLS_AUTH_REQUIRE, [CA_REQUEST] = TLS_AUTH_REQUEST };
	struct tls_conf *c = &port->tls_conf;
	char why[TLS_WHY];

	if (c->cert == NULL || c->key == NULL)
		return;
	c->auth = auth[port->final[0].v[TP_CLIENTAUTH] & 3];
	c->keys = how->keys;
	if (!port->check_coded)
		c->check_s = CHECK_S;
	port->tls = tls_ctx_new(c, why);
	if (port->tls == NULL)
		tnp_err_add(errs, TNP_FAIL, port->pos, "CERTIFICATE", "%s", why);
	else
		say_days(port, port->tls, errs);
}

/* What a TTLSPORT codes of what its policy says. */
static void
no_use(const struct tnp_port *port, struct tnp_errs *errs)
{
	const struct tls_conf *c = &port->tls_conf;
	const struct {
		const char *stmt;
		bool coded;
	} all[] = {
		{ "CERTIFICATE", c->cert != NULL }, { "PRIVATEKEY", c->key != NULL },
		{ "CLIENTCA", c->ca != NULL }, { "CRL", c->crl[0] != NULL },
		{ "SNICERT", c->sni != NULL }, { "SSLKEYLOG", c->keylog != NULL },
		{ "ENCRYPTION", c->ciphers12 != NULL || c->ciphers13 != NULL },
		{ "CLIENTAUTH", port->final[0].src[TP_CLIENTAUTH] == TS_PARMS },
	};

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].coded)
			tnp_err_add(errs, TNP_WARN, port->pos, all[i].stmt, "port %u takes its TLS "
			    "from the AT-TLS policy: this has no use", port->port);
}

static void
load_ttls(struct profile *p, struct tnp_port *port, const struct profile_tls *how,
    struct tnp_errs *errs)
{
	const struct ttls_files f = { how->keyrings, how->keys,
		port->check_coded ? port->tls_conf.check_s : CHECK_S };
	unsigned fails = errs->fails;

	if (p->ttls == NULL) {
		if (port->tls_conf.cert == NULL && wants_tls(port->final))
			tnp_err_add(errs, TNP_FAIL, port->pos, "TTLSPORT", "port %u takes its TLS "
			    "from an AT-TLS policy: name its file with --attls, or code "
			    "CERTIFICATE and PRIVATEKEY", port->port);
		load_port(port, how, errs);
		return;
	}
	no_use(port, errs);
	if (ttls_load(p->ttls, port, &f, errs) == 0 && errs->fails == fails &&
	    wants_tls(port->final))
		tnp_err_add(errs, TNP_FAIL, port->pos, "TTLSPORT", "port %u: no TTLSRule of the "
		    "AT-TLS policy gives its clients TLS: add one with LocalPortRange %u, "
		    "Direction Inbound and a group action with TTLSEnabled On", port->port,
		    port->port);
}

void
profile_tls_load(struct profile *p, const struct profile_tls *how, struct tnp_errs *errs)
{
	if (how->attls != NULL)
		p->ttls = ttls_read(how->attls, errs);
	for (struct tnp_port *port = p->ports; port != NULL; port = port->next) {
		if (port->final == NULL || (how->attls != NULL && p->ttls == NULL))
			continue;
		if (port->ttls)
			load_ttls(p, port, how, errs);
		else
			load_port(port, how, errs);
	}
}

void
profile_tls_free(struct profile *p)
{
	for (struct tnp_port *port = p->ports; port != NULL; port = port->next)
		tls_ctx_free(port->tls);
	ttls_free(p->ttls);
}

struct tls_ctx *
profile_tls_of(const struct tnp_port *port, const struct tnp_client *who, uint16_t cport,
    const struct ttls_rule **rule)
{
	const struct ttls_end local = { &who->dest, port->port }, remote = { &who->addr, cport };

	*rule = NULL;
	if (!port->ttls || port->profile->ttls == NULL)
		return port->tls;
	*rule = ttls_find(port->profile->ttls, local, remote);
	return *rule == NULL ? NULL : (*rule)->tls;
}

static void
show_ctx(const char *what, const struct tls_ctx *x, struct con *con)
{
	static const char *const auth[] = { "NOT ASKED FOR", "UNCHECKED", "ASKED FOR", "WANTED" };
	const struct tls_conf *c = tls_ctx_conf(x);
	char text[TLS_WHY];

	tls_ctx_text(x, text);
	con_text(con, "  %s CERTIFICATE %s: %s", what, c->cert, text);
	con_text(con, "    CLIENT CERTIFICATES %s%s%s%s%s", auth[c->auth & 3], c->ca != NULL ?
	    ", SIGNED BY " : "", c->ca != NULL ? c->ca : "", c->crl[0] != NULL ? ", NOT ON " : "",
	    c->crl[0] != NULL ? c->crl[0] : "");
	for (const struct tls_sni *s = c->sni; s != NULL; s = s->next)
		con_text(con, "    FOR %s: %s", s->name, s->cert);
	if (c->keylog != NULL)
		con_text(con, "    SSLKEYLOG %s: KEYS ARE WRITTEN", c->keylog);
}

void
profile_tls_show(const struct tnp_port *port, struct con *con)
{
	const struct ttls *t = port->profile->ttls;

	if (port->tls != NULL)
		show_ctx("TLS", port->tls, con);
	for (const struct ttls_rule *r = !port->ttls || t == NULL ? NULL : t->rules; r != NULL;
	    r = r->next) {
		char what[64];

		if (!ttls_covers(r, port))
			continue;
		snprintf(what, sizeof(what), "TTLSRULE %s", r->name);
		if (r->tls != NULL)
			show_ctx(what, r->tls, con);
		else
			con_text(con, "  %s WITHOUT TLS", what);
	}
}
