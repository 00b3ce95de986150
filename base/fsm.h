/* SPDX-License-Identifier: Apache-2.0
 *
 * fsm.h - step and print a finite state machine that is a table.
 *
 * State 0 does not exist, so an empty cell means "not allowed". Conditions
 * live in the classifier that makes the event; actions in one switch.
 */
#ifndef BASE_FSM_H
#define BASE_FSM_H

#include <stdint.h>

#include "base/con.h"

struct fsm_cell {
	uint8_t next, action;
};

struct fsm_desc {
	const char *name;
	const char *const *states;      /* [0] unused */
	const char *const *events;      /* [0] unused */
	const char *const *actions;     /* [0] unused */
	const struct fsm_cell *cells;   /* cells[state * n_events + event] */
	uint8_t n_states, n_events, n_actions;  /* array sizes, slot 0 included */
};

struct fsm {
	const struct fsm_desc *desc;
	uint8_t state;
	uint8_t last_event;
	uint16_t refused;       /* pairs that were not allowed */
};

void        fsm_init(struct fsm *, const struct fsm_desc *, unsigned state);
/* Alone changes a state. Returns the action, 0: refused (state unchanged). */
unsigned    fsm_step(struct fsm *, unsigned event, const char *subject);
/* What fsm_step() would do, without doing it. */
struct fsm_cell fsm_peek(const struct fsm *, unsigned event);
const char *fsm_state(const struct fsm *);
/* The matrix: a number is the next state, - no change, > not allowed, a letter the action. */
void        fsm_print(const struct fsm_desc *, struct con *);

#define FSM_DESC(id, nm, st, ev, ac, ce)                                        \
	static const struct fsm_desc id = {                                     \
		.name = nm, .states = st, .events = ev, .actions = ac,          \
		.cells = &(ce)[0][0], .n_states = sizeof(st) / sizeof(*(st)),   \
		.n_events = sizeof(ev) / sizeof(*(ev)),                         \
		.n_actions = sizeof(ac) / sizeof(*(ac)),                        \
	}

#endif
