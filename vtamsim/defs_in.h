/* SPDX-License-Identifier: Apache-2.0
 *
 * defs_in.h - operand tables and what the files of defs share.
 *
 * A row says of an operand: its keyword, how its value reads, its range and the
 * field it goes to. The same rows take start options and statement operands.
 *
 * Memory:  rows are const.
 * Thread:  as defs.h.
 */
#ifndef VTAMSIM_DEFS_IN_H
#define VTAMSIM_DEFS_IN_H

#include <stddef.h>

#include "vtamsim/defs.h"

enum opd_type {
	OT_SKIP = 1,    /* any value; accepted without function */
	OT_NAME,        /* char[9] */
	OT_QNAME,       /* char[18], may be NETID.NAME */
	OT_PATTERN,     /* char[9], may hold ? and * */
	OT_YN,          /* uint8_t */
	OT_NUM,         /* uint32_t lo..hi */
	OT_HEX,         /* lo digits, right-justified into hi bytes */
	OT_TIME,        /* uint32_t seconds lo..hi; S M H D W */
	OT_TIME4,       /* uint32_t[4] */
	OT_WORD,        /* uint8_t, one of words */
	OT_PREFIX,      /* char[4], exactly two name characters */
	OT_IPADDR,      /* struct ipaddr */
	OT_HOST,        /* char[DEF_HOST_MAX + 1] */
	OT_AUTH,        /* uint32_t, enum def_auth bits */
	OT_LIVTIME,     /* struct def_livtime */
	OT_IPTOS,       /* uint8_t[5] */
	OT_REDIAL,      /* uint32_t 0-254 or FOREVER */
	OT_EEVERIFY,    /* uint32_t minutes, ACTIVATE, NEVER */
	OT_PSMSG,       /* uint32_t 1-65535; ALL: 0 */
	OT_PSDLY,       /* uint32_t seconds, EEDELAY */
	OT_DISCNT,      /* uint8_t discnt of struct def_pu */
	OT_PACING,      /* uint32_t: first of (n,m) */
	OT_CAPACITY,    /* struct def_tg */
	OT_TGBYTE,      /* uint8_t: decimal, or a word, or X'..' */
	OT_HPR,         /* uint8_t[2]: RTP or (RTP,ANR) */
	OT_SWNORDER,    /* uint8_t[2] */
	OT_CONFIG,      /* char[9]: xx or a member name */
};

#define OF_DYN 1u       /* start option: MODIFY VTAMOPTS may change it */
#define OF_NOSIFT 2u    /* not on GROUP */
#define OF_NONE 4u      /* NONE stands for "" */
#define OF_UNUSED 8u    /* kept and shown, without function */
#define OF_ZERO 16u     /* OT_TIME: 0 is allowed below the least too */

struct opd_word {
	const char *word;
	uint8_t value;
};

struct opd_row {
	const char *key;
	uint8_t type;           /* enum opd_type */
	uint8_t flags;
	uint16_t off, size;     /* of the field */
	uint32_t lo, hi;
	const struct opd_word *words;
	const char *dflt;       /* start options: as displayed; NULL: required */
};

#define OPD_WANT_MAX 96

const struct opd_row *opd_find(const struct opd_row *rows, const char *key);
/* Puts the value into the field of base. False: want says what was expected. */
bool opd_set(const struct opd_row *, const struct vlval *, void *base, char want[OPD_WANT_MAX]);
/* APPN's eight-bit code of a capacity, nearest. */
uint8_t def_capacity_code(uint32_t kbps);

/* End with key NULL. */
extern const struct opd_row opd_appl[], opd_port[], opd_xgroup[], opd_line[], opd_xpu[];
extern const struct opd_row opd_pu[], opd_path[], opd_lu[];
extern const struct opd_row opd_start[];

struct symtab {
	char name[9], value[45];
};
#define DEFS_SYMS 32

struct deftab;          /* a cached table */

struct defs {
	char *dir;
	char list[3];
	struct arena arena;             /* options */
	struct arena tabarena;          /* tables: until defs_free() */
	struct deftab *tabs;
	struct defs_start start;
	struct symtab sym[DEFS_SYMS];
	struct vlsym vlsym[DEFS_SYMS + 1];
	unsigned nsym;
};

/* Reads and scans a member: 0, or -errno after an error was added. */
int  defs_scan(struct defs *, const char *member, enum vl_dialect, struct arena *,
    struct vlmember *, struct deferrs *);
void start_init(struct defs *);
/* The items of a list; false when one was bad. */
bool start_items(struct defs *, const struct vlmember *, const char *member, struct deferrs *);
bool defs_member_name(const char *name);

#endif
