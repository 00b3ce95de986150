/* SPDX-License-Identifier: Apache-2.0
 *
 * app.h - built-in applications and the life they have in common.
 *
 * An application is what a program on a host is: it opens an ACB, takes logons,
 * talks. What all do alike (OPEN, logon, BIND, UNBIND, CLOSE, responses, chains,
 * session table) is here; what each does with its screens is its own
 * (app_echo, app_tso, app_drive).
 *
 * Takes:   an acb_port for each application, made by the node; S commands.
 * Gives:   RPLs down that port; ports back when their application has ended.
 * Memory:  one block and one session pool per application, got at its start;
 *          buffers from the port's pool. Nothing per message.
 * Errors:  text for the operator in err; -errno beside it.
 * Thread:  the port's user thread (SNA).
 */
#ifndef VTAMSIM_APP_H
#define VTAMSIM_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/mono.h"
#include "base/pool.h"
#include "snaee/bind.h"
#include "vtamsim/acb.h"

#define APPS_MAX 32
#define APP_ERR_MAX 96
#define APP_SESS_MAX 65536      /* sessions of one application, unless MAX= says less */
#define APP_ROOM 32             /* free places in the ring below before an event is taken */

struct app;

enum app_sess_state { APP_S_LOGON = 1, APP_S_UP, APP_S_ENDING };

/* Head of every application's session slot. */
struct app_sess {
	uint32_t sess;          /* node's handle */
	uint32_t suser;         /* our tag: index + 1 */
	uint8_t state;          /* enum app_sess_state */
	uint8_t lutype, fm;     /* from the BIND */
	uint8_t screen;         /* a 3270 data stream flows; else lines of text */
	uint8_t flip;           /* half-duplex flip-flop: CD passes the turn */
	uint8_t turn;           /* we may send */
	uint8_t purge;          /* the rest of an inbound chain is of no use */
	struct bind_screen size;
	uint32_t max_ru;        /* we may send; 0 no limit */
	struct sna_name lu;     /* NETID.LU */
	char mode[9];
	uint32_t user;          /* of the application: it may number its sessions */
	struct buf *chain;      /* inbound chain so far */
	uint32_t lustat, lustats;       /* status of the last LUSTAT, how many */
	uint64_t in, out;       /* messages */
};

enum app_what {
	APP_LOGON = 1,          /* data may flow: greet */
	APP_DATA,               /* a chain: buf, or NULL when empty */
	APP_RSP,                /* positive, or sense; snf. refused: the request never left */
	APP_ATTN,               /* SIGNAL */
	APP_REPAINT,            /* LUSTAT: the screen was lost */
	APP_END                 /* the session is over; its slot dies with the next app_next() */
};

struct app_ev {
	uint8_t what;           /* enum app_what */
	uint8_t refused;
	uint16_t snf;
	uint32_t rh, sense;
	struct app_sess *s;
	struct buf *buf;        /* DATA: the application's now */
};

struct app_desc {
	const char *name;       /* of S name */
	const char *help;
	size_t size;            /* of its own block, app->own; 0: none */
	size_t sess_size;       /* of a slot; struct app_sess comes first */
	/* An operand that is not APPL= or MAX=. 0, or -EINVAL and err. */
	int  (*operand)(struct app *, const char *key, const char *value, char err[APP_ERR_MAX]);
	void (*ready)(struct app *);            /* all operands seen; may be NULL */
	void (*turn)(struct app *, struct mono now);
	void (*show)(const struct app *, struct con *);
	struct mono (*deadline)(const struct app *);    /* NULL: no timers */
	void (*expire)(struct app *, struct mono now);
	/* The BIND of a logon may be changed: true where it was. NULL: the mode's. */
	bool (*bind)(struct app *, struct acb_cinit *);
	/* app_acquire() failed. True: it need not be told. NULL: the log has it. */
	bool (*nspe)(struct app *, const struct sna_name *lu, uint32_t sense);
	uint8_t max_lutype;     /* it talks to LUs up to this type; 0: up to 2 */
};

enum app_state { APP_OPENING = 1, APP_OPEN, APP_CLOSING, APP_ENDED };

struct app {
	const struct app_desc *desc;
	struct acb_port *port;
	void *own;
	uint8_t state;          /* enum app_state */
	uint8_t why;            /* enum acb_err, when OPEN failed */
	char job[9];            /* the name it was started under */
	struct sna_name appl;   /* ACB name; NETID.NAME once open */
	uint32_t acb;
	uint32_t max_sess;
	uint32_t sense;
	struct pool slots;
	struct app_sess *dead;  /* told by APP_END, freed by the next app_next() */
	uint64_t logons, refused, in, out, senderr, starved;
};

struct appset {
	const struct app_desc *const *table;    /* NULL-ended */
	struct app *v[APPS_MAX];
};

extern const struct app_desc *const app_table[];        /* all built-in ones */

void     appset_init(struct appset *, const struct app_desc *const *table);
void     appset_fini(struct appset *);          /* frees; the ports are the node's */
/* S name,params: "APPL=ECHO,SIZE=500"; NULL or "" is fine. The port stays with
 * the application until appset_reap() when 0 comes back. */
int      app_start(struct appset *, const char *name, const char *params, struct acb_port *,
             char err[APP_ERR_MAX]);
/* By application, job or ACB name. False: none has it. */
bool     app_stop(struct appset *, const char *name);
void     appset_turn(struct appset *, struct mono now);
void     appset_stop(struct appset *);          /* all: RPL_CLOSE goes down */
bool     appset_idle(const struct appset *);    /* none left */
struct mono appset_deadline(const struct appset *);
void     appset_expire(struct appset *, struct mono now);
void     appset_show(const struct appset *, struct con *);
/* The port of an application that has ended, to be given back; NULL: none. */
struct acb_port *appset_reap(struct appset *);

/* For the applications. */

/* The next event; what all applications do alike is done on the way. */
bool     app_next(struct app *, struct app_ev *);
struct buf *app_buf(struct app *, size_t room);         /* NULL counts as starved */
/* One chain, response as in rh; BB and CD as the session has them when wanted.
 * Takes buf. */
void     app_send(struct app *, struct app_sess *, uint32_t rh, struct buf *);
/* The same from bytes of any length; false when buffers are short. */
bool     app_write(struct app *, struct app_sess *, uint32_t rh, const void *, size_t n);
/* One request as it is, RH and all. Takes buf; NULL: empty. */
void     app_request(struct app *, struct app_sess *, uint32_t rh, struct buf *);
void     app_end(struct app *, struct app_sess *);      /* UNBIND, normal */
void     app_unbind(struct app *, struct app_sess *, unsigned type, uint32_t sense);
/* Asks an LU into session: SIMLOGON. */
void     app_acquire(struct app *, const struct acb_logon *);
struct app_sess *app_sess_at(const struct app *, uint32_t suser);       /* or NULL */
/* Decimal operand in lo..hi. */
bool     app_number(const char *, unsigned long lo, unsigned long hi, uint32_t *);

/* The usual word: exception response, begin bracket, your turn. */
#define APP_RH (RH_RQE1 | RH_BBI | RH_CDI)

#endif
