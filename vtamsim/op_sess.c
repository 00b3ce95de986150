/* SPDX-License-Identifier: Apache-2.0
 *
 * Sessions: those of one resource, D NET,SESSIONS, V NET,TERM. Companion
 * vtam-operator sections 4.1, 4.7, 5.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/oper_in.h"

/* ACTIV, or the setup state's name. */
const char *
op_sess_state(const struct ssn *s, char to[12])
{
	snprintf(to, 12, "%.10s", fsm_state(&s->fsm));
	return to;
}

static bool
pending(const struct ssn *s)
{
	return s->fsm.state != SS_ACTIV;
}

static void
show_session(const struct ssn *s, struct con *con)
{
	char state[12], status[16], sid[17], netid[9], send[5] = "", recv[5] = "";

	op_sess_state(s, state);
	/* The suffix tells the role of the named partner. */
	snprintf(status, sizeof(status), "%.8s-%c", state, s->role == HS_PLU ? 'S' : 'P');
	if (s->has_hs) {
		snprintf(send, sizeof(send), "%04X", s->hs.snf_out);
		snprintf(recv, sizeof(recv), "%04X", s->hs.snf_in);
	}
	name_netid(&s->partner, netid);
	msg_line(con, IST635I, name_base(&s->partner), status, ssn_sid(s, sid), send, recv, "", "",
	    netid);
}

void
op_show_sessions(const struct res *r, struct con *con, struct oper_limit *l)
{
	uint32_t active = 0, requests = 0;
	const struct ssn *s;

	for (s = res_next_ssn(r, NULL); s != NULL; s = res_next_ssn(r, s)) {
		if (pending(s))
			requests++;
		else
			active++;
	}
	msg_line(con, IST171I, active, requests);
	if (active + requests == 0) {
		msg_line(con, IST172I, "SESSIONS EXIST");
		return;
	}
	msg_line(con, IST206I);
	msg_line(con, IST634I);
	for (s = res_next_ssn(r, NULL); s != NULL; s = res_next_ssn(r, s)) {
		if (!oper_more(l))
			break;
		show_session(s, con);
	}
	oper_limit_end(l, con);
}

/* --- choosing sessions --- */

/* Which sessions a command means. */
struct pick {
	const char *lu1, *lu2, *plu, *slu;      /* or NULL */
	const char *sid;
	int scope;                              /* of SESS_SCOPES */
};
#define SESS_SCOPES "ALL ACT PENDING Q APPN"
enum { SS_ALL = 1, SS_ACT, SS_PENDING, SS_Q, SS_APPN };

/* The name of the end that is the primary; and the other. */
static const struct sna_name *
end_name(const struct ssn *s, unsigned role)
{
	if (s->cp != NULL)
		return s->role == role ? &s->node->cpname : &s->cp->cp;
	return s->role == role ? &s->res->name : &s->partner;
}

static bool
is_named(const struct sna_name *n, const char *want)
{
	if (want == NULL)
		return true;
	return name_match(want, strchr(want, '.') == NULL ? name_base(n) : n->s);
}

static bool
fits(const struct ssn *s, const struct pick *p)
{
	const struct sna_name *a = end_name(s, HS_PLU), *b = end_name(s, HS_SLU);
	char sid[17];

	if ((p->scope == SS_ACT && pending(s)) || (p->scope == SS_PENDING && !pending(s)) ||
	    p->scope == SS_Q || p->scope == SS_APPN)
		return false;
	if (p->sid != NULL && strcmp(ssn_sid(s, sid), p->sid) != 0)
		return false;
	if (!is_named(a, p->plu) || !is_named(b, p->slu))
		return false;
	return (is_named(a, p->lu1) && is_named(b, p->lu2)) ||
	    (is_named(b, p->lu1) && is_named(a, p->lu2));
}

/* Both ends of a session inside this node are objects; it is shown once. */
static bool
second_end(const struct ssn *s)
{
	return s->mate != NULL && s->role == HS_SLU;
}

/* Walks the pool: handles are its order, which is the order of age. */
static struct ssn *
next_session(struct node *n, uint32_t *pos)
{
	while (*pos < n->ssns.touched) {
		struct ssn *s = pool_at(&n->ssns, (*pos)++);

		/* A free slot has no handle. */
		if (s != NULL && s->handle != 0 && !s->dead && (s->res != NULL || s->cp != NULL))
			return s;
	}
	return NULL;
}

static bool
session_name(struct oper_cmd *c, const char *key, const char **to, struct con *con)
{
	const char *v = oper_get(c, key);

	if (v != NULL && !oper_is_name(v, OPER_WILD)) {
		(void)oper_bad(con, key, v);
		return false;
	}
	*to = v;
	return true;
}

