/* SPDX-License-Identifier: Apache-2.0
 *
 * tnlu_parts.h - what the files of tnlu share.
 *
 * Files:   tnlu.c       states, the ACB, logon, BIND and UNBIND
 *          tnlu_move.c  a session goes to another client
 *          tnlu_out.c   host to client: chains, records, control requests
 *          tnlu_rsp.c   which answer belongs to which request, in which order
 *          tnlu_cr.c    whose turn it is: keyboard, contention resolution
 *          tnlu_bind.c  may this BIND be taken
 *          tnlu_keys.c  client to host: input, answers, ATTN, SYSREQ
 *          tnlu_prt.c   printers: the end of a job, status records
 *          tnlu_line.c  host to a client in line mode
 */
#ifndef TN3270E_TNLU_PARTS_H
#define TN3270E_TNLU_PARTS_H

#include "snaee/bind.h"
#include "tn3270e/codepage.h"
#include "tn3270e/tndev.h"
#include "tn3270e/tnlu.h"

#define RH_CONTROL (RH_DFC | RH_FI | RH_OIC | RH_DR1)   /* 4B8000: RQD1, alone in its chain */

static inline bool
lu_is_printer(const struct tnlu_env *e)
{
	const struct tndev *d = tndev_at(e->neg->device);

	return d != NULL && d->class == TNDEV_PRINTER;
}

/* An RPL for the session; a full ring marks the LU lost. Takes r->buf. */
void     lu_submit(struct tnlu *, const struct tnlu_env *, struct rpl *);
/* tnlu.c, for tnlu_move.c: closed without a word to the node; OPENING with ATTACH. */
void     lu_gone(struct tnlu *);
bool     lu_reopen(struct tnlu *, const struct tnlu_env *, const struct acb_open *);
void     lu_keep_bind(struct tnlu *, const struct tnlu_env *, const struct buf *);
/* Drops the session's queues and states. */
void     lu_reset(struct tnlu *);
void     lu_reset_turns(struct tnlu *);         /* as BIND says */
/* A record with its header; buf NULL: only the header. */
void     lu_put(struct tnlu *, const struct tnlu_env *, const struct tnhdr *, struct buf *);
void     lu_put_bytes(struct tnlu *, const struct tnlu_env *, enum tn_type, const void *,
             size_t n);
/* RPL_DATA. Takes r->buf. */
void     lu_data(struct tnlu *, const struct tnlu_env *, struct rpl *);
void     lu_flush_hold(struct tnlu *, const struct tnlu_env *);
/* tnlu_rsp.c */
static inline bool
lu_is_rqd(uint32_t rh)
{
	return (rh & (RH_DR1 | RH_DR2)) != 0 && (rh & RH_ERI) == 0;
}
/* Our own answer to a request; it waits for the client's to earlier ones. */
void     lu_answer_now(struct tnlu *, const struct tnlu_env *, const struct rpl *, uint32_t sense);
/* The client will answer the record that goes out with lu->seq. */
void     lu_remember(struct tnlu *, const struct tnlu_env *, const struct rpl *,
             enum tnlu_corr_what);
/* RFC 2355 10.4: what the RH of the last RU asks for. */
uint8_t  lu_wanted(const struct tnlu_env *, uint32_t rh);
void     lu_response(struct tnlu *, const struct tnlu_env *, const struct tnhdr *, struct rd *);
void     lu_accepted(struct tnlu *);     /* our own chain goes: all exceptions are void */
/* tnlu_cr.c */
/* The record's flags, and what its first bytes have to say about the keyboard. */
uint8_t  lu_keyboard(const struct tnlu *, const struct tnlu_env *, struct buf *, bool gives);
void     lu_unlock(struct tnlu *, const struct tnlu_env *);
/* A Read command frees the keyboard, before it or behind it: UNLOCKKEYBOARD. */
enum lu_read { LU_READ_BEFORE = 1, LU_READ_AFTER };
bool     lu_unlock_at_read(const struct tnlu *, const struct tnlu_env *, const struct buf *,
             enum lu_read);
void     lu_unlock_at_bind(struct tnlu *, const struct tnlu_env *);
void     lu_bid(struct tnlu *, const struct tnlu_env *, const struct rpl *);
void     lu_signal(struct tnlu *, const struct tnlu_env *, const struct rpl *);
/* tnlu_bind.c: 0 or the sense; *bad: a screen that does not fit. */
uint32_t lu_check_bind(const struct tnlu_env *, const struct bind *, struct bind_screen *bad);
/* The answer to the record with this number. */
void     lu_answered(struct tnlu *, const struct tnlu_env *, uint16_t seq, uint32_t sense);
/* The client has so long for the answers owed. */
void     lu_answer_by(struct tnlu *, const struct tnlu_env *, int64_t s);
/* The client's error is mended: LUSTAT. */
void     lu_cleared(struct tnlu *, const struct tnlu_env *);
/* tnlu_prt.c */
/* The data record of a printer: which response, and what its answer is for. */
uint8_t  lu_prt_wanted(const struct tnlu *, const struct tnlu_env *, uint32_t rh);
enum tnlu_corr_what lu_prt_what(const struct tnlu *, const struct tnlu_env *, uint32_t rh);
/* EB came with a chain of data, or with an empty one. */
enum lu_eb { LU_EB_DATA = 1, LU_EB_EMPTY };
void     lu_prt_end(struct tnlu *, const struct tnlu_env *, const struct rpl *, enum lu_eb);
/* The job's last record was accepted. True: PRINT-EOJ asks once more. */
bool     lu_prt_eoj_asks(struct tnlu *, const struct tnlu_env *, struct tnlu_corr *);
void     lu_prt_eoj(struct tnlu *, const struct tnlu_env *, enum tn_rsp, uint16_t seq);
/* It said 0802 or 0831. */
void     lu_prt_stopped(struct tnlu *, uint32_t sense);
/* Plain TN3270: a record of the printer. True: it was its status. */
bool     lu_prt_status(struct tnlu *, const struct tnlu_env *, const struct buf *);
/* A control request of five bytes or one: LUSTAT, SIGNAL, SHUTC. */
void     lu_control(struct tnlu *, const struct tnlu_env *, const uint8_t *, size_t n);

/* The same, and with it the turn, where it is ours: so that the host can repaint. */
void     lu_lustat_turn(struct tnlu *, const struct tnlu_env *, const uint8_t *, size_t n);
/* tnlu_line.c: to a line mode client. A chain of the host; our own text. Both take. */
void     lu_line_chain(const struct tnlu_env *, struct bufq *);
void     lu_line_out(const struct tnlu_env *, struct buf *);

#endif
