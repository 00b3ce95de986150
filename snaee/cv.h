/* SPDX-License-Identifier: Apache-2.0
 *
 * cv.h - control vectors that XID3, BIND, GDS variables and NLPs share.
 *
 * A vector is KL (key, length of the data, data) in XID, BIND and RUs, or LT
 * (length of the whole, key, data) in GDS variables, NLPs and inside other
 * vectors. The functions here take and give the data only; the framing is
 * cv_next_kl/lt() and cv_begin_kl/lt() .. cv_end_kl/lt().
 *
 * Order:   host order and ASCII names inside.
 * Memory:  a vector read borrows from the cursor it was read from.
 * Errors:  false for a vector that is too short or doesn't fit; x_get() of
 *          unknown content never fails when the length is right.
 * Source:  SNA Formats, control vectors; companions ee-hpr-rtp 3.2, 4.3, 6.7
 *          and sna-sessions 6.3, 6.6.
 */
#ifndef SNAEE_CV_H
#define SNAEE_CV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/ebcdic.h"
#include "base/ipaddr.h"

enum cv_key {
	CV_NODE_ID = 0x00, CV_NET_ID = 0x03, CV_NET_ADDR = 0x05,        /* in NLPs */
	CV_NAME = 0x0e, CV_PRODUCT = 0x10, CV_XID_ERROR = 0x22, CV_NCE = 0x26,
	CV_RSCV = 0x2b, CV_COS_TPF = 0x2c, CV_MODE = 0x2d, CV_BIND_IMAGE = 0x31,
	CV_EXT_SENSE = 0x35, CV_NCE_INSTANCE = 0x39, CV_OWNER = 0x3c, CV_ENTRY = 0x3d,
	CV_NODE_DESC = 0x44, CV_NODE_CHAR = 0x45, CV_TG_DESC = 0x46, CV_TG_CHAR = 0x47,
	CV_RESOURCE = 0x48, CV_FQPCID = 0x60, CV_HPR = 0x61, CV_SESSION_ADDR = 0x62,
	CV_LCC = 0x66, CV_ANR_PATH = 0x67, CV_COMMAND = 0x80, CV_SEARCH_ARG = 0x82,
	CV_SWITCH = 0x83, CV_RETURN_ROUTE = 0x85
};

/* CV 0E types */
enum cv_name { CVN_PU = 0xf1, CVN_LU = 0xf3, CVN_CP = 0xf4, CVN_SSCP = 0xf5, CVN_NNCP = 0xf6,
	CVN_LS = 0xf7, CVN_CP_PLU = 0xf8, CVN_CP_SLU = 0xf9, CVN_GENERIC = 0xfa };

struct cv {
	uint8_t key;
	struct rd body;
};

/* False at the end, or with r->bad set when a length does not fit. */
bool   cv_next_kl(struct rd *, struct cv *);
bool   cv_next_lt(struct rd *, struct cv *);
/* Between begin and end write the data; end fills in the length. */
size_t cv_begin_kl(struct wr *, enum cv_key);
void   cv_end_kl(struct wr *, size_t mark);
size_t cv_begin_lt(struct wr *, enum cv_key);
void   cv_end_lt(struct wr *, size_t mark);

/* ANR label or NCE identifier: opaque, private to the node that gave it. */
#define LABEL_MAX 8

struct label {
	uint8_t len;            /* 0: none */
	uint8_t b[LABEL_MAX];   /* zero behind len: labels compare as structs */
};

bool label_eq(const struct label *, const struct label *);
bool label_get(struct rd *, size_t n, struct label *);  /* n bytes; false when 0 or over 8 */
void label_put(struct wr *, const struct label *);      /* its bytes only */

/* CV 0E network name. */
bool cv0e_get(struct rd *, uint8_t *type, struct sna_name *);
void cv0e_put(struct wr *, enum cv_name, const struct sna_name *);

/* CV 60: fully qualified procedure correlation identifier. */
struct fqpcid {
	uint8_t pcid[8];
	struct sna_name cp;
};

