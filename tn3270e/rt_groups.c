/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/rt_groups.h"

/* --- a worker's --- */

unsigned
rt_groups_place(struct rt_groups *g, enum rt_kind kind, const char *name,
    const struct rtime_conf *c)
{
	struct rt_group *v;
	unsigned i = 0;

	while (i < g->n && (g->v[i].kind != kind || strcmp(g->v[i].name, name) != 0))
		i++;
	if (i == RT_GROUPS)
		return 0;
	if (i == g->n) {
		v = realloc(g->v, (g->n + 1u) * sizeof(*v));
		if (v == NULL)
			return 0;
		g->v = v;
		v[g->n++] = (struct rt_group){ .kind = (uint8_t)kind };
		snprintf(v[i].name, sizeof(v[i].name), "%s", name);
	}
	g->v[i].conf = *c;
	return i + 1;
}

void
rt_groups_add(struct rt_groups *g, unsigned place, const struct rtime_one *o, struct mono now)
{
	struct rt_group *v = place == 0 || place > g->n ? NULL : &g->v[place - 1];

	if (v == NULL)
		return;
	rtime_add(&v->sum, &v->conf, o);
	if (v->conf.average)
		rtime_slide(&v->win, &v->conf, o, now);
}

void
rt_groups_fini(struct rt_groups *g)
{
	free(g->v);
	*g = (struct rt_groups){ 0 };
}

/* --- copies --- */

void
rt_list_of(struct rt_list *l, const struct rt_groups *g, struct mono now)
{
	*l = (struct rt_list){ .v = g->n == 0 ? NULL : calloc(g->n, sizeof(*l->v)) };
	for (; l->v != NULL && l->n < g->n; l->n++) {
		const struct rt_group *from = &g->v[l->n];
		struct rt_shown *to = &l->v[l->n];

		*to = (struct rt_shown){ .kind = from->kind, .conf = from->conf,
			.sum = from->sum, .slide = rtime_sliding(&from->win, &from->conf, now) };
		memcpy(to->name, from->name, sizeof(to->name));
	}
}

static struct rt_shown *
find(const struct rt_list *l, unsigned kind, const char *name)
{
	for (unsigned i = 0; i < l->n; i++)
		if (l->v[i].kind == kind && strcmp(l->v[i].name, name) == 0)
			return &l->v[i];
	return NULL;
}

const struct rt_shown *
rt_list_find(const struct rt_list *l, enum rt_kind kind, const char *name)
{
	return find(l, kind, name);
}

void
rt_list_merge(struct rt_list *l, const struct rt_list *from)
{
	for (unsigned i = 0; i < from->n; i++) {
		const struct rt_shown *f = &from->v[i];
		struct rt_shown *s = find(l, f->kind, f->name), *v;

		if (s == NULL) {
			v = realloc(l->v, (l->n + 1u) * sizeof(*v));
			if (v == NULL)
				return;
			l->v = v;
			v[l->n++] = *f;
			continue;
		}
		rtime_merge(&s->sum, &f->sum);
		s->slide.n += f->slide.n;
		s->slide.n_ip += f->slide.n_ip;
		s->slide.total_us += f->slide.total_us;
		s->slide.ip_us += f->slide.ip_us;
	}
}

void
rt_list_fini(struct rt_list *l)
{
	free(l->v);
	*l = (struct rt_list){ 0 };
}

/* --- shown --- */

static uint64_t
average(uint64_t sum, uint64_t n)
{
	return n == 0 ? 0 : sum / n;
}

/* COUNT, then total, network and the rest: milliseconds with one decimal. */
static void
average_row(const char *head, const struct rtime_slot *s, char to[100])
{
	uint64_t total = average(s->total_us, s->n), ip = average(s->ip_us, s->n_ip);
	uint64_t sna = total > ip ? total - ip : 0;

	snprintf(to, 100, "%-8s %9u %7" PRIu64 ".%u %7" PRIu64 ".%u %7" PRIu64 ".%u", head, s->n,
	    total / 1000, (unsigned)(total / 100 % 10), ip / 1000, (unsigned)(ip / 100 % 10),
	    sna / 1000, (unsigned)(sna / 100 % 10));
}

