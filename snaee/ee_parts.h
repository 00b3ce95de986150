/* SPDX-License-Identifier: Apache-2.0
 *
 * ee_parts.h - the inside of an ee, for ee*.c and nobody else.
 *
 * Links and pipes sit in pools; a handle outside (struct ldlc *, struct rtp *)
 * is the first member of the object here. An object is on a ready list while
 * it has something to give, and in the heap at its earliest deadline: nothing
 * ever looks at all of them.
 *
 * Files:   ee.c       birth and death, configuration, the turn (recv, expire)
 *          ee_link.c  the table of links: dial, answer, look-up, TG numbers
 *          ee_in.c    demultiplexing: LLC, SAPs, NHDR, TCID
 *          ee_pipe.c  the table of pipes: connect, call, data
 *          ee_path.c  which link and labels a pipe takes: path switch
 *          ee_out.c   what is to be sent, in order of priority
 *          ee_flight.c the last packets of a pipe
 *          ee_probe.c probes of a partner's five ports
 *          ee_show.c  displays
 */
#ifndef SNAEE_EE_PARTS_H
#define SNAEE_EE_PARTS_H

#include <bsd/sys/queue.h>

#include "base/log.h"
#include "base/stats.h"
#include "snaee/anr.h"
#include "snaee/ee.h"
#include "snaee/ee_path.h"
#include "snaee/flight.h"
#include "snaee/ldlc.h"
#include "snaee/llc.h"
#include "snaee/nlp.h"
#include "snaee/rtp.h"

enum ee_kind { EEK_LINK = 1, EEK_PIPE, EEK_PROBE };

struct ee_timer {
	struct due due;
	uint8_t kind;                   /* enum ee_kind */
};

struct ee_pipe;

struct ee_link {
	struct ldlc ldlc;               /* first: the handle */
	struct ee_timer timer;
	struct mapent by_sap, by_nlp;
	TAILQ_ENTRY(ee_link) all, in, out;
	TAILQ_HEAD(, ee_pipe) pipes;    /* whose path this link is */
	uint8_t in_sap, in_nlp;         /* which maps it is in */
	uint8_t key_dsap;               /* by_nlp's key, as inserted */
	uint8_t on_in, on_out;          /* which ready lists */
	uint8_t call;                   /* CALL: 1 due, 2 given */
	uint8_t quiet;                  /* refused: no LINK_DOWN */
	uint8_t gone;                   /* DOWN was given */
	uint8_t half;                   /* counted in n_half */
	uint32_t n_pipes, n_lu;         /* all; those for sessions of LUs */
	struct mono nlp_at, anew_at;    /* last NLP; XID of a partner that is said to be new */
	uint8_t idle;                   /* EEI_IDLE is due */
	uint16_t psdly_s, alive_s;      /* HPRPSDLY and ALIVE of pipes on it */
	struct label label;             /* ANR label of the TG, ours */
	uint32_t number;                /* in the flight recorder; 0: none yet */
	struct bufq transit[4];         /* NLPs that only pass by, by TPF; ee_transit.c */
	TAILQ_ENTRY(ee_link) pass[4];
	uint64_t passed;                /* NLPs of others that came from or went to it */
};

struct ee_pipe {
	struct rtp rtp;                 /* first: the handle */
	struct ee_timer timer;
	struct mapent by_cqf;           /* called pipes: by the caller's name and TCID */
	struct ee_link *link;           /* NULL: no path now */
	struct ee *ee;
	TAILQ_ENTRY(ee_pipe) all, in, out, on_link;
	uint64_t peer_tcid;             /* by_cqf's key */
	uint64_t tcid;                  /* ours, also when it is gone */
	uint32_t last;                  /* its last entry in the flight recorder */
	struct sna_name peer;           /* CP at the other end */
	struct sna_name via;            /* CP at the other end of the link */
	uint32_t instance;              /* of that CP's NCEs */
	void *owner;
	uint8_t tpf, nce, called;
	uint8_t in_cqf, on_in, on_out;
	uint8_t calling;                /* counted in n_calling */
	uint8_t up;                     /* PIPE_UP was given */
	uint8_t gone;                   /* PIPE_DOWN was given */
	uint8_t closing;                /* ee_close(): again when the partner kept it */
	uint8_t far;                    /* nodes lie between: Route Setup finds its paths */
	struct mono close_at;
};

