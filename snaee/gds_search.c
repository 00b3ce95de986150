/* SPDX-License-Identifier: Apache-2.0
 *
 * gds_search.c - the search message: Locate, Find or Found, CDINIT.
 *
 * One message on a CP-CP conversation. Locate says which search it is and where
 * it goes, Find what is looked for, Found where it is, CDINIT which session is
 * wanted and over which links the origin can be reached. Layouts project-private
 * (gds.c says why); the offsets that are public are kept.
 */
#include "snaee/gds.h"
#include "snaee/sense.h"

#define L_REPLY 0x80u
#define L_BROADCAST 0x40u
#define L_INCOMPLETE 0x20u
#define COMMAND_WILDCARD 0x80u
#define RT_CP 0x00f4            /* resource types: sna-sessions 6.3, CV 3C */
#define RT_NNCP 0x00f6

static void
name_vector(struct wr *w, enum cv_name type, const struct sna_name *n)
{
	size_t m;

	if (n->len == 0)
		return;
	m = cv_begin_lt(w, CV_NAME);
	cv0e_put(w, type, n);
	cv_end_lt(w, m);
}

/* CV 3C, 3D and 82: a resource type, then the name. */
static void
entry_put(struct wr *w, enum cv_key key, unsigned type, const struct sna_name *n)
{
	size_t m;

	if (n->len == 0)
		return;
	m = cv_begin_lt(w, key);
	wr_u16(w, type);
	name_put(w, n);
	cv_end_lt(w, m);
}

static bool
entry_get(struct rd *r, uint16_t *type, struct sna_name *n)
{
	*type = rd_u16(r);
	return name_get(r, rd_left(r), n) && n->len > 0;
}

/* 12C4: byte 4 status, 5 hops left; CV 60, 0E F4 destination, 0E F6 origin, 35. */
static uint32_t
locate_get(struct rd *r, struct search *s)
{
	uint8_t flags = rd_u8(r), type;
	struct sna_name n;
	bool pcid = false;
	struct cv v;

	s->reply = (flags & L_REPLY) != 0;
	s->broadcast = (flags & L_BROADCAST) != 0;
	s->incomplete = (flags & L_INCOMPLETE) != 0;
	s->hops = rd_u8(r);
	rd_skip(r, 2);
	while (cv_next_lt(r, &v)) {
		if (v.key == CV_FQPCID) {
			pcid = cv60_get(&v.body, &s->pcid);
		} else if (v.key == CV_EXT_SENSE) {
			(void)cv35_get(&v.body, &s->sense);
		} else if (v.key == CV_NAME && cv0e_get(&v.body, &type, &n)) {
			if (type == CVN_CP)
				s->dest = n;
			else if (type == CVN_NNCP)
				s->origin = n;
		}
	}
	if (r->bad)
		return SENSE_LOCATE_LENGTH;
	return pcid ? 0 : SENSE_LOCATE_NO_PCID;
}

static void
locate_put(struct wr *w, const struct search *s)
{
	size_t m = gds_begin(w, GDS_LOCATE), v;

	wr_u8(w, (s->reply ? L_REPLY : 0) | (s->broadcast ? L_BROADCAST : 0) |
	    (s->incomplete ? L_INCOMPLETE : 0));
	wr_u8(w, s->hops);
	wr_u16(w, 0);
	v = cv_begin_lt(w, CV_FQPCID);
	cv60_put(w, &s->pcid);
	cv_end_lt(w, v);
	name_vector(w, CVN_CP, &s->dest);
	name_vector(w, CVN_NNCP, &s->origin);
	if (s->sense != 0) {
		v = cv_begin_lt(w, CV_EXT_SENSE);
		cv35_put(w, s->sense);
		cv_end_lt(w, v);
	}
	gds_end(w, m);
}

static void
command_put(struct wr *w, unsigned flags)
{
	size_t m = cv_begin_lt(w, CV_COMMAND);

	wr_u8(w, flags);
	cv_end_lt(w, m);
}

/* 12CA: CV 80 parameters, 82 argument, 3C known owner. */
static uint32_t
find_get(struct rd *r, struct find *f)
{
	bool command = false, arg = false;
	uint16_t type;
	struct cv v;

	while (cv_next_lt(r, &v)) {
		if (v.key == CV_COMMAND)
			command = true;
		else if (v.key == CV_SEARCH_ARG)
			arg = entry_get(&v.body, &f->type, &f->arg);
		else if (v.key == CV_OWNER)
			f->has_owner = entry_get(&v.body, &type, &f->owner);
	}
	if (!command || r->bad)
		return SENSE_FIND_NO_COMMAND;
	return arg ? 0 : SENSE_FIND_NO_ARG;
}

