/* SPDX-License-Identifier: Apache-2.0
 *
 * Data flow control by itself, and the property that matters: of two
 * half-sessions neither ever refuses what the other may legally send, and
 * when nothing is in flight their states mirror each other.
 * SEED=n runs one seed, TRACE=1 shows its PIUs and state changes.
 */
#include "tests/unit/hs_pair.h"

/* Random legal traffic. */

static unsigned
rnd(struct pair *w, unsigned n)
{
	w->rng = w->rng * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(w->rng >> 33) % n;
}

static uint32_t
random_form(struct pair *w, const struct hs *h)
{
	switch (h->dfc.out.rsp) {
	case 0:
		return 0;
	case 1:
		return RH_RQE1;
	case 2:
		return RH_RQD1;
	default:
		return rnd(w, 3) == 0 ? RH_RQD1 : RH_RQE1;
	}
}

static void
act_data(struct pair *w, struct end *e)
{
	struct dfc *d = &e->h.dfc;
	uint32_t rh = random_form(w, &e->h);
	size_t n = rnd(w, 6) == 0 && d->out.multi ? 600 : rnd(w, 50);

	if (d->tx.state != CHS_BETC) {
		if (rnd(w, 5) == 0 && e->h.fm != FM_19) {
			(void)send_code(w, e, DFC_RQD, RU_CANCEL);
			return;
		}
		rh |= rnd(w, 2) ? RH_ECI : 0;
	} else {
		/* the loser of a race must not have said two things: one chain, then wait */
		if (d->br.state == BRS_BB_SENT)
			return;
		rh |= OIC;
		if (d->out.multi && rnd(w, 6) == 0)
			rh &= ~RH_ECI;
		if (!dfc_in_bracket(d))
			rh |= RH_BBI;
		if (d->out.may_eb && d->duplex == DFC_HDX_FF && rnd(w, 3) == 0)
			rh |= RH_EBI;
	}
	if ((rh & RH_ECI) == 0)
		rh |= (rh & RH_RQ) != 0 ? RH_ERI : 0;
	else if ((rh & RH_EBI) == 0 && !d->out.eb && d->fm == FM_19)
		rh |= rnd(w, 3) == 0 && d->br.state == BRS_INB ?
		    RH_CEBI : RH_CDI;
	else if ((rh & RH_EBI) == 0 && !d->out.eb && rnd(w, 3) != 0)
		rh |= RH_CDI;
	/* bidder: what follows a BB that may lose the race is not for the winner */
	if ((rh & RH_BBI) != 0 && !d->first && (rh & (RH_CDI | RH_EBI)) == 0)
		rh |= (rh & RH_ECI) != 0 && d->duplex == DFC_HDX_FF && d->fm != FM_19 ? RH_CDI : 0;
	if (send(w, e, rh, n) == 0)
		e->sent_bytes += (uint32_t)n;
}

static void
act_answer(struct pair *w, struct end *e, unsigned k)
{
	struct pend q = e->pend[k];
	uint32_t sense = 0;

	e->pend[k] = e->pend[--e->n_pend];
	if (q.code == RU_RTR)
		sense = rnd(w, 2) ? 0 : SENSE_RTR_NOT_NEEDED;
	else if (q.code == RU_BID)
		sense = rnd(w, 2) ? 0 : SENSE_BID_REJECT;
	else if (q.code == 0 && rnd(w, 3) == 0 &&
	    (e->h.dfc.recover == DFC_REC_PARTNER || (q.rh & RH_CDI) != 0))
		sense = (q.rh & RH_BBI) != 0 && e->h.dfc.first &&
		    e->h.dfc.duplex == DFC_HDX_FF && rnd(w, 2) ? SENSE_BID_REJECT :
		    SENSE_PARAMETER;
	assert_int_equal(hs_respond(&e->h, q.rh, q.snf, sense), 0);
}

