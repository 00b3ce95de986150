/* SPDX-License-Identifier: Apache-2.0
 *
 * A probe is a question on its way through this worker: it counts the
 * connections that still have to show whether they live. The first dead one is
 * the answer, and comes when its LU is closed; else the last living one, or
 * that there was none.
 */
#include <string.h>

#include "tn3270e/conn_parts.h"
#include "tn3270e/tndev.h"

struct tko_probe {
	struct tko_msg m;
	uint16_t left;                  /* connections that are asked */
	uint8_t said;                   /* the asker has its answer */
};

struct tko_same {
	struct mapent ent;
	uint64_t owner;
	TAILQ_HEAD(, conn) conns;
};

/* --- who is who --- */

uint64_t
tko_owner(const struct conn *c)
{
	char key[TNP_CLID_NAME * 2 + 2];
	size_t n = 1;
	uint64_t h;

	if (c->who.user[0] != '\0') {
		key[0] = CK_USERID;
		n += strlen(c->who.user);
		memcpy(key + 1, c->who.user, n - 1);
	} else if (c->who.host != NULL) {
		key[0] = CK_HOSTNAME;
		n += strlen(c->who.host) < sizeof(key) - 1 ? strlen(c->who.host) : sizeof(key) - 1;
		for (size_t i = 1; i < n; i++)
			key[i] = (char)(c->who.host[i - 1] | 0x20);
	} else {
		key[0] = CK_IPADDR;
		n += sizeof(c->who.addr);
		memcpy(key + 1, &c->who.addr, sizeof(c->who.addr));
	}
	h = map_hash(c->w->ids, key, n);
	return h == 0 ? 1 : h;
}

static bool
lu_eq(const struct mapent *e, const void *key)
{
	return strcmp(conn_lu(MAP_OBJ(e, const struct conn, lu_ent)), key) == 0;
}

struct conn *
tko_by_lu(const struct worker *w, const char *lu)
{
	struct mapent *e = map_find(&w->by_lu, map_hash(&w->by_lu, lu, strlen(lu)), lu_eq, lu);

	return e == NULL ? NULL : MAP_OBJ(e, struct conn, lu_ent);
}

static bool
owner_eq(const struct mapent *e, const void *key)
{
	return MAP_OBJ(e, const struct tko_same, ent)->owner == *(const uint64_t *)key;
}

static struct tko_same *
same_of(const struct worker *w, uint64_t owner)
{
	struct mapent *e = map_find(&w->by_owner, map_hash(&w->by_owner, &owner, sizeof(owner)),
	    owner_eq, &owner);

	return e == NULL ? NULL : MAP_OBJ(e, struct tko_same, ent);
}

/* Only clients that anybody could ask for by their identity are on its list. */
static void
list_owner(struct conn *c)
{
	uint64_t owner = tko_owner(c);
	struct worker *w = c->w;

	if (c->parms->v[TP_TKOGENLU] == 0 && c->parms->v[TP_CHECKCLIENTCONN] == 0)
		return;
	c->same = same_of(w, owner);
	if (c->same == NULL) {
		c->same = pool_get(&w->sames);
		if (c->same == NULL)
			return;
		c->same->owner = owner;
		TAILQ_INIT(&c->same->conns);
		map_insert(&w->by_owner, &c->same->ent,
		    map_hash(&w->by_owner, &owner, sizeof(owner)));
	}
	TAILQ_INSERT_TAIL(&c->same->conns, c, same_link);
}

void
tko_list(struct conn *c)
{
	const char *lu = conn_lu(c);

	tko_unlist(c);
	if (tko_by_lu(c->w, lu) != NULL)        /* the last holder's is not freed yet */
		tko_unlist(tko_by_lu(c->w, lu));
	map_insert(&c->w->by_lu, &c->lu_ent, map_hash(&c->w->by_lu, lu, strlen(lu)));
	c->listed = 1;
	list_owner(c);
}

void
tko_unlist(struct conn *c)
{
	struct worker *w = c->w;

	if (c->listed)
		map_remove(&w->by_lu, &c->lu_ent);
	c->listed = 0;
	if (c->same == NULL)
		return;
	TAILQ_REMOVE(&c->same->conns, c, same_link);
	if (TAILQ_EMPTY(&c->same->conns)) {
		map_remove(&w->by_owner, &c->same->ent);
		pool_put(&w->sames, c->same);
	}
	c->same = NULL;
}

/* --- asking --- */

static bool
put(struct worker *w, const struct tko_msg *m)
{
	if (!ring_put(&w->tko_up, m))
		return false;
	if (w->main_loop != NULL)
		loop_wake(w->main_loop);
	return true;
}

