/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands come from consoles, from the --commands file and from signals; most
 * are answered at once, those of the Telnet server go to the main and are
 * answered when it has done them. A ticket is a place in ask[] and its use.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "vtamsim/msg.h"
#include "vtamsim/snad_in.h"

void
snad_log_lines(const struct con *con, int level)
{
	const char *p = con->text;

	while (p != NULL && *p != '\0') {
		size_t n = strcspn(p, "\n");

		if (log_wanted(LOG_OPER, (enum log_level)level))
			log_line(LOG_OPER, (enum log_level)level, "net", "%.*s", (int)n, p);
		p += n;
		p += *p == '\n';
	}
}

/* --- questions to the main --- */

static struct snad_wait_for *
by_ticket(struct snad *s, uint32_t ticket)
{
	struct snad_wait_for *w = &s->ask[ticket % SNAD_ASKS];

	if (ticket == 0 || w->from == SF_FREE || !w->given ||
	    ticket != (uint32_t)w->gen * SNAD_ASKS + ticket % SNAD_ASKS)
		return NULL;
	return w;
}

static void
answer(struct snad *s, enum snad_from from, uint32_t client, enum console_rc rc,
    const struct con *con)
{
	switch (from) {
	case SF_FREE:
		break;
	case SF_CONSOLE:
		console_answer(s->console, client, rc, con);
		break;
	case SF_HTTP:
		http_answer(s->http, client, con);
		break;
	case SF_LOG:
		snad_log_lines(con, rc == CONSOLE_OK ? LOG_NOTICE : LOG_WARN);
		break;
	}
}

struct snad_wait_for *
snad_ask(struct snad *s, enum snad_ask what, enum snad_from from, uint32_t client,
    struct con *con)
{
	struct snad_wait_for *w = s->ask;

	while (w < s->ask + SNAD_ASKS && w->from != SF_FREE)
		w++;
	if (w == s->ask + SNAD_ASKS) {
		msg_line(con, IST454I, "OPERATOR");
		answer(s, from, client, CONSOLE_REJECTED, con);
		con_fini(con);
		return NULL;
	}
	w->from = (uint8_t)from;
	w->what = (uint8_t)what;
	w->given = 0;
	w->client = client;
	w->con = *con;
	con_init(con);
	return w;
}

void
snad_notice(struct snad *s, enum snad_ask what)
{
	s->notice[what] = 1;
}

bool
snad_command(struct snad *s, struct snad_cmd *cmd)
{
	for (unsigned i = 0; i <= SNAD_HALT; i++)
		if (s->notice[i]) {
			s->notice[i] = 0;
			*cmd = (struct snad_cmd){ .what = (enum snad_ask)i };
			return true;
		}
	for (unsigned i = 0; i < SNAD_ASKS; i++) {
		struct snad_wait_for *w = &s->ask[i];

		if (w->from == SF_FREE || w->given)
			continue;
		w->given = 1;
		w->gen++;
		if (w->gen == 0)
			w->gen = 1;
		cmd->what = (enum snad_ask)w->what;
		cmd->ticket = (uint32_t)w->gen * SNAD_ASKS + i;
		snprintf(cmd->text, sizeof(cmd->text), "%s", w->text);
		return true;
	}
	return false;
}

static void
finish(struct snad *s, uint32_t ticket, enum console_rc rc, const struct con *more)
{
	struct snad_wait_for *w = by_ticket(s, ticket);

	if (w == NULL)
		return;
	if (more != NULL)
		(void)con_append(&w->con, more, more->lines);
	if (w->what == SNAD_METRICS)
		con_text(&w->con, "# EOF");
	answer(s, (enum snad_from)w->from, w->client, rc, &w->con);
	con_fini(&w->con);
	w->from = SF_FREE;
	w->text[0] = '\0';
}

void
snad_reply(struct snad *s, uint32_t ticket, const struct con *con)
{
	finish(s, ticket, CONSOLE_OK, con);
}

void
snad_refuse(struct snad *s, uint32_t ticket, const struct con *con)
{
	finish(s, ticket, CONSOLE_REJECTED, con);
}

void
snad_tell(struct snad *s, const struct con *con)
{
	snad_log_lines(con, LOG_NOTICE);
	console_tell(s->console, con);
}

/* --- commands --- */

void
snad_run_line(struct snad *s, const char *line, enum snad_from from, uint32_t client)
{
	struct snad_wait_for *w;
	struct oper_order order;
	enum console_rc rc = CONSOLE_OK;
	struct con con;

	con_init(&con);
	s->commands++;
	s->oper.now = s->now;
	s->oper.wall_us = wall_us();
	switch (oper_run(&s->oper, line, &con, &order)) {
	case OPER_DONE:
		break;
	case OPER_REJECTED:
		rc = CONSOLE_REJECTED;
		break;
	case OPER_TELNET:
		w = snad_ask(s, SNAD_TELNET, from, client, &con);
		if (w != NULL)
			snprintf(w->text, sizeof(w->text), "%s", line);
		return;
	case OPER_HALT:
		snad_halt(s, order.halt);
		break;
	case OPER_TRACE:
		if (snad_trace_on(s, &order, &con) != 0)
			rc = CONSOLE_REJECTED;
		break;
	case OPER_TRAIL:
		if (snad_trail(s, &order, &con) != 0)
			rc = CONSOLE_REJECTED;
		break;
	case OPER_NOTRACE:
		snad_trace_off(s, &order, &con);
		break;
	}
	if (con.lines == 0)
		msg_line(&con, IST039I, "OPERATOR");
	answer(s, from, client, rc, &con);
	con_fini(&con);
}

void
snad_run_commands(struct snad *s)
{
	char line[CONSOLE_LINE];
	uint32_t client;
	unsigned n = 0;

	/* Some a turn: a script of commands must not starve the links. */
	while (n++ < 8 && console_next(s->console, &client, line)) {
		LOG(OPER, NOTICE, "console", "%s", line);
		snad_run_line(s, line, SF_CONSOLE, client);
	}
	if (n > 8)
		loop_wake(&s->loop);
}

void
snad_begin(struct snad *s, struct mono now)
{
	const char *path = s->opts->commands;
	char line[OPER_LINE_MAX + 2];
	FILE *f;

	s->now = now;
	if (path == NULL)
		return;
	f = fopen(path, "re");
	if (f == NULL) {
		LOG(OPER, ERROR, "commands", "%s: %m", path);
		return;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\r\n")] = '\0';
		if (line[strspn(line, " \t")] == '\0' || line[0] == '*' || line[0] == '#')
			continue;
		LOG(OPER, NOTICE, "commands", "%s", line);
		snad_run_line(s, line, SF_LOG, 0);
	}
	fclose(f);
}