static void
act(struct pair *w, struct end *e)
{
	switch (rnd(w, 12)) {
	case 0:
		if (e->n_pend != 0)
			act_answer(w, e, 0);
		break;
	case 1:
		(void)send_code(w, e, DFC_RQD, RU_LUSTAT);
		break;
	case 2:
		(void)send_code(w, e, DFC_RQD, RU_SIGNAL);
		break;
	case 3:
		if (e->h.dfc.duplex == DFC_HDX_FF)
			(void)send_code(w, e, DFC_RQD, RU_BID);
		break;
	case 4:
		(void)send_code(w, e, DFC_RQD, RU_RTR);
		break;
	case 5:
		if (e->pace) {
			e->pace = 0;
			hs_pace(&e->h);
		}
		break;
	default:
		act_data(w, e);
		break;
	}
}

static void
take(struct pair *w, struct end *e)
{
	struct hs_ind i;
	uint32_t size;
	uint8_t code;

	if (!hs_recv(&e->h, &i))
		return;
	size = i.ru != NULL ? i.ru->len : 0;
	code = (i.rh & RH_CAT) == RH_DFC && size != 0 ? i.ru->p[0] : 0;
	buf_free(i.ru);
	if ((i.rh & RH_PI) != 0 && (i.rh & RH_RSP) == 0)
		e->pace = 1;
	if ((i.rh & RH_RSP) != 0)
		return;
	if (i.sense != 0)
		fail_msg("%s seed %ju: %s refused legal traffic with %08x, rh %06x", w->name,
		    (uintmax_t)w->seed, e == &w->p ? "PLU" : "SLU", i.sense, i.rh);
	e->got++;
	if ((i.rh & RH_RQ) == RH_RQD1) {
		assert_true(e->n_pend < 32);
		e->pend[e->n_pend++] = (struct pend){ i.rh, i.snf, code };
	} else if ((i.rh & RH_RQ) == RH_RQE1 && rnd(w, 8) == 0 &&
	    e->h.dfc.recover == DFC_REC_PARTNER && e->h.rx.count == 0) {
		uint32_t sense = SENSE_PARAMETER;

		/* only what was not overtaken by a word of ours */
		(void)hs_respond(&e->h, i.rh, i.snf, sense);
	}
}

static bool
refused_is_race(const struct end *e)
{
	uint32_t s = e->h.last_sense >> 16;

	return s == 0x080b || s == 0x0813 || s == 0x081b;
}

static bool
in_brackets(const struct dfc *d)
{
	return d->brackets && d->br.state != BRS_BETB;
}

static bool
may_send(const struct dfc *d)
{
	return d->dir.state == DIS_SEND || d->dir.state == DIS_RECOV;
}

static bool
same_turn(const struct dfc *a, const struct dfc *b)
{
	if (a->duplex != DFC_HDX_FF)
		return true;
	if (a->dir.state == DIS_CONT || b->dir.state == DIS_CONT)
		return a->dir.state == b->dir.state;
	return may_send(a) != may_send(b);
}

static void
mirror(const struct pair *w)
{
	const struct dfc *a = &w->p.h.dfc, *b = &w->s.h.dfc;

	if ((a->tx.state == CHS_BETC) == (b->rx.state == CHS_BETC) &&
	    (b->tx.state == CHS_BETC) == (a->rx.state == CHS_BETC) &&
	    in_brackets(a) == in_brackets(b) && same_turn(a, b))
		return;
	fail_msg("%s seed %ju: chain %s/%s %s/%s bracket %s/%s turn %s/%s", w->name,
	    (uintmax_t)w->seed, fsm_state(&a->tx), fsm_state(&b->rx), fsm_state(&a->rx),
	    fsm_state(&b->tx), fsm_state(&a->br), fsm_state(&b->br), fsm_state(&a->dir),
	    fsm_state(&b->dir));
}

/* Everything in flight arrives, everything owed is answered. */
static void
quiet(struct pair *w)
{
	for (int k = 0; k < 400; k++) {
		struct end *e = k % 2 ? &w->p : &w->s;

		settle(w);
		while (e->h.rx.count != 0)
			take(w, e);
		while (e->n_pend != 0)
			act_answer(w, e, 0);
		hs_pace(&e->h);
		e->pace = 0;
	}
}

