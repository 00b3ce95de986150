/* SPDX-License-Identifier: Apache-2.0
 *
 * Key rings. On z/OS one is a set of certificates in RACF; here it is (our
 * choice) a PEM file with certificate and key, or a folder with cert.pem,
 * key.pem (or the key in cert.pem too), ca.pem and crl.pem for clients, and
 * sni/NAME.pem for servers of other names. CertificateLabel x takes x.pem in
 * place of cert.pem. A name without / in front is looked for under --keyrings.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tn3270e/ttls.h"

#define PATH 512
#define HANDSHAKE_S 10          /* HandshakeTimeout's default */

struct ring {
	struct ttls *t;
	struct ttls_rule *r;
	struct tnp_errs *errs;
	const struct ttls_files *f;
};

static void
complain(struct ring *k, enum tnp_sev sev, struct tnp_pos pos, const char *stmt, const char *text)
{
	tnp_err_add_in(k->errs, k->t->file, sev, pos, stmt, text);
}

/* The file's name if it is there. */
static const char *
there(struct ring *k, const char *folder, const char *file)
{
	char path[PATH];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s/%s", folder, file);

	if (n < 0 || (size_t)n >= sizeof(path) || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return NULL;
	return arena_strdup(&k->t->arena, path);
}

static void
add_sni(struct ring *k, struct tls_conf *c, const char *folder)
{
	char path[PATH];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "%.400s/sni", folder);
	d = opendir(path);
	while (d != NULL && (e = readdir(d)) != NULL) {
		size_t n = strlen(e->d_name);
		struct tls_sni *s;

		if (n < 5 || strcmp(e->d_name + n - 4, ".pem") != 0)
			continue;
		s = arena_get(&k->t->arena, sizeof(*s));
		s->name = arena_strndup(&k->t->arena, e->d_name, n - 4);
		s->cert = s->key = there(k, path, e->d_name);
		s->next = (struct tls_sni *)(uintptr_t)c->sni;
		if (s->cert != NULL)
			c->sni = s;
	}
	if (d != NULL)
		closedir(d);
}

static bool
folder_ring(struct ring *k, struct tls_conf *c, const char *folder)
{
	const struct ttls_set *s = &k->r->set;
	char file[80], text[TLS_WHY * 2];

	snprintf(file, sizeof(file), "%.70s.pem", s->label != NULL ? s->label : "cert");
	c->cert = there(k, folder, file);
	if (c->cert == NULL) {
		snprintf(text, sizeof(text), "the key ring's folder %.120s has no %s: put the "
		    "server's certificate there", folder, file);
		complain(k, TNP_FAIL, s->keyring_pos, "Keyring", text);
		return false;
	}
	c->key = s->label != NULL ? NULL : there(k, folder, "key.pem");
	if (c->key == NULL)
		c->key = c->cert;
	c->ca = there(k, folder, "ca.pem");
	c->crl[0] = there(k, folder, "crl.pem");
	add_sni(k, c, folder);
	return true;
}

static bool
find_ring(struct ring *k, struct tls_conf *c)
{
	const char *name = k->r->set.keyring;
	char path[PATH], text[TLS_WHY * 2];
	struct stat st;

	if (name == NULL) {
		complain(k, TNP_FAIL, k->r->pos, "TTLSRule", "its environment action has no "
		    "Keyring (TTLSKeyringParms)");
		return false;
	}
	snprintf(path, sizeof(path), "%.240s%s%.240s", name[0] == '/' || k->f->keyrings == NULL ?
	    "" : k->f->keyrings, name[0] == '/' || k->f->keyrings == NULL ? "" : "/", name);
	if (stat(path, &st) != 0) {
		snprintf(text, sizeof(text), "key ring %.60s is not there (looked for %.90s): make "
		    "it a PEM file or a folder, or name its folder with --keyrings", name, path);
		complain(k, TNP_FAIL, k->r->set.keyring_pos, "Keyring", text);
		return false;
	}
	if (S_ISDIR(st.st_mode))
		return folder_ring(k, c, path);
	c->cert = c->key = arena_strdup(&k->t->arena, path);
	return true;
}

static uint8_t
asked(const struct ttls_set *s)
{
	if (s->role != TTLS_CLIENTAUTH)
		return TLS_AUTH_NONE;
	return s->ask == TTLS_PASSTHRU ? TLS_AUTH_PASSTHRU : s->ask == TTLS_FULL ?
	    TLS_AUTH_REQUEST : TLS_AUTH_REQUIRE;
}

/* Which versions; 0: none is left, complained. */
static uint8_t
versions(struct ring *k)
{
	const struct ttls_set *s = &k->r->set;
	unsigned v = (s->v12 == TTLS_OFF ? 0 : TLS_V12) | (s->v13 == TTLS_OFF ? 0 : TLS_V13);
	bool named = s->c12 != NULL || s->c13 != NULL;

	if ((v & TLS_V12) != 0 && named && s->c12 == NULL) {
		complain(k, TNP_INFO, k->r->pos, "TTLSRule", "TLSv1.2 is off: no cipher of it is "
		    "in the list");
		v &= ~TLS_V12;
	}
	if ((v & TLS_V13) != 0 && named && s->c13 == NULL && s->v13 != TTLS_ON) {
		complain(k, TNP_INFO, k->r->pos, "TTLSRule", "TLSv1.3 is off: no cipher of it is "
		    "in the list, and it is not coded On");
		v &= ~TLS_V13;
	}
	if (v == 0)
		complain(k, TNP_FAIL, k->r->pos, "TTLSRule", "no TLS version is left: code TLSv1.2 "
		    "On or TLSv1.3 On, and ciphers of it");
	return (uint8_t)v;
}

