/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

/* style: the one mutable file-scope variable: how much to log is a property of
 * the process, as stderr is; passing it to every core would buy nothing. */
static _Atomic unsigned char level_of[LOG_NSUB] = {
	LOG_NOTICE, LOG_NOTICE, LOG_NOTICE, LOG_NOTICE, LOG_NOTICE, LOG_NOTICE, LOG_NOTICE,
	LOG_NOTICE, LOG_NOTICE, LOG_NOTICE, LOG_NOTICE, LOG_NOTICE, LOG_NOTICE, LOG_NOTICE
};
static const char *const sub_name[LOG_NSUB] = { "base", "ee", "ldlc", "rtp", "hs", "defs", "cp",
	"dir", "ssn", "oper", "acb", "app", "tn", "tls" };
static const char level_name[] = "EWNID";

void
log_level(enum log_sub sub, enum log_level level)
{
	atomic_store_explicit(&level_of[sub], (unsigned char)level, memory_order_relaxed);
}

void
log_level_all(enum log_level level)
{
	for (unsigned i = 0; i < LOG_NSUB; i++)
		log_level((enum log_sub)i, level);
}

bool
log_wanted(enum log_sub sub, enum log_level level)
{
	return level <= atomic_load_explicit(&level_of[sub], memory_order_relaxed);
}

void
log_line(enum log_sub sub, enum log_level level, const char *subject, const char *fmt, ...)
{
	char line[1024];
	struct timespec ts;
	struct tm tm;
	va_list ap;
	size_t n;
	int k;

	clock_gettime(CLOCK_REALTIME, &ts);
	localtime_r(&ts.tv_sec, &tm);
	n = strftime(line, sizeof(line), "%Y-%m-%d %H:%M:%S", &tm);
	k = snprintf(line + n, sizeof(line) - n, ".%03ld %c %-4s %s: ", ts.tv_nsec / 1000000,
	    level_name[level], sub_name[sub], subject == NULL ? "-" : subject);
	if (k > 0)
		n += (size_t)k < sizeof(line) - n ? (size_t)k : sizeof(line) - n - 1;
	va_start(ap, fmt);
	k = vsnprintf(line + n, sizeof(line) - n, fmt, ap);
	va_end(ap);
	if (k > 0)
		n += (size_t)k < sizeof(line) - n ? (size_t)k : sizeof(line) - n - 1;
	if (n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	for (size_t i = 0; i < n; i++)  /* names others chose begin no line of their own */
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = '?';
	line[n++] = '\n';
	/* One write a line: lines of several threads don't mix. */
	if (write(STDERR_FILENO, line, n) < 0)
		return;
}

bool
log_bound(struct logbound *b, struct mono now, uint32_t *muted)
{
	if (mono_before(now, b->next)) {
		b->muted++;
		return false;
	}
	*muted = b->muted;
	b->muted = 0;
	b->next = mono_add(now, MINUTES(1));
	return true;
}
