/* SPDX-License-Identifier: Apache-2.0
 *
 * vrn.h - connection networks: nodes that are all one dial apart.
 *
 * A connection network is named as if it were a node (virtual routing node,
 * VRN) to which every node on it has a TG. Nobody defines links between them:
 * each says by which address it is dialed, and a route that meets the network
 * twice is cut short, "ORIGIN - VRN - DEST". The origin of a pipe then dials the
 * partner; the link that comes of it has a dynamic PU, no CP-CP sessions, and
 * is hung up when nothing uses it (pu_vrn.c).
 *
 * An end node tells its TGs to a VRN to its server, when CP-CP sessions begin
 * and in every search; network nodes tell theirs to all.
 *
 * Memory:  VRNS networks, VRN_ATTS attachments of others: the oldest gives way.
 * Thread:  SNA.
 * Source:  RFC 2353 sections 2.5.2, 2.9; companions ee-hpr-rtp 6.8, vtamlst 4.3.
 */
#ifndef VTAMSIM_VRN_H
#define VTAMSIM_VRN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mono.h"
#include "snaee/gds.h"

struct con;
struct cpadj;
struct def_member;
struct ee;
struct node;
struct pipe;
struct pu;
struct res;

#define VRNS 8                  /* we are on */
#define VRN_ATTS 512            /* TGs of other nodes to VRNs */
#define VRN_BAD 64              /* partners that could not be reached */
#define VRN_TGN 21              /* of our first TG to a VRN, then 22 ..; our choice */

struct vrn {
	struct sna_name name;
	struct res *res;                /* RES_ADJCP by its name, for displays; NULL: taken */
	struct res *group;              /* RES_GROUP whose lines it uses */
	uint8_t type;                   /* enum def_vntype */
	uint8_t tgn, sap;
	uint32_t unrch_s;               /* UNRCHTIM */
	uint8_t full;                   /* more partners unreachable than its limit */
	struct cv47 tgc;
};

struct vrn_att {
	struct sna_name cp;
	struct tgvec v;                 /* partner is the VRN; ip and lsap: how cp is dialed */
};

struct vrn_bad {                        /* UNRCHTIM runs */
	struct sna_name cp, vrn;
	struct mono until;
};

struct vrns {
	struct vrn v[VRNS];
	unsigned n;
	struct vrn_att att[VRN_ATTS];
	unsigned next_att;
	struct vrn_bad bad[VRN_BAD];
	unsigned next_bad;
	uint32_t next_pu;
	uint64_t dialed, failed, answered;
};

/* Of an XCA major node that becomes active: its PORT's network and its GROUPs'. */
void vrn_define(struct node *, struct res *maj, const struct def_member *, struct con *);
bool vrn_name(const struct node *, const char *text, struct sna_name *);  /* NETID may lack */
struct vrn *vrn_find(struct node *, const struct sna_name *);
struct ee *vrn_ee(const struct vrn *);
/* Somebody could be dialed or could call. */
bool vrn_up(const struct node *, const struct vrn *);

/* Its lines came or went: neighbours hear of it. */
void vrn_changed(struct node *);
struct tgvec vrn_vector(const struct vrn *);

/* Our TGs, or those told of cp, behind what c has. */
void vrn_vectors(struct node *, const struct sna_name *cp, struct cdinit *);
/* cp's TGs to VRNs, as a message has them; those known before are replaced. */
void vrn_learn(struct node *, const struct sna_name *cp, const struct tgvec *, unsigned n);
/* Cuts the route from cp short where a VRN does; the first hop only. */
void vrn_shortcut(struct node *, const struct sna_name *cp, struct rscv *);
/* To our server, for it may be asked for us before we ask it. */
void vrn_register(struct node *, struct cpadj *);
void vrn_registered(struct node *, struct cpadj *, struct rd *body);

/* pu_vrn.c: the link to the second hop of a route that begins with a VRN. *pu NULL: it is
 * being dialed, pipe_linked() follows. A sense: it can't be. */
uint32_t vrn_link(struct node *, struct mono, const struct rscv *, struct pu **);
/* A free one of its GROUP; dir: enum def_dir. */
struct res *vrn_line(const struct node *, const struct vrn *, unsigned dir);
struct pu *vrn_pu(struct node *, const struct vrn *);
struct pu *vrn_pu_to(const struct node *, const struct sna_name *vrn, const struct sna_name *cp);
void vrn_pu_up(struct node *, struct mono, struct pu *);
void vrn_pu_down(struct node *, struct mono, const struct sna_name *vrn,
    const struct sna_name *cp, uint32_t sense);
void vrn_pu_idle(struct node *, struct mono, struct pu *);
/* Not to be dialed now: it failed, or the network is given up. */
bool vrn_is_bad(struct node *, const struct sna_name *vrn, const struct sna_name *cp);
unsigned vrn_bad_count(const struct node *, const struct sna_name *vrn);
bool vrn_full(struct node *, struct vrn *);
/* CLRUNRCH; "" all. How many. */
unsigned vrn_clear_bad(struct node *, const char *vrn);

#endif
