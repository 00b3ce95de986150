/* SPDX-License-Identifier: Apache-2.0
 *
 * tls.h - TLS 1.2 and 1.3 on a connected socket. The only file that sees OpenSSL.
 *
 * Takes:   certificate and key as PEM files; a socket.
 * Gives:   plain bytes; a reason in plain words when something fails.
 * Memory:  one struct tls a connection; its record buffers are released while
 *          it is idle (SSL_MODE_RELEASE_BUFFERS).
 * Errors:  enum tls_result; never blocks, never renegotiates.
 * Thread:  a context is shared by all; a struct tls belongs to one worker.
 * Source:  RFC 8446, RFC 5246; companion tn3270e section 4.
 */
#ifndef TN3270E_TLS_H
#define TN3270E_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLS_WHY 160

struct tls_ctx;
struct tls;

enum tls_result { TLS_DONE = 1, TLS_WANT_READ, TLS_WANT_WRITE, TLS_CLOSED, TLS_FAILED };

/* clientca: PEM file of those whose clients are let in; NULL: none is asked. NULL: why. */
struct tls_ctx *tls_ctx_new(const char *cert, const char *key, const char *clientca,
    char why[TLS_WHY]);
void     tls_ctx_free(struct tls_ctx *);

struct tls *tls_new(struct tls_ctx *, int fd);  /* NULL: no memory */
void     tls_free(struct tls *);                /* sends close_notify where it can */
enum tls_result tls_handshake(struct tls *, char why[TLS_WHY]);
/* DONE: *got bytes. */
enum tls_result tls_read(struct tls *, void *, size_t n, size_t *got);
enum tls_result tls_write(struct tls *, const void *, size_t n, size_t *put);
bool     tls_pending(const struct tls *);       /* bytes are here already */
const char *tls_version(const struct tls *);    /* "TLSv1.3" */
const char *tls_cipher(const struct tls *);
/* Common name of the client's certificate, upper case, at most 8; "" none. */
void     tls_user(const struct tls *, char to[9]);

#endif
