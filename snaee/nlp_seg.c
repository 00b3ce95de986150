/* SPDX-License-Identifier: Apache-2.0
 *
 * nlp_seg.c - connection qualifier and optional segments of a THDR.
 *
 * A segment is a length in words, a key and what the key says. Where control
 * vectors stand in one they are LT, and each begins on a word boundary.
 */
#include "snaee/nlp_seg.h"

static void
pad4(struct wr *w, size_t mark)
{
	while (!w->bad && (wr_len(w) - mark) % 4 != 0)
		wr_u8(w, 0);
}

/* Next LT vector, and over its padding. False at the end; *sense when it does
 * not fit into the embedding structure in. */
static bool
padded_next(struct rd *r, struct cv *v, unsigned in, uint32_t *sense)
{
	size_t n, pad;

	if (rd_left(r) < 2 || rd_peek(r) == 0)
		return false;           /* no more, or padding */
	n = rd_u8(r);
	v->key = rd_u8(r);
	if (n < 2 || n - 2 > rd_left(r)) {
		*sense = seg_length_sense(in, v->key);
		return false;
	}
	v->body = rd_sub(r, n - 2);
	pad = (4 - n % 4) % 4;
	rd_skip(r, pad < rd_left(r) ? pad : rd_left(r));
	return true;
}

static void
name_lt(struct wr *w, enum cv_key key, const char *s, size_t mark)
{
	struct sna_name n;
	size_t m = cv_begin_lt(w, key);

	(void)name_set(&n, s);
	name_put(w, &n);
	cv_end_lt(w, m);
	pad4(w, mark);
}

/* Node and network identifier vectors for NETID.NAME. */
static void
qualified_put(struct wr *w, const struct sna_name *n, size_t mark)
{
	char netid[9];

	name_netid(n, netid);
	name_lt(w, CV_NODE_ID, name_base(n), mark);
	if (netid[0] != 0)
		name_lt(w, CV_NET_ID, netid, mark);
}

/* Collects node and network identifier; other vectors are the caller's. */
struct qualified {
	struct sna_name node, net;
};

static bool
qualified_get(struct cv *v, struct qualified *q)
{
	struct sna_name *n = v->key == CV_NODE_ID ? &q->node : &q->net;

	if (v->key != CV_NODE_ID && v->key != CV_NET_ID)
		return false;
	if (!name_get(&v->body, rd_left(&v->body), n) || memchr(n->s, '.', n->len) != NULL)
		memset(n, 0, sizeof(*n));       /* half a name has no dot */
	return true;
}

/* EE register row 4: length byte is the padded size less 2, which an "includes
 * the header" reader takes as two bytes of padding behind the contents. Right
 * for both where the NCE label has 4 or 8 bytes, as ours have. */
void
cqf_put(struct wr *w, const struct cqf *c)
{
	size_t mark = wr_len(w), m;

	wr_u8(w, 0);
	wr_u8(w, CV_NET_ADDR);
	wr_u16(w, 0);                   /* address type, reserved */
	qualified_put(w, &c->cp, mark);
	if (c->nce.len > 0) {
		m = cv_begin_lt(w, CV_NCE);
		label_put(w, &c->nce);
		cv_end_lt(w, m);
		pad4(w, mark);
	}
	wr_set8(w, mark, wr_len(w) - mark - 2);
}

uint32_t
cqf_get(struct rd *r, struct thdr *h)
{
	struct qualified q = { 0 };
	struct cqf *c = &h->cqf;
	struct cv v;
	uint32_t sense = 0;

	memset(c, 0, sizeof(*c));
	rd_skip(r, 1);
	if (rd_u8(r) != CV_NET_ADDR)
		return seg_length_sense(SEG_IN_THDR, CV_NET_ADDR);
	rd_skip(r, 2);
	while (padded_next(r, &v, CV_NET_ADDR, &sense))
		if (!qualified_get(&v, &q) && v.key == CV_NCE &&
		    !label_get(&v.body, rd_left(&v.body), &c->nce))
			return seg_length_sense(CV_NET_ADDR, CV_NCE);
	(void)name_qual(&c->cp, q.net.s, q.node.s);
	h->has_cqf = 1;
	return sense;
}

#define S0D_TARGET 0x80u
#define S0D_ARB 0x10u
#define S0D_RELIABLE 0x08u
#define S0D_DEDICATED 0x04u

