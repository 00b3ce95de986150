/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/acct.h"

static struct acct_rec
some(void)
{
	return (struct acct_rec){ .sub = ACCT_TERM, .type = ACCT_T_E, .by_client = 1,
		.tls = ACCT_TLS_CLIENT, .options = 0x81, .functions = 0xe000, .cport = 1027,
		.dport = 23, .conn = 26, .transactions = 3, .client = { .fam = 4, .b = { 9, 42,
		1, 2 } }, .dest = { .fam = 6, .b = { [15] = 1 } }, .bytes_in = 100,
		.bytes_out = 6000000000u, .start_us = 1700000000000000, .end_us = 1700000061230000,
		.lu = "TCP00001", .appl = "TSO30001", .user = "USER1", .mode = "SNX32702",
		.reason = "CLNTDISC", .group = "MON1", .lugroup = "GRP1", .device = "IBM-3278-2-E",
		.version = "TLSv1.3", .cipher = "AES", .host = "a.b" };
}

static void
t_every_field(void **state)
{
	struct acct_rec r = some();
	char to[ACCT_LINE];
	size_t n;

	(void)state;
	r.monitored = 1;
	r.conf = (struct rtime_conf){ .buckets = 1, .bound_ms = { 1000, 2000, 5000, 10000 } };
	r.rt = (struct rtime_sum){ .n = 2, .n_ip = 1, .total_us = 3000000, .ip_us = 1500,
		.total_sq = 7, .ip_sq = 2, .bucket = { 1, 1 }, .late = 4, .by_dr = 1 };
	n = acct_line(&r, 1700000062000000, to);
	assert_int_equal(n, strlen(to));
	assert_string_equal(to, "{\"time\":\"2023-11-14T22:14:22.00Z\",\"type\":119,\"subtype\":21,"
	    "\"event\":\"SESSION END\",\"lu\":\"TCP00001\",\"appl\":\"TSO30001\","
	    "\"device_number\":26,\"client\":\"9.42.1.2\",\"client_port\":1027,\"local\":\"::1\","
	    "\"local_port\":23,\"host\":\"a.b\",\"user\":\"USER1\",\"lu_group\":\"GRP1\","
	    "\"start\":\"2023-11-14T22:13:20.00Z\",\"session_type\":\"TN3270E\","
	    "\"lu_selection\":\"CLIENT\",\"tls\":\"CLIENT\",\"tls_version\":\"TLSv1.3\","
	    "\"tls_cipher\":\"AES\",\"options\":\"81\",\"functions\":\"E000\","
	    "\"logmode\":\"SNX32702\",\"device_type\":\"IBM-3278-2-E\","
	    "\"end\":\"2023-11-14T22:14:21.23Z\",\"duration_cs\":6123,\"bytes_in\":100,"
	    "\"bytes_out\":6000000000,\"transactions\":3,\"reason\":\"CLNTDISC\","
	    "\"monitor_group\":\"MON1\",\"response_times\":{\"count\":2,\"ip_count\":1,"
	    "\"sum_ms\":3000,\"ip_sum_ms\":1,\"squares_ms2\":7,\"ip_squares_ms2\":2,"
	    "\"unanswered\":4,\"definite_response\":1,\"timing_mark\":0},"
	    "\"bucket_bounds_ms\":[1000,2000,5000,10000],\"buckets\":[1,1,0,0,0]}\n");
}

static void
t_start_has_no_end(void **state)
{
	struct acct_rec r = some();
	char to[ACCT_LINE];

	(void)state;
	r.sub = ACCT_INIT;
	(void)acct_line(&r, 1700000062000000, to);
	assert_non_null(strstr(to, "\"subtype\":20"));
	assert_null(strstr(to, "\"end\""));
	assert_null(strstr(to, "reason"));
}

/* Whatever a client calls itself, a line is one object and one line. */
static void
t_hostile_strings(void **state)
{
	struct acct_rec r = some();
	char to[ACCT_LINE];
	size_t n;

	(void)state;
	memcpy(r.device, "\"\\\n\x01\x7f\xe4}\r", 9);
	memset(r.host, '\xff', sizeof(r.host) - 1);
	memset(r.cipher, '"', sizeof(r.cipher) - 1);
	n = acct_line(&r, 0, to);
	assert_non_null(strstr(to,
	    "\"device_type\":\"\\\"\\\\\\u000a\\u0001\\u007f\\u00e4}\\u000d\""));
	assert_int_equal(to[n - 1], '\n');
	assert_ptr_equal(memchr(to, '\n', n), to + n - 1);
	for (size_t i = 0; i + 1 < n; i++)
		assert_in_range((unsigned char)to[i], 0x20, 0x7e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_every_field), cmocka_unit_test(t_start_has_no_end),
		cmocka_unit_test(t_hostile_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
