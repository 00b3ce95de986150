/* SPDX-License-Identifier: Apache-2.0
 *
 * nlp.h - network layer packet: NHDR and THDR.
 *
 * Takes:   the information field of a UI frame (SAP C8).
 * Gives:   its fields; data and ANR list are borrowed from the packet.
 * Units:   bytes; timers of segment 14 in milliseconds.
 * Memory:  no allocation, no copy of data. Of struct thdr only what the has_
 *          flags say is set; the rest is not even cleared.
 * Errors:  thdr_get() false: drop the packet. *sense then says why; 0: drop
 *          and count, no more. Otherwise the connection ends with that sense.
 * Source:  companion ee-hpr-rtp sections 4 and 6.6.
 */
#ifndef SNAEE_NLP_H
#define SNAEE_NLP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/ebcdic.h"
#include "snaee/cv.h"

enum nhdr_sm { NHDR_FR = 5, NHDR_ANR = 6 };     /* function routing, automatic network routing */
enum nhdr_ft { NHDR_FT_LDLC = 1 };
enum nhdr_fn { NHDR_XID_DONE_RQ = 3, NHDR_XID_DONE_RSP = 4 };

#define NHDR_ANR_MAX 64         /* bytes of labels we take; more is malformed */

struct nhdr {
	uint8_t sm;             /* enum nhdr_sm */
	uint8_t tpf;            /* enum tpf: 0 low .. 3 network */
	uint8_t ft;             /* FR: function type */
	uint8_t fn;             /* FR: enum nhdr_fn */
	uint8_t tspi, slow1, slow2;
	uint8_t anr_len;        /* without the FF */
	const uint8_t *anr;     /* labels still to be consumed; borrowed */
};

bool   nhdr_get(struct rd *, struct nhdr *);    /* ANR: r then stands on the THDR */
void   nhdr_put(struct wr *, const struct nhdr *);
size_t nhdr_len(const struct nhdr *);
/* XID_DONE_RQ or _RSP, whole. */
void   nhdr_put_fr(struct wr *, enum nhdr_fn);
/* The list begins with this label. A transit node then forwards without it (nhdr_pop). */
bool   nhdr_at(const struct nhdr *, const struct label *);
bool   nhdr_pop(struct nhdr *, const struct label *);

/* NCE labels we give out: 80 00 00 nn, four bytes so that the CQF reads the same
 * either way; nn is enum nce (1 CP, 2 route setup, 3 LU and boundary function). */
struct label nce_label(unsigned nce);
unsigned nce_of(const struct label *);          /* 0: none of ours */

/* TCID, register row 8: who assigned it is bit 0 on the wire, but never trusted. */
enum tcid_by { TCID_BY_SENDER, TCID_BY_RECEIVER };
uint64_t tcid_wire(uint64_t tcid, enum tcid_by);
uint64_t tcid_key(uint64_t wire);               /* for look-ups: bit 0 is 0 */

enum thdr_seg { SEG_SETUP = 0x0d, SEG_STATUS = 0x0e, SEG_COB = 0x0f, SEG_CIE = 0x10,
	SEG_FAULT = 0x12, SEG_SWITCH = 0x14, SEG_ARB = 0x22 };

struct cqf {                    /* connection qualifier: the node that gave the TCID */
	struct sna_name cp;     /* NETID.NAME */
	struct label nce;
};

struct seg_setup {              /* 0D */
	uint16_t version;       /* 0101 */
	uint8_t arb, reliable, dedicated;
	uint8_t has_instance;
	uint32_t instance;      /* NCE instance identifier */
	struct sna_name target; /* with the target resource bit; else empty */
	struct sna_name topic;  /* COS name; empty: not sent */
};
#define SEG_SETUP_VERSION 0x0101

#define ABSP_MAX 60             /* our choice: spans told and taken per status:
				 * they fit the smallest packet, 768 bytes, with all else */
struct absp {
	uint32_t begin, end;    /* as on the wire: absp_end_wire(), absp_end() */
};
struct seg_status {             /* 0E */
	uint8_t gap, idle;
	uint8_t n;              /* of span */
	uint16_t sync, echo;
	uint32_t rseq;
	struct absp span[ABSP_MAX];
};

enum cob { COB_REQUEST = 0x0001, COB_ACCEPT = 0x8000, COB_REJECT = 0x8004 };    /* 0F */

struct seg_switch {             /* 14: CV 83 and 85 */
	uint8_t refifo, mobility, search, limited, nce_scope, mnps;
	uint8_t has_route;      /* CV 85 with one TG descriptor */
	uint8_t route_bf;
	uint8_t path_len;       /* without the FF */
	uint8_t path[LABEL_MAX * 3];    /* ANR labels that lead to the sender; may be none */
	uint32_t max_packet;
	uint32_t switch_ms;     /* 0: no path switch allowed */
	uint32_t alive_ms;
	struct cv46 tg;
};

enum arb_msg { ARB_SETUP, ARB_REPLY, ARB_REQUEST, ARB_BOTH };
enum arb_raa { RAA_NORMAL, RAA_RESTRAINT, RAA_SLOWDOWN1, RAA_SLOWDOWN2, RAA_CRITICAL };
enum arb_mode { ARB_BASE, ARB_RESPONSIVE, ARB_PROGRESSIVE };
struct seg_arb {                /* 22 */
	uint8_t msg;            /* enum arb_msg */
	uint8_t raa;            /* enum arb_raa; 5-7 reserved */
	uint8_t parity;
	uint8_t mode;           /* enum arb_mode */
	uint8_t rq_corr, rp_corr;
	uint32_t field[4];      /* 2 and 3: setup only */
};

struct thdr {
	uint64_t tcid;          /* as on the wire */
	uint8_t setupi, somi, eomi, sri, rasapi, retryi, lmi;
	uint8_t has_cqf, has_setup, has_status, has_cob, has_cie, has_fault, has_switch, has_arb;
	uint8_t unknown;        /* segments passed over, as we don't know them */
	uint32_t len;           /* of the THDR; thdr_put() computes it itself */
	uint32_t dlf;           /* bytes of data */
	uint32_t bsn;
	const uint8_t *data;    /* dlf bytes, borrowed; thdr_put() doesn't write them */
	uint64_t cie_tcid;      /* 10: the sender's, to be used from now on */
	uint32_t fault;         /* 12: sense */
	uint16_t cob;           /* 0F: enum cob */
	struct cqf cqf;
	struct seg_setup setup;
	struct seg_status status;
	struct seg_switch sw;
	struct seg_arb arb;
};

#define THDR_MIN 20
#define THDR_MAX 800           /* no thdr_put() writes more */

bool   thdr_get(struct rd *, struct thdr *, uint32_t *sense);
void   thdr_put(struct wr *, const struct thdr *);
size_t thdr_len(const struct thdr *);           /* what thdr_put() will write */

/* Register row 7: is the end of a span in it? We send the last byte and read
 * the first byte behind: wrong either way costs one retransmission, no loss. */
static inline uint32_t
absp_end_wire(uint32_t behind)
{
	return behind - 1;
}
static inline uint32_t
absp_end(uint32_t wire)
{
	return wire;
}

/* Register row 9: the unit of CV 83 timers. Below 5000 it must have been seconds. */
static inline uint32_t
switch_ms(uint32_t wire)
{
	return wire < 5000 ? wire * 1000 : wire;
}

#endif
