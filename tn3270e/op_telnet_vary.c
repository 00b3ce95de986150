/* SPDX-License-Identifier: Apache-2.0
 *
 * V TCPIP,,TELNET,...: ports, LUs, another profile, debug messages.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/op_telnet_in.h"
#include "vtamsim/msg.h"

static enum op_telnet_do
done(const struct op_telnet *o, const char *command, const char *what, struct con *con)
{
	char all[300];

	snprintf(all, sizeof(all), "%s%s%s", command, what[0] != '\0' ? " " : "", what);
	msg_line(con, EZZ6038I, o->job, all);
	return OPT_DONE;
}

static enum op_telnet_do
ports(struct op_telnet *o, struct words *s, enum worker_order op, const char *name,
    struct con *con)
{
	struct worker_msg m = { .op = (uint8_t)op };
	const char *v, *meant = "";
	char why[80];

	while (s->at < s->n) {
		const char *w = words_next(s);

		if (*w != '\0' && (!word_key(w, "PORT", &v) || !word_ports(v, &m)))
			return op_failed(o, RC_OPERAND, name,
			    "PORT=ALL, n, n1..n2, BASIC or SECURE is wanted", con);
		if (*w != '\0')
			meant = v;
	}
	if (m.port_lo != 0 && !tnd_has_port(o->tnd, m.port_lo, m.port_hi)) {
		snprintf(why, sizeof(why), "the profile has no port %.20s "
		    "(D TCPIP,,TELNET,PROFILE)", meant);
		return op_failed(o, RC_NOT_FOUND, name, why, con);
	}
	if (!tnd_order(o->tnd, &m, NULL))
		return op_failed(o, RC_BUSY, name, "too many orders are under way", con);
	return done(o, name, "", con);
}

static bool
lu_name(const char *w, char lu[9])
{
	size_t n = strlen(w);

	if (n == 0 || n > 8)
		return false;
	word_upper(lu, 9, w);
	return strspn(lu, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#@$") == n &&
	    (lu[0] < '0' || lu[0] > '9');
}

/* The LU need not be in the profile; it fails only when the state is so already (14.3). */
static enum op_telnet_do
lu_state(const struct op_telnet *o, struct words *s, const char *name, struct con *con)
{
	bool act = strcmp(name, "ACT") == 0;
	char lu[9], what[24], why[80];
	const char *w = words_next(s);

	if (!lu_name(w, lu))
		return op_failed(o, RC_OPERAND, name, *w == '\0' ? "the LU's name is missing" :
		    "that is not the name of an LU", con);
	snprintf(what, sizeof(what), "%s %s", name, lu);
	if (act ? lupool_act(o->pools, lu) : lupool_inact(o->pools, lu))
		return done(o, what, "", con);
	snprintf(why, sizeof(why), "%s is %s already", lu, act ? "active" : "inactive");
	return op_failed(o, RC_LU_STATE, what, why, con);
}

static enum op_telnet_do
obey(struct op_telnet *o, struct words *s, struct con *con)
{
	const char *w = words_next(s), *v;
	const struct profile *p = tnd_current(o->tnd);

	if (word_key(w, "DSN", &v))
		w = v;
	if (*w == '\0' && p != NULL)
		w = p->file;            /* the one in force, changed meanwhile */
	if (strlen(w) >= sizeof(o->file))
		return op_failed(o, RC_OPERAND, "OBEYFILE", "the file's name is too long", con);
	snprintf(o->file, sizeof(o->file), "%s", w);
	msg_line(con, EZZ6044I, o->job, o->file);
	return OPT_OBEY;
}

void
op_telnet_obeyed(const struct op_telnet *o, const char *file, unsigned fails, struct con *con)
{
	char why[60], what[280];

	if (fails == 0) {
		(void)done(o, "OBEYFILE", file, con);
		return;
	}
	snprintf(what, sizeof(what), "OBEYFILE %s", file);
	snprintf(why, sizeof(why), "%u ERROR%s, NOTHING CHANGED", fails, fails == 1 ? "" : "S");
	(void)op_failed(o, RC_CONFIG, what, why, con);
}

/* OFF is the only option: the profile turns them on (3.7). */
static enum op_telnet_do
debug(struct op_telnet *o, struct words *s, struct con *con)
{
	if (!word_is(words_next(s), "OFF", 3))
		return op_failed(o, RC_OPERAND, "DEBUG", "DEBUG,OFF is the only form: statement "
		    "DEBUG of the profile turns messages on", con);
	o->debug_off = 1;
	return done(o, "DEBUG OFF", "", con);
}

enum op_telnet_do
op_vary(struct op_telnet *o, struct words *s, uint32_t ticket, struct con *con)
{
	const char *w = words_next(s);
	char why[120];

	(void)ticket;
	if (word_is(w, "QUIESCE", 3))
		return ports(o, s, WO_QUIESCE, "QUIESCE", con);
	if (word_is(w, "RESUME", 3))
		return ports(o, s, WO_RESUME, "RESUME", con);
	if (word_is(w, "STOP", 4))
		return ports(o, s, WO_STOP, "STOP", con);
	if (word_is(w, "OBEYFILE", 1))
		return obey(o, s, con);
	if (word_is(w, "ACT", 3))
		return lu_state(o, s, "ACT", con);
	if (word_is(w, "INACT", 5))
		return lu_state(o, s, "INACT", con);
	if (word_is(w, "DEBUG", 3))
		return debug(o, s, con);
	if (word_is(w, "LUNS", 4))
		return op_not_configured(o, w, con);
	snprintf(why, sizeof(why), "%.30s is not a Telnet VARY (QUIESCE, RESUME, STOP, OBEYFILE, "
	    "ACT, INACT, DEBUG)", w);
	return op_failed(o, RC_SYNTAX, "VARY", why, con);
}
