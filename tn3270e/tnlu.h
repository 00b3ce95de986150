/* SPDX-License-Identifier: Apache-2.0
 *
 * tnlu.h - one client's LU: an ACB of the node on one side, records on the other.
 *
 * Takes:   RPLs from the port; records, keys and responses of the client.
 * Gives:   RPLs down the port; records into the client's telnet; what the
 *          driver has to decide (enum tnlu_say): screens, reconnects, closing.
 * Memory:  buffers: the chain under way (MAXRUCHAIN), input that waits for its
 *          turn (TNLU_HOLD). Nothing when idle.
 * Errors:  sense codes to the host; TNLU_LOST when the ring below was full.
 * Thread:  the worker's.
 * Source:  companion sna-sessions 3.5-3.8; RFC 2355 sections 9, 10.
 */
#ifndef TN3270E_TNLU_H
#define TN3270E_TNLU_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fsm.h"
#include "base/mono.h"
#include "tn3270e/telnet.h"
#include "tn3270e/tnhdr.h"
#include "tn3270e/tnneg.h"
#include "tn3270e/tnparm.h"
#include "vtamsim/acb.h"

struct codepage;

#define TNLU_CORR 8             /* records the client may still answer */
#define TNLU_HOLD 8             /* input records that wait: till MAXVTAMSENDQ is known */
#define TNLU_HOLD_MAX 64        /* with those that came back from the half-session */
#define TNLU_HOLD_BYTES 65536u
#define TNLU_PACE_MARK 16384u   /* bytes waiting for the client: no more pacing above */
#define TNLU_PRINTER_S 900      /* for an answer, at least: paper may be out */
#define TNLU_EOJ_S 30           /* for the answer to PRINT-EOJ: some never give one */
#define TNLU_STATUS_S 10        /* for the status record of plain TN3270: the same */
#define TNLU_CHAIN_MAX 1048576u /* bytes of a chain of the host: our choice */

enum tnlu_state { TLU_CLOSED = 1, TLU_OPENING, TLU_SSCP, TLU_LOGON, TLU_BOUND, TLU_ACTIVE,
	TLU_SUSPENDED, TLU_ENDING, TLU_CLOSING, TLU_N };

enum tnlu_say {
	TNLU_NOTHING,
	TNLU_OPENED,            /* name */
	TNLU_REFUSED,           /* err, sense */
	TNLU_CLOSED,            /* the ACB is gone */
	TNLU_TAKEN,             /* the same, and it was the node that closed it */
	TNLU_STARTED,           /* in session with plu */
	TNLU_ENDED,             /* UNBIND: unb, sense. No session now */
	TNLU_FAILED,            /* NSPE: the logon failed, sense */
	TNLU_SYSREQ,            /* no session: show the logon screen again */
	TNLU_LOST,              /* the ring below is full: drop the client */
	TNLU_STORM,             /* more BINDs than MAXREQSESS */
	TNLU_LEFT,              /* detached: tnlu_image() takes it away */
	TNLU_RESUMED            /* attached: in session, or not any more */
};

/* A request that is not answered yet. done: its answer (sense) waits for the one
 * of an earlier request. */
struct tnlu_corr {
	uint32_t rh, sense;
	uint16_t seq, snf;
	uint8_t what;                   /* enum tnlu_corr_what */
	uint8_t done;
	uint8_t eb;                     /* its chain ends the bracket, if it is accepted */
};
enum tnlu_corr_what { TNC_DATA, TNC_BID,
	TNC_LAST,               /* of a print job: PRINT-EOJ follows its answer */
	TNC_EOJ,                /* PRINT-EOJ: its answer is the host's */
	TNC_STATUS,             /* a record of plain TN3270: a status record answers it */
	TNC_FORCED              /* the host's SIGNAL: answered there already */
};

