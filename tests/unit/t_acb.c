/* SPDX-License-Identifier: Apache-2.0
 *
 * The application interface between threads, with rings that are much too
 * small: nothing may be lost, and nobody may wait for ever.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "vtamsim/app.h"
#include "vtamsim/node.h"

#define LUS 200

static char dir[] = "/tmp/t_acb.XXXXXX";

static void
member(const char *name, const char *text)
{
	char path[64];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int
make_library(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	member("ATCSTR00", "NETID=NETA,SSCPNAME=HOST,SSCPID=1,HOSTSA=1,HOSTPU=PUH\n");
	member("APPLS", "APPLS    VBUILD TYPE=APPL\n"
	    "L*       APPL  EAS=1,PARSESS=NO,SESSLIM=YES,DLOGMOD=SNX32702\n"
	    "ECHO     APPL  AUTH=(ACQ,PASS),PARSESS=YES,EAS=5000\n");
	return 0;
}

static int
drop_library(void **state)
{
	static const char *const name[] = { "ATCSTR00", "APPLS" };
	char path[64];

	(void)state;
	for (int i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, name[i]);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(dir), 0);
	return 0;
}

struct world {
	struct defs *defs;
	struct node *n;
	struct appset apps;
	struct loop node_loop, user_loop;
	struct bufpool bufs;            /* the user thread's */
	struct acb_port *port;
	_Atomic bool stop;
};

static void
world_new(struct world *w, uint32_t ring, bool threads)         /* style: a test's switch */
{
	struct node_cfg c = { .max_acbs = 1000, .max_pipes = 8, .max_links = 4, .seed = 7,
		.wall_us = 1800000000000000 };
	struct deferrs errs;
	char err[APP_ERR_MAX];
	struct con con;

	memset(w, 0, sizeof(*w));
	w->defs = defs_new(dir, "00");
	deferrs_init(&errs);
	assert_int_equal(defs_load_start(w->defs, &errs), 0);
	deferrs_fini(&errs);
	c.defs = w->defs;
	assert_int_equal(node_new(&w->n, &c), 0);
	con_init(&con);
	assert_true(pu_activate_member(w->n, (struct mono){ 0 }, "APPLS", &con));
	con_fini(&con);
	assert_int_equal(loop_init(&w->node_loop), 0);
	assert_int_equal(loop_init(&w->user_loop), 0);
	if (threads)
		w->n->loop = &w->node_loop;
	assert_int_equal(bufpool_init(&w->bufs, "user", 4000, 1000, 100), 0);
	w->port = node_port(w->n, "LUS", ring, threads ? &w->bufs : NULL,
	    threads ? &w->user_loop : NULL);
	assert_non_null(w->port);
	appset_init(&w->apps, app_table);
	assert_int_equal(app_start(&w->apps, "ECHO", "APPL=ECHO",
	    node_port(w->n, "ECHO", 128, NULL, NULL), err), 0);
}

static void
world_free(struct world *w)
{
	node_free(w->n);
	defs_free(w->defs);
	appset_fini(&w->apps);
	loop_fini(&w->node_loop);
	loop_fini(&w->user_loop);
	bufpool_fini(&w->bufs);
}

/* The node's thread, as the daemon drives it. */
static void *
node_thread(void *arg)
{
	struct world *w = arg;
	struct loop_ev ev[4];

	bufpool_adopt(&w->n->bufs);
	while (!atomic_load(&w->stop)) {
		struct mono now = mono_read(), until = mono_add(now, SECS(30));
		bool more = false;

		for (int i = 0; i < 16; i++) {
			more = node_turn(w->n, now);
			appset_turn(&w->apps, now);
			if (!more)
				break;
		}
		if (more || !ring_sleep(&w->port->down))
			until = now;
		for (uint32_t i = 0; i < w->n->n_ports; i++)
			if (w->n->port[i].ap != w->port && w->n->port[i].ap != NULL &&
			    ring_used(&w->n->port[i].ap->down) != 0)
				until = now;
		(void)loop_wait(&w->node_loop, until, ev, 4);
		ring_awake(&w->port->down);
	}
	return NULL;
}

