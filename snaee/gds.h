/* SPDX-License-Identifier: Apache-2.0
 *
 * gds.h - GDS variables of CP-CP sessions, and the FM headers 5 and 7.
 *
 * A GDS variable is LL (length, bit 0: continued in the next one), ID, data.
 * Control vectors inside are LT (cv.h). Where only the list of contents is
 * public the layout is ours (project-private) and lives in one pair of
 * functions that say so.
 *
 * Order:   host order and ASCII names inside.
 * Memory:  RSCV, user data and iteration borrow from the message.
 * Errors:  false; search_get() and tdu_*() also a sense code.
 * Source:  SNA Formats, GDS variables; companion sna-sessions 2.10, 6.2-6.6.
 */
#ifndef SNAEE_GDS_H
#define SNAEE_GDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/ebcdic.h"
#include "snaee/cv.h"

enum gds_id {
	GDS_CNOS = 0x1210, GDS_CPCAP = 0x12c1, GDS_TDU = 0x12c2, GDS_REGISTER = 0x12c3,
	GDS_LOCATE = 0x12c4, GDS_CDINIT = 0x12c5, GDS_DELETE = 0x12c9, GDS_FIND = 0x12ca,
	GDS_FOUND = 0x12cb, GDS_NOTIFY = 0x12cc, GDS_ROUTE_SETUP = 0x12ce,
	GDS_ERROR_LOG = 0x12e1, GDS_USER_DATA = 0x12f2, GDS_PIP = 0x12f5, GDS_DATA = 0x12ff,
	GDS_MDS_MU = 0x1310, GDS_FID2 = 0x1500
};

struct gds {
	uint16_t id;
	uint8_t cont;           /* continued */
	struct rd body;
};

/* False at the end, or with r->bad set when LL does not fit. */
bool   gds_next(struct rd *, struct gds *);
size_t gds_begin(struct wr *, enum gds_id);
void   gds_end(struct wr *, size_t mark);
const char *gds_name(unsigned id);

/* FM header 5, Attach. The TP name is EBCDIC or a hex service name: raw. */
#define TPN_MAX 64
#define TPN_TDU "\x22\xf0\xf0\xf4"      /* receive TDU: AIW 8459 */
#define TPN_CPCAP "\x22\xf0\xf0\xf1"    /* our choice: a sibling, number unverified */
#define TPN_SEARCH "\x22\xf0\xf0\xf2"   /* our choice */
#define TPN_REGISTER "\x22\xf0\xf0\xf3" /* our choice */
#define TPN_DLUR "\x22\xf0\xf0\xf6"     /* our choice: CPSVRMGR pipe */

struct fmh5 {
	uint8_t verified, substitute, pip;
	uint8_t mapped;         /* 1: mapped conversation */
	uint8_t sync;           /* 0 none, 1 confirm, 2 sync point */
	uint8_t tpn_len;
	uint8_t tpn[TPN_MAX];
};

bool fmh5_get(struct rd *, struct fmh5 *);      /* r then stands behind the header */
void fmh5_put(struct wr *, const struct fmh5 *);
bool fmh5_is(const struct fmh5 *, const char tpn[4]);   /* one of TPN_* */
struct fmh5 fmh5_for(const char tpn[4]);

struct fmh7 {
	uint32_t sense;
	uint8_t log;            /* an error log variable follows */
};

bool fmh7_get(struct rd *, struct fmh7 *);
void fmh7_put(struct wr *, const struct fmh7 *);

/* 12C1 CP capabilities. x_get() of a variable takes the body, x_put() writes it whole. */
struct cpcap {
	uint32_t frsn;          /* of the last TDU received from the partner */
	uint32_t support;       /* CPCAP_* */
};
#define CPCAP_NN 0x80000000u
#define CPCAP_TDU 0x40000000u
#define CPCAP_SEARCH 0x20000000u
#define CPCAP_REGISTER 0x10000000u

bool cpcap_get(struct rd *, struct cpcap *);
void cpcap_put(struct wr *, const struct cpcap *);

/* 12C2 topology database update: a head and records. */
struct tdu {
	uint32_t frsn;          /* current FRSN */
	uint32_t last_frsn;     /* last FRSN sent */
};

enum tdu_kind { TDU_NODE = 1, TDU_TG };
struct tdu_rec {
	uint8_t kind;           /* enum tdu_kind */
	uint8_t days;           /* days to live, 0-15 (CV 48) */
	struct cv44 of;         /* the node, or the owner of the TG */
	struct cv45 node;
	struct cv46 tg;
	struct cv47 tgc;
};

