/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "tn3270e/acct_file.h"

static char dir[64], got[4096];
static struct acct_file f;

static int
begin(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/snagate-acct-XXXXXX");
	assert_non_null(mkdtemp(dir));
	acct_file_init(&f);
	snprintf(f.path, sizeof(f.path), "%s/log", dir);
	return 0;
}

static int
end(void **state)
{
	char name[128];

	(void)state;
	acct_file_close(&f);
	for (int i = 0; i < 6; i++) {
		snprintf(name, sizeof(name), i == 0 ? "%s/log" : "%s/log.%d", dir, i);
		(void)unlink(name);
	}
	return rmdir(dir);
}

static const char *
text(unsigned i)
{
	char name[128];
	FILE *h;
	size_t n = 0;

	snprintf(name, sizeof(name), i == 0 ? "%s/log" : "%s/log.%u", dir, i);
	h = fopen(name, "r");
	if (h != NULL) {
		n = fread(got, 1, sizeof(got) - 1, h);
		fclose(h);
	}
	got[n] = '\0';
	return h == NULL ? "none" : got;
}

static int
put(const char *s)
{
	return acct_file_write(&f, s, strlen(s));
}

static void
t_rotates(void **state)
{
	(void)state;
	f.most = 10;
	f.keep = 2;
	assert_int_equal(put("one\n"), 0);
	assert_int_equal(put("two\n"), 0);
	assert_int_equal(put("three\n"), 0);
	assert_string_equal(text(0), "three\n");
	assert_string_equal(text(1), "one\ntwo\n");
	assert_int_equal(put("longer than ten bytes\n"), 0);    /* a line is never cut */
	assert_int_equal(put("five\n"), 0);
	assert_string_equal(text(0), "five\n");
	assert_string_equal(text(1), "longer than ten bytes\n");
	assert_string_equal(text(2), "three\n");
	assert_string_equal(text(3), "none");
	assert_int_equal(f.rotated, 3);
}

static void
t_mode_and_reopen(void **state)
{
	char moved[128];
	struct stat st;

	(void)state;
	(void)umask(022);
	assert_int_equal(put("one\n"), 0);
	assert_int_equal(stat(f.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	snprintf(moved, sizeof(moved), "%s/log.1", dir);
	assert_int_equal(rename(f.path, moved), 0);     /* as logrotate does */
	assert_int_equal(put("two\n"), 0);
	assert_int_equal(acct_file_open(&f), 0);
	assert_int_equal(put("three\n"), 0);
	assert_string_equal(text(1), "one\ntwo\n");
	assert_string_equal(text(0), "three\n");
}

/* Found at the start: half a line of a machine that stopped. */
static void
t_half_a_line(void **state)
{
	FILE *h;

	(void)state;
	h = fopen(f.path, "w");
	assert_non_null(h);
	fputs("{\"half\":", h);
	fclose(h);
	assert_int_equal(put("one\n"), 0);
	assert_string_equal(text(0), "{\"half\":\none\n");
}

/* The disk is full in the middle of a line: nothing of it stays. */
static void
t_full(void **state)
{
	struct rlimit was, now;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(put("123456\n"), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	now = was;
	now.rlim_cur = 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
	assert_int_equal(put("abcdefg\n"), -ENOSPC);
	assert_string_equal(text(0), "123456\n");
	assert_true(put("abcdefg\n") < 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(put("abcdefg\n"), 0);
	assert_string_equal(text(0), "123456\nabcdefg\n");
}

static void
t_no_folder(void **state)
{
	(void)state;
	snprintf(f.path, sizeof(f.path), "%s/none/log", dir);
	assert_int_equal(put("x\n"), -ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(t_rotates, begin, end),
		cmocka_unit_test_setup_teardown(t_mode_and_reopen, begin, end),
		cmocka_unit_test_setup_teardown(t_half_a_line, begin, end),
		cmocka_unit_test_setup_teardown(t_full, begin, end),
		cmocka_unit_test_setup_teardown(t_no_folder, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
