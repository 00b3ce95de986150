/* SPDX-License-Identifier: Apache-2.0
 *
 * lupool.h - which LU does a client get: pools of LU names, O(1) choice.
 *
 * A pool is a set of names (ranges unrolled by the profile). A name may be in
 * several pools but is given out once. Choice is sequential: the next name
 * behind the one given last (SEQUENTIALLU), so a freed name rests longest.
 *
 * Memory:  grows when pools are defined (start, OBEYFILE), never after.
 * Errors:  enum acb_err.
 * Thread:  SNA.
 * Source:  companion zos-telnet-server sections 4, 6, 7.
 */
#ifndef VTAMSIM_LUPOOL_H
#define VTAMSIM_LUPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/map.h"
#include "base/pool.h"
#include "vtamsim/acb.h"

#define LUPOOL_MAX 1024         /* pools */
#define LUPOOL_LUS_MAX 131072   /* names in all pools */

enum lupool_kind { LUPOOL_TERMINAL = 1, LUPOOL_PRINTER };
enum lu_state { LU_FREE = 1, LU_INUSE, LU_INACT };

struct lu {
	struct mapent ent;
	char name[9];
	uint8_t state;                  /* enum lu_state */
	uint8_t held;                   /* in use, INACT when it is released */
	uint8_t printer;
	uint16_t first_pool;            /* pool it was defined in first */
};

struct lupool {
	char name[9];                   /* DEFAULTLUS or the group's */
	uint8_t kind;                   /* enum lupool_kind */
	uint8_t defined;
	uint32_t n, cap, used, next;    /* next: where the choice goes on */
	uint32_t *lu;                   /* indexes into lus */
	uint64_t *free;                 /* bit per entry, with a summary level above */
	uint64_t *sum;
};

struct lupools {
	struct lupool v[LUPOOL_MAX];    /* index is the id; 0 is none */
	struct map names;
	struct pool lus;
	struct lumember *member;        /* per LU: chain of (pool, position) */
	uint32_t n_member, cap_member;
	uint32_t *member_of;            /* per LU: first in its chain, 0 none */
};

int  lupools_init(struct lupools *);                    /* 0, -ENOMEM */
void lupools_fini(struct lupools *);
/* A pool begins; its id, 0 when there are too many. Names are added one by one. */
uint16_t lupool_define(struct lupools *, const char *name, enum lupool_kind);
int  lupool_add(struct lupools *, uint16_t id, const char *lu);        /* 0, -ENOMEM, -EEXIST */
/* Any free LU of the pools (0 ends the list). */
enum acb_err lupool_any(struct lupools *, const uint16_t *pools, char lu[9]);
/* This one; it must be in one of the pools. */
enum acb_err lupool_this(struct lupools *, const uint16_t *pools, const char *lu);
void lupool_release(struct lupools *, const char *lu);  /* unknown names: no harm */
/* V TCPIP,,TELNET,INACT / ACT. One in use is inactive when its user has gone; one that no
 * pool has yet is so when a pool takes it. False: it is so already. */
bool lupool_inact(struct lupools *, const char *lu);
bool lupool_act(struct lupools *, const char *lu);
const struct lu *lupool_find(const struct lupools *, const char *lu);
void lupool_show(const struct lupools *, struct con *);

#endif
