/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/con.h"

void
con_init(struct con *c)
{
	*c = (struct con){ 0 };
}

void
con_fini(struct con *c)
{
	free(c->text);
	*c = (struct con){ 0 };
}

static bool
room_for(struct con *c, size_t n)
{
	size_t cap = c->cap == 0 ? 1024 : c->cap;
	char *t;

	while (cap < c->len + n + 1)
		cap *= 2;
	if (cap > CON_MAX)
		return false;
	if (cap == c->cap)
		return true;
	t = realloc(c->text, cap);
	if (t == NULL)
		return false;
	c->text = t;
	c->cap = cap;
	return true;
}

static void __attribute__((format(printf, 3, 0)))
add(struct con *c, const char *id, const char *fmt, va_list ap)
{
	char line[1024];
	size_t idn = id == NULL ? 0 : strlen(id) + 1;
	int n = vsnprintf(line, sizeof(line), fmt, ap);

	if (n < 0 || c->cut)
		return;
	if ((size_t)n >= sizeof(line))
		n = (int)sizeof(line) - 1;
	for (int i = 0; i < n; i++)     /* names others chose begin no line of their own */
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = '?';
	if (!room_for(c, idn + (size_t)n + 64)) {
		c->cut = true;
		if (c->text != NULL && c->cap - c->len > 48)
			c->len += (size_t)snprintf(c->text + c->len, c->cap - c->len,
			    "... DISPLAY CUT, REPLY TOO LONG\n");
		return;
	}
	if (idn != 0)
		c->len += (size_t)sprintf(c->text + c->len, "%s ", id);
	memcpy(c->text + c->len, line, (size_t)n);
	c->len += (size_t)n;
	c->text[c->len++] = '\n';
	c->text[c->len] = '\0';
	c->lines++;
}

void
con_line(struct con *c, const char *id, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(c, id, fmt, ap);
	va_end(ap);
}

void
con_text(struct con *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(c, NULL, fmt, ap);
	va_end(ap);
}

unsigned
con_append(struct con *to, const struct con *from, unsigned most)
{
	const char *p = from->text, *end = p == NULL ? p : p + from->len;
	unsigned n = 0;

	while (p != end && n < most) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		p = nl == NULL ? end : nl + 1;
		n++;
	}
	if (n == 0 || to->cut)
		return 0;
	if (!room_for(to, (size_t)(p - from->text) + 64)) {
		con_text(to, "%s", "... DISPLAY CUT, REPLY TOO LONG");
		to->cut = true;
		return 0;
	}
	memcpy(to->text + to->len, from->text, (size_t)(p - from->text));
	to->len += (size_t)(p - from->text);
	to->text[to->len] = '\0';
	to->lines += n;
	return n;
}

static char *
json_str(char *o, const char *s, size_t n)
{
	*o++ = '"';
	for (size_t i = 0; i < n; i++) {
		unsigned char ch = (unsigned char)s[i];

		if (ch == '"' || ch == '\\') {
			*o++ = '\\';
			*o++ = (char)ch;
		} else if (ch < 0x20) {
			o += sprintf(o, "\\u%04x", ch);
		} else {
			*o++ = (char)ch;
		}
	}
	*o++ = '"';
	return o;
}

/* A message id: three letters, digits, a letter: IST075I, EZZ6034I. */
static size_t
id_len(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= 'A' && s[i] <= 'Z')
		i++;
	if (i != 3)
		return 0;
	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	if (i < 6 || i >= n || s[i] < 'A' || s[i] > 'Z')
		return 0;
	i++;
	return i == n || s[i] == ' ' ? i : 0;
}

char *
con_json(const struct con *c)
{
	char *out = malloc(c->len * 6 + (size_t)c->lines * 24 + 16), *o = out;
	const char *p = c->text, *end = p == NULL ? p : p + c->len;

	if (out == NULL)
		return NULL;
	*o++ = '[';
	while (p != end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((nl == NULL ? end : nl) - p), k = id_len(p, n);

		if (p != c->text)
			*o++ = ',';
		o += sprintf(o, "{\"id\":");
		o = json_str(o, p, k);
		o += sprintf(o, ",\"text\":");
		if (k != 0 && k < n)
			k++;
		o = json_str(o, p + k, n - k);
		*o++ = '}';
		p = nl == NULL ? end : nl + 1;
	}
	*o++ = ']';
	*o = '\0';
	return out;
}
