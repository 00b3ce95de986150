/* SPDX-License-Identifier: Apache-2.0
 *
 * vtamcon - the operator's console for snagate and vtamsim.
 *
 * One COMMAND: prints the reply; exit 0, 1 when it was rejected, 2 when there
 * is no node. Without: interactive on a terminal (line editing, history,
 * unsolicited messages above the line being typed), else one command a line.
 */
#include <errno.h>
#include <getopt.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "vtamsim/opts.h"

enum { RC_OK, RC_REJECTED, RC_NO_NODE };

struct con_link {
	int fd;
	size_t n;
	char in[65536];
	bool open_line;         /* a tagged line longer than in[] is under way */
	char tag;
};

/* Where a line came from. */
enum got { GOT_NOTHING, GOT_LINE, GOT_END_OK, GOT_END_BAD, GOT_LOST };

struct editor {
	struct con_link *node;
	bool lost;
};

static int
dial(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(sa.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(sa.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
		int e = errno;

		close(fd);
		errno = e;
		return -1;
	}
	return fd;
}

static bool
say(struct con_link *l, const char *line)
{
	size_t n = strlen(line), at = 0;
	char out[2048];

	if (n > sizeof(out) - 1)
		n = sizeof(out) - 1;
	memcpy(out, line, n);
	out[n++] = '\n';
	while (at < n) {
		ssize_t k = send(l->fd, out + at, n - at, MSG_NOSIGNAL);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		at += (size_t)k;
	}
	return true;
}

/* Reads what is there; false: the node has gone. */
static bool
take(struct con_link *l)
{
	ssize_t k;

	do
		k = recv(l->fd, l->in + l->n, sizeof(l->in) - l->n, 0);
	while (k < 0 && errno == EINTR);
	if (k <= 0)
		return false;
	l->n += (size_t)k;
	return true;
}

/* Prints the next line in the buffer, if it is whole (or fills the buffer). */
static enum got
show(struct con_link *l)
{
	char *nl = memchr(l->in, '\n', l->n);
	size_t n = nl == NULL ? l->n : (size_t)(nl - l->in) + 1, skip = 0;
	enum got got = GOT_LINE;

	if (n == 0 || (nl == NULL && l->n < sizeof(l->in)))
		return GOT_NOTHING;
	if (!l->open_line) {
		l->tag = l->in[0];
		skip = n >= 2 ? 2 : n;
	}
	if (l->tag == '=')
		got = n > 2 && l->in[2] == '0' ? GOT_END_OK : GOT_END_BAD;
	else
		fwrite(l->in + skip, 1, n - skip, stdout);
	l->open_line = nl == NULL;
	memmove(l->in, l->in + n, l->n - n);
	l->n -= n;
	return got;
}

/* Until the reply's end. */
static enum got
reply(struct con_link *l)
{
	for (;;) {
		enum got got = show(l);

		if (got == GOT_END_OK || got == GOT_END_BAD) {
			fflush(stdout);
			return got;
		}
		if (got == GOT_NOTHING && !take(l))
			return GOT_LOST;
	}
}

static int
one_command(struct con_link *l, const char *command)
{
	enum got got;

	if (!say(l, command) || (got = reply(l)) == GOT_LOST) {
		fprintf(stderr, "vtamcon: the node ended before it answered\n");
		return RC_NO_NODE;
	}
	return got == GOT_END_OK ? RC_OK : RC_REJECTED;
}

static bool
blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

/* Commands from a file or pipe, one a line; * begins a comment. */
static int
batch(struct con_link *l)
{
	char *line = NULL;
	size_t cap = 0;
	int rc = RC_OK;

	while (rc != RC_NO_NODE && getline(&line, &cap, stdin) > 0) {
		int one;

		line[strcspn(line, "\r\n")] = '\0';
		if (blank(line) || line[0] == '*' || line[0] == '.')
			continue;
		one = one_command(l, line);
		if (one != RC_OK)
			rc = one;
	}
	free(line);
	return rc;
}

static char *
prompt(EditLine *el)
{
	static char text[] = "vtam> ";

	(void)el;
	return text;
}

/* Unsolicited messages: the typed line is wiped, they are printed, and the
 * line is drawn again below. */
static void
interrupt_line(EditLine *el, struct con_link *l)
{
	fputs("\r\033[J", stdout);
	while (show(l) != GOT_NOTHING)
		;
	fflush(stdout);
	el_set(el, EL_REFRESH);
}

/* The editor's source of characters: waits for the keyboard and the node. */
static int
next_char(EditLine *el, wchar_t *wc)
{
	struct editor *e;
	struct pollfd p[2];
	mbstate_t mb = { 0 };
	size_t k;
	char ch;

	el_get(el, EL_CLIENTDATA, &e);
	for (;;) {
		p[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
		p[1] = (struct pollfd){ .fd = e->node->fd, .events = POLLIN };
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return -1;
		if (p[1].revents != 0) {
			if (!take(e->node)) {
				e->lost = true;
				return 0;
			}
			interrupt_line(el, e->node);
		}
		if (p[0].revents == 0)
			continue;
		if (read(STDIN_FILENO, &ch, 1) != 1)
			return 0;
		k = mbrtowc(wc, &ch, 1, &mb);
		if (k == (size_t)-1)
			mb = (mbstate_t){ 0 };
		else if (k != (size_t)-2)
			return 1;
	}
}

static bool
is_quit(const char *line)
{
	return strcasecmp(line, "quit") == 0 || strcasecmp(line, "exit") == 0;
}

static int
edit(EditLine *el, History *h, struct editor *e)
{
	HistEvent ev;
	const char *got;
	int n, rc = RC_OK;

	while ((got = el_gets(el, &n)) != NULL && n > 0) {
		char *line = strdup(got);

		if (line == NULL)
			break;
		line[strcspn(line, "\r\n")] = '\0';
		if (is_quit(line)) {
			free(line);
			return rc;
		}
		if (!blank(line)) {
			history(h, &ev, H_ENTER, line);
			rc = one_command(e->node, line);
		}
		free(line);
		if (rc == RC_NO_NODE)
			return rc;
	}
	if (e->lost) {
		fprintf(stderr, "\nvtamcon: the node has ended\n");
		return RC_NO_NODE;
	}
	putchar('\n');
	return rc;
}

static int
interactive(struct con_link *l)
{
	struct editor e = { .node = l };
	EditLine *el = el_init("vtamcon", stdin, stdout, stderr);
	History *h = history_init();
	HistEvent ev;
	int rc = RC_NO_NODE;

	if (el == NULL || h == NULL || !say(l, ".events")) {
		fprintf(stderr, "vtamcon: can't begin\n");
		return RC_NO_NODE;
	}
	history(h, &ev, H_SETSIZE, 500);
	el_set(el, EL_CLIENTDATA, &e);
	el_set(el, EL_PROMPT, prompt);
	el_set(el, EL_SIGNAL, 1);
	el_set(el, EL_EDITOR, "emacs");
	el_set(el, EL_HIST, history, h);
	el_set(el, EL_GETCFN, next_char);
	el_source(el, NULL);
	printf("Commands as on a z/OS console, for instance D NET,MAJNODES. Ctrl-D leaves.\n");
	rc = edit(el, h, &e);
	history_end(h);
	el_end(el);
	return rc;
}

static void
usage(FILE *to)
{
	fputs("Usage: vtamcon [-s PATH] [-j] [COMMAND]\n"
	    "  -s, --socket PATH  operator socket (default /run/snagate/console.sock, else\n"
	    "                     /run/vtamsim/console.sock)\n"
	    "  -j, --json         replies as JSON\n"
	    "      --version      program and version\n"
	    "  -h, --help         this\n"
	    "Exit: 0 accepted, 1 rejected, 2 no node\n", to);
}

static int
connect_node(const char *path)
{
	int fd;

	if (path != NULL)
		fd = dial(path);
	else if ((fd = dial(path = "/run/snagate/console.sock")) < 0)
		fd = dial(path = "/run/vtamsim/console.sock");
	if (fd < 0)
		fprintf(stderr, "vtamcon: no node at %s: %s\n", path, strerror(errno));
	return fd;
}

/* The words of the command line as one command. */
static void
join(char *to, size_t n, char **word)
{
	size_t k = 0;

	to[0] = '\0';
	for (; *word != NULL && k < n; word++)
		k += (size_t)snprintf(to + k, n - k, "%s%s", k == 0 ? "" : " ", *word);
}

int
main(int argc, char **argv)
{
	static const struct option long_opts[] = { { "socket", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' }, { "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' }, { NULL, 0, NULL, 0 } };
	static struct con_link node;
	const char *path = NULL;
	bool json = false;
	char command[1500];
	int opt;

	setlocale(LC_ALL, "");
	while ((opt = getopt_long(argc, argv, "+s:jh", long_opts, NULL)) != -1) {
		if (opt == 'V') {
			printf("vtamcon (Snagate) %s\n", SNAGATE_VERSION);
			return RC_OK;
		}
		if (opt == 's') {
			path = optarg;
		} else if (opt == 'j') {
			json = true;
		} else {
			usage(opt == 'h' ? stdout : stderr);
			return opt == 'h' ? RC_OK : RC_NO_NODE;
		}
	}
	node.fd = connect_node(path);
	if (node.fd < 0 || (json && !say(&node, ".json")))
		return RC_NO_NODE;
	if (optind < argc) {
		join(command, sizeof(command), argv + optind);
		if (blank(command) || command[0] == '.') {
			fprintf(stderr, "vtamcon: no command\n");
			return RC_REJECTED;
		}
		return one_command(&node, command);
	}
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return interactive(&node);
	return batch(&node);
}
