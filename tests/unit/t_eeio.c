/* SPDX-License-Identifier: Apache-2.0
 *
 * Real sockets on the loopback interface, an unusual port base.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/loop.h"
#include "snaee/eeio.h"
#include "tests/unit/ee_pair.h"

/* Differs between runs that share a machine. */
static uint16_t
port0(void)
{
	return (uint16_t)(20000 + getpid() % 2000 * 10);
}

struct side {
	struct eeio *io;
	struct node n;
};

static void
side_open(struct side *s, const char *ip, const char *cp, uint32_t id)
{
	char why[EEIO_WHY];

	memset(s, 0, sizeof(*s));
	node_cfg(&s->n.cfg, ip, cp, id);
	s->n.cfg.port0 = port0();
	memcpy(s->n.cfg.tos, "\xc0\xc0\x80\x40\x20", EE_NPORT);
	assert_int_equal(bufpool_init(&s->n.bufs, "T", 64, 128, 8), 0);
	s->n.cfg.bufs = &s->n.bufs;
	node_start(&s->n);
	s->io = calloc(1, sizeof(*s->io));
	if (eeio_open(s->io, &s->n.cfg, why) != 0)
		fail_msg("%s", why);
}

static void
side_close(struct side *s)
{
	eeio_close(s->io);
	ee_free(s->n.ee);
	assert_int_equal(bufpool_used(&s->n.bufs), 0);
	bufpool_fini(&s->n.bufs);
	free(s->io);
}

static void
side_turn(struct side *s, struct pair *w)
{
	struct ee_ind i;

	for (unsigned k = 0; k < EE_NPORT; k++)
		(void)eeio_read(s->io, &s->io->sock[k], s->n.ee, w->now);
	ee_expire(s->n.ee, w->now);
	while (ee_recv(s->n.ee, w->now, &i))
		node_ind(w, &s->n, &i);
	(void)eeio_flush(s->io, s->n.ee, w->now);
}

static void
t_link_over_loopback(void **state)
{
	struct side a, b;
	struct pair *w = calloc(1, sizeof(*w));
	struct ee_linkparm p = { .cpcp = 1 };
	uint32_t sense;

	(void)state;
	side_open(&a, "127.0.0.1", "NETA.A", 1);
	side_open(&b, "127.0.0.2", "NETA.B", 2);
	b.n.answer.cpcp = 1;
	w->now = mono_read();
	p.remote = b.n.cfg.local;
	assert_non_null(ee_dial(a.n.ee, w->now, &p, &sense));
	for (unsigned i = 0; i < 200 && (a.n.ups == 0 || b.n.ups == 0); i++) {
		side_turn(&a, w);
		side_turn(&b, w);
	}
	assert_int_equal(a.n.ups, 1);
	assert_int_equal(b.n.ups, 1);
	assert_true(a.io->stat[EEIO_SENT] >= 5);
	assert_int_equal(a.io->stat[EEIO_SENT], b.io->stat[EEIO_RCVD]);
	assert_true(a.io->sock[0].rcvbuf > 65536);
	side_close(&a);
	side_close(&b);
	free(w);
}

static void
t_tos_and_source_port(void **state)
{
	static const int want[EE_NPORT] = { 0xc0, 0xc0, 0x80, 0x40, 0x20 };
	struct side a;

	(void)state;
	side_open(&a, "127.0.0.1", "NETA.A", 1);
	for (unsigned i = 0; i < EE_NPORT; i++) {
		struct sockaddr_in sa;
		socklen_t n = sizeof(int), sn = sizeof(sa);
		int v = 0;

		assert_int_equal(getsockopt(a.io->sock[i].fd, IPPROTO_IP, IP_TOS, &v, &n), 0);
		assert_int_equal(v, want[i]);
		assert_int_equal(getsockname(a.io->sock[i].fd, (struct sockaddr *)&sa, &sn), 0);
		assert_int_equal(ntohs(sa.sin_port), port0() + i);
	}
	side_close(&a);
}

static void
t_port_in_use(void **state)
{
	struct side a;
	struct eeio *io = calloc(1, sizeof(*io));
	struct ee_cfg other;
	char why[EEIO_WHY], want[80];

	(void)state;
	side_open(&a, "127.0.0.1", "NETA.A", 1);
	other = a.n.cfg;
	assert_int_equal(eeio_open(io, &other, why), -EADDRINUSE);
	(void)snprintf(want, sizeof(want), "UDP port %u (signal) of 127.0.0.1 is in use", port0());
	assert_non_null(strstr(why, want));
	for (unsigned i = 0; i < EE_NPORT; i++)
		assert_int_equal(io->sock[i].fd, -1);
	/* All or none: the fifth is taken. */
	other.port0 = (uint16_t)(port0() - 4);
	assert_int_equal(eeio_open(io, &other, why), -EADDRINUSE);
	assert_non_null(strstr(why, "(low)"));
	assert_true(ipaddr_parse(&other.local, "203.0.113.77"));
	assert_int_equal(eeio_open(io, &other, why), -EADDRNOTAVAIL);
	assert_non_null(strstr(why, "not an address of this machine"));
	side_close(&a);
	free(io);
}

