/* SPDX-License-Identifier: Apache-2.0
 *
 * acb.h - the application interface: ACBs and rings of RPLs.
 *
 * What VTAM's API is to a program, this is to an application here and to the
 * Telnet server: open an ACB under an LU name, log on or be logged on to, send
 * and receive RUs. A user of the interface (a worker thread, a built-in
 * application) has one port: a ring of requests down, a ring of events up.
 *
 * Takes:   RPLs down (acb_submit).
 * Gives:   RPLs up (acb_poll).
 * Order:   RH as in snaee/piu.h.
 * Memory:  an RPL moves by value; its buffer moves with it. Parameters of an
 *          RPL (struct acb_open ..) are the bytes of its buffer.
 * Errors:  sense codes; acb_submit() is false when the ring is full: stop
 *          reading that client, nothing is lost. The user's loop is woken when
 *          there is room again; so is the node when it waited for room above.
 *          SENDs that find the pacing window closed wait, HS_TXQ_MAX of them;
 *          the next one comes back as SENDERR 08120000 and the session lives.
 * Thread:  one user thread per port; the other end is the SNA thread.
 */
#ifndef VTAMSIM_ACB_H
#define VTAMSIM_ACB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ebcdic.h"
#include "base/loop.h"
#include "base/ring.h"
#include "snaee/piu.h"

enum rpl_op {
	/* user to node */
	RPL_OPEN = 1,   /* parm acb_open. OPENED or OPENFAIL */
	RPL_CLOSE,      /* ends its sessions and logons too. CLOSED; suser: seconds the name is
			 * kept for the owner */
	RPL_REQSESS,    /* SLU logs on: parm acb_logon. BIND, or NSPE with sense */
	RPL_TERMSESS,   /* SLU ends sess (flags: UNBIND type, 0 = 01); its logon when 0 */
	RPL_OPNDST,     /* PLU takes the CINIT sess (suser: its tag); buf: BIND RU, NULL: CINIT's */
	RPL_CLSDST,     /* PLU ends sess (flags: UNBIND type) or refuses the CINIT (sense) */
	RPL_OPNSEC,     /* SLU takes the BIND of sess */
	RPL_REJBIND,    /* SLU refuses the BIND of sess: sense */
	RPL_SEND,       /* a request RU on sess: rh; buf may be NULL */
	RPL_RESP,       /* answers snf: rh of the request, sense 0 = positive */
	RPL_PACE,       /* consumed the DATA that carried RH_PI */
	RPL_DETACH,     /* leaves its user with its sessions; CLOSED with flags ACB_MOVED */
	RPL_ATTACH,     /* the detached acb is this user's: parm acb_open (client, owner). OPENED
			 * with flags ACB_MOVED, or OPENFAIL */
	RPL_SIMLOGON,   /* PLU wants an LU: parm acb_logon, appl = the LU. CINIT or NSPE */
	/* node to user */
	RPL_OPENED,     /* acb: handle; parm acb_opened */
	RPL_OPENFAIL,   /* flags: enum acb_err; sense */
	RPL_CLOSED,     /* last word on acb; flags 1: the operator or shutdown did it */
	RPL_CINIT,      /* logon exit: sess; parm acb_cinit. OPNDST or CLSDST */
	RPL_BIND,       /* SCIP exit: sess; buf: BIND RU from X'31' on. OPNSEC or REJBIND */
	RPL_STARTED,    /* data traffic is active; PLU: rh = max RU it may send */
	RPL_UNBIND,     /* sess has ended; flags: UNBIND type; sense; snf 1: our operator did
			 * it. sess is dead */
	RPL_NSPE,       /* the logon failed: sense; buf: NULL, of a SIMLOGON the LU's name */
	RPL_DATA,       /* a request RU: rh, snf; buf may be NULL; sense: exception request */
	RPL_RSP,        /* a response to snf: rh, sense */
	RPL_SENDERR,    /* the SEND was refused here: sense, snf 0; buf comes back or NULL */
	RPL_NOP
};

