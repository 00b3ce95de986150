/* SPDX-License-Identifier: Apache-2.0
 *
 * One lock holds it all: it is taken for a look-up and for an answer, never
 * while the system is asked. Entries stand in the order of their last answer,
 * so the one that goes when there are too many is the oldest.
 */
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/log.h"
#include "base/map.h"
#include "base/resolve.h"

#define THREADS_MAX 8

struct resolve_name {
	_Atomic uint32_t refs;
	char text[];
};

struct waiter {
	unsigned user;
	uint64_t tag;
	const struct resolve_name *name;
	STAILQ_ENTRY(waiter) link;
};
STAILQ_HEAD(waiters, waiter);

struct entry {
	struct mapent ent;
	struct ipaddr addr;
	struct resolve_name *name;
	struct mono until;
	uint8_t asked;                  /* under way; else known */
	struct waiters waiters;
	TAILQ_ENTRY(entry) link;        /* asked: the queue; known: by age */
};
TAILQ_HEAD(entries, entry);

struct resolve {
	pthread_mutex_t lock;
	pthread_cond_t work;
	unsigned threads;               /* that run; the last one out frees what it left */
	uint8_t stop;
	resolve_fn *fn;
	struct map by_addr;
	struct entries queue, known;
	uint32_t n_known, n_asked;
	uint32_t n_waiting;
	struct waiters answers[RESOLVE_USERS];
	_Atomic uint32_t ready[RESOLVE_USERS];  /* answers: asked without the lock */
	struct loop *loop[RESOLVE_USERS];
};

/* --- names --- */

const char *
resolve_text(const struct resolve_name *n)
{
	return n == NULL ? NULL : n->text;
}

static const struct resolve_name *
hold(struct resolve_name *n)
{
	if (n != NULL)
		atomic_fetch_add(&n->refs, 1);
	return n;
}

void
resolve_drop(const struct resolve_name *name)
{
	struct resolve_name *n = (struct resolve_name *)(uintptr_t)name;

	if (n != NULL && atomic_fetch_sub(&n->refs, 1) == 1)
		free(n);
}

static struct resolve_name *
name_new(const char *text)
{
	size_t n = strlen(text) + 1;
	struct resolve_name *name = n == 1 ? NULL : malloc(sizeof(*name) + n);

	if (name == NULL)
		return NULL;
	atomic_init(&name->refs, 1);
	memcpy(name->text, text, n);
	return name;
}

static bool
leads_back(const char *name, const struct ipaddr *a)
{
	const struct addrinfo want = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct addrinfo *all = NULL;
	struct sockaddr_storage ss;
	bool found = false;

	if (getaddrinfo(name, NULL, &want, &all) != 0)
		return false;
	for (const struct addrinfo *i = all; i != NULL && !found; i = i->ai_next) {
		struct ipaddr b;

		memcpy(&ss, i->ai_addr, i->ai_addrlen);
		found = ipaddr_from_sa(&b, NULL, &ss) && ipaddr_eq(a, &b);
	}
	freeaddrinfo(all);
	return found;
}

void
resolve_system(const struct ipaddr *a, char name[RESOLVE_NAME])
{
	struct sockaddr_storage ss;
	socklen_t n = ipaddr_to_sa(a, 0, &ss);
	struct ipaddr numeric;

	if (getnameinfo((struct sockaddr *)&ss, n, name, RESOLVE_NAME, NULL, 0, NI_NAMEREQD) != 0 ||
	    ipaddr_parse(&numeric, name) || !leads_back(name, a))
		name[0] = '\0';
}

/* --- the threads --- */

static struct entry *
next_question(struct resolve *r)
{
	struct entry *e;

	while ((e = TAILQ_FIRST(&r->queue)) == NULL && !r->stop)
		pthread_cond_wait(&r->work, &r->lock);
	if (r->stop)
		return NULL;
	TAILQ_REMOVE(&r->queue, e, link);
	return e;
}

