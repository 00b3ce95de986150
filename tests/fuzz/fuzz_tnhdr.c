/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a TN3270E record: header, and the body of a RESPONSE.
 */
#include <assert.h>
#include <string.h>

#include "tn3270e/tnhdr.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t back[TNHDR_LEN];
	struct wr w = wr_on(back, sizeof(back));
	uint32_t sense = 1;
	struct tnhdr h;

	if (!tnhdr_get(&r, &h)) {
		assert(n < TNHDR_LEN || p[0] > TN_BID);
		return 0;
	}
	assert(rd_left(&r) == n - TNHDR_LEN);
	tnhdr_put(&w, &h);
	assert(!w.bad && memcmp(back, p, TNHDR_LEN) == 0);
	assert(tnseq_next(h.seq) <= TNSEQ_MAX);
	assert(tn_type_text(h.type)[0] != '?');
	if (tnrsp_sense(&h, &r, &sense))
		assert((sense == 0) == (h.rsp == TNANS_POSITIVE));
	return 0;
}