bool tdu_get(struct rd *, struct tdu *);
/* False at the end, or with *sense. Unknown vectors are passed over. The record
 * is zeroed before the first call and handed back in: TGs may share a CV 44. */
bool tdu_next(struct rd *, struct tdu_rec *, uint32_t *sense);
/* gds_begin(w, GDS_TDU), tdu_put(), tdu_rec_put() .., gds_end(). */
void tdu_put(struct wr *, const struct tdu *);
void tdu_rec_put(struct wr *, const struct tdu_rec *);

/*
 * A search: Locate, then Find or Found, then CDINIT (session initiation), one
 * message. Request: has_find. Positive reply: has_found. Negative: neither,
 * and sense.
 */
#define SEARCH_TGS 8
#define SEARCH_USER_MAX 255

struct tgvec {
	struct cv46 tg;
	struct cv47 tgc;
};

struct find {                   /* 12CA */
	struct sna_name arg;    /* the resource looked for */
	uint16_t type;          /* 00F3 LU, 00F4 CP .. */
	uint8_t has_owner;
	struct sna_name owner;  /* known owning CP (3C) */
};

struct found {                  /* 12CB */
	struct sna_name name;   /* 3D */
	uint16_t type;
	struct sna_name owner;  /* owning CP, 3C type 00F4 */
	struct sna_name server; /* its NN server, 3C type 00F6; may be empty */
	uint8_t wildcard;
};

enum cdinit_type { CDI_INIT = 1, CDI_REPLY, CDI_QUEUE, CDI_TERM };
struct cdinit {                 /* 12C5 */
	uint8_t type;           /* enum cdinit_type */
	uint8_t slu_first;      /* polarity: 1 the OLU is the SLU */
	struct sna_name olu, dlu;
	struct sna_name mode;
	uint8_t has_cos;
	struct cos_tpf cos;
	uint8_t has_rscv;
	struct rscv rscv;
	uint8_t has_alt;        /* a second RSCV (our choice): the way to take when the first, */
	struct rscv alt;        /* over a connection network, can't be dialed */
	uint8_t n_tg;
	struct tgvec tg[SEARCH_TGS];    /* tail vectors */
	uint8_t user_len;
	const uint8_t *user;            /* logon data, EBCDIC; borrowed */
	uint8_t bind_len;
	const uint8_t *bind;            /* BIND image of the mode; borrowed */
};

struct search {
	uint8_t reply;
	uint8_t broadcast;      /* 0: directed to dest */
	uint8_t incomplete;     /* more replies to come */
	uint8_t hops;           /* left; a broadcast ends at 0 */
	struct fqpcid pcid;     /* CV 60 */
	struct sna_name dest;   /* CP a directed search goes to */
	struct sna_name origin; /* CP that asks (NN server of the OLU) */
	uint32_t sense;         /* CV 35 */
	uint8_t has_find, has_found, has_cdinit;
	struct find find;
	struct found found;
	struct cdinit cdinit;
};

bool search_get(struct rd *, struct search *, uint32_t *sense);
void search_put(struct wr *, const struct search *);

/*
 * 12C3 Register, as an end node tells its TGs to connection networks to its server: the node
 * and its vectors. What else real nodes register is passed over. Layout ours: CV 80, CV 3C the
 * node, pairs of CV 46 and 47.
 */
void register_put(struct wr *, const struct sna_name *cp, const struct tgvec *, unsigned n);
bool register_get(struct rd *body, struct sna_name *cp, struct tgvec[SEARCH_TGS], unsigned *n);

/*
 * 12CE Route Setup: asks every node of a route for its ANR labels. The request
 * collects those forward, the reply those back. What is in it is public, the
 * layout ours (gds_rsetup.c).
 */
#define RSETUP_ANR 16           /* bytes of labels one way, without the NCE */
struct rsetup {
	uint8_t reply;
	uint8_t refifo;         /* a link on the way may change the order */
	uint8_t hop;            /* place in rscv of the TG it travels on */
	uint32_t max_packet;    /* smallest of all links so far */
	uint32_t switch_ms;     /* reply: path switch time of the far end */
	struct fqpcid pcid;     /* of this procedure; its CP asks */
	struct rscv rscv;
	uint8_t fwd_len, back_len;
	uint8_t fwd[RSETUP_ANR], back[RSETUP_ANR];
	struct label nce;       /* reply: of the component the LUs are behind */
	uint32_t sense;         /* reply: 0855nnnn, 0 good */
};

bool rsetup_get(struct rd *body, struct rsetup *, uint32_t *sense);     /* behind LLID */
void rsetup_put(struct wr *, const struct rsetup *);                    /* whole */

#endif
