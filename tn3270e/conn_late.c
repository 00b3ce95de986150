/* SPDX-License-Identifier: Apache-2.0
 *
 * The LU is chosen anew when the application is known (complete lookup, companion
 * zos-telnet-server 6): an application that may be chosen from some LUs only
 * gets the client one of those, where the profile has them for it. So it is for
 * TN3270 and line mode clients; for TN3270E clients with SIMCLIENTLU, who know
 * their LU by the name it had before (our choice). Who asked for an LU by name
 * keeps it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tn3270e/conn_parts.h"
#include "tn3270e/tndev.h"

struct conn_late {
	struct uss_cmd cmd;             /* the logon that waits */
	const struct tnp_group *lus;
	uint8_t pseudo;
};

bool
conn_late_begin(struct conn *c, const struct uss_cmd *cmd, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);
	const struct tndev *d = tndev_at(c->neg.device);
	const struct tnp_group *lus = profile_allow_lus(c->port, &c->who, name_base(&cmd->appl));

	if (lus == NULL || lus->pool == 0 || c->neg.kind != TNREQ_GENERIC || c->late != NULL ||
	    (d != NULL && d->class == TNDEV_PRINTER) ||
	    (c->neg.mode == TNMODE_E && !c->parms->v[TP_SIMCLIENTLU]))
		return false;
	c->late = malloc(sizeof(*c->late));
	if (c->late == NULL)
		return false;
	*c->late = (struct conn_late){ *cmd, lus, c->lu.pseudo };
	conn_leave_place(c);
	c->map = NULL;
	tnlu_close(&c->lu, &e, 0);
	return true;
}

void
conn_late_refused(struct conn *c, struct mono now)
{
	char text[100];

	snprintf(text, sizeof(text), "no LU is free from which %s may be chosen",
	    name_base(&c->late->cmd.appl));
	conn_drop(c, "SESSFAIL", text, now);
}

void
conn_late_closed(struct conn *c, struct mono now)
{
	struct tnp_choice ch;

	profile_choose(c->port, &c->who, &c->neg, &ch);
	ch.within = c->late->lus->pool;
	if (ch.fail || !conn_open_lu(c, &ch, now))
		conn_late_refused(c, now);
}

void
conn_late_opened(struct conn *c, struct mono now)
{
	struct conn_late *l = c->late;

	c->late = NULL;
	c->lu.pseudo = l->pseudo;
	conn_lu_mine(c);
	conn_logon_try(c, &l->cmd, now);
	free(l);
}
