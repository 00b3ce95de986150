/* SPDX-License-Identifier: Apache-2.0
 *
 * pipeload - one RTP connection between two processes on loopback, beside the
 * bare system calls with datagrams of the same size.
 *
 *   pipeload bulk  [-n bytes-a-message] [-b max-btu] [-t seconds]
 *   pipeload pairs [-w outstanding] [-t seconds]        100 bytes up, 800 down
 *   pipeload bare  [-n bytes] [-t seconds]              sendmmsg and recvmmsg
 *   pipeload gso   [-n bytes] [-t seconds]              UDP_SEGMENT and UDP_GRO
 *
 * Prints one line of key=value: bytes, seconds, pairs, CPU seconds of the
 * sender (cpu_a) and the receiver (cpu_b), datagrams lost.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/loop.h"
#include "snaee/ee.h"
#include "snaee/eeio.h"

#define UP 100u
#define DOWN 800u
#define BATCH 32
#define GSO_BATCH 40
#define PORT0 22000
#define QUEUE 256u              /* messages waiting in the pipe */
#define EVENTS 8

struct want {
	const char *mode;
	uint32_t n, window;
	uint16_t btu;
	int seconds;
};

/* What the two processes tell each other. */
struct shared {
	_Atomic uint64_t bytes, pairs, datagrams;
	_Atomic int stop;
	_Atomic int64_t cpu_b_us;
};

struct end {
	const struct want *want;
	struct shared *sh;
	struct bufpool bufs;
	struct ee *ee;
	struct eeio io;
	struct loop loop;
	struct rtp *pipe;
	struct ldlc *link;
	uint8_t caller, asked;
	uint32_t open;          /* questions without an answer */
	struct bufq owed;       /* answers */
};

static void
die(const char *what)
{
	fprintf(stderr, "pipeload: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t
cpu_us(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec +
	    u.ru_stime.tv_usec;
}

static void
addr_of(struct ipaddr *a, int side)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "127.77.%d.%d", (int)getpgrp() % 250, side + 1);
	if (!ipaddr_parse(a, text))
		die("address");
}

/* --- a node --- */

static void
node_open(struct end *e, int side)
{
	struct ee_cfg cfg = { .port0 = PORT0, .livtime = 10, .srqtime = 5, .srqretry = 3,
		.nodeid = 0x05d00001u + (uint32_t)side, .max_btu = e->want->btu,
		.network_node = 1, .pst = { 60, 60, 60, 60 }, .max_links = 4, .max_pipes = 4,
		.seed = 7u + (uint64_t)side };
	char why[EEIO_WHY];
	int err;

	if (bufpool_init(&e->bufs, "bench", 4096, 32768, 4096) != 0)
		die("buffers");
	cfg.bufs = &e->bufs;
	addr_of(&cfg.local, side);
	(void)name_set(&cfg.cpname, side == 0 ? "NETA.A" : "NETA.B");
	e->ee = ee_new(&cfg, &err);
	if (e->ee == NULL || loop_init(&e->loop) != 0)
		die("node");
	if (eeio_open(&e->io, ee_config(e->ee), why) != 0) {
		fprintf(stderr, "pipeload: %s\n", why);
		exit(1);
	}
	if (eeio_watch(&e->io, &e->loop, 1) != 0)
		die("watch");
	bufq_init(&e->owed);
}

static void
message(struct end *e, struct mono now, uint32_t len)
{
	while (len > 0) {
		struct buf *b = buf_get(&e->bufs, len);

		if (b == NULL)
			return;
		memset(buf_put(b, len), 0x5a, len);
		if (ee_send(e->ee, now, e->pipe, b) != 0)
			buf_free(b);
		return;
	}
}

static void
feed(struct end *e, struct mono now)
{
	bool pairs = strcmp(e->want->mode, "pairs") == 0;

	if (e->pipe == NULL || !e->caller)
		return;
	if (!pairs) {
		for (unsigned i = 0; i < QUEUE && !ee_congested(e->pipe); i++)
			message(e, now, e->want->n);
		return;
	}
	while (e->open < e->want->window) {
		message(e, now, UP);
		e->open++;
	}
}

static void
piu(struct end *e, struct mono now, struct buf *b)
{
	e->sh->bytes += e->caller ? 0 : b->len;
	if (strcmp(e->want->mode, "pairs") == 0) {
		if (e->caller) {
			e->open--;
			e->sh->pairs++;
		} else {
			message(e, now, DOWN);
		}
	}
	buf_free(b);
}

