/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load generator: -n TN3270E clients in one epoll loop log on to -A APPL, then
 * each sends records of -i bytes and waits for the answer, for -t seconds. With
 * -r the peer is the bare echo: no negotiation, records only. With -I the
 * clients log on and stay idle until a byte comes on standard input.
 *
 * Prints one line of key=value. Stops by itself: -w seconds for the logons,
 * then -t for the work.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "base/ebcdic.h"

#define IAC 255
#define REC_MAX 8192

enum phase { P_CONNECT, P_TLS, P_NEG, P_LOGON, P_BOUND, P_WORK, P_DEAD };

struct client {
	int fd;
	SSL *ssl;
	enum phase phase;
	unsigned char iac, sb, type;
	unsigned len;                   /* bytes of the record or sub-negotiation so far */
	unsigned char head[64];         /* its first bytes; the rest is only counted */
	double sent_at;
};

struct load {
	const char *addr, *appl;
	int port, n, seconds, wait_s, in_size, raw, idle, ep;
	int open, ready, failed;
	unsigned long done;
	double sum_ms, max_ms;
	SSL_CTX *ctx;
	struct client *c;
	unsigned char rec[REC_MAX];
	size_t rec_len;
};

static double
now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
die(struct load *l, struct client *c, const char *why)
{
	if (c->phase == P_DEAD)
		return;
	if (l->failed++ < 5)
		fprintf(stderr, "tnload: client %ld in phase %d: %s\n", (long)(c - l->c),
		    (int)c->phase, why);
	c->phase = P_DEAD;
	if (c->ssl != NULL)
		SSL_free(c->ssl);
	c->ssl = NULL;
	close(c->fd);
}

static void
put(struct load *l, struct client *c, const void *p, size_t n)
{
	long w = c->ssl != NULL ? SSL_write(c->ssl, p, (int)n) : write(c->fd, p, n);

	if (w != (long)n)
		die(l, c, "short write");
}

static void
send_work(struct load *l, struct client *c)
{
	c->sent_at = now_s();
	put(l, c, l->rec, l->rec_len);
}

static void
ready(struct load *l, struct client *c)
{
	c->phase = P_WORK;
	l->ready++;
	if (!l->idle)
		send_work(l, c);
}

/* DEVICE-TYPE SEND, DEVICE-TYPE IS, FUNCTIONS IS or REQUEST. */
static void
negotiate(struct load *l, struct client *c)
{
	static const unsigned char dev[] = "\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0";
	static const unsigned char fun[] = "\xff\xfa\x28\x03\x07\x00\x02\x04\xff\xf0";
	const unsigned char *h = c->head;

	if (h[0] != 0x28)
		return;
	if (h[1] == 8 && h[2] == 2)
		put(l, c, dev, sizeof(dev) - 1);
	else if (h[1] == 2 && h[2] == 4)
		put(l, c, fun, sizeof(fun) - 1);
	else if (h[1] == 2 && h[2] == 6)
		die(l, c, "DEVICE-TYPE rejected");
	else if (h[1] == 3 && h[2] == 4)
		c->phase = P_LOGON;
	else if (h[1] == 3)
		die(l, c, "functions not agreed");
}

static void
logon(struct load *l, struct client *c, int sscp)
{
	char text[64];
	unsigned char out[128];
	size_t n = (size_t)snprintf(text, sizeof(text), "LOGON APPLID(%s)", l->appl), k = 0;

	out[k++] = sscp ? 7 : 0;
	memset(out + k, 0, 4);
	k += 4;
	if (!sscp) {
		memcpy(out + k, "\x7d\x40\x40", 3);
		k += 3;
	}
	ebc_put(out + k, text, n);
	k += n;
	out[k++] = IAC;
	out[k++] = 0xef;
	c->phase = P_BOUND;
	put(l, c, out, k);
}

static void
record(struct load *l, struct client *c)
{
	unsigned type = c->len == 0 ? 99 : c->head[0];

