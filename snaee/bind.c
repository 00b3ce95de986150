/* SPDX-License-Identifier: Apache-2.0
 *
 * bind.c - BIND, RSP(BIND), UNBIND.
 *
 * The primary LU opens a session with BIND: 27 bytes that fix the rules (who
 * may send what in which order, how large, how many at a time, which device is
 * meant), then names, user data and, in an extended BIND, control vectors. A
 * BIND may stop behind any of the variable fields.
 */
#include "snaee/bind.h"

#include "snaee/piu.h"
#include "snaee/sense.h"

#define B1_TYPE 0x0fu           /* 0 negotiable, 1 not */
#define STAGE 0x80u
#define RESV 0x40u
#define WINDOW 0x3fu
#define PS_EXT 1                /* indices into ps */
#define PS_ROWS 6               /* BIND byte 20 */
#define PS_ALT_ROWS 8
#define PS_SCREEN 10            /* BIND byte 24 */

/* Bytes 1-26: sna-sessions 2.6. */
static void
fixed_get(struct rd *r, struct bind *b)
{
	uint8_t x = rd_u8(r);
	const uint8_t *ps;

	b->format = x >> 4;
	b->negotiable = (x & B1_TYPE) == 0;
	b->fm = rd_u8(r);
	b->ts = rd_u8(r);
	b->priprot = rd_u8(r);
	b->secprot = rd_u8(r);
	b->comprot1 = rd_u8(r);
	b->comprot2 = rd_u8(r);
	x = rd_u8(r);
	b->sec_stages2 = (x & STAGE) != 0;
	b->resv8 = (uint8_t)((x & RESV) >> 6);
	b->ssndpac = x & WINDOW;
	x = rd_u8(r);
	b->adaptive = (x & STAGE) != 0;
	b->resv8 |= (uint8_t)((x & RESV) >> 5);
	b->srcvpac = x & WINDOW;
	b->sec_ru = rd_u8(r);
	b->pri_ru = rd_u8(r);
	x = rd_u8(r);
	b->pri_stages1 = (x & STAGE) != 0;
	b->resv12 = (uint8_t)((x & RESV) >> 6);
	b->psndpac = x & WINDOW;
	x = rd_u8(r);
	b->resv12 |= (uint8_t)((x & (STAGE | RESV)) >> 5);
	b->prcvpac = x & WINDOW;
	ps = rd_bytes(r, BIND_PS);
	if (ps != NULL)
		memcpy(b->ps, ps, BIND_PS);
	x = rd_u8(r);
	b->crypto = x >> 4;
	b->crypto_len = x & 15;
	b->crypto_data = rd_bytes(r, b->crypto_len);
}

static void
fixed_put(struct wr *w, const struct bind *b)
{
	wr_u8(w, (b->format & 15u) << 4 | (b->negotiable ? 0u : 1u));
	wr_u8(w, b->fm);
	wr_u8(w, b->ts);
	wr_u8(w, b->priprot);
	wr_u8(w, b->secprot);
	wr_u8(w, b->comprot1);
	wr_u8(w, b->comprot2);
	wr_u8(w, (b->sec_stages2 ? STAGE : 0) | (b->resv8 & 1u) << 6 | (b->ssndpac & WINDOW));
	wr_u8(w, (b->adaptive ? STAGE : 0) | (b->resv8 & 2u) << 5 | (b->srcvpac & WINDOW));
	wr_u8(w, b->sec_ru);
	wr_u8(w, b->pri_ru);
	wr_u8(w, (b->pri_stages1 ? STAGE : 0) | (b->resv12 & 1u) << 6 | (b->psndpac & WINDOW));
	wr_u8(w, (b->resv12 & 6u) << 5 | (b->prcvpac & WINDOW));
	wr_bytes(w, b->ps, BIND_PS);
	wr_u8(w, (b->crypto & 15u) << 4 | (b->crypto_len & 15u));
	wr_bytes(w, b->crypto_data, b->crypto_len & 15u);
}

/* LU 6.2 user data: 00, then subfields of length, type, data. */
#define USER_MODE 0x02

static void
user_mode_get(struct bind *b)
{
	struct rd r = rd_on(b->user, b->user_len);
	size_t n;

	if (rd_u8(&r) != 0)
		return;                 /* not structured */
	while (!r.bad && rd_left(&r) > 0) {
		struct rd sf;

		n = rd_u8(&r);
		sf = rd_sub(&r, n);
		if (n == 0 || rd_u8(&sf) != USER_MODE)
			continue;
		(void)name_get(&sf, rd_left(&sf), &b->mode);
		b->has_mode = b->mode.len > 0;
		return;
	}
}