#define EE_PROBES 16

struct ee_try {
	struct ee_timer timer;
	struct ee_probe r;              /* id 0: free */
	uint8_t tries, done;
	struct mono sent_at;
};

/* A datagram that belongs to no link: answers to strangers, TEST responses. */
struct ee_ctl {
	struct ipaddr to;
	uint8_t at;                     /* local address it goes from */
	struct buf *echo;               /* TEST: the command turned round, whole */
	uint8_t idx;
	uint16_t len;
	uint8_t b[LLC_LEN + XID_MAX];
};
#define EE_CTL 64
#define EE_TRANSIT 512          /* NLPs that wait to pass, by link */
#define EE_TRANSIT_SLOW1 64     /* so many go before it: slowdown 1 is set, .. */
#define EE_TRANSIT_SLOW2 192    /* .. slowdown 2; our choice */
#define EE_CLOSE_AGAIN_S 10

/* Strangers, direct mapped by a hash of their address: what they were told. */
struct ee_caller {
	struct ipaddr from;
	uint8_t nulls;                  /* null XIDs answered */
	uint8_t refusals;               /* XIDs with CV 22, in a second */
	struct mono nulls_until, refusals_until, dm_after;
	struct mono test_at;            /* first TEST that belonged to no link */
	struct logbound log;
};
#define EE_CALLERS 64
#define EE_REFUSALS 4           /* a second and caller: they are longer than a short XID */

enum ee_stat { EES_RCVD, EES_RCVD_BYTES, EES_SENT, EES_SENT_BYTES, EES_BAD_LLC, EES_BAD_SAP,
	EES_BAD_NLP, EES_BAD_PORT, EES_NO_LINK, EES_NO_PIPE, EES_FOREIGN, EES_TEST_ECHO,
	EES_NULL_ECHO, EES_CALLS, EES_CALLS_REFUSED, EES_CTL_FULL, EES_DM_SENT, EES_RESTARTS,
	EES_LINKS_UP, EES_LINKS_DOWN, EES_NO_LINK_ROOM, EES_NO_PIPE_ROOM, EES_PIPES_UP,
	EES_PIPES_DOWN, EES_TRANSIT, EES_TRANSIT_FULL, EES_TRANSIT_SLOW,
	EES_UNREACHABLE, EES_PATH_MTU,
	EES_XID_ERR_SENT, EES_XID_ERR_RCVD, EES_NSTAT };
extern const struct stat_desc ee_stat_desc[EES_NSTAT];

/* The last caller that was turned away before anybody was asked; told once a minute
 * and caller, so one place is enough. */
struct ee_denied {
	uint8_t due, has_xid, at;
	struct ipaddr from;
	uint32_t sense;
	struct xid xid;
};

struct ee {
	struct ee_cfg cfg;
	struct ipaddr local[EE_LOCALS];
	uint8_t n_local;
	uint8_t at;                     /* local address of the datagram or order in hand */
	uint64_t seed;
	struct pool links, pipes, gap_tables;
	struct map by_sap, by_nlp, by_cqf;
	struct dueheap due;
	TAILQ_HEAD(ee_links, ee_link) all_links, in_links, out_links;
	struct ee_links pass_links[4];  /* with transit NLPs of that TPF */
	uint8_t pass_turn;              /* of those and pipes of one TPF in turn */
	TAILQ_HEAD(ee_pipes, ee_pipe) all_pipes, in_pipes, lost_pipes;
	struct anr anr;
	struct ee_pipes out_pipes[4];   /* by tpf */
	uint8_t stopping;
	uint32_t n_half;                /* called links that are not up */
	uint64_t epoch;                 /* pipes so far; TCIDs come of it */
	uint32_t n_calling;             /* called pipes whose caller is not confirmed */
	struct ee_ctl ctl[EE_CTL];
	uint32_t ctl_head, ctl_tail;    /* tail: next to send */
	struct bufq lent;               /* data of datagrams given by ee_output() */
	struct ee_link *grave;          /* given DOWN by the last ee_recv() */
	struct ee_pipe *pipe_grave;
	struct xid call_xid;            /* lent with CALL, LINK_UP, DENIED */
	struct ee_denied denied;
	struct ee_caller caller[EE_CALLERS];
	struct ee_try probe[EE_PROBES];
	unsigned probes_done;           /* not told yet */
	uint64_t stat[EES_NSTAT];
	struct flight *flight;
};

