/* SPDX-License-Identifier: Apache-2.0
 *
 * ee.h - Enterprise Extender: local IP addresses with five UDP ports each, and
 * the link stations (ldlc) and RTP connections (rtp) behind them. A core: it
 * sees datagrams and a time. eeio.h puts sockets under it; the simulator puts
 * a lossy network under it.
 *
 * Takes:   datagrams (ee_input), PIUs for a pipe (ee_send), orders to dial.
 * Gives:   what happened (ee_recv) and datagrams (ee_output).
 * Units:   seconds in ee_cfg as the operands have them; bytes.
 * Memory:  pools made by ee_init(); never allocates later, never blocks.
 * Errors:  sense code, 0 accepted; -errno from ee_init().
 * Thread:  SNA.
 * Source:  RFC 2353; companion ee-hpr-rtp.
 */
#ifndef SNAEE_EE_H
#define SNAEE_EE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/con.h"
#include "base/due.h"
#include "base/ebcdic.h"
#include "base/ipaddr.h"
#include "base/map.h"
#include "base/mono.h"
#include "base/pool.h"
#include "base/stats.h"
#include "snaee/flight.h"
#include "snaee/xid.h"

/* The five ports, in IPPORT order: RFC 2353 section 2.6.1. */
enum ee_port { EE_SIGNAL, EE_NETWORK, EE_HIGH, EE_MEDIUM, EE_LOW, EE_NPORT };
/* Transmission priority, NHDR coding; port EE_LOW - tpf carries it. */
enum tpf { TPF_LOW, TPF_MEDIUM, TPF_HIGH, TPF_NETWORK };
#define EE_LOCALS 8             /* local addresses */
/* Which component of the partner a pipe ends in (labels: nlp.h). */
enum nce { NCE_CP = 1, NCE_RSETUP, NCE_LU };

struct ldlc;
struct rtp;

struct ee_cfg {
	struct ipaddr local;            /* the first one; fam 0: none yet */
	uint16_t port0;                 /* 12000: signal, then the other four */
	uint8_t tos[EE_NPORT];
	uint16_t livtime, livtime_max;  /* s; max 0: no growth */
	uint16_t srqtime;               /* s */
	uint16_t srqretry;
	struct sna_name cpname;         /* ours, NETID.NAME */
	uint32_t nodeid;                /* XID bytes 2-5: block and number */
	uint16_t max_btu;               /* bytes behind the LLC header we take */
	uint8_t network_node;           /* 1: NN, 0: EN */
	uint8_t pmtud;                  /* PMTUD=TCPVALUE: datagrams may be refused as too long */
	uint8_t no_alive;               /* HPREELIV=YES: pipes to neighbours rely on LIVTIME */
	uint32_t pst[4];                /* HPRPST by tpf, s */
	uint32_t max_links, max_pipes;
	uint64_t seed;                  /* TCIDs, ids, jitter: not for secrets */
	uint32_t instance;              /* of our NCEs: another after every start; 0: from seed */
	struct bufpool *bufs;
};

#define EE_PSDLY_EE 0xffff
#define EE_LIMRES_S 45                  /* a limited resource lies idle so long; RFC 2353 */
struct ee_linkparm {
	struct ipaddr remote;
	uint8_t local;                  /* which of our addresses: ee_add_local() */
	uint8_t sap_local, sap_remote;  /* 4 */
	uint8_t tgn;                    /* 0: negotiable; 1-20 predefined */
	uint8_t cpcp;                   /* 1: CP-CP sessions wanted on this TG */
	uint8_t limited;                /* limited resource */
	struct sna_name vrn;            /* the connection network it goes over; empty: none */
	uint8_t arb;                    /* enum arb_mode pipes to the neighbour offer; 0: ours */
	uint16_t livtime, livtime_max, srqtime, srqretry;       /* 0: as ee_cfg */
	uint16_t psdly_s, idle_s;       /* HPRPSDLY, EE_PSDLY_EE: EEDELAY; DISCNTIM, 0: none */
	struct sna_name cpname;         /* partner's; empty: any */
	uint32_t nodeid;                /* partner's, XID bytes 2-5; 0: any */
	uint8_t node_type;              /* enum xn_want: must it be a network node? */
	void *owner;                    /* the caller's switched PU */
};

