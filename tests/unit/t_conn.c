/* SPDX-License-Identifier: Apache-2.0
 * style: long file: one life in its order.
 * A worker with real sockets on loopback, virtual time, and a node that is a
 * few lines of this file: what a client sees from its first byte to its last.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/telnet_feed.h"

#include "snaee/sense.h"
#include "tn3270e/conn_parts.h"

#define BIND_RU "31010303b1903080000087f80000028000000000185000007e0000" "05c1d7d7d3f1" "00"
#define PSEUDO "0300000000 31010202000030800084 87f880000280 00000000 1850 0000 7e 0000 " \
	"06 e3c5d3d5c5e3 00 ffef"

struct rig {
	struct worker *w;
	struct loop loop;
	struct acb_port port;
	struct profile *p;
	_Atomic uint32_t next_id;
	struct mono now;
	uint16_t tcp;
	/* the node */
	unsigned given, opens, closes, terms;
	enum acb_err refuse;
	uint32_t nspe;
	uint8_t silent;                 /* OPEN is not answered */
	uint32_t sess, acb, user;
	char appl[20], mode[9], name[20];
	uint16_t pool0;
	char sent[8192];                /* RPL_SEND of the clients, hex */
	char got[65536];
};

static uint16_t
free_port(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	socklen_t n = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &n), 0);
	close(fd);
	return ntohs(sa.sin_port);
}

static struct profile *
parse(const char *globals, const char *vtam, uint16_t tcp)
{
	struct tnp_errs errs;
	struct profile *p;
	char text[4000], line[400];

	snprintf(text, sizeof(text), "TELNETGLOBALS %s ENDTELNETGLOBALS\n"
	    "TELNETPARMS PORT %u,127.0.0.1 ENDTELNETPARMS\nBEGINVTAM %s ENDVTAM\n", globals, tcp,
	    vtam);
	tnp_errs_init(&errs);
	p = profile_parse("t", text, strlen(text), &errs);
	for (const struct tnp_err *e = errs.first; e != NULL; e = e->next)
		if (e->sev == TNP_FAIL)
			fail_msg("%s", tnp_err_line(e, "t", line, sizeof(line)));
	tnp_errs_fini(&errs);
	for (unsigned i = 0; i < 4; i++)
		if (p->vtams->deflus[i / 2][i % 2] != NULL)
			p->vtams->deflus[i / 2][i % 2]->pool = (uint16_t)(i + 1);
	for (struct tnp_group *g = p->vtams->groups; g != NULL; g = g->next)
		g->pool = 9;
	return p;
}

#define LUS "DEFAULTLUS LU001..LU099 ENDDEFAULTLUS DEFAULTLUSSPEC LU001..LU099 ENDDEFAULTLUSSPEC " \
	"DEFAULTPRT PRT01..PRT09 ENDDEFAULTPRT ALLOWAPPL * "

static struct rig *
rig_new(const char *globals, const char *vtam)
{
	struct rig *g = aligned_alloc(64, (sizeof(*g) + 63) / 64 * 64);
	struct worker_msg m = { .op = WO_PROFILE };

	assert_non_null(g);
	memset(g, 0, sizeof(*g));
	g->now = (struct mono){ SECS(1000) };
	g->w = aligned_alloc(64, (sizeof(*g->w) + 63) / 64 * 64);
	memset(g->w, 0, sizeof(*g->w));
	assert_int_equal(loop_init(&g->loop), 0);
	assert_int_equal(worker_init(g->w, 0, &g->loop), 0);
	g->w->next_id = &g->next_id;
	assert_int_equal(ring_init(&g->port.down, sizeof(struct rpl), 256), 0);
	assert_int_equal(ring_init(&g->port.up, sizeof(struct rpl), 256), 0);
	g->port.bufs = &g->w->bufs;
	g->w->port = &g->port;
	g->tcp = free_port();
	g->p = parse(globals, vtam, g->tcp);
	m.profile = g->p;
	atomic_fetch_add(&g->p->users, 1);              /* the order's */
	assert_true(ring_put(&g->w->orders, &m));
	worker_turn(g->w, g->now, NULL, 0);
	assert_int_equal(g->w->n_listen, 1);
	assert_true(g->w->listen[0].fd >= 0);
	return g;
}

/* --- the node --- */

static void
up(struct rig *g, struct rpl r, const void *parm, size_t n)
{
	r.acb = g->acb;
	r.user = g->user;
	if (parm != NULL) {
		r.buf = buf_get(&g->w->bufs, n);
		assert_non_null(r.buf);
		buf_append(r.buf, parm, n);
	}
	assert_true(ring_put(&g->port.up, &r));
}

