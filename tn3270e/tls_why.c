/* SPDX-License-Identifier: Apache-2.0
 *
 * What a failed handshake means to the one who has to mend it: which version,
 * cipher or certificate did not match, and what to do. One table; the words
 * are part of what operators see (docs/operator.md).
 */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "tn3270e/tls_in.h"

enum detail { D_NONE, D_VERSION, D_CIPHERS, D_CERT, D_ALERT };

static const struct {
	int reason;
	enum detail detail;
	const char *text;
} table[] = {
	{ SSL_R_HTTP_REQUEST, D_NONE, "the client speaks HTTP, not TLS: a web browser or a "
	    "monitor was pointed at this port" },
	{ SSL_R_HTTPS_PROXY_REQUEST, D_NONE, "the client speaks HTTP to a proxy, not TLS: mend "
	    "its proxy setting" },
	{ SSL_R_WRONG_VERSION_NUMBER, D_NONE, "the client does not speak TLS on this port: mend "
	    "its port, or turn TLS on in it" },
	{ SSL_R_UNKNOWN_PROTOCOL, D_NONE, "the client does not speak TLS on this port: mend its "
	    "port, or turn TLS on in it" },
	{ SSL_R_BAD_RECORD_TYPE, D_NONE, "the client does not speak TLS on this port: mend its "
	    "port, or turn TLS on in it" },
	{ SSL_R_UNSUPPORTED_PROTOCOL, D_VERSION, "" },
	{ SSL_R_VERSION_TOO_LOW, D_VERSION, "" },
	{ SSL_R_NO_SHARED_CIPHER, D_CIPHERS, "" },
	{ SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, D_NONE, "the client's signature algorithms do "
	    "not fit our certificate: use a certificate with an RSA key of 2048 bits or P-256" },
	{ SSL_R_NO_SHARED_GROUPS, D_NONE, "the client has no key exchange group of ours: allow "
	    "X25519 or P-256 in it" },
	{ SSL_R_NO_SUITABLE_KEY_SHARE, D_NONE, "the client has no key exchange group of ours: "
	    "allow X25519 or P-256 in it" },
	{ SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, D_NONE, "the client sent no certificate and "
	    "this port wants one: give the client one, or code CLIENTAUTH REQUEST or NONE" },
	{ SSL_R_CERTIFICATE_VERIFY_FAILED, D_CERT, "" },
	{ SSL_R_TLSV1_ALERT_UNKNOWN_CA, D_NONE, "the client does not trust our certificate: give "
	    "it the authority that signed ours" },
	{ SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, D_NONE, "the client does not trust our "
	    "certificate: check that it has our authority and connects by a name in it" },
	{ SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, D_NONE, "the client calls our certificate bad: "
	    "check that it has our authority and connects by a name in it" },
	{ SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, D_NONE, "the client says our certificate has "
	    "expired: renew it, or set the client's clock" },
	{ SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, D_NONE, "the client does not support our "
	    "certificate's kind: use RSA 2048 or P-256" },
	{ SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, D_NONE, "the client found nothing in common with "
	    "us: compare its ciphers and versions with what this port allows" },
	{ SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, D_NONE, "the client refuses our TLS version: "
	    "compare its versions with what this port allows" },
	{ SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY, D_NONE, "the client calls our ciphers too "
	    "weak: allow stronger ones here" },
	{ SSL_R_NO_RENEGOTIATION, D_NONE, "the client wanted to renegotiate: that is refused" },
	{ SSL_R_UNEXPECTED_EOF_WHILE_READING, D_NONE, "the client hung up during the TLS "
	    "handshake: its own log may say why" },
};

void
tls_reason(char why[TLS_WHY], const char *what)
{
	unsigned long e = ERR_get_error();
	const char *r = e == 0 ? NULL : ERR_reason_error_string(e);

	snprintf(why, TLS_WHY, "%.160s%s%.60s", what, r != NULL ? ": " : "", r != NULL ? r : "");
	ERR_clear_error();
}

static const char *
version_name(int v)
{
	switch (v) {
	case SSL3_VERSION:
		return "SSLv3";
	case TLS1_VERSION:
		return "TLSv1.0";
	case TLS1_1_VERSION:
		return "TLSv1.1";
	case TLS1_2_VERSION:
		return "TLSv1.2";
	default:
		return "an old version";
	}
}

static void
versions(const SSL *s, char why[TLS_WHY])
{
	const struct tls_ctx *x = SSL_CTX_get_app_data(SSL_get_SSL_CTX(s));
	unsigned v = x->conf.versions == 0 ? TLS_V12 | TLS_V13 : x->conf.versions;

	snprintf(why, TLS_WHY, "the client offers at most %s, a TLS version before 1.2 or one "
	    "turned off here; this port speaks %s: raise it in the client",
	    version_name(SSL_client_version(s)), v == TLS_V12 ? "TLSv1.2" : v == TLS_V13 ?
	    "TLSv1.3" : "TLSv1.2 and TLSv1.3");
}

static size_t
names(const STACK_OF(SSL_CIPHER) *list, char *to, size_t room)
{
	size_t n = 0;

	to[0] = '\0';
	for (int i = 0; i < sk_SSL_CIPHER_num(list) && n + 1 < room; i++) {
		const char *name = SSL_CIPHER_standard_name(sk_SSL_CIPHER_value(list, i));
		size_t k = name == NULL ? 0 : strlen(name);

		if (k == 0 || n + k + 6 > room)
			continue;
		n += (size_t)snprintf(to + n, room - n, "%s%s", n == 0 ? "" : " ", name);
	}
	return n;
}

