/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "vtamsim/defs.h"
#include "vtamsim/rtab.h"
#include "vtamsim/ssn.h"

static const char *const st_name[RST_N] = { "", "NEVAC", "INACT", "CONCT", "PNDLN", "PCTD2",
	"ACTIV", "PGAIN" };
static const char *const ev_name[REV_N] = { "", "ACT", "INACT", "CONNECT", "DIAL", "ANSWER",
	"LOST", "RESOLVE" };
static const char *const ac_name[] = { "", "NONE" };

/* Companion vtam-operator section 3, "Life of the resources". CONNECT: an ACB
 * was opened, a partner is there; LOST takes it away again. */
static const struct fsm_cell cells[RST_N][REV_N] = {
	[RST_NEVAC][REV_ACT] = { RST_CONCT, 1 },
	[RST_NEVAC][REV_CONNECT] = { RST_ACTIV, 1 },
	[RST_NEVAC][REV_INACT] = { RST_INACT, 1 },
	[RST_NEVAC][REV_RESOLVE] = { RST_PGAIN, 1 },
	[RST_INACT][REV_RESOLVE] = { RST_PGAIN, 1 },
	[RST_CONCT][REV_RESOLVE] = { RST_PGAIN, 1 },
	[RST_PGAIN][REV_RESOLVE] = { RST_PGAIN, 1 },
	[RST_PGAIN][REV_ACT] = { RST_PGAIN, 1 },
	[RST_PGAIN][REV_CONNECT] = { RST_ACTIV, 1 },
	[RST_PGAIN][REV_INACT] = { RST_INACT, 1 },
	[RST_PGAIN][REV_LOST] = { RST_INACT, 1 },
	[RST_INACT][REV_ACT] = { RST_CONCT, 1 },
	[RST_INACT][REV_INACT] = { RST_INACT, 1 },
	[RST_INACT][REV_LOST] = { RST_INACT, 1 },
	[RST_CONCT][REV_ACT] = { RST_CONCT, 1 },
	[RST_CONCT][REV_CONNECT] = { RST_ACTIV, 1 },
	[RST_CONCT][REV_DIAL] = { RST_PNDLN, 1 },
	[RST_CONCT][REV_ANSWER] = { RST_PCTD2, 1 },
	[RST_CONCT][REV_INACT] = { RST_INACT, 1 },
	[RST_CONCT][REV_LOST] = { RST_CONCT, 1 },
	[RST_PNDLN][REV_DIAL] = { RST_PNDLN, 1 },
	[RST_PNDLN][REV_ANSWER] = { RST_PCTD2, 1 },
	[RST_PNDLN][REV_CONNECT] = { RST_ACTIV, 1 },
	[RST_PNDLN][REV_LOST] = { RST_CONCT, 1 },
	[RST_PNDLN][REV_INACT] = { RST_INACT, 1 },
	[RST_PCTD2][REV_ANSWER] = { RST_PCTD2, 1 },
	[RST_PCTD2][REV_CONNECT] = { RST_ACTIV, 1 },
	[RST_PCTD2][REV_LOST] = { RST_CONCT, 1 },
	[RST_PCTD2][REV_INACT] = { RST_INACT, 1 },
	[RST_ACTIV][REV_ACT] = { RST_ACTIV, 1 },
	[RST_ACTIV][REV_CONNECT] = { RST_ACTIV, 1 },
	[RST_ACTIV][REV_LOST] = { RST_CONCT, 1 },
	[RST_ACTIV][REV_INACT] = { RST_INACT, 1 },
};
FSM_DESC(desc, "resource", st_name, ev_name, ac_name, cells);

const struct fsm_desc *
res_fsm(void)
{
	return &desc;
}

static bool
ent_eq(const struct mapent *e, const void *key)
{
	return strcmp(name_base(&MAP_OBJ(e, const struct res, ent)->name), key) == 0;
}

