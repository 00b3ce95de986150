/* SPDX-License-Identifier: Apache-2.0
 *
 * stats.h - counters: a const table beside the core, an array in the entity.
 */
#ifndef BASE_STATS_H
#define BASE_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "base/con.h"

enum stat_kind { STAT_COUNTER, STAT_GAUGE };

struct stat_desc {
	const char *name;       /* snagate_rtp_nlps_sent_total without the prefix: rtp_nlps_sent */
	const char *unit;       /* "", "bytes", "us" */
	const char *help;
	enum stat_kind kind;
};

/* Adds v[0..n) into sum[0..n). */
void stats_add(uint64_t *sum, const uint64_t *v, size_t n);
/* OpenMetrics text: HELP, TYPE and one sample each; labels as {a="b"} or "". */
void stats_openmetrics(struct con *, const struct stat_desc *, const uint64_t *, size_t n,
    const char *labels);
/* "name value unit - help", one line each, for the operator. */
void stats_show(struct con *, const struct stat_desc *, const uint64_t *, size_t n);

#endif