struct client {
	uint32_t acb, sess, sent, got;
	uint8_t closed;
};

/* What an event leads to; at most two RPLs. */
static void
user_event(struct world *w, struct client *l, const struct rpl *r, uint32_t rounds, struct rpl *out)
{
	struct acb_logon g;

	out->acb = r->acb;
	out->sess = r->sess;
	switch ((enum rpl_op)r->op) {
	case RPL_OPENED:
		l->acb = r->acb;
		memset(&g, 0, sizeof(g));
		(void)name_set(&g.appl, "ECHO");
		out->op = RPL_REQSESS;
		out->buf = buf_get(w->port->bufs, sizeof(g));
		assert_non_null(out->buf);
		buf_append(out->buf, &g, sizeof(g));
		break;
	case RPL_BIND:
		out->op = RPL_OPNSEC;
		break;
	case RPL_DATA:
		assert_int_equal(r->sense, 0);
		l->got++;
		if (!(r->rh & RH_CDI))
			break;
		out->op = l->sent < rounds ? RPL_SEND : RPL_CLOSE;
		if (out->op == RPL_CLOSE)
			break;
		l->sent++;
		out->rh = RH_OIC | RH_RQE1 | RH_CDI | RH_BBI;
		out->buf = buf_get(w->port->bufs, 16);
		assert_non_null(out->buf);
		memcpy(buf_put(out->buf, 9), "\x7d\x5b\x60\x11\x5b\x60\xc1\xc2\xc3", 9);
		break;
	case RPL_CLOSED:
		l->closed = 1;
		break;
	case RPL_STARTED:
	case RPL_UNBIND:
		break;
	default:
		fail_msg("RPL %u, sense %08x", r->op, r->sense);
	}
}

/* The user's side: reads only while it may write, sleeps when it is told nothing. */
static void
user_run(struct world *w, uint32_t rounds)
{
	static struct client lu[LUS];
	struct loop_ev ev[4];
	uint32_t opened = 0, closed = 0;
	struct rpl r;

	memset(lu, 0, sizeof(lu));
	while (closed < LUS) {
		bool any = false;

		while (acb_room(w->port) > 2 && acb_poll(w->port, &r)) {
			struct client *l = &lu[r.user];
			struct rpl q = { 0 };

			any = true;
			user_event(w, l, &r, rounds, &q);
			closed += r.op == RPL_CLOSED;
			buf_free(r.buf);
			if (r.op == RPL_DATA && (r.rh & RH_PI))
				assert_true(acb_submit(w->port, &(struct rpl){ .op = RPL_PACE,
				    .acb = r.acb, .sess = r.sess }));
			if (q.op != 0)
				assert_true(acb_submit(w->port, &q));
		}
		while (opened < LUS) {
			struct rpl q = { .op = RPL_OPEN, .user = opened };
			struct acb_open o;
			char name[9];

			memset(&o, 0, sizeof(o));
			(void)snprintf(name, sizeof(name), "L%05u", opened);
			(void)name_set(&o.name, name);
			o.slu = 1;
			q.buf = buf_get(w->port->bufs, sizeof(o));
			assert_non_null(q.buf);
			buf_append(q.buf, &o, sizeof(o));
			if (!acb_submit(w->port, &q)) {
				buf_free(q.buf);
				break;
			}
			opened++;
			any = true;
		}
		acb_kick(w->port);
		if (any)
			continue;
		if (ring_sleep(&w->port->up) || acb_room(w->port) <= 2)
			if (loop_wait(&w->user_loop, mono_add(mono_read(), SECS(20)), ev, 4) == 0 &&
			    ring_used(&w->port->up) == 0 && acb_room(w->port) > 2 &&
			    mono_diff(mono_read(), w->user_loop.turn_began) > SECS(19))
				fail_msg("nobody woke the user");
		ring_awake(&w->port->up);
	}
	for (int i = 0; i < LUS; i++)
		assert_true(lu[i].got >= rounds && lu[i].closed);
}