static void
on_open(struct rig *g, const struct rpl *r)
{
	struct acb_opened o = { .name = { .len = 0 } };
	struct acb_open q;
	char lu[32];

	memcpy(&q, r->buf->p, sizeof(q));
	g->opens++;
	g->user = r->user;
	g->pool0 = q.pool[0];
	snprintf(g->name, sizeof(g->name), "%s", q.name.s);
	snprintf(g->mode, sizeof(g->mode), "%s", q.logmode);
	if (g->silent)
		return;
	if (g->refuse != ACB_OK) {
		up(g, (struct rpl){ .op = RPL_OPENFAIL, .flags = (uint8_t)g->refuse }, NULL, 0);
		return;
	}
	g->acb = r->user + 1000;
	snprintf(lu, sizeof(lu), "NETA.%s", q.name.len != 0 ? q.name.s : "LU001");
	assert_true(name_set(&o.name, lu));
	up(g, (struct rpl){ .op = RPL_OPENED }, &o, sizeof(o));
}

static void
on_logon(struct rig *g, const struct rpl *r)
{
	struct acb_logon l;
	uint8_t ru[64];
	size_t n = hex_bytes(BIND_RU, ru, sizeof(ru));

	memcpy(&l, r->buf->p, sizeof(l));
	snprintf(g->appl, sizeof(g->appl), "%s", l.appl.s);
	if (g->nspe != 0) {
		up(g, (struct rpl){ .op = RPL_NSPE, .sense = g->nspe }, NULL, 0);
		return;
	}
	g->sess = ++g->given;
	up(g, (struct rpl){ .op = RPL_BIND, .sess = g->sess }, ru, n);
}

static void
node(struct rig *g)
{
	struct rpl r;

	while (ring_get(&g->port.down, &r)) {
		switch (r.op) {
		case RPL_OPEN:
			on_open(g, &r);
			break;
		case RPL_CLOSE:
			g->closes++;
			g->acb = r.acb;
			g->user = r.user;
			up(g, (struct rpl){ .op = RPL_CLOSED }, NULL, 0);
			break;
		case RPL_REQSESS:
			on_logon(g, &r);
			break;
		case RPL_OPNSEC:
			up(g, (struct rpl){ .op = RPL_STARTED, .sess = r.sess }, NULL, 0);
			break;
		case RPL_TERMSESS:
			g->terms++;
			up(g, (struct rpl){ .op = RPL_UNBIND, .sess = r.sess, .flags = 1 }, NULL,
			    0);
			break;
		case RPL_SEND:
			strcat(g->sent, "[");
			if (r.buf != NULL)
				hex_text(r.buf->p, r.buf->len, g->sent + strlen(g->sent), 4000);
			strcat(g->sent, "]");
			break;
		default:
			break;
		}
		buf_free(r.buf);
	}
}

static void
turns(struct rig *g, int n)
{
	struct loop_ev ev[64];

	for (int i = 0; i < n; i++) {
		int k = loop_wait(&g->loop, (struct mono){ 0 }, ev, 64);

		assert_true(k >= 0);
		worker_turn(g->w, g->now, ev, k);
		node(g);
	}
}

/* --- the client --- */

static int
dial(struct rig *g)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(g->tcp),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;

	assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), 0);
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		assert_int_equal(errno, EINPROGRESS);
	turns(g, 3);
	return fd;
}

/* What arrived since the last call, as hex; "EOF" behind it when closed. */
static const char *
hear(struct rig *g, int fd)
{
	uint8_t b[16384];
	size_t n = 0;
	ssize_t k;

	turns(g, 6);
	g->got[0] = '\0';
	while ((k = recv(fd, b, sizeof(b), 0)) > 0)
		n += hex_text(b, (size_t)k, g->got + n, sizeof(g->got) - n);
	if (k == 0 || (k < 0 && errno == ECONNRESET))
		strcat(g->got, "EOF");
	return g->got;
}

static void
put(struct rig *g, int fd, const char *hex)
{
	uint8_t b[4096];
	size_t n = hex_bytes(hex, b, sizeof(b));

	assert_int_equal(send(fd, b, n, MSG_NOSIGNAL), (ssize_t)n);
	turns(g, 6);
}

