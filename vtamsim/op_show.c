/* SPDX-License-Identifier: Apache-2.0
 *
 * What displays share: limits, rows of names and states, scopes, dates.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/oper_in.h"

bool
oper_limit(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_limit *l)
{
	const struct defs_start *st = defs_start(op->defs);
	uint32_t n = st->dsplydef;

	/* MAX=* is the most that DSPLYMAX lets through. */
	if (!oper_number(c, "MAX", 1, UINT32_MAX, con, &n))
		return false;
	if (n == 0 || n > st->dsplymax)
		n = st->dsplymax;
	*l = (struct oper_limit){ .max = n };
	return true;
}

bool
oper_more(struct oper_limit *l)
{
	l->total++;
	if (l->shown == l->max) {
		l->cut = 1;
		return false;
	}
	l->shown++;
	return true;
}

void
oper_limit_end(const struct oper_limit *l, struct con *con)
{
	if (l->cut)
		msg_line(con, IST1315I, "MAX", l->max);
}

void
oper_row(struct oper_rows *r, const char *name, const char *status)
{
	char one[24];

	snprintf(one, sizeof(one), "%s%-8.8s %-10.10s", r->n == 0 ? "" : " ", name, status);
	strcat(r->text, one);
	if (++r->n == 3)
		oper_rows_end(r);
}

void
oper_rows_end(struct oper_rows *r)
{
	size_t n = strlen(r->text);

	while (n > 0 && r->text[n - 1] == ' ')
		r->text[--n] = '\0';
	if (n > 0)
		msg_line(r->con, IST080I, r->text);
	r->n = 0;
	r->text[0] = '\0';
}

static bool
is_pending(unsigned state)
{
	return state == RST_PGAIN || state == RST_PNDLN || state == RST_PCTD2;
}

bool
oper_in_scope(const struct res *r, enum oper_scope scope)
{
	unsigned st = r->fsm.state;

	switch (scope) {
	case SC_ONLY:
	case SC_ALL:
		return true;
	case SC_ACT:
		return st == RST_ACTIV || st == RST_CONCT || is_pending(st);
	case SC_INACT:
	case SC_INACTONLY:
		return st == RST_INACT || st == RST_NEVAC;
	case SC_ACTONLY:
		return st == RST_ACTIV;
	case SC_CONCT:
		return st == RST_CONCT;
	case SC_PENDING:
		return is_pending(st);
	case SC_RELSD:
		return false;
	case SC_RESET:
		return st == RST_INACT || st == RST_NEVAC;
	case SC_ACTSESS:
		return r->n_sess > 0;
	}
	return false;
}

struct msg_when
oper_when(const struct oper *op, int64_t mono_us)
{
	return msg_when(op->wall_us - (op->now.us - mono_us), defs_start(op->defs)->dateform);
}

const char *
oper_status(const struct res *r, char to[11])
{
	if ((r->type == RES_PU || r->type == RES_RTP) && r->fsm.state == RST_ACTIV) {
		/* L: independent LUs use it; X: from practice, companion section 4.5. */
		snprintf(to, 11, "ACTIV--LX-");
		return to;
	}
	return res_status(r, to);
}

const char *
oper_desired(const struct res *r)
{
	/* An open application is where it should be. */
	if ((r->type == RES_APPL || r->type == RES_DYNAPPL) && r->fsm.state == RST_ACTIV)
		return res_state_text(RST_ACTIV);
	return res_state_text(r->desired);
}
