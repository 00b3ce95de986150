/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as XID; what is read is written again, and reads the same.
 */
#include <assert.h>

#include "snaee/xid.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t out[XID_MAX];
	struct wr w = wr_on(out, sizeof(out));
	struct xid a, b;
	uint32_t sense;
	char name[32];

	if (!xid_get(&r, &a, &sense)) {
		assert(sense != 0);
		return 0;
	}
	assert(sense == 0);
	xid_product_name(&a, name);
	xid_put(&w, &a);
	if (w.bad)
		return 0;               /* it was shorter than ours: no section, no flags */
	r = rd_on(out, wr_len(&w));
	assert(xid_get(&r, &b, &sense));
	assert(xid_same(&a, &b));
	return 0;
}