enum ee_what {
	EEI_CALL = 1,   /* an XID from a partner without a link: ee_answer() or ee_refuse() */
	EEI_LINK_UP,    /* link->peer has its XID; CP-CP may start */
	EEI_LINK_DOWN,  /* sense says why; the handle dies with this */
	EEI_PIPE_UP,    /* ours connected, or (rtp_owner() NULL) a partner's */
	EEI_PIPE_DOWN,  /* sense says why; the handle dies with this */
	EEI_PIU,        /* buf: from the FID5 TH on, whole message, in order and once */
	EEI_PATH,       /* path switch: step, why; sense 0: on its (new) link */
	EEI_STALL,      /* the partner acknowledges nothing: sense 1, told again; 0: over */
	EEI_PROBE,      /* probe: what became of ee_probe() */
	EEI_IDLE,       /* the last pipe for sessions on a link is gone */
	EEI_MTU,        /* the path of a link takes less than it was thought: its max_btu */
	EEI_DENIED      /* a caller whose XID was not acceptable: from, sense; xid or NULL */
};

/* Which ports of an address answer. */
struct ee_probe {
	struct ipaddr to;
	uint8_t local;          /* from which of our addresses */
	uint32_t id;
	uint8_t ok;             /* bit enum ee_port */
	uint32_t rtt_us[EE_NPORT];
};

struct ee_ind {
	uint8_t what;           /* enum ee_what */
	uint8_t called;         /* CALL, LINK_*, PIPE_*: the partner started it */
	uint8_t local;          /* CALL, LINK_*, DENIED: to which of our addresses */
	uint8_t step, why;      /* PATH: enum rtp_step, rtp_why */
	struct ldlc *link;
	struct rtp *rtp;
	void *owner;            /* of the link or pipe */
	uint32_t sense;
	struct ipaddr from;     /* CALL, DENIED */
	const struct xid *xid;  /* CALL, LINK_UP, DENIED: partner's; borrowed until the next
	                         * ee_recv() */
	struct buf *buf;        /* PIU */
	struct ee_probe probe;
};

/* One datagram to be sent at once: hdr, then data (borrowed until the next
 * call of any ee_* function that is not ee_output()). */
struct ee_dgram {
	struct ipaddr to;
	uint64_t tcid;          /* of the pipe it is of, ours; 0: of none. For traces */
	uint16_t port;          /* destination (and source) UDP port */
	uint8_t idx;            /* enum ee_port */
	uint8_t local;          /* from which of our addresses */
	uint8_t ask_mtu;        /* ee_path_mtu() wants to hear what the way there takes */
	uint16_t hdr_len;
	uint8_t hdr[896];       /* LLC on; an XID whole */
	const uint8_t *data;    /* may be NULL */
	uint32_t data_len;
};

struct ee;

struct ee *ee_new(const struct ee_cfg *, int *err);     /* NULL: *err = -errno */
void     ee_free(struct ee *);
const struct ee_cfg *ee_config(const struct ee *);

/* One more address; the index it has (also when it is there already), or -ENOSPC. */
int      ee_add_local(struct ee *, const struct ipaddr *);
/* fam 0 behind the last. */
const struct ipaddr *ee_local(const struct ee *, unsigned i);

/* Links. */
struct ldlc *ee_dial(struct ee *, struct mono now, const struct ee_linkparm *,
             uint32_t *sense);
void     ee_answer(struct ee *, struct mono now, struct ldlc *, const struct ee_linkparm *);
/* The handle dies with this; no LINK_DOWN follows. */
void     ee_refuse(struct ee *, struct mono now, struct ldlc *, uint32_t sense);
void     ee_hangup(struct ee *, struct mono now, struct ldlc *);        /* DISC; LINK_DOWN comes */
struct ldlc *ee_link_to(const struct ee *, const struct ipaddr *remote);   /* or NULL */

/* Pipes. cos: up to 8 characters, the class of service ("topic"). */
struct rtp *ee_connect(struct ee *, struct mono now, struct ldlc *, enum nce, enum tpf,
             const char *cos, void *owner);             /* NULL: pool empty or link down */
/* A pipe to a node that is not the link's partner: what Route Setup found. */
#define EE_ANR_MAX 24
struct ee_far {
	enum nce nce;
	enum tpf tpf;
	const char *cos;
	const struct sna_name *peer;    /* CP at the far end */
	uint8_t there_len, back_len;
	uint8_t there[EE_ANR_MAX];      /* labels from our neighbour on, with the far NCE */
	uint8_t back[EE_ANR_MAX];       /* from its neighbour to us, without our NCE */
	uint16_t max_packet;            /* smallest of the links, from the NHDR on */
};
struct rtp *ee_connect_far(struct ee *, struct mono now, struct ldlc *first,
             const struct ee_far *, void *owner);
/* Another way for it, after a failure or on command: path switch, which EEI_PATH tells
 * the end of. By nodes between, or by a link to the partner itself; either may be the one
 * it has. why: enum rtp_why; it counts only if the old way is all right. False: not
 * possible. A pipe whose partner was started again ends. */
