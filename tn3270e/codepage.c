/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables of two pages from iconv. A page is known by the Unicode character of
 * each of its bytes, so any two of them can be joined, and one that needs more
 * than a byte for a character shows itself at once.
 */
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ebcdic.h"
#include "tn3270e/codepage.h"

#define NONE 0xffffffffu                /* this byte is no character */
#define SHIFTS 0xfffffffeu              /* this byte begins another */

/* --- names --- */

static bool
is_std(const char *name)
{
	return strcasecmp(name, "TNSTD") == 0;
}

/* Names reach iconv_open(), which takes //TRANSLIT and the like behind a slash. */
static bool
plain_name(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (!isalnum((unsigned char)*s) && strchr("-_.:+", *s) == NULL)
			return false;
	return true;
}

/* IBM-1047, CP01047, CCSID1047 and 1047 are one page: the number, or 0. */
static unsigned
number_of(const char *name)
{
	static const char *const before[] = { "IBM-", "IBM", "CCSID-", "CCSID", "CP-", "CP",
		"EBCDIC-", "" };
	unsigned long n;
	char *end;

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		size_t skip = strlen(before[i]);

		if (strncasecmp(name, before[i], skip) != 0 ||
		    !isdigit((unsigned char)name[skip]))
			continue;
		n = strtoul(name + skip, &end, 10);
		return *end == '\0' && n < 65536 ? (unsigned)n : 0;
	}
	return 0;
}

static bool
is_utf8(const char *name)
{
	return strcasecmp(name, "UTF-8") == 0 || strcasecmp(name, "UTF8") == 0 ||
	    number_of(name) == 1208;
}

/* What glibc calls it: IBM1047 and IBM037, but CP1252. */
static iconv_t
open_page(const char *name)
{
	unsigned n = number_of(name);
	char try[CODEPAGE_NAME];
	iconv_t cd = (iconv_t)-1;

	if (!plain_name(name))
		return cd;
	if (n == 0)
		return iconv_open("UCS-4BE", name);
	snprintf(try, sizeof(try), "IBM%03u", n);
	cd = iconv_open("UCS-4BE", try);
	if (cd != (iconv_t)-1)
		return cd;
	snprintf(try, sizeof(try), "CP%u", n);
	return iconv_open("UCS-4BE", try);
}

/* --- bytes --- */

static uint32_t
ucs_of(iconv_t cd, uint8_t byte)
{
	char in[1] = { (char)byte }, out[32], *ip = in, *op = out;
	size_t in_left = 1, out_left = sizeof(out);
	const uint8_t *u = (const uint8_t *)out;

	(void)iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &ip, &in_left, &op, &out_left) == (size_t)-1)
		return errno == EINVAL ? SHIFTS : NONE;
	if (op == out)
		return SHIFTS;
	if (op != out + 4)
		return NONE;            /* a character and its accent: too much for one byte */
	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

enum { P_OK, P_UNKNOWN, P_WIDE, P_UTF8 };

static int
page(const char *name, uint32_t ucs[256])
{
	iconv_t cd;
	int e = P_OK;

	if (is_utf8(name))
		return P_UTF8;
	cd = open_page(name);
	if (cd == (iconv_t)-1)
		return P_UNKNOWN;
	for (unsigned i = 0; i < 256; i++) {
		ucs[i] = ucs_of(cd, (uint8_t)i);
		if (ucs[i] == SHIFTS)
			e = P_WIDE;
	}
	iconv_close(cd);
	return e;
}

static void
standard_pages(uint32_t a[256], uint32_t e[256])
{
	for (unsigned i = 0; i < 256; i++) {
		a[i] = i;
		e[i] = asc_from((uint8_t)i);
	}
}

/* Which byte of a page is the character? */
static int
byte_of(const uint32_t ucs[256], uint32_t c)
{
	if (c >= SHIFTS)
		return -1;
	for (int i = 0; i < 256; i++)
		if (ucs[i] == c)
			return i;
	return -1;
}

/* --- tables --- */

