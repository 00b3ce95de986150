/* SPDX-License-Identifier: Apache-2.0
 *
 * linemode.h - lines of a terminal that is no 3270.
 *
 * In: bytes as typed become a line: CR LF, CR NUL, CR or LF ends it, BS and DEL
 * take a character back, NAK (ctrl-U) all of it. Out: the host's text, EBCDIC
 * with SCS controls, becomes text with CR LF; controls and 3270 orders a line
 * cannot show are left out with all their operands.
 *
 * Takes:   bytes of the client; RUs of a chain.
 * Gives:   whole lines in the host's page; text in the terminal's.
 * Memory:  one buffer while a line is being typed.
 * Errors:  LINE_LONG: the line is dropped up to its end.
 * Thread:  the worker's.
 * Source:  RFC 854 (NVT, CR LF, CR NUL); companion tn3270e 6.5.
 */
#ifndef TN3270E_LINEMODE_H
#define TN3270E_LINEMODE_H

#include "base/buf.h"
#include "tn3270e/codepage.h"

#define LINE_BYTES 1920u                /* of a typed line: a screenful (our choice) */

#define LINE_BS 0x08u
#define LINE_DEL 0x7fu
#define LINE_NAK 0x15u                  /* ctrl-U */

/* What stands between two bytes of a client. */
#define LINE_CR 0x01u                   /* LF or NUL belongs to the CR before */
#define LINE_OVER 0x02u                 /* too long: waits for its end */

enum line_form { LINE_TEXT = 1, LINE_BINARY };          /* BINARYLINEMODE: no editing */
enum line_did { LINE_MORE, LINE_WHOLE, LINE_TOO_LONG };

/* One byte more. *at: LINE_* bits. WHOLE: the line stands in the buffer, the end not. */
enum line_did line_in(uint8_t *at, const struct codepage *, enum line_form, struct buf *,
    uint8_t b);

/* Where in a chain of RUs we are; zeroed at its beginning. */
struct line_out {
	uint8_t order;          /* its operands' count comes next; 0 none */
	uint8_t class_next;     /* X'2B': the byte before the count */
	uint8_t wide;           /* between SO and SI */
	uint16_t skip;          /* operands to come */
};

#define LINE_GROWS 3u                   /* bytes of text a byte of EBCDIC makes at most */

/* n bytes; to has room for LINE_GROWS times as many. The length of the text. */
size_t   line_out(struct line_out *, const struct codepage *, const uint8_t *, size_t n,
             uint8_t *to);

#endif
