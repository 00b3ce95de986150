/* SPDX-License-Identifier: Apache-2.0
 *
 * Pipes: D NET,RTPS and D NET,ID=CNRnnnnn. Companion vtam-operator sections
 * 4.4 and 4.5.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snaee/ldlc.h"
#include "snaee/rtp.h"
#include "vtamsim/oper_in.h"
#include "vtamsim/pswitch.h"

/* "n ( nnnK )" without the padding of D NET,EE. */
static const char *
estimate(uint64_t n, char to[MSG_COUNT])
{
	snprintf(to, MSG_COUNT, "%" PRIu64 " ( %03" PRIu64 "K )", n, n / 1000);
	return to;
}

const struct pu *
op_pipe_pu(const struct pipe *p)
{
	const struct ldlc *l = p->rtp == NULL ? NULL : ee_pipe_link(p->rtp);

	return l == NULL ? NULL : ldlc_owner(l);
}

/* --- one pipe --- */

static void
say_mode(const struct rtp *r, struct con *con)
{
	switch ((enum arb_mode)r->arb.mode) {
	case ARB_BASE:
		msg_line(con, IST2395I);
		break;
	case ARB_RESPONSIVE:
		msg_line(con, IST1697I);
		break;
	case ARB_PROGRESSIVE:
		msg_line(con, IST2267I);
		break;
	}
}

static void
show_rates(const struct rtp *r, struct con *con)
{
	char rate[MSG_COUNT];

	msg_line(con, IST1477I, msg_rate(r->arb.rate, rate));
	msg_line(con, IST1516I, msg_rate(r->arb.initial, rate));
	msg_line(con, IST1841I, msg_rate(r->arb.actual, rate));
}

static void
show_labels(const struct rtp *r, struct con *con)
{
	char hex[2 * RTP_PATH_MAX + 1] = "";

	for (unsigned i = 0; i < r->path_len && i < RTP_PATH_MAX; i++)
		snprintf(hex + 2 * i, 3, "%02X", r->path[i]);
	msg_line(con, IST1738I);
	msg_line(con, IST1739I, oper_na(hex), "*NA*", "*NA*");
}

/* IST1460I and a line for each hop: the route the pipe has now. */
void
op_show_hops(const struct pipe *p, struct con *con)
{
	const struct pu *u = op_pipe_pu(p);

	msg_line(con, IST1460I);
	for (unsigned i = 0; i < p->route.n; i++)
		msg_line(con, IST1461I, p->route.hop[i].tgn, p->route.hop[i].partner.s, "APPN",
		    "RTP");
	if (p->route.n == 0)
		msg_line(con, IST1461I, u == NULL ? 0 : u->tgn, p->cp.s, "APPN", "RTP");
}

static void
show_route(const struct pipe *p, struct con *con)
{
	const struct pu *u = op_pipe_pu(p);

	msg_line(con, IST1480I);
	op_show_hops(p, con);
	if (u != NULL)
		msg_line(con, IST875I, "ALSNAME", "RTP", name_base(&u->res->name));
	show_labels(p->rtp, con);
}

static void
nce_text(const struct label *l, char to[17])
{
	size_t k = 0;

	memset(to, '0', 16);
	to[16] = '\0';
	for (unsigned i = 0; i < l->len && k < 16; i++, k += 2) {
		char b[3];

		snprintf(b, sizeof(b), "%02X", l->b[i]);
		memcpy(to + k, b, 2);
	}
}

static void
show_partners(const struct pipe *p, struct con *con)
{
	struct oper_rows rows = { .con = con };
	const struct sna_name *last = NULL;
	const struct ssn *s;
	unsigned n = 0;

	msg_line(con, IST355I);
	TAILQ_FOREACH(s, &p->sess, on_pipe) {
		const struct sna_name *name = s->cp != NULL ? &s->cp->cp : &s->partner;

		/* A host application has many sessions: it is named once. */
		if (last != NULL && name_eq(last, name))
			continue;
		last = name;
		if (n++ == 60)
			break;          /* D NET,ID=lu and SESSIONS show all */
		oper_row(&rows, name_base(name), s->fsm.state == SS_ACTIV ? "ACT/S----Y" :
		    "PSESST---Y");
	}
	oper_rows_end(&rows);
}

