/* SPDX-License-Identifier: Apache-2.0
 *
 * xid.c - XID format 3.
 *
 * Before a link works its two ends exchange XIDs: who am I (node ID, CP name),
 * what can I do (flags, HPR capabilities), what do I propose (role, TG number),
 * how far are we (exchange state). 29 bytes are fixed, KL control vectors
 * follow. The exchange itself is xidneg.c's.
 */
#include "snaee/xid.h"

#include "snaee/sense.h"

#define XID_MIN 29              /* shorter ones are refused: 10150001 */
#define XID_SECTION 11          /* DLC dependent section, its length byte included */
#define XID_BTU_DEFAULT 1461    /* RFC 2353 section 2.4.1 */
#define SAP_NLP 0xc8            /* RFC 2353 section 2.6.1 */

#define X8_NO_INIT_SELF 0x80u
#define X8_NO_ALONE_BIND 0x40u
#define X8_WHOLE_GEN 0x20u
#define X8_WHOLE_REQ 0x10u
#define X9_NO_ACTPU 0x80u
#define X9_NN 0x40u
#define X9_CP_SERVICES 0x20u
#define X9_CPCP 0x10u
#define X9_SEC_NONACT 0x02u
#define X9_CPNAME_CHANGE 0x01u
#define X10_PACE_SEND 0x80u
#define X10_PACE_RECV 0x40u
#define X10_QUIESCE 0x20u
#define X10_PU_CAPS 0x10u
#define X10_PBN 0x08u
#define X11_NO_SHARING 0x40u
#define X11_DEDICATED 0x20u
#define X12_S 0x80u
#define X12_C 0x40u
#define X15_PARALLEL 0x80u
#define X15_DLUR 0x40u
#define X15_DLUS_REG 0x20u
#define X15_EHBN 0x10u
#define X15_ODAI 0x08u
#define X15_1123 0x01u
#define X19_ABM 0x40u
#define X20_ABM_NONACT 0x80u
#define X24_SDLC_INIT 0x20u

static uint8_t
bit(uint8_t byte, unsigned mask)
{
	return (byte & mask) != 0;
}

static unsigned
when(uint8_t flag, unsigned mask)
{
	return flag ? mask : 0;
}

/* Bytes 8 to 15. */
static void
flags_get(struct rd *r, struct xid *x)
{
	uint8_t b = rd_u8(r);

	x->no_init_self = bit(b, X8_NO_INIT_SELF);
	x->no_alone_bind = bit(b, X8_NO_ALONE_BIND);
	x->whole_bind_gen = bit(b, X8_WHOLE_GEN);
	x->whole_bind_req = bit(b, X8_WHOLE_REQ);
	b = rd_u8(r);
	x->no_actpu = bit(b, X9_NO_ACTPU);
	x->network_node = bit(b, X9_NN);
	x->cp_services = bit(b, X9_CP_SERVICES);
	x->cpcp = bit(b, X9_CPCP);
	x->state = b >> 2 & 3;
	x->sec_nonact = bit(b, X9_SEC_NONACT);
	x->cpname_change = bit(b, X9_CPNAME_CHANGE);
	b = rd_u8(r);
	x->bind_pace_send = bit(b, X10_PACE_SEND);
	x->bind_pace_recv = bit(b, X10_PACE_RECV);
	x->quiesce = bit(b, X10_QUIESCE);
	x->pu_caps = bit(b, X10_PU_CAPS);
	x->peripheral_bn = bit(b, X10_PBN);
	x->bind_pace_qual = b & 3;
	b = rd_u8(r);
	x->no_tg_sharing = bit(b, X11_NO_SHARING);
	x->dedicated_svc = bit(b, X11_DEDICATED);
	b = rd_u8(r);
	x->neg_sup = bit(b, X12_S);             /* RFC 2353 section 2.5.3 */
	x->neg_done = bit(b, X12_C);
	rd_skip(r, 2);
	b = rd_u8(r);
	x->parallel_tg = bit(b, X15_PARALLEL);
	x->dlur = bit(b, X15_DLUR);
	x->dlus_reg = bit(b, X15_DLUS_REG);
	x->ext_hpr_bn = bit(b, X15_EHBN);
	x->gen_odai = bit(b, X15_ODAI);
	x->branch = b >> 1 & 3;
	x->opt1123 = bit(b, X15_1123);
}

