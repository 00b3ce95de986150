/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logon modes. A mode name stands for a BIND: the PLU builds its BIND from the
 * image behind the name that the SLU asked for, and the name of a class of
 * service comes with it. ISTINCLM is the supplied table; a site's table is
 * searched before it.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/modetab.h"

#define SIZES(A, B, C, D, SEL) 0, 0, 0, 0, A, B, C, D, SEL, 0
#define M1 SIZES(12, 40, 12, 80, 0x7f)
#define M2 SIZES(24, 80, 0, 0, 0x7e)
#define M3 SIZES(24, 80, 32, 80, 0x7f)
#define M4 SIZES(24, 80, 43, 80, 0x7f)
#define M5 SIZES(24, 80, 27, 132, 0x7f)
#define QUERY SIZES(0, 0, 0, 0, 0x03)
#define FIX1 SIZES(0, 0, 0, 0, 0x01)
#define FIX2 SIZES(0, 0, 0, 0, 0x02)
#define ZERO SIZES(0, 0, 0, 0, 0)
#define SNA(N, RU, LU, EXT, PS) { .name = N, .appncos = "#CONNECT", .bind = { .type = 1, \
	.fmprof = 3, .tsprof = 3, .priprot = 0xb1, .secprot = 0x90, .comprot = 0x3080, \
	.rusizes = RU, .pservic = { LU, EXT, PS } } }
#define SNAL(N, RU, L) { .name = N, .appncos = "#CONNECT", .lang = L, .bind = { .type = 1, \
	.fmprof = 3, .tsprof = 3, .priprot = 0xb1, .secprot = 0x90, .comprot = 0x3080, \
	.rusizes = RU, .pservic = { 2, 0x80, M2 } } }
#define NON(N, EXT, PS) { .name = N, .appncos = "#CONNECT", .bind = { .type = 1, \
	.fmprof = 2, .tsprof = 2, .priprot = 0x71, .secprot = 0x40, .comprot = 0x2000, \
	.pservic = { 0, EXT, PS } } }
/* LU 6.2: FM 19 TS 7; COMPROT D0B1 for all of them is our choice. */
#define LU62(N, RU, PAC, COS) { .name = N, .appncos = COS, .bind = { .type = 0, \
	.fmprof = 0x13, .tsprof = 7, .priprot = 0xb0, .secprot = 0xb0, .comprot = 0xd0b1, \
	.ssndpac = PAC, .srcvpac = PAC, .psndpac = PAC, .rusizes = RU, \
	.pservic = { 6, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x23, 0 } } }

