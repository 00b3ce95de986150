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

bool
op_ee_ends(const char *v, struct op_eends *to)
{
	size_t n = strlen(v);
	const char *comma;

	if (n >= 2 && v[0] == '(' && v[n - 1] == ')') {
		v++;
		n -= 2;
	}
	comma = memchr(v, ',', n);
	*to = (struct op_eends){ { v, v }, { n, 0 } };
	if (comma != NULL) {
		to->s[1] = comma + 1;
		to->n[0] = (size_t)(comma - v);
		to->n[1] = n - to->n[0] - 1;
	}
	return to->n[0] != 0 || to->n[1] != 0;
}

static bool
addresses(const char *v, struct op_eepick *k)
{
	struct op_eends e;

	return op_ee_ends(v, &e) && one_address(e.s[0], e.n[0], &k->local) &&
	    one_address(e.s[1], e.n[1], &k->remote);
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
