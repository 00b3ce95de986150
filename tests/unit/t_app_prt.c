/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/app_host.h"

#define BIND_LU3 "31010303b190308000008787000003000000000018501850" "7f0000"
#define LAST_RQD 0x018000u      /* EC RQD1 */

/* The node's answer to what the application sent on session i. */
static void
answer(struct host *h, unsigned i, uint16_t snf, uint32_t sense)
{
	host_up(h, (struct rpl){ .op = RPL_RSP, .sess = 100 + i, .suser = h->suser[i],
	    .rh = RH_RSP | RH_OIC | RH_DR1 | (sense != 0 ? RH_RTI : 0), .snf = snf,
	    .sense = sense }, NULL, 0);
	host_turn(h);
}

static void
ask(struct host *h, unsigned i, const char *lu, const char *pages, const char *form)
{
	host_key(h, i, DS_ENTER, TYPED({ 5, 25, lu }, { 6, 25, pages }, { 7, 25, form }));
}

static void
t_printer_that_logs_on(void **state)
{
	struct host *h = host_new("PRTDEMO", "APPL=APPL1,PAGES=3");

	(void)state;
	host_logon(h, 0, BIND_LU1);
	assert_int_equal(h->chains[0], 3);
	assert_int_equal(h->rh[0] & 0x01d060, LAST_RQD | RH_EBI);
	assert_memory_equal(h->msg[0], "\xd7\xd9\xe3", 3);        /* text from the first byte */
	assert_int_equal(h->msg[0][h->len[0] - 1], 0x0c);
	answer(h, 0, 99, 0);                            /* not this one */
	assert_true(h->set.v[0]->slots.used == 1 && h->clsdst[0] == 0);
	answer(h, 0, 3, 0);
	assert_int_equal(h->clsdst[0], 0);              /* it came by itself: it stays */
	host_unbind(h, 0);
	host_free(h);
}

static void
t_user_asks(void **state)
{
	struct host *h = host_new("PRTDEMO", NULL);

	(void)state;
	host_logon(h, 1, BIND_24X80);
	assert_true(scr_has(&h->scr[1], "Printer LU"));
	ask(h, 1, "9", "1", "SCS");
	assert_true(scr_has(&h->scr[1], "a name of 1 to 8 characters"));
	ask(h, 1, "TCP00001", "0", "SCS");
	assert_true(scr_has(&h->scr[1], "a number from 1 to 9999"));
	ask(h, 1, "TCP00001", "1", "3270");
	assert_int_equal(h->simlogons, 1);
	assert_string_equal(h->acquired, "DSC2K");
	assert_int_equal(h->rh[1] & RH_CDI, 0);         /* the user waits */
	host_logon(h, 0, BIND_LU3);
	assert_int_equal(h->msg[0][0], DS_EW);
	assert_int_equal(h->msg[0][1] & 0x08, 0x08);    /* start print */
	answer(h, 0, 1, 0);
	assert_true(scr_has(&h->scr[1], "printed, 1 page"));
	assert_int_equal(h->rh[1] & RH_CDI, RH_CDI);
	assert_int_equal(h->clsdst[0], 1);              /* it was asked for: it goes */
	host_unbind(h, 0);
	host_unbind(h, 1);
	host_free(h);
}

static void
t_no_such_printer(void **state)
{
	struct host *h = host_new("PRTDEMO", NULL);

	(void)state;
	host_logon(h, 1, BIND_24X80);
	ask(h, 1, "NOSUCH", "1", "SCS");
	host_up(h, (struct rpl){ .op = RPL_NSPE, .sense = 0x087d0001 }, "NETA.NOSUCH", 11);
	host_turn(h);
	assert_true(scr_has(&h->scr[1], "no session, sense 087D0001"));
	ask(h, 1, "NOSUCH", "1", "SCS");                /* and again */
	assert_int_equal(h->simlogons, 2);
	host_send(h, 1, 0x4b8000, "\xc9\x00\x01\x00\x00", 5);   /* ATTN */
	assert_true(scr_has(&h->scr[1], "given up"));
	host_unbind(h, 1);
	host_free(h);
}

static void
t_intervention(void **state)
{
	struct host *h = host_new("PRTDEMO", "PAGES=2");

	(void)state;
	host_logon(h, 0, BIND_LU1);
	assert_int_equal(h->chains[0], 2);
	answer(h, 0, 1, SENSE_INTERVENTION);            /* the first page: asked for errors only */
	assert_int_equal(h->chains[0], 2);
	host_send(h, 0, 0x4b8000, "\x04\x00\x01\x00\x00", 5);
	assert_int_equal(h->chains[0], 2);              /* the answer to the second comes first */
	answer(h, 0, 2, 0);
	assert_int_equal(h->chains[0], 4);              /* all of it anew */
	answer(h, 0, 4, SENSE_INTERVENTION);
	host_send(h, 0, 0x4b8000, "\x04\x08\x1c\x00\x00", 5);   /* another status */
	assert_int_equal(h->chains[0], 4);
	host_send(h, 0, 0x4b8000, "\x04\x00\x01\x00\x00", 5);
	assert_int_equal(h->chains[0], 6);
	answer(h, 0, 6, 0x10030000);                    /* that can't be mended */
	assert_int_equal(h->clsdst[0], 1);
	host_unbind(h, 0);
	host_free(h);
}

static void
t_windows(void **state)
{
	struct host *h = host_new("PRTDEMO", "PAGES=40");

	(void)state;
	host_logon(h, 0, BIND_LU1);
	assert_int_equal(h->chains[0], 16);
	assert_int_equal(h->rh[0] & 0x01d060, LAST_RQD);
	answer(h, 0, 16, 0);
	assert_int_equal(h->chains[0], 32);
	answer(h, 0, 32, 0);
	assert_int_equal(h->chains[0], 40);
	assert_int_equal(h->rh[0] & RH_EBI, 0x40);
	answer(h, 0, 40, 0);
	host_unbind(h, 0);
	host_free(h);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_printer_that_logs_on),
		cmocka_unit_test(t_user_asks),
		cmocka_unit_test(t_no_such_printer),
		cmocka_unit_test(t_intervention),
		cmocka_unit_test(t_windows),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
