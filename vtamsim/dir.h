/* SPDX-License-Identifier: Apache-2.0
 *
 * dir.h - directory: where is the LU of that name?
 *
 * Own LUs first, then what the directory remembers (CDRSC) by a directed
 * search, then all adjacent network nodes. A network node passes on what it
 * can't answer: a broadcast to all its other neighbours, a directed one towards
 * its destination; it is the server of its end nodes and tells for them where
 * they are. A search waits DIR_WAIT_S at most. When many log on at once,
 * searches wait here for room on the CP-CP sessions.
 *
 * Thread:  SNA.
 * Source:  companion sna-sessions 6.5.
 */
#ifndef VTAMSIM_DIR_H
#define VTAMSIM_DIR_H

#include "base/map.h"
#include "vtamsim/ssn.h"

#define DIR_WAIT_S 30
#define DIR_HOPS 24                     /* nodes a broadcast passes at most */
#define DIR_LOW 8                       /* so few queued on a CP-CP session: searches go on */
#define DIR_ADJS 256                    /* adjacent CPs a search can wait for */

struct node;
struct cpadj;

struct dsearch {
	struct mapent by_pcid;
	struct fqpcid pcid;
	TAILQ_ENTRY(dsearch) on_wait;
	struct ssn *ssn;                /* whom it is for; NULL: another node's, passed on */
	struct cpadj *from;             /* passed on: who waits for the answer */
	struct sna_name origin;         /* and where the answer goes in the end */
	struct buf *msg;                /* what is sent to each */
	uint32_t out;                   /* replies not in yet */
	uint64_t asked[DIR_ADJS / 64];  /* of these adjacent CPs, by index */
	uint32_t sense;                 /* worst negative so far */
	uint8_t directed;               /* to the CP that had it last time */
	uint8_t waits;                  /* not sent yet */
	struct ndue due;
};
TAILQ_HEAD(dsearchhead, dsearch);

struct dir {
	struct map searches;
	struct pool pool;
	struct dsearchhead wait;
	uint64_t found, failed, passed;
};

int  dir_init(struct dir *, uint32_t max);
void dir_fini(struct dir *);
/* Starts the search for ssn->partner; ssn_found() or ssn_not_found() follows. 0, or a
 * sense at once. */
uint32_t dir_search(struct node *, struct mono, struct ssn *);
void dir_forget(struct node *, struct ssn *);
/* Before the BIND: our SLU does not want it any more; our PLU will not bind it. */
void dir_cancel(struct node *, const struct ssn *);
void dir_refuse(struct node *, const struct ssn *, uint32_t sense);
/* Searches that wait for room on the CP-CP sessions. */
void dir_pump(struct node *, struct mono);
void dir_message(struct node *, struct mono, struct cpadj *, struct rd *);
void dir_cp_lost(struct node *, struct mono, struct cpadj *);
void dir_due(struct node *, struct mono, struct ndue *);

#endif
