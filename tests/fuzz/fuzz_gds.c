/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as GDS variables, FM headers and search messages.
 */
#include <assert.h>

#include "snaee/gds.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
variable(struct gds *g)
{
	struct cpcap c;
	struct tdu t;
	struct tdu_rec rec;
	uint32_t sense;

	(void)gds_name(g->id);
	if (g->id == GDS_CPCAP)
		(void)cpcap_get(&g->body, &c);
	if (g->id != GDS_TDU || !tdu_get(&g->body, &t))
		return;
	memset(&rec, 0, sizeof(rec));
	while (tdu_next(&g->body, &rec, &sense))
		assert(rec.kind == TDU_NODE || rec.kind == TDU_TG);
}

static void
headers(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t out[128];
	struct wr w = wr_on(out, sizeof(out));
	struct fmh5 f, g;
	struct fmh7 h;

	if (fmh5_get(&r, &f)) {
		fmh5_put(&w, &f);
		r = rd_on(out, wr_len(&w));
		assert(!w.bad && fmh5_get(&r, &g) && memcmp(&f, &g, sizeof(f)) == 0);
	}
	r = rd_on(p, n);
	(void)fmh7_get(&r, &h);
}

static void
route_setup(struct rd *r)
{
	uint8_t a[4096];
	struct wr w = wr_on(a, sizeof(a));
	struct rsetup m;
	uint32_t sense;

	if (rsetup_get(r, &m, &sense))
		rsetup_put(&w, &m);
	else
		assert(sense != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	uint8_t a[4096], b[4096];
	struct wr w = wr_on(a, sizeof(a)), x = wr_on(b, sizeof(b));
	struct search s, again;
	uint32_t sense;
	struct gds g;

	while (gds_next(&r, &g))
		variable(&g);
	headers(p, n);
	r = rd_on(p, n);
	route_setup(&r);
	r = rd_on(p, n);
	if (!search_get(&r, &s, &sense)) {
		assert(sense != 0);
		return 0;
	}
	search_put(&w, &s);
	if (w.bad)
		return 0;
	r = rd_on(a, wr_len(&w));
	if (!search_get(&r, &again, &sense))
		return 0;               /* a part came twice, or empty */
	search_put(&x, &again);
	assert(wr_len(&w) == wr_len(&x) && memcmp(a, b, wr_len(&w)) == 0);
	return 0;
}
