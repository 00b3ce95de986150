/* SPDX-License-Identifier: Apache-2.0
 *
 * gds.c - GDS variables of CP-CP sessions, FM headers 5 and 7.
 *
 * Control points talk in LU 6.2 conversations: FMH-5 attaches the partner's
 * service program, then come GDS variables (LL, ID, data), FMH-7 says what went
 * wrong. CP capabilities open a CP-CP session, topology updates describe nodes
 * and links, Locate with Find, Found and CDINIT searches and sets up sessions.
 *
 * Of 12C1, 12C2, 12C4, 12C5, 12CA and 12CB only identifiers, contents and a few
 * offsets are public. The rest of the layout is project-private: for nodes of
 * ours among themselves (sna-sessions 6.5, 7).
 */
#include "snaee/gds.h"

#include "snaee/sense.h"

#define LL_CONT 0x8000u
#define LL_LEN 0x7fffu
#define GDS_HEAD 4

bool
gds_next(struct rd *r, struct gds *g)
{
	uint16_t ll;

	if (r->bad || rd_left(r) == 0)
		return false;
	ll = rd_u16(r);
	g->id = rd_u16(r);
	g->cont = (ll & LL_CONT) != 0;
	if ((ll & LL_LEN) < GDS_HEAD) {
		r->bad = true;
		return false;
	}
	g->body = rd_sub(r, (ll & LL_LEN) - (size_t)GDS_HEAD);
	return !r->bad;
}

size_t
gds_begin(struct wr *w, enum gds_id id)
{
	wr_u16(w, 0);
	wr_u16(w, id);
	return wr_len(w);
}

void
gds_end(struct wr *w, size_t mark)
{
	if (wr_len(w) - mark + GDS_HEAD > LL_LEN)
		w->bad = true;
	wr_set16(w, mark - GDS_HEAD, wr_len(w) - mark + GDS_HEAD);
}

const char *
gds_name(unsigned id)
{
	switch ((enum gds_id)id) {
	case GDS_CNOS:
		return "CNOS";
	case GDS_CPCAP:
		return "CP capabilities";
	case GDS_TDU:
		return "TDU";
	case GDS_REGISTER:
		return "Register";
	case GDS_LOCATE:
		return "Locate";
	case GDS_CDINIT:
		return "CDINIT";
	case GDS_DELETE:
		return "Delete";
	case GDS_FIND:
		return "Find";
	case GDS_FOUND:
		return "Found";
	case GDS_NOTIFY:
		return "Notify";
	case GDS_ROUTE_SETUP:
		return "Route Setup";
	case GDS_ERROR_LOG:
		return "error log";
	case GDS_USER_DATA:
		return "user control data";
	case GDS_PIP:
		return "PIP";
	case GDS_DATA:
		return "data";
	case GDS_MDS_MU:
		return "MDS-MU";
	case GDS_FID2:
		return "FID2 encapsulation";
	}
	return "GDS variable";
}

#define FMH5_TYPE 0x05
#define FMH5_ATTACH 0x02ff
#define F5_VERIFIED 0x80u
#define F5_SUBSTITUTE 0x10u
#define F5_PIP 0x08u
#define F5_FIXED 3              /* length of the fixed parameters */
#define F5_BASIC 0xd0
#define F5_MAPPED 0xd1

bool
fmh5_get(struct rd *r, struct fmh5 *f)          /* sna-sessions 2.10 */
{
	size_t n = rd_u8(r);
	struct rd h = rd_sub(r, n > 0 ? n - 1 : 0), fixed;
	uint8_t type = rd_u8(&h), flags;
	uint16_t command = rd_u16(&h);
	const uint8_t *tpn;

	memset(f, 0, sizeof(*f));
	flags = rd_u8(&h);
	f->verified = (flags & F5_VERIFIED) != 0;
	f->substitute = (flags & F5_SUBSTITUTE) != 0;
	f->pip = (flags & F5_PIP) != 0;
	fixed = rd_sub(&h, rd_u8(&h));
	f->mapped = rd_u8(&fixed) == F5_MAPPED;
	rd_skip(&fixed, 1);
	f->sync = rd_u8(&fixed) >> 6;
	n = rd_u8(&h);
	tpn = rd_bytes(&h, n);
	if (r->bad || h.bad || fixed.bad || type != FMH5_TYPE || command != FMH5_ATTACH ||
	    n > TPN_MAX)
		return false;
	memcpy(f->tpn, tpn, n);
	f->tpn_len = (uint8_t)n;
	return true;                    /* security, LUWID and correlator are not for us */
}

void
fmh5_put(struct wr *w, const struct fmh5 *f)
{
	size_t at = wr_len(w);

	wr_u8(w, 0);
	wr_u8(w, FMH5_TYPE);
	wr_u16(w, FMH5_ATTACH);
	wr_u8(w, (f->verified ? F5_VERIFIED : 0) | (f->substitute ? F5_SUBSTITUTE : 0) |
	    (f->pip ? F5_PIP : 0));
	wr_u8(w, F5_FIXED);
	wr_u8(w, f->mapped ? F5_MAPPED : F5_BASIC);
	wr_u8(w, 0);
	wr_u8(w, (f->sync & 3u) << 6);
	wr_u8(w, f->tpn_len);
	wr_bytes(w, f->tpn, f->tpn_len);
	wr_u8(w, 0);                    /* no security subfields */
	wr_set8(w, at, wr_len(w) - at);
}

