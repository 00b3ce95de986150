/* SPDX-License-Identifier: Apache-2.0
 *
 * Path MTU discovery with a real kernel, in a network namespace of our own: a
 * loopback that takes less, and a router's ICMP. Skipped where the machine
 * gives us no namespace.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "snaee/eeio.h"
#include "tests/unit/ee_pair.h"

#define PORT0 12000

static int
lo_mtu(int mtu)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), rc = -1;
	struct ifreq f;

	memset(&f, 0, sizeof(f));
	(void)strcpy(f.ifr_name, "lo");
	f.ifr_flags = IFF_UP;
	if (fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &f) == 0) {
		f.ifr_mtu = mtu;
		rc = ioctl(fd, SIOCSIFMTU, &f);
	}
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

static void
write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		return;
	(void)fputs(text, f);
	(void)fclose(f);
}

/* Each test in a namespace of its own, with an own idea of the paths. */
static int
new_net(void **state)
{
	static const char *const none = "no namespace";
	char map[32];
	unsigned uid = (unsigned)getuid();

	*state = NULL;
	if (unshare(CLONE_NEWNET) != 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
			memcpy(state, &none, sizeof(none));
			return 0;
		}
		write_text("/proc/self/setgroups", "deny");
		(void)snprintf(map, sizeof(map), "0 %u 1", uid);
		write_text("/proc/self/uid_map", map);
	}
	if (lo_mtu(65536) != 0)
		memcpy(state, &none, sizeof(none));
	return 0;
}

struct side {
	struct node n;
	struct eeio *io;
	unsigned mtus;
};

static void
side_open(struct side *s, const char *ip, const char *cp, uint8_t pmtud)
{
	char why[EEIO_WHY];

	memset(s, 0, sizeof(*s));
	node_cfg(&s->n.cfg, ip, cp, (uint8_t)cp[5]);
	s->n.cfg.port0 = PORT0;
	s->n.cfg.pmtud = pmtud;
	assert_int_equal(bufpool_init(&s->n.bufs, "T", 512, 512, 64), 0);
	s->n.cfg.bufs = &s->n.bufs;
	s->n.answer.cpcp = 1;
	node_start(&s->n);
	s->io = calloc(1, sizeof(*s->io));
	if (eeio_open_at(s->io, s->n.ee, 0, why) != 0)
		fail_msg("%s", why);
}

static void
side_close(struct side *s)
{
	eeio_close(s->io);
	free(s->io);
	ee_free(s->n.ee);
	assert_int_equal(bufpool_used(&s->n.bufs), 0);
	bufpool_fini(&s->n.bufs);
}

static void
side_turn(struct side *s, struct pair *w)
{
	struct ee_ind i;

	for (unsigned k = 0; k < EE_NPORT; k++)
		(void)eeio_read(s->io, &s->io->sock[k], s->n.ee, w->now);
	ee_expire(s->n.ee, w->now);
	while (ee_recv(s->n.ee, w->now, &i)) {
		s->mtus += i.what == EEI_MTU;
		node_ind(w, &s->n, &i);
	}
	(void)eeio_flush(s->io, s->n.ee, w->now);
}

/* Time goes on by itself: the pipe's timers need it. */
static void
turns(struct side *a, struct side *b, struct pair *w, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		side_turn(a, w);
		side_turn(b, w);
		w->now = mono_add(w->now, MSEC(1));
	}
}

static struct ldlc *
link_of(struct side *a, struct side *b, struct pair *w)
{
	struct ee_linkparm p = { .remote = b->n.cfg.local, .cpcp = 1 };
	uint32_t sense;
	struct ldlc *l = ee_dial(a->n.ee, w->now, &p, &sense);

	assert_non_null(l);
	turns(a, b, w, 60);
	assert_true(ldlc_active(l));
	return l;
}

/* Messages much longer than a packet, all of which must come. */
static void
send_all(struct side *a, struct side *b, struct pair *w, unsigned n)
{
	unsigned before = b->n.pius;

	if (a->n.pipe == NULL) {
		assert_non_null(ee_connect(a->n.ee, w->now, a->n.link, NCE_LU, TPF_HIGH,
		    "#INTER", &a->n));
		turns(a, b, w, 60);
		assert_non_null(a->n.pipe);
	}
	for (unsigned i = 0; i < n; i++) {
		struct buf *m = buf_get(&a->n.bufs, 4000);

		assert_non_null(m);
		memset(buf_put(m, 4000), 0x40, 4000);
		assert_int_equal(ee_send(a->n.ee, w->now, a->n.pipe, m), 0);
		turns(a, b, w, 200);
	}
	assert_int_equal(b->n.pius, before + n);
}

static void
open_both(struct side *a, struct side *b, uint8_t pmtud)
{
	log_level_all(LOG_ERROR);
	side_open(a, "127.0.0.1", "NETA.A", pmtud);
	side_open(b, "127.0.0.2", "NETA.B", pmtud);
}

