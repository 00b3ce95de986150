/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/con.h"
#include "vtamsim/defs.h"
#include "vtamsim/msg.h"
#include "vtamsim/opts.h"

enum { O_VTAMLST = 1, O_LIST, O_PROFILE, O_COMMANDS, O_CONSOLE, O_METRICS, O_WORKERS, O_TRACE,
	O_ATTLS, O_KEYRINGS,
	O_CHECK, O_FOREGROUND, O_VERSION, O_HELP, O_MESSAGES };

static const struct option long_opts[] = {
	{ "vtamlst", required_argument, NULL, O_VTAMLST },
	{ "list", required_argument, NULL, O_LIST },
	{ "profile", required_argument, NULL, O_PROFILE },
	{ "attls", required_argument, NULL, O_ATTLS },
	{ "keyrings", required_argument, NULL, O_KEYRINGS },
	{ "commands", required_argument, NULL, O_COMMANDS },
	{ "console", required_argument, NULL, O_CONSOLE },
	{ "metrics", required_argument, NULL, O_METRICS },
	{ "workers", required_argument, NULL, O_WORKERS },
	{ "trace", required_argument, NULL, O_TRACE },
	{ "check", no_argument, NULL, O_CHECK },
	{ "foreground", no_argument, NULL, O_FOREGROUND },
	{ "version", no_argument, NULL, O_VERSION },
	{ "help", no_argument, NULL, O_HELP },
	{ "messages", no_argument, NULL, O_MESSAGES },
	{ NULL, 0, NULL, 0 }
};

static void
help(const struct opts *o)
{
	printf("Usage: %s [options]\n"
	    "  --vtamlst DIR        definition library, one file a member (default "
	    "/etc/snagate/vtamlst)\n"
	    "  --list xx            start options ATCSTRxx (default 00)\n", o->program);
	if (o->kind == OPTS_GATEWAY)
		printf("  --profile FILE       Telnet profile; - : no Telnet server\n"
		    "                       (default /etc/snagate/telnet.profile)\n"
		    "  --attls FILE         AT-TLS policy of the TTLSPORTs; none unless given\n"
		    "  --keyrings DIR       folder of its key rings\n"
		    "  --workers N          Telnet worker threads; 0: one thread does all\n"
		    "                       (default: cores, at most 8)\n");
	printf("  --commands FILE      operator commands run after start, one a line\n"
	    "  --console PATH       operator socket, owner only (default /run/%s/console.sock)\n"
	    "  --metrics ADDR:PORT  OpenMetrics and status page; off unless given\n"
	    "  --trace FILE         start with the packet trace on (pcapng)\n"
	    "  --check              read everything, report every error, start nothing\n"
	    "  --foreground         stay in the foreground\n"
	    "  --messages           print the message manual as Markdown\n"
	    "  --version, --help\n"
	    "Operator commands: vtamcon. SIGTERM is Z NET,QUICK; SIGHUP rereads; SIGUSR1 logs "
	    "the state.\n", o->program);
}

static void
bad(const struct opts *o, const char *option, const char *value, const char *why)
{
	fprintf(stderr, "%s: %s %s: %s\n", o->program, option, value, why);
}

/* ADDR:PORT; [ADDR]:PORT for IPv6. */
static const char *
set_metrics(struct opts *o, const char *v)
{
	const char *colon = strrchr(v, ':');
	char addr[IPADDR_TEXT], *end;
	size_t n;
	long port;

	if (colon == NULL || colon == v)
		return "is not ADDRESS:PORT";
	n = (size_t)(colon - v);
	if (v[0] == '[' && v[n - 1] == ']') {
		v++;
		n -= 2;
	}
	if (n >= sizeof(addr))
		return "the address is too long";
	memcpy(addr, v, n);
	addr[n] = '\0';
	errno = 0;
	port = strtol(colon + 1, &end, 10);
	if (*end != '\0' || end == colon + 1 || port < 1 || port > 65535 || errno != 0)
		return "the port is not a number from 1 to 65535";
	if (!ipaddr_parse(&o->metrics, addr))
		return "the address is no IP address";
	o->metrics_port = (uint16_t)port;
	return NULL;
}

static const char *
set_workers(struct opts *o, const char *v)
{
	char *end;
	long n;

	if (o->kind != OPTS_GATEWAY)
		return "this program has no Telnet server";
	errno = 0;
	n = strtol(v, &end, 10);
	if (*end != '\0' || end == v || n < 0 || n > OPTS_WORKERS_MAX || errno != 0)
		return "is not a number from 0 to 64";
	o->workers = (int)n;
	return NULL;
}

