/* SPDX-License-Identifier: Apache-2.0
 *
 * uss.h - unformatted system services: what a terminal sees before a session.
 *
 * A USS table turns what a user types into LOGON, LOGOFF, IBMTEST or UNDIAL,
 * and holds the texts of the answers; message 10 is the logo. ISTINCDT is the
 * built-in table, searched for messages a site's table leaves out.
 *
 * Takes:   EBCDIC text as typed (for a 3270: the characters of the field).
 * Gives:   a parsed command; messages as 3270 data stream or SCS, EBCDIC.
 * Memory:  a table lives in the arena it was built in; nothing else is kept.
 * Errors:  a USS message number for the user; struct deferr for a bad table.
 * Thread:  any: tables never change, and no function has state.
 * Source:  companion sna-sessions section 5; vtamlst 5.2; zos-telnet 10.
 */
#ifndef VTAMSIM_USS_H
#define VTAMSIM_USS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/bytes.h"
#include "base/ebcdic.h"
#include "vtamsim/vtamlst.h"

#define USS_INPUT_MAX 256       /* characters looked at */
#define USS_DATA_MAX 255
#define USS_INSERTS 3
#define USS_MSG_MAX 15          /* message numbers 0-14 */
#define USS_OUT_MAX 4096        /* room to give uss_message() */
#define USS_ECHO_MAX 100        /* IBMTEST count; our choice, VTAM allows more */

enum uss_msg {
	USS_M_ACCEPTED = 0, USS_M_SYNTAX = 1, USS_M_UNKNOWN = 2, USS_M_PARM = 3,
	USS_M_VALUE = 4, USS_M_FUNCTION = 5, USS_M_SEQUENCE = 6, USS_M_NOSESS = 7,
	USS_M_STORAGE = 8, USS_M_CARD = 9, USS_M_LOGO = 10, USS_M_ENDED = 11,
	USS_M_OMITTED = 12, USS_M_ECHO = 13, USS_M_UNDEFINED = 14
};

enum uss_form {
	USS_F_3270 = 1,         /* 3270 data stream: Erase/Write .. */
	USS_F_SCS,              /* SSCP-LU-DATA: text with X'15' new lines */
	USS_F_LINE              /* as SCS, only printable text and X'15' */
};

struct usstab;                  /* immutable */
struct intab;                   /* INTERPRET table, immutable */

const struct usstab *usstab_builtin(void);      /* ISTINCDT */
const char *usstab_name(const struct usstab *);
/* From source; NULL on error. */
const struct usstab *usstab_build(struct arena *, const struct vlmember *, const char *member,
    struct deferrs *);
/* The table itself (not ISTINCDT) has message nr / starts it with a 3270 command. */
bool usstab_has(const struct usstab *, unsigned nr);
bool usstab_is_3270(const struct usstab *, unsigned nr);

/* What goes into a message. Texts are ASCII; NULL and "" become blanks. */
struct uss_vars {
	const char *luname;     /* 8 */
	const char *netid;      /* network of the LU; with luname makes NQN */
	const char *sscpname;
	const char *hostnet;    /* NETID start option */
	const char *ipaddr;     /* client, numeric */
	const char *iphost;     /* client, name */
	const char *zoneid;
	uint16_t port;
	const char *runame;     /* failing request */
	uint32_t sense;
	const char *insert[USS_INSERTS];        /* %, %(1) .. %(3) */
	struct tm now;          /* local time, broken down by the caller */
};

struct uss_screen {
	enum uss_form form;
	uint16_t rows, cols;    /* 24, 80; for 3270 */
};

/* Renders message nr: the table's, else ISTINCDT's, else message 14 about it. tab NULL:
 * ISTINCDT. False when out is too small, or the message is suppressed (SUPP=ALWAYS):
 * out stays empty then and is not bad. */
bool uss_message(const struct usstab *tab, unsigned nr, const struct uss_vars *,
    const struct uss_screen *, struct wr *out);

enum uss_verb {
	USS_V_EMPTY = 1,        /* nothing was typed: show message 10 again */
	USS_V_LOGON, USS_V_LOGOFF, USS_V_IBMTEST,
	USS_V_UNDIAL,           /* disconnect */
	USS_V_ERROR             /* show message msg with the inserts */
};

enum uss_type { USS_T_UNCOND = 1, USS_T_COND, USS_T_FORCE };

struct uss_cmd {
	enum uss_verb verb;
	struct sna_name appl;   /* LOGON (always), LOGOFF (or empty) */
	char mode[9];           /* LOGON: "" default */
	uint8_t data_len;       /* LOGON: EBCDIC user data; IBMTEST: the string */
	uint8_t data[USS_DATA_MAX];
	enum uss_type type;     /* LOGOFF */
	uint8_t hold;           /* LOGOFF: 1 = keep the connection */
	uint32_t count;         /* IBMTEST */
	unsigned msg;           /* ERROR: enum uss_msg */
	char insert[USS_INSERTS][USS_DATA_MAX + 1];     /* ERROR: for uss_vars.insert */
};

/* VTAM looks for a command in ISTINCDT too; the z/OS Telnet server does not. */
enum uss_search { USS_TABLE_ONLY = 1, USS_TABLE_THEN_DEFAULT };

void uss_parse(const struct usstab *, enum uss_search, const uint8_t *text, size_t n,
    struct uss_cmd *);
/* The text of a 3270 input record (AID, cursor, fields) as one line of EBCDIC in to[n];
 * its length. SBA orders become blanks. An AID without data (CLEAR, PA) gives 0. */
size_t uss_input_3270(const uint8_t *rec, size_t len, uint8_t *to, size_t n);

const struct intab *intab_build(struct arena *, const struct vlmember *, const char *member,
    struct deferrs *);
/* True when the text starts with a sequence of the table: cmd is a LOGON with the
 * whole text as data. */
bool intab_match(const struct intab *, const uint8_t *text, size_t n, struct uss_cmd *);

#endif
