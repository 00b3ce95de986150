/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "vtamsim/console.h"

struct client {
	struct loop_tag tag;
	int fd;                 /* -1: free */
	uint32_t gen;           /* counts uses of the slot */
	uint8_t json, events;
	uint8_t busy;           /* a command waits for its answer */
	uint8_t eof;            /* the client sends no more */
	uint8_t skip;           /* inside a line that is too long */
	uint32_t want;          /* what the loop watches for */
	size_t n;               /* bytes in in[] */
	char in[2 * CONSOLE_LINE];
	char *out;
	size_t out_n, out_at, out_cap;
};

struct console {
	struct loop_tag tag;
	struct loop *loop;
	int fd;
	unsigned clients, turn;
	uint64_t dropped;
	char path[108];
	struct client c[CONSOLE_MAX];
};

static void
drop(struct console *s, struct client *c)
{
	if (c->fd < 0)
		return;
	loop_del(s->loop, c->fd);
	close(c->fd);
	free(c->out);
	c->out = NULL;
	c->out_n = c->out_at = c->out_cap = c->n = 0;
	c->fd = -1;
	c->gen++;
	s->clients--;
}

static void
watch(struct console *s, struct client *c)
{
	uint32_t want = 0;

	if (!c->busy && !c->eof && c->n < sizeof(c->in))
		want |= LOOP_IN;
	if (c->out_at < c->out_n)
		want |= LOOP_OUT;
	if (want != c->want && loop_mod(s->loop, c->fd, want, &c->tag) == 0)
		c->want = want;
}

/* Sends what it can. False: the client is gone. */
static bool
flush(struct console *s, struct client *c)
{
	while (c->out_at < c->out_n) {
		ssize_t k = send(c->fd, c->out + c->out_at, c->out_n - c->out_at,
		    MSG_NOSIGNAL | MSG_DONTWAIT);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (k <= 0) {
			drop(s, c);
			return false;
		}
		c->out_at += (size_t)k;
	}
	if (c->out_at == c->out_n)
		c->out_at = c->out_n = 0;
	if (c->eof && !c->busy && c->out_n == 0 && memchr(c->in, '\n', c->n) == NULL) {
		drop(s, c);
		return false;
	}
	watch(s, c);
	return true;
}

static bool
put(struct console *s, struct client *c, const char *p, size_t n)
{
	if (c->out_at > 0 && c->out_at == c->out_n)
		c->out_at = c->out_n = 0;
	if (c->out_n + n > c->out_cap) {
		size_t cap = c->out_cap == 0 ? 4096 : c->out_cap;
		char *t;

		while (cap < c->out_n + n)
			cap *= 2;
		t = cap > CONSOLE_OUT_MAX ? NULL : realloc(c->out, cap);
		if (t == NULL) {
			LOG(OPER, WARN, "console", "a client that does not read was dropped");
			s->dropped++;
			drop(s, c);
			return false;
		}
		c->out = t;
		c->out_cap = cap;
	}
	memcpy(c->out + c->out_n, p, n);
	c->out_n += n;
	return true;
}

/* Each line of the con behind mark and a blank. */
static bool
put_lines(struct console *s, struct client *c, char mark, const struct con *con)
{
	const char pre[2] = { mark, ' ' };
	const char *p = con->text, *end = p == NULL ? p : p + con->len;

	if (c->json) {
		char *j = con_json(con);
		bool ok = j == NULL || (put(s, c, pre, 2) && put(s, c, j, strlen(j)) &&
		    put(s, c, "\n", 1));

		free(j);
		return ok;
	}
	while (p != end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t n = nl == NULL ? (size_t)(end - p) : (size_t)(nl - p) + 1;

		if (!put(s, c, pre, 2) || !put(s, c, p, n))
			return false;
		p += n;
	}
	return true;
}