static void
find_put(struct wr *w, const struct find *f)
{
	size_t m = gds_begin(w, GDS_FIND);

	command_put(w, 0);
	entry_put(w, CV_SEARCH_ARG, f->type, &f->arg);
	if (f->has_owner)
		entry_put(w, CV_OWNER, RT_CP, &f->owner);
	gds_end(w, m);
}

/* 12CB: CV 80, 3D the resource, 3C owning CP, 3C its NN server. */
static uint32_t
found_get(struct rd *r, struct found *f)
{
	bool command = false, entry = false;
	struct sna_name n;
	uint16_t type;
	struct cv v;

	while (cv_next_lt(r, &v)) {
		if (v.key == CV_COMMAND) {
			f->wildcard = (rd_u8(&v.body) & COMMAND_WILDCARD) != 0;
			command = true;
		} else if (v.key == CV_ENTRY) {
			entry = entry_get(&v.body, &f->type, &f->name);
		} else if (v.key == CV_OWNER && entry_get(&v.body, &type, &n)) {
			if (type == RT_NNCP)
				f->server = n;
			else
				f->owner = n;
		}
	}
	if (!command || r->bad)
		return SENSE_FOUND_NO_COMMAND;
	return !entry ? SENSE_NO_CV3D : f->owner.len == 0 ? SENSE_NO_CV3C : 0;
}

static void
found_put(struct wr *w, const struct found *f)
{
	size_t m = gds_begin(w, GDS_FOUND);

	command_put(w, f->wildcard ? COMMAND_WILDCARD : 0);
	entry_put(w, CV_ENTRY, f->type, &f->name);
	entry_put(w, CV_OWNER, RT_CP, &f->owner);
	entry_put(w, CV_OWNER, RT_NNCP, &f->server);
	gds_end(w, m);
}

#define CDI_SLU_FIRST 0x80u

static void
tgvec_put(struct wr *w, const struct tgvec *t)
{
	size_t m = cv_begin_lt(w, CV_TG_DESC);

	cv46_put(w, &t->tg);
	cv_end_lt(w, m);
	m = cv_begin_lt(w, CV_TG_CHAR);
	cv47_put(w, &t->tgc);
	cv_end_lt(w, m);
}

/* v is a CV 46; its 47 follows in r. False: it is passed over. */
static bool
tgvec_get(struct rd *r, struct cv *v, struct tgvec *t)
{
	struct rd ahead = *r;
	struct cv next;

	if (!cv46_get(&v->body, &t->tg))
		return false;
	if (!cv_next_lt(&ahead, &next) || next.key != CV_TG_CHAR ||
	    !cv47_get(&next.body, &t->tgc))
		return false;
	*r = ahead;
	return true;
}

void
register_put(struct wr *w, const struct sna_name *cp, const struct tgvec *t, unsigned n)
{
	size_t m = gds_begin(w, GDS_REGISTER);

	command_put(w, 0);
	entry_put(w, CV_OWNER, RT_CP, cp);
	for (unsigned i = 0; i < n; i++)
		tgvec_put(w, &t[i]);
	gds_end(w, m);
}

bool
register_get(struct rd *r, struct sna_name *cp, struct tgvec t[SEARCH_TGS], unsigned *n)
{
	bool named = false;
	uint16_t type;
	struct cv v;

	*n = 0;
	while (cv_next_lt(r, &v)) {
		if (v.key == CV_OWNER)
			named = entry_get(&v.body, &type, cp);
		else if (v.key == CV_TG_DESC && *n < SEARCH_TGS)
			*n += tgvec_get(r, &v, &t[*n]);
	}
	return named && !r->bad;
}

/* 12C5: byte 6 polarity and type, 10 mode length, 11 mode (these offsets are
 * public); CV 0E F3 OLU, 0E FA DLU, 2C, 2B, 46 and 47 pairs, 31 BIND image. */
