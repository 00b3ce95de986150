/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/ebcdic.h"
#include "tn3270e/codepage.h"

static struct codepage
made(const char *ascii, const char *ebcdic)
{
	struct codepage cp;
	char why[200] = "";

	if (!codepage_make(&cp, ascii, ebcdic, why, sizeof(why)))
		fail_msg("%s %s: %s", ascii, ebcdic, why);
	return cp;
}

static void
refused(const char *ascii, const char *ebcdic, const char *because)
{
	struct codepage cp;
	char why[200] = "";

	assert_false(codepage_make(&cp, ascii, ebcdic, why, sizeof(why)));
	if (strstr(why, because) == NULL)
		fail_msg("%s %s: \"%s\" says nothing of \"%s\"", ascii, ebcdic, why, because);
}

static void
there_and_back(const struct codepage *cp, const char *text, const char *hex_of_host)
{
	uint8_t b[64], back[64];
	size_t n = strlen(text), m = 0;

	memcpy(b, text, n);
	n = codepage_to_host(cp, b, n);
	assert_memory_equal(b, hex_of_host, n);
	assert_int_equal(n, strlen(hex_of_host));
	for (size_t i = 0; i < n; i++) {
		memcpy(back + m, cp->text[b[i]], cp->len[b[i]]);
		m += cp->len[b[i]];
	}
	assert_int_equal(m, strlen(text));
	assert_memory_equal(back, text, m);
}

static void
t_standard_is_037(void **state)
{
	struct codepage cp, other = made("tnstd", "TNSTD");

	(void)state;
	codepage_standard(&cp);
	for (unsigned i = 0; i < 256; i++) {
		assert_int_equal(cp.to_ebcdic[i], ebc_from((uint8_t)i));
		assert_int_equal(cp.text[i][0], asc_from((uint8_t)i));
		assert_int_equal(cp.len[i], 1);
		assert_int_equal(cp.from_037[i], i);
	}
	assert_false(cp.own);
	assert_memory_equal(&cp, &other, sizeof(cp));
}

/* What the companion lists: ISO8859-1, IBM-1047, 1047, TNSTD; and leading zeros, CP. */
static void
t_names_as_users_write_them(void **state)
{
	static const char *const same[] = { "IBM-1047", "IBM1047", "ibm-1047", "1047", "CP1047",
		"01047", "CCSID-1047" };
	struct codepage want = made("ISO8859-1", "IBM-1047");

	(void)state;
	assert_int_equal(want.to_ebcdic['['], 0xad);
	assert_int_equal(want.to_ebcdic[']'], 0xbd);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		struct codepage cp = made("ISO-8859-1", same[i]);

		assert_memory_equal(cp.to_ebcdic, want.to_ebcdic, 256);
	}
	assert_int_equal(made("ISO8859-1", "IBM-037").to_ebcdic['['], 0xba);
	assert_int_equal(made("ISO8859-1", "IBM-37").to_ebcdic['['], 0xba);
	assert_int_equal(made("ISO8859-1", "TNSTD").to_ebcdic['['], 0xba);
	assert_int_equal(made("IBM-850", "IBM-500").to_ebcdic[0x81], 0xdc);     /* u umlaut */
	assert_int_equal(made("1252", "1140").to_ebcdic[0x80], 0x9f);           /* euro */
}

static void
t_every_byte_of_latin_1_returns(void **state)
{
	static const char *const pages[] = { "IBM-037", "IBM-273", "IBM-277", "IBM-278", "IBM-280",
		"IBM-284", "IBM-285", "IBM-297", "IBM-500", "IBM-871", "IBM-1047" };

	(void)state;
	for (size_t k = 0; k < sizeof(pages) / sizeof(pages[0]); k++) {
		struct codepage cp = made("ISO8859-1", pages[k]);

		for (unsigned i = 0; i < 256; i++) {
			/* The macron: glibc's IBM-285 and others have the overline there. */
			if (i != 0xaf)
				assert_int_equal(cp.text[cp.to_ebcdic[i]][0], i);
			if (asc_from((uint8_t)i) != 0xaf)
				assert_int_equal(cp.to_037[cp.from_037[i]], i);
		}
	}
}

static void
t_german(void **state)
{
	struct codepage cp = made("ISO8859-1", "273");
	uint8_t own[] = { 0x5a, 0x7c, 0xc1, 0x4d };     /* !@A( in 037 */

	(void)state;
	there_and_back(&cp, "\xe4\xf6\xfc\xdf@!", "\xc0\x6a\xd0\xa1\xb5\x4f");
	codepage_from_037(&cp, own, sizeof(own));
	assert_memory_equal(own, "\x4f\xb5\xc1\x4d", 4);
	codepage_to_037(&cp, own, sizeof(own));
	assert_memory_equal(own, "\x5a\x7c\xc1\x4d", 4);
}

