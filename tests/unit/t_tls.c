/* SPDX-License-Identifier: Apache-2.0
 *
 * Contexts, tickets and user ids, with a client of OpenSSL's in the same
 * process and time that is ours: keys grow old in no time.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "tn3270e/tls.h"

#define HOUR 3600

static char dir[] = "/tmp/t_tls_XXXXXX";

static void
path(char to[64], const char *name)
{
	snprintf(to, 64, "%s/%s", dir, name);
}

/* A certificate that signs itself, with its key, as PEM. */
static void
make_cert(const char *name, const char *cn)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	char file[64];
	FILE *f;

	assert_non_null(key);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), -60);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	(void)X509_set_pubkey(x, key);
	(void)X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
	    (const unsigned char *)cn, -1, -1, 0);
	(void)X509_set_issuer_name(x, X509_get_subject_name(x));
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	path(file, name);
	f = fopen(file, "w");
	assert_non_null(f);
	assert_int_equal(PEM_write_X509(f, x), 1);
	assert_int_equal(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL), 1);
	fclose(f);
	X509_free(x);
	EVP_PKEY_free(key);
}

struct client {
	SSL_CTX *ctx;
	SSL_SESSION *sess;
	int reused;
	char cn[64];
};

static int
keep(SSL *s, SSL_SESSION *sess)
{
	struct client *c = SSL_get_app_data(s);

	SSL_SESSION_free(c->sess);
	c->sess = sess;
	return 1;
}

static void
client_init(struct client *c, int version)
{
	*c = (struct client){ .ctx = SSL_CTX_new(TLS_client_method()) };
	assert_non_null(c->ctx);
	(void)SSL_CTX_set_max_proto_version(c->ctx, version);
	SSL_CTX_set_session_cache_mode(c->ctx, SSL_SESS_CACHE_CLIENT |
	    SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(c->ctx, keep);
}

static void
client_fini(struct client *c)
{
	SSL_SESSION_free(c->sess);
	SSL_CTX_free(c->ctx);
}

/* Shakes hands; how it ended at the server. */
static enum tls_result
meet(struct tls_ctx *x, struct client *c, struct tls **t)
{
	char why[TLS_WHY], b;
	enum tls_result r = TLS_WANT_READ;
	int fd[2], k = 0;
	size_t n;
	SSL *s;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
	s = SSL_new(c->ctx);
	SSL_set_app_data(s, c);
	assert_int_equal(SSL_set_fd(s, fd[0]), 1);
	if (c->sess != NULL)
		(void)SSL_set_session(s, c->sess);
	*t = tls_new(x, fd[1]);
	for (int i = 0; i < 20 && (k != 1 || r != TLS_DONE); i++) {
		k = SSL_connect(s);
		if (r != TLS_DONE)
			r = tls_handshake(*t, why);
	}
	if (r == TLS_DONE) {
		X509 *cert = SSL_get0_peer_certificate(s);

		(void)X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName,
		    c->cn, sizeof(c->cn));
		assert_int_equal(tls_write(*t, "x", 1, &n), TLS_DONE);
		assert_int_equal(SSL_read(s, &b, 1), 1);        /* tickets are before it */
		if (SSL_version(s) != TLS1_3_VERSION) { /* a renewed ticket calls nobody back */
			SSL_SESSION_free(c->sess);
			c->sess = SSL_get1_session(s);
		}
		c->reused = SSL_session_reused(s);
		assert_int_equal(c->reused, tls_reused(*t));
	}
	(void)SSL_shutdown(s);
	SSL_free(s);
	close(fd[0]);
	return r;
}

static void
end(struct tls *t)
{
	tls_free(t);
}

static struct mono
at(unsigned s)
{
	return (struct mono){ SECS(s) };
}

static struct tls_ctx *
server(struct tls_keys *keys, const char *name)
{
	static char file[64];
	char why[TLS_WHY];
	const struct tls_conf f = { .cert = file, .key = file, .keys = keys, .check_s = 60 };
	struct tls_ctx *x;

	path(file, name);
	x = tls_ctx_new(&f, why);
	if (x == NULL)
		fail_msg("%s", why);
	return x;
}

static int
again(struct tls_ctx *x, struct client *c, unsigned s)
{
	struct tls *t;
	char why[TLS_WHY];

	(void)tls_ctx_fresh(x, at(s), why);
	assert_int_equal(meet(x, c, &t), TLS_DONE);
	end(t);
	return c->reused;
}

/* Two contexts stand for two ports or two lives of a profile. */
static void
tickets_go_with_the_keys(void **s)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

	(void)s;
	for (unsigned i = 0; i < 2; i++) {
		struct tls_keys *keys = tls_keys_new();
		struct tls_ctx *a = server(keys, "one.pem"), *b = server(keys, "one.pem");
		struct client c;

		client_init(&c, versions[i]);
		assert_int_equal(again(a, &c, 10), 0);
		assert_int_equal(again(a, &c, 20), 1);
		assert_int_equal(again(b, &c, 30), 1);
		assert_int_equal(again(b, &c, HOUR + 30), 1);   /* the key of the hour before */
		assert_int_equal(again(b, &c, 2 * HOUR + 30), 1);       /* it was renewed */
		assert_int_equal(again(b, &c, 5 * HOUR + 30), 0);       /* forgotten */
		assert_int_equal(again(b, &c, 5 * HOUR + 40), 1);
		client_fini(&c);
		tls_ctx_free(a);
		tls_ctx_free(b);
		tls_keys_free(keys);
	}
}