/* EE register row 5: the NCE instance in CV 39 and the topic (class of service)
 * in CV 2C are our choice; target as node and network identifier. */
static uint32_t
setup_get(struct rd *r, struct thdr *h)
{
	struct qualified q = { 0 };
	struct seg_setup *s = &h->setup;
	struct cos_tpf cos;
	struct cv v;
	uint32_t sense = 0;
	uint8_t flags;

	memset(s, 0, sizeof(*s));
	s->version = rd_u16(r);
	flags = rd_u8(r);
	s->arb = (flags & S0D_ARB) != 0;
	s->reliable = (flags & S0D_RELIABLE) != 0;
	s->dedicated = (flags & S0D_DEDICATED) != 0;
	rd_skip(r, 3);
	while (padded_next(r, &v, SEG_SETUP, &sense)) {
		if (qualified_get(&v, &q))
			continue;
		if (v.key == CV_NCE_INSTANCE) {
			s->instance = rd_u32(&v.body);
			s->has_instance = !v.body.bad;
		} else if (v.key == CV_COS_TPF && cv2c_get(&v.body, &cos)) {
			s->topic = cos.cos;
		}
	}
	(void)name_qual(&s->target, q.net.s, q.node.s);
	return sense;
}

static void
setup_put(struct wr *w, const struct seg_setup *s, size_t mark)
{
	size_t m;

	wr_u16(w, s->version);
	wr_u8(w, (s->target.len ? S0D_TARGET : 0) | (s->arb ? S0D_ARB : 0) |
	    (s->reliable ? S0D_RELIABLE : 0) | (s->dedicated ? S0D_DEDICATED : 0));
	wr_fill(w, 0, 3);
	if (s->has_instance) {
		m = cv_begin_lt(w, CV_NCE_INSTANCE);
		wr_u32(w, s->instance);
		cv_end_lt(w, m);
		pad4(w, mark);
	}
	if (s->target.len > 0)
		qualified_put(w, &s->target, mark);
	if (s->topic.len > 0) {
		m = cv_begin_lt(w, CV_COS_TPF);
		cv2c_put(w, &(struct cos_tpf){ .cos = s->topic });
		cv_end_lt(w, m);
	}
}

#define S0E_GAP 0x80u
#define S0E_IDLE 0x40u

static uint32_t
status_get(struct rd *r, struct thdr *h)
{
	struct seg_status *s = &h->status;
	uint8_t flags = rd_u8(r), n = rd_u8(r);

	s->gap = (flags & S0E_GAP) != 0;
	s->idle = (flags & S0E_IDLE) != 0;
	s->sync = rd_u16(r);
	s->echo = rd_u16(r);
	s->rseq = rd_u32(r);
	rd_skip(r, 8);
	if (rd_left(r) < n * 8u)
		return seg_length_sense(SEG_IN_THDR, SEG_STATUS);
	s->n = n < ABSP_MAX ? n : ABSP_MAX;     /* the lowest spans; more is no use */
	for (unsigned i = 0; i < s->n; i++) {
		s->span[i].begin = rd_u32(r);
		s->span[i].end = rd_u32(r);
	}
	return 0;
}

static void
status_put(struct wr *w, const struct seg_status *s)
{
	wr_u8(w, (s->gap ? S0E_GAP : 0) | (s->idle ? S0E_IDLE : 0));
	wr_u8(w, s->n);
	wr_u16(w, s->sync);
	wr_u16(w, s->echo);
	wr_u32(w, s->rseq);
	wr_fill(w, 0, 8);
	for (unsigned i = 0; i < s->n && i < ABSP_MAX; i++) {
		wr_u32(w, s->span[i].begin);
		wr_u32(w, s->span[i].end);
	}
}

#define C83_REFIFO 0x80u
#define C83_MOBILITY 0x40u
#define C83_SEARCH 0x20u
#define C83_LIMITED 0x10u
#define C83_NCE_SCOPE 0x08u
#define C83_MNPS 0x04u

/* EE register row 9: what CV 83 carries behind its timers is taken to be the
 * ANR path (67): labels, then FF. */
