/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the value of an operand reads. One function a kind of value; each says
 * what it expected when the value is wrong, for the plain words of the error.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "vtamsim/defs_in.h"

const struct opd_row *
opd_find(const struct opd_row *r, const char *key)
{
	for (; r->key != NULL; r++)
		if (strcmp(r->key, key) == 0)
			return r;
	return NULL;
}

static bool
digits(const char *s, uint32_t lo, uint32_t hi, uint32_t *out)
{
	uint64_t n = 0;

	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' || n > UINT32_MAX)
			return false;
		n = n * 10 + (uint64_t)(*s - '0');
	}
	if (n < lo || n > hi)
		return false;
	*out = (uint32_t)n;
	return true;
}

static void
expect(char *want, const char *text)
{
	(void)text_copy(want, OPD_WANT_MAX, text);
}

/* The one item of a value; a one-element list is the same. */
static const char *
item(const struct vlval *v)
{
	const struct vlval *e = vlval_at(v, 0);

	if (vlval_count(v) != 1 || e == NULL || e->kind == VV_LIST)
		return NULL;
	return e->text;
}

static bool
set_name(const struct opd_row *r, const char *s, char *to, char *want)
{
	expect(want, "a name of 1-8 characters (A-Z @ # $, then digits too)");
	if ((r->flags & OF_NONE) != 0 && strcmp(s, "NONE") == 0) {
		to[0] = '\0';
		return true;
	}
	if (r->type == OT_CONFIG && strlen(s) == 2)
		return snprintf(to, r->size, "ATCCON%s", s) == 8;
	if (!name_valid(s, strlen(s)))
		return false;
	return text_copy(to, r->size, s);
}

static bool
set_qname(const struct opd_row *r, const char *s, char *to, char *want)
{
	const char *dot = strchr(s, '.');

	expect(want, "a name, or NETID.NAME");
	if (dot != NULL && !name_valid(s, (size_t)(dot - s)))
		return false;
	dot = dot == NULL ? s : dot + 1;
	return name_valid(dot, strlen(dot)) && text_copy(to, r->size, s);
}

static bool
set_pattern(const struct opd_row *r, const char *s, char *to, char *want)
{
	char plain[9];
	size_t i;

	expect(want, "a name of 1-8 characters; ? and * are wild cards");
	if (!text_copy(plain, sizeof(plain), s) || plain[0] == '\0')
		return false;
	for (i = 0; plain[i] != '\0'; i++)
		if (plain[i] == '?' || plain[i] == '*')
			plain[i] = 'A';
	return name_valid(plain, strlen(plain)) && text_copy(to, r->size, s);
}

static bool
set_num(const struct opd_row *r, const char *s, uint32_t *to, char *want)
{
	(void)snprintf(want, OPD_WANT_MAX, "a number %u-%u", r->lo, r->hi);
	return digits(s, r->lo, r->hi, to);
}

/* n with S, M, H, D or W; a fraction is cut. */
static bool
set_time(const struct opd_row *r, const char *s, uint32_t *to, char *want)
{
	static const char unit[] = "SMHDW";
	static const uint32_t mul[] = { 1, 60, 3600, 86400, 604800 };
	char buf[16];
	const char *u;
	size_t n;
	uint32_t v;

	(void)snprintf(want, OPD_WANT_MAX, "%sa time %u-%u seconds; S, M, H, D, W may follow",
	    r->flags & OF_ZERO ? "0, or " : "", r->lo, r->hi);
	if (!text_copy(buf, sizeof(buf), s) || s[0] == '\0')
		return false;
	n = strlen(buf);
	u = strchr(unit, buf[n - 1]);
	if (u != NULL)
		buf[n - 1] = '\0';
	if (strchr(buf, '.') != NULL)
		*strchr(buf, '.') = '\0';
	if (!digits(buf, 0, UINT32_MAX / 604800, &v))
		return false;
	v *= u == NULL ? 1 : mul[u - unit];
	if ((v < r->lo || v > r->hi) && (v != 0 || !(r->flags & OF_ZERO)))
		return false;
	*to = v;
	return true;
}

static bool
set_time4(const struct opd_row *r, const struct vlval *v, uint32_t *to, char *want)
{
	uint32_t i, n = vlval_count(v);

	expect(want, "(low,medium,high,network)");
	if (n == 0 || n > 4)
		return false;
	for (i = 0; i < n; i++) {
		const struct vlval *e = vlval_at(v, i);

		if (e != NULL && (e->kind == VV_LIST || !set_time(r, e->text, &to[i], want)))
			return false;
	}
	return true;
}

