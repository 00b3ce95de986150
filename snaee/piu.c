/* SPDX-License-Identifier: Apache-2.0
 *
 * piu.c - transmission header, request/response header, request codes.
 *
 * A path information unit is TH, RH, RU. The TH says which session it belongs
 * to: by local addresses on a link (FID2), by a session address inside an RTP
 * connection (FID5). The RH says what it is; it is the same in both.
 */
#include "snaee/piu.h"

#include <stdio.h>

#define TH0_ODAI 0x02u
#define TH0_EFI 0x01u

bool
th_get(struct rd *r, struct th *t)              /* sna-sessions 1.1, 1.2 */
{
	uint8_t b0 = rd_u8(r);

	memset(t, 0, sizeof(*t));
	t->fid = b0 >> 4;
	t->mpf = b0 >> 2 & 3;
	t->efi = b0 & TH0_EFI;
	rd_skip(r, 1);
	switch (t->fid) {
	case 2:
		t->odai = (b0 & TH0_ODAI) != 0;
		t->daf = rd_u8(r);
		t->oaf = rd_u8(r);
		t->snf = rd_u16(r);
		return !r->bad;
	case 5:
		t->snf = rd_u16(r);
		t->sa = rd_u64(r);
		return !r->bad;
	}
	return false;
}

void
th_put(struct wr *w, const struct th *t)
{
	unsigned b0 = (unsigned)t->fid << 4 | (t->mpf & 3u) << 2 | (t->efi ? TH0_EFI : 0);

	if (t->fid == 2)
		b0 |= t->odai ? TH0_ODAI : 0;
	wr_u8(w, b0);
	wr_u8(w, 0);
	if (t->fid == 2) {
		wr_u8(w, t->daf);
		wr_u8(w, t->oaf);
		wr_u16(w, t->snf);
	} else {
		wr_u16(w, t->snf);
		wr_u64(w, t->sa);
	}
}

