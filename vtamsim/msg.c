/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "snaee/sense.h"
#include "vtamsim/defs.h"
#include "vtamsim/msg.h"

const struct msg_desc *
msg_find(const char *id)
{
	for (const struct msg_desc *m = msg_table; m->id != NULL; m++)
		if (strcmp(m->id, id) == 0)
			return m;
	return NULL;
}

/* What Markdown would take for markup. */
static void
cell(char *to, size_t n, const char *s)
{
	size_t k = 0;

	for (; *s != '\0' && k + 2 < n; s++) {
		if (strchr("|*_<`", *s) != NULL)
			to[k++] = '\\';
		to[k++] = *s;
	}
	to[k] = '\0';
}

static void
senses(struct con *c)
{
	const char *text;
	uint32_t code;

	con_text(c, "%s", "");
	con_text(c, "# Sense codes");
	con_text(c, "%s", "");
	con_text(c, "As consoles and terminals show them. Of a code that is not here the first two "
	    "bytes decide, with 0000 behind them.");
	con_text(c, "%s", "");
	con_text(c, "| code | what it means |");
	con_text(c, "|---|---|");
	for (unsigned i = 0; (text = sense_nth(i, &code)) != NULL; i++)
		con_text(c, "| %08X | %s |", code, text);
}

void
msg_markdown(struct con *c)
{
	char a[512], b[1024];

	con_text(c, "# Messages");
	con_text(c, "%s", "");
	con_text(c, "Every message the node issues, made from the table in the code by "
	    "`make docs`. Words in lower case are filled in.");
	con_text(c, "Layouts of whole replies are in [operator.md](operator.md).");
	con_text(c, "%s", "");
	con_text(c, "| id | text | what it means |");
	con_text(c, "|---|---|---|");
	for (const struct msg_desc *m = msg_table; m->id != NULL; m++) {
		cell(a, sizeof(a), m->shown);
		cell(b, sizeof(b), m->explanation);
		con_text(c, "| %s | %s | %s |", m->id, a, b);
	}
	senses(c);
}

/* BASE texts have names of 8 characters. */
static const char *
base_name(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot == NULL ? name : dot + 1;
}

void
msg_active(struct con *c, unsigned level, const char *name, const char *type)
{
	if (level == 0)
		msg_line(c, IST093I, base_name(name));
	else
		msg_line(c, IST1132I, name, type);
}

void
msg_inactive(struct con *c, unsigned level, const char *name, const char *type)
{
	if (level == 0)
		msg_line(c, IST105I, base_name(name));
	else
		msg_line(c, IST1133I, name, type);
}

void
msg_recovering(struct con *c, unsigned level, const char *name)
{
	if (level == 0)
		msg_line(c, IST619I, base_name(name));
	else
		msg_line(c, IST1416I, name);
}

void
msg_inact_scheduled(struct con *c, unsigned level, const char *name)
{
	if (level == 0)
		msg_line(c, IST129I, base_name(name));
	else
		msg_line(c, IST1136I, name);
}

void
msg_trace(struct con *con, unsigned level, const char *name, const char *type)
{
	if (level == 0) {
		msg_line(con, IST513I, "INITIATED", name);
		return;
	}
	msg_line(con, IST1144I, name);
	msg_line(con, IST1045I, type);
	msg_line(con, IST314I);
}

void
msg_failed(struct con *c, const char *command, const char *name, const char *reason)
{
	msg_line(c, IST1137I, command, name, reason);
}

struct msg_when
msg_when(int64_t wall_us, unsigned dateform)
{
	time_t t = (time_t)(wall_us / 1000000);
	struct msg_when w = { "", "" };
	unsigned d, m, y;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		return w;
	d = (unsigned)tm.tm_mday % 100;
	m = (unsigned)(tm.tm_mon + 1) % 100;
	y = (unsigned)tm.tm_year % 100;
	if (dateform == DATE_DMY)
		snprintf(w.date, sizeof(w.date), "%02u/%02u/%02u", d, m, y);
	else if (dateform == DATE_YMD)
		snprintf(w.date, sizeof(w.date), "%02u/%02u/%02u", y, m, d);
	else
		snprintf(w.date, sizeof(w.date), "%02u/%02u/%02u", m, d, y);
	strftime(w.time, sizeof(w.time), "%H:%M:%S", &tm);
	return w;
}

const char *
msg_count(uint64_t n, char to[MSG_COUNT])
{
	char whole[24];

	snprintf(whole, sizeof(whole), "%" PRIu64, n);
	snprintf(to, MSG_COUNT, "%-12s ( %03" PRIu64 "K )", whole, n / 1000);
	return to;
}

const char *
msg_rate(uint64_t bps, char to[MSG_COUNT])
{
	if (bps >= 10000000)
		snprintf(to, MSG_COUNT, "%" PRIu64 " MBITS/SEC", bps / 1000000);
	else if (bps >= 10000)
		snprintf(to, MSG_COUNT, "%" PRIu64 " KBITS/SEC", bps / 1000);
	else
		snprintf(to, MSG_COUNT, "%" PRIu64 " BITS/SEC", bps);
	return to;
}
