/* SPDX-License-Identifier: Apache-2.0
 *
 * tko.h - takeover: is the client that has this LU still there?
 *
 * A client that wants an LU (TKOSPECLU), or was here before (TKOGENLU), asks
 * all workers. Who has the LU, or is the same client, is asked with
 * TIMING-MARK; who says nothing for the seconds coded, or is gone already, is
 * dropped, and its LU is the asker's. CHECKCLIENTCONN asks, and wants no LU.
 *
 *	asker            SNA thread        worker of the old one
 *	TKO_ASK  ---------> to all ------> probe, .. or nobody here
 *	         <--------- to him <------ TKO_NONE, TKO_ALIVE, TKO_DEAD: each one once
 *
 * Takes:   questions and answers through two rings a worker.
 * Memory:  a pool of probes; probes are asked at most TKO_SAME at a time.
 * Errors:  a question or answer that finds no room is lost: the asker's timer
 *          lets it go on as if all were alive.
 * Thread:  the worker's; tko_route() the SNA thread's.
 * Source:  companion zos-telnet-server 3.2, 7.6, 7.7.
 */
#ifndef TN3270E_TKO_H
#define TN3270E_TKO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/map.h"
#include "base/mono.h"
#include "base/ring.h"

#define TKO_SAME 16             /* connections of one client that are probed at a time (ours) */
#define TKO_LOOKED 64           /* that many are looked at for it (ours) */
#define TKO_PROBES 8192
#define TKO_RING 2048
#define TKO_GRACE_S 3           /* behind the seconds coded: answers that never come */

/* TKOSPECLU, TKOGENLU: options (TP_TKOSPECOPT, TP_TKOGENOPT). */
#define TKO_RECON 1u
#define TKO_KEEPONTMRESET 2u
#define TKO_SAMEIPADDR 4u
#define TKO_SAMECONNTYPE 8u

enum tko_op { TKO_ASK = 1, TKO_NONE, TKO_ALIVE, TKO_DEAD };

struct tko_msg {
	uint8_t op;                     /* enum tko_op */
	uint8_t opts, tls, class;       /* of the asker; class: enum tndev_class */
	uint16_t worker;                /* the asker: who gets the answer */
	uint32_t user, id;              /* user 0: no answer is wanted */
	int32_t seconds;
	uint64_t owner;                 /* the same client; of an ASK for an LU 0 */
	uint64_t who;                   /* the asker's identity */
	struct ipaddr addr;
	char lu[9];                     /* the LU; of DEAD: whose client has gone */
	uint8_t device, e;              /* of the asker */
	struct tnlu *image;             /* of DEAD: the session goes with it; the receiver's */
};

struct conn;
struct tnlu;
struct worker;
struct tko_probe;

/* Connections of one client on a worker. */
struct tko_same;

/* The client's identity: the highest of user id, host name, address (section 5). Never 0. */
uint64_t tko_owner(const struct conn *);
/* It has an LU: it can be found by it. And that it has it no more. */
void     tko_list(struct conn *);
void     tko_unlist(struct conn *);
struct conn *tko_by_lu(const struct worker *, const char *lu);

/* Before the LU is chosen or after it was refused as in use. True: wait, tko_answer comes. */
bool     tko_ask(struct conn *, const char *lu, struct mono now);
/* CHECKCLIENTCONN. */
void     tko_check(struct conn *);
/* The connection said something; was silent too long (drops it); is gone, LU and all. */
void     tko_alive(struct conn *);
void     tko_silent(struct conn *, struct mono now);
void     tko_gone(struct conn *);
/* It ends for this reason: is its session to be handed over? Then: it is detached. */
bool     tko_hands_over(const struct conn *, const char *reason);
void     tko_left(struct conn *);

/* conn_run.c: all have answered, or one is dead: lu. */
void     conn_tko(struct conn *, const struct tko_msg *, struct mono now);

bool     tko_init(struct worker *);
void     tko_fini(struct worker *);
void     tko_turn(struct worker *, struct mono now);
/* The SNA thread: from all workers to all. */
void     tko_route(struct worker *const *, unsigned n);

#endif
