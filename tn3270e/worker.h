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
#include "tn3270e/conn.h"
#include "tn3270e/links.h"
#include "vtamsim/acb.h"

#define WORKER_CONNS 70000u             /* clients of one worker */
#define WORKER_EVENTS 256
#define WORKER_ACCEPTS 64               /* a turn and listener */
#define WORKER_HANDSHAKES 8             /* steps a turn: the SNA thread may share it */
#define WORKER_ROOM 64u                 /* RPLs that must fit below before a client is read */
#define WORKER_UPS 1024                 /* RPLs taken from the port a turn */

/* Reports for EZZ6034I. */
enum tn_report_kind { TR_ACCEPTED = 1, TR_NEGOTIATED, TR_SESSION, TR_SESS_DROP, TR_CONN_DROP,
	TR_PORT,
	TR_DROP_LU              /* not told: lu is to be dropped on all workers */
};

struct tn_report {
	uint8_t kind;           /* enum tn_report_kind */
	uint8_t error;          /* not a normal end: told without DEBUG */
	uint8_t debug;          /* enum tnp_debug of the client */
	uint16_t cport;
	uint32_t id;
	struct ipaddr addr;
	char lu[9];
	char object[20];        /* port, TN3270E, application, reason */
	char text[120];         /* plain words */
};

enum worker_order { WO_PROFILE = 1, WO_QUIESCE, WO_RESUME, WO_STOP, WO_LIST, WO_DROP_LU, WO_HALT,
	WO_METRICS, WO_END };

/* What D TCPIP,,TELNET,CONN wants. Kept by the asker until all have answered. */
struct worker_query {
	uint32_t ticket;
	uint8_t detail;
	uint8_t long_format;
	uint16_t port_lo, port_hi;      /* 0: all */
	uint32_t conn;                  /* 0: any */
	uint32_t max;
	char lu[20], appl[20];          /* patterns, "" any */
	char proto[12];
	struct ipaddr addr;             /* none: any */
	const struct profile *profile;  /* NULL: any */
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
	uint32_t conns;
	uint8_t state;                  /* enum listen_state */
};
enum listen_state { LS_CLOSED, LS_ACTIVE, LS_QUIESCED };

struct worker_answer {
	uint32_t found;
	struct con con;
	struct port_count port[TNP_PORTS];
	unsigned n_ports;
	uint64_t stat[32];
};

enum tn_stat { TN_ACCEPTED, TN_CLIENTS, TN_REFUSED_FULL, TN_TLS_OK, TN_TLS_FAILED, TN_NEG_E,
	TN_NEG_3270, TN_NEG_LINE, TN_NEG_FAILED, TN_LU_REFUSED, TN_LOGONS, TN_LOGON_FAILED,
	TN_SESSIONS, TN_RECORDS_IN, TN_RECORDS_OUT, TN_BYTES_IN, TN_BYTES_OUT, TN_DROP_CLIENT,
	TN_DROP_SILENT, TN_DROP_SENDQ, TN_DROP_OTHER, TN_STALLS, TN_NO_BUFFER, TN_REPORTS_LOST,
	TN_NAMES, TN_NAMES_LATE,
	TN_NSTAT };
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
	unsigned index;
	struct loop *loop;              /* own or the SNA thread's */
	struct loop own;
	struct acb_port *port;
	struct bufpool bufs;
	struct pool conns;
	struct dueheap due;
	struct connhead flush;
	struct connwait stall;
	struct tnlisten listen[TNP_PORTS];
	unsigned n_listen;
	struct ring orders, answers;    /* worker_msg */
	struct ring reports;            /* tn_report */
	struct loop *main_loop;         /* to wake; NULL: same thread */
	_Atomic uint32_t *next_id;      /* connection ids, of all workers */
	uint64_t stat[TN_NSTAT];
	unsigned handshakes;            /* this turn */
	uint32_t max_conns;
	uint8_t halting, idle_told, ended;
	struct mono accept_at;
	struct links links;
	struct resolve *resolve;        /* NULL: no profile goes by host names */
	struct logbound full_log, tls_log;
	pthread_t thread;
	uint8_t has_thread;
	_Atomic uint32_t ready;         /* thread: 1 it runs */
};

/* 0 or -errno. The port is the worker's from here. */
int      worker_init(struct worker *, unsigned index, struct loop *shared);
void     worker_fini(struct worker *);
/* One turn: events, orders, RPLs, deadlines, writes. */
void     worker_turn(struct worker *, struct mono, const struct loop_ev *, int n);
struct mono worker_deadline(const struct worker *);
void    *worker_main(void *);                           /* a thread */

/* For conn. */
struct tn_report worker_report_of(const struct conn *, enum tn_report_kind, const char *object);
void     worker_report(struct worker *, const struct tn_report *);
void     worker_free(struct worker *, struct conn *);   /* socket and LU are gone */
uint32_t worker_user(const struct worker *, const struct conn *);

#endif