size_t
bind_user_mode(uint8_t *out, size_t len, const struct sna_name *mode)
{
	struct wr w = wr_on(out, BIND_USER_MAX);

	w.p += len < BIND_USER_MAX ? len : BIND_USER_MAX;
	if (len == 0)
		wr_u8(&w, 0);
	wr_u8(&w, 9);
	wr_u8(&w, USER_MODE);
	name_put8(&w, mode);
	return w.bad ? len : wr_len(&w);
}

/* The four variable fields; one that isn't there reads as empty. */
static void
tail_get(struct rd *r, struct bind *b)
{
	if (r->bad || rd_left(r) == 0)
		return;
	(void)name_get(r, rd_u8(r), &b->plu);
	b->tail = 1;
	if (r->bad || rd_left(r) == 0)
		return;
	b->user_len = rd_u8(r);
	b->user = rd_bytes(r, b->user_len);
	b->tail = 2;
	if (b->user != NULL && bind_lu_type(b) == 6)
		user_mode_get(b);
	if (r->bad || rd_left(r) == 0)
		return;
	b->urc_len = rd_u8(r);
	b->urc = rd_bytes(r, b->urc_len);
	b->tail = 3;
	if (r->bad || rd_left(r) == 0)
		return;
	(void)name_get(r, rd_u8(r), &b->slu);
	b->tail = 4;
}

static void
tail_put(struct wr *w, const struct bind *b)
{
	unsigned n = b->tail;

	/* Vectors and names need the fields in front of them. */
	if ((b->comprot2 & BIND_C2_CVS) || b->slu.len > 0)
		n = 4;
	else if (b->urc_len > 0 && n < 3)
		n = 3;
	else if ((b->user_len > 0 || b->plu.len > 0) && n < 2)
		n = 2;
	if (n >= 1) {
		wr_u8(w, b->plu.len);
		name_put(w, &b->plu);
	}
	if (n >= 2) {
		wr_u8(w, b->user_len);
		wr_bytes(w, b->user, b->user_len);
	}
	if (n >= 3) {
		wr_u8(w, b->urc_len);
		wr_bytes(w, b->urc, b->urc_len);
	}
	if (n >= 4) {
		wr_u8(w, b->slu.len);
		name_put(w, &b->slu);
	}
}

/* CV 62: the address under which the sender of the response wants to receive.
 * EE register row 10. */
static bool
cv62_get(struct rd *r, uint64_t *addr)
{
	*addr = rd_u64(r);
	return !r->bad;
}

static void
cv62_put(struct wr *w, uint64_t addr)
{
	wr_u64(w, addr);
}

/* CV 2D: the name as it is; layout unverified, our choice. */
static void
cv2d_get(struct rd *r, struct bind *b)
{
	b->has_mode = name_get(r, rd_left(r), &b->mode) && b->mode.len > 0;
}

static void
vectors_get(struct rd *r, struct bind *b)
{
	struct sna_name name;
	struct cv v;
	uint8_t type;

	while (cv_next_kl(r, &v)) {
		switch (v.key) {
		case CV_FQPCID:
			b->has_pcid = cv60_get(&v.body, &b->pcid);
			break;
		case CV_COS_TPF:
			b->has_cos = cv2c_get(&v.body, &b->cos);
			break;
		case CV_MODE:
			cv2d_get(&v.body, b);
			break;
		case CV_SESSION_ADDR:
			b->has_addr = cv62_get(&v.body, &b->addr);
			break;
		case CV_RSCV:
			b->rscv_len = (uint8_t)rd_left(&v.body);
			b->rscv = v.body.p;
			break;
		case CV_NAME:
			if (!cv0e_get(&v.body, &type, &name))
				break;
			if (type == CVN_CP_PLU)
				b->cp_plu = name;
			else if (type == CVN_CP_SLU)
				b->cp_slu = name;
			break;
		}                       /* others are passed over */
	}
}

static void
cp_name_put(struct wr *w, enum cv_name type, const struct sna_name *n)
{
	size_t m;

	if (n->len == 0)
		return;
	m = cv_begin_kl(w, CV_NAME);
	cv0e_put(w, type, n);
	cv_end_kl(w, m);
}

