/* SPDX-License-Identifier: Apache-2.0
 *
 * conn.h - one client: its socket, TLS, telnet, negotiation and LU.
 *
 * Takes:   socket events, RPLs of its LU, time.
 * Gives:   bytes to its socket; reports for the operator.
 * Memory:  the struct; TLS state where there is TLS; buffers while records are
 *          under way. Queue to the client: MAXTCPSENDQ.
 * Errors:  the client is told why in plain words where that can be, the
 *          operator always (EZZ6034I), then the connection ends.
 * Thread:  its worker's, for life.
 * Source:  companions tn3270e 3, 4, 14; zos-telnet-server 9, 15.
 */
#ifndef TN3270E_CONN_H
#define TN3270E_CONN_H

#include "base/due.h"
#include "base/loop.h"
#include "tn3270e/profile.h"
#include "tn3270e/telnet.h"
#include "tn3270e/tls.h"
#include "tn3270e/tnlu.h"
#include "tn3270e/tnneg.h"

struct conn_mon;
struct worker;

enum tn_kind { TNK_LISTEN = 1, TNK_CLIENT, TNK_ELF };    /* kinds of loop_tags of room LOOP_TN */

enum conn_state {
	CS_FREE, CS_PEEK,       /* CONNTYPE SECURE, ANY: will a ClientHello come? */
	CS_TLS, CS_NEG, CS_RUN,
	CS_GONE,                /* socket closed, the LU not yet */
	CS_PROXY,               /* its proxy's header is awaited */
	CS_NAME                 /* its host name is asked for: nothing is read or said */
};

enum conn_screen { SCR_NONE, SCR_LOGO, SCR_MESSAGE, SCR_CLEAR };

struct conn {
	struct loop_tag tag;
	uint8_t state;                  /* enum conn_state */
	uint8_t armed;                  /* LOOP_IN, LOOP_OUT: what the loop watches */
	uint8_t stalled;                /* reading waits: no room below, LU chosen, input held */
	uint8_t on_flush, on_stall;
	uint8_t screen;                 /* enum conn_screen */
	uint8_t first_done;             /* FIRSTONLY: the default application was used */
	uint8_t tm_sent;
	uint8_t tm_stuck;               /* scans in a row that could not send it */
	uint8_t counted, young;         /* in the worker's traffic table; in its list */
	uint8_t lu_wanted;              /* as soon as the old LU is closed */
	uint8_t lu_gone;                /* it was taken down while idle: tries to have it again */
	uint8_t tls_tried;              /* the client had its chance to begin TLS */
	uint8_t ended;                  /* drop when the queue is out */
	uint8_t dropping;
	uint8_t line_at;                /* LINE_* of linemode.h */
	uint8_t listen;                 /* place of its listener */
	uint8_t listed;                 /* in the worker's table of LUs */
	uint8_t tko_asked, tko_left;    /* takeover was asked for; answers that are to come */
	uint8_t vanished;               /* TCP says that nobody answers */
	uint8_t passed;                 /* by UNBIND 02: another's BIND is to come */
	uint8_t handing;                /* its session goes to another client */
	uint8_t tko_named;              /* a generic request: tko_lu is tried first */
	int fd;
	uint32_t id;                    /* CONN */
	struct worker *w;
	struct tls *tls;
	struct elf_wait *elf;           /* a ticket is waited for, and input with it */
	const struct tnp_port *port;
	const struct tnp_parms *parms;
	const struct tnp_map *map;
	const struct tnp_appl *appl;    /* of the session: its options; or NULL */
	struct tnp_client who;
	const struct resolve_name *host;        /* what who.host points into */
	uint16_t cport;
	uint32_t place;                 /* +1 in map->group->assigned */
	uint32_t no_session;            /* sense the operator heard of the last failed logon */
	struct telnet tel;
	struct tnneg neg;
	struct tnlu lu;
	char mode[9];                   /* logon mode of the device */
	char tko_lu[9];                 /* whose last client is dead */
	struct conn_late *late;         /* a logon that waits for another LU */
	struct tnlu *moved;             /* another's session: attached when negotiated */
	struct tko_probe *probe;        /* another wants to know if this one lives */
	struct tko_same *same;
	struct mapent lu_ent;
	struct due due;
	struct buf *line;               /* line mode: what was typed so far */
	struct mono since, last_in, last_out, tm_at, step_by, neg_by, relog_at, probe_by, tko_by;
	uint64_t bytes_in, bytes_out;
	struct {                        /* the session under way: when it began */
		struct mono since;
		uint64_t in, out;       /* bytes until then */
		uint32_t records;
		uint8_t on;
	} sess;
	struct conn_mon *mon;           /* response times; NULL: nobody wants them */
	STAILQ_ENTRY(conn) flush_link;
	TAILQ_ENTRY(conn) stall_link, same_link, young_link;
};
STAILQ_HEAD(connhead, conn);
TAILQ_HEAD(connwait, conn);

struct conn_from {
	int fd;
	struct ipaddr addr, dest;
	uint16_t port;
};

/* A new client; the worker has put it in its tables. */
void     conn_begin(struct conn *, const struct conn_from *, const struct tnp_port *, struct mono);
/* Its host name, NULL: it has none. Holds it. */
void     conn_named(struct conn *, const struct resolve_name *, struct mono);
void     conn_event(struct conn *, uint32_t what, struct mono);
void     conn_rpl(struct conn *, struct rpl *, struct mono);
void     conn_expire(struct conn *, struct mono);
void     conn_flush(struct conn *, struct mono);
void     conn_unstall(struct conn *, struct mono);      /* there is room again */
/* Ends it: reason as EZZ6034I shows it (8), text for people. */
void     conn_drop(struct conn *, const char *reason, const char *text, struct mono);
void     conn_due(struct conn *);                       /* sets its deadline anew */
const char *conn_lu(const struct conn *);               /* "TCP00001" or "**N/A**" */
struct con;
struct worker_query;
bool     conn_matches(const struct conn *, const struct worker_query *);
void     conn_show(const struct conn *, const struct worker_query *, struct mono, struct con *);

#endif