static void
flags_put(struct wr *w, const struct xid *x)
{
	wr_u8(w, when(x->no_init_self, X8_NO_INIT_SELF) |
	    when(x->no_alone_bind, X8_NO_ALONE_BIND) | when(x->whole_bind_gen, X8_WHOLE_GEN) |
	    when(x->whole_bind_req, X8_WHOLE_REQ));
	wr_u8(w, when(x->no_actpu, X9_NO_ACTPU) | when(x->network_node, X9_NN) |
	    when(x->cp_services, X9_CP_SERVICES) | when(x->cpcp, X9_CPCP) |
	    (x->state & 3u) << 2 | when(x->sec_nonact, X9_SEC_NONACT) |
	    when(x->cpname_change, X9_CPNAME_CHANGE));
	wr_u8(w, when(x->bind_pace_send, X10_PACE_SEND) |
	    when(x->bind_pace_recv, X10_PACE_RECV) | when(x->quiesce, X10_QUIESCE) |
	    when(x->pu_caps, X10_PU_CAPS) | when(x->peripheral_bn, X10_PBN) |
	    (x->bind_pace_qual & 3u));
	wr_u8(w, when(x->no_tg_sharing, X11_NO_SHARING) | when(x->dedicated_svc, X11_DEDICATED));
	wr_u8(w, when(x->neg_sup, X12_S) | when(x->neg_done, X12_C));
	wr_u16(w, 0);
	wr_u8(w, when(x->parallel_tg, X15_PARALLEL) | when(x->dlur, X15_DLUR) |
	    when(x->dlus_reg, X15_DLUS_REG) | when(x->ext_hpr_bn, X15_EHBN) |
	    when(x->gen_odai, X15_ODAI) | (x->branch & 3u) << 1 | when(x->opt1123, X15_1123));
}

/* Bytes 18 to 28, the SDLC form, which 802.2 links send too. A shorter section
 * is taken as negotiable and with the BTU every EE link has; EE register row 15. */
static void
section_get(struct rd *r, struct xid *x)
{
	size_t n = rd_u8(r);
	struct rd s;
	uint8_t b;

	if (n < XID_SECTION) {
		rd_skip(r, n > 0 ? n - 1 : 0);
		x->role = XID_NEG;
		x->max_btu = XID_BTU_DEFAULT;
		x->abm = x->txrx = 1;
		x->max_iframes = 7;
		return;
	}
	s = rd_sub(r, n - 1);
	b = rd_u8(&s);
	x->abm = bit(b, X19_ABM);
	x->role = b >> 4 & 3;
	x->short_hold = b >> 2 & 3;
	x->txrx = b & 3;
	x->abm_nonact = bit(rd_u8(&s), X20_ABM_NONACT);
	x->max_btu = rd_u16(&s) & 0x7fff;
	x->profile = rd_u8(&s);
	x->sdlc_init = bit(rd_u8(&s), X24_SDLC_INIT);
	rd_skip(&s, 2);
	x->max_iframes = rd_u8(&s) & 0x7f;
}

static void
section_put(struct wr *w, const struct xid *x)
{
	wr_u8(w, XID_SECTION);
	wr_u8(w, when(x->abm, X19_ABM) | (x->role & 3u) << 4 | (x->short_hold & 3u) << 2 |
	    (x->txrx & 3u));
	wr_u8(w, when(x->abm_nonact, X20_ABM_NONACT));
	wr_u16(w, x->max_btu & 0x7fffu);
	wr_u8(w, x->profile);
	wr_u8(w, when(x->sdlc_init, X24_SDLC_INIT));
	wr_u16(w, 0);
	wr_u8(w, x->max_iframes & 0x7fu);
	wr_u8(w, 0);
}

