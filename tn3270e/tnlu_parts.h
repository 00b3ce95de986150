/* SPDX-License-Identifier: Apache-2.0
 *
 * tnlu_parts.h - what tnlu.c, tnlu_out.c and tnlu_keys.c share.
 *
 * Files:   tnlu.c       states, the ACB, logon, BIND and UNBIND
 *          tnlu_out.c   host to client: chains, flags, responses wanted
 *          tnlu_keys.c  client to host: input, answers, ATTN, SYSREQ
 */
#ifndef TN3270E_TNLU_PARTS_H
#define TN3270E_TNLU_PARTS_H

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
void     lu_answer(struct tnlu *, const struct tnlu_env *, const struct tnlu_corr *,
             uint32_t sense);
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
void     lu_unlock(struct tnlu *, const struct tnlu_env *);     /* keyboard */
/* A control request of five bytes or one: LUSTAT, SIGNAL, SHUTC. */
void     lu_control(struct tnlu *, const struct tnlu_env *, const uint8_t *, size_t n);

/* The same, and with it the turn, where it is ours: so that the host can repaint. */
void     lu_lustat_turn(struct tnlu *, const struct tnlu_env *, const uint8_t *, size_t n);
/* EBCDIC text as lines for a line mode client. Takes the buffer. */
void     lu_line_out(const struct tnlu_env *, struct buf *);

#endif