static struct tko_msg
question(const struct conn *c)
{
	const struct tndev *d = tndev_at(c->neg.device);

	return (struct tko_msg){ .op = TKO_ASK, .tls = c->tls != NULL,
		.class = d == NULL ? 0 : d->class, .device = c->neg.device,
		.e = tel_him(&c->tel, TO_TN3270E) || tel_us(&c->tel, TO_TN3270E),
		.worker = (uint16_t)c->w->index,
		.user = worker_user(c->w, c), .id = c->id, .who = tko_owner(c),
		.addr = c->who.addr };
}

bool
tko_ask(struct conn *c, const char *lu, struct mono now)
{
	bool spec = lu[0] != '\0';
	struct tko_msg m = question(c);

	m.seconds = c->parms->v[spec ? TP_TKOSPECLU : TP_TKOGENLU];
	m.opts = (uint8_t)c->parms->v[spec ? TP_TKOSPECOPT : TP_TKOGENOPT];
	if (m.seconds == 0 || c->tko_asked)
		return false;
	memcpy(m.lu, lu, strlen(lu) + 1);
	m.owner = spec ? 0 : tko_owner(c);
	c->tko_asked = 1;
	if (!put(c->w, &m))
		return false;
	c->w->stat[TN_TKO_ASKED]++;
	c->tko_left = c->w->n_workers;
	c->tko_by = mono_add(now, SECS(m.seconds + TKO_GRACE_S));
	conn_due(c);
	return true;
}

void
tko_check(struct conn *c)
{
	struct tko_msg m = question(c);

	m.seconds = c->parms->v[TP_CHECKCLIENTCONN];
	m.owner = tko_owner(c);
	m.user = 0;
	if (m.seconds != 0)
		(void)put(c->w, &m);
}

/* --- answering --- */

static void
say(struct worker *w, struct tko_probe *p, enum tko_op op, const char *lu, struct tnlu *image)
{
	struct tko_msg m = p->m;

	if (p->said) {
		tnlu_image_free(image); /* the node closes what nobody takes */
		return;
	}
	p->said = 1;
	m.op = (uint8_t)op;
	m.image = image;
	memset(m.lu, 0, sizeof(m.lu));
	memcpy(m.lu, lu, strnlen(lu, sizeof(m.lu) - 1));
	if (m.user == 0 || !put(w, &m))
		tnlu_image_free(image);
}

static void
leave(struct conn *c, enum tko_op op, struct tnlu *image)
{
	struct tko_probe *p = c->probe;

	c->probe = NULL;
	c->probe_by = MONO_NEVER;
	p->left--;
	if (op == TKO_DEAD)
		say(c->w, p, TKO_DEAD, conn_lu(c), image);
	else if (p->left == 0)
		say(c->w, p, op, "", NULL);
	if (p->left == 0)
		pool_put(&c->w->probes, p);
}

void
tko_alive(struct conn *c)
{
	if (c->probe != NULL && c->state != CS_GONE)
		leave(c, TKO_ALIVE, NULL);
}

void
tko_gone(struct conn *c)
{
	if (c->probe != NULL)
		leave(c, TKO_DEAD, NULL);
}

/* RECON: a session that works, to a client of the same kind of screen. */
bool
tko_hands_over(const struct conn *c, const char *reason)
{
	const struct tko_probe *p = c->probe;

	if (p == NULL || p->said || p->m.user == 0 || (p->m.opts & TKO_RECON) == 0 ||
	    !tnlu_can_move(&c->lu))
		return false;
	if (strncmp(reason, "TKO", 3) != 0 && ((p->m.opts & TKO_KEEPONTMRESET) == 0 ||
	    (strcmp(reason, "CLNTDISC") != 0 && strcmp(reason, "CLNTGONE") != 0)))
		return false;
	if (c->who.user[0] != '\0' && p->m.who != tko_owner(c))
		return false;           /* a certificate's session is for its user only: ours */
	return p->m.device == c->neg.device && p->m.e == (c->neg.mode == TNMODE_E) &&
	    c->neg.mode != TNMODE_LINE;
}

void
tko_left(struct conn *c)
{
	struct tnlu *image = tnlu_image(&c->lu);

	if (c->probe != NULL)
		leave(c, TKO_DEAD, image);
	else
		tnlu_image_free(image);
}

void
tko_silent(struct conn *c, struct mono now)
{
	const struct tko_probe *p = c->probe;

	c->probe_by = MONO_NEVER;
	c->w->stat[TN_TKO_DEAD]++;
	if (p->m.user == 0)
		conn_drop(c, "TIMEMARK", "the client did not answer TIMING-MARK (CHECKCLIENTCONN)",
		    now);
	else if (p->m.owner == 0)
		conn_drop(c, "TKOSPEC", "the LU was taken over: no answer to TIMING-MARK", now);
	else
		conn_drop(c, "TKOGEN", "the client came again: no answer to TIMING-MARK", now);
}

/* --- probing --- */