static void
averages(const struct rtime_sum *s, const struct rtime_slot *slide, struct con *con,
    const char *indent)
{
	const struct rtime_slot life = { (uint32_t)s->n, (uint32_t)s->n_ip, s->total_us, s->ip_us };
	char row[100];

	con_text(con, "%s             COUNT  TOTAL MS     IP MS    SNA MS  DEVIATION: TOTAL   IP",
	    indent);
	average_row("LIFE", &life, row);
	con_text(con, "%s%s  %16" PRIu64 " %4" PRIu64, indent, row,
	    rtime_deviation_ms(s->total_us, s->total_sq, s->n),
	    rtime_deviation_ms(s->ip_us, s->ip_sq, s->n_ip));
	average_row("SLIDING", slide, row);
	con_text(con, "%s%s", indent, row);
}

void
rt_show(const struct rtime_conf *c, const struct rtime_sum *s, const struct rtime_slot *slide,
    struct con *con, const char *indent)
{
	con_text(con, "%s%sAVERAGE %sBUCKETS %sINCLUDEIP %sDYNAMICDR  AVGSAMPPERIOD %u "
	    "AVGSAMPMULTIPLIER %u", indent, c->average ? "" : "NO", c->buckets ? "" : "NO",
	    c->include_ip ? "" : "NO", c->dynamic_dr ? "" : "NO", c->period_s, c->multiplier);
	if (c->average)
		averages(s, slide, con, indent);
	if (c->buckets)
		con_text(con, "%sBUCKETS  <=%u.%03u: %" PRIu64 "  <=%u.%03u: %" PRIu64
		    "  <=%u.%03u: %" PRIu64 "  <=%u.%03u: %" PRIu64 "  ABOVE: %" PRIu64, indent,
		    c->bound_ms[0] / 1000, c->bound_ms[0] % 1000, s->bucket[0],
		    c->bound_ms[1] / 1000, c->bound_ms[1] % 1000, s->bucket[1],
		    c->bound_ms[2] / 1000, c->bound_ms[2] % 1000, s->bucket[2],
		    c->bound_ms[3] / 1000, c->bound_ms[3] % 1000, s->bucket[3], s->bucket[4]);
	con_text(con, "%sBY DEFINITE RESPONSE %" PRIu64 "  BY TIMING MARK %" PRIu64
	    "  UNANSWERED %" PRIu64, indent, s->by_dr, s->by_tm, s->late);
}

/* --- metrics --- */

static const char *
kind_text(const struct rt_shown *s)
{
	return s->kind == RTG_MONITOR ? "monitorgroup" : "lugroup";
}

static void
histogram(const struct rt_shown *s, struct con *con)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < RTIME_BUCKETS - 1 && s->conf.buckets; i++) {
		sum += s->sum.bucket[i];
		con_text(con, "snagate_telnet_response_seconds_bucket{%s=\"%s\",le=\"%u.%03u\"} %"
		    PRIu64, kind_text(s), s->name, s->conf.bound_ms[i] / 1000,
		    s->conf.bound_ms[i] % 1000, sum);
	}
	con_text(con, "snagate_telnet_response_seconds_bucket{%s=\"%s\",le=\"+Inf\"} %" PRIu64,
	    kind_text(s), s->name, s->sum.n);
	con_text(con, "snagate_telnet_response_seconds_count{%s=\"%s\"} %" PRIu64, kind_text(s),
	    s->name, s->sum.n);
	con_text(con, "snagate_telnet_response_seconds_sum{%s=\"%s\"} %" PRIu64 ".%06" PRIu64,
	    kind_text(s), s->name, s->sum.total_us / 1000000, s->sum.total_us % 1000000);
}

void
rt_list_metrics(const struct rt_list *l, struct con *con)
{
	if (l->n == 0)
		return;
	con_text(con, "# HELP snagate_telnet_response_seconds Response times, total.");
	con_text(con, "# TYPE snagate_telnet_response_seconds histogram");
	con_text(con, "# UNIT snagate_telnet_response_seconds seconds");
	for (unsigned i = 0; i < l->n; i++)
		histogram(&l->v[i], con);
	con_text(con, "# HELP snagate_telnet_response_ip_seconds The network's part of them.");
	con_text(con, "# TYPE snagate_telnet_response_ip_seconds summary");
	con_text(con, "# UNIT snagate_telnet_response_ip_seconds seconds");
	for (unsigned i = 0; i < l->n; i++) {
		const struct rt_shown *s = &l->v[i];

		con_text(con, "snagate_telnet_response_ip_seconds_count{%s=\"%s\"} %" PRIu64,
		    kind_text(s), s->name, s->sum.n_ip);
		con_text(con, "snagate_telnet_response_ip_seconds_sum{%s=\"%s\"} %" PRIu64 ".%06"
		    PRIu64, kind_text(s), s->name, s->sum.ip_us / 1000000,
		    s->sum.ip_us % 1000000);
	}
}
