/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes as a script for two ees and the wire between them: their users dial,
 * hang up, open, close and abandon pipes, send, start again, dial a parallel
 * link; the wire loses, doubles, reorders, damages and makes up datagrams; time
 * goes by. So links and pipes meet each event in each state. In the end all is
 * taken down over a good wire, and nothing may be left, nor spin.
 *
 * One step: a byte (bit 7 side, 4-6 what, 0-3 how), then what it needs.
 */
#include <assert.h>
#include <errno.h>

#include "snaee/ee_parts.h"
#include "snaee/sense.h"
#include "tests/unit/ee_pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define STEPS 400
#define ON_WIRE 100             /* older ones are lost */
#define DATA_AT 3               /* behind LLC */
#define TCID_AT 11              /* .. and a short NHDR */

struct packet {
	uint8_t port;
	size_t len;
	uint8_t b[2100];
};

/* What is to be told is pulled; the wire stays bounded. */
static void
turn(struct pair *w)
{
	pair_turn(w);
	while (w->tail - w->head > ON_WIRE)
		w->head++;
}

/* The k-th oldest datagram to side; false: none. Taken unless it is to come again. */
static bool
pick(struct pair *w, unsigned side, unsigned k, bool again, struct packet *p)
{
	unsigned i, last = w->tail;

	for (i = w->head; i != w->tail; i++)
		if (w->q[i % PAIR_QUEUE].to == side) {
			last = i;
			if (k-- == 0)
				break;
		}
	if (last == w->tail)
		return false;
	p->port = w->q[last % PAIR_QUEUE].port;
	p->len = w->q[last % PAIR_QUEUE].len;
	memcpy(p->b, w->q[last % PAIR_QUEUE].b, p->len);
	if (again)
		return true;
	for (i = last; i != w->head; i--)
		w->q[i % PAIR_QUEUE] = w->q[(i - 1) % PAIR_QUEUE];
	w->head++;
	return true;
}

static void
deliver(struct pair *w, unsigned side, const struct packet *p)
{
	if (bufpool_used(&w->n[side].bufs) < 1000)
		node_feed(w, side, &w->n[1 - side].cfg.local, p->port, p->b, p->len);
	turn(w);
}

/* Damage: mostly where the headers are. */
static void
damaged(struct pair *w, unsigned side, unsigned how, struct rd *in)
{
	struct packet p;

	if (!pick(w, side, how >> 2 & 1 ? rd_u8(in) % 8 : 0, how >> 3 & 1, &p))
		return;
	for (unsigned n = how & 3; n > 0; n--) {
		unsigned at = rd_u8(in), with = rd_u8(in);

		if (p.len > 0)
			p.b[at % p.len] ^= (uint8_t)with;
	}
	deliver(w, side, &p);
}

/* From nothing; of a partner's or a stranger's address; TCIDs are known. */
static void
made_up(struct pair *w, unsigned side, unsigned how, struct rd *in)
{
	struct node *n = &w->n[side];
	struct packet p = { .port = rd_u8(in) % EE_NPORT };
	struct ipaddr from = w->n[1 - side].cfg.local;
	struct wr o = wr_on(p.b + TCID_AT, 8);

	p.len = rd_u8(in);
	p.len = p.len < rd_left(in) ? p.len : rd_left(in);
	memcpy(p.b, in->p, p.len);
	rd_skip(in, p.len);
	if (n->link != NULL && p.len > DATA_AT && (how & 1)) {
		p.b[0] = n->link->nlp_ssap;
		p.b[1] = n->link->nlp_dsap;
		p.b[2] = 3;
	}
	if (n->pipe != NULL && p.len > TCID_AT + 8 && (how & 2))
		wr_u64(&o, n->pipe->parm.tcid);
	if ((how & 12) == 12)
		from.b[3] = 77;
	if (bufpool_used(&n->bufs) < 1000)
		node_feed(w, side, &from, p.port, p.b, p.len);
	turn(w);
}

static void
dial(struct pair *w, unsigned side, unsigned sap)
{
	struct ee_linkparm p = { .remote = w->n[1 - side].cfg.local, .cpcp = 1,
		.sap_local = (uint8_t)sap, .sap_remote = (uint8_t)sap };
	uint32_t sense;

	(void)ee_dial(w->n[side].ee, w->now, &p, &sense);
}