static void
vectors_put(struct wr *w, const struct bind *b)
{
	size_t m;

	cp_name_put(w, CVN_CP_PLU, &b->cp_plu);
	cp_name_put(w, CVN_CP_SLU, &b->cp_slu);
	if (b->rscv_len > 0) {
		m = cv_begin_kl(w, CV_RSCV);
		wr_bytes(w, b->rscv, b->rscv_len);
		cv_end_kl(w, m);
	}
	if (b->has_pcid) {
		m = cv_begin_kl(w, CV_FQPCID);
		cv60_put(w, &b->pcid);
		cv_end_kl(w, m);
	}
	if (b->has_cos) {
		m = cv_begin_kl(w, CV_COS_TPF);
		cv2c_put(w, &b->cos);
		cv_end_kl(w, m);
	}
	if (b->has_mode && bind_lu_type(b) != 6) {      /* LU 6.2: in the user data */
		m = cv_begin_kl(w, CV_MODE);
		name_put(w, &b->mode);
		cv_end_kl(w, m);
	}
	if (b->has_addr) {
		m = cv_begin_kl(w, CV_SESSION_ADDR);
		cv62_put(w, b->addr);
		cv_end_kl(w, m);
	}
}

bool
bind_get(struct rd *r, struct bind *b)
{
	memset(b, 0, sizeof(*b));
	if (rd_u8(r) != RU_BIND)
		return false;
	fixed_get(r, b);
	tail_get(r, b);
	if (!r->bad && (b->comprot2 & BIND_C2_CVS))
		vectors_get(r, b);
	return !r->bad;
}

void
bind_put(struct wr *w, const struct bind *b)
{
	wr_u8(w, RU_BIND);
	fixed_put(w, b);
	tail_put(w, b);
	if (b->comprot2 & BIND_C2_CVS)
		vectors_put(w, b);
}

/* High nibble mantissa 8-F, low nibble exponent of two. */
uint32_t
bind_ru_size(unsigned byte)
{
	return byte & 0x80 ? (byte >> 4 & 15u) << (byte & 15u) : 0;
}

uint8_t
bind_ru_byte(uint32_t n)
{
	unsigned exp = 0;

	if (n < 8)
		return 0;
	while (exp < 15 && n >> exp > 15)
		exp++;
	return n >> exp > 15 ? 0xff : (uint8_t)((n >> exp) << 4 | exp);
}

static uint32_t
at(unsigned offset)
{
	return SENSE_BIND_OFFSET | offset;
}

/* The checks of sna-sessions 2.8, in the order of the bytes. */
uint32_t
bind_check_lu(const struct bind *b)
{
	unsigned lu = bind_lu_type(b);

	if (b->format != 0 || b->negotiable)
		return at(1);
	if (b->fm != 2 && b->fm != 3)
		return at(2);
	if (b->ts != 2 && b->ts != 3)
		return at(3);
	if ((b->comprot1 & BIND_C1_FMH) && lu != 1)
		return at(6);
	/* Flip-flop for displays and 3270 printers; who repairs and who wins is open. */
	if ((lu == 2 || lu == 3) && (b->comprot2 & BIND_C2_MODE) != 0x80u)
		return at(7);
	if (b->sec_ru != 0 && bind_ru_size(b->sec_ru) == 0)
		return at(10);
	if (b->pri_ru != 0 && bind_ru_size(b->pri_ru) == 0)
		return at(11);
	if (lu > 3)
		return at(14);
	if (b->crypto_len != 0 || b->crypto != 0)
		return at(26);
	if (b->plu.len == 0)
		return at(27);
	return 0;
}

/* Byte 24 chooses: sna-sessions 2.7. */
struct bind_screen
bind_screen(const struct bind *b)
{
	struct bind_screen s = { 24, 80, 24, 80, 0, (b->ps[PS_EXT] & 0x80) != 0, 1 };
	const uint8_t *rows = &b->ps[PS_ROWS], *alt = &b->ps[PS_ALT_ROWS];

	switch (b->ps[PS_SCREEN] & 0x7f) {
	case 0x00:
	case 0x02:
		return s;
	case 0x01:
		s.rows = s.alt_rows = 12;
		s.cols = s.alt_cols = 40;
		return s;
	case 0x03:
		s.query = 1;
		return s;
	case 0x7e:
		alt = rows;
		break;
	case 0x7f:
		break;
	default:
		s.known = 0;
		return s;
	}
	if (rows[0] != 0 && rows[1] != 0) {
		s.rows = rows[0];
		s.cols = rows[1];
	}
	s.alt_rows = alt[0] != 0 && alt[1] != 0 ? alt[0] : s.rows;
	s.alt_cols = alt[0] != 0 && alt[1] != 0 ? alt[1] : s.cols;
	return s;
}

