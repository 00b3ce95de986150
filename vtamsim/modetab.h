/* SPDX-License-Identifier: Apache-2.0
 *
 * modetab.h - logon mode tables: MODETAB, MODEENT, and the built-in ISTINCLM.
 *
 * Takes:   statements of a D3 member (vtamlst.h).
 * Gives:   what a mode name stands for: the BIND fields and class of service.
 * Memory:  the table lives in the arena it was built in; ISTINCLM is const.
 * Errors:  struct deferr; a table with a failed entry is not built.
 * Thread:  any: a table never changes after it was built.
 * Source:  companion sna-sessions section 4; vtamlst section 5.1.
 */
#ifndef VTAMSIM_MODETAB_H
#define VTAMSIM_MODETAB_H

#include <stdint.h>

#include "snaee/bind.h"
#include "vtamsim/vtamlst.h"

#define SENSE_MODE_UNKNOWN 0x08210002u

struct mode {
	char name[9];           /* LOGMODE= */
	char cos[9];            /* subarea COS, "" none */
	char appncos[9];        /* APPN COS, "" none: the caller's default */
	uint8_t lang, dcode;
	struct bind_mode bind;
};

struct modetab {
	char name[9];
	const struct mode *modes;       /* in coded order; [0] is the default */
	uint32_t n;
};

/* ISTINCLM. */
const struct modetab *modetab_builtin(void);
const struct mode *modetab_find(const struct modetab *, const char *mode);
/* The rules of 4.4: mode in tab (may be NULL), then in ISTINCLM; a blank mode is
 * dlogmod, then tab's first entry, then ISTINCLM's first. NULL: 08210002. */
const struct mode *modetab_lookup(const struct modetab *tab, const char *mode,
    const char *dlogmod);
/* From source; NULL on error. The table has the name of its member. */
const struct modetab *modetab_build(struct arena *, const struct vlmember *, const char *member,
    struct deferrs *);

#endif