static void
t_threads(void **state)
{
	static const uint32_t ring[] = { 8, 16, 1024 };
	struct world w;
	pthread_t t;

	(void)state;
	for (size_t i = 0; i < sizeof(ring) / sizeof(ring[0]); i++) {
		world_new(&w, ring[i], true);
		alarm(60);                      /* a lost wake-up must not hang the test */
		assert_int_equal(pthread_create(&t, NULL, node_thread, &w), 0);
		user_run(&w, 50);
		atomic_store(&w.stop, true);
		loop_wake(&w.node_loop);
		assert_int_equal(pthread_join(t, NULL), 0);
		bufpool_adopt(&w.n->bufs);
		assert_int_equal(w.n->acbs.used, 1);    /* ECHO's */
		for (int k = 0; k < 4; k++)
			(void)node_turn(w.n, mono_read());
		appset_turn(&w.apps, mono_read());
		(void)node_turn(w.n, mono_read());
		assert_int_equal(w.n->ssns.used, 0);
		assert_int_equal(w.n->lates.used, 0);
		assert_int_equal(bufpool_used(&w.bufs), 0);
		assert_int_equal(bufpool_used(&w.n->bufs), 0);
		alarm(0);
		world_free(&w);
	}
}

static void
submit(struct world *w, struct rpl q, const void *parm, size_t n)
{
	if (parm != NULL) {
		q.buf = buf_get(w->port->bufs, n);
		assert_non_null(q.buf);
		buf_append(q.buf, parm, n);
	}
	assert_true(acb_submit(w->port, &q));
}

static void
turn(struct world *w)
{
	for (int i = 0; i < 8; i++) {
		(void)node_turn(w->n, (struct mono){ SECS(1) });
		appset_turn(&w->apps, (struct mono){ SECS(1) });
	}
}

/* The next event; op 0: none came. */
static struct rpl
next(struct world *w)
{
	struct rpl r = { 0 };

	turn(w);
	if (!acb_poll(w->port, &r))
		r.op = 0;
	buf_free(r.buf);
	r.buf = NULL;
	return r;
}

