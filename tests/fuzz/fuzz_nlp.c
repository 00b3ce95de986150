/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as NLP; what is read is written again, and reads the same.
 */
#include <assert.h>

#include "snaee/nlp.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t a[THDR_MAX], b[THDR_MAX];
	struct wr w = wr_on(a, sizeof(a)), x = wr_on(b, sizeof(b));
	struct nhdr nh;
	struct thdr h, again;
	uint32_t sense;

	if (!nhdr_get(&r, &nh))
		return 0;
	nhdr_put(&w, &nh);
	assert(!w.bad && wr_len(&w) == nhdr_len(&nh));
	if (nh.sm != NHDR_ANR || !thdr_get(&r, &h, &sense))
		return 0;
	assert(h.data >= p && h.data + h.dlf <= p + n);
	w = wr_on(a, sizeof(a));
	thdr_put(&w, &h);
	assert(!w.bad && wr_len(&w) == thdr_len(&h));
	h.dlf = 0;
	w = wr_on(a, sizeof(a));
	thdr_put(&w, &h);
	r = rd_on(a, wr_len(&w));
	assert(thdr_get(&r, &again, &sense));
	thdr_put(&x, &again);
	assert(wr_len(&w) == wr_len(&x) && memcmp(a, b, wr_len(&w)) == 0);
	return 0;
}