static void
expect(struct rig *g, int fd, const char *hex)
{
	uint8_t b[4096];
	char want[2 * sizeof(b) + 8];
	bool eof = strstr(hex, "EOF") != NULL;
	char copy[8192];

	snprintf(copy, sizeof(copy), "%s", hex);
	if (eof)
		*strstr(copy, "EOF") = '\0';
	hex_text(b, hex_bytes(copy, b, sizeof(b)), want, sizeof(want));
	if (eof)
		strcat(want, "EOF");
	assert_string_equal(hear(g, fd), want);
}

/* Part of what is heard. */
static void
hears(struct rig *g, int fd, const char *hex)
{
	uint8_t b[4096];
	char want[2 * sizeof(b) + 8];

	hex_text(b, hex_bytes(hex, b, sizeof(b)), want, sizeof(want));
	if (strstr(hear(g, fd), want) == NULL)
		fail_msg("%s not in %s", want, g->got);
}

static void
in_e(struct rig *g, int fd)
{
	expect(g, fd, "fffd28");
	put(g, fd, "fffb28");
	expect(g, fd, "fffa280802fff0");
	put(g, fd, "fffa280207 'IBM-3278-2-E' fff0");
	expect(g, fd, "fffa280204 'IBM-3278-2-E' 01 'LU001' fff0");
	put(g, fd, "fffa280307000204fff0");
}

/* All clients gone: nothing may be left. */
static void
empty(struct rig *g)
{
	turns(g, 10);
	assert_int_equal(g->w->conns.used, 0);
	assert_int_equal(bufpool_used(&g->w->bufs), 0);
	assert_int_equal(g->w->due.n, 0);
	assert_true(TAILQ_EMPTY(&g->w->stall));
	assert_int_equal(g->w->listen[0].conns, 0);
	assert_int_equal(atomic_load(&g->p->users), 2);         /* current, and the listener's */
}

static void
rig_free(struct rig *g)
{
	empty(g);
	worker_fini(g->w);
	free(g->w);
	ring_fini(&g->port.down);
	ring_fini(&g->port.up);
	loop_fini(&g->loop);
	profile_free(g->p);
	free(g);
}

/* --- tests --- */

static void
t_from_first_byte_to_logoff(void **state)
{
	struct rig *g = rig_new("LUSESSIONPEND MSG07", LUS);
	int fd = dial(g);

	(void)state;
	in_e(g, fd);
	hears(g, fd, "fffa280304000204fff0" PSEUDO "0000000000f5");     /* our own logo */
	assert_string_equal(g->mode, "SNX32702");
	put(g, fd, "0000000000 7d4bf0 114bf0 d3d6c7d6d540c1d7d7d3c9c44dc1d7d7d3f15d ffef");
	assert_string_equal(g->appl, "APPL1");          /* LOGON APPLID(APPL1) */
	expect(g, fd, "0400000000 01 ffef 0300000000" BIND_RU "ffef");
	up(g, (struct rpl){ .op = RPL_DATA, .sess = g->sess, .rh = RH_OIC | RH_RQE1 | RH_BBI |
	    RH_CDI }, "\xf5\xc1\xff", 3);
	expect(g, fd, "0000010001 f5c3ffff ffef");
	put(g, fd, "0000000001 7d4040 ffef");
	assert_string_equal(g->sent, "[7d4040]");
	up(g, (struct rpl){ .op = RPL_UNBIND, .sess = g->sess, .flags = 1 }, NULL, 0);
	hears(g, fd, "0400000000 01 ffef" PSEUDO);      /* LUSESSIONPEND: the logo again */
	close(fd);
	turns(g, 4);
	assert_int_equal(g->closes, 1);
	rig_free(g);
}

static void
t_one_byte_at_a_time(void **state)
{
	static const char all[] = "fffb28 fffa280207 'IBM-3278-2-E' fff0 fffa280307000204fff0 "
	    "0000000000 7d4bf0 114bf0 d3d6c7d6d540c1d7d7d3f1 ffef";
	struct rig *g = rig_new("LUSESSIONPEND", LUS);
	uint8_t b[200];
	size_t n = hex_bytes(all, b, sizeof(b));
	int fd = dial(g);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(send(fd, b + i, 1, MSG_NOSIGNAL), 1);
		turns(g, 2);
	}
	hears(g, fd, "0300000000" BIND_RU "ffef");
	assert_string_equal(g->appl, "APPL1");
	close(fd);
	rig_free(g);
}

