/* SPDX-License-Identifier: Apache-2.0
 *
 * The stage between those who see packets pass and the one who knows whose they
 * are; and what of a packet is nobody's business.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "snaee/gds.h"
#include "snaee/llc.h"
#include "snaee/nlp.h"
#include "snaee/piu.h"
#include "snaee/trace.h"

void
trace_init(struct trace *t)
{
	pcapng_init(&t->file);
	t->redacted = t->lost = 0;
	t->stage = NULL;
	t->n = t->at = 0;
}

int
trace_open(struct trace *t, const char *path, uint64_t max, struct mono now, int64_t wall_us)
{
	int err;

	trace_close(t);
	t->stage = malloc(TRACE_STAGE);
	if (t->stage == NULL)
		return -ENOMEM;
	err = pcapng_open(&t->file, path, max);
	if (err != 0) {
		free(t->stage);
		t->stage = NULL;
		return err;
	}
	t->wall = wall_us - now.us;
	t->redacted = t->lost = 0;
	t->n = t->at = 0;
	LOG(EE, NOTICE, t->file.path, "packet trace on");
	return 0;
}

void
trace_close(struct trace *t)
{
	if (t->stage == NULL)
		return;
	pcapng_close(&t->file);
	free(t->stage);
	t->stage = NULL;
	LOG(EE, NOTICE, t->file.path, "packet trace off, %llu packets",
	    (unsigned long long)t->file.packets);
}

void
trace_flush(struct trace *t)
{
	t->n = t->at = 0;
	pcapng_flush(&t->file);
	if (t->stage != NULL && !pcapng_is_open(&t->file))
		trace_close(t);         /* the disk is full: it was said */
}

/* Room for a packet of n bytes, or NULL. */
static uint8_t *
stage(struct trace *t, const struct trace_rec *r)
{
	uint8_t *p = t->stage + t->n;

	if (TRACE_STAGE - t->n < sizeof(*r) + r->len) {
		t->lost++;
		return NULL;
	}
	memcpy(p, r, sizeof(*r));
	t->n += sizeof(*r) + r->len;
	return p + sizeof(*r);
}

void
trace_dgram(struct trace *t, struct mono now, const struct trace_dgram *d)
{
	struct trace_rec r = { .at = now, .tcid = d->tcid, .dir = d->dir, .port = d->port,
		.local = *d->local, .remote = *d->remote };
	size_t n = 0;
	uint8_t *p;

	if (t->stage == NULL)
		return;
	for (int i = 0; i < d->niov; i++)
		n += d->iov[i].iov_len;
	r.len = (uint16_t)(n > PCAPNG_PKT ? PCAPNG_PKT : n);
	p = stage(t, &r);
	for (int i = 0; p != NULL && i < d->niov; i++) {
		size_t m = d->iov[i].iov_len;

		m = m > r.len ? r.len : m;
		if (m != 0)
			memcpy(p, d->iov[i].iov_base, m);
		p += m;
		r.len = (uint16_t)(r.len - m);
	}
}

void
trace_piu(struct trace *t, struct mono now, const uint8_t *piu, size_t n, int from_slu,
    uint32_t ssn)
{
	static const struct ipaddr plu = { 4, { 0 }, { 127, 0, 0, 1 } };
	static const struct ipaddr slu = { 4, { 0 }, { 127, 0, 0, 2 } };
	struct trace_rec r = { .at = now, .ssn = ssn, .dir = TRACE_OUT, .port = EE_HIGH,
		.local = from_slu ? slu : plu, .remote = from_slu ? plu : slu };
	struct llc h = { .dsap = LLC_SAP_NLP, .ssap = LLC_SAP_NLP, .frame = LLC_UI };
	struct label lu = nce_label(NCE_LU);
	struct nhdr nh = { .sm = NHDR_ANR, .tpf = TPF_HIGH, .anr = lu.b, .anr_len = lu.len };
	struct thdr th = { .somi = 1, .eomi = 1, .dlf = (uint32_t)n };
	uint8_t head[128], *p;
	struct wr w = wr_on(head, sizeof(head));

	if (t->stage == NULL || n > PCAPNG_PKT - sizeof(head))
		return;
	llc_put(&w, &h);
	nhdr_put(&w, &nh);
	thdr_put(&w, &th);
	r.len = (uint16_t)(wr_len(&w) + n);
	p = stage(t, &r);
	if (p == NULL)
		return;
	memcpy(p, head, wr_len(&w));
	memcpy(p + wr_len(&w), piu, n);
}

