/* SPDX-License-Identifier: Apache-2.0
 *
 * app_drive.h - DRIVER: does on the session what its user types.
 *
 * For people who test emulators and gateways: chains of any length and
 * response, brackets and turns, null RUs, SIGNAL, BID, UNBIND of any type, a
 * BIND with any byte changed. docs/vtamsim.md has its commands.
 *
 * S DRIVER[,APPL=name][,MAX=sessions]
 *
 * Takes:   logons of LU type 0 to 3; commands typed on its screen; changes to
 *          the BIND in the logon's DATA.
 * Memory:  a line of commands per session; nothing per message.
 * Thread:  SNA.
 * Source:  companion sna-sessions sections 1.3, 2.6, 3.1-3.7.
 */
#ifndef VTAMSIM_APP_DRIVE_H
#define VTAMSIM_APP_DRIVE_H

#include "vtamsim/app.h"

extern const struct app_desc app_drive;

#endif
