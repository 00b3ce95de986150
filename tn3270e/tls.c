/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>

#include "tn3270e/tls_in.h"

struct tls *
tls_new(struct tls_ctx *x, int fd)
{
	SSL *s = SSL_new(atomic_load(&x->cur)->ctx);

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
	case SSL_ERROR_SYSCALL:
		return TLS_CLOSED;
	default:                        /* without close_notify: many emulators just leave */
		return ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING ?
		    TLS_CLOSED : TLS_FAILED;
	}
}

enum tls_result
tls_handshake(struct tls *t, char why[TLS_WHY])
{
	SSL *s = ssl_of(t);
	struct tls_call call = { "" };
	enum tls_result r;
	int rc;

	ERR_clear_error();
	set_call(s, &call);
	rc = SSL_do_handshake(s);
	r = rc == 1 ? TLS_DONE : result(s, rc);
	if (r == TLS_FAILED || r == TLS_CLOSED)
		tls_explain(s, &call, why);
	set_call(s, NULL);
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

void
tls_broke(char why[TLS_WHY])
{
	tls_reason(why, "the client broke TLS");
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
	const SSL_CIPHER *c = SSL_get_current_cipher(ssl_of(t));
	const char *name = c == NULL ? NULL : SSL_CIPHER_standard_name(c);

	return name != NULL ? name : SSL_get_cipher_name(ssl_of(t));
}

bool
tls_reused(const struct tls *t)
{
	return SSL_session_reused(ssl_of(t)) == 1;
}