static bool
set_word(const struct opd_row *r, const char *s, uint8_t *to, char *want)
{
	const struct opd_word *w;
	size_t n;

	want[0] = '\0';
	for (w = r->words; w->word != NULL; w++) {
		n = strlen(want);
		(void)snprintf(want + n, OPD_WANT_MAX - n, "%s%s", n == 0 ? "one of " : ", ",
		    w->word);
		if (strcmp(w->word, s) == 0) {
			*to = w->value;
			return true;
		}
	}
	return false;
}

static bool
set_hex(const struct opd_row *r, const struct vlval *v, uint8_t *to, char *want)
{
	const struct vlval *e = vlval_at(v, 0);
	uint8_t b[8];
	int n;

	(void)snprintf(want, OPD_WANT_MAX, "%u hexadecimal digits", r->lo);
	if (e == NULL || vlval_count(v) != 1 || e->len != r->lo)
		return false;
	n = vlval_hex(e, b, sizeof(b));
	if (n < 0 || (uint32_t)n > r->hi)
		return false;
	memset(to, 0, r->hi);
	memcpy(to + r->hi - (uint32_t)n, b, (size_t)n);
	return true;
}

static bool
set_prefix(const struct opd_row *r, const char *s, char *to, char *want)
{
	expect(want, "two characters that may start a name");
	return strlen(s) == 2 && name_valid(s, 2) && text_copy(to, r->size, s);
}

static bool
set_host(const struct opd_row *r, const char *s, char *to, char *want)
{
	const char *p;

	(void)snprintf(want, OPD_WANT_MAX, "a host name of at most %u characters", DEF_HOST_MAX);
	if (*s == '\0' || !text_copy(to, r->size, s))
		return false;
	for (p = s; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr(".-_", *p) == NULL)
			return false;
	return true;
}

static bool
set_auth(const struct vlval *v, uint32_t *to, char *want)
{
	static const struct { const char *w; uint32_t on, off; } a[] = {
		{ "ACQ", AUTH_ACQ, 0 }, { "NOACQ", 0, AUTH_ACQ },
		{ "PASS", AUTH_PASS, 0 }, { "NOPASS", 0, AUTH_PASS },
		{ "SPO", AUTH_SPO, AUTH_PPO }, { "PPO", AUTH_PPO, AUTH_SPO },
		{ "NOPO", 0, AUTH_SPO | AUTH_PPO }, { "NOSPO", 0, AUTH_SPO },
		{ "NOPPO", 0, AUTH_PPO }, { "CNM", AUTH_CNM, 0 }, { "NOCNM", 0, AUTH_CNM },
		{ "TSO", AUTH_TSO, 0 }, { "NOTSO", 0, AUTH_TSO },
		{ "NVPACE", AUTH_NVPACE, 0 }, { "VPACE", 0, AUTH_NVPACE },
		{ "ASDP", AUTH_ASDP, 0 }, { "NOASDP", 0, AUTH_ASDP },
		{ "BLOCK", 0, 0 }, { "NOBLOCK", 0, 0 }, { "TCAM", 0, 0 }, { "NOTCAM", 0, 0 },
		{ "NOTNMVT", 0, 0 }, { "PO", AUTH_SPO, 0 }
	};
	uint32_t i, auth = 0;
	size_t k;

	expect(want, "a list of ACQ, PASS, SPO, PPO, CNM, TSO, NVPACE, ASDP or NO with one");
	for (i = 0; i < vlval_count(v); i++) {
		const struct vlval *e = vlval_at(v, i);

		if (e == NULL)
			continue;
		for (k = 0; k < sizeof(a) / sizeof(a[0]); k++)
			if (strcmp(a[k].w, e->text) == 0)
				break;
		if (k == sizeof(a) / sizeof(a[0]))
			return false;
		auth = (auth & ~a[k].off) | a[k].on;
	}
	*to = auth;
	return true;
}

/* (init,max): init 1-255, max 0 or above init. */
static bool
set_livtime(const struct vlval *v, struct def_livtime *to, char *want)
{
	const struct vlval *a = vlval_at(v, 0), *b = vlval_at(v, 1);
	struct def_livtime t = { 10, 0 };

	expect(want, "(init,max): init 1-255 seconds, max 0 or 2-16383 and above init");
	if (vlval_count(v) > 2 || (a != NULL && !digits(a->text, 1, 255, &t.init)))
		return false;
	if (b != NULL && !digits(b->text, 0, 16383, &t.max))
		return false;
	if (t.max != 0 && t.max <= t.init)
		return false;
	*to = t;
	return true;
}

