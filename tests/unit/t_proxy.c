/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tn3270e/proxy.h"

static enum proxy_result
text(const char *s, struct proxy_hdr *h)
{
	return proxy_get((const uint8_t *)s, strlen(s), h);
}

static void
is_addr(const struct ipaddr *a, const char *want)
{
	char t[IPADDR_TEXT];

	assert_string_equal(ipaddr_text(a, t), want);
}

static void
t_v1(void **state)
{
	struct proxy_hdr h;

	(void)state;
	assert_int_equal(text("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n\xff\xfb", &h),
	    PROXY_DONE);
	assert_int_equal(h.len, 47);
	assert_true(h.relayed);
	is_addr(&h.src, "192.168.0.1");
	is_addr(&h.dst, "192.168.0.11");
	assert_int_equal(h.sport, 56324);
	assert_int_equal(h.dport, 443);
	assert_int_equal(text("PROXY TCP6 2001:db8::1 ::1 0 65535\r\n", &h), PROXY_DONE);
	is_addr(&h.src, "2001:db8::1");
	assert_int_equal(h.dport, 65535);
	assert_int_equal(text("PROXY TCP6 ::ffff:10.1.2.3 ::1 1 2\r\n", &h), PROXY_DONE);
	is_addr(&h.src, "10.1.2.3");
	assert_int_equal(text("PROXY UNKNOWN\r\n", &h), PROXY_DONE);
	assert_false(h.relayed);
	assert_int_equal(h.len, 15);
	assert_int_equal(text("PROXY UNKNOWN ffff:: ffff:: 65535 what ever\r\n", &h), PROXY_DONE);
	assert_false(h.relayed);
}

static void
t_v1_every_start(void **state)
{
	static const char all[] = "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n";
	struct proxy_hdr h;

	(void)state;
	for (size_t n = 0; n < sizeof(all) - 1; n++)
		assert_int_equal(proxy_get((const uint8_t *)all, n, &h), PROXY_MORE);
	assert_int_equal(proxy_get((const uint8_t *)all, sizeof(all) - 1, &h), PROXY_DONE);
}

static void
t_v1_wrong(void **state)
{
	static const char *const wrong[] = {
		"GET / HTTP/1.1\r\n", "\xff\xfd\x28", "PROXY\r\n", "PROXY \r\n",
		"PROXY TCP5 1.1.1.1 1.1.1.1 1 1\r\n",
		"PROXY  TCP4 1.1.1.1 1.1.1.1 1 1\r\n", "PROXY TCP4 1.1.1.1  1.1.1.1 1 1\r\n",
		"PROXY TCP4 1.1.1 1.1.1.1 1 1\r\n", "PROXY TCP4 01.1.1.1 1.1.1.1 1 1\r\n",
		"PROXY TCP4 1.1.1.1 1.1.1.1 01 1\r\n", "PROXY TCP4 1.1.1.1 1.1.1.1 1 65536\r\n",
		"PROXY TCP4 1.1.1.1 1.1.1.1 1 -1\r\n", "PROXY TCP4 1.1.1.1 1.1.1.1 1\r\n",
		"PROXY TCP4 1.1.1.1 1.1.1.1 1 1 \r\n", "PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1\r\n",
		"PROXY TCP4 ::1 ::1 1 1\r\n", "PROXY TCP6 1.1.1.1 1.1.1.1 1 1\r\n",
		"PROXY TCP4 1.1.1.1 1.1.1.1 1 1\n", "PROXY TCP4 1.1.1.1\r 1.1.1.1 1 1\r\n",
		"PROXY UNKNOWN "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
	};
	struct proxy_hdr h;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (text(wrong[i], &h) != PROXY_BAD)
			fail_msg("taken: %s", wrong[i]);
		assert_non_null(h.why);
	}
}

#define SIGN "\x0d\x0a\x0d\x0a\x00\x0d\x0a\x51\x55\x49\x54\x0a"

static void
t_v2(void **state)
{
	static const uint8_t v4[] = SIGN "\x21\x11\x00\x10" "\x0a\x01\x02\x03" "\xc0\xa8\x00\x0b"
		"\xdc\x04" "\x09\x13" "\x04\x00\x01\x00" "\xff\xfb";
	static const uint8_t v6[] = SIGN "\x21\x21\x00\x24"
		"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01" "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
		"\x00\x01" "\x00\x17";
	struct proxy_hdr h;

	(void)state;
	for (size_t n = 0; n < 32; n++)
		assert_int_equal(proxy_get(v4, n, &h), PROXY_MORE);
	assert_int_equal(proxy_get(v4, sizeof(v4) - 1, &h), PROXY_DONE);
	assert_int_equal(h.len, 32);            /* with a TLV (NOOP) that is not looked at */
	assert_true(h.relayed);
	is_addr(&h.src, "10.1.2.3");
	is_addr(&h.dst, "192.168.0.11");
	assert_int_equal(h.sport, 0xdc04);
	assert_int_equal(h.dport, 2323);
	assert_int_equal(proxy_get(v6, sizeof(v6) - 1, &h), PROXY_DONE);
	is_addr(&h.src, "2001:db8::1");
	assert_int_equal(h.dport, 23);
}

static void
t_v2_kinds(void **state)
{
	static const struct {
		uint8_t cmd, fam, len;
		enum proxy_result want;
		uint8_t relayed;
	} kind[] = {
		{ 0x20, 0x00, 0, PROXY_DONE, 0 },       /* LOCAL */
		{ 0x20, 0x11, 12, PROXY_DONE, 0 },      /* LOCAL with addresses: not ours */
		{ 0x21, 0x00, 0, PROXY_DONE, 0 },       /* UNSPEC */
		{ 0x21, 0x12, 12, PROXY_DONE, 0 },      /* UDP */
		{ 0x21, 0x31, 216, PROXY_DONE, 0 },     /* UNIX */
		{ 0x21, 0x11, 12, PROXY_DONE, 1 },
		{ 0x21, 0x11, 11, PROXY_BAD, 0 },
		{ 0x21, 0x21, 35, PROXY_BAD, 0 },
		{ 0x22, 0x11, 12, PROXY_BAD, 0 },       /* command 2 */
		{ 0x11, 0x11, 12, PROXY_BAD, 0 },       /* version 1 */
		{ 0x21, 0x41, 12, PROXY_BAD, 0 },
		{ 0x21, 0x13, 12, PROXY_BAD, 0 },
	};
	uint8_t p[300] = SIGN;
	struct proxy_hdr h;

	(void)state;
	for (size_t i = 0; i < sizeof(kind) / sizeof(kind[0]); i++) {
		p[12] = kind[i].cmd;
		p[13] = kind[i].fam;
		p[14] = 0;
		p[15] = kind[i].len;
		assert_int_equal(proxy_get(p, 16u + kind[i].len, &h), kind[i].want);
		if (kind[i].want == PROXY_DONE)
			assert_int_equal(h.relayed, kind[i].relayed);
	}
	p[12] = 0x21;
	p[13] = 0x11;
	p[14] = 0xff;
	assert_int_equal(proxy_get(p, 16, &h), PROXY_BAD);      /* too long: not waited for */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_v1),
		cmocka_unit_test(t_v1_every_start),
		cmocka_unit_test(t_v1_wrong),
		cmocka_unit_test(t_v2),
		cmocka_unit_test(t_v2_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
