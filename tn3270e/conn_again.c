/* SPDX-License-Identifier: Apache-2.0
 *
 * An LU that is recycled. The network's operator, or the host, takes an LU down
 * and up again to set it straight; a client that is at its logon screen just
 * then has lost nothing and is kept: it reads what happens, and gets the logon
 * screen again when the LU is back (tn3270e 13). One in session is dropped.
 */
#include <stdio.h>

#include "tn3270e/conn_parts.h"
#include "tn3270e/tndev.h"

#define AGAIN_S 2               /* between tries: our choice */
#define TRIES 30

static bool
is_printer(const struct conn *c)
{
	const struct tndev *d = tndev_at(c->neg.device);

	return d != NULL && d->class == TNDEV_PRINTER;
}

static void
told(struct conn *c, enum tn_report_kind kind, const char *text)
{
	struct tn_report r = worker_report_of(c, kind, "VARY");

	r.error = 1;
	snprintf(r.text, sizeof(r.text), "%s", text);
	worker_report(c->w, &r);
}

bool
conn_lu_gone(struct conn *c, struct mono now)
{
	char text[80];

	if (c->state != CS_RUN || is_printer(c) || c->lu.sess != 0)
		return false;
	c->lu_gone = TRIES;
	c->relog_at = mono_add(now, SECS(AGAIN_S));
	conn_due(c);
	told(c, TR_LU_GONE, "the LU was deactivated: its client waits for it");
	snprintf(text, sizeof(text), "LU %s was deactivated. Waiting for it to come back",
	    conn_lu(c));
	conn_tell(c, text, now);
	return true;
}

/* The same LU, from the pools it came from. */
void
conn_lu_again(struct conn *c, struct mono now)
{
	struct tnp_choice ch;

	profile_choose(c->port, &c->who, &c->neg, &ch);
	snprintf(ch.lu, sizeof(ch.lu), "%.8s", conn_lu(c));
	if (ch.fail || tnlu_open_now(&c->lu) || !conn_open_lu(c, &ch, now))
		conn_lu_missed(c, now);
}

void
conn_lu_back(struct conn *c, struct mono now)
{
	c->lu_gone = 0;
	told(c, TR_LU_BACK, "the LU is back, and its client's logon screen");
	conn_logon_begin(c, now);
}

void
conn_lu_missed(struct conn *c, struct mono now)
{
	if (--c->lu_gone == 0) {
		conn_drop(c, "LUINACT", "the LU was deactivated and did not come back", now);
		return;
	}
	c->relog_at = mono_add(now, SECS(AGAIN_S));
	conn_due(c);
}
