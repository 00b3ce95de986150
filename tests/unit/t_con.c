/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/con.h"
#include "base/log.h"
#include "base/stats.h"

static void
t_lines_and_json(void **state)
{
	struct con c;
	char *j;

	(void)state;
	con_init(&c);
	j = con_json(&c);
	assert_string_equal(j, "[]");
	free(j);
	con_line(&c, "IST097I", "%s ACCEPTED", "DISPLAY");
	con_text(&c, "plain \"%d\"", 5);
	con_line(&c, "IST314I", "END");
	assert_string_equal(c.text, "IST097I DISPLAY ACCEPTED\nplain \"5\"\nIST314I END\n");
	assert_int_equal(c.lines, 3);
	j = con_json(&c);
	assert_string_equal(j, "[{\"id\":\"IST097I\",\"text\":\"DISPLAY ACCEPTED\"},"
	    "{\"id\":\"\",\"text\":\"plain \\\"5\\\"\"},{\"id\":\"IST314I\",\"text\":\"END\"}]");
	free(j);
	con_fini(&c);
}

static void
t_a_reply_is_bounded(void **state)
{
	struct con c;
	char line[900];

	(void)state;
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	con_init(&c);
	for (int i = 0; i < 10000; i++)
		con_line(&c, "IST080I", "%s", line);
	assert_true(c.cut);
	assert_true(c.cap <= CON_MAX);
	assert_non_null(strstr(c.text + c.len - 40, "DISPLAY CUT"));
	con_fini(&c);
}

static void
t_openmetrics(void **state)
{
	const struct stat_desc d[] = {
		{ "rtp_sent", "bytes", "Bytes sent.", STAT_COUNTER },
		{ "links", "", "Links up.", STAT_GAUGE },
	};
	uint64_t v[2] = { 5, 1 };
	const uint64_t more[2] = { 2, 1 };
	struct con c;

	(void)state;
	stats_add(v, more, 2);
	con_init(&c);
	stats_openmetrics(&c, d, v, 2, "{node=\"GW1\"}");
	assert_non_null(strstr(c.text, "# TYPE snagate_rtp_sent_bytes counter\n"));
	assert_non_null(strstr(c.text, "\nsnagate_rtp_sent_bytes_total{node=\"GW1\"} 7\n"));
	assert_non_null(strstr(c.text, "\nsnagate_links{node=\"GW1\"} 2\n"));
	con_fini(&c);
}

static void
t_log_is_bounded(void **state)
{
	struct logbound b = { 0 };
	uint32_t muted = 99;

	(void)state;
	assert_true(log_bound(&b, (struct mono){ SECS(5) }, &muted));
	assert_int_equal(muted, 0);
	assert_false(log_bound(&b, (struct mono){ SECS(6) }, &muted));
	assert_false(log_bound(&b, (struct mono){ SECS(64) }, &muted));
	assert_true(log_bound(&b, (struct mono){ SECS(65) }, &muted));
	assert_int_equal(muted, 2);
	log_level(LOG_RTP, LOG_ERROR);
	assert_false(log_wanted(LOG_RTP, LOG_WARN));
	log_level_all(LOG_DEBUG);
	assert_true(log_wanted(LOG_RTP, LOG_DEBUG));
}

/* A name with a line end in it must not look like a message of ours. */
static void
t_control_characters_begin_no_line(void **state)
{
	char text[200] = "";
	struct con c;
	int p[2], err;

	(void)state;
	con_init(&c);
	con_line(&c, "IST1", "user %s", "A\r\nEZZ6034I\x1b[2J\x7f");
	assert_string_equal(c.text, "IST1 user A??EZZ6034I?[2J?\n");
	con_fini(&c);
	assert_int_equal(pipe(p), 0);
	err = dup(STDERR_FILENO);
	assert_true(dup2(p[1], STDERR_FILENO) >= 0);
	log_line(LOG_TN, LOG_ERROR, "A\nB", "name %s", "C\nforged");
	assert_true(dup2(err, STDERR_FILENO) >= 0);
	assert_true(read(p[0], text, sizeof(text) - 1) > 0);
	assert_non_null(strstr(text, "A?B: name C?forged\n"));
	close(err);
	close(p[0]);
	close(p[1]);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_lines_and_json),
		cmocka_unit_test(t_a_reply_is_bounded),
		cmocka_unit_test(t_openmetrics),
		cmocka_unit_test(t_log_is_bounded),
		cmocka_unit_test(t_control_characters_begin_no_line),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}
