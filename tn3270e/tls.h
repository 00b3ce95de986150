/* SPDX-License-Identifier: Apache-2.0
 *
 * tls.h - TLS 1.2 and 1.3 on a connected socket. Only tls*.c see OpenSSL.
 *
 * Takes:   PEM files: certificate, key, authorities, revocation lists; a socket.
 * Gives:   plain bytes; a reason in plain words, and how to mend it, when
 *          something fails.
 * Memory:  one struct tls a connection; its record buffers are released while
 *          it is idle (SSL_MODE_RELEASE_BUFFERS). Sessions live in tickets.
 * Errors:  enum tls_result; never blocks, never renegotiates.
 * Thread:  a context and the ticket keys are shared by all; a struct tls
 *          belongs to one worker.
 * Source:  RFC 8446, RFC 5246, RFC 5077, RFC 6066; companion tn3270e section 4.
 */
#ifndef TN3270E_TLS_H
#define TN3270E_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mono.h"

#define TLS_WHY 240
#define TLS_HANDSHAKE_MAX_S 600         /* the longest a handshake may take */

struct tls_ctx;
struct tls_keys;
struct tls;

enum tls_result { TLS_DONE = 1, TLS_WANT_READ, TLS_WANT_WRITE, TLS_CLOSED, TLS_FAILED };

/* What is asked of a client: nothing; its certificate, unchecked; its certificate,
 * checked where there is one; its certificate. */
enum tls_auth { TLS_AUTH_NONE, TLS_AUTH_PASSTHRU, TLS_AUTH_REQUEST, TLS_AUTH_REQUIRE };

#define TLS_V12 1u
#define TLS_V13 2u

struct tls_sni {                        /* another certificate, by the name asked for */
	const char *name;               /* "host.example", "*.example" */
	const char *cert, *key;
	struct tls_sni *next;
};

#define TLS_CRLS 4

/* The texts stay the caller's and outlive the context. */
struct tls_conf {
	const char *cert, *key;
	const char *ca;                 /* who signs clients; NULL with TLS_AUTH_NONE */
	const char *crl[TLS_CRLS];      /* revocation lists; NULL ends */
	const char *ciphers12, *ciphers13;      /* OpenSSL's lists; NULL: its defaults */
	const struct tls_sni *sni;
	const char *keylog;             /* NULL: keys are never written */
	struct tls_keys *keys;          /* for tickets; NULL: no session is resumed */
	uint8_t auth;                   /* enum tls_auth */
	uint8_t versions;               /* TLS_V12 | TLS_V13; 0: both */
	uint32_t check_s;               /* files are looked at again; 0: never */
};

/* Ticket keys: random, a new one an hour, the one before still read. NULL: no memory. */
struct tls_keys *tls_keys_new(void);
void     tls_keys_free(struct tls_keys *);

/* NULL: why. */
struct tls_ctx *tls_ctx_new(const struct tls_conf *, char why[TLS_WHY]);
void     tls_ctx_free(struct tls_ctx *);        /* no struct tls may be left */
const struct tls_conf *tls_ctx_conf(const struct tls_ctx *);

/* Before a handshake. SAME: nothing to say. NEW: the files have changed and hold from
 * here. BAD: they have changed and can't be used: the old ones stay; why. */
enum tls_fresh { TLS_SAME = 1, TLS_NEW, TLS_BAD };
enum tls_fresh tls_ctx_fresh(struct tls_ctx *, struct mono, char why[TLS_WHY]);
/* Days the certificate in use is still good; negative: it has expired. */
int      tls_ctx_days(const struct tls_ctx *);
/* For displays: subject and last day of the certificate that is in use. */
void     tls_ctx_text(const struct tls_ctx *, char to[TLS_WHY]);

struct tls *tls_new(struct tls_ctx *, int fd);  /* NULL: no memory */
void     tls_free(struct tls *);                /* sends close_notify where it can */
enum tls_result tls_handshake(struct tls *, char why[TLS_WHY]);
/* DONE: *got bytes. */
enum tls_result tls_read(struct tls *, void *, size_t n, size_t *got);
enum tls_result tls_write(struct tls *, const void *, size_t n, size_t *put);
/* Right after FAILED of these two: what the client did wrong. */
void     tls_broke(char why[TLS_WHY]);
bool     tls_pending(const struct tls *);       /* bytes are here already */
const char *tls_version(const struct tls *);    /* "TLSv1.3" */
const char *tls_cipher(const struct tls *);     /* as RFCs name it: "TLS_AES_256_GCM_SHA384" */
bool     tls_reused(const struct tls *);        /* the session was resumed */

/* Which of a client's names becomes its user id (tls_cert.c). */
enum tls_name { TLS_N_CN = 1, TLS_N_EMAIL, TLS_N_UPN, TLS_N_DNS, TLS_N_SUBJECT, TLS_N_SHA256,
	TLS_N_END };
#define TLS_NAMES 4                     /* CN .. DNS: those that may be taken as they are */

struct tls_mapent {                     /* a line of the mapping table */
	uint8_t kind;                   /* enum tls_name */
	const char *value;              /* * at its end: begins with */
	char user[9];
	const struct tls_mapent *next;
};
struct tls_users {
	uint8_t from[TLS_NAMES];        /* enum tls_name in order; 0 ends; empty: CN */
	const struct tls_mapent *map;
};
enum tls_name tls_name_kind(const char *word, size_t n);        /* 0: none */
/* A user id has 1-8 of A-Z 0-9 @ # $; to is upper case. */
bool     tls_user_ok(const char *from, size_t n, char to[9]);
/* The user id of the client's certificate. False: to is "", why. */
bool     tls_user(const struct tls *, const struct tls_users *, char to[9], char why[TLS_WHY]);

#endif
