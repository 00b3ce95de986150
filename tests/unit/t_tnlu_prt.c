/* SPDX-License-Identifier: Apache-2.0
 *
 * Printers: the end of a job, what "printed" means, status records. Ids R-xx,
 * I-xx, P-xx are of the conformance list in companion tn3270e, section 22.
 */
#include "tests/unit/tnlu_rig.h"

#define F_SCS (F_ALL | TNF(TNF_SCS_CTL_CODES))
#define JOB (RH_BBI | RH_EBI)

static void
wait(struct rig *g, int64_t s)
{
	struct tnlu_env e;

	g->now = mono_add(g->now, SECS(s));
	e = env(g);
	tnlu_expire(&g->lu, &e);
}

/* I-11 */
static void
t_error_and_its_end(void **state)
{
	struct rig *g = session("IBM-3287-1", LU1, F_SCS);

	(void)state;
	host(g, OIC | D1 | RH_BBI, 1, "c8c5 15");
	says(g, "0100020000 c8c515 ffef");
	client(g, "0200010000 01");             /* no paper */
	assert_string_equal(down(g), " RESP 1 08020000");
	client(g, "0600000000");
	assert_string_equal(down(g), " SEND 4b8000[0400010000]");
	host(g, OIC | D1 | RH_BBI, 2, "c8");
	says(g, "0100020001 c8 ffef");
	client(g, "0200010001 03");
	assert_string_equal(down(g), " RESP 2 08310000");
	client(g, "0700000000");                /* pr3287 means 06 by it */
	assert_string_equal(down(g), " SEND 4b8000[04082b0000]");
	rig_free(g);
}

/* R-16, P-05: the host's answer is the one to PRINT-EOJ. */
static void
t_printed_is_said_by_eoj(void **state)
{
	struct rig *g = session("IBM-3287-1", LU1, F_SCS);

	(void)state;
	host(g, OIC | D1 | JOB, 1, "c8");
	says(g, "0100020000 c8 ffef");          /* one thing at a time: P-06 */
	client(g, "0200000000 00");
	says(g, "0800020001 ffef");
	assert_string_equal(down(g), "");
	client(g, "0200000001 00");
	assert_string_equal(down(g), " RESP 1 00000000");
	host(g, OIC | D1 | JOB, 2, "c9");
	says(g, "0100020002 c9 ffef");
	client(g, "0200000002 00");
	says(g, "0800020003 ffef");
	client(g, "0200010003 01");             /* spooled, but not printed */
	assert_string_equal(down(g), " RESP 2 08020000");
	assert_int_equal(g->lu.inb, 1);         /* its EB did not count */
	client(g, "0700000000");
	assert_string_equal(down(g), " SEND 4b8000[0400010000]");
	host(g, OIC | D1 | RH_EBI, 3, "ca");    /* refused at once: no end of a job */
	says(g, "0100020004 ca ffef");
	client(g, "0200010004 00");
	says(g, "");
	assert_string_equal(down(g), " RESP 3 10030000");
	rig_free(g);
}

/* I-05, I-06: nothing but EB. */
static void
t_empty_chain_ends_a_job(void **state)
{
	struct rig *g = session("IBM-3287-1", LU1, F_SCS);

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "c8");
	says(g, "0100010000 c8 ffef");
	host(g, OIC | D1 | RH_EBI, 2, NULL);
	says(g, "0800020001 ffef");
	client(g, "0200000001 00");
	assert_string_equal(down(g), " RESP 2 00000000");
	host(g, OIC | E1 | JOB, 3, NULL);       /* asks for errors only */
	says(g, "0800010002 ffef");
	client(g, "0200010002 01");
	assert_string_equal(down(g), " RESP 3 08020000");
	host(g, OIC | RH_CDI | JOB, 4, NULL);
	says(g, "0800000000 ffef");
	rig_free(g);
}

/* RFC 2355 does not say that PRINT-EOJ is answered. */
static void
t_client_that_does_not_answer_eoj(void **state)
{
	struct rig *g = session("IBM-3287-1", LU1, F_SCS);

	(void)state;
	host(g, OIC | D1 | JOB, 1, "c8");
	client(g, "0200000000 00");
	says(g, "0100020000 c8 ffef 0800020001 ffef");
	wait(g, TNLU_EOJ_S - 1);
	assert_string_equal(down(g), "");
	wait(g, 1);
	assert_string_equal(down(g), " RESP 1 00000000");
	host(g, OIC | D1 | JOB, 2, "c9");
	client(g, "0200000002 00");             /* not asked so again */
	says(g, "0100020002 c9 ffef 0800000000 ffef");
	assert_string_equal(down(g), " RESP 2 00000000");
	host(g, OIC | D1 | JOB, 3, NULL);
	says(g, "0800000000 ffef");
	assert_string_equal(down(g), " RESP 3 00000000");
	rig_free(g);
}