/* A vector key follows the code, or the format and type byte of an image: the
 * format is 0, and no vector of a response has a key below 02. */
bool
bind_rsp_get(struct rd *r, struct bind_rsp *rsp)
{
	struct rd image = *r;

	memset(rsp, 0, sizeof(*rsp));
	if (rd_u8(r) != RU_BIND)
		return false;
	if (rd_left(r) == 0)
		return true;
	if (rd_peek(r) <= 1) {
		rsp->image = 1;
		return bind_get(&image, &rsp->bind);
	}
	vectors_get(r, &rsp->bind);
	return !r->bad;
}

void
bind_rsp_put(struct wr *w, const struct bind_rsp *rsp)
{
	if (rsp->image) {
		bind_put(w, &rsp->bind);
		return;
	}
	wr_u8(w, RU_BIND);
	vectors_put(w, &rsp->bind);
}

bool
unbind_get(struct rd *r, struct unbind *u)      /* sna-sessions 2.9 */
{
	struct cv v;

	memset(u, 0, sizeof(*u));
	if (rd_u8(r) != RU_UNBIND)
		return false;
	u->type = rd_u8(r);
	if (u->type == UNB_FAILURE)
		u->sense = rd_u32(r);
	while (cv_next_kl(r, &v)) {
		if (v.key == CV_FQPCID)
			u->has_pcid = cv60_get(&v.body, &u->pcid);
		else if (v.key == CV_EXT_SENSE && u->sense == 0)
			(void)cv35_get(&v.body, &u->sense);
	}
	return !r->bad;
}

void
unbind_put(struct wr *w, const struct unbind *u)
{
	size_t m;

	wr_u8(w, RU_UNBIND);
	wr_u8(w, u->type);
	if (u->type == UNB_FAILURE)
		wr_u32(w, u->sense);
	if (u->has_pcid) {
		m = cv_begin_kl(w, CV_FQPCID);
		cv60_put(w, &u->pcid);
		cv_end_kl(w, m);
	}
	if (u->type != UNB_FAILURE && u->sense != 0) {
		m = cv_begin_kl(w, CV_EXT_SENSE);
		cv35_put(w, u->sense);
		cv_end_kl(w, m);
	}
}

const char *
unbind_text(unsigned type)
{
	switch ((enum unbind_type)type) {
	case UNB_NORMAL:
		return "normal end";
	case UNB_FORTHCOMING:
		return "another session follows";
	case UNB_RESTART:
		return "sequence numbers do not match";
	case UNB_NOT_AUTH:
		return "LU is not authorized";
	case UNB_BAD_PARM:
		return "session parameters are not valid";
	case UNB_VR_INOP:
		return "virtual route failed";
	case UNB_ROUTE_INOP:
		return "route failed";
	case UNB_HIERARCHICAL:
		return "LU was reset";
	case UNB_SSCP_GONE:
		return "control point is gone";
	case UNB_VR_DEACT:
		return "virtual route was deactivated";
	case UNB_LU_DEAD:
		return "LU failed for good";
	case UNB_LU_FAIL:
		return "LU failed";
	case UNB_CLEANUP:
		return "cleanup";
	case UNB_GATEWAY:
		return "cleanup in a gateway node";
	case UNB_FAILURE:
		return "session failure";
	}
	return "end of session";
}

/* MODEENT operand to BIND byte: sna-sessions 4.1. */
void
bind_from_mode(struct bind *b, const struct bind_mode *m)
{
	memset(b, 0, sizeof(*b));
	b->negotiable = m->type == 0;
	b->fm = m->fmprof;
	b->ts = m->tsprof;
	b->priprot = m->priprot;
	b->secprot = m->secprot;
	b->comprot1 = (uint8_t)(m->comprot >> 8);
	b->comprot2 = (uint8_t)(m->comprot & 0xff);
	b->ssndpac = m->ssndpac & WINDOW;
	b->srcvpac = m->srcvpac & WINDOW;
	b->sec_ru = (uint8_t)(m->rusizes >> 8);
	b->pri_ru = (uint8_t)(m->rusizes & 0xff);
	b->psndpac = m->psndpac & WINDOW;
	b->pri_stages1 = 1;             /* our choice: nobody paces between us and the SLU */
	memcpy(b->ps, m->pservic, BIND_PS);
	b->crypto = m->encr & 15;
}
