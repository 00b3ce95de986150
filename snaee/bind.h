/* SPDX-License-Identifier: Apache-2.0
 *
 * bind.h - BIND, its response, UNBIND, and the image a logon mode makes.
 *
 * Takes:   RUs from the request code on (X'31', X'32').
 * Order:   host order and ASCII names inside; flags are 0 or 1.
 * Memory:  user data, URC and RSCV are borrowed from the RU: copy or use them
 *          before the buffer goes.
 * Errors:  x_get() false for an RU that is cut or not this request.
 *          bind_check_lu() gives the sense code for the response.
 * Source:  SNA Formats, BIND; companion sna-sessions sections 2.6-2.9, 4.1.
 */
#ifndef SNAEE_BIND_H
#define SNAEE_BIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/ebcdic.h"
#include "snaee/cv.h"

/* PRIPROT and SECPROT */
#define BIND_P_MULTI 0x80u      /* chains of several RUs */
#define BIND_P_DELAYED 0x40u    /* request mode */
#define BIND_P_RSP 0x30u        /* chain response: 00 none, 10 exception, 20 definite, 30 either */
#define BIND_P_EB 0x01u         /* may send end bracket */
/* COMPROT byte 1 (BIND byte 6) */
#define BIND_C1_WHOLE 0x80u     /* whole BIUs required */
#define BIND_C1_FMH 0x40u
#define BIND_C1_BRACKETS 0x20u  /* used, reset state BETB */
#define BIND_C1_RULE1 0x10u     /* conditional termination */
#define BIND_C1_ALT 0x08u
#define BIND_C1_QUEUE 0x01u     /* BIND may be queued */
/* COMPROT byte 2 (BIND byte 7) */
#define BIND_C2_MODE 0xc0u      /* 00 FDX, 40 HDX contention, 80 HDX flip-flop */
#define BIND_C2_SYMMETRIC 0x20u
#define BIND_C2_PLU_FIRST 0x10u /* PLU is first speaker */
#define BIND_C2_CVS 0x02u       /* control vectors follow: extended BIND */
#define BIND_C2_PLU_SENDS 0x01u /* HDX-FF reset state: primary sends first */

#define BIND_FIXED 27           /* bytes 0-26 */
#define BIND_PS 12              /* PS usage, bytes 14-25 */
#define BIND_USER_MAX 255

struct bind {
	uint8_t negotiable;     /* 1: type 0 */
	uint8_t format;         /* 0 */
	uint8_t fm, ts;         /* profiles */
	uint8_t priprot, secprot;
	uint8_t comprot1, comprot2;
	uint8_t sec_stages2;    /* SLU to PLU in two stages */
	uint8_t ssndpac, srcvpac;
	uint8_t adaptive;       /* byte 9 bit 0 */
	uint8_t sec_ru, pri_ru; /* bytes 10, 11: max RU the SLU, the PLU may send */
	uint8_t pri_stages1;    /* PLU to SLU in one stage */
	uint8_t psndpac, prcvpac;
	uint8_t resv8, resv12;  /* bits 1 of bytes 8-9 and 12-13, kept for the echo */
	uint8_t ps[BIND_PS];    /* PS usage; ps[0] bits 1-7 LU type */
	uint8_t crypto;         /* byte 26 bits 0-3; its data is borrowed too */
	uint8_t crypto_len;
	const uint8_t *crypto_data;
	uint8_t tail;           /* how many of the four variable fields were there */
	struct sna_name plu;
	uint8_t user_len;
	const uint8_t *user;    /* borrowed */
	uint8_t urc_len;
	const uint8_t *urc;     /* borrowed */
	struct sna_name slu;
	/* control vectors: extended BIND (comprot2 & BIND_C2_CVS), RSP(BIND) */
	uint8_t has_pcid, has_cos, has_addr, has_mode;
	struct fqpcid pcid;     /* 60 */
	struct cos_tpf cos;     /* 2C */
	struct sna_name mode;   /* 2D, or user data subfield 02 */
	uint64_t addr;          /* 62: session address */
	struct sna_name cp_plu, cp_slu; /* 0E F8, F9 */
	uint8_t rscv_len;
	const uint8_t *rscv;    /* 2B, its data; borrowed */
};

bool     bind_get(struct rd *, struct bind *);
void     bind_put(struct wr *, const struct bind *);    /* BIND_C2_CVS decides on the vectors */

static inline unsigned
bind_lu_type(const struct bind *b)
{
	return b->ps[0] & 0x7f;
}

/* Bytes of a max RU byte; 0: not specified. And the largest byte not above n. */
uint32_t bind_ru_size(unsigned byte);
uint8_t  bind_ru_byte(uint32_t n);

/* May an LU of ours take this? 0, or sense 0835 and the offset of the byte. */
uint32_t bind_check_lu(const struct bind *);

struct bind_screen {
	uint16_t rows, cols;            /* Erase/Write */
	uint16_t alt_rows, alt_cols;    /* Erase/Write Alternate */
	uint8_t query;                  /* alternate size comes from Query Reply */
	uint8_t extended;               /* extended data stream (byte 15) */
	uint8_t known;                  /* byte 24 has a defined value */
};
struct bind_screen bind_screen(const struct bind *);

/* RSP(BIND): "31" and vectors, or a whole (negotiated) image. */
struct bind_rsp {
	uint8_t image;          /* 1: bind is whole; 0: only its vectors */
	struct bind bind;
};
bool     bind_rsp_get(struct rd *, struct bind_rsp *);
void     bind_rsp_put(struct wr *, const struct bind_rsp *);

/* UNBIND types */
enum unbind_type { UNB_NORMAL = 0x01, UNB_FORTHCOMING = 0x02, UNB_RESTART = 0x03,
	UNB_NOT_AUTH = 0x04, UNB_BAD_PARM = 0x06, UNB_VR_INOP = 0x07, UNB_ROUTE_INOP = 0x08,
	UNB_HIERARCHICAL = 0x09, UNB_SSCP_GONE = 0x0a, UNB_VR_DEACT = 0x0b,
	UNB_LU_DEAD = 0x0c, UNB_LU_FAIL = 0x0e, UNB_CLEANUP = 0x0f, UNB_GATEWAY = 0x11,
	UNB_FAILURE = 0xfe };

struct unbind {
	uint8_t type;           /* enum unbind_type */
	uint8_t has_pcid;
	uint32_t sense;         /* with type FE, or in CV 35 */
	struct fqpcid pcid;
};
bool     unbind_get(struct rd *, struct unbind *);
void     unbind_put(struct wr *, const struct unbind *);
const char *unbind_text(unsigned type);

/* What a MODEENT says. */
struct bind_mode {
	uint8_t type;           /* 1 non-negotiable */
	uint8_t fmprof, tsprof, priprot, secprot;
	uint16_t comprot;
	uint8_t ssndpac, srcvpac, psndpac;
	uint16_t rusizes;       /* X'sspp' */
	uint8_t pservic[BIND_PS];
	uint8_t encr;           /* 4 bits */
};
/* Fixed part from the mode; PLU, SLU and vectors are left empty. */
void     bind_from_mode(struct bind *, const struct bind_mode *);
/* Mode name in LU 6.2 user data (subfield 02): adds to out[BIND_USER_MAX], new length. */
size_t   bind_user_mode(uint8_t *out, size_t len, const struct sna_name *mode);

#endif
