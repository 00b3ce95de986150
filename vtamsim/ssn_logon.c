/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssn_logon.c - how two LUs come to a session before there is a BIND.
 *
 * An SLU logs on (REQSESS): its mode makes the BIND image, the search carries
 * it to the application's node, the application sees a CINIT. Or an application
 * asks for an LU (SIMLOGON): the search goes the other way, the LU's node makes
 * the image and returns it, and the application sees a CINIT then. Both ends
 * know the session by its FQPCID until the BIND is answered; what goes wrong
 * until then is told to the other node with it (dir_cancel, dir_refuse).
 */
#include <stdio.h>
#include <string.h>

#include "snaee/sense.h"
#include "vtamsim/ssn_parts.h"

/* For the BIND, once the application is found: longer than a dial in vain over a connection
 * network takes (SRQTIME 15, SRQRETRY 3), which leaves the long way. Our choice. */
#define LOGON_WAIT_S 90

static uint32_t
mode_of(struct node *n, const struct res *r, const char *want, const struct mode **m)
{
	const struct modetab *tab = NULL;
	struct deferrs errs = { 0 };

	if (r->appl != NULL && r->appl->modetab[0] != '\0')
		tab = defs_modetab(n->defs, r->appl->modetab, &errs);
	deferrs_fini(&errs);
	*m = modetab_lookup(tab, want, r->appl == NULL ? "" : r->appl->dlogmod);
	return *m == NULL ? SENSE_BAD_MODE : 0;
}

/* The fixed part of the BIND from the mode and the SLU's pacing. */
static void
make_image(struct ssn *s, const struct mode *m)
{
	struct bind b;
	struct wr w = wr_on(s->bind, sizeof(s->bind));
	uint8_t pace = s->res->appl == NULL ? 0 : (uint8_t)(s->res->appl->vpacing & 0x3f);

	memset(&b, 0, sizeof(b));
	bind_from_mode(&b, &m->bind);
	if (b.psndpac == 0)
		b.psndpac = pace;
	if (b.srcvpac == 0)
		b.srcvpac = pace;
	bind_put(&w, &b);
	s->bind_len = w.bad ? 0 : BIND_FIXED;
	snprintf(s->mode, sizeof(s->mode), "%s", m->name);
	snprintf(s->cos, sizeof(s->cos), "%s", cos_of_mode(m->name, m->appncos));
	s->tpf = (uint8_t)cos_tpf_of(s->cos);
}

static void
keep_data(struct node *n, struct ssn *s, const uint8_t *d, size_t len)
{
	if (len == 0 || s->keep != NULL)
		return;
	s->keep = buf_get(&n->bufs, len);
	if (s->keep != NULL)
		buf_append(s->keep, d, len);
}

static void
same_kind(struct ssn *to, const struct ssn *from)
{
	memcpy(to->bind, from->bind, from->bind_len);
	to->bind_len = from->bind_len;
	memcpy(to->mode, from->mode, sizeof(to->mode));
	memcpy(to->cos, from->cos, sizeof(to->cos));
	to->tpf = from->tpf;
}

/* May the LU have another session as secondary? */
uint32_t
ssn_slu_limit(const struct res *r)
{
	const struct ssn *s;

	if (r->appl == NULL || (r->appl->parsess && !r->appl->sesslim))
		return 0;
	TAILQ_FOREACH(s, &r->sess, on_res)
		if (s->role == HS_SLU && !ssn_ending(s))
			return SENSE_LIMIT_SLU;
	return 0;
}

/* May our application be logged on to? */
static uint32_t
plu_ready(const struct res *r)
{
	if (r->type != RES_APPL && r->type != RES_DYNAPPL)
		return SENSE_UNKNOWN_PLU;
	if (r->fsm.state != RST_ACTIV || r->acb == NULL || r->acb->closing || !r->acb->plu)
		return SENSE_PLU_NOT_ENABLED;
	return 0;
}

/* May our LU be had by an application that asks? */
static uint32_t
slu_ready(const struct res *r)
{
	if (r->type != RES_APPL && r->type != RES_DYNAPPL)
		return SENSE_UNKNOWN_SLU;
	if (r->fsm.state != RST_ACTIV || r->acb == NULL || r->acb->closing || !r->acb->slu)
		return SENSE_SLU_NOT_ENABLED;
	return ssn_slu_limit(r);
}

