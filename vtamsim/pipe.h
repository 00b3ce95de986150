/* SPDX-License-Identifier: Apache-2.0
 *
 * pipe.h - RTP connections by partner and class of service.
 *
 * A session to another node needs a pipe of its class of service; one that
 * stands is used again. A pipe without sessions is closed after PIPE_IDLE_S.
 * Each is a resource CNRnnnnn.
 *
 * Thread:  SNA.
 * Source:  companion ee-hpr-rtp 5.1, 6.3, 6.4.
 */
#ifndef VTAMSIM_PIPE_H
#define VTAMSIM_PIPE_H

#include "snaee/gds.h"
#include "vtamsim/psmsg.h"
#include "vtamsim/ssn.h"

#define PIPE_IDLE_S 10          /* our choice */

struct node;
struct pu;

enum pipe_routing { PR_NO, PR_FIRST, PR_AGAIN };        /* Route Setup: new, path switch */

struct pipe {
	TAILQ_ENTRY(pipe) all;
	struct node *node;
	struct res *res;                /* CNRnnnnn */
	struct ee *ee;
	struct rtp *rtp;                /* NULL: gone */
	struct sna_name cp;             /* the partner */
	char cos[9];
	uint8_t tpf, nce, called, up, closing;
	uint8_t routing;                /* enum pipe_routing */
	struct sna_name vrn, via;       /* waits for the link over that network to that node */
	uint8_t searching;              /* on the switching list: no data flows */
	uint8_t seeking;                /* enum rtp_why: another way, while data goes on */
	uint8_t looked, last_try;       /* pswitch.c: how often; it looks though it doesn't lead */
	uint8_t quiet;                  /* HPRPSMSG: its switch is not told */
	struct mono switch_at;          /* .. since when */
	struct ndue retry;              /* PSRETRY */
	TAILQ_ENTRY(pipe) on_switch;
	uint8_t stalled;                /* .. was told */
	struct fqpcid setup;            /* of the Route Setup under way */
	struct rscv route;              /* n 0 or 1: to a neighbour */
	uint32_t n_sess;
	struct ssnhead sess;
	struct ssnhead blocked;         /* sessions that wait for room in its queue */
	uint32_t n_blocked;
	struct ndue due;
	int64_t began_us;
};
TAILQ_HEAD(pipehead, pipe);

struct pipes {
	struct pipehead all;
	uint32_t n, next_name;
	uint32_t n_blocked;             /* sessions on all blocked lists */
	struct pipehead switching;
	struct psmsg psmsg;
};

/* Joins s to one that stands or is coming up, or a new one: ssn_pipe_up() follows (at
 * once when it stands). NULL: *sense. */
struct pipe_want {
	const struct sna_name *cp;
	const char *cos;
	enum nce nce;
	enum tpf tpf;
};
struct pipe *pipe_get(struct node *, struct mono, const struct pipe_want *, struct ssn *,
    uint32_t *sense);
/* The same without a session: for messages of the node itself. */
struct pipe *pipe_open(struct node *, struct mono, const struct pipe_want *, uint32_t *sense);
/* Route Setup has an answer. */
struct pipe *pipe_of_setup(struct node *, const struct fqpcid *);
void pipe_routed(struct node *, struct mono, struct pipe *, struct pu *, const struct ee_far *);
/* The link of a connection network it waited for is up (0), or can't be had. */
void pipe_linked(struct node *, struct mono, const struct sna_name *vrn,
    const struct sna_name *cp, uint32_t sense);
void pipe_unrouted(struct node *, struct mono, struct pipe *, uint32_t sense);
void pipe_join(struct pipe *, struct ssn *);
/* Without sessions it is closed in a while. */
void pipe_idle(struct node *, struct mono, struct pipe *);
void pipe_leave(struct node *, struct mono, struct ssn *);
/* True: the pipe's queue is full; the session goes on the work list when it is not. */
bool pipe_full(struct node *, struct ssn *);
/* Once a turn: blocked sessions of pipes with room go on the work list. True: more. */
bool pipe_unblock(struct node *);
uint32_t pipe_send(struct node *, struct mono, struct pipe *, struct buf *piu);
void pipe_up(struct node *, struct mono, const struct ee_ind *, struct ee *);
void pipe_down(struct node *, struct mono, const struct ee_ind *);
void pipe_path(struct node *, struct mono, const struct ee_ind *);
void pipe_stall(struct node *, struct mono, const struct ee_ind *);
/* Z NET: pipes without sessions are closed at once. */
void pipe_stop(struct node *, struct mono);
void pipe_due(struct node *, struct mono, struct ndue *);

/* Class of service of a mode, and what it means. */
const char *cos_of_mode(const char *mode, const char *appncos);
enum tpf cos_tpf_of(const char *cos);

/* pipe_say.c: IST1488I. */
enum pipe_news { PIPE_BEGINS = 1, PIPE_ENDS };
void pipe_say(struct node *, const struct pipe *, enum pipe_news);

#endif