enum acb_err {
	ACB_OK, ACB_UNKNOWN,    /* no APPL and no model has the name */
	ACB_INUSE,              /* somebody has it open */
	ACB_KEPT,               /* it is kept for another (KEEPLU) */
	ACB_NOPARTNER,          /* the partner LU is not open */
	ACB_INACTIVE,           /* defined, not active (V NET,INACT) */
	ACB_EXHAUSTED,          /* no free LU in the pool */
	ACB_NOTINPOOL,          /* the specific name is not in the pools it may come from */
	ACB_WRONGTYPE,          /* printer asked, terminal found, or the other way */
	ACB_STORAGE,            /* pools empty: 08120000 */
	ACB_HALTING             /* Z NET */
};

#define ACB_MOVED 2             /* flags of CLOSED and OPENED: DETACH, ATTACH */
#define ACB_LIMBO_S 30          /* detached so long, it is closed */

struct rpl {
	uint8_t op;             /* enum rpl_op */
	uint8_t flags;
	uint16_t snf;
	uint32_t acb;           /* node's handle; 0 in OPEN */
	uint32_t sess;          /* node's handle of a session or CINIT; 0 none */
	uint32_t user;          /* user's tag of the ACB; set in OPEN, comes back in all */
	uint32_t suser;         /* user's tag of the session (OPNDST, OPNSEC); comes back */
	uint32_t sense;
	uint32_t rh;
	struct buf *buf;
};

#define ACB_POOLS_MAX 8

struct acb_open {
	struct sna_name name;           /* specific LU or APPL; empty: choose from pools */
	uint16_t pool[ACB_POOLS_MAX];   /* lupool ids to choose from / to be in; 0 ends */
	uint8_t printer;                /* pools of printers */
	uint8_t plu, slu;               /* CAPABILITY ENABLED */
	uint16_t within;                /* in this pool, too; 0: no more is asked */
	struct sna_name partner;        /* this LU has to be open; empty: no more is asked */
	uint8_t first_free;             /* choose the first free one, not the next */
	uint64_t owner;                 /* who opens it: equal numbers are one; 0 nobody */
	char client[64];                /* "addr..port" of a Telnet client, or "" */
	char logmode[9];                /* by device type; "" = DLOGMOD */
	char job[9];                    /* IST271I */
};

struct acb_opened {
	struct sna_name name;           /* NETID.LU */
};

#define ACB_DATA_MAX 255

struct acb_logon {
	struct sna_name appl;           /* DLU, may be qualified */
	char mode[9];                   /* "" = default */
	uint8_t data_len;
	uint8_t data[ACB_DATA_MAX];     /* EBCDIC */
};

struct acb_cinit {
	struct sna_name lu;             /* NETID.LU of the SLU */
	char mode[9];
	char cos[9];
	uint16_t bind_len;
	uint8_t bind[64];               /* BIND RU (X'31' on, fixed part) from the mode */
	uint8_t data_len;
	uint8_t data[ACB_DATA_MAX];
};

struct acb_port {
	char name[16];
	struct ring down, up;           /* of struct rpl */
	struct loop *node_loop;         /* to wake; NULL: same thread */
	struct loop *user_loop;
	struct bufpool *bufs;           /* the user's; node answers from its own */
	uint32_t id;                    /* node's index of the port */
	_Atomic bool up_full;           /* the node waits for room in up */
	_Atomic bool down_full;         /* the user waits for room in down */
};

/* The user's side. */
bool acb_submit(struct acb_port *, const struct rpl *); /* takes rpl->buf when true */
bool acb_poll(struct acb_port *, struct rpl *);         /* gives rpl->buf */
/* wake the node if it sleeps; once a turn */
void acb_kick(struct acb_port *);
uint32_t acb_room(struct acb_port *);                   /* RPLs that fit below */

#endif