/* Why an OPEN fails. */
static void
t_open(void **state)
{
	struct acb_open o;
	struct world w;
	struct rpl r;
	uint32_t acb;
	uint16_t pool;

	(void)state;
	world_new(&w, 64, false);
	memset(&o, 0, sizeof(o));
	o.slu = 1;
	(void)name_set(&o.name, "NOSUCH");
	submit(&w, (struct rpl){ .op = RPL_OPEN, .user = 5 }, &o, sizeof(o));
	r = next(&w);
	assert_int_equal(r.op, RPL_OPENFAIL);
	assert_int_equal(r.user, 5);
	assert_int_equal(r.flags, ACB_UNKNOWN);
	(void)name_set(&o.name, "L1");
	submit(&w, (struct rpl){ .op = RPL_OPEN }, &o, sizeof(o));
	r = next(&w);
	assert_int_equal(r.op, RPL_OPENED);
	acb = r.acb;
	submit(&w, (struct rpl){ .op = RPL_OPEN }, &o, sizeof(o));
	assert_int_equal(next(&w).flags, ACB_INUSE);
	(void)name_set(&o.name, "APPLS");
	submit(&w, (struct rpl){ .op = RPL_OPEN }, &o, sizeof(o));
	assert_int_equal(next(&w).flags, ACB_WRONGTYPE);
	submit(&w, (struct rpl){ .op = RPL_OPEN }, &o, 3);              /* no acb_open */
	assert_int_equal(next(&w).op, RPL_OPENFAIL);
	/* Pools: generic, specific, exhausted; a failed OPEN gives the name back. */
	memset(&o.name, 0, sizeof(o.name));
	pool = lupool_define(&w.n->lupools, "POOL", LUPOOL_TERMINAL);
	assert_int_equal(lupool_add(&w.n->lupools, pool, "L2"), 0);
	assert_int_equal(lupool_add(&w.n->lupools, pool, "NOMODEL"), 0);
	o.pool[0] = pool;
	submit(&w, (struct rpl){ .op = RPL_OPEN }, &o, sizeof(o));
	assert_int_equal(next(&w).op, RPL_OPENED);
	for (int i = 0; i < 2; i++) {
		submit(&w, (struct rpl){ .op = RPL_OPEN }, &o, sizeof(o));
		assert_int_equal(next(&w).flags, ACB_UNKNOWN);
	}
	(void)name_set(&o.name, "L3");
	submit(&w, (struct rpl){ .op = RPL_OPEN }, &o, sizeof(o));
	assert_int_equal(next(&w).op, RPL_OPENFAIL);
	/* Stale and foreign handles are counted and harmless. */
	submit(&w, (struct rpl){ .op = RPL_CLOSE, .acb = acb }, NULL, 0);
	assert_int_equal(next(&w).op, RPL_CLOSED);
	submit(&w, (struct rpl){ .op = RPL_CLOSE, .acb = acb }, NULL, 0);
	submit(&w, (struct rpl){ .op = RPL_SEND, .acb = acb, .sess = 77 }, "x", 1);
	submit(&w, (struct rpl){ .op = 99, .acb = 0xffffffff }, "x", 1);
	turn(&w);
	assert_false(acb_poll(w.port, &r));
	assert_int_equal(w.n->stat[NS_RPL_BAD], 3);
	node_halt(w.n, (struct mono){ SECS(1) }, NODE_HALT_NORMAL);
	(void)name_set(&o.name, "L1");
	o.pool[0] = 0;
	submit(&w, (struct rpl){ .op = RPL_OPEN }, &o, sizeof(o));
	assert_int_equal(next(&w).flags, ACB_HALTING);
	world_free(&w);
}

/* Logons that can't be: at once, with the reason. */
static void
t_logon(void **state)
{
	struct acb_logon g;
	struct acb_open o;
	struct world w;
	uint32_t acb;
	struct rpl r;

	(void)state;
	world_new(&w, 64, false);
	memset(&o, 0, sizeof(o));
	o.slu = 1;
	(void)name_set(&o.name, "L1");
	submit(&w, (struct rpl){ .op = RPL_OPEN }, &o, sizeof(o));
	acb = next(&w).acb;
	memset(&g, 0, sizeof(g));
	(void)name_set(&g.appl, "NOWHERE");
	submit(&w, (struct rpl){ .op = RPL_REQSESS, .acb = acb }, &g, sizeof(g));
	r = next(&w);
	assert_int_equal(r.op, RPL_NSPE);
	assert_int_equal(r.sense, SENSE_NO_ADJSSCP);
	(void)name_set(&g.appl, "L1");          /* itself: has no PLU */
	submit(&w, (struct rpl){ .op = RPL_REQSESS, .acb = acb }, &g, sizeof(g));
	assert_int_equal(next(&w).sense, SENSE_PLU_NOT_ENABLED);
	(void)name_set(&g.appl, "ECHO");
	submit(&w, (struct rpl){ .op = RPL_REQSESS, .acb = acb }, &g, 5);
	assert_int_equal(next(&w).sense, SENSE_PARAMETER);
	submit(&w, (struct rpl){ .op = RPL_REQSESS, .acb = acb }, &g, sizeof(g));
	r = next(&w);
	assert_int_equal(r.op, RPL_BIND);
	submit(&w, (struct rpl){ .op = RPL_REQSESS, .acb = acb }, &g, sizeof(g));
	assert_int_equal(next(&w).sense, SENSE_ALREADY_ACTIVE);
	/* Data before the session is: refused, and told. */
	submit(&w, (struct rpl){ .op = RPL_SEND, .acb = acb, .sess = r.sess,
	    .rh = RH_OIC | RH_RQE1 }, "x", 1);
	assert_int_equal(next(&w).sense, SENSE_TRAFFIC_RESET);
	submit(&w, (struct rpl){ .op = RPL_REJBIND, .acb = acb, .sess = r.sess,
	    .sense = SENSE_BAD_PARAMETERS }, NULL, 0);
	assert_int_equal(next(&w).op, RPL_UNBIND);
	turn(&w);
	assert_int_equal(w.n->ssns.used, 0);
	submit(&w, (struct rpl){ .op = RPL_CLOSE, .acb = acb }, NULL, 0);
	assert_int_equal(next(&w).op, RPL_CLOSED);
	assert_int_equal(bufpool_used(&w.n->bufs), 0);
	world_free(&w);
}

