/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/ebcdic.h"
#include "tn3270e/lurange.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* What a place counts through, in order: section 4.1. */
static const char *
alphabet(char rule)
{
	switch (rule) {
	case 'N':
		return DIGITS;
	case 'A':
		return LETTERS;
	case 'B':
		return DIGITS LETTERS;
	case 'X':
		return DIGITS "ABCDEF";
	case '?':
		return DIGITS LETTERS "@#$";
	default:
		return NULL;
	}
}

static int
digit_of(const char *set, char c)
{
	const char *p = c == '\0' ? NULL : strchr(set, c);

	return p == NULL ? -1 : (int)(p - set);
}

/* Without a rule: the common front is fixed, the tail counts in digits or letters. */
static const char *
make_rule(struct lurange *r)
{
	size_t n = strlen(r->first), k = 0;
	bool num = true, alpha = true;

	while (k < n && r->first[k] == r->last[k])
		k++;
	while (k > 0 && isdigit((unsigned char)r->first[k - 1]) &&
	    isdigit((unsigned char)r->first[k]))
		k--;
	memset(r->rule, 'F', n);
	for (size_t i = k; i < n; i++) {
		num &= isdigit((unsigned char)r->first[i]) && isdigit((unsigned char)r->last[i]);
		alpha &= isupper((unsigned char)r->first[i]) && isupper((unsigned char)r->last[i]);
	}
	if (!num && !alpha)
		return "the counting part is neither all digits nor all letters: code a rule, "
		    "as in LU0A..LU9F..FFNX";
	memset(r->rule + k, num ? 'N' : 'A', n - k);
	return NULL;
}

static const char *
check_rule(const struct lurange *r)
{
	size_t n = strlen(r->first);

	if (strlen(r->rule) != n)
		return "the rule is not as long as the names";
	if (r->rule[0] != 'F' && r->rule[0] != 'A')
		return "the first place of a rule can only be F or A";
	for (size_t i = 0; i < n; i++) {
		const char *set = alphabet(r->rule[i]);

		if (r->rule[i] == 'F') {
			if (r->first[i] != r->last[i])
				return "a fixed place (F) differs between first and last name";
		} else if (set == NULL) {
			return "a rule has only the letters F, N, A, B, X and ?";
		} else if (digit_of(set, r->first[i]) < 0 || digit_of(set, r->last[i]) < 0) {
			return "a name has a character that its rule does not count through";
		}
	}
	return NULL;
}

/* The odometer's value; places of rule F count as one. */
static uint64_t
value(const struct lurange *r, const char *name)
{
	uint64_t v = 0;

	for (size_t i = 0; r->rule[i] != '\0'; i++) {
		const char *set = alphabet(r->rule[i]);

		if (set != NULL)
			v = v * strlen(set) + (uint64_t)digit_of(set, name[i]);
	}
	return v;
}

static bool
part(char to[9], const char *p, size_t n)
{
	if (n == 0 || n > 8)
		return false;
	for (size_t i = 0; i < n; i++)
		to[i] = (char)toupper((unsigned char)p[i]);
	to[n] = '\0';
	return true;
}

static const char *
split(struct lurange *r, const char *text, size_t n)
{
	const char *dots = memmem(text, n, "..", 2), *more;
	size_t left;

	if (dots == NULL) {
		if (!part(r->first, text, n) || !name_valid(r->first, n))
			return "not an LU name: 1 to 8 of A-Z, 0-9, @, #, $, no digit first";
		memcpy(r->last, r->first, sizeof(r->last));
		memset(r->rule, 'F', n);
		return NULL;
	}
	left = n - (size_t)(dots - text) - 2;
	more = memmem(dots + 2, left, "..", 2);
	if (!part(r->first, text, (size_t)(dots - text)) ||
	    !part(r->last, dots + 2, more == NULL ? left : (size_t)(more - dots - 2)))
		return "a name in a range is empty or longer than 8";
	if (!name_valid(r->first, strlen(r->first)) || !name_valid(r->last, strlen(r->last)))
		return "not an LU name: 1 to 8 of A-Z, 0-9, @, #, $, no digit first";
	if (strlen(r->first) != strlen(r->last))
		return "first and last name of a range are not equally long";
	if (more == NULL)
		return make_rule(r);
	return part(r->rule, more + 2, left - (size_t)(more - dots)) ? NULL :
	    "the rule of a range is empty or longer than 8";
}

const char *
lurange_parse(struct lurange *r, const char *text, size_t n)
{
	const char *why;
	uint64_t a, b;

	memset(r, 0, sizeof(*r));
	why = split(r, text, n);
	if (why == NULL)
		why = check_rule(r);
	if (why != NULL)
		return why;
	a = value(r, r->first);
	b = value(r, r->last);
	if (a > b)
		return "the first name of a range comes behind the last";
	r->n = b - a + 1;
	return r->n > UINT32_MAX ? "a range has at most 4294967295 names" : NULL;
}

void
lurange_at(const struct lurange *r, uint64_t i, char to[9])
{
	size_t n = strlen(r->rule);
	uint64_t v = value(r, r->first) + i;

	to[n] = '\0';
	while (n-- > 0) {
		const char *set = alphabet(r->rule[n]);

		if (set == NULL) {
			to[n] = r->first[n];
		} else {
			to[n] = set[v % strlen(set)];
			v /= strlen(set);
		}
	}
}

int64_t
lurange_index(const struct lurange *r, const char *lu)
{
	uint64_t v, a;

	if (strlen(lu) != strlen(r->rule))
		return -1;
	for (size_t i = 0; r->rule[i] != '\0'; i++) {
		const char *set = alphabet(r->rule[i]);

		if (set == NULL ? lu[i] != r->first[i] : digit_of(set, lu[i]) < 0)
			return -1;
	}
	v = value(r, lu);
	a = value(r, r->first);
	return v < a || v - a >= r->n ? -1 : (int64_t)(v - a);
}
