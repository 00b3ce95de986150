/* SPDX-License-Identifier: Apache-2.0
 *
 * Enterprise Extender: SNA's links are UDP datagrams on five ports, one for
 * link signals and one for each transmission priority, so that IP routers can
 * give interactive traffic precedence. This file makes and unmakes an ee and
 * runs its turn: what was read has been fed in; expire what is due; then give
 * what happened and what is to be sent until both are dry.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "snaee/ee_parts.h"

/* Numbers that must differ between nodes and starts; not for secrets. */
uint64_t
ee_draw(struct ee *ee)
{
	uint64_t z = ee->seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static void
init_lists(struct ee *ee)
{
	TAILQ_INIT(&ee->all_links);
	TAILQ_INIT(&ee->in_links);
	TAILQ_INIT(&ee->out_links);
	TAILQ_INIT(&ee->all_pipes);
	TAILQ_INIT(&ee->in_pipes);
	TAILQ_INIT(&ee->lost_pipes);
	anr_init(&ee->anr);
	for (unsigned i = 0; i < 4; i++) {
		TAILQ_INIT(&ee->out_pipes[i]);
		TAILQ_INIT(&ee->pass_links[i]);
	}
	bufq_init(&ee->lent);
}

/* Its entries begin at cache lines. */
static int
flight_new(struct ee *ee)
{
	ee->flight = aligned_alloc(64, (sizeof(*ee->flight) + 63) / 64 * 64);
	if (ee->flight == NULL)
		return -ENOMEM;
	flight_init(ee->flight);
	return 0;
}

static int
init_tables(struct ee *ee)
{
	const struct ee_cfg *c = &ee->cfg;
	int err = pool_init(&ee->links, "EE LINKS", sizeof(struct ee_link), c->max_links);

	if (err == 0)
		err = pool_init(&ee->pipes, "RTP PIPES", sizeof(struct ee_pipe), c->max_pipes);
	if (err == 0)
		err = flight_new(ee);
	if (err == 0)
		err = pool_init(&ee->gap_tables, "RTP REORDER", sizeof(struct gap_table),
		    c->max_pipes);
	if (err == 0)
		err = map_init(&ee->by_sap, c->max_links);
	if (err == 0)
		err = map_init(&ee->by_nlp, c->max_links);
	if (err == 0)
		err = map_init(&ee->by_cqf, 64);
	if (err == 0)
		err = dueheap_init(&ee->due, c->max_links + c->max_pipes);
	return err;
}

struct ee *
ee_new(const struct ee_cfg *cfg, int *err)
{
	struct ee *ee;

	*err = -EINVAL;
	if (cfg->max_links == 0 || cfg->max_pipes == 0 ||
	    cfg->max_btu < LDLC_BTU_MIN || cfg->port0 > UINT16_MAX - EE_NPORT + 1)
		return NULL;
	*err = -ENOMEM;
	ee = calloc(1, sizeof(*ee));
	if (ee == NULL)
		return NULL;
	ee->cfg = *cfg;
	ee->seed = cfg->seed;
	if (ee->cfg.instance == 0)
		ee->cfg.instance = (uint32_t)ee_draw(ee) | 1;
	init_lists(ee);
	if (cfg->local.fam != 0)
		(void)ee_add_local(ee, &cfg->local);
	*err = init_tables(ee);
	if (*err != 0) {
		ee_free(ee);
		return NULL;
	}
	return ee;
}

void
ee_free(struct ee *ee)
{
	if (ee == NULL)
		return;
	ee_begin(ee);
	for (; ee->ctl_tail != ee->ctl_head; ee->ctl_tail++)
		buf_free(ee->ctl[ee->ctl_tail % EE_CTL].echo);
	ee_pipes_fini(ee);
	dueheap_fini(&ee->due);
	map_fini(&ee->by_sap);
	map_fini(&ee->by_nlp);
	map_fini(&ee->by_cqf);
	pool_fini(&ee->links);
	pool_fini(&ee->pipes);
	pool_fini(&ee->gap_tables);
	free(ee->flight);
	free(ee);
}

int
ee_add_local(struct ee *ee, const struct ipaddr *a)
{
	for (unsigned i = 0; i < ee->n_local; i++)
		if (ipaddr_eq(&ee->local[i], a))
			return (int)i;
	if (ee->n_local == EE_LOCALS)
		return -ENOSPC;
	ee->local[ee->n_local] = *a;
	return ee->n_local++;
}

const struct ipaddr *
ee_local(const struct ee *ee, unsigned i)
{
	static const struct ipaddr none;

	return i < ee->n_local ? &ee->local[i] : &none;
}

const struct ee_cfg *
ee_config(const struct ee *ee)
{
	return &ee->cfg;
}

void
ee_begin(struct ee *ee)
{
	if (ee->lent.count != 0)
		bufq_drop(&ee->lent);
}

void
ee_timer_set(struct ee *ee, struct ee_timer *t, struct mono at)
{
	if (mono_is_never(at))
		due_clear(&ee->due, &t->due);
	else if (t->due.pos == 0 || t->due.at.us != at.us)
		due_set(&ee->due, &t->due, at);
}

struct ee_caller *
ee_caller(struct ee *ee, const struct ipaddr *from)
{
	uint64_t h = map_hash(&ee->by_sap, from, sizeof(*from));
	struct ee_caller *c = &ee->caller[h % EE_CALLERS];

	if (!ipaddr_eq(&c->from, from)) {
		/* The minute of silence belongs to the slot: many forged addresses
		 * must not mean many lines. */
		struct logbound log = c->log;

		*c = (struct ee_caller){ .from = *from, .log = log };
	}
	return c;
}

static void
bury(struct ee *ee)
{
	struct ee_link *l = ee->grave;
	struct ee_pipe *p = ee->pipe_grave;

	ee->grave = NULL;
	ee->pipe_grave = NULL;
	if (l != NULL)
		ee_link_bury(ee, l);
	if (p != NULL)
		ee_pipe_bury(p);
}

/* Links first: their end is why pipes switch or end. */
bool
ee_recv(struct ee *ee, struct mono now, struct ee_ind *i)
{
	ee_begin(ee);
	bury(ee);
	return ee_link_recv(ee, now, i) || ee_pipe_recv(ee, now, i) || ee_probe_recv(ee, i) ||
	    ee_denied_recv(ee, i);
}

struct mono
ee_deadline(const struct ee *ee)
{
	/* What was made ready by the last pull is for the next turn, at once. */
	if (!TAILQ_EMPTY(&ee->in_links) || !TAILQ_EMPTY(&ee->in_pipes) || ee->probes_done != 0 ||
	    ee->denied.due)
		return (struct mono){ 0 };
	return due_next(&ee->due);
}

/*
 * A deadline that moved later is found out here: NLPs put off T_LIVE without
 * touching the heap.
 */
void
ee_expire(struct ee *ee, struct mono now)
{
	struct due *d;

	ee_begin(ee);
	while ((d = due_pop(&ee->due, now)) != NULL) {
		struct ee_timer *t = DUE_OBJ(d, struct ee_timer, due);

		switch ((enum ee_kind)t->kind) {
		case EEK_LINK:
			ee_link_expire(ee, now, DUE_OBJ(t, struct ee_link, timer));
			break;
		case EEK_PIPE:
			ee_pipe_expire(now, DUE_OBJ(t, struct ee_pipe, timer));
			break;
		case EEK_PROBE:
			ee_probe_expire(ee, now, DUE_OBJ(t, struct ee_try, timer));
			break;
		}
	}
}

void
ee_stop(struct ee *ee, struct mono now)
{
	struct ee_link *l, *next;

	ee_begin(ee);
	ee->stopping = 1;
	for (l = TAILQ_FIRST(&ee->all_links); l != NULL; l = next) {
		next = TAILQ_NEXT(l, all);
		ldlc_close(&l->ldlc, now);
		ee_link_touch(ee, now, l);
	}
	ee_pipes_stop(ee, now);
}

bool
ee_idle(const struct ee *ee)
{
	return ee->links.used == 0 && ee->pipes.used == 0 && ee->gap_tables.used == 0 &&
	    ee->ctl_head == ee->ctl_tail &&
	    ee->lent.count == 0;
}