/* Both ends are here. The asker's name comes first. */
static void
pair(struct node *n, struct mono now, struct ssn *slu, struct ssn *plu)
{
	plu->mate = slu;
	slu->mate = plu;
	slu->partner = plu->res->name;
	plu->partner = slu->res->name;
	same_kind(plu, slu);
	if (plu->keep == NULL) {
		plu->keep = slu->keep;
		slu->keep = NULL;
	}
	(void)ssn_step(slu, SE_FOUND);
	(void)ssn_step(plu, SE_CINIT);
	ssn_tell(n, plu, SSN_T_CINIT);
	node_due(n, &slu->due, ND_SSN, mono_add(now, SECS(LOGON_WAIT_S)));
}

static uint32_t
cinit_local(struct node *n, struct mono now, struct ssn *s, struct res *r)
{
	uint32_t sense = plu_ready(r);
	struct ssn *p;

	if (sense != 0)
		return sense;
	p = ssn_new(n, HS_PLU, r, SS_PSRCH);
	if (p == NULL)
		return SENSE_NO_RESOURCE;
	p->acb = r->acb;
	ssn_identify(n, p, &s->pcid);
	pair(n, now, s, p);
	return 0;
}

uint32_t
ssn_logon(struct node *n, struct mono now, struct acb *a, const struct acb_logon *l)
{
	const struct mode *m;
	struct fqpcid id;
	struct res *plu;
	struct ssn *s;
	uint32_t sense;

	n->stat[NS_LOGONS]++;
	sense = a->logon != NULL ? SENSE_ALREADY_ACTIVE : ssn_slu_limit(a->res);
	if (sense == 0)
		sense = mode_of(n, a->res, l->mode[0] != '\0' ? l->mode : a->logmode, &m);
	if (sense != 0)
		return sense;
	s = ssn_new(n, HS_SLU, a->res, SS_PSRCH);
	if (s == NULL)
		return SENSE_NO_RESOURCE;
	s->acb = a;
	a->logon = s;
	s->partner = l->appl;
	id = node_pcid(n);
	ssn_identify(n, s, &id);
	make_image(s, m);
	keep_data(n, s, l->data, l->data_len);
	plu = rtab_find(&n->rtab, l->appl.s);
	if (plu != NULL && plu->type != RES_CDRSC)
		sense = cinit_local(n, now, s, plu);
	else
		sense = dir_search(n, now, s);
	if (sense != 0) {
		n->stat[NS_LOGONS_FAILED]++;
		ssn_free(n, now, s);
	}
	return sense;
}

/* The LU's end of a session that an application here or elsewhere asks for. */
static struct ssn *
acquired(struct node *n, struct mono now, struct res *r, const char *mode, uint32_t *sense)
{
	const struct mode *m;
	struct ssn *s;

	*sense = slu_ready(r);
	if (*sense == 0)
		*sense = mode_of(n, r, mode[0] != '\0' ? mode : r->acb->logmode, &m);
	if (*sense != 0)
		return NULL;
	s = ssn_new(n, HS_SLU, r, SS_PSRCH);
	*sense = SENSE_NO_RESOURCE;
	if (s == NULL)
		return NULL;
	s->acb = r->acb;
	make_image(s, m);
	node_due(n, &s->due, ND_SSN, mono_add(now, SECS(LOGON_WAIT_S)));
	return s;
}

uint32_t
ssn_simlogon(struct node *n, struct mono now, struct acb *a, const struct acb_logon *l)
{
	struct res *r = rtab_find(&n->rtab, l->appl.s);
	struct ssn *p, *s;
	struct fqpcid id;
	uint32_t sense;

	n->stat[NS_LOGONS]++;
	if (!a->plu)
		return SENSE_PLU_NOT_ENABLED;
	p = ssn_new(n, HS_PLU, a->res, SS_PSRCH);
	if (p == NULL)
		return SENSE_NO_RESOURCE;
	p->acb = a;
	p->partner = l->appl;
	id = node_pcid(n);
	ssn_identify(n, p, &id);
	snprintf(p->mode, sizeof(p->mode), "%.8s", l->mode);
	keep_data(n, p, l->data, l->data_len);
	if (r != NULL && r->type != RES_CDRSC) {
		s = acquired(n, now, r, l->mode, &sense);
		if (s != NULL) {
			sense = 0;
			ssn_identify(n, s, &p->pcid);
			pair(n, now, s, p);
		}
	} else {
		sense = dir_search(n, now, p);
	}
	if (sense != 0) {
		n->stat[NS_LOGONS_FAILED]++;
		ssn_free(n, now, p);
	}
	return sense;
}