static bool
is_sid(const char *s)
{
	return strlen(s) == 16 && strspn(s, "0123456789ABCDEF") == 16;
}

static bool
read_pick(struct oper_cmd *c, struct pick *p, struct con *con)
{
	*p = (struct pick){ .sid = oper_get(c, "SID") };
	p->scope = oper_choice(c, "SCOPE", SESS_SCOPES, con);
	if (p->scope < 0 || !session_name(c, "LU1", &p->lu1, con) ||
	    !session_name(c, "LU2", &p->lu2, con) || !session_name(c, "PLU", &p->plu, con) ||
	    !session_name(c, "SLU", &p->slu, con))
		return false;
	if (p->sid != NULL && !is_sid(p->sid)) {
		(void)oper_bad(con, "SID", p->sid);
		return false;
	}
	return true;
}

/* --- D NET,SESSIONS --- */

static void
show_counts(struct node *n, const struct pick *p, struct con *con)
{
	uint32_t act = 0, pend = 0, pos = 0, cp = 0;
	struct ssn *s;

	while ((s = next_session(n, &pos)) != NULL) {
		if (second_end(s) || !fits(s, p))
			continue;
		cp += s->cp != NULL;
		if (pending(s))
			pend++;
		else
			act++;
	}
	msg_line(con, IST878I, "PENDING", pend);
	msg_line(con, IST878I, "ACTIVE", act);
	msg_line(con, IST878I, "QUEUED", 0u);
	msg_line(con, IST878I, "TOTAL", pend + act);
	if (p->lu1 == NULL && p->plu == NULL && p->slu == NULL && p->scope == SS_ACT) {
		msg_line(con, IST1161I, cp);
		msg_line(con, IST1162I, act);
	}
}

static void
show_all(struct node *n, const struct pick *p, struct oper_limit *l, struct con *con)
{
	uint32_t pos = 0;
	struct ssn *s;

	while ((s = next_session(n, &pos)) != NULL && !l->cut) {
		char sid[17], state[12];

		if (second_end(s) || !fits(s, p) || !oper_more(l))
			continue;
		if (l->shown == 1)
			msg_line(con, IST873I);
		msg_line(con, IST874I, end_name(s, HS_PLU)->s, end_name(s, HS_SLU)->s,
		    ssn_sid(s, sid), op_sess_state(s, state));
	}
	if (l->shown == 0)
		msg_line(con, IST172I, "SESSIONS EXIST");
	oper_limit_end(l, con);
}

static void
show_pacing(const struct ssn *s, struct con *con)
{
	const struct hs *h = &s->hs, *m = s->mate != NULL && s->mate->has_hs ? &s->mate->hs : NULL;
	bool plu = s->role == HS_PLU;
	/* A partner elsewhere grants what we take, and takes what we grant. */
	uint32_t p_win = plu ? h->win_out : h->win_in, s_win = plu ? h->win_in : h->win_out;
	uint32_t p_cur = plu ? h->credit : m != NULL ? m->credit : h->credit_in;
	uint32_t s_cur = !plu ? h->credit : m != NULL ? m->credit : h->credit_in;
	const char *kind = h->adaptive ? "ADAPTIVE" : "FIXED";

	msg_line(con, IST1636I);
	msg_line(con, IST1637I);
	msg_line(con, IST1638I, p_win == 0 ? "NO PACING" : kind);
	msg_line(con, IST1639I, p_win == 0 ? 0 : p_cur, p_win);
	msg_line(con, IST1640I, p_win);
	msg_line(con, IST1641I, s_win == 0 ? "NO PACING" : kind);
	msg_line(con, IST1642I, s_win == 0 ? 0 : s_cur, s_win);
	msg_line(con, IST1643I, s_win);
}

static void
show_route(const struct ssn *s, struct con *con)
{
	if (s->pipe == NULL)
		return;
	msg_line(con, IST1710I);
	op_show_hops(s->pipe, con);
}