static void
accept_one(struct console *s)
{
	int fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct ucred cred;
	socklen_t n = sizeof(cred);
	struct client *c = s->c;

	if (fd < 0)
		return;
	/* The mode of the file keeps others out; this holds where a kernel ignores it. */
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) != 0 ||
	    (cred.uid != geteuid() && cred.uid != 0)) {
		LOG(OPER, WARN, "console", "refused: not the owner");
		close(fd);
		return;
	}
	while (c < s->c + CONSOLE_MAX && c->fd >= 0)
		c++;
	if (c == s->c + CONSOLE_MAX) {
		static const char full[] = "- TOO MANY OPERATORS\n= 1\n";

		(void)!send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
		s->dropped++;
		return;
	}
	*c = (struct client){ .tag = { LOOP_SNA, (uint8_t)(s->tag.kind + 1) }, .fd = fd,
		.gen = c->gen, .want = LOOP_IN };
	if (loop_add(s->loop, fd, LOOP_IN, &c->tag) != 0) {
		close(fd);
		c->fd = -1;
		return;
	}
	s->clients++;
}

static void
read_some(struct console *s, struct client *c)
{
	ssize_t k = recv(c->fd, c->in + c->n, sizeof(c->in) - c->n, MSG_DONTWAIT);

	if (k < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (k < 0) {
		drop(s, c);
		return;
	}
	if (k == 0)
		c->eof = 1;
	c->n += (size_t)k;
	(void)flush(s, c);
}

void
console_event(struct console *s, const struct loop_ev *ev)
{
	struct client *c;

	if (ev->tag == &s->tag) {
		accept_one(s);
		return;
	}
	c = (struct client *)(void *)ev->tag;
	if (c->fd < 0)
		return;         /* closed earlier in this turn */
	if ((ev->what & LOOP_OUT) != 0 && !flush(s, c))
		return;
	if ((ev->what & LOOP_IN) != 0 && c->n < sizeof(c->in) && !c->busy) {
		read_some(s, c);
		return;
	}
	/* Hung up while a command runs: nobody will read the answer. */
	if ((ev->what & LOOP_ERR) != 0)
		drop(s, c);
}

/* Takes the first whole line out of the input. */
static bool
take_line(struct client *c, char line[CONSOLE_LINE])
{
	for (;;) {
		char *nl = memchr(c->in, '\n', c->n);
		size_t n = nl == NULL ? c->n : (size_t)(nl - c->in);
		size_t used = nl == NULL ? n : n + 1;
		bool whole = nl != NULL && !c->skip;

		if (nl == NULL && c->n < sizeof(c->in))
			return false;
		/* One character more than a command may have: the scanner refuses it. */
		if (whole) {
			size_t keep = n < CONSOLE_LINE ? n : CONSOLE_LINE - 1;

			memcpy(line, c->in, keep);
			line[keep] = '\0';
		}
		c->skip = nl == NULL;
		memmove(c->in, c->in + used, c->n - used);
		c->n -= used;
		if (whole) {
			line[strcspn(line, "\r")] = '\0';
			return true;
		}
	}
}

/* Words for us, not for the node. */
static bool
control(struct console *s, struct client *c, const char *line)
{
	if (line[0] != '.')
		return false;
	if (strcmp(line, ".json") == 0)
		c->json = 1;
	else if (strcmp(line, ".text") == 0)
		c->json = 0;
	else if (strcmp(line, ".events") == 0)
		c->events = 1;
	else if (strcmp(line, ".noevents") == 0)
		c->events = 0;
	else if (put(s, c, "- .json .text .events .noevents\n= 1\n", 36))
		(void)flush(s, c);
	return true;
}

bool
console_next(struct console *s, uint32_t *client, char line[CONSOLE_LINE])
{
	/* Round robin: no client can keep the others waiting. */
	for (unsigned i = 0; i < CONSOLE_MAX; i++) {
		unsigned k = (s->turn + i) % CONSOLE_MAX;
		struct client *c = &s->c[k];

		while (c->fd >= 0 && !c->busy && take_line(c, line)) {
			if (control(s, c, line) || line[strspn(line, " \t")] == '\0')
				continue;
			c->busy = 1;
			watch(s, c);
			*client = c->gen * CONSOLE_MAX + k;
			s->turn = k + 1;
			return true;
		}
		if (c->fd >= 0 && c->eof && !c->busy)
			(void)flush(s, c);
	}
	return false;
}

void
console_answer(struct console *s, uint32_t client, enum console_rc rc, const struct con *con)
{
	struct client *c = &s->c[client % CONSOLE_MAX];

	if (c->fd < 0 || !c->busy ||
	    client != (uint32_t)(c->gen * CONSOLE_MAX + client % CONSOLE_MAX))
		return;         /* it went away meanwhile */
	c->busy = 0;
	if (put_lines(s, c, '-', con) && put(s, c, rc == CONSOLE_OK ? "= 0\n" : "= 1\n", 4))
		(void)flush(s, c);
}

void
console_tell(struct console *s, const struct con *con)
{
	for (struct client *c = s->c; c < s->c + CONSOLE_MAX; c++)
		if (c->fd >= 0 && c->events && con->len > 0 && put_lines(s, c, '!', con))
			(void)flush(s, c);
}

unsigned
console_clients(const struct console *s)
{
	return s->clients;
}

uint64_t
console_dropped(const struct console *s)
{
	return s->dropped;
}

/* A socket file may be left over from a node that was killed; one that answers
 * belongs to a node that runs. */
static int
clear_path(const struct sockaddr_un *sa)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), rc;
	struct stat st;

	if (fd < 0)
		return -errno;
	rc = connect(fd, (const struct sockaddr *)sa, sizeof(*sa));
	close(fd);
	if (rc == 0)
		return -EADDRINUSE;
	if (lstat(sa->sun_path, &st) != 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	return unlink(sa->sun_path) == 0 ? 0 : -errno;
}

