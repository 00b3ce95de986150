/* SPDX-License-Identifier: Apache-2.0
 *
 * D NET,EEDIAG: retransmissions by port, signals that needed retries, tests of
 * the five ports. Companion vtam-operator section 4.3; layouts of the groups
 * IST2065I, IST2066I, IST2119I, IST2145I as IBM's message manual has them.
 */
#include <string.h>

#include "snaee/ldlc.h"
#include "vtamsim/oper_in.h"

#define DIAG_MAX 20             /* MAX= when DSPLYDEF is not less */

struct ask {
	struct op_eepick k;
	struct oper_limit l;
	uint32_t least;         /* percent, or retransmissions */
	uint8_t most;           /* SRQRETRY=*: as many as the link may have */
	uint8_t detail;
	uint8_t clear;          /* enum ldlc_clear or 0 */
	uint32_t cleared;
};

static unsigned
percent(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : (unsigned)(part * 100 / whole);
}

static void
head(const struct pu *p, struct con *con)
{
	char addr[IPADDR_TEXT];

	msg_line(con, IST924I);
	msg_line(con, IST1680I, "LOCAL", ipaddr_text(ldlc_local(p->link), addr));
	msg_line(con, IST1680I, "REMOTE", ipaddr_text(ldlc_remote(p->link), addr));
}

static void
connected_to(const struct pu *p, struct con *con)
{
	if (p->line != NULL)
		msg_line(con, IST2023I, name_base(&p->line->name));
	msg_line(con, IST2024I, name_base(&p->res->name));
}

/* --- REXMIT --- */

static unsigned
rate(const struct ldlc *l, unsigned port)
{
	uint64_t sent, again;

	ldlc_rexmit(l, (enum ee_port)port, &sent, &again);
	return percent(again, sent);
}

static bool
rexmit_fits(const struct pu *p, const struct ask *a)
{
	for (unsigned i = 0; i < EE_NPORT; i++)
		if (rate(p->link, i) >= a->least)
			return true;
	return false;
}

/* LIST=SUMMARY: the ports that are at or above the percentage; our reading. */
static void
rexmit_show(const struct oper *op, const struct pu *p, const struct ask *a, struct con *con)
{
	struct msg_when w = oper_when(op, p->link->diag.rexmit_at.us);
	uint64_t sent, again;
	char n[MSG_COUNT];

	connected_to(p, con);
	for (unsigned i = 0; i < EE_NPORT; i++) {
		if (!a->detail && rate(p->link, i) < a->least)
			continue;
		ldlc_rexmit(p->link, (enum ee_port)i, &sent, &again);
		msg_line(con, IST924I);
		op_port_heading(i, con);
		msg_line(con, IST2036I, msg_count(sent, n));
		msg_line(con, IST2038I, msg_count(again, n));
		msg_line(con, IST2068I, percent(again, sent));
	}
	msg_line(con, IST2069I, w.date, w.time);
}

/* --- SRQRETRY --- */

static unsigned
most_attempts(const struct ldlc *l)
{
	return l->parm.srqretry < LDLC_ATTEMPTS ? l->parm.srqretry : LDLC_ATTEMPTS;
}

static unsigned
least_attempts(const struct ldlc *l, const struct ask *a)
{
	return a->most ? most_attempts(l) : a->least == 0 ? 1 : a->least;
}

static bool
srq_fits(const struct pu *p, const struct ask *a)
{
	const struct ldlc *l = p->link;

	if (a->least == 0 && !a->most)
		return true;
	for (unsigned i = least_attempts(l, a); i >= 1 && i <= most_attempts(l); i++)
		if (l->diag.answered[i - 1] != 0)
			return true;
	return false;
}

static void
srq_show(const struct oper *op, const struct pu *p, const struct ask *a, struct con *con)
{
	const struct ldlc *l = p->link;
	struct msg_when w = oper_when(op, l->diag.srq_at.us);

	msg_line(con, IST2004I, (unsigned)l->parm.livtime, (unsigned)l->parm.livtime_max,
	    (unsigned)l->parm.srqtime, (unsigned)l->parm.srqretry);
	connected_to(p, con);
	for (unsigned i = a->detail ? 1 : least_attempts(l, a); i <= most_attempts(l); i++)
		msg_line(con, IST2074I, i, l->diag.answered[i - 1]);
	msg_line(con, IST2070I, w.date, w.time);
}

