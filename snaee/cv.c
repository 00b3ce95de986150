/* SPDX-License-Identifier: Apache-2.0
 *
 * cv.c - control vectors.
 *
 * The same vector appears with two heads. KL: key, length of the data. LT:
 * length of the whole (head included), key. Which one it is depends on where
 * it stands, never on the key, so the callers choose.
 */
#include "snaee/cv.h"

bool
cv_next_kl(struct rd *r, struct cv *v)
{
	if (r->bad || rd_left(r) == 0)
		return false;
	v->key = rd_u8(r);
	v->body = rd_sub(r, rd_u8(r));
	return !r->bad;
}

bool
cv_next_lt(struct rd *r, struct cv *v)
{
	size_t n;

	if (r->bad || rd_left(r) == 0)
		return false;
	n = rd_u8(r);
	v->key = rd_u8(r);
	if (n < 2) {
		r->bad = true;          /* a length that never moves on */
		return false;
	}
	v->body = rd_sub(r, n - 2);
	return !r->bad;
}

size_t
cv_begin_kl(struct wr *w, enum cv_key key)
{
	wr_u8(w, key);
	wr_u8(w, 0);
	return wr_len(w);
}

void
cv_end_kl(struct wr *w, size_t mark)
{
	wr_set8(w, mark - 1, wr_len(w) - mark);
}

size_t
cv_begin_lt(struct wr *w, enum cv_key key)
{
	wr_u8(w, 0);
	wr_u8(w, key);
	return wr_len(w);
}

void
cv_end_lt(struct wr *w, size_t mark)
{
	wr_set8(w, mark - 2, wr_len(w) - mark + 2);
}