static void
random_traffic(const struct bind *b, const char *name, uint64_t seed)
{
	struct pair *w = pair_new(b);

	w->rng = seed * 77;
	w->seed = seed;
	w->name = name;
	for (int turn = 0; turn < 800; turn++) {
		for (int k = 0; k < 8; k++) {
			switch (rnd(w, 6)) {
			case 0:
				act(w, &w->p);
				break;
			case 1:
				act(w, &w->s);
				break;
			case 2:
				(void)carry(&w->p, &w->s);
				break;
			case 3:
				(void)carry(&w->s, &w->p);
				break;
			case 4:
				take(w, &w->p);
				break;
			default:
				take(w, &w->s);
				break;
			}
			flush(&w->p);
			flush(&w->s);
		}
		if (turn % 16 == 15) {
			quiet(w);
			mirror(w);
		}
	}
	if (w->p.h.stat[HS_REFUSED] != 0 || w->s.h.stat[HS_REFUSED] != 0)
		assert_true(refused_is_race(&w->p) || refused_is_race(&w->s) ||
		    w->p.h.last_sense == 0 || w->s.h.last_sense == 0);
	if (w->p.got < 30 || w->s.got < 30)
		fail_msg("%s seed %ju stuck: %u %u", name, (uintmax_t)seed, w->p.got, w->s.got);
	pair_free(w);
}

static void
t_random_traffic(void **state)
{
	const struct bind *const all[] = { &bind_lu2, &bind_fm4, &bind_fm2, &bind_cont,
		&bind_lu62 };
	const char *names[] = { "lu2", "fm4", "fm2", "cont", "lu62" };
	uint64_t first = 1, last = 150;

	if (getenv("TRACE") != NULL)
		log_level_all(LOG_DEBUG);
	const char *env = getenv("SEED");

	(void)state;
	if (env != NULL)
		first = last = strtoull(env, NULL, 10);
	for (unsigned k = 0; k < 5; k++)
		for (uint64_t seed = first; seed <= last; seed++) {
			random_traffic(all[k], names[k], seed);
		}
}

