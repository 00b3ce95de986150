/* SPDX-License-Identifier: Apache-2.0
 *
 * log.h - one line a change of state, to stderr: time, level, subject, text.
 *
 * Logging is for changes of state, counters for frequency, trace for bytes.
 * Nothing from a 3270 data stream may be logged (input fields hold passwords).
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"

enum log_sub { LOG_BASE, LOG_EE, LOG_LDLC, LOG_RTP, LOG_HS, LOG_DEFS, LOG_CP, LOG_DIR,
	LOG_SSN, LOG_OPER, LOG_ACB, LOG_APP, LOG_TN, LOG_TLS, LOG_NSUB };
enum log_level { LOG_ERROR, LOG_WARN, LOG_NOTICE, LOG_INFO, LOG_DEBUG };

void log_level(enum log_sub, enum log_level);   /* default NOTICE */
void log_level_all(enum log_level);
bool log_wanted(enum log_sub, enum log_level);
void log_line(enum log_sub, enum log_level, const char *subject, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* LOG(RTP, NOTICE, subject, "path switch, %u ms", n) */
#define LOG(sub, level, subject, ...)                                           \
	do {                                                                    \
		if (log_wanted(LOG_##sub, LOG_##level))                         \
			log_line(LOG_##sub, LOG_##level, (subject), __VA_ARGS__); \
	} while (0)

/* At most one line per peer and minute: true when a line is due; *muted is how
 * many were held back since the last. */
struct logbound {
	struct mono next;
	uint32_t muted;
};
bool log_bound(struct logbound *, struct mono now, uint32_t *muted);

#endif
