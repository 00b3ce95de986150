/* SPDX-License-Identifier: Apache-2.0
 *
 * NLPs that only pass by. The first label names a link of ours: without it the
 * packet goes on there, on the UDP port and with the TOS of its transmission
 * priority (RFC 2353 section 2.6.1: at every EE hop). They wait by link and
 * priority while the link can't take more; how many wait that would go first
 * decides what the far end is told: slowdown 1, slowdown 2 in the NHDR, which
 * the receiver turns into a rate reply (companion ee-hpr-rtp 4.1, 5.9). When
 * nothing more can wait, the lowest priority gives way.
 */
#include <string.h>

#include "snaee/ee_parts.h"

/* Those of its own priority and of higher ones go before it. */
static uint32_t
before(const struct ee_link *l, unsigned tpf)
{
	uint32_t n = 0;

	for (unsigned t = tpf; t <= TPF_NETWORK; t++)
		n += l->transit[t].count;
	return n;
}

/* Room for one of that priority, if need be at the cost of a lower one. */
static bool
room(struct ee *ee, struct ee_link *l, unsigned tpf)
{
	if (before(l, TPF_LOW) < EE_TRANSIT)
		return true;
	for (unsigned t = TPF_LOW; t < tpf; t++)
		if (l->transit[t].count != 0) {
			buf_free(bufq_get(&l->transit[t]));
			ee->stat[EES_TRANSIT_FULL]++;
			return true;
		}
	return false;
}

static void
mark(struct ee *ee, const struct ee_link *l, struct nhdr *nh)
{
	uint32_t n = before(l, nh->tpf);

	if (n < EE_TRANSIT_SLOW1)
		return;
	if (n >= EE_TRANSIT_SLOW2)
		nh->slow2 = 1;
	else
		nh->slow1 = 1;
	ee->stat[EES_TRANSIT_SLOW]++;
}

void
ee_transit_in(struct ee *ee, struct ee_link *from, struct ee_link *to, struct nhdr *nh,
    struct buf *b)
{
	size_t old = nhdr_len(nh) + 1;  /* as it came, with the label that is off now */
	uint8_t head[NHDR_ANR_MAX + 8];
	struct wr w = wr_on(head, sizeof(head));

	/* End nodes are no way to anywhere. */
	if (!ldlc_active(&to->ldlc) || !ee->cfg.network_node || !room(ee, to, nh->tpf)) {
		ee->stat[EES_TRANSIT_FULL]++;
		buf_free(b);
		return;
	}
	mark(ee, to, nh);
	nhdr_put(&w, nh);
	(void)buf_pull(b, old);
	memcpy(buf_push(b, wr_len(&w)), head, wr_len(&w));
	ee->stat[EES_TRANSIT]++;
	from->passed++;
	to->passed++;
	if (to->transit[nh->tpf].count == 0)
		TAILQ_INSERT_TAIL(&ee->pass_links[nh->tpf], to, pass[nh->tpf]);
	bufq_put(&to->transit[nh->tpf], b);
}

/* Link after link in turn. */
struct buf *
ee_transit_out(struct ee *ee, unsigned tpf, struct ee_link **to)
{
	struct ee_link *l = TAILQ_FIRST(&ee->pass_links[tpf]);
	struct buf *b;

	if (l == NULL)
		return NULL;
	TAILQ_REMOVE(&ee->pass_links[tpf], l, pass[tpf]);
	b = bufq_get(&l->transit[tpf]);
	if (l->transit[tpf].count != 0)
		TAILQ_INSERT_TAIL(&ee->pass_links[tpf], l, pass[tpf]);
	*to = l;
	return b;
}

void
ee_transit_drop(struct ee *ee, struct ee_link *l)
{
	for (unsigned t = TPF_LOW; t <= TPF_NETWORK; t++) {
		if (l->transit[t].count != 0)
			TAILQ_REMOVE(&ee->pass_links[t], l, pass[t]);
		bufq_drop(&l->transit[t]);
	}
}
