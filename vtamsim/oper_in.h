/* SPDX-License-Identifier: Apache-2.0
 *
 * oper_in.h - what the operator commands share; only oper*.c and op_*.c include it.
 */
#ifndef VTAMSIM_OPER_IN_H
#define VTAMSIM_OPER_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/con.h"
#include "base/ebcdic.h"
#include "vtamsim/msg.h"
#include "vtamsim/node.h"
#include "vtamsim/oper.h"

typedef enum oper_do oper_fn(struct oper *, struct oper_cmd *, struct con *,
    struct oper_order *);

/* "E" for SCOPE=ALL: from is what may be typed. */
struct oper_abbr {
	const char *from, *key, *val;
};

struct oper_desc {
	enum oper_verb verb;
	const char *word;       /* keyword; may be an operand with a value, as ID= */
	const char *opds;       /* operands allowed, one blank between */
	const char *ignored;    /* accepted, without function here: IST1275I */
	const struct oper_abbr *abbr;   /* NULL from ends it; or NULL */
	oper_fn *run;
};

extern const struct oper_abbr oper_scopes[];    /* of D ID and the list displays */

/* Place of the word in a list (blank between), 1..; 0: not there. */
int      oper_place(const char *words, const char *word);
/* IST097I for the verb. */
void     oper_accept(const struct oper_cmd *, struct con *);
/* The operand's value, or NULL. */
const char *oper_get(struct oper_cmd *, const char *key);
/* IST456I when it is missing. */
const char *oper_need(struct oper_cmd *, const char *key, struct con *);
/* Which of the words (blank between) the value is: 0 when the operand is not
 * there, 1.. its place, -1 after IST453I. */
int      oper_choice(struct oper_cmd *, const char *key, const char *words, struct con *);
/* A number in [lo, hi] or, as 0, "*". False after IST453I. *n stays when absent. */
bool     oper_number(struct oper_cmd *, const char *key, uint32_t lo, uint32_t hi,
    struct con *, uint32_t *n);
/* A name of 1-8 characters, perhaps NETID.NAME, perhaps with * and ?. */
enum oper_wild { OPER_PLAIN, OPER_WILD };
bool     oper_is_name(const char *, enum oper_wild);
/* IST453I key PARAMETER VALUE value NOT VALID; returns OPER_REJECTED. */
enum oper_do oper_bad(struct con *, const char *key, const char *value);
/* Elements of "(A,B)" or "A" into to[n][18]; how many, 0 when there is a bad one. */
unsigned oper_list(const char *value, char to[][20], unsigned n);

/* How many a display may show: MAX=, DSPLYDEF, DSPLYMAX. */
struct oper_limit {
	uint32_t max, shown, total;
	uint8_t cut;
};
bool     oper_limit(struct oper *, struct oper_cmd *, struct con *, struct oper_limit *);
bool     oper_more(struct oper_limit *);        /* one more may be shown; counts */
void     oper_limit_end(const struct oper_limit *, struct con *);       /* IST1315I */

/* IST080I: three names and states to a line. */
struct oper_rows {
	struct con *con;
	unsigned n;
	char text[80];
};
void     oper_row(struct oper_rows *, const char *name, const char *status);
void     oper_rows_end(struct oper_rows *);

/* SCOPE= in the order of OPER_SCOPES. */
#define OPER_SCOPES "ONLY ALL ACT INACT ACTONLY INACTONLY CONCT PENDING RELSD RESET ACTSESS"
enum oper_scope { SC_ONLY = 1, SC_ALL, SC_ACT, SC_INACT, SC_ACTONLY, SC_INACTONLY, SC_CONCT,
	SC_PENDING, SC_RELSD, SC_RESET, SC_ACTSESS };
bool     oper_in_scope(const struct res *, enum oper_scope);
/* STATUS= and DESIRED STATE= as displays have them: to[11]. */
const char *oper_status(const struct res *, char to[11]);
const char *oper_desired(const struct res *);
/* What VTAM prints where there is nothing. */
static inline const char *
oper_na(const char *s)
{
	return s == NULL || s[0] == '\0' ? "***NA***" : s;
}
/* Wall clock of a moment of this node's life. */
struct msg_when oper_when(const struct oper *, int64_t mono_us);

