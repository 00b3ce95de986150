/* SPDX-License-Identifier: Apache-2.0
 *
 * worker.h - one thread's clients: listeners, loop, deadlines, the port below.
 *
 * Takes:   events of its loop, RPLs of its port, orders of the SNA thread.
 * Gives:   answers and reports to the SNA thread.
 * Memory:  pools sized at its start; address space only until it is used.
 * Thread:  its own, or the SNA thread (--workers 0).
 * Source:  design 2; style 7, 8.
 */
#ifndef TN3270E_WORKER_H
#define TN3270E_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/con.h"
#include "base/due.h"
#include "base/log.h"
#include "base/resolve.h"
#include "base/ring.h"
#include "base/stats.h"
#include "tn3270e/acct.h"
#include "tn3270e/conn.h"
#include "tn3270e/conn_elf.h"
#include "tn3270e/drop_reason.h"
#include "tn3270e/links.h"
#include "tn3270e/lunames.h"
#include "tn3270e/tko.h"
#include "tn3270e/traffic.h"
#include "tn3270e/rows.h"
#include "tn3270e/rt_groups.h"
#include "tn3270e/using.h"
#include "vtamsim/acb.h"

#define WORKER_CONNS 70000u             /* clients of one worker */
#define WORKER_EVENTS 256
#define WORKER_ACCEPTS 64               /* a turn and listener */
#define WORKER_HANDSHAKES 8             /* steps a turn: the SNA thread may share it */
#define WORKER_ROOM 64u                 /* RPLs that must fit below before a client is read */
#define WORKER_SLICE 256u               /* clients an order looks at a turn */
#define WORKER_UPS 1024                 /* RPLs taken from the port a turn */

/* Reports for EZZ6034I. */
enum tn_report_kind { TR_ACCEPTED = 1, TR_NEGOTIATED, TR_SESSION, TR_SESS_DROP, TR_CONN_DROP,
	TR_LU_GONE, TR_LU_BACK,         /* V NET,INACT, ACT: the client has waited */
	TR_NO_SESSION,          /* a logon failed, the client stays: sense code, text */
	TR_PORT,
	TR_DETAIL,              /* EZZ6035I: rcode, parm, text */
	TR_DROP_LU              /* not told: lu is to be dropped on all workers */
};

struct tn_report {
	uint8_t kind;           /* enum tn_report_kind */
	uint8_t error;          /* not a normal end: told without DEBUG */
	uint8_t debug;          /* enum tnp_debug of the client */
	uint8_t instance;       /* of rcode */
	uint16_t cport;
	uint16_t rcode;
	uint32_t parm;          /* sense code and the like */
	uint32_t id;
	struct ipaddr addr;
	char lu[9];
	char object[20];        /* port, TN3270E, application, reason */
	char text[TLS_WHY + 80];        /* plain words */
};

enum worker_order { WO_PROFILE = 1, WO_QUIESCE, WO_RESUME, WO_STOP, WO_LIST, WO_DROP_LU, WO_HALT,
	WO_METRICS, WO_USING, WO_END };

/* What a display wants to see. Kept by the asker until all have answered. */
struct worker_query {
	uint8_t detail;                 /* EZZ6065I; else a row each */
	uint8_t count_only;             /* no rows: who is where */
	uint8_t long_format, hname;     /* two lines a row; host names instead of addresses */
	uint8_t basic, secure;          /* classes of ports */
	uint8_t by_profile;             /* profile counts: 0 is CURR */
	uint32_t profile;
	uint16_t port_lo, port_hi;      /* 0: all */
	struct ipaddr qual;             /* of the port; none: any */
	uint32_t conn;                  /* 0: any */
	uint32_t max;                   /* lines */
	struct tnp_net net;             /* lo none: any */
	uint16_t cport;                 /* with net: IPPORT; 0: any */
	char lu[20], appl[20];          /* patterns, "" any */
	char lugroup[20], ipgroup[20], hngroup[20], hostname[64];
	char proto[12];
	/* D CLIENTID, OBJECT */
	uint8_t by_object, totals;      /* OBJECT; SUMMARY of groups */
	char type[12], id[64];
};

struct worker_msg {
	uint8_t op;                     /* enum worker_order */
	uint32_t ticket;
	uint16_t port_lo, port_hi;      /* 0: all */
	uint8_t basic, secure;          /* classes of ports */
	char lu[9];
	struct profile *profile;
	struct resolve *resolve;        /* with a profile that goes by host names */
	const struct worker_query *query;
	struct worker_answer *answer;   /* up: malloc'ed; the receiver frees */
};

struct port_count {
	uint16_t port;
	uint16_t profile;               /* number, 0 CURR */
	uint32_t conns;                 /* that matched, where clients were looked at */
	uint8_t state;                  /* enum listen_state */
};
/* D STOR: connections, then the buffers of each class. */
#define WORKER_MEMS (1 + BUF_NCLASS)
struct worker_mem {
	uint32_t used, most, limit, bytes;
};
enum listen_state { LS_CLOSED, LS_ACTIVE, LS_QUIESCED };

struct worker_answer {
	uint32_t found, clients;        /* lines and whose, shown or not */
	struct port_count port[TNP_PORTS];
	struct rows rows[TNP_PORTS];     /* by place in port[] */
	unsigned n_ports;
	struct using *using;            /* WO_USING */
	struct rt_list rt;              /* WO_USING, WO_METRICS */
	struct worker_mem mem[WORKER_MEMS];
	uint64_t drops[DROP_REASONS];
	uint64_t stat[64];
};

