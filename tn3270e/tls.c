/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "tn3270e/tls.h"

/* OpenSSL's objects under names that need no header of its own. */
static SSL_CTX *
ctx_of(struct tls_ctx *c)
{
	return (SSL_CTX *)(void *)c;
}

static SSL *
ssl_of(const struct tls *t)
{
	return (SSL *)(uintptr_t)(const void *)t;
}

/* The oldest error says most; the queue is emptied. */
static void
reason(char why[TLS_WHY], const char *what)
{
	unsigned long e = ERR_get_error();
	const char *r = e == 0 ? NULL : ERR_reason_error_string(e);

	snprintf(why, TLS_WHY, "%.110s%s%.40s", what, r != NULL ? ": " : "", r != NULL ? r : "");
	ERR_clear_error();
}

static bool
ctx_setup(SSL_CTX *c, const char *cert, const char *key, const char *clientca, char why[TLS_WHY])
{
	char what[TLS_WHY];

	if (SSL_CTX_use_certificate_chain_file(c, cert) != 1) {
		snprintf(what, sizeof(what), "certificate %.90s can't be used", cert);
		reason(why, what);
		return false;
	}
	if (SSL_CTX_use_PrivateKey_file(c, key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(c) != 1) {
		snprintf(what, sizeof(what), "private key %.90s can't be used", key);
		reason(why, what);
		return false;
	}
	if (clientca == NULL)
		return true;
	if (SSL_CTX_load_verify_locations(c, clientca, NULL) != 1) {
		snprintf(what, sizeof(what), "CLIENTCA %.90s can't be used", clientca);
		reason(why, what);
		return false;
	}
	SSL_CTX_set_client_CA_list(c, SSL_load_client_CA_file(clientca));
	SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	return true;
}

struct tls_ctx *
tls_ctx_new(const char *cert, const char *key, const char *clientca, char why[TLS_WHY])
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());
	static const unsigned char id[] = "snagate";

	if (c == NULL) {
		reason(why, "no TLS context");
		return NULL;
	}
	SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
	SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
	    SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	(void)SSL_CTX_clear_mode(c, SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_read_ahead(c, 1);           /* head and body of a record in one read */
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);  /* tickets only */
	SSL_CTX_set_num_tickets(c, 1);
	(void)SSL_CTX_set_session_id_context(c, id, sizeof(id) - 1);
	if (!ctx_setup(c, cert, key, clientca, why)) {
		SSL_CTX_free(c);
		return NULL;
	}
	return (struct tls_ctx *)(void *)c;
}

void
tls_ctx_free(struct tls_ctx *c)
{
	SSL_CTX_free(ctx_of(c));
}

struct tls *
tls_new(struct tls_ctx *c, int fd)
{
	SSL *s = SSL_new(ctx_of(c));

	if (s != NULL && SSL_set_fd(s, fd) != 1) {
		SSL_free(s);
		s = NULL;
	}
	ERR_clear_error();
	if (s != NULL)
		SSL_set_accept_state(s);
	return (struct tls *)(void *)s;
}

void
tls_free(struct tls *t)
{
	SSL *s = ssl_of(t);

	if (s == NULL)
		return;
	if (SSL_is_init_finished(s))
		(void)SSL_shutdown(s);
	SSL_free(s);
	ERR_clear_error();
}

static enum tls_result
result(const SSL *s, int rc)
{
	switch (SSL_get_error(s, rc)) {
	case SSL_ERROR_WANT_READ:
		return TLS_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return TLS_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_CLOSED;
	default:
		return TLS_FAILED;
	}
}

/* What the usual failures mean to the one who has to repair them. */
static void
explain(char why[TLS_WHY])
{
	unsigned long e = ERR_peek_error();

	switch (e == 0 ? 0 : ERR_GET_REASON(e)) {
	case SSL_R_HTTP_REQUEST:
		reason(why, "the client speaks HTTP, not TLS");
		break;
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_UNKNOWN_PROTOCOL:
	case SSL_R_BAD_RECORD_TYPE:
		reason(why, "the client does not speak TLS on this port");
		break;
	case SSL_R_UNSUPPORTED_PROTOCOL:
		reason(why, "the client knows only TLS versions before 1.2");
		break;
	case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
	case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
		reason(why, "the client does not trust our certificate");
		break;
	case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
		reason(why, "the client sent no certificate and CLIENTAUTH wants one");
		break;
	case SSL_R_CERTIFICATE_VERIFY_FAILED:
		reason(why, "the client's certificate is not signed by CLIENTCA");
		break;
	case SSL_R_NO_SHARED_CIPHER:
		reason(why, "the client has no cipher that is allowed here");
		break;
	case 0:
		snprintf(why, TLS_WHY, "the client hung up during the TLS handshake");
		break;
	default:
		reason(why, "the TLS handshake failed");
		break;
	}
}

enum tls_result
tls_handshake(struct tls *t, char why[TLS_WHY])
{
	SSL *s = ssl_of(t);
	enum tls_result r;
	int rc;

	ERR_clear_error();
	rc = SSL_do_handshake(s);
	if (rc == 1)
		return TLS_DONE;
	r = result(s, rc);
	if (r == TLS_FAILED || r == TLS_CLOSED)
		explain(why);
	return r;
}

enum tls_result
tls_read(struct tls *t, void *to, size_t n, size_t *got)
{
	SSL *s = ssl_of(t);
	int rc;

	ERR_clear_error();
	rc = SSL_read_ex(s, to, n, got);
	return rc == 1 ? TLS_DONE : result(s, rc);
}

enum tls_result
tls_write(struct tls *t, const void *from, size_t n, size_t *put)
{
	SSL *s = ssl_of(t);
	int rc;

	ERR_clear_error();
	rc = SSL_write_ex(s, from, n, put);
	return rc == 1 ? TLS_DONE : result(s, rc);
}

bool
tls_pending(const struct tls *t)
{
	return SSL_has_pending(ssl_of(t)) == 1;
}

const char *
tls_version(const struct tls *t)
{
	return SSL_get_version(ssl_of(t));
}

const char *
tls_cipher(const struct tls *t)
{
	return SSL_get_cipher_name(ssl_of(t));
}

void
tls_user(const struct tls *t, char to[9])
{
	X509 *x = SSL_get1_peer_certificate(ssl_of(t));
	char cn[64] = "";
	size_t n = 0;

	if (x != NULL)
		(void)X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, cn,
		    sizeof(cn));
	X509_free(x);
	for (; n < 8 && isalnum((unsigned char)cn[n]); n++)
		to[n] = (char)toupper((unsigned char)cn[n]);
	to[n] = '\0';
}