/* op_rtp.c: D NET,ID= of a pipe. */
void     op_show_pipe(struct oper *, const struct pipe *, struct con *);
void     op_show_hprdiag(struct oper *, const struct pipe *, struct con *);
/* op_sess.c: sessions of a resource, IST171I on. */
void     op_show_sessions(const struct res *, struct con *, struct oper_limit *);
const char *op_sess_state(const struct ssn *, char to[12]);
/* op_eepick.c: connections that D NET,EE and EEDIAG are about. */
struct op_eepick {
	const struct res *res;          /* line or PU, or NULL */
	struct ipaddr local, remote;    /* none: any */
	const char *cp;                 /* pattern or NULL */
	uint8_t any;                    /* a connection was asked for at all */
};
/* Of IPADDR= and HOSTNAME=: local, (local), (local,remote) or (,remote). Length 0: left out;
 * false: both are. */
struct op_eends {
	const char *s[2];
	size_t n[2];
};
bool     op_ee_ends(const char *, struct op_eends *);
bool     op_ee_pick(struct oper *, struct oper_cmd *, struct op_eepick *, struct con *);
/* HOSTNAME= was given: the command begins, and comes again with addresses. */
enum oper_do op_ee_by_name(struct oper *, struct oper_cmd *, const struct op_eepick *,
    struct con *);
/* IST2119I of the command with host names that this one goes on. */
void     op_ee_correlator(const struct oper *, struct con *);
bool     op_ee_fits(const struct pu *, const struct op_eepick *);
/* op_ee.c; IST2030I .. IST2034I, EE_NPORT: IST2035I */
void     op_port_heading(unsigned port, struct con *);
void     op_ee_ports(const struct ee_cfg *, struct con *);      /* IST2006I .. IST2008I */
void     op_show_link(const struct pu *, struct con *);
void     op_tgchar(const struct pu *, char to[33]);
/* op_trl.c: the TRL major node or its TRLE; D NET,ID= of it. */
bool     op_is_trl(const struct oper *, const char *name);
void     op_show_trl(struct oper *, const char *name, struct con *);
/* op_rtp.c: a pipe's PU now, or NULL; IST1460I, IST1461I. */
const struct pu *op_pipe_pu(const struct pipe *);
void     op_show_hops(const struct pipe *, struct con *);
/* op_flight.c: last packets of a pipe, which may be gone (p NULL). */
bool     op_has_trail(const struct oper *, const char *name, const struct pipe *);
void     op_show_trail(const struct oper *, const char *name, const struct pipe *,
    struct con *);
void     op_show_flights(const struct oper *, struct con *);
/* op_trace.c: IST654I of a resource. */
void     op_show_traces(const struct oper *, const char *name, struct con *);
/* op_topo.c: IST1186I, IST1184I. False: not in the directory. */
bool     op_show_directory(struct oper *, const char *name, struct con *);

/* op_vrn.c: connection networks. */
void     op_show_vrns(struct node *, const struct res *maj, struct con *);
void     op_show_vrn_use(struct node *, const struct res *maj, unsigned at, struct con *);
bool     op_show_vrn(struct node *, const struct sna_name *, struct con *);
void     op_vrn_row(struct node *, const struct vrn *, struct con *);     /* IST1103I */
void     op_show_unreachable(const struct oper *, const char *vrn, struct oper_limit *,
    struct con *);
/* Links over them: of an ee (NULL: all) and address (-1: all), enum def_vntype. */
uint32_t op_vrn_links(struct node *, const struct ee *, int at, unsigned type);

/* The commands. */
oper_fn op_d_id, op_d_list, op_d_sessions, op_d_ee, op_d_eediag, op_d_rtps, op_d_vtamopts,
    op_d_cpcp, op_d_topo, op_d_adjcp, op_d_bfruse, op_d_storuse, op_d_trl, op_d_traces,
    op_d_directry, op_d_cos, op_d_table, op_d_paths, op_d_dlurs, op_d_adjsscps, op_d_csm,
    op_d_nothing, op_d_fsm, op_d_stats, op_d_apps, op_d_routes;
oper_fn op_v_act, op_v_inact, op_v_dial, op_v_hangup, op_v_term, op_v_logon, op_v_nologon,
    op_v_ans, op_v_path, op_v_inop;
oper_fn op_f_vtamopts, op_f_trace, op_f_notrace, op_f_rtp, op_f_table, op_f_log, op_f_topo;
enum oper_do op_start(struct oper *, struct oper_cmd *, struct con *);
enum oper_do op_stop(struct oper *, struct oper_cmd *, struct con *);

#endif
