/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/app_host.h"

#define CMD(line) TYPED({ 21, 7, line })

static void
type(struct host *h, const char *line)
{
	host_key(h, 0, DS_ENTER, CMD(line));
}

static void
rsp(struct host *h, uint32_t sense, unsigned op)
{
	host_up(h, (struct rpl){ .op = (uint8_t)op, .sess = 100, .suser = h->suser[0],
	    .rh = RH_RSP | RH_OIC | RH_RQD1, .sense = sense, .snf = 2 }, NULL, 0);
	host_turn(h);
}

static void
t_status(void **state)
{
	struct host *h = host_new("DRIVER", NULL);

	(void)state;
	host_logon(h, 0, BIND_24X80);
	assert_true(scr_has(&h->scr[0], "DRIVER"));
	assert_true(scr_has(&h->scr[0], "LU-TYPE 2 FM 3 SCREEN 24 BY 80"));
	assert_int_equal(h->rh[0], 0x0390a0);
	type(h, "NONSENSE");
	assert_true(scr_has(&h->scr[0], "NOTE NOT UNDERSTOOD: NONSENSE"));
	assert_true(scr_has(&h->scr[0], "INPUT 1 LENGTH 14"));
	assert_true(scr_has(&h->scr[0], "11D9C6D5D6D5E2C5D5E2C5"));
	/* what is typed into the hidden field is never shown */
	host_key(h, 0, DS_ENTER, TYPED({ 21, 7, "STATUS" }, { 22, 15, "SECRET" }));
	assert_true(scr_has(&h->scr[0], "************"));
	assert_false(scr_has(&h->scr[0], "E2C5C3D9C5E3"));
	host_free(h);
}

static void
t_chains(void **state)
{
	struct host *h = host_new("DRIVER", NULL);

	(void)state;
	host_logon(h, 0, BIND_24X80);
	type(h, "SEND N=3 SIZE=100 RQD");
	assert_int_equal(h->chains[0], 2);
	assert_int_equal(h->len[0], 300);
	assert_int_equal(h->rh[0], 0x018020);           /* EC RQD1 CD, BB was with the first */
	assert_true(scr_has(&h->scr[0], "CHAIN 000001"));
	type(h, "SEND SIZE=7 FF EB RQE CMD=F1 WCC=C2");
	assert_int_equal(h->len[0], 7);
	assert_memory_equal(h->msg[0], "\xf1\xc2\xff\xff\xff\xff\xff", 7);
	assert_int_equal(h->rh[0], 0x0390c0);           /* OIC RQE1 BB EB */
	type(h, "NULL RQD NOCD");
	assert_int_equal(h->len[0], 0);
	assert_int_equal(h->rh[0], 0x038080);
	type(h, "SEND HEX=F1C2C1 NOCD NOBB RQN");
	assert_memory_equal(h->msg[0], "\xf1\xc2\xc1", 3);
	assert_int_equal(h->rh[0], 0x030000);
	type(h, "SEND SIZE=2 DR2;DFC HEX=84");
	assert_memory_equal(h->msg[0], "\x84", 1);
	assert_int_equal(h->rh[0] & RH_CAT, RH_DFC);
	host_free(h);
}

/* More than fits below goes on turn by turn; only the last gives the turn away. */
static void
t_flood(void **state)
{
	struct host *h = host_new("DRIVER", NULL);
	int64_t us = 0;

	(void)state;
	host_logon(h, 0, BIND_24X80);
	type(h, "FLOOD COUNT=1000 SIZE=100");
	assert_true(h->chains[0] > 1 && h->chains[0] < 1001);
	for (; h->chains[0] < 1001 && us < 10000000; us += 5000) {
		assert_int_equal(h->rh[0] & RH_CDI, 0);
		appset_expire(&h->set, (struct mono){ us });
		host_turn(h);
	}
	assert_int_equal(h->chains[0], 1001);
	assert_int_equal(h->rh[0] & RH_CDI, RH_CDI);
	assert_true(scr_has(&h->scr[0], "FLOOD 001000"));
	host_free(h);
}

/* The terminal reads nothing: all comes back. What is made again to be refused again
 * gets less, and is all sent when there is room. */
static void
t_flood_held_back(void **state)
{
	struct host *h = host_new("DRIVER", NULL);
	struct mono now = { 0 };

	(void)state;
	host_logon(h, 0, BIND_24X80);
	type(h, "FLOOD COUNT=1000 SIZE=100");
	for (unsigned round = 0, made = h->chains[0] - 1; round < 5; round++) {
		unsigned was = h->chains[0];

		for (unsigned i = 0; i < made; i++)
			rsp(h, 0x08120000, RPL_SENDERR);
		now.us += 5000;
		appset_expire(&h->set, now);
		host_turn(h);
		made = h->chains[0] - was;
		assert_true(made > 0 && made <= 2);
	}
	h->chains[0] = 0;
	for (; scr_has(&h->scr[0], "FLOOD 001000") == 0 && now.us < 10000000; now.us += 5000) {
		appset_expire(&h->set, now);
		host_turn(h);
	}
	assert_true(scr_has(&h->scr[0], "FLOOD 001000"));
	assert_true(now.us < 200000);
	host_free(h);
}