static unsigned
say_bad(struct ring *k)
{
	unsigned n = 0;

	for (const struct ttls_bad *b = k->r->set.bad; b != NULL; b = b->next, n++)
		if (!*b->said) {
			*b->said = 1;
			complain(k, TNP_FAIL, b->pos, b->stmt, b->text);
		}
	return n;
}

/* A rule with the same actions has the same context. */
static struct tls_ctx *
made_before(const struct ring *k)
{
	for (const struct ttls_rule *o = k->t->rules; o != NULL; o = o->next)
		if (o->tls != NULL && strcmp(o->env, k->r->env) == 0 &&
		    strcmp(o->conn, k->r->conn) == 0)
			return o->tls;
	return NULL;
}

static void
load_rule(struct ring *k)
{
	struct ttls_set *s = &k->r->set;
	struct tls_conf c = { .keys = k->f->keys, .check_s = k->f->check_s };
	char why[TLS_WHY];

	k->r->timeout_s = s->has_timeout ? s->timeout_s : HANDSHAKE_S;
	if (s->enabled != TTLS_ON || k->r->tls != NULL)
		return;
	k->r->tls = made_before(k);
	if (k->r->tls != NULL || say_bad(k) != 0)
		return;
	if (s->role == 0) {
		complain(k, TNP_FAIL, k->r->pos, "TTLSRule", "HandshakeRole is missing in its "
		    "environment action");
		return;
	}
	c.versions = versions(k);
	c.auth = asked(s);
	c.ciphers12 = (c.versions & TLS_V12) != 0 ? s->c12 : NULL;
	c.ciphers13 = s->c13;
	if (c.versions == 0 || !find_ring(k, &c))
		return;
	if (c.auth != TLS_AUTH_NONE && c.auth != TLS_AUTH_PASSTHRU && c.ca == NULL) {
		complain(k, TNP_FAIL, s->keyring_pos, "Keyring", "ServerWithClientAuth needs "
		    "ca.pem in the key ring's folder: those who sign clients");
		return;
	}
	k->r->tls = tls_ctx_new(&c, why);
	k->r->owns = k->r->tls != NULL;
	if (k->r->tls == NULL)
		complain(k, TNP_FAIL, s->keyring_pos, "Keyring", why);
	else if (tls_ctx_days(k->r->tls) < 0)
		complain(k, TNP_WARN, s->keyring_pos, "Keyring", "its certificate has expired: "
		    "clients that check certificates stay away; renew it");
}

static bool
in_ports(const struct ttls_ports *p, uint16_t port)
{
	if (p == NULL)
		return true;
	for (; p != NULL; p = p->next)
		if (port >= p->lo && port <= p->hi)
			return true;
	return false;
}

static bool
in_addrs(const struct ttls_addrs *a, const struct ipaddr *addr)
{
	if (a == NULL)
		return true;
	for (; a != NULL; a = a->next)
		if (a->lo.fam == addr->fam && ipaddr_cmp(addr, &a->lo) >= 0 &&
		    ipaddr_cmp(addr, &a->hi) <= 0)
			return true;
	return false;
}

bool
ttls_covers(const struct ttls_rule *r, const struct tnp_port *port)
{
	return r->inbound && in_ports(r->lports, port->port) &&
	    (port->addr.fam == 0 || in_addrs(r->local, &port->addr));
}

unsigned
ttls_load(struct ttls *t, const struct tnp_port *port, const struct ttls_files *f,
    struct tnp_errs *errs)
{
	unsigned n = 0;

	for (struct ttls_rule *r = t->rules; r != NULL; r = r->next) {
		struct ring k = { t, r, errs, f };

		if (!ttls_covers(r, port))
			continue;
		load_rule(&k);
		n += r->set.enabled == TTLS_ON;
	}
	return n;
}

const struct ttls_rule *
ttls_find(const struct ttls *t, struct ttls_end local, struct ttls_end remote)
{
	for (const struct ttls_rule *r = t->rules; r != NULL; r = r->next)
		if (r->inbound && in_ports(r->lports, local.port) &&
		    in_ports(r->rports, remote.port) && in_addrs(r->local, local.addr) &&
		    in_addrs(r->remote, remote.addr))
			return r;
	return NULL;
}

void
ttls_free(struct ttls *t)
{
	if (t == NULL)
		return;
	for (struct ttls_rule *r = t->rules; r != NULL; r = r->next)
		if (r->owns)
			tls_ctx_free(r->tls);
	arena_fini(&t->arena);
	free(t);
}