static const char *
state_text(const struct rtp *r)
{
	if (r->fsm.state == RS_PATHSWITCH)
		return "PATH SWITCHING";
	return rtp_connected(r) ? "CONNECTED" : fsm_state(&r->fsm);
}

void
op_show_pipe(struct oper *op, const struct pipe *p, struct con *con)
{
	const struct rtp *r = p == NULL ? NULL : p->rtp;
	struct msg_when w;
	char st[11];
	struct label far = { .len = 0 };
	char ours[17], theirs[17], netid[9];

	if (r == NULL)
		return;
	w = msg_when(p->began_us, defs_start(op->defs)->dateform);
	nce_text(&r->parm.nce, ours);
	/* The last label of the path; ours have four bytes (nlp.h). */
	far.len = r->path_len < 4 ? r->path_len : 4;
	memcpy(far.b, r->path + r->path_len - far.len, far.len);
	nce_text(&far, theirs);
	name_netid(&p->cp, netid);
	msg_line(con, IST075I, name_base(&p->res->name), res_type_text(p->res));
	msg_line(con, IST1392I, (unsigned)PIPE_IDLE_S);
	msg_line(con, IST486I, oper_status(p->res, st), oper_desired(p->res));
	msg_line(con, IST1043I, name_base(&p->cp), oper_na(netid), "YES");
	msg_line(con, IST1589I, "YES");
	msg_line(con, IST1476I, r->parm.tcid, r->peer_tcid);
	msg_line(con, IST1481I, p->cp.s, theirs);
	msg_line(con, IST1587I, ours);
	if (p->called)
		msg_line(con, IST1967I, w.date, w.time);
	else
		msg_line(con, IST1966I, w.date, w.time);
	show_rates(r, con);
	msg_line(con, IST1511I, (unsigned)r->parm.max_send);
	msg_line(con, IST1478I, rtp_unacked(r));
	msg_line(con, IST1479I, state_text(r), "NO");
	if (rtp_stalled(r))
		msg_line(con, IST1961I);
	else
		msg_line(con, IST1959I);
	msg_line(con, IST1855I, p->n_sess);
	say_mode(r, con);
	show_route(p, con);
	msg_line(con, IST231I, "RTP", "ISTRTPMN");
	op_show_traces(op, name_base(&p->res->name), con);
	msg_line(con, IST1500I, "OFF");
	show_partners(p, con);
}

/* --- HPRDIAG=YES --- */

static void
diag_arb(const struct rtp *r, struct con *con)
{
	char rate[MSG_COUNT];

	msg_line(con, IST1968I);
	say_mode(r, con);
	show_rates(r, con);
	msg_line(con, IST1969I, msg_rate(r->arb.peak, rate));
	msg_line(con, IST1862I, msg_rate(r->arb.ceiling, rate));
	msg_line(con, IST1846I, "CURRENT", (unsigned)r->arb.threshold);
	msg_line(con, IST1846I, "MAXIMUM", (unsigned)ARB_RT_MAX_US);
	msg_line(con, IST1846I, "MINIMUM", (unsigned)ARB_RT_MIN_US);
	msg_line(con, IST1970I, r->arb.n_loss);
	msg_line(con, IST924I);
}

static void
diag_timers(const struct rtp *r, struct con *con)
{
	msg_line(con, IST1971I);
	msg_line(con, IST1852I, r->parm.no_alive ? 0 : r->parm.alive_ms == 0 ? 180 :
	    r->parm.alive_ms / 1000);
	msg_line(con, IST1851I, (unsigned)(r->srtt / 1000));
	msg_line(con, IST1972I, (unsigned)(rtp_short_req_us(r) / 1000));
	msg_line(con, IST2229I, (unsigned)(rtp_refifo_us(r) / 1000));
	msg_line(con, IST924I);
}

