/* SPDX-License-Identifier: Apache-2.0
 *
 * A worker with up to three clients on socket pairs and a node that is a few
 * lines of this file: any bytes from the clients, any RPLs a node may send, time,
 * and hang-ups, in any order. Then all leave, and nothing may be left.
 *
 * First byte: the profile. One step: a byte (bits 0-2 what, 3-4 which client, 7
 * without a turn behind it), a length byte, so many bytes.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "snaee/piu.h"
#include "tn3270e/conn_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define CLIENTS 3
#define LUS 8

struct fuzzlu {
	uint32_t user, acb, sess;
	uint8_t opening, open, logging;
};

struct field {
	struct worker *w;
	struct loop loop;
	struct acb_port port;
	struct profile *p;
	_Atomic uint32_t ids;
	struct mono now;
	int fd[CLIENTS];
	struct fuzzlu lu[LUS];
	uint32_t given;
	uint8_t halted;
};

static const char *const globals[] = {
	"LUSESSIONPEND MSG07 SNAEXT", "NOLUSESSIONPEND SIMCLIENTLU", "NOTN3270E LUSESSIONPEND",
	"BINARYLINEMODE NOSGA MAXRECEIVE 1000 MAXTCPSENDQ 5000", "CODEPAGE UTF-8 IBM-273 MSG07",
	"MAXREQSESS 1 MAXRUCHAIN 3 MAXVTAMSENDQ 2 TIMEMARK 5 SCANINTERVAL 5", "KEEPLU 5 MSG07",
	"INACTIVE 20 SINGLEATTN DEBUG CONN DETAIL PROXYPROTOCOL 10.0.0.1 ENDPROXYPROTOCOL",
};

static struct profile *
profile(unsigned which)
{
	struct tnp_errs errs;
	struct profile *p;
	char text[1000];

	snprintf(text, sizeof(text), "TELNETGLOBALS %s ENDTELNETGLOBALS\n"
	    "TELNETPARMS PORT 2023 ENDTELNETPARMS\n"
	    "BEGINVTAM DEFAULTLUS LU001..LU099 ENDDEFAULTLUS "
	    "DEFAULTLUSSPEC LU001..LU099 ENDDEFAULTLUSSPEC "
	    "DEFAULTPRT PRT01..PRT09 ENDDEFAULTPRT "
	    "%s ALLOWAPPL * ENDVTAM\n", globals[which % 8], which & 8 ? "DEFAULTAPPL APPL1" :
	    "");
	tnp_errs_init(&errs);
	p = profile_parse("f", text, strlen(text), &errs);
	assert(p != NULL);
	tnp_errs_fini(&errs);
	for (unsigned i = 0; i < 4; i++)
		if (p->vtams->deflus[i / 2][i % 2] != NULL)
			p->vtams->deflus[i / 2][i % 2]->pool = (uint16_t)(i + 1);
	return p;
}

static void
field_new(struct field *f, unsigned which)
{
	memset(f, 0, sizeof(*f));
	f->now = (struct mono){ SECS(1000) };
	f->w = aligned_alloc(64, (sizeof(*f->w) + 63) / 64 * 64);
	assert(f->w != NULL);
	memset(f->w, 0, sizeof(*f->w));
	assert(loop_init(&f->loop) == 0 && worker_init(f->w, 0, &f->loop) == 0);
	f->w->next_id = &f->ids;
	assert(ring_init(&f->port.down, sizeof(struct rpl), 256) == 0 &&
	    ring_init(&f->port.up, sizeof(struct rpl), 256) == 0);
	f->port.bufs = &f->w->bufs;
	f->w->port = &f->port;
	f->p = profile(which);
	f->w->listen[0] = (struct tnlisten){ .fd = -1, .state = LS_ACTIVE, .port = f->p->ports };
	f->w->n_listen = 1;
	for (int i = 0; i < CLIENTS; i++)
		f->fd[i] = -1;
}

/* As the worker's own welcome(), but for where the socket comes from. */
static void
dial(struct field *f, int i)
{
	struct conn_from from = { .port = 1024 };
	struct conn *c;
	int fd[2];

	assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0);
	assert(ipaddr_parse(&from.addr, "10.0.0.1") && ipaddr_parse(&from.dest, "10.0.0.2"));
	c = pool_get(&f->w->conns);
	assert(c != NULL);
	f->fd[i] = fd[0];
	from.fd = fd[1];
	c->w = f->w;
	c->id = ++f->ids;
	f->w->listen[0].conns++;
	atomic_fetch_add(&f->p->users, 1);
	conn_begin(c, &from, f->p->ports, f->now);
}