/* One request against a fresh half-session. */
static const struct {
	const char *what;
	const struct bind *bind;
	uint32_t rh;
	uint8_t code, role, expedited;
	uint32_t sense;         /* what its receiver says */
} rules[] = {
	{ "screen that opens a bracket", &bind_lu2, 0x0390a0, 0, HS_SLU, 0, 0 },
	{ "definite", &bind_lu2, 0x038080, 0, HS_SLU, 0, 0 },
	{ "AID that opens a bracket", &bind_lu2, 0x0390a0, 0, HS_PLU, 0, 0 },
	{ "SLU may ask exception only", &bind_lu2, 0x0380a0, 0, HS_PLU, 0, SENSE_RH_RQD },
	{ "and must ask something", &bind_lu2, 0x0300a0, 0, HS_PLU, 0, SENSE_RH_RQN },
	{ "SLU may ask definite only", &bind_cont, 0x039080, 0, HS_PLU, 0, SENSE_RH_RQE },
	{ "no responses at all", &bind_fm2, 0x039080, 0, HS_PLU, 0, SENSE_RH_RQE },
	{ "no responses at all", &bind_fm2, 0x038080, 0, HS_PLU, 0, SENSE_RH_RQD },
	{ "none asked", &bind_fm2, 0x030080, 0, HS_PLU, 0, 0 },
	{ "RQN from the PLU", &bind_lu2, 0x0300a0, 0, HS_SLU, 0, SENSE_RH_RQN },
	{ "ERI alone", &bind_lu2, 0x0310a0, 0, HS_SLU, 0, SENSE_RH_DR },
	{ "RQE2", &bind_lu2, 0x0330a0, 0, HS_SLU, 0, 0 },
	{ "RQD before the end of the chain", &bind_lu2, 0x028080, 0, HS_SLU, 0, SENSE_RH_RQD },
	{ "chain where there are none", &bind_fm2, 0x029080, 0, HS_SLU, 0, SENSE_RH_CHAIN },
	{ "FM header", &bind_lu2, 0x0b9080, 0, HS_SLU, 0, SENSE_RH_FI },
	{ "alternate code", &bind_lu2, 0x039088, 0, HS_SLU, 0, SENSE_RH_ALT },
	{ "QRI", &bind_lu2, 0x039280, 0, HS_SLU, 0, 0x40150000 },
	{ "enciphered", &bind_lu2, 0x039084, 0, HS_SLU, 0, 0x40160000 },
	{ "padded", &bind_lu2, 0x039082, 0, HS_SLU, 0, 0x40170000 },
	{ "CEB", &bind_lu2, 0x039081, 0, HS_SLU, 0, SENSE_RH_EB },
	{ "EB of the SLU", &bind_lu2, 0x0390c0, 0, HS_PLU, 0, SENSE_RH_EB },
	{ "CD with EB", &bind_lu2, 0x0390e0, 0, HS_SLU, 0, SENSE_RH_CD },
	{ "CD before the end of the chain", &bind_lu2, 0x0290a0, 0, HS_SLU, 0, SENSE_RH_CD },
	{ "CD in full duplex", &bind_fm2, 0x0390a0, 0, HS_SLU, 0, SENSE_RH_CD_NEVER },
	{ "between brackets", &bind_lu2, 0x039020, 0, HS_SLU, 0, SENSE_BRACKET },
	{ "end outside a chain", &bind_lu2, 0x019020, 0, HS_SLU, 0, SENSE_NOT_IN_CHAIN },
	{ "middle outside a chain", &bind_lu2, 0x009000, 0, HS_SLU, 0, SENSE_NOT_IN_CHAIN },
	{ "BB in the middle", &bind_lu2, 0x009080, 0, HS_SLU, 0, SENSE_RH_BB },
	{ "EB in the middle", &bind_lu2, 0x009040, 0, HS_SLU, 0, SENSE_RH_EB },
	{ "CANCEL outside a chain", &bind_lu2, 0x4b8000, RU_CANCEL, HS_SLU, 0,
	    SENSE_NOT_IN_CHAIN },
	{ "LUSTAT of the PLU", &bind_lu2, 0x4b8000, RU_LUSTAT, HS_SLU, 0, SENSE_NOT_SUPPORTED },
	{ "LUSTAT of the PLU, FM 4", &bind_fm4, 0x4b8000, RU_LUSTAT, HS_SLU, 0, 0 },
	{ "LUSTAT", &bind_lu2, 0x4b9000, RU_LUSTAT, HS_PLU, 0, 0 },
	{ "LUSTAT with BB", &bind_lu2, 0x4b80a0, RU_LUSTAT, HS_PLU, 0, 0 },
	{ "CHASE", &bind_lu2, 0x4b8000, RU_CHASE, HS_PLU, 0, 0 },
	{ "CHASE, exception", &bind_lu2, 0x4b9000, RU_CHASE, HS_PLU, 0, SENSE_RH_RQE },
	{ "CHASE without response", &bind_lu2, 0x4b0000, RU_CHASE, HS_PLU, 0, SENSE_RH_RQN },
	{ "CHASE with BB", &bind_lu2, 0x4b8080, RU_CHASE, HS_SLU, 0, SENSE_RH_BB },
	{ "BID with CD", &bind_lu2, 0x4b8020, RU_BID, HS_SLU, 0, SENSE_RH_CD },
	{ "DFC without FI", &bind_lu2, 0x438000, RU_CHASE, HS_SLU, 0, SENSE_RH_FI },
	{ "DFC as a chain", &bind_lu2, 0x4a8000, RU_CHASE, HS_SLU, 0, SENSE_RH_CHAIN },
	{ "SIGNAL", &bind_lu2, 0x4b8000, RU_SIGNAL, HS_PLU, 1, 0 },
	{ "SIGNAL, normal flow", &bind_lu2, 0x4b8000, RU_SIGNAL, HS_PLU, 0, SENSE_RH_CODE },
	{ "BID, expedited flow", &bind_lu2, 0x4b8000, RU_BID, HS_SLU, 1, SENSE_RH_CODE },
	{ "data, expedited flow", &bind_lu2, 0x0390a0, 0, HS_SLU, 1, SENSE_RH_CATEGORY },
	{ "SHUTD", &bind_lu2, 0x4b8000, RU_SHUTD, HS_SLU, 1, 0 },
	{ "SHUTD of the SLU", &bind_lu2, 0x4b8000, RU_SHUTD, HS_PLU, 1, SENSE_NOT_SUPPORTED },
	{ "SHUTC unasked", &bind_lu2, 0x4b8000, RU_SHUTC, HS_PLU, 1, SENSE_NOT_QUIESCED },
	{ "RSHUTD", &bind_lu2, 0x4b8000, RU_RSHUTD, HS_PLU, 1, 0 },
	{ "QEC in FM 3", &bind_lu2, 0x4b8000, RU_QEC, HS_SLU, 1, SENSE_NOT_SUPPORTED },
	{ "QEC in FM 4", &bind_fm4, 0x4b8000, RU_QEC, HS_SLU, 1, 0 },
	{ "QC unasked", &bind_fm4, 0x4b8000, RU_QC, HS_SLU, 0, SENSE_NOT_QUIESCED },
	{ "SIGNAL in FM 2", &bind_fm2, 0x4b8000, RU_SIGNAL, HS_PLU, 1, SENSE_NOT_SUPPORTED },
	{ "CHASE in FM 19", &bind_lu62, 0x4b8000, RU_CHASE, HS_PLU, 0, SENSE_NOT_SUPPORTED },
	{ "BIS in FM 19", &bind_lu62, 0x4b9000, RU_BIS, HS_PLU, 0, 0 },
	{ "BID of the first speaker", &bind_lu2, 0x4b8000, RU_BID, HS_PLU, 0, SENSE_BRACKET },
	{ "RTR of the bidder", &bind_lu2, 0x4b8000, RU_RTR, HS_SLU, 0, SENSE_BRACKET },
	{ "RTR", &bind_lu2, 0x4b8000, RU_RTR, HS_PLU, 0, 0 },
	{ "NC", &bind_lu2, 0x2b8000, 0x10, HS_SLU, 0, SENSE_CATEGORY },
	{ "attach", &bind_lu62, 0x0b9020, 0, HS_SLU, 0, 0 },
	{ "wrong turn", &bind_lu62, 0x039020, 0, HS_PLU, 0, SENSE_DIRECTION },
	{ "CEB at the begin", &bind_lu62, 0x029001, 0, HS_SLU, 0, SENSE_RH_EB },
	{ "EB in LU 6.2", &bind_lu62, 0x039040, 0, HS_SLU, 0, SENSE_RH_EB },
};

