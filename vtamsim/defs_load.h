/* SPDX-License-Identifier: Apache-2.0
 *
 * defs_load.h - a major node member while it is being read.
 *
 * Memory:  all results in the member's arena.
 * Errors:  the caller counts DE_FAIL: one fails the whole member.
 * Thread:  as defs.h.
 */
#ifndef VTAMSIM_DEFS_LOAD_H
#define VTAMSIM_DEFS_LOAD_H

#include "vtamsim/defs_in.h"

#define LOAD_UNUSED_MAX 64

struct load_name {
	const char *name;
	const struct vlstmt *st;
};

struct load {
	struct defs *d;
	struct def_member *m;
	struct deferrs *errs;
	struct load_name *names;        /* every minor node's, for the check of doubles */
	size_t nnames, cap;
	struct { const char *op, *key; } unused[LOAD_UNUSED_MAX];
	unsigned nunused;
};

enum opd_sift { OPD_OWN, OPD_SIFT };    /* SIFT: a row with OF_NOSIFT is not known */
enum load_wild { LOAD_PLAIN, LOAD_WILD };

/* Where operands of a statement go. */
struct opd_target {
	const struct opd_row *rows;
	void *to;
	const void *dflt;               /* VTAM's defaults, for KEY= */
	uint8_t sift;                   /* enum opd_sift */
	const struct def_opd *above;    /* [0] only: operands that sifted down */
};

struct load_at {
	enum deferr_sev sev;
	const struct vlstmt *st;
	const char *key;
	struct vlpos pos;
};

void load_err(struct load *, const struct load_at *, const char *reason, const char *plain);
void load_fail(struct load *, const struct vlstmt *, const char *reason, const char *plain);
void load_fail_opd(struct load *, const struct vlstmt *, const char *key, const char *reason,
    const char *plain);
void load_bad_stmt(struct load *, const struct vlstmt *);
const struct vlopd *load_opd(const struct vlstmt *, const char *key);
/* Puts every operand into all targets that know it; their text list. */
const struct def_opd *load_operands(struct load *, const struct vlstmt *,
    const struct opd_target *, unsigned n);
bool load_name(struct load *, const struct vlstmt *, struct def_head *, enum load_wild);
void load_generated_name(struct load *, const struct vlstmt *, const struct def_head *);

/* The member is kept, but does nothing: a warning, and supported = 0. */
void load_not_supported(struct load *);

void load_appl(struct load *, const struct vlstmt *);
void load_xca(struct load *, const struct vlstmt *);
void load_swnet(struct load *, const struct vlstmt *);

#endif
