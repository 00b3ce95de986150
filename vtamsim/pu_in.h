/* SPDX-License-Identifier: Apache-2.0
 *
 * pu_in.h - the inside of switched PUs, for pu*.c.
 *
 * Files:   pu.c        dial, redial, host names, link up and down
 *          pu_call.c   who calls: which PU is meant, and why not
 *          pu_path.c   which of its paths may be dialed
 *          pu_limit.c  links that end when nobody uses them
 *          pu_say.c    what the operator is told of links that come and go
 */
#ifndef VTAMSIM_PU_IN_H
#define VTAMSIM_PU_IN_H

#include "vtamsim/acb_node.h"

/* Not of IBM: the partner ended the link, which is no fault. */
#define SENSE_HUNG_UP 0x80020001u
#define SENSE_NO_NAME 0xffc80003u       /* of real consoles: GETHOSTBNM, ACTLINK */

/* pu.c */
void     pu_linkparm(const struct node *, struct pu *, struct ee_linkparm *);
void     pu_use_line(struct pu *, struct res *line);    /* NULL: none any more */
/* A line that no PU uses: of that group, for calls in that direction (enum def_dir), of an
 * address of ee. */
struct line_wish {
	const char *grpnm;      /* NULL: any */
	const struct ee *ee;    /* NULL: any, and any address */
	uint8_t at, dir;
};
struct res *pu_free_line(const struct node *, const struct line_wish *);
/* IDBLK and IDNUM as they are in an XID; 0: not coded. */
uint32_t pu_nodeid(const struct pu *);

/* pu_path.c: the first one from there on that may be dialed, or NULL. */
const struct def_path *pu_path_from(const struct pu *, const struct def_path *);

/* pu_call.c */
void     pu_call(struct node *, struct mono, struct ee *, const struct ee_ind *);
struct pu *pu_dynamic(struct node *, const char *name); /* without a definition; NULL: no room */

/* pu_limit.c: the link came up; its last pipe for sessions is gone. */
void     pu_limit_up(struct node *, struct mono, struct pu *);
void     pu_limit_idle(struct node *, struct mono, struct pu *);

/* pu_say.c */
void     pu_say_up(struct node *, const struct pu *, const struct ee_ind *);
void     pu_say_down(struct node *, const struct pu *, const struct ee_ind *);
void     pu_say_mtu(struct node *, const struct pu *, const struct ee_ind *);
void     pu_say_failed(struct node *, struct pu *, const struct ee_ind *);
/* Each told once, until the PU comes up: HOSTNAME of its path has no address; the address
 * is of another family than the line's. */
void     pu_say_no_name(struct node *, struct pu *);
void     pu_say_family(struct node *, struct pu *, const struct ipaddr *local,
             const struct ipaddr *remote);
/* A caller was turned away; line may be NULL. */
void     pu_say_denied(struct node *, const struct ee_ind *, const struct res *line,
             const char *why);

#endif
