/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements about accounting (SMFINIT, SMFTERM, SMFFILE) and response times
 * (MONITORGROUP, MONITORMAP).
 *
 * Defaults and units of MONITORGROUP are our choice where no document was
 * read: boundaries are seconds, 1 2 5 10 as in RFC 2562.
 */
#include <stdlib.h>
#include <string.h>

#include "tn3270e/acct.h"
#include "tn3270e/acct_file.h"
#include "tn3270e/profile_in.h"
#include "tn3270e/profile_mon.h"

#define SMF_MB 100
#define SMF_KEEP 9

/* --- accounting --- */

static uint8_t *
smf_of(struct pparse *ps)
{
	if (ps->block == IN_GLOBALS)
		return &ps->p->smf;
	if (!ps->port->smf_coded)
		ps->port->smf = ps->p->smf;
	ps->port->smf_coded = 1;
	return &ps->port->smf;
}

/* SMFINIT TYPE119|NOTYPE119. Type 118 has no public layout worth writing. */
static void
take_smf(struct pparse *ps, const struct tok *kw)
{
	uint8_t bit = tok_is(kw, "SMFINIT") ? ACCT_ASK_INIT : ACCT_ASK_TERM;
	uint8_t *smf = smf_of(ps);
	const struct tok *t;
	unsigned n = 0;

	for (; (t = tok_next(ps)) != NULL; n++) {
		if (tok_is(t, "TYPE119"))
			*smf |= bit;
		else if (tok_is(t, "NOTYPE119"))
			*smf &= (uint8_t)~bit;
		else if (tok_is(t, "TYPE118") || tok_is(t, "STD"))
			complain(ps, TNP_WARN, t, kw, "records of type 118 are not written: code "
			    "TYPE119");
		else if (!tok_is(t, "NOTYPE118"))
			complain(ps, TNP_FAIL, t, kw, "%.30s: TYPE119 or NOTYPE119 is wanted",
			    t->text);
	}
	if (n == 0)
		complain(ps, TNP_FAIL, kw, kw, "TYPE119 or NOTYPE119 is wanted");
}

/* SMFFILE path [megabytes] [KEEP n] */
static void
take_file(struct pparse *ps, const struct tok *kw)
{
	const struct tok *t = tok_next(ps);
	int32_t mb = SMF_MB, keep = SMF_KEEP;

	if (t == NULL || t->n >= ACCT_PATH) {
		complain(ps, TNP_FAIL, t != NULL ? t : kw, kw, "a file's name is wanted");
		return;
	}
	ps->p->smf_file = t->text;
	ps->p->smf_pos = t->pos;
	if (tok_peek(ps) != NULL && !tok_is(tok_peek(ps), "KEEP"))
		(void)tok_number(ps, tok_next(ps), kw, 1, 1000000, &mb);
	if (tok_is(tok_peek(ps), "KEEP")) {
		(void)tok_next(ps);
		(void)tok_number(ps, tok_next(ps), kw, 0, ACCT_KEEP_MAX, &keep);
	}
	ps->p->smf_mb = (uint32_t)mb;
	ps->p->smf_keep = (uint32_t)keep;
}

/* --- response times --- */

static struct tnp_monitor *
monitor_named(struct tnp_vtam *v, const char *name)
{
	struct tnp_monitor *m = v->monitors;

	while (m != NULL && strcmp(m->name, name) != 0)
		m = m->next;
	return m;
}

/* Seconds, with up to three places behind a point, as milliseconds. */
static bool
seconds(const char *s, uint32_t *ms)
{
	char *end;
	unsigned long v;
	uint32_t unit = 100;

	if (*s < '0' || *s > '9')
		return false;
	v = strtoul(s, &end, 10);
	if (v > 86400)
		return false;
	*ms = (uint32_t)v * 1000;
	if (*end == '.') {
		for (end++; *end >= '0' && *end <= '9' && unit != 0; end++, unit /= 10)
			*ms += (uint32_t)(*end - '0') * unit;
	}
	return *end == '\0' && *ms != 0;
}

static bool
boundary(struct pparse *ps, struct rtime_conf *c, const struct tok *kw)
{
	static const char *const word[] = { "BOUNDARY1", "BOUNDARY2", "BOUNDARY3", "BOUNDARY4" };

	for (unsigned i = 0; i < RTIME_BUCKETS - 1; i++) {
		struct tok *at = ps->t;

		if (!tok_is(at, word[i]))
			continue;
		ps->t = at->next;
		if (ps->t == NULL || !seconds(ps->t->text, &c->bound_ms[i]))
			complain(ps, TNP_FAIL, at, kw, "%s: seconds are wanted, as in 0.5",
			    word[i]);
		if (ps->t != NULL)
			ps->t = ps->t->next;
		return true;
	}
	return false;
}

