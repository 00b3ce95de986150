/* SPDX-License-Identifier: Apache-2.0
 *
 * One ee with several local addresses, over real sockets: each link uses its
 * own, IPv4 and IPv6 side by side, and every datagram has its type of service.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "snaee/eeio.h"
#include "snaee/sense.h"
#include "tests/unit/ee_pair.h"

static const uint8_t tos[EE_NPORT] = { 0xc4, 0xc0, 0x80, 0x40, 0x20 };

struct side {
	struct node n;
	struct eeio *io[2];     /* one for each local address */
};

/* Away from the demo's ports, and from another run of this test. */
static uint16_t
port0(void)
{
	return (uint16_t)(21000 + (getpid() * 7) % 8000);
}

/* Some machines have IPv6 turned off. */
static void
need_ipv6(void)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	int rc = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&sa, sizeof(sa));

	if (fd >= 0)
		(void)close(fd);
	if (rc != 0)
		skip();
}

static void
side_open(struct side *s, const char *ip, const char *second, const char *cp)
{
	char why[EEIO_WHY];
	struct ipaddr a;

	memset(s, 0, sizeof(*s));
	node_cfg(&s->n.cfg, ip, cp, (uint8_t)cp[5]);
	s->n.cfg.port0 = port0();
	memcpy(s->n.cfg.tos, tos, EE_NPORT);
	assert_int_equal(bufpool_init(&s->n.bufs, "T", 64, 128, 8), 0);
	s->n.cfg.bufs = &s->n.bufs;
	s->n.answer.cpcp = 1;
	node_start(&s->n);
	if (second != NULL) {
		assert_true(ipaddr_parse(&a, second));
		assert_int_equal(ee_add_local(s->n.ee, &a), 1);
		assert_int_equal(ee_add_local(s->n.ee, &a), 1);
	}
	for (unsigned i = 0; i < (second == NULL ? 1u : 2u); i++) {
		s->io[i] = calloc(1, sizeof(*s->io[i]));
		if (eeio_open_at(s->io[i], s->n.ee, i, why) != 0)
			fail_msg("%s", why);
	}
	s->io[0]->more = s->io[1];
}

static void
side_close(struct side *s)
{
	for (unsigned i = 0; i < 2; i++) {
		if (s->io[i] != NULL)
			eeio_close(s->io[i]);
		free(s->io[i]);
	}
	ee_free(s->n.ee);
	assert_int_equal(bufpool_used(&s->n.bufs), 0);
	bufpool_fini(&s->n.bufs);
}

static void
side_turn(struct side *s, struct pair *w)
{
	struct ee_ind i;

	for (unsigned a = 0; a < 2 && s->io[a] != NULL; a++)
		for (unsigned k = 0; k < EE_NPORT; k++)
			(void)eeio_read(s->io[a], &s->io[a]->sock[k], s->n.ee, w->now);
	ee_expire(s->n.ee, w->now);
	while (ee_recv(s->n.ee, w->now, &i))
		node_ind(w, &s->n, &i);
	(void)eeio_flush(s->io[0], s->n.ee, w->now);
}

static void
turns(struct side *a, struct side *b, struct pair *w)
{
	for (unsigned i = 0; i < 60; i++) {
		side_turn(a, w);
		if (b != NULL)
			side_turn(b, w);
	}
}

/* Two links between the same nodes, from two addresses: parallel TGs. */
static void
t_each_link_from_its_address(void **state)
{
	struct pair *w = calloc(1, sizeof(*w));
	struct ee_linkparm p = { .cpcp = 1 };
	struct side a, b;
	struct ldlc *one, *two;
	uint32_t sense;

	(void)state;
	log_level_all(LOG_ERROR);
	w->now = mono_read();
	side_open(&a, "127.0.0.1", "127.0.0.3", "NETA.A");
	side_open(&b, "127.0.0.2", NULL, "NETA.B");
	p.remote = b.n.cfg.local;
	one = ee_dial(a.n.ee, w->now, &p, &sense);
	assert_non_null(one);
	assert_null(ee_dial(a.n.ee, w->now, &p, &sense));
	assert_int_equal(sense, SENSE_XID_PARALLEL);
	turns(&a, &b, w);
	p.local = 1;
	two = ee_dial(a.n.ee, w->now, &p, &sense);
	assert_non_null(two);
	turns(&a, &b, w);
	assert_int_equal(a.n.ups, 2);
	assert_int_equal(b.n.ups, 2);
	assert_int_equal(ldlc_tgn(one), 21);
	assert_int_equal(ldlc_tgn(two), 22);
	assert_int_equal(two->nlp_ssap, 0xc8);          /* its own pair of addresses */
	assert_true(ipaddr_eq(ldlc_local(two), ee_local(a.n.ee, 1)));
	for (struct ldlc *l = ee_next_link(b.n.ee, NULL); l != NULL; l = ee_next_link(b.n.ee, l))
		assert_true(ipaddr_eq(ldlc_remote(l), ee_local(a.n.ee, ldlc_tgn(l) - 21)));
	/* One goes, the other stays. */
	ee_hangup(a.n.ee, w->now, one);
	turns(&a, &b, w);
	assert_int_equal(a.n.downs, 1);
	assert_int_equal(b.n.downs, 1);
	assert_true(ldlc_active(two));
	side_close(&a);
	side_close(&b);
	free(w);
}

