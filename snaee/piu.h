/* SPDX-License-Identifier: Apache-2.0
 *
 * piu.h - transmission header (FID2, FID5), request/response header, codes.
 *
 * A PIU is TH, RH and RU. Inside, the RH is one 24-bit number: byte 0 in bits
 * 23-16, byte 1 in 15-8, byte 2 in 7-0, tested with the masks below.
 *
 * Order:   big-endian on the wire, host order in the structs.
 * Errors:  false for a header that is short or of another FID.
 * Source:  SNA Formats, TH and RH; companion sna-sessions sections 1.1-1.5.
 */
#ifndef SNAEE_PIU_H
#define SNAEE_PIU_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* RH byte 0 */
#define RH_RSP 0x800000u        /* RRI: response */
#define RH_CAT 0x600000u        /* RU category */
#define RH_FMD 0x000000u
#define RH_NC 0x200000u
#define RH_DFC 0x400000u
#define RH_SC 0x600000u
#define RH_FI 0x080000u
#define RH_SDI 0x040000u
#define RH_BCI 0x020000u
#define RH_ECI 0x010000u
#define RH_OIC (RH_BCI | RH_ECI)
/* RH byte 1 */
#define RH_DR1 0x8000u
#define RH_LCC 0x4000u
#define RH_DR2 0x2000u
#define RH_ERI 0x1000u          /* request: exception response; response: RTI, negative */
#define RH_RTI RH_ERI
#define RH_RLW 0x0400u
#define RH_QRI 0x0200u
#define RH_PI 0x0100u
/* RH byte 2 */
#define RH_BBI 0x80u
#define RH_EBI 0x40u
#define RH_CDI 0x20u
#define RH_CSI 0x08u
#define RH_EDI 0x04u
#define RH_PDI 0x02u
#define RH_CEBI 0x01u

/* RQN 0, RQE1 9000, RQD1 8000 .. as (rh & RH_RQ) */
#define RH_RQ (RH_DR1 | RH_DR2 | RH_ERI)
#define RH_RQE1 (RH_DR1 | RH_ERI)
#define RH_RQD1 RH_DR1

enum ru_code {                          /* SC, DFC and NC request codes */
	RU_LUSTAT = 0x04, RU_RTR = 0x05, RU_ACTLU = 0x0d, RU_DACTLU = 0x0e,
	RU_ACTPU = 0x11, RU_DACTPU = 0x12, RU_BIND = 0x31, RU_UNBIND = 0x32,
	RU_BIS = 0x70, RU_SBI = 0x71, RU_QEC = 0x80, RU_QC = 0x81, RU_RELQ = 0x82,
	RU_CANCEL = 0x83, RU_CHASE = 0x84, RU_SDT = 0xa0, RU_CLEAR = 0xa1,
	RU_STSN = 0xa2, RU_RQR = 0xa3, RU_SHUTD = 0xc0, RU_SHUTC = 0xc1,
	RU_RSHUTD = 0xc2, RU_BID = 0xc8, RU_SIGNAL = 0xc9
};

enum th_mpf { TH_MIDDLE = 0, TH_LAST = 1, TH_FIRST = 2, TH_WHOLE = 3 };
enum th_flow { TH_NORMAL = 0, TH_EXPEDITED = 1 };

#define TH_FID2_LEN 6
#define TH_FID5_LEN 12
#define RH_LEN 3

struct th {
	uint8_t fid;            /* 2 or 5 */
	uint8_t mpf;            /* enum th_mpf */
	uint8_t efi;            /* enum th_flow */
	uint8_t odai;           /* FID2 only */
	uint8_t daf, oaf;       /* FID2 only */
	uint16_t snf;
	uint64_t sa;            /* FID5 only: session address at the receiver */
};

bool     th_get(struct rd *, struct th *);      /* FID2 and FID5 by the first nibble */
void     th_put(struct wr *, const struct th *);
uint32_t rh_get(struct rd *);                   /* r->bad when short */
void     rh_put(struct wr *, uint32_t rh);
/* "BIND", "LUSTAT", "FMD", ..: for traces; category from rh, code the first RU byte. */
const char *ru_name(uint32_t rh, uint8_t code);
/* True for the DFC and SC codes that flow expedited. */
bool     ru_expedited(uint32_t rh, uint8_t code);
/* "RQ FMD OIC RQE1 BB CD" into to[96]; returns to. */
char    *rh_text(uint32_t rh, char to[96]);

#endif