/* Byte offset, bit offset, sense: RFC 2455, appnLsStatusXid. */
bool
cv22_get(struct rd *r, struct xid_error *e)
{
	e->offset = rd_u16(r);
	e->bit = rd_u8(r);
	e->sense = rd_u32(r);
	return !r->bad;
}

void
cv22_put(struct wr *w, const struct xid_error *e)
{
	wr_u16(w, e->offset);
	wr_u8(w, e->bit);
	wr_u32(w, e->sense);
}

#define C61_RTP 0x80u
#define C61_CONTROL_FLOWS 0x40u
#define C61_LDLC 0x20u
#define SF_LLC 0x80             /* IEEE 802.2 LLC: RFC 2353 section 2.5.3 */
#define SF_NCE 0x81             /* ours: NCE and ANR labels of this link */

static void
counted_label_get(struct rd *r, struct label *l)
{
	size_t n = rd_u8(r);

	if (n == 0 || r->bad || !label_get(r, n, l))
		memset(l, 0, sizeof(*l));
}

static void
counted_label_put(struct wr *w, const struct label *l)
{
	wr_u8(w, l->len);
	label_put(w, l);
}

/* A chain of subfields from here, with the SAP one among them? */
static bool
hpr_chain(struct rd r, struct xid_hpr *h)
{
	struct cv sf;

	while (cv_next_lt(&r, &sf)) {
		if (sf.key == SF_LLC && rd_left(&sf.body) > 0) {
			h->sap = rd_u8(&sf.body) & 0xfe;
			h->has_sap = 1;
		} else if (sf.key == SF_NCE) {
			counted_label_get(&sf.body, &h->cp);
			counted_label_get(&sf.body, &h->rsetup);
			counted_label_get(&sf.body, &h->lu);
			counted_label_get(&sf.body, &h->tg);
			h->instance = rd_left(&sf.body) >= 4 ? rd_u32(&sf.body) : 0;
			h->has_nce = 1;
		}
	}
	return !r.bad && h->has_sap;
}

/*
 * EE register rows 1 and 2: where the flags stand and how labels are told is not
 * public. Ours: one byte of flags, then LT subfields 80 (SAP) and 81 (labels).
 * Read so, or as a chain that begins at once; otherwise CV 61 means HPR, SAP C8.
 */
bool
cv61_get(struct rd *r, struct xid_hpr *h)
{
	struct rd chain = *r;
	uint8_t flags = rd_u8(&chain);

	memset(h, 0, sizeof(*h));
	if (hpr_chain(chain, h)) {
		h->rtp = bit(flags, C61_RTP);
		h->control_flows = bit(flags, C61_CONTROL_FLOWS);
		h->ldlc = bit(flags, C61_LDLC);
		return true;
	}
	memset(h, 0, sizeof(*h));
	if (!hpr_chain(*r, h))
		memset(h, 0, sizeof(*h));
	if (!h->has_sap)
		h->sap = SAP_NLP;
	h->rtp = h->control_flows = h->ldlc = 1;
	return true;
}

/* EE register rows 1 and 2: the writing side. */
void
cv61_put(struct wr *w, const struct xid_hpr *h)
{
	size_t m;

	wr_u8(w, when(h->rtp, C61_RTP) | when(h->control_flows, C61_CONTROL_FLOWS) |
	    when(h->ldlc, C61_LDLC));
	if (h->has_sap) {
		m = cv_begin_lt(w, SF_LLC);
		wr_u8(w, h->sap);
		cv_end_lt(w, m);
	}
	if (h->has_nce) {
		m = cv_begin_lt(w, SF_NCE);
		counted_label_put(w, &h->cp);
		counted_label_put(w, &h->rsetup);
		counted_label_put(w, &h->lu);
		counted_label_put(w, &h->tg);
		if (h->instance != 0)
			wr_u32(w, h->instance);
		cv_end_lt(w, m);
	}
}

/* General form of a control vector error: key, offset in the vector. */
static uint32_t
cv_error(uint8_t key, unsigned offset)
{
	return SENSE_CV_ERROR | (uint32_t)key << 8 | offset;
}

