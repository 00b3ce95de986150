/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "base/ring.h"
#include "tn3270e/acct_log.h"

#define BATCH 16                /* lines of one write */
#define NOTES 16
#define RETRY_MS 500

enum order_op { AO_REC = 1, AO_WHERE, AO_REOPEN };

struct order {
	uint8_t op;             /* enum order_op */
	union {
		struct acct_rec rec;
		struct acct_where where;
	};
};

struct note {
	uint8_t bad;
	char text[200];
};

struct acct_log {
	struct ring orders, notes;
	struct loop loop;
	pthread_t thread;
	uint64_t lost_before;           /* told already */
	_Atomic uint64_t lost, written, rotated;
	_Atomic bool failing, ending;
	/* the thread's */
	struct acct_file file;
	char text[BATCH * ACCT_LINE];
	size_t n;
	unsigned lines;
};

/* --- the thread --- */

static void
tell(struct acct_log *a, bool bad, const char *what, int e)
{
	struct note t = { .bad = bad };

	snprintf(t.text, sizeof(t.text), "FILE %.100s %s%s%s", a->file.path, what,
	    e != 0 ? ": " : "", e != 0 ? strerror(-e) : "");
	(void)ring_put(&a->notes, &t);
}

static void
came_out(struct acct_log *a, int e)
{
	char what[60];
	uint64_t lost = a->lost;

	if (e != 0) {
		if (!a->failing)
			tell(a, true, "CAN'T BE WRITTEN", e);
		a->failing = true;
		return;
	}
	if (a->failing) {
		snprintf(what, sizeof(what), "IS WRITTEN AGAIN, %llu RECORDS WERE LOST",
		    (unsigned long long)(lost - a->lost_before));
		tell(a, false, what, 0);
		a->lost_before = lost;
	}
	a->failing = false;
}

/* False: not now. */
static bool
flush(struct acct_log *a)
{
	int e;

	if (a->n == 0)
		return true;
	e = acct_file_write(&a->file, a->text, a->n);
	came_out(a, e);
	a->rotated = a->file.rotated;
	if (e != 0)
		return false;
	a->written += a->lines;
	a->n = a->lines = 0;
	return true;
}

static void
carry_out(struct acct_log *a, const struct order *o)
{
	switch ((enum order_op)o->op) {
	case AO_REC:
		if (a->file.path[0] == '\0')
			break;
		a->n += acct_line(&o->rec, wall_us(), a->text + a->n);
		a->lines++;
		break;
	case AO_WHERE:
		(void)flush(a);
		a->n = a->lines = 0;            /* what the old file refused */
		if (strcmp(a->file.path, o->where.path) != 0)
			acct_file_close(&a->file);
		memcpy(a->file.path, o->where.path, sizeof(a->file.path));
		a->file.most = o->where.most;
		a->file.keep = o->where.keep;
		if (a->file.path[0] != '\0' && a->file.fd < 0)
			came_out(a, acct_file_open(&a->file));
		break;
	case AO_REOPEN:
		(void)flush(a);
		if (a->file.path[0] != '\0')
			came_out(a, acct_file_open(&a->file));
		break;
	}
}

/* Takes orders as long as their lines can be stored; true: it must try again later. */
static bool
work(struct acct_log *a)
{
	struct order o;

	for (;;) {
		if (a->n + ACCT_LINE > sizeof(a->text) && !flush(a) && !a->ending)
			break;
		if (a->n + ACCT_LINE > sizeof(a->text))
			a->n = a->lines = 0;
		if (!ring_get(&a->orders, &o))
			break;
		carry_out(a, &o);
	}
	return !flush(a);
}

static void *
acct_main(void *arg)
{
	struct acct_log *a = arg;
	struct loop_ev ev[1];

	while (!a->ending) {
		bool again = work(a), idle = again || ring_sleep(&a->orders);
		struct mono at = again ? mono_add(mono_read(), MSEC(RETRY_MS)) : MONO_NEVER;

		(void)loop_wait(&a->loop, idle ? at : (struct mono){ 0 }, ev, 1);
		ring_awake(&a->orders);
	}
	(void)work(a);
	acct_file_close(&a->file);
	return NULL;
}

/* --- the SNA thread --- */

static void
wake(struct acct_log *a)
{
	if (ring_must_wake(&a->orders))
		loop_wake(&a->loop);
}

/* Records leave places for the others. */
static void
order(struct acct_log *a, const struct order *o)
{
	if (!ring_put(&a->orders, o))
		return;
	wake(a);
	if (o->op != AO_REC)
		loop_wake(&a->loop);            /* also out of a pause */
}

struct acct_log *
acct_log_new(void)
{
	struct acct_log *a = aligned_alloc(64, (sizeof(*a) + 63) / 64 * 64);
	sigset_t all, was;
	int e;

	if (a == NULL)
		return NULL;
	memset(a, 0, sizeof(*a));
	acct_file_init(&a->file);
	if (ring_init(&a->orders, sizeof(struct order), ACCT_RING) != 0 ||
	    ring_init(&a->notes, sizeof(struct note), NOTES) != 0 || loop_init(&a->loop) != 0) {
		free(a);
		return NULL;
	}
	sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &was);
	e = pthread_create(&a->thread, NULL, acct_main, a);
	(void)pthread_sigmask(SIG_SETMASK, &was, NULL);
	if (e != 0) {
		free(a);
		return NULL;
	}
	return a;
}

void
acct_log_free(struct acct_log *a)
{
	if (a == NULL)
		return;
	a->ending = true;
	loop_wake(&a->loop);
	(void)pthread_join(a->thread, NULL);
	loop_fini(&a->loop);
	ring_fini(&a->orders);
	ring_fini(&a->notes);
	free(a);
}

void
acct_log_where(struct acct_log *a, const struct acct_where *w)
{
	const struct order o = { .op = AO_WHERE, .where = *w };

	order(a, &o);
}

void
acct_log_reopen(struct acct_log *a)
{
	const struct order o = { .op = AO_REOPEN };

	order(a, &o);
}

void
acct_log_put(struct acct_log *a, const struct acct_rec *r)
{
	const struct order o = { .op = AO_REC, .rec = *r };

	if (ring_room(&a->orders) <= 8)
		a->lost++;
	else
		order(a, &o);
}

bool
acct_log_told(struct acct_log *a, char text[200], bool *bad)
{
	struct note t;

	if (!ring_get(&a->notes, &t))
		return false;
	memcpy(text, t.text, sizeof(t.text));
	*bad = t.bad;
	return true;
}

struct acct_log_stat
acct_log_stat(const struct acct_log *a)
{
	return (struct acct_log_stat){ a->written, a->lost, ring_used(&a->orders), a->rotated,
		a->failing };
}