bool
fmh5_is(const struct fmh5 *f, const char tpn[4])
{
	return f->tpn_len == 4 && memcmp(f->tpn, tpn, 4) == 0;
}

struct fmh5
fmh5_for(const char tpn[4])
{
	struct fmh5 f = { .tpn_len = 4 };

	memcpy(f.tpn, tpn, 4);
	return f;
}

#define FMH7_LEN 7
#define F7_LOG 0x80u

bool
fmh7_get(struct rd *r, struct fmh7 *f)          /* sna-sessions 2.10 */
{
	uint8_t n = rd_u8(r), type = rd_u8(r);

	f->sense = rd_u32(r);
	f->log = (rd_u8(r) & F7_LOG) != 0;
	return !r->bad && n == FMH7_LEN && type == 0x07;
}

void
fmh7_put(struct wr *w, const struct fmh7 *f)
{
	wr_u8(w, FMH7_LEN);
	wr_u8(w, 0x07);
	wr_u32(w, f->sense);
	wr_u8(w, f->log ? F7_LOG : 0);
}

/* Project-private layout: support indicators, then the FRSN. */
bool
cpcap_get(struct rd *r, struct cpcap *c)
{
	c->support = rd_u32(r);
	c->frsn = rd_u32(r);
	return !r->bad;
}

/* Project-private layout, the writing side. */
void
cpcap_put(struct wr *w, const struct cpcap *c)
{
	size_t m = gds_begin(w, GDS_CPCAP);

	wr_u32(w, c->support);
	wr_u32(w, c->frsn);
	gds_end(w, m);
}

/* Project-private layout of the fixed part: the two FRSNs. */
bool
tdu_get(struct rd *r, struct tdu *t)
{
	t->frsn = rd_u32(r);
	t->last_frsn = rd_u32(r);
	return !r->bad;
}

/* Project-private layout of the fixed part, the writing side. */
void
tdu_put(struct wr *w, const struct tdu *t)
{
	wr_u32(w, t->frsn);
	wr_u32(w, t->last_frsn);
}

/* CV 48 behind a record, if it is there: one byte, days to live (0-15). */
static uint8_t
days_get(struct rd *r)
{
	struct rd ahead = *r;
	struct cv v;

	if (!cv_next_lt(&ahead, &v) || v.key != CV_RESOURCE)
		return 0;
	*r = ahead;
	return rd_u8(&v.body) & 15;
}

static bool
node_rec_get(struct rd *r, struct cv *v, struct tdu_rec *t)
{
	t->kind = TDU_NODE;
	if (t->of.node.len == 0 || !cv45_get(&v->body, &t->node))
		return false;
	t->days = days_get(r);
	return true;
}

static bool
tg_rec_get(struct rd *r, struct cv *v, struct tdu_rec *t)
{
	struct cv c;

	t->kind = TDU_TG;
	if (t->of.node.len == 0 || !cv46_get(&v->body, &t->tg))
		return false;
	if (!cv_next_lt(r, &c) || c.key != CV_TG_CHAR || !cv47_get(&c.body, &t->tgc))
		return false;
	t->days = days_get(r);
	return true;
}

/* Node: CV 44, 45, 48. TG: CV 44 of its owner (our choice), 46, 47, 48. */
bool
tdu_next(struct rd *r, struct tdu_rec *t, uint32_t *sense)
{
	struct cv v;
	bool good = true;

	*sense = 0;
	while (good && cv_next_lt(r, &v)) {
		if (v.key == CV_NODE_DESC) {
			good = cv44_get(&v.body, &t->of);
		} else if (v.key == CV_NODE_CHAR) {
			good = node_rec_get(r, &v, t);
			if (good)
				return true;
		} else if (v.key == CV_TG_DESC) {
			good = tg_rec_get(r, &v, t);
			if (good)
				return true;
		}
	}
	if (!good || r->bad)
		*sense = SENSE_TDU_CV_ORDER;
	return false;
}

void
tdu_rec_put(struct wr *w, const struct tdu_rec *t)
{
	size_t m = cv_begin_lt(w, CV_NODE_DESC);

	cv44_put(w, &t->of);
	cv_end_lt(w, m);
	if (t->kind == TDU_NODE) {
		m = cv_begin_lt(w, CV_NODE_CHAR);
		cv45_put(w, &t->node);
		cv_end_lt(w, m);
	} else {
		m = cv_begin_lt(w, CV_TG_DESC);
		cv46_put(w, &t->tg);
		cv_end_lt(w, m);
		m = cv_begin_lt(w, CV_TG_CHAR);
		cv47_put(w, &t->tgc);
		cv_end_lt(w, m);
	}
	m = cv_begin_lt(w, CV_RESOURCE);
	wr_u8(w, t->days);
	cv_end_lt(w, m);
}
