/* SPDX-License-Identifier: Apache-2.0
 *
 * ssn.h - one end of an LU-LU session: setup, data, takedown.
 *
 * A session between two LUs of this node is two ends joined by mate: what one
 * half-session puts out the other takes in. A session to another node is one
 * end on a pipe, found again by its session address.
 *
 *	SLU side: LOGON -> (search) -> WAITBIND -> BIND shown -> ACTIVE
 *	PLU side: CINIT shown -> OPNDST -> (pipe) -> BIND sent -> SDT -> ACTIVE
 *
 * Errors:  sense codes.
 * Thread:  SNA.
 * Source:  companion sna-sessions 2.5-2.9, 6.7, 6.9.
 */
#ifndef VTAMSIM_SSN_H
#define VTAMSIM_SSN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/due.h"
#include "base/fsm.h"
#include "snaee/cv.h"
#include "snaee/gds.h"
#include "snaee/hs.h"
#include "vtamsim/acb.h"
#include "vtamsim/rtab.h"

struct node;
struct cpadj;

enum ssn_state {
	SS_PSRCH = 1,           /* SLU: looking for the PLU */
	SS_PBIND,               /* SLU: found, waits for the BIND */
	SS_PUSER,               /* SLU: BIND shown to the user */
	SS_PCINIT,              /* PLU: CINIT shown to the user */
	SS_PPIPE,               /* PLU: waits for the pipe */
	SS_PRSP,                /* PLU: BIND sent */
	SS_PSDT,                /* BIND answered, SDT under way */
	SS_ACTIV,
	SS_PUNB,                /* UNBIND sent */
	SS_N
};

#define SSN_DATA_MAX 255
#define SSN_BIND_MAX 96

struct ssn {
	TAILQ_ENTRY(ssn) on_res, on_far, on_pipe, on_ready, on_work, on_block;
	struct mapent by_pcid, by_peer;
	uint32_t handle;                /* of RPLs; index and generation */
	uint16_t gen;
	struct fsm fsm;                 /* enum ssn_state */
	uint8_t role;                   /* enum hs_role */
	uint8_t has_hs, in_ready, in_work, in_block, in_pcid, in_peer, dead;
	uint8_t by_oper;                /* this node's operator ended it */
	uint8_t unb_type;               /* why it ended, for the user */
	uint8_t tell;                   /* SSN_T_*: events due to the user */
	uint32_t sense;
	struct node *node;
	struct res *res;                /* our LU */
	struct res *far;                /* CDRSC of a partner elsewhere, or NULL */
	struct acb *acb;                /* NULL: CP-CP, or the user is gone */
	uint32_t suser;
	struct cpadj *cp;               /* CP-CP session of this adjacency */
	struct ssn *mate;               /* other end in this node */
	struct dsearch *search;         /* under way for it */
	struct pipe *pipe;
	uint64_t sa_peer;               /* where the partner wants its PIUs */
	uint32_t sa_known;              /* sa_peer came from CV 62 (or the BIND) */
	struct sna_name partner;        /* NETID.LU */
	struct sna_name partner_cp;     /* owner, when remote */
	struct fqpcid pcid;
	struct ndue due;
	char mode[9], cos[9];
	uint8_t tpf;
	uint8_t bind_len;               /* BIND RU, fixed part and names */
	uint8_t bind[SSN_BIND_MAX];
	uint16_t sc_snf;                /* identifier of BIND and UNBIND */
	uint16_t bind_snf;              /* SLU: of the BIND to be answered */
	struct buf *keep;               /* logon data or BIND RU, until it is used */
	struct hs hs;
	int64_t began_us;
};

/* ssn.tell */
#define SSN_T_CINIT 0x01u
#define SSN_T_BIND 0x02u
#define SSN_T_STARTED 0x04u
#define SSN_T_UNBIND 0x08u
#define SSN_T_NSPE 0x10u

/* From acb: what users ask. Each answers by RPLs or refuses with a sense. */
uint32_t ssn_logon(struct node *, struct mono, struct acb *, const struct acb_logon *);
uint32_t ssn_simlogon(struct node *, struct mono, struct acb *, const struct acb_logon *);
uint32_t ssn_opndst(struct node *, struct mono, struct ssn *, const struct rpl *);
uint32_t ssn_opnsec(struct node *, struct mono, struct ssn *, const struct rpl *);
/* Ends it whatever its state; type: enum unbind_type for the partner. */
void     ssn_end(struct node *, struct mono, struct ssn *, unsigned type, uint32_t sense);
uint32_t ssn_send(struct node *, struct ssn *, const struct rpl *);
/* From dir: the search has ended. */
void     ssn_found(struct node *, struct mono, struct ssn *, const struct search *);
void     ssn_not_found(struct node *, struct mono, struct ssn *, uint32_t sense);
/* A partner's SLU wants our application, or its application our LU: 0 and our end
 * of the session, or a sense. */
uint32_t ssn_asked(struct node *, struct mono, const struct search *, struct ssn **);
/* The other node gives a session up that has no BIND yet. */
void     ssn_cancelled(struct node *, struct mono, const struct fqpcid *, uint32_t sense);
struct ssn *ssn_by_pcid(const struct node *, const struct fqpcid *, enum hs_role);
/* From pipe. */
void     ssn_piu(struct node *, struct mono, struct pipe *, struct buf *);
void     ssn_pipe_up(struct node *, struct mono, struct ssn *);
void     ssn_pipe_down(struct node *, struct mono, struct ssn *, uint32_t sense);
/* CP-CP: our end as primary. */
struct ssn *ssn_cp_open(struct node *, struct cpadj *);
/* The turn. */
void     ssn_run(struct node *, struct mono, struct ssn *);     /* on the work list */
bool     ssn_give(struct node *, struct ssn *);         /* to the user; false: ring full */
void     ssn_orphan(struct node *, struct ssn *);        /* its user is gone */
void     ssn_reject(struct node *, struct mono, struct ssn *, uint32_t sense);
void     ssn_due(struct node *, struct mono, struct ndue *);
void     ssn_work(struct node *, struct ssn *);
struct ssn *ssn_at(const struct node *, uint32_t handle);
/* Whose a PIU on the pipe is, by the address in its TH; for traces: a partner with many
 * secondary LUs here may stay unknown. */
enum ssn_way { SSN_INWARD, SSN_OUTWARD };
const struct ssn *ssn_of_address(const struct node *, const struct pipe *, uint64_t sa,
    enum ssn_way);
/* Over for its user: told, or about to be. */
bool     ssn_ending(const struct ssn *);
const struct fsm_desc *ssn_fsm(void);
const char *ssn_sid(const struct ssn *, char to[17]);

#endif
