/* SPDX-License-Identifier: Apache-2.0
 *
 * ds3270.h - the 3270 data stream: screens out, keystrokes in.
 *
 * Out: ds_begin(), then orders and text, then the bytes are in the cursor.
 * In: ds_in_open(), then ds_in_field() until it says no.
 *
 * Units:   rows and columns count from 1, as a person reads a screen; a buffer
 *          address counts cells from 0.
 * Order:   text is ASCII here and code page 037 on the wire.
 * Memory:  borrows the cursor's bytes; nothing is allocated.
 * Errors:  out: the cursor's bad sticks (too small). In: false.
 * Source:  3270 Data Stream Programmer's Reference (GA23-0059): commands,
 *          orders, attributes, inbound data, Query Reply.
 */
#ifndef VTAMSIM_DS3270_H
#define VTAMSIM_DS3270_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define DS_CELLS_MAX 16383      /* what 14-bit addresses reach */

enum ds_cmd {                           /* as LUs of SNA type code them */
	DS_W = 0xf1, DS_EW = 0xf5, DS_EWA = 0x7e, DS_EAU = 0x6f, DS_WSF = 0xf3,
	DS_RB = 0xf2, DS_RM = 0xf6, DS_RMA = 0x6e
};

enum ds_order {
	DS_SBA = 0x11, DS_SF = 0x1d, DS_SFE = 0x29, DS_SA = 0x28, DS_MF = 0x2c, DS_IC = 0x13,
	DS_PT = 0x05, DS_RA = 0x3c, DS_EUA = 0x12, DS_GE = 0x08
};

/* WCC: the bits, with the code that makes the byte a graphic added by ds_wcc(). */
#define DS_WCC_RESET 0x40u              /* reset partition */
#define DS_WCC_PRINT 0x08u              /* start printer */
#define DS_WCC_ALARM 0x04u
#define DS_WCC_UNLOCK 0x02u             /* keyboard restore */
#define DS_WCC_MDT 0x01u                /* reset modified data tags */
#define DS_WCC_READY (DS_WCC_RESET | DS_WCC_UNLOCK | DS_WCC_MDT)

/* Field attribute bits (before coding as a graphic). */
#define DS_PROT 0x20u
#define DS_NUM 0x10u
#define DS_SKIP (DS_PROT | DS_NUM)      /* autoskip */
#define DS_BRIGHT 0x08u                 /* intensified, pen detectable */
#define DS_HIDDEN 0x0cu                 /* non-display */
#define DS_MDT 0x01u

enum ds_type {                          /* extended attribute types */
	DS_T_RESET = 0x00, DS_T_FIELD = 0xc0, DS_T_HILITE = 0x41, DS_T_COLOUR = 0x42,
	DS_T_CHARSET = 0x43, DS_T_BACK = 0x45
};
enum ds_hilite { DS_H_DEFAULT = 0, DS_H_NORMAL = 0xf0, DS_BLINK = 0xf1, DS_REVERSE = 0xf2,
	DS_UNDER = 0xf4 };
enum ds_colour { DS_C_DEFAULT = 0, DS_BLUE = 0xf1, DS_RED = 0xf2, DS_PINK = 0xf3,
	DS_GREEN = 0xf4, DS_TURQ = 0xf5, DS_YELLOW = 0xf6, DS_WHITE = 0xf7 };

enum ds_aid {
	DS_NOAID = 0x60, DS_ENTER = 0x7d, DS_CLEAR = 0x6d, DS_PA1 = 0x6c, DS_PA2 = 0x6e,
	DS_PA3 = 0x6b, DS_AID_SF = 0x88, DS_SYSREQ = 0xf0, DS_TRIGGER = 0x7f,
	DS_PF1 = 0xf1, DS_PF2, DS_PF3, DS_PF4, DS_PF5, DS_PF6, DS_PF7, DS_PF8, DS_PF9,
	DS_PF10 = 0x7a, DS_PF11, DS_PF12, DS_PF13 = 0xc1, DS_PF14, DS_PF15, DS_PF16, DS_PF17,
	DS_PF18, DS_PF19, DS_PF20, DS_PF21, DS_PF22 = 0x4a, DS_PF23, DS_PF24
};

