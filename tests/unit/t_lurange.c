/* SPDX-License-Identifier: Apache-2.0
 *
 * LU lists: the examples and test vectors of companion zos-telnet-server 4.1, 4.7.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "tn3270e/lurange.h"

static const char *
parse(struct lurange *r, const char *text)
{
	return lurange_parse(r, text, strlen(text));
}

static void
at_is(const struct lurange *r, uint64_t i, const char *want)
{
	char lu[9];

	lurange_at(r, i, lu);
	assert_string_equal(lu, want);
	assert_int_equal(lurange_index(r, want), i);
}

static void
counts(void **s)
{
	static const struct {
		const char *text, *rule;
		uint64_t n;
	} want[] = {
		{ "TCPM0000..TCPM0099", "FFFFNNNN", 100 },
		{ "LUT101..LUT400..FFFNNN", "FFFNNN", 300 },
		{ "TCPM1000..TCPM1100", "FFFFNNNN", 101 },
		{ "TCPLU000..TCPLUF9F..FFFFFXNX", "FFFFFXNX", 2560 },
		{ "LU000000..LU999999..FFNNNNNN", "FFNNNNNN", 1000000 },
		{ "T000AA00..T111ZZFB..FNNNAAXB", "FNNNAAXB", 43610088 },
		{ "XXXAY..XXXBF", "FFFAA", 8 },
		{ "PRTDEFS1..PRTDEFS9", "FFFFFFFN", 9 },
		{ "TCPE0001..TCPE0099", "FFFFNNNN", 99 },
		{ "LU0A..LU9F..FFNX", "FFNX", 150 },
		{ "ABC..ABC", "FFF", 1 }, { "LU1", "FFF", 1 },
		{ "lut101..lut110..fffnnn", "FFFNNN", 10 },
		{ "LU?0..LU?9..FF", NULL, 0 }, { "A..Z..A", "A", 26 },
		{ "LU@..LU$..FF?", "FF?", 3 },
	};

	(void)s;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct lurange r;
		const char *why = parse(&r, want[i].text);

		if (want[i].rule == NULL) {
			assert_non_null(why);
			continue;
		}
		if (why != NULL)
			fail_msg("%s: %s", want[i].text, why);
		assert_string_equal(r.rule, want[i].rule);
		assert_int_equal(r.n, want[i].n);
		at_is(&r, 0, r.first);
		at_is(&r, r.n - 1, r.last);
	}
}

static void
odometer(void **s)
{
	static const char *const tail[] = { "XXXAY", "XXXAZ", "XXXBA", "XXXBB", "XXXBC", "XXXBD",
		"XXXBE", "XXXBF" };
	struct lurange r;
	int64_t i;

	(void)s;
	assert_null(parse(&r, "TCPLU000..TCPLUF9F..FFFFFXNX"));
	i = lurange_index(&r, "TCPLU00F");
	at_is(&r, (uint64_t)i + 1, "TCPLU010");
	i = lurange_index(&r, "TCPLU09F");
	at_is(&r, (uint64_t)i + 1, "TCPLU100");
	assert_null(parse(&r, "XXXAY..XXXBF"));
	for (uint64_t k = 0; k < 8; k++)
		at_is(&r, k, tail[k]);
	assert_null(parse(&r, "LUZ..LU@..FF?"));        /* class order 0-9 A-Z @ # $ */
	assert_int_equal(r.n, 2);
	assert_null(parse(&r, "LU9..LU$..FF?"));
	at_is(&r, 1, "LUA");
	at_is(&r, 27, "LU@");
	at_is(&r, 28, "LU#");
	at_is(&r, 29, "LU$");
	assert_null(parse(&r, "LU9..LUA..FFB"));
	assert_int_equal(r.n, 2);
	assert_null(parse(&r, "LUT101..LUT400..FFFNNN"));
	at_is(&r, 99, "LUT200");                        /* not three digits each for itself */
}

/* Both ways through whole ranges, and names outside are not inside. */
static void
both_ways(void **s)
{
	static const char *const text[] = { "LU0A..LU9F..FFNX", "T8Y..T9B..FNB", "AX..CB..AA",
		"TCP00001..TCP09999", "T000AA00..T000AB0B..FNNNAAXB" };
	struct lurange r;
	char lu[9];

	(void)s;
	for (size_t k = 0; k < sizeof(text) / sizeof(text[0]); k++) {
		const char *why = parse(&r, text[k]);

		if (why != NULL)
			fail_msg("%s: %s", text[k], why);
		for (uint64_t i = 0; i < r.n; i++) {
			lurange_at(&r, i, lu);
			assert_int_equal(lurange_index(&r, lu), i);
		}
	}
	assert_null(parse(&r, "TCP00001..TCP09999"));
	assert_int_equal(lurange_index(&r, "TCP00000"), -1);
	assert_int_equal(lurange_index(&r, "TCP10000"), -1);
	assert_int_equal(lurange_index(&r, "TCP0001"), -1);
	assert_int_equal(lurange_index(&r, "TCP000011"), -1);
	assert_int_equal(lurange_index(&r, "TCP0000A"), -1);
	assert_int_equal(lurange_index(&r, "TCX00001"), -1);
	assert_int_equal(lurange_index(&r, ""), -1);
	assert_null(parse(&r, "LUT101..LUT400..FFFNNN"));
	assert_int_equal(lurange_index(&r, "LUT100"), -1);
	assert_int_equal(lurange_index(&r, "LUT401"), -1);
}

static void
wrong(void **s)
{
	static const struct {
		const char *text, *why;
	} want[] = {
		{ "", "not an LU name" }, { "1LU", "not an LU name" }, { "TOOLONG01",
		    "not an LU name" },
		{ "LU-1", "not an LU name" }, { "LU1..LU-9", "not an LU name" },
		{ "..LU9", "empty" }, { "LU1..", "empty" }, { "..", "empty" }, { "LU1..LU5..",
		    "rule" },
		{ "LU1..LU10", "not equally long" }, { "LU1..LU9..FF", "not as long" },
		{ "LU1..LU9..FFNN", "not as long" }, { "LU1..LU9..FFQ", "only the letters" },
		{ "LU1..LV9..FFN", "fixed place" }, { "LU1..LUA..FFN", "count through" },
		{ "LUG..LUH..FFX", "count through" }, { "LU1..LU9..FFA", "count through" },
		{ "LU9..LU1", "comes behind" }, { "LUB..LUA", "comes behind" },
		{ "A1..B1..BN", "first place" }, { "A1..A2..NN", "first place" },
		{ "@1..#1..?N", "first place" }, { "LU1A..LU2B", "code a rule" },
		{ "LUA..LU1", "code a rule" }, { "LU1..LU2..FFN..X", "not as long" },
		{ "A0000000..ZZZZZZZZ..A???????", "4294967295" },
		{ "LU1..LU2..FFNFFNFFN", "longer" },
		{ "A000000..Z999999..ANNNNNNN", "not as long" },
	};

	(void)s;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct lurange r;
		const char *why = parse(&r, want[i].text);

		if (why == NULL || strstr(why, want[i].why) == NULL)
			fail_msg("%s: %s", want[i].text, why == NULL ? "accepted" : why);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts), cmocka_unit_test(odometer), cmocka_unit_test(both_ways),
		cmocka_unit_test(wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
