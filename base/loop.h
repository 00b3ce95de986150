/* SPDX-License-Identifier: Apache-2.0
 *
 * loop.h - epoll, wake-ups and the clock. Events are pulled, nothing calls up.
 *
 * A driver's turn: loop_wait(), handle what it returned, expire what is due,
 * flush. The loop keeps the longest turn for the operator.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"

#define LOOP_IN 1u
#define LOOP_OUT 2u
#define LOOP_ERR 4u             /* error or hang-up; reported always */

/* Stands first in every object registered with a loop, so that a driver can
 * tell whose event it got. */
struct loop_tag {
	uint8_t room;           /* enum loop_room */
	uint8_t kind;           /* the room's own */
};
enum loop_room { LOOP_SNA = 1, LOOP_TN };

struct loop_ev {
	struct loop_tag *tag;   /* what loop_add() was given */
	uint32_t what;          /* LOOP_IN | LOOP_OUT | LOOP_ERR */
};

struct loop {
	int ep, wake;           /* epoll, eventfd */
	struct mono turn_began;
	int64_t longest_us;     /* longest turn since loop_longest() was read */
	int64_t longest_cpu_us; /* the same, without waiting for a processor */
	int64_t cpu_at;         /* processor time of the thread at the end of the last turn */
	uint64_t turns;
};

int  loop_init(struct loop *);                  /* 0, -errno */
void loop_fini(struct loop *);
int  loop_add(struct loop *, int fd, uint32_t what, struct loop_tag *);
int  loop_mod(struct loop *, int fd, uint32_t what, struct loop_tag *);
void loop_del(struct loop *, int fd);
/* Sleeps until an event, a wake-up or the deadline (MONO_NEVER: no limit).
 * Ends the turn's clock before and starts it after. Number of events, 0.., or
 * -errno. Wake-ups are swallowed. */
int  loop_wait(struct loop *, struct mono deadline, struct loop_ev *, int max);
void loop_wake(struct loop *);                  /* from any thread */
int64_t loop_longest(struct loop *);            /* microseconds; resets */
struct mono mono_read(void);                    /* CLOCK_MONOTONIC; drivers only */
int64_t wall_us(void);                          /* CLOCK_REALTIME, for dates */

#endif