/* Companion sna-sessions 4.2. The first entry is the table's default. */
static const struct mode istinclm_modes[] = {
	{ .name = "INTERACT", .appncos = "#INTER", .bind = { .type = 1, .fmprof = 3, .tsprof = 3,
	    .priprot = 0xb1, .secprot = 0xa0, .comprot = 0x3040 } },
	SNA("D4A32781", 0x87c7, 2, 0, M1), SNA("D4A32782", 0x87c7, 2, 0, M2),
	SNA("D4A32783", 0x87c7, 2, 0, M3), SNA("D4A32784", 0x87c7, 2, 0, M4),
	SNA("D4A32785", 0x87c7, 2, 0, M5), SNA("D4A32XX3", 0x87c7, 2, 0x80, QUERY),
	SNA("D4A32771", 0x87c7, 2, 0, FIX1), SNA("D4A32772", 0x87c7, 2, 0, FIX2),
	SNA("D4C32781", 0x87f8, 2, 0, M1), SNA("D4C32782", 0x87f8, 2, 0, M2),
	SNA("D4C32783", 0x87f8, 2, 0, M3), SNA("D4C32784", 0x87f8, 2, 0, M4),
	SNA("D4C32785", 0x87f8, 2, 0, M5), SNA("D4C32XX3", 0x87f8, 2, 0x80, QUERY),
	SNA("D4C32771", 0x87f8, 2, 0, FIX1), SNA("D4C32772", 0x87f8, 2, 0, FIX2),
	NON("D4B32781", 0, M1), NON("D4B32782", 0, M2), NON("D4B32783", 0, M3),
	NON("D4B32784", 0, M4), NON("D4B32785", 0, M5), NON("D4B32XX3", 0x80, QUERY),
	NON("NSX32702", 0x80, M2), NON("NSX32703", 0x80, M3), NON("NSX32704", 0x80, M4),
	NON("NSX32705", 0x80, M5),
	SNA("SNX32702", 0x87f8, 2, 0x80, M2), SNA("SNX32703", 0x87f8, 2, 0x80, M3),
	SNA("SNX32704", 0x87f8, 2, 0x80, M4), SNA("SNX32705", 0x87f8, 2, 0x80, M5),
	SNA("LSX32702", 0x87c7, 2, 0x80, M2), SNA("LSX32703", 0x87c7, 2, 0x80, M3),
	SNA("LSX32704", 0x87c7, 2, 0x80, M4), SNA("LSX32705", 0x87c7, 2, 0x80, M5),
	SNA("D6327801", 0x88f8, 2, 0, M1), SNA("D6327802", 0x88f8, 2, 0, M2),
	SNA("D6327803", 0x88f8, 2, 0, M3), SNA("D6327804", 0x88f8, 2, 0, M4),
	SNA("D6327805", 0x88f8, 2, 0, M5),
	SNA("D6328904", 0x8787, 3, 0, M4), SNA("D6328902", 0x8787, 3, 0, SIZES(24, 80, 24, 80,
	    0x7f)),
	SNAL("LED32702", 0x87c7, 0x81), SNAL("LKD32702", 0x87c7, 0x91),
	SNAL("LND32702", 0x87c7, 0xff), SNAL("SED32702", 0x87f8, 0x81),
	SNAL("SKD32702", 0x87f8, 0x91), SNAL("SND32702", 0x87f8, 0xff),
	{ .name = "SCS", .appncos = "#CONNECT", .bind = { .type = 1, .fmprof = 3, .tsprof = 3,
	    .priprot = 0xb1, .secprot = 0x90, .comprot = 0x3080, .rusizes = 0x87c6, .psndpac = 1,
	    .srcvpac = 1, .pservic = { 1, 0, 0, 0, 0xe1 } } },
	SNA("DSC2K", 0x8787, 3, 0, SIZES(24, 80, 24, 80, 0x7f)), SNA("DSC4K", 0x8787, 3, 0, M4),
	{ .name = "BLK3790", .appncos = "#CONNECT", .bind = { .type = 1, .fmprof = 3, .tsprof = 3,
	    .priprot = 0xb1, .secprot = 0xb0, .comprot = 0x3080, .rusizes = 0x8585,
	    .pservic = { 3 } } },
	{ .name = "SCS3790", .appncos = "#CONNECT", .bind = { .type = 1, .fmprof = 3, .tsprof = 3,
	    .priprot = 0xb1, .secprot = 0xb0, .comprot = 0x3080, .rusizes = 0x8585,
	    .pservic = { 1 } } },
	SNA("EMU3790", 0x85c7, 2, 0, FIX2),
	NON("S3270", 0, FIX2),
	LU62("SNASVCMG", 0x8585, 0, "SNASVCMG"),
	LU62("CPSVCMG", 0x9797, 7, "CPSVCMG"),
	LU62("CPSVRMGR", 0x9797, 7, "SNASVCMG"),
	LU62("#BATCH", 0xf7f7, 3, "#BATCH"), LU62("#BATCHSC", 0xf7f7, 3, "#BATCHSC"),
	LU62("#INTER", 0xf7f7, 7, "#INTER"), LU62("#INTERSC", 0xf7f7, 7, "#INTERSC"),
	LU62("#CONNECT", 0xf7f7, 7, "#CONNECT"),
	{ .name = "DSILGMOD", .appncos = "#CONNECT", .bind = { .type = 1, .fmprof = 3, .tsprof = 3,
	    .priprot = 0x20, .secprot = 0x20, .comprot = 0x4000, .rusizes = 0xa386 } }
};

static const struct modetab istinclm = { "ISTINCLM", istinclm_modes,
	sizeof(istinclm_modes) / sizeof(istinclm_modes[0]) };

const struct modetab *
modetab_builtin(void)
{
	return &istinclm;
}

const struct mode *
modetab_find(const struct modetab *t, const char *mode)
{
	uint32_t i;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->modes[i].name, mode) == 0)
			return &t->modes[i];
	return NULL;
}

static bool
is_blank(const char *s)
{
	return s == NULL || s[strspn(s, " ")] == '\0';
}

const struct mode *
modetab_lookup(const struct modetab *t, const char *mode, const char *dlogmod)
{
	const struct mode *m = NULL;

	if (is_blank(mode))
		mode = dlogmod;
	if (is_blank(mode))
		return t != NULL && t->n != 0 ? &t->modes[0] : &istinclm.modes[0];
	if (t != NULL)
		m = modetab_find(t, mode);
	return m != NULL ? m : modetab_find(&istinclm, mode);
}