static void
t_every_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct dfc_rq rq = { .rh = rules[i].rh, .snf = 1, .code = rules[i].code,
			.expedited = rules[i].expedited };
		unsigned sender = rules[i].role == HS_PLU ? HS_SLU : HS_PLU;
		struct dfc d;
		enum dfc_do todo;
		uint32_t got;

		dfc_init(&d, rules[i].bind, rules[i].role);
		got = dfc_recv(&d, &rq, &todo);
		if (got != rules[i].sense)
			fail_msg("%s: received, %08x", rules[i].what, got);
		dfc_init(&d, rules[i].bind, sender);
		got = dfc_send(&d, &rq);
		if ((got == 0) != (rules[i].sense == 0))
			fail_msg("%s: sent, %08x", rules[i].what, got);
	}
}

static void
t_no_brackets(void **state)
{
	static const struct bind b = { .fm = 3, .ts = 3, .priprot = 0xb0, .secprot = 0xb0,
		.comprot2 = 0x81 };
	struct dfc p, s;
	struct dfc_rq rq = { .rh = 0x0390a0, .snf = 1 };
	enum dfc_do todo;

	(void)state;
	dfc_init(&p, &b, HS_PLU);
	dfc_init(&s, &b, HS_SLU);
	assert_true(dfc_in_bracket(&p));
	assert_int_equal(dfc_recv(&s, &rq, &todo), SENSE_RH_BRACKETS);
	assert_int_equal(dfc_fit(&p, rq.rh), 0x039020);
	rq.rh = 0x039020;
	assert_int_equal(dfc_send(&s, &rq), SENSE_DIRECTION);   /* the primary sends first */
	assert_int_equal(dfc_send(&p, &rq), 0);
	assert_int_equal(dfc_recv(&s, &rq, &todo), 0);
	assert_int_equal(s.dir.state, DIS_SEND);
}