static unsigned
percent(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : (unsigned)(part * 100 / whole);
}

void
op_show_hprdiag(struct oper *op, const struct pipe *p, struct con *con)
{
	struct msg_when now = msg_when(op->wall_us, defs_start(op->defs)->dateform);
	const struct rtp *r = p == NULL ? NULL : p->rtp;
	char n[MSG_COUNT];

	if (r == NULL)
		return;
	msg_line(con, IST924I);
	diag_arb(r, con);
	diag_timers(r, con);
	msg_line(con, IST1973I);
	msg_line(con, IST1974I, "SENT", estimate(r->stat[RTP_NLPS_SENT], n));
	msg_line(con, IST1975I, "SENT", estimate(r->stat[RTP_BYTES_SENT], n));
	msg_line(con, IST1849I, "SENT", r->largest_sent);
	msg_line(con, IST1980I, r->nxt, r->nxt);
	msg_line(con, IST1842I, r->stat[RTP_NLPS_RESENT]);
	msg_line(con, IST1976I, estimate(r->stat[RTP_BYTES_RESENT], n));
	msg_line(con, IST2249I, percent(r->stat[RTP_NLPS_RESENT], r->stat[RTP_NLPS_SENT]));
	if (r->stat[RTP_NLPS_RESENT] != 0) {
		struct msg_when w = oper_when(op, r->resent_at.us);

		msg_line(con, IST2236I, w.date, w.time);
	}
	msg_line(con, IST924I);
	msg_line(con, IST1977I);
	msg_line(con, IST1974I, "RECEIVED", estimate(r->stat[RTP_NLPS_RCVD], n));
	msg_line(con, IST1975I, "RECEIVED", estimate(r->stat[RTP_BYTES_RCVD], n));
	msg_line(con, IST1849I, "RECEIVED", r->largest_rcvd);
	msg_line(con, IST1980I, r->rseq, r->rseq);
	stats_show(con, rtp_stat_desc, r->stat, RTP_NSTAT);
	msg_line(con, IST2244I, now.date, now.time);
}

/* --- D NET,RTPS --- */

struct pick {
	const char *als, *cos, *cp, *id, *first;
	uint32_t tgn, depth;                    /* 0: any */
	uint64_t tcid;
	int has_tcid, congest, stall, sw;       /* enum word: 0 not given, YES, NO, ALL */
	uint32_t rexmit;
	uint8_t has_rexmit, test;
};
enum { W_YES = 1, W_NO, W_ALL };

static bool
word_fits(int want, bool is)
{
	return want == 0 || want == W_ALL || (want == W_YES) == is;
}

/* NLPs that wait to be sent. */
static uint32_t
queued(const struct rtp *r)
{
	return r->cut == 0 ? 0 : (r->end - r->nxt + r->cut - 1u) / r->cut;
}

/* The link it takes, and how much waits for it. */
static bool
fits_first(const struct pipe *p, const struct pick *k)
{
	const struct pu *u = op_pipe_pu(p);

	if ((k->als != NULL && (u == NULL || !name_match(k->als, name_base(&u->res->name)))) ||
	    (k->first != NULL && (u == NULL || !name_match(k->first,
	    strchr(k->first, '.') == NULL ? name_base(&u->cp) : u->cp.s))))
		return false;
	return (k->tgn == 0 || (u != NULL && u->tgn == k->tgn)) && queued(p->rtp) >= k->depth;
}

