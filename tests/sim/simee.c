/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snaee/ldlc.h"
#include "tests/sim/simee.h"

#define DIAL_AGAIN SECS(5)

static const char *const class_of[4] = { "#BATCH", "#CONNECT", "#INTER", "CPSVCMG" };

static struct eepipe *
pipe_of(struct simee *n, const struct rtp *r)
{
	for (int i = 0; i < SIMEE_PIPES; i++)
		if (n->pipe[i].rtp == r)
			return &n->pipe[i];
	return NULL;
}

static void
dial(struct simee *n, struct mono now)
{
	struct ee_linkparm p = { .cpcp = 1 };
	uint32_t sense;
	char ip[32];

	if (n->dial < 0 || n->link != NULL || n->stop || !mono_due(n->dial_at, now))
		return;
	(void)snprintf(ip, sizeof(ip), "10.0.0.%d", n->dial + 1);
	assert(ipaddr_parse(&p.remote, ip));
	n->link = ee_dial(n->ee, now, &p, &sense);
	n->mine = n->link != NULL;
	n->dial_at = mono_add(now, DIAL_AGAIN);
}

/* In reserve: no pipe is opened on it. */
static void
dial_second(struct simee *n, struct mono now)
{
	struct ee_linkparm p = { .cpcp = 1, .sap_local = 8, .sap_remote = 8 };
	uint32_t sense;
	char ip[32];

	if (!n->parallel || n->dial < 0 || n->second != NULL || n->stop ||
	    !mono_due(n->second_at, now))
		return;
	(void)snprintf(ip, sizeof(ip), "10.0.0.%d", n->dial + 1);
	assert(ipaddr_parse(&p.remote, ip));
	n->second = ee_dial(n->ee, now, &p, &sense);
	n->second_at = mono_add(now, DIAL_AGAIN);
}

static void
open_pipes(struct simee *n, struct mono now)
{
	while (n->open > 0 && n->up) {
		struct eepipe *y = pipe_of(n, NULL);
		enum tpf tpf = (enum tpf)(n->open % 4);

		if (y == NULL)
			return;
		memset(y, 0, sizeof(*y));
		y->rtp = ee_connect(n->ee, now, n->link, NCE_LU, tpf, class_of[tpf], y);
		if (y->rtp == NULL)
			return;
		y->flow = n->call;
		y->stream_out = (uint32_t)(n->id + 1) << 12 | ++n->opened;
		n->open--;
	}
}

static void
ended(struct simee *n, struct eepipe *y, uint32_t sense)
{
	if (sense == 0)
		n->ended_ok++;
	else
		n->ended_lost++;
	n->last_sense = sense;
	n->wrong += y->wrong;
	n->sent += y->sent;
	n->got += y->got;
	/* with a good end all that was expected came */
	if (sense == 0 && y->got < y->flow.expect)
		n->wrong++;
	n->ended += !y->called;
	y->rtp = NULL;
}

static void
piu(struct simee *n, struct eepipe *y, struct buf *b)
{
	if (y->stream_in == 0)
		y->stream_in = sim_msg_stream(b);
	if (!sim_msg_right(b, y->stream_in, y->got, y->flow.max_len))
		y->wrong++;
	if (y->lost_at.us != 0 && mono_diff(sim_now(n->w), y->lost_at) > n->pause_us)
		n->pause_us = mono_diff(sim_now(n->w), y->lost_at);
	y->lost_at.us = 0;
	y->got++;
	y->flow.count += y->flow.echo;
	buf_free(b);
}

static void
pipe_up(struct simee *n, struct ee_ind *i)
{
	struct eepipe *y;

	n->pipes_up++;
	if (!i->called)
		return;
	y = pipe_of(n, NULL);
	if (y == NULL) {
		n->stray++;
		return;
	}
	memset(y, 0, sizeof(*y));
	y->rtp = i->rtp;
	y->called = 1;
	y->flow = n->answer;
	y->stream_out = (uint32_t)(n->id + 1) << 12 | 0x800 | n->pipes_up % 0x7ff;
	ee_adopt(i->rtp, y);
	ee_sessions(i->rtp, n->answer.busy);
}