bool     ee_reroute(struct ee *, struct mono now, struct rtp *, struct ldlc *first,
             const struct ee_far *, unsigned why);
bool     ee_move(struct ee *, struct mono now, struct rtp *, struct ldlc *, unsigned why);
/* Pipes whose path the link is. A limited resource without any is hung up. */
uint32_t ee_link_pipes(const struct ldlc *);
uint32_t ee_link_lu_pipes(const struct ldlc *); /* for sessions of LUs; EEI_IDLE: the last went */
uint64_t ee_link_passed(const struct ldlc *);   /* NLPs of others to or from it */
/* Our label of the TG, for partners that route through us. */
struct label ee_label(const struct ldlc *);
void     ee_adopt(struct rtp *, void *owner);           /* owner of a called pipe */
uint32_t ee_send(struct ee *, struct mono now, struct rtp *, struct buf *piu);  /* takes it if 0 */
bool     ee_congested(const struct rtp *);              /* send queue above its high mark */
void     ee_close(struct ee *, struct mono now, struct rtp *);  /* orderly; PIPE_DOWN follows */
/* Ends it at once, with a connection fault; PIPE_DOWN follows. */
void     ee_abandon(struct ee *, struct mono now, struct rtp *, uint32_t sense);
/* Sessions on it: while there are any, the partner's close is refused. */
void     ee_sessions(struct rtp *, uint32_t n);
struct ldlc *ee_pipe_link(const struct rtp *);          /* NULL while it has no path */
const struct sna_name *ee_pipe_peer(const struct rtp *);        /* CP at the other end */
void    *ee_pipe_owner(const struct rtp *);
/* The last packets of a pipe; ee_keep() puts them where they stay, also with
 * PIPE_DOWN in hand. */
void     ee_keep(struct ee *, struct mono now, const struct rtp *, const char *name,
             enum flight_why, uint32_t sense);
const struct flight *ee_flight(const struct ee *);
uint32_t ee_pipe_last(const struct rtp *);
/* Whose packet it was, for traces: an NLP that came in (from the NHDR on); our TCID. */
struct rtp *ee_pipe_of_nlp(const struct ee *, const uint8_t *, size_t);
struct rtp *ee_pipe_at(const struct ee *, uint64_t tcid);
const struct sna_name *ee_pipe_via(const struct rtp *); /* CP at its link's other end */
bool     ee_pipe_far(const struct rtp *);               /* nodes lie between */
/* HPRPST by tpf, s: for pipes from now on. */
void     ee_set_pst(struct ee *, const uint32_t s[4]);
enum nce ee_pipe_nce(const struct rtp *);               /* the component it serves */

/* The driver's turn. */
void     ee_input_at(struct ee *, struct mono now, unsigned local, const struct ipaddr *from,
             enum ee_port, struct buf *);               /* takes it; from LLC on */
static inline void                                      /* to the first address */
ee_input(struct ee *ee, struct mono now, const struct ipaddr *from, enum ee_port p, struct buf *b)
{
	ee_input_at(ee, now, 0, from, p, b);
}
bool     ee_recv(struct ee *, struct mono now, struct ee_ind *);
bool     ee_output(struct ee *, struct mono now, struct ee_dgram *);
void     ee_unreachable(struct ee *, struct mono now, const struct ipaddr *to, int err);
/* The network takes IP packets of so many bytes between these two addresses. */
void     ee_path_mtu(struct ee *, struct mono now, unsigned local, const struct ipaddr *to,
             uint32_t mtu);
struct mono ee_deadline(const struct ee *);
void     ee_expire(struct ee *, struct mono now);
void     ee_stop(struct ee *, struct mono now);         /* hang up all */
bool     ee_idle(const struct ee *);                    /* nothing left: pools empty */

/* TEST to each of the five ports; PROBE follows after EE_PROBE_S at the latest. Its id, 0: too
 * many. */
#define EE_PROBE_S 5            /* a link may end for it: not for lost datagrams */
/* A status request of a pipe: does its partner answer? */
void     ee_ask(struct ee *, struct rtp *);
uint32_t ee_probe(struct ee *, struct mono now, unsigned local, const struct ipaddr *);

/* For the operator. Walks: start with NULL. */
struct ldlc *ee_next_link(const struct ee *, struct ldlc *);
struct rtp *ee_next_pipe(const struct ee *, struct rtp *);
void     ee_show(const struct ee *, struct mono now, struct con *);
extern const struct stat_desc ee_stat_desc[];
const uint64_t *ee_stats(const struct ee *, unsigned *n);
void     ee_pools(const struct ee *, struct con *);     /* D NET,BFRUSE lines */

#endif
