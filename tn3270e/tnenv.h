/* SPDX-License-Identifier: Apache-2.0
 *
 * tnenv.h - NEW-ENVIRON: the two variables of Express Logon.
 *
 * Takes:   the body of an IS or INFO sub-negotiation, any bytes.
 * Gives:   what it says of IBMELF and IBMAPPLID; the body of our SEND.
 * Memory:  none; other variables are passed over.
 * Errors:  tnenv_get() false: not IS or INFO, or not in its grammar.
 * Source:  RFC 1572 (grammar, ESC), RFC 1571 section 3 (peers that have VAR and
 *          VALUE the wrong way round); companion tn3270e 5.
 */
#ifndef TN3270E_TNENV_H
#define TN3270E_TNENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TNENV_APPL_MAX 8

enum tnenv_elf { TNENV_SILENT, TNENV_NO, TNENV_YES };

struct tnenv {
	uint8_t elf;                            /* enum tnenv_elf: of IBMELF */
	char applid[TNENV_APPL_MAX + 1];        /* IBMAPPLID, upper case; "" none or no name */
};

bool     tnenv_get(struct tnenv *, const uint8_t *, size_t n);
/* "SEND USERVAR IBMELF USERVAR IBMAPPLID": its bytes. */
size_t   tnenv_send(const uint8_t **);

#endif
