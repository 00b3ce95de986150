/* SPDX-License-Identifier: Apache-2.0
 *
 * A context is what a port, or a rule of the policy, does TLS with: its files
 * as they were read last. A handshake looks at them at most once a minute;
 * when they have changed and can be used, the handshakes from then on use the
 * new ones and clients that are connected notice nothing. What was replaced
 * is kept as long as a handshake can last: another thread may be in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/x509_vfy.h>

#include "tn3270e/tls_in.h"

#define KEEP_S (TLS_HANDSHAKE_MAX_S + 60)
#define RESUME_S 7200

static void
cant(char why[TLS_WHY], const char *what, const char *file)
{
	char text[TLS_WHY];

	if (access(file, R_OK) != 0) {  /* OpenSSL does not say it */
		snprintf(why, TLS_WHY, "%s %.120s can't be used: %s", what, file, strerror(errno));
		ERR_clear_error();
		return;
	}
	snprintf(text, sizeof(text), "%s %.120s can't be used", what, file);
	tls_reason(why, text);
}

static bool
use_pair(SSL_CTX *c, const char *cert, const char *key, char why[TLS_WHY])
{
	if (SSL_CTX_use_certificate_chain_file(c, cert) != 1) {
		cant(why, "certificate", cert);
		return false;
	}
	if (SSL_CTX_use_PrivateKey_file(c, key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(c) != 1) {
		cant(why, "private key (PEM without a passphrase)", key);
		return false;
	}
	return true;
}

static bool
use_crls(SSL_CTX *c, const struct tls_conf *f, char why[TLS_WHY])
{
	X509_STORE *store = SSL_CTX_get_cert_store(c);
	X509_LOOKUP *look;

	if (f->crl[0] == NULL)
		return true;
	look = X509_STORE_add_lookup(store, X509_LOOKUP_file());
	for (unsigned i = 0; look != NULL && i < TLS_CRLS && f->crl[i] != NULL; i++) {
		if (X509_load_crl_file(look, f->crl[i], X509_FILETYPE_PEM) > 0)
			continue;
		cant(why, "revocation list", f->crl[i]);
		return false;
	}
	(void)X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
	return true;
}

static bool
use_clients(SSL_CTX *c, const struct tls_conf *f, char why[TLS_WHY])
{
	int mode = SSL_VERIFY_PEER;

	if (f->auth == TLS_AUTH_NONE)
		return true;
	if (f->ca == NULL && f->auth != TLS_AUTH_PASSTHRU) {
		snprintf(why, TLS_WHY, "client certificates are wanted but nothing says who may "
		    "sign them: name a file of authorities");
		return false;
	}
	if (f->ca != NULL && SSL_CTX_load_verify_locations(c, f->ca, NULL) != 1) {
		cant(why, "the file of clients' authorities", f->ca);
		return false;
	}
	if (f->ca != NULL)
		SSL_CTX_set_client_CA_list(c, SSL_load_client_CA_file(f->ca));
	if (f->auth == TLS_AUTH_REQUIRE)
		mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	SSL_CTX_set_verify(c, mode, tls_verify_cb);
	return use_crls(c, f, why);
}

static bool
use_ciphers(SSL_CTX *c, const struct tls_conf *f, char why[TLS_WHY])
{
	unsigned v = f->versions == 0 ? TLS_V12 | TLS_V13 : f->versions;

	(void)SSL_CTX_set_min_proto_version(c, v & TLS_V12 ? TLS1_2_VERSION : TLS1_3_VERSION);
	(void)SSL_CTX_set_max_proto_version(c, v & TLS_V13 ? 0 : TLS1_2_VERSION);
	if (f->ciphers12 != NULL && SSL_CTX_set_cipher_list(c, f->ciphers12) != 1) {
		tls_reason(why, "the ciphers for TLS 1.2 can't be used");
		return false;
	}
	if (f->ciphers13 != NULL && SSL_CTX_set_ciphersuites(c, f->ciphers13) != 1) {
		tls_reason(why, "the ciphers for TLS 1.3 can't be used");
		return false;
	}
	return true;
}

/* Opened anew each time: a worker has a descriptor table of its own. */
static void
keylog(const SSL *s, const char *line)
{
	const struct tls_ctx *x = SSL_CTX_get_app_data(SSL_get_SSL_CTX(s));
	char text[320];
	int n = snprintf(text, sizeof(text), "%s\n", line), fd;

	fd = open(x->conf.keylog, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (n > 0 && (size_t)n < sizeof(text))
		(void)!write(fd, text, (size_t)n);
	close(fd);
}

/* A session of a port that asks for other clients must not be taken up here. */
static void
session_id(SSL_CTX *c, const struct tls_conf *f)
{
	unsigned char sum[SHA256_DIGEST_LENGTH];
	char text[1100];
	int n = snprintf(text, sizeof(text), "snagate %u %.1000s", f->auth, f->ca != NULL ? f->ca :
	    "");

	SHA256((const unsigned char *)text, (size_t)n, sum);
	(void)SSL_CTX_set_session_id_context(c, sum, sizeof(sum));
}

static SSL_CTX *
make(struct tls_ctx *x, const char *cert, const char *key, char why[TLS_WHY])
{
	const struct tls_conf *f = &x->conf;
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());

	if (c == NULL) {
		tls_reason(why, "no TLS context");
		return NULL;
	}
	SSL_CTX_set_app_data(c, x);
	(void)SSL_CTX_set_dh_auto(c, 1);
	SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
	    SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	(void)SSL_CTX_clear_mode(c, SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_read_ahead(c, 1);           /* head and body of a record in one read */
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);  /* tickets only */
	SSL_CTX_set_timeout(c, RESUME_S);
	SSL_CTX_set_num_tickets(c, f->keys != NULL ? 1 : 0);
	(void)SSL_CTX_set_session_ticket_cb(c, NULL, tls_ticket_cb, NULL);
	if (f->keys != NULL)
		(void)SSL_CTX_set_tlsext_ticket_key_evp_cb(c, tls_keys_cb);
	else
		SSL_CTX_set_options(c, SSL_OP_NO_TICKET);
	if (f->keylog != NULL)
		SSL_CTX_set_keylog_callback(c, keylog);
	session_id(c, f);
	if (use_ciphers(c, f, why) && use_pair(c, cert, key, why) && use_clients(c, f, why))
		return c;
	SSL_CTX_free(c);
	return NULL;
}

static void
set_free(struct tls_set *s)
{
	if (s == NULL)
		return;
	SSL_CTX_free(s->ctx);
	for (unsigned i = 0; i < s->n; i++) {
		SSL_CTX_free(s->sni[i].ctx);
		free(s->sni[i].name);
	}
	free(s->sni);
	free(s);
}

/* RFC 6125 6.4.3: * stands for one label, the first. */
static bool
name_is(const char *pattern, const char *name)
{
	const char *dot = strchr(name, '.');

	if (strncmp(pattern, "*.", 2) == 0)
		return dot != NULL && strcasecmp(pattern + 1, dot) == 0;
	return strcasecmp(pattern, name) == 0;
}

/* A name we have no certificate for gets the first one: clients that care will say so. */
static int
choose_by_name(SSL *s, int *alert, void *arg)
{
	const struct tls_set *set = arg;
	const char *name = SSL_get_servername(s, TLSEXT_NAMETYPE_host_name);

	(void)alert;
	for (unsigned i = 0; name != NULL && i < set->n; i++) {
		if (!name_is(set->sni[i].name, name))
			continue;
		(void)SSL_set_SSL_CTX(s, set->sni[i].ctx);
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_NOACK;
}

static bool
add_names(struct tls_ctx *x, struct tls_set *set, char why[TLS_WHY])
{
	unsigned n = 0;

	for (const struct tls_sni *i = x->conf.sni; i != NULL; i = i->next)
		n++;
	set->sni = n == 0 ? NULL : calloc(n, sizeof(*set->sni));
	if (n == 0)
		return true;
	for (const struct tls_sni *i = x->conf.sni; i != NULL && set->sni != NULL; i = i->next) {
		SSL_CTX *c = make(x, i->cert, i->key, why);

		if (c == NULL)
			return false;
		set->sni[set->n].ctx = c;
		set->sni[set->n++].name = strdup(i->name);
	}
	(void)SSL_CTX_set_tlsext_servername_callback(set->ctx, choose_by_name);
	(void)SSL_CTX_set_tlsext_servername_arg(set->ctx, set);
	return set->n == n;
}

static struct tls_set *
set_new(struct tls_ctx *x, char why[TLS_WHY])
{
	struct tls_set *s = calloc(1, sizeof(*s));

	snprintf(why, TLS_WHY, "no memory");
	if (s == NULL)
		return NULL;
	s->ctx = make(x, x->conf.cert, x->conf.key, why);
	if (s->ctx != NULL && add_names(x, s, why))
		return s;
	set_free(s);
	return NULL;
}

/* --- the files --- */

static uint64_t
stamp_file(uint64_t h, const char *file)
{
	struct stat st = { 0 };
	uint64_t v[4];

	if (file == NULL)
		return h;
	(void)stat(file, &st);
	v[0] = st.st_ino;
	v[1] = (uint64_t)st.st_size;
	v[2] = (uint64_t)st.st_mtim.tv_sec;
	v[3] = (uint64_t)st.st_mtim.tv_nsec;
	for (unsigned i = 0; i < 4; i++)        /* FNV-1a by words */
		h = (h ^ v[i]) * 0x100000001b3u;
	return h;
}

static uint64_t
stamp(const struct tls_conf *f)
{
	uint64_t h = 0xcbf29ce484222325u;

	h = stamp_file(stamp_file(stamp_file(h, f->cert), f->key), f->ca);
	for (unsigned i = 0; i < TLS_CRLS; i++)
		h = stamp_file(h, f->crl[i]);
	for (const struct tls_sni *i = f->sni; i != NULL; i = i->next)
		h = stamp_file(stamp_file(h, i->cert), i->key);
	return h;
}

static void
replace(struct tls_ctx *x, struct tls_set *set, struct mono now)
{
	struct tls_set *was = atomic_load(&x->cur), **at = &x->old;

	atomic_store(&x->cur, set);
	was->out = now;
	was->next = x->old;
	x->old = was;
	while (*at != NULL) {
		struct tls_set *s = *at;

		if (mono_before(now, mono_add(s->out, SECS(KEEP_S)))) {
			at = &s->next;
			continue;
		}
		*at = s->next;
		set_free(s);
	}
}

static enum tls_fresh
look(struct tls_ctx *x, struct mono now, char why[TLS_WHY])
{
	uint64_t is = stamp(&x->conf);
	struct tls_set *s;

	if (is == x->seen)
		return TLS_SAME;
	x->seen = is;                   /* broken files are told of once */
	s = set_new(x, why);
	if (s == NULL)
		return TLS_BAD;
	replace(x, s, now);
	return TLS_NEW;
}

enum tls_fresh
tls_ctx_fresh(struct tls_ctx *x, struct mono now, char why[TLS_WHY])
{
	enum tls_fresh r = TLS_SAME;
	uint32_t idle = 0;

	atomic_store_explicit(&x->now_s, (uint64_t)(now.us / 1000000), memory_order_relaxed);
	if (x->conf.check_s == 0 || (uint64_t)now.us < atomic_load(&x->check_at) ||
	    !atomic_compare_exchange_strong(&x->busy, &idle, 1))
		return TLS_SAME;
	if ((uint64_t)now.us >= atomic_load(&x->check_at)) {
		if (atomic_load(&x->check_at) != 0)     /* 0: just read */
			r = look(x, now, why);
		atomic_store(&x->check_at, (uint64_t)(now.us + SECS(x->conf.check_s)));
	}
	atomic_store(&x->busy, 0);
	return r;
}

/* --- life --- */

struct tls_ctx *
tls_ctx_new(const struct tls_conf *f, char why[TLS_WHY])
{
	struct tls_ctx *x = calloc(1, sizeof(*x));
	struct tls_set *s;

	snprintf(why, TLS_WHY, "no memory");
	if (x == NULL)
		return NULL;
	x->conf = *f;
	x->seen = stamp(f);
	s = set_new(x, why);
	if (s == NULL) {
		free(x);
		return NULL;
	}
	atomic_store(&x->cur, s);
	return x;
}

void
tls_ctx_free(struct tls_ctx *x)
{
	if (x == NULL)
		return;
	set_free(atomic_load(&x->cur));
	while (x->old != NULL) {
		struct tls_set *s = x->old;

		x->old = s->next;
		set_free(s);
	}
	free(x);
}

const struct tls_conf *
tls_ctx_conf(const struct tls_ctx *x)
{
	return &x->conf;
}

static X509 *
own_cert(const struct tls_ctx *x)
{
	return SSL_CTX_get0_certificate(atomic_load(&((struct tls_ctx *)(uintptr_t)x)->cur)->ctx);
}

int
tls_ctx_days(const struct tls_ctx *x)
{
	X509 *cert = own_cert(x);
	int days = 0, s = 0;

	if (cert == NULL || ASN1_TIME_diff(&days, &s, NULL, X509_get0_notAfter(cert)) != 1)
		return 0;
	return s < 0 && days == 0 ? -1 : days;
}

void
tls_ctx_text(const struct tls_ctx *x, char to[TLS_WHY])
{
	X509 *cert = own_cert(x);
	char subject[120];
	struct tm tm = { 0 };

	to[0] = '\0';
	if (cert == NULL || ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) != 1)
		return;
	tls_subject(cert, subject, sizeof(subject));
	snprintf(to, TLS_WHY, "%s, good to %04d-%02d-%02d%s", subject, tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday,
	    X509_cmp_current_time(X509_get0_notAfter(cert)) < 0 ? " (EXPIRED: clients that check "
	    "certificates stay away)" : "");
}
