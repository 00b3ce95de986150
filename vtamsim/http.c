/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vtamsim/http.h"

enum client_state { HC_FREE, HC_READ, HC_READY, HC_WAIT, HC_WRITE };

struct client {
	struct loop_tag tag;
	int fd;
	uint8_t state;          /* enum client_state */
	uint8_t page;           /* enum http_page */
	uint8_t head;           /* HEAD: no body */
	uint32_t gen;
	struct mono until;
	size_t n;
	char in[HTTP_HEAD];
	char *out;
	size_t out_n, out_at;
};

struct http {
	struct loop_tag tag;
	struct loop *loop;
	int fd;
	struct client c[HTTP_MAX];
};

static void
drop(struct http *h, struct client *c)
{
	if (c->state == HC_FREE)
		return;
	loop_del(h->loop, c->fd);
	close(c->fd);
	free(c->out);
	c->out = NULL;
	c->state = HC_FREE;
	c->fd = -1;
	c->gen++;
}

static void
flush(struct http *h, struct client *c)
{
	while (c->out_at < c->out_n) {
		ssize_t k = send(c->fd, c->out + c->out_at, c->out_n - c->out_at,
		    MSG_NOSIGNAL | MSG_DONTWAIT);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			(void)loop_mod(h->loop, c->fd, LOOP_OUT, &c->tag);
			return;
		}
		if (k <= 0)
			break;
		c->out_at += (size_t)k;
	}
	drop(h, c);
}

static void
respond(struct http *h, struct client *c, const char *status, const char *type,
    const char *body, size_t n)
{
	size_t room = 512 + n;
	int k;

	c->out = malloc(room);
	if (c->out == NULL) {
		drop(h, c);
		return;
	}
	k = snprintf(c->out, room, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
	    "\r\n", status, type, n);
	c->out_n = (size_t)k;
	c->out_at = 0;
	if (!c->head && n > 0) {
		memcpy(c->out + k, body, n);
		c->out_n += n;
	}
	c->state = HC_WRITE;
	flush(h, c);
}

static void
refuse(struct http *h, struct client *c, const char *status)
{
	char body[80];
	int n = snprintf(body, sizeof(body), "%s\n", status);

	respond(h, c, status, "text/plain; charset=utf-8", body, (size_t)n);
}

static bool
is_path(const char *p, const char *path)
{
	size_t n = strlen(path);

	return strncmp(p, path, n) == 0 && (p[n] == ' ' || p[n] == '?');
}

/* The request line is all we look at. */
static void
parse(struct http *h, struct client *c)
{
	const char *p = c->in;

	c->head = strncmp(p, "HEAD ", 5) == 0;
	if (!c->head && strncmp(p, "GET ", 4) != 0) {
		refuse(h, c, strchr(p, ' ') == NULL ? "400 Bad Request" :
		    "405 Method Not Allowed");
		return;
	}
	p += c->head ? 5 : 4;
	if (is_path(p, "/metrics"))
		c->page = HTTP_METRICS;
	else if (is_path(p, "/"))
		c->page = HTTP_STATUS;
	else {
		refuse(h, c, "404 Not Found");
		return;
	}
	c->state = HC_READY;
	(void)loop_mod(h->loop, c->fd, 0, &c->tag);
}

