/* SPDX-License-Identifier: Apache-2.0
 *
 * A ring of questions: asked .. [done, head) wait, [tail, done) are answered.
 */
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/lookup.h"

struct question {
	char name[LOOKUP_NAME];
	uint8_t fam;
	uint64_t tag;
	struct ipaddr addr;
};

struct lookup {
	pthread_mutex_t lock;
	pthread_cond_t work;
	pthread_t thread;
	struct loop *loop;
	lookup_fn *fn;
	uint8_t stop;
	uint32_t head, done, tail;
	struct question q[LOOKUP_ASKED];
};

void
lookup_system(const char *name, unsigned fam, struct ipaddr *to)
{
	struct addrinfo hint = { .ai_family = fam == 4 ? AF_INET : fam == 6 ? AF_INET6 : AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM }, *list = NULL;
	struct sockaddr_storage ss;

	*to = (struct ipaddr){ 0 };
	if (getaddrinfo(name, NULL, &hint, &list) != 0)
		return;
	for (const struct addrinfo *a = list; a != NULL && to->fam == 0; a = a->ai_next) {
		if (a->ai_addrlen > sizeof(ss))
			continue;
		memset(&ss, 0, sizeof(ss));
		memcpy(&ss, a->ai_addr, a->ai_addrlen);
		(void)ipaddr_from_sa(to, NULL, &ss);
	}
	freeaddrinfo(list);
}

static void *
asker(void *arg)
{
	struct lookup *l = arg;
	struct question q;

	pthread_mutex_lock(&l->lock);
	while (!l->stop) {
		if (l->done == l->head) {
			pthread_cond_wait(&l->work, &l->lock);
			continue;
		}
		q = l->q[l->done % LOOKUP_ASKED];
		pthread_mutex_unlock(&l->lock);
		l->fn(q.name, q.fam, &q.addr);
		pthread_mutex_lock(&l->lock);
		l->q[l->done++ % LOOKUP_ASKED].addr = q.addr;
		loop_wake(l->loop);
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

struct lookup *
lookup_new(struct loop *loop, lookup_fn *fn)
{
	struct lookup *l = calloc(1, sizeof(*l));
	sigset_t all, old;
	int e;

	if (l == NULL)
		return NULL;
	l->loop = loop;
	l->fn = fn;
	(void)pthread_mutex_init(&l->lock, NULL);
	(void)pthread_cond_init(&l->work, NULL);
	sigfillset(&all);               /* signals are the main thread's */
	pthread_sigmask(SIG_SETMASK, &all, &old);
	e = pthread_create(&l->thread, NULL, asker, l);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (e == 0)
		return l;
	free(l);
	return NULL;
}

void
lookup_free(struct lookup *l)
{
	if (l == NULL)
		return;
	pthread_mutex_lock(&l->lock);
	l->stop = 1;
	pthread_cond_signal(&l->work);
	pthread_mutex_unlock(&l->lock);
	(void)pthread_join(l->thread, NULL);
	(void)pthread_cond_destroy(&l->work);
	(void)pthread_mutex_destroy(&l->lock);
	free(l);
}

bool
lookup_ask(struct lookup *l, const char *name, unsigned fam, uint64_t tag)
{
	struct question *q;
	bool room;

	pthread_mutex_lock(&l->lock);
	room = l->head - l->tail < LOOKUP_ASKED && strlen(name) < LOOKUP_NAME;
	if (room) {
		q = &l->q[l->head++ % LOOKUP_ASKED];
		*q = (struct question){ .fam = (uint8_t)fam, .tag = tag };
		snprintf(q->name, sizeof(q->name), "%s", name);
		pthread_cond_signal(&l->work);
	}
	pthread_mutex_unlock(&l->lock);
	return room;
}

bool
lookup_answer(struct lookup *l, uint64_t *tag, struct ipaddr *to)
{
	const struct question *q;
	bool any;

	pthread_mutex_lock(&l->lock);
	any = l->tail != l->done;
	if (any) {
		q = &l->q[l->tail++ % LOOKUP_ASKED];
		*tag = q->tag;
		*to = q->addr;
	}
	pthread_mutex_unlock(&l->lock);
	return any;
}
