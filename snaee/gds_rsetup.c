/* SPDX-License-Identifier: Apache-2.0
 *
 * gds_rsetup.c - the Route Setup variable.
 *
 * Public are its identifier, its contents (companion ee-hpr-rtp 6.5) and that
 * the length must fit them (086F000A). Where each stands is our choice, in this
 * pair of functions: byte 4 flags, 5 hop, 6-7 reserved, 8-11 largest packet,
 * 12-15 path switch time in ms, then vectors: 60, 2B, 67 forward, 67 back, 26
 * the NCE, 35 sense.
 */
#include <string.h>

#include "snaee/gds.h"
#include "snaee/sense.h"

#define R_REPLY 0x80u
#define R_REFIFO 0x40u

static bool
labels_get(struct rd *r, uint8_t *to, uint8_t *len)
{
	size_t n = rd_left(r);

	if (n > RSETUP_ANR)
		return false;
	*len = (uint8_t)n;
	if (n != 0)
		memcpy(to, r->p, n);
	return true;
}

static bool
vector_get(struct cv *v, struct rsetup *s, unsigned *paths)
{
	switch (v->key) {
	case CV_FQPCID:
		return cv60_get(&v->body, &s->pcid);
	case CV_RSCV:
		return cv2b_get(&v->body, &s->rscv);
	case CV_ANR_PATH:
		if ((*paths)++ == 0)
			return labels_get(&v->body, s->fwd, &s->fwd_len);
		return labels_get(&v->body, s->back, &s->back_len);
	case CV_NCE:
		return label_get(&v->body, rd_left(&v->body), &s->nce);
	case CV_EXT_SENSE:
		return cv35_get(&v->body, &s->sense);
	}
	return true;                    /* others are passed over */
}

bool
rsetup_get(struct rd *r, struct rsetup *s, uint32_t *sense)
{
	uint8_t flags = rd_u8(r);
	unsigned paths = 0;
	struct cv v;

	memset(s, 0, sizeof(*s));
	s->reply = (flags & R_REPLY) != 0;
	s->refifo = (flags & R_REFIFO) != 0;
	s->hop = rd_u8(r);
	rd_skip(r, 2);
	s->max_packet = rd_u32(r);
	s->switch_ms = rd_u32(r);
	*sense = SENSE_RSETUP_LENGTH;
	while (cv_next_lt(r, &v))
		if (!vector_get(&v, s, &paths))
			return false;
	if (r->bad || s->pcid.cp.len == 0 || s->rscv.n == 0)
		return false;
	*sense = SENSE_RSETUP_HOPS;
	if (s->hop >= s->rscv.n)
		return false;
	*sense = 0;
	return true;
}

void
rsetup_put(struct wr *w, const struct rsetup *s)
{
	size_t m = gds_begin(w, GDS_ROUTE_SETUP), v;

	wr_u8(w, (s->reply ? R_REPLY : 0) | (s->refifo ? R_REFIFO : 0));
	wr_u8(w, s->hop);
	wr_u16(w, 0);
	wr_u32(w, s->max_packet);
	wr_u32(w, s->switch_ms);
	v = cv_begin_lt(w, CV_FQPCID);
	cv60_put(w, &s->pcid);
	cv_end_lt(w, v);
	v = cv_begin_lt(w, CV_RSCV);
	cv2b_put(w, &s->rscv);
	cv_end_lt(w, v);
	v = cv_begin_lt(w, CV_ANR_PATH);
	wr_bytes(w, s->fwd, s->fwd_len);
	cv_end_lt(w, v);
	v = cv_begin_lt(w, CV_ANR_PATH);
	wr_bytes(w, s->back, s->back_len);
	cv_end_lt(w, v);
	if (s->nce.len != 0) {
		v = cv_begin_lt(w, CV_NCE);
		label_put(w, &s->nce);
		cv_end_lt(w, v);
	}
	if (s->sense != 0) {
		v = cv_begin_lt(w, CV_EXT_SENSE);
		cv35_put(w, s->sense);
		cv_end_lt(w, v);
	}
	gds_end(w, m);
}