/* ee.c */
void     ee_begin(struct ee *);         /* what ee_output() lent is ours again */
uint64_t ee_draw(struct ee *);
void     ee_timer_set(struct ee *, struct ee_timer *, struct mono);
struct ee_caller *ee_caller(struct ee *, const struct ipaddr *);

/* ee_link.c */
/* Between the local address at and the partner's, with these SAPs. */
struct ee_link *ee_link_find(const struct ee *, unsigned at, const struct ipaddr *,
             unsigned local, unsigned remote);
struct ee_link *ee_link_nlp(const struct ee *, unsigned at, const struct ipaddr *,
             unsigned dsap, unsigned ssap);
/* A stranger's XID3 (or a restarted partner's): CALL, or a polite refusal. */
void     ee_link_call(struct ee *, struct mono now, const struct ipaddr *, const struct llc *,
             const struct buf *);
void     ee_link_reject(struct ee *, struct mono now, const struct ipaddr *, const struct llc *,
             uint32_t sense);
void     ee_link_touch(struct ee *, struct mono now, struct ee_link *); /* after any change */
void     ee_link_mark_tgns(struct ee *, struct ee_link *, const struct sna_name *peer);
bool     ee_denied_recv(struct ee *, struct ee_ind *);
bool     ee_link_recv(struct ee *, struct mono now, struct ee_ind *);
void     ee_link_bury(struct ee *, struct ee_link *);
void     ee_link_expire(struct ee *, struct mono now, struct ee_link *);

/* ee_pipe.c */
/* ee_transit.c: takes the buffer; gives the next one that goes on, and its link. */
void     ee_transit_in(struct ee *, struct ee_link *from, struct ee_link *to, struct nhdr *,
             struct buf *);
struct buf *ee_transit_out(struct ee *, unsigned tpf, struct ee_link **);
void     ee_transit_drop(struct ee *, struct ee_link *);
void     ee_pipe_nlp(struct ee *, struct mono now, struct ee_link *, const struct nhdr *,
             struct buf *);
void     ee_pipe_touch(struct ee_pipe *);                 /* after any change */
void     ee_pipes_stop(struct ee *, struct mono now);
void     ee_pipes_fini(struct ee *);
bool     ee_pipe_output(struct mono now, struct ee_pipe *, struct ee_dgram *);
bool     ee_pipe_recv(struct ee *, struct mono now, struct ee_ind *);
void     ee_pipe_bury(struct ee_pipe *);
void     ee_pipe_expire(struct mono now, struct ee_pipe *);

/* ee_flight.c */
void     ee_flight_out(struct mono now, struct ee_pipe *, const struct rtp_out *);
void     ee_flight_in(struct mono now, struct ee_pipe *, const struct nhdr *,
             const struct thdr *, const struct buf *);

/* ee_out.c */
void     ee_ctl_frame(struct ee *, const struct ipaddr *, enum ee_port, const struct llc *);
void     ee_ctl_echo(struct ee *, const struct ipaddr *, enum ee_port, const struct llc *,
             struct buf *);
void     ee_ctl_info(struct ee *, const struct ipaddr *, enum ee_port, const struct llc *,
             const uint8_t *, size_t);
void     ee_ctl_xid(struct ee *, const struct ipaddr *, const struct llc *, const struct xid *);

/* ee_probe.c */
void     ee_probe_expire(struct ee *, struct mono now, struct ee_try *);
bool     ee_probe_input(struct ee *, struct mono now, const struct ipaddr *, enum ee_port,
             const struct buf *);
bool     ee_probe_recv(struct ee *, struct ee_ind *);

static inline struct ee_link *
ee_link_of(struct ldlc *l)
{
	return (struct ee_link *)(void *)((uint8_t *)l - offsetof(struct ee_link, ldlc));
}
static inline struct ee_pipe *
ee_pipe_of(struct rtp *r)
{
	return (struct ee_pipe *)(void *)((uint8_t *)r - offsetof(struct ee_pipe, rtp));
}

#endif
