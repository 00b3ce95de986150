/* SPDX-License-Identifier: Apache-2.0
 *
 * tnhdr.h - the five bytes in front of every TN3270E record.
 *
 * Order:   host order here; big-endian on the wire (the sequence number).
 * Errors:  tnhdr_get() false for a short header or a type not in the table.
 * Source:  RFC 2355 sections 8.1, 10.4; draft-ietf-tn3270e-extensions (BID,
 *          SNA-SENSE, SEND-DATA).
 */
#ifndef TN3270E_TNHDR_H
#define TN3270E_TNHDR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define TNHDR_LEN 5
#define TNSEQ_MAX 32767         /* wraps to 0: RFC 2355 10.4 */

enum tn_type { TN_3270_DATA, TN_SCS_DATA, TN_RESPONSE, TN_BIND_IMAGE, TN_UNBIND, TN_NVT_DATA,
	TN_REQUEST, TN_SSCP_LU_DATA, TN_PRINT_EOJ, TN_BID };

/* request flag */
#define TNRQ_SEND_DATA 0x01u    /* contention resolution: your turn */
#define TNRQ_RESTORE 0x02u
#define TNRQ_SIGNAL 0x04u

enum tn_rsp { TNRSP_NONE, TNRSP_ERROR, TNRSP_ALWAYS };
/* response flag of a RESPONSE */
enum tn_answer { TNANS_POSITIVE, TNANS_NEGATIVE, TNANS_SENSE, TNANS_SENSE_OLD = 4 };

struct tnhdr {
	uint8_t type;           /* enum tn_type */
	uint8_t rq;             /* TNRQ_* */
	uint8_t rsp;            /* enum tn_rsp, or tn_answer of a RESPONSE */
	uint16_t seq;
};

bool     tnhdr_get(struct rd *, struct tnhdr *);
void     tnhdr_put(struct wr *, const struct tnhdr *);
/* A RESPONSE's flag and body as the sense for the host; 0 positive. False: malformed. */
bool     tnrsp_sense(const struct tnhdr *, struct rd *body, uint32_t *sense);
uint16_t tnseq_next(uint16_t);
const char *tn_type_text(unsigned type);        /* "3270-DATA" */

#endif
