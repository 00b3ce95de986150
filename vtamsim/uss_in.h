/* SPDX-License-Identifier: Apache-2.0
 *
 * uss_in.h - inside a USS table, and the small assembler that reads its buffers.
 *
 * Memory:  in the arena of the table.
 * Thread:  any: nothing changes after the build.
 */
#ifndef VTAMSIM_USS_IN_H
#define VTAMSIM_USS_IN_H

#include "vtamsim/uss.h"

#define USS_PARMS_MAX 16        /* of a command */
#define USS_TEXT_MAX 3800       /* bytes of a message before inserts */

struct ussparm {
	char parm[9];           /* as typed; P1, P2: positional */
	char rep[9];            /* what it stands for */
	const char *dflt;       /* NULL: none */
	const char *value;      /* when the keyword stands alone */
};

struct usscmd {
	char cmd[9];
	char rep[9];
	uint8_t pl1;            /* FORMAT=PL1 */
	uint8_t nparm;
	struct ussparm parm[USS_PARMS_MAX];
	struct usscmd *next;
};

struct ussmsg {
	uint8_t have;
	uint8_t buffer;         /* BUFFER=: data is sent as it is */
	uint8_t scan;           /* tags are replaced */
	uint8_t never;          /* SUPP=ALWAYS */
	uint16_t len;
	const uint8_t *data;    /* EBCDIC */
	const char *text;       /* ISTINCDT's: ASCII, instead of data */
};

struct usstab {
	char name[9];
	struct ussmsg msg[USS_MSG_MAX];
	const struct usscmd *cmds;
	const uint8_t *upper;   /* TABLE=: 256 bytes; NULL: STDTRANS */
	char datefrm[4];        /* MDY, DMY, YMD */
	char datedlm, timedlm;
};

/* The table's translation; STDTRANS: lower case to upper, controls to blank. */
uint8_t uss_upper(const struct usstab *, uint8_t);

/* DC, DS, EQU, ORG of a member as one area of bytes. */
struct usslabel {
	const char *name;
	int64_t value;
	uint32_t len;           /* L'label */
	uint8_t relocatable;
	uint8_t has_end;        /* DC AL2(A-B): the area behind it ends at end */
	uint32_t end;
	struct usslabel *next;
};

struct ussarea {
	uint8_t *mem;
	uint32_t len;
	struct usslabel *labels;
};

/* False after an error was added. */
bool uss_assemble(struct arena *, const struct vlmember *, const char *member, struct ussarea *,
    struct deferrs *);
const struct usslabel *ussarea_label(const struct ussarea *, const char *name, size_t n);
bool uss_asm_op(const char *op);

#endif
