/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/app_host.h"

static void
logged_on(struct host *h, unsigned i)
{
	host_key(h, i, DS_ENTER, TYPED({ 8, 21, "demo1" }, { 10, 21, "DEMO1" }));
	assert_true(scr_has(&h->scr[i], "Main menu"));
}

static void
option(struct host *h, unsigned i, const char *o)
{
	host_key(h, i, DS_ENTER, TYPED({ 4, 15, o }));
}

static void
t_logon(void **state)
{
	struct host *h = host_new("TSODEMO", NULL);
	struct scr *s = &h->scr[0];

	(void)state;
	host_logon(h, 0, BIND_24X80);
	assert_int_equal(h->chains[0], 1);
	assert_int_equal(h->rh[0], 0x0390a0);
	assert_true(scr_has(s, "TSODEMO - Logon"));
	assert_true(scr_has(s, "NETA.TCP00001"));
	assert_int_equal(s->cursor, 7 * 80 + 20);
	assert_int_equal(s->attr[9 * 80 + 19], 0xc0 | DS_HIDDEN);       /* the password field */
	host_key(h, 0, DS_ENTER, NULL);
	assert_true(scr_has(s, "Type your user ID"));
	host_key(h, 0, DS_ENTER, TYPED({ 8, 21, "9abc" }));
	assert_true(scr_has(s, "begins with a letter"));
	host_key(h, 0, DS_ENTER, TYPED({ 8, 21, "JOE" }));
	assert_true(scr_has(s, "Type your password"));
	assert_int_equal(s->cursor, 9 * 80 + 20);
	host_key(h, 0, DS_ENTER, TYPED({ 10, 21, "SECRETX" }));
	assert_true(scr_has(s, "do not go together"));
	assert_false(scr_has(s, "SECRETX"));
	assert_true(scr_has(s, "JOE"));                 /* kept; only the password again */
	host_key(h, 0, DS_ENTER, TYPED({ 10, 21, "joe" }));
	assert_true(scr_has(s, "Main menu"));
	host_key(h, 0, DS_PF3, NULL);
	assert_int_equal(h->clsdst[0], 1);
	host_unbind(h, 0);
	host_logon(h, 0, BIND_24X80);
	assert_false(scr_has(s, "JOE"));                /* nothing is left in the slot */
	host_free(h);
}

static void
t_menu_and_keys(void **state)
{
	struct host *h = host_new("TSODEMO", NULL);
	struct scr *s = &h->scr[0];

	(void)state;
	host_logon(h, 0, BIND_24X80);
	logged_on(h, 0);
	option(h, 0, "7");
	assert_true(scr_has(s, "no such option"));
	assert_int_equal(s->wcc & DS_WCC_ALARM, DS_WCC_ALARM);
	host_key(h, 0, DS_PF1, NULL);
	assert_true(scr_has(s, "TSODEMO - Help"));
	host_key(h, 0, DS_PF15, NULL);                  /* as PF3 */
	assert_true(scr_has(s, "Main menu"));
	host_key(h, 0, DS_PF9, NULL);
	assert_true(scr_has(s, "does nothing here"));
	host_key(h, 0, DS_CLEAR, NULL);
	assert_true(scr_has(s, "Main menu"));
	assert_false(scr_has(s, "does nothing here"));
	host_key(h, 0, DS_PA1, NULL);
	assert_true(scr_has(s, "PA1 was received"));
	option(h, 0, "4");
	assert_true(scr_has(s, "TESTMODE"));
	assert_true(scr_has(s, "not asked"));
	host_key(h, 0, DS_PF3, NULL);
	option(h, 0, "x");
	assert_int_equal(h->clsdst[0], 1);
	host_free(h);
}