/* A client that answers nothing at all: R-29, but paper may be out. */
static void
t_client_that_answers_nothing(void **state)
{
	struct rig *g = session("IBM-3287-1", LU1, F_SCS);

	(void)state;
	host(g, OIC | D1 | JOB, 1, "c8");
	says(g, "0100020000 c8 ffef");
	wait(g, TNLU_PRINTER_S);
	assert_string_equal(down(g), " RESP 1 08310000");
	rig_free(g);
}

static void
t_unbind_in_the_middle_of_a_job(void **state)
{
	struct rig *g = session("IBM-3287-1", LU1, F_SCS);

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "c8");
	says(g, "0100010000 c8 ffef");
	(void)up(g, (struct rpl){ .op = RPL_UNBIND, .sess = SESS, .flags = 1 }, NULL);
	says(g, "0800000000 ffef 0400000000 01 ffef");
	rig_free(g);
}

/* --- plain TN3270 --- */

static struct rig *
plain(void)
{
	struct rig *g = rig_new("IBM-3287-1", TNMODE_3270, 0);

	opened(g);
	bound(g, LU3);
	says(g, "");
	return g;
}

static void
status(struct rig *g, const char *hex)
{
	const struct tnhdr h = { .type = TN_3270_DATA };
	struct tnlu_env e = env(g);
	struct bufq q;

	bufq_init(&q);
	bufq_put(&q, hexbuf(g, hex));
	(void)tnlu_record(&g->lu, &e, &h, &q);
}

/* P-07 */
static void
t_plain_printer(void **state)
{
	struct rig *g = plain();

	(void)state;
	host(g, OIC | E1 | RH_BBI, 1, "f1c8 c8");
	host(g, OIC | D1 | RH_EBI, 2, "f1c8 c9");
	says(g, "f1c8 c8 ffef f1c8 c9 ffef fff5");      /* AO: end of job */
	status(g, "016cd90200");
	assert_string_equal(down(g), "");       /* that was the first */
	status(g, "016cd90200");
	assert_string_equal(down(g), " RESP 2 00000000");
	status(g, "016cd90200");                /* unasked */
	assert_string_equal(down(g), "");
	host(g, OIC | D1 | RH_BBI, 3, "f1c8 ca");
	status(g, "016cd90410");
	assert_string_equal(down(g), " RESP 3 08020000");
	status(g, "016cd90200");                /* ready again */
	assert_string_equal(down(g), " SEND 4b8000[0400010000]");
	host(g, OIC | D1, 4, "f1c8 ca");
	status(g, "016cd90420");
	assert_string_equal(down(g), " RESP 4 10030000");
	host(g, OIC | D1, 5, "f1c8 ca");
	status(g, "016cd904");                  /* cut short */
	assert_string_equal(down(g), " RESP 5 10030000");
	rig_free(g);
}

static void
t_plain_printer_without_status(void **state)
{
	struct rig *g = plain();

	(void)state;
	host(g, OIC | D1 | JOB, 1, "f1c8 c8");
	assert_string_equal(down(g), "");
	wait(g, TNLU_STATUS_S);
	assert_string_equal(down(g), " RESP 1 00000000");
	host(g, OIC | D1 | JOB, 2, "f1c8 c8");
	assert_string_equal(down(g), " RESP 2 00000000");       /* nobody waits for it again */
	host(g, OIC | D1 | JOB, 3, NULL);
	assert_string_equal(down(g), " RESP 3 00000000");
	status(g, "016cd90200");                /* there it is after all */
	host(g, OIC | D1 | JOB, 4, "f1c8 c8");
	assert_string_equal(down(g), "");
	status(g, "016cd90200");
	assert_string_equal(down(g), " RESP 4 00000000");
	rig_free(g);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_error_and_its_end),
		cmocka_unit_test(t_printed_is_said_by_eoj),
		cmocka_unit_test(t_empty_chain_ends_a_job),
		cmocka_unit_test(t_client_that_does_not_answer_eoj),
		cmocka_unit_test(t_client_that_answers_nothing),
		cmocka_unit_test(t_unbind_in_the_middle_of_a_job),
		cmocka_unit_test(t_plain_printer),
		cmocka_unit_test(t_plain_printer_without_status),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
