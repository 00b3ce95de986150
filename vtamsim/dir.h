/* SPDX-License-Identifier: Apache-2.0
 *
 * dir.h - directory: where is the LU of that name?
 *
 * Own LUs first, then what the directory remembers (CDRSC) by a directed
 * search, then all adjacent network nodes. A search waits DIR_WAIT_S at most.
 *
 * Thread:  SNA.
 * Source:  companion sna-sessions 6.5.
 */
#ifndef VTAMSIM_DIR_H
#define VTAMSIM_DIR_H

#include "base/map.h"
#include "vtamsim/ssn.h"

#define DIR_WAIT_S 30
#define DIR_SEARCHES 8192

struct node;
struct cpadj;

struct dsearch {
	struct mapent by_pcid;
	struct fqpcid pcid;
	struct ssn *ssn;                /* whom it is for */
	uint32_t out;                   /* replies not in yet */
	uint32_t sense;                 /* worst negative so far */
	uint8_t directed;
	struct ndue due;
};

struct dir {
	struct map searches;
	struct pool pool;
	uint64_t found, failed;
};

int  dir_init(struct dir *);
void dir_fini(struct dir *);
/* Starts the search for ssn->partner; dir_done comes by ssn_found(). 0 or sense at once. */
uint32_t dir_search(struct node *, struct mono, struct ssn *);
void dir_forget(struct node *, struct ssn *);
void dir_message(struct node *, struct mono, struct cpadj *, struct rd *);
void dir_cp_lost(struct node *, struct mono, struct cpadj *);
void dir_due(struct node *, struct mono, struct ndue *);

#endif
