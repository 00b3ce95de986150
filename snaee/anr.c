/* SPDX-License-Identifier: Apache-2.0
 *
 * anr.c - label routing. Over one EE hop the list holds one label, an NCE of
 * ours; a TG label in front of it means that we are a node on the way.
 */
#include <string.h>

#include "snaee/anr.h"

void
anr_init(struct anr *a)
{
	memset(a, 0, sizeof(*a));
}

struct label
anr_add(struct anr *a, void *tg)
{
	for (uint32_t i = 0; i < ANR_TGS; i++) {
		uint32_t k = (a->next + i) % ANR_TGS;

		if (a->tg[k] == NULL) {
			a->tg[k] = tg;
			a->next = k + 1;        /* not the same one again at once */
			return (struct label){ .len = 1, .b = { (uint8_t)(ANR_TG_FIRST + k) } };
		}
	}
	return (struct label){ 0 };
}

void
anr_del(struct anr *a, void *tg)
{
	for (uint32_t k = 0; k < ANR_TGS; k++)
		if (a->tg[k] == tg)
			a->tg[k] = NULL;
}

/* ee-hpr-rtp 4.1: a label's length is known to the node that assigned it: ours
 * have 4 bytes when the first is 80, and 1 byte from 90 to EF. */
struct anr_hop
anr_route(const struct anr *a, struct nhdr *h)
{
	struct anr_hop hop = { .to = ANR_UNKNOWN };
	struct label l = { 0 };
	unsigned first = h->anr_len > 0 ? h->anr[0] : 0;

	if (first >= ANR_TG_FIRST && first <= ANR_TG_LAST) {
		hop.tg = a->tg[first - ANR_TG_FIRST];
		if (hop.tg == NULL || h->anr_len == 1)
			return (struct anr_hop){ .to = ANR_UNKNOWN };   /* no node is an end */
		h->anr++;
		h->anr_len--;
		hop.to = ANR_TG;
		return hop;
	}
	if (h->anr_len != 4)
		return hop;
	l.len = 4;
	memcpy(l.b, h->anr, 4);
	hop.nce = (uint8_t)nce_of(&l);
	if (hop.nce != 0)
		hop.to = ANR_NCE;
	return hop;
}
