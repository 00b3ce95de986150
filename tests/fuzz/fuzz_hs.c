/* SPDX-License-Identifier: Apache-2.0
 *
 * A half-session fed with anything: the input chooses a profile and a role,
 * then PIUs (flow, mapping, number, RH, RU) and what the user does between
 * them. Nothing may assert, leak or grow without bound.
 */
#include <assert.h>
#include <stddef.h>

#include "snaee/hs.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct bind binds[] = {
	{ .fm = 3, .ts = 3, .priprot = 0xb1, .secprot = 0x90, .comprot1 = 0x30, .comprot2 = 0x80,
	    .sec_ru = 0x85, .pri_ru = 0x86 },
	{ .fm = 4, .ts = 3, .priprot = 0xf1, .secprot = 0xf0, .comprot1 = 0x20, .comprot2 = 0x80,
	    .psndpac = 3, .ssndpac = 2 },
	{ .fm = 2, .ts = 2, .priprot = 0x71, .secprot = 0x40, .comprot1 = 0x20 },
	{ .fm = 3, .ts = 3, .priprot = 0xb1, .secprot = 0xa0, .comprot1 = 0x30, .comprot2 = 0x40 },
	{ .fm = 0x13, .ts = 7, .priprot = 0xb0, .secprot = 0xb0, .comprot1 = 0x50,
	    .comprot2 = 0xb1, .adaptive = 1, .psndpac = 7, .ssndpac = 7 },
};

static void
drain(struct hs *h)
{
	struct hs_ind i;
	struct buf *b;
	struct th th;

	while ((b = hs_output(h, &th)) != NULL)
		buf_free(b);
	while (hs_recv(h, &i)) {
		buf_free(i.ru);
		if ((i.rh & RH_PI) != 0)
			hs_pace(h);
	}
}

static void
user(struct hs *h, struct bufpool *bufs, struct rd *r)
{
	uint32_t rh = (uint32_t)rd_u8(r) << 16 | rd_u16(r);
	uint16_t snf = rd_u16(r);
	struct buf *b = buf_get(bufs, 600);

	if (b == NULL)
		return;
	buf_put(b, rd_u8(r) * 2)[0] = rd_u8(r);
	if ((rh & 1) != 0 && (rh & RH_RSP) != 0) {
		buf_free(b);
		(void)hs_respond(h, rh, snf, rd_u32(r));
	} else if (hs_send(h, rh & 0xffffffu, &snf, b) != 0) {
		buf_free(b);
	}
}

static void
partner(struct hs *h, struct bufpool *bufs, struct rd *r, uint8_t op)
{
	struct th th = { .fid = 5, .mpf = op & 3, .efi = op >> 2 & 1 };
	uint8_t n = rd_u8(r);
	struct buf *b = buf_get(bufs, n);
	const uint8_t *p;

	/* near the number that is due, mostly */
	th.snf = (op & 0x40) != 0 ? rd_u16(r) : (uint16_t)(h->snf_in + 1);
	if ((op & 0x20) != 0)
		th.mpf = TH_WHOLE;
	if (n > rd_left(r))
		n = (uint8_t)rd_left(r);
	p = rd_bytes(r, n);
	if (b == NULL)
		return;
	if (p != NULL)
		buf_append(b, p, n);
	hs_input(h, &th, b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bufpool bufs;     /* style: a pool a run would cost more than the run */
	static bool ready;
	struct rd r = rd_on(data, size);
	struct hs h;
	uint8_t first = rd_u8(&r);

	if (!ready) {
		assert(bufpool_init(&bufs, "fuzz", 3000, 400, 200) == 0);
		ready = true;
	}
	hs_init(&h, &binds[first % 5], (first & 0x80) != 0 ? HS_PLU : HS_SLU, &bufs);
	if ((first & 0x40) != 0)
		h.active = 1;
	while (!r.bad && rd_left(&r) != 0) {
		uint8_t op = rd_u8(&r);

		if ((op & 0x80) != 0)
			user(&h, &bufs, &r);
		else
			partner(&h, &bufs, &r, op);
		if ((op & 0x10) != 0)
			drain(&h);
	}
	hs_fini(&h);
	assert(bufpool_used(&bufs) == 0);
	return 0;
}
