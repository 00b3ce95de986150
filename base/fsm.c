/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>

#include "base/fsm.h"
#include "base/log.h"

void
fsm_init(struct fsm *f, const struct fsm_desc *d, unsigned state)
{
	assert(state != 0 && state < d->n_states);
	*f = (struct fsm){ .desc = d, .state = (uint8_t)state };
}

struct fsm_cell
fsm_peek(const struct fsm *f, unsigned event)
{
	assert(event != 0 && event < f->desc->n_events);
	return f->desc->cells[f->state * f->desc->n_events + event];
}

unsigned
fsm_step(struct fsm *f, unsigned event, const char *subject)
{
	struct fsm_cell c = fsm_peek(f, event);

	f->last_event = (uint8_t)event;
	if (c.next == 0) {
		if (f->refused != UINT16_MAX)
			f->refused++;
		LOG(BASE, DEBUG, subject, "%s %s -%s-> refused", f->desc->name,
		    f->desc->states[f->state], f->desc->events[event]);
		return 0;
	}
	LOG(BASE, DEBUG, subject, "%s %s -%s-> %s", f->desc->name, f->desc->states[f->state],
	    f->desc->events[event], f->desc->states[c.next]);
	f->state = c.next;
	return c.action;
}

const char *
fsm_state(const struct fsm *f)
{
	return f->desc == NULL ? "" : f->desc->states[f->state];
}

static char
letter(unsigned action)
{
	return (char)(action <= 1 ? ' ' : action - 2 < 26 ? 'A' + action - 2 : 'a' + action - 28);
}

/* One row an event, one column a state, as the SNA manuals draw theirs. */
void
fsm_print(const struct fsm_desc *d, struct con *c)
{
	char line[512];
	int n = snprintf(line, sizeof(line), "%-18s", d->name);

	for (unsigned s = 1; s < d->n_states; s++)
		n += snprintf(line + n, sizeof(line) - (size_t)n, " %10.10s", d->states[s]);
	con_text(c, "%s", line);
	n = snprintf(line, sizeof(line), "%-18s", "");
	for (unsigned s = 1; s < d->n_states; s++)
		n += snprintf(line + n, sizeof(line) - (size_t)n, " %10u", s);
	con_text(c, "%s", line);
	for (unsigned e = 1; e < d->n_events; e++) {
		n = snprintf(line, sizeof(line), "%-18.18s", d->events[e]);
		for (unsigned s = 1; s < d->n_states; s++) {
			struct fsm_cell k = d->cells[s * d->n_events + e];
			char cell[8];

			if (k.next == 0)
				snprintf(cell, sizeof(cell), ">");
			else if (k.next == s)
				snprintf(cell, sizeof(cell), "-%c", letter(k.action));
			else
				snprintf(cell, sizeof(cell), "%u%c", k.next, letter(k.action));
			n += snprintf(line + n, sizeof(line) - (size_t)n, " %10s", cell);
		}
		con_text(c, "%s", line);
	}
	for (unsigned a = 2; a < d->n_actions; a++)
		con_text(c, "  %c = %s", letter(a), d->actions[a]);
}
