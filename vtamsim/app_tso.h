/* SPDX-License-Identifier: Apache-2.0
 *
 * app_tso.h - TSODEMO: a menu with full-screen panels, to try a terminal.
 *
 * S TSODEMO[,APPL=name][,MAX=sessions]. Logon with any user ID of 1-7
 * characters; the password is the user ID.
 *
 * Takes:   logons of 3270 terminals (LU type 2, or 0 with FM profile 2).
 * Memory:  one scratch screen in the application's block.
 * Thread:  SNA. What is typed into the password field is compared and forgotten.
 */
#ifndef VTAMSIM_APP_TSO_H
#define VTAMSIM_APP_TSO_H

#include "vtamsim/app.h"

extern const struct app_desc app_tso;

#endif
