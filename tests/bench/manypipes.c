/* SPDX-License-Identifier: Apache-2.0
 *
 * manypipes - what a pipe costs among 10 and among 10,000: memory, idling, and
 * the processor time of a packet. Two nodes in one process and in virtual time,
 * all pipes between them on one link, or on as many as TG numbers allow.
 *
 *	build/bench/manypipes [quick]
 *
 * Each pipe asks once in ten virtual seconds, 100 bytes up, 800 down, in an
 * order that no cache foresees. Times are of both ends together; the quickest
 * round counts, for others share the machine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "snaee/ee_parts.h"

#define UP 100u
#define DOWN 800u
#define STEP 10u                /* questions at a time */
#define WIRE 4096u
#define IDLE_S 3600
#define ROUNDS 5

struct packet {
	struct ipaddr from;     /* who sent it */
	uint8_t port;
	uint16_t len;
	uint8_t b[1500];
};

struct node {
	struct ee *ee;
	struct bufpool bufs;
	struct packet *wire;    /* to it */
	uint32_t n_wire;
	struct rtp **pipe;
	struct ldlc **link;
	uint32_t pipes, links;
};

struct world {
	struct node n[2];
	struct mono now;
	uint32_t links, seed;
	uint64_t packets, expiries, answers;
	uint8_t echo;
};

static void
die(const char *what)
{
	(void)fprintf(stderr, "manypipes: %s\n", what);
	exit(1);
}

static double
cpu_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
rss_kib(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long pages = 0;

	if (f == NULL || fscanf(f, "%*s %ld", &pages) != 1)
		die("statm");
	(void)fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static uint32_t
prng(uint32_t *s)
{
	*s = *s * 1664525u + 1013904223u;
	return *s >> 8;
}

/* Node 1 answers at 10.0.0.1 whatever is asked of 10.1.x.y, so that node 0 has as many
 * partners' addresses as it likes. */
static void
addr(struct ipaddr *a, unsigned side, uint32_t k)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "10.%u.%u.%u", side, k >> 8 & 255, k & 255);
	if (!ipaddr_parse(a, text))
		die("address");
}

static void
node_open(struct world *w, unsigned side, uint32_t pipes)
{
	struct node *n = &w->n[side];
	struct ee_cfg c = { .port0 = 12000, .livtime = 10, .srqtime = 15, .srqretry = 3,
		.nodeid = 0x05d00001u + side, .max_btu = 1461, .network_node = 1,
		.pst = { 480, 240, 120, 60 }, .max_links = w->links, .max_pipes = pipes + 16,
		.seed = 7 + side, .bufs = &n->bufs };
	int err;

	if (bufpool_init(&n->bufs, "bench", 4 * WIRE, 4 * WIRE, 1024) != 0)
		die("buffers");
	addr(&c.local, side, 1);
	(void)name_set(&c.cpname, side == 0 ? "NETA.A" : "NETA.B");
	n->ee = ee_new(&c, &err);
	n->wire = calloc(WIRE, sizeof(*n->wire));
	n->pipe = calloc(pipes, sizeof(struct rtp *));
	n->link = calloc(w->links, sizeof(struct ldlc *));
	if (n->ee == NULL || n->wire == NULL || n->pipe == NULL || n->link == NULL)
		die("node");
}

static void
message(struct world *w, unsigned side, struct rtp *r, uint32_t len)
{
	struct buf *b = buf_get(&w->n[side].bufs, len);

	if (b == NULL)
		die("no buffer");
	memset(buf_put(b, len), 0x5a, len);
	if (ee_send(w->n[side].ee, w->now, r, b) != 0)
		die("a pipe does not take a message");
}

static void
indication(struct world *w, unsigned side, struct ee_ind *i)
{
	struct node *n = &w->n[side];
	struct ee_linkparm p = { .tgn = 0 };

	switch ((enum ee_what)i->what) {
	case EEI_CALL:
		ee_answer(n->ee, w->now, i->link, &p);
		break;
	case EEI_LINK_UP:
		n->link[n->links++] = i->link;
		break;
	case EEI_PIPE_UP:
		n->pipes++;
		ee_sessions(i->rtp, 1);
		break;
	case EEI_PIU:
		buf_free(i->buf);
		w->answers++;
		if (side == 1)
			message(w, 1, i->rtp, DOWN);
		break;
	case EEI_LINK_DOWN:
	case EEI_PIPE_DOWN:
	case EEI_DENIED:
		die("something ended");
	case EEI_STALL:
	case EEI_PATH:
	case EEI_PROBE:
	case EEI_MTU:
	case EEI_IDLE:
		break;
	}
}

/* One after the other, both ends, until nothing is on its way. */
static void
turn(struct world *w, unsigned side)
{
	struct node *n = &w->n[side], *o = &w->n[1 - side];
	struct ee_ind i;
	struct ee_dgram d;

	for (uint32_t k = 0; k < n->n_wire; k++) {
		struct packet *p = &n->wire[k];
		struct buf *b = buf_get(&n->bufs, p->len);

		if (b == NULL)
			die("no buffer");
		buf_append(b, p->b, p->len);
		ee_input(n->ee, w->now, &p->from, (enum ee_port)p->port, b);
	}
	w->packets += n->n_wire;
	n->n_wire = 0;
	w->expiries += mono_due(ee_deadline(n->ee), w->now);
	ee_expire(n->ee, w->now);
	while (ee_recv(n->ee, w->now, &i))
		indication(w, side, &i);
	while (o->n_wire < WIRE && ee_output(n->ee, w->now, &d)) {
		struct packet *p = &o->wire[o->n_wire++];

		/* Of which of its addresses node 1 speaks shows in the address it speaks to. */
		p->from = d.to;
		p->from.b[1] = (uint8_t)side;
		p->port = d.idx;
		p->len = (uint16_t)(d.hdr_len + d.data_len);
		memcpy(p->b, d.hdr, d.hdr_len);
		if (d.data_len > 0)
			memcpy(p->b + d.hdr_len, d.data, d.data_len);
	}
}