static void
show_detail(const struct ssn *s, struct con *con)
{
	const char *far = s->role == HS_PLU ? "SLU" : "PLU";
	const struct pu *pu = s->pipe == NULL ? NULL : op_pipe_pu(s->pipe);
	char state[12];
	uint32_t out = s->hs.max_ru_out, in = s->hs.max_ru_in;

	msg_line(con, IST879I, "PLU", end_name(s, HS_PLU)->s, "***NA***");
	msg_line(con, IST879I, "SLU", end_name(s, HS_SLU)->s, "***NA***");
	msg_line(con, IST880I, op_sess_state(s, state));
	if (s->pipe != NULL) {
		msg_line(con, IST875I, "ADJSSCP", far, "ISTAPNCP");
		msg_line(con, IST875I, "ALSNAME", far, pu == NULL ? "***NA***" :
		    name_base(&pu->res->name));
	}
	msg_line(con, IST933I, oper_na(s->mode), oper_na(s->cos), " (FROM OLU)");
	msg_line(con, IST875I, "APPNCOS", far, oper_na(s->cos));
	msg_line(con, IST1635I, s->role == HS_PLU ? "PLU" : "SLU", "HS", s->handle);
	if (s->mate != NULL)
		msg_line(con, IST1635I, far, "HS", s->mate->handle);
	if (s->has_hs) {
		msg_line(con, IST2064I, s->role == HS_PLU ? out : in, s->role == HS_PLU ? in : out);
		show_pacing(s, con);
	}
	if (s->res != NULL && s->res->acb != NULL && s->res->acb->client[0] != '\0')
		msg_line(con, IST1669I, s->res->acb->client);
	show_route(s, con);
}

enum oper_do
op_d_sessions(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int list = oper_choice(c, "LIST", "COUNT ALL SUMMARY", con);
	struct oper_limit l;
	struct ssn *s = NULL;
	struct pick p;
	uint32_t pos = 0;

	(void)out;
	if (list < 0 || !read_pick(c, &p, con) || !oper_limit(op, c, con, &l) ||
	    oper_choice(c, "PATHINFO", "YES NO", con) < 0)
		return OPER_REJECTED;
	if (p.sid != NULL) {
		while ((s = next_session(op->node, &pos)) != NULL && !fits(s, &p))
			;
		if (s == NULL) {
			msg_line(con, IST792I);
			return OPER_REJECTED;
		}
	}
	oper_accept(c, con);
	msg_line(con, IST350I, "SESSIONS");
	if (s != NULL)
		show_detail(s, con);
	else if (list == 2)
		show_all(op->node, &p, &l, con);
	else
		show_counts(op->node, &p, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* --- V NET,TERM --- */

/* The operands as IST455I has them: qualified, in the order typed. */
static void
term_text(struct oper *op, struct oper_cmd *c, char *to, size_t n)
{
	const char *netid = defs_start(op->defs)->netid;
	size_t k = 0;

	to[0] = '\0';
	for (unsigned i = 0; i < c->n && k < n; i++) {
		const struct oper_opd *o = &c->opd[i];

		if (oper_place("LU1 LU2 PLU SLU SID", o->key) == 0)
			continue;
		k += (size_t)snprintf(to + k, n - k, "%s%s=%s%s%s", k == 0 ? "" : " ", o->key,
		    strcmp(o->key, "SID") == 0 || strchr(o->val, '.') != NULL ? "" : netid,
		    strcmp(o->key, "SID") == 0 || strchr(o->val, '.') != NULL ? "" : ".", o->val);
	}
}

static unsigned
terminate(struct oper *op, const struct pick *p, uint32_t sense)
{
	uint32_t pos = 0, n = 0;
	struct ssn *s;

	while ((s = next_session(op->node, &pos)) != NULL) {
		if (!fits(s, p))
			continue;
		n += !second_end(s);
		s->by_oper = 1;
		if (s->mate != NULL)
			s->mate->by_oper = 1;
		ssn_end(op->node, op->now, s, UNB_CLEANUP, sense);
	}
	return n;
}

enum oper_do
op_v_term(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	int notify = oper_choice(c, "NOTIFY", "YES NO", con);
	const char *sense = oper_get(c, "SENSE");
	struct pick p;
	char text[256];
	uint32_t pos = 0;
	struct ssn *s;

	(void)out;
	if (notify < 0 || oper_choice(c, "TYPE", "UNCOND COND FORCE", con) < 0 ||
	    !read_pick(c, &p, con))
		return OPER_REJECTED;
	if (p.sid == NULL && p.lu1 == NULL && p.plu == NULL && p.slu == NULL) {
		msg_line(con, IST456I, p.lu2 != NULL ? "LU1" : "SID");
		return OPER_REJECTED;
	}
	if (sense != NULL && (strlen(sense) != 8 || strspn(sense, "0123456789ABCDEF") != 8))
		return oper_bad(con, "SENSE", sense);
	while ((s = next_session(op->node, &pos)) != NULL && !fits(s, &p))
		;
	if (s == NULL) {
		msg_line(con, IST792I);
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	(void)terminate(op, &p, sense == NULL ? 0x08060000 : (uint32_t)strtoul(sense, NULL, 16));
	term_text(op, c, text, sizeof(text));
	if (notify != 2)
		msg_line(con, IST455I, text);
	return OPER_DONE;
}
