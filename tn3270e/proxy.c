/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/bytes.h"
#include "tn3270e/proxy.h"

#define V2_HEAD 16u
#define V2_CMD_LOCAL 0u
#define V2_CMD_PROXY 1u
#define V2_TCP4 0x11u
#define V2_TCP6 0x21u

static const uint8_t v2_sign[12] = { 0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49,
	0x54, 0x0a };
static const char v1_sign[] = "PROXY ";

static enum proxy_result
bad(struct proxy_hdr *h, const char *why)
{
	h->why = why;
	return PROXY_BAD;
}

/* As far as it has come. */
static bool
begins(const uint8_t *p, size_t n, const void *sign, size_t len)
{
	return memcmp(p, sign, n < len ? n : len) == 0;
}

/* --- version 1 --- */

/* The next word, up to a blank or the end; NULL: none, or too long. */
static const char *
word(const char **s, char *to, size_t room)
{
	size_t n = strcspn(*s, " ");

	if (n == 0 || n >= room)
		return NULL;
	memcpy(to, *s, n);
	to[n] = '\0';
	*s += n;
	if (**s == ' ' && (*s)[1] != '\0')      /* exactly one; none at the end */
		++*s;
	return to;
}

static bool
v1_addr(const char **s, uint8_t fam, struct ipaddr *a)
{
	char t[40];

	return word(s, t, sizeof(t)) != NULL && (strchr(t, ':') != NULL) == (fam == 6) &&
	    ipaddr_parse(a, t) && a->fam == fam;
}

/* Decimal, without zeroes in front. */
static bool
v1_port(const char **s, uint16_t *port)
{
	uint32_t v = 0;
	char t[6];

	if (word(s, t, sizeof(t)) == NULL || (t[0] == '0' && t[1] != '\0'))
		return false;
	for (const char *c = t; *c != '\0'; c++) {
		if (*c < '0' || *c > '9')
			return false;
		v = v * 10 + (uint32_t)(*c - '0');
	}
	*port = (uint16_t)v;
	return v <= 65535;
}

static void
map_v4(struct ipaddr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct ipaddr v4 = { .fam = 4 };

	if (a->fam != 6 || memcmp(a->b, mapped, sizeof(mapped)) != 0)
		return;
	memcpy(v4.b, a->b + 12, 4);
	*a = v4;
}

static enum proxy_result
v1_line(const char *s, struct proxy_hdr *h)
{
	char family[8];
	uint8_t fam;

	if (word(&s, family, sizeof(family)) == NULL)
		return bad(h, "PROXY header: no family");
	if (strcmp(family, "UNKNOWN") == 0)     /* whatever follows */
		return PROXY_DONE;
	fam = strcmp(family, "TCP4") == 0 ? 4 : strcmp(family, "TCP6") == 0 ? 6 : 0;
	if (fam == 0)
		return bad(h, "PROXY header: the family is not TCP4, TCP6 or UNKNOWN");
	if (!v1_addr(&s, fam, &h->src) || !v1_addr(&s, fam, &h->dst))
		return bad(h, "PROXY header: wrong address");
	if (!v1_port(&s, &h->sport) || !v1_port(&s, &h->dport) || *s != '\0')
		return bad(h, "PROXY header: wrong port");
	h->relayed = 1;
	return PROXY_DONE;
}

static enum proxy_result
v1_get(const uint8_t *p, size_t n, struct proxy_hdr *h)
{
	size_t most = n < PROXY_V1_MAX ? n : PROXY_V1_MAX;
	const uint8_t *lf = memchr(p, '\n', most);
	const uint8_t *nul = memchr(p, '\0', most);
	char line[PROXY_V1_MAX + 1];
	size_t len;

	if (lf == NULL)
		return most == PROXY_V1_MAX ? bad(h, "PROXY header: no end of line") : PROXY_MORE;
	len = (size_t)(lf - p) + 1;
	if (p[len - 2] != '\r' || (nul != NULL && nul < lf) ||
	    memchr(p, '\r', len) != p + len - 2)
		return bad(h, "PROXY header: the line doesn't end in CR LF");
	memcpy(line, p, len - 2);
	line[len - 2] = '\0';
	h->len = (uint32_t)len;
	return v1_line(line + sizeof(v1_sign) - 1, h);
}

/* --- version 2 --- */

static void
copy(uint8_t *to, const uint8_t *from, size_t n)
{
	if (from != NULL)
		memcpy(to, from, n);
}

static void
v2_addrs(struct rd *r, uint8_t fam, struct proxy_hdr *h)
{
	size_t n = fam == 4 ? 4 : 16;

	h->src.fam = h->dst.fam = fam;
	copy(h->src.b, rd_bytes(r, n), n);
	copy(h->dst.b, rd_bytes(r, n), n);
	h->sport = rd_u16(r);
	h->dport = rd_u16(r);
	h->relayed = 1;
}

static enum proxy_result
v2_get(const uint8_t *p, size_t n, struct proxy_hdr *h)
{
	struct rd r = rd_on(p, n);
	uint8_t cmd, fam;

	if (n < V2_HEAD)
		return PROXY_MORE;
	rd_skip(&r, sizeof(v2_sign));
	cmd = rd_u8(&r);
	fam = rd_u8(&r);
	h->len = V2_HEAD + rd_u16(&r);
	if (cmd >> 4 != 2)
		return bad(h, "PROXY header: the version is not 2");
	if ((cmd & 15) > V2_CMD_PROXY)
		return bad(h, "PROXY header: unknown command");
	if (fam >> 4 > 3 || (fam & 15) > 2)
		return bad(h, "PROXY header: unknown family or protocol");
	if (h->len > PROXY_MAX)
		return bad(h, "PROXY header: longer than 4096 bytes");
	if (n < h->len)
		return PROXY_MORE;
	r = rd_on(p + V2_HEAD, h->len - V2_HEAD);
	if ((cmd & 15) == V2_CMD_PROXY && (fam == V2_TCP4 || fam == V2_TCP6))
		v2_addrs(&r, fam == V2_TCP4 ? 4 : 6, h);
	return r.bad ? bad(h, "PROXY header: shorter than its addresses") : PROXY_DONE;
}

enum proxy_result
proxy_get(const uint8_t *p, size_t n, struct proxy_hdr *h)
{
	enum proxy_result r;

	*h = (struct proxy_hdr){ 0 };
	if (n == 0)
		return PROXY_MORE;
	if (begins(p, n, v2_sign, sizeof(v2_sign)))
		r = v2_get(p, n, h);
	else if (begins(p, n, v1_sign, sizeof(v1_sign) - 1))
		r = v1_get(p, n, h);
	else
		r = bad(h, "no PROXY header in front");
	map_v4(&h->src);
	map_v4(&h->dst);
	return r;
}