static uint32_t
cv83_get(struct rd *r, struct seg_switch *s)
{
	uint8_t flags = rd_u8(r);
	struct cv v;

	rd_skip(r, 1);
	s->refifo = (flags & C83_REFIFO) != 0;
	s->mobility = (flags & C83_MOBILITY) != 0;
	s->search = (flags & C83_SEARCH) != 0;
	s->limited = (flags & C83_LIMITED) != 0;
	s->nce_scope = (flags & C83_NCE_SCOPE) != 0;
	s->mnps = (flags & C83_MNPS) != 0;
	s->max_packet = rd_u32(r);
	s->switch_ms = rd_u32(r);
	s->alive_ms = rd_u32(r);
	if (r->bad)
		return seg_length_sense(SEG_SWITCH, CV_SWITCH);
	while (cv_next_lt(r, &v)) {
		size_t n = 0;

		if (v.key != CV_ANR_PATH)
			continue;
		while (n < rd_left(&v.body) && v.body.p[n] != 0xff)
			n++;
		if (n > sizeof(s->path))
			return seg_length_sense(CV_SWITCH, CV_ANR_PATH);
		s->path_len = (uint8_t)n;
		memcpy(s->path, v.body.p, n);
	}
	return r->bad ? seg_length_sense(CV_SWITCH, v.key) : 0;
}

static void
cv83_put(struct wr *w, const struct seg_switch *s)
{
	size_t m = cv_begin_lt(w, CV_SWITCH), p;

	wr_u8(w, (s->refifo ? C83_REFIFO : 0) | (s->mobility ? C83_MOBILITY : 0) |
	    (s->search ? C83_SEARCH : 0) | (s->limited ? C83_LIMITED : 0) |
	    (s->nce_scope ? C83_NCE_SCOPE : 0) | (s->mnps ? C83_MNPS : 0));
	wr_u8(w, 0);
	wr_u32(w, s->max_packet);
	wr_u32(w, s->switch_ms);
	wr_u32(w, s->alive_ms);
	p = cv_begin_lt(w, CV_ANR_PATH);
	wr_bytes(w, s->path, s->path_len);
	wr_u8(w, 0xff);
	cv_end_lt(w, p);
	cv_end_lt(w, m);
}

#define C85_BF 0x80u

/* EE register row 9: of several TG descriptors the first is kept. */
static void
cv85_get(struct rd *r, struct seg_switch *s)
{
	struct cv v;

	s->route_bf = (rd_u8(r) & C85_BF) != 0;
	rd_skip(r, 1);
	while (!s->has_route && cv_next_lt(r, &v))
		s->has_route = v.key == CV_TG_DESC && cv46_get(&v.body, &s->tg);
}

/* Always there, with no descriptor at least: tshark loses its way without it. */
static void
cv85_put(struct wr *w, const struct seg_switch *s)
{
	size_t m = cv_begin_lt(w, CV_RETURN_ROUTE), t;

	wr_u8(w, s->route_bf ? C85_BF : 0);
	wr_u8(w, s->has_route ? 1 : 0);
	if (s->has_route) {
		t = cv_begin_lt(w, CV_TG_DESC);
		cv46_put(w, &s->tg);
		cv_end_lt(w, t);
	}
	cv_end_lt(w, m);
}

static uint32_t
switch_get(struct rd *r, struct thdr *h)
{
	struct seg_switch *s = &h->sw;
	uint32_t sense = 0;
	struct cv v;

	memset(s, 0, sizeof(*s));
	rd_skip(r, 2);
	while (padded_next(r, &v, SEG_SWITCH, &sense)) {
		if (v.key == CV_SWITCH)
			sense = cv83_get(&v.body, s);
		else if (v.key == CV_RETURN_ROUTE)
			cv85_get(&v.body, s);
		if (sense != 0)
			return sense;
	}
	return sense;
}

static void
switch_put(struct wr *w, const struct seg_switch *s, size_t mark)
{
	wr_u16(w, 0);
	cv83_put(w, s);
	pad4(w, mark);
	cv85_put(w, s);
}

/* EE register row 11: the fields' meaning is rtp's (arb), not the codec's. */
static uint32_t
arb_get(struct rd *r, struct thdr *h)
{
	struct seg_arb *a = &h->arb;
	uint8_t b2 = rd_u8(r), b3 = rd_u8(r);

	a->msg = b2 >> 6;
	a->raa = b2 >> 3 & 7;
	a->parity = b2 >> 2 & 1;
	a->mode = b2 & 3;
	a->rq_corr = b3 >> 4;
	a->rp_corr = b3 & 15;
	a->field[0] = rd_u32(r);
	a->field[1] = rd_u32(r);
	a->field[2] = rd_left(r) >= 8 ? rd_u32(r) : 0;
	a->field[3] = rd_left(r) >= 4 ? rd_u32(r) : 0;
	return 0;
}

