/* SPDX-License-Identifier: Apache-2.0
 *
 * app.h - built-in applications and the life they have in common.
 *
 * An application is what a program on a host is: it opens an ACB, takes logons,
 * talks. What all do alike (OPEN, logon, BIND, UNBIND, CLOSE, session table) is
 * here; what each does with its screens is its own (app_echo, app_tso).
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
#include "vtamsim/acb.h"
#include "vtamsim/ds3270.h"

#define APPS_MAX 32
#define APP_ERR_MAX 80
#define APP_SESS_MAX 65536      /* sessions of one application, unless MAX= says less */
#define APP_ROOM 32             /* free places in the ring below before an event is taken */

struct app;

enum app_what { APP_STARTED = 1, APP_DATA, APP_RSP, APP_END };

/* Head of every application's session slot. */
struct app_sess {
	uint32_t sess;          /* node's handle */
	uint32_t suser;         /* our index */
	uint8_t state;          /* enum app_sess_state */
	uint8_t lutype, fm;     /* from the BIND; lutype 2, 3 (and 0 with 3270) are screens */
	uint8_t screen;         /* a 3270 data stream flows: rows and cols are good */
	uint8_t query;          /* Read Partition may be sent: BIND byte 15 bit 0 */
	uint8_t inb;            /* a bracket is open */
	uint8_t rx_chain;       /* inside an inbound chain that is not kept */
	uint8_t flip;           /* half-duplex flip-flop: CD goes with every reply */
	struct ds_size size;    /* what BIND says */
	uint16_t in_rh;         /* unused bits keep their place */
	uint32_t max_ru;        /* we may send; 0 no limit */
	struct sna_name lu;
	char mode[9];
	uint64_t in, out;       /* messages */
	struct bufq chain;      /* inbound chain, whole when its EC came */
};

enum app_sess_state { APP_S_LOGON = 1, APP_S_UP, APP_S_ENDING };

struct app_ev {
	enum app_what what;
	struct app_sess *s;
	struct buf *buf;        /* DATA: the whole chain if it fits one buffer; NULL: empty */
	uint32_t rh;
	uint32_t sense;         /* RSP negative; END */
	uint16_t snf;
};

struct app_desc {
	const char *name;       /* of S name */
	const char *help;
	size_t size;            /* of its own block, app->own */
	size_t sess_size;       /* of a slot; struct app_sess comes first */
	int  (*create)(struct app *, const char *key, const char *value, char err[APP_ERR_MAX]);
	int  (*ready)(struct app *, char err[APP_ERR_MAX]);     /* all operands seen */
	void (*turn)(struct app *, struct mono now);
	void (*show)(const struct app *, struct mono now, struct con *);
	struct mono (*deadline)(const struct app *);            /* NULL: no timers */
	void (*expire)(struct app *, struct mono now);
};

enum app_state { APP_OPENING = 1, APP_OPEN, APP_CLOSING, APP_ENDED };

struct app {
	const struct app_desc *desc;
	struct acb_port *port;
	void *own;
	uint8_t state;          /* enum app_state */
	char job[9];            /* the name it was started under */
	struct sna_name appl;   /* ACB name; NETID.NAME once open */
	uint32_t acb;
	uint32_t tag;           /* RPL user field */
	uint32_t max_sess;
	uint32_t sense;         /* why OPEN failed */
	uint8_t why;            /* enum acb_err */
	struct pool slots;
	uint64_t logons, refused, in, out, starved;
};

struct appset {
	struct app *v[APPS_MAX];
	const struct app_desc *const *table;    /* NULL-ended */
};

extern const struct app_desc *const app_table[];        /* all built-in ones */

void     appset_init(struct appset *, const struct app_desc *const *table);
void     appset_fini(struct appset *);
/* S name,params ("APPL=ECHO,SIZE=500"; NULL or "" is fine). Takes the port when 0. */
int      app_start(struct appset *, const char *name, const char *params,
             struct acb_port *, char err[APP_ERR_MAX]);
/* By the name it was started under (or APPL name). False: none. */
bool     app_stop(struct appset *, const char *name);
void     appset_turn(struct appset *, struct mono now);
void     appset_stop(struct appset *);          /* all */
bool     appset_idle(const struct appset *);    /* none left */
struct mono appset_deadline(const struct appset *);
void     appset_expire(struct appset *, struct mono now);
void     appset_show(const struct appset *, struct mono now, struct con *);
/* An ended application's port, to be given back to the node; NULL: none. */
struct acb_port *appset_reap(struct appset *);

/* For the applications: the next event that is theirs. The buffer is theirs. */
bool     app_next(struct app *, struct mono now, struct app_ev *);
struct buf *app_buf(struct app *, size_t room);         /* NULL counts as starved */
/* One chain. rh: RH_* of the last word (BB is added when no bracket is open,
 * CD taken away when the session has none). Takes buf. */
void     app_send(struct app *, struct app_sess *, uint32_t rh, struct buf *);
void     app_end(struct app *, struct app_sess *);      /* CLSDST, UNBIND 01 */
struct app_sess *app_sess_at(const struct app *, uint32_t suser);       /* or NULL */

#endif