static void
t_waits(void **state)
{
	struct host *h = host_new("DRIVER", NULL);

	(void)state;
	host_logon(h, 0, BIND_24X80);
	type(h, "WAIT 2;SEND SIZE=100");
	assert_int_equal(h->chains[0], 1);
	type(h, "SEND");                                /* noted, no more */
	assert_int_equal(h->chains[0], 1);
	appset_expire(&h->set, (struct mono){ 1900000 });
	host_turn(h);
	assert_int_equal(h->chains[0], 1);
	appset_expire(&h->set, (struct mono){ 2000000 });
	host_turn(h);
	assert_int_equal(h->chains[0], 2);
	type(h, "SEND RQD NOCD;AWAIT;STATUS");
	assert_int_equal(h->chains[0], 3);
	rsp(h, 0x08310000, RPL_RSP);
	assert_int_equal(h->chains[0], 4);
	assert_true(scr_has(&h->scr[0], "RESPONSES +0 -1 LAST SENSE 08310000"));
	type(h, "SILENT");
	assert_int_equal(h->chains[0], 4);
	host_free(h);
}

static void
t_what_nobody_waited_for(void **state)
{
	struct host *h = host_new("DRIVER", NULL);

	(void)state;
	host_logon(h, 0, BIND_24X80);
	rsp(h, 0x10030000, RPL_RSP);                    /* the status itself: not again */
	assert_int_equal(h->chains[0], 2);
	assert_int_equal(h->len[0], 0);                 /* but the turn */
	assert_int_equal(h->rh[0], 0x0390a0);
	type(h, "SEND");
	rsp(h, 0x082d0000, RPL_RSP);                    /* suspended: its LUSTAT will come */
	assert_int_equal(h->chains[0], 3);
	host_send(h, 0, 0x4b9020, "\x04\x08\x2b\x00\x00", 5);
	assert_int_equal(h->chains[0], 4);
	assert_true(scr_has(&h->scr[0], "LUSTATS 1 LAST 082B0000"));
	host_send(h, 0, 0x4b8000, "\xc9\x00\x01\x00\x00", 5);
	assert_int_equal(h->chains[0], 4);              /* no turn: nothing may be said */
	type(h, "SEND NOCD");
	rsp(h, 0x10050000, RPL_RSP);
	assert_int_equal(h->chains[0], 6);
	assert_true(scr_has(&h->scr[0], "SIGNALS 1"));
	assert_true(scr_has(&h->scr[0], "NOTE NEGATIVE RESPONSE"));
	type(h, "SEND RQN");
	rsp(h, 0x400a0000, RPL_SENDERR);
	assert_true(scr_has(&h->scr[0], "REFUSED HERE 1 LAST SENSE 400A0000"));
	host_free(h);
}

static void
t_unbind_and_bind(void **state)
{
	struct host *h = host_new("DRIVER", NULL);

	(void)state;
	host_logon(h, 0, BIND_24X80);
	type(h, "UNBIND TYPE=FE SENSE=08120007");
	assert_int_equal(h->clsdst[0], 1);
	assert_int_equal(h->unb[0], 0xfe);
	host_unbind(h, 0);
	host_turn(h);
	assert_int_equal(h->simlogons, 0);
	host_logon(h, 0, BIND_24X80);
	type(h, "REBIND MODE=SNX32704 B24=03 RUS=00 LU=2");
	assert_int_equal(h->unb[0], UNB_FORTHCOMING);
	assert_int_equal(h->simlogons, 0);              /* not before the old one has ended */
	host_unbind(h, 0);
	assert_int_equal(h->simlogons, 1);
	assert_string_equal(h->acquired, "SNX32704");
	host_logon(h, 0, BIND_24X80);
	assert_int_equal(h->bind[24], 0x03);
	assert_int_equal(h->bind[10], 0x00);
	memset(h->bind, 0, sizeof(h->bind));
	host_unbind(h, 0);
	host_logon(h, 0, BIND_24X80);                   /* the next is as the mode says */
	assert_int_equal(h->bind[24], 0x7e);
	type(h, "REBIND AFTER=3 QUIET");
	host_unbind(h, 0);
	assert_int_equal(h->simlogons, 1);
	appset_expire(&h->set, (struct mono){ 3000000 });
	host_turn(h);
	assert_int_equal(h->simlogons, 2);
	assert_string_equal(h->acquired, "TESTMODE");
	host_free(h);
}

static void
t_lines(void **state)
{
	struct host *h = host_new("DRIVER", NULL);

	(void)state;
	host_logon(h, 0, BIND_LU1);
	assert_int_equal(h->msg[0][0], 0xd3);           /* LU .. */
	host_send(h, 0, RH_OIC | RH_RQE1 | RH_CDI, "\xe2\xc5\xd5\xc4", 4);
	assert_int_equal(h->len[0], 200);
	assert_int_equal(h->msg[0][0], 0xc3);           /* CHAIN */
	host_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_status),
		cmocka_unit_test(t_chains),
		cmocka_unit_test(t_flood), cmocka_unit_test(t_flood_held_back),
		cmocka_unit_test(t_waits),
		cmocka_unit_test(t_what_nobody_waited_for),
		cmocka_unit_test(t_unbind_and_bind),
		cmocka_unit_test(t_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
