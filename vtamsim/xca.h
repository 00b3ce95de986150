/* SPDX-License-Identifier: Apache-2.0
 *
 * xca.h - the XCA major node of Enterprise Extender: its port, and GROUPs with
 * a local address (static VIPA) each, given as IPADDR or as HOSTNAME.
 *
 * Several groups may have one address; a group whose HOSTNAME is not resolved
 * yet has lines that are pending (PGAIN).
 *
 * Thread:  SNA. Names are looked up by who drives the node: pu_question().
 * Source:  companion vtamlst 4.3; IBM's IST1680I, IST1891I, IST2188I.
 */
#ifndef VTAMSIM_XCA_H
#define VTAMSIM_XCA_H

#include "base/ipaddr.h"
#include "vtamsim/rtab.h"

struct node;
struct pu_question;

struct xgroup {
	TAILQ_ENTRY(xgroup) all;
	struct res *res;                /* RES_GROUP */
	struct ipaddr local;            /* fam 0: not known yet */
	uint8_t at;                     /* its index in ee */
	uint8_t vn;                     /* a connection network's: others take its lines last */
	uint8_t failed;                 /* its UDP ports can't be had */
	const struct xgroup *timers;    /* the group whose LDLC timers the address has */
	uint8_t on_ask;
	TAILQ_ENTRY(xgroup) ask;
	uint32_t asked;                 /* number of the question for HOSTNAME; 0: none */
	struct ndue due;                /* end of IPRESOLV; next try with KEEPACT */
};
TAILQ_HEAD(xghead, xgroup);

struct xcas {
	struct xghead all, ask;
};

/* 0 or a sense; the ee is in the major node then. */
uint32_t xca_open(struct node *, struct mono, struct res *maj);
void     xca_again(struct node *, struct mono, struct res *maj);        /* V NET,ACT of it */
/* V NET,ACT of a group or line: active, or pending until the address is known. */
void     xca_line_act(struct node *, struct mono, struct res *line);
void     xca_group_act(struct node *, struct mono, struct res *group);
void     xca_fini(struct node *);
void     xca_due(struct node *, struct mono, struct ndue *);
/* The UDP ports of an address of ee can't be had. True: that was the last of the XCA. */
bool     xca_lost(struct node *, const struct ee *, unsigned at);
/* An active group of ee has the address. */
bool     xca_wants(const struct node *, const struct ee *, unsigned at);

/* NULL: the address of the line's group is not known. */
struct ee *xca_line_ee(const struct res *line);
/* Address and LDLC timers a link on that line has. */
void     xca_line_parm(const struct res *line, struct ee_linkparm *);

/* Host names of groups, for pu_question() and pu_address(). */
bool     xca_question(struct node *, struct pu_question *);
bool     xca_address(struct node *, struct mono, uint32_t number, const struct ipaddr *);

#endif