static void
close_both(struct side *a, struct side *b, struct pair *w)
{
	ee_hangup(a->n.ee, w->now, a->n.link);
	turns(a, b, w, 60);
	side_close(a);
	side_close(b);
	free(w);
}

/* The route takes 1000: known with the first XID. Later it takes 900: with the next TEST,
 * and until then the kernel fragments. */
static void
t_interface(void **state)
{
	struct pair *w = calloc(1, sizeof(*w));
	struct side a, b;
	struct ldlc *l;

	if (*state != NULL || lo_mtu(1000) != 0)
		skip();
	w->now = mono_read();
	open_both(&a, &b, 1);
	l = link_of(&a, &b, w);
	assert_int_equal(l->max_btu, 1000 - 31);
	assert_int_equal(b.n.link->max_btu, 1000 - 31);
	assert_int_equal(a.mtus, 0);                    /* it was never more */
	send_all(&a, &b, w, 3);
	assert_int_equal(lo_mtu(900), 0);
	send_all(&a, &b, w, 3);
	w->now = mono_add(w->now, SECS(11));
	turns(&a, &b, w, 30);
	assert_int_equal(l->max_btu, 900 - 31);
	assert_int_equal(a.mtus, 1);
	send_all(&a, &b, w, 3);
	close_both(&a, &b, w);
}

static void
t_ignore(void **state)
{
	struct pair *w = calloc(1, sizeof(*w));
	struct side a, b;
	struct ldlc *l;

	if (*state != NULL || lo_mtu(1000) != 0)
		skip();
	w->now = mono_read();
	open_both(&a, &b, 0);
	l = link_of(&a, &b, w);
	send_all(&a, &b, w, 3);                         /* in fragments */
	assert_int_equal(l->max_btu, 1461);
	close_both(&a, &b, w);
}

static uint16_t
sum(const void *p, size_t n)
{
	const uint8_t *b = p;
	uint32_t s = 0;

	for (size_t i = 0; i < n; i += 2)
		s += (uint32_t)(b[i] << 8 | b[i + 1]);
	while (s >> 16 != 0)
		s = (s & 0xffff) + (s >> 16);
	return htons((uint16_t)~s);
}

/* As a router between a and b would: "fragmentation needed", with what it takes. */
static void
icmp(unsigned port, uint16_t mtu)
{
	struct {
		struct icmphdr icmp;
		struct iphdr ip;
		struct udphdr udp;
	} p;
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);

	assert_true(fd >= 0);
	memset(&p, 0, sizeof(p));
	p.icmp.type = ICMP_DEST_UNREACH;
	p.icmp.code = ICMP_FRAG_NEEDED;
	p.icmp.un.frag.mtu = htons(mtu);
	p.ip.version = 4;
	p.ip.ihl = 5;
	p.ip.tot_len = htons(1492);
	p.ip.frag_off = htons(IP_DF);
	p.ip.ttl = 63;
	p.ip.protocol = IPPROTO_UDP;
	p.ip.saddr = htonl(0x7f000001);
	p.ip.daddr = htonl(0x7f000002);
	p.ip.check = sum(&p.ip, sizeof(p.ip));
	p.udp.source = p.udp.dest = htons((uint16_t)port);
	p.udp.len = htons(1472);
	p.icmp.checksum = sum(&p, sizeof(p));
	to.sin_addr.s_addr = htonl(0x7f000001);
	assert_int_equal(sendto(fd, &p, sizeof(p), 0, (struct sockaddr *)&to, sizeof(to)),
	    sizeof(p));
	(void)close(fd);
}

static void
t_router(void **state)
{
	struct pair *w = calloc(1, sizeof(*w));
	struct side a, b;
	struct ldlc *l;

	if (*state != NULL)
		skip();
	w->now = mono_read();
	open_both(&a, &b, 1);
	l = link_of(&a, &b, w);
	assert_int_equal(l->max_btu, 1461);
	send_all(&a, &b, w, 3);
	icmp(PORT0 + EE_HIGH, 1200);
	turns(&a, &b, w, 10);
	assert_int_equal(l->max_btu, 1200 - 31);
	assert_int_equal(b.n.link->max_btu, 1461);      /* the other way is another way */
	assert_int_equal(a.mtus, 1);
	send_all(&a, &b, w, 3);
	/* Less than HPR can do with: the link stays at its least, IP fragments. */
	icmp(PORT0 + EE_HIGH, 576);
	turns(&a, &b, w, 10);
	assert_int_equal(l->max_btu, 768);
	assert_int_equal(a.mtus, 2);
	send_all(&a, &b, w, 3);
	close_both(&a, &b, w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(t_interface, new_net),
		cmocka_unit_test_setup(t_ignore, new_net),
		cmocka_unit_test_setup(t_router, new_net),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
