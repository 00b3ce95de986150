/* SPDX-License-Identifier: Apache-2.0
 *
 * profile_appl.h - applications of a profile: default ones, those that may be
 * chosen, and by whom.
 *
 * Memory:  the profile's arena.
 * Source:  companion zos-telnet-server sections 4.3, 9.
 */
#ifndef TN3270E_PROFILE_APPL_H
#define TN3270E_PROFILE_APPL_H

#include <stdint.h>

#include "tn3270e/clid.h"

struct tnp_group;

/* Options of an application. */
#define TNA_FIRSTONLY 0x01u
#define TNA_LOGAPPL 0x02u
#define TNA_QINIT 0x04u
#define TNA_DEFONLY 0x08u
#define TNA_DISCONNECTABLE 0x10u
#define TNA_RESTRICTED 0x20u
#define TNA_CERTAUTH 0x40u
#define TNA_ALLOWPRINTER 0x80u
#define TNP_QSESSION_S 15               /* QSESSION without a number (ours) */

struct tnp_auser {                      /* RESTRICTAPPL USER */
	char name[9];                   /* * at its end: the front of one */
	const struct tnp_group *lus;    /* only these; NULL all */
	struct tnp_auser *next;
};

enum tnp_applkind { TA_DEFAULT = 1, TA_PRINTER, TA_LINE, TA_ALLOW };

struct tnp_appl {
	uint8_t kind;                   /* enum tnp_applkind */
	uint8_t opts;                   /* TNA_* */
	char name[20];                  /* TA_ALLOW: * at its end */
	struct tnp_clid clid;
	const struct tnp_group *lus;    /* TA_ALLOW: only these; NULL all */
	struct tnp_auser *users;        /* of a restricted one */
	uint32_t wait_s;                /* QSESSION */
	struct tnp_appl *next;
};

#endif
