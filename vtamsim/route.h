/* SPDX-License-Identifier: Apache-2.0
 *
 * route.h - the way to another node, and Route Setup along it.
 *
 * Network nodes find a way in their topology: the fewest TGs, as all TGs have
 * the same characteristics here (our choice). End nodes are told theirs by
 * their server, in the search that found the partner. A pipe to a node that is
 * not adjacent begins with Route Setup: it asks every node on the way for its
 * ANR labels and tells the smallest packet.
 *
 * Takes:   topology, what searches say; Route Setup variables of RSETUP pipes.
 * Gives:   ways as RSCV; labels to the pipe that asked.
 * Memory:  ROUTE_HINTS end nodes, ROUTE_TOLD ways; the oldest gives way.
 * Errors:  sense 80140001 no way, 0855nnnn Route Setup.
 * Thread:  SNA.
 * Source:  companions ee-hpr-rtp 6.5, sna-sessions 6.4-6.5.
 */
#ifndef VTAMSIM_ROUTE_H
#define VTAMSIM_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mono.h"
#include "snaee/gds.h"

#define ROUTE_HINTS 256
#define ROUTE_TOLD 64
#define RSETUP_WAIT_S 10                /* for the reply */
#define RSETUP_AGAIN_S 3                /* during a path switch */

struct cpadj;
struct node;
struct pipe;

struct route_hint {                     /* an end node is behind that network node */
	struct sna_name cp, server;
	uint8_t tgn;                    /* from the server to it */
};

struct route_told {
	struct sna_name cp;
	struct rscv rscv, alt;          /* alt.n 0: none */
};

struct routes {
	struct route_hint hint[ROUTE_HINTS];
	struct route_told told[ROUTE_TOLD];
	unsigned next_hint, next_told;
	uint8_t stale;                  /* the tree is of an older topology */
	uint64_t setups, setups_failed, setups_passed;
};

/* False: no way known. */
bool route_to(struct node *, const struct sna_name *cp, struct rscv *);
/* A way that does not begin with that TG, which may have failed unnoticed. */
bool route_around(struct node *, const struct sna_name *cp, const struct cv46 *not_by,
    struct rscv *);
/* For another node: from it by its TG to us, and on; also, when that is over a connection
 * network, the way that is not. False: c is told none. */
bool route_from(struct node *, const struct sna_name *from, const struct cv46 *first,
    const struct sna_name *to, struct cdinit *c);
/* The neighbour messages for cp go to, or NULL. */
struct cpadj *route_next(struct node *, const struct sna_name *cp);
void route_changed(struct node *);              /* the topology is another */
void route_hint(struct node *, const struct sna_name *cp, const struct sna_name *server,
    uint8_t tgn);
void route_told(struct node *, const struct sna_name *cp, const struct cdinit *);

/* Asks for labels: the pipe's new way follows by pipe_routed(). A sense: it can't be asked.
 * Where a link has to be dialed first, the pipe's vrn is set: again after pipe_linked(). */
uint32_t rsetup_begin(struct node *, struct mono, struct pipe *);
/* From an RSETUP pipe. Takes buf. */
void rsetup_message(struct node *, struct mono, struct pipe *, struct buf *);

#endif
