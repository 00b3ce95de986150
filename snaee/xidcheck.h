/* SPDX-License-Identifier: Apache-2.0
 *
 * xidcheck.h - what an XID3 must not say: the sense codes 1016xxxx and 0809xxxx
 * of contents that can be read but not accepted.
 *
 * Takes:   a decoded XID3, and the one before it of the same exchange.
 * Errors:  a sense code, 0 for acceptable; where the wrong field is, for CV 22.
 * Source:  companion ee-hpr-rtp section 2.12.
 */
#ifndef SNAEE_XIDCHECK_H
#define SNAEE_XIDCHECK_H

#include <stdint.h>

#include "snaee/xid.h"

/* By itself, whatever the state. */
uint32_t xid_check(const struct xid *);
/* A later XID of one exchange: what may not change. */
uint32_t xid_check_next(const struct xid *before, const struct xid *now);
/* The field a sense is about: byte and bit offset; bit 8 when no bit is meant. */
void     xid_where(uint32_t sense, struct xid_error *to);

#endif
