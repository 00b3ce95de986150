/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "tests/unit/app_host.h"

static void
t_first_screen(void **state)
{
	struct host *h = host_new("ECHO", "APPL=ECHO,SIZE=900");

	(void)state;
	host_logon(h, 0, BIND_24X80);
	assert_int_equal(h->chains[0], 1);
	assert_int_equal(h->rh[0], 0x0390a0);           /* OIC RQE1 BB CD */
	assert_int_equal(h->msg[0][0], DS_EW);
	assert_true(scr_has(&h->scr[0], "NETA.TCP00001"));
	assert_true(scr_has(&h->scr[0], "TESTMODE"));
	assert_true(scr_has(&h->scr[0], "24 by 80"));
	assert_true(scr_has(&h->scr[0], "LOGOFF"));
	assert_int_equal(h->scr[0].cursor, 21 * 80 + 6);
	assert_int_equal(h->scr[0].colours, 0);
	host_logon(h, 1, BIND_43X80E);
	assert_int_equal(h->msg[1][0], DS_EWA);
	assert_true(h->scr[1].colours > 5);
	assert_int_equal(h->scr[1].cursor, 40 * 80 + 6);
	host_free(h);
}

static void
t_echo(void **state)
{
	struct host *h = host_new("ECHO", NULL);

	(void)state;
	host_logon(h, 0, BIND_24X80);
	host_key(h, 0, DS_ENTER, TYPED({ 22, 7, "hello world" }));
	assert_int_equal(h->len[0], 800);
	assert_int_equal(h->rh[0], 0x0390a0);
	assert_true(scr_has(&h->scr[0], "You typed: hello world"));
	assert_true(scr_has(&h->scr[0], "Message        1   received    17 bytes"));
	assert_true(scr_has(&h->scr[0], "this screen  800 bytes"));
	assert_true(scr_has(&h->scr[0], "NETA.TCP00001"));
	assert_true(scr_has(&h->scr[0], "===>"));
	/* every size is hit to the byte, and no order is ever cut */
	for (unsigned n = 300; n <= 4000; n += 1) {
		char line[16];

		snprintf(line, sizeof(line), "size %u", n);
		host_key(h, 0, DS_ENTER, TYPED({ 22, 7, line }));
		assert_true(h->len[0] == n || (n < 500 && h->len[0] > n));
		assert_true(scr_has(&h->scr[0], "===>"));
		assert_true(scr_has(&h->scr[0], "ENTER=Echo"));
	}
	host_key(h, 0, DS_ENTER, TYPED({ 22, 7, "SIZE 4001" }));        /* too much: stays */
	assert_int_equal(h->len[0], 4000);
	/* the second terminal has its own size */
	host_logon(h, 1, BIND_62X160);
	host_key(h, 1, DS_PF5, TYPED({ 60, 7, "wide" }));
	assert_int_equal(h->len[1], 800);
	assert_int_equal(h->scr[1].cols, 160);
	assert_true(scr_has(&h->scr[1], "You typed: wide"));
	host_key(h, 1, DS_CLEAR, NULL);
	assert_true(scr_has(&h->scr[1], "Your LU"));
	host_free(h);
}

static void
t_leave(void **state)
{
	struct host *h = host_new("ECHO", NULL);

	(void)state;
	host_logon(h, 0, BIND_24X80);
	host_logon(h, 1, BIND_24X80);
	host_key(h, 0, DS_PF3, NULL);
	assert_int_equal(h->clsdst[0], 1);
	host_key(h, 0, DS_ENTER, TYPED({ 22, 7, "late" }));    /* nothing is said any more */
	assert_int_equal(h->chains[0], 1);
	host_unbind(h, 0);
	host_key(h, 1, DS_ENTER, TYPED({ 22, 7, "LogOff " }));
	assert_int_equal(h->clsdst[1], 1);
	host_unbind(h, 1);
	host_turn(h);
	assert_int_equal(h->set.v[0]->slots.used, 0);
	host_logon(h, 2, BIND_24X80);           /* the slot serves again */
	assert_int_equal(h->chains[2], 1);
	host_free(h);
	h = host_new("ECHO", NULL);
	host_logon(h, 0, BIND_24X80);
	host_key(h, 0, DS_ENTER, TYPED({ 22, 7, "LOGOFF" }));
	assert_int_equal(h->clsdst[0], 1);
	host_free(h);
}

