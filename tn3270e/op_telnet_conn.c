/* SPDX-License-Identifier: Apache-2.0
 *
 * D TCPIP,,TELNET,CONNECTION: what is asked for (EZZ6107I), and the list.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/op_telnet_in.h"
#include "vtamsim/msg.h"

static bool
set(char *to, size_t room, const char *v)
{
	word_upper(to, room, v);
	return *v != '\0' && strlen(v) < room;
}

/* One of those that name one connection: shown in detail. */
static bool
one(struct worker_query *q, const char *w)
{
	const char *v;

	if (word_key(w, "CONN", &v))
		return word_number(v, 1, UINT32_MAX, 16, &q->conn);
	if (word_key(w, "IPPORT", &v))
		return word_addr_port(v, &q->net, &q->cport);
	return (word_key(w, "LUNAME", &v) || word_key(w, "LU", &v)) && strchr(v, '*') == NULL &&
	    set(q->lu, sizeof(q->lu), v);
}

/* One of those that many may match. */
static bool
some(struct worker_query *q, const char *w)
{
	const char *v;

	if (word_key(w, "LUNAME", &v) || word_key(w, "LU", &v))
		return set(q->lu, sizeof(q->lu), v);
	if (word_key(w, "APPL", &v))
		return set(q->appl, sizeof(q->appl), v);
	if (word_key(w, "PROTOCOL", &v))
		return set(q->proto, sizeof(q->proto), v);
	if (word_key(w, "LUGROUP", &v))
		return set(q->lugroup, sizeof(q->lugroup), v);
	if (word_key(w, "IPGROUP", &v))
		return set(q->ipgroup, sizeof(q->ipgroup), v);
	if (word_key(w, "IPADDR", &v))
		return word_net(v, &q->net);
	q->hname = 1;
	if (word_key(w, "HNGROUP", &v))
		return set(q->hngroup, sizeof(q->hngroup), v);
	return word_key(w, "HNAME", &v) && set(q->hostname, sizeof(q->hostname), v);
}

static bool
operand(const struct op_telnet *o, struct worker_query *q, struct words *s)
{
	const char *w = words_peek(s), *v;

	if (op_where(q, s))
		return true;
	if (word_is(w, "HNAME", 2) || word_is(w, "NOHNAME", 4)) {
		q->hname = word_is(w, "HNAME", 2);
		return true;
	}
	if (word_key(w, "TCPIPJOBNAME", &v))    /* there is one stack */
		return strcasecmp(v, o->job) == 0 || strcasecmp(v, "TCPIP") == 0;
	if (one(q, w)) {
		q->detail = 1;
		return true;
	}
	return some(q, w);
}

enum op_telnet_do
op_display_conn(struct op_telnet *o, struct words *s, uint32_t ticket, struct con *con)
{
	struct worker_query q = { .max = OPT_MAX };
	const struct profile *p = tnd_current(o->tnd);

	q.long_format = p != NULL && p->globals.v[TP_FORMAT] != 0;
	while (s->at < s->n) {
		const char *w = words_peek(s);

		if (!operand(o, &q, s))
			return op_operand(o, "CONNECTION", w, con);
	}
	return op_ask(o, WO_LIST, &q, ticket, con);
}

/* Each port's part has its divider line below it; a detail says all of it itself. Whose
 * entry does not fit is left out whole. */
void
op_conn_result(const struct op_telnet *o, const struct tnd_result *r, struct con *con)
{
	struct rows_room room = { .most = r->query.max };

	if (r->query.detail) {
		msg_line(con, EZZ6065I, o->job);
	} else {
		msg_line(con, EZZ6064I, o->job);
		con_text(con, "         EN                                         TSP");
		con_text(con, "CONN     TY IPADDR..PORT           LUNAME   APPLID   PTR LOGMODE");
		con_text(con, "-------- -- ---------------------- -------- -------- --- --------");
	}
	for (unsigned i = 0; i < r->n_ports; i++) {
		if (!op_port_wanted(&r->query, o, &r->port[i]))
			continue;
		rows_print(&r->rows[i], &room, con);
		if (!r->query.detail)
			op_port_line(&r->port[i], o, con);
	}
	if (room.entries < r->clients)
		con_text(con, "%u OF %u CONNECTIONS NOT SHOWN: MAX=%u LINES",
		    r->clients - room.entries, r->clients, room.most);
	op_records(con, room.lines, r->found);
}