static void
indication(struct simee *n, struct mono now, struct ee_ind *i)
{
	struct ee_linkparm p = { .cpcp = 1 };
	struct eepipe *y = i->rtp == NULL ? NULL : pipe_of(n, i->rtp);

	switch ((enum ee_what)i->what) {
	case EEI_CALL:
		n->calls++;
		ee_answer(n->ee, now, i->link, &p);
		break;
	case EEI_LINK_UP:
		n->ups++;
		if (i->link->parm.sap_local == 8) {
			n->second = i->link;
			break;
		}
		n->up = 1;
		if (n->link != i->link)
			n->mine = 0;
		n->link = i->link;
		break;
	case EEI_LINK_DOWN:
		n->downs++;
		n->last_sense = i->sense;
		if (n->second == i->link) {
			n->second = NULL;
			n->second_at = mono_add(now, DIAL_AGAIN);
		} else if (n->link == i->link) {
			n->link = NULL;
			n->up = 0;
			n->dial_at = mono_add(now, DIAL_AGAIN);
		}
		break;
	case EEI_PIPE_UP:
		pipe_up(n, i);
		break;
	case EEI_PIPE_DOWN:
		if (y != NULL)
			ended(n, y, i->sense);
		break;
	case EEI_PIU:
		if (y != NULL)
			piu(n, y, i->buf);
		else
			buf_free(i->buf);
		break;
	case EEI_DENIED:
		break;
	case EEI_PATH:
		if (y != NULL && i->sense != 0 && y->lost_at.us == 0)
			y->lost_at = now;
		n->paths++;
		break;
	case EEI_MTU:
		n->mtus++;
		break;
	case EEI_IDLE:
	case EEI_PROBE:
	case EEI_STALL:
		break;
	}
}

static void
send_all(struct simee *n, struct eepipe *y, struct mono now)
{
	while (y->sent < y->flow.count && !ee_congested(y->rtp) && mono_due(y->next_at, now)) {
		uint32_t max = y->flow.max_len;
		struct buf *b = buf_get(&n->bufs, sim_msg_len(y->stream_out, y->sent, max));

		if (b == NULL)
			return;
		sim_msg_put(b, y->stream_out, y->sent, max);
		if (ee_send(n->ee, now, y->rtp, b) != 0) {
			buf_free(b);
			return;
		}
		y->sent++;
		if (y->flow.gap_ms > 0)
			y->next_at = mono_add(now, MSEC(y->flow.gap_ms));
	}
	if (y->flow.close && !y->closed && y->sent == y->flow.count && y->got >= y->flow.expect) {
		y->closed = 1;
		ee_close(n->ee, now, y->rtp);
	}
}

static void
user(struct simee *n, struct mono now)
{
	struct ee_ind i;

	while (ee_recv(n->ee, now, &i))
		indication(n, now, &i);
	dial(n, now);
	dial_second(n, now);
	open_pipes(n, now);
	for (int k = 0; k < SIMEE_PIPES; k++)
		if (n->pipe[k].rtp != NULL)
			send_all(n, &n->pipe[k], now);
	if (n->dial >= 0 && n->open == 0 && n->opened == n->ended && !n->stop) {
		n->stop = 1;
		if (n->link != NULL)
			ee_hangup(n->ee, now, n->link);
		if (n->second != NULL)
			ee_hangup(n->ee, now, n->second);
	}
}

