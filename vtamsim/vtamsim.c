/* SPDX-License-Identifier: Apache-2.0
 *
 * vtamsim - a host: an SNA node with applications and no Telnet server.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "vtamsim/msg.h"
#include "vtamsim/opts.h"
#include "vtamsim/snad.h"

/* There is no Telnet server here to ask. */
static void
answer(struct snad *s, const struct snad_cmd *cmd)
{
	struct con con;

	if (cmd->ticket == 0)
		return;
	con_init(&con);
	if (cmd->what == SNAD_TELNET) {
		msg_line(&con, EZZ0162I, "VTAMSIM", cmd->text);
		snad_refuse(s, cmd->ticket, &con);
	} else {
		snad_reply(s, cmd->ticket, &con);
	}
	con_fini(&con);
}

static int
turn(struct snad *s)
{
	struct snad_cmd cmd;
	struct loop_ev ev[64];

	while (!snad_ended(s)) {
		int n = snad_wait(s, MONO_NEVER, ev, 64);

		if (n < 0) {
			fprintf(stderr, "vtamsim: waiting failed: %s\n", strerror(-n));
			return 1;
		}
		snad_turn(s, mono_read());
		while (snad_command(s, &cmd))
			answer(s, &cmd);
		if (snad_halting(s))
			snad_main_idle(s);
	}
	return 0;
}

static int
messages(void)
{
	struct con con;

	con_init(&con);
	msg_markdown(&con);
	fputs(con.text, stdout);
	con_fini(&con);
	return fflush(stdout) == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	char why[SNAD_WHY];
	struct snad *s;
	struct opts o;
	int handle, rc;

	switch (opts_parse(&o, OPTS_HOST, argc, argv)) {
	case OPTS_RUN:
		break;
	case OPTS_MESSAGES:
		return messages();
	case OPTS_END_OK:
		return 0;
	case OPTS_END_BAD:
		return 1;
	}
	if (o.check)
		return opts_check_library(&o);
	signal(SIGPIPE, SIG_IGN);
	handle = opts_detach(&o);
	s = snad_new(&o, why);
	if (s == NULL) {
		fprintf(stderr, "vtamsim: %s\n", why);
		return 1;
	}
	snad_begin(s, mono_read());
	opts_started(handle);
	rc = turn(s);
	snad_free(s);
	return rc;
}
