/* SPDX-License-Identifier: Apache-2.0
 *
 * simnode.h - a node of the simulated network that is a whole vtamsim node,
 * with users: terminals' LUs that log on and exchange numbered messages, and
 * applications that answer them.
 *
 * Node i has the address 10.0.0.(i + 1), the name NETA.CPi, an XCA with lines,
 * a PU PUk for every node k, the model APPL L??????? and applications APPLi0
 * to APPLi3. With two it has the address 10.0.1.(i + 1) as well, and PUs PWk whose
 * links are between those; all go over the same wire. Definitions are written to
 * a folder of their own under /tmp.
 */
#ifndef TESTS_SIM_SIMNODE_H
#define TESTS_SIM_SIMNODE_H

#include "tests/sim/simmsg.h"
#include "tests/sim/simnet.h"
#include "vtamsim/node.h"

#define SIMVT_APPLS 4
#define SIMVT_MAX 3000                  /* longest message */
/* idx of its packets: the port, and whether the second address is meant. */
#define SIMVT_PORT 0x07u
#define SIMVT_FROM2 0x10u
#define SIMVT_TO2 0x20u

/* Users that are not surprised by anything, and answer nothing; or go on with wrong data. */
enum simvt_lax { SIMVT_STRICT, SIMVT_LAX, SIMVT_WRONG_GOES };

enum simlu_state { SL_NONE, SL_OPENING, SL_OPEN, SL_LOGON, SL_BOUND, SL_ACTIVE, SL_ENDED,
	SL_CLOSING, SL_CLOSED, SL_FAILED };

/* What an LU is to do. */
struct simlu_plan {
	const char *appl;               /* "" : waits to be logged on to */
	const char *mode;               /* NULL: default */
	uint32_t rounds;                /* messages each way */
	uint32_t max_len;
	uint32_t gap_ms;
	uint32_t refuse;                /* sense for the BIND */
	uint8_t stay;                   /* does not end the session after the last */
	uint8_t again;                  /* logs on again after it ended */
	uint8_t keep_open;              /* does not close the ACB at the end */
	uint8_t deaf;                   /* sends no PACE */
};

struct simlu {
	struct simlu_plan plan;
	char name[9];
	uint8_t state, err;             /* enum simlu_state; acb_err */
	uint32_t acb, sess;
	uint32_t sent, got, wrong;
	uint32_t sense, starts, nspes, unbinds, again;
	uint8_t unbind_type;
	struct mono next_at;
	uint8_t turn;                   /* may send */
	uint32_t len;                   /* of the chain so far */
	uint8_t chain[SIMVT_MAX + 64];
};

struct simappl_sess {
	uint32_t stream, sess, got, sent, len;
	uint8_t used;
	uint8_t chain[SIMVT_MAX + 64];
};

struct simappl {
	char name[9];
	struct acb_port *port;
	uint32_t acb, err;
	uint8_t hold;                   /* leaves CINITs unanswered */
	uint8_t lax;
	uint32_t refuse;                /* sense for them */
	uint32_t max_len;
	uint32_t cinits, starts, unbinds, nspes, wrong, sense;
	uint32_t last_cinit;            /* session */
	uint8_t opened, closed;
	char mode[9], cos[9];
	char nspe_lu[18];
	uint32_t max_sess;
	struct simappl_sess *s;         /* [0] unused */
};

struct simvt {
	struct sim *w;
	int id;
	char dir[32];
	struct defs *defs;
	struct node *n;
	struct acb_port *port;          /* of the LUs */
	uint32_t n_lus;
	struct simlu *lu;               /* max_acbs of them */
	struct simappl appl[SIMVT_APPLS];
	uint32_t lines;                 /* unsolicited messages */
	char log[65536];                /* the last of them */
	size_t log_len;
	uint64_t wall_us;
	const char *opts;               /* more start options; set before simvt_start() */
	uint8_t end_node;               /* set before simvt_start(); else a network node */
	const char *vnname;             /* connection network it is on; NULL: none */
	const char *vnmore;             /* behind VNNAME=, with a comma first: UNRCHTIM= .. */
	const char *pu_opds;            /* of the PUs; set before simvt_start() */
	uint32_t egress_bps;            /* its sockets take no more; 0: all at once */
	struct mono egress_at;          /* full until then */
	uint8_t two;                    /* addresses; set before simvt_start() */
	uint8_t dead;                   /* takes and gives nothing */
	uint8_t lax;                    /* enum simvt_lax */
	uint32_t max_acbs, ring;
};

struct simvt *simvt_new(struct sim *);
void     simvt_start(struct simvt *);           /* again after simvt_crash() too */
void     simvt_crash(struct simvt *);           /* without a word to anybody */
void     simvt_free(struct simvt *);
void     simvt_dial(struct simvt *, const struct simvt *to);
void     simvt_dial2(struct simvt *, const struct simvt *to);   /* between second addresses */
bool     simvt_met(const struct simvt *, const struct simvt *);        /* CP-CP is up */
struct simappl *simvt_appl(struct simvt *, unsigned i);         /* opens it */
void     simvt_appl_close(struct simvt *, unsigned i);
/* First of count new LUs. */
struct simlu *simvt_lus(struct simvt *, uint32_t count, const struct simlu_plan *);
void     simvt_lu_close(struct simvt *, struct simlu *);
void     simvt_lu_term(struct simvt *, struct simlu *);
void     simvt_submit(struct acb_port *, struct rpl, const void *parm, size_t len);
bool     simvt_said(const struct simvt *, const char *text);
uint32_t simvt_count(const struct simvt *, enum simlu_state);
/* No session, ACB or buffer is left but those of control points. */
bool     simvt_quiet(struct simvt *);

#endif
