/* SPDX-License-Identifier: Apache-2.0
 *
 * A body is IS or INFO, then names and values, each with its type in front:
 *
 *     IS USERVAR IBMELF VALUE YES USERVAR IBMAPPLID VALUE TSO
 *
 * A name without VALUE is not defined. ESC stands before a byte 0 to 3 that is
 * meant. BSD's first Telnet had VAR and VALUE the other way round than the RFC
 * that described it; which way a peer has them is found by RFC 1571's rules.
 */
#include <ctype.h>
#include <string.h>

#include "base/bytes.h"
#include "tn3270e/tnenv.h"

enum { EN_IS, EN_SEND, EN_INFO };
enum { ET_VAR, ET_VALUE, ET_ESC, ET_USERVAR };

#define TEXT_MAX 16             /* longer names and values are none of ours */

struct item {
	uint8_t type;           /* ET_VAR, ET_VALUE, ET_USERVAR */
	size_t len;             /* all of it */
	char text[TEXT_MAX];    /* its beginning */
};

/* False: no more, or not in the grammar (r->bad). */
static bool
item_get(struct rd *r, struct item *i)
{
	*i = (struct item){ .type = rd_u8(r) };
	if (i->type > ET_USERVAR || i->type == ET_ESC)
		r->bad = true;
	while (!r->bad && rd_left(r) != 0) {
		uint8_t c = rd_peek(r);

		if (c <= ET_USERVAR && c != ET_ESC)
			break;
		(void)rd_u8(r);
		if (c == ET_ESC)
			c = rd_u8(r);           /* behind the end: bad */
		if (i->len < TEXT_MAX)
			i->text[i->len] = (char)c;
		i->len++;
	}
	return !r->bad;
}

static bool
next(struct rd *r, struct item *i)
{
	return rd_left(r) != 0 && item_get(r, i);
}

/* RFC 1571 section 5, in its order. */
static bool
reversed(struct rd r)
{
	unsigned count[ET_USERVAR + 1] = { 0 };
	uint8_t last = ET_ESC;
	struct item i;

	while (next(&r, &i)) {
		if (last == ET_ESC && i.type != ET_USERVAR)
			return i.type == ET_VALUE;
		if (i.type == last && i.type != ET_USERVAR)
			return i.type == ET_VALUE;
		if (i.len == 0 && i.type != ET_USERVAR)
			return i.type == ET_VAR;
		last = i.type;
		count[i.type]++;
	}
	return count[ET_USERVAR] + count[ET_VAR] != count[ET_VALUE] &&
	    count[ET_USERVAR] + count[ET_VALUE] == count[ET_VAR];
}

static bool
reads(const struct item *i, const char *text)
{
	return i->len == strlen(text) && memcmp(i->text, text, i->len) == 0;
}

static bool
appl_byte(uint8_t c)
{
	return isalnum(c) || c == '@' || c == '#' || c == '$';
}

static void
set_applid(struct tnenv *e, const struct item *v)
{
	if (v->len == 0 || v->len > TNENV_APPL_MAX)
		return;
	for (size_t i = 0; i < v->len; i++)
		if (!appl_byte((uint8_t)v->text[i]))
			return;
	for (size_t i = 0; i < v->len; i++)
		e->applid[i] = (char)toupper((unsigned char)v->text[i]);
	e->applid[v->len] = '\0';
}

static void
set(struct tnenv *e, const struct item *name, const struct item *v)
{
	if (reads(name, "IBMELF"))
		e->elf = reads(v, "YES") || reads(v, "yes") ? TNENV_YES : TNENV_NO;
	else if (reads(name, "IBMAPPLID"))
		set_applid(e, v);
}

bool
tnenv_get(struct tnenv *e, const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t how = rd_u8(&r), value;
	struct item name = { .type = ET_ESC }, i;

	*e = (struct tnenv){ 0 };
	if (r.bad || (how != EN_IS && how != EN_INFO))
		return false;
	value = reversed(r) ? ET_VAR : ET_VALUE;
	while (next(&r, &i)) {
		if (i.type == value && name.type != ET_ESC)
			set(e, &name, &i);
		name = i;
		if (i.type == value)
			name.type = ET_ESC;     /* a second value belongs to no name */
	}
	if (r.bad)
		*e = (struct tnenv){ 0 };
	return !r.bad;
}

size_t
tnenv_send(const uint8_t **p)
{
	static const uint8_t send[] = { EN_SEND, ET_USERVAR, 'I', 'B', 'M', 'E', 'L', 'F',
		ET_USERVAR, 'I', 'B', 'M', 'A', 'P', 'P', 'L', 'I', 'D' };

	*p = send;
	return sizeof(send);
}