static void
t_control_requests(void **state)
{
	struct host *h = host_new("ECHO", NULL);

	(void)state;
	host_logon(h, 0, BIND_24X80);
	host_send(h, 0, 0x4b8000, "\xc9\x00\x01\x00\x00", 5);
	assert_int_equal(h->resps, 1);
	assert_int_equal(h->resp_sense, 0);
	host_send(h, 0, 0x4b8000, "\x05", 1);           /* RTR: not required */
	assert_int_equal(h->resp_sense, SENSE_RTR_NOT_NEEDED);
	host_send(h, 0, 0x038120, "\x7d\x40\x40", 3);   /* RQD1 with PI */
	assert_int_equal(h->resps, 3);
	assert_int_equal(h->paces, 1);
	assert_int_equal(h->chains[0], 2);
	/* screen lost, but the terminal has the turn: nothing may be sent */
	host_send(h, 0, 0x4b8000, "\x04\x08\x2b\x00\x00", 5);
	assert_int_equal(h->chains[0], 2);
	host_send(h, 0, 0x4b8020, "\x04\x08\x2b\x00\x00", 5);
	assert_int_equal(h->chains[0], 3);
	host_send(h, 0, 0x4b8000, "\xc2", 1);           /* RSHUTD */
	assert_int_equal(h->clsdst[0], 1);
	host_free(h);
}

static void
t_chained_input(void **state)
{
	struct host *h = host_new("ECHO", NULL);
	uint8_t big[1024];

	(void)state;
	memset(big, 0xc1, sizeof(big));
	host_logon(h, 0, BIND_24X80);
	host_send(h, 0, 0x029000, "\x7d\x40\x40\x11\x40\x41\xc8", 7);
	host_send(h, 0, 0x009000, "\xc5\xd3", 2);
	assert_int_equal(h->chains[0], 1);
	host_send(h, 0, 0x019020, "\xd7", 1);
	assert_true(scr_has(&h->scr[0], "You typed: HELP"));
	host_send(h, 0, 0x029000, "\x7d\x40\x40\x11\x40\x41\xc8", 7);
	host_send(h, 0, 0x4b8000, "\x83", 1);           /* CANCEL */
	host_send(h, 0, 0x039020, "\x7d\x40\x40", 3);
	assert_false(scr_has(&h->scr[0], "HELP"));
	for (int i = 0; i < 6; i++)                     /* longer than any buffer */
		host_send(h, 0, i == 0 ? 0x029000 : 0x009000, big, sizeof(big));
	host_send(h, 0, 0x019020, big, sizeof(big));
	assert_int_equal(h->resp_sense, SENSE_NO_RESOURCE);
	assert_int_equal(h->chains[0], 3);
	host_free(h);
}

static void
t_lines(void **state)
{
	struct host *h = host_new("ECHO", "SIZE=200");
	static const uint8_t hi[] = { 0x88, 0x89 };
	char text[300];

	(void)state;
	host_logon(h, 0, BIND_LU1);
	assert_int_equal(h->chains[0], 1);
	host_send(h, 0, 0x039020, hi, sizeof(hi));
	assert_int_equal(h->len[0], 200);
	asc_put(text, h->msg[0], 5);
	assert_memory_equal(text, "1: hi", 5);
	assert_int_equal(h->msg[0][5], 0x15);
	assert_int_equal(h->msg[0][199], 0x15);
	/* non-SNA 3270: full duplex, no CD */
	host_logon(h, 1, BIND_LU0);
	assert_int_equal(h->rh[1], 0x039080);
	assert_true(scr_has(&h->scr[1], "ECHO"));
	host_key(h, 1, DS_ENTER, TYPED({ 22, 7, "x" }));
	assert_true(scr_has(&h->scr[1], "You typed: x"));
	host_free(h);
}