bool
trace_next(struct trace *t, struct trace_rec *r, uint8_t **bytes)
{
	if (t->stage == NULL || t->at == t->n)
		return false;
	memcpy(r, t->stage + t->at, sizeof(*r));
	*bytes = t->stage + t->at + sizeof(*r);
	t->at += sizeof(*r) + r->len;
	return true;
}

void
trace_write(struct trace *t, const struct trace_rec *r, uint8_t *bytes, enum trace_amount amount,
    unsigned iface, const char *comment)
{
	if (amount != TRACE_FULL && trace_redact(bytes, r->len) != 0)
		t->redacted++;
	pcapng_put(&t->file, &(struct pcapng_pkt){ .wall_us = r->at.us + t->wall,
	    .from = r->dir == TRACE_IN ? &r->remote : &r->local,
	    .to = r->dir == TRACE_IN ? &r->local : &r->remote,
	    .port = (uint16_t)(12000 + r->port), .dir = r->dir, .iface = (uint8_t)iface,
	    .data = bytes, .len = r->len, .cut = r->len, .comment = comment });
}

/* Control points' data is shown, but for what users typed at a LOGON: SSCP-LU
 * flows encapsulated for dependent LUs, and data that goes with a CDINIT. From
 * the identifier on nothing is kept. */
static size_t
control_data(uint8_t *p, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		unsigned id = (unsigned)p[i] << 8 | p[i + 1];

		if (id != GDS_FID2 && id != GDS_USER_DATA)
			continue;
		memset(p + i + 2, 0, n - i - 2);
		return n - i - 2;
	}
	return 0;
}

static size_t
redact_piu(uint8_t *p, size_t n, unsigned control)
{
	size_t head = TH_FID5_LEN + RH_LEN;
	struct rd r = rd_on(p, n);
	struct th th;
	uint32_t rh;

	if (control && n > 4 && p[0] >> 4 != 5)
		return 0;               /* Route Setup */
	if (!th_get(&r, &th) || th.fid != 5 || n <= head)
		return 0;
	rh = rh_get(&r);
	if (th.mpf == TH_FIRST || th.mpf == TH_WHOLE) {
		if ((rh & RH_RSP) != 0 || (rh & RH_CAT) != RH_FMD)
			return 0;
	} else {
		head = TH_FID5_LEN;
	}
	if (control)
		return control_data(p + head, n - head);
	memset(p + head, 0, n - head);
	return n - head;
}

size_t
trace_redact(uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	struct llc h;
	struct nhdr nh;
	struct thdr th;
	uint32_t sense;
	uint8_t *data;

	if (!llc_get(&r, &h) || h.frame != LLC_UI || !nhdr_get(&r, &nh) || nh.sm != NHDR_ANR)
		return 0;
	data = p + (r.p - p);
	if (!thdr_get(&r, &th, &sense)) {
		/* Not an NLP we can read: it may be anything. */
		size_t keep = (size_t)(r.end - data) > THDR_MIN ? THDR_MIN : (size_t)(r.end - data);

		memset(data + keep, 0, n - (size_t)(data - p) - keep);
		return n - (size_t)(data - p) - keep;
	}
	if (th.dlf == 0)
		return 0;
	data = p + (th.data - p);
	if (th.somi)
		return redact_piu(data, th.dlf, nh.tpf == TPF_NETWORK);
	memset(data, 0, th.dlf);
	return th.dlf;
}