static void
t_quiesce(void **state)
{
	struct dfc p, s;
	enum dfc_do todo;
	struct dfc_rq qec = { .rh = 0x4b8000, .snf = 1, .code = RU_QEC, .expedited = 1 };
	struct dfc_rq qc = { .rh = 0x4b8000, .snf = 1, .code = RU_QC };
	struct dfc_rq relq = { .rh = 0x4b8000, .snf = 2, .code = RU_RELQ, .expedited = 1 };
	struct dfc_rq data = { .rh = 0x039080, .snf = 2 };
	struct dfc_rq rsp = { .rh = 0xcb8000, .snf = 1, .expedited = 1 };
	struct dfc_corr was;

	(void)state;
	dfc_init(&p, &bind_fm4, HS_PLU);
	dfc_init(&s, &bind_fm4, HS_SLU);
	assert_int_equal(dfc_send(&p, &qec), 0);
	assert_int_equal(dfc_recv(&s, &qec, &todo), 0);
	assert_int_equal(dfc_send(&s, &qc), 0);
	assert_int_equal(dfc_recv(&p, &qc, &todo), 0);
	assert_int_equal(s.qs.state, QUS_QUIESCED);
	assert_int_equal(p.qr.state, QUS_QUIESCED);
	rsp.expedited = 0;
	assert_int_equal(dfc_send_rsp(&p, &(struct dfc_rq){ .rh = 0xcb8000, .snf = 1 }, &was), 0);
	assert_int_equal(was.code, RU_QC);
	assert_int_equal(dfc_recv_rsp(&s, &rsp, &was), 0);
	assert_int_equal(dfc_send(&s, &data), SENSE_QUIESCED);
	assert_int_equal(dfc_recv(&p, &data, &todo), SENSE_QUIESCED);
	assert_int_equal(dfc_send(&p, &relq), SENSE_IMMEDIATE_RQ);      /* QEC is unanswered */
	rsp.expedited = 1;
	assert_int_equal(dfc_recv_rsp(&p, &rsp, &was), 0);
	assert_int_equal(was.code, RU_QEC);
	assert_int_equal(dfc_send(&p, &relq), 0);
	assert_int_equal(dfc_recv(&s, &relq, &todo), 0);
	assert_int_equal(dfc_send(&s, &data), 0);
}