/* --- the display --- */

static void
cleared(const struct ask *a, struct con *con)
{
	switch ((enum ldlc_clear)a->clear) {
	case LDLC_CLEAR_ALL:
		msg_line(con, IST2071I, a->cleared);
		break;
	case LDLC_CLEAR_REXMIT:
		msg_line(con, IST2072I, a->cleared);
		break;
	case LDLC_CLEAR_SRQ:
		msg_line(con, IST2073I, a->cleared);
		break;
	}
}

struct form {
	bool (*fits)(const struct pu *, const struct ask *);
	void (*show)(const struct oper *, const struct pu *, const struct ask *, struct con *);
};

static void
show(struct oper *op, const struct form *f, struct ask *a, struct con *con)
{
	uint32_t hits = 0;
	const struct pu *p;

	TAILQ_FOREACH(p, &op->node->pus.all, all) {
		if (!p->up || !op_ee_fits(p, &a->k) || !f->fits(p, a))
			continue;
		hits++;
		if (oper_more(&a->l)) {
			head(p, con);
			f->show(op, p, a, con);
		}
		/* What is beyond MAX is cleared, too. */
		if (a->clear != 0) {
			ldlc_clear(p->link, op->now, (enum ldlc_clear)a->clear);
			a->cleared++;
		}
	}
	if (hits == 0) {
		msg_line(con, IST1358I);
		return;
	}
	if (a->clear != 0)
		cleared(a, con);
	oper_limit_end(&a->l, con);
	msg_line(con, IST2042I, a->l.shown, hits);
}

/* MAX=, LIST=, CLEAR= and the filters. */
static bool
read_ask(struct oper *op, struct oper_cmd *c, struct ask *a, struct con *con)
{
	static const uint8_t clears[] = { 0, 0, LDLC_CLEAR_REXMIT, LDLC_CLEAR_SRQ,
		LDLC_CLEAR_ALL };
	int list = oper_choice(c, "LIST", "SUMMARY DETAIL", con);
	int clear = list < 0 ? -1 : oper_choice(c, "CLEAR", "NONE REXMIT SRQRETRY ALL", con);

	if (clear < 0 || !oper_limit(op, c, con, &a->l) || !op_ee_pick(op, c, &a->k, con))
		return false;
	if (oper_get(c, "MAX") == NULL && a->l.max > DIAG_MAX)
		a->l.max = DIAG_MAX;
	a->detail = list == 2;
	a->clear = clears[clear];
	return true;
}