static uint8_t
utf8_put(uint8_t to[3], uint32_t c)
{
	if (c < 0x80) {
		to[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (uint8_t)(0xc0 | c >> 6);
		to[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c >= 0x10000) {
		to[0] = '?';
		return 1;
	}
	to[0] = (uint8_t)(0xe0 | c >> 12);
	to[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	to[2] = (uint8_t)(0x80 | (c & 0x3f));
	return 3;
}

static int
by_ucs(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

/* a NULL: UTF-8. */
static void
join(struct codepage *cp, const uint32_t *a, const uint32_t e[256])
{
	int k;

	cp->utf8 = a == NULL;
	for (unsigned i = 0; i < 256; i++) {
		k = a == NULL ? -1 : byte_of(e, a[i]);
		cp->to_ebcdic[i] = (uint8_t)(k < 0 ? (int)CODEPAGE_SUB : k);
		cp->len[i] = 1;
		cp->text[i][0] = '?';
		k = a == NULL ? -1 : byte_of(a, e[i]);
		if (k >= 0)
			cp->text[i][0] = (uint8_t)k;
		else if (a == NULL && e[i] < SHIFTS)
			cp->len[i] = utf8_put(cp->text[i], e[i]);
		cp->ucs[i] = e[i] < 0x1000000 ? e[i] << 8 | i : NONE;
		k = byte_of(e, asc_from((uint8_t)i));
		cp->from_037[i] = (uint8_t)(i < 0x40 ? (int)i : k < 0 ? (int)CODEPAGE_SUB : k);
		cp->to_037[i] = i < 0x40 ? (uint8_t)i : e[i] < 256 ? ebc_from((uint8_t)e[i]) :
		    (uint8_t)CODEPAGE_SUB;
		cp->own |= cp->from_037[i] != i;
	}
	qsort(cp->ucs, 256, sizeof(cp->ucs[0]), by_ucs);
}

void
codepage_standard(struct codepage *cp)
{
	uint32_t a[256], e[256];

	*cp = (struct codepage){ .ascii = "TNSTD", .ebcdic = "TNSTD" };
	standard_pages(a, e);
	join(cp, a, e);
}

static bool
wrong(char *why, size_t room, const char *name, const char *text)
{
	snprintf(why, room, "%.31s %s", name, text);
	return false;
}

static bool
terminal_page(const char *name, uint32_t a[256], int *kind, char *why, size_t room)
{
	*kind = page(is_std(name) ? "ISO8859-1" : name, a);
	if (*kind == P_UNKNOWN)
		return wrong(why, room, name, "is no code page iconv knows (see iconv -l)");
	if (*kind == P_WIDE)
		return wrong(why, room, name, "has characters of more than one byte: the "
		    "terminal's side may be a single-byte page or UTF-8");
	if (*kind == P_OK && (a['A'] != 'A' || a['0'] != '0'))
		return wrong(why, room, name, "is no ASCII page; the terminal's page stands first, "
		    "the host's second");
	return true;
}

static bool
host_page(const char *name, uint32_t e[256], char *why, size_t room)
{
	int kind = page(is_std(name) ? "IBM037" : name, e);

	if (kind == P_UNKNOWN)
		return wrong(why, room, name, "is no code page iconv knows (see iconv -l)");
	if (kind == P_WIDE)
		return wrong(why, room, name, "has characters of more than one byte: double-byte "
		    "text is for 3270 clients, which get it untouched");
	if (kind == P_UTF8 || e[0xc1] != 'A' || e[0xf0] != '0' || e[0x40] != ' ')
		return wrong(why, room, name, "is no EBCDIC page; the terminal's page stands "
		    "first, the host's second");
	return true;
}

bool
codepage_make(struct codepage *cp, const char *ascii, const char *ebcdic, char *why,
    size_t room)
{
	uint32_t a[256], e[256];
	int kind;

	codepage_standard(cp);
	if (is_std(ascii) && is_std(ebcdic))
		return true;
	if (!terminal_page(ascii, a, &kind, why, room) || !host_page(ebcdic, e, why, room))
		return false;
	memset(cp, 0, sizeof(*cp));
	snprintf(cp->ascii, sizeof(cp->ascii), "%s", ascii);
	snprintf(cp->ebcdic, sizeof(cp->ebcdic), "%s", ebcdic);
	join(cp, kind == P_UTF8 ? NULL : a, e);
	return true;
}

/* --- text --- */

/* One UTF-8 character; a byte that begins none is one, and unknown. */
static size_t
utf8_get(const uint8_t *p, size_t n, uint32_t *c)
{
	size_t more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : 1;

	*c = p[0];
	if (p[0] < 0x80)
		return 1;
	*c = NONE;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n <= more)
		return 1;
	*c = p[0] & (0x3fu >> more);
	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			*c = NONE;
			return i;
		}
		*c = *c << 6 | (p[i] & 0x3f);
	}
	return more + 1;
}

static uint8_t
ebcdic_of(const struct codepage *cp, uint32_t c)
{
	unsigned lo = 0, hi = 256;

	if (c >= 0x1000000)
		return CODEPAGE_SUB;
	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (cp->ucs[mid] >> 8 < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < 256 && cp->ucs[lo] >> 8 == c ? (uint8_t)cp->ucs[lo] : CODEPAGE_SUB;
}

size_t
codepage_to_host(const struct codepage *cp, uint8_t *p, size_t n)
{
	size_t to = 0;
	uint32_t c;

	if (!cp->utf8) {
		for (size_t i = 0; i < n; i++)
			p[i] = cp->to_ebcdic[p[i]];
		return n;
	}
	for (size_t i = 0; i < n;) {
		i += utf8_get(p + i, n - i, &c);
		p[to++] = ebcdic_of(cp, c);
	}
	return to;
}

void
codepage_from_037(const struct codepage *cp, uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n && cp->own; i++)
		p[i] = cp->from_037[p[i]];
}

void
codepage_to_037(const struct codepage *cp, uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n && cp->own; i++)
		p[i] = cp->to_037[p[i]];
}

/* Bytes behind a 3270 order that are no text: companion tn3270e, 3270 data stream orders. */
static size_t
order_len(const uint8_t *p, size_t n)
{
	switch (p[0]) {
	case 0x11: case 0x12: case 0x28:                /* SBA, EUA, SA */
		return 2;
	case 0x3c:                                      /* RA: its character is text again */
		return 2;
	case 0x1d: case 0x08:                           /* SF, GE */
		return 1;
	case 0x29: case 0x2c:                           /* SFE, MF */
		return n < 2 ? 0 : 1 + 2u * p[1];
	default:
		return 0;
	}
}

void
codepage_screen(const struct codepage *cp, uint8_t *p, size_t n)
{
	size_t i = 2;                                   /* command, WCC */

	while (i < n && cp->own) {
		if (p[i] >= 0x40) {
			p[i] = cp->from_037[p[i]];
			i++;
		} else {
			i += 1 + order_len(p + i, n - i);
		}
	}
}