uint32_t
rh_get(struct rd *r)
{
	const uint8_t *p = rd_bytes(r, RH_LEN);

	return p == NULL ? 0 : (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

void
rh_put(struct wr *w, uint32_t rh)
{
	wr_u8(w, rh >> 16 & 0xff);
	wr_u8(w, rh >> 8 & 0xff);
	wr_u8(w, rh & 0xff);
}

struct ru_desc {
	uint8_t code;
	uint8_t expedited;
	uint32_t category;
	const char *name;
};

/* sna-sessions 1.5 */
static const struct ru_desc ru_table[] = {
	{ 0x03, 1, RH_DFC, "EXPD" },
	{ RU_LUSTAT, 0, RH_DFC, "LUSTAT" },
	{ RU_RTR, 0, RH_DFC, "RTR" },
	{ RU_ACTLU, 1, RH_SC, "ACTLU" },
	{ RU_DACTLU, 1, RH_SC, "DACTLU" },
	{ 0x10, 1, RH_NC, "ROUTE-SETUP" },
	{ RU_ACTPU, 1, RH_SC, "ACTPU" },
	{ RU_DACTPU, 1, RH_SC, "DACTPU" },
	{ 0x14, 1, RH_SC, "ACTCDRM" },
	{ 0x15, 1, RH_SC, "DACTCDRM" },
	{ RU_BIND, 1, RH_SC, "BIND" },
	{ RU_UNBIND, 1, RH_SC, "UNBIND" },
	{ 0x33, 1, RH_SC, "SWITCH" },
	{ RU_BIS, 0, RH_DFC, "BIS" },
	{ RU_SBI, 1, RH_DFC, "SBI" },
	{ RU_QEC, 1, RH_DFC, "QEC" },
	{ RU_QC, 0, RH_DFC, "QC" },
	{ RU_RELQ, 1, RH_DFC, "RELQ" },
	{ RU_CANCEL, 0, RH_DFC, "CANCEL" },
	{ RU_CHASE, 0, RH_DFC, "CHASE" },
	{ RU_SDT, 1, RH_SC, "SDT" },
	{ RU_CLEAR, 1, RH_SC, "CLEAR" },
	{ RU_STSN, 1, RH_SC, "STSN" },
	{ RU_RQR, 1, RH_SC, "RQR" },
	{ RU_SHUTD, 1, RH_DFC, "SHUTD" },
	{ 0xc0, 1, RH_SC, "CRV" },
	{ RU_SHUTC, 1, RH_DFC, "SHUTC" },
	{ RU_RSHUTD, 1, RH_DFC, "RSHUTD" },
	{ RU_BID, 0, RH_DFC, "BID" },
	{ RU_SIGNAL, 1, RH_DFC, "SIGNAL" },
};

static const struct ru_desc *
ru_find(uint32_t rh, uint8_t code)
{
	for (size_t i = 0; i < sizeof(ru_table) / sizeof(*ru_table); i++)
		if (ru_table[i].code == code && ru_table[i].category == (rh & RH_CAT))
			return &ru_table[i];
	return NULL;
}

static const char *
category_name(uint32_t rh)
{
	static const char *const names[4] = { "FMD", "NC", "DFC", "SC" };

	return names[(rh & RH_CAT) >> 21];
}

const char *
ru_name(uint32_t rh, uint8_t code)
{
	const struct ru_desc *d;

	if ((rh & RH_CAT) == RH_FMD)
		return (rh & (RH_RSP | RH_PI | RH_RQ)) == (RH_RSP | RH_PI) ? "IPR" : "FMD";
	d = ru_find(rh, code);
	return d != NULL ? d->name : category_name(rh);
}

bool
ru_expedited(uint32_t rh, uint8_t code)
{
	const struct ru_desc *d = ru_find(rh, code);

	return (rh & RH_CAT) != RH_FMD && d != NULL && d->expedited;
}

struct flag_name {
	uint32_t bit;
	char name[4];
};

static const struct flag_name rq_flags[] = {
	{ RH_FI, "FI" }, { RH_SDI, "SD" }, { RH_LCC, "LCC" }, { RH_RLW, "RLW" },
	{ RH_QRI, "QR" }, { RH_PI, "PI" }, { RH_BBI, "BB" }, { RH_EBI, "EB" }, { RH_CDI, "CD" },
	{ RH_CSI, "CS" }, { RH_EDI, "ED" }, { RH_PDI, "PD" }, { RH_CEBI, "CEB" },
};

static const char *
chain_name(uint32_t rh)
{
	switch (rh & RH_OIC) {
	case RH_OIC:
		return "OIC";
	case RH_BCI:
		return "FIC";
	case RH_ECI:
		return "LIC";
	}
	return "MIC";
}

/* RQE2 and the like: DR1 and DR2 make the digit, ERI the E. */
static int
answer_text(uint32_t rh, char *to, size_t n)
{
	unsigned level = (rh & RH_DR1 ? 1u : 0u) + (rh & RH_DR2 ? 2u : 0u);

	if (rh & RH_RSP)
		return snprintf(to, n, "%cRSP%u", rh & RH_RTI ? '-' : '+', level);
	if (level == 0)
		return snprintf(to, n, rh & RH_ERI ? "RQE" : "RQN");
	return snprintf(to, n, "RQ%c%u", rh & RH_ERI ? 'E' : 'D', level);
}

char *
rh_text(uint32_t rh, char to[96])
{
	int n = snprintf(to, 96, "%s %s ", rh & RH_RSP ? "RSP" : "RQ", category_name(rh));

	if ((rh & RH_RSP) == 0)
		n += snprintf(to + n, (size_t)(96 - n), "%s ", chain_name(rh));
	n += answer_text(rh, to + n, (size_t)(96 - n));
	for (size_t i = 0; i < sizeof(rq_flags) / sizeof(*rq_flags); i++) {
		uint32_t bit = rq_flags[i].bit;

		/* Byte 2 is reserved in a response; FI is no news but in FMD. */
		if ((rh & bit) == 0 || ((rh & RH_RSP) && bit <= 0xff))
			continue;
		if (bit == RH_FI && (rh & RH_CAT) != RH_FMD)
			continue;
		n += snprintf(to + n, (size_t)(96 - n), " %s", rq_flags[i].name);
	}
	return to;
}
