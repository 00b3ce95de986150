/* SPDX-License-Identifier: Apache-2.0
 *
 * tnd.h - the Telnet server as the SNA thread sees it: workers and profiles.
 *
 *	t = tnd_new(n, n == 0 ? snad_loop(s) : NULL);
 *	for i: tnd_attach(t, i, node_port(.., tnd_bufs(t, i), tnd_loop(t, i)), snad_loop(s));
 *	tnd_start(t, profile);
 *	each turn: tnd_turn(); pull tnd_report(), tnd_result()
 *
 * Takes:   profiles, orders of the operator.
 * Gives:   reports (EZZ6034I), results of orders that all workers answered.
 * Memory:  worker pools; orders under way are bounded (TND_PENDING).
 * Errors:  0 or -errno; reports for ports that can't be opened.
 * Thread:  SNA.
 */
#ifndef TN3270E_TND_H
#define TN3270E_TND_H

#include "tn3270e/worker.h"

#define TND_WORKERS 64
#define TND_PENDING 16          /* orders not answered by all yet */
#define TND_PROFILES 16         /* old ones that displays look for */

struct tnd;

/* n worker threads; 0: one worker in the caller's loop. NULL: no memory. */
struct tnd *tnd_new(unsigned n, struct loop *shared);
void     tnd_free(struct tnd *);                /* no node may hold its buffers any more */
void     tnd_stop(struct tnd *);                /* ends the threads, frees nothing */
unsigned tnd_workers(const struct tnd *);       /* 1 or more */
struct loop *tnd_loop(struct tnd *, unsigned i);        /* NULL: the caller's */
struct bufpool *tnd_bufs(struct tnd *, unsigned i);
void     tnd_attach(struct tnd *, unsigned i, struct acb_port *, struct loop *main_loop);
struct acb_port *tnd_port(struct tnd *, unsigned i);

/* Begins: threads run, ports are opened. 0, or -errno when a thread can't be made. */
int      tnd_start(struct tnd *, struct profile *);
/* Another profile; the one before keeps its clients. Owns it. */
void     tnd_obey(struct tnd *, struct profile *);
/* A profile no client has any more, or NULL; the caller's from here. */
struct profile *tnd_dead(struct tnd *);
const struct profile *tnd_current(const struct tnd *);
const struct profile *tnd_profile(const struct tnd *, unsigned i);      /* 0 CURR; NULL behind */
/* Does the current profile have one in the range? */
bool     tnd_has_port(const struct tnd *, uint16_t lo, uint16_t hi);

void     tnd_turn(struct tnd *, struct mono, const struct loop_ev *, int n);
struct mono tnd_deadline(const struct tnd *);
bool     tnd_report(struct tnd *, struct tn_report *);
bool     tnd_acct(struct tnd *, struct acct_rec *);

/* To all workers. With a ticket a result follows. False: too many under way. */
bool     tnd_order(struct tnd *, const struct worker_msg *, const struct worker_query *);

/* DROPASSOCPRINTER: to whichever worker has it, as soon as there is room for the order. */
void     tnd_drop_lu(struct tnd *, const char *lu);

struct tnd_result {
	uint8_t op;             /* enum worker_order */
	uint32_t ticket;
	uint32_t found, clients;
	struct worker_query query;
	struct port_count port[TNP_PORTS];
	struct rows rows[TNP_PORTS];     /* the receiver's; by place in port[] */
	unsigned n_ports;
	struct using *using;            /* the receiver's */
	struct rt_list rt;              /* the receiver's */
	struct worker_mem mem[WORKER_MEMS];
	uint64_t stat[TN_NSTAT];
	uint64_t drops[DROP_REASONS];
};
bool     tnd_result(struct tnd *, struct tnd_result *);
void     tnd_result_fini(struct tnd_result *);

void     tnd_halt(struct tnd *);                /* clients are told and dropped */
bool     tnd_idle(const struct tnd *);          /* after tnd_halt(): none is left */

#endif
