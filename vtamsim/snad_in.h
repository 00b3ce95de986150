/* SPDX-License-Identifier: Apache-2.0
 *
 * snad_in.h - the inside of a snad, for snad*.c.
 *
 * Files:   snad.c       birth, the loop's turn, signals, death
 *          snad_ask.c   commands, their answers, questions to the main
 *          snad_page.c  metrics and status
 *          snad_trail.c a pipe's last packets as a file
 */
#ifndef VTAMSIM_SNAD_IN_H
#define VTAMSIM_SNAD_IN_H

#include "base/lookup.h"
#include "snaee/eeio.h"
#include "snaee/trace.h"
#include "vtamsim/app.h"
#include "vtamsim/console.h"
#include "vtamsim/defs.h"
#include "vtamsim/http.h"
#include "vtamsim/nettrace.h"
#include "vtamsim/node.h"
#include "vtamsim/oper.h"
#include "vtamsim/opts.h"
#include "vtamsim/snad.h"

/* Kinds of loop_tags of room LOOP_SNA. */
enum snad_kind { SK_EE = 1, SK_SIGNAL, SK_CONSOLE, SK_CONSOLE_CLIENT, SK_HTTP, SK_HTTP_CLIENT };

/* Who waits for an answer. */
enum snad_from { SF_FREE, SF_CONSOLE, SF_HTTP, SF_LOG };

struct snad_wait_for {
	uint8_t from;           /* enum snad_from */
	uint8_t what;           /* enum snad_ask */
	uint8_t given;          /* snad_command() has handed it out */
	uint16_t gen;
	uint32_t client;        /* of console or http */
	struct con con;         /* what we say; the main's part goes behind */
	char text[OPER_LINE_MAX];
};

/* The sockets under one local address of an ee. */
struct snad_io {
	struct ee *ee;          /* NULL: unused */
	uint8_t at;             /* the address */
	uint8_t first;          /* of those of ee that are open: sends for all */
	uint8_t open;           /* 0: could not be opened */
	struct eeio io;
};

#define SNAD_IOS (NODE_EES * EE_LOCALS)

struct snad {
	const struct opts *opts;
	struct loop loop;
	struct loop_tag sig_tag;
	int sigfd;
	struct defs *defs;
	struct node *node;
	struct snad_io io[SNAD_IOS];
	struct trace trace;
	struct nettrace traces;
	struct lookup *lookup;          /* NULL: no name was asked for yet */
	struct console *console;
	struct http *http;
	struct appset apps;
	struct oper oper;
	struct mono now;
	uint8_t more;           /* the node has more to do at once */
	struct snad_wait_for ask[SNAD_ASKS];
	uint8_t notice[SNAD_HALT + 1];  /* asks without an answer that are due */
	uint64_t commands;
	/* halt */
	uint8_t halting;        /* enum oper_halt; 0: no */
	uint8_t main_idle, ended;
	struct mono halt_by;    /* the end, whatever is left */
	struct mono bye_by;     /* the end, when only links and pipes are left */
};

/* snad_ask.c */
void     snad_run_line(struct snad *, const char *line, enum snad_from, uint32_t client);
void     snad_run_commands(struct snad *);      /* what consoles have typed */
void     snad_notice(struct snad *, enum snad_ask);
void     snad_log_lines(const struct con *, int level);
/* Asks the main; from SF_LOG the answer goes to the log. Takes con's text. NULL: it is
 * answered already, too many wait. */
struct snad_wait_for *snad_ask(struct snad *, enum snad_ask, enum snad_from, uint32_t client,
         struct con *);

/* snad_page.c */
void     snad_metrics(struct snad *, struct con *);
void     snad_status(struct snad *, struct con *);
void     snad_pages(struct snad *);             /* requests of HTTP clients */

/* snad.c */
void     snad_halt(struct snad *, enum oper_halt);
int      snad_trace_on(struct snad *, const struct oper_order *, struct con *);
void     snad_trace_off(struct snad *, const struct oper_order *, struct con *);
/* snad_trail.c: a pipe's last packets into a file; 0 or not. */
int      snad_trail(struct snad *, const struct oper_order *, struct con *);

#endif