	if (l->raw) {
		if (c->phase == P_WORK && !l->idle) {
			double ms = (now_s() - c->sent_at) * 1000;

			l->done++;
			l->sum_ms += ms;
			if (ms > l->max_ms)
				l->max_ms = ms;
			send_work(l, c);
		}
		return;
	}
	if (c->phase == P_LOGON && (type == 7 || type == 0)) {
		logon(l, c, type == 7);
	} else if (c->phase == P_BOUND) {
		if (type == 3) {
			c->phase = P_BOUND;
			c->type = 3;
		} else if (type == 0 && c->type == 3) {
			ready(l, c);
		} else if (type == 7) {
			die(l, c, "logon refused");
		}
	} else if (c->phase == P_WORK) {
		if (type == 4) {
			die(l, c, "UNBIND");
		} else if (type == 0 && !l->idle) {
			double ms = (now_s() - c->sent_at) * 1000;

			l->done++;
			l->sum_ms += ms;
			if (ms > l->max_ms)
				l->max_ms = ms;
			send_work(l, c);
		}
	}
}

static void
option(struct load *l, struct client *c, unsigned char verb, unsigned char opt)
{
	unsigned char out[3] = { IAC, 252, opt };

	if (verb == 253) {
		out[1] = opt == 0x28 ? 251 : 252;
		put(l, c, out, 3);
	}
}

static void
byte_in(struct load *l, struct client *c, unsigned char b)
{
	if (c->iac >= 250 && c->iac <= 254 && !c->sb) {
		option(l, c, c->iac, b);
		c->iac = 0;
		return;
	}
	if (c->iac == IAC) {
		c->iac = 0;
		if (b == 0xef) {
			record(l, c);
			c->len = 0;
			return;
		}
		if (b == 250) {
			c->sb = 1;
			c->len = 0;
			return;
		}
		if (b == 240) {
			c->sb = 0;
			negotiate(l, c);
			c->len = 0;
			return;
		}
		if (b >= 251 && b <= 254) {
			c->iac = b;
			return;
		}
		if (b != IAC)
			return;
	} else if (b == IAC) {
		c->iac = IAC;
		return;
	}
	if (c->len < sizeof(c->head))
		c->head[c->len] = b;
	c->len++;
}

static void
readable(struct load *l, struct client *c)
{
	unsigned char b[16384];
	long n = c->ssl != NULL ? SSL_read(c->ssl, b, sizeof(b)) : read(c->fd, b, sizeof(b));

	if (n <= 0) {
		if (c->ssl != NULL && SSL_get_error(c->ssl, (int)n) == SSL_ERROR_WANT_READ)
			return;
		if (c->ssl == NULL && n < 0 && errno == EAGAIN)
			return;
		die(l, c, "closed by the server");
		return;
	}
	for (long i = 0; i < n && c->phase != P_DEAD; i++)
		byte_in(l, c, b[i]);
}

static void
connected(struct load *l, struct client *c)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };

	epoll_ctl(l->ep, EPOLL_CTL_MOD, c->fd, &ev);
	c->phase = P_NEG;
	if (l->raw)
		ready(l, c);
}

static void
handshake(struct load *l, struct client *c)
{
	int k = SSL_connect(c->ssl), e;
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };

	if (k == 1) {
		connected(l, c);
		return;
	}
	e = SSL_get_error(c->ssl, k);
	if (e == SSL_ERROR_WANT_READ)
		epoll_ctl(l->ep, EPOLL_CTL_MOD, c->fd, &ev);
	else if (e != SSL_ERROR_WANT_WRITE)
		die(l, c, "TLS handshake failed");
}

static void
event(struct load *l, struct client *c)
{
	if (c->phase == P_CONNECT) {
		int e = 0;
		socklen_t el = sizeof(e);

		getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &e, &el);
		if (e != 0) {
			die(l, c, strerror(e));
		} else if (l->ctx != NULL) {
			c->ssl = SSL_new(l->ctx);
			SSL_set_fd(c->ssl, c->fd);
			c->phase = P_TLS;
			handshake(l, c);
		} else {
			connected(l, c);
		}
	} else if (c->phase == P_TLS) {
		handshake(l, c);
	} else if (c->phase != P_DEAD) {
		readable(l, c);
	}
}

