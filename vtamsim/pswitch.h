/* SPDX-License-Identifier: Apache-2.0
 *
 * pswitch.h - path switch: another way for a pipe whose own failed or is not
 * the best any more.
 *
 * Takes:   what ee tells of a pipe's path, links that come up, the operator's
 *          F NET,RTP, the clock (PSRETRY).
 * Gives:   orders to ee, Route Setups; psmsg.h tells the operator.
 * Thread:  SNA.
 * Source:  companion ee-hpr-rtp 5.7; vtamlst HPRPST, HPRPSMSG, PSRETRY.
 */
#ifndef VTAMSIM_PSWITCH_H
#define VTAMSIM_PSWITCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"
#include "snaee/ee.h"

struct ndue;
struct node;
struct pipe;
struct pu;
struct rscv;

#define PS_TRY_MS 6000          /* our choice: a way that brought no answer by then is left */
#define PS_SOON_MS 200          /* .. the first look again: the link's end is known by then */

/* EEI_PATH of a pipe. */
void pswitch_event(struct node *, struct mono, struct pipe *, const struct ee_ind *);
/* The pipe's due time while it looks for a way. */
void pswitch_due(struct node *, struct mono, struct pipe *);
/* What Route Setup found, or that it found nothing. */
void pswitch_routed(struct node *, struct mono, struct pipe *, struct pu *,
    const struct ee_far *);
void pswitch_unrouted(struct node *, struct mono, struct pipe *, uint32_t sense);
/* The way Route Setup is to try. False: none. */
bool pswitch_route(struct node *, struct pipe *, struct rscv *);
/* F NET,RTP: a way is sought while data goes on. False: there is none, or no time for it. */
bool pswitch_command(struct node *, struct mono, struct pipe *);
/* It is up: PSRETRY begins. It is gone: the end of a switch in vain is told. */
void pswitch_begin(struct node *, struct mono, struct pipe *);
void pswitch_end(struct node *, struct pipe *, uint32_t sense);
void pswitch_retry(struct node *, struct mono, struct ndue *);  /* PSRETRY's time */
/* A link that can carry pipes again came up. */
void pswitch_link_up(struct node *, struct mono, const struct pu *);
/* HPRPST or PSRETRY are others now. */
void pswitch_options(struct node *, struct mono);

#endif
