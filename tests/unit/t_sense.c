/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "snaee/sense.h"

static void
t_most_specific_wins(void **state)
{
	(void)state;
	assert_string_equal(sense_text(SENSE_BAD_MODE), "logon mode name is unknown");
	assert_string_equal(sense_text(SENSE_BAD_PARAMETERS),
	    "session parameters are not acceptable");
	assert_string_equal(sense_text(SENSE_CV46_80_MISSING),
	    "XID does not name the transmission group");
	assert_string_equal(sense_text(0xa019ff0d),
	    "RTP: connection setup from the listening partner");
}

static void
t_falls_back_to_code(void **state)
{
	(void)state;
	assert_string_equal(sense_text(0x08211234), sense_text(0x08210000));
	assert_string_equal(sense_text(0x0835001b), sense_text(SENSE_BIND_OFFSET));
	assert_string_equal(sense_text(0xa0180d03), sense_text(SENSE_RTP_CV_LENGTH));
	assert_string_equal(sense_text(0x08950e03), sense_text(SENSE_CV_ERROR));
}

static void
t_falls_back_to_category(void **state)
{
	(void)state;
	assert_string_equal(sense_text(0x08fe0000), "request rejected");
	assert_string_equal(sense_text(0x10fe0001), "request error");
	assert_string_equal(sense_text(0x20fe0000), "state error");
	assert_string_equal(sense_text(0x40fe0000), "request header error");
	assert_string_equal(sense_text(0x80fe0000), "path error");
	assert_string_equal(sense_text(0xa0fe0000), "RTP error");
	assert_string_equal(sense_text(0), "no error");
	assert_string_equal(sense_text(0x00060000), "user sense data");
	assert_string_equal(sense_text(0xff000000), "sense code is not defined");
}

static void
t_always_a_text(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0xffff; code++) {
		const char *t = sense_text(code << 16 | 0x5a);

		assert_non_null(t);
		assert_true(strlen(t) > 3 && strlen(t) < 72);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_most_specific_wins),
		cmocka_unit_test(t_falls_back_to_code),
		cmocka_unit_test(t_falls_back_to_category),
		cmocka_unit_test(t_always_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