static const char *
set_list(struct opts *o, const char *v)
{
	if (strlen(v) != 2 || strspn(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789@#$") != 2)
		return "is not two letters or digits";
	o->list = v;
	return NULL;
}

static const char *
set_profile(struct opts *o, const char *v)
{
	if (o->kind != OPTS_GATEWAY)
		return "this program has no Telnet server";
	o->profile = strcmp(v, "-") == 0 ? NULL : v;
	return NULL;
}

static const char *
set_attls(struct opts *o, const char **to, const char *v)
{
	if (o->kind != OPTS_GATEWAY)
		return "this program has no Telnet server";
	*to = v;
	return NULL;
}

static const char *
set_console(struct opts *o, const char *v)
{
	if (strlen(v) > 100)
		return "a socket's name has at most 100 characters";
	o->console = v;
	return NULL;
}

static const char *
set_one(struct opts *o, int code, const char *v)
{
	switch (code) {
	case O_VTAMLST:
		o->vtamlst = v;
		return NULL;
	case O_LIST:
		return set_list(o, v);
	case O_PROFILE:
		return set_profile(o, v);
	case O_ATTLS:
		return set_attls(o, &o->attls, v);
	case O_KEYRINGS:
		return set_attls(o, &o->keyrings, v);
	case O_COMMANDS:
		o->commands = v;
		return NULL;
	case O_CONSOLE:
		return set_console(o, v);
	case O_METRICS:
		return set_metrics(o, v);
	case O_WORKERS:
		return set_workers(o, v);
	case O_TRACE:
		o->trace = v;
		return NULL;
	case O_CHECK:
		o->check = 1;
		return NULL;
	case O_FOREGROUND:
		o->foreground = 1;
		return NULL;
	}
	return NULL;
}

static void
defaults(struct opts *o, enum opts_kind kind)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	*o = (struct opts){ .kind = kind, .vtamlst = "/etc/snagate/vtamlst", .list = "00" };
	o->program = kind == OPTS_GATEWAY ? "snagate" : "vtamsim";
	if (kind == OPTS_GATEWAY) {
		o->profile = "/etc/snagate/telnet.profile";
		o->workers = cores < 1 ? 1 : cores > 8 ? 8 : (int)cores;
	}
	snprintf(o->console_buf, sizeof(o->console_buf), "/run/%s/console.sock", o->program);
	o->console = o->console_buf;
}

enum opts_next
opts_parse(struct opts *o, enum opts_kind kind, int argc, char **argv)
{
	int code;

	defaults(o, kind);
	while ((code = getopt_long(argc, argv, "h", long_opts, NULL)) != -1) {
		const char *why;

		if (code == '?') {      /* getopt has said why */
			fprintf(stderr, "%s: see --help\n", o->program);
			return OPTS_END_BAD;
		}
		if (code == O_HELP || code == 'h') {
			help(o);
			return OPTS_END_OK;
		}
		if (code == O_VERSION) {
			printf("%s (Snagate) %s\n", o->program, SNAGATE_VERSION);
			return OPTS_END_OK;
		}
		if (code == O_MESSAGES)
			return OPTS_MESSAGES;
		why = set_one(o, code, optarg);
		if (why != NULL) {
			const struct option *l = long_opts;

			while (l->val != code)
				l++;
			fprintf(stderr, "%s: --%s %s: %s\n", o->program, l->name, optarg, why);
			return OPTS_END_BAD;
		}
	}
	if (optind < argc) {
		bad(o, "argument", argv[optind], "there are only options; see --help");
		return OPTS_END_BAD;
	}
	return OPTS_RUN;
}

int
opts_detach(const struct opts *o)
{
	int fd[2], status;
	char ok;
	pid_t pid;

	if (o->foreground)
		return -1;
	if (pipe(fd) != 0 || (pid = fork()) < 0) {
		fprintf(stderr, "%s: can't go to the background: %s\n", o->program,
		    strerror(errno));
		exit(1);
	}
	if (pid == 0) {
		close(fd[0]);
		(void)setsid();
		return fd[1];
	}
	close(fd[1]);
	if (read(fd[0], &ok, 1) == 1)
		_exit(0);
	/* The child ended before it was ready: it has said why on stderr. */
	if (waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) != 0)
		_exit(WEXITSTATUS(status));
	_exit(1);
}

void
opts_started(int handle)
{
	if (handle < 0)
		return;
	if (write(handle, "", 1) != 1)
		fprintf(stderr, "the starting process is gone\n");
	close(handle);
}

int
opts_check_library(const struct opts *o)
{
	struct defs *d = defs_new(o->vtamlst, o->list);
	struct deferrs errs;
	char line[1024];
	unsigned fails;

	if (d == NULL) {
		fprintf(stderr, "%s: no memory\n", o->program);
		return 1;
	}
	deferrs_init(&errs);
	(void)defs_check(d, &errs);
	for (const struct deferr *e = errs.first; e != NULL; e = e->next)
		printf("%s%s\n", e->sev == DE_INFO ? "note: " : e->sev == DE_WARN ?
		    "warning: " : "", deferr_line(e, line, sizeof(line)));
	if (errs.dropped != 0)
		printf("%u more not shown\n", errs.dropped);
	fails = errs.fails;
	printf("%s: %u error%s in %s, list %s\n", o->program, fails, fails == 1 ? "" : "s",
	    o->vtamlst, o->list);
	deferrs_fini(&errs);
	defs_free(d);
	return fails == 0 ? 0 : 1;
}