struct build {
	struct arena *arena;
	const char *member;
	struct deferrs *errs;
	bool bad;
};

static void
fail(struct build *b, const struct vlstmt *st, const struct vlopd *o, const char *reason,
    const char *plain)
{
	struct defwhere w = { .member = b->member, .label = st->name, .macro = st->op,
		.operand = o == NULL ? NULL : o->key, .pos = o == NULL ? st->pos : o->pos };
	char text[96];

	b->bad = true;
	(void)snprintf(text, sizeof(text), "BUILD FAILED FOR TABLE %s - %s", b->member, reason);
	deferr_add(b->errs, (struct deferr_kind){ DE_FAIL, "IST979I" }, &w,
	    text, "%s", plain);
}

/* X'nn' or a number. */
static bool
byte(const struct vlval *v, uint8_t *to)
{
	uint32_t n = 0, i;

	if (v->kind == VV_QUOTED && v->type == 'X')
		return v->len <= 2 && vlval_hex(v, to, 1) == 1;
	if (v->kind != VV_ITEM || v->len > 3)
		return false;
	for (i = 0; i < v->len; i++) {
		if (v->text[i] < '0' || v->text[i] > '9')
			return false;
		n = n * 10 + (uint32_t)(v->text[i] - '0');
	}
	*to = (uint8_t)n;
	return n <= 255;
}

static bool
halfword(const struct vlval *v, uint16_t *to)
{
	uint8_t b[2];
	int n = v->kind == VV_QUOTED ? vlval_hex(v, b, sizeof(b)) : -1;

	if (n == 1)
		*to = b[0];
	else if (n == 2)
		*to = (uint16_t)(b[0] << 8 | b[1]);
	return n > 0;
}

static bool
pacing(const struct vlval *v, uint8_t *to)
{
	return byte(v, to) && *to <= 63;
}

/* B'bbbb' or X'n'. */
static bool
encr(const struct vlval *v, uint8_t *to)
{
	uint32_t i;

	if (v->kind != VV_QUOTED || v->type != 'B')
		return byte(v, to) && *to <= 15;
	for (*to = 0, i = 0; i < v->len; i++) {
		if (v->text[i] != '0' && v->text[i] != '1')
			return false;
		*to = (uint8_t)(*to << 1 | (v->text[i] - '0'));
	}
	return v->len <= 4;
}

static bool
name(const struct vlval *v, char to[9])
{
	return v->kind == VV_ITEM && name_valid(v->text, v->len) && text_copy(to, 9, v->text);
}

enum { K_SKIP = 1, K_LOGMODE, K_TYPE, K_FM, K_TS, K_PRI, K_SEC, K_COM, K_RU, K_PS, K_COS, K_APPNCOS,
	K_PSND, K_SRCV, K_SSND, K_ENCR, K_LANG, K_DCODE };

static const struct { const char *key; uint8_t what; } keys[] = {
	{ "LOGMODE", K_LOGMODE }, { "TYPE", K_TYPE }, { "FMPROF", K_FM }, { "TSPROF", K_TS },
	{ "PRIPROT", K_PRI }, { "SECPROT", K_SEC }, { "COMPROT", K_COM }, { "RUSIZES", K_RU },
	{ "PSERVIC", K_PS }, { "COS", K_COS }, { "APPNCOS", K_APPNCOS }, { "PSNDPAC", K_PSND },
	{ "SRCVPAC", K_SRCV }, { "SSNDPAC", K_SSND }, { "ENCR", K_ENCR }, { "LANG", K_LANG },
	{ "DCODE", K_DCODE }, { "COMPRES", K_SKIP }, { "CERTIFY", K_SKIP }, { "CKEY", K_SKIP },
	{ "CKEYNAME", K_SKIP }, { "ENCRTYP", K_SKIP }, { "MAC", K_SKIP }, { "MACLNTH", K_SKIP },
	{ "MACTYPE", K_SKIP }, { "IBMDATA", K_SKIP }
};