/* All at once, before the LU is there: what follows waits. */
static void
t_pipelined_while_the_lu_is_chosen(void **state)
{
	struct rig *g = rig_new("", LUS);
	int fd = dial(g);

	(void)state;
	g->silent = 1;
	put(g, fd, "fffb28 fffa280207 'IBM-3278-2-E' fff0 fffa280307000204fff0");
	put(g, fd, "0000000000 6d ffef");
	expect(g, fd, "fffd28 fffa280802fff0");
	g->silent = 0;
	g->acb = 55;
	up(g, (struct rpl){ .op = RPL_OPENED }, &(struct acb_opened){ .name = { 10,
	    "NETA.LU001" } },
	    sizeof(struct acb_opened));
	hears(g, fd, "'LU001' fff0 fffa280304000204fff0");
	close(fd);
	rig_free(g);
}

/* Gone while the LU is being chosen: it is closed when it comes. */
static void
t_gone_while_the_lu_is_chosen(void **state)
{
	struct rig *g = rig_new("", LUS);
	int fd = dial(g);

	(void)state;
	g->silent = 1;
	put(g, fd, "fffb28 fffa280207 'IBM-3278-2-E' fff0");
	close(fd);
	g->now = mono_add(g->now, SECS(TNNEG_S + 1));   /* not read: the timer finds it */
	turns(g, 4);
	assert_int_equal(g->w->conns.used, 1);
	g->acb = 55;
	up(g, (struct rpl){ .op = RPL_OPENED }, &(struct acb_opened){ .name = { 10,
	    "NETA.LU001" } },
	    sizeof(struct acb_opened));
	turns(g, 4);
	assert_int_equal(g->closes, 1);
	rig_free(g);
}

/* N-02, N-10, N-11, I-02 */
static void
t_rejects_and_fallback(void **state)
{
	static const struct {
		enum acb_err err;
		const char *reason;
	} c[] = { { ACB_INUSE, "01" }, { ACB_EXHAUSTED, "01" }, { ACB_UNKNOWN, "03" },
		{ ACB_NOTINPOOL, "03" }, { ACB_WRONGTYPE, "05" }, { ACB_INACTIVE, "06" },
		{ ACB_STORAGE, "06" }, { ACB_HALTING, "06" } };
	struct rig *g = rig_new("", LUS);
	int fd = dial(g);
	char want[60];

	(void)state;
	expect(g, fd, "fffd28");
	put(g, fd, "fffb28");
	expect(g, fd, "fffa280802fff0");
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		g->refuse = c[i].err;
		put(g, fd, "fffa280207 'IBM-3278-2-E' 01 'lu007' fff0");
		snprintf(want, sizeof(want), "fffa28020605 %s fff0", c[i].reason);
		expect(g, fd, want);
		assert_string_equal(g->name, "LU007");          /* N-08 */
	}
	g->refuse = ACB_OK;
	put(g, fd, "fffa280207 'IBM-3278-2-E' 01 'NOSUCH' fff0");       /* not in the profile */
	expect(g, fd, "fffa2802060503fff0");
	put(g, fd, "fffc28");
	expect(g, fd, "fffe28 fffd18");
	put(g, fd, "fffb18");
	expect(g, fd, "fffa1801fff0");
	put(g, fd, "fffa1800 'IBM-3279-4-E@LU007' fff0");
	expect(g, fd, "fffd19fffb19fffd00fffb00");
	assert_string_equal(g->mode, "SNX32704");
	put(g, fd, "fffb19fffd19fffb00fffd00");
	hears(g, fd, "f5");                             /* no header, no BIND */
	put(g, fd, "016c6102 ffef");                    /* SysReq: the logo again */
	hears(g, fd, "f5");
	close(fd);
	rig_free(g);
}

static void
t_line_mode(void **state)
{
	struct rig *g = rig_new("LUSESSIONPEND MSG07", LUS);
	int fd = dial(g);

	(void)state;
	expect(g, fd, "fffd28");
	put(g, fd, "fffc28");
	expect(g, fd, "fffd18");
	put(g, fd, "fffc18");
	hears(g, fd, "'SNAGATE  LU LU001' 0d0a");
	put(g, fd, "'logon appl1' 0d0a");
	hears(g, fd, "'08210000'");                     /* LU type 2 is not for lines */
	assert_string_equal(g->appl, "APPL1");
	g->nspe = SENSE_UNKNOWN_DLU;
	put(g, fd, "'logon applid(appl1)' 0d0a");
	hears(g, fd, "'08060012'");
	put(g, fd, "fff6");
	expect(g, fd, "0d0a '[Yes]' 0d0a");
	close(fd);
	rig_free(g);
}

