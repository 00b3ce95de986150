/* SPDX-License-Identifier: Apache-2.0 */
#include "snaee/sense.h"
#include "tn3270e/tnhdr.h"

bool
tnhdr_get(struct rd *r, struct tnhdr *h)        /* RFC 2355 8.1 */
{
	h->type = rd_u8(r);
	h->rq = rd_u8(r);
	h->rsp = rd_u8(r);
	h->seq = rd_u16(r);
	return !r->bad && h->type <= TN_BID;
}

void
tnhdr_put(struct wr *w, const struct tnhdr *h)
{
	wr_u8(w, h->type);
	wr_u8(w, h->rq);
	wr_u8(w, h->rsp);
	wr_u16(w, h->seq);
}

/* RFC 2355 10.4.1: the byte is what the device would have said. */
static bool
negative(uint8_t code, uint32_t *sense)
{
	static const uint32_t to[] = { SENSE_NOT_SUPPORTED, SENSE_INTERVENTION, SENSE_PARAMETER,
		SENSE_DISCONNECTED };

	if (code >= sizeof(to) / sizeof(to[0]))
		return false;
	*sense = to[code];
	return true;
}

bool
tnrsp_sense(const struct tnhdr *h, struct rd *body, uint32_t *sense)
{
	*sense = 0;
	switch (h->rsp) {
	case TNANS_POSITIVE:
		return true;    /* some clients leave the Device End byte out */
	case TNANS_NEGATIVE:
		return rd_left(body) >= 1 && negative(rd_u8(body), sense);
	case TNANS_SENSE:
	case TNANS_SENSE_OLD:
		*sense = rd_u32(body);
		return !body->bad && *sense != 0;
	default:
		return false;
	}
}

uint16_t
tnseq_next(uint16_t seq)
{
	return seq >= TNSEQ_MAX ? 0 : (uint16_t)(seq + 1);
}

const char *
tn_type_text(unsigned type)
{
	static const char *const text[] = { "3270-DATA", "SCS-DATA", "RESPONSE", "BIND-IMAGE",
		"UNBIND", "NVT-DATA", "REQUEST", "SSCP-LU-DATA", "PRINT-EOJ", "BID" };

	return type < sizeof(text) / sizeof(text[0]) ? text[type] : "?";
}