static void
run(struct world *w, int64_t us)
{
	struct mono end = mono_add(w->now, us), next;

	for (;;) {
		turn(w, 0);
		turn(w, 1);
		next = mono_min(ee_deadline(w->n[0].ee), ee_deadline(w->n[1].ee));
		if (w->n[0].n_wire > 0)
			next = mono_min(next, mono_add(w->now, MSEC(1)));
		if (!mono_before(next, end))
			break;
		w->now = mono_before(w->now, next) ? next : w->now;
	}
	w->now = end;
}

static void
open_all(struct world *w, uint32_t pipes)
{
	struct node *n = &w->n[0];
	uint32_t sense;

	for (uint32_t k = 0; k < w->links; k++) {
		struct ee_linkparm p = { .tgn = 0 };

		addr(&p.remote, 1, k + 1);
		if (ee_dial(n->ee, w->now, &p, &sense) == NULL)
			die("dial");
		if (k % 16 == 15)
			run(w, SECS(1));
	}
	run(w, SECS(5));
	if (n->links != w->links)
		die("links");
	for (uint32_t k = 0; k < pipes; k++) {
		n->pipe[k] = ee_connect(n->ee, w->now, n->link[k % w->links], NCE_LU, TPF_HIGH,
		    "#INTER", NULL);
		if (n->pipe[k] == NULL)
			die("connect");
		if (k % 64 == 63)
			run(w, MSEC(50));
	}
	run(w, SECS(5));
	if (n->pipes != pipes || w->n[1].pipes != pipes)
		die("pipes");
}

struct result {
	uint32_t pipes, links;
	double kib;             /* of memory, a pipe and end */
	double idle_us;         /* CPU an idle second, both ends */
	double idle_packets;    /* .. and packets */
	double packet_us;       /* CPU, both ends */
	double few_us;          /* .. when a hundred are busy and the others idle */
	double per_pair;
};

/* CPU a packet when busy of the pipes ask; *per: packets a pair. */
static double
traffic(struct world *w, uint32_t busy, int64_t step, uint32_t pairs, double *per)
{
	double best = 1e9, s;

	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t was = w->packets, asked = w->answers;

		s = cpu_s();
		for (uint32_t k = 0; k < pairs / STEP; k++) {
			for (uint32_t i = 0; i < STEP; i++)
				message(w, 0, w->n[0].pipe[prng(&w->seed) % busy], UP);
			run(w, step);
		}
		run(w, SECS(1));
		s = cpu_s() - s;
		if (w->answers - asked != 2 * pairs)
			die("answers");
		*per = (double)(w->packets - was) / pairs;
		s = s * 1e6 / (double)(w->packets - was);
		best = s < best ? s : best;
	}
	return best;
}

static void
idle(struct world *w, struct result *r)
{
	double best = 1e9, s;

	run(w, SECS(600));
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t was = w->packets;

		s = cpu_s();
		run(w, SECS(IDLE_S));
		s = cpu_s() - s;
		if (s < best) {
			best = s;
			r->idle_us = s * 1e6 / IDLE_S;
			r->idle_packets = (double)(w->packets - was) / IDLE_S;
		}
	}
}

static struct result
measure(uint32_t pipes, uint32_t links, uint32_t pairs)
{
	struct result r = { .pipes = pipes, .links = links };
	struct world *w = calloc(1, sizeof(*w));
	double before, per;

	if (w == NULL)
		die("memory");
	w->links = links;
	w->seed = 1;
	w->now.us = SECS(1000);
	node_open(w, 0, pipes);
	node_open(w, 1, pipes);
	before = rss_kib();
	open_all(w, pipes);
	r.kib = (rss_kib() - before) / pipes / 2;
	r.packet_us = traffic(w, pipes, SECS(10) * STEP / pipes, pairs, &r.per_pair);
	r.few_us = traffic(w, pipes < 100 ? pipes : 100, MSEC(20), pairs, &per);
	idle(w, &r);
	for (int i = 0; i < 2; i++) {
		ee_free(w->n[i].ee);
		bufpool_fini(&w->n[i].bufs);
		free(w->n[i].wire);
		free(w->n[i].pipe);
		free(w->n[i].link);
	}
	free(w);
	return r;
}

int
main(int argc, char **argv)
{
	static const uint32_t size[][2] = { { 10, 1 }, { 100, 1 }, { 1000, 1 }, { 10000, 1 },
		{ 10000, 200 } };
	uint32_t pairs = argc > 1 && strcmp(argv[1], "quick") == 0 ? 2000 : 20000;
	struct result r, first = { 0 };

	log_level_all(LOG_ERROR);
	printf("%6s %6s %10s %14s %10s %12s %10s %6s %10s %6s\n", "pipes", "links", "KiB a pipe",
	    "CPU us/idle s", "packets/s", "packets/pair", "us/packet", "x", "100 busy", "x");
	for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		r = measure(size[i][0], size[i][1], pairs);
		if (i == 0)
			first = r;
		printf("%6u %6u %10.2f %14.1f %10.2f %12.2f %10.3f %6.2f %10.3f %6.2f\n", r.pipes,
		    r.links, r.kib, r.idle_us, r.idle_packets, r.per_pair, r.packet_us,
		    r.packet_us / first.packet_us, r.few_us, r.few_us / first.few_us);
		(void)fflush(stdout);
	}
	return 0;
}
