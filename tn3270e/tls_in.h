/* SPDX-License-Identifier: Apache-2.0
 *
 * tls_in.h - the inside of tls*.c.
 *
 * Files:   tls.c       a connection: handshake, reading, writing
 *          tls_ctx.c   contexts: files, names, revocation, reading them again
 *          tls_keys.c  ticket keys
 *          tls_why.c   what failures mean and how to mend them
 *          tls_cert.c  the client's certificate and its user id
 */
#ifndef TN3270E_TLS_IN_H
#define TN3270E_TLS_IN_H

#include <stdatomic.h>

#include <openssl/ssl.h>

#include "tn3270e/tls.h"

/* OpenSSL's connection under a name that needs no header of its own. */
static inline SSL *
ssl_of(const struct tls *t)
{
	return (SSL *)(uintptr_t)(const void *)t;
}

/* What a handshake's call-backs find behind the connection; on the caller's stack. */
struct tls_call {
	char cert[TLS_WHY];             /* whose certificate was not accepted, and why */
};

/* A pointer every connection has and we need not: app_data would cost each idle client
 * an allocation of its own. */
static inline void
set_call(SSL *s, struct tls_call *call)
{
	SSL_set_default_passwd_cb_userdata(s, call);
}

static inline struct tls_call *
call_of(SSL *s)
{
	return SSL_get_default_passwd_cb_userdata(s);
}

/* The certificates of one state of the files. Kept a while after the next one came:
 * a handshake of another thread may be looking a name up in it. */
struct tls_set {
	SSL_CTX *ctx;
	unsigned n;
	struct {
		char *name;
		SSL_CTX *ctx;
	} *sni;
	struct mono out;                /* since when there is a newer one */
	struct tls_set *next;
};

struct tls_ctx {
	struct tls_conf conf;
	_Atomic(struct tls_set *) cur;
	_Atomic uint64_t check_at;      /* us */
	_Atomic uint32_t busy;          /* one thread looks at the files */
	struct tls_set *old;            /* busy's owner's */
	uint64_t seen;                  /* stamp of the files tried last; busy's owner's */
	_Atomic uint64_t now_s;         /* for the ticket keys */
};

/* Ticket key call-back of both kinds of contexts. */
int      tls_keys_cb(SSL *, unsigned char name[16], unsigned char *iv, EVP_CIPHER_CTX *,
             EVP_MAC_CTX *, int enc);
/* The oldest error says most; the queue is emptied. */
void     tls_reason(char why[TLS_WHY], const char *what);
/* Why the handshake failed. */
void     tls_explain(const SSL *, const struct tls_call *, char why[TLS_WHY]);
/* Verify call-back; the connection's call takes what was wrong. */
int      tls_verify_cb(int ok, X509_STORE_CTX *);
/* A ticket is taken where its certificate is good against today's lists; else as if none came. */
SSL_TICKET_RETURN tls_ticket_cb(SSL *, SSL_SESSION *, const unsigned char *, size_t,
             SSL_TICKET_STATUS, void *);
void     tls_subject(X509 *, char *to, size_t n);

#endif
