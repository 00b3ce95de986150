/* SPDX-License-Identifier: Apache-2.0
 *
 * node.h - the node: everything the SNA thread owns, as one core.
 *
 * Takes:   RPLs of its ports, what its ee's say, commands of the operator, time.
 * Gives:   RPLs up, datagrams (through node_ee()), unsolicited messages.
 * Memory:  pools sized by struct node_cfg at start.
 * Errors:  sense codes to users; messages to the operator; -errno at start.
 * Thread:  SNA. No clock, no socket inside.
 * Source:  companions sna-sessions 6, vtam-operator.
 */
#ifndef VTAMSIM_NODE_H
#define VTAMSIM_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/due.h"
#include "base/stats.h"
#include "snaee/ee.h"
#include "vtamsim/acb.h"
#include "vtamsim/cp.h"
#include "vtamsim/defs.h"
#include "vtamsim/dir.h"
#include "vtamsim/eename.h"
#include "vtamsim/eeverify.h"
#include "vtamsim/hprtest.h"
#include "vtamsim/lupool.h"
#include "vtamsim/pipe.h"
#include "vtamsim/pu.h"
#include "vtamsim/route.h"
#include "vtamsim/rtab.h"
#include "vtamsim/ssn.h"
#include "vtamsim/vrn.h"
#include "vtamsim/xca.h"

#define NODE_PORTS 72           /* workers and applications */
#define NODE_EES 4              /* XCA ports */
#define NODE_MSGS 512           /* unsolicited lines not pulled yet */

struct node_cfg {
	struct defs *defs;      /* borrowed; start options loaded */
	uint32_t max_acbs;      /* 0: 70000; sessions are twice as many */
	uint32_t max_pipes;     /* 0: 1024 */
	uint32_t max_links;     /* 0: 256 */
	uint64_t seed;          /* another one at every start: epochs, PCIDs, instances */
	int64_t wall_us;        /* wall clock at mono 0, for dates and PCIDs */
};

/* An open ACB. */
struct acb {
	uint32_t handle;        /* index + 1, generation above; 0 never */
	uint16_t gen;
	uint8_t closing;
	uint8_t plu, slu;
	uint32_t user;          /* the user's tag */
	struct port *port;
	struct mono limbo_by;   /* detached: until then */
	struct res *res;
	struct ssn *logon;      /* SLU: its logon under way */
	char client[64];
	char logmode[9];
	char job[9];
	char lu[9];             /* given by lupool; "" */
	uint32_t keep_s;        /* KEEPLU: for its owner */
	uint64_t owner;
	TAILQ_ENTRY(acb) link;
};
TAILQ_HEAD(acbhead, acb);

/* An answer that found its ring full. */
struct late {
	STAILQ_ENTRY(late) link;
	struct rpl q;
};
STAILQ_HEAD(latehead, late);

/* Node's side of an acb_port. */
struct port {
	struct acb_port *ap;
	uint32_t id;
	struct acbhead acbs;
	struct ssnhead ready;   /* sessions with something for this user */
	struct latehead late;   /* answers that go before anything else */
	uint32_t n_late;
	uint32_t n_acbs;
	uint8_t closing;
};

enum node_stat { NS_LOGONS, NS_LOGONS_FAILED, NS_BINDS_SENT, NS_BINDS_RCVD, NS_UNBINDS,
	NS_SESSIONS, NS_SEARCHES, NS_PIU_UNKNOWN, NS_PIU_BAD, NS_NO_SESSION_ROOM, NS_OPENS,
	NS_OPEN_FAILED, NS_RPL_BAD, NS_MSGS_LOST, NS_ANSWERS_LOST, NS_PIPE_WAITS,
	NS_PS_INOP, NS_PS_SRQ, NS_PS_MODIFY, NS_PS_AUTO, NS_PS_PARTNER, NS_PS_STALL,
	NS_PS_COMPLETED, NS_PS_FAILED, NS_PS_OVERRIDDEN, NS_NSTAT };
extern const struct stat_desc node_stat_desc[NS_NSTAT];

struct node_line {
	char id[9];
	char text[240];
};

struct node {
	struct node_cfg cfg;
	struct defs *defs;
	const struct defs_start *start;
	struct sna_name cpname;         /* NETID.SSCPNAME */
	struct rtab rtab;
	struct lupools lupools;
	struct bufpool bufs;
	struct pool acbs, ssns, pipes, lates;
	struct port port[NODE_PORTS];
	uint32_t n_ports;
	struct port limbo;              /* of detached ACBs: no user, no room */
	struct ee *ee[NODE_EES];
	uint32_t n_ee;
	struct dueheap due;             /* sessions, searches, PUs, CP-CP, pipes */
	struct pus pus;
	struct xcas xcas;
	struct pipes pipetab;
	struct cps cps;
	struct dir dir;
	struct routes routes;
	struct vrns vrns;
	struct eediags eediags;
	struct hprtests hprtests;
	struct eenames eenames;
	struct ssnhead work;            /* sessions whose hs has something */
	struct map pcids;               /* sessions by FQPCID */
	struct map peers;               /* SLU ends by the address in their BIND */
	struct mono now;                /* of this turn, for stamps */
	uint64_t next_pcid;
	uint32_t epoch;
	uint16_t ssn_gen, acb_gen;
	struct trace *trace;            /* packet trace, for sessions inside; or NULL */
	struct loop *loop;              /* to wake the node by; NULL: users share its thread */
	uint8_t halting;                /* enum node_halt */
	uint8_t stopped;                /* links were hung up */
	struct mono halt_by;            /* pipes that are not closed by then are dropped */
	struct node_line msg[NODE_MSGS];
	uint32_t msg_head, msg_tail;
	uint64_t stat[NS_NSTAT];
};

enum node_halt { NODE_RUNS, NODE_HALT_NORMAL, NODE_HALT_QUICK };

int  node_new(struct node **, const struct node_cfg *);         /* 0, -errno */
void node_free(struct node *);
/* Works until nothing is left or the turn is long enough: true when more waits. */
bool node_turn(struct node *, struct mono now);
struct mono node_deadline(const struct node *);
struct ee *node_ee(const struct node *, unsigned i);            /* NULL behind the last */
/* A user of the interface; down and up rings of n RPLs. NULL: too many. */
struct acb_port *node_port(struct node *, const char *name, uint32_t n, struct bufpool *,
    struct loop *user_loop);
void node_port_free(struct node *, struct mono now, struct acb_port *);  /* its ACBs are closed */
void node_halt(struct node *, struct mono now, enum node_halt);
bool node_idle(const struct node *);            /* nothing left: may end */
/* Unsolicited: one place all lines come from, one they leave by. */
void node_say(struct node *, const char *id, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
#define NODE_SAY(n, id, ...) node_say((n), #id, MSG_##id, ##__VA_ARGS__)
bool node_msg(struct node *, struct node_line *);
void node_due(struct node *, struct ndue *, enum ndue_kind, struct mono);
struct fqpcid node_pcid(struct node *);
void node_metrics(const struct node *, struct con *);   /* OpenMetrics */
void node_pools(const struct node *, struct con *);     /* D NET,BFRUSE */
void node_show(const struct node *, struct mono, struct con *);

#endif