bool cv60_get(struct rd *, struct fqpcid *);
void cv60_put(struct wr *, const struct fqpcid *);
bool fqpcid_eq(const struct fqpcid *, const struct fqpcid *);

/* CV 2C: class of service and transmission priority. */
struct cos_tpf {
	uint8_t tpf;            /* enum tpf: 0 low .. 3 network */
	uint8_t network;        /* flag bit 5 */
	struct sna_name cos;    /* empty: blanks */
};

bool cv2c_get(struct rd *, struct cos_tpf *);
void cv2c_put(struct wr *, const struct cos_tpf *);

/* CV 46: TG descriptor. Subfield 80 names the TG; 91 and A5 tell how a node on a connection
 * network is dialed. */
struct cv46 {
	uint8_t tgn;
	uint8_t has_flags;
	uint8_t flags;          /* TGF_* */
	uint8_t has_subarea;
	uint32_t subarea;
	struct sna_name partner;        /* CP, or VRN with TGF_VRN; may be empty */
	uint8_t lsap;           /* with ip: of the partner's link */
	struct ipaddr ip;       /* of the partner; fam 0: not told */
};
#define TGF_VRN 0x80u           /* partner is a connection network */
#define TGF_BRANCH 0x40u
#define TGF_HPR 0x20u
#define TGF_TYPE 0x18u
#define TGF_INTERSUBNET 0x04u
#define TGF_RTP 0x01u           /* partner has the RTP tower */

bool cv46_get(struct rd *, struct cv46 *);
void cv46_put(struct wr *, const struct cv46 *);

/* CV 47: TG characteristics. */
struct cv47 {
	uint32_t rsn;
	uint8_t flags;          /* TGC_* */
	uint8_t capacity;       /* coded as VTAM shows it: 75 = 4 Mbit/s */
	uint8_t cost_time, cost_byte, security, delay, user[3];
};
#define TGC_OPERATIONAL 0x80u
#define TGC_GARBAGE 0x40u
#define TGC_QUIESCING 0x20u
#define TGC_CPCP 0x18u          /* 18 as z/OS shows TGs with CP-CP sessions */
#define TGC_MULTILINK 0x04u

bool cv47_get(struct rd *, struct cv47 *);
void cv47_put(struct wr *, const struct cv47 *);

/* CV 45 subfield 80: node characteristics. */
struct cv45 {
	uint32_t rsn;
	uint8_t rar;            /* route addition resistance */
	uint8_t f7, f8, f9;     /* flag bytes 7-9: NDC_* */
};
#define NDC7_CONGESTED 0x80u
#define NDC7_ISR_DEPLETED 0x40u
#define NDC7_QUIESCING 0x04u
#define NDC8_GATEWAY 0x80u
#define NDC8_CDS 0x40u
#define NDC8_ISR 0x20u
#define NDC8_LOW 0x13u          /* always set so by other products */
#define NDC9_HPR_CF 0x18u       /* HPR level 3: control flows over RTP */

bool cv45_get(struct rd *, struct cv45 *);
void cv45_put(struct wr *, const struct cv45 *);

/* CV 44: node descriptor. */
struct cv44 {
	struct sna_name node;
	uint8_t vrn;            /* a virtual routing node */
};

bool cv44_get(struct rd *, struct cv44 *);
void cv44_put(struct wr *, const struct cv44 *);

/* CV 2B: route selection control vector. */
#define RSCV_HOPS 28            /* 255 bytes hold no more */

struct rscv {
	uint8_t max_hops, cur_hop;
	uint8_t n;
	struct cv46 hop[RSCV_HOPS];
};

bool cv2b_get(struct rd *, struct rscv *);      /* further hops are dropped */
void cv2b_put(struct wr *, const struct rscv *);

/* CV 35: extended sense. */
bool cv35_get(struct rd *, uint32_t *sense);
void cv35_put(struct wr *, uint32_t sense);

#endif
