/* SPDX-License-Identifier: Apache-2.0
 *
 * cp.h - CP-CP sessions with adjacent nodes, and the topology they carry.
 *
 * Between two adjacent CPs stand two LU 6.2 sessions over one pipe of class
 * CPSVCMG: each CP is contention winner of the one it bound and sends on that
 * one only. The first message each way is CP Capabilities, then the sender's
 * own node and TGs (TDU), then searches.
 *
 * Thread:  SNA.
 * Source:  companion sna-sessions 6.2-6.5.
 */
#ifndef VTAMSIM_CP_H
#define VTAMSIM_CP_H

#include "snaee/gds.h"
#include "vtamsim/ssn.h"

struct node;
struct pu;

enum cp_state { CPS_RESET = 1, CPS_PENDING, CPS_CAPS, CPS_ACTIVE, CPS_N };

struct cpadj {
	TAILQ_ENTRY(cpadj) all;
	struct node *node;
	struct sna_name cp;
	struct res *res;                /* RES_ADJCP */
	struct pu *pu;
	struct ssn *win, *lose;         /* we send on win */
	struct fsm fsm;                 /* enum cp_state */
	uint8_t caps_sent, caps_got, nn;
	uint8_t trying;                 /* we asked for our session since it was last up */
	uint8_t frsn_in_known;          /* a TDU came since the sessions began */
	uint32_t frsn_sent, frsn_got;
	uint16_t gone;                  /* RUs pacing had let go when we looked last */
	uint32_t sense, told;           /* of the session that ended last; shown last */
	struct ndue due;
	uint64_t sent, rcvd;
};
TAILQ_HEAD(cpadjhead, cpadj);

struct topo_tg;
struct topo_node {
	TAILQ_ENTRY(topo_node) all;
	struct sna_name cp;
	uint32_t rsn;
	uint8_t nn;
	uint8_t fresh;                  /* to be passed on */
	uint16_t round;                 /* route.c: 1 is ours, 0 out of reach .. */
	struct topo_node *before;       /* .. on the way there, by this TG */
	const struct topo_tg *by;
};
struct topo_tg {
	TAILQ_ENTRY(topo_tg) all;
	struct sna_name from, to;
	uint8_t tgn, flags, up;
	uint8_t fresh;
	uint8_t vn;                     /* enum topo_vn */
	uint32_t rsn;
	struct tgvec v;                 /* of a VRN: how it is dialed, its characteristics */
};
/* A TG to a connection network, one from it: as records, two for each node on it. */
enum topo_vn { TVN_NONE, TVN_TO, TVN_FROM };
#define TOPO_MAX 1024

struct cps {
	struct cpadjhead all;
	struct pool adjs, nodes, tgs;
	TAILQ_HEAD(, topo_node) topo_nodes;
	TAILQ_HEAD(, topo_tg) topo_tgs;
	uint32_t rsn, frsn;
};

int  cps_init(struct node *);
void cps_fini(struct node *);
void cp_link_up(struct node *, struct mono, struct pu *);
void cp_link_down(struct node *, struct mono, struct pu *);
struct cpadj *cp_find(const struct node *, const struct sna_name *cp);
bool cp_active(const struct cpadj *);
/* A GDS message (from the variable on) to the partner. Takes buf. False: no session. */
bool cp_send(struct node *, struct cpadj *, const char tpn[4], struct buf *);
/* Topology: topo.c. */
void topo_send(struct node *, struct cpadj *);  /* all we know */
void topo_changed(struct node *);               /* a TG of ours: tells all */
void topo_received(struct node *, struct mono, struct cpadj *, struct rd *body);
void topo_lost(struct node *, const struct sna_name *cp);
/* From ssn: BIND for our CP, session ended, data arrived. */
struct ssn *cp_secondary(struct node *, struct mono now, const struct bind *, struct pipe *,
             uint32_t *sense);
void cp_started(struct node *, struct mono, struct ssn *);
void cp_ended(struct node *, struct mono, struct ssn *);
void cp_data(struct node *, struct mono, struct ssn *, uint32_t rh, struct buf *);
/* BIND image of CP-CP sessions. */
void cp_image(struct bind *);
/* Z NET: all CP-CP sessions end in order. */
void cp_stop(struct node *, struct mono);
void cp_due(struct node *, struct mono, struct ndue *);

#endif
