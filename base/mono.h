/* SPDX-License-Identifier: Apache-2.0
 *
 * mono.h - time as a type: microseconds on a clock that only goes forward.
 *
 * Units:   microseconds. The clock is read once per loop turn (mono_read in
 *          loop.h) and handed down; the simulator hands down virtual time.
 */
#ifndef BASE_MONO_H
#define BASE_MONO_H

#include <stdbool.h>
#include <stdint.h>

struct mono {
	int64_t us;
};

#define MONO_NEVER ((struct mono){ INT64_MAX })
#define MSEC(n) ((int64_t)(n) * 1000)
#define SECS(n) ((int64_t)(n) * 1000000)
#define MINUTES(n) ((int64_t)(n) * 60000000)

static inline struct mono
mono_add(struct mono t, int64_t us)
{
	if (t.us == INT64_MAX || us > INT64_MAX - t.us)
		return MONO_NEVER;
	return (struct mono){ t.us + us };
}

/* a - b in microseconds. */
static inline int64_t
mono_diff(struct mono a, struct mono b)
{
	return a.us - b.us;
}

static inline bool
mono_before(struct mono a, struct mono b)
{
	return a.us < b.us;
}

static inline bool
mono_due(struct mono t, struct mono now)
{
	return t.us <= now.us;
}

static inline bool
mono_is_never(struct mono t)
{
	return t.us == INT64_MAX;
}

static inline struct mono
mono_min(struct mono a, struct mono b)
{
	return a.us < b.us ? a : b;
}

#endif
