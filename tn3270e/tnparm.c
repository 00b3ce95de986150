/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "tn3270e/tnparm.h"

#define MAXNUM 99999999

#define FLAG(id, on, grp) [TP_##id] = { #id, 1, 0, 0, grp, on, 0, 1 }
#define NOOP(id, on) [TP_##id] = { #id, 1, 0, 1, 1, on, 0, 1 }
#define NUM(id, off, lo, d) [TP_##id] = { #id, 0, off, 0, 1, d, lo, MAXNUM }

/* Companion sections 3.1-3.3; where it says unverified, the value is ours. */
static const struct tnp_parmdesc table[TP_N] = {
	FLAG(MSG07, 0, 1), FLAG(LUSESSIONPEND, 0, 1), FLAG(TN3270E, 1, 1), FLAG(SNAEXT, 1, 1),
	FLAG(SIMCLIENTLU, 0, 1), FLAG(SEQUENTIALLU, 1, 1), FLAG(REFRESHMSG10, 1, 1),
	FLAG(SINGLEATTN, 0, 1), FLAG(SGA, 1, 1), FLAG(BINARYLINEMODE, 0, 1),
	FLAG(DROPASSOCPRINTER, 0, 1), FLAG(EXPRESSLOGON, 0, 1), NOOP(OLDSOLICITOR, 0),
	NOOP(PASSWORDPHRASE, 0),
	[TP_FORMAT] = { "FORMAT", 0, 0, 0, 0, 0, 0, 1 },
	[TP_UNLOCK] = { "UNLOCKKEYBOARD", 0, 0, 0, 1, TNP_UNLOCK_BIND, 0, 3 },
	NUM(SCANINTERVAL, 0, 1, 1800), NUM(TIMEMARK, 0, 1, 10800), NUM(INACTIVE, 1, 0, 0),
	NUM(PRTINACTIVE, 1, 0, 0), NUM(KEEPINACTIVE, 1, 0, 0), NUM(PROFILEINACTIVE, 1, 0, 1800),
	NUM(SSLTIMEOUT, 0, 1, 5),
	NUM(CHECKCLIENTCONN, 1, 0, 0), NUM(KEEPLU, 1, 0, 0),
	[TP_MAXRECEIVE] = { "MAXRECEIVE", 0, 0, 0, 1, 65536, 256, 1048576 },
	NUM(MAXREQSESS, 1, 0, 20), NUM(RSPTIMEOUT, 1, 1, 120), NUM(MAXRUCHAIN, 1, 0, 1000),
	[TP_MAXVTAMSENDQ] = { "MAXVTAMSENDQ", 0, 1, 0, 1, 16, 1, 1000 },
	NUM(MAXTCPSENDQ, 1, 4096, 262144),
	[TP_CONNTYPE] = { "CONNTYPE", 0, 0, 0, 1, 0, 0, CT_NONE },
	[TP_CLIENTAUTH] = { "CLIENTAUTH", 0, 0, 0, 0, CA_NONE, 0, CA_REQUEST },
	NUM(TKOSPECLU, 1, 1, 0), NUM(TKOGENLU, 1, 1, 0),
	[TP_TKOSPECOPT] = { "TKOSPECLU OPTIONS", 0, 0, 0, 1, 0, 0, 15 },
	[TP_TKOGENOPT] = { "TKOGENLU OPTIONS", 0, 0, 0, 1, 0, 0, 15 },
	[TP_DEBUG] = { "DEBUG", 0, 0, 0, 1, DB_EXCEPTION, 0, DB_DETAIL },
};

const struct tnp_parmdesc *
tnp_parm_at(enum tnp_parm p)
{
	return &table[p];
}

void
tnp_parms_default(struct tnp_parms *p)
{
	for (unsigned i = 0; i < TP_N; i++) {
		p->v[i] = table[i].preset;
		p->src[i] = TS_DEFAULT;
	}
}

void
tnp_parms_over(struct tnp_parms *p, const struct tnp_parms *over)
{
	for (unsigned i = 0; i < TP_N; i++) {
		if (over->src[i] == TS_DEFAULT)
			continue;
		p->v[i] = over->v[i];
		p->src[i] = over->src[i];
	}
}

void
tnp_parms_settle(struct tnp_parms *p)
{
	if (p->v[TP_SCANINTERVAL] > p->v[TP_TIMEMARK])
		p->v[TP_SCANINTERVAL] = p->v[TP_TIMEMARK];
}

const char *
tnp_conntype_text(int32_t t)
{
	static const char *const text[] = { "BASIC", "SECURE", "NEGTSECURE", "BASIC", "ANY",
		"NONE" };

	return t >= 0 && t <= CT_NONE ? text[t] : "?";
}

static const char *
value_text(unsigned i, int32_t v, char to[16])
{
	static const char *const unlock[] = { "BEFORE", "AFTER", "BEFORE,BIND", "AFTER,BIND" };
	static const char *const debug[] = { "OFF", "EXCEPTION", "SUMMARY", "DETAIL" };
	static const char *const auth[] = { "NONE", "SSLCERT", "SAFCERT", "REQUEST" };

	if (i == TP_CONNTYPE)
		return tnp_conntype_text(v);
	if (i == TP_DEBUG)
		return debug[v & 3];
	if (i == TP_CLIENTAUTH)
		return auth[v & 3];
	if (i == TP_FORMAT)
		return v ? "LONG" : "SHORT";
	if (i == TP_UNLOCK)
		return unlock[v & 3];
	if (table[i].flag)
		return v ? "YES" : "NO";
	snprintf(to, 16, "%d", v);
	return to;
}

void
tnp_parms_show(const struct tnp_parms *p, struct con *c)
{
	static const char *const src[] = { "DEFAULT", "*TGLOBAL", "*TPARMS", "PARMSMAP", "PMAP" };
	char t[16];

	for (unsigned i = 0; i < TP_N; i++)
		con_text(c, "  %-16s %-10s %-9s%s", table[i].name, value_text(i, p->v[i], t),
		    src[p->src[i]], table[i].noop ? "(no function here)" : "");
}
