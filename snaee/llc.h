/* SPDX-License-Identifier: Apache-2.0
 *
 * llc.h - the three bytes in front of everything on an EE port: IEEE 802.2
 * destination SAP, source SAP and control.
 *
 * EE uses UI, XID, TEST, DISC and DM only: no numbered frames, no FRMR.
 *
 * Errors:  false for a datagram shorter than 3 bytes or another control value;
 *          both are discarded and counted by the caller, never answered.
 * Source:  RFC 2353 section 6.1; companion ee-hpr-rtp section 2.1.
 */
#ifndef SNAEE_LLC_H
#define SNAEE_LLC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define LLC_LEN 3
#define LLC_SAP_SNA 0x04        /* XID, TEST, DISC, DM */
#define LLC_SAP_NLP 0xc8        /* UI that carry NLPs */

/* Control byte without P/F. */
enum llc_frame { LLC_UI = 0x03, LLC_DM = 0x0f, LLC_DISC = 0x43, LLC_XID = 0xaf, LLC_TEST = 0xe3 };

struct llc {
	uint8_t dsap, ssap;     /* without I/G and C/R */
	uint8_t frame;          /* enum llc_frame */
	uint8_t rsp;            /* C/R: 1 response. Reads as 0 in UI */
	uint8_t pf;             /* poll of a command, final of a response. Reads as 0 in UI */
};

bool llc_get(struct rd *, struct llc *);        /* r then stands on the information field */
void llc_put(struct wr *, const struct llc *);
/* The answer to a command: SAPs swapped, F = P. */
struct llc llc_reply(const struct llc *, enum llc_frame);
const char *llc_name(enum llc_frame);

#endif
