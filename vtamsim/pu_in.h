/* SPDX-License-Identifier: Apache-2.0
 *
 * pu_in.h - the inside of switched PUs, for pu*.c.
 *
 * Files:   pu.c        dial, redial, host names, link up and down
 *          pu_call.c   who calls: which PU is meant, and why not
 *          pu_say.c    what the operator is told of links that come and go
 */
#ifndef VTAMSIM_PU_IN_H
#define VTAMSIM_PU_IN_H

#include "vtamsim/acb_node.h"

/* Not of IBM: the partner ended the link, which is no fault. */
#define SENSE_HUNG_UP 0x80020001u

/* pu.c */
void     pu_linkparm(const struct node *, struct pu *, struct ee_linkparm *);
void     pu_use_line(struct pu *, struct res *line);    /* NULL: none any more */
/* A line of that ee (NULL: any) and group ("": any) that no PU uses and that may go that
 * way: enum def_dir. */
struct res *pu_free_line(const struct node *, const struct ee *, const char *grpnm,
             unsigned dir);
struct ee *pu_line_ee(const struct res *line);
/* IDBLK and IDNUM as they are in an XID; 0: not coded. */
uint32_t pu_nodeid(const struct pu *);

/* pu_call.c */
void     pu_call(struct node *, struct mono, struct ee *, const struct ee_ind *);

/* pu_say.c */
void     pu_say_up(struct node *, const struct pu *, const struct ee_ind *);
void     pu_say_down(struct node *, const struct pu *, const struct ee_ind *);
void     pu_say_failed(struct node *, struct pu *, const struct ee_ind *);
/* A caller was turned away; line may be NULL. */
void     pu_say_denied(struct node *, const struct ee_ind *, const struct res *line,
             const char *why);

#endif