/* N-26, and that the reason is told. */
static void
t_silent_client(void **state)
{
	struct rig *g = rig_new("", LUS);
	int fd = dial(g);

	(void)state;
	expect(g, fd, "fffd28");
	g->now = mono_add(g->now, SECS(TNNEG_FIRST_S - 1));
	expect(g, fd, "");
	g->now = mono_add(g->now, SECS(2));
	expect(g, fd, "fffd18");
	g->now = mono_add(g->now, SECS(TNNEG_FIRST_S + 1));
	expect(g, fd, "0d0a 'snagate: the client did not answer the negotiation in time' 0d0a EOF");
	close(fd);
	fd = dial(g);                   /* one that began gets more time, but not for ever */
	expect(g, fd, "fffd28");
	put(g, fd, "fffb28");
	expect(g, fd, "fffa280802fff0");
	for (int i = 0; i < 3; i++) {
		g->now = mono_add(g->now, SECS(TNNEG_S / 3 - 1));
		put(g, fd, "fffa28 0207 'X' fff0");
		expect(g, fd, "fffa28 02060504 fff0");
	}
	g->now = mono_add(g->now, SECS(4));
	expect(g, fd, "0d0a 'snagate: the negotiation was not finished in time' 0d0a EOF");
	close(fd);
	rig_free(g);
}

/* L-03 */
static void
t_timemark(void **state)
{
	struct rig *g = rig_new("TIMEMARK 100 SCANINTERVAL 30", LUS);
	int fd = dial(g);

	(void)state;
	in_e(g, fd);
	(void)hear(g, fd);
	g->now = mono_add(g->now, SECS(101));
	expect(g, fd, "fffd06");
	put(g, fd, "fffc06");                           /* a refusal is proof of life */
	g->now = mono_add(g->now, SECS(31));
	expect(g, fd, "");
	g->now = mono_add(g->now, SECS(71));
	expect(g, fd, "fffd06");
	g->now = mono_add(g->now, SECS(31));
	hears(g, fd, "");
	assert_non_null(strstr(g->got, "EOF"));
	assert_int_equal(g->w->stat[TN_DROP_SILENT], 1);
	close(fd);
	rig_free(g);
}

/* Z-10 */
static void
t_inactive_session(void **state)
{
	struct rig *g = rig_new("INACTIVE 60", LUS "DEFAULTAPPL APPL1");
	int fd = dial(g);

	(void)state;
	in_e(g, fd);
	hears(g, fd, "0300000000" BIND_RU "ffef");      /* the default application, no logo */
	g->now = mono_add(g->now, SECS(59));
	put(g, fd, "0000000000 7d4040 ffef");
	g->now = mono_add(g->now, SECS(59));
	expect(g, fd, "");
	g->now = mono_add(g->now, SECS(2));
	(void)hear(g, fd);
	assert_non_null(strstr(g->got, "EOF"));
	close(fd);
	rig_free(g);
}

/* Z-07: the matrix of MSG07 and LUSESSIONPEND. */
static void
t_failed_logon(void **state)
{
	static const char logon[] = "0000000000 7d4bf0 114bf0 d3d6c7d6d540c1d7d7d3f1 ffef";
	struct rig *g = rig_new("MSG07", LUS);
	int fd = dial(g);

	(void)state;
	g->nspe = SENSE_UNKNOWN_DLU;
	in_e(g, fd);
	(void)hear(g, fd);
	put(g, fd, logon);
	hears(g, fd, "f0f8f0f6f0f0f1f2");               /* the sense code .. */
	assert_null(strstr(g->got, "EOF"));
	close(fd);
	rig_free(g);
	g = rig_new("", LUS);
	g->nspe = SENSE_UNKNOWN_DLU;
	fd = dial(g);
	in_e(g, fd);
	(void)hear(g, fd);
	put(g, fd, logon);
	hears(g, fd, "f0f8f0f6f0f0f1f2");               /* told, then dropped */
	assert_non_null(strstr(g->got, "EOF"));
	close(fd);
	rig_free(g);
}

static void
t_logoff_without_lusessionpend(void **state)
{
	struct rig *g = rig_new("", LUS "DEFAULTAPPL APPL1");
	int fd = dial(g);

	(void)state;
	in_e(g, fd);
	(void)hear(g, fd);
	up(g, (struct rpl){ .op = RPL_UNBIND, .sess = g->sess, .flags = 1 }, NULL, 0);
	hears(g, fd, "0400000000 01 ffef");
	assert_non_null(strstr(g->got, "EOF"));
	close(fd);
	rig_free(g);
}