static void
indication(struct end *e, struct mono now, struct ee_ind *i)
{
	struct ee_linkparm p = { .cpcp = 1 };

	switch ((enum ee_what)i->what) {
	case EEI_CALL:
		ee_answer(e->ee, now, i->link, &p);
		break;
	case EEI_LINK_UP:
		e->link = i->link;
		if (e->caller && !e->asked &&
		    ee_connect(e->ee, now, i->link, NCE_LU, TPF_MEDIUM, "#BATCH", e) != NULL)
			e->asked = 1;
		break;
	case EEI_PIPE_UP:
		e->pipe = i->rtp;
		if (i->called) {
			ee_adopt(i->rtp, e);
			ee_sessions(i->rtp, 1);
		}
		break;
	case EEI_PIU:
		piu(e, now, i->buf);
		break;
	case EEI_LINK_DOWN:
	case EEI_PIPE_DOWN:
		fprintf(stderr, "pipeload: down, sense %08x\n", i->sense);
		e->pipe = NULL;
		e->sh->stop = 1;
		break;
	case EEI_DENIED:
	case EEI_IDLE:
	case EEI_PROBE:
	case EEI_MTU:
	case EEI_STALL:
	case EEI_PATH:
		break;
	}
}

static void
turn(struct end *e)
{
	struct loop_ev ev[EVENTS];
	struct mono at = ee_deadline(e->ee), now;
	struct ee_ind i;
	int n;

	now = mono_read();
	at = mono_min(at, mono_add(now, 20000));
	n = loop_wait(&e->loop, at, ev, EVENTS);
	now = mono_read();
	for (int k = 0; k < n; k++)
		for (unsigned s = 0; s < EE_NPORT; s++)
			if (ev[k].tag == &e->io.sock[s].tag)
				(void)eeio_read(&e->io, &e->io.sock[s], e->ee, now);
	ee_expire(e->ee, now);
	while (ee_recv(e->ee, now, &i))
		indication(e, now, &i);
	feed(e, now);
	(void)eeio_flush(&e->io, e->ee, now);
}

static void
node(const struct want *w, struct shared *sh, int side)
{
	struct end e = { .want = w, .sh = sh, .caller = side == 0 };
	struct ee_linkparm p = { .cpcp = 1 };
	uint32_t sense;

	node_open(&e, side);
	if (side == 0) {
		addr_of(&p.remote, 1);
		if (ee_dial(e.ee, mono_read(), &p, &sense) == NULL)
			die("dial");
	}
	while (!sh->stop)
		turn(&e);
	if (getenv("SHOW") != NULL && e.pipe != NULL) {
		struct con con;
		char *text;

		con_init(&con);
		ee_show(e.ee, mono_read(), &con);
		eeio_show(&e.io, &con);
		text = con_json(&con);
		fputs(text != NULL ? text : "", stderr);
		free(text);
		con_fini(&con);
	}
}

/* --- the bare neighbours --- */

static int
udp(int side, int port)
{
	struct sockaddr_storage ss;
	struct ipaddr a;
	socklen_t n;
	int fd = socket(AF_INET, SOCK_DGRAM, 0), v = EEIO_SOCKBUF;

	addr_of(&a, side);
	n = ipaddr_to_sa(&a, (uint16_t)port, &ss);
	if (fd < 0 || bind(fd, (struct sockaddr *)&ss, n) != 0)
		die("bare socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &v, sizeof(v));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &v, sizeof(v));
	return fd;
}

static void
bare_send(const struct want *w, struct shared *sh, unsigned gso)
{
	static char data[65536];
	struct mmsghdr m[BATCH];
	struct iovec v;
	struct sockaddr_storage ss;
	struct ipaddr a;
	int fd = udp(0, PORT0 + 9);
	int seg = (int)w->n;
	unsigned per = gso ? GSO_BATCH : 1;

	while (per > 1 && per * w->n > 65000)
		per--;
	addr_of(&a, 1);
	v = (struct iovec){ data, per * w->n };
	if (gso && setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &seg, sizeof(seg)) != 0)
		die("UDP_SEGMENT");
	for (int i = 0; i < BATCH; i++)
		m[i].msg_hdr = (struct msghdr){ .msg_name = &ss, .msg_iov = &v, .msg_iovlen = 1,
			.msg_namelen = ipaddr_to_sa(&a, PORT0 + 8, &ss) };
	while (!sh->stop) {
		int k = sendmmsg(fd, m, gso ? 1 : BATCH, 0);

		if (k > 0)
			sh->datagrams += (uint64_t)k * per;
	}
}