int
rtab_init(struct rtab *t, const char *netid, uint32_t max)
{
	int e;

	memset(t, 0, sizeof(*t));
	TAILQ_INIT(&t->top);
	TAILQ_INIT(&t->models);
	TAILQ_INIT(&t->idle);
	snprintf(t->netid, sizeof(t->netid), "%s", netid);
	e = map_init(&t->names, 1024);
	return e != 0 ? e : pool_init(&t->pool, "RESOURCE", sizeof(struct res), max);
}

void
rtab_fini(struct rtab *t)
{
	for (struct res *r = TAILQ_FIRST(&t->top); r != NULL; r = TAILQ_NEXT(r, sib))
		if (r->member != NULL)
			def_member_free(r->member);
	pool_fini(&t->pool);
	map_fini(&t->names);
}

struct res *
rtab_find(const struct rtab *t, const char *name)
{
	struct sna_name n;
	const char *base;
	struct mapent *e;
	struct res *r;

	if (!name_set(&n, name))
		return NULL;
	base = name_base(&n);
	e = map_find(&t->names, map_hash(&t->names, base, strlen(base)), ent_eq, base);
	if (e == NULL)
		return NULL;
	r = MAP_OBJ(e, struct res, ent);
	/* A qualified name must be that network's. */
	return base == n.s || name_eq(&r->name, &n) ? r : NULL;
}

struct res *
rtab_add(struct rtab *t, enum res_type type, const struct sna_name *name, struct res *up)
{
	const char *base = name_base(name);
	struct res *r;

	if (*base == '\0' || rtab_find(t, base) != NULL)
		return NULL;
	r = pool_get(&t->pool);
	if (r == NULL)
		return NULL;
	r->name = *name;
	if (base == name->s)
		(void)name_qual(&r->name, t->netid, name->s);
	r->type = (uint8_t)type;
	r->up = up;
	fsm_init(&r->fsm, &desc, RST_NEVAC);
	r->desired = RST_INACT;
	TAILQ_INIT(&r->kids);
	TAILQ_INIT(&r->sess);
	TAILQ_INSERT_TAIL(up == NULL ? &t->top : &up->kids, r, sib);
	base = name_base(&r->name);
	map_insert(&t->names, &r->ent, map_hash(&t->names, base, strlen(base)));
	if (type == RES_MODEL) {
		t->n_models++;
		TAILQ_INSERT_TAIL(&t->models, r, on_list);
	}
	return r;
}

void
rtab_del(struct rtab *t, struct res *r)
{
	assert(TAILQ_EMPTY(&r->kids) && TAILQ_EMPTY(&r->sess));
	TAILQ_REMOVE(r->up == NULL ? &t->top : &r->up->kids, r, sib);
	map_remove(&t->names, &r->ent);
	if (r->type == RES_MODEL) {
		t->n_models--;
		TAILQ_REMOVE(&t->models, r, on_list);
	}
	if (r->idle)
		TAILQ_REMOVE(&t->idle, r, on_list);
	if (r->type == RES_CDRSC)
		t->n_cdrsc--;
	pool_put(&t->pool, r);
}

void
res_unused(struct rtab *t, struct res *r)
{
	if (r->type == RES_DYNAPPL && r->acb == NULL && TAILQ_EMPTY(&r->sess) &&
	    (r->flags & RESF_HELD) == 0)
		rtab_del(t, r);
}

/* Fixed characters of a pattern: the model with more of them is closer. */
static size_t
fixed(const char *pat)
{
	size_t n = 0;

	for (; *pat != '\0'; pat++)
		n += *pat != '*' && *pat != '?';
	return n;
}

struct res *
rtab_model(const struct rtab *t, const char *name)
{
	struct res *best = NULL, *r;

	TAILQ_FOREACH(r, &t->models, on_list) {
		const char *pat = name_base(&r->name);

		if (!name_match(pat, name))
			continue;
		if (best == NULL || fixed(pat) > fixed(name_base(&best->name)))
			best = r;
	}
	return best;
}