static void
read_head(struct http *h, struct client *c)
{
	ssize_t k = recv(c->fd, c->in + c->n, sizeof(c->in) - 1 - c->n, MSG_DONTWAIT);

	if (k < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (k <= 0) {
		drop(h, c);
		return;
	}
	c->n += (size_t)k;
	c->in[c->n] = '\0';
	if (memchr(c->in, '\0', c->n) != NULL)
		refuse(h, c, "400 Bad Request");
	else if (strstr(c->in, "\r\n\r\n") != NULL || strstr(c->in, "\n\n") != NULL)
		parse(h, c);
	else if (c->n == sizeof(c->in) - 1)
		refuse(h, c, "431 Request Header Fields Too Large");
}

static void
accept_one(struct http *h, struct mono now)
{
	int fd = accept4(h->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct client *c = h->c;

	if (fd < 0)
		return;
	while (c < h->c + HTTP_MAX && c->state != HC_FREE)
		c++;
	if (c == h->c + HTTP_MAX) {
		static const char busy[] = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n"
		    "Connection: close\r\n\r\n";

		(void)!send(fd, busy, sizeof(busy) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
		return;
	}
	*c = (struct client){ .tag = { LOOP_SNA, (uint8_t)(h->tag.kind + 1) }, .fd = fd,
		.gen = c->gen, .state = HC_READ, .until = mono_add(now, SECS(HTTP_S)) };
	if (loop_add(h->loop, fd, LOOP_IN, &c->tag) != 0) {
		close(fd);
		c->state = HC_FREE;
	}
}

void
http_event(struct http *h, struct mono now, const struct loop_ev *ev)
{
	struct client *c;

	if (ev->tag == &h->tag) {
		accept_one(h, now);
		return;
	}
	c = (struct client *)(void *)ev->tag;
	if (c->state == HC_READ && (ev->what & (LOOP_IN | LOOP_ERR)) != 0)
		read_head(h, c);
	else if (c->state == HC_WRITE && (ev->what & LOOP_OUT) != 0)
		flush(h, c);
	else if (c->state != HC_FREE && (ev->what & LOOP_ERR) != 0)
		drop(h, c);
}

bool
http_next(struct http *h, uint32_t *client, enum http_page *page)
{
	for (unsigned i = 0; i < HTTP_MAX; i++) {
		struct client *c = &h->c[i];

		if (c->state != HC_READY)
			continue;
		c->state = HC_WAIT;
		*client = c->gen * HTTP_MAX + i;
		*page = (enum http_page)c->page;
		return true;
	}
	return false;
}

void
http_answer(struct http *h, uint32_t client, const struct con *con)
{
	struct client *c = &h->c[client % HTTP_MAX];

	if (c->state != HC_WAIT || client != (uint32_t)(c->gen * HTTP_MAX + client % HTTP_MAX))
		return;
	respond(h, c, "200 OK", c->page == HTTP_METRICS ?
	    "application/openmetrics-text; version=1.0.0; charset=utf-8" :
	    "text/plain; charset=utf-8", con->text, con->len);
}

struct mono
http_deadline(const struct http *h)
{
	struct mono t = MONO_NEVER;

	for (unsigned i = 0; i < HTTP_MAX; i++)
		if (h->c[i].state != HC_FREE)
			t = mono_min(t, h->c[i].until);
	return t;
}

void
http_expire(struct http *h, struct mono now)
{
	for (unsigned i = 0; i < HTTP_MAX; i++)
		if (h->c[i].state != HC_FREE && mono_due(h->c[i].until, now))
			drop(h, &h->c[i]);
}

struct http *
http_open(struct loop *loop, const struct ipaddr *addr, uint16_t port, uint8_t kind,
    char why[HTTP_WHY])
{
	struct http *h = calloc(1, sizeof(*h));
	struct sockaddr_storage sa;
	socklen_t n = ipaddr_to_sa(addr, port, &sa);
	char text[IPADDR_TEXT];
	int one = 1, rc = 0;

	if (h == NULL) {
		snprintf(why, HTTP_WHY, "no memory");
		return NULL;
	}
	*h = (struct http){ .tag = { LOOP_SNA, kind }, .loop = loop };
	h->fd = socket(sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (h->fd < 0)
		rc = -errno;
	if (rc == 0)
		(void)setsockopt(h->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (rc == 0 && (bind(h->fd, (struct sockaddr *)&sa, n) != 0 || listen(h->fd, 16) != 0))
		rc = -errno;
	if (rc == 0)
		rc = loop_add(loop, h->fd, LOOP_IN, &h->tag);
	if (rc == 0)
		return h;
	snprintf(why, HTTP_WHY, "metrics on %s port %u: %s", ipaddr_text(addr, text), port,
	    strerror(-rc));
	if (h->fd >= 0)
		close(h->fd);
	free(h);
	return NULL;
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	for (unsigned i = 0; i < HTTP_MAX; i++)
		drop(h, &h->c[i]);
	loop_del(h->loop, h->fd);
	close(h->fd);
	free(h);
}
