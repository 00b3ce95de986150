/* SPDX-License-Identifier: Apache-2.0
 *
 * app_prt.h - PRTDEMO: prints numbered pages.
 *
 * A printer that logs on gets a page set at once and keeps the session. A
 * terminal user names a printer LU, how many pages and which logon mode; the
 * printer is asked into session (SIMLOGON) unless it is in one with PRTDEMO
 * already, and let go when the job has ended. The user sees what came back.
 *
 * S PRTDEMO[,APPL=name][,PAGES=n][,MAX=sessions]
 *
 * Takes:   logons of LU type 1 and 3 (printers), 0 with FM profile 2 and 2.
 * Memory:  PRT_JOBS jobs in the application's block; nothing per message.
 * Thread:  SNA.
 * Source:  companion sna-sessions 3.9: BB opens a job, EB with a definite
 *          response ends it.
 */
#ifndef VTAMSIM_APP_PRT_H
#define VTAMSIM_APP_PRT_H

#include "vtamsim/app.h"

#define PRT_PAGES 2             /* for a printer that logs on, unless PAGES= says else */
#define PRT_PAGES_MAX 9999

extern const struct app_desc app_prt;

#endif
