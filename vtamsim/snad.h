/* SPDX-License-Identifier: Apache-2.0
 *
 * snad.h - the SNA thread's shell: sockets, signals, console, HTTP round a node.
 *
 * A main drives it. With a Telnet worker in the same loop:
 *
 *	while (!snad_ended(s)) {
 *		n = snad_wait(s, tn_deadline, ev, N);   // LOOP_TN events only
 *		now = mono_read();
 *		tn_turn(.., now, ev, n);
 *		snad_turn(s, now);
 *		while (snad_command(s, &cmd))
 *			...; snad_reply(s, cmd.ticket, &con);
 *	}
 *
 * Takes:   options; what sockets, signals and operators say.
 * Gives:   the node's turns; Telnet commands and requests for the main.
 * Memory:  clients and their queues are bounded (SNAD_*): a client that does
 *          not read is dropped.
 * Errors:  snad_new() has a sentence in why.
 * Thread:  SNA; never blocks (but for a packet trace's file).
 * Source:  companion vtam-operator for the commands; the console's line
 *          protocol is ours: docs/operator.md.
 */
#ifndef VTAMSIM_SNAD_H
#define VTAMSIM_SNAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/loop.h"
#include "base/mono.h"

#define SNAD_WHY 256
#define SNAD_CONSOLES 32        /* operators at a time */
#define SNAD_HTTP 16            /* HTTP requests at a time */
#define SNAD_HTTP_S 5           /* seconds for one */
#define SNAD_OUT_MAX (8u << 20) /* bytes waiting for one client */
#define SNAD_ASKS 64            /* questions to the main under way */
#define SNAD_HALT_S 4           /* Z NET,QUICK ends after this at the latest */
#define SNAD_BYE_MS 300         /* for farewells to partners, once all users are gone */

struct snad;
struct node;
struct opts;

/* Why the main is asked. */
enum snad_ask {
	SNAD_TELNET = 1,        /* D/V TCPIP command: text; snad_reply() or snad_refuse() */
	SNAD_METRICS,           /* GET /metrics: snad_reply() with lines to add */
	SNAD_STATUS,            /* GET / and SIGUSR1: snad_reply() with text to add */
	SNAD_REREAD,            /* SIGHUP: no reply wanted (ticket 0) */
	SNAD_HALT               /* Z NET or SIGTERM began: no reply wanted (ticket 0) */
};

struct snad_cmd {
	enum snad_ask what;
	uint32_t ticket;
	char text[1024];        /* TELNET: the command as typed */
};

/* Opens everything, runs the start (lists, ATCCON members). NULL: why says it.
 * The caller owns opts for snad's life. */
struct snad *snad_new(const struct opts *, char why[SNAD_WHY]);
void     snad_free(struct snad *);
/* Runs --commands. Once, when the main is ready. */
void     snad_begin(struct snad *, struct mono now);

struct loop *snad_loop(struct snad *);
struct node *snad_node(struct snad *);

/* Sleeps until something happens or the deadline; does the reading of its own
 * sockets. Events of room LOOP_TN are given in ev: number, 0.. or -errno. */
int      snad_wait(struct snad *, struct mono deadline, struct loop_ev *ev, int max);
/* Node, links, consoles, timers. */
void     snad_turn(struct snad *, struct mono now);
bool     snad_ended(const struct snad *);       /* halted: the main may leave */
/* A halt is under way: the main ends its sessions. */
bool     snad_halting(const struct snad *);
/* The main has nothing left (clients are gone): lets a halt end. */
void     snad_main_idle(struct snad *);

/* Questions to the main, to be pulled until false. */
bool     snad_command(struct snad *, struct snad_cmd *);
void     snad_reply(struct snad *, uint32_t ticket, const struct con *);
void     snad_refuse(struct snad *, uint32_t ticket, const struct con *);
/* Unsolicited lines of the main (EZZ6034I ..) to all consoles and the log. */
void     snad_tell(struct snad *, const struct con *);

#endif
