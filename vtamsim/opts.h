/* SPDX-License-Identifier: Apache-2.0
 *
 * opts.h - the options that snagate and vtamsim share.
 *
 * Takes:   argc, argv.
 * Gives:   values with defaults filled in; --help and --version are answered.
 * Errors:  one line on stderr that names the option.
 * Thread:  main, before all others.
 */
#ifndef VTAMSIM_OPTS_H
#define VTAMSIM_OPTS_H

#include <stdint.h>

#include "base/ipaddr.h"

#define SNAGATE_VERSION "0.1"
#define OPTS_WORKERS_MAX 64

enum opts_kind { OPTS_HOST = 1, OPTS_GATEWAY };
enum opts_next { OPTS_RUN = 1, OPTS_END_OK, OPTS_END_BAD, OPTS_MESSAGES };

struct opts {
	enum opts_kind kind;
	const char *program;            /* "snagate", "vtamsim" */
	const char *vtamlst;            /* /etc/snagate/vtamlst */
	const char *list;               /* "00" */
	const char *profile;            /* OPTS_GATEWAY; NULL: none */
	const char *attls, *keyrings;   /* OPTS_GATEWAY; or NULL */
	const char *commands;           /* or NULL */
	const char *console;            /* never NULL */
	const char *trace;              /* or NULL */
	struct ipaddr metrics;          /* zeroed: off */
	uint16_t metrics_port;
	int workers;                    /* OPTS_GATEWAY; default: cores, at most 8 */
	uint8_t check, foreground;
	char console_buf[64];
};

enum opts_next opts_parse(struct opts *, enum opts_kind, int argc, char **argv);

/* Without --foreground: the caller's process waits until the child says it has
 * started, and exits with its result. Returns in the child: a handle for
 * opts_started(), -1 when nothing is to be said. */
int  opts_detach(const struct opts *);
void opts_started(int handle);

/* --check of the definition library: errors to stdout; 0 or 1. */
int  opts_check_library(const struct opts *);

#endif