/* QSESSION: an application that passes the client on has so long; who comes must be allowed. */
static void
t_passed_on(void **state)
{
	static const char logon[] = "0000000000 7d4bf0 114bf0 d3d6c7d6d540c1d7d7d3f1 ffef";
	struct rig *g = rig_new("LUSESSIONPEND MSG07", "DEFAULTLUS LU001..LU009 ENDDEFAULTLUS "
	    "ALLOWAPPL APPL1 QSESSION,20");
	int fd = dial(g);
	uint8_t ru[64];
	size_t n;

	(void)state;
	in_e(g, fd);
	(void)hear(g, fd);
	put(g, fd, logon);
	(void)hear(g, fd);
	up(g, (struct rpl){ .op = RPL_UNBIND, .sess = g->sess, .flags = 2 }, NULL, 0);
	expect(g, fd, "0400000000 02 ffef");
	g->now = mono_add(g->now, SECS(19));
	expect(g, fd, "");
	g->now = mono_add(g->now, SECS(2));
	hears(g, fd, PSEUDO);           /* nobody came: the logo again */
	put(g, fd, logon);
	(void)hear(g, fd);
	up(g, (struct rpl){ .op = RPL_UNBIND, .sess = g->sess, .flags = 2 }, NULL, 0);
	(void)hear(g, fd);
	n = hex_bytes(BIND_RU, ru, sizeof(ru));
	ru[n - 2] = 0xf2;               /* APPL2 */
	up(g, (struct rpl){ .op = RPL_BIND, .sess = ++g->sess }, ru, n);
	(void)hear(g, fd);
	assert_non_null(strstr(g->got, "EOF"));
	close(fd);
	rig_free(g);
}

static void
t_allowappl(void **state)
{
	struct rig *g = rig_new("MSG07", "DEFAULTLUS LU001..LU009 ENDDEFAULTLUS ALLOWAPPL TSO* "
	    "RESTRICTAPPL TSOX USER A");
	int fd = dial(g);

	(void)state;
	in_e(g, fd);
	(void)hear(g, fd);
	put(g, fd, "0000000000 7d4bf0 114bf0 d3d6c7d6d540c3c9c3e2 ffef");       /* CICS */
	hears(g, fd, "f0f8f0c5f0f0f0f0");
	assert_string_equal(g->appl, "");
	put(g, fd, "0000000000 7d4bf0 114bf0 d3d6c7d6d540e3e2d6e7 ffef");       /* TSOX */
	hears(g, fd, "f0f8f0c5f0f0f0f0");
	put(g, fd, "0000000000 7d4bf0 114bf0 d3d6c7d6d540e3e2d6f1 ffef");       /* TSO1 */
	assert_string_equal(g->appl, "TSO1");
	close(fd);
	rig_free(g);
}

static void
t_node_takes_the_lu(void **state)
{
	struct rig *g = rig_new("", LUS);
	int fd = dial(g);

	(void)state;
	in_e(g, fd);
	(void)hear(g, fd);
	up(g, (struct rpl){ .op = RPL_CLOSED, .flags = 1 }, NULL, 0);
	(void)hear(g, fd);
	assert_non_null(strstr(g->got, "ffef"));        /* idle: told, and kept */
	assert_null(strstr(g->got, "EOF"));
	close(fd);
	rig_free(g);
}

/* WONT TN3270E in the middle of it all: the LU is given back, TTYPE follows. */
static void
t_wont_after_ready(void **state)
{
	struct rig *g = rig_new("", LUS);
	int fd = dial(g);

	(void)state;
	in_e(g, fd);
	(void)hear(g, fd);
	put(g, fd, "fffc28");
	expect(g, fd, "fffe28 fffd18");
	assert_int_equal(g->closes, 1);
	put(g, fd, "fffb18");
	put(g, fd, "fffa1800 'IBM-3279-2-E' fff0");
	hears(g, fd, "fffd19fffb19fffd00fffb00");
	assert_int_equal(g->opens, 2);
	close(fd);
	rig_free(g);
}

/* L-01 */
static void
t_record_too_long(void **state)
{
	struct rig *g = rig_new("MAXRECEIVE 1000", LUS);
	uint8_t b[1500];
	int fd = dial(g);

	(void)state;
	in_e(g, fd);
	(void)hear(g, fd);
	memset(b, 0x40, sizeof(b));
	assert_int_equal(send(fd, b, sizeof(b), MSG_NOSIGNAL), (ssize_t)sizeof(b));
	(void)hear(g, fd);
	assert_non_null(strstr(g->got, "EOF"));
	close(fd);
	rig_free(g);
}