static void
ciphers(SSL *s, char why[TLS_WHY])
{
	char theirs[90];

	if (names(SSL_get_client_ciphers(s), theirs, sizeof(theirs)) == 0)
		snprintf(theirs, sizeof(theirs), "none we know");
	snprintf(why, TLS_WHY, "no cipher in common; the client offers %s: allow one of them here "
	    "(V3CipherSuites, ENCRYPTION) or a stronger one in the client", theirs);
}

void
tls_explain(const SSL *s, const struct tls_call *call, char why[TLS_WHY])
{
	unsigned long e = ERR_peek_error();
	int r = e == 0 ? 0 : ERR_GET_REASON(e);
	unsigned i = 0;

	while (i < sizeof(table) / sizeof(table[0]) && table[i].reason != r)
		i++;
	if (e == 0)
		snprintf(why, TLS_WHY, "the client hung up during the TLS handshake: its own log "
		    "may say why");
	else if (i == sizeof(table) / sizeof(table[0]))
		tls_reason(why, "the TLS handshake failed");
	else if (table[i].detail == D_VERSION)
		versions(s, why);
	else if (table[i].detail == D_CIPHERS)
		ciphers((SSL *)(uintptr_t)s, why);
	else if (table[i].detail == D_CERT)
		snprintf(why, TLS_WHY, "%s", call->cert[0] != '\0' ? call->cert :
		    "the client's certificate was not accepted");
	else
		snprintf(why, TLS_WHY, "%s", table[i].text);
	ERR_clear_error();
}

/* --- the client's certificate --- */

#define ADD_CA "its authority is not among ours: add it to CLIENTCA (ca.pem of a key ring)"

static const struct {
	int error;
	const char *mend;
} bad_cert[] = {
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, ADD_CA },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, ADD_CA },
	{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, ADD_CA },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "it is signed by itself: add it to CLIENTCA "
	    "(ca.pem of a key ring) if it is to be trusted" },
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, ADD_CA },
	{ X509_V_ERR_CERT_HAS_EXPIRED, "it has expired: renew it" },
	{ X509_V_ERR_CERT_NOT_YET_VALID, "it is not valid yet: compare the clocks" },
	{ X509_V_ERR_CERT_REVOKED, "it is revoked: the client needs a new one" },
	{ X509_V_ERR_UNABLE_TO_GET_CRL, "there is no revocation list of its authority: add one to "
	    "CRL (crl.pem of a key ring)" },
	{ X509_V_ERR_CRL_HAS_EXPIRED, "the revocation list has expired: put a new one in its "
	    "place" },
	{ X509_V_ERR_CRL_SIGNATURE_FAILURE, "the revocation list's signature is wrong" },
	{ X509_V_ERR_INVALID_PURPOSE, "it may not be used by clients: its extended key usage "
	    "needs clientAuth" },
};

static void
say_cert(X509 *cert, int error, char why[TLS_WHY])
{
	const char *mend = X509_verify_cert_error_string(error);
	char subject[90];

	for (unsigned i = 0; i < sizeof(bad_cert) / sizeof(bad_cert[0]); i++)
		if (bad_cert[i].error == error)
			mend = bad_cert[i].mend;
	tls_subject(cert, subject, sizeof(subject));
	snprintf(why, TLS_WHY, "the client's certificate (%s) is refused: %s", subject, mend);
}

int
tls_verify_cb(int ok, X509_STORE_CTX *st)
{
	SSL *s = X509_STORE_CTX_get_ex_data(st, SSL_get_ex_data_X509_STORE_CTX_idx());
	const struct tls_ctx *x = SSL_CTX_get_app_data(SSL_get_SSL_CTX(s));
	struct tls_call *call = call_of(s);

	if (ok || x->conf.auth == TLS_AUTH_PASSTHRU)
		return 1;
	if (call != NULL && call->cert[0] == '\0')
		say_cert(X509_STORE_CTX_get_current_cert(st), X509_STORE_CTX_get_error(st),
		    call->cert);
	return 0;
}

/* A ticket holds the certificate as it was accepted once: lists may have changed since. It
 * does not hold what the client sent with it, so one below an authority of an authority
 * can't be judged by it. */
static bool
still_good(SSL *s, X509 *cert)
{
	const struct tls_ctx *x = SSL_CTX_get_app_data(SSL_get_SSL_CTX(s));
	X509_STORE_CTX *st;
	bool good = false;

	if (x->conf.auth == TLS_AUTH_NONE || x->conf.auth == TLS_AUTH_PASSTHRU || cert == NULL)
		return true;
	st = X509_STORE_CTX_new();
	if (st != NULL && X509_STORE_CTX_init(st, SSL_CTX_get_cert_store(SSL_get_SSL_CTX(s)), cert,
	    NULL) == 1) {
		(void)X509_STORE_CTX_set_purpose(st, X509_PURPOSE_SSL_CLIENT);
		good = X509_verify_cert(st) == 1;
	}
	X509_STORE_CTX_free(st);
	ERR_clear_error();
	return good;
}

/* The full handshake that follows asks for the certificate, and tells what is wrong with it. */
SSL_TICKET_RETURN
tls_ticket_cb(SSL *s, SSL_SESSION *ss, const unsigned char *name, size_t n,
    SSL_TICKET_STATUS status, void *arg)
{
	(void)name;
	(void)n;
	(void)arg;
	if (status == SSL_TICKET_EMPTY || status == SSL_TICKET_NO_DECRYPT)
		return SSL_TICKET_RETURN_IGNORE_RENEW;
	if ((status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW) || ss == NULL)
		return SSL_TICKET_RETURN_ABORT;
	if (!still_good(s, SSL_SESSION_get0_peer(ss)))
		return SSL_TICKET_RETURN_IGNORE_RENEW;
	return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE :
	    SSL_TICKET_RETURN_USE_RENEW;
}