static bool
put(struct mode *m, uint8_t what, const struct vlval *v)
{
	switch (what) {
	case K_LOGMODE:
		return name(v, m->name);
	case K_TYPE:
		return byte(v, &m->bind.type) && m->bind.type <= 1;
	case K_FM:
		return byte(v, &m->bind.fmprof);
	case K_TS:
		return byte(v, &m->bind.tsprof);
	case K_PRI:
		return byte(v, &m->bind.priprot);
	case K_SEC:
		return byte(v, &m->bind.secprot);
	case K_COM:
		return halfword(v, &m->bind.comprot);
	case K_RU:
		return halfword(v, &m->bind.rusizes);
	case K_PS:
		return v->kind == VV_QUOTED && vlval_hex(v, m->bind.pservic, BIND_PS) > 0;
	case K_COS:
		return name(v, m->cos);
	case K_APPNCOS:
		return name(v, m->appncos);
	case K_PSND:
		return pacing(v, &m->bind.psndpac);
	case K_SRCV:
		return pacing(v, &m->bind.srcvpac);
	case K_SSND:
		return pacing(v, &m->bind.ssndpac);
	case K_ENCR:
		return encr(v, &m->bind.encr);
	case K_LANG:
		return byte(v, &m->lang);
	case K_DCODE:
		return byte(v, &m->dcode);
	default:
		return true;
	}
}

static void
modeent(struct build *b, const struct vlstmt *st, struct mode *m)
{
	const struct vlopd *o;
	size_t i;

	m->bind.type = 1;
	for (o = st->opds; o != NULL; o = o->next) {
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (strcmp(keys[i].key, o->key) == 0)
				break;
		if (i == sizeof(keys) / sizeof(keys[0]))
			fail(b, st, o, "INVALID PARAMETER", "MODEENT has no operand of this name");
		else if (o->val->kind != VV_EMPTY && !put(m, keys[i].what, o->val))
			fail(b, st, o, "INVALID VALUE",
			    "expected X'..' of the right length, a number "
			    "in range, or a name");
	}
	if (m->name[0] == '\0')
		fail(b, st, NULL, "MISSING PARAMETER", "a MODEENT needs LOGMODE=");
}

static bool
is_ignored(const char *op)
{
	static const char *const ign[] = { "TITLE", "SPACE", "EJECT", "PRINT", "CSECT", "ENTRY",
		"COPY", "END", "USING", "AMODE", "RMODE", "MEND" };
	size_t i;

	for (i = 0; i < sizeof(ign) / sizeof(ign[0]); i++)
		if (strcmp(op, ign[i]) == 0)
			return true;
	return false;
}

static bool
in_table(const struct mode *v, uint32_t n, const char *what)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (strcmp(v[i].name, what) == 0)
			return true;
	return false;
}

static void
duplicate(struct build *b, const struct vlstmt *st)
{
	struct defwhere w = { .member = b->member, .label = st->name, .macro = st->op,
		.operand = "LOGMODE", .pos = st->pos };

	deferr_add(b->errs, (struct deferr_kind){ DE_WARN, "IST319I" }, &w,
	    "DUPLICATE ENTRY LABEL",
	    "the table has this logon mode already: the first one counts");
}

const struct modetab *
modetab_build(struct arena *a, const struct vlmember *in, const char *member,
    struct deferrs *errs)
{
	struct build b = { .arena = a, .member = member, .errs = errs };
	struct modetab *t = arena_get(a, sizeof(*t));
	struct mode *v = arena_get(a, (in->nstmt + 1) * sizeof(*v));
	static const struct vlstmt none = { .name = "", .op = "MODETAB" };
	const struct vlstmt *st;
	bool begun = false;

	(void)text_copy(t->name, sizeof(t->name), member);
	t->modes = v;
	for (st = in->first; st != NULL && strcmp(st->op, "MODEEND") != 0; st = st->next) {
		if (strcmp(st->op, "MODETAB") == 0) {
			begun = true;
		} else if (strcmp(st->op, "MODEENT") == 0 && begun) {
			memset(&v[t->n], 0, sizeof(v[0]));
			modeent(&b, st, &v[t->n]);
			if (in_table(v, t->n, v[t->n].name))
				duplicate(&b, st);
			else
				t->n++;
		} else if (!is_ignored(st->op)) {
			fail(&b, st, NULL, "INVALID MACRO",
			    "a logon mode table has MODETAB, MODEENT and "
			    "MODEEND statements");
		}
	}
	if (!begun || t->n == 0)
		fail(&b, in->first == NULL ? &none : in->first, NULL, "MISSING MACRO",
		    "MODETAB and at least one MODEENT are needed");
	return b.bad ? NULL : t;
}