static bool
flag(struct pparse *ps, struct rtime_conf *c)
{
	struct {
		const char *word;
		uint8_t *to;
	} const f[] = { { "AVERAGE", &c->average }, { "BUCKETS", &c->buckets },
		{ "DYNAMICDR", &c->dynamic_dr }, { "INCLUDEIP", &c->include_ip } };
	const char *w = ps->t->text;
	bool no = (w[0] == 'N' || w[0] == 'n') && (w[1] == 'O' || w[1] == 'o');
	const struct tok t = { .text = no ? w + 2 : w };

	for (unsigned i = 0; i < sizeof(f) / sizeof(f[0]); i++) {
		if (!tok_is(&t, f[i].word))
			continue;
		*f[i].to = !no;
		ps->t = ps->t->next;
		return true;
	}
	return false;
}

static bool
sample(struct pparse *ps, struct rtime_conf *c, const struct tok *kw)
{
	bool period = tok_is(ps->t, "AVGSAMPPERIOD");
	int32_t v = 0;

	if (!period && !tok_is(ps->t, "AVGSAMPMULTIPLIER"))
		return false;
	ps->t = ps->t->next;
	(void)tok_number(ps, ps->t, kw, 1, period ? 86400 : RTIME_SLOTS, &v);
	if (ps->t != NULL)
		ps->t = ps->t->next;
	*(period ? &c->period_s : &c->multiplier) = (uint32_t)v;
	return true;
}

static void
operands(struct pparse *ps, struct rtime_conf *c, const struct tok *kw)
{
	while (ps->t != NULL && !tok_is(ps->t, "ENDMONITORGROUP")) {
		if (flag(ps, c) || sample(ps, c, kw) || boundary(ps, c, kw))
			continue;
		complain(ps, TNP_FAIL, ps->t, kw, "%.30s is no operand of MONITORGROUP",
		    ps->t->text);
		ps->t = ps->t->next;
	}
	if (ps->t == NULL)
		complain(ps, TNP_FAIL, kw, kw, "ENDMONITORGROUP is missing");
	else
		ps->t = ps->t->next;
	for (unsigned i = 1; i < RTIME_BUCKETS - 1; i++)
		if (c->bound_ms[i] <= c->bound_ms[i - 1])
			complain(ps, TNP_FAIL, kw, kw, "BOUNDARY%u is not above BOUNDARY%u", i + 1,
			    i);
}

static void
take_group(struct pparse *ps, const struct tok *kw)
{
	struct tnp_monitor *m = arena_get(&ps->p->arena, sizeof(*m));

	m->conf = (struct rtime_conf){ .average = 1, .buckets = 1, .include_ip = 1,
		.period_s = 120, .multiplier = 5, .bound_ms = { 1000, 2000, 5000, 10000 } };
	if (ps->t == NULL || tok_is(ps->t, "ENDMONITORGROUP")) {
		complain(ps, TNP_FAIL, kw, kw, "the group's name is missing");
	} else {
		(void)tok_name(ps, ps->t, m->name, sizeof(m->name));
		ps->t = ps->t->next;
	}
	operands(ps, &m->conf, kw);
	if (monitor_named(ps->vtam, m->name) != NULL) {
		complain(ps, TNP_FAIL, kw, kw, "there is a MONITORGROUP %s already", m->name);
		return;
	}
	m->next = ps->vtam->monitors;
	ps->vtam->monitors = m;
}

/* MONITORMAP group [clid] */
static void
take_map(struct pparse *ps, const struct tok *kw)
{
	struct tnp_monmap *m = arena_get(&ps->p->arena, sizeof(*m)), **at;
	const struct tok *t = tok_next(ps);
	char name[20];

	m->clid.kind = CK_NULL;
	m->monitor = t == NULL ? NULL : monitor_named(ps->vtam, tok_name(ps, t, name,
	    sizeof(name)));
	if (m->monitor == NULL) {
		complain(ps, TNP_FAIL, t != NULL ? t : kw, kw, "%.20s: no MONITORGROUP of this "
		    "block", t != NULL ? t->text : "");
		(void)tok_next(ps);
		return;
	}
	t = tok_next(ps);
	if (t != NULL)
		profile_clid(ps, &m->clid, t, kw);
	for (at = &ps->vtam->monmaps; *at != NULL; at = &(*at)->next)
		;
	*at = m;
	(void)tnp_index_add(&ps->vtam->index, &m->clid, TH_MONITOR, m);
}

const struct tnp_monmap *
profile_monitor(const struct tnp_port *port, const struct tnp_client *who)
{
	unsigned rank;

	return port->vtam == NULL || port->vtam->monmaps == NULL ? NULL :
	    tnp_index_first(&port->vtam->index, who, TH_MONITOR, &rank);
}

const struct pstmt profile_mon_stmts[] = {
	{ "SMFINIT", IN_GLOBALS | IN_PARMS, take_smf, 2, NULL, NULL },
	{ "SMFTERM", IN_GLOBALS | IN_PARMS, take_smf, 2, NULL, NULL },
	{ "SMFFILE", IN_GLOBALS, take_file, 2, NULL, NULL },
	{ "MONITORGROUP", IN_VTAM, take_group, 1, "ENDMONITORGROUP", NULL },
	{ "MONITORMAP", IN_VTAM, take_map, 2, NULL, NULL },
	{ NULL, 0, NULL, 0, NULL, NULL }
};