static void
t_refusals(void **state)
{
	struct host *h = host_new("ECHO", "MAX=1");
	char err[APP_ERR_MAX];
	struct appset none;

	(void)state;
	host_logon(h, 0, "31010303b1903080000087f80000030000000000185018507f0000");     /* LU 3 */
	assert_int_equal(h->refused, SENSE_NOT_AVAILABLE);
	host_logon(h, 0, BIND_24X80);
	assert_int_equal(h->chains[0], 1);
	host_logon(h, 1, BIND_24X80);
	assert_int_equal(h->refused, SENSE_NO_RESOURCE);
	assert_int_equal(app_start(&h->set, "echo", "APPL=appl1", &h->port, err), -EEXIST);
	appset_init(&none, app_table);
	assert_int_equal(app_start(&none, "NOSUCH", NULL, &h->port, err), -ENOENT);
	assert_non_null(strstr(err, "NOSUCH"));
	assert_int_equal(app_start(&none, "ECHO", "SIZE=0", &h->port, err), -EINVAL);
	assert_non_null(strstr(err, "SIZE=0"));
	assert_int_equal(app_start(&none, "ECHO", "SIZE=9x", &h->port, err), -EINVAL);
	assert_int_equal(app_start(&none, "ECHO", "APPL=1BAD", &h->port, err), -EINVAL);
	assert_int_equal(app_start(&none, "ECHO", "FOO=1", &h->port, err), -EINVAL);
	assert_int_equal(app_start(&none, "ECHO", "SIZE", &h->port, err), -EINVAL);
	assert_int_equal(app_start(&none, "ECHO", "MAX=70000", &h->port, err), -EINVAL);
	assert_true(appset_idle(&none));
	assert_false(app_stop(&h->set, "OTHER"));
	assert_true(app_stop(&h->set, "appl1"));
	host_free(h);
}

static void
t_show(void **state)
{
	struct host *h = host_new("ECHO", NULL);
	struct con c;

	(void)state;
	con_init(&c);
	host_logon(h, 0, BIND_24X80);
	appset_show(&h->set, &c);
	assert_non_null(strstr(c.text, "NETA.APPL1"));
	assert_non_null(strstr(c.text, "SESSIONS 1 OF"));
	assert_non_null(strstr(c.text, "REPLY SIZE 800"));
	con_fini(&c);
	host_free(h);
}

/* Whatever a terminal sends, the session lives and every answer is a screen. */
static void
t_garbage(void **state)
{
	struct host *h = host_new("ECHO", NULL);
	uint32_t x = 12345;
	uint8_t m[64];

	(void)state;
	host_logon(h, 0, BIND_24X80);
	for (int k = 0; k < 3000; k++) {
		size_t n;

		for (n = 0; n < sizeof(m); n++) {
			x = x * 1664525 + 1013904223;
			m[n] = (uint8_t)(x >> 24);
		}
		m[0] = k % 3 == 0 ? 0x7d : m[0];
		if (ds_pf(m[0]) % 12 == 3)
			m[0] = 0x7d;
		host_send(h, 0, 0x039020, m, 1 + x % sizeof(m));
		assert_int_equal(h->clsdst[0], 0);
		assert_int_equal(h->chains[0], k + 2);
	}
	host_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_first_screen),
		cmocka_unit_test(t_echo),
		cmocka_unit_test(t_leave),
		cmocka_unit_test(t_control_requests),
		cmocka_unit_test(t_chained_input),
		cmocka_unit_test(t_lines),
		cmocka_unit_test(t_refusals),
		cmocka_unit_test(t_show),
		cmocka_unit_test(t_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
