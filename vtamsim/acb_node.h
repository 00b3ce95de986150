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

/* At most max RPLs of a port. True: there are more. */
bool acb_serve(struct node *, struct mono, struct port *, unsigned max);
void acb_close(struct node *, struct mono, struct acb *, enum acb_closer);

#endif
