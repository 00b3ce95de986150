/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes from a Telnet peer, twice: in one piece and in small reads with the
 * library put to sleep between. Both must find and answer the same.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/telnet.h"

#define MAXREC 4000

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct sum {
	uint64_t found, said;
	size_t records, bytes;
	uint32_t line;          /* bytes of text */
};

static uint64_t
mix(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * 1099511628211u;
	return h;
}

static void
found(struct sum *s, struct tel_ind *ind)
{
	const uint8_t head[] = { ind->what, ind->verb, ind->opt, ind->cmd };
	struct buf *b;

	if (ind->what != TEL_TEXT)
		s->found = mix(s->found, head, sizeof(head));
	assert((ind->what == TEL_RECORD || ind->what == TEL_TEXT) == (ind->rec.count != 0));
	if (ind->what == TEL_SB) {
		assert(ind->sb_len <= TEL_SB_MAX);
		s->found = mix(s->found, ind->sb, ind->sb_len);
	}
	if (ind->what == TEL_RECORD) {
		assert(ind->rec.bytes <= MAXREC);
		s->records++;
	}
	while ((b = bufq_get(&ind->rec)) != NULL) {
		s->found = mix(s->found, b->p, b->len);
		buf_free(b);
	}
}

static void
said(struct sum *s, struct telnet *t)
{
	struct buf *b;

	while ((b = bufq_get(&t->out)) != NULL) {
		s->said = mix(s->said, b->p, b->len);
		s->bytes += b->len;
		buf_free(b);
	}
}

static bool
pump(struct sum *s, struct telnet *t)
{
	struct tel_ind ind;

	while (tel_recv(t, &ind)) {
		bool bad = ind.what == TEL_BAD;

		found(s, &ind);
		if (bad)
			return false;
	}
	assert(!tel_more(t));
	said(s, t);
	return true;
}

/* step 0: as large as it fits. False: given up. */
static bool
all(struct sum *s, struct bufpool *bufs, uint8_t how, const uint8_t *p, size_t n, size_t step)
{
	static const enum tel_mode mode[] = { TM_DROP, TM_RECORDS, TM_LINE };
	struct telnet t;
	bool ok = true;

	*s = (struct sum){ .found = 1, .said = 1 };
	if (!tel_init(&t, bufs, TEL_WITH_E, MAXREC))
		abort();
	tel_set_mode(&t, mode[how % 3]);
	t.no_sga = how >> 6 & 1;
	if (how >> 7)
		tel_ask(&t, TV_DO, TO_ENVIRON);
	for (unsigned i = 0; ok && n != 0; i++) {
		size_t room = 0, k;
		uint8_t *to = tel_room(&t, &room);

		if (to == NULL)
			abort();
		k = step != 0 && step < room ? step : room;
		k = k < n ? k : n;
		memcpy(to, p, k);
		tel_filled(&t, k);
		p += k;
		n -= k;
		ok = pump(s, &t);
		if (step != 0 && i % 3 == 0)
			tel_sleep(&t);
	}
	said(s, &t);
	tel_fini(&t);
	assert(bufpool_used(bufs) == 0);
	return ok;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bufpool bufs;
	struct sum a, b;
	bool whole, parts;

	if (n < 2)
		return 0;
	if (bufpool_init(&bufs, "fuzz", 64, 64, 64) != 0)
		abort();
	bufpool_adopt(&bufs);
	whole = all(&a, &bufs, p[0], p + 2, n - 2, 0);
	parts = all(&b, &bufs, p[0], p + 2, n - 2, 1u + p[1] % 64);
	assert(whole == parts && a.records == b.records);
	assert(a.found == b.found);
	assert(a.bytes == b.bytes && a.said == b.said);
	bufpool_fini(&bufs);
	return 0;
}
