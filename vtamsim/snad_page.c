/* SPDX-License-Identifier: Apache-2.0
 *
 * The two pages: OpenMetrics and a status text. The main adds its own part.
 */
#include "base/stats.h"
#include "vtamsim/msg.h"
#include "vtamsim/snad_in.h"

enum { PS_UP, PS_TURNS, PS_LONGEST, PS_LONGEST_CPU, PS_COMMANDS, PS_CONSOLES,
	PS_DROPPED, PS_RESIDENT, PS_N };

static const struct stat_desc page_desc[PS_N] = {
	{ "uptime", "seconds", "time since start", STAT_GAUGE },
	{ "loop_turns", "", "turns of the SNA thread's loop", STAT_COUNTER },
	{ "loop_longest", "us", "longest turn since the last look", STAT_GAUGE },
	{ "loop_longest_cpu", "us", "processor time of the longest turn since the last look",
	    STAT_GAUGE },
	{ "operator_commands", "", "operator commands run", STAT_COUNTER },
	{ "operator_consoles", "", "operators connected", STAT_GAUGE },
	{ "operator_dropped", "", "operators refused or dropped", STAT_COUNTER },
	{ "resident", "bytes", "memory of the process", STAT_GAUGE },
};

static void
process_stats(struct snad *s, uint64_t v[PS_N])
{
	v[PS_UP] = (uint64_t)((wall_us() - s->oper.started_us) / 1000000);
	v[PS_TURNS] = s->loop.turns;
	v[PS_LONGEST] = (uint64_t)s->loop.longest_us;
	v[PS_LONGEST_CPU] = (uint64_t)s->loop.longest_cpu_us;
	v[PS_COMMANDS] = s->commands;
	v[PS_CONSOLES] = console_clients(s->console);
	v[PS_DROPPED] = console_dropped(s->console);
	v[PS_RESIDENT] = oper_resident_k() * 1024;
}

void
snad_metrics(struct snad *s, struct con *con)
{
	uint64_t v[PS_N], io[EEIO_NSTAT] = { 0 };

	process_stats(s, v);
	stats_openmetrics(con, page_desc, v, PS_N, "");
	(void)loop_longest(&s->loop);
	node_metrics(s->node, con);
	for (unsigned i = 0; i < SNAD_IOS; i++)
		if (s->io[i].open)
			stats_add(io, s->io[i].io.stat, EEIO_NSTAT);
	stats_openmetrics(con, eeio_stat_desc, io, EEIO_NSTAT, "");
}

void
snad_status(struct snad *s, struct con *con)
{
	const struct defs_start *st = defs_start(s->defs);
	struct msg_when w = msg_when(s->oper.started_us, st->dateform);
	uint64_t v[PS_N];

	process_stats(s, v);
	con_text(con, "%s %s, node %s.%s, started %s %s", s->opts->program, SNAGATE_VERSION,
	    st->netid, st->sscpname, w.date, w.time);
	stats_show(con, page_desc, v, PS_N);
	con_text(con, "%s", "");
	node_show(s->node, s->now, con);
	for (unsigned i = 0; i < SNAD_IOS; i++)
		if (s->io[i].open)
			eeio_show(&s->io[i].io, con);
	appset_show(&s->apps, con);
}

void
snad_pages(struct snad *s)
{
	enum http_page page;
	uint32_t client;
	struct con con;

	while (s->http != NULL && http_next(s->http, &client, &page)) {
		con_init(&con);
		if (page == HTTP_METRICS)
			snad_metrics(s, &con);
		else
			snad_status(s, &con);
		(void)snad_ask(s, page == HTTP_METRICS ? SNAD_METRICS : SNAD_STATUS, SF_HTTP,
		    client, &con);
	}
}