static bool
fits(const struct pipe *p, const struct pick *k)
{
	const struct rtp *r = p->rtp;

	if (r == NULL || !fits_first(p, k))
		return false;
	if (k->cos != NULL && !name_match(k->cos, p->cos))
		return false;
	if (k->cp != NULL && !name_match(k->cp, strchr(k->cp, '.') == NULL ? name_base(&p->cp) :
	    p->cp.s))
		return false;
	if ((k->id != NULL && !name_match(k->id, name_base(&p->res->name))) ||
	    (k->has_tcid && r->parm.tcid != k->tcid))
		return false;
	if (k->has_rexmit && percent(r->stat[RTP_NLPS_RESENT], r->stat[RTP_NLPS_SENT]) < k->rexmit)
		return false;
	return word_fits(k->congest, rtp_congested(r)) &&
	    word_fits(k->stall, rtp_stalled(r)) &&
	    word_fits(k->sw, r->fsm.state == RS_PATHSWITCH);
}

static bool
pattern(struct oper_cmd *c, const char *key, const char **to, struct con *con)
{
	const char *v = oper_get(c, key);

	/* Classes of service begin with # as well. */
	if (v != NULL && !oper_is_name(v, OPER_WILD)) {
		(void)oper_bad(con, key, v);
		return false;
	}
	*to = v;
	return true;
}

/* TEST=YES is for one pipe, named by ID= or TCID=, and for its table row. */
static bool
read_test(struct oper_cmd *c, struct pick *k, struct con *con)
{
	int test = oper_choice(c, "TEST", "YES NO", con);
	const char *list = oper_get(c, "LIST");

	k->test = test == 1;
	if (test != 1)
		return test >= 0;
	if (list != NULL && strcmp(list, "SUMMARY") == 0) {
		msg_line(con, IST452I, "TEST");
		return false;
	}
	if (!k->has_tcid && (k->id == NULL || strpbrk(k->id, "*?") != NULL)) {
		if (oper_need(c, "ID", con) != NULL)
			(void)oper_bad(con, "ID", k->id);
		return false;
	}
	return true;
}

static bool
read_pick(struct oper_cmd *c, struct pick *k, struct con *con)
{
	const char *tcid = oper_get(c, "TCID");

	*k = (struct pick){ 0 };
	if (!pattern(c, "ALSNAME", &k->als, con) || !pattern(c, "APPNCOS", &k->cos, con) ||
	    !pattern(c, "CPNAME", &k->cp, con) || !pattern(c, "ID", &k->id, con) ||
	    !pattern(c, "FIRSTCP", &k->first, con) ||
	    !oper_number(c, "FIRSTTG", 1, 255, con, &k->tgn) ||
	    !oper_number(c, "QDEPTH", 0, UINT32_MAX, con, &k->depth))
		return false;
	if (tcid != NULL) {
		char *end;

		k->has_tcid = 1;
		k->tcid = strtoull(tcid, &end, 16);
		if (*end != '\0' || strlen(tcid) != 16) {
			(void)oper_bad(con, "TCID", tcid);
			return false;
		}
	}
	k->has_rexmit = oper_get(c, "REXMIT") != NULL;
	k->congest = oper_choice(c, "CONGEST", "YES NO ALL", con);
	k->stall = k->congest < 0 ? -1 : oper_choice(c, "STALL", "YES NO ALL", con);
	k->sw = k->stall < 0 ? -1 : oper_choice(c, "SWITCH", "YES NO ALL", con);
	return k->sw >= 0 && oper_number(c, "REXMIT", 0, 100, con, &k->rexmit) &&
	    read_test(c, k, con);
}

static void
show_summary(const struct oper *op, const struct pick *k, struct con *con)
{
	uint32_t all = 0, cps = 0, rsetup = 0, lu = 0, sw = 0, cong = 0, stall = 0, sess = 0;
	const struct pipe *p;

	TAILQ_FOREACH(p, &op->node->pipetab.all, all) {
		if (!fits(p, k))
			continue;
		all++;
		cps += p->nce == NCE_CP;
		rsetup += p->nce == NCE_RSETUP;
		lu += p->nce == NCE_LU;
		sw += p->rtp->fsm.state == RS_PATHSWITCH;
		cong += rtp_congested(p->rtp);
		stall += rtp_stalled(p->rtp);
		sess += p->n_sess;
	}
	msg_line(con, IST2075I);
	msg_line(con, IST2076I, all);
	msg_line(con, IST2077I, cps);
	msg_line(con, IST2078I, rsetup);
	msg_line(con, IST2079I, lu);
	msg_line(con, IST2080I, sw);
	msg_line(con, IST2081I, cong);
	msg_line(con, IST2082I, stall);
	msg_line(con, IST2083I, sess);
}