/* The image of the other node: SIMLOGON's reply, or the request of an SLU. */
static uint32_t
take_image(struct ssn *p, const struct cdinit *c)
{
	if (c->bind_len < BIND_FIXED || c->bind_len > SSN_BIND_MAX)
		return SENSE_CDINIT_LENGTH;
	memcpy(p->bind, c->bind, c->bind_len);
	p->bind_len = c->bind_len;
	snprintf(p->mode, sizeof(p->mode), "%.8s", c->mode.s);
	snprintf(p->cos, sizeof(p->cos), "%.8s", c->cos.cos.s);
	p->tpf = c->cos.tpf & 3;
	return 0;
}

void
ssn_found(struct node *n, struct mono now, struct ssn *s, const struct search *m)
{
	uint32_t sense;

	s->partner_cp = m->found.owner;
	if (m->found.name.len != 0 &&
	    strcmp(name_base(&m->found.name), name_base(&s->partner)) == 0)
		s->partner = m->found.name;
	ssn_partner(n, s);
	if (s->role == HS_SLU) {
		if (ssn_step(s, SE_FOUND))
			node_due(n, &s->due, ND_SSN, mono_add(now, SECS(LOGON_WAIT_S)));
		return;
	}
	sense = m->has_cdinit ? take_image(s, &m->cdinit) : SENSE_CDINIT_LENGTH;
	if (sense != 0) {
		ssn_not_found(n, now, s, sense);
	} else if (ssn_step(s, SE_CINIT)) {
		ssn_tell(n, s, SSN_T_CINIT);
	}
}

void
ssn_not_found(struct node *n, struct mono now, struct ssn *s, uint32_t sense)
{
	n->stat[NS_LOGONS_FAILED]++;
	s->sense = sense;
	ssn_over(n, now, s, SSN_T_NSPE);
}

static uint32_t
asked_for_plu(struct node *n, const struct search *q, struct res *r)
{
	uint32_t sense = plu_ready(r);
	struct ssn *p;

	if (sense != 0)
		return sense;
	p = ssn_new(n, HS_PLU, r, SS_PSRCH);
	if (p == NULL)
		return SENSE_NO_RESOURCE;
	p->acb = r->acb;
	sense = take_image(p, &q->cdinit);
	if (sense != 0) {
		ssn_free(n, (struct mono){ 0 }, p);
		return sense;
	}
	p->partner = q->cdinit.olu;
	p->partner_cp = q->pcid.cp;
	ssn_identify(n, p, &q->pcid);
	ssn_partner(n, p);
	keep_data(n, p, q->cdinit.user, q->cdinit.user_len);
	(void)ssn_step(p, SE_CINIT);
	ssn_tell(n, p, SSN_T_CINIT);
	return 0;
}

static uint32_t
asked_for_slu(struct node *n, struct mono now, const struct search *q, struct res *r)
{
	uint32_t sense;
	struct ssn *s = acquired(n, now, r, q->cdinit.mode.s, &sense);

	if (s == NULL)
		return sense;
	s->partner = q->cdinit.olu;
	s->partner_cp = q->pcid.cp;
	ssn_identify(n, s, &q->pcid);
	ssn_partner(n, s);
	(void)ssn_step(s, SE_FOUND);
	return 0;
}

uint32_t
ssn_asked(struct node *n, struct mono now, const struct search *q, struct ssn **out)
{
	struct res *r = rtab_find(&n->rtab, q->find.arg.s);
	enum hs_role role = q->cdinit.slu_first ? HS_PLU : HS_SLU;
	uint32_t sense;

	*out = NULL;
	if (r == NULL || r->type == RES_CDRSC)
		return SENSE_UNKNOWN_DLU;
	if (n->halting)
		return SENSE_TAKEDOWN;
	if (!q->has_cdinit || q->cdinit.olu.len == 0)
		return 0x10105002;              /* a search for a session without CDINIT */
	if (ssn_by_pcid(n, &q->pcid, role) != NULL)
		return SENSE_DUP_SEARCH;
	sense = role == HS_PLU ? asked_for_plu(n, q, r) : asked_for_slu(n, now, q, r);
	if (sense == 0)
		*out = ssn_by_pcid(n, &q->pcid, role);
	return sense;
}

/* The other node says that nothing comes of it. */
void
ssn_cancelled(struct node *n, struct mono now, const struct fqpcid *id, uint32_t sense)
{
	struct ssn *p = ssn_by_pcid(n, id, HS_PLU), *s = ssn_by_pcid(n, id, HS_SLU);

	if (p != NULL && p->mate == NULL && (p->fsm.state == SS_PCINIT ||
	    p->fsm.state == SS_PPIPE)) {
		p->unb_type = UNB_CLEANUP;
		p->sense = sense;
		ssn_over(n, now, p, SSN_T_UNBIND);
	} else if (s != NULL && s->mate == NULL && s->fsm.state == SS_PBIND) {
		ssn_not_found(n, now, s, sense);
	}
}