/* DETACH and ATTACH: the session stays, what the partner sends waits, nobody else gets the
 * ACB, and one that nobody takes is closed. */
static void
t_changes_its_user(void **state)
{
	struct acb_logon g;
	struct acb_open o;
	struct world w;
	uint32_t acb, sess, others;
	struct rpl r;

	(void)state;
	world_new(&w, 64, false);
	memset(&o, 0, sizeof(o));
	o.slu = 1;
	(void)name_set(&o.name, "L1");
	submit(&w, (struct rpl){ .op = RPL_OPEN, .user = 5 }, &o, sizeof(o));
	acb = next(&w).acb;
	memset(&g, 0, sizeof(g));
	(void)name_set(&g.appl, "ECHO");
	submit(&w, (struct rpl){ .op = RPL_REQSESS, .acb = acb }, &g, sizeof(g));
	r = next(&w);
	assert_int_equal(r.op, RPL_BIND);
	sess = r.sess;
	submit(&w, (struct rpl){ .op = RPL_DETACH, .acb = acb }, NULL, 0);
	r = next(&w);
	assert_int_equal(r.op, RPL_CLOSED);
	assert_int_equal(r.flags, ACB_MOVED);
	submit(&w, (struct rpl){ .op = RPL_OPNSEC, .acb = acb, .sess = sess }, NULL, 0);
	submit(&w, (struct rpl){ .op = RPL_CLOSE, .acb = acb }, NULL, 0);
	turn(&w);
	assert_false(acb_poll(w.port, &r));                             /* it is nobody's */
	assert_int_equal(w.n->ssns.used != 0, 1);
	submit(&w, (struct rpl){ .op = RPL_ATTACH, .acb = acb + 1, .user = 9 }, &o, sizeof(o));
	assert_int_equal(next(&w).op, RPL_OPENFAIL);
	submit(&w, (struct rpl){ .op = RPL_ATTACH, .acb = acb, .user = 9 }, &o, sizeof(o));
	r = next(&w);
	assert_int_equal(r.op, RPL_OPENED);
	assert_int_equal(r.flags, ACB_MOVED);
	assert_int_equal(r.user, 9);
	submit(&w, (struct rpl){ .op = RPL_REJBIND, .acb = acb, .sess = sess,
	    .sense = SENSE_BAD_PARAMETERS }, NULL, 0);
	r = next(&w);
	assert_int_equal(r.op, RPL_UNBIND);
	assert_int_equal(r.user, 9);
	submit(&w, (struct rpl){ .op = RPL_DETACH, .acb = acb }, NULL, 0);
	assert_int_equal(next(&w).op, RPL_CLOSED);
	others = w.n->acbs.used - 1;            /* the application's */
	(void)node_turn(w.n, (struct mono){ SECS(ACB_LIMBO_S * 2) });
	assert_int_equal(w.n->acbs.used, others);
	submit(&w, (struct rpl){ .op = RPL_ATTACH, .acb = acb, .user = 9 }, &o, sizeof(o));
	assert_int_equal(next(&w).op, RPL_OPENFAIL);
	assert_int_equal(bufpool_used(&w.n->bufs), 0);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_open), cmocka_unit_test(t_logon), cmocka_unit_test(t_threads),
		cmocka_unit_test(t_changes_its_user),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, make_library, drop_library);
}
