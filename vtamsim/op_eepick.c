/* SPDX-License-Identifier: Apache-2.0
 *
 * Which connections D NET,EE and D NET,EEDIAG are about: ID=, IPADDR=, CPNAME=.
 */
#include <string.h>

#include "snaee/ldlc.h"
#include "vtamsim/oper_in.h"

bool
op_ee_fits(const struct pu *p, const struct op_eepick *k)
{
	if (p->link == NULL || (k->res != NULL && k->res != p->res && k->res != p->line))
		return false;
	if (k->cp != NULL && !name_match(k->cp, strchr(k->cp, '.') == NULL ?
	    name_base(&p->cp) : p->cp.s))
		return false;
	return (k->local.fam == 0 || ipaddr_eq(&k->local, ldlc_local(p->link))) &&
	    (k->remote.fam == 0 || ipaddr_eq(&k->remote, ldlc_remote(p->link)));
}

static bool
one_address(const char *s, size_t n, struct ipaddr *to)
{
	char text[IPADDR_TEXT];

	if (n == 0)
		return true;
	if (n >= sizeof(text))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	return ipaddr_parse(to, text);
}

/* laddr, (laddr), (laddr,raddr), (,raddr) */
static bool
addresses(const char *v, struct op_eepick *k)
{
	size_t n = strlen(v);
	const char *comma;

	if (n >= 2 && v[0] == '(' && v[n - 1] == ')') {
		v++;
		n -= 2;
	}
	comma = memchr(v, ',', n);
	if (comma == NULL)
		return n > 0 && one_address(v, n, &k->local);
	return one_address(v, (size_t)(comma - v), &k->local) &&
	    one_address(comma + 1, n - (size_t)(comma - v) - 1, &k->remote) &&
	    (k->local.fam != 0 || k->remote.fam != 0);
}

static bool
by_id(struct oper *op, const char *id, struct op_eepick *k, struct con *con)
{
	k->res = rtab_find(&op->node->rtab, id);
	if (k->res == NULL) {
		(void)oper_bad(con, "ID", id);
		return false;
	}
	if (k->res->type != RES_LINE && k->res->type != RES_PU) {
		msg_line(con, IST1204I, "ID", id);
		return false;
	}
	return true;
}

bool
op_ee_pick(struct oper *op, struct oper_cmd *c, struct op_eepick *k, struct con *con)
{
	const char *id = oper_get(c, "ID"), *ip = oper_get(c, "IPADDR");

	*k = (struct op_eepick){ .cp = oper_get(c, "CPNAME") };
	k->any = id != NULL || ip != NULL || k->cp != NULL;
	if (k->cp != NULL && !oper_is_name(k->cp, OPER_WILD)) {
		(void)oper_bad(con, "CPNAME", k->cp);
		return false;
	}
	if (ip != NULL && !addresses(ip, k)) {
		(void)oper_bad(con, "IPADDR", ip);
		return false;
	}
	return id == NULL || by_id(op, id, k, con);
}
