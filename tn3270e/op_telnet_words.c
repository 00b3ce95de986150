/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/op_telnet_in.h"

bool
words_cut(struct words *s, const char *line)
{
	char *p = s->text;

	*s = (struct words){ .n = 0 };
	while (isspace((unsigned char)*line))
		line++;
	snprintf(s->text, sizeof(s->text), "%s", line);
	p[strcspn(p, "\r\n")] = '\0';
	s->w[s->n++] = p;
	p = strpbrk(p, " \t");
	if (p == NULL)
		return false;
	*p++ = '\0';
	while (isspace((unsigned char)*p))
		p++;
	while (s->n < OPT_WORDS) {
		s->w[s->n++] = p;
		p = strchr(p, ',');
		if (p == NULL)
			return true;
		*p++ = '\0';
	}
	return false;
}

const char *
words_next(struct words *s)
{
	return s->at < s->n ? s->w[s->at++] : "";
}

const char *
words_peek(const struct words *s)
{
	return s->at < s->n ? s->w[s->at] : "";
}

bool
word_is(const char *word, const char *full, size_t min)
{
	size_t n = strlen(word);

	return n >= min && n <= strlen(full) && strncasecmp(word, full, n) == 0;
}

bool
word_key(const char *word, const char *k, const char **value)
{
	size_t n = strlen(k);

	if (strncasecmp(word, k, n) != 0 || word[n] != '=')
		return false;
	*value = word + n + 1;
	return true;
}

bool
word_number(const char *s, unsigned long lo, unsigned long hi, unsigned base, uint32_t *to)
{
	char *end;
	unsigned long v;

	if (!isxdigit((unsigned char)*s))
		return false;
	v = strtoul(s, &end, (int)base);
	if (*end != '\0' || v < lo || v > hi)
		return false;
	*to = (uint32_t)v;
	return true;
}

void
word_upper(char *to, size_t room, const char *v)
{
	size_t i = 0;

	for (; v[i] != '\0' && i + 1 < room; i++)
		to[i] = (char)toupper((unsigned char)v[i]);
	to[i] = '\0';
}

/* What stands before mark; false: too long, or the mark is not there. */
static bool
before(char *to, size_t room, const char *s, const char *mark)
{
	size_t n = mark == NULL ? room : (size_t)(mark - s);

	if (n >= room)
		return false;
	memcpy(to, s, n);
	to[n] = '\0';
	return true;
}

bool
word_ports(const char *v, struct worker_msg *m)
{
	char first[8];
	const char *dots = strstr(v, "..");
	uint32_t a, b;

	if (strcasecmp(v, "ALL") == 0)
		return true;
	m->basic = strcasecmp(v, "BASIC") == 0;
	m->secure = strcasecmp(v, "SECURE") == 0;
	if (m->basic || m->secure)
		return true;
	if (dots == NULL) {
		if (!word_number(v, 1, 65535, 10, &a))
			return false;
		b = a;
	} else if (!before(first, sizeof(first), v, dots) ||
	    !word_number(first, 1, 65535, 10, &a) ||
	    !word_number(dots + 2, a, 65535, 10, &b)) {
		return false;
	}
	m->port_lo = (uint16_t)a;
	m->port_hi = (uint16_t)b;
	return true;
}

/* --- addresses --- */

static bool
is_mask(const struct ipaddr *a)
{
	uint32_t v = (uint32_t)a->b[0] << 24 | (uint32_t)a->b[1] << 16 |
	    (uint32_t)a->b[2] << 8 | a->b[3];

	return a->fam == 4 && (~v & (~v + 1)) == 0;
}

static void
prefix_mask(struct ipaddr *mask, uint8_t fam, uint32_t len)
{
	*mask = (struct ipaddr){ .fam = fam };
	for (unsigned i = 0; i < len; i++)
		mask->b[i / 8] |= (uint8_t)(0x80 >> i % 8);
}