static void
drop_waiters(struct waiters *q)
{
	struct waiter *w;

	while ((w = STAILQ_FIRST(q)) != NULL) {
		STAILQ_REMOVE_HEAD(q, link);
		resolve_drop(w->name);
		free(w);
	}
}

static void
forget(struct resolve *r, struct entry *e)
{
	drop_waiters(&e->waiters);
	map_remove(&r->by_addr, &e->ent);
	resolve_drop(e->name);
	free(e);
}

static void
answer(struct resolve *r, struct entry *e, const char *text)
{
	bool wake[RESOLVE_USERS] = { false };
	struct waiter *w;

	if (r->stop) {                  /* nobody waits any more, nor do their loops stand */
		forget(r, e);
		return;
	}
	e->name = name_new(text);
	e->asked = 0;
	e->until = mono_add(mono_read(), SECS(e->name != NULL ? RESOLVE_YES_S : RESOLVE_NO_S));
	r->n_asked--;
	TAILQ_INSERT_TAIL(&r->known, e, link);
	r->n_known++;
	while ((w = STAILQ_FIRST(&e->waiters)) != NULL) {
		STAILQ_REMOVE_HEAD(&e->waiters, link);
		w->name = hold(e->name);
		r->n_waiting--;
		atomic_fetch_add(&r->ready[w->user], 1);
		STAILQ_INSERT_TAIL(&r->answers[w->user], w, link);
		wake[w->user] = true;
	}
	for (unsigned i = 0; i < RESOLVE_USERS; i++)
		if (wake[i] && r->loop[i] != NULL)
			loop_wake(r->loop[i]);
	if (r->n_known > RESOLVE_CACHE) {
		e = TAILQ_FIRST(&r->known);
		TAILQ_REMOVE(&r->known, e, link);
		r->n_known--;
		forget(r, e);
	}
}

static void
destroy(struct resolve *r)
{
	map_fini(&r->by_addr);
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->work);
	free(r);
}

static void *
work(void *arg)
{
	struct resolve *r = arg;
	struct entry *e;
	bool last;

	pthread_mutex_lock(&r->lock);
	while ((e = next_question(r)) != NULL) {
		char name[RESOLVE_NAME] = "";
		struct ipaddr a = e->addr;

		pthread_mutex_unlock(&r->lock);
		r->fn(&a, name);
		pthread_mutex_lock(&r->lock);
		answer(r, e, name);
	}
	last = --r->threads == 0;
	pthread_mutex_unlock(&r->lock);
	if (last)
		destroy(r);
	return NULL;
}

/* --- start and end --- */

struct resolve *
resolve_new(unsigned threads, resolve_fn *fn)
{
	struct resolve *r = calloc(1, sizeof(*r));
	pthread_attr_t detached;
	sigset_t all, was;
	pthread_t id;

	if (r == NULL || map_init(&r->by_addr, 256) != 0) {
		free(r);
		return NULL;
	}
	r->fn = fn;
	TAILQ_INIT(&r->queue);
	TAILQ_INIT(&r->known);
	for (unsigned i = 0; i < RESOLVE_USERS; i++)
		STAILQ_INIT(&r->answers[i]);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->work, NULL);
	sigfillset(&all);               /* signals are for the main's loop */
	pthread_sigmask(SIG_SETMASK, &all, &was);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	pthread_mutex_lock(&r->lock);           /* none counts itself out before it is counted */
	while (r->threads < threads && r->threads < THREADS_MAX &&
	    pthread_create(&id, &detached, work, r) == 0)
		r->threads++;
	threads = r->threads;
	pthread_mutex_unlock(&r->lock);
	pthread_attr_destroy(&detached);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	if (threads != 0)
		return r;
	destroy(r);
	return NULL;
}

