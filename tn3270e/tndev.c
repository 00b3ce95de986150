/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "snaee/bind.h"
#include "tn3270e/tndev.h"

#define D(nm, ext, r, c, m3, me) { nm, TNDEV_DISPLAY, ext, 0, r, c, m3, me }

/* Plain TN3270 gets our sizes, not NSX32702 for all: sna-sessions 4.3. */
static const struct tndev table[] = {
	{ "LINEMODE", TNDEV_LINE, 0, 0, 24, 80, "INTERACT", "INTERACT" },
	D("3278-2", 0, 24, 80, "SNX32702", "SNX32702"),
	D("3278-2-E", 1, 24, 80, "SNX32702", "SNX32702"),
	D("3278-3", 0, 32, 80, "SNX32703", "SNX32703"),
	D("3278-3-E", 1, 32, 80, "SNX32703", "SNX32703"),
	D("3278-4", 0, 43, 80, "SNX32704", "SNX32704"),
	D("3278-4-E", 1, 43, 80, "SNX32704", "SNX32704"),
	D("3278-5", 0, 27, 132, "SNX32705", "SNX32705"),
	D("3278-5-E", 1, 27, 132, "SNX32705", "SNX32705"),
	D("3279-2", 0, 24, 80, "SNX32702", "SNX32702"),
	D("3279-2-E", 1, 24, 80, "SNX32702", "SNX32702"),
	D("3279-3", 0, 32, 80, "SNX32703", "SNX32703"),
	D("3279-3-E", 1, 32, 80, "SNX32703", "SNX32703"),
	D("3279-4", 0, 43, 80, "SNX32704", "SNX32704"),
	D("3279-4-E", 1, 43, 80, "SNX32704", "SNX32704"),
	D("3279-5", 0, 27, 132, "SNX32705", "SNX32705"),
	D("3279-5-E", 1, 27, 132, "SNX32705", "SNX32705"),
	D("3277-2", 0, 24, 80, "SNX32702", "SNX32702"),
	D("3179-2", 0, 24, 80, "SNX32702", "SNX32702"),
	D("3180-2", 0, 27, 132, "SNX32705", "SNX32705"),
	{ "DYNAMIC", TNDEV_DISPLAY, 1, 1, 255, 255, "D4C32XX3", "D4C32XX3" },
	{ "3287-1", TNDEV_PRINTER, 1, 0, 0, 0, "SCS", "SCS" },
	{ "3287", TNDEV_PRINTER, 1, 0, 0, 0, "SCS", "SCS" },
};
#define N (sizeof(table) / sizeof(table[0]))

const struct tndev *
tndev_at(unsigned i)
{
	return i == 0 || i > N ? NULL : &table[i - 1];
}

unsigned
tndev_count(void)
{
	return N;
}

unsigned
tndev_find(const char *s, size_t n)
{
	if (n > 4 && strncasecmp(s, "IBM-", 4) == 0) {
		s += 4;
		n -= 4;
	}
	for (unsigned i = TNDEV_LINEMODE; i < N; i++)
		if (strlen(table[i].name) == n && strncasecmp(table[i].name, s, n) == 0)
			return i + 1;
	return 0;
}

static bool
within(const struct tndev *d, unsigned rows, unsigned cols)
{
	return rows <= d->rows && cols <= d->cols;
}

/* A client drops a BIND-IMAGE it can't show without a word: tn3270e 9.1. */
bool
tndev_fits(const struct tndev *d, const struct bind_screen *s)
{
	if (d->class != TNDEV_DISPLAY)
		return true;
	if (s->rows != 0 && (s->rows < 24 || s->cols < 80))
		return false;
	return within(d, s->rows, s->cols) && within(d, s->alt_rows, s->alt_cols);
}
