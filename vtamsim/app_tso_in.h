/* SPDX-License-Identifier: Apache-2.0
 *
 * app_tso_in.h - TSODEMO from inside: its session, its panels, their fields.
 *
 * app_tso.c decides what happens, app_tso_panel.c draws it.
 */
#ifndef VTAMSIM_APP_TSO_IN_H
#define VTAMSIM_APP_TSO_IN_H

#include "vtamsim/app.h"
#include "vtamsim/ds3270.h"

#define TSO_USER_MAX 7
#define TSO_FIELD_MAX 24        /* characters of any field */
#define TSO_FIELDS 4            /* of a panel */
#define TSO_ROWS 240            /* lines of the list */
#define TSO_SCREEN_MAX 24576    /* bytes of the largest screen */

enum tso_panel { TSO_LOGON = 1, TSO_MENU, TSO_LIST, TSO_FORM, TSO_COLOUR, TSO_TERM, TSO_HELP,
	TSO_NPANEL };

enum tso_msg {
	TSO_M_NONE, TSO_M_USER, TSO_M_USER_BAD, TSO_M_PASSWORD, TSO_M_WRONG, TSO_M_OPTION,
	TSO_M_KEY, TSO_M_TOP, TSO_M_BOTTOM, TSO_M_LINE, TSO_M_NAME, TSO_M_DATE, TSO_M_COUNT,
	TSO_M_SIZE, TSO_M_TAKEN, TSO_M_ATTN, TSO_M_PA1, TSO_M_DAMAGED, TSO_NMSG
};

struct tso_field {
	uint8_t row, col;       /* of the attribute; the text is behind it */
	uint8_t len;            /* 0: no such field */
	uint8_t attr;           /* DS_HIDDEN, DS_NUM .. */
};

struct tso_sess {
	struct app_sess s;              /* first */
	uint16_t rows, cols;
	uint8_t alt, extended;
	uint8_t panel, back;            /* enum tso_panel; PF3 on TSO_HELP */
	uint8_t msg;                    /* enum tso_msg */
	uint8_t at;                     /* field the cursor goes to */
	uint8_t asked;                  /* Read Partition is on its way */
	uint16_t top;                   /* first line of the list, from 0 */
	uint32_t taken;                 /* forms accepted */
	char user[TSO_USER_MAX + 1];
	char form[TSO_FIELDS][TSO_FIELD_MAX + 1];
	struct ds_query query;
};

/* Fields of a panel, TSO_FIELDS of them, in order. */
const struct tso_field *tso_fields(enum tso_panel);
/* Lines of the list that fit. */
unsigned tso_page(const struct tso_sess *);
/* The whole screen; bytes, 0 when it does not fit. */
size_t   tso_paint(const struct tso_sess *, uint8_t *to, size_t room);

#endif
