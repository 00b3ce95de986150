/* SPDX-License-Identifier: Apache-2.0
 *
 * lupool.h - which LU does a client get: pools of LU names, O(1) choice.
 *
 * A pool is a set of names (ranges unrolled by the profile). A name may be in
 * several pools but is given out once. Choice is sequential: the next name
 * behind the one given last (SEQUENTIALLU), so a freed name rests longest; or
 * the first free one (NOSEQUENTIALLU). A name can be kept for its last owner
 * for a time (KEEPLU): he gets it before any other, nobody else does.
 *
 * Memory:  grows when pools are defined (start, OBEYFILE), never after; what
 *          was a pool's is used again when the pool has gone.
 * Errors:  enum acb_err.
 * Thread:  SNA.
 * Source:  companion zos-telnet-server sections 4, 6, 7.
 */
#ifndef VTAMSIM_LUPOOL_H
#define VTAMSIM_LUPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/due.h"
#include "base/map.h"
#include "base/pool.h"
#include "vtamsim/acb.h"

#define LUPOOL_MAX 65535        /* pools */
#define LUPOOL_LUS_MAX 1048576  /* names in all pools */
#define LUPOOL_KEPT 65536u      /* names kept at a time; above, a name is free at once */
#define LUPOOL_LEVELS 3

enum lupool_kind { LUPOOL_TERMINAL = 1, LUPOOL_PRINTER };
enum lu_state { LU_FREE = 1, LU_INUSE, LU_INACT, LU_KEPT };

struct lu {
	struct mapent ent;
	char name[9];
	uint8_t state;                  /* enum lu_state */
	uint8_t held;                   /* in use, INACT when it is released */
	uint8_t printer;
	uint8_t by_node;                /* INACT because its ACB did not open */
	uint32_t kept;                  /* place in the pool of kept + 1 */
};

struct lukept {                         /* KEEPLU: whose it is, until when */
	struct mapent ent;              /* by owner; the first of several */
	struct due due;
	uint64_t owner;
	uint32_t lu;
	struct lukept *next, *prev;     /* of the same owner */
};

struct lupool {
	char name[9];                   /* DEFAULTLUS or the group's */
	uint8_t kind;                   /* enum lupool_kind */
	uint8_t defined;
	uint32_t refs;                  /* profiles that have it */
	uint32_t n, cap, used, next;    /* next: where the choice goes on */
	uint32_t *lu;                   /* indexes into lus */
	uint64_t *bits[LUPOOL_LEVELS];  /* free: bit per entry, per word below, .. */
};

struct lupools {
	struct lupool *v;               /* index is the id; 0 is none */
	uint32_t n;                     /* ids given out so far */
	uint16_t *free_ids;
	uint32_t n_free_ids, free_member;
	struct map names;
	struct pool lus;
	struct lumember *member;        /* per LU: chain of (pool, position) */
	uint32_t n_member, cap_member;
	uint32_t *member_of;            /* per LU: first in its chain, 0 none */
	struct pool kept;
	struct map owners;              /* struct lukept */
	struct dueheap due;
	uint64_t keep_failed;           /* there was no room to keep one */
};

/* Who asks: pools (0 ends), his identity (0: none), and how he chooses. */
struct lupool_want {
	const uint16_t *pools;
	uint64_t owner;
	uint8_t first_free;             /* NOSEQUENTIALLU */
	uint16_t within;                /* it must be in this pool as well; 0: no more is asked */
};

int  lupools_init(struct lupools *);                    /* 0, -ENOMEM */
void lupools_fini(struct lupools *);
/* A pool begins; its id, 0 when there are too many. Names are added one by one. */
uint16_t lupool_define(struct lupools *, const char *name, enum lupool_kind);
/* One more user of the pool; and one less: with the last it goes, names that no other
 * pool has with it, as soon as they are free. */
void lupool_hold(struct lupools *, uint16_t id);
void lupool_drop(struct lupools *, uint16_t id);
int  lupool_add(struct lupools *, uint16_t id, const char *lu);        /* 0, -ENOMEM, -EEXIST */
/* One kept for him, else any free LU of the pools. */
enum acb_err lupool_any(struct lupools *, const struct lupool_want *, char lu[9]);
/* This one; it must be in one of the pools. */
enum acb_err lupool_this(struct lupools *, const struct lupool_want *, const char *lu);
void lupool_release(struct lupools *, const char *lu);  /* unknown names: no harm */
/* Released, but for nobody else until then. */
void lupool_keep(struct lupools *, const char *lu, uint64_t owner, struct mono until);
void lupool_expire(struct lupools *, struct mono now);
struct mono lupool_deadline(const struct lupools *);
/* V TCPIP,,TELNET,INACT / ACT. One in use is inactive when its user has gone; one that no
 * pool has yet is so when a pool takes it. False: it is so already. */
bool lupool_inact(struct lupools *, const char *lu);
bool lupool_act(struct lupools *, const char *lu);
/* The node has it inactive: not chosen any more (zos-telnet-server 6.2). V NET,ACT of it
 * takes that back; what the Telnet operator did stays. */
void lupool_node_inact(struct lupools *, const char *lu);
void lupool_node_act(struct lupools *, const char *lu);
const struct lu *lupool_find(const struct lupools *, const char *lu);
void lupool_show(const struct lupools *, struct con *);

#endif