static void
bare_recv(const struct want *w, struct shared *sh, unsigned gro)
{
	static char data[BATCH][65536];
	struct mmsghdr m[BATCH];
	struct iovec v[BATCH];
	int fd = udp(1, PORT0 + 8), on = 1;

	(void)w;
	if (gro && setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)) != 0)
		die("UDP_GRO");
	for (int i = 0; i < BATCH; i++) {
		v[i] = (struct iovec){ data[i], sizeof(data[i]) };
		m[i].msg_hdr = (struct msghdr){ .msg_iov = &v[i], .msg_iovlen = 1 };
	}
	while (!sh->stop) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int k;

		if (poll(&p, 1, 20) <= 0)
			continue;
		k = recvmmsg(fd, m, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < k; i++)
			sh->bytes += m[i].msg_len;
	}
}

static void
side_run(const struct want *w, struct shared *sh, int side)
{
	unsigned gso = strcmp(w->mode, "gso") == 0;

	if (!gso && strcmp(w->mode, "bare") != 0)
		node(w, sh, side);
	else if (side == 0)
		bare_send(w, sh, gso);
	else
		bare_recv(w, sh, gso);
}

/* --- */

static int
usage(void)
{
	fprintf(stderr, "usage: pipeload bulk|pairs|bare|gso [-n bytes] [-b max-btu] "
	    "[-w window] [-t seconds]\n");
	return 2;
}

struct mark {
	uint64_t bytes, pairs;
	struct mono at;
};

static struct mark
mark(const struct shared *sh)
{
	return (struct mark){ sh->bytes, sh->pairs, mono_read() };
}

static pid_t
start(const struct want *w, struct shared *sh, int side)
{
	pid_t pid = fork();
	int64_t us;

	if (pid != 0)
		return pid;
	side_run(w, sh, side);
	us = cpu_us();
	if (side == 1)
		sh->cpu_b_us = us;
	_exit(0);
}

static int
measure(const struct want *w, struct shared *sh)
{
	pid_t b = start(w, sh, 1), a = start(w, sh, 0);
	struct rusage ua, ub;
	struct mark from, to;
	double s;

	if (a < 0 || b < 0)
		die("fork");
	(void)usleep(500000);           /* link, pipe, and the first doublings of the rate */
	(void)usleep((useconds_t)(w->seconds * 100000));
	from = mark(sh);
	(void)sleep((unsigned)w->seconds);
	to = mark(sh);
	sh->stop = 1;
	(void)wait4(a, NULL, 0, &ua);
	(void)wait4(b, NULL, 0, &ub);
	s = (double)mono_diff(to.at, from.at) / 1e6;
	printf("mbit=%.0f pairs=%.0f cpu_a=%.2f cpu_b=%.2f seconds=%.2f\n",
	    (double)(to.bytes - from.bytes) * 8 / s / 1e6, (double)(to.pairs - from.pairs) / s,
	    (double)(ua.ru_utime.tv_sec + ua.ru_stime.tv_sec) +
	    (double)(ua.ru_utime.tv_usec + ua.ru_stime.tv_usec) / 1e6,
	    (double)(ub.ru_utime.tv_sec + ub.ru_stime.tv_sec) +
	    (double)(ub.ru_utime.tv_usec + ub.ru_stime.tv_usec) / 1e6, s);
	return 0;
}

int
main(int argc, char **argv)
{
	struct want w = { .n = 1400, .window = 64, .btu = 1461, .seconds = 5 };
	struct shared *sh;
	int c;

	if (argc < 2)
		return usage();
	w.mode = argv[1];
	optind = 2;
	while ((c = getopt(argc, argv, "n:b:w:t:")) != -1) {
		int v = atoi(optarg == NULL ? "0" : optarg);

		if (v <= 0)
			return usage();
		if (c == 'n')
			w.n = (uint32_t)v;
		else if (c == 'b')
			w.btu = (uint16_t)v;
		else if (c == 'w')
			w.window = (uint32_t)v;
		else if (c == 't')
			w.seconds = v;
		else
			return usage();
	}
	sh = mmap(NULL, sizeof(*sh), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sh == MAP_FAILED)
		die("memory");
	return measure(&w, sh);
}