struct tnlu {
	struct fsm fsm;
	struct sna_name name;           /* NETID.LU */
	struct sna_name plu;
	uint32_t acb, sess, sense;
	uint8_t err;                    /* enum acb_err */
	uint8_t unb;                    /* UNBIND type */
	uint8_t by_oper;                /* the operator ended the session */
	uint8_t lutype, fm;
	uint8_t flip, brackets;         /* HDX flip-flop; brackets used */
	uint8_t inb;                    /* in a bracket */
	uint8_t turn;                   /* enum tnlu_turn */
	uint8_t purge;                  /* the rest of the chain is of no use */
	uint8_t pace_owed;
	uint8_t pseudo;                 /* bound to our own logon screen */
	uint8_t chain_eb;               /* EB came with its first RU */
	uint8_t dyn_dr;                 /* DYNAMICDR: ask for a response, not for errors only */
	uint8_t asked;                  /* the last data record asked for a response .. */
	uint16_t asked_seq;             /* .. and has this number */
	uint8_t one;                    /* one request at a time: each waits for its response */
	uint8_t shut;                   /* SHUTD received */
	uint8_t bid;                    /* BID of the host: its bracket is to begin */
	uint8_t attn;                   /* the last word was ATTN */
	uint8_t cond;                   /* last negative answer: 1 intervention, 2 disconnected */
	uint8_t n_corr, owed;           /* owed: definite responses the client has to give */
	uint8_t back;                   /* of hold: came back from the half-session */
	uint8_t unheard;                /* our LUSTAT, or the one request, is not answered yet */
	uint8_t full;                   /* held input is at its bound, and that was told */
	uint8_t told_full;              /* once to a client */
	uint8_t bad_rows, bad_cols;     /* of the screen of a BIND refused for it; 0: none */
	uint8_t spool;                  /* printed on since the last PRINT-EOJ */
	uint8_t deaf;                   /* a printer that did not answer PRINT-EOJ, or by status */
	uint16_t answered;              /* status records of plain TN3270, as seq counts */
	uint8_t lost;
	uint8_t leaving;                /* DETACH is under way */
	uint8_t owes_close;             /* CLOSE, or DETACH instead of it, found no room below */
	uint16_t seq;                   /* next number to the client */
	uint16_t binds;
	uint16_t hold_max;              /* MAXVTAMSENDQ; bytes: TNLU_HOLD_BYTES */
	uint32_t chain_rus;
	struct mono binds_until;        /* ten seconds from the first counted */
	struct mono rsp_by;             /* the client's answer is due */
	struct buf *bind;               /* until data traffic is active */
	struct buf *image;              /* the BIND, for a client that takes the session over */
	struct bufq chain, hold;
	struct tnlu_corr corr[TNLU_CORR];
	uint32_t in, out;               /* records */
	/* what happened, for the driver's counters */
	struct tnlu_odd {
		uint16_t overdue;       /* answers that never came */
		uint16_t ahead;         /* times the hold was full */
		uint16_t binds;         /* BINDs refused */
		uint16_t chains;        /* of the host, refused: SYSREQ, too long */
		uint16_t jobs;          /* of a printer, ended */
		uint16_t stops;         /* of a printer, for an operator: 0802, 0831 */
	} odd;
};

enum tnlu_turn { TURN_ANY, TURN_OURS, TURN_HOSTS };

/* What a call works with. */
struct tnlu_env {
	struct acb_port *port;
	struct telnet *tel;
	const struct tnneg *neg;
	const struct tnp_parms *parms;
	const struct codepage *page;    /* of line mode, and of our own text */
	uint32_t user;                  /* our tag at the node */
	uint32_t keep_s;                /* of tnlu_close: the name is kept so long */
	struct mono now;
};

void     tnlu_init(struct tnlu *);
void     tnlu_fini(struct tnlu *);              /* frees what is queued */
bool     tnlu_open(struct tnlu *, const struct tnlu_env *, const struct acb_open *);
void     tnlu_close(struct tnlu *, const struct tnlu_env *, unsigned unbind_type);
/* The ring below had no room for it: to be called again when there is. */
bool     tnlu_owes_close(const struct tnlu *);
void     tnlu_close_again(struct tnlu *, const struct tnlu_env *);
bool     tnlu_logon(struct tnlu *, const struct tnlu_env *, const struct acb_logon *);
/* Ends the session or the logon under way; the LU stays. */
void     tnlu_logoff(struct tnlu *, const struct tnlu_env *, unsigned unbind_type);

/* tnlu_move.c: the session goes to another client, which has none yet. */
bool     tnlu_can_move(const struct tnlu *);
void     tnlu_detach(struct tnlu *, const struct tnlu_env *);
struct tnlu *tnlu_image(struct tnlu *);         /* behind TNLU_LEFT; NULL: no memory */
void     tnlu_image_free(struct tnlu *);
/* Takes the image. */
bool     tnlu_attach(struct tnlu *, const struct tnlu_env *, struct tnlu *image,
             const struct acb_open *);
void     tnlu_resume(struct tnlu *, const struct tnlu_env *);   /* behind TNLU_RESUMED */

enum tnlu_say tnlu_rpl(struct tnlu *, const struct tnlu_env *, struct rpl *);   /* takes its buf */
/* A record for the session; hdr is what stood in front, made up for plain clients. Takes rec. */
enum tnlu_say tnlu_record(struct tnlu *, const struct tnlu_env *, const struct tnhdr *,
    struct bufq *rec);
enum tnlu_say tnlu_attn(struct tnlu *, const struct tnlu_env *);
enum tnlu_say tnlu_sysreq(struct tnlu *, const struct tnlu_env *);
/* Suspended: what was typed to the SSCP. True: it was LOGOFF. */
bool     tnlu_sscp_input(struct tnlu *, const struct tnlu_env *, const uint8_t *, size_t n);
/* The client's queue has run down: gives the window that was held back. */
void     tnlu_drained(struct tnlu *, const struct tnlu_env *);
/* A definite response is overdue: answers for the client. */
enum tnlu_say tnlu_expire(struct tnlu *, const struct tnlu_env *);
struct mono tnlu_deadline(const struct tnlu *);

/* A logon screen: 3270 data stream, or text for the SSCP. Takes the buffer. */
enum tnlu_form { TNLU_F_3270 = 1, TNLU_F_SCS };
void     tnlu_screen(struct tnlu *, const struct tnlu_env *, enum tnlu_form, struct buf *);

bool     tnlu_in_session(const struct tnlu *);
bool     tnlu_open_now(const struct tnlu *);            /* has an ACB */
bool     tnlu_may_take(const struct tnlu *);            /* room for another input record */
const char *tnlu_state(const struct tnlu *);
void     tnlu_print(struct con *);                      /* the matrix */

#endif
