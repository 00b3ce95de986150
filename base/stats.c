/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/stats.h"

void
stats_add(uint64_t *sum, const uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum[i] += v[i];
}

/* OpenMetrics 1.0: a counter's family is named without _total, its sample with. */
void
stats_openmetrics(struct con *c, const struct stat_desc *d, const uint64_t *v, size_t n,
    const char *labels)
{
	for (size_t i = 0; i < n; i++) {
		int counter = d[i].kind == STAT_COUNTER;
		const char *sep = d[i].unit[0] == '\0' ? "" : "_";

		con_text(c, "# HELP snagate_%s%s%s %s", d[i].name, sep, d[i].unit, d[i].help);
		con_text(c, "# TYPE snagate_%s%s%s %s", d[i].name, sep, d[i].unit,
		    counter ? "counter" : "gauge");
		con_text(c, "snagate_%s%s%s%s%s %" PRIu64, d[i].name, sep, d[i].unit,
		    counter ? "_total" : "", labels, v[i]);
	}
}

void
stats_show(struct con *c, const struct stat_desc *d, const uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		con_text(c, "  %-28s %12" PRIu64 " %-6s %s", d[i].name, v[i], d[i].unit,
		    d[i].help);
}
