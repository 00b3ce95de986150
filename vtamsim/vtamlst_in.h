/* SPDX-License-Identifier: Apache-2.0
 *
 * vtamlst_in.h - what the files of the scanner share.
 *
 * Thread:  any; no state.
 */
#ifndef VTAMSIM_VTAMLST_IN_H
#define VTAMSIM_VTAMLST_IN_H

#include "vtamsim/vtamlst.h"

/* IST320I and IST319I about where, with VTAM's reason and plain words. */
void vl_fail(const struct vlscan *, const struct defwhere *, const char *reason,
    const char *plain);
void vl_warn(const struct vlscan *, const struct defwhere *, const char *reason,
    const char *plain);
/* Splits st->raw into st->opds. */
void vl_operands(const struct vlscan *, struct vlstmt *);

#endif
