/* SPDX-License-Identifier: Apache-2.0
 *
 * nettrace.h - which packets F NET,TRACE wants, whose they are, and the file.
 *
 *	F NET,TRACE,TYPE=BUF,ID=PUEEQ2          a link: its PU, line, XCA major node or CP
 *	F NET,TRACE,TYPE=BUF,ID=CNR00004        a pipe
 *	F NET,TRACE,TYPE=BUF,ID=TCP00001        sessions of an LU, both ways
 *	F NET,TRACE,TYPE=BUF                    everything
 *
 * Takes:   packets that struct trace has staged.
 * Gives:   a pcapng file; each packet's comment names PU, pipe and session.
 * Memory:  fixed; NETTRACE_PICKS requests.
 * Errors:  false: no room.
 * Thread:  SNA.
 * Source:  companion vtam-operator section 6 (MODIFY TRACE), 4.12 (TRACES).
 */
#ifndef VTAMSIM_NETTRACE_H
#define VTAMSIM_NETTRACE_H

#include "snaee/trace.h"
#include "vtamsim/node.h"

#define NETTRACE_PICKS 32
#define NETTRACE_LAST 256
#define NETTRACE_KNOWN 4096

/* One request. */
struct nettrace_pick {
	char id[18];                    /* "": everything */
	char type[9];                   /* as typed: BUF, IO .. */
	uint8_t amount;                 /* enum trace_amount */
	uint8_t saved;                  /* also for what is not active now */
	uint64_t packets;
};

/* Of a session: ours and the partner's LU; "" not known. */
struct nettrace_names {
	uint64_t key;
	char lu[2][18];
};

struct nettrace {
	struct trace *t;                /* borrowed */
	unsigned n;
	struct nettrace_pick pick[NETTRACE_PICKS];
	/* Names of sessions by pipe and address, for those that end in the same turn. */
	struct nettrace_names known[NETTRACE_KNOWN];
	/* By pipe and direction: session of the message under way. */
	struct nettrace_names last[NETTRACE_LAST];
};

void nettrace_init(struct nettrace *, struct trace *);
/* The same id and type again replaces it. */
bool nettrace_add(struct nettrace *, const struct nettrace_pick *);
/* Ends it; "": all. How many. */
unsigned nettrace_del(struct nettrace *, const char *id);
/* A request with that name, or NULL. */
const struct nettrace_pick *nettrace_of(const struct nettrace *, const char *id);
/* Once a turn: everything staged is named, and written when it is wanted. */
void nettrace_turn(struct nettrace *, const struct node *);

#endif