static uint32_t
cdinit_get(struct rd *r, struct cdinit *c)
{
	uint8_t b, type;
	struct sna_name n;
	struct cv v;

	rd_skip(r, 2);
	b = rd_u8(r);
	c->slu_first = (b & CDI_SLU_FIRST) != 0;
	c->type = b & 15;
	rd_skip(r, 3);
	if (!name_get(r, rd_u8(r), &c->mode) || c->mode.len > 8)
		return SENSE_CDINIT_MODE;
	while (cv_next_lt(r, &v)) {
		if (v.key == CV_NAME && cv0e_get(&v.body, &type, &n)) {
			if (type == CVN_LU)
				c->olu = n;
			else if (type == CVN_GENERIC)
				c->dlu = n;
		} else if (v.key == CV_COS_TPF) {
			c->has_cos = cv2c_get(&v.body, &c->cos);
		} else if (v.key == CV_RSCV) {
			if (c->has_rscv)
				c->has_alt = cv2b_get(&v.body, &c->alt);
			else
				c->has_rscv = cv2b_get(&v.body, &c->rscv);
		} else if (v.key == CV_TG_DESC) {
			if (c->n_tg < SEARCH_TGS && tgvec_get(r, &v, &c->tg[c->n_tg]))
				c->n_tg++;
		} else if (v.key == CV_BIND_IMAGE) {
			c->bind_len = (uint8_t)rd_left(&v.body);
			c->bind = v.body.p;
		}
	}
	return r->bad ? SENSE_CDINIT_LENGTH : 0;
}

static void
cdinit_vectors(struct wr *w, const struct cdinit *c)
{
	size_t m;

	if (c->has_cos) {
		m = cv_begin_lt(w, CV_COS_TPF);
		cv2c_put(w, &c->cos);
		cv_end_lt(w, m);
	}
	for (unsigned i = 0; c->has_rscv && i <= c->has_alt; i++) {
		m = cv_begin_lt(w, CV_RSCV);
		cv2b_put(w, i == 0 ? &c->rscv : &c->alt);
		cv_end_lt(w, m);
	}
	for (unsigned i = 0; i < c->n_tg && i < SEARCH_TGS; i++)
		tgvec_put(w, &c->tg[i]);
	if (c->bind_len > 0) {
		m = cv_begin_lt(w, CV_BIND_IMAGE);
		wr_bytes(w, c->bind, c->bind_len);
		cv_end_lt(w, m);
	}
}

/* The logon data go behind it in a variable of their own: an LT vector is too
 * short for 255 bytes. */
static void
cdinit_put(struct wr *w, const struct cdinit *c)
{
	size_t m = gds_begin(w, GDS_CDINIT);

	wr_u16(w, 0);
	wr_u8(w, (c->slu_first ? CDI_SLU_FIRST : 0) | (c->type & 15u));
	wr_fill(w, 0, 3);
	wr_u8(w, c->mode.len);
	name_put(w, &c->mode);
	name_vector(w, CVN_LU, &c->olu);
	name_vector(w, CVN_GENERIC, &c->dlu);
	cdinit_vectors(w, c);
	gds_end(w, m);
	if (c->user_len > 0) {
		m = gds_begin(w, GDS_USER_DATA);
		wr_bytes(w, c->user, c->user_len);
		gds_end(w, m);
	}
}

static uint32_t
part_get(struct gds *g, struct search *s)
{
	switch (g->id) {
	case GDS_FIND:
		s->has_find = 1;
		return find_get(&g->body, &s->find);
	case GDS_FOUND:
		s->has_found = 1;
		return found_get(&g->body, &s->found);
	case GDS_CDINIT:
		s->has_cdinit = 1;
		return cdinit_get(&g->body, &s->cdinit);
	case GDS_USER_DATA:
		if (rd_left(&g->body) > SEARCH_USER_MAX)
			return SENSE_CDINIT_LENGTH;
		s->cdinit.user_len = (uint8_t)rd_left(&g->body);
		s->cdinit.user = g->body.p;
		return 0;
	}
	return 0;                       /* others are passed over */
}

bool
search_get(struct rd *r, struct search *s, uint32_t *sense)
{
	struct gds g;

	memset(s, 0, sizeof(*s));
	*sense = 0;
	if (!gds_next(r, &g) || g.id != GDS_LOCATE) {
		*sense = r->bad ? SENSE_LOCATE_LENGTH : SENSE_NO_LOCATE;
		return false;
	}
	*sense = locate_get(&g.body, s);
	while (*sense == 0 && gds_next(r, &g))
		*sense = part_get(&g, s);
	if (*sense == 0 && r->bad)
		*sense = SENSE_LOCATE_LENGTH;
	if (*sense == 0 && !s->reply && !s->has_find)
		*sense = SENSE_NO_FIND;
	return *sense == 0;
}

void
search_put(struct wr *w, const struct search *s)
{
	locate_put(w, s);
	if (s->has_find)
		find_put(w, &s->find);
	if (s->has_found)
		found_put(w, &s->found);
	if (s->has_cdinit)
		cdinit_put(w, &s->cdinit);
}