static bool
set_iptos(const struct vlval *v, uint8_t *to, char *want)
{
	uint32_t i, n = vlval_count(v);

	expect(want, "up to five hexadecimal bytes (low,medium,high,network,signal)");
	if (n == 0 || n > 5)
		return false;
	for (i = 0; i < n; i++) {
		const struct vlval *e = vlval_at(v, i);

		if (e != NULL && (e->len > 2 || vlval_hex(e, &to[i], 1) != 1))
			return false;
	}
	return true;
}

static bool
set_eeverify(const char *s, uint32_t *to, char *want)
{
	expect(want, "ACTIVATE, NEVER or 1-1440 minutes");
	if (strcmp(s, "ACTIVATE") == 0)
		*to = EEVERIFY_ACTIVATE;
	else if (strcmp(s, "NEVER") == 0)
		*to = 0;
	else
		return digits(s, 1, 1440, to);
	return true;
}

/* YES, NO, (YES,F), (YES,NF), DELAY, (DELAY,n..) */
static bool
set_discnt(const struct vlval *v, uint8_t *to, char *want)
{
	const struct vlval *e = vlval_at(v, 0);

	expect(want, "YES, NO, DELAY, or (YES,F), (YES,NF)");
	if (e == NULL || vlval_count(v) > 3)
		return false;
	if (strcmp(e->text, "YES") == 0)
		*to = DISCNT_YES;
	else if (strcmp(e->text, "DELAY") == 0)
		*to = DISCNT_DELAY;
	else if (strcmp(e->text, "NO") == 0)
		*to = DISCNT_NO;
	else
		return false;
	return true;
}

static bool
set_pacing(const struct opd_row *r, const struct vlval *v, uint32_t *to, char *want)
{
	const struct vlval *e = vlval_at(v, 0);

	(void)snprintf(want, OPD_WANT_MAX, "%u-%u or (n,m)", r->lo, r->hi);
	return e != NULL && vlval_count(v) <= 2 && digits(e->text, r->lo, r->hi, to);
}

uint8_t
def_capacity_code(uint32_t kbps)
{
	uint64_t n = (uint64_t)kbps * 1000 * 8 / 300;  /* eighths of 300 bit/s */
	unsigned e = 1;

	while (n >= 16 && e < 31) {
		/* Nearest: half an eighth more rounds up. */
		n = n < 32 ? (n + 1) / 2 : n / 2;
		e++;
	}
	if (n < 8)
		return 0;
	if (n >= 16)
		return 0xff;
	return (uint8_t)(e << 3 | (n - 8));
}

/* n (bits a second), nK, nM, nG; MINIMUM, MAXIMUM. */
static bool
set_capacity(const char *s, struct def_tg *to, char *want)
{
	char buf[16];
	size_t n;
	uint32_t v, mul = 1, div = 1000;

	expect(want, "a capacity such as 9600, 64K, 8M, 1G, MINIMUM or MAXIMUM");
	if (strcmp(s, "MINIMUM") == 0 || strcmp(s, "MAXIMUM") == 0) {
		to->capacity = s[1] == 'I' ? 0 : 0xff;
		to->capacity_kbps = s[1] == 'I' ? 0 : UINT32_MAX;
		return true;
	}
	if (!text_copy(buf, sizeof(buf), s) || s[0] == '\0')
		return false;
	n = strlen(buf);
	if (strchr("KMG", buf[n - 1]) != NULL) {
		mul = buf[n - 1] == 'K' ? 1 : buf[n - 1] == 'M' ? 1000 : 1000000;
		div = 1;
		buf[n - 1] = '\0';
	}
	if (strchr(buf, '.') != NULL)
		*strchr(buf, '.') = '\0';
	if (!digits(buf, 0, UINT32_MAX / mul, &v))
		return false;
	to->capacity_kbps = v * mul / div;
	to->capacity = def_capacity_code(to->capacity_kbps);
	return true;
}

static bool
set_tgbyte(const struct opd_row *r, const struct vlval *v, uint8_t *to, char *want)
{
	const struct vlval *e = vlval_at(v, 0);
	uint32_t n;

	if (e == NULL || vlval_count(v) != 1 || e->kind == VV_LIST)
		return false;
	if (r->words != NULL && set_word(r, e->text, to, want))
		return true;
	if (r->words == NULL)
		expect(want, "a number 0-255");
	if (e->kind == VV_QUOTED)
		return vlval_hex(e, to, 1) == 1;
	if (!digits(e->text, 0, 255, &n))
		return false;
	*to = (uint8_t)n;
	return true;
}