static void
hang_up(struct field *f, int i)
{
	if (f->fd[i] >= 0)
		close(f->fd[i]);
	f->fd[i] = -1;
}

/* --- the node --- */

static void
up(struct field *f, const struct fuzzlu *l, struct rpl r, const void *p, size_t n)
{
	r.user = l->user;
	if (r.acb == 0)
		r.acb = l->acb;
	if (p != NULL) {
		r.buf = buf_get(f->port.bufs, n);
		assert(r.buf != NULL);
		buf_append(r.buf, p, n);
	}
	assert(ring_put(&f->port.up, &r));
}

static struct fuzzlu *
lu_at(struct field *f, uint32_t acb, uint32_t user)
{
	for (int i = 0; i < LUS; i++)
		if ((f->lu[i].open && f->lu[i].acb == acb) ||
		    (f->lu[i].opening && f->lu[i].user == user))
			return &f->lu[i];
	return NULL;
}

static void
opened(struct field *f, struct fuzzlu *l)
{
	struct acb_opened o = { .name = { .len = 0 } };
	char name[20];

	l->acb = ++f->given;
	l->opening = 0;
	l->open = 1;
	snprintf(name, sizeof(name), "NETA.LU%03u", l->acb % 99 + 1);
	assert(name_set(&o.name, name));
	up(f, l, (struct rpl){ .op = RPL_OPENED }, &o, sizeof(o));
}

static void
one_down(struct field *f, struct rpl *r)
{
	struct fuzzlu *l = lu_at(f, r->acb, r->user);

	if (r->op == RPL_OPEN) {
		assert(l == NULL);
		for (l = f->lu; l->open || l->opening; l++)
			assert(l < f->lu + LUS);
		*l = (struct fuzzlu){ .user = r->user, .opening = 1 };
	} else if (l != NULL && r->op == RPL_CLOSE) {
		up(f, l, (struct rpl){ .op = RPL_CLOSED }, NULL, 0);
		*l = (struct fuzzlu){ .user = 0 };
	} else if (l != NULL && r->op == RPL_REQSESS) {
		l->logging = 1;
	} else if (l != NULL && r->op == RPL_TERMSESS && f->halted) {
		up(f, l, (struct rpl){ .op = RPL_UNBIND, .sess = l->sess, .flags = 1 }, NULL, 0);
	}
	buf_free(r->buf);
}

static void
turn(struct field *f)
{
	struct loop_ev ev[16];
	struct rpl r;

	for (int i = 0; i < 3; i++) {
		int n = loop_wait(&f->loop, (struct mono){ 0 }, ev, 16);

		worker_turn(f->w, f->now, ev, n < 0 ? 0 : n);
		while (ring_get(&f->port.down, &r))
			one_down(f, &r);
		for (int k = 0; k < LUS && f->halted; k++)
			if (f->lu[k].opening)
				opened(f, &f->lu[k]);
	}
}

/* --- what comes from below --- */

static const uint8_t bind3270[] = { 0x31, 1, 3, 3, 0xb1, 0x90, 0x30, 0x80, 0, 0, 0x87, 0xf8, 0, 0,
	2, 0x80, 0, 0, 0, 0, 0x18, 0x50, 0, 0, 0x7e, 0, 0, 5, 0xc1, 0xd7, 0xd7, 0xd3, 0xf1, 0 };

