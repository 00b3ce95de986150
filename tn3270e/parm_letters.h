/* SPDX-License-Identifier: Apache-2.0
 *
 * parm_letters.h - parameters as letters, one place a switch: EZZ6060I,
 * EZZ6080I and the PARMS part of EZZ6065I.
 *
 * Gives:   six groups of letters; rows that show which level coded what.
 * Thread:  any.
 * Source:  companion zos-telnet-server 14.2. The places whose meaning is not
 *          proved there are read as it infers them.
 */
#ifndef TN3270E_PARM_LETTERS_H
#define TN3270E_PARM_LETTERS_H

#include "tn3270e/profile.h"

#define PARM_LETTERS 80

/* Of parameters that hold: a letter or * (off). Of those one level coded: - where it did not. */
enum parm_view { PARM_FINAL = 1, PARM_CODED };

char    *parm_letters(const struct tnp_parms *, enum parm_view, unsigned secure,
             char to[PARM_LETTERS]);
/* Those that hold on a port, with what is no parameter of the table: SMF. */
char    *parm_port_letters(const struct tnp_port *, const struct tnp_parms *,
             char to[PARM_LETTERS]);
/* The three lines that name the columns. */
void     parm_heading(struct con *, const char *indent);
/* A row a level, the last with <-FINAL; map gives its PMAP, may be NULL. */
void     parm_rows(const struct tnp_port *, const struct tnp_parms *final, struct con *,
             const char *indent);

#endif
