/* SPDX-License-Identifier: Apache-2.0
 *
 * acct_file.h - the accounting file: whole lines at its end, or nothing.
 *
 * A write that stored a part of a line is taken back (ftruncate) and tried
 * again later. The file is renamed to NAME.1 (NAME.1 to NAME.2 ..) when a
 * line would make it too long; reopened when it is asked for, so that another
 * program may rename it. Mode 0640, O_APPEND.
 *
 * Takes:   lines.
 * Gives:   0, or -errno: the lines were not stored and stay the caller's.
 * Thread:  its owner's; blocks on the file system.
 * Source:  ours.
 */
#ifndef TN3270E_ACCT_FILE_H
#define TN3270E_ACCT_FILE_H

#include <stddef.h>
#include <stdint.h>

#define ACCT_PATH 256u
#define ACCT_KEEP_MAX 99u

struct acct_file {
	char path[ACCT_PATH];
	uint64_t most;                  /* bytes before it is renamed; 0: any */
	uint32_t keep;                  /* renamed ones kept; older ones are removed */
	int fd;                         /* -1: closed */
	uint64_t rotated;
};

void     acct_file_init(struct acct_file *);
int      acct_file_open(struct acct_file *);    /* also again; 0 or -errno */
void     acct_file_close(struct acct_file *);
int      acct_file_write(struct acct_file *, const char *lines, size_t n);

#endif