static void
send_bind(struct field *f, struct fuzzlu *l, const uint8_t *p, size_t n)
{
	uint8_t ru[sizeof(bind3270)];

	memcpy(ru, bind3270, sizeof(ru));
	for (size_t i = 0; i + 1 < n; i += 2)
		ru[p[i] % sizeof(ru)] = p[i + 1];
	l->sess = ++f->given;
	l->logging = 0;
	up(f, l, (struct rpl){ .op = RPL_BIND, .sess = l->sess }, ru, n % 2 == 0 && n / 2 < 34 &&
	    n != 0 ? n / 2 : sizeof(ru));
}

static void
from_below(struct field *f, const uint8_t *p, size_t n)
{
	static const uint32_t rhs[] = { 0x039000 | RH_CDI, 0x038000, 0x029000, 0x000000, 0x010000,
		0x4b8000, 0x4b8020, 0x6b8000, 0x03b001, 0x038040 | RH_CDI };
	struct fuzzlu *l = &f->lu[p[0] % LUS];
	struct rpl r = { .sess = p[0] & 0x40 ? l->sess + 1 : l->sess, .snf = p[1] };
	const uint8_t *data = p + 4;
	size_t len = n - 4;

	for (int i = 0; i < LUS && !l->open && !l->opening; i++)
		l = &f->lu[i];
	if (!l->open && !l->opening)
		return;
	r.sense = p[3] & 1 ? 0 : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16;
	r.rh = p[2] & 0x80 ? (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8 | p[1] :
	    rhs[p[2] % (sizeof(rhs) / sizeof(rhs[0]))];
	if (l->opening) {
		r.op = RPL_OPENFAIL;
		r.flags = 1 + p[2] % 7;
		if (p[1] & 1)
			opened(f, l);
		else
			up(f, l, r, NULL, 0);
		if (!(p[1] & 1))
			l->opening = 0;
		return;
	}
	switch (p[1] >> 4 & 7) {
	case 0:
		send_bind(f, l, data, len);
		break;
	case 1:
		r.op = RPL_STARTED;
		up(f, l, r, NULL, 0);
		break;
	case 2:
		r.op = l->logging ? RPL_NSPE : RPL_UNBIND;
		r.flags = p[2];
		l->logging = 0;
		up(f, l, r, NULL, 0);
		break;
	case 3:
		r.op = RPL_RSP;
		up(f, l, r, NULL, 0);
		break;
	case 4:
		r.op = RPL_SENDERR;
		up(f, l, r, len == 0 ? NULL : data, len);
		break;
	case 5:
		r.op = RPL_CLOSED;
		r.flags = 1;
		up(f, l, r, NULL, 0);
		*l = (struct fuzzlu){ .user = 0 };
		break;
	default:
		r.op = RPL_DATA;
		up(f, l, r, len == 0 ? NULL : data, len);
		break;
	}
}

/* --- what comes from a client --- */

static const char *const said[] = {
	"\xff\xfb\x28", "\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0",
	"\xff\xfa\x28\x02\x07IBM-3287-1\xff\xf0",
	"\xff\xfa\x28\x02\x07IBM-DYNAMIC\x01LU007\xff\xf0",
	"\xff\xfa\x28\x03\x07\x02\x04\xff\xf0", "\xff\xfa\x28\x03\x07\xff\xf0",
	"\xff\xfa\x28\x03\x07\x02\x03\x01\xff\xf0", "\xff\xfc\x28", "\xff\xfb\x18",
	"\xff\xfc\x18", "\xff\xfb\x19\xff\xfd\x19", "LOGON APPLID(ECHO)\r\n",
	"\x07\x01\x01\x01\x01\xd3\xd6\xc7\xd6\xd5\x40\xc1\xd7\xd7\xd3\xc9\xc4\x4d\xc1\x5d\xff\xef",
	"\xff\xf4\xff\xf5\xff\xf3\xff\xf6", "\x7d\x40\x40\x11\x40\x40\xd3\xd6\xc7\xff\xef",
	"\x01\x6c\x61\x02\xff\xef",
};

static const struct {
	const char *p;
	size_t n;
} nul[] = {
	{ "\xff\xfa\x18\x00IBM-3279-2-E\xff\xf0", 18 }, { "\xff\xfb\x00\xff\xfd\x00", 6 },
	{ "\x00\x00\x00\x00\x00\x7d\x40\x40\xff\xef", 10 },
	{ "\x02\x00\x00\x00\x00\x00\xff\xef", 8 },
	{ "\x02\x00\x01\x00\x01\x02\xff\xef", 8 },
	{ "\xff\xfa\x28\x03\x07\x00\x02\x04\xff\xf0", 10 },
	{ "\x07\x00\x00\x00\x00\x93\x96\x87\x96\x86\x86\xff\xef", 13 },
	{ "\xff\xfa\x18\x00XTERM\xff\xf0", 11 },
};

static void
say(struct field *f, int i, const void *p, size_t n)
{
	if (f->fd[i] < 0)
		dial(f, i);
	(void)send(f->fd[i], p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
usual(struct field *f, int i, unsigned which)
{
	unsigned n = sizeof(said) / sizeof(said[0]);

	if (which % 24 < n)
		say(f, i, said[which % 24], strlen(said[which % 24]));
	else
		say(f, i, nul[which % 24 - n].p, nul[which % 24 - n].n);
}

static void
hear(struct field *f, int i)
{
	char b[4096];

	while (f->fd[i] >= 0 && recv(f->fd[i], b, sizeof(b), MSG_DONTWAIT) > 0)
		;
}

static void
step(struct field *f, struct rd *r)
{
	unsigned how = rd_u8(r), i = (how >> 3 & 3) % CLIENTS;
	size_t n = rd_u8(r);
	uint8_t b[256] = { 0 };

	if (n > rd_left(r))
		n = rd_left(r);
	memcpy(b, r->p, n);
	rd_skip(r, n);
	switch (how & 7) {
	case 0:
		say(f, (int)i, b, n);
		break;
	case 1: case 2:
		for (size_t k = 0; k < n; k++)
			usual(f, (int)i, b[k]);
		break;
	case 3: case 4:
		from_below(f, b, n < 4 ? 4 : n);
		break;
	case 5:
		f->now = mono_add(f->now, MSEC(b[0] * 200));
		break;
	case 6:
		hear(f, (int)i);
		break;
	case 7:
		if (b[0] & 1 && f->fd[i] >= 0)
			(void)shutdown(f->fd[i], SHUT_WR);
		else
			hang_up(f, (int)i);
		break;
	}
	if (!(how & 0x80))
		turn(f);
}

static void
field_end(struct field *f)
{
	f->halted = 1;
	for (int i = 0; i < CLIENTS; i++)
		hang_up(f, i);
	for (int i = 0; i < 4; i++)
		turn(f);
	f->now = mono_add(f->now, SECS(100));   /* what is kept for a client is let go */
	for (int i = 0; i < 8; i++)
		turn(f);
	assert(f->w->conns.used == 0 && f->w->due.n == 0);
	assert(TAILQ_EMPTY(&f->w->stall) && f->w->listen[0].conns == 0);
	assert(bufpool_used(&f->w->bufs) == 0);
	worker_fini(f->w);
	free(f->w);
	ring_fini(&f->port.down);
	ring_fini(&f->port.up);
	loop_fini(&f->loop);
	profile_free(f->p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n < 2000 ? n : 2000);
	struct field f;

	log_level_all(LOG_ERROR);
	if (n == 0)
		return 0;
	field_new(&f, rd_u8(&r));
	for (int i = 0; i < 100 && rd_left(&r) >= 2; i++)
		step(&f, &r);
	field_end(&f);
	return 0;
}