/* Out. */
struct ds {
	struct wr w;
	uint16_t rows, cols;
	uint8_t wide;           /* 14-bit addresses: more than 4096 cells */
	uint8_t extended;       /* SFE and SA may be used; else they become SF and nothing */
};

enum ds_plain { DS_PLAIN, DS_EXTENDED };

void ds_begin(struct ds *, struct wr, uint16_t rows, uint16_t cols, enum ds_plain);
void ds_cmd(struct ds *, enum ds_cmd, unsigned wcc);    /* DS_WCC_*; no WCC for DS_EAU, reads */
void ds_at(struct ds *, unsigned row, unsigned col);    /* SBA; wraps at the screen's end */
void ds_sf(struct ds *, unsigned attr);                 /* DS_PROT .. */
void ds_sfe(struct ds *, unsigned attr, enum ds_hilite, enum ds_colour);
void ds_sa(struct ds *, enum ds_type, unsigned value);
void ds_ic(struct ds *);
void ds_pt(struct ds *);
void ds_ra(struct ds *, unsigned row, unsigned col, char);      /* fill up to row, col */
void ds_text(struct ds *, const char *);
void ds_textn(struct ds *, const char *, size_t n);
void ds_num(struct ds *, uint64_t, unsigned width);     /* right justified, blanks before */
/* A field at row, col: attribute there, text behind it. */
void ds_field(struct ds *, unsigned row, unsigned col, unsigned attr, const char *);
void ds_cfield(struct ds *, unsigned row, unsigned col, unsigned attr, enum ds_colour,
         const char *);
void ds_centre(struct ds *, unsigned row, unsigned attr, enum ds_colour, const char *);
/* Read Partition (Query), whole WSF: bytes for a buffer of its own. */
void ds_query_out(struct wr *);

uint8_t  ds_wcc(unsigned bits);         /* X'C3' for RESET | UNLOCK | MDT */
uint8_t  ds_attr(unsigned bits);        /* X'60' for PROT */
void     ds_addr_put(struct wr *, uint32_t addr, unsigned wide);
/* 12- and 14-bit addresses; r->bad for the reserved form. */
uint32_t ds_addr_get(struct rd *);

/* In. */
struct ds_in {
	uint8_t aid;            /* enum ds_aid; 0 nothing */
	uint8_t short_read;     /* CLEAR, PA: AID only */
	uint32_t cells;
	uint32_t cursor;
	struct rd r;            /* behind AID and cursor */
};

struct ds_infield {
	uint32_t addr;          /* DS_NOADDR: typed on an unformatted screen */
	const uint8_t *p;       /* EBCDIC as sent, orders in it included */
	size_t len;
};
#define DS_NOADDR 0xffffffffu

bool ds_in_open(struct ds_in *, const void *, size_t len, uint32_t cells);
bool ds_in_field(struct ds_in *, struct ds_infield *);
/* The field's characters as ASCII, upper case when fold, blanks at both ends
 * dropped, NUL behind; orders are skipped. Length. */
enum ds_fold { DS_ASIS, DS_UPPER };
size_t ds_in_text(const struct ds_infield *, char *to, size_t room, enum ds_fold);
/* "ENTER", "PF3", "PA1", "CLEAR", "?" */
const char *ds_aid_name(unsigned aid);
/* 1-24, or 0 when it is no PF key. */
unsigned ds_pf(unsigned aid);

/* Query Reply (AID X'88'). */
struct ds_query {
	uint8_t usable, colour, hilite, implicit;       /* seen */
	uint8_t wide;           /* 14-bit addressing */
	uint8_t ncolours;       /* pairs with an action of their own */
	uint8_t hilites;        /* kinds */
	uint8_t ddm;            /* distributed data management */
	uint16_t rows, cols;    /* usable area */
	uint16_t def_rows, def_cols, alt_rows, alt_cols;        /* implicit partitions */
	uint16_t replies;
};
bool ds_query_get(struct rd *, struct ds_query *);      /* from the AID on */

#endif