static void
t_list(void **state)
{
	struct host *h = host_new("TSODEMO", NULL);
	struct scr *s = &h->scr[0];

	(void)state;
	host_logon(h, 0, BIND_62X160);
	assert_int_equal(s->rows, 62);
	logged_on(h, 0);
	option(h, 0, "1");
	assert_true(scr_has(s, "Lines 1 to 53 of 240"));
	assert_true(h->len[0] > 3000);
	host_key(h, 0, DS_PF7, NULL);
	assert_true(scr_has(s, "top of the list"));
	host_key(h, 0, DS_PF8, NULL);
	assert_true(scr_has(s, "Lines 54 to 106 of 240"));
	host_key(h, 0, DS_ENTER, TYPED({ 3, 15, "bottom" }));
	assert_true(scr_has(s, "Lines 188 to 240 of 240"));
	host_key(h, 0, DS_PF8, NULL);
	assert_true(scr_has(s, "bottom of the list"));
	host_key(h, 0, DS_ENTER, TYPED({ 3, 15, "10" }));
	assert_true(scr_has(s, "Lines 10 to 62 of 240"));
	host_key(h, 0, DS_PF7, NULL);
	assert_true(scr_has(s, "Lines 1 to 53"));
	host_key(h, 0, DS_ENTER, TYPED({ 3, 15, "241" }));
	assert_true(scr_has(s, "Type a line number"));
	host_free(h);
}

static void
t_form(void **state)
{
	struct host *h = host_new("TSODEMO", NULL);
	struct scr *s = &h->scr[0];

	(void)state;
	host_logon(h, 0, BIND_24X80E);
	host_send(h, 0, 0x039020, "\x88\x00\x08\x81\x86\x00\x08\x00\xf4", 9);
	logged_on(h, 0);
	option(h, 0, "2");
	host_key(h, 0, DS_ENTER, TYPED({ 6, 25, "Ann Example" }, { 8, 25, "2023-02-29" }));
	assert_true(scr_has(s, "must be a real day"));
	assert_true(scr_has(s, "Ann Example"));
	assert_int_equal(s->cursor, 7 * 80 + 24);
	host_key(h, 0, DS_ENTER, TYPED({ 8, 25, "2024-02-29" }));
	assert_true(scr_has(s, "number from 1 to 999"));
	host_key(h, 0, DS_ENTER, TYPED({ 10, 25, "12" }));
	assert_true(scr_has(s, "S, M or L."));
	host_key(h, 0, DS_ENTER, TYPED({ 6, 25, "" }, { 12, 25, "m" }));        /* name erased */
	assert_true(scr_has(s, "A name is needed"));
	host_key(h, 0, DS_ENTER, TYPED({ 6, 25, "Bo" }));
	assert_true(scr_has(s, "Accepted"));
	assert_true(scr_has(s, "in this session: 1"));
	assert_false(scr_has(s, "2024-02-29"));
	host_key(h, 0, DS_ENTER, TYPED({ 6, 25, "Bo" }));
	host_key(h, 0, DS_PF5, NULL);
	assert_false(scr_has(s, "Bo "));
	host_free(h);
}