static bool
may_probe(const struct conn *c, const struct tko_msg *m)
{
	const struct tndev *d = tndev_at(c->neg.device);

	if (c->id == m->id || c->probe != NULL)
		return false;           /* itself; or under examination for another */
	if ((m->opts & TKO_SAMEIPADDR) != 0 && !ipaddr_eq(&c->who.addr, &m->addr))
		return false;
	if ((m->opts & TKO_SAMECONNTYPE) != 0 && (c->tls != NULL) != m->tls)
		return false;
	return d == NULL || m->owner == 0 || d->class == m->class;
}

static void
probe(struct conn *c, struct tko_probe *p, struct mono now)
{
	c->probe = p;
	p->left++;
	if (c->state == CS_GONE)
		return;                 /* answered when its LU is closed */
	c->probe_by = mono_add(now, SECS(p->m.seconds));
	tel_timing_mark(&c->tel);
	conn_touch(c);
	conn_due(c);
}

/* A few of them, others next time: thousands may come from one address. */
static void
probe_same(struct tko_same *s, struct tko_probe *p, struct mono now)
{
	struct conn *c, *first = NULL;

	for (unsigned i = 0; i < TKO_LOOKED && p->left < TKO_SAME; i++) {
		c = TAILQ_FIRST(&s->conns);
		if (c == NULL || c == first)
			break;
		first = first == NULL ? c : first;
		TAILQ_REMOVE(&s->conns, c, same_link);
		TAILQ_INSERT_TAIL(&s->conns, c, same_link);
		if (may_probe(c, &p->m))
			probe(c, p, now);
	}
}

static void
asked(struct worker *w, const struct tko_msg *m, struct mono now)
{
	struct tko_probe *p = pool_get(&w->probes);
	struct tko_msg none = *m;
	struct conn *c;

	if (p == NULL) {                /* as if there were nobody */
		none.op = TKO_NONE;
		if (m->user != 0)
			(void)put(w, &none);
		return;
	}
	p->m = *m;
	if (m->owner == 0) {
		c = tko_by_lu(w, m->lu);
		if (c != NULL && may_probe(c, m))
			probe(c, p, now);
	} else if (same_of(w, m->owner) != NULL) {
		probe_same(same_of(w, m->owner), p, now);
	}
	if (p->left != 0)
		return;
	say(w, p, TKO_NONE, "", NULL);
	pool_put(&w->probes, p);
}

static void
answered(struct worker *w, const struct tko_msg *m, struct mono now)
{
	struct conn *c = worker_conn(w, m->user);

	if (c != NULL && c->id == m->id && c->state == CS_NEG && c->tko_left != 0)
		conn_tko(c, m, now);
	else
		tnlu_image_free(m->image);
}

/* --- the turn --- */

bool
tko_init(struct worker *w)
{
	if (w->ids == NULL)
		w->ids = &w->by_lu;     /* alone: its own seed will do */
	if (w->n_workers == 0)
		w->n_workers = 1;
	return map_init(&w->by_lu, 1024) == 0 && map_init(&w->by_owner, 64) == 0 &&
	    pool_init(&w->sames, "TKO SAME", sizeof(struct tko_same), WORKER_CONNS) == 0 &&
	    pool_init(&w->probes, "TKO PROBE", sizeof(struct tko_probe), TKO_PROBES) == 0 &&
	    ring_init(&w->tko_up, sizeof(struct tko_msg), TKO_RING) == 0 &&
	    ring_init(&w->tko_down, sizeof(struct tko_msg), TKO_RING) == 0;
}

void
tko_fini(struct worker *w)
{
	struct tko_msg m;

	while (ring_get(&w->tko_down, &m) || ring_get(&w->tko_up, &m))
		if (m.op != TKO_ASK)
			tnlu_image_free(m.image);
	map_fini(&w->by_lu);
	map_fini(&w->by_owner);
	pool_fini(&w->sames);
	pool_fini(&w->probes);
	ring_fini(&w->tko_up);
	ring_fini(&w->tko_down);
}

void
tko_turn(struct worker *w, struct mono now)
{
	struct tko_msg m;

	while (ring_get(&w->tko_down, &m)) {
		if (m.op == TKO_ASK)
			asked(w, &m, now);
		else
			answered(w, &m, now);
	}
}

static void
deliver(struct worker *w, const struct tko_msg *m)
{
	if (!ring_put(&w->tko_down, m))
		tnlu_image_free(m->op == TKO_ASK ? NULL : m->image);
	else if (w->has_thread)
		loop_wake(w->loop);
}

void
tko_route(struct worker *const *w, unsigned n)
{
	struct tko_msg m;

	for (unsigned i = 0; i < n; i++)
		while (ring_get(&w[i]->tko_up, &m)) {
			if (m.op != TKO_ASK && m.worker < n)
				deliver(w[m.worker], &m);
			for (unsigned k = 0; m.op == TKO_ASK && k < n; k++)
				deliver(w[k], &m);
		}
}