void
resolve_free(struct resolve *r)
{
	struct entry *e;

	if (r == NULL)
		return;
	pthread_mutex_lock(&r->lock);
	r->stop = 1;
	for (unsigned i = 0; i < RESOLVE_USERS; i++)
		drop_waiters(&r->answers[i]);
	while ((e = TAILQ_FIRST(&r->known)) != NULL) {
		TAILQ_REMOVE(&r->known, e, link);
		forget(r, e);
	}
	while ((e = TAILQ_FIRST(&r->queue)) != NULL) {
		TAILQ_REMOVE(&r->queue, e, link);
		forget(r, e);
	}
	pthread_cond_broadcast(&r->work);       /* the system may keep some for long: not awaited */
	pthread_mutex_unlock(&r->lock);
}

/* --- the users --- */

void
resolve_user(struct resolve *r, unsigned user, struct loop *loop)
{
	pthread_mutex_lock(&r->lock);
	r->loop[user] = loop;
	pthread_mutex_unlock(&r->lock);
}

static bool
addr_eq(const struct mapent *e, const void *key)
{
	return ipaddr_eq(&MAP_OBJ(e, const struct entry, ent)->addr, key);
}

static struct entry *
entry_of(struct resolve *r, const struct ipaddr *a)
{
	uint64_t h = map_hash(&r->by_addr, a, sizeof(*a));
	struct mapent *m = map_find(&r->by_addr, h, addr_eq, a);
	struct entry *e;

	if (m != NULL)
		return MAP_OBJ(m, struct entry, ent);
	if (r->n_asked >= RESOLVE_ASKED || (e = calloc(1, sizeof(*e))) == NULL)
		return NULL;
	e->addr = *a;
	e->asked = 1;
	STAILQ_INIT(&e->waiters);
	map_insert(&r->by_addr, &e->ent, h);
	TAILQ_INSERT_TAIL(&r->queue, e, link);
	r->n_asked++;
	pthread_cond_signal(&r->work);
	return e;
}

/* What was known is too old: asked again, the old name is of no use. */
static bool
again(struct resolve *r, struct entry *e)
{
	if (r->n_asked >= RESOLVE_ASKED)
		return false;
	TAILQ_REMOVE(&r->known, e, link);
	r->n_known--;
	resolve_drop(e->name);
	e->name = NULL;
	e->asked = 1;
	TAILQ_INSERT_TAIL(&r->queue, e, link);
	r->n_asked++;
	pthread_cond_signal(&r->work);
	return true;
}

enum resolve_when
resolve_ask(struct resolve *r, unsigned user, const struct ipaddr *a, uint64_t tag,
    struct mono now, const struct resolve_name **name)
{
	enum resolve_when when = RESOLVE_FULL;
	struct waiter *w = NULL;
	struct entry *e;

	*name = NULL;
	pthread_mutex_lock(&r->lock);
	e = entry_of(r, a);
	if (e == NULL || (!e->asked && mono_due(e->until, now) && !again(r, e))) {
		when = RESOLVE_FULL;
	} else if (!e->asked) {
		*name = hold(e->name);
		when = RESOLVE_NOW;
	} else if (r->n_waiting < RESOLVE_WAITING && (w = calloc(1, sizeof(*w))) != NULL) {
		r->n_waiting++;
		w->user = user;
		w->tag = tag;
		STAILQ_INSERT_TAIL(&e->waiters, w, link);
		when = RESOLVE_LATER;
	}
	pthread_mutex_unlock(&r->lock);
	return when;
}

bool
resolve_answer(struct resolve *r, unsigned user, uint64_t *tag, const struct resolve_name **name)
{
	struct waiter *w;

	if (atomic_load(&r->ready[user]) == 0)
		return false;
	pthread_mutex_lock(&r->lock);
	w = STAILQ_FIRST(&r->answers[user]);
	if (w != NULL) {
		STAILQ_REMOVE_HEAD(&r->answers[user], link);
		atomic_fetch_sub(&r->ready[user], 1);
	}
	pthread_mutex_unlock(&r->lock);
	if (w == NULL)
		return false;
	*tag = w->tag;
	*name = w->name;
	free(w);
	return true;
}
