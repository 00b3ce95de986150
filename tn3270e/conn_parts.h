/* SPDX-License-Identifier: Apache-2.0
 *
 * conn_parts.h - what conn.c, conn_run.c and conn_logon.c share.
 *
 * Files:   conn.c        socket and TLS, reading, writing, timers, the end
 *          conn_proxy.c  socket options, the header of a proxy
 *          conn_tls.c    how TLS begins, and whose certificate it was
 *          conn_run.c    negotiation, LU, records
 *          conn_line.c   lines typed by clients without 3270
 *          conn_logon.c  what a client sees between sessions
 */
#ifndef TN3270E_CONN_PARTS_H
#define TN3270E_CONN_PARTS_H

#include "tn3270e/conn.h"
#include "tn3270e/profile_allow.h"
#include "tn3270e/tko.h"
#include "tn3270e/worker.h"
#include "vtamsim/uss.h"

struct tnlu_env conn_env(struct conn *, struct mono);
/* conn_run.c: all that tel_recv() has. */
void     conn_process(struct conn *, struct mono);
bool     conn_waits(const struct conn *);       /* nothing more may be read now .. */
bool     conn_waits_own(const struct conn *);   /* .. for the client's own LU */
/* A record of the client for its LU, wherever the session is now. Takes rec. */
void     conn_take(struct conn *, const struct tnhdr *, struct bufq *rec, struct mono);
void     conn_negotiate(struct conn *, struct mono);    /* says the first word */
/* conn_tls.c */
void     conn_start_tls(struct conn *, struct mono);
void     conn_silent(struct conn *, struct mono);       /* a step of negotiation took too long */
void     conn_tls_begin(struct conn *, struct mono);    /* CONNTYPE wants or allows TLS */
void     conn_tls_peek(struct conn *, struct mono);     /* CS_PEEK: something is there */
void     conn_tls_step(struct conn *, struct mono);     /* CS_TLS */
void     conn_tls_expired(struct conn *, struct mono);  /* in one of these two */
void     conn_tls_broke(struct conn *, struct mono);    /* in the midst of a session */
/* The first byte of a client that has no TLS is a ClientHello's: it is gone. */
bool     conn_tls_unasked(struct conn *, uint8_t first, struct mono);
struct tls_ctx *conn_tls_ctx(const struct conn *);      /* NULL: none for this client */
void     conn_record(struct conn *, struct bufq *rec, struct mono);      /* takes rec */
/* conn_line.c: text takes rec. */
void     conn_line_text(struct conn *, struct bufq *rec, struct mono);
void     conn_line_key(struct conn *, uint8_t cmd, struct mono);
void     conn_lu_says(struct conn *, enum tnlu_say, struct mono);
bool     conn_open_lu(struct conn *, const struct tnp_choice *, struct mono);
/* conn_again.c: the LU was taken down. False: the client can't be kept. */
bool     conn_lu_gone(struct conn *, struct mono);
void     conn_lu_again(struct conn *, struct mono);
void     conn_lu_back(struct conn *, struct mono);
void     conn_lu_missed(struct conn *, struct mono);
/* conn_logon.c */
void     conn_logon_begin(struct conn *, struct mono);
void     conn_logon_ended(struct conn *, struct mono);
void     conn_logon_failed(struct conn *, uint32_t sense, struct mono);
void     conn_logon_record(struct conn *, const struct tnhdr *, struct bufq *, struct mono);
void     conn_logon_screen(struct conn *, struct mono);
void     conn_logon_retry(struct conn *, struct mono);
/* conn_pass.c: may it have appl? Which entry says so, or why not. */
struct tnp_asks conn_asks(const struct conn *, const char *appl);
const struct tnp_appl *conn_allows(const struct conn *, const char *appl, enum tnp_deny *why);
const struct tnp_appl *conn_default_appl(const struct conn *);  /* or NULL */
/* A text on the client's screen, whatever its mode. */
void     conn_tell(struct conn *, const char *text, struct mono);
/* conn_acct.c: a session begins, ends */
void     conn_acct_begin(struct conn *, struct mono);
void     conn_acct_end(struct conn *, const char *reason, struct mono);
/* conn_run.c: a session that was handed over; nothing where there is none */
void     conn_attach(struct conn *, struct mono);
/* conn_run.c: parameters, map and tables of the LU that was opened */
void     conn_lu_mine(struct conn *);
/* conn_late.c: true: the logon goes on when another LU is open; then what the LU says */
bool     conn_late_begin(struct conn *, const struct uss_cmd *, struct mono);
void     conn_late_closed(struct conn *, struct mono);
void     conn_late_opened(struct conn *, struct mono);
void     conn_late_refused(struct conn *, struct mono);
/* conn_logon.c */
void     conn_logon_try(struct conn *, const struct uss_cmd *, struct mono);
/* conn_pass.c: the application said that another's BIND comes; it did not in time, or
 * one that may not: true, and it was dealt with. */
void     conn_passed(struct conn *, struct mono);
bool     conn_pass_late(struct conn *, struct mono);
bool     conn_pass_denied(struct conn *, struct mono);
bool     conn_disconnectable(const struct conn *);      /* UNBIND 0F when the client is lost */
/* conn_proxy.c */
void     conn_socket(int fd, const struct tnp_limits *);        /* its options */
void     conn_socket_printer(int fd);
void     conn_proxy_begin(struct conn *, struct mono);
void     conn_proxy_read(struct conn *, struct mono);           /* CS_PROXY */
/* conn.c */
void     conn_known(struct conn *, struct mono);        /* the client's address is known */
void     conn_refuse(struct conn *, const char *reason, const char *text, struct mono);
void     conn_leave_place(struct conn *);               /* of its group: others may have it */
void     conn_arm(struct conn *, uint8_t what);
bool     conn_broken(int e);                    /* an errno that ends a connection */
void     conn_stall(struct conn *);             /* read no more until it can go on */
void     conn_close_again(struct conn *, struct mono);  /* CS_GONE: CLOSE found no room */
void     conn_touch(struct conn *);             /* flush at the end of the turn */
void     conn_resume(struct conn *, struct mono);       /* the LU has said something */

#endif
