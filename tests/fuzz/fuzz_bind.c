/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as BIND, RSP(BIND) and UNBIND; what is read is written again.
 */
#include <assert.h>

#include "snaee/bind.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
bind(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t a[2048], b[2048];
	struct wr w = wr_on(a, sizeof(a)), x = wr_on(b, sizeof(b));
	struct bind image, again;

	if (!bind_get(&r, &image))
		return;
	(void)bind_check_lu(&image);
	(void)bind_screen(&image);
	bind_put(&w, &image);
	assert(!w.bad);
	r = rd_on(a, wr_len(&w));
	assert(bind_get(&r, &again));
	bind_put(&x, &again);
	assert(wr_len(&w) == wr_len(&x) && memcmp(a, b, wr_len(&w)) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t out[2048];
	struct wr w = wr_on(out, sizeof(out));
	struct bind_rsp rsp;
	struct unbind u, v;

	bind(p, n);
	if (bind_rsp_get(&r, &rsp)) {
		bind_rsp_put(&w, &rsp);
		assert(!w.bad);
	}
	r = rd_on(p, n);
	if (!unbind_get(&r, &u))
		return 0;
	(void)unbind_text(u.type);
	w = wr_on(out, sizeof(out));
	unbind_put(&w, &u);
	r = rd_on(out, wr_len(&w));
	assert(!w.bad && unbind_get(&r, &v) && memcmp(&u, &v, sizeof(u)) == 0);
	return 0;
}