/* L-02: another client is not disturbed by one that does not read. */
static void
t_slow_reader(void **state)
{
	struct rig *g = rig_new("MAXTCPSENDQ 65536", LUS "DEFAULTAPPL APPL1");
	static uint8_t screen[4000];
	int fd = dial(g), small = 4096;

	(void)state;
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	in_e(g, fd);
	(void)hear(g, fd);
	memset(screen, 0x40, sizeof(screen));
	screen[0] = 0xf1;
	for (int i = 0; i < 4000 && g->w->stat[TN_DROP_SENDQ] == 0; i++) {
		up(g, (struct rpl){ .op = RPL_DATA, .sess = g->sess, .rh = RH_OIC | RH_RQE1 |
		    (i == 0 ? RH_BBI : 0) }, screen, sizeof(screen));
		turns(g, 1);
	}
	assert_int_equal(g->w->stat[TN_DROP_SENDQ], 1);
	close(fd);
	rig_free(g);
}

/* The ring below is full: the client is not read, nothing is lost. */
static void
t_full_ring_stalls(void **state)
{
	struct rig *g = rig_new("", LUS "DEFAULTAPPL APPL1");
	const struct rpl nop = { .op = RPL_NOP };
	struct loop_ev ev[8];
	int fd = dial(g), k;
	uint8_t in[] = { 0, 0, 0, 0, 0, 0x7d, 0x40, 0x40, 0xff, 0xef };

	(void)state;
	in_e(g, fd);
	(void)hear(g, fd);
	up(g, (struct rpl){ .op = RPL_DATA, .sess = g->sess, .rh = RH_OIC | RH_RQE1 | RH_BBI |
	    RH_CDI }, "\xf5\xc3", 2);
	(void)hear(g, fd);
	while (acb_room(&g->port) >= WORKER_ROOM)
		assert_true(ring_put(&g->port.down, &nop));
	assert_int_equal(send(fd, in, sizeof(in), MSG_NOSIGNAL), (ssize_t)sizeof(in));
	for (int i = 0; i < 5; i++) {
		k = loop_wait(&g->loop, (struct mono){ 0 }, ev, 8);
		worker_turn(g->w, g->now, ev, k);
	}
	assert_int_equal(loop_wait(&g->loop, (struct mono){ 0 }, ev, 8), 0);    /* no spinning */
	assert_string_equal(g->sent, "");
	node(g);
	turns(g, 4);
	assert_string_equal(g->sent, "[7d4040]");
	close(fd);
	rig_free(g);
}

static void
order(struct rig *g, enum worker_order op)
{
	const struct worker_msg m = { .op = (uint8_t)op };

	assert_true(ring_put(&g->w->orders, &m));
	turns(g, 2);
}

static void
t_quiesce_resume_stop(void **state)
{
	struct rig *g = rig_new("", LUS);
	int fd = dial(g), no;

	(void)state;
	in_e(g, fd);
	(void)hear(g, fd);
	order(g, WO_QUIESCE);
	no = dial(g);
	assert_int_equal(g->w->conns.used, 1);
	close(no);
	put(g, fd, "0000000000 6d ffef");
	hears(g, fd, "ffef");                           /* who is in stays in */
	order(g, WO_RESUME);
	no = dial(g);
	expect(g, no, "fffd28");
	order(g, WO_STOP);
	(void)hear(g, fd);
	assert_non_null(strstr(g->got, "EOF"));
	hears(g, no, "'the operator has stopped this port'");
	close(fd);
	close(no);
	empty(g);
	rig_free(g);
}

static void
t_halt(void **state)
{
	struct rig *g = rig_new("", LUS);
	struct worker_msg m;
	int fd = dial(g);

	(void)state;
	in_e(g, fd);
	order(g, WO_HALT);
	turns(g, 4);
	assert_true(ring_get(&g->w->answers, &m));
	assert_int_equal(m.op, WO_HALT);
	assert_null(m.answer);
	close(fd);
	rig_free(g);
}

