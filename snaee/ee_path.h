/* SPDX-License-Identifier: Apache-2.0
 *
 * ee_path.h - the paths of pipes: which link, which labels. Of ee's parts only.
 *
 * Thread:  SNA.
 * Source:  companion ee-hpr-rtp 5.7.
 */
#ifndef SNAEE_EE_PATH_H
#define SNAEE_EE_PATH_H

#include "snaee/ee.h"
#include "snaee/nlp.h"

struct ee_link;
struct ee_pipe;

/* The partner's label of that component, as its XID told. */
struct label ee_path_nce(const struct ee_link *, enum nce);
/* One pipe more or less on a link. */
void     ee_link_count(struct ee_link *, const struct ee_pipe *, int more);
void     ee_pipe_attach(struct ee_pipe *, struct ee_link *);    /* NULL: no path */
void     ee_pipe_other(struct mono now, struct ee_pipe *);      /* path switch: try the next */
bool     ee_path_fits(const struct ee_far *);
void     ee_path_far(struct ee_pipe *, const struct ee_far *);  /* takes its labels */
uint16_t ee_path_packet(const struct ee_link *, const struct ee_far *);
/* A packet of it came by this link: perhaps the partner switched. */
void     ee_path_heard(struct ee_pipe *, struct mono now, struct ee_link *,
             const struct thdr *);
void     ee_path_stalled(struct mono now, struct ee_pipe *);
/* The link's pipes have no path any more; those waiting for one get it. */
void     ee_pipes_lost(struct ee *, struct mono now, struct ee_link *);
void     ee_pipes_found(struct ee *, struct mono now, struct ee_link *);
void     ee_pipes_doubt(struct ee_link *);       /* silent for long, and back */
void     ee_pipes_btu(struct mono now, struct ee_link *);                /* it shrank */

#endif
