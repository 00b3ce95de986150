/* SPDX-License-Identifier: Apache-2.0
 *
 * xid.h - XID format 3 and its control vectors.
 *
 * Takes:   the information field of an XID frame that is not empty.
 * Order:   host order and ASCII names inside; flags are 0 or 1.
 * Memory:  self-contained: no pointer into the frame. Zeroed before it is read,
 *          so what was not there is 0.
 * Errors:  xid_get() false, and a sense code for CV 22 in *sense. Contents that
 *          are merely unacceptable (1016xxxx) are the caller's to find.
 * Source:  RFC 2353 section 2.5; companion ee-hpr-rtp section 3.
 */
#ifndef SNAEE_XID_H
#define SNAEE_XID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/ebcdic.h"
#include "snaee/cv.h"

/* Exchange state, byte 9 bits 4-5. */
enum xid_state { XID_NOT_SUPPORTED, XID_NP, XID_PN, XID_NONACT };
/* Link station role, byte 19 bits 2-3. */
enum xid_role { XID_SEC, XID_PRI, XID_RESERVED, XID_NEG };

#define XID_MAX 255
#define XID_TGN_PREDEFINED 20   /* TG numbers up to it are defined, not negotiated */
#define XID_PRODUCT_MAX 96

struct xid_error {              /* CV 22 */
	uint16_t offset;        /* of the byte in error in the XID received */
	uint8_t bit;            /* 8 and more: not meaningful */
	uint32_t sense;
};

struct xid_hpr {                /* CV 61 */
	uint8_t rtp, control_flows, ldlc;
	uint8_t has_sap;        /* subfield 80 */
	uint8_t sap;            /* DSAP of NLPs sent to the sender; C8 when it was not there */
	uint8_t has_nce;        /* subfield 81 (ours) */
	struct label cp;        /* NCE: CP-CP sessions */
	struct label rsetup;    /* NCE: route setup */
	struct label lu;        /* NCE: LUs and boundary function */
	struct label tg;        /* ANR label of this TG, outbound; may be empty */
	uint32_t instance;      /* of the NCEs: another after a start of the sender; 0: not told */
};

struct xid {
	uint8_t format;         /* 3 */
	uint8_t node_type;      /* 1 T1, 2 T2.x, 4 T4/5 */
	uint32_t nodeid;        /* bytes 2-5: block 12 bits, ID number 20 bits */
	/* byte 8 */
	uint8_t no_init_self;   /* 1: INIT-SELF may not be sent to the sender */
	uint8_t no_alone_bind;  /* 1: stand-alone BIND may not be sent to the sender */
	uint8_t whole_bind_gen, whole_bind_req;
	/* byte 9 */
	uint8_t no_actpu, network_node, cp_services, cpcp;
	uint8_t state;          /* enum xid_state */
	uint8_t sec_nonact, cpname_change;
	/* byte 10 */
	uint8_t bind_pace_send, bind_pace_recv, quiesce, pu_caps, peripheral_bn, bind_pace_qual;
	/* byte 11 */
	uint8_t no_tg_sharing, dedicated_svc;
	/* byte 12 */
	uint8_t neg_sup;        /* S: negotiation-complete indicator supported */
	uint8_t neg_done;       /* C: negotiation complete */
	/* byte 15 */
	uint8_t parallel_tg, dlur, dlus_reg, ext_hpr_bn, gen_odai;
	uint8_t branch;         /* 0 not supported, 1 uplink, 2 downlink, 3 neither */
	uint8_t opt1123;
	uint8_t tgn;            /* 0: negotiable */
	uint8_t dlc_type;       /* 1 */
	/* DLC dependent section, from byte 19 */
	uint8_t abm;
	uint8_t role;           /* enum xid_role */
	uint8_t short_hold;     /* 2 bits */
	uint8_t txrx;           /* 0 two-way alternate, 1 two-way simultaneous */
	uint8_t abm_nonact;
	uint16_t max_btu;
	uint8_t profile;
	uint8_t sdlc_init;
	uint8_t max_iframes;

	uint8_t has_cpname;     /* CV 0E type F4 (or F6) */
	uint8_t has_tg;         /* CV 46 subfield 80 */
	uint8_t has_hpr;        /* CV 61 */
	uint8_t has_error;      /* CV 22 */
	struct sna_name cpname;
	struct cv46 tg;
	struct xid_hpr hpr;
	struct xid_error error;
	uint8_t product_len;    /* CV 10, its data raw; 0: none */
	uint8_t product[XID_PRODUCT_MAX];
};

bool xid_get(struct rd *, struct xid *, uint32_t *sense);
void xid_put(struct wr *, const struct xid *);  /* at most XID_MAX bytes, else w->bad */
/* All we say by default: T2.1, role NEG, pn, HPR with SAP C8, no names. */
void xid_init(struct xid *);
/* Byte for byte the same XID? For repeats: what xid_put() would write. */
bool xid_same(const struct xid *, const struct xid *);

/* CV 10 for ours: level "010000", common name, program number, vendor. */
void xid_set_product(struct xid *, const char *level, const char *name, const char *number,
    const char *vendor);
#define XID_OUR_PRODUCT "SNAGATE"
/* Common name in the product set id, or "". */
void xid_product_name(const struct xid *, char to[32]);

static inline unsigned
xid_block(const struct xid *x)
{
	return x->nodeid >> 20;
}
static inline unsigned
xid_number(const struct xid *x)
{
	return x->nodeid & 0xfffff;
}
static inline bool
xid_is_pn(const struct xid *x)
{
	return x->state == XID_PN;
}
/* Negotiation proceeding; a station without exchange states counts as that. */
static inline bool
xid_is_np(const struct xid *x)
{
	return x->state == XID_NP || x->state == XID_NOT_SUPPORTED;
}
static inline bool
xid_is_done(const struct xid *x)
{
	return x->state == XID_NP && x->neg_sup != 0 && x->neg_done != 0;
}
const char *xid_role_name(unsigned role);       /* "SEC", "PRI", "NEG" */
const char *xid_state_name(unsigned state);

/* Data of the vectors, one function each way. */
bool cv22_get(struct rd *, struct xid_error *);
void cv22_put(struct wr *, const struct xid_error *);
bool cv61_get(struct rd *, struct xid_hpr *);
void cv61_put(struct wr *, const struct xid_hpr *);

#endif