static void
t_correlation_table_is_bounded(void **state)
{
	static const struct bind b = { .fm = 4, .ts = 3, .priprot = 0xf0, .secprot = 0xf0 };
	struct dfc d;
	struct dfc_rq rq = { .rh = 0x038000 };
	struct dfc_rq no = { .rh = 0x879000, .snf = 1, .sense = SENSE_PARAMETER };
	struct dfc_corr was;
	enum dfc_do todo;

	(void)state;
	dfc_init(&d, &b, HS_SLU);
	for (rq.snf = 1; rq.snf <= DFC_CORR_MAX; rq.snf++)
		assert_int_equal(dfc_recv(&d, &rq, &todo), 0);
	assert_int_equal(dfc_recv(&d, &rq, &todo), SENSE_NO_RESOURCE);
	/* exceptions give way, and a late negative response is taken all the same */
	dfc_init(&d, &b, HS_PLU);
	rq.rh = 0x039000;
	assert_int_equal(dfc_recv_rsp(&d, &no, &was), SENSE_CORRELATION);
	for (rq.snf = 1; rq.snf <= 50; rq.snf++)
		assert_int_equal(dfc_send(&d, &rq), 0);
	assert_int_equal(d.out.n, DFC_CORR_MAX);
	assert_int_equal(dfc_recv_rsp(&d, &no, &was), 0);
	no.rh = 0x838000;
	assert_int_equal(dfc_recv_rsp(&d, &no, &was), SENSE_CORRELATION);
	/* CHASE is answered last */
	dfc_init(&d, &b, HS_SLU);
	rq = (struct dfc_rq){ .rh = 0x038000, .snf = 1 };
	assert_int_equal(dfc_recv(&d, &rq, &todo), 0);
	rq = (struct dfc_rq){ .rh = 0x4b8000, .snf = 2, .code = RU_CHASE };
	assert_int_equal(dfc_recv(&d, &rq, &todo), 0);
	no = (struct dfc_rq){ .rh = 0xcb8000, .snf = 2 };
	assert_int_equal(dfc_send_rsp(&d, &no, &was), SENSE_RSP_PROTOCOL);
	no = (struct dfc_rq){ .rh = 0x838000, .snf = 1 };
	assert_int_equal(dfc_send_rsp(&d, &no, &was), 0);
	no = (struct dfc_rq){ .rh = 0xcb8000, .snf = 2 };
	assert_int_equal(dfc_send_rsp(&d, &no, &was), 0);
}

static void
t_exception_request(void **state)
{
	struct dfc d;
	struct dfc_rq rq = { .rh = 0x0390a0 | RH_SDI, .snf = 1, .sense = 0x80070000 };
	enum dfc_do todo;

	(void)state;
	dfc_init(&d, &bind_lu2, HS_SLU);
	assert_int_equal(dfc_recv(&d, &rq, &todo), 0x80070000);
	dfc_reject(&d, &rq);
	assert_int_equal(d.in.n, 0);
	assert_int_equal(d.br.state, BRS_INB);
	assert_int_equal(d.dir.state, DIS_ERP);
}

static void
t_contention_race(void **state)
{
	struct dfc p, s;
	struct dfc_rq mine = { .rh = 0x029080, .snf = 1 }, theirs = { .rh = 0x029000, .snf = 1 };
	enum dfc_do todo;

	(void)state;
	dfc_init(&p, &bind_cont, HS_PLU);
	dfc_init(&s, &bind_cont, HS_SLU);
	p.brackets = s.brackets = 0;
	mine.rh = 0x029000;
	assert_int_equal(dfc_send(&p, &mine), 0);
	assert_int_equal(dfc_send(&s, &theirs), 0);
	assert_int_equal(dfc_recv(&s, &mine, &todo), SENSE_RECEIVER_SENDS);     /* the winner */
	mine.sense = SENSE_RECEIVER_SENDS;
	dfc_reject(&s, &mine);
	assert_int_equal(dfc_recv(&p, &theirs, &todo), 0);
	assert_int_equal(p.tx.state, CHS_PURGE);
	assert_int_equal(p.dir.state, DIS_RCV);
	mine = (struct dfc_rq){ .rh = 0x019000, .snf = 2 };
	assert_int_equal(dfc_send(&p, &mine), 0);               /* the rest, for nobody */
	assert_int_equal(dfc_recv(&s, &mine, &todo), 0);
	assert_int_equal(todo, DFC_PURGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_every_rule),
		cmocka_unit_test(t_no_brackets),
		cmocka_unit_test(t_quiesce),
		cmocka_unit_test(t_correlation_table_is_bounded),
		cmocka_unit_test(t_exception_request),
		cmocka_unit_test(t_contention_race),
		cmocka_unit_test(t_random_traffic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
