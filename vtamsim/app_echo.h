/* SPDX-License-Identifier: Apache-2.0
 *
 * app_echo.h - ECHO: answers every input with a screen of a chosen size.
 *
 * S ECHO[,APPL=name][,SIZE=bytes][,MAX=sessions]. The terminal may type
 * SIZE n to choose for itself, LOGOFF or PF3 to leave.
 *
 * Takes:   logons of LU type 0 to 2; lines of text where no 3270 is bound.
 * Memory:  one screen template per terminal size in the application's block.
 * Thread:  SNA.
 */
#ifndef VTAMSIM_APP_ECHO_H
#define VTAMSIM_APP_ECHO_H

#include "vtamsim/app.h"

#define ECHO_SIZE 800           /* bytes of a reply, unless SIZE= says else */
#define ECHO_SIZE_MAX 4000

extern const struct app_desc app_echo;

#endif
