/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tn3270e/acct_file.h"

#define NAME_ROOM (ACCT_PATH + 16)

void
acct_file_init(struct acct_file *f)
{
	*f = (struct acct_file){ .fd = -1, .keep = 9 };
}

void
acct_file_close(struct acct_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* A machine that stopped may have left half a line: the next begins a new one. */
static int
end_last_line(int fd, off_t size)
{
	char last;

	if (size == 0 || pread(fd, &last, 1, size - 1) != 1 || last == '\n')
		return 0;
	return write(fd, "\n", 1) == 1 ? 0 : -errno;
}

int
acct_file_open(struct acct_file *f)
{
	struct stat st;
	int e;

	acct_file_close(f);
	f->fd = open(f->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0640);
	if (f->fd < 0)
		return -errno;
	e = fstat(f->fd, &st) != 0 ? -errno : S_ISREG(st.st_mode) ?
	    end_last_line(f->fd, st.st_size) : 0;
	if (e != 0)
		acct_file_close(f);
	return e;
}

static void
numbered(const struct acct_file *f, unsigned i, char to[NAME_ROOM])
{
	snprintf(to, NAME_ROOM, i == 0 ? "%s" : "%s.%u", f->path, i);
}

/* NAME.8 to NAME.9 .., NAME to NAME.1. A step that fails leaves the rest as it is. */
static int
rotate(struct acct_file *f)
{
	char from[NAME_ROOM], to[NAME_ROOM];

	for (unsigned i = f->keep; i-- != 0;) {
		numbered(f, i, from);
		numbered(f, i + 1, to);
		if (rename(from, to) != 0 && errno != ENOENT)
			return -errno;
	}
	if (f->keep == 0 && unlink(f->path) != 0 && errno != ENOENT)
		return -errno;
	f->rotated++;
	return acct_file_open(f);
}

int
acct_file_write(struct acct_file *f, const char *lines, size_t n)
{
	struct stat st;
	ssize_t k;
	int e = f->fd < 0 ? acct_file_open(f) : 0;

	if (e != 0)
		return e;
	if (fstat(f->fd, &st) != 0)
		return -errno;
	if (f->most != 0 && st.st_size != 0 && (uint64_t)st.st_size + n > f->most &&
	    S_ISREG(st.st_mode)) {
		e = rotate(f);
		if (e != 0)
			return e;
		st.st_size = 0;
	}
	k = write(f->fd, lines, n);
	if (k == (ssize_t)n)
		return 0;
	e = k < 0 ? -errno : -ENOSPC;
	if (k > 0 && ftruncate(f->fd, st.st_size) != 0)
		acct_file_close(f);             /* opening it ends the half line */
	return e;
}
