/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a PROXY header. What is found does not depend on how much comes at
 * a time: MORE for every shorter piece, then the same answer whatever follows.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* From memory that ends where the bytes do. */
static enum proxy_result
get(const uint8_t *p, size_t n, struct proxy_hdr *h)
{
	uint8_t *b = malloc(n == 0 ? 1 : n);
	enum proxy_result r;

	assert(b != NULL);
	memcpy(b, p, n);
	memset(h, 0, sizeof(*h));
	r = proxy_get(b, n, h);
	free(b);
	return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct proxy_hdr h, k;
	enum proxy_result all = get(p, n, &h), part;
	char text[IPADDR_TEXT];

	assert(n < PROXY_MAX || all != PROXY_MORE);
	if (all == PROXY_BAD)
		assert(h.why != NULL && h.why[0] != '\0');
	if (all == PROXY_DONE) {
		assert(h.len != 0 && h.len <= n && h.len <= PROXY_MAX);
		if (h.relayed)
			assert((h.src.fam == 4 || h.src.fam == 6) && h.dst.fam != 0 &&
			    ipaddr_text(&h.src, text)[0] != '\0');
	}
	for (size_t i = 0; i < n && i < 300; i++) {
		part = get(p, i, &k);
		if (part == PROXY_MORE)
			continue;
		assert(part == all);            /* more bytes never change what was said */
		if (all == PROXY_DONE)
			assert(i >= h.len && k.len == h.len && k.relayed == h.relayed &&
			    k.sport == h.sport && ipaddr_eq(&k.src, &h.src));
	}
	if (all == PROXY_DONE && h.len <= 300 && h.len > 0)
		assert(get(p, h.len - 1, &k) == PROXY_MORE);
	return 0;
}
