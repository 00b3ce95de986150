/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bare neighbour of the benchmarks: an epoll loop that reads a record up
 * to IAC EOR and answers with a fixed record of -s bytes. With -c and -k the
 * same over OpenSSL. Nothing of Snagate is in it.
 *
 * Usage: echo -p PORT [-a ADDR] [-s BYTES] [-c CERT -k KEY]
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <openssl/ssl.h>

struct client {
	int fd;
	SSL *ssl;
	unsigned char last;
};

static SSL_CTX *
tls_ctx(const char *cert, const char *key)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());

	SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
	if (SSL_CTX_use_certificate_chain_file(c, cert) != 1 ||
	    SSL_CTX_use_PrivateKey_file(c, key, SSL_FILETYPE_PEM) != 1) {
		fprintf(stderr, "echo: cannot read %s or %s\n", cert, key);
		exit(1);
	}
	return c;
}

static void
drop(struct client *c)
{
	if (c->ssl != NULL)
		SSL_free(c->ssl);
	close(c->fd);
	free(c);
}

static long
get(struct client *c, unsigned char *b, size_t n)
{
	if (c->ssl == NULL)
		return read(c->fd, b, n);
	int k = SSL_read(c->ssl, b, (int)n);

	if (k > 0)
		return k;
	int e = SSL_get_error(c->ssl, k);

	if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE) {
		errno = EAGAIN;
		return -1;
	}
	return 0;
}

/* False: the client is gone. */
static int
serve(struct client *c, const unsigned char *answer, size_t size)
{
	unsigned char b[4096];
	long n = get(c, b, sizeof(b));

	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	for (long i = 0; i < n; i++) {
		if (c->last == 0xff && b[i] == 0xef) {
			long w = c->ssl != NULL ? SSL_write(c->ssl, answer, (int)size) :
			    write(c->fd, answer, size);

			if (w != (long)size)
				return 0;
		}
		c->last = b[i];
	}
	return 1;
}

static int
listen_on(const char *addr, int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;

	inet_pton(AF_INET, addr, &sa.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(fd, 4096) < 0) {
		perror("echo: bind");
		exit(1);
	}
	return fd;
}

static void
take_new(int ep, int lfd, SSL_CTX *ctx)
{
	int fd, on = 1;

	while ((fd = accept4(lfd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		struct client *c = calloc(1, sizeof(*c));
		struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		c->fd = fd;
		if (ctx != NULL) {
			c->ssl = SSL_new(ctx);
			SSL_set_fd(c->ssl, fd);
			SSL_set_accept_state(c->ssl);
		}
		epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
	}
}

int
main(int argc, char **argv)
{
	const char *addr = "127.0.0.1", *cert = NULL, *key = NULL;
	int port = 0, o;
	size_t size = 800;
	struct rlimit rl;
	unsigned char *answer;
	SSL_CTX *ctx = NULL;

	while ((o = getopt(argc, argv, "a:p:s:c:k:")) != -1) {
		if (o == 'a')
			addr = optarg;
		else if (o == 'p')
			port = atoi(optarg);
		else if (o == 's')
			size = (size_t)atoi(optarg);
		else if (o == 'c')
			cert = optarg;
		else if (o == 'k')
			key = optarg;
	}
	if (port == 0 || size < 2) {
		fprintf(stderr, "usage: echo -p PORT [-a ADDR] [-s BYTES] [-c CERT -k KEY]\n");
		return 2;
	}
	getrlimit(RLIMIT_NOFILE, &rl);
	rl.rlim_cur = rl.rlim_max;
	setrlimit(RLIMIT_NOFILE, &rl);
	if (cert != NULL && key != NULL)
		ctx = tls_ctx(cert, key);
	answer = malloc(size);
	memset(answer, 0x40, size);
	answer[size - 2] = 0xff;
	answer[size - 1] = 0xef;

	int ep = epoll_create1(0), lfd = listen_on(addr, port);
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL }, evs[256];

	epoll_ctl(ep, EPOLL_CTL_ADD, lfd, &ev);
	for (;;) {
		int n = epoll_wait(ep, evs, 256, -1);

		for (int i = 0; i < n; i++) {
			if (evs[i].data.ptr == NULL)
				take_new(ep, lfd, ctx);
			else if (!serve(evs[i].data.ptr, answer, size))
				drop(evs[i].data.ptr);
		}
	}
}
