/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose certificate it is, as a user id. On z/OS the security product knows
 * (RACMAP, CERTAUTH); here it is a table of the administrator, and behind it
 * the names that may be taken as they are (our choice; docs/configuration.md).
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/x509v3.h>

#include "tn3270e/tls_in.h"

#define VALUE 256

static const char *const kind_name[] = { "", "CN", "EMAIL", "UPN", "DNS", "SUBJECT", "SHA256" };

enum tls_name
tls_name_kind(const char *word, size_t n)
{
	for (unsigned i = 1; i < TLS_N_END; i++)
		if (strlen(kind_name[i]) == n && strncasecmp(kind_name[i], word, n) == 0)
			return (enum tls_name)i;
	return 0;
}

bool
tls_user_ok(const char *from, size_t n, char to[9])
{
	to[0] = '\0';
	if (n == 0 || n > 8)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)from[i];

		if (c >= 0x80 || (!isalnum(c) && c != '@' && c != '#' && c != '$')) {
			to[0] = '\0';
			return false;
		}
		to[i] = (char)toupper(c);
	}
	to[n] = '\0';
	return true;
}

void
tls_subject(X509 *x, char *to, size_t n)
{
	BIO *b = BIO_new(BIO_s_mem());
	int k = 0;

	if (b != NULL && x != NULL && X509_NAME_print_ex(b, X509_get_subject_name(x), 0,
	    XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0)
		k = BIO_read(b, to, (int)n - 1);
	to[k > 0 ? k : 0] = '\0';
	BIO_free(b);
}

/* Text with a zero in it is a trick, not a name. */
static bool
take_text(const ASN1_STRING *a, char to[VALUE])
{
	int n = a == NULL ? 0 : ASN1_STRING_length(a);

	to[0] = '\0';
	if (n <= 0 || n >= VALUE || memchr(ASN1_STRING_get0_data(a), 0, (size_t)n) != NULL)
		return false;
	memcpy(to, ASN1_STRING_get0_data(a), (size_t)n);
	to[n] = '\0';
	return true;
}

static bool
common_name(X509 *x, char to[VALUE])
{
	const X509_NAME *name = X509_get_subject_name(x);
	int i = X509_NAME_get_index_by_NID(name, NID_commonName, -1);

	to[0] = '\0';
	if (i < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, i) >= 0)
		return false;           /* of two names, who says which is the user's? */
	return take_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)), to);
}

static bool
alt_is(const GENERAL_NAME *g, enum tls_name kind, char to[VALUE])
{
	const ASN1_TYPE *v;

	to[0] = '\0';
	if (kind == TLS_N_EMAIL && g->type == GEN_EMAIL)
		return take_text(g->d.rfc822Name, to);
	if (kind == TLS_N_DNS && g->type == GEN_DNS)
		return take_text(g->d.dNSName, to);
	if (kind != TLS_N_UPN || g->type != GEN_OTHERNAME ||
	    OBJ_obj2nid(g->d.otherName->type_id) != NID_ms_upn)
		return false;
	v = g->d.otherName->value;
	return v->type == V_ASN1_UTF8STRING && take_text(v->value.utf8string, to);
}

static bool
alt_name(X509 *x, enum tls_name kind, char to[VALUE])
{
	GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	bool found = false;

	to[0] = '\0';
	for (int i = 0; i < sk_GENERAL_NAME_num(all) && !found; i++)
		found = alt_is(sk_GENERAL_NAME_value(all, i), kind, to);
	GENERAL_NAMES_free(all);
	return found;
}

static bool
fingerprint(X509 *x, char to[VALUE])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	to[0] = '\0';
	if (X509_digest(x, EVP_sha256(), sum, &n) != 1)
		return false;
	for (unsigned i = 0; i < n; i++)
		snprintf(to + 2 * i, 3, "%02X", sum[i]);
	return true;
}

static bool
value_of(X509 *x, enum tls_name kind, char to[VALUE])
{
	switch (kind) {
	case TLS_N_CN:
		return common_name(x, to);
	case TLS_N_EMAIL:
	case TLS_N_UPN:
	case TLS_N_DNS:
		return alt_name(x, kind, to);
	case TLS_N_SUBJECT:
		tls_subject(x, to, VALUE);
		return to[0] != '\0';
	case TLS_N_SHA256:
		return fingerprint(x, to);
	case TLS_N_END:
		break;
	}
	return false;
}

static bool
like(const char *pattern, const char *value)
{
	size_t n = strlen(pattern);

	if (n != 0 && pattern[n - 1] == '*')
		return strncasecmp(pattern, value, n - 1) == 0;
	return strcasecmp(pattern, value) == 0;
}

static bool
by_table(X509 *x, const struct tls_mapent *m, char to[9])
{
	char value[VALUE] = "";
	unsigned have = 0;

	for (; m != NULL; m = m->next) {
		if (have != m->kind && !value_of(x, m->kind, value))
			value[0] = '\0';
		have = m->kind;
		if (value[0] == '\0' || !like(m->value, value))
			continue;
		memcpy(to, m->user, 9);
		return true;
	}
	return false;
}

/* The part of a name that is a person: before the @, the first label. */
static size_t
person(enum tls_name kind, const char *value)
{
	return kind == TLS_N_CN ? strlen(value) : strcspn(value, kind == TLS_N_DNS ? "." : "@");
}

/* As it can be shown: what a stranger has written may hold anything. */
static void
plain(char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

static bool
by_name(X509 *x, const struct tls_users *u, char to[9], char why[TLS_WHY])
{
	static const uint8_t usual[TLS_NAMES] = { TLS_N_CN };
	const uint8_t *from = u == NULL || u->from[0] == 0 ? usual : u->from;
	char value[VALUE];

	snprintf(why, TLS_WHY, "the client's certificate has no name that CERTUSER asks for: add "
	    "a line to CERTMAP");
	for (unsigned i = 0; i < TLS_NAMES && from[i] != 0; i++) {
		if (!value_of(x, from[i], value))
			continue;
		if (tls_user_ok(value, person(from[i], value), to))
			return true;
		plain(value);
		snprintf(why, TLS_WHY, "the client's certificate: %s %.80s can't be a user id "
		    "(1-8 of A-Z 0-9 @ # $): add a line to CERTMAP", kind_name[from[i]], value);
	}
	return false;
}

bool
tls_user(const struct tls *t, const struct tls_users *u, char to[9], char why[TLS_WHY])
{
	SSL *s = ssl_of(t);
	const struct tls_ctx *c = SSL_CTX_get_app_data(SSL_get_SSL_CTX(s));
	X509 *x = SSL_get0_peer_certificate(s);

	to[0] = '\0';
	if (x == NULL || c->conf.auth == TLS_AUTH_PASSTHRU) {
		snprintf(why, TLS_WHY, x == NULL ? "the client sent no certificate" :
		    "ClientAuthType PassThru: the certificate was not checked");
		return false;
	}
	return by_table(x, u == NULL ? NULL : u->map, to) || by_name(x, u, to, why);
}