enum tn_stat { TN_ACCEPTED, TN_CLIENTS, TN_REFUSED_FULL, TN_REFUSED_LIMIT, TN_PROXIED,
	TN_TLS_OK, TN_TLS_FAILED, TN_TLS_REUSED,
	TN_ELF, TN_ELF_FAILED,
	TN_NEG_E,
	TN_NEG_3270, TN_NEG_LINE, TN_NEG_FAILED, TN_LU_REFUSED, TN_LOGONS, TN_LOGON_FAILED,
	TN_SESSIONS_LOST,
	TN_SESSIONS, TN_RECORDS_IN, TN_RECORDS_OUT, TN_BYTES_IN, TN_BYTES_OUT, TN_DROP_CLIENT,
	TN_DROP_SILENT, TN_DROP_SENDQ, TN_DROP_OTHER, TN_STALLS, TN_NO_BUFFER, TN_REPORTS_LOST,
	TN_NAMES, TN_NAMES_LATE, TN_TKO_ASKED, TN_TKO_DEAD, TN_TKO_SESSIONS, TN_ACCT_LOST,
	TN_ANSWERS_OVERDUE, TN_TYPED_AHEAD, TN_BINDS_REFUSED, TN_CHAINS_REFUSED, TN_PRINT_JOBS,
	TN_PRINT_STOPS, TN_LEFT_E,
	TN_NSTAT };
_Static_assert(TN_NSTAT <= 64, "room in an answer");
extern const struct stat_desc tn_stat_desc[TN_NSTAT];

struct tnlisten {
	struct loop_tag tag;
	uint8_t state;                  /* enum listen_state */
	int fd;
	uint32_t conns;
	uint8_t paused;                 /* no descriptors: until accept_at */
	const struct tnp_port *port;
};

struct worker {
	struct elf_wait elf[CONN_ELFS];
	unsigned index;
	struct loop *loop;              /* own or the SNA thread's */
	struct loop own;
	struct acb_port *port;
	struct bufpool bufs;
	struct pool conns;
	struct dueheap due;
	struct connhead flush;
	struct connwait stall;
	struct connwait young;          /* not negotiated yet, oldest first */
	uint32_t n_young;
	struct traffic *traffic;        /* of all workers; NULL: nothing is counted */
	struct tnlisten listen[TNP_PORTS];
	unsigned n_listen;
	struct ring orders, answers;    /* worker_msg */
	struct ring reports;            /* tn_report */
	struct lunames partners;        /* printers to drop: reports when there is room */
	struct ring tko_up, tko_down;   /* tko_msg */
	struct map by_lu, by_owner;     /* conn, tko_same */
	struct pool sames, probes;
	const struct map *ids;          /* its seed makes identities, in all workers the same */
	uint8_t n_workers;
	struct ring acct;               /* acct_rec */
	struct rt_groups rt;
	struct worker_walk *walks;      /* orders about all clients, under way */
	struct loop *main_loop;         /* to wake; NULL: same thread */
	_Atomic uint32_t *next_id;      /* connection ids, of all workers */
	uint64_t stat[TN_NSTAT];
	uint64_t drops[DROP_REASONS];   /* by place in the table */
	unsigned handshakes;            /* this turn */
	uint32_t max_conns;
	uint8_t halting, idle_told, ended;
	uint8_t again;                  /* one of the stall list can go on: no sleep */
	struct mono accept_at, partners_at;
	struct links links;
	struct resolve *resolve;        /* NULL: no profile goes by host names */
	struct logbound full_log, tls_log;
	pthread_t thread;
	uint8_t has_thread;
	_Atomic uint32_t ready;         /* thread: 1 it runs, 2 its ports are open */
};

/* 0 or -errno. The port is the worker's from here. */
int      worker_init(struct worker *, unsigned index, struct loop *shared);
void     worker_fini(struct worker *);
/* One turn: events, orders, RPLs, deadlines, writes. */
void     worker_turn(struct worker *, struct mono, const struct loop_ev *, int n);
struct mono worker_deadline(const struct worker *);
void    *worker_main(void *);                           /* a thread */

/* worker_walk.c: orders about every client are carried out a slice a turn. Takes answer. */
void     worker_walk_begin(struct worker *, const struct worker_msg *, struct worker_answer *);
void     worker_walk(struct worker *, struct mono);
void     worker_walk_fini(struct worker *);
/* worker.c */
void     worker_answer(struct worker *, const struct worker_msg *, struct worker_answer *);
void     worker_answer_free(struct worker_answer *);
struct conn *worker_conn(const struct worker *, uint32_t user);         /* NULL: none */
bool     worker_port_meant(const struct worker_msg *, const struct tnlisten *);

/* worker_accept.c */
void     worker_accept(struct worker *, struct tnlisten *, struct mono);
void     worker_wake_listeners(struct worker *);
void     worker_grown(struct conn *);                   /* it has negotiated, or goes */

/* For conn. */
struct tn_report worker_report_of(const struct conn *, enum tn_report_kind, const char *object);
void     worker_report(struct worker *, const struct tn_report *);
void     worker_report_port(struct worker *, const struct tnp_port *, const char *text,
             uint8_t error);
/* EZZ6035I, where the client's DEBUG is DETAIL. */
void     worker_detail(const struct conn *, unsigned rcode, unsigned instance, uint32_t parm,
             const char *text);
void     worker_wake_main(struct worker *);
/* DROPASSOCPRINTER: this printer is to be dropped, on whatever worker it is. */
void     worker_drop_lu(struct worker *, const char *lu);
void     worker_free(struct worker *, struct conn *);   /* socket and LU are gone */
uint32_t worker_user(const struct worker *, const struct conn *);

#endif