static uint32_t
product_get(struct rd *r, struct xid *x)
{
	size_t n = rd_left(r);

	if (n == 0 || n > sizeof(x->product))
		return 0;               /* nothing we would show */
	if (x->product_len != 0 && (x->product_len != n || memcmp(x->product, r->p, n) != 0))
		return SENSE_XID_PRODUCT;
	memcpy(x->product, r->p, n);
	x->product_len = (uint8_t)n;
	return 0;
}

static uint32_t
name_vector_get(struct rd *r, struct xid *x)
{
	struct sna_name nm;
	uint8_t type;

	if (!cv0e_get(r, &type, &nm))
		return cv_error(CV_NAME, 3);
	if (type == CVN_CP || type == CVN_NNCP) {
		x->cpname = nm;
		x->has_cpname = 1;
	}
	return 0;
}

static uint32_t
vector_get(struct cv *v, struct xid *x)
{
	switch (v->key) {
	case CV_NAME:
		return name_vector_get(&v->body, x);
	case CV_PRODUCT:
		return product_get(&v->body, x);
	case CV_XID_ERROR:
		x->has_error = cv22_get(&v->body, &x->error);
		return x->has_error ? 0 : cv_error(v->key, 2);
	case CV_TG_DESC:
		/* No subfield 80: as if the vector were not there, 088C4680. */
		x->has_tg = cv46_get(&v->body, &x->tg);
		return v->body.bad ? cv_error(v->key, 2) : 0;
	case CV_HPR:
		x->has_hpr = cv61_get(&v->body, &x->hpr);
		return 0;
	}
	return 0;                       /* skipped by its length */
}

bool
xid_get(struct rd *r, struct xid *x, uint32_t *sense)
{
	size_t n = rd_left(r), length;
	struct cv v;
	uint8_t b = rd_u8(r);

	memset(x, 0, sizeof(*x));
	x->format = b >> 4;
	x->node_type = b & 15;
	length = rd_u8(r);
	*sense = n < XID_MIN ? SENSE_XID_SHORT : x->format != 3 ? SENSE_XID_FORMAT :
	    length != n ? SENSE_XID_LENGTH : 0;
	if (*sense != 0)
		return false;
	x->nodeid = rd_u32(r);
	rd_skip(r, 2);
	flags_get(r, x);
	x->tgn = rd_u8(r);
	x->dlc_type = rd_u8(r);
	section_get(r, x);
	while (cv_next_kl(r, &v)) {
		*sense = vector_get(&v, x);
		if (*sense != 0)
			return false;
	}
	if (r->bad)
		*sense = SENSE_CV_LENGTHS;
	return !r->bad;
}

static void
vectors_put(struct wr *w, const struct xid *x)
{
	size_t m;

	if (x->has_cpname) {
		m = cv_begin_kl(w, CV_NAME);
		cv0e_put(w, CVN_CP, &x->cpname);
		cv_end_kl(w, m);
	}
	if (x->product_len > 0) {
		m = cv_begin_kl(w, CV_PRODUCT);
		wr_bytes(w, x->product, x->product_len);
		cv_end_kl(w, m);
	}
	if (x->has_tg) {
		m = cv_begin_kl(w, CV_TG_DESC);
		cv46_put(w, &x->tg);
		cv_end_kl(w, m);
	}
	if (x->has_hpr) {
		m = cv_begin_kl(w, CV_HPR);
		cv61_put(w, &x->hpr);
		cv_end_kl(w, m);
	}
	if (x->has_error) {
		m = cv_begin_kl(w, CV_XID_ERROR);
		cv22_put(w, &x->error);
		cv_end_kl(w, m);
	}
}

void
xid_put(struct wr *w, const struct xid *x)
{
	size_t mark = wr_len(w);

	wr_u8(w, (x->format & 15u) << 4 | (x->node_type & 15u));
	wr_u8(w, 0);
	wr_u32(w, x->nodeid);
	wr_u16(w, 0);
	flags_put(w, x);
	wr_u8(w, x->tgn);
	wr_u8(w, x->dlc_type);
	section_put(w, x);
	vectors_put(w, x);
	wr_set8(w, mark + 1, wr_len(w) - mark);
}