static bool
with_prefix(const char *v, const char *slash, struct tnp_net *n)
{
	char text[IPADDR_TEXT];
	uint32_t len;

	if (!before(text, sizeof(text), v, slash) || !ipaddr_parse(&n->lo, text) ||
	    !word_number(slash + 1, 0, n->lo.fam == 4 ? 32 : 128, 10, &len))
		return false;
	prefix_mask(&n->hi, n->lo.fam, len);
	n->mask = 1;
	return true;
}

/* mask:subnet, and subnet:mask as samples have it: what is a mask must be clear. */
static bool
with_mask(const char *v, struct tnp_net *n)
{
	const char *colon = strchr(v, ':');
	char text[IPADDR_TEXT];
	struct ipaddr a, b;

	if (colon == NULL || !before(text, sizeof(text), v, colon) || !ipaddr_parse(&a, text) ||
	    !ipaddr_parse(&b, colon + 1) || a.fam != 4 || b.fam != 4)
		return false;
	if (!is_mask(&a) && !is_mask(&b))
		return false;
	n->hi = is_mask(&a) ? a : b;
	n->lo = is_mask(&a) ? b : a;
	n->mask = 1;
	return true;
}

bool
word_net(const char *v, struct tnp_net *n)
{
	const char *slash = strchr(v, '/');

	*n = (struct tnp_net){ .mask = 0 };
	if (slash != NULL)
		return with_prefix(v, slash, n);
	if (ipaddr_parse(&n->lo, v)) {
		n->hi = n->lo;
		return true;
	}
	return with_mask(v, n);
}

bool
word_addr_port(const char *v, struct tnp_net *n, uint16_t *port)
{
	const char *dots = strstr(v, "..");
	char text[IPADDR_TEXT];
	uint32_t p;

	*n = (struct tnp_net){ .mask = 0 };
	if (dots == NULL || !before(text, sizeof(text), v, dots) || !ipaddr_parse(&n->lo, text) ||
	    !word_number(dots + 2, 1, 65535, 10, &p))
		return false;
	n->hi = n->lo;
	*port = (uint16_t)p;
	return true;
}

/* --- operands of every display --- */

/* PORT=n,qual: the address is the next word. */
static bool
port(struct worker_query *q, struct words *s, const char *v)
{
	struct worker_msg m = { .op = 0 };

	if (!word_ports(v, &m))
		return false;
	q->port_lo = m.port_lo;
	q->port_hi = m.port_hi;
	q->basic = m.basic;
	q->secure = m.secure;
	if (strchr(words_peek(s), '=') == NULL && ipaddr_parse(&q->qual, words_peek(s)))
		(void)words_next(s);
	return true;
}

static bool
profile(struct worker_query *q, const char *v)
{
	q->basic = strcasecmp(v, "BASIC") == 0;
	q->secure = strcasecmp(v, "SECURE") == 0;
	if (strcasecmp(v, "ALL") == 0 || strcasecmp(v, "ACTIVE") == 0 || q->basic || q->secure)
		return true;
	q->by_profile = 1;
	q->profile = 0;
	return word_is(v, "CURRENT", 4) || word_number(v, 1, 9999, 10, &q->profile);
}

static bool
many(const char *v, struct worker_query *q)
{
	if (strcmp(v, "*") == 0) {
		q->max = OPT_MAX_MOST;
		return true;
	}
	return word_number(v, 1, OPT_MAX_MOST, 10, &q->max);
}

bool
op_where(struct worker_query *q, struct words *s)
{
	const char *w = words_next(s), *v;

	if (*w == '\0')
		return true;
	if (word_key(w, "PORT", &v))
		return port(q, s, v);
	if (word_key(w, "PROF", &v) || word_key(w, "PROFILE", &v))
		return profile(q, v);
	if (word_key(w, "MAX", &v))
		return many(v, q);
	if (!word_is(w, "DETAIL", 3) && !word_is(w, "SUMMARY", 3))
		return false;
	q->detail = word_is(w, "DETAIL", 3);
	q->totals = !q->detail;
	return true;
}