bool
label_eq(const struct label *a, const struct label *b)
{
	return a->len == b->len && memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

bool
label_get(struct rd *r, size_t n, struct label *l)
{
	const uint8_t *p;

	memset(l, 0, sizeof(*l));
	p = rd_bytes(r, n);
	if (p == NULL || n == 0 || n > LABEL_MAX)
		return false;
	memcpy(l->b, p, n);
	l->len = (uint8_t)n;
	return true;
}

void
label_put(struct wr *w, const struct label *l)
{
	wr_bytes(w, l->b, l->len);
}

bool
cv0e_get(struct rd *r, uint8_t *type, struct sna_name *nm)
{
	*type = rd_u8(r);
	return name_get(r, rd_left(r), nm) && nm->len > 0;
}

void
cv0e_put(struct wr *w, enum cv_name type, const struct sna_name *nm)
{
	wr_u8(w, type);
	name_put(w, nm);
}

/* PCID, length of the CP name, CP name: sna-sessions 6.3. */
bool
cv60_get(struct rd *r, struct fqpcid *f)
{
	const uint8_t *p = rd_bytes(r, sizeof(f->pcid));

	memset(f, 0, sizeof(*f));
	if (p == NULL)
		return false;
	memcpy(f->pcid, p, sizeof(f->pcid));
	if (name_get(r, rd_u8(r), &f->cp))
		return true;
	memset(f, 0, sizeof(*f));
	return false;
}

void
cv60_put(struct wr *w, const struct fqpcid *f)
{
	wr_bytes(w, f->pcid, sizeof(f->pcid));
	wr_u8(w, f->cp.len);
	name_put(w, &f->cp);
}

bool
fqpcid_eq(const struct fqpcid *a, const struct fqpcid *b)
{
	return memcmp(a->pcid, b->pcid, sizeof(a->pcid)) == 0 && name_eq(&a->cp, &b->cp);
}

#define COS_NETWORK 0x04u
#define COS_TPF 0x03u

bool
cv2c_get(struct rd *r, struct cos_tpf *c)
{
	uint8_t flags = rd_u8(r);

	memset(c, 0, sizeof(*c));
	c->tpf = flags & COS_TPF;
	c->network = (flags & COS_NETWORK) != 0;
	if (name_get(r, rd_u8(r), &c->cos) && c->cos.len <= 8)
		return true;
	memset(c, 0, sizeof(*c));
	return false;
}

/* Always 8 characters, as real vectors have it: sna-sessions 6.6. */
void
cv2c_put(struct wr *w, const struct cos_tpf *c)
{
	wr_u8(w, (c->network ? COS_NETWORK : 0) | (c->tpf & COS_TPF));
	wr_u8(w, 8);
	name_put8(w, &c->cos);
}

/* EE register row 6: subfields are LT, and behind the name come flags and a
 * subarea number. Read with any tail; written with flags, as we know them. */
#define SF_TG_ID 0x80
#define SF_SIGNALING 0x91
#define SF_IP_LSAP 0xa5

static bool
tg_id_get(struct rd *r, struct cv46 *t)
{
	t->tgn = rd_u8(r);
	if (r->bad)
		return false;
	if (rd_left(r) == 0)
		return true;
	if (!name_get(r, rd_u8(r), &t->partner))
		return false;
	t->has_flags = rd_left(r) > 0;
	t->flags = t->has_flags ? rd_u8(r) : 0;
	t->has_subarea = rd_left(r) >= 4;
	t->subarea = t->has_subarea ? rd_u32(r) : 0;
	return true;
}

/* RFC 2353 section 2.5.2 names what is in A5: IP version, address, LSAP. That they stand in
 * this order, each whole bytes, is our choice (unverified). */
static void
ip_lsap_get(struct rd *r, struct cv46 *t)
{
	uint8_t fam = rd_u8(r);
	size_t n = fam == 4 ? 4 : 16;

	if ((fam != 4 && fam != 6) || rd_left(r) < n + 1)
		return;                 /* as if it were not there: 086D46A5 */
	memset(&t->ip, 0, sizeof(t->ip));
	t->ip.fam = fam;
	memcpy(t->ip.b, r->p, n);
	rd_skip(r, n);
	t->lsap = rd_u8(r);
}

bool
cv46_get(struct rd *r, struct cv46 *t)
{
	bool named = false;
	struct cv sf;

	memset(t, 0, sizeof(*t));
	while (cv_next_lt(r, &sf)) {
		if (sf.key == SF_IP_LSAP)
			ip_lsap_get(&sf.body, t);
		if (sf.key != SF_TG_ID || named)
			continue;
		named = true;
		if (!tg_id_get(&sf.body, t))
			return false;
	}
	return named;
}

/* Subfield 91, DLC signaling type: which number IP has is not public; 1 is our choice. */
static void
signaling_put(struct wr *w, const struct cv46 *t)
{
	size_t mark = cv_begin_lt(w, SF_SIGNALING);

	wr_u8(w, 1);
	cv_end_lt(w, mark);
	mark = cv_begin_lt(w, SF_IP_LSAP);
	wr_u8(w, t->ip.fam);
	wr_bytes(w, t->ip.b, t->ip.fam == 4 ? 4 : 16);
	wr_u8(w, t->lsap);
	cv_end_lt(w, mark);
}

void
cv46_put(struct wr *w, const struct cv46 *t)
{
	size_t mark = cv_begin_lt(w, SF_TG_ID);

	wr_u8(w, t->tgn);
	wr_u8(w, t->partner.len);
	name_put(w, &t->partner);
	if (t->has_flags || t->has_subarea)
		wr_u8(w, t->flags);
	if (t->has_subarea)
		wr_u32(w, t->subarea);
	cv_end_lt(w, mark);
	if (t->ip.fam != 0)
		signaling_put(w, t);
}

/* Bytes 6-21 are what VTAM displays as TG characteristics: RFC 2455, sna-sessions 6.3. */
bool
cv47_get(struct rd *r, struct cv47 *c)
{
	memset(c, 0, sizeof(*c));
	c->rsn = rd_u32(r);
	c->flags = rd_u8(r);
	c->capacity = rd_u8(r);
	rd_skip(r, 5);
	c->cost_time = rd_u8(r);
	c->cost_byte = rd_u8(r);
	rd_skip(r, 1);
	c->security = rd_u8(r);
	c->delay = rd_u8(r);
	rd_skip(r, 1);
	for (int i = 0; i < 3; i++)
		c->user[i] = rd_u8(r);
	return !r->bad;
}

void
cv47_put(struct wr *w, const struct cv47 *c)
{
	wr_u32(w, c->rsn);
	wr_u8(w, c->flags);
	wr_u8(w, c->capacity);
	wr_fill(w, 0, 5);
	wr_u8(w, c->cost_time);
	wr_u8(w, c->cost_byte);
	wr_u8(w, 0);
	wr_u8(w, c->security);
	wr_u8(w, c->delay);
	wr_u8(w, 0);
	wr_bytes(w, c->user, sizeof(c->user));
}

#define SF_NODE_CHAR 0x80

bool
cv45_get(struct rd *r, struct cv45 *n)
{
	struct cv sf;

	memset(n, 0, sizeof(*n));
	while (cv_next_lt(r, &sf)) {
		if (sf.key != SF_NODE_CHAR)
			continue;
		n->rsn = rd_u32(&sf.body);
		n->rar = rd_u8(&sf.body);
		n->f7 = rd_u8(&sf.body);
		n->f8 = rd_u8(&sf.body);
		n->f9 = rd_u8(&sf.body);
		return !sf.body.bad;
	}
	return false;
}

void
cv45_put(struct wr *w, const struct cv45 *n)
{
	size_t mark = cv_begin_lt(w, SF_NODE_CHAR);

	wr_u32(w, n->rsn);
	wr_u8(w, n->rar);
	wr_u8(w, n->f7);
	wr_u8(w, n->f8);
	wr_u8(w, n->f9);
	cv_end_lt(w, mark);
}

/* CP name length, name, length of a reserved field, flags: sna-sessions 6.3. */
#define ND_VRN 0x80u

bool
cv44_get(struct rd *r, struct cv44 *d)
{
	memset(d, 0, sizeof(*d));
	if (!name_get(r, rd_u8(r), &d->node) || d->node.len == 0)
		return false;
	rd_skip(r, rd_u8(r));
	d->vrn = (rd_u8(r) & ND_VRN) != 0;
	return !r->bad;
}

void
cv44_put(struct wr *w, const struct cv44 *d)
{
	wr_u8(w, d->node.len);
	name_put(w, &d->node);
	wr_u8(w, 0);
	wr_u8(w, d->vrn ? ND_VRN : 0);
}

bool
cv2b_get(struct rd *r, struct rscv *v)
{
	struct cv c;

	memset(v, 0, sizeof(*v));
	v->max_hops = rd_u8(r);
	v->cur_hop = rd_u8(r);
	while (cv_next_lt(r, &c)) {
		if (c.key != CV_TG_DESC || v->n == RSCV_HOPS)
			continue;
		if (!cv46_get(&c.body, &v->hop[v->n]))
			return false;
		v->n++;
	}
	return !r->bad;
}

void
cv2b_put(struct wr *w, const struct rscv *v)
{
	wr_u8(w, v->max_hops);
	wr_u8(w, v->cur_hop);
	for (unsigned i = 0; i < v->n; i++) {
		size_t mark = cv_begin_lt(w, CV_TG_DESC);

		cv46_put(w, &v->hop[i]);
		cv_end_lt(w, mark);
	}
}

/* Sense first; more may follow (unverified). */
bool
cv35_get(struct rd *r, uint32_t *sense)
{
	*sense = rd_u32(r);
	return !r->bad;
}

void
cv35_put(struct wr *w, uint32_t sense)
{
	wr_u32(w, sense);
}
