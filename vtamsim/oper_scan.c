/* SPDX-License-Identifier: Apache-2.0
 *
 * From a line to verb, target and operands; and what commands ask about their
 * operands. Companion vtam-operator sections 1 and 10.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/oper_in.h"

struct verb {
	const char *abbr, *word;
	enum oper_verb verb;
};

static const struct verb verbs[] = {
	{ "D", "DISPLAY", OV_DISPLAY }, { "V", "VARY", OV_VARY }, { "F", "MODIFY", OV_MODIFY },
	{ "Z", "HALT", OV_HALT }, { "S", "START", OV_START }, { "P", "STOP", OV_STOP },
};

static bool
bad_syntax(struct con *con, const char *word)
{
	msg_line(con, IST450I, word);
	return false;
}

/* Upper case outside quotes; control characters become blanks. */
static bool
fold(char to[OPER_LINE_MAX], const char *from)
{
	bool quoted = false;
	size_t n = 0;

	while (*from == ' ' || *from == '\t')
		from++;
	for (; *from != '\0'; from++) {
		unsigned char ch = (unsigned char)*from;

		if (n + 1 >= OPER_LINE_MAX)
			return false;
		if (ch == '\'')
			quoted = !quoted;
		if (ch < ' ' || ch == 0x7f)
			ch = ' ';
		to[n++] = (char)(quoted ? ch : (unsigned char)toupper(ch));
	}
	while (n > 0 && to[n - 1] == ' ')
		n--;
	to[n] = '\0';
	return true;
}

/* The end of an operand: a comma outside parentheses and quotes, or the end of
 * the line. NULL: they do not match, or a blank is inside. */
static char *
operand_end(char *p)
{
	unsigned depth = 0;
	bool quoted = false;

	for (; *p != '\0'; p++) {
		if (*p == '\'')
			quoted = !quoted;
		if (quoted)
			continue;
		if (*p == ' ')
			return NULL;
		if (*p == '(')
			depth++;
		if (*p == ')' && depth-- == 0)
			return NULL;
		if (*p == ',' && depth == 0)
			break;
	}
	return quoted || depth != 0 ? NULL : p;
}

/* 'text' loses its quotes, a doubled one inside stays one. */
static void
unquote(char *s)
{
	char *to = s;
	size_t n = strlen(s);

	if (n < 2 || s[0] != '\'' || s[n - 1] != '\'')
		return;
	s[n - 1] = '\0';
	for (s++; *s != '\0'; s++) {
		if (s[0] == '\'' && s[1] == '\'')
			s++;
		*to++ = *s;
	}
	*to = '\0';
}

static bool
scan_operands(struct oper_cmd *c, char *p, struct con *con)
{
	for (;;) {
		char *end = operand_end(p), *eq;
		bool last = end == NULL || *end == '\0';
		struct oper_opd *o = &c->opd[c->n];

		if (end == NULL || end == p || c->n == OPER_OPD_MAX)
			return bad_syntax(con, c->word);
		*end = '\0';
		*o = (struct oper_opd){ .key = p, .val = "" };
		eq = strchr(p, '=');
		if (eq == p)
			return bad_syntax(con, c->word);
		if (eq != NULL) {
			*eq = '\0';
			unquote(eq + 1);
			o->val = eq + 1;
			o->eq = 1;
		}
		c->n++;
		if (last)
			return true;
		p = end + 1;
	}
}

static bool
is_digits(const char *s, size_t n)
{
	return n > 0 && strspn(s, "0123456789") >= n;
}

/* Targets whose operands are not ours to read. */
static bool
foreign(const struct oper_cmd *c)
{
	return c->verb == OV_START || c->verb == OV_STOP || strcmp(c->target, "TCPIP") == 0;
}

