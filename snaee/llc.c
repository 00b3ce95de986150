/* SPDX-License-Identifier: Apache-2.0
 *
 * llc.c - IEEE 802.2 header: DSAP, SSAP, control.
 *
 * Bit 7 of a SAP is not part of it: in the DSAP it says "group" (ignored), in
 * the SSAP "this is a response". Poll/final is bit 3 of the control byte.
 */
#include "snaee/llc.h"

#define SAP_BIT 0x01u           /* I/G in DSAP, C/R in SSAP */
#define PF_BIT 0x10u

bool
llc_get(struct rd *r, struct llc *l)            /* RFC 2353 section 6.1 */
{
	uint8_t dsap = rd_u8(r), ssap = rd_u8(r), control = rd_u8(r);

	l->dsap = dsap & (uint8_t)~SAP_BIT;
	l->ssap = ssap & (uint8_t)~SAP_BIT;
	l->rsp = ssap & SAP_BIT;
	l->pf = (control & PF_BIT) != 0;
	l->frame = control & (uint8_t)~PF_BIT;
	if (r->bad)
		return false;
	switch (l->frame) {
	case LLC_UI:
		l->rsp = l->pf = 0;
		return true;
	case LLC_DM:
	case LLC_DISC:
	case LLC_XID:
	case LLC_TEST:
		return true;
	}
	return false;
}

void
llc_put(struct wr *w, const struct llc *l)
{
	wr_u8(w, l->dsap);
	wr_u8(w, l->ssap | (l->rsp ? SAP_BIT : 0));
	wr_u8(w, l->frame | (l->pf ? PF_BIT : 0));
}

struct llc
llc_reply(const struct llc *cmd, enum llc_frame frame)
{
	return (struct llc){ .dsap = cmd->ssap, .ssap = cmd->dsap, .frame = (uint8_t)frame,
		.rsp = 1, .pf = cmd->pf };
}

const char *
llc_name(enum llc_frame f)
{
	switch (f) {
	case LLC_UI:
		return "UI";
	case LLC_DM:
		return "DM";
	case LLC_DISC:
		return "DISC";
	case LLC_XID:
		return "XID";
	case LLC_TEST:
		return "TEST";
	}
	return "?";
}
