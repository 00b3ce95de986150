/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a PROXY header: however it is cut, the verdict is the same, and
 * no more than the header is taken.
 */
#include <assert.h>

#include "tn3270e/proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct proxy_hdr h, part;
	enum proxy_result r = proxy_get(p, n, &h);

	if (r == PROXY_DONE)
		assert(h.len <= n && h.len <= PROXY_MAX && (!h.relayed || h.src.fam != 0));
	if (r == PROXY_BAD)
		assert(h.why != NULL);
	for (size_t k = 0; r == PROXY_DONE && k < h.len; k++)
		assert(proxy_get(p, k, &part) == PROXY_MORE);
	if (r == PROXY_MORE)
		assert(n < PROXY_MAX);
	return 0;
}
