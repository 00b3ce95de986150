/* SPDX-License-Identifier: Apache-2.0
 *
 * acb_node.h - the node's side of the application interface.
 *
 * Thread:  SNA.
 */
#ifndef VTAMSIM_ACB_NODE_H
#define VTAMSIM_ACB_NODE_H

#include "vtamsim/node.h"

enum acb_closer { ACB_BY_USER, ACB_BY_NODE };

/* Up to the user: behind what waits already, when its ring is full. Takes q->buf. */
void port_put(struct node *, struct port *, const struct rpl *);
/* RPLs that fit above now; 0 while answers wait. */
uint32_t port_room(const struct port *);
/* Moves what waits into the ring. False: some still waits. */
bool port_flush(struct node *, struct port *);
/* At most max RPLs of a port. True: there are more. */
bool acb_serve(struct node *, struct mono, struct port *, unsigned max);
/* acb_move.c */
void acb_detach(struct node *, struct mono, struct acb *);
void acb_attach(struct node *, struct port *, const struct rpl *);
void acb_limbo(struct node *, struct mono);     /* closes what nobody took */
struct mono acb_limbo_due(const struct node *);
struct acb *acb_of(const struct node *, const struct port *, uint32_t handle);
void acb_close(struct node *, struct mono, struct acb *, enum acb_closer);

#endif
