/* SPDX-License-Identifier: Apache-2.0
 *
 * ssn_parts.h - the inside of sessions, for ssn*.c and nobody else.
 *
 * Files:   ssn.c       birth, end
 *          ssn_logon.c what comes before a BIND
 *          ssn_bind.c  BIND out and in, its answer, SDT
 *          ssn_run.c   PIUs and RUs, and what users are told
 */
#ifndef VTAMSIM_SSN_PARTS_H
#define VTAMSIM_SSN_PARTS_H

#include "vtamsim/node.h"

#define SA_PLU (UINT64_C(1) << 63)      /* EE register row 10: the sender assigned it */

enum { SE_FOUND = 1, SE_BIND, SE_CINIT, SE_OPNSEC, SE_OPNDST, SE_PIPE, SE_BINDOUT, SE_RSP,
	SE_SDT, SE_UNBIND, SE_N };

struct ssn *ssn_new(struct node *, enum hs_role, struct res *, unsigned state);
void     ssn_free(struct node *, struct mono, struct ssn *);
bool     ssn_step(struct ssn *, unsigned ev);
void     ssn_tell(struct node *, struct ssn *, unsigned what);
/* Ends it here; what: SSN_T_UNBIND or SSN_T_NSPE, 0 nobody is told. */
void     ssn_over(struct node *, struct mono, struct ssn *, unsigned what);
/* Gives it its FQPCID, by which it is found until it dies. */
void     ssn_identify(struct node *, struct ssn *, const struct fqpcid *);
/* An SLU end on a pipe by the address its partner's BIND had: ours in CV 62 may not be
 * used (companion ee-hpr-rtp 6.2), and an UNBIND may overtake the answer. */
void     ssn_by_peer_add(struct node *, struct ssn *);
struct ssn *ssn_by_peer(const struct node *, const struct pipe *, uint64_t sa);
/* Joins it to the CDRSC of its partner. */
void     ssn_partner(struct node *, struct ssn *);
/* May the LU have one more session as SLU? 0 or sense. */
uint32_t ssn_slu_limit(const struct res *);
uint64_t ssn_sa(const struct ssn *);
struct ssn *ssn_by_sa(const struct node *, uint64_t sa);
/* A session control PIU without a half-session. Takes ru. */
void     ssn_send_sc(struct node *, struct mono, struct ssn *, uint32_t rh, struct buf *ru);
void     ssn_respond_sc(struct node *, struct mono, struct ssn *, uint16_t snf, uint32_t sense,
             unsigned code);
void     ssn_started(struct node *, struct mono, struct ssn *);
void     ssn_bind_in(struct node *, struct mono, struct pipe *, const struct th *, struct buf *);
void     ssn_rsp_bind_in(struct node *, struct mono, struct ssn *, uint32_t rh, struct rd *);

#endif
