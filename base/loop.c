/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/loop.h"

#define EV_MAX 256

struct mono
mono_read(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (struct mono){ (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000 };
}

int64_t
wall_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Of this thread: what others took of the processor meanwhile is not the turn's. */
static int64_t
cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int
loop_init(struct loop *l)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL };
	int e;

	*l = (struct loop){ .ep = -1, .wake = -1 };
	l->ep = epoll_create1(EPOLL_CLOEXEC);
	l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->ep < 0 || l->wake < 0 || epoll_ctl(l->ep, EPOLL_CTL_ADD, l->wake, &ev) < 0) {
		e = -errno;
		loop_fini(l);
		return e;
	}
	l->turn_began = mono_read();
	return 0;
}

void
loop_fini(struct loop *l)
{
	if (l->ep >= 0)
		close(l->ep);
	if (l->wake >= 0)
		close(l->wake);
	l->ep = l->wake = -1;
}

static int
control(struct loop *l, int op, int fd, uint32_t what, struct loop_tag *tag)
{
	struct epoll_event ev = { .data.ptr = tag };

	if (what & LOOP_IN)
		ev.events |= EPOLLIN;
	if (what & LOOP_OUT)
		ev.events |= EPOLLOUT;
	return epoll_ctl(l->ep, op, fd, &ev) < 0 ? -errno : 0;
}

int
loop_add(struct loop *l, int fd, uint32_t what, struct loop_tag *tag)
{
	return control(l, EPOLL_CTL_ADD, fd, what, tag);
}

int
loop_mod(struct loop *l, int fd, uint32_t what, struct loop_tag *tag)
{
	return control(l, EPOLL_CTL_MOD, fd, what, tag);
}

void
loop_del(struct loop *l, int fd)
{
	(void)epoll_ctl(l->ep, EPOLL_CTL_DEL, fd, NULL);
}

/* epoll counts milliseconds; a deadline that is nearer is waited for with
 * epoll_pwait2, which counts nanoseconds. */
static int
sleep_until(struct loop *l, struct mono deadline, struct epoll_event *ev, int max)
{
	struct timespec ts;
	int64_t us;

	if (mono_is_never(deadline))
		return epoll_pwait2(l->ep, ev, max, NULL, NULL);
	us = mono_diff(deadline, mono_read());
	if (us < 0)
		us = 0;
	ts = (struct timespec){ .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };
	return epoll_pwait2(l->ep, ev, max, &ts, NULL);
}

static uint32_t
what_of(uint32_t e)
{
	uint32_t w = 0;

	if (e & EPOLLIN)
		w |= LOOP_IN;
	if (e & EPOLLOUT)
		w |= LOOP_OUT;
	if (e & (EPOLLERR | EPOLLHUP))
		w |= LOOP_ERR;
	return w;
}

int
loop_wait(struct loop *l, struct mono deadline, struct loop_ev *out, int max)
{
	struct epoll_event ev[EV_MAX];
	int64_t took = mono_diff(mono_read(), l->turn_began), cpu = cpu_us();
	int n, k = 0;

	if (took > l->longest_us)
		l->longest_us = took;
	if (l->turns != 0 && cpu - l->cpu_at > l->longest_cpu_us)
		l->longest_cpu_us = cpu - l->cpu_at;
	l->cpu_at = cpu;
	l->turns++;
	n = sleep_until(l, deadline, ev, max < EV_MAX ? max : EV_MAX);
	l->turn_began = mono_read();
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < n; i++) {
		uint64_t drop;

		if (ev[i].data.ptr == NULL) {
			if (read(l->wake, &drop, sizeof(drop)) < 0 && errno != EAGAIN)
				return -errno;
			continue;
		}
		out[k++] = (struct loop_ev){ ev[i].data.ptr, what_of(ev[i].events) };
	}
	return k;
}

void
loop_wake(struct loop *l)
{
	const uint64_t one = 1;

	if (write(l->wake, &one, sizeof(one)) < 0)
		return;         /* the counter is full: it is awake already */
}

int64_t
loop_longest(struct loop *l)
{
	int64_t us = l->longest_us;

	l->longest_us = l->longest_cpu_us = 0;
	return us;
}