/* Nobody listens: the kernel says so, and the ee is told for whom. */
static void
t_connection_refused(void **state)
{
	struct side a;
	struct pair *w = calloc(1, sizeof(*w));
	struct ee_linkparm p = { 0 };
	uint32_t sense;

	(void)state;
	side_open(&a, "127.0.0.1", "NETA.A", 1);
	w->now = mono_read();
	assert_true(ipaddr_parse(&p.remote, "127.0.0.3"));
	assert_non_null(ee_dial(a.n.ee, w->now, &p, &sense));
	for (unsigned i = 0; i < 50 && a.io->stat[EEIO_UNREACHABLE] == 0; i++) {
		side_turn(&a, w);
		(void)usleep(1000);
	}
	assert_int_equal(a.io->stat[EEIO_UNREACHABLE], 1);
	/* Tried again in a second, not after SRQTIME. */
	assert_in_range(ee_deadline(a.n.ee).us, w->now.us + 1, w->now.us + SECS(1));
	side_close(&a);
	free(w);
}

static void
send_all(struct side *a, struct side *b, struct pair *w, unsigned n)
{
	unsigned want = b->n.pius + n;

	for (unsigned i = 0; i < 4000 && b->n.pius < want; i++) {
		for (; n > 0 && !ee_congested(a->n.pipe); n--) {
			size_t len = n % 7 == 0 ? 300 : 1000;
			struct buf *x = buf_get(&a->n.bufs, len);

			if (x == NULL)
				break;
			memset(buf_put(x, len), (int)n, len);
			if (ee_send(a->n.ee, w->now, a->n.pipe, x) != 0) {
				buf_free(x);    /* the pool is small: later */
				break;
			}
		}
		w->now = mono_read();
		side_turn(a, w);
		side_turn(b, w);
		(void)usleep(200);
	}
	assert_int_equal(b->n.pius, want);
}

/* Datagrams of one length go in one piece where the kernel cuts it, one by one where not. */
static void
t_pieces(void **state)
{
	struct side a, b;
	struct pair *w = calloc(1, sizeof(*w));
	struct ee_linkparm p = { .cpcp = 1 };
	uint64_t together;
	uint32_t sense;

	(void)state;
	side_open(&a, "127.0.0.1", "NETA.A", 1);
	side_open(&b, "127.0.0.2", "NETA.B", 2);
	b.n.answer.cpcp = 1;
	w->now = mono_read();
	p.remote = b.n.cfg.local;
	assert_non_null(ee_dial(a.n.ee, w->now, &p, &sense));
	for (unsigned i = 0; i < 200 && (a.n.ups == 0 || b.n.ups == 0); i++) {
		side_turn(&a, w);
		side_turn(&b, w);
	}
	a.n.pipe = ee_connect(a.n.ee, w->now, a.n.link, NCE_LU, TPF_MEDIUM, "#INTER", &a);
	assert_non_null(a.n.pipe);
	send_all(&a, &b, w, 300);
	together = a.io->stat[EEIO_TOGETHER];
	if (a.io->sock[EE_MEDIUM].gso_max != 0)
		assert_true(together > 0);
	assert_int_equal(a.io->stat[EEIO_SENT], b.io->stat[EEIO_RCVD]);
	assert_int_equal(a.io->stat[EEIO_SENT_BYTES], b.io->stat[EEIO_RCVD_BYTES]);
	a.io->sock[EE_MEDIUM].gso_max = 500;    /* as after a refusal: only short ones */
	send_all(&a, &b, w, 300);
	assert_true(a.io->stat[EEIO_TOGETHER] < together + 100);
	assert_int_equal(a.io->stat[EEIO_SENT], b.io->stat[EEIO_RCVD]);
	side_close(&a);
	side_close(&b);
	free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_link_over_loopback),
		cmocka_unit_test(t_tos_and_source_port),
		cmocka_unit_test(t_port_in_use),
		cmocka_unit_test(t_connection_refused),
		cmocka_unit_test(t_pieces),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