/* Our own address is no partner's, whichever it is; nor one of another family. */
static void
t_dial_is_checked(void **state)
{
	struct ee_linkparm p = { .cpcp = 1 };
	struct pair *w;
	struct side a;
	uint32_t sense;

	(void)state;
	need_ipv6();
	w = calloc(1, sizeof(*w));
	w->now = mono_read();
	side_open(&a, "127.0.0.1", "::1", "NETA.A");
	p.remote = *ee_local(a.n.ee, 0);
	assert_null(ee_dial(a.n.ee, w->now, &p, &sense));
	p.remote = *ee_local(a.n.ee, 1);
	assert_null(ee_dial(a.n.ee, w->now, &p, &sense));
	p.local = 1;
	assert_true(ipaddr_parse(&p.remote, "127.0.0.9"));
	assert_null(ee_dial(a.n.ee, w->now, &p, &sense));
	p.local = 7;                                    /* there is none */
	assert_null(ee_dial(a.n.ee, w->now, &p, &sense));
	side_close(&a);
	free(w);
}

/* A probe sends a TEST to each of the five ports: what arrives there? */
static void
t_type_of_service_arrives(void **state)
{
	struct pair *w = calloc(1, sizeof(*w));
	int fd[EE_NPORT], on = 1;
	struct ipaddr to;
	struct side a;

	(void)state;
	w->now = mono_read();
	side_open(&a, "127.0.0.1", NULL, "NETA.A");
	assert_true(ipaddr_parse(&to, "127.0.0.4"));
	for (unsigned i = 0; i < EE_NPORT; i++) {
		struct sockaddr_storage ss;
		socklen_t n = ipaddr_to_sa(&to, (uint16_t)(port0() + i), &ss);

		fd[i] = socket(AF_INET, SOCK_DGRAM, 0);
		assert_int_equal(bind(fd[i], (struct sockaddr *)&ss, n), 0);
		assert_int_equal(setsockopt(fd[i], IPPROTO_IP, IP_RECVTOS, &on, sizeof(on)), 0);
	}
	assert_int_not_equal(ee_probe(a.n.ee, w->now, 0, &to), 0);
	side_turn(&a, w);
	for (unsigned i = 0; i < EE_NPORT; i++) {
		uint8_t data[64], got = 0;
		char ctl[64];
		struct iovec v = { data, sizeof(data) };
		struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = ctl,
			.msg_controllen = sizeof(ctl) };

		assert_true(recvmsg(fd[i], &m, MSG_DONTWAIT) > 3);
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c))
			if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS)
				memcpy(&got, CMSG_DATA(c), 1);
		assert_int_equal(got, tos[i]);
		(void)close(fd[i]);
	}
	side_close(&a);
	free(w);
}

/* The node probes itself over IPv6 while it has IPv4 too. */
static void
t_both_families(void **state)
{
	struct pair *w;
	struct side a;

	(void)state;
	need_ipv6();
	w = calloc(1, sizeof(*w));
	w->now = mono_read();
	side_open(&a, "127.0.0.1", "::1", "NETA.A");
	for (unsigned i = 0; i < EE_NPORT; i++) {
		socklen_t n = sizeof(int);
		int v = 0;

		assert_int_equal(getsockopt(a.io[1]->sock[i].fd, IPPROTO_IPV6, IPV6_TCLASS, &v,
		    &n), 0);
		assert_int_equal(v, tos[i]);
	}
	assert_int_not_equal(ee_probe(a.n.ee, w->now, 1, ee_local(a.n.ee, 1)), 0);
	turns(&a, NULL, w);
	assert_int_equal(a.n.probes, 1);
	assert_int_equal(a.n.probe.ok, 0x1f);
	assert_int_equal(a.io[0]->stat[EEIO_SENT], 0);
	assert_int_equal(a.io[1]->stat[EEIO_SENT], 10);
	side_close(&a);
	free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_each_link_from_its_address), cmocka_unit_test(t_dial_is_checked),
		cmocka_unit_test(t_type_of_service_arrives), cmocka_unit_test(t_both_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
