/* SPDX-License-Identifier: Apache-2.0
 *
 * Orders that concern every client of a worker: displays, STOP, HALT, another
 * profile. Ten thousand clients at once would hold the thread for
 * milliseconds, so a turn looks at a slice of them and comes back.
 */
#include <stdlib.h>
#include <string.h>

#include "tn3270e/conn_mon.h"
#include "tn3270e/conn_parts.h"

struct worker_walk {
	struct worker_msg m;
	struct worker_answer *answer;   /* displays */
	uint32_t at;                    /* next client */
	uint32_t newest;                /* who came later is not meant */
	struct rows_room room;          /* in answer */
	struct worker_walk *next;
};

void
worker_walk_begin(struct worker *w, const struct worker_msg *m, struct worker_answer *a)
{
	struct worker_walk *k = calloc(1, sizeof(*k)), **at = &w->walks;

	if (k == NULL) {
		if (m->ticket != 0)
			worker_answer(w, m, a);
		return;
	}
	k->m = *m;
	k->answer = a;
	if (m->query != NULL)
		k->room.most = m->query->max;
	k->newest = atomic_load_explicit(w->next_id, memory_order_relaxed);
	while (*at != NULL)
		at = &(*at)->next;
	*at = k;
}

/* --- displays --- */

static uint16_t
profile_number(const struct conn *c)
{
	return (uint16_t)atomic_load_explicit(
	    &((struct profile *)(uintptr_t)c->port->profile)->number, memory_order_relaxed);
}

/* The place of its port and profile; those that find none go to the last. */
static unsigned
place_of(const struct worker *w, struct worker_answer *a, const struct conn *c)
{
	const struct port_count is = { c->port->port, profile_number(c), 0,
		w->listen[c->listen].state };
	unsigned i = 0;

	while (i < a->n_ports && (a->port[i].port != is.port || a->port[i].profile != is.profile))
		i++;
	if (i == TNP_PORTS)
		return i - 1;
	if (i == a->n_ports) {
		a->port[i] = is;
		rows_init(&a->rows[i]);
		a->n_ports++;
	}
	return i;
}

static void
show(struct worker *w, struct worker_walk *k, const struct conn *c, struct mono now)
{
	const struct worker_query *q = k->m.query;
	struct worker_answer *a = k->answer;
	unsigned i;
	struct con con;

	if (!conn_matches(c, q))
		return;
	i = place_of(w, a, c);
	a->port[i].conns++;
	if (q->count_only)
		return;
	con_init(&con);
	conn_show(c, q, now, &con);
	if (rows_fit(&k->room, con.lines))
		rows_add(&a->rows[i], &con);
	a->found += con.lines;
	a->clients++;
	con_fini(&con);
}

/* The PARMSGROUP a PARMSMAP gave the client; NULL: none. */
static const struct tnp_parms *
parmsgroup(const struct conn *c)
{
	const struct tnp_vtam *v = c->port->vtam;
	size_t at = (size_t)(c->parms - c->port->final) / (v->n_parmsgroups + 1u);

	return at == 0 || at > v->n_parmsgroups ? NULL : &v->coded[at];
}

/* Which entries of its profile serve the client. */
static void
use(struct worker *w, struct worker_walk *k, const struct conn *c)
{
	struct worker_answer *a = k->answer;

	a->port[place_of(w, a, c)].conns++;
	if (a->using == NULL || c->port->vtam == NULL)
		return;
	if (conn_lu(c)[0] != '*') {
		using_add(a->using, c->map, 1);
		using_add(a->using, conn_default_appl(c), 1);
	}
	if (c->appl != NULL && c->appl->kind == TA_ALLOW)
		using_add(a->using, c->appl, 1);
	using_add(a->using, profile_uss(c->port, &c->who), 1);
	using_add(a->using, profile_interp(c->port, &c->who), 1);
	using_add(a->using, parmsgroup(c), 1);
	using_add(a->using, c->mon == NULL ? NULL : c->mon->map, 1);
}

/* What was counted so far were connections of all kinds: now only those that match. */
static void
count_anew(struct worker_walk *k)
{
	for (unsigned i = 0; i < k->answer->n_ports; i++)
		k->answer->port[i].conns = 0;
}

/* --- a slice --- */

static void
visit(struct worker *w, struct worker_walk *k, struct conn *c, struct mono now)
{
	switch ((enum worker_order)k->m.op) {
	case WO_LIST:
		show(w, k, c, now);
		break;
	case WO_USING:
		use(w, k, c);
		break;
	case WO_PROFILE:
		conn_due(c);            /* PROFILEINACTIVE may hold now */
		break;
	case WO_STOP:
		if (c->id > k->newest || !worker_port_meant(&k->m, &w->listen[c->listen]))
			break;
		w->stat[TN_DROP_OTHER]++;
		conn_drop(c, "STOP", "the operator has stopped this port", now);
		break;
	case WO_HALT:
		w->stat[TN_DROP_OTHER]++;
		conn_drop(c, "HALT", "the server is ending", now);
		break;
	case WO_QUIESCE:
	case WO_RESUME:
	case WO_DROP_LU:
	case WO_METRICS:
	case WO_END:
		break;
	}
}

static void
done(struct worker *w, struct worker_walk *k)
{
	if (k->m.ticket != 0)
		worker_answer(w, &k->m, k->answer);
	free(k);
}

/* So many clients that a turn stays below a millisecond. */
static uint32_t
slice(const struct worker_msg *m)
{
	if (m->op == WO_STOP || m->op == WO_HALT)
		return WORKER_SLICE / 32;       /* each is told why, its LU closed */
	return m->op == WO_LIST && m->query->detail ? WORKER_SLICE / 16 : WORKER_SLICE;
}

/* One order at a time: each is as quick as it can be. */
void
worker_walk(struct worker *w, struct mono now)
{
	struct worker_walk *k = w->walks;
	uint32_t end, most;

	if (k == NULL)
		return;
	most = slice(&k->m);
	if (k->m.ticket != 0 && k->answer == NULL)
		k->at = w->conns.touched;
	else if (k->m.ticket != 0 && k->at == 0)
		count_anew(k);
	end = w->conns.touched - k->at > most ? k->at + most : w->conns.touched;
	for (; k->at < end; k->at++) {
		struct conn *c = worker_conn(w, k->at + 1);

		if (c != NULL && c->state != CS_GONE)
			visit(w, k, c, now);
	}
	if (k->at < w->conns.touched)
		return;
	w->walks = k->next;
	done(w, k);
}

void
worker_walk_fini(struct worker *w)
{
	struct worker_walk *k;

	while ((k = w->walks) != NULL) {
		w->walks = k->next;
		worker_answer_free(k->answer);
		free(k);
	}
}
