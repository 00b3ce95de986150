/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as LLC header and as PIU; what is read is written again the same.
 */
#include <assert.h>

#include "snaee/llc.h"
#include "snaee/piu.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
llc(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t out[LLC_LEN];
	struct wr w = wr_on(out, sizeof(out));
	struct llc a, b;

	if (!llc_get(&r, &a))
		return;
	llc_put(&w, &a);
	r = rd_on(out, sizeof(out));
	assert(!w.bad && llc_get(&r, &b) && memcmp(&a, &b, sizeof(a)) == 0);
	(void)llc_name(a.frame);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t out[TH_FID5_LEN + RH_LEN];
	struct wr w = wr_on(out, sizeof(out));
	struct th a, b;
	char text[96];
	uint32_t rh;

	llc(p, n);
	if (!th_get(&r, &a))
		return 0;
	rh = rh_get(&r);
	(void)rh_text(rh, text);
	(void)ru_name(rh, rd_peek(&r));
	(void)ru_expedited(rh, rd_peek(&r));
	th_put(&w, &a);
	rh_put(&w, rh);
	assert(!w.bad);
	r = rd_on(out, wr_len(&w));
	assert(th_get(&r, &b) && memcmp(&a, &b, sizeof(a)) == 0);
	assert(rh_get(&r) == rh);
	return 0;
}