static void
start_again(struct node *n)
{
	ee_free(n->ee);
	n->cfg.seed++;
	node_start(n);
}

static void
send_piu(struct pair *w, struct node *n, size_t len)
{
	struct buf *b;

	if (n->pipe == NULL || bufpool_used(&n->bufs) > 500 ||
	    (b = buf_get(&n->bufs, len)) == NULL)
		return;
	memset(buf_put(b, len), 0x5c, len);
	if (ee_send(n->ee, w->now, n->pipe, b) != 0)
		buf_free(b);
}

static void
pipe_order(struct pair *w, struct node *n, unsigned how)
{
	if (n->pipe == NULL)
		return;
	switch (how) {
	case 4:
		ee_close(n->ee, w->now, n->pipe);
		break;
	case 5:
		ee_abandon(n->ee, w->now, n->pipe, SENSE_LINK_FAILURE);
		break;
	case 6:
		ee_sessions(n->pipe, 1);
		break;
	case 7:
		ee_sessions(n->pipe, 0);
		break;
	case 8:
		if (n->link != NULL)
			(void)ee_move(n->ee, w->now, n->pipe, n->link, RY_COMMAND);
		break;
	default:
		break;
	}
}

static void
order(struct pair *w, unsigned side, unsigned how)
{
	struct node *n = &w->n[side];

	switch (how) {
	case 0:
		dial(w, side, 4);
		break;
	case 1:
		dial(w, side, 8);
		break;
	case 2:
		if (n->link != NULL)
			ee_hangup(n->ee, w->now, n->link);
		break;
	case 3:
		if (n->link != NULL)
			(void)ee_connect(n->ee, w->now, n->link, NCE_LU, TPF_HIGH, "#INTER", n);
		break;
	case 9:
		ee_unreachable(n->ee, w->now, &w->n[1 - side].cfg.local, EMSGSIZE);
		break;
	case 10:
		ee_unreachable(n->ee, w->now, &w->n[1 - side].cfg.local, ECONNREFUSED);
		break;
	case 11:
		start_again(n);
		break;
	case 12:
		(void)ee_probe(n->ee, w->now, 0, &w->n[1 - side].cfg.local);
		break;
	case 13:
		send_piu(w, n, 3000);
		break;
	case 14:
		send_piu(w, n, 100);
		break;
	case 15:
		n->refuse ^= 1;
		n->refuse_with = SENSE_NO_RESOURCE;
		break;
	default:
		pipe_order(w, n, how);
		break;
	}
	turn(w);
}

static void
step(struct pair *w, struct rd *in)
{
	static const int64_t ago[16] = { 0, MSEC(1), MSEC(20), MSEC(100), MSEC(500), SECS(1),
		SECS(2), SECS(5), SECS(10), SECS(15), SECS(30), SECS(60), SECS(90), SECS(180),
		SECS(300), SECS(600) };
	unsigned op = rd_u8(in), side = op >> 7, how = op & 15;
	struct packet p;

	switch (op >> 4 & 7) {
	case 0:
		damaged(w, side, how, in);
		break;
	case 1:
		if (pick(w, side, how, false, &p))
			deliver(w, side, &p);
		break;
	case 2:
		made_up(w, side, how, in);
		break;
	case 3:                 /* timers alone */
		w->now = mono_add(w->now, ago[how]);
		turn(w);
		break;
	case 4:                 /* a cut of so long, both ways or one */
		w->cut = 1;
		w->head = w->tail;
		pair_run(w, ago[how]);
		w->cut = 0;
		break;
	case 5:                 /* all is well for so long */
		pair_run(w, ago[how]);
		break;
	default:
		order(w, side, how);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	struct pair *w = pair_new(0x05d00001, 0xfff00002);

	for (unsigned k = 0; k < 2; k++)
		w->n[k].ee->cfg.no_alive = (uint8_t)(n > 0 && (p[0] & 1));
	for (unsigned k = 0; k < STEPS && rd_left(&r) > 0; k++)
		step(w, &r);
	ee_stop(w->n[0].ee, w->now);
	ee_stop(w->n[1].ee, w->now);
	pair_run(w, SECS(2000));
	for (unsigned k = 0; k < 2; k++)
		assert(ee_idle(w->n[k].ee));
	pair_free(w);
	return 0;
}