static void
t_query_and_colours(void **state)
{
	/* colours, and 43 by 80 as the implicit alternate size */
	static const uint8_t reply[] = { 0x88, 0x00, 0x08, 0x81, 0x86, 0x00, 0x08, 0x00, 0xf4,
		0x00, 0x11, 0x81, 0xa6, 0x00, 0x00, 0x0b, 0x01, 0x00, 0x00, 0x50, 0x00, 0x18,
		0x00, 0x50, 0x00, 0x2b };
	struct host *h = host_new("TSODEMO", NULL);
	struct scr *s = &h->scr[0];

	(void)state;
	host_logon(h, 0, BIND_DYN);
	assert_int_equal(h->len[0], 6);
	assert_memory_equal(h->msg[0], "\xf3\x00\x05\x01\xff\x02", 6);
	s->alt_rows = 43;
	s->alt_cols = 80;
	host_send(h, 0, 0x039020, reply, sizeof(reply));
	assert_int_equal(h->msg[0][0], DS_EWA);
	assert_true(scr_has(s, "Logon"));
	assert_int_equal(s->rows, 43);
	logged_on(h, 0);
	option(h, 0, "3");
	assert_true(s->colours > 28);
	assert_true(s->sas > 40);
	assert_true(scr_has(s, "Turquoise"));
	assert_false(scr_has(s, "this is not seen"));
	host_key(h, 0, DS_PF3, NULL);
	option(h, 0, "4");
	assert_true(scr_has(s, "2 structured fields"));
	assert_true(scr_has(s, "43 by 80"));
	host_free(h);
	/* a terminal that can't be asked */
	h = host_new("TSODEMO", NULL);
	host_logon(h, 0, BIND_24X80E);
	assert_int_equal(h->chains[0], 1);
	host_up(h, (struct rpl){ .op = RPL_RSP, .sess = 100, .suser = h->suser[0], .rh = 0x879000,
	    .sense = SENSE_NOT_SUPPORTED }, NULL, 0);
	host_turn(h);
	assert_int_equal(h->chains[0], 2);
	assert_true(scr_has(&h->scr[0], "Logon"));
	/* colours without -E: intensities */
	host_logon(h, 1, BIND_24X80);
	logged_on(h, 1);
	option(h, 1, "3");
	assert_true(scr_has(&h->scr[1], "High intensity"));
	assert_int_equal(h->scr[1].colours, 0);
	host_free(h);
}

/* Every panel on every size is a screen a terminal takes. */
static void
t_all_panels_all_sizes(void **state)
{
	static const char *const binds[] = { BIND_24X80, BIND_43X80E, BIND_62X160, BIND_LU0 };
	struct host *h = host_new("TSODEMO", NULL);

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		host_logon(h, i, binds[i]);
		if (h->msg[i][0] == DS_WSF)
			host_send(h, i, 0x039020, "\x88\x00\x04\x81\x86", 5);
		logged_on(h, i);
		for (char o = '1'; o <= '4'; o++) {
			option(h, i, (char[]){ o, 0 });
			host_key(h, i, DS_PF1, NULL);
			assert_true(scr_has(&h->scr[i], "Help"));
			host_key(h, i, DS_PF3, NULL);
			host_key(h, i, DS_PF3, NULL);
			assert_true(scr_has(&h->scr[i], "Main menu"));
		}
	}
	host_free(h);
}

static void
t_line_mode_is_refused(void **state)
{
	struct host *h = host_new("TSODEMO", NULL);

	(void)state;
	host_logon(h, 0, BIND_LU1);
	assert_int_equal(h->clsdst[0], 1);
	assert_int_equal(h->chains[0], 0);
	host_unbind(h, 0);
	host_free(h);
}

static void
t_garbage(void **state)
{
	struct host *h = host_new("TSODEMO", NULL);
	uint32_t x = 99;
	uint8_t m[80];

	(void)state;
	host_logon(h, 0, BIND_24X80E);
	for (int k = 0; k < 5000 && h->clsdst[0] == 0; k++) {
		for (size_t n = 0; n < sizeof(m); n++) {
			x = x * 1664525 + 1013904223;
			m[n] = (uint8_t)(x >> 24);
		}
		m[0] = k % 2 != 0 ? 0x88 : m[0];
		if (ds_pf(m[0]) % 12 == 3)
			m[0] = 0x7d;
		host_send(h, 0, 0x039020, m, 1 + x % sizeof(m));
		assert_int_equal(h->chains[0], k + 2);
	}
	host_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_logon),
		cmocka_unit_test(t_menu_and_keys),
		cmocka_unit_test(t_list),
		cmocka_unit_test(t_form),
		cmocka_unit_test(t_query_and_colours),
		cmocka_unit_test(t_all_panels_all_sizes),
		cmocka_unit_test(t_line_mode_is_refused),
		cmocka_unit_test(t_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
