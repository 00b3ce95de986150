/* SPDX-License-Identifier: Apache-2.0
 *
 * codepage.h - what a terminal's text is in the host's EBCDIC, and back.
 *
 * Made once for each CODEPAGE statement: every byte of both pages is asked of
 * iconv as a Unicode character, the tables follow from that. The terminal's
 * side is a single-byte page or UTF-8, the host's a single-byte EBCDIC page.
 * What this program writes itself (screens between sessions, USS messages) it
 * writes in code page 037; from_037 turns that into the page of the profile.
 *
 * Takes:   names as z/OS users write them (ISO8859-1, IBM-1047, 1047, TNSTD).
 * Gives:   tables; text translated.
 * Memory:  the struct.
 * Errors:  a sentence that says which name is wrong, and why.
 * Thread:  made by one, then read by any.
 * Source:  companions zos-telnet-server 3 (CODEPAGE), tn3270e 6.5.
 */
#ifndef TN3270E_CODEPAGE_H
#define TN3270E_CODEPAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODEPAGE_NAME 32
#define CODEPAGE_SUB 0x6fu              /* ? for what the other side lacks */

struct codepage {
	char ascii[CODEPAGE_NAME], ebcdic[CODEPAGE_NAME];       /* as coded */
	uint8_t utf8;                   /* the terminal's side: to_ebcdic is not used then */
	uint8_t own;                    /* differs from 037: our own text is translated */
	uint8_t to_ebcdic[256];
	uint8_t len[256];               /* of an EBCDIC byte's text: 1 to 3 */
	uint8_t text[256][3];
	uint8_t from_037[256], to_037[256];
	uint32_t ucs[256];              /* UTF-8: character << 8 | EBCDIC byte, ascending */
};

/* Code page 037 and ISO 8859-1: TNSTD, and what holds without a CODEPAGE statement. */
void     codepage_standard(struct codepage *);
/* True; else why[] says which of the names is wrong. */
bool     codepage_make(struct codepage *, const char *ascii, const char *ebcdic,
             char *why, size_t room);

/* A terminal's text as EBCDIC, in place; its length then. */
size_t   codepage_to_host(const struct codepage *, uint8_t *p, size_t n);
/* Our own 3270 data stream (a command, a WCC, orders and text), in place. */
void     codepage_screen(const struct codepage *, uint8_t *p, size_t n);
/* Our own text; and what was typed for us to read. */
void     codepage_from_037(const struct codepage *, uint8_t *p, size_t n);
void     codepage_to_037(const struct codepage *, uint8_t *p, size_t n);

#endif