static enum oper_do
counters(struct oper *op, struct oper_cmd *c, struct con *con)
{
	static const struct form rexmit = { rexmit_fits, rexmit_show },
	    srq = { srq_fits, srq_show };
	struct msg_when w = msg_when(op->wall_us, defs_start(op->defs)->dateform);
	const char *tries = oper_get(c, "SRQRETRY");
	struct ask a = { .most = tries != NULL && strcmp(tries, "*") == 0 };

	if (tries == NULL && oper_need(c, "REXMIT", con) == NULL)
		return OPER_REJECTED;
	if (tries != NULL && oper_get(c, "REXMIT") != NULL) {
		msg_line(con, IST452I, "SRQRETRY");
		return OPER_REJECTED;
	}
	if (!oper_number(c, "REXMIT", 0, 100, con, &a.least) ||
	    !oper_number(c, "SRQRETRY", 0, 255, con, &a.least) || !read_ask(op, c, &a, con))
		return OPER_REJECTED;
	if (oper_get(c, "HOSTNAME") != NULL)
		return op_ee_by_name(op, c, &a.k, con);
	oper_accept(c, con);
	msg_line(con, IST350I, "EEDIAG");
	if (tries != NULL)
		msg_line(con, IST2066I);
	else
		msg_line(con, IST2065I);
	op_ee_correlator(op, con);
	msg_line(con, IST2067I, w.date, w.time);
	show(op, tries != NULL ? &srq : &rexmit, &a, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* --- TEST --- */

static void
one_pending(const struct oper *op, const struct eediag *d, struct con *con)
{
	unsigned form = defs_start(op->defs)->dateform;
	struct msg_when w = msg_when(d->began_us, form);
	struct msg_when end = msg_when(d->began_us + SECS(EE_PROBE_S), form);

	msg_line(con, IST924I);
	msg_line(con, IST2147I, d->corr, d->line, "TESTING");
	msg_line(con, IST2067I, w.date, w.time);
	msg_line(con, IST2148I, end.date, end.time);
}

/* A display that waits for a host name. The word for the remote one is our guess. */
static void
one_waiting(const struct oper *op, const struct eename *e, struct con *con)
{
	struct msg_when w = msg_when(e->began_us, defs_start(op->defs)->dateform);

	msg_line(con, IST924I);
	msg_line(con, IST2147I, e->corr, "***NA***", e->number[0] != 0 ? "PGAIN-LOCAL" :
	    "PGAIN-REMOTE");
	if (e->diag)
		msg_line(con, IST2067I, w.date, w.time);
	else
		msg_line(con, IST2146I, w.date, w.time);
	if (e->host[0][0] != '\0')
		msg_line(con, IST1910I, e->host[0]);
	if (e->host[1][0] != '\0')
		msg_line(con, IST1909I, e->host[1]);
}

static enum oper_do
pending(const struct oper *op, struct oper_cmd *c, struct con *con)
{
	struct msg_when w = msg_when(op->wall_us, defs_start(op->defs)->dateform);
	unsigned shown = 0;

	oper_accept(c, con);
	msg_line(con, IST350I, "EEDIAG");
	msg_line(con, IST2145I);
	msg_line(con, IST2067I, w.date, w.time);
	for (unsigned i = 0; i < EEDIAGS; i++)
		if (op->node->eediags.v[i].probe != 0) {
			one_pending(op, &op->node->eediags.v[i], con);
			shown++;
		}
	for (unsigned i = 0; i < EENAMES; i++)
		if (op->node->eenames.v[i].corr != 0) {
			one_waiting(op, &op->node->eenames.v[i], con);
			shown++;
		}
	if (shown == 0) {
		msg_line(con, IST1358I);
	} else {
		msg_line(con, IST924I);
		msg_line(con, IST2149I, shown, shown);
	}
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* TEST=YES: the result comes unsolicited. One connection at a time. */
static enum oper_do
test(struct oper *op, struct oper_cmd *c, struct con *con)
{
	struct msg_when w = msg_when(op->wall_us, defs_start(op->defs)->dateform);
	const struct eediag *d = NULL;
	const struct pu *p;
	struct op_eepick k;

	if (oper_choice(c, "LIST", "SUMMARY DETAIL", con) < 0 || !op_ee_pick(op, c, &k, con))
		return OPER_REJECTED;
	if (oper_get(c, "HOSTNAME") != NULL)
		return op_ee_by_name(op, c, &k, con);
	if (!k.any) {
		(void)oper_need(c, "IPADDR", con);
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	msg_line(con, IST350I, "EEDIAG");
	TAILQ_FOREACH(p, &op->node->pus.all, all)
		if (p->up && op_ee_fits(p, &k))
			break;
	if (p != NULL)
		d = eediag_test(op->node, op->now, p);
	if (d == NULL) {
		msg_line(con, IST1358I);
	} else {
		msg_line(con, IST2119I, d->corr);
		msg_line(con, IST2067I, w.date, w.time);
		msg_line(con, IST2023I, d->line);
		msg_line(con, IST2126I);
	}
	msg_line(con, IST314I);
	return OPER_DONE;
}

enum oper_do
op_d_eediag(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int t = oper_choice(c, "TEST", "YES PENDING", con);

	(void)out;
	switch (t) {
	case 0:
		return counters(op, c, con);
	case 1:
		return test(op, c, con);
	case 2:
		return pending(op, c, con);
	}
	return OPER_REJECTED;
}
