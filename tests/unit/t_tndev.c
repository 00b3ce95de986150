/* SPDX-License-Identifier: Apache-2.0
 *
 * Device types: companion tn3270e 6.2 and 7.4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "snaee/bind.h"
#include "tn3270e/tndev.h"

static const struct tndev *
dev(const char *name)
{
	return tndev_at(tndev_find(name, strlen(name)));
}

static void
screens(void **s)
{
	static const struct {
		const char *name;
		unsigned rows, cols, ext;
	} want[] = {
		{ "IBM-3278-2", 24, 80, 0 }, { "IBM-3278-2-E", 24, 80, 1 },
		{ "IBM-3278-3", 32, 80, 0 }, { "IBM-3278-3-E", 32, 80, 1 },
		{ "IBM-3278-4", 43, 80, 0 }, { "IBM-3278-4-E", 43, 80, 1 },
		{ "IBM-3278-5", 27, 132, 0 }, { "IBM-3278-5-E", 27, 132, 1 },
		{ "IBM-3279-2", 24, 80, 0 }, { "IBM-3279-3-E", 32, 80, 1 },
		{ "IBM-3279-4-E", 43, 80, 1 }, { "IBM-3279-5-E", 27, 132, 1 },
		{ "IBM-3277-2", 24, 80, 0 }, { "IBM-3179-2", 24, 80, 0 },
		{ "IBM-3180-2", 27, 132, 0 },
	};

	(void)s;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		const struct tndev *d = dev(want[i].name);

		assert_non_null(d);
		assert_int_equal(d->class, TNDEV_DISPLAY);
		assert_int_equal(d->rows, want[i].rows);
		assert_int_equal(d->cols, want[i].cols);
		assert_int_equal(d->extended, want[i].ext);
		assert_int_equal(d->dynamic, 0);
	}
	assert_int_equal(dev("IBM-DYNAMIC")->dynamic, 1);
	assert_int_equal(dev("IBM-DYNAMIC")->extended, 1);
	assert_int_equal(dev("IBM-3287-1")->class, TNDEV_PRINTER);
}

static void
names(void **s)                 /* any case, with and without IBM- */
{
	(void)s;
	assert_true(tndev_find("ibm-3278-2-e", 12) != 0);
	assert_int_equal(tndev_find("ibm-3278-2-e", 12), tndev_find("3278-2-E", 8));
	assert_int_equal(tndev_find("IBM-3278-2-E", 10), tndev_find("IBM-3278-2", 10));
	assert_true(tndev_find("3278-2", 6) != tndev_find("3278-2-E", 8));
	assert_int_equal(tndev_find("", 0), 0);
	assert_int_equal(tndev_find("IBM-", 4), 0);
	assert_int_equal(tndev_find("IBM-IBM-3278-2", 14), 0);
	assert_int_equal(tndev_find("IBM-3278-6", 10), 0);
	assert_int_equal(tndev_find("IBM-3278-2-EX", 13), 0);
	assert_int_equal(tndev_find("IBM-3278-", 9), 0);
	assert_int_equal(tndev_find("IBM-3477-FC", 11), 0);
	assert_int_equal(tndev_find("xterm", 5), 0);
	assert_int_equal(tndev_find("LINEMODE", 8), 0);        /* no client says so */
}

static void
table(void **s)
{
	(void)s;
	assert_null(tndev_at(0));
	assert_null(tndev_at(tndev_count() + 1));
	assert_string_equal(tndev_at(TNDEV_LINEMODE)->name, "LINEMODE");
	for (unsigned i = TNDEV_LINEMODE + 1; i <= tndev_count(); i++) {
		const struct tndev *d = tndev_at(i);

		assert_int_equal(tndev_find(d->name, strlen(d->name)), i);
		assert_in_range(strlen(d->mode_3270), 1, 8);
		assert_in_range(strlen(d->mode_e), 1, 8);
	}
}

static bool
fits(const char *name, unsigned rows, unsigned cols, unsigned alt_rows, unsigned alt_cols)
{
	struct bind_screen b;

	memset(&b, 0, sizeof(b));
	b.rows = (uint8_t)rows;
	b.cols = (uint8_t)cols;
	b.alt_rows = (uint8_t)alt_rows;
	b.alt_cols = (uint8_t)alt_cols;
	return tndev_fits(dev(name), &b);
}

static void
bind_sizes(void **s)
{
	(void)s;
	assert_true(fits("3278-2", 24, 80, 24, 80));
	assert_true(fits("3278-2", 0, 0, 0, 0));
	assert_false(fits("3278-2", 24, 80, 32, 80));
	assert_true(fits("3278-3-E", 24, 80, 32, 80));
	assert_false(fits("3278-3-E", 24, 80, 43, 80));
	assert_false(fits("3278-4-E", 24, 80, 27, 132));
	assert_true(fits("3278-5-E", 24, 80, 27, 132));
	assert_false(fits("3278-5-E", 24, 80, 43, 80));
	assert_true(fits("DYNAMIC", 24, 80, 62, 160));
	assert_false(fits("3278-4", 12, 40, 0, 0));             /* smaller than any 3270 here */
	assert_false(fits("3278-4", 24, 79, 0, 0));
	assert_false(fits("3278-4", 23, 80, 0, 0));
	assert_true(fits("3287-1", 12, 40, 0, 0));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens), cmocka_unit_test(names), cmocka_unit_test(table),
		cmocka_unit_test(bind_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