/* The folder of a socket under /run is ours to make; one level only. */
static void
make_folder(const char *path)
{
	char dir[108];
	const char *slash = strrchr(path, '/');

	if (slash == NULL || slash == path)
		return;
	memcpy(dir, path, (size_t)(slash - path));
	dir[slash - path] = '\0';
	(void)mkdir(dir, 0755);
}

static int
listen_on(struct console *s)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	mode_t old;
	int rc;

	memcpy(sa.sun_path, s->path, sizeof(sa.sun_path));
	make_folder(s->path);
	rc = clear_path(&sa);
	if (rc != 0)
		return rc;
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return -errno;
	old = umask(0177);
	rc = bind(s->fd, (struct sockaddr *)&sa, sizeof(sa)) == 0 ? 0 : -errno;
	umask(old);
	if (rc == 0 && listen(s->fd, 16) != 0)
		rc = -errno;
	return rc;
}

struct console *
console_open(struct loop *loop, const char *path, uint8_t kind, char why[CONSOLE_WHY])
{
	struct console *s = calloc(1, sizeof(*s));
	int rc;

	if (s == NULL) {
		snprintf(why, CONSOLE_WHY, "no memory");
		return NULL;
	}
	s->tag = (struct loop_tag){ LOOP_SNA, kind };
	s->loop = loop;
	s->fd = -1;
	for (unsigned i = 0; i < CONSOLE_MAX; i++)
		s->c[i].fd = -1;
	if (strlen(path) >= sizeof(s->path)) {
		rc = -ENAMETOOLONG;
	} else {
		memcpy(s->path, path, strlen(path) + 1);
		rc = listen_on(s);
	}
	if (rc == 0)
		rc = loop_add(loop, s->fd, LOOP_IN, &s->tag);
	if (rc == 0)
		return s;
	snprintf(why, CONSOLE_WHY, "operator socket %.120s: %s", path, rc == -EADDRINUSE ?
	    "another node uses it" : strerror(-rc));
	if (s->fd >= 0)
		close(s->fd);
	free(s);
	return NULL;
}

void
console_close(struct console *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < CONSOLE_MAX; i++)
		drop(s, &s->c[i]);
	loop_del(s->loop, s->fd);
	close(s->fd);
	(void)unlink(s->path);
	free(s);
}
