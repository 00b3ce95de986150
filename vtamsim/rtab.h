/* SPDX-License-Identifier: Apache-2.0
 *
 * rtab.h - the resource table: everything that has a name, and its state.
 *
 * Resources form a tree: major node over minor nodes, group over lines. Names
 * are unqualified keys (one network's names must differ, whatever they are);
 * the qualified name is kept for displays and messages.
 *
 * Memory:  a pool of resources sized at start; definitions are borrowed from
 *          their def_member, which lives as long as the major node.
 * Thread:  SNA.
 * Source:  companion vtam-operator section 3; vtamlst 1.5.
 */
#ifndef VTAMSIM_RTAB_H
#define VTAMSIM_RTAB_H

#include <stdbool.h>
#include <stdint.h>

#include <bsd/sys/queue.h>

#include "base/due.h"
#include "base/ebcdic.h"
#include "base/fsm.h"
#include "base/map.h"
#include "base/pool.h"
#include "vtamsim/defs_res.h"

/* A deadline of the node's heap, and whose it is. */
enum ndue_kind { ND_SSN = 1, ND_PIPE, ND_PU, ND_CP, ND_SEARCH, ND_XCA, ND_PSRETRY, ND_LIMRES,
	ND_PSMSG };
struct ndue {
	struct due due;
	uint8_t kind;           /* enum ndue_kind */
};

struct acb;
struct ee;
struct pu;
struct pipe;
struct xgroup;
struct ssn;

enum res_type {
	RES_MAJOR = 1,          /* major node, def_member */
	RES_APPL, RES_MODEL, RES_DYNAPPL,
	RES_GROUP, RES_LINE,    /* of an XCA major node */
	RES_PU,                 /* switched, or dynamic on a call */
	RES_RTP,                /* CNRnnnnn: one end of a pipe */
	RES_CDRSC,              /* resource of another node, dynamic */
	RES_ADJCP
};

/* States as D NET shows them: IST486I. */
enum res_state { RST_NEVAC = 1, RST_INACT, RST_CONCT, RST_PNDLN, RST_PCTD2, RST_ACTIV,
	RST_PGAIN,              /* line: its local HOSTNAME is looked up */
	RST_N };
enum res_event { REV_ACT = 1, REV_INACT, REV_CONNECT, REV_DIAL, REV_ANSWER, REV_LOST,
	REV_RESOLVE, REV_N };

/* Positions 6-10 of the status field. */
#define RESF_EXPLICIT 0x01u     /* E: activated by command */
#define RESF_IMPLICIT 0x02u     /* I */
#define RESF_LU 0x04u           /* L: independent LUs use it */
#define RESF_HELD 0x08u         /* made from a model, inactive by command: stays so */

TAILQ_HEAD(reshead, res);
TAILQ_HEAD(ssnhead, ssn);

struct res {
	struct mapent ent;
	TAILQ_ENTRY(res) sib;
	struct reshead kids;
	struct res *up;                 /* NULL: a major node, or none above */
	struct sna_name name;           /* NETID.NAME */
	uint8_t type;                   /* enum res_type */
	uint8_t desired;                /* enum res_state */
	uint8_t flags;                  /* RESF_* */
	struct fsm fsm;                 /* enum res_state */
	uint32_t n_sess;
	struct ssnhead sess;            /* sessions it takes part in */
	struct def_member *member;      /* MAJOR; owned */
	const struct def_appl *appl;    /* APPL, MODEL; DYNAPPL: the model's */
	const struct res *model;        /* DYNAPPL */
	const struct def_group *group;  /* GROUP */
	struct xgroup *xg;              /* GROUP of an XCA port */
	const struct def_line *line;    /* LINE */
	struct acb *acb;                /* APPL, DYNAPPL: open */
	struct pu *pu;                  /* PU; LINE: the one connected */
	struct pipe *pipe;              /* RTP */
	struct ee *ee;                  /* MAJOR of an XCA port */
	struct sna_name owner;          /* CDRSC: owning CP */
	TAILQ_ENTRY(res) on_list;       /* MODEL: models; CDRSC: idle ones, oldest first */
	uint8_t idle;                   /* CDRSC: on the idle list */
	struct mono idle_at;
};

struct rtab {
	struct map names;
	struct pool pool;
	struct reshead top;             /* major nodes and others without a parent */
	struct reshead models;
	struct reshead idle;            /* CDRSCs without sessions */
	uint32_t n_models, n_cdrsc;
	char netid[9];
};

int         rtab_init(struct rtab *, const char *netid, uint32_t max);  /* 0, -ENOMEM */
void        rtab_fini(struct rtab *);
/* Qualified or not. NULL: unknown. */
struct res *rtab_find(const struct rtab *, const char *name);
/* NULL: the name is taken, or no room. Under up (NULL: top). */
struct res *rtab_add(struct rtab *, enum res_type, const struct sna_name *, struct res *up);
void        rtab_del(struct rtab *, struct res *);      /* it has no kids and no sessions */
/* The model APPL that covers the name, active or not; the closest one. NULL: none. */
struct res *rtab_model(const struct rtab *, const char *name);
/* True when the state moved (or stays as the table allows). */
bool        res_event(struct res *, enum res_event);
/* "ACTIV----E", "ACT/S": to[11]. */
const char *res_status(const struct res *, char to[11]);
const char *res_state_text(unsigned state);
const char *res_type_text(const struct res *);          /* as in IST075I */
const struct fsm_desc *res_fsm(void);
/* A dynamic APPL without ACB and sessions goes away. */
void        res_unused(struct rtab *, struct res *);
/* The dynamic CDRSC of a partner, made when there is none; its owner is set. NULL: the
 * name is another kind's here, or no room. */
struct res *rtab_cdrsc(struct rtab *, const struct sna_name *, const struct sna_name *owner);
/* It has no sessions any more: kept for CDRSCTI, for the next search. */
void        rtab_cdrsc_idle(struct rtab *, struct res *, struct mono now);
/* Those idle since before t go. When the next one is to be looked at: NEVER or its time. */
struct mono rtab_cdrsc_purge(struct rtab *, struct mono t);
/* Sessions of a resource, also of a CDRSC; start with NULL. */
struct ssn *res_next_ssn(const struct res *, const struct ssn *);
/* Depth first, parents before kids; start with NULL. For operators. */
struct res *rtab_next(const struct rtab *, const struct res *);

#endif