static void
without_keys_no_tickets(void **s)
{
	struct tls_ctx *a = server(NULL, "one.pem");
	struct client c;

	(void)s;
	client_init(&c, TLS1_3_VERSION);
	assert_int_equal(again(a, &c, 10), 0);
	assert_null(c.sess);
	client_fini(&c);
	tls_ctx_free(a);
}

/* Looked at once a minute; broken files are told of once and change nothing. */
static void
files_are_read_again(void **s)
{
	struct tls_ctx *x = server(NULL, "live.pem");
	char why[TLS_WHY], file[64];
	struct client c;
	struct tls *t;

	(void)s;
	client_init(&c, TLS1_3_VERSION);
	assert_int_equal(tls_ctx_fresh(x, at(10), why), TLS_SAME);
	assert_int_equal(meet(x, &c, &t), TLS_DONE);
	assert_string_equal(c.cn, "LIVE");
	make_cert("live.pem", "NEXT");
	assert_int_equal(tls_ctx_fresh(x, at(69), why), TLS_SAME);
	assert_int_equal(tls_ctx_fresh(x, at(70), why), TLS_NEW);
	tls_ctx_text(x, why);
	assert_memory_equal(why, "CN=NEXT, good to 20", 19);
	assert_int_equal(tls_ctx_fresh(x, at(130), why), TLS_SAME);
	end(t);
	assert_int_equal(meet(x, &c, &t), TLS_DONE);
	assert_string_equal(c.cn, "NEXT");
	end(t);
	path(file, "live.pem");
	assert_int_equal(truncate(file, 100), 0);
	assert_int_equal(tls_ctx_fresh(x, at(190), why), TLS_BAD);
	assert_non_null(strstr(why, "live.pem can't be used"));
	assert_int_equal(tls_ctx_fresh(x, at(250), why), TLS_SAME);
	assert_int_equal(meet(x, &c, &t), TLS_DONE);
	end(t);
	for (unsigned i = 0; i < 30; i++) {     /* what was replaced goes in the end */
		make_cert("live.pem", i % 2 ? "ODD" : "EVEN");
		assert_int_equal(tls_ctx_fresh(x, at(1000 + 60 * i), why), TLS_NEW);
	}
	client_fini(&c);
	tls_ctx_free(x);
}

static void
files_that_do_not_fit(void **s)
{
	char cert[64], key[64], why[TLS_WHY];
	struct tls_conf f = { .cert = cert, .key = key };

	(void)s;
	path(cert, "one.pem");
	path(key, "live.pem");
	assert_null(tls_ctx_new(&f, why));
	assert_non_null(strstr(why, "private key"));
	path(cert, "none.pem");
	assert_null(tls_ctx_new(&f, why));
	assert_non_null(strstr(why, "none.pem can't be used: No such file"));
	path(cert, "one.pem");
	f.key = cert;
	f.auth = TLS_AUTH_REQUIRE;
	assert_null(tls_ctx_new(&f, why));
	assert_non_null(strstr(why, "nothing says who may sign them"));
	f.auth = TLS_AUTH_NONE;
	f.ciphers12 = "NO-SUCH";
	assert_null(tls_ctx_new(&f, why));
	assert_non_null(strstr(why, "ciphers for TLS 1.2"));
}

static void
user_ids(void **s)
{
	char to[9];

	(void)s;
	assert_true(tls_user_ok("ibmuser", 7, to));
	assert_string_equal(to, "IBMUSER");
	assert_true(tls_user_ok("a@#$1234", 8, to));
	assert_string_equal(to, "A@#$1234");
	assert_false(tls_user_ok("ninechars", 9, to));
	assert_string_equal(to, "");
	assert_false(tls_user_ok("", 0, to));
	assert_false(tls_user_ok("a b", 3, to));
	assert_false(tls_user_ok("\xc3\xa9ric", 5, to));
	assert_int_equal(tls_name_kind("upn", 3), TLS_N_UPN);
	assert_int_equal(tls_name_kind("SHA256=", 6), TLS_N_SHA256);
	assert_int_equal(tls_name_kind("UP", 2), 0);
}

static int
setup(void **s)
{
	(void)s;
	signal(SIGPIPE, SIG_IGN);
	if (mkdtemp(dir) == NULL)
		return -1;
	make_cert("one.pem", "ONE");
	make_cert("live.pem", "LIVE");
	return 0;
}

static int
teardown(void **s)
{
	static const char *const names[] = { "one.pem", "live.pem" };
	char file[64];

	(void)s;
	for (unsigned i = 0; i < 2; i++) {
		path(file, names[i]);
		(void)unlink(file);
	}
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(tickets_go_with_the_keys),
		cmocka_unit_test(without_keys_no_tickets),
		cmocka_unit_test(files_that_do_not_fit),
		cmocka_unit_test(files_are_read_again), cmocka_unit_test(user_ids),
	};

	return cmocka_run_group_tests(t, setup, teardown);
}
