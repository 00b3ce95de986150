/* SPDX-License-Identifier: Apache-2.0
 *
 * An ACB changes its user while it is in session. DETACH takes it from one
 * port: what was given to that port before comes there, then CLOSED. What the
 * partner sends meanwhile waits in the half-session, as if the user's ring was
 * full. ATTACH gives it to another port. An ACB nobody attaches is closed.
 */
#include <string.h>

#include "snaee/sense.h"
#include "vtamsim/acb_node.h"

static void
to_port(struct acb *a, struct port *to)
{
	struct port *from = a->port;
	struct ssn *s;

	TAILQ_REMOVE(&from->acbs, a, link);
	from->n_acbs--;
	TAILQ_INSERT_TAIL(&to->acbs, a, link);
	to->n_acbs++;
	TAILQ_FOREACH(s, &a->res->sess, on_res) {
		if (s->acb != a || !s->in_ready)
			continue;
		TAILQ_REMOVE(&from->ready, s, on_ready);
		TAILQ_INSERT_TAIL(&to->ready, s, on_ready);
	}
	a->port = to;
}

void
acb_detach(struct node *n, struct mono now, struct acb *a)
{
	const struct rpl q = { .op = RPL_CLOSED, .acb = a->handle, .user = a->user,
		.flags = ACB_MOVED };
	struct port *from = a->port;

	to_port(a, &n->limbo);
	a->limbo_by = mono_add(now, SECS(ACB_LIMBO_S));
	port_put(n, from, &q);
}

void
acb_attach(struct node *n, struct port *port, const struct rpl *q)
{
	struct rpl r = { .op = RPL_OPENFAIL, .flags = ACB_UNKNOWN, .user = q->user };
	struct acb *a = acb_of(n, &n->limbo, q->acb);
	struct acb_open o;
	struct ssn *s;

	if (a == NULL) {
		n->stat[NS_OPEN_FAILED]++;
		port_put(n, port, &r);
		return;
	}
	to_port(a, port);
	a->user = q->user;
	TAILQ_FOREACH(s, &a->res->sess, on_res)
		if (s->acb == a) {
			s->suser = q->user;
			ssn_work(n, s);
		}
	if (q->buf != NULL && q->buf->len == sizeof(o)) {
		memcpy(&o, q->buf->p, sizeof(o));
		memcpy(a->client, o.client, sizeof(a->client));
		a->owner = o.owner;
	}
	r = (struct rpl){ .op = RPL_OPENED, .flags = ACB_MOVED, .acb = a->handle, .user = a->user };
	port_put(n, port, &r);
}

void
acb_limbo(struct node *n, struct mono now)
{
	struct acb *a;

	while ((a = TAILQ_FIRST(&n->limbo.acbs)) != NULL && mono_due(a->limbo_by, now))
		acb_close(n, now, a, ACB_BY_NODE);
}

struct mono
acb_limbo_due(const struct node *n)
{
	const struct acb *a = TAILQ_FIRST(&n->limbo.acbs);

	return a == NULL ? MONO_NEVER : a->limbo_by;
}