static void
t_utf8_terminal(void **state)
{
	struct codepage cp = made("UTF-8", "IBM-1140"), greek = made("utf8", "IBM-875");
	uint8_t bad[] = { 'A', 0xc3, 'B', 0xff, 0xe2, 0x82, 0xf0, 0x9f, 0x98, 0x80, 0xc3 };
	size_t n = codepage_to_host(&cp, bad, sizeof(bad));

	(void)state;
	assert_true(cp.utf8);
	there_and_back(&cp, "a\xc3\xa4\xe2\x82\xac!", "\x81\x43\x9f\x5a");     /* a, umlaut, euro */
	there_and_back(&greek, "\xce\xb1\xce\xb2", "\x8a\x8b");
	/* broken, cut short, and what the page lacks: one ? each */
	assert_int_equal(n, 7);
	assert_memory_equal(bad, "\xc1\x6f\xc2\x6f\x6f\x6f\x6f", n);
	assert_int_equal(made("1208", "IBM-1140").utf8, 1);
}

static void
t_what_the_other_side_lacks(void **state)
{
	struct codepage cp = made("ISO8859-1", "IBM-875");
	uint8_t b[] = { 0xe4 };

	(void)state;
	assert_int_equal(codepage_to_host(&cp, b, 1), 1);
	assert_int_equal(b[0], CODEPAGE_SUB);
	assert_int_equal(cp.text[0x8a][0], '?');        /* alpha has no place in Latin 1 */
}

static void
t_wrong_names_say_why(void **state)
{
	(void)state;
	refused("ISO8859-1", "IBM-99999", "IBM-99999 is no code page");
	refused("NOSUCHPAGE", "IBM-1047", "NOSUCHPAGE is no code page");
	refused("IBM-1047", "ISO8859-1", "is no ASCII page");
	refused("ISO8859-1", "ISO8859-15", "is no EBCDIC page");
	refused("ISO8859-1", "UTF-8", "is no EBCDIC page");
	refused("UTF-16", "IBM-1047", "UTF-16");
	refused("ISO8859-1", "IBM-930", "more than one byte");          /* SO and SI */
	refused("ISO8859-1", "IBM-939", "more than one byte");
	refused("SHIFT_JIS", "IBM-1047", "more than one byte");
	refused("ISO8859-1//TRANSLIT", "IBM-1047", "is no code page");
	refused("", "IBM-1047", "is no code page");
}

/* Orders and addresses stay, text and RA's character change. */
static void
t_a_screen_of_ours(void **state)
{
	struct codepage cp = made("ISO8859-1", "IBM-273");
	uint8_t s[] = { 0xf5, 0x5a, 0x11, 0x5a, 0x5a, 0x1d, 0x5a, 0x5a, 0x29, 2, 0x5a, 0x5a, 0x7c,
		0x5a, 0x7c, 0x28, 0x42, 0x5a, 0x7c, 0x3c, 0x5a, 0x5a, 0x5a, 0x08, 0x5a, 0x5a, 0x13,
		0x12, 0x5a, 0x5a, 0x7c, 0x11, 0x5a };
	const uint8_t want[] = { 0xf5, 0x5a, 0x11, 0x5a, 0x5a, 0x1d, 0x5a, 0x4f, 0x29, 2, 0x5a,
		0x5a, 0x7c, 0x5a, 0xb5, 0x28, 0x42, 0x5a, 0xb5, 0x3c, 0x5a, 0x5a, 0x4f, 0x08, 0x5a,
		0x4f, 0x13, 0x12, 0x5a, 0x5a, 0xb5, 0x11, 0x5a };

	(void)state;
	codepage_screen(&cp, s, sizeof(s));
	assert_memory_equal(s, want, sizeof(s));
	for (size_t n = 0; n <= sizeof(s); n++) {       /* wherever it ends */
		uint8_t *cut = test_malloc(n == 0 ? 1 : n);

		memcpy(cut, s, n);
		codepage_screen(&cp, cut, n);
		test_free(cut);
	}
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_standard_is_037),
		cmocka_unit_test(t_names_as_users_write_them),
		cmocka_unit_test(t_every_byte_of_latin_1_returns),
		cmocka_unit_test(t_german),
		cmocka_unit_test(t_utf8_terminal),
		cmocka_unit_test(t_what_the_other_side_lacks),
		cmocka_unit_test(t_wrong_names_say_why),
		cmocka_unit_test(t_a_screen_of_ours),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