/* TEST=YES of one pipe. */
static void
test(struct oper *op, const struct pick *k, struct con *con)
{
	const struct pipe *p;

	TAILQ_FOREACH(p, &op->node->pipetab.all, all)
		if (fits(p, k))
			break;
	if (p == NULL)
		return;
	switch (hprtest_begin(op->node, op->now, p)) {
	case HPRTEST_BEGUN:
		msg_line(con, IST1786I);
		break;
	case HPRTEST_STATE:
		msg_line(con, IST1793I);
		break;
	case HPRTEST_BUSY:
		msg_line(con, IST1794I);
		break;
	case HPRTEST_FULL:
		msg_line(con, IST1795I);
		break;
	case HPRTEST_PATH:
		msg_line(con, IST1809I);
		break;
	}
}

static void
show_table(struct oper *op, const struct pick *k, struct oper_limit *l, struct con *con)
{
	const struct pipe *p;
	uint32_t hits = 0;

	TAILQ_FOREACH(p, &op->node->pipetab.all, all) {
		const struct rtp *r = p->rtp;

		if (!fits(p, k))
			continue;
		if (hits++ == 0)
			msg_line(con, IST1695I);
		if (oper_more(l))
			msg_line(con, IST1960I, name_base(&p->res->name), p->cp.s, p->cos,
			    r->fsm.state == RS_PATHSWITCH ? "YES" : "NO",
			    rtp_congested(r) ? "YES" : "NO",
			    rtp_stalled(r) ? "YES" : "NO", p->n_sess);
	}
	if (hits != 0 && k->test)
		test(op, k, con);
	if (hits == 0)
		msg_line(con, IST1358I);
	else
		msg_line(con, IST2084I, l->shown, hits);
	oper_limit_end(l, con);
}

static void
clear_all(struct oper *op, const struct pick *k, struct con *con)
{
	const struct pipe *p;
	uint32_t n = 0;

	TAILQ_FOREACH(p, &op->node->pipetab.all, all)
		if (fits(p, k)) {
			rtp_clear(p->rtp);
			n++;
		}
	msg_line(con, IST2248I, n);
}

enum oper_do
op_d_rtps(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int list = oper_choice(c, "LIST", "DETAIL SUMMARY", con);
	int clear = list < 0 ? -1 : oper_choice(c, "CLEAR", "ALL", con);
	struct oper_limit l;
	struct pick k;

	(void)out;
	if (clear < 0 || !oper_limit(op, c, con, &l) || !read_pick(c, &k, con))
		return OPER_REJECTED;
	oper_accept(c, con);
	msg_line(con, IST350I, "RTPS");
	if (list == 2)
		show_summary(op, &k, con);
	else
		show_table(op, &k, &l, con);
	if (clear == 1)
		clear_all(op, &k, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* F NET,RTP,ID=: the way is sought anew; data goes on meanwhile. */
enum oper_do
op_f_rtp(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *id = oper_need(c, "ID", con);
	const struct res *r;

	(void)out;
	if (id == NULL)
		return OPER_REJECTED;
	r = rtab_find(&op->node->rtab, id);
	if (r == NULL)
		return oper_bad(con, "ID", id);
	if (r->type != RES_RTP) {
		msg_line(con, IST1204I, "ID", id);
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	if (pswitch_command(op->node, op->node->now, r->pipe))
		return OPER_DONE;       /* what comes of it is told unsolicited */
	msg_line(con, IST1494I, "FAILED", name_base(&r->name), r->pipe->cp.s);
	msg_line(con, IST1495I);
	msg_line(con, IST314I);
	return OPER_DONE;
}
