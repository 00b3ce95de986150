/* SPDX-License-Identifier: Apache-2.0
 *
 * One store of 128 bytes a packet; everything else happens when something has
 * gone wrong.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "snaee/ee.h"
#include "snaee/flight.h"
#include "snaee/nlp.h"

static_assert(sizeof(struct flight_ent) <= 128, "an entry is two cache lines");

void
flight_init(struct flight *f)
{
	f->next = 1;
	f->links = f->not_kept = 0;
	memset(f->link, 0, sizeof(f->link));
	for (unsigned i = 0; i < FLIGHT_RING; i++)
		f->ring[i].seq = 0;
	for (unsigned i = 0; i < FLIGHT_KEPT; i++)
		f->kept[i].name[0] = '\0';
}

uint32_t
flight_link(struct flight *f, const struct ipaddr *local, const struct ipaddr *remote)
{
	uint32_t n = ++f->links == 0 ? ++f->links : f->links;

	f->link[n % FLIGHT_LINKS] = (struct flight_link){ n, *local, *remote };
	return n;
}

static void
addresses(const struct flight *f, struct flight_pkt *k)
{
	const struct flight_link *l = &f->link[k->e.link % FLIGHT_LINKS];

	if (l->number != k->e.link)
		return;
	k->local = l->local;
	k->remote = l->remote;
}

struct flight_ent *
flight_put(struct flight *f, struct mono now, uint32_t prev)
{
	struct flight_ent *e = &f->ring[f->next % FLIGHT_RING];

	e->at = now;
	e->seq = f->next;
	e->prev = prev;
	/* 0 is no entry: the number that comes round to it is left out. */
	if (++f->next == 0)
		f->next = 1;
	/* The ring is larger than the nearest cache: the next packet finds its place there. */
	__builtin_prefetch(&f->ring[f->next % FLIGHT_RING], 1);
	__builtin_prefetch(f->ring[f->next % FLIGHT_RING].b + 64, 1);
	return e;
}

static const struct flight_ent *
ent_at(const struct flight *f, uint32_t seq)
{
	const struct flight_ent *e = &f->ring[seq % FLIGHT_RING];

	return seq != 0 && e->seq == seq ? e : NULL;
}

unsigned
flight_trail(const struct flight *f, uint32_t last, struct flight_pkt *to)
{
	const struct flight_ent *e, *at[FLIGHT_TRAIL];
	unsigned n = 0;

	while (n < FLIGHT_TRAIL && (e = ent_at(f, last)) != NULL) {
		at[n++] = e;
		last = e->prev;
	}
	for (unsigned i = 0; i < n; i++) {
		to[i] = (struct flight_pkt){ .e = *at[n - 1 - i] };
		addresses(f, &to[i]);
	}
	return n;
}

struct flight_kept *
flight_keep(struct flight *f, struct mono now, uint32_t last)
{
	struct flight_kept *k = &f->kept[0];

	for (unsigned i = 0; i < FLIGHT_KEPT && k->name[0] != '\0'; i++)
		if (f->kept[i].name[0] == '\0' || f->kept[i].at.us < k->at.us)
			k = &f->kept[i];
	/* When a link takes a thousand pipes down, the first ones tell why. */
	if (k->name[0] != '\0' && mono_diff(now, k->at) < SECS(FLIGHT_KEEP_S)) {
		f->not_kept++;
		return NULL;
	}
	memset(k, 0, offsetof(struct flight_kept, pkt));
	k->at = now;
	k->n = flight_trail(f, last, k->pkt);
	return k;
}

const struct flight_kept *
flight_kept(const struct flight *f, const char *name)
{
	const struct flight_kept *best = NULL;

	for (unsigned i = 0; i < FLIGHT_KEPT; i++) {
		const struct flight_kept *k = &f->kept[i];

		if (strcmp(k->name, name) == 0 && (best == NULL || k->at.us > best->at.us))
			best = k;
	}
	return best;
}

#define DLF_AT 12               /* in the THDR: companion ee-hpr-rtp 4.2 */

/* The data is not there: as if the packet had none. Its length in *dlf. */
static bool
headers(const struct flight_ent *e, uint8_t b[FLIGHT_BYTES], struct nhdr *nh, struct thdr *th,
    uint32_t *dlf)
{
	struct rd r = rd_on(b, e->n), at;
	uint32_t sense;

	memcpy(b, e->b, e->n);
	if (!nhdr_get(&r, nh) || nh->sm != NHDR_ANR || rd_left(&r) < THDR_MIN)
		return false;
	at = r;
	rd_skip(&at, DLF_AT);
	*dlf = rd_u32(&at);
	memset(b + (r.p - b) + DLF_AT, 0, 4);
	return thdr_get(&r, th, &sense);
}

const char *
flight_text(const struct flight_ent *e, char *to, size_t room)
{
	static const char *const port[EE_NPORT] = { "SIGNAL", "NETWORK", "HIGH", "MEDIUM", "LOW" };
	uint8_t b[FLIGHT_BYTES];
	struct nhdr nh = { 0 };
	struct thdr th = { 0 };
	uint32_t dlf = 0;
	bool whole;
	size_t n;

	n = (size_t)snprintf(to, room, "%s %s %u BYTES%s", e->dir == 1 ? "RECEIVED" : "SENT",
	    port[e->port % EE_NPORT], e->len, e->resent ? ", AGAIN" : "");
	/* A connection setup has more headers than are kept: what was read is told. */
	whole = headers(e, b, &nh, &th, &dlf);
	if (dlf != 0)
		n += (size_t)snprintf(to + n, room - n, ", BSN %08X, DATA %u", th.bsn, dlf);
	(void)snprintf(to + n, room - n, "%s%s%s%s%s%s%s%s%s%s%s%s%s", th.setupi ? ", SETUP" : "",
	    th.sri ? ", STATUS REQUEST" : "", th.has_status ? ", STATUS" : "",
	    th.has_status && th.status.gap ? " WITH GAP" : "",
	    th.has_cie ? ", CONNECTION ID" : "", th.has_switch ? ", SWITCHING" : "",
	    th.has_arb ? ", ARB" : "", th.has_cob ? ", CLIENT OUT OF BAND" : "",
	    th.has_fault ? ", CONNECTION FAULT" : "", th.lmi ? ", LAST MESSAGE" : "",
	    nh.slow1 ? ", SLOWDOWN1" : "",
	    nh.slow2 ? ", SLOWDOWN2" : "", whole ? "" : ", CUT");
	return to;
}