static void
t_list_and_detail(void **state)
{
	struct rig *g = rig_new("", LUS);
	struct worker_query q = { .max = 100 };
	struct worker_msg m = { .op = WO_LIST, .ticket = 5, .query = &q };
	int fd = dial(g);

	(void)state;
	in_e(g, fd);
	for (int i = 0; i < 2; i++) {
		q.detail = (uint8_t)i;
		assert_true(ring_put(&g->w->orders, &m));
		turns(g, 1);
		assert_true(ring_get(&g->w->answers, &m));
		assert_non_null(m.answer);
		assert_int_equal(m.answer->found, m.answer->rows[0].con.lines);
		assert_non_null(strstr(m.answer->rows[0].con.text, "LU001"));
		if (i == 1)
			assert_non_null(strstr(m.answer->rows[0].con.text, "IBM-3278-2-E"));
		worker_answer_free(m.answer);
		m = (struct worker_msg){ .op = WO_LIST, .ticket = 5, .query = &q };
	}
	snprintf(q.lu, sizeof(q.lu), "LU002");
	assert_true(ring_put(&g->w->orders, &m));
	turns(g, 1);
	assert_true(ring_get(&g->w->answers, &m));
	assert_int_equal(m.answer->found, 0);
	worker_answer_free(m.answer);
	close(fd);
	rig_free(g);
}

static uint32_t
rnd(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

/* L-05, L-06, L-10: bytes that mean nothing, in every state. */
static void
t_garbage(void **state)
{
	static const char *const start[] = { "", "fffb28", "fffb28 fffa280207 'IBM-3278-2-E' fff0",
		"fffb28 fffa280207 'IBM-3278-2-E' fff0 fffa280307000204fff0",
		"fffc28 fffb18 fffa1800 'IBM-3279-2-E' fff0 fffb19fffd19fffb00fffd00",
		"fffc28 fffc18" };
	struct rig *g = rig_new("LUSESSIONPEND MSG07", LUS);
	uint64_t seed = 42;

	(void)state;
	for (unsigned i = 0; i < 600; i++) {
		uint8_t b[300];
		size_t n = rnd(&seed) % sizeof(b);
		int fd = dial(g);

		for (size_t k = 0; k < n; k++) {
			uint32_t r = rnd(&seed);

			b[k] = (uint8_t)(r % 4 == 0 ? 0xff : r % 4 == 1 ? 0xef + (r >> 8) % 17 :
			    r >> 8);
		}
		put(g, fd, start[i % 6]);
		(void)send(fd, b, n, MSG_NOSIGNAL);
		turns(g, 4);
		close(fd);
		turns(g, 2);
	}
	rig_free(g);
}

/* Z: clients stay on the profile they came in under. */
static void
t_new_profile(void **state)
{
	struct rig *g = rig_new("", LUS);
	struct worker_msg m = { .op = WO_PROFILE };
	struct profile *was = g->p;
	int fd = dial(g), other;

	(void)state;
	in_e(g, fd);
	(void)hear(g, fd);
	g->p = parse("PROFILEINACTIVE 50", LUS "DEFAULTAPPL APPL1", g->tcp);
	m.profile = g->p;
	atomic_fetch_add(&g->p->users, 1);              /* the order's */
	assert_true(ring_put(&g->w->orders, &m));
	atomic_store(&was->number, 1);
	atomic_fetch_sub(&was->users, 1);               /* it is no longer current */
	turns(g, 2);
	assert_int_equal(atomic_load(&was->users), 1);
	other = dial(g);
	in_e(g, other);
	hears(g, other, "0300000000" BIND_RU "ffef");
	close(other);
	g->now = mono_add(g->now, SECS(1801));          /* the old one's PROFILEINACTIVE */
	(void)hear(g, fd);
	assert_non_null(strstr(g->got, "EOF"));
	close(fd);
	turns(g, 4);
	assert_int_equal(atomic_load(&was->users), 0);
	profile_free(was);
	rig_free(g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_from_first_byte_to_logoff),
		cmocka_unit_test(t_one_byte_at_a_time),
		cmocka_unit_test(t_pipelined_while_the_lu_is_chosen),
		cmocka_unit_test(t_gone_while_the_lu_is_chosen),
		cmocka_unit_test(t_rejects_and_fallback),
		cmocka_unit_test(t_line_mode),
		cmocka_unit_test(t_silent_client),
		cmocka_unit_test(t_timemark),
		cmocka_unit_test(t_inactive_session),
		cmocka_unit_test(t_failed_logon),
		cmocka_unit_test(t_logoff_without_lusessionpend),
		cmocka_unit_test(t_passed_on), cmocka_unit_test(t_allowappl),
		cmocka_unit_test(t_node_takes_the_lu),
		cmocka_unit_test(t_wont_after_ready),
		cmocka_unit_test(t_record_too_long),
		cmocka_unit_test(t_slow_reader),
		cmocka_unit_test(t_full_ring_stalls),
		cmocka_unit_test(t_quiesce_resume_stop),
		cmocka_unit_test(t_halt),
		cmocka_unit_test(t_list_and_detail),
		cmocka_unit_test(t_garbage),
		cmocka_unit_test(t_new_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
