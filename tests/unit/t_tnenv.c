/* SPDX-License-Identifier: Apache-2.0
 *
 * NEW-ENVIRON bodies: companion tn3270e 5.1, 5.2, 20.5; RFC 1571 section 5.
 */
#include "tests/unit/telnet_feed.h"

#include "tn3270e/tnenv.h"

static bool
get(struct tnenv *e, const char *hex)
{
	uint8_t b[600];

	return tnenv_get(e, b, hex_bytes(hex, b, sizeof(b)));
}

static void
is(const char *hex, enum tnenv_elf elf, const char *applid)
{
	struct tnenv e;

	assert_true(get(&e, hex));
	assert_int_equal(e.elf, elf);
	assert_string_equal(e.applid, applid);
}

static void
is_given(void **s)
{
	(void)s;
	is("00 03 'IBMELF' 01 'YES' 03 'IBMAPPLID' 01 'TSO'", TNENV_YES, "TSO");
	is("00 03 'IBMELF' 01 'YES' 03 'IBMAPPLID' 01 '12345'", TNENV_YES, "12345");
	is("02 03 'IBMAPPLID' 01 'cics$01' 03 'IBMELF' 01 'NO'", TNENV_NO, "CICS$01");
	is("00 00 'USER' 01 'demo' 03 'DEVNAME' 01 'DEV===' 03 'IBMELF' 01 'yes'", TNENV_YES, "");
	is("00", TNENV_SILENT, "");
	is("00 03 'IBMELF' 03 'IBMAPPLID'", TNENV_SILENT, "");          /* not defined */
	is("00 03 'IBMELF' 01 03 'IBMAPPLID' 01", TNENV_NO, "");        /* defined as nothing */
	is("00 03 'IBMELFX' 01 'YES' 03 'IBM' 01 'TSO'", TNENV_SILENT, "");
	is("00 03 'IBMAPPLID' 01 'A' 01 'B'", TNENV_SILENT, "");  /* two VALUEs are VARs */
}

static void
is_escaped(void **s)
{
	(void)s;
	is("00 03 'IBM' 02 'ELF' 01 'Y' 02 'ES'", TNENV_YES, "");       /* ESC before any byte */
	is("00 03 'USER' 01 'A' 02 03 'IBMELF' 03 'IBMELF' 01 'YES'", TNENV_YES, "");
	is("00 03 'IBMAPPLID' 01 'A' 02 00 'B'", TNENV_SILENT, "");     /* no name has that byte */
	is("00 03 'IBMAPPLID' 01 'A B'", TNENV_SILENT, "");
	is("00 03 'IBMAPPLID' 01 'ABCDEFGH'", TNENV_SILENT, "ABCDEFGH");
	is("00 03 'IBMAPPLID' 01 'ABCDEFGHI'", TNENV_SILENT, "");
	is("00 03 'IBMAPPLID' 01 'ABCDEFGHIJKLMNOPQRSTUVW'", TNENV_SILENT, "");
}

/* RFC 1571: BSD's definitions, VAR 1 and VALUE 0. */
static void
is_reversed(void **s)
{
	(void)s;
	is("00 03 'IBMELF' 00 'YES' 03 'IBMAPPLID' 00 'TSO'", TNENV_YES, "TSO");
	is("00 01 'USER' 00 'demo' 03 'IBMELF' 00 'YES'", TNENV_YES, "");
	is("00 03 'IBMELF' 00 'YES' 01 'A' 01 'B'", TNENV_YES, "");     /* two VALUEs: VARs */
	is("00 03 'IBMELF' 00 'YES' 03 'A' 00", TNENV_YES, "");         /* an empty VAR: a value */
	is("00 03 'IBMELF' 00 'YES' 00 'IBMAPPLID' 01 'TSO'", TNENV_SILENT, "TSO");     /* VARs */
	is("00 00 'IBMELF' 01 'YES'", TNENV_YES, "");
}

static void
is_bad(void **s)
{
	static const char *const bad[] = { "", "01 03 'IBMELF' 01 'YES'", "03", "00 'IBMELF'",
		"00 02 03 'IBMELF'", "00 03 'IBMELF' 01 'YES' 02", "00 ff" };
	struct tnenv e;

	(void)s;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(get(&e, bad[i]));
		assert_int_equal(e.elf, TNENV_SILENT);
		assert_string_equal(e.applid, "");
	}
}

static void
sends(void **s)
{
	const uint8_t *p;
	uint8_t want[40];
	size_t n = tnenv_send(&p);

	(void)s;
	assert_int_equal(n, hex_bytes("01 03 'IBMELF' 03 'IBMAPPLID'", want, sizeof(want)));
	assert_memory_equal(p, want, n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_given), cmocka_unit_test(is_escaped),
		cmocka_unit_test(is_reversed), cmocka_unit_test(is_bad), cmocka_unit_test(sends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