/* Two words, the second may be missing: HPR=(RTP,ANR), SWNORDER=(CPNAME,FIRST). */
static bool
set_pair(const struct opd_row *r, const struct vlval *v, uint8_t *to, char *want)
{
	const struct vlval *a = vlval_at(v, 0), *b = vlval_at(v, 1);

	expect(want, "one or two words");
	if (a == NULL || vlval_count(v) > 2)
		return false;
	return set_word(r, a->text, &to[0], want) && (b == NULL || set_word(r, b->text, &to[1],
	    want));
}

static const struct opd_word yesno[] = { { "YES", 1 }, { "NO", 0 }, { NULL, 0 } };

/* Values that are one item. */
static bool
set_item(const struct opd_row *r, const char *s, void *to, char *want)
{
	struct opd_row yn = { .words = yesno };

	switch ((enum opd_type)r->type) {
	case OT_NAME:
	case OT_CONFIG:
		return set_name(r, s, to, want);
	case OT_QNAME:
		return set_qname(r, s, to, want);
	case OT_PATTERN:
		return set_pattern(r, s, to, want);
	case OT_YN:
		return set_word(&yn, s, to, want);
	case OT_NUM:
		return set_num(r, s, to, want);
	case OT_TIME:
		return set_time(r, s, to, want);
	case OT_WORD:
		return set_word(r, s, to, want);
	case OT_PREFIX:
		return set_prefix(r, s, to, want);
	case OT_IPADDR:
		expect(want, "an IPv4 or IPv6 address");
		return ipaddr_parse(to, s);
	case OT_HOST:
		return set_host(r, s, to, want);
	case OT_EEVERIFY:
		return set_eeverify(s, to, want);
	case OT_PSMSG:
		expect(want, "1-65535 or ALL");
		if (strcmp(s, "ALL") != 0)
			return digits(s, 1, 65535, to);
		*(uint32_t *)to = 0;
		return true;
	case OT_PSDLY:
		expect(want, "0-240 or EEDELAY");
		if (strcmp(s, "EEDELAY") != 0)
			return digits(s, 0, 240, to);
		*(uint32_t *)to = HPRPSDLY_EE;
		return true;
	case OT_REDIAL:
		expect(want, "0-254 or FOREVER");
		if (strcmp(s, "FOREVER") != 0)
			return digits(s, 0, 254, to);
		*(uint32_t *)to = DEF_REDIAL_FOREVER;
		return true;
	case OT_CAPACITY:
		return set_capacity(s, to, want);
	case OT_SKIP:
	case OT_HEX:
	case OT_TIME4:
	case OT_AUTH:
	case OT_LIVTIME:
	case OT_IPTOS:
	case OT_DISCNT:
	case OT_PACING:
	case OT_TGBYTE:
	case OT_HPR:
	case OT_SWNORDER:
		break;
	}
	return false;
}

bool
opd_set(const struct opd_row *r, const struct vlval *v, void *base, char want[OPD_WANT_MAX])
{
	void *to = (uint8_t *)base + r->off;

	want[0] = '\0';
	switch ((enum opd_type)r->type) {
	case OT_SKIP:
		return true;
	case OT_HEX:
		return set_hex(r, v, to, want);
	case OT_TIME4:
		return set_time4(r, v, to, want);
	case OT_AUTH:
		return set_auth(v, to, want);
	case OT_LIVTIME:
		return set_livtime(v, to, want);
	case OT_IPTOS:
		return set_iptos(v, to, want);
	case OT_DISCNT:
		return set_discnt(v, to, want);
	case OT_PACING:
		return set_pacing(r, v, to, want);
	case OT_TGBYTE:
		return set_tgbyte(r, v, to, want);
	case OT_HPR:
	case OT_SWNORDER:
		return set_pair(r, v, to, want);
	case OT_NAME:
	case OT_QNAME:
	case OT_PATTERN:
	case OT_YN:
	case OT_NUM:
	case OT_TIME:
	case OT_WORD:
	case OT_PREFIX:
	case OT_IPADDR:
	case OT_HOST:
	case OT_REDIAL:
	case OT_EEVERIFY:
	case OT_PSMSG:
	case OT_PSDLY:
	case OT_CAPACITY:
	case OT_CONFIG:
		break;
	}
	if (item(v) == NULL) {
		expect(want, "one value, not a list");
		return false;
	}
	return set_item(r, item(v), to, want);
}
