/* SPDX-License-Identifier: Apache-2.0
 *
 * tnneg.h - what a client and we agree on before data flows.
 *
 * In order: START_TLS where the port negotiates it, NEW-ENVIRON where Express
 * Logon wants it, TN3270E (device type, LU, functions), else TN3270 (terminal
 * type, LU, EOR and BINARY both ways), else line mode. One table of states; a
 * client that can't go on moves one step down, it is not dropped.
 *
 * Takes:   what tel_recv() found; how the choice of an LU ended.
 * Gives:   enum tnneg_say: what the driver has to do next.
 * Errors:  REJECT with its reason to the client; TNNEG_CLOSE and why.
 * Thread:  the worker's.
 * Source:  RFC 2355 sections 4, 7; RFC 1576, 1646; companion tn3270e 3, 4, 7.
 */
#ifndef TN3270E_TNNEG_H
#define TN3270E_TNNEG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/fsm.h"
#include "tn3270e/telnet.h"
#include "tn3270e/tnenv.h"

#define TNNEG_NAME_MAX 32       /* LU names on the wire */
#define TNNEG_TYPE_MAX 24
#define TNNEG_REJECTS 10        /* then the connection is dropped: tn3270e 18.1 */
#define TNNEG_STEPS 40          /* negotiation messages before LU and functions stand */
#define TNNEG_S 60              /* seconds for all of it, and for a client that is answering */
#define TNNEG_FIRST_S 10        /* for the answer to an offer: then the next one */

enum tnneg_func { TNF_BIND_IMAGE, TNF_DATA_STREAM_CTL, TNF_RESPONSES, TNF_SCS_CTL_CODES,
	TNF_SYSREQ, TNF_CONTENTION, TNF_SNA_SENSE, TNF_N };
#define TNF(f) (1u << (f))
#define TNF_UNKNOWN 0x80u               /* codes above: removed */

enum tnneg_reason { TNREJ_CONN_PARTNER, TNREJ_DEVICE_IN_USE, TNREJ_INV_ASSOCIATE,
	TNREJ_INV_NAME, TNREJ_INV_DEVICE_TYPE, TNREJ_TYPE_NAME_ERROR, TNREJ_UNKNOWN_ERROR,
	TNREJ_UNSUPPORTED_REQ };

enum tnneg_mode { TNMODE_NONE, TNMODE_E, TNMODE_3270, TNMODE_LINE };
enum tnneg_kind { TNREQ_GENERIC, TNREQ_CONNECT, TNREQ_ASSOCIATE };

enum tnneg_say {
	TNNEG_NOTHING,
	TNNEG_TLS,              /* send what is queued, then the handshake */
	TNNEG_LU,               /* choose an LU: type, kind, name; then tnneg_lu(). One that
				 * was given before goes back first */
	TNNEG_LU_GONE,          /* give the LU back: the client goes another way */
	TNNEG_READY,            /* mode says how */
	TNNEG_CLOSE             /* why */
};

struct tnneg {
	struct fsm fsm;
	const char *why;        /* TNNEG_CLOSE */
	const char *down;       /* why we ended TN3270E; who has told it sets NULL */
	uint8_t mode;           /* enum tnneg_mode */
	uint8_t device;         /* tndev place; 0 none */
	uint8_t kind;           /* enum tnneg_kind */
	uint8_t allowed;        /* functions this port and device may have */
	uint8_t offered;        /* in our last REQUEST; TNF_UNKNOWN: none yet */
	uint8_t funcs;          /* agreed */
	uint8_t rejects, steps;
	uint8_t line_ok;        /* line mode is served */
	uint8_t lu;             /* an LU is ours */
	uint8_t tls_must;       /* without START_TLS: close */
	uint8_t no_e;           /* TN3270E is not offered */
	uint8_t reason;         /* TNREJ_*, of the last REJECT */
	uint8_t no_specific;
	struct tnenv env;       /* what NEW-ENVIRON told; all 0 where it was not asked */
	uint32_t first_ttype;   /* hashes of terminal types: one came twice, the list is over */
	uint32_t last_ttype;
	char type[TNNEG_TYPE_MAX];      /* as the client wrote it */
	char name[TNNEG_NAME_MAX + 1];  /* asked for, upper case; "" */
};

enum tnneg_tls { TNNEG_PLAIN, TNNEG_TLS_MAY, TNNEG_TLS_MUST };

struct tnneg_conf {
	enum tnneg_tls tls;
	uint8_t no_e;           /* NOTN3270E */
	uint8_t functions;      /* allowed on displays, TNF() bits; printers get SCS and DSC too */
	uint8_t line;           /* line mode is served */
	uint8_t env;            /* ask for IBMELF and IBMAPPLID: set it inside TLS only */
};

/* Says the first word. */
enum tnneg_say tnneg_start(struct tnneg *, const struct tnneg_conf *, struct telnet *);
/* ind: OPTION or SB; others are not for us and cost the client a step. */
enum tnneg_say tnneg_input(struct tnneg *, struct telnet *, const struct tel_ind *);
/* The LU asked for: its name, or NULL and why not. */
enum tnneg_say tnneg_lu(struct tnneg *, struct telnet *, const char *lu, enum tnneg_reason);
/* The client has kept silent for tnneg_patience() seconds. */
enum tnneg_say tnneg_silent(struct tnneg *, struct telnet *);
int32_t  tnneg_patience(const struct tnneg *);          /* from the last change of state */
bool     tnneg_ready(const struct tnneg *);
bool     tnneg_wants_lu(const struct tnneg *);          /* tnneg_lu() is awaited */
bool     tnneg_agreed(const struct tnneg *, enum tnneg_func);
const char *tnneg_mode_text(const struct tnneg *);      /* "TN3270E", "TN3270", "LINEMODE" */
const char *tnneg_reason_text(unsigned reason);
/* "BSR" letters of the functions agreed, as displays show them. */
char    *tnneg_funcs_text(const struct tnneg *, char to[32]);
void     tnneg_print(struct con *);                     /* the matrix */

#endif
