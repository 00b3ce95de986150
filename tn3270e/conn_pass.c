/* SPDX-License-Identifier: Apache-2.0
 *
 * Applications that pass a client on: a session manager, TSO with its address
 * spaces. UNBIND 02 says that another's BIND comes. QSESSION,n bounds the wait;
 * who comes must be in ALLOWAPPL, unless it is the client's default application
 * (companion zos-telnet-server 4.6).
 */
#include <stdio.h>
#include <string.h>

#include "snaee/bind.h"
#include "tn3270e/conn_parts.h"
#include "tn3270e/tndev.h"

struct tnp_asks
conn_asks(const struct conn *c, const char *appl)
{
	const struct tndev *d = tndev_at(c->neg.device);

	return (struct tnp_asks){ c->port, &c->who, appl, conn_lu(c),
		d != NULL && d->class == TNDEV_PRINTER };
}

const struct tnp_appl *
conn_allows(const struct conn *c, const char *appl, enum tnp_deny *why)
{
	const struct tnp_asks q = conn_asks(c, appl);

	return profile_allows(&q, why);
}

static const struct tnp_appl *
entry_of(const struct conn *c, const char *plu)
{
	enum tnp_deny why;

	return conn_allows(c, plu, &why);
}

void
conn_passed(struct conn *c, struct mono now)
{
	const struct tnp_appl *a = c->appl != NULL && c->appl->kind == TA_ALLOW ? c->appl :
	    entry_of(c, name_base(&c->lu.plu));

	c->passed = 1;
	if (a == NULL || a->wait_s == 0)
		return;                 /* no QSESSION: as long as it takes */
	c->relog_at = mono_add(now, SECS(a->wait_s));
	conn_due(c);
}

bool
conn_pass_late(struct conn *c, struct mono now)
{
	struct tnlu_env e = conn_env(c, now);

	if (!c->passed)
		return false;
	c->passed = 0;
	if (c->lu.fsm.state != TLU_LOGON)
		return true;
	tnlu_logoff(&c->lu, &e, 0);
	c->lu.unb = UNB_FORTHCOMING;
	conn_logon_ended(c, now);
	return true;
}

bool
conn_pass_denied(struct conn *c, struct mono now)
{
	const char *plu = name_base(&c->lu.plu);
	const struct tnp_appl *d = conn_default_appl(c);
	char text[120];

	if (!c->passed)
		return false;
	c->passed = 0;
	if (entry_of(c, plu) != NULL || (d != NULL && strcmp(d->name, plu) == 0))
		return false;
	snprintf(text, sizeof(text), "passed on to %s, which no ALLOWAPPL of this port lets %s "
	    "have", plu, conn_lu(c));
	conn_drop(c, "SESSFAIL", text, now);
	return true;
}

bool
conn_disconnectable(const struct conn *c)
{
	const struct tnp_appl *a = c->port->vtam == NULL || !tnlu_in_session(&c->lu) ? NULL :
	    entry_of(c, name_base(&c->lu.plu));

	return (a != NULL && (a->opts & TNA_DISCONNECTABLE) != 0) ||
	    (c->appl != NULL && (c->appl->opts & TNA_DISCONNECTABLE) != 0);
}
