/* SPDX-License-Identifier: Apache-2.0
 *
 * D NET,EE and D NET,EEDIAG with HOSTNAME=: what is displayed follows when the
 * names have addresses. Companion vtam-operator section 4.2.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/oper_in.h"

static bool
is_host(const char *s, size_t n)
{
	return n > 0 && n <= DEF_HOST_MAX && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")
	    >= n && s[0] != '.' && s[0] != '-';
}

static bool
one_host(const char *s, size_t n, char to[DEF_HOST_MAX + 1])
{
	if (n == 0)
		return true;
	if (!is_host(s, n))
		return false;
	memcpy(to, s, n);
	to[n] = '\0';
	return true;
}

static bool
hosts(const char *v, struct eename *e)
{
	struct op_eends d;

	return op_ee_ends(v, &d) && one_host(d.s[0], d.n[0], e->host[0]) &&
	    one_host(d.s[1], d.n[1], e->host[1]);
}

/* IPADDR= beside it gives the end that has no name. */
static bool
other_end(const struct op_eepick *k, struct eename *e)
{
	if ((k->local.fam != 0 && e->host[0][0] != '\0') ||
	    (k->remote.fam != 0 && e->host[1][0] != '\0'))
		return false;
	e->addr[0] = k->local;
	e->addr[1] = k->remote;
	return true;
}

static bool
operands(const struct oper_cmd *c, struct eename *e)
{
	size_t n = 0;

	for (unsigned i = 0; i < c->n && n < sizeof(e->opds); i++)
		if (strcmp(c->opd[i].key, "HOSTNAME") != 0 && strcmp(c->opd[i].key, "IPADDR") != 0)
			n += (size_t)snprintf(e->opds + n, sizeof(e->opds) - n, ",%s=%s",
			    c->opd[i].key, c->opd[i].val);
	return n < sizeof(e->opds);
}

enum oper_do
op_ee_by_name(struct oper *op, struct oper_cmd *c, const struct op_eepick *k, struct con *con)
{
	const char *host = oper_get(c, "HOSTNAME");
	struct eename e = { .began_us = op->wall_us, .diag = strcmp(c->keyword, "EEDIAG") == 0 };
	struct msg_when w = msg_when(op->wall_us, defs_start(op->defs)->dateform);
	const struct eename *begun;

	if (!hosts(host, &e) || !other_end(k, &e) || !operands(c, &e))
		return oper_bad(con, "HOSTNAME", host);
	begun = eename_begin(op->node, &e);
	if (begun == NULL) {
		msg_line(con, IST454I, c->word);
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	msg_line(con, IST350I, c->keyword);
	msg_line(con, IST2119I, begun->corr);
	if (e.diag)
		msg_line(con, IST2067I, w.date, w.time);
	msg_line(con, IST2120I);
	msg_line(con, IST314I);
	return OPER_DONE;
}

void
op_ee_correlator(const struct oper *op, struct con *con)
{
	if (op->corr != 0)
		msg_line(con, IST2119I, op->corr);
}