struct res *
rtab_cdrsc(struct rtab *t, const struct sna_name *name, const struct sna_name *owner)
{
	struct res *r = rtab_find(t, name_base(name));

	if (r == NULL) {
		r = rtab_add(t, RES_CDRSC, name, NULL);
		if (r == NULL && !TAILQ_EMPTY(&t->idle)) {      /* the oldest gives way */
			rtab_del(t, TAILQ_FIRST(&t->idle));
			r = rtab_add(t, RES_CDRSC, name, NULL);
		}
		if (r == NULL)
			return NULL;
		t->n_cdrsc++;
		r->desired = RST_ACTIV;
		(void)res_event(r, REV_CONNECT);
	}
	if (r->type != RES_CDRSC ||
	    (name_base(name) != name->s && !name_eq(name, &r->name)))
		return NULL;            /* another kind's name, or another network's */
	if (r->idle) {
		TAILQ_REMOVE(&t->idle, r, on_list);
		r->idle = 0;
	}
	if (owner->len != 0)
		r->owner = *owner;
	return r;
}

void
rtab_cdrsc_idle(struct rtab *t, struct res *r, struct mono now)
{
	r->idle = 1;
	r->idle_at = now;
	TAILQ_INSERT_TAIL(&t->idle, r, on_list);
}

struct mono
rtab_cdrsc_purge(struct rtab *t, struct mono before)
{
	struct res *r;

	while ((r = TAILQ_FIRST(&t->idle)) != NULL) {
		if (mono_before(before, r->idle_at))
			return r->idle_at;
		rtab_del(t, r);
	}
	return MONO_NEVER;
}

bool
res_event(struct res *r, enum res_event ev)
{
	return fsm_step(&r->fsm, ev, r->name.s) != 0;
}

const char *
res_state_text(unsigned state)
{
	return state < RST_N ? st_name[state] : "";
}

const char *
res_status(const struct res *r, char to[11])
{
	const char *s = st_name[r->fsm.state];

	if (r->n_sess != 0 && r->fsm.state == RST_ACTIV && r->type != RES_PU) {
		snprintf(to, 11, "ACT/S");
		return to;
	}
	snprintf(to, 11, "%s", s);
	if (r->fsm.state == RST_ACTIV && (r->flags & (RESF_LU | RESF_EXPLICIT | RESF_IMPLICIT)))
		snprintf(to, 11, "%-5s--%c-%c", s, r->flags & RESF_LU ? 'L' : '-',
		    r->flags & RESF_EXPLICIT ? 'E' : r->flags & RESF_IMPLICIT ? 'I' : '-');
	return to;
}

const char *
res_type_text(const struct res *r)
{
	switch ((enum res_type)r->type) {
	case RES_MAJOR: return r->member == NULL ? "MAJOR NODE" : def_type_text(r->member->type);
	case RES_APPL: return "APPL";
	case RES_MODEL: return "MODEL APPL";
	case RES_DYNAPPL: return "DYNAMIC APPL";
	case RES_GROUP: return "LINE GROUP";
	case RES_LINE: return "LINE";
	case RES_PU: return "PU_T2.1";
	case RES_RTP: return "PU_T2.1";
	case RES_CDRSC: return "DYNAMIC CDRSC";
	case RES_ADJCP: return "ADJACENT CP";
	}
	return "";
}

struct res *
rtab_next(const struct rtab *t, const struct res *r)
{
	if (r == NULL)
		return TAILQ_FIRST(&t->top);
	if (!TAILQ_EMPTY(&r->kids))
		return TAILQ_FIRST(&r->kids);
	while (r != NULL && TAILQ_NEXT(r, sib) == NULL)
		r = r->up;
	return r == NULL ? NULL : TAILQ_NEXT(r, sib);
}

struct ssn *
res_next_ssn(const struct res *r, const struct ssn *s)
{
	if (s == NULL)
		return TAILQ_FIRST(&r->sess);
	return r->type == RES_CDRSC ? TAILQ_NEXT(s, on_far) : TAILQ_NEXT(s, on_res);
}