bool
oper_scan(struct oper_cmd *c, const char *line, struct con *con)
{
	char *p, *t;
	size_t n;

	*c = (struct oper_cmd){ .word = "", .target = "" };
	if (!fold(c->text, line))
		return bad_syntax(con, "OPERATOR");
	n = strcspn(c->text, " ,");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		const struct verb *v = &verbs[i];

		if ((strlen(v->abbr) == n && memcmp(c->text, v->abbr, n) == 0) ||
		    (strlen(v->word) == n && memcmp(c->text, v->word, n) == 0)) {
			c->verb = v->verb;
			c->word = v->word;
		}
	}
	if (c->word[0] == '\0') {
		c->text[n < 40 ? n : 40] = '\0';
		msg_line(con, IST010I, c->text);
		return false;
	}
	p = c->text + n;
	if (*p == ',')
		return bad_syntax(con, c->word);
	while (*p == ' ')
		p++;
	t = p;
	p += strcspn(p, ", ");
	if (p == t || *p == ' ')
		return bad_syntax(con, c->word);
	c->target = t;
	if (*p == '\0')
		return true;
	*p++ = '\0';
	memcpy(c->rest, p, strlen(p) + 1);
	return foreign(c) || scan_operands(c, p, con);
}

/* --- operands --- */

const char *
oper_get(struct oper_cmd *c, const char *key)
{
	for (unsigned i = 0; i < c->n; i++)
		if (strcmp(c->opd[i].key, key) == 0)
			return c->opd[i].val;
	return NULL;
}

const char *
oper_need(struct oper_cmd *c, const char *key, struct con *con)
{
	const char *v = oper_get(c, key);

	if (v == NULL || v[0] == '\0') {
		msg_line(con, IST456I, key);
		return NULL;
	}
	return v;
}

enum oper_do
oper_bad(struct con *con, const char *key, const char *value)
{
	msg_line(con, IST453I, key, value);
	return OPER_REJECTED;
}

int
oper_place(const char *words, const char *word)
{
	size_t n = strlen(word);
	int k = 1;

	while (*words != '\0') {
		size_t w = strcspn(words, " ");

		if (w == n && memcmp(words, word, n) == 0)
			return k;
		words += w;
		words += *words == ' ';
		k++;
	}
	return 0;
}

int
oper_choice(struct oper_cmd *c, const char *key, const char *words, struct con *con)
{
	const char *v = oper_get(c, key);
	int k;

	if (v == NULL)
		return 0;
	k = v[0] == '\0' ? 0 : oper_place(words, v);
	if (k != 0)
		return k;
	(void)oper_bad(con, key, v);
	return -1;
}

bool
oper_number(struct oper_cmd *c, const char *key, uint32_t lo, uint32_t hi, struct con *con,
    uint32_t *n)
{
	const char *v = oper_get(c, key);
	unsigned long long k;

	if (v == NULL)
		return true;
	if (strcmp(v, "*") == 0) {
		*n = 0;
		return true;
	}
	k = strtoull(v, NULL, 10);
	if (!is_digits(v, strlen(v)) || strlen(v) > 10 || k < lo || k > hi) {
		(void)oper_bad(con, key, v);
		return false;
	}
	*n = (uint32_t)k;
	return true;
}

static bool
part_ok(const char *s, size_t n, enum oper_wild wild)
{
	if (n == 0 || n > 8)
		return false;
	if (wild == OPER_PLAIN)
		return name_valid(s, n);
	for (size_t i = 0; i < n; i++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@#$*?", s[i]) == NULL)
			return false;
	return true;
}

bool
oper_is_name(const char *s, enum oper_wild wild)
{
	const char *dot = strchr(s, '.');

	if (dot == NULL)
		return part_ok(s, strlen(s), wild);
	return part_ok(s, (size_t)(dot - s), wild) && part_ok(dot + 1, strlen(dot + 1), wild);
}

unsigned
oper_list(const char *v, char to[][20], unsigned n)
{
	size_t len = strlen(v);
	unsigned k = 0;

	if (len >= 2 && v[0] == '(' && v[len - 1] == ')') {
		v++;
		len -= 2;
	}
	for (;;) {
		const char *comma = memchr(v, ',', len);
		size_t w = comma == NULL ? len : (size_t)(comma - v);

		if (w == 0 || w > 17 || k == n)
			return 0;
		memcpy(to[k], v, w);
		to[k++][w] = '\0';
		if (comma == NULL)
			return k;
		v += w + 1;
		len -= w + 1;
	}
}

void
oper_accept(const struct oper_cmd *c, struct con *con)
{
	msg_line(con, IST097I, c->word);
}
