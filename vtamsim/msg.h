/* SPDX-License-Identifier: Apache-2.0
 *
 * msg.h - message numbers and texts: every line that an operator may see.
 *
 * The texts are in msg_text.h as printf formats, so the compiler checks what
 * is put into them; the table (msg_table.c) has the same formats, how they are
 * shown in a manual, and an explanation. docs/messages.md is made from it.
 *
 *	msg_line(con, IST093I, "PUEEQ2");
 *
 * Takes:   the id as a bare word, then what its format names.
 * Gives:   a line "IST093I PUEEQ2 ACTIVE" in the con.
 * Memory:  as con.h.
 * Thread:  any.
 * Source:  companion vtam-operator sections 2 and 12 (templates, columns).
 */
#ifndef VTAMSIM_MSG_H
#define VTAMSIM_MSG_H

#include <inttypes.h>
#include <stdint.h>

#include "base/con.h"
#include "vtamsim/msg_text.h"

/* style: a macro, because only a literal format is checked by the compiler. */
#define msg_line(con, id, ...) con_line((con), #id, MSG_##id, ##__VA_ARGS__)

struct msg_desc {
	const char *id;         /* "IST075I" */
	const char *format;     /* printf's */
	const char *shown;      /* as manuals show it: "NAME = name, TYPE = type" */
	const char *explanation;
};

extern const struct msg_desc msg_table[];       /* in order of id; NULL id ends it */

/* NULL: no such message. */
const struct msg_desc *msg_find(const char *id);
/* The whole table as Markdown: docs/messages.md. */
void msg_markdown(struct con *);

/*
 * Messages that have a newer form above MSGLEVEL=BASE (companion section
 * 10.1): level 0 is BASE. name may be qualified; BASE shows the part behind
 * the dot.
 */
void msg_active(struct con *, unsigned level, const char *name, const char *type);
void msg_inactive(struct con *, unsigned level, const char *name, const char *type);
void msg_recovering(struct con *, unsigned level, const char *name);
void msg_inact_scheduled(struct con *, unsigned level, const char *name);
/* IST513I, above BASE the group of IST1144I. */
void msg_trace(struct con *, unsigned level, const char *name, const char *type);
/* V/F that failed after its IST097I: IST607I family is not known to us, so
 * IST1137I at every level. */
void msg_failed(struct con *, const char *command, const char *name, const char *reason);

/* Dates and times as start option DATEFORM has them (enum defs_date). */
#define MSG_WHEN 12
struct msg_when {
	char date[MSG_WHEN];    /* mm/dd/yy */
	char time[MSG_WHEN];    /* hh:mm:ss */
};
struct msg_when msg_when(int64_t wall_us, unsigned dateform);
/* "n ( nnnK )": the estimate of IST2036I .. IST2041I and IST1974I. */
#define MSG_COUNT 48
const char *msg_count(uint64_t n, char to[MSG_COUNT]);
/* "1600 KBITS/SEC" */
const char *msg_rate(uint64_t bps, char to[MSG_COUNT]);

#endif