/* "Send value" of every field: ee-hpr-rtp 3.1 and 8. */
void
xid_init(struct xid *x)
{
	memset(x, 0, sizeof(*x));
	x->format = 3;
	x->node_type = 2;
	x->no_init_self = 1;
	x->whole_bind_gen = x->whole_bind_req = 1;
	x->no_actpu = 1;
	x->state = XID_PN;
	x->bind_pace_send = x->bind_pace_recv = 1;
	x->parallel_tg = 1;
	x->dlc_type = 1;
	x->abm = 1;
	x->role = XID_NEG;
	x->txrx = 1;
	x->max_btu = XID_BTU_DEFAULT;
	x->max_iframes = 7;
	x->has_hpr = 1;
	x->hpr.rtp = x->hpr.control_flows = x->hpr.ldlc = 1;
	x->hpr.has_sap = 1;
	x->hpr.sap = SAP_NLP;
}

bool
xid_same(const struct xid *a, const struct xid *b)
{
	uint8_t wa[XID_MAX], wb[XID_MAX];
	struct wr a_to = wr_on(wa, sizeof(wa)), b_to = wr_on(wb, sizeof(wb));

	xid_put(&a_to, a);
	xid_put(&b_to, b);
	return !a_to.bad && !b_to.bad && wr_len(&a_to) == wr_len(&b_to) &&
	    memcmp(wa, wb, wr_len(&a_to)) == 0;
}

#define SV_PRODUCT 0x11         /* MS subvector: product identifier */
#define PRODUCT_NON_IBM_SW 0x0c
enum product_sf { PSF_LEVEL = 0x04, PSF_NAME = 0x06, PSF_NUMBER = 0x08, PSF_VENDOR = 0x0f };

static void
text_lt(struct wr *w, enum product_sf key, const char *s, size_t width)
{
	size_t n = strnlen(s, 30), at = wr_len(w);
	uint8_t ebc[32];

	ebc_put(ebc, s, n);
	wr_u8(w, 0);
	wr_u8(w, key);
	wr_bytes(w, ebc, n);
	if (n < width)
		wr_fill(w, 0x40, width - n);
	wr_set8(w, at, wr_len(w) - at);
}

void
xid_set_product(struct xid *x, const char *level, const char *name, const char *number,
    const char *vendor)
{
	struct wr w = wr_on(x->product, sizeof(x->product));

	wr_u8(&w, 0);
	wr_u8(&w, 0);
	wr_u8(&w, SV_PRODUCT);
	wr_u8(&w, PRODUCT_NON_IBM_SW);
	text_lt(&w, PSF_LEVEL, level, 6);
	text_lt(&w, PSF_NAME, name, 0);
	text_lt(&w, PSF_NUMBER, number, 7);
	text_lt(&w, PSF_VENDOR, vendor, 16);
	wr_set8(&w, 1, wr_len(&w) - 1);
	x->product_len = w.bad ? 0 : (uint8_t)wr_len(&w);
}

void
xid_product_name(const struct xid *x, char to[32])
{
	struct rd r = rd_on(x->product, x->product_len);
	struct cv sv, sf;
	size_t n;

	to[0] = 0;
	rd_skip(&r, 1);
	if (!cv_next_lt(&r, &sv) || sv.key != SV_PRODUCT)
		return;
	rd_skip(&sv.body, 1);
	while (cv_next_lt(&sv.body, &sf)) {
		if (sf.key != PSF_NAME)
			continue;
		n = rd_left(&sf.body) < 31 ? rd_left(&sf.body) : 31;
		asc_put(to, sf.body.p, n);
		for (size_t i = 0; i < n; i++)
			if (to[i] < ' ' || to[i] > '~')
				to[i] = '?';    /* it reaches logs and consoles */
		to[n] = 0;
		return;
	}
}

const char *
xid_role_name(unsigned role)
{
	static const char *const names[4] = { "SEC", "PRI", "RESERVED", "NEG" };

	return names[role & 3];
}

const char *
xid_state_name(unsigned state)
{
	static const char *const names[4] = { "NOT SUPPORTED", "NP", "PN", "NONACT" };

	return names[state & 3];
}