static void
in(void *node, struct mono now, int from, unsigned idx, const uint8_t *p, size_t len)
{
	struct simee *n = node;
	struct buf *b = buf_get(&n->bufs, len);
	struct ipaddr ip;
	char text[32];

	if (b == NULL)
		return;
	buf_append(b, p, len);
	(void)snprintf(text, sizeof(text), "10.0.0.%d", from + 1);
	assert(ipaddr_parse(&ip, text));
	ee_input(n->ee, now, &ip, (enum ee_port)idx, b);
}

static bool
out(void *node, struct mono now, struct simpkt *p)
{
	struct simee *n = node;
	struct ee_dgram d;

	if (!ee_output(n->ee, now, &d)) {
		user(n, now);
		if (!ee_output(n->ee, now, &d))
			return false;
	}
	p->to = d.to.b[3] - 1;
	p->idx = d.idx;
	p->len = d.hdr_len + d.data_len;
	assert(p->len <= sizeof(p->b));
	memcpy(p->b, d.hdr, d.hdr_len);
	if (d.data_len > 0)
		memcpy(p->b + d.hdr_len, d.data, d.data_len);
	return true;
}

static struct mono
deadline(void *node)
{
	struct simee *n = node;
	struct mono at = ee_deadline(n->ee), now = sim_now(n->w);

	if (n->dial >= 0 && n->link == NULL && !n->stop && mono_before(now, n->dial_at))
		at = mono_min(at, n->dial_at);
	if (n->parallel && n->second == NULL && !n->stop && mono_before(now, n->second_at))
		at = mono_min(at, n->second_at);
	for (int k = 0; k < SIMEE_PIPES; k++) {
		struct eepipe *y = &n->pipe[k];

		if (y->rtp != NULL && y->sent < y->flow.count && mono_before(now, y->next_at))
			at = mono_min(at, y->next_at);
	}
	return at;
}

static void
expire(void *node, struct mono now)
{
	struct simee *n = node;

	ee_expire(n->ee, now);
}

static void
turn(void *node, struct mono now)
{
	user(node, now);
}

static bool
idle(void *node)
{
	struct simee *n = node;

	return ee_idle(n->ee) && (n->dial < 0 || n->stop);
}

static const struct simdriver driver = {
	.input = in, .output = out, .deadline = deadline, .expire = expire, .turn = turn,
	.idle = idle,
};

struct simee *
simee_new(struct sim *w, uint32_t bufs)
{
	struct simee *n = calloc(1, sizeof(*n));
	char text[32];

	assert(n != NULL);
	n->w = w;
	n->dial = -1;
	assert(bufpool_init(&n->bufs, "sim", bufs, bufs, bufs / 8) == 0);
	n->id = sim_node(w, &driver, n);
	n->cfg = (struct ee_cfg){ .port0 = 12000, .livtime = 10, .srqtime = 15, .srqretry = 3,
	    .nodeid = 0x05d00001u + (uint32_t)n->id, .max_btu = 1461, .network_node = 1,
	    .pst = { 480, 240, 120, 60 }, .max_links = 8, .max_pipes = 64,
	    .seed = sim_rand(w), .bufs = &n->bufs };
	(void)snprintf(text, sizeof(text), "10.0.0.%d", n->id + 1);
	assert(ipaddr_parse(&n->cfg.local, text));
	(void)snprintf(text, sizeof(text), "NETA.NODE%d", n->id);
	assert(name_set(&n->cfg.cpname, text));
	return n;
}

void
simee_start(struct simee *n)
{
	int err;

	n->ee = ee_new(&n->cfg, &err);
	assert(n->ee != NULL);
}

void
simee_call(struct simee *n, const struct simee *to, uint32_t pipes, struct simflow f)
{
	n->dial = to->id;
	n->open = pipes;
	n->call = f;
	sim_wake(n->w, n->id);
}

void
simee_free(struct simee *n)
{
	ee_free(n->ee);
	bufpool_fini(&n->bufs);
	free(n);
}

bool
simee_empty(struct simee *n)
{
	return ee_idle(n->ee) && bufpool_used(&n->bufs) == 0;
}
