/* SPDX-License-Identifier: Apache-2.0
 *
 * acct_log.h - the accounting log: a thread that writes what it is given.
 *
 * The SNA thread hands records over a ring and never waits for the disk. While
 * the file can't be written records wait in the ring; when that is full they
 * are counted as lost. Trouble is told once, and once more when it is over.
 *
 * Takes:   records; where they go.
 * Gives:   sentences for the operator.
 * Memory:  a ring of ACCT_RING records.
 * Errors:  acct_log_new() NULL: no memory or no thread.
 * Thread:  calls: SNA. The file is the log's own thread's.
 * Source:  ours.
 */
#ifndef TN3270E_ACCT_LOG_H
#define TN3270E_ACCT_LOG_H

#include <stdbool.h>

#include "tn3270e/acct.h"
#include "tn3270e/acct_file.h"

#define ACCT_RING 4096u

struct acct_log;

struct acct_where {
	char path[ACCT_PATH];           /* "": nowhere */
	uint64_t most;
	uint32_t keep;
};

struct acct_log *acct_log_new(void);
void     acct_log_free(struct acct_log *);      /* writes what it has, waits for the thread */
void     acct_log_where(struct acct_log *, const struct acct_where *);
void     acct_log_reopen(struct acct_log *);
void     acct_log_put(struct acct_log *, const struct acct_rec *);
bool     acct_log_told(struct acct_log *, char text[200], bool *bad);

struct acct_log_stat {
	uint64_t written, lost, waiting, rotated, failing;
};
struct acct_log_stat acct_log_stat(const struct acct_log *);

#endif
