/* SPDX-License-Identifier: Apache-2.0
 *
 * elf.h - Express Logon: the placeholders in what a client sends.
 *
 * A client's macro types )USR.ID( and )PSS.WD( where user id and password go;
 * both have 8 characters, so a record keeps its length.
 *
 * Takes:   a record as it came, in as many buffers as there are.
 * Gives:   which placeholders it has; the record with them replaced.
 * Order:   the record is EBCDIC, replacements are ASCII.
 * Errors:  none: a record without placeholders stays as it is.
 * Source:  companion tn3270e 5.2; zos-telnet-server 11.
 */
#ifndef TN3270E_ELF_H
#define TN3270E_ELF_H

#include "base/buf.h"

#define ELF_LEN 8

#define ELF_USER 1u
#define ELF_TICKET 2u

unsigned elf_find(const struct bufq *);                 /* ELF_* bits */
/* Each place of one placeholder: text, at most 8 characters, blanks behind. */
void     elf_replace(struct bufq *, unsigned which, const char *text);
/* A PassTicket: 8 of A-Z 0-9. */
bool     elf_ticket_ok(const char *, size_t n);

#endif