static void
arb_put(struct wr *w, const struct seg_arb *a)
{
	wr_u8(w, (a->msg & 3u) << 6 | (a->raa & 7u) << 3 | (a->parity & 1u) << 2 | (a->mode & 3u));
	wr_u8(w, (a->rq_corr & 15u) << 4 | (a->rp_corr & 15u));
	for (int i = 0; i < (a->msg == ARB_SETUP ? 4 : 2); i++)
		wr_u32(w, a->field[i]);
}

static uint32_t
cie_get(struct rd *r, struct thdr *h)
{
	rd_skip(r, 2);
	h->cie_tcid = rd_u64(r);
	return 0;
}

static uint32_t
cob_get(struct rd *r, struct thdr *h)
{
	h->cob = rd_u16(r);
	return 0;
}

static uint32_t
fault_get(struct rd *r, struct thdr *h)
{
	rd_skip(r, 2);
	h->fault = rd_u32(r);
	return 0;
}

/* A segment stands at most once in a THDR (A01AFFxx) and has room for what its
 * key says (A018FFxx); an unknown one is passed over. */
uint32_t
seg_get(struct rd *r, struct thdr *h)
{
	uint8_t *has = NULL;
	uint32_t (*get)(struct rd *, struct thdr *) = NULL;
	uint8_t key;
	uint32_t sense;

	rd_skip(r, 1);
	key = rd_u8(r);
	switch (key) {
	case SEG_SETUP:
		has = &h->has_setup, get = setup_get;
		break;
	case SEG_STATUS:
		has = &h->has_status, get = status_get;
		break;
	case SEG_COB:
		has = &h->has_cob, get = cob_get;
		break;
	case SEG_CIE:
		has = &h->has_cie, get = cie_get;
		break;
	case SEG_FAULT:
		has = &h->has_fault, get = fault_get;
		break;
	case SEG_SWITCH:
		has = &h->has_switch, get = switch_get;
		break;
	case SEG_ARB:
		has = &h->has_arb, get = arb_get;
		break;
	}
	if (has == NULL) {
		h->unknown++;
		return 0;
	}
	if (*has)
		return SENSE_RTP_SEG_TWICE | key;
	sense = get(r, h);
	if (sense == 0 && r->bad)
		sense = seg_length_sense(SEG_IN_THDR, key);
	*has = sense == 0;
	return sense;
}

static size_t
seg_begin(struct wr *w, enum thdr_seg key)
{
	size_t mark = wr_len(w);

	wr_u8(w, 0);
	wr_u8(w, key);
	return mark;
}

static void
seg_end(struct wr *w, size_t mark)
{
	pad4(w, mark);
	wr_set8(w, mark, (wr_len(w) - mark) / 4);
}

/* Order as in the conformance vectors: who, where, what was received, how fast. */
void
seg_put_all(struct wr *w, const struct thdr *h)
{
	size_t m;

	if (h->has_setup) {
		m = seg_begin(w, SEG_SETUP);
		setup_put(w, &h->setup, m);
		seg_end(w, m);
	}
	if (h->has_cie) {
		m = seg_begin(w, SEG_CIE);
		wr_u16(w, 0);
		wr_u64(w, h->cie_tcid);
		seg_end(w, m);
	}
	if (h->has_switch) {
		m = seg_begin(w, SEG_SWITCH);
		switch_put(w, &h->sw, m);
		seg_end(w, m);
	}
	if (h->has_status) {
		m = seg_begin(w, SEG_STATUS);
		status_put(w, &h->status);
		seg_end(w, m);
	}
	if (h->has_arb) {
		m = seg_begin(w, SEG_ARB);
		arb_put(w, &h->arb);
		seg_end(w, m);
	}
	if (h->has_cob) {
		m = seg_begin(w, SEG_COB);
		wr_u16(w, h->cob);
		seg_end(w, m);
	}
	if (h->has_fault) {
		m = seg_begin(w, SEG_FAULT);
		wr_u16(w, 0);
		wr_u32(w, h->fault);
		seg_end(w, m);
	}
}
