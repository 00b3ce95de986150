/* SPDX-License-Identifier: Apache-2.0
 *
 * pu.h - XCA ports, lines and switched PUs: who is dialed, who may call.
 *
 * Thread:  SNA.
 * Source:  companions vtamlst 4.3, 4.5; vtam-operator 5.
 */
#ifndef VTAMSIM_PU_H
#define VTAMSIM_PU_H

#include "vtamsim/rtab.h"
#include "snaee/ee.h"

struct node;

struct pu {
	TAILQ_ENTRY(pu) all;
	struct node *node;
	struct res *res;
	struct res *line;               /* RES_LINE in use, or NULL */
	const struct def_pu *def;       /* NULL: dynamic */
	const struct def_path *path;    /* tried now */
	struct ee *ee;
	struct ldlc *link;
	struct sna_name cp;             /* of the partner, once known */
	uint8_t up, dynamic, wanted;    /* wanted: dial again when it fails */
	uint8_t cpcp;
	uint8_t called;                 /* the partner dialed */
	uint32_t told;                  /* sense of the failure the operator was told of */
	uint32_t flipped;               /* paths whose USE= was changed, a bit each */
	uint32_t tgn, redials;
	uint32_t sense;                 /* why the last dial failed, or the link was lost */
	struct ipaddr named;            /* address of the path's HOSTNAME; none: not known now */
	TAILQ_ENTRY(pu) on_ask;
	uint8_t on_asked;
	uint32_t asked;                 /* number of the question for it; 0: none */
	uint32_t probe;                 /* under way; 0: none */
	uint8_t health;                 /* enum pu_health */
	int64_t ok_us, failed_us;       /* wall clock of the last of each; 0: never */
	struct sna_name vrn;            /* dynamic, over that connection network; empty: not so */
	struct ndue idle;               /* limited resource, pu_limit.c: does anybody use it? */
	uint32_t quiet_s;               /* over a connection network: nobody for so long */
	uint64_t passed;                /* ee_link_passed() then */
	struct ndue due;                 /* redial */
	uint8_t released;               /* hung up for that: not dialed again by itself */
};
/* EEVERIFY; the last: the partner does not know probes. */
enum pu_health { PH_UNKNOWN, PH_GOOD, PH_BAD, PH_UNSUPPORTED };
TAILQ_HEAD(puhead, pu);

struct pus {
	struct puhead all;
	uint32_t next_dyn;
	struct puhead ask;              /* whose HOSTNAME is to be looked up */
	uint32_t questions;             /* numbers of them, never 0 */
	/* the caller that was turned away last, and until when that is not told again */
	struct ipaddr denied;
	uint32_t denied_sense;
	struct mono denied_until;
};

/* A host name somebody has to look up: the node does no I/O. False: none. */
struct pu_question {
	const char *host;               /* borrowed until the next call into the node */
	unsigned fam;                   /* 4 or 6: that of the local address; 0 any */
	uint32_t number;
};
bool pu_question(struct node *, struct pu_question *);
/* Its answer; fam 0: the name has no address. */
void pu_address(struct node *, struct mono, uint32_t number, const struct ipaddr *);

enum vary_how { VARY_NORMAL, VARY_IMMED, VARY_FORCE };

/* Major nodes. Errors and messages go to con; 0 or a sense. */
bool pu_activate_member(struct node *, struct mono, const char *member, struct con *);
/* V NET,ACT / INACT of a resource; lines for the operator in con. False: refused. */
bool node_vary_act(struct node *, struct mono, const char *name, struct con *);
bool node_vary_inact(struct node *, struct mono, const char *name, enum vary_how, struct con *);
bool node_dial(struct node *, struct mono, const char *pu, struct con *);
bool node_hangup(struct node *, struct mono, const char *pu, struct con *);

struct pu *pu_new(struct node *, struct res *, const struct def_pu *);
void pu_free(struct node *, struct pu *);
void pus_fini(struct node *);
uint32_t pu_dial(struct node *, struct mono, struct pu *);
void pu_redial(struct node *, struct mono, struct pu *);
void pu_event(struct node *, struct mono, struct ee *, const struct ee_ind *);
void pu_due(struct node *, struct mono, struct ndue *);
/* pu_path.c: may it be dialed? V NET,PATH of those with that PID and GID (0: any); how many. */
enum pu_path_use { PATH_USE = 1, PATH_NOUSE };
bool pu_path_usable(const struct pu *, const struct def_path *);
unsigned pu_path_set(struct pu *, uint32_t pid, uint32_t gid, enum pu_path_use);
void pu_limit_due(struct node *, struct mono, struct ndue *);
/* A link that is up to that CP; NULL: none. */
struct pu *pu_to(const struct node *, const struct sna_name *cp);

#endif