/* At most 64 connections are being set up at once: a real morning, no SYN flood. */
static void
open_more(struct load *l)
{
	while (l->open < l->n && l->open - l->ready - l->failed < 64) {
		struct client *c = &l->c[l->open++];
		struct sockaddr_in sa = { .sin_family = AF_INET,
			.sin_port = htons((uint16_t)l->port) };
		struct epoll_event ev = { .events = EPOLLOUT, .data.ptr = c };
		int on = 1;

		inet_pton(AF_INET, l->addr, &sa.sin_addr);
		c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (c->fd < 0) {
			die(l, c, "no descriptor");
			continue;
		}
		setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		if (connect(c->fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 &&
		    errno != EINPROGRESS) {
			die(l, c, strerror(errno));
			continue;
		}
		epoll_ctl(l->ep, EPOLL_CTL_ADD, c->fd, &ev);
	}
}

static void
turn(struct load *l, int ms)
{
	struct epoll_event evs[256];
	int n;

	open_more(l);
	n = epoll_wait(l->ep, evs, 256, ms);
	for (int i = 0; i < n; i++)
		event(l, evs[i].data.ptr);
}

static void
make_record(struct load *l)
{
	static const unsigned char head[] = { 0, 0, 0, 0, 0, 0x7d, 0x5b, 0x60, 0x11, 0x5b, 0x60 };
	size_t k = 0;

	if (!l->raw) {
		memcpy(l->rec, head, sizeof(head));
		k = sizeof(head);
	}
	while (k < (size_t)l->in_size)
		l->rec[k++] = 0xc1;
	l->rec[k++] = IAC;
	l->rec[k++] = 0xef;
	l->rec_len = k;
}

static int
options(struct load *l, int argc, char **argv)
{
	int o;

	while ((o = getopt(argc, argv, "a:p:n:t:w:i:A:rIT")) != -1) {
		switch (o) {
		case 'a': l->addr = optarg; break;
		case 'p': l->port = atoi(optarg); break;
		case 'n': l->n = atoi(optarg); break;
		case 't': l->seconds = atoi(optarg); break;
		case 'w': l->wait_s = atoi(optarg); break;
		case 'i': l->in_size = atoi(optarg); break;
		case 'A': l->appl = optarg; break;
		case 'r': l->raw = 1; break;
		case 'I': l->idle = 1; break;
		case 'T':
			l->ctx = SSL_CTX_new(TLS_client_method());
			SSL_CTX_set_mode(l->ctx, SSL_MODE_RELEASE_BUFFERS);
			break;
		default: return 0;
		}
	}
	return l->port != 0 && l->n > 0 && l->in_size < REC_MAX - 4;
}

int
main(int argc, char **argv)
{
	struct load l = { .addr = "127.0.0.1", .appl = "ECHO", .n = 1, .seconds = 5,
		.wait_s = 60, .in_size = 100 };
	struct rlimit rl;
	double began, ready_at, end;
	unsigned long before;

	if (!options(&l, argc, argv)) {
		fprintf(stderr, "usage: tnload -p PORT [-a ADDR] [-n CLIENTS] [-t SECONDS] "
		    "[-w SECONDS] [-i BYTES] [-A APPL] [-r] [-I] [-T]\n");
		return 2;
	}
	getrlimit(RLIMIT_NOFILE, &rl);
	rl.rlim_cur = rl.rlim_max;
	setrlimit(RLIMIT_NOFILE, &rl);
	l.c = calloc((size_t)l.n, sizeof(*l.c));
	l.ep = epoll_create1(0);
	make_record(&l);
	began = now_s();
	while (l.ready + l.failed < l.n && now_s() - began < l.wait_s)
		turn(&l, 100);
	ready_at = now_s();
	if (l.idle) {
		printf("ready=%d failed=%d logon_s=%.2f\n", l.ready, l.failed, ready_at - began);
		fflush(stdout);
		if (getchar() == EOF)
			return l.ready == l.n ? 0 : 1;
		return l.ready == l.n ? 0 : 1;
	}
	printf("ready=%d failed=%d logon_s=%.2f\n", l.ready, l.failed, ready_at - began);
	fflush(stdout);
	before = l.done;
	l.sum_ms = l.max_ms = 0;
	end = ready_at + l.seconds;
	while (now_s() < end)
		turn(&l, 100);
	end = now_s();
	printf("clients=%d failed=%d transactions=%lu tps=%.0f mean_ms=%.3f max_ms=%.1f\n", l.n,
	    l.failed, l.done - before, (double)(l.done - before) / (end - ready_at),
	    l.done == before ? 0 : l.sum_ms / (double)(l.done - before), l.max_ms);
	return l.failed == 0 && l.done > before ? 0 : 1;
}
